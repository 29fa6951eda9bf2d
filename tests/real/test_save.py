"""Saving pages: the front takes them as the Internet Archive does, and pywb really records the live ones."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audit import captures, pacing, saving
from audit.archives import wire
from audit.archives.save import Pass, Stopped, Work, _Desk
from audit.archives.turns import PassClock, Turns
from audit.model import Archived, CaptureSearch, SaveOutcome, SaveRequest, Wanted
from audit.settings import Pace, SaveKeys, Settings, Web
from tests.contracts.desk import NOW, MemoryBook, run_pass, settings as desk_settings
from tests.engines.loopback import LoopbackWeb, serving as live_web
from tests.make import search
from tests.real import front as fronts, pywb, tunnel
from tests.real.front import Fault, Front

pytestmark = pytest.mark.real

ACCESS, SECRET = "the-access-key", "the-hidden-key"
ENVIRONMENT = {"SOURCE_AUDIT_WAYBACK_ACCESS_KEY": ACCESS, "SOURCE_AUDIT_WAYBACK_SECRET_KEY": SECRET}
HOSTS = tuple(f"fresh{number}.test" for number in range(30))
QUICK = Pace(playback_per_min=60_000, index_per_min=60_000, save_per_min=6_000)


@pytest.fixture(scope="module")
def site() -> Iterator[LoopbackWeb]:
    with live_web() as web:
        yield web


@pytest.fixture(scope="module")
def archive(site: LoopbackWeb) -> Iterator[Front]:
    with (
        tunnel.mapped(dict.fromkeys(HOSTS, site.port)) as mapper,
        pywb.running(socks_port=mapper.port) as upstream,
        fronts.serving(upstream) as front,
    ):
        yield front
        assert set(mapper.asked) <= set(HOSTS), "the recorder asked for nothing else"


@pytest.fixture
def front(archive: Front) -> Front:
    archive.forget()
    return archive


@dataclass(slots=True)
class Kept:
    """A book in memory: the last state of each request, and the facts in order."""

    requests: dict[str, SaveRequest] = field(default_factory=dict)
    facts: list[CaptureSearch] = field(default_factory=list)

    async def keep(self, request: SaveRequest, fact: CaptureSearch | None) -> None:
        self.requests[request.url] = request
        self.facts += [fact] if fact else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    finished: list[SaveRequest]
    kept: Kept
    stopped: Stopped | None


def quick(front: Front) -> Settings:
    return desk_settings(front.url, pace=QUICK, max_minutes=1)


async def saved(
    front: Front, *urls: str, jobs: tuple[SaveRequest, ...] = (), keys: tuple[str, str] = (ACCESS, SECRET), now: datetime = NOW
) -> Done:
    kept = Kept()
    one = Pass(settings=quick(front), keys=SaveKeys(access=keys[0], secret=keys[1]), pools=MemoryBook(), book=kept)
    finished = [each async for each in one.run(Work(urls=urls, jobs=jobs), now=now, stop=asyncio.Event())]
    return Done(finished=finished, kept=kept, stopped=one.stopped)


def page(number: int, path: str = "") -> str:
    return f"http://{HOSTS[number]}/story/{path or number}"


def absent(url: str) -> CaptureSearch:
    return search(url=url, asked_at=NOW - timedelta(days=1), witnesses=("timegate-404", "index-empty"))


# ---- one page


async def test_a_live_page_is_recorded_by_the_archive_and_found_by_the_next_search(front: Front) -> None:
    url = page(0)
    done = await saved(front, url)

    _wait_until_indexed(front, url)
    searches, _ = await run_pass([Wanted(url=url, near=(NOW,))], quick(front))

    assert [each.outcome for each in done.finished] == [SaveOutcome.SAVED]
    [told] = [each for each in done.kept.facts if each.captures]
    assert told.witnesses == ("save",)
    assert [each.captures[0].captured_at for each in searches] == [told.captures[0].captured_at]
    assert searches[0].captures[0].memento_url == told.captures[0].memento_url


def _wait_until_indexed(front: Front, url: str) -> None:
    """pywb indexes what it recorded within a second or so."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with urllib.request.urlopen(f"{front.upstream}/web/cdx?url={url}", timeout=5) as answer:
            if answer.read().strip():
                return
        time.sleep(0.1)


