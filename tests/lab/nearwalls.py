"""What only looks like a refusal: vendors' marks on ordinary pages, articles about walls, forms, banners. The truth is beside each."""

from collections.abc import Iterator

from audit.demo.sites import Answer
from tests.lab.situation import (
    BLOCKED,
    BODY,
    GOOD,
    LIVE,
    NOT_FOUND,
    PATH,
    SUSPECT,
    TITLE,
    Scenario,
    document,
    html,
    made,
    slug,
    to,
)
from tests.lab.soft import GONE

ALIVE = frozenset({LIVE})
SHORT = "The bridge was rebuilt in stone in 1931."
FORM = '<form>Name <input name="member"> Password <input type="password"><button>Log in</button> Forgot your password?</form>'
BANNER = "We value your privacy. We and our 812 partners store cookies. Accept all. Reject all. "
TURNSTILE = '<script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>'
RECAPTCHA = '<script src="https://www.google.com/recaptcha/api.js"></script>'

PRESENCE: dict[str, tuple[str, tuple[tuple[str, str], ...], bytes]] = {
    "Cloudflare's detection script": (
        '<script>(function(){var a="/cdn-cgi/challenge-platform/scripts/jsd/main.js"})()</script>',
        (
            ("Server", "cloudflare"),
            ("CF-Ray", "8f"),
            ("Set-Cookie", "__cf_bm=x"),
            ("Server-Timing", "cfCacheStatus;desc=DYNAMIC, cfEdge;dur=7,cfOrigin;dur=0"),
        ),
        b"",
    ),
    "Turnstile": (TURNSTILE, (("Server", "cloudflare"),), b""),
    "reCAPTCHA": (RECAPTCHA, (), b""),
    "hCaptcha": ('<script src="https://js.hcaptcha.com/1/api.js"></script>', (), b""),
    "Akamai": (
        '<script src="/akam/13/1a2b"></script>',
        (
            ("Server", "AkamaiGHost"),
            ("Server-Timing", "ak_p; desc=1"),
            ("Akamai-GRN", "0.1"),
            ("Set-Cookie", "_abck=x"),
            ("Set-Cookie", "bm_sz=x"),
            ("Set-Cookie", "ak_bmsc=x"),
        ),
        b"",
    ),
    "Akamai's sec_cpt cookie": ("", (("Set-Cookie", "sec_cpt=x"),), b""),
    "AWS": (
        '<script src="https://d2.edge.sdk.awswaf.com/d2/challenge.compact.js"></script>',
        (("X-Cache", "Error from cloudfront"), ("X-Amzn-RequestId", "1"), ("Set-Cookie", "aws-waf-token=x")),
        b"",
    ),
    "DataDome": (
        '<script src="https://js.datadome.co/tags.js"></script>',
        (("X-DataDome", "protected"), ("Set-Cookie", "datadome=x")),
        b"",
    ),
    "HUMAN": ("<script>window._pxAppId='PX1'</script>", (("Set-Cookie", "_px3=x"), ("Set-Cookie", "_pxhd=x")), b""),
    "Imperva": (
        '<script src="/_Incapsula_Resource?SWJIYLWA=719d&ns=1"></script>',
        (("X-Iinfo", "1-2"), ("X-CDN", "Imperva"), ("Set-Cookie", "visid_incap_1=x"), ("Set-Cookie", "incap_ses_1_1=x")),
        b"",
    ),
    "Kasada": ('<script src="/149e/2d20/p.js"></script>', (("Set-Cookie", "KP_UIDz=x"),), b""),
    "Reblaze": ("", (("Set-Cookie", "rbzid=x"),), b""),
    "Vercel": ("", (("Server", "Vercel"), ("X-Vercel-Id", "fra1::1")), b""),
    "Sucuri": ("", (("Server", "Sucuri/Cloudproxy"), ("X-Sucuri-ID", "14"), ("X-Sucuri-Cache", "HIT")), b""),
    "DDoS-Guard": ("", (("Server", "ddos-guard"), ("Set-Cookie", "__ddg1_=x")), b""),
    "F5": ('<script src="/TSPD/0812?type=5"></script>', (("Set-Cookie", "TS01=x"), ("Set-Cookie", "BIGipServer=x")), b""),
    "Radware": ('<script src="https://cdn.perfdrive.com/aperture/aperture.js"></script>', (("Set-Cookie", "__uzma=x"),), b""),
    "Qrator": ("", (("Server", "QRATOR"), ("Set-Cookie", "qrator_jsid=x")), b""),
    "Alibaba": ("", (("Server", "Tengine"), ("Set-Cookie", "acw_tc=x"), ("Set-Cookie", "acw_sc__v2=x")), b""),
    "Jiasule": ("", (("Set-Cookie", "__jsluid_s=x"), ("X-Via-JSL", "1")), b""),
    "Azure": ("", (("X-Azure-Ref", "1"),), b""),
    "Imunify360": ("", (("Server", "imunify360-webshield/1.21"),), b""),
    "Yunsuo": ("", (("Set-Cookie", "yunsuo_session_verify=x"),), b""),
    "Fastly": ("", (("Via", "1.1 varnish"), ("X-Served-By", "cache-fra")), b""),
    "a script that sets a cookie and can reload": (
        "<script>function again(){document.cookie='size=1';location.reload()}</script>",
        (),
        b"",
    ),
}
"""Head, headers, and nothing that refuses."""

