"""Our pace against a real server that counts: at ten times the allowance of the Internet Archive, and ours ten times quicker."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from audit import captures
from audit.model import Archived, LinkState, Wanted
from audit.settings import Pace
from tests.contracts.desk import NOW, QUICK, MemoryBook, run_pass, settings
from tests.real import front as fronts, nginx, pywb, warc
from tests.real.front import Front
from tests.real.nginx import Door

pytestmark = pytest.mark.real

TEN_TIMES = Pace(playback_per_min=4_800, index_per_min=240)


@pytest.fixture(scope="module")
def front() -> Iterator[Front]:
    with pywb.running() as upstream, fronts.serving(upstream) as front:
        yield front


@pytest.fixture
def door(front: Front) -> Iterator[Door]:
    front.forget()
    with nginx.guarding(front.url, playback_per_min=6_000, index_per_min=300) as door:
        yield door


def article(stories: int, missing: int) -> list[Wanted]:
    """So many cited stories, and so many links that no archive ever saw, between them."""
    near = (datetime(2015, 7, 1, tzinfo=UTC),)
    there = [warc.story_url(warc.HOSTS[number % 10], number // 10) for number in range(stories)]
    gone = [f"{warc.SPECIAL}/never-{number}" for number in range(missing)]
    return [Wanted(url=url, near=near, state=LinkState.LIVE) for url in (*there, *gone)]


async def test_at_our_pace_no_request_is_refused_and_every_answer_comes(door: Door) -> None:
    wanted = article(180, 15)

    searches, _ = await run_pass(wanted, settings(door.url, pace=TEN_TIMES))

    assert door.statuses().count(429) == 0
    assert len(door.statuses()) == 180 + 15 + 15
    answers = [captures.archived([search], now=NOW) for search in searches]
    assert (answers.count(Archived.YES), answers.count(Archived.NO)) == (180, 15)


async def test_without_a_pace_refusals_come_and_nobody_asks_before_the_time_is_over(door: Door) -> None:
    book = MemoryBook()
    wanted = article(0, 60)

    searches, _ = await run_pass(wanted, settings(door.url, pace=QUICK, max_minutes=0.2), book=book)
    asked = len(door.statuses("/cdx/"))
    again, _ = await run_pass(wanted, settings(door.url, pace=QUICK, max_minutes=0.05), book=book)

    assert 429 in door.statuses("/cdx/")
    assert book.pools["wayback", "index"].open_until is not None
    refused = {search.url for search in searches if search.failure}
    assert refused
    assert {captures.archived([each], now=NOW) for each in searches if each.url in refused} == {Archived.UNKNOWN}
    assert not any(search.captures for search in (*searches, *again))
    assert len(door.statuses("/cdx/")) == asked
