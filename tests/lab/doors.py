"""Redirects that end at a door: sign-in, consent, payment, age, a guard. The truth of each: blocked, and nothing else on that host convicts."""

from collections.abc import Iterator

from audit.demo.sites import Answer, Site
from tests.lab.situation import BLOCKED, GOOD, PATH, Scenario, document, html, made, to

WALLED = frozenset({BLOCKED})
WAY = "%2F2019%2F05%2Fthe-bridge-at-vellham-was-rebuilt"
WHOLE = f"http%3A%2F%2Fvellham.example{WAY}"
ASKS = document("Sign in", body='<form><input name="member"><input type="password"></form>')
PLAIN = document("Vellham", body="One account for everything.")

DOORS: dict[str, tuple[str, str | None, bytes]] = {
    "login, next": (f"/login/?next={WAY}", "login", ASKS),
    "login.php, next": (f"/login.php?next={WHOLE}", "login", PLAIN),
    "accounts/login": (f"/accounts/login/?next={WAY}", "login", PLAIN),
    "users/sign_in": ("/users/sign_in", "login", ASKS),
    "members/login in Moodle's way": (
        "/login/index.php",
        "login",
        document("Log in to the site", body='<form><input type="password"></form>'),
    ),
    "wp-login": (
        f"/wp-login.php?redirect_to={WHOLE}&reauth=1",
        "login",
        document("Log In ‹ Vellham — WordPress", body='<form><input type="password"></form>'),
    ),
    "Drupal": ("/user/login?destination=node/512", "login", ASKS),
    "MediaWiki": (
        "/index.php?title=Special:UserLogin&returnto=Bridge",
        "login",
        document("Log in - Vellham Wiki", body='<form><input type="password"></form>'),
    ),
    "phpBB": (
        "/ucp.php?mode=login&redirect=viewtopic.php%3Ft%3D1",
        "login",
        document("Vellham Forum - Login", body='<form><input type="password"></form>'),
    ),
    "Joomla": ("/component/users/?view=login&return=aHR0cDovL3ZlbGxoYW0uZXhhbXBsZS94", "login", ASKS),
    "Confluence": (f"/login.action?os_destination={WAY}", "login", PLAIN),
    "SharePoint": (f"/_layouts/15/Authenticate.aspx?Source={WAY}", "login", PLAIN),
    "ASP.NET": (f"/Account/Login.aspx?ReturnUrl={WAY}", "login", PLAIN),
    "authwall": (f"/authwall?trk=x&sessionRedirect={WHOLE}", "login", document("Sign Up | Vellham")),
    "a flow": (f"/i/flow/login?redirect_after_login={WAY}", "login", document("Vellham", body="Happening now")),
    "CAS": (f"/cas/login?service={WHOLE}", "login", document("CAS – Central Authentication Service")),
    "Shibboleth": (f"/Shibboleth.sso/Login?target={WHOLE}", "login", PLAIN),
    "a SAML request": (
        "/idp/profile/SAML2/Redirect/SSO?SAMLRequest=fZJ&RelayState=ss%3Amem%3A1",
        "login",
        document("Web Login Service"),
    ),
    "a SAML flow under way": (
        "/idp/profile/SAML2/Redirect/SSO?execution=e1s1",
        "login",
        document("Vellham University Login", h1="Login", body='<form><input type="password"></form>'),
    ),
    "Keycloak": (
        f"/auth/realms/v/protocol/openid-connect/auth?client_id=a&redirect_uri={WHOLE}",
        "login",
        document("Sign in to Vellham"),
    ),
    "ADFS": (
        "/adfs/ls/?wa=wsignin1.0&wtrealm=urn%3Avellham&wctx=1",
        "login",
        document("Sign In", body='<form><input type="password"></form>'),
    ),
    "OAuth": (f"/oauth2/v2.0/authorize?client_id=1&response_type=code&redirect_uri={WHOLE}", "login", PLAIN),
    "EZproxy": (f"/login?qurl={WHOLE}", "login", document("Library login", body="Use your library card.")),
    "EZproxy of old": ("/login?url=http://vellham.example/x", "login", document("EZproxy", body="Use your library card.")),
    "registration": (f"/register?returnUrl={WAY}", None, document("Create a free account")),
    "Iniciar sesión": (
        f"/iniciar-sesion?volver={WAY}",
        "login",
        document("Iniciar sesión", body='<form><input type="password"></form>'),
    ),
    "Anmelden": ("/anmelden", "login", document("Anmelden | Vellhamer Bote", body='<form><input type="password"></form>')),
    "Connexion": ("/connexion", "login", document("Connexion", body='<form><input type="password"></form>')),
    "Inloggen": (f"/inloggen?terug={WAY}", "login", document("Inloggen", body='<form><input type="password"></form>')),
    "an account without a telling address": (
        "/my/start",
        "login",
        document("Log in", body='<form><input type="password"></form>'),
    ),
    "consent, continue": (f"/consent?continue={WHOLE}", "consent", document("Before you continue", body="We use cookies.")),
    "collectConsent": (
        "/v2/collectConsent?sessionId=3_cc-session_1",
        "consent",
        document("Vellham is part of a family of brands", body='<form method="post"><button>Accept all</button></form>'),
    ),
    "gdpr-consent": (f"/gdpr-consent/?next_url={WHOLE}", "consent", PLAIN),
    "privacy gate": (f"/privacygate-confirm?redirectUri={WAY}", "consent", PLAIN),
    "cookie wall": (f"/cookiewall/?redirect={WAY}", "consent", document("Cookies", body="Accept or leave.")),
    "an age gate": (f"/age-gate?return={WAY}", None, document("Are you over 18?", body="Enter your date of birth.")),
    "agecheck": (f"/agecheck/app/1?from={WAY}", None, document("Please confirm your age")),
    "subscribe": (f"/subscribe?returnUrl={WAY}", "payment", document("Choose your plan")),
    "subscriptions": (f"/subscriptions/?from_url={WHOLE}", "payment", document("Subscribe to the Courier")),
    "abo": (f"/abo/angebot?ref={WHOLE}", "payment", document("Jetzt abonnieren", body="Lesen Sie weiter.")),
    "paywall": (f"/paywall/?url={WAY}", "payment", PLAIN),
    "a plan page": (f"/offers/paywall?target={WAY}", "payment", PLAIN),
    "captcha": (f"/captcha?url={WAY}", "bot-wall", document("Captcha", body='<div class="g-recaptcha"></div>')),
    "showcaptcha": (f"/showcaptcha?cc=1&retpath={WHOLE}", "bot-wall", document("Вы не робот?")),
    "sorry": (
        f"/sorry/index?continue={WHOLE}&q=E",
        "bot-wall",
        document("x", body="Our systems have detected unusual traffic from your computer network."),
    ),
    "tosv2": ("/tosv2.html?vid=&uuid=1&url=L3g=", "bot-wall", document("Are you a robot?", body="Please click the box below.")),
    "sgcaptcha": (
        f"/.well-known/sgcaptcha/?r={WAY}&y=ipc:1",
        "bot-wall",
        document("Robot Challenge Screen", body="Checking the site connection security"),
    ),
    "a punishment": (f"/_____tmd_____/punish?x5secdata=1&x5step=1&url={WHOLE}", "bot-wall", document("", h1="", body="")),
    "crawlprevention": (f"/crawlprevention/governor?content={WAY}", "bot-wall", document("Validate User", body="We are sorry.")),
    "cookieAbsent": ("/action/cookieAbsent", None, document("Cookie absent", body="Cookies are required to use this site.")),
    "cookies not supported": (f"/nocookies?url={WAY}", None, document("Cookies required")),
    "unsupported browser": ("/unsupported_browser", None, document("Unsupported browser", body="Please update your browser.")),
    "distil": (f"/distil_r_captcha.html?requestId=1&httpReferrer={WAY}", "bot-wall", document("Pardon Our Interruption")),
    "errors validateCaptcha": (
        f"/errors/validateCaptcha?amzn=1&amzn-r={WAY}",
        "bot-wall",
        document("Vellham", body="Enter the characters you see below"),
    ),
    "verify you are human": (
        f"/verify?url={WAY}",
        "bot-wall",
        document(
            "Verify",
            body="Please verify that you are not a robot.",
            head='<script src="https://www.google.com/recaptcha/api.js"></script>',
        ),
    ),
    "a checkpoint": (f"/checkpoint/challenge?next={WAY}", "bot-wall", document("Security check", body="Confirm.")),
    "a queue": (f"/waitingroom?target={WAY}", None, document("You are in line", body="Your turn will come.")),
    "a country": (f"/geo-block?url={WAY}", "geo-block", document("Not here", body="We are not there yet.")),
    "Europe": (
        "/gdpr/vellham.example/",
        None,
        document("Vellham Courier", body="Unfortunately, our website is currently unavailable in most European countries."),
    ),
    "a door that says 404": (f"/login?next={WAY}", "login", b"!404"),
    "a door that says 500": (f"/login?next={WAY}", "login", b"!500"),
    "a door that says 403": (f"/login?next={WAY}", "login", b"!403"),
}
HOSTS: dict[str, tuple[str, str | None]] = {
    "an identity host": (f"http://id.elsewhere-hub.example/start?client_id=courier&redirect_uri={WHOLE}", "login"),
    "a single sign-on host": (f"http://sso.elsewhere-hub.example/?return={WHOLE}", "login"),
    "an accounts host": (f"http://accounts.elsewhere-hub.example/v3/identifier?continue={WHOLE}", "login"),
    "a login host with a code": ("http://login.elsewhere-hub.example/u/login?state=hKFo2SA", "login"),
    "a login host without anything": ("http://login.elsewhere-hub.example/", "login"),
    "a consent host": ("http://consent.elsewhere-hub.example/v2/collectConsent?sessionId=1", "consent"),
    "a consent host, m": (f"http://consent.elsewhere-hub.example/m?continue={WHOLE}&gl=DE", "consent"),
    "a guce host": ("http://guce.elsewhere-hub.example/consent?gcrumb=1", "consent"),
    "a privacy host": (f"http://myprivacy.elsewhere-hub.example/consent?siteKey=1&callbackUrl={WHOLE}", "consent"),
    "an unblock host": (f"http://unblock.elsewhere-hub.example/?url={WAY}", "bot-wall"),
    "a validating host": ("http://validate.perfdrive.com/fb803/captcha?ssa=1&ssb=2", "bot-wall"),
    "a captcha host": ("http://captcha.elsewhere-hub.example/start", "bot-wall"),
    "a queue's host": (f"http://vellham.queue-it.net/?c=vellham&e=bridge&t={WHOLE}", None),
    "a court's host": ("http://notice.cuii.info/", "legal"),
    "an authority's host": ("http://www.warning.or.kr/", "legal"),
    "another authority's host": ("http://internetpositif.id/", "legal"),
}
NAMES = ("id", "sso", "accounts", "login", "consent", "guce", "myprivacy", "unblock", "captcha")
MOVED = ("auth", "challenge")
LOGIN_HOST = html("Sign in", body='<form><input name="member"><input type="password"></form>')
HOSTS_OF_DOORS = (
    *(
        Site(
            host=f"{name}.elsewhere-hub.example",
            name=name,
            otherwise=LOGIN_HOST if name == "login" else html("Elsewhere", body="One moment."),
        )
        for name in NAMES
    ),
    *(Site(host=f"{name}.elsewhere-hub.example", name=name, otherwise=GOOD) for name in MOVED),
    *(
        Site(host=host, name=host, otherwise=html("Notice", body="You were sent here."))
        for host in ("validate.perfdrive.com", "vellham.queue-it.net", "notice.cuii.info", "warning.or.kr", "internetpositif.id")
    ),
)
"""Where the doors of other hosts stand."""


