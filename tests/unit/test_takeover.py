"""A lost domain is seen, and a broker's article, a betting company, a merger and a new name are not lost (verdicts.md, 7)."""

from typing import Any

import pytest

from audit import liveness, takeover
from audit.model import CitedAs, Fetch, Hop, Sign, Signed, Surroundings
from tests import make

SITE = "http://www.marrowby-gazette.com"
URL = f"{SITE}/2011/council-votes"
CITED = CitedAs(titles=("Council votes on the new harbour bridge",), publishers=("Marrowby Gazette",))


def shown(markup: str, **fields: Any) -> Fetch:
    return make.page(markup, **({"url": URL} | fields))


def led(
    to: str, markup: str = "<title>Welcome</title><p>Hello there, stranger.", *hops: str, asked: str = URL, **fields: Any
) -> Fetch:
    walked = tuple(Hop(url=url, http_status=302, location=after) for url, after in zip((asked, *hops), (*hops, to), strict=True))
    return shown(markup, url=asked, hops=walked, final_url=to, **fields)


def judged(fetch: Fetch, *, cited: CitedAs = CITED, **around: Any) -> Signed:
    return liveness.judge_fetch(fetch, cited=cited, around=Surroundings(**around))


# ---- parked


@pytest.mark.parametrize(
    "fetch",
    [
        pytest.param(led("https://www.hugedomains.com/domain_profile.cfm?d=marrowby-gazette.com"), id="marketplace"),
        pytest.param(led("https://sedo.com/search/details/?domain=marrowby-gazette.com"), id="another marketplace"),
        pytest.param(led("https://www.godaddy.com/domainsearch/find?domainToCheck=x"), id="a path of a registrar"),
        pytest.param(
            led(f"{SITE}/lander", "<title>x</title><p>y", "https://ww1.sedoparking.com/x"), id="a hop through a parking service"
        ),
        pytest.param(
            shown('<html data-adblockkey="MFwwDQ"><title>marrowby-gazette.com</title><p>Related searches'),
            id="key of the ad feed",
        ),
        pytest.param(
            shown('<title>x</title><script src="https://d1lxhc4jvstzrp.cloudfront.net/themes/x.js"></script>'),
            id="parking network",
        ),
        pytest.param(shown('<script>window.location.href="/lander"</script>'), id="lander"),
    ],
)
def test_a_parked_domain_is_taken(fetch: Fetch) -> None:
    found = judged(fetch)

    assert (found.sign, found.reason) == (Sign.TAKEN, "parked")


NEAR_PARKED = [
    pytest.param(
        make.page(
            "<title>Sedo reports record sales</title><p>" + "Domain trading grows. " * 200, url="https://sedo.com/news/2011"
        ),
        id="the marketplace itself",
    ),
    pytest.param(led("https://www.godaddy.com/help/article-12"), id="another page of a registrar"),
    pytest.param(
        shown(
            "<title>The bridge</title><p>"
            + "Bridges carry people. " * 200
            + '<script src="https://www.google.com/adsense/domains/caf.js"></script>'
        ),
        id="a long page that carries the script",
    ),
    pytest.param(led("https://notsedo.com/x/council-votes"), id="a name that ends alike"),
]


@pytest.mark.parametrize("fetch", NEAR_PARKED)
def test_what_only_resembles_parking_is_not_taken(fetch: Fetch) -> None:
    assert takeover.lost(fetch, cited=CITED) is None


# ---- for sale


