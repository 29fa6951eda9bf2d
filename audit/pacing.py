"""Allowances of web archives: who may ask when, and what a refusal costs. Pure.

An allowance belongs to the network we come from, not to a process, so its standing (`model.Pool`) lies in the database and
every process reserves its moments there. `reserve` gives moments, `answered` moves the breaker; both return the new pool
and leave its `version` alone: that is how the store knows what they saw.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from audit.model import Pool
from audit.settings import ArchiveSettings, Pace

LEAST_CLOSED_S = 60.0
"""A client that goes on for more than a minute after a 429 is firewalled by the Internet Archive."""

MOST_CLOSED_S = 3_600.0
FIREWALLED_S = 3_600.0
MOST_FIREWALLED_S = 86_400.0
MOST_RETRY_AFTER_S = 86_400.0
FIREWALL_WINDOW = timedelta(minutes=10)
"""Connections refused within so long after a 429 are the firewall, not an outage."""

SILENT_S = 60.0
SILENCES = 5
"""So many timeouts in a row close a pool for a minute: the archive has other troubles than us."""

OPENINGS_PER_RUN = 3
MOST_SLOW = 4
SLOW_STEP = timedelta(hours=1)


class Heard(StrEnum):
    """What an answer means for the pace."""

    OK = "ok"
    REFUSED = "refused"
    FIREWALLED = "firewalled"
    SILENT = "silent"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How fast one pool may be asked: seconds between requests, how many at once, how long each may take, how often."""

    pool: str
    interval_s: float
    in_flight: int
    deadline_s: float
    tries: int = 1
    try_gap_s: float = 0.0
    ahead_s: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, as far as the pace is concerned. `sent_at` tells answers of before a refusal from those after it."""

    heard: Heard
    sent_at: datetime
    http_status: int | None = None
    retry_after_s: float | None = None


PLAYBACK = Allowance(pool="playback", interval_s=0.125, in_flight=16, deadline_s=30, tries=2, try_gap_s=5, ahead_s=1)
INDEX = Allowance(pool="index", interval_s=2.5, in_flight=16, deadline_s=60, ahead_s=5)
HINT = Allowance(pool="hint", interval_s=3, in_flight=2, deadline_s=20)
SAVE = Allowance(pool="save", interval_s=10, in_flight=4, deadline_s=120)
SAVE_STATUS = Allowance(pool="save-status", interval_s=1.5, in_flight=1, deadline_s=30, try_gap_s=6)
ANY = Allowance(pool="any", interval_s=1, in_flight=2, deadline_s=30)
"""The Internet Archive allows 600 playbacks and 30 index queries a minute (2026-06) and asks clients to keep to 80 %.

