"""What a wiki's text becomes: a document with the wiki's own words about it."""

from datetime import UTC, datetime

import pytest

from audit import gathering
from audit.model import Side
from audit.settings import Documents, Settings
from audit.wiki import Text

REVISED_AT = datetime(2023, 9, 19, 16, 23, tzinfo=UTC)


def text(body: str, *, before: str | None = None) -> Text:
    older = None if before is None else text(before)
    return Text(
        source="nowiki:Broen",
        title="Broen",
        wiki="nowiki",
        language="nb",
        edition="no",
        revision=12,
        revised_at=REVISED_AT,
        text=body,
        before=older,
    )


@pytest.mark.parametrize(
    "body", ["", "No reference at all.", "https://a.test/1\nhttps://a.test/2\n", "\x00\x01", "Line 6:\nLine 6:\n"]
)
def test_a_page_of_a_wiki_is_wikitext_whatever_it_looks_like(body: str) -> None:
    (document,) = gathering.read(text(body), settings=Documents())

    assert (document.source, document.kind, document.title, document.revision) == ("nowiki:Broen", "wikitext", "Broen", "12")
    assert (document.language, document.wiki, document.revised_at) == ("nb", "nowiki", REVISED_AT)


def test_a_broken_character_does_not_stop_a_page() -> None:
    (document,) = gathering.read(text("A\ud800<ref>https://a.test/</ref>"), settings=Documents())

    assert [reference.body for reference in document.references] == ["https://a.test/"]


def test_a_text_that_is_too_long_is_cut_and_says_so() -> None:
    (document,) = gathering.read(text("é" * 100), settings=Documents(max_bytes=11))

    assert [problem.code for problem in document.problems] == ["source-truncated"]


def test_the_first_revision_of_a_page_adds_everything() -> None:
    (document,) = gathering.read(text("A<ref>https://a.test/</ref>", before=""), settings=Documents())

    assert (document.kind, [reference.side for reference in document.references]) == ("diff", [Side.ADDED])


def test_sides_that_are_not_wanted_are_left_out() -> None:
    edit = text("A<ref>https://new.test/</ref>", before="A<ref>https://old.test/</ref>")

    (document,) = gathering.read(edit, settings=Documents(sides=("added",)))

    assert [citation.url for citation in document.every_citation()] == ["https://new.test/"]


NAMES = {
    "page": ("enwiki:Earth", "enwiki:Earth"),
    "small first letter": ("enwiki:earth", "enwiki:Earth"),
    "address": ("https://en.m.wikipedia.org/wiki/New_York#Part", "enwiki:New York"),
    "diff": ("https://en.wikipedia.org/w/index.php?diff=5", "https://en.wikipedia.org/w/index.php?diff=5"),
    "list": ("enwiki:Category:Planets", "enwiki:Category:Planets"),
    "unknown wiki": ("https://wiki.example/wiki/New_York", "https://wiki.example/wiki/New_York"),
    "file": ("page.wiki", "page.wiki"),
}


@pytest.mark.parametrize(("written", "stored"), NAMES.values(), ids=NAMES)
def test_a_source_is_stored_under_one_name(written: str, stored: str) -> None:
    assert gathering.source_name(written, settings=Settings()) == stored
