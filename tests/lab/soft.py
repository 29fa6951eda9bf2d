"""Answers that say 200 and mean 404. The truth of each: suspect."""

from collections.abc import Iterator

from audit.demo.sites import Answer
from tests.lab.situation import HOME, PATH, SUSPECT, USURPED, Scenario, document, html, made, to

GONE = frozenset({SUSPECT})
DOUBTED = frozenset({SUSPECT})
"""After five weeks: what only one weak sign speaks against is never dead."""

DOUBTFUL = {"phpBB", "XenForo", "Discourse", "Squarespace"}

ERROR_TITLES = (
    ("en", "Page not found"),
    ("en", "404 - File or directory not found."),
    ("en", "Error 404 (Not Found)!!1"),
    ("en", "Oops! That page can't be found."),
    ("en", "The page you requested could not be found"),
    ("en", "This article is no longer available"),
    ("en", "Whoops, that page is gone."),
    ("en", "HTTP Status 404 \u2013 Not Found"),
    ("en", "HTTP Error 404.0 - Not Found"),
    ("en", "The resource cannot be found."),
    ("en", "Object not found!"),
    ("en", "\U0001f648 404 \U0001f648"),
    ("en", "\u2605 Page Not Found \u2605"),
    ("en", "The page you were looking for doesn't exist (404)"),
    ("en", "Sorry, the page you were looking for in this blog does not exist."),
    ("en", "Sorry, this page isn't available."),
    ("en", "This account doesn\u2019t exist"),
    ("en", "Video unavailable"),
    ("en", "This video has been removed by the uploader"),
    ("en", "The requested topic does not exist."),
    ("en", "This posting has been deleted by its author."),
    ("en", "This listing has ended"),
    ("en", "This job is no longer available"),
    ("en", "The article you requested has been archived"),
    ("en", "This page has expired"),
    ("en", "We\u2019re sorry, but the page you requested cannot be found"),
    ("en", "Tweet unavailable"),
    ("en", "User not found"),
    ("de", "Seite nicht gefunden"),
    ("de", "Fehler 404"),
    ("de", "Die von Ihnen aufgerufene Seite existiert leider nicht mehr"),
    ("de", "Dieser Artikel ist nicht mehr verf\u00fcgbar"),
    ("fr", "Page introuvable"),
    ("fr", "Page non trouv\u00e9e"),
    ("fr", "D\u00e9sol\u00e9, la page que vous cherchez n\u2019existe plus"),
    ("fr", "Cette annonce n'est plus disponible"),
    ("es", "P\u00e1gina no encontrada"),
    ("es", "Lo sentimos, la p\u00e1gina que buscas ya no existe"),
    ("es", "Esta noticia ya no est\u00e1 disponible"),
    ("pt", "P\u00e1gina n\u00e3o encontrada"),
    ("pt", "Ops! A p\u00e1gina que voc\u00ea procura n\u00e3o existe"),
    ("it", "Pagina non trovata"),
    ("it", "Spiacenti, la pagina richiesta non \u00e8 stata trovata"),
    ("nl", "Pagina niet gevonden"),
    ("nl", "Helaas, deze pagina bestaat niet meer"),
    ("sv", "Sidan kunde inte hittas"),
    ("sv", "Sidan du s\u00f6ker finns inte l\u00e4ngre"),
    ("da", "Siden blev ikke fundet"),
    ("nb", "Siden ble ikke funnet"),
    ("nb", "Vi fant ikke siden du lette etter"),
    ("fi", "Sivua ei l\u00f6ydy"),
    ("fi", "Valitettavasti hakemaasi sivua ei l\u00f6ytynyt"),
    ("pl", "Nie znaleziono strony"),
    ("pl", "Przepraszamy, szukana strona nie istnieje"),
    ("cs", "Str\u00e1nka nenalezena"),
    ("cs", "Omlouv\u00e1me se, po\u017eadovan\u00e1 str\u00e1nka neexistuje"),
    ("sk", "Str\u00e1nka nebola n\u00e1jden\u00e1"),
    ("hu", "Az oldal nem tal\u00e1lhat\u00f3"),
    ("ro", "Pagina nu a fost g\u0103sit\u0103"),
    (
        "bg",
        "\u0421\u0442\u0440\u0430\u043d\u0438\u0446\u0430\u0442\u0430 \u043d\u0435 \u0435 \u043d\u0430\u043c\u0435\u0440\u0435\u043d\u0430",
    ),
    ("ru", "\u0421\u0442\u0440\u0430\u043d\u0438\u0446\u0430 \u043d\u0435 \u043d\u0430\u0439\u0434\u0435\u043d\u0430"),
    (
        "ru",
        "\u041a \u0441\u043e\u0436\u0430\u043b\u0435\u043d\u0438\u044e, \u0437\u0430\u043f\u0440\u0430\u0448\u0438\u0432\u0430\u0435\u043c\u0430\u044f \u0432\u0430\u043c\u0438 \u0441\u0442\u0440\u0430\u043d\u0438\u0446\u0430 \u0431\u044b\u043b\u0430 \u0443\u0434\u0430\u043b\u0435\u043d\u0430",
    ),
    ("uk", "\u0421\u0442\u043e\u0440\u0456\u043d\u043a\u0443 \u043d\u0435 \u0437\u043d\u0430\u0439\u0434\u0435\u043d\u043e"),
    ("el", "\u0397 \u03c3\u03b5\u03bb\u03af\u03b4\u03b1 \u03b4\u03b5\u03bd \u03b2\u03c1\u03ad\u03b8\u03b7\u03ba\u03b5"),
    ("tr", "SAYFA BULUNAMADI"),
    (
        "ar",
        "\u0639\u0630\u0631\u0627\u064b\u060c \u0627\u0644\u0635\u0641\u062d\u0629 \u063a\u064a\u0631 \u0645\u0648\u062c\u0648\u062f\u0629",
    ),
    ("fa", "\u0635\u0641\u062d\u0647 \u0645\u0648\u0631\u062f \u0646\u0638\u0631 \u06cc\u0627\u0641\u062a \u0646\u0634\u062f"),
    ("he", "\u05d4\u05d3\u05e3 \u05dc\u05d0 \u05e0\u05de\u05e6\u05d0"),
    ("hi", "\u092a\u0943\u0937\u094d\u0920 \u0928\u0939\u0940\u0902 \u092e\u093f\u0932\u093e"),
    (
        "th",
        "\u0e44\u0e21\u0e48\u0e1e\u0e1a\u0e2b\u0e19\u0e49\u0e32\u0e17\u0e35\u0e48\u0e04\u0e38\u0e13\u0e15\u0e49\u0e2d\u0e07\u0e01\u0e32\u0e23",
    ),
    ("ja", "\u304a\u63a2\u3057\u306e\u30da\u30fc\u30b8\u306f\u898b\u3064\u304b\u308a\u307e\u305b\u3093\u3067\u3057\u305f"),
    ("ko", "\uc694\uccad\ud558\uc2e0 \ud398\uc774\uc9c0\ub97c \ucc3e\uc744 \uc218 \uc5c6\uc2b5\ub2c8\ub2e4"),
    ("zh-Hans", "\u62b1\u6b49\uff0c\u60a8\u8bbf\u95ee\u7684\u9875\u9762\u4e0d\u5b58\u5728"),
    ("zh-Hant", "\u627e\u4e0d\u5230\u7db2\u9801"),
    ("vi", "Kh\u00f4ng t\u00ecm th\u1ea5y trang"),
    ("id", "Halaman yang Anda cari tidak ditemukan"),
    ("ca", "P\u00e0gina no trobada"),
    ("hr", "Tra\u017eena stranica ne postoji"),
    (
        "sr",
        "\u0421\u0442\u0440\u0430\u043d\u0438\u0446\u0430 \u043d\u0438\u0458\u0435 \u043f\u0440\u043e\u043d\u0430\u0452\u0435\u043d\u0430",
    ),
    ("sl", "Iskana stran ne obstaja"),
    ("lt", "Puslapis nerastas"),
    ("lv", "Lapa nav atrasta"),
    ("et", "Lehek\u00fclge ei leitud"),
)
TITLED = ("{} | Vellham Courier", "Vellham Courier - {}", "{} :: Vellham", "{}")
PLACEHOLDERS = {
    "a welcome page of nginx": document(
        "Welcome to nginx!", body="If you see this page, the nginx web server is successfully installed."
    ),
    "a welcome page of Apache": document("Apache2 Debian Default Page: It works", body="This is the default welcome page."),
    "a welcome page of IIS": document("IIS Windows Server", h1="", body=""),
    "a welcome page of a distribution": document("HTTP Server Test Page powered by CentOS", body="Testing 123. The server runs."),
    "a welcome page of Tomcat": document("Apache Tomcat/9.0.31", h1="It works !", body="You have installed it."),
    "it works": b"<html><body><h1>It works!</h1></body></html>",
    "a panel's default page": document(
        "Domain Default page", body="You see this page because there is no Web site at this address."
    ),
    "an empty directory": b"<html><head><title>Index of /</title></head><body><h1>Index of /</h1><pre>Name Size</pre></body></html>",
    "a suspended account": document("Account Suspended", body="This account has been suspended. Contact your hosting provider."),
    "a suspended site": document("Vellham", h1="This website has been suspended", body="Please contact billing."),
    "too much traffic": document("509 Bandwidth Limit Exceeded", body="The server is busy."),
    "an expired domain": document("Domain expired", body="This domain has expired. Renew it now."),
    "an expired domain in Russian": document(
        "\u0421\u0440\u043e\u043a \u0440\u0435\u0433\u0438\u0441\u0442\u0440\u0430\u0446\u0438\u0438 \u0434\u043e\u043c\u0435\u043d\u0430 \u0438\u0441\u0442\u0435\u043a",
        body="...",
    ),
    "a hosting placeholder": document("Site not found", body="There is no such site here."),
    "no pages site": document("Site not found \u00b7 GitHub Pages", h1="404", body="There isn't a GitHub Pages site here."),
    "no such app": document("No such app", body="There's nothing here, yet."),
    "a bucket that is gone": document("404 Not Found", body="Code: NoSuchBucket. Message: The specified bucket does not exist"),
    "a shop that closed": document("Vellham shop", h1="Sorry, this shop is currently unavailable.", body="Are you the owner?"),
    "a blog that was deleted": document(
        "WordPress.com", h1="vellham.wordpress.com is no longer available.", body="The authors have deleted this site."
    ),
    "coming soon": document("Coming soon", body="Our new website is on its way."),
    "under construction": document("Website under construction", body="Come back later."),
    "im Aufbau": document("Hier entsteht eine neue Internetpr\u00e4senz", body=""),
    "not on the builder": document("Wix", h1="Looks like this domain isn't connected to a website yet", body="Is it yours?"),
}
PLACEHOLDERS |= {
    "a panel's page for the owner": document(
        "Default Web Site Page", h1="SORRY!", body="If you are the owner of this website, please contact your hosting provider"
    ),
    "a server called openresty": document("Welcome to OpenResty!", body="It runs."),
    "an application that waits for its content": document(
        "Microsoft Azure App Service - Welcome", h1="Your web app is running and waiting for your content", body="Deploy."
    ),
    "a blog that is not there": document(
        "Not found.", h1="There's nothing here.", body="Whatever you were looking for doesn't currently exist at this address."
    ),
    "an expired domain in German": document(
        "vellham", h1="Diese Domain ist abgelaufen", body="Bitte wenden Sie sich an Ihren Anbieter."
    ),
    "a site that was switched off, in Russian": document(
        "\u0421\u0430\u0439\u0442 \u043e\u0442\u043a\u043b\u044e\u0447\u0435\u043d",
        h1="\u0421\u0430\u0439\u0442 \u043e\u0442\u043a\u043b\u044e\u0447\u0435\u043d \u0437\u0430 \u043d\u0435\u0443\u043f\u043b\u0430\u0442\u0443",
        body="...",
    ),
    "no site on this server, in Chinese": document("\u6ca1\u6709\u627e\u5230\u7ad9\u70b9", body="..."),
    "en construction": document("Site en construction", body="Revenez bient\u00f4t."),
    "a page in preparation, in Japanese": document("\u6e96\u5099\u4e2d", body="..."),
}
LISTING = html("The Vellham Courier", h1="Latest news", body="Today: the market, the school, the weather. " * 8)
MENU = "Home News Sport Culture Weather Harbour Tides Contact Imprint Subscribe Archive Photos Letters Jobs Cars Houses "
SENTENCES = {
    "in the text below the name of the site": "The page you are looking for cannot be found. Try the search.",
    "in the text, in German": "Die gesuchte Seite wurde nicht gefunden. Versuchen Sie es mit der Suche.",
    "in the text, in Spanish": "Lo sentimos, la p\u00e1gina que buscas no existe. Vuelve al inicio.",
    "in the text, an article that was removed": "This article has been removed. Read something else.",
    "in the text, a listing that ended": "This listing has ended. See similar items.",
    "in the text behind a menu": f"{MENU[:80]} Sorry, the page you requested was not found. Try the search.",
}
FRAMEWORKS = {
    "WordPress": document(
        "Page not found &#8211; Vellham Courier",
        h1="Oops! That page can&rsquo;t be found.",
        body="It looks like nothing was found at this location. Maybe try a search?",
    ),
    "Drupal": document("Page not found | Vellham Courier", h1="Page not found", body="The requested page could not be found."),
    "Joomla": document(
        "404 - Article not found",
        h1="The requested page can't be found.",
        body="You may not be able to visit this page because of an out-of-date bookmark.",
    ),
    "TYPO3": document(
        "Page Not Found",
        h1="Page Not Found",
        body="The page did not exist or was inaccessible. Reason: ID was not an accessible page",
    ),
    "phpBB": document("Vellham boards - Information", h1="Information", body="The requested topic does not exist."),
    "vBulletin": document(
        "vBulletin Message", h1="", body="Invalid Thread specified. If you followed a valid link, please notify the administrator"
    ),
    "XenForo": document(
        "Oops! We ran into some problems. | Vellham boards",
        h1="Oops! We ran into some problems.",
        body="The requested thread could not be found.",
    ),
    "Discourse": document(
        "Vellham talk", h1="Oops! That page doesn\u2019t exist or is private.", body="Popular topics. Recent topics."
    ),
    "SharePoint": document(
        "Page not found", h1="Sorry, this page doesn't exist", body="Please check your URL or use the link below."
    ),
    "ASP.NET": document(
        "The resource cannot be found.",
        h1="Server Error in '/' Application.",
        body="The resource cannot be found. Description: HTTP 404.",
    ),
    "Tomcat": document(
        "Apache Tomcat/7.0.26 - Error report",
        h1="HTTP Status 404 - /2019/05",
        body="type Status report. description The requested resource is not available.",
    ),
    "Rails": document(
        "The page you were looking for doesn't exist (404)",
        h1="The page you were looking for doesn't exist.",
        body="You may have mistyped the address or the page may have moved.",
    ),
    "Django": document("Page not found at /2019/05/the-bridge/", h1="Page not found (404)", body="Request Method: GET"),
    "Laravel": document("Not Found", h1="404", body="Not Found"),
    "an object store": b"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1><ul><li>Code: NoSuchKey</li><li>Message: The specified key does not exist.</li></ul></body></html>",
    "nginx": b"<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr><center>nginx/1.18.0</center></body></html>",
    "lighttpd": b"<html><head><title>404 - Not Found</title></head><body><h1>404 - Not Found</h1></body></html>",
    "Squarespace": document(
        "Vellham Courier",
        h1="We couldn't find the page you were looking for.",
        body="This is either because: There is an error in the URL.",
    ),
    "Ghost": document("404 \u2014 Page not found", h1="404", body="Page not found. Go to the front page"),
    "Shopify": document("404 Not Found \u2013 Vellham shop", h1="Page not found", body="404. Continue shopping"),
    "an application of scripts that rendered its error": b'<html><head><title>404: This page could not be found</title></head><body><div id="__next"><h1>404</h1><h2>This page could not be found.</h2></div><script src="/_next/a.js"></script></body></html>',
}


