"""The imported index in the order of lookup: it spares the requests that it can answer, and never says no."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from audit import captures
from audit.archives import archive as kinds, asking
from audit.archives.local import Local, Lookup
from audit.model import Archived, Capture, CaptureSearch, SearchFailure, Wanted
from audit.settings import ArchiveSettings, Settings
from tests.contracts.desk import NOW, ScriptedTurn
from tests.make import capture

URL = "https://example.org/a"


def at(year: int, month: int = 7, day: int = 1) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def held(*moments: datetime, **fields: object) -> list[Capture]:
    return [capture(url=URL, captured_at=moment, **fields) for moment in moments]


def looked_up(found: Sequence[Capture]) -> Lookup:
    async def lookup(url: str, near: Sequence[datetime]) -> Sequence[Capture]:
        return found

    return lookup


async def searched(found: Sequence[Capture], *near: datetime) -> tuple[CaptureSearch, ...]:
    archive = Local(ArchiveSettings(name="local", kind="local"), lookup=looked_up(found))
    return await archive.search(URL, near=near, turn=ScriptedTurn({}))


def answered(searches: Sequence[CaptureSearch], *near: datetime) -> bool:
    return captures.answered(Wanted(url=URL, near=near, searches=tuple(searches)), now=NOW)


async def test_a_hit_within_the_wanted_window_is_a_yes_and_answers() -> None:
    searches = await searched(held(at(2015, 6, 20)), at(2015))

    assert captures.archived(searches, now=NOW) is Archived.YES
    assert answered(searches, at(2015))


async def test_a_miss_says_nothing_at_all() -> None:
    searches = await searched([], at(2015))

    assert searches == ()
    assert captures.archived(searches, now=NOW) is Archived.UNKNOWN


async def test_a_hit_far_from_the_wanted_moment_is_a_yes_and_leaves_the_moment_open() -> None:
    searches = await searched(held(at(2010)), at(2015))

    assert captures.archived(searches, now=NOW) is Archived.YES
    assert not answered(searches, at(2015))


@pytest.mark.parametrize("fields", [{"http_status": 404}, {"http_status": 301}, {"digest": captures.EMPTY_DIGEST}], ids=str)
async def test_a_capture_that_cannot_show_the_page_is_no_hit(fields: dict[str, object]) -> None:
    assert await searched(held(at(2015), **fields), at(2015)) == ()


async def test_each_wanted_moment_has_an_answer_of_its_own() -> None:
    searches = await searched(held(at(2010), at(2015)), at(2010), at(2015), at(2020))

    assert [search.near for search in searches] == [at(2010), at(2015), at(2015)]
    assert len({search.asked_at for search in searches}) == 3
    assert captures.uncovered((at(2010), at(2015), at(2020)), searches) == (at(2020),)


async def test_without_a_wanted_moment_any_hit_answers() -> None:
    searches = await searched(held(at(2010)))

    assert answered(searches)


async def test_beside_a_far_hit_the_no_of_an_archive_is_good_as_long_as_ever() -> None:
    searches = await searched(held(at(2010)), at(2015))
    absent = CaptureSearch(archive="wayback", url=URL, asked_at=NOW - timedelta(days=3), near=at(2015))
    refused = CaptureSearch(
        archive="wayback", url=URL, asked_at=NOW - timedelta(days=3), near=at(2015), failure=SearchFailure.RATE_LIMITED
    )

    assert answered([*searches, absent], at(2015))
    assert not answered([*searches, refused], at(2015))


def test_the_index_is_asked_first_and_without_being_configured() -> None:
    remote = ArchiveSettings(name="w", kind="wayback")
    named = ArchiveSettings(name="ours", kind="local")

    def order(*configured: ArchiveSettings, lookup: Lookup | None) -> list[str]:
        return [each.settings.name for each in asking.archives(Settings(archives=configured), lookup=lookup)]

    assert order(remote, lookup=None) == ["w"]
    assert order(remote, lookup=looked_up([])) == ["capture-index", "w"]
    assert order(remote, named, lookup=looked_up([])) == ["ours", "w"]


async def test_an_index_without_a_store_holds_nothing() -> None:
    archive = kinds.made(ArchiveSettings(name="local", kind="local"))

    assert await archive.search(URL, near=(NOW,), turn=ScriptedTurn({})) == ()
