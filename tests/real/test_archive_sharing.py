"""The allowance of an archive belongs to the network: two processes on one database share it, and a kill does not open it."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from audit.model import Pool
from audit.run import ArchiveBook
from audit.store import reads
from audit.store.opening import open_store
from audit.store.upgrading import upgrade
from tests.real import front as fronts, nginx, postgres, pywb, warc
from tests.real.front import Front
from tests.real.nginx import Door

pytestmark = pytest.mark.real

TEN_TIMES = {"playback_per_min": 4_800, "index_per_min": 240}
UNPACED = {"playback_per_min": 60_000, "index_per_min": 60_000}
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def server() -> Iterator[sa.URL]:
    with postgres.cluster() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    made = (
        f"sqlite:///{tmp_path}/audit.db"
        if request.param == "sqlite"
        else postgres.new_database(request.getfixturevalue("server"))
    )
    upgrade(made)
    return made


@pytest.fixture(scope="module")
def front() -> Iterator[Front]:
    with pywb.running() as upstream, fronts.serving(upstream) as front:
        yield front


@pytest.fixture
def door(front: Front) -> Iterator[Door]:
    front.forget()
    with nginx.guarding(front.url, playback_per_min=6_000, index_per_min=300) as door:
        yield door


def configured(folder: Path, door: Door, database: str, *, pace: dict[str, int], max_minutes: float) -> Path:
    place = folder / f"{max_minutes}.yaml"
    archive = {"name": "wayback", "kind": "wayback", "base_url": door.url, "api_url": door.url, "pace": pace}
    place.write_text(json.dumps({"database": database, "archives": [archive], "captures": {"max_minutes": max_minutes}}))
    return place


def started(configuration: Path, urls: list[str]) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "sharing.py"), str(configuration), *urls]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def stories(first: int, last: int) -> list[str]:
    return [warc.story_url(warc.HOSTS[number % 10], number // 10) for number in range(first, last)]


def answered(door: Door) -> list[int]:
    """The index requests that got an answer; those of a killed process are logged as 499 when nginx notices."""
    return [status for status in door.statuses("/cdx/") if status != 499]


def standing(database: str) -> Pool:
    store = open_store(database)
    with store.read() as conn:
        found = reads.pool(conn, "wayback", "index")
    store.close()
    return found


def test_two_processes_at_once_stay_within_one_allowance(door: Door, database: str, tmp_path: Path) -> None:
    configuration = configured(tmp_path, door, database, pace=TEN_TIMES, max_minutes=1)

    both = [started(configuration, urls) for urls in (stories(0, 150), stories(150, 300))]
    told = [process.communicate(timeout=120) for process in both]

    assert [out.strip() for out, _ in told] == ["150", "150"], told
    assert len(door.statuses()) == 300
    assert 429 not in door.statuses()


def test_what_a_killed_process_was_refused_the_next_one_does_not_ask(door: Door, database: str, tmp_path: Path) -> None:
    missing = [f"{warc.SPECIAL}/never-{number}" for number in range(60)]
    process = started(configured(tmp_path, door, database, pace=UNPACED, max_minutes=1), missing)
    until = time.monotonic() + 60
    while standing(database).open_until is None and time.monotonic() < until:
        time.sleep(0.05)
    process.kill()
    process.communicate(timeout=10)
    asked = len(answered(door))

    again = started(configured(tmp_path, door, database, pace=UNPACED, max_minutes=0.05), missing)
    out, fault = again.communicate(timeout=60)

    assert 429 in answered(door)
    assert again.returncode == 0, fault
    assert len(answered(door)) == asked
    assert out.strip().isdigit()


def test_machines_whose_clocks_differ_share_one_moment(server: sa.URL) -> None:
    database = postgres.new_database(server)
    upgrade(database)
    store = open_store(database)
    fast = ArchiveBook(store, clock=lambda: datetime.now(UTC) + timedelta(hours=3))
    true = ArchiveBook(store)
    until = datetime.now(UTC) + timedelta(minutes=1)

    asyncio.run(fast.change("wayback", "index", lambda pool: (replace(pool, open_until=until + timedelta(hours=3)), [])))
    (told,) = asyncio.run(true.change("wayback", "index", lambda pool: (pool, [pool.open_until] if pool.open_until else [])))
    store.close()

    assert abs(told - until) < timedelta(seconds=30)
