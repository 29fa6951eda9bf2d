"""A saved diff page of a wiki: columns of wikitext, then the rendered new revision with its reference list. Pure.

The text does not say which cell is old and which is new, and the order is not fixed: similar pairs are printed removed, added,
dissimilar ones added, removed. The page below shows the new revision, and that proves the side of nearly every cell (inputs.md, 1).
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import SequenceMatcher
from itertools import pairwise, product

from audit import citing, similarity
from audit.dates import cited_date
from audit.documents import entries as assembling, rendered
from audit.model import Citation, Document, Problem, Reference, Severity, Side, Span, Tag
from audit.wikitext import stripped

KIND = "diff"
HEAD = re.compile(
    r"^(?P<word>[^\W\d]{2,20})[ \u00a0]?(?P<left>[\d,.\u00a0 ]{1,12})(?:\u2212\d+)?:[ \t]*(?:(?P=word)[ \u00a0]?(?P<right>[\d,.\u00a0 ]{1,12}):)?[ \t]*$"
)
REVISION = re.compile(r"^[^\d|={}\[\]<>]{3,60}[ :\u00a0].*\d{1,2}[:.]\d\d\b.{0,60}$")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
TIME = re.compile(r"(\d{1,2})[:.](\d\d)")
CHROME = {"From Wikipedia, the free encyclopedia": "en", "Aus Wikipedia, der freien Enzyklop\u00e4die": "de"}
COLUMNS = "Content deleted Content added"
TITLE_ENDS = re.compile(
    r": (?:Difference between revisions|Unterschied zwischen den Versionen|Diff\u00e9rence entre versions)\s*$"
)
WINDOW = 6
SURELY_ADDED, SURELY_REMOVED = 0.8, 0.2
SIMILAR = 0.2
"""The engine's `change_threshold`: common characters of a pair, twice, divided by all."""
UNSURE = 0.05
MOST_SEARCHED = 10
REMOVED_MARKS, ADDED_MARKS = {"-", "\u2212"}, {"+"}
REFERENCE = re.compile(r"<ref[^>]*/>|<ref[\s\S]*?</ref\s*>", re.IGNORECASE)
MOST_COMPARED = 6_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One line of the diff part with its side. `why` is the evidence."""

    line: int
    text: str
    side: Side
    why: str = "context"


def recognises(text: str) -> bool:
    """Whether a text is a saved diff page, by its shape: a hunk head, or the column heads."""
    start = text[:200_000]
    return COLUMNS in start or any(HEAD.match(line) for line in start.split("\n")[:2_000] if len(line) < 80)


def read(name: str, text: str, *, language: str | None = None) -> Document:
    """The references of both sides, those that only the rendered list shows, and what the edit did."""
    lines = text.split("\n")
    parts = _Parts.of(lines)
    body = _Body(lines[parts.page :] if parts.page is not None else [])
    cells, undecided = _sides(lines, parts, body)
    found = [
        Problem(code="side-undecided", detail="the page does not show which side this line is on", line=at) for at in undecided
    ]
    language = language or next((code for line, code in CHROME.items() if line in lines[:20]), None)
    starts = _starts(lines)
    removed = _Revision([cell for cell in cells if cell.side is not Side.ADDED], starts, language)
    added = _Revision([cell for cell in cells if cell.side is not Side.REMOVED], starts, language)
    gone = removed.references(only={Side.REMOVED})
    came = added.references(only={Side.ADDED, Side.KEPT})
    listed = rendered.listed(lines[parts.page :], first=parts.page + 1) if parts.page is not None else []
    came, extra = _with_rendered(came, listed)
    tags = (*removed.tags(only={Side.REMOVED}), *added.tags(only={Side.ADDED, Side.KEPT}))
    found += [*removed.problems({Side.REMOVED}), *added.problems({Side.ADDED, Side.KEPT})]
    found += _limits(parts, listed, body, extra)
    ordered = sorted([*gone, *came], key=lambda each: each.span.start if each.span else 0)
    loose = [*removed.citations({Side.REMOVED}), *added.citations({Side.ADDED, Side.KEPT})]
    references, citations = assembling.numbered([*ordered, *extra], loose)
    found += _edit(references, tags)
    return Document(
        source=name,
        kind=KIND,
        title=_title(lines),
        language=language,
        revised_at=parts.revised_at,
        references=references,
        citations=citations,
        tags=tags,
        problems=tuple(found),
    )


# ---- the parts of the page


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """Where the diff part begins and ends (line indices, end exclusive), and where the rendered page begins."""

    first: int
    last: int
    page: int | None
    heads: tuple[int, ...]
    revised_at: datetime | None

    @classmethod
    def of(cls, lines: Sequence[str]) -> "_Parts":
        heads = tuple(at for at, line in enumerate(lines) if len(line) < 80 and HEAD.match(line))
        first = heads[0] if heads else next((at + 1 for at, line in enumerate(lines) if COLUMNS in line), 0)
        page = next((at for at in range(first, len(lines)) if at not in heads and _is_revision(lines[at])), None)
        last = len(lines) if page is None else page
        while last > first and not lines[last - 1].strip() and (last < 2 or lines[last - 2].strip()):
            last -= 1  # the single blank line between diff and page
            break
        moment = _moment(lines[page]) if page is not None else None
        return cls(first=first, last=last, page=page, heads=tuple(at for at in heads if at < last), revised_at=moment)


def _is_revision(line: str) -> bool:
    return len(line) < 120 and bool(REVISION.match(line) and YEAR.search(line)) and "{{" not in line


def _moment(line: str) -> datetime | None:
    time = TIME.search(line)
    if time is None:
        return None
    rest = line[time.end() :].strip(" ,;") or line[: time.start()]
    read = cited_date(rest.strip(" ,"), language="en")
    hour, minute = int(time[1]), int(time[2])
    if read.day is None or hour > 23 or minute > 59:
        return None
    return datetime(read.day.year, read.day.month, read.day.day, hour, minute, tzinfo=UTC)


def _title(lines: Sequence[str]) -> str | None:
    named = next((line for line in lines[:30] if TITLE_ENDS.search(line)), None)
    if named is None:
        named = next((line for line in lines[:6] if line.strip() and not line.startswith("Jump to")), None)
    return TITLE_ENDS.sub("", named).strip() or None if named else None


class _Body:
    """The rendered page, to look words up in."""

    def __init__(self, lines: Sequence[str]) -> None:
        text = rendered.MARKER.sub(" ", "\n".join(lines))
        self.lines = frozenset(similarity.fold(line) for line in lines if line.strip())
        self.words = f" {' '.join(similarity.WORD.findall(text.casefold()))} "
        self.markers = Counter(rendered.markers(lines))

    def __bool__(self) -> bool:
        return bool(self.lines)

    def share(self, cell: str) -> float | None:
        """How much of a cell's prose the page shows, 0 to 1; None when the cell holds nothing that a page would show."""
        shown = stripped(REFERENCE.sub(" ", cell))
        if heading := re.fullmatch(r"=+\s*(.+?)\s*=+", shown):
            return float(similarity.fold(heading[1]) in self.lines)
        if infobox := re.match(r"^\|\s*([\w ]+?)\s*=\s*(.*)$", shown):
            shown = "" if "image" in infobox[1] else infobox[2]
        words = similarity.WORD.findall(shown.casefold())
        if not words:
            return None
        size = min(WINDOW, len(words))
        windows = [f" {' '.join(words[at : at + size])} " for at in range(len(words) - size + 1)]
        return sum(window in self.words for window in windows) / len(windows)


