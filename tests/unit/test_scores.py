"""Scores of publishers: refusals change nothing, ages are honest, and reasons are counts, not adjectives (scoring.md, 2 and 3)."""

import json
import random
import re
from collections import Counter
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from audit import scores
from audit.durability import Survival
from audit.model import Editorial, LinkFacts, LinkState, PublisherScore, RatedBy, ScoreFit, Summary
from audit.reports import phrases, render
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
        ("young", "only 3 links of known fate: the interval is wide"),
        ("assumed", "the age of 3 links is assumed: no date tells when they were first cited"),
        ("archived", "3 of 6 cited URLs whose archive standing is known have a usable copy"),
        ("healthy", "archives have not been asked: the score rests on live links alone"),
        ("healthy", "no loaded rating list names it: being unrated says nothing about it"),
    ],
)
def test_a_reason_says_what_was_counted(name: str, sentence: str) -> None:
    assert sentence in [each.text for each in scored(*MIXES[name]).reasons]


# ---- what lists say


def said(value: float | None = 0.85, sd: float = 0.1033, category: str = "gr", **fields: Any) -> Editorial:
    """What one list says of a link."""
    words = {"gr": "generally reliable", "gu": "generally unreliable", "d": "deprecated"}
    by = RatedBy(
        list_id="a list",
        family="user",
        category=category,
        word=words[category],
        as_of=date(2025, 1, 1),
        revision="1234",
        licence="CC BY-SA 4.0",
    )
    defaults: dict[str, Any] = {"value": value, "sd": sd, "category": category, "word": by.word, "lists": (by,)}
    return Editorial(**(defaults | fields))


GR, GU = said(), said(0.25, 0.1543, "gu")
DEPRECATED = said(0.10, 0.1269, "d", caps=frozenset({"d"}))


def rated(editorial: Editorial | None, *, some: list[LinkFacts] | None = None, of: int | None = None) -> PublisherScore:
    facts = some or HEALTHY
    return scored(*(replace(each, editorial=editorial if at < (of or len(facts)) else None) for at, each in enumerate(facts)))


COMPOSITES = {
    "generally reliable": (GR, 91.6, 80.1, 98.5),
    "generally unreliable": (GU, 49.7, 20.9, 73.2),
    "deprecated, cut": (DEPRECATED, 25.0, 1.7, 25.0),
}


@pytest.mark.parametrize(("editorial", "score", "low", "high"), COMPOSITES.values(), ids=COMPOSITES)
def test_the_composite_has_its_golden_values(editorial: Editorial, score: float, low: float, high: float) -> None:
    durability = Survival(mean=0.9867, low=0.966, high=0.998, variance=0.0103**2)
    opinion = scores._opinion(scores._aged([link(editorial=editorial)], Scoring(), 5.0), Scoring())

    found = scores._composite(durability, opinion)

    assert (found.score, found.low, found.high) == pytest.approx((score, low, high), abs=0.3)


def test_the_headline_has_its_golden_value() -> None:
    fitted = ScoreFit(
        lambda0=0.03,
        standard_error=0.1,
        links=40,
        publishers=1,
        assumed_age_years=5.0,
        archive_a=1.0,
        archive_b=1.0,
        model_version="durability-1",
        fitted_at=NOW,
    )
    corpus = scores._corpus(fitted, Scoring(), now=NOW)

    found = scores._durability(Survival(mean=0.9468, low=0.889, high=0.984, variance=0.0293**2), 8, 10, corpus)

    assert (100 * found.mean, 100 * found.low, 100 * found.high) == pytest.approx((98.67, 96.6, 99.8), abs=0.1)


def test_a_rated_publisher_has_both_axes_and_a_grade() -> None:
    score = rated(GR, some=[replace(each, archived=True) for each in HEALTHY])

    assert (score.basis, score.editorial, score.links_rated, score.grade) == ("rated", "generally reliable", 40, "A")
    assert score.editorial_value == 85.0
    assert (score.low or 0) < (score.score or 0) < (score.high or 0)


def test_a_publisher_is_rated_only_if_half_of_its_links_are() -> None:
    few, half = rated(GR, of=19), rated(GR, of=20)

    assert (few.basis, few.editorial, few.links_rated, few.score) == ("durability-only", None, 19, few.durability)
    assert (half.basis, half.editorial, half.links_rated) == ("rated", "generally reliable", 20)


