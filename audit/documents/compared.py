"""The references of two revisions compared: what went, what came, what stayed, and what the edit took away. Pure."""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from rapidfuzz import fuzz

from audit import citing, similarity
from audit.model import Citation, CitedDate, Problem, Reference, Severity, Side, Tag
from audit.tags import MOST_PROBLEMS

SAME_TITLE = 90.0
"""Ratio of two titles that mean the same source (inputs.md, 1.6)."""

MOST_TITLES = 20
"""Citations of one reference whose titles are compared; the longest bundles of real pages have a dozen."""

TELLING_TITLE = 3
"""Words: "Home page" or "News" may be the title of any page, so an unnamed reference is not known by it."""

SAME_BODY = 60.0
"""Ratio of two bodies that are one reference, edited. A bot that adds a copy leaves 70 and more."""

MOST_ABLE, MOST_COMPARED = 20, 2_000
"""References to one source that are tried, and characters of a body that are compared."""

WORDS_BEFORE, MOST_WORD_CHARACTERS = 5, 200
"""Words in front of a reference that show its place."""

BEFORE, MOST_IN_A_ROW = 4_000, 10
"""Characters in front of a reference that are searched for them, and other references that may stand between."""

MOST_ADVICE = 2_000
"""Characters of a lost definition that are shown; longer ones are better copied from the old revision."""

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

Pair = tuple[Citation, Citation]
"""A citation as it was and as it is."""

