"""Bytes of a page -> title, text, marks. Pure; the only room that knows an HTML parser.

The parser sees the first 256 KiB, no tag over 64 KiB and no nesting deeper than a browser's: more costs seconds in every parser
and shows nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ahocorasick_rs import BytesAhoCorasick, Implementation
from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5
from selectolax.lexbor import LexborHTMLParser, LexborNode

from audit import data

MOST_TAG = 65_536
MOST_DEPTH = 512
"""Where Chromium stops nesting. A parser looks upwards at every block it opens: depth costs its square."""

FEW_TAGS = 4_000
"""Of nearly all pages. So few cannot nest so deep that it matters."""

MOST_CANDIDATES = 8
"""Elements of one kind that are looked at more closely: the first one counts, the next are for those inside something hidden."""

MOST_LOADED = 200
"""Scripts, frames and images whose addresses are looked at; a parking page has a handful."""

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
    (b"ID3\x02", "mp3"),
    (b"ID3\x03", "mp3"),
    (b"ID3\x04", "mp3"),
    (b"OggS", "ogg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"7z\xbc\xaf", "7z"),
)
BITMAP_START = re.compile(rb"BM....\0\0\0\0", re.DOTALL)
"""Two letters begin many words; the four reserved bytes are zero in every bitmap."""

HTML_START = re.compile(
    rb"^\s*(?:<!--(?:(?!-->).){0,2000}-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|script|div|p|h1|a|table|frameset)\b",
    re.IGNORECASE | re.DOTALL,
)
XML_START = re.compile(rb"^\s*<\?xml", re.IGNORECASE)
META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:\-]{2,40})", re.IGNORECASE)
HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:\-]{2,40})", re.IGNORECASE)
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
REFRESH_SECONDS = re.compile(r"\s*(\d{1,8}(?:\.\d{0,8})?|\.\d{1,8})(?=[\s;,]|$)")
MOST_REFRESH = 4_096
TAG_START, ANGLE = re.compile(r"<[A-Za-z/!?]"), re.compile(r"[<>]")
NESTING = re.compile(
    r"<(/?)(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
    r"|p|li|dt|dd|option|optgroup|tr|td|th|thead|tbody|tfoot|colgroup|rp|rt|html|head|body)\b)[a-z]",
    re.IGNORECASE,
)
"""Tags that nest: not the empty ones, nor those that the next of their kind closes."""

LOCATION = re.compile(
    r"(?:^|[^\w.])(?<!\bvar )(?<!\blet )(?<!\bconst )"
    r"(?:(?:window|document|self|top|parent|globalThis)\s?\.\s?){0,3}(?:location|window\[[\"']location[\"']\])(?:\.href|\[[\"']href[\"']\])?"
    r"\s{0,9}(?:=|\.(?:replace|assign)\s{0,9}\()\s{0,9}([\"'`])((?:[^\"'`\\\s$]|\\/){1,2000})\1(?!\s{0,9}\+)",
)
BLOCK_COMMENT = re.compile(r"/\*.{0,2000}?\*/", re.DOTALL)
LINE_COMMENT = re.compile(r"^[ \t]{0,99}//.{0,2000}$", re.MULTILINE)
HIDDEN = ("script", "style", "noscript", "template", "svg", "iframe", "object", "head")
FURNITURE = ("nav", "header", "footer", "aside")
APP_ROOT = "#root, #app, #__next, #__nuxt, #___gatsby, #svelte, #q-app, #react-root, #app-root, #ember-app, #application, #main-app, #reactapp, #app-mount, #appMountPoint, app-root, my-app, [data-reactroot], [ng-app], [data-ng-app], [ng-version], [data-server-rendered], [v-cloak]"
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
    if BITMAP_START.match(head):
        return "bmp"
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
    text = _flattened(_without_long_tags(text).replace("\0", ""))
    tree = LexborHTMLParser(text)
    # Marks, names and redirects are read before anything hidden is taken out of the tree.
    seen = _Seen(tree, text)
    marks, names = seen.marks(), seen.names()
    refresh = _refresh(tree) if REFRESH in seen.held else None
    script = _scripts(tree) if "location" in seen.low else None
    visible, word_count = _visible(tree)
    return Page(
        **names,
        text=visible,
        word_count=word_count,
        charset=name,
        flags=frozenset(seen.flags(marks, visible)),
        refresh=refresh,
        script_location=script if len(visible) < SCRIPT_TEXT_LIMIT else None,
        markup_head=text[:MOST_HEAD],
    )


def decoded(body: bytes, *, content_type: str | None, charset: str | None = None) -> tuple[str, str]:
    """(text, character set): byte order mark, header, meta, then a guess; undecodable bytes become U+FFFD.

    A meta element that says UTF-16 means UTF-8: it could not have been read otherwise.
    """
    for mark, name in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    header = HEADER_CHARSET.search(content_type or "")
    meta = META_CHARSET.search(body[:4096])
    named = meta[1].decode("ascii", "replace") if meta else ""
    for label in (charset, header[1] if header else None, "utf-8" if named.lower().startswith("utf-16") else named):
        if label and (known := _known(label)):
            return body.decode(known, "replace"), known
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        guessed = _known(detect_encoding(body[:65_536]) or "") or "windows-1252"
        return body.decode(guessed, "replace"), guessed


WIDER = {"shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs", "gbk": "gb18030", "iso8859-11": "cp874"}
"""What browsers understand by some names is more than the standard of that name holds."""


def _known(label: str) -> str | None:
    """The codec of a label as the Encoding Standard maps it; None for names that are no web encoding, though Python may know them.

    >>> _known("Latin1"), _known("gb2312"), _known("unicode_escape")
    ('windows-1252', 'gb18030', None)
    """
    name: str | None = map_encoding_to_html5(label.strip().lower(), fallback_utf8=False)
    return WIDER.get(name, name.replace("cp125", "windows-125")) if name else None


def _without_long_tags(text: str) -> str:
    """Cut every tag that runs on for more than `MOST_TAG` characters, to its end or to the next tag."""
    ended = 0
    while len(text) - ended > MOST_TAG and (last := text.rfind(">", ended, ended + MOST_TAG)) >= 0:
        ended = last + 1
    if len(text) - ended <= MOST_TAG:
        return text  # so it is on nearly every page
    kept, pieces, at = 0, [], 0
    while start := TAG_START.search(text, at):
        at = text.find(">", start.start(), start.start() + MOST_TAG) + 1
        if at:
            continue
        pieces.append(text[kept : start.start()])
        end = ANGLE.search(text, start.start() + MOST_TAG)
        kept = at = (end.end() if end[0] == ">" else end.start()) if end else len(text)
    return "".join([*pieces, text[kept:]])


def _flattened(text: str) -> str:
    """What opens or closes below `MOST_DEPTH` becomes an empty element."""
    if (signs := text.count("<")) <= FEW_TAGS or signs - text.count("</") <= FEW_TAGS:
        return text
    depth = 0

    def flat(found: re.Match[str]) -> str:
        nonlocal depth
        below = depth > MOST_DEPTH if found[1] else depth >= MOST_DEPTH
        depth = max(depth - 1, 0) if found[1] else depth + 1
        return f"<wbr {found[0][-1]}" if below else found[0]

    return NESTING.sub(flat, text)


def _refresh(tree: LexborHTMLParser) -> tuple[float, str] | None:
    """The first that leads somewhere, else the first."""
    named = (
        node for node in tree.css("meta[http-equiv]") if (node.attributes.get("http-equiv") or "").strip().lower() == "refresh"
    )
    found = [
        target
        for node in islice(named, MOST_CANDIDATES)
        if (target := refresh_target(node.attributes.get("content") or "")) and not _inside(node, "noscript")
    ]
    return next((target for target in found if target[1]), found[0] if found else None)


def refresh_target(value: str) -> tuple[float, str] | None:
    """(seconds, address) of a Refresh header or meta element, the address "" when the page only loads again; None when it is none.

    >>> refresh_target("0; URL='/next'"), refresh_target("30"), refresh_target("soon")
    ((0.0, '/next'), (30.0, ''), None)
    """
    found = REFRESH_SECONDS.match(value[:MOST_REFRESH])
    if not found:
        return None
    target = value[found.end() : MOST_REFRESH].lstrip()
    target = target[1:].lstrip() if target[:1] in {";", ","} else target
    if target[:3].lower() == "url" and (after := target[3:].lstrip()).startswith("="):
        target = after[1:].lstrip()
    if target[:1] in {"'", '"'}:
        target = target[1:].partition(target[0])[0]
    target = target.strip()
    return float(found[1]), target


def _scripts(tree: LexborHTMLParser) -> str | None:
    """The one string literal that a page's own scripts assign to `location`."""
    targets: set[str] = set()
    for node in tree.css("script"):
        if node.attributes.get("src") is None:
            code = LINE_COMMENT.sub("", BLOCK_COMMENT.sub("", (node.text() or "")[:MOST_SCRIPT]))
            targets |= {found[2].replace("\\/", "/") for found in LOCATION.finditer(code)}
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
        self.low = text.lower()
        self.held = NEEDLES.held(self.low)

    def names(self) -> dict[str, str | None]:
        titles = islice(self.tree.css("title"), MOST_CANDIDATES)
        title = next((node for node in titles if not _inside(node, "svg")), None)
        heading, html = self.tree.css_first("h1"), self.tree.css_first("html")
        base = self.tree.css_first("base[href]") if "<base" in self.held else None
        return {
            "title": _short(title.text() if title else None),
            "og_title": _short(self.metas.get("og:title") or self.metas.get("twitter:title")),
            "h1": _short(heading.text(separator=" ") if heading else None),
            "description": _short(self.metas.get("description") or self.metas.get("og:description")),
            "canonical": _short(self._link("canonical") if "canonical" in self.held else None),
            "robots": _short(self.metas.get("robots")),
            "language": _short(html.attributes.get("lang") if html else None),
            "base": _short(base.attributes.get("href") if base else None),
        }

    def _link(self, relation: str) -> str | None:
        for node in self.tree.css("link[rel][href]"):
            if relation in (node.attributes.get("rel") or "").lower().split():
                return node.attributes.get("href")
        return None

    def _empty_root(self) -> bool:
        """Whether the element that an application fills is still empty."""
        root = self.tree.css_first(APP_ROOT)
        return root is not None and root.tag not in {"html", "body"} and len(_spaced(root.text(separator=" "))) < LEAST_ROOT

    def marks(self) -> set[str]:
        found = {name for name, selector, needed in MARKS if self._may_hold(needed) and self.tree.css_first(selector) is not None}
        if not self.held.isdisjoint(PRICED) and NOT_FREE.search(self.low):
            found.add("not-free")
        if REFRESH in self.held and any(_reloads(node) for node in self.tree.css("meta[http-equiv]")[:MOST_CANDIDATES]):
            found.add("reloads")
        found |= {SERVICES[needle] for needle in self.held & SERVICES.keys()}
        if not self.held.isdisjoint(LOADED):
            loaded = self._loaded()
            found |= {LOADED[needle] for needle in self.held & LOADED.keys() if needle in loaded}
        return found

    def _may_hold(self, needed: frozenset[str]) -> bool:
        """Whether it can be worth while to look through the whole tree."""
        return not needed or not needed.isdisjoint(self.held)

    def _loaded(self) -> str:
        """The addresses of what the page loads: what it only links to or writes about says nothing of itself."""
        nodes = islice(self.tree.css("script[src], iframe[src], frame[src], img[src], link[href]"), MOST_LOADED)
        return " ".join(node.attributes.get("src") or node.attributes.get("href") or "" for node in nodes).lower()

    def flags(self, marks: set[str], visible: str) -> Iterator[str]:
        yield from marks
        if len(visible) < TINY_TEXT:
            yield from (TINY[needle] for needle in self.held & TINY.keys())
        if "app-root" in marks and self._empty_root():
            yield "empty-root"
        if len(visible) < 2_000 and NEEDS_JS.search(visible):
            yield "needs-js"


