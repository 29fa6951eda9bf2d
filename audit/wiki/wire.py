"""The one session to all wikis: a question -> the JSON of its answer. I/O.

Wikimedia counts requests per user over all its wikis (rules of 2026): at most three are open at once over everything that shares
a `Wire`, and when one wiki asks us to wait, nothing is sent to it meanwhile.
"""

import asyncio
import logging
import re
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from importlib import metadata
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from audit.errors import WikiError
from audit.settings import Web, WikiSettings
from audit.web.guard import Refused, networks, refused
from audit.web.network import Trust, contexts
from audit.web.resolving import NameFault, Resolver
from audit.wiki.answers import Again, Good, Json, Reply, judged, warnings

log = logging.getLogger(__name__)

PROJECT_PAGE = "https://pypi.org/project/source-audit/"
"""Where a site owner can write to when nobody said `web.contact`."""

CONTACT = re.compile(r"@|https?://")
VALUES = re.compile(r'\d+|".*?"')
LONGEST_GET = 2_000
"""Longer queries go by POST: proxies and servers cut addresses somewhere above this."""

MOST_BYTES = 64 * 1024 * 1024
"""Of one answer, unpacked. MediaWiki's own limit of a result is 8 MB of text; escapes make it a few times as long."""

PATIENCE = 5
"""So often a question is asked again. A lag of the databases lasts minutes."""

ANSWER_S = 120.0
SILENCE_S = 60.0


class Wire:
    """Open while its `async with` lasts."""

    def __init__(self, web: Web, *, rules: WikiSettings | None = None) -> None:
        self.web = web
        self.rules = rules or WikiSettings()
        self.sent = 0
        self._stack = AsyncExitStack()
        self._turns = asyncio.Semaphore(self.rules.concurrency)
        self._quiet_until: dict[str, float] = {}
        self._over: dict[str, str] = {}
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
            self._warn(api, module, said)
        return told

    async def fetch(self, address: str, parameters: Mapping[str, str]) -> Json:
        """The JSON object behind an address: an API, or a list of pages elsewhere. Raises WikiError."""
        host = URL(address).host_port_subcomponent or address
        why = ""
        for attempt in range(PATIENCE + 1):
            if host in self._over:
                raise WikiError(host, self._over[host])
            await self._quiet(host)
            async with self._turns:
                reply = await self._sent(address, parameters)
            answer = judged(reply, now=datetime.now(UTC))
            if isinstance(answer, Good):
                return answer.told
            if not isinstance(answer, Again):
                if answer.all_over:
                    self._over[host] = answer.why
                raise WikiError(host, answer.why, code=answer.code)
            why = answer.why
            wait_s = self._wait_s(answer, attempt)
            if wait_s > self.web.max_wait_s:
                raise WikiError(host, f"asks for {wait_s:.0f} s of silence ({why}); try again later", code="wait")
            if attempt < PATIENCE:
                log.info("%s: %s; asked again in %.1f s", host, why, wait_s)
                self._hush(host, wait_s)
        raise WikiError(host, f"did not answer {PATIENCE + 1} times ({why}); try again later", code="wait")

    def _wait_s(self, answer: Again, attempt: int) -> float:
        if answer.wait_s is not None:
            return answer.wait_s
        steps = self.web.retry_after_s or (0.0,)
        return steps[min(attempt, len(steps) - 1)]

    def _hush(self, host: str, wait_s: float) -> None:
        until = asyncio.get_running_loop().time() + wait_s
        self._quiet_until[host] = max(until, self._quiet_until.get(host, 0.0))

    async def _quiet(self, host: str) -> None:
        """Wait until the host may be asked; somebody else may be told to wait longer meanwhile."""
        loop = asyncio.get_running_loop()
        while (left := self._quiet_until.get(host, 0.0) - loop.time()) > 0:  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(left)

    async def _sent(self, address: str, parameters: Mapping[str, str]) -> Reply:
        url = URL(address)
        if why := refused(url, pinned=self._resolver.pinned(url.raw_host or "") or bool(self._allowed)):
            return Reply(failure=f"{url.host_port_subcomponent} may not be asked ({why})", passing=False)
        get = url.update_query(parameters)
        self.sent += 1
        try:
            async with self._session.request(
                "GET" if len(str(get)) <= LONGEST_GET else "POST",
                get if len(str(get)) <= LONGEST_GET else url,
                data=None if len(str(get)) <= LONGEST_GET else parameters,
                timeout=aiohttp.ClientTimeout(total=ANSWER_S, sock_connect=self.web.timeouts.connect_s, sock_read=SILENCE_S),
                allow_redirects=False,
                proxy=self.web.proxy,
            ) as response:
                return await _reply(response)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
            return _failure(fault, url)

    def _warn(self, api: str, module: str, said: str) -> None:
        """Once per kind: numbers and quoted values make no new kind."""
        kind = " ".join((api, module, VALUES.sub("#", said)))
        if kind not in self._told:
            self._told.add(kind)
            log.warning("%s warns (%s): %s", URL(api).host_port_subcomponent, module, said)


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


def _failure(fault: Exception, url: URL) -> Reply:
    """What the network did to us, in words; a name that does not exist and a private address stay what they are."""
    behind = getattr(fault, "os_error", None) or fault.__cause__ or fault
    for raised in (fault, behind):
        if isinstance(raised, Refused):
            why = f"has an address of a private network ({raised}); add its range to web.allow_networks if you mean it"
            return Reply(failure=why, passing=False)
        if isinstance(raised, NameFault):
            return Reply(
                failure=f"no address is known for {url.host} ({raised.detail})", passing=raised.detail in {"servfail", "timeout"}
            )
    return Reply(failure="timeout" if isinstance(fault, TimeoutError) else f"{type(behind).__name__}: {behind}"[:160])


def user_agent(web: Web) -> str:
    """The program, whom to write to, and the library: Wikimedia's form. There is always somebody to write to.

    >>> user_agent(Web(user_agent="newsroom/1.0", contact="desk@news.example")).partition(" aiohttp/")[0]
    'newsroom/1.0 (desk@news.example)'
    """
    name = web.user_agent or f"source-audit/{metadata.version('source-audit')}"
    contact = "" if web.contact is None and CONTACT.search(name) else f" ({web.contact or PROJECT_PAGE})"
    return f"{name}{contact} aiohttp/{aiohttp.__version__}"
