"""The one session to all wikis: a question -> the JSON of its answer. I/O.

Wikimedia counts requests per user over all its wikis (rules of 2026): at most three are open at once over everything that shares
a `Wire`, and when one wiki asks us to wait, nothing is sent to it meanwhile.
"""

import asyncio
import logging
import re
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from importlib import metadata
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from audit.errors import WikiError
from audit.guard import Refused, networks, refused
from audit.settings import Web, WikiSettings
from audit.web.network import Trust, contexts
from audit.web.resolving import NameFault, Resolver
from audit.wiki.answers import Again, Good, Json, Reply, Stop, judged, warnings

log = logging.getLogger(__name__)

PROJECT_PAGE = "https://pypi.org/project/source-audit/"
"""Where a site owner can write to when nobody said `web.contact`."""

CONTACT = re.compile(r"@|https?://")
VALUES = re.compile(r'\d+|".*?"')
LONGEST_GET = 2_000
"""Longer queries go by POST: proxies and servers cut addresses somewhere above this."""

MOST_BYTES = 64 * 1024 * 1024
"""Of one answer, unpacked. MediaWiki's own limit of a result is 8 MB of text; escapes make it a few times as long."""

EXPECTED = "result"
"""The warning that an answer was cut at MediaWiki's limit; what is missing comes by continuation."""

PATIENCE = 5
"""So often a question is asked again. A lag of the databases lasts minutes."""

ANSWER_S = 120.0
SILENCE_S = 60.0


class Wire:
    """Open while its `async with` lasts. Once `stop` is set nobody waits any longer."""

    def __init__(self, web: Web, *, rules: WikiSettings | None = None, stop: asyncio.Event | None = None) -> None:
        self.web = web
        self._stop = stop
        self.rules = rules or WikiSettings()
        self._stack = AsyncExitStack()
        self._turns = asyncio.Semaphore(self.rules.concurrency)
        self._quiet_until: dict[str, float] = {}
        self._over: dict[str, WikiError] = {}
        self._told: set[str] = set()

    async def __aenter__(self) -> Self:
        self._resolver = Resolver(self.web)
        self._stack.push_async_callback(self._resolver.close)
        self._allowed = networks(self.web.allow_networks)
        trust = (await asyncio.to_thread(contexts, self.web.ca_file))[Trust.VERIFIED]
        connector = aiohttp.TCPConnector(
            resolver=self._resolver,
            use_dns_cache=False,
            ssl=trust,
            socket_factory=None if self.web.proxy else self._resolver.guarded_socket,
        )
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": user_agent(self.web), "Accept-Encoding": "gzip"},
            trust_env=False,
        )
        self._session = await self._stack.enter_async_context(session)
        if self.web.contact is None and not CONTACT.search(self.web.user_agent or ""):
            log.warning("web.contact is not set: wikis are told %s instead; set it to an address or page of yours", PROJECT_PAGE)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        await self._stack.aclose()

    async def ask(self, api: str, parameters: Mapping[str, str | int]) -> Json:
        """The answer of an api.php. Raises WikiError with one line when the wiki refuses for good, or for too long."""
        asked = {name: str(value) for name, value in parameters.items()}
        told = await self.fetch(api, {"format": "json", "formatversion": "2", "maxlag": str(self.rules.maxlag)} | asked)
        for module, said in warnings(told):
            if module != EXPECTED:
                self._warn(api, module, said)
        return told

    async def fetch(self, address: str, parameters: Mapping[str, str]) -> Json:
        """The JSON object behind an address: an API, or a list of pages elsewhere. Raises WikiError."""
        host = _host(address)
        attempt = 0
        while address not in self._over:
            answer = judged(await self._in_turn(host, address, parameters), now=datetime.now(UTC))
            if isinstance(answer, Good):
                return answer.told
            if isinstance(answer, Stop):
                raise self._left(address, WikiError(host, answer.why, code=answer.code), all_over=answer.all_over)
            wait_s = self._wait_s(answer, attempt)
            if wait_s > self.web.max_wait_s:
                late = WikiError(host, f"asks for {wait_s:.0f} s of silence ({answer.why}); try again later", code="wait")
                raise self._left(address, late, all_over=True)
            if attempt == PATIENCE:
                tired = WikiError(host, f"did not answer {PATIENCE + 1} times ({answer.why}); try again later", code="wait")
                raise self._left(address, tired, all_over=answer.everywhere)
            log.info("%s: %s; asked again in %.1f s", host, answer.why, wait_s)
            self._hush(host, wait_s)
            attempt += 1
        raise self._over[address]

    def _left(self, address: str, fault: WikiError, *, all_over: bool) -> WikiError:
        """What is over is over for all who share this wire: a wiki that is down is not waited for once per source."""
        if all_over:
            self._over[address] = fault
        return fault

    def _wait_s(self, answer: Again, attempt: int) -> float:
        if answer.wait_s is not None:
            return answer.wait_s
        steps = self.web.retry_after_s or (0.0,)
        return steps[min(attempt, len(steps) - 1)]

    def _hush(self, host: str, wait_s: float) -> None:
        until = asyncio.get_running_loop().time() + wait_s
        self._quiet_until[host] = max(until, self._quiet_until.get(host, 0.0))

    async def _in_turn(self, host: str, address: str, parameters: Mapping[str, str]) -> Reply:
        """Send when a place is free and nobody was told to wait: while one waits for a place, others may be."""
        loop = asyncio.get_running_loop()
        while True:
            async with self._turns:
                left = self._quiet_until.get(host, 0.0) - loop.time()
                if left <= 0:
                    return await self._sent(address, parameters)
            if self._stop is None:
                await asyncio.sleep(left)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), left)
                raise WikiError(host, "was not asked again: the run was stopped", code="stopped")

    async def _sent(self, address: str, parameters: Mapping[str, str]) -> Reply:
        url = URL(address)
        if why := refused(url, pinned=self._resolver.pinned(url.raw_host or "") or bool(self._allowed)):
            return Reply(failure=f"{url.host_port_subcomponent} may not be asked ({why})", passing=False)
        get = url.update_query(parameters)
        short = len(str(get)) <= LONGEST_GET
        try:
            if self.web.proxy:  # the connector will see the proxy's address only
                await self._resolver.endpoints(url.raw_host or "", url.port or 80)
            async with self._session.request(
                "GET" if short else "POST",
                get if short else url,
                data=None if short else parameters,
                timeout=aiohttp.ClientTimeout(total=ANSWER_S, sock_connect=self.web.timeouts.connect_s, sock_read=SILENCE_S),
                allow_redirects=False,
                proxy=self.web.proxy,
            ) as response:
                return await _reply(response)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
            return _failure(fault)

    def _warn(self, api: str, module: str, said: str) -> None:
        """Once per kind: numbers and quoted values make no new kind."""
        kind = " ".join((api, module, VALUES.sub("#", said)))
        if kind not in self._told:
            self._told.add(kind)
            log.warning("%s warns (%s): %s", _host(api), module, said)


