"""The way from a machine to the web, on loopback: name server and sites, and what becomes of them after so many answers."""

import asyncio
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

WEB, BETWEEN = "127.0.0.1", "127.0.0.2"
"""Where the sites live, and where whoever hijacks names does."""
TEXT = "the old bridge over the river was rebuilt in stone by the people of the valley after the flood " * 6
A, AAAA = 1, 28
SERVFAIL, NXDOMAIN = 2, 3

SOUND = "sound"
CUT = "cut"
"""Everything is reset, nothing listens any more, no name resolves."""
STALL = "stall"
"""Open requests and new ones hear nothing any more, no name resolves."""
NO_NAMES = "no names"
"""The name server fails; addresses still answer."""
HIJACKED = "hijacked"
"""Every name is at one address, and there is one page for all."""
REDIRECT, INSIDE, PAGE, PAGE_WITH_ADDRESS, EMPTY, GATE = "redirect", "inside", "page", "page with address", "empty", "gate"
"""A portal: it sends everybody to its own host or to a private address, shows its page everywhere, the same with what was asked
in it, an empty one, or says 511."""


@dataclass
class Uplink:
    """Sound until `after` answers were given, then `fate`. `asked` holds what sites and canaries answered while it was sound."""

    fate: str = SOUND
    after: int = 0
    delay_s: float = 0.02
    port: int = 0
    name_port: int = 0
    asked: list[str] = field(default_factory=list)
    lies_about_unknown_names: bool = False
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _servers: list[asyncio.Server] = field(default_factory=list)
    _names: asyncio.DatagramTransport | None = None

    @property
    def state(self) -> str:
        return SOUND if len(self.asked) < self.after else self.fate

    async def open(self) -> None:
        self.close()
        first = await asyncio.start_server(self._visited, WEB, self.port, backlog=512)
        self.port = first.sockets[0].getsockname()[1]
        self._servers = [first, await asyncio.start_server(self._visited_between, BETWEEN, self.port)]
        names, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: _Names(self), (WEB, self.name_port))
        self._names, self.name_port = names, names.get_extra_info("sockname")[1]

    def turn(self, fate: str, *, after: int = 0) -> None:
        """Sound for so many answers more, then that."""
        self.fate, self.after = fate, len(self.asked) + after

    def close(self) -> None:
        for server in self._servers:
            server.close()
        if self._names is not None:
            self._names.close()
        for writer in tuple(self._writers):
            writer.transport.abort()

    def answer(self, name: str, kind: int) -> tuple[int, str | None]:
        """(response code, address) for a name."""
        if self.state in {CUT, STALL, NO_NAMES}:
            return SERVFAIL, None
        if self.state == HIJACKED:
            return 0, BETWEEN if kind == A else None
        if not name.endswith(".example") or name.startswith("vanished"):
            return (0, BETWEEN if kind == A else None) if self.lies_about_unknown_names else (NXDOMAIN, None)
        return 0, WEB if kind == A else None

    async def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                host, path = await _asked(reader)
                await asyncio.sleep(self.delay_s)
                if self.state == CUT:
                    self.close()
                    return
                if self.state == STALL:
                    await asyncio.sleep(60)
                writer.write(self._page(host, path))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _visited_between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _asked(reader)
        writer.write(_answer("200 OK", _html("Welcome guest", "Please buy your access to the web at the bar.")))
        writer.close()

    def _page(self, host: str, path: str) -> bytes:
        """What a host answers; an archive lives at the address itself, and is empty."""
        welcome = "Welcome guest"
        match self.state:
            case _ if host == WEB:
                return _answer("404 Not Found", _html("Nothing here", "This archive holds nothing."))
            case _ if host == "portal.example":
                return _answer("200 OK", _html(welcome, "Please sign in with the number of your room."))
            case "redirect":
                return _answer("302 Found", b"", f"Location: http://portal.example:{self.port}/login?from={host}")
            case "inside":
                return _answer(
                    "200 OK", b'<html><head><meta http-equiv="refresh" content="0; url=http://10.1.2.3/login"></head></html>'
                )
            case "empty":
                return _answer("200 OK", b"")
            case "page":
                return _answer("200 OK", _html(welcome, "Please sign in with the number of your room."))
            case "page with address":
                return _answer("200 OK", _html(welcome, f"Sign in to go on to {host} {path.replace('/', ' ')}, dear guest."))
            case "gate":
                return _answer("511 Network Authentication Required", _html(welcome, "Please sign in."))
            case _:
                self.asked.append(f"{host}{path}")
                return _answer("200 OK", _html(f"{host}{path}", f"{host} {path} {TEXT}"))


class _Names(asyncio.DatagramProtocol):
    def __init__(self, uplink: Uplink) -> None:
        self._uplink = uplink

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        end, labels = 12, []
        while size := data[end]:
            labels.append(data[end + 1 : end + 1 + size].decode("ascii").lower())
            end += 1 + size
        question = data[12 : end + 5]
        code, address = self._uplink.answer(".".join(labels), struct.unpack("!H", data[end + 1 : end + 3])[0])
        found = b"" if address is None else b"\xc0\x0c" + struct.pack("!HHIH", A, 1, 60, 4) + bytes(map(int, address.split(".")))
        head = data[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, 1 if found else 0, 0, 0)
        self._transport.sendto(head + question + found, addr)


async def _asked(reader: asyncio.StreamReader) -> tuple[str, str]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    host = next(line[5:].strip() for line in lines if line.lower().startswith("host:"))
    return host.partition(":")[0], lines[0].split(" ")[1]


def _html(title: str, text: str) -> bytes:
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>".encode()


def _answer(status: str, body: bytes, *more: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", f"Content-Length: {len(body)}", *more]
    return "\r\n".join([*lines, "", ""]).encode() + body


@contextmanager
def opened(uplink: Uplink) -> Iterator[Callable[[], None]]:
    """The uplink in a thread of its own, while the caller has this one; what is given mends it after a cut."""
    loop, ready = asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        await uplink.open()
        ready.set()

    def work() -> None:
        loop.create_task(serve())
        loop.run_forever()
        uplink.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield lambda: asyncio.run_coroutine_threadsafe(uplink.open(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
