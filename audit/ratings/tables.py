"""Rows of comma- or tab-separated files, with their line numbers. Pure."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from audit.errors import RatingsError
from audit.ratings.listing import ListFacts, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: cells by the name of their column; `cells` is how many there were."""

    line: int
    cells: int
    values: dict[str, str]

    def get(self, *names: str) -> str:
        return next((value for name in names if (value := self.values.get(name, ""))), "")


def read(
    body: bytes,
    *,
    facts: ListFacts,
    delimiter: str,
    required: Sequence[Sequence[str]],
    encodings: Sequence[str] = ("utf-8-sig",),
    remarks: bool = True,
) -> tuple[list[str], list[Row]]:
    """(columns, rows). Raises RatingsError when a column is missing: of each group in `required` one must be there.

    With `remarks` lines that begin with `#` are skipped.
    """
    lines = io.StringIO(text_of(body, facts.name, encodings=encodings), newline="")
    kept = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not (remarks and line.startswith("#"))]
    if not kept:
        raise RatingsError(facts.name, "is empty")
    rows = _rows(kept, delimiter, facts.name)
    header = next(rows, None)
    columns = [cell.strip().lower() for cell in header[1]] if header else []
    for group in required:
        if not set(group) & set(columns):
            raise RatingsError(
                facts.name, f"line {kept[0][0]}: the column {' or '.join(group)} is missing; the first line must name the columns"
            )
    return columns, [
        Row(line=line, cells=len(cells), values={name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name})
        for line, cells in rows
    ]


def _rows(kept: Sequence[tuple[int, str]], delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader((line for _, line in kept), delimiter=delimiter)
    begun = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            raise RatingsError(name, f"line {kept[min(begun, len(kept) - 1)][0]}: no row can be read ({fault})") from fault
        yield kept[begun][0], cells
        begun = reader.line_num


def day(text: str) -> date | None:
    """An ISO date.

    >>> day("2024-05-31"), day("2024-05"), day("soon")
    (datetime.date(2024, 5, 31), None, None)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
