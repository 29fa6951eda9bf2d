"""A LaTeX source: its links, and the entries of the bibliography in it that it cites. Pure."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from audit.documents import addresses, given
from audit.documents.entries import places
from audit.documents.given import Given
from audit.documents.tex import URL, address, plain
from audit.model import Citation, Document, Place, Reference, Span

KIND = "latex"
COMMENT = re.compile(r"(?<!\\)((?:\\\\){0,9})%[^\n]*")
OPENED = re.compile(r"\\begin\{(verbatim\*?|lstlisting|comment|minted)\}")
VERB = re.compile(r"\\verb\*?([^A-Za-z\s*])[^\n]{0,500}?\1")
TITLE = re.compile(r"\\title\s{0,9}(?:\[[^\]]{0,300}\])?\{([^{}]{1,500}(?:\{[^{}]{0,200}\}[^{}]{0,200}){0,9})\}")
HREF_TEXT = re.compile(r"\s{0,9}\{((?:[^{}]|\{[^{}]{0,500}\}){0,2000})\}")
CITE = re.compile(r"\\[A-Za-z]{0,10}cite[A-Za-z]{0,12}\*?\s{0,9}(?:\[[^\]]{0,300}\]\s{0,9}){0,2}\{([^{}]{1,2000})\}")
ITEM = re.compile(r"\\bibitem\s{0,9}(?:\[(?:[^\[\]]|\[[^\]]{0,200}\]){0,500}\])?\s{0,9}\{([^{}]{1,200})\}")
LIST_END = re.compile(r"\\end\{thebibliography\}")
MOST = 50_000


def read(source: Given) -> Document:
    """Every link, and every bibliography item with the number of times it is cited."""
    text = _uncommented(source.written)
    place = places(text)
    items = list(islice(ITEM.finditer(text), MOST))
    ends = [each.start() for each in items[1:]]
    last = LIST_END.search(text, items[-1].end()) if items else None
    bounds = [(each, end) for each, end in zip(items, [*ends, last.start() if last else len(text)], strict=True)] if items else []
    uses: dict[str, int] = {}
    first: dict[str, int] = {}
    for found in islice(CITE.finditer(text), MOST):
        for key in found[1].split(","):
            uses[key.strip()] = uses.get(key.strip(), 0) + 1
            first.setdefault(key.strip(), place(found.start(), found.end()).line)
    references = []
    for item, end in bounds:
        inner = tuple(_links(text, item.end(), end, where=place, place=Place.REFERENCE))
        span = place(item.start(), end)
        references.append(
            Reference(
                position=0,
                name=item[1],
                uses=uses.get(item[1], 0),
                line=span.line,
                span=span,
                body=plain(text[item.end() : end]),
                citations=inner,
            )
        )
    if bounds:
        known = {each.name for each in references}
        references += [
            Reference(position=0, name=key, defined=False, definitions=0, uses=count, line=first[key])
            for key, count in uses.items()
            if key not in known and key != "*"
        ]
    start, stop = (bounds[0][0].start(), bounds[-1][1]) if bounds else (len(text), len(text))
    loose = [
        *_links(text, 0, start, where=place, place=Place.INLINE),
        *_links(text, stop, len(text), where=place, place=Place.INLINE),
    ]
    title = TITLE.search(text)
    return given.document(source, kind=KIND, title=plain(title[1]) if title else None, references=references, citations=loose)


def _verbatim(text: str) -> str:
    """The text with verbatim stretches blanked; one that is not closed is none."""
    pieces, at, missing = [], 0, set[str]()
    for found in OPENED.finditer(text):
        closing = f"\\end{{{found[1]}}}"
        end = text.find(closing, found.end()) if found.start() >= at and closing not in missing else -1
        if found.start() >= at and end < 0:
            missing.add(closing)
        if end >= 0:
            pieces += [text[at : found.start()], BLANK.sub(" ", text[found.start() : end])]
            at = end
    return VERB.sub(lambda found: BLANK.sub(" ", found[0]), "".join([*pieces, text[at:]]))


def _uncommented(text: str) -> str:
    """The text with comments and verbatim stretches blanked; an address keeps its per cent signs."""
    kept = [(found.start(), found.end()) for found in URL.finditer(text)]
    blanked = _verbatim(text)
    pieces, at, look, number = [], 0, 0, 0
    while found := COMMENT.search(blanked, look):
        while number < len(kept) and kept[number][1] <= found.start():
            number += 1
        if number < len(kept) and kept[number][0] <= found.start():
            look = kept[number][1]
            continue
        pieces += [blanked[at : found.start()], BLANK.sub(" ", found[0])]
        at = look = found.end()
    return "".join([*pieces, blanked[at:]])


BLANK = re.compile(r"[^\n]")


def _links(text: str, start: int, end: int, *, where: Callable[[int, int], Span], place: Place) -> Iterator[Citation]:
    """The links of a stretch: commands first, then addresses that stand in the text as they are."""
    taken: list[tuple[int, int]] = []
    for found in islice(URL.finditer(text, start, end), MOST):
        shown = HREF_TEXT.match(text, found.end(), end) if found[3] else None
        taken.append((found.start(), shown.end() if shown else found.end()))
        written = address(found[1] or found[2] or found[3])
        if addresses.is_web(written) or written.startswith("www."):
            yield addresses.cited(
                written, title=plain(shown[1]) if shown else None, span=where(found.start(), found.end()), place=place
            )
    at = 0
    for offset, bare in addresses.in_text(text[start:end]):
        while at < len(taken) and taken[at][1] <= start + offset:
            at += 1
        if at == len(taken) or not taken[at][0] <= start + offset:
            yield addresses.cited(address(bare.rstrip("\\")), span=where(start + offset, start + offset + len(bare)), place=place)
