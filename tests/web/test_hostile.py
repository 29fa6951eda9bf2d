"""Hostile servers cost their own time and bytes, and nothing else."""

import asyncio
import gzip
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

import brotli  # type: ignore[import-untyped]  # ships no stubs
import pytest
from backports import zstd

from audit import liveness
from audit.demo.serving import MANNERS, RottenWeb
from audit.demo.sites import Answer, Site
from audit.model import Check, DueUrl, HostBatch, Outcome, Sign
from audit.settings import PerHost, Settings, Timeouts, Web
from audit.web.checking import check_batch
from audit.web.fetching import Errand, fetch
from audit.web.network import MOST_HEAD_BYTES, MOST_HELD_BYTES, Network
from tests.web.test_guard import at_once

TITLE = "A long story about bridges"
PAGE = Answer(body=f"<title>{TITLE}</title><p>{'The bridge at Vellham stands. ' * 200}".encode())
BIG = b"\0" * 50_000_000
MOST_BYTES = 1_048_576
GOOD = tuple(Site(host=f"good{number}.example", name="good", otherwise=PAGE) for number in range(95))
BOMBS = {"gzip": gzip.compress(BIG), "br": brotli.compress(BIG, quality=5), "zstd": zstd.compress(BIG)}
HOSTILE: Mapping[str, Answer] = {
    **{manner: Answer(body=PAGE.body, manner=manner) for manner in MANNERS},
    "reset": Answer(manner="reset"),
    **{f"{name} bomb": Answer(body=bomb, headers=(("Content-Encoding", name),)) for name, bomb in BOMBS.items()},
}
"""Every way of being hostile."""

LAST_WORD: Mapping[str, Sign] = {
    **dict.fromkeys(("silent", "drip", "drip-body", "close", "reset"), Sign.FAILING),
    **dict.fromkeys(("garbage", "endless-head", "endless-field", "endless-interim"), Sign.ODD),
}
"""What one night makes of those that are no page; the others may be anything but gone."""


def bad(name: str) -> Site:
    return Site(host=f"{name.replace(' ', '-')}.example", name=name, pages={"/1": HOSTILE[name]})


def redirecting() -> Site:
    pages = {f"/{number}": Answer(http_status=302, headers=(("Location", f"/{number + 1}"),)) for number in range(60)}
    return Site(host="redirects.example", name="endless redirects", pages=pages)


@asynccontextmanager
async def night(*sites: Site) -> AsyncIterator[tuple[RottenWeb, Settings]]:
    async with RottenWeb(sites, ()) as web:
        settings = Web(
            canaries=(),
            allow_networks=("127.0.0.1/32",),
            resolve=web.resolve,
            per_address=1_000,
            per_host=PerHost(delay_s=0),
            timeouts=Timeouts(connect_s=0.4, read_s=1.2, total_s=1.5),
            retry_after_s=(0.1, 0.2),
        )
        yield web, Settings(web=settings)


async def checked(sites: tuple[Site, ...], settings: Settings) -> list[Outcome]:
    batches = [HostBatch(host=site.host, due=(DueUrl(url=f"http://{site.host}/1", titles=(TITLE,)),)) for site in sites]
    async with Network(settings.web) as web:
        return [each async for each in check_batch(batches, settings, web=web, stop=asyncio.Event())]


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_server_gets_rid_of_a_few_bytes_in_a_few_requests(name: str) -> None:
    site = bad(name)
    async with night(site) as (web, settings):
        (outcome,) = await checked((site,), settings)

    sign = liveness.judge_check(Check(check_id=outcome.check_id, url=outcome.url, fetches=outcome.fetches)).sign
    asked = Counter(at.partition("/")[0] for at in web.asked.elements())[site.host]
    assert asked <= 6
    assert web.sent[site.host] <= asked * (MOST_HEAD_BYTES + 2 * MOST_BYTES + 2_000_000)  # and what lies in buffers
    assert all((each.body_bytes or 0) <= MOST_BYTES for each in outcome.fetches)
    assert all(each.elapsed_ms <= 1_000 * settings.web.timeouts.total_s * 1.5 for each in outcome.fetches)
    assert sign is LAST_WORD.get(name, sign)
    assert sign is not Sign.GONE


async def test_ninety_five_good_hosts_do_not_wait_for_the_hostile_ones() -> None:
    hostile = (*map(bad, ("silent", "drip", "drip-body", "flood", "gzip bomb", "garbage")), redirecting())
    async with night(*hostile, *GOOD) as (web, settings):
        outcomes = await checked((*hostile, *GOOD), settings)

    order = [outcome.url for outcome in outcomes]
    good = {f"http://{site.host}/1" for site in GOOD}
    waiting = {f"http://{bad(name).host}/1" for name in ("silent", "drip", "drip-body")}
    assert {outcome.fetches[-1].title for outcome in outcomes if outcome.url in good} == {TITLE}
    assert len(good & set(order)) == len(GOOD)
    assert set(order[-3:]) == waiting
    assert sum(number for at, number in web.asked.items() if at.startswith("good")) == len(GOOD)


async def test_when_all_open_bodies_hold_too_much_a_long_one_ends_where_it_is() -> None:
    site = bad("flood")
    async with night(site) as (_, settings), Network(settings.web) as network:
        network.hold(MOST_HELD_BYTES)
        url = f"http://{site.host}/1"
        shown = await fetch(Errand(url=url, requested=url, check_id="c"), web=network, turn=at_once)

    assert (shown.http_status, "cut" in shown.flags) == (200, True)
    assert 65_536 <= (shown.body_bytes or 0) < MOST_BYTES / 2
    assert network.held_bytes == MOST_HELD_BYTES


async def test_forty_floods_of_four_megabytes_hold_no_more_than_the_budget() -> None:
    sites = tuple(Site(host=f"flood{number}.example", name="flood", pages={"/1": HOSTILE["flood"]}) for number in range(40))
    async with night(*sites) as (_, settings):
        web = replace(settings.web, max_body_bytes=4 * MOST_BYTES, timeouts=Timeouts())
        most, batches = (
            0,
            [HostBatch(host=site.host, due=(DueUrl(url=f"http://{site.host}/1", titles=(TITLE,)),)) for site in sites],
        )
        async with Network(web) as network:
            async for _ in check_batch(batches, replace(settings, web=web), web=network, stop=asyncio.Event()):
                most = max(most, network.most_held_bytes)

    assert most <= MOST_HELD_BYTES + len(sites) * 131_072
    assert network.held_bytes == 0


async def test_an_attempt_that_took_all_its_time_is_not_made_again() -> None:
    site = bad("drip")
    async with night(site) as (web, settings):
        await checked((site,), settings)

    assert sum(web.asked.values()) == 1
