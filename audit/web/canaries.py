"""Is the auditor itself online? Addresses on unrelated networks must answer as themselves before anything is judged. I/O.

What a canary's page says is not configured. It must come from the domain that was asked, over a certificate that holds, with a
good status, and must not look like what unrelated domains show tonight. (Unless the canary looked so before the run as well, and
the run has seen other pages: a small web may have one for many.)
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urljoin

from yarl import URL

from audit.model import Fetch
from audit.settings import Web
from audit.web import fetching, interception
from audit.web.network import Network

NEEDED = 2
"""One canary may have an outage of its own."""
LONGEST_S = 20.0
"""A canary that takes longer does not help tonight."""
SILENT = "nobody answers"
NOT_THEMSELVES = "what answers is an error, or somebody in between"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Whether we are online, and if not, how that shows."""

    online: bool = True
    why: str = ""


class Canaries:
    """The configured canaries. Without any, hosts that answered tonight stand in for them.

    They are asked over a network that is opened for it: connections and names from before the cut prove nothing (and c-ares
    remembers names on its own account).
    """

    def __init__(self, settings: Web) -> None:
        self._settings = settings
        self.own: frozenset[str] = frozenset()
        """What they showed when they were asked first."""

    async def ask(self, *, common: Collection[str] = (), various: bool = False, witnesses: Sequence[str] = ()) -> Health:
        """Whether enough of them answer, none with a face that is `common`. Nobody is asked when there is nobody to ask."""
        canaries = self._settings.canaries
        if not canaries:
            return await self._ask_witnesses(witnesses)
        alien = frozenset(common) - (self.own if various else frozenset())
        answers, online = await self._asked(
            canaries,
            needed=min(NEEDED, len(canaries)),
            well=lambda fetch: _well(fetch) and alien.isdisjoint(interception.faces(fetch)),
        )
        self.own = self.own or frozenset().union(*map(interception.faces, answers))
        return Health() if online else Health(online=False, why=_why(answers, what="canaries", asked=len(canaries)))

    async def _ask_witnesses(self, witnesses: Sequence[str]) -> Health:
        """One more visit to hosts that we know to be up, paced like any other, for the file that is meant for robots."""
        if not witnesses:
            return Health()
        await asyncio.sleep(self._settings.per_host.delay_s)
        addresses = [urljoin(each, "/robots.txt") for each in witnesses]
        answers, online = await self._asked(addresses, needed=1, well=interception.as_asked)
        return (
            Health() if online else Health(online=False, why=_why(answers, what="hosts that had answered", asked=len(addresses)))
        )

    async def _asked(self, addresses: Sequence[str], *, needed: int, well: Callable[[Fetch], bool]) -> tuple[list[Fetch], bool]:
        """The answers that came until enough were good, and whether enough were."""
        answers: list[Fetch] = []
        async with Network(self._settings) as web:
            asked = [asyncio.ensure_future(_visit(each, web=web)) for each in addresses]
            try:
                for answer in asyncio.as_completed(asked, timeout=LONGEST_S):
                    answers.append(await answer)
                    if sum(map(well, answers)) >= needed:
                        return answers, True
            except TimeoutError:
                pass
            finally:
                for each in asked:
                    each.cancel()
                await asyncio.gather(*asked, return_exceptions=True)
        return answers, False


async def _visit(address: str, *, web: Network) -> Fetch:
    return await fetching.fetch(fetching.Errand(url=address, requested=address, check_id="canary"), web=web, turn=_at_once)


@asynccontextmanager
async def _at_once(_: URL) -> AsyncIterator[None]:
    yield


def _well(fetch: Fetch) -> bool:
    return interception.as_asked(fetch) and 200 <= (fetch.http_status or 0) < 300


def _why(answers: Sequence[Fetch], *, what: str, asked: int) -> str:
    heard = any(answer.http_status is not None or answer.hops for answer in answers)
    return f"of {asked} {what} too few answer as they should ({NOT_THEMSELVES if heard else SILENT})"
