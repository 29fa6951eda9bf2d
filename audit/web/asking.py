"""One request: an address -> an Answer, or the Fault that came instead. TLS rungs and the lenient reader are in here. I/O."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import aiohttp
from yarl import URL

from audit import guard
from audit.settings import Web
from audit.web import answers, decoding, faults, lenient
from audit.web.answers import Answer
from audit.web.faults import Defect, Fault, Stale, Unreadable
from audit.web.network import Line, Network, Trust
from audit.web.resolving import NameFault

OTHER_TYPES_BYTES = 65_536
"""Of what is no text, the first bytes tell whether it is what it says."""
REDIRECT_BYTES = 16_384
REDIRECT_S = 1.0
"""The body of a redirect is read when it is short and comes at once, so that the connection can be used again."""
LEAST_S = 0.05
ENOUGH_BYTES = 512
"""A page that falls silent after so much is an answer that was cut, not a failure."""

REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})

WORLD = (aiohttp.ClientError, TimeoutError, OSError, NameFault, guard.Refused, ValueError)
"""What the client library raises for the faults of the world. ValueError: an address or header it cannot hold."""


@dataclass(slots=True)
class Clock:
    """Seconds spent in requests of one attempt; waiting for one's turn costs nothing."""

    total_s: float
    spent_s: float = 0.0

    def left_s(self) -> float:
        return max(self.total_s - self.spent_s, LEAST_S)


async def ask(
    url: URL,
    *,
    web: Network,
    trust: Trust = Trust.VERIFIED,
    more: Mapping[str, str],
    clock: Clock,
    tls: str | None = None,
    fresh: bool = False,
) -> Answer:
    """One GET. Raises Fault, or Defect, Unreadable, Stale and TryLegacy for what another way of asking may cure."""
    line, begun = Line(), time.monotonic()
    try:
        return replace(await _once(url, web=web, trust=trust, more=more, clock=clock, line=line, fresh=fresh), tls=tls)
    except WORLD as fault:
        if _stale(fault, line):
            raise Stale from fault
        raise translated(fault, _phase(fault, line, url), trust=trust) from fault
    finally:
        clock.spent_s += time.monotonic() - begun


def _phase(fault: BaseException, line: Line, url: URL) -> str:
    """Where the request was. Only a connection that stands can be reset; before it is one, it is refused or silent."""
    secure = url.scheme == "https"
    phase = line.phase(secure=secure)
    return "tls" if secure and phase == "connect" and faults.is_reset(fault) else phase


def _stale(fault: Exception, line: Line) -> bool:
    return line.connected and not line.fresh and isinstance(fault, aiohttp.ServerDisconnectedError | aiohttp.ClientOSError)


async def _once(
    url: URL, *, web: Network, trust: Trust, more: Mapping[str, str], clock: Clock, line: Line, fresh: bool = False
) -> Answer:
    limits = web.settings.timeouts
    timeout = aiohttp.ClientTimeout(total=clock.left_s(), sock_connect=limits.connect_s, sock_read=limits.read_s)
    async with web.asked(url, line=line, trust=trust, more=more, limits=timeout, fresh=fresh) as response:
        connection = response.connection
        peer = connection.transport.get_extra_info("peername") if connection and connection.transport else None
        raw = response.raw_headers
        most = most_bytes(response.status, raw, web.settings)
        wire, cut = await (_read_briefly if _leads_on(response.status, raw) else _read)(response, most, web)
    body = decoding.content(wire, announced=answers.header(raw, "content-encoding") or "", most_bytes=most)
    return Answer(
        url=str(url),
        http_status=response.status,
        raw_headers=raw,
        body=body.body,
        cut=cut or body.cut,
        undecodable=body.undecodable,
        address=str(peer[0]) if peer else line.address or await _only_address(web, url),
    )


async def _only_address(web: Network, url: URL) -> str | None:
    """The address behind a connection that was used again and is closed already, when the host has no other."""
    if web.settings.proxy is not None:
        return None
    found = await web.resolver.endpoints(url.raw_host or "", url.port or 80)
    return found[0][0] if len(found) == 1 else None


