"""What a night costs an archive: the whole program over 1,000 citations, counted by nginx before a real archive (archives.md, 8)."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.engines.loopback import serving
from tests.real import front as fronts, nginx, pywb, warc
from tests.real.nginx import Door

pytestmark = pytest.mark.real

BEGIN = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)
NAMED, KNOWN, NEVER = 450, 468, 82
"""Citations that name a copy, that name none although there is one, and whose page no archive ever saw: 1,000 in all."""
TEN_TIMES = {"playback_per_min": 4_800, "index_per_min": 240}


def article(archive: str) -> str:
    """One citation of each of 1,000 pages."""
    lines = []
    for number in range(NAMED + KNOWN):
        host = warc.HOSTS[number % len(warc.HOSTS)]
        url = warc.story_url(host, number // len(warc.HOSTS))
        copy = f" |archive-url={archive}/web/20150601120000/{url} |archive-date=2015-06-01" if number < NAMED else ""
        title = warc.title(host, number // len(warc.HOSTS))
        lines.append(f"<ref>{{{{Cite web |url={url} |title={title} |access-date=2015-07-01{copy}}}}}</ref>")
    lines += [f"<ref>{{{{Cite web |url=http://special.test/never/{n} |title=Never seen}}}}</ref>" for n in range(NEVER)]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nights:
    """What the archive was asked in the first night and in the second, and the folder of the database."""

    folder: Path
    first: list[int]
    index: list[int]
    second: list[int]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    folder = tmp_path_factory.mktemp("cost")
    with (
        pywb.running() as upstream,
        fronts.serving(upstream) as front,
        nginx.guarding(front.url, playback_per_min=6_000, index_per_min=300) as door,
        serving() as web,
    ):
        web.gone.update(f"/story/{number}" for number in range(0, 200, 5))
        prepare(folder, door, web.port)
        night(folder, BEGIN)
        first, index = door.statuses(), door.statuses("/cdx/")
        night(folder, BEGIN + timedelta(days=1))
        yield Nights(folder=folder, first=first, index=index, second=door.statuses()[len(first) :])


def prepare(folder: Path, door: Door, port: int) -> None:
    (folder / "article.wiki").write_text(article(door.url))
    settings = {
        "web": {
            "contact": "tests@example.org",
            "per_host": {"concurrency": 10, "delay_s": 0},
            "per_address": 100,
            "canaries": [],
            "allow_networks": ["127.0.0.0/8"],
            "resolve": dict.fromkeys((*warc.HOSTS, "special.test"), f"127.0.0.1:{port}"),
        },
        "archives": [{"name": "wayback", "kind": "wayback", "base_url": door.url, "api_url": door.url, "pace": TEN_TIMES}],
        "soft404": {"probes": "never"},
    }
    (folder / "config.yaml").write_text(json.dumps(settings))


def night(folder: Path, now: datetime) -> None:
    command = [sys.executable, "-m", "audit", "--quiet", "--now", now.isoformat(), "run", "article.wiki"]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "audit.db") as connection:
        return connection.execute(query).fetchall()


def test_a_first_night_costs_the_archive_little_more_than_one_request_per_citation(nights: Nights) -> None:
    citations = NAMED + KNOWN + NEVER

    assert rows(nights.folder, "SELECT COUNT(*) FROM current_citations") == [(citations,)]
    assert len(nights.first) <= 1.25 * citations
    assert len(nights.index) <= 0.12 * citations


def test_at_our_pace_the_archive_never_refuses_us(nights: Nights) -> None:
    assert 429 not in nights.first


def test_everything_was_answered_in_the_first_night(nights: Nights) -> None:
    found = rows(nights.folder, "SELECT archived, COUNT(*) FROM current_links GROUP BY archived ORDER BY archived")

    assert found == [("no", NEVER), ("yes", NAMED + KNOWN)]


def test_the_next_day_the_archive_is_not_asked_at_all(nights: Nights) -> None:
    assert nights.second == []
