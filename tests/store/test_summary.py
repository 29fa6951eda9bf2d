"""What people read: the summary, the story of a URL, the views, and SQL of their own."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types

import audit.reports
from audit.errors import ConfigError
from audit.model import Finding, LinkState, Override, Pool, Problem, Reference, RunRecord, Scored, Severity, Side
from audit.reports import FORMATS, render
from audit.settings import ReportSettings
from audit.store import reads, writes
from audit.store.opening import Store, open_store
from audit.store.views import VIEWS
from tests.make import NOON, URL, capture, citation, search, verdict
from tests.store.test_judgements import fit, score, section
from tests.store.values import DAY, OTHER, check, document, outcome, read, reference, rows

SCHEMA = json.loads((Path(audit.reports.__file__).parent / "report.schema.json").read_text(encoding="utf-8"))
THIRD = "https://third.example/"


def filled(store: Store) -> None:
    """One of everything."""
    copied = citation(position=0, url=OTHER, archive_url=f"https://web.archive.org/web/20200502120000/{OTHER}")
    diff = document(
        source="edit.txt",
        kind="diff",
        references=(
            reference(0, copied, side=Side.REMOVED),
            reference(1, citation(position=1, url=THIRD), side=Side.ADDED),
            reference(2, citation(position=2, url=OTHER), side=Side.ADDED),
            Reference(position=3, name="lost", defined=False, uses=3, definitions=0, side=Side.ADDED, line=9),
        ),
        problems=(Problem(code="tag-removed", detail="citation needed"),),
    )
    read(store, document(URL, OTHER), diff)
    check(store, outcome(URL), outcome(OTHER))
    with store.write() as conn:
        writes.begin_run(conn, RunRecord(run="r1", started_at=NOON, command="run"))
        writes.write_searches(conn, [search(captures=(capture(),)), search(url=OTHER)])
        writes.write_verdicts(conn, [verdict(next_check_at=NOON), verdict(url=OTHER, state=LinkState.DEAD, reason="http-404")])
        writes.write_pool(conn, Pool(archive="wayback", pool="index", open_until=NOON + DAY, last_http_status=429))
        note = Finding(code="bare-url", severity=Severity.NOTE, detail="bare", citation=0)
        gone = Finding(code="link-dead", severity=Severity.ERROR, detail="gone", citation=1, url=OTHER)
        writes.replace_findings(conn, "page.wiki", [note, gone])
        writes.write_scores(conn, [score(), score(publisher="nobody.example")])
        writes.write_scored(conn, Scored(publishers=(), sections=(section(),), fit=fit()))


def test_an_empty_and_a_full_summary_fit_the_shipped_schema(store: Store) -> None:
    for fill in (lambda _: None, filled):
        fill(store)
        with store.read() as conn:
            summary = reads.summary(conn, settings=ReportSettings(), made_at=NOON, notes=("a note",))

        whole = json.loads(render(summary, form="json"))
        assert [fault.message for fault in Draft202012Validator(SCHEMA).iter_errors(whole)] == []
        assert all(render(summary, form=form) for form in FORMATS)


def test_the_summary_counts_everything_once(store: Store) -> None:
    filled(store)

    with store.read() as conn:
        summary = reads.summary(conn, settings=ReportSettings(links=1, findings=1), made_at=NOON)

    assert summary.totals == {
        "documents": 2, "citations": 5, "links": 3, "live": 1, "suspect": 0, "dead": 1, "usurped": 0, "drifted": 0,
        "blocked": 0, "unknown": 1, "archived": 1, "findings": 2, "errors": 1, "warnings": 0, "notes": 1,
        "undefined_references": 1, "publishers": 3,
    }  # fmt: skip
    assert [(row["url"], row["state"]) for row in summary.links] == [(OTHER, "dead"), (THIRD, "unknown"), (URL, "live")]
    assert [row["code"] for row in summary.findings] == ["link-dead"]
    assert [row["publisher"] for row in summary.publishers] == ["example.com"]
    assert summary.run is not None
    assert summary.run["run"] == "r1"


def test_the_summary_tells_what_an_edit_did(store: Store) -> None:
    filled(store)

    with store.read() as conn:
        [edit] = reads.summary(conn, settings=ReportSettings(), made_at=NOON).edits

    assert edit == {
        "document": "edit.txt", "removed_references": 1, "removed_archived": 1, "added_references": 2, "added_archived": 0,
        "undefined_names": 1, "undefined_places": 3, "tags_removed": 1, "sources_stayed": 1, "urls_only_removed": 0,
        "urls_only_added": 1, "kept_references": 0, "removed_judged": 0, "removed_lost": 0, "added_judged": 0, "added_lost": 0,
    }  # fmt: skip


def test_the_summary_tells_how_far_the_archives_were_asked(store: Store) -> None:
    filled(store)

    with store.read() as conn:
        summary = reads.summary(conn, settings=ReportSettings(), made_at=NOON)
        later = reads.summary(conn, settings=ReportSettings(), made_at=NOON + 2 * DAY)

    assert summary.archive is not None
    assert {name: summary.archive[name] for name in ("answered", "yes", "no", "unknown", "pending", "pool", "last_http_status")} == {
        "answered": 2, "yes": 1, "no": 1, "unknown": 0, "pending": 1, "pool": "index", "last_http_status": 429,
    }  # fmt: skip
    assert later.archive is not None
    assert "pool" not in later.archive


def test_the_summary_counts_the_corrections_that_act_and_those_that_have_expired(store: Store) -> None:
    read(store, document(URL, OTHER))
    with store.write() as conn:
        for url, until in ((URL, NOON + DAY), (OTHER, NOON - DAY)):
            made = Override(url=url, rule="soft404.title", author="Ada", note="n", created_at=NOON - 2 * DAY, expires_at=until)
            writes.add_override(conn, made)

    with store.read() as conn:
        notes = reads.summary(conn, settings=ReportSettings(), made_at=NOON).notes

    assert [note.partition(" (")[0] for note in notes] == [
        "corrections by people that act on these links: 1",
        "corrections by people that have expired: 1",
    ]


def test_a_summary_of_one_document_or_publisher_holds_nothing_else(store: Store) -> None:
    filled(store)

    with store.read() as conn:
        one = reads.summary(conn, settings=ReportSettings(), made_at=NOON, document="edit.txt")
        other = reads.summary(conn, settings=ReportSettings(), made_at=NOON, publisher="example.org")

    assert [row["document"] for row in one.documents] == ["edit.txt"]
    assert {row["url"] for row in one.links} == {OTHER, THIRD}
    assert one.findings == ()
    assert {row["url"] for row in other.links} == {OTHER}
    assert {row["url"] for row in other.citations} == {OTHER}
    assert [row["code"] for row in other.findings] == ["link-dead"]
    assert other.totals["undefined_references"] == 0
    assert len(other.documents) == 2


def test_a_summary_of_what_is_not_there_says_so(store: Store) -> None:
    with store.read() as conn:
        for absent in ({"document": "no.wiki"}, {"publisher": "no.example"}):
            with pytest.raises(ConfigError, match=r"no\."):
                reads.summary(conn, settings=ReportSettings(), made_at=NOON, **absent)


def test_the_story_of_a_url_holds_all_that_is_stored(store: Store) -> None:
    filled(store)

    with store.read() as conn:
        story = reads.story(conn, OTHER)
        assert reads.story(conn, "https://nobody.example/") is None

    assert story is not None
    assert story.link is not None
    assert story.link["state"] == "dead"
    assert [(row["document"], row["position"]) for row in story.citations] == [("edit.txt", 0), ("edit.txt", 2), ("page.wiki", 1)]
    assert [row["code"] for row in story.findings] == ["link-dead"]
    assert len(story.facts.fetches) == len(story.facts.searches) == 1


def test_reading_a_document_is_told_in_one_line(store: Store) -> None:
    filled(store)

    with store.read() as conn:
        said = reads.ingested(conn, "edit.txt")

    assert said == (
        "diff: 4 references (1 removed, 3 added), 6 <ref> tags (3 definitions, 3 re-uses), 3 citations, 2 cited URLs, 1 undefined names, findings: none"
    )


def test_every_view_answers_and_is_listed_with_its_columns(store: Store) -> None:
    filled(store)

    for view in VIEWS:
        columns, found = reads.query(store, f"select * from {view.name}")
        assert columns == tuple(each.name for each in view.columns)
        assert found, view.name
    _, listed = reads.views(store)
    assert {(name, column) for name, column, _ in listed} >= {(view.name, each.name) for view in VIEWS for each in view.columns}


def test_a_query_may_hold_percent_signs_and_colons(store: Store) -> None:
    filled(store)

    assert rows(store, "select ':a', 'b%s' from current_links where url like '%other%'") == [(":a", "b%s")]


REFUSED = [
    ("select * from nothing_like_this", "nothing_like_this"),
    ("delete from citations", "only reads"),
    ("select 1; delete from citations", ""),
    ("not sql", "not"),
]


@pytest.mark.parametrize(("sql", "said"), REFUSED, ids=[sql.replace(" ", "-") for sql, _ in REFUSED])
def test_a_query_that_is_refused_is_told_in_one_line(store: Store, sql: str, said: str) -> None:
    filled(store)

    with pytest.raises(ConfigError, match=f"QUERY: .*{said}") as fault:
        reads.query(store, sql)

    assert "\n" not in str(fault.value)
    assert rows(store, "select count(*) from citations") == [(5,)]


def test_a_report_is_read_where_nothing_may_be_written(store: Store, database: str) -> None:
    filled(store)
    reading = open_store(database, read_only=True)

    try:
        with reading.read() as conn:
            summary = reads.summary(conn, settings=ReportSettings(), made_at=NOON)
    finally:
        reading.close()

    assert summary.totals["links"] == 3
    assert replace(summary, run=None).version
