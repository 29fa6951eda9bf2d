"""Nouns <-> rows of the fact tables."""

import json
import struct
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from audit.model import (
    Capture,
    CaptureSearch,
    Evidence,
    Failure,
    Fetch,
    Finding,
    Hop,
    LinkState,
    Override,
    Playback,
    SaveOutcome,
    SaveRequest,
    SearchFailure,
    Severity,
    Side,
    Verdict,
)
from audit.store import cleaning, codec
from audit.store.keys import key
from audit.urls import host_of

Row = dict[str, Any]
Stored = Mapping[Any, Any]
"""A row as the database gives it back."""

PAGE_FIELDS = ("title", "og_title", "h1", "description", "canonical", "robots", "language", "word_count", "text_length")
PLAYED_FIELDS = ("title", "og_title", "h1", "word_count")
FETCH_FIELDS = (
    "method",
    "final_url",
    "phase",
    "detail",
    "http_status",
    "content_type",
    "charset",
    "address",
    "tls",
    "magic",
    "body_bytes",
    "body_sha256",
    "elapsed_ms",
    "shared_from",
    "vantage",
)


def page(shown: Fetch | Playback) -> tuple[bytes | None, Row]:
    """(key, row) of what a page showed; no key when it showed nothing. The sample stays out: it is packed only when new."""
    names = PAGE_FIELDS if isinstance(shown, Fetch) else PLAYED_FIELDS
    values: Row = {name: getattr(shown, name) for name in names}
    if (
        shown.sample is None
        and shown.text_simhash is None
        and not shown.sketch
        and not any(v is not None for v in values.values())
    ):
        return None, {}
    sketch = struct.pack(f">{len(shown.sketch)}Q", *shown.sketch) if shown.sketch else None
    simhash = None if shown.text_simhash is None else cleaning.signed(shown.text_simhash)
    digest = blake2b(digest_size=16)
    digest.update(repr((type(shown).__name__, tuple(values.values()), simhash)).encode("utf-8", "surrogatepass"))
    digest.update(sketch or b"")
    digest.update(b"-" if shown.sample is None else shown.sample.encode("utf-8", "surrogatepass"))
    found = digest.digest()
    empty = dict.fromkeys(PAGE_FIELDS)
    return found, {"page_key": found, **empty, **cleaning.row(values), "sketch": sketch, "text_simhash": simhash}


def fetch(shown: Fetch, *, position: int, domain: str, run: str | None, page_key: bytes | None) -> Row:
    """The row of a fetch."""
    values = {name: getattr(shown, name) for name in FETCH_FIELDS}
    return cleaning.row(
        {
            **values,
            "url_key": key(shown.url),
            "fetched_at": shown.fetched_at,
            "check_id": shown.check_id,
            "position": position,
            "role": shown.role,
            "attempt": shown.attempt,
            "domain": domain,
            "requested_url": None if shown.requested_url == shown.url else shown.requested_url,
            "hops": listed(codec.plain(hop) for hop in shown.hops),
            "failure": shown.failure.value if shown.failure else None,
            "headers": listed(shown.headers),
            "cookie_names": listed(shown.cookie_names),
            "flags": listed(sorted(shown.flags)),
            "page_key": page_key,
            "run": run,
        }
    )


def shown(row: Stored) -> Row:
    """What a row of `page_texts` says, unpacked once for all the fetches and playbacks that saw it."""
    packed, sketch, simhash = row["sample"], row["sketch"], row["text_simhash"]
    return {
        **{name: row[name] for name in PAGE_FIELDS},
        "sample": None if packed is None else codec.unpack_text(packed),
        "sketch": struct.unpack(f">{len(sketch) // 8}Q", sketch) if sketch else (),
        "text_simhash": None if simhash is None else cleaning.unsigned(simhash),
    }


NOTHING_SHOWN: Row = {**dict.fromkeys(PAGE_FIELDS), "sample": None, "sketch": (), "text_simhash": None}
TEXT_FIELDS = ("sample", "sketch", "text_simhash")


def fetched(row: Stored, page: Row, *, url: str) -> Fetch:
    """The fetch of a row of `fetches` and what its page showed."""
    return Fetch(
        url=url,
        fetched_at=row["fetched_at"],
        check_id=row["check_id"],
        attempt=row["attempt"],
        role=row["role"],
        requested_url=url if row["requested_url"] is None else row["requested_url"],
        hops=_hops(row["hops"]),
        failure=None if row["failure"] is None else Failure(row["failure"]),
        headers=tuple((name, value) for name, value in unlisted(row["headers"])),
        cookie_names=tuple(unlisted(row["cookie_names"])),
        flags=frozenset(unlisted(row["flags"])),
        **{name: row[name] for name in FETCH_FIELDS},
        **{name: page[name] for name in (*PAGE_FIELDS, *TEXT_FIELDS)},
    )


def search(asked: CaptureSearch) -> Row:
    """The row of a search."""
    return cleaning.row(
        {
            "url_key": key(asked.url),
            "asked_at": asked.asked_at,
            "archive": asked.archive,
            "failure": asked.failure.value if asked.failure else None,
            "detail": asked.detail,
            "near": asked.near,
            "witnesses": listed(asked.witnesses),
            "captures": len(asked.captures),
        }
    )


