"""The demo, run as a newcomer runs it, against the truth of its own little web."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from audit.demo import TRUTH, Truth
from audit.demo.sites import GUILD


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo has run; `told.txt` is what it printed."""
    place = tmp_path_factory.mktemp("demo")
    done = subprocess.run([sys.executable, "-m", "audit", "demo"], cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (place / "told.txt").write_text(done.stdout)
    return place


def rows(folder: Path, query: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(folder / "source-audit-demo" / "audit.db") as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("truth", TRUTH, ids=lambda truth: truth.what)
def test_every_link_of_the_article_gets_its_true_state(folder: Path, truth: Truth) -> None:
    found = rows(folder, f"SELECT state, reason, archived FROM current_links WHERE url = '{truth.url}'")

    assert found == [(truth.state.value, truth.reason, truth.archived.value)]


def test_the_demo_says_where_everything_is(folder: Path) -> None:
    told = (folder / "told.txt").read_text()

    assert "source-audit-demo/" in told
    assert (folder / "source-audit-demo" / "report.html").read_text().startswith("<!doctype html>")


def test_the_command_that_the_demo_proposes_explains_a_link(folder: Path) -> None:
    database = "sqlite:///source-audit-demo/audit.db"
    command = [sys.executable, "-m", "audit", "--db", database, "explain", GUILD]

    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stderr
    assert "soft-404" in told.stdout


def test_a_correction_changes_the_judgement_and_no_fact(folder: Path) -> None:
    before = rows(folder, "SELECT COUNT(*) FROM fetches")
    database = ["--db", "sqlite:///source-audit-demo/audit.db"]

    add = ["overrides", "add", GUILD, "--rule", "soft404.title", "--because", "this is what the guild calls its list"]
    told = subprocess.run(
        [sys.executable, "-m", "audit", *database, *add], cwd=folder, capture_output=True, text=True, check=False
    )

    assert told.returncode == 0, told.stderr
    assert rows(folder, f"SELECT state FROM current_links WHERE url = '{GUILD}'") != [("dead",)]
    assert (
        "soft404.title is wrong here"
        in rows(folder, f"SELECT evidence FROM link_states JOIN cited_urls USING (url_key) WHERE url = '{GUILD}'")[0][0]
    )
    assert rows(folder, "SELECT COUNT(*) FROM fetches") == before


def test_a_second_demo_begins_anew(folder: Path) -> None:
    again = subprocess.run([sys.executable, "-m", "audit", "-q", "demo"], cwd=folder, capture_output=True, text=True, check=False)

    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert len(rows(folder, "SELECT run FROM run_history")) == 1
