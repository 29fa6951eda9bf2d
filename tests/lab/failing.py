"""Pages that are gone, servers that fail, answers that say nothing. Never dead after one night."""

from collections.abc import Iterator

from audit.demo.sites import Answer
from tests.lab.situation import BODY, NOT_FOUND, PATH, SUSPECT, UNKNOWN, Scenario, document, made, to
from tests.lab.soft import GONE

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