def doors() -> Iterator[Scenario]:
    for name, (location, reason, body) in DOORS.items():
        page = Answer(http_status=int(body[1:]), body=b"<h1>No</h1>") if body.startswith(b"!") else Answer(body=body)
        yield made("door", name, to(location), states=WALLED, reason=reason, otherwise=to(location), pages={location: page})
    for name, (location, reason) in HOSTS.items():
        yield made("door", name, to(location), states=WALLED, reason=reason, otherwise=to(location), pages={"/": to(location)})
    yield from clusters()
    yield from loops()


def clusters() -> Iterator[Scenario]:
    """Whole sites behind one door: the same page for every address is no soft-404 when it asks for something."""
    more = tuple(f"/2019/0{n}/a-story-of-the-harbour-{n}" for n in range(1, 4))
    for name, location, page in (
        ("a whole site behind one login", "/start", html("Sign in", body='<form><input type="password"></form>')),
        (
            "a whole site behind one login, by title alone",
            "/welcome.do",
            html("Log in | Vellham Intranet", body="Use your card."),
        ),
        (
            "a whole site behind one login, by its field alone",
            "/portal",
            html("Vellham Intranet", body='<form><input name="u"><input type="password"></form>'),
        ),
        (
            "a whole site behind its own front page with a login",
            "/",
            html("Sign in to Vellham", h1="Sign in", body='<form><input type="password"></form>'),
        ),
        ("a whole site behind one question", "/hello", html("Are you a robot?", body='<div class="g-recaptcha"></div>')),
    ):
        yield made("door", name, to(location), states=WALLED, more=more, otherwise=to(location), pages={location: page})
    form = html("Log in", body='<form><input name="member"><input type="password"></form>')
    yield made(
        "door",
        "a whole site whose every address shows the login",
        form,
        states=WALLED,
        more=more,
        otherwise=form,
        pages={"/": form},
    )
    yield made("door", "a login in place", form, states=WALLED, reason="login")
    yield made("door", "a login in place of every page", form, states=WALLED, reason="login", otherwise=form)
    teaser = html("Subscribe to read | The Vellham Courier", h1="Subscribe to read", body="Choose a plan to go on reading.")
    yield made("door", "a payment in place", teaser, states=WALLED, reason="payment")
    gate = html(
        "Before you continue to Vellham",
        h1="Before you continue",
        body='<form method="post"><button>Accept all</button></form> We use cookies.',
    )
    yield made("door", "a consent in place", gate, states=WALLED, reason="consent")


