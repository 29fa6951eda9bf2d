"""pywb 2.10.0 on loopback: a real web archive that replays the fixture WARC. It lives in an environment of its own."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.real import warc

ROOT = Path(__file__).parent.parent.parent
CONFIG = """\
framed_replay: false
redirect_to_exact: true
autoindex: 1
"""
"""The collection is called `web` to have the Internet Archive's paths."""

RECORDING = """\
recorder: {source_coll: live, rollover_idle_secs: 2}
collections: {live: $live}
"""
"""The live web is an open proxy: only ever with a mapper that knows the `.test` hosts and refuses every other name."""

BLOCKED = 'test,special)/excluded - {"access": "block", "url": "http://special.test/excluded"}\n'
READY_S = 30
PORTS = 3


@contextmanager
def running(*, socks_port: int | None = None) -> Iterator[str]:
    """The address of an archive that holds the fixture. Skips when pywb is not installed; with CI=true that is a failure.

    With the port of a mapper (`tunnel.mapped`) it also records live pages, and asks for them there.
    """
    place = program()
    folder = Path(tempfile.mkdtemp(prefix="source-audit-pywb-"))
    try:
        _collection(folder, recording=socks_port is not None)
        for _ in range(PORTS):
            port = _free_port()
            process = _start(place, folder, port, socks_port=socks_port)
            try:
                if _ready(process, port):
                    yield f"http://127.0.0.1:{port}"
                    return
            finally:
                process.terminate()
                process.wait(timeout=10)
        pytest.fail(f"pywb did not start: {(folder / 'log').read_text()[-2000:]}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def program() -> Path:
    found = Path(os.environ.get("SOURCE_AUDIT_PYWB") or ROOT / ".pywb" / "bin" / "wayback")
    if found.exists():
        return found
    reason = "pywb is not installed (python -m venv .pywb && .pywb/bin/pip install -r locks/pywb.txt)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _collection(folder: Path, *, recording: bool) -> None:
    for name in ("archive", "indexes", "acl"):
        (folder / "collections" / "web" / name).mkdir(parents=True)
    (folder / "config.yaml").write_text(CONFIG + (RECORDING if recording else ""))
    (folder / "collections" / "web" / "acl" / "access-rules.aclj").write_text(BLOCKED)
    warc.write(folder / "collections" / "web" / "archive" / "fixture.warc.gz")


def _start(program: Path, folder: Path, port: int, *, socks_port: int | None) -> subprocess.Popen[bytes]:
    """It binds to every address unless told."""
    mapper = {} if socks_port is None else {"SOCKS_HOST": "127.0.0.1", "SOCKS_PORT": str(socks_port)}
    command = [str(program), "-b", "127.0.0.1", "-p", str(port), "-d", str(folder)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, cwd=folder, env=os.environ | mapper, stdout=log, stderr=log, stdin=subprocess.DEVNULL)


def _ready(process: subprocess.Popen[bytes], port: int) -> bool:
    """Our process is alive and the index holds the last line: anything else on that port would answer something too."""
    until = time.monotonic() + READY_S
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/cdx?url={warc.LAST}", timeout=5) as answer:
                if b"the-last" in answer.read():
                    return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
