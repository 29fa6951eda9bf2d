"""The capture pass against a real archive on loopback."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from audit import captures
from audit.captures import Support
from audit.model import Archived, CaptureSearch, CitedAs, LinkState, Playback, SearchFailure, Wanted
from tests.contracts.desk import NOW, MemoryBook, run_pass, settings
from tests.real import front as fronts, pywb, warc
from tests.real.front import Fault, Front

pytestmark = pytest.mark.real

HOST = warc.HOSTS[3]
STORY = warc.story_url(HOST, 7)


@pytest.fixture(scope="module")
def archive() -> Iterator[Front]:
    with pywb.running() as upstream, fronts.serving(upstream) as front:
        yield front


@pytest.fixture
def front(archive: Front) -> Front:
    archive.forget()
    return archive


def day(year: int, month: int = 1, day_of_month: int = 1) -> datetime:
    return datetime(year, month, day_of_month, 12, tzinfo=UTC)


def special(path: str, **fields: object) -> Wanted:
    return Wanted(**({"url": warc.SPECIAL + path, "near": (day(2014),)} | fields))  # type: ignore[arg-type]


async def looked(front: Front, *wanted: Wanted, **wishes: Any) -> tuple[list[CaptureSearch], list[Playback]]:
    return await run_pass(wanted, settings(front.url, **wishes))


async def test_a_captured_page_is_found_with_one_request_and_its_exact_time(front: Front) -> None:
    searches, playbacks = await looked(front, Wanted(url=STORY, near=(day(2016),), state=LinkState.LIVE))

    (search,) = searches
    assert [capture.captured_at for capture in search.captures] == [warc.DATES[1]]
    assert search.captures[0].memento_url == f"{front.url}/web/20150601120000/{STORY}"
    assert playbacks == []
    assert len(front.hits) == 1


async def test_two_citations_with_different_access_dates_get_different_captures(front: Front) -> None:
    searches, _ = await looked(front, Wanted(url=STORY, near=(day(2010, 4), day(2020, 10)), state=LinkState.LIVE))

    early = captures.best(searches, near=day(2010, 4), cited_url=STORY)
    late = captures.best(searches, near=day(2020, 10), cited_url=STORY)

    assert early is not None
    assert late is not None
    assert (early.capture.captured_at, late.capture.captured_at) == (warc.DATES[0], warc.DATES[2])


async def test_many_access_dates_are_answered_by_one_index_query(front: Front) -> None:
    near = tuple(day(year) for year in range(2009, 2022))

    searches, _ = await looked(front, Wanted(url=STORY, near=near, state=LinkState.LIVE))

    assert [len(search.captures) for search in searches] == [3]
    assert front.count("/cdx/") == len(front.hits) == 1


async def test_never_archived_needs_the_timegate_and_the_index(front: Front) -> None:
    searches, _ = await looked(front, special("/never-archived"))

    (search,) = searches
    assert (search.captures, search.failure) == ((), None)
    assert set(search.witnesses) == {"timegate-404", "index-empty"}
    assert captures.archived(searches, now=NOW) is Archived.NO


async def test_a_known_absence_is_renewed_by_the_timegate_alone(front: Front) -> None:
    before = CaptureSearch(
        archive="wayback", url=f"{warc.SPECIAL}/never", asked_at=day(2026, 5), witnesses=("timegate-404", "index-empty")
    )

    searches, _ = await looked(front, special("/never", searches=(before,)))

    assert captures.archived(searches, now=NOW) is Archived.NO
    assert front.count("/cdx/") == 0


async def test_the_index_knows_what_the_timegate_forgot(front: Front) -> None:
    front.fail("/web/", Fault(http_status=404, body=b"not in archive"))

    searches, _ = await looked(front, special("/later-404"))

    assert [capture.http_status for capture in searches[0].captures] == [200, 404]


async def test_an_excluded_page_is_unknown_and_says_so(front: Front) -> None:
    searches, _ = await looked(front, special("/excluded"))

    assert [search.failure for search in searches] == [SearchFailure.EXCLUDED]
    assert captures.archived(searches, now=NOW) is Archived.UNKNOWN


async def test_a_later_404_is_never_chosen_for_a_dead_link(front: Front) -> None:
    wanted = special("/later-404", near=(day(2018),), state=LinkState.DEAD)

    searches, playbacks = await looked(front, wanted)
    choice = captures.best(searches, near=day(2018), cited_url=wanted.url, playbacks=playbacks)

    assert choice is not None
    assert choice.capture.captured_at == warc.day(2012)


async def test_a_captured_redirect_to_the_front_page_is_never_chosen(front: Front) -> None:
    wanted = special("/to-root", near=(day(2009, 2),), state=LinkState.DEAD)

    searches, playbacks = await looked(front, wanted)
    choice = captures.best(searches, near=day(2009, 2), cited_url=wanted.url, playbacks=playbacks)

    assert choice is not None
    assert choice.capture.captured_at == warc.day(2008)


async def test_a_captured_redirect_to_another_capture_is_followed(front: Front) -> None:
    wanted = special("/moved", near=(day(2013),), state=LinkState.DEAD)

    searches, playbacks = await looked(front, wanted)

    assert [hop.location for hop in playbacks[0].hops if hop.kind == "captured"] == [f"{warc.SPECIAL}/moved-target"]
    assert playbacks[0].http_status == 200
    assert captures.best(searches, near=day(2013), cited_url=wanted.url, playbacks=playbacks) is not None


async def test_an_empty_body_is_never_chosen(front: Front) -> None:
    wanted = special("/empty", state=LinkState.DEAD)

    searches, playbacks = await looked(front, wanted)

    assert captures.support(playbacks[0], cited=CitedAs())[0] is Support.ERROR_CAPTURE
    assert captures.best(searches, near=day(2014), cited_url=wanted.url, playbacks=playbacks) is None
    assert captures.archived(searches, now=NOW) is Archived.YES


async def test_redirects_in_a_circle_come_to_an_end(front: Front) -> None:
    _, playbacks = await looked(front, special("/circle-a", near=(day(2011),), state=LinkState.DEAD))

    assert playbacks[0].detail == "redirects without end"
    assert captures.support(playbacks[0], cited=CitedAs())[0] is Support.REDIRECT_CAPTURE


@pytest.mark.parametrize("trap", ["two-headers", "gzip-without-header", "gzip-in-gzip", "br-over-gzip"])
async def test_a_page_is_read_whatever_encoding_was_announced(front: Front, trap: str) -> None:
    _, playbacks = await looked(front, special(f"/trap/{trap}", near=(day(2015),), state=LinkState.DEAD))

    assert playbacks[0].title is not None
    assert playbacks[0].title.startswith("The ")
    assert "undecodable" not in playbacks[0].flags


@pytest.mark.parametrize("http_status", [429, 503])
async def test_a_captured_refusal_is_a_capture_and_no_refusal(front: Front, http_status: int) -> None:
    book = MemoryBook()
    wanted = special(f"/captured-{http_status}", near=(day(2015),), state=LinkState.DEAD)

    searches, playbacks = await run_pass([wanted], settings(front.url), book=book)

    assert playbacks[0].http_status == http_status
    assert captures.archived(searches, now=NOW) is Archived.YES
    assert captures.best(searches, near=day(2015), cited_url=wanted.url, playbacks=playbacks) is None
    assert all(pool.open_until is None for pool in book.pools.values())


async def test_a_pdf_is_known_by_its_type_alone(front: Front) -> None:
    _, playbacks = await looked(front, special("/report.pdf", state=LinkState.DEAD))

    assert captures.support(playbacks[0], cited=CitedAs(titles=("A report",)))[0] is Support.TYPE_ONLY


async def test_a_revisit_plays_back_as_the_page_it_repeats(front: Front) -> None:
    _, playbacks = await looked(front, special("/revisited", state=LinkState.DEAD))

    assert playbacks[0].captured_at == warc.day(2014)
    assert playbacks[0].body_bytes == len(warc.story("special.test", 2, 0))


@pytest.mark.parametrize("path", ["/query?a=1&b=2", "/variant", "/caf%C3%A9"])
async def test_spellings_of_one_address_find_the_same_captures(front: Front, path: str) -> None:
    searches, _ = await looked(front, special(path))

    assert captures.archived(searches, now=NOW) is Archived.YES


async def test_the_copy_that_a_citation_names_is_opened_and_saves_the_search(front: Front) -> None:
    copy = f"{front.url}/web/20150601120000/{STORY}"

    searches, playbacks = await looked(front, Wanted(url=STORY, near=(day(2015, 5),), archive_urls=(copy,)))

    assert [playback.memento_url for playback in playbacks] == [copy]
    assert [search.witnesses for search in searches] == [("memento",)]
    assert len(front.hits) == 1


async def test_a_copy_of_a_moment_without_a_capture_is_no_support(front: Front) -> None:
    copy = f"{front.url}/web/20120101000000/{STORY}"

    searches, playbacks = await looked(front, Wanted(url=STORY, near=(day(2012),), archive_urls=(copy,)))

    assert [hop.kind for hop in playbacks[0].hops] == ["negotiated"]
    assert searches[0].captures[0].captured_at == warc.DATES[0]


async def test_a_copy_that_never_was_is_an_error(front: Front) -> None:
    copy = f"{front.url}/web/20120101000000/{warc.SPECIAL}/never"

    _, playbacks = await looked(front, special("/never", archive_urls=(copy,)))

    assert captures.support(playbacks[0], cited=CitedAs())[0] is Support.ERROR_CAPTURE


async def test_every_story_of_the_fixture_is_found(front: Front) -> None:
    wanted = [
        Wanted(url=warc.story_url(host, number), near=(day(2015, 7),), state=LinkState.LIVE)
        for host in warc.HOSTS
        for number in range(warc.STORIES_PER_HOST)
    ]

    searches, _ = await looked(front, *wanted)

    assert {search.url for search in searches} == {each.url for each in wanted}
    assert {search.captures[0].captured_at for search in searches} == {warc.DATES[1]}


# ---- faults: none of them is ever a "no"

HTML = {"Content-Type": "text/html"}
LINE = b"test,special)/never 20150101000000 http://special.test/never text/html 200 " + b"A" * 32 + b" 100\n"
FAULTS = {
    "429": Fault(http_status=429),
    "429 with seconds": Fault(http_status=429, headers={"Retry-After": "1"}),
    "429 with a date": Fault(http_status=429, headers={"Retry-After": "Mon, 01 Jun 2099 12:00:00 GMT"}),
    "403": Fault(http_status=403, body=b"forbidden"),
    "500": Fault(http_status=500),
    "502 page": Fault(http_status=502, headers=HTML, body=b"<html>bad gateway</html>"),
    "503 with Retry-After": Fault(http_status=503, headers={"Retry-After": "5"}),
    "504": Fault(http_status=504),
    "reset": Fault(kind="reset"),
    "cut body": Fault(kind="cut", body=b""),
    "offline page": Fault(headers=HTML, body=b"<html><body>Internet Archive services are temporarily offline.</body></html>"),
    "empty page of HTML": Fault(headers=HTML),
    "no content": Fault(http_status=204),
    "teapot": Fault(http_status=418),
    "noise": Fault(body=b"\x00\x01\x02 noise"),
    "half a gzip": Fault(body=b"\x1f\x8b\x08\x00"),
    "binary under br": Fault(headers={"Content-Encoding": "br"}, body=b"\xff\xfe\xfd"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_a_faulty_index_leaves_a_missing_page_unknown(front: Front, fault: Fault) -> None:
    front.fail("/cdx/", fault, times=5)

    searches, _ = await looked(front, special("/never"))

    assert captures.archived(searches, now=NOW) is Archived.UNKNOWN
    assert [search.failure for search in searches] == [SearchFailure.UNCONFIRMED]


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_a_faulty_timegate_leaves_a_missing_page_unknown(front: Front, fault: Fault) -> None:
    front.fail("/web/", fault, times=99)

    searches, _ = await looked(front, special("/never"), max_minutes=0.02)

    assert captures.archived(searches, now=NOW) is Archived.UNKNOWN
    assert front.count("/cdx/") == 0


async def test_a_hanging_archive_ends_with_the_pass_and_leaves_everything_pending(front: Front) -> None:
    front.fail("/web/", Fault(kind="hang"), times=40)

    searches, playbacks = await looked(front, *(special(f"/page-{number}") for number in range(30)), max_minutes=0.01)

    assert (searches, playbacks) == ([], [])


async def test_a_refusal_closes_the_pool_for_the_next_process_too(front: Front) -> None:
    book = MemoryBook()
    front.fail("/web/", Fault(http_status=429, headers={"Retry-After": "600"}))
    await run_pass([special("/later-404")], settings(front.url, max_minutes=0.02), book=book)
    asked = len(front.hits)

    searches, _ = await run_pass([special("/later-404")], settings(front.url, max_minutes=0.02), book=book)

    assert searches == []
    assert len(front.hits) == asked == 1


async def test_an_address_where_nobody_listens_is_given_up_soon() -> None:
    wanted = [special(f"/page-{number}") for number in range(50)]

    searches, _ = await run_pass(wanted, settings("http://127.0.0.1:9", max_minutes=1))

    assert {search.failure for search in searches} == {SearchFailure.NETWORK}
    assert len(searches) == 50


@pytest.mark.parametrize(
    ("page", "count"),
    [
        pytest.param(LINE + LINE, 1, id="repeated neighbours"),
        pytest.param(LINE.replace(b"\n", b"\r\n"), 1, id="carriage returns"),
        pytest.param(LINE.replace(b"20150101000000", b"20000012081530"), 1, id="month 00"),
        pytest.param(LINE.replace(b"20150101000000", b"20001200081530"), 1, id="day 00"),
        pytest.param(LINE * 1 + LINE.replace(b" 200 ", b" 301 ") * 1, 2, id="two lines"),
        pytest.param(LINE[:40], 0, id="a cut line"),
        pytest.param(LINE.replace(b"http://special.test/never", b"mailto:someone"), 0, id="no web address"),
        pytest.param(LINE.replace(b"20150101000000", b"20159901000000"), 0, id="impossible month"),
    ],
)
async def test_lines_of_an_index_are_read_or_refused_never_dropped(front: Front, page: bytes, count: int) -> None:
    front.fail("/cdx/", Fault(headers={"Content-Type": "text/plain"}, body=page))

    searches, _ = await looked(front, special("/never"))

    (search,) = searches
    assert len(search.captures) == count
    assert (search.failure is None) == (count > 0)
