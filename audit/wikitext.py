"""Wikitext: references, citations, links, maintenance tags and headings, each with its place. Pure.

Read as MediaWiki's preprocessor reads: comments and opaque tags first, then `<ref>`, templates, links. What it would not show
is not found; what it shows broken is found with a problem. Offsets are those of the text that was handed in.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from audit import templates
from audit.dates import cited_date
from audit.model import Citation, CitedDate, Place, Problem, Severity, Span, Tag
from audit.templates import COMMENT, REFERENCE, SHIELD, Template, plain

_ZS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ADDRESS = rf"[^\]\[<>\"\x00-\x20\x7f\ufffd{_ZS}{REFERENCE}]"
_HOST6 = r"(?:\[[0-9A-Fa-f:.]+\])?"
_SCHEMES = r"(?:https?|ftps?)://"
_OTHER = r"(?:mailto|news|nntp|ircs?|urn|geo|tel|magnet|gopher|sips?|xmpp):(?://)?"
_LINK = re.compile(
    rf"(?P<open>\[\[?)[ {COMMENT}]*(?P<inner>(?:{_SCHEMES}|//|{_OTHER}){_HOST6}{_ADDRESS}+)"
    rf"|(?<!\w)(?P<free>{_SCHEMES}{_HOST6}{_ADDRESS}+)",
    re.IGNORECASE,
)
"""A link in brackets up to the end of its address, or a free one. Address characters as MediaWiki has them (1.43)."""

_ESCAPED_END = re.compile(r"&(?:lt|gt|nbsp|#0*(?:60|62|160)|#x0*(?:3c|3e|a0));", re.IGNORECASE)
_WIDE = re.compile(r"[\u3001\u3002\uff08\uff09\uff0c\uff1a\uff1b\uff1f\u300c\u300d\u300e\u300f\u3010\u3011]")
_STARTS_LIKE_URL = re.compile(rf"\s*(?:{_SCHEMES}|//\w)", re.IGNORECASE)
_WHOLE_URL = re.compile(rf"\s*(?:{_SCHEMES}|//){_HOST6}{_ADDRESS}+\s*", re.IGNORECASE)

_OPENER = re.compile(
    r"<(?:!--|(?P<tag>nowiki|pre|math|chem|ce|syntaxhighlight|source|score|timeline|templatedata|graph|mapframe|maplink"
    r"|includeonly|references|ref)(?=[\s/>])|(?P<close>/references)\s*>)",
    re.IGNORECASE,
)
_REF_CLOSE = re.compile(r"</ref\s*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([^\s=/\"'<>]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_HEADING = re.compile(r"^(={1,6})([^\n]+?)\1[ \t\ufdd0]*$", re.MULTILINE)
_GAP = re.compile(rf"[ \t.,;:!?'\")\]…{COMMENT}{REFERENCE}]*")
_LONGEST_GAP = 200
"""Characters between a citation and a tag about it; more is another subject."""

_MARKS = re.compile(r"[\[{<&]|''")

MOST_PROBLEMS = 1_000
"""Problems of one text that are told one by one: a page with more is not a page."""

_LIST_PARAMETERS = frozenset({"refs", "réfs", "références", "referencias", "fontes", "kilder", "lähteet"})
_NAMELESS = frozenset({"", "0"})


class Ref(NamedTuple):
    """One `<ref>` tag or what works like one. `body` is where its text stands, None for a re-use."""

    start: int
    end: int
    body: tuple[int, int] | None
    name: str | None
    group: str | None
    listed: bool = False
    recovered: bool = False
    follows: str | None = None
    details: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """What one stretch of text cites: the body of a reference, or the page outside references."""

    citations: tuple[Citation, ...] = ()
    tags: tuple[tuple[int, int, Tag], ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One wikitext, read. `bodies` holds the region of each reference with a body, by its place in `refs`."""

    refs: tuple[Ref, ...]
    bodies: dict[int, Region]
    page: Region
    headings: tuple[tuple[int, str], ...]
    lists: frozenset[str | None]
    problems: tuple[tuple[int, Problem], ...]
    masked: str

    def section(self, at: int) -> str | None:
        """The nearest heading before a place."""
        index = bisect_right(self.headings, at, key=lambda pair: pair[0])
        return self.headings[index - 1][1] if index else None

    def body(self, ref: Ref) -> str:
        return plain(self.masked[ref.body[0] : ref.body[1]]).strip() if ref.body else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """What a reading depends on: the wiki's language, where an offset stands, and what an archive address is a copy of.

    `original` gives the address inside an archive address, "" when it does not show, None for no archive address.
    """

    place: Callable[[int, int], Span]
    original: Callable[[str], str | None]
    language: str | None = None


