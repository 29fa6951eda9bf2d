"""`python benchmarks/captures_import.py [LINES]`: a CDX file into the local index, beside bare `executemany` of parsed rows.

Each in a process of its own, three rounds, medians. The peer writes the same rows, read and sorted before its clock starts,
into the same table with the same settings of SQLite. Prints seconds, processor seconds, peak memory, bytes per row, and what a second
import adds.
"""

import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from base64 import b32encode
from hashlib import sha1
from pathlib import Path

LINES, ROUNDS = 1_000_000, 3
WORDS = [
    "bridge",
    "river",
    "council",
    "news",
    "story",
    "report",
    "world",
    "sport",
    "city",
    "health",
    "science",
    "election",
    "market",
    "weather",
    "court",
    "school",
]

OURS = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from audit import indexing
from audit.store.opening import open_store
store = open_store(f"sqlite:///{sys.argv[1]}")
begun = time.perf_counter()
with Path(sys.argv[2]).open("rb") as stream:
    told = indexing.import_index(store, "x", stream, archive="library", base_url="http://a.test/web", now=datetime.now(UTC))
seconds = time.perf_counter() - begun
store.close()
print(seconds, told.fresh)
"""

PEAK = """
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
"""What the kernel counts for a child includes its parent at the moment it was made."""

PEER = """
import sqlite3, sys, time
from pathlib import Path
rows = []
for line in Path(sys.argv[2]).read_text().splitlines()[1:]:
    f = line.split(" ")
    rows.append((f[0], int(f[1]), 1, f[5], "https://www.", f[3], int(f[4]), int(f[8])))
rows.sort()
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
    conn.execute(f"PRAGMA {pragma}")
conn.execute("INSERT INTO index_archives VALUES (1, 'library', 'http://a.test/web', '2026')")
columns = "urlkey, timestamp, archive_id, digest, original, mimetype, http_status, length"
begun = time.perf_counter()
for at in range(0, len(rows), 10_000):
    conn.execute("BEGIN IMMEDIATE")
    conn.executemany(f"INSERT INTO capture_index ({columns}) VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING", rows[at:at + 10_000])
    conn.execute("COMMIT")
print(time.perf_counter() - begun, len(rows))
"""


def written(path: Path, lines: int, *, mixed: bool = False) -> None:
    """A CDX file as crawlers write it, sorted by key; addresses of 60 to 90 characters, four captures of each."""
    chance = random.Random(7)
    rows = []
    for number in range(lines // 4):
        site, kind = f"{chance.choice(WORDS)}{number % 997}", chance.choice(WORDS)
        path_part = f"/{kind}/{2000 + number % 25}/{number % 12 + 1:02}/{'-'.join(chance.choices(WORDS, k=4))}-{number}.html"
        for year in (2010, 2014, 2018, 2022):
            digest = b32encode(sha1(f"{number} {year}".encode()).digest()).decode()
            stamp = f"{year}{number % 12 + 1:02}{number % 28 + 1:02}{number % 24:02}{number % 60:02}{year % 60:02}"
            url = f"https://www.{site}.example{path_part}"
            rows.append(
                f"example,{site}){path_part} {stamp} {url} text/html 200 {digest} - - {number % 90000} {number} a.warc.gz"
            )
    (chance.shuffle if mixed else list.sort)(rows)
    path.write_text(" CDX N b a m s k r M S V g\n" + "\n".join(rows) + "\n")


def measured(program: str, database: Path, index: Path) -> dict[str, float]:
    child = subprocess.Popen([sys.executable, "-c", program + PEAK, database, index], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = child.stdout.read()
    _, code, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(code)
    if child.returncode != 0:
        sys.exit(f"a round ended with {child.returncode}")
    seconds, fresh, peak_kib = map(float, said.split())
    return {"wall_s": seconds, "cpu_s": usage.ru_utime + usage.ru_stime, "peak_mib": peak_kib / 1024, "fresh": fresh}


def empty(folder: Path, name: str) -> Path:
    database = folder / name
    database.unlink(missing_ok=True)
    subprocess.run(
        [sys.executable, "-m", "audit", "-q", "--db", f"sqlite:///{database}", "db", "upgrade"], cwd=folder, check=True
    )
    return database


def size(database: Path) -> int:
    with sqlite3.connect(database) as conn:
        return int(conn.execute("select sum(pgsize) from dbstat where name = 'capture_index'").fetchone()[0])


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for tag, count, mixed in (("whole", lines, False), ("tenth", lines // 10, False), ("mixed", lines, True)):
            written(folder / f"{tag}.cdx", count, mixed=mixed)
        ours, peers = [], []
        for _ in range(ROUNDS):
            database = empty(folder, "ours.db")
            ours.append(measured(OURS, database, folder / "whole.cdx"))
            peers.append(measured(PEER, empty(folder, "peer.db"), folder / "whole.cdx"))
        again = measured(OURS, database, folder / "whole.cdx")
        tenth = measured(OURS, empty(folder, "tenth.db"), folder / "tenth.cdx")
        shuffled = empty(folder, "mixed.db")
        mixed_lines = measured(OURS, shuffled, folder / "mixed.cdx")
        middle, peer = (statistics.median(row["wall_s"] for row in rows) for rows in (ours, peers))
        ratio = statistics.median(mine["wall_s"] / other["wall_s"] for mine, other in zip(ours, peers, strict=True))
        told = {
            "lines": lines,
            "import_s": round(middle, 1),
            "import_cpu_s": round(statistics.median(row["cpu_s"] for row in ours), 1),
            "bare_executemany_s": round(peer, 1),
            "ratio": round(ratio, 2),
            "peak_mib": round(ours[-1]["peak_mib"]),
            "peak_mib_of_a_tenth": round(tenth["peak_mib"]),
            "bytes_per_row": round(size(database) / lines),
            "new_the_second_time": int(again["fresh"]),
            "again_s": round(again["wall_s"], 1),
            "unsorted_file_s": round(mixed_lines["wall_s"], 1),
            "bytes_per_row_unsorted": round(size(shuffled) / lines),
        }
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
