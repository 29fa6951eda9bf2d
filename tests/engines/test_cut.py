"""The auditor's own network goes away, or somebody answers in the place of the web: nothing is written, and the exit code is 3."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.engines import uplink
from tests.engines.uplink import Uplink, opened

HOSTS, PER_HOST, BEFORE = 20, 2, 12
FIRST = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
SECOND = FIRST + timedelta(days=9)
"""All links are due again."""
OFFLINE = "source-audit: ERROR: this machine is offline: "
READ_AGAIN = {"documents"}
"""What a portal that seems to be the canaries allows, until its third page: sources are read. They are our own facts."""
Rows = list[tuple[object, ...]]

FATES = [
    uplink.CUT,
    uplink.STALL,
    uplink.NO_NAMES,
    uplink.HIJACKED,
    uplink.REDIRECT,
    uplink.INSIDE,
    uplink.PAGE,
    uplink.PAGE_WITH_ADDRESS,
    uplink.EMPTY,
    uplink.GATE,
]


def configure(folder: Path, way: Uplink, *, archives: object = (), **web: object) -> None:
    settings = {
        "web": {
            "contact": "tests@example.org",
            "concurrency": 4,
            "per_host": {"concurrency": 1, "delay_s": 0},
            "timeouts": {"connect_s": 1, "read_s": 1, "total_s": 2},
            "allow_networks": ["127.0.0.0/8"],
            "name_servers": [f"127.0.0.1:{way.name_port}"],
            "canaries": [f"http://canary-{name}.example:{way.port}/" for name in ("one", "two")],
            "retry_after_s": [0.1, 0.2],
            **web,
        },
        "archives": archives,
        "captures": {"search": "all" if archives else "never"},
        "soft404": {"probes": "never"},
    }
    (folder / "config.yaml").write_text(json.dumps(settings))


def audit(folder: Path, now: datetime) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "audit", "--quiet", "--now", now.isoformat(), "run", "urls.txt"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def rows(folder: Path, query: str) -> Rows:
    with sqlite3.connect(folder / "audit.db") as connection:
        return connection.execute(query).fetchall()


def everything(folder: Path) -> dict[str, Rows]:
    """The whole database but for the rows of runs."""
    tables = [str(name) for (name,) in rows(folder, "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'runs'")]
    return {table: sorted(rows(folder, f'SELECT * FROM "{table}"'), key=repr) for table in tables}


@dataclass(frozen=True)
class Night:
    """A folder with one good night behind it, and the way to the web."""

    folder: Path
    way: Uplink
    mend: Callable[[], None]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    folder, way = tmp_path_factory.mktemp("first"), Uplink()
    with opened(way) as mend:
        urls = [f"http://news-{host}.example:{way.port}/story/{page}" for host in range(HOSTS) for page in range(PER_HOST)]
        (folder / "urls.txt").write_text("\n".join(urls))
        configure(folder, way)
        told = audit(folder, FIRST)
        assert (told.returncode, told.stderr) == (0, "")
        yield Night(folder=folder, way=way, mend=mend)


@pytest.fixture
def night(first: Night, tmp_path: Path) -> Night:
    """The same with a copy of the folder, over a sound way."""
    first.way.turn(uplink.SOUND)
    first.mend()
    shutil.copytree(first.folder, tmp_path / "night")
    return replace(first, folder=tmp_path / "night")


@pytest.mark.parametrize("fate", [uplink.CUT, uplink.NO_NAMES, uplink.HIJACKED, uplink.REDIRECT, uplink.PAGE, uplink.EMPTY])
def test_a_machine_that_is_offline_from_the_start_changes_nothing(night: Night, fate: str) -> None:
    before = everything(night.folder)
    night.way.turn(fate)

    told = audit(night.folder, SECOND)

    assert told.returncode == 3, told.stderr
    assert changed(before, everything(night.folder)) <= READ_AGAIN
    assert told.stderr.startswith(OFFLINE)
    assert told.stderr.count("\n") == 1


@pytest.mark.parametrize("fate", FATES)
def test_a_machine_that_goes_offline_in_the_middle_writes_only_what_it_had_seen(night: Night, fate: str) -> None:
    folder, before = night.folder, everything(night.folder)
    night.way.turn(fate, after=BEFORE)

    told = audit(folder, SECOND)

    assert told.returncode == 3, told.stderr
    assert told.stderr.startswith(OFFLINE)
    asked = written(folder)
    assert len(asked) < HOSTS * PER_HOST
    assert standing(folder, but=asked) == [row for row in before["link_states"] if row[0] not in asked]
    assert rows(folder, "SELECT DISTINCT state FROM link_states") == [("live",)]
    assert changed(before, everything(folder)) <= {"link_states", "fetches", "page_texts", *READ_AGAIN}
    assert last_run(folder) == ("offline", "offline:")


@pytest.mark.parametrize("fate", [uplink.CUT, uplink.PAGE])
def test_the_next_run_does_what_was_left(night: Night, fate: str) -> None:
    night.way.turn(fate, after=BEFORE)
    assert audit(night.folder, SECOND).returncode == 3
    done = written(night.folder)
    night.way.turn(uplink.SOUND)
    night.mend()

    told = audit(night.folder, SECOND + timedelta(hours=1))

    assert (told.returncode, told.stderr) == (0, "")
    assert len(done) < len(written(night.folder)) == HOSTS * PER_HOST
    assert last_run(night.folder) == ("audited", None)


def test_what_an_archive_could_not_say_for_want_of_a_network_is_not_written(night: Night) -> None:
    place = f"http://127.0.0.1:{night.way.port}"
    pace = {"playback_per_min": 600, "index_per_min": 600}
    archive = {"name": "wayback", "kind": "wayback", "base_url": place, "api_url": place, "pace": pace}
    configure(night.folder, night.way, archives=[archive])
    night.way.turn(uplink.CUT, after=BEFORE)

    told = audit(night.folder, SECOND)

    assert told.returncode == 3, told.stderr
    assert rows(night.folder, "SELECT failure FROM searches WHERE failure IS NOT NULL") == []


def test_an_archive_that_is_down_is_written_when_the_network_is_not(night: Night) -> None:
    archive = {"name": "gone", "kind": "memento", "timemap": "http://127.0.0.1:9/{url}"}
    configure(night.folder, night.way, archives=[archive])

    told = audit(night.folder, SECOND)

    assert told.returncode == 0, told.stderr
    assert rows(night.folder, "SELECT DISTINCT failure FROM searches") == [("network",)]


def test_without_canaries_a_run_that_nobody_answers_is_offline(night: Night) -> None:
    configure(night.folder, night.way, canaries=[])
    before = everything(night.folder)
    night.way.turn(uplink.CUT)

    told = audit(night.folder, SECOND)

    assert told.returncode == 3, told.stderr
    assert changed(before, everything(night.folder)) <= READ_AGAIN


def test_without_canaries_who_answered_tonight_tells_that_the_network_has_gone(night: Night) -> None:
    configure(night.folder, night.way, canaries=[])
    before = everything(night.folder)
    night.way.turn(uplink.CUT, after=BEFORE)

    told = audit(night.folder, SECOND)

    assert told.returncode == 3, told.stderr
    asked = written(night.folder)
    assert standing(night.folder, but=asked) == [row for row in before["link_states"] if row[0] not in asked]


def test_a_name_server_that_lies_about_unknown_names_is_seen_through(night: Night) -> None:
    night.way.lies_about_unknown_names = True
    vanished = f"http://vanished.example:{night.way.port}/story"
    with (night.folder / "urls.txt").open("a") as stream:
        stream.write(f"\n{vanished}")

    told = audit(night.folder, SECOND)
    night.way.lies_about_unknown_names = False

    assert (told.returncode, told.stderr) == (0, "")
    assert rows(night.folder, f"SELECT state, reason FROM current_links WHERE url = '{vanished}'") == [("suspect", "dns")]
    assert rows(night.folder, "SELECT COUNT(*) FROM current_links WHERE state = 'live'") == [(HOSTS * PER_HOST,)]


def test_one_dead_site_among_living_ones_is_no_outage(night: Night) -> None:
    with (night.folder / "urls.txt").open("a") as stream:
        stream.write("\nhttp://news-0.example:9876/closed")

    told = audit(night.folder, SECOND)

    assert (told.returncode, told.stderr) == (0, "")
    assert rows(night.folder, "SELECT state, reason FROM current_links WHERE url LIKE '%/closed'") == [("suspect", "refused")]


def written(folder: Path) -> set[object]:
    """Links that the second night wrote an answer of; every one is a page of its own."""
    query = f"""
        SELECT f.url_key, f.http_status, p.title FROM fetches AS f LEFT JOIN page_texts AS p ON p.page_key = f.page_key
        WHERE f.fetched_at > '{SECOND.date()}'"""
    found = rows(folder, query)
    assert all(status == 200 and "/story/" in str(title) for _, status, title in found)
    return {key for key, *_ in found}


def standing(folder: Path, *, but: set[object]) -> Rows:
    return [row for row in everything(folder)["link_states"] if row[0] not in but]


def changed(before: dict[str, Rows], after: dict[str, Rows]) -> set[str]:
    return {name for name in after if before[name] != after[name]}


def last_run(folder: Path) -> tuple[object, ...]:
    return rows(folder, "SELECT outcome, substr(note, 1, 8) FROM run_history ORDER BY started_at DESC LIMIT 1")[0]
