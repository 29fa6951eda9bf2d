"""The front door and the canaries: an outage of ours is never written down as one of theirs."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from audit.model import CaptureSearch, Failure, Fetch, Hop, Outcome, SearchFailure
from audit.web.canaries import Canaries
from audit.web.interception import UNRELATED
from audit.web.outage import MANY, FrontDoor
from tests import make
from tests.web.lab import PLAIN, Lab


def at(minute: float) -> datetime:
    return make.NOON + timedelta(minutes=minute)


def outcome(*fetches: Fetch) -> Outcome:
    return Outcome(url=fetches[0].url, check_id=fetches[0].check_id, fetches=fetches)


def failing(host: str, *, minute: float = 0, phase: str = "connect", **fields: Any) -> Outcome:
    fields = {"failure": Failure.TIMEOUT, "phase": phase, **fields}
    return outcome(make.fetch(url=f"http://{host}/a", fetched_at=at(minute), **fields))


def answering(host: str, *, minute: float = 0, **fields: Any) -> Outcome:
    """A page of this host's own, unless fields say otherwise."""
    fields = {"title": f"The page of {host}", "body_sha256": f"sha of {host}", **fields}
    return outcome(make.fetch(url=f"http://{host}/a", fetched_at=at(minute), **fields))


def portal(host: str, *, minute: float = 0, **fields: Any) -> Outcome:
    """The same page for every host."""
    return answering(host, minute=minute, **{"title": "Welcome guest", "body_sha256": "sha of the portal", **fields})


def offered(door: FrontDoor, *outcomes: Outcome) -> None:
    for each in outcomes:
        door.offer(each)


def test_an_answer_passes_at_once() -> None:
    door, answered = FrontDoor(), answering("a.example", status=404)

    assert door.offer(answered) == [answered]
    assert not door.heard_nothing


# ---- failures wait


def test_a_failure_waits_until_somebody_else_answers_later() -> None:
    door, failed, answered = FrontDoor(), failing("a.example"), answering("b.example", minute=1)

    assert door.offer(failed) == []
    assert door.offer(answered) == [answered, failed]
    assert door.waiting == []


@pytest.mark.parametrize("phase", ["resolve", "connect", "tls", "headers", "body"])
def test_a_failure_waits_in_whatever_phase_the_network_went_away(phase: str) -> None:
    door = FrontDoor()

    assert door.offer(failing("a.example", phase=phase)) == []


@pytest.mark.parametrize(
    "answered",
    [
        pytest.param(answering("b.example", minute=-1), id="began before"),
        pytest.param(answering("b.example", minute=0.5), id="began while the other was still failing"),
        pytest.param(answering("b.news.example", minute=2), id="same registrable domain"),
        pytest.param(answering("b.example", minute=2, status=511), id="a gate of our own"),
        pytest.param(answering("b.example", minute=2, final_url="http://portal.example/login"), id="somebody else's page"),
        pytest.param(answering("b.example", minute=2, tls="self-signed"), id="a certificate that nobody vouches for"),
    ],
)
def test_what_vouches_for_nothing(answered: Outcome) -> None:
    door, failed = FrontDoor(), failing("a.news.example", elapsed_ms=60_000)
    door.offer(failed)

    door.offer(answered)

    assert door.waiting[0] == failed


def test_a_name_needs_the_answer_of_a_domain_that_was_not_known_by_address() -> None:
    door = FrontDoor()
    lost = failing("a.example", minute=1, failure=Failure.DNS, phase="resolve", detail="servfail")
    offered(door, answering("b.example", minute=0), lost, answering("b.example", minute=2, title="More", body_sha256="more"))

    still = door.waiting
    door.offer(answering("c.example", minute=3))

    assert still == [lost]
    assert door.waiting == []


def test_a_page_whose_probe_could_not_connect_passes() -> None:
    door, page = FrontDoor(), answering("a.example").fetches[0]
    probed = outcome(page, make.fetch(failure=Failure.REFUSED, phase="connect", role="probe"))

    assert door.offer(probed) == [probed]


def test_a_check_that_began_with_an_answer_and_ended_in_the_cut_waits() -> None:
    door, first = FrontDoor(), answering("a.example", status=503).fetches[0]
    second = failing("a.example", minute=1).fetches[0]

    assert door.offer(outcome(first, second)) == []


@pytest.mark.parametrize("failure", [Failure.BLOCKED_ADDRESS, Failure.ROBOTS, Failure.BAD_RESPONSE, Failure.OTHER])
def test_what_no_network_can_cause_passes(failure: Failure) -> None:
    door, failed = FrontDoor(), failing("a.example", failure=failure)

    assert door.offer(failed) == [failed]


