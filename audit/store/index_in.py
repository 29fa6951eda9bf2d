"""Captures of an imported index -> rows of the local capture index: no capture twice, however often it is imported. I/O."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from audit.cdxfiles import IndexLine
from audit.store import cleaning
from audit.store.keys import index_key, shortened
from audit.store.statements import Row, add
from audit.store.tables import capture_index, index_archives

MOST_DIGEST = 128
"""SHA-512 in hexadecimal; it stands in a key."""


def name_archive(conn: sa.Connection, archive: str, *, base_url: str, now: datetime) -> int:
    """The number of an archive in the index; it is told where its captures are played back."""
    mine = index_archives.c.archive == cleaning.text(archive)
    found = conn.execute(sa.select(index_archives.c.archive_id, index_archives.c.base_url).where(mine)).first()
    if found is None:
        number = int(conn.execute(sa.select(sa.func.coalesce(sa.func.max(index_archives.c.archive_id), 0))).scalar_one()) + 1
        row = {"archive_id": number, "archive": archive, "base_url": base_url, "imported_at": now}
        conn.execute(sa.insert(index_archives), [cleaning.row(row)])
        return number
    if found.base_url != base_url:
        conn.execute(sa.update(index_archives).where(mine).values(base_url=cleaning.text(base_url)))
    return int(found.archive_id)


def write_index(conn: sa.Connection, lines: Sequence[IndexLine], *, archive_id: int, now: datetime) -> int:
    """Write captures of one archive; returns how many of them were new.

    They are sorted first: a tree that grows in order stays small, and its pages are visited once.
    """
    rows = sorted((_row(line, archive_id) for line in lines), key=lambda row: (row["urlkey"], row["timestamp"]))
    fresh = add(conn, capture_index, rows)
    if fresh:
        mine = index_archives.c.archive_id == archive_id
        conn.execute(sa.update(index_archives).where(mine).values(imported_at=now))
    return fresh


def _row(line: IndexLine, archive_id: int) -> Row:
    urlkey = index_key(line.urlkey)
    return {
        "urlkey": urlkey,
        "timestamp": int(line.timestamp),
        "archive_id": archive_id,
        "digest": cleaning.text(line.digest or "")[:MOST_DIGEST],
        "original": shortened(cleaning.text(line.original), urlkey=urlkey),
        "mimetype": None if line.mimetype is None else cleaning.text(line.mimetype),
        "http_status": line.http_status,
        "length": line.length,
    }
