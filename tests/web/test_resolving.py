"""Names: each kind of failure arrives as itself, answers are judged whole and once, and thousands of them harm nobody."""

import asyncio
from collections.abc import Sequence

import pytest

from audit import guard
from audit.settings import Web
from audit.web.network import Network
from audit.web.resolving import LOOKUPS_AT_ONCE, NameFault
from tests.web import names


def web(at: names.Names, **changes: object) -> Network:
    return Network(Web(canaries=(), name_servers=(at.at,), **changes))  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("kind", ["nxdomain", "nodata", "servfail", "refused"])
async def test_each_kind_of_failure_arrives_as_itself(kind: str) -> None:
    async with names.serving({"news.example": [kind]}) as server, web(server) as network:
        with pytest.raises(NameFault) as fault:
            await network.resolver.endpoints("news.example", 80)

    assert fault.value.detail == kind


async def test_a_name_server_that_never_answers_is_a_timeout() -> None:
    async with names.serving({"news.example": ["silent"]}) as server, web(server) as network:
        with pytest.raises(NameFault) as fault:
            await network.resolver.endpoints("news.example", 80)

    assert fault.value.detail == "timeout"


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        pytest.param("nxdomain", ["93.184.215.14"], "93.184.215.14", id="only the second knows it"),
        pytest.param(["93.184.215.14"], "nxdomain", "93.184.215.14", id="only the first knows it"),
        pytest.param("nodata", "nxdomain", "nxdomain", id="nobody knows it"),
        pytest.param("nxdomain", "servfail", "servfail", id="the second cannot say"),
        pytest.param("servfail", ["93.184.215.14"], "servfail", id="the first cannot say"),
    ],
)
async def test_a_name_is_gone_when_the_second_resolver_does_not_find_it_either(
    first: Sequence[str] | str, second: Sequence[str] | str, found: str
) -> None:
    async with (
        names.serving({"news.example": [first]}) as one,
        names.serving({"news.example": [second]}) as other,
        web(one, second_resolver=other.at) as network,
    ):
        try:
            told = (await network.resolver.endpoints("news.example", 80))[0][0]
        except NameFault as fault:
            told = fault.detail

    assert told == found


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(["93.184.215.14", "127.0.0.1"], id="public first"),
        pytest.param(["10.0.0.1", "93.184.215.14"], id="private first"),
        pytest.param(["93.184.215.14", "::1"], id="public 4, loopback 6"),
        pytest.param(["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "169.254.169.254"], id="public 6, metadata 4"),
        pytest.param(["93.184.215.14", "64:ff9b::7f00:1"], id="NAT64 of loopback"),
        pytest.param(["93.184.215.14", "224.0.0.1"], id="multicast"),
    ],
)
async def test_one_forbidden_address_refuses_the_whole_name(answer: list[str]) -> None:
    async with names.serving({"news.example": [answer]}) as server, web(server) as network:
        with pytest.raises(guard.Refused):
            await network.resolver.endpoints("news.example", 80)


async def test_a_judged_answer_is_kept_and_a_failure_is_not() -> None:
    zone: dict[str, names.Told] = {
        "kept.example": [["93.184.215.14"]],
        "back.example": ["nxdomain", ["93.184.215.14"]],
    }
    async with names.serving(zone) as server, web(server) as network:
        for _ in range(3):
            await network.resolver.endpoints("kept.example", 80)
        with pytest.raises(NameFault):
            await network.resolver.endpoints("back.example", 80)
        found = await network.resolver.endpoints("back.example", 80)

    assert server.asked["kept.example"] == 1
    assert found == (("93.184.215.14", 80),)


async def test_five_thousand_names_at_once_are_all_answered() -> None:
    zone: dict[str, names.Told] = {f"h{number}.example": [["93.184.215.14"]] for number in range(5_000)}
    async with names.serving(zone) as server, web(server) as network:
        found = await asyncio.gather(*(network.resolver.endpoints(name, 80) for name in zone), return_exceptions=True)
        # A machine that stands still for seconds loses those that are under way; asked again, as the fetcher does, they answer.
        lost = [name for name, told in zip(zone, found, strict=True) if isinstance(told, NameFault) and told.detail == "timeout"]
        again = await asyncio.gather(*(network.resolver.endpoints(name, 80) for name in lost))

    assert len(lost) <= LOOKUPS_AT_ONCE
    assert {told for told in (*found, *again) if not isinstance(told, NameFault)} == {(("93.184.215.14", 80),)}


async def test_names_that_never_answer_do_not_stop_the_loop() -> None:
    zone: dict[str, names.Told] = {f"h{number}.example": ["silent"] for number in range(100)}
    zone["news.example"] = [["93.184.215.14"]]
    async with names.serving(zone) as server, web(server) as network:
        dead = [asyncio.ensure_future(network.resolver.endpoints(f"h{number}.example", 80)) for number in range(99)]
        await asyncio.sleep(0)
        await network.resolver.endpoints("news.example", 80)
        still_waiting = [not task.done() for task in dead]
        for task in dead:
            task.cancel()
        await asyncio.gather(*dead, return_exceptions=True)

    assert all(still_waiting)