def test_links_that_are_rated_apart_make_a_publisher_mixed_without_a_grade() -> None:
    facts = [replace(each, editorial=GR if number % 2 else GU, archived=True) for number, each in enumerate(HEALTHY)]

    score = scored(*facts)

    assert (score.editorial, score.grade) == ("mixed", None)
    assert score.editorial_value == pytest.approx(55.0)
    assert "rating-mixed" in codes(score)


@pytest.mark.parametrize(
    ("editorial", "number", "grade"),
    [
        pytest.param(GR, 40, "A", id="enough"),
        pytest.param(GR, 4, None, id="four links"),
        pytest.param(replace(GR, disputed=True), 40, None, id="disputed"),
        pytest.param(replace(GR, mixed=True), 40, None, id="mixed"),
        pytest.param(GU, 40, None, id="too wide"),
        pytest.param(DEPRECATED, 40, "E", id="cut"),
    ],
)
def test_a_grade_stands_only_where_the_evidence_carries_it(editorial: Editorial, number: int, grade: str | None) -> None:
    assert rated(editorial, some=[replace(each, archived=True) for each in HEALTHY[:number]]).grade == grade


def test_a_list_that_may_not_be_counted_leaves_the_publisher_unrated_and_is_told() -> None:
    score = rated(replace(GR, value=None, notes=frozenset({"other-language"})))

    assert (score.basis, score.editorial, score.score) == ("durability-only", None, score.durability)
    assert {"rated", "rating-other-language"} <= codes(score)
    assert "unrated" not in codes(score)


PERSON: dict[str, Any] = {"url": "https://ann.wordpress.com/1", "publisher": "ann.wordpress.com", "section": "ann.wordpress.com/"}


def test_what_a_list_says_of_a_private_person_is_not_shown_unless_asked_for() -> None:
    page = link(**PERSON, editorial=GU)

    hidden, shown = scored(page), scored(page, rules=Scoring(personal_labels=True))

    assert (hidden.basis, hidden.editorial) == ("durability-only", None)
    assert "rating-suppressed" in codes(hidden)
    assert "generally unreliable" not in " ".join(each.text for each in hidden.reasons)
    assert (shown.basis, shown.editorial) == ("rated", "generally unreliable")


def test_a_rating_of_the_platform_is_a_note_on_its_tenants() -> None:
    score = scored(link(**PERSON, editorial=replace(GU, notes=frozenset({"platform-level"}))))

    assert (score.basis, score.editorial) == ("durability-only", None)
    assert "rating-platform" in codes(score)
    assert "rating-suppressed" not in codes(score)


def test_a_rating_is_shown_where_nothing_is_resolved() -> None:
    score = scored(replace(refused(1), editorial=GR))

    assert (score.score, score.basis, score.editorial) == (None, "none", "generally reliable")


# ---- bounds


def test_the_bounds_of_what_is_unknown_enclose_the_survival() -> None:
    facts = [*HEALTHY[:10], *(refused(number, last_live_at=NOW - 2 * YEAR) for number in range(50, 60)), *(refused(70),)]

    score = scored(*facts)

    assert (score.live5_if_unknown_dead or 0) < (score.live5 or 0) < (score.live5_if_unknown_live or 0)


def test_without_anything_unknown_the_bounds_are_the_survival_itself() -> None:
    score = scored(*HEALTHY)

    assert score.live5_if_unknown_dead == score.live5 == score.live5_if_unknown_live


# ---- evidence of life and death by others


@pytest.mark.parametrize(
    ("tagged", "seen", "dead_by"),
    [
        pytest.param(NOW - 3 * YEAR, None, 3.0, id="earlier than ours"),
        pytest.param(NOW - 3 * YEAR, NOW - 2 * YEAR, 5.0, id="before a sight of life"),
        pytest.param(NOW, None, 5.0, id="later than ours"),
        pytest.param(NOW - 9 * YEAR, None, 5.0, id="before it was cited"),
    ],
)
def test_an_editor_may_say_that_it_was_gone_before_we_saw_it(tagged: Any, seen: Any, dead_by: float) -> None:
    gone = lost(failing_since=NOW - YEAR, gone_date=tagged.date(), access_date=seen.date() if seen else None)

    (history,) = scores.histories([gone])
    (ours,) = scores.histories([gone], settings=Scoring(editor_dates=False))

    assert (history.dead_by_years, ours.dead_by_years) == (dead_by, 5.0)


