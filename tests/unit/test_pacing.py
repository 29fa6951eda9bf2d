"""When an archive may be asked again."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from audit import pacing
from audit.model import Pool
from audit.pacing import Answer, Heard
from audit.settings import ArchiveSettings, Pace

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
FRESH = Pool(archive="wayback", pool="playback")


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def refusal(*, at: float = 0, retry_after_s: float | None = None, http_status: int | None = 429) -> Answer:
    return Answer(heard=Heard.REFUSED, sent_at=later(at), http_status=http_status, retry_after_s=retry_after_s)


def closed_s(pool: Pool, *, since: float = 0) -> float:
    assert pool.open_until is not None
    return (pool.open_until - later(since)).total_seconds()


def test_moments_are_one_interval_apart_and_none_is_given_twice() -> None:
    pool, first = pacing.reserve(FRESH, 4, allowance=pacing.PLAYBACK, now=NOON)
    _, second = pacing.reserve(pool, 2, allowance=pacing.PLAYBACK, now=NOON)

    assert [(moment - NOON).total_seconds() for moment in (*first, *second)] == [0, 0.125, 0.25, 0.375, 0.5, 0.625]


def test_no_more_is_reserved_than_a_refusal_elsewhere_may_waste() -> None:
    _, moments = pacing.reserve(FRESH, 1000, allowance=pacing.PLAYBACK, now=NOON)

    assert len(moments) == 8


def test_moments_that_nobody_used_are_lost_not_saved_up() -> None:
    pool, _ = pacing.reserve(FRESH, 8, allowance=pacing.PLAYBACK, now=NOON)

    _, moments = pacing.reserve(pool, 1, allowance=pacing.PLAYBACK, now=later(600))

    assert moments == (later(600),)


def test_a_refusal_closes_the_pool_at_once_for_a_minute() -> None:
    pool = pacing.answered(FRESH, refusal(), now=NOON)

    _, moments = pacing.reserve(pool, 3, allowance=pacing.PLAYBACK, now=later(59))

    assert moments == ()
    assert closed_s(pool) == 60


@pytest.mark.parametrize(
    ("asked_s", "expected_s"),
    [
        pytest.param(None, 60, id="nothing asked"),
        pytest.param(5, 60, id="less than the firewall's patience"),
        pytest.param(300, 300, id="as asked"),
        pytest.param(7200, 7200, id="more than an hour is kept all the same"),
    ],
)
def test_the_pool_stays_closed_as_long_as_the_archive_asks(asked_s: float | None, expected_s: float) -> None:
    pool = pacing.answered(FRESH, refusal(retry_after_s=asked_s), now=NOON)

    assert closed_s(pool) == expected_s


def test_after_the_closed_time_one_probe_goes_out_and_no_second() -> None:
    pool = pacing.answered(FRESH, refusal(), now=NOON)

    probing, probe = pacing.reserve(pool, 5, allowance=pacing.PLAYBACK, now=later(60))
    _, others = pacing.reserve(probing, 5, allowance=pacing.PLAYBACK, now=later(61))

    assert probe == (later(60),)
    assert others == ()


def test_a_probe_that_never_answered_leads_to_another_probe() -> None:
    pool = pacing.answered(FRESH, refusal(), now=NOON)
    probing, _ = pacing.reserve(pool, 1, allowance=pacing.PLAYBACK, now=later(60))

    _, again = pacing.reserve(probing, 1, allowance=pacing.PLAYBACK, now=later(91))

    assert again == (later(91),)


def test_a_good_probe_opens_the_pool_and_forgets_the_refusals() -> None:
    pool = pacing.answered(FRESH, refusal(), now=NOON)
    pool, _ = pacing.reserve(pool, 1, allowance=pacing.PLAYBACK, now=later(60))

    pool = pacing.answered(pool, Answer(heard=Heard.OK, sent_at=later(60), http_status=302), now=later(61))

    assert (pool.open_until, pool.refusals) == (None, 0)


def test_a_good_answer_to_an_older_request_does_not_open_the_pool() -> None:
    pool = pacing.answered(FRESH, refusal(at=1), now=later(2))

    pool = pacing.answered(pool, Answer(heard=Heard.OK, sent_at=later(1.5), http_status=302), now=later(3))

    assert pool.open_until is not None


def test_sixteen_requests_refused_together_are_one_refusal() -> None:
    pool = FRESH
    for number in range(16):
        pool = pacing.answered(pool, refusal(), now=later(1 + number / 100))

    assert pool.refusals == 1
    assert closed_s(pool, since=1) == 60


def test_the_longest_wish_of_requests_refused_together_counts() -> None:
    pool = pacing.answered(FRESH, refusal(), now=later(1))

    pool = pacing.answered(pool, refusal(retry_after_s=600), now=later(2))

    assert closed_s(pool, since=2) == 600


def test_each_refused_probe_doubles_the_closed_time_up_to_an_hour() -> None:
    pool, at, seen = FRESH, 0.0, []
    for _ in range(8):
        pool = pacing.answered(pool, refusal(at=at), now=later(at + 1))
        seen.append(closed_s(pool, since=at + 1))
        at += 10_000

    assert seen == [60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_connections_refused_after_a_429_close_for_hours() -> None:
    pool = pacing.answered(FRESH, refusal(), now=later(1))
    seen = []
    for _ in range(6):
        assert pool.open_until is not None
        at = pool.open_until + timedelta(seconds=1)
        assert pacing.firewalled(pool, now=at)
        pool = pacing.answered(pool, Answer(heard=Heard.FIREWALLED, sent_at=at), now=at)
        assert pool.open_until is not None
        seen.append((pool.open_until - at).total_seconds() / 3600)

    assert seen == [1, 2, 4, 8, 16, 24]


def test_a_connection_refused_out_of_the_blue_is_no_firewall() -> None:
    assert not pacing.firewalled(FRESH, now=NOON)


def test_silence_closes_for_a_minute_and_is_no_refusal() -> None:
    pool = pacing.answered(FRESH, Answer(heard=Heard.SILENT, sent_at=NOON), now=later(30))

    assert closed_s(pool, since=30) == 60
    assert pool.refusals == 0


def test_a_refusal_doubles_the_interval_and_quiet_hours_halve_it_again() -> None:
    pool = pacing.answered(FRESH, refusal(), now=later(1))
    pool = pacing.answered(pool, refusal(at=2), now=later(3))

    slowness = [pacing.slowness(pool, now=later(3) + timedelta(hours=hours)) for hours in (0, 1, 2, 3)]

    assert slowness == [4, 2, 1, 1]


def test_another_pace_changes_the_interval_and_the_gap_between_tries() -> None:
    archive = ArchiveSettings(name="w", kind="wayback", pace=Pace(playback_per_min=4800, index_per_min=240))

    pools = pacing.allowances(archive)

    assert pools["playback"].interval_s == pytest.approx(0.0125)
    assert pools["playback"].try_gap_s == pytest.approx(0.5)
    assert pools["index"].interval_s == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param("30", 30, id="seconds"),
        pytest.param(" 30 ", 30, id="spaces"),
        pytest.param("Mon, 01 Jun 2026 12:10:00 GMT", 600, id="date"),
        pytest.param("Mon, 01 Jun 2026 11:00:00 GMT", None, id="past"),
        pytest.param("0", None, id="zero"),
        pytest.param("-5", None, id="negative"),
        pytest.param("tomorrow", None, id="unreadable"),
        pytest.param("99999999999", 86_400, id="more than a day is a day"),
        pytest.param("Mon, 01 Jun 2099 12:10:00 GMT", 86_400, id="date far away"),
        pytest.param("³", None, id="not ASCII"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="absent"),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert pacing.retry_after_s(header, now=NOON) == seconds


@given(st.text(max_size=60))
def test_no_retry_after_raises(header: str) -> None:
    seconds = pacing.retry_after_s(header, now=NOON)

    assert seconds is None or 0 < seconds <= 86_400


def test_saving_keeps_its_own_pace_and_jobs_are_asked_about_six_seconds_apart() -> None:
    usual = pacing.allowances(ArchiveSettings(name="w", kind="wayback"))
    quick = pacing.allowances(ArchiveSettings(name="w", kind="wayback", pace=Pace(save_per_min=60)))

    assert (usual["save"].interval_s, usual["save-status"].try_gap_s, usual["save"].tries) == (10, 6, 1)
    assert quick["save"].interval_s == 1
    assert quick["save-status"].try_gap_s == pytest.approx(0.6)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "ok", "refused", "silent", "firewalled", "faulty"]),
        st.floats(0, 400),
        st.integers(1, 40),
        st.none() | st.floats(1, 100_000),
    ),
    max_size=60,
)


@given(STEPS)
def test_whatever_happens_moments_keep_their_distance_and_no_closed_pool_gives_any(
    steps: list[tuple[str, float, int, float | None]],
) -> None:
    pool, clock = FRESH, 0.0
    given_moments: list[datetime] = []
    for what, wait, count, retry_after in steps:
        clock += wait
        if what == "reserve":
            closed_until = pool.open_until
            pool, moments = pacing.reserve(pool, count, allowance=pacing.PLAYBACK, now=later(clock))
            assert not moments or closed_until is None or moments[0] >= closed_until
            assert len(moments) <= 8
            given_moments.extend(moments)
        else:
            answer = Answer(heard=Heard(what), sent_at=later(clock), retry_after_s=retry_after)
            pool = pacing.answered(pool, answer, now=later(clock + 0.1))
            if what == "refused" and retry_after:
                assert pool.open_until is not None
                assert pool.open_until >= later(clock + 0.09 + retry_after)

    distances = [(b - a).total_seconds() for a, b in pairwise(given_moments)]
    assert all(distance >= 0.125 - 1e-5 for distance in distances)
