"""What a host's answers ask of us: when to come back, how slowly, whether to go on at all. Pure."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from audit import liveness
from audit.model import Failure, Fetch

LEAST_S, MOST_S = 1.0, 86_400.0
UNREADABLE_S = 60.0
MOST_DELAY_S = 60.0
FIRST_DELAY_S = 1.0
"""What a host that was asked without any pause gets after its first refusal."""

EPOCH_FROM = 1_000_000_000
UNITS = {"s": 1, "m": 60, "h": 3600}
NUMBER = re.compile(r"^\s*(\d{1,10}(?:\.\d+)?)\s*(s|m|h)?(?:ec\w*|in\w*|our\w*)?\s*$", re.IGNORECASE)
CONNECTING = {"resolve", "connect", "tls"}
SAME_FAILURES = 3
WALLS_IN_A_ROW = 5
CLOSED_FOR_S = 600.0


def retry_after_s(fetch: Fetch) -> float | None:
    """Seconds that an answer asks us to wait, clamped to a day; None when it asks nothing.

    >>> from audit.model import Fetch
    >>> answer = dict(url="", requested_url="", check_id="", fetched_at=datetime(2026, 1, 1, tzinfo=UTC), http_status=429)
    >>> retry_after_s(Fetch(**answer, headers=(("retry-after", "90"),))), retry_after_s(Fetch(**answer))
    (90.0, 60.0)
    """
    status = fetch.http_status
    if status is None:
        return None
    written = fetch.header("retry-after")
    if written is not None and (status in {429, 503} or liveness.is_wall(fetch)):
        return _clamped(_waiting(written, fetch.fetched_at))
    if status == 429:
        return UNREADABLE_S
    return _exhausted(fetch)


def _waiting(written: str, at: datetime) -> float:
    """Seconds, one of the three HTTP dates, an ISO date, a number with a unit; anything else is a minute."""
    if found := NUMBER.match(written):
        seconds = float(found[1]) * UNITS[(found[2] or "s").lower()]
        return seconds - at.timestamp() if seconds > EPOCH_FROM else seconds
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(written.strip())
        except (ValueError, TypeError, IndexError):
            continue
        waiting = (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).timestamp() - at.timestamp()
        return waiting if waiting > 0 else UNREADABLE_S
    return UNREADABLE_S


def _exhausted(fetch: Fetch) -> float | None:
    """`RateLimit-Remaining: 0` sets the same gate as Retry-After."""
    for prefix in ("ratelimit", "x-ratelimit"):
        remaining, reset = fetch.header(f"{prefix}-remaining"), fetch.header(f"{prefix}-reset")
        if remaining is not None and remaining.strip() == "0" and reset is not None:
            return _clamped(_waiting(reset, fetch.fetched_at))
    return None


def _clamped(seconds: float) -> float:
    return min(max(seconds, LEAST_S), MOST_S)


@dataclass(slots=True)
class HostConduct:
    """What one host did in this run, and what follows for the URLs that have not been asked."""

    failed: dict[tuple[Failure, str | None], dict[str, Fetch]] = field(default_factory=dict)
    pending: Counter[str] = field(default_factory=Counter)
    answered: bool = False
    walls: int = 0
    refused: int = 0

    @property
    def doubted(self) -> bool:
        """Whether so many URLs failed to connect, or still may recover from it, that the host should have the benefit of no doubt."""
        most_failed = max(map(len, self.failed.values()), default=0)
        return not self.answered and len(self.pending) + most_failed >= SAME_FAILURES

    def stumbled(self, url: str) -> bool:
        """A first failure in connecting; whether so many URLs stumble that no new one should begin before they are settled."""
        self.pending[url] += 1
        return self.doubted

    def settled(self, fetch: Fetch, url: str, *, walled: bool) -> None:
        """The last attempt of a check is in."""
        self.pending.pop(url, None)
        if fetch.failure is None:
            self.answered = True
            self.failed.clear()
            self.walls = self.walls + 1 if walled else 0
        elif fetch.phase in CONNECTING:
            self.failed.setdefault((fetch.failure, fetch.phase), {})[url] = fetch

    def shared(self, *, left: int) -> Fetch | None:
        """The failure that belongs to the host: the same for three URLs, or for all there are."""
        if self.answered or not left:
            return None
        return next((next(iter(some.values())) for some in self.failed.values() if len(some) >= SAME_FAILURES), None)

    def closed(self) -> bool:
        """Five walls in a row: the rest is asked another day."""
        return self.walls >= WALLS_IN_A_ROW


def slower(delay_s: float) -> float:
    """The pause after a refusal: twice as long, a minute at most.

    >>> slower(0), slower(1.5), slower(50)
    (1.0, 3.0, 60.0)
    """
    return min(max(delay_s * 2, FIRST_DELAY_S), MOST_DELAY_S)
