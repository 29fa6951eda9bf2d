"""Two revisions of a page, read whole and compared: what the edit took away, brought and left. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from audit.documents import compared, entries, wikitext_page
from audit.model import Citation, Document, Reference, Side, Tag

KIND = "diff"


def read(name: str, old: str, new: str, *, language: str | None = None) -> Document:
    """The references of both revisions, each with its side."""
    before, after = (wikitext_page.read(name, text, language=language) for text in (old, new))
    told = compared.told(_sided(before.references, Side.REMOVED), _sided(after.references, Side.ADDED))
    gone, came = _loose(before.citations, after.citations)
    references, citations = entries.numbered([*told.gone, *(each for each, _ in told.came)], [*gone, *came])
    tags = (*_tagged(before.tags, Side.REMOVED), *_tagged(after.tags, Side.ADDED))
    own = (replace(each, side=Side.ADDED, reference=None) for each in after.problems if each.code != "duplicate-reference")
    return replace(
        after,
        kind=KIND,
        references=references,
        citations=citations,
        tags=tags,
        problems=(*own, *compared.problems(told, references, tags)),
    )


def _sided(references: Iterable[Reference], side: Side) -> list[tuple[Reference, int]]:
    return [(replace(each, side=side), 0) for each in references]


def _tagged(tags: Iterable[Tag], side: Side) -> list[Tag]:
    return [replace(each, side=side) for each in tags]


def _loose(old: Iterable[Citation], new: Iterable[Citation]) -> tuple[list[Citation], list[Citation]]:
    """Citations outside references: those of the new page, and those addresses that only the old one had."""
    came = list(new)
    has = {each.url for each in came}
    return [each for each in old if each.url not in has], came