async def _reply(response: aiohttp.ClientResponse) -> Reply:
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > MOST_BYTES:
            return Reply(failure=f"sends more than {MOST_BYTES >> 20} MiB in one answer", passing=False)
    return Reply(
        http_status=response.status,
        body=bytes(body),
        content_type=response.headers.get("Content-Type", "").lower(),
        retry_after=response.headers.get("Retry-After"),
        location=response.headers.get("Location"),
    )


def _host(address: str) -> str:
    """The host of an address, for people. Raises WikiError when it is none."""
    try:
        return URL(address).host_port_subcomponent or address
    except ValueError as fault:
        raise WikiError(address[:200], f"is no web address ({fault})") from fault


def _failure(fault: Exception) -> Reply:
    """What the network did to us, in words; a name that does not exist and a private address stay what they are."""
    behind = getattr(fault, "os_error", None) or fault.__cause__ or fault
    for raised in (fault, behind):
        if isinstance(raised, Refused):
            why = f"has an address of a private network ({raised}); add its range to web.allow_networks if you mean it"
            return Reply(failure=why, passing=False)
        if isinstance(raised, NameFault):
            return Reply(failure=f"has no address ({raised.detail})", passing=raised.detail in {"servfail", "timeout"})
    return Reply(failure="timeout" if isinstance(fault, TimeoutError) else f"{type(behind).__name__}: {behind}"[:160])


def user_agent(web: Web) -> str:
    """The program, whom to write to, and the library: Wikimedia's form. There is always somebody to write to.

    >>> user_agent(Web(user_agent="newsroom/1.0", contact="desk@news.example")).partition(" aiohttp/")[0]
    'newsroom/1.0 (desk@news.example)'
    """
    name = web.user_agent or f"source-audit/{metadata.version('source-audit')}"
    contact = "" if web.contact is None and CONTACT.search(name) else f" ({web.contact or PROJECT_PAGE})"
    return f"{name}{contact} aiohttp/{aiohttp.__version__}"
