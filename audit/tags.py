"""Tags of a wikitext: comments and protected text put out of sight, `<ref>` and `<references>` noted. Pure.

Read as MediaWiki's preprocessor reads: from left to right, the first `>` ends a tag, the first closing tag ends its text.
"""

import re
from dataclasses import dataclass, field
from html.entities import html5
from typing import NamedTuple

from audit.model import Problem, Severity
from audit.templates import COMMENT, REFERENCE, SHIELD

MOST_PROBLEMS = 1_000
"""Problems of one text that are told one by one: a page with more is not a page."""

MOST_REFERENCES = 20_000
"""References of one text that are read: the longest lists of Wikipedia have some thousands (2026)."""

_OPAQUE = (
    "nowiki|pre|math|chem|ce|syntaxhighlight|source|score|timeline|templatedata|graph|mapframe|maplink|hiero|categorytree"
    "|inputbox|templatestyles"
)
_OPENER = re.compile(
    rf"<(?:!--|(?P<tag>{_OPAQUE}|includeonly|references|ref)(?:\s|/>|>)|(?P<shown>/?(?:noinclude|onlyinclude))(?:\s|/>|>))",
    re.IGNORECASE,
)
_PAIRED = re.compile(r"<(?:!--|(\w{1,40})[^<>]*>)")
_MOST_NAMES = 20
"""Different tags in one reference that are looked at: each costs a walk to where it closes."""

_REF_OPEN = re.compile(r"<ref", re.IGNORECASE)
_REF_CLOSE = re.compile(r"</ref\s*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([^\t\n\f\r />][^\t\n\f\r />=]*)(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)(?:\"|\Z)|'([^']*)(?:'|\Z)|([^\t\n\f\r >]*)))?"
)
_ATTRIBUTE_NAME = re.compile(r"[:\w][:.\-\w]*")
_REFERENCE_ATTRIBUTES = frozenset({"name", "group", "follow", "details", "dir", "extends"})
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]*));")
_NAMELESS = frozenset({"", "0"})
_SPACES = re.compile(r"[\t\r\n ]+")


_FRAMED = re.compile(r"<(gallery|poem|imagemap)(?:\s[^<>]*)?>", re.IGNORECASE)
_BRACED = re.compile(r"(\{\{[^{}]*\}\}|\[\[[^\[\]]*\]\]|<ref[^<>]*>)", re.IGNORECASE)
_DIVIDERS = {ord(mark): SHIELD[ord(mark)] for mark in "|="}


class Ref(NamedTuple):
    """One `<ref>` tag or what works like one. `body` is where its text stands, None for a re-use.

    `listed` is one inside a list of references, `hidden` says why MediaWiki shows none, `template` is the template that makes it.
    """

    start: int
    end: int
    body: tuple[int, int] | None
    name: str | None
    group: str | None
    listed: bool = False
    recovered: bool = False
    follows: str | None = None
    details: str | None = None
    hidden: str | None = None
    template: str | None = None


class Listing(NamedTuple):
    """A `<references>` tag: where it ends, and the group that it shows. What comes behind it is counted anew."""

    end: int
    group: str | None


class Next:
    """Where a needle occurs next. Asked from left to right it looks at each character once, however hostile the text."""

    def __init__(self, text: str, needle: str | re.Pattern[str]) -> None:
        self.text, self.needle = text, needle
        self.at = self.end = -1
        self._since = 0

    def __call__(self, start: int) -> int:
        """The place at or after `start`, the length of the text when there is none."""
        if not self._since <= start <= self.at:
            self._since = start
            if isinstance(self.needle, str):
                found = self.text.find(self.needle, start)
                self.at, self.end = (found, found + len(self.needle)) if found >= 0 else (len(self.text), len(self.text))
            else:
                match = self.needle.search(self.text, start)
                self.at, self.end = match.span() if match else (len(self.text), len(self.text))
        return self.at


def _framed(text: str) -> str:
    """Inside of a gallery or a poem links and references count, but its lines divide no argument of a template around it."""
    pieces: list[str] = []
    closers: dict[str, Next] = {}
    last = at = 0
    while found := _FRAMED.search(text, at):
        name, at = found[1].lower(), found.end()
        closer = closers.setdefault(name, Next(text, re.compile(rf"</{name}\s*>", re.IGNORECASE)))
        close = closer(at)
        if close >= len(text) or found[0].endswith("/>"):
            continue
        parts = _BRACED.split(text[at:close])
        shielded = (part if number % 2 else part.translate(_DIVIDERS) for number, part in enumerate(parts))
        pieces += (text[last:at], *shielded)
        last = at = close
    return "".join((*pieces, text[last:])) if pieces else text