TITLES = (
    "Access denied: a film about borders",
    "Just a moment in the life of a bridge",
    "Are you a robot? On a play by a Czech brother",
    "Security check at the harbour takes an hour",
    "Captcha, the street that machines cannot read",
    "How to fix Access Denied in a file manager",
    "Subscribe to nothing: a manifesto",
    "Login screens of the eighties",
    "Please wait here: a history of the queue",
    "One moment, please: portraits from a waiting room",
    "Forbidden city, a walk",
    "Not available in your country: on films and borders",
    "Before you continue, think: an essay on consent",
    "Consent in medicine",
    "Paywall and public: who pays for news",
    "451 degrees, a novel revisited",
    "Unusual traffic on the bridge of Vellham",
    "Blocked: the canal that never opened",
    "Verification of old maps by new means",
    "Human verification in banking, a study",
    "Zugriff verweigert: Roman einer Behörde",
    "Un instant de bonheur",
    "Доступ запрещён: история закрытых городов",
)
SONGS = (
    "Access Denied",
    "Just a Moment",
    "Un instant",
    "Captcha",
    "Security Check",
    "Un momento",
    "Einen Moment bitte",
    "Zugriff verweigert",
)
ADDRESSES = (
    "/login/2019/the-bridge-at-vellham",
    "/challenge/2019/bridge-builders",
    "/consent/why-the-bridge-was-built",
    "/subscribe/the-bridge-at-vellham",
    "/captcha/the-bridge-at-vellham",
    "/auth/2019/the-bridge-at-vellham",
    "/sso/2019/the-bridge-at-vellham",
    "/gdpr/2019/the-bridge-at-vellham",
    "/register/of-historic-bridges",
    "/sorry/the-bridge-at-vellham",
    "/blog/why-the-bridge?next=/2019/05",
)


def near() -> Iterator[Scenario]:
    yield from presence()
    yield from articles()
    yield from pages()
    yield from walks()
    yield from elsewhere()


