"""fix: the patch of an audited page, from the demo's database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ARTICLE = "source-audit-demo/article.wiki"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("demo")
    done = subprocess.run([sys.executable, "-m", "audit", "demo"], cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return place


def fix(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    database = "sqlite:///source-audit-demo/audit.db"
    command = [sys.executable, "-m", "audit", "--db", database, "fix", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_patch_names_the_copies_of_lost_links(folder: Path) -> None:
    told = fix(folder, ARTICLE)

    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith(f"--- {ARTICLE}\n+++ {ARTICLE}")
    assert told.stdout.count(" |archive-url=http://127.0.0.1") == 2
    assert told.stderr == "2 archived copies named\n"


def test_the_patch_applies_to_the_source(folder: Path, tmp_path: Path) -> None:
    patched, patch = tmp_path / "patched.wiki", tmp_path / "page.patch"
    patch.write_text(fix(folder, ARTICLE, "--output", str(patched)).stdout)

    copy = tmp_path / ARTICLE
    copy.parent.mkdir()
    copy.write_bytes((folder / ARTICLE).read_bytes())

    subprocess.run(["git", "apply", "-p0", str(patch)], cwd=tmp_path, check=True)

    assert copy.read_text() == patched.read_text()
    assert copy.read_text() != (folder / ARTICLE).read_text()


def test_a_bot_gets_places_texts_and_the_hash_of_the_source(folder: Path) -> None:
    told = json.loads(fix(folder, ARTICLE, "--format", "json").stdout)

    text = (folder / ARTICLE).read_text()
    assert len(told["sha256"]) == 64
    assert [text[: each["at"]].count("\n") + 1 for each in told["repairs"]] == [each["line"] for each in told["repairs"]]


def test_a_source_that_was_never_audited_is_one_line(folder: Path) -> None:
    (folder / "other.wiki").write_text("A.<ref>{{Cite web|url=https://a.test/}}</ref>")

    told = fix(folder, "other.wiki")

    assert told.returncode == 3
    assert told.stderr.count("\n") == 1
    assert "source-audit run" in told.stderr


def test_a_source_that_changed_since_is_not_patched(folder: Path) -> None:
    article = folder / ARTICLE
    before = article.read_bytes()
    article.write_bytes(before + b"\nmore\n")

    told = fix(folder, ARTICLE)
    article.write_bytes(before)

    assert (told.returncode, told.stdout) == (3, "")
    assert "has changed since it was audited" in told.stderr
