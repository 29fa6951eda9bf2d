"""The views that people and scripts read: their columns are public (contract.md). Made anew at every upgrade.

One SQL text serves both databases. `Shown` gives each column its type and its comment, for readers and for the docs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from audit.store.types import UtcDateTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One column of a view."""

    name: str
    kind: Any
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view: its columns in order, and the SQL that gives them in that order."""

    name: str
    comment: str
    columns: tuple[Shown, ...]
    sql: str

    @property
    def table(self) -> sa.TableClause:
        """The view as something to select from, its columns typed."""
        return sa.table(self.name, *(sa.column(each.name, each.kind) for each in self.columns))


TEXT, WHOLE, YES_NO, DAY, MOMENT = sa.Text(), sa.BigInteger(), sa.Boolean(), sa.Date(), UtcDateTime()
REAL: sa.Double[float] = sa.Double()


def _columns(*rows: tuple[str, Any, str]) -> tuple[Shown, ...]:
    return tuple(Shown(name=name, kind=kind, comment=comment) for name, kind, comment in rows)


LINK_COLUMNS = _columns(
    ("url", TEXT, "The cited URL, normalised"),
    ("host", TEXT, "Its host"),
    ("publisher", TEXT, "Publisher key: registrable domain or tenant"),
    ("state", TEXT, "live, suspect, dead, usurped, drifted, blocked or unknown"),
    ("reason", TEXT, "Code of the rule that decided"),
    ("confidence", REAL, "How sure the state is, 0 to 1"),
    ("http_status", WHOLE, "HTTP status of the newest attempt"),
    ("final_url", TEXT, "Where the newest attempt ended"),
    ("title", TEXT, "Title that the newest attempt showed"),
    ("first_seen_at", MOMENT, "When a document cited it first"),
    ("last_fetched_at", MOMENT, "Newest attempt"),
    ("last_live_at", MOMENT, "Last check that found it alive"),
    ("failing_since", MOMENT, "First check of the open chain of failures"),
    ("failures", WHOLE, "Checks in the open chain of failures"),
    ("next_check_at", MOMENT, "When it is due again; empty means never"),
    ("citations", WHOLE, "Citations of it"),
    ("documents", WHOLE, "Documents that cite it"),
    ("captures", WHOLE, "Captures known; empty while unknown"),
    ("best_memento_url", TEXT, "Best usable capture"),
    ("best_captured_at", MOMENT, "When it was captured"),
    ("archived", TEXT, "yes, no or unknown"),
    ("archive_asked_at", MOMENT, "When an archive was asked last"),
    ("section", TEXT, "Section key within the publisher"),
    ("failure", TEXT, "Failure of the newest attempt"),
    ("checks", WHOLE, "Checks so far"),
    ("decided_at", MOMENT, "When the state was decided"),
)

CURRENT_LINKS = View(
    name="current_links",
    comment="One row per cited URL: where it stands now",
    columns=LINK_COLUMNS,
    sql="""
SELECT u.url, u.host, u.publisher, s.state, s.reason, s.confidence, s.http_status, s.final_url, s.title, u.first_seen_at,
       s.last_fetched_at, s.last_live_at, s.failing_since, s.failures, s.next_check_at, c.citations, c.documents,
       s.captures, s.best_memento_url, s.best_captured_at, s.archived, s.archive_asked_at, u.section, s.failure, s.checks,
       s.decided_at
FROM link_states AS s
JOIN cited_urls AS u ON u.url_key = s.url_key
JOIN (SELECT url_key, COUNT(*) AS citations, COUNT(DISTINCT document_key) AS documents
      FROM citations WHERE url_key IS NOT NULL GROUP BY url_key) AS c ON c.url_key = s.url_key
""",
)

DEAD_LINKS = View(
    name="dead_links",
    comment="One row per cited URL that is suspect, dead, usurped or drifted",
    columns=(*LINK_COLUMNS, Shown(name="memento_url", kind=TEXT, comment="Best usable capture")),
    sql=f"""
