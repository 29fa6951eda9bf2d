"""Reports: what they say, and what they never say."""

import ast
import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types

import audit.reports
from audit import verdicts
from audit.model import CitedUrl, Failure, LinkState, Story, Summary, UrlFacts
from audit.reports import FORMATS, phrases, render
from audit.reports.as_csv import COLUMNS
from audit.reports.as_text import text
from audit.reports.layout import width_of
from audit.reports.story import told
from tests.make import NOON, URL, capture, fetch, search, verdict

ROOM = Path(audit.reports.__file__).parent
LONG_URL = "https://archive.example/web/20200502120000/https://news.example.com/2020/05/" + "a-long-story-about-bridges-" * 5
SCHEMA = json.loads((ROOM / "report.schema.json").read_text(encoding="utf-8"))
STATES = tuple(LinkState)
CITED = CitedUrl(url=URL, urlkey="com,example,news)/", host="news.example.com", domain="example.com", section="")


def link(url: str = URL, **columns: Any) -> dict[str, Any]:
    return {
        "url": url,
        "host": "news.example.com",
        "publisher": "example.com",
        "state": LinkState.LIVE,
        "reason": "ok",
        "confidence": 0.9,
        "http_status": 200,
        "final_url": url,
        "title": "A long story",
        "first_seen_at": NOON,
        "last_fetched_at": NOON,
        "last_live_at": NOON,
        "failing_since": None,
        "failures": 0,
        "next_check_at": NOON,
        "citations": 1,
        "documents": 1,
        "captures": None,
        "best_memento_url": None,
        "best_captured_at": None,
        "archived": "unknown",
    } | columns


def citation(**columns: Any) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(COLUMNS)
    return empty | {"document": "page.wiki", "url": URL, "state": LinkState.LIVE} | columns


def finding(code: str = "no-capture", **columns: Any) -> dict[str, Any]:
    return {
        "document": "page.wiki",
        "reference_name": None,
        "line": 7,
        "url": URL,
        "code": code,
        "severity": "warning",
        "detail": "no archive holds this page",
        "advice": None,
    } | columns


def publisher(name: str = "example.com", **columns: Any) -> dict[str, Any]:
    return {
        "publisher": name,
        "score": None,
        "low": None,
        "high": None,
        "grade": None,
        "basis": "durability-only",
        "durability": 88.0,
        "durability_low": 82.0,
        "durability_high": 93.0,
        "editorial": None,
        "archive_coverage": 50.0,
        "links": 41,
        "live": 30,
        "rotten": 3,
        "blocked": 8,
        "unknown": 0,
        "half_life_years": None,
        "model_version": "durability-1",
        "scored_at": NOON,
        "resolved": 33,
    } | columns


def document(source: str = "page.wiki", **columns: Any) -> dict[str, Any]:
    counts = "references_ citations links suspect dead usurped drifted blocked unknown archived undefined_references bare_urls findings"
    return (
        dict.fromkeys(counts.split(), 0)
        | {"document": source, "title": None, "kind": "wikitext", "revision": None, "read_at": NOON, "live": 1, "links": 1}
        | columns
    )


def totals(**counts: int) -> dict[str, int]:
    return (
        dict.fromkeys((*STATES, "archived", "findings", "undefined_references"), 0)
        | {"documents": 1, "links": sum(counts.values())}
        | counts
    )


RUN = {
    "run": "0a1b",
    "started_at": NOON,
    "finished_at": NOON,
    "command": "run",
    "outcome": "audited",
    "urls_due": 5,
    "urls_fetched": 5,
    "requests": 9,
    "bytes": 1,
    "seconds": 2.5,
    "note": None,
}


def summary(**fields: Any) -> Summary:
    defaults: dict[str, Any] = {"schema": "1", "made_at": NOON, "version": "0.1.0", "totals": totals(live=1)}
    return Summary(**(defaults | fields))


