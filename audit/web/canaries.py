"""Is the auditor itself online? Addresses on unrelated networks must answer before anything is judged. I/O."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from yarl import URL

from audit.model import Fetch
from audit.settings import Web
from audit.web import fetching
from audit.web.guard import Refused
from audit.web.network import Network
from audit.web.resolving import NameFault

NEEDED = 2
"""One canary may have an outage of its own."""


async def online(web: Network, settings: Web) -> bool:
    """Whether enough canaries answer. With none configured nobody is asked and the run's own answers must tell."""
    if not settings.canaries:
        return True
    await _learn_hijacking(web)
    return await _answering(web, settings)


async def _answering(web: Network, settings: Web) -> bool:
    asked = [asyncio.ensure_future(_ask(web, address)) for address in settings.canaries]
    needed, good = min(NEEDED, len(asked)), 0
    try:
        for answer in asyncio.as_completed(asked):
            good += _well(await answer)
            if good >= needed:
                return True
    finally:
        for each in asked:
            each.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    return False


async def _learn_hijacking(web: Network) -> None:
    """A name that cannot exist: if our network gives it an address, that address means NXDOMAIN from now on."""
    try:
        found = await web.resolver.endpoints(f"{uuid4().hex}.invalid", 80)
    except (NameFault, Refused):
        return
    web.resolver.hijacked = web.resolver.hijacked | frozenset(address for address, _ in found)


async def _ask(web: Network, address: str) -> Fetch:
    errand = fetching.Errand(url=address, requested=address, check_id="canary")
    return await fetching.fetch(errand, web=web, turn=_at_once)


@asynccontextmanager
async def _at_once(_: URL) -> AsyncIterator[None]:
    yield


def _well(fetch: Fetch) -> bool:
    """Any answer below 400, except one of a gate in our own network."""
    return fetch.failure is None and fetch.http_status is not None and fetch.http_status < 400
