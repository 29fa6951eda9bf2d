"""Turns at an archive: every request waits for its moment, and every answer moves the breaker.

The moments come from the pool's row, which all processes on one database share; what happens between two visits there (slots
in hand, requests in flight, silences in a row) is kept here.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from audit import pacing
from audit.archives import replies
from audit.archives.replies import Reply
from audit.archives.wire import Wire
from audit.model import Pool, SearchFailure
from audit.pacing import Allowance, Answer, Heard

Decide = Callable[[Pool], tuple[Pool, list[datetime]]]


class PoolBook(Protocol):
    """Where the standing of the pools is kept.

    `change` reads the pool, lets `decide` say what becomes of it, and stores that unless another process was quicker: then it
    decides anew. It returns the moments that `decide` gave.
    """

    async def change(self, archive: str, pool: str, decide: Decide) -> list[datetime]: ...


class Turn(Protocol):
    """The paced permission to ask one archive. `listing` says that a list of captures is asked for, not a memento."""

    def now(self) -> datetime: ...

    async def get(self, pool: str, address: str, *, headers: Mapping[str, str] | None = None, listing: bool = False) -> Reply: ...


class OutOfTimeError(Exception):
    """The pass ends before this request may be sent: what wanted it stays pending."""


@dataclass(slots=True, kw_only=True)
class PassClock:
    """When the pass began, by its own reckoning and by the loop's, and when it ends. `stop` ends it at once."""

    began_at: datetime
    began: float
    ends: float
    stop: asyncio.Event

    def now(self) -> datetime:
        """The moment facts are dated with: `--now` plus what has passed since."""
        return self.began_at + timedelta(seconds=asyncio.get_running_loop().time() - self.began)

    def left_s(self) -> float:
        return 0.0 if self.stop.is_set() else self.ends - asyncio.get_running_loop().time()

    async def sleep(self, seconds: float, *, or_until: asyncio.Event) -> None:
        """Wait so long, or until something changed. Raises OutOfTimeError if the pass would be over by then."""
        if seconds > self.left_s():
            raise OutOfTimeError
        if seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await or_until.wait()
        except TimeoutError:
            return


@dataclass(slots=True, kw_only=True)
class Gate:
    """One pool as this process knows it. `closings` counts how often it closed since the pass began."""

    allowance: Allowance
    standing: Pool
    room: asyncio.Semaphore
    line: asyncio.Lock = field(default_factory=asyncio.Lock)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    moments: deque[datetime] = field(default_factory=deque)
    closings: int = 0
    faults: int = 0
    answered: bool = False
    given_up: SearchFailure | None = None