SELECT {", ".join(each.name for each in LINK_COLUMNS)}, best_memento_url AS memento_url
FROM current_links WHERE state IN ('suspect', 'dead', 'usurped', 'drifted')
""",  # noqa: S608 - names of columns, all ours
)

UNARCHIVED_LINKS = View(
    name="unarchived_links",
    comment="One row per cited URL with no usable capture: none exists, or every one looked at was unusable",
    columns=LINK_COLUMNS,
    sql=f"""
SELECT {", ".join(each.name for each in LINK_COLUMNS)}
FROM current_links WHERE archived = 'no' OR (archived = 'yes' AND best_memento_url IS NULL)
""",  # noqa: S608 - names of columns, all ours
)

CURRENT_CITATIONS = View(
    name="current_citations",
    comment="One row per citation of the documents as last read",
    columns=_columns(
        ("document", TEXT, "Source of the document"),
        ("reference_name", TEXT, "Name of the reference, if it has one"),
        ("line", WHOLE, "Line in the source, from 1"),
        ("side", TEXT, "added, removed or kept in a diff"),
        ("template", TEXT, "Citation template"),
        ("title", TEXT, "Title as cited"),
        ("url", TEXT, "The cited URL, normalised"),
        ("state", TEXT, "State of the cited URL"),
        ("reason", TEXT, "Code of the rule that decided"),
        ("url_status", TEXT, "What the editor claims: live, dead, unfit, usurped, deviated"),
        ("access_date", DAY, "Date of access as cited; the first day of the period given"),
        ("archive_url", TEXT, "Address of an archive copy as written"),
        ("archive_date", DAY, "Date of the archive copy as cited"),
        ("memento_url", TEXT, "Capture that supports this citation best"),
        ("captured_at", MOMENT, "When it was captured"),
        ("publisher", TEXT, "Publisher key of the cited URL"),
        ("context", TEXT, "reference, general, external-link, infobox, inline or parameter:<name>"),
        ("column_", WHOLE, "Column in the source, from 1"),
        ("entry", WHOLE, "Number in the rendered list of references"),
        ("section", TEXT, "Heading it stands under"),
        ("position", WHOLE, "Number in reading order, from 0"),
        ("reference", WHOLE, "Position of the reference it stands in"),
        ("url_written", TEXT, "The address as written"),
        ("published_date", DAY, "Date of publication as cited"),
        ("publisher_written", TEXT, "Publisher as written by the editor"),
        ("work", TEXT, "Work or site as written"),
        ("language", TEXT, "Language as written"),
        ("bare", YES_NO, "An address without any description"),
    ),
    sql="""
SELECT d.source AS document, r.name AS reference_name, COALESCE(c.line, r.line) AS line, c.side, c.template, c.title, u.url,
       s.state, s.reason, c.url_status, c.access_date, c.archive_url, c.archive_date, h.memento_url, h.captured_at, u.publisher,
       c.context, c.column_, r.entry, r.section, c.position, c.reference, c.url_written, c.published_date,
       c.publisher AS publisher_written, c.work, c.language, c.bare
FROM citations AS c
JOIN documents AS d ON d.document_key = c.document_key
LEFT JOIN reference_entries AS r ON r.document_key = c.document_key AND r.position = c.reference
LEFT JOIN cited_urls AS u ON u.url_key = c.url_key
LEFT JOIN link_states AS s ON s.url_key = c.url_key
LEFT JOIN choices AS h ON h.document_key = c.document_key AND h.citation = c.position
""",
)

CURRENT_FINDINGS = View(
    name="current_findings",
    comment="One row per finding",
    columns=_columns(
        ("document", TEXT, "Source of the document"),
        ("reference_name", TEXT, "Name of the reference, if it has one"),
        ("line", WHOLE, "Line in the source, from 1"),
        ("url", TEXT, "Address it is about"),
        ("code", TEXT, "Finding code"),
        ("severity", TEXT, "error, warning or note"),
        ("detail", TEXT, "What was found"),
        ("advice", TEXT, "What to do about it"),
        ("side", TEXT, "added, removed or kept in a diff"),
        ("memento_url", TEXT, "Capture that the advice names"),
        ("captured_at", MOMENT, "When it was captured"),
        ("citation", WHOLE, "Position of the citation in the document"),
        ("reference", WHOLE, "Position of the reference in the document"),
        ("position", WHOLE, "Number of the finding in the document, from 0"),
    ),
    sql="""