async def test_the_request_says_who_asks_and_what_for(front: Front) -> None:
    await saved(front, page(1) + "#part")

    assert front.saves == [
        {"url": page(1), "if_not_archived_within": "30d", "skip_first_archive": "1", "js_behavior_timeout": "0"}
    ]


async def test_a_slow_job_is_asked_about_until_it_is_done(front: Front) -> None:
    front.slow_polls = 3

    done = await saved(front, page(2))

    assert [each.outcome for each in done.finished] == [SaveOutcome.SAVED]
    assert front.count("/save/status/") == 4


async def test_a_job_that_stays_open_is_left_to_the_next_run(front: Front) -> None:
    front.slow_polls = 10_000
    first = await saved(front, page(3))
    for job in front.jobs.values():
        job.polls_left = 0

    [left] = first.kept.requests.values()
    second = await saved(front, jobs=(left,))

    assert first.finished == []
    assert left.outcome is SaveOutcome.ACCEPTED
    assert [each.outcome for each in second.finished] == [SaveOutcome.SAVED]
    assert len(front.saves) == 1


async def test_a_page_that_was_saved_within_the_month_is_not_recorded_again(front: Front) -> None:
    first = await saved(front, page(4))
    _wait_until_indexed(front, page(4))
    second = await saved(front, page(4))

    moments = [each.captures[0].captured_at for done in (first, second) for each in done.kept.facts if each.captures]
    assert len(moments) == 2
    assert moments[0] == moments[1]


async def test_at_most_a_few_jobs_are_open_at_once(front: Front) -> None:
    front.slow_polls = 2

    done = await saved(front, *(page(5, f"many-{number}") for number in range(9)))

    assert [each.outcome for each in done.finished] == [SaveOutcome.SAVED] * 9
    started = [hit.path.startswith("/save/status/") for hit in front.hits]
    assert started.index(True) <= 4


# ---- errors

CODES = [
    *((code, SaveOutcome.TRANSIENT) for code in saving.TRANSIENT),
    *((code, SaveOutcome.PERMANENT) for code in saving.PERMANENT),
    ("too-many-daily-captures", SaveOutcome.QUOTA),
    ("max-daily-bandwidth-exceeded", SaveOutcome.QUOTA_ALL),
    ("no-captures", SaveOutcome.TRANSIENT),
]


@pytest.mark.parametrize("when", ["refused", "fails"])
@pytest.mark.parametrize(("code", "outcome"), CODES, ids=[code for code, _ in CODES])
async def test_every_error_of_the_archive_has_its_class(front: Front, code: str, outcome: SaveOutcome, when: str) -> None:
    getattr(front, when)[page(6)] = f"error:{code}"

    done = await saved(front, page(6))

    [request] = done.finished
    assert (request.outcome, request.code) == (outcome, code)
    assert request.detail
    assert page(6) in request.detail
    assert captures.archived([absent(page(6)), *done.kept.facts], now=NOW + timedelta(minutes=1)) is Archived.NO


async def test_what_the_archive_says_of_the_page_itself_comes_through(front: Front, site: LoopbackWeb) -> None:
    site.gone.add("/story/gone")

    done = await saved(front, page(7, "gone"))

    assert [(each.outcome, each.code) for each in done.finished] == [(SaveOutcome.PERMANENT, "not-found")]


async def test_when_everything_is_spent_the_other_pages_are_not_sent(front: Front) -> None:
    front.refused[page(8, "1")] = "error:max-daily-bandwidth"

    done = await saved(front, *(page(8, str(number)) for number in range(4)))

    assert done.stopped is Stopped.SPENT
    assert len(front.saves) == 2


async def test_three_refusals_in_a_row_end_the_pass(front: Front) -> None:
    urls = [page(9, str(number)) for number in range(6)]
    front.refused |= dict.fromkeys(urls, "error:user-session-limit")

    done = await saved(front, *urls)

    assert done.stopped is Stopped.REFUSED
    assert len(front.saves) == 3


