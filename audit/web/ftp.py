"""One attempt at an `ftp:` address: its control connection, and nothing else. I/O.

Browsers dropped the protocol, readers still own clients. What is asked is only whether the file or folder is there; no data
connection is ever opened, so the server cannot send us anywhere.
"""

import asyncio
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote_to_bytes

from yarl import URL

from audit import guard
from audit.model import Failure, Fetch
from audit.web import asking, faults
from audit.web.faults import Fault
from audit.web.fetching import Errand, Turn
from audit.web.network import Line, Network

PORT = 21
REPLY = re.compile(rb"^(\d{3})(-?)")
MOST_LINE, MOST_LINES = 8_192, 200
"""Greetings of old archives are long, but none is longer."""
MOST_PATH_BYTES = 4_096
BYE = b"QUIT\r\n"


async def fetch(errand: Errand, *, web: Network, turn: Turn) -> Fetch:
    """Ask a server whether it has a file: `detail` is its reply, the code first. Never raises for the world's faults."""
    line, told = Line(), _Told()
    try:
        url = _sendable(errand.requested, web)
        path = _path(url)
        async with turn(url):
            told.at, begun = datetime.now(UTC), time.monotonic()
            try:
                async with asyncio.timeout(web.settings.timeouts.total_s):
                    told.reply = await _asked(url, path, web=web, line=line)
            finally:
                told.elapsed_s = time.monotonic() - begun
    except Fault as fault:
        told.fault = fault
    except (*asking.WORLD, EOFError) as fault:
        told.fault = faults.meaning(fault, phase=line.phase(secure=False))
    return _fact(errand, told, line)


@dataclass(slots=True)
class _Told:
    at: datetime | None = None
    reply: str | None = None
    fault: Fault | None = None
    elapsed_s: float = 0.0


def _sendable(written: str, web: Network) -> URL:
    url = URL(written, encoded=True)
    why = guard.refused(url, pinned=web.resolver.pinned(url.raw_host or ""), schemes=("ftp",))
    if why is not None:
        raise Fault(Failure.BLOCKED_ADDRESS, phase="resolve", detail=why)
    if web.settings.proxy is not None:  # one that speaks HTTP cannot carry it
        raise Fault(Failure.OTHER, phase="resolve", detail="ftp behind a proxy")
    return url


async def _asked(url: URL, path: bytes, *, web: Network, line: Line) -> str:
    """The reply that decides: to who asks, to SIZE of the file, or to CWD into the folder."""
    endpoints = await web.resolver.endpoints(url.raw_host or "", url.port or PORT)
    sock = web.resolver.socket_to(endpoints[0][0])
    line.made, line.address = sock, endpoints[0][0]
    try:
        async with asyncio.timeout(web.settings.timeouts.connect_s):
            await asyncio.get_running_loop().sock_connect(sock, endpoints[0])
            reader, writer = await asyncio.open_connection(sock=sock, limit=MOST_LINE)
    except BaseException:
        sock.close()
        raise
    line.connected = True
    try:
        return await _Talk(reader, writer, web.settings.timeouts.read_s).about(path, contact=web.settings.contact)
    finally:
        writer.write(BYE)
        writer.close()


def _path(url: URL) -> bytes:
    """The path as its bytes, without `;type=i`. A line break in it would be another command."""
    path = unquote_to_bytes(url.raw_path.partition(";type=")[0])
    if len(path) > MOST_PATH_BYTES or any(sign in path for sign in b"\r\n\0"):
        raise Fault(Failure.OTHER, phase="resolve", detail="unsendable: a path with line breaks")
    return path or b"/"


class _Talk:
    """The control connection: one line of ours, one reply of theirs."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, silence_s: float) -> None:
        self._reader, self._writer, self._silence_s = reader, writer, silence_s

    async def about(self, path: bytes, *, contact: str | None) -> str:
        reply = await self._reply()
        if reply.startswith("220"):
            reply = await self._say(b"USER anonymous")
        if reply.startswith("331"):
            reply = await self._say(b"PASS " + (contact or "anonymous@").encode("ascii", "replace"))
        if not reply.startswith(("230", "202")):
            return reply
        await self._say(b"TYPE I")
        size = await self._say(b"SIZE " + path)
        if not size.startswith("5") or size.startswith("530"):
            return size
        folder = await self._say(b"CWD " + path)
        # A server that does not know SIZE says of a file only that it is no folder: that is no word about the file.
        return folder if size.startswith("550") or not folder.startswith("5") else size

    async def _say(self, words: bytes) -> str:
        self._writer.write(words + b"\r\n")
        return await self._reply()

    async def _reply(self) -> str:
        """The last line of a reply, which may have many: `220-Welcome`, anything, `220 Go ahead`."""
        code: bytes | None = None
        for _ in range(MOST_LINES):
            line = await self._line()
            found = REPLY.match(line)
            if code is None and found is None:
                raise Fault(Failure.BAD_RESPONSE, phase="headers", detail="not-ftp")
            if found and (code is None or found[1] == code) and not found[2]:
                return line.decode("utf-8", "replace").strip()
            code = code or (found[1] if found else None)
        raise Fault(Failure.BAD_RESPONSE, phase="headers", detail="unreadable")

    async def _line(self) -> bytes:
        async with asyncio.timeout(self._silence_s):
            try:
                return await self._reader.readuntil(b"\n")
            except asyncio.LimitOverrunError as fault:
                raise Fault(Failure.BAD_RESPONSE, phase="headers", detail="unreadable") from fault
            except asyncio.IncompleteReadError as fault:
                raise ConnectionResetError("closed before the reply") from fault


def _fact(errand: Errand, told: _Told, line: Line) -> Fetch:
    failed = told.fault
    return Fetch(
        url=errand.url,
        requested_url=errand.requested,
        fetched_at=told.at or datetime.now(UTC),
        check_id=errand.check_id,
        attempt=errand.attempt,
        role=errand.role,
        method="ftp",
        failure=failed.failure if failed else None,
        phase=failed.phase if failed else None,
        detail=failed.detail if failed else (told.reply or "")[:200],
        final_url=None if failed else errand.requested,
        address=line.address,
        elapsed_ms=round(told.elapsed_s * 1000),
        vantage=errand.vantage,
    )
