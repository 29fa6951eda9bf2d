"""The demo's small web: every promise that its truth table makes about an address is kept by the address."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from audit.demo import TRUTH, RottenWeb, Truth, article, settings
from audit.demo.sites import CAPTURES, CULVERT, LOG, MODEL, RADIO, TOOTH, WHEELS
from audit.model import Archived, LinkState

ARTICLE = article().decode()


@pytest.fixture
async def web() -> AsyncIterator[RottenWeb]:
    async with RottenWeb() as opened:
        yield opened


class Pinned(AbstractResolver):
    """Names as the demo pins them."""

    def __init__(self, resolve: dict[str, str]) -> None:
        self._resolve = resolve

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        address, _, pinned = self._resolve[host].partition(":")
        return [ResolveResult(hostname=host, host=address, port=int(pinned), family=2, proto=0, flags=0)]

    async def close(self) -> None: ...


async def ask(web: RottenWeb, url: str, *, tls: ssl.SSLContext | bool = False) -> tuple[int, dict[str, str], bytes]:
    connector = aiohttp.TCPConnector(resolver=Pinned(web.resolve), ssl=tls, force_close=True)
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.get(url, allow_redirects=False) as answer,
    ):
        return answer.status, dict(answer.headers), await answer.read()


def row(url: str) -> Truth:
    return next(truth for truth in TRUTH if truth.url == url)


SAID = {
    "ok": 200,
    "metered": 200,
    "moved": 301,
    "http-404": 404,
    "http-410": 410,
    "http-5xx": 500,
    "soft-404": 200,
    "redirect-to-root": 302,
    "parked": 200,
    "for-sale": 200,
    "bot-wall": 403,
    "login": 302,
    "legal": 451,
    "rate-limited": 429,
    "js-shell": 200,
}
RULE_BREAKER = "http://tidal-mills.example/"


@pytest.mark.parametrize("truth", TRUTH, ids=lambda truth: truth.what)
async def test_every_address_answers_as_the_truth_table_says(web: RottenWeb, truth: Truth) -> None:
    if truth.reason == "refused":
        with pytest.raises(aiohttp.ClientConnectorError):
            await ask(web, truth.url)
        return
    if truth.url.startswith(RULE_BREAKER):
        with pytest.raises(aiohttp.ClientResponseError):
            await ask(web, truth.url)
        return

    http_status, _, _ = await ask(web, truth.url)

    assert http_status == SAID[truth.reason]


async def test_the_certificate_is_expired_and_nothing_else_is_wrong_with_it(web: RottenWeb) -> None:
    trusting = ssl.create_default_context(cafile=web.ca_file)

    with pytest.raises(aiohttp.ClientConnectorCertificateError, match="certificate has expired"):
        await ask(web, MODEL, tls=trusting)


async def test_an_address_that_no_site_knows_is_an_honest_404_except_where_the_site_lies(web: RottenWeb) -> None:
    assert (await ask(web, "http://marrowby-gazette.example/qwertyuiop"))[0] == 404
    assert (await ask(web, "http://clockmakers-guild.example/members/qwertyuiop"))[0] == 200


async def test_the_archive_sends_to_the_nearest_capture_and_plays_it_with_its_time(web: RottenWeb) -> None:
    http_status, headers, _ = await ask(
        web, f"{web.archive_url}/web/20190101000000id_/{TOOTH}".replace("127.0.0.1", "web.archive.org")
    )

    assert http_status == 302
    assert headers["Location"] == f"/web/20190614093000id_/{TOOTH}"
    assert "Memento-Datetime" not in headers
    played = await ask(web, f"http://web.archive.org{headers['Location']}")
    assert played[1]["Memento-Datetime"] == "Fri, 14 Jun 2019 09:30:00 GMT"
    assert b"sixty-one" in played[2]


async def test_what_was_never_archived_has_two_witnesses(web: RottenWeb) -> None:
    played = await ask(web, f"http://web.archive.org/web/20200101000000id_/{RADIO}")
    index = await ask(web, f"http://web.archive.org/cdx/search/cdx?url={RADIO}")

    assert (played[0], "Memento-Datetime" in played[1]) == (404, False)
    assert (index[0], index[2]) == (200, b"")


async def test_the_index_filters_sorts_and_limits_as_asked(web: RottenWeb) -> None:
    base = f"http://web.archive.org/cdx/search/cdx?url={TOOTH}"
    everything = (await ask(web, base))[2].decode().splitlines()
    good = (await ask(web, f"{base}&filter=%21statuscode%3A%5B345%5D..&sort=closest&closest=20190601000000&limit=1"))[2].decode()

    assert len(everything) == 3
    assert all(re.fullmatch(r"\S+ \d{14} \S+ \S+ (\d{3}|-) \S+ (\d+|-)", line) for line in everything)
    assert good.split()[1] == "20190614093000"


async def test_a_captured_redirect_keeps_its_time_and_its_target(web: RottenWeb) -> None:
    http_status, headers, _ = await ask(web, f"http://web.archive.org/web/20220101000000id_/{CULVERT}")

    assert http_status == 302
    assert "Memento-Datetime" in headers
    assert headers["Location"].endswith("/http://tidehistory.example/")


@pytest.mark.parametrize("truth", TRUTH, ids=lambda truth: truth.what)
def test_the_truth_about_copies_is_what_the_archive_holds(truth: Truth) -> None:
    held = any(capture.url == truth.url for capture in CAPTURES)

    assert truth.archived is (Archived.YES if held else Archived.NO)


@pytest.mark.parametrize("truth", TRUTH, ids=lambda truth: truth.what)
def test_the_article_cites_every_address_of_the_truth_table(truth: Truth) -> None:
    assert truth.url in ARTICLE


def test_the_article_cites_nothing_else() -> None:
    cited = {url.rstrip("/") for url in re.findall(r"(?<![/\w])https?://[^\s|<}\]]+", ARTICLE)}
    archived = {url for url in cited if "web.archive.org" in url}

    assert cited - archived == {truth.url.rstrip("/") for truth in TRUTH}


def test_the_article_shows_the_faults_that_need_no_network() -> None:
    assert ARTICLE.count("<ref") - ARTICLE.count("</ref>") == ARTICLE.count('" />')
    assert '<ref name="Alder 1998" />' in ARTICLE
    assert "<ref>http://harbour-webcam.example/</ref>" in ARTICLE
    assert "20190614093000" in ARTICLE
    assert "archive-date=14 July 2019" in ARTICLE
    assert "ropewalk-tea-rooms.example" in ARTICLE


async def test_nothing_of_the_demo_can_reach_beyond_loopback(web: RottenWeb) -> None:
    made = settings(web, database="sqlite:///x.db")

    assert {target.partition(":")[0] for target in made.web.resolve.values()} == {"127.0.0.1"}
    assert made.web.canaries == ()
    assert made.web.allow_networks == ("127.0.0.0/8",)
    assert all((archive.base_url or "").startswith("http://127.0.0.1:") for archive in made.archives)
    hosts = set(re.findall(r"https?://([^/\s|]+)", ARTICLE)) - {"ropewalk-tea-rooms.example"}
    assert hosts <= set(made.web.resolve)


async def test_the_web_counts_what_it_was_asked(web: RottenWeb) -> None:
    await ask(web, WHEELS)
    await ask(web, WHEELS)

    assert web.asked[f"{WHEELS.removeprefix('http://')}"] == 2


async def test_closing_the_web_ends_visits_that_are_still_open() -> None:
    async with RottenWeb() as web:
        host, _, port = web.resolve["marrowby-gazette.example"].partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET / HTTP/1.1\r\nHost: marrowby-gazette.example\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")

    assert (await reader.read()).endswith(b"</html>\n")
    writer.close()


def test_the_truth_table_knows_every_state() -> None:
    assert {truth.state for truth in TRUTH} | {truth.settled for truth in TRUTH} == set(LinkState)
    assert row(LOG).settled is LinkState.DEAD
