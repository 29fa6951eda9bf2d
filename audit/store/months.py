"""The parts of `fetches` on PostgreSQL, one per month: made before they are needed. I/O."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from audit.store.tables import FETCH_PARTITION

AHEAD = 3
"""This month and the next two."""
A_MONTH = timedelta(days=32)

MADE = sa.text("SELECT to_regclass(:name) IS NOT NULL")
STRAY = sa.text(f"SELECT 1 FROM {FETCH_PARTITION}default WHERE fetched_at >= :first AND fetched_at < :after LIMIT 1")  # noqa: S608 - a constant


def make_months(conn: sa.Connection, at: datetime) -> None:
    """Make the parts for fetches from this month on; a month with rows in the default part stays there."""
    if conn.dialect.name != "postgresql":
        return
    first = at.date().replace(day=1)
    for _ in range(AHEAD):
        after = (first + A_MONTH).replace(day=1)
        _make(conn, first, after)
        first = after


def _make(conn: sa.Connection, first: date, after: date) -> None:
    name = f"{FETCH_PARTITION}{first:%Y_%m}"
    span = {"first": datetime.fromisoformat(f"{first}T00:00Z"), "after": datetime.fromisoformat(f"{after}T00:00Z")}
    if conn.execute(MADE, {"name": name}).scalar() or conn.execute(STRAY, span).first():
        return
    limits = f"FROM ('{first} 00:00+00') TO ('{after} 00:00+00')"
    conn.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF fetches FOR VALUES {limits}")
