"""Upgrade a database: tables by alembic, views always anew. Slow to import; only `upgrading.py` loads it. I/O.

Everything happens in one transaction, so an upgrade that fails leaves the database as it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.exc import OperationalError

import audit
from audit.errors import StoreError, StoreUnreachable
from audit.store import views
from audit.store.opening import HEAD, LOCK_WAIT_S, REVISIONS, masked, refuse_other_revision, revision
from audit.store.tables import FETCH_PARTITION, about, metadata

UPGRADE_LOCK = 0x5A_0D17_0002
"""Advisory lock on PostgreSQL: two upgrades of one database wait for each other."""


def upgrade(url: sa.URL, *, to: str = "head") -> str:
    """Bring the database to revision `to` and say in one sentence what was done.

    Raises StoreOutdated for a database that a newer program made, StoreUnreachable when it cannot be opened.
    """
    engine = _engine(url)
    try:
        with _reachable(url), engine.connect() as conn:
            found = revision(conn)
            conn.rollback()
            if found is not None and found not in REVISIONS:
                refuse_other_revision(found)
            copy = _copied(conn, url, found) if _is_embedded(url) and found not in {None, HEAD} else None
            _upgrade(conn, to)
    finally:
        engine.dispose()
    return _said(found, to=to, copy=copy)


def differences(url: sa.URL) -> list[Any]:
    """What alembic would still change to make the database equal to `tables.py`: nothing."""
    engine = _engine(url)
    try:
        with engine.connect() as conn:
            context = MigrationContext.configure(conn, opts={"compare_type": True, "include_name": is_ours})
            return list(compare_metadata(context, metadata))
    finally:
        engine.dispose()


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The partitions of `fetches` are no tables of the schema."""
    return not (kind == "table" and name is not None and name.startswith(FETCH_PARTITION))


def _upgrade(conn: sa.Connection, to: str) -> None:
    with conn.begin():
        if conn.dialect.name == "postgresql":
            conn.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        grants = views.grants(conn)
        theirs = views.drop(conn)
        command.upgrade(configuration(conn), to)
        _refuse_orphans(conn)
        if revision(conn) == HEAD:
            _name_database(conn)
            views.create(conn)
            views.grant(conn, grants)
        for made in theirs:
            conn.exec_driver_sql(made)


def configuration(conn: sa.Connection) -> Config:
    """Alembic's configuration: where the revisions are, and the connection they run on."""
    config = Config()
    config.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    config.attributes["connection"] = conn
    return config


def scripts() -> Path:
    """The folder of the revisions: inside the installed package, or beside it in a checkout."""
    package = Path(audit.__file__).parent
    shipped = package / "_migrations"
    return shipped if shipped.is_dir() else package.parent / "migrations"


def _engine(url: sa.URL) -> sa.Engine:
    if not _is_embedded(url):
        options = f"-c timezone=UTC -c lock_timeout={LOCK_WAIT_S}s -c statement_timeout=0"
        return sa.create_engine(url, connect_args={"options": options, "connect_timeout": LOCK_WAIT_S})
    engine = sa.create_engine(url, connect_args={"timeout": LOCK_WAIT_S})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        # Rebuilding a table with foreign keys on would silently delete the rows that point at it.
        for pragma in ("auto_vacuum=INCREMENTAL", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin_immediate(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _is_embedded(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _copied(conn: sa.Connection, url: sa.URL, found: str | None) -> Path:
    """A copy of an embedded database from before the upgrade; older copies are removed."""
    path = Path(url.database or "").absolute()
    for older in path.parent.glob(f"{path.name}.before-*"):
        older.unlink()
    copy = path.with_name(f"{path.name}.before-{found}")
    cursor = conn.connection.cursor()
    cursor.execute("VACUUM INTO ?", (str(copy),))
    cursor.close()
    return copy


def _refuse_orphans(conn: sa.Connection) -> None:
    if conn.dialect.name == "sqlite" and (orphans := conn.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
        raise StoreError(f"the upgrade would leave {len(orphans)} rows without what they point at; nothing was changed")


def _name_database(conn: sa.Connection) -> None:
    known = conn.execute(sa.select(about.c.value).where(about.c.name == "database_id")).scalar()
    if known is None:
        conn.execute(about.insert(), {"name": "database_id", "value": uuid4().hex})


def _said(found: str | None, *, to: str, copy: Path | None) -> str:
    target = HEAD if to == "head" else to
    if found is None:
        return f"the database was made, revision {target}"
    if found == target:
        return f"the database is of revision {target} already; its views were renewed"
    kept = f"; a copy of the old one is {copy.name}" if copy else ""
    return f"the database was upgraded from revision {found} to {target}{kept}"


@contextmanager
def _reachable(url: sa.URL) -> Iterator[None]:
    try:
        yield
    except OperationalError as fault:
        line = " ".join(str(fault.orig).strip().splitlines()[:1])
        raise StoreUnreachable(f"{masked(url)} cannot be upgraded: {line}") from fault