def test_a_redirect_to_a_forbidden_address_may_be_that_of_a_portal() -> None:
    hop = Hop(url="http://a.example/a", http_status=302, location="http://192.168.0.1/login")
    door, led = FrontDoor(), failing("a.example", failure=Failure.BLOCKED_ADDRESS, phase="resolve", hops=(hop,))

    assert door.offer(led) == []


def test_a_deferred_url_passes() -> None:
    door, deferred = FrontDoor(), Outcome(url="http://a.example/", check_id="c", deferred="gate")

    assert door.offer(deferred) == [deferred]


def test_what_an_archive_could_not_say_waits_for_an_answer_of_the_web() -> None:
    door = FrontDoor()
    asked = CaptureSearch(archive="w", url=make.URL, asked_at=at(0), failure=SearchFailure.NETWORK)

    assert door.offer_archived(asked, at=at(0)) == []
    assert door.offer(answering("b.example", minute=1))[1:] == [asked]


def test_what_an_archive_said_passes() -> None:
    door = FrontDoor()
    asked = CaptureSearch(archive="w", url=make.URL, asked_at=at(0))

    assert door.offer_archived(asked, at=at(0)) == [asked]


# ---- when to ask the canaries


def suspects(*outcomes: Outcome) -> bool:
    door = FrontDoor()
    offered(door, *outcomes)
    return door.suspicious


HOSTS = [f"news-{number}.example" for number in range(MANY + 1)]
SEVERAL = HOSTS[:UNRELATED]


@pytest.mark.parametrize(
    "outcomes",
    [
        pytest.param([failing(host) for host in SEVERAL], id="unrelated failures"),
        pytest.param([failing(f"{host}.news.example") for host in HOSTS], id="many failures of one domain"),
        pytest.param([answering("a.example", status=407)], id="a proxy wants a password"),
        pytest.param([answering("a.example", status=511)], id="a network wants a login"),
        pytest.param([portal(host) for host in SEVERAL], id="one page"),
        pytest.param([portal(host, title=None, body_sha256=None) for host in SEVERAL], id="nothing"),
        pytest.param([answering(host, final_url="http://portal.example/login?from=x") for host in SEVERAL], id="one final host"),
        pytest.param([answering(host, tls="incomplete-chain") for host in SEVERAL], id="certificates of one kind"),
        pytest.param([portal(host, body_sha256=host, status=404) for host in HOSTS], id="one title for long"),
    ],
)
def test_what_calls_the_canaries(outcomes: list[Outcome]) -> None:
    assert suspects(*outcomes)


@pytest.mark.parametrize(
    "outcomes",
    [
        pytest.param([answering(host) for host in HOSTS], id="pages of their own"),
        pytest.param([failing(host) for host in SEVERAL[1:]], id="two failures"),
        pytest.param([portal(f"{host}.news.example") for host in SEVERAL], id="one page on one domain"),
        pytest.param([portal(host, status=404) for host in SEVERAL], id="the same error page"),
        pytest.param([answering(host, final_url="https://www.hugedomains.com/x") for host in SEVERAL], id="a marketplace"),
        pytest.param([answering(host, final_url="https://accounts.google.com/x") for host in SEVERAL], id="a login host"),
        pytest.param([answering(host, tls="legacy") for host in SEVERAL], id="old servers"),
    ],
)
def test_what_does_not_call_the_canaries(outcomes: list[Outcome]) -> None:
    assert not suspects(*outcomes)


def test_what_the_canaries_vouched_for_calls_them_no_more() -> None:
    door = FrontDoor()
    waiting = [answering("gate.example", minute=0.5, status=511), *(failing(f"dead-{host}", minute=0.5) for host in HOSTS)]
    offered(door, *(portal(host) for host in HOSTS), *waiting)

    passed = door.clear(at=at(1))

    assert passed == waiting
    assert not door.suspicious
    door.offer(portal("one-more.example", minute=2))
    assert not door.suspicious


def test_what_failed_after_the_canaries_were_asked_goes_on_waiting() -> None:
    door, early, late = FrontDoor(), failing("a.example", minute=0), failing("b.example", minute=2)
    offered(door, early, late)

    assert door.clear(at=at(1)) == [early]
    assert door.waiting == [late]


# ---- answers are provisional


