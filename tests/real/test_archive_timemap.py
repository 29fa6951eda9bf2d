"""An archive known only by its TimeGate and TimeMap: pywb itself, without the front."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from audit import captures
from audit.model import Archived, LinkState, SearchFailure, Wanted
from audit.settings import ArchiveSettings, Captures, Settings
from tests.contracts.desk import NOW, QUICK, run_pass
from tests.real import pywb, warc

pytestmark = pytest.mark.real

STORY = warc.story_url(warc.HOSTS[5], 3)


@pytest.fixture(scope="module")
def archive() -> Iterator[str]:
    with pywb.running() as address:
        yield address


def by(archive: str, *kinds: str) -> Settings:
    places: dict[str, Any] = {"timegate": f"{archive}/web/{{url}}", "timemap": f"{archive}/web/timemap/link/{{url}}"}
    chosen = {kind: places[kind] for kind in kinds}
    return Settings(archives=(ArchiveSettings(name="library", kind="memento", pace=QUICK, **chosen),), captures=Captures())


def wanted(url: str, *years: int, state: LinkState = LinkState.LIVE) -> Wanted:
    return Wanted(url=url, near=tuple(datetime(year, 7, 1, tzinfo=UTC) for year in years), state=state)


@pytest.mark.parametrize("kinds", [("timegate",), ("timemap",), ("timegate", "timemap")], ids="+".join)
async def test_each_citation_gets_the_capture_of_its_time(archive: str, kinds: tuple[str, ...]) -> None:
    searches, _ = await run_pass([wanted(STORY, 2010, 2021)], by(archive, *kinds))

    chosen = [captures.best(searches, near=datetime(year, 7, 1, tzinfo=UTC), cited_url=STORY) for year in (2010, 2021)]

    assert [choice.capture.captured_at for choice in chosen if choice] == [warc.DATES[0], warc.DATES[2]]


@pytest.mark.parametrize("kinds", [("timegate",), ("timemap",), ("timegate", "timemap")], ids="+".join)
async def test_the_silence_of_one_witness_is_no_no(archive: str, kinds: tuple[str, ...]) -> None:
    searches, _ = await run_pass([wanted(f"{warc.SPECIAL}/never", 2014)], by(archive, *kinds))

    assert [search.failure for search in searches] == [SearchFailure.UNCONFIRMED]
    assert captures.archived(searches, now=NOW) is Archived.UNKNOWN


async def test_a_captured_404_is_opened_and_another_capture_chosen(archive: str) -> None:
    case = wanted(f"{warc.SPECIAL}/later-404", 2018, state=LinkState.DEAD)

    searches, playbacks = await run_pass([case], by(archive, "timemap"))
    choice = captures.best(searches, near=case.near[0], cited_url=case.url, playbacks=playbacks)

    assert choice is not None
    assert choice.capture.captured_at == warc.day(2012)
    assert playbacks[-1].title is not None


async def test_a_captured_redirect_that_leaves_the_archive_is_told_not_followed(archive: str) -> None:
    _, playbacks = await run_pass([wanted(f"{warc.SPECIAL}/moved", 2013, state=LinkState.DEAD)], by(archive, "timegate"))

    assert [playback.http_status for playback in playbacks] == [301]
