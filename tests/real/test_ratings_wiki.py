"""Rating lists read from a real MediaWiki by its API."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit import ratings, refreshing
from audit.errors import RatingsError
from audit.ratings import ListFacts, Listing
from audit.settings import RatingList, Settings, Web
from audit.store import reads
from audit.store.opening import open_store
from audit.store.upgrading import upgrade
from tests.real import wiki_front
from tests.real.mediawiki import MediaWiki
from tests.real.wiki_front import Edge, WikiFront

pytestmark = pytest.mark.real

CASES = Path(__file__).parent.parent / "cases" / "ratings"
LIST = "Project:Reliable sources/Perennial sources"
ROWS = 60
ROW = '|- class="s-gr" id="Source {0}"\n| [[Source {0}]]\n| {{{{WP:RSPSTATUS|gr}}}}\n| {{{{WP:RSPLAST|2024}}}}\n| {{{{WP:RSPUSES|source{0}.example}}}}\n'
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def behind(wiki: MediaWiki) -> Iterator[WikiFront]:
    """A front of a wiki with the fixture subpages, one subpage per source for many more, and pages about the list."""
    held = {f"{LIST}/{number}": (CASES / f"perennial_{number}.wiki").read_text() for number in (1, 2)}
    held |= {f"{LIST}/Source {number}": ROW.format(number) for number in range(ROWS)}
    held |= {f"{LIST}/sandbox": ROW.format("sand"), "Spam blacklist": r"\bspam\.example\b # asked for"}
    held |= {"Cite Unseen/sources/enVGS": (CASES / "cite_unseen.wiki").read_text()}
    wiki.save(held)
    with wiki_front.serving(wiki.url) as front:
        yield front


@pytest.fixture
def front(behind: WikiFront) -> WikiFront:
    behind.forget()
    return behind


def settings(front: WikiFront) -> Settings:
    web = Web(contact="desk@news.example", allow_networks=("127.0.0.0/8",), retry_after_s=(0.05,), max_wait_s=10.0)
    return replace(Settings(), web=web, wiki=replace(Settings().wiki, sites={"enwiki": front.api}))


async def read(front: WikiFront, kind: str = "rsp") -> Listing:
    chosen = RatingList(name=f"enwiki-{kind}", kind=kind, source="enwiki")  # type: ignore[arg-type]  # a kind of the tests
    fetched = await refreshing.fetch(chosen, settings=settings(front))
    facts = ListFacts(name=chosen.name, language=fetched.language, url=fetched.url)
    return ratings.read(kind, fetched.body, facts=facts)


async def test_every_subpage_is_read_with_its_revision(wiki: MediaWiki, front: WikiFront) -> None:
    listing = await read(front)

    assert listing.counts["rows"] == ROWS + 6
    assert listing.counts["pages_aside"] == 1
    revisions = {title.rpartition("/")[2]: int(revision) for title, revision in listing.revisions}
    assert revisions["1"] == wiki.newest(f"{LIST}/1")
    [rule] = [rule for rule in listing.rules if rule.key == "source7.example"]
    assert rule.revision == str(wiki.newest(f"{LIST}/Source 7"))
    assert rule.url is not None
    assert rule.url.startswith(front.api.removesuffix("/w/api.php") + "/wiki/")
    assert rule.url.endswith("Reliable_sources/Perennial_sources/Source_7#Source_7")


async def test_continuation_loses_no_row(front: WikiFront) -> None:
    whole = await read(front)
    sizes = sorted(hit.size for hit in front.asked(action="query", prop="revisions"))
    front.forget()
    front.always["X-Wiki-Result-Size"] = "8000"

    listing = await read(front)

    assert len(front.asked(action="query", prop="revisions")) > len(sizes)
    assert listing == whole


async def test_a_wiki_that_asks_to_wait_is_asked_again(front: WikiFront) -> None:
    front.answer(Edge(http_status=429, body="<html>slow down</html>", headers={"Retry-After": "0"}))

    listing = await read(front)

    assert listing.counts["rows"] == ROWS + 6


@pytest.mark.parametrize(("kind", "key"), [("spamlist", "spam.example"), ("citeunseen", "games.example")])
async def test_other_lists_are_read_from_their_pages(front: WikiFront, kind: str, key: str) -> None:
    listing = await read(front, kind)

    assert key in {rule.key for rule in listing.rules}
    assert listing.revisions


async def test_a_kind_that_no_wiki_holds_says_where_it_comes_from(front: WikiFront) -> None:
    with pytest.raises(RatingsError, match="read from a file"):
        await read(front, "mbfc")


async def test_a_run_keeps_the_list_that_it_has_when_the_wiki_refuses(front: WikiFront, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/audit.db"
    upgrade(database)
    store = open_store(database)
    chosen = replace(settings(front), ratings=(RatingList(name="enwiki-rsp", kind="rsp", source="enwiki", refresh_days=0),))
    first = await refreshing.refresh(store, chosen, now=NOW)
    front.always["X-Wiki-Error"] = "readapidenied"

    second = await refreshing.refresh(store, chosen, now=NOW)

    with store.read() as conn:
        [known] = reads.loaded_lists(conn, now=NOW)
    store.close()
    assert (first, known.counts["rows"]) == ([], ROWS + 6)
    assert len(second) == 1
    assert second[0].startswith("rating list not read: ")
    assert json.dumps(known.revisions).count("/Source ") == ROWS
