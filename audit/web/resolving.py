"""Names of hosts -> judged addresses. Own resolver over c-ares, because its failures come with their kind. I/O."""

import asyncio
import errno
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import ip_address
from uuid import uuid4

import aiodns
import pycares
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from audit import guard
from audit.errors import ConfigError
from audit.settings import Web

LOOKUPS_AT_ONCE = 100
"""Of 5,000 lookups at once most packets are lost; of 100 at once none (measured 2026-05)."""
LOOKUP_S, LOOKUP_TRIES = 2.0, 2
REMEMBER_S = 300.0
NAMES_REMEMBERED = 10_000
UNTESTED_S = 60.0
"""Some name servers never answer for names that cannot exist; the others would wait for the test at every lookup."""

KINDS = {
    1: "nodata",
    2: "servfail",
    3: "servfail",
    4: "nxdomain",
    5: "servfail",
    6: "refused",
    8: "bad-name",
    11: "timeout",
    12: "timeout",
}
"""c-ares error number -> detail."""

SYSTEM_KINDS = {
    socket.EAI_NONAME: "nxdomain",
    getattr(socket, "EAI_NODATA", socket.EAI_NONAME): "nodata",
    socket.EAI_AGAIN: "servfail",
    socket.EAI_FAIL: "refused",
}
"""The system's error number -> detail. EAI_AGAIN is not NXDOMAIN: the question was never answered."""

GONE = frozenset({"nxdomain", "nodata"})


class NameFault(OSError):  # noqa: N818 - a fact about a name
    """A name that could not be resolved. `detail` is nxdomain, nodata, servfail, timeout, refused or bad-name."""

    def __init__(self, detail: str) -> None:
        super().__init__(errno.EHOSTUNREACH, detail)
        self.detail = detail


class Hijacking:
    """The addresses that our own network gives to names that cannot exist: they mean NXDOMAIN (verdicts.md, 9)."""

    def __init__(self, look_up: Callable[[str], Awaitable[tuple[str, ...]]]) -> None:
        self.addresses: frozenset[str] = frozenset()
        self._look_up = look_up
        self._test: asyncio.Task[None] | None = None
        self._untested_until = 0.0

    async def tested(self) -> frozenset[str]:
        """What is known after a test that began after this call; all who call meanwhile share the next one."""
        if time.monotonic() < self._untested_until:
            return self.addresses
        begun = self._test
        if begun is not None:
            await asyncio.wait({begun})
        test = self._test
        if test is None or test is begun:
            test = self._test = asyncio.ensure_future(self._tested())
        await asyncio.wait({test})
        return self.addresses

    async def _tested(self) -> None:
        try:
            found = await self._look_up(f"{uuid4().hex}.invalid")
        except NameFault as fault:
            if fault.detail == "timeout":
                self._untested_until = time.monotonic() + UNTESTED_S
            return
        self.addresses |= frozenset(found)

    async def close(self) -> None:
        if self._test is not None:
            self._test.cancel()
            await asyncio.wait({self._test})


