"""Sources -> documents: one reader per kind, the first that recognises a text reads it. Pure. Plug point."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

from audit import html
from audit.documents import diff_html, diff_page, revisions, url_list, wikitext_page
from audit.errors import DocumentError
from audit.model import Citation, Document, Place, Reference, Side
from audit.settings import Documents

__all__ = ["READERS", "Reader", "read", "read_pair", "read_wikitext"]

SAVE_AS = "name a file of wikitext, a saved diff page (as text) or a list of web addresses"
NOT_YET = {
    "pdf": "a PDF",
    "zip": "a ZIP archive or an office document",
    "ole": "an office document",
    "gzip": "a compressed file",
    "png": "an image",
    "jpeg": "an image",
    "gif": "an image",
    "webp": "an image",
    "rtf": "an RTF document",
}
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
MOST_CONTROLS = 0.01
"""A text holds next to no control characters; noise holds one in ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How one kind of source is recognised and read. Neither ever raises for what it is given."""

    kind: str
    recognises: Callable[[str], bool]
    read: Callable[..., Document]


READERS: tuple[Reader, ...] = (
    Reader(kind=diff_page.KIND, recognises=diff_page.recognises, read=diff_page.read),
    Reader(kind=url_list.KIND, recognises=url_list.recognises, read=url_list.read),
    Reader(kind=wikitext_page.KIND, recognises=wikitext_page.recognises, read=wikitext_page.read),
)


def read(
    name: str,
    body: bytes,
    *,
    settings: Documents | None = None,
    language: str | None = None,
) -> tuple[Document, ...]:
    """The documents of a source. Raises DocumentError with one line that says what to change.

    >>> [document.kind for document in read("list.txt", b"https://example.com/a")]
    ['url-list']
    """
    rules = settings or Documents()
    if diff_html.recognises(body):
        return (_chosen(replace(diff_html.read(name, body, language=language), sha256=sha256(body).hexdigest()), rules),)
    text = _text(name, body)
    reader = next((each for each in READERS if each.recognises(text)), None)
    if reader is None:
        raise DocumentError(name, f"holds neither references nor web addresses; {SAVE_AS}")
    document = replace(reader.read(name, text, language=language), sha256=sha256(body).hexdigest())
    return (_chosen(document, rules),)


def read_wikitext(
    name: str, text: str, *, before: str | None = None, settings: Documents | None = None, language: str | None = None
) -> Document:
    """A page whose source is known to be wikitext; with the text `before` an edit, what the edit did to it."""
    if before is None:
        document = wikitext_page.read(name, text, language=language)
    else:
        document = revisions.read(name, before, text, language=language)
    digest = sha256(text.encode("utf-8", "replace")).hexdigest()
    return _chosen(replace(document, sha256=digest), settings or Documents())


def read_pair(
    name: str, body: bytes, *, before: bytes, settings: Documents | None = None, language: str | None = None
) -> Document:
    """Two files of wikitext, before and after an edit, compared. Raises DocumentError."""
    old, new = _text(f"{name} (the older file)", before), _text(f"{name} (the newer file)", body)
    if any(diff_page.recognises(text) for text in (old, new)):
        raise DocumentError(name, "one of the two is a saved diff page: name that file alone")
    document = read_wikitext(name, new, before=old, settings=settings, language=language)
    return replace(document, title=name, sha256=sha256(before + body).hexdigest())


def _text(name: str, body: bytes) -> str:
    if not body.strip(b" \t\r\n\0"):
        raise DocumentError(name, "is empty; save the source again")
    kind = html.magic(body)
    if kind == "html":
        raise DocumentError(name, "is an HTML page, and those are not read yet; save the page's wikitext, or its diff page")
    if kind in NOT_YET:
        raise DocumentError(name, f"is {NOT_YET[kind]}, and those are not read yet; {SAVE_AS}")
    text = _decoded(name, body)
    if not text.strip():
        raise DocumentError(name, "is empty; save the source again")
    controls = sum(unicodedata.category(each) == "Cc" and each not in "\t\n\r\f" for each in text[:4_096])
    if controls > MOST_CONTROLS * min(len(text), 4_096):
        raise DocumentError(name, f"is binary data, not text; {SAVE_AS}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(name: str, body: bytes) -> str:
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as fault:
        if fault.end >= len(body) - 3:
            return body[: fault.start].decode("utf-8")  # cut inside a character: the size limit, or a broken copy
        raise DocumentError(
            name, f"is binary data or text that is not UTF-8 (byte {fault.start}); save it as UTF-8, or {SAVE_AS}"
        ) from fault


# ---- what the configuration leaves out


def _chosen(document: Document, rules: Documents) -> Document:
    if set(rules.contexts) >= set(Place) and set(rules.sides) >= set(Side):
        return document
    references = tuple(
        replace(each, citations=_wanted(each.citations, rules)) for each in document.references if _on_a_wanted_side(each, rules)
    )
    return replace(document, references=references, citations=_wanted(document.citations, rules))


def _on_a_wanted_side(one: Reference | Citation, rules: Documents) -> bool:
    return one.side is None or one.side.value in rules.sides


def _wanted(citations: tuple[Citation, ...], rules: Documents) -> tuple[Citation, ...]:
    return tuple(each for each in citations if each.place.value in rules.contexts and _on_a_wanted_side(each, rules))
