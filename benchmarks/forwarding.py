"""A forward proxy on loopback for programs that cannot pin names: it takes a lab's names to their addresses and knows nobody else.

It changes no byte of an answer. Odd heads, silence and slow bytes pass as they are; what the server resets or cuts is reset or cut.
Two failures have no shape of their own behind a proxy, a refused connection and an unknown name: there the client's connection is
reset without a byte, so that it meets a failure of the network and not the status of a proxy.
"""

import asyncio
import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
MOST_HEAD_BYTES = 1 << 20
PIECE_BYTES = 65_536
OF_ONE_CONNECTION = {b"connection", b"proxy-connection", b"keep-alive"}
"""Fields that speak of a connection: every proxy writes its own."""
LINGER_NOT = b"\1\0\0\0\0\0\0\0"
KEPT_S, SHORTLY_S = 60.0, 0.25
"""So long a client's connection stays open after an answer that says where it ends, and after any other. Clients keep their
connections to a proxy for all hosts: one closed at once would often meet the next request, which without a proxy cannot happen."""
FINAL = re.compile(rb"HTTP/1\.[01] [2-9]\d\d")
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d{1,9})(?=\r\n|$)")
CHUNKED = re.compile(rb"(?i)\r\ntransfer-encoding: *chunked(?=\r\n|$)")
LAST_CHUNK = b"\r\n0\r\n\r\n"
START_S = 10.0

Side = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Forwarder:
    """The proxy. `resolve` is host -> address:port; `visited` counts how often each host was wanted."""

    def __init__(self, resolve: Mapping[str, str]) -> None:
        self.resolve = resolve
        self.visited: Counter[str] = Counter()
        self.url = ""
        self.started = threading.Event()
        self._visits: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._visit, LOOPBACK, 0, limit=MOST_HEAD_BYTES, backlog=1024)
        self.url = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
        self.started.set()
        await self._ended.wait()
        server.close()
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)

    def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._visited(reader, writer))
        self._visits.add(task)
        task.add_done_callback(self._visits.discard)

    async def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stays_s = START_S
        try:
            while stays_s:
                async with asyncio.timeout(stays_s):
                    head = await reader.readuntil(b"\r\n\r\n")
                stays_s = await self._forward(head, (reader, writer))
        except TimeoutError:
            pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, KeyError):
            with suppress(OSError):
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        finally:
            writer.close()

    async def _forward(self, head: bytes, client: Side) -> float:
        """One request, or one tunnel, and for how long the client's connection stays open for another."""
        line, *fields = head.rstrip(b"\r\n").split(b"\r\n")
        method, target, protocol = line.split(b" ", 2)
        tunnel = method == b"CONNECT"
        host = urlsplit(f"{'//' if tunnel else ''}{target.decode('latin-1')}").hostname or ""
        self.visited[host] += 1
        address, _, port = self.resolve[host].partition(":")
        there = await asyncio.open_connection(address, int(port), limit=MOST_HEAD_BYTES)
        try:
            if tunnel:
                client[1].write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await _tunnel(client, there)
                return 0.0
            there[1].write(_request(method, _origin_form(target), protocol, fields))
            return _stays_s(await _pour(there[0], client[1]), bodiless=method == b"HEAD")
        finally:
            there[1].close()


def _origin_form(target: bytes) -> bytes:
    """The path that an address asks of its host, byte for byte.

    >>> _origin_form(b"http://vellham.example/a//b?c"), _origin_form(b"http://vellham.example?c")
    (b'/a//b?c', b'/?c')
    """
    authority, slash, path = target.partition(b"://")[2].partition(b"/")
    if b"?" in authority:
        return b"/?" + authority.partition(b"?")[2] + slash + path
    return b"/" + path


def _request(method: bytes, target: bytes, protocol: bytes, fields: list[bytes]) -> bytes:
    kept = [field for field in fields if field.partition(b":")[0].strip().lower() not in OF_ONE_CONNECTION]
    return b"\r\n".join([b" ".join((method, target, protocol)), *kept, b"Connection: close", b"", b""])


async def _tunnel(client: Side, server: Side) -> None:
    """Pour both ways until the server is done."""
    up = asyncio.ensure_future(_pour(client[0], server[1]))
    try:
        await _pour(server[0], client[1])
    finally:
        up.cancel()
        await asyncio.gather(up, return_exceptions=True)


@dataclass(slots=True)
class _Poured:
    """What went through: its beginning, its end, its size."""

    first: bytes = b""
    last: bytes = b""
    size: int = 0


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> _Poured:
    poured = _Poured()
    while piece := await reader.read(PIECE_BYTES):
        writer.write(piece)
        await writer.drain()
        poured.size += len(piece)
        poured.first = poured.first if len(poured.first) > PIECE_BYTES else poured.first + piece
        poured.last = (poured.last + piece)[-len(LAST_CHUNK) :]
    return poured


def _stays_s(answer: _Poured, *, bodiless: bool) -> float:
    """For how long a connection stays open after this answer: an answer that has not said where it ends is ended by closing."""
    head, end, _ = answer.first.partition(b"\r\n\r\n")
    begun = len(head) + len(end)
    ends = {begun + int(length) for length in LENGTH.findall(head)} | ({begun} if bodiless else set())
    whole = answer.size in ends or (CHUNKED.search(head) and answer.last == LAST_CHUNK)
    if FINAL.match(head) and end and whole:
        return KEPT_S
    return SHORTLY_S if answer.size else 0.0


@contextmanager
def forwarding(resolve: Mapping[str, str]) -> Iterator[Forwarder]:
    """The proxy in a thread of its own, while the caller has this one. Raises OSError when it cannot listen."""
    proxy = Forwarder(resolve)
    thread = threading.Thread(target=lambda: asyncio.run(proxy.serve()), name="forwarder", daemon=True)
    thread.start()
    if not proxy.started.wait(START_S):
        raise OSError("the proxy cannot listen on loopback")
    try:
        yield proxy
    finally:
        proxy.end()
        thread.join(START_S)
