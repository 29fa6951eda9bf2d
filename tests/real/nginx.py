"""nginx on loopback as the door of the archive: it counts requests and answers 429 as a real server does."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CONFIG = """\
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    merge_slashes off;
    limit_req_zone $server_name zone=index:1m rate={index_per_min}r/m;
    limit_req_zone $server_name zone=playback:1m rate={playback_per_min}r/m;
    limit_req_status 429;
    error_page 429 @slow;
    server {{
        listen 127.0.0.1:{port};
        server_name archive;
        location @slow {{ add_header Retry-After 2 always; return 429 "slow down\\n"; }}
        location /cdx/ {{ limit_req zone=index burst=5 nodelay; proxy_pass {upstream}; }}
        location /web/timemap/ {{ limit_req zone=index burst=5 nodelay; proxy_pass {upstream}; }}
        location / {{ limit_req zone=playback burst=20 nodelay; proxy_pass {upstream}; }}
    }}
}}
"""


MOST_LOOKS = 50


class Door:
    """The running server: its address, and what it let through or refused."""

    def __init__(self, url: str, log: Path) -> None:
        self.url = url
        self._log = log

    def statuses(self, prefix: str = "/") -> list[int]:
        """The HTTP statuses of the requests whose path begins so, in order."""
        lines = self._settled().splitlines()
        asked = (line.split('"')[1:3] for line in lines)
        return [int(status.split()[0]) for request, status in asked if request.split()[1].startswith(prefix)]

    def _settled(self) -> str:
        """The log when it has stopped growing: nginx writes a line after its answer has gone out."""
        text = ""
        for _ in range(MOST_LOOKS):
            before, text = text, self._log.read_text() if self._log.exists() else ""
            if text and text == before:
                break
            time.sleep(0.1)
        return text


@contextmanager
def guarding(upstream: str, *, playback_per_min: int, index_per_min: int) -> Iterator[Door]:
    """A door that lets so much through. Skips when nginx is not installed; with CI=true that is a failure."""
    program = _program()
    folder = Path(tempfile.mkdtemp(prefix="source-audit-nginx-"))
    port = _free_port()
    config = folder / "nginx.conf"
    config.write_text(
        CONFIG.format(folder=folder, port=port, upstream=upstream, playback_per_min=playback_per_min, index_per_min=index_per_min)
    )
    folder.chmod(0o777)
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen([program, "-c", str(config), "-p", str(folder)], stdout=out, stderr=out)
    try:
        _await(process, port, folder)
        yield Door(f"http://127.0.0.1:{port}", folder / "access.log")
    finally:
        process.terminate()
        process.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def _program() -> str:
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program:
        return program
    reason = "nginx is not installed (Debian: apt-get install nginx)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _await(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"nginx did not start: {(folder / 'out').read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
