"""An archive known by its index: pywb in its own dialect, and in that of the Internet Archive through the front."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from audit import captures
from audit.archives import asking
from audit.model import Archived, Capture, CaptureSearch, LinkState, Playback, SearchFailure, Wanted
from audit.settings import ArchiveSettings, Captures, Settings
from tests.contracts.desk import NOW, QUICK, MemoryBook, run_pass
from tests.real import front as fronts, pywb, warc
from tests.real.front import Fault, Front

pytestmark = pytest.mark.real

STORY = warc.story_url(warc.HOSTS[5], 3)


@pytest.fixture(scope="module")
def serving() -> Iterator[Front]:
    with pywb.running() as upstream, fronts.serving(upstream) as running:
        yield running


@pytest.fixture(params=["ia", "pywb"])
def archive(request: pytest.FixtureRequest, serving: Front) -> ArchiveSettings:
    serving.forget()
    endpoint = f"{serving.url}/cdx/search/cdx" if request.param == "ia" else f"{serving.upstream}/web/cdx"
    return ArchiveSettings(name="library", kind="cdx", endpoint=endpoint, dialect=request.param, pace=QUICK)


def wanted(url: str, *years: int, state: LinkState = LinkState.LIVE) -> Wanted:
    return Wanted(url=url, near=tuple(datetime(year, 7, 1, tzinfo=UTC) for year in years), state=state)


async def looked(archive: ArchiveSettings, *cases: Wanted) -> tuple[list[CaptureSearch], list[Playback]]:
    return await run_pass(cases, Settings(archives=(archive,), captures=Captures()))


@pytest.mark.parametrize("years", [(2010, 2021), (2010, 2012, 2015, 2018, 2021)], ids=len)
async def test_each_citation_gets_the_capture_of_its_time(archive: ArchiveSettings, years: tuple[int, ...]) -> None:
    searches, _ = await looked(archive, wanted(STORY, *years))

    chosen = [captures.best(searches, near=datetime(year, 7, 1, tzinfo=UTC), cited_url=STORY) for year in (2010, 2021)]

    assert [choice.capture.captured_at for choice in chosen if choice] == [warc.DATES[0], warc.DATES[2]]


async def test_the_silence_of_an_index_is_no_no(archive: ArchiveSettings) -> None:
    searches, _ = await looked(archive, wanted(f"{warc.SPECIAL}/never", 2014))

    assert [(search.failure, search.witnesses) for search in searches] == [(SearchFailure.UNCONFIRMED, ("index-empty",))]
    assert captures.archived(searches, now=NOW) is Archived.UNKNOWN


async def test_an_index_that_lists_only_errors_is_a_yes_without_a_usable_capture(archive: ArchiveSettings) -> None:
    url = f"{warc.SPECIAL}/only-errors"

    searches, _ = await looked(archive, wanted(url, 2014))

    assert captures.archived(searches, now=NOW) is Archived.YES
    assert captures.best(searches, near=NOW, cited_url=url) is None


async def test_what_is_excluded_is_told_as_such(archive: ArchiveSettings) -> None:
    searches, _ = await looked(archive, wanted(f"{warc.SPECIAL}/excluded", 2014))

    assert [search.failure for search in searches] == [SearchFailure.EXCLUDED]


async def test_a_dead_link_gets_its_capture_opened(archive: ArchiveSettings) -> None:
    searches, playbacks = await looked(archive, wanted(STORY, 2015, state=LinkState.DEAD))

    (playback,) = playbacks
    assert playback.failure is None
    assert playback.captured_at == warc.DATES[1]
    assert playback.title is not None
    assert playback.memento_url == searches[0].captures[0].memento_url


FAULTS = {
    "a refusal": (Fault(http_status=429, headers={"Retry-After": "1"}), SearchFailure.RATE_LIMITED),
    "an outage page": (Fault(body=b"<html>offline</html>", headers={"Content-Type": "text/html"}), SearchFailure.UNAVAILABLE),
    "an error": (Fault(http_status=500), SearchFailure.UNAVAILABLE),
    "rubbish": (Fault(body=b"what\n"), SearchFailure.BAD_RESPONSE),
    "captures of another address": (
        Fault(body=b"test,other)/ 20150115120000 http://other.test/ text/html 200 A 1\n"),
        SearchFailure.BAD_RESPONSE,
    ),
    "a cut answer": (Fault(kind="cut", body=b"test,special)/a 2015"), SearchFailure.NETWORK),
}


@pytest.mark.parametrize(("fault", "failure"), FAULTS.values(), ids=FAULTS)
async def test_what_is_no_index_is_never_a_no(serving: Front, fault: Fault, failure: SearchFailure) -> None:
    serving.forget()
    serving.fail("/cdx/", fault, times=9)
    archive = ArchiveSettings(name="library", kind="cdx", endpoint=f"{serving.url}/cdx/search/cdx", pace=QUICK)

    searches, _ = await looked(archive, wanted(STORY, 2015))

    assert {search.failure for search in searches} == {failure}


async def test_a_hit_of_the_imported_index_spares_every_request(serving: Front) -> None:
    serving.forget()
    held = Capture(
        archive="library", url=STORY, memento_url=f"{serving.url}/web/20150601120000/{STORY}", captured_at=warc.DATES[1]
    )
    chosen = Settings(archives=(ArchiveSettings(name="wayback", kind="wayback", base_url=serving.url, pace=QUICK),))

    async def lookup(url: str, near: Sequence[datetime]) -> list[Capture]:
        return [held] if url == STORY else []

    archives = asking.archives(chosen, lookup=lookup)
    cases = [
        Wanted(url=STORY, near=(warc.DATES[1],), state=LinkState.LIVE),
        Wanted(url=warc.story_url(warc.HOSTS[5], 4), near=(warc.DATES[1],), state=LinkState.LIVE),
    ]
    found = [fact async for fact in asking.capture_pass(cases, archives, settings=chosen, pools=MemoryBook(), now=NOW)]

    assert sorted((fact.archive, fact.url) for fact in found) == [("capture-index", STORY), ("wayback", cases[1].url)]
    assert len(serving.hits) == 1


async def test_when_the_imported_captures_do_not_show_the_page_the_archives_are_asked(serving: Front) -> None:
    serving.forget()
    url = f"{warc.SPECIAL}/soft"
    bad = Capture(
        archive="wayback",
        url=url,
        memento_url=f"{serving.url}/web/20170101120000/{url}",
        captured_at=warc.day(2017),
        http_status=200,
    )
    chosen = Settings(archives=(ArchiveSettings(name="wayback", kind="wayback", base_url=serving.url, pace=QUICK),))

    async def lookup(url: str, near: Sequence[datetime]) -> list[Capture]:
        return [bad]

    archives = asking.archives(chosen, lookup=lookup)
    case = Wanted(url=url, near=(warc.day(2017),), state=LinkState.DEAD)
    found = [fact async for fact in asking.capture_pass([case], archives, settings=chosen, pools=MemoryBook(), now=NOW)]

    searches = [fact for fact in found if isinstance(fact, CaptureSearch)]
    playbacks = [fact for fact in found if isinstance(fact, Playback)]
    choice = captures.best(searches, near=case.near[0], cited_url=url, playbacks=playbacks)
    assert choice is not None
    assert choice.capture.captured_at == warc.day(2011)
