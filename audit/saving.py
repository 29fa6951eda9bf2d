"""Saving pages: what an archive's answer to a request means, and when it may be asked again. Pure.

Facts about Save Page Now 2 are those of the Internet Archive's document of 2025-10-22. A refusal may come as HTTP 200; what
became of a job is told for about an hour, and afterwards every job, even one that never was, is `pending`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from audit.model import SaveOutcome, SaveRequest

NOT_SENT = "not-sent"
KEYS_REFUSED = "keys-refused"
NEVER_REACHED = {NOT_SENT, KEYS_REFUSED}
"""Codes of ours: the archive did nothing for such a request, so it counts for nothing."""

PERMANENT = (
    "invalid-url-syntax",
    "invalid-host-resolution",
    "not-found",
    "no-access",
    "unauthorized",
    "blocked-url",
    "blocked",
    "filesize-limit",
    "too-many-redirects",
    "method-not-allowed",
    "not-implemented",
    "network-authentication-required",
    "http-version-not-supported",
    "ftp-access-denied",
)
"""The page cannot be saved, whoever asks."""

TRANSIENT = (
    "user-session-limit",
    "too-many-requests",
    "service-unavailable",
    "cannot-fetch",
    "no-browsers-available",
    "celery",
    "proxy-error",
    "job-failed",
    "browsing-timeout",
    "soft-time-limit-exceeded",
    "bad-gateway",
    "gateway-timeout",
    "read-timeout",
    "protocol-error",
    "internal-server-error",
    "capture-location-error",
)
"""It may go better another time; so may every code that stands nowhere here: the published list is not complete (2026-09)."""

CLASSES: Mapping[str, SaveOutcome] = {
    **dict.fromkeys(PERMANENT, SaveOutcome.PERMANENT),
    **dict.fromkeys(TRANSIENT, SaveOutcome.TRANSIENT),
    "too-many-daily-captures": SaveOutcome.QUOTA,
}
ALL_SPENT = "max-daily-bandwidth"
"""How the codes begin that say that nothing more is saved for us today."""

AGAIN_AFTER = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
JOB_TOLD_FOR = timedelta(hours=1)
"""So long the archive tells what became of a job."""

REFUSALS_PER_RUN = 3
"""So many transient refusals in a row speak of the archive, not of the pages: the rest waits for another run."""

MOST_DETAIL, MOST_JOB_ID, MOST_CODE = 300, 200, 100


def outcome_of(code: str) -> SaveOutcome:
    """What an error of the archive means, from its `status_ext`.

    >>> [outcome_of(code).value for code in ("error:blocked-url", "error:no-browsers-available", "error:never-heard-of")]
    ['permanent', 'transient', 'transient']
    >>> outcome_of("error:max-daily-bandwidth-exceeded").value
    'quota-all'
    """
    name = code.removeprefix("error:")
    return SaveOutcome.QUOTA_ALL if name.startswith(ALL_SPENT) else CLASSES.get(name, SaveOutcome.TRANSIENT)


# ---- what an answer means


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A page that was saved: the digits of its moment, the address under which it was, and what its server said."""

    timestamp: str
    original: str
    http_status: int | None = None


def asked(request: SaveRequest, *, http_status: int, body: bytes, now: datetime) -> SaveRequest:
    """A request after the archive answered it: accepted with a job, refused, or nobody can say.

    An answer that is neither a job nor an error may mean that the archive has the page: it is looked for, not sent again.
    """
    told = document(body) or {}
    said, job = _sentence(told), told.get("job_id")
    if code := _error(told):
        return failed(request, code=code, detail=said, now=now)
    if isinstance(job, str) and job:
        return replace(request, outcome=SaveOutcome.ACCEPTED, job_id=job[:MOST_JOB_ID], detail=said)
    if 300 <= http_status < 500 or http_status == BUSY:
        return failed(request, code=f"http-{http_status}", detail=said, now=now)
    return replace(request, outcome=SaveOutcome.UNKNOWN, detail=said or f"HTTP {http_status}", finished_at=now)


BUSY = 503
"""The other statuses from 500 on come from a gateway, behind which the request may have been taken."""


