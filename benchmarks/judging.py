"""`python -m benchmarks.judging`: what it costs to judge one URL with 50 fetches and their samples, beside reading them as JSON.

Prints milliseconds and, which is the same on every machine, the ratio to `json.loads` of the same facts. The bar is 2 ms.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any

import benchmarks.rooms  # noqa: F401 - makes `tests` our folder
from audit import verdicts
from audit.model import CitedAs, Failure, Fetch
from tests import make

FETCHES, ROUNDS, BAR_MS = 50, 200, 2.0
TITLE = "A long story about bridges"
STORY = "".join(
    f"<p>The {number}th arch of the bridge stands on oak piles that were driven in spring.</p>" for number in range(200)
)
END = make.NOON + timedelta(days=7 * FETCHES)
CITED = CitedAs(titles=(TITLE,))

Week = Callable[[int], Fetch]


def page(title: str, body: str, **fields: Any) -> Fetch:
    return make.page(f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>", **fields)


def error(week: int) -> Fetch:
    return page("Page not found", f"<p>Nothing here. Visitor number {week}.</p>")


TURNS: Sequence[Week] = (
    lambda _: page(TITLE, STORY),
    error,
    lambda _: make.fetch(status=503),
    lambda _: make.fetch(status=403),
)
WEEKS: dict[str, Week] = {
    "live, the same every week": lambda _: page(TITLE, STORY),
    "live, another text every week": lambda week: page(TITLE, f"<p>Comment {week}.</p>{STORY}"),
    "live, another title": lambda week: page(f"Story {week} of the bridge", f"<p>Comment {week}.</p>{STORY}"),
    "error pages that say 200": error,
    "long error pages that say 200": lambda week: page("Page not found", f"<p>Comment {week}.</p>{STORY}"),
    "404": lambda week: page("Not found", f"<p>Visitor {week}.</p>", http_status=404),
    "timeouts": lambda _: make.fetch(failure=Failure.TIMEOUT, phase="connect"),
    "challenges": lambda week: page("Just a moment...", f"<p>Ray {week}.</p>", http_status=403),
    "by turns": lambda week: TURNS[week % len(TURNS)](week),
}
"""What each of the weekly checks saw."""


def history(seen: Week) -> list[Fetch]:
    return [
        replace(seen(week), fetched_at=make.NOON + timedelta(days=7 * week), check_id=f"c{week:02}") for week in range(FETCHES)
    ]


def milliseconds(work: Callable[[], object]) -> float:
    """Median CPU milliseconds of one call."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time_ns()
        work()
        taken.append(time.process_time_ns() - begun)
    return median(taken) / 1e6


def main() -> None:
    for name, seen in WEEKS.items():
        fetches = history(seen)
        told = json.dumps([asdict(fetch) for fetch in fetches], default=str)
        judging = milliseconds(partial(verdicts.decide, make.URL, fetches, now=END, cited=CITED))
        reading = milliseconds(partial(json.loads, told))
        over = "  over the bar" if judging > BAR_MS else ""
        print(f"{name:32} {judging:6.2f} ms, {judging / reading:5.1f} x reading it as JSON{over}")


if __name__ == "__main__":
    main()
