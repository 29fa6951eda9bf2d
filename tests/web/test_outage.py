"""The front door and the canaries: an outage of ours is never written down as one of theirs."""

from datetime import timedelta

import pytest

from audit.model import Failure, Outcome
from audit.web import canaries
from audit.web.network import Network
from audit.web.outage import SUSPICIOUS, FrontDoor
from tests import make
from tests.web.lab import Lab


def failing(host: str, *, minute: int = 0, phase: str = "connect") -> Outcome:
    shown = make.fetch(
        url=f"http://{host}/a", failure=Failure.TIMEOUT, phase=phase, fetched_at=make.NOON + timedelta(minutes=minute)
    )
    return Outcome(url=shown.url, check_id=host, fetches=(shown,))


def answering(host: str, *, minute: int = 0, status: int = 200) -> Outcome:
    shown = make.fetch(url=f"http://{host}/a", status=status, fetched_at=make.NOON + timedelta(minutes=minute))
    return Outcome(url=shown.url, check_id=host, fetches=(shown,))


def test_an_answer_passes_at_once() -> None:
    door, outcome = FrontDoor(), answering("a.example", status=404)

    assert door.offer(outcome) == [outcome]
    assert not door.heard_nothing


def test_a_failure_waits_until_somebody_else_answers_later() -> None:
    door, failed, answered = FrontDoor(), failing("a.example"), answering("b.example", minute=1)

    assert door.offer(failed) == []
    assert set(door.offer(answered)) == {failed, answered}
    assert door.waiting == []


def test_an_answer_to_a_request_that_started_before_vouches_for_nothing() -> None:
    door, failed = FrontDoor(), failing("a.example", minute=5)
    door.offer(failed)

    door.offer(answering("b.example", minute=1))

    assert door.waiting == [failed]


def test_an_answer_of_the_same_domain_vouches_for_nothing() -> None:
    door, failed = FrontDoor(), failing("a.news.example")
    door.offer(failed)

    door.offer(answering("b.news.example", minute=1))

    assert door.waiting == [failed]


def test_a_failure_after_the_head_is_theirs() -> None:
    door, failed = FrontDoor(), failing("a.example", phase="headers")

    assert door.offer(failed) == [failed]


def test_a_page_whose_probe_could_not_connect_passes() -> None:
    door, page, probe = FrontDoor(), answering("a.example"), failing("a.example")
    probed = Outcome(
        url=page.url, check_id="c", fetches=(*page.fetches, make.fetch(failure=Failure.REFUSED, phase="connect", role="probe"))
    )

    assert door.offer(probed) == [probed]
    assert door.offer(probe) == []


def test_a_deferred_url_passes() -> None:
    door, deferred = FrontDoor(), Outcome(url="http://a.example/", check_id="c", deferred="gate")

    assert door.offer(deferred) == [deferred]


def test_many_failures_and_no_answer_are_suspicious_once() -> None:
    door = FrontDoor()
    for number in range(SUSPICIOUS):
        door.offer(failing(f"h{number}.example"))

    assert [door.suspicious, door.suspicious] == [True, False]
    assert door.heard_nothing


@pytest.mark.parametrize("status", [407, 511])
def test_a_portal_on_our_side_is_suspicious(status: int) -> None:
    door = FrontDoor()

    door.offer(answering("a.example", status=status))

    assert door.suspicious


def test_what_waits_is_released_when_the_canaries_vouch() -> None:
    door, failed = FrontDoor(), failing("a.example")
    door.offer(failed)

    assert door.release() == [failed]
    assert door.waiting == []


async def test_without_canaries_the_run_must_tell_by_itself(lab: Lab) -> None:
    settings = lab.settings()

    async with Network(settings) as web:
        assert await canaries.online(web, settings)

    assert lab.heard == []


@pytest.mark.parametrize(
    ("addresses", "online"),
    [
        pytest.param(("/page", "/redirect/303"), True, id="two of two"),
        pytest.param(("/page", "/page", "/hang"), True, id="two of three"),
        pytest.param(("/page", "/status/503", "/hang"), False, id="one of three"),
        pytest.param(("/page",), True, id="one of one"),
        pytest.param(("/status/511", "/status/511"), False, id="a portal"),
    ],
)
async def test_at_least_two_canaries_must_answer_well(lab: Lab, addresses: tuple[str, ...], *, online: bool) -> None:
    settings = lab.settings(canaries=tuple(f"http://site.example{path}" for path in addresses))

    async with Network(settings) as web:
        assert await canaries.online(web, settings) is online
