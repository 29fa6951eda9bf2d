"""Replies with a memento in them -> `Playback`. Pure but for the clock in the reply."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from audit import html, similarity
from audit.archives import replies
from audit.archives.replies import Reply
from audit.model import Hop, Playback

MOST_SAMPLE = 65_536


def playback(
    reply: Reply, *, archive: str, url: str, memento_url: str, hops: Sequence[Hop] = (), detail: str | None = None
) -> Playback:
    """What the last reply of an opened memento shows. Without `Memento-Datetime` it is what the archive said instead."""
    failure = replies.failure(reply)
    shown = Playback(
        archive=archive,
        url=url,
        memento_url=memento_url,
        played_at=reply.asked_at,
        captured_at=reply.captured_at,
        http_status=reply.http_status,
        hops=tuple(hops),
        failure=failure,
        detail=detail or (replies.described(reply) if failure else None),
    )
    return _with_content(shown, reply) if reply.captured_at and not failure else shown


def _with_content(shown: Playback, reply: Reply) -> Playback:
    marks = {name for name in ("cut", "undecodable") if getattr(reply, name)}
    seen = replace(
        shown,
        mimetype=_mimetype(reply),
        body_bytes=len(reply.body),
        body_sha256=hashlib.sha256(reply.body).hexdigest(),
        flags=frozenset(marks),
    )
    if seen.mimetype != "text/html" or reply.undecodable:
        return seen
    page = html.page(reply.body, content_type=reply.headers.get("content-type"))
    return replace(
        seen,
        title=page.title,
        og_title=page.og_title,
        h1=page.h1,
        word_count=page.word_count,
        text_simhash=similarity.simhash(page.text),
        sketch=similarity.sketch(page.text),
        flags=page.flags | seen.flags,
        sample=page.text[:MOST_SAMPLE],
    )


MAGIC = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "zip": "application/zip",
    "html": "text/html",
}


def _mimetype(reply: Reply) -> str | None:
    """The first bytes speak before the header: archives replay whatever the server once claimed."""
    return MAGIC.get(html.magic(reply.body) or "") or reply.media_type or None
