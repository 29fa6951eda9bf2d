"""Dumps of a MediaWiki: export XML -> pages, streamed. Pure on bytes.

In an export every `<` of a text is written as `&lt;`, so pages are found by their tags alone: a broken stretch costs the page
it is in, no entity is ever expanded, and pages that cite nothing are passed over without being parsed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from html import unescape
from pathlib import PurePath

from audit.documents import wikitext_page
from audit.model import Document, Problem, Severity
from audit.unpacking import Chunk, Fault

KIND = "dump"
MOST_REVISION_BYTES = 33_554_432
"""A wiki takes 2 MiB of text; escaped as XML it may be six times as long."""

MOST_TITLE = 1_024
ROOT = re.compile(rb"<mediawiki[\s>]")
LANGUAGE = re.compile(rb"<mediawiki[^>]{0,2000}?\bxml:lang=[\"']([A-Za-z0-9-]{1,40})[\"']")
DATABASE = re.compile(rb"<dbname>\s{0,9}([A-Za-z0-9_]{1,60})\s{0,9}</dbname>")
FILE_NAME = re.compile(r"^([a-z][a-z0-9_]{1,40}?)(?:-(?:\d{8}|latest))(?=[-.])")
FAMILY = re.compile(r"^(.+?)(?:wiki|wiktionary|wikinews|wikisource|wikibooks|wikiquote|wikiversity|wikivoyage)$")
NO_LANGUAGE = {
    "commons",
    "meta",
    "wikidata",
    "species",
    "mediawiki",
    "incubator",
    "sources",
    "outreach",
    "foundation",
    "wikimania",
}
NAMED_OTHERWISE = {"no": "nb", "als": "gsw", "bat-smg": "sgs", "be-x-old": "be-tarask", "zh-classical": "lzh", "roa-rup": "rup"}

PAGE_OR_END = re.compile(rb"<page[\s>]|</revision>|</page>")
TITLE = re.compile(rb"<title>([^<]{0,8192})</title>")
NAMESPACE = re.compile(rb"<ns>\s{0,9}(-?\d{1,9})\s{0,9}</ns>")
REDIRECT = re.compile(rb"<redirect[\s/>]")
NUMBER = re.compile(rb"<id>\s{0,9}(\d{1,20})\s{0,9}</id>")
MOMENT = re.compile(rb"<timestamp>\s{0,9}(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z")
MODEL = re.compile(rb"<model>\s{0,9}([\w.-]{1,60})\s{0,9}</model>")
TEXT = re.compile(rb"<text(?:\s[^>]{0,2000})?>")
CONTENT = re.compile(rb"<content>.{0,200}?<role>\s{0,9}main\s{0,9}</role>", re.DOTALL)
WIKITEXT = b"wikitext"
CITES = re.compile(rb"&lt;ref[\s/&]", re.IGNORECASE)
NUMBERED = re.compile(r"&#(?:\d{1,7}|x[0-9A-Fa-f]{1,6});")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The wiki that a dump is of: its database name, and the language its words are read in."""

    wiki: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a dump before it is read: the bytes of its head, and of its newest revision."""

    head: bytes
    revision: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a reader of a dump wants and knows: the wiki, the namespaces, the name of the file."""

    dump: str
    site: Site
    namespaces: frozenset[int]


def recognises(opening: bytes) -> bool:
    """Whether the first bytes, unpacked, are those of an export."""
    return bool(ROOT.search(opening[:4_096]))


def site(opening: bytes, *, name: str) -> Site:
    """The wiki of a dump: what its head says, else what its file is called.

    >>> site(b"<mediawiki>", name="zh_min_nanwiki-20260501-pages-articles.xml.bz2")
    Site(wiki='zh_min_nanwiki', language='zh-min-nan')
    """
    said, named = DATABASE.search(opening), FILE_NAME.match(PurePath(name).name)
    wiki = said[1].decode("ascii") if said else named[1] if named else None
    language = LANGUAGE.search(opening)
    return Site(wiki=wiki, language=language[1].decode("ascii").lower() if language else _language(wiki))


def _language(wiki: str | None) -> str | None:
    found = FAMILY.match(wiki or "")
    code = found[1].replace("_", "-") if found else ""
    return None if not code or code in NO_LANGUAGE else NAMED_OTHERWISE.get(code, code)


# ---- bytes -> pages


def pages(pieces: Iterable[Chunk | Fault]) -> Iterator[Page | Fault]:
    """The pages of an export, each with its newest revision; what is damaged is told, and the next page goes on."""
    cutter = _Cutter()
    at = 0
    for piece in pieces:
        if isinstance(piece, Fault):
            cutter.forget()
            yield piece
            continue
        at = piece.at
        for cut in cutter.feed(piece.data):
            yield cut if isinstance(cut, Page) else Fault(at, cut)
    if cutter.inside:
        yield Fault(at, "the last page breaks off")