`in_flight` of the index follows from 0.4 requests a second that take 40 s each. Little is reserved ahead, so that the
refusal of another process is seen soon. Saving is counted by pages: asking what became of them, each one at most every
`try_gap_s`, costs nothing of that.
"""


def allowances(archive: ArchiveSettings) -> dict[str, Allowance]:
    """The pools of one archive. Only the Wayback Machine counts playback and index apart.

    >>> allowances(ArchiveSettings(name="w", kind="wayback"))["index"].interval_s
    2.5
    >>> allowances(ArchiveSettings(name="m", kind="memento"))["any"].interval_s
    1.0
    """
    if archive.kind == "wayback":
        pools = (
            _paced(PLAYBACK, archive.pace.playback_per_min),
            _paced(INDEX, archive.pace.index_per_min),
            HINT,
            _paced(SAVE, archive.pace.save_per_min),
            _paced(SAVE_STATUS, archive.pace.save_per_min * SAVE.interval_s / SAVE_STATUS.interval_s),
        )
        return {allowance.pool: allowance for allowance in pools}
    unset = archive.pace == Pace()
    return {ANY.pool: _paced(ANY, 60 if unset else archive.pace.playback_per_min)}


def _paced(allowance: Allowance, per_min: float) -> Allowance:
    """The same pool at another pace; the gap between two tries shrinks with the interval, never grows."""
    interval_s = 60 / per_min
    scale = min(1.0, interval_s / allowance.interval_s)
    return replace(allowance, interval_s=interval_s, try_gap_s=allowance.try_gap_s * scale)


def reserve(pool: Pool, count: int, *, allowance: Allowance, now: datetime) -> tuple[Pool, tuple[datetime, ...]]:
    """At most `count` moments to ask at, one interval apart; none while the pool is closed, one when it may be probed.

    Never more than `allowance.ahead_s` of moments, and always at least one when the pool is free.

    >>> noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    >>> _, moments = reserve(Pool(archive="wayback", pool="index"), 3, allowance=INDEX, now=noon)
    >>> [moment.second for moment in moments]
    [0, 2]
    """
    if pool.open_until is not None:
        return _probe(pool, allowance=allowance, now=now)
    interval = timedelta(seconds=allowance.interval_s * slowness(pool, now=now))
    first = max(now, pool.next_free_at or now)
    reach = max(1, int(timedelta(seconds=allowance.ahead_s) / interval))
    moments = tuple(first + interval * step for step in range(min(count, reach)))
    return replace(pool, next_free_at=first + interval * len(moments)), moments


def _probe(pool: Pool, *, allowance: Allowance, now: datetime) -> tuple[Pool, tuple[datetime, ...]]:
    """One request may go out after the closed time; the next one not before it had time to answer."""
    if pool.open_until is not None and now < pool.open_until:
        return pool, ()
    first = max(now, pool.next_free_at or now)
    wait, interval = timedelta(seconds=allowance.deadline_s), timedelta(seconds=allowance.interval_s)
    return replace(pool, open_until=first + wait, next_free_at=first + interval), (first,)


def answered(pool: Pool, answer: Answer, *, now: datetime) -> Pool:
    """The pool after an answer. A success opens it again, a refusal closes it, longer each time.

    >>> noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    >>> refused = Answer(heard=Heard.REFUSED, sent_at=noon, http_status=429, retry_after_s=90)
    >>> answered(Pool(archive="wayback", pool="index"), refused, now=noon).open_until.isoformat()
    '2026-06-01T12:01:30+00:00'
    """
    if answer.heard is Heard.OK:
        return _cleared(pool, answer)
    if answer.heard is Heard.FAULTY:
        return pool
    if _of_before(pool, answer):
        return _prolonged(pool, answer, now=now)
    return _closed(pool, answer, now=now)


def _cleared(pool: Pool, answer: Answer) -> Pool:
    """A success asked for before the refusal says nothing about the time after it."""
    if pool.open_until is None or _of_before(pool, answer):
        return pool
    return replace(pool, open_until=None, refusals=0, last_http_status=answer.http_status)


def _of_before(pool: Pool, answer: Answer) -> bool:
    """Whether the request was on its way already when the pool was last refused: all of these are one refusal."""
    return pool.open_until is not None and pool.refused_at is not None and answer.sent_at <= pool.refused_at


def _prolonged(pool: Pool, answer: Answer, *, now: datetime) -> Pool:
    asked = now + timedelta(seconds=answer.retry_after_s or 0)
    if pool.open_until is None or asked <= pool.open_until:
        return pool
    return replace(pool, open_until=asked, last_retry_after_s=answer.retry_after_s)


def _closed(pool: Pool, answer: Answer, *, now: datetime) -> Pool:
    refusals = pool.refusals + (answer.heard is not Heard.SILENT)
    return replace(
        pool,
        refusals=refusals,
        refused_at=now,
        open_until=now + timedelta(seconds=_closed_s(pool, answer, refusals=refusals)),
        slow_factor=min(MOST_SLOW, 2 * slowness(pool, now=now)),
        last_http_status=pool.last_http_status if answer.http_status is None else answer.http_status,
        last_retry_after_s=answer.retry_after_s,
    )


def _closed_s(pool: Pool, answer: Answer, *, refusals: int) -> float:
    """Seconds the pool stays closed. Doubling stops at an hour, but what the archive asks for is kept in any case."""
    if answer.heard is Heard.SILENT:
        return SILENT_S
    if answer.heard is Heard.FIREWALLED:
        last_s = (pool.open_until - pool.refused_at).total_seconds() if pool.open_until and pool.refused_at else 0.0
        return min(MOST_FIREWALLED_S, 2 * last_s) if last_s >= FIREWALLED_S else FIREWALLED_S
    asked_s = answer.retry_after_s or 0.0
    doubled_s = max(asked_s, LEAST_CLOSED_S) * (1 << min(refusals - 1, 12))
    return max(asked_s, min(doubled_s, MOST_CLOSED_S))


def slowness(pool: Pool, *, now: datetime) -> int:
    """How many times the usual interval: doubled at each refusal, one step less for each hour without one."""
    if pool.refused_at is None:
        return pool.slow_factor
    quiet_hours = max(0, int((now - pool.refused_at) / SLOW_STEP))
    return max(1, pool.slow_factor >> min(quiet_hours, 8))


def firewalled(pool: Pool, *, now: datetime) -> bool:
    """Whether a refused connection now means that we are shut out: it comes soon after a 429, or after being shut out."""
    if pool.last_http_status != 429 or pool.refused_at is None or pool.refusals == 0:
        return False
    return now <= max(pool.refused_at, pool.open_until or pool.refused_at) + FIREWALL_WINDOW


def retry_after_s(header: str | None, *, now: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks for, at most a day; None when it is absent, unreadable or past.

    >>> noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    >>> retry_after_s("120", now=noon), retry_after_s("Mon, 01 Jun 2026 12:01:30 GMT", now=noon), retry_after_s("soon", now=noon)
    (120.0, 90.0, None)
    """
    text = (header or "").strip()
    if re.fullmatch(r"\d{1,15}", text, flags=re.ASCII):
        seconds = float(text)
    else:
        moment = _http_date(text)
        seconds = (moment - now).total_seconds() if moment else 0.0
    return min(seconds, MOST_RETRY_AFTER_S) if seconds > 0 else None


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def shifted(pool: Pool, *, by: timedelta) -> Pool:
    """A pool as a clock tells it that is so far ahead.

    >>> pool = Pool(archive="wayback", pool="index", open_until=datetime(2026, 6, 1, 12, tzinfo=UTC))
    >>> shifted(pool, by=timedelta(hours=1)).open_until.hour, shifted(pool, by=timedelta()) is pool
    (13, True)
    """
    moments = {name: getattr(pool, name) for name in ("next_free_at", "refused_at", "open_until")}
    return replace(pool, **{name: moment + by for name, moment in moments.items() if moment}) if by else pool
