"""Values for tests: each noun with sensible defaults, so that a test names only what it is about."""

from datetime import UTC, datetime
from typing import Any

from audit import html, similarity
from audit.model import Capture, CaptureSearch, Citation, Fetch, LinkState, Playback, Verdict

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
URL = "https://news.example.com/2020/05/a-long-story-about-bridges"


def fetch(**fields: Any) -> Fetch:
    """A fetch of an ordinary live page; `status=404` is short for `http_status`."""
    if "status" in fields:
        fields["http_status"] = fields.pop("status")
    url = fields.setdefault("url", URL)
    defaults: dict[str, Any] = {
        "fetched_at": NOON,
        "check_id": "c1",
        "requested_url": url,
        "final_url": url,
        "http_status": 200,
        "content_type": "text/html",
        "title": "A long story about bridges",
        "h1": "A long story about bridges",
        "word_count": 600,
        "text_length": 4000,
        "sample": "A long story about bridges and the people who cross them. " * 20,
    }
    if fields.get("failure") is not None:
        defaults |= {
            "http_status": None,
            "content_type": None,
            "title": None,
            "h1": None,
            "word_count": None,
            "text_length": None,
            "sample": None,
            "final_url": None,
        }
    return Fetch(**(defaults | fields))


def page(markup: str, **fields: Any) -> Fetch:
    """A fetch of this markup, read as the fetcher reads it."""
    body = markup.encode()
    shown = html.page(body, content_type="text/html; charset=utf-8")
    seen: dict[str, Any] = {
        "title": shown.title,
        "og_title": shown.og_title,
        "h1": shown.h1,
        "description": shown.description,
        "canonical": shown.canonical,
        "robots": shown.robots,
        "language": shown.language,
        "word_count": shown.word_count,
        "text_length": len(shown.text),
        "text_simhash": similarity.simhash(shown.text),
        "sketch": similarity.sketch(shown.text),
        "sample": shown.text[:16_384] or None,
        "flags": shown.flags,
        "magic": html.magic(body),
        "body_bytes": len(body),
    }
    return fetch(**(seen | fields))


def playback(**fields: Any) -> Playback:
    """A played capture of an ordinary page."""
    text = fields.setdefault("sample", "A long story about bridges and the people who cross them. " * 20)
    defaults: dict[str, Any] = {
        "archive": "wayback",
        "url": URL,
        "memento_url": f"https://web.archive.org/web/20200101120000/{URL}",
        "played_at": NOON,
        "captured_at": NOON,
        "http_status": 200,
        "mimetype": "text/html",
        "title": "A long story about bridges",
        "word_count": 600,
        "body_bytes": 4000,
        "sketch": similarity.sketch(text),
    }
    return Playback(**(defaults | fields))


def citation(**fields: Any) -> Citation:
    defaults: dict[str, Any] = {"position": 0, "url": URL, "template": "Cite web", "title": "A long story about bridges"}
    return Citation(**(defaults | fields))


def capture(**fields: Any) -> Capture:
    url = fields.get("url", URL)
    at = fields.get("captured_at", NOON)
    defaults: dict[str, Any] = {
        "archive": "wayback",
        "url": url,
        "captured_at": at,
        "http_status": 200,
        "mimetype": "text/html",
        "memento_url": f"https://web.archive.org/web/{at:%Y%m%d%H%M%S}/{url}",
        "digest": "A" * 32,
    }
    return Capture(**(defaults | fields))


def search(**fields: Any) -> CaptureSearch:
    defaults: dict[str, Any] = {"archive": "wayback", "url": URL, "asked_at": NOON}
    return CaptureSearch(**(defaults | fields))


def verdict(**fields: Any) -> Verdict:
    defaults: dict[str, Any] = {
        "url": URL,
        "state": LinkState.LIVE,
        "reason": "ok",
        "confidence": 0.9,
        "decided_at": NOON,
        "rules": "test",
    }
    return Verdict(**(defaults | fields))
