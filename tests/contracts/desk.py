"""The other side of the capture pass, as values: a book in memory, a scripted turn, and a pass that is run to its end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from audit.archives import asking
from audit.archives.replies import Reply
from audit.model import CaptureSearch, Playback, Pool, Wanted
from audit.settings import ArchiveSettings, Captures, Pace, Settings

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
QUICK = Pace(playback_per_min=60_000, index_per_min=60_000)


class MemoryBook:
    """Pools as the store keeps them: each change is counted."""

    def __init__(self) -> None:
        self.pools: dict[tuple[str, str], Pool] = {}

    async def change(self, archive: str, pool: str, decide: Callable[[Pool], tuple[Pool, list[datetime]]]) -> list[datetime]:
        seen = self.pools.get((archive, pool)) or Pool(archive=archive, pool=pool)
        after, moments = decide(seen)
        self.pools[archive, pool] = replace(after, version=seen.version + 1)
        return moments


class ScriptedTurn:
    """Answers of each pool, in order; the last one is repeated."""

    def __init__(self, answers: Mapping[str, Sequence[Reply]]) -> None:
        self._answers = {pool: list(replies) for pool, replies in answers.items()}
        self.asked: list[tuple[str, str]] = []

    def now(self) -> datetime:
        return NOW

    async def get(self, pool: str, address: str, *, headers: Mapping[str, str] | None = None, listing: bool = False) -> Reply:
        self.asked.append((pool, address))
        answers = self._answers[pool]
        return replace(answers.pop(0) if len(answers) > 1 else answers[0], address=address)


def reply(http_status: int | None = 200, body: bytes = b"", **headers: str) -> Reply:
    """A reply; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(address="", asked_at=NOW, http_status=http_status, headers=named, body=body)


def settings(base_url: str, *, pace: Pace = QUICK, **wishes: Any) -> Settings:
    archive = ArchiveSettings(name="wayback", kind="wayback", base_url=base_url, pace=pace)
    return Settings(archives=(archive,), captures=Captures(**wishes))


async def run_pass(
    wanted: Sequence[Wanted], chosen: Settings, *, book: MemoryBook | None = None, now: datetime = NOW
) -> tuple[list[CaptureSearch], list[Playback]]:
    """Everything a pass finds, searches and playbacks apart."""
    searches, playbacks = [], []
    archives = asking.archives(chosen)
    async for fact in asking.capture_pass(wanted, archives, settings=chosen, pools=book or MemoryBook(), now=now):
        if isinstance(fact, CaptureSearch):
            searches.append(fact)
        else:
            playbacks.append(fact)
    return searches, playbacks
