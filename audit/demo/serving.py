"""The rotten web on loopback: all sites on one port, those with a certificate on others, the archive on its own."""

import asyncio
import socket
import ssl
import tempfile
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme

from audit.demo.archive import LittleArchive
from audit.demo.sites import CAPTURES, SITES, Answer, Kept, Site

LOOPBACK = "127.0.0.1"
MOST_HEAD_BYTES = 65_536
ARCHIVE_HOSTS = ("web.archive.org", "archive.org")
"""Pinned to the little archive, so that a slip of ours would reach loopback and not the real one."""

Reply = Callable[[str, str], Answer]
"""(host, target) -> the answer."""


class RottenWeb:
    """Serves while its `async with` lasts. `resolve` pins every host, `ca_file` trusts the authority of the certificates.

    `asked` counts what was requested, as host and path; `sent` the bytes that each host got rid of.
    """

    def __init__(self, sites: Sequence[Site] = SITES, captures: Iterable[Kept] = CAPTURES) -> None:
        self.resolve: dict[str, str] = {}
        self.archive_url = ""
        self.ca_file = ""
        self.asked: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        self._sites = {site.host: site for site in sites}
        self._archive = LittleArchive(captures)
        self._visits: set[asyncio.Task[None]] = set()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="source-audit-demo-")))
        self._stack.push_async_callback(self._end_visits)
        authority = trustme.CA()
        self.ca_file = str(folder / "authority.pem")
        authority.cert_pem.write_to_path(self.ca_file)
        ports = {
            "plain": await self._listen(self._site_answer),
            "secure": await self._listen(self._site_answer, tls=self._certified(authority, "secure", days_left=365)),
            "expired": await self._listen(self._site_answer, tls=self._certified(authority, "expired", days_left=-365)),
            "stranger": await self._listen(self._site_answer, tls=self._certified(trustme.CA(), "stranger", days_left=365)),
            "closed": self._closed_port(),
        }
        archive = await self._listen(lambda _, target: self._archive.answer(target))
        self.archive_url = f"http://{LOOPBACK}:{archive}"
        for site in self._sites.values():
            self.resolve |= dict.fromkeys((site.host, f"www.{site.host}"), f"{LOOPBACK}:{ports[site.port]}")
        self.resolve |= dict.fromkeys(ARCHIVE_HOSTS, f"{LOOPBACK}:{archive}")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        await self._stack.aclose()

    async def _listen(self, reply: Reply, *, tls: ssl.SSLContext | None = None) -> int:
        def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(_visited(reader, writer, self._counting(reply), self.sent))
            self._visits.add(task)
            task.add_done_callback(self._visits.discard)

        server = await asyncio.start_server(visit, LOOPBACK, 0, ssl=tls, limit=MOST_HEAD_BYTES)
        self._stack.callback(server.close)
        port: int = server.sockets[0].getsockname()[1]
        return port

    def _closed_port(self) -> int:
        """A port where nobody listens, held so that nobody else can begin to."""
        held = self._stack.enter_context(socket.socket())
        held.bind((LOOPBACK, 0))
        port: int = held.getsockname()[1]
        return port

    def _certified(self, authority: trustme.CA, port: str, *, days_left: int) -> ssl.SSLContext:
        """A server context for the hosts of one port; its certificate began two years ago and ends in so many days."""
        hosts = [name for site in self._sites.values() if site.port == port for name in (site.host, f"www.{site.host}")]
        now = datetime.now(UTC)
        leaf = authority.issue_cert(
            *(hosts or ["nobody.example"]), not_before=now - timedelta(days=730), not_after=now + timedelta(days=days_left)
        )
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        leaf.configure_cert(context)
        return context

    def _counting(self, reply: Reply) -> Reply:
        def counted(host: str, target: str) -> Answer:
            self.asked[f"{host}{target}"] += 1
            return reply(host, target)

        return counted

    def _site_answer(self, host: str, target: str) -> Answer:
        site = self._sites.get(host, Site(host=host, name="no such site"))
        answer = site.answer(target)
        return _varied(answer, target, self.asked.total()) if answer.varies else answer

    async def _end_visits(self) -> None:
        for task in self._visits:
            task.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)


@contextmanager
def beside(web: RottenWeb) -> Iterator[RottenWeb]:
    """Serve in a thread of its own while the caller has this one. Raises OSError when it cannot listen."""
    loop, ready, done = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    faults: list[OSError] = []

    async def serve() -> None:
        async with web:
            ready.set()
            await done.wait()

    def work() -> None:
        try:
            loop.run_until_complete(serve())
        except OSError as fault:
            faults.append(fault)
        finally:
            ready.set()
            loop.close()

    thread = threading.Thread(target=work, name="rotten-web", daemon=True)
    thread.start()
    ready.wait()
    if faults:
        raise faults[0]
    try:
        yield web
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()