def captures(asked: CaptureSearch) -> list[Row]:
    """The rows of the captures that a search found."""
    return [
        cleaning.row(
            {
                "url_key": key(asked.url),
                "asked_at": asked.asked_at,
                "archive": asked.archive,
                "position": position,
                "holder": None if capture.archive == asked.archive else capture.archive,
                "url": None if capture.url == asked.url else capture.url,
                "memento_url": capture.memento_url,
                "captured_at": capture.captured_at,
                "http_status": capture.http_status,
                "mimetype": capture.mimetype,
                "digest": capture.digest,
            }
        )
        for position, capture in enumerate(asked.captures)
    ]


def searched(row: Stored, found: Iterable[Stored], *, url: str) -> CaptureSearch:
    """The search of a row, with the captures of its rows in order."""
    return CaptureSearch(
        archive=row["archive"],
        url=url,
        asked_at=row["asked_at"],
        captures=tuple(_capture(each, url=url) for each in found),
        failure=None if row["failure"] is None else SearchFailure(row["failure"]),
        detail=row["detail"],
        near=row["near"],
        witnesses=tuple(unlisted(row["witnesses"])),
    )


def _capture(row: Stored, *, url: str) -> Capture:
    return Capture(
        archive=row["holder"] or row["archive"],
        url=row["url"] or url,
        memento_url=row["memento_url"],
        captured_at=row["captured_at"],
        http_status=row["http_status"],
        mimetype=row["mimetype"],
        digest=row["digest"],
    )


SAVE_FIELDS = ("archive", "requested_at", "job_id", "code", "detail", "finished_at")


def save(request: SaveRequest) -> Row:
    """The row of a request to save a page."""
    values = {name: getattr(request, name) for name in SAVE_FIELDS}
    return cleaning.row({**values, "url_key": key(request.url), "outcome": request.outcome.value})


def saved(row: Stored, *, url: str) -> SaveRequest:
    """The request of a row."""
    return SaveRequest(url=url, outcome=SaveOutcome(row["outcome"]), **{name: row[name] for name in SAVE_FIELDS})


PLAYBACK_FIELDS = ("archive", "memento_url", "captured_at", "http_status", "detail", "mimetype", "body_bytes", "body_sha256")


def playback(shown: Playback, *, page_key: bytes | None) -> Row:
    """The row of a playback."""
    return cleaning.row(
        {
            **{name: getattr(shown, name) for name in PLAYBACK_FIELDS},
            "url_key": key(shown.url),
            "played_at": shown.played_at,
            "memento_key": key(shown.memento_url),
            "hops": listed(codec.plain(hop) for hop in shown.hops),
            "failure": shown.failure.value if shown.failure else None,
            "flags": listed(sorted(shown.flags)),
            "page_key": page_key,
        }
    )


def played(row: Stored, page: Row, *, url: str) -> Playback:
    """The playback of a row and what its page showed."""
    return Playback(
        url=url,
        played_at=row["played_at"],
        hops=_hops(row["hops"]),
        failure=None if row["failure"] is None else SearchFailure(row["failure"]),
        flags=frozenset(unlisted(row["flags"])),
        **{name: row[name] for name in PLAYBACK_FIELDS},
        **{name: page[name] for name in (*PLAYED_FIELDS, *TEXT_FIELDS)},
    )


VERDICT_FIELDS = (
    "reason",
    "confidence",
    "failing_since",
    "last_live_at",
    "decided_at",
    "failures",
    "checks",
    "next_check_at",
    "rules",
)


def verdict(decided: Verdict) -> Row:
    """The columns of `link_states` that a verdict fills."""
    return cleaning.row(
        {
            **{name: getattr(decided, name) for name in VERDICT_FIELDS},
            "state": decided.state.value,
            "evidence": listed(codec.plain(each) for each in decided.evidence),
        }
    )


def decided(row: Stored, *, url: str) -> Verdict:
    """The verdict of a row of `link_states`."""
    return Verdict(
        url=url,
        state=LinkState(row["state"]),
        evidence=tuple(codec.noun(Evidence, each) for each in unlisted(row["evidence"])),
        **{name: row[name] for name in VERDICT_FIELDS},
    )


def override(row: Stored) -> Override:
    """The override of a row."""
    return Override(
        url=row["url"],
        rule=row["rule"] or None,
        state=None if row["state"] is None else LinkState(row["state"]),
        author=row["author"],
        note=row["note"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
    )


def finding(row: Stored) -> Finding:
    """The finding of a row. Of its capture only the place and the time are stored; the archive is named by its host."""
    memento_url, captured_at = row["memento_url"], row["captured_at"]
    capture = None
    if memento_url and captured_at:
        capture = Capture(archive=host_of(memento_url), url=row["url"] or "", memento_url=memento_url, captured_at=captured_at)
    plain = ("code", "detail", "advice", "url", "citation", "reference", "reference_name", "line")
    return Finding(
        **{name: row[name] for name in plain},
        severity=Severity(row["severity"]),
        side=None if row["side"] is None else Side(row["side"]),
        capture=capture,
    )


def listed(values: Iterable[Any]) -> str | None:
    """A JSON list for one column, None when there is nothing."""
    values = list(values)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) if values else None


def unlisted(text: str | None) -> list[Any]:
    """The inverse of `listed`."""
    return json.loads(text) if text else []


def _hops(text: str | None) -> tuple[Hop, ...]:
    return tuple(codec.noun(Hop, each) for each in unlisted(text))
