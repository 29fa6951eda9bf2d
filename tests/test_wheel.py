"""The wheel: what a user installs holds everything it needs, also far from a checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel, and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    subprocess.run([*build, "-w", str(folder), str(ROOT)], check=True, capture_output=True)
    wheel = next(folder.glob("*.whl"))
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-P", "-m", "audit", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_the_wheel_ships_the_migrations_and_the_data(installed: Path) -> None:
    assert list((installed / "audit" / "_migrations" / "versions").glob("0001*.py"))
    assert (installed / "audit" / "data" / "walls.toml").exists()
    assert (installed / "audit" / "reports" / "report.schema.json").exists()
    assert (installed / "audit" / "py.typed").exists()


def test_an_installed_program_makes_its_database_and_reads_a_document(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.wiki").write_text("Words.<ref>{{Cite web |url=http://a.example/x |title=A title}}</ref>")

    told = run(installed, "ingest", "a.wiki", cwd=tmp_path)
    current = run(installed, "db", "current", cwd=tmp_path)

    assert told.returncode == 0, told.stderr
    assert "revision" in current.stdout
    assert (tmp_path / "audit.db").exists()


def test_the_version_is_said_without_loading_the_pipeline(installed: Path, tmp_path: Path) -> None:
    told = run(installed, "--version", cwd=tmp_path)

    assert told.stdout.startswith("source-audit, version ")
