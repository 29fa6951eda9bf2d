"""The open network of one process: session, connector, resolver, TLS contexts, caps per address. I/O.

One session serves all: it keeps no cookies, follows nothing, decodes nothing, reads no environment.
"""

import asyncio
import contextlib
import functools
import resource
import socket
import ssl
from collections import Counter, deque
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from types import SimpleNamespace, TracebackType
from typing import Any, Self

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import RawResponseMessage
from yarl import URL

from audit.settings import Web
from audit.web.decoding import ADVERTISED
from audit.web.resolving import Resolver

LONGEST_HEADER = 65_536
MOST_HEADERS = 512
KEEP_ALIVE_S = 15.0
"""The second URL of a host comes a second later and saves its handshake."""
FILES = 4_096

READ_BYTES = 65_536
WINDOW_BYTES = 131_072
"""What a server may send beyond what we read: of a flood, more would only fill the system's buffers."""
MOST_HEAD_BYTES = 262_144
MOST_HELD_BYTES = 128 * 1024 * 1024
"""When all open bodies together hold more, the long ones are cut where they are."""
LEAST_BODY_BYTES = 65_536
WIRE_SHARE = 2
"""Chunks of one byte each take six: of a body so many times its cap comes over the wire, and no more."""
PAGE_THREADS = 2


class Trust(StrEnum):
    """How a TLS connection is made: as browsers do, without a look at the certificate, or as it was done in 2006."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    LEGACY = "legacy"


@dataclass(slots=True)
class Line:
    """What is seen of the connection of one request while it is made."""

    made: socket.socket | None = None
    address: str | None = None
    connected: bool = False
    fresh: bool = False
    answered: bool = False

    def phase(self, *, secure: bool) -> str:
        """Where a request is that has no answer yet. A connector calls a hanging handshake a connect timeout; the socket knows."""
        if self.connected:
            return "body" if self.answered else "headers"
        if self.made is None:
            return "resolve"
        return "tls" if secure and self._stands() else "connect"

    def _stands(self) -> bool:
        try:
            return self.made is not None and bool(self.made.getpeername())
        except OSError:
            return False


_LINE: ContextVar[Line] = ContextVar("line")


class Network:
    """Open while its `async with` lasts. Everything that leaves, leaves here."""

    def __init__(self, settings: Web) -> None:
        self.settings = settings
        self._stack = contextlib.AsyncExitStack()
        self._open: Counter[str] = Counter()
        self._wanted: dict[str, deque[asyncio.Future[None]]] = {}
        self.held_bytes = self.most_held_bytes = 0
        """Of bodies that are being received, now and at most."""
        self.legacy_failed: Counter[str] = Counter()
        """Where the old handshake did not help either, and how often: after a few times it is not tried again."""
        self.slow_pages: set[str] = set()
        """Hosts whose pages took long to read: the next ones are cut short."""

    async def __aenter__(self) -> Self:
        _raise_open_files(self.settings.concurrency)
        self.resolver = Resolver(self.settings)
        self._stack.push_async_callback(self.resolver.close)
        self.readers = self._stack.enter_context(ThreadPoolExecutor(PAGE_THREADS, thread_name_prefix="page"))
        self.trust = await asyncio.to_thread(contexts, self.settings.ca_file)
        self.session = await self._stack.enter_async_context(self._session(force_close=False))
        self._once = await self._stack.enter_async_context(self._session(force_close=True))
        return self

    def _session(self, *, force_close: bool) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=self.resolver,
            use_dns_cache=False,
            socket_factory=self._socket,
            ssl=self.trust[Trust.VERIFIED],
            limit=0,
            limit_per_host=0,
            happy_eyeballs_delay=0.25,
            **({"force_close": True} if force_close else {"keepalive_timeout": KEEP_ALIVE_S}),
        )
        most_bytes = MOST_HEAD_BYTES + WIRE_SHARE * self.settings.max_body_bytes
        # A connector has no other place for its protocol.
        connector._factory = functools.partial(_Bounded, asyncio.get_running_loop(), most_bytes=most_bytes)  # type: ignore[assignment]  # noqa: SLF001
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=headers(self.settings),
            auto_decompress=False,
            trust_env=False,
            read_bufsize=READ_BYTES,
            max_line_size=LONGEST_HEADER,
            max_field_size=LONGEST_HEADER,
            max_headers=MOST_HEADERS,
            trace_configs=[_watched()],
        )
        # The session repeats a request that broke off, at once and unpaced; a repeat is our decision.
        session._retry_connection = False  # noqa: SLF001
        return session

    async def __aexit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        await self._stack.aclose()

    @asynccontextmanager
    async def asked(
        self,
        url: URL,
        *,
        line: Line,
        trust: Trust,
        more: Mapping[str, str],
        limits: aiohttp.ClientTimeout,
        fresh: bool = False,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The head of the answer to one GET; the body is still to be read. `fresh`: over a connection of its own."""
        _LINE.set(line)
        if self.settings.proxy is not None:  # the connector will see the proxy's address only
            await self.resolver.endpoints(url.raw_host or "", url.port or 80)
        async with (self._once if fresh else self.session).get(
            url, headers=more, timeout=limits, allow_redirects=False, ssl=self.trust[trust], proxy=self.settings.proxy
        ) as response:
            line.answered = True
            yield response

    def _socket(self, info: tuple[int, int, int, str, tuple[object, ...]]) -> socket.socket:
        opened = self.resolver.guarded_socket(info) if self.settings.proxy is None else socket.socket(*info[:3])
        line = _LINE.get(None)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW_BYTES)
        if line is not None:
            line.made, line.address = opened, str(info[4][0])
        return opened

    def hold(self, count: int) -> None:
        """So many more bytes of a body are held; a negative number gives them back."""
        self.held_bytes += count
        self.most_held_bytes = max(self.most_held_bytes, self.held_bytes)

    def full(self, size: int) -> bool:
        """Whether a body of that size must end here, because all that are open hold too much."""
        return size > LEAST_BODY_BYTES and self.held_bytes > MOST_HELD_BYTES

    def enter(self, address: str) -> bool:
        """Take one of the places of an address; False when all are taken."""
        if self._open[address] >= self.settings.per_address:
            return False
        self._open[address] += 1
        return True

    def leave(self, address: str) -> None:
        self._open[address] -= 1
        if not self._open[address]:
            del self._open[address]
        self.wake(address)

    async def place_free(self, address: str) -> None:
        """Wait until a place of the address may be free. Who is woken and does not take it must `wake` the next."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wanted.setdefault(address, deque()).append(waiting)
        await waiting

    def wake(self, address: str) -> None:
        """Wake the one who waits longest for a place of the address."""
        queue = self._wanted.get(address, deque())
        while queue:
            waiting = queue.popleft()
            if not waiting.done():
                waiting.set_result(None)
                return
        self._wanted.pop(address, None)


class _Bounded(ResponseHandler):
    """A connection that hears so many bytes in answer to one request: heads and interim answers can go on for ever, too."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, most_bytes: int) -> None:
        super().__init__(loop)
        self._most_bytes, self._heard_bytes, self._answered = most_bytes, 0, False

    def set_response_params(self, **parameters: Any) -> None:
        self._heard_bytes, self._answered = 0, False
        super().set_response_params(**parameters)

    def feed_data(self, data: tuple[RawResponseMessage, aiohttp.StreamReader], size: int = 0) -> None:
        self._answered = self._answered or data[0].code >= 200
        super().feed_data(data, size)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._heard_bytes += len(data)
        if self._heard_bytes <= (self._most_bytes if self._answered else MOST_HEAD_BYTES) or self.transport is None:
            return
        if not self._answered:
            self.set_exception(aiohttp.http_exceptions.HttpProcessingError(message="an endless head"))
        elif self._payload is not None and not self._payload.is_eof():
            self._payload.set_exception(aiohttp.ClientPayloadError("an endless body"))
        self.transport.abort()