class _Next:
    """Where a needle occurs next. Asked from left to right it looks at each character once, however hostile the text."""

    def __init__(self, text: str, needle: str | re.Pattern[str]) -> None:
        self.text, self.needle = text, needle
        self.at = self.end = -1

    def __call__(self, start: int) -> int:
        """The place at or after `start`, the length of the text when there is none."""
        if self.at < start:
            if isinstance(self.needle, str):
                found = self.text.find(self.needle, start)
                self.at, self.end = (found, found + len(self.needle)) if found >= 0 else (len(self.text), len(self.text))
            else:
                match = self.needle.search(self.text, start)
                self.at, self.end = match.span() if match else (len(self.text), len(self.text))
        return self.at


class _Mask:
    """One walk over the text: comments and protected text replaced, `<ref>` tags noted."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces: list[str] = []
        self.last = 0
        self.refs: list[Ref] = []
        self.problems: list[tuple[int, Problem]] = []
        self.lists: set[str | None] = set()
        self.list_group: str | None = None
        self.in_list = False
        self.comment_end = _Next(text, "-->")
        self.tag_end = _Next(text, ">")
        self.ref_close = _Next(text, _REF_CLOSE)
        self.closers: dict[str, _Next] = {}

    def masked(self) -> str:
        self.walk(0, len(self.text), inside=False)
        self.pieces.append(self.text[self.last :])
        return "".join(self.pieces)

    def walk(self, at: int, end: int, *, inside: bool) -> int | None:
        """Walk a stretch; inside a reference, stop at the next `<ref` and say where it is."""
        while found := _OPENER.search(self.text, at, end):
            tag = (found["tag"] or found["close"] or "").lower()
            if tag == "ref" and inside:
                return found.start()
            at = self.step(tag, found, end)
        return None

    def step(self, tag: str, found: re.Match[str], end: int) -> int:
        """Deal with one opener; returns where to go on."""
        start = found.start()
        if not tag:
            at = min(self.comment_end(found.end()), end)
            stop = min(at + 3, end)
            self.hide(start, stop)
            return stop
        if tag == "/references":
            self.in_list = False
            return found.end()
        stop = self.tag_end(found.end())
        if stop >= end:
            return found.end()
        if tag == "ref":
            return self.ref(start, found.end(), stop, end)
        return self.references(found.end(), stop) if tag == "references" else self.opaque(tag, start, stop, end)

    def hide(self, start: int, end: int, shown: str | None = None) -> None:
        self.pieces.append(self.text[self.last : start])
        self.pieces.append(COMMENT * (end - start) if shown is None else shown)
        self.last = end

    def opaque(self, tag: str, start: int, stop: int, end: int) -> int:
        """Protected text: to the closing tag. Without one the tag is text, but `includeonly` hides the rest."""
        if self.text[stop - 1] == "/":
            return stop + 1
        closer = self.closers.get(tag)
        if closer is None:
            closer = self.closers[tag] = _Next(self.text, re.compile(rf"</{tag}\s*>", re.IGNORECASE))
        at = closer(stop + 1)
        if at >= end:
            if tag == "includeonly":
                self.hide(start, end)
                return end
            return stop + 1
        if tag == "includeonly":
            self.hide(start, closer.end)
        else:
            inner = self.text[stop + 1 : at].translate(SHIELD)
            self.hide(start, closer.end, COMMENT * (stop + 1 - start) + inner + COMMENT * (closer.end - at))
        return closer.end

    def references(self, begin: int, stop: int) -> int:
        attributes = _attributes(self.text[begin:stop])
        self.list_group = attributes.get("group") or None
        self.lists.add(self.list_group)
        self.in_list = self.text[stop - 1] != "/"
        return stop + 1

    def ref(self, start: int, begin: int, stop: int, end: int) -> int:
        """One `<ref ...>`: its first `>` ends the tag, quoted or not."""
        closed = self.text[stop - 1] == "/"
        attributes = _attributes(self.text[begin : stop - closed])
        if closed:
            self.note(start, stop + 1, None, attributes)
            return stop + 1
        close = self.ref_close(stop + 1)
        if close >= end:
            self.unclosed(start, "no closing tag follows")
            return stop + 1
        close_end = self.ref_close.end
        nested = self.walk(stop + 1, close, inside=True)
        if nested is None:
            self.note(start, close_end, (stop + 1, close), attributes)
            return close_end
        self.unclosed(start, "another reference begins before it is closed")
        self.note(start, nested, (stop + 1, nested), attributes, recovered=True)
        return nested

    def unclosed(self, at: int, why: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(
                (at, Problem(code="unclosed-reference", detail=f"a <ref> is not closed: {why}", severity=Severity.ERROR))
            )

    def note(
        self, start: int, end: int, body: tuple[int, int] | None, attributes: dict[str, str], *, recovered: bool = False
    ) -> None:
        name = _name(attributes.get("name"))
        if name and name.isdigit():
            detail = f"the name {name} is only a number: MediaWiki rejects or drops it"
            self.problems.append((start, Problem(code="numeric-reference-name", detail=detail, severity=Severity.WARNING)))
            name = None
        group = attributes.get("group") or (self.list_group if self.in_list else None)
        self.refs.append(
            Ref(
                start,
                end,
                body,
                name,
                group or None,
                self.in_list,
                recovered,
                _name(attributes.get("follow")),
                attributes.get("details"),
            )
        )


def _attributes(text: str) -> dict[str, str]:
    r"""Attributes of a tag; the last of two equal ones wins.

    >>> _attributes(' name = "a  b" group=x name=\'c\'')
    {'name': 'c', 'group': 'x'}
    """
    found: dict[str, str] = {}
    for key, double, single, bare in _ATTRIBUTE.findall(text):
        found[key.lower()] = html.unescape(" ".join((double or single or bare).split()))
    return found


def _name(value: str | None) -> str | None:
    return None if value is None or value in _NAMELESS else value


def read(text: str, *, locale: Locale) -> Reading:
    """Everything a wikitext cites."""
    if templates.strange(text):
        text = templates.ordinary(text)
    mask = _Mask(text)
    masked = mask.masked()
    refs = list(mask.refs)
    page_text = _without_refs(masked, refs)
    headings = tuple((found.start(), _heading(found[2])) for found in _HEADING.finditer(page_text))
    problems = list(mask.problems)
    page = _Reader(page_text, locale=locale, problems=problems, headings=headings)
    region = page.region(0, len(page_text), in_reference=False)
    refs = _listed([*refs, *page.footnotes], page.lists)
    refs.sort(key=lambda ref: (ref.start, -ref.end))
    lists = mask.lists | {group for *_, group in page.lists}
    bodies: dict[int, Region] = {}
    inside = _Reader(masked, locale=locale, problems=problems, headings=())
    for number, ref in enumerate(refs):
        if ref.body:
            reader = (
                inside if not _holds(ref, refs, number) else _Reader(page_text, locale=locale, problems=problems, headings=())
            )
            bodies[number] = reader.region(*ref.body, in_reference=True)
    problems.sort(key=lambda pair: pair[0])
    return Reading(
        refs=tuple(refs),
        bodies=bodies,
        page=region,
        headings=headings,
        lists=frozenset(lists),
        problems=tuple(problems),
        masked=masked,
    )


def _holds(ref: Ref, refs: list[Ref], number: int) -> bool:
    """A footnote made by a template may hold references of its own."""
    return ref.body is not None and number + 1 < len(refs) and refs[number + 1].start < ref.body[1]


def _heading(text: str) -> str:
    return " ".join(plain(text).replace("'''", "").replace("''", "").split())


def _without_refs(masked: str, refs: list[Ref]) -> str:
    pieces: list[str] = []
    last = 0
    for ref in refs:
        pieces += (masked[last : ref.start], REFERENCE * (ref.end - ref.start))
        last = ref.end
    return "".join((*pieces, masked[last:]))


def _listed(refs: list[Ref], lists: list[tuple[int, int, str | None]]) -> list[Ref]:
    """References inside a list template are definitions of its group."""
    if not lists:
        return refs
    lists = sorted(lists, key=lambda one: (one[0], one[1]))
    starts = [start for start, *_ in lists]
    found = []
    for ref in refs:
        index = bisect_right(starts, ref.start) - 1
        inside = index >= 0 and ref.start < lists[index][1]
        found.append(ref._replace(listed=True, group=ref.group or lists[index][2]) if inside else ref)
    return found


class _Reader:
    """Reads regions of one masked text from left to right."""

    def __init__(
        self, text: str, *, locale: Locale, problems: list[tuple[int, Problem]], headings: tuple[tuple[int, str], ...]
    ) -> None:
        self.text = text
        self.locale = locale
        self.problems = problems
        self.headings = headings
        self.footnotes: list[Ref] = []
        self.lists: list[tuple[int, int, str | None]] = []
        self.codes = templates.tag_codes(locale.language)
        self.archives = templates.archive_templates(locale.language)
        self.links = templates.link_templates(locale.language)
        self.statuses = templates.status_words(locale.language)
        self.bracket = _Next(text, "]")
        self.line_end = _Next(text, "\n")

    def problem(self, at: int, code: str, detail: str, severity: Severity = Severity.WARNING) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append((at, Problem(code=code, detail=detail, severity=severity)))

    def region(self, start: int, end: int, *, in_reference: bool) -> Region:
        """The citations and tags of a stretch, in order of reading."""
        found, deep = templates.templates(self.text, start=start, end=end)
        if deep:
            self.problem(
                start, "nesting-too-deep", f"templates nested deeper than {templates.DEEPEST} were not read", Severity.NOTE
            )
        claimed: list[tuple[int, int]] = []
        pieces: list[tuple[int, int, tuple[Citation, ...] | Tag | str]] = []
        reach = start
        for template in found:
            if template.start >= reach and (what := self.meaning(template, in_reference=in_reference)) is not None:
                claimed.append((template.start, template.end))
                pieces.append((template.start, template.end, what))
                reach = template.end
        boxes = _outermost(found)
        pieces += self.free(start, end, claimed, boxes, in_reference=in_reference)
        pieces.sort(key=lambda piece: piece[0])
        return self.joined(pieces, start, end, in_reference=in_reference)

    def meaning(self, template: Template, *, in_reference: bool) -> tuple[Citation, ...] | Tag | str | None:
        """What a template is: citations, a tag, nothing of interest ("") or something to look inside (None)."""
        name = template.name.casefold()
        if name in templates.citation_templates():
            return self.cited(template, name, in_reference=in_reference)
        if name in self.archives:
            return self.archived(template, self.archives[name], in_reference=in_reference)
        if name in self.links:
            return self.linked(template, self.links[name], in_reference=in_reference)
        if name in self.codes:
            return self.tagged(template, self.codes[name])
        if in_reference:
            return self.unknown(template, name)
        return self.noted(template, name)

    def noted(self, template: Template, name: str) -> str | None:
        """Outside references: footnotes, re-uses by template, and lists of definitions."""
        if name == "#tag" or name in templates.FOOTNOTES:
            return self.footnote(template, name)
        if name in templates.REUSES:
            group = template.values().get("group") or template.values().get("grp")
            self.footnotes += [
                Ref(template.start, template.end, None, each.value.strip(), group)
                for each in template.parameters
                if each.positional and each.value.strip()
            ]
            return ""
        for each in template.parameters:
            if each.key in _LIST_PARAMETERS:
                self.lists.append((each.start, each.end, template.values().get("group")))
        if "reflist" in name or "references" in name or name in templates.section_kinds():
            values = template.values()
            self.lists.append((template.start, template.start, values.get("group") or values.get("1")))
        return None

    def footnote(self, template: Template, name: str) -> str:
        """`{{#tag:ref|body|name=}}`, `{{refn|body}}`, `{{efn|body}}`."""
        values = template.values()
        is_tag = name == "#tag"
        body = next((each for each in template.parameters if each.positional and each.key == "1"), None)
        if is_tag and values.get("0", "").strip().lower() != "ref":
            return ""
        group = values.get("group") or ({"efn": "lower-alpha", "efn-ua": "upper-alpha", "efn-lr": "lower-roman"}.get(name))
        if name.startswith("notetag"):
            group = values.get("group") or "note"
        where = (body.start, body.end) if body and body.value.strip() else None
        self.footnotes.append(Ref(template.start, template.end, where, _name(values.get("name")), group))
        return ""

    def cited(self, template: Template, name: str, *, in_reference: bool) -> tuple[Citation, ...]:
        return tuple(_citations(template, name, self, place=self.place_of(template.start, in_reference=in_reference)))

    def place_of(self, at: int, *, in_reference: bool) -> Place:
        if in_reference:
            return Place.REFERENCE
        index = bisect_right(self.headings, at, key=lambda pair: pair[0])
        kind = templates.section_kinds().get(self.headings[index - 1][1].casefold()) if index else None
        return {"references": Place.GENERAL, "links": Place.EXTERNAL_LINK}.get(kind or "", Place.INLINE)

    def unknown(self, template: Template, name: str) -> tuple[Citation, ...] | None:
        """Inside a reference, a template of any name with an address in a parameter is a citation, in whatever language."""
        if name == "#tag" or not any(
            _STARTS_LIKE_URL.match(each.value) or _STARTS_LIKE_URL.match(each.key) for each in template.parameters
        ):
            return None
        return tuple(_citations(template, name, self, place=Place.REFERENCE)) or None

    def archived(self, template: Template, roles: object, *, in_reference: bool) -> tuple[Citation, ...]:
        """An archive template: the copy itself, or the original with a timestamp."""
        values = template.values()
        named = roles if isinstance(roles, dict) else {}
        written = (values.get(named.get("url", "url")) or values.get("url") or values.get("1") or "").strip()
        stamps = named.get("timestamp", ())
        stamp = next((values[key] for key in ([stamps] if isinstance(stamps, str) else stamps) if key in values), "")
        if not written:
            return ()
        copy = written if self.locale.original(written) is not None else None
        if copy is None and stamp.strip().isdigit():
            copy = f"https://web.archive.org/web/{stamp.strip()}/{written}"
        when = values.get(named.get("date", "date"))
        span = self.locale.place(template.start, template.end)
        return (
            Citation(
                position=0,
                url=written if copy != written else (self.locale.original(written) or written),
                template=template.name,
                title=_title(values.get(named.get("title", "title"))),
                archive_url=copy,
                archive_date=self.date(when) if when else None,
                parameters=_written(template),
                place=self.place_of(template.start, in_reference=in_reference),
                line=span.line,
                column=span.column,
                span=span,
            ),
        )

    def linked(self, template: Template, roles: object, *, in_reference: bool) -> tuple[Citation, ...] | str:
        """A template that is one link, such as `{{URL|...}}`."""
        values = _repaired(template, self)
        named = roles if isinstance(roles, dict) else {}
        written = (values.get(named.get("url", "1")) or values.get("url") or "").strip()
        if not written or "{{" in written:
            return ""
        span = self.locale.place(template.start, template.end)
        place = self.place_of(template.start, in_reference=in_reference)
        citation = Citation(
            position=0,
            url=written,
            template=template.name,
            title=_title(values.get(str(named.get("title") or named.get("text") or "title"))),
            parameters=_written(template),
            place=Place.INFOBOX if place is Place.INLINE and not self._under_heading(template.start) else place,
            line=span.line,
            column=span.column,
            span=span,
        )
        return (citation,)

    def _under_heading(self, at: int) -> bool:
        return bool(self.headings) and self.headings[0][0] < at

    def tagged(self, template: Template, code: str) -> Tag:
        span = self.locale.place(template.start, template.end)
        return Tag(code=code, name=template.name, parameters=_written(template), line=span.line)

    def date(self, text: str | None) -> CitedDate | None:
        return cited_date(text.strip(), language=self.locale.language) if text and text.strip() else None

    def free(
        self, start: int, end: int, claimed: list[tuple[int, int]], boxes: "Boxes", *, in_reference: bool
    ) -> Iterator[tuple[int, int, tuple[Citation, ...]]]:
        """Links outside the templates that were understood."""
        begins = [begin for begin, _ in claimed]
        reach = 0
        for link in self.addresses(start, end, boxes):
            if link.start < reach:
                continue
            index = bisect_right(begins, link.start)
            if index and link.start < claimed[index - 1][1]:
                continue
            reach = link.end
            yield link.start, link.end, (self.of_link(link, boxes, in_reference=in_reference),)

    def addresses(self, start: int, end: int, boxes: "Boxes | None" = None) -> Iterator["Link"]:
        """The links of a stretch as MediaWiki makes them."""
        if self.text.find("//", start, end) < 0 and self.text.find(":", start, end) < 0:
            return
        for found in _LINK.finditer(self.text, start, end):
            if found["free"]:
                in_template = boxes is None or _inside(boxes, found.start())
                written = _trimmed(found["free"], in_template=in_template)
                if "://" in written and not written.endswith("://"):
                    yield Link(found.start(), found.start() + len(written), written, None, found.start("free"), bracketed=False)
            elif link := self.bracketed(found, end):
                yield link

    def bracketed(self, found: re.Match[str], end: int) -> "Link | None":
        close = self.bracket(found.end())
        written = found["inner"]
        at = found.start("inner")
        if found["open"] == "[[":
            written = written.partition("|")[0]
            stop = min(close + 2, end) if close < end else at + len(written)
            return Link(found.start(), stop, written, None, at, bracketed=True, doubled=True)
        if "''" in written:
            written = written[: written.index("''")]
        if close >= end or self.line_end(found.end()) < close:
            return (
                Link(at, at + len(written), _trimmed(written, in_template=True), None, at, bracketed=False)
                if "://" in written
                else None
            )
        return Link(found.start(), close + 1, written, self.text[at + len(written) : close], at, bracketed=True)

    def of_link(self, link: "Link", boxes: "Boxes", *, in_reference: bool) -> Citation:
        place = self.place_of(link.start, in_reference=in_reference)
        if place is Place.INLINE and _inside(boxes, link.start) and not self._under_heading(link.start):
            place = Place.INFOBOX
        return self.link_citation(link, place=place)

    def link_citation(self, link: "Link", *, place: Place, detail: str | None = None) -> Citation:
        """The citation that a link makes by itself."""
        if link.doubled:
            self.problem(link.start, "malformed-url", "an address stands in double brackets; single ones make a link")
        elif not link.bracketed and (wide := _WIDE.search(link.written)):
            cut = link.written[: wide.start()]
            self.problem(
                link.start, "malformed-url", f"full-width punctuation is read as part of the address; meant is perhaps {cut}"
            )
        span = self.locale.place(link.start, link.end)
        title = _title(link.label)
        return Citation(
            position=0,
            url=html.unescape(plain(link.written)),
            title=title,
            bare=title is None,
            place=place,
            place_detail=detail,
            line=span.line,
            column=span.column,
            span=span,
            url_span=self.locale.place(link.at, link.at + len(link.written)),
        )

    def joined(
        self, pieces: list[tuple[int, int, tuple[Citation, ...] | Tag | str]], start: int, end: int, *, in_reference: bool
    ) -> Region:
        """Archive templates and tags joined to the citation they stand behind."""
        citations: list[Citation] = []
        tags: list[tuple[int, int, Tag]] = []
        reach = start
        for begin, stop, what in pieces:
            if isinstance(what, Tag):
                if citations and (in_reference or _adjoins(self.text, reach, begin)):
                    citations[-1] = replace(citations[-1], tags=(*citations[-1].tags, what))
                    reach = stop
                else:
                    tags.append((begin, stop, what))
            elif isinstance(what, tuple) and what:
                near = in_reference or _adjoins(self.text, reach, begin)
                if not (near and citations and self.supports(what[0], citations)):
                    citations += what
                reach = stop
        text = self.prose(pieces, start, end) if in_reference else ""
        if in_reference and text:
            citations = [replace(one, bare=False, text=text) for one in citations]
        return Region(citations=tuple(citations), tags=tuple(tags), text=text)

    def supports(self, copy: Citation, citations: list[Citation]) -> bool:
        """Is this an archive copy of the citation before it? Then it is joined to that."""
        at = next((index for index in reversed(range(len(citations))) if citations[index].place is not Place.PARAMETER), None)
        if at is None or citations[at].archive_url:
            return False
        former = citations[at]
        if copy.template and copy.archive_url:
            joined = replace(former, archive_url=copy.archive_url, archive_date=copy.archive_date)
        elif copy.template is None and copy.url and former.url and _same(self.locale.original(copy.url), former.url):
            joined = replace(former, archive_url=copy.url)
        else:
            return False
        citations[at] = joined
        return True

    def prose(self, pieces: list[tuple[int, int, tuple[Citation, ...] | Tag | str]], start: int, end: int) -> str:
        """The words of a reference around its templates and links."""
        words, last = [], start
        for begin, stop, _ in pieces:
            words.append(self.text[last:begin])
            last = max(last, stop)
        text = stripped("".join((*words, self.text[last:end])))
        return text if any(char.isalnum() for char in text) else ""


class Link(NamedTuple):
    """A link: where it stands, its address as written, its label, and where the address begins."""

    start: int
    end: int
    written: str
    label: str | None
    at: int
    bracketed: bool
    doubled: bool = False


class Boxes(NamedTuple):
    """The outermost templates of a stretch, in order: where they begin and where they end."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]


