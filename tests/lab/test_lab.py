"""The verdict lab: the real pipeline over every situation at once, the truth beside each (verdicts.md, 11)."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from audit import urls
from audit.demo.serving import beside
from audit.model import LinkState
from tests.lab import night
from tests.lab.night import Found
from tests.lab.scenarios import SCENARIOS
from tests.lab.situation import Scenario

BEGIN = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)
DAYS = (0, 4, 9, 18, 34)
"""A check is due on each: 3, 4 and 7 days after a failure, with the jitter that only makes them later."""

PROBED = re.compile(r"[^aeiou\W\d]{24}")
"""The letters of an address that cannot exist."""

EVERY = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: f"{scenario.kind}: {scenario.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """What stood after the first night, and after five weeks."""

    first: dict[str, Found]
    last: dict[str, Found]
    asked: Counter[str]


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weeks]:
    folder = tmp_path_factory.mktemp("lab")
    with beside(night.web_of(SCENARIOS)) as web:
        night.prepare(folder, web, SCENARIOS)
        first: dict[str, Found] = {}
        for day in DAYS:
            told = night.run(folder, now=BEGIN + timedelta(days=day))
            assert told.returncode == 0, told.stderr
            first = first or night.found(folder)
        yield Weeks(first=first, last=night.found(folder), asked=web.asked)


@EVERY
def test_every_situation_gets_a_state_that_is_true(weeks: Weeks, scenario: Scenario) -> None:
    found = weeks.first[scenario.url]

    assert LinkState(found.state) in scenario.states, f"{found.reason}: {found.evidence}"
    assert scenario.reason in {None, found.reason}
    assert scenario.proof in found.evidence


@EVERY
def test_five_weeks_confirm_what_is_gone_and_nothing_else(weeks: Weeks, scenario: Scenario) -> None:
    found = weeks.last[scenario.url]

    assert LinkState(found.state) in scenario.settled, f"{found.reason}: {found.evidence}"


def test_a_shape_of_a_host_is_probed_once_a_month(weeks: Weeks) -> None:
    probes = Counter(urls.path_shape(f"http://{place}") for place in weeks.asked.elements() if PROBED.search(place))

    assert probes
    assert [shape for shape, count in probes.items() if count > 2] == []  # on the first night, and 34 days later


def test_nothing_is_dead_after_one_night(weeks: Weeks) -> None:
    assert [url for url, found in weeks.first.items() if found.state == "dead"] == []
