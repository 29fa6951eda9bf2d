"""The user's seed document: every total that was counted by hand (inputs.md, 1.2 to 1.5)."""

from collections import Counter
from functools import cache
from html import escape
from pathlib import Path

import pytest

import audit
from audit import citing, documents, findings
from audit.documents import diff_page, rendered, sides
from audit.domains import registrable_domain
from audit.model import CitedUrl, Document, Place, Reference, Side
from audit.store.edits import edit
from tests import seed
from tests.make import NOON


@cache
def _read(path: str) -> Document:
    return audit.read(path)[0]


@pytest.fixture
def document() -> Document:
    return _read(str(seed.path()))


def in_wikitext(document: Document, side: Side | None = None) -> list[Reference]:
    return [each for each in document.references if each.in_wikitext and side in {None, each.side}]


def cited(references: list[Reference], *places: Place) -> set[str]:
    found = (
        citing.resource(each) for reference in references for each in reference.citations if not places or each.place in places
    )
    return {resource.url for resource in found if isinstance(resource, CitedUrl)}


def test_the_page_is_a_diff_with_its_title_language_and_moment(document: Document) -> None:
    assert document.kind == "diff"
    assert document.title == "2023 Azerbaijani offensive in Nagorno-Karabakh"
    assert document.language == "en"
    assert document.revised_at is not None
    assert document.revised_at.isoformat() == "2023-09-19T16:23:00+00:00"


@pytest.mark.parametrize(
    ("side", "tags", "definitions", "named", "references"),
    [
        pytest.param(Side.REMOVED, 25, 24, 4, 24, id="removed"),
        pytest.param(Side.ADDED, 73, 55, 41, 70, id="added"),
        pytest.param(Side.KEPT, 0, 0, 0, 0, id="kept"),
    ],
)
def test_the_tags_of_each_side(document: Document, side: Side, tags: int, definitions: int, named: int, references: int) -> None:
    some = in_wikitext(document, side)

    assert sum(each.uses for each in some) == tags
    assert sum(each.definitions for each in some) == definitions
    assert sum(each.definitions for each in some if each.name) == named
    assert len(some) == references


def test_98_tags_are_79_definitions_and_19_uses(document: Document) -> None:
    some = in_wikitext(document)

    assert sum(each.uses for each in some) == 98
    assert sum(each.definitions for each in some) == 79


def test_15_names_are_used_and_never_defined_and_the_list_confirms_each(document: Document) -> None:
    missing = [each for each in document.references if not each.defined]

    assert len({each.name for each in missing}) == len(missing) == 15
    assert all(each.confirmed_undefined and each.side is Side.ADDED for each in missing)
    assert sorted(each.uses for each in missing)[-3:] == [1, 2, 3]


def test_the_templates_of_each_side(document: Document) -> None:
    counted = {
        side: Counter(
            citation.template.capitalize()
            for each in in_wikitext(document, side)
            for citation in each.citations
            if citation.template
        )
        for side in (Side.REMOVED, Side.ADDED)
    }

    assert counted[Side.REMOVED] == {"Cite web": 18, "Cite news": 6}
    assert counted[Side.ADDED] == {"Cite web": 48, "Cite news": 7}


def test_the_cited_urls(document: Document) -> None:
    removed, added = (cited(in_wikitext(document, side), Place.REFERENCE) for side in (Side.REMOVED, Side.ADDED))
    everything = cited(list(document.references))

    assert (len(removed), len(added), len(removed & added), len(removed | added)) == (23, 48, 2, 69)
    assert len(everything) == 75
    assert len({registrable_domain(url.split("/")[2]) for url in everything}) == 48


def test_the_addresses_that_hide(document: Document) -> None:
    elsewhere = [citation for each in document.references for citation in each.citations if citation.place is Place.PARAMETER]
    bare = [each for each in document.references if not each.in_wikitext and any(citation.url for citation in each.citations)]

    assert [(each.place_detail, each.line) for each in elsewhere] == [("id", 43)]
    assert [each.entry for each in bare] == [4, 5, 6, 7, 8]
    assert not any(citation.url.endswith(".") for each in bare for citation in each.citations if citation.url)


