"""Which cell of a saved diff is old and which is new: by the page below, by the engine's order, by the heads' numbers. Pure.

An unchanged line stands twice. In a changed pair the order is not fixed: the engine (wikidiff2) prints a similar pair removed,
added, and a dissimilar one added, removed (inputs.md, 1.1; measured 2026). What the rendered page shows outranks that order.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, Protocol

from rapidfuzz.distance import LCSseq

from audit.model import Side

SURELY_ADDED, SURELY_REMOVED = 0.8, 0.2
"""Share of a cell's words in the page below. Fourteen real prose cells scored 1.0 or 0.0."""

SIMILAR = 0.2
"""The engine's `change_threshold`: common characters of a pair, twice, divided by all."""

UNSURE = 0.05
"""So near the threshold our words and the engine's may fall on different sides."""

MOST_TOKENS = 4_000
"""Words of a line that are compared; a paragraph with thirty references has three thousand."""

RUN, RUN_CHARACTERS, RUN_SHARE = 3, 12, 10
"""Words and signs in a row, and their characters (in short lines a tenth of both), that are hardly common by chance."""

MOST_BALANCED = 60
"""Changed lines of a hunk whose readings are weighed against the numbers of the heads; beyond that the best reading stands."""

LONG_ENOUGH = 40
"""Characters of a line that moved: shorter ones are equal by chance."""

MARKS: Mapping[str, Side] = {"-": Side.REMOVED, "\u2212": Side.REMOVED, "+": Side.ADDED}
"""Older saves print the marker cells."""

_TOKEN = re.compile(r"\w+\s*|[^\w]\s*")

EDITED = 0.5
"""A pair with so much in common is one line, edited; two new lines of a table may be as alike, but seldom are."""

AS_MUCH = 0.5
"""Share of a cell's windows that its neighbour has too: then the page shows most of both, and only what differs proves a side."""


class Page(Protocol):
    """The rendered new revision: which words of a cell a page would show, and whether this one does."""

    def windows(self, cell: str) -> frozenset[str]: ...

    def shows(self, window: str) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Lines `first` to `end` (indices, end exclusive) behind one head with its two numbers."""

    first: int
    end: int
    left: int | None = None
    right: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One line of the diff part with its side. `why` is the evidence; `sure` is False where the order alone had to do."""

    line: int
    text: str
    side: Side
    why: str = "context"
    sure: bool = True
    hunk: int = 0


class _Merit(NamedTuple):
    """How good a reading is: agreement with the page first, then with the engine's order, then the most pairs."""

    agreed: int = 0
    ordered: int = 0
    pairs: int = 0


class _Step(NamedTuple):
    """One part of a reading: an unchanged cell, a pair (its first side named), or a single line of the longer side."""

    kept: Cell | None = None
    changed: "_Changed | None" = None
    at: int = 0
    side: Side = Side.KEPT
    paired: bool = False

    def cells(self, *, told: bool) -> tuple[Cell, ...]:
        """The cells; `told` is whether the numbers of the heads leave no other reading of the run."""
        if self.kept is not None:
            return (self.kept,)
        if self.changed is None:
            return ()
        if self.paired:
            return self.changed.pair(self.at, self.side, told=told)
        return (self.changed.single(self.at, self.side, told=told),)


class _Path(NamedTuple):
    """One way to read the cells so far: a chain back to the first."""

    merit: _Merit
    step: _Step = _Step()
    before: "_Path | None" = None

    def steps(self) -> list[_Step]:
        found: list[_Step] = []
        at: _Path | None = self
        while at is not None:
            found.append(at.step)
            at = at.before
        return found[::-1]


_State = tuple[int, Side | None]
"""(lines added on balance, the side of the left-over lines that began)."""


