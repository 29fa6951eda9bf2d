"""A PostgreSQL of the tests' own: made in a second in a temporary folder, on a free loopback port, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

VERSIONS = Path("/usr/lib/postgresql")
UNPRIVILEGED = "postgres"
_numbers = count(1)


@contextmanager
def cluster() -> Iterator[sa.URL]:
    """The address of the server's first database. Skips when PostgreSQL is not installed; with CI=true that is a failure."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="source-audit-pg-"))
    port = _free_port()
    try:
        _own(folder)
        _run(
            [f"{binaries}/initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "audit", "-E", "UTF8", "--no-sync", "--locale=C"]
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c shared_buffers=32MB"
        _run([f"{binaries}/pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-o", options, "-w", "start"])
        try:
            yield sa.make_url(f"postgresql+psycopg://audit@127.0.0.1:{port}/postgres")
        finally:
            _run([f"{binaries}/pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: sa.URL) -> str:
    """The address of an empty database on the server."""
    name = f"audit_{os.getpid()}_{next(_numbers)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


def _binaries() -> Path:
    found = sorted(VERSIONS.glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    if found or on_path:
        return found[0] if found else Path(str(on_path)).parent
    reason = "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _own(folder: Path) -> None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() == 0:
        user = pwd.getpwnam(UNPRIVILEGED)
        os.chown(folder, user.pw_uid, user.pw_gid)


def _run(command: list[str]) -> None:
    become = ["runuser", "-u", UNPRIVILEGED, "--"] if os.geteuid() == 0 else []
    done = (
        subprocess.run([*become, *command], cwd="/", capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if "start" not in command
        else _start([*become, *command])
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def _start(command: list[str]) -> subprocess.CompletedProcess[str]:
    """The server inherits our pipes and would keep them open for ever."""
    return subprocess.run(
        command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, check=False, stdin=subprocess.DEVNULL
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
