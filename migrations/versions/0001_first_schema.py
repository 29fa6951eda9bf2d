"""The first schema.

Revision 0001.
"""

import sqlalchemy as sa
from alembic import op

from audit.store.types import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BUSY = ("link_states", "hosts")
"""Rows of these are rewritten all night: room on the page and early cleaning keep them small."""


def upgrade() -> None:
    op.create_table(
        "about",
        sa.Column(
            "name",
            sa.Text(),
            autoincrement=False,
            nullable=False,
            comment="What is told of this database: database_id, thinned_until ...",
        ),
        sa.Column("value", sa.Text(), nullable=False, comment="Its value"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_about")),
        comment="What this database says of itself",
    )
    op.create_table(
        "archive_pools",
        sa.Column("archive", sa.Text(), autoincrement=False, nullable=False, comment="Archive"),
        sa.Column("pool", sa.Text(), autoincrement=False, nullable=False, comment="Allowance: playback, index, hint, save ..."),
        sa.Column("next_free_at", UtcDateTime(), nullable=True, comment="First moment that is not reserved"),
        sa.Column("slow_factor", sa.BigInteger(), nullable=False, comment="How many times the usual interval"),
        sa.Column("refusals", sa.BigInteger(), nullable=False, comment="Refusals in a row"),
        sa.Column("refused_at", UtcDateTime(), nullable=True, comment="Last refusal"),
        sa.Column("open_until", UtcDateTime(), nullable=True, comment="Nothing is asked before this moment"),
        sa.Column("last_http_status", sa.BigInteger(), nullable=True, comment="HTTP status of the last answer"),
        sa.Column("last_retry_after_s", sa.Double(), nullable=True, comment="Seconds it asked us to wait"),
        sa.Column(
            "version", sa.BigInteger(), nullable=False, comment="Counts changes: a writer that saw an older one decides anew"
        ),
        sa.PrimaryKeyConstraint("archive", "pool", name=op.f("pk_archive_pools")),
        comment="How fast each archive may be asked; shared by every process on this database",
    )
    op.create_table(
        "documents",
        sa.Column(
            "document_key",
            sa.LargeBinary(length=16),
            autoincrement=False,
            nullable=False,
            comment="16-byte blake2b of the source: its identity",
        ),
        sa.Column("source", sa.Text(), nullable=False, comment="Where it was read: path, address or page name"),
        sa.Column("kind", sa.Text(), nullable=False, comment="Kind of source: diff, wikitext, url-list ..."),
        sa.Column("title", sa.Text(), nullable=True, comment="Its title"),
        sa.Column("revision", sa.Text(), nullable=True, comment="Revision, when the source tells it"),
        sa.Column("language", sa.Text(), nullable=True, comment="Language code"),
        sa.Column("wiki", sa.Text(), nullable=True, comment="Wiki it belongs to"),
        sa.Column("sha256", sa.Text(), nullable=False, comment="SHA-256 of what was read"),
        sa.Column(
            "revised_at", UtcDateTime(), nullable=True, comment="Moment of that revision: its dates are judged at this moment"
        ),
        sa.Column("first_read_at", UtcDateTime(), nullable=False, comment="When it was read first"),
        sa.Column("read_at", UtcDateTime(), nullable=False, comment="When it was read last"),
        sa.Column(
            "record",
            sa.LargeBinary(),
            nullable=False,
            comment="The whole document as compressed JSON, for repairs and for judging again",
        ),
        sa.PrimaryKeyConstraint("document_key", name=op.f("pk_documents")),
        comment="One row per source, as last read",
    )
    op.create_table(
        "hosts",
        sa.Column(
            "host", sa.Text(), autoincrement=False, nullable=False, comment="Host name in lower case with A-labels, or an address"
        ),
        sa.Column(
            "domain", sa.Text(), nullable=False, comment="Registrable domain when first seen; the host itself for an address"
        ),
        sa.Column(
            "shard",
            sa.BigInteger(),
            nullable=False,
            comment="Part of the work it belongs to, from the registrable domain; set at first sight, never changed",
        ),
        sa.Column("first_seen_at", UtcDateTime(), nullable=False, comment="When a citation named it first"),
        sa.Column("gate_at", UtcDateTime(), nullable=True, comment="Nothing is asked of it before this moment"),
        sa.Column("delay_s", sa.Double(), nullable=True, comment="Seconds it wants between two requests, when it said so"),
        sa.Column("note", sa.Text(), nullable=True, comment="Why there is a gate or a delay"),
        sa.Column(
            "visitors_next_at",
            UtcDateTime(),
            nullable=True,
            comment="Next free moment for a redirect that comes from another shard",
        ),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_hosts")),
        comment="Hosts of cited URLs, with what they taught us about pace",
    )
    op.create_index(op.f("ix_hosts_domain"), "hosts", ["domain"], unique=False)
    op.create_table(
        "overrides",
        sa.Column("url_key", sa.LargeBinary(length=16), autoincrement=False, nullable=False, comment="The cited URL"),
        sa.Column("created_at", UtcDateTime(), autoincrement=False, nullable=False, comment="When it was written"),
        sa.Column(
            "rule",
            sa.Text(),
            autoincrement=False,
            nullable=False,
            comment="Rule that is wrong here; empty text when a state is set",
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="The cited URL"),
        sa.Column("state", sa.Text(), nullable=True, comment="State that is set"),
        sa.Column("author", sa.Text(), nullable=False, comment="Who says so"),
        sa.Column("note", sa.Text(), nullable=False, comment="Why"),
        sa.Column("expires_at", UtcDateTime(), nullable=False, comment="Until when it acts"),
        sa.PrimaryKeyConstraint("url_key", "created_at", "rule", name=op.f("pk_overrides")),
        comment="Corrections by people",
    )
    op.create_table(
        "page_texts",
        sa.Column(
            "page_key",
            sa.LargeBinary(length=16),
            autoincrement=False,
            nullable=False,
            comment="16-byte blake2b of everything below: an unchanged page adds no row",
        ),
        sa.Column("title", sa.Text(), nullable=True, comment="Title element"),
        sa.Column("og_title", sa.Text(), nullable=True, comment="Open Graph title"),
        sa.Column("h1", sa.Text(), nullable=True, comment="First heading"),
        sa.Column("description", sa.Text(), nullable=True, comment="Description"),
        sa.Column("canonical", sa.Text(), nullable=True, comment="Canonical address it names"),
        sa.Column("robots", sa.Text(), nullable=True, comment="Robots directive"),
        sa.Column("language", sa.Text(), nullable=True, comment="Language it declares"),
        sa.Column("word_count", sa.BigInteger(), nullable=True, comment="Words of visible text"),
        sa.Column("text_length", sa.BigInteger(), nullable=True, comment="Characters of visible text"),
        sa.Column("text_simhash", sa.BigInteger(), nullable=True, comment="64-bit simhash of the text, stored signed"),
        sa.Column(
            "sketch", sa.LargeBinary(), nullable=True, comment="Bottom sketch of word 4-grams: big-endian unsigned 64-bit numbers"
        ),
        sa.Column(
            "sample",
            sa.LargeBinary(),
            nullable=True,
            comment="First 16 KiB of visible text, compressed; dropped for older fetches",
        ),
        sa.PrimaryKeyConstraint("page_key", name=op.f("pk_page_texts")),
        comment="What pages showed, once per distinct text",
    )
    op.create_table(
        "publisher_scores_history",
        sa.Column("publisher", sa.Text(), autoincrement=False, nullable=False, comment="Publisher key"),
        sa.Column("scored_at", UtcDateTime(), autoincrement=False, nullable=False, comment="When it was computed"),
        sa.Column("score", sa.Double(), nullable=True, comment="Composite, 0 to 100"),
        sa.Column("low", sa.Double(), nullable=True, comment="Lower end of its 95 % interval"),
        sa.Column("high", sa.Double(), nullable=True, comment="Upper end of its 95 % interval"),
        sa.Column("grade", sa.Text(), nullable=True, comment="A to E, only where the evidence carries it"),
        sa.Column("basis", sa.Text(), nullable=False, comment="rated, durability-only or none"),
        sa.Column(
            "durability",
            sa.Double(),
            nullable=True,
            comment="Per cent of citations still verifiable in five years, live or archived",
        ),
        sa.Column("durability_low", sa.Double(), nullable=True, comment="Lower end of its interval"),
        sa.Column("durability_high", sa.Double(), nullable=True, comment="Upper end of its interval"),
        sa.Column("editorial", sa.Text(), nullable=True, comment="What rating lists say, as a word"),
        sa.Column(
            "archive_coverage",
            sa.Double(),
            nullable=True,
            comment="Per cent of cited URLs with a usable capture; empty when archives were not asked",
        ),
        sa.Column("links", sa.BigInteger(), nullable=False, comment="Distinct cited URLs"),
        sa.Column("live", sa.BigInteger(), nullable=False, comment="of these live"),
        sa.Column("rotten", sa.BigInteger(), nullable=False, comment="of these dead, usurped or drifted"),
        sa.Column("blocked", sa.BigInteger(), nullable=False, comment="of these blocked"),
        sa.Column("unknown", sa.BigInteger(), nullable=False, comment="of these unknown"),
        sa.Column("suspect", sa.BigInteger(), nullable=False, comment="of these failing, not yet confirmed"),
        sa.Column("resolved", sa.BigInteger(), nullable=False, comment="Links with a known fate"),
        sa.Column("dead_hard", sa.BigInteger(), nullable=False, comment="Deaths that the server or network declared"),
        sa.Column("dead_soft", sa.BigInteger(), nullable=False, comment="Deaths behind an answer that looks well"),
        sa.Column("live5", sa.Double(), nullable=True, comment="Per cent of links that survive five years"),
        sa.Column("live5_low", sa.Double(), nullable=True, comment="Lower end of its interval"),
        sa.Column("live5_high", sa.Double(), nullable=True, comment="Upper end of its interval"),
        sa.Column("half_life_years", sa.Double(), nullable=True, comment="Median lifetime in years"),
        sa.Column("lambda0", sa.Double(), nullable=True, comment="Base rate of the fit, deaths per link and year"),
        sa.Column("age_assumed", sa.BigInteger(), nullable=False, comment="Links whose age was assumed"),
        sa.Column("archive_checked", sa.BigInteger(), nullable=False, comment="Links whose archive standing is known"),
        sa.Column("reasons", sa.Text(), nullable=False, comment="Why the score is what it is: a JSON list, weightiest first"),
        sa.Column("flags", sa.Text(), nullable=False, comment="Marks of weight 0: a JSON list"),
        sa.Column("model_version", sa.Text(), nullable=False, comment="Version of the model"),
        sa.Column("psl_version", sa.Text(), nullable=False, comment="Version of the public suffix list"),
        sa.Column("tenants_version", sa.Text(), nullable=False, comment="Version of the tenant table"),
        sa.Column("inputs_sha256", sa.Text(), nullable=False, comment="SHA-256 of the inputs: equal inputs add no row"),
        sa.PrimaryKeyConstraint("publisher", "scored_at", name=op.f("pk_publisher_scores_history")),
        comment="Scores of publishers; append only, one row per changed result",
    )
    op.create_table(
        "runs",
        sa.Column("run", sa.Text(), autoincrement=False, nullable=False, comment="Identity of the run"),
        sa.Column("started_at", UtcDateTime(), nullable=False, comment="When it began"),
        sa.Column(
            "finished_at", UtcDateTime(), nullable=True, comment="When it ended; empty while it goes on or if it was killed"
        ),
        sa.Column("command", sa.Text(), nullable=False, comment="The command that was typed or scheduled"),
        sa.Column("outcome", sa.Text(), nullable=False, comment="audited, partial, offline, interrupted, failed or running"),
        sa.Column("urls_due", sa.BigInteger(), nullable=False, comment="Cited URLs that were due when it began to fetch"),
        sa.Column("urls_fetched", sa.BigInteger(), nullable=False, comment="Cited URLs that were asked"),
        sa.Column(
            "requests", sa.BigInteger(), nullable=False, comment="Requests sent to cited hosts, redirects and probes included"
        ),
        sa.Column("bytes", sa.BigInteger(), nullable=False, comment="Bytes of bodies received"),
        sa.Column("seconds", sa.Double(), nullable=False, comment="Duration"),
        sa.Column("note", sa.Text(), nullable=True, comment="What bounded the run, or why it ended early"),
        sa.PrimaryKeyConstraint("run", name=op.f("pk_runs")),
        comment="One row per run",
    )
    op.create_table(
        "choices",
        sa.Column(
            "document_key", sa.LargeBinary(length=16), autoincrement=False, nullable=False, comment="Document of the citation"
        ),
        sa.Column("citation", sa.BigInteger(), autoincrement=False, nullable=False, comment="Position of the citation"),
        sa.Column("url_key", sa.LargeBinary(length=16), nullable=True, comment="The cited URL"),
        sa.Column("archive", sa.Text(), nullable=False, comment="Archive that holds the capture"),
        sa.Column("memento_url", sa.Text(), nullable=False, comment="Capture that supports this citation best"),
        sa.Column("captured_at", UtcDateTime(), nullable=False, comment="When it was captured"),
        sa.Column("record", sa.Text(), nullable=False, comment="Capture and evidence as JSON"),
        sa.ForeignKeyConstraint(
            ["document_key"], ["documents.document_key"], name=op.f("fk_choices_document_key_documents"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_key", "citation", name=op.f("pk_choices")),
        comment="The capture that supports each citation best",
    )
    op.create_index(op.f("ix_choices_url_key"), "choices", ["url_key"], unique=False)
    op.create_table(
        "cited_urls",
        sa.Column(
            "url_key",
            sa.LargeBinary(length=16),
            autoincrement=False,
            nullable=False,
            comment="16-byte blake2b of the URL: its identity",
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="The cited URL, normalised"),
        sa.Column("urlkey", sa.Text(), nullable=False, comment="SURT form; only matches captures"),
        sa.Column("host", sa.Text(), nullable=False, comment="Its host"),
        sa.Column("publisher", sa.Text(), nullable=False, comment="Publisher key: registrable domain or tenant"),
        sa.Column("section", sa.Text(), nullable=False, comment="Section key within the publisher"),
        sa.Column(
            "problem",
            sa.Text(),
            nullable=True,
            comment="Reason code when it can never be fetched: invalid-url, unsupported-scheme",
        ),
        sa.Column("first_seen_at", UtcDateTime(), nullable=False, comment="When a document cited it first"),
        sa.ForeignKeyConstraint(["host"], ["hosts.host"], name=op.f("fk_cited_urls_host_hosts")),
        sa.PrimaryKeyConstraint("url_key", name=op.f("pk_cited_urls")),
        comment="Every URL that a document cites or once cited",
    )
    op.create_index(op.f("ix_cited_urls_host"), "cited_urls", ["host"], unique=False)
    op.create_table(
        "findings",
        sa.Column("document_key", sa.LargeBinary(length=16), autoincrement=False, nullable=False, comment="Document it is about"),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False, comment="Number in the document, from 0"),
        sa.Column("code", sa.Text(), nullable=False, comment="Finding code"),
        sa.Column("severity", sa.Text(), nullable=False, comment="error, warning or note"),
        sa.Column("detail", sa.Text(), nullable=False, comment="What was found"),
        sa.Column("advice", sa.Text(), nullable=True, comment="What to do about it"),
        sa.Column("url", sa.Text(), nullable=True, comment="Address it is about"),
        sa.Column("citation", sa.BigInteger(), nullable=True, comment="Position of the citation"),
        sa.Column("reference", sa.BigInteger(), nullable=True, comment="Position of the reference"),
        sa.Column("reference_name", sa.Text(), nullable=True, comment="Name of the reference"),
        sa.Column("line", sa.BigInteger(), nullable=True, comment="Line in the source, from 1"),
        sa.Column("side", sa.Text(), nullable=True, comment="added, removed or kept in a diff"),
        sa.Column("memento_url", sa.Text(), nullable=True, comment="Capture that the advice names"),
        sa.Column("captured_at", UtcDateTime(), nullable=True, comment="When it was captured"),
        sa.ForeignKeyConstraint(
            ["document_key"], ["documents.document_key"], name=op.f("fk_findings_document_key_documents"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_key", "position", name=op.f("pk_findings")),
        comment="What there is to tell about the documents as last read",
    )
    op.create_index(op.f("ix_findings_code"), "findings", ["code"], unique=False)
    op.create_table(
        "reference_entries",
        sa.Column(
            "document_key", sa.LargeBinary(length=16), autoincrement=False, nullable=False, comment="Document it stands in"
        ),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False, comment="Number in reading order, from 0"),
        sa.Column("name", sa.Text(), nullable=True, comment="Name of the reference, if it has one"),
        sa.Column("group_name", sa.Text(), nullable=True, comment="Group of the reference"),
        sa.Column("defined", sa.Boolean(), nullable=False, comment="A definition was found"),
        sa.Column("uses", sa.BigInteger(), nullable=False, comment="How often it is used"),
        sa.Column("definitions", sa.BigInteger(), nullable=False, comment="How often it is defined"),
        sa.Column("side", sa.Text(), nullable=True, comment="added, removed or kept in a diff"),
        sa.Column("line", sa.BigInteger(), nullable=True, comment="Line in the source, from 1"),
        sa.Column("section", sa.Text(), nullable=True, comment="Heading it stands under"),
        sa.Column("entry", sa.BigInteger(), nullable=True, comment="Number in the rendered list"),
        sa.Column("in_wikitext", sa.Boolean(), nullable=False, comment="False for an entry that only the rendered list shows"),
        sa.Column(
            "confirmed_undefined", sa.Boolean(), nullable=False, comment="The rendered list confirms that no definition exists"
        ),
        sa.ForeignKeyConstraint(
            ["document_key"],
            ["documents.document_key"],
            name=op.f("fk_reference_entries_document_key_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_key", "position", name=op.f("pk_reference_entries")),
        comment="References of the documents as last read",
    )
    op.create_table(
        "citations",
        sa.Column(
            "document_key", sa.LargeBinary(length=16), autoincrement=False, nullable=False, comment="Document it stands in"
        ),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False, comment="Number in reading order, from 0"),
        sa.Column(
            "reference",
            sa.BigInteger(),
            nullable=True,
            comment="Position of the reference it stands in; empty outside references",
        ),
        sa.Column("url_key", sa.LargeBinary(length=16), nullable=True, comment="The cited URL; empty when the source shows none"),
        sa.Column("url_written", sa.Text(), nullable=True, comment="The address as written"),
        sa.Column("template", sa.Text(), nullable=True, comment="Citation template"),
        sa.Column("title", sa.Text(), nullable=True, comment="Title as cited"),
        sa.Column("publisher", sa.Text(), nullable=True, comment="Publisher as written by the editor"),
        sa.Column("work", sa.Text(), nullable=True, comment="Work or site as written"),
        sa.Column("authors", sa.Text(), nullable=True, comment="Authors as written, a JSON list"),
        sa.Column("language", sa.Text(), nullable=True, comment="Language as written"),
        sa.Column("quote", sa.Text(), nullable=True, comment="Quotation given with the citation"),
        sa.Column("archive_url", sa.Text(), nullable=True, comment="Address of an archive copy as written"),
        sa.Column(
            "archive_date", sa.Date(), nullable=True, comment="Date of the archive copy: the first day of the period given"
        ),
        sa.Column("archive_date_text", sa.Text(), nullable=True, comment="Date of the archive copy, as written"),
        sa.Column(
            "archive_date_precision",
            sa.Text(),
            nullable=True,
            comment="Date of the archive copy: day, month, season, year or range; empty when it cannot be read",
        ),
        sa.Column("access_date", sa.Date(), nullable=True, comment="Date of access: the first day of the period given"),
        sa.Column("access_date_text", sa.Text(), nullable=True, comment="Date of access, as written"),
        sa.Column(
            "access_date_precision",
            sa.Text(),
            nullable=True,
            comment="Date of access: day, month, season, year or range; empty when it cannot be read",
        ),
        sa.Column("published_date", sa.Date(), nullable=True, comment="Date of publication: the first day of the period given"),
        sa.Column("published_date_text", sa.Text(), nullable=True, comment="Date of publication, as written"),
        sa.Column(
            "published_date_precision",
            sa.Text(),
            nullable=True,
            comment="Date of publication: day, month, season, year or range; empty when it cannot be read",
        ),
        sa.Column("url_status", sa.Text(), nullable=True, comment="What the editor claims: live, dead, unfit, usurped, deviated"),
        sa.Column("bare", sa.Boolean(), nullable=False, comment="An address without any description"),
        sa.Column(
            "context", sa.Text(), nullable=False, comment="reference, general, external-link, infobox, inline or parameter:<name>"
        ),
        sa.Column("side", sa.Text(), nullable=True, comment="added, removed or kept in a diff"),
        sa.Column("line", sa.BigInteger(), nullable=True, comment="Line in the source, from 1"),
        sa.Column("column_", sa.BigInteger(), nullable=True, comment="Column in the source, from 1"),
        sa.Column(
            "copy_archive", sa.Text(), nullable=True, comment="Archive that the archive copy lies in, read from its address"
        ),
        sa.Column("copy_captured_at", UtcDateTime(), nullable=True, comment="Moment of the archive copy, read from its address"),
        sa.ForeignKeyConstraint(
            ["document_key"], ["documents.document_key"], name=op.f("fk_citations_document_key_documents"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["url_key"], ["cited_urls.url_key"], name=op.f("fk_citations_url_key_cited_urls")),
        sa.PrimaryKeyConstraint("document_key", "position", name=op.f("pk_citations")),
        comment="Citations of the documents as last read",
    )
    op.create_index(op.f("ix_citations_url_key"), "citations", ["url_key"], unique=False)
    op.create_table(
        "fetches",
        sa.Column(
            "url_key", sa.LargeBinary(length=16), autoincrement=False, nullable=False, comment="The cited URL this is about"
        ),
        sa.Column("fetched_at", UtcDateTime(), autoincrement=False, nullable=False, comment="When the request was sent"),
        sa.Column(
            "check_id", sa.Text(), autoincrement=False, nullable=False, comment="Joins what one check did; in order of time"
        ),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False, comment="Number within the check, from 0"),
        sa.Column("role", sa.Text(), nullable=False, comment="attempt, probe, root or robots; only attempts speak for the URL"),
        sa.Column("attempt", sa.BigInteger(), nullable=False, comment="Number of the attempt, from 1"),
        sa.Column("domain", sa.Text(), nullable=False, comment="Registrable domain of the cited URL"),
        sa.Column("requested_url", sa.Text(), nullable=True, comment="What was asked, when it is not the cited URL itself"),
        sa.Column("method", sa.Text(), nullable=False, comment="HTTP method, or the tool that asked"),
        sa.Column("hops", sa.Text(), nullable=True, comment="Redirects: a JSON list of {url, http_status, location, kind}"),
        sa.Column("final_url", sa.Text(), nullable=True, comment="Where the walk ended"),
        sa.Column(
            "failure", sa.Text(), nullable=True, comment="Why there is no usable answer: dns, refused, reset, timeout, tls ..."
        ),
        sa.Column("phase", sa.Text(), nullable=True, comment="Where it failed: resolve, connect, tls, head, body"),
        sa.Column("detail", sa.Text(), nullable=True, comment="Wording of the failure"),
        sa.Column("http_status", sa.BigInteger(), nullable=True, comment="HTTP status of the final answer"),
        sa.Column("content_type", sa.Text(), nullable=True, comment="Media type"),
        sa.Column("charset", sa.Text(), nullable=True, comment="Character set"),
        sa.Column("headers", sa.Text(), nullable=True, comment="Telling headers: a JSON list of pairs"),
        sa.Column("cookie_names", sa.Text(), nullable=True, comment="Names of cookies that were set: a JSON list"),
        sa.Column("address", sa.Text(), nullable=True, comment="Network address that answered"),
        sa.Column(
            "tls", sa.Text(), nullable=True, comment="Defect of the certificate: expired, wrong-host, self-signed, legacy ..."
        ),
        sa.Column("flags", sa.Text(), nullable=True, comment="Marks of the page, sorted: a JSON list"),
        sa.Column("magic", sa.Text(), nullable=True, comment="File type that the first bytes show"),
        sa.Column("body_bytes", sa.BigInteger(), nullable=True, comment="Bytes of the body received"),
        sa.Column("body_sha256", sa.Text(), nullable=True, comment="SHA-256 of the body"),
        sa.Column("elapsed_ms", sa.BigInteger(), nullable=False, comment="Duration in milliseconds"),
        sa.Column("shared_from", sa.Text(), nullable=True, comment="Check whose answer was shared instead of asking again"),
        sa.Column("vantage", sa.Text(), nullable=True, comment="Network the request came from"),
        sa.Column("page_key", sa.LargeBinary(length=16), nullable=True, comment="What the page showed: a row of page_texts"),
        sa.Column("run", sa.Text(), nullable=True, comment="Run that stored it"),
        sa.ForeignKeyConstraint(["url_key"], ["cited_urls.url_key"], name=op.f("fk_fetches_url_key_cited_urls")),
        sa.PrimaryKeyConstraint("url_key", "fetched_at", "check_id", "position", name=op.f("pk_fetches")),
        comment="What the web answered: one row per attempt, probe, front page or robots file; append only",
        postgresql_partition_by="RANGE (fetched_at)",
    )
    op.create_index(
        op.f("ix_fetches_domain_fetched_at"),
        "fetches",
        ["domain", "fetched_at"],
        unique=False,
        postgresql_where=sa.text("role <> 'attempt'"),
        sqlite_where=sa.text("role <> 'attempt'"),
    )
    op.create_table(
        "link_states",
        sa.Column("url_key", sa.LargeBinary(length=16), autoincrement=False, nullable=False, comment="The cited URL"),
        sa.Column("host", sa.Text(), nullable=False, comment="Its host"),
        sa.Column("shard", sa.BigInteger(), nullable=False, comment="Part of the work it belongs to"),
        sa.Column("cited", sa.Boolean(), nullable=False, comment="Some document cites it now"),
        sa.Column("state", sa.Text(), nullable=False, comment="live, suspect, dead, usurped, drifted, blocked or unknown"),
        sa.Column("reason", sa.Text(), nullable=False, comment="Code of the rule that decided"),
        sa.Column("confidence", sa.Double(), nullable=False, comment="How sure the state is, 0 to 1"),
        sa.Column("evidence", sa.Text(), nullable=True, comment="Why: a JSON list of {rule, detail, strength}"),
        sa.Column("failing_since", UtcDateTime(), nullable=True, comment="First check of the open chain of failures"),
        sa.Column("last_live_at", UtcDateTime(), nullable=True, comment="Last check that found it alive"),
        sa.Column("decided_at", UtcDateTime(), nullable=True, comment="When this was decided; empty before the first verdict"),
        sa.Column("failures", sa.BigInteger(), nullable=False, comment="Checks in the open chain of failures"),
        sa.Column("checks", sa.BigInteger(), nullable=False, comment="Checks so far"),
        sa.Column("next_check_at", UtcDateTime(), nullable=True, comment="When it is due again; empty means never"),
        sa.Column("rules", sa.Text(), nullable=False, comment="Version of the rules that decided"),
        sa.Column("unjudged", sa.Boolean(), nullable=False, comment="Facts came in after the verdict"),
        sa.Column("deferred", sa.Text(), nullable=True, comment="Why nothing was asked in the last run that wanted to"),
        sa.Column("first_fetched_at", UtcDateTime(), nullable=True, comment="First attempt"),
        sa.Column("last_fetched_at", UtcDateTime(), nullable=True, comment="Newest attempt"),
        sa.Column("http_status", sa.BigInteger(), nullable=True, comment="HTTP status of the newest attempt"),
        sa.Column("failure", sa.Text(), nullable=True, comment="Failure of the newest attempt"),
        sa.Column("final_url", sa.Text(), nullable=True, comment="Where the newest attempt ended"),
        sa.Column("title", sa.Text(), nullable=True, comment="Title that the newest attempt showed"),
        sa.Column("archived", sa.Text(), nullable=False, comment="yes, no or unknown"),
        sa.Column("archive_asked_at", UtcDateTime(), nullable=True, comment="When an archive was asked last"),
        sa.Column("captures", sa.BigInteger(), nullable=True, comment="Captures known; empty while unknown"),
        sa.Column("best_memento_url", sa.Text(), nullable=True, comment="Best usable capture"),
        sa.Column("best_captured_at", UtcDateTime(), nullable=True, comment="When it was captured"),
        sa.ForeignKeyConstraint(["host"], ["hosts.host"], name=op.f("fk_link_states_host_hosts")),
        sa.ForeignKeyConstraint(["url_key"], ["cited_urls.url_key"], name=op.f("fk_link_states_url_key_cited_urls")),
        sa.PrimaryKeyConstraint("url_key", name=op.f("pk_link_states")),
        comment="Where each cited URL stands: current verdict, newest answer, archive standing, next check",
    )
    op.create_index(op.f("ix_link_states_host_next_check_at"), "link_states", ["host", "next_check_at"], unique=False)
    op.create_index(op.f("ix_link_states_shard_next_check_at"), "link_states", ["shard", "next_check_at"], unique=False)
    op.create_table(
        "playbacks",
        sa.Column(
            "url_key", sa.LargeBinary(length=16), autoincrement=False, nullable=False, comment="The cited URL this is about"
        ),
        sa.Column("played_at", UtcDateTime(), autoincrement=False, nullable=False, comment="When the memento was opened"),
        sa.Column(
            "memento_key",
            sa.LargeBinary(length=16),
            autoincrement=False,
            nullable=False,
            comment="16-byte blake2b of the address",
        ),
        sa.Column("archive", sa.Text(), nullable=False, comment="Archive that was asked"),
        sa.Column("memento_url", sa.Text(), nullable=False, comment="Address that was opened"),
        sa.Column("captured_at", UtcDateTime(), nullable=True, comment="When it was captured"),
        sa.Column("http_status", sa.BigInteger(), nullable=True, comment="HTTP status of the memento"),
        sa.Column("hops", sa.Text(), nullable=True, comment="Redirects: a JSON list"),
        sa.Column("failure", sa.Text(), nullable=True, comment="Why nothing could be seen"),
        sa.Column("detail", sa.Text(), nullable=True, comment="Wording of the failure"),
        sa.Column("mimetype", sa.Text(), nullable=True, comment="Media type"),
        sa.Column("flags", sa.Text(), nullable=True, comment="Marks of the page, sorted: a JSON list"),
        sa.Column("body_bytes", sa.BigInteger(), nullable=True, comment="Bytes of the body"),
        sa.Column("body_sha256", sa.Text(), nullable=True, comment="SHA-256 of the body"),
        sa.Column("page_key", sa.LargeBinary(length=16), nullable=True, comment="What the page showed: a row of page_texts"),
        sa.ForeignKeyConstraint(["url_key"], ["cited_urls.url_key"], name=op.f("fk_playbacks_url_key_cited_urls")),
        sa.PrimaryKeyConstraint("url_key", "played_at", "memento_key", name=op.f("pk_playbacks")),
        comment="What mementos showed when they were opened; append only",
    )
    op.create_table(
        "searches",
        sa.Column(
            "url_key", sa.LargeBinary(length=16), autoincrement=False, nullable=False, comment="The cited URL that was looked up"
        ),
        sa.Column("asked_at", UtcDateTime(), autoincrement=False, nullable=False, comment="When the archive was asked"),
        sa.Column("archive", sa.Text(), autoincrement=False, nullable=False, comment="Archive that was asked"),
        sa.Column(
            "failure",
            sa.Text(),
            nullable=True,
            comment="Why it could not say: rate-limited, unavailable, network ...; empty means it answered",
        ),
        sa.Column("detail", sa.Text(), nullable=True, comment="Wording of the failure"),
        sa.Column("near", UtcDateTime(), nullable=True, comment="Moment the captures were wanted near to"),
        sa.Column("witnesses", sa.Text(), nullable=True, comment="Who answered: a JSON list (index, playback ...)"),
        sa.Column(
            "captures", sa.BigInteger(), nullable=False, comment="Captures found; 0 with no failure means that there is none"
        ),
        sa.ForeignKeyConstraint(["url_key"], ["cited_urls.url_key"], name=op.f("fk_searches_url_key_cited_urls")),
        sa.PrimaryKeyConstraint("url_key", "asked_at", "archive", name=op.f("pk_searches")),
        comment="What archives answered about cited URLs; append only",
    )
    op.create_table(
        "verdict_changes",
        sa.Column("url_key", sa.LargeBinary(length=16), autoincrement=False, nullable=False, comment="The cited URL"),
        sa.Column(
            "decided_at", UtcDateTime(), autoincrement=False, nullable=False, comment="When the state or the reason changed"
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="New state"),
        sa.Column("reason", sa.Text(), nullable=False, comment="New reason"),
        sa.Column("confidence", sa.Double(), nullable=False, comment="How sure the state is, 0 to 1"),
        sa.Column("previous_state", sa.Text(), nullable=True, comment="State before; empty for the first verdict"),
        sa.Column("previous_reason", sa.Text(), nullable=True, comment="Reason before"),
        sa.Column("rules", sa.Text(), nullable=False, comment="Version of the rules that decided"),
        sa.ForeignKeyConstraint(["url_key"], ["cited_urls.url_key"], name=op.f("fk_verdict_changes_url_key_cited_urls")),
        sa.PrimaryKeyConstraint("url_key", "decided_at", name=op.f("pk_verdict_changes")),
        comment="When the state or the reason of a URL changed",
    )
    op.create_table(
        "captures",
        sa.Column(
            "url_key", sa.LargeBinary(length=16), autoincrement=False, nullable=False, comment="The cited URL that was looked up"
        ),
        sa.Column("asked_at", UtcDateTime(), autoincrement=False, nullable=False, comment="When the archive was asked"),
        sa.Column("archive", sa.Text(), autoincrement=False, nullable=False, comment="Archive that was asked"),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False, comment="Number in the answer, from 0"),
        sa.Column("holder", sa.Text(), nullable=True, comment="Archive that holds the capture, when it is another one"),
        sa.Column("url", sa.Text(), nullable=True, comment="Address that was captured, when it is another spelling"),
        sa.Column("memento_url", sa.Text(), nullable=False, comment="Address of the archived page"),
        sa.Column("captured_at", UtcDateTime(), nullable=False, comment="When it was captured"),
        sa.Column("http_status", sa.BigInteger(), nullable=True, comment="HTTP status that was captured"),
        sa.Column("mimetype", sa.Text(), nullable=True, comment="Media type that was captured"),
        sa.Column("digest", sa.Text(), nullable=True, comment="Digest of the captured body"),
        sa.ForeignKeyConstraint(
            ["url_key", "asked_at", "archive"],
            ["searches.url_key", "searches.asked_at", "searches.archive"],
            name=op.f("fk_captures_url_key_asked_at_archive_searches"),
        ),
        sa.ForeignKeyConstraint(["url_key"], ["cited_urls.url_key"], name=op.f("fk_captures_url_key_cited_urls")),
        sa.PrimaryKeyConstraint("url_key", "asked_at", "archive", "position", name=op.f("pk_captures")),
        comment="Captures found by the searches; append only",
    )

    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE fetches_default PARTITION OF fetches DEFAULT")
        for table in BUSY:
            op.execute(f"ALTER TABLE {table} SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02)")
