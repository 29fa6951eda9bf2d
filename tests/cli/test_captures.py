"""captures import and captures list, as they are typed."""

import csv
import gzip
import io
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from audit.store import writes
from audit.store.opening import open_store
from tests.engines.loopback import serving
from tests.make import NOON, capture, search
from tests.store.values import document, read

DIGEST = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
HEADER = " CDX N b a m s k r M S V g\n"


def line(timestamp: str = "20160115120000", path: str = "a") -> str:
    return f"org,example)/{path} {timestamp} http://www.example.org/{path} text/html 200 {DIGEST} - - 4312 99 a.warc.gz\n"


def source_audit(folder: Path, *arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SOURCE_AUDIT")}
    command = [sys.executable, "-m", "audit", *arguments]
    done = subprocess.run(command, cwd=folder, input=stdin, capture_output=True, env=environment, timeout=60, check=False)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def count(folder: Path) -> int:
    with sqlite3.connect(folder / "audit.db") as connection:
        return int(connection.execute("select count(*) from capture_index").fetchone()[0])


def test_files_of_several_formats_are_imported_and_counted(tmp_path: Path) -> None:
    (tmp_path / "one.cdx").write_text(HEADER + line() + line("20170115120000"))
    (tmp_path / "two").write_bytes(gzip.compress((line() + line(path="b")).encode()))

    done = source_audit(tmp_path, "captures", "import", "one.cdx", "two", "--archive", "wayback")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "one.cdx: 2 captures, 2 of them new\ntwo: 2 captures, 1 of them new\n"
    assert count(tmp_path) == 3


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "one.cdx").write_text(HEADER + line())
    source_audit(tmp_path, "captures", "import", "one.cdx", "--archive", "wayback")
    before = source_audit(tmp_path, "captures", "list")

    done = source_audit(tmp_path, "captures", "import", "one.cdx", "--archive", "wayback")

    assert done.stdout == "one.cdx: 1 captures, 0 of them new\n"
    assert source_audit(tmp_path, "captures", "list").stdout == before.stdout


def test_bad_lines_are_counted_and_shown_and_the_others_go_in(tmp_path: Path) -> None:
    text = HEADER + line() + "rubbish\n" * 7 + line(path="b") + f"dns:a 20160115120000 dns:a text/dns - {DIGEST} - - 1 1 a\n"

    done = source_audit(tmp_path, "captures", "import", "-", "--archive", "wayback", stdin=text.encode())

    assert done.returncode == 0
    assert done.stdout == "-: 2 captures, 2 of them new, 1 records of other things than web pages\n"
    assert done.stderr.splitlines()[:2] == [
        "source-audit: -: 7 bad lines left out",
        "  line 3: 1 columns, where the header names 11: rubbish",
    ]
    assert done.stderr.splitlines()[-1] == "  ... and 2 more"


