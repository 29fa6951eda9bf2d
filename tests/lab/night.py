"""Nights over the lab: the real program, its command line and all, over every situation at once."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from audit.demo.serving import RottenWeb
from tests.lab.hands import REGISTRY
from tests.lab.scenarios import OTHERS
from tests.lab.situation import Scenario

FAST = {"playback_per_min": 60_000, "index_per_min": 60_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the program decided about one cited URL, and why."""

    state: str
    reason: str
    evidence: str
    requests: int


def web_of(scenarios: Iterable[Scenario]) -> RottenWeb:
    """The sites and the archive of these situations."""
    some = list(scenarios)
    captures = [capture for scenario in some for capture in scenario.captures]
    return RottenWeb([*(scenario.site for scenario in some), *OTHERS], captures)


def wikitext(scenarios: Iterable[Scenario]) -> str:
    """The article that cites every situation."""
    lines = []
    for number, scenario in enumerate(scenarios):
        said = {"title": scenario.title, **scenario.cite}
        more = "".join(f" |{name}={value.replace('|', '{{!}}')}" for name, value in said.items() if value)
        lines.append(
            f'Sentence {number}.<ref name="s{number}">{{{{Cite web |url={scenario.url}{scenario.fragment}{more}}}}}</ref>'
        )
        lines += [f"* {{{{Cite web |url={scenario.at(path)}{more}}}}}" for path in scenario.more]
    return "\n".join(lines)


def prepare(folder: Path, web: RottenWeb, scenarios: Iterable[Scenario], **changes: object) -> None:
    """An article and a configuration that keeps everything on loopback. `changes` are keys of `web`."""
    (folder / "lab.wiki").write_text(wikitext(scenarios), encoding="utf-8")
    settings = {
        "web": {
            "contact": "tests@example.org",
            "per_host": {"concurrency": 2, "delay_s": 0},
            "timeouts": {"connect_s": 2, "read_s": 3, "total_s": 6},
            "allow_networks": ["127.0.0.1/32"],
            "resolve": web.resolve,
            "ca_file": web.ca_file,
            "canaries": [],
            "retry_after_s": [0.1, 0.2],
            "max_wait_s": 1,
            **changes,
        },
        "takeover": {"rdap_url": f"http://{REGISTRY}/domain/{{domain}}"},
        "hosts": {REGISTRY: {"why": "it is ours", "delay_s": 0}},
        "archives": [
            {"name": "wayback", "kind": "wayback", "base_url": web.archive_url, "api_url": web.archive_url, "pace": FAST}
        ],
    }
    (folder / "config.yaml").write_text(json.dumps(settings))


def run(folder: Path, *, now: datetime | None = None) -> subprocess.CompletedProcess[str]:
    """One night."""
    when = ["--now", now.isoformat()] if now else []
    command = [sys.executable, "-m", "audit", "--quiet", *when, "run", "lab.wiki"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def found(folder: Path) -> dict[str, Found]:
    """What stands about every cited URL."""
    query = """
        SELECT u.url, s.state, s.reason, s.evidence, (SELECT COUNT(*) FROM fetches AS f WHERE f.url_key = s.url_key)
        FROM link_states AS s JOIN cited_urls AS u ON u.url_key = s.url_key"""
    with sqlite3.connect(folder / "audit.db") as connection:
        rows = connection.execute(query).fetchall()
    return {
        url: Found(state=state, reason=reason, evidence=evidence or "", requests=requests)
        for url, state, reason, evidence, requests in rows
    }
