"""Bytes of a page -> title, text, marks. Pure; the only room that knows an HTML parser.

The parser sees the first 256 KiB and no tag over 64 KiB: longer ones cost seconds in every parser and show nothing more.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from selectolax.lexbor import LexborHTMLParser, LexborNode

from audit import data

MOST_TAG = 65_536
MOST_TITLE = 1_000
MOST_HEAD = 16_384
MOST_SCRIPT = 2_000
SCRIPT_TEXT_LIMIT = 200
"""A page that redirects by script shows next to nothing else."""

MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"{\\rtf", "rtf"),
    (b"%!PS", "ps"),
    (b"ID3", "mp3"),
    (b"OggS", "ogg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"7z\xbc\xaf", "7z"),
    (b"BM", "bmp"),
)
HTML_START = re.compile(
    rb"^\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|script|div|p|h1|a|table|frameset)\b",
    re.IGNORECASE | re.DOTALL,
)
XML_START = re.compile(rb"^\s*<\?xml", re.IGNORECASE)
META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:\-]{2,40})", re.IGNORECASE)
HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:\-]{2,40})", re.IGNORECASE)
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
REFRESH = re.compile(
    r"^\s*([\d.]{1,8})\s*(?:[;,]\s*)?(?:url\s*=\s*)?[\"']?\s*([^\"'\s][^\"']{0,4000}?)?[\"']?\s*$", re.IGNORECASE | re.DOTALL
)
LOCATION = re.compile(
    r"(?:^|[^\w.])(?:(?:window|document|self|top|parent)\.)?location(?:\.href)?\s*(?:=|\.replace\s*\(|\.assign\s*\()\s*([\"'])([^\"'\\\s]{1,2000})\1",
)
SPACE = re.compile(r"\s+")
HIDDEN = ("script", "style", "noscript", "template", "svg", "iframe", "object", "head")
FURNITURE = ("nav", "header", "footer", "aside")
APP_ROOT = "#root, #app, #__next, #__nuxt, app-root, [data-reactroot], [ng-app]"
NEEDS_JS = re.compile(
    r"\b(?:enable|requires?|needs?|activate|turn on)\b.{0,40}\bjavascript\b|\bjavascript\b.{0,40}\b(?:disabled|required|enabled?|aktivieren|activ[ée]r?)\b",
    re.IGNORECASE,
)
CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page shows. `text` is the visible text; `word_count` leaves navigation out; `refresh` is (seconds, address)."""

    title: str | None = None
    og_title: str | None = None
    h1: str | None = None
    description: str | None = None
    canonical: str | None = None
    robots: str | None = None
    language: str | None = None
    text: str = ""
    word_count: int = 0
    charset: str | None = None
    flags: frozenset[str] = frozenset()
    refresh: tuple[float, str] | None = None
    script_location: str | None = None
    base: str | None = None
    markup_head: str = ""


def magic(body: bytes) -> str | None:
    """The file type that the first bytes show, whatever a header says.

    >>> magic(b"%PDF-1.4 ..."), magic(b" <!DOCTYPE html><p>"), magic(b"plain words")
    ('pdf', 'html', None)
    """
    head = body[:4096]
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "mp4"
    found = next((name for start, name in MAGIC if head.startswith(start)), None)
    if found:
        return found
    if HTML_START.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return "xml" if XML_START.match(head) else None