SELECT d.source AS document, f.reference_name, f.line, f.url, f.code, f.severity, f.detail, f.advice, f.side, f.memento_url,
       f.captured_at, f.citation, f.reference, f.position
FROM findings AS f JOIN documents AS d ON d.document_key = f.document_key
""",
)

UNDEFINED_REFERENCES = View(
    name="undefined_references",
    comment="One row per reference that is used but never defined",
    columns=_columns(
        ("document", TEXT, "Source of the document"),
        ("reference_name", TEXT, "Name that is used"),
        ("uses", WHOLE, "How often"),
        ("first_line", WHOLE, "Line of the first use, from 1"),
        ("group_name", TEXT, "Group of the reference"),
        ("side", TEXT, "added, removed or kept in a diff"),
        ("confirmed", YES_NO, "The rendered list confirms that no definition exists; in a diff it could stand outside"),
    ),
    sql="""
SELECT d.source AS document, r.name AS reference_name, r.uses, r.line AS first_line, r.group_name, r.side,
       r.confirmed_undefined AS confirmed
FROM reference_entries AS r JOIN documents AS d ON d.document_key = r.document_key
WHERE NOT r.defined
""",
)

SCORE_COLUMNS = _columns(
    ("publisher", TEXT, "Publisher key: registrable domain or tenant"),
    ("score", REAL, "Composite, 0 to 100"),
    ("low", REAL, "Lower end of its 90 % interval"),
    ("high", REAL, "Upper end of its 90 % interval"),
    ("grade", TEXT, "A to E, only where the evidence carries it"),
    ("basis", TEXT, "rated, durability-only or none"),
    ("durability", REAL, "Per cent of citations still verifiable in five years, live or archived"),
    ("durability_low", REAL, "Lower end of its interval"),
    ("durability_high", REAL, "Upper end of its interval"),
    ("editorial", TEXT, "What rating lists say, as a word"),
    ("archive_coverage", REAL, "Per cent of cited URLs with a usable capture; empty when archives were not asked"),
    ("links", WHOLE, "Distinct cited URLs"),
    ("live", WHOLE, "of these live"),
    ("rotten", WHOLE, "of these dead, usurped or drifted"),
    ("blocked", WHOLE, "of these blocked"),
    ("unknown", WHOLE, "of these unknown"),
    ("half_life_years", REAL, "Median lifetime in years"),
    ("model_version", TEXT, "Version of the model"),
    ("scored_at", MOMENT, "When it was computed"),
    ("suspect", WHOLE, "of the links failing, not yet confirmed"),
    ("resolved", WHOLE, "Links with a known fate"),
    ("dead_hard", WHOLE, "Deaths that the server or network declared"),
    ("dead_soft", WHOLE, "Deaths behind an answer that looks well"),
    ("live5", REAL, "Per cent of links that survive five years"),
    ("live5_low", REAL, "Lower end of its interval"),
    ("live5_high", REAL, "Upper end of its interval"),
    ("archive_checked", WHOLE, "Links whose archive standing is known"),
    ("age_assumed", WHOLE, "Links whose age was assumed"),
    ("lambda0", REAL, "Base rate of the fit, deaths per link and year"),
    ("reasons", TEXT, "Why the score is what it is: a JSON list, weightiest first"),
    ("flags", TEXT, "Marks of weight 0: a JSON list"),
    ("psl_version", TEXT, "Version of the public suffix list"),
    ("tenants_version", TEXT, "Version of the tenant table"),
    ("inputs_sha256", TEXT, "SHA-256 of the inputs"),
    ("display_name", TEXT, "Publisher key as people read it"),
    ("live5_if_unknown_live", REAL, "The same if all links of unknown fate were alive at their last check"),
    ("live5_if_unknown_dead", REAL, "The same if all links of unknown fate had died by their last check"),
    ("half_life_low", REAL, "Lower end of the median lifetime"),
    ("half_life_high", REAL, "Upper end of the median lifetime; 50 means more than that"),
    ("archive_verified", WHOLE, "Links of which a copy was opened and shows the page"),
    ("editorial_value", REAL, "The word as a number, for sorting only"),
    ("editorial_low", REAL, "Lower end of its interval"),
    ("editorial_high", REAL, "Upper end of its interval"),
    ("links_rated", WHOLE, "Links that a rating reaches; the others are unrated, which says nothing about them"),
    ("scope_language", TEXT, "Language of the community whose lists speak"),
    ("policy_version", TEXT, "Version of the weights of the lists' words"),
    ("list_versions", TEXT, "Lists that speak, with their revisions: a JSON list"),
)

PUBLISHER_SCORES = View(
    name="publisher_scores",
    comment="One row per publisher: its newest score",
    columns=SCORE_COLUMNS,
    sql=f"""
