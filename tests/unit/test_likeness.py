"""Two answers are one page when neither has anything of its own; what only moves with the address or the hour is nothing (verdicts.md, 6)."""

from typing import Any

import pytest

from audit import likeness
from audit.likeness import Likeness
from audit.model import Fetch, Hop
from tests import make

SITE = "https://news.example.com"
LETTERS = "qzkvbnmwrtplkjhgfdsaqwez"
PORTAL = (
    "We looked everywhere, in the archive and in the cellar. Our readers may search the whole site from here at any hour. " * 3
)
TEMPLATE = "The register lists every clock of the county, its maker, its wheels and its bell. Corrections are welcome. " * 4
MENU = "Home Albums People Places Years Search Upload Help Imprint Contact Terms Next Previous " * 3


def page(
    body: str, *, path: str = "/2020/05/a-long-story", title: str = "The Paper", h1: str = "Welcome", **fields: Any
) -> Fetch:
    return make.page(f"<title>{title}</title><h1>{h1}</h1><p>{body}", url=f"{SITE}{path}", **fields)


def probe(body: str, **fields: Any) -> Fetch:
    return page(body, **{"path": f"/2020/05/{LETTERS}", "role": "probe"} | fields)


ONE_PAGE = [
    pytest.param(page(PORTAL), probe(PORTAL), id="word for word"),
    pytest.param(page(f"{PORTAL} /2020/05/a-long-story"), probe(f"{PORTAL} /2020/05/{LETTERS}"), id="an echo"),
    pytest.param(
        page(PORTAL, title="a long story - The Paper"), probe(PORTAL, title=f"{LETTERS} - The Paper"), id="an echo as title"
    ),
    pytest.param(page(f"{PORTAL} 12:31:07, Monday 1 June 2026"), probe(f"{PORTAL} 12:44:59, Friday 3 July 2026"), id="the hour"),
    pytest.param(page(f"{PORTAL} Visitor 48012"), probe(f"{PORTAL} Visitor 48013"), id="a counter"),
    pytest.param(
        page(f"{PORTAL} Ferry sails again after the storm. Choir wins a cup."),
        probe(f"{PORTAL} Ducks delay morning tram. Baker bakes longest loaf."),
        id="other stories under one heading",
    ),
    pytest.param(page("", title="", h1=""), probe("", title="", h1=""), id="nothing at all"),
]


@pytest.mark.parametrize(("fetch", "other"), ONE_PAGE)
def test_what_moves_with_the_address_or_the_hour_does_not_make_another_page(fetch: Fetch, other: Fetch) -> None:
    assert likeness.to_probe(fetch, other) is Likeness.SAME


NOT_ONE = [
    pytest.param(page(TEMPLATE + "Maker: Arkwell, of pear wood."), probe(TEMPLATE + "No clock."), id="a record in a template"),
    pytest.param(page(TEMPLATE + "Material: oak"), probe(TEMPLATE + "Material:"), id="a word in a template"),
    pytest.param(page(TEMPLATE + "1741"), probe(TEMPLATE), id="a number in a template"),
    pytest.param(page(TEMPLATE + "3.1 m, 0.4 m"), probe(TEMPLATE + "m, m"), id="values in a template"),
    pytest.param(
        page("pontoon: a flat boat", path="/word/pontoon", h1="pontoon"),
        probe(f"{LETTERS}: no entry", path=f"/word/{LETTERS}", h1=LETTERS),
        id="a word of a dictionary",
    ),
    pytest.param(page(PORTAL), probe(PORTAL, title="Not found"), id="another title"),
    pytest.param(
        page(TEMPLATE + "Maker: Arkwell. Wheels of pear wood, one hand, a bell.", h1="Register"),
        probe(TEMPLATE + "There is no record with this number in the register.", h1="Register"),
        id="a template that says that it has no record",
    ),
    pytest.param(
        page(f"{PORTAL} The bridge was opened by the mayor and a goat, which ate the ribbon.", h1="The Paper"),
        probe(f"{PORTAL} Ducks delay morning tram. Baker bakes longest loaf.", h1="The Paper"),
        id="a short article under the name of the site",
    ),
    pytest.param(page(f'{MENU}<img src="/1.jpg">'), probe(f'{MENU}<img src="/2.jpg">'), id="a picture under a menu"),
    pytest.param(page('<iframe src="/1"></iframe>'), probe('<iframe src="/2"></iframe>'), id="a frame"),
]


