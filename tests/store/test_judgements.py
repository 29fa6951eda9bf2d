"""Judgements, allowances and corrections in the store."""

import json
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from audit.model import (
    Choice,
    Evidence,
    Finding,
    LinkState,
    Override,
    Pool,
    PublisherScore,
    Reason,
    RunRecord,
    Scored,
    ScoreFit,
    SectionScore,
    Severity,
    Side,
)
from audit.store import migrating, reads, writes
from audit.store.opening import Store, parse
from tests.make import NOON, URL, capture, citation, search, verdict
from tests.store.values import DAY, OTHER, check, day, document, outcome, read, reference, rows

DEAD = verdict(
    state=LinkState.DEAD,
    reason="http-404",
    evidence=(Evidence(rule="http.404", detail="404", strength=0.85),),
    failing_since=NOON - DAY,
    failures=3,
    checks=4,
    next_check_at=NOON + DAY,
)


def judge(store: Store, *verdicts: Any) -> None:
    with store.write() as conn:
        writes.write_verdicts(conn, verdicts)


def test_a_verdict_comes_back_as_it_was_and_ends_the_waiting(store: Store) -> None:
    read(store, document(URL, OTHER))
    check(store, outcome(URL))

    judge(store, DEAD)

    with store.read() as conn:
        assert reads.newest_verdicts(conn, [URL, OTHER]) == {URL: DEAD}
        assert next(reads.facts(conn, [URL], slim=True)).previous == DEAD
        assert reads.unjudged(conn) == []
        assert reads.states(conn) == {"dead": 1, "unknown": 1}


def test_the_same_verdict_again_writes_nothing(store: Store) -> None:
    read(store, document(URL))
    judge(store, DEAD)

    judge(store, replace(DEAD, decided_at=NOON + DAY))

    with store.read() as conn:
        assert reads.newest_verdicts(conn, [URL]) == {URL: DEAD}
    assert rows(store, "select count(*) from verdict_changes") == [(1,)]


def test_every_change_of_state_or_reason_is_remembered(store: Store) -> None:
    read(store, document(URL))
    judge(store, verdict())

    judge(store, replace(DEAD, state=LinkState.SUSPECT, decided_at=NOON + DAY))
    judge(store, replace(DEAD, state=LinkState.SUSPECT, failures=9, decided_at=NOON + 2 * DAY))
    judge(store, replace(DEAD, decided_at=NOON + 3 * DAY))

    assert rows(store, "select previous_state, state, previous_reason, reason from verdict_changes order by decided_at") == [
        (None, "live", None, "ok"),
        ("live", "suspect", "ok", "http-404"),
        ("suspect", "dead", "http-404", "http-404"),
    ]


def test_findings_and_choices_stand_in_place_of_those_of_before(store: Store) -> None:
    read(store, document(URL, OTHER))
    told = Finding(
        code="link-dead", severity=Severity.ERROR, detail="gone\0", citation=0, line=1, side=Side.ADDED, capture=capture()
    )
    other = Finding(code="bare-url", severity=Severity.NOTE, detail="bare", citation=1)

    for found in ([told, other], [other, told], [told]):
        with store.write() as conn:
            writes.replace_findings(conn, "page.wiki", found)
            writes.replace_choices(conn, "page.wiki", {0: Choice(capture=capture(), evidence=(Evidence(rule="r", detail="d"),))})

    assert rows(store, "select code, severity, detail, side from current_findings") == [
        ("link-dead", "error", "gone\ufffd", "added")
    ]
    assert rows(store, "select url from current_citations where memento_url is not null") == [(URL,)]
    with store.read() as conn:
        assert reads.any_finding(conn, ["no-capture", "link-dead"])
        assert not reads.any_finding(conn, ["bare-url"])
        assert "findings: 1 errors" in reads.ingested(conn, "page.wiki")


WHY = Reason(code="few-links", numbers={"resolved": 3}, text="only 3 resolved links", points=0.5)


def score(**fields: Any) -> PublisherScore:
    numbers: dict[str, Any] = dict.fromkeys(
        ("score", "low", "high", "grade", "durability", "durability_low", "durability_high", "editorial")
    )
    counts = {"archive_coverage": None, "links": 1, "live": 1, "rotten": 0, "blocked": 0, "unknown": 0}
    versions = {"model_version": "m1", "policy_version": "a", "psl_version": "p", "tenants_version": "t", "inputs_sha256": "a"}
    named = {"publisher": "example.com", "basis": "none", "scored_at": NOON, "reasons": (WHY,)}
    return PublisherScore(**(numbers | counts | versions | named | fields))


