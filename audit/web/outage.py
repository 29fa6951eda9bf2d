"""The front door: what may be our own doing waits here until the network has proved itself. Pure but for what it remembers.

When the auditor's own network is down every site seems to be, and when somebody answers in the place of the web (a portal, a
filter, a hijacked name) every site seems to be his. Nothing of that may be written down (verdicts.md, 9). So:

* **Failures wait.** A check whose last attempt failed in the network, in any phase (a request that is open at the cut fails in
  `headers`, not in `connect`), passes only after a request that began after that failure brought an answer from another
  registrable domain. A name that was not resolved needs more: a domain that had not answered before in this run, because the
  others are asked at addresses that are known already. What an archive could not say waits as well.
* **Answers are provisional.** They are safe in the spool at once, but the database gets one only when a request that began after
  it had come showed something new, from the host that was asked: `sound_at` tells up to when that is so. Whoever answers for
  everybody shows nothing new from his second answer on, so the first one is still provisional when he is found out.
* **The canaries decide** when there is reason to ask them (`suspicious`): failures on three unrelated domains wait, or twenty in
  all; a gate of our own speaks (407, 511); three unrelated domains carry one mark (interception.py); six domains in a row show
  nothing new, or the last ones of the run. If they fail, what waits and what is provisional is dropped: it was never asked.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from audit.domains import registrable_domain
from audit.model import CaptureSearch, Failure, Fetch, Outcome, Playback, SearchFailure
from audit.urls import host_of
from audit.web.interception import OURS, UNRELATED, Marks, asked_domain

Fact = Outcome | CaptureSearch | Playback

NETWORK = frozenset({Failure.DNS, Failure.REFUSED, Failure.RESET, Failure.TIMEOUT, Failure.TLS, Failure.TOO_MANY_REDIRECTS})
"""What a network without a way out does to a request; the loop is that of a portal."""
UNHEARD = frozenset({SearchFailure.NETWORK, SearchFailure.UNAVAILABLE, SearchFailure.BAD_RESPONSE, SearchFailure.UNCONFIRMED})
"""The same for an archive, which may also seem to answer with the page of a portal, or lose its second word on the way."""
MANY = 20
"""So many failures are worth asking the canaries, whatever their domains."""
NOTHING_NEW, LONG = 6, 100
"""Domains in a row that show no page and title of their own: parked pages, error pages and logins seldom come so. Answers in a
row: one domain may have one page for everything, and what is provisional should not be for long."""
NEVER = datetime.min.replace(tzinfo=UTC)
LATEST = 3
"""Domains whose last answer is remembered: two would do to find another one than the one that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """A fact at the door: who was silent, and since when somebody else's answer is wanted."""

    fact: Fact
    domain: str
    ended_at: datetime
    unnamed: bool = False


