"""What is worth saving is sent to the archive, and what became of it to the store. Shell."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime

from yarl import URL

from audit import guard, judging, saving, urls
from audit.archives import save
from audit.archives.turns import PoolBook
from audit.model import CaptureSearch, SaveOutcome, SaveRequest
from audit.saving import Savable
from audit.settings import SaveKeys, Settings
from audit.store import reads, writes
from audit.store.opening import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What may be sent now, and the jobs and lost requests that earlier runs left."""

    pages: Sequence[Savable]
    jobs: Sequence[SaveRequest] = ()
    lost: Sequence[SaveRequest] = ()
    left_today: int = 0


def plan(store: Store, *, settings: Settings, now: datetime, limit: int | None = None) -> Plan:
    """Read what is to be done. Sends and writes nothing."""
    with store.read() as conn:
        today = reads.saves_since(conn, saving.day(now))
        left = saving.left_today(today, most=settings.captures.saves_per_day)
        found = [page for page in reads.savable(conn, now) if public(page, settings=settings)]
        unfinished = reads.open_saves(conn)
    lost = [request for each in unfinished if (request := saving.given_up(each, now=now))]
    known = {(each.url, each.requested_at) for each in lost}
    return Plan(
        pages=saving.chosen(found, now=now, most=left if limit is None else min(limit, left)),
        jobs=[each for each in unfinished if (each.url, each.requested_at) not in known],
        lost=lost,
        left_today=left,
    )


def public(page: Savable, *, settings: Settings) -> bool:
    """Whether the address may be told to others: it names nothing private and no secret, and no private machine answered.

    A host that the configuration pins is believed to be what its name says.
    """
    written, url = URL(page.url, encoded=True), URL(urls.wire(page.url), encoded=True)
    host = (url.raw_host or "").lower()
    if guard.refused(url) or guard.untold(url) or guard.untold(written):
        return False
    if guard.is_address(host):
        return True
    pinned = host in {name.lower() for name in settings.web.resolve} or settings.web.proxy is not None
    return pinned or page.address is None or not guard.forbidden(page.address)


@dataclass(slots=True, kw_only=True)
class Saves:
    """What became of the requests of one pass; `stopped` says why it ended early, if it did."""

    finished: list[SaveRequest] = field(default_factory=list)
    stopped: save.Stopped | None = None

    def count(self, *outcomes: SaveOutcome) -> int:
        return sum(each.outcome in outcomes for each in self.finished)


async def carry_out(
    work: Plan,
    *,
    store: Store,
    settings: Settings,
    keys: SaveKeys,
    pools: PoolBook,
    now: datetime,
    stop: asyncio.Event,
    tell: Callable[[SaveRequest], None] | None = None,
) -> Saves:
    """Carry out a plan and judge the pages anew; `tell` hears every outcome as it becomes known."""
    done, book = Saves(), Book(store)
    sending = save.Pass(settings=settings, keys=keys, pools=pools, book=book)
    for request in work.lost:
        await book.keep(request, None)
        done.finished.append(request)
    pages = [page.url for page in work.pages]
    async with aclosing(sending.run(save.Work(urls=pages, jobs=work.jobs), now=now, stop=stop)) as outcomes:
        async for request in outcomes:
            done.finished.append(request)
            if tell:
                tell(request)
    done.stopped = sending.stopped
    judging.judge(store, (each.url for each in (*work.jobs, *done.finished)), now=now, settings=settings)
    return done


class Book:
    """Requests, kept in the database before they are sent."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, request: SaveRequest, fact: CaptureSearch | None) -> None:
        await asyncio.to_thread(self._keep, request, fact)

    def _keep(self, request: SaveRequest, fact: CaptureSearch | None) -> None:
        with self._store.write() as conn:
            writes.write_save(conn, request, fact)