def section(**fields: Any) -> SectionScore:
    shares: dict[str, Any] = dict.fromkeys(
        ("durability", "durability_low", "durability_high", "live5", "live5_low", "live5_high"), 90.0
    )
    counts = dict.fromkeys(("links", "live", "resolved"), 5) | dict.fromkeys(
        ("rotten", "blocked", "unknown", "suspect", "dead_hard", "dead_soft", "archive_checked"), 0
    )
    named = {"publisher": "example.com", "section": "example.com/news", "scored_at": NOON, "archive_coverage": None}
    return SectionScore(**(shares | counts | named | {"model_version": "m1", "inputs_sha256": "a"} | fields))


def fit(**fields: Any) -> ScoreFit:
    numbers: dict[str, Any] = {"lambda0": 0.03, "standard_error": 0.1, "links": 40, "publishers": 3, "assumed_age_years": 5.0}
    prior = {"archive_a": 1.0, "archive_b": 1.0, "survival": ((1.0, 0.97), (5.0, 0.8)), "model_version": "m1", "fitted_at": NOON}
    return ScoreFit(**(numbers | prior | fields))


def test_a_fit_comes_back_as_it_was_and_a_later_one_does_not_hide_it(store: Store) -> None:
    for each in (fit(), fit(lambda0=0.04, fitted_at=NOON + DAY)):
        with store.write() as conn:
            writes.write_scored(conn, Scored(publishers=(), sections=(), fit=each))

    with store.read() as conn:
        assert reads.score_fit(conn, at=NOON - DAY) is None
        assert reads.score_fit(conn, at=NOON) == fit()
        assert reads.score_fit(conn, at=NOON + 2 * DAY) == fit(lambda0=0.04, fitted_at=NOON + DAY)


def test_the_inputs_of_the_newest_score_of_a_moment_are_known(store: Store) -> None:
    for night in (score(), score(scored_at=NOON + DAY, inputs_sha256="b")):
        with store.write() as conn:
            writes.write_scores(conn, [night])

    with store.read() as conn:
        assert reads.score_inputs(conn, at=NOON) == {"example.com": "a"}
        assert reads.score_inputs(conn, at=NOON + DAY) == {"example.com": "b"}
        assert [row["scored_at"] for row in reads.course(conn, "example.com")] == [NOON, NOON + DAY]


def test_sections_are_shown_as_of_the_newest_score_of_their_publisher(store: Store) -> None:
    for night in (NOON, NOON + DAY):
        some = (section(scored_at=night),) if night == NOON else (section(scored_at=night, section="example.com/"),)
        with store.write() as conn:
            scored = Scored(publishers=(score(scored_at=night, inputs_sha256=str(night)),), sections=some, fit=fit())
            writes.write_scored(conn, scored)

    assert rows(store, "select section from section_scores") == [("example.com/",)]


def test_scores_are_appended_only_when_their_inputs_or_the_model_changed(store: Store) -> None:
    nights = [
        score(),
        score(scored_at=NOON + DAY),
        score(scored_at=NOON + 2 * DAY, inputs_sha256="b"),
        score(scored_at=NOON + 3 * DAY, inputs_sha256="b", model_version="m2"),
        score(scored_at=NOON + 4 * DAY, inputs_sha256="a", model_version="m2"),
    ]

    for night in nights:
        with store.write() as conn:
            writes.write_scores(conn, [night])

    history = "select inputs_sha256, model_version from publisher_scores_history order by scored_at"
    assert rows(store, history) == [("a", "m1"), ("b", "m1"), ("b", "m2"), ("a", "m2")]
    assert rows(store, "select inputs_sha256, model_version, reasons from publisher_scores") == [
        ("a", "m2", f"[{json.dumps(asdict(WHY), separators=(',', ':'))}]")
    ]


def test_of_two_who_change_an_allowance_at_once_the_second_must_decide_anew(store: Store) -> None:
    with store.read() as conn:
        unused = reads.pool(conn, "wayback", "index")
    assert unused == Pool(archive="wayback", pool="index")

    with store.write() as conn:
        assert writes.write_pool(conn, replace(unused, refusals=1, open_until=NOON))
        assert not writes.write_pool(conn, replace(unused, refusals=2))
        seen = reads.pool(conn, "wayback", "index")
        assert writes.write_pool(conn, replace(seen, refusals=3))
        assert not writes.write_pool(conn, replace(seen, refusals=4))

    with store.read() as conn:
        assert reads.pool(conn, "wayback", "index") == replace(seen, refusals=3, version=2)