@dataclass(slots=True)
class Problems:
    """What is wrong with a text, each with its place; not more than anybody reads."""

    found: list[tuple[int, Problem]] = field(default_factory=list)

    def note(self, at: int, code: str, detail: str, severity: Severity = Severity.WARNING) -> None:
        if len(self.found) < MOST_PROBLEMS:
            self.found.append((at, Problem(code=code, detail=detail, severity=severity)))


class Scanner:
    """One walk over the text. `masked` is the text with stand-ins, of the same length."""

    def __init__(self, text: str, *, problems: Problems) -> None:
        self.text = text
        self.refs: list[Ref] = []
        self.listings: list[Listing] = []
        self.problems = problems
        self._pieces: list[str] = []
        self._last = 0
        self._list_group: str | None = None
        self._swallowed = 0
        self._in_list = False
        self._comment_end = Next(text, "-->")
        self._tag_end = Next(text, ">")
        self._ref_close = Next(text, _REF_CLOSE)
        self._next_ref = Next(text, _REF_OPEN)
        self._closers: dict[str, Next] = {}
        self._walk(0, len(text), inside=False)
        self._pieces.append(text[self._last :])
        self.masked = _framed("".join(self._pieces))

    def _walk(self, at: int, end: int, *, inside: bool) -> None:
        """Walk a stretch; inside a reference, no further reference begins."""
        while found := _OPENER.search(self.text, at, end):
            tag = (found["tag"] or "").lower()
            at = found.end() if inside and tag in {"ref", "references"} else self._step(tag, found, end)

    def _swallows(self, at: int, end: int) -> int | None:
        """Where a body holds a `<ref` outside the tags that come in pairs: MediaWiki takes that for a missing closing tag."""
        if self._next_ref(at) >= end:
            return None
        closers: dict[str, Next] = {}
        while found := _PAIRED.search(self.text, at, end):
            name, at = found[1], found.end()
            if name is None:
                behind = self._comment_end(at) + 3
                at = behind if behind <= end else at
                continue
            if name.lower() in {"ref", "references"} or len(closers) > _MOST_NAMES:
                return found.start()
            closer = closers.get(name)
            if closer is None:
                closer = closers[name] = Next(self.text, re.compile(rf"</{name}\s*>"))
            at = closer.end if closer(at) < end else at
        return None

    def _step(self, tag: str, found: re.Match[str], end: int) -> int:
        """Deal with one opener; returns where to go on."""
        start = found.start()
        if not tag and not found["shown"]:
            at = min(self._comment_end(found.end()), end)
            stop = min(at + 3, end)
            self._hide(start, stop)
            return stop
        begin = found.end("tag") if tag else found.end("shown")
        stop = self._tag_end(begin)
        if stop >= end:
            return begin
        if tag == "ref":
            return self._ref(start, begin, stop, end)
        if tag == "references":
            return self._references(begin, stop, end) if start >= self._swallowed else stop + 1
        if not tag:
            self._hide(start, stop + 1)
            return stop + 1
        return self._opaque(tag, start, stop, end)

    def _hide(self, start: int, end: int, shown: str | None = None) -> None:
        self._pieces.append(self.text[self._last : start])
        self._pieces.append(COMMENT * (end - start) if shown is None else shown)
        self._last = end

    def _closer(self, tag: str) -> Next:
        closer = self._closers.get(tag)
        if closer is None:
            closer = self._closers[tag] = Next(self.text, re.compile(rf"</{tag}\s*>", re.IGNORECASE))
        return closer

    def _opaque(self, tag: str, start: int, stop: int, end: int) -> int:
        """Protected text: to the closing tag. Without one the tag is text, but `includeonly` hides the rest."""
        if self.text[stop - 1] == "/":
            self._hide(start, stop + 1, REFERENCE * (stop + 1 - start))
            return stop + 1
        closer = self._closer(tag)
        at = closer(stop + 1)
        if at >= end:
            if tag == "includeonly":
                self._hide(start, end)
                return end
            return stop + 1
        if tag == "includeonly":
            self._hide(start, closer.end)
        else:
            inner = self.text[stop + 1 : at].translate(SHIELD)
            self._hide(start, closer.end, REFERENCE * (stop + 1 - start) + inner + REFERENCE * (closer.end - at))
        return closer.end

    def _references(self, begin: int, stop: int, end: int) -> int:
        """A list of references, perhaps with definitions inside. Inside another list it is text; so is one without an end."""
        if self._in_list:
            return stop + 1
        group = attributes(self.text[begin:stop]).get("group") or None
        if self.text[stop - 1] == "/":
            self.listings.append(Listing(stop + 1, group))
            return stop + 1
        closer = self._closer("references")
        close = closer(stop + 1)
        if close >= end:
            return stop + 1
        close_end = closer.end
        self._in_list, self._list_group = True, group
        self._walk(stop + 1, close, inside=False)
        self._in_list, self._list_group = False, None
        self.listings.append(Listing(close_end, group))
        return close_end

    def _ref(self, start: int, begin: int, stop: int, end: int) -> int:
        """One `<ref ...>`: its first `>` ends the tag, quoted or not."""
        if len(self.refs) >= MOST_REFERENCES:
            self.problems.note(start, "source-truncated", f"references after the first {MOST_REFERENCES} were not read")
            return len(self.text)
        closed = self.text[stop - 1] == "/"
        given = attributes(self.text[begin : stop - closed]) if stop > begin else {}
        if closed:
            self._note(start, stop + 1, None, given)
            return stop + 1
        close = self._ref_close(stop + 1)
        if close >= end:
            self._unclosed(start, "no closing tag follows")
            return stop + 1
        close_end = self._ref_close.end
        nested = self._swallows(stop + 1, close)
        if nested is None:
            self._walk(stop + 1, close, inside=True)
            self._note(start, close_end, (stop + 1, close), given)
            return close_end
        self._unclosed(start, "another reference begins before it is closed")
        self._swallowed = max(self._swallowed, close_end)
        self._walk(stop + 1, nested, inside=True)
        self._note(start, nested, (stop + 1, nested), given)
        return nested

    def _unclosed(self, at: int, why: str) -> None:
        self.problems.note(at, "unclosed-reference", f"a <ref> is not closed: {why}", Severity.ERROR)

    def _note(self, start: int, end: int, body: tuple[int, int] | None, given: dict[str, str]) -> None:
        recovered = start < self._swallowed
        if not given:
            hidden = "it stands in a list and has no name" if self._in_list else None
            self.refs.append(Ref(start, end, body, None, self._list_group, self._in_list, recovered, None, None, hidden))
            return
        name = named(given.get("name"))
        if name and name.isascii() and name.isdigit():
            detail = f"the name {name} is only a number: MediaWiki rejects or drops it"
            self.problems.note(start, "numeric-reference-name", detail)
            name = None
        group = (given["group"] or None) if "group" in given else self._list_group
        hidden = self._refused(given, name, group)
        follows, details = named(given.get("follow")), given.get("details")
        self.refs.append(Ref(start, end, body, name, group, self._in_list, recovered, follows, details, hidden))

    def _refused(self, given: dict[str, str], name: str | None, group: str | None) -> str | None:
        """Why MediaWiki shows an error in place of a tag."""
        if unknown := next((key for key in given if key not in _REFERENCE_ATTRIBUTES), None):
            return f"it has an attribute {unknown[:40]!r}; a name of several words needs quotation marks"
        if self._in_list and not name:
            return "it stands in a list and has no name"
        if self._in_list and group != self._list_group:
            return "it stands in the list of another group"
        return "it has both a name and follow" if name and named(given.get("follow")) else None


def attributes(text: str) -> dict[str, str]:
    r"""Attributes of a tag; the last of two equal ones wins.

    >>> attributes(' name = "a  b" group=x name=\'c\'')
    {'name': 'c', 'group': 'x'}
    """
    found: dict[str, str] = {}
    for key, double, single, bare in _ATTRIBUTE.findall(text):
        if _ATTRIBUTE_NAME.fullmatch(key):
            found[key.lower()] = decoded(_SPACES.sub(" ", double or single or bare).strip(" "))
    return found


def named(value: str | None) -> str | None:
    """A name that counts: neither empty nor 0."""
    return None if value is None or value in _NAMELESS else value


def decoded(text: str) -> str:
    """Character references decoded once. Only whole ones: an address may well say `&copy=2`.

    >>> decoded("a&amp;b&#x41;&copy=2")
    'a&bA&copy=2'
    """
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return html5.get(f"{found[3]};", found[0])
    code = int(found[1]) if found[1] else int(found[2], 16)
    valid = code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFDD0 or 0xFDF0 <= code < 0x110000
    return chr(code) if valid else "\ufffd"