async def test_wrong_keys_end_the_pass_with_the_first_page(front: Front) -> None:
    done = await saved(front, page(10, "1"), page(10, "2"), keys=("wrong", "keys"))

    assert done.stopped is Stopped.KEYS_REFUSED
    assert front.saves == []
    assert front.count("/save") == 1


async def test_a_secret_that_the_archive_repeats_is_not_kept(front: Front) -> None:
    front.refused[page(11)] = "error:no-access"

    done = await saved(front, page(11))

    assert "***" in str(done.finished)
    assert SECRET not in str(done)
    assert SECRET not in str(SaveKeys(access=ACCESS, secret=SECRET))


# ---- answers that are none

LOST = [
    pytest.param(Fault(kind="reset"), SaveOutcome.UNKNOWN, id="reset"),
    pytest.param(Fault(kind="cut", body=b'{"url":'), SaveOutcome.UNKNOWN, id="cut"),
    pytest.param(Fault(http_status=502, body=b"bad gateway"), SaveOutcome.UNKNOWN, id="a gateway"),
    pytest.param(Fault(http_status=200, body=b"<html>Saving page</html>"), SaveOutcome.UNKNOWN, id="a page for people"),
    pytest.param(
        Fault(http_status=200, body=b'{"message": "The same snapshot had been made."}'), SaveOutcome.UNKNOWN, id="no job"
    ),
    pytest.param(Fault(http_status=429), SaveOutcome.TRANSIENT, id="429"),
    pytest.param(Fault(http_status=503), SaveOutcome.TRANSIENT, id="503"),
    pytest.param(Fault(http_status=403), SaveOutcome.TRANSIENT, id="403"),
    pytest.param(Fault(http_status=302, headers={"Location": "/login"}), SaveOutcome.TRANSIENT, id="redirect"),
]


@pytest.mark.parametrize(("fault", "outcome"), LOST)
async def test_a_lost_answer_is_unknown_and_a_refusal_is_not(front: Front, fault: Fault, outcome: SaveOutcome) -> None:
    front.fail("/save", fault)

    done = await saved(front, page(12))

    assert [each.outcome for each in done.finished] == [outcome]
    assert front.count("/save") == 1


async def test_a_page_whose_answer_never_comes_is_not_sent_again(front: Front) -> None:
    front.silent = True
    kept, loop = Kept(), asyncio.get_running_loop()
    where = quick(front).archives[0]
    hurried = {name: replace(each, deadline_s=0.3) for name, each in pacing.allowances(where).items()}
    clock = PassClock(began_at=NOW, began=loop.time(), ends=loop.time() + 60, stop=asyncio.Event())

    async with wire.opened(Web()) as session:
        turns = Turns("wayback", allowances=hurried, book=MemoryBook(), wire=session, clock=clock)
        keys = SaveKeys(access=ACCESS, secret=SECRET)
        desk = _Desk(archive=where, keys=keys, turns=turns, clock=clock, book=kept, to_send=deque([page(27)]))
        while await desk.step():
            pass

    [request] = kept.requests.values()
    assert (request.outcome, request.detail) == (SaveOutcome.UNKNOWN, "timeout")
    assert len(front.saves) == 1
    assert not saving.is_due([request], now=NOW + timedelta(days=4_000))
    assert captures.archived([absent(page(27)), *kept.facts], now=NOW) is Archived.UNKNOWN


async def test_where_nobody_listens_nothing_was_sent(front: Front) -> None:
    nowhere = Front(upstream="")
    nowhere.url = "http://127.0.0.1:1"

    done = await saved(nowhere, *(page(13, str(number)) for number in range(9)))

    assert {(each.outcome, each.code) for each in done.finished} == {(SaveOutcome.TRANSIENT, "not-sent")}
    assert done.stopped is Stopped.SILENT
    assert len(done.finished) == 3


async def test_a_job_whose_status_cannot_be_read_is_asked_about_again(front: Front) -> None:
    front.fail("/save/status", Fault(http_status=500), Fault(kind="reset"), Fault(body=b"[]"), Fault(body=b"no JSON"))

    done = await saved(front, page(14))

    assert [each.outcome for each in done.finished] == [SaveOutcome.SAVED]
    assert len(front.saves) == 1