def _outermost(found: list[Template]) -> Boxes:
    starts: list[int] = []
    ends: list[int] = []
    for one in found:
        if not ends or one.start >= ends[-1]:
            starts.append(one.start)
            ends.append(one.end)
    return Boxes(tuple(starts), tuple(ends))


def _inside(boxes: Boxes, at: int) -> bool:
    index = bisect_right(boxes.starts, at) - 1
    return index >= 0 and boxes.starts[index] < at < boxes.ends[index]


def _adjoins(text: str, reach: int, begin: int) -> bool:
    return begin - reach <= _LONGEST_GAP and _GAP.fullmatch(text, reach, begin) is not None


def _same(first: str | None, second: str) -> bool:
    def folded(url: str) -> str:
        return re.sub(r"^(?:https?:)?//(?:www\.)?", "", url, flags=re.IGNORECASE).rstrip("/").casefold()

    return bool(first) and folded(first or "") == folded(second)


def _trimmed(written: str, *, in_template: bool) -> str:
    """A free address without what MediaWiki leaves out at its end.

    >>> _trimmed("https://x.example/a_(b).", in_template=False), _trimmed("https://x.example/a).", in_template=False)
    ('https://x.example/a_(b)', 'https://x.example/a')
    """
    if "''" in written:
        written = written[: written.index("''")]
    if "&" in written and (escape := _ESCAPED_END.search(written)):
        written = written[: escape.start()]
    if in_template:
        written = written.split("|", 1)[0].split("}}", 1)[0]
    ends = ",;.:!?" if "(" in written else ",;.:!?)"
    short = written.rstrip(ends + COMMENT)
    if len(short) < len(written) and written[len(short)] == ";" and re.search(r"&(?:\w+|#\d+|#x[0-9a-fA-F]+)$", short):
        return short + ";"
    return short