def _reloads(node: LexborNode) -> bool:
    """Whether an element has the browser ask for this very page again at once."""
    if (node.attributes.get("http-equiv") or "").strip().lower() != "refresh":
        return False
    found = RELOADS.match((node.attributes.get("content") or "")[:MOST_REFRESH])
    return found is not None and int(found[1]) <= SOON_S and not _inside(node, "noscript")


LEAST_ROOT = 20
"""Characters: "Loading..." is not a page."""

MARKS = tuple(
    (name, selector, frozenset(needed.split()))
    for name, selector, needed in (
        ("password-field", "input[type=password]", "password"),
        ("form", "form", "<form"),
        ("frames", "frame, iframe", "<frame <iframe"),
        ("scripts", "script", ""),
        ("images", "img, picture, video, canvas, object, embed", ""),
        ("app-root", APP_ROOT, " ".join(re.findall(r"[\w-]{3,}", APP_ROOT.lower()))),
        ("captcha", ".g-recaptcha, .h-captcha, .cf-turnstile, #px-captcha", "g-recaptcha h-captcha cf-turnstile px-captcha"),
        ("mark:parking-key", "[data-adblockkey]", "data-adblockkey"),
    )
)
"""(mark, selector, strings of which the markup of such an element holds at least one; none where that is no help)."""

