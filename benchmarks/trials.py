"""One trial each: a program, a web of its own, the lab's URLs, and what it said, asked and cost."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from audit.demo.serving import RottenWeb, beside
from audit.model import LinkState
from benchmarks import lab, peers
from benchmarks.forwarding import forwarding
from benchmarks.lab import SCENARIOS
from benchmarks.peers import FIRST_LINE, Called, Peer
from benchmarks.rooms import ROOT
from tests.lab import night

PEER_S, NIGHT_S = 150.0, 60.0
"""Then a program is told to stop, and what it has said until then counts."""
WEEKS_S = 140.0
"""Then no further night begins: the whole benchmark ends within six minutes."""
GRACE_S, LOOK_S = 5.0, 0.05

CALLS = {
    LinkState.LIVE: Called.ALIVE,
    LinkState.SUSPECT: Called.BROKEN,
    LinkState.DEAD: Called.BROKEN,
    LinkState.USURPED: Called.BROKEN,
    LinkState.DRIFTED: Called.BROKEN,
    LinkState.BLOCKED: Called.UNCHECKED,
    LinkState.UNKNOWN: Called.UNCHECKED,
}
"""Our states in the words of the table. A suspect counts as broken, so that doubting a live page counts against us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one program did. `called` goes by the position of the situation, `asked` by host: requests that reached the lab."""

    name: str
    called: tuple[Called, ...]
    asked: Counter[str]
    unreached: int
    cpu_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One row of `fetches` of ours, as far as its requests are concerned."""

    url: str
    role: str
    attempt: int
    other_address: bool
    hops: int
    sent: bool
    answered: int | None
    plain: bool
    """Whether the answer came at the address asked, over a connection without a defect."""
    titled: bool
    """Whether it shows the cited title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """Our own first night, and what stands after five weeks."""

    first: Trial
    requests: tuple[Request, ...]
    first_states: tuple[LinkState, ...]
    last_states: tuple[LinkState, ...]
    nights: int

    def wanted(self, url: str) -> list[Request]:
        """What was asked for one URL, its first attempt in front."""
        own = [request for request in self.requests if request.url == url]
        return sorted(own, key=lambda request: (request.role != "attempt", request.attempt))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A program that has ended, or was ended."""

    told: str
    complaints: str
    cpu_s: float


def run(command: Sequence[str], *, folder: Path, environment: Mapping[str, str], within_s: float) -> Ran:
    """Run a program to its end or its deadline; nothing of it goes on afterwards."""
    told, complaints = folder / "told", folder / "complaints"
    with told.open("wb") as out, complaints.open("wb") as err:
        child = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True
        )
        try:
            cpu_s = _waited(child, time.monotonic() + within_s)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
    said, complained = (each.read_text(encoding="utf-8", errors="replace") for each in (told, complaints))
    return Ran(told=said, complaints=complained, cpu_s=cpu_s)


def _waited(child: subprocess.Popen[bytes], until: float) -> float:
    """CPU seconds of a child and its children, which is interrupted at the deadline and killed after a grace."""
    signals = [(until, signal.SIGINT), (until + GRACE_S, signal.SIGKILL)]
    while True:
        found, code, usage = os.wait4(child.pid, os.WNOHANG)
        if found:
            child.returncode = os.waitstatus_to_exitcode(code)
            return usage.ru_utime + usage.ru_stime
        if signals and time.monotonic() > signals[0][0]:
            os.killpg(child.pid, signals.pop(0)[1])
        time.sleep(LOOK_S)


@contextmanager
def workplace() -> Iterator[tuple[Path, RottenWeb]]:
    """An empty folder, and the lab being served."""
    with tempfile.TemporaryDirectory(prefix="source-audit-accuracy-") as name, beside(lab.web()) as web:
        yield Path(name), web


def _asked(web: RottenWeb) -> Counter[str]:
    """Requests per host, robots.txt and whatever else was asked of it."""
    hosts: Counter[str] = Counter()
    for address, times in list(web.asked.items()):
        hosts[address.partition("/")[0]] += times
    return hosts


def _unreached(reached: Collection[str]) -> int:
    """Situations whose host a program never turned to."""
    return sum(scenario.site.host not in reached for scenario in SCENARIOS)