def test_an_answer_that_shows_something_new_settles_what_came_before_it_began() -> None:
    door = FrontDoor()

    offered(door, answering("a.example", minute=0), answering("b.example", minute=3), answering("c.example", minute=2))

    assert door.sound_at == at(3)


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(portal("b.example", minute=2), id="the same page"),
        pytest.param(portal("b.example", minute=2, body_sha256="with another token"), id="the same title"),
        pytest.param(portal("a.example", minute=2), id="the same page on the same host"),
        pytest.param(answering("b.example", minute=2, final_url="http://portal.example/"), id="somebody else's page"),
        pytest.param(answering("b.example", minute=2, status=511), id="a gate"),
        pytest.param(answering("b.example", minute=2, title=None, body_sha256=None), id="nothing at all"),
        pytest.param(failing("b.example", minute=2), id="a failure"),
    ],
)
def test_what_settles_nothing(second: Outcome) -> None:
    door = FrontDoor()

    offered(door, portal("a.example"), second)

    assert door.sound_at == at(0)


def test_before_the_first_page_nothing_is_settled() -> None:
    door = FrontDoor()

    offered(door, answering("a.example", final_url="http://portal.example/login"))

    assert door.sound_at < at(-1)


def test_a_portal_is_heard_and_yet_nothing_is_various() -> None:
    door = FrontDoor()

    offered(door, *(portal(host) for host in HOSTS))

    assert (door.heard_nothing, door.various) == (False, False)
    assert len(door.common) == 2


def test_a_first_hop_is_an_answer_of_somebody() -> None:
    door = FrontDoor()

    door.offer(failing("a.example", hops=(Hop(url="http://a.example/a", http_status=302, location="http://b.example/"),)))

    assert not door.heard_nothing


# ---- the canaries


async def health(settings: Any, **known: Any) -> tuple[bool, str]:
    told = await Canaries(settings).ask(**known)
    return told.online, told.why


async def test_without_canaries_the_run_must_tell_by_itself(lab: Lab) -> None:
    assert await health(lab.settings()) == (True, "")

    assert lab.heard == []


@pytest.mark.parametrize(
    ("addresses", "online"),
    [
        pytest.param(("http://site.example/page", "http://site.example/redirect/303"), True, id="two of two"),
        pytest.param(
            ("http://site.example/page", "http://site.example/page", "http://site.example/hang"), True, id="two of three"
        ),
        pytest.param(("http://site.example/page", "http://site.example/status/503"), False, id="one of two"),
        pytest.param(("http://site.example/page",), True, id="one of one"),
        pytest.param(("https://good.example/page",), True, id="a certificate that holds"),
        pytest.param(("https://self-signed.example/page",), False, id="a certificate of somebody else"),
        pytest.param(("http://site.example/status/403",), False, id="a block page"),
        pytest.param(("http://site.example/status/511",), False, id="a portal"),
        pytest.param(("http://site.example/away",), False, id="a portal on another host"),
        pytest.param(("http://closed.example/page",), False, id="nobody"),
    ],
)
async def test_enough_canaries_must_answer_as_themselves(lab: Lab, addresses: tuple[str, ...], *, online: bool) -> None:
    lab.scripts["/away"] = [b"HTTP/1.1 302 Found\r\nLocation: http://portal.test/page\r\nContent-Length: 0\r\n\r\n"]
    settings = lab.settings("portal.test", canaries=addresses)

    assert (await health(settings))[0] is online


async def test_a_canary_that_shows_what_every_domain_shows_is_not_itself(lab: Lab) -> None:
    settings = lab.settings(canaries=("http://site.example/page",))
    canaries = Canaries(settings)
    before = await canaries.ask()

    alone = await canaries.ask(common=canaries.own)
    among_others = await canaries.ask(common=canaries.own, various=True)

    assert (before.online, alone.online, among_others.online) == (True, False, True)


async def test_a_canary_that_became_what_every_domain_shows_is_not_itself(lab: Lab) -> None:
    other = Canaries(lab.settings(canaries=("http://site.example/moved-here",)))
    await other.ask()
    canaries = Canaries(lab.settings(canaries=("http://site.example/page",)))
    await canaries.ask()
    lab.scripts["/page"] = [PLAIN["/moved-here"]]

    told = await canaries.ask(common=other.own, various=True)

    assert not told.online


@pytest.mark.parametrize(
    ("host", "online"), [pytest.param("site.example", True, id="up"), pytest.param("closed.example", False, id="down")]
)
async def test_without_canaries_a_host_that_answered_tonight_is_asked_once_more(lab: Lab, host: str, *, online: bool) -> None:
    assert (await health(lab.settings(), witnesses=[f"http://{host}/page?x=1"]))[0] is online

    assert set(lab.targets()) <= {"/robots.txt"}