def polled(request: SaveRequest, *, http_status: int, body: bytes, now: datetime) -> tuple[SaveRequest, Saved | None]:
    """A request after the archive was asked about its job; unchanged while that is open or could not be read."""
    told = document(body) if http_status == 200 else None
    if told is None:
        return request, None
    if code := _error(told):
        return failed(request, code=code, detail=_sentence(told), now=now), None
    timestamp = told.get("timestamp")
    if told.get("status") != "success" or not isinstance(timestamp, str):
        return request, None
    original, status = told.get("original_url"), told.get("http_status")
    saved = Saved(
        timestamp=timestamp,
        original=original if isinstance(original, str) and original else request.url,
        http_status=status if type(status) is int else None,
    )
    return replace(request, outcome=SaveOutcome.SAVED, finished_at=now), saved


def failed(request: SaveRequest, *, code: str, detail: str | None, now: datetime) -> SaveRequest:
    """A request that the archive, or the way to it, refused."""
    name = code.removeprefix("error:")[:MOST_CODE]
    return replace(request, outcome=outcome_of(name), code=name, detail=detail, finished_at=now)


def document(body: bytes) -> dict[str, Any] | None:
    """The JSON object in an answer; None when it is anything else."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _error(told: Mapping[str, Any]) -> str | None:
    """The code of an error, whatever the HTTP status: some errors have only a sentence."""
    code = told.get("status_ext")
    if isinstance(code, str) and code.startswith("error:"):
        return code
    return str(code or "error:unnamed") if told.get("status") == "error" else None


def _sentence(told: Mapping[str, Any]) -> str | None:
    said = told.get("message")
    return " ".join(said.split())[:MOST_DETAIL] if isinstance(said, str) and said.strip() else None


# ---- when to ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Savable:
    """A live page that no archive holds: how often it is cited, the address that answered, and what was asked about it before."""

    url: str
    citations: int
    address: str | None = None
    requests: tuple[SaveRequest, ...] = ()


def chosen(found: Iterable[Savable], *, now: datetime, most: int) -> list[Savable]:
    """The pages to save now: those never tried first, then the most cited."""
    due = [each for each in found if is_due(each.requests, now=now)]
    return sorted(due, key=lambda each: (len(_taken(each.requests)), -each.citations, each.url))[:most]


def is_due(requests: Sequence[SaveRequest], *, now: datetime) -> bool:
    """Whether a page may be sent (again): never after a request whose outcome nobody knows.

    >>> is_due([], now=datetime(2026, 6, 1, tzinfo=UTC))
    True
    """
    taken = _taken(requests)
    if not taken:
        return True
    newest = max(taken, key=lambda each: each.requested_at)
    if newest.outcome is SaveOutcome.TRANSIENT:
        tried = sum(each.outcome is SaveOutcome.TRANSIENT for each in taken)
        return now >= (newest.finished_at or newest.requested_at) + AGAIN_AFTER[min(tried, len(AGAIN_AFTER)) - 1]
    return newest.outcome in {SaveOutcome.QUOTA, SaveOutcome.QUOTA_ALL} and now >= tomorrow(newest.requested_at)


def _taken(requests: Iterable[SaveRequest]) -> list[SaveRequest]:
    return [each for each in requests if each.code not in NEVER_REACHED]


def left_today(today: Iterable[SaveRequest], *, most: int) -> int:
    """How many pages may still be sent today, from the requests of this day."""
    taken = _taken(today)
    spent = any(each.outcome is SaveOutcome.QUOTA_ALL for each in taken)
    return 0 if spent else max(0, most - len(taken))


def day(now: datetime) -> datetime:
    """The beginning of the day, as archives count it.

    >>> day(datetime(2026, 6, 1, 23, 30, tzinfo=UTC)).isoformat()
    '2026-06-01T00:00:00+00:00'
    """
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def tomorrow(now: datetime) -> datetime:
    """The beginning of the day after."""
    return day(now) + timedelta(days=1)


def given_up(request: SaveRequest, *, now: datetime) -> SaveRequest | None:
    """An open request of an earlier run when nobody will learn its outcome any more; None while its job can be asked about."""
    if request.outcome is SaveOutcome.ACCEPTED and now - request.requested_at < JOB_TOLD_FOR:
        return None
    why = "the job was not asked about in time" if request.job_id else "the run ended before the answer came"
    return replace(request, outcome=SaveOutcome.UNKNOWN, detail=why, finished_at=now)
