"""Pages that answer and show something else than was cited, and pages that only changed. The truth of each stands beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from audit.demo.sites import Answer, Kept
from audit.model import LinkState
from tests.lab.situation import DRIFTED, HOME, LIVE, Scenario, document, html, made, to

ALIVE, MOVED_ON = frozenset({LIVE}), frozenset({DRIFTED})
WHEN = "20140501120000"
ACCESSED = {"access-date": "2 May 2014"}

FERRY = (
    "The island ferry sails by the tide and not by the hour. Passengers are asked to look at the lower dial on the quay, where "
    "boarding begins when the hand reaches the blue mark and ends at the white one. The custom is older than the company and spares "
    "everybody the printing of a table that would be wrong by the end of the week. Parcels are taken until the clock has struck twice. "
    "Dogs travel free on the ebb. In fog the crew waits for the bell of the clock house to be answered from the far shore, and when the "
    "works are stopped for repairs the harbour master hoists a blue flag in their place. Tickets are sold on board and at the bakery. "
)
MENU = (
    "Our kitchen opens at noon and closes when the last guest has gone home. This season we serve a soup of smoked haddock and leeks, a "
    "pie of winter roots under a crust of oats, and for those who come in from the cold a bowl of mussels with bread from our own oven. "
    "Tables by the window must be booked a day ahead. On Fridays a pianist plays, on Sundays we bake with almonds. The rooms above the "
    "restaurant have been painted and furnished anew, each with a writing desk, a bath and a view of the dunes. Gifts of vouchers are "
    "popular at this time of the year and can be ordered by telephone or at the bar. "
)
SHOES = (
    "Find the right shoe for every day of the week. The new collection is light, soft and made for long walks in the city. Choose your "
    "size, add it to the basket and have it at your door by Thursday. Returns are free for thirty days. Members of the club see every sale "
    "a day before the others and collect points with each pair. Our shops in the north are open on Sundays, and a fitter will measure both "
    "of your feet without a charge. Write to the team about wide fittings, repairs and laces in forty colours of the rainbow. "
)
PRIZE = (
    "The jury has read two hundred books since the autumn and names six of them today. Among the authors are a nurse, a farmer and a judge "
    "who wrote at night. The prize goes to one of them in March, in the hall of the old exchange, and is worth as much as a small car. Last "
    "year the winner gave half of it to a school. Readers may vote for a favourite of their own by letter. The books can be borrowed from "
    "all branches, and the six authors will read from them on the evenings of the first week of the month, with wine from the valley. "
)
ROBOTS = (
    "A machine that picks apples was shown to growers at the spring fair. It sees the fruit with two cameras, judges how ripe it is by its "
    "colour, and turns it from the branch with a hand of rubber. A row of trees takes it an hour, which is twice as long as a person needs, "
    "but it does not tire and works at night. Growers asked what it costs and whether it minds the rain. The makers hope to sell ten of them "
    "next year, and say that the hands of people will always be wanted for pears, which bruise when anybody looks at them. "
)
TEXTS = {
    "a menu": ("Winter menu of the Seagull Rooms", MENU),
    "a shop": ("Shoes for long walks", SHOES),
    "a prize": ("Six books for a prize", PRIZE),
    "a machine": ("A machine that picks apples", ROBOTS),
}
TITLE = "Sailings and the tide clock on the quay"
PATH = "/about/sailings-and-the-tide-clock"
GERMAN = (
    "Die Inselfähre richtet sich nach der Flut und nicht nach der Stunde. Wer mitfahren will, sieht auf das untere Zifferblatt am Kai: das "
    "Einsteigen beginnt, wenn der Zeiger die blaue Marke erreicht, und endet an der weißen. Der Brauch ist älter als die Gesellschaft und "
    "erspart es allen, eine Tafel zu drucken, die am Ende der Woche falsch wäre. Pakete werden angenommen, bis die Uhr zweimal geschlagen "
    "hat. Hunde fahren bei Ebbe frei. Bei Nebel wartet die Mannschaft auf die Glocke des Uhrenhauses, und wenn das Werk wegen einer Reparatur "
    "steht, hisst der Hafenmeister eine blaue Flagge. Fahrkarten gibt es an Bord und in der Bäckerei an der Treppe. "
)
COOKIES = (
    "We value your privacy. We and our partners store and read information on a device, such as cookies, and process personal data for the "
    "purposes described below. You may click to agree to our processing, or refuse, or look at the details and change your choice before. "
)
COMMENTS = (
    "A reader wrote that this was a fine piece and another one did not agree at all with what the first had said about it. " * 30
)


def drift() -> Iterator[Scenario]:
    yield from _drifted()
    yield from _changed()


def kept(
    name: str,
    live: Answer | None,
    *,
    states: frozenset[LinkState] = ALIVE,
    weeks: frozenset[LinkState] = ALIVE,
    then: bytes | None = b"",
    path: str = PATH,
    title: str | None = TITLE,
    cite: Mapping[str, str] | None = None,
    pages: Mapping[str, Answer] | None = None,
    fragment: str = "",
    kind: str = "drift",
    port: str = "plain",
) -> Scenario:
    """A page that is live after the first night. `then` is what the archive holds of it: the ferry's page when not given."""
    scenario = made(
        kind,
        name,
        live,
        states=states,
        weeks=weeks,
        path=path,
        title=title,
        cite=cite or ACCESSED,
        pages={"/": HOME, **(pages or {})},
        port=port,
    )
    body = document(TITLE, body=FERRY) if then == b"" else then
    copies = (Kept(url=scenario.url, timestamp=WHEN, body=body),) if body is not None else ()
    return replace(scenario, captures=copies, fragment=fragment)


