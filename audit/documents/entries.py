"""Tags of a wikitext -> references: one per entry of the rendered list, as MediaWiki numbers them. Pure."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from audit import memento
from audit.model import Citation, Problem, Reference, Severity, Side, Span, Tag
from audit.tags import MOST_PROBLEMS
from audit.wikitext import GIVEN_AGAIN, Locale, Reading, Ref, read

Placed = Callable[[int], Side | None]
"""The side on which an offset of a reading stands."""


@dataclass(slots=True)
class Gathered:
    """One entry while its tags are gathered."""

    name: str | None
    group: str | None
    first: Ref
    tags: list[Ref] = field(default_factory=list)
    bodies: list[tuple[int, Ref]] = field(default_factory=list)


def reading(text: str, *, place: Callable[[int, int], Span], language: str | None) -> Reading:
    """Read a wikitext; archive addresses are known by their forms."""
    return read(text, locale=Locale(place=place, original=_original, language=language))


def _original(address: str) -> str | None:
    """The address inside an archive address, "" when it does not show, None for no archive address."""
    parsed = memento.parse_archive_url(address)
    return None if parsed is None else (parsed.original or "")


def places(text: str) -> Callable[[int, int], Span]:
    """Offsets of a text -> line and column."""
    starts = [0]
    starts += [found.end() for found in LINE_END.finditer(text)]

    def place(start: int, end: int) -> Span:
        line = before(starts, start)
        return Span(start=start, end=end, line=line + 1, column=start - starts[line] + 1)

    return place


def before(starts: list[int], at: int) -> int:
    """The index of the last start at or before a place."""
    return max(bisect_right(starts, at) - 1, 0)


def gathered(seen: Reading) -> list[Gathered]:
    """The entries in order of their first tag. A name in another group, or behind the group's list, is another entry."""
    entries: list[Gathered] = []
    by_name: dict[tuple[str | None, str], Gathered] = {}
    lists = list(reversed(seen.listings))
    for number, ref in enumerate(seen.refs):
        while lists and lists[-1].end <= ref.start:
            closed = lists.pop().group
            by_name = {key: entry for key, entry in by_name.items() if key[0] != closed}
        void = ref.hidden or ref.recovered
        if ref.follows and not void and (followed := by_name.get((ref.group, ref.follows))) is not None:
            if ref.body:
                followed.bodies.append((number, ref))
            continue
        key = (ref.group, ref.name) if ref.name and not void else None
        entry = by_name.get(key) if key else None
        if entry is None:
            entry = Gathered(name=ref.name, group=ref.group, first=ref)
            entries.append(entry)
            if key:
                by_name[key] = entry
        entry.tags.append(ref)
        if ref.body and _says_something(seen, number, ref):
            entry.bodies.append((number, ref))
    return entries


def _says_something(seen: Reading, number: int, ref: Ref) -> bool:
    """A body of white space defines nothing; one that is only a comment makes an empty entry, as on the page."""
    region = seen.bodies.get(number)
    if region is not None and (region.citations or region.text):
        return True
    return ref.body is not None and not seen.masked[ref.body[0] : ref.body[1]].isspace() and ref.body[0] < ref.body[1]


def is_shown(entry: Gathered) -> bool:
    """Does MediaWiki give the entry a number? Not when only a list defines it, and not in place of an error."""
    if all(tag.listed or tag.hidden or tag.recovered for tag in entry.tags):
        return False
    return not entry.first.follows


def entry_numbers(entries: Iterable[Gathered]) -> list[int | None]:
    """The number of each entry in its group's list, None for what MediaWiki shows no entry of."""
    counts: dict[str | None, int] = {}
    numbers: list[int | None] = []
    for entry in entries:
        if is_shown(entry):
            counts[entry.group] = counts.get(entry.group, 0) + 1
            numbers.append(counts[entry.group])
        else:
            numbers.append(None)
    return numbers


def reference(
    entry: Gathered,
    seen: Reading,
    *,
    place: Callable[[int, int], Span],
    side: Side | None = None,
    position: int = 0,
    number: int | None = None,
) -> Reference:
    """The reference of an entry; the first body wins."""
    body = entry.bodies[0] if entry.bodies else None
    at = body[1] if body else entry.first
    span = place(at.start, at.end)
    own = seen.bodies[body[0]].citations if body else ()
    if len(entry.bodies) > 1:
        follows = [number for number, ref in entry.bodies[1:] if ref.follows]
        own = (*own, *(citation for number in follows for citation in seen.bodies[number].citations))
    return Reference(
        position=position,
        name=entry.name,
        group=entry.group,
        defined=body is not None,
        uses=sum(not tag.listed for tag in entry.tags) if len(entry.tags) > 1 else int(not entry.first.listed),
        definitions=sum(not ref.follows for _, ref in entry.bodies),
        side=side,
        line=span.line,
        section=seen.section(at.start),
        entry=number,
        body=seen.body(body[1]) if body else None,
        span=span,
        template=_maker(entry.first),
        rendered=is_shown(entry),
        citations=own,
    )


