"""Documents and program, held together: commands, codes, reasons, columns, the SQL of the README."""

import re
import sqlite3
from pathlib import Path

import pytest

from audit import findings, integrity, style
from audit.cli import COMMANDS
from audit.reports.phrases import REASONS
from audit.settings import Settings
from audit.store.upgrading import upgrade
from audit.store.views import VIEWS
from tests.lab.scenarios import SCENARIOS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ACCURACY = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([a-z][a-z0-9-]+)`")
FINDING = re.compile(r'(?:finding\(\s*cited,\s*|code=)"([a-z][a-z0-9-]+)"')


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_readme(command: str) -> None:
    assert f"`{command}" in README


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_stands_in_its_list(reason: str) -> None:
    listed = (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8")

    assert f"`{reason}`" in listed


def test_every_finding_code_that_the_program_writes_stands_in_its_list() -> None:
    listed = set(CODE.findall((ROOT / "docs" / "findings.md").read_text(encoding="utf-8")))
    rooms = (Path(findings.__file__), Path(integrity.__file__), Path(style.__file__))
    written = {code for room in rooms for code in FINDING.findall(room.read_text(encoding="utf-8"))} | set(findings.CODES)

    assert written - listed == set()


RULE = re.compile(r'rule(?:=| = )"((?:wall|soft404|redirect|placeholder|takeover|drift|content)\.[a-z0-9-]+)"')
NEVER_AGAINST = {
    "drift.changed",
    "content.matches",
    "content.not-free",
    "content.file",
    "redirect.moved",
    "soft404.probe-honest",
    "soft404.probe-differs",
}
"""Rules that speak for a page or only tell of it."""


def test_every_rule_that_speaks_against_a_page_stands_in_its_list() -> None:
    listed = set(re.findall(r"`([a-z0-9]+\.[a-z0-9-]+)`", (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")))
    rooms = [ROOT / "audit" / name for name in ("liveness.py", "soft404.py", "takeover.py", "walls.py", "data/walls.toml")]
    written = {rule for room in rooms for rule in RULE.findall(room.read_text(encoding="utf-8"))}

    assert written - NEVER_AGAINST - listed == set()


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_every_column_of_every_view_stands_in_its_list(view: object) -> None:
    text = (ROOT / "docs" / "views.md").read_text(encoding="utf-8")
    section = text.partition(f"## {view.name}\n")[2].partition("\n## ")[0]  # type: ignore[attr-defined]

    missing = [column.name for column in view.columns if f"| `{column.name}` |" not in section]  # type: ignore[attr-defined]

    assert missing == []


@pytest.mark.parametrize(
    "query", re.findall(r"```sql\n(.*?)```", README, re.DOTALL), ids=lambda query: " ".join(query.split())[:60]
)
def test_the_sql_of_the_readme_runs(query: str, tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path / 'audit.db'}")

    with sqlite3.connect(tmp_path / "audit.db") as connection:
        connection.execute(query)


def test_the_two_commands_of_the_readme_are_those_that_ci_and_the_demo_use() -> None:
    assert "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/source-audit demo" in README
    assert "sh tests/run" in README
    assert "sh tests/run" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_command_that_measures_accuracy_is_there() -> None:
    named = re.findall(r"^python -m (benchmarks\.\w+)", ACCURACY, re.MULTILINE)

    missing = [module for module in named if not (ROOT / f"{module.replace('.', '/')}.py").exists()]

    assert named
    assert missing == []


@pytest.mark.parametrize("kind", dict.fromkeys(scenario.kind for scenario in SCENARIOS))
@pytest.mark.parametrize("table", ["What each program says after one run", "The states of source-audit", "Requests"])
def test_every_kind_of_the_lab_has_its_row_among_the_measurements(table: str, kind: str) -> None:
    section = ACCURACY.partition(f"### {table}")[2].partition("\n### ")[0]

    assert f"| `{kind}` |" in section


def test_two_peers_stand_beside_us_in_every_comparison() -> None:
    headers = [line for line in ACCURACY.splitlines() if re.match(r"\|.+\| source-audit \|", line)]

    without = [header for header in headers if not ("| lychee |" in header and "| LinkChecker |" in header)]

    assert len(headers) >= 3
    assert without == []


def test_no_lock_names_a_package_index() -> None:
    named = [path.name for path in (ROOT / "locks").iterdir() if "://" in path.read_text(encoding="utf-8")]

    assert named == []


def test_every_word_of_the_glossary_is_defined_once() -> None:
    rows = re.findall(r"^\| (.+?) \|", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"), re.MULTILINE)
    words = [row for row in rows if row not in {"word", "---"}]

    assert len(words) == len(set(words))


def test_the_settings_are_named_in_the_configuration_file() -> None:
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")

    missing = [name for name in Settings.__slots__ if not re.search(rf"^(?:# )?{name}:", text, re.MULTILINE)]

    assert missing == []
