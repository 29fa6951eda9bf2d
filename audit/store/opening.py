"""Open the database: one engine that writes, one that cannot. I/O."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from audit.errors import ConfigError, StoreError, StoreLocked, StoreOutdated, StoreUnreachable

REVISIONS = ("0001", "0002", "0003", "0006", "0007", "0010")
"""Every revision of `migrations/`, oldest first; a test holds them equal."""
HEAD = REVISIONS[-1]

LOCK_WAIT_S = 10
READ_LIMIT_S = 60
PSYCOPG = "postgresql+psycopg"
LOCKED = re.compile(r"database is locked|lock timeout|database table is locked", re.IGNORECASE)
CANNOT_OPEN = re.compile(r"unable to open database file|file is not a database|malformed|disk I/O|readonly database|disk is full")


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An open database. `write` takes the write lock when it begins, `read` sees one moment and can change nothing."""

    url: sa.URL
    writer: sa.Engine
    reader: sa.Engine

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.url.get_backend_name()

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that writes. Raises StoreLocked or StoreUnreachable."""
        with _faults(self.url), self.writer.begin() as conn:
            yield conn

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that only reads."""
        with _faults(self.url), self.reader.begin() as conn:
            yield conn

    def close(self) -> None:
        """Let SQLite learn from the run and fold its log into the file, then close every connection."""
        wrote = self.writer is not self.reader and self.writer.pool.checkedin()  # type: ignore[attr-defined]  # a QueuePool
        if self.dialect == "sqlite" and wrote:
            with _faults(self.url), self.writer.connect() as conn:
                cursor = conn.connection.cursor()
                cursor.execute("PRAGMA optimize")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.close()
        self.writer.dispose()
        self.reader.dispose()


def open_store(url: str, *, read_only: bool = False) -> Store:
    """Open a database of this program's revision.

    Raises StoreUnreachable when nothing answers, StoreOutdated when its schema is older or newer than this program.
    """
    store = connect(url, read_only=read_only)
    try:
        with store.read() as conn:
            refuse_other_revision(revision(conn))
    except StoreError:
        store.reader.dispose()
        raise
    return store


def connect(url: str, *, read_only: bool = False) -> Store:
    """Engines for the database, whatever its schema. Raises StoreUnreachable if an embedded one is missing."""
    parsed = parse(url)
    if parsed.get_backend_name() == "sqlite":
        if not Path(parsed.database or "").is_file():
            raise StoreUnreachable(f"there is no database at {parsed.database} yet; `source-audit run` or `db upgrade` makes it")
        reader = _sqlite(parsed, writes=False)
        return Store(url=parsed, writer=reader if read_only else _sqlite(parsed, writes=True), reader=reader)
    reader = _postgresql(parsed, writes=False)
    return Store(url=parsed, writer=reader if read_only else _postgresql(parsed, writes=True), reader=reader)


def parse(url: str) -> sa.URL:
    """The address of a database, its driver filled in.

    Raises ConfigError for an address that names no database we know.

    >>> parse("postgres://user:secret@host/name").drivername
    'postgresql+psycopg'
    """
    try:
        parsed = sa.make_url(url)
    except ArgumentError as fault:
        raise ConfigError("database: write it like sqlite:///audit.db or postgresql+psycopg://user@host/name") from fault
    if parsed.drivername in {"postgres", "postgresql", PSYCOPG}:
        return parsed.set(drivername=PSYCOPG)
    if parsed.get_backend_name() != "sqlite":
        raise ConfigError(f"database: {parsed.get_backend_name()} is not supported; use sqlite or postgresql")
    if parsed.database in {None, "", ":memory:"}:
        raise ConfigError("database: name a file, like sqlite:///audit.db; one in memory would be gone after the run")
    return parsed.set(drivername="sqlite+pysqlite")


