"""Documents -> rows: what they cite, and what of that nobody cites any more. I/O."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from audit import citing, domains
from audit.model import Citation, CitedDate, CitedUrl, Document, LinkState, Place, Reference
from audit.store import cleaning, codec, rows
from audit.store.keys import shard, url_key
from audit.store.statements import Row, add, change, parts, put, selected
from audit.store.tables import citations, cited_urls, documents, hosts, link_states, reference_entries

NEVER_FETCHED = "never-fetched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document as rows, but for the moment it was read: made in any process, written by the one that writes."""

    source: str
    key: bytes
    document: Row
    hosts: dict[str, str]
    urls: dict[bytes, Row]
    references: list[Row]
    citations: list[Row]


def prepared(document: Document) -> Prepared:
    """The rows of a document."""
    key = url_key(document.source)
    names = ("source", "kind", "title", "revision", "language", "wiki", "sha256", "revised_at")
    resources = {citation.position: citing.resource(citation) for citation in document.every_citation()}
    urls = {url_key(each.url): each for each in resources.values() if each}
    return Prepared(
        source=document.source,
        key=key,
        document=cleaning.row({name: getattr(document, name) for name in names})
        | {"document_key": key, "record": codec.pack(document)},
        hosts={host: domains.registrable_domain(host) or host for host in {each.host for each in urls.values()}},
        urls={found: _url(found, each) for found, each in urls.items()},
        references=[_reference(reference, key) for reference in document.references],
        citations=list(_citations(document, key, resources)),
    )


def write_document(conn: sa.Connection, document: Document, *, read_at: datetime) -> None:
    """Write a document as it was read now in place of how it was read before; facts about its URLs stay."""
    write_prepared(conn, [prepared(document)], read_at=read_at)


def write_prepared(conn: sa.Connection, some: Sequence[Prepared], *, read_at: datetime) -> None:
    """Write many documents at once, each in place of how it was read before."""
    last = {each.key: each for each in some}
    before = _cited(conn, last)
    moments = {"first_read_at": read_at, "read_at": read_at}
    put(conn, documents, [each.document | moments for each in last.values()], keep={"first_read_at"})
    _write_urls(conn, list(last.values()), seen_at=read_at)
    for keys in parts(last):
        conn.execute(sa.delete(citations).where(citations.c.document_key.in_(keys)))
        conn.execute(sa.delete(reference_entries).where(reference_entries.c.document_key.in_(keys)))
    add(conn, reference_entries, [row for each in last.values() for row in each.references])
    add(conn, citations, [row for each in last.values() for row in each.citations])
    now = {key for each in last.values() for key in each.urls}
    _mark_cited(conn, before - now)
    _mark_cited_again(conn, now)


def _cited(conn: sa.Connection, keys: Iterable[bytes]) -> set[bytes]:
    query = sa.select(citations.c.url_key).distinct().where(citations.c.url_key.is_not(None))
    return {bytes(row["url_key"]) for row in selected(conn, query, citations.c.document_key, keys)}


def _write_urls(conn: sa.Connection, some: Sequence[Prepared], *, seen_at: datetime) -> None:
    """Add hosts, URLs and their standing where they are new: due at once, or never when there is nothing to fetch."""
    urls = {key: row for each in some for key, row in each.urls.items()}
    known = {host: domain for each in some for host, domain in each.hosts.items()}
    fresh = [
        cleaning.row({"host": host, "domain": domain, "shard": shard(domain), "first_seen_at": seen_at})
        for host, domain in sorted(known.items())
    ]
    add(conn, hosts, fresh)
    put(conn, cited_urls, [row | {"first_seen_at": seen_at} for row in urls.values()], keep={"url", "host", "first_seen_at"})
    shards = _shards(conn, [cleaning.text(host) for host in known])
    add(conn, link_states, [_standing(key, row, shards, seen_at) for key, row in urls.items()])


