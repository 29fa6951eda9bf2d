"""Capture indexes into the store: one file after the other, in batches, however long it is. Shell."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from audit import cdxfiles
from audit.cdxfiles import BadLine, IndexLine, OtherLine
from audit.errors import DocumentError
from audit.store import writes
from audit.store.opening import Store

AT_ONCE = 10_000
"""So many captures are in memory, and in one short transaction."""

MOST_SHOWN = 5
HOPELESS = 1_000
"""A file that begins with so many bad lines is something else."""


@dataclass(slots=True, kw_only=True)
class Imported:
    """What became of one file: captures read, how many of them were new, lines about other things, and bad lines."""

    name: str
    captures: int = 0
    fresh: int = 0
    others: int = 0
    bad: int = 0
    shown: list[BadLine] = field(default_factory=list)


def import_index(store: Store, name: str, stream: IO[bytes], *, archive: str, base_url: str, now: datetime) -> Imported:
    """Write the captures of one index. Raises DocumentError for a file that is none; nothing is written twice."""
    told = Imported(name=name)
    for batch in _batches(stream, told):
        with store.write() as conn:
            number = writes.name_archive(conn, archive, base_url=base_url, now=now)
            told.fresh += writes.write_index(conn, batch, archive_id=number, now=now)
    if told.bad and not (told.captures or told.others):
        raise _no_index(told)
    return told


def _batches(stream: IO[bytes], told: Imported) -> Iterator[list[IndexLine]]:
    """The captures of a file; what else it holds is counted."""
    batch: list[IndexLine] = []
    for row in cdxfiles.read(stream):
        match row:
            case IndexLine():
                told.captures += 1
                batch.append(row)
            case OtherLine():
                told.others += 1
            case BadLine():
                _count(row, told)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _count(row: BadLine, told: Imported) -> None:
    told.bad += 1
    if len(told.shown) < MOST_SHOWN:
        told.shown.append(row)
    if told.bad == HOPELESS and not told.captures:
        raise _no_index(told)


def _no_index(told: Imported) -> DocumentError:
    first = told.shown[0]
    return DocumentError(told.name, f"is no capture index (line {first.number}: {first.why}); name a CDX, CDXJ or WACZ file")
