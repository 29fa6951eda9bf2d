"""Capture indexes into the store: one file after the other, in batches, however long it is. Shell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

import sqlalchemy as sa

from audit import captures, cdxfiles, judging, urls
from audit.archives import local
from audit.cdxfiles import BadLine, IndexLine, OtherLine
from audit.errors import DocumentError
from audit.model import CaptureSearch, Wanted
from audit.settings import Settings
from audit.store import reads, writes
from audit.store.opening import Store
from audit.store.statements import parts

AT_ONCE = 10_000
"""So many captures are in memory, and in one short transaction."""

LOOKED_UP_AT_ONCE = 500
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


def look_up(store: Store, *, settings: Settings, now: datetime) -> int:
    """Tell the cited URLs what the index holds of them since it grew; returns how many there were.

    A URL may have been answered "no" yesterday: without this it would learn of its captures weeks after the import.
    """
    named = (each.name for each in settings.archives if each.kind == local.KIND)
    archive = next(named, local.UNNAMED.name)
    with store.read() as conn:
        wanted = reads.wanted_of_index(conn)
    told: list[str] = []
    for some in parts(wanted, LOOKED_UP_AT_ONCE):
        with store.write() as conn:
            found = [answer for each in some for answer in _answers(conn, each, archive=archive, now=now)]
            writes.write_searches(conn, found)
        told += dict.fromkeys(answer.url for answer in found)
    if told:
        judging.judge(store, told, now=now, settings=settings)
        judging.find(store, now=now, settings=settings)
    return len(told)


def _answers(conn: sa.Connection, wanted: Wanted, *, archive: str, now: datetime) -> Sequence[CaptureSearch]:
    held = reads.indexed_captures(conn, urls.urlkey(wanted.url), near=captures.moments(wanted.near))
    return local.answers(held, url=wanted.url, near=wanted.near, archive=archive, now=now)


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