@pytest.mark.parametrize(
    "sentence",
    [
        "marrowby-gazette.com is for sale",
        "The domain marrowby-gazette.com is for sale!",
        "Buy marrowby-gazette.com",
        "MARROWBY-GAZETTE.COM may be for sale",
        "Die Domain marrowby-gazette.com steht zum Verkauf",
        "Le nom de domaine marrowby-gazette.com est à vendre",
        "El dominio marrowby-gazette.com está en venta",
    ],
)
def test_a_page_that_offers_its_own_domain_is_for_sale(sentence: str) -> None:
    found = judged(shown(f"<title>{sentence}</title><p>Make an offer."))

    assert (found.sign, found.reason) == (Sign.TAKEN, "for-sale")


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(
            "<title>The domain cars.example is for sale | Marrowby Gazette</title><p>A broker offers it.",
            id="an article of a broker",
        ),
        pytest.param("<title>For sale: a house by the bridge</title><p>Make an offer.", id="a house"),
        pytest.param(
            "<title>How domains are sold</title><p>" + "marrowby-gazette.com is for sale, they wrote as an example. " * 40,
            id="a long article",
        ),
        pytest.param("<title>marrowby-gazette.com</title><p>Our paper is for sale at every kiosk.", id="the paper at the kiosk"),
    ],
)
def test_an_article_about_domain_trading_is_no_offer(markup: str) -> None:
    assert takeover.lost(shown(markup), cited=CITED) is None


# ---- another trade


CASINO = "<title>Slot Gacor: situs judi online</title><meta name=description content='Bonus deposit, jackpot, togel'><h1>Casino</h1><p>Play now."


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(CASINO, id="gambling"),
        pytest.param("<title>Canlı bahis ve casino siteleri</title><h1>Deneme bonusu</h1><p>x", id="gambling in Turkish"),
        pytest.param("<title>Казино и ставки</title><h1>Игровые автоматы</h1><p>x", id="gambling in Russian"),
        pytest.param("<title>娱乐城 博彩 百家乐</title><p>x", id="gambling in Chinese"),
        pytest.param("<title>Buy Viagra, Cialis online</title><h1>Canadian pharmacy</h1><p>x", id="pharmacy"),
        pytest.param("<title>Porn xxx</title><h1>Sex videos</h1><p>x", id="adult"),
    ],
)
def test_a_site_in_another_trade_is_taken_over(markup: str) -> None:
    found = judged(shown(markup))

    assert (found.sign, found.reason) == (Sign.TAKEN, "taken-over")


NOT_TAKEN_OVER = [
    pytest.param(CASINO, CitedAs(titles=("Casino and slot machine revenues of 2011",)), URL, id="cited for it"),
    pytest.param(
        CASINO, CitedAs(titles=("Annual report",), publishers=("Marrowby Poker Club",)), URL, id="a publisher of that trade"
    ),
    pytest.param(
        CASINO, CitedAs(titles=("Annual report 2011",)), "https://casino-marrowby.com/report", id="the host is called so"
    ),
    pytest.param("<title>Betting on bridges: a casino of ideas</title><p>x", CITED, URL, id="two of its words"),
    pytest.param("<title>Between the slots of Essex: sextants and alphabets</title><p>x", CITED, URL, id="letters inside words"),
    pytest.param(
        "<title>The paper</title><p>" + "casino poker slots betting jackpot " * 50, CITED, URL, id="words of the text alone"
    ),
    pytest.param(CASINO, CitedAs(), URL, id="nothing is known of the citation"),
    pytest.param(
        CASINO.replace("Casino</h1>", "Council votes on the new harbour bridge</h1>"), CITED, URL, id="the cited title is there"
    ),
]


@pytest.mark.parametrize(("markup", "cited", "url"), NOT_TAKEN_OVER)
def test_a_betting_company_cited_as_such_is_not_taken_over(markup: str, cited: CitedAs, url: str) -> None:
    assert takeover.lost(shown(markup, url=url), cited=cited) is None


# ---- unrelated


def test_a_redirect_to_strangers_where_the_front_page_goes_too_is_unrelated() -> None:
    root = led("https://gadget-bargains.net/", asked=f"{SITE}/", role="root")

    found = judged(led("https://gadget-bargains.net/offers", "<title>Cheap telephones</title><p>Buy."), root=root)

    assert (found.sign, found.reason) == (Sign.TAKEN, "unrelated-redirect")