def _drifted() -> Iterator[Scenario]:
    def one(name: str, live: Answer | None, **more: object) -> Scenario:
        return kept(name, live, **({"weeks": MOVED_ON} | more))  # type: ignore[arg-type]  # names are those of kept

    for name, (title, text) in TEXTS.items():
        yield one(f"{name} in its place", html(title, body=text))
        yield one(f"{name} in its place, cited without a title", html(title, body=text), title=None)
        yield one(f"{name} in its place, no copy", html(title, body=text), then=None)
        yield one(f"{name} at an address with a number", html(title, body=text), path="/node/4711")
    yield one("a shop under the old name of the site", html("Shoes for long walks | Harbour Ferry", body=SHOES))
    yield one(
        "another text in another language",
        html("Sechs Bücher für einen Preis", body=GERMAN.replace("Inselfähre", "Jury"), lang="de"),
        title=None,
    )
    yield one("another text under a heading of its own", html("Harbour Ferry", h1="Shoes for long walks", body=SHOES))
    yield one(
        "another text, its quotation gone",
        html("Shoes for long walks", body=SHOES),
        cite={**ACCESSED, "quote": "boarding begins when the hand reaches the blue mark"},
    )
    yield one(
        "another text, its text fragment gone",
        html("Shoes for long walks", body=SHOES),
        fragment="#:~:text=boarding%20begins%20when%20the%20hand",
    )
    yield one("another text behind an expired certificate", html("Shoes for long walks", body=SHOES), port="expired")
    yield one(
        "another text at the end of a redirect that keeps the slug",
        to(f"/x{PATH}"),
        pages={f"/x{PATH}": html("Shoes for long walks", body=SHOES)},
    )
    yield one(
        "another text with furniture around it",
        html("Shoes for long walks", body=f"<nav>{MENU[:200]}</nav><main>{SHOES}</main><footer>{PRIZE[:200]}</footer>"),
    )
    yield one("another text after a cookie banner", html("Shoes for long walks", body=COOKIES + SHOES))
    yield one("another text, an old copy and a new one of it", html("Shoes for long walks", body=SHOES * 2))


