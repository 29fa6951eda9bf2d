"""Sources -> documents: one reader per kind, the first that recognises a source reads it. Pure. Plug point.

Readers that need a library of their own are loaded when a source of their kind comes, not before.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib import import_module

from audit.documents import diff_html, diff_page, looks, revisions, url_list, wikitext_page
from audit.documents.given import SAVE_AS, Given, lines, opened
from audit.errors import DocumentError
from audit.model import Citation, Document, Place, Reference, Side
from audit.settings import Documents
from audit.unpacking import Chunk, Fault

__all__ = ["READERS", "STREAMED", "Reader", "read", "read_pair", "read_stream", "read_wikitext"]

NOT_YET = {
    "zip": "a ZIP archive of no known kind",
    "ole": "an office document of before 2007",
    "gzip": "a compressed file",
    "png": "an image",
    "jpeg": "an image",
    "gif": "an image",
    "webp": "an image",
    "rtf": "an RTF document",
    "xml": "an XML file of no known kind",
}


Found = Document | tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How one kind of source is recognised and read. Neither ever raises for what it is given, but for DocumentError.

    `read` is a function, or the module that holds one of this name; `extra` is what to install for it.
    """

    kind: str
    recognises: Callable[[Given], bool]
    read: Callable[..., Found] | str
    extra: str | None = None


def _of_text(recognises: Callable[[str], bool]) -> Callable[[Given], bool]:
    return lambda source: source.text is not None and recognises(source.text)


def _reads_text(read: Callable[..., Document]) -> Callable[[Given], Document]:
    return lambda source: read(source.name, source.written, language=source.language)


def _shows_a_diff(source: Given) -> bool:
    return diff_html.recognises(source.body)


def _read_diff(source: Given) -> Document:
    return diff_html.read(source.name, source.body, language=source.language)


READERS: tuple[Reader, ...] = (
    Reader(kind="pdf", recognises=looks.is_pdf, read="audit.documents.pdf", extra="pdf"),
    Reader(kind="docx", recognises=looks.is_docx, read="audit.documents.docx", extra="docx"),
    Reader(kind="odt", recognises=looks.is_odt, read="audit.documents.odt", extra="docx"),
    Reader(kind="epub", recognises=looks.is_epub, read="audit.documents.epub"),
    Reader(kind="wacz", recognises=looks.is_wacz, read="audit.documents.wacz", extra="warc"),
    Reader(kind="feed", recognises=looks.is_feed, read="audit.documents.feed", extra="feeds"),
    Reader(kind="jats", recognises=looks.is_jats, read="audit.documents.jats", extra="jats"),
    Reader(kind="tei", recognises=looks.is_tei, read="audit.documents.tei", extra="jats"),
    Reader(kind=diff_page.KIND, recognises=_shows_a_diff, read=_read_diff),
    Reader(kind="html", recognises=looks.is_html, read="audit.documents.web_page"),
    Reader(kind=diff_page.KIND, recognises=_of_text(diff_page.recognises), read=_reads_text(diff_page.read)),
    Reader(kind="notebook", recognises=looks.is_notebook, read="audit.documents.notebook", extra="markdown"),
    Reader(kind="csl-json", recognises=looks.is_csl, read="audit.documents.csl"),
    Reader(kind="ris", recognises=looks.is_ris, read="audit.documents.ris"),
    Reader(kind="bibtex", recognises=looks.is_bibtex, read="audit.documents.bibtex", extra="bib"),
    Reader(kind="latex", recognises=looks.is_latex, read="audit.documents.latex", extra="latex"),
    Reader(kind=url_list.KIND, recognises=_of_text(url_list.recognises), read=_reads_text(url_list.read)),
    Reader(kind="rst", recognises=looks.is_rest, read="audit.documents.rest", extra="rst"),
    Reader(kind="markdown", recognises=looks.is_markdown, read="audit.documents.markdown", extra="markdown"),
    Reader(kind=wikitext_page.KIND, recognises=_of_text(wikitext_page.recognises), read=_reads_text(wikitext_page.read)),
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
    source = opened(name, body, language=language)
    if looks.is_database(source):
        raise DocumentError(name, "is a dump of database tables; name the dump of the pages (pages-articles.xml.bz2)")
    reader = next((each for each in READERS if each.recognises(source)), None)
    if reader is None:
        raise _unknown(source)
    found = _loaded(reader, name)(source)
    digest = sha256(body).hexdigest()
    return tuple(_chosen(replace(each, sha256=digest), rules) for each in (found if isinstance(found, tuple) else (found,)))


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
    old, new = _page(f"{name} (the older file)", before), _page(f"{name} (the newer file)", body)
    if any(diff_page.recognises(text) for text in (old, new)):
        raise DocumentError(name, "one of the two is a saved diff page: name that file alone")
    document = read_wikitext(name, new, before=old, settings=settings, language=language)
    return replace(document, title=name, sha256=sha256(before + body).hexdigest())


def _page(name: str, body: bytes) -> str:
    source = opened(name, body)
    if source.magic == "html" and b"<html" not in body[:2_000].lower():
        return lines(body.decode("utf-8", "replace"))  # pages of wikis may begin with a <div>
    if source.text is None:
        raise _unknown(source)
    return source.text


def _unknown(source: Given) -> DocumentError:
    if source.magic:
        return DocumentError(source.name, f"is {NOT_YET.get(source.magic, source.magic)}, and those are not read; {SAVE_AS}")
    return DocumentError(source.name, f"holds neither references nor web addresses; {SAVE_AS}")


def _loaded(reader: Reader, name: str) -> Callable[[Given], Found]:
    """The function that reads a kind. Raises DocumentError that names the extra to install."""
    if not isinstance(reader.read, str):
        return reader.read
    try:
        found: Callable[[Given], Found] = import_module(reader.read).read
    except ModuleNotFoundError as fault:
        if (fault.name or "").partition(".")[0] == "audit":
            raise
        raise DocumentError(name, missing(reader.kind, reader.extra)) from fault
    return found


def missing(kind: str, extra: str | None) -> str:
    """What to type to read a kind."""
    return f"is a {kind} document, and the library that reads those is not installed; type: pip install 'source-audit[{extra}]'"


# ---- what is read as it comes

STREAMED: tuple[tuple[Callable[[bytes], bool], str, str | None], ...] = ((looks.is_warc, "audit.documents.warc", "warc"),)
"""How a kind is known by its first bytes, unpacked; the module that reads it; what to install for it."""


def read_stream(
    name: str, opening: bytes, pieces: Iterator[Chunk | Fault], *, settings: Documents | None = None
) -> Iterator[Document] | None:
    """The documents of a stream, one after the other; None when it is one that is read whole. Raises DocumentError."""
    rules = settings or Documents()
    module, extra = next(((where, extra) for known, where, extra in STREAMED if known(opening)), (None, None))
    if module is None:
        return None
    reader = Reader(kind=module.rpartition(".")[2], recognises=bool, read=module, extra=extra)
    found: Iterator[Document] = _loaded(reader, name)(name, pieces, rules)  # type: ignore[call-arg,arg-type,assignment]
    return (_chosen(document, rules) for document in found)


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