STRANGE = "https://gadget-bargains.net/offers"
ROOT = led("https://gadget-bargains.net/", asked=f"{SITE}/", role="root")
RELATED = [
    pytest.param(
        led("https://gazette.com/local"), led("https://gazette.com/", asked=f"{SITE}/"), id="merger that keeps the brand"
    ),
    pytest.param(led("https://harbourside-media.com/a/council-votes-bridge-opens"), ROOT, id="the front page goes elsewhere"),
    pytest.param(
        led("https://gadget-bargains.net/council-votes-on-bridge", asked=f"{SITE}/2011/council-votes-on-bridge"),
        ROOT,
        id="renamed, the slug kept",
    ),
    pytest.param(
        led(STRANGE, "<title>Council votes on the new harbour bridge - Gadget</title>"), ROOT, id="renamed, the title kept"
    ),
    pytest.param(led(STRANGE), shown("<title>Marrowby Gazette</title>", url=f"{SITE}/"), id="the front page stayed"),
    pytest.param(led(STRANGE), None, id="the front page is not known"),
    pytest.param(led("https://archive.marrowby-gazette.com/x"), ROOT, id="the same domain"),
]


@pytest.mark.parametrize(("fetch", "root"), RELATED)
def test_a_merger_or_a_new_name_is_not_unrelated(fetch: Fetch, root: Fetch | None) -> None:
    assert takeover.unrelated(fetch, cited=CITED, root=root) is None


def test_without_a_cited_title_a_redirect_is_never_called_unrelated() -> None:
    assert takeover.unrelated(led(STRANGE), cited=CitedAs(), root=ROOT) is None


# ---- the whole domain


def test_the_404s_of_a_parked_domain_are_usurped() -> None:
    root = shown('<html data-adblockkey="x"><title>x</title>', url=f"{SITE}/", role="root")

    found = judged(make.fetch(url=URL, status=404), root=root)

    assert (found.sign, found.reason) == (Sign.TAKEN, "parked")


def test_two_parked_siblings_convict_the_domain_and_one_does_not() -> None:
    parked = [shown('<html data-adblockkey="x"><title>x</title>', url=f"{SITE}/{name}") for name in ("a", "b")]
    gone = make.fetch(url=URL, status=404)

    assert judged(gone, siblings=tuple(parked)).sign is Sign.TAKEN
    assert judged(gone, siblings=tuple(parked[:1])).sign is Sign.GONE


def test_a_404_on_a_healthy_domain_is_a_404() -> None:
    root = shown("<title>Marrowby Gazette</title><p>" + "News of the harbour. " * 200, url=f"{SITE}/", role="root")

    assert judged(make.fetch(url=URL, status=404), root=root).sign is Sign.GONE


def test_a_takeover_seen_through_a_wrong_certificate_is_half_as_sure() -> None:
    fetch = shown("<title>marrowby-gazette.com is for sale</title>")

    through = judged(shown("<title>marrowby-gazette.com is for sale</title>", tls="wrong-host"))

    assert through.strength == judged(fetch).strength / 2


def test_the_cited_title_on_the_page_is_stronger_than_a_service_in_its_markup() -> None:
    page = shown('<html data-adblockkey="x"><title>Council votes on the new harbour bridge</title><p>Short text.')

    assert judged(page).sign is Sign.OK


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("marrowby-gazette.example", "gazette.example", True),
        ("oldbank.example", "newoldbank.example", True),
        ("mills.example", "casino.example", False),
        ("abc.example", "abcnews.example", False),
    ],
)
def test_a_brand_is_a_telling_part_of_the_name(*, one: str, other: str, shared: bool) -> None:
    assert takeover.shares_brand(one, other) is shared


@pytest.mark.parametrize("text", ["casino " * 150_000, "marrowby-gazette.com is for " * 40_000, "a" * 1_000_000])
def test_hostile_pages_are_judged_by_their_short_parts(text: str) -> None:
    fetch = make.fetch(url=URL, sample=text, title=text[:1_000], h1=text[:1_000], word_count=20)

    assert judged(fetch).sign in set(Sign)
