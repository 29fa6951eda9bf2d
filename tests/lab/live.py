"""Pages that work, however oddly their servers do it. The truth of each: live."""

import gzip
import zlib
from collections.abc import Iterator

from audit.demo.sites import Answer
from tests.lab.situation import BODY, GOOD, HOME, LIVE, PATH, TITLE, Scenario, document, html, made, raw, slug, to

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
