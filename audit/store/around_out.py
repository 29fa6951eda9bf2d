"""What the store knows beside a URL's own facts: its neighbours, the probes of its kind, its front page. I/O."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from urllib.parse import urlsplit

import sqlalchemy as sa

from audit import urls as addresses
from audit.model import CitedUrl, Fetch, LinkState, Surroundings
from audit.store.keys import url_key
from audit.store.pages import fetched, newest_fetches
from audit.store.statements import selected
from audit.store.tables import captures, citations, cited_urls, fetches, hosts, link_states

WINDOW = timedelta(days=60)
"""Neighbours that were fetched within so long of each other are compared (verdicts.md, 6.2)."""
MOST_SIBLINGS = 200
MOST_PROBES = 50
MOST_NEIGHBOURS = 1_000
"""Of a platform with more pages the rest is judged again when it is fetched again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sibling:
    key: bytes
    url: str
    fetched_at: datetime


def surroundings(conn: sa.Connection, cited: Mapping[bytes, CitedUrl]) -> dict[bytes, Surroundings]:
    """The surroundings of many URLs; those of one registrable domain share them.

    "Lately" is reckoned from the newest fetch of the domain, not from a clock, so that judging again sees the same.
    """
    domains = _domains(conn, {each.host for each in cited.values()})
    siblings = _siblings(conn, set(domains.values()))
    known = {each.key: each.url for some in siblings.values() for each in some}
    newest = {key: found[-1] for key, found in newest_fetches(conn, known).items()}
    titles = _titles(conn, known)
    asked = _probes(conn, {domain: some[0].fetched_at for domain, some in siblings.items()})
    made = {}
    for key, each in cited.items():
        domain = domains.get(each.host, "")
        others = [other.key for other in siblings.get(domain, ()) if other.key != key and other.key in newest][:MOST_SIBLINGS]
        made[key] = Surroundings(
            siblings=tuple(newest[other] for other in others),
            sibling_titles={newest[other].requested_url: titles[other] for other in others if other in titles},
            probes=_of_its_kind(each.url, asked.get(domain, ())),
            root=next((fetch for fetch in reversed(asked.get(domain, ())) if fetch.role == "root"), None),
        )
    return made


def live_neighbours(conn: sa.Connection, urls: Iterable[str]) -> list[str]:
    """The URLs that stand as live on the registrable domains of these: what convicts one of them may convict the others."""
    keys = [url_key(url) for url in urls]
    mine = sa.select(link_states.c.url_key, hosts.c.domain).join(hosts, hosts.c.host == link_states.c.host)
    domains = {row["domain"] for row in selected(conn, mine, link_states.c.url_key, keys)}
    query = (
        sa.select(cited_urls.c.url)
        .join(link_states, link_states.c.url_key == cited_urls.c.url_key)
        .join(hosts, hosts.c.host == link_states.c.host)
        .where(link_states.c.cited, link_states.c.state == LinkState.LIVE.value)
        .order_by(link_states.c.last_fetched_at.desc())
        .limit(MOST_NEIGHBOURS)
    )
    return [row["url"] for row in selected(conn, query, hosts.c.domain, sorted(domains))]


SAME_BODY_PATHS = 3
"""One body under so many paths of a host is no page of any of them (archives.md, 5.2)."""


def shared_digests(conn: sa.Connection, cited: Iterable[str]) -> frozenset[str]:
    """The digests that stand under several paths of one host, among the captures of the hosts of these URLs."""
    mine = {addresses.host_of(url) for url in cited}
    query = (
        sa.select(captures.c.digest, cited_urls.c.host, cited_urls.c.url)
        .join(cited_urls, cited_urls.c.url_key == captures.c.url_key)
        .where(captures.c.http_status == 200, captures.c.digest.is_not(None))
        .distinct()
    )
    paths: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in selected(conn, query, cited_urls.c.host, sorted(mine)):
        paths[row["host"], row["digest"]].add(urlsplit(row["url"]).path)
    return frozenset(digest for (_, digest), some in paths.items() if len(some) >= SAME_BODY_PATHS)


def _domains(conn: sa.Connection, names: set[str]) -> dict[str, str]:
    query = sa.select(hosts.c.host, hosts.c.domain)
    return {row["host"]: row["domain"] for row in selected(conn, query, hosts.c.host, sorted(names))}


