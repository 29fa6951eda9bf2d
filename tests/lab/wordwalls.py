"""Refusals and near-misses that only their words tell apart, in many languages. The truth is beside each."""

from collections.abc import Iterator

from audit.demo.sites import Answer
from tests.lab.doors import WAY, WHOLE
from tests.lab.guards import Refusal, bare, named, script, shown
from tests.lab.situation import BLOCKED, BODY, GOOD, LIVE, Scenario, document, html, made, to

WALLED = frozenset({BLOCKED})
ALIVE = frozenset({LIVE})

REFUSALS: dict[str, Refusal] = {
    "please prove": (200, None, shown("Please prove you are human", "<form><div class=h-captcha></div></form>"), ()),
    "a press of a button": (
        200,
        None,
        shown(
            "Continue",
            "Press the button below to show that you are not a robot. <form><button>Go</button></form>",
            h1="Are you human?",
        ),
        (),
    ),
    "hold to confirm": (403, None, shown("Human Challenge", "Hold the button", head=script("h()")), ()),
    "a browser integrity check": (
        503,
        None,
        shown("Browser Integrity Check", "Please allow up to 5 seconds.", head=script("h()")),
        (),
    ),
    "DDoS protection of a host": (503, None, shown("DDoS Protection", "Please wait 5 seconds.", head=script("h()")), ()),
    "access to a resource": (200, None, shown("Access to the requested resource is forbidden", "Request ID: 8"), ()),
    "a page not allowed": (200, None, shown("You are not authorized to access this page", "Ask an administrator."), ()),
    "Drupal's denial": (200, None, shown("Access denied | Vellham Museum", "You are not authorized to access this page."), ()),
    "a denial in SharePoint": (
        200,
        None,
        shown("Access Denied", "You do not have permission to view this site.", h1="Sorry, you don't have access to this page"),
        (),
    ),
    "a policy": (
        200,
        None,
        shown(
            "Web Page Blocked",
            "Access to the web page you were trying to visit has been blocked in accordance with company policy.",
        ),
        (),
    ),
    "a filter": (200, None, shown("Site blocked", "This site is blocked due to content filtering."), ()),
    "an old guard of PHP": (
        200,
        "bot-wall",
        b"<html><head><title>One moment...</title></head><body onload='location.reload()'><script>document.cookie='a=b'</script></body></html>",
        (),
    ),
    "a guard that writes itself": (
        200,
        "bot-wall",
        b"<!doctype html><html><body><script>var e=new Date();document.cookie='jschl='+e.getTime();setTimeout(function(){window.location.reload()},1500)</script><p>Loading</p></body></html>",
        (),
    ),
    "a guard of a Chinese host": (
        200,
        "bot-wall",
        b"<html><head><meta charset=utf-8></head><body><script>document.cookie='guard=1';location.replace(location.pathname)</script></body></html>",
        (),
    ),
    "a guard that asks for its worker": (
        200,
        None,
        shown("Proof of work", "Solving...", head=script("new Worker('/pow.js')")),
        (),
    ),
    "a test of the name": (200, None, shown("Making sure you're not a bot!", "Loading...", head=script("b()")), ()),
    "the same in German": (200, None, shown("Ich stelle sicher, dass du kein Bot bist!", "Lade...", head=script("b()")), ()),
    "the same in French": (
        200,
        None,
        shown("Vérification que vous n'êtes pas un robot !", "Chargement...", head=script("b()")),
        (),
    ),
    "the same in Spanish": (200, None, shown("¡Asegurándonos de que no eres un bot!", "Cargando...", head=script("b()")), ()),
    "the same in Portuguese": (200, None, shown("Verificando se você não é um robô!", "Carregando...", head=script("b()")), ()),
    "the same in Japanese": (200, None, shown("あなたがボットでないことを確認しています!", "読み込み中", head=script("b()")), ()),
    "a robot question in Italian": (200, None, shown("Non sei un robot?", "Conferma.", head=script("b()")), ()),
    "a robot question in Dutch": (200, None, shown("Ben je een robot?", "Bevestig.", head=script("b()")), ()),
    "a browser check in German": (
        503,
        None,
        shown("Ihr Browser wird überprüft", "Bitte haben Sie einen Moment Geduld.", head=script("b()")),
        (),
    ),
    "a browser check in Ukrainian": (503, None, shown("Перевірка браузера", "Зачекайте.", head=script("b()")), ()),
    "a browser check in Romanian": (503, None, shown("Verificare browser", "Așteptați.", head=script("b()")), ()),
    "a denial in Indonesian": (200, None, shown("Akses Ditolak", "Anda tidak memiliki izin."), ()),
    "a denial in Swedish": (200, None, shown("Åtkomst nekad", "Du saknar behörighet."), ()),
    "a denial in Chinese": (200, None, shown("访问被拒绝", "您没有权限。"), ()),
    "a denial in Greek": (200, None, shown("Απαγορεύεται η πρόσβαση", "Δεν έχετε δικαιώματα."), ()),
    "a denial in Hebrew": (200, None, shown("הגישה נדחתה", "אין לך הרשאה."), ()),
    "a 200 of Apache that forbids": (
        200,
        None,
        shown("403 Forbidden", "You don't have permission to access this resource.", h1="Forbidden"),
        (),
    ),
    "a 200 of IIS that refuses": (
        200,
        None,
        shown(
            "401 - Unauthorized: Access is denied due to invalid credentials.",
            "You do not have permission to view this directory or page.",
        ),
        (),
    ),
    "a 200 of a load balancer": (
        200,
        None,
        shown(
            "Request Rejected", "The requested URL was rejected. If you think this is an error, give this number: support ID 7"
        ),
        (),
    ),
    "a rate in German": (200, "rate-limited", shown("Zu viele Anfragen", "Bitte warten Sie."), ()),
    "a rate in JSON": (429, "rate-limited", b'{"error":"rate limit exceeded"}', ()),
    "a member's page in German": (
        200,
        "login",
        shown("Anmelden", '<form>Benutzername <input name="u"> Passwort <input type="password"></form>'),
        (),
    ),
    "a login with a card": (
        200,
        "login",
        shown("Library login", '<form>Barcode <input name="b"> PIN <input type="password"></form>'),
        (),
    ),
    "a wall of payment in German": (200, "payment", shown("Nur für Abonnenten", "Jetzt testen."), ()),
    "a payment page": (402, "payment", shown("Payment Required", "Pay to read."), ()),
    "a country in Finnish": (200, "geo-block", shown("Areena", "Ohjelma ei ole katsottavissa maassasi.", h1=""), ()),
    "a country in Danish": (200, "geo-block", shown("Video", "Videoen er ikke tilgængelig i dit land.", h1=""), ()),
    "a country in Czech": (200, "geo-block", shown("Video", "Toto video není dostupné ve vaší zemi.", h1=""), ()),
    "a country in Vietnamese": (200, "geo-block", shown("Video", "Nội dung này không khả dụng ở quốc gia của bạn.", h1=""), ()),
    "a region in English": (
        200,
        "geo-block",
        shown("Vellham TV", "Sorry, this programme is only available in the United Kingdom and is not available in your area."),
        (),
    ),
    "an authority in Russia": (
        200,
        "legal",
        shown("Доступ ограничен", "Доступ к запрашиваемому ресурсу ограничен по решению суда."),
        (),
    ),
    "an authority in Malaysia": (
        200,
        "legal",
        shown("Notice", "This website is not available in Malaysia as it violates the national law."),
        (),
    ),
    "an authority in Germany": (
        200,
        "legal",
        shown("Hinweis", "Diese Webseite ist aus urheberrechtlichen Gründen nicht verfügbar."),
        (),
    ),
    "Incapsula in one line": (
        200,
        "bot-wall",
        b"<html><body>Request unsuccessful. Incapsula incident ID: 1234-5678</body></html>",
        (),
    ),
    "PerimeterX on a 404": (404, "bot-wall", shown("Access to this page has been denied.", '<div id="px-captcha"></div>'), ()),
    "Sucuri on a 307": (200, "bot-wall", bare(head=script("var sucuri_cloudproxy_uuid='';")), ()),
    "AWS on a 202 without a body": (202, "bot-wall", b"", (("x-amzn-waf-action", "challenge"),)),
    "Kasada on a 429 with an empty body": (429, None, b"", (("x-kpsdk-ct", "1"),)),
    "Cloudflare says banned": (403, "bot-wall", b"error code: 1006", ()),
}
DOORS: dict[str, tuple[str, str | None, bytes]] = {
    "a German single sign-on": (f"/sso/login?service={WHOLE}", "login", document("Anmeldung")),
    "an American university": (
        f"/shibboleth-idp/profile?SAMLRequest=1&RelayState={WAY}",
        "login",
        document("University Login", body='<form><input type="password"></form>'),
    ),
    "a proxy of a library": (f"/login?url={WHOLE}", "login", document("Off-campus access")),
    "a wiki for members": (
        "/index.php?title=Special:UserLogin&returnto=Main+Page",
        "login",
        document("Log in", body='<form><input type="password"></form>'),
    ),
    "a member's gate": (f"/members-login?ref={WAY}", "login", document("Members")),
    "a page of terms": (
        f"/disclaimer?returnUrl={WAY}",
        "consent",
        document("Disclaimer", body="<form><button>I agree</button></form>"),
    ),
    "a Spanish wall": (f"/suscripciones?return={WAY}", "payment", document("Suscríbete")),
    "a Swedish wall": (f"/prenumerera?next={WAY}", "payment", document("Prenumerera")),
    "a robot check": (f"/robot-check?url={WAY}", "bot-wall", document("Check")),
    "a captcha in a folder": (f"/security/captcha/index.php?return={WAY}", "bot-wall", document("Captcha")),
    "a human check": (f"/human-verification?redirect={WAY}", "bot-wall", document("Human verification")),
    "a wall of cookies": (f"/cookie-required?url={WAY}", None, document("Cookies")),
    "a base64 way back": ("/login?r=L3dheS9iYWNr", "login", document("Sign in")),
    "an old guard of a publisher": (f"/validate/user?redirectUri={WAY}", "bot-wall", document("Validate User")),
    "a region page": (f"/geo-restricted?u={WAY}", "geo-block", document("Not in your region")),
}
LIVE_PAGES: dict[str, tuple[Answer, str | None]] = {
    "a short press note": (html("Bridge closed", body="The bridge is closed. Access to the quay is restricted."), None),
    "a short note on access": (
        html("Access restricted to residents", body="From May on, access to the lane is restricted to residents."),
        None,
    ),
    "a short note on a blocked road": (html("Road blocked by a tree", body="The road to Vellham is blocked."), None),
    "a short note on a ban": (
        html("You are banned: rules of the forum", body="These rules tell when a member is banned. " * 3),
        None,
    ),
    "a bug tracker": (
        html("Bug 512: Access denied on upload", h1="Access denied on upload", body="Steps: log in, upload, see access denied."),
        None,
    ),
    "a question and its answer": (
        html(
            "How do I verify you are human? - Questions",
            h1="How do I verify you are human?",
            body="Use a riddle. Checking your browser is another way.",
        ),
        None,
    ),
    "a product named Captcha Check": (
        html("Captcha Plus | Plugins", h1="Captcha Plus", body="Adds a riddle to your forms. Version 2."),
        None,
    ),
    "a page about browsers": (
        html("Supported browsers | Help", h1="Supported browsers", body="If your browser is not supported, update it."),
        None,
    ),
    "a page on cookies": (html("Cookies | Vellham Baths", h1="Cookies", body="We use two cookies. One for the language."), None),
    "a privacy page": (
        html(
            "Privacy settings | Vellham Baths",
            h1="Privacy settings",
            body="Choose what we store. <form><button>Save</button></form>",
        ),
        None,
    ),
    "a page named Verification": (
        html(
            "Verification",
            h1="Verification",
            body="Verification of weights and measures is done on Mondays at the town hall by appointment.",
        ),
        None,
    ),
    "a page named Loading": (
        html(
            "Loading",
            h1="Loading dock rules",
            body="Lorries may load from six to nine. No engines while waiting. Ask the porter.",
            head="<script>c()</script>",
        ),
        None,
    ),
    "a page named Security": (
        html(
            "Security check",
            h1="Security check at the terminal",
            body="Put liquids in a bag. Take off belts. Arrive early. The terminal opens at four in the morning, every day, also on holidays, and closes after the last boat.",
        ),
        None,
    ),
    "a page named Blocked": (
        html(
            "Blocked",
            h1="Blocked",
            body="A short film by a student of Vellham, made in one night in the spring, with no money and borrowed lamps, about a lift that stands still.",
        ),
        None,
    ),
    "a museum's waiting room": (
        html(
            "Waiting room",
            h1="Waiting room of the old station",
            body="Benches of 1890, a stove, a clock. Open to visitors every Sunday from ten to four.",
            head="<script>c()</script>",
        ),
        None,
    ),
    "a members' area described": (
        html(
            "Members only",
            h1="The members only bar",
            body="The bar of the sailing club serves members only, and their guests, from six.",
        ),
        "The members only bar of the sailing club",
    ),
    "an event on consent": (
        html("Before you continue: a lecture", body="A lecture on consent in the law. Tuesday at seven."),
        None,
    ),
    "a page with a tiny cookie script": (
        html("Tides", body="High water at noon.", head="<script>document.cookie='seen=1'</script>"),
        None,
    ),
    "a page with a button that reloads": (
        html("Tides", body="High water at noon.", head="<script>function r(){location.reload()}</script>"),
        None,
    ),
    "a page with a form that sends itself on change": (
        html(
            "Choose a year",
            body="<form><select onchange='this.form.submit()'><option>2019</select></form> Pick a year to see the minutes.",
            head="<script>function s(){document.forms[0].submit()}</script>",
        ),
        None,
    ),
    "an index of phrases": (
        html(
            "Phrases for travellers", body="Einen Moment bitte. Un momento, por favor. Un instant. Access denied. Just a moment."
        ),
        None,
    ),
    "a radio page": (html("Un moment de radio", body="Une émission du soir, chaque mardi, sur les ponts et les rivières."), None),
    "a subscribe page of a podcast": (
        html("Subscribe to the podcast", h1="Subscribe", body="Find us wherever you listen."),
        "Subscribe to the podcast",
    ),
    "a report with an incident number": (
        html("Incident report", body="Incident ID: 77. The crane was blocked by security rules of the port."),
        None,
    ),
    "a sign-in sheet": (html("Sign in sheet for visitors", body="Print this sheet. Name, time, host."), None),
}
LIVE_WALKS: dict[str, str] = {
    "a login in the middle of a path": "/library/login/the-bridge-at-vellham-was-rebuilt",
    "a new host path and a source": f"/articles/the-bridge-at-vellham-was-rebuilt?source={WAY}",
    "a section on payment": "/payment/2019/the-bridge-at-vellham-was-rebuilt",
    "an archive of a subscriber's paper": "/abo/archiv/the-bridge-at-vellham-was-rebuilt",
    "a queue": "/queue/the-bridge-at-vellham-was-rebuilt?next=/2",
}


def by_words() -> Iterator[Scenario]:
    for name, (http_status, reason, body, headers) in REFUSALS.items():
        answer = Answer(http_status=http_status, body=body, headers=headers)
        yield named(made("later", name, answer, states=WALLED, reason=reason, otherwise=answer, pages={"/": answer}))
    for name, (location, reason, body) in DOORS.items():
        yield made(
            "later",
            f"to {name}",
            to(location),
            states=WALLED,
            reason=reason,
            otherwise=to(location),
            pages={location: Answer(body=body)},
        )
    for name, (answer, title) in LIVE_PAGES.items():
        yield made("laterlive", name, answer, states=ALIVE, title=title)
    for name, location in LIVE_WALKS.items():
        yield made("laterlive", name, to(location), states=ALIVE, pages={location: GOOD})
    twice = html("Sign in", body=BODY + '<form><input type="password"></form>')
    yield made("laterlive", "a long page named Sign in", twice, states=ALIVE, title=None, path="/help/sign-in-page")
