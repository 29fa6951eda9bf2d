"""The references of two revisions compared: what went, what came, what stayed, and what the edit took away. Pure."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from audit import citing, similarity
from audit.model import Citation, Problem, Reference, Severity, Side, Tag
from audit.tags import MOST_PROBLEMS

SAME_TITLE = 90.0
"""Ratio of two titles that mean the same source (inputs.md, 1.6)."""

FIELDS = (
    "title",
    "publisher",
    "work",
    "authors",
    "language",
    "quote",
    "archive_url",
    "access_date",
    "published_date",
    "url_status",
)
"""What `citation-changed` names."""

Placed = tuple[Reference, int]
"""A reference and the hunk it stands in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`gone` and `came` are what a reader should hear of; `stayed` pairs the old and the new form of what both revisions have."""

    gone: tuple[Reference, ...]
    came: tuple[Placed, ...]
    stayed: tuple[tuple[Reference, Reference], ...]


def told(gone: Sequence[Placed], came: Sequence[Placed]) -> Told:
    """A reference that both revisions have is kept: moving it, or changing a word beside it, is no change of it."""
    partner: dict[int, int] = {}
    free = dict.fromkeys(range(len(gone)))
    for key in (_whole, _body, _undefined, _named, _unnamed):
        waiting: dict[Hashable, list[int]] = {}
        for index in free:
            waiting.setdefault(key(gone[index][0]), []).append(index)
        for index, (each, _) in enumerate(came):
            if index in partner or each.side is Side.KEPT or (wanted := key(each)) is None:
                continue
            able = [at for at in waiting.get(wanted, ()) if at in free and _holds(key, gone[at][0], each)]
            if able:
                partner[index] = able[0]
                del free[able[0]]
    kept = tuple((replace(each, side=Side.KEPT) if index in partner else each, hunk) for index, (each, hunk) in enumerate(came))
    pairs = tuple((gone[old][0], kept[new][0]) for new, old in partner.items())
    return Told(gone=tuple(gone[index][0] for index in free), came=kept, stayed=pairs)


def _folded(reference: Reference) -> str | None:
    return " ".join(reference.body.split()) if reference.body else None


def _whole(reference: Reference) -> Hashable:
    body = _folded(reference)
    return (reference.group, reference.name, body) if body else None


def _body(reference: Reference) -> Hashable:
    body = _folded(reference)
    return (reference.group, body) if body else None


def _undefined(reference: Reference) -> Hashable:
    return (reference.group, reference.name) if reference.name and not reference.defined else None


def _named(reference: Reference) -> Hashable:
    return (reference.group, reference.name) if reference.name and reference.defined else None


def _unnamed(reference: Reference) -> Hashable:
    """What has no name is known by what it cites: an editor who adds a copy or mends a title replaces no source."""
    addresses = frozenset(_addresses(reference)) if not reference.name else None
    return (reference.group, addresses) if addresses else None


def _holds(key: Callable[[Reference], Hashable], old: Reference, new: Reference) -> bool:
    """A name is a claim that the source must bear out; without one, a reference that lost its copy was written anew."""
    if key is _named:
        return _same_source(old, new)
    return key is not _unnamed or {url for url, copy in _copies(old) if copy} <= {url for url, copy in _copies(new) if copy}


def _same_source(old: Reference, new: Reference) -> bool:
    """One address in common, or one title."""
    if set(_addresses(old)) & set(_addresses(new)):
        return True
    return any(
        similarity.title_ratio(one.title, other.title) >= SAME_TITLE
        for one in old.citations
        for other in new.citations
        if one.title and other.title
    )


def _addresses(reference: Reference) -> Iterator[str]:
    for citation in reference.citations:
        if resource := citing.resource(citation):
            yield resource.url


# ---- what to tell


def problems(told: Told, references: Sequence[Reference], tags: Sequence[Tag]) -> list[Problem]:
    """Copies, definitions and tags that the edit took away, what it changed, and bodies that stand twice."""
    places = {(each.side, each.span.start): each for each in references if each.span and each.in_wikitext}
    now = [each for each in references if each.side is not Side.REMOVED and each.in_wikitext]
    gone = [each for each in references if each.side is Side.REMOVED]
    stayed = [(old, places.get((Side.KEPT, new.span.start if new.span else -1), new)) for old, new in told.stayed]
    return [
        *_dropped([*gone, *(old for old, _ in stayed)], now),
        *_orphaned(gone, now),
        *_untagged([*references, *(replace(old, side=Side.REMOVED) for old, _ in stayed)], tags),
        *_changed(stayed),
        *_twice(gone),
        *_twice(now),
    ]


def _about(code: str, detail: str, reference: Reference, severity: Severity = Severity.NOTE) -> Problem:
    return Problem(
        code=code, detail=detail, severity=severity, line=reference.line, side=reference.side, reference=reference.position
    )


def _dropped(before: Iterable[Reference], now: Sequence[Reference]) -> list[Problem]:
    """One address on both sides, with a copy before and none now. A source that went whole is coverage, not this."""
    had = {url for each in before for url, copy in _copies(each) if copy}
    has = {url for each in now for url, copy in _copies(each) if copy}
    found = []
    for each in now:
        for url, _ in _copies(each):
            if url in had and url not in has:
                has.add(url)
                found.append(_about("archive-dropped", f"{url[:200]} stayed, its archive copy went", each, Severity.WARNING))
    return found


def _copies(reference: Reference) -> Iterator[tuple[str, str | None]]:
    for citation in reference.citations:
        if resource := citing.resource(citation):
            yield resource.url, citation.archive_url


def _orphaned(gone: Iterable[Reference], now: Iterable[Reference]) -> list[Problem]:
    bodies: dict[tuple[str | None, str | None], str | None] = {
        (each.group, each.name): each.body for each in gone if each.defined and each.name
    }
    return [
        replace(
            _about("orphaned-reference", f'the definition of "{each.name}" went while its uses stayed', each, Severity.ERROR),
            advice=bodies[each.group, each.name],
        )
        for each in now
        if not each.defined and (each.group, each.name) in bodies
    ]


def _untagged(references: Iterable[Reference], tags: Iterable[Tag]) -> list[Problem]:
    """Maintenance tags of the old revision that the new one does not have."""
    placed = [(tag, tag.side) for tag in tags]
    placed += [(tag, each.side) for each in references for citation in each.citations for tag in citation.tags]
    left = Counter(tag.code for tag, side in placed if side is not Side.REMOVED)
    found = []
    for tag, side in placed:
        if side is not Side.REMOVED:
            continue
        if left[tag.code] > 0:
            left[tag.code] -= 1
            continue
        found.append(Problem(code="tag-removed", detail=f"{{{{{tag.name}}}}} was removed", line=tag.line, side=Side.REMOVED))
    return found


def _changed(stayed: Iterable[tuple[Reference, Reference]]) -> list[Problem]:
    found = []
    for old, new in stayed:
        fields = sorted(
            {field for one, other in zip(old.citations, new.citations, strict=False) for field in _differing(one, other)}
        )
        if fields:
            found.append(_about("citation-changed", f"changed: {', '.join(fields)}", new))
    return found


def _differing(old: Citation, new: Citation) -> Iterator[str]:
    if old.url != new.url:
        yield "url"
    yield from (field.replace("_", "-") for field in FIELDS if getattr(old, field) != getattr(new, field))


def _twice(references: Sequence[Reference]) -> list[Problem]:
    """Equal bodies stay separate references, as MediaWiki numbers them; footnotes without an address are left alone."""
    bodies: dict[str, list[Reference]] = {}
    for each in references:
        if (body := _folded(each)) and any(citation.url for citation in each.citations):
            bodies.setdefault(body, []).append(each)
    found = (
        _about("duplicate-reference", f"the same text as {_called(some[0])}: one named reference would do", each)
        for some in bodies.values()
        for each in some[1:]
    )
    return list(islice(found, MOST_PROBLEMS))


def _called(reference: Reference) -> str:
    return f'"{reference.name}"' if reference.name else f"the reference of line {reference.line}"


def duplicates(references: Sequence[Reference]) -> list[Problem]:
    """Equal bodies on a plain page."""
    return _twice(references)
