"""`python -m benchmarks.scoring`: what it costs to score 100,000 links of 20,000 publishers, and to find that nothing changed.

Prints processor seconds and memory, and, which is the same on every machine, the ratio to one pass of `json.dumps` over the same
links. The bars of scoring.md 2.6: fit and scores 15 s each, nothing changed 2 s, 300 MB.
"""

import json
import random
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from audit import durability, scores
from audit.model import LinkFacts, LinkState

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PUBLISHERS, LAMBDA0 = 20_000, 0.03


def links(seed: int = 1) -> Iterator[LinkFacts]:
    """About 100,000 links in 38,000 sections: long tails, a tenth refused, a fifth without any date."""
    dice = random.Random(seed)
    for publisher in range(PUBLISHERS):
        u = dice.gauss(0, 1)
        for section in range(min(int(dice.paretovariate(1.55)), 12)):
            rate = LAMBDA0 * 2.718 ** (u + dice.gauss(0, 1))
            for number in range(min(int(dice.paretovariate(1.42)), 60)):
                yield _link(dice, f"p{publisher}.example", section, number, rate)


def _link(dice: random.Random, publisher: str, section: int, number: int, rate: float) -> LinkFacts:
    age, lives, refused = dice.uniform(0.25, 15), dice.expovariate(rate), dice.random() < 0.1
    alive = lives > age
    return LinkFacts(
        url=f"https://{publisher}/{section}/{number}",
        publisher=publisher,
        section=f"{publisher}/{section}",
        state=LinkState.BLOCKED if refused else LinkState.LIVE if alive else LinkState.DEAD,
        reason="ok" if alive else "http-404",
        entry_date=(NOW - timedelta(days=365.25 * age)).date() if dice.random() < 0.8 else None,
        first_seen_at=NOW,
        first_checked_at=NOW,
        last_checked_at=NOW,
        last_live_at=NOW if alive and not refused else None,
        failing_since=None if alive or refused else NOW,
        archived=dice.choice([True, False, None]),
    )


def timed(words: str, work: Callable[[], Any], *, peer: float | None = None) -> tuple[float, Any]:
    start = time.process_time()
    found = work()
    spent = time.process_time() - start
    print(f"{words:44} {spent:7.2f} s" + (f"  {spent / peer:7.1f} x json.dumps" if peer else ""))
    return spent, found


def foretell(facts: list[LinkFacts], peer: float) -> None:
    _, model = timed("base rate fitted", partial(durability.fit, scores.histories(facts)), peer=peer)
    timed("survival of every publisher", lambda: [model.publisher(name) for name in model.publishers], peer=peer)


def main() -> None:
    facts = list(links())
    peer, _ = timed("json.dumps of the same links", lambda: sum(len(json.dumps(asdict(each), default=str)) for each in facts))
    print(f"{len(facts):,} links, {len({each.section for each in facts}):,} sections, {PUBLISHERS:,} publishers")
    foretell(facts, peer)
    _, first = timed("whole scores of every publisher", partial(scores.publisher_scores, facts, now=NOW), peer=peer)
    known = {each.publisher: each.inputs_sha256 for each in first.publishers}
    again = partial(scores.publisher_scores, facts, now=NOW, kept=first.fit, known=known)
    _, second = timed("the same again: nothing changed", again, peer=peer)
    print(
        f"{len(second.publishers)} rows the second time; {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most"
    )


if __name__ == "__main__":
    main()
