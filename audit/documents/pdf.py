"""A PDF: the addresses of its link annotations, then those that its text shows and no annotation has. Pure.

A PDF has no lines: `line` of its citations is the page.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

import pypdf

from audit.documents import addresses, given
from audit.documents.given import Given
from audit.errors import DocumentError
from audit.model import Citation, Document

KIND = "pdf"
MOST_PAGES, MOST_ANNOTATIONS, MOST_CHARACTERS = 3_000, 5_000, 20_000_000
MOST_PAGE_CHARACTERS = 500_000
BROKEN_ADDRESS = re.compile(r"((?:https?|ftp)://[^\s<>\"]{4,2000})[ \t]?\n[ \t]{0,9}([^\s<>\"]{1,500})", re.IGNORECASE)
GOES_ON = re.compile(r"[/=&?_%.#~+]$|://[^/]*$")
IS_PIECE = re.compile(r"[/=&?_%#]|\d{3}|\w\.(?:html?|pdf|php|aspx?|com|org|net)\b|-\w+-", re.IGNORECASE)
MOST_JOINS = 8


def read(source: Given) -> Document:
    """Every address of the pages, in their order."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(source.body), strict=False)
        closed = reader.is_encrypted and not reader.decrypt("")
        count = 0 if closed else len(reader.pages)
    except Exception as fault:
        raise DocumentError(source.name, f"is a broken PDF ({type(fault).__name__}); save it again") from fault
    if closed:
        raise DocumentError(source.name, "is a PDF with a password; save it without one")
    citations: list[Citation] = []
    lost: list[int] = []
    characters = 0
    for number in range(1, min(count, MOST_PAGES) + 1):
        linked, text, sound = _page(reader, number - 1, with_text=characters < MOST_CHARACTERS)
        characters += len(text)
        citations += _citations(linked, text, number)
        lost += [] if sound else [number]
    more = [given.damaged(f"only the first {MOST_PAGES} of {count} pages were read")] if count > MOST_PAGES else []
    told = [given.damaged(f"pages that cannot be read: {', '.join(map(str, lost[:20]))}")] if lost else []
    return given.document(source, kind=KIND, title=_title(reader), citations=citations, problems=[*told, *more])


def _title(reader: Any) -> str | None:
    try:
        return str(reader.metadata.title or "").strip()[:1_000] or None
    except Exception:  # noqa: BLE001 - as above
        return None


def _page(reader: Any, at: int, *, with_text: bool) -> tuple[list[str], str, bool]:
    """(addresses of annotations, text, whether all of it could be read) of a page."""
    linked: list[str] = []
    sound = True
    try:
        page = reader.pages[at]
        linked = list(_annotations(page))
    except Exception:  # noqa: BLE001 - as above
        sound = False
    try:
        text = reader.pages[at].extract_text()[:MOST_PAGE_CHARACTERS] if with_text else ""
    except Exception:  # noqa: BLE001 - as above
        return linked, "", False
    return linked, text, sound


def _annotations(page: Any) -> Iterator[str]:
    """A link over two lines is two annotations of one address."""
    last = None
    held = page.get("/Annots")
    for each in (held.get_object() if held is not None else ())[:MOST_ANNOTATIONS]:
        annotation = each.get_object()
        action = annotation.get("/A")
        action = action.get_object() if action is not None else {}
        written = action.get("/URI") if hasattr(action, "get") else None
        address = written.decode("latin-1") if isinstance(written, bytes) else str(written or "").strip()
        if addresses.is_web(address) and address != last:
            last = address
            yield address


def _citations(linked: list[str], text: str, page: int) -> Iterator[Citation]:
    for address in linked:
        yield addresses.cited(address, line=page)
    known = [_compared(each) for each in linked]
    for address in dict.fromkeys(each for _, each in addresses.in_text(_joined(text))):
        wanted = _compared(address)
        if not any(each.startswith(wanted) or wanted.startswith(each) for each in known):
            yield addresses.cited(address, line=page)


def _compared(address: str) -> str:
    return address.partition("://")[2].rstrip("/").casefold().removeprefix("www.")


def _joined(text: str) -> str:
    """The text with addresses put together that a line end broke; a hyphen at the end may be the printer's: nobody can tell."""
    for _ in range(MOST_JOINS):
        joined = BROKEN_ADDRESS.sub(lambda found: f"{found[1]}{found[2]}" if _goes_on(found[1], found[2]) else found[0], text)
        if joined == text:
            break
        text = joined
    return text


def _goes_on(first: str, second: str) -> bool:
    if first.endswith(("-", ",", ";", ":", ")", "]")) or addresses.WEB.match(second) or second.startswith(("(", "[", "www.")):
        return False
    return bool(IS_PIECE.search(second)) or (bool(GOES_ON.search(first)) and not first.endswith(".") and second[0].islower())
