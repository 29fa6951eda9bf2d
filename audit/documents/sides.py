"""Which cell of a saved diff is old and which is new: by the page below, by the engine's order, by the heads' numbers. Pure.

An unchanged line stands twice. In a changed pair the order is not fixed: the engine (wikidiff2) prints a similar pair removed,
added, and a dissimilar one added, removed (inputs.md, 1.1; measured 2026). What the rendered page shows outranks that order.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

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

MOST_BALANCED = 60
"""Changed lines of a hunk whose readings are weighed against the numbers of the heads; beyond that the best reading stands."""

LONG_ENOUGH = 40
"""Characters of a line that moved: shorter ones are equal by chance."""

MARKS: Mapping[str, Side] = {"-": Side.REMOVED, "\u2212": Side.REMOVED, "+": Side.ADDED}
"""Older saves print the marker cells."""

_TOKEN = re.compile(r"\w+\s*|[^\w]\s*")

Shown = Callable[[str], float | None]
"""How much of a cell the rendered page shows; None where it would not show it, or there is no page."""


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

    def cells(self) -> tuple[Cell, ...]:
        if self.kept is not None or self.changed is None:
            return (self.kept,) if self.kept is not None else ()
        return self.changed.pair(self.at, self.side) if self.paired else (self.changed.single(self.at, self.side),)


class _Path(NamedTuple):
    """One way to read the cells so far: a chain back to the first."""

    merit: _Merit
    step: _Step = _Step()
    before: "_Path | None" = None

    def walked(self) -> list[Cell]:
        found: list[Cell] = []
        at: _Path | None = self
        while at is not None:
            found += reversed(at.step.cells())
            at = at.before
        return found[::-1]


_State = tuple[int, Side | None]
"""(lines added on balance, the side of the left-over lines that began)."""


def settled(lines: Sequence[str], hunks: Sequence[Hunk], *, shown: Shown) -> list[Cell]:
    """Every line of the diff part with its side."""
    cells: list[Cell] = []
    for number, hunk in enumerate(hunks):
        marked = any(_mark(lines[at])[0] for at in range(hunk.first, hunk.end))
        balance = None if marked else _balance(hunk, hunks[number + 1 : number + 2])
        found = _marked(lines, hunk) if marked else _hunk(lines, hunk, shown=shown, balance=balance)
        cells += [replace(cell, hunk=number) for cell in found]
    return _moved(cells)


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
            cells.append(Cell(line=at + 1, text=lines[at], side=Side.KEPT))
            at += 2 if doubled else 1
    return cells


# ---- cells without marks


class _Changed:
    """The changed cells of one run, with what is known of each and of each two neighbours."""

    def __init__(self, lines: Sequence[str], run: Sequence[int], shown: Shown) -> None:
        self.numbers = [at + 1 for at in run]
        self.texts = [lines[at] for at in run]
        self.proofs = [_proof(shown(text)) for text in self.texts]
        self.similar = [_similarity(one, other) for one, other in pairwise(self.texts)]

    def cell(self, at: int, side: Side, why: str, *, sure: bool) -> Cell:
        proof = self.proofs[at]
        return Cell(line=self.numbers[at], text=self.texts[at], side=side, why=PROVED[proof] if proof else why, sure=sure)

    def agreed(self, at: int, side: Side) -> int:
        proof = self.proofs[at]
        return 0 if proof is None else 1 if proof is side else -1

    def pair(self, at: int, first: Side) -> tuple[Cell, ...]:
        """Two neighbours as one changed pair."""
        similar = self.similar[at]
        sure = self.proofs[at] is not None or self.proofs[at + 1] is not None or abs(similar - SIMILAR) > UNSURE
        why = f"order of a {'similar' if similar > SIMILAR else 'dissimilar'} pair ({similar:.2f})"
        return self.cell(at, first, why, sure=sure), self.cell(at + 1, OTHER[first], why, sure=sure)

    def single(self, at: int, side: Side) -> Cell:
        return self.cell(at, side, LEFT_OVER, sure=self.proofs[at] is not None or not self.texts[at].strip())

    def paired(self, merit: _Merit, at: int, first: Side, *, late: bool) -> _Merit:
        """The engine prints pairs before what is left over, and similar ones with the removed line first."""
        ordered = ((first is Side.REMOVED) == (self.similar[at] > SIMILAR)) - late
        agreed = self.agreed(at, first) + self.agreed(at + 1, OTHER[first])
        return _Merit(merit.agreed + agreed, merit.ordered + ordered, merit.pairs + 1)

    def alone(self, merit: _Merit, at: int, side: Side, *, late: bool) -> _Merit:
        return _Merit(merit.agreed + self.agreed(at, side), merit.ordered - late, merit.pairs)


OTHER = {Side.ADDED: Side.REMOVED, Side.REMOVED: Side.ADDED}
LEFT_OVER = "the longer side of a changed passage"
BALANCED = "the numbers of the heads"
PROVED = {Side.ADDED: "the page below shows it", Side.REMOVED: "the page below does not show it"}


def _hunk(lines: Sequence[str], hunk: Hunk, *, shown: Shown, balance: int | None) -> list[Cell]:
    """Two equal neighbours are one unchanged line; the runs between are split as the page, the order and the heads say."""
    parts: list[Cell | _Changed] = []
    run: list[int] = []
    at = hunk.first
    while at < hunk.end:
        if at + 1 < hunk.end and lines[at] == lines[at + 1]:
            parts += [_Changed(lines, run, shown)] if run else []
            parts.append(Cell(line=at + 1, text=lines[at], side=Side.KEPT))
            run, at = [], at + 2
        else:
            run.append(at)
            at += 1
    parts += [_Changed(lines, run, shown)] if run else []
    best = max(_readings(parts, by_balance=False).values(), key=lambda path: path.merit)
    cells = best.walked()
    changed = sum(cell.side is not Side.KEPT for cell in cells)
    if balance is None or changed > MOST_BALANCED:
        return cells
    if _added(cells) != balance:
        readings = _readings(parts, by_balance=True)
        fitting = [path for (net, _), path in readings.items() if net == balance and path.merit.agreed >= best.merit.agreed]
        if not fitting:
            return cells
        cells = max(fitting, key=lambda path: path.merit).walked()
    return [replace(cell, sure=True, why=BALANCED) if cell.why == LEFT_OVER else cell for cell in cells]


def _added(cells: Iterable[Cell]) -> int:
    return sum((cell.side is Side.ADDED) - (cell.side is Side.REMOVED) for cell in cells)


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


def _similarity(one: str, other: str) -> float:
    """Common characters of two lines by words, twice, divided by all.

    >>> round(_similarity("the bridge is old", "the bridge is new"), 2), _similarity("a", "b")
    (0.82, 0.0)
    """
    first, second = (_TOKEN.findall(text)[:MOST_TOKENS] for text in (one, other))
    words = [[token.rstrip() or token for token in tokens] for tokens in (first, second)]
    total = sum(map(len, first)) + sum(map(len, second))
    same = LCSseq.opcodes(*words)
    common = sum(len(token) for code in same if code.tag == "equal" for token in first[code.src_start : code.src_end])
    return 2 * common / total if total else 1.0


# ---- lines that moved


def _moved(cells: list[Cell]) -> list[Cell]:
    """A line that went at one place and came at another is one unchanged line, where it stands now."""
    gone: dict[str, list[int]] = {}
    for at, cell in enumerate(cells):
        if cell.side is Side.REMOVED and len(cell.text) >= LONG_ENOUGH:
            gone.setdefault(cell.text, []).append(at)
    dropped: set[int] = set()
    for at, cell in enumerate(cells):
        if cell.side is Side.ADDED and gone.get(cell.text):
            dropped.add(gone[cell.text].pop(0))
            cells[at] = replace(cell, side=Side.KEPT, why="moved")
    return [cell for at, cell in enumerate(cells) if at not in dropped]
