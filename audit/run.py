"""One run, in the order of the house: sources, plan, fetches beside captures, verdicts, findings, scores. Shell.

The only module that knows all sides. What it is handed (`engine`, the store, the clock's `now`) it does not make.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import uuid4

from audit import dumps, gathering, judging, loading, pacing, refreshing, saver, urls
from audit.archives import asking
from audit.archives.save import Stopped
from audit.dumps import DumpRead
from audit.errors import DocumentError
from audit.model import (
    Capture,
    CaptureSearch,
    Document,
    HostBatch,
    Outcome,
    Playback,
    Pool,
    RunRecord,
    SaveOutcome,
    SaveRequest,
)
from audit.settings import SaveKeys, Settings
from audit.sources import Stream
from audit.store import reads, writes
from audit.store.opening import Store
from audit.store.spool import Spool
from audit.web.canaries import Health
from audit.web.checking import check_batch
from audit.web.outage import Fact, FrontDoor
from audit.wiki.reading import Unchanged
from audit.writer import Writer

__all__ = ["Audited", "Engine", "OpenEngine", "Told", "Wishes", "audit", "check_batch", "ingest", "save"]

log = logging.getLogger(__name__)

URLS_PER_BATCH = 50
CANARY_GAP_S = 30.0
"""The canaries are strangers: during a run they are asked no more often than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the command line asked of one run. With `save_keys` live pages that no archive holds are saved at its end."""

    command: str
    sources: tuple[str, ...] = ()
    now: datetime | None = None
    fetch: bool = True
    search: bool = True
    limit: int | None = None
    max_age: timedelta | None = None
    time_budget_s: float | None = None
    save_keys: SaveKeys | None = None


@dataclass(slots=True, kw_only=True)
class Audited:
    """What became of a run. `stopped` is `time-budget`, `SIGTERM` or `SIGINT` when it ended before its work did."""

    record: RunRecord
    documents: int = 0
    unread: list[DocumentError] = field(default_factory=list)
    offline: bool = False
    stopped: str | None = None
    searches: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def partial(self) -> bool:
        return bool(self.unread) or self.offline or self.stopped == "time-budget"


class Told(Protocol):
    """Who is told how a run goes on: the progress bar, or nobody."""

    def stage(self, name: str, total: int | None = None) -> None: ...

    def step(self, outcome: Outcome) -> None: ...


class OpenEngine(Protocol):
    """An engine whose network is open."""

    async def online(self, *, common: Collection[str] = (), various: bool = False, witnesses: Sequence[str] = ()) -> Health: ...

    def check(self, batches: Iterable[HostBatch], *, stop: asyncio.Event) -> AsyncGenerator[Outcome]: ...


class Engine(Protocol):
    """Where checks are done: in this process, or on other machines."""

    def open(self, settings: Settings) -> AbstractAsyncContextManager[OpenEngine]: ...


async def ingest(
    store: Store,
    names: Iterable[str],
    *,
    settings: Settings,
    now: datetime,
    tell: Callable[[Document | DumpRead, float], None] | None = None,
    stop: asyncio.Event | None = None,
    wish: dumps.Wish | None = None,
) -> tuple[int, list[DocumentError]]:
    """Read sources into the database, each in a transaction of its own; what cannot be read is returned, the others go on.

    A page of a wiki that has not changed since it was read is not read again, and counts.
    """
    unread: list[DocumentError] = []
    count = unchanged = 0
    left = threading.Event()
    asked = wish or dumps.Wish()
    asked = replace(asked, stopped=lambda: left.is_set() or bool(stop and stop.is_set()))
    with store.read() as conn:
        intake = _Intake(store, settings, now, tell, asked, judging.lists(conn, now=now, settings=settings))
    async with aclosing(gathering.gathered(names, settings=settings, known=partial(_known, store), stop=stop)) as sources:
        async for source in sources:
            if asked.stopped():
                break
            unchanged += isinstance(source, Unchanged)
            try:
                # A dump takes hours: a signal must be heard meanwhile, so the loop goes on.
                count += await asyncio.to_thread(_taken_in, intake, source)
            except DocumentError as fault:
                unread.append(fault)
            except asyncio.CancelledError:
                left.set()
                raise
    if unchanged:
        log.info("%d pages have not changed since they were read", unchanged)
    return count + unchanged, unread


@dataclass(frozen=True, slots=True)
class _Intake:
    """What every source of an evening is taken in with; `shelf` are the rating lists that stand."""

    store: Store
    settings: Settings
    now: datetime
    tell: Callable[[Document | DumpRead, float], None] | None
    wish: dumps.Wish
    shelf: judging.Lists


def _taken_in(intake: _Intake, source: gathering.Gathered) -> int:
    """Write what one source became; returns the number of its documents. Raises DocumentError for one that cannot be read."""
    count, begun = 0, time.perf_counter()
    for document in _ingested(intake, source):
        count += document.documents if isinstance(document, DumpRead) else 1
        if intake.tell:
            intake.tell(document, time.perf_counter() - begun)
    return count


def _ingested(intake: _Intake, source: gathering.Gathered) -> Iterator[Document | DumpRead]:
    if isinstance(source, DocumentError):
        raise source
    if isinstance(source, Unchanged):
        return
    store, settings, now = intake.store, intake.settings, intake.now
    if isinstance(source, Stream) and dumps.recognises(source):
        yield dumps.ingest(store, source, settings=settings, now=now, wish=intake.wish, shelf=intake.shelf)
        return
    for document in gathering.read(source, settings=settings.documents):
        with store.write() as conn:
            writes.write_document(conn, document, read_at=now)
        judging.find(store, now=now, settings=settings, sources=[document.source], shelf=intake.shelf)
        yield document


def _known(store: Store, names: Sequence[str]) -> dict[str, str]:
    with store.read() as conn:
        return reads.revisions(conn, names)


async def audit(
    store: Store, spool: Spool, wishes: Wishes, *, settings: Settings, engine: Engine, stop: asyncio.Event, tell: Told
) -> Audited:
    """The whole audit. Everything finished is kept whatever happens; what is due and has no check is what is left."""
    night = _Night(store, spool, wishes, settings=settings, stop=stop, tell=tell)
    night.begin()
    try:
        async with engine.open(settings) as web:
            await night.work(web)
        await night.save()
        night.conclude()
    finally:
        night.end()
    return night.audited


async def save(
    store: Store,
    work: saver.Plan,
    *,
    settings: Settings,
    keys: SaveKeys,
    now: datetime,
    stop: asyncio.Event,
    tell: Callable[[SaveRequest], None] | None = None,
) -> saver.Saves:
    """Ask the archive to save the pages of a plan, within the allowance that every process shares."""
    return await saver.carry_out(
        work, store=store, settings=settings, keys=keys, pools=ArchiveBook(store), now=now, stop=stop, tell=tell
    )


class _Night:
    """The state of one run while it goes on."""

    def __init__(
        self, store: Store, spool: Spool, wishes: Wishes, *, settings: Settings, stop: asyncio.Event, tell: Told
    ) -> None:
        self.store, self.spool, self.wishes, self.settings, self.stop, self.tell = store, spool, wishes, settings, stop, tell
        self.door = FrontDoor()
        self.fetching = wishes.fetch
        self.asking = asyncio.Lock()
        self.ask_again_at = datetime.now(UTC)
        self.begun = time.monotonic()
        self.ahead = wishes.now - datetime.now(UTC) if wishes.now else timedelta()
        record = RunRecord(run=uuid4().hex[:12], started_at=datetime.now(UTC), command=wishes.command)
        self.audited = Audited(record=record)

    @property
    def now(self) -> datetime:
        """The moment to judge at: the clock, or the one that was wished for and what has passed since."""
        return datetime.now(UTC) + self.ahead

    def begin(self) -> None:
        """Write the run's row, then heal what a killed run left: replay its spool, judge what it had not judged."""
        with self.store.write() as conn:
            writes.begin_run(conn, self.audited.record)
        left = list(self.spool.replay())
        if left:
            with self.store.write() as conn:
                writes.write_outcomes(conn, [fact for fact in left if isinstance(fact, Outcome)], run=self.audited.record.run)
                writes.write_searches(conn, [fact for fact in left if isinstance(fact, CaptureSearch)])
                writes.write_playbacks(conn, [fact for fact in left if isinstance(fact, Playback)])
            self.spool.acknowledge(len(left))
            self.audited.notes.append(f"{len(left)} facts of an interrupted run were recovered")
        with self.store.read() as conn:
            unjudged = reads.unjudged(conn)
        self.judge(unjudged)

    async def work(self, web: OpenEngine) -> None:
        if (self.wishes.fetch or self.wishes.search) and not (health := await web.online()).online:
            self._go_offline(health.why)
            return
        self.tell.stage("reading sources", len(self.wishes.sources) or None)
        self.audited.documents, self.audited.unread = await ingest(
            self.store, self.wishes.sources, settings=self.settings, now=self.now, stop=self.stop
        )
        if self.wishes.command == "run" and not self.stop.is_set():
            self.tell.stage("reading rating lists")
            self.audited.notes += await refreshing.refresh(self.store, self.settings, now=self.now)
        if self.stop.is_set() or not (self.wishes.fetch or self.wishes.search):
            return
        async with self._writer() as writer, asyncio.TaskGroup() as tasks:
            if self.wishes.search:
                tasks.create_task(self.look_for_captures(web, writer))
            if self.wishes.fetch:
                tasks.create_task(self.fetch(web, writer))
        if self.audited.offline or not self.wishes.search:
            return
        async with self._writer() as writer:
            await self.look_for_captures(web, writer)  # what only the verdicts of this night made wanted

    def _writer(self) -> Writer:
        return Writer(self.store, self.spool, run=self.audited.record.run, judge=self.judge)

    async def fetch(self, web: OpenEngine, writer: Writer) -> None:
        with self.store.read() as conn:
            hosts = reads.due_hosts(conn, self.now, max_age=self.wishes.max_age)
        due = sum(host.due for host in hosts)
        due = min(due, self.wishes.limit) if self.wishes.limit is not None else due
        self._count(urls_due=due)
        self.tell.stage("checking", due)
        budget = (
            asyncio.get_running_loop().call_later(self.wishes.time_budget_s, self._time_is_up)
            if self.wishes.time_budget_s
            else None
        )
        async with aclosing(web.check(self._batches(hosts), stop=self.stop)) as outcomes:
            async for outcome in outcomes:
                self._let_in(self.door.offer(outcome), writer)
                writer.settle(self.door.sound_at)
                await writer.room()
                if self.door.suspicious and not await self._vouched(web, writer):
                    break
        if budget:
            budget.cancel()
        await self._close(web, writer)
        self.fetching = False

    def _let_in(self, facts: Iterable[Fact], writer: Writer) -> None:
        for fact in facts:
            if isinstance(fact, Outcome):
                self._take(_moved(fact, self.ahead), writer)
            else:
                writer.put(fact)
                self.audited.searches += 1

    async def _vouched(self, web: OpenEngine, writer: Writer) -> bool:
        """Ask the canaries in the middle of a run, not too often. False when we are offline."""
        async with self.asking:
            if not self.settings.web.canaries:
                writer.settle()
            elif not self.audited.offline and datetime.now(UTC) >= self.ask_again_at:
                await self._ask(web, writer)
                self.ask_again_at = datetime.now(UTC) + timedelta(seconds=CANARY_GAP_S)
            return not self.audited.offline

    async def _close(self, web: OpenEngine, writer: Writer) -> None:
        """What still waits at the door passes if we are online; without canaries an archive is believed that it is down."""
        canaries = bool(self.settings.web.canaries)
        wait = any(canaries or isinstance(fact, Outcome) for fact in self.door.waiting)
        if not self.audited.offline and (wait or (canaries and self.door.unsettled)):
            await self._ask(web, writer)
        if not self.audited.offline:
            self._let_in(self.door.clear(at=datetime.now(UTC)), writer)
            writer.settle()

    async def _ask(self, web: OpenEngine, writer: Writer) -> None:
        at, door = datetime.now(UTC), self.door
        if door.heard_nothing and not self.settings.web.canaries:
            health = Health(
                online=False, why="not one answer came, and no canaries are configured that could tell whose fault it is"
            )
        else:
            health = await web.online(common=door.common, various=door.various, witnesses=door.witnesses)
        if not health.online:
            self._go_offline(health.why, dropped=len(door.waiting) + writer.drop())
            return
        self._let_in(door.clear(at=at), writer)
        writer.settle(at)

    def _go_offline(self, why: str, *, dropped: int = 0) -> None:
        """Nothing more is asked or written. What was dropped was never asked: it is due as before."""
        self.audited.offline = True
        lost = f"; {dropped} answers and failures of the last moments were dropped" if dropped else ""
        self._count(note=f"offline: {why}{lost}")
        self.stop.set()

    def _take(self, outcome: Outcome, writer: Writer) -> None:
        writer.put(outcome)
        requests = sum(1 + len(fetch.hops) for fetch in outcome.fetches if fetch.shared_from is None)
        size = sum(fetch.body_bytes or 0 for fetch in outcome.fetches)
        record = self.audited.record
        self._count(
            urls_fetched=record.urls_fetched + bool(outcome.fetches),
            requests=record.requests + requests,
            bytes=record.bytes + size,
        )
        self.tell.step(outcome)

    def _batches(self, hosts: Sequence[reads.HostDue]) -> Iterator[HostBatch]:
        """Every due host, the largest first, its URLs read when its turn nears; each URL once."""
        left, memory = self.wishes.limit, timedelta(days=self.settings.soft404.probe_days)
        for host in hosts:
            if self.stop.is_set() or left == 0:
                return
            with self.store.read() as conn:
                due = reads.due_urls(conn, host.host, self.now, limit=left, max_age=self.wishes.max_age)
                probed, root_asked = reads.asked_beside(conn, host.host, since=self.now - memory)
                registered = reads.registered(conn, host.host, now=self.now)
            if left is not None:
                left -= len(due)
            gate_at = host.gate_at - self.ahead if host.gate_at else None
            yield HostBatch(
                host=host.host,
                due=due,
                delay_s=host.delay_s,
                gate_at=gate_at,
                probed=probed,
                root_asked=root_asked,
                registered=registered,
            )

    def _time_is_up(self) -> None:
        self.audited.stopped = self.audited.stopped or "time-budget"
        self.stop.set()

    async def look_for_captures(self, web: OpenEngine, writer: Writer) -> None:
        with self.store.read() as conn:
            wanted = reads.wanted(conn, self.settings, self.now)
            indexed = reads.has_index(conn)
        if not wanted:
            return
        book = ArchiveBook(self.store)
        archives = asking.archives(self.settings, lookup=book.indexed if indexed else None)
        looking = asking.capture_pass(wanted, archives, settings=self.settings, pools=book, now=self.now, stop=self.stop)
        async with aclosing(looking) as facts:
            async for fact in facts:
                self._let_in(self.door.offer_archived(fact, at=datetime.now(UTC)), writer)
                writer.settle(self.door.sound_at if self.fetching else None)
                await writer.room()
                if not self.fetching and self.door.suspicious and not await self._vouched(web, writer):
                    break
        if not self.fetching:
            await self._close(web, writer)

    async def save(self) -> None:
        """Save what this night and those before found live and nowhere archived; only when it was asked for."""
        keys = self.wishes.save_keys
        if keys is None or self.audited.offline or self.stop.is_set():
            return
        self.tell.stage("saving pages")
        work = saver.plan(self.store, settings=self.settings, now=self.now)
        done = await save(self.store, work, settings=self.settings, keys=keys, now=self.now, stop=self.stop)
        if done.finished or done.stopped:
            why = f"; stopped because {done.stopped}" if done.stopped else ""
            if done.stopped is Stopped.KEYS_REFUSED:
                log.error("no page was saved: the archive does not accept the keys")
            self.audited.notes.append(f"pages saved: {done.count(SaveOutcome.SAVED)} of {len(done.finished)}{why}")

    def judge(self, urls: Sequence[str]) -> None:
        judging.judge(self.store, urls, now=self.now, settings=self.settings)

    def conclude(self) -> None:
        """Findings and scores cross hosts and documents: they come last, from what stands in the store."""
        if self.audited.offline:
            return
        self.tell.stage("findings and scores")
        self.audited.notes += loading.notes(self.store, self.settings, now=self.now)
        judging.find(self.store, now=self.now, settings=self.settings)
        judging.score(self.store, now=self.now, settings=self.settings)

    def end(self) -> None:
        finished = datetime.now(UTC)
        self._count(finished_at=finished, seconds=round(time.monotonic() - self.begun, 3), outcome=self._outcome())
        with self.store.write() as conn:
            writes.end_run(conn, self.audited.record)

    def _outcome(self) -> str:
        if self.audited.offline:
            return "offline"
        if self.stop.is_set() and self.audited.stopped is None:
            return "interrupted"
        return "partial" if self.audited.partial else "audited"

    def _count(self, **changes: object) -> None:
        self.audited.record = replace(self.audited.record, **changes)  # type: ignore[arg-type]  # names are those of RunRecord


