"""When a cited URL is asked again. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import blake2b

from audit.model import LinkState

JITTER = 0.1
"""Up to a tenth later, by the URL: never earlier, so that 3 days never become 2.9."""

LONGEST_LIVE = 28.0
SUSPECT = (3.0, 4.0, 7.0, 14.0)
"""Checks at day 0, 3, 7 and 14, then every fortnight."""

DEAD = (30.0, 60.0, 120.0, 180.0)
USURPED = (30.0, 90.0)
DRIFTED = (30.0,)
BLOCKED = (14.0, 30.0, 60.0)
RATE_LIMITED = (1.0, 2.0, 4.0, 14.0)
UNSURE = (3.0, 7.0, 30.0)
NEVER = {"unsupported-scheme", "invalid-url", "blocked-address"}
"""Only another rule or another configuration would change these."""

STEPS: Mapping[LinkState, tuple[float, ...]] = {
    LinkState.SUSPECT: SUSPECT,
    LinkState.DEAD: DEAD,
    LinkState.USURPED: USURPED,
    LinkState.DRIFTED: DRIFTED,
    LinkState.BLOCKED: BLOCKED,
    LinkState.UNKNOWN: UNSURE,
}


def next_check_at(
    state: LinkState, reason: str, *, last_check_at: datetime | None, repeats: int, live_days: float, urlkey: str
) -> datetime | None:
    """The next check; None for never. `repeats` counts the checks that said the same in a row, from 1; `live_days` is the first pause of a live link."""
    if reason in NEVER:
        return None
    if last_check_at is None:
        return None
    days = _days(state, reason, repeats=max(repeats, 1), live_days=live_days)
    return last_check_at + timedelta(days=days * (1 + JITTER * _share(urlkey)))


def _days(state: LinkState, reason: str, *, repeats: int, live_days: float) -> float:
    if state is LinkState.LIVE:
        return max(min(live_days * (1 << min(repeats - 1, 8)), LONGEST_LIVE), live_days)
    steps = RATE_LIMITED if reason == "rate-limited" else STEPS[state]
    return steps[min(repeats, len(steps)) - 1]


def _share(urlkey: str) -> float:
    """A number from 0 to 1 that belongs to the URL."""
    return int.from_bytes(blake2b(urlkey.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big") / 2**32
