"""A lost domain is seen, and a broker's article, a betting company, a merger and a new name are not lost (verdicts.md, 7)."""

import json
from datetime import date
from typing import Any

import pytest

from audit import liveness, takeover
from audit.model import CitedAs, Failure, Fetch, Hop, Sign, Signed, Surroundings
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
    return shown(markup, **({"url": asked, "hops": walked, "final_url": to} | fields))


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


@pytest.mark.parametrize(
    "fetch",
    [
        pytest.param(
            led("https://www.hugedomains.com/x", failure=Failure.TIMEOUT, http_status=None, final_url=None), id="silence"
        ),
        pytest.param(led("https://www.afternic.com/forsale/x", http_status=403), id="a refusal"),
    ],
)
def test_a_marketplace_that_does_not_answer_us_is_one_all_the_same(fetch: Fetch) -> None:
    assert judged(fetch).reason == "parked"


NUMBERED = "<title>marrowby-gazette.com</title><h1>marrowby-gazette.com</h1><p>Related searches"


@pytest.mark.parametrize(
    ("fetch", "lost"),
    [
        pytest.param(led("http://ww25.marrowby-gazette.com/x?subid1=2026", "<p>x"), True, id="with the mark of a network"),
        pytest.param(led("http://ww1.marrowby-gazette.com/", NUMBERED), True, id="called by its domain"),
        pytest.param(led("http://ww2.marrowby-gazette.com/", "<title>Welcome</title><p>News"), False, id="a numbered server"),
        pytest.param(
            led("http://ww2.marrowby-gazette.com/x?subid1=1", "<p>" + "News of the harbour. " * 200), False, id="a long page"
        ),
    ],
)
def test_a_numbered_host_alone_says_nothing(*, fetch: Fetch, lost: bool) -> None:
    assert (takeover.lost(fetch, cited=CITED) is not None) is lost


NEAR_PARKED = [
    pytest.param(led("https://www.afternic.com/x", asked="https://news.dan.com/a"), id="a marketplace that moved"),
    pytest.param(
        shown('<title>My site was parked</title><p>It shows <a href="https://sedoparking.com/x">sedoparking.com</a> now.'),
        id="a link to the service",
    ),
    pytest.param(shown('<title>The mission</title><p>The <a href="/lander">lander</a> left in May.'), id="a moon lander"),
    pytest.param(
        shown("<title>Monday</title><p>marrowby-gazette.com is registered with the charity commission."), id="registered with"
    ),
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
        "www.Marrowby-Gazette.com is for sale",
        "marrowby-gazette . com is for sale",
        "marrowby-gazette dot com is for sale",
        "marrowby-gazette[.]com may be for sale",
        "marrowby-gazette.com - For Sale",
        "Il dominio marrowby-gazette.com è in vendita",
        "De domeinnaam marrowby-gazette.com is te koop",
        "Domena marrowby-gazette.com jest na sprzedaż",
        "Домен marrowby-gazette.com продаётся",
        "Домен marrowby-gazette.com продається",
        "marrowby-gazette.com satılık",
        "النطاق marrowby-gazette.com للبيع",
        "marrowby-gazette.comは販売中です",
        "marrowby-gazette.com 域名出售",
        "marrowby-gazette.com 도메인 판매",
        "Tên miền marrowby-gazette.com đang được bán",
    ],
)
def test_a_page_that_offers_its_own_domain_is_for_sale(sentence: str) -> None:
    found = judged(shown(f"<title>{sentence}</title><p>Make an offer."))

    assert (found.sign, found.reason) == (Sign.TAKEN, "for-sale")


@pytest.mark.parametrize("shown_name", ["xn--grn-ioa.com", "grün.com", "GRÜN.COM"])
def test_a_domain_is_known_in_letters_and_in_its_labels(shown_name: str) -> None:
    page = shown(f"<title>{shown_name} is for sale</title><p>Make an offer.", url="http://xn--grn-ioa.com/x")

    assert judged(page).reason == "for-sale"