SELECT {", ".join(f"p.{each.name}" for each in SCORE_COLUMNS)}
FROM publisher_scores_history AS p
WHERE p.scored_at = (SELECT MAX(n.scored_at) FROM publisher_scores_history AS n WHERE n.publisher = p.publisher)
""",  # noqa: S608 - names of columns, all ours
)

SECTION_COLUMNS = _columns(
    ("publisher", TEXT, "Publisher key"),
    ("section", TEXT, "Host and first path segment"),
    ("scored_at", MOMENT, "When it was computed"),
    ("durability", REAL, "Per cent of citations still verifiable in five years, live or archived"),
    ("durability_low", REAL, "Lower end of its interval"),
    ("durability_high", REAL, "Upper end of its interval"),
    ("archive_coverage", REAL, "Per cent of cited URLs with a usable capture; empty when archives were not asked"),
    ("links", WHOLE, "Distinct cited URLs"),
    ("live", WHOLE, "of these live"),
    ("rotten", WHOLE, "of these dead, usurped or drifted"),
    ("blocked", WHOLE, "of these blocked"),
    ("unknown", WHOLE, "of these unknown"),
    ("suspect", WHOLE, "of these failing, not yet confirmed"),
    ("resolved", WHOLE, "Links with a known fate"),
    ("dead_hard", WHOLE, "Deaths that the server or network declared"),
    ("dead_soft", WHOLE, "Deaths behind an answer that looks well"),
    ("live5", REAL, "Per cent of links that survive five years"),
    ("live5_low", REAL, "Lower end of its interval"),
    ("live5_high", REAL, "Upper end of its interval"),
    ("archive_checked", WHOLE, "Links whose archive standing is known"),
    ("model_version", TEXT, "Version of the model"),
    ("inputs_sha256", TEXT, "SHA-256 of the inputs of its publisher"),
)

SECTION_SCORES = View(
    name="section_scores",
    comment="One row per section with five links of known fate or more: as of the newest score of its publisher",
    columns=SECTION_COLUMNS,
    sql=f"""
SELECT {", ".join(f"s.{each.name}" for each in SECTION_COLUMNS)}
FROM section_scores_history AS s
WHERE s.scored_at = (SELECT MAX(n.scored_at) FROM publisher_scores_history AS n WHERE n.publisher = s.publisher)
""",  # noqa: S608 - names of columns, all ours
)

_STATES = ("live", "suspect", "dead", "usurped", "drifted", "blocked", "unknown")
_STATE_SUMS = ", ".join(f"SUM(CASE WHEN s.state = '{state}' THEN 1 ELSE 0 END) AS {state}" for state in _STATES)


_LOW = "'gu', 'd', 'blacklisted'"


def _sides(condition: str, prefix: str = "") -> str:
    return ", ".join(
        f"SUM(CASE WHEN r.side = '{side}' AND {condition} THEN 1 ELSE 0 END) AS {prefix}{side}"
        for side in ("added", "removed", "kept")
    )


DOCUMENT_SUMMARY = View(
    name="document_summary",
    comment="One row per document",
    columns=_columns(
        ("document", TEXT, "Source of the document"),
        ("title", TEXT, "Its title"),
        ("kind", TEXT, "Kind of source: diff, wikitext, url-list ..."),
        ("revision", TEXT, "Revision, when the source tells it"),
        ("read_at", MOMENT, "When it was read last"),
        ("references_", WHOLE, "Entries of the reference list"),
        ("citations", WHOLE, "Citations"),
        ("links", WHOLE, "Distinct cited URLs"),
        *((state, WHOLE, f"of these {state}") for state in _STATES),
        ("archived", WHOLE, "Cited URLs that an archive is known to hold"),
        ("undefined_references", WHOLE, "References used but never defined"),
        ("bare_urls", WHOLE, "Citations that are an address without any description"),
        ("findings", WHOLE, "Findings"),
        ("added", WHOLE, "Defined references that a diff added"),
        ("removed", WHOLE, "Defined references that a diff removed"),
        ("kept", WHOLE, "Defined references that a diff left alone"),
        ("archived_added", WHOLE, "Added references that name an archive copy"),
        ("archived_removed", WHOLE, "Removed references that name an archive copy"),
        ("links_rated", WHOLE, "Cited URLs that a loaded list rates"),
        ("links_unrated", WHOLE, "Cited URLs that no loaded list rates, which says nothing about them"),
        ("links_rated_low", WHOLE, "of the rated ones generally unreliable, deprecated or blacklisted by their list"),
    ),
    sql=f"""
