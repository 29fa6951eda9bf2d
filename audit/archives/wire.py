"""The one HTTP session to all archives: an address -> a `Reply`. Follows nothing, raises nothing for the world's faults."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from audit import guard
from audit.archives import bodies
from audit.archives.replies import Reply
from audit.model import SearchFailure
from audit.settings import Web

MOST_BYTES = 2 * 1024 * 1024
LONGEST_HEADER = 65_536
"""A `Link` or `Location` of an archive carries whole cited addresses."""

CONNECT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """An open session.

    `ask` sends one GET, or with a `form` one POST, to an address that is encoded already, and reads at most `most_bytes` of the
    answer.
    """

    session: aiohttp.ClientSession
    proxy: str | None = None

    async def ask(
        self,
        address: str,
        *,
        deadline_s: float,
        asked_at: datetime,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> Reply:
        method = "GET" if form is None else "POST"
        timeout = aiohttp.ClientTimeout(total=deadline_s, sock_connect=min(CONNECT_S, deadline_s))
        try:
            async with self.session.request(
                method,
                URL(address, encoded=True),
                data=form,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
                proxy=self.proxy,
            ) as response:
                raw, cut = await _read(response, most_bytes)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
            failure, detail = _meaning(fault)
            sent = not isinstance(fault, UNCONNECTED)
            return Reply(address=address, asked_at=asked_at, failure=failure, detail=detail, sent=sent)
        content = bodies.content(raw, encodings=response.headers.getall("Content-Encoding", []), cut=cut)
        return Reply(
            address=address,
            asked_at=asked_at,
            http_status=response.status,
            headers={name.lower(): _text(value) for name, value in response.headers.items()},
            body=content.body,
            cut=content.cut,
            undecodable=content.undecodable,
        )


async def _read(response: aiohttp.ClientResponse, most_bytes: int) -> tuple[bytes, bool]:
    """The first bytes of a body, and whether there were more."""
    pieces, size = [], 0
    async for piece in response.content.iter_any():
        pieces.append(piece)
        size += len(piece)
        if size > most_bytes:
            return b"".join(pieces)[:most_bytes], True
    return b"".join(pieces), False


UNCONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)
"""Raised before a connection stands."""

FAULTS: tuple[tuple[type[Exception], SearchFailure, str], ...] = (
    (TimeoutError, SearchFailure.UNAVAILABLE, "timeout"),
    (ConnectionRefusedError, SearchFailure.NETWORK, "connection refused"),
    (ssl.SSLError, SearchFailure.NETWORK, "tls"),
    (socket.gaierror, SearchFailure.NETWORK, "dns"),
    (aiohttp.ClientConnectorDNSError, SearchFailure.NETWORK, "dns"),
    (aiohttp.ClientConnectorError, SearchFailure.NETWORK, "no connection"),
    (aiohttp.ClientPayloadError, SearchFailure.NETWORK, "cut off"),
    (aiohttp.ServerDisconnectedError, SearchFailure.NETWORK, "disconnected"),
    (aiohttp.ClientOSError, SearchFailure.NETWORK, "reset"),
    (aiohttp.ClientResponseError, SearchFailure.BAD_RESPONSE, "not HTTP"),
    (aiohttp.ClientError, SearchFailure.NETWORK, "network"),
    (OSError, SearchFailure.NETWORK, "network"),
    (ValueError, SearchFailure.BAD_RESPONSE, "not HTTP"),
)
"""What was raised -> what it means, most specific first. The cause behind a connector's error is looked at before it."""


def _meaning(fault: Exception) -> tuple[SearchFailure, str]:
    behind = getattr(fault, "os_error", None)
    for raised in (behind, fault):
        for kind, failure, detail in FAULTS[:4] if raised is behind else FAULTS:
            if isinstance(raised, kind):
                return failure, detail
    return SearchFailure.NETWORK, type(fault).__name__


def _text(value: str) -> str:
    """Headers may hold raw bytes; aiohttp keeps them as lone surrogates, which no database takes."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class Pinned(AbstractResolver):
    """Host -> address from the configuration, before DNS; `address:port` moves the port too."""

    def __init__(self, pinned: Mapping[str, str]) -> None:
        self._pinned = pinned
        self._dns = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AddressFamily.AF_INET
    ) -> list[ResolveResult]:
        target = self._pinned.get(host.lower())
        if target is None:
            return await self._dns.resolve(host, port, family)
        address, port = guard.pinned_endpoint(target, port)
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=socket.AI_NUMERICHOST)]

    async def close(self) -> None:
        await self._dns.close()


@asynccontextmanager
async def opened(settings: Web) -> AsyncIterator[Wire]:
    """A session of its own: bodies as they come, no cookies, no environment."""
    trust = ssl.create_default_context()
    if settings.ca_file:
        await asyncio.to_thread(trust.load_verify_locations, settings.ca_file)
    connector = aiohttp.TCPConnector(limit=64, ssl=trust, resolver=Pinned(settings.resolve), ttl_dns_cache=300)
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": user_agent(settings), "Accept-Encoding": "identity"},
        auto_decompress=False,
        max_line_size=LONGEST_HEADER,
        max_field_size=LONGEST_HEADER,
    ) as session:
        yield Wire(session=session, proxy=settings.proxy)


def user_agent(settings: Web) -> str:
    """As configured, else the program, its version, and whom to write to."""
    if settings.user_agent:
        return settings.user_agent
    contact = f" (+{settings.contact})" if settings.contact else ""
    return f"source-audit/{metadata.version('source-audit')}{contact}"
