"""The sites of the demo: a small web in which nearly everything that can happen to a link has happened, and what is true of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from audit.demo import pages
from audit.model import Archived, LinkState

SLOW_S = 1.2
"""Long enough to notice, short enough to wait for."""
LATER_S = 7200
"""What the overrun site asks for: longer than a run waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a site sends for one path. `raw` replaces the whole answer, for servers that break the rules of HTTP.

    `manner` is how it goes instead: `reset`, `close` before the head, `silent` for ever, `drip` a byte a second (`drip-body` only
    of the body), `cut` in the body, or one of the endless ones of serving.py.
    `varies`: {path} {slug} {date} {time} {count} {token} {headlines} in the body are filled anew each time.
    """

    http_status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    delay_s: float = 0.0
    raw: bytes | None = None
    manner: str | None = None
    varies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One host: its pages by path, and what it says to every other path. `port` is plain, secure, expired, stranger or closed."""

    host: str
    name: str
    pages: Mapping[str, Answer] = field(default_factory=dict)
    otherwise: Answer | None = None
    port: str = "plain"

    def answer(self, path: str) -> Answer:
        """The answer to a path with its query."""
        known = self.pages.get(path) or self.pages.get(path.partition("?")[0])
        return known or self.otherwise or (_front(self) if path == "/" else _missing(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of a cited URL of the demo: the state after the first check, its reason, and after checks over two weeks."""

    url: str
    state: LinkState
    reason: str
    archived: Archived
    settled: LinkState
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One capture of the little archive."""

    url: str
    timestamp: str
    body: bytes
    http_status: int = 200
    mimetype: str = "text/html"
    location: str | None = None


def _front(site: Site) -> Answer:
    return Answer(
        body=pages.frame(site.name, f"<h1>{site.name}</h1>\n<p>Welcome. Choose a page from the menu.</p>", site=site.name)
    )


def _missing(site: Site) -> Answer:
    return Answer(
        http_status=404,
        body=pages.frame("404 Not Found", "<h1>404 Not Found</h1>\n<p>There is no such page here.</p>", site=site.name),
    )


def _page(slug: str, *, site: str, **more: object) -> Answer:
    return Answer(body=pages.html(slug, site=site), **more)  # type: ignore[arg-type]  # names are those of Answer


def _to(location: str, *, http_status: int) -> Answer:
    return Answer(http_status=http_status, headers=(("Location", location),), body=b"<p>Moved.</p>")


def _rule_breaker(slug: str, *, site: str) -> Answer:
    """A page that every browser shows although its head is malformed: a line without a colon, the length said twice."""
    body = pages.html(slug, site=site)
    head = f"HTTP/1.1 200 OK\r\nServer: tide mill\r\nno colon here\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
    return Answer(raw=f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)


SUBSCRIBERS = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>\n'
CHALLENGE = (
    b"<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking that you are human</h1>"
    b'<script>window._cf_chl_opt={};</script><script src="/cdn-cgi/challenge-platform/h.js"></script></body></html>'
)
PARKING = (
    b'<!doctype html><html data-adblockkey="MARROWBY"><head><title>visit-marrowby.example</title></head><body>'
    b"<h1>visit-marrowby.example</h1><p>Related searches: quay hotels, ferry tickets, clock repair.</p></body></html>"
)
FOR_SALE = (
    b"<!doctype html><html><head><title>harbourtales.example is for sale</title></head><body><h1>harbourtales.example is for sale</h1>"
    b"<p>The domain harbourtales.example is for sale. Make an offer today.</p></body></html>"
)
SHELL = (
    b'<!doctype html><html><head><title>Bell founders</title></head><body><div id="root"></div>'
    b'<noscript>You need to enable JavaScript to run this app.</noscript><script src="/app.js"></script></body></html>'
)
SIGN_IN = (
    '<h1>Sign in</h1><form method="post" action="/login"><input name="member"><input type="password" name="password">'
    "<button>Sign in</button></form>"
)
WITHHELD = "<h1>Unavailable for legal reasons</h1><p>This decision is withheld by order of the court.</p>"
LEGAL = ("Link", '<http://coastal-court.example/order>; rel="blocked-by"')

KEEPER = "/2018/11/20/the-last-keeper-of-the-tide-clock-looks-back"

SITES: tuple[Site, ...] = (
    Site(
        host="marrowby-gazette.example",
        name="Marrowby Gazette",
        pages={
            "/2019/06/15/tide-clock-strikes-again-after-nine-silent-years": _page("clock-restarts", site="Marrowby Gazette"),
            "/2020/02/03/inside-the-float-shaft-how-water-keeps-the-time": _page("float-shaft", site="Marrowby Gazette"),
            KEEPER: _page("keeper", site="Marrowby Gazette"),
            "/2021/05/01/mercy-dole-who-finished-the-clock": Answer(
                body=pages.html("dole", site="Marrowby Gazette", head=SUBSCRIBERS)
            ),
        },
    ),
    Site(
        host="old-gazette.example",
        name="Old Gazette",
        pages={f"/stories/4711{KEEPER[11:]}": _to(f"http://marrowby-gazette.example{KEEPER}", http_status=301)},
    ),
    Site(
        host="council.marrowby.example",
        name="Marrowby Harbour Council",
        pages={
            "/plans/harbour-conservation-plan-second-edition.html": _page("council-plan", site="Marrowby Harbour Council"),
            "/minutes/2011/harbour-committee-12-may.html": Answer(
                http_status=410, body=pages.frame("410 Gone", "<h1>Gone</h1>", site="Marrowby Harbour Council")
            ),
        },
    ),
    Site(
        host="estuary-post.example",
        name="Estuary Post",
        pages={"/news/weigh-house-and-tide-clock-share-one-roof-survey-finds": _page("weigh-house", site="Estuary Post")},
    ),
    Site(
        host="clockmakers-guild.example",
        name="Guild of Clockmakers",
        otherwise=Answer(
            body=pages.frame(
                "Page not found", "<h1>Page not found</h1>\n<p>Please use the menu.</p>", site="Guild of Clockmakers"
            )
        ),
    ),
    Site(
        host="tidehistory.example",
        name="Tide History",
        pages={"/essays/the-culvert-under-the-quay.html": _to("/", http_status=302)},
    ),
    Site(host="visit-marrowby.example", name="visit-marrowby.example", otherwise=Answer(body=PARKING)),
    Site(host="harbourtales.example", name="harbourtales.example", otherwise=Answer(body=FOR_SALE)),
    Site(
        host="coastline-review.example",
        name="Coastline Review",
        otherwise=Answer(http_status=403, body=CHALLENGE, headers=(("cf-mitigated", "challenge"), ("Server", "cloudflare"))),
    ),
    Site(
        host="engineers-register.example",
        name="Register of Engineers",
        pages={
            "/entries/arkwell-josse": _to("/login?next=%2Fentries%2Farkwell-josse", http_status=302),
            "/login": Answer(body=pages.frame("Sign in", SIGN_IN, site="Register of Engineers")),
        },
    ),
    Site(
        host="marrowby-museum.example",
        name="Marrowby Museum",
        pages={"/collection/model-of-the-marrowby-tide-clock": _page("museum-model", site="Marrowby Museum")},
        port="expired",
    ),
    Site(
        host="hydrographic-survey.example",
        name="Hydrographic Survey",
        pages={
            "/stations/marrowby-station-notes.pdf": Answer(body=pages.pdf("survey-gauge"), content_type="application/pdf"),
            "/stations/tide-gauge-at-marrowby-notes-on-the-station": _page(
                "survey-gauge", site="Hydrographic Survey", delay_s=SLOW_S
            ),
        },
    ),
    Site(
        host="saltmarsh-radio.example",
        name="Saltmarsh Radio",
        otherwise=Answer(http_status=500, body=b"<h1>500 Internal Server Error</h1>"),
    ),
    Site(host="gannet-light.example", name="Gannet Light", port="closed"),
    Site(
        host="ferry-marrowby.example",
        name="Seagull Rooms",
        pages={"/about/sailings-and-the-tide-clock": _page("ferry-now", site="Seagull Rooms")},
    ),
    Site(
        host="coastal-court.example",
        name="Coastal Court",
        pages={
            "/decisions/the-case-of-the-bronze-grating": Answer(
                http_status=451,
                body=pages.frame("Unavailable for legal reasons", WITHHELD, site="Coastal Court"),
                headers=(LEGAL,),
            )
        },
    ),
    Site(
        host="almanac-press.example",
        name="Almanac Press",
        otherwise=Answer(http_status=429, body=b"<h1>429 Too Many Requests</h1>", headers=(("Retry-After", str(LATER_S)),)),
    ),
    Site(
        host="tidal-mills.example",
        name="Tidal Mills",
        pages={"/floats-bells-and-sluices.html": _rule_breaker("mills-floats", site="Tidal Mills")},
    ),
    Site(host="bellfounders.example", name="Bell founders", otherwise=Answer(body=SHELL)),
    Site(host="harbour-webcam.example", name="Marrowby harbour webcam"),
)
"""Every host that the article cites, and the two that its redirects lead to."""


def _truth(url: str, state: LinkState, reason: str, archived: Archived, what: str, *, settled: LinkState | None = None) -> Truth:
    return Truth(url=url, state=state, reason=reason, archived=archived, settled=settled or state, what=what)


LIVE, SUSPECT, DEAD, USURPED = LinkState.LIVE, LinkState.SUSPECT, LinkState.DEAD, LinkState.USURPED
BLOCKED, UNKNOWN, DRIFTED = LinkState.BLOCKED, LinkState.UNKNOWN, LinkState.DRIFTED
YES, NO = Archived.YES, Archived.NO
RESTARTS = "http://marrowby-gazette.example/2019/06/15/tide-clock-strikes-again-after-nine-silent-years"
FLOAT = "http://marrowby-gazette.example/2020/02/03/inside-the-float-shaft-how-water-keeps-the-time"
OLD_KEEPER = f"http://old-gazette.example/stories/4711{KEEPER[11:]}"
DOLE = "http://marrowby-gazette.example/2021/05/01/mercy-dole-who-finished-the-clock"
PLAN = "http://council.marrowby.example/plans/harbour-conservation-plan-second-edition.html"
MINUTES = "http://council.marrowby.example/minutes/2011/harbour-committee-12-may.html"
TOOTH = "http://estuary-post.example/features/why-the-tide-clock-has-a-wheel-with-sixty-one-teeth"
WEIGH = "http://estuary-post.example/news/weigh-house-and-tide-clock-share-one-roof-survey-finds"
GUILD = "http://clockmakers-guild.example/members/josse-arkwell-maker-of-tide-clocks"
CULVERT = "http://tidehistory.example/essays/the-culvert-under-the-quay.html"
WALK = "http://visit-marrowby.example/walks/a-morning-on-marrowby-quay"
BELL_TALE = "http://harbourtales.example/tales/the-bell-that-rings-for-the-flood"
WHEELS = "http://coastline-review.example/14/oak-pear-bronze-what-the-wheels-of-old-clocks-tell"
REGISTER = "http://engineers-register.example/entries/arkwell-josse"
MODEL = "https://marrowby-museum.example/collection/model-of-the-marrowby-tide-clock"
NOTES_PDF = "http://hydrographic-survey.example/stations/marrowby-station-notes.pdf"
GAUGE = "http://hydrographic-survey.example/stations/tide-gauge-at-marrowby-notes-on-the-station"
RADIO = "http://saltmarsh-radio.example/programmes/listen-the-clock-that-counts-the-flood"
LOG = "http://gannet-light.example/log/extracts-from-the-log-of-gannet-light.html"
FERRY = "http://ferry-marrowby.example/about/sailings-and-the-tide-clock"
COURT = "http://coastal-court.example/decisions/the-case-of-the-bronze-grating"
ALMANAC = "http://almanac-press.example/almanac-of-the-estuary-tides-for-the-reader"
MILLS = "http://tidal-mills.example/floats-bells-and-sluices.html"
BELL = "http://bellfounders.example/notes/the-marrowby-bell-notes-of-a-bell-founder"
WEBCAM = "http://harbour-webcam.example/"

TRUTH: tuple[Truth, ...] = (
    _truth(RESTARTS, LIVE, "ok", NO, "a page that answers"),
    _truth(FLOAT, LIVE, "ok", YES, "a page that answers, called dead by the editor"),
    _truth(OLD_KEEPER, LIVE, "moved", NO, "a page that moved to another host and kept its name"),
    _truth(DOLE, LIVE, "metered", NO, "a page for subscribers that shows what it is"),
    _truth(PLAN, LIVE, "ok", NO, "a page that answers"),
    _truth(MINUTES, SUSPECT, "http-410", YES, "410 Gone", settled=DEAD),
    _truth(TOOTH, SUSPECT, "http-404", YES, "404 Not Found, called live by the editor", settled=DEAD),
    _truth(WEIGH, LIVE, "ok", NO, "a page that answers"),
    _truth(GUILD, SUSPECT, "soft-404", YES, "an error page that says 200", settled=DEAD),
    _truth(CULVERT, SUSPECT, "redirect-to-root", YES, "a redirect to the front page", settled=DEAD),
    _truth(WALK, USURPED, "parked", YES, "a parked domain"),
    _truth(BELL_TALE, USURPED, "for-sale", YES, "a domain for sale"),
    _truth(WHEELS, BLOCKED, "bot-wall", YES, "a challenge to automated visitors"),
    _truth(REGISTER, BLOCKED, "login", NO, "a redirect to a sign-in form"),
    _truth(MODEL, LIVE, "ok", NO, "a page behind an expired certificate"),
    _truth(NOTES_PDF, LIVE, "ok", NO, "a PDF"),
    _truth(GAUGE, LIVE, "ok", NO, "a slow page"),
    _truth(RADIO, SUSPECT, "http-5xx", NO, "a server error", settled=DEAD),
    _truth(LOG, SUSPECT, "refused", YES, "a server that is not there", settled=DEAD),
    _truth(FERRY, LIVE, "ok", YES, "another text at the same address", settled=DRIFTED),
    _truth(COURT, BLOCKED, "legal", NO, "withheld for legal reasons"),
    _truth(ALMANAC, BLOCKED, "rate-limited", NO, "a site that asks us to come back later"),
    _truth(MILLS, LIVE, "ok", NO, "a server that breaks the rules of HTTP"),
    _truth(BELL, UNKNOWN, "js-shell", YES, "a page that is empty without its scripts"),
    _truth(WEBCAM, LIVE, "ok", NO, "a front page, cited as a bare address"),
)
"""What an audit of the article must find. `settled` is the state when checks over two weeks keep saying the same."""

TEA_ROOMS = "http://ropewalk-tea-rooms.example/menu"


def _kept(url: str, timestamp: str, slug: str, *, site: str) -> Kept:
    return Kept(url=url, timestamp=timestamp, body=pages.html(slug, site=site))


CAPTURES: tuple[Kept, ...] = (
    _kept(FLOAT, "20200301080000", "float-shaft", site="Marrowby Gazette"),
    _kept(MINUTES, "20140812101500", "council-minutes", site="Marrowby Harbour Council"),
    _kept(TOOTH, "20180110121530", "estuary-tooth", site="Estuary Post"),
    _kept(TOOTH, "20190614093000", "estuary-tooth", site="Estuary Post"),
    Kept(url=TOOTH, timestamp="20230301000000", body=b"<title>404 Not Found</title><h1>Not Found</h1>", http_status=404),
    _kept(GUILD, "20170405060708", "guild-arkwell", site="Guild of Clockmakers"),
    _kept(CULVERT, "20160220183000", "history-culvert", site="Tide History"),
    Kept(url=CULVERT, timestamp="20220101000000", body=b"", http_status=302, location="http://tidehistory.example/"),
    _kept(WALK, "20150707070707", "visit-quay", site="Visit Marrowby"),
    _kept(BELL_TALE, "20130131120000", "tales-bell", site="Harbour Tales"),
    _kept(WHEELS, "20210909090000", "review-wheels", site="Coastline Review"),
    _kept(LOG, "20120606060606", "lighthouse-log", site="Gannet Light"),
    _kept(LOG, "20190202020202", "lighthouse-log", site="Gannet Light"),
    _kept(FERRY, "20160501100000", "ferry-2016", site="Marrowby Island Ferry"),
    _kept(BELL, "20171111111111", "founders-bell", site="Bell founders"),
    Kept(url=TEA_ROOMS, timestamp="20170808080808", body=b"<title>Menu</title><h1>Menu</h1><p>Tea, scones, soup.</p>"),
)
"""What the little archive holds: some good copies, and a captured error and a captured redirect that no citation should get."""
