"""Addresses in running text, and the identifiers of bibliographies. Pure."""

import re
from collections.abc import Iterator

from audit.model import Citation, CitedDate, Place, Span

ADDRESS = re.compile(r"(?<![\w/])(?:https?|ftps?)://[^\s<>\"`{}|\\^\u3000]+", re.IGNORECASE)
END = ".,;:!?'*_~"
PAIRS = {
    ")": "(",
    "]": "[",
    "\u00bb": "\u00ab",
    "\u201d": "\u201c",
    "\u2019": "\u2018",
    "\uff09": "\uff08",
    "\u3011": "\u3010",
    "\u3002": "",
}
DOI = re.compile(r"^(?:doi:\s{0,9}|(?:https?://)?(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)$", re.IGNORECASE)
WEB = re.compile(r"^(?:https?|ftps?)://\S", re.IGNORECASE)


def in_text(text: str) -> Iterator[tuple[int, str]]:
    """(offset, address) of every address that stands in running text, without what only ends the sentence.

    >>> [address for _, address in in_text("See https://a.example/x_(y) (or https://b.example/).")]
    ['https://a.example/x_(y)', 'https://b.example/']
    """
    for found in ADDRESS.finditer(text):
        address = trimmed(found[0])
        if len(address.partition("://")[2]) > 2:
            yield found.start(), address


def trimmed(address: str) -> str:
    """An address without the punctuation behind it, and without a bracket that it did not open."""
    end = len(address)
    surplus = {
        close: address.count(close) - (address.count(begin) if begin else 0) for close, begin in PAIRS.items() if close in address
    }
    while end:
        last = address[end - 1]
        if last in END:
            end -= 1
        elif surplus.get(last, 0) > 0:
            surplus[last] -= 1
            end -= 1
        else:
            break
    return address[:end]


def doi(written: str) -> str | None:
    """A DOI, however it is written.

    >>> doi("https://doi.org/10.1234/ab.c"), doi("none")
    ('10.1234/ab.c', None)
    """
    found = DOI.match(written.strip())
    return found[1] if found else None


def is_web(written: str | None) -> bool:
    """Whether a value is an address and nothing else."""
    return bool(written and WEB.match(written.strip()))


def cited(
    address: str | None,
    *,
    title: str | None = None,
    span: Span | None = None,
    line: int | None = None,
    place: Place = Place.INLINE,
    identifiers: tuple[tuple[str, str], ...] = (),
    access_date: CitedDate | None = None,
    published_date: CitedDate | None = None,
    authors: tuple[str, ...] = (),
    work: str | None = None,
    publisher: str | None = None,
    archive_url: str | None = None,
    detail: str | None = None,
) -> Citation:
    """A citation where it stands; its number comes when the document is put together."""
    shown = " ".join(title.split())[:1_000] if title else None
    shown = None if not shown or is_web(shown) else shown
    return Citation(
        position=0,
        url=address,
        title=shown,
        bare=address is not None and shown is None,
        place=place,
        place_detail=detail,
        line=span.line if span else line,
        column=span.column if span else None,
        span=span,
        url_span=span,
        identifiers=identifiers,
        access_date=access_date,
        published_date=published_date,
        authors=authors,
        work=work,
        publisher=publisher,
        archive_url=archive_url,
    )