def _maker(ref: Ref) -> str | None:
    """The template that makes a reference; that of a short citation goes by the name of its note."""
    return "sfn" if ref.template and ref.template == ref.name else ref.template


def problems(
    entries: Iterable[Gathered], seen: Reading, *, place: Callable[[int, int], Span], whole: bool = True
) -> list[Problem]:
    """What MediaWiki would complain about, and what a reader noticed on the way. A part of a page need not show all uses."""
    found = [replace(problem, line=place(at, at).line) for at, problem in seen.problems]

    def note(entry: Gathered, code: str, said: str, severity: Severity = Severity.WARNING) -> None:
        line = place(entry.first.start, entry.first.end).line
        if len(found) < MOST_PROBLEMS:
            found.append(Problem(code=code, detail=said, severity=severity, line=line))

    for entry in entries:
        if len(entry.bodies) > 1:
            bodies = {seen.body(ref) for _, ref in entry.bodies if not ref.follows}
            if len(bodies) > 1:
                said = f'the name "{entry.name}" is defined with {len(bodies)} different bodies: the first one wins'
                note(entry, "duplicate-reference-name", said)
        if entry.first.hidden:
            severity = Severity.NOTE if entry.first.hidden == GIVEN_AGAIN else Severity.WARNING
            note(entry, "not-rendered", f"the wiki does not show this reference: {entry.first.hidden}", severity)
        elif whole and entry.bodies and entry.first.listed and all(tag.listed for tag in entry.tags):
            note(entry, "unused-reference", f'the reference "{entry.name}" is defined in the list and never used')
        if entry.name is None and not entry.first.hidden and (not entry.bodies or is_empty(entry, seen)):
            note(entry, "empty-reference", "a reference without name and text")
    return found


def is_empty(entry: Gathered, seen: Reading) -> bool:
    """Only a comment inside."""
    number, ref = entry.bodies[0]
    region = seen.bodies.get(number)
    return region is not None and not region.citations and not region.text and not seen.body(ref)


def groups_without_list(entries: Iterable[Gathered], seen: Reading) -> list[Problem]:
    """Groups that are used on a page that has lists, but none for them; the default group always gets one."""
    used = {entry.group for entry in entries if entry.group and is_shown(entry)}
    missing = sorted(used - {group for group in seen.lists if group})
    detail = "the group {} is used, and no list shows it"
    return [
        Problem(code="group-without-list", detail=detail.format(f'"{group}"'), severity=Severity.WARNING) for group in missing
    ]


LINE_END = re.compile("\n")
BEHIND = re.compile(r"[ \t.,;:!?\u3002\u3001)\]\"\u00ab\u00bb'\u2019\u201d]*")

Behind = Mapping[int, tuple[Tag, ...]]
"""End of a `<ref>` tag -> the maintenance tags right behind it."""


def tags_behind(seen: Reading) -> Behind:
    """The tags outside references that speak of the reference before them: only blanks, punctuation or other tags between."""
    ends = sorted(ref.end for ref in seen.refs)
    found: dict[int, list[Tag]] = {}
    reach: dict[int, int] = {}
    for start, end, tag in seen.page.tags:
        at = bisect_right(ends, start)
        if not at:
            continue
        ref_end = ends[at - 1]
        if BEHIND.fullmatch(seen.masked, reach.get(ref_end, ref_end), start):
            found.setdefault(ref_end, []).append(tag)
            reach[ref_end] = end
    return {end: tuple(tags) for end, tags in found.items()}


def tagged(made: Reference, entry: Gathered, behind: Behind) -> Reference:
    """The reference with the tags behind it on its last citation."""
    tags = tuple(tag for ref in entry.tags for tag in behind.get(ref.end, ()))
    if not tags or not made.citations:
        return made
    *before, last = made.citations
    return replace(made, citations=(*before, replace(last, tags=(*last.tags, *tags))))


def loose_tags(seen: Reading, side_at: Placed, behind: Behind) -> list[Tag]:
    """Maintenance tags on no citation."""
    taken = {id(tag) for tags in behind.values() for tag in tags}
    return [replace(tag, side=side_at(start)) for start, _, tag in seen.page.tags if id(tag) not in taken]


def numbered(
    references: Iterable[Reference], citations: Iterable[Citation]
) -> tuple[tuple[Reference, ...], tuple[Citation, ...]]:
    """Positions in reading order: references among themselves, citations over the whole document."""
    placed, position = [], 0
    for at, each in enumerate(references):
        own = _from(position, each.citations)
        position += len(own)
        same = own is each.citations and each.position == at
        placed.append(each if same else replace(each, position=at, citations=own))
    return tuple(placed), _from(position, citations)


def _from(first: int, citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Citations counted from a position; most are already, and copying costs."""
    some = citations if isinstance(citations, tuple) else tuple(citations)
    if all(each.position == first + step for step, each in enumerate(some)):
        return some
    return tuple(replace(each, position=first + step) for step, each in enumerate(some))


def is_void(entry: Gathered) -> bool:
    """A tag that makes no entry: unnamed and empty."""
    return entry.name is None and not entry.bodies
