"""check_batch: due URLs of many hosts -> outcomes. Touches no database and shares nothing but the open network. I/O.

One queue per host, no rounds: a host that is slow, gated or dead costs its own time. A check is the ladder of verdicts.md, 3: ask,
then what may cure the failure, then wait and ask again; at most six requests beside redirects and probes.
"""

import asyncio
import logging
import random
import re
import time
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

from audit import liveness, urls
from audit.model import Check, CitedAs, DueUrl, Failure, Fetch, HostBatch, HostFact, Outcome
from audit.settings import Settings
from audit.web import fetching, ftp, manners, registration
from audit.web.fetching import Errand
from audit.web.manners import HostConduct
from audit.web.network import Network
from audit.web.registration import Registries
from audit.web.robots import Robots
from audit.web.turns import CheckTurns, Turns

log = logging.getLogger(__name__)

MOST_REQUESTS = 6
DRAIN_S = 20.0
"""So long open requests may go on after a stop."""
MOST_UNREAD = 4
"""So many times the open requests may lie ready while nobody takes them; then nothing new begins."""
MOST_CHECKS = 16
"""So many times the open requests may be under way, most of them waiting for their retry."""
JITTER = 0.25
NEARLY = 0.98
LETTERS = "bcdfghjklmnpqrstvwxz"
PROBE_LETTERS = 24
OTHER_SPELLING = {400, 404, 410}
FRESH_CONNECTION, NO_COOKIES = 421, 431
RATE_LIMITED = {429, 503}

_numbers = count(1)


async def check_batch(
    batches: Iterable[HostBatch], settings: Settings, *, web: Network, stop: asyncio.Event
) -> AsyncGenerator[Outcome, None]:
    """Check every due URL; outcomes come as they are ready. After `stop` nothing new begins and open requests finish."""
    night = _Visits(batches, settings, web, stop)
    work = asyncio.ensure_future(night.work())
    try:
        while (outcome := await night.outcomes.get()) is not None:
            night.taken()
            yield outcome
        await work
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


@dataclass(slots=True)
class _Host:
    conduct: HostConduct = field(default_factory=HostConduct)
    gated_until: datetime | None = None
    shut: str | None = None
    root_asked: bool = False
    learned_s: float | None = None
    """The pause that an earlier run learned; it shrinks when the host is at ease again."""