def most_bytes(http_status: int, raw: answers.RawHeaders, settings: Web) -> int:
    """How much of a body is read."""
    if _leads_on(http_status, raw):
        return min(REDIRECT_BYTES, settings.max_body_bytes)
    if not answers.is_textual(answers.media_type(raw)):
        return min(OTHER_TYPES_BYTES, settings.max_body_bytes)
    return settings.max_body_bytes


def _leads_on(http_status: int, raw: answers.RawHeaders) -> bool:
    return http_status in REDIRECTS and bool(answers.header(raw, "location"))


async def _read_briefly(response: aiohttp.ClientResponse, most: int, web: Network) -> tuple[bytes, bool]:
    """The body of a redirect: some announce one that never comes, or keep the line open without a word."""
    try:
        async with asyncio.timeout(REDIRECT_S):
            return await _read(response, most, web)
    except (TimeoutError, aiohttp.ClientError, OSError, Unreadable):
        response.close()
        return b"", True


async def _read(response: aiohttp.ClientResponse, most: int, web: Network) -> tuple[bytes, bool]:
    """The first bytes of a body and whether there was more. What came before a break is kept."""
    pieces: list[bytes] = []
    try:
        cut = await _received(response, pieces, most=most, web=web)
    except aiohttp.ClientPayloadError as fault:
        if _bad_framing(fault):
            raise Unreadable(str(fault)) from fault
        if not pieces:
            raise
        cut = True
    except (TimeoutError, aiohttp.ClientError, OSError):
        if sum(map(len, pieces)) < ENOUGH_BYTES:
            raise
        cut = True
    finally:
        web.hold(-sum(map(len, pieces)))
    if cut:
        response.close()  # release() would drain the rest
    return b"".join(pieces)[:most], cut


async def _received(response: aiohttp.ClientResponse, pieces: list[bytes], *, most: int, web: Network) -> bool:
    """Fill `pieces` until the body ends or was long enough; whether there was more."""
    size = 0
    async for piece in response.content.iter_any():
        pieces.append(piece)
        size += len(piece)
        web.hold(len(piece))
        if size > most or web.full(size):
            return True
    return False


def _bad_framing(fault: aiohttp.ClientPayloadError) -> bool:
    """Whether the parser stumbled over the chunking; a body that merely ends early is no such thing."""
    behind = fault.__cause__ or fault
    return isinstance(behind, aiohttp.http_exceptions.TransferEncodingError) and "Not enough" not in str(behind)


class TryLegacy(Exception):  # noqa: N818 - the legacy connection will try
    """A handshake that an older protocol may still make. `fault` is what it is if not."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def translated(fault: BaseException, phase: str, *, trust: Trust) -> Exception:
    """What a raised fault is: data about the world, or a reason to ask in another way."""
    if isinstance(fault, Unreadable):
        return fault
    if isinstance(fault, aiohttp.ClientResponseError):
        return Unreadable(fault.message)
    if trust is Trust.VERIFIED and (name := faults.defect(fault)):
        return Defect(name)
    meant = faults.meaning(fault, phase=phase)
    if trust is not Trust.LEGACY and faults.handshake_failed(fault, phase=phase):
        return TryLegacy(meant)
    return meant


async def read_leniently(
    url: URL, *, web: Network, trust: Trust, more: Mapping[str, str], clock: Clock, tls: str | None
) -> Answer:
    """The same address read by our own reader."""
    begun = time.monotonic()
    line = Line()
    try:
        async with asyncio.timeout(clock.left_s()):
            answer = await lenient.ask(url, web=web, trust=trust, more=more, line=line)
    except (OSError, TimeoutError, EOFError) as fault:
        raise faults.meaning(fault, phase=_phase(fault, line, url)) from fault
    finally:
        clock.spent_s += time.monotonic() - begun
    return replace(answer, tls=tls)
