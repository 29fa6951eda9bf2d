"""Wikitext: references, citations, links, maintenance tags and headings, each with its place. Pure.

Read as MediaWiki's preprocessor reads: comments and opaque tags first, then `<ref>`, templates, links. What it would not show
is not found; what it shows broken is found with a problem. Offsets are those of the text that was handed in.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from audit import citations as citing, shortened, templates
from audit.citations import Locale, Source, title, written
from audit.links import STARTS_LIKE_URL, WIDE, Link, Links, stripped
from audit.model import Citation, Place, Problem, Severity, Tag
from audit.shortened import Short
from audit.tags import MOST_REFERENCES, Listing, Problems, Ref, Scanner, named
from audit.templates import COMMENT, REFERENCE, Template, plain

__all__ = ["Listing", "Locale", "Reading", "Ref", "Region", "chained", "read", "stripped"]

MOST_CHARACTERS = 8 * 1024 * 1024
"""A page of Wikipedia holds 2 MiB at most (2026); of a longer text the first part is read."""

MOST_CITATIONS = 20_000
"""Citations of one text: the longest lists of Wikipedia hold some thousands (2026)."""

_HEADING = re.compile(r"^(={1,6})([^\n]+?)\1[ \t\ufdd0]*$", re.MULTILINE)
_GAP = re.compile(rf"[ \t.,;:!?'\")\]…{COMMENT}{REFERENCE}]*")
_LONGEST_GAP = 200
"""Characters between a citation and a tag about it; more is another subject."""

_LETTER_GROUPS = {"efn": "lower-alpha", "efn-ua": "upper-alpha", "efn-lr": "lower-roman"}
_LETTER_LISTS = {"notelist": "lower-alpha", "notelist-ua": "upper-alpha", "notelist-lr": "lower-roman"}
_NOTE_LISTS = frozenset({"notefoot", "notes"})

Piece = tuple[int, int, "tuple[Citation, ...] | Tag | Short | str"]
"""A stretch of a region and what it is; "" is nothing of interest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """What one stretch of text cites: the body of a reference, or the page outside references."""

    citations: tuple[Citation, ...] = ()
    tags: tuple[tuple[int, int, Tag], ...] = ()
    text: str = ""
    shorts: tuple[Short, ...] = ()


NOTHING = Region()


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
    listings: tuple[Listing, ...] = ()

    def section(self, at: int) -> str | None:
        """The nearest heading before a place."""
        index = bisect_right(self.headings, at, key=lambda pair: pair[0])
        return self.headings[index - 1][1] if index else None

    def body(self, ref: Ref) -> str:
        return plain(self.masked[ref.body[0] : ref.body[1]]).strip() if ref.body else ""


def read(text: str, *, locale: Locale) -> Reading:
    """Everything a wikitext cites."""
    problems = Problems()
    if len(text) > MOST_CHARACTERS:
        problems.note(
            MOST_CHARACTERS, "source-truncated", f"only the first {MOST_CHARACTERS} characters were read", Severity.NOTE
        )
        text = text[:MOST_CHARACTERS]
    if templates.strange(text):
        text = templates.ordinary(text)
    scanner = Scanner(text, problems=problems)
    page_text = _without_refs(scanner.masked, scanner.refs)
    headings = tuple((found.start(), _heading(found[2])) for found in _HEADING.finditer(page_text)) if "=" in page_text else ()
    page = _Reader(page_text, locale=locale, problems=problems, headings=headings)
    region = page.region(0, len(page_text), in_reference=False)
    listings = sorted([*scanner.listings, *page.listings])
    refs = _hidden(_listed([*scanner.refs, *page.footnotes], page.lists), page.unseen)
    refs.sort(key=lambda ref: (ref.start, -ref.end))
    bodies = _bodies(refs, scanner.masked, page, locale=locale, problems=problems)
    if page.shorts or any(each.shorts for each in bodies.values()):
        _resolve(refs, bodies, region, page, problems=problems)
    problems.found.sort(key=lambda pair: pair[0])
    return Reading(
        refs=tuple(refs),
        bodies=bodies,
        page=region,
        headings=headings,
        lists=frozenset({each.group for each in listings} | {group for *_, group in page.lists}),
        problems=tuple(problems.found),
        masked=scanner.masked,
        listings=tuple(listings),
    )


