"""The history of one cited URL -> what we decide about it. Pure, and the same for any order of the facts.

Dead takes confirmations: number, spacing and span as configured. A refusal never counts towards a death, nor does a doubt, an odd
answer, or anything that is the auditor's own trouble (verdicts.md, 9).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from audit import captures, liveness, recheck, walls
from audit.model import (
    CaptureSearch,
    Check,
    CitedAs,
    Evidence,
    Fetch,
    LinkState,
    Override,
    Sign,
    Signed,
    Surroundings,
    Verdict,
)
from audit.settings import Soft404, Verdicts

RULES = "2026-11-24"
"""Version of all rules together; a change makes every verdict worth computing again."""

SURE = 0.6
"""An `ok` below is live only where nothing speaks against it."""

MOST_CONFIDENCE = 0.99
SUSPECT_FACTOR = {1: 0.6, 2: 0.8}
DRIFT_DAYS = USURPED_AGAIN_DAYS = 3.0
CLEAN_AFTER_USURPED = 2
COUNTED = {Sign.GONE, Sign.FAILING}
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
    del searches  # which captures exist is for findings; only an opened one is a witness, and those are in `around`
    rules, expected, near = settings or Verdicts(), cited or NOTHING, around or Surroundings()
    if problem:
        return _settled(url, problem, now)
    acting = [each for each in overrides if each.url == url and each.created_at <= now < each.expires_at]
    silenced = frozenset(each.rule for each in acting if each.rule and each.state is None)
    seen_at, near = _witness(near, expected), _comparable(near, expected)
    checks = _checks(url, (fetch for fetch in fetches if fetch.fetched_at <= now))
    signs = [liveness.judge_check(each, cited=expected, around=near, settings=soft404, silenced=silenced) for each in checks]
    history = _History(rules, witness_at=seen_at, around=near, expecting=bool(expected.titles or expected.quotes))
    for sign in sorted(signs, key=lambda each: (each.checked_at, each.check_id)):
        history.add(sign)
    return _overridden(history.verdict(url, now=now, urlkey=urlkey or url), acting, silenced)


def _settled(url: str, problem: str, now: datetime) -> Verdict:
    evidence = (Evidence(rule=f"url.{problem}", detail="this address cannot be asked", strength=0.99),)
    return Verdict(
        url=url, state=LinkState.UNKNOWN, reason=problem, confidence=0.99, evidence=evidence, decided_at=now, rules=RULES
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


def _hostile(around: Surroundings) -> bool:
    """Whether the site refused some of our requests and answered none well: then more time must pass before a death."""
    answered = [each for each in around.siblings if each.failure is None]
    refused = any(walls.wall(each) for each in answered)
    return refused and not any(liveness.found(each) for each in answered)


def _overridden(verdict: Verdict, acting: Sequence[Override], silenced: frozenset[str]) -> Verdict:
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
    around: Surroundings
    expecting: bool
    state: LinkState = LinkState.UNKNOWN
    reason: str = "never-fetched"
    strength: float = 0.0
    chain: list[Signed] = field(default_factory=list)
    drifting: list[Signed] = field(default_factory=list)
    taken: list[Signed] = field(default_factory=list)
    clean: int = 0
    last_live_at: datetime | None = None
    died_at: datetime | None = None
    repeats: int = 0
    checks: int = 0
    evidence: tuple[Evidence, ...] = ()
    newest: tuple[Evidence, ...] = ()
    only_us: bool = False
    last_check_at: datetime | None = None
    walled_at: datetime | None = None

    def add(self, sign: Signed) -> None:
        """Take the next check."""
        before = self.state, self.reason
        self.checks += 1
        self.last_check_at = sign.checked_at
        self.newest = sign.evidence
        ACTIONS[sign.sign](self, sign)
        self.repeats = self.repeats + 1 if before == (self.state, self.reason) else 1

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
            rules=RULES,
        )

    # ---- one action per sign

    def ok(self, sign: Signed) -> None:
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
            self.chain.clear()
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
        if not self.chain or sign.checked_at - self.chain[-1].checked_at >= timedelta(days=self.rules.min_days_between):
            self.chain.append(sign)
        if self.state is LinkState.USURPED:
            return None
        if self.state is LinkState.DEAD or self._confirmed():
            self._set(LinkState.DEAD, sign)
            self.died_at = self.died_at or sign.checked_at
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

    # ---- what they share

    def _alive(self, sign: Signed) -> None:
        self._set(LinkState.LIVE, sign)
        self.chain.clear()
        self.taken.clear()
        self.clean, self.died_at, self.only_us = 0, None, False
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
        weight = sum(self.rules.weights.get(each.reason, 1.0) for each in self.chain)
        span = self.chain[-1].checked_at - self.chain[0].checked_at
        return weight >= self.rules.confirmations and len(self.chain) >= 2 and span >= timedelta(days=self._span_days())

    def _span_days(self) -> float:
        refused = _hostile(self.around) or (self.walled_at is not None and self.walled_at >= self.chain[0].checked_at)
        return max(self.rules.min_span_days, self.rules.refused_span_days) if refused else self.rules.min_span_days

    def _confidence(self) -> float:
        if self.state is LinkState.SUSPECT:
            return self.strength * SUSPECT_FACTOR.get(max(len(self.chain), 1), 1.0)
        if self.state is LinkState.DEAD:
            return 1 - (1 - self.strength) ** min(len(self.chain), 3)
        if self.state is LinkState.USURPED and len(self.taken) > 1:
            again = self.taken[-1].checked_at - self.taken[0].checked_at >= timedelta(days=USURPED_AGAIN_DAYS)
            return 0.95 if again else self.strength
        return self.strength

    def _history(self) -> list[Evidence]:
        """What of the history bears on the state."""
        said: list[Evidence] = []
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
        weight = sum(self.rules.weights.get(each.reason, 1.0) for each in self.chain)
        days = (self.chain[-1].checked_at - self.chain[0].checked_at).total_seconds() / 86_400
        return f"dead needs {self.rules.confirmations:g} counted failures over {self._span_days():g} days; there are {weight:g} over {days:.0f}"


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