HEADLINES = (
    "Ferry sails again after storm",
    "Choir of Ullock wins a silver cup",
    "Market moves to the old brickyard",
    "Ducks delay the morning tram",
    "Baker bakes longest loaf of the county",
    "Snow closes both mountain roads",
    "Violin found below the organ loft",
    "Pupils plant a hundred pear trees",
    "Lighthouse gets a coat of paint",
)


def _varied(answer: Answer, target: str, count: int) -> Answer:
    """The answer as it is this time: `count` is how many requests there were so far."""
    path = target.partition("?")[0]
    said = {
        "path": path,
        "slug": path.rstrip("/").rpartition("/")[2].replace("-", " "),
        "date": f"{datetime.now(UTC):%d %B %Y}",
        "time": f"{datetime.now(UTC):%H:%M:%S}",
        "count": str(48_000 + count),
        "token": sha256(f"{target} {count}".encode()).hexdigest(),
        "headlines": ". ".join(HEADLINES[(count + number * 2) % len(HEADLINES)] for number in range(3)),
    }
    body = answer.body
    for name, value in said.items():
        body = body.replace(f"{{{name}}}".encode(), value.encode())
    return replace(answer, body=body)


async def _visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reply: Reply, sent: Counter[str]) -> None:
    try:
        while await _exchange(reader, writer, reply, sent):
            pass
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass  # a visitor that leaves or talks nonsense is nobody's fault here
    finally:
        writer.close()


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reply: Reply, sent: Counter[str]) -> bool:
    """One request and its answer; whether the connection stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    words = head[0].split(" ")
    if len(words) != 3:
        return False
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    host = fields.get("host", "").partition(":")[0].removeprefix("www.").lower()
    answer = reply(host, words[1])
    await asyncio.sleep(answer.delay_s)
    if answer.manner == "reset":
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        return False
    if answer.manner:  # what the system would take ahead is not sent
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST_HEAD_BYTES)
    async for piece in MANNERS[answer.manner](answer) if answer.manner else _plainly(answer, body=words[0] != "HEAD"):
        writer.write(piece)
        await writer.drain()
        sent[host] += len(piece)
    return not answer.manner and answer.raw is None and fields.get("connection", "").lower() != "close"


async def _plainly(answer: Answer, *, body: bool) -> AsyncIterator[bytes]:
    yield _bytes(answer, body=body)


async def _close(_: Answer) -> AsyncIterator[bytes]:
    for piece in tuple[bytes]():
        yield piece


async def _silent(_: Answer) -> AsyncIterator[bytes]:
    await asyncio.sleep(FOR_EVER_S)
    yield b""


async def _drip(answer: Answer) -> AsyncIterator[bytes]:
    for byte in _bytes(answer, body=True):
        yield bytes((byte,))
        await asyncio.sleep(1.0)


async def _drip_body(answer: Answer) -> AsyncIterator[bytes]:
    yield _bytes(answer, body=False)
    for byte in answer.body:
        yield bytes((byte,))
        await asyncio.sleep(1.0)


async def _cut(answer: Answer) -> AsyncIterator[bytes]:
    yield _bytes(answer, body=True)[: -len(answer.body) // 2 or None]


def _endless(start: bytes, piece: bytes) -> Callable[[Answer], AsyncIterator[bytes]]:
    async def manner(_: Answer) -> AsyncIterator[bytes]:
        yield start
        while True:
            yield piece

    return manner


PAGE_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
MANNERS: Mapping[str, Callable[[Answer], AsyncIterator[bytes]]] = {
    "close": _close,
    "silent": _silent,
    "drip": _drip,
    "drip-body": _drip_body,
    "cut": _cut,
    "flood": _endless(PAGE_HEAD + b"\r\n", b"<p>word " * 8_192),
    "endless-head": _endless(PAGE_HEAD, b"X-More: and more\r\n" * 1_024),
    "endless-field": _endless(PAGE_HEAD + b"X-Long: ", b"and more " * 1_024),
    "endless-interim": _endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1_024),
    "endless-trailer": _endless(PAGE_HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-More: and more\r\n" * 1_024),
    "tiny-chunks": _endless(PAGE_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 1_024),
    "garbage": _endless(b"", bytes(range(1, 256)) * 64),
}
"""The ways in which a server does not simply answer."""

FOR_EVER_S = 600.0
"""Longer than any visitor waits."""


def _bytes(answer: Answer, *, body: bool) -> bytes:
    if answer.raw is not None:
        return answer.raw
    phrase = HTTPStatus(answer.http_status).phrase if answer.http_status in _KNOWN else "Other"
    lines = [f"HTTP/1.1 {answer.http_status} {phrase}", f"Content-Type: {answer.content_type}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines.append(f"Content-Length: {len(answer.body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (answer.body if body else b"")


_KNOWN = frozenset(HTTPStatus)