Holder = Reference | None
"""The reference that a citation stands in, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`gone` and `came` are what a reader should hear of; `stayed` pairs the old and the new form of what both revisions have."""

    gone: tuple[Reference, ...]
    came: tuple[Placed, ...]
    stayed: tuple[tuple[Reference, Reference], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """The same of citations outside references."""

    gone: tuple[Citation, ...]
    came: tuple[Citation, ...]
    stayed: tuple[Pair, ...]


# ---- what stayed


def told(gone: Sequence[Placed], came: Sequence[Placed], *, before: Callable[[Reference], str]) -> Told:
    """A reference that both revisions have is kept: moving it, or changing a word beside it, is no change of it.

    `before` gives the text in front of a reference.
    """
    matching = _Matching([each for each, _ in gone], [each for each, _ in came], before)
    for keys, accepts in (
        (_whole, None),
        (_body, None),
        (_text, None),
        (_undefined, None),
        (_named, _same_source),
        (_by_address, matching.same_mention),
        (_by_title, matching.same_mention),
    ):
        matching.match(keys, accepts)
    partner = matching.partner
    kept = tuple(
        (_both(gone[partner[index]][0], each) if index in partner else each, hunk) for index, (each, hunk) in enumerate(came)
    )
    pairs = tuple((gone[old][0], kept[new][0]) for new, old in partner.items())
    return Told(gone=tuple(gone[index][0] for index in sorted(matching.free)), came=kept, stayed=pairs)


class _Matching:
    """The pairs found so far, old ones by new ones; each reference once, in order."""

    def __init__(self, old: Sequence[Reference], new: Sequence[Reference], before: Callable[[Reference], str]) -> None:
        self.old, self.new, self.before = old, new, before
        self.partner: dict[int, int] = {}
        self.free = set(range(len(old)))

    def match(
        self,
        keys: Callable[[Reference], Iterable[Hashable]],
        accepts: Callable[[Reference, Reference], bool] | None,
    ) -> None:
        """Pair what shares one of its keys, and is accepted."""
        waiting: dict[Hashable, deque[int]] = {}
        for index in sorted(self.free):
            for key in keys(self.old[index]):
                waiting.setdefault(key, deque()).append(index)
        for index, each in enumerate(self.new):
            if index in self.partner or each.side is Side.KEPT:
                continue
            able = (at for key in keys(each) for at in self._able(waiting.get(key)))
            found = next((at for at in able if accepts is None or accepts(self.old[at], each)), None)
            if found is not None:
                self.partner[index] = found
                self.free.discard(found)

    def _able(self, some: deque[int] | None) -> list[int]:
        while some and some[0] not in self.free:
            some.popleft()
        return [at for at in islice(some or (), MOST_ABLE) if at in self.free]

    def same_mention(self, old: Reference, new: Reference) -> bool:
        """Unnamed references to one source are one when they say nearly the same, stand behind the same words, or lost nothing.

        One that lost its copy and stands elsewhere was written anew.
        """
        if fuzz.ratio((old.body or "")[:MOST_COMPARED], (new.body or "")[:MOST_COMPARED]) >= SAME_BODY:
            return True
        words = _last_words(self.before(old))
        if words and words == _last_words(self.before(new)):
            return True
        return set(_pages(old)) == set(_pages(new)) and _copied(old) <= _copied(new)


def _copied(reference: Reference) -> set[str]:
    return {url for each in reference.citations if each.archive_url and (url := _address(each))}


def in_front(text: str, reference: Reference) -> str:
    """What stands in front of a reference in its source."""
    return text[max(0, reference.span.start - BEFORE) : reference.span.start] if reference.span else ""


def _last_words(text: str) -> list[str]:
    """The last words that are no part of other references."""
    text = text.rstrip()
    for _ in range(MOST_IN_A_ROW):
        if not text.lower().endswith(("</ref>", "/>")):
            break
        text = text[: max(text.lower().rfind("<ref"), 0)].rstrip()
    return similarity.WORD.findall(text[-MOST_WORD_CHARACTERS:])[-WORDS_BEFORE:]


def _folded(reference: Reference) -> str | None:
    return " ".join(reference.body.split()) if reference.body else None


def _whole(reference: Reference) -> Iterator[Hashable]:
    if body := _folded(reference):
        yield reference.group, reference.name, body


def _body(reference: Reference) -> Iterator[Hashable]:
    if body := _folded(reference):
        yield reference.group, body


def _text(reference: Reference) -> Iterator[Hashable]:
    if body := _folded(reference):
        yield body


def _undefined(reference: Reference) -> Iterator[Hashable]:
    if reference.name and not reference.defined:
        yield reference.group, reference.name


def _named(reference: Reference) -> Iterator[Hashable]:
    if reference.name and reference.defined:
        yield reference.group, reference.name


def _by_address(reference: Reference) -> Iterator[Hashable]:
    """Unnamed references are known by what they cite: a copy or a date that was added makes no other reference of them."""
    if not reference.name:
        yield from ((reference.group, key) for key in _pages(reference))


def _by_title(reference: Reference) -> Iterator[Hashable]:
    if not reference.name:
        for citation in reference.citations:
            if citation.title and len(similarity.telling_tokens(citation.title)) >= TELLING_TITLE:
                yield reference.group, similarity.fold(citation.title)


def _same_source(old: Reference, new: Reference) -> bool:
    """One body, one address in common, or one title."""
    if _folded(old) == _folded(new) or not set(_pages(old)).isdisjoint(_pages(new)):
        return True
    return any(
        similarity.title_ratio(one.title, other.title) >= SAME_TITLE
        for one in old.citations[:MOST_TITLES]
        for other in new.citations[:MOST_TITLES]
        if one.title and other.title
    )


def _address(citation: Citation) -> str | None:
    resource = citing.resource(citation)
    return resource.url if resource else None


def _addresses(citations: Iterable[Citation]) -> Iterator[str]:
    return (url for each in citations if (url := _address(each)))


def _pages(reference: Reference) -> Iterator[str]:
    """What it cites whatever the scheme: `https` for `http` is another address of the same source."""
    return (resource.urlkey for each in reference.citations if (resource := citing.resource(each)))


def _both(old: Reference, new: Reference) -> Reference:
    """The kept reference. Addresses that only one of its forms has stand in it with their side, so that none is lost."""
    before, after = set(_addresses(old.citations)), set(_addresses(new.citations))
    came = (replace(each, side=Side.ADDED) if (url := _address(each)) and url not in before else each for each in new.citations)
    went = (replace(each, side=Side.REMOVED) for each in old.citations if (url := _address(each)) and url not in after)
    return replace(new, side=Side.KEPT, citations=(*came, *went))


def loose(gone: Iterable[Citation], came: Iterable[Citation]) -> Loose:
    """Citations outside references have no name: they are known by what they cite, else by what they say."""
    old, new = list(gone), list(came)
    before, after = {_said(each): each for each in reversed(old)}, {_said(each) for each in new}
    return Loose(
        gone=tuple(replace(each, side=Side.REMOVED) for each in old if _said(each) not in after),
        came=tuple(
            replace(each, side=Side.KEPT if _said(each) in before or each.side is Side.KEPT else Side.ADDED) for each in new
        ),
        stayed=tuple((before[said], each) for each in new if (said := _said(each)) in before),
    )


def _said(citation: Citation) -> Hashable:
    return _address(citation) or (similarity.fold(citation.title or citation.text or ""), citation.template, citation.parameters)


_TagKey = tuple[str, str, tuple[tuple[str, str], ...]]


def tags(gone: Iterable[Tag], came: Iterable[Tag]) -> tuple[Tag, ...]:
    """The tags of both revisions on no citation, those that stayed once."""
    old, new = list(gone), list(came)
    before, after = (Counter((tag.code, tag.name, tag.parameters) for tag in some) for some in (old, new))
    return (*_sided(old, after, Side.REMOVED, kept=False), *_sided(new, before, Side.ADDED, kept=True))


def _sided(some: Iterable[Tag], other: Counter[_TagKey], side: Side, *, kept: bool) -> Iterator[Tag]:
    left = Counter(other)
    for tag in some:
        key = (tag.code, tag.name, tag.parameters)
        if left[key] <= 0:
            yield replace(tag, side=Side.KEPT if tag.side is Side.KEPT else side)
        elif kept:
            yield replace(tag, side=Side.KEPT)
        left[key] -= 1


# ---- what to tell


def problems(told: Told, loose: Loose, *, references: Sequence[Reference], tags: Sequence[Tag]) -> list[Problem]:
    """Copies, definitions and tags that the edit took away, what it changed, and bodies that stand twice."""
    places = {(each.side, each.span.start): each for each in references if each.span and each.in_wikitext}
    now = [each for each in references if each.side is not Side.REMOVED and each.in_wikitext]
    gone = [each for each in references if each.side is Side.REMOVED]
    stayed = [(old, places.get((Side.KEPT, new.span.start if new.span else -1), new)) for old, new in told.stayed]
    before: list[tuple[Citation, Holder]] = [
        (one, each) for each in (*gone, *(old for old, _ in stayed)) for one in each.citations
    ]
    before += [(old, None) for old in (*loose.gone, *(old for old, _ in loose.stayed))]
    after: list[tuple[Citation, Holder]] = [(one, each) for each in now for one in each.citations if one.side is not Side.REMOVED]
    after += [(one, None) for one in loose.came]
    return [
        *_dropped(before, after),
        *_orphaned([*gone, *(old for old, new in stayed if (old.group, old.name) != (new.group, new.name))], now),
        *_untagged(before, after, tags),
        *_changed(stayed, loose.stayed),
        *_twice(gone),
        *_twice(now),
    ]


def _about(
    code: str, detail: str, reference: Reference, severity: Severity = Severity.NOTE, advice: str | None = None
) -> Problem:
    return Problem(
        code=code,
        detail=detail,
        severity=severity,
        line=reference.line,
        side=reference.side,
        reference=reference.position,
        advice=advice,
    )


def _dropped(before: Iterable[tuple[Citation, Holder]], after: Sequence[tuple[Citation, Holder]]) -> Iterator[Problem]:
    """One address on both sides, with a copy before and none now. A source that went whole is coverage, not this."""
    had: dict[str, tuple[Citation, Holder]] = {}
    for citation, holder in before:
        if citation.archive_url and (url := _address(citation)):
            had.setdefault(url, (citation, holder))
    has = {url for citation, _ in after if citation.archive_url and (url := _address(citation))}
    for citation, holder in after:
        url = _address(citation)
        if url not in had or url in has:
            continue
        has.add(url)
        old, where = had[url]
        detail = f"{url[:200]} stayed, its archive copy went{_renamed(where, holder)}"
        advice = f"archive-url={old.archive_url}" + (f" |archive-date={old.archive_date.text}" if old.archive_date else "")
        if holder is not None:
            yield _about("archive-dropped", detail, holder, Severity.WARNING, advice)
        else:
            yield Problem(
                code="archive-dropped",
                detail=detail,
                severity=Severity.WARNING,
                line=citation.line,
                side=citation.side,
                advice=advice,
            )


def _renamed(old: Holder, new: Holder) -> str:
    """Where the same source stood, when it was another reference."""
    if old is None or (new is not None and new.side is Side.KEPT):
        return ""
    return f"; the same source stood there as {_called(old)}"


def _orphaned(gone: Iterable[Reference], now: Iterable[Reference]) -> list[Problem]:
    defined: dict[Hashable, Reference] = {(each.group, each.name): each for each in gone if each.defined and each.name}
    return [
        _about(
            "orphaned-reference",
            f'the definition of "{each.name}" went while its uses stayed',
            each,
            Severity.ERROR,
            _definition(old),
        )
        for each in now
        if not each.defined and (old := defined.get((each.group, each.name))) is not None
    ]


def _definition(reference: Reference) -> str:
    """The definition as it was, to be put back."""
    body = reference.body or ""
    if len(body) > MOST_ADVICE:
        return "put its definition back from the revision before the edit"
    group = f' group="{reference.group}"' if reference.group else ""
    return f'<ref name="{reference.name}"{group}>{body}</ref>'


def _untagged(
    before: Iterable[tuple[Citation, Holder]], after: Iterable[tuple[Citation, Holder]], tags: Iterable[Tag]
) -> list[Problem]:
    """Maintenance tags of the old revision that the new one does not have."""
    some = list(tags)
    old = [*(tag for tag in some if tag.side is Side.REMOVED), *(tag for citation, _ in before for tag in citation.tags)]
    left = Counter(tag.code for tag in some if tag.side is not Side.REMOVED)
    left.update(tag.code for citation, _ in after for tag in citation.tags)
    found = []
    for tag in old:
        if left[tag.code] > 0:
            left[tag.code] -= 1
            continue
        found.append(Problem(code="tag-removed", detail=f"{{{{{tag.name}}}}} was removed", line=tag.line, side=Side.REMOVED))
    return found


def _changed(stayed: Iterable[tuple[Reference, Reference]], loose: Iterable[Pair]) -> Iterator[Problem]:
    for old, new in stayed:
        if fields := {field for one, other in _partners(old.citations, new.citations) for field in _differing(one, other)}:
            yield _about("citation-changed", f"changed: {', '.join(sorted(fields))}", new)
    for one, other in loose:
        if fields := set(_differing(one, other)):
            detail = f"changed: {', '.join(sorted(fields))}"
            yield Problem(code="citation-changed", detail=detail, line=other.line, side=other.side)


def _partners(old: Iterable[Citation], new: Iterable[Citation]) -> Iterator[Pair]:
    """The citations of one reference, before and after: by address, the others in order."""
    by_address: dict[str | None, deque[Citation]] = {}
    for each in old:
        by_address.setdefault(_address(each), deque()).append(each)
    later = []
    for each in new:
        if each.side is Side.REMOVED:
            continue
        if (same := by_address.get(_address(each))) and _address(each):
            yield same.popleft(), each
        else:
            later.append(each)
    yield from zip((each for some in by_address.values() for each in some), later, strict=False)


def _differing(old: Citation, new: Citation) -> Iterator[str]:
    if old.url != new.url:
        yield "url"
    yield from (field.replace("_", "-") for field in FIELDS if _value(old, field) != _value(new, field))


def _value(citation: Citation, field: str) -> object:
    """A day written in another way is the same day."""
    value = getattr(citation, field)
    return (value.value, value.precision) if isinstance(value, CitedDate) and value.value else value


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
