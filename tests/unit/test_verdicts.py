"""From the history of a URL to its state: dead takes number, spacing and span, and refusals never count (verdicts.md, 9)."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from audit import similarity, verdicts
from audit.model import CitedAs, Failure, Fetch, LinkState, Override, SearchFailure, Sign, Surroundings, Verdict
from audit.settings import Verdicts
from tests import make

TITLED = CitedAs(titles=("A long story about bridges",))
SITE = "https://news.example.com"
START = make.NOON


def at(days: float) -> datetime:
    return START + timedelta(days=days)


def seen(days: float, **fields: Any) -> Fetch:
    """One check of one attempt, `days` after the first."""
    return make.fetch(check_id=f"c{days}", fetched_at=at(days), **fields)


def shown(days: float, markup: str, **fields: Any) -> Fetch:
    return make.page(markup, check_id=f"c{days}", fetched_at=at(days), **fields)


def decided(*fetches: Fetch, now: float = 400, cited: CitedAs = CitedAs(), **wishes: Any) -> Verdict:  # noqa: B008 - frozen
    around, searches = wishes.pop("around", {}), wishes.pop("searches", ())
    return verdicts.decide(make.URL, fetches, searches, now=at(now), cited=cited, around=Surroundings(**around), **wishes)


def gone(*days: float, status: int = 404) -> list[Fetch]:
    return [seen(day, status=status) for day in days]


PARKED = "<title>news.example.com is for sale</title><p>Make an offer."
SHELL = '<title>App</title><div id="root"></div><script src="/main.js"></script>'
ANSWERING = {"siblings": (make.fetch(url=f"{SITE}/another"),)}
SOFT = "<title>The Paper</title><h1>Page not found</h1><p>Try the search."


# ---- before any fact


def test_without_a_fact_it_is_unknown_and_due() -> None:
    found = decided()

    assert (found.state, found.reason, found.checks, found.next_check_at) == (LinkState.UNKNOWN, "never-fetched", 0, None)


@pytest.mark.parametrize("problem", ["unsupported-scheme", "invalid-url"])
def test_an_address_that_cannot_be_asked_is_unknown_for_good(problem: str) -> None:
    found = decided(problem=problem)

    assert (found.state, found.reason, found.next_check_at) == (LinkState.UNKNOWN, problem, None)


def test_facts_of_the_future_are_not_known_yet() -> None:
    assert decided(seen(10, status=404), now=5).reason == "never-fetched"


# ---- one check


@pytest.mark.parametrize(
    ("fetch", "state", "reason"),
    [
        pytest.param(seen(0), LinkState.LIVE, "ok", id="ok"),
        pytest.param(seen(0, status=404), LinkState.SUSPECT, "http-404", id="gone"),
        pytest.param(seen(0, status=500), LinkState.SUSPECT, "http-5xx", id="failing"),
        pytest.param(seen(0, failure=Failure.DNS), LinkState.SUSPECT, "dns", id="dns"),
        pytest.param(seen(0, status=403), LinkState.BLOCKED, "forbidden", id="walled"),
        pytest.param(shown(0, SOFT), LinkState.SUSPECT, "soft-404", id="doubtful"),
        pytest.param(seen(0, status=400), LinkState.UNKNOWN, "http-odd", id="odd"),
        pytest.param(seen(0, failure=Failure.ROBOTS), LinkState.UNKNOWN, "robots", id="void"),
        pytest.param(shown(0, PARKED), LinkState.USURPED, "for-sale", id="taken"),
        pytest.param(shown(0, SHELL), LinkState.UNKNOWN, "js-shell", id="shell"),
        pytest.param(seen(0, status=204), LinkState.LIVE, "no-content", id="weak ok"),
    ],
)
def test_the_first_check_already_says_something(fetch: Fetch, state: LinkState, reason: str) -> None:
    found = decided(fetch)

    assert (found.state, found.reason) == (state, reason)


def test_every_sign_has_an_action() -> None:
    assert set(verdicts.ACTIONS) == set(Sign)


# ---- dead


def test_three_failures_over_a_fortnight_are_a_death() -> None:
    found = decided(*gone(0, 7, 14))

    assert (found.state, found.reason, found.failures, found.failing_since) == (LinkState.DEAD, "http-404", 3, at(0))


@pytest.mark.parametrize(
    ("days", "status"),
    [
        pytest.param((0, 3, 6, 9, 12), 404, id="under a fortnight"),
        pytest.param((0, 14), 404, id="two checks"),
        pytest.param((0, 0.1, 0.2, 0.3, 20), 404, id="a busy night counts once"),
        pytest.param((0, 2, 4, 6, 8, 10, 12), 404, id="thinned to neighbours three days apart"),
        pytest.param((0, 13.9), 410, id="even 410 needs a fortnight"),
        pytest.param((0,), 410, id="one 410"),
        pytest.param((0, 400), 500, id="two failures a year apart"),
    ],
)
def test_less_is_only_suspect(days: tuple[float, ...], status: int) -> None:
    assert decided(*gone(*days, status=status), now=900).state is LinkState.SUSPECT


def test_two_410s_over_a_fortnight_are_a_death() -> None:
    assert decided(*gone(0, 14, status=410)).state is LinkState.DEAD


def test_the_reason_of_a_death_is_the_newest_failure() -> None:
    assert decided(seen(0, failure=Failure.TIMEOUT), seen(7, status=500), seen(14, status=404)).reason == "http-404"


def test_confirmations_span_and_spacing_are_configured() -> None:
    rules = Verdicts(confirmations=2, min_span_days=1, min_days_between=1)

    assert decided(*gone(0, 1), settings=rules).state is LinkState.DEAD
    assert decided(*gone(0, 7, 14), settings=Verdicts(confirmations=4)).state is LinkState.SUSPECT


def test_one_good_answer_cuts_the_chain() -> None:
    found = decided(*gone(0, 7), seen(10), *gone(14, 21))

    assert (found.state, found.failures, found.failing_since, found.last_live_at) == (LinkState.SUSPECT, 2, at(14), at(10))


def test_a_dead_link_that_answers_is_live_at_once() -> None:
    found = decided(*gone(0, 7, 14), seen(30))

    assert (found.state, found.failures, found.failing_since, found.last_live_at) == (LinkState.LIVE, 0, None, at(30))


def test_a_dead_link_that_goes_on_failing_stays_dead_since_the_first_failure() -> None:
    found = decided(*gone(0, 7, 14, 44, 104))

    assert (found.state, found.failing_since) == (LinkState.DEAD, at(0))


# ---- what never counts

NOTHING_SAID: dict[str, dict[str, Any]] = {
    "walled": {"status": 403},
    "limited": {"status": 429},
    "odd": {"status": 400},
    "robots": {"failure": Failure.ROBOTS},
    "guard": {"failure": Failure.BLOCKED_ADDRESS},
}


@pytest.mark.parametrize("name", NOTHING_SAID)
def test_what_says_nothing_neither_counts_nor_cuts(name: str) -> None:
    between = [seen(day, **NOTHING_SAID[name]) for day in (2, 9, 12)]

    alone, mixed = decided(*gone(0, 7)), decided(*gone(0, 7), *between)

    assert mixed.failures == alone.failures == 2
    assert decided(*between, *(seen(day, **NOTHING_SAID[name]) for day in range(20, 300, 20))).state is not LinkState.DEAD


@pytest.mark.parametrize("later", [{"status": 403}, {"status": 429}, {"status": 400}, {"failure": Failure.ROBOTS}])
def test_death_stays_through_what_proves_no_life(later: dict[str, Any]) -> None:
    found = decided(*gone(0, 7, 14), seen(20, **later))

    assert (found.state, found.reason) == (LinkState.DEAD, "http-404")
    assert found.evidence[0].detail == "HTTP 404"


def test_a_wall_after_failures_is_blocked_and_the_chain_stays_open() -> None:
    found = decided(*gone(0, 7), seen(10, status=403))

    assert (found.state, found.failures) == (LinkState.BLOCKED, 2)


def test_an_odd_answer_keeps_the_state() -> None:
    assert decided(seen(0), seen(7, status=400)).state is LinkState.LIVE
    assert decided(seen(0, status=403), seen(7, status=400)).state is LinkState.BLOCKED


def test_a_doubt_is_suspect_and_never_dead() -> None:
    found = decided(*(shown(day, SOFT) for day in range(0, 200, 7)))

    assert (found.state, found.failures) == (LinkState.SUSPECT, 0)


def test_a_refusal_inside_the_chain_doubles_the_span() -> None:
    refused = seen(3, status=403)

    assert decided(*gone(0, 7, 14), refused).state is LinkState.SUSPECT
    assert decided(*gone(0, 7, 14, 28), refused).state is LinkState.DEAD


def test_a_host_that_refused_others_and_answered_none_doubles_the_span() -> None:
    refused, answered = (make.fetch(url=f"{SITE}/{name}", status=status) for name, status in (("a", 403), ("b", 200)))

    assert decided(*gone(0, 7, 14), around={"siblings": (refused,)}).state is LinkState.SUSPECT
    assert decided(*gone(0, 7, 14), around={"siblings": (refused, answered)}).state is LinkState.DEAD


# ---- a weak sign of life


def test_a_weak_ok_changes_nothing_while_a_chain_is_open() -> None:
    assert decided(*gone(0, 7, 14), seen(20, status=204)).state is LinkState.DEAD
    assert decided(*gone(0), seen(7, status=204)).state is LinkState.SUSPECT


# ---- an archive as a witness


def witness(days: float, **fields: Any) -> dict[str, Any]:
    return {"playbacks": (make.playback(captured_at=at(days), played_at=at(days), **fields),)}


def test_a_capture_that_saw_the_page_after_we_failed_vetoes_death() -> None:
    found = decided(*gone(0, 7, 14), cited=TITLED, around=witness(16))

    assert (found.state, found.reason) == (LinkState.BLOCKED, "only-us")
    assert "history.witness" in {each.rule for each in found.evidence}


@pytest.mark.parametrize(
    ("days", "state"),
    [
        pytest.param((20,), LinkState.BLOCKED, id="one failure after it"),
        pytest.param((20, 27), LinkState.BLOCKED, id="two failures after it"),
        pytest.param((20, 27, 34), LinkState.DEAD, id="a full chain after it"),
    ],
)
def test_only_a_full_chain_after_the_witness_is_a_death(days: tuple[float, ...], state: LinkState) -> None:
    found = decided(*gone(0, 7, 14, *days), cited=TITLED, around=witness(16))

    assert found.state is state


@pytest.mark.parametrize(
    "around",
    [
        pytest.param(witness(-3), id="taken before the failures"),
        pytest.param(witness(16, title="Another story", sample="Nothing of it"), id="shows another page"),
        pytest.param(witness(16, http_status=404), id="captured a 404"),
        pytest.param(witness(16, failure=SearchFailure.NETWORK), id="could not be opened"),
    ],
)
def test_a_capture_that_proves_nothing_is_no_witness(around: dict[str, Any]) -> None:
    assert decided(*gone(0, 7, 14), cited=TITLED, around=around).state is LinkState.DEAD


# ---- usurped


def test_a_lost_domain_is_usurped_at_the_first_check_and_surer_at_a_second() -> None:
    once, again = decided(shown(0, PARKED)), decided(shown(0, PARKED), shown(3, PARKED))

    assert (once.state, once.confidence) == (LinkState.USURPED, 0.8)
    assert again.confidence == 0.95


def test_a_repetition_of_the_same_night_makes_nothing_surer() -> None:
    assert decided(shown(0, PARKED), shown(0.5, PARKED)).confidence == 0.8


def test_a_lost_domain_recovers_by_two_clean_checks() -> None:
    once = decided(shown(0, PARKED), seen(30), cited=TITLED)
    twice = decided(shown(0, PARKED), seen(30), seen(120), cited=TITLED)

    assert (once.state, twice.state) == (LinkState.USURPED, LinkState.LIVE)


def test_a_lost_domain_with_something_else_on_it_stays_lost() -> None:
    other = [shown(day, "<title>Welcome</title><p>" + "Something quite different is here. " * 9) for day in (30, 120, 210)]

    assert decided(shown(0, PARKED), *other, cited=TITLED).state is LinkState.USURPED


@pytest.mark.parametrize("later", [{"status": 403}, {"status": 404}, {"status": 400}, {"status": 500}])
def test_a_lost_domain_stays_lost_through_anything_else(later: dict[str, Any]) -> None:
    assert decided(shown(0, PARKED), *(seen(day, **later) for day in (7, 14, 21, 28))).state is LinkState.USURPED


def test_a_relapse_starts_the_recovery_anew() -> None:
    assert decided(shown(0, PARKED), seen(30), shown(60, PARKED), seen(90), cited=TITLED).state is LinkState.USURPED


# ---- drifted

NEW = " ".join(
    f"With offer {number} the shop brings the telephones of the year and their tablets to every house in the town."
    for number in range(60)
)
DRIFT = {"sample": NEW, "sketch": similarity.sketch(NEW), "title": "Quick phone shop", "h1": None}


def test_drift_is_confirmed_by_a_second_check_three_days_later() -> None:
    first, same_night, later = (decided(*(seen(day, **DRIFT) for day in days), cited=TITLED) for days in ((0,), (0, 0.5), (0, 3)))

    assert (first.state, same_night.state, later.state) == (LinkState.LIVE, LinkState.LIVE, LinkState.DRIFTED)
    assert "history.drifting" in {each.rule for each in first.evidence}


def test_a_page_that_is_back_is_live_again() -> None:
    assert decided(seen(0, **DRIFT), seen(3, **DRIFT), seen(7), cited=TITLED).state is LinkState.LIVE


def test_a_good_check_between_makes_drift_start_anew() -> None:
    assert decided(seen(0, **DRIFT), seen(3), seen(6, **DRIFT), cited=TITLED).state is LinkState.LIVE


def test_a_capture_of_an_error_is_nothing_to_compare_with() -> None:
    text = " ".join(f"In year {number} the bridge carried carts and herds." for number in range(60))
    error = make.playback(http_status=404, sample=text, title="Page not found")

    found = decided(seen(0, **DRIFT), seen(3, **DRIFT), around={"playbacks": (error,)})

    assert found.state is LinkState.LIVE


# ---- other witnesses


def test_what_another_network_saw_within_a_day_is_no_failure_of_the_page() -> None:
    before = decided(seen(0, vantage="attic"), seen(0.5, status=404))
    after = decided(seen(0, status=403), seen(0.5, vantage="attic"))
    later = decided(seen(0, vantage="attic"), seen(2, status=404))

    assert (before.state, after.state, later.state) == (LinkState.LIVE, LinkState.LIVE, LinkState.SUSPECT)
    assert "history.walled-here" in {each.rule for each in before.evidence}
    assert "history.walled-here" in {each.rule for each in after.evidence}


def test_our_own_good_answer_ends_what_another_network_saw() -> None:
    found = decided(seen(0, vantage="attic"), seen(0.5, status=404), seen(3))

    assert "history.walled-here" not in {each.rule for each in found.evidence}


ERRORS = [
    make.search(captures=(make.capture(captured_at=at(day), http_status=404, memento_url=f"https://a.example/{day}"),))
    for day in (-30, -20)
]


def test_captures_of_an_error_count_only_where_it_is_wished_and_beside_a_check_of_ours() -> None:
    wished = Verdicts(count_archive_witness=True)

    by_default = decided(*gone(0), searches=ERRORS)
    counted = decided(*gone(0), searches=ERRORS, settings=wished)
    nothing_of_ours = decided(searches=ERRORS, settings=wished)

    assert (by_default.state, counted.state, nothing_of_ours.state) == (LinkState.SUSPECT, LinkState.DEAD, LinkState.UNKNOWN)
    assert (counted.checks, counted.failures) == (1, 3)


def test_a_host_that_refuses_us_gets_more_time_unless_it_answers_another_page() -> None:
    refusing = make.fetch(url=f"{SITE}/refused", status=403)

    refused = decided(*gone(0, 7, 14), around={"siblings": (refusing,)})
    answered = decided(*gone(0, 7, 14), around={"siblings": (refusing, *ANSWERING["siblings"])})
    in_time = decided(*gone(0, 7, 14, 28), around={"siblings": (refusing,)})

    assert (refused.state, answered.state, in_time.state) == (LinkState.SUSPECT, LinkState.DEAD, LinkState.DEAD)


# ---- what it was decided from


def test_the_steps_tell_which_checks_counted_and_what_stood_after_each() -> None:
    steps = verdicts.retrace(make.URL, [seen(-5), *gone(0, 1, 7), seen(8, status=403)], now=at(20))

    assert [(step.signed.sign, step.counted, step.state) for step in steps] == [
        (Sign.OK, False, LinkState.LIVE),
        (Sign.GONE, True, LinkState.SUSPECT),
        (Sign.GONE, False, LinkState.SUSPECT),
        (Sign.GONE, True, LinkState.SUSPECT),
        (Sign.WALLED, False, LinkState.BLOCKED),
    ]


def test_a_failure_too_close_to_count_still_lengthens_the_span() -> None:
    assert decided(*gone(0, 3, 12, 14)).state is LinkState.DEAD


# ---- confidence


@pytest.mark.parametrize(
    ("days", "confidence"),
    [((0,), 0.51), ((0, 3), 0.68), ((0, 3, 7), 0.85), ((0, 7, 14), 0.99), ((0, 14, 28, 60), 0.99)],
)
def test_confidence_grows_with_the_counted_checks(days: tuple[float, ...], confidence: float) -> None:
    assert decided(*gone(*days), around=ANSWERING).confidence == pytest.approx(confidence, abs=0.008)


def test_one_check_is_less_sure_where_no_other_page_of_the_host_answers() -> None:
    of_another_host = {"siblings": (make.fetch(url="https://www.example.com/x"),)}

    beside, alone, apart = (decided(*gone(0, 3, 7), around=around) for around in (ANSWERING, {}, of_another_host))

    assert (beside.confidence, alone.confidence, apart.confidence) == (0.85, 0.7, 0.7)


def test_a_death_by_a_weaker_kind_of_failure_is_less_sure() -> None:
    sure, unsure = (
        decided(*(seen(day, **fields) for day in (0, 7, 14)), around=ANSWERING)
        for fields in ({"status": 404}, {"failure": Failure.TLS})
    )

    assert unsure.confidence < sure.confidence <= 0.99


# ---- evidence


def test_a_suspect_says_what_is_missing_to_a_death() -> None:
    said = {each.rule: each.detail for each in decided(*gone(0, 7)).evidence}

    assert said["history.chain"] == "2 counted failures from 2026-06-01 to 2026-06-08"
    assert said["history.span"] == "dead needs 3 counted failures over 14 days; there are 2 over 7; at the earliest on 2026-06-15"


def test_a_verdict_carries_the_version_of_the_rules() -> None:
    assert decided(seen(0)).rules == verdicts.RULES


def test_the_order_of_the_facts_changes_nothing() -> None:
    facts = [*gone(0, 7), seen(10, status=403), shown(12, PARKED), seen(20)]

    assert len({decided(*order) for order in permutations(facts)}) == 1


def test_attempts_of_one_check_count_once() -> None:
    tries = [make.fetch(check_id="c0", fetched_at=at(days), attempt=number, status=404) for number, days in enumerate((0, 7, 14))]

    found = decided(*tries)

    assert (found.state, found.checks, found.failures) == (LinkState.SUSPECT, 1, 1)


def test_probes_alone_are_no_check() -> None:
    assert decided(seen(0, role="probe", status=404), seen(7, role="root", status=404)).checks == 0


# ---- overrides


def override(**fields: Any) -> Override:
    defaults: dict[str, Any] = {
        "url": make.URL,
        "author": "Ada",
        "note": "looked at it",
        "created_at": at(0),
        "expires_at": at(90),
    }
    return Override(**(defaults | fields))


def test_a_person_can_set_the_state_until_a_day() -> None:
    mine = override(state=LinkState.LIVE)

    during, after = (decided(*gone(0, 7, 14), now=now, overrides=[mine]) for now in (80, 91))

    assert (during.state, after.state) == (LinkState.LIVE, LinkState.DEAD)
    assert during.evidence[0].rule == "override.state"


def test_a_person_can_silence_one_rule() -> None:
    page = make.fetch(check_id="c0", fetched_at=at(0), title="Page not found")

    found = decided(page, now=20, overrides=[override(rule="soft404.title")])

    assert found.state is LinkState.LIVE
    assert "override.rule" in {each.rule for each in found.evidence}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(override(url=f"{SITE}/other", state=LinkState.LIVE), id="another URL"),
        pytest.param(override(rule="soft404.title"), id="another rule"),
        pytest.param(override(state=LinkState.LIVE, created_at=at(30)), id="not made yet"),
    ],
)
def test_an_override_is_scoped(other: Override) -> None:
    assert decided(*gone(0, 7, 14), now=20, overrides=[other]).state is LinkState.DEAD


def test_of_two_states_the_newer_word_holds() -> None:
    words = [override(state=LinkState.DEAD), override(state=LinkState.BLOCKED, created_at=at(5))]

    assert (
        decided(seen(0), now=20, overrides=words).state
        is decided(seen(0), now=20, overrides=words[::-1]).state
        is LinkState.BLOCKED
    )