def presence() -> Iterator[Scenario]:
    """The marks of every vendor on an ordinary page, on a 404 with a page of its own, and on a server's own trouble."""
    for name, (head, headers, _) in PRESENCE.items():
        yield made("near", f"{name} on a page", Answer(body=document(head=head), headers=headers), states=ALIVE)
        yield made("near", f"{name} on a short page", Answer(body=document(body=SHORT, head=head), headers=headers), states=ALIVE)
        missing = document(
            "Page not found | The Courier", h1="Page not found", body="The page may have moved. Try the search.", head=head
        )
        yield made(
            "near", f"{name} on a 404", Answer(http_status=404, body=missing, headers=headers), states=GONE, reason="http-404"
        )
        kind = tuple(each for each in headers if each[0] != "Server-Timing")
        broken = document("Service trouble", body="Something broke on our side.", head=head)
        yield made(
            "near",
            f"{name} on a 500",
            Answer(http_status=500, body=broken, headers=kind),
            states=frozenset({SUSPECT}),
            reason="http-5xx",
        )
    gone = document("Gone", body="This page was withdrawn.", head=RECAPTCHA)
    headers = (("Server", "cloudflare"), ("Set-Cookie", "datadome=x"), ("Set-Cookie", "_abck=x"), ("X-Iinfo", "1"))
    yield made(
        "near",
        "every vendor at once on a 410",
        Answer(http_status=410, body=gone, headers=headers),
        states=GONE,
        reason="http-410",
    )
    error = document(
        "vellham.example | 522: Connection timed out",
        h1="Connection timed out",
        body='<div id="cf-error-details">Error code 522</div>',
    )
    yield made(
        "near",
        "Cloudflare cannot reach the origin",
        Answer(http_status=522, body=error, headers=(("Server", "cloudflare"),)),
        states=frozenset({SUSPECT}),
    )
    error = document(
        "vellham.example | 503: Service unavailable",
        h1="Service unavailable",
        body='<div id="cf-error-details">Error code 503</div>',
    )
    yield made(
        "near",
        "Cloudflare tells of a 503 of the origin",
        Answer(http_status=503, body=error, headers=(("Server", "cloudflare"),)),
        states=frozenset({SUSPECT}),
    )
    error = document(
        "ERROR: The request could not be satisfied", h1="502 ERROR", body="CloudFront wasn't able to connect to the origin."
    )
    yield made(
        "near",
        "CloudFront cannot reach the origin",
        Answer(http_status=502, body=error, headers=(("X-Cache", "Error from cloudfront"),)),
        states=frozenset({SUSPECT}),
    )


def articles() -> Iterator[Scenario]:
    for title in TITLES:
        yield made(
            "near", f"article {title}", html(title, body=SHORT), states=ALIVE, title=title, path=f"/articles/{slug(title) or 'x'}"
        )
        yield made(
            "near",
            f"bare article {title}",
            html(f"{title} | The Courier", h1=title, body=SHORT),
            states=ALIVE,
            title=None,
            path=f"/a/{slug(title) or 'x'}",
        )
    for song in SONGS:
        head = f'<meta property="og:title" content="{song}"><meta name="description" content="A song of 1987."><link rel="canonical" href="http://songs.example/x">'
        page = html(
            f"{song} - The Ferrymen | Songbook",
            h1=song,
            body="A song of 1987. Words and music: the Ferrymen. Length 3:12.",
            head=head,
        )
        yield made("near", f"song {song}", page, states=ALIVE, title=f"{song} by the Ferrymen", path=f"/songs/{slug(song)}")
    text = (
        "Readers ask why they must verify that they are human, why the page says checking your browser before accessing, access denied, "
        "you have been blocked, Reference #18, support ID, Incident ID, unusual traffic, enable JavaScript and cookies to continue, and "
        "not available in your country. "
    )
    yield made("near", "every phrase of the guards in one article", html(body=text * 4), states=ALIVE)
    yield made("near", "every phrase of the guards in a short article", html(body=text), states=ALIVE)
    yield made(
        "near",
        "every phrase of the guards in a short article cited without a title",
        html("On guards, a column", body=text),
        states=ALIVE,
        title=None,
    )
    yield made(
        "near",
        "a press release on a court's order",
        html("Court lifts the ban", body="Access to the site had been blocked under an order of the High Court."),
        states=ALIVE,
        title=None,
    )
    yield made(
        "near",
        "help on two-factor login",
        html("Sign in problems | Help", h1="Sign in problems", body=SHORT),
        states=ALIVE,
        title="Sign in problems",
        path="/help/sign-in",
    )


