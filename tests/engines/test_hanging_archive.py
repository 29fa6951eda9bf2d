"""An archive that never answers holds up nothing but itself: the links are fetched, judged and in the database before it says a word."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from tests.engines.loopback import LoopbackWeb, serving

HOSTS, PER_HOST = 6, 10
GIVEN_UP_S = 60


def prepared(folder: Path, *, web: LoopbackWeb, archive: LoopbackWeb) -> None:
    hosts = [f"h{number}.example" for number in range(HOSTS)]
    named = [f"http://{host}/story/{page}" for host in hosts for page in range(PER_HOST)]
    copies = f"http://127.0.0.1:{archive.port}/web/20150601120000"
    cited = (f"<ref>{{{{cite web|url={url}|title=T|archive-url={copies}/{url}|archive-date=2015-06-01}}}}</ref>" for url in named)
    (folder / "page.wiki").write_text("\n".join(cited))
    settings = {
        "web": {
            "contact": "tests@example.org",
            "per_host": {"concurrency": 2, "delay_s": 0},
            "canaries": [],
            "allow_networks": ["127.0.0.0/8"],
            "resolve": dict.fromkeys(hosts, f"127.0.0.1:{web.port}"),
        },
        "takeover": {"rdap": "never"},
        "archives": [{"name": "wayback", "kind": "wayback", "base_url": f"http://127.0.0.1:{archive.port}"}],
        "soft404": {"probes": "never"},
    }
    (folder / "config.yaml").write_text(json.dumps(settings))


def counted(folder: Path, query: str) -> int:
    """What the database counts; 0 while it has no tables yet."""
    if not (folder / "audit.db").exists():
        return 0
    with sqlite3.connect(folder / "audit.db") as connection:
        try:
            (found,) = connection.execute(query).fetchone()
        except sqlite3.OperationalError:
            return 0
    return int(found)


JUDGED = "SELECT count(*) FROM current_links WHERE state = 'live'"


def test_every_link_is_judged_while_the_archive_still_holds_its_first_answers(tmp_path: Path) -> None:
    with serving() as web, serving(delay_s=3_600) as archive:
        prepared(tmp_path, web=web, archive=archive)
        command = [sys.executable, "-m", "audit", "run", "page.wiki"]
        run = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        until = time.monotonic() + GIVEN_UP_S
        while run.poll() is None and time.monotonic() < until and counted(tmp_path, JUDGED) < HOSTS * PER_HOST:
            time.sleep(0.05)
        judged, answered = counted(tmp_path, JUDGED), counted(tmp_path, "SELECT count(*) FROM searches")
        still_asking = run.poll() is None
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=GIVEN_UP_S)

    assert (judged, answered, still_asking) == (HOSTS * PER_HOST, 0, True)
    assert archive.asked
    assert run.returncode == 128 + signal.SIGTERM