def page(body: bytes, *, content_type: str | None, charset: str | None = None, limit: int = 262_144) -> Page:
    """Read the first `limit` bytes of a page as a browser would; never raises.

    >>> shown = page(b"<title>Bridges &amp; tolls</title><h1>Bridges</h1><p>Two words", content_type="text/html")
    >>> shown.title, shown.h1, shown.text, shown.word_count
    ('Bridges & tolls', 'Bridges', 'Bridges Two words', 3)
    """
    text, name = decoded(body[:limit], content_type=content_type, charset=charset)
    text = _without_long_tags(text).replace("\0", "")
    tree = LexborHTMLParser(text)
    # The redirects of a page are read before anything hidden is taken out of the tree.
    refresh, script = _refresh(tree), _scripts(tree)
    seen = _Seen(tree, text)
    names = seen.names()
    visible, word_count = _visible(tree)
    return Page(
        **names,
        text=visible,
        word_count=word_count,
        charset=name,
        flags=frozenset(seen.flags(visible)),
        refresh=refresh,
        script_location=script if len(visible) < SCRIPT_TEXT_LIMIT else None,
        markup_head=text[:MOST_HEAD],
    )


def decoded(body: bytes, *, content_type: str | None, charset: str | None = None) -> tuple[str, str]:
    """(text, character set): byte order mark, header, meta, then a guess; undecodable bytes become U+FFFD."""
    for mark, name in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    header = HEADER_CHARSET.search(content_type or "")
    meta = META_CHARSET.search(body[:4096])
    for label in (charset, header[1] if header else None, meta[1].decode("ascii", "replace") if meta else None):
        if label and (known := _known(label)):
            return _browser_text(body, known), known
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        guessed = detect_encoding(body[:65_536]) or "windows-1252"
        return _browser_text(body, guessed), guessed


LABELS = {
    "iso-8859-1": "windows-1252",
    "latin-1": "windows-1252",
    "latin1": "windows-1252",
    "us-ascii": "windows-1252",
    "ascii": "windows-1252",
    "utf8": "utf-8",
    "utf-16": "utf-8",
}
"""What browsers make of some labels: a page cannot say in ASCII that it is UTF-16."""