def page(*arguments: str, **more: str) -> Answer:
    return html(*arguments, **more)


def changing(*parts: str, title: str = "The Vellham Courier", h1: str = "Welcome to the Courier") -> Answer:
    """A page that differs a little each time: see `echoing` in the server."""
    return Answer(body=document(title, h1=h1, body=" ".join(parts)), varies=True)


PORTAL = (
    "We have built everything anew. Choose a topic from the list, use the search, or write to the editors, who know where things are. "
    * 3
)
DYNAMIC = {
    "has a token in its head": changing(f'{PORTAL}<meta name="csrf" content="{{token}}">'),
    "says when it was made": changing(PORTAL, "Page made on {date} at {time}."),
    "says the address again": changing(PORTAL, "You asked for {path}."),
    "counts its visitors": changing(PORTAL, "You are visitor number {count}."),
    "carries a token": changing(PORTAL, '<input type="hidden" value="{token}">'),
    "shows stories that change": changing(PORTAL, "Read also: {headlines}"),
    "has the name of the page in its title": changing(PORTAL, title="{slug} | The Vellham Courier"),
    "searches for the name of the page": changing(
        "Nothing matches. Try again with other words. ", title="Search results for {slug}", h1="Search results for {slug}"
    ),
    "does all of it": changing(
        PORTAL, "You asked for {path} on {date} at {time}, visitor {count}.", '<input type="hidden" value="{token}">'
    ),
}