def test_the_archive_copies(document: Document) -> None:
    copies = [citation.archive_url for each in document.references for citation in each.citations if citation.archive_url]
    with_copy = {side: sum(any(c.archive_url for c in each.citations) for each in in_wikitext(document, side)) for side in Side}

    assert (len(copies), len(set(copies))) == (27, 25)
    assert (with_copy[Side.REMOVED], with_copy[Side.ADDED]) == (24, 3)


def test_the_rendered_list_is_matched_entry_by_entry(document: Document) -> None:
    entries = [each.entry for each in document.references if each.entry is not None]
    only_listed = [each for each in document.references if not each.in_wikitext]

    assert sorted(entries) == list(range(1, 104))
    assert [each.entry for each in in_wikitext(document, Side.ADDED)] == list(range(10, 80))
    assert len(only_listed) == 33
    assert sum(not any(citation.url for citation in each.citations) for each in only_listed) == 28


def test_citations_with_and_without_an_address(document: Document) -> None:
    with_url = sum(bool(each.url) for each in document.every_citation())

    assert (with_url, len(document.every_citation()) - with_url) == (85, 28)


def test_127_references_in_all(document: Document) -> None:
    assert len(document.references) == 127


def test_the_maintenance_tags_stand_on_the_removed_side_and_one_on_a_citation(document: Document) -> None:
    on_citations = [(tag.code, citation.line) for citation in document.every_citation() for tag in citation.tags]

    assert [(tag.code, tag.line, tag.side) for tag in document.tags] == [
        ("clarify", 38, Side.REMOVED),
        ("who", 51, Side.REMOVED),
        ("citation-needed", 55, Side.REMOVED),
    ]
    assert on_citations == [("failed-verification", 55)]


def test_what_the_readers_noticed(document: Document) -> None:
    counted = Counter(problem.code for problem in document.problems)

    assert counted == {
        "address-not-recoverable": 28,
        "tag-removed": 4,
        "duplicate-reference": 3,
        "archive-dropped": 2,
        "source-truncated": 1,
    }


def test_the_headline_in_numbers(document: Document) -> None:
    assert edit(document) == {
        "document": document.source,
        "removed_references": 24,
        "removed_archived": 24,
        "added_references": 55,
        "added_archived": 3,
        "undefined_names": 15,
        "undefined_places": 18,
        "tags_removed": 4,
        "sources_stayed": 2,
        "kept_references": 0,
        "urls_only_removed": 21,
        "urls_only_added": 47,  # 46 in `url`, one in `id`
    }


FIGURES = {
    "undefined-reference": 15,
    "duplicate-reference": 3,
    "conflicting-metadata": 3 + 2,  # on the new side, across the sides
    "bare-url": 5,
    "missing-title": 0,
    "archive-of-another-url": 0,
    "archive-date-mismatch": 0,
    "archive-before-publication": 1,  # entry 3
    "archive-predates-access": 5,
    "access-before-publication": 0,
    "date-in-future": 0,
    "archive-date-missing": 0,
    "archive-url-missing": 0,
    "archive-without-url": 0,
    "status-without-archive": 0,
    "archive-url-not-a-capture": 0,
    "archive-url-is-cited-url": 0,
    "archive-dropped": 2,
    "tag-removed": 4,
    "orphaned-reference": 0,
    "access-date-missing": 7 + 5,  # in templates, bare addresses of the rendered list
    "date-missing": 18,
    "date-in-url-differs": 0,
    "generic-title": 0,
    "title-carries-site-name": 6,
    "author-defect": 13,
    "mixed-date-styles": 2,
    "language-script-mismatch": 4,
    "parameter-misuse": 2,
    "malformed-url": 0,
    "url-in-other-parameter": 1,
    "date-unreadable": 0,
    "address-not-recoverable": 28,
    "side-undecided": 0,
    "source-truncated": 1,
    "nesting-too-deep": 0,
}