def _shards(conn: sa.Connection, names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in parts(names):
        found |= {
            row.host: row.shard for row in conn.execute(sa.select(hosts.c.host, hosts.c.shard).where(hosts.c.host.in_(some)))
        }
    return found


def _url(key: bytes, cited: CitedUrl) -> Row:
    return cleaning.row(
        {
            "url_key": key,
            "url": cited.url,
            "urlkey": cited.urlkey,
            "host": cited.host,
            "publisher": cited.domain,
            "section": cited.section,
            "problem": cited.problem,
        }
    )


def _standing(key: bytes, cited: Row, shards: Mapping[str, int], seen_at: datetime) -> Row:
    host = cited["host"]
    return {
        "url_key": key,
        "host": host,
        "shard": shards[host],
        "cited": True,
        "state": LinkState.UNKNOWN.value,
        "reason": cited["problem"] or NEVER_FETCHED,
        "confidence": 0.0,
        "failures": 0,
        "checks": 0,
        "next_check_at": None if cited["problem"] else seen_at,
        "rules": "",
        "unjudged": False,
        "archived": "unknown",
    }


def _mark_cited(conn: sa.Connection, keys: Collection[bytes]) -> None:
    """Whether some document cites them now; only rows that change are written."""
    for some in parts(keys):
        now = set(conn.execute(sa.select(citations.c.url_key).distinct().where(citations.c.url_key.in_(some))).scalars())
        before = conn.execute(sa.select(link_states.c.url_key, link_states.c.cited).where(link_states.c.url_key.in_(some)))
        changed = [{"url_key": row.url_key, "cited": not row.cited} for row in before if row.cited != (row.url_key in now)]
        change(conn, link_states, changed)


def _mark_cited_again(conn: sa.Connection, keys: Collection[bytes]) -> None:
    """What is cited now may have been cited by nobody."""
    for some in parts(keys):
        lost = sa.select(link_states.c.url_key).where(link_states.c.url_key.in_(some), sa.not_(link_states.c.cited))
        change(conn, link_states, [{"url_key": key, "cited": True} for key in conn.execute(lost).scalars().all()])


def _reference(reference: Reference, key: bytes) -> Row:
    plain = (
        "position",
        "name",
        "defined",
        "uses",
        "definitions",
        "line",
        "section",
        "entry",
        "in_wikitext",
        "confirmed_undefined",
    )
    values = {name: getattr(reference, name) for name in plain}
    side = reference.side.value if reference.side else None
    return cleaning.row({**values, "document_key": key, "group_name": reference.group, "side": side})


def _citations(document: Document, key: bytes, resources: Mapping[int, CitedUrl | None]) -> Iterator[Row]:
    for reference in document.references:
        for citation in reference.citations:
            yield _citation(citation, key, resources[citation.position], reference=reference)
    for citation in document.citations:
        yield _citation(citation, key, resources[citation.position], reference=None)


def _citation(citation: Citation, key: bytes, cited: CitedUrl | None, *, reference: Reference | None) -> Row:
    plain = (
        "position",
        "template",
        "title",
        "publisher",
        "work",
        "language",
        "quote",
        "archive_url",
        "url_status",
        "bare",
        "line",
    )
    copy = citing.archive_copy(citation)
    side = citation.side or (reference.side if reference else None)
    return cleaning.row(
        {
            **{name: getattr(citation, name) for name in plain},
            **_date("archive", citation.archive_date),
            **_date("access", citation.access_date),
            **_date("published", citation.published_date),
            "document_key": key,
            "reference": reference.position if reference else None,
            "url_key": url_key(cited.url) if cited else None,
            "url_written": citation.url,
            "authors": rows.listed(citation.authors),
            "context": _context(citation),
            "side": side.value if side else None,
            "column_": citation.column,
            "copy_archive": copy.archive if copy else None,
            "copy_captured_at": copy.captured_at if copy else None,
            "gone_date": citing.gone_date(citation),
        }
    )


def _context(citation: Citation) -> str:
    detail = citation.place_detail if citation.place is Place.PARAMETER else None
    return f"{citation.place.value}:{detail}" if detail else citation.place.value


def _date(name: str, cited: CitedDate | None) -> dict[str, Any]:
    return {
        f"{name}_date": cited.value if cited else None,
        f"{name}_date_text": cited.text if cited else None,
        f"{name}_date_precision": cited.precision.value if cited and cited.precision else None,
    }