# ---- the command


@dataclass(frozen=True, slots=True)
class Audit:
    """A database in a folder, audited by commands."""

    folder: Path

    def run(self, *arguments: str, keys: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(keys=keys),
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command(*arguments), cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "audit", *arguments]

    def environment(self, *, keys: bool = True) -> dict[str, str]:
        bare = {name: value for name, value in os.environ.items() if not name.startswith("SOURCE_AUDIT_")}
        return bare | (ENVIRONMENT if keys else {})

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.folder / "audit.db") as connection:
            return connection.execute(query).fetchall()


def audited(folder: Path, front: Front, site: LoopbackWeb, *urls: str, **wishes: object) -> Audit:
    """A night on pages that are live and that no archive holds."""
    (folder / "urls.txt").write_text("\n".join(urls))
    web = {
        "contact": "tests@example.org",
        "per_host": {"delay_s": 0},
        "canaries": [],
        "allow_networks": ["127.0.0.0/8"],
        "resolve": dict.fromkeys(HOSTS, f"127.0.0.1:{site.port}"),
    }
    pace = {"playback_per_min": 60_000, "index_per_min": 60_000, "save_per_min": 6_000}
    archive = {"name": "wayback", "kind": "wayback", "base_url": front.url, "pace": pace}
    content = {"web": web, "archives": [archive], "captures": wishes, "soft404": {"probes": "never"}}
    (folder / "config.yaml").write_text(json.dumps(content))
    night = Audit(folder)
    told = night.run("run", "urls.txt", keys=False)
    assert told.returncode == 0, told.stderr
    assert night.rows("select distinct state, archived from current_links") == [("live", "no")]
    return night


def test_saved_pages_are_archived_in_the_views_and_never_sent_again(tmp_path: Path, front: Front, site: LoopbackWeb) -> None:
    urls = [page(number) for number in range(15, 18)]
    night = audited(tmp_path, front, site, *urls)

    told = night.run("save")
    again = night.run("save")

    assert (told.returncode, again.returncode) == (0, 0), told.stderr
    assert sorted(form["url"] for form in front.saves) == urls
    held = night.rows("select url, archived, captures, best_memento_url from current_links order by url")
    assert [(url, archived, count) for url, archived, count, _ in held] == [(url, "yes", 1) for url in urls]
    assert all(memento.startswith(f"{front.url}/web/") for *_, memento in held)
    assert night.rows("select count(*) from current_findings where code = 'no-capture'") == [(0,)]
    assert night.rows("select distinct outcome from save_requests") == [("saved",)]
    assert "3 saved" in told.stdout


def test_without_keys_one_line_says_what_to_set(tmp_path: Path, front: Front, site: LoopbackWeb) -> None:
    night = audited(tmp_path, front, site, page(18))

    refused = [night.run(*arguments, keys=False) for arguments in (("save",), ("run", "--save-missing", "urls.txt"))]

    for told in refused:
        assert told.returncode == 2
        assert told.stderr.count("\n") == 1
        assert all(name in told.stderr for name in ENVIRONMENT)
    assert front.count("/save") == 0


def test_keys_that_are_refused_are_never_shown(tmp_path: Path, front: Front, site: LoopbackWeb) -> None:
    night = audited(tmp_path, front, site, page(19))
    front.keys = "LOW other:keys"

    told = night.run("--verbose", "--log-format", "json", "save")
    shown = night.run("config", "show")
    front.keys = f"LOW {ACCESS}:{SECRET}"
    after = night.run("save")

    assert told.returncode == 2
    assert "SOURCE_AUDIT_WAYBACK_SECRET_KEY" in told.stderr
    database = (tmp_path / "audit.db").read_bytes()
    assert SECRET not in told.stdout + told.stderr + shown.stdout + after.stdout
    assert SECRET.encode() not in database
    assert after.returncode == 0, "the page is sent when the keys are right, at once"
    assert len(front.saves) == 1


