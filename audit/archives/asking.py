"""The capture pass: cited URLs -> what the archives hold of them, within the allowances and the time given.

It stands beside liveness and is never awaited by it. What it cannot ask in time stays pending: nothing is said about it.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import datetime

from yarl import URL

from audit import captures, guard, memento, pacing, urls
from audit.archives import archive as kinds, local, wire
from audit.archives.archive import Archive
from audit.archives.local import Lookup
from audit.archives.turns import OutOfTimeError, PassClock, PoolBook, Turn, Turns
from audit.model import Capture, CaptureSearch, CitedAs, Playback, SearchFailure, Wanted
from audit.settings import ArchiveSettings, Settings

__all__ = ["PoolBook", "archives", "capture_pass"]

WORKERS = 32
"""More than any pool lets through at once, so that a closed index does not keep playback waiting."""

ROOM = 256


def archives(settings: Settings, *, lookup: Lookup | None = None) -> tuple[Archive, ...]:
    """The configured archives, in the order in which they are asked: the imported index first, for it costs no request."""
    configured = [kinds.made(each, lookup=lookup) for each in settings.archives]
    here = [each for each in configured if each.settings.kind == local.KIND]
    if lookup and not here:
        here = [kinds.made(local.UNNAMED, lookup=lookup)]
    return (*here, *(each for each in configured if each.settings.kind != local.KIND))


async def capture_pass(
    wanted: Sequence[Wanted],
    archives: Sequence[Archive],  # noqa: A002, RUF100 - the plural of the noun
    *,
    settings: Settings,
    pools: PoolBook,
    now: datetime,
    stop: asyncio.Event | None = None,
) -> AsyncGenerator[CaptureSearch | Playback, None]:
    """Look for captures of every wanted URL, most urgent first, until done, stopped, or `captures.max_minutes` are over."""
    queue = _queue(wanted, settings=settings, now=now)
    if not queue or not archives:
        return
    async with wire.opened(settings.web) as open_wire:
        loop = asyncio.get_running_loop()
        clock = PassClock(
            began_at=now, began=loop.time(), ends=loop.time() + 60 * settings.captures.max_minutes, stop=stop or asyncio.Event()
        )
        turns = {
            each.settings.name: Turns(
                each.settings.name, allowances=pacing.allowances(each.settings), book=pools, wire=open_wire, clock=clock
            )
            for each in archives
        }
        desk = _Desk(archives=archives, turns=turns, clock=clock, verify=settings.captures.verify)
        async with aclosing(_worked(queue, desk, clock=clock)) as facts:
            async for fact in facts:
                yield fact


def _queue(wanted: Sequence[Wanted], *, settings: Settings, now: datetime) -> deque[Wanted]:
    covered = [each for each in wanted if captures.wishes(each, search=settings.captures.search)]
    return deque(sorted(covered, key=lambda each: captures.urgency(each, now=now)))


Fact = CaptureSearch | Playback


async def _worked(queue: deque[Wanted], desk: "_Desk", *, clock: PassClock) -> AsyncGenerator[Fact, None]:
    """What the workers find, as they find it. Whoever stops reading, or sets `stop`, ends them."""
    facts: asyncio.Queue[Fact] = asyncio.Queue(maxsize=ROOM)
    work = asyncio.create_task(_crew(queue, desk, facts))
    stopping = asyncio.create_task(clock.stop.wait())
    try:
        while not (work.done() or stopping.done()):
            reading = asyncio.create_task(facts.get())
            await asyncio.wait({reading, stopping, work}, return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                yield reading.result()
            else:
                reading.cancel()
    finally:
        stopping.cancel()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
    while not facts.empty():
        yield facts.get_nowait()


async def _crew(queue: deque[Wanted], desk: "_Desk", facts: asyncio.Queue[Fact]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for _ in range(min(WORKERS, len(queue))):
            tasks.create_task(_work(queue, desk, facts))


async def _work(queue: deque[Wanted], desk: "_Desk", facts: asyncio.Queue[Fact]) -> None:
    while queue:
        wanted = queue.popleft()
        untold = _untold(wanted.url)
        case = _Case(
            wanted=wanted, archives=desk.told(untold), facts=facts, playbacks=captures.lately_seen(wanted, now=desk.now())
        )
        if untold:
            for each in desk.archives:
                if each not in case.archives:
                    await case.tell(_not_asked(wanted.url, archive=each, why=untold, now=desk.now()))
        with suppress(OutOfTimeError):
            await desk.look(case)


def _untold(url: str) -> str | None:
    try:
        return guard.untold(URL(url, encoded=True))
    except ValueError:
        return None


def _not_asked(url: str, *, archive: Archive, why: str, now: datetime) -> CaptureSearch:
    detail = f"not asked: {why}"
    return CaptureSearch(archive=archive.settings.name, url=url, asked_at=now, failure=SearchFailure.PRIVATE, detail=detail)


@dataclass(slots=True, kw_only=True)
class _Case:
    """One wanted URL while it is looked up: what is known of it, old and new. Copies that were seen lately are not opened again."""

    wanted: Wanted
    archives: Sequence[Archive]
    facts: asyncio.Queue[Fact]
    playbacks: list[Playback]
    searches: list[CaptureSearch] = field(default_factory=list)

    @property
    def cited(self) -> CitedAs:
        return self.wanted.cited or CitedAs()

    def seen(self, address: str) -> Playback | None:
        return next((each for each in self.playbacks if each.memento_url == address), None)

    async def tell(self, fact: Fact) -> None:
        if isinstance(fact, CaptureSearch):
            self.searches.append(fact)
        else:
            self.playbacks.append(fact)
        await self.facts.put(fact)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """The archives, the turns at them, and how much is to be opened."""

    archives: Sequence[Archive]
    turns: Mapping[str, Turn]
    clock: PassClock
    verify: str

    def now(self) -> datetime:
        return self.clock.now()

    def told(self, untold: str | None) -> Sequence[Archive]:
        """The archives that may hear of an address: of one that says nothing to the public, only those of our own network."""
        return self.archives if untold is None else [each for each in self.archives if _ours(each)]

    async def look(self, case: _Case) -> None:
        """The order of lookup for one URL: its cited copies, the archives one after the other, then what they named."""
        supported = await self._cited_copies(case) if self.verify != "never" else 0
        if case.wanted.archive_urls and supported >= max(1, len(captures.moments(case.wanted.near))):
            return
        if not captures.answered(case.wanted, now=self.now()):
            await self._search(case, archives=case.archives)
        if captures.opens(case.wanted, verify=self.verify):
            for moment in captures.wanted_dates(case.wanted.near):
                await self._opened(case, near=moment)

    async def _cited_copies(self, case: _Case) -> int:
        """Open every copy that a citation names; returns how many of them may support it. A memento is a witness as well."""
        supported = 0
        for address in filter(memento.names_a_capture, dict.fromkeys(case.wanted.archive_urls)):
            playback = case.seen(address) or await self._played(case, address)
            if playback is None:
                continue
            state, _ = captures.support(playback, cited=case.cited)
            witnessed = list(_witnessed(playback))
            if state in captures.UNUSABLE or not witnessed:
                continue
            supported += 1
            for search in witnessed:
                await case.tell(search)
        return supported

    async def _played(self, case: _Case, address: str) -> Playback | None:
        for each in case.archives:
            playback = await each.play(address, url=case.wanted.url, turn=self.turns[each.settings.name])
            if playback is not None:
                await case.tell(playback)
                return playback
        return None

    async def _search(self, case: _Case, *, archives: Sequence[Archive]) -> bool:
        """Ask the archives in order, until one has captures. The imported index spares the moments that it covers."""
        near = case.wanted.near
        for each in archives:
            turn = self.turns[each.settings.name]
            known = captures.absent_since(case.wanted.searches, archive=each.settings.name, now=self.now())
            answers = await each.search(case.wanted.url, near=near, turn=turn, absent_since=known)
            for answer in answers:
                if not (each.settings.kind == local.KIND and captures.told_before(answer, case.wanted.searches)):
                    await case.tell(answer)
            held = any(answer.captures for answer in answers)
            if held and each.settings.kind == local.KIND:
                near = captures.uncovered(near, answers)
                held = not near
            if held:
                return True
        return False

    async def _opened(self, case: _Case, *, near: datetime | None) -> None:
        """Open the best capture; while what it shows is not what was cited, look at the next, over distinct bodies."""
        indexed = False
        for _ in range(captures.MOST_BODIES):
            choice = captures.best(
                [*case.wanted.searches, *case.searches],
                near=near,
                cited_url=case.wanted.url,
                playbacks=case.playbacks,
                cited=case.cited,
                archives=[each.settings.name for each in case.archives],
            )
            if choice is None:
                if indexed or not await self._indexed(case, near=near):
                    return
                indexed = True
                continue
            if captures.is_open(choice):
                return
            playback = await self._played(case, choice.capture.memento_url)
            if playback is None or playback.failure is not None:
                return

    async def _indexed(self, case: _Case, *, near: datetime | None) -> bool:
        """Ask the index of the archive that named a bad capture for others. False when there is nothing new.

        Where only the imported index did, no archive was asked yet.
        """
        here = {each.settings.name for each in case.archives if each.settings.kind == local.KIND}
        found = False
        if _named(case) and _named(case) <= here:
            found = await self._search(case, archives=[each for each in case.archives if each.settings.name not in here])
        for each in case.archives:
            if each.settings.name not in _named(case):
                continue
            turn = self.turns[each.settings.name]
            answer = await each.index(case.wanted.url, near=near or self.now(), turn=turn)
            if answer and answer.witnesses:  # that it lists nothing of use is to be known tomorrow, too
                await case.tell(answer)
            if answer and answer.captures:
                return True
        return found


def _ours(archive: Archive) -> bool:
    """Whether an archive is the imported index, or stands in our own network, as far as its addresses tell."""
    places = [URL(each) for each in _addresses(archive.settings) if each]
    return all(guard.untold(each) in {"private-name", "private-address"} for each in places)


def _addresses(archive: ArchiveSettings) -> tuple[str | None, ...]:
    return archive.base_url, archive.timegate, archive.timemap, archive.endpoint


def _named(case: _Case) -> set[str]:
    """The archives that named captures, now or on an earlier night, when nobody had to open them yet."""
    return {search.archive for search in (*case.wanted.searches, *case.searches) if search.captures}


def _witnessed(playback: Playback) -> Iterator[CaptureSearch]:
    """A memento that was shown under its own address is a witness of the capture, if it is one of the cited URL."""
    parsed = memento.parse_archive_url(playback.memento_url)
    negotiated = any(hop.kind == "negotiated" for hop in playback.hops)
    if playback.captured_at is None or negotiated or parsed is None or parsed.original is None:
        return
    if urls.urlkey(parsed.original) != urls.urlkey(playback.url):
        return
    capture = Capture(
        archive=playback.archive,
        url=parsed.original,
        memento_url=playback.memento_url,
        captured_at=playback.captured_at,
        http_status=playback.http_status,
        mimetype=playback.mimetype,
    )
    yield CaptureSearch(
        archive=playback.archive,
        url=playback.url,
        asked_at=playback.played_at,
        captures=(capture,),
        near=playback.captured_at,
        witnesses=("memento",),
    )