# ---- sides


def _sides(lines: Sequence[str], parts: _Parts, body: _Body) -> tuple[list[Cell], list[int]]:
    """Every line of the diff part with its side, and the numbers of lines whose side stays undecided."""
    marked = _marked(lines, parts)
    if marked is not None:
        return marked, []
    cells: list[Cell] = []
    undecided: list[int] = []
    run: list[int] = []
    at = parts.first
    while at < parts.last:
        if at in parts.heads:
            _settle(lines, run, body, cells, undecided)
            at += 1
        elif at + 1 < parts.last and lines[at] == lines[at + 1] and at + 1 not in parts.heads:
            _settle(lines, run, body, cells, undecided)
            cells.append(Cell(line=at + 1, text=lines[at], side=Side.KEPT))
            at += 2
        else:
            run.append(at)
            at += 1
    _settle(lines, run, body, cells, undecided)
    return cells, undecided


def _marked(lines: Sequence[str], parts: _Parts) -> list[Cell] | None:
    """Older saves print the marker cells: then nothing need be found out."""
    marks = [at for at in range(parts.first, parts.last) if lines[at].strip() in REMOVED_MARKS | ADDED_MARKS]
    if not marks:
        return None
    cells, at, skip = [], parts.first, set(parts.heads)
    while at < parts.last:
        mark = lines[at].strip()
        if at in skip:
            at += 1
        elif mark in REMOVED_MARKS | ADDED_MARKS and at + 1 < parts.last:
            side = Side.REMOVED if mark in REMOVED_MARKS else Side.ADDED
            cells.append(Cell(line=at + 2, text=lines[at + 1], side=side, why="marked"))
            at += 2
        else:
            doubled = at + 1 < parts.last and lines[at] == lines[at + 1]
            cells.append(Cell(line=at + 1, text=lines[at], side=Side.KEPT))
            at += 2 if doubled else 1
    return cells


