"""Domains in other hands, and what only looks like it. The truth of each stands beside it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

from audit.demo.sites import Answer, Site
from audit.model import LinkState
from tests.lab.situation import DRIFTED, HOME, LIVE, NOT_FOUND, PATH, SUSPECT, USURPED, Scenario, document, html, made, to

LOST, ALIVE, GONE = frozenset({USURPED}), frozenset({LIVE}), frozenset({SUSPECT})
NOT_LIVE = LOST | GONE
REGISTRY = "registry-of-names.example"
"""Answers for the registries of all domains."""

Build = Callable[[str], dict[str, Answer]]
"""Registrable domain -> the pages of its site; the one at `*` answers for every other path."""


def hands() -> Iterator[Scenario]:
    yield from parked()
    yield from for_sale()
    yield from trades()
    yield from registered()
    yield from unrelated()
    yield from near()


_SITES: list[Site] = []
_REGISTERED: dict[str, Answer] = {}


def others() -> tuple[Site, ...]:
    """Hosts that redirects lead to, and the registry."""
    return (*_SITES, Site(host=REGISTRY, name="A registry", pages=_REGISTERED, otherwise=Answer(http_status=404, body=b"{}")))


def domain_of(scenario: Scenario) -> str:
    return ".".join(scenario.site.host.split(".")[-2:])


def of(
    name: str,
    build: Build,
    *,
    states: frozenset[LinkState] = LOST,
    kind: str = "taken",
    registered: str | None = None,
    **more: object,
) -> Scenario:
    """A situation whose pages name their own domain. `registered` is the day on which the registry says it was."""
    scenario = made(kind, name, None, states=states, **more)  # type: ignore[arg-type]  # names are those of made
    domain = domain_of(scenario)
    pages = build(domain)
    otherwise = pages.pop("*", scenario.site.otherwise)
    if otherwise is not None and states == LOST:
        pages = {"/": otherwise, **pages}
    if registered:
        _REGISTERED[f"/domain/{domain}"] = registration(domain, registered)
    known = {"/": HOME, **pages}
    # A plain host: words of the situation's name in it would be words of the site's own.
    return replace(scenario, site=replace(scenario.site, host=f"site.{domain}", pages=known, otherwise=otherwise))


def registration(domain: str, day: str) -> Answer:
    """What a registry answers (RFC 9083)."""
    events = [
        {"eventAction": "registration", "eventDate": f"{day}T04:00:00Z"},
        {"eventAction": "expiration", "eventDate": "2031-01-01T04:00:00Z"},
        {"eventAction": "last changed", "eventDate": "2026-11-01T04:00:00Z"},
    ]
    body = json.dumps({"objectClassName": "domain", "ldhName": domain.upper(), "events": events}).encode()
    return Answer(body=body, content_type="application/rdap+json")


def everywhere(answer: Answer) -> Build:
    return lambda _: {"*": answer}


def _each(answer: Callable[[str], Answer]) -> Build:
    return lambda domain: {"*": answer(domain)}


def _fronted(front: Answer) -> Build:
    """A front page, and nothing else."""
    return lambda _: {"/": front, "*": NOT_FOUND}


def page(title: str, body: str = "", **more: str) -> Answer:
    return html(title, body=body or f"{title}. ", **more)


# ---- parked

KEY = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBANDrp2lz7AOmADaN8tA50LsWcjLFyQFcb"
PARKED: dict[str, Callable[[str], bytes]] = {
    "an ad feed with its key": lambda d: (
        f'<!doctype html><html data-adblockkey="{KEY}"><head><title>{d}</title></head><body><div id="target"></div><script src="/bKxvTqr.js"></script></body></html>'
    ).encode(),
    "an ad feed in a script": lambda d: (
        f'<html><head><title>{d}</title></head><body><h1>{d}</h1><p>Related searches</p><script src="https://www.google.com/adsense/domains/caf.js"></script></body></html>'
    ).encode(),
    "an ad feed from its new host": lambda d: (
        f'<html><head><title>{d}</title></head><body><div id="relatedsearches"></div><script async src="https://syndicatedsearch.goog/adsense/domains/caf.js?abp=1"></script></body></html>'
    ).encode(),
    "a settings blob": lambda d: (
        f'<html lang="en"><head><title>{d}</title><link rel="preconnect" href="https://www.google.com"></head><body><div id="target" style="opacity: 0"></div><script>window.park = "eyJ1dWlkIjoiMTIzIiwiZG9tYWluIjoiIn0="</script><script src="/bDEfghIjk.js"></script></body></html>'
    ).encode(),
    "themes of a parking network": lambda d: (
        f'<html><head><title>{d}</title><link rel="stylesheet" href="https://d38psrni17bvxu.cloudfront.net/themes/cleanPeppermint_7a82f1f3/style.css"></head><body><h1>{d}</h1></body></html>'
    ).encode(),
    "a registrar's app": lambda _: (
        b'<!doctype html><html lang="en"><head><script>window.LANDER_SYSTEM="PW"</script><script>window._trfd=window._trfd||[],window._trfd.push({ap:"parking"})</script><script defer src="https://img1.wsimg.com/parking-lander/static/js/main.98fc5cd3.js"></script></head><body><div id="root"></div></body></html>'
    ),
    "a marketplace's parking page": lambda d: (
        f'<html><head><title>{d}&nbsp;-&nbsp;This website is for sale!&nbsp;-&nbsp;{d.partition(".")[0]} Resources and Information.</title></head><body><p>{d} is your first and best source for all of the information you\'re looking for.</p><img src="https://img.sedoparking.com/templates/bg/arrows.png"></body></html>'
    ).encode(),
    "a frame of a parking service": lambda d: (
        f'<html><head><title>{d}</title></head><frameset><frame src="https://c.parkingcrew.net/?dn={d}&pid=9PO12"></frameset></html>'
    ).encode(),
    "a parking script": lambda d: (
        f'<html><head><title>{d}</title><script src="//parking.bodiscdn.com/js/parking.2.105.3.js"></script></head><body></body></html>'
    ).encode(),
    "a router of a parking network": lambda d: (
        f'<html><head><title>{d}</title><script src="https://router.parklogic.com/"></script></head><body><p>Loading</p></body></html>'
    ).encode(),
    "parked free": lambda d: document(
        f"{d} is parked free, courtesy of a registrar", body="Get this domain. Learn how you can get it."
    ),
    "a parking sentence": lambda d: document(d, body=f"{d} is parked. This page was generated by the domain owner."),
    "German parking": lambda d: document(
        d, body=f"Diese Website wurde vom Domain-Inhaber geparkt. Die Domain {d} ist geparkt.", lang="de"
    ),
    "Russian parking": lambda d: document(f"Домен {d} припаркован", body="Домен припаркован у регистратора.", lang="ru"),
    "a page registered and forgotten": lambda d: document(
        f"{d} - Registered at a registrar", body="This domain was recently registered. Please check back later!"
    ),
}
MARKETS = {
    "hugedomains": "https://www.hugedomains.com/domain_profile.cfm?d={d}",
    "afternic": "https://www.afternic.com/forsale/{d}?utm_source=TDFS&utm_medium=sn_affiliate_click",
    "dan": "https://dan.com/buy-domain/{d}?redirected=true",
    "sedo": "https://sedo.com/search/details/?partnerid=324561&language=e&domain={d}",
    "atom": "https://www.atom.com/name/{d}",
    "brandbucket": "https://www.brandbucket.com/names/vellham",
    "buydomains": "https://www.buydomains.com/lander/{d}?domain={d}",
    "godaddy": "https://www.godaddy.com/forsale/{d}?utm_source=TDFS_BINNS",
    "domainmarket": "https://www.domainmarket.com/buynow/{d}",
    "nicsell": "https://nicsell.com/domain/{d}",
    "namecheap market": "https://www.namecheap.com/market/{d}/",
    "spaceship": "https://www.spaceship.com/domain/{d}/",
    "dynadot": "https://www.dynadot.com/market/user-listings/{d}",
    "efty": "https://efty.com/market/{d}",
    "epik": "https://www.epik.com/domain/{d}",
    "sav": "https://www.sav.com/marketplace/domain/{d}",
    "4.cn": "https://www.4.cn/buynow/index/domain/{d}",
    "dropcatch": "https://www.dropcatch.com/domain/{d}",
    "aftermarket.pl": "https://aftermarket.pl/domena/{d}/",
    "undeveloped": "https://undeveloped.com/buy-domain/{d}",
    "porkbun": "https://porkbun.com/checkout/search?q={d}",
}


def parked() -> Iterator[Scenario]:
    for name, body in PARKED.items():
        registered = NOT_LIVE if "registered" in name else LOST
        yield of(f"parked {name}", _each(lambda d, body=body: Answer(body=body(d))), states=registered)  # type: ignore[misc]  # bound now
    for name, target in MARKETS.items():
        yield of(f"to {name}", _each(lambda d, target=target: to(target.format(d=d))))  # type: ignore[misc]  # bound now
        _market(target.format(d="x"))
    lander = Answer(body=b'<html><head><script>window.onload=function(){window.location.href="/lander"}</script></head></html>')
    yield of("a lander", lambda _: {"*": lander, "/lander": Answer(body=PARKED["a registrar's app"](""))})
    yield of("a lander that is empty", lambda _: {"*": lander, "/lander": page("", "Loading")})
    yield _numbered("ww1, by redirect", "ww1", lambda to_there: to(f"{to_there}/"))
    yield _numbered("ww25, by redirect with its mark", "ww25", lambda to_there: to(f"{to_there}/x?subid1=20261201-0230"))
    yield _numbered(
        "ww38, by script",
        "ww38",
        lambda to_there: Answer(body=f'<html><script>window.location.href="{to_there}/?subid1=x"</script></html>'.encode()),
    )
    refused = to("https://www.market-that-refuses-us.hugedomains.com/x")
    _SITES.append(
        Site(host="www.market-that-refuses-us.hugedomains.com", name="", otherwise=Answer(http_status=403, body=b"<h1>403</h1>"))
    )
    yield of("to a marketplace that refuses us", everywhere(refused))
    meta = html(
        "", body="", head='<meta http-equiv="refresh" content="0; url=https://www.hugedomains.com/domain_profile.cfm?d=x">'
    )
    yield of("to a marketplace by meta refresh", everywhere(meta))


def _market(address: str) -> None:
    host = address.split("/")[2].removeprefix("www.")
    if host not in {"hugedomains.com", *(site.host for site in _SITES)}:
        _SITES.append(Site(host=host, name="A marketplace", otherwise=page("Buy a name", "Names for sale. " * 90), port="secure"))


def _numbered(name: str, prefix: str, leave: Callable[[str], Answer]) -> Scenario:
    """The domain sends its visitors to a numbered host of its own, where the advertisements are."""

    def build(domain: str) -> dict[str, Answer]:
        there = f"{prefix}.{domain}"
        body = f"<html><head><title>{domain}</title></head><body><h1>{domain}</h1><p>Related Searches: bridges, stones, hotels. Privacy Policy</p></body></html>"
        _SITES.append(Site(host=there, name=name, otherwise=Answer(body=body.encode())))
        return {"*": leave(f"http://{there}")}

    return of(name, build)


# ---- for sale

SALES = {
    "en is for sale": ("{d} is for sale", "Make an offer today."),
    "en may be for sale": ("{d}", "The domain {d} may be for sale. Click here to inquire."),
    "en upper case with www": ("WWW.{D} IS FOR SALE!", "Enquire within."),
    "en buy": ("Buy {d}", "Get a price in less than 24 hours."),
    "en this domain": ("{d}", "This domain is for sale. Contact the owner."),
    "en the domain name": ("The domain name {d} is for sale | A marketplace", "Buy now for $2,995 or lease to own."),
    "en for sale": ("{d} for sale", "Secure checkout, fast transfer."),
    "en premium": ("{d} is a premium domain for sale", "Own it today."),
    "en available": ("{d}", "{d} is available for purchase. This premium domain name can be yours."),
    "en available now": ("Welcome", "The premium domain {d} is now available for sale."),
    "en own": ("Own {d} today", "Easy payments."),
    "en spaces around the dot": ("{s}", "The domain name {s} is for sale."),
    "en dot written out": ("{dot} is for sale", "Serious offers only."),
    "en interested": ("{d}", "Interested in this domain? {d} is listed for sale. Make an offer."),
    "en inquire": ("Inquire about {d}", "The owner will answer within a day."),
    "en acquire": ("Would you like to buy the domain {d}?", "Acquire it with a broker."),
    "en auction": ("{d} is being auctioned", "The domain {d} is up for auction. Place a bid."),
    "de": ("{d} steht zum Verkauf", "Diese Domain steht zum Verkauf. Angebot abgeben."),
    "de kaufen": ("{d} kaufen", "Die Domain {d} können Sie kaufen oder mieten."),
    "fr": ("{d} est à vendre", "Ce nom de domaine est à vendre. Faites une offre."),
    "fr nom": ("Nom de domaine à vendre", "Le nom de domaine {d} est en vente."),
    "es": ("{d} está en venta", "El dominio {d} está a la venta."),
    "pt": ("{d} está à venda", "O domínio {d} está disponível para compra."),
    "it": ("{d} è in vendita", "Il nome a dominio {d} è in vendita. Fai un'offerta."),
    "nl": ("{d} is te koop", "De domeinnaam {d} is te koop."),
    "sv": ("{d} är till salu", "Domännamnet {d} är till salu."),
    "da": ("{d} er til salg", "Domænet {d} er til salg."),
    "nb": ("Domenet {d} er til salgs", "Gi et bud."),
    "fi": ("{d} on myynnissä", "Verkkotunnus {d} on myytävänä."),
    "pl": ("Domena {d} jest na sprzedaż", "Złóż ofertę."),
    "cs": ("Doména {d} je na prodej", "Kontaktujte nás."),
    "hu": ("A {d} domain eladó", "Tegyen ajánlatot."),
    "ro": ("Domeniul {d} este de vânzare", "Faceți o ofertă."),
    "ru": ("{d} продаётся", "Домен {d} продается. Предложить цену."),
    "uk": ("Домен {d} продається", "Запропонувати ціну."),
    "tr": ("{d} satılıktır", "Bu alan adı satılıktır. Teklif verin."),
    "el": ("Το domain {d} πωλείται", "Κάντε προσφορά."),
    "ar": ("النطاق {d} للبيع", "هذا النطاق معروض للبيع."),
    "ja": ("{d}は販売中です", "このドメインは販売中です。ドメイン {d} を購入できます。"),
    "ko": ("{d} 도메인 판매", "이 도메인은 판매 중입니다."),
    "zh": ("{d} 域名出售", "您正在访问的域名 {d} 正在出售！"),
    "zh transfer": ("{d}", "本域名 {d} 可以转让。"),
    "id": ("{d} dijual", "Domain {d} ini dijual."),
    "vi": ("Tên miền {d} đang được bán", "Liên hệ ngay."),
}
LONG = "Why choose us? Secure payments, fast delivery, and thousands of happy customers since the early days. " * 60


def for_sale() -> Iterator[Scenario]:
    for name, (title, body) in SALES.items():

        def build(d: str, title: str = title, body: str = body) -> dict[str, Answer]:
            forms = {"d": d, "D": d.upper(), "s": d.replace(".", " . "), "dot": d.replace(".", " dot ")}
            return {"*": html(title.format(**forms), body=body.format(**forms))}

        yield of(f"sale {name}", build)
    yield of("sale on a long page", lambda d: {"*": html(f"{d} is for sale", body=LONG)})
    yield of("sale on a long page, with the market's name", lambda d: {"*": html(f"{d} is for sale | SomeMarket", body=LONG)})
    yield of(
        "sale, only a script fills the rest",
        lambda d: {"*": html(f"{d} is for sale", body="", head='<script src="/app.js"></script>')},
    )
    yield of("sale says 404", lambda d: {"*": Answer(http_status=404, body=document(f"{d} is for sale", body="Make an offer."))})


# ---- taken over

TRADES = {
    "id slots": ("Slot Gacor Maxwin Situs Judi Online", "Daftar Slot Gacor Deposit Pulsa", "Bonus dan jackpot. ", "id"),
    "id togel": ("VELLO88: Bandar Togel Online Terpercaya", "Login Agen Togel Resmi", "Pasang angka. ", "id"),
    "tr betting": ("Deneme Bonusu Veren Siteler 2026", "Canlı Bahis Siteleri Güncel Giriş", "Bahis ve casino. ", "tr"),
    "ru casino": ("Казино Онлайн: игровые автоматы", "Бездепозитный бонус за регистрацию", "Играйте в слоты. ", "ru"),
    "zh": ("澳门娱乐城 百家乐 官网", "老虎机 彩票 投注 平台", "注册送彩金。", "zh"),
    "ja": ("オンラインカジノ 入金不要ボーナス", "スロット ブックメーカー ランキング", "登録はこちら。", "ja"),
    "ko": ("토토사이트 먹튀검증 바카라", "온라인 카지노 슬롯 추천", "가입 즉시. ", "ko"),
    "vi": ("Nhà cái uy tín: cá cược thể thao", "Đăng ký tài xỉu, nổ hũ, casino", "Khuyến mãi. ", "vi"),
    "th": ("สล็อตเว็บตรง แตกง่าย", "เว็บพนันออนไลน์ บาคาร่า เครดิตฟรี", "สมัครเลย ", "th"),
    "es": ("Casino online: tragaperras y apuestas", "Bono sin depósito y giros gratis", "Juega ahora. ", "es"),
    "pt": ("Cassino online e apostas esportivas", "Bônus de boas-vindas, rodadas grátis, caça-níqueis", "Jogue. ", "pt"),
    "de": ("Online Casino ohne Limit: Spielautomaten", "Sportwetten Bonus und Freispiele", "Jetzt spielen. ", "de"),
    "fr": ("Casino en ligne: machines à sous", "Bonus sans dépôt, tours gratuits, paris sportifs", "Jouez. ", "fr"),
    "it": ("Casinò online non AAMS: slot", "Scommesse sportive e giri gratis senza deposito", "Gioca. ", "it"),
    "pl": ("Kasyno online: automaty do gier", "Darmowe spiny i zakłady bukmacherskie", "Graj. ", "pl"),
    "nl": ("Online casino zonder Cruks: gokkasten", "Gratis spins en sportweddenschappen, gokken", "Speel. ", "nl"),
    "en casino": ("Best Online Casino Bonuses 2026", "Slots, Blackjack and Roulette: free spins", "Play now. ", "en"),
    "en casino, few words": ("Top 10 Online Casinos", "Free spins no deposit slots", "Play now. ", "en"),
    "en adult": ("Free Porn Videos and XXX Movies", "Hot sex videos, nude cams", "Watch. ", "en"),
    "en escorts": ("Escorts and call girls", "Sexy escort service, adult dating", "Call. ", "en"),
    "en pharmacy": ("Buy Viagra Online Without Prescription", "Cialis and Levitra: Canadian pharmacy", "Order. ", "en"),
    "en pills": ("Generic sildenafil and tadalafil online", "Cheap pills, no prescription", "Order. ", "en"),
    "en essays": ("Essay Writing Service: write my essay", "Buy essay and dissertation online, cheap", "Order. ", "en"),
    "en loans": ("Payday Loans Online: instant approval", "Cash advance and bad credit loans", "Apply. ", "en"),
    "en crypto": ("Bitcoin Trader: crypto trading bot", "Buy bitcoin, forex signals and binary options", "Invest. ", "en"),
    "ru loans": ("Займы онлайн на карту без отказа", "Микрозаймы: срочно кредит онлайн", "Получить. ", "ru"),
}


def trades() -> Iterator[Scenario]:
    for name, (title, heading, words, lang) in TRADES.items():
        shown = html(title, h1=heading, body=words * 30, lang=lang)
        yield of(f"trade {name}", everywhere(shown))
    casino = html("Situs Slot Gacor Maxwin", h1="Daftar Judi Online Deposit Pulsa", body="Bonus. " * 60, lang="id")
    english = html("Best Online Casino Bonuses", h1="Free spins, slots and blackjack", body="Play now. " * 60)
    gone = Answer(http_status=410, body=b"gone")
    yield of("trade front page, the path 404", lambda _: {"/": casino, "*": NOT_FOUND}, states=GONE, weeks=LOST)
    yield of("trade front page in English, the path 404", lambda _: {"/": english, "*": NOT_FOUND}, states=GONE, weeks=LOST)
    yield of("trade front page, the path 410", lambda _: {"/": casino, PATH: gone, "*": NOT_FOUND}, states=GONE, weeks=LOST)
    told = Answer(http_status=404, body=document("Not found - Situs Slot Gacor", body="Judi online.", lang="id"))
    yield of("trade front page, its own error page", lambda _: {"/": casino, "*": told})
    yield of("trade, the path leads to the front page", lambda _: {"/": casino, "*": to("/")})
    yield of("trade, the front page in English, the path leads there", lambda _: {"/": english, "*": to("/", 301)})
    article = html("Cara menang di slot", h1="Cara menang slot gacor hari ini", body="Deposit pulsa dan bonus. " * 40, lang="id")
    yield of("trade, an article of it at the old path", lambda _: {"/": casino, PATH: article, "*": casino})
    sidebar = html("Ten tips", h1="Ten tips for beginners", body="Play with care. " * 40, head="")
    yield of(
        "trade, a harmless title at the old path",
        lambda _: {"/": english, PATH: sidebar, "*": english},
        states=LOST | ALIVE,
        weeks=LOST | {LIVE, DRIFTED},
    )
    elsewhere = "lucky-slots-palace.example"
    _SITES.append(Site(host=elsewhere, name="A casino", otherwise=english))
    yield of("trade, a redirect to a casino elsewhere", everywhere(to(f"http://{elsewhere}/")))
    yield of("trade, cited without a title", everywhere(casino), title=None, cite={"publisher": "Vellham Bridge Trust"})
    yield of(
        "parked front page, the path 404",
        lambda d: {"/": Answer(body=PARKED["an ad feed in a script"](d)), "*": NOT_FOUND},
        states=GONE,
        weeks=LOST,
    )
    yield of(
        "for-sale front page, the path 404",
        lambda d: {"/": html(f"{d} is for sale", body="Make an offer."), "*": NOT_FOUND},
        states=GONE,
        weeks=LOST,
    )
    yield of(
        "two parked paths convict a third that 404s",
        lambda d: {
            "/one": Answer(body=PARKED["an ad feed in a script"](d)),
            "/two": Answer(body=PARKED["an ad feed in a script"](d)),
            "/": Answer(http_status=500, body=b"x"),
            "*": NOT_FOUND,
        },
        more=("/one", "/two"),
    )


# ---- in other hands by the registry

BLOG = html(
    "Ten ways to style your balcony this summer",
    h1="Ten ways to style your balcony",
    body="At the end of the day a small balcony in the city can feel like a room of its own. It was never easier to put plants and lanterns where they are seen. "
    * 6,
)


def registered() -> Iterator[Scenario]:
    def one(name: str, build: Build, day: str, **more: object) -> Scenario:
        return of(name, build, registered=day, cite={"access-date": "3 May 2014", **more.pop("cite", {})}, **more)  # type: ignore[arg-type, dict-item]

    yield one("registered after the access, another text", everywhere(BLOG), "2021-03-04")
    yield one(
        "registered after the access, another text in another language",
        everywhere(
            html("Tipps für den Balkon im Sommer", body="Pflanzen und Kissen machen den Balkon wohnlich. " * 15, lang="de")
        ),
        "2022-01-09",
    )
    yield one(
        "registered before the access, another text",
        lambda _: {PATH: BLOG},
        "2003-03-04",
        kind="near",
        states=ALIVE,
        weeks=ALIVE | {DRIFTED},
    )
    yield one("registered after the access, the same page", lambda _: {PATH: html()}, "2021-03-04", kind="near", states=ALIVE)
    yield one(
        "registered after the access, the title a little changed",
        lambda _: {PATH: html("Bridge at Vellham rebuilt in stone, updated")},
        "2021-03-04",
        kind="near",
        states=ALIVE,
    )
    yield one(
        "registered after the access, cited without a title",
        lambda _: {PATH: html("Anything")},
        "2021-03-04",
        kind="near",
        states=ALIVE,
        title=None,
    )


# ---- unrelated


def unrelated() -> Iterator[Scenario]:
    gadgets = "gadget-bargains.example"
    _SITES.append(
        Site(host=gadgets, name="", otherwise=html("Cheap telephones and chargers", body="Buy now. Free delivery. " * 30))
    )
    yield of("unrelated, front page and path lead to strangers", everywhere(to(f"http://{gadgets}/offers", 301)))
    parent = "harrow-holdings.example"
    _SITES.append(
        Site(host=parent, name="", otherwise=html("Harrow Holdings", body="Our brands: Vellham Bridge Trust and others. " * 20))
    )
    yield of(
        "merged into a parent that names it",
        everywhere(to(f"http://{parent}/", 301)),
        kind="near",
        states=ALIVE | GONE,
        cite={"publisher": "Vellham Bridge Trust"},
    )
    renamed = "northern-ceramics.example"
    _SITES.append(
        Site(
            host=renamed,
            name="",
            pages={PATH: html()},
            otherwise=html("Northern Ceramics (formerly Vellham Pottery)", body="We changed our name. " * 20),
        )
    )
    yield of(
        "renamed, the slug kept",
        lambda _: {PATH: to(f"http://{renamed}{PATH}", 301), "*": to(f"http://{renamed}/")},
        kind="near",
        states=ALIVE,
    )
    yield of(
        "renamed, the page dropped",
        everywhere(to(f"http://{renamed}/about-us", 301)),
        kind="near",
        states=ALIVE | GONE,
        cite={"publisher": "Vellham Pottery"},
    )


# ---- what only looks like it

P = "The committee met again in the spring and heard the report of its members on the state of the works. "
NEAR: dict[str, tuple[str, str, str | None, dict[str, str]]] = {
    # name: title shown, text, title cited, other parameters of the citation
    "an article about domain trading": (
        "cars-of-vellham.example is for sale, and nobody wants it",
        "The domain cars-of-vellham.example is for sale. Buy this domain, says the page; make an offer. " * 4,
        "cars-of-vellham.example is for sale, and nobody wants it",
        {},
    ),
    "an article about domain trading, retitled": (
        "Domain names change hands",
        "The domain cars-of-vellham.example is for sale. Buy this domain, says the page. " * 4,
        "Why old domain names are traded",
        {},
    ),
    "a short post that names a parking service": (
        "My name was parked",
        'My old site shows ads now. The page loads <a href="https://sedoparking.com/">sedoparking.com</a> and says data-adblockkey somewhere.',
        None,
        {},
    ),
    "a help page on parked domains": (
        "What does “this domain is parked” mean?",
        "This domain is parked, says a page while its owner has no site yet. Related searches are advertisements. " * 2,
        "What is a parked domain",
        {},
    ),
    "a moon mission with a page about its lander": (
        "The lander",
        'The spacecraft and its <a href="/lander">lander</a> left in May.',
        None,
        {},
    ),
    "a broker's own site": (
        "Marrow Names, brokers of domains",
        "We sell domain names. Every domain is for sale at a price. Buy this domain or make an offer. " * 5,
        "About Marrow Names",
        {"publisher": "Marrow Names"},
    ),
    "a betting company cited as such": (
        "Annual report | Marrow Betting: casino, poker and slots",
        "Betting revenue rose. Casino and poker were flat. " * 12,
        "Annual report of a bookmaker",
        {"publisher": "Marrow Betting"},
    ),
    "sports betting news": (
        "Odds and free bets: Saturday's betting tips, casino offers, bookmaker bonus",
        "The bookmakers expect a draw. " * 20,
        "Saturday's betting tips",
        {"work": "Racing Tips Daily"},
    ),
    "a poker magazine": (
        "How she won the final table | Card Room Monthly: poker, casino and betting",
        "She raised, he folded. " * 30,
        "How she won the final table",
        {"work": "Card Room Monthly"},
    ),
    "a poker magazine, retitled": (
        "The final table, retold | Card Room Monthly: poker, casino and betting",
        "She raised, he folded. " * 30,
        "An evening in Vellham with the champion",
        {"work": "Card Room Monthly"},
    ),
    "a hospital pharmacy": (
        "Pharmacy opening hours: prescriptions and pills",
        "The hospital pharmacy dispenses sildenafil, tadalafil and other medicines on prescription. " * 5,
        "Pharmacy services",
        {"publisher": "Vellham Hospital"},
    ),
    "a paper on sildenafil": (
        "Sildenafil, tadalafil and vardenafil compared in a trial",
        "The trial compared sildenafil (Viagra) and tadalafil (Cialis). " * 8,
        "A randomised comparison of three inhibitors",
        {"work": "Journal of Trials"},
    ),
    "a novel called Casino": ("Casino: a novel", "The novel Casino follows a croupier who plays no roulette. " * 8, "Casino", {}),
    "gambling news in a newspaper": (
        "Council refuses casino: slot machines, poker and betting stay out of town",
        "The council voted against the casino. " * 20,
        "Council votes on the leisure quarter",
        {"work": "Vellham Courier"},
    ),
    "a newspaper's front page with advertising": (
        "Vellham Courier: news",
        "Advertisement: casino bonus, free spins, online slots. News of the town follows. " * 5,
        "Council votes on the leisure quarter",
        {"work": "Vellham Courier"},
    ),
    "a museum of slot machines": (
        "Slots, jackpots and casinos: the museum of slot machines",
        "The museum shows slot machines from 1895 to today. " * 10,
        "Collection highlights",
        {"publisher": "Museum of Mechanical Play"},
    ),
    "sex education": (
        "Sex education: porn, consent and sex at school",
        "Teachers speak about sex, porn and consent. " * 10,
        "Guidance for teachers",
        {"publisher": "Vellham School Board"},
    ),
    "research on escorts and brothels": (
        "Escorts, porn and sex work: a survey",
        "The survey asked 400 workers. " * 15,
        "Labour and law in the city",
        {"work": "Labour Review"},
    ),
    "houses for sale": (
        "Property for sale in Vellham",
        "House for sale. Make an offer. Buy now or enquire. " * 8,
        "Houses in the old town",
        {},
    ),
    "cars for sale": ("Used cars for sale | Vellham Motors", "For sale: one careful owner. Buy now. " * 8, "Price list", {}),
    "boats for sale": ("Boats for sale", "This boat is for sale. Make an offer. " * 8, "The ketch Marigold", {}),
    "tickets": ("Buy tickets", "Buy tickets for the concert. Buy now. " * 8, "Concert in the church", {}),
    "an auction house": ("Lot 48: a bell", "This lot is up for auction. Place a bid. " * 8, "Bell of Vellham sold", {}),
    "a paper that is sold at the kiosk": (
        "Where to buy the Courier",
        "The Courier is for sale at every kiosk. " * 6,
        "Where to buy us",
        {},
    ),
    "a company that is for sale": (
        "Vellham Mill is for sale",
        "The mill is for sale. The owners seek a buyer. " * 8,
        "The mill and its owners",
        {},
    ),
    "loans of a library": ("Interlibrary loans: apply for loans online", "Loans of books and microfilm. " * 10, "Loans", {}),
    "a central bank on payday lending": (
        "Payday loans, cash advances and bad credit: a review",
        "The bank reviewed payday loans. " * 15,
        "Household debt",
        {"publisher": "Bank of Vellham"},
    ),
    "how to write an essay": (
        "How to write an essay: dissertation and paper",
        "Writing takes time. " * 20,
        "Study skills",
        {"publisher": "Vellham University"},
    ),
    "a crypto article": (
        "Bitcoin, crypto trading and forex: what the regulator says",
        "The regulator warned. " * 20,
        "Regulator issues a warning",
        {"work": "Vellham Courier"},
    ),
    "a Japanese page cited in English": (
        "カジノ法案が成立、スロットとカジノの規制",
        "国会はカジノ法案を可決した。" * 20,
        "Diet passes resort bill",
        {"work": "Vellham Shimbun"},
    ),
    "a Turkish page cited in English": (
        "Yasa dışı bahis ve casino operasyonu: bahis siteleri kapatıldı",
        "Polis yasa dışı bahis sitelerini kapattı. " * 15,
        "Police close illegal sites",
        {"work": "Vellham Haber"},
    ),
    "a Russian page cited in English": (
        "Казино и игровые автоматы вне закона: ставки запрещены",
        "Закон запретил казино. " * 20,
        "Law moves gaming to zones",
        {"work": "Веллем"},
    ),
    "an Indonesian page cited in English": (
        "Polisi menangkap bandar judi togel di Vellham",
        "Polisi menangkap bandar judi. " * 20,
        "Police arrest lottery ring",
        {"work": "Vellham Pos"},
    ),
    "a Chinese page cited in English": (
        "澳门博彩业：赌场与彩票税收",
        "澳门的博彩税收上升。" * 20,
        "Macau revenue rises",
        {"work": "Vellham News"},
    ),
    "a translated page cited by its translated title": (
        "El casino, las apuestas y el póker en la novela rusa",
        "La novela rusa habla de apuestas. " * 20,
        "Games of chance in Russian novels",
        {"language": "es"},
    ),
    "a forum thread about a casino trip": (
        "Casino trip report: blackjack and roulette",
        "We drove to the casino. " * 20,
        "Trip report, part two",
        {},
    ),
    "a film database": ("Casino (1995), Poker Face, Slots of Fun", "A list of films. " * 30, "Films of 1995", {}),
    "a recipe of a slot cake": ("Jackpot cake with cherries", "Mix, bake, cool. " * 20, "Cherry cake", {}),
    "a bank that offers a bonus": (
        "Open an account: welcome bonus on your deposit",
        "Deposit and earn a bonus. " * 12,
        "Terms of the account",
        {"publisher": "Bank of Vellham"},
    ),
    "a domain registry's news": (
        "Domain names: prices for sale and transfer",
        "A domain is for sale when its owner says so. " * 10,
        "Policy on transfers",
        {"publisher": "Registry"},
    ),
    "the site says what its own domain is": (
        "{d}",
        "Welcome to {d}, the site of the bridge. Buy our book. Interested in {d}? Write to us. " * 3,
        "The bridge",
        {},
    ),
    "a shop on its own domain": ("Buy from {d}", "Buy {d} mugs and shirts. {d} for sale listings every day. " * 4, "Mugs", {}),
    "a site that tells how it got its domain": (
        "How we bought {d}",
        "For years {d} was owned by a dealer. Then we bought it. " * 6,
        "About us",
        {},
    ),
}


def near() -> Iterator[Scenario]:
    for name, (title, body, cited, cite) in NEAR.items():

        def build(d: str, title: str = title, body: str = body) -> dict[str, Answer]:
            return {"/the/page-itself": html(title.format(d=d), body=P + body.format(d=d) + P, lang="en")}

        drifts = ALIVE | {DRIFTED} if cited not in {None, title} else ALIVE
        yield of(f"near {name}", build, kind="near", states=ALIVE, path="/the/page-itself", title=cited, cite=cite, weeks=drifts)
    yield from _near_404()
    yield from _near_hosts()


def _near_404() -> Iterator[Scenario]:
    """A page that is gone on a site that is still its owner's, whatever its trade: gone, not usurped."""
    fronts = {
        "a poker magazine": ("Card Room Monthly: poker, casino and betting", {"work": "Card Room Monthly"}),
        "a betting company": ("Marrow Betting: casino, slots, free spins and bonus", {"publisher": "Marrow Betting"}),
        "a pharmacy": ("Vellham Pharmacy: buy pills and prescriptions online", {"publisher": "Vellham Pharmacy"}),
        "a newspaper": ("Vellham Courier", {"work": "Vellham Courier"}),
        "an estate agent": ("Vellham Homes: houses for sale", {"publisher": "Vellham Homes"}),
        "a sexual health charity": ("Vellham Sexual Health: sex, porn and you", {"publisher": "Vellham Sexual Health"}),
        "a museum of gambling": ("Museum of Slots, Jackpots and Casinos", {"publisher": "Museum of Mechanical Play"}),
    }
    for name, (front, cite) in fronts.items():
        yield of(
            f"gone at {name}",
            _fronted(html(front, body=P * 4)),
            kind="near",
            states=GONE,
            cite=cite,
        )