def stripped(text: str) -> str:
    """Wikitext as a reader sees it, roughly: no templates, links as their labels, no quotes of emphasis."""
    text = plain(text)
    if not _MARKS.search(text):
        return " ".join(text.split())
    text = re.sub(r"\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]", r"\1", text)
    text = re.sub(r"\{\{!\}\}", "|", text)
    text = re.sub(r"\{\{[^{}]*\}\}", "", text)
    text = re.sub(r"<[^<>]{0,200}>", " ", text)
    return html.unescape(" ".join(re.sub(r"'{2,5}", "", text).split()))


def _title(value: str | None) -> str | None:
    return (stripped(value) or None) if value else None


def _written(template: Template) -> tuple[tuple[str, str], ...]:
    return tuple((each.key, each.value) for each in template.parameters)


def _repaired(template: Template, reader: _Reader) -> dict[str, str]:
    """The values by key; an address that lost its head to the first `=` gets it back."""
    values: dict[str, str] = {}
    number = 0
    seen: set[str] = set()
    for each in template.parameters:
        number += each.positional
        if not each.positional and _STARTS_LIKE_URL.match(each.key):
            number += 1
            values[str(number)] = f"{each.key}={each.value}"
            reader.problem(
                each.start,
                "malformed-url",
                f"the `=` in the address {each.key}=... makes it a parameter name; write 1= before it",
            )
            continue
        key = each.key if not each.positional or each.key == "0" else str(number)
        if key in seen:
            reader.problem(
                each.start, "duplicate-parameter", f"{template.name}: {key} is given twice; the last one counts", Severity.NOTE
            )
        seen.add(key)
        if each.value.strip():
            values[key] = each.value
        else:
            values.pop(key, None)
    return values


