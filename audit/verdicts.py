"""The history of one cited URL -> what we decide about it. Pure, and the same for any order of the facts.

Dead takes confirmations: number, spacing and span as configured. A refusal never counts towards a death, nor does a doubt, an odd
answer, or anything that is the auditor's own trouble (verdicts.md, 9).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from operator import attrgetter

from audit import captures, liveness, recheck, signatures
from audit.model import (
    Capture,
    CaptureSearch,
    Check,
    CitedAs,
    Evidence,
    Fetch,
    LinkState,
    Override,
    Sign,
    Signed,
    Step,
    Surroundings,
    Verdict,
)
from audit.settings import Soft404, Verdicts
from audit.urls import host_key

RULES = "2026-11-25.3"
"""Version of all rules together; a change makes every verdict worth computing again."""

SURE = 0.6
"""An `ok` below is live only where nothing speaks against it."""

MOST_CONFIDENCE = 0.99
SUSPECT_FACTOR = {1: 0.6, 2: 0.8}
DRIFT_DAYS = USURPED_AGAIN_DAYS = 3.0
CLEAN_AFTER_USURPED = 2
COUNTED = {Sign.GONE, Sign.FAILING}
REFUSABLE = {*COUNTED, Sign.WALLED}
"""What another network may contradict: sites that turn us away also answer 404, reset or silence."""

LEAST_CHECKS = 2
ALONE = 0.7
WITNESSED = {captures.Support.VERIFIED, captures.Support.LIKELY}
NOTHING = CitedAs()


def decide(
    url: str,
    fetches: Iterable[Fetch],
    searches: Iterable[CaptureSearch] = (),
    *,
    now: datetime,
    settings: Verdicts | None = None,
    cited: CitedAs | None = None,
    around: Surroundings | None = None,
    overrides: Iterable[Override] = (),
    urlkey: str | None = None,
    problem: str | None = None,
    soft404: Soft404 | None = None,
) -> Verdict:
    """The verdict about one URL from everything known of it up to `now`.

    >>> from datetime import UTC
    >>> decide("http://a.example/", [], now=datetime(2026, 1, 1, tzinfo=UTC)).reason
    'never-fetched'
    """
    if problem:
        return _settled(url, problem, now)
    acting = _acting(url, overrides, now)
    history = _told(url, fetches, searches, now, settings, cited, around, acting, soft404)
    return _overridden(history.verdict(url, now=now, urlkey=urlkey or url), acting)


def retrace(
    url: str,
    fetches: Iterable[Fetch],
    searches: Iterable[CaptureSearch] = (),
    *,
    now: datetime,
    settings: Verdicts | None = None,
    cited: CitedAs | None = None,
    around: Surroundings | None = None,
    overrides: Iterable[Override] = (),
    soft404: Soft404 | None = None,
) -> tuple[Step, ...]:
    """The checks that `decide` decides from, each with its sign and what stood after it."""
    history = _told(url, fetches, searches, now, settings, cited, around, _acting(url, overrides, now), soft404)
    counted = {each.check_id for each in history.chain}
    return tuple(replace(step, counted=step.signed.check_id in counted) for step in history.steps)


def _acting(url: str, overrides: Iterable[Override], now: datetime) -> tuple[Override, ...]:
    return tuple(each for each in overrides if each.url == url and each.created_at <= now < each.expires_at)


def _told(  # noqa: PLR0917 - what `decide` was given, handed on
    url: str,
    fetches: Iterable[Fetch],
    searches: Iterable[CaptureSearch],
    now: datetime,
    settings: Verdicts | None,
    cited: CitedAs | None,
    around: Surroundings | None,
    acting: Sequence[Override],
    soft404: Soft404 | None,
) -> "_History":
    """The history after its last check."""
    rules, expected, near = settings or Verdicts(), cited or NOTHING, around or Surroundings()
    silenced = _silenced(acting)
    seen_at, near = _witness(near, expected), _comparable(near, expected)
    checks = _checks(url, (fetch for fetch in fetches if fetch.fetched_at <= now))
    signs = _signs(
        checks, lambda check: liveness.judge_check(check, cited=expected, around=near, settings=soft404, silenced=silenced)
    )
    if rules.count_archive_witness and signs:
        signs += _archived_failures(searches, now=now)
    history = _History(
        rules,
        witness_at=seen_at,
        host=_host(url, near),
        expecting=bool(expected.titles or expected.quotes),
    )
    for sign in sorted(signs, key=lambda each: (each.checked_at, each.check_id)):
        history.add(sign)
    return history


SHOWN = attrgetter(
    *(each.name for each in fields(Fetch) if each.name not in {"fetched_at", "check_id", "elapsed_ms", "address", "headers"})
)
CHANGING = frozenset({"date", "age", "etag", "last-modified", "cf-ray", "x-amz-request-id", "x-amzn-requestid", "x-vercel-id"})
"""Headers that differ from answer to answer and that no rule reads beyond their being there."""


def _signs(checks: Iterable[Check], judge: Callable[[Check], Signed]) -> list[Signed]:
    """The sign of each check. Most pages never change: what two checks were shown alike is judged once."""
    known: dict[tuple[object, ...], Signed] = {}
    signs = []
    for check in checks:
        shown = tuple(map(_shown, check.fetches))
        if shown not in known:
            known[shown] = judge(check)
        signs.append(replace(known[shown], check_id=check.check_id, checked_at=check.checked_at))
    return signs


def _shown(fetch: Fetch) -> tuple[object, ...]:
    """All of an answer that a rule may look at."""
    return (*SHOWN(fetch), tuple((name, None if name in CHANGING else value) for name, value in fetch.headers))


def _silenced(acting: Iterable[Override]) -> frozenset[str]:
    return frozenset(each.rule for each in acting if each.rule and each.state is None)


def _settled(url: str, problem: str, now: datetime) -> Verdict:
    evidence = (Evidence(rule=f"url.{problem}", detail="this address cannot be asked", strength=0.99),)
    return Verdict(
        url=url,
        state=LinkState.UNKNOWN,
        reason=problem,
        confidence=0.99,
        evidence=evidence,
        decided_at=now,
        rules=signatures.version(RULES),
    )


def _checks(url: str, fetches: Iterable[Fetch]) -> list[Check]:
    by_check: dict[str, list[Fetch]] = {}
    for fetch in fetches:
        by_check.setdefault(fetch.check_id, []).append(fetch)
    ordered = (sorted(some, key=lambda each: (each.fetched_at, each.attempt, each.requested_url)) for some in by_check.values())
    return [
        Check(check_id=some[0].check_id, url=url, fetches=tuple(some))
        for some in ordered
        if any(each.role == "attempt" for each in some)
    ]


def _witness(around: Surroundings, cited: CitedAs) -> datetime | None:
    """The newest capture whose playback shows what was cited: it saw the page when it was taken."""
    moments = [
        playback.captured_at
        for playback in around.playbacks
        if playback.captured_at and playback.failure is None and captures.support(playback, cited=cited)[0] in WITNESSED
    ]
    return max(moments, default=None)


def _comparable(around: Surroundings, cited: CitedAs) -> Surroundings:
    """Without the captures that show an error, a wall or another page: nothing can be compared with those."""
    shown = tuple(each for each in around.playbacks if captures.support(each, cited=cited)[0] not in captures.UNUSABLE)
    return replace(around, playbacks=shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Host:
    """How a host answered the other URLs that were asked of it lately. `refuses`: some, and it answered none well."""

    answers: bool = False
    refuses: bool = False


def _host(url: str, around: Surroundings) -> _Host:
    here = host_key(url)
    beside = [each for each in around.siblings if each.failure is None and host_key(each.requested_url) == here]
    answers = any(map(liveness.found, beside))
    return _Host(answers=answers, refuses=not answers and any(map(liveness.is_wall, beside)))


ARCHIVE = "archive:"
ARCHIVED_FAILURES = {404: ("http-404", 0.85), 410: ("http-410", 0.9)}


def _archived_failures(searches: Iterable[CaptureSearch], *, now: datetime) -> list[Signed]:
    """Captures of a 404 or 410 are checks from another vantage: many links died years ago, and an archive was there."""
    held = {each.memento_url: each for search in searches for each in search.captures if each.http_status in ARCHIVED_FAILURES}
    return [_archived_failure(each) for each in held.values() if each.captured_at <= now]


def _archived_failure(capture: Capture) -> Signed:
    reason, strength = ARCHIVED_FAILURES[capture.http_status or 0]
    return Signed(
        check_id=capture.memento_url,
        checked_at=capture.captured_at,
        sign=Sign.GONE,
        reason=reason,
        strength=strength,
        evidence=(Evidence(rule="history.archive", detail=f"an archive saw it gone: {capture.memento_url[:200]}"),),
        vantage=f"{ARCHIVE}{capture.archive}",
    )


def _overridden(verdict: Verdict, acting: Sequence[Override]) -> Verdict:
    silenced = _silenced(acting)
    notes = [
        Evidence(
            rule="override.rule",
            detail=f"{each.author}: {each.rule} is wrong here, until {each.expires_at:%Y-%m-%d}: {each.note}",
        )
        for each in acting
        if each.rule in silenced and each.state is None
    ]
    forced = max((each for each in acting if each.state is not None), key=lambda each: each.created_at, default=None)
    if forced is None or forced.state is None:
        return replace(verdict, evidence=(*verdict.evidence, *notes))
    said = f"{forced.author}: {forced.state.value} until {forced.expires_at:%Y-%m-%d}: {forced.note}"
    evidence = (Evidence(rule="override.state", detail=said, strength=MOST_CONFIDENCE), *verdict.evidence, *notes)
    return replace(verdict, state=forced.state, confidence=MOST_CONFIDENCE, evidence=evidence)


@dataclass(slots=True)
class _History:
    """The state machine over signs in order of time."""

    rules: Verdicts
    witness_at: datetime | None
    host: _Host
    expecting: bool
    state: LinkState = LinkState.UNKNOWN
    reason: str = "never-fetched"
    strength: float = 0.0
    chain: list[Signed] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    drifting: list[Signed] = field(default_factory=list)
    taken: list[Signed] = field(default_factory=list)
    clean: int = 0
    last_live_at: datetime | None = None
    repeats: int = 0
    checks: int = 0
    evidence: tuple[Evidence, ...] = ()
    newest: tuple[Evidence, ...] = ()
    only_us: bool = False
    last_check_at: datetime | None = None
    walled_at: datetime | None = None
    failed_at: datetime | None = None
    seen: list[Signed] = field(default_factory=list)
    elsewhere: Evidence | None = None
    steps: list[Step] = field(default_factory=list)

    def add(self, sign: Signed) -> None:
        """Take the next check."""
        before = self.state, self.reason
        if not _by_archive(sign):
            self.checks += 1
            self.last_check_at = sign.checked_at
            self.newest = sign.evidence
        if not self._answered_elsewhere(sign):
            ACTIONS[sign.sign](self, sign)
        self.repeats = self.repeats + 1 if before == (self.state, self.reason) else 1
        self.steps.append(Step(signed=sign, counted=False, state=self.state, reason=self.reason))

    def verdict(self, url: str, *, now: datetime, urlkey: str) -> Verdict:
        """What stands after the last check."""
        state_days = self.rules.recheck_live_days
        repeats = len(self.chain) if self.state is LinkState.SUSPECT and self.chain else self.repeats
        return Verdict(
            url=url,
            state=self.state,
            reason=self.reason,
            confidence=round(min(self._confidence(), MOST_CONFIDENCE), 4),
            evidence=(*dict.fromkeys((*self.evidence, *self.newest)), *self._history()),
            failing_since=self.chain[0].checked_at if self.chain else None,
            last_live_at=self.last_live_at,
            decided_at=now,
            failures=len(self.chain),
            checks=self.checks,
            next_check_at=recheck.next_check_at(
                self.state, self.reason, last_check_at=self.last_check_at, repeats=repeats, live_days=state_days, urlkey=urlkey
            ),
            rules=signatures.version(RULES),
        )

    # ---- one action per sign

    def ok(self, sign: Signed) -> None:
        self._note_where(sign)
        if sign.strength < SURE and (self.chain or self.state is LinkState.USURPED):
            return
        if self.state is LinkState.USURPED:
            self.clean += self._shows_what_was_cited(sign)
            if self.clean < CLEAN_AFTER_USURPED:
                return
        self._alive(sign)
        self.drifting.clear()

    def drift(self, sign: Signed) -> None:
        if self.state is LinkState.USURPED:
            return
        self.drifting.append(sign)
        first = self.drifting[0].checked_at
        confirmed = sign.checked_at - first >= timedelta(days=DRIFT_DAYS)
        if confirmed:
            self._set(LinkState.DRIFTED, sign)
            self._cut()
        elif self.state is not LinkState.DRIFTED:
            self._alive(replace(sign, reason="ok", strength=SURE))

    def usurp(self, sign: Signed) -> None:
        self.taken.append(sign)
        self.clean = 0
        self._set(LinkState.USURPED, sign)

    def fail(self, sign: Signed) -> None:
        """A check that counts. Neighbours in the chain are `min_days_between` apart, or a busy night would be a death."""
        if self.witness_at and self.witness_at > sign.checked_at:
            return self._seen_elsewhere(sign)
        self.failed_at = sign.checked_at
        self._count(sign)
        if self.state is LinkState.USURPED:
            return None
        if self.state is LinkState.DEAD or self._confirmed():
            self._set(LinkState.DEAD, sign)
        elif not self.only_us:
            self._set(LinkState.SUSPECT, sign)
        return None

    def refuse(self, sign: Signed) -> None:
        self.walled_at = sign.checked_at
        if self.state not in {LinkState.DEAD, LinkState.USURPED}:
            self._set(LinkState.BLOCKED, sign)

    def doubt(self, sign: Signed) -> None:
        if self.state not in {LinkState.DEAD, LinkState.USURPED}:
            self._set(LinkState.SUSPECT, sign)

    def wonder(self, sign: Signed) -> None:
        if self.state is LinkState.UNKNOWN:
            self._set(LinkState.UNKNOWN, sign)

    def _count(self, sign: Signed) -> None:
        """A failure too close to the one before counts with it: the heavier of the two speaks."""
        weight = self.rules.weights.get(sign.reason, 1.0)
        if self.chain and sign.checked_at - self.chain[-1].checked_at < timedelta(days=self.rules.min_days_between):
            self.weights[-1] = max(self.weights[-1], weight)
            return
        self.chain.append(sign)
        self.weights.append(weight)

    def _cut(self) -> None:
        self.chain.clear()
        self.weights.clear()
        self.failed_at = None

    # ---- another network

    def _note_where(self, sign: Signed) -> None:
        """Remember who saw it answer; what another network saw within a day of a failure here, we were refused."""
        refused = self.steps[-1].signed if self.steps else None
        if refused and refused.vantage != sign.vantage and refused.sign in REFUSABLE and _within_a_day(refused, sign):
            self.elsewhere = _walled_here(sign)
        else:
            self.elsewhere = None
        if sign.strength >= SURE:
            self.seen = [each for each in self.seen if each.vantage != sign.vantage] + [sign]

    def _answered_elsewhere(self, sign: Signed) -> bool:
        """Whether another network was answered within the day before: then this failure is about us, not about the page."""
        if sign.sign not in REFUSABLE or self.state is not LinkState.LIVE or _by_archive(sign):
            return False
        other = next((each for each in self.seen if each.vantage != sign.vantage and _within_a_day(each, sign)), None)
        self.elsewhere = _walled_here(other) if other else None
        return other is not None

    # ---- what they share

    def _alive(self, sign: Signed) -> None:
        self._set(LinkState.LIVE, sign)
        self._cut()
        self.taken.clear()
        self.clean, self.only_us = 0, False
        self.last_live_at = sign.checked_at

    def _set(self, state: LinkState, sign: Signed) -> None:
        self.state, self.reason, self.strength, self.evidence = state, sign.reason, sign.strength, sign.evidence

    def _seen_elsewhere(self, sign: Signed) -> None:
        """An archive saw the page after this failure: only we were refused then, until later failures are a full chain."""
        if self.state in {LinkState.UNKNOWN, LinkState.SUSPECT, LinkState.LIVE}:
            self.only_us = True
            self._set(LinkState.BLOCKED, replace(sign, reason="only-us"))

    def _shows_what_was_cited(self, sign: Signed) -> bool:
        """A domain that was lost is back when its pages show again what was cited, as far as that is known."""
        return not self.expecting or any(each.rule == "content.matches" for each in sign.evidence)

    def _confirmed(self) -> bool:
        """Enough of them, over long enough, and at least one that we made."""
        enough = sum(self.weights) >= self.rules.confirmations and len(self.chain) >= LEAST_CHECKS
        return enough and self._span() >= timedelta(days=self._span_days()) and not all(map(_by_archive, self.chain))

    def _span(self) -> timedelta:
        """To the newest failure, counted or not: one more failure can only make it longer."""
        return (self.failed_at or self.chain[-1].checked_at) - self.chain[0].checked_at

    def _span_days(self) -> float:
        """A host that refused us and answered nothing well may be refusing us in another way: it gets more time."""
        walled = self.walled_at is not None and self.walled_at >= self.chain[0].checked_at
        refused = self.host.refuses or (walled and not self.host.answers)
        return max(self.rules.min_span_days, self.rules.refused_span_days) if refused else self.rules.min_span_days

    def _confidence(self) -> float:
        if self.state is LinkState.SUSPECT:
            return self._base() * SUSPECT_FACTOR.get(max(len(self.chain), 1), 1.0)
        if self.state is LinkState.DEAD:
            return 1 - (1 - self._base()) ** min(len(self.chain), 3)
        if self.state is LinkState.USURPED and len(self.taken) > 1:
            again = self.taken[-1].checked_at - self.taken[0].checked_at >= timedelta(days=USURPED_AGAIN_DAYS)
            return 0.95 if again else self.strength
        return self.strength

    def _base(self) -> float:
        """Where no other page of the host answered us, it may be us whom it fails; of a vanished domain the registry tells."""
        return self.strength if self.host.answers or self.reason == "domain-vanished" else min(self.strength, ALONE)

    def _history(self) -> list[Evidence]:
        """What of the history bears on the state."""
        said: list[Evidence] = [self.elsewhere] if self.elsewhere and self.state is LinkState.LIVE else []
        if self.chain:
            first, last = self.chain[0].checked_at, self.chain[-1].checked_at
            words = f"{len(self.chain)} counted failures from {first:%Y-%m-%d} to {last:%Y-%m-%d}"
            said.append(Evidence(rule="history.chain", detail=words))
            if self.state is LinkState.SUSPECT:
                said.append(Evidence(rule="history.span", detail=self._missing()))
        if self.drifting and self.state is LinkState.LIVE:
            said.append(
                Evidence(
                    rule="history.drifting",
                    detail=f"shows something else since {self.drifting[0].checked_at:%Y-%m-%d}, not yet confirmed",
                )
            )
        if self.reason == "only-us" and self.witness_at:
            said.append(
                Evidence(
                    rule="history.witness",
                    detail=f"an archive saw the page on {self.witness_at:%Y-%m-%d}, after we failed",
                    strength=0.9,
                )
            )
        return said

    def _missing(self) -> str:
        """What is missing to a death, and when it could be there."""
        wanted, days = f"{self.rules.confirmations:g} counted failures", self._span_days()
        there = f"there are {sum(self.weights):g} over {self._span().total_seconds() / 86_400:.0f}"
        earliest = max(
            self.chain[0].checked_at + timedelta(days=days),
            self.chain[-1].checked_at + timedelta(days=self.rules.min_days_between),
        )
        return f"dead needs {wanted} over {days:g} days; {there}; at the earliest on {earliest:%Y-%m-%d}"


def _by_archive(sign: Signed) -> bool:
    return (sign.vantage or "").startswith(ARCHIVE)


def _within_a_day(one: Signed, other: Signed) -> bool:
    return abs(one.checked_at - other.checked_at) <= timedelta(days=1)


def _walled_here(sign: Signed) -> Evidence:
    where = sign.vantage or "our first network"
    return Evidence(rule="history.walled-here", detail=f"{where} was answered on {sign.checked_at:%Y-%m-%d %H:%M}", strength=0.9)


ACTIONS = {
    Sign.OK: _History.ok,
    Sign.TAKEN: _History.usurp,
    Sign.DRIFTING: _History.drift,
    Sign.WALLED: _History.refuse,
    Sign.GONE: _History.fail,
    Sign.FAILING: _History.fail,
    Sign.DOUBTFUL: _History.doubt,
    Sign.ODD: _History.wonder,
    Sign.VOID: _History.wonder,
}
