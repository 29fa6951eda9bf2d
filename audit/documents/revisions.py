"""Two revisions of a page, read whole and compared: what the edit took away, brought and left. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from audit.documents import compared, entries, wikitext_page
from audit.model import Document, Problem, Reference, Side

KIND = "diff"


def read(name: str, old: str, new: str, *, language: str | None = None) -> Document:
    """The references of both revisions, each with its side."""
    before, after = (wikitext_page.read(name, text, language=language) for text in (old, new))
    told = compared.told(
        _sided(before.references, Side.REMOVED),
        _sided(after.references, Side.ADDED),
        before=lambda each: compared.in_front(old if each.side is Side.REMOVED else new, each),
    )
    loose = compared.loose(before.citations, after.citations)
    tags = compared.tags(before.tags, after.tags)
    references, citations = entries.numbered([*told.gone, *(each for each, _ in told.came)], [*loose.gone, *loose.came])
    return replace(
        after,
        kind=KIND,
        references=references,
        citations=citations,
        tags=tags,
        problems=(
            *_noticed(before.problems, after.problems),
            *compared.problems(told, loose, references=references, tags=tags),
        ),
    )


def _sided(references: Iterable[Reference], side: Side) -> list[tuple[Reference, int]]:
    """Both pages are known whole, so what has no definition in them has none."""
    return [(replace(each, side=side, confirmed_undefined=not each.defined), 0) for each in references]


def _noticed(before: Iterable[Problem], after: Iterable[Problem]) -> Iterator[Problem]:
    """What is wrong with the new page; what was wrong with the old one already is kept."""
    known = Counter((each.code, each.detail) for each in before)
    for each in after:
        if each.code == "duplicate-reference":
            continue
        key = (each.code, each.detail)
        side = Side.KEPT if known[key] > 0 else Side.ADDED
        known[key] -= 1
        yield replace(each, side=side, reference=None)
