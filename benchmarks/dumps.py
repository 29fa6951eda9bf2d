"""Dump pages a second: a synthetic dump with the mix of a real one (median 3 KB, tail of 250 KB), beside a plain `iterparse`.

    python -m benchmarks.dumps [--pages 15000] [--rounds 3] [--store]

Prints medians: our reading with one process and with two, to documents; the peer only parses the XML of the same file, with the
root cleared, and reads nothing. A small dump says little of two processes: each takes half a second to start. `--store` adds the
way into an SQLite database; `--memory` 100,000 pages in one process.
"""

import argparse
import bz2
import random
import resource
import statistics
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from audit import dumps, sources
from audit.settings import Settings
from audit.store.opening import open_store
from audit.store.upgrading import upgrade

HEAD = (
    '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">\n  <siteinfo>\n'
    "    <sitename>Testwiki</sitename>\n    <dbname>testwiki</dbname>\n  </siteinfo>\n"
)
WORDS = [
    "harbour",
    "quay",
    "mole",
    "lamp",
    "market",
    "eel",
    "keeper",
    "dredger",
    "pilot",
    "house",
    "bridge",
    "toll",
    "ferry",
    "clerk",
    "ledger",
    "storm",
    "tide",
    "rope",
]
PAGES_A_STREAM = 100


def prose(dice: random.Random, length: int) -> str:
    words = dice.choices(WORDS, k=length // 6 + 1)
    return " ".join(f"[[{word}]]" if dice.random() < 0.05 else word for word in words)[:length]


def reference(dice: random.Random, number: int) -> str:
    name = f' name="r{number}"' if dice.random() < 0.3 else ""
    host = f"site{dice.randrange(5_000)}.example"
    return (
        f"<ref{name}>{{{{Cite web |url=https://{host}/a/{dice.randrange(10**6)} |title={prose(dice, 40)} |website={host}"
        f" |date={dice.randrange(1, 28)} May 2020 |access-date=2021-06-0{dice.randrange(1, 9)}}}}}</ref>"
    )


def text(dice: random.Random) -> str:
    """Six in ten hundred pages are long; one in four cites nothing."""
    size = min(int(dice.lognormvariate(8.0, 1.15)), 250_000)
    if dice.random() < 0.25:
        return prose(dice, size)
    parts, left, number = [], size, 0
    while left > 0:
        piece = prose(dice, min(left, 500)) + reference(dice, number)
        parts.append(piece if dice.random() < 0.9 else f"{piece}\n== {prose(dice, 20)} ==\n")
        left, number = left - len(piece), number + 1
    return "".join(parts) + "\n== External links ==\n* [https://a.example/ Site]\n"


def page(dice: random.Random, number: int) -> str:
    space = 0 if dice.random() < 0.7 else 14
    body = "#REDIRECT [[x]]" if dice.random() < 0.3 else text(dice)
    redirect = '    <redirect title="x" />\n' if body.startswith("#") else ""
    return (
        f"  <page>\n    <title>Page {number}</title>\n    <ns>{space}</ns>\n    <id>{number}</id>\n{redirect}    <revision>\n"
        f"      <id>{number + 10}</id>\n      <timestamp>2026-05-01T10:00:00Z</timestamp>\n      <model>wikitext</model>\n"
        f'      <format>text/x-wiki</format>\n      <text bytes="1" xml:space="preserve">{escape(body)}</text>\n'
        "    </revision>\n  </page>\n"
    )


def write(path: Path, pages: int, *, seed: int = 7) -> int:
    """A multistream dump; returns how many characters its texts have."""
    dice, size = random.Random(seed), 0
    with path.open("wb") as stream:
        stream.write(bz2.compress(HEAD.encode()))
        for start in range(0, pages, PAGES_A_STREAM):
            some = "".join(page(dice, number) for number in range(start, min(start + PAGES_A_STREAM, pages)))
            size += len(some)
            stream.write(bz2.compress(some.encode()))
        stream.write(bz2.compress(b"</mediawiki>\n"))
    return size


def opened(path: Path) -> Iterator[sources.Stream]:
    for each in sources.opened([str(path)], max_bytes=2**23):
        assert isinstance(each, sources.Stream)
        yield each


def ours(path: Path, processes: int) -> tuple[int, int]:
    """(pages, documents) of a dump."""
    pages = documents = 0
    for stream in opened(path):
        for batch in dumps.batches(stream, namespaces=frozenset({0, 14}), processes=processes):
            pages, documents = pages + batch.pages, documents + len(batch.documents)
            assert not batch.faults
    return pages, documents


def to_rows(path: Path, processes: int) -> int:
    """As `ours`, and on to the rows that the database takes: what `ingest` has its processes do."""
    return sum(
        batch.pages
        for stream in opened(path)
        for batch in dumps.rows(stream, namespaces=frozenset({0, 14}), now=datetime.now(UTC), processes=processes)
    )


def peer(path: Path) -> int:
    count = 0
    with bz2.open(path) as stream:
        steps = ET.iterparse(stream, events=("start", "end"))
        _, root = next(steps)
        for event, node in steps:
            if event == "end" and node.tag.endswith("}page"):
                count += 1
                root.clear()
    return count


def into_store(path: Path, processes: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/audit.db"
        upgrade(url)
        store = open_store(url)
        told = [
            dumps.ingest(store, stream, settings=Settings(), now=datetime.now(UTC), wish=dumps.Wish(processes=processes))
            for stream in opened(path)
        ]
        store.close()
    return told[0].documents


def median(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--pages", type=int, default=15_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--store", action="store_true")
    options.add_argument("--memory", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "testwiki-20260501-pages-articles-multistream.xml.bz2"
        if given.memory:
            write(path, 100_000)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(ours(path, 1), "pages and documents; peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "MB")
            print("before", before // 1024, "MB")
            return
        size = write(path, given.pages)
        pages, documents = ours(path, 1)
        print(f"{pages} pages, {documents} documents, {size / 1e6:.1f} M characters, {path.stat().st_size / 1e6:.1f} MB packed")
        one, parse = median(lambda: ours(path, 1), given.rounds), median(lambda: peer(path), given.rounds)
        single, two = median(lambda: to_rows(path, 1), given.rounds), median(lambda: to_rows(path, 2), given.rounds)
        print(f"one process   {pages / one:7.0f} pages/s {size / one / 1e6:6.2f} M characters/s")
        print(f"to rows, one  {pages / single:7.0f} pages/s {size / single / 1e6:6.2f} M characters/s")
        print(f"to rows, two  {pages / two:7.0f} pages/s {size / two / 1e6:6.2f} M characters/s  ratio {single / two:.2f}")
        print(f"iterparse     {pages / parse:7.0f} pages/s {size / parse / 1e6:6.2f} M characters/s  (parses only)")
        if given.store:
            stored = median(lambda: into_store(path, 1), 1)
            print(f"into SQLite   {documents / stored:7.0f} documents/s")


if __name__ == "__main__":
    main()