def revision(conn: sa.Connection) -> str | None:
    """The revision the database is of, None before the first upgrade."""
    if not sa.inspect(conn).has_table("alembic_version"):
        return None
    found: str | None = conn.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return found


def refuse_other_revision(found: str | None) -> None:
    """Raises StoreOutdated with what to type, unless `found` is this program's revision."""
    if found == HEAD:
        return
    if found is not None and found not in REVISIONS:
        raise StoreOutdated(
            f"the database is of revision {found}, made by a newer program; this one knows {HEAD}: upgrade source-audit"
        )
    standing = f"of revision {found}" if found else "empty"
    raise StoreOutdated(f"the database is {standing}, this program needs {HEAD}; type: source-audit db upgrade")


def database_id(conn: sa.Connection) -> str:
    """The identity that the first upgrade gave this database."""
    found: str = conn.execute(sa.text("SELECT value FROM about WHERE name = 'database_id'")).scalar_one()
    return found


def _sqlite(url: sa.URL, *, writes: bool) -> sa.Engine:
    path = str(Path(url.database or "").absolute())
    target = f"file:{quote(path)}?mode={'rwc' if writes else 'ro'}&uri=true"
    engine = sa.create_engine(f"sqlite+pysqlite:///{target}", connect_args={"timeout": LOCK_WAIT_S, "check_same_thread": False})
    pragmas = WRITER_PRAGMAS if writes else READER_PRAGMAS
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

    @event.listens_for(engine, "connect")
    def take_over_transactions(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver no longer guesses when to begin
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin_now(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


WRITER_PRAGMAS = (
    "PRAGMA auto_vacuum=INCREMENTAL",  # acts before the first table only; later it costs a rewrite of the file
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA wal_autocheckpoint=1000",
)
READER_PRAGMAS = ("PRAGMA query_only=ON",)


def _postgresql(url: sa.URL, *, writes: bool) -> sa.Engine:
    settings = {
        "timezone": "UTC",
        "lock_timeout": f"{LOCK_WAIT_S}s",
        "statement_timeout": f"{READ_LIMIT_S}s",
        "idle_in_transaction_session_timeout": f"{READ_LIMIT_S}s",
        "synchronous_commit": "on",
        **({} if writes else {"default_transaction_read_only": "on"}),
    }
    arguments = {
        "application_name": "source-audit",
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        "connect_timeout": LOCK_WAIT_S,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
    }
    isolation = {} if writes else {"isolation_level": "REPEATABLE READ"}
    try:
        return sa.create_engine(url, connect_args=arguments, pool_pre_ping=True, **isolation)
    except (NoSuchModuleError, ModuleNotFoundError) as fault:
        raise StoreUnreachable("PostgreSQL needs its driver; type: pip install 'source-audit[postgres]'") from fault


@contextmanager
def _faults(url: sa.URL) -> Iterator[None]:
    """What goes wrong between us and the database, in one line; what is wrong with a statement stays as it is."""
    try:
        yield
    except OperationalError as fault:
        raise _store_error(fault, url) from fault
    except DBAPIError as fault:
        if fault.connection_invalidated or CANNOT_OPEN.search(str(fault.orig)):
            raise StoreUnreachable(f"{masked(url)} cannot be used: {_first_line(fault)}") from fault
        raise


def _store_error(fault: OperationalError, url: sa.URL) -> StoreError:
    line = _first_line(fault)
    if LOCKED.search(line):
        return StoreLocked(f"{masked(url)} has been locked by another program for {LOCK_WAIT_S} s; try again when it is done")
    return StoreUnreachable(f"{masked(url)} cannot be used: {line}")


def _first_line(fault: DBAPIError) -> str:
    return " ".join(str(fault.orig).strip().splitlines()[:1])


def masked(url: sa.URL) -> str:
    """The address of a database without its password.

    >>> masked(parse("postgresql://user:secret@host/name"))
    'postgresql+psycopg://user:***@host/name'
    """
    return url.render_as_string(hide_password=True)