@pytest.mark.parametrize(("code", "figure"), FIGURES.items())
def test_the_offline_findings(document: Document, code: str, figure: int) -> None:
    counted = Counter(each.code for each in findings.findings(document, now=NOON))

    assert counted[code] == figure


def test_no_code_is_told_that_nobody_counted(document: Document) -> None:
    told = {each.code for each in findings.findings(document, now=NOON)}

    assert {code for code in told if not code.startswith("tagged-")} <= FIGURES.keys()


def test_four_tags_are_told_and_one_of_them_on_a_citation(document: Document) -> None:
    tagged = [each for each in findings.findings(document, now=NOON) if each.code.startswith("tagged-")]

    assert sorted((each.code, each.citation is not None) for each in tagged) == [
        ("tagged-citation-needed", False),
        ("tagged-clarify", False),
        ("tagged-failed-verification", True),
        ("tagged-who", False),
    ]


def test_entry_3_has_a_copy_older_than_its_source_and_line_38_a_time_zone(document: Document) -> None:
    older = [each for each in findings.findings(document, now=NOON) if each.code == "archive-before-publication"]

    assert [document.references[each.reference].entry for each in older if each.reference is not None] == [3]


def test_6_of_18_missing_dates_stand_in_the_address(document: Document) -> None:
    missing = [each for each in findings.findings(document, now=NOON) if each.code == "date-missing"]

    assert sum(each.advice is not None for each in missing) == 6


def test_the_sources_that_stayed_are_described_otherwise_than_before(document: Document) -> None:
    conflicts = [each for each in findings.findings(document, now=NOON) if each.code == "conflicting-metadata"]

    assert sum("than before" in each.detail for each in conflicts) == 2


# ---- the same page, had it been saved as HTML


def as_html(path: str) -> bytes:
    """The seed as the wiki printed it: its cells as the text reader settled them, its list with the ids of its entries."""
    lines = Path(path).read_text(encoding="utf-8").split("\n")
    parts = diff_page._Parts.of(lines)
    page = parts.page or 0
    rows = []
    for cell in sides.settled(lines, parts.hunks, page=diff_page._Body(lines[page:])):
        side = {Side.KEPT: "context", Side.REMOVED: "deletedline", Side.ADDED: "addedline"}[cell.side]
        rows.append(
            f'<tr><td class="diff-{side}"><div>{escape(cell.text)}</div></td></tr>' * (2 if cell.side is Side.KEPT else 1)
        )
    notes = []
    for entry in rendered.listed(lines[page:], first=1):
        back = "<a>^</a>" * entry.uses
        error = f'<span class="mw-ext-cite-error">Cite error: <code>{escape(entry.undefined or "")}</code> lacks a text</span>'
        text = error if entry.undefined else f'<span class="reference-text">{escape(entry.text)}</span>'
        notes.append(f'<li id="cite_note-{entry.number}"><span class="mw-cite-backlink">{back}</span> {text}</li>')
    table = f"<table class='diff'><tr><td class='diff-lineno'>Line 6:</td><td class='diff-lineno'>Line 6:</td></tr>{''.join(rows)}</table>"
    return f"<!DOCTYPE html><html><body>{table}<div class='mw-parser-output'><ol class='references'>{''.join(notes)}</ol></div></body></html>".encode()


def test_saved_as_html_the_page_has_the_same_references_on_the_same_sides(document: Document) -> None:
    (saved,) = documents.read("seed.html", as_html(str(seed.path())))

    def told(some: Document) -> Counter[object]:
        return Counter(
            (each.side, each.name, each.uses, each.defined, each.body, each.entry) for each in some.references if each.in_wikitext
        )

    assert told(saved) == told(document)
    assert cited(in_wikitext(saved)) == cited(in_wikitext(document))
    expected = {**edit(document), "document": "seed.html"}
    assert edit(saved) == expected