def test_a_correction_is_told_and_makes_the_url_wait_for_a_verdict(store: Store) -> None:
    read(store, document(URL))
    judge(store, DEAD)
    correction = Override(url=URL, rule="http.404", author="A", note="it answers", created_at=NOON, expires_at=NOON + DAY)
    stated = replace(correction, rule=None, state=LinkState.LIVE)

    with store.write() as conn:
        writes.add_override(conn, correction)
        writes.add_override(conn, stated)

    with store.read() as conn:
        assert set(next(reads.facts(conn, [URL])).overrides) == {correction, stated}
        assert reads.unjudged(conn) == [URL]
    with store.write() as conn:
        assert writes.remove_override(conn, URL, "http.404")
        assert not writes.remove_override(conn, URL, "http.404")
        assert next(reads.facts(conn, [URL])).overrides == (stated,)


def test_a_run_that_ends_is_told_in_the_row_in_which_it_began(store: Store) -> None:
    begun = RunRecord(run="r1", started_at=NOON, command="run")
    with store.write() as conn:
        writes.begin_run(conn, begun)

    with store.write() as conn:
        writes.end_run(conn, replace(begun, finished_at=NOON + DAY, outcome="audited", requests=7, seconds=1.5, bytes=2**40))

    assert rows(store, "select outcome, requests, bytes, seconds from run_history") == [("audited", 7, 2**40, 1.5)]


def test_the_scorer_learns_when_a_link_began_to_be_cited(store: Store) -> None:
    accessed = citation(access_date=day("2020-05-02"), published_date=day("2019-01-01"))
    early = citation(position=1, access_date=day("2018-03-04"))
    impossible = citation(position=2, url=OTHER, access_date=day("1990-01-01"), published_date=day("2017-01-01"))
    added = citation(position=3, url="https://third.example/")
    references = (
        reference(0, accessed, early, side=Side.REMOVED),
        reference(1, impossible, side=Side.KEPT),
        reference(2, added, side=Side.ADDED),
    )
    read(store, document(kind="diff", references=references, revised_at=NOON - 9 * DAY))
    with store.write() as conn:
        writes.write_searches(conn, [search(captures=(capture(),)), search(url=OTHER)])

    with store.read() as conn:
        known = {each.url: each for each in reads.link_facts(conn)}

    assert {url: (str(each.entry_date), each.entry_from) for url, each in known.items()} == {
        URL: ("2018-03-04", "access-date"),
        OTHER: ("2017-01-01", "entry-proxy"),
        "https://third.example/": ("2026-05-23", "introduced"),
    }
    assert str(known[URL].access_date) == "2020-05-02"
    assert {url: each.archived for url, each in known.items()} == {URL: True, OTHER: False, "https://third.example/": None}
    assert known[URL].publisher == "example.com"


def test_a_verdict_about_something_unknown_is_left_out(store: Store) -> None:
    judge(store, DEAD)

    assert rows(store, "select count(*) from verdict_changes") == [(0,)]


def test_an_allowance_keeps_its_moments(store: Store) -> None:
    kept = Pool(
        archive="a",
        pool="p",
        next_free_at=NOON,
        slow_factor=4,
        refused_at=NOON - timedelta(milliseconds=1),
        last_retry_after_s=2.5,
    )

    with store.write() as conn:
        writes.write_pool(conn, kept)

    with store.read() as conn:
        assert reads.pool(conn, "a", "p") == replace(kept, version=1)


def test_facts_of_a_run_lie_in_the_part_of_their_month(store: Store, database: str) -> None:
    read(store, document(URL))
    check(store, outcome(URL, at=NOON + 31 * DAY))

    for _ in range(2):
        with store.write() as conn:
            writes.begin_run(conn, RunRecord(run="r1", started_at=NOON, command="run"))
    check(store, outcome(URL, at=NOON))

    assert rows(store, "select count(*) from fetches") == [(2,)]
    assert migrating.differences(parse(database)) == []
    if store.dialect == "postgresql":
        parts = rows(store, "select relname from pg_class where relname ~ '^fetches_[0-9d]' and relkind = 'r' order by 1")
        assert parts == [("fetches_2026_06",), ("fetches_2026_08",), ("fetches_default",)], "July has rows in the default part"
        assert rows(store, "select count(*) from fetches_2026_06") == [(1,)]