REFRESH = "http-equiv"
PRICED = ("isaccessibleforfree", "article:content_tier")
NOT_FREE = re.compile(
    r"isaccessibleforfree[\"']?\s{0,20}[:=]\s{0,20}[\"']?false|itemprop=[\"']?isaccessibleforfree[\"']?\s{1,20}content=[\"']?false"
    r"|article:content_tier[\"']?\s{1,20}content=[\"']?(?:locked|metered)"
)
"""How a page says that it is not free to read: schema.org in JSON or in an element, or its tier."""


def _needles(table: str) -> dict[str, str]:
    """The mark of each string to look for."""
    return {needle.lower(): f"mark:{name}" for name, needles in data.table("marks")[table].items() for needle in needles}


SERVICES, LOADED, TINY = _needles("marks"), _needles("loads"), _needles("tiny")
"""Marks of services in the markup: recorded when a page is read, so that a rule can judge them later without the markup."""


class _Needles:
    """Many strings looked for in one pass, by the algorithm of Aho and Corasick."""

    def __init__(self, needles: Iterable[str]) -> None:
        self.needles = tuple(dict.fromkeys(needles))
        # All states in a table: three times as fast, for one megabyte.
        self.automaton = BytesAhoCorasick([each.encode() for each in self.needles], implementation=Implementation.DFA)

    def held(self, low: str) -> frozenset[str]:
        """Those that stand in a text, overlapping or not."""
        found = self.automaton.find_matches_as_indexes(low.encode("utf-8", "replace"), overlapping=True)
        return frozenset(self.needles[place] for place in {place for place, _, _ in found})