def settled(lines: Sequence[str], hunks: Sequence[Hunk], *, page: Page | None) -> list[Cell]:
    """Every line of the diff part with its side. A line that moved is one unchanged line, at the later of its places."""
    marked = [_has_marks(lines, hunk) for hunk in hunks]
    unmarked = [hunk for hunk, has_marks in zip(hunks, marked, strict=True) if not has_marks]
    moved = _moved(lines, [at for hunk in unmarked for at, doubled in _items(lines, hunk) if not doubled], page)
    cells: list[Cell] = []
    for number, hunk in enumerate(hunks):
        if not marked[number]:
            balance = _balance(hunk, hunks[number + 1 : number + 2])
            found = _hunk(lines, hunk, page=page, balance=balance, moved=moved)
        else:
            found = _marked(lines, hunk)
        cells += [replace(cell, hunk=number) for cell in found]
    return cells


def _items(lines: Sequence[str], hunk: Hunk) -> Iterator[tuple[int, bool]]:
    """The cells of a hunk: two equal neighbours are one unchanged line."""
    at = hunk.first
    while at < hunk.end:
        doubled = at + 1 < hunk.end and lines[at] == lines[at + 1]
        yield at, doubled
        at += 2 if doubled else 1


def _moved(lines: Sequence[str], changed: Sequence[int], page: Page | None) -> Mapping[int, bool]:
    """Changed cells that are one line at two places -> whether it is the later place."""
    counted = Counter(lines[at] for at in changed if len(lines[at]) >= LONG_ENOUGH)
    twice = {text for text, count in counted.items() if count == 2}
    twice = {text for text in twice if page is None or _proof(_share(page, page.windows(text))) is not Side.REMOVED}
    found: dict[int, bool] = {}
    seen: set[str] = set()
    for at in changed:
        if lines[at] in twice:
            found[at] = lines[at] in seen
            seen.add(lines[at])
    return found


def _share(page: Page, windows: frozenset[str]) -> float | None:
    """How much of some windows the page shows."""
    return sum(map(page.shows, windows)) / len(windows) if windows else None


def _balance(hunk: Hunk, following: Sequence[Hunk]) -> int | None:
    """Lines that a hunk adds on balance: what the numbers of its head and of the next one differ by."""
    for other in following:
        if None not in {hunk.left, hunk.right, other.left, other.right}:
            return ((other.right or 0) - (other.left or 0)) - ((hunk.right or 0) - (hunk.left or 0))
    return None


# ---- marker cells


def _mark(line: str) -> tuple[Side | None, str | None]:
    """The side that a printed marker names, and the cell when it stands in the same line."""
    mark, tab, rest = line.partition("\t")
    side = MARKS.get(mark.strip())
    return (side, rest if tab and rest.strip() else None) if side else (None, None)


def _has_marks(lines: Sequence[str], hunk: Hunk) -> bool:
    """Whether every cell that is not doubled has a mark: a lone plus may also be a line of the page."""
    if not any(_mark(lines[at])[0] for at in range(hunk.first, hunk.end)):
        return False
    return all(cell.side is not Side.KEPT or cell.sure for cell in _marked(lines, hunk))


def _marked(lines: Sequence[str], hunk: Hunk) -> list[Cell]:
    cells: list[Cell] = []
    at = hunk.first
    while at < hunk.end:
        side, inline = _mark(lines[at])
        if side and inline is not None:
            cells.append(Cell(line=at + 1, text=inline, side=side, why="marked"))
            at += 1
        elif side and at + 1 < hunk.end:
            cells.append(Cell(line=at + 2, text=lines[at + 1], side=side, why="marked"))
            at += 2
        else:
            doubled = at + 1 < hunk.end and lines[at] == lines[at + 1]
            cells.append(Cell(line=at + 1, text=lines[at], side=Side.KEPT, sure=doubled or not lines[at].strip()))
            at += 2 if doubled else 1
    return cells


# ---- cells without marks


