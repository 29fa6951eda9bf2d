"""One run, in the order of the house: sources, plan, fetches beside captures, verdicts, findings, scores. Shell.

The only module that knows all sides. What it is handed (`engine`, the store, the clock's `now`) it does not make.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar
from uuid import uuid4

from audit import documents, judging, sources, urls
from audit.archives import asking
from audit.errors import DocumentError
from audit.model import (
    Capture,
    CaptureSearch,
    Document,
    HostBatch,
    Outcome,
    Playback,
    Pool,
    Problem,
    RunRecord,
    Severity,
)
from audit.settings import Settings
from audit.store import reads, writes
from audit.store.opening import Store
from audit.store.spool import Spool
from audit.web.checking import check_batch
from audit.web.outage import FrontDoor
from audit.writer import Writer

__all__ = ["Audited", "Engine", "OpenEngine", "Told", "Wishes", "audit", "check_batch", "ingest"]

log = logging.getLogger(__name__)

Moved = TypeVar("Moved", Outcome, CaptureSearch, Playback, Outcome | CaptureSearch | Playback)

URLS_PER_BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the command line asked of one run."""

    command: str
    sources: tuple[str, ...] = ()
    now: datetime | None = None
    fetch: bool = True
    search: bool = True
    limit: int | None = None
    max_age: timedelta | None = None
    time_budget_s: float | None = None


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

    async def online(self) -> bool: ...

    def check(self, batches: Iterable[HostBatch], *, stop: asyncio.Event) -> AsyncGenerator[Outcome]: ...


class Engine(Protocol):
    """Where checks are done: in this process, or on other machines."""

    def open(self, settings: Settings) -> AbstractAsyncContextManager[OpenEngine]: ...


def ingest(
    store: Store,
    names: Iterable[str],
    *,
    settings: Settings,
    now: datetime,
    tell: Callable[[Document, float], None] | None = None,
) -> tuple[int, list[DocumentError]]:
    """Read sources into the database, each in a transaction of its own; what cannot be read is returned, the others go on."""
    count, unread = 0, []
    for source in sources.opened(names, max_bytes=settings.documents.max_bytes):
        if isinstance(source, DocumentError):
            unread.append(source)
            continue
        begun = time.perf_counter()
        try:
            read = documents.read(source.name, source.body, settings=settings.documents)
        except DocumentError as fault:
            unread.append(fault)
            continue
        for document in (_noted(document, source) for document in read):
            with store.write() as conn:
                writes.write_document(conn, document, read_at=now)
            judging.find(store, now=now, sources=[document.source])
            count += 1
            if tell:
                tell(document, time.perf_counter() - begun)
    return count, unread


def _noted(document: Document, source: sources.Source) -> Document:
    if not source.cut:
        return document
    cut = Problem(code="source-truncated", detail=f"only the first {len(source.body)} bytes were read", severity=Severity.WARNING)
    return replace(document, problems=(*document.problems, cut))


async def audit(
    store: Store, spool: Spool, wishes: Wishes, *, settings: Settings, engine: Engine, stop: asyncio.Event, tell: Told
) -> Audited:
    """The whole audit. Everything finished is kept whatever happens; what is due and has no check is what is left."""
    night = _Night(store, spool, wishes, settings=settings, stop=stop, tell=tell)
    night.begin()
    try:
        async with engine.open(settings) as web:
            await night.work(web)
        night.conclude()
    finally:
        night.end()
    return night.audited