SELECT d.source AS document, d.title, d.kind, d.revision, d.read_at,
       COALESCE(e.references_, 0) AS references_, COALESCE(c.citations, 0) AS citations, COALESCE(l.links, 0) AS links,
       {", ".join(f"COALESCE(l.{state}, 0) AS {state}" for state in _STATES)},
       COALESCE(l.archived, 0) AS archived, COALESCE(e.undefined_references, 0) AS undefined_references,
       COALESCE(c.bare_urls, 0) AS bare_urls, COALESCE(f.findings, 0) AS findings,
       COALESCE(e.added, 0) AS added, COALESCE(e.removed, 0) AS removed, COALESCE(e.kept, 0) AS kept,
       COALESCE(e.archived_added, 0) AS archived_added, COALESCE(e.archived_removed, 0) AS archived_removed,
       COALESCE(l.links_rated, 0) AS links_rated, COALESCE(l.links, 0) - COALESCE(l.links_rated, 0) AS links_unrated,
       COALESCE(l.links_rated_low, 0) AS links_rated_low
FROM documents AS d
LEFT JOIN (
    SELECT r.document_key, COUNT(*) AS references_, SUM(CASE WHEN r.defined THEN 0 ELSE 1 END) AS undefined_references,
           {_sides("r.defined")}, {_sides("a.reference IS NOT NULL", "archived_")}
    FROM reference_entries AS r
    LEFT JOIN (SELECT DISTINCT document_key, reference FROM citations
               WHERE archive_url IS NOT NULL OR copy_archive IS NOT NULL) AS a
           ON a.document_key = r.document_key AND a.reference = r.position
    GROUP BY r.document_key) AS e ON e.document_key = d.document_key
LEFT JOIN (
    SELECT document_key, COUNT(*) AS citations, SUM(CASE WHEN bare THEN 1 ELSE 0 END) AS bare_urls
    FROM citations GROUP BY document_key) AS c ON c.document_key = d.document_key
LEFT JOIN (
    SELECT k.document_key, COUNT(*) AS links, {_STATE_SUMS}, SUM(CASE WHEN s.archived = 'yes' THEN 1 ELSE 0 END) AS archived,
           COUNT(s.rating) AS links_rated, SUM(CASE WHEN s.rating IN ({_LOW}) THEN 1 ELSE 0 END) AS links_rated_low
    FROM (SELECT DISTINCT document_key, url_key FROM citations WHERE url_key IS NOT NULL) AS k
    JOIN link_states AS s ON s.url_key = k.url_key
    GROUP BY k.document_key) AS l ON l.document_key = d.document_key
LEFT JOIN (SELECT document_key, COUNT(*) AS findings FROM findings GROUP BY document_key) AS f
       ON f.document_key = d.document_key
""",  # noqa: S608 - names of columns and states, all ours
)

RUN_HISTORY = View(
    name="run_history",
    comment="One row per run",
    columns=_columns(
        ("run", TEXT, "Identity of the run"),
        ("started_at", MOMENT, "When it began"),
        ("finished_at", MOMENT, "When it ended; empty while it goes on or if it was killed"),
        ("command", TEXT, "The command that was typed or scheduled"),
        ("outcome", TEXT, "audited, partial, offline, interrupted, failed or running"),
        ("urls_due", WHOLE, "Cited URLs that were due when it began to fetch"),
        ("urls_fetched", WHOLE, "Cited URLs that were asked"),
        ("requests", WHOLE, "Requests sent to cited hosts, redirects and probes included"),
        ("bytes", WHOLE, "Bytes of bodies received"),
        ("seconds", REAL, "Duration"),
        ("note", TEXT, "What bounded the run, or why it ended early"),
    ),
    sql="""