class _Visits:
    """All checks of one call."""

    def __init__(self, batches: Iterable[HostBatch], settings: Settings, web: Network, stop: asyncio.Event) -> None:
        self.settings, self.web, self.stop = settings, web, stop
        self.turns = Turns(settings, web)
        self.robots = Robots(web)
        self.registries = Registries(settings.takeover, web, stop)
        if self.registries.host not in settings.hosts:
            pace_s = max(registration.PACE_S, settings.web.per_host.delay_s)
            self.turns.queues.slow_down(self.registries.host, pace_s, now=self.turns.now)
        self.outcomes: asyncio.Queue[Outcome | None] = asyncio.Queue()
        self.hosts: dict[str, _Host] = {}
        self.probed: set[str] = set()
        self.rng = random.Random()  # noqa: S311 - spreads requests and makes addresses up, guards nothing
        self._batches = iter(batches)
        self._more = True
        self._most_unread = MOST_UNREAD * settings.web.concurrency
        self._checks: set[asyncio.Task[None]] = set()

    async def work(self) -> None:
        """Give out turns until nothing is left to do, then say so."""
        stopping = asyncio.ensure_future(self._wake_on_stop())
        try:
            while True:
                self._give_turns()
                while self._idle() and self._feed():
                    self._give_turns()
                if not self._checks and (self.stop.is_set() or not (self._more or self.turns.queues.fresh)):
                    return
                await self.turns.rest()
        finally:
            stopping.cancel()
            for check in self._checks:
                check.cancel()
            await asyncio.gather(stopping, *self._checks, return_exceptions=True)
            self.outcomes.put_nowait(None)

    async def _wake_on_stop(self) -> None:
        await self.stop.wait()
        self.turns.changed.set()
        await asyncio.sleep(DRAIN_S)
        for check in self._checks:
            check.cancel()

    def taken(self) -> None:
        """An outcome was taken away; there may be room for new checks again."""
        if self.outcomes.qsize() == self._most_unread - 1:
            self.turns.changed.set()

    def _begins(self) -> bool:
        """Whether new checks may begin."""
        under_way = len(self._checks) < MOST_CHECKS * self.settings.web.concurrency
        return under_way and self.outcomes.qsize() < self._most_unread and not self.stop.is_set()

    def _idle(self) -> bool:
        """Whether a request could start and no host is ready for one: the next host is wanted, however much waits at the others."""
        return self._more and self._begins() and self.turns.open < self.settings.web.concurrency

    def _feed(self) -> bool:
        """Take the next host from the batches; False when there is none."""
        batch = next(self._batches, None)
        if batch is None:
            self._more = False
            return False
        self._add(batch)
        return True

    def _add(self, batch: HostBatch) -> None:
        self.probed |= batch.probed
        gate_s = (batch.gate_at - datetime.now(UTC)).total_seconds() if batch.gate_at else 0.0
        if gate_s > self.settings.web.max_wait_s:
            for due in batch.due:
                self._defer(due, "gate", batch.gate_at)
            return
        host = urls.host_key(batch.due[0].url) if batch.due else batch.host
        self.probed |= batch.probed
        self.registries.known(batch.registered)
        self._host(host).root_asked |= batch.root_asked
        order = list(batch.due)
        self.rng.shuffle(order)
        self.turns.add(host, order, delay_s=batch.delay_s, gate_s=gate_s)
        if batch.delay_s is not None:
            self._host(host).learned_s = batch.delay_s
        if host in self.hosts:  # `www.` and the bare domain are one host here and two batches
            self._shut(host, self.hosts[host])

    def _give_turns(self) -> None:
        while turn := self.turns.next(fresh=self._begins()):
            if isinstance(turn.item, asyncio.Future):
                if turn.item.done():
                    self.turns.give_back(turn.host)
                else:
                    turn.item.set_result(None)
                continue
            task = asyncio.ensure_future(self._check(turn.item, turn.host))
            self._checks.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._checks.discard(task)
        self.turns.changed.set()

    def _host(self, name: str) -> _Host:
        return self.hosts.setdefault(name, _Host())

    async def _check(self, due: DueUrl, host: str) -> None:
        """One check, the task boundary: a bug of ours must not end the night, and must not look like the world's fault."""
        turn = CheckTurns(self.turns, host)
        ladder = _Ladder(self, due, host, turn)
        try:
            await ladder.climb()
        except Exception:
            log.exception("a check failed inside", extra={"url": due.url})
            ladder.fetches.append(ladder.failed(Failure.OTHER, "internal error"))
        finally:
            turn.close()
        if ladder.fetches:
            self._conclude(ladder, host)

    # ---- what follows for the host

    def _conclude(self, ladder: "_Ladder", host: str) -> None:
        here = self._host(host)
        last = ladder.attempts[-1]
        here.conduct.settled(last, ladder.due.url, walled=not ladder.found and liveness.is_wall(last))
        self.turns.queues.hold(host, here.conduct.doubted)
        ladder.facts.extend(self._eased(last, here))
        self.outcomes.put_nowait(
            Outcome(url=ladder.due.url, check_id=ladder.check_id, fetches=tuple(ladder.fetches), hosts=tuple(ladder.facts))
        )
        self._shut(host, here)

    def heard(self, fetch: Fetch) -> Iterator[HostFact]:
        """What an answer asks of every request to come: a gate, a longer pause. It holds for the host that answered, at once."""
        if fetch.failure is not None:
            return
        answering = urls.host_of(fetch.final_url or fetch.requested_url)
        host = urls.host_key(answering)
        here = self._host(host)
        if fetch.http_status == 429 or (here.conduct.walls >= 1 and liveness.is_wall(fetch)):
            here.learned_s = None
            delay_s = manners.slower(self.turns.queues.delay_s(host))
            self.turns.queues.slow_down(host, delay_s, now=self.turns.now)
            yield HostFact(host=answering, delay_s=delay_s, note=f"refused with {fetch.http_status}")
        waiting = manners.retry_after_s(fetch)
        if waiting is None:
            return
        self.turns.queues.gate(host, self.turns.now + waiting, now=self.turns.now)
        until = datetime.now(UTC) + timedelta(seconds=waiting)
        if waiting > self.settings.web.max_wait_s:
            here.gated_until, here.shut = until, "gate"
        yield HostFact(host=answering, gate_at=until, note=f"asked to wait {waiting:.0f} s")

    def _eased(self, last: Fetch, here: _Host) -> Iterator[HostFact]:
        """Half the pause from the next run on, once the host answers without refusing anybody."""
        base_s = self.settings.web.per_host.delay_s
        if here.learned_s is None or here.learned_s <= base_s or last.failure is not None or here.conduct.walls:
            return
        yield HostFact(
            host=urls.host_of(last.url), delay_s=max(here.learned_s / 2, base_s), note="it answers without refusing again"
        )
        here.learned_s = None

    def _shut(self, host: str, here: _Host) -> None:
        """Take the URLs off the queue that need not be asked: they share a failure of the host, or wait for another day."""
        if shared := here.conduct.shared(left=self.turns.queues.left(host)):
            for due in self._drop(host):
                self._share(due, shared)
            return
        if here.conduct.closed() and here.shut is None:
            here.shut, here.gated_until = "walled", datetime.now(UTC) + timedelta(seconds=manners.CLOSED_FOR_S)
        if here.shut is not None:
            for due in self._drop(host):
                self._defer(due, here.shut, here.gated_until)

    def _drop(self, host: str) -> list[DueUrl]:
        return [each for each in self.turns.queues.drop(host) if isinstance(each, DueUrl)]

    def _share(self, due: DueUrl, shared: Fetch) -> None:
        name = new_check_id()
        fetch = replace(
            shared,
            url=due.url,
            requested_url=due.url,
            check_id=name,
            attempt=1,
            hops=(),
            final_url=None,
            fetched_at=datetime.now(UTC),
            elapsed_ms=0,
            shared_from=shared.check_id,
        )
        self.outcomes.put_nowait(Outcome(url=due.url, check_id=name, fetches=(fetch,)))

    def _defer(self, due: DueUrl, why: str, until: datetime | None) -> None:
        self.outcomes.put_nowait(Outcome(url=due.url, check_id=new_check_id(), deferred=why, not_before=until))

    async def pause(self, seconds: float) -> bool:
        """Wait for a retry; False when the run is ending and it will not be made."""
        if self.stop.is_set():
            return False
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stop.wait()
                return False
        return True


