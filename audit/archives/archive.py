"""What an archive can do, and the kinds there are. Loads none of them until one is configured."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from importlib import import_module
from typing import Protocol, TypeVar, cast

from audit.archives.local import KIND, Local, Lookup
from audit.archives.turns import Turn
from audit.errors import ConfigError
from audit.model import CaptureSearch, Playback
from audit.settings import ArchiveSettings

Moment = TypeVar("Moment")


class Archive(Protocol):
    """One web archive. Neither method raises for the world's faults: they come back as `SearchFailure`."""

    settings: ArchiveSettings

    async def search(
        self, url: str, *, near: Sequence[datetime], turn: Turn, absent_since: datetime | None = None
    ) -> tuple[CaptureSearch, ...]:
        """What it holds near each wanted moment. `absent_since` says that it was asked with both witnesses before."""

    async def index(self, url: str, *, near: datetime, turn: Turn) -> CaptureSearch | None:
        """Every usable capture near a moment, for when the nearest one was bad; None when it has no index."""

    async def play(self, memento_url: str, *, url: str, turn: Turn) -> Playback | None:
        """What a memento shows; None when it is not one of this archive."""


KINDS: dict[str, str] = {
    "wayback": "audit.archives.wayback:Wayback",
    "memento": "audit.archives.timemap:TimeMapArchive",
    "cdx": "audit.archives.cdx:CdxServer",
    "local": "audit.archives.local:Local",
}
"""Kind -> where it is made. As text, because waybackpy costs 0.3 s that reports and `--help` must not pay."""


def made(settings: ArchiveSettings, *, lookup: Lookup | None = None) -> Archive:
    """The archive that one entry of the configuration means; `lookup` is how the imported index is asked."""
    place = KINDS.get(settings.kind)
    if place is None:
        raise ConfigError(f"archives: kind {settings.kind!r} of {settings.name!r} is not built in; use one of {', '.join(KINDS)}")
    if settings.kind == KIND:
        return Local(settings, lookup=lookup)
    module, _, name = place.partition(":")
    make = cast("Callable[[ArchiveSettings], Archive]", getattr(import_module(module), name))
    return make(settings)


async def one_by_one(moments: Iterable[Moment], ask: Callable[[Moment], Awaitable[CaptureSearch]]) -> tuple[CaptureSearch, ...]:
    """One answer per moment, until one of them has no captures: then the archive fails, or holds nothing of any day."""
    found: list[CaptureSearch] = []
    for moment in moments:
        found.append(await ask(moment))
        if not found[-1].captures:
            break
    return tuple(found)
