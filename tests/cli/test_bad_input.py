"""Bad input is one clear line that says what to change, with the right exit code; never a traceback, nothing written half."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = "== History ==\nA bridge.<ref>{{Cite web |url=https://news.example.com/a |title=A bridge}}</ref>\n"


def source_audit(folder: Path, *arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SOURCE_AUDIT")}
    command = [sys.executable, "-m", "audit", *arguments]
    done = subprocess.run(command, cwd=folder, input=stdin, capture_output=True, env=environment, timeout=60, check=False)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def written(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return name


UNREADABLE = {
    "missing": (None, "no such file"),
    "empty": (b"", "empty"),
    "white space": (b" \n\n\t ", "empty"),
    "binary noise": (bytes(range(256)) * 40, "binary"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(400), ""),
    "a page of another site": (b"Weather today\n\nSunny with some wind in the afternoon.\nTomorrow more of the same.\n" * 20, ""),
}


@pytest.mark.parametrize(("content", "sentence"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_source_that_cannot_be_read_is_named_with_the_reason_and_exits_3(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    name = "source.txt" if content is None else written(tmp_path, "source.txt", content)

    done = source_audit(tmp_path, "ingest", name)

    assert done.returncode == 3, done.stderr
    assert done.stderr.count("\n") == 1
    assert "source.txt" in done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_sources_that_can_be_read_are_audited_although_others_cannot(tmp_path: Path) -> None:
    good, bad = written(tmp_path, "good.wiki", GOOD), written(tmp_path, "bad.wiki", b"\x00\x01\x02" * 100)

    done = source_audit(tmp_path, "ingest", good, bad, "missing.wiki")

    assert done.returncode == 3
    assert [line.split(":")[1].strip() for line in done.stderr.splitlines()] == ["bad.wiki", "missing.wiki"]
    assert sqlite3.connect(tmp_path / "audit.db").execute("select count(*) from current_citations").fetchone() == (1,)


def test_an_unknown_configuration_key_is_named_with_the_nearest_known_one(tmp_path: Path) -> None:
    written(tmp_path, "config.yaml", "web:\n  concurency: 3\n")

    done = source_audit(tmp_path, "report")

    assert done.returncode == 2
    assert done.stderr == "source-audit: config.yaml: unknown key `web.concurency`; did you mean `concurrency`?\n"


USAGE = {
    "unknown option": (("run", "--fooo"), "--fooo"),
    "unknown command": (("rnu",), "rnu"),
    "bad duration": (("run", "--time-budget", "4"), "write it like 30m"),
    "bad moment": (("--now", "yesterday", "check"), "no ISO date"),
    "no source": (("ingest",), "SOURCE"),
    "bad format": (("report", "--format", "pdf"), "pdf"),
}


@pytest.mark.parametrize(("arguments", "sentence"), USAGE.values(), ids=USAGE.keys())
def test_a_usage_mistake_is_one_line_and_exits_2(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    done = source_audit(tmp_path, *arguments)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert sentence in done.stderr
    assert done.stdout == ""


DATABASES = {
    "no folder": ("sqlite:////nowhere/at/all/audit.db", ""),
    "no server": ("postgresql+psycopg://u:secret@127.0.0.1:1/x", ""),
    "no such kind": ("mysql://127.0.0.1/x", ""),
    "no address": ("audit.db", ""),
}


@pytest.mark.parametrize(("url", "sentence"), DATABASES.values(), ids=DATABASES.keys())
@pytest.mark.parametrize("command", ["ingest", "report"])
def test_a_database_that_cannot_be_reached_exits_4_and_shows_no_password(
    tmp_path: Path, url: str, sentence: str, command: str
) -> None:
    name = written(tmp_path, "good.wiki", GOOD)

    done = source_audit(tmp_path, "--db", url, command, *([name] if command == "ingest" else []))

    assert done.returncode in {2, 4}, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_exist_yet_is_named_to_a_reader(tmp_path: Path) -> None:
    done = source_audit(tmp_path, "report")

    assert done.returncode == 4
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "audit.db").exists()


def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    source_audit(tmp_path, "ingest", written(tmp_path, "good.wiki", GOOD))
    with sqlite3.connect(tmp_path / "audit.db") as connection:
        connection.execute("update alembic_version set version_num = '9999'")

    for command in (["ingest", "good.wiki"], ["report"], ["check"]):
        done = source_audit(tmp_path, *command)
        assert done.returncode == 4, (command, done.stderr)
        assert done.stderr.count("\n") <= 2
        assert "newer" in done.stderr


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    written(tmp_path, "audit.db", b"this is my shopping list, not a database\n" * 50)

    done = source_audit(tmp_path, "ingest", written(tmp_path, "good.wiki", GOOD))

    assert done.returncode == 4
    assert done.stderr.count("\n") == 1
    assert (tmp_path / "audit.db").read_bytes().startswith(b"this is my shopping list")


def test_standard_input_is_a_source(tmp_path: Path) -> None:
    done = source_audit(tmp_path, "ingest", "-", stdin=GOOD.encode())

    assert done.returncode == 0, done.stderr
    assert "1 " in done.stdout


def test_quiet_and_nothing_wrong_is_not_one_byte(tmp_path: Path) -> None:
    written(tmp_path, "config.yaml", "web: {contact: a@example.org}\ncaptures: {search: never}\n")

    done = source_audit(tmp_path, "--quiet", "ingest", written(tmp_path, "good.wiki", GOOD))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


SQL_REFUSED = [
    "delete from fetches",
    "drop view current_links",
    "update citations set title = 'x'",
    "select nonsense(",
    "attach 'x' as y",
]


@pytest.mark.parametrize("query", SQL_REFUSED)
def test_sql_changes_nothing_and_answers_a_mistake_in_one_line(tmp_path: Path, query: str) -> None:
    source_audit(tmp_path, "ingest", written(tmp_path, "good.wiki", GOOD))

    done = source_audit(tmp_path, "sql", query)

    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert sqlite3.connect(tmp_path / "audit.db").execute("select count(*) from current_citations").fetchone() == (1,)


@pytest.mark.parametrize(
    "command", [["config", "check"], ["run"], ["rejudge"], ["explain", "https://a.example/"]], ids=lambda each: each[0]
)
def test_signatures_that_cannot_be_used_end_the_command_before_it_does_anything(tmp_path: Path, command: list[str]) -> None:
    written(tmp_path, "ours.toml", "[[wall]]\nrule = 'wall.x'\nreason = 'nap'\ncookie = ['a']\n")
    written(tmp_path, "config.yaml", "verdicts: {signatures: ours.toml}\n")

    done = source_audit(tmp_path, *command)

    assert done.returncode == 2
    assert done.stderr.startswith("source-audit: verdicts.signatures: 'ours.toml': [[wall]] 1: reason must be one of bot-wall, ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "audit.db").exists()
