"""The database as a thing: its schema, its lock, and the facts that wait beside it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from audit.errors import RunBusy, StoreOutdated, StoreUnreachable
from audit.model import CaptureSearch, Outcome, Playback
from audit.store import migrating
from audit.store.lock import run_lock
from audit.store.opening import HEAD, REVISIONS, Store, open_store, parse
from audit.store.spool import Spool, open_spool
from audit.store.tables import metadata
from audit.store.upgrading import current, upgrade
from tests.make import search
from tests.store.values import outcome


def test_an_upgrade_from_nothing_makes_exactly_the_schema(database: str) -> None:
    said = upgrade(database)

    assert said == f"the database was made, revision {HEAD}"
    assert current(database) == HEAD
    assert migrating.differences(parse(database)) == []
    assert "already" in upgrade(database)


@pytest.mark.parametrize("earlier", REVISIONS[:-1])
def test_a_database_of_an_earlier_version_is_upgraded_to_exactly_the_schema(database: str, earlier: str) -> None:
    migrating.upgrade(parse(database), to=earlier)

    said = upgrade(database)

    assert said.startswith(f"the database was upgraded from revision {earlier} to {HEAD}")
    assert current(database) == HEAD
    assert migrating.differences(parse(database)) == []


def test_every_revision_is_known_to_the_program() -> None:
    found = sorted(path.name.partition("_")[0] for path in (migrating.scripts() / "versions").glob("[0-9]*.py"))

    assert found == list(REVISIONS)


def test_every_column_says_what_it_is() -> None:
    silent = [
        f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns if not column.comment
    ]

    assert silent == []


def test_an_empty_or_missing_database_is_refused_with_what_to_type(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()

    with pytest.raises(StoreOutdated, match="source-audit db upgrade"):
        open_store(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(StoreUnreachable, match="there is no database"):
        open_store(f"sqlite:///{tmp_path}/missing.db")


HOLDER = """
import sys, time
from audit.store.lock import run_lock
with run_lock(sys.argv[1], "check"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_lock_names_its_holder_and_is_free_when_that_one_is_killed(store: Store, database: str) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, database], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"

    with pytest.raises(RunBusy, match=rf"held by pid {holder.pid} \(check\)"), run_lock(database, "run"):
        pass
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()

    _take_when_free(database)


def _take_when_free(database: str) -> None:
    """A server needs a moment to see that a client is gone."""
    for _ in range(200):
        try:
            with run_lock(database, "run"):
                return
        except RunBusy:
            time.sleep(0.05)
    pytest.fail("the lock was never freed")


def facts() -> list[Outcome | CaptureSearch | Playback]:
    return [outcome("https://a.example/"), search(), outcome("https://b.example/")]


def test_facts_that_wait_survive_their_program(store: Store, tmp_path: Path) -> None:
    with open_spool(store, state_dir=tmp_path) as spool:
        for fact in facts():
            spool.append(fact)
        spool.acknowledge(1)

    with open_spool(store, state_dir=tmp_path) as spool:
        assert list(spool.replay()) == facts()[1:]
        spool.acknowledge(2)
        assert spool.pending_bytes == 0


def test_a_torn_last_line_is_dropped_and_counted(tmp_path: Path) -> None:
    with Spool(tmp_path / "spool", "one") as spool:
        for fact in facts():
            spool.append(fact)
    [segment] = (tmp_path / "spool").glob("*.spool")
    segment.write_bytes(segment.read_bytes()[:-7])

    with Spool(tmp_path / "spool", "one") as spool:
        assert list(spool.replay()) == facts()[:2]
        assert spool.dropped == 1


def test_the_facts_of_another_database_are_left_alone(tmp_path: Path) -> None:
    with Spool(tmp_path / "spool", "one") as spool:
        spool.append(search())

    with Spool(tmp_path / "spool", "two") as spool:
        assert list(spool.replay()) == []

    assert len(list((tmp_path / "spool").glob("*.spool"))) == 1