@dataclass(slots=True)
class _Filled:
    """The fields of one citation template, filled from its parameters: the best-ranked name of a field wins."""

    best: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    authors: list[tuple[str, int, str]] = field(default_factory=list)
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)

    def get(self, name: str) -> str | None:
        found = self.best.get(name)
        return found[1].strip() if found else None


_NEVER_LINKS = frozenset({"url", "archive_url", "title", "quote_language"})


def _filled(values: dict[str, str], name: str, language: str | None) -> _Filled:
    known = templates.fields(name, language)
    filled = _Filled()
    for key, value in values.items():
        found = templates.field_of(key, known)
        if found is None:
            folded = key.casefold()
            if folded in templates.IDENTIFIERS:
                filled.identifiers.append((folded, value.strip()))
            filled.rest.append(key)
            continue
        meaning, rank = found
        if meaning == "authors":
            digits = re.search(r"\d+", key)
            filled.authors.append((digits[0] if digits else "1", rank, value.strip()))
        elif meaning not in filled.best or rank < filled.best[meaning][0]:
            filled.best[meaning] = (rank, value, key)
        if meaning not in _NEVER_LINKS:
            filled.rest.append(key)
    return filled


def _authors(filled: _Filled) -> tuple[str, ...]:
    """Names in order of their numbers; family and given name of one number joined."""
    people: dict[str, list[tuple[int, str]]] = {}
    for number, rank, value in filled.authors:
        people.setdefault(number, []).append((rank, value))
    return tuple(", ".join(value for _, value in sorted(people[number])) for number in sorted(people, key=int))


