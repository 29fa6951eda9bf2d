"""Batches of hosts -> outcomes: pace, gates, breaker, ladder, and no host that waits for another. Judged by the server's log."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from audit.model import DueUrl, Failure, Fetch, HostBatch, Outcome
from audit.settings import HostOverride, PerHost, Settings, Soft404, Takeover
from audit.web.checking import check_batch
from audit.web.network import Network
from tests.web import names
from tests.web.lab import PLAIN, Lab, answer, moved

SLACK_S = 0.05
ALONE = Takeover(rdap="never")
"""No registry is asked."""

"""A server notes a start when it has read the head: a little later or earlier than its neighbour was sent."""


def batch(host: str, *paths: str, **changes: Any) -> HostBatch:
    return HostBatch(host=host, due=tuple(DueUrl(url=f"http://{host}{path}") for path in paths), **changes)


async def checked(
    lab: Lab,
    *batches: HostBatch,
    probes: str = "never",
    takeover: Takeover = ALONE,
    overrides: dict[str, HostOverride] | None = None,
    stop_after: int | None = None,
    **changes: Any,
) -> list[Outcome]:
    """The outcomes of batches whose hosts live at the lab; after `stop_after` of them the run is stopped."""
    kinds = changes.pop("kinds", {})
    web = lab.settings(*(each.host for each in batches), **changes)
    for host, kind in kinds.items():
        web.resolve[host] = lab.at(kind)
    settings = Settings(web=web, soft404=Soft404(probes=probes), takeover=takeover, hosts=overrides or {})  # type: ignore[arg-type]  # a literal
    stop, outcomes = asyncio.Event(), []
    async with Network(web) as network:
        async for outcome in check_batch(iter(batches), settings, web=network, stop=stop):
            outcomes.append(outcome)
            if len(outcomes) == stop_after:
                stop.set()
    return outcomes


def last(outcome: Outcome) -> Fetch:
    return [fetch for fetch in outcome.fetches if fetch.role == "attempt"][-1]


async def test_every_due_url_gets_one_outcome_and_one_get(lab: Lab) -> None:
    batches = [batch(f"h{host}.example", *(f"/p{page}" for page in range(5))) for host in range(8)]

    outcomes = await checked(lab, *batches)

    due = [each.url for some in batches for each in some.due]
    assert Counter(outcome.url for outcome in outcomes) == Counter(due)
    assert {last(outcome).http_status for outcome in outcomes} == {200}
    assert len(lab.heard) == len(due)
    assert {each.method for each in lab.heard} == {"GET"}
    assert len({outcome.check_id for outcome in outcomes}) == len(due)


async def test_two_starts_on_a_host_are_never_closer_than_its_pace(lab: Lab) -> None:
    lab.scripts["/p0"] = [answer(b"busy", status="500 Oops"), answer()]
    lab.scripts["/p1"] = [b"HTTP/1.1 301 M\r\nLocation: /p9\r\nContent-Length: 0\r\n\r\n"]

    await checked(lab, batch("a.example", "/p0", "/p1", "/p2", "/p3"), per_host=PerHost(concurrency=2, delay_s=0.1))

    assert sorted(lab.targets()) == ["/p0", "/p0", "/p1", "/p2", "/p3", "/p9"]
    assert min(later - one for one, later in pairwise(lab.starts("a.example"))) >= 0.1 - SLACK_S


async def test_neither_repeats_nor_repairs_nor_probes_come_closer_than_its_pace(lab: Lab) -> None:
    lab.scripts |= {
        "/robots.txt": [answer(b"User-agent: *\nAllow: /\n", kind="text/plain")],
        "/retried": [answer(b"oops", status="502 Oops"), answer()],
        "/hop": [moved(b"/refresh/meta")],
        "/repaired.html.": [answer(b"no", status="404 Not Found")],
        "/misdirected": [answer(b"", status="421 Misdirected"), answer()],
        "/icy": [PLAIN["/odd/icy"]],
    }
    lab.closing.add("/icy")
    paths = ("/retried", "/hop", "/repaired.html.", "/misdirected", "/icy", "/encoded/noise", "/news/a-story.html", "/reset")

    await checked(lab, batch("a.example", *paths), probes="on-sign", robots="obey", per_host=PerHost(concurrency=2, delay_s=0.08))

    assert len(lab.heard) >= 18
    assert {"/robots.txt", "/moved-here", "/repaired.html"} <= set(lab.targets())
    assert min(later - one for one, later in pairwise(lab.starts("a.example"))) >= 0.08 - SLACK_S


async def test_www_and_the_bare_domain_share_one_pace(lab: Lab) -> None:
    await checked(
        lab, batch("a.example", "/p0", "/p1"), batch("www.a.example", "/p2", "/p3"), per_host=PerHost(concurrency=2, delay_s=0.1)
    )

    starts = sorted(each.at for each in lab.heard)
    assert min(later - one for one, later in pairwise(starts)) >= 0.1 - SLACK_S


async def test_a_host_never_has_more_open_than_allowed(lab: Lab) -> None:
    lab.delay_s = 0.03

    await checked(
        lab,
        batch("a.example", *(f"/p{n}" for n in range(10))),
        batch("b.example", *(f"/p{n}" for n in range(5))),
        overrides={"b.example": HostOverride(why="asked us to", concurrency=1)},
    )

    assert lab.most_open == {"a.example": 2, "b.example": 1}


async def test_no_more_requests_are_open_than_there_are_slots(lab: Lab) -> None:
    lab.delay_s = 0.02

    await checked(lab, *(batch(f"h{n}.example", "/a", "/b") for n in range(10)), concurrency=3)

    assert most_at_once(lab, 0.02) <= 3


async def test_one_address_has_no_more_open_than_allowed_whatever_the_hosts_are_called(lab: Lab) -> None:
    lab.delay_s = 0.02

    outcomes = await checked(lab, *(batch(f"h{n}.example", "/a") for n in range(12)), per_address=2)

    assert len(outcomes) == 12
    assert most_at_once(lab, 0.02) <= 2


async def test_a_crowded_address_costs_the_other_hosts_no_slot(lab: Lab) -> None:
    crowd = [batch(f"h{n}.example", "/hang") for n in range(8)]
    web = lab.settings(*(each.host for each in crowd), concurrency=4, per_address=2, retries=0)
    web.resolve["elsewhere.example"] = lab.at("plain").replace("127.0.0.1", "127.0.0.2")

    async with Network(replace(web, allow_networks=("127.0.0.0/8",))) as network:
        batches = [*crowd, batch("elsewhere.example", "/p")]
        outcomes = check_batch(batches, Settings(web=web, takeover=ALONE), web=network, stop=asyncio.Event())
        order = [outcome.url async for outcome in outcomes]

    assert order[0] == "http://elsewhere.example/p"
    assert len(order) == 9


def most_at_once(lab: Lab, takes_s: float) -> int:
    """How many requests the server had at one moment, each counted for as long as it surely took."""
    starts = sorted(each.at for each in lab.heard)
    return max(sum(1 for other in starts if start <= other < start + takes_s - 0.005) for start in starts)


async def test_a_hanging_host_keeps_nobody_waiting(lab: Lab) -> None:
    others = [batch(f"h{n}.example", "/p") for n in range(20)]

    outcomes = await checked(lab, batch("slow.example", "/hang", "/drip-head", "/flood"), *others, concurrency=8)

    order = [outcome.url for outcome in outcomes]
    assert set(order[:-2]) == {*(f"http://h{n}.example/p" for n in range(20)), "http://slow.example/flood"}
    assert set(order[-2:]) == {"http://slow.example/hang", "http://slow.example/drip-head"}


async def test_a_large_host_does_not_keep_the_others_from_the_slots(lab: Lab) -> None:
    pulled: list[str] = []

    def batches() -> Iterator[HostBatch]:
        for each in (batch("large.example", *(f"/p{n}" for n in range(300))), *(batch(f"h{n}.example", "/p") for n in range(10))):
            pulled.append(each.host)
            yield each

    web = lab.settings("large.example", *(f"h{n}.example" for n in range(10)), concurrency=8, per_host=PerHost(delay_s=0.2))
    seen = []
    async with Network(web) as network:
        outcomes = check_batch(batches(), Settings(web=web, takeover=ALONE), web=network, stop=asyncio.Event())
        async for outcome in outcomes:
            seen.append(outcome.url)
            if len(seen) == 11:
                break
        await outcomes.aclose()

    assert sum("large.example" in url for url in seen) <= 4
    assert len(pulled) == 11


async def test_batches_are_pulled_only_when_a_slot_is_free(lab: Lab) -> None:
    lab.delay_s = 0.05
    pulled: list[str] = []

    def batches() -> Iterator[HostBatch]:
        for number in range(50):
            pulled.append(str(number))
            yield batch(f"h{number}.example", "/p")

    web = lab.settings(*(f"h{n}.example" for n in range(50)), concurrency=4)
    async with Network(web) as network:
        outcomes = check_batch(batches(), Settings(web=web, takeover=ALONE), web=network, stop=asyncio.Event())
        await anext(outcomes)
        pulled_at_the_first = len(pulled)
        await outcomes.aclose()

    assert pulled_at_the_first <= 9


# ---- gates


async def test_a_short_wait_that_the_host_asks_for_is_kept_for_all_its_urls(lab: Lab) -> None:
    lab.scripts["/p0"] = [answer(b"later", status="429 Slow Down", more=("Retry-After: 1",)), answer()]

    outcomes = await checked(
        lab, batch("a.example", "/p0", "/p1", "/p2"), batch("b.example", "/p"), per_host=PerHost(concurrency=1, delay_s=0)
    )

    refused_at = next(each.at for each in lab.heard if each.target == "/p0")
    later = [each.at for each in lab.heard if each.host == "a.example" and each.at > refused_at]
    assert min(later) - refused_at >= 1.0 - SLACK_S
    assert all(last(outcome).http_status == 200 for outcome in outcomes)
    facts = [fact for outcome in outcomes for fact in outcome.hosts]
    assert {fact.host for fact in facts} == {"a.example"}
    assert any(fact.gate_at for fact in facts)
    assert any(fact.delay_s for fact in facts)


async def test_a_long_wait_defers_the_rest_of_the_host(lab: Lab) -> None:
    lab.scripts |= {f"/p{n}": [answer(b"later", status="503 Away", more=("Retry-After: 3600",))] for n in range(6)}

    outcomes = await checked(
        lab,
        batch("a.example", *(f"/p{n}" for n in range(6))),
        batch("b.example", "/p"),
        per_host=PerHost(concurrency=1, delay_s=0),
    )

    deferred = [outcome for outcome in outcomes if outcome.deferred]
    assert len(lab.starts("a.example")) == 1
    assert [outcome.deferred for outcome in deferred] == ["gate"] * 5
    soonest = datetime.now(UTC) + timedelta(seconds=3500)
    assert all(outcome.not_before is not None and outcome.not_before > soonest for outcome in deferred)
    assert all(outcome.fetches == () for outcome in deferred)


async def test_a_gate_from_another_run_is_obeyed(lab: Lab) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)

    outcomes = await checked(lab, batch("a.example", "/p0", "/p1", gate_at=until), batch("b.example", "/p"))

    assert lab.starts("a.example") == []
    assert [(each.deferred, each.not_before) for each in outcomes if each.deferred] == [("gate", until)] * 2


async def test_five_walls_in_a_row_put_the_rest_off(lab: Lab) -> None:
    lab.scripts |= {f"/p{n}": [answer(b"no", status="403 Forbidden")] for n in range(12)}
    blunt = HostOverride(why="a test has no time for the pause that follows a refusal", concurrency=5)

    outcomes = await checked(lab, batch("a.example", *(f"/p{n}" for n in range(12))), overrides={"a.example": blunt})

    asked = [outcome for outcome in outcomes if outcome.fetches]
    assert 5 <= len(asked) <= 6
    assert [outcome.deferred for outcome in outcomes if not outcome.fetches] == ["walled"] * (12 - len(asked))
    assert len(lab.heard) == len(asked)


async def test_a_pause_that_was_learned_shrinks_when_the_host_answers_well(lab: Lab) -> None:
    lab.scripts["b.example/p"] = [answer(b"no", status="429 Slow Down", more=("Retry-After: 3600",))]

    outcomes = await checked(lab, batch("a.example", "/p0", "/p1", delay_s=0.2), batch("b.example", "/p", delay_s=0.2))

    learned = [(fact.host, fact.delay_s) for outcome in outcomes for fact in outcome.hosts if fact.delay_s]
    assert sorted(learned) == [("a.example", 0.1), ("b.example", 1.0)]


# ---- hosts that are down


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        pytest.param("closed", Failure.REFUSED, id="nobody listens"),
        pytest.param("hanging-up", Failure.RESET, id="hangs up in the handshake"),
        pytest.param("mute", Failure.TIMEOUT, id="never shakes hands"),
        pytest.param("chatty", Failure.TLS, id="speaks something else"),
    ],
)
async def test_a_dead_host_of_five_hundred_urls_costs_twenty_connections(lab: Lab, kind: str, failure: Failure) -> None:
    due = tuple(DueUrl(url=f"https://dead.example/p{number}") for number in range(500))

    outcomes = await checked(lab, HostBatch(host="dead.example", due=due), kinds={"dead.example": kind})

    shared = [outcome for outcome in outcomes if outcome.fetches[0].shared_from]
    asked = [outcome for outcome in outcomes if not outcome.fetches[0].shared_from]
    assert len(outcomes) == len({outcome.url for outcome in outcomes}) == 500
    assert {outcome.fetches[0].shared_from for outcome in shared} <= {outcome.check_id for outcome in asked}
    assert {last(outcome).failure for outcome in outcomes} == {failure}
    assert lab.connections <= 20
    assert len(asked) <= 5


@pytest.mark.parametrize("kind", ["nxdomain", "servfail"])
async def test_a_name_that_is_gone_costs_a_handful_of_questions(lab: Lab, kind: str) -> None:
    some = batch("gone.example", *(f"/p{number}" for number in range(500)))
    async with names.serving({"gone.example": [kind]}) as server:
        web = lab.settings(name_servers=(server.at,))
        async with Network(web) as network:
            outcomes = [each async for each in check_batch([some], Settings(web=web), web=network, stop=asyncio.Event())]

    assert len(outcomes) == 500
    assert sum(outcome.fetches[0].shared_from is None for outcome in outcomes) <= 5
    assert {last(outcome).detail for outcome in outcomes} == {kind}
    assert server.asked["gone.example"] <= 60


async def test_a_dead_host_costs_a_handful_of_visits(lab: Lab) -> None:
    paths = [f"/p{n}" for n in range(200)]

    outcomes = await checked(lab, batch("dead.example", *paths), batch("b.example", "/p"), kinds={"dead.example": "closed"})

    dead = [outcome for outcome in outcomes if "dead.example" in outcome.url]
    shared = [outcome for outcome in dead if outcome.fetches[0].shared_from]
    asked = {outcome.check_id for outcome in dead} - {outcome.check_id for outcome in shared}
    assert len(dead) == 200
    assert len(asked) <= 5
    assert {outcome.fetches[0].shared_from for outcome in shared} <= asked
    assert {last(outcome).failure for outcome in dead} == {Failure.REFUSED}


async def test_a_host_that_stumbled_and_came_back_is_asked_for_everything(lab: Lab) -> None:
    lab.scripts |= {f"/p{n}": [b"", answer()] for n in range(8)}

    outcomes = await checked(lab, batch("a.example", *(f"/p{n}" for n in range(8))))

    assert all(outcome.fetches[0].shared_from is None for outcome in outcomes)
    assert len(outcomes) == 8


# ---- ladder


async def test_a_passing_trouble_is_asked_again(lab: Lab) -> None:
    lab.scripts["/p"] = [answer(b"oops", status="502 Bad Gateway"), answer()]

    (outcome,) = await checked(lab, batch("a.example", "/p"))

    assert [(fetch.attempt, fetch.http_status) for fetch in outcome.fetches] == [(1, 502), (2, 200)]


async def test_a_lasting_trouble_is_asked_three_times(lab: Lab) -> None:
    lab.scripts["/p"] = [answer(b"oops", status="500 Oops")]

    (outcome,) = await checked(lab, batch("a.example", "/p"))

    assert [fetch.http_status for fetch in outcome.fetches] == [500, 500, 500]


@pytest.mark.parametrize("status", [403, 404, 410, 401, 451])
async def test_an_answer_that_will_not_change_is_asked_once(lab: Lab, status: int) -> None:
    (outcome,) = await checked(lab, batch("a.example", f"/status/{status}"))

    assert [fetch.http_status for fetch in outcome.fetches] == [status]
    assert len(lab.heard) == 1


async def test_a_repaired_spelling_is_tried_when_the_written_one_is_gone(lab: Lab) -> None:
    lab.scripts |= {"/story.html.": [answer(b"no", status="404 Not Found")]}

    (outcome,) = await checked(lab, batch("a.example", "/story.html."))

    assert [fetch.requested_url for fetch in outcome.fetches] == ["http://a.example/story.html.", "http://a.example/story.html"]
    assert last(outcome).http_status == 200
    assert {fetch.url for fetch in outcome.fetches} == {"http://a.example/story.html."}


async def test_the_other_scheme_is_tried_when_no_secure_connection_is_made(lab: Lab) -> None:
    due = DueUrl(url="https://a.example/p")

    (outcome,) = await checked(lab, HostBatch(host="a.example", due=(due,)))

    assert [(fetch.requested_url, fetch.failure) for fetch in outcome.fetches] == [
        ("https://a.example/p", Failure.TIMEOUT),
        ("http://a.example/p", None),
    ]


async def test_a_server_that_wants_no_cookies_or_another_connection_gets_its_way(lab: Lab) -> None:
    lab.scripts["/p"] = [answer(b"", status="421 Misdirected"), answer()]

    (outcome,) = await checked(lab, batch("a.example", "/p"))

    assert [fetch.http_status for fetch in outcome.fetches] == [421, 200]
    assert lab.connections == 2


# ---- probes


async def test_a_page_nobody_can_tell_from_an_error_page_gets_one_probe_per_shape(lab: Lab) -> None:
    outcomes = await checked(lab, batch("a.example", "/news/one-story.html", "/news/two-story.html"), probes="on-sign")

    probes = [fetch for outcome in outcomes for fetch in outcome.fetches if fetch.role == "probe"]
    assert len(probes) == 1
    assert probes[0].requested_url.startswith("http://a.example/news/")
    assert probes[0].http_status == 200
    assert len(lab.heard) == 3


async def test_a_shape_that_was_probed_lately_is_not_probed_again(lab: Lab) -> None:
    asked = batch("a.example", "/news/one-story.html", probed=frozenset({"http://a.example/news/*.html"}))

    await checked(lab, asked, probes="on-sign")

    assert lab.targets() == ["/news/one-story.html"]


async def test_a_page_with_the_cited_quotation_gets_no_probe(lab: Lab) -> None:
    due = DueUrl(url="http://a.example/page", quotes=("rebuilt in stone by the people of the valley",))

    await checked(lab, HostBatch(host="a.example", due=(due,)), probes="on-sign")

    assert lab.targets() == ["/page"]


async def test_a_page_with_the_cited_title_gets_no_probe(lab: Lab) -> None:
    due = DueUrl(url="http://a.example/news/one-story.html", titles=("A long story about bridges",))

    await checked(lab, HostBatch(host="a.example", due=(due,)), probes="on-sign")

    assert lab.targets() == ["/news/one-story.html"]


# ---- the end


async def test_after_a_stop_nothing_begins_and_what_is_open_finishes(lab: Lab) -> None:
    lab.delay_s = 0.05

    outcomes = await checked(lab, *(batch(f"h{n}.example", "/a", "/b", "/c") for n in range(10)), concurrency=4, stop_after=5)

    assert len(outcomes) == len(lab.heard) <= 12
    assert all(last(outcome).http_status == 200 for outcome in outcomes)


async def test_robots_are_obeyed_when_the_settings_say_so(lab: Lab) -> None:
    lab.scripts["/robots.txt"] = [answer(b"User-agent: *\nDisallow: /private/\n", kind="text/plain")]

    outcomes = await checked(lab, batch("a.example", "/private/p", "/public/p"), robots="obey")

    told = {outcome.url: (last(outcome).failure, last(outcome).http_status) for outcome in outcomes}
    assert told == {"http://a.example/private/p": (Failure.ROBOTS, None), "http://a.example/public/p": (None, 200)}
    assert lab.targets().count("/robots.txt") == 1


async def test_a_redirect_to_another_host_takes_the_pace_of_that_host(lab: Lab) -> None:
    lab.scripts |= {
        f"a.example/p{n}": [b"HTTP/1.1 302 F\r\nLocation: http://b.example/q%d\r\nContent-Length: 0\r\n\r\n" % n]
        for n in range(3)
    }

    outcomes = await checked(
        lab,
        batch("a.example", "/p0", "/p1", "/p2"),
        batch("b.example", "/p"),
        per_host=PerHost(concurrency=2, delay_s=0.1),
    )

    assert {last(outcome).http_status for outcome in outcomes} == {200}
    assert min(later - one for one, later in pairwise(lab.starts("b.example"))) >= 0.1 - SLACK_S


async def test_two_hosts_that_redirect_to_each_other_do_not_block_each_other(lab: Lab) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        lab.scripts |= {
            f"{one}.example/p{n}": [
                b"HTTP/1.1 302 F\r\nLocation: http://%s.example/q\r\nContent-Length: 0\r\n\r\n" % other.encode()
            ]
            for n in range(4)
        }

    outcomes = await checked(
        lab,
        *(batch(f"{host}.example", *(f"/p{n}" for n in range(4))) for host in "ab"),
        concurrency=2,
        per_host=PerHost(concurrency=1, delay_s=0),
    )

    assert len(outcomes) == 8
    assert {last(outcome).http_status for outcome in outcomes} == {200}
