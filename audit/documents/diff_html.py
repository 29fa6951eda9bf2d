"""A saved diff page of a wiki, as HTML: it says which line is old and which is new, and keeps the addresses of the list. Pure.

Lines are those of the wikitext, as the heads of the hunks count them: a page of HTML has none of its own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import parse_qs

from audit import html, memento
from audit.documents import diff_page, rendered
from audit.documents.sides import Cell
from audit.model import Citation, Document, Problem, Reference, Severity, Side
from audit.urls import cited_url

NUMBER = re.compile(r"\d[\d.,\u00a0\u202f\u066c]{0,11}")
MOST_FIELDS = 500
"""Of an OpenURL; the longest real ones name forty authors."""
TITLES = ("rft.atitle", "rft.btitle", "rft.title", "rft.jtitle")
"""The part before the whole: an article, not its journal."""
ABSOLUTE = ("http://", "https://", "ftp://")
NUMBERED = re.compile(r"\[?\d+\]?")


def recognises(body: bytes) -> bool:
    """Whether a page, or a part of one, shows a diff."""
    return html.is_difference(body)


def read(name: str, body: bytes, *, language: str | None = None) -> Document:
    """The references of both sides, and those that only the rendered list shows, with their addresses."""
    shown = html.difference(body)
    cells = list(_cells(shown.cells))
    page = Document(
        source=name,
        kind=diff_page.KIND,
        title=shown.title,
        language=language or shown.language,
        revision=shown.revision,
        revised_at=diff_page.moment(shown.moment or ""),
        problems=tuple(_limits(shown)),
    )
    lines = [cell.text for cell in cells]
    made = diff_page.assembled(page, cells, lines=lines, listed=[_entry(note) for note in shown.notes])
    return _placed(made, dict(_numbers(shown.cells)))


def _cells(some: Iterable[html.DiffCell]) -> Iterator[Cell]:
    hunk, line = 0, 0
    for cell in some:
        if cell.side is None:
            hunk += 1
            continue
        line += 1
        yield Cell(line=line, text=cell.text, side=Side(cell.side), why="marked", hunk=hunk)


def _numbers(some: Iterable[html.DiffCell]) -> Iterator[tuple[int, int | None]]:
    """The number of each cell -> its line in the wikitext of its side; None while no head was read."""
    left = right = None
    heads: list[int] = []
    at = 0
    for cell in some:
        if cell.side is None:
            heads += [int(re.sub(r"\D", "", found)) for found in NUMBER.findall(cell.text)]
            continue
        if heads:
            left, right = heads[0], heads[-1]
            heads = []
        at += 1
        yield at, left if cell.side == "removed" else right
        left = left + 1 if left is not None and cell.side != "added" else left
        right = right + 1 if right is not None and cell.side != "removed" else right


def _limits(shown: html.Difference) -> Iterator[Problem]:
    """What the saved page does not hold."""
    missing = [
        what
        for what, lost in (
            ("the end of the page", not shown.ended),
            ("the rendered page", not shown.shown),
            ("the heads of the hunks", not any(cell.side is None for cell in shown.cells)),
        )
        if lost
    ]
    if missing:
        detail = f"{missing[0]} is missing: the page was saved in part, and is read as far as it goes"
        yield Problem(code="source-truncated", detail=detail, severity=Severity.WARNING)


# ---- the rendered list


def _entry(note: html.ListedNote) -> rendered.Entry:
    return rendered.Entry(
        number=note.number,
        line=0,
        uses=note.uses,
        text=note.text,
        undefined=note.undefined,
        mark=note.mark,
        sources=tuple(_sources(note)),
    )


def _sources(note: html.ListedNote) -> Iterator[rendered.Source]:
    """What an entry cites: what is written for machines first, else each link that leads to no archive.

    Beside a machine copy the other links are identifiers and remarks: the template shows them all.
    """
    links = {address: text for written, text in note.links if (address := _absolute(written))}
    copies = {address: parsed for address in links if (parsed := memento.parse_archive_url(address))}
    cited = dict(_machine(note.machine)) or {url: text for url, text in links.items() if url not in copies}
    left = dict(copies)
    for url, title in cited.items():
        copy = next((each for each, parsed in left.items() if parsed.original and _key(parsed.original) == _key(url)), None)
        if copy is None and len(cited) == len(left) == 1:
            copy = next(iter(left))
        left.pop(copy or "", None)
        yield rendered.Source(url=url, copy=copy, title=_title(title))
    keys = {_key(url) for url in cited}
    for copy, parsed in left.items():
        if parsed.original and _key(parsed.original) not in keys:
            yield rendered.Source(url=parsed.original, copy=copy, title=_title(links[copy]))


def _key(url: str) -> str:
    return cited_url(url).urlkey


def _absolute(written: str) -> str | None:
    if written.startswith("//"):
        return f"https:{written}"
    return written if written.startswith(ABSOLUTE) else None


def _title(text: str | None) -> str | None:
    """What a link shows is the title of what it leads to, unless it shows its address or a number."""
    text = (text or "").strip(' "\u201c\u201d')
    return None if not text or "://" in text or NUMBERED.fullmatch(text) else text


def _machine(some: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    """The addresses in OpenURLs, with their titles; identifiers stand there as `info:`."""
    for each in some:
        said = parse_qs(each, max_num_fields=MOST_FIELDS) if each.count("&") < MOST_FIELDS else {}
        title = next((said[name][0] for name in TITLES if said.get(name)), None)
        yield from ((address, title) for address in said.get("rft_id", []) if address.startswith(ABSOLUTE))


# ---- places


def _placed(document: Document, numbers: Mapping[int, int | None]) -> Document:
    """The document with the lines of the wikitext in place of the numbers of its cells. Spans would point nowhere."""

    def line(number: int | None) -> int | None:
        return numbers.get(number or 0)

    def citation(each: Citation) -> Citation:
        tags = tuple(replace(tag, line=line(tag.line)) for tag in each.tags)
        return replace(each, line=line(each.line), span=None, url_span=None, tags=tags)

    def reference(each: Reference) -> Reference:
        return replace(each, line=line(each.line), span=None, citations=tuple(citation(one) for one in each.citations))

    return replace(
        document,
        references=tuple(reference(each) for each in document.references),
        citations=tuple(citation(each) for each in document.citations),
        tags=tuple(replace(tag, line=line(tag.line)) for tag in document.tags),
        problems=tuple(replace(each, line=line(each.line)) for each in document.problems),
    )