def _changed() -> Iterator[Scenario]:
    same = html(TITLE, body=FERRY)
    yield kept("near the same page", same)
    yield kept(
        "near an updated article",
        html(TITLE, body=FERRY + "Update: since the spring the ferry sails on Sundays, too. " + MENU[:150]),
    )
    yield kept("near an article written anew under its title", html(TITLE, body=MENU))
    yield kept("near an article with a new headline", html("When the ferry leaves", body=FERRY))
    yield kept(
        "near an article with a new headline, no copy",
        html("When the ferry leaves", body=FERRY + "Sailings follow the tide clock on the quay. "),
        then=None,
    )
    yield kept(
        "near a redesign",
        html(f"{TITLE} | Ferry", body=f"<header>{MENU[:250]}</header><aside>{PRIZE[:300]}</aside><main>{FERRY}</main>"),
    )
    yield kept(
        "near a redesign with a new headline", html("Our ferry", body=f"<div>{COOKIES}</div><div>{PRIZE[:300]}</div>{FERRY}")
    )
    yield kept("near translated furniture", html("Abfahrten", body=f"<nav>{GERMAN[:300]}</nav>{FERRY}", lang="de"))
    yield kept(
        "near the same page in another language",
        html("Fahrten und die Gezeitenuhr", body=GERMAN + "Sailings: the tide clock.", lang="de"),
    )
    yield kept(
        "near the whole page translated, its names kept",
        html("Abfahrten am Quay", body=GERMAN + " Quay, Clock.", lang="de"),
        title="Sailings and the tide clock of Vellham Quay",
    )
    yield kept(
        "near a source cited by a translation of its title",
        html("Abfahrten und die Uhr am Kai", body=GERMAN, lang="de"),
        then=None,
        title="Sailings of the ferry by the clock",
    )
    yield kept(
        "near a source cited by a translation, language given",
        html("Abfahrten und die Uhr am Kai", body=GERMAN, lang="de"),
        then=None,
        title="Ferry sailings, quay clock",
        cite={**ACCESSED, "language": "de"},
    )
    yield kept("near a page with long comments", html(TITLE, body=FERRY + COMMENTS))
    yield kept("near a page with long comments and a new headline", html("The ferry", body=FERRY + COMMENTS))
    yield kept("near a teaser behind a paywall", html(TITLE, body=FERRY[:300] + "Subscribe to read on. " + COOKIES))
    yield kept(
        "near a short teaser with another title",
        html("The Harbour Post", body="The island ferry sails by the tide. Subscribe to read on."),
    )
    yield kept("near a cookie banner before the text", html("Harbour Post", body=COOKIES * 3 + FERRY))
    yield kept("near a short page", html("Closed", body="The office is closed on Mondays."))
    yield kept(
        "near a table of results",
        html("Table of sailings", body="".join(f"<tr><td>{n}</td><td>{n * 7 % 60}</td></tr>" for n in range(200))),
        title="Table of sailings",
    )
    yield kept(
        "near a page of today's weather",
        html("Weather today", body=PRIZE),
        path="/weather",
        title="Weather on the second of May in the bay",
    )
    yield kept(
        "near a listing", html("All stories", body=PRIZE), path="/category/ferries", title="Stories of ferries and of harbours"
    )
    yield kept("near search results", html("Results", body=PRIZE), path="/find?q=ferry", title="Results of a search for ferries")
    yield kept(
        "near the latest version of a manual",
        html("Manual 9.1", body=PRIZE),
        path="/docs/latest/install.html",
        title="Manual of the clock, the third edition",
    )
    yield kept(
        "near a front page",
        html("Harbour Ferry", body=PRIZE),
        path="/",
        title="Welcome to the ferry of the bay",
        pages={"/": html("Harbour Ferry", body=PRIZE)},
    )
    yield kept(
        "near a quotation that is still there",
        html("The Harbour Post", body=MENU + FERRY[:200]),
        cite={**ACCESSED, "quote": "Passengers are asked to look at the lower dial"},
    )
    yield kept(
        "near a text fragment that is still there",
        html("The Harbour Post", body=MENU + FERRY[:200]),
        fragment="#:~:text=Passengers%20are%20asked%20to,lower%20dial%20on%20the",
    )
    yield kept("near a copy of an error page", same, then=document("Page not found", body=PRIZE))
    yield kept(
        "near a copy of a wall", html(TITLE, body=MENU), then=document("Just a moment...", body="Checking your browser. " * 40)
    )
    yield kept(
        "near a copy of a parked page",
        html("The ferry", body=FERRY),
        then=b'<html data-adblockkey="x"><title>y</title><body>' + b"Related searches " * 60,
    )
    yield kept("near a profile called by a name", html("Ann Arkwell | Register of ferries", body=ROBOTS), title="Ann Arkwell")
    yield kept("near a title of numbers", html("Results", body=PRIZE), then=None, title="2014 2015 2016")
    yield kept("near a title of two words", html("Annual report", body=PRIZE), then=None, title="Ferry news")
    yield kept("near a page that grew ten times", html("The ferry", body=FERRY + MENU + SHOES + PRIZE + ROBOTS))
    yield kept("near a page of which the start is left", html("The ferry", body=FERRY[: len(FERRY) // 2] + PRIZE))
