"""Every read of the database. All of them take an open transaction, but `query` and `views` open their own. I/O."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from audit.model import Archived, Citation, Document, DumpMark, Finding, Override, Pool, Severity, Story, Verdict
from audit.store import cleaning, codec, rows
from audit.store.around_out import live_neighbours, shared_digests
from audit.store.asking_sql import query, views
from audit.store.due_out import HostDue, asked_beside, due_hosts, due_urls, registered
from audit.store.facts_out import citations_of, cited_of, facts, verdicts_of
from audit.store.index_out import IndexedArchive, has_index, index_base, indexed_archives, indexed_captures
from audit.store.keys import url_key
from audit.store.ratings_out import LoadedList, loaded_lists, rating_corrections, rating_rules_of
from audit.store.saves_out import open_saves, savable, saves_since
from audit.store.scores_out import course, grouped_urls, score_fit, score_inputs, score_versions
from audit.store.statements import Row, parts, selected
from audit.store.summary_out import summary
from audit.store.tables import (
    archive_pools,
    cited_urls,
    documents as documents_table,
    dump_marks,
    findings,
    link_states,
    overrides as overrides_table,
    reference_entries,
)
from audit.store.views import CURRENT_CITATIONS, CURRENT_FINDINGS, CURRENT_LINKS, DOCUMENT_SUMMARY
from audit.store.wanted_out import link_facts, wanted, wanted_of_index

__all__ = [
    "HostDue",
    "IndexedArchive",
    "LoadedList",
    "any_finding",
    "asked_beside",
    "citations_of_url",
    "course",
    "documents",
    "due_hosts",
    "due_urls",
    "dump_mark",
    "every_url",
    "facts",
    "grouped_urls",
    "has_index",
    "index_base",
    "indexed_archives",
    "indexed_captures",
    "ingested",
    "link_facts",
    "live_neighbours",
    "loaded_lists",
    "newest_verdicts",
    "open_saves",
    "overrides",
    "pool",
    "query",
    "rating_corrections",
    "rating_rules_of",
    "registered",
    "revisions",
    "savable",
    "saves_since",
    "score_fit",
    "score_inputs",
    "score_versions",
    "shared_digests",
    "sources",
    "states",
    "story",
    "summary",
    "touched",
    "unjudged",
    "views",
    "wanted",
    "wanted_of_index",
]


def unjudged(conn: sa.Connection) -> list[str]:
    """The URLs with facts that no verdict knows yet."""
    return _urls(conn, link_states.c.unjudged)


def every_url(conn: sa.Connection) -> list[str]:
    """Every URL that is cited now."""
    return _urls(conn, link_states.c.cited)


def _urls(conn: sa.Connection, where: sa.ColumnElement[bool]) -> list[str]:
    query = sa.select(cited_urls.c.url).join(link_states, link_states.c.url_key == cited_urls.c.url_key)
    return list(conn.execute(query.where(where).order_by(cited_urls.c.url_key)).scalars())


def sources(conn: sa.Connection) -> list[str]:
    """The sources of all documents."""
    return list(conn.execute(sa.select(documents_table.c.source).order_by(documents_table.c.source)).scalars())


def states(conn: sa.Connection) -> Mapping[str, int]:
    """How many of the URLs that are cited now are in each state."""
    counted = sa.select(link_states.c.state, sa.func.count()).where(link_states.c.cited).group_by(link_states.c.state)
    return {str(row[0]): int(row[1]) for row in conn.execute(counted)}


def touched(conn: sa.Connection, urls: Iterable[str]) -> list[str]:
    """Those of the URLs of which there is any fact or verdict: of the others, all that is known is who cites them."""
    names = {url_key(url): url for url in urls}
    state = link_states.c
    known = sa.or_(state.decided_at.is_not(None), state.unjudged, state.checks > 0, state.archived != Archived.UNKNOWN.value)
    query = sa.select(state.url_key).where(known)
    return [names[bytes(row["url_key"])] for row in selected(conn, query, state.url_key, names)]


def newest_verdicts(conn: sa.Connection, urls: Iterable[str]) -> dict[str, Verdict]:
    """The verdict that stands about each of the URLs that was judged."""
    found: dict[str, Verdict] = {}
    for some in parts(urls):
        names = {key: cited.url for key, cited in cited_of(conn, [url_key(url) for url in some]).items()}
        found |= {verdict.url: verdict for verdict in verdicts_of(conn, names).values()}
    return found


def pool(conn: sa.Connection, archive: str, pool: str) -> Pool:
    """The standing of one allowance; a fresh one when nobody used it yet."""
    mine = (archive_pools.c.archive == archive) & (archive_pools.c.pool == pool)
    row = conn.execute(sa.select(archive_pools).where(mine)).mappings().first()
    return Pool(**row) if row else Pool(archive=archive, pool=pool)


def server_now(conn: sa.Connection) -> datetime | None:
    """The moment by the clock of a database server; None where the database is a file of this machine."""
    if conn.dialect.name != "postgresql":
        return None
    moment: datetime = conn.execute(sa.select(sa.func.clock_timestamp(type_=sa.DateTime(timezone=True)))).scalar_one()
    return moment.astimezone(UTC)


def story(conn: sa.Connection, url: str) -> Story | None:
    """All that is stored about one URL; None when it is not known."""
    found = next(facts(conn, [url]), None)
    if found is None:
        return None
    links, cited, told = CURRENT_LINKS.table, CURRENT_CITATIONS.table, CURRENT_FINDINGS.table
    name = found.cited_url.url
    about = (cited.c.document == told.c.document) & (cited.c.position == told.c.citation) & (cited.c.url == name)
    return Story(
        facts=found,
        course=course(conn, found.cited_url.domain),
        link=next(iter(_rows(conn, sa.select(links).where(links.c.url == name))), None),
        citations=_rows(conn, sa.select(cited).where(cited.c.url == name).order_by(cited.c.document, cited.c.position)),
        findings=_rows(
            conn,
            sa.select(told).where((told.c.url == name) | sa.exists().where(about)).order_by(told.c.document, told.c.position),
        ),
    )


def _rows(conn: sa.Connection, query: sa.Select[tuple[object, ...]]) -> tuple[Row, ...]:
    return tuple(dict(row) for row in conn.execute(query).mappings())


def overrides(conn: sa.Connection) -> list[Override]:
    """Every correction, in order of its URL; the expired ones too."""
    query = sa.select(overrides_table).order_by(overrides_table.c.url, overrides_table.c.rule)
    return [rows.override(row) for row in conn.execute(query).mappings()]


def citations_of_url(conn: sa.Connection, url: str) -> tuple[Citation, ...]:
    """How the documents cite one URL."""
    key = url_key(url)
    return tuple(citations_of(conn, {key: url}).get(key, ()))


def any_finding(conn: sa.Connection, codes: Sequence[str]) -> bool:
    """Whether a finding of one of these codes stands."""
    return conn.execute(sa.select(findings.c.code).where(findings.c.code.in_(codes)).limit(1)).first() is not None


def revisions(conn: sa.Connection, names: Iterable[str]) -> dict[str, str]:
    """The revision of each of these documents as it was last read, where its source told one."""
    table = documents_table
    found: dict[str, str] = {}
    for some in parts(url_key(name) for name in names):
        known = sa.select(table.c.source, table.c.revision).where(table.c.document_key.in_(some), table.c.revision.is_not(None))
        found |= {row.source: row.revision for row in conn.execute(known)}
    return found


def findings_of(conn: sa.Connection, source: str) -> list[Finding]:
    """What there is to tell about a document, in its order; a capture has what a finding names of it."""
    query = sa.select(findings).where(findings.c.document_key == url_key(source)).order_by(findings.c.position)
    return [rows.finding(row) for row in conn.execute(query).mappings()]


def ingested(conn: sa.Connection, source: str) -> str:
    """What reading a document found, in one line."""
    view = DOCUMENT_SUMMARY.table
    row = conn.execute(sa.select(view).where(view.c.document == source)).mappings().one()
    key = url_key(source)
    mine = reference_entries.c.document_key == key
    total, written = sa.func.sum(reference_entries.c.uses), sa.func.sum(reference_entries.c.definitions)
    tags, definitions = conn.execute(sa.select(total, written).where(mine, reference_entries.c.in_wikitext)).one()
    sides = sa.select(reference_entries.c.side, sa.func.count()).where(mine).group_by(reference_entries.c.side)
    by_side = {side: count for side, count in conn.execute(sides) if side}
    split = ", ".join(f"{by_side[side]} {side}" for side in ("removed", "added", "kept") if side in by_side)
    counts = [
        f"{row['references_']} references" + (f" ({split})" if split else ""),
        f"{tags or 0} <ref> tags ({definitions or 0} definitions, {(tags or 0) - (definitions or 0)} re-uses)",
        f"{row['citations']} citations",
        f"{row['links']} cited URLs",
        f"{row['undefined_references']} undefined names",
        f"findings: {_severities(conn, key)}",
    ]
    return f"{row['kind']}: {', '.join(counts)}"


def _severities(conn: sa.Connection, key: bytes) -> str:
    counted = sa.select(findings.c.severity, sa.func.count()).where(findings.c.document_key == key).group_by(findings.c.severity)
    found = {str(row[0]): int(row[1]) for row in conn.execute(counted)}
    return ", ".join(f"{found[each.value]} {each.value}s" for each in Severity if each.value in found) or "none"


def documents(conn: sa.Connection, names: Iterable[str]) -> Iterator[Document]:
    """The documents of these sources as last read, as far as they are known."""
    for name in names:
        record = conn.execute(sa.select(documents_table.c.record).where(documents_table.c.document_key == url_key(name))).scalar()
        if record is not None:
            yield codec.unpack(Document, record)


def dump_mark(conn: sa.Connection, dump: str) -> DumpMark | None:
    """How far a dump is read; None for one that never was."""
    names = ("dump", "fingerprint", "position", "pages", "documents", "finished_at")
    query = sa.select(*(dump_marks.c[name] for name in names)).where(dump_marks.c.dump == cleaning.text(dump))
    row = conn.execute(query).mappings().first()
    return DumpMark(**row) if row else None