SELECT run, started_at, finished_at, command, outcome, urls_due, urls_fetched, requests, bytes, seconds, note FROM runs
""",
)

VIEWS = (
    CURRENT_LINKS,
    DEAD_LINKS,
    UNARCHIVED_LINKS,
    CURRENT_CITATIONS,
    CURRENT_FINDINGS,
    UNDEFINED_REFERENCES,
    PUBLISHER_SCORES,
    SECTION_SCORES,
    DOCUMENT_SUMMARY,
    RUN_HISTORY,
)
"""In the order in which they are made; a view may use earlier ones."""

MARK = "/* made by source-audit */"
"""Stands in the text of our views on SQLite, so that a user's own views in the same file are told apart and left alone."""
OURS = "source-audit: "
"""How the comment of our views begins on PostgreSQL, for the same reason."""

Grant = tuple[str, str, str]
"""(view, who, privilege) on PostgreSQL."""


def create(conn: sa.Connection) -> None:
    """Make every view."""
    for view in VIEWS:
        conn.exec_driver_sql(f"CREATE VIEW {view.name} AS {MARK} {view.sql}")
        if conn.dialect.name == "postgresql":
            _comment(conn, view)


def drop(conn: sa.Connection) -> tuple[str, ...]:
    """Remove every view, those of other versions of this program too; returns the SQL of a user's own, to be made again.

    SQLite refuses to rename a table while any view mentions a missing one, so there even a user's views must go for a moment.
    """
    if conn.dialect.name == "postgresql":
        present = [name for name in reversed([view.name for view in VIEWS]) if name in set(sa.inspect(conn).get_view_names())]
        for name in dict.fromkeys((*_ours(conn), *present)):
            conn.exec_driver_sql(f'DROP VIEW IF EXISTS "{name}"')
        return ()
    rows = conn.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall()
    for name, _ in rows:
        conn.exec_driver_sql(f'DROP VIEW "{name}"')
    return tuple(sql for _, sql in rows if MARK not in sql)


def grants(conn: sa.Connection) -> tuple[Grant, ...]:
    """Who may do what with our views, besides their owner: dropping a view forgets it."""
    if conn.dialect.name != "postgresql":
        return ()
    rows = conn.execute(
        sa.text(
            "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
            " WHERE table_schema = current_schema() AND grantee <> grantor AND grantee <> current_user"
        )
    )
    ours = _ours(conn)
    return tuple((name, who, what) for name, who, what in rows if name in ours)


def grant(conn: sa.Connection, given: Iterable[Grant]) -> None:
    """Give back what `grants` read, on the views that still exist."""
    names = {view.name for view in VIEWS}
    quoted = conn.dialect.identifier_preparer.quote_identifier
    for name, who, what in given:
        if name in names:
            grantee = "PUBLIC" if who == "PUBLIC" else quoted(who)
            conn.exec_driver_sql(f"GRANT {what} ON {quoted(name)} TO {grantee}")


def _ours(conn: sa.Connection) -> list[str]:
    """Our views on PostgreSQL by their comments, the youngest first, because later ones may use earlier ones."""
    rows = conn.execute(
        sa.text(
            "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'v' AND n.nspname = current_schema()"
            " AND obj_description(c.oid, 'pg_class') LIKE :ours ORDER BY c.oid DESC"
        ),
        {"ours": f"{OURS}%"},
    )
    return list(rows.scalars())


def _comment(conn: sa.Connection, view: View) -> None:
    literal = sa.String().literal_processor(conn.dialect)  # type: ignore[no-untyped-call]  # SQLAlchemy types it not
    if literal is None:
        return
    conn.exec_driver_sql(f"COMMENT ON VIEW {view.name} IS {literal(OURS + view.comment)}")
    for each in view.columns:
        conn.exec_driver_sql(f"COMMENT ON COLUMN {view.name}.{each.name} IS {literal(each.comment)}")