def soft() -> Iterator[Scenario]:
    yield from titles()
    yield from bodies()
    yield from redirects()
    yield from one_for_all()
    yield from clusters()


def titles() -> Iterator[Scenario]:
    for number, (lang, title) in enumerate(ERROR_TITLES):
        shown = TITLED[number % len(TITLED)].format(title)
        answer = html(shown, h1=title, body="Please use the menu or the search.", lang=lang)
        yield made("soft404", f"{number} {lang} {title}", answer, states=GONE, otherwise=answer)
    for name, body in PLACEHOLDERS.items():
        answer = Answer(body=body)
        yield made("soft404", name, answer, states=GONE, otherwise=answer, pages={"/": answer})
    for name, body in FRAMEWORKS.items():
        yield made("soft404", f"the error page of {name}", Answer(body=body), states=GONE, otherwise=Answer(body=body))
        weeks = DOUBTED if name in DOUBTFUL else None
        yield made("soft404", f"the error page of {name}, for what it once had", Answer(body=body), states=GONE, weeks=weeks)


def bodies() -> Iterator[Scenario]:
    for name, said in SENTENCES.items():
        answer = html("The Vellham Courier", h1="The Vellham Courier", body=said)
        yield made("soft404", f"{name}, for anything", answer, states=GONE, otherwise=answer)
    yield made(
        "soft404",
        "an error in the heading only",
        html("The Vellham Courier", h1="Page not found", body="Try the search."),
        states=GONE,
        otherwise=html("The Vellham Courier", h1="Page not found", body="Try the search."),
    )
    yield made(
        "soft404",
        "a tombstone on an honest server",
        html("The Vellham Courier", h1="This article has been removed", body="Its author asked for it."),
        states=GONE,
        weeks=DOUBTED,
    )
    yield made(
        "soft404",
        "a closed listing on an honest server",
        html("Vellham market", h1="This listing has expired", body="See similar items."),
        states=GONE,
        weeks=DOUBTED,
    )
    yield made(
        "soft404",
        "the site's name before a colon",
        html("Vellham: Page not found", h1="Hm", body="Try the menu."),
        states=GONE,
        otherwise=html("Vellham: Page not found", h1="Hm", body="Try the menu."),
    )
    yield made(
        "soft404",
        "two languages in the title",
        html("Page not found / Page non trouv\u00e9e", h1="404", body="Menu"),
        states=GONE,
    )
    empty = Answer(body=b"<html><body></body></html>")
    yield made("soft404", "an empty page", empty, states=GONE, otherwise=empty)
    yield made(
        "soft404",
        "a page with a title and nothing else",
        Answer(body=b"<html><head><title>The Vellham Courier</title></head><body></body></html>"),
        states=GONE,
        otherwise=Answer(body=b"<html><head><title>The Vellham Courier</title></head><body></body></html>"),
    )
    yield made(
        "soft404",
        "noindex and the front page as its canonical address",
        html(
            "The Vellham Courier",
            body="Choose a topic. " * 30,
            head='<meta name="robots" content="noindex"><link rel="canonical" href="/">',
        ),
        states=GONE,
        otherwise=html(
            "The Vellham Courier",
            body="Choose a topic. " * 30,
            head='<meta name="robots" content="noindex"><link rel="canonical" href="/">',
        ),
    )
    answer = html("File not found", body="No such file.")
    yield made("soft404", "an error for a PDF", answer, states=GONE, path="/doc/old.pdf", otherwise=answer)
    yield made("soft404", "the front page for a PDF", HOME, states=GONE, path="/doc/old.pdf", otherwise=HOME)
    yield made(
        "soft404",
        "a word as its title",
        html("Error", h1="Error", body="Something went wrong."),
        states=GONE,
        otherwise=html("Error", h1="Error", body="Something went wrong."),
    )


