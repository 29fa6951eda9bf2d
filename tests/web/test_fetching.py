"""One walk: what comes back of each situation, as facts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from yarl import URL

from audit import urls
from audit.model import Failure, Fetch
from audit.web.fetching import Errand, fetch
from audit.web.network import Network
from tests.web.lab import PAGE, PLAIN, Lab


@asynccontextmanager
async def at_once(_: URL) -> AsyncIterator[None]:
    yield


async def fetched(lab: Lab, url: str, **changes: Any) -> Fetch:
    """The fetch of a path of site.example, or of a whole address."""
    url = f"http://site.example{url}" if url.startswith("/") else url
    async with Network(lab.settings(**changes)) as web:
        return await fetch(Errand(url=url, requested=url, check_id="c1", language="de"), web=web, turn=at_once)


async def test_a_page_becomes_a_fetch_with_everything_filled(lab: Lab) -> None:
    shown = await fetched(lab, "/page")

    assert (shown.http_status, shown.failure, shown.title, shown.h1) == (200, None, "A long story about bridges", "Bridges")
    assert (shown.content_type, shown.charset, shown.magic, shown.address) == ("text/html", "utf-8", "html", "127.0.0.1")
    assert (shown.body_bytes, shown.final_url, shown.hops) == (len(PAGE), "http://site.example/page", ())
    assert shown.text_simhash is not None
    assert shown.sketch
    assert shown.sample is not None
    assert shown.sample.startswith("Bridges the old bridge")


async def test_the_request_says_honestly_who_asks_and_never_head(lab: Lab) -> None:
    await fetched(lab, "/page", contact="audit@example.org")

    heard = lab.heard[0]
    assert {each.method for each in lab.heard} == {"GET"}
    assert heard.fields["user-agent"].startswith("Mozilla/5.0 (compatible; source-audit/")
    assert "+audit@example.org" in heard.fields["user-agent"]
    assert heard.fields["accept-language"] == "de, en;q=0.8, *;q=0.5"
    assert heard.fields["upgrade-insecure-requests"] == "1"
    assert "range" not in heard.fields


SURVIVORS = [
    "/%7Eold;x+y|z",
    "/a//b/",
    "//a",
    "/a?",
    "/a??",
    "/?",
    "/q?x=[1]&&b=&a",
    "/q?a=1;b=2&a=1",
    "/caf%E9",
    "/caf%e9",
    "/50%",
    "/%zz",
    "/a%2Fb?%F6",
    "/a%2fb%5Cc",
    "/(a)!*',$&=:@",
    "/a/;jsessionid=1?x",
    "/a:b/c@d",
    "/http://other.example/?x=http://third.example/",
    "/a%00b",
    "/a%0D%0Ab",
    "/a|b~c?{e}`^",
    "/%25?%2525",
    "/a+b%20c?d+e%20f",
    "/.well-known/a",
    "/a..b/...",
    "/-._~",
    "/index.php/a.b?c=d/e?f",
]


@pytest.mark.parametrize("target", SURVIVORS)
async def test_what_must_survive_reaches_the_server_byte_for_byte(lab: Lab, target: str) -> None:
    await fetched(lab, target)

    assert lab.targets() == [target]


@pytest.mark.parametrize("target", SURVIVORS)
async def test_the_same_reaches_the_server_over_a_redirect_and_by_the_lenient_reader(lab: Lab, target: str) -> None:
    lab.scripts["/from"] = [
        b"HTTP/1.1 302 F\r\nLocation: http://site.example" + target.encode() + b"\r\nContent-Length: 0\r\n\r\n"
    ]
    lab.scripts[target] = [PLAIN["/odd/icy"]]
    lab.closing.add(target)

    shown = await fetched(lab, "/from")

    assert shown.http_status == 200
    assert lab.targets() == ["/from", target, target]


async def test_an_ipv6_literal_keeps_its_bracket(lab: Lab) -> None:
    server = await asyncio.start_server(lab.visit, "::1", 0)
    port = server.sockets[0].getsockname()[1]

    async with server:
        shown = await fetched(lab, f"http://[::1]:{port}/page", allow_networks=("::1/128",))

    assert (shown.http_status, shown.address) == (200, "::1")
    assert lab.heard[0].fields["host"] == f"[::1]:{port}"


async def test_a_host_beyond_ascii_is_asked_by_its_a_label(lab: Lab) -> None:
    url = urls.normalise("http://stra\u00dfe-m\u00fcnchen.example/page")

    shown = await fetched(lab, url, resolve={"xn--strae-mnchen-o9a32b.example": lab.at("plain")})

    assert url == "http://xn--strae-mnchen-o9a32b.example/page"
    assert shown.http_status == 200


@pytest.mark.parametrize(
    ("path", "title"),
    [
        pytest.param("/redirect/relative", "A moved story about bridges", id="relative"),
        pytest.param("/redirect/padded", "A moved story about bridges", id="padded, with fragment"),
        pytest.param("/redirect/latin-1", "The latin page about bridges", id="raw Latin-1"),
        pytest.param("/redirect/utf-8", "The utf-8 page about bridges", id="raw UTF-8"),
        pytest.param("/redirect/300", "A moved story about bridges", id="300"),
        pytest.param("/redirect/303", "A moved story about bridges", id="303"),
        pytest.param("/redirect/307", "A moved story about bridges", id="307"),
        pytest.param("/redirect/308", "A moved story about bridges", id="308"),
        pytest.param("/refresh/header", "A moved story about bridges", id="refresh header"),
        pytest.param("/refresh/meta", "A moved story about bridges", id="meta refresh"),
        pytest.param("/refresh/script", "A moved story about bridges", id="script"),
        pytest.param("/cookie/gate", "A long story about bridges", id="cookie gate"),
    ],
)
async def test_every_kind_of_redirect_is_followed_and_kept_as_a_hop(lab: Lab, path: str, title: str) -> None:
    shown = await fetched(lab, path)

    assert (shown.http_status, shown.title) == (200, title)
    assert [hop.url for hop in shown.hops] == [f"http://site.example{path}"]


@pytest.mark.parametrize("path", ["/refresh/slow", "/refresh/itself", "/refresh/script-in-a-page", "/redirect/nowhere"])
async def test_what_does_not_send_the_reader_elsewhere_is_the_answer(lab: Lab, path: str) -> None:
    shown = await fetched(lab, path)

    assert shown.hops == ()
    assert shown.failure is None
    assert shown.final_url == f"http://site.example{path}"


async def test_a_page_that_sends_its_reader_to_its_own_path_again_and_again_is_the_answer(lab: Lab) -> None:
    shown = await fetched(lab, "/refresh/again")

    assert shown.failure is None
    assert shown.final_url == "http://site.example/refresh/again?token=1"
    assert "reloads" in shown.flags


@pytest.mark.parametrize(
    ("path", "failure", "phase", "detail"),
    [
        pytest.param("/redirect/self", Failure.TOO_MANY_REDIRECTS, "headers", "loop", id="redirect to itself"),
        pytest.param("/redirect/mail", Failure.BAD_RESPONSE, "headers", "redirect-scheme", id="redirect to mailto"),
        pytest.param("/redirect/loopback", Failure.BLOCKED_ADDRESS, "resolve", "address", id="redirect to loopback"),
        pytest.param("/redirect/loopback-hex", Failure.BLOCKED_ADDRESS, None, None, id="hexadecimal loopback"),
        pytest.param("/refresh/script-loopback", Failure.BLOCKED_ADDRESS, "resolve", "address", id="script to loopback"),
        pytest.param("/not-http", Failure.BAD_RESPONSE, "headers", "not-http", id="another protocol"),
        pytest.param("/nothing", Failure.RESET, "headers", "closed-before-head", id="closes without a word"),
        pytest.param("/reset", Failure.RESET, "headers", None, id="reset"),
        pytest.param("/hang", Failure.TIMEOUT, "headers", "headers", id="never answers"),
        pytest.param("/drip-head", Failure.TIMEOUT, "headers", "headers", id="drips its head"),
        pytest.param("/silent-body", Failure.TIMEOUT, "body", "body", id="falls silent after six bytes"),
        pytest.param("/encoded/noise", Failure.BAD_RESPONSE, "body", "undecodable", id="undecodable"),
        pytest.param("http://closed.example/", Failure.REFUSED, "connect", "refused", id="refused"),
        pytest.param("https://mute.example/", Failure.TIMEOUT, "tls", "tls", id="handshake hangs"),
        pytest.param("https://chatty.example/", Failure.TLS, "tls", "not-tls", id="http where https was asked"),
        pytest.param("http://no-such-name.invalid/", Failure.DNS, "resolve", None, id="no such name"),
        pytest.param("http://10.1.2.3/", Failure.BLOCKED_ADDRESS, "resolve", "address", id="private address"),
        pytest.param("http://localhost/", Failure.BLOCKED_ADDRESS, "resolve", "private-name", id="localhost"),
        pytest.param("http://site.example:25/", Failure.BLOCKED_ADDRESS, "resolve", "port", id="mail port"),
    ],
)
async def test_a_failure_says_what_where_and_how(
    lab: Lab, path: str, failure: Failure, phase: str | None, detail: str | None
) -> None:
    shown = await fetched(lab, path)

    assert shown.failure is failure
    assert phase in {None, shown.phase}
    assert detail in {None, shown.detail}
    assert shown.http_status is None
    assert shown.elapsed_ms < 3000


async def test_hops_before_a_refused_one_are_kept(lab: Lab) -> None:
    shown = await fetched(lab, "/redirect/loopback")

    assert [hop.location for hop in shown.hops] == ["http://127.9.9.9/inside"]


async def test_a_chain_longer_than_allowed_ends(lab: Lab) -> None:
    lab.scripts |= {f"/n{n}": [b"HTTP/1.1 301 M\r\nLocation: /n%d\r\nContent-Length: 0\r\n\r\n" % (n + 1)] for n in range(9)}

    shown = await fetched(lab, "/n0", max_redirects=3)

    assert (shown.failure, shown.detail) == (Failure.TOO_MANY_REDIRECTS, "limit")
    assert lab.targets() == ["/n0", "/n1", "/n2", "/n3"]


@pytest.mark.parametrize(
    "name",
    ["gzip", "zlib", "raw-deflate", "br", "zstd", "plain-as-gzip", "gzip-as-br", "short", "junk", "identity-only"],
)
async def test_whatever_the_encoding_says_the_page_is_read(lab: Lab, name: str) -> None:
    shown = await fetched(lab, f"/encoded/{name}")

    assert (shown.http_status, shown.title) == (200, "A long story about bridges")


@pytest.mark.parametrize("name", ["gzip-bomb", "br-bomb"])
async def test_a_bomb_is_cut_at_the_cap(lab: Lab, name: str) -> None:
    shown = await fetched(lab, f"/encoded/{name}")

    assert shown.http_status == 200
    assert shown.body_bytes is not None
    assert shown.body_bytes <= 1_048_576
    assert "cut" in shown.flags


@pytest.mark.parametrize("path", ["/flood", "/drip-body", "/odd/ends-early"])
async def test_an_endless_or_broken_body_is_an_answer_that_was_cut(lab: Lab, path: str) -> None:
    shown = await fetched(lab, path)

    assert (shown.http_status, shown.title) == (200, "A long story about bridges")
    assert "cut" in shown.flags
    assert (shown.body_bytes or 0) <= 1_048_576


async def test_of_a_file_only_the_first_bytes_are_read(lab: Lab) -> None:
    shown = await fetched(lab, "/file/pdf")

    assert (shown.magic, shown.body_bytes, shown.content_type) == ("pdf", 65_536, "application/pdf")
    assert shown.title is None


@pytest.mark.parametrize("path", [path for path in PLAIN if path.startswith("/odd/") and path != "/odd/ends-early"])
async def test_an_odd_answer_that_browsers_show_is_read(lab: Lab, path: str) -> None:
    shown = await fetched(lab, path)

    assert shown.http_status == 200, (shown.failure, shown.phase, shown.detail)
    if path != "/odd/unequal-lengths":
        assert shown.title == "A long story about bridges"


@pytest.mark.parametrize(
    ("name", "defect"),
    [
        ("expired", "expired"),
        ("wrong-host", "wrong-host"),
        ("self-signed", "incomplete-chain"),
        ("old", "legacy"),
        ("good", None),
    ],
)
async def test_a_tls_defect_is_noted_and_the_page_is_read(lab: Lab, name: str, defect: str | None) -> None:
    shown = await fetched(lab, f"https://{name}.example/page")

    assert (shown.failure, shown.detail) == (None, None)
    assert (shown.http_status, shown.title, shown.tls) == (200, "A long story about bridges", defect)


@pytest.mark.parametrize("status", [204, 304, 401, 403, 404, 410, 429, 451, 500, 503, 999])
async def test_the_status_is_what_the_server_said(lab: Lab, status: int) -> None:
    shown = await fetched(lab, f"/status/{status}")

    assert (shown.http_status, shown.failure) == (status, None)


async def test_cookies_are_remembered_by_name_only(lab: Lab) -> None:
    shown = await fetched(lab, "/cookie/names")

    assert shown.cookie_names == ("sid", "theme")
    assert "secret" not in repr(shown)


async def test_no_cookie_of_one_walk_is_brought_to_the_next(lab: Lab) -> None:
    async with Network(lab.settings()) as web:
        for _ in range(2):
            errand = Errand(url="http://site.example/cookie/names", requested="http://site.example/cookie/names", check_id="c")
            await fetch(errand, web=web, turn=at_once)

    assert [each.fields.get("cookie") for each in lab.heard] == [None, None]


async def test_user_information_is_never_sent(lab: Lab) -> None:
    await fetched(lab, "http://me:secret@site.example/page")

    assert "authorization" not in lab.heard[0].fields


async def test_a_connection_that_went_stale_is_no_failure(lab: Lab) -> None:
    address = "http://site.example/not-twice-on-one-connection"

    async with Network(lab.settings()) as web:
        both = [await fetch(Errand(url=address, requested=address, check_id="c"), web=web, turn=at_once) for _ in range(2)]

    assert [shown.http_status for shown in both] == [200, 200]
    assert lab.connections == 2
