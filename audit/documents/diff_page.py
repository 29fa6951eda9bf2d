"""A saved diff page of a wiki: columns of wikitext, then the rendered new revision with its reference list. Pure.

The text does not say which cell is old and which is new (`sides.py` finds out). Each revision is read by itself, and the two
are compared, so that names resolve per revision and what merely moved is kept (inputs.md, 1).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from audit import similarity
from audit.dates import cited_date
from audit.documents import compared, entries as assembling, rendered, sides
from audit.documents.sides import Cell, Hunk
from audit.model import Citation, Document, Problem, Reference, Severity, Side, Span, Tag
from audit.wikitext import Reading, chained, stripped

KIND = "diff"
_NUMBER = r"\d[\d.,\u00a0\u202f ]{0,11}"
HEAD = re.compile(
    rf"^(?P<before>[^\d\n]{{0,20}}?)(?P<left>{_NUMBER}?)(?P<behind>[^\d\s:\uff1a][^\d:\uff1a]{{0,11}}?)?[\s\u00a0]?[:\uff1a]\s*"
    rf"(?P=before)(?P<right>{_NUMBER}?)(?(behind)(?P=behind))[\s\u00a0]?[:\uff1a]\s*$"
)
"""A head with both numbers: the same words around each, in any language."""

LINE_WORDS = "Line|Zeile|Ligne|L\u00ednea|Riga|Linha|\u0421\u0442\u0440\u043e\u043a\u0430|Regel|Rad|Linia|\u0420\u044f\u0434\u043e\u043a|\u0158\u00e1dek|Sat\u0131r|Sor|Rivi|Linje|D\u00f2ng|Baris"
SINGLE_HEAD = re.compile(rf"^(?:{LINE_WORDS})[ \u00a0](?P<left>{_NUMBER}?)[ \u00a0]?:\s*$")
"""A head with one number, or half of one that was saved as two lines: only by its word, since prose has lines like "Season 2:"."""

MARKUP = re.compile(r"[|={}\[\]<>]")
YEAR = re.compile(r"(?:19|20|25)\d\d")
TIME = re.compile(r"(\d{1,2})[:.](\d\d)(?!\d)")
CHROME = {"From Wikipedia, the free encyclopedia": "en", "Aus Wikipedia, der freien Enzyklop\u00e4die": "de"}
COLUMNS = "Content deleted Content added"
TITLE_ENDS = re.compile(
    r": (?:Difference between revisions|Unterschied zwischen den Versionen|Diff\u00e9rence entre versions)\s*$"
)
WINDOW = 6
LONGEST = 100_000
"""Characters of a line that are looked up; the longest paragraphs of real pages have a tenth of that."""
HEADING = re.compile(r"=+\s*(.+?)\s*=+")
INFOBOX = re.compile(r"^\|\s*([\w ]+?)\s*=\s*(.*)$")
REFERENCE = re.compile(r"<ref[^>]*/>|<ref[\s\S]*?</ref\s*>", re.IGNORECASE)


def recognises(text: str) -> bool:
    """Whether a text is a saved diff page, by its shape: a hunk head, or the column heads."""
    lines = text[:200_000].split("\n")[:2_000]
    return any(COLUMNS in line for line in lines[:30]) or any(_is_head(line) for line in lines)


def _is_head(line: str) -> bool:
    return len(line) < 80 and (HEAD.match(line) is not None or SINGLE_HEAD.match(line) is not None)


def read(name: str, text: str, *, language: str | None = None) -> Document:
    """The references of both sides, those that only the rendered list shows, and what the edit did."""
    lines = text.split("\n")
    parts = _Parts.of(lines)
    body = _Body(lines[parts.page :] if parts.page is not None else [])
    cells = sides.settled(lines, parts.hunks, page=body or None)
    language = language or next((code for line, code in CHROME.items() if line in lines[:20]), None)
    listed = rendered.listed(lines[parts.page :], first=parts.page + 1) if parts.page is not None else []
    page = Document(
        source=name,
        kind=KIND,
        title=_title(lines),
        language=language,
        revised_at=parts.revised_at,
        problems=(*_undecided(cells), *_limits(parts, listed, body)),
    )
    return assembled(page, cells, lines=lines, listed=listed)


def assembled(page: Document, cells: Sequence[Cell], *, lines: Sequence[str], listed: Sequence[rendered.Entry]) -> Document:
    """The page with what its cells and its rendered list cite, and what the edit did. A cell stands in the line of its number."""
    starts, text = _starts(lines), "\n".join(lines)
    old = _Revision([cell for cell in cells if cell.side is not Side.ADDED], starts, page.language)
    new = _Revision([cell for cell in cells if cell.side is not Side.REMOVED], starts, page.language)
    told = compared.told(
        old.references({Side.REMOVED}),
        new.references({Side.ADDED, Side.KEPT}),
        before=lambda each: compared.in_front(text, each),
    )
    came, extra = _with_rendered(told.came, listed)
    tags = compared.tags(old.tags({Side.REMOVED}), new.tags({Side.ADDED, Side.KEPT}))
    ordered = sorted([*told.gone, *came], key=lambda each: each.span.start if each.span else 0)
    loose = compared.loose(old.citations({Side.REMOVED}), new.citations({Side.ADDED, Side.KEPT}))
    references, citations = assembling.numbered([*ordered, *extra], [*loose.gone, *loose.came])
    return replace(
        page,
        references=references,
        citations=citations,
        tags=tags,
        problems=(
            *page.problems,
            *old.problems({Side.REMOVED}),
            *new.problems({Side.ADDED, Side.KEPT}),
            *_without_address(references),
            *compared.problems(told, loose, references=references, tags=tags),
        ),
    )


def _undecided(cells: Iterable[Cell]) -> list[Problem]:
    what = "neither the page nor the heads show which side this line is on"
    return [
        Problem(code="side-undecided", detail=f"{what}; read as {cell.side} by {cell.why}", line=cell.line, side=cell.side)
        for cell in cells
        if not cell.sure
    ]


# ---- the parts of the page


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """The hunks of the diff part, and where the rendered page begins (index of a line)."""

    hunks: tuple[Hunk, ...]
    page: int | None
    heads: int
    revised_at: datetime | None

    @classmethod
    def of(cls, lines: Sequence[str]) -> "_Parts":
        heads = [(at, head) for at, line in enumerate(lines) if len(line) < 80 and (head := HEAD.match(line))]
        if not heads:
            heads = [(at, head) for at, line in enumerate(lines) if len(line) < 80 and (head := SINGLE_HEAD.match(line))]
        first = heads[0][0] if heads else next((at + 1 for at, line in enumerate(lines) if COLUMNS in line), 0)
        page, moment = _revision(lines, first)
        last = len(lines) if page is None else page
        if last > first and not lines[last - 1].strip():
            last -= 1  # one blank line stands between diff and page, or a line end at the end of the file
        heads = [each for each in heads if each[0] < last]
        return cls(hunks=tuple(_hunks(heads, first, last)), page=page, heads=len(heads), revised_at=moment)


def _hunks(heads: Sequence[tuple[int, re.Match[str]]], first: int, last: int) -> Iterable[Hunk]:
    """One hunk per head; a save without heads is one hunk."""
    if not heads:
        yield Hunk(first=first, end=last)
    ends = [*(at for at, _ in heads[1:]), last]
    for (at, head), end in zip(heads, ends, strict=False):
        yield Hunk(first=at + 1, end=end, left=_number(head["left"]), right=_number(head.groupdict().get("right")))


def _number(text: str | None) -> int | None:
    digits = re.sub(r"\D", "", text or "")
    return int(digits) if digits else None


def _revision(lines: Sequence[str], first: int) -> tuple[int | None, datetime | None]:
    """The line "Revision as of ..." by its shape, in any language: a day and a time alone between blank lines."""
    for at in range(first, len(lines)):
        line = lines[at]
        if 12 < len(line) < 120 and not MARKUP.search(line) and TIME.search(line) and YEAR.search(line):
            alone = not lines[at - 1].strip() and not (at + 1 < len(lines) and lines[at + 1].strip())
            if alone and (found := moment(line)):
                return at, found
    return None, None


def moment(line: str) -> datetime | None:
    """The moment in a line; the words around its date are dropped one by one.

    >>> str(moment("Revision as of 16:23, 19 September 2023")), str(moment("Version vom 3. Mai 2021, 08:05 Uhr"))
    ('2023-09-19 16:23:00+00:00', '2021-05-03 08:05:00+00:00')
    """
    time = TIME.search(line)
    if time is None or int(time[1]) > 23 or int(time[2]) > 59:
        return None
    for part in (line[time.end() :], line[: time.start()]):
        words = part.replace("\u00a0", " ").strip(" ,;.").split()[:12]
        for skipped in range(len(words)):
            read = cited_date(" ".join(words[skipped : skipped + 5]).strip(" ,;"), language="en")
            if read.day is not None:
                return datetime(read.day.year, read.day.month, read.day.day, int(time[1]), int(time[2]), tzinfo=UTC)
    return None


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

    def windows(self, cell: str) -> frozenset[str]:
        """What the page would show of a cell, in stretches of six words; nothing when it would show nothing."""
        shown = stripped(REFERENCE.sub(" ", cell[:LONGEST]))
        if heading := HEADING.fullmatch(shown):
            return frozenset({f"={similarity.fold(heading[1])}"})
        if infobox := INFOBOX.match(shown):
            shown = "" if "image" in infobox[1] else infobox[2]
        words = similarity.WORD.findall(shown.casefold())
        size = min(WINDOW, len(words))
        return frozenset(f" {' '.join(words[at : at + size])} " for at in range(len(words) - size + 1)) if words else frozenset()

    def shows(self, window: str) -> bool:
        return window[1:] in self.lines if window.startswith("=") else window in self.words


# ---- one revision


def _starts(lines: Sequence[str]) -> list[int]:
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    return starts


class _Revision:
    """The lines of one side as wikitext, hunk by hunk, with the way back to the source."""

    def __init__(self, cells: Sequence[Cell], starts: Sequence[int], language: str | None) -> None:
        self.cells, self.starts = cells, starts
        self.begins = _starts([cell.text for cell in cells])
        self.by_line = {cell.line: cell for cell in cells}
        self.seen = chained(list(self._readings(language)))
        self.gathered = assembling.gathered(self.seen)
        self.behind = assembling.tags_behind(self.seen)

    def _readings(self, language: str | None) -> Iterable[tuple[int, Reading]]:
        """What is open at the end of one hunk does not reach into the next."""
        first = 0
        while first < len(self.cells):
            end = next(
                (at for at in range(first, len(self.cells)) if self.cells[at].hunk != self.cells[first].hunk), len(self.cells)
            )
            text = "\n".join(cell.text for cell in self.cells[first:end])
            begin = self.begins[first]
            yield begin, assembling.reading(text, place=self._placing(begin), language=language)
            first = end

    def _placing(self, begin: int) -> Callable[[int, int], Span]:
        return lambda start, end: self.place(begin + start, begin + end)

    def place(self, start: int, end: int) -> Span:
        if not self.cells:
            return Span(start=start, end=end, line=1, column=1)
        line, column = self._where(start)
        last_line, last_column = self._where(max(start, end - 1))
        return Span(
            start=self.starts[line - 1] + column - 1, end=self.starts[last_line - 1] + last_column, line=line, column=column
        )

    def _where(self, at: int) -> tuple[int, int]:
        number = assembling.before(self.begins, at)
        return self.cells[number].line, at - self.begins[number] + 1

    def side(self, start: int, end: int | None = None) -> Side:
        """Kept if every line that a stretch touches is."""
        if not self.cells:
            return Side.KEPT
        first = assembling.before(self.begins, start)
        last = assembling.before(self.begins, max(start, (end or start + 1) - 1))
        return next((cell.side for cell in self.cells[first : last + 1] if cell.side is not Side.KEPT), Side.KEPT)

    def references(self, only: set[Side]) -> list[tuple[Reference, int]]:
        """The references whose definition (else first use) stands on these sides, in order of first use, with their hunks."""
        found = []
        for entry in self.gathered:
            at = entry.bodies[0][1] if entry.bodies else entry.first
            side = self.side(at.start, at.end)
            if side in only and not assembling.is_void(entry):
                made = assembling.reference(entry, self.seen, place=self.place, side=side)
                hunk = self.cells[assembling.before(self.begins, entry.first.start)].hunk
                found.append((assembling.tagged(made, entry, self.behind), hunk))
        return found

    def tags(self, only: set[Side]) -> list[Tag]:
        return [tag for tag in assembling.loose_tags(self.seen, self.side, self.behind) if tag.side in only]

    def citations(self, only: set[Side]) -> list[Citation]:
        """Citations outside references."""
        sided = (replace(each, side=self._side_of(each.line)) for each in self.seen.page.citations)
        return [each for each in sided if each.side in only]

    def _side_of(self, line: int | None) -> Side | None:
        cell = self.by_line.get(line or 0)
        return cell.side if cell else None

    def problems(self, only: set[Side]) -> list[Problem]:
        found = assembling.problems(self.gathered, self.seen, place=self.place, whole=False)
        return [replace(each, side=side) for each in found if (side := self._side_of(each.line)) in only]


# ---- the rendered list


def _with_rendered(
    came: Sequence[tuple[Reference, int]], listed: Sequence[rendered.Entry]
) -> tuple[list[Reference], list[Reference]]:
    """(references of the new side with their numbers, references that only the list shows)."""
    references = [each for each, _ in came]
    placed = rendered.matched(listed, references, passages=[hunk for _, hunk in came])
    numbered = [
        replace(each, entry=listed[placed[index]].number, confirmed_undefined=listed[placed[index]].undefined is not None)
        if index in placed
        else each
        for index, each in enumerate(references)
    ]
    taken = set(placed.values())
    return numbered, [rendered.reference(entry) for at, entry in enumerate(listed) if at not in taken]


def _limits(parts: _Parts, listed: Sequence[rendered.Entry], body: _Body) -> list[Problem]:
    """What the saved page does not hold."""
    found = []
    missing = [
        name
        for name, lost in (
            ("the rendered page", parts.page is None),
            ("the heads of the hunks", not parts.heads),
            ("the rendered reference list", bool(body.markers) and not listed),
        )
        if lost
    ]
    if missing:
        detail = f"{missing[0]} is missing: the page was saved in part, and is read as far as it goes"
        found.append(Problem(code="source-truncated", detail=detail, severity=Severity.WARNING))
    lost = [entry for entry in listed if body.markers and entry.uses > body.markers[entry.number]]
    if lost:
        detail = f"{len(lost)} of {len(listed)} entries have more back-links than the saved text has markers: text is missing"
        found.append(Problem(code="source-truncated", detail=detail, severity=Severity.NOTE, line=lost[0].line))
    return found


def _without_address(references: Sequence[Reference]) -> list[Problem]:
    """Entries that only the rendered list shows, and shows without an address."""
    lost = [each for each in references if not each.in_wikitext and each.defined and not any(one.url for one in each.citations)]
    return [
        Problem(
            code="address-not-recoverable",
            detail=f"entry {each.entry} shows no address: its wikitext is outside the diff",
            line=each.line,
            side=each.side,
            reference=each.position,
        )
        for each in lost
    ]