FRONTS = {
    "the front page": "/",
    "the index file": "/index.html",
    "the home page": "/home",
    "the front page in another language": "/de/",
    "the front page of a region": "/en-gb/",
    "the front page that knows where you came from": "/?ref=old-site",
    "the front page of the mobile site": "/mobile/",
    "a default page": "/Pages/default.aspx",
}
ERRORS = {
    "an error page": "/errors/404.html",
    "an error page by its query": "/home.aspx?aspxerrorpath=/2019/x",
    "an error code in the query": "/index.php?error=404",
    "a page called notfound": "/notfound",
    "a German error page": "/fehler-404",
    "a French error page": "/page-introuvable",
    "a Spanish error page": "/pagina-no-encontrada.html",
    "an Italian error page": "/errore-404",
    "a Dutch error page": "/pagina-niet-gevonden",
    "a Polish error page": "/nie-znaleziono",
    "a Turkish error page": "/sayfa-bulunamadi",
    "a page called 404-not-found": "/404-not-found/",
    "a page called expired": "/listing-expired",
}


def redirects() -> Iterator[Scenario]:
    for name, target in FRONTS.items():
        yield made(
            "soft404",
            f"redirect to {name}",
            to(target),
            states=GONE,
            pages={target.partition("?")[0]: HOME},
            reason="redirect-to-root",
        )
        yield made(
            "soft404",
            f"redirect to {name}, cited without a title",
            to(target),
            states=GONE,
            pages={target.partition("?")[0]: HOME},
            otherwise=to(target),
            title=None,
        )
    for name, target in ERRORS.items():
        yield made(
            "soft404",
            f"redirect to {name}",
            to(target),
            states=GONE,
            reason="redirect-to-error",
            pages={target.partition("?")[0]: html("Vellham", h1="Hm", body="Something.")},
        )
    yield made(
        "soft404", "redirect to the front page of another host", to("http://elsewhere-hub.example/"), states=GONE | {USURPED}
    )
    yield made(
        "soft404",
        "redirect to the section, as for anything",
        to("/2019/"),
        states=GONE,
        otherwise=to("/2019/"),
        pages={"/2019/": LISTING},
    )
    yield made("soft404", "redirect to a section that does not speak of it", to("/2019/"), states=GONE, pages={"/2019/": LISTING})
    yield made(
        "soft404",
        "redirect to a search for its name",
        to("/search?q=the+bridge+at+vellham+was+rebuilt"),
        states=GONE,
        otherwise=to("/search?q=x"),
        pages={"/search": html("Search", h1="Search", body="Nothing was found. " * 5)},
    )
    yield made(
        "soft404",
        "redirect by a meta element to the front page",
        Answer(body=b'<html><head><meta http-equiv="refresh" content="0; url=/"></head></html>'),
        states=GONE,
    )
    yield made(
        "soft404",
        "redirect by a script to the front page",
        Answer(body=b'<html><script>window.location.href="/";</script></html>'),
        states=GONE,
    )
    yield made(
        "soft404",
        "redirect by a script to the front page, after a while",
        Answer(body=b"<html><body><script>setTimeout(\"location.href='/'\", 100);</script></body></html>"),
        states=GONE,
    )
    yield made(
        "soft404",
        "redirect over two hops to the front page",
        to("/x"),
        states=GONE,
        pages={"/x": to("/")},
        reason="redirect-to-root",
    )


