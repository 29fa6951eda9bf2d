"""The archive of the demo: playback, negotiation by time and a capture index, as far as an audit asks for them.

It answers like the Wayback Machine does: `Memento-Datetime` on what was captured, none when the archive itself speaks.
"""

import base64
import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qs

from audit.demo.sites import Answer, Kept
from audit.urls import urlkey

FORMAT = "%Y%m%d%H%M%S"
MOST_ROWS = 150_000


class LittleArchive:
    """A handful of captures behind the addresses of a web archive."""

    def __init__(self, captures: Iterable[Kept]) -> None:
        self._captures: dict[str, list[Kept]] = {}
        for capture in captures:
            self._captures.setdefault(urlkey(capture.url), []).append(capture)

    def answer(self, target: str) -> Answer:
        """The answer to a request target: path and query as they came."""
        if target.startswith("/web/"):
            return self._replay(target.removeprefix("/web/"))
        if target.startswith("/cdx/search/cdx?"):
            return self._index(target.partition("?")[2])
        return _says("This archive knows /web/ and /cdx/search/cdx.", http_status=404)

    def _replay(self, rest: str) -> Answer:
        digits, _, url = rest.partition("/")
        wanted = digits.removesuffix("id_")
        if not wanted.isdigit() or not url:
            return _says("An address here is /web/TIMESTAMPid_/URL.", http_status=400)
        held = self._captures.get(urlkey(url), [])
        if not held:
            return _says("This address has not been archived.", http_status=404)
        exact = next((capture for capture in held if capture.timestamp == wanted), None)
        if exact:
            return _played(exact)
        near = min(held, key=lambda capture: abs(_moment(capture.timestamp) - _moment(wanted)))
        return Answer(
            http_status=302, headers=(("Location", f"/web/{near.timestamp}id_/{near.url}"), ("Vary", "accept-datetime"))
        )

    def _index(self, query: str) -> Answer:
        asked = parse_qs(query)
        rows = list(self._captures.get(urlkey(asked.get("url", [""])[0]), []))
        if "!statuscode:[345].." in asked.get("filter", []):
            rows = [row for row in rows if row.http_status < 300]
        if asked.get("sort") == ["closest"] and asked.get("closest"):
            rows.sort(key=lambda row: abs(_moment(row.timestamp) - _moment(asked["closest"][0])))
        lines = (_line(row) for row in rows[: int(asked.get("limit", [str(MOST_ROWS)])[0])])
        return Answer(body="".join(lines).encode(), content_type="text/plain; charset=utf-8")


def _says(words: str, *, http_status: int) -> Answer:
    return Answer(http_status=http_status, body=f"{words}\n".encode(), content_type="text/plain; charset=utf-8")


def _played(capture: Kept) -> Answer:
    headers = [("Memento-Datetime", format_datetime(_moment(capture.timestamp), usegmt=True))]
    headers.append(("Link", f'<{capture.url}>; rel="original"'))
    if capture.location:
        headers.append(("Location", f"/web/{capture.timestamp}id_/{capture.location}"))
    return Answer(http_status=capture.http_status, body=capture.body, content_type=capture.mimetype, headers=tuple(headers))


def _line(capture: Kept) -> str:
    """One line of a capture index: urlkey, time, address, type, status, digest, length."""
    digest = base64.b32encode(hashlib.sha1(capture.body, usedforsecurity=False).digest()).decode()
    columns = (
        urlkey(capture.url),
        capture.timestamp,
        capture.url,
        capture.mimetype,
        capture.http_status,
        digest,
        len(capture.body),
    )
    return f"{' '.join(map(str, columns))}\n"


def _moment(digits: str) -> datetime:
    """A timestamp of 1 to 14 digits; what is missing is the start of the period."""
    return datetime.strptime((digits + "19700101000000"[len(digits) :])[:14], FORMAT).replace(tzinfo=UTC)
