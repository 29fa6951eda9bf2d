"""Every finding about archive copies, provoked by one page: a real archive, a loopback web, and the whole run."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engines.loopback import serving as live_web
from tests.real import front as fronts, pywb, warc

pytestmark = pytest.mark.real

NIGHTS = ("2026-03-01T12:00", "2026-03-06T12:00", "2026-03-12T12:00", "2026-03-20T12:00")
COPIES = "https://web.archive.org/web"
STORY = warc.story_url(warc.HOSTS[0], 0)
SOFT = f"{warc.SPECIAL}/soft"
PARKED = f"{warc.SPECIAL}/parked"
LATER = f"{warc.SPECIAL}/later-404"


def live(name: str) -> str:
    return f"http://live.test/{name}"


def cite(url: str | None, **parameters: str) -> str:
    named = ({"url": url} if url else {}) | {"title": "The old bridge over the river", "date": "1 January 2009"} | parameters
    return "<ref>{{cite web|" + "|".join(f"{name.replace('_', '-')}={value}" for name, value in named.items()) + "}}</ref>"


def page(archive: str) -> str:
    """The page, with copies that the archive at this address plays and others that are judged by their address alone."""

    def kept(url: str, stamp: str = "20150601120000") -> str:
        return f"{COPIES}/{stamp}/{url}"

    def copied(name: str, address: str, day: str = "2015-06-01") -> str:
        return cite(live(name), archive_url=address, archive_date=day, access_date="2015-06-01")

    citations = {
        "no-capture": cite(live("never-kept"), access_date="2015-06-01"),
        "archive-available, early": cite(STORY, title=warc.title(warc.HOSTS[0], 0), access_date="2010-03-02"),
        "archive-available, late": cite(STORY, title=warc.title(warc.HOSTS[0], 0), access_date="2020-09-02"),
        "a soft-404 is nearest": cite(SOFT, title=warc.title("special.test", 6), access_date="2017-01-15"),
        "a parked domain is nearest": cite(PARKED, title=warc.title("special.test", 10), access_date="2016-01-15"),
        "archive-url-broken": cite(LATER, archive_url=f"{archive}/web/20180115120000/{LATER}", archive_date="2018-01-15"),
        "archive-excluded": cite(f"{warc.SPECIAL}/excluded", access_date="2014-01-15"),
        "archive-after-death": cite(
            f"{warc.SPECIAL}/gone", archive_url=kept(f"{warc.SPECIAL}/gone", "20260310120000"), archive_date="2026-03-10"
        ),
        "archive-date-mismatch": copied("a", kept(live("a")), "2015-07-01"),
        "archive-of-another-url": copied("b", kept(live("another"))),
        "archive-before-publication": copied("c", kept(live("c"), "20080601120000"), "2008-06-01"),
        "archive-url-is-cited-url": cite(kept(live("d")), access_date="2015-06-01"),
        "archive-url-not-a-capture": copied("e", kept(live("e"), "*")),
        "archive-deprecated": copied("f", f"https://archive.ph/20150601120000/{live('f')}"),
        "archive-service-gone": copied("g", f"https://www.webcitation.org/query?url={live('g')}&date=2015-06-01"),
        "archive-of-archive": copied("h", kept(kept(live("h")))),
        "archive-date-missing": cite(live("i"), archive_url=kept(live("i")), access_date="2015-06-01"),
        "archive-url-missing": cite(live("j"), archive_date="2015-06-01", access_date="2015-06-01"),
        "archive-without-url": cite(None, archive_url=kept(live("k")), archive_date="2015-06-01"),
        "archive-predates-access": cite(
            live("m"), archive_url=kept(live("m"), "20100601120000"), archive_date="2010-06-01", access_date="2015-06-01"
        ),
    }
    return "\n".join(f"* {what}. {citation}" for what, citation in citations.items())


@dataclass(frozen=True, slots=True)
class Told:
    """What the last night found, and where the archive stands."""

    archive: str
    asked: list[str]
    rows: list[tuple[str, str, str | None]]

    def advice(self, code: str, url: str) -> list[str | None]:
        return [advice for named, about, advice in self.rows if (named, about) == (code, url)]


def configured(folder: Path, *, web: int, archive: str) -> None:
    """The loopback web and the archive, without manners."""
    hosts = dict.fromkeys(("live.test", "special.test", warc.HOSTS[0]), f"127.0.0.1:{web}")
    polite = {"contact": "tests@example.org", "per_host": {"delay_s": 0}, "canaries": [], "allow_networks": ["127.0.0.0/8"]}
    pace = {"playback_per_min": 60_000, "index_per_min": 60_000}
    settings = {
        "web": polite | {"resolve": hosts},
        "archives": [{"name": "wayback", "kind": "wayback", "base_url": archive, "pace": pace}],
        "soft404": {"probes": "never"},
        "takeover": {"rdap": "never"},
    }
    (folder / "config.yaml").write_text(json.dumps(settings))


def audited(folder: Path, night: str) -> list[tuple[str, str, str | None]]:
    """One night; the findings that stand after it."""
    command = [sys.executable, "-m", "audit", "--now", f"{night}:00Z", "run", "page.wiki"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(folder / "audit.db") as connection:
        return connection.execute("SELECT code, url, advice FROM current_findings").fetchall()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("findings")
    with live_web() as web, pywb.running() as upstream, fronts.serving(upstream) as front:
        web.gone |= {
            url.removeprefix(warc.SPECIAL) for url in (SOFT, PARKED, LATER, f"{warc.SPECIAL}/excluded", f"{warc.SPECIAL}/gone")
        }
        web.gone.add(STORY.removeprefix(f"http://{warc.HOSTS[0]}"))
        configured(folder, web=web.port, archive=front.url)
        (folder / "page.wiki").write_text(page(front.url))
        for night in NIGHTS:
            rows = audited(folder, night)
        yield Told(archive=front.url, asked=[hit.path for hit in front.hits], rows=rows)


ABOUT_COPIES = (
    "no-capture",
    "archive-available",
    "archive-url-broken",
    "archive-excluded",
    "archive-after-death",
    "archive-date-mismatch",
    "archive-of-another-url",
    "archive-before-publication",
    "archive-predates-access",
    "archive-url-is-cited-url",
    "archive-url-not-a-capture",
    "archive-deprecated",
    "archive-service-gone",
    "archive-of-archive",
    "archive-date-missing",
    "archive-url-missing",
    "archive-without-url",
)


@pytest.mark.parametrize("code", ABOUT_COPIES)
def test_every_finding_about_copies_appears(told: Told, code: str) -> None:
    assert code in {named for named, *_ in told.rows}


def test_each_of_two_citations_of_one_page_is_offered_the_copy_of_its_time(told: Told) -> None:
    offered = told.advice("archive-available", STORY)

    assert sorted(each or "" for each in offered) == [
        f"archive-url={told.archive}/web/20100301120000/{STORY} |archive-date=2010-03-01 |url-status=dead",
        f"archive-url={told.archive}/web/20200901120000/{STORY} |archive-date=2020-09-01 |url-status=dead",
    ]


@pytest.mark.parametrize(("url", "day"), [(SOFT, "2011-01-15"), (PARKED, "2012-01-15")], ids=["soft-404", "parked"])
def test_a_copy_of_what_stood_in_for_the_page_is_refused_and_the_next_one_offered(told: Told, url: str, day: str) -> None:
    offered = told.advice("archive-available", url)

    kept = f"{told.archive}/web/{day.replace('-', '')}120000/{url}"
    assert offered == [f"archive-url={kept} |archive-date={day} |url-status=dead"]


def test_what_an_archive_does_not_show_is_never_called_no_capture(told: Told) -> None:
    assert told.advice("archive-excluded", f"{warc.SPECIAL}/excluded")
    assert not told.advice("no-capture", f"{warc.SPECIAL}/excluded")


def test_an_address_that_names_no_capture_is_judged_by_its_words_and_never_asked_for(told: Told) -> None:
    """The archive would answer with a page of its own, as it does while it is down: its allowance would close for a minute."""
    asked = [path for path in told.asked if "*" in path]

    assert told.advice("archive-url-not-a-capture", live("e"))
    assert not asked


def test_a_walk_over_copies_that_an_outage_interrupted_goes_on_the_next_night(tmp_path: Path) -> None:
    """The nearest copy shows an error page, and the archive goes down before the next one is open."""
    nearest, good = (f"/web/{day}120000id_/{SOFT}" for day in ("20170115", "20110115"))
    with live_web() as web, pywb.running() as upstream, fronts.serving(upstream) as front:
        web.gone.add(SOFT.removeprefix(warc.SPECIAL))
        configured(tmp_path, web=web.port, archive=front.url)
        (tmp_path / "page.wiki").write_text(cite(SOFT, title=warc.title("special.test", 6), access_date="2017-01-15"))
        front.fail(good, fronts.Fault(http_status=503), times=100)
        audited(tmp_path, NIGHTS[0])
        opened = front.count(nearest), front.count(good)
        front.fail(good)

        rows = audited(tmp_path, "2026-03-02T12:00")

        assert all(opened)
        assert front.count(nearest) == opened[0]
        assert front.count(good) == opened[1] + 1
        asked = len(front.hits)
        audited(tmp_path, "2026-03-03T12:00")
        assert len(front.hits) == asked
        assert any(f"archive-url={front.url}{good.replace('id_', '')} " in (advice or "") for _, _, advice in rows)


@pytest.mark.parametrize("path", ["/only-errors", "/circle-a"], ids=["errors", "redirects"])
def test_an_archive_that_lists_nothing_of_use_is_not_asked_again_the_next_night(tmp_path: Path, path: str) -> None:
    with live_web() as web, pywb.running() as upstream, fronts.serving(upstream) as front:
        web.gone.add(path)
        configured(tmp_path, web=web.port, archive=front.url)
        (tmp_path / "page.wiki").write_text(cite(f"{warc.SPECIAL}{path}", access_date="2014-01-15"))
        asked = []

        for night in ("2026-03-01T12:00", "2026-03-02T12:00", "2026-03-03T12:00"):
            audited(tmp_path, night)
            asked.append(len(front.hits))

        assert 0 < asked[0] == asked[1] == asked[2], [hit.path for hit in front.hits]
