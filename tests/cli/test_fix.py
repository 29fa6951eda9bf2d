"""fix, as it is typed: a diff that `patch` applies, or the patched text."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.make import NOON

URL = "https://news.example.com/story"
PAGE = f"== References ==\nA fact.<ref>{{{{cite web|url={URL}|title=A}}}}</ref>\n"


def source_audit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SOURCE_AUDIT")}
    command = [sys.executable, "-m", "audit", "--now", NOON.isoformat(), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, timeout=60, check=False)


def condemned(folder: Path) -> None:
    """Set the state of every link to dead, as a night of checks would have."""
    with sqlite3.connect(folder / "audit.db") as connection:
        connection.execute("update link_states set state = 'dead', reason = 'http-404'")


@pytest.fixture
def audited(tmp_path: Path) -> Path:
    (tmp_path / "a.wiki").write_text(PAGE, encoding="utf-8")
    source_audit(tmp_path, "ingest", "a.wiki")
    condemned(tmp_path)
    return tmp_path


def test_the_diff_is_one_that_patch_applies(audited: Path) -> None:
    found = source_audit(audited, "fix", "a.wiki")

    assert found.returncode == 0, found.stderr
    assert f"+A fact.<ref>{{{{cite web|url={URL}|title=A}}}}{{{{Dead link|date=June 2026}}}}</ref>" in found.stdout
    if shutil.which("patch"):
        done = subprocess.run(["patch", "-p1"], cwd=audited, input=found.stdout, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout


def test_the_patched_text_goes_to_a_file_and_the_source_stays(audited: Path) -> None:
    found = source_audit(audited, "fix", "a.wiki", "--output", "b.wiki")

    assert found.returncode == 0, found.stderr
    assert "Dead link" in (audited / "b.wiki").read_text(encoding="utf-8")
    assert (audited / "a.wiki").read_text(encoding="utf-8") == PAGE


def test_a_list_of_addresses_is_no_page_to_repair(audited: Path) -> None:
    (audited / "list.txt").write_text(f"{URL}\n", encoding="utf-8")

    found = source_audit(audited, "fix", "list.txt")

    assert found.returncode == 3
    assert "wikitext" in found.stderr