def _known(label: str) -> str | None:
    name = LABELS.get(label.strip().lower(), label.strip().lower())
    try:
        b"".decode(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    return name


def _browser_text(body: bytes, name: str) -> str:
    try:
        return body.decode(name, "replace")
    except (LookupError, UnicodeError, ValueError):
        text: str = bytes_to_str(body, name)
        return text


def _without_long_tags(text: str) -> str:
    """Cut every tag that runs on for more than `MOST_TAG` characters."""
    if len(text) <= MOST_TAG:
        return text
    at, pieces = 0, []
    while (start := text.find("<", at)) >= 0:
        end = text.find(">", start, start + MOST_TAG)
        too_long = end < 0 and start + MOST_TAG < len(text)
        after = start + MOST_TAG if too_long else (end + 1 if end >= 0 else len(text))
        pieces.append(text[at : start if too_long else after])
        at = after
    return "".join([*pieces, text[at:]])


def _refresh(tree: LexborHTMLParser) -> tuple[float, str] | None:
    for node in tree.css("meta[http-equiv]"):
        if (node.attributes.get("http-equiv") or "").strip().lower() != "refresh" or _inside(node, "noscript"):
            continue
        if found := refresh_target(node.attributes.get("content") or ""):
            return found
    return None


def refresh_target(value: str) -> tuple[float, str] | None:
    """(seconds, address) of a Refresh header or meta element; None when it names no address.

    >>> refresh_target("0; URL='/next'"), refresh_target("30")
    ((0.0, '/next'), None)
    """
    found = REFRESH.match(value)
    if not found or not found[2]:
        return None
    try:
        return float(found[1]), found[2].strip()
    except ValueError:
        return None


def _scripts(tree: LexborHTMLParser) -> str | None:
    """The one string literal that a page's own scripts assign to `location`."""
    targets: set[str] = set()
    for node in tree.css("script"):
        if node.attributes.get("src") is None:
            targets |= {found[2] for found in LOCATION.finditer((node.text() or "")[:MOST_SCRIPT])}
    return targets.pop() if len(targets) == 1 else None


def _inside(node: LexborNode, tag: str) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag == tag:
            return True
        parent = parent.parent
    return False


class _Seen:
    """What the tree holds beside its visible text; read before hidden elements are removed."""

    def __init__(self, tree: LexborHTMLParser, text: str) -> None:
        self.tree = tree
        self.metas = {
            (node.attributes.get("name") or node.attributes.get("property") or "").strip().lower(): node.attributes.get("content")
            for node in reversed(tree.css("meta[content]"))
        }
        self.marks = set(self._marks(text))

    def names(self) -> dict[str, str | None]:
        title = next((node for node in self.tree.css("title") if not _inside(node, "svg")), None)
        heading, html, base = self.tree.css_first("h1"), self.tree.css_first("html"), self.tree.css_first("base[href]")
        return {
            "title": _short(title.text() if title else None),
            "og_title": _short(self.metas.get("og:title") or self.metas.get("twitter:title")),
            "h1": _short(heading.text(separator=" ") if heading else None),
            "description": _short(self.metas.get("description") or self.metas.get("og:description")),
            "canonical": _short(self._link("canonical")),
            "robots": _short(self.metas.get("robots")),
            "language": _short(html.attributes.get("lang") if html else None),
            "base": _short(base.attributes.get("href") if base else None),
        }

    def _link(self, relation: str) -> str | None:
        for node in self.tree.css("link[rel][href]"):
            if relation in (node.attributes.get("rel") or "").lower().split():
                return node.attributes.get("href")
        return None

    def _marks(self, text: str) -> Iterator[str]:
        for name, selector in MARKS:
            if self.tree.css_first(selector) is not None:
                yield name
        low = text.lower()
        for name, needles in NEEDLES:
            if any(needle in low for needle in needles):
                yield name
        for name, needles in SERVICES:
            if any(needle in low for needle in needles):
                yield f"mark:{name}"

    def flags(self, visible: str) -> Iterator[str]:
        yield from self.marks
        if len(visible) < 2_000 and NEEDS_JS.search(visible):
            yield "needs-js"


MARKS = (
    ("password-field", "input[type=password]"),
    ("form", "form"),
    ("frames", "frame, iframe"),
    ("scripts", "script"),
    ("images", "img, picture, video, canvas, object, embed"),
    ("app-root", APP_ROOT),
    ("captcha", ".g-recaptcha, .h-captcha, .cf-turnstile, #px-captcha"),
)
NEEDLES = (
    (
        "not-free",
        (
            '"isaccessibleforfree":false',
            '"isaccessibleforfree": false',
            '"isaccessibleforfree":"false"',
            '"isaccessibleforfree": "false"',
        ),
    ),
)
SERVICES = tuple((name, tuple(needle.lower() for needle in needles)) for name, needles in data.table("marks")["marks"].items())
"""Marks of services in the markup: recorded when a page is read, so that a rule can judge them later without the markup."""


def _visible(tree: LexborHTMLParser) -> tuple[str, int]:
    """(visible text, words outside navigation). Changes the tree."""
    needs_js = [node.text(separator=" ") for node in tree.css("noscript")]
    tree.strip_tags(list(HIDDEN), recursive=True)
    body = tree.body
    text = _spaced(body.text(separator=" ")) if body else ""
    if not text and needs_js:
        text = _spaced(" ".join(needs_js))
    furniture = sum(count_words(node.text(separator=" ")) for tag in FURNITURE for node in tree.css(tag))
    return text, max(count_words(text) - furniture, 0)


def count_words(text: str) -> int:
    """Words of a text; in scripts without spaces two characters count as one.

    >>> count_words("two words"), count_words("\u3053\u3093\u306b\u3061\u306f")
    (2, 3)
    """
    wide = len(CJK.findall(text))
    if not wide:
        return len(WORD.findall(text))
    return len(WORD.findall(CJK.sub(" ", text))) + (wide + 1) // 2


def _short(text: str | None) -> str | None:
    return (_spaced(text)[:MOST_TITLE] or None) if text else None


def _spaced(text: str) -> str:
    return SPACE.sub(" ", text).strip()