class _Changed:
    """The changed cells of one run, with what the page proves of each alone and of each two neighbours as a pair."""

    def __init__(self, lines: Sequence[str], run: Sequence[int], page: Page | None) -> None:
        self.numbers = [at + 1 for at in run]
        self.texts = [lines[at] for at in run]
        likeness = [_similarity(one, other) for one, other in pairwise(self.texts)]
        self.similar, self.surely = [most for most, _ in likeness], [least for _, least in likeness]
        windows = [page.windows(text) if page else frozenset[str]() for text in self.texts]
        self.proofs = [_proof(_share(page, some)) if page else None for some in windows]
        for at, some in enumerate(windows):
            around = [windows[near] for near in (at - 1, at + 1) if 0 <= near < len(windows)]
            alike = [other for other in around if some and len(some & other) >= AS_MUCH * len(some)]
            if page and alike and self.proofs[at] is not Side.REMOVED:
                apart = {_proof(_share(page, some - other)) for other in alike}
                self.proofs[at] = apart.pop() if len(apart) == 1 else None

    @property
    def proved(self) -> bool:
        return None not in self.proofs

    def _cell(self, at: int, side: Side, *, otherwise: str, sure: bool) -> Cell:
        proved = self.proofs[at] is side
        why = PROVED if proved else otherwise
        return Cell(
            line=self.numbers[at], text=self.texts[at], side=side, why=why, sure=proved or (self.proofs[at] is None and sure)
        )

    def pair(self, at: int, first: Side, *, told: bool) -> tuple[Cell, ...]:
        """Two neighbours as one changed pair. Where half of the words are common, one is the other, edited."""
        similar = self.similar[at]
        in_order = (first is Side.REMOVED) == (similar > SIMILAR)
        known = any((self.proofs[at], self.proofs[at + 1]))
        far = self.surely[at] > SIMILAR + UNSURE if similar > SIMILAR else similar < SIMILAR - UNSURE
        clear = known or (in_order and far)
        why = f"the order of a {'similar' if similar > SIMILAR else 'dissimilar'} pair ({similar:.2f})"
        sure = clear and (told or similar >= EDITED or (known and similar > SIMILAR + UNSURE))
        return (
            self._cell(at, first, otherwise=why, sure=sure),
            self._cell(at + 1, OTHER[first], otherwise=why, sure=sure),
        )

    def single(self, at: int, side: Side, *, told: bool) -> Cell:
        why = "the numbers of the heads" if told else "the longer side of a changed passage"
        return self._cell(at, side, otherwise=why, sure=told or not self.texts[at].strip())

    def paired(self, merit: _Merit, at: int, first: Side, *, late: bool) -> _Merit:
        """The engine prints pairs before what is left over, and similar ones with the removed line first."""
        ordered = ((first is Side.REMOVED) == (self.similar[at] > SIMILAR)) - late
        agreed = _agreed(self.proofs[at], first) + _agreed(self.proofs[at + 1], OTHER[first])
        return _Merit(merit.agreed + agreed, merit.ordered + ordered, merit.pairs + 1)

    def alone(self, merit: _Merit, at: int, side: Side, *, late: bool) -> _Merit:
        return _Merit(merit.agreed + _agreed(self.proofs[at], side), merit.ordered - late, merit.pairs)


def _agreed(proof: Side | None, side: Side) -> int:
    return 0 if proof is None else 1 if proof is side else -1


OTHER = {Side.ADDED: Side.REMOVED, Side.REMOVED: Side.ADDED}
PROVED = "what the page below shows"


def _hunk(lines: Sequence[str], hunk: Hunk, *, page: Page | None, balance: int | None, moved: Mapping[int, bool]) -> list[Cell]:
    """The runs between unchanged lines are split as the page, the order and the heads say."""
    parts: list[Cell | _Changed] = []
    run: list[int] = []
    for at, doubled in _items(lines, hunk):
        if not doubled and at not in moved:
            run.append(at)
        elif doubled or moved[at]:
            parts += [_Changed(lines, run, page)] if run else []
            parts.append(Cell(line=at + 1, text=lines[at], side=Side.KEPT, why="context" if doubled else "moved"))
            run = []
        else:
            balance = None
    parts += [_Changed(lines, run, page)] if run else []
    best = max(_readings(parts, by_balance=False).values(), key=lambda path: path.merit)
    runs = [part for part in parts if isinstance(part, _Changed)]
    if sum(len(run.texts) for run in runs) > MOST_BALANCED:
        balance = None
    if balance is not None and _added(best.steps()) != balance:
        readings = _readings(parts, by_balance=True)
        fitting = [path for (net, _), path in readings.items() if net == balance and path.merit.agreed >= best.merit.agreed]
        best, balance = (max(fitting, key=lambda path: path.merit), balance) if fitting else (best, None)
    told = balance is not None and _ways(runs, best.steps(), balance) == 1
    return [cell for step in best.steps() for cell in step.cells(told=told)]