def new_check_id() -> str:
    """A name that sorts by time and that no other machine makes.

    >>> new_check_id() < new_check_id()
    True
    """
    return f"{time.time_ns():016x}{next(_numbers) % 0x10000:04x}{uuid4().hex[:8]}"


class _Ladder:
    """The attempts and probes of one check, in the order of verdicts.md, 3."""

    def __init__(self, night: _Visits, due: DueUrl, host: str, turn: CheckTurns) -> None:
        self.night, self.due, self.host, self.turn = night, due, host, turn
        self.check_id = new_check_id()
        self.fetches: list[Fetch] = []
        self.facts: list[HostFact] = []
        self.found = False
        """Whether the very first request brought a page; what it was need not be asked again."""

    @property
    def attempts(self) -> list[Fetch]:
        return [fetch for fetch in self.fetches if fetch.role == "attempt"]

    async def climb(self) -> None:
        if not await self._allowed():
            self.fetches.append(self.failed(Failure.ROBOTS, "disallowed"))
            return
        first = await self._attempt(self.due.url)
        self.found = liveness.found(first)
        if not self.found:
            await self._cure(first)
            await self._retry()
        await self._probe()
        await self._ask_registry()

    def failed(self, failure: Failure, detail: str) -> Fetch:
        return Fetch(
            url=self.due.url,
            requested_url=self.due.url,
            fetched_at=datetime.now(UTC),
            check_id=self.check_id,
            failure=failure,
            detail=detail,
        )

    async def _allowed(self) -> bool:
        if self.night.settings.web.robots != "obey":
            return True
        try:
            allowed, delay_s = await self.night.robots.allows(self.due.url, turn=self.turn)
        except ValueError:
            return True
        if delay_s is not None and delay_s > self.night.turns.queues.delay_s(self.host):
            self.night.turns.queues.slow_down(self.host, delay_s, now=self.night.turns.now)
        return allowed

    async def _ask_registry(self) -> None:
        """Since when the domain is registered, once per domain and only on sign."""
        check = Check(check_id=self.check_id, url=self.due.url, fetches=tuple(self.fetches))
        cited = CitedAs(titles=self.due.titles, quotes=self.due.quotes)
        if self.night.stop.is_set() or not liveness.needs_registration(check, cited=cited):
            return
        answer = await self.night.registries.ask(self._errand(self.due.url, role="rdap"), turn=self.turn)
        if answer is not None:
            self.fetches.append(answer)
            self.facts.extend(self.night.heard(answer))

    def _errand(self, address: str, *, role: str, fresh: bool = False, cookies: bool = True) -> Errand:
        return Errand(
            url=self.due.url,
            requested=address,
            check_id=self.check_id,
            attempt=1 + len(self.attempts) if role == "attempt" else 1,
            role=role,
            language=self.due.language,
            cookies=cookies,
            fresh_connection=fresh,
            vantage=self.night.settings.verdicts.vantage,
        )

    async def _attempt(self, address: str, *, role: str = "attempt", fresh: bool = False, cookies: bool = True) -> Fetch:
        errand = self._errand(address, role=role, fresh=fresh, cookies=cookies)
        ask = ftp.fetch if address.startswith("ftp:") else fetching.fetch
        fetch = await ask(errand, web=self.night.web, turn=self.turn)
        self.fetches.append(fetch)
        self.facts.extend(self.night.heard(fetch))
        return fetch

    @property
    def _spent(self) -> bool:
        return len(self.attempts) >= MOST_REQUESTS

    async def _cure(self, first: Fetch) -> None:
        """What may cure this failure at once: another connection, scheme or spelling."""
        if first.http_status == FRESH_CONNECTION:
            await self._attempt(self.due.url, fresh=True)
        elif first.http_status == NO_COOKIES:
            await self._attempt(self.due.url, cookies=False, fresh=True)
        elif other := _other_scheme(first):
            await self._keep_if_found(other)
        elif first.http_status in OTHER_SPELLING or first.failure is Failure.DNS:
            for address, _ in urls.candidates(self.due.url):
                if await self._keep_if_found(address):
                    return

    async def _keep_if_found(self, address: str) -> bool:
        """Ask another spelling. An answer that is no page says nothing about the cited one: it is not kept."""
        fetch = await self._attempt(address)
        if liveness.found(fetch):
            return True
        self.fetches.remove(fetch)
        return False

    async def _retry(self) -> None:
        """Ask again later what may be well by then; the host's other URLs go first."""
        settings = self.night.settings.web
        waits = settings.retry_after_s[: settings.retries]
        here = self.night.hosts.setdefault(self.host, _Host())
        for number, wait_s in enumerate(waits):
            last = self.attempts[-1]
            if self._spent or self.night.stop.is_set():
                return
            if not number and self._may_come_back(last):
                await self._attempt(self.due.url)  # its turn comes when the gate opens
                continue
            if not liveness.is_transient(last) or (number and last.failure is Failure.TIMEOUT) or self._used_up(last):
                return
            if last.failure is not None and last.phase in manners.CONNECTING:
                self.night.turns.queues.hold(self.host, here.conduct.stumbled(self.due.url))
            if not await self.night.pause(wait_s * self.night.rng.uniform(1 - JITTER, 1 + JITTER)):
                return
            await self._attempt(self.due.url)

    def _used_up(self, last: Fetch) -> bool:
        """Whether an attempt took all its time and brought nothing: a server that drips costs that once, and no more."""
        return last.failure is Failure.TIMEOUT and last.elapsed_ms >= NEARLY * 1000 * self.night.settings.web.timeouts.total_s

    def _may_come_back(self, last: Fetch) -> bool:
        """Whether the host asks us to come back while this run lasts."""
        waiting = manners.retry_after_s(last) if last.http_status in RATE_LIMITED else None
        return waiting is not None and waiting <= self.night.settings.web.max_wait_s

    async def _probe(self) -> None:
        """A sibling that cannot exist, once per host and shape; the front page, once per host; both only on sign."""
        night, check = self.night, Check(check_id=self.check_id, url=self.due.url, fetches=tuple(self.fetches))
        here = night.hosts.setdefault(self.host, _Host())
        if night.settings.soft404.probes == "never" or night.stop.is_set() or here.shut:
            return
        asked = self.attempts[-1].requested_url
        cited = CitedAs(titles=self.due.titles, quotes=self.due.quotes)
        if liveness.wants_probe(check, cited=cited) and (shape := urls.path_shape(asked)) not in night.probed:
            night.probed.add(shape)
            address = urls.sibling(asked, "".join(night.rng.choices(LETTERS, k=PROBE_LETTERS)))
            if address is not None:
                await self._attempt(address, role="probe")
        if not here.root_asked and liveness.needs_root(check, cited=cited, failed_before=self.due.failed_before):
            here.root_asked = True
            root = urls.join(asked, "/")
            if root is not None:
                await self._attempt(root, role="root")