def test_an_editors_tag_alone_convicts_nobody() -> None:
    (history,) = scores.histories([link(gone_date=(NOW - YEAR).date())])

    assert history.dead_by_years is None


def test_an_opened_copy_is_a_sight_of_life_before_the_death_and_none_after_it() -> None:
    before, after = (
        scores.histories([lost(failing_since=NOW - 2 * YEAR, captured_date=(NOW - years * YEAR).date())])[0] for years in (3, 1)
    )

    assert (before.alive_until_years, before.dead_by_years) == (3.0, 4.0)
    assert (after.alive_until_years, after.dead_by_years) == (0.0, 4.0)


def test_an_age_may_be_configured_for_links_without_any_date() -> None:
    (history,) = scores.histories([link(entry_date=None)], settings=Scoring(assumed_age_years=9.0))

    assert history.alive_until_years == 9.0


def test_a_bare_list_of_addresses_without_any_date_still_tells_publishers_apart() -> None:
    undated: dict[str, Any] = {"entry_date": None, "entry_from": None}
    good = [link(number, publisher="good.example", **undated) for number in range(20)]
    bad = [lost(number + 50, publisher="bad.example", **undated) for number in range(20)]

    worse, better = scores.publisher_scores([*good, *bad], now=NOW).publishers

    assert (worse.publisher, better.publisher) == ("bad.example", "good.example")
    assert (worse.live5_high or 0) < (better.live5_low or 0)


# ---- fits and rows that stand


def test_a_fit_serves_for_a_week_and_until_a_tenth_more_is_known() -> None:
    first = scores.publisher_scores(HEALTHY, now=NOW)
    more = [*HEALTHY, *(link(number) for number in range(200, 205))]

    again = scores.publisher_scores(HEALTHY, now=NOW + timedelta(days=6), kept=first.fit)
    grown = scores.publisher_scores(more, now=NOW + timedelta(days=6), kept=first.fit)
    week = scores.publisher_scores(HEALTHY, now=NOW + timedelta(days=7), kept=first.fit)

    assert again.fit == first.fit
    assert grown.fit.fitted_at == NOW + timedelta(days=6)
    assert week.fit.fitted_at == NOW + timedelta(days=7)


def test_only_publishers_with_new_inputs_are_scored() -> None:
    other = [link(number + 500, publisher="other.example") for number in range(3)]
    first = scores.publisher_scores([*HEALTHY, *other], now=NOW)
    known = {each.publisher: each.inputs_sha256 for each in first.publishers}

    same = scores.publisher_scores([*HEALTHY, *other], now=NOW + timedelta(days=1), kept=first.fit, known=known)
    changed = scores.publisher_scores([*HEALTHY, *other, lost(900)], now=NOW, kept=first.fit, known=known)

    assert (same.publishers, same.unchanged) == ((), 2)
    assert ([each.publisher for each in changed.publishers], changed.unchanged) == (["example.com"], 1)


def test_a_rating_a_copy_or_a_setting_is_an_input() -> None:
    here = scored(*HEALTHY).inputs_sha256

    others = {
        rated(GR).inputs_sha256,
        scored(*(replace(each, archived=True) for each in HEALTHY)).inputs_sha256,
        scored(*HEALTHY, rules=Scoring(horizon_years=10)).inputs_sha256,
        scored(*HEALTHY, rules=Scoring(lambda0=0.05)).inputs_sha256,
    }

    assert len(others | {here}) == 5


def test_a_url_counts_once_however_often_it_is_cited() -> None:
    assert scored(*HEALTHY, *HEALTHY) == scored(*HEALTHY)


def test_sections_are_scored_from_five_links_of_known_fate_on() -> None:
    news = [link(number, section="example.com/news", years=10) for number in range(20)]
    blogs = [lost(number + 100, section="example.com/blogs") for number in range(8)]
    few = [link(number + 200, section="example.com/few") for number in range(4)]

    found = scores.publisher_scores([*news, *blogs, *few], now=NOW)

    assert [(each.section, each.resolved) for each in found.sections] == [("example.com/blogs", 8), ("example.com/news", 20)]
    assert "section-differs" in codes(found.publishers[0])


# ---- the order of reasons, and the words of all of them