def _moved(fact: Outcome, ahead: timedelta) -> Outcome:
    """A check on the day that `--now` plays: its moments, and those it asks us to wait for, lie as far ahead."""
    if not ahead:
        return fact
    return replace(
        fact,
        fetches=tuple(replace(fetch, fetched_at=fetch.fetched_at + ahead) for fetch in fact.fetches),
        hosts=tuple(replace(host, gate_at=host.gate_at + ahead if host.gate_at else None) for host in fact.hosts),
        not_before=fact.not_before + ahead if fact.not_before else None,
    )


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ArchiveBook:
    """What the archives are asked with: their allowances, which overlapping runs share, and the imported index."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime] = _utc_now) -> None:
        self._store = store
        self._clock = clock
        self._ahead: timedelta | None = None

    async def change(self, archive: str, pool: str, decide: Callable[[Pool], tuple[Pool, list[datetime]]]) -> list[datetime]:
        return await asyncio.to_thread(self._change, archive, pool, decide)

    async def indexed(self, url: str, near: Sequence[datetime]) -> list[Capture]:
        return await asyncio.to_thread(self._indexed, url, near)

    def _indexed(self, url: str, near: Sequence[datetime]) -> list[Capture]:
        with self._store.read() as conn:
            return reads.indexed_captures(conn, urls.urlkey(url), near=near)

    def _change(self, archive: str, pool: str, decide: Callable[[Pool], tuple[Pool, list[datetime]]]) -> list[datetime]:
        ahead = self._server_ahead()
        while True:
            with self._store.write() as conn:
                changed, moments = decide(pacing.shifted(reads.pool(conn, archive, pool), by=-ahead))
                if writes.write_pool(conn, pacing.shifted(changed, by=ahead)):
                    return moments

    def _server_ahead(self) -> timedelta:
        """How far the server's clock is ahead of ours: pools are kept by its clock, because machines disagree.

        It is read once: a difference that wavers by the length of a query would look like another refusal.
        """
        if self._ahead is None:
            with self._store.read() as conn:
                server = reads.server_now(conn)
            self._ahead = server - self._clock() if server else timedelta()
        return self._ahead
