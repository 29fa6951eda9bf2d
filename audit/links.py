"""Links of a wikitext: addresses in brackets and free ones, cut where MediaWiki cuts them. Pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from audit.tags import Next, decoded
from audit.templates import COMMENT, REFERENCE, plain

_ZS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
ADDRESS = rf"[^\]\[<>\"\x00-\x20\x7f\ufffd{_ZS}{REFERENCE}]"
"""A character of an address (MediaWiki 1.39 to 1.43)."""

HOST6 = r"(?:\[[0-9A-Fa-f:.]+\])?"
_SLASHED = (
    "https",
    "http",
    "ftps",
    "ftp",
    "gopher",
    "git",
    "ircs",
    "irc",
    "mms",
    "nntp",
    "redis",
    "sftp",
    "ssh",
    "svn",
    "telnet",
)
_COLONED = ("bitcoin", "geo", "magnet", "mailto", "matrix", "news", "sips", "sip", "sms", "tel", "urn", "xmpp")
_PROTOCOLS = "|".join((*(f"{each}://" for each in _SLASHED), *(f"{each}:" for each in _COLONED)))
_BEHIND = "|".join(f"(?<={each}:)(?<!\\w{each}:)//" for each in _SLASHED)
_BEHIND += "|" + "|".join(f"(?<={each}:)(?<!\\w{each}:)" for each in _COLONED)
_LONGEST = 4_096
"""Characters of an address that are read in one go: what is cut off behind it is read again, and that must stay cheap."""


def _links(address: str) -> re.Pattern[str]:
    found = f"{HOST6}{address}{{1,{_LONGEST}}}"
    inner = f"(?P<inner>(?:{_PROTOCOLS}|//){found})"
    return re.compile(rf"\[(?:\[[ {COMMENT}]*|{COMMENT}*){inner}|:(?:{_BEHIND}){found}", re.IGNORECASE)


_LINK = {False: _links(ADDRESS), True: _links(ADDRESS.replace("[^", "[^|"))}
"""A link in brackets up to the end of its address, or a free one from the colon of its protocol. Both begin with one of two marks
that are rare in prose, so that prose is passed over quickly. In a template a pipe is no part of it."""

_PROTOCOL_END = re.compile(rf"(?<!\w)(?:{'|'.join((*_SLASHED, *_COLONED))})\Z", re.IGNORECASE)
_LONGEST_PROTOCOL = max(map(len, (*_SLASHED, *_COLONED)))
_ESCAPED_END = re.compile(r"&(?:lt|gt|nbsp|#0*(?:60|62|160)|#x0*(?:3c|3e|a0));", re.IGNORECASE)
_ESCAPED_BRACKET = re.compile(r"&(?:lt|gt);")
STANDING_TEMPLATE = re.compile(r"\{\{(?!!\}\}|=\}\})")
"""The beginning of a template that is not `{{!}}` or `{{=}}`, which stand for one character each."""
_CLOSE = re.compile(r"(?<!\{\{[!=])\}\}")
_ENTITY_END = re.compile(r"&(?:[a-z]+|#\d+|#x[0-9a-f]+)\Z", re.IGNORECASE)
_UNSEEN_IN_HOST = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_HOST = re.compile(r"[\u00ad\u034f\u1806\u180b-\u180d\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufe00-\ufe0f]")
_HOST = re.compile(r"[^/:]+://[^/]*")
WIDE = re.compile(r"[\u3001\u3002\uff08\uff09\uff0c\uff1a\uff1b\uff1f\u300c\u300d\u300e\u300f\u3010\u3011]")
STARTS_LIKE_URL = re.compile(r"\s*(?:(?:https?|ftps?)://|//\w)", re.IGNORECASE)
WHOLE_URL = re.compile(rf"\s*(?:(?:https?|ftps?)://|//){HOST6}{ADDRESS}+\s*", re.IGNORECASE)

_CONVERTED_LANGUAGES = frozenset({"ban", "crh", "gan", "iu", "kk", "ku", "shi", "sr", "tg", "uz", "wuu", "zh"})
"""Languages of several scripts, where `-{ }-` is markup."""

_LOOK_BACK = 2_000
"""Characters before an address in which the beginning of its table cell or picture is looked for."""

_MARKS = re.compile(r"[\[{<&]|''|-\{")
_LABELLED = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]")
_SIMPLE_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
_HTML_TAG = re.compile(r"<[^<>]{0,200}>")
_EMPHASIS = re.compile(r"'{2,5}")
_CONVERTED = re.compile(r"-\{(?:[^{}|]*\|)?([^{}]*)\}-")


class Link(NamedTuple):
    """A link: where it stands, its address as written, its label, and where the address begins."""

    start: int
    end: int
    written: str
    label: str | None
    at: int
    bracketed: bool
    doubled: bool = False

    @property
    def url(self) -> str:
        """The address: character references decoded once, without what nobody sees in a host."""
        url = plain(self.written)
        if "{{" in url:
            url = url.replace("{{!}}", "|").replace("{{=}}", "=")
        return cleaned(url)


class Links:
    """The links of one masked text."""

    def __init__(self, text: str, *, language: str | None = None) -> None:
        self.text = text
        self._converts = (language or "").partition("-")[0] in _CONVERTED_LANGUAGES
        self._bracket = Next(text, "]")
        self._line_end = Next(text, "\n")

    def between(self, start: int, end: int, *, in_template: bool, limit: int | None = None) -> Iterator[Link]:
        """The links that begin in a stretch, as MediaWiki makes them; `limit` is where the region around it ends."""
        at = start
        links = _LINK[in_template]
        while found := links.search(self.text, at, end):
            at = found.end()
            if found["inner"]:
                link = self._bracketed(found, limit or end, in_template=in_template)
            else:
                link = self._free(found, in_template=in_template)
            if link:
                at = link.at + max(len(link.written), 1)
                yield link

    def _free(self, found: re.Match[str], *, in_template: bool) -> Link | None:
        colon = found.start()
        before = self.text[max(0, colon - _LONGEST_PROTOCOL - 1) : colon]
        protocol = _PROTOCOL_END.search(before)
        if protocol is None:
            return None
        start = colon - len(before) + protocol.start()
        written = self._trimmed(self.text[start : found.end()], start, in_template=in_template)
        shortest = colon - start + (3 if self.text.startswith("://", colon) else 1)
        if len(written) <= shortest:
            return None
        return Link(start, start + len(written), written, None, start, bracketed=False)

    def _bracketed(self, found: re.Match[str], end: int, *, in_template: bool) -> Link | None:
        close = self._bracket(found.end())
        written, at = found["inner"], found.start("inner")
        if close >= end or self._line_end(found.end()) < close:
            if written.startswith("//"):
                return None
            written = self._trimmed(written, at, in_template=in_template)
            return Link(at, at + len(written), written, None, at, bracketed=False) if not written.endswith("//") else None
        doubled = self.text.startswith("[[", found.start())
        if "''" in written:
            written = written[: written.index("''")]
        if "&" in written and (escape := _ESCAPED_BRACKET.search(written)):
            written = written[: escape.start()]
        if in_template and "|" in written and not doubled and not self._in_picture(at):
            written = written[: written.index("|")]
        if "{{" in written and (template := STANDING_TEMPLATE.search(written)):
            written = written[: template.start()]
        label = self.text[at + len(written) : close]
        return Link(found.start(), close + 1 + doubled, written, label, at, bracketed=True, doubled=doubled)

    def _trimmed(self, written: str, at: int, *, in_template: bool) -> str:
        """A free address without what belongs to the text around it."""
        if "{{" in written and (template := STANDING_TEMPLATE.search(written)):
            written = written[: template.start()]
        if "|" in written and (in_template or self._in_picture(at) or self._in_cell(at)):
            written = written[: written.index("|")]
        if in_template and (close := _CLOSE.search(written)):
            written = written[: close.start()]
        if self._converts and "}-" in written and "-{" in self.text[max(0, at - _LOOK_BACK) : at]:
            written = written[: written.index("}-")]
        return trimmed(written)

    def _in_picture(self, at: int) -> bool:
        """Is an address inside `[[File:...|...]]`, whose parts the pipe divides?"""
        opened = self.text.rfind("[[", max(0, at - _LOOK_BACK), at)
        return opened >= 0 and self.text.find("]]", opened, at) < 0

    def _in_cell(self, at: int) -> bool:
        """Is an address in a line of a table?"""
        line = self.text[max(self.text.rfind("\n", max(0, at - _LOOK_BACK), at) + 1, at - _LOOK_BACK) : at].lstrip(" \t:")
        return line.startswith(("|", "!", "{|"))


def cleaned(url: str) -> str:
    """An address with its character references decoded once, without what nobody sees in a host, as MediaWiki has it."""
    url = decoded(url)
    return url if url.isascii() else _HOST.sub(_seen, url, count=1) if _HOST.match(url) else url


def _seen(host: re.Match[str]) -> str:
    return _UNSEEN_IN_HOST.sub("", host[0])


def trimmed(written: str) -> str:
    """A free address without what MediaWiki leaves out at its end.

    >>> trimmed("https://x.example/a_(b)."), trimmed("https://x.example/a).")
    ('https://x.example/a_(b)', 'https://x.example/a')
    """
    if "''" in written:
        written = written[: written.index("''")]
    if "&" in written and (escape := _ESCAPED_END.search(written)):
        written = written[: escape.start()]
    ends = ",;.:!?" if "(" in written else ",;.:!?)"
    short = written.rstrip(ends + COMMENT)
    if len(short) < len(written) and written[len(short)] == ";" and _ENTITY_END.search(short):
        return short + ";"
    return short


def stripped(text: str) -> str:
    """Wikitext as a reader sees it, roughly: no templates, links as their labels, no quotes of emphasis."""
    text = plain(text)
    if not _MARKS.search(text):
        return " ".join(text.split())
    text = _LABELLED.sub(r"\1", text).replace("{{!}}", "|")
    for _ in range(_DEEPEST_SHOWN if "{{" in text else 0):
        text = _SIMPLE_TEMPLATE.sub(_shown, text)
    text = _HTML_TAG.sub(" ", _CONVERTED.sub(r"\1", text))
    return decoded(" ".join(_EMPHASIS.sub("", text).split()))


_DEEPEST_SHOWN = 4
"""Templates inside templates of one title; each level is one more walk over it."""

_WRAPPERS = frozenset({"lang", "nowrap", "small", "text", "transl", "abbr", "langue", "script"})


def _shown(found: re.Match[str]) -> str:
    """What a template in a title shows: `{{lang|fr|Titre}}` its last argument, most others nothing that can be told."""
    name, *arguments = found[0][2:-2].split("|")
    shown = [each for each in arguments if "=" not in each]
    return shown[-1] if shown and name.strip().casefold().partition("-")[0] in _WRAPPERS else ""