def _settle(lines: Sequence[str], run: list[int], body: _Body, cells: list[Cell], undecided: list[int]) -> None:
    """Decide a run of changed cells and empty it."""
    if not run:
        return
    shares = [body.share(lines[at]) if body else None for at in run]
    proofs = [_proof(share) for share in shares]
    if all(proofs):
        chosen: Sequence[Side | None] = proofs
    else:
        chosen = _searched(lines, run, proofs)
        if not any(proofs) and _is_close(lines, run):
            undecided += [at + 1 for at in run]
    for at, side, proof, share in zip(run, chosen, proofs, shares, strict=True):
        why = (
            f"the page below shows {share:.0%} of it" if proof and share is not None else "order of similar and dissimilar pairs"
        )
        cells.append(Cell(line=at + 1, text=lines[at], side=side or Side.ADDED, why=why))
    run.clear()


def _proof(share: float | None) -> Side | None:
    if share is None or SURELY_REMOVED < share < SURELY_ADDED:
        return None
    return Side.ADDED if share >= SURELY_ADDED else Side.REMOVED


def _searched(lines: Sequence[str], run: Sequence[int], proofs: Sequence[Side | None]) -> list[Side]:
    """The split that agrees best with the proof, then with the engine's order of pairs, then pairs the most cells."""
    if len(run) > MOST_SEARCHED:
        return [proof or (Side.REMOVED if number % 2 == 0 else Side.ADDED) for number, proof in enumerate(proofs)]
    similar = [_similarity(lines[one], lines[other]) > SIMILAR for one, other in pairwise(run)]

    def merit(split: tuple[Side, ...]) -> tuple[int, int, int]:
        agreed = sum(proof is side for proof, side in zip(proofs, split, strict=True) if proof)
        pairs, ordered, at = 0, 0, 0
        while at + 1 < len(split):
            if split[at] is split[at + 1]:
                at += 1
                continue
            pairs += 1
            ordered += (split[at] is Side.REMOVED) == similar[at]
            at += 2
        return agreed, ordered, pairs

    splits: list[tuple[Side, ...]] = list(product((Side.REMOVED, Side.ADDED), repeat=len(run)))
    return list(max(splits, key=merit))


def _is_close(lines: Sequence[str], run: Sequence[int]) -> bool:
    """Whether the similarity of a pair without proof lies so near the threshold that its order proves nothing."""
    pairs = pairwise(run)
    return any(abs(_similarity(lines[one], lines[other]) - SIMILAR) < UNSURE for one, other in pairs)


