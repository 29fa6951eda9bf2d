"""The verdict lab: the real pipeline over every situation at once, the truth beside each (verdicts.md, 11)."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.demo.serving import RottenWeb, beside
from audit.model import LinkState
from tests.lab.scenarios import OTHERS, SCENARIOS, Scenario, wikitext

Found = dict[str, tuple[str, str, str]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    """(state, reason, evidence) of every cited URL after one night."""
    folder = tmp_path_factory.mktemp("lab")
    with beside(RottenWeb([*(scenario.site for scenario in SCENARIOS), *OTHERS], ())) as web:
        yield audited(folder, web)


def audited(folder: Path, web: RottenWeb) -> Found:
    (folder / "lab.wiki").write_text(wikitext(), encoding="utf-8")
    settings = {
        "web": {
            "contact": "tests@example.org",
            "per_host": {"concurrency": 2, "delay_s": 0},
            "timeouts": {"connect_s": 2, "read_s": 3, "total_s": 6},
            "allow_networks": ["127.0.0.1/32"],
            "resolve": web.resolve,
            "ca_file": web.ca_file,
            "canaries": [],
            "retry_after_s": [0.1, 0.2],
            "max_wait_s": 1,
        },
        "archives": [],
        "captures": {"search": "never"},
    }
    (folder / "config.yaml").write_text(json.dumps(settings))
    told = subprocess.run(
        [sys.executable, "-m", "audit", "--quiet", "run", "lab.wiki"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    with sqlite3.connect(folder / "audit.db") as connection:
        rows = connection.execute(
            "SELECT u.url, s.state, s.reason, s.evidence FROM link_states AS s JOIN cited_urls AS u ON u.url_key = s.url_key"
        ).fetchall()
    return {url: (state, reason, evidence or "") for url, state, reason, evidence in rows}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: f"{scenario.kind}: {scenario.name}")
def test_every_situation_gets_a_state_that_is_true(found: Found, scenario: Scenario) -> None:
    state, reason, evidence = found[scenario.url]

    assert LinkState(state) in scenario.states, f"{reason}: {evidence}"
    assert scenario.reason in {None, reason}


def test_nothing_is_dead_after_one_night(found: Found) -> None:
    assert [url for url, (state, *_) in found.items() if state == "dead"] == []
