"""The local engine: one process, one event loop, one open network. I/O."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager

from audit.model import HostBatch, Outcome
from audit.run import OpenEngine, check_batch
from audit.settings import Settings
from audit.web.canaries import Canaries, Health
from audit.web.network import Network


class LocalEngine:
    """Does the checks in this process."""

    @asynccontextmanager
    async def open(self, settings: Settings) -> AsyncIterator[OpenEngine]:
        async with Network(settings.web) as web:
            yield _Open(settings, web)


class _Open:
    def __init__(self, settings: Settings, web: Network) -> None:
        self._settings, self._web = settings, web
        self._canaries = Canaries(settings.web)

    async def online(self, *, common: Collection[str] = (), various: bool = False, witnesses: Sequence[str] = ()) -> Health:
        return await self._canaries.ask(common=common, various=various, witnesses=witnesses)

    def check(self, batches: Iterable[HostBatch], *, stop: asyncio.Event) -> AsyncGenerator[Outcome]:
        return check_batch(batches, self._settings, web=self._web, stop=stop)