class _Night:
    """The state of one run while it goes on."""

    def __init__(
        self, store: Store, spool: Spool, wishes: Wishes, *, settings: Settings, stop: asyncio.Event, tell: Told
    ) -> None:
        self.store, self.spool, self.wishes, self.settings, self.stop, self.tell = store, spool, wishes, settings, stop, tell
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
        self.tell.stage("reading sources", len(self.wishes.sources) or None)
        self.audited.documents, self.audited.unread = ingest(
            self.store, self.wishes.sources, settings=self.settings, now=self.now
        )
        if not (self.wishes.fetch or self.wishes.search):
            return
        if not await web.online():
            self.audited.offline = True
            return
        async with (
            Writer(self.store, self.spool, run=self.audited.record.run, judge=self.judge) as writer,
            asyncio.TaskGroup() as tasks,
        ):
            if self.wishes.search:
                tasks.create_task(self.look_for_captures(writer))
            if self.wishes.fetch:
                tasks.create_task(self.fetch(web, writer))
        if self.audited.offline or not self.wishes.search:
            return
        async with Writer(self.store, self.spool, run=self.audited.record.run, judge=self.judge) as writer:
            await self.look_for_captures(writer)  # what only the verdicts of this night made wanted

    async def fetch(self, web: OpenEngine, writer: Writer) -> None:
        with self.store.read() as conn:
            hosts = reads.due_hosts(conn, self.now, max_age=self.wishes.max_age)
        due = sum(host.due for host in hosts)
        due = min(due, self.wishes.limit) if self.wishes.limit is not None else due
        self._count(urls_due=due)
        self.tell.stage("checking", due)
        door = FrontDoor()
        budget = (
            asyncio.get_running_loop().call_later(self.wishes.time_budget_s, self._time_is_up)
            if self.wishes.time_budget_s
            else None
        )
        async with aclosing(web.check(self._batches(hosts), stop=self.stop)) as outcomes:
            async for outcome in outcomes:
                for passed in door.offer(outcome):
                    self._take(_moved(passed, self.ahead), writer)
                await writer.room()
                if door.suspicious and not await web.online():
                    self.audited.offline = True
                    self.stop.set()
                    break
        if budget:
            budget.cancel()
        await self._close(door, web, writer)

    async def _close(self, door: FrontDoor, web: OpenEngine, writer: Writer) -> None:
        """Failures that may be ours still wait at the door: they pass if the canaries say that we are online."""
        if not door.waiting:
            return
        if self.audited.offline or (door.heard_nothing and not self.settings.web.canaries) or not await web.online():
            self.audited.offline = True
            return
        for outcome in door.release():
            self._take(_moved(outcome, self.ahead), writer)

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
            if left is not None:
                left -= len(due)
            gate_at = host.gate_at - self.ahead if host.gate_at else None
            yield HostBatch(host=host.host, due=due, delay_s=host.delay_s, gate_at=gate_at, probed=probed, root_asked=root_asked)

    def _time_is_up(self) -> None:
        self.audited.stopped = self.audited.stopped or "time-budget"
        self.stop.set()

    async def look_for_captures(self, writer: Writer) -> None:
        with self.store.read() as conn:
            wanted = reads.wanted(conn, self.settings, self.now)
            indexed = reads.has_index(conn)
        if not wanted:
            return
        book = _Book(self.store)
        archives = asking.archives(self.settings, lookup=book.indexed if indexed else None)
        async for fact in asking.capture_pass(wanted, archives, settings=self.settings, pools=book, now=self.now, stop=self.stop):
            writer.put(_moved(fact, self.ahead))
            self.audited.searches += 1
            await writer.room()

    def judge(self, urls: Sequence[str]) -> None:
        judging.judge(self.store, urls, now=self.now, settings=self.settings)

    def conclude(self) -> None:
        """Findings and scores cross hosts and documents: they come last, from what stands in the store."""
        if self.audited.offline:
            return
        self.tell.stage("findings and scores")
        judging.find(self.store, now=self.now)
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


def _moved(fact: Moved, ahead: timedelta) -> Moved:
    """A fact on the day that `--now` plays: its moments, and those it asks us to wait for, lie as far ahead."""
    if not ahead:
        return fact
    if isinstance(fact, CaptureSearch):
        return replace(fact, asked_at=fact.asked_at + ahead)
    if isinstance(fact, Playback):
        return replace(fact, played_at=fact.played_at + ahead)
    return replace(
        fact,
        fetches=tuple(replace(fetch, fetched_at=fetch.fetched_at + ahead) for fetch in fact.fetches),
        hosts=tuple(replace(host, gate_at=host.gate_at + ahead if host.gate_at else None) for host in fact.hosts),
        not_before=fact.not_before + ahead if fact.not_before else None,
    )


class _Book:
    """What the archives are asked with: their allowances, which overlapping runs share, and the imported index."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def change(self, archive: str, pool: str, decide: Callable[[Pool], tuple[Pool, list[datetime]]]) -> list[datetime]:
        return await asyncio.to_thread(self._change, archive, pool, decide)

    async def indexed(self, url: str, near: Sequence[datetime]) -> list[Capture]:
        return await asyncio.to_thread(self._indexed, url, near)

    def _indexed(self, url: str, near: Sequence[datetime]) -> list[Capture]:
        with self._store.read() as conn:
            return reads.indexed_captures(conn, urls.urlkey(url), near=near)

    def _change(self, archive: str, pool: str, decide: Callable[[Pool], tuple[Pool, list[datetime]]]) -> list[datetime]:
        while True:
            with self._store.write() as conn:
                changed, moments = decide(reads.pool(conn, archive, pool))
                if writes.write_pool(conn, changed):
                    return moments
