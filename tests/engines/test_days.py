"""Two weeks of checks in a few seconds: `--now` moves the days, and the little rotten web settles into its true states."""

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit.demo import TRUTH, RottenWeb, Truth, article
from audit.demo.serving import beside

BEGIN = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)
DAYS = (0, 4, 9, 18, 34)
"""A check is due on each: 3, 4 and 7 days after a failure, with the jitter that only makes them later."""


def configuration(web: RottenWeb) -> dict[str, object]:
    pace = {"playback_per_min": 60000, "index_per_min": 60000}
    return {
        "web": {
            "contact": "tests@example.org",
            "per_host": {"delay_s": 0},
            "allow_networks": ["127.0.0.0/8"],
            "resolve": web.resolve,
            "ca_file": web.ca_file,
            "canaries": [],
            "retry_after_s": [0.1, 0.2],
            "max_wait_s": 1,
        },
        "takeover": {"rdap": "never"},
        "archives": [
            {"name": "wayback", "kind": "wayback", "base_url": web.archive_url, "api_url": web.archive_url, "pace": pace}
        ],
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("days")
    (place / "article.wiki").write_bytes(article())
    with beside(RottenWeb()) as web:
        (place / "config.yaml").write_text(json.dumps(configuration(web)))
        for day in DAYS:
            now = (BEGIN + timedelta(days=day)).isoformat()
            command = [sys.executable, "-m", "audit", "--quiet", "--now", now, "run", "article.wiki"]
            done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            if day == DAYS[-2]:
                early = rows(place, "SELECT COUNT(*) FROM current_links WHERE state = 'dead' AND failures < 2")
                assert early == [(0,)]
    return place


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "audit.db") as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("truth", TRUTH, ids=lambda each: each.what)
def test_checks_over_some_weeks_settle_every_link_into_its_true_state(folder: Path, truth: Truth) -> None:
    found = rows(folder, f"SELECT state, reason FROM current_links WHERE url = '{truth.url}'")

    assert found[0][0] == truth.settled.value, found


def test_what_is_dead_failed_over_at_least_a_fortnight(folder: Path) -> None:
    spans = rows(
        folder,
        "SELECT MAX(julianday(f.fetched_at)) - julianday(s.failing_since) FROM link_states AS s JOIN fetches AS f ON f.url_key = s.url_key"
        " WHERE s.state = 'dead' AND f.role = 'attempt' GROUP BY s.url_key",
    )

    assert spans
    assert all(isinstance(span, float) and span >= 14 for (span,) in spans)


def test_what_archives_answered_is_dated_on_the_day_that_was_played(folder: Path) -> None:
    asked = {str(moment)[:10] for (moment,) in rows(folder, "SELECT asked_at FROM searches")}

    assert asked
    assert asked <= {str((BEGIN + timedelta(days=day)).date()) for day in DAYS}
