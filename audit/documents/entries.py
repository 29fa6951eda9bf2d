"""Tags of a wikitext -> references: one per entry of the rendered list, as MediaWiki numbers them. Pure."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from audit import memento
from audit.model import Citation, Problem, Reference, Severity, Side, Span, Tag
from audit.wikitext import Locale, Reading, Ref, read

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
    """The entries in order of their first tag. A name in another group is another entry."""
    entries: list[Gathered] = []
    by_name: dict[tuple[str | None, str], Gathered] = {}
    for number, ref in enumerate(seen.refs):
        if ref.follows and (followed := by_name.get((ref.group, ref.follows))) is not None:
            followed.bodies.append((number, ref))
            continue
        key = (ref.group, ref.name) if ref.name else None
        entry = by_name.get(key) if key else None
        if entry is None:
            entry = Gathered(name=ref.name, group=ref.group, first=ref)
            entries.append(entry)
            if key:
                by_name[key] = entry
        entry.tags.append(ref)
        if ref.body and seen.body(ref):
            entry.bodies.append((number, ref))
    return entries


def reference(entry: Gathered, seen: Reading, *, place: Callable[[int, int], Span], side: Side | None = None) -> Reference:
    """The reference of an entry; positions are given later. The first body wins."""
    body = entry.bodies[0] if entry.bodies else None
    follows = [number for number, ref in entry.bodies if ref.follows]
    at = body[1] if body else entry.first
    span = place(at.start, at.end)
    numbers = [body[0], *follows] if body else []
    return Reference(
        position=0,
        name=entry.name,
        group=entry.group,
        defined=body is not None,
        uses=sum(not tag.listed for tag in entry.tags),
        definitions=sum(not ref.follows for _, ref in entry.bodies),
        side=side,
        line=span.line,
        section=seen.section(at.start),
        body=seen.body(body[1]) if body else None,
        span=span,
        citations=tuple(citation for number in numbers for citation in seen.bodies[number].citations),
    )


def problems(
    entries: Iterable[Gathered], seen: Reading, *, place: Callable[[int, int], Span], whole: bool = True
) -> list[Problem]:
    """What MediaWiki would complain about, and what a reader noticed on the way. A part of a page need not show all uses."""
    found = [replace(problem, line=place(at, at).line) for at, problem in seen.problems]
    for entry in entries:
        line = place(entry.first.start, entry.first.end).line
        bodies = {seen.body(ref) for _, ref in entry.bodies if not ref.follows}
        if len(bodies) > 1:
            said = f'the name "{entry.name}" is defined with {len(bodies)} different bodies: the first one wins'
            found.append(Problem(code="duplicate-reference-name", detail=said, severity=Severity.WARNING, line=line))
        if whole and entry.bodies and all(tag.listed for tag in entry.tags):
            said = f'the reference "{entry.name}" is defined in the list and never used'
            found.append(Problem(code="unused-reference", detail=said, severity=Severity.WARNING, line=line))
        if not entry.bodies and entry.name is None:
            found.append(
                Problem(code="empty-reference", detail="a reference without name and text", severity=Severity.WARNING, line=line)
            )
    return found


def groups_without_list(entries: Iterable[Gathered], seen: Reading) -> list[Problem]:
    """Groups that are used on a page that has lists, but none for them; the default group always gets one."""
    used = {entry.group for entry in entries if entry.group}
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
        own = tuple(replace(citation, position=position + step) for step, citation in enumerate(each.citations))
        position += len(own)
        placed.append(replace(each, position=at, citations=own))
    loose = tuple(replace(citation, position=position + step) for step, citation in enumerate(citations))
    return tuple(placed), loose


def is_void(entry: Gathered) -> bool:
    """A tag that makes no entry: unnamed and empty."""
    return entry.name is None and not entry.bodies
