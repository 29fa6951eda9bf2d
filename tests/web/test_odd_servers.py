"""Odd but live: servers that show their page only to who asks well enough. The whole ladder, judged: the sign is ok."""

from typing import Any

import pytest

from audit import liveness
from audit.model import Check, CitedAs, DueUrl, HostBatch, Sign, Signed
from audit.urls import host_of
from tests.web import picky
from tests.web.lab import PAGE, Lab, answer, moved
from tests.web.test_checking import checked

CITED = CitedAs(titles=("A long story about bridges",))


async def signed(lab: Lab, url: str, **changes: Any) -> Signed:
    """What a whole check of an address means."""
    url = f"http://site.example{url}" if url.startswith("/") else url
    batch = HostBatch(host=host_of(url), due=(DueUrl(url=url, titles=CITED.titles),))
    kinds = {batch.host: changes.pop("kind", "plain"), "elsewhere.example": "plain"}
    (outcome,) = await checked(lab, batch, kinds=kinds, **changes)
    check = Check(check_id=outcome.check_id, url=url, fetches=outcome.fetches)
    return liveness.judge_check(check, cited=CITED)


def shows_the_page(sign: Signed) -> bool:
    return sign.sign is Sign.OK and any(each.rule == "content.matches" for each in sign.evidence)


@pytest.mark.parametrize("name", picky.WANTED)
@pytest.mark.parametrize("refusal", picky.REFUSALS)
async def test_a_server_that_wants_what_readers_send_gets_it(lab: Lab, name: str, refusal: str) -> None:
    lab.acts["/page"] = picky.wanting(name, refusal)

    sign = await signed(lab, "/page")

    assert shows_the_page(sign)
    assert len(lab.heard) == 1


@pytest.mark.parametrize("name", picky.GATES)
async def test_a_server_that_wants_its_cookies_back_gets_them(lab: Lab, name: str) -> None:
    lab.acts["/gate"] = picky.GATES[name]

    sign = await signed(lab, "/gate")

    assert shows_the_page(sign), (sign.reason, sign.evidence)


async def test_a_bounce_over_the_host_of_a_login_comes_back_with_its_cookie(lab: Lab) -> None:
    lab.acts["/gate"] = picky.gate("seen=1", first=moved(b"http://elsewhere.example/id"))
    lab.scripts["elsewhere.example/id"] = [moved(b"http://site.example/gate")]

    sign = await signed(lab, "/gate")

    assert shows_the_page(sign), sign.evidence


async def test_ten_hops_are_followed_and_eleven_are_not(lab: Lab) -> None:
    lab.scripts |= {f"/n{number}": [moved(b"/n%d" % (number + 1))] for number in range(1, 11)}
    lab.scripts["/n0"] = [moved(b"/n1")]

    ten = await signed(lab, "/n1")
    eleven = await signed(lab, "/n0")

    assert shows_the_page(ten)
    assert (eleven.sign, eleven.reason) == (Sign.FAILING, "too-many-redirects")


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param((b"Location: /page", b"Location: /page"), id="the same twice"),
        pytest.param((b"Location: /page", b"Location: /other"), id="two"),
        pytest.param((b"location: /page",), id="lower case"),
        pytest.param((b"LOCATION: /page",), id="capitals"),
        pytest.param((b"Location : /page",), id="blank before the colon"),
        pytest.param((b"Location:/page",), id="no blank"),
        pytest.param((b"Location: ", b"Location: /page"), id="an empty one first"),
        pytest.param((b"Location:\r\n /page",), id="on the next line"),
        pytest.param((b"Location: /page\r\n",), id="and a blank line too many"),
        pytest.param((b"Location: /page", b"Transfer-Encoding: chunked", b"Content-Length: 0"), id="framed twice"),
        pytest.param((b"Location: /page", b"Content-Length: 50"), id="a body that never comes"),
        pytest.param((b"Location: /page", b"Transfer-Encoding: chunked"), id="chunks that never come"),
        pytest.param((b"Location: /page", b"Content-Encoding: gzip"), id="an encoding of nothing"),
    ],
)
@pytest.mark.parametrize("status", [b"301 Moved", b"302", b"303 See Other", b"308 "])
async def test_a_redirect_is_followed_however_its_location_is_written(lab: Lab, fields: tuple[bytes, ...], status: bytes) -> None:
    lab.scripts["/from"] = [b"HTTP/1.1 " + status + b"\r\n" + b"\r\n".join(fields) + b"\r\nConnection: close\r\n\r\n"]
    lab.closing.add("/from")

    sign = await signed(lab, "/from")

    assert shows_the_page(sign), (sign.reason, sign.evidence)


async def test_a_redirect_with_an_endless_body_is_followed(lab: Lab) -> None:
    lab.scripts["/from"] = [b"HTTP/1.1 302 Found\r\nLocation: /page\r\nContent-Length: 9999999\r\n\r\n" + PAGE * 90]

    sign = await signed(lab, "/from")

    assert shows_the_page(sign)


