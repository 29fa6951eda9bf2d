"""Leave to send requests: the queues of all hosts under the clock of the loop, places per address, open requests in all. I/O."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

from yarl import URL

from audit import urls
from audit.model import DueUrl
from audit.schedule import HostQueues, Turn
from audit.settings import HostOverride, Settings
from audit.web.network import Network

Waiting = asyncio.Future[None]
Work = DueUrl | Waiting


class Turns:
    """Who may ask next. A due URL that gets its turn becomes a check; a check asks here again for each hop, probe and retry."""

    def __init__(self, settings: Settings, web: Network) -> None:
        self._settings, self._web = settings, web
        per_host = settings.web.per_host
        self.queues: HostQueues[Work] = HostQueues(delay_s=per_host.delay_s, concurrency=per_host.concurrency)
        self.changed = asyncio.Event()
        self.open = 0

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def add(self, host: str, due: Iterable[DueUrl], *, delay_s: float | None, gate_s: float) -> None:
        """New work for a host; `gate_s` from now nothing is asked of it."""
        override: HostOverride | None = self._settings.hosts.get(host)
        delays = [each for each in (delay_s, override.delay_s if override else None) if each is not None]
        self.queues.add(
            host,
            due,
            now=self.now,
            delay_s=max(delays) if delays else None,
            concurrency=override.concurrency if override else None,
            gate=self.now + gate_s if gate_s > 0 else None,
        )

    def next(self, *, fresh: bool) -> Turn[Work] | None:
        """The next request that may start now."""
        if self.open >= self._settings.web.concurrency:
            return None
        turn = self.queues.take(self.now, fresh=fresh)
        if turn is not None:
            self.open += 1
        return turn

    def give_back(self, host: str) -> None:
        """A request has ended, or will not be sent."""
        self.queues.done(host)
        self.open -= 1
        self.changed.set()

    async def rest(self) -> None:
        """Wait until something has changed or the next host is ready."""
        moment = self.queues.next_moment(self.now) if self.open < self._settings.web.concurrency else None
        with suppress(TimeoutError):
            async with asyncio.timeout(None if moment is None else max(moment - self.now, 0.0)):
                await self.changed.wait()
        self.changed.clear()

    async def wait_for(self, host: str) -> None:
        """Wait for a turn at a host; it must be given back."""
        waiting: Waiting = asyncio.get_running_loop().create_future()
        self.queues.want(host, waiting, now=self.now)
        self.changed.set()
        try:
            await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():
                self.give_back(host)
            else:
                self.queues.unwant(host, waiting)
            raise

    async def enter(self, host: str, url: URL, *, held: bool) -> str | None:
        """Wait for a turn at a host and a place at its address, which is told; many hosts can live on one machine.

        Who must wait for a place gives the turn back meanwhile, so that a crowded address costs the others no slot.
        """
        woken_at: str | None = None
        while True:
            if not held:
                await self.wait_for(host)
            held = False
            try:
                address = await self._address(url)
            except BaseException:
                self.give_back(host)
                raise
            if woken_at not in {None, address}:
                self._web.wake(str(woken_at))
            if address is None or self._web.enter(address):
                return address
            self.give_back(host)
            await self._web.place_free(address)
            woken_at = address

    def leave(self, host: str, address: str | None) -> None:
        if address is not None:
            self._web.leave(address)
        self.give_back(host)

    async def _address(self, url: URL) -> str | None:
        """The address that will be asked; None when the request itself will find out why there is none."""
        if self._settings.web.proxy is not None:
            return None
        with suppress(OSError, ValueError):
            return (await self._web.resolver.endpoints(url.raw_host or "", url.port or 80))[0][0]
        return None


class CheckTurns:
    """The turns of one check. Its first one was given with the work; it is spent by the first request to that host."""

    def __init__(self, turns: Turns, host: str) -> None:
        self._turns, self._host, self._held = turns, host, True

    @asynccontextmanager
    async def __call__(self, url: URL) -> AsyncIterator[None]:
        host = urls.host_key(str(url))
        held = self._held and host == self._host
        self._held = self._held and not held
        address = await self._turns.enter(host, url, held=held)
        try:
            yield
        finally:
            self._turns.leave(host, address)

    def close(self) -> None:
        """Give the first turn back if no request was sent."""
        if self._held:
            self._held = False
            self._turns.give_back(self._host)
