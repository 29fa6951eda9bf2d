"""What is to be fetched: hosts with due URLs, and the due URLs of one host. I/O."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from audit import domains, urls as addresses
from audit.model import DueUrl
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
        sa.select(cited_urls.c.url_key, cited_urls.c.url, link_states.c.failures)
        .join(link_states, link_states.c.url_key == cited_urls.c.url_key)
        .where(link_states.c.host == host, _due(now, max_age))
        .order_by(link_states.c.next_check_at, cited_urls.c.url)
        .limit(limit)
    )
    rows = conn.execute(query).all()
    urls = {row.url_key: row.url for row in rows}
    said = _cited_as(conn, urls)
    return tuple(
        DueUrl(
            url=row.url,
            language=next(iter(said["language"].get(row.url_key, ())), None),
            titles=tuple(said["title"].get(row.url_key, ())),
            quotes=tuple(said["quote"].get(row.url_key, ())),
            failed_before=row.failures > 0,
        )
        for row in rows
    )


def asked_beside(conn: sa.Connection, host: str, *, since: datetime) -> tuple[frozenset[str], bool]:
    """The path shapes of a host that a probe asked since then, and whether its front page was asked.

    `www.` and the bare domain are one host to those who ask, and two shapes to those who answer.
    """
    domain = sa.select(hosts.c.domain).where(hosts.c.host == host).scalar_subquery()
    query = (
        sa.select(fetches.c.role, fetches.c.requested_url, cited_urls.c.url)
        .join(cited_urls, cited_urls.c.url_key == fetches.c.url_key)
        # A literal: neither database uses a partial index for a condition that it cannot read.
        .where(sa.text("fetches.role <> 'attempt'"), fetches.c.role.in_(("probe", "root")))
        .where(fetches.c.domain == domain, fetches.c.fetched_at >= since)
    )
    asked = [(row.role, row.requested_url or row.url) for row in conn.execute(query)]
    shapes = frozenset(addresses.path_shape(url) for role, url in asked if role == "probe")
    return shapes, any(role == "root" and addresses.host_of(url) == host for role, url in asked)


REGISTRATION_GOOD_FOR = timedelta(days=90)
"""Domains are registered for a year or more (verdicts.md, 7)."""


def registered(conn: sa.Connection, host: str, *, now: datetime) -> frozenset[str]:
    """The registered name of a host, if its registry answered lately; else nothing."""
    name = domains.registered_name(host)
    domain = sa.select(hosts.c.domain).where(hosts.c.host == host).scalar_subquery()
    query = (
        sa.select(fetches.c.url_key)
        .where(sa.text("fetches.role <> 'attempt'"), fetches.c.role == "rdap", fetches.c.http_status.in_((200, 404)))
        .where(fetches.c.domain == domain, fetches.c.fetched_at >= now - REGISTRATION_GOOD_FOR)
        .limit(1)
    )
    return frozenset([name]) if name and conn.execute(query).first() else frozenset()


def _due(now: datetime, max_age: timedelta | None) -> sa.ColumnElement[bool]:
    due = link_states.c.next_check_at <= now
    if max_age is not None:
        due |= link_states.c.last_fetched_at <= now - max_age
    return link_states.c.cited & due


def _cited_as(conn: sa.Connection, urls: dict[bytes, str]) -> dict[str, dict[bytes, dict[str, None]]]:
    """Titles, quotations and languages of each URL; where a citation names its language in words, that of the document stands in."""
    query = (
        sa.select(
            citations.c.url_key,
            citations.c.title,
            citations.c.quote,
            citations.c.language,
            documents.c.language.label("of_document"),
        )
        .join(documents, documents.c.document_key == citations.c.document_key)
        .order_by(citations.c.document_key, citations.c.position)
    )
    said: dict[str, dict[bytes, dict[str, None]]] = {name: defaultdict(dict) for name in ("title", "quote", "language")}
    for row in selected(conn, query, citations.c.url_key, urls):
        written = (row["language"] or "").strip()
        language = written if LANGUAGE_CODE.fullmatch(written) else row["of_document"]
        for name, value in (("title", row["title"]), ("quote", row["quote"]), ("language", language)):
            if value:
                said[name][row["url_key"]][value] = None
    return said