async def test_a_jar_that_got_too_full_is_left_at_home(lab: Lab) -> None:
    lab.acts["/gate"] = picky.refusing_long_cookies(b"/gate")

    sign = await signed(lab, "/gate")

    assert shows_the_page(sign)


async def test_a_server_that_answers_only_on_a_connection_of_its_own_gets_one(lab: Lab) -> None:
    lab.acts["/page"] = picky.only_on_a_fresh_connection

    sign = await signed(lab, "/page")

    assert shows_the_page(sign)


async def test_the_way_to_the_secure_scheme_and_back_is_followed(lab: Lab) -> None:
    lab.scripts |= {"/a": [moved(b"https://both.example/b")], "/b": [moved(b"http://both.example/page")]}

    sign = await signed(lab, "http://both.example/a", kind="both")

    assert shows_the_page(sign)


async def test_two_schemes_that_send_us_to_each_other_stop_once_they_know_us(lab: Lab) -> None:
    lab.acts["/gate"] = picky.ping_pong("both.example", rounds=4)

    sign = await signed(lab, "http://both.example/gate", kind="both")

    assert shows_the_page(sign)


async def test_two_schemes_that_send_us_to_each_other_for_ever_are_a_loop(lab: Lab) -> None:
    lab.acts["/gate"] = picky.ping_pong("both.example", rounds=0)

    sign = await signed(lab, "http://both.example/gate", kind="both")

    assert (sign.sign, sign.reason) == (Sign.FAILING, "too-many-redirects")
    assert len(lab.heard) == 2


DEFECTS = {
    "expired": "expired",
    "not-yet-valid": "not-yet-valid",
    "wrong-host": "wrong-host",
    "self-signed": "incomplete-chain",
    "own": "self-signed",
    "incomplete": "incomplete-chain",
    "old": "legacy",
    "ancient": "legacy",
}
"""Kind of port -> defect. The ancient one resets whoever offers TLS 1.3."""


@pytest.mark.parametrize("name", DEFECTS)
async def test_a_page_behind_a_bad_certificate_or_an_old_protocol_is_live_with_a_warning(lab: Lab, name: str) -> None:
    sign = await signed(lab, f"https://{name}.example/page", kind=name)

    assert shows_the_page(sign)
    assert [each.detail for each in sign.evidence if each.rule == "tls.defect"] == [f"certificate: {DEFECTS[name]}"]


async def test_a_page_without_the_farewell_of_tls_is_a_page(lab: Lab) -> None:
    lab.acts["/page"] = picky.breaks_off_without_farewell

    sign = await signed(lab, "https://good.example/page", kind="good")

    assert shows_the_page(sign)


async def test_a_secure_port_that_speaks_plainly_shows_its_page_to_the_plain_scheme(lab: Lab) -> None:
    sign = await signed(lab, "https://site.example/page")

    assert shows_the_page(sign)
    assert "url.needs-http" in {each.rule for each in sign.evidence}


@pytest.mark.parametrize("url", ["http://good.example/page", "http://good.example:8443/page"])
async def test_a_plain_port_that_speaks_securely_shows_its_page_to_the_secure_scheme(lab: Lab, url: str) -> None:
    sign = await signed(lab, url, kind="good")

    assert shows_the_page(sign)
    assert "url.needs-https" in {each.rule for each in sign.evidence}


@pytest.mark.parametrize(
    "complaint",
    [
        b"<h1>400 Bad Request</h1><p>The plain HTTP request was sent to HTTPS port</p>",
        b"<h1>Bad Request</h1><p>Reason: You're speaking plain HTTP to an SSL-enabled server port.</p>",
        b"Client sent an HTTP request to an HTTPS server.\n",
        b"This combination of host and port requires TLS.",
    ],
)
async def test_a_secure_port_that_complains_about_the_plain_scheme_is_asked_on_the_secure_one(lab: Lab, complaint: bytes) -> None:
    lab.complaint = answer(complaint, status="400 Bad Request")

    sign = await signed(lab, "http://grumbling.example/page", kind="grumbling")

    assert shows_the_page(sign)
    assert "url.needs-https" in {each.rule for each in sign.evidence}


@pytest.mark.parametrize("kind", ["hanging-up", "mute"])
async def test_a_handshake_that_never_succeeds_is_a_failure_of_tls_or_time_and_no_more(lab: Lab, kind: str) -> None:
    sign = await signed(lab, "https://down.example/page", kind=kind)

    assert sign.sign is Sign.FAILING
    assert sign.reason in {"tls", "reset", "timeout"}


async def test_no_request_is_ever_a_head(lab: Lab) -> None:
    for path in ("/page", "/status/404", "/status/405", "/status/500", "/reset", "/odd/icy", "/encoded/noise"):
        await signed(lab, path)

    assert {each.method for each in lab.heard} == {"GET"}
