"""What a source is, told by its content first and its ending second. Pure."""

import io
import re
import zipfile

from audit.documents.given import Given

HEAD = 65_536
XML_ROOT = re.compile(rb"<([A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})(?=[\s/>])")
PROLOGUE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s+|<\?.{0,500}?\?>|<!--.{0,5000}?-->|<!DOCTYPE[^>\[]{0,500}(?:\[[^\]]{0,50000}\])?\s{0,99}>)*",
    re.DOTALL | re.IGNORECASE,
)
FEEDS = {b"rss", b"feed", b"rdf", b"channel"}
JATS = {b"article", b"pmc-articleset", b"back", b"ref-list"}
TEI = {b"tei", b"teicorpus", b"listbibl"}
NOTEBOOK = re.compile(r'"nbformat"\s{0,9}:|"cells"\s{0,9}:\s{0,9}\[')
RIS = re.compile(r"^TY {1,2}- ?[A-Z]{2,6}\s*$", re.MULTILINE)
BIBTEX = re.compile(r"^\s{0,20}@\s{0,9}[A-Za-z]{2,30}\s{0,9}[{(]\s{0,9}[^\s{}(),]{1,200}\s{0,9}[,=]", re.MULTILINE)
LATEX = re.compile(r"\\(?:documentclass|begin\{document\}|bibliography\{|usepackage|bibitem|(?:url|href|cite)\s{0,9}[\[{])")
REST = re.compile(
    r"`[^`\n]{1,500}<\S{1,2000}>`__?|^\.\. (?:_[^:\n]{1,200}:|\[[\w#*]{1,80}\]) |^\.\. [a-z-]{2,40}::", re.MULTILINE
)
MARKDOWN = re.compile(
    r"\]\(\s{0,9}<?(?:https?:)?//|^ {0,3}\[[^\]\n]{1,200}\]:\s{0,9}<?(?:https?://|\S)|\[\^[^\]\s]{1,80}\](?!\()",
    re.IGNORECASE | re.MULTILINE,
)
WIKITEXT = re.compile(r"<ref[\s>/]|\{\{|\[\[|\[https?://", re.IGNORECASE)
OF_REST, OF_MARKDOWN = {".rst", ".rest"}, {".md", ".markdown", ".mkd", ".mdown", ".qmd", ".rmd"}
OF_LATEX = {".tex", ".ltx", ".latex", ".bbl"}
DATABASE = re.compile(
    r"-- \w{1,20} dump|/\*!\d{5}|(?:--[^\n]{0,500}\n|\s){0,99}(?:CREATE TABLE|INSERT INTO|DROP TABLE)\b", re.IGNORECASE
)
WARC_START = re.compile(rb"\AWARC/\d")


def is_pdf(source: Given) -> bool:
    return source.magic == "pdf"


def is_docx(source: Given) -> bool:
    return _holds(source, "word/document.xml")


def is_odt(source: Given) -> bool:
    return _mimetype(source).startswith(b"application/vnd.oasis.opendocument")


def is_epub(source: Given) -> bool:
    return _mimetype(source).startswith(b"application/epub+zip") or _holds(source, "META-INF/container.xml")


def is_wacz(source: Given) -> bool:
    return source.magic == "zip" and any(each.endswith((".warc", ".warc.gz")) for each in _names(source.body))


def _holds(source: Given, name: str) -> bool:
    return source.magic == "zip" and name in _names(source.body)


def _names(body: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return packed.namelist()[:10_000]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        # A file that was cut has lost its list of contents, but each member still begins with its name.
        return [found.decode("utf-8", "replace") for found in LOCAL_NAME.findall(body[:4_194_304])]


LOCAL_NAME = re.compile(rb"PK\x03\x04.{22}..([A-Za-z][\w./ -]{1,200}?\.xml|mimetype)", re.DOTALL)


def _mimetype(source: Given) -> bytes:
    """What the first member of a package says that it is: it is stored unpacked, so that it can be seen from outside."""
    if source.magic != "zip":
        return b""
    at = source.body.find(b"mimetype", 0, 100)
    return source.body[at + 8 : at + 100] if at >= 0 else b""


def _root(source: Given) -> bytes:
    """The name of the outermost element, in lower case."""
    if source.magic != "xml" and not source.body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return b""
    head = _in_ascii(source.body[:HEAD])
    prologue = PROLOGUE.match(head)
    found = XML_ROOT.match(head, prologue.end() if prologue else 0)
    return found[2].lower() if found else b""


def _in_ascii(head: bytes) -> bytes:
    """The markup of an XML file in two-byte letters, as if it were one of one-byte letters."""
    return head.replace(b"\0", b"") if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head


def is_feed(source: Given) -> bool:
    return _root(source) in FEEDS


def is_jats(source: Given) -> bool:
    return _root(source) in JATS and (source.magic == "xml" or source.ending in {".xml", ".nxml"} or b"<front" in source.body)


def is_tei(source: Given) -> bool:
    return _root(source) in TEI


def is_html(source: Given) -> bool:
    return source.magic == "html" or _root(source) == b"html" or (source.ending in {".html", ".htm", ".xhtml"})


def is_notebook(source: Given) -> bool:
    start = source.written[:HEAD].lstrip()
    return start.startswith("{") and (source.ending == ".ipynb" or bool(NOTEBOOK.search(start)))


def is_csl(source: Given) -> bool:
    return source.written[:99].lstrip("\ufeff \n\t").startswith(("[", "{")) and (
        source.ending == ".json" or '"type"' in source.written or '"URL"' in source.written
    )


def is_ris(source: Given) -> bool:
    return bool(RIS.search(source.written[:HEAD]))


def is_bibtex(source: Given) -> bool:
    return source.ending == ".bib" or bool(BIBTEX.search(source.written[:HEAD]))


def is_latex(source: Given) -> bool:
    return source.text is not None and (source.ending in OF_LATEX or bool(LATEX.search(source.written[:HEAD])))


def is_rest(source: Given) -> bool:
    if source.ending in OF_REST:
        return source.text is not None
    head = source.written[:HEAD]
    return source.ending not in OF_MARKDOWN and bool(REST.search(head)) and not WIKITEXT.search(head)


def is_markdown(source: Given) -> bool:
    if source.ending in OF_MARKDOWN:
        return source.text is not None
    head = source.written[:HEAD]
    return bool(MARKDOWN.search(head)) and not WIKITEXT.search(head)


def is_database(source: Given) -> bool:
    """Whether a text is SQL: it is full of addresses, and cites none."""
    return bool(DATABASE.match(source.written[:HEAD]))


def is_warc(opening: bytes) -> bool:
    return bool(WARC_START.match(opening))
