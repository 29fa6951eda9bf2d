"""The situations of the lab. Every name, site and text is invented; what the servers do is what servers do (verdicts.md)."""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from audit.demo.sites import Answer, Site
from audit.model import LinkState

LIVE, SUSPECT, USURPED, BLOCKED, UNKNOWN = (
    LinkState.LIVE,
    LinkState.SUSPECT,
    LinkState.USURPED,
    LinkState.BLOCKED,
    LinkState.UNKNOWN,
)
TITLE = "The bridge at Vellham was rebuilt in stone"
PATH = "/2019/05/the-bridge-at-vellham-was-rebuilt"
BODY = " ".join(
    f"The {number}th arch of the bridge at Vellham stands on oak piles that were driven in the spring." for number in range(12)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One cited URL, what its site does, and the truth. `kind` groups the confusion table; `title` is the cited one."""

    name: str
    kind: str
    states: frozenset[LinkState]
    reason: str | None
    site: Site
    path: str = PATH
    title: str | None = TITLE
    more: tuple[str, ...] = ()
    """Other paths of the same site that documents cite, too."""

    @property
    def url(self) -> str:
        scheme = "https" if self.site.port in {"secure", "expired", "stranger"} else "http"
        return f"{scheme}://{self.site.host}{self.path}"


def document(title: str = TITLE, *, h1: str | None = None, body: str = BODY, head: str = "", lang: str = "en") -> bytes:
    heading = title if h1 is None else h1
    return f'<!doctype html><html lang="{lang}"><head><title>{title}</title>{head}</head><body><h1>{heading}</h1><p>{body}</p></body></html>'.encode()


def html(*arguments: str, **more: str) -> Answer:
    return Answer(body=document(*arguments, **more))


GOOD = html()
NOT_FOUND = Answer(http_status=404, body=document("404 Not Found", body="There is nothing at this address."))
HOME = html("The Vellham Courier", body="News of the town. " * 40)


def to(location: str, http_status: int = 302, **headers: str) -> Answer:
    return Answer(http_status=http_status, headers=(("Location", location), *headers.items()), body=b"<p>Moved.</p>")


def raw(text: str, body: bytes) -> Answer:
    return Answer(raw=text.replace("\n", "\r\n").encode("latin-1") + b"\r\n" + body)


_MADE: list[str] = []


def slug(name: str) -> str:
    return "".join(each if each.isalnum() and each.isascii() else "-" for each in name.lower()).strip("-")[:40].strip("-")


def made(
    kind: str,
    name: str,
    answer: Answer | None,
    *,
    states: frozenset[LinkState],
    reason: str | None = None,
    pages: Mapping[str, Answer] | None = None,
    otherwise: Answer | None = None,
    path: str = PATH,
    title: str | None = TITLE,
    port: str = "plain",
    more: tuple[str, ...] = (),
) -> Scenario:
    host = f"{kind}-{slug(name)}.vellham-{len(_MADE)}.example"
    _MADE.append(host)
    known = {**({path: answer} if answer else {}), **dict.fromkeys(more, answer or NOT_FOUND), "/": HOME, **(pages or {})}
    site = Site(host=host, name=name, pages=known, otherwise=otherwise, port=port)
    return Scenario(name=name, kind=kind, states=states, reason=reason, site=site, path=path, title=title, more=more)


# ---- live

ALIVE = frozenset({LIVE})
TRAPS = (
    "Peugeot 404 review: the saloon that would not die",
    "Highway 404 extension opens to traffic",
    "Area code 410 runs out of numbers",
    "Error handling in Express.js",
    "Room 404, a short story",
    "Not found in translation: ten untranslatable words",
    "The page that was removed from the gospel",
    "Missing: the bell of Vellham",
    "Server not responding: a history of outages",
    "Lost pages of a diary found in an attic",
    "How to design a 404 page that people like",
    "Gone with the tide, a review",
    "Access denied: a film about borders",
    "The domain is for sale, and other stories of the early web",
    "Just a moment in time: photographs of the quay",
    "Sorry seems to be the hardest word",
    "Login culture: how we came to type passwords",
    "Captcha and its discontents",
    "Unavailable books: what the library lost",
    "Casino of Vellham closes after 90 years",
    "Suspended bridges of the north",
    "Under construction: the harbour in 1931",
    "Welcome to nginx: a tutorial for beginners",
    "It works! A biography of a tinkerer",
    "Fehler im System: ein Roman",
    "Erreur 404, le spectacle",
)
REDIRECTS = {
    "permanent redirect to the same slug elsewhere": {PATH: to(f"/archive{PATH}", 301), f"/archive{PATH}": GOOD},
    "temporary redirect to the same slug": {PATH: to(f"/neu{PATH}", 302), f"/neu{PATH}": GOOD},
    "303 to the same slug": {PATH: to(f"/x{PATH}", 303), f"/x{PATH}": GOOD},
    "307 to the same slug": {PATH: to(f"/x{PATH}", 307), f"/x{PATH}": GOOD},
    "308 to the same slug": {PATH: to(f"/x{PATH}", 308), f"/x{PATH}": GOOD},
    "300 with a location": {PATH: to(f"/x{PATH}", 300), f"/x{PATH}": GOOD},
    "relative location": {PATH: to("the-bridge-at-vellham-was-rebuilt-2"), f"{PATH}-2": GOOD},
    "location with spaces around it": {PATH: to(f"  /x{PATH}  "), f"/x{PATH}": GOOD},
    "location with a fragment": {PATH: to(f"/x{PATH}#part"), f"/x{PATH}": GOOD},
    "trailing slash added": {PATH: to(f"{PATH}/"), f"{PATH}/": GOOD},
    "five redirects in a row": {
        PATH: to(f"/1{PATH}"),
        **{f"/{n}{PATH}": to(f"/{n + 1}{PATH}") for n in range(1, 5)},
        f"/5{PATH}": GOOD,
    },
    "cookie gate": {
        PATH: Answer(http_status=302, headers=(("Location", f"{PATH}?gate"), ("Set-Cookie", "seen=1; Path=/"))),
        f"{PATH}?gate": GOOD,
    },
    "moved to an id that it had": {"/story/48213-bridge": to("/s?id=48213"), "/s?id=48213": GOOD},
}
ODD_HTTP = {
    "content length said twice": "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: {n}\nContent-Length: {n}\nConnection: close\n",
    "a header line without a colon": "HTTP/1.1 200 OK\nContent-Type: text/html\nnonsense here\nContent-Length: {n}\nConnection: close\n",
    "no reason phrase": "HTTP/1.1 200\nContent-Type: text/html\nContent-Length: {n}\nConnection: close\n",
    "space before the colon": "HTTP/1.1 200 OK\nContent-Type : text/html\nContent-Length: {n}\nConnection: close\n",
    "an empty content length": "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length:\nConnection: close\n",
    "HTTP/1.0 without a length": "HTTP/1.0 200 OK\nContent-Type: text/html\n",
    "the lower-case protocol word": "http/1.1 200 OK\nContent-Type: text/html\nContent-Length: {n}\nConnection: close\n",
    "HTTP/2 in a status line": "HTTP/2 200 OK\nContent-Type: text/html\nContent-Length: {n}\nConnection: close\n",
    "chunked that is plain": "HTTP/1.1 200 OK\nContent-Type: text/html\nTransfer-Encoding: chunked\nConnection: close\n",
    "a length that is no number": "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: many\nConnection: close\n",
}
PRESENCE = {
    "a page behind Cloudflare": (("Server", "cloudflare"), ("CF-Ray", "8c1d2e3f"), ("Set-Cookie", "__cf_bm=x; Path=/")),
    "a page behind Akamai": (("Server", "AkamaiGHost"), ("Set-Cookie", "_abck=x"), ("Set-Cookie", "bm_sz=y")),
    "a page behind DataDome": (("X-DataDome", "protected"), ("Set-Cookie", "datadome=x")),
    "a page behind Imperva": (("X-Iinfo", "1-2-3"), ("X-CDN", "Imperva"), ("Set-Cookie", "visid_incap_1=x")),
    "a page behind CloudFront": (("X-Cache", "Error from cloudfront"), ("Set-Cookie", "aws-waf-token=x")),
    "a page behind PerimeterX": (("Set-Cookie", "_px3=x"), ("Set-Cookie", "_pxhd=y")),
}


def live() -> Iterator[Scenario]:
    def one(name: str, answer: Answer | None = GOOD, **more: object) -> Scenario:
        return made("live", name, answer, states=ALIVE, **more)  # type: ignore[arg-type]  # names are those of made

    yield one("an ordinary page")
    yield one("a page cited without a title", title=None)
    yield one("a slow page", Answer(body=GOOD.body, delay_s=0.8))
    yield one("a front page", HOME, path="/", title="The Vellham Courier")
    yield one("a front page cited as index.html", HOME, path="/index.html", title=None)
    yield one("a front page in one language", HOME, path="/en/", title=None)
    yield one(
        "Latin-1 without a declaration", Answer(body=document(TITLE).replace(b"stone", b"st\xf6ne"), content_type="text/html")
    )
    yield one("gzip", Answer(body=gzip.compress(GOOD.body), headers=(("Content-Encoding", "gzip"),)))
    yield one("raw deflate", Answer(body=zlib.compress(GOOD.body)[2:-4], headers=(("Content-Encoding", "deflate"),)))
    yield one("plain text called gzip", Answer(body=GOOD.body, headers=(("Content-Encoding", "gzip"),)))
    yield one(
        "a PDF",
        Answer(body=b"%PDF-1.4 " + b"x" * 4000, content_type="application/pdf"),
        path="/doc/report.pdf",
        title="Annual report",
    )
    yield one(
        "a PDF called octet-stream",
        Answer(body=b"%PDF-1.4 " + b"x" * 4000, content_type="application/octet-stream"),
        path="/doc/b.pdf",
    )
    yield one(
        "an image", Answer(body=b"\x89PNG\r\n\x1a\n" + b"x" * 500, content_type="image/png"), path="/img/map.png", title="Map"
    )
    yield one(
        "plain text",
        Answer(body=b"The minutes of the bridge committee.", content_type="text/plain"),
        path="/minutes.txt",
        title=None,
    )
    yield one("JSON", Answer(body=b'{"bridge": "Vellham"}', content_type="application/json"), path="/api/bridge", title=None)
    yield one("no content", Answer(http_status=204))
    yield one("203", Answer(http_status=203, body=GOOD.body))
    yield one(
        "a paywalled article that shows its title",
        html(head='<script type="application/ld+json">{"isAccessibleForFree": false}</script>'),
    )
    yield one("a page with a login form of its own", html(body=BODY + '<form><input type="password"></form>'))
    yield one("a meta refresh to itself", html(head='<meta http-equiv="refresh" content="300">'))
    yield one(
        "a meta refresh to the same slug",
        html("Moved", body="", head=f'<meta http-equiv="refresh" content="0; url=/x{PATH}">'),
        pages={f"/x{PATH}": GOOD},
    )
    yield one(
        "a refresh header", Answer(body=b"<p>Moved</p>", headers=(("Refresh", f"0; url=/x{PATH}"),)), pages={f"/x{PATH}": GOOD}
    )
    yield one(
        "a script redirect",
        Answer(body=f'<html><script>window.location.href="/x{PATH}"</script></html>'.encode()),
        pages={f"/x{PATH}": GOOD},
    )
    yield one("an expired certificate", port="expired")
    yield one("a self-signed certificate of a stranger", port="stranger")
    yield one("a valid certificate", port="secure")
    yield one("a body that ends early", Answer(body=GOOD.body * 3, manner="cut"))
    yield one("a large page", html(body=BODY * 900))
    yield one("the word error in its own address", path="/error/handling-of-bridges", title=TITLE)
    yield one("404 in its own address", path="/404/the-bridge-at-vellham", title=TITLE)
    yield one("a server that shows the front page for what does not exist", otherwise=HOME)
    yield one("a server that redirects what does not exist", otherwise=to("/"))
    yield one("a short page with its title", html(body="Closed on Mondays."))
    yield one("an honest server and no title in the citation", title=None)
    for title in TRAPS:
        yield one(f"trap {title}", html(title), title=title, path=f"/articles/{slug(title)}")
    for name, pages in REDIRECTS.items():
        path = next(iter(pages))
        yield one(name, None, pages=pages, path=path)
    for name, head in ODD_HTTP.items():
        yield one(name, raw(head.format(n=len(GOOD.body)), GOOD.body))
    for name, headers in PRESENCE.items():
        yield one(name, Answer(body=GOOD.body, headers=headers))


# ---- walls

WALLED = frozenset({BLOCKED})
WORDS = "Please wait while we check your connection. "
CHALLENGES: dict[str, tuple[int, bytes, tuple[tuple[str, str], ...]]] = {
    "Cloudflare challenge 403": (
        403,
        document("Just a moment...", body=WORDS),
        (("cf-mitigated", "challenge"), ("Server", "cloudflare")),
    ),
    "Cloudflare challenge 503": (
        503,
        document("Just a moment...", body=WORDS, head="<script>window._cf_chl_opt={}</script>"),
        (),
    ),
    "Cloudflare challenge 200": (
        200,
        document("Just a moment...", body=WORDS, head="<script>window._cf_chl_opt={}</script>"),
        (),
    ),
    "Cloudflare ban": (
        403,
        document("Access denied", body='<div class="cf-error-details">error 1020</div>'),
        (("Server", "cloudflare"),),
    ),
    "Cloudflare attention": (403, document("Attention Required! | Cloudflare", body=WORDS), ()),
    "Akamai": (403, document("Access Denied", body="You don't have permission. Reference #18.2f"), (("Server", "AkamaiGHost"),)),
    "AWS WAF challenge": (202, b"", (("x-amzn-waf-action", "challenge"),)),
    "AWS WAF captcha": (405, document("Human Verification", body=""), (("x-amzn-waf-action", "captcha"),)),
    "CloudFront": (
        403,
        document("ERROR: The request could not be satisfied", body="The request could not be satisfied. Request blocked."),
        (),
    ),
    "DataDome": (
        403,
        document("vellham.example", body="", head='<script src="https://geo.captcha-delivery.com/c.js"></script>'),
        (("x-dd-b", "1"),),
    ),
    "PerimeterX": (403, document("Access to this page has been denied", body='<div id="px-captcha"></div>'), ()),
    "PerimeterX 200": (200, document("Access to this page has been denied", body='<div id="px-captcha"></div>'), ()),
    "Imperva 200": (
        200,
        document(
            "",
            h1="",
            body="Request unsuccessful. Incapsula incident ID: 123",
            head='<iframe src="/_Incapsula_Resource?x"></iframe>',
        ),
        (),
    ),
    "Kasada": (429, document("", h1="", body=""), (("x-kpsdk-ct", "abc"),)),
    "Vercel": (403, document("Vercel Security Checkpoint", body=WORDS), (("x-vercel-mitigated", "challenge"),)),
    "Sucuri": (
        403,
        document("Sucuri WebSite Firewall - Access Denied", body="Sucuri WebSite Firewall"),
        (("x-sucuri-block", "BLK1"),),
    ),
    "DDoS-Guard": (403, document("DDOS-GUARD", body=WORDS), (("Server", "ddos-guard"),)),
    "Wordfence": (503, document("Your access to this site has been limited", body="Generated by Wordfence"), ()),
    "F5 200": (
        200,
        document(
            "Request Rejected",
            body="The requested URL was rejected. Please consult with your administrator. Your support ID is: 12",
        ),
        (),
    ),
    "Anubis 200": (200, document("Making sure you're not a bot!", body="", head='<script id="anubis_challenge">{}</script>'), ()),
    "LinkedIn's 999": (999, b"", ()),
    "plain 403": (403, document("403 Forbidden", body="You may not see this."), ()),
    "401": (401, document("401", body=""), (("WWW-Authenticate", "Basic"),)),
    "402": (402, document("Payment required", body=""), ()),
    "405": (405, b"", ()),
    "406": (406, b"", ()),
    "418": (418, b"", ()),
    "429 for a while": (429, b"", (("Retry-After", "7200"),)),
    "451": (451, b"", (("Link", '<http://order.example/>; rel="blocked-by"'),)),
    "503 with Retry-After": (503, b"", (("Retry-After", "7200"),)),
    "a German wall": (403, document("Zugriff verweigert", body=""), ()),
    "a country": (200, document("Not available", body="This content is not available in your region."), ()),
    "a 404 with a block mark": (404, document("Just a moment...", body=WORDS), (("cf-mitigated", "challenge"),)),
}
DOORS = {
    "a login with the way back": (
        "/login?next=%2F2019%2F05%2Fx",
        document("Sign in", body='<form><input type="password"></form>'),
    ),
    "a single sign-on": ("/sso/start?returnUrl=/2019/05/x", document("One account", body="Choose your provider.")),
    "a consent page": ("/consent?continue=/2019/05/x", document("Before you continue", body="We use cookies.")),
    "a subscription page": ("/subscribe?return=/2019/05/x", document("Subscribe", body="Choose a plan.")),
    "a captcha page": ("/captcha?url=/2019/05/x", document("Are you a robot?", body="")),
}


def walls() -> Iterator[Scenario]:
    for name, (http_status, body, headers) in CHALLENGES.items():
        answer = Answer(http_status=http_status, body=body, headers=headers)
        yield made("wall", name, answer, states=WALLED, otherwise=answer, pages={"/": answer})
    for name, (location, body) in DOORS.items():
        page = Answer(body=body)
        yield made("wall", name, to(location), states=WALLED, pages={location: page, location.partition("?")[0]: page})


# ---- says 200, is gone

GONE = frozenset({SUSPECT})
ERROR_TITLES = (
    ("en", "Page not found"),
    ("en", "404 - File or directory not found."),
    ("en", "Error 404 (Not Found)!!1"),
    ("en", "Oops! That page can't be found."),
    ("en", "The page you requested could not be found"),
    ("en", "This article is no longer available"),
    ("de", "Seite nicht gefunden"),
    ("de", "Fehler 404"),
    ("fr", "Page introuvable"),
    ("fr", "Page non trouvée"),
    ("es", "Página no encontrada"),
    ("pt", "Página não encontrada"),
    ("it", "Pagina non trovata"),
    ("nl", "Pagina niet gevonden"),
    ("sv", "Sidan kunde inte hittas"),
    ("da", "Siden blev ikke fundet"),
    ("nb", "Siden ble ikke funnet"),
    ("fi", "Sivua ei löydy"),
    ("pl", "Nie znaleziono strony"),
    ("cs", "Stránka nenalezena"),
    ("hu", "Az oldal nem található"),
    ("ro", "Pagina nu a fost găsită"),
    ("ru", "Страница не найдена"),
    ("uk", "Сторінку не знайдено"),
    ("el", "Η σελίδα δεν βρέθηκε"),
    ("tr", "Sayfa bulunamadı"),
    ("ar", "الصفحة غير موجودة"),
    ("he", "הדף לא נמצא"),
    ("ja", "ページが見つかりません"),
    ("ko", "페이지를 찾을 수 없습니다"),
    ("zh", "页面未找到"),
    ("vi", "Không tìm thấy trang"),
    ("id", "Halaman tidak ditemukan"),
)
PLACEHOLDERS = {
    "a welcome page of nginx": document(
        "Welcome to nginx!", body="If you see this page, the nginx web server is successfully installed."
    ),
    "a welcome page of Apache": document("Apache2 Debian Default Page: It works", body="This is the default welcome page."),
    "a suspended account": document("Account Suspended", body="This account has been suspended. Contact your hosting provider."),
    "an expired domain": document("Domain expired", body="This domain has expired. Renew it now."),
    "a hosting placeholder": document("Site not found", body="There is no such site here."),
    "coming soon": document("Coming soon", body="Our new website is on its way."),
}
LISTING = html("The Vellham Courier", h1="Latest news", body="Today: the market, the school, the weather. " * 8)


def soft() -> Iterator[Scenario]:
    for lang, title in ERROR_TITLES:
        page = html(f"{title} | Vellham Courier", h1=title, body="Please use the menu or the search.", lang=lang)
        yield made("soft404", f"{lang} {title}", page, states=GONE, otherwise=page)
    for name, body in PLACEHOLDERS.items():
        page = Answer(body=body)
        yield made("soft404", name, page, states=GONE, otherwise=page, pages={"/": page})
    yield made("soft404", "redirect to the front page", to("/"), states=GONE, reason="redirect-to-root")
    yield made(
        "soft404", "redirect to the front page of another host", to("http://elsewhere-hub.example/"), states=GONE | {USURPED}
    )
    yield made(
        "soft404",
        "redirect to an error page",
        to("/errors/404.html"),
        states=GONE,
        reason="redirect-to-error",
        pages={"/errors/404.html": html("Vellham", h1="Hm", body="Something.")},
    )
    yield made(
        "soft404",
        "redirect with an error in the query",
        to("/home.aspx?aspxerrorpath=/2019/x"),
        states=GONE,
        reason="redirect-to-error",
        pages={"/home.aspx": HOME},
    )
    yield made(
        "soft404",
        "redirect to the section, as for anything",
        to("/2019/"),
        states=GONE,
        otherwise=to("/2019/"),
        pages={"/2019/": LISTING},
    )
    yield made("soft404", "one page for every address", LISTING, states=GONE, otherwise=LISTING)
    yield made(
        "soft404", "one page for every address, cited without a title", LISTING, states=GONE, otherwise=LISTING, title=None
    )
    yield made(
        "soft404",
        "an empty page",
        Answer(body=b"<html><head></head><body></body></html>"),
        states=GONE,
        otherwise=Answer(body=b"<html><body></body></html>"),
    )
    yield made(
        "soft404",
        "an error for a PDF",
        html("File not found", body="No such file."),
        states=GONE,
        path="/doc/old.pdf",
        otherwise=html("File not found", body="No such file."),
    )


# ---- in other hands

LOST = frozenset({USURPED})
CASINO = document(
    "Slot Gacor Maxwin Situs Judi Online", h1="Daftar Slot Gacor Deposit Pulsa", body="Bonus dan jackpot. " * 30, lang="id"
)


def hands() -> Iterator[Scenario]:
    parked = Answer(
        body=b'<!doctype html><html data-adblockkey="x"><head><title>related links</title></head><body><h1>Related searches</h1></body></html>'
    )
    yield made("taken", "a parked domain", parked, states=LOST, otherwise=parked, pages={"/": parked})
    lander = Answer(body=b'<html><head><script>window.onload=function(){window.location.href="/lander"}</script></head></html>')
    yield made("taken", "a lander", lander, states=LOST, otherwise=lander, pages={"/": lander, "/lander": lander})
    casino = Answer(body=CASINO)
    yield made("taken", "another trade", casino, states=LOST, otherwise=casino, pages={"/": casino})
    yield made("taken", "a redirect to a marketplace", to("http://www.hugedomains.com/domain_profile.cfm?d=vellham"), states=LOST)
    scenario = made("taken", "for sale", None, states=LOST)
    domain = ".".join(scenario.site.host.split(".")[-2:])
    sale = html(f"{domain} is for sale", body=f"The domain {domain} is for sale. Make an offer.")
    yield made_again(scenario, sale)
    scenario = made("taken", "zu verkaufen", None, states=LOST)
    domain = ".".join(scenario.site.host.split(".")[-2:])
    yield made_again(scenario, html("Domain", body=f"Die Domain {domain} steht zum Verkauf."))


def made_again(scenario: Scenario, answer: Answer) -> Scenario:
    site = Site(host=scenario.site.host, name=scenario.name, pages={}, otherwise=answer)
    return Scenario(name=scenario.name, kind=scenario.kind, states=scenario.states, reason=None, site=site, title=scenario.title)


# ---- gone, failing, odd

FAILING = frozenset({SUSPECT, UNKNOWN})


def gone() -> Iterator[Scenario]:
    yield made("gone", "404", NOT_FOUND, states=GONE, reason="http-404")
    yield made("gone", "410", Answer(http_status=410, body=b"gone"), states=GONE, reason="http-410")
    yield made(
        "gone",
        "404 through Cloudflare",
        Answer(http_status=404, body=NOT_FOUND.body, headers=(("Server", "cloudflare"), ("CF-Ray", "1"))),
        states=GONE,
        reason="http-404",
    )
    yield made(
        "gone",
        "404 through CloudFront",
        Answer(http_status=404, body=NOT_FOUND.body, headers=(("X-Cache", "Error from cloudfront"),)),
        states=GONE,
        reason="http-404",
    )
    yield made(
        "gone",
        "404 with a captcha script on it",
        Answer(
            http_status=404,
            body=document("Not here", body=BODY, head='<script src="https://www.google.com/recaptcha/api.js"></script>'),
        ),
        states=GONE,
        reason="http-404",
    )


def failing() -> Iterator[Scenario]:
    for status in (500, 502, 504, 520, 521, 522, 530, 408, 425):
        yield made(
            "transient", f"HTTP {status}", Answer(http_status=status, body=b"<h1>Trouble</h1>"), states=frozenset({SUSPECT})
        )
    yield made(
        "transient", "HTTP 503", Answer(http_status=503, body=b"<h1>Down for maintenance</h1>"), states=frozenset({SUSPECT})
    )
    yield made("transient", "refused", None, states=frozenset({SUSPECT}), port="closed", reason="refused")
    yield made("transient", "reset", Answer(manner="reset"), states=frozenset({SUSPECT}), reason="reset")
    yield made("transient", "closed before the head", Answer(manner="close"), states=frozenset({SUSPECT}))
    yield made("transient", "silence", Answer(manner="silent"), states=frozenset({SUSPECT}), reason="timeout")
    yield made("transient", "a dripping head", Answer(manner="drip"), states=FAILING)
    yield made("transient", "redirects to itself", to(PATH), states=frozenset({SUSPECT}), reason="too-many-redirects")
    yield made(
        "transient",
        "redirects for ever",
        to(f"{PATH}?1"),
        states=frozenset({SUSPECT}),
        pages={f"{PATH}?{n}": to(f"{PATH}?{n + 1}") for n in range(1, 30)},
    )


def odd() -> Iterator[Scenario]:
    nobody = frozenset({UNKNOWN})
    yield made("odd", "no HTTP at all", Answer(raw=b"SSH-2.0-OpenSSH_9.6\r\n"), states=nobody)
    yield made("odd", "400", Answer(http_status=400, body=b""), states=nobody)
    yield made("odd", "a redirect without a target", Answer(http_status=302, body=b""), states=nobody)
    yield made("odd", "a redirect to a mail address", to("mailto:editor@vellham.example"), states=nobody)
    yield made("odd", "a redirect to loopback", to("http://127.0.0.9:1/"), states=nobody | {SUSPECT})
    shell = Answer(
        body=b'<html><head><title>App</title></head><body><div id="root"></div><script src="/a.js"></script><noscript>You need to enable JavaScript.</noscript></body></html>'
    )
    yield made("odd", "a page that only scripts fill", shell, states=nobody, otherwise=shell)


SCENARIOS: tuple[Scenario, ...] = (*live(), *walls(), *soft(), *hands(), *gone(), *failing(), *odd())
OTHERS: tuple[Site, ...] = (
    Site(
        host="elsewhere-hub.example",
        name="Elsewhere",
        pages={"/": html("Welcome to Elsewhere", body="A portal of many things. " * 20)},
    ),
    Site(host="www.hugedomains.com", name="A marketplace", otherwise=html("Buy a name", body="Names for sale.")),
    Site(host="hugedomains.com", name="A marketplace", otherwise=html("Buy a name", body="Names for sale.")),
)
"""Hosts that redirects lead to."""


def wikitext() -> str:
    """The article that cites every situation."""
    lines = []
    for number, scenario in enumerate(SCENARIOS):
        title = f" |title={scenario.title.replace('|', '{{!}}')}" if scenario.title else ""
        lines.append(f'Sentence {number}.<ref name="s{number}">{{{{Cite web |url={scenario.url}{title}}}}}</ref>')
    return "\n".join(lines)
