"""Refusals and near-misses of vendors and platforms, with the doors they lead through. The truth is beside each."""

from collections.abc import Iterator

from audit.demo.sites import Answer
from tests.lab.doors import WAY, WHOLE
from tests.lab.guards import Refusal, bare, named, script, shown
from tests.lab.situation import BLOCKED, BODY, GOOD, LIVE, SUSPECT, Scenario, document, html, made, to
from tests.lab.soft import GONE

WALLED = frozenset({BLOCKED})
ALIVE = frozenset({LIVE})

REFUSALS: dict[str, Refusal] = {
    "Reddit's way": (
        403,
        None,
        shown("Blocked", "whoa there, pardner! Your request has been blocked due to a network policy."),
        (),
    ),
    "a network security block": (
        200,
        "bot-wall",
        shown(
            "vellham.example",
            "You've been blocked by network security. To continue, log in to your account or use your developer token.",
            h1="",
        ),
        (),
    ),
    "DataDome with a slider": (
        403,
        "bot-wall",
        shown(
            "vellham.example",
            "Slide right to secure your access",
            head=script("var dd={'rt':'c','host':'geo.captcha-delivery.com'}"),
            h1="",
        ),
        (),
    ),
    "Imperva, additional security check": (
        200,
        "bot-wall",
        shown(
            "vellham.example",
            "Additional security check is required. I am human. Incident ID 1-2",
            head=script(src="/_Incapsula_Resource?SWCNGEEC=1"),
            h1="",
        ),
        (),
    ),
    "Akamai in a 200 with a timer": (
        200,
        "bot-wall",
        bare(
            head=script("(function(){var chlgeId='';})()") + script(src="/_sec/verify?provider=interstitial"),
            body="<noscript>Please enable JavaScript</noscript>",
        ),
        (),
    ),
    "Cloudflare, Chinese words": (
        403,
        "bot-wall",
        shown(
            "请稍候…", "正在验证您是否是真人。这可能需要几秒钟时间。", head=script("window._cf_chl_opt={}"), h1="vellham.example"
        ),
        (),
    ),
    "Cloudflare, German words on a 200": (
        200,
        "bot-wall",
        shown("Nur einen Moment...", "Es wird überprüft, ob Sie ein Mensch sind.", head=script("c()"), h1="vellham.example"),
        (),
    ),
    "a hosting firm's check": (
        200,
        "bot-wall",
        shown("Checking your connection", "Please stand by while we are checking your browser.", head=script("c()"), h1=""),
        (),
    ),
    "a check with a spinner": (200, "bot-wall", shown("Verifying...", "<div class=spinner></div>", head=script("go()")), ()),
    "a check with a percentage": (
        200,
        "bot-wall",
        shown("Please wait while we verify your browser", "0%", head=script("go()"), h1=""),
        (),
    ),
    "a riddle of sums": (
        200,
        "bot-wall",
        shown("Anti-bot check", "What is 3 + 4? <form><input name=a><button>Go</button></form>"),
        (),
    ),
    "a slider": (200, "bot-wall", shown("Slide to verify", "Slide to complete the puzzle.", head=script("s()")), ()),
    "ALTCHA": (
        200,
        "bot-wall",
        shown("Security verification", "<altcha-widget></altcha-widget> Protected by ALTCHA", head=script("a()")),
        (),
    ),
    "a picture riddle": (
        200,
        "bot-wall",
        shown(
            "Enter the characters you see below",
            "Sorry, we just need to make sure you're not a robot. Type the characters you see in this image.",
        ),
        (),
    ),
    "an apology to robots": (
        503,
        "bot-wall",
        shown("Robot Check", "To discuss automated access please contact us. Enter the characters you see below.", h1=""),
        (),
    ),
    "a 200 that says denied in a heading only": (
        200,
        None,
        shown("Vellham Library", "Your IP 10.0.0.1 is not allowed. Contact the administrator.", h1="Access denied"),
        (),
    ),
    "a 200 that says forbidden": (200, "forbidden", shown("403 Forbidden", "nginx", h1="403 Forbidden"), ()),
    "a 200 that says forbidden by a long name": (
        200,
        None,
        shown(
            "403 - Forbidden: Access is denied.",
            "You do not have permission to view this directory or page using the credentials that you supplied.",
        ),
        (),
    ),
    "a 200 that says 429": (200, "rate-limited", shown("429 Too Many Requests", "nginx"), ()),
    "a 200 that says slow down": (
        200,
        "rate-limited",
        shown("Too many requests", "You have sent too many requests in a given amount of time."),
        (),
    ),
    "a 200 that says unauthorised": (200, "login", shown("401 Authorization Required", "nginx"), ()),
    "a 503 that says too many": (503, None, shown("Too Many Requests", "Please slow down."), ()),
    "a wall in Catalan": (200, None, shown("Accés denegat", "No teniu permís per accedir a aquesta pàgina."), ()),
    "a wall in Croatian": (200, None, shown("Pristup odbijen", "Nemate ovlasti."), ()),
    "a wall in Hindi": (200, None, shown("पहुँच अस्वीकृत", "आपको अनुमति नहीं है।"), ()),
    "a wall in Brazilian words": (200, None, shown("Você é um robô?", "Confirme abaixo."), ()),
    "a wall in Polish with a code": (403, None, shown("Błąd 403 - Odmowa dostępu", "Skontaktuj się z administratorem."), ()),
    "a wall in German with a code": (200, None, shown("403 - Zugriff verweigert", "Sie haben keine Berechtigung."), ()),
    "a wall in Spanish with a code": (200, None, shown("Error 403: Acceso denegado", "No tiene permiso."), ()),
    "a wall in Russian with a code": (200, None, shown("403 Доступ запрещен", "Обратитесь к администратору."), ()),
    "a wall in Japanese with a code": (200, None, shown("403 Forbidden アクセスが拒否されました", "権限がありません。"), ()),
    "HTTP Error 403.6": (
        200,
        None,
        shown("HTTP Error 403.6 - Forbidden: IP address rejected", "Your IP address is blocked."),
        (),
    ),
    "a firewall's own words": (200, None, shown("Firewall Authentication", "You must authenticate with the firewall."), ()),
    "an attack detected": (
        200,
        "bot-wall",
        shown("Attack detected", "Your request looks like an attack and was blocked. Request ID: 1"),
        (),
    ),
    "an IP on a list": (200, "bot-wall", shown("IP address blocked", "Your IP address is listed. Spamhaus."), ()),
    "a VPN": (200, None, shown("VPN detected", "Please turn off your VPN or proxy to continue."), ()),
    "an ad blocker": (
        200,
        None,
        shown("Ad blocker detected", "Please disable your ad blocker to continue to the site.", head=script("a()")),
        (),
    ),
    "no JavaScript": (
        200,
        None,
        shown("JavaScript is required", "Please turn on JavaScript and reload the page.", head=script("a()")),
        (),
    ),
    "a cookie set by meta": (
        200,
        "bot-wall",
        bare(head='<meta http-equiv="set-cookie" content="a=1"><meta http-equiv="refresh" content="0">'),
        (),
    ),
    "a script in the body": (200, "bot-wall", b"<script>document.cookie='k=1; path=/'; window.location.reload();</script>", ()),
    "a script in the body that replaces": (
        200,
        "bot-wall",
        b"<html><script>document.cookie='k='+Math.random();window.location.replace(window.location.href)</script></html>",
        (),
    ),
    "a script that goes to the same place": (
        200,
        "bot-wall",
        b"<html><body><script>document.cookie='k=1';location.href='/2019/05/the-bridge-at-vellham-was-rebuilt';</script></body></html>",
        (),
    ),
    "a script in eval": (
        200,
        None,
        b"<html><head><script>eval(function(p,a,c,k,e,d){return p}('document.cookie=1;location.reload()'))</script></head></html>",
        (),
    ),
    "a refresh header to itself": (
        200,
        "bot-wall",
        b"<html><body></body></html>",
        (("Refresh", "1; url=/2019/05/the-bridge-at-vellham-was-rebuilt"), ("Set-Cookie", "g=1")),
    ),
    "a SAML form that sends itself": (
        200,
        "login",
        b'<html><body onload="document.forms[0].submit()"><form method="post" action="https://idp.example/sso"><input type="hidden" name="SAMLRequest" value="x"/><noscript><button>Continue</button></noscript></form></body></html>',
        (),
    ),
    "an OpenID form that sends itself": (
        200,
        None,
        b'<html><head><title>Working...</title></head><body><form method="post" name="hiddenform" action="https://sts.example/"><input type="hidden" name="wa" value="wsignin1.0"></form><script>document.forms[0].submit();</script></body></html>',
        (),
    ),
    "a login of a library system": (
        200,
        "login",
        shown("Login", 'Please log in to view this item. <form>Card number <input name="c"> PIN <input type="password"></form>'),
        (),
    ),
    "a login of a newspaper in Norwegian": (
        200,
        "login",
        shown("Logg inn | Bladet", 'Du må logge inn. <form><input type="password"></form>'),
        (),
    ),
    "a login that names its site": (
        200,
        "login",
        shown(
            "Log in to Vellham", '<form>E-mail <input name="e"> Password <input type="password"></form>', h1="Log in to Vellham"
        ),
        (),
    ),
    "a forum for members": (403, None, shown("Log in | Vellham Forum", "You must be logged in to do that."), ()),
    "a subscription asked for in place": (
        200,
        "payment",
        shown("Subscribe to continue reading", "Already a subscriber? Sign in."),
        (),
    ),
    "a paper for subscribers only": (
        200,
        "payment",
        shown("Article réservé aux abonnés", "Abonnez-vous pour lire la suite."),
        (),
    ),
    "a country in a 403": (403, "geo-block", shown("Sorry", "This service is not available in your country."), ()),
    "a country in Polish": (200, "geo-block", shown("Wideo", "Ten materiał jest niedostępny w Twoim kraju.", h1=""), ()),
    "a country in Italian": (200, "geo-block", shown("Video", "Il video non è disponibile nel tuo Paese.", h1=""), ()),
    "a country in Arabic": (200, "geo-block", shown("فيديو", "هذا المحتوى غير متاح في بلدك.", h1=""), ()),
    "visitors from the EEA": (
        200,
        "geo-block",
        shown(
            "Sorry, this content is not available in your region",
            "We have chosen not to serve visitors in the European Economic Area.",
            h1="",
        ),
        (),
    ),
    "geographic restrictions": (
        200,
        "geo-block",
        shown("Content unavailable", "Due to geographical restrictions, this content cannot be shown at your location."),
        (),
    ),
    "a court in Denmark": (200, "legal", shown("Stop", "Denne hjemmeside er blokeret efter kendelse fra retten."), ()),
    "a court in the Netherlands": (
        200,
        "legal",
        shown("Geblokkeerd", "Deze website is geblokkeerd op last van de rechter (gerechtelijk bevel)."),
        (),
    ),
    "an order in France": (200, "legal", shown("Site bloqué", "L'accès à ce site est bloqué par décision de justice."), ()),
    "too many at once": (
        200,
        "rate-limited",
        shown("You are in the queue", "Your estimated wait time is 5 minutes.", head=script("q()")),
        (),
    ),
    "a virtual line": (
        200,
        None,
        shown("Waiting Room", "You are in line. Thank you for your patience. We will let you in soon.", head=script("q()")),
        (),
    ),
    "530 said by a firewall": (
        530,
        None,
        shown("Site is protected", "Your request was blocked. Access denied. Incident ID: 99. Powered by Imperva"),
        (),
    ),
    "a 404 that is a challenge": (
        404,
        "bot-wall",
        shown("Checking your browser before accessing vellham.example", "", head=script("c()"), h1=""),
        (),
    ),
    "a 500 that is a challenge": (
        500,
        "bot-wall",
        shown("Human verification", 'Please complete. <div class="h-captcha"></div>'),
        (),
    ),
    "a 429 with a riddle": (429, None, shown("Verify", '<div class="g-recaptcha"></div>'), ()),
    "a 456": (406, None, shown("Not Acceptable", "mod_security"), ()),
    "a reading age": (
        200,
        "consent",
        shown("Age verification", "You must be 18 to enter. <form><button>I am 18</button></form>"),
        (),
    ),
    "a privacy gate": (200, "consent", shown("Privacy Gate", "We ask for your consent. <form><button>Agree</button></form>"), ()),
}
DOORS: dict[str, tuple[str, str | None, bytes]] = {
    "a session": (
        f"/session/new?return_to={WHOLE}",
        "login",
        document("Sign in to Vellham", body='<form><input type="password"></form>'),
    ),
    "Okta": (f"/login/login.htm?fromURI={WAY}", "login", document("Vellham - Sign In")),
    "Auth0": ("/u/login?state=hKFo2SA1", "login", document("Log in | Vellham", body='<form><input type="password"></form>')),
    "Salesforce": (f"/s/login/?startURL={WAY}", "login", document("Vellham")),
    "GitLab": (
        "/users/sign_in?redirect_to_referer=yes",
        "login",
        document("Sign in · GitLab", body='<form><input type="password"></form>'),
    ),
    "Canvas": ("/login/canvas", "login", document("Log in to Vellham", body='<form><input type="password"></form>')),
    "Blackboard": (
        f"/webapps/login/?new_loc={WAY}",
        "login",
        document("Blackboard Learn", body='<form><input type="password"></form>'),
    ),
    "Dspace": (
        "/password-login",
        "login",
        document("DSpace Login", h1="Log In to DSpace", body='<form><input type="password"></form>'),
    ),
    "OJS": (f"/index.php/vj/login?source={WAY}", "login", document("Login", body='<form><input type="password"></form>')),
    "Ovid": ("/ovidweb.cgi?T=JS&PAGE=login", "login", document("Ovid: Welcome", body='<form><input type="password"></form>')),
    "Discourse": ("/login", "login", document("Vellham Community", body="Log in to continue. This community is private.")),
    "a member page": (f"/member/login.jsp;jsessionid=1A?forward={WAY}", "login", document("Members")),
    "a Turkish login": (f"/giris?ReturnUrl={WAY}", "login", document("Üye Girişi")),
    "a Finnish login": (f"/kirjaudu?paluu={WAY}", "login", document("Kirjaudu sisään")),
    "a Japanese login": (f"/login.aspx?return={WAY}", "login", document("ログイン")),
    "a regwall": (f"/regwall?redirect={WHOLE}", None, document("Create a free account to continue")),
    "register to read": (f"/user/register?destination={WAY}", "login", document("Register")),
    "an offer": (f"/subscribe/offer?gotoUrl={WHOLE}", "payment", document("Get unlimited access")),
    "an Italian paper": (f"/abbonamenti/?callback={WHOLE}", "payment", document("Abbonati")),
    "a French paper": (f"/abonnements?referer={WHOLE}", "payment", document("Nos offres")),
    "a consent in an iframe": (f"/cmp/consent.html?redirectUrl={WHOLE}", "consent", document("Consent")),
    "a cookie page": (f"/cookies-consent?url={WAY}", "consent", document("Cookies")),
    "a GDPR page": (f"/gdpr.html?return={WAY}", "consent", document("Your privacy choices")),
    "a browser check": (f"/browsercheck?url={WAY}", "bot-wall", document("Checking your browser", body="Wait.")),
    "a bot page": (f"/bot-detected?url={WAY}", "bot-wall", document("Are you human?")),
    "a captcha script": (f"/captcha.php?back={WAY}", "bot-wall", document("Enter code", body="Enter the code.")),
    "a validator": (f"/recaptcha/?u={WAY}", "bot-wall", document("x", body='<div class="g-recaptcha"></div>')),
    "a cookie test": (f"/cookietest?redirect={WAY}", None, document("Cookies", body="Your browser must accept cookies.")),
    "an old browser": (f"/browser-not-supported?from={WAY}", None, document("Update")),
    "not in your country": (f"/not-available-in-your-region?path={WAY}", "geo-block", document("Not available")),
    "a country page": (f"/unavailable-location?url={WAY}", None, document("Not available in your region", body="Sorry.")),
    "a denied page": (f"/access-denied?url={WAY}", None, document("Access denied")),
    "a denied page without a way back": ("/accessdenied.html", None, document("Access denied", body="Contact us.")),
    "an error page of a login": (f"/error/login-required?url={WAY}", None, document("Please log in")),
}
LIVE_PAGES: dict[str, tuple[Answer, str | None]] = {
    "an error manual on 403": (
        html("403 Forbidden explained", body="A 403 means that the server refuses. " * 4),
        "403 Forbidden explained",
    ),
    "an error manual, bare": (html("HTTP 403 - MDN-like reference", body="A 403 means that the server refuses. " * 8), None),
    "a dictionary entry for captcha": (
        html("captcha - Dictionary", h1="captcha", body="noun. A test that tells humans and machines apart. Plural: captchas."),
        None,
    ),
    "a dictionary entry for blocked": (
        html("blocked | Wordbook", h1="blocked", body="adjective. Not open. From Old French bloc."),
        None,
    ),
    "a dictionary entry for access denied": (
        html("Zugriff | Wörterbuch", h1="Zugriff", body="Substantiv, maskulin. Zugriff verweigert: access denied."),
        None,
    ),
    "a film page": (
        html("Security Check (1999) - Filmdata", h1="Security Check", body="A film of 1999 about an airport."),
        "Security Check (1999)",
    ),
    "a film page, bare": (
        html("Please Wait (2003) - Filmdata", h1="Please Wait (2003)", body="A film of 2003 about a hotline."),
        None,
    ),
    "a poem with a script": (
        html("Un instant", body="Un instant, et la mer. Un instant, et le soir.", head="<script>count()</script>"),
        "Un instant, poème de la mer",
    ),
    "a poem, bare, with a description": (
        html(
            "Un momento", body="Un momento, e il mare.", head='<meta name="description" content="Poesia"><script>count()</script>'
        ),
        None,
    ),
    "a band": (html("Firewall - band", h1="Firewall", body="Firewall is a band from Vellham. Members: three."), None),
    "a software page": (html("ModSecurity rules | Docs", h1="ModSecurity rules", body="This page lists the rules. " * 6), None),
    "a status page": (html("Status", h1="All systems operational", body="Rate limits: none. Access denied errors: none."), None),
    "a bank's page on security": (
        html(
            "Security | Bank of Vellham",
            h1="Security",
            body="We may ask you to verify that you are human. Never give away your password.",
        ),
        None,
    ),
    "a page whose title is the host": (
        html("vellham.example", h1="The bridge at Vellham was rebuilt in stone", body="The bridge was rebuilt in stone in 1931."),
        "The bridge at Vellham was rebuilt in stone",
    ),
    "an embargo notice": (
        html("Embargo lifted", body="The report had been blocked by order of the court, and is free to read now. " * 3),
        None,
    ),
    "a streaming guide": (
        html("Where to watch", body="The film is not available in your country? Here is how the rights work. " * 5),
        None,
    ),
    "a page on GDPR": (
        html("How papers met the GDPR", body="Some American papers were unavailable in most European countries in 2018. " * 6),
        None,
    ),
    "a subscribe box": (
        html("The bridge at Vellham", body=BODY + "<form>Subscribe to read more <input type=email></form>"),
        None,
    ),
    "a login box at the top": (html("The bridge at Vellham", body='<form>Log in <input type="password"></form>' + BODY), None),
    "a short page with a login box": (
        html(
            "Opening hours | Vellham Baths",
            h1="Opening hours",
            body='Daily 7 to 20. <form>Members <input type="password"></form>',
        ),
        None,
    ),
    "a short page with a captcha box": (
        html(
            "Guest book | Vellham Baths", h1="Guest book", body='Lovely water. Anna. <form><div class="g-recaptcha"></div></form>'
        ),
        None,
    ),
    "a page that counts down": (
        html(
            "Countdown",
            h1="Countdown to the fair",
            body="12 days",
            head='<meta http-equiv="refresh" content="10"><script>c()</script>',
        ),
        "Countdown to the fair",
    ),
    "a small table that refreshes itself": (
        html(
            "Tide gauge | Harbour",
            h1="Tide gauge",
            body="The water stands at 3.2 m.",
            head='<meta http-equiv="refresh" content="5">',
        ),
        None,
    ),
    "a page with a small script and few words": (
        html("Map of the harbour", body="Map.", head="<script>document.cookie='z=3';function r(){location.reload()}</script>"),
        None,
    ),
    "a page in frames": (
        Answer(
            body=b'<html><head><title>Harbour</title></head><frameset cols="20,80"><frame src="/a"><frame src="/b"></frameset></html>'
        ),
        None,
    ),
    "a question about robots": (
        html("Are you a robot? Ask the column", body="A reader asks whether robots read this column. " * 3),
        None,
    ),
    "a song named Hold on": (
        html(
            "Hold On",
            h1="Hold On",
            body="Hold on, hold on, the tide will turn. " * 6,
            head='<meta property="og:title" content="Hold On">',
        ),
        None,
    ),
    "a wiki page named Login": (
        html("Login - Vellham Wiki", h1="Login", body="Login is the act of entering a system. It was called sign-on once."),
        None,
    ),
    "a wiki page named Consent": (html("Consent - Vellham Wiki", h1="Consent", body="Consent is agreement given freely."), None),
    "a wiki page named Paywall": (
        html("Paywall - Vellham Wiki", h1="Paywall", body="A paywall asks readers to pay. The first was built in 1996."),
        None,
    ),
    "a legal notice": (
        html("Legal", h1="Access to this site", body="Access to this site is subject to the law of Vellham. " * 3),
        None,
    ),
}
LIVE_WALKS: dict[str, str] = {
    "to a plan of the town": "/plans/the-bridge-at-vellham-was-rebuilt",
    "to a register of monuments": f"/register?id=77&ref={WAY}",
    "to the subscribe section": "/subscribe/stories/the-bridge-at-vellham-was-rebuilt",
    "to a verification service": "/verification/the-bridge-at-vellham-was-rebuilt?source=/old",
    "to an auth section": "/auth/2019/05/the-bridge-at-vellham-was-rebuilt/",
    "to a challenge": "/cup/challenge/the-bridge-at-vellham-was-rebuilt",
    "with a token of a login that failed": "/2019/05/the-bridge-at-vellham-was-rebuilt?login=failed",
    "with consent in the query": "/2019/05/the-bridge-at-vellham-was-rebuilt?consent=none&url=/x",
    "with a campaign": "/2019/05/the-bridge-at-vellham-was-rebuilt/?utm_source=login&next=/2019",
}