def _watched() -> aiohttp.TraceConfig:
    config = aiohttp.TraceConfig()

    async def created(_: aiohttp.ClientSession, __: SimpleNamespace, ___: aiohttp.TraceConnectionCreateEndParams) -> None:
        _LINE.get().connected = _LINE.get().fresh = True

    async def reused(_: aiohttp.ClientSession, __: SimpleNamespace, ___: aiohttp.TraceConnectionReuseconnParams) -> None:
        _LINE.get().connected = True

    config.on_connection_create_end.append(created)
    config.on_connection_reuseconn.append(reused)
    return config


def contexts(ca_file: str | None) -> dict[Trust, ssl.SSLContext]:
    """One TLS context per kind of trust; reading the certificate authorities costs 50 ms, so it is done once."""
    verified = ssl.create_default_context()
    if ca_file:
        verified.load_verify_locations(ca_file)
    unverified, legacy = _unverified(), _unverified()
    legacy.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    legacy.maximum_version = ssl.TLSVersion.TLSv1_2  # some old servers break off at the very mention of 1.3
    legacy.set_ciphers("ALL:@SECLEVEL=0")
    legacy.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    made = {Trust.VERIFIED: verified, Trust.UNVERIFIED: unverified, Trust.LEGACY: legacy}
    for context in made.values():
        context.set_alpn_protocols(["http/1.1"])
    return made


def _unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def headers(settings: Web) -> dict[str, str]:
    """What every request carries. Some sites answer 403 or 404 when these are missing."""
    return {
        "User-Agent": user_agent(settings),
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Encoding": ADVERTISED,
        "Upgrade-Insecure-Requests": "1",
    }


def user_agent(settings: Web) -> str:
    """As configured, else an honest name, version and contact. No browser version: we are none."""
    if settings.user_agent:
        return settings.user_agent
    contact = f"; +{settings.contact}" if settings.contact else ""
    return f"Mozilla/5.0 (compatible; source-audit/{metadata.version('source-audit')}{contact})"


def _raise_open_files(concurrency: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(FILES, concurrency + 64)
    if soft < wanted and soft != resource.RLIM_INFINITY:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
