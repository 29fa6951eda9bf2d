"""The imported capture index as an archive: it costs no request. A hit is a yes; a miss says nothing, for no index holds all."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from audit import captures
from audit.archives.turns import Turn
from audit.model import Capture, CaptureSearch, Playback
from audit.settings import ArchiveSettings

KIND = "local"
NEAREST = 20
UNNAMED = ArchiveSettings(name="capture-index", kind="local")
"""The index is looked into whether the configuration names it or not: whoever imports one wants that."""

Lookup = Callable[[str, Sequence[datetime]], Awaitable[Sequence[Capture]]]
"""URL, wanted moments -> the captures around each of them; without a moment the newest ones. Archives do not know the store."""


class Local:
    """The index behind a lookup."""

    def __init__(self, settings: ArchiveSettings, *, lookup: Lookup | None = None) -> None:
        self.settings = settings
        self.name = settings.name
        self._lookup = lookup

    async def search(
        self,
        url: str,
        *,
        near: Sequence[datetime],
        turn: Turn,
        absent_since: datetime | None = None,  # noqa: ARG002 - it never says no
    ) -> tuple[CaptureSearch, ...]:
        """What the index holds of it; nothing at all where that is nothing."""
        held = await self._lookup(url, captures.moments(near)) if self._lookup else ()
        return answers(held, url=url, near=near, archive=self.name, now=turn.now())

    async def index(self, url: str, *, near: datetime, turn: Turn) -> None:
        """It has told all it holds."""

    async def play(self, memento_url: str, *, url: str, turn: Turn) -> Playback | None:
        """It plays nothing: the archive that holds a capture does, if it is configured."""


def answers(
    held: Sequence[Capture], *, url: str, near: Sequence[datetime], archive: str, now: datetime
) -> tuple[CaptureSearch, ...]:
    """One answer per wanted moment for which there is a capture that may show the page; they are told apart by their time."""
    asked = CaptureSearch(archive=archive, url=url, asked_at=now, captures=tuple(held), witnesses=(captures.LOCAL_INDEX,))
    found = [answer for moment in captures.moments(near) or (None,) if (answer := _near(asked, moment))]
    return tuple(replace(each, asked_at=now + timedelta(microseconds=place)) for place, each in enumerate(found))


def _near(asked: CaptureSearch, moment: datetime | None) -> CaptureSearch | None:
    """What is held for a moment. A capture far from it is told as what it is, so that the moment stays open."""
    choice = captures.best([asked], near=moment, cited_url=asked.url)
    if choice is None:
        return None
    if moment is None:
        return asked
    at = choice.capture.captured_at
    around = sorted(asked.captures, key=lambda capture: abs(capture.captured_at - moment))[:NEAREST]
    return replace(asked, captures=tuple(around), near=moment if abs(at - moment) <= captures.LATE else at)
