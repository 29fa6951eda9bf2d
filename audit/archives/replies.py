"""Replies of archives, and whose voice they are. Pure.

One rule of RFC 7089 decides: with `Memento-Datetime` the captured page speaks, without it the archive itself does. So a 429
with that header is a capture of a 429 page, and a 404 without it means that the archive holds nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from audit import pacing
from audit.model import SearchFailure
from audit.pacing import Heard

EXCLUSION = re.compile(
    r"AdministrativeAccessControlException|RobotAccessControlException|Blocked Site Error|URL has been excluded", re.IGNORECASE
)
"""How the Wayback Machine says that it will not show something, in an error page or in its runtime error header."""

EXCLUSION_HEADER = "x-archive-wayback-runtime-error"
LOOKED_AT_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer of an archive, or the fault that came instead. Header names are in lower case.

    `failure` is set when no usable HTTP answer came (`detail` says how), or when nothing was asked at all. `sent` is False when
    the archive certainly never got the request.
    """

    address: str
    asked_at: datetime
    http_status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: bool = False
    undecodable: bool = False
    failure: SearchFailure | None = None
    detail: str | None = None
    sent: bool = True

    @property
    def captured_at(self) -> datetime | None:
        """The moment in `Memento-Datetime`."""
        return http_date(self.headers.get("memento-datetime"))

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def looks_like_html(self) -> bool:
        start = self.body[:512].lstrip().lower()
        return self.media_type in {"text/html", "application/xhtml+xml"} or start.startswith((b"<!doctype", b"<html", b"<head"))


class Says(StrEnum):
    """What a reply to a playback or TimeGate request says."""

    CAPTURED = "captured"
    NEGOTIATED = "negotiated"
    ABSENT = "absent"
    EXCLUDED = "excluded"
    REFUSED = "refused"
    OUTAGE = "outage"
    UNAVAILABLE = "unavailable"
    MALFORMED = "malformed"
    ODD = "odd"
    FAILED = "failed"


FAILURES = {
    Says.EXCLUDED: SearchFailure.EXCLUDED,
    Says.REFUSED: SearchFailure.RATE_LIMITED,
    Says.OUTAGE: SearchFailure.UNAVAILABLE,
    Says.UNAVAILABLE: SearchFailure.UNAVAILABLE,
    Says.MALFORMED: SearchFailure.MALFORMED_URL,
    Says.ODD: SearchFailure.BAD_RESPONSE,
}
"""The reasons for `unknown`. What is missing here is an answer."""

OWN_VOICE = {
    **dict.fromkeys((301, 302, 303, 307, 308), Says.NEGOTIATED),
    **dict.fromkeys((404, 410), Says.ABSENT),
    **dict.fromkeys((400, 414), Says.MALFORMED),
    **dict.fromkeys((403, 451, 429), Says.REFUSED),
    200: Says.OUTAGE,
}
"""What the archive itself means. A 200 that is no memento is an outage, consent or calendar page."""


def says(reply: Reply) -> Says:
    """Whose voice a reply is, and what it says.

    >>> moment = datetime(2026, 6, 1, tzinfo=UTC)
    >>> says(Reply(address="a", asked_at=moment, http_status=429)).value
    'refused'
    >>> says(Reply(address="a", asked_at=moment, http_status=429, headers={"memento-datetime": "Thu, 01 Jan 2015 00:00:00 GMT"})).value
    'captured'
    """
    if reply.failure is not None or reply.http_status is None:
        return Says.FAILED
    if "memento-datetime" in reply.headers:
        return Says.CAPTURED if reply.captured_at else Says.ODD
    if excluded(reply):
        return Says.EXCLUDED
    if reply.http_status >= 500:
        return Says.UNAVAILABLE
    return OWN_VOICE.get(reply.http_status, Says.ODD)


def excluded(reply: Reply) -> bool:
    """Whether the archive says that it holds something and will not show it."""
    if EXCLUSION.search(reply.headers.get(EXCLUSION_HEADER, "")):
        return True
    return reply.http_status in {403, 404, 410, 451} and bool(
        EXCLUSION.search(reply.body[:LOOKED_AT_BYTES].decode("utf-8", "replace"))
    )


def failure(reply: Reply) -> SearchFailure | None:
    """Why a reply is no answer; None when it is one."""
    return reply.failure or FAILURES.get(says(reply))


def heard(reply: Reply) -> Heard:
    """What a reply means for the pace. Whether a refused connection is the firewall, only the pool knows."""
    if reply.http_status is None:
        return Heard.FAULTY
    if reply.http_status == 503 and "memento-datetime" not in reply.headers and "retry-after" in reply.headers:
        return Heard.REFUSED
    meant = says(reply)
    if meant in {Says.REFUSED, Says.OUTAGE}:
        return Heard.REFUSED
    return Heard.FAULTY if meant in {Says.UNAVAILABLE, Says.FAILED} else Heard.OK


def heard_list(reply: Reply) -> Heard:
    """The same for an index or a TimeMap, which speak with a 200 and never in HTML."""
    if reply.http_status == 200:
        return Heard.REFUSED if reply.looks_like_html() and not excluded(reply) else Heard.OK
    return heard(reply)


def unlisted(reply: Reply) -> SearchFailure | None:
    """Why a reply is no list of captures (a TimeMap, an index); a 404 is one witness of absence."""
    if reply.http_status == 200 and reply.failure is None:
        return SearchFailure.UNAVAILABLE if reply.looks_like_html() else SearchFailure.BAD_RESPONSE if reply.undecodable else None
    if says(reply) is Says.ABSENT:
        return SearchFailure.UNCONFIRMED
    return failure(reply) or SearchFailure.BAD_RESPONSE


def retry_after_s(reply: Reply) -> float | None:
    return pacing.retry_after_s(reply.headers.get("retry-after"), now=reply.asked_at)


def http_date(text: str | None) -> datetime | None:
    """A moment in the form of RFC 1123, as aware UTC; None when it is no date.

    >>> http_date("Thu, 01 Jan 2015 00:00:00 GMT").isoformat()
    '2015-01-01T00:00:00+00:00'
    """
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None


def described(reply: Reply) -> str:
    """One short phrase for the detail of a failure."""
    if reply.detail:
        return reply.detail
    return f"HTTP {reply.http_status} {reply.media_type}".strip()