def _citations(template: Template, name: str, reader: _Reader, *, place: Place) -> Iterator[Citation]:
    """The citation of a template, and one more for each further address in it."""
    values = _repaired(template, reader)
    language = reader.locale.language
    filled = _filled(values, name, language)
    url, url_key = _url(values, filled, template, reader, name)
    archive = filled.get("archive_url")
    if archive is None and url is None:
        archive = next((value.strip() for value in values.values() if _is_archive(value, reader)), None)
    status = filled.get("url_status")
    span = reader.locale.place(template.start, template.end)
    spans = {each.key: each for each in template.parameters}
    at = spans.get(url_key or "")
    yield Citation(
        position=0,
        url=url,
        template=template.name,
        title=_title(filled.get("title")),
        publisher=_title(filled.get("publisher")),
        work=_title(filled.get("work")),
        authors=tuple(stripped(author) for author in _authors(filled)),
        language=filled.get("language"),
        quote=_title(filled.get("quote")),
        archive_url=archive,
        archive_date=reader.date(filled.get("archive_date")),
        access_date=reader.date(filled.get("access_date")),
        published_date=reader.date(filled.get("published_date")),
        url_status=reader.statuses.get(status.casefold(), status) if status else None,
        identifiers=tuple(filled.identifiers),
        parameters=_written(template),
        place=place,
        line=span.line,
        column=span.column,
        span=span,
        url_span=reader.locale.place(at.start, at.end) if at and url else None,
    )
    for key in filled.rest:
        if key in spans and key != url_key and ("//" in values[key]):
            yield from _further(spans[key], reader, known=archive)


