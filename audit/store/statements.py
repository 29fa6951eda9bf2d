"""The few statement forms that every write uses, alike on both databases. I/O."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Row = dict[str, Any]
Thing = TypeVar("Thing")

STREAMED = {"yield_per": 2_000}
"""Rows of a long answer are not all in memory at once."""
AT_ONCE = 500
"""So many keys stand in one `IN (...)`: far below the limit of either database, and one plan is reused."""


def parts(values: Iterable[Thing], size: int = AT_ONCE) -> Iterator[list[Thing]]:
    """The values in lists of at most `size`."""
    source = iter(values)
    while some := list(islice(source, size)):
        yield some


def add(conn: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert rows; one whose key is there already is left out, so a replay adds nothing. Returns how many were new."""
    if not rows:
        return 0
    statement = _insert(conn, table).on_conflict_do_nothing()
    return conn.execute(statement, list(rows), execution_options={"preserve_rowcount": True}).rowcount


def add_one(conn: sa.Connection, table: sa.Table, row: Row) -> bool:
    """Insert one row; False when its key is there already."""
    statement = _insert(conn, table).on_conflict_do_nothing().returning(*table.primary_key)
    return conn.execute(statement, row).first() is not None


def put(conn: sa.Connection, table: sa.Table, rows: Sequence[Row], *, keep: Collection[str] = ()) -> None:
    """Insert rows, or write them over those of the same key; columns in `keep` hold what they held."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    statement = _insert(conn, table)
    fresh = {name: statement.excluded[name] for name in rows[0] if name not in keys and name not in keep}
    conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh), list(rows))


def change(conn: sa.Connection, table: sa.Table, rows: Sequence[Row], *, by: str = "url_key") -> None:
    """Update rows that hold their key and the columns to change; every row names the same columns."""
    if not rows:
        return
    names = [name for name in rows[0] if name != by]
    statement = (
        sa.update(table)
        .where(table.c[by] == sa.bindparam(f"the_{by}"))
        .values({name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in names})
    )
    conn.execute(statement, [{f"the_{by}": row[by], **{f"new_{name}": row[name] for name in names}} for row in rows])


def selected(
    conn: sa.Connection, query: sa.Select[Any], column: sa.ColumnElement[Any], values: Iterable[Any]
) -> Iterator[sa.RowMapping]:
    """The rows of a query whose column holds one of many values."""
    for some in parts(values):
        yield from conn.execute(query.where(column.in_(some))).mappings().all()


def _insert(conn: sa.Connection, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if conn.dialect.name == "postgresql" else sqlite.insert(table)