def _similarity(one: str, other: str) -> float:
    """Common characters of two lines by words, twice, divided by all."""
    first, second = (re.findall(r"\w+|\s+|[^\w\s]", text[:MOST_COMPARED]) for text in (one, other))
    matcher = SequenceMatcher(a=first, b=second, autojunk=False)
    common = sum(len("".join(first[block.a : block.a + block.size])) for block in matcher.get_matching_blocks())
    total = len("".join(first)) + len("".join(second))
    return 2 * common / total if total else 1.0


# ---- one revision


def _starts(lines: Sequence[str]) -> list[int]:
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    return starts


class _Revision:
    """The lines of one side as one wikitext, with the way back to the source."""

    def __init__(self, cells: Sequence[Cell], starts: Sequence[int], language: str | None) -> None:
        self.cells, self.starts = cells, starts
        self.begins = _starts([cell.text for cell in cells])
        self.seen = assembling.reading("\n".join(cell.text for cell in cells), place=self.place, language=language)
        self.gathered = assembling.gathered(self.seen)
        self.behind = assembling.tags_behind(self.seen)

    def cell(self, at: int) -> int:
        return assembling.before(self.begins, at)

    def place(self, start: int, end: int) -> Span:
        if not self.cells:
            return Span(start=start, end=end, line=1, column=1)
        number = self.cell(start)
        cell, column = self.cells[number], start - self.begins[number]
        source = self.starts[cell.line - 1] + column
        return Span(start=source, end=source + end - start, line=cell.line, column=column + 1)

    def side(self, at: int) -> Side:
        return self.cells[self.cell(at)].side if self.cells else Side.KEPT

    def references(self, *, only: set[Side]) -> list[Reference]:
        """The references whose definition (else first use) stands on these sides, in order of first use."""
        found = []
        for entry in self.gathered:
            at = entry.bodies[0][1] if entry.bodies else entry.first
            side = self.side(at.start)
            if side in only and not assembling.is_void(entry):
                made = assembling.reference(entry, self.seen, place=self.place, side=side)
                found.append(assembling.tagged(made, entry, self.behind))
        return found

    def tags(self, *, only: set[Side]) -> list[Tag]:
        return [tag for tag in assembling.loose_tags(self.seen, self.side, self.behind) if tag.side in only]

    def citations(self, only: set[Side]) -> list[Citation]:
        """Citations outside references."""
        return [each for each in self.seen.page.citations if self._stands(each, only)]

    def _stands(self, citation: Citation, only: set[Side]) -> bool:
        line = citation.line or 0
        return any(cell.line == line and cell.side in only for cell in self.cells)

    def problems(self, only: set[Side]) -> list[Problem]:
        sides = {cell.line: cell.side for cell in self.cells}
        found = assembling.problems(self.gathered, self.seen, place=self.place)
        placed = (replace(each, side=sides.get(each.line or 0)) for each in found)
        return [each for each in placed if each.side in only]


# ---- the rendered list


def _with_rendered(came: list[Reference], listed: Sequence[rendered.Entry]) -> tuple[list[Reference], list[Reference]]:
    """(references of the new side with their numbers, references that only the list shows)."""
    start = rendered.matched(listed, came)
    if start is None:
        return _confirmed_by_name(came, listed), _only_listed(listed, came)
    numbered = [
        replace(each, entry=entry.number, confirmed_undefined=not each.defined and entry.undefined is not None)
        for each, entry in zip(came, listed[start:], strict=False)
    ]
    others = [*listed[:start], *listed[start + len(came) :]]
    return numbered, [rendered.reference(entry) for entry in others]


def _confirmed_by_name(came: list[Reference], listed: Sequence[rendered.Entry]) -> list[Reference]:
    missing = {entry.undefined for entry in listed if entry.undefined}
    return [replace(each, confirmed_undefined=True) if not each.defined and each.name in missing else each for each in came]


def _only_listed(listed: Sequence[rendered.Entry], came: Sequence[Reference]) -> list[Reference]:
    known = {each.name for each in came if not each.defined}
    titles = {similarity.fold(citation.title) for each in came for citation in each.citations if citation.title}
    shown = [rendered.reference(entry) for entry in listed if entry.undefined is None or entry.undefined not in known]
    return [each for each in shown if not any(c.title and similarity.fold(c.title) in titles for c in each.citations)]


