"""The whole pipeline on the user's seed: every host of the page on loopback, a little archive, SQLite and PostgreSQL."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import audit
from audit import citing, urls
from audit.demo.serving import RottenWeb, beside
from audit.demo.sites import Answer, Kept, Site
from audit.model import Citation, CitedUrl
from tests import seed
from tests.real.postgres import cluster, new_database

README = Path(__file__).parent.parent.parent / "README.md"
VIEWS = (
    "current_links",
    "current_citations",
    "current_findings",
    "dead_links",
    "unarchived_links",
    "undefined_references",
    "publisher_scores",
    "document_summary",
    "run_history",
)
CAPTURED = "20230920120000"


def page(title: str) -> bytes:
    words = " ".join(f"word{number} of {title}" for number in range(40))
    return f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>{words}</p></body></html>".encode()


def cited() -> list[tuple[CitedUrl, Citation]]:
    """Every cited URL of the seed with a citation of it."""
    found: dict[str, tuple[CitedUrl, Citation]] = {}
    for document in audit.read(str(seed.path())):
        for citation in document.every_citation():
            resource = citing.resource(citation)
            if resource and resource.url not in found:
                found[resource.url] = (resource, citation)
    return list(found.values())


def answer(number: int, citation: Citation) -> Answer:
    """Four pages of five are as cited; the fifth is gone, moved to the front page or refused."""
    shown = Answer(body=page(citation.title or "A page without a cited title"))
    gone = Answer(http_status=404, body=page("404 Not Found"))
    refused = Answer(http_status=403, body=b"<title>Forbidden</title>")
    home = Answer(http_status=302, headers=(("Location", "/"),))
    return {4: gone, 9: refused, 14: home}.get(number % 15, shown)


def sites(known: list[tuple[CitedUrl, Citation]]) -> list[Site]:
    pages: dict[str, dict[str, Answer]] = {}
    for number, (resource, citation) in enumerate(known):
        path = "/" + urls.wire(resource.url).partition("://")[2].partition("/")[2]
        pages.setdefault(resource.host.removeprefix("www."), {})[path] = answer(number, citation)
    return [Site(host=host, name=host, pages=of, port="secure") for host, of in pages.items()]


def captures(known: list[tuple[CitedUrl, Citation]]) -> list[Kept]:
    return [
        Kept(url=resource.url, timestamp=CAPTURED, body=page(citation.title or "A page"))
        for number, (resource, citation) in enumerate(known)
        if number % 2 == 0
    ]


def configuration(web: RottenWeb, database: str) -> dict[str, object]:
    return {
        "database": database,
        "web": {
            "contact": "tests@example.org",
            "per_host": {"concurrency": 2, "delay_s": 0},
            "allow_networks": ["127.0.0.0/8"],
            "resolve": web.resolve,
            "ca_file": web.ca_file,
            "canaries": [],
            "retry_after_s": [0.1, 0.2],
            "max_wait_s": 1,
        },
        "takeover": {"rdap": "never"},
        "archives": [
            {
                "name": "wayback",
                "kind": "wayback",
                "base_url": web.archive_url,
                "api_url": web.archive_url,
                "pace": {"playback_per_min": 60000, "index_per_min": 60000},
            }
        ],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One audited database, the folder of its configuration, and how to ask it from outside."""

    folder: Path
    told: subprocess.CompletedProcess[str]
    shell: list[str]
    web: RottenWeb

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "audit", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)

    def ask(self, query: str) -> str:
        """The answer of the database's own client."""
        done = subprocess.run([*self.shell, query], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def count(self, view: str) -> int:
        return int(self.ask(f"SELECT COUNT(*) FROM {view}"))


@contextmanager
def database(kind: str, folder: Path) -> Iterator[tuple[str, list[str]]]:
    """(address of an empty database, the command of its own client before the query)."""
    client = "sqlite3" if kind == "sqlite" else "psql"
    if shutil.which(client) is None:
        _missing(client)
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'audit.db'}", [client, str(folder / "audit.db")]
        return
    with cluster() as server:
        made = new_database(server)
        yield made, [client, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", made.replace("+psycopg", ""), "-c"]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def night(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    folder = tmp_path_factory.mktemp("night")
    known = cited()
    with database(request.param, folder) as (address, shell), beside(RottenWeb(sites(known), captures(known))) as web:
        (folder / "config.yaml").write_text(json.dumps(configuration(web, address)))
        audited = Night(folder=folder, told=subprocess.CompletedProcess([], 0, "", ""), shell=shell, web=web)
        if request.param == "postgresql":
            assert audited.run("db", "upgrade").returncode == 0
        told = audited.run("run", str(seed.path()))
        assert told.returncode == 0, told.stderr
        yield replace(audited, told=told)


def _missing(part: str) -> None:
    reason = f"{part} is not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.mark.parametrize("view", VIEWS)
def test_a_run_on_the_seed_fills_every_view(night: Night, view: str) -> None:
    assert night.count(view) > 0


def test_every_cited_url_of_the_page_is_fetched_and_judged(night: Night) -> None:
    states = dict(line.split("|") for line in night.ask("SELECT state, COUNT(*) FROM current_links GROUP BY state").splitlines())

    assert sum(map(int, states.values())) == 75
    assert "unknown" not in states
    assert "dead" not in states, "nothing is dead on the first night"
    assert int(states["live"]) == 60


def test_the_states_are_those_of_the_loopback_sites(night: Night) -> None:
    reasons = set(night.ask("SELECT DISTINCT reason FROM current_links").splitlines())

    assert {"ok", "http-404", "forbidden", "redirect-to-root"} <= reasons


def test_captures_are_found_for_what_the_archive_holds_and_no_for_the_rest(night: Night) -> None:
    archived = dict(
        line.split("|") for line in night.ask("SELECT archived, COUNT(*) FROM current_links GROUP BY archived").splitlines()
    )

    assert archived == {"yes": "38", "no": "37"}


def test_the_report_says_what_the_edit_did_to_the_archived_references(night: Night) -> None:
    words = " ".join(night.told.stdout.split())

    assert "replaced 24 references, all with an archive copy, by 55, of which 3 have one" in words
    assert "15 names are used but not defined" in words


def queries() -> list[str]:
    return re.findall(r"```sql\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("query", queries(), ids=lambda query: " ".join(query.split())[:60])
def test_the_databases_own_client_answers_the_example_of_the_readme(night: Night, query: str) -> None:
    night.ask(query)


def test_the_same_query_through_the_program_gives_the_same_rows(night: Night) -> None:
    asked = night.run("sql", "--format", "csv", "SELECT url, state FROM current_links ORDER BY url")

    assert asked.returncode == 0, asked.stderr
    assert len(asked.stdout.splitlines()) == 76


def test_rejudging_sends_no_request_and_changes_nothing(night: Night) -> None:
    before = night.ask("SELECT url, state, reason, confidence FROM current_links ORDER BY url")
    asked = night.web.asked.total()

    told = night.run("rejudge")

    assert told.returncode == 0, told.stderr
    assert "0 changed state" in told.stdout
    assert night.web.asked.total() == asked
    assert night.ask("SELECT url, state, reason, confidence FROM current_links ORDER BY url") == before


def test_a_second_run_the_same_night_asks_no_cited_host(night: Night) -> None:
    asked = night.web.asked.total()

    again = night.run("run", str(seed.path()))

    assert again.returncode == 0, again.stderr
    assert night.web.asked.total() == asked


def test_every_format_of_the_report_is_printed(night: Night) -> None:
    for form in ("text", "markdown", "html", "json", "csv"):
        told = night.run("report", "--format", form)

        assert told.returncode == 0, told.stderr
        assert told.stdout


def test_explaining_a_url_tells_its_story(night: Night) -> None:
    url = night.ask("SELECT MIN(url) FROM current_links WHERE reason = 'http-404'")

    told = night.run("explain", url)

    assert told.returncode == 0, told.stderr
    assert "404" in told.stdout
