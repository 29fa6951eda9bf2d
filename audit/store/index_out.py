"""The local capture index -> captures. I/O."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from audit import memento
from audit.model import Capture
from audit.store.keys import index_key, lengthened
from audit.store.tables import capture_index, index_archives

ON_EACH_SIDE = 10
"""So many captures before a wanted moment, and as many after it: the nearest ones may be errors or redirects."""

COLUMNS = (
    *(capture_index.c[name] for name in ("urlkey", "timestamp", "digest", "original", "mimetype", "http_status")),
    *(index_archives.c[name] for name in ("archive", "base_url")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedArchive:
    """An archive of which indexes were imported."""

    archive: str
    base_url: str
    imported_at: datetime
    captures: int


def has_index(conn: sa.Connection) -> bool:
    """Whether any capture was imported."""
    return conn.execute(sa.select(capture_index.c.timestamp).limit(1)).first() is not None


def index_base(conn: sa.Connection, archive: str) -> str | None:
    """Where an archive that the index knows plays captures back."""
    found: str | None = conn.execute(
        sa.select(index_archives.c.base_url).where(index_archives.c.archive == archive)
    ).scalar_one_or_none()
    return found


def indexed_archives(conn: sa.Connection) -> list[IndexedArchive]:
    """The archives of the index, in order of their names, with how many captures it holds of each."""
    counted = sa.select(capture_index.c.archive_id, sa.func.count().label("captures")).group_by(capture_index.c.archive_id)
    held = counted.subquery()
    query = (
        sa.select(index_archives, sa.func.coalesce(held.c.captures, 0).label("captures"))
        .outerjoin(held, held.c.archive_id == index_archives.c.archive_id)
        .order_by(index_archives.c.archive)
    )
    return [IndexedArchive(**{name: row[name] for name in IndexedArchive.__slots__}) for row in conn.execute(query).mappings()]


def indexed_captures(conn: sa.Connection, urlkey: str, *, near: Sequence[datetime] = ()) -> list[Capture]:
    """The captures of one urlkey, in order of time: those around each wanted moment, else the newest ones."""
    found: dict[Any, Capture] = {}
    for query in _queries(index_key(urlkey), near):
        for row in conn.execute(query).mappings():
            captured_at = memento.parse_timestamp(memento.repaired(str(row["timestamp"])))
            if captured_at:
                found[row["timestamp"], row["archive"], row["digest"]] = _capture(row, captured_at[0])
    return [found[place] for place in sorted(found)]


def _queries(key: str, near: Sequence[datetime]) -> Iterable[sa.Select[Any]]:
    moment = capture_index.c.timestamp
    of_key = (
        sa.select(*COLUMNS)
        .join(index_archives, index_archives.c.archive_id == capture_index.c.archive_id)
        .where(capture_index.c.urlkey == key)
    )
    if not near:
        yield of_key.order_by(moment.desc()).limit(2 * ON_EACH_SIDE)
    for each in near:
        wanted = int(memento.timestamp(each))
        yield of_key.where(moment <= wanted).order_by(moment.desc()).limit(ON_EACH_SIDE)
        yield of_key.where(moment > wanted).order_by(moment).limit(ON_EACH_SIDE)


def _capture(row: sa.RowMapping, captured_at: datetime) -> Capture:
    original = lengthened(row["original"], urlkey=row["urlkey"])
    return Capture(
        archive=row["archive"],
        url=original,
        memento_url=memento.memento_url(row["base_url"], timestamp=str(row["timestamp"]), original=original),
        captured_at=captured_at,
        http_status=row["http_status"],
        mimetype=row["mimetype"],
        digest=row["digest"] or None,
    )