class FrontDoor:
    """Facts in, facts out, in order but for those that wait."""

    def __init__(self) -> None:
        self.heard_nothing = True
        self.sound_at = NEVER
        """What had come before this moment came over a sound network."""
        self.various = False
        """Whether different pages were seen: who answers for everybody has one."""
        self._line: list[_Waiting] = []
        self._answers: dict[str, Fetch] = {}
        self._first_answers: dict[str, Fetch] = {}
        self._domains: set[str] = set()
        self._marks = Marks()
        self._innocent: frozenset[str] = frozenset()
        self._nothing_new: list[str] = []
        self._gated = False

    @property
    def waiting(self) -> list[Fact]:
        return [each.fact for each in self._line]

    @property
    def witnesses(self) -> tuple[str, ...]:
        """What answered last, on different domains."""
        return tuple(each.requested_url for each in self._answers.values())

    @property
    def common(self) -> frozenset[str]:
        """What unrelated domains have in common: a canary must not come to show it."""
        return frozenset(self._marks.common)

    @property
    def suspicious(self) -> bool:
        """Whether the canaries should be asked."""
        return (
            self._gated
            or len(self._line) >= MANY
            or len({each.domain for each in self._line}) >= UNRELATED
            or len(set(self._nothing_new)) >= NOTHING_NEW
            or len(self._nothing_new) >= LONG
            or not self._marks.shared <= self._innocent
        )

    @property
    def unsettled(self) -> bool:
        """Whether the last answers showed nothing new, or failures wait: a run should not end so."""
        return bool(self._line or self._nothing_new or self.suspicious)

    def offer(self, outcome: Outcome) -> list[Fact]:
        """Take an outcome; give back what may pass now."""
        for fetch in outcome.fetches:
            self._hear(fetch)
        doubted = _doubted(outcome)
        if doubted is None:
            return [outcome, *self._passing()]
        if self._vouched(doubted):
            return [outcome]
        self._line.append(doubted)
        return []

    def offer_archived(self, fact: CaptureSearch | Playback, *, at: datetime) -> list[Fact]:
        """Take what an archive said at this moment. Its answers vouch for nobody: it may stand in our own house."""
        if fact.failure not in UNHEARD:
            return [fact]
        self._line.append(_Waiting(fact=fact, domain=fact.archive, ended_at=at))
        return []

    def clear(self, *, at: datetime) -> list[Fact]:
        """The canaries, asked at this moment, have vouched for us: what waits passes, and what is shared is innocent."""
        self.sound_at = at
        self._innocent, self._nothing_new, self._gated = frozenset(self._marks.shared), [], False
        passed = [each.fact for each in self._line if each.ended_at <= at]
        self._line = [each for each in self._line if each.ended_at > at]
        return passed

    def _hear(self, fetch: Fetch) -> None:
        if fetch.http_status in OURS:
            self._gated = True
            return
        self.heard_nothing = self.heard_nothing and fetch.http_status is None and not fetch.hops
        if fetch.http_status is None:
            return
        if self._marks.new(fetch):
            self._nothing_new = []
            self._believe(fetch)
        elif fetch.role == "attempt":
            self._nothing_new.append(asked_domain(fetch))

    def _believe(self, fetch: Fetch) -> None:
        """Nobody but the one who was asked can have given this answer."""
        domain = asked_domain(fetch)
        self.various = self.various or bool(self._answers)
        self.sound_at = max(self.sound_at, fetch.fetched_at)
        _keep_latest(self._answers, domain, fetch)
        if domain not in self._domains:
            self._domains.add(domain)
            _keep_latest(self._first_answers, domain, fetch)

    def _vouched(self, doubted: _Waiting) -> bool:
        answers = self._first_answers if doubted.unnamed else self._answers
        return any(domain != doubted.domain and answer.fetched_at >= doubted.ended_at for domain, answer in answers.items())

    def _passing(self) -> list[Fact]:
        passed = [each.fact for each in self._line if self._vouched(each)]
        if passed:
            self._line = [each for each in self._line if not self._vouched(each)]
        return passed


def _doubted(outcome: Outcome) -> _Waiting | None:
    """What a check has to wait for when it ended in a failure that may be ours."""
    last = next((fetch for fetch in reversed(outcome.fetches) if fetch.role == "attempt"), None)
    if last is None or not (last.failure in NETWORK or last.http_status in OURS or _led_inside(last)):
        return None
    return _Waiting(
        fact=outcome,
        domain=registrable_domain(host_of(last.final_url or last.requested_url)),
        ended_at=last.fetched_at + timedelta(milliseconds=last.elapsed_ms),
        unnamed=last.failure is Failure.DNS,
    )


def _led_inside(fetch: Fetch) -> bool:
    """Whether a redirect led to a forbidden address: portals live there. A cited address that is forbidden is nobody's doing."""
    return fetch.failure is Failure.BLOCKED_ADDRESS and bool(fetch.hops)


def _keep_latest(answers: dict[str, Fetch], domain: str, fetch: Fetch) -> None:
    known = answers.get(domain)
    if known is None or fetch.fetched_at > known.fetched_at:
        answers[domain] = fetch
    if len(answers) > LATEST:
        del answers[min(answers, key=lambda each: answers[each].fetched_at)]