def test_a_long_page_is_an_offer_only_when_its_title_says_nothing_else() -> None:
    praise = "<p>" + "Why choose us? Secure payments and happy customers. " * 120

    assert judged(shown("<title>marrowby-gazette.com is for sale</title>" + praise)).reason == "for-sale"
    assert takeover.lost(shown("<title>Marrowby</title>" + praise + "marrowby-gazette.com is for sale"), cited=CITED) is None


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(
            "<title>marrowby-gazette.com</title><p>Interested in marrowby-gazette.com? Write to us.", id="a contact page"
        ),
        pytest.param("<title>Buy marrowby-gazette.com mugs</title><p>Mugs and shirts.", id="a shop"),
        pytest.param("<title>Houses</title><p>See marrowby-gazette.com for sale listings every day.", id="listings"),
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
    found = judged(shown(markup), root=shown(markup, url=f"{SITE}/", role="root"))

    assert (found.sign, found.reason) == (Sign.TAKEN, "taken-over")


HEALTHY = shown("<title>Marrowby Gazette</title><p>" + "News of the harbour. " * 200, url=f"{SITE}/", role="root")
OLD = "<title>Council votes</title><p>" + "The council voted on the bridge in the harbour, and it was a close vote. " * 12
CASINO_PAGE = (
    "<title>Slot Gacor: situs judi online</title><h1>Bonus deposit togel</h1><p>" + "Main dan menang bonus besar hari ini. " * 20
)


@pytest.mark.parametrize(
    ("around", "taken"),
    [
        pytest.param({}, False, id="nothing else"),
        pytest.param({"root": HEALTHY}, False, id="a healthy front page"),
        pytest.param({"siblings": (shown(CASINO_PAGE, url=f"{SITE}/other"),)}, True, id="a neighbour of the same trade"),
        pytest.param(
            {"playbacks": (make.playback(sample=OLD, sketch=make.page(OLD).sketch, title="Votes"),)},
            True,
            id="a copy of another text",
        ),
        pytest.param({"root": shown(CASINO_PAGE, url=f"{SITE}/", role="root")}, True, id="the front page"),
    ],
)
def test_a_page_of_another_trade_needs_a_witness(*, around: dict[str, Any], taken: bool) -> None:
    assert (judged(shown(CASINO_PAGE), **around).sign is Sign.TAKEN) is taken


def test_a_language_that_no_citation_names_is_a_witness() -> None:
    page = shown('<html lang="id">' + CASINO_PAGE)

    assert judged(page, cited=CitedAs(titles=CITED.titles, languages=("en",))).sign is Sign.TAKEN
    assert judged(page, cited=CitedAs(titles=CITED.titles, languages=("id",))).sign is not Sign.TAKEN


@pytest.mark.parametrize("front", [CASINO, "<title>Best online casino bonuses</title><h1>Free spins and slots</h1><p>x"])
def test_the_404s_of_a_site_in_another_trade_are_usurped(front: str) -> None:
    found = judged(make.fetch(url=URL, status=404), root=shown(front, url=f"{SITE}/", role="root"))

    assert (found.sign, found.reason) == (Sign.TAKEN, "taken-over")


@pytest.mark.parametrize(
    "front",
    [
        pytest.param("<title>Marrowby Gazette: casino, slots, free spins and bonus</title><p>x", id="the publisher by name"),
        pytest.param("<title>Museum of slots, jackpots and casinos</title><p>x", id="words without an offer"),
        pytest.param("<title>Bank: welcome bonus on your deposit, login</title><p>x", id="an offer of another trade"),
    ],
)
def test_the_404s_of_a_site_that_is_still_its_owners_are_gone(front: str) -> None:
    assert judged(make.fetch(url=URL, status=404), root=shown(front, url=f"{SITE}/", role="root")).sign is Sign.GONE


def test_the_front_page_of_a_platform_convicts_no_tenant() -> None:
    root = shown('<html data-adblockkey="x"><title>x</title>', url="https://medium.com/", role="root")

    assert judged(make.fetch(url="https://medium.com/@ann/story", status=404), root=root).sign is Sign.GONE


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
    root = shown(markup, url=url.partition("/2")[0] + "/", role="root")

    assert judged(shown(markup, url=url), cited=cited, root=root).sign is not Sign.TAKEN


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