NEEDLES = _Needles(
    (*SERVICES, *LOADED, *TINY, *PRICED, REFRESH, "<base", "canonical", *(needle for _, _, needed in MARKS for needle in needed))
)
TINY_TEXT = 400
"""Characters: on pages that show more, what a script does with cookies says nothing about the page."""

RELOADS = re.compile(r"\s*(\d{1,4})(?:\.\d{0,8})?\s*;?\s*$")
SOON_S = 10


def _visible(tree: LexborHTMLParser) -> tuple[str, int]:
    """(visible text, words outside navigation). Changes the tree."""
    needs_js = [node.text(separator=" ") for node in tree.css("noscript")[:MOST_CANDIDATES]]
    tree.strip_tags(list(HIDDEN), recursive=True)
    body = tree.body
    text = _spaced(body.text(separator=" ")) if body else ""
    if not text and needs_js:
        text = _spaced(" ".join(needs_js))
    tree.strip_tags(list(FURNITURE), recursive=True)
    return text, count_words(tree.body.text(separator=" ")) if tree.body else 0


_SIGNS = bytes(byte if bytes((byte,)).isalnum() else 32 for byte in range(128)).ljust(256)
"""ASCII without anything but letters and digits: counting what is left between blanks is five times as fast as a pattern."""


def count_words(text: str) -> int:
    """Words of a text; in scripts without spaces two characters count as one.

    >>> count_words("two words"), count_words("\u3053\u3093\u306b\u3061\u306f")
    (2, 3)
    """
    if text.isascii():
        return len(text.encode("ascii").translate(_SIGNS).split())
    wide = len(CJK.findall(text))
    if not wide:
        return len(WORD.findall(text))
    return len(WORD.findall(CJK.sub(" ", text))) + (wide + 1) // 2


