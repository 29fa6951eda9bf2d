"""`source-audit` on pages of a live wiki, end to end: what is read, stored, asked again and said."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import audit
from audit.errors import DocumentError
from tests.real import wiki_front
from tests.real.mediawiki import MediaWiki
from tests.real.wiki_front import Edge, WikiFront

pytestmark = pytest.mark.real

CONTACT = "desk@news.example"
OLD = """Moved.<ref name="kept">{{Cite web |url=https://one.test/story |title=One |archive-url=https://web.archive.org/web/2020/https://one.test/story}}</ref>
Gone.<ref>{{Cite web |url=https://two.test/gone |title=Two}}</ref> Unfounded.{{Citation needed}}
"""
NEW = """Fresh.<ref>{{Cite web |url=https://three.test/new |title=Three}}</ref>
Moved.<ref name="kept">{{Cite web |url=https://one.test/story |title=One}}</ref> Unfounded.
"""
MANY = [f"Unchanging {number:03}" for number in range(500)]


@pytest.fixture(scope="module")
def behind(wiki: MediaWiki) -> Iterator[WikiFront]:
    wiki.load({title: f"[https://cited{number % 40}.test/{number}] [[Category:Many]]" for number, title in enumerate(MANY)})
    with wiki_front.serving(wiki.url) as front:
        yield front


@pytest.fixture
def front(behind: WikiFront) -> WikiFront:
    behind.forget()
    return behind


@pytest.fixture(scope="module")
def edit(wiki: MediaWiki) -> tuple[int, int]:
    """The two revisions of an edit by somebody else."""
    return wiki.save({"Edited bridge": OLD})["Edited bridge"], wiki.save({"Edited bridge": NEW}, by=wiki.other)["Edited bridge"]


def configured(folder: Path, front: WikiFront, *, name: str = "testwiki") -> None:
    web = {"contact": CONTACT, "allow_networks": ["127.0.0.0/8"], "canaries": [], "retry_after_s": [0.05]}
    (folder / "config.yaml").write_text(yaml.safe_dump({"web": web, "wiki": {"sites": {name: front.api}}}))


def source_audit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SOURCE_AUDIT")}
    command = [sys.executable, "-m", "audit", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, timeout=120, check=False)


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(folder / "audit.db") as connection:
        return connection.execute(query).fetchall()


def test_a_page_is_stored_with_what_its_wiki_says_of_it(
    tmp_path: Path, wiki: MediaWiki, front: WikiFront, edit: tuple[int, int]
) -> None:
    configured(tmp_path, front)

    done = source_audit(tmp_path, "run", "--no-fetch", "--no-captures", "testwiki:Edited bridge")

    assert done.returncode == 0, done.stderr
    assert rows(tmp_path, "select source, kind, title, revision, language, wiki, revised_at is not null from documents") == [
        ("testwiki:Edited bridge", "wikitext", "Edited bridge", str(edit[1]), "en", "testwiki", 1)
    ]
    assert {url for (url,) in rows(tmp_path, "select url from current_citations")} == {
        "https://one.test/story",
        "https://three.test/new",
    }
    assert all(hit.headers["User-Agent"].startswith(f"source-audit/0.1.0 ({CONTACT})") for hit in front.hits)


def test_a_diff_is_two_whole_revisions_compared_by_us(tmp_path: Path, front: WikiFront, edit: tuple[int, int]) -> None:
    configured(tmp_path, front, name="enwiki")
    address = f"https://en.wikipedia.org/w/index.php?title=Edited_bridge&diff={edit[1]}&oldid={edit[0]}"

    done = source_audit(tmp_path, "run", "--no-fetch", "--no-captures", address)

    assert done.returncode == 0, done.stderr
    assert rows(tmp_path, "select source, kind, title, revision, wiki from documents") == [
        (address, "diff", "Edited bridge", str(edit[1]), "enwiki")
    ]
    assert sorted(rows(tmp_path, "select side, url from current_citations")) == [
        ("added", "https://three.test/new"),
        ("kept", "https://one.test/story"),
        ("removed", "https://two.test/gone"),
    ]
    assert {"archive-dropped", "tag-removed"} <= {code for (code,) in rows(tmp_path, "select code from current_findings")}


def test_a_page_of_another_language_is_read_with_the_names_of_its_edition(
    tmp_path: Path, wiki: MediaWiki, front: WikiFront
) -> None:
    wiki.save({"Broen": "A.<ref>{{Kilde www|url=https://bro.test/ny|tittel=Ny bro|besøksdato=3. mai 2021}}</ref>"})
    front.always["X-Wiki-Language"] = "nb"
    configured(tmp_path, front, name="nowiki")

    done = source_audit(tmp_path, "ingest", "nowiki:Broen")

    assert done.returncode == 0, done.stderr
    assert rows(tmp_path, "select language from documents") == [("nb",)]
    assert rows(tmp_path, "select title, access_date from current_citations") == [("Ny bro", "2021-05-03")]


def test_500_unchanged_pages_are_not_fetched_again(tmp_path: Path, wiki: MediaWiki, front: WikiFront) -> None:
    configured(tmp_path, front)
    first = source_audit(tmp_path, "ingest", "testwiki:Category:Many")
    changed = wiki.save({MANY[7]: "Another text https://fresh.test/ [[Category:Many]]"})[MANY[7]]
    front.forget()

    again = source_audit(tmp_path, "ingest", "testwiki:Category:Many")

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert rows(tmp_path, "select count(*) from documents") == [(500,)]
    assert [hit.asked["revids"] for hit in front.asked(prop="revisions")] == [str(changed)]
    assert len(front.hits) <= 1 + 500 / 50 + 1  # the wiki's words, the pages, the one that changed
    assert again.stdout.startswith(f"testwiki:{MANY[7]}: wikitext")
    assert again.stdout.count("\n") == 1
    assert rows(tmp_path, f"select revision from documents where title = '{MANY[7]}'") == [(str(changed),)]


def test_what_cannot_be_read_is_one_line_each_and_the_others_go_on(
    tmp_path: Path, front: WikiFront, edit: tuple[int, int]
) -> None:
    configured(tmp_path, front)
    (tmp_path / "own.wiki").write_text("A<ref>https://four.test/</ref>")
    names = ["testwiki:Never written", "elsewhere:Page", "https://news.test/story.html", "testwiki:Edited bridge", "own.wiki"]

    done = source_audit(tmp_path, "ingest", *names)

    assert done.returncode == 3
    assert [line.partition(": ")[2].partition(": ")[0] for line in done.stderr.splitlines()] == [
        "elsewhere:Page",
        "https://news.test/story.html",
        "testwiki:Never written",
    ]
    assert rows(tmp_path, "select count(*) from documents") == [(2,)]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"X-Wiki-Private": "1"}, "lets only its members read"),
        (
            Edge(http_status=403, body="Set a User-Agent with a contact.", content_type="text/plain"),
            "Set a User-Agent with a contact.",
        ),
        (Edge(http_status=404, body="<html>"), "no MediaWiki API"),
    ],
    ids=["private wiki", "User-Agent refused", "no wiki"],
)
def test_a_wiki_that_refuses_is_asked_once_for_all_its_sources(
    tmp_path: Path, front: WikiFront, fault: Edge | dict[str, str], said: str
) -> None:
    configured(tmp_path, front)
    front.always |= {} if isinstance(fault, Edge) else fault
    front.answer(*[fault] * 9 if isinstance(fault, Edge) else ())

    done = source_audit(tmp_path, "ingest", "testwiki:Edited bridge", "testwiki:Category:Many")

    assert done.returncode == 3
    assert done.stderr.count(said) == done.stderr.count("\n") == 2
    assert len(front.hits) <= 2


def test_a_report_on_a_page_takes_any_way_to_write_it(tmp_path: Path, front: WikiFront, edit: tuple[int, int]) -> None:
    configured(tmp_path, front)
    source_audit(tmp_path, "ingest", "testwiki:Edited bridge")

    shown = source_audit(tmp_path, "report", "--format", "csv", "--document", f"{front.url}/wiki/Edited_bridge#Part")

    assert "https://three.test/new" in shown.stdout


BAD = {
    "no address": ({"sites": {"ourwiki": "wiki.example.org"}}, "sites.ourwiki"),
    "nothing at once": ({"concurrency": 0}, "concurrency"),
    "too much at once": ({"batch": 501}, "batch"),
    "unknown key": ({"maxlags": 5}, "maxlag"),
}


@pytest.mark.parametrize(("wiki_settings", "named"), BAD.values(), ids=BAD)
def test_a_wrong_wiki_setting_is_one_line_that_names_it(tmp_path: Path, wiki_settings: dict[str, object], named: str) -> None:
    (tmp_path / "config.yaml").write_text(yaml.safe_dump({"wiki": wiki_settings}))

    done = source_audit(tmp_path, "config", "check")

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert named in done.stderr


def test_other_programs_may_name_pages_of_a_wiki_and_are_held_to_the_same_guard(wiki: MediaWiki) -> None:
    with pytest.raises(DocumentError, match=r"web\.allow_networks"):
        audit.read(f"{wiki.url}/wiki/Edited_bridge")