def _added(steps: Iterable[_Step]) -> int:
    """Lines that a reading adds on balance."""
    return sum((step.side is Side.ADDED) - (step.side is Side.REMOVED) for step in steps if step.changed and not step.paired)


def _ways(runs: Sequence[_Changed], steps: Sequence[_Step], balance: int) -> int:
    """In how many ways the runs can add up to what the heads say. A run that the page proves has one."""
    ways = {0: 1}
    for run in runs:
        size = len(run.texts)
        able = [_added(step for step in steps if step.changed is run)] if run.proved else range(-size, size + 1, 2)
        longer: dict[int, int] = {}
        for net, count in ways.items():
            for more in able:
                longer[net + more] = longer.get(net + more, 0) + count
        ways = longer
    return ways.get(balance, 0)


def _readings(parts: Iterable[Cell | _Changed], *, by_balance: bool) -> Mapping[_State, _Path]:
    """The best reading of a hunk for each state it may end in."""
    paths: dict[_State, _Path] = {(0, None): _Path(_Merit())}
    for part in parts:
        if isinstance(part, Cell):
            paths = {state: _Path(path.merit, _Step(kept=part), path) for state, path in paths.items()}
        else:
            paths = _through(part, paths, by_balance=by_balance)
    return paths


def _through(changed: _Changed, paths: Mapping[_State, _Path], *, by_balance: bool) -> dict[_State, _Path]:
    """All paths through one run: pairs in either order, and single lines of the longer side."""
    size = len(changed.texts)
    begun: dict[_State, _Path] = {}
    for (net, _), path in paths.items():
        if (net, None) not in begun or path.merit > begun[net, None].merit:
            begun[net, None] = path
    steps: list[dict[_State, _Path]] = [begun, *({} for _ in range(size))]
    for at in range(size):
        for (net, left), path in steps[at].items():
            for side in (Side.ADDED, Side.REMOVED):
                more = (1 if side is Side.ADDED else -1) if by_balance else 0
                merit = changed.alone(path.merit, at, side, late=left is OTHER[side])
                _keep(steps[at + 1], (net + more, side), merit, _Step(None, changed, at, side), path)
                if at + 1 < size:
                    merit = changed.paired(path.merit, at, side, late=left is not None)
                    _keep(steps[at + 2], (net, left), merit, _Step(None, changed, at, side, paired=True), path)
    return steps[size]


def _keep(paths: dict[_State, _Path], state: _State, merit: _Merit, step: _Step, before: _Path) -> None:
    if state not in paths or merit > paths[state].merit:
        paths[state] = _Path(merit, step, before)


def _proof(share: float | None) -> Side | None:
    if share is None or SURELY_REMOVED < share < SURELY_ADDED:
        return None
    return Side.ADDED if share >= SURELY_ADDED else Side.REMOVED


def _similarity(one: str, other: str) -> tuple[float, float]:
    """Common characters of two lines by words, twice, divided by all: at most, and in runs that no way of comparing overlooks.

    The engine saves time on long lines, and overlooks some of the words that lines have in common by chance.

    >>> [round(part, 2) for part in _similarity("the bridge is old", "the bridge is new")], _similarity("a", "b")
    ([0.82, 0.82], (0.0, 0.0))
    """
    first, second = (_TOKEN.findall(text)[:MOST_TOKENS] for text in (one, other))
    words = [[token.rstrip() or token for token in tokens] for tokens in (first, second)]
    total = sum(map(len, first)) + sum(map(len, second))
    if not total:
        return 1.0, 1.0
    equal = [code for code in LCSseq.opcodes(*words) if code.tag == "equal"]
    runs = [(code.src_end - code.src_start, len("".join(first[code.src_start : code.src_end]))) for code in equal]
    most, least = (
        sum(length for _, length in runs),
        sum(length for count, length in runs if count >= RUN and length >= min(RUN_CHARACTERS, total / RUN_SHARE)),
    )
    return 2 * most / total, 2 * least / total
