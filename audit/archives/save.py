"""Save Page Now 2: asking the Wayback Machine to save pages, within its allowance and never the same page twice.

The row of a request is on disk before the request is sent (`SaveBook`). When the answer is lost, by a timeout or a kill, nobody
knows whether the archive took it: it is not sent again, the capture is looked for by the ordinary search.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from urllib.parse import quote

from audit import memento, pacing, saving, urls
from audit.archives import replies, wire
from audit.archives.replies import Reply
from audit.archives.turns import OutOfTimeError, PassClock, PoolBook, Turns
from audit.errors import ConfigError
from audit.model import SAVE_FAILED, SAVE_REQUESTED, Capture, CaptureSearch, SaveOutcome, SaveRequest, SearchFailure
from audit.settings import ArchiveSettings, SaveKeys, Settings

DEFAULT_BASE = "https://web.archive.org"
WISHES = {"if_not_archived_within": "30d", "skip_first_archive": "1", "js_behavior_timeout": "0"}
"""A page that somebody saved within the month is not saved again, and no script of it is waited for: both spare the archive."""

PATIENCE = 20
"""A job is asked about so often in one run: at 6 s apart two minutes, the longest that a capture may take."""


class SaveBook(Protocol):
    """Where requests are kept. `keep` returns when request and fact are on disk."""

    async def keep(self, request: SaveRequest, fact: CaptureSearch | None) -> None: ...


class Stopped(StrEnum):
    """Why a pass ended before its work did."""

    KEYS_REFUSED = "the archive does not accept the keys"
    SPENT = "the archive saves nothing more for us today"
    REFUSED = "the archive refused several pages in a row"
    SILENT = "the archive stopped answering"
    OUT_OF_TIME = "the time was over"


def archive(settings: Settings) -> ArchiveSettings:
    """The archive that is asked to save. Raises ConfigError when none can."""
    found = next((each for each in settings.archives if each.kind == "wayback"), None)
    if found is None:
        raise ConfigError("archives: none of kind wayback is configured, and no other can save pages; add one")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one pass is to do: the pages to send, in order, and the jobs that an earlier run left open."""

    urls: Sequence[str]
    jobs: Sequence[SaveRequest] = ()


@dataclass(slots=True, kw_only=True)
class Pass:
    """One pass of saving. `stopped` says why it ended early, once it has."""

    settings: Settings
    keys: SaveKeys
    pools: PoolBook
    book: SaveBook
    stopped: Stopped | None = None

    async def run(self, work: Work, *, now: datetime, stop: asyncio.Event) -> AsyncGenerator[SaveRequest, None]:
        """Send what is to be sent and yield every request whose outcome became known, as it does."""
        where = archive(self.settings)
        allowances = pacing.allowances(where)
        loop = asyncio.get_running_loop()
        most_s = 60 * self.settings.captures.max_minutes + len(work.urls) * allowances["save"].interval_s
        clock = PassClock(began_at=now, began=loop.time(), ends=loop.time() + most_s, stop=stop)
        async with wire.opened(self.settings.web) as open_wire:
            turns = Turns(where.name, allowances=allowances, book=self.pools, wire=open_wire, clock=clock)
            desk = _Desk(archive=where, keys=self.keys, turns=turns, clock=clock, book=self.book, to_send=deque(work.urls))
            for request in work.jobs:
                desk.open(request)
            try:
                while await desk.step():
                    while desk.finished:
                        yield desk.finished.popleft()
            except OutOfTimeError:
                desk.stop(Stopped.OUT_OF_TIME)
            self.stopped = desk.stopped
            while desk.finished:
                yield desk.finished.popleft()


@dataclass(slots=True, kw_only=True)
class _Job:
    """A job that the archive works on: when it is asked about next, and how often it was."""

    request: SaveRequest
    due: float
    polls: int = 0


