"""Scores of publishers: refusals change nothing, ages are honest, and reasons are counts, not adjectives (scoring.md, 2 and 3)."""

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from audit import scores
from audit.model import LinkFacts, LinkState, PublisherScore
from audit.settings import Scoring
from tests import make

NOW = make.NOON
YEAR = timedelta(days=365.25)
FORBIDDEN = ("fake", "scam", "untrustworthy", "unreliable", "reliable site", "propaganda", "false", "bias", "low quality", "bad")


def link(number: int = 0, *, years: float = 6, **fields: Any) -> LinkFacts:
    """A live link of a publisher, cited `years` ago and checked today."""
    defaults: dict[str, Any] = {
        "url": f"https://news.example.com/{number}",
        "publisher": "example.com",
        "section": "news.example.com",
        "state": LinkState.LIVE,
        "reason": "ok",
        "entry_date": (NOW - years * YEAR).date(),
        "entry_from": "access-date",
        "first_seen_at": NOW,
        "first_checked_at": NOW,
        "last_checked_at": NOW,
        "last_live_at": NOW,
    }
    return LinkFacts(**(defaults | fields))


def lost(number: int = 0, *, reason: str = "http-404", state: LinkState = LinkState.DEAD, **fields: Any) -> LinkFacts:
    return link(number, **({"state": state, "reason": reason, "last_live_at": None, "failing_since": NOW} | fields))


def refused(number: int = 0, **fields: Any) -> LinkFacts:
    return link(number, **({"state": LinkState.BLOCKED, "reason": "forbidden", "last_live_at": None} | fields))


def scored(*facts: LinkFacts, rules: Scoring | None = None) -> PublisherScore:
    (score,) = scores.publisher_scores(facts, now=NOW, settings=rules).publishers
    return score


HEALTHY = [link(number) for number in range(38)] + [lost(number) for number in range(38, 40)]


# ---- refusals are missing data


def test_refusals_change_no_durability() -> None:
    without, among = scored(*HEALTHY), scored(*HEALTHY, *(refused(number) for number in range(100, 160)))

    assert (among.durability, among.live5, among.low, among.high) == (
        without.durability,
        without.live5,
        without.low,
        without.high,
    )
    assert (among.blocked, among.resolved) == (60, without.resolved)


@pytest.mark.parametrize("state", [LinkState.SUSPECT, LinkState.BLOCKED, LinkState.UNKNOWN])
def test_what_is_not_resolved_and_was_never_seen_alive_makes_no_history(state: LinkState) -> None:
    assert scores.histories([link(state=state, last_live_at=None)]) == ()


def test_what_is_not_resolved_counts_as_alive_until_it_was_last_seen() -> None:
    (history,) = scores.histories([link(state=LinkState.BLOCKED, last_live_at=NOW - 2 * YEAR)])

    assert (history.alive_until_years, history.dead_by_years) == (4.0, None)


def test_nothing_is_scored_where_nothing_is_resolved() -> None:
    score = scored(refused(1), refused(2))

    assert (score.score, score.low, score.high, score.grade, score.basis) == (None, None, None, None, "none")


def test_without_a_rating_the_score_is_durability_alone_and_has_no_grade() -> None:
    score = scored(*HEALTHY)

    assert (score.basis, score.grade, score.editorial) == ("durability-only", None, None)
    assert score.score == score.durability


# ---- deaths


@pytest.mark.parametrize(
    ("state", "reason", "hard", "soft"),
    [
        (LinkState.DEAD, "http-404", 1, 0),
        (LinkState.DEAD, "dns", 1, 0),
        (LinkState.DEAD, "soft-404", 0, 1),
        (LinkState.DEAD, "redirect-to-root", 0, 1),
        (LinkState.USURPED, "parked", 0, 1),
        (LinkState.DRIFTED, "content-drift", 0, 1),
    ],
)
def test_a_loss_is_hard_or_soft(state: LinkState, reason: str, hard: int, soft: int) -> None:
    score = scored(lost(state=state, reason=reason))

    assert (score.dead_hard, score.dead_soft, score.rotten, score.resolved) == (hard, soft, 1, 1)


