"""The one writer of a run: facts go to the spool at once, to the database in groups, and are judged behind. Shell.

A fact is provisional until it is settled: an outage of our own that shows later takes it back.
"""

import asyncio
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from audit.errors import StoreError
from audit.model import CaptureSearch, Outcome, Playback
from audit.store import writes
from audit.store.opening import Store
from audit.store.spool import Spool

log = logging.getLogger(__name__)

Fact = Outcome | CaptureSearch | Playback

MOST_PER_COMMIT = 500
LONGEST_WAIT_S = 0.25
"""A commit costs a disk flush; 500 facts or a quarter of a second share one (engine.md, 4.4)."""
JUDGE_AFTER = 2_000
JUDGE_EVERY_S = 5.0
FULL, ROOM = 4_000, 2_000
RETRY_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
GIVE_UP_S = 600.0


class Writer:
    """One thread owns the writing connection; `put` never blocks the event loop for longer than one small write.

    A fact is safe when `put` returns: it is in the spool, which the next run replays if this one dies.
    """

    def __init__(self, store: Store, spool: Spool, *, run: str, judge: Callable[[Sequence[str]], object]) -> None:
        self.facts_written = 0
        self._store, self._spool, self._run, self._judge = store, spool, run, judge
        self._queue: queue.SimpleQueue[Fact | None] = queue.SimpleQueue()
        self._provisional: deque[tuple[datetime, Fact]] = deque()
        self._dropped: int | None = None
        self._waiting = 0
        self._unjudged: dict[str, None] = {}
        self._judged_at = time.monotonic()
        self._fault: Exception | None = None
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)

    async def __aenter__(self) -> Self:
        self._thread.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self.settle()
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)
        if kind is None:
            self._raise()
            self._spool.acknowledge(self._dropped or 0)

    def put(self, fact: Fact) -> None:
        """Take one fact, provisionally. Raises what stopped the writer, if it stopped."""
        self._raise()
        if self._dropped is None:
            self._spool.append(fact)
            self._provisional.append((datetime.now(UTC), fact))

    def settle(self, until: datetime | None = None) -> None:
        """Let the database have what was put up to that moment, or all of it."""
        while self._provisional and (until is None or self._provisional[0][0] <= until):
            self._waiting += 1
            self._queue.put(self._provisional.popleft()[1])

    def drop(self) -> int:
        """Forget what is still provisional, and whatever may still come; how many facts that were."""
        self._dropped = len(self._provisional)
        self._provisional.clear()
        return self._dropped

    async def room(self) -> None:
        """Wait until the writer has caught up, when it is far behind."""
        if self._waiting < FULL:
            return
        while self._waiting > ROOM:
            self._raise()
            await asyncio.sleep(LONGEST_WAIT_S)

    def _raise(self) -> None:
        if self._fault is not None:
            raise self._fault

    def _work(self) -> None:
        try:
            more = True
            while more:
                facts, more = self._gather()
                if facts:
                    self._commit(facts)
                if self._judging_is_due(ending=not more):
                    self._judge_what_is_new()
        except Exception as fault:  # noqa: BLE001 - the thread's boundary: raised again by put() and on leaving
            self._fault = fault

    def _gather(self) -> tuple[list[Fact], bool]:
        """The next group of facts, and whether more may come."""
        facts: list[Fact] = []
        deadline = time.monotonic() + LONGEST_WAIT_S
        while len(facts) < MOST_PER_COMMIT:
            try:
                fact = self._queue.get(timeout=max(deadline - time.monotonic(), 0.001))
            except queue.Empty:
                break
            if fact is None:
                return facts, False
            facts.append(fact)
        return facts, True

    def _commit(self, facts: list[Fact]) -> None:
        gave_up_at = time.monotonic() + GIVE_UP_S
        for attempt in range(10_000):
            try:
                self._write(facts)
            except StoreError as fault:
                if time.monotonic() > gave_up_at:
                    raise
                log.warning("the database does not take facts now; they are kept in the spool", extra={"fault": str(fault)})
                time.sleep(RETRY_S[min(attempt, len(RETRY_S) - 1)])
            else:
                break
        self._spool.acknowledge(len(facts))
        self._waiting -= len(facts)
        self.facts_written += len(facts)

    def _write(self, facts: list[Fact]) -> None:
        outcomes = [fact for fact in facts if isinstance(fact, Outcome)]
        with self._store.write() as conn:
            writes.write_outcomes(conn, outcomes, run=self._run)
            writes.write_searches(conn, [fact for fact in facts if isinstance(fact, CaptureSearch)])
            writes.write_playbacks(conn, [fact for fact in facts if isinstance(fact, Playback)])
        self._unjudged |= dict.fromkeys(fact.url for fact in facts)

    def _judging_is_due(self, *, ending: bool) -> bool:
        if not self._unjudged:
            return False
        return ending or len(self._unjudged) >= JUDGE_AFTER or time.monotonic() - self._judged_at > JUDGE_EVERY_S

    def _judge_what_is_new(self) -> None:
        urls, self._unjudged = list(self._unjudged), {}
        self._judge(urls)
        self._judged_at = time.monotonic()
