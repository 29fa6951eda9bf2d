"""The verdict lab: the real pipeline over every situation at once, the truth beside each (verdicts.md, 11)."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit import judging, urls
from audit.demo.serving import beside
from audit.model import LinkState, Override, UrlFacts
from audit.settings import Settings
from audit.store import reads
from audit.store.opening import open_store
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
    folder: Path


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
        yield Weeks(first=first, last=night.found(folder), asked=web.asked, folder=folder)


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


LISTED = re.compile(r"^\* `([a-z0-9]+\.[a-z0-9-]+)`", re.MULTILINE)


def test_every_rule_that_spoke_can_be_silenced_for_one_url(weeks: Weeks) -> None:
    """docs/rules.md promises it of each rule that it lists."""
    listed = set(LISTED.findall((Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")))
    now, spoke, still = BEGIN + timedelta(days=DAYS[-1]), Counter[str](), set()
    store = open_store(f"sqlite:///{weeks.folder}/audit.db", read_only=True)
    with store.read() as conn:
        for facts in reads.facts(conn, [scenario.url for scenario in SCENARIOS]):
            for rule in listed & _rules(facts, now=now):
                spoke[rule] += 1
                silenced = Override(
                    url=facts.cited_url.url,
                    rule=rule,
                    author="tests",
                    note="wrong here",
                    created_at=BEGIN,
                    expires_at=now + timedelta(days=1),
                )
                if rule in _rules(replace(facts, overrides=(silenced,)), now=now):
                    still.add((rule, facts.cited_url.url))
    store.close()

    assert still == set()
    assert len(spoke) >= LEAST_RULES, sorted(listed - spoke.keys())


LEAST_RULES = 85
"""Of the hundred that are listed; the others speak of what the lab has not."""


def _rules(facts: UrlFacts, *, now: datetime) -> set[str]:
    return {each.rule for each in judging.decide(facts, now=now, settings=Settings()).evidence}