def test_whether_drift_is_a_death_is_configured() -> None:
    drifted = link(state=LinkState.DRIFTED, reason="content-drift", failing_since=NOW)

    (death,), (life,) = (scores.histories([drifted], settings=Scoring(drift_is_death=wanted)) for wanted in (True, False))

    assert death.dead_by_years is not None
    assert life.dead_by_years is None


def test_a_death_lies_between_the_last_sight_of_life_and_the_first_failure() -> None:
    (history,) = scores.histories([lost(last_live_at=NOW - 3 * YEAR, failing_since=NOW - 2 * YEAR)])

    assert (history.alive_until_years, history.dead_by_years) == (3.0, 4.0)


def test_a_death_is_at_least_a_quarter_of_a_year_long() -> None:
    (history,) = scores.histories([lost(last_live_at=NOW - timedelta(days=1), failing_since=NOW)])

    assert history.dead_by_years == history.alive_until_years + 0.25


def test_a_sight_of_life_after_the_failure_is_not_believed() -> None:
    (history,) = scores.histories([lost(access_date=NOW.date(), failing_since=NOW - 2 * YEAR)])

    assert (history.alive_until_years, history.dead_by_years) == (0.0, 4.0)


def test_a_link_that_came_back_has_no_death() -> None:
    (history,) = scores.histories([link(failing_since=None)])

    assert (history.alive_until_years, history.dead_by_years) == (6.0, None)


def test_more_deaths_mean_less_durability() -> None:
    some = [
        scored(*(lost(number) if number < dead else link(number) for number in range(20))).durability
        for dead in (0, 2, 5, 10, 20)
    ]

    assert some == sorted(some, key=lambda each: -(each or 0))
    assert len(set(some)) == 5


# ---- ages


def test_ages_are_counted_from_the_entry_in_quarters_of_a_year() -> None:
    (history,) = scores.histories([link(years=6.1)])

    assert history.alive_until_years == 6.0


def test_an_unknown_age_is_assumed_alike_for_live_and_dead_links() -> None:
    alive, dead = scores.histories(
        [link(1, entry_date=None, first_checked_at=NOW), lost(2, entry_date=None, first_checked_at=NOW)]
    )

    assert alive.alive_until_years == dead.dead_by_years == 5.0
    assert scored(link(entry_date=None)).age_assumed == 1


def test_with_fifty_known_ages_their_median_is_assumed() -> None:
    known = [link(number, years=2) for number in range(50)]

    found = scores.histories([*known, link(99, entry_date=None)])

    assert Counter(each.alive_until_years for each in found) == {2.0: 51}


def test_an_old_dead_link_found_today_did_not_die_within_a_week() -> None:
    """A revision that merely contains a link says nothing of when it began to be cited."""
    (history,) = scores.histories([lost(entry_date=None, first_seen_at=NOW, first_checked_at=NOW)])

    assert history.dead_by_years == 5.0


def test_an_entry_after_the_check_is_an_age_of_zero() -> None:
    (history,) = scores.histories([link(entry_date=date(2030, 1, 1))])

    assert history.alive_until_years == 0.0


# ---- archive coverage


def test_coverage_counts_only_what_is_known() -> None:
    score = scored(link(1, archived=True), link(2, archived=True), link(3, archived=False), link(4), link(5))

    assert score.archive_checked == 3
    assert score.archive_coverage == pytest.approx(66.67)


def test_archives_that_were_not_asked_leave_durability_at_the_live_links() -> None:
    score = scored(*HEALTHY)

    assert (score.archive_coverage, score.archive_checked) == (None, 0)
    assert score.durability == score.live5


def test_copies_make_citations_durable_and_their_absence_takes_nothing_from_the_links() -> None:
    held, bare = (scored(*(lost(number, archived=held) for number in range(10))) for held in (True, False))

    assert held.live5 == bare.live5
    assert (held.durability or 0) > (bare.durability or 0) >= (bare.live5 or 0)