class _Cutter:
    """Cuts pages out of bytes that come in pieces. Holds one page head, one revision and one piece, never a whole history."""

    def __init__(self) -> None:
        self.held = bytearray()
        self.looked = 0
        self.forget()

    def forget(self) -> None:
        """The bytes that come next do not join those that came: a page that was open is lost."""
        self.held.clear()
        self.looked = 0
        self.inside = self.swollen = False
        self.head = self.newest = b""
        self.order: tuple[int, int] = (-1, -1)

    def feed(self, data: bytes) -> Iterator[Page | str]:
        self.held += data
        at = 0
        while found := PAGE_OR_END.search(self.held, max(at, self.looked)):
            piece = bytes(self.held[at : found.end()])
            yield from self._met(piece, begins=found[0].startswith(b"<page"), ends=found[0] == b"</page>")
            at = self.looked = found.end()
        self._keep(at)
        if len(self.held) > MOST_REVISION_BYTES:
            self.held = self.held[-16:]
            self.looked = 0
            self.swollen = True

    def _keep(self, at: int) -> None:
        del self.held[:at]
        self.looked = max(len(self.held) - 16, 0)
        if not self.inside:
            del self.held[: self.looked]
            self.looked = 0

    def _met(self, piece: bytes, *, begins: bool, ends: bool) -> Iterator[Page | str]:
        if begins:
            if self.inside:
                yield "a page breaks off where the next one begins"
            self.inside, self.swollen, self.head, self.newest, self.order = True, False, b"", b"", (-1, -1)
        elif self.inside:
            self._revision(piece)
            if ends:
                yield self._page()
                self.inside = False

    def _revision(self, piece: bytes) -> None:
        before, begun, revision = piece.partition(b"<revision")
        if not self.head:
            self.head = before
        if begun and (order := _order(revision)) >= self.order:
            self.newest, self.order = revision, order

    def _page(self) -> Page | str:
        if self.swollen:
            return f"a revision is longer than {MOST_REVISION_BYTES} bytes"
        return Page(head=self.head, revision=self.newest)


def _order(revision: bytes) -> tuple[int, int]:
    """What the newest revision has most of: its moment, then its number."""
    moment, number = MOMENT.search(revision, 0, 2_000), NUMBER.search(revision, 0, 2_000)
    return (int(b"".join(moment.groups())) if moment else 0, int(number[1]) if number else 0)


# ---- pages -> documents


def read(page: Page, taken: Taken) -> Document | None:
    """The document of a page; None for redirects, other namespaces, and what cites nothing."""
    if REDIRECT.search(page.head) or not _cites(page.revision):
        return None
    space, title = NAMESPACE.search(page.head), TITLE.search(page.head)
    if title is None or (int(space[1]) if space else 0) not in taken.namespaces:
        return None
    text = _text(page.revision)
    return _document(_words(title[1])[:MOST_TITLE].strip(), text, page.revision, taken) if text else None


def _cites(revision: bytes) -> bool:
    """Whether a text may hold a reference or an address: nearly half of all pages do not."""
    return b"://" in revision or CITES.search(revision) is not None


def _text(revision: bytes) -> str | None:
    """The wikitext of a revision, None when it has been deleted or is something else."""
    model = MODEL.search(revision)
    if model and model[1] != WIKITEXT:
        return None
    main = revision.partition(b"<content>")[0]
    begun = TEXT.search(main)
    if begun is None and (slot := CONTENT.search(revision)):
        main, begun = revision, TEXT.search(revision, slot.end())
    if begun is None or begun[0].endswith(b"/>"):
        return None
    return _words(main[begun.end() :].partition(b"</text>")[0])


def _words(escaped: bytes) -> str:
    r"""Text as it was before it was escaped: five entities, and numbers for what XML cannot write.

    >>> _words(b"&lt;ref&gt;a &amp;amp; b&lt;/ref&gt;&#10;")
    '<ref>a &amp; b</ref>\n'
    """
    text = escaped.decode("utf-8", "replace")
    if "&" not in text:
        return text
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    text = NUMBERED.sub(lambda found: unescape(found[0]), text) if "&#" in text else text
    return text.replace("&amp;", "&")


ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"))


def _document(title: str, text: str, revision: bytes, taken: Taken) -> Document:
    source = f"{taken.site.wiki or PurePath(taken.dump).name}:{title}"
    document = wikitext_page.read(source, text, language=taken.site.language)
    number = NUMBER.search(revision, 0, 2_000)
    return replace(
        document,
        title=title,
        wiki=taken.site.wiki,
        revision=number[1].decode("ascii") if number else None,
        revised_at=_moment(revision),
        sha256=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _moment(revision: bytes) -> datetime | None:
    found = MOMENT.search(revision, 0, 2_000)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def problem(fault: Fault) -> Problem:
    """What is told of a damaged stretch."""
    return Problem(code="source-truncated", detail=f"at byte {fault.at}: {fault.why}", severity=Severity.WARNING)