def codes(score: PublisherScore) -> set[str]:
    return {each.code for each in score.reasons}


def test_reasons_come_in_the_order_of_the_points_at_stake() -> None:
    score = rated(GU, some=[replace(each, archived=True) for each in HEALTHY])

    points = [each.points for each in score.reasons]

    assert points == sorted(points, reverse=True)
    assert score.reasons[0].code == "rated"


def test_a_cut_tells_its_points() -> None:
    score = rated(DEPRECATED)

    (cut,) = (each for each in score.reasons if each.code == "capped-deprecated")
    assert cut.points > 0
    assert score.score == 25


def everything() -> list[PublisherScore]:
    """Scores that between them give every reason there is."""
    notes = ("platform-level", "other-language", "override")
    old = replace(GR, lists=(replace(GR.lists[0], as_of=date(2011, 1, 1)),))
    blacklisted = replace(DEPRECATED, value=0.05, caps=frozenset({"d", "blacklisted"}))
    return [
        *(scored(*some) for some in MIXES.values()),
        *(rated(each) for each in (GR, GU, DEPRECATED, blacklisted, old, replace(GR, mixed=True, disputed=True))),
        *(rated(replace(GR, notes=frozenset({note}))) for note in notes),
        rated(GR, of=25),
        scored(link(**PERSON, editorial=GU)),
        scored(*(link(number, entry_from="entry-proxy") for number in range(9))),
        scored(*(lost(number, archived=False) for number in range(9))),
        scored(
            *(link(number, section="a", years=10) for number in range(20)),
            *(lost(number + 100, section="b") for number in range(8)),
        ),
    ]


def test_every_reason_can_be_given_and_stands_in_its_list() -> None:
    listed = (Path(__file__).parents[2] / "docs" / "reasons.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`([a-z-]+)`", listed.partition("## Why a publisher")[2].partition("| code |")[2]))

    given = set().union(*(codes(score) for score in everything()))

    assert given == documented


NEVER = re.compile(
    r"\b(fake|scam|untrustworthy|propaganda|false|bias\w*|truth|beats|bad|worse than|low quality|trustworthy)\b|reliable site"
    r"|% reliable|\bdead\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_no_sentence_about_a_publisher_says_what_we_must_not_say(form: str) -> None:
    for score in everything():
        row = shown(score)
        summary = Summary(
            schema="1",
            made_at=NOW,
            version="1",
            totals={},
            publishers=(row,),
            course=(row,),
        )

        for each in (summary, phrases.measured(summary)):
            assert not NEVER.search(" ".join(phrases.about(each.publishers[0])))
            assert not NEVER.search(re.sub(r"<style>.*?</style>", "", render(each, form=form), flags=re.DOTALL))


def shown(score: PublisherScore) -> dict[str, Any]:
    """The score as the view has it."""
    row = asdict(score)
    return row | {"reasons": json.dumps(row["reasons"]), "list_versions": json.dumps(score.list_versions)}


def test_every_word_of_a_list_is_quoted_with_its_list_date_revision_and_licence() -> None:
    for score in everything():
        for each in score.reasons:
            if each.code == "rated":
                assert re.search(r'^rated ".+" by a list \(last discussed \d{4}, revision 1234, CC BY-SA 4\.0\)', each.text)


def test_no_number_of_a_publisher_stands_bare() -> None:
    for score in everything():
        (first, *_) = phrases.about(shown(score))

        assert re.search(r"Durability( \d+ \(\d+-\d+\) from \d+ links?|: too little evidence)", first), first


def test_a_measured_report_leaves_out_every_list() -> None:
    score = rated(GU)
    summary = Summary(schema="1", made_at=NOW, version="1", totals={}, publishers=(shown(score),), course=(shown(score),))

    said_so = render(phrases.measured(summary), form="text")

    assert "generally unreliable" in render(summary, form="text")
    assert "unreliable" not in said_so
    assert "a list" not in said_so
    assert phrases.measured(summary).publishers[0]["score"] == score.durability


def test_where_nobody_is_rated_one_line_tells_how_to_load_a_list() -> None:
    summary = Summary(schema="1", made_at=NOW, version="1", totals={}, publishers=(shown(scored(*HEALTHY)),))

    for form in ("text", "markdown", "html"):
        assert "source-audit ratings import" in render(summary, form=form)
