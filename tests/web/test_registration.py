"""Registries are asked on sign only, once per domain, and what they do not say convicts nobody (verdicts.md, 7)."""

import asyncio
import json
from itertools import pairwise
from typing import Any

import pytest

from audit import takeover
from audit.model import DueUrl, HostBatch, Outcome
from audit.settings import HostOverride, Settings, Soft404, Takeover
from audit.web.checking import check_batch
from audit.web.network import Network
from tests.web.lab import Lab, answer, moved

REGISTRY = "rdap.example"
TITLE = "The harbour committee met at the end of the winter"
OURS = {REGISTRY: HostOverride(why="it is ours", delay_s=0)}


def said(day: str, **more: Any) -> bytes:
    events = [{"eventAction": "registration", "eventDate": f"{day}T04:00:00Z"}, {"eventAction": "last changed", "eventDate": "x"}]
    return answer(json.dumps({"events": events} | more).encode(), kind="application/rdap+json")


def due(host: str, *titles: str, **fields: Any) -> HostBatch:
    return HostBatch(
        host=host, due=tuple(DueUrl(url=f"http://{host}/p{n}", titles=(title,)) for n, title in enumerate(titles)), **fields
    )


async def checked(
    lab: Lab, *batches: HostBatch, rdap: str = "on-sign", hosts: dict[str, HostOverride] | None = None
) -> list[Outcome]:
    web = lab.settings(REGISTRY, *(each.host for each in batches))
    settings = Settings(
        web=web,
        soft404=Soft404(probes="never"),
        takeover=Takeover(rdap=rdap, rdap_url=f"http://{REGISTRY}/domain/{{domain}}"),  # type: ignore[arg-type]  # a literal
        hosts=OURS if hosts is None else hosts,
    )
    async with Network(web) as network:
        return [each async for each in check_batch(iter(batches), settings, web=network, stop=asyncio.Event())]


def asked(lab: Lab) -> list[str]:
    return sorted(lab.targets(REGISTRY))


async def test_the_registry_is_asked_when_a_page_shows_nothing_of_what_was_cited(lab: Lab) -> None:
    lab.scripts["/domain/a.example"] = [said("2021-03-04", ldhName="A.EXAMPLE", nameservers=[{"ldhName": "NS1.Bodis.com."}])]

    outcome = (await checked(lab, due("a.example", TITLE)))[0]

    fact = next(each for each in outcome.fetches if each.role == "rdap")
    moment = takeover.registered_at(fact)
    assert moment is not None
    assert moment.isoformat() == "2021-03-04T04:00:00+00:00"
    assert takeover.parking_servers(fact) is not None
    assert (fact.url, fact.title, fact.word_count) == ("http://a.example/p0", None, None)


async def test_nobody_is_asked_without_a_sign_or_when_it_is_switched_off(lab: Lab) -> None:
    await checked(lab, due("a.example", "A long story about bridges"))
    await checked(lab, due("b.example", TITLE), rdap="never")
    await checked(lab, due("c.example", TITLE, registered=frozenset({"c.example"})))

    assert asked(lab) == []


async def test_a_domain_is_asked_about_once(lab: Lab) -> None:
    lab.scripts["/domain/a.example"] = [said("2021-03-04")]

    await checked(lab, due("a.example", TITLE, TITLE + " again"), due("news.a.example", TITLE))

    assert asked(lab) == ["/domain/a.example"]


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(answer(b"slow down", status="429 Too Many", more=("Retry-After: 3600",)), id="rate limit"),
        pytest.param(answer(b"down", status="503 Down"), id="failure"),
        pytest.param(answer(b"<html><title>Sign in</title></html>"), id="no answer of a registry"),
        pytest.param(said("2021-03-04", ldhName="other.example"), id="another domain"),
        pytest.param(said("when it was"), id="no date"),
    ],
)
async def test_what_a_registry_does_not_say_is_nothing(lab: Lab, refusal: bytes) -> None:
    lab.scripts["/domain/a.example"] = [refusal]

    outcome = (await checked(lab, due("a.example", TITLE)))[0]

    assert [takeover.registered_at(each) for each in outcome.fetches if each.role == "rdap"] == [None]


async def test_a_refusal_ends_the_questions_of_the_run(lab: Lab) -> None:
    lab.scripts |= {f"/domain/h{n}.example": [answer(b"", status="429 Too Many")] for n in range(6)}

    outcomes = await checked(lab, *(due(f"h{n}.example", TITLE) for n in range(6)))

    assert len(asked(lab)) == 1
    assert len(outcomes) == 6


async def test_a_bootstrap_leads_on_to_the_registry(lab: Lab) -> None:
    lab.scripts["/domain/a.example"] = [moved(b"/rdap/a.example")]
    lab.scripts["/rdap/a.example"] = [answer(b"{}", status="404 Not Found")]

    outcome = (await checked(lab, due("a.example", TITLE)))[0]

    assert [takeover.unregistered(each) for each in outcome.fetches if each.role == "rdap"] == [True]


async def test_registries_are_asked_one_question_a_second(lab: Lab) -> None:
    lab.scripts |= {f"/domain/h{n}.example": [said("2021-03-04")] for n in range(3)}

    await checked(lab, *(due(f"h{n}.example", TITLE) for n in range(3)), hosts={})

    starts = sorted(each.at for each in lab.heard if each.host == REGISTRY)
    assert len(starts) == 3
    assert all(later - earlier >= 0.98 for earlier, later in pairwise(starts))
