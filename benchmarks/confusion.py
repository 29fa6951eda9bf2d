"""The tables of docs/accuracy.md from the trials. Pure."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from audit.model import LinkState
from benchmarks.peers import PEERS, Called
from benchmarks.trials import Ours, Request, Trial
from tests.lab.situation import Scenario

LIVE, SUSPECT, DEAD, USURPED, DRIFTED, BLOCKED = (
    LinkState.LIVE,
    LinkState.SUSPECT,
    LinkState.DEAD,
    LinkState.USURPED,
    LinkState.DRIFTED,
    LinkState.BLOCKED,
)
MOST_NAMES = 12
"""So many misses of a program are named; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run of the benchmark."""

    day: str
    version: str
    scenarios: Sequence[Scenario]
    urls: int
    ours: Ours
    peers: Sequence[Trial]
    altered: int
    """Answers of the plainest checker that differ with and without the proxy."""

    @property
    def trials(self) -> tuple[Trial, ...]:
        return (self.ours.first, *self.peers)


# ---- the truth, one word for each situation

FAILING = {"http-5xx", "http-transient", "dns", "refused", "reset", "timeout", "tls", "too-many-redirects"}
TRUTHS: tuple[tuple[str, Callable[[Scenario], bool]], ...] = (
    ("drifted", lambda it: DRIFTED in it.settled and LIVE not in it.settled),
    ("live", lambda it: it.states <= {LIVE}),
    ("refuses", lambda it: it.states <= {BLOCKED}),
    ("lost domain", lambda it: USURPED in it.states and LIVE not in it.states and not it.kind.startswith("soft")),
    ("says 200, is gone", lambda it: it.kind.startswith("soft")),
    ("fails", lambda it: it.kind == "transient" or it.reason in FAILING),
    ("gone", lambda it: it.states <= {SUSPECT, DEAD}),
    ("cannot be told", lambda _: True),
)


def truth(scenario: Scenario) -> str:
    """What is true of it, in the words of the table."""
    return next(word for word, holds in TRUTHS if holds(scenario))


MISTAKES: tuple[tuple[str, str, frozenset[Called]], ...] = (
    ("live pages called broken", "live", frozenset({Called.BROKEN})),
    ("live pages not called alive", "live", frozenset({Called.BROKEN, Called.UNCHECKED})),
    ("refusals called broken", "refuses", frozenset({Called.BROKEN})),
    ("refusals called alive", "refuses", frozenset({Called.ALIVE})),
    ("pages that say 200 and are gone, called alive", "says 200, is gone", frozenset({Called.ALIVE})),
    ("lost domains called alive", "lost domain", frozenset({Called.ALIVE})),
    ("pages that are gone, called alive", "gone", frozenset({Called.ALIVE})),
    ("drifted pages called alive (to see it takes two checks)", "drifted", frozenset({Called.ALIVE})),
)

# ---- sections


def document(measured: Measured) -> str:
    """The generated part of docs/accuracy.md."""
    return "\n\n".join("\n".join(section(measured)) for section in SECTIONS) + "\n"


def _head(measured: Measured) -> Iterator[str]:
    names = ", ".join(_package(peer.package) for peer in PEERS if peer.package)
    unreached = {trial.name: trial.unreached for trial in measured.trials if trial.unreached}
    yield f"Measured on {measured.day}: {len(measured.scenarios)} situations, {measured.urls} cited URLs, source-audit {measured.version},"
    yield f"{names}. " + ("Every program reached every host." if not unreached else f"Hosts never reached: {unreached}.")
    yield f"The proxy changed what the plain status check says of {measured.altered} URLs."


def _programs(_: Measured) -> Iterator[str]:
    yield "### The programs, and how their words are read\n"
    yield "* **source-audit**: `source-audit run`, one night. Live is alive; suspect, dead, usurped and drifted are broken; blocked and"
    yield "  unknown could not be checked. Suspect counts as broken, so that to doubt a live page is a mistake here."
    for peer in PEERS:
        command = " ".join(("python" if word == sys.executable else word.removeprefix("{bin}/")) for word in peer.command)
        yield f"* **{peer.name}**: `{command}`. {peer.means}."


def _package(pinned: str) -> str:
    name, _, version = pinned.partition("==")
    return f"{name} {version}"


def _called(measured: Measured) -> Iterator[str]:
    yield "### What each program says after one run\n"
    yield "Each cell: alive / broken / could not check.\n"
    groups: dict[tuple[str, str], list[int]] = {}
    for number, scenario in enumerate(measured.scenarios):
        groups.setdefault((scenario.kind, truth(scenario)), []).append(number)
    rows = [
        (f"`{kind}`", word, str(len(members)), *(_cell(trial, members) for trial in measured.trials))
        for (kind, word), members in groups.items()
    ]
    yield from table(("kind", "truth", "URLs", *(trial.name for trial in measured.trials)), rows)


def _cell(trial: Trial, members: Iterable[int]) -> str:
    counted = Counter(trial.called[number] for number in members)
    return " / ".join(str(counted[called]) for called in Called)


def _mistakes(measured: Measured) -> Iterator[str]:
    yield "### Mistakes\n"
    rows = []
    for title, word, wrong in MISTAKES:
        members = [number for number, scenario in enumerate(measured.scenarios) if truth(scenario) == word]
        if members:
            counts = (str(sum(trial.called[number] in wrong for number in members)) for trial in measured.trials)
            rows.append((title, str(len(members)), *counts))
    yield from table(("", "of", *(trial.name for trial in measured.trials)), rows)
    failing = [number for number, scenario in enumerate(measured.scenarios) if truth(scenario) == "fails"]
    dead = sum(measured.ours.first_states[number] is DEAD for number in failing)
    told = ", ".join(f"{trial.name} {sum(trial.called[n] is Called.BROKEN for n in failing)}" for trial in measured.peers)
    yield f"\nOf {len(failing)} failing servers source-audit calls {dead} dead after one run: what fails is `suspect` until it has lasted."
    yield f"The others have one word for both and one run to say it in; broken they call: {told}."


def _misses(measured: Measured) -> Iterator[str]:
    yield "### Live pages not called alive\n"
    for trial in measured.trials:
        missed = [
            scenario.name
            for scenario, called in zip(measured.scenarios, trial.called, strict=True)
            if truth(scenario) == "live" and called is not Called.ALIVE
        ]
        yield f"* **{trial.name}**: {_some(missed)}"


def _some(names: Sequence[str]) -> str:
    more = f"; and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return "; ".join(names[:MOST_NAMES]) + more if names else "none"


def _states(measured: Measured) -> Iterator[str]:
    ours = measured.ours
    yield f"### The states of source-audit: after one night, and after {ours.nights} nights in five weeks\n"
    rows = []
    for kind in dict.fromkeys(scenario.kind for scenario in measured.scenarios):
        members = [number for number, scenario in enumerate(measured.scenarios) if scenario.kind == kind]
        first, last = (Counter(states[number] for number in members) for states in (ours.first_states, ours.last_states))
        rows.append((f"`{kind}`", *(f"{first[state]} → {last[state]}" for state in LinkState)))
    yield from table(("kind", *(state.value for state in LinkState)), rows)
    pairs = tuple(zip(measured.scenarios, ours.first_states, ours.last_states, strict=True))
    early = [scenario.name for scenario, state, _ in pairs if state not in scenario.states]
    late = [scenario.name for scenario, _, state in pairs if state not in scenario.settled]
    yield f"\nOther than the truth after one night: {_some(early)}. After the last: {_some(late)}."


def _requests(measured: Measured) -> Iterator[str]:
    yield "### Requests\n"
    plainest = measured.peers[-1]
    costs = [
        (trial.name, f"{trial.asked.total() / measured.urls:.2f}", f"{trial.cpu_s / plainest.cpu_s:.1f}")
        for trial in measured.trials
    ]
    yield from table(("program", "requests per URL", f"CPU seconds, {plainest.name} = 1"), costs)
    yield "\nRequests per URL by kind:\n"
    kinds = dict.fromkeys(scenario.kind for scenario in measured.scenarios)
    rows = [(f"`{kind}`", *(_per_url(measured, trial, kind) for trial in measured.trials)) for kind in kinds]
    yield from table(("kind", *(trial.name for trial in measured.trials)), rows)


def _signals(measured: Measured) -> Iterator[str]:
    yield "### What the requests of source-audit are for\n"
    counts, users = spent(measured.ours.requests)
    total = measured.ours.first.asked.total()
    rows = [(what, str(times), f"{times / measured.urls:.3f}", str(len(users[what]))) for what, times in counts.most_common()]
    rows.append((UNSTORED, str(total - counts.total()), f"{(total - counts.total()) / measured.urls:.3f}", ""))
    rows.append(("in all", str(total), f"{total / measured.urls:.3f}", str(measured.urls)))
    yield from table(("for", "requests", "per cited URL", "URLs that needed it"), rows)
    yield "\nPlain answers, without a redirect:\n"
    yield from plainly(measured)


def _per_url(measured: Measured, trial: Trial, kind: str) -> str:
    some = [scenario for scenario in measured.scenarios if scenario.kind == kind]
    return f"{sum(trial.asked[each.site.host] for each in some) / sum(1 + len(each.more) for each in some):.2f}"


FIRST, HOPS, AGAIN, ELSEWHERE = (
    "the first request",
    "redirects",
    "the same again later",
    "another scheme or spelling, which has the page",
)
UNSTORED = "again at once: a more patient reader, another connection, another spelling in vain"
PURPOSES = {
    "probe": "a sibling that cannot exist",
    "root": "the front page",
    "robots": "robots.txt",
    "rdap": "the registry of the domain",
}


def spent(requests: Iterable[Request]) -> tuple[Counter[str], Mapping[str, set[str]]]:
    """Requests by what they were for, and the URLs that needed them."""
    counts: Counter[str] = Counter()
    users: dict[str, set[str]] = {}
    for request in requests:
        for what, times in ((_purpose(request), int(request.sent)), (HOPS, request.hops)):
            if times:
                counts[what] += times
                users.setdefault(what, set()).add(request.url)
    return counts, users


def _purpose(request: Request) -> str:
    if request.role != "attempt":
        return PURPOSES.get(request.role, request.role)
    if request.attempt == 1:
        return FIRST
    return ELSEWHERE if request.other_address else AGAIN


PLAIN: tuple[tuple[str, str, Callable[[Request], bool]], ...] = (
    ("alive and show the cited title", "live", lambda it: it.answered in range(200, 300) and it.titled),
    (
        "alive and show another title, or are cited without one",
        "live",
        lambda it: it.answered in range(200, 300) and not it.titled,
    ),
    ("gone (404 or 410)", "gone", lambda it: it.answered in {404, 410}),
)


def plainly(measured: Measured) -> Iterator[str]:
    """How many of the URLs whose first answer says it all took more than this one request, and for what."""
    asked = measured.ours.first.asked
    for words, true, holds in PLAIN:
        plain = [
            (each, wanted)
            for each in measured.scenarios
            if truth(each) == true
            and not each.more
            and (wanted := measured.ours.wanted(each.url))
            and wanted[0].plain
            and holds(wanted[0])
        ]
        more = [
            {_purpose(request) for request in wanted[1:]} or {UNSTORED} for each, wanted in plain if asked[each.site.host] > 1
        ]
        why = ", ".join(f"{what} {times}" for what, times in Counter(what for each in more for what in each).most_common())
        yield f"* Of {len(plain)} URLs that are {words}, {len(plain) - len(more)} took 1 request{f'; the others: {why}' if why else ''}."


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


SECTIONS: tuple[Callable[[Measured], Iterator[str]], ...] = (
    _head,
    _mistakes,
    _called,
    _misses,
    _states,
    _requests,
    _signals,
    _programs,
)
