"""The database -> a summary: rows of the views for people, never more than a report can bear. I/O."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

import audit
from audit.errors import ConfigError
from audit.model import Document, LinkState, Row, Severity, Summary
from audit.settings import ReportSettings
from audit.store import codec, scores_out, views
from audit.store.edits import edit, effect
from audit.store.tables import archive_pools, documents as documents_table, overrides

SCHEMA = "1"

ATTENTION = ("dead", "usurped", "drifted", "suspect", "blocked", "unknown", "live")
"""The order of the links: what needs a person first."""
MOST_BLOCKED = 10_000
"""Reports count by reason what refuses us, from these rows."""
MOST_ROWS = 10_000
MOST_CITATIONS = 100_000
"""What a report holds in memory; the views have the rest."""

Table = sa.TableClause
Condition = sa.ColumnElement[bool]

LINKS, CITATIONS, FINDINGS, UNDEFINED, PUBLISHERS, DOCUMENTS, RUNS = (
    view.table
    for view in (
        views.CURRENT_LINKS,
        views.CURRENT_CITATIONS,
        views.CURRENT_FINDINGS,
        views.UNDEFINED_REFERENCES,
        views.PUBLISHER_SCORES,
        views.DOCUMENT_SUMMARY,
        views.RUN_HISTORY,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What the report is about: everything, one document, one publisher, or what both share."""

    document: str | None
    publisher: str | None

    def links(self) -> Iterator[Condition]:
        if self.publisher is not None:
            yield LINKS.c.publisher == self.publisher
        if self.document is not None:
            yield LINKS.c.url.in_(sa.select(CITATIONS.c.url).where(CITATIONS.c.document == self.document))

    def citations(self) -> Iterator[Condition]:
        if self.publisher is not None:
            yield CITATIONS.c.publisher == self.publisher
        if self.document is not None:
            yield CITATIONS.c.document == self.document

    def findings(self) -> Iterator[Condition]:
        if self.publisher is not None:
            about = (CITATIONS.c.document == FINDINGS.c.document) & (CITATIONS.c.position == FINDINGS.c.citation)
            yield sa.exists().where(about, CITATIONS.c.publisher == self.publisher)
        yield from self.of_document(FINDINGS)

    def undefined(self) -> Iterator[Condition]:
        if self.publisher is not None:
            yield sa.false()
        yield from self.of_document(UNDEFINED)

    def documents(self) -> Iterator[Condition]:
        if self.publisher is not None:
            yield DOCUMENTS.c.document.in_(sa.select(CITATIONS.c.document).where(CITATIONS.c.publisher == self.publisher))
        yield from self.of_document(DOCUMENTS)

    def publishers(self) -> Iterator[Condition]:
        yield PUBLISHERS.c.publisher.in_(sa.select(LINKS.c.publisher).where(*self.links()))

    def of_document(self, table: Table) -> Iterator[Condition]:
        if self.document is not None:
            yield table.c.document == self.document


def summary(
    conn: sa.Connection,
    *,
    settings: ReportSettings,
    made_at: datetime,
    document: str | None = None,
    publisher: str | None = None,
    notes: Iterable[str] = (),
) -> Summary:
    """The summary of everything, or of one document or publisher. Raises ConfigError for one that is not there."""
    part = _Part(document=document, publisher=publisher)
    _refuse_unknown(conn, part)
    totals = _totals(conn, part)
    cited = _rows(conn, CITATIONS, part.citations(), order=("document", "position"), limit=MOST_CITATIONS)
    return Summary(
        schema=SCHEMA,
        made_at=made_at,
        version=audit.__version__,
        run=next(iter(_rows(conn, RUNS, (), order=("-started_at",), limit=1)), None),
        totals=totals,
        documents=_rows(conn, DOCUMENTS, part.documents(), order=("document",), limit=MOST_ROWS),
        edits=tuple(_edits(conn, part)),
        links=_links(conn, part, limit=settings.links),
        citations=cited,
        findings=_findings(conn, part, limit=settings.findings),
        noted=_by(conn, FINDINGS.c.code, [*part.findings(), FINDINGS.c.severity == Severity.NOTE.value]),
        undefined=_rows(conn, UNDEFINED, part.undefined(), order=("document", "first_line", "reference_name"), limit=MOST_ROWS),
        publishers=_rows(conn, PUBLISHERS, part.publishers(), order=("-links", "publisher"), limit=settings.publishers),
        course=scores_out.course(conn, publisher) if publisher is not None else (),
        archive=_archive(conn, part, at=made_at),
        notes=(*notes, *_cut(totals, cited), *_corrected(conn, part, at=made_at), *_surviving(conn, at=made_at)),
    )


def _refuse_unknown(conn: sa.Connection, part: _Part) -> None:
    if part.document is not None and not _count(conn, DOCUMENTS, [DOCUMENTS.c.document == part.document]):
        raise ConfigError(
            f"--document {part.document}: no such document was read; the view document_summary lists those that were"
        )
    if part.publisher is not None and not _count(conn, LINKS, [LINKS.c.publisher == part.publisher]):
        raise ConfigError(f"--publisher {part.publisher}: no document cites it; the view current_links lists the publishers")


def _cut(totals: Row, cited: Sequence[Row]) -> Iterator[str]:
    if len(cited) < totals["citations"]:
        yield f"only the first {len(cited):,} of {totals['citations']:,} citations are shown; all are in the view current_citations"


SHOWN_YEARS, FEWEST_SHOWN = 5.0, 20