def by_vendor() -> Iterator[Scenario]:
    for name, (http_status, reason, body, headers) in REFUSALS.items():
        answer = Answer(http_status=http_status, body=body, headers=headers)
        yield named(made("fresh", name, answer, states=WALLED, reason=reason, otherwise=answer, pages={"/": answer}))
    for name, (location, reason, body) in DOORS.items():
        yield made(
            "fresh",
            f"to {name}",
            to(location),
            states=WALLED,
            reason=reason,
            otherwise=to(location),
            pages={location: Answer(body=body)},
        )
    for name, (answer, title) in LIVE_PAGES.items():
        yield made("freshlive", name, answer, states=ALIVE, title=title)
    for name, location in LIVE_WALKS.items():
        yield made("freshlive", name, to(location), states=ALIVE, pages={location: GOOD})
    yield from mixed()


def mixed() -> Iterator[Scenario]:
    """Statuses that stay what they are."""
    for http_status, states, reason in (
        (404, GONE, "http-404"),
        (410, GONE, "http-410"),
        (500, frozenset({SUSPECT}), "http-5xx"),
        (502, frozenset({SUSPECT}), "http-5xx"),
    ):
        for name, body in {
            "a login box": document(
                "Not here", body='Try again or log in. <form>Name <input name="n"> <input type="password"></form>'
            ),
            "a captcha script": document(
                "Not here",
                body="Nothing at this address.",
                head='<script src="https://www.google.com/recaptcha/api.js"></script>',
            ),
            "a banner": document("Not here", body="We value your privacy. Accept all. Nothing at this address."),
            "a script that sets a cookie": document(
                "Not here", body="Nothing at this address.", head=script("document.cookie='a=1';function r(){location.reload()}")
            ),
            "Imperva's script": document("Not here", body="Nothing.", head=script(src="/_Incapsula_Resource?SWJIYLWA=1")),
            "the word moment": document("Not here", body="One moment please, we look for it. Access to it was denied to nobody."),
        }.items():
            yield made(
                "freshlive",
                f"{http_status} with {name}",
                Answer(http_status=http_status, body=body),
                states=states,
                reason=reason,
            )
    gone = Answer(http_status=404, body=document("Page not found", body="Sign in to see more."))
    yield made(
        "freshlive",
        "a 404 after a redirect to a page with login in its query",
        to("/404.html?ref=login"),
        states=GONE,
        pages={"/404.html?ref=login": gone},
    )