def _heading(text: str) -> str:
    return " ".join(plain(text).replace("'''", "").replace("''", "").split())


def _without_refs(masked: str, refs: list[Ref]) -> str:
    pieces: list[str] = []
    last = 0
    for ref in refs:
        pieces += (masked[last : ref.start], REFERENCE * (ref.end - ref.start))
        last = ref.end
    return "".join((*pieces, masked[last:]))


def _bodies(refs: list[Ref], masked: str, page: "_Reader", *, locale: Locale, problems: Problems) -> dict[int, Region]:
    """What each reference with a text cites. A footnote made by a template may hold references of its own."""
    inside = _Reader(masked, locale=locale, problems=problems, headings=())
    around = _Reader(page.text, locale=locale, problems=problems, headings=())
    bodies: dict[int, Region] = {}
    for number, ref in enumerate(refs):
        if not ref.body or (ref.template and ref.template == ref.name):
            continue
        holds = number + 1 < len(refs) and refs[number + 1].start < ref.body[1]
        reader = around if holds else inside
        reader.source.position = inside.source.position
        bodies[number] = reader.region(*ref.body, in_reference=True)
        inside.source.position = reader.source.position
    return bodies


def _listed(refs: list[Ref], lists: list[tuple[int, int, str | None]]) -> list[Ref]:
    """References inside a list template are definitions of its group."""
    lists = sorted((one for one in lists if one[0] < one[1]), key=lambda one: (one[0], one[1]))
    if not lists:
        return refs
    starts = [start for start, *_ in lists]
    found = []
    for ref in refs:
        index = bisect_right(starts, ref.start) - 1
        inside = index >= 0 and ref.start < lists[index][1]
        found.append(ref._replace(listed=True, group=ref.group or lists[index][2]) if inside else ref)
    return found


GIVEN_AGAIN = "it stands in a parameter that is given again later"


def _hidden(refs: list[Ref], unseen: list[tuple[int, int]]) -> list[Ref]:
    """References in the earlier value of a parameter that is given twice: MediaWiki never looks at it."""
    if not unseen:
        return refs
    unseen = sorted(unseen)
    starts = [start for start, _ in unseen]
    reach = 0
    reaches = [reach := max(reach, end) for _, end in unseen]
    found = []
    for ref in refs:
        index = bisect_right(starts, ref.start) - 1
        hidden = index >= 0 and ref.start < reaches[index]
        found.append(ref._replace(hidden=GIVEN_AGAIN) if hidden else ref)
    return found


# ---- short citations


def _resolve(refs: list[Ref], bodies: dict[int, Region], region: Region, page: "_Reader", *, problems: Problems) -> None:
    """What short citations point to. One that makes a reference of its own makes it cite that entry."""
    language = page.locale.language
    everything = (*region.citations, *(citation for body in bodies.values() for citation in body.citations))
    known = shortened.entries(everything, language=language)
    wrapped = {anchor for one in page.wrapped for anchor in shortened.anchors(written(one), template=one.name, language=language)}
    for number, ref in enumerate(refs):
        own = page.shorts.get(ref.start) if ref.template else None
        shorts = (own,) if own else bodies[number].shorts if number in bodies else ()
        if not shorts:
            continue
        targets = [known[anchor] for each in shorts for anchor in each.anchors if anchor in known]
        cited = tuple(_pointing(each, shorts[0], page.locale) for each in targets)
        former = bodies.get(number, NOTHING)
        bodies[number] = replace(former, citations=(*former.citations, *cited), text=former.text or shorts[0].text)
    for each in (*page.shorts.values(), *(one for body in bodies.values() for one in body.shorts)):
        for anchor in each.anchors:
            if anchor not in known and anchor not in wrapped:
                said = f"{{{{{each.template}}}}} points to {anchor.removeprefix('CITEREF')[:120]}, and no entry is called so"
                problems.note(each.start, "broken-short-citation", said)


def _pointing(target: Citation, short: Short, locale: Locale) -> Citation:
    """The entry as a short citation cites it: what is wrong with the entry is told there, once."""
    span = locale.place(short.start, short.end)
    return replace(
        target,
        template=None,
        parameters=(),
        tags=(),
        text=short.text,
        bare=False,
        place=Place.REFERENCE,
        line=span.line,
        column=span.column,
        span=span,
        url_span=None,
    )


