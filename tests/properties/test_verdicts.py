"""What holds for every history: the promises of verdicts.md, section 9."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st

from audit import liveness, verdicts
from audit.model import Check, Failure, Fetch, LinkState, Sign, Verdict
from tests import make

START = make.NOON
NOW = START + timedelta(days=4_000)
PARKED = make.page("<title>news.example.com is for sale</title><p>Make an offer.")
DOUBTFUL = make.page("<title>The Paper</title><h1>Page not found</h1><p>Try the search.")
FAIL: list[dict[str, Any]] = [{"status": 404}, {"status": 410}, {"status": 500}, *({"failure": each} for each in Failure)]
SILENT: list[dict[str, Any]] = [
    {"status": 403},
    {"status": 429},
    {"status": 451},
    {"status": 400},
    {"failure": Failure.ROBOTS},
    {"failure": Failure.BLOCKED_ADDRESS},
    {"failure": Failure.BAD_RESPONSE},
    {"page": DOUBTFUL},
]
OK: list[dict[str, Any]] = [{"status": 200}, {"status": 204}]
TAKEN: list[dict[str, Any]] = [{"page": PARKED}]
ANY = [*FAIL, *SILENT, *OK, *TAKEN]

bounded = settings(max_examples=60, deadline=None)
hours = st.integers(min_value=0, max_value=24 * 120)


def a_fetch(hour: int, what: dict[str, Any], number: int) -> Fetch:
    at, fields = START + timedelta(hours=hour), dict(what)
    page = fields.pop("page", None)
    if page is None:
        return make.fetch(check_id=f"c{number}", fetched_at=at, **fields)
    shown = {name: getattr(page, name) for name in ("title", "h1", "sample", "word_count", "text_length", "flags")}
    return make.fetch(check_id=f"c{number}", fetched_at=at, **shown)


def histories(kinds: list[dict[str, Any]], *, most: int = 12) -> st.SearchStrategy[list[Fetch]]:
    pairs = st.lists(st.tuples(hours, st.sampled_from(kinds)), max_size=most)
    return pairs.map(lambda some: [a_fetch(hour, what, number) for number, (hour, what) in enumerate(some)])


def decide(facts: list[Fetch], *, now: datetime = NOW) -> Verdict:
    return verdicts.decide(make.URL, facts, now=now)


def signs(facts: list[Fetch]) -> list[Sign]:
    checks = [Check(check_id=each.check_id, url=each.url, fetches=(each,)) for each in facts]
    return [liveness.judge_check(each).sign for each in checks]


@bounded
@given(histories(ANY).flatmap(lambda facts: st.tuples(st.just(facts), st.permutations(facts))))
def test_the_order_of_the_facts_is_free(both: tuple[list[Fetch], list[Fetch]]) -> None:
    facts, shuffled = both

    assert decide(facts) == decide(shuffled)


@bounded
@given(histories(ANY))
def test_a_death_takes_two_counted_checks_and_a_fortnight(facts: list[Fetch]) -> None:
    counted = [fetch.fetched_at for fetch, sign in zip(facts, signs(facts), strict=True) if sign in verdicts.COUNTED]

    found = decide(facts)

    if found.state is LinkState.DEAD:
        assert found.failures >= 2
        assert max(counted) - min(counted) >= timedelta(days=14)


@bounded
@given(histories(FAIL))
def test_a_death_is_never_declared_before_its_fortnight_is_over(facts: list[Fetch]) -> None:
    found = decide(facts)

    if found.state is LinkState.DEAD and found.failing_since:
        before = decide(facts, now=found.failing_since + timedelta(days=13, hours=23))
        assert before.state is not LinkState.DEAD


@bounded
@given(histories(SILENT))
def test_what_says_nothing_never_makes_a_death(facts: list[Fetch]) -> None:
    found = decide(facts)

    assert set(signs(facts)) <= {Sign.WALLED, Sign.DOUBTFUL, Sign.ODD, Sign.VOID}
    assert found.state in {LinkState.BLOCKED, LinkState.SUSPECT, LinkState.UNKNOWN}
    assert found.failures == 0


@bounded
@given(histories([*FAIL, *SILENT, *OK]))
def test_one_sure_answer_makes_it_live(facts: list[Fetch]) -> None:
    after = a_fetch(24 * 200, {"status": 200}, 99)

    found = decide([*facts, after])

    assert (found.state, found.failures, found.last_live_at) == (LinkState.LIVE, 0, after.fetched_at)


@bounded
@given(histories([*FAIL, *SILENT, *OK]))
def test_one_sure_answer_is_not_enough_after_a_lost_domain(facts: list[Fetch]) -> None:
    lost, answer = a_fetch(24 * 200, {"page": PARKED}, 98), a_fetch(24 * 230, {"status": 200}, 99)

    assert decide([*facts, lost, answer]).state is LinkState.USURPED


@bounded
@given(histories([*FAIL, *SILENT, *OK]), st.integers(min_value=1, max_value=24 * 60), st.sampled_from([*FAIL, *SILENT, *OK]))
def test_an_older_fact_changes_no_newer_certainty(facts: list[Fetch], hour: int, what: dict[str, Any]) -> None:
    before = decide(facts)
    older = a_fetch(-hour, what, 99)

    after = decide([older, *facts])

    if before.state is LinkState.DEAD or (before.state is LinkState.LIVE and before.confidence >= verdicts.SURE):
        assert after.state is before.state


@bounded
@given(histories([*FAIL, *SILENT]), hours, st.sampled_from(FAIL))
def test_one_more_failure_never_takes_a_death_back(facts: list[Fetch], hour: int, failure: dict[str, Any]) -> None:
    before = decide(facts)

    after = decide([*facts, a_fetch(hour, failure, 99)])

    assert before.state is not LinkState.DEAD or after.state is LinkState.DEAD


@bounded
@given(histories([*FAIL, *SILENT, *OK]).flatmap(lambda facts: st.tuples(st.just(facts), st.permutations(facts))))
def test_the_steps_are_in_order_of_time_and_end_at_the_verdict(both: tuple[list[Fetch], list[Fetch]]) -> None:
    facts, shuffled = both

    steps = verdicts.retrace(make.URL, shuffled, now=NOW)

    assert [step.signed.checked_at for step in steps] == sorted(fetch.fetched_at for fetch in facts)
    assert sum(step.counted for step in steps) == decide(facts).failures
    assert not steps or (steps[-1].state, steps[-1].reason) == (decide(facts).state, decide(facts).reason)


@bounded
@given(histories(ANY), hours, st.sampled_from([{"status": 403}, {"status": 429}, {"status": 999}]))
def test_another_refusal_never_makes_a_death(facts: list[Fetch], hour: int, refusal: dict[str, Any]) -> None:
    before = decide(facts)

    after = decide([*facts, a_fetch(hour, refusal, 99)])

    assert before.state is LinkState.DEAD or after.state is not LinkState.DEAD


@bounded
@given(histories(ANY))
def test_every_verdict_is_sane(facts: list[Fetch]) -> None:
    found = decide(facts)

    assert 0 <= found.confidence <= 0.99
    assert found.checks == len(facts)
    assert found.next_check_at is None or found.next_check_at > max(each.fetched_at for each in facts)
    assert found.state is not LinkState.SUSPECT or found.evidence


@bounded
@given(histories(ANY), histories(ANY))
def test_what_was_decided_is_decided_again(facts: list[Fetch], others: list[Fetch]) -> None:
    once, other, again = decide(facts), decide(others), decide(facts)

    assert once == again
    assert other == decide(others)


HOSTILE = st.sampled_from(
    [
        "page not found that you requested ",
        "a - b | ",
        "the the this that your sorry but unfortunately ",
        "\u0130\u0307\ufb03\u1e9b",
        "error 1015 unusual traffic in your region is not ",
        "news.example.com is for ",
        "casino slot poker ",
        "404 ",
        "\x00\ud800\U0001f600",
        "(((((aaaaaaaa",
    ]
)


@settings(max_examples=20, deadline=None)
@given(HOSTILE, st.integers(min_value=1, max_value=2**20), st.integers(min_value=0, max_value=300))
def test_a_megabyte_of_hostile_text_is_judged_like_any_other(piece: str, length: int, words: int) -> None:
    """The bound is the size: a rule that backtracks would not come to an end here."""
    text = (piece * (length // len(piece) + 1))[:length]
    fetch = make.fetch(title=text, h1=text, og_title=text, description=text, sample=text, word_count=words, text_length=length)

    found = liveness.judge_fetch(fetch)

    assert found.sign in set(Sign)