def _limits(parts: _Parts, listed: Sequence[rendered.Entry], body: _Body, extra: Sequence[Reference]) -> list[Problem]:
    """What the saved page does not hold."""
    found = []
    if parts.page is None or not parts.heads:
        missing = "the rendered page" if parts.page is None else "the heads of the hunks"
        detail = f"{missing} is missing: the page was saved in part, and is read as far as it goes"
        found.append(Problem(code="source-truncated", detail=detail, severity=Severity.WARNING))
    lost = [entry for entry in listed if body.markers and entry.uses > body.markers[entry.number]]
    if lost:
        detail = f"{len(lost)} of {len(listed)} entries have more back-links than the saved text has markers: text is missing"
        found.append(Problem(code="source-truncated", detail=detail, severity=Severity.NOTE, line=lost[0].line))
    for each in extra:
        if each.defined and not any(citation.url for citation in each.citations):
            detail = f"entry {each.entry} shows no address: its wikitext is outside the diff"
            found.append(Problem(code="address-not-recoverable", detail=detail, line=each.line, side=each.side))
    return found


# ---- what the edit did


def _edit(references: Sequence[Reference], tags: Sequence[Tag]) -> list[Problem]:
    """Copies, definitions and tags that the edit took away, and bodies that it brought twice."""
    gone = [each for each in references if each.side is Side.REMOVED]
    came = [each for each in references if each.side is not Side.REMOVED and each.in_wikitext]
    return [*_dropped(gone, came), *_orphaned(gone, came), *_untagged(references, tags), *_twice(gone), *_twice(came)]


def _dropped(gone: Sequence[Reference], came: Sequence[Reference]) -> list[Problem]:
    had = {url for each in gone for url in _urls(each, archived=True)}
    kept = {url for each in came for url in _urls(each, archived=True)}
    found = []
    for each in came:
        for url in _urls(each, archived=False):
            if url in had and url not in kept:
                detail = f"{url[:200]} stayed, its archive copy went"
                found.append(
                    Problem(
                        code="archive-dropped",
                        detail=detail,
                        severity=Severity.WARNING,
                        line=each.line,
                        side=each.side,
                        reference=each.position,
                    )
                )
                kept.add(url)
    return found


def _urls(reference: Reference, *, archived: bool) -> list[str]:
    named = [(citing.resource(each), each.archive_url) for each in reference.citations]
    return [resource.url for resource, copy in named if resource and bool(copy) is archived]


def _orphaned(gone: Sequence[Reference], came: Sequence[Reference]) -> list[Problem]:
    defined = {(each.group, each.name): each for each in gone if each.defined and each.name}
    lost = [each for each in came if not each.defined and (each.group, each.name) in defined]
    detail = 'the definition of "{}" went while its uses stayed'
    return [
        Problem(
            code="orphaned-reference",
            detail=detail.format(each.name),
            severity=Severity.ERROR,
            line=each.line,
            side=each.side,
            reference=each.position,
        )
        for each in lost
    ]


def _untagged(references: Sequence[Reference], tags: Sequence[Tag]) -> list[Problem]:
    """Maintenance tags of the old side that the new one does not have."""
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


def _twice(came: Sequence[Reference]) -> list[Problem]:
    bodies: dict[str, list[Reference]] = {}
    for each in came:
        if each.body and any(citation.url for citation in each.citations):
            bodies.setdefault(" ".join(each.body.split()), []).append(each)
    detail = "the same text as {}: one reference could be used twice"
    return [
        Problem(
            code="duplicate-reference",
            detail=detail.format(_named(some[0])),
            line=each.line,
            side=each.side,
            reference=each.position,
        )
        for some in bodies.values()
        for each in some[1:]
    ]


def _named(reference: Reference) -> str:
    return f'"{reference.name}"' if reference.name else f"the reference of line {reference.line}"