def full() -> Summary:
    """One of everything."""
    links = (
        link(
            "https://a.example/gone",
            state=LinkState.DEAD,
            reason="http-404",
            failing_since=NOON,
            failures=4,
            best_memento_url=LONG_URL,
        ),
        link("https://b.example/shop", state=LinkState.USURPED, reason="parked", citations=2),
        link("https://c.example/now", state=LinkState.DRIFTED, reason="content-drift"),
        link("https://d.example/", state=LinkState.SUSPECT, reason="http-5xx", http_status=503, archived="no"),
        link("https://e.example/", state=LinkState.BLOCKED, reason="bot-wall", http_status=403),
        link("https://f.example/", state=LinkState.UNKNOWN, reason="never-fetched", http_status=None),
        link(),
    )
    return summary(
        run=RUN,
        totals=totals(live=1, suspect=1, dead=1, usurped=1, drifted=1, blocked=1, unknown=1) | {"findings": 3},
        documents=(document(links=7, dead=1, blocked=1, title="The bridge"),),
        edits=({"document": "page.wiki", "headline": "This edit replaced 24 references, all with an archive copy, by 55."},),
        links=links,
        citations=(citation(title="=cmd()", access_date=date(2020, 5, 2), captured_at=NOON),),
        findings=(
            finding(severity="error", code="link-dead", detail="404 on 4 checks", advice="use the archived copy"),
            finding(line=9),
            finding("bare-url", severity="note"),
        ),
        undefined=({"document": "page.wiki", "reference_name": "Smith 2020", "uses": 3, "first_line": 12},),
        publishers=(
            publisher(),
            publisher("rated.example", editorial="generally unreliable (a list, 2026-01-01)", links=2, resolved=2, grade="B"),
        ),
        archive={"answered": 812, "yes": 700, "pending": 40, "pool": "index", "open_until": NOON, "last_http_status": 429},
        notes=("archives: the time was over before all were asked; the next run goes on",),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_prints_a_full_and_an_empty_summary(form: str) -> None:
    assert render(full(), form=form)
    assert render(summary(totals={}), form=form)


def test_the_report_of_a_diff_opens_with_what_the_edit_did() -> None:
    assert text(full()).startswith("This edit replaced 24 references, all with an archive copy, by 55.")


def test_without_a_sentence_the_counts_of_an_edit_make_one() -> None:
    edit = {
        "removed_references": 24,
        "removed_archived": 24,
        "added_references": 55,
        "added_archived": 3,
        "undefined_names": 15,
        "undefined_places": 18,
        "tags_removed": 4,
        "sources_stayed": 2,
    }

    assert phrases.edit_sentence(edit) == (
        "This edit replaced 24 references, all with an archive copy, by 55, of which 3 have one; "
        "15 names are used but not defined (18 places); 4 maintenance tags were removed; 2 sources stayed."
    )


EDITS = {
    "added only": ({"added_references": 1, "kept_references": 3}, "This edit added 1 reference, of which none have an archive copy; 3 references stayed."),
    "removed only": ({"removed_references": 2, "removed_archived": 1}, "This edit removed 2 references, 1 of them with an archive copy; 0 sources stayed."),
    "neither": ({"kept_references": 1}, "This edit neither added nor removed references; 1 reference stayed."),
    "one name": (
        {"added_references": 2, "added_archived": 1, "undefined_names": 1, "undefined_places": 1},
        "This edit added 2 references, of which 1 has an archive copy; 1 name is used but not defined (1 place).",
    ),
    "judged": (
        {"removed_references": 2, "added_references": 3, "removed_judged": 2, "removed_lost": 1, "added_judged": 3, "added_lost": 0, "sources_stayed": 1},
        ("This edit replaced 2 references, none of them with an archive copy, by 3, of which none have one; 1 source stayed; "
        "1 of 2 links that went no longer work; 0 of 3 links that came no longer work."),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("counts", "sentence"), EDITS.values(), ids=EDITS)
def test_an_edit_of_any_kind_is_one_sentence(counts: dict[str, int], sentence: str) -> None:
    assert phrases.edit_sentence(counts) == sentence


def test_what_refuses_us_is_never_called_dead() -> None:
    refusing = summary(
        totals=totals(blocked=2),
        links=(link(state=LinkState.BLOCKED, reason="bot-wall"), link(state=LinkState.BLOCKED, reason="login")),
        documents=(document(live=0, blocked=2, links=2),),
    )

    for form in ("text", "markdown", "html"):
        said = render(refusing, form=form).replace("dead, usurped or drifted", "")
        assert "dead" not in said
        assert "could not check" in said.lower()


def test_a_link_that_needs_attention_tells_why_since_when_and_what_to_paste() -> None:
    lines = text(full()).splitlines()

    at = lines.index("  https://a.example/gone")
    told_so = " ".join(line.strip() for line in lines[at + 1 : at + 4])
    assert "404 Not Found" in told_so
    assert "failing since 2026-06-01 in 4 checks" in told_so
    assert any(line.strip() == LONG_URL for line in lines), "an address to paste stays whole"


def test_unknown_archive_standing_is_not_called_missing() -> None:
    assert phrases.copy_of({"archived": "unknown"}) == (None, "not known whether an archived copy exists")
    assert phrases.copy_of({"archived": "no"}) == (None, "no archived copy is known")


def test_the_text_keeps_to_its_width_except_for_addresses_to_paste() -> None:
    for width in (80, 100, 120):
        wide = [line for line in text(full(), width=width).splitlines() if width_of(line) > width and "://" not in line]

        assert wide == []


def test_numbers_stand_right_under_their_heading() -> None:
    lines = text(full()).splitlines()

    at = next(number for number, line in enumerate(lines) if line.startswith("  document"))
    end = lines[at].index("URLs") + len("URLs")
    assert lines[at + 1][end - 2 : end] == " 7"


def test_rated_and_unrated_publishers_stand_apart() -> None:
    said = text(full())

    assert (
        said.index("Rated:")
        < said.index("rated.example")
        < said.index("Not rated by any loaded list:")
        < said.index("  example.com")
    )
    assert "1 of 2 publishers shown is rated; 1 unrated." in " ".join(said.split())


def test_publishers_are_ordered_by_links_and_never_by_score() -> None:
    few, many = publisher("few.example", links=3, durability=99.0), publisher("many.example", links=30, durability=10.0)

    assert phrases.by_rating(summary(publishers=(few, many)))[1] == [many, few]


def test_a_durability_has_its_range_and_its_number_of_links() -> None:
    assert (
        phrases.publisher(publisher())
        == "Durability 88 (82-93) from 41 links; 3 no longer work. Editorial: not rated by any loaded list."
    )


def test_a_grade_needs_five_links_of_known_fate() -> None:
    assert phrases.grade(publisher(grade="A", resolved=4)) == ""
    assert phrases.grade(publisher(grade="A", resolved=5)) == "A"


def test_archives_say_what_is_pending_and_until_when_they_are_closed() -> None:
    assert (
        phrases.archives(full())
        == "Archives: 812 answered (700 with a copy), 40 pending (index closed until 2026-06-01 12:00 UTC, 429)."
    )


def test_findings_come_by_severity_and_notes_are_only_counted() -> None:
    said = text(full())

    assert said.index("error link-dead") < said.index("warning no-capture") < said.index("Notes, counted only: bare-url 1")


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_notes_are_counted_whole_where_the_list_was_cut(form: str) -> None:
    cut = replace(full(), noted={"date-missing": 1_200, "bare-url": 3, "publisher-ratings-disputed": 2})

    said = " ".join(render(cut, form=form).replace("`", "").split())
    measured = render(phrases.measured(cut), form=form)

    assert "date-missing 1,200, bare-url 3, publisher-ratings-disputed 2" in said
    assert "publisher-ratings-disputed" not in measured


def test_the_json_report_fits_its_shipped_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    whole = json.loads(render(full(), form="json"))

    assert [fault.message for fault in Draft202012Validator(SCHEMA).iter_errors(whole)] == []
    assert whole["made_at"] == "2026-06-01T12:00:00Z"
    assert whole["citations"][0]["access_date"] == "2020-05-02"


def test_the_json_report_of_an_empty_database_fits_too() -> None:
    whole = json.loads(render(summary(totals=totals()), form="json"))

    assert [fault.message for fault in Draft202012Validator(SCHEMA).iter_errors(whole)] == []


def test_a_moment_of_another_zone_is_told_in_utc() -> None:
    moscow = datetime.fromisoformat("2026-06-01T15:00:00+03:00")

    assert json.loads(render(summary(made_at=moscow), form="json"))["made_at"] == "2026-06-01T12:00:00Z"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_spreadsheet_runs_a_cell(start: str) -> None:
    rows = list(csv.reader(io.StringIO(render(summary(citations=(citation(title=f"{start}1+1"),)), form="csv"), newline="")))

    assert rows[1][rows[0].index("title")] == f"'{start}1+1".replace("\r", "\n")


def test_csv_without_citations_still_names_its_columns() -> None:
    assert render(summary(), form="csv").strip().split(",") == list(COLUMNS)


HOSTILE = "\x1b[2J<script>alert(1)</script> | `x` \u202egnp.exe \udcff\n# heading [a](javascript:b)"


@pytest.mark.parametrize("form", FORMATS)
def test_what_strangers_wrote_stays_words(form: str) -> None:
    hostile = summary(
        documents=(document(HOSTILE, title=HOSTILE),),
        links=(link(HOSTILE, state=LinkState.DEAD, reason="http-404", best_memento_url="javascript:alert(1)"),),
        findings=(finding(detail=HOSTILE, advice=HOSTILE),),
        undefined=({"document": "x", "reference_name": HOSTILE, "uses": 1, "first_line": None},),
        publishers=(publisher(HOSTILE),),
        notes=(HOSTILE,),
        totals=totals(dead=1),
    )

    said = render(hostile, form=form)

    said.encode("utf-8")
    if form in {"text", "markdown", "html"}:
        assert "\x1b" not in said
        assert "\u202e" not in said
    if form == "html":
        assert "<script" not in said
        assert "javascript:" not in re.sub(r">[^<]*<", "><", said)
    if form == "markdown":
        assert "<script" not in said.replace("\\<", "")
        assert "\n# heading" not in said


def test_the_html_report_asks_nobody_for_anything() -> None:
    said = render(full(), form="html")

    assert not re.search(r"<(script|link|img|iframe|object|embed|form)\b|@import|url\(", said)
    assert "<svg" in said


FORBIDDEN = re.compile(
    r"\b(fake|scam|untrustworthy|propaganda|reliable site|false source|is false|left-wing|right-wing|truth)\b|% reliable",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: path.stem)
def test_no_template_says_what_we_must_not_say(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    words = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]

    assert [text for text in words if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize(
    "code",
    ["bot-wall", "forbidden", "login", "payment", "consent", "rate-limited", "geo-block", "legal", "refused-request", "only-us"],
)
def test_no_reason_of_a_refusal_speaks_of_death(code: str) -> None:
    assert not re.search(r"\b(dead|gone|missing|broken|rotten)\b", phrases.REASONS[code])


def test_every_state_has_words() -> None:
    assert set(phrases.STATES) == set(LinkState)


def test_the_story_of_a_url_tells_checks_hops_copies_and_the_next_check() -> None:
    facts = UrlFacts(
        cited_url=CITED,
        fetches=(
            fetch(status=404),
            fetch(check_id="c2", failure=Failure.DNS, detail="nxdomain", fetched_at=datetime(2026, 6, 4, tzinfo=UTC)),
        ),
        searches=(search(captures=(capture(),)),),
        previous=verdict(state=LinkState.SUSPECT, reason="http-404", failing_since=NOON, failures=2, next_check_at=NOON),
    )

    said = told(Story(facts=facts, citations=(citation(line=3, title="T"),), findings=(finding(),)), now=NOON)

    for piece in ("suspect", "HTTP 404", "nxdomain", "1 capture", "next check 2026-06-01", "line 3", "no-capture"):
        assert piece in said


def test_the_story_tells_what_each_check_means_and_which_ones_count() -> None:
    fetches = tuple(fetch(status=404, check_id=f"c{day}", fetched_at=NOON + timedelta(days=day)) for day in (0, 1, 4))
    facts = UrlFacts(cited_url=CITED, fetches=fetches, previous=verdict(state=LinkState.SUSPECT, reason="http-404"))
    steps = verdicts.retrace(CITED.url, fetches, now=NOON + timedelta(days=5))

    said = told(Story(facts=facts, steps=steps), now=NOON)

    assert said.count("gone (http-404, 0.85), counted, then suspect") == 2
    assert said.count("gone (http-404, 0.85), then suspect") == 1
    assert said.count("fetch.status [0.85]: HTTP 404") == 3


def test_the_story_of_a_url_that_was_never_fetched_says_so() -> None:
    said = told(Story(facts=UrlFacts(cited_url=CITED)), now=NOON)

    assert "not judged yet" in said
    assert "not asked yet" in said