def _near_hosts() -> Iterator[Scenario]:
    def at(host: str, scenario: Scenario) -> Scenario:
        return replace(scenario, site=replace(scenario.site, host=host))

    yield at(
        "forsale.example",
        of(
            "near a domain called forsale",
            everywhere(html("Forsale, a village in the hills", body=P * 3)),
            kind="near",
            states=ALIVE,
            title="Forsale, a village in the hills",
        ),
    )
    yield at(
        "houses-for-sale.example",
        of(
            "near a domain that says what it sells",
            lambda _: {
                PATH: html("Houses for sale example: a cottage", body=P + "houses-for-sale.example: houses for sale. " * 5)
            },
            kind="near",
            states=ALIVE,
            title="A cottage by the weir",
            weeks=ALIVE | {DRIFTED},
        ),
    )
    yield at(
        "the-casino-theatre.example",
        of(
            "near a theatre called casino",
            lambda _: {PATH: html("Casino Theatre: poker night, slots and roulette, a revue", body=P * 3)},
            kind="near",
            states=ALIVE,
            title="Season of 2011",
            weeks=ALIVE | {DRIFTED},
        ),
    )
    yield at("ww2.war-museum.example", of("near a numbered host", everywhere(html()), kind="near", states=ALIVE))
    market = html("The company blog moved", body=P * 3)
    yield at(
        "news.dan.com",
        of(
            "near a marketplace that moved its own blog",
            lambda _: {PATH: to(f"https://www.afternic.com{PATH}")},
            kind="near",
            states=ALIVE | GONE,
            title="A record year for names",
        ),
    )
    _SITES.append(Site(host="www.afternic.com", name="", otherwise=market))
    blog = of(
        "near a tenant, the platform's front page sells names",
        lambda _: {PATH: NOT_FOUND, "*": NOT_FOUND, "/": html("medium.example is for sale", body="Make an offer.")},
        kind="near",
        states=LOST | GONE,
    )
    yield blog