def pages() -> Iterator[Scenario]:
    for name, answer in {
        "a login form beside the article": html(body=BODY + FORM),
        "a login form beside a short article": html(body=SHORT + FORM),
        "a cookie banner first": Answer(body=document().replace(b"<h1>", f"<div><h2>Cookies</h2>{BANNER}</div><h1>".encode())),
        "a cookie banner whose heading comes first": Answer(
            body=document().replace(b"<h1>", f"<div><h1>We value your privacy</h1>{BANNER}</div><h1>".encode())
        ),
        "a cookie banner before a short article": Answer(
            body=document(body=SHORT).replace(b"<h1>", f"<div><h2>Before you continue</h2>{BANNER}</div><h1>".encode())
        ),
        "a newsletter gate": html(body=SHORT + '<form>Subscribe to read more<input type="email"></form>'),
        "a contact form with Turnstile": html(
            body=SHORT + '<form><div class="cf-turnstile"></div>Please verify you are human<button>Send</button></form>',
            head=TURNSTILE,
        ),
        "comments with a captcha": html(body=BODY + '<form><div class="g-recaptcha"></div></form>', head=RECAPTCHA),
        "a heading in a dialogue": Answer(
            body=document(body=SHORT).replace(b"<h1>", b"<dialog><h1>Security check</h1></dialog><h1>")
        ),
        "a notice for old browsers": html(body=BODY + "<p>Your browser is not supported. Please upgrade your browser."),
        "a notice about JavaScript": html(body=BODY + "<noscript>Please enable JavaScript and cookies to continue.</noscript>"),
        "a live ticker that refreshes itself": html(body=BODY, head='<meta http-equiv="refresh" content="5">'),
        "a webcam that refreshes itself": html(body='<img src="/cam.jpg">', head='<meta http-equiv="refresh" content="10">'),
        "a video for another country in a long page": html(body=BODY + " This video is not available in your country."),
        "a waiting room of a hospital": html(
            "Waiting room", h1="The waiting room", body="A photograph of the waiting room of Vellham hospital."
        ),
    }.items():
        yield made("near", name, answer, states=ALIVE)
    contact = html(
        "Contact us | Vellham",
        h1="Contact us",
        body='Please verify you are human. <form><div class="cf-turnstile"></div></form>',
        head=TURNSTILE,
    )
    yield made("near", "a contact page that is cited", contact, states=ALIVE, title=None, path="/contact")
    subscribe = html("Subscribe | The Vellham Courier", h1="Subscribe", body="Choose a plan: paper, digital, both.")
    yield made("near", "a subscription page that is cited", subscribe, states=ALIVE, title="Subscribe", path="/subscribe")
    yield made(
        "near", "a subscription page that is cited without a title", subscribe, states=ALIVE, title=None, path="/subscribe"
    )
    login = html("Log in | The Vellham Courier", h1="Log in", body=FORM)
    yield made("near", "a login page that is cited", login, states=ALIVE, title="Log in", path="/login")
    yield made("near", "a login page that is cited without a title", login, states=ALIVE, title=None, path="/account/login")
    yield made("near", "a front page that is a login", login, states=ALIVE, title=None, path="/", pages={"/": login})
    yield made(
        "near",
        "a login page that moved to https and a slash",
        to("/login/"),
        states=ALIVE,
        title=None,
        path="/login",
        pages={"/login/": login},
    )
    captcha = html(
        "Captcha | Glossary of the web",
        h1="Captcha",
        body="A captcha is a riddle that a machine should not solve. The word was made in 2003.",
    )
    yield made("near", "an entry of a glossary", captcha, states=ALIVE, title=None, path="/glossary/captcha")
    for path in ADDRESSES:
        yield made("near", f"an address with {path}", GOOD, states=ALIVE, path=path)
        yield made(
            "near",
            f"an address with {path}, moved",
            to(f"/archive{path}"),
            states=ALIVE,
            path=path,
            pages={f"/archive{path}": GOOD},
        )


