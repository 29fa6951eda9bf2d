"""Queues of hosts under a virtual clock: paced, bounded, complete, and no host waits for another."""

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import given, settings, strategies as st

from audit.schedule import HostQueues


@dataclass
class Played:
    """What happened: the starts of each host, and the most that were open."""

    starts: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    taken: list[str] = field(default_factory=list)
    most_open: Counter[str] = field(default_factory=Counter)
    most_open_in_all: int = 0
    ended_at: float = 0.0


def play(queues: HostQueues[str], *, slots: int, takes_s: float, again: frozenset[str] = frozenset()) -> Played:
    """Run the queues with so many slots until nothing is left; items of `again` want a second turn when they end."""
    now, played = 0.0, Played()
    running: list[tuple[float, str, str]] = []
    open_now: Counter[str] = Counter()
    repeated: set[str] = set()
    while True:
        while len(running) < slots and (turn := queues.take(now)):
            heapq.heappush(running, (now + takes_s, turn.host, turn.item))
            played.starts[turn.host].append(now)
            played.taken.append(turn.item)
            open_now[turn.host] += 1
            played.most_open[turn.host] = max(played.most_open[turn.host], open_now[turn.host])
            played.most_open_in_all = max(played.most_open_in_all, len(running))
        moment = queues.next_moment(now) if len(running) < slots else None
        if not running and moment is None:
            played.ended_at = now
            return played
        if running and (moment is None or running[0][0] <= moment):
            now, host, item = heapq.heappop(running)
            open_now[host] -= 1
            queues.done(host)
            if item in again and item not in repeated:
                repeated.add(item)
                queues.want(host, item, now=now)
        elif moment is not None:
            now = max(now, moment)


def filled(counts: dict[str, int], *, delay_s: float = 1.0, concurrency: int = 2) -> HostQueues[str]:
    queues: HostQueues[str] = HostQueues(delay_s=delay_s, concurrency=concurrency)
    for host, number in counts.items():
        queues.add(host, [f"{host}/{each}" for each in range(number)], now=0.0)
    return queues


hosts = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 12), min_size=1)
delays = st.sampled_from([0.0, 0.3, 1.0])
durations = st.sampled_from([0.0, 0.1, 2.5])


@settings(max_examples=150, deadline=None)
@given(counts=hosts, delay_s=delays, concurrency=st.integers(1, 3), slots=st.integers(1, 6), takes_s=durations, data=st.data())
def test_every_item_is_taken_once_paced_and_bounded(
    counts: dict[str, int], delay_s: float, concurrency: int, slots: int, takes_s: float, data: st.DataObject
) -> None:
    queues = filled(counts, delay_s=delay_s, concurrency=concurrency)
    every = [f"{host}/{each}" for host, number in counts.items() for each in range(number)]
    again = frozenset(data.draw(st.lists(st.sampled_from(every), max_size=5)))

    played = play(queues, slots=slots, takes_s=takes_s, again=again)

    assert Counter(played.taken) == Counter(every) + Counter(again)
    assert queues.fresh == 0
    assert played.most_open_in_all <= slots
    assert max(played.most_open.values()) <= concurrency
    gaps = [later - one for starts in played.starts.values() for one, later in pairwise(starts)]
    assert all(gap >= delay_s - 1e-9 for gap in gaps)


@settings(max_examples=60, deadline=None)
@given(gate=st.floats(0, 50), counts=hosts)
def test_a_gate_is_obeyed_and_delays_only_its_host(gate: float, counts: dict[str, int]) -> None:
    queues = filled(counts | {"gated": 2, "open": 2}, delay_s=0.0)
    queues.gate("gated", gate, now=0.0)

    played = play(queues, slots=50, takes_s=0.1)

    assert min(played.starts["gated"]) >= gate
    assert min(played.starts["open"]) == 0.0


def test_the_end_is_that_of_the_largest_host() -> None:
    counts = {f"h{n}": 1 for n in range(48)} | {f"m{n}": 3 for n in range(11)} | {"large": 12}

    played = play(filled(counts), slots=256, takes_s=0.2)

    assert played.ended_at <= 11.3


def test_the_bar_of_the_schedule_holds_on_a_mild_corpus() -> None:
    counts = {f"h{n}": 1 + (n % 2 == 0) * 9 + (n % 25 == 0) * 110 for n in range(300)}
    total, slots, takes_s = sum(counts.values()), 16, 2.0

    played = play(filled(counts), slots=slots, takes_s=takes_s)

    bound = total * takes_s / slots
    assert played.ended_at <= bound * 1.02
    first_visits = [starts[0] for host, starts in played.starts.items() if counts[host] == 1]
    assert max(first_visits) <= 0.4 * played.ended_at, "single pages do not wait until the large hosts are done"


def test_work_that_has_begun_goes_before_new_work() -> None:
    queues = filled({"a": 3}, delay_s=0.0, concurrency=1)
    queues.want("a", "hop", now=0.0)

    turn = queues.take(0.0)

    assert turn is not None
    assert (turn.item, turn.begun) == ("hop", True)


def test_without_fresh_only_begun_work_goes_on_and_nothing_is_lost() -> None:
    queues = filled({"a": 1, "b": 1}, delay_s=0.0)
    queues.want("b", "hop", now=0.0)

    begun, none = queues.take(0.0, fresh=False), queues.take(0.0, fresh=False)
    later = [turn.item for _ in range(2) if (turn := queues.take(0.0))]

    assert begun is not None
    assert begun.item == "hop"
    assert none is None
    assert sorted(later) == ["a/0", "b/0"]


def test_a_held_host_begins_nothing_new() -> None:
    queues = filled({"a": 2}, delay_s=0.0)
    queues.hold("a", True)
    held = queues.take(0.0)
    queues.hold("a", False)

    assert held is None
    assert queues.take(0.0) is not None


def test_what_is_dropped_is_given_back_and_never_taken() -> None:
    queues = filled({"a": 3, "b": 1}, delay_s=0.0)

    dropped = queues.drop("a")

    assert dropped == ["a/0", "a/1", "a/2"]
    assert play(queues, slots=4, takes_s=0.0).taken == ["b/0"]


def test_a_slower_pace_holds_from_the_last_start() -> None:
    queues = filled({"a": 3}, delay_s=1.0)
    queues.take(0.0)

    queues.slow_down("a", 5.0, now=0.2)

    assert queues.take(4.9) is None
    assert queues.take(5.2) is not None


def test_a_wish_that_was_withdrawn_gets_no_turn() -> None:
    queues: HostQueues[str] = HostQueues(delay_s=0.0, concurrency=1)
    queues.want("a", "hop", now=0.0)

    queues.unwant("a", "hop")

    assert queues.take(0.0) is None
    assert queues.next_moment(0.0) is None