def _surviving(conn: sa.Connection, *, at: datetime) -> Iterator[str]:
    """How long all links together last, and what biases it."""
    fit = scores_out.score_fit(conn, at=at)
    if fit is None or fit.links < FEWEST_SHOWN or not fit.survival or fit.survival[-1][0] < SHOWN_YEARS:
        return
    alive = next(share for years, share in reversed(fit.survival) if years <= SHOWN_YEARS or years == fit.survival[0][0])
    yield (
        f"an estimated {100 * alive:.0f} % of all cited URLs still work five years after they were cited ({fit.links:,} of known "
        "fate); editors remove and repair links that fail, so that sources show the ones that lasted"
    )


def _corrected(conn: sa.Connection, part: _Part, *, at: datetime) -> Iterator[str]:
    """Corrections by people, wherever they act: they are words, not facts, and somebody may ask about them."""
    acts = overrides.c.expires_at > at
    shown = (
        sa.select(acts, sa.func.count()).where(overrides.c.url.in_(sa.select(LINKS.c.url).where(*part.links()))).group_by(acts)
    )
    counts = {bool(row[0]): int(row[1]) for row in conn.execute(shown)}
    if counts.get(True):
        yield f"corrections by people that act on these links: {counts[True]:,} (`source-audit overrides list` shows who and why)"
    if counts.get(False):
        yield f"corrections by people that have expired: {counts[False]:,}"


def _rows(conn: sa.Connection, table: Table, where: Iterable[Condition], *, order: Sequence[str], limit: int) -> tuple[Row, ...]:
    """Rows of a view; a minus before the name of a column turns its order round."""
    by = [table.c[name[1:]].desc() if name.startswith("-") else table.c[name] for name in order]
    query = sa.select(table).where(*where).order_by(*by).limit(limit)
    return tuple(dict(row) for row in conn.execute(query).mappings())


def _links(conn: sa.Connection, part: _Part, *, limit: int) -> tuple[Row, ...]:
    """The links of each state, so that many of one kind do not hide the others."""
    found: list[Row] = []
    for state in ATTENTION:
        most = max(limit, MOST_BLOCKED) if state == LinkState.BLOCKED else limit
        where = [*part.links(), LINKS.c.state == state]
        found.extend(_rows(conn, LINKS, where, order=("-citations", "url"), limit=most))
    return tuple(found)


def _findings(conn: sa.Connection, part: _Part, *, limit: int) -> tuple[Row, ...]:
    worst = sa.case({severity.value: number for number, severity in enumerate(Severity)}, value=FINDINGS.c.severity)
    query = sa.select(FINDINGS).where(*part.findings()).order_by(worst, FINDINGS.c.document, FINDINGS.c.position).limit(limit)
    return tuple(dict(row) for row in conn.execute(query).mappings())


def _count(conn: sa.Connection, table: Table, where: Iterable[Condition]) -> int:
    return int(conn.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one())


def _totals(conn: sa.Connection, part: _Part) -> Row:
    states = _by(conn, LINKS.c.state, part.links())
    severities = _by(conn, FINDINGS.c.severity, part.findings())
    publishers = sa.select(sa.func.count(LINKS.c.publisher.distinct())).where(*part.links())
    return {
        "documents": _count(conn, DOCUMENTS, part.documents()),
        "citations": _count(conn, CITATIONS, part.citations()),
        "links": sum(states.values()),
        **{state.value: states.get(state.value, 0) for state in LinkState},
        "archived": _count(conn, LINKS, [*part.links(), LINKS.c.archived == "yes"]),
        "findings": sum(severities.values()),
        **{f"{severity.value}s": severities.get(severity.value, 0) for severity in Severity},
        "undefined_references": _count(conn, UNDEFINED, part.undefined()),
        "publishers": int(conn.execute(publishers).scalar_one()),
    }


def _by(conn: sa.Connection, column: sa.ColumnElement[Any], where: Iterable[Condition]) -> dict[str, int]:
    return {
        str(name): int(count) for name, count in conn.execute(sa.select(column, sa.func.count()).where(*where).group_by(column))
    }


def _edits(conn: sa.Connection, part: _Part) -> Iterator[Row]:
    query = sa.select(documents_table.c.record).where(documents_table.c.kind == "diff").order_by(documents_table.c.source)
    shown = sa.select(DOCUMENTS.c.document).where(*part.documents())
    for record in conn.execute(query.where(documents_table.c.source.in_(shown)).limit(MOST_ROWS)).scalars():
        document = codec.unpack(Document, record)
        yield {**edit(document), **effect(document, _states(conn, document.source))}


def _states(conn: sa.Connection, source: str) -> dict[str, LinkState]:
    """How the cited URLs of a document stand."""
    query = sa.select(CITATIONS.c.url, CITATIONS.c.state).where(CITATIONS.c.document == source, CITATIONS.c.url.is_not(None))
    return {url: LinkState(state) for url, state in conn.execute(query.limit(MOST_CITATIONS)) if state}


def _archive(conn: sa.Connection, part: _Part, *, at: datetime) -> Row | None:
    """The standing of the capture pass; None when no archive was asked and none is closed."""
    asked = _by(conn, LINKS.c.archived, [*part.links(), LINKS.c.archive_asked_at.is_not(None)])
    closed = (
        sa.select(archive_pools.c.archive, archive_pools.c.pool, archive_pools.c.open_until, archive_pools.c.last_http_status)
        .where(archive_pools.c.open_until > at)
        .order_by(archive_pools.c.open_until.desc())
    )
    pool = conn.execute(closed).mappings().first()
    if not asked and pool is None:
        return None
    pending = [*part.links(), LINKS.c.archive_asked_at.is_(None), LINKS.c.next_check_at.is_not(None)]
    counts = {name: asked.get(name, 0) for name in ("yes", "no", "unknown")}
    return {
        "answered": counts["yes"] + counts["no"],
        **counts,
        "pending": _count(conn, LINKS, pending),
        **(dict(pool) if pool else {}),
    }