def walks() -> Iterator[Scenario]:
    """Walks past a door that come back, or end at a page with a name like a door's."""
    bounce = to(f"/sso/check?return={PATH}", 302)
    back = Answer(http_status=302, headers=(("Location", PATH), ("Set-Cookie", "sso=none; Path=/")))
    yield made(
        "near",
        "a single sign-on that comes back with an answer",
        bounce,
        states=ALIVE,
        pages={f"/sso/check?return={PATH}": to(f"{PATH}?sso=none"), f"{PATH}?sso=none": GOOD},
    )
    del back
    away = f"/consent/check?continue={PATH}"
    yield made(
        "near",
        "a consent check that comes back with an answer",
        to(away),
        states=ALIVE,
        pages={away: to(f"{PATH}?consent=unknown"), f"{PATH}?consent=unknown": GOOD},
    )
    away = f"/authorize?response_type=cookie&redirect_uri={PATH}"
    yield made(
        "near",
        "a cookie test that comes back with an error in its address",
        to(away),
        states=ALIVE,
        pages={away: to(f"{PATH}?error=cookies_not_supported&code=1"), f"{PATH}?error=cookies_not_supported&code=1": GOOD},
    )
    for target in (
        "/sports/challenge/the-bridge-at-vellham-was-rebuilt",
        "/news/auth/the-bridge-at-vellham-was-rebuilt",
        "/consent/the-bridge-at-vellham-was-rebuilt",
        "/register/the-bridge-at-vellham-was-rebuilt",
    ):
        yield made("near", f"moved to {target}", to(target), states=ALIVE, pages={target: GOOD})
    yield made(
        "near",
        "moved to a host called challenge",
        to("http://challenge.elsewhere-hub.example/2019/05/the-bridge-at-vellham-was-rebuilt"),
        states=ALIVE,
    )
    yield made(
        "near",
        "moved to a host called login",
        to("http://auth.elsewhere-hub.example/2019/05/the-bridge-at-vellham-was-rebuilt"),
        states=ALIVE,
    )
    yield made(
        "near",
        "moved with a link back to itself",
        to(f"/archive{PATH}?from={PATH}"),
        states=ALIVE,
        pages={f"/archive{PATH}?from={PATH}": GOOD},
    )
    yield made(
        "near",
        "moved, and a login stands beside it",
        to(f"/x{PATH}?next=/2019"),
        states=ALIVE,
        pages={f"/x{PATH}?next=/2019": html(body=BODY + FORM)},
    )


def elsewhere() -> Iterator[Scenario]:
    """A wall on another address of the host convicts nothing and nobody."""
    challenge = Answer(http_status=403, body=document("Just a moment..."), headers=(("cf-mitigated", "challenge"),))
    login = html("Sign in", body=FORM)
    for name, otherwise in {
        "a challenge": challenge,
        "a login": to("/login?next=/x"),
        "a login in place": login,
        "a consent": to("/consent?continue=/x"),
    }.items():
        pages = {"/": otherwise, "/login": login, "/consent": html("Before you continue")}
        yield made(
            "near", f"{name} on the front page and on what does not exist", GOOD, states=ALIVE, otherwise=otherwise, pages=pages
        )
        yield made(
            "near",
            f"{name} on the front page, no title cited",
            html("Bridges", body=BODY),
            states=ALIVE,
            otherwise=otherwise,
            pages=pages,
            title=None,
        )
    yield made("near", "a 404 on a host whose front page is a challenge", NOT_FOUND, states=GONE, pages={"/": challenge})
    denied = Answer(
        http_status=403,
        body=b'<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
        content_type="application/xml",
        headers=(("x-amz-request-id", "1"),),
    )
    yield made("near", "an object store that denies", denied, states=frozenset({BLOCKED}), reason="forbidden")
    for name, head in {
        "JSON with a space": '<script type="application/ld+json">{"isAccessibleForFree" : false}</script>',
        "JSON with a word": '<script type="application/ld+json">{"isAccessibleForFree":"False"}</script>',
        "JSON over two lines": '<script type="application/ld+json">{"isAccessibleForFree":\n  false}</script>',
        "an element of its own": '<meta itemprop="isAccessibleForFree" content="false">',
        "a tier": '<meta property="article:content_tier" content="locked">',
    }.items():
        yield made("near", f"metered, {name}", html(body=SHORT, head=head), states=ALIVE, reason="metered")
    yield made(
        "near",
        "not metered at all",
        html(body=SHORT, head='<script type="application/ld+json">{"isAccessibleForFree": true}</script>'),
        states=ALIVE,
        reason="ok",
    )
    free = html("The Courier", body=SHORT, head='<script type="application/ld+json">{"isAccessibleForFree": false}</script>')
    yield made("near", "not free, and not the cited title", free, states=ALIVE, title=None, reason="ok")
    assert TITLE