class Turns:
    """The turns at one archive during one pass."""

    def __init__(
        self, archive: str, *, allowances: Mapping[str, Allowance], book: PoolBook, wire: Wire, clock: PassClock
    ) -> None:
        self._archive, self._book, self._wire, self._clock = archive, book, wire, clock
        self._gates = {
            name: Gate(
                allowance=allowance,
                standing=Pool(archive=archive, pool=name),
                room=asyncio.Semaphore(allowance.in_flight),
            )
            for name, allowance in allowances.items()
        }

    def now(self) -> datetime:
        return self._clock.now()

    async def get(self, pool: str, address: str, *, headers: Mapping[str, str] | None = None, listing: bool = False) -> Reply:
        """The answer to one GET, sent when its turn comes, and once more where the allowance grants a second try."""
        gate = self._gates[pool]
        reply = await self._once(gate, address, headers=headers, listing=listing)
        for _ in range(gate.allowance.tries - 1):
            if gate.given_up or replies.failure(reply) not in PASSING:
                break
            await self._clock.sleep(gate.allowance.try_gap_s, or_until=asyncio.Event())
            reply = await self._once(gate, address, headers=headers, listing=listing)
        return reply

    async def post(
        self,
        pool: str,
        address: str,
        *,
        form: Mapping[str, str],
        headers: Mapping[str, str],
        sending: Callable[[], Awaitable[None]],
    ) -> Reply | None:
        """The answer to one POST, sent once whatever happens; `sending` is awaited right before it.

        None when it was not sent because the archive had stopped answering. Raises OutOfTimeError only if it was not sent.
        """
        gate = self._gates[pool]
        async with gate.room:
            await self._turn(gate)
            if gate.given_up:
                return None
            if self._clock.left_s() <= 0:
                raise OutOfTimeError
            await sending()
            sent_at = datetime.now(UTC)
            reply = await self._wire.ask(
                address, deadline_s=gate.allowance.deadline_s, asked_at=self.now(), headers=headers, form=form
            )
            await self._heed(gate, reply, sent_at=sent_at, listing=True)
            return reply

    async def _once(self, gate: Gate, address: str, *, headers: Mapping[str, str] | None, listing: bool) -> Reply:
        async with gate.room:
            await self._turn(gate)
            if gate.given_up:
                detail = f"not asked: {self._archive} had stopped answering"
                return Reply(address=address, asked_at=self.now(), failure=gate.given_up, detail=detail)
            sent_at, left_s = datetime.now(UTC), self._clock.left_s()
            deadline_s = min(gate.allowance.deadline_s, left_s)
            reply = await self._wire.ask(address, deadline_s=deadline_s, asked_at=self.now(), headers=headers)
            if reply.detail == "timeout" and deadline_s == left_s:
                raise OutOfTimeError
            await self._heed(gate, reply, sent_at=sent_at, listing=listing)
            return reply

    async def _turn(self, gate: Gate) -> None:
        """Wait until a request may be sent, or until it is clear that none will be in this run."""
        async with gate.line:
            while not gate.given_up:
                gate.changed.clear()
                closings = gate.closings
                moment = await self._moment(gate)
                await self._clock.sleep(_seconds_until(moment or gate.standing.open_until), or_until=gate.changed)
                if moment and closings == gate.closings:
                    await self._clock.sleep(_seconds_until(moment), or_until=asyncio.Event())
                if moment and closings == gate.closings:
                    return

    async def _moment(self, gate: Gate) -> datetime | None:
        """The next moment in hand that is not over, else of those that the book grants now; None while the pool is closed."""
        stale = datetime.now(UTC) - timedelta(seconds=gate.allowance.interval_s)
        while gate.moments:
            moment = gate.moments.popleft()
            if moment >= stale:
                return moment
        if gate.standing.open_until is None or gate.standing.open_until <= datetime.now(UTC):
            gate.moments.extend(await self._reserved(gate))
        return gate.moments.popleft() if gate.moments else None

    async def _reserved(self, gate: Gate) -> list[datetime]:
        def decide(pool: Pool) -> tuple[Pool, list[datetime]]:
            after, moments = pacing.reserve(pool, gate.allowance.in_flight, allowance=gate.allowance, now=datetime.now(UTC))
            seen.append(after)
            return after, list(moments)

        seen: list[Pool] = []
        moments = await self._book.change(self._archive, gate.allowance.pool, decide)
        gate.standing = seen[-1]
        return moments

    async def _heed(self, gate: Gate, reply: Reply, *, sent_at: datetime, listing: bool) -> None:
        """Let an answer move the breaker. Answers that change nothing never reach the book."""
        answer = _answer(gate, reply, sent_at=sent_at, listing=listing)
        if answer.heard is Heard.OK:
            gate.faults, gate.answered = 0, True
        if answer.heard is Heard.FAULTY or (answer.heard is Heard.OK and gate.standing.open_until is None):
            return
        before = gate.standing.refused_at

        def decide(pool: Pool) -> tuple[Pool, list[datetime]]:
            after = pacing.answered(pool, answer, now=datetime.now(UTC))
            seen.append(after)
            return after, []

        seen: list[Pool] = []
        await self._book.change(self._archive, gate.allowance.pool, decide)
        gate.standing = seen[-1]
        if gate.standing.refused_at != before:
            _close(gate, reply, heard=answer.heard)
        gate.changed.set()


PASSING = {SearchFailure.RATE_LIMITED, SearchFailure.UNAVAILABLE, SearchFailure.NETWORK}
"""Failures that a second try may get past."""


def _answer(gate: Gate, reply: Reply, *, sent_at: datetime, listing: bool) -> Answer:
    """What a reply means for the pace: five faults in a row are silence, and so is a faulty probe of a closed pool."""
    heard = replies.heard_list(reply) if listing else replies.heard(reply)
    if heard is Heard.FAULTY:
        gate.faults += 1
        if reply.detail == "connection refused" and pacing.firewalled(gate.standing, now=sent_at):
            heard = Heard.FIREWALLED
        elif gate.faults >= pacing.SILENCES or gate.standing.open_until is not None:
            heard = Heard.SILENT
    return Answer(heard=heard, sent_at=sent_at, http_status=reply.http_status, retry_after_s=replies.retry_after_s(reply))


def _close(gate: Gate, reply: Reply, *, heard: Heard) -> None:
    """Forget the moments in hand. After the third time, or when nobody lives at the address, ask no more in this run."""
    gate.moments.clear()
    gate.closings += 1
    gate.faults = 0
    if heard is Heard.SILENT and not gate.answered and reply.failure is SearchFailure.NETWORK:
        gate.given_up = SearchFailure.NETWORK
    elif gate.closings >= pacing.OPENINGS_PER_RUN:
        gate.given_up = SearchFailure.UNAVAILABLE if heard is Heard.SILENT else SearchFailure.RATE_LIMITED


def _seconds_until(moment: datetime | None) -> float:
    return 0.0 if moment is None else (moment - datetime.now(UTC)).total_seconds()