def _other_scheme(fetch: Fetch) -> str | None:
    """The same address on the other scheme, when the connection could not be made or the port speaks the other one."""
    if fetch.hops or fetch.method != "get":
        return None
    scheme, _, rest = fetch.requested_url.partition("://")
    swapped = f"{'http' if scheme == 'https' else 'https'}://{rest}"
    if _speaks_the_other(fetch):
        return urls.normalise(swapped)
    unmade = fetch.failure is Failure.TLS or (
        fetch.failure in {Failure.REFUSED, Failure.TIMEOUT, Failure.RESET} and fetch.phase in {"connect", "tls"}
    )
    return swapped if unmade and not PORT.match(rest) else None  # a port belongs to one scheme


PORT = re.compile(r"[^/]*:\d+/")
WANTS_TLS = re.compile(
    r"plain HTTP request was sent to HTTPS port|plain HTTP to an SSL-enabled|HTTP request to an HTTPS server|requires TLS",
    re.IGNORECASE,
)
"""What nginx, Apache, Go and Tomcat print when TLS was expected (2026-05)."""


def _speaks_the_other(fetch: Fetch) -> bool:
    """Whether the port may speak the other scheme. One that speaks TLS only often shuts its door without a word."""
    if fetch.failure is Failure.RESET:
        return fetch.requested_url.startswith("http:") and fetch.phase == "headers"
    if fetch.failure is not None:
        return fetch.detail in {"not-tls", "speaks-tls"}
    return fetch.http_status == 400 and bool(WANTS_TLS.search(fetch.sample or ""))
