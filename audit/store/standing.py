"""The archive columns of a link: computed from everything archives answered and showed, right after each of it. I/O."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from audit import captures, citing
from audit.model import Archived, CaptureSearch, Citation, Playback
from audit.store import cleaning
from audit.store.facts_out import HELD_AT_ONCE, citations_of, playbacks_of, searches_of
from audit.store.statements import Row, change, parts, selected
from audit.store.tables import cited_urls, link_states

COLUMNS = ("archived", "archive_asked_at", "captures", "best_memento_url", "best_captured_at", "best_support")


def refresh_archived(conn: sa.Connection, keys: Iterable[bytes], *, now: datetime) -> None:
    """Compute the archive columns of these links anew; only rows that change are written."""
    columns = [link_states.c[name] for name in ("url_key", "failing_since", *COLUMNS)]
    query = sa.select(*columns, cited_urls.c.url).join(cited_urls, cited_urls.c.url_key == link_states.c.url_key)
    for some in parts(keys, HELD_AT_ONCE):
        links = list(selected(conn, query, link_states.c.url_key, some))
        urls = {row["url_key"]: row["url"] for row in links}
        asked, shown, cited = searches_of(conn, urls), playbacks_of(conn, urls), citations_of(conn, urls)
        changed = []
        for row in links:
            key = row["url_key"]
            fresh = _archived(row, asked.get(key, ()), shown.get(key, ()), cited.get(key, ()), now=now)
            if any(fresh[name] != row[name] for name in COLUMNS):
                changed.append({"url_key": key, **fresh})
        change(conn, link_states, changed)


def _archived(
    link: sa.RowMapping, asked: Sequence[CaptureSearch], shown: Sequence[Playback], cited: Sequence[Citation], *, now: datetime
) -> Row:
    state = captures.archived(asked, now=now)
    best = captures.best(
        asked,
        near=None,
        cited_url=link["url"],
        failing_since=link["failing_since"],
        playbacks=shown,
        cited=citing.cited_as(cited),
    )
    known = {capture.memento_url for each in asked for capture in each.captures}
    values: dict[str, Any] = {
        "archived": state.value,
        "archive_asked_at": max((each.asked_at for each in asked), default=None),
        "captures": None if state is Archived.UNKNOWN and not known else len(known),
        "best_memento_url": best.capture.memento_url if best else None,
        "best_captured_at": best.capture.captured_at if best else None,
        "best_support": next((each.detail for each in best.evidence if each.rule == "capture.opened"), None) if best else None,
    }
    return cleaning.row(values)
