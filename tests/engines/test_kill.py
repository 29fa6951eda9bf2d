"""A run that is killed loses nothing that was finished and repeats nothing; a signal ends it in good order."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from tests.engines.loopback import LoopbackWeb, serving

HOSTS, PER_HOST, OPEN = 12, 20, 6


def prepared(folder: Path, web: LoopbackWeb) -> None:
    hosts = [f"h{number}.example" for number in range(HOSTS)]
    (folder / "urls.txt").write_text("\n".join(f"http://{host}/story/{page}" for host in hosts for page in range(PER_HOST)))
    settings = {
        "web": {
            "contact": "tests@example.org",
            "concurrency": OPEN,
            "per_host": {"concurrency": 2, "delay_s": 0},
            "canaries": [],
            "allow_networks": ["127.0.0.0/8"],
            "resolve": dict.fromkeys(hosts, f"127.0.0.1:{web.port}"),
        },
        "takeover": {"rdap": "never"},
        "archives": [],
        "captures": {"search": "never"},
        "soft404": {"probes": "never"},
    }
    (folder / "config.yaml").write_text(json.dumps(settings))


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "audit", *arguments]


def started(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command("run", "urls.txt"), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_until(web: LoopbackWeb, asked: int) -> None:
    deadline = time.monotonic() + 60
    while sum(web.asked.values()) < asked and time.monotonic() < deadline:
        time.sleep(0.01)


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "audit.db") as connection:
        return connection.execute(query).fetchall()


def test_after_kill_9_nothing_finished_is_lost_or_fetched_again(tmp_path: Path) -> None:
    with serving(delay_s=0.05) as web:
        prepared(tmp_path, web)
        for kill_at in (40, 110):
            victim = started(tmp_path)
            wait_until(web, kill_at)
            os.kill(victim.pid, signal.SIGKILL)
            victim.communicate()

        last = subprocess.run(command("run", "urls.txt"), cwd=tmp_path, capture_output=True, check=False)

    assert last.returncode == 0, last.stderr
    assert len(web.asked) == HOSTS * PER_HOST
    assert sum(web.asked.values()) - len(web.asked) <= 2 * OPEN, "at most the requests that were open at each kill"
    assert rows(tmp_path, "select count(*), count(distinct url) from current_links where state = 'live'") == [(240, 240)]
    assert rows(tmp_path, "select url_key, count(*) from fetches group by url_key having count(*) > 1") == []
    assert rows(tmp_path, "pragma integrity_check") == [("ok",)]


def test_a_second_run_the_same_night_asks_nothing(tmp_path: Path) -> None:
    with serving() as web:
        prepared(tmp_path, web)
        subprocess.run(command("-q", "run", "urls.txt"), cwd=tmp_path, check=True)
        asked = sum(web.asked.values())

        subprocess.run(command("-q", "run", "urls.txt"), cwd=tmp_path, check=True)

    assert asked == HOSTS * PER_HOST
    assert sum(web.asked.values()) == asked


def test_sigterm_ends_in_good_order_with_everything_finished_kept(tmp_path: Path) -> None:
    with serving(delay_s=0.05) as web:
        prepared(tmp_path, web)
        victim = started(tmp_path)
        wait_until(web, 60)
        victim.send_signal(signal.SIGTERM)
        _, told = victim.communicate(timeout=40)

    assert victim.returncode == 143, told
    fetched = rows(tmp_path, "select count(*) from fetches")[0][0]
    assert isinstance(fetched, int)
    assert sum(web.asked.values()) - fetched <= 1, "open requests were allowed to finish"
    assert rows(tmp_path, "select count(*) from current_links where state = 'live'") == [(fetched,)]
    assert rows(tmp_path, "select outcome from run_history") == [("interrupted",)]


def test_a_second_run_meets_the_lock_and_says_who_holds_it(tmp_path: Path) -> None:
    with serving(delay_s=0.1) as web:
        prepared(tmp_path, web)
        first = started(tmp_path)
        wait_until(web, 5)
        second = subprocess.run(command("run", "urls.txt"), cwd=tmp_path, capture_output=True, text=True, check=False)
        skipped = subprocess.run(
            command("run", "--if-running", "skip"), cwd=tmp_path, capture_output=True, text=True, check=False
        )
        first.kill()
        first.communicate()
        third = subprocess.run(command("-q", "check"), cwd=tmp_path, capture_output=True, text=True, check=False)

    assert second.returncode == 75
    assert f"pid {first.pid}" in second.stderr
    assert skipped.returncode == 0
    assert third.returncode == 0, third.stderr


def test_rejudge_sends_no_request_and_changes_nothing_while_the_rules_stand(tmp_path: Path) -> None:
    with serving() as web:
        prepared(tmp_path, web)
        subprocess.run(command("-q", "run", "urls.txt"), cwd=tmp_path, check=True)
        asked = sum(web.asked.values())
        before = rows(tmp_path, "select url, state, reason, confidence from current_links order by url")

        again = subprocess.run(command("rejudge"), cwd=tmp_path, capture_output=True, text=True, check=True)

    assert sum(web.asked.values()) == asked
    assert rows(tmp_path, "select url, state, reason, confidence from current_links order by url") == before
    assert "0 changed state" in again.stdout