def test_a_dry_run_lists_the_most_cited_first_and_sends_nothing(tmp_path: Path, front: Front, site: LoopbackWeb) -> None:
    night = audited(tmp_path, front, site, page(20, "once"), page(20, "twice"))
    (tmp_path / "more.txt").write_text(page(20, "twice"))
    night.run("ingest", "more.txt")

    told = night.run("save", "--dry-run", keys=False)
    limited = night.run("save", "--limit", "1")

    assert [line.split()[0] for line in told.stdout.splitlines()[:2]] == [page(20, "twice"), page(20, "once")]
    assert limited.returncode == 0, limited.stderr
    assert [form["url"] for form in front.saves] == [page(20, "twice")]


def test_a_run_saves_only_when_it_is_told_to(tmp_path: Path, front: Front, site: LoopbackWeb) -> None:
    night = audited(tmp_path, front, site, page(21))
    night.run("run", "urls.txt")
    before = len(front.saves)

    told = night.run("run", "--save-missing", "urls.txt")

    assert told.returncode == 0, told.stderr
    assert (before, len(front.saves)) == (0, 1)
    assert night.rows("select archived from current_links") == [("yes",)]
    assert "pages saved: 1 of 1" in told.stdout


def test_the_cap_of_a_day_holds_over_runs(tmp_path: Path, front: Front, site: LoopbackWeb) -> None:
    night = audited(tmp_path, front, site, *(page(22, str(number)) for number in range(5)), saves_per_day=2)
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT12:00Z}"

    for _ in range(3):
        night.run("save")
    today = len(front.saves)
    night.run("--now", tomorrow, "save")

    assert (today, len(front.saves)) == (2, 4)


def test_private_addresses_are_never_named_to_the_archive(tmp_path: Path, front: Front, site: LoopbackWeb) -> None:
    night = audited(tmp_path, front, site, page(23), f"http://127.0.0.1:{site.port}/story/inside")

    told = night.run("save")

    assert told.returncode == 0, told.stderr
    assert [form["url"] for form in front.saves] == [page(23)]


def test_a_killed_run_never_sends_a_page_twice(tmp_path: Path, front: Front, site: LoopbackWeb) -> None:
    night = audited(tmp_path, front, site, page(24))
    front.silent = True
    victim = night.start("save")
    until = time.monotonic() + 60
    while not front.jobs and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(victim.pid, signal.SIGKILL)
    victim.communicate()
    front.silent = False

    left = night.rows("select outcome, archived from save_requests join link_states using (url_key)")
    again = night.run("save")
    once_more = night.run("--now", f"{datetime.now(UTC) + timedelta(days=40):%Y-%m-%d}", "save")

    assert left == [("requested", "unknown")]
    assert (again.returncode, once_more.returncode) == (0, 0), again.stderr
    assert len(front.saves) == 1
    assert night.rows("select outcome, archived from save_requests join link_states using (url_key)") == [("unknown", "unknown")]

    later = night.run("--now", f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%MZ}", "run", "urls.txt")

    assert later.returncode == 0, later.stderr
    assert night.rows("select archived, captures from current_links") == [("yes", 1)]


def test_a_job_of_a_killed_run_is_asked_about_by_the_next(tmp_path: Path, front: Front, site: LoopbackWeb) -> None:
    night = audited(tmp_path, front, site, page(25))
    front.slow_polls = 10_000
    victim = night.start("save")
    until = time.monotonic() + 60
    while front.count("/save/status/") == 0 and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(victim.pid, signal.SIGKILL)
    victim.communicate()
    for job in front.jobs.values():
        job.polls_left = 0

    told = night.run("save")

    assert told.returncode == 0, told.stderr
    assert len(front.saves) == 1
    assert night.rows("select outcome, archived from save_requests join link_states using (url_key)") == [("saved", "yes")]


def test_the_story_of_a_page_tells_that_it_was_saved(tmp_path: Path, front: Front, site: LoopbackWeb) -> None:
    night = audited(tmp_path, front, site, page(26))
    night.run("save")

    told = night.run("explain", page(26))

    assert "the archive was asked to save the page" in told.stdout
    assert "1 capture" in told.stdout