def one_for_all() -> Iterator[Scenario]:
    yield made("soft404", "one page for every address", LISTING, states=GONE, otherwise=LISTING)
    yield made(
        "soft404", "one page for every address, cited without a title", LISTING, states=GONE, otherwise=LISTING, title=None
    )
    yield made("soft404", "the front page for every address", HOME, states=GONE, otherwise=HOME)
    yield made("soft404", "one page for every number", LISTING, states=GONE, otherwise=LISTING, path="/story.php?id=1234")
    yield made("soft404", "one page for every directory", LISTING, states=GONE, otherwise=LISTING, path=f"{PATH}/")
    yield made(
        "soft404",
        "one page for every slug behind a number",
        LISTING,
        states=GONE,
        otherwise=LISTING,
        path="/story/48213/the-bridge",
    )
    for name, answer in DYNAMIC.items():
        yield made("soft404", f"one page for every address that {name}", answer, states=GONE, otherwise=answer)
        yield made(
            "soft404",
            f"one page for every address that {name}, cited without a title",
            answer,
            states=GONE,
            otherwise=answer,
            title=None,
        )
    unheaded = changing(PORTAL, "{headlines}", h1="")
    yield made(
        "soft404",
        "one page for every address that shows other stories below no heading",
        unheaded,
        states=GONE,
        otherwise=unheaded,
    )


def clusters() -> Iterator[Scenario]:
    more = ("/2018/04/the-market-is-open-again", "/2017/03/a-new-school-for-vellham", "/sport/regatta")
    yield made("soft404", "a site that died into one page", LISTING, states=GONE, more=more, title=None)
    yield made(
        "soft404",
        "a site whose pages all lead to a portal",
        to("/portal/news/today"),
        states=GONE,
        more=more,
        title=None,
        pages={"/portal/news/today": LISTING},
    )
    yield made(
        "soft404",
        "a site whose pages all lead to a portal, with titles",
        to("/portal/news/today"),
        states=GONE,
        more=more,
        pages={"/portal/news/today": LISTING},
    )