def test_strangers_who_name_whom_they_bought_are_a_merger() -> None:
    page = led(STRANGE, "<title>Gadget</title><p>We are proud of the Marrowby Gazette, which joined us last year.")

    assert takeover.unrelated(page, cited=CITED, root=ROOT) is None


# ---- registered anew


def registry(answer: dict[str, Any] | None, **fields: Any) -> Fetch:
    asked = {"requested_url": "https://rdap.example/domain/x", "role": "rdap", "http_status": 200, "title": None, "sample": None}
    sample = json.dumps(answer) if answer is not None else None
    return make.fetch(url=URL, **(asked | {"sample": sample} | fields))


LATER, EARLIER = registry({"registered": "2021-03-04T04:00:00+00:00"}), registry({"registered": "2001-03-04T04:00:00+00:00"})
ACCESSED = CitedAs(titles=CITED.titles, first_access_date=date(2011, 5, 1))
OTHER_TEXT = "<title>Ten ways to style your balcony</title><p>" + "On the balcony of the house there was a plant in a pot. " * 12


@pytest.mark.parametrize(
    ("markup", "registration", "cited", "anew"),
    [
        pytest.param(OTHER_TEXT, LATER, ACCESSED, True, id="later, and another text"),
        pytest.param(OTHER_TEXT, EARLIER, ACCESSED, False, id="earlier"),
        pytest.param(OTHER_TEXT, None, ACCESSED, False, id="nobody was asked"),
        pytest.param(OTHER_TEXT, registry({}), ACCESSED, False, id="no date in the answer"),
        pytest.param(OTHER_TEXT, registry(None, http_status=429), ACCESSED, False, id="a refusal"),
        pytest.param(OTHER_TEXT, LATER, CITED, False, id="no access date and no copy"),
        pytest.param("<title>Council votes on the new harbour bridge</title><p>x", LATER, ACCESSED, False, id="the cited title"),
        pytest.param(
            "<title>Vote on harbour bridge</title><p>" + "The council and the new bridge. " * 30,
            LATER,
            ACCESSED,
            False,
            id="the same topic",
        ),
    ],
)
def test_a_later_registration_convicts_only_with_another_text(
    *, markup: str, registration: Fetch | None, cited: CitedAs, anew: bool
) -> None:
    found = judged(shown(markup), cited=cited, registration=registration)

    assert (found.reason == "re-registered") is anew


@pytest.mark.parametrize(
    ("registration", "detail", "reason"),
    [
        pytest.param(registry(None, http_status=404), "nxdomain", "domain-vanished", id="no name and no registration"),
        pytest.param(registry(None, http_status=404), "timeout", "dns", id="the name was not answered for"),
        pytest.param(EARLIER, "nxdomain", "dns", id="registered"),
        pytest.param(None, "nxdomain", "dns", id="nobody was asked"),
        pytest.param(
            registry(None, http_status=404, requested_url="https://rdap.org/domain/x"),
            "nxdomain",
            "dns",
            id="a bootstrap that knows no registry",
        ),
    ],
)
def test_a_domain_has_vanished_when_neither_name_nor_registration_is_left(
    registration: Fetch | None, detail: str, reason: str
) -> None:
    found = judged(make.fetch(url=URL, failure=Failure.DNS, detail=detail), registration=registration)

    assert found.reason == reason


def test_name_servers_of_parking_services_are_told_of_and_decide_nothing() -> None:
    servers = registry({"name_servers": ["ns1.sedoparking.com", "ns2.sedoparking.com"]})

    assert judged(shown("<title>The paper</title><p>" + "News. " * 200), registration=servers).sign is Sign.OK
    sold = judged(shown("<title>marrowby-gazette.com is for sale</title>"), registration=servers)
    assert [each.rule for each in sold.evidence] == ["takeover.for-sale", "takeover.name-servers"]


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