# ---- one region after another


class _Reader:
    """Reads regions of one masked text from left to right."""

    def __init__(self, text: str, *, locale: Locale, problems: Problems, headings: tuple[tuple[int, str], ...]) -> None:
        self.text = text
        self.locale = locale
        self.problems = problems
        self.headings = headings
        self.source = Source(links=Links(text, language=locale.language), locale=locale, problems=problems)
        self.footnotes: list[Ref] = []
        self.lists: list[tuple[int, int, str | None]] = []
        self.listings: list[Listing] = []
        self.unseen: list[tuple[int, int]] = []
        self.shorts: dict[int, Short] = {}
        self.wrapped: list[Template] = []
        self._short_names: set[str] = set()
        self._known = templates.citation_templates()
        self._codes = templates.tag_codes(locale.language)
        self._archives = templates.archive_templates(locale.language)
        self._link_templates = templates.link_templates(locale.language)
        self._first_heading = headings[0][0] if headings else len(text)

    def region(self, start: int, end: int, *, in_reference: bool) -> Region:
        """The citations and tags of a stretch, in order of reading."""
        found, deep = templates.templates(self.text, start=start, end=end)
        if deep:
            said = f"templates nested deeper than {templates.DEEPEST} were not read"
            self.problems.note(start, "nesting-too-deep", said, Severity.NOTE)
        first = self.source.position
        pieces, claimed = self._pieces(found, start, in_reference=in_reference)
        pieces += self._free(_stretches(found, claimed, start, end), end, in_reference=in_reference)
        if not pieces:
            text = stripped(self.text[start:end]) if in_reference else ""
            return Region(text=text) if any(char.isalnum() for char in text) else NOTHING
        if len(pieces) > 1:
            pieces.sort(key=lambda piece: piece[0])
        return self._joined(pieces, start, end, first=first, in_reference=in_reference)

    def _pieces(self, found: list[Template], start: int, *, in_reference: bool) -> tuple[list[Piece], list[Template]]:
        """What the templates of a region mean, outer ones before inner ones; those that were understood whole."""
        pieces: list[Piece] = []
        claimed: list[Template] = []
        reach = start
        for template in found:
            if self.source.position >= MOST_CITATIONS:
                self.problems.note(
                    template.start, "source-truncated", f"citations after the first {MOST_CITATIONS} were not read"
                )
                break
            if not in_reference:
                self._repeated(template)
                if template.start < reach and template.name.casefold() in _NOTED:
                    self._noted(template, template.name.casefold())
            if template.start >= reach and (what := self._meaning(template, in_reference=in_reference)) is not None:
                claimed.append(template)
                pieces.append((template.start, template.end, what))
                reach = template.end
        return pieces, claimed

    def _repeated(self, template: Template) -> None:
        """Of a parameter that is given twice MediaWiki reads the last value only."""
        if len(template.parameters) < 2 or template.name.startswith("#"):
            return
        last: dict[str, tuple[int, int]] = {}
        for each in template.parameters:
            if each.key in last:
                self.unseen.append(last[each.key])
            last[each.key] = (each.start, each.end)

    def _meaning(  # noqa: PLR0911 - one kind of template after the other
        self, template: Template, *, in_reference: bool
    ) -> "tuple[Citation, ...] | Tag | Short | str | None":
        """What a template is: citations, a tag, nothing of interest ("") or something to look inside (None)."""
        name = template.name.casefold()
        if name in self._known:
            return tuple(citing.of_template(template, name, self.source, place=self._place(template.start, in_reference)))
        if name in self._archives:
            return self._archived(template, self._archives[name], in_reference=in_reference)
        if name in self._link_templates:
            return self._linked(template, self._link_templates[name], in_reference=in_reference)
        if name in self._codes:
            return self._tagged(template, self._codes[name])
        if (name in templates.SHORT_CITATIONS or name in templates.HARVARD) and len(self.footnotes) < MOST_REFERENCES:
            return self._shortened(template, name, in_reference=in_reference)
        if name in templates.IDENTIFIERS and (known := self._identified(template, name, in_reference=in_reference)):
            return known
        return self._unknown(template, name) if in_reference else self._noted(template, name)

    def _noted(self, template: Template, name: str) -> str | None:
        """Outside references: footnotes, re-uses by template, and lists of definitions."""
        if len(self.footnotes) >= MOST_REFERENCES:
            return ""
        if name == "#tag":
            return self._tag_function(template)
        if name in templates.FOOTNOTES:
            return self._footnote(template, name)
        if name in templates.REUSES:
            group = template.values().get("group") or template.values().get("grp")
            self.footnotes += [
                Ref(template.start, template.end, None, each.value.strip(), group, template=template.name)
                for each in template.parameters
                if each.positional and each.value.strip()
            ]
            return ""
        self._list_template(template, name)
        if any(each.key in _ENTRY_KEYS for each in template.parameters):
            self.wrapped.append(template)
        return None

    def _list_template(self, template: Template, name: str) -> None:
        held = [each for each in template.parameters if each.key.casefold() in templates.list_parameters()]
        if not held and name not in templates.list_templates() and "reflist" not in name and "references" not in name:
            return
        values = template.values()
        group = (values.get("group") or values.get("grup") or values.get("gruppe") or "").strip() or _LETTER_LISTS.get(name)
        if group is None and name in _NOTE_LISTS:
            group = "note"
        self.lists.append((template.start, template.start, group))
        self.lists += ((each.start, each.end, group) for each in held)

    def _tag_function(self, template: Template) -> str | None:
        values = template.values()
        kind = values.get("0", "").strip().lower()
        group = (values.get("group") or "").strip() or None
        body = self._function_body(template)
        if kind == "references":
            if body:
                self.lists.append((*body, group))
            self.listings.append(Listing(template.end, group))
            return None
        if kind != "ref":
            return None
        self.footnotes.append(Ref(template.start, template.end, body, named(_attribute(values.get("name"))), group))
        return ""

    def _function_body(self, template: Template) -> tuple[int, int] | None:
        """The first argument of a parser function: an equals sign in it means nothing."""
        if len(template.parameters) < 2:
            return None
        begin, end = self.text.find("|", template.start, template.end) + 1, template.parameters[1].end
        return (begin, end) if begin and self.text[begin:end].strip() else None

    def _footnote(self, template: Template, name: str) -> str:
        """`{{refn|body}}`, `{{efn|body}}`, `{{notetag|body}}`."""
        values = template.values()
        body = next((each for each in template.parameters if each.key in {"1", "text"}), None)
        group = (
            (values.get("group") or "").strip() or _LETTER_GROUPS.get(name) or ("note" if name.startswith("notetag") else None)
        )
        where = (body.start, body.end) if body and body.value.strip() else None
        called = named(_attribute(values.get("name")))
        self.footnotes.append(Ref(template.start, template.end, where, called, group, template=template.name))
        return ""

    def _shortened(self, template: Template, name: str, *, in_reference: bool) -> "Short | str":
        short = shortened.short(template)
        if not short.anchors:
            return ""
        if in_reference:
            return short
        self.shorts[template.start] = short
        if name in templates.SHORT_CITATIONS:
            body = None if short.name in self._short_names else (template.start, template.end)
            self._short_names.add(short.name)
            self.footnotes.append(Ref(template.start, template.end, body, short.name, None, template=short.name))
        return ""

    def _place(self, at: int, in_reference: bool) -> Place:  # noqa: FBT001 - the one question asked of a place
        if in_reference:
            return Place.REFERENCE
        if at < self._first_heading:
            return Place.INLINE
        index = bisect_right(self.headings, at, key=lambda pair: pair[0])
        kind = templates.section_kinds().get(self.headings[index - 1][1].casefold()) if index else None
        return {"references": Place.GENERAL, "links": Place.EXTERNAL_LINK}.get(kind or "", Place.INLINE)

    def _unknown(self, template: Template, name: str) -> tuple[Citation, ...] | None:
        """Inside a reference, a template of any name with an address in a parameter is a citation, in whatever language."""
        if name.startswith("#") or not any(
            STARTS_LIKE_URL.match(each.value) or STARTS_LIKE_URL.match(each.key) for each in template.parameters
        ):
            return None
        return tuple(citing.of_template(template, name, self.source, place=Place.REFERENCE)) or None

    def _identified(self, template: Template, name: str, *, in_reference: bool) -> tuple[Citation, ...]:
        """`{{doi|10.1000/x}}`: an identifier that leads to a page by rule."""
        value = stripped(template.values().get("1") or template.values().get("id") or "")
        if not value or not in_reference:
            return ()
        span = self.locale.place(template.start, template.end)
        return (
            Citation(
                position=self.source.next(),
                url=None,
                template=template.name,
                identifiers=((name, value),),
                parameters=written(template),
                line=span.line,
                column=span.column,
                span=span,
            ),
        )

    def _archived(self, template: Template, roles: object, *, in_reference: bool) -> tuple[Citation, ...]:
        """An archive template: the copy itself, or the original with a timestamp."""
        values = template.values()
        said = roles if isinstance(roles, dict) else {}
        address = (values.get(said.get("url", "url")) or values.get("url") or values.get("1") or "").strip()
        stamps = said.get("timestamp", ())
        stamp = next((values[key] for key in ([stamps] if isinstance(stamps, str) else stamps) if key in values), "").strip()
        if not address:
            return ()
        copy = address if self.locale.original(address) is not None else None
        if copy is None and stamp.isascii() and stamp.isdigit():
            copy = f"https://web.archive.org/web/{stamp}/{address}"
        when = values.get(said.get("date", "date"))
        span = self.locale.place(template.start, template.end)
        return (
            Citation(
                position=self.source.next(),
                url=address if copy != address else (self.locale.original(address) or address),
                template=template.name,
                title=title(values.get(said.get("title", "title"))),
                archive_url=copy,
                archive_date=self.source.date(when),
                parameters=written(template),
                place=self._place(template.start, in_reference),
                line=span.line,
                column=span.column,
                span=span,
            ),
        )

    def _linked(self, template: Template, roles: object, *, in_reference: bool) -> tuple[Citation, ...] | str | None:
        """A template that is one link, such as `{{URL|...}}`."""
        values = citing.repaired(template, self.problems)
        said = roles if isinstance(roles, dict) else {}
        address = (values.get(said.get("url", "1")) or values.get("url") or "").strip()
        if not address or "{{" in address:
            return None
        span = self.locale.place(template.start, template.end)
        place = self._place(template.start, in_reference)
        return (
            Citation(
                position=self.source.next(),
                url=address,
                template=template.name,
                title=title(values.get(str(said.get("title") or said.get("text") or "title"))),
                parameters=written(template),
                place=Place.INFOBOX if place is Place.INLINE and template.start < self._first_heading else place,
                line=span.line,
                column=span.column,
                span=span,
            ),
        )

    def _tagged(self, template: Template, code: str) -> Tag:
        span = self.locale.place(template.start, template.end)
        return Tag(code=code, name=template.name, parameters=written(template), line=span.line)

    def _free(self, stretches: "Iterator[tuple[int, int, bool]]", end: int, *, in_reference: bool) -> Iterator[Piece]:
        """Links outside the templates that were understood."""
        reach = 0
        for start, stop, in_template in stretches:
            for link in self.source.links.between(start, stop, in_template=in_template, limit=end):
                if link.start < reach:
                    continue
                if self.source.position >= MOST_CITATIONS:
                    self.problems.note(
                        link.start, "source-truncated", f"citations after the first {MOST_CITATIONS} were not read"
                    )
                    return
                reach = link.end
                place = self._place(link.start, in_reference)
                if place is Place.INLINE and in_template and link.start < self._first_heading:
                    place = Place.INFOBOX
                self._doubtful(link)
                yield link.start, link.end, (citing.of_link(link, self.source, place=place),)

    def _doubtful(self, link: Link) -> None:
        """An address that MediaWiki reads otherwise than its writer meant."""
        if link.doubled:
            meant = f"; meant is perhaps {link.written.partition('|')[0]}" if "|" in link.written else ""
            said = f"an address stands in double brackets; single ones make a link{meant}"
            self.problems.note(link.start, "malformed-url", said)
        elif not link.written.isascii() and not link.bracketed and (wide := WIDE.search(link.written)):
            cut = link.written[: wide.start()]
            said = f"full-width punctuation is read as part of the address; meant is perhaps {cut}"
            self.problems.note(link.start, "malformed-url", said)

    def _joined(self, pieces: list[Piece], start: int, end: int, *, first: int, in_reference: bool) -> Region:
        """Archive templates and tags joined to the citation they stand behind."""
        gathered = _Gathering()
        reach = start
        for begin, stop, what in pieces:
            near = in_reference or _adjoins(self.text, reach, begin)
            if isinstance(what, Tag):
                if gathered.citations and near:
                    former = gathered.citations[-1]
                    gathered.citations[-1] = replace(former, tags=(*former.tags, what))
                    reach = stop
                else:
                    gathered.tags.append((begin, stop, what))
            elif isinstance(what, Short):
                gathered.shorts.append(what)
            elif isinstance(what, tuple) and what:
                if not (near and gathered.citations and (begin < reach or self._supports(what[0], gathered.citations))):
                    gathered.citations += what
                reach = stop
        text = self._prose(pieces, start, end) if in_reference else ""
        return self._numbered(gathered, text, first)

    def _numbered(self, gathered: "_Gathering", text: str, first: int) -> Region:
        self.source.position = first + len(gathered.citations)
        citations = gathered.citations
        for index, each in enumerate(citations):
            if text:
                citations[index] = replace(each, position=first + index, bare=False, text=text)
            elif each.position != first + index:
                citations[index] = replace(each, position=first + index)
        return Region(citations=tuple(citations), tags=tuple(gathered.tags), text=text, shorts=tuple(gathered.shorts))

    def _supports(self, copy: Citation, citations: list[Citation]) -> bool:
        """Is this an archive copy of the citation before it? Then it is joined to that."""
        if copy.archive_url is None and not (copy.url and copy.template is None and "arch" in copy.url):
            return False
        at = next((index for index in reversed(range(len(citations))) if citations[index].place is not Place.PARAMETER), None)
        if at is None or citations[at].archive_url:
            return False
        former = citations[at]
        if copy.template and copy.archive_url and copy.template.casefold() in self._archives:
            joined = replace(former, archive_url=copy.archive_url, archive_date=copy.archive_date)
        elif copy.template is None and copy.url and former.url and _same(self.locale.original(copy.url), former.url):
            joined = replace(former, archive_url=copy.url)
        else:
            return False
        citations[at] = joined
        return True

    def _prose(self, pieces: list[Piece], start: int, end: int) -> str:
        """The words of a reference around its templates and links."""
        words, last = [], start
        for begin, stop, _ in pieces:
            words.append(self.text[last:begin])
            last = max(last, stop)
        words.append(self.text[last:end])
        text = "".join(words)
        if not any(char.isalnum() for char in text):
            return ""
        text = stripped(text)
        return text if any(char.isalnum() for char in text) else ""


