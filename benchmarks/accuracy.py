"""`python -m benchmarks.accuracy [--write] [--peers FOLDER]`: the lab, asked by us and by other link checkers, beside its truth.

Prints the tables, or writes them into docs/accuracy.md. The peers are installed from the package index into an environment of their
own (FOLDER; else a cache of the user). Everything else stays on loopback. Takes three to six minutes.
"""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from audit import __version__
from benchmarks import confusion, lab, peers, trials
from benchmarks.confusion import Measured
from benchmarks.rooms import ROOT

DOCUMENT = ROOT / "docs" / "accuracy.md"
BEGIN, END = "<!-- written by benchmarks.accuracy: begin -->\n", "<!-- written by benchmarks.accuracy: end -->\n"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--write", action="store_true", help="write docs/accuracy.md")
    asked.add_argument(
        "--peers", type=Path, default=peers.default_environment(), metavar="FOLDER", help="environment of the peers"
    )
    given = asked.parse_args()
    tables = confusion.document(measured(peers.environment_at(given.peers)))
    if given.write:
        DOCUMENT.write_text(rewritten(DOCUMENT.read_text(encoding="utf-8"), tables), encoding="utf-8")
    else:
        sys.stdout.write(tables)


def measured(environment: Path) -> Measured:
    """Our nights first, then the peers side by side: they mostly wait."""
    ours = trials.try_ours()
    with ThreadPoolExecutor() as pool:
        others = [pool.submit(trials.try_peer, peer, environment) for peer in peers.PEERS]
        pinned = pool.submit(trials.try_without_proxy, peers.PLAINEST)
        theirs = [other.result() for other in others]
    for trial in (ours.first, *theirs):
        print(f"{trial.name:14} {1000 * trial.cpu_s / len(lab.cited()):6.1f} ms CPU per URL, start included", file=sys.stderr)
    altered = sum(with_proxy is not without for with_proxy, without in zip(theirs[-1].called, pinned.result(), strict=True))
    return Measured(
        day=datetime.now(UTC).date().isoformat(),
        version=__version__,
        scenarios=lab.SCENARIOS,
        urls=len(lab.cited()),
        ours=ours,
        peers=theirs,
        altered=altered,
    )


def rewritten(text: str, tables: str) -> str:
    """The document with new tables between its marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        sys.exit(f"{DOCUMENT} has lost the marks between which the tables belong")
    return f"{before}{begin}\n{tables}\n{end}{after}"


if __name__ == "__main__":
    main()