def loops() -> Iterator[Scenario]:
    """Redirects that never end because a door wants a cookie that only scripts could set."""
    away = f"/login?next={WAY}"
    yield made("door", "round and round through a login", to(away), states=WALLED, pages={away: to(PATH)})
    away = f"/action/cookieAbsent?redirectUri={WAY}"
    yield made("door", "round and round through a cookie test", to(away), states=WALLED, pages={away: to(PATH)})
    pages = {f"{PATH}?bm-verify={n}": _verify(n + 1) for n in range(20)}
    yield made(
        "door", "a refresh to itself with a new token each time", _verify(0), states=WALLED, reason="bot-wall", pages=pages
    )
    pages = {f"{PATH}?i={n}": _counted(n + 1) for n in range(1, 20)}
    yield made("door", "a script that counts up its own address", _counted(1), states=WALLED, reason="bot-wall", pages=pages)


def _verify(number: int) -> Answer:
    return Answer(
        body=f'<html><head><meta http-equiv="refresh" content="5; URL=\'{PATH}?bm-verify={number}\'"></head><body><script>triggerInterstitialChallenge()</script></body></html>'.encode()
    )


def _counted(number: int) -> Answer:
    return Answer(
        body=f'<html><body><script src="/aes.js"></script><script>document.cookie="__test="+toHex(slowAES.decrypt(c,2,a,b));location.href="{PATH}?i={number}";</script></body></html>'.encode()
    )
