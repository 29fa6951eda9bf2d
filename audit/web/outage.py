"""The front door: failures that may be ours wait here until somebody else has answered. Pure but for what it remembers.

When the auditor's own network is down every site seems to be. So a failure to resolve, connect or shake hands is passed on only
after a request that started later got an HTTP answer from another registrable domain (verdicts.md, 9).
"""

from datetime import datetime

from audit.domains import registrable_domain
from audit.model import Fetch, Outcome
from audit.urls import host_of

CONNECTING = {"resolve", "connect", "tls"}
OURS = {407, 511}
"""Statuses of a proxy or a portal on our side."""

SUSPICIOUS = 20
"""So many failures in a row without one answer are worth asking the canaries."""


class FrontDoor:
    """Outcomes in, outcomes out, in order but for those that wait."""

    def __init__(self) -> None:
        self.waiting: list[Outcome] = []
        self.heard_nothing = True
        self._answers: dict[str, datetime] = {}
        self._asked_at = 0
        self._gated = False

    def offer(self, outcome: Outcome) -> list[Outcome]:
        """Take an outcome; give back what may be written now."""
        for fetch in outcome.fetches:
            self._gated = self._gated or fetch.http_status in OURS
            if fetch.failure is None and fetch.http_status is not None:
                self._heard(fetch)
        if _may_be_ours(outcome) and not self._vouched(outcome):
            self.waiting.append(outcome)
            return []
        return [outcome, *self._passing()]

    @property
    def suspicious(self) -> bool:
        """Whether the canaries should be asked; says so once per `SUSPICIOUS` failures."""
        if self._gated:
            self._gated = False
            return True
        due = len(self.waiting) >= self._asked_at + SUSPICIOUS
        if due:
            self._asked_at = len(self.waiting)
        return due

    def release(self) -> list[Outcome]:
        """Everything that still waits: the canaries have vouched for us."""
        released, self.waiting = self.waiting, []
        self._asked_at = 0
        return released

    def _heard(self, fetch: Fetch) -> None:
        self.heard_nothing = False
        domain = registrable_domain(host_of(fetch.final_url or fetch.requested_url))
        known = self._answers.get(domain)
        if known is None or fetch.fetched_at > known:
            self._answers[domain] = fetch.fetched_at
        if len(self._answers) > 2:
            oldest = min(self._answers, key=self._answers.__getitem__)
            del self._answers[oldest]

    def _vouched(self, outcome: Outcome) -> bool:
        failed = next(fetch for fetch in reversed(outcome.fetches) if fetch.role == "attempt")
        domain = registrable_domain(host_of(failed.requested_url))
        return any(other != domain and at >= failed.fetched_at for other, at in self._answers.items())

    def _passing(self) -> list[Outcome]:
        if not self.waiting:
            return []
        passed: list[Outcome] = []
        waiting: list[Outcome] = []
        for each in self.waiting:
            (passed if self._vouched(each) else waiting).append(each)
        self.waiting = waiting
        self._asked_at = min(self._asked_at, len(waiting))
        return passed


def _may_be_ours(outcome: Outcome) -> bool:
    attempts = [fetch for fetch in outcome.fetches if fetch.role == "attempt"]
    return bool(attempts) and all(fetch.failure is not None and fetch.phase in CONNECTING for fetch in attempts)