def test_a_file_that_is_no_index_is_told_and_the_others_are_imported(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("eggs\nmilk\n")
    (tmp_path / "one.cdx").write_text(HEADER + line())

    done = source_audit(tmp_path, "captures", "import", "list.txt", "missing", "one.cdx", "--archive", "wayback")

    assert done.returncode == 3
    assert done.stderr == (
        "source-audit: list.txt: is no capture index (line 1: 1 columns); name a CDX, CDXJ or WACZ file\n"
        "source-audit: missing: cannot be read (No such file or directory)\n"
    )
    assert count(tmp_path) == 1


BASES = {
    "as everybody knows": (("wayback",), "https://web.archive.org/web/20160115120000/http://www.example.org/a"),
    "as typed": (("w", "--base", "http://127.0.0.1/x/"), "http://127.0.0.1/x/20160115120000/http://www.example.org/a"),
    "as configured": (("ours",), "http://127.0.0.1:81/web/20160115120000/http://www.example.org/a"),
    "the public name without its path": (
        ("w", "--base", "https://web.archive.org"),
        "https://web.archive.org/web/20160115120000/http://www.example.org/a",
    ),
}


@pytest.mark.parametrize(("arguments", "memento_url"), BASES.values(), ids=BASES)
def test_where_captures_are_played_back(tmp_path: Path, arguments: tuple[str, ...], memento_url: str) -> None:
    (tmp_path / "config.yaml").write_text(
        "archives: [{name: ours, kind: wayback, base_url: 'http://127.0.0.1:81'}]\nweb: {contact: a@example.org}\n"
    )
    source_audit(tmp_path, "captures", "import", "-", "--archive", *arguments, stdin=line().encode())

    done = source_audit(tmp_path, "captures", "list", "https://example.org/a", "--format", "json")

    assert [row["memento_url"] for row in json.loads(done.stdout)] == [memento_url]


MISTAKES = {
    "no archive": (("-",), "Missing option '--archive'"),
    "no file": (("--archive", "wayback"), "Missing argument 'FILE...'"),
    "an archive nobody knows": (("-", "--archive", "x"), "--archive x: say where it plays captures back"),
    "a base that is no address": (("-", "--archive", "x", "--base", "web.archive.org"), "is no web address"),
}


@pytest.mark.parametrize(("arguments", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_that_says_what_to_change(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    done = source_audit(tmp_path, "captures", "import", *arguments, stdin=line().encode())

    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_list_joins_the_index_and_earlier_searches(tmp_path: Path) -> None:
    url = "http://www.example.org/a"
    text = line() + line("20170115120000")
    source_audit(tmp_path, "captures", "import", "-", "--archive", "wayback", stdin=text.encode())
    store = open_store(f"sqlite:///{tmp_path}/audit.db")
    read(store, document(url))
    both = capture(url=url, memento_url=f"https://web.archive.org/web/20170115120000/{url}", captured_at=NOON.replace(year=2017))
    with store.write() as conn:
        writes.write_searches(conn, [search(url=url, captures=(both,)), search(url=url, archive="library", captures=())])
    store.close()

    shown = source_audit(tmp_path, "captures", "list", url, "--format", "csv")

    rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(shown.stdout)))
    assert [(row["archive"], row["captured_at"][:4], row["known_from"], row["answer"]) for row in rows] == [
        ("wayback", "2016", "index", "yes"),
        ("wayback", "2017", "index, search", "yes"),
        ("library", "", "search", "no"),
    ]


def test_what_is_not_known_is_said(tmp_path: Path) -> None:
    source_audit(tmp_path, "captures", "import", "-", "--archive", "wayback", stdin=b"")

    assert source_audit(tmp_path, "captures", "list", "http://nobody.example/").stdout.endswith(
        "nothing is known of http://nobody.example/\n"
    )
    assert source_audit(tmp_path, "captures", "list", "http://nobody.example/", "--format", "json").stdout == "[]\n"
    assert source_audit(tmp_path, "captures", "list").stdout.endswith("no capture index was imported\n")


ARTICLE = """\
<ref>{{cite web |url=http://www.example.org/a |title=The old bridge |access-date=2016-01-20}}</ref>
<ref>{{cite web |url=http://www.example.org/b |title=The old river |access-date=2016-01-20}}</ref>
<ref>{{cite web |url=http://www.example.org/c |title=The old mill |access-date=2010-01-20}}</ref>
"""
INDEX = HEADER + line() + line("20190115120000") + line(path="c")


def asked(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(folder / "audit.db") as connection:
        return connection.execute(query).fetchall()


LINKS = "select url, archived, best_memento_url from current_links order by url"
FOUND = [
    ("http://www.example.org/a", "yes", "https://web.archive.org/web/20190115120000/http://www.example.org/a"),
    ("http://www.example.org/b", "unknown", None),
    ("http://www.example.org/c", "yes", "https://web.archive.org/web/20160115120000/http://www.example.org/c"),
]


def configured(folder: Path, port: int) -> None:
    settings = {
        "web": {
            "contact": "a@example.org",
            "allow_networks": ["127.0.0.0/8"],
            "resolve": {"www.example.org": f"127.0.0.1:{port}"},
            "per_host": {"delay_s": 0},
            "canaries": [],
        },
        "archives": [],
    }
    (folder / "config.yaml").write_text(json.dumps(settings))
    (folder / "article.wiki").write_text(ARTICLE)


def test_what_was_cited_before_the_import_is_looked_up_at_once(tmp_path: Path) -> None:
    configured(tmp_path, 9)
    source_audit(tmp_path, "ingest", "article.wiki")

    done = source_audit(tmp_path, "captures", "import", "-", "--archive", "wayback", stdin=INDEX.encode())
    again = source_audit(tmp_path, "captures", "import", "-", "--archive", "wayback", stdin=INDEX.encode())

    assert done.stdout == "-: 3 captures, 3 of them new\n2 cited URLs found in the index\n"
    assert again.stdout == "-: 3 captures, 0 of them new\n"
    assert asked(tmp_path, LINKS) == FOUND
    copies = asked(tmp_path, "select url, captured_at from current_citations where captured_at is not null order by url")
    assert [(url, day[:10]) for url, day in copies] == [
        ("http://www.example.org/a", "2016-01-15"),
        ("http://www.example.org/c", "2016-01-15"),
    ]


def test_what_is_cited_after_the_import_is_found_by_the_run_without_a_request(tmp_path: Path) -> None:
    with serving() as web:
        configured(tmp_path, web.port)
        source_audit(tmp_path, "captures", "import", "-", "--archive", "wayback", stdin=INDEX.encode())

        done = source_audit(tmp_path, "run", "article.wiki")
        source_audit(tmp_path, "run", "article.wiki")

    assert done.returncode == 0, done.stderr
    assert asked(tmp_path, LINKS) == FOUND
    answers = "select archive, url, captures, substr(near, 1, 10) from searches join cited_urls using (url_key) order by url"
    assert asked(tmp_path, answers) == [  # and the second run has nothing to add
        ("capture-index", "http://www.example.org/a", 2, "2016-01-20"),
        ("capture-index", "http://www.example.org/c", 1, "2016-01-15"),
    ]