_NOTED = templates.FOOTNOTES | {"#tag"}
"""What makes a reference even inside a template that was understood whole."""

_ENTRY_KEYS = frozenset({"ref", "last", "last1", "author", "author1", "surname", "surname1"})
"""Parameters by which a template of a name we do not know may be an entry of a bibliography."""


@dataclass(slots=True)
class _Gathering:
    citations: list[Citation] = field(default_factory=list)
    tags: list[tuple[int, int, Tag]] = field(default_factory=list)
    shorts: list[Short] = field(default_factory=list)


def _stretches(found: list[Template], claimed: list[Template], start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """The region without the templates that were understood, cut where templates begin and end; whether inside of one."""
    at, box_end = start, start
    taken = iter(claimed)
    next_claimed = next(taken, None)
    for template in found:
        if template.start >= box_end:
            if at < template.start:
                yield at, template.start, False
                at = template.start
            box_end = template.end
        while next_claimed and next_claimed.start < box_end:
            if at < next_claimed.start:
                yield at, next_claimed.start, True
            at = max(at, next_claimed.end)
            next_claimed = next(taken, None)
        if at < box_end:
            yield at, box_end, True
            at = box_end
    if at < end:
        yield at, end, False


def _attribute(value: str | None) -> str | None:
    return " ".join(value.split()) if value else None


def _adjoins(text: str, reach: int, begin: int) -> bool:
    return begin - reach <= _LONGEST_GAP and _GAP.fullmatch(text, reach, begin) is not None


def _same(first: str | None, second: str) -> bool:
    return bool(first) and _folded(first or "") == _folded(second)


def _folded(url: str) -> str:
    return re.sub(r"^(?:https?:)?//(?:www\.)?", "", url, flags=re.IGNORECASE).rstrip("/").casefold()


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
