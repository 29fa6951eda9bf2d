"""How fast what rating lists say of a citation is looked up, beside a scan of the list: python -m benchmarks.rating_lookups

100,000 lookups in 10,000 rules, half of them hosts that a rule names. The peer is what a straightforward program does: it compares
the host with every rule. It is given 200 of the same lookups, in the same run. Medians of five rounds.
"""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from audit.editorial import Index, Subject
from audit.model import RatingRule

RULES, LOOKUPS, SCANNED, ROUNDS = 10_000, 100_000, 200, 5
CATEGORIES = ("gr", "nc", "gu", "d")


def rules() -> list[RatingRule]:
    dice = random.Random(1)
    return [
        RatingRule(
            list_id="a-list",
            family="user",
            key=f"h{number}.example",
            path="/section" if dice.random() < 0.04 else "",
            category=dice.choice(CATEGORIES),
        )
        for number in range(RULES)
    ]


def subjects() -> list[Subject]:
    dice = random.Random(2)
    return [Subject(url=f"https://www.h{dice.randrange(2 * RULES)}.example/section/{number}") for number in range(LOOKUPS)]


def scan(known: Sequence[RatingRule], about: Subject) -> list[RatingRule]:
    parts = urlsplit(about.url)
    host = (parts.hostname or "").removeprefix("www.")
    return [rule for rule in known if (host == rule.key or host.endswith("." + rule.key)) and parts.path.startswith(rule.path)]


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    known, asked = rules(), subjects()
    index = Index(known)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(timed(lambda: [index.look_up(each) for each in asked]) / LOOKUPS)
        theirs.append(timed(lambda: [scan(known, each) for each in asked[:SCANNED]]) / SCANNED)
    one, other = statistics.median(ours), statistics.median(theirs)
    print(f"index: {one * 1e6:.1f} us per lookup ({one * LOOKUPS:.2f} s for {LOOKUPS:,} in {RULES:,} rules)")
    print(f"scan:  {other * 1e6:.1f} us per lookup; ratio {other / one:.0f}")


if __name__ == "__main__":
    main()
