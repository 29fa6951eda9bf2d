"""Pages that look like errors, templates or duplicates, and are none. The truth of each: live."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from audit.demo.sites import Answer, Site
from audit.model import LinkState
from tests.lab.situation import BODY, GOOD, HOME, LIVE, PATH, TITLE, UNKNOWN, Scenario, document, html, made, slug, to
from tests.lab.soft import GONE, LISTING, PORTAL, changing

ALIVE = frozenset({LIVE})
UNSEEN = frozenset({LIVE, UNKNOWN})
"""Where only scripts could tell."""

TITLES = (
    "Not Found: a novel in four parts",
    "Lost",
    "Gone",
    "Missing",
    "The missing link",
    "Room 404",
    "Highway 410 toll plan dropped",
    "Area code 404 runs out of numbers",
    "Article 404 of the penal code",
    "Error code 404 explained for beginners",
    "Why pages disappear from the web",
    "Page not found: how newspapers lose their archives",
    "Insulin no longer available in village pharmacies",
    "Statue removed overnight",
    "Account suspended for parody: the case of a baker",
    "Expired passports accepted until June",
    "A place that does not exist",
    "The town that no longer exists",
    "Species not found since 1910",
    "Nothing to see here: invisibility in art",
    "Coming soon to a cinema near you",
    "Sorry",
    "Robots",
    "Redirect",
    "Oops",
    "Closed",
    "Suspended",
    "Deleted",
    "404 days in a lighthouse",
    "Search for the lost bell of Vellham",
    "Unknown user: portraits",
    "Invalid carriages of the last war",
    "Fehler 404, das Theaterst\u00fcck in drei Akten",
    "Nicht gefunden: verlorene Briefe",
    "Page blanche, un roman",
    "Errore di sistema, romanzo",
    "P\u00e1gina en blanco y otros cuentos",
    "\u0411\u0430\u0448\u043d\u044f \u043d\u0435 \u043d\u0430\u0439\u0434\u0435\u043d\u0430: \u0440\u0430\u0441\u0441\u043a\u0430\u0437",
    "404\u53f7\u5ba4\u306e\u5973",
    "\u88ab\u5220\u9664\u7684\u5386\u53f2",
)
SHORT = {
    "a poem": html(
        "Not Found",
        h1="Not Found",
        body="I looked for the bell in the reeds, in the mud, in the morning, and what I found was the sound that it made when it fell, and the water that kept it, and nobody else, and the rain on the quay, and the rain, and the swell, and the dark.",
    ),
    "a haiku": html("Old pond", h1="Old pond", body="A frog jumps in."),
    "a number": html("Height of the tower", h1="Height of the tower", body="41 m"),
    "a picture with a caption": html("The quay in 1931", h1="The quay in 1931", body='<img src="/quay.jpg" alt="">'),
    "a table": html("Tides", h1="Tides", body="<table><tr><td>3.1</td><td>4.0</td><td>2.2</td></tr></table>"),
    "a frame set": Answer(
        body=b'<html><head><title>Bridges</title></head><frameset cols="20%,80%"><frame src="menu.html"><frame src="text.html"></frameset></html>'
    ),
    "a viewer of documents": Answer(
        body=b'<html><head><title>Viewer</title></head><body><iframe src="/file.pdf"></iframe></body></html>'
    ),
    "one line": Answer(body=b"<html><body>Closed on Mondays and in August.</body></html>"),
    "a page about a product that is not made any more": html(
        "Oak bench, 2 m", h1="Oak bench, 2 m", body="This product is no longer available. It was made of oak from 1990 to 2004."
    ),
    "an obituary": html("Mercy Dole", h1="Mercy Dole, clockmaker", body="She is gone. The funeral is private."),
    "a notice that an event has ended": html(
        "Regatta 2011", h1="Regatta 2011", body="This event has ended. The blue boat won by a length."
    ),
}
FRONTS = (
    "/index.php",
    "/home",
    "/de/",
    "/en-us",
    "/default.aspx",
    "/Default.asp",
    "/index.shtml",
    "/zh-hans/",
    "/?lang=en",
    "/en/home.html",
    "/main.php",
    "/homepage",
)
TEMPLATE = (
    "The register of clocks of the county lists every clock, its maker, its wheels and its bell. Use the search to find another. The register is kept by the guild. Corrections are welcome at any time. "
    * 3
)
RECORD = "Maker: Josse Arkwell, of Marrowby. Wheels of pear wood, a bell from Ullock, one hand. Restored by Mercy Dole. Strikes the flood only."
NO_RECORD = "No clock has this number."


def traps() -> Iterator[Scenario]:
    for title in TITLES:
        yield one(f"trap, cited, {title}", html(title, h1=title), title=title, path=f"/{slug(title) or 'x'}")
        yield one(
            f"trap, not cited, {title}", html(f"{title} | Vellham Courier", h1=title), title=None, path=f"/n/{slug(title) or 'x'}"
        )
    yield from shorts()
    yield from fronts()
    yield from templates()
    yield from several()
    yield from moved()
    yield from softly()
    yield from scripted()
    yield from by_a_part()


def one(name: str, answer: Answer | None = GOOD, *, states: frozenset[LinkState] = ALIVE, **more: object) -> Scenario:
    return made("trap", name, answer, states=states, **more)  # type: ignore[arg-type]  # names are those of made


@dataclass(frozen=True, kw_only=True)
class Partly(Site):
    """A site that looks at a part of the address only, and shows the same for all that have it."""

    part: str = ""

    def answer(self, path: str) -> Answer:
        return GOOD if self.part in path else LISTING


PARTS = {
    "/story/482/the-bridge": "/story/482/",
    "/questions/4821377/how-to-build-a-bridge": "/4821377",
    "/n/4821-the-bridge": "/n/4821",
    "/doc/3f2a91bc-77aa-4c1e-9d10-aaa111bbb222/view": "/3f2a91bc",
    "/film/the-bridge-of-vellham/reviews": "/the-bridge-of-vellham",
    "/users/anna/posts": "/users/anna",
    "/wiki/Vellham/history": "/wiki/Vellham",
    "/issue/12/contents": "/issue/12/",
    "/view.php?id=482&year=2019&lang=en": "id=482",
    "/w/index.php?title=Vellham&oldid=48213": "title=Vellham",
    "/index.php?section=news&item=bridge": "item=bridge",
    "/cgi-bin/show.pl?rec=482;mode=full": "rec=482",
    "/?news/482": "news/482",
    "/db.nsf/0/ABCDEF1234?OpenDocument": "ABCDEF1234",
    "/doi/10.1234/abc.def/full": "/10.1234/abc",
    "/show;id=482": "id=482",
    "/bridge?sort=date": "/bridge",
    "/bridge?replytocom=12": "/bridge",
}


def by_a_part() -> Iterator[Scenario]:
    """Whatever a server looks at, its answer for what cannot exist must not be the page itself."""
    for path, part in PARTS.items():
        plain = one(f"known by a part of {path}", path=path, title=None)
        site = Partly(host=plain.site.host, name=plain.name, part=part)
        yield replace(plain, site=site)
        gone = f"one page for every address like {path}"
        yield made("soft404", gone, LISTING, states=GONE, otherwise=LISTING, pages={"/": LISTING}, path=path, title=None)


def shorts() -> Iterator[Scenario]:
    for name, answer in SHORT.items():
        yield one(f"short: {name}", answer, title=None)
        yield one(f"short, beside soft errors: {name}", answer, title=None, otherwise=LISTING)


def fronts() -> Iterator[Scenario]:
    for path in FRONTS:
        yield one(f"a front page at {path}", HOME, path=path, title=None, otherwise=HOME)
        yield one(f"a front page at {path} that leads to the root", to("/"), path=path, title=None, otherwise=to("/"))


def templates() -> Iterator[Scenario]:
    """One template, nearly all of it the same words, with another record each."""
    empty = html("Register of clocks", h1="Register of clocks", body=TEMPLATE + NO_RECORD)
    full = html("Register of clocks", h1="Register of clocks", body=TEMPLATE + RECORD)
    other = html(
        "Register of clocks",
        h1="Register of clocks",
        body=TEMPLATE + RECORD.replace("Josse Arkwell", "Anna Quill").replace("pear", "oak").replace("Ullock", "Gannet"),
    )
    third = html(
        "Register of clocks", h1="Register of clocks", body=TEMPLATE + "Maker unknown. Stands in the weigh house since the fire."
    )
    yield one("a record in a template, the number in the query", full, path="/clock.php?id=17", otherwise=empty, title=None)
    yield one("a record in a template, the number in the path", full, path="/clock/17", otherwise=empty, title=None)
    yield one(
        "a record that the address names twice",
        full,
        path="/clock/10417/josse-arkwell",
        otherwise=empty,
        title=None,
        pages={"/clock/10417/josse-arkwell": full},
    )
    yield one(
        "records of one register",
        full,
        path="/clock/17",
        otherwise=empty,
        title=None,
        more=("/clock/18", "/clock/19"),
        pages={"/clock/18": other, "/clock/19": third},
    )
    yield one(
        "records of one register, on an honest server",
        full,
        path="/clock/17",
        title=None,
        more=("/clock/18", "/clock/19"),
        pages={"/clock/18": other, "/clock/19": third},
    )
    numbers = [
        html(
            "Tide tables",
            h1="Tide tables",
            body=TEMPLATE + f"High water {n}.4 m, low water 0.{n} m, range {n}.1 m, moon {n * 3} days",
        )
        for n in (3, 4, 5)
    ]
    nothing = html("Tide tables", h1="Tide tables", body=TEMPLATE + "High water m, low water m, range m, moon days")
    yield one(
        "records of numbers",
        numbers[0],
        path="/tides/a",
        otherwise=nothing,
        title=None,
        more=("/tides/b", "/tides/c"),
        pages={"/tides/b": numbers[1], "/tides/c": numbers[2]},
    )
    word = html("Dictionary of the quay", h1="pontoon", body=TEMPLATE + "pontoon: a flat boat")
    none = Answer(body=document("Dictionary of the quay", h1="{slug}", body=TEMPLATE + "{slug}: no entry"), varies=True)
    yield one("a word of a dictionary", word, path="/word/pontoon", otherwise=none, title=None)
    yield from _more_records(empty)
    pictures = [
        Answer(body=document("Album", h1="Album", body=f'<img src="/{n}.jpg"> Back. Next. All pictures.')) for n in range(4)
    ]
    yield one(
        "pictures of an album",
        pictures[0],
        path="/album/a",
        otherwise=pictures[3],
        title=None,
        more=("/album/b", "/album/c"),
        pages={"/album/b": pictures[1], "/album/c": pictures[2]},
    )
    news = [
        html("The Vellham Courier", h1="The Vellham Courier", body=PORTAL + text)
        for text in (BODY, BODY[::-1], "The ferry sails again. " * 30)
    ]
    portal = changing(PORTAL, "Read also: {headlines}", h1="The Vellham Courier")
    yield one(
        "news under one title for all",
        news[0],
        title=None,
        otherwise=portal,
        more=("/2019/06/ferry", "/2019/07/boat"),
        pages={"/2019/06/ferry": news[1], "/2019/07/boat": news[2]},
    )
    yield one(
        "short news under one title for all",
        html(
            "The Vellham Courier",
            h1="The Vellham Courier",
            body=PORTAL + "The bridge was opened on Friday by the mayor, who cut a ribbon, and by a goat, which ate it.",
        ),
        title=None,
        otherwise=portal,
    )
    viewer = Answer(
        body=document(
            "Viewer",
            h1="",
            body="Zoom in. Zoom out. Page. Print. Download. Previous. Next. Rotate. " * 4,
            head='<script src="/viewer.js"></script>',
        )
    )
    yield one(
        "a static viewer that reads its query",
        viewer,
        path="/viewer.html?file=report.pdf",
        otherwise=viewer,
        title=None,
        pages={"/viewer.html": viewer},
        states=UNSEEN,
    )


def _more_records(empty: Answer) -> Iterator[Scenario]:
    for record, nothing in RECORDS:
        page, none = (html("Letters", h1="Letters", body=TEMPLATE + said) for said in (record, nothing))
        for path in ("/letter.asp?no=14", "/letters/14", "/letters/14/"):
            yield one(f"a letter at {path}: {record}", page, path=path, title=None, otherwise=none)
    graves = [html("Graves", h1="Graves", body=TEMPLATE + f"Grave {n}, row {n + 3}, plot {n * 7}.") for n in range(1, 5)]
    paths = [f"/g/{n}" for n in range(1, 5)]
    yield one(
        "graves that differ in their numbers",
        graves[0],
        path=paths[0],
        title=None,
        more=tuple(paths[1:]),
        pages=dict(zip(paths, graves, strict=True)),
    )
    games = [html("Scores", h1="Scores", body=f"{TEMPLATE}Vellham {a}, Ullock {b}.") for a, b in ((1, 2), (2, 1), (2, 2), (4, 1))]
    paths = [f"/m/{n}" for n in range(1, 5)]
    yield one(
        "scores of games", games[0], path=paths[0], title=None, more=tuple(paths[1:]), pages=dict(zip(paths, games, strict=True))
    )
    yield one(
        "a record cited by its own words",
        html("Benches", h1="Bench", body=TEMPLATE + "Red, of oak."),
        title="Red bench of oak",
        otherwise=empty,
    )
    menu = "Home. Albums. People. Places. Years. Search. Upload. Help. Imprint. Contact. Terms of use. Next. Previous. " * 2
    shown = {
        f"/gallery/{n}": Answer(body=document("Gallery", h1="Gallery", body=f'{menu}<img src="/{n}.jpg">')) for n in range(4)
    }
    yield one(
        "pictures below a long menu",
        shown["/gallery/1"],
        path="/gallery/1",
        title=None,
        more=("/gallery/2", "/gallery/3"),
        pages=shown,
        otherwise=shown["/gallery/0"],
    )
    frame = Answer(body=document("Videos", h1="Videos", body='<iframe src="/embed/1"></iframe>'))
    yield one(
        "a film in a frame", frame, path="/video?v=abc", title=None, otherwise=Answer(body=frame.body.replace(b"/1", b"/x"))
    )


RECORDS = (
    ("Sent by Anna Quill to her brother about a goat.", "Letter not found."),
    ("Sent by the mayor.", ""),
    ("From 12 May 1891, 3 pages, 2 seals, box 14, folio 77.", "From , pages, seals, box , folio ."),
    ("Lost since 1910.", "No such letter."),
    ("1741", ""),
)


def several() -> Iterator[Scenario]:
    """Several addresses of one page."""
    for name, more in SHOWINGS.items():
        yield one(f"one article, {name}", GOOD, title=None, more=more, pages=dict.fromkeys(more, GOOD))
        yield one(f"one article, {name}, with its title", GOOD, more=more, pages=dict.fromkeys(more, GOOD))
    target = {f"/x{PATH}": GOOD}
    olds = ("/?p=48213", "/node/48213", "/go/bridge", "/short")
    yield one(
        "old addresses that lead to one article",
        to(f"/x{PATH}"),
        more=olds,
        pages={**target, **{each.partition("?")[0] if "?" not in each else each: to(f"/x{PATH}") for each in olds}},
    )
    yield one(
        "pages of one article",
        html(body="First part. " * 40),
        title=None,
        path="/story?page=1",
        pages={"/story?page=2": html(body="Second part. " * 40), "/story": html(body="First part. " * 40)},
        more=("/story?page=2",),
    )


SHOWINGS: Mapping[str, tuple[str, ...]] = {
    "for print and for mobile": (f"{PATH}?print=1", f"{PATH}/amp", f"/mobile{PATH}"),
    "with tracking": (f"{PATH}?utm_source=a", f"{PATH}?fbclid=b", f"{PATH}?ref_src=c"),
    "in different outputs": (f"{PATH}?output=1", f"{PATH}?format=amp", f"/print{PATH}"),
    "with and without its date": (f"/news{PATH[8:]}", f"/archive{PATH}", f"/a/b{PATH[8:]}.html"),
}


def moved() -> Iterator[Scenario]:
    story = {f"/archive{PATH}": GOOD}
    yield one("moved where anything else leads to the root", to(f"/archive{PATH}"), pages=story, otherwise=to("/"), title=None)
    yield one("here where anything else leads to the root", GOOD, otherwise=to("/"), title=None)
    yield one("here where anything else leads to an error page", GOOD, otherwise=to("/404"), title=None)
    yield one(
        "here where anything else shows an error",
        GOOD,
        otherwise=html("Page not found", h1="Page not found", body="Menu"),
        title=None,
    )
    yield one("print version led to its article", to(PATH), path=f"{PATH}/print", pages={PATH: GOOD}, title=None)
    yield one(
        "second page led to the whole article",
        to("/story/bridge"),
        path="/story/bridge/page/2",
        pages={"/story/bridge": GOOD},
        title=None,
    )
    yield one(
        "a publisher that could not set its cookie",
        to(f"{PATH}?error=cookies_not_supported&code=4f1e"),
        pages={f"{PATH}?error=cookies_not_supported&code=4f1e": GOOD},
        title=None,
    )
    yield one("a front page that chose a language", to("/?lang=en"), path="/", pages={"/?lang=en": HOME}, title=None)
    yield one("moved to a page about an error", to("/films/error"), path="/f/1", pages={"/films/error": GOOD})
    yield one(
        "a number whose slug is added",
        to("/story/48213/the-bridge"),
        path="/story/48213",
        pages={"/story/48213/the-bridge": GOOD},
        otherwise=to("/"),
        title=None,
    )


def softly() -> Iterator[Scenario]:
    yield one("an article beside soft errors", GOOD, otherwise=LISTING, title=None)
    yield one("an article beside the front page for everything", GOOD, otherwise=HOME, title=None)
    yield one("an article whose title is an error's in the citation", GOOD, title="404 Not Found")
    yield one("an article whose title is an error's in the citation, in German", GOOD, title="Seite nicht gefunden")
    yield one(
        "a film called Not Found", html("Not Found | Vellham cinema", h1="Not Found"), title="Not Found", path="/film/not-found"
    )
    yield one(
        "an entry about 404",
        html("HTTP 404 - Encyclopedia of Vellham", h1="HTTP 404", body=BODY * 2),
        title="HTTP 404",
        path="/wiki/HTTP_404",
    )
    yield one(
        "a page of results",
        html("Search results", h1="Search results", body="Bridge, clock, ferry. " * 30),
        path="/search?q=vellham",
        title=None,
        otherwise=html("Search results", h1="Search results", body="Nothing."),
    )
    yield one(
        "a list of a tag",
        html("Bridges", h1="Bridges", body="One, two, three. " * 30),
        path="/tag/bridges",
        title=None,
        otherwise=html("Tags", h1="Tags", body="Nothing."),
    )
    yield one(
        "a page about a picture with the name of a file",
        html("File:Vellham bridge.jpg", h1="File:Vellham bridge.jpg", body="A picture. " * 30),
        path="/wiki/File:Vellham_bridge.jpg",
        title=None,
        otherwise=html("Wiki", h1="Wiki", body="Create this page."),
    )
    yield one(
        "a page that tells search engines to look at the whole story",
        html(head=f'<meta name="robots" content="noindex"><link rel="canonical" href="{PATH}">'),
        path=f"/amp{PATH}",
        title=None,
    )
    yield one(
        "an old article with a notice of removed pictures",
        html(body="The pictures of this article have been removed. " + BODY),
        title=None,
    )
    yield one(
        "a page with two anchors", GOOD, path=PATH, more=(f"{PATH}#second", f"{PATH}#third"), pages={PATH: GOOD}, title=None
    )


def scripted() -> Iterator[Scenario]:
    for name, root in ROOTS.items():
        shell = f'<html><head><title>{TITLE}</title></head><body>{root}<script src="/main.js"></script></body></html>'.encode()
        yield one(f"scripts fill {name}, under the cited title", Answer(body=shell))
        blank = shell.replace(TITLE.encode(), b"Vellham")
        yield one(
            f"scripts fill {name}", Answer(body=blank), states=frozenset({UNKNOWN}), otherwise=Answer(body=blank), title=None
        )
        wide = blank.replace(
            b"<body>", b"<body><footer>" + b"Imprint Contact Jobs Terms Privacy Cookies Help " * 12 + b"</footer>"
        )
        yield one(
            f"scripts fill {name} above a long footer",
            Answer(body=wide),
            states=frozenset({UNKNOWN}),
            otherwise=Answer(body=wide),
            title=None,
        )
    riddle = html("Vellham", h1="One more step", body='<div class="g-recaptcha"></div> Tick the box to go on.')
    yield one("a site behind a riddle", riddle, otherwise=riddle, title=None, states=frozenset({LinkState.BLOCKED}))
    form = html("Vellham Courier", h1="Please sign in", body='<form><input name="u"><input type="password" name="p"></form>')
    yield one("a site behind a form", form, otherwise=form, title=None, states=frozenset({LinkState.BLOCKED}))


ROOTS = {
    "#root": '<div id="root"></div>',
    "#app": '<div id="app">Loading...</div>',
    "#__next": '<div id="__next"></div>',
    "#__nuxt": '<div id="__nuxt"></div>',
    "app-root": "<app-root></app-root>",
    "nothing with a name": '<div class="x"></div>',
}