@pytest.mark.parametrize(("fetch", "other"), NOT_ONE)
def test_a_page_with_something_of_its_own_is_not_the_page_for_what_cannot_exist(fetch: Fetch, other: Fetch) -> None:
    assert likeness.to_probe(fetch, other) is not Likeness.SAME


def test_words_of_the_address_stay_where_the_server_does_not_repeat_it() -> None:
    short = "Back to the list of all words of the quay and the river. " * 3

    fetch = page(f"{short} pontoon boat", path="/word/pontoon-boat")

    assert likeness.to_probe(fetch, probe(short, path=f"/word/{LETTERS}")) is not Likeness.SAME


def test_a_static_page_that_reads_its_query_has_the_same_bytes_for_every_query() -> None:
    markup = "Zoom in. Zoom out. Print.<script src=v.js></script>"
    shown = page(markup, path="/viewer.html?file=a.pdf", body_sha256="a")

    assert likeness.to_probe(shown, page(markup, path=f"/viewer.html?file={LETTERS}", body_sha256="a")) is Likeness.ALIKE


SIBLINGS = [
    pytest.param(PORTAL, PORTAL, Likeness.SAME, id="one text"),
    pytest.param(f"{PORTAL} 12:31 2026-06-01", f"{PORTAL} 14:02 2026-06-09", Likeness.SAME, id="another hour"),
    pytest.param(f"{TEMPLATE} Grave 1, row 4", f"{TEMPLATE} Grave 2, row 5", Likeness.DIFFERENT, id="records of numbers"),
    pytest.param(f"{TEMPLATE} Anna", f"{TEMPLATE} Josse Arkwell", Likeness.DIFFERENT, id="records of words"),
    pytest.param(
        f"{TEMPLATE} Vellham 1 Ullock 2", f"{TEMPLATE} Vellham 2 Ullock 1", Likeness.DIFFERENT, id="the same in another order"
    ),
    pytest.param(f"{TEMPLATE} Colour red", f"{TEMPLATE} Colour blue", Likeness.DIFFERENT, id="a single word"),
    pytest.param(f"{TEMPLATE} Weight 41.25", f"{TEMPLATE} Weight 42.75", Likeness.DIFFERENT, id="a single value"),
    pytest.param(f"{TEMPLATE} of 12 May 1891", f"{TEMPLATE} of 3 June 1892", Likeness.DIFFERENT, id="dates of long ago"),
    pytest.param(f"{PORTAL} 1 June 2026", f"{PORTAL} 3 June 2026", Likeness.SAME, id="another day"),
    pytest.param(f'{MENU}<img src="/1.jpg">', f'{MENU}<img src="/2.jpg">', Likeness.ALIKE, id="pictures"),
]


@pytest.mark.parametrize(("one", "other", "expected"), SIBLINGS)
def test_two_cited_pages_are_one_only_when_nothing_but_a_date_differs(one: str, other: str, expected: Likeness) -> None:
    assert likeness.to_sibling(page(one), page(other, path="/2021/06/another-one")) is expected


def walked(asked: str, final: str) -> Fetch:
    return page(
        PORTAL, path=asked, hops=(Hop(url=f"{SITE}{asked}", http_status=302, location=final),), final_url=f"{SITE}{final}"
    )


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        pytest.param(walked("/a/b", "/portal"), walked("/c/d", "/portal/"), True, id="one address"),
        pytest.param(walked("/a/b", "/search?q=b"), walked("/a/c", "/search?q=c"), True, id="a search for each name"),
        pytest.param(walked("/a/b", "/x/b"), walked("/a/c", "/x/c"), False, id="each its own"),
        pytest.param(walked("/a/b", "/portal"), page(PORTAL, path="/portal"), False, id="one that was there"),
    ],
)
def test_walks_end_together_when_nothing_of_their_own_is_left(*, one: Fetch, other: Fetch, together: bool) -> None:
    assert likeness.end_together(one, other) is together
