"""Each thing that can be told offline has a case that fires and one inside the tolerance that does not (inputs.md, 4)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from audit import integrity
from audit.model import Citation, CitedDate, Document, Finding, Precision, Problem, Reference, Severity, Side, Tag
from tests import make

URL = "https://news.example.com/story"
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


def day(text: str) -> CitedDate:
    return CitedDate(text=text, value=date.fromisoformat(text), precision=Precision.DAY)


def month(text: str) -> CitedDate:
    return CitedDate(text=text, value=date.fromisoformat(f"{text}-01"), precision=Precision.MONTH)


def copy(stamp: str = "20200501120000", url: str = URL) -> str:
    return f"https://web.archive.org/web/{stamp}/{url}"


def cited(**fields: Any) -> Citation:
    """A citation with nothing to complain about."""
    whole: dict[str, Any] = {"url": URL, "access_date": day("2020-05-01"), "published_date": day("2020-04-30")}
    return make.citation(**(whole | fields))


def document(*citations: Citation, reference: dict[str, Any] | None = None, **fields: Any) -> Document:
    described: dict[str, Any] = {"position": 0, "name": "a", "citations": citations} | (reference or {})
    holder = Reference(**described)
    whole: dict[str, Any] = {"source": "a.wiki", "kind": "wikitext", "references": (holder,), "revised_at": make.NOON}
    return Document(**(whole | fields))


def told(*citations: Citation, **fields: Any) -> dict[str, Finding]:
    return {each.code: each for each in integrity.offline(document(*citations, **fields), now=make.NOON)}


def test_a_whole_citation_has_no_findings() -> None:
    assert told(cited()) == {}
    assert told(cited(archive_url=copy(), archive_date=day("2020-05-01"))) == {}


ARCHIVED: dict[str, Any] = {"archive_url": copy(), "archive_date": day("2020-05-01")}
CASES = [
    # code, severity, a citation that fires, one that does not
    ("malformed-url", ERROR, {"url": "http://"}, {"url": URL}),
    ("malformed-url", WARNING, {"url": "htp://news.example.com/story"}, {"url": "HTTPS://News.Example.com/story"}),
    ("unsupported-scheme", NOTE, {"url": "mailto:ada@example.com"}, {"url": URL}),
    ("url-in-other-parameter", NOTE, {"place_detail": "id"}, {"place_detail": "url"}),
    ("bare-url", WARNING, {"bare": True, "title": None, "template": None}, {"bare": False}),
    ("missing-title", WARNING, {"title": None}, {"title": None, "parameters": (("title", "none"),)}),
    ("generic-title", WARNING, {"title": "404 Not Found"}, {"title": "Why highway 404 was built"}),
    ("generic-title", WARNING, {"title": "Are you a robot?"}, {"title": "Are you a robot? A history of machines"}),
    ("date-unreadable", NOTE, {"access_date": CitedDate(text="soon")}, {}),
    ("date-in-future", WARNING, {"access_date": day("2026-06-03")}, {"access_date": day("2026-06-02")}),
    ("access-before-publication", WARNING, {"access_date": day("2020-04-28")}, {"access_date": day("2020-04-29")}),
    ("access-before-publication", WARNING, {"access_date": day("2019-01-01")}, {"access_date": month("2019-01")}),
    ("access-date-missing", NOTE, {"access_date": None}, {"access_date": None, "template": None}),
    ("date-missing", NOTE, {"published_date": None}, {"published_date": None, "template": None}),
    (
        "date-in-url-differs",
        NOTE,
        {"url": "https://news.example.com/2020/04/27/x"},
        {"url": "https://news.example.com/2020/04/29/x"},
    ),
    ("date-in-url-differs", NOTE, {"url": "https://news.example.com/2020/03/x"}, {"url": "https://news.example.com/2020/04/x"}),
    (
        "date-in-url-differs",
        NOTE,
        {"url": "https://news.example.com/a/20200427/x"},
        {"url": "https://news.example.com/a/20200501.html"},
    ),
    (
        "date-in-url-differs",
        NOTE,
        {"url": "https://news.example.com/x-2020-04-27"},
        {"url": "https://20190101.example.com/x-2020-04"},
    ),
    ("archive-url-is-cited-url", WARNING, {"url": copy()}, {"url": URL}),
    ("archive-url-not-a-capture", WARNING, ARCHIVED | {"archive_url": "https://mirror.example.net/story"}, ARCHIVED),
    ("archive-url-not-a-capture", WARNING, ARCHIVED | {"archive_url": copy("*")}, ARCHIVED),
    ("archive-of-archive", WARNING, ARCHIVED | {"archive_url": copy(url=copy("20190501120000"))}, ARCHIVED),
    ("archive-of-another-url", WARNING, ARCHIVED | {"archive_url": copy(url="https://ads.example.net/frame")}, ARCHIVED),
    ("archive-of-another-url", NOTE, ARCHIVED | {"archive_url": copy(url="https://news.example.com/other")}, ARCHIVED),
    ("archive-of-another-url", NOTE, ARCHIVED | {"archive_url": copy(url="https://other.example.net/story")}, ARCHIVED),
    (
        "archive-of-another-url",
        WARNING,
        ARCHIVED | {"archive_url": copy(url="https://ads.example.net/frame")},
        ARCHIVED | {"archive_url": copy(url="http://www.news.example.com:80/story/")},
    ),
    ("archive-date-mismatch", WARNING, ARCHIVED | {"archive_date": day("2020-05-03")}, ARCHIVED),
    (
        "archive-date-mismatch",
        NOTE,
        ARCHIVED | {"archive_date": day("2020-05-02")},
        ARCHIVED | {"archive_date": month("2020-05")},
    ),
    (
        "archive-before-publication",
        WARNING,
        ARCHIVED | {"published_date": day("2020-05-03")},
        ARCHIVED | {"published_date": day("2020-05-02")},
    ),
    (
        "archive-predates-access",
        NOTE,
        ARCHIVED | {"access_date": day("2021-05-03")},
        ARCHIVED | {"access_date": day("2021-05-01")},
    ),
    ("archive-date-missing", WARNING, ARCHIVED | {"archive_date": None}, ARCHIVED),
    ("archive-url-missing", WARNING, {"archive_date": day("2020-05-01")}, ARCHIVED),
    ("archive-without-url", WARNING, ARCHIVED | {"url": None}, ARCHIVED),
    ("status-without-archive", NOTE, {"url_status": "dead"}, ARCHIVED | {"url_status": "dead"}),
    ("status-without-archive", NOTE, {"url_status": "usurped"}, {"url_status": "live"}),
    ("title-carries-site-name", NOTE, {"title": "A story | Example"}, {"title": "A story | Part two"}),
    (
        "title-carries-site-name",
        NOTE,
        {"title": "A story - The Paper", "work": "The Paper"},
        {"title": "The Paper", "work": "The Paper"},
    ),
    ("author-defect", NOTE, {"authors": ("Ada Lovelace and",)}, {"authors": ("Alexander Andersand",)}),
    ("author-defect", NOTE, {"authors": ("Dr. Ada Lovelace",)}, {"authors": ("Drew Barry",)}),
    ("author-defect", NOTE, {"authors": ("ADA LOVELACE",)}, {"authors": ("BBC",)}),
    ("author-defect", NOTE, {"authors": ("Staff, Paper",)}, {"authors": ("Stafford, Jean",)}),
    (
        "mixed-date-styles",
        NOTE,
        ARCHIVED | {"access_date": replace(day("2020-05-01"), text="1 May 2020")},
        ARCHIVED | {"published_date": replace(day("2020-04-30"), text="30 April 2020")},
    ),
    (
        "mixed-date-styles",
        NOTE,
        {
            "access_date": replace(day("2020-05-01"), text="May 1, 2020"),
            "published_date": replace(day("2020-04-30"), text="30 April 2020"),
        },
        {
            "access_date": replace(day("2020-05-01"), text="1 May 2020"),
            "published_date": replace(month("2020-04"), text="April 2020"),
        },
    ),
    ("language-script-mismatch", NOTE, {"language": "hy", "title": "A long Latin title"}, {"language": "hy", "title": "CNN"}),
    (
        "language-script-mismatch",
        NOTE,
        {"language": "Russian", "title": "A long Latin title"},
        {"language": "Russian", "title": "Microsoft Windows \u0432 \u041c\u043e\u0441\u043a\u0432\u0435"},
    ),
    (
        "parameter-misuse",
        NOTE,
        {"parameters": (("page", "the war began in the spring of that year"),)},
        {"parameters": (("page", "front page, second column"),)},
    ),
    ("tagged-dead-link", NOTE, {"tags": (Tag(code="dead-link", name="dead link"),)}, {}),
]


@pytest.mark.parametrize(("code", "severity", "wrong", "right"), CASES)
def test_a_code_fires_on_its_case_and_not_inside_its_tolerance(
    code: str, severity: Severity, wrong: dict[str, Any], right: dict[str, Any]
) -> None:
    fired = told(cited(**wrong))

    assert code in fired
    assert fired[code].severity is severity
    assert code not in told(cited(**right))


def test_a_future_capture_is_told_too() -> None:
    assert "date-in-future" in told(cited(**ARCHIVED | {"archive_url": copy("20270501120000"), "archive_date": None}))


def test_dates_are_judged_at_the_revision_and_else_now() -> None:
    later = make.NOON.replace(year=2030)

    known = document(cited(access_date=day("2027-01-01")))
    unknown = document(cited(access_date=day("2027-01-01")), revised_at=None)

    assert "date-in-future" in {each.code for each in integrity.offline(known, now=later)}
    assert "date-in-future" not in {each.code for each in integrity.offline(unknown, now=later)}


@pytest.mark.parametrize("field", ["access_date", "published_date", "archive_date"])
def test_only_dates_to_the_day_are_compared(field: str) -> None:
    vague = CitedDate(text="1999", value=date(1999, 1, 1), precision=Precision.YEAR)

    found = told(cited(**ARCHIVED | {field: vague}))

    assert (
        set(found)
        & {"access-before-publication", "archive-before-publication", "archive-date-mismatch", "archive-predates-access"}
        == set()
    )


# ---- services


def test_a_copy_in_a_service_that_is_gone_is_told() -> None:
    found = told(cited(archive_url="https://www.webcitation.org/5XfQxTJqn", archive_date=day("2020-05-01")))

    assert set(found) & {"archive-service-gone", "archive-deprecated"}


def test_a_copy_in_a_healthy_archive_is_fine() -> None:
    assert set(told(cited(**ARCHIVED))) & {"archive-service-gone", "archive-deprecated"} == set()


# ---- references


def test_a_name_without_a_definition_is_an_error() -> None:
    found = told(reference={"defined": False, "name": "smith", "uses": 3})

    assert found["undefined-reference"].severity is ERROR
    assert "smith" in found["undefined-reference"].detail
    assert "3 times" in found["undefined-reference"].detail


def test_a_diff_that_may_not_show_the_definition_is_only_noted() -> None:
    missing: dict[str, Any] = {"defined": False, "name": "smith", "side": Side.ADDED}

    unsure = told(reference=missing, kind="diff")["undefined-reference"]
    sure = told(reference=missing | {"confirmed_undefined": True}, kind="diff")["undefined-reference"]

    assert (unsure.severity, sure.severity) == (NOTE, ERROR)


def test_a_list_of_addresses_is_no_page_of_bare_references() -> None:
    address = cited(bare=True, template=None, title=None)

    assert "bare-url" not in told(address, kind="url-list")


def test_a_defined_name_is_fine() -> None:
    assert "undefined-reference" not in told(reference={"defined": True, "name": "smith"})


def test_what_a_reader_noticed_becomes_a_finding() -> None:
    problem = Problem(code="unclosed-reference", detail="<ref> is never closed", severity=WARNING, line=7)

    found = told(cited(), problems=(problem,))["unclosed-reference"]

    assert (found.detail, found.severity, found.line) == ("<ref> is never closed", WARNING, 7)


def test_a_tag_on_no_citation_is_noted() -> None:
    assert "tagged-link-rot" in told(cited(), tags=(Tag(code="link-rot", name="link rot", line=3),))


def test_a_rendered_list_has_lost_its_parameters_and_gets_no_findings_about_them() -> None:
    bare = cited(access_date=None, published_date=None, archive_url=copy(), archive_date=None)

    assert told(bare, reference={"in_wikitext": False}) == {}


# ---- between citations


def two(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Finding]:
    return told(cited(**one), cited(position=1, **other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"title": "A story"}, {"title": "Another tale"}, id="title"),
        pytest.param({"published_date": day("2020-04-30")}, {"published_date": day("2020-04-01")}, id="date"),
        pytest.param({"authors": ("Ada",)}, {"authors": ("Bo",)}, id="author"),
        pytest.param({"authors": ("Ada",)}, {"authors": ()}, id="only one names the author"),
        pytest.param(ARCHIVED, ARCHIVED | {"archive_url": copy("20200501130000")}, id="archive copy"),
    ],
)
def test_one_url_described_in_two_ways_is_noted(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert two(one, other)["conflicting-metadata"].severity is NOTE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"quote": "first words"}, {"quote": "other words"}, id="quote"),
        pytest.param({"access_date": day("2020-05-01")}, {"access_date": day("2020-06-01")}, id="access date"),
        pytest.param({"title": "A Story"}, {"title": "a story"}, id="case of the title"),
        pytest.param({"title": "A story"}, {"title": "Another", "url": f"{URL}/2"}, id="another page"),
    ],
)
def test_what_may_differ_is_no_conflict(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert "conflicting-metadata" not in two(one, other)


def across(old: dict[str, Any], *new: dict[str, Any]) -> list[Finding]:
    """The conflicts between a removed citation and added ones."""
    references = [Reference(position=0, name=None, side=Side.REMOVED, citations=(cited(**old),))]
    references += [
        Reference(position=at, name=None, side=Side.ADDED, citations=(cited(position=at, **fields),))
        for at, fields in enumerate(new, start=1)
    ]
    found = integrity.offline(document(references=tuple(references), kind="diff"), now=make.NOON)
    return [each for each in found if each.code == "conflicting-metadata"]


def test_an_edit_that_describes_a_source_otherwise_is_told_once_on_the_new_side() -> None:
    told = across({"title": "An old tale"}, {})

    assert [(each.severity, each.side, "than before: title" in each.detail) for each in told] == [(NOTE, Side.ADDED, True)]


def test_citations_that_went_together_are_not_compared() -> None:
    gone = Reference(position=0, name=None, side=Side.REMOVED, citations=(cited(title="A"), cited(position=1, title="B")))

    found = integrity.offline(document(references=(gone,), kind="diff"), now=make.NOON)

    assert "conflicting-metadata" not in {each.code for each in found}


def test_a_conflict_on_the_page_as_it_is_comes_before_one_with_the_past() -> None:
    told = across({"title": "An old tale"}, {"title": "One"}, {"title": "Two"})

    assert [each.detail for each in told] == ["cited 2 times with differing title: lines unknown"]


# ---- all of them


def test_a_finding_says_where_it_stands() -> None:
    found = told(
        cited(bare=True, template=None, title=None, line=12), reference={"name": "smith", "position": 4, "side": Side.ADDED}
    )

    finding = found["bare-url"]

    assert (finding.citation, finding.reference, finding.reference_name, finding.line, finding.side) == (
        0,
        4,
        "smith",
        12,
        Side.ADDED,
    )


def test_citations_outside_references_are_looked_at() -> None:
    loose = document(citations=(cited(position=1, bare=True, template=None, title=None),))

    assert "bare-url" in {each.code for each in integrity.offline(loose, now=make.NOON)}


@pytest.mark.parametrize("text", ["login " * 200_000, "attention required" * 50_000, "/2020/01" * 100_000])
def test_a_megabyte_in_a_field_is_looked_at_in_one_go(text: str) -> None:
    """The bound is the size: an expression that backtracks would not come to an end here."""
    found = told(cited(title=text, url=f"https://a.example/{text[:8_000]}"))

    assert all(len(each.detail) <= len(text) + 200 for each in found.values())