def _further(parameter: templates.Parameter, reader: _Reader, *, known: str | None) -> Iterator[Citation]:
    for link in reader.addresses(parameter.start, parameter.end):
        if link.written != known:
            yield reader.link_citation(link, place=Place.PARAMETER, detail=parameter.key)


def _is_archive(value: str, reader: _Reader) -> bool:
    return bool(_WHOLE_URL.fullmatch(value)) and reader.locale.original(value.strip()) is not None


_LOOKS_LIKE_ADDRESS = ("url", "link", "www", "address", "adres", "osoite")


def _url(
    values: dict[str, str], filled: _Filled, template: Template, reader: _Reader, name: str
) -> tuple[str | None, str | None]:
    """The address as written and the parameter it stands in."""
    if "url" in filled.best:
        _, value, key = filled.best["url"]
        return _address(value, template, reader), key
    if name in templates.citation_templates() and filled.best:
        return None, None
    able = [key for key, value in values.items() if _STARTS_LIKE_URL.match(value) and not _is_archive(value, reader)]
    able = [key for key in able if filled.best.get("archive_url", (0, "", ""))[2] != key]
    able.sort(key=lambda key: not any(word in key.casefold() for word in _LOOKS_LIKE_ADDRESS))
    return (_address(values[able[0]], template, reader), able[0]) if able else (None, None)