class Resolver(AbstractResolver):
    """What the connector asks. Pinned hosts first; every address is judged; if one is forbidden the whole name is refused."""

    def __init__(self, settings: Web) -> None:
        self._pinned: Mapping[str, str] = {host.lower(): target for host, target in settings.resolve.items()}
        self._proxy = (URL(settings.proxy).host or "").lower() if settings.proxy else None
        self._allowed = guard.networks(settings.allow_networks)
        self._turn = asyncio.Semaphore(LOOKUPS_AT_ONCE)
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._system = settings.resolver == "system"
        self._first = None if self._system else _asking(settings.name_servers, key="web.name_servers")
        second = settings.second_resolver
        self._second = _asking((second,), key="web.second_resolver") if second else None
        self._hijacking = Hijacking(self._confirmed)

    def pinned(self, host: str) -> bool:
        return host.lower() in self._pinned

    async def endpoints(self, host: str, port: int) -> tuple[tuple[str, int], ...]:
        """Judged addresses of a host (a name or an address) with the port to use. Raises NameFault or guard.Refused."""
        host = host.rstrip(".").lower()
        if host == self._proxy:
            return tuple((address, port) for address in await self._confirmed(host))
        target = self._pinned.get(host)
        if target is not None:
            endpoint = guard.pinned_endpoint(target, port)
            self._judge((endpoint[0],))
            return (endpoint,)
        if literal(host):
            self._judge((host,))
            return ((host, port),)
        return tuple((address, port) for address in await self._addresses(host))

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AddressFamily.AF_UNSPEC,  # noqa: ARG002 - aiohttp's signature
    ) -> list[ResolveResult]:
        return [_told(host, address, number) for address, number in await self.endpoints(host, port)]

    async def close(self) -> None:
        await self._hijacking.close()
        for resolver in (self._first, self._second):
            if resolver is not None:
                await resolver.close()

    async def _addresses(self, host: str) -> tuple[str, ...]:
        known = self._known.get(host)
        if known and known[0] > time.monotonic():
            return known[1]
        async with self._turn:
            found = await self._confirmed(host)
        if not (await self._hijacking.tested()).isdisjoint(found):
            raise NameFault("nxdomain")
        self._judge(found)
        if len(self._known) >= NAMES_REMEMBERED:
            self._known.clear()
        self._known[host] = time.monotonic() + REMEMBER_S, found
        return found

    async def _confirmed(self, host: str) -> tuple[str, ...]:
        """A name is gone only when the second resolver, if there is one, does not find it either."""
        try:
            return await (self._asked(self._first, host) if self._first else self._asked_system(host))
        except NameFault as fault:
            if self._second is None or fault.detail not in GONE:
                raise
            return await self._asked(self._second, host)

    async def _asked(self, resolver: aiodns.DNSResolver, host: str) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(LOOKUP_S * LOOKUP_TRIES * 2 + 2):
                told = await resolver.getaddrinfo(host, family=socket.AF_UNSPEC, type=socket.SOCK_STREAM)
        except aiodns.error.DNSError as fault:
            raise NameFault(KINDS.get(fault.args[0], "servfail")) from fault
        except TimeoutError as fault:
            raise NameFault("timeout") from fault
        except (UnicodeError, ValueError) as fault:
            raise NameFault("bad-name") from fault
        found = tuple(dict.fromkeys(_text(node.addr[0]) for node in told.nodes))
        if not found:
            raise NameFault("nodata")
        return found

    async def _asked_system(self, host: str) -> tuple[str, ...]:
        try:
            told = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except socket.gaierror as fault:
            raise NameFault(SYSTEM_KINDS.get(fault.errno or 0, "servfail")) from fault
        except UnicodeError as fault:
            raise NameFault("bad-name") from fault
        return tuple(dict.fromkeys(str(entry[4][0]) for entry in told))

    def _judge(self, addresses: tuple[str, ...]) -> None:
        if any(guard.forbidden(address, allowed=self._allowed) for address in addresses):
            raise guard.Refused(errno.EACCES, "address")

    def guarded_socket(self, info: tuple[int, int, int, str, tuple[object, ...]]) -> socket.socket:
        """The second layer: the connector shows the address of every attempt, IP literals included, which it never resolves."""
        family, kind, protocol, _, where = info
        self._judge((str(where[0]),))
        return socket.socket(family, kind, protocol)

    def socket_to(self, address: str) -> socket.socket:
        """A socket for an address that was judged, judged once more."""
        self._judge((address,))
        made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        made.setblocking(False)
        return made


def _asking(servers: tuple[str, ...], *, key: str) -> aiodns.DNSResolver:
    """A resolver that asks these name servers, or those of the system. Names are asked as they are: no search list. Raises ConfigError for what is no address."""
    try:
        return aiodns.DNSResolver(
            nameservers=servers or None, timeout=LOOKUP_S, tries=LOOKUP_TRIES, flags=pycares.ARES_FLAG_NOSEARCH
        )
    except pycares.AresError as fault:
        raise ConfigError(f"`{key}`: not the address of a name server; found {', '.join(servers)!r}") from fault


def literal(host: str) -> bool:
    if not (":" in host or host[-1:].isdigit()):
        return False
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _told(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)


def _text(address: bytes | str) -> str:
    return address.decode("ascii") if isinstance(address, bytes) else address
