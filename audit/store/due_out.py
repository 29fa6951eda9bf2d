"""What is to be fetched: hosts with due URLs, and the due URLs of one host. I/O."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from audit import urls
from audit.model import DueUrl, Failure
from audit.store.statements import selected
from audit.store.tables import citations, cited_urls, documents, fetches, hosts, link_states

GATE_SOON = timedelta(minutes=2)
"""A host that opens again within so long is waited for; one that is closed for longer stays due for another run."""
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostDue:
    """A host, how many of its URLs are due, and the pace it asked for."""

    host: str
    due: int
    delay_s: float | None = None
    gate_at: datetime | None = None


def due_hosts(conn: sa.Connection, now: datetime, *, max_age: timedelta | None = None) -> list[HostDue]:
    """The hosts with due URLs, the one with most of them first, for it will take longest."""
    count = sa.func.count().label("due")
    query = (
        sa.select(hosts.c.host, count, hosts.c.delay_s, hosts.c.gate_at)
        .join(link_states, link_states.c.host == hosts.c.host)
        .where(_due(now, max_age), hosts.c.gate_at.is_(None) | (hosts.c.gate_at <= now + GATE_SOON))
        .group_by(hosts.c.host, hosts.c.delay_s, hosts.c.gate_at)
        .order_by(count.desc(), hosts.c.host)
    )
    return [HostDue(**row) for row in conn.execute(query).mappings()]


def due_urls(
    conn: sa.Connection, host: str, now: datetime, *, limit: int | None = None, max_age: timedelta | None = None
) -> tuple[DueUrl, ...]:
    """The due URLs of a host, the most overdue first, with the language and the titles under which they are cited."""
    query = (
        sa.select(cited_urls.c.url_key, cited_urls.c.url)
        .join(link_states, link_states.c.url_key == cited_urls.c.url_key)
        .where(link_states.c.host == host, _due(now, max_age))
        .order_by(link_states.c.next_check_at, cited_urls.c.url)
        .limit(limit)
    )
    found = {row.url_key: row.url for row in conn.execute(query)}
    titles, languages = _cited_as(conn, found)
    return tuple(DueUrl(url=url, language=languages.get(key), titles=tuple(titles.get(key, ()))) for key, url in found.items())


def probed_shapes(conn: sa.Connection, host: str, *, since: datetime) -> frozenset[str]:
    """The path shapes for which an address that cannot exist was asked since then: once is enough for a month."""
    domain = sa.select(hosts.c.domain).where(hosts.c.host == host).scalar_subquery()
    query = (
        sa.select(fetches.c.requested_url)
        # A literal: neither database uses a partial index for a condition that it cannot read.
        .where(sa.text("fetches.role <> 'attempt'"), fetches.c.role == "probe")
        .where(fetches.c.domain == domain, fetches.c.fetched_at >= since)
        # What never reached the server is asked again.
        .where(fetches.c.failure.is_(None) | (fetches.c.failure == Failure.TOO_MANY_REDIRECTS.value))
    )
    return frozenset(urls.path_shape(url) for url in conn.execute(query).scalars() if url)


def _due(now: datetime, max_age: timedelta | None) -> sa.ColumnElement[bool]:
    due = link_states.c.next_check_at <= now
    if max_age is not None:
        due |= link_states.c.last_fetched_at <= now - max_age
    return link_states.c.cited & due


def _cited_as(conn: sa.Connection, found: dict[bytes, str]) -> tuple[dict[bytes, dict[str, None]], dict[bytes, str]]:
    """Titles and language of each URL; where a citation names its language in words, that of the document stands in."""
    query = (
        sa.select(citations.c.url_key, citations.c.title, citations.c.language, documents.c.language.label("of_document"))
        .join(documents, documents.c.document_key == citations.c.document_key)
        .order_by(citations.c.document_key, citations.c.position)
    )
    titles: dict[bytes, dict[str, None]] = defaultdict(dict)
    languages: dict[bytes, str] = {}
    for row in selected(conn, query, citations.c.url_key, found):
        if row["title"]:
            titles[row["url_key"]][row["title"]] = None
        written = (row["language"] or "").strip()
        language = written if LANGUAGE_CODE.fullmatch(written) else row["of_document"]
        if language:
            languages.setdefault(row["url_key"], language)
    return titles, languages
