"""Stored facts -> stored verdicts: what one address reveals is held against those that were judged before it."""

from datetime import timedelta

from audit import judging
from audit.model import Hop, Outcome
from audit.settings import Settings
from audit.store import reads, writes
from audit.store.opening import Store
from tests.make import NOON, capture, fetch, search
from tests.store.values import check, document, read, rows

SITE = "https://news.example.com"
STORIES = [f"{SITE}/2020/05/{slug}" for slug in ("the-quay-reopens", "a-bell-is-cast", "the-ferry-sails-again")]
PORTAL = f"{SITE}/everything/we-have-to-say"
LATER = NOON + timedelta(hours=1)


def ends_at_the_portal(url: str) -> Outcome:
    hops = (Hop(url=url, http_status=302, location=PORTAL),)
    shown = fetch(url=url, check_id=url, hops=hops, final_url=PORTAL, title="The Paper", h1="All that we have")
    return Outcome(url=url, check_id=url, fetches=(shown,))


def states(store: Store) -> dict[str, str]:
    return dict(rows(store, "select url, state from current_links where state <> 'unknown'"))


def test_a_late_neighbour_convicts_those_that_were_judged_before_it(store: Store) -> None:
    read(store, document(*STORIES))
    for number, url in enumerate(STORIES):
        check(store, ends_at_the_portal(url))
        judging.judge(store, [url], now=LATER, settings=Settings())
        if not number:
            assert states(store) == {url: "live"}

    assert states(store) == dict.fromkeys(STORIES, "suspect")


def test_one_body_under_three_paths_of_a_host_is_a_shared_digest(store: Store) -> None:
    others = [f"https://other.example.org/{name}" for name in "ab"]
    read(store, document(*STORIES, *others))
    with store.write() as conn:
        writes.write_searches(conn, [search(url=url, captures=(capture(url=url, digest="S" * 32),)) for url in STORIES])
        writes.write_searches(conn, [search(url=url, captures=(capture(url=url, digest="T" * 32),)) for url in others])

    with store.read() as conn:
        shared = reads.shared_digests(conn, [*STORIES, *others])

    assert shared == frozenset({"S" * 32})


def test_a_neighbour_with_a_page_of_its_own_stays_live(store: Store) -> None:
    fine = f"{SITE}/2020/06/a-long-story-about-bridges"
    read(store, document(fine, *STORIES))
    check(store, Outcome(url=fine, check_id="fine", fetches=(fetch(url=fine, check_id="fine"),)))
    judging.judge(store, [fine], now=LATER, settings=Settings())
    for url in STORIES:
        check(store, ends_at_the_portal(url))

    judging.judge(store, STORIES, now=LATER, settings=Settings())

    assert states(store) == dict.fromkeys(STORIES, "suspect") | {fine: "live"}
