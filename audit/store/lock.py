"""One writer per database: who holds it, and since when. The kernel or the server frees it when the holder dies. I/O."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from audit.errors import RunBusy, StoreUnreachable
from audit.store.opening import LOCK_WAIT_S, masked, parse

RUN_LOCK = 0x5A_0D17_0001
"""Advisory lock on PostgreSQL; such locks belong to one database."""


@contextmanager
def run_lock(url: str, command: str) -> Iterator[None]:
    """Hold the database for one writing command. Raises RunBusy that names the holder."""
    parsed = parse(url)
    held = _file_lock if parsed.get_backend_name() == "sqlite" else _server_lock
    with held(parsed, command):
        yield


@contextmanager
def _file_lock(url: sa.URL, command: str) -> Iterator[None]:
    path = Path(f"{url.database}-lock")
    try:
        stream = path.open("a+", encoding="utf-8")
    except OSError as fault:
        raise StoreUnreachable(
            f"{path} cannot be written ({fault.strerror}); the folder of the database must be writable"
        ) from fault
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            raise RunBusy(_file_holder(stream)) from fault
        stream.seek(0)
        stream.truncate()
        json.dump({"pid": os.getpid(), "command": command, "started_at": _now()}, stream)
        stream.flush()
        yield
        stream.seek(0)
        stream.truncate()


def _file_holder(stream: TextIO) -> str:
    stream.seek(0)
    try:
        holder = json.loads(stream.read())
        return _busy(str(holder["pid"]), str(holder["command"]), str(holder["started_at"]))
    except (ValueError, KeyError, TypeError):
        return "another run holds the database and has not said which; try again when it is done"


@contextmanager
def _server_lock(url: sa.URL, command: str) -> Iterator[None]:
    arguments = {"application_name": f"source-audit {command} pid {os.getpid()}"[:63], "connect_timeout": LOCK_WAIT_S}
    engine = sa.create_engine(url, connect_args=arguments, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    try:
        with engine.connect() as conn:
            taken = conn.execute(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": RUN_LOCK}).scalar()
            if not taken:
                raise RunBusy(_server_holder(conn))
            yield  # closing the connection frees the lock
    except OperationalError as fault:
        raise StoreUnreachable(f"{masked(url)} cannot be used: {str(fault.orig).strip().splitlines()[0]}") from fault
    finally:
        engine.dispose()


HOLDER = sa.text(
    "SELECT a.application_name, a.backend_start FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = :high AND l.objid = :low AND a.datname = current_database()"
)


def _server_holder(conn: sa.Connection) -> str:
    row = conn.execute(HOLDER, {"high": RUN_LOCK >> 32, "low": RUN_LOCK & 0xFFFF_FFFF}).first()
    if row is None:
        return "another run holds the database; try again when it is done"
    command, _, pid = row.application_name.removeprefix("source-audit ").rpartition(" pid ")
    return _busy(
        pid or "unknown", command or row.application_name, row.backend_start.astimezone(UTC).isoformat(timespec="seconds")
    )


def _busy(pid: str, command: str, since: str) -> str:
    return f"held by pid {pid} ({command}) since {since}; try again when it is done"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