def _short(text: str | None) -> str | None:
    return (_spaced(text)[:MOST_TITLE] or None) if text else None


def _spaced(text: str) -> str:
    return " ".join(text.split())


# ---- saved diff pages of a wiki


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffCell:
    """One line of a diff, `side` being removed, added or kept; None for the head of a hunk, whose `text` holds its numbers."""

    side: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNote:
    """One entry of a rendered reference list. `mark` is the name in its id, "" for none; `links` are (address, text).

    `undefined` is the name that the wiki's error gives; `machine` are the OpenURLs that stand in it for machines.
    """

    number: int
    mark: str
    uses: int
    text: str
    links: tuple[tuple[str, str], ...] = ()
    undefined: str | None = None
    machine: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A diff page: its lines, the reference list below, and what its heads say. `shown` tells whether the page is below."""

    title: str | None
    language: str | None
    revision: str | None
    moment: str | None
    cells: tuple[DiffCell, ...]
    notes: tuple[ListedNote, ...]
    shown: bool
    ended: bool


DIFF_MARK = re.compile(
    rb"class\s{0,9}=\s{0,9}[\"'][^\"'<>]{0,200}\b(?:diff-(?:addedline|deletedline|context|lineno)|mw-diff-inline-[a-z])",
    re.IGNORECASE,
)
DIFF_CELLS = (
    "td.diff-lineno, td.diff-context, td.diff-deletedline, td.diff-addedline, .mw-diff-inline-header, .mw-diff-inline-context"
    ", .mw-diff-inline-changed, .mw-diff-inline-added, .mw-diff-inline-deleted, .mw-diff-inline-moved"
)
DIFF_SIDES = (
    ("diff-lineno", None),
    ("mw-diff-inline-header", None),
    ("diff-context", "kept"),
    ("mw-diff-inline-context", "kept"),
    ("diff-deletedline", "removed"),
    ("mw-diff-inline-deleted", "removed"),
    ("mw-diff-inline-moved-source", "removed"),
    ("diff-addedline", "added"),
    ("mw-diff-inline-added", "added"),
    ("mw-diff-inline-moved-destination", "added"),
)
INLINE_HEAD = re.compile(r"<!-- LINES (\d{1,9}),(\d{1,9}) -->")
DIFF_FURNITURE = ".mw-diff-movedpara-left, .mw-diff-movedpara-right, .mw-diff-inline-legend"
EMPTY_LINE = "\u00a0"
"""The inline form shows a no-break space where the wikitext has an empty line."""

CONFIGURED = {
    name: re.compile(rf'"{key}":"?([^",}}]{{1,300}})')
    for name, key in (("title", "wgPageName"), ("language", "wgPageContentLanguage"), ("revision", "wgDiffNewId"))
}
CITE_NOTE = re.compile(r"cite_note-(?:(.*)-)?\d+$", re.DOTALL)
MOST_NOTES, MOST_NOTE_LINKS = 10_000, 100
MOST_CONFIGURED = 65_536


def is_difference(body: bytes) -> bool:
    """Whether a page, or a part of one, shows a diff of a wiki."""
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<" and DIFF_MARK.search(body) is not None


def difference(body: bytes) -> Difference:
    """Read a saved diff page, in two columns or inline; never raises.

    >>> found = difference(b"<table class=diff><tr><td class='diff-addedline'><div>a &amp;amp; b</div></td></tr></table>")
    >>> [(cell.side, cell.text) for cell in found.cells]
    [('added', 'a &amp; b')]
    """
    text, _ = decoded(body, content_type=None)
    tree = LexborHTMLParser(_flattened(_without_long_tags(text).replace("\0", "")))
    for node in tree.css(DIFF_FURNITURE):
        node.decompose()
    said = {name: found[1] for name, form in CONFIGURED.items() if (found := form.search(text[:MOST_CONFIGURED]))}
    html, head = tree.css_first("html"), tree.css_first("td.diff-ntitle a[title]")
    moment = tree.css_first(".diff-currentversion-title") or tree.css_first(".diff-ntitle strong")
    title = (head.attributes.get("title") if head else None) or said.get("title", "").replace("_", " ")
    return Difference(
        title=_short(title),
        language=said.get("language") or _short(html.attributes.get("lang") if html else None),
        revision=said.get("revision"),
        moment=_short(moment.text() if moment else None),
        cells=tuple(_diff_cells(tree)),
        notes=tuple(_listed_notes(tree)),
        shown=tree.css_first(".mw-parser-output") is not None,
        ended="</html" in text[-1_000:].lower(),
    )


def _diff_cells(tree: LexborHTMLParser) -> Iterator[DiffCell]:
    twice = tree.css_first("td.diff-context") is not None and tree.css_first("td.diff-context.diff-side-added") is None
    at = 0
    for node in tree.css(DIFF_CELLS):
        classes = (node.attributes.get("class") or "").split()
        if "mw-diff-inline-changed" in classes:
            yield DiffCell(side="removed", text=_without(node, "ins"))
            yield DiffCell(side="added", text=_without(node, "del"))
            continue
        side = next((side for name, side in DIFF_SIDES if name in classes), "kept")
        at += "diff-context" in classes
        if side == "kept" and ("diff-side-deleted" in classes or (twice and at % 2)):
            continue  # the other column shows it too
        head = INLINE_HEAD.search(node.html or "") if side is None else None
        yield DiffCell(side=side, text=f"{head[1]} {head[2]}" if head else _one_line(node.text()))


def _without(node: LexborNode, tag: str) -> str:
    """The text of a changed line of the inline form, as it is on one side."""
    copy = LexborHTMLParser(node.html or "")
    for part in copy.css(tag):
        part.decompose()
    return _one_line(copy.body.text() if copy.body else "")


def _one_line(text: str) -> str:
    return "" if text == EMPTY_LINE else text.strip("\r\n").replace("\n", " ")


def _listed_notes(tree: LexborHTMLParser) -> Iterator[ListedNote]:
    for row in islice(tree.css("ol.references"), MOST_NOTES):
        items = (node for node in row.css("li") if CITE_NOTE.match(node.attributes.get("id") or ""))
        for number, node in enumerate(islice(items, MOST_NOTES), 1):
            yield _listed_note(node, number)


def _listed_note(node: LexborNode, number: int) -> ListedNote:
    named = CITE_NOTE.match(node.attributes.get("id") or "")
    uses = len(node.css(".mw-cite-backlink a"))
    machine = tuple(each.attributes.get("title") or "" for each in node.css("span.Z3988")[:MOST_NOTE_LINKS])
    for part in node.css(".mw-cite-backlink, style, link, span.Z3988"):
        part.decompose()
    error = node.css_first(".mw-ext-cite-error")
    text = _spaced(node.text())
    codes = error.css("code") if error else []
    lost = bool(codes) and error is not None and text == _spaced(error.text())
    return ListedNote(
        number=number,
        mark=(named[1] or "") if named else "",
        uses=uses or 1,
        text=text,
        links=tuple(
            (each.attributes.get("href") or "", _spaced(each.text())) for each in node.css("a.external")[:MOST_NOTE_LINKS]
        ),
        undefined=_spaced(codes[-1].text()) if lost else None,
        machine=machine,
    )


# ---- what a page cites


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that a page shows, as written. `tag` is the element, `attribute` what held it, `note` its place in the notes.

    `cited` is the number of the `cite` element around it; `box` says that it stands in an infobox.
    """

    address: str
    text: str = ""
    tag: str = "a"
    note: int | None = None
    cited: int | None = None
    heading: str | None = None
    box: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One footnote, endnote or entry of a reference list. `broken` says that the wiki shows an error in its place."""

    name: str | None
    text: str
    uses: int = 1
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Citing:
    """All that a page cites with, in the order of the page. `machine` are (note, cite, OpenURL): a citation written for machines."""

    title: str | None = None
    language: str | None = None
    base: str | None = None
    canonical: str | None = None
    wiki: bool = False
    links: tuple[Link, ...] = ()
    notes: tuple[Note, ...] = ()
    machine: tuple[tuple[int | None, int | None, str], ...] = ()
    scripts: tuple[str, ...] = ()


MOST_LINKS = 100_000
NO_CONTENT = (
    "nav, [role=navigation], [role=banner], [role=contentinfo], [role=search], [role=menu], .navbox, .vertical-navbox, .mw-editsection"
    ", .mw-jump-link, #mw-navigation, #footer, #p-lang, #catlinks, .catlinks, .printfooter, .noprint, .mw-cite-backlink"
    ", .reflist-backlink, .footnote-back, .footnote-backref, [role=doc-backlink], .breadcrumb, .breadcrumbs, .pagination"
    ", script:not([type='application/ld+json']), style, noscript, template, iframe, svg, object"
)
SIDELINES = "aside, body > header, body > footer, body > div > header, body > div > footer, body > div > div > footer"
KEPT_SIDELINES = re.compile(r"foot|note|ref|cite|bibl|doc-", re.IGNORECASE)
"""An `aside` may be a footnote; what else it is, is beside the text."""

NOTES = (
    "ol.references > li, [role=doc-endnote], [role=doc-footnote], [role=doc-biblioentry], .footnotes li, li[id^=fn], li[id^=cite_note]"
    ", li[id^=footnote], aside[epub\\:type], .csl-entry, dl.footnote, aside.footnote"
)
SHOWN = (
    "a[href], blockquote[cite], q[cite], ins[cite], del[cite], [data-cite], [data-href], [data-url], span.Z3988, cite"
    ", h1, h2, h3, h4, h5, h6"
)
ERRORS = ".mw-ext-cite-error, .error"
BACKLINKS = ".mw-cite-backlink a, a[role=doc-backlink], a.footnote-backref, a.footnote-back, a.reversefootnote"
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
MOST_NOTE = 4_000


def citing(body: bytes, *, content_type: str | None = None) -> tuple[Citing, str]:
    """(what a page cites, its text as it was decoded). Never raises.

    >>> found, _ = citing(b"<title>T</title><nav><a href=/x>menu</a></nav><p><a href='https://a.example/'>A <b>page</b></a>")
    >>> [(link.address, link.text) for link in found.links]
    [('https://a.example/', 'A page')]
    """
    text, _ = decoded(body, content_type=content_type)
    markup = _flattened(_without_long_tags(text).replace("\0", ""))
    return _Citing(LexborHTMLParser(markup), markup).found(), text


class _Citing:
    """One walk over the content of a page."""

    def __init__(self, tree: LexborHTMLParser, markup: str) -> None:
        self.tree = tree
        seen = _Seen(tree, markup)
        self.names = seen.names()
        self.wiki = (seen.metas.get("generator") or "").startswith("MediaWiki") or tree.css_first(".mw-parser-output") is not None
        self.scripts = tuple(node.text() or "" for node in tree.css("script[type='application/ld+json']")[:MOST_CANDIDATES])
        self.notes: list[Note] = []
        self.places: dict[int, int] = {}
        self.cites: dict[int, int] = {}
        self.boxed: set[int] = set()

    def found(self) -> Citing:
        self._note()
        self._strip()
        links, machine = self._links()
        return Citing(
            title=self.names["h1"] if self.wiki else self.names["title"] or self.names["h1"],
            language=self.names["language"],
            base=self.names["base"],
            canonical=self.names["canonical"],
            wiki=self.wiki,
            links=tuple(links),
            notes=tuple(self.notes),
            machine=tuple(machine),
            scripts=self.scripts,
        )

    def _note(self) -> None:
        """The notes, and which elements stand in which."""
        for node in islice(self.tree.css(NOTES), MOST_LINKS):
            if node.mem_id in self.places:
                continue
            broken = node.css_first(ERRORS)
            uses = len(node.css(BACKLINKS))
            self._claim(node, self.places, len(self.notes))
            for back in node.css(".mw-cite-backlink, .reflist-backlink"):
                back.decompose()
            shown = node.css_first(".reference-text, .mw-reference-text") or node
            name = node.attributes.get("id")
            note = Note(name=name, text=_spaced(shown.text())[:MOST_NOTE], uses=uses or 1, broken=broken is not None)
            self.notes.append(note)
        for number, node in enumerate(islice(self.tree.css("cite"), MOST_LINKS)):
            self._claim(node, self.cites, number)
        for box in islice(self.tree.css("table.infobox, .infobox"), MOST_CANDIDATES):
            self.boxed.update(each.mem_id for each in box.css("a[href]"))

    @staticmethod
    def _claim(node: LexborNode, places: dict[int, int], number: int) -> None:
        for each in (node, *node.css("a[href], span.Z3988, cite, [cite], li, aside, div")):
            places.setdefault(each.mem_id, number)

    def _strip(self) -> None:
        for node in islice(self.tree.css(NO_CONTENT), MOST_LINKS):
            node.decompose()
        for node in islice(self.tree.css(SIDELINES), MOST_LOADED):
            if not KEPT_SIDELINES.search(" ".join(value or "" for value in node.attributes.values())):
                node.decompose()

    def _links(self) -> tuple[list[Link], list[tuple[int | None, int | None, str]]]:
        links: list[Link] = []
        machine: list[tuple[int | None, int | None, str]] = []
        main = self.tree.css("main, [role=main]")
        heading, last = None, None
        for node in islice((main[0] if len(main) == 1 else self.tree.root or self.tree).css(SHOWN), MOST_LINKS):
            tag = node.tag or ""
            if tag in HEADINGS:
                heading = _short(node.text()) or heading
            elif tag == "cite":
                last = self.cites.get(node.mem_id)
            elif tag == "span":
                machine.append((self.places.get(node.mem_id), last, node.attributes.get("title") or ""))
            else:
                links += self._link(node, tag, heading)
        return links, machine

    def _link(self, node: LexborNode, tag: str, heading: str | None) -> Iterator[Link]:
        for name in ("href", "cite", "data-cite", "data-href", "data-url"):
            address = (node.attributes.get(name) or "").strip()
            if address and (name in {"href", "cite"} or address.startswith(("http://", "https://"))):
                yield Link(
                    address=address[:MOST_TAG],
                    text=_spaced(node.text())[:MOST_TITLE] if tag == "a" else "",
                    tag=tag,
                    note=self.places.get(node.mem_id),
                    cited=self.cites.get(node.mem_id),
                    heading=heading,
                    box=node.mem_id in self.boxed,
                )
                return