def _address(value: str, template: Template, reader: _Reader) -> str | None:
    """The address in a parameter as written; None, with a problem, when a template makes it."""
    value = value.replace("{{!}}", "|").replace("{{=}}", "=").strip()
    if "{{" in value:
        reader.problem(template.start, "url-is-template", f"the address is made by a template: {value[:120]}")
        return None
    if value.startswith("["):
        reader.problem(template.start, "malformed-url", f"the address parameter holds a whole link: {value[:120]}")
        found = _LINK.match(value)
        return found["inner"] if found and found["inner"] else value
    if any(char.isspace() for char in value):
        reader.problem(template.start, "malformed-url", f"white space in the address {value[:120]}")
    return html.unescape(value) or None


def chained(readings: list[tuple[int, Reading]]) -> Reading:
    """Several texts as one, each with the offset at which it begins; what is open in one does not reach into the next."""
    refs: list[Ref] = []
    bodies: dict[int, Region] = {}
    masked = ""
    for begin, one in readings:
        masked = masked.ljust(begin, "\n") + one.masked
        bodies |= {len(refs) + number: region for number, region in one.bodies.items()}
        refs += (
            ref._replace(
                start=ref.start + begin,
                end=ref.end + begin,
                body=(ref.body[0] + begin, ref.body[1] + begin) if ref.body else None,
            )
            for ref in one.refs
        )
    return Reading(
        refs=tuple(refs),
        bodies=bodies,
        page=Region(
            citations=tuple(citation for _, one in readings for citation in one.page.citations),
            tags=tuple((start + begin, end + begin, tag) for begin, one in readings for start, end, tag in one.page.tags),
        ),
        headings=tuple((at + begin, heading) for begin, one in readings for at, heading in one.headings),
        lists=frozenset(name for _, one in readings for name in one.lists),
        problems=tuple((at + begin, problem) for begin, one in readings for at, problem in one.problems),
        masked=masked,
    )
