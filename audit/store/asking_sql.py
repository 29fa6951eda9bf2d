"""SQL that a person typed, on a connection that can change nothing. I/O."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from audit.errors import ConfigError, StoreError, StoreLocked, StoreUnreachable
from audit.store.opening import CANNOT_OPEN, LOCKED, READ_LIMIT_S, Store, masked
from audit.store.views import VIEWS

Table = tuple[tuple[str, ...], list[tuple[Any, ...]]]

WRITES = ("readonly database", "read-only transaction")
TOO_LONG = "statement timeout"


def query(store: Store, sql: str) -> Table:
    """(columns, rows) of one statement that reads. Raises ConfigError for SQL that the database refuses."""
    with store.read() as conn, _faults(store, conn):
        cursor: Any = conn.connection.cursor()
        try:
            # PostgreSQL takes several statements in one text, the first of which could lift the protection,
            # unless answers are asked for in binary form.
            options = {"binary": True} if store.dialect == "postgresql" else {}
            cursor.execute(sql, **options)
            if cursor.description is None:
                raise ConfigError("QUERY: this statement gives no rows; write a SELECT (`source-audit sql` lists the views)")
            return tuple(column[0] for column in cursor.description), [tuple(row) for row in cursor.fetchall()]
        finally:
            cursor.close()


def views(store: Store) -> Table:
    """(columns, rows) that list every column of the views, those of the database's owner last."""
    with store.read() as conn:
        look = sa.inspect(conn)
        present = look.get_view_names()
        ours = {view.name for view in VIEWS}
        theirs = [
            (name, column["name"], column.get("comment") or "")
            for name in sorted(set(present) - ours)
            for column in look.get_columns(name)
        ]
    rows = [(view.name, each.name, each.comment) for view in VIEWS if view.name in present for each in view.columns]
    return ("view", "column", "comment"), [*rows, *theirs]


@contextmanager
def _faults(store: Store, conn: sa.Connection) -> Iterator[None]:
    faults = conn.dialect.loaded_dbapi
    try:
        yield
    except faults.Error as fault:
        raise _told(store, fault, lost=isinstance(fault, faults.OperationalError)) from fault
    except UnicodeEncodeError as fault:
        raise ConfigError(f"QUERY: this text cannot be sent to the database ({fault.reason})") from fault


def _told(store: Store, fault: Exception, *, lost: bool) -> ConfigError | StoreError:
    line = " ".join(str(fault).strip().splitlines()[:1])
    if LOCKED.search(line):
        return StoreLocked(f"{masked(store.url)} is locked by another program; try again when it is done")
    if any(word in line for word in WRITES):
        return ConfigError("QUERY: `sql` only reads; this statement would write")
    if TOO_LONG in line:
        return ConfigError(f"QUERY: it took longer than {READ_LIMIT_S} s; add a WHERE or a LIMIT")
    if CANNOT_OPEN.search(line) or (lost and store.dialect == "postgresql"):
        return StoreUnreachable(f"{masked(store.url)} cannot be used: {line}")
    return ConfigError(f"QUERY: {line}; `source-audit sql` without a query lists the views and their columns")