def try_peer(peer: Peer, environment: Path) -> Trial:
    with workplace() as (folder, web), forwarding(web.resolve) as proxy:
        command = [word.format(bin=environment / "bin") for word in peer.command]
        called, cpu_s = _told(peer, command, folder, web, proxy=proxy.url)
        asked = _asked(web)
        return Trial(name=peer.name, called=called, asked=asked, unreached=_unreached({*asked, *proxy.visited}), cpu_s=cpu_s)


def try_without_proxy(peer: Peer) -> tuple[Called, ...]:
    """The same program with its names pinned: what the proxy changes shows as a difference."""
    with workplace() as (folder, web):
        (folder / "pins.json").write_text(json.dumps(web.resolve))
        called, _ = _told(peer, [*peer.command, "pins.json"], folder, web, proxy="")
        return called


def _told(peer: Peer, command: Sequence[str], folder: Path, web: RottenWeb, *, proxy: str) -> tuple[tuple[Called, ...], float]:
    """What a peer says of every situation, and its CPU seconds. What it does not speak of it could not check."""
    peers.furnish(folder, lab.cited(), authority=Path(web.ca_file))
    ran = run(command, folder=folder, environment=peers.surroundings(folder, proxy=proxy), within_s=PEER_S)
    if not ran.told:
        raise RuntimeError(f"{peer.name} said nothing: {ran.complaints[-500:]}")
    words = dict(peer.reading(ran.told))
    return tuple(words.get(number, Called.UNCHECKED) for number in range(FIRST_LINE, FIRST_LINE + len(SCENARIOS))), ran.cpu_s


def try_ours() -> Ours:
    begun = time.monotonic()
    with workplace() as (folder, web):
        night.prepare(folder, web, SCENARIOS)
        lab.rename_files(folder)
        ran = _night(folder, 0)
        first, requests = _states(folder), tuple(_requests(folder))
        asked = Counter({host: times for host, times in _asked(web).items() if host in web.resolve})
        nights = 1
        while nights < len(lab.DAYS) and time.monotonic() - begun < WEEKS_S:
            _night(folder, nights)
            nights += 1
        trial = Trial(
            name="source-audit",
            called=tuple(CALLS[state] for state in first),
            asked=asked,
            unreached=_unreached({*asked, *(urlsplit(request.url).hostname or "" for request in requests)}),
            cpu_s=ran.cpu_s,
        )
        return Ours(first=trial, requests=requests, first_states=first, last_states=_states(folder), nights=nights)


def _night(folder: Path, number: int) -> Ran:
    now = lab.BEGIN + timedelta(days=lab.DAYS[number])
    command = [sys.executable, "-m", "audit", "--quiet", "--now", now.isoformat(), "run", "lab.wiki"]
    ran = run(command, folder=folder, environment={**os.environ, "PYTHONPATH": str(ROOT)}, within_s=NIGHT_S)
    print(f"night {number + 1} of {len(lab.DAYS)}", ran.complaints.strip(), file=sys.stderr)
    return ran


def _states(folder: Path) -> tuple[LinkState, ...]:
    found = night.found(folder)
    return tuple(LinkState(found[scenario.url].state) for scenario in SCENARIOS)


UNSENT_PHASES = {"resolve", "connect", "tls"}
UNSENT_DETAILS = {"loop", "limit", "redirect-scheme"}


def _requests(folder: Path) -> Iterator[Request]:
    query = """
        SELECT u.url, f.role, f.attempt, f.requested_url, f.hops, f.failure, f.phase, f.detail, f.http_status, f.tls, p.title, p.h1
        FROM fetches AS f JOIN cited_urls AS u ON u.url_key = f.url_key LEFT JOIN page_texts AS p ON p.page_key = f.page_key
        WHERE f.shared_from IS NULL"""
    titles = {scenario.url: scenario.title or "" for scenario in SCENARIOS}
    with sqlite3.connect(folder / "audit.db") as connection:
        rows = connection.execute(query).fetchall()
    for url, role, attempt, requested, hops, failure, phase, detail, answered, tls, title, h1 in rows:
        yield Request(
            url=url,
            role=role,
            attempt=attempt,
            other_address=requested not in {None, url},
            hops=len(walked := json.loads(hops or "[]")),
            sent=failure is None or not (phase in UNSENT_PHASES or detail in UNSENT_DETAILS),
            answered=answered,
            plain=not walked and failure is None and tls is None,
            titled=bool(titles.get(url)) and titles[url] in f"{title} {h1}",
        )
