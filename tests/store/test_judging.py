"""Stored facts -> stored verdicts: what one address reveals is held against those that were judged before it."""

from datetime import timedelta

from audit import judging
from audit.model import Hop, Outcome
from audit.settings import Settings
from audit.store.opening import Store
from tests.make import NOON, fetch
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


def test_a_neighbour_with_a_page_of_its_own_stays_live(store: Store) -> None:
    fine = f"{SITE}/2020/06/a-long-story-about-bridges"
    read(store, document(fine, *STORIES))
    check(store, Outcome(url=fine, check_id="fine", fetches=(fetch(url=fine, check_id="fine"),)))
    judging.judge(store, [fine], now=LATER, settings=Settings())
    for url in STORIES:
        check(store, ends_at_the_portal(url))

    judging.judge(store, STORIES, now=LATER, settings=Settings())

    assert states(store) == dict.fromkeys(STORIES, "suspect") | {fine: "live"}