@dataclass(slots=True, kw_only=True)
class _Desk:
    """The state of one pass: one request at a time, a few jobs open at once."""

    archive: ArchiveSettings
    keys: SaveKeys
    turns: Turns
    clock: PassClock
    book: SaveBook
    to_send: deque[str]
    jobs: list[_Job] = field(default_factory=list)
    finished: deque[SaveRequest] = field(default_factory=deque)
    refusals: int = 0
    stopped: Stopped | None = None

    @property
    def base(self) -> str:
        return (self.archive.base_url or DEFAULT_BASE).rstrip("/")

    @property
    def headers(self) -> dict[str, str]:
        return {"Accept": "application/json", "Authorization": f"LOW {self.keys.access}:{self.keys.secret}"}

    def open(self, request: SaveRequest) -> None:
        self.jobs.append(_Job(request=request, due=self._in(0)))

    def stop(self, why: Stopped) -> None:
        self.stopped = self.stopped or why
        self.to_send.clear()

    async def step(self) -> bool:
        """Send one page or ask about the job that is due first; False when there is nothing left to do."""
        job = min(self.jobs, key=lambda each: each.due, default=None)
        if self.to_send and len(self.jobs) < pacing.SAVE.in_flight and (job is None or job.due > self._in(0)):
            await self._send(self.to_send.popleft())
        elif job is not None and self.stopped is not Stopped.KEYS_REFUSED:
            await self.clock.sleep(job.due - self._in(0), or_until=self.clock.stop)
            await self._ask(job)
        else:
            return False
        return True

    async def _send(self, url: str) -> None:
        """Ask the archive to save a page; the request is on disk before it goes out."""
        request = SaveRequest(archive=self.archive.name, url=url, requested_at=self.clock.now())

        async def sending() -> None:
            nonlocal request
            request = replace(request, requested_at=self.clock.now())
            await self.book.keep(request, _requested(request))

        form = {"url": urls.wire(url).partition("#")[0], **WISHES}
        reply = await self.turns.post("save", f"{self.base}/save", form=form, headers=self.headers, sending=sending)
        if reply is None:
            self.stop(Stopped.SILENT)
            return
        request = self._answered(request, reply)
        if request.outcome is SaveOutcome.ACCEPTED:
            self.refusals = 0
            await self.book.keep(self._hidden(request), None)
            self.jobs.append(_Job(request=request, due=self._in(self._gap_s)))
            return
        await self._finish(request, None)
        self._heed(request)

    def _answered(self, request: SaveRequest, reply: Reply) -> SaveRequest:
        now = self.clock.now()
        if reply.http_status is None:
            if not reply.sent:
                return saving.failed(request, code=saving.NOT_SENT, detail=replies.described(reply), now=now)
            return replace(request, outcome=SaveOutcome.UNKNOWN, detail=replies.described(reply), finished_at=now)
        if reply.http_status == KEYS_REFUSED:
            return saving.failed(request, code=saving.KEYS_REFUSED, detail="HTTP 401", now=now)
        return saving.asked(request, http_status=reply.http_status, body=reply.body, now=now)

    def _heed(self, request: SaveRequest) -> None:
        """What the refusal of one page means for the others. Pages without an answer are lost: no more of them than that."""
        self.refusals = self.refusals + 1 if request.outcome in {SaveOutcome.TRANSIENT, SaveOutcome.UNKNOWN} else 0
        if request.code == saving.KEYS_REFUSED:
            self.stop(Stopped.KEYS_REFUSED)
        elif request.outcome is SaveOutcome.QUOTA_ALL:
            self.stop(Stopped.SPENT)
        elif self.refusals >= saving.REFUSALS_PER_RUN:
            self.stop(Stopped.SILENT if request.code in {None, saving.NOT_SENT} else Stopped.REFUSED)

    async def _ask(self, job: _Job) -> None:
        """Ask what became of a job. One that stays open too long is left to the next run."""
        address = f"{self.base}/save/status/{quote(job.request.job_id or '', safe='')}"
        reply = await self.turns.get("save-status", address, headers=self.headers, listing=True)
        if reply.http_status == KEYS_REFUSED:
            self.stop(Stopped.KEYS_REFUSED)
            return
        job.polls, job.due = job.polls + 1, self._in(self._gap_s)
        request, saved = saving.polled(job.request, http_status=reply.http_status or 0, body=reply.body, now=self.clock.now())
        if request.finished_at is None and job.polls < PATIENCE:
            return
        self.jobs.remove(job)
        if request.finished_at is not None:
            await self._finish(request, saved)
        if request.outcome is SaveOutcome.QUOTA_ALL:
            self.stop(Stopped.SPENT)

    async def _finish(self, request: SaveRequest, saved: saving.Saved | None) -> None:
        capture = self._capture(request, saved) if saved else None
        if saved and capture is None:
            said = f"saved as {saved.original} at {saved.timestamp}"[: saving.MOST_DETAIL]
            request = replace(request, outcome=SaveOutcome.UNKNOWN, detail=said)
        request = self._hidden(request)
        await self.book.keep(request, _learned(request, capture))
        self.finished.append(request)

    def _capture(self, request: SaveRequest, saved: saving.Saved) -> Capture | None:
        """The capture that the archive says it made; None when it is one of another address or of no moment."""
        parsed = memento.parse_timestamp(saved.timestamp) if len(saved.timestamp) == 14 else None
        if parsed is None or urls.urlkey(saved.original) != urls.urlkey(request.url):
            return None
        return Capture(
            archive=request.archive,
            url=saved.original,
            memento_url=f"{self.base}/web/{saved.timestamp}/{saved.original}",
            captured_at=parsed[0],
            http_status=saved.http_status,
        )

    def _hidden(self, request: SaveRequest) -> SaveRequest:
        """A request as it may be kept and shown: what the archive said might repeat our secret."""
        return replace(request, detail=request.detail and request.detail.replace(self.keys.secret, "***"))

    @property
    def _gap_s(self) -> float:
        return pacing.allowances(self.archive)["save-status"].try_gap_s

    def _in(self, seconds: float) -> float:
        return asyncio.get_running_loop().time() + seconds


KEYS_REFUSED = 401


def _requested(request: SaveRequest) -> CaptureSearch:
    """From now on nobody knows for some hours whether there is a capture."""
    return CaptureSearch(
        archive=request.archive,
        url=request.url,
        asked_at=request.requested_at,
        failure=SearchFailure.UNCONFIRMED,
        detail="the archive was asked to save the page",
        witnesses=(SAVE_REQUESTED,),
    )


def _learned(request: SaveRequest, capture: Capture | None) -> CaptureSearch | None:
    """What a finished request says about captures: that there is one, or that what was known before holds again."""
    if request.finished_at is None or request.outcome is SaveOutcome.UNKNOWN:
        return None
    told = CaptureSearch(archive=request.archive, url=request.url, asked_at=request.finished_at)
    if capture is not None:
        return replace(told, captures=(capture,), near=capture.captured_at, witnesses=("save",), detail="saved for us")
    return replace(
        told,
        failure=SearchFailure.UNCONFIRMED,
        witnesses=(SAVE_FAILED,),
        detail=f"not saved: {request.code or 'no reason given'}",
    )