def test_the_headline_of_the_golden_example_holds() -> None:
    links = [link(number) for number in range(38)] + [lost(number) for number in range(38, 40)]
    archived = [True] * 8 + [False] * 2 + [None] * 30

    score = scored(*(link_with(each, held) for each, held in zip(links, archived, strict=True)))

    assert score.archive_checked == 10
    assert score.durability == pytest.approx(98.67, abs=0.5)
    assert (score.durability_low or 0) < (score.durability or 0) < (score.durability_high or 0) <= 100


def link_with(facts: LinkFacts, archived: bool | None) -> LinkFacts:  # noqa: FBT001 - a value of the record
    return LinkFacts(**{name: getattr(facts, name) for name in LinkFacts.__slots__} | {"archived": archived})


# ---- the whole


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_facts_is_free(dice: random.Random) -> None:
    facts = [*HEALTHY[:5], lost(50), refused(60), link(70, publisher="other.example"), lost(71, publisher="other.example")]
    shuffled = [*facts]
    dice.shuffle(shuffled)

    assert scores.publisher_scores(shuffled, now=NOW) == scores.publisher_scores(facts, now=NOW)


def test_publishers_come_in_the_order_of_their_names() -> None:
    facts = [link(number, publisher=name) for number, name in enumerate("cab")]

    assert [each.publisher for each in scores.publisher_scores(facts, now=NOW).publishers] == list("abc")


def test_the_same_inputs_have_the_same_fingerprint_at_any_hour() -> None:
    (one,), (later,) = (scores.publisher_scores(HEALTHY, now=now).publishers for now in (NOW, NOW + timedelta(hours=9)))

    assert one.inputs_sha256 == later.inputs_sha256 != scored(*HEALTHY, lost(77)).inputs_sha256


def test_a_half_life_needs_five_resolved_links_and_ends_at_fifty_years() -> None:
    few, enough = scored(*(link(number) for number in range(4))), scored(*(link(number, years=30) for number in range(40)))

    assert few.half_life_years is None
    assert enough.half_life_years is not None
    assert enough.half_life_years <= 50


def test_the_numbers_add_up() -> None:
    score = scored(*HEALTHY, refused(100), link(101, state=LinkState.SUSPECT, reason="dns"), link(102, state=LinkState.UNKNOWN))

    assert score.links == score.live + score.rotten + score.suspect + score.blocked + score.unknown == 43
    assert score.resolved == score.live + score.rotten


# ---- reasons

MIXES = {
    "healthy": HEALTHY,
    "all lost": [lost(number) for number in range(10)],
    "refused": [refused(number) for number in range(5)],
    "young": [link(number, years=0.5) for number in range(3)],
    "assumed": [link(number, entry_date=None) for number in range(3)],
    "archived": [link(number, archived=number % 2 == 0) for number in range(6)],
    "taken": [lost(number, state=LinkState.USURPED, reason="taken-over") for number in range(3)],
}


@pytest.mark.parametrize("name", MIXES)
def test_reasons_are_counts_and_never_adjectives(name: str) -> None:
    said = " ".join(each.text for each in scored(*MIXES[name]).reasons).lower()

    assert said
    assert not [word for word in FORBIDDEN if word in said.split() or (" " in word and word in said)]


def test_what_refused_us_is_not_called_dead_or_lost() -> None:
    said = " ".join(each.text for each in scored(*MIXES["refused"]).reasons)

    assert "no longer work" not in said
    assert "(5 refused us)" in said


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("healthy", "2 of 40 resolved links no longer work (2 http-404); median age 6.0 years"),
        ("all lost", "10 of 10 resolved links no longer work (10 http-404); median age 6.0 years"),
        ("young", "only 3 resolved links: the interval is wide"),
        ("assumed", "the age of 3 links is assumed: no date tells when they were first cited"),
        ("archived", "3 of 6 cited URLs whose archive standing is known have a usable copy"),
        ("healthy", "archives have not been asked: the score rests on live links alone"),
        ("healthy", "no loaded rating list names it: being unrated says nothing about it"),
    ],
)
def test_a_reason_says_what_was_counted(name: str, sentence: str) -> None:
    assert sentence in [each.text for each in scored(*MIXES[name]).reasons]
