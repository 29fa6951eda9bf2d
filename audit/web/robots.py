"""robots.txt, for those who set `web.robots: obey`. A check is one visit on behalf of a reader, so the default is not to ask. I/O."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from urllib.robotparser import RobotFileParser

from yarl import URL

from audit import guard, urls
from audit.web import asking
from audit.web.faults import Defect, Fault, Stale, Unreadable
from audit.web.network import Network

NAME = "source-audit"
MOST_BYTES = 512_000
MOST_CRAWL_DELAY_S = 30.0

Turn = Callable[[URL], AbstractAsyncContextManager[None]]


class Robots:
    """The rules of each host, asked once per run. What cannot be read allows everything, as RFC 9309 says of 4xx."""

    def __init__(self, web: Network) -> None:
        self._web = web
        self._rules: dict[str, asyncio.Task[RobotFileParser]] = {}

    async def allows(self, url: str, *, turn: Turn) -> tuple[bool, float | None]:
        """(may it be asked, crawl delay in seconds)."""
        place = URL(urls.wire(url), encoded=True).origin()
        if guard.refused(place, pinned=self._web.resolver.pinned(place.raw_host or "")):
            return True, None  # the guard of the fetch itself will say so
        key = str(place)
        if key not in self._rules:
            self._rules[key] = asyncio.ensure_future(self._read(place, turn))
        rules = await asyncio.shield(self._rules[key])
        delay = rules.crawl_delay(NAME)
        return rules.can_fetch(NAME, url), min(float(delay), MOST_CRAWL_DELAY_S) if delay else None

    async def _read(self, place: URL, turn: Turn, *, fresh: bool = False) -> RobotFileParser:
        rules = RobotFileParser()
        try:
            async with turn(place):
                clock = asking.Clock(self._web.settings.timeouts.total_s)
                answer = await asking.ask(place / "robots.txt", web=self._web, more={}, clock=clock, fresh=fresh)
        except Stale:
            return await self._read(place, turn, fresh=True)
        except (Fault, Defect, Unreadable, asking.TryLegacy, *asking.WORLD):
            rules.parse([])
            return rules
        readable = 200 <= answer.http_status < 300
        rules.parse(answer.body[:MOST_BYTES].decode("utf-8", "replace").splitlines() if readable else [])
        return rules
