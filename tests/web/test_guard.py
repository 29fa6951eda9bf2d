"""The guard: no byte leaves for a forbidden place, however it is written or reached."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from yarl import URL

from audit import guard, urls
from audit.model import Failure, Fetch
from audit.settings import Timeouts, Web
from audit.web.fetching import Errand, fetch
from audit.web.network import Network
from tests.web import names
from tests.web.lab import Lab, answer

FORBIDDEN = [
    pytest.param("127.0.0.1", id="loopback"),
    pytest.param("10.0.0.1", id="private"),
    pytest.param("169.254.169.254", id="cloud metadata"),
    pytest.param("100.64.0.1", id="carrier"),
    pytest.param("0.0.0.0", id="unspecified"),
    pytest.param("192.0.0.8", id="dummy"),
    pytest.param("192.88.99.1", id="old relay"),
    pytest.param("224.0.0.1", id="multicast"),
    pytest.param("255.255.255.255", id="broadcast"),
    pytest.param("::1", id="loopback 6"),
    pytest.param("fe80::1%eth0", id="link-local with zone"),
    pytest.param("fec0::1", id="site-local"),
    pytest.param("fd00::1", id="unique local"),
    pytest.param("ff02::1", id="multicast 6"),
    pytest.param("::ffff:127.0.0.1", id="mapped"),
    pytest.param("::127.0.0.1", id="compatible"),
    pytest.param("64:ff9b::127.0.0.1", id="NAT64 of loopback"),
    pytest.param("64:ff9b:1::1", id="local NAT64"),
    pytest.param("2002:7f00:1::", id="6to4 of loopback"),
    pytest.param("2001:0:7f00:1::1", id="Teredo"),
    pytest.param("3fff::1", id="documentation"),
    pytest.param("5f00::1", id="segment routing"),
    pytest.param("nonsense", id="no address at all"),
]

SPELLINGS = [
    pytest.param("http://127.0.0.1/", id="dotted"),
    pytest.param("http://2130706433/", id="decimal"),
    pytest.param("http://0x7f000001/", id="hexadecimal"),
    pytest.param("http://0x7f.0.0.1/", id="hexadecimal part"),
    pytest.param("http://0177.0.0.1/", id="octal"),
    pytest.param("http://127.1/", id="short"),
    pytest.param("http://１２７.０.０.１/", id="full-width"),
    pytest.param("http://127。0。0。1/", id="ideographic full stop"),
    pytest.param("http://[::1]/", id="IPv6"),
    pytest.param("http://[::ffff:127.0.0.1]/", id="mapped"),
    pytest.param("http://[::ffff:7f00:1]/", id="mapped in hexadecimal"),
    pytest.param("http://[64:ff9b::7f00:1]/", id="NAT64"),
    pytest.param("http://[64:ff9b:1::7f00:1]/", id="local NAT64"),
    pytest.param("http://[2002:7f00:1::]/", id="6to4"),
    pytest.param("http://[::127.0.0.1]/", id="compatible"),
    pytest.param("http://[::]/", id="unspecified 6"),
    pytest.param("http://[0:0:0:0:0:0:0:1]/", id="IPv6 written out"),
    pytest.param("http://[ff02::1]/", id="multicast 6"),
    pytest.param("http://224.0.0.1/", id="multicast"),
    pytest.param("http://0/", id="nought"),
    pytest.param("http://0.0.0.0/", id="unspecified"),
    pytest.param("http://127.0.1/", id="three parts"),
    pytest.param("http://017700000001/", id="octal in one"),
    pytest.param("http://0X7F.0x0.0x0.0x1/", id="hexadecimal in capitals"),
    pytest.param("http://127.0.0.1./", id="final dot"),
    pytest.param("http://%31%32%37.0.0.1/", id="escaped"),
    pytest.param("http://①②⑦.⓪.⓪.①/", id="circled"),
    pytest.param("http://１２７．０．０．１/", id="full-width with full-width dots"),
    pytest.param("http://127.0.0.1%00.example/", id="NUL"),
    pytest.param("http://news.example@127.0.0.1/", id="behind user information"),
    pytest.param("http://169.254.169.254/", id="metadata"),
    pytest.param("http://metadata.google.internal/", id="metadata by name"),
    pytest.param("http://localhost/", id="localhost"),
    pytest.param("http://ⓛocalhost/", id="localhost in circles"),
    pytest.param("http://LOCALHOST./", id="localhost with a dot"),
    pytest.param("http://a.localhost/", id="below localhost"),
    pytest.param("http://printer/", id="single label"),
    pytest.param("http://nas.local/", id="local"),
    pytest.param("http://db.internal/", id="internal"),
    pytest.param("http://hidden.onion/", id="onion"),
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_an_address_that_is_not_public_is_forbidden(address: str) -> None:
    assert guard.forbidden(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_a_public_address_is_allowed(address: str) -> None:
    assert not guard.forbidden(address)


def test_an_allowed_network_is_allowed_and_nothing_beside_it() -> None:
    allowed = guard.networks(["10.1.0.0/16"])

    assert not guard.forbidden("10.1.2.3", allowed=allowed)
    assert not guard.forbidden("::ffff:10.1.2.3", allowed=allowed)
    assert guard.forbidden("10.2.0.1", allowed=allowed)


@pytest.mark.parametrize("port", [22, 25, 6000, 6667, 10080])
def test_a_port_that_browsers_refuse_is_refused(port: int) -> None:
    assert guard.refused(URL(f"http://news.example.com:{port}/")) == "port"


def test_a_private_name_that_the_configuration_pins_is_allowed() -> None:
    assert guard.refused(URL("http://wiki/"), pinned=True) is None
    assert guard.refused(URL("http://wiki/")) == "private-name"


@asynccontextmanager
async def at_once(_: URL) -> AsyncIterator[None]:
    yield


async def fetched(written: str, **changes: object) -> Fetch:
    settings = Web(canaries=(), timeouts=Timeouts(connect_s=0.5, read_s=0.5, total_s=1.0), **changes)  # type: ignore[arg-type]  # by name
    async with Network(settings) as web:
        return await walked(urls.normalise(written), web)


async def walked(url: str, web: Network) -> Fetch:
    return await fetch(Errand(url=url, requested=url, check_id="c"), web=web, turn=at_once)


@asynccontextmanager
async def listener(address: str = "127.0.0.1") -> AsyncIterator[tuple[int, list[object]]]:
    """A port of loopback that notes who comes."""
    heard: list[object] = []

    def visited(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(writer.get_extra_info("peername"))
        writer.close()

    server = await asyncio.start_server(visited, address, 0)
    async with server:
        yield server.sockets[0].getsockname()[1], heard


@pytest.mark.parametrize("written", SPELLINGS)
async def test_no_spelling_of_a_forbidden_place_gets_a_byte(written: str) -> None:
    async with listener() as (port, heard):
        shown = await fetched(written.rstrip("/") + f":{port}/")

    assert shown.failure is Failure.BLOCKED_ADDRESS or (shown.failure is Failure.OTHER and "unsendable" in str(shown.detail))
    assert shown.phase == "resolve"
    assert heard == []


LED_TO = {
    "dotted": "http://127.0.0.2:{port}/",
    "decimal": "http://2130706434:{port}/",
    "hexadecimal": "http://0x7f000002:{port}/",
    "octal": "http://0177.0.0.02:{port}/",
    "short": "//127.2:{port}/",
    "full-width": "http://１２７.０.０.２:{port}/",
    "mapped": "http://[::ffff:127.0.0.2]:{port}/",
    "NAT64": "http://[64:ff9b::127.0.0.2]:{port}/",
    "6to4": "http://[2002:7f00:2::]:{port}/",
    "compatible": "http://[::127.0.0.2]:{port}/",
    "localhost": "http://localhost:{port}/",
    "a name of loopback": "http://inside.example:{port}/",
    "a name with a public address, too": "http://mixed.example:{port}/",
    "secure": "https://127.0.0.2:{port}/",
    "backslashes": "\\\\127.0.0.2:{port}\\",
    "a mail port": "http://127.0.0.1:25/",
}
WAYS: dict[str, Callable[[bytes], bytes]] = {
    "redirect": lambda to: b"HTTP/1.1 302 Found\r\nLocation: " + to + b"\r\nContent-Length: 0\r\n\r\n",
    "refresh header": lambda to: b"HTTP/1.1 200 OK\r\nRefresh: 0; url=" + to + b"\r\nContent-Length: 0\r\n\r\n",
    "meta refresh": lambda to: answer(b'<meta http-equiv="refresh" content="0; url=' + to + b'">'),
    "script": lambda to: answer(b"<script>location.href = '" + to.replace(b"\\", b"/") + b"'</script>"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("spelling", LED_TO)
async def test_no_hop_to_a_forbidden_place_gets_a_byte(lab: Lab, way: str, spelling: str) -> None:
    zone = {"inside.example": [["127.0.0.2"]], "mixed.example": [["93.184.215.14", "127.0.0.2"]]}
    async with listener("127.0.0.2") as (port, heard), names.serving(zone) as server:
        lab.scripts["/from"] = [WAYS[way](LED_TO[spelling].format(port=port).encode())]
        async with Network(lab.settings(name_servers=(server.at,))) as web:
            shown = await walked("http://site.example/from", web)

    assert (shown.failure, shown.phase) == (Failure.BLOCKED_ADDRESS, "resolve")
    assert [hop.url for hop in shown.hops] == ["http://site.example/from"]
    assert heard == []


async def test_a_name_whose_address_changes_after_it_was_judged_leads_nowhere_else(lab: Lab) -> None:
    async with listener("127.0.0.2") as (port, heard), names.serving({"news.example": [["127.0.0.1"], ["127.0.0.2"]]}) as server:
        async with Network(lab.settings(name_servers=(server.at,))) as web:
            judged = [await walked(f"http://news.example:{port}/", web) for _ in range(3)]
        async with Network(lab.settings(name_servers=(server.at,))) as web:
            later = await walked(f"http://news.example:{port}/", web)

    assert {shown.failure for shown in judged} == {Failure.REFUSED}  # nobody listens at the address that was judged
    assert later.failure is Failure.BLOCKED_ADDRESS
    assert server.asked["news.example"] == 2
    assert heard == []


async def test_a_name_pinned_to_a_forbidden_address_is_refused() -> None:
    async with listener() as (port, heard):
        shown = await fetched("http://news.example/", resolve={"news.example": f"127.0.0.1:{port}"})

    assert shown.failure is Failure.BLOCKED_ADDRESS
    assert heard == []


async def test_the_socket_itself_is_judged_when_a_name_changes_between_two_lookups() -> None:
    async with listener() as (port, heard), Network(Web(canaries=())) as web:
        with pytest.raises(guard.Refused):
            web.resolver.guarded_socket((2, 1, 6, "", ("127.0.0.1", port)))

    assert heard == []


async def test_behind_a_proxy_the_target_is_still_judged_and_the_proxy_is_not(lab: Lab) -> None:
    proxy = f"http://{lab.at('plain')}"

    inside = await fetched("http://10.0.0.1/page", proxy=proxy)
    outside = await fetched("http://93.184.215.14/page", proxy=proxy)

    assert inside.failure is Failure.BLOCKED_ADDRESS
    assert outside.http_status == 200
    assert lab.targets() == ["http://93.184.215.14/page"]