def _siblings(conn: sa.Connection, domains: set[str]) -> dict[str, list[_Sibling]]:
    """The URLs of each domain that were fetched lately, newest first, one more than anyone needs: one is the URL itself."""
    at = link_states.c.last_fetched_at
    rank = sa.func.row_number().over(partition_by=hosts.c.domain, order_by=(at.desc(), link_states.c.url_key)).label("rank")
    ranked = (
        sa.select(link_states.c.url_key, at.label("fetched_at"), hosts.c.domain, rank)
        .join(hosts, hosts.c.host == link_states.c.host)
        .where(at.is_not(None))
    )
    found: dict[str, list[_Sibling]] = defaultdict(list)
    for domain in _in_parts(conn, ranked, domains):
        newest = found[domain["domain"]]
        if not newest or domain["fetched_at"] >= newest[0].fetched_at - WINDOW:
            newest.append(_Sibling(key=domain["url_key"], url=domain["url"], fetched_at=domain["fetched_at"]))
    return dict(found)


def _in_parts(conn: sa.Connection, ranked: sa.Select[tuple[bytes, datetime, str, int]], domains: set[str]) -> list[sa.RowMapping]:
    found: list[sa.RowMapping] = []
    inner = ranked.where(hosts.c.domain.in_(sa.bindparam("domains", expanding=True))).subquery()
    query = (
        sa.select(inner.c.url_key, inner.c.fetched_at, inner.c.domain, cited_urls.c.url)
        .join(cited_urls, cited_urls.c.url_key == inner.c.url_key)
        .where(inner.c.rank <= MOST_SIBLINGS + 1)
        .order_by(inner.c.domain, inner.c.rank)
    )
    if domains:
        found.extend(conn.execute(query, {"domains": sorted(domains)}).mappings())
    return found


def _titles(conn: sa.Connection, keys: Mapping[bytes, str]) -> dict[bytes, str]:
    """The title under which each URL is cited first."""
    query = (
        sa.select(citations.c.url_key, citations.c.title)
        .where(citations.c.title.is_not(None))
        .order_by(citations.c.document_key, citations.c.position)
    )
    made: dict[bytes, str] = {}
    for row in selected(conn, query, citations.c.url_key, keys):
        made.setdefault(row["url_key"], row["title"])
    return made


def _probes(conn: sa.Connection, newest: Mapping[str, datetime]) -> dict[str, list[Fetch]]:
    """The newest probes and front pages of each domain, in order of time."""
    if not newest:
        return {}
    rank = sa.func.row_number().over(partition_by=(fetches.c.domain, fetches.c.role), order_by=fetches.c.fetched_at.desc())
    inner = (
        sa.select(fetches, rank.label("rank"))
        # A literal: neither database uses a partial index for a condition that it cannot read.
        .where(sa.text("fetches.role <> 'attempt'"), fetches.c.role.in_(("probe", "root")))
        .where(fetches.c.domain.in_(sorted(newest)), fetches.c.fetched_at >= min(newest.values()) - WINDOW)
        .subquery()
    )
    query = (
        sa.select(inner, cited_urls.c.url)
        .join(cited_urls, cited_urls.c.url_key == inner.c.url_key)
        .where(inner.c.rank <= MOST_PROBES)
        .order_by(inner.c.fetched_at, inner.c.check_id, inner.c.position)
    )
    found = list(conn.execute(query).mappings())
    domains = {row["url_key"]: row["domain"] for row in found}
    made: dict[str, list[Fetch]] = defaultdict(list)
    for key, some in fetched(conn, found, {row["url_key"]: row["url"] for row in found}, samples=True).items():
        made[domains[key]].extend(some)
    return {domain: sorted(some, key=attrgetter("fetched_at", "check_id")) for domain, some in made.items()}


def _of_its_kind(url: str, asked: Sequence[Fetch]) -> tuple[Fetch, ...]:
    """The probes of the URL's own host and path shape."""
    probes = [fetch for fetch in asked if fetch.role == "probe"]
    shape = addresses.path_shape(url) if probes else ""
    return tuple(fetch for fetch in probes if addresses.path_shape(fetch.requested_url) == shape)
