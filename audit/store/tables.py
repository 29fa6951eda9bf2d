"""The schema: tables for machines, one comment per column. What people read are the views (`views.py`).

Inputs are what sources say, facts what the world said (append only), judgements what we computed (may be dropped).
Every key is made from what it names (`keys.py`), so a batch is written without reading a single id back.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import SchemaItem

from audit.store.types import UtcDateTime

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = sa.MetaData(naming_convention=CONVENTION)

FETCH_PARTITION = "fetches_"
"""On PostgreSQL `fetches` is cut by month; its parts are named fetches_2026_06 and fetches_default."""

TEXT, WHOLE, YES_NO, DAY, MOMENT = sa.Text(), sa.BigInteger(), sa.Boolean(), sa.Date(), UtcDateTime()
REAL: sa.Double[float] = sa.Double()
KEY, PACKED = sa.LargeBinary(16), sa.LargeBinary()


def _column(name: str, kind: Any, comment: str, *constraints: SchemaItem, **options: Any) -> sa.Column[Any]:
    """A column that may be absent, unless it says otherwise; never without its comment."""
    nullable = options.pop("nullable", not options.get("primary_key", False))
    return sa.Column(name, kind, *constraints, comment=comment, nullable=nullable, **options)


def _key(name: str, kind: Any, comment: str, *constraints: SchemaItem) -> sa.Column[Any]:
    return _column(name, kind, comment, *constraints, primary_key=True, autoincrement=False)


def _must(name: str, kind: Any, comment: str, *constraints: SchemaItem) -> sa.Column[Any]:
    return _column(name, kind, comment, *constraints, nullable=False)


def _url() -> sa.ForeignKey:
    return sa.ForeignKey("cited_urls.url_key")


def _document() -> sa.ForeignKey:
    return sa.ForeignKey("documents.document_key", ondelete="CASCADE")


def _cited_date(name: str, meaning: str) -> tuple[sa.Column[Any], ...]:
    return (
        _column(f"{name}_date", DAY, f"{meaning}: the first day of the period given"),
        _column(f"{name}_date_text", TEXT, f"{meaning}, as written"),
        _column(f"{name}_date_precision", TEXT, f"{meaning}: day, month, season, year or range; empty when it cannot be read"),
    )


about = sa.Table(
    "about",
    metadata,
    _key("name", TEXT, "What is told of this database: database_id, thinned_until ..."),
    _must("value", TEXT, "Its value"),
    comment="What this database says of itself",
)

runs = sa.Table(
    "runs",
    metadata,
    _key("run", TEXT, "Identity of the run"),
    _must("started_at", MOMENT, "When it began"),
    _column("finished_at", MOMENT, "When it ended; empty while it goes on or if it was killed"),
    _must("command", TEXT, "The command that was typed or scheduled"),
    _must("outcome", TEXT, "audited, partial, offline, interrupted, failed or running"),
    _must("urls_due", WHOLE, "Cited URLs that were due when it began to fetch"),
    _must("urls_fetched", WHOLE, "Cited URLs that were asked"),
    _must("requests", WHOLE, "Requests sent to cited hosts, redirects and probes included"),
    _must("bytes", WHOLE, "Bytes of bodies received"),
    _must("seconds", REAL, "Duration"),
    _column("note", TEXT, "What bounded the run, or why it ended early"),
    comment="One row per run",
)

hosts = sa.Table(
    "hosts",
    metadata,
    _key("host", TEXT, "Host name in lower case with A-labels, or an address"),
    _must("domain", TEXT, "Registrable domain when first seen; the host itself for an address"),
    _must("shard", WHOLE, "Part of the work it belongs to, from the registrable domain; set at first sight, never changed"),
    _must("first_seen_at", MOMENT, "When a citation named it first"),
    _column("gate_at", MOMENT, "Nothing is asked of it before this moment"),
    _column("delay_s", REAL, "Seconds it wants between two requests, when it said so"),
    _column("note", TEXT, "Why there is a gate or a delay"),
    _column("visitors_next_at", MOMENT, "Next free moment for a redirect that comes from another shard"),
    sa.Index(None, "domain"),
    comment="Hosts of cited URLs, with what they taught us about pace",
)

cited_urls = sa.Table(
    "cited_urls",
    metadata,
    _key("url_key", KEY, "16-byte blake2b of the URL: its identity"),
    _must("url", TEXT, "The cited URL, normalised"),
    _must("urlkey", TEXT, "SURT form; only matches captures"),
    _must("host", TEXT, "Its host", sa.ForeignKey("hosts.host")),
    _must("publisher", TEXT, "Publisher key: registrable domain or tenant"),
    _must("section", TEXT, "Section key within the publisher"),
    _column("problem", TEXT, "Reason code when it can never be fetched: invalid-url, unsupported-scheme"),
    _must("first_seen_at", MOMENT, "When a document cited it first"),
    sa.Index(None, "host"),
    comment="Every URL that a document cites or once cited",
)

documents = sa.Table(
    "documents",
    metadata,
    _key("document_key", KEY, "16-byte blake2b of the source: its identity"),
    _must("source", TEXT, "Where it was read: path, address or page name"),
    _must("kind", TEXT, "Kind of source: diff, wikitext, url-list ..."),
    _column("title", TEXT, "Its title"),
    _column("revision", TEXT, "Revision, when the source tells it"),
    _column("language", TEXT, "Language code"),
    _column("wiki", TEXT, "Wiki it belongs to"),
    _must("sha256", TEXT, "SHA-256 of what was read"),
    _column("revised_at", MOMENT, "Moment of that revision: its dates are judged at this moment"),
    _must("first_read_at", MOMENT, "When it was read first"),
    _must("read_at", MOMENT, "When it was read last"),
    _must("record", PACKED, "The whole document as compressed JSON, for repairs and for judging again"),
    comment="One row per source, as last read",
)

reference_entries = sa.Table(
    "reference_entries",
    metadata,
    _key("document_key", KEY, "Document it stands in", _document()),
    _key("position", WHOLE, "Number in reading order, from 0"),
    _column("name", TEXT, "Name of the reference, if it has one"),
    _column("group_name", TEXT, "Group of the reference"),
    _must("defined", YES_NO, "A definition was found"),
    _must("uses", WHOLE, "How often it is used"),
    _must("definitions", WHOLE, "How often it is defined"),
    _column("side", TEXT, "added, removed or kept in a diff"),
    _column("line", WHOLE, "Line in the source, from 1"),
    _column("section", TEXT, "Heading it stands under"),
    _column("entry", WHOLE, "Number in the rendered list"),
    _must("in_wikitext", YES_NO, "False for an entry that only the rendered list shows"),
    _must("confirmed_undefined", YES_NO, "The rendered list confirms that no definition exists"),
    comment="References of the documents as last read",
)

citations = sa.Table(
    "citations",
    metadata,
    _key("document_key", KEY, "Document it stands in", _document()),
    _key("position", WHOLE, "Number in reading order, from 0"),
    _column("reference", WHOLE, "Position of the reference it stands in; empty outside references"),
    _column("url_key", KEY, "The cited URL; empty when the source shows none", _url()),
    _column("url_written", TEXT, "The address as written"),
    _column("template", TEXT, "Citation template"),
    _column("title", TEXT, "Title as cited"),
    _column("publisher", TEXT, "Publisher as written by the editor"),
    _column("work", TEXT, "Work or site as written"),
    _column("authors", TEXT, "Authors as written, a JSON list"),
    _column("language", TEXT, "Language as written"),
    _column("quote", TEXT, "Quotation given with the citation"),
    _column("archive_url", TEXT, "Address of an archive copy as written"),
    *_cited_date("archive", "Date of the archive copy"),
    *_cited_date("access", "Date of access"),
    *_cited_date("published", "Date of publication"),
    _column("url_status", TEXT, "What the editor claims: live, dead, unfit, usurped, deviated"),
    _must("bare", YES_NO, "An address without any description"),
    _must("context", TEXT, "reference, general, external-link, infobox, inline or parameter:<name>"),
    _column("side", TEXT, "added, removed or kept in a diff"),
    _column("line", WHOLE, "Line in the source, from 1"),
    _column("column_", WHOLE, "Column in the source, from 1"),
    _column("copy_archive", TEXT, "Archive that the archive copy lies in, read from its address"),
    _column("copy_captured_at", MOMENT, "Moment of the archive copy, read from its address"),
    _column("gone_date", DAY, "Last day of the time in which an editor tagged the link as gone"),
    sa.Index(None, "url_key"),
    comment="Citations of the documents as last read",
)

page_texts = sa.Table(
    "page_texts",
    metadata,
    _key("page_key", KEY, "16-byte blake2b of everything below: an unchanged page adds no row"),
    _column("title", TEXT, "Title element"),
    _column("og_title", TEXT, "Open Graph title"),
    _column("h1", TEXT, "First heading"),
    _column("description", TEXT, "Description"),
    _column("canonical", TEXT, "Canonical address it names"),
    _column("robots", TEXT, "Robots directive"),
    _column("language", TEXT, "Language it declares"),
    _column("word_count", WHOLE, "Words of visible text"),
    _column("text_length", WHOLE, "Characters of visible text"),
    _column("text_simhash", WHOLE, "64-bit simhash of the text, stored signed"),
    _column("sketch", PACKED, "Bottom sketch of word 4-grams: big-endian unsigned 64-bit numbers"),
    _column("sample", PACKED, "First 16 KiB of visible text, compressed; dropped for older fetches"),
    comment="What pages showed, once per distinct text",
)

fetches = sa.Table(
    "fetches",
    metadata,
    _key("url_key", KEY, "The cited URL this is about", _url()),
    _key("fetched_at", MOMENT, "When the request was sent"),
    _key("check_id", TEXT, "Joins what one check did; in order of time"),
    _key("position", WHOLE, "Number within the check, from 0"),
    _must("role", TEXT, "attempt, probe, root or robots; only attempts speak for the URL"),
    _must("attempt", WHOLE, "Number of the attempt, from 1"),
    _must("domain", TEXT, "Registrable domain of the cited URL"),
    _column("requested_url", TEXT, "What was asked, when it is not the cited URL itself"),
    _must("method", TEXT, "HTTP method, or the tool that asked"),
    _column("hops", TEXT, "Redirects: a JSON list of {url, http_status, location, kind}"),
    _column("final_url", TEXT, "Where the walk ended"),
    _column("failure", TEXT, "Why there is no usable answer: dns, refused, reset, timeout, tls ..."),
    _column("phase", TEXT, "Where it failed: resolve, connect, tls, head, body"),
    _column("detail", TEXT, "Wording of the failure"),
    _column("http_status", WHOLE, "HTTP status of the final answer"),
    _column("content_type", TEXT, "Media type"),
    _column("charset", TEXT, "Character set"),
    _column("headers", TEXT, "Telling headers: a JSON list of pairs"),
    _column("cookie_names", TEXT, "Names of cookies that were set: a JSON list"),
    _column("address", TEXT, "Network address that answered"),
    _column("tls", TEXT, "Defect of the certificate: expired, wrong-host, self-signed, legacy ..."),
    _column("flags", TEXT, "Marks of the page, sorted: a JSON list"),
    _column("magic", TEXT, "File type that the first bytes show"),
    _column("body_bytes", WHOLE, "Bytes of the body received"),
    _column("body_sha256", TEXT, "SHA-256 of the body"),
    _must("elapsed_ms", WHOLE, "Duration in milliseconds"),
    _column("shared_from", TEXT, "Check whose answer was shared instead of asking again"),
    _column("vantage", TEXT, "Network the request came from"),
    _column("page_key", KEY, "What the page showed: a row of page_texts"),
    _column("run", TEXT, "Run that stored it"),
    sa.Index(
        None, "domain", "fetched_at", postgresql_where=sa.text("role <> 'attempt'"), sqlite_where=sa.text("role <> 'attempt'")
    ),
    comment="What the web answered: one row per attempt, probe, front page or robots file; append only",
    postgresql_partition_by="RANGE (fetched_at)",
)

searches = sa.Table(
    "searches",
    metadata,
    _key("url_key", KEY, "The cited URL that was looked up", _url()),
    _key("asked_at", MOMENT, "When the archive was asked"),
    _key("archive", TEXT, "Archive that was asked"),
    _column("failure", TEXT, "Why it could not say: rate-limited, unavailable, network ...; empty means it answered"),
    _column("detail", TEXT, "Wording of the failure"),
    _column("near", MOMENT, "Moment the captures were wanted near to"),
    _column("witnesses", TEXT, "Who answered: a JSON list (index, playback ...)"),
    _must("captures", WHOLE, "Captures found; 0 with no failure means that there is none"),
    comment="What archives answered about cited URLs; append only",
)

captures = sa.Table(
    "captures",
    metadata,
    _key("url_key", KEY, "The cited URL that was looked up", _url()),
    _key("asked_at", MOMENT, "When the archive was asked"),
    _key("archive", TEXT, "Archive that was asked"),
    _key("position", WHOLE, "Number in the answer, from 0"),
    _column("holder", TEXT, "Archive that holds the capture, when it is another one"),
    _column("url", TEXT, "Address that was captured, when it is another spelling"),
    _must("memento_url", TEXT, "Address of the archived page"),
    _must("captured_at", MOMENT, "When it was captured"),
    _column("http_status", WHOLE, "HTTP status that was captured"),
    _column("mimetype", TEXT, "Media type that was captured"),
    _column("digest", TEXT, "Digest of the captured body"),
    sa.ForeignKeyConstraint(["url_key", "asked_at", "archive"], ["searches.url_key", "searches.asked_at", "searches.archive"]),
    comment="Captures found by the searches; append only",
)

save_requests = sa.Table(
    "save_requests",
    metadata,
    _key("url_key", KEY, "The cited URL that was to be saved", _url()),
    _key("requested_at", MOMENT, "When it was sent; the row is written before"),
    _key("archive", TEXT, "Archive that was asked"),
    _must("outcome", TEXT, "requested, accepted, saved, unknown, transient, permanent, quota or quota-all"),
    _column("job_id", TEXT, "The archive's name for the job"),
    _column("code", TEXT, "The archive's word for what went wrong"),
    _column("detail", TEXT, "What it said, or why the outcome is not known"),
    _column("finished_at", MOMENT, "When the outcome was known; empty while the job is open or if the run was killed"),
    comment="Requests to save pages; one row each, finished once, never sent again while nobody knows the outcome",
)

playbacks = sa.Table(
    "playbacks",
    metadata,
    _key("url_key", KEY, "The cited URL this is about", _url()),
    _key("played_at", MOMENT, "When the memento was opened"),
    _key("memento_key", KEY, "16-byte blake2b of the address"),
    _must("archive", TEXT, "Archive that was asked"),
    _must("memento_url", TEXT, "Address that was opened"),
    _column("captured_at", MOMENT, "When it was captured"),
    _column("http_status", WHOLE, "HTTP status of the memento"),
    _column("hops", TEXT, "Redirects: a JSON list"),
    _column("failure", TEXT, "Why nothing could be seen"),
    _column("detail", TEXT, "Wording of the failure"),
    _column("mimetype", TEXT, "Media type"),
    _column("flags", TEXT, "Marks of the page, sorted: a JSON list"),
    _column("body_bytes", WHOLE, "Bytes of the body"),
    _column("body_sha256", TEXT, "SHA-256 of the body"),
    _column("page_key", KEY, "What the page showed: a row of page_texts"),
    comment="What mementos showed when they were opened; append only",
)

link_states = sa.Table(
    "link_states",
    metadata,
    _key("url_key", KEY, "The cited URL", _url()),
    _must("host", TEXT, "Its host", sa.ForeignKey("hosts.host")),
    _must("shard", WHOLE, "Part of the work it belongs to"),
    _must("cited", YES_NO, "Some document cites it now"),
    _must("state", TEXT, "live, suspect, dead, usurped, drifted, blocked or unknown"),
    _must("reason", TEXT, "Code of the rule that decided"),
    _must("confidence", REAL, "How sure the state is, 0 to 1"),
    _column("evidence", TEXT, "Why: a JSON list of {rule, detail, strength}"),
    _column("failing_since", MOMENT, "First check of the open chain of failures"),
    _column("last_live_at", MOMENT, "Last check that found it alive"),
    _column("decided_at", MOMENT, "When this was decided; empty before the first verdict"),
    _must("failures", WHOLE, "Checks in the open chain of failures"),
    _must("checks", WHOLE, "Checks so far"),
    _column("next_check_at", MOMENT, "When it is due again; empty means never"),
    _must("rules", TEXT, "Version of the rules that decided"),
    _must("unjudged", YES_NO, "Facts came in after the verdict"),
    _column("deferred", TEXT, "Why nothing was asked in the last run that wanted to"),
    _column("first_fetched_at", MOMENT, "First attempt"),
    _column("last_fetched_at", MOMENT, "Newest attempt"),
    _column("http_status", WHOLE, "HTTP status of the newest attempt"),
    _column("failure", TEXT, "Failure of the newest attempt"),
    _column("final_url", TEXT, "Where the newest attempt ended"),
    _column("title", TEXT, "Title that the newest attempt showed"),
    _must("archived", TEXT, "yes, no or unknown"),
    _column("archive_asked_at", MOMENT, "When an archive was asked last"),
    _column("captures", WHOLE, "Captures known; empty while unknown"),
    _column("best_memento_url", TEXT, "Best usable capture"),
    _column("best_captured_at", MOMENT, "When it was captured"),
    _column("rating", TEXT, "Category that loaded lists give it; empty when none speaks of it, which says nothing"),
    _column("best_support", TEXT, "What it was seen to show: verified, likely, unverified ...; empty when it was not opened"),
    sa.Index(None, "host", "next_check_at"),
    sa.Index(None, "shard", "next_check_at"),
    comment="Where each cited URL stands: current verdict, newest answer, archive standing, next check",
)

verdict_changes = sa.Table(
    "verdict_changes",
    metadata,
    _key("url_key", KEY, "The cited URL", _url()),
    _key("decided_at", MOMENT, "When the state or the reason changed"),
    _must("state", TEXT, "New state"),
    _must("reason", TEXT, "New reason"),
    _must("confidence", REAL, "How sure the state is, 0 to 1"),
    _column("previous_state", TEXT, "State before; empty for the first verdict"),
    _column("previous_reason", TEXT, "Reason before"),
    _must("rules", TEXT, "Version of the rules that decided"),
    comment="When the state or the reason of a URL changed",
)

findings = sa.Table(
    "findings",
    metadata,
    _key("document_key", KEY, "Document it is about", _document()),
    _key("position", WHOLE, "Number in the document, from 0"),
    _must("code", TEXT, "Finding code"),
    _must("severity", TEXT, "error, warning or note"),
    _must("detail", TEXT, "What was found"),
    _column("advice", TEXT, "What to do about it"),
    _column("url", TEXT, "Address it is about"),
    _column("citation", WHOLE, "Position of the citation"),
    _column("reference", WHOLE, "Position of the reference"),
    _column("reference_name", TEXT, "Name of the reference"),
    _column("line", WHOLE, "Line in the source, from 1"),
    _column("side", TEXT, "added, removed or kept in a diff"),
    _column("memento_url", TEXT, "Capture that the advice names"),
    _column("captured_at", MOMENT, "When it was captured"),
    sa.Index(None, "code"),
    comment="What there is to tell about the documents as last read",
)

choices = sa.Table(
    "choices",
    metadata,
    _key("document_key", KEY, "Document of the citation", _document()),
    _key("citation", WHOLE, "Position of the citation"),
    _column("url_key", KEY, "The cited URL"),
    _must("archive", TEXT, "Archive that holds the capture"),
    _must("memento_url", TEXT, "Capture that supports this citation best"),
    _must("captured_at", MOMENT, "When it was captured"),
    _must("record", TEXT, "Capture and evidence as JSON"),
    sa.Index(None, "url_key"),
    comment="The capture that supports each citation best",
)

publisher_scores_history = sa.Table(
    "publisher_scores_history",
    metadata,
    _key("publisher", TEXT, "Publisher key"),
    _key("scored_at", MOMENT, "When it was computed"),
    _column("score", REAL, "Composite, 0 to 100"),
    _column("low", REAL, "Lower end of its 90 % interval"),
    _column("high", REAL, "Upper end of its 90 % interval"),
    _column("grade", TEXT, "A to E, only where the evidence carries it"),
    _must("basis", TEXT, "rated, durability-only or none"),
    _column("durability", REAL, "Per cent of citations still verifiable in five years, live or archived"),
    _column("durability_low", REAL, "Lower end of its interval"),
    _column("durability_high", REAL, "Upper end of its interval"),
    _column("editorial", TEXT, "What rating lists say, as a word"),
    _column("archive_coverage", REAL, "Per cent of cited URLs with a usable capture; empty when archives were not asked"),
    _must("links", WHOLE, "Distinct cited URLs"),
    _must("live", WHOLE, "of these live"),
    _must("rotten", WHOLE, "of these dead, usurped or drifted"),
    _must("blocked", WHOLE, "of these blocked"),
    _must("unknown", WHOLE, "of these unknown"),
    _must("suspect", WHOLE, "of these failing, not yet confirmed"),
    _must("resolved", WHOLE, "Links with a known fate"),
    _must("dead_hard", WHOLE, "Deaths that the server or network declared"),
    _must("dead_soft", WHOLE, "Deaths behind an answer that looks well"),
    _column("live5", REAL, "Per cent of links that survive five years"),
    _column("live5_low", REAL, "Lower end of its interval"),
    _column("live5_high", REAL, "Upper end of its interval"),
    _column("half_life_years", REAL, "Median lifetime in years"),
    _column("lambda0", REAL, "Base rate of the fit, deaths per link and year"),
    _must("age_assumed", WHOLE, "Links whose age was assumed"),
    _must("archive_checked", WHOLE, "Links whose archive standing is known"),
    _must("reasons", TEXT, "Why the score is what it is: a JSON list, weightiest first"),
    _must("flags", TEXT, "Marks of weight 0: a JSON list"),
    _must("model_version", TEXT, "Version of the model"),
    _must("psl_version", TEXT, "Version of the public suffix list"),
    _must("tenants_version", TEXT, "Version of the tenant table"),
    _must("inputs_sha256", TEXT, "SHA-256 of the inputs: equal inputs add no row"),
    _column("display_name", TEXT, "Publisher key as people read it"),
    _column("live5_if_unknown_live", REAL, "The same if all links of unknown fate were alive at their last check"),
    _column("live5_if_unknown_dead", REAL, "The same if all links of unknown fate had died by their last check"),
    _column("half_life_low", REAL, "Lower end of the median lifetime"),
    _column("half_life_high", REAL, "Upper end of the median lifetime; 50 means more than that"),
    _column("archive_verified", WHOLE, "Links of which a copy was opened and shows the page"),
    _column("editorial_value", REAL, "The word as a number, for sorting only"),
    _column("editorial_low", REAL, "Lower end of its interval"),
    _column("editorial_high", REAL, "Upper end of its interval"),
    _column("links_rated", WHOLE, "Links that a rating reaches; the others are unrated, which says nothing about them"),
    _column("scope_language", TEXT, "Language of the community whose lists speak"),
    _column("policy_version", TEXT, "Version of the weights of the lists' words"),
    _column("list_versions", TEXT, "Lists that speak, with their revisions: a JSON list"),
    comment="Scores of publishers; append only, one row per changed result",
)

section_scores_history = sa.Table(
    "section_scores_history",
    metadata,
    _key("publisher", TEXT, "Publisher key"),
    _key("section", TEXT, "Host and first path segment"),
    _key("scored_at", MOMENT, "When it was computed"),
    _must("durability", REAL, "Per cent of citations still verifiable in five years, live or archived"),
    _must("durability_low", REAL, "Lower end of its interval"),
    _must("durability_high", REAL, "Upper end of its interval"),
    _column("archive_coverage", REAL, "Per cent of cited URLs with a usable capture; empty when archives were not asked"),
    _must("links", WHOLE, "Distinct cited URLs"),
    _must("live", WHOLE, "of these live"),
    _must("rotten", WHOLE, "of these dead, usurped or drifted"),
    _must("blocked", WHOLE, "of these blocked"),
    _must("unknown", WHOLE, "of these unknown"),
    _must("suspect", WHOLE, "of these failing, not yet confirmed"),
    _must("resolved", WHOLE, "Links with a known fate"),
    _must("dead_hard", WHOLE, "Deaths that the server or network declared"),
    _must("dead_soft", WHOLE, "Deaths behind an answer that looks well"),
    _must("live5", REAL, "Per cent of links that survive five years"),
    _must("live5_low", REAL, "Lower end of its interval"),
    _must("live5_high", REAL, "Upper end of its interval"),
    _must("archive_checked", WHOLE, "Links whose archive standing is known"),
    _must("model_version", TEXT, "Version of the model"),
    _must("inputs_sha256", TEXT, "SHA-256 of the inputs of its publisher"),
    comment="Durability of the sections of publishers; append only, beside the score of their publisher",
)

score_fits = sa.Table(
    "score_fits",
    metadata,
    _key("fitted_at", MOMENT, "When it was fitted"),
    _must("model_version", TEXT, "Version of the model"),
    _must("lambda0", REAL, "Base rate, deaths per link and year"),
    _must("standard_error", REAL, "Standard error of its logarithm"),
    _must("links", WHOLE, "Links of known fate"),
    _must("publishers", WHOLE, "Publishers with such links"),
    _must("assumed_age_years", REAL, "Age at the first check of links without any date"),
    _must("archive_a", REAL, "Prior of archive coverage: copies"),
    _must("archive_b", REAL, "Prior of archive coverage: none"),
    _must("survival", TEXT, "Share of all links that still work, by years since they were cited: a JSON list"),
    comment="What all scores of one time share; append only, fitted anew weekly or when links have grown by a tenth",
)

archive_pools = sa.Table(
    "archive_pools",
    metadata,
    _key("archive", TEXT, "Archive"),
    _key("pool", TEXT, "Allowance: playback, index, hint, save ..."),
    _column("next_free_at", MOMENT, "First moment that is not reserved"),
    _must("slow_factor", WHOLE, "How many times the usual interval"),
    _must("refusals", WHOLE, "Refusals in a row"),
    _column("refused_at", MOMENT, "Last refusal"),
    _column("open_until", MOMENT, "Nothing is asked before this moment"),
    _column("last_http_status", WHOLE, "HTTP status of the last answer"),
    _column("last_retry_after_s", REAL, "Seconds it asked us to wait"),
    _must("version", WHOLE, "Counts changes: a writer that saw an older one decides anew"),
    comment="How fast each archive may be asked; shared by every process on this database",
)

overrides = sa.Table(
    "overrides",
    metadata,
    _key("url_key", KEY, "The cited URL"),
    _key("created_at", MOMENT, "When it was written"),
    _key("rule", TEXT, "Rule that is wrong here; empty text when a state is set"),
    _must("url", TEXT, "The cited URL"),
    _column("state", TEXT, "State that is set"),
    _must("author", TEXT, "Who says so"),
    _must("note", TEXT, "Why"),
    _must("expires_at", MOMENT, "Until when it acts"),
    comment="Corrections by people",
)

index_archives = sa.Table(
    "index_archives",
    metadata,
    _key("archive_id", WHOLE, "Its number in the local capture index"),
    _must("archive", TEXT, "Archive that holds the captures"),
    _must("base_url", TEXT, "Where it plays captures back: a timestamp and the original address follow"),
    _must("imported_at", MOMENT, "When a file brought captures that were not known before"),
    sa.UniqueConstraint("archive"),
    comment="Archives of which capture indexes were imported",
)

capture_index = sa.Table(
    "capture_index",
    metadata,
    _key("urlkey", TEXT, "SURT form of the file, else ours; beginning and digest of one that no index could hold"),
    _key("timestamp", WHOLE, "Moment of the capture as the archive writes it: 14 digits, UTC"),
    _key("archive_id", WHOLE, "Archive that holds it", sa.ForeignKey("index_archives.archive_id")),
    _key("digest", TEXT, "Digest of the captured body; empty text when not known"),
    _must("original", TEXT, "Address that was captured; only its beginning where the urlkey says the rest"),
    _column("mimetype", TEXT, "Media type that was captured"),
    _column("http_status", WHOLE, "HTTP status that was captured"),
    _column("length", WHOLE, "Bytes of the record in the archive"),
    comment="Captures that capture indexes list: imported, asked without a request",
    sqlite_with_rowid=False,
)

rating_lists = sa.Table(
    "rating_lists",
    metadata,
    _key("version", WHOLE, "Its number: every import is a version of its own"),
    _must("name", TEXT, "Name of the rating list"),
    _must("kind", TEXT, "Kind of list: rsp, citeunseen, csv ..."),
    _must("source", TEXT, "Where it was read: files, or a wiki"),
    _column("family", TEXT, "Lists of one family count once"),
    _column("language", TEXT, "Language of the community that it speaks for; empty when it is bound to none"),
    _column("licence", TEXT, "Terms under which it stands"),
    _column("url", TEXT, "Where people can read it"),
    _column("as_of", DAY, "Day of its newest page, or of the file"),
    _must("fetched_at", MOMENT, "When it was read"),
    _must("revisions", TEXT, "Pages and their revisions: a JSON list of pairs"),
    _must("sha256", TEXT, "SHA-256 of its rules"),
    _must("counts", TEXT, "What was read and what was left out, as JSON"),
    _must("rules", WHOLE, "How many rules it has"),
    _must("rules_version", WHOLE, "Version that holds the rules: an earlier one when nothing had changed"),
    sa.Index(None, "name", "fetched_at"),
    comment="Rating lists; append only, one row per import, old versions are kept for replays",
)

rating_rules = sa.Table(
    "rating_rules",
    metadata,
    _key("version", WHOLE, "Version of the rating list", sa.ForeignKey("rating_lists.version")),
    _key("position", WHOLE, "Its place in an order that the order of rows never changes"),
    _must("list_id", TEXT, "List that says it"),
    _must("family", TEXT, "Family of the list"),
    _must("kind", TEXT, "host, substring, pattern, doi-prefix, doi, issn or any"),
    _must("key", TEXT, "Host in A-labels, text, pattern or identifier"),
    _must("path", TEXT, "Path that it is bound to; empty for the whole host"),
    _must("excluded", TEXT, "Keys that do not belong: a JSON list"),
    _must("category", TEXT, "What the list says"),
    _must("flags", TEXT, "blacklisted, stale, in-progress ...: a JSON list"),
    _column("topic", TEXT, "Topic that it is bound to"),
    _column("author", TEXT, "Pattern of authors that it is bound to"),
    _column("work", TEXT, "Pattern of publishers or works that it is bound to"),
    _column("language", TEXT, "Language of the community; empty when it is bound to none"),
    _column("valid_from", DAY, "First day of publication that it speaks of"),
    _column("valid_to", DAY, "Last day of publication that it speaks of"),
    _column("as_of", DAY, "When the list last discussed it, or the day of the file"),
    _column("entry", TEXT, "The row's own name"),
    _column("url", TEXT, "Where the row can be read"),
    _column("revision", TEXT, "Revision of the page"),
    _column("licence", TEXT, "Terms under which it stands"),
    comment="Rules of rating lists: what each says of which host, path, years, author",
)

rating_overrides = sa.Table(
    "rating_overrides",
    metadata,
    _key("list_id", TEXT, "List that is corrected"),
    _key("key", TEXT, "Host, or host and path, that the correction is about"),
    _key("created_at", MOMENT, "When it was written"),
    _column("category", TEXT, "What stands instead; empty for no rating"),
    _must("author", TEXT, "Who says so"),
    _must("note", TEXT, "Why"),
    _must("expires_at", MOMENT, "Until when it acts"),
    comment="Corrections of ratings by people; the lists' own rows stay as they are",
)

dump_marks = sa.Table(
    "dump_marks",
    metadata,
    _key("dump", TEXT, "The dump, as it was named"),
    _must("fingerprint", TEXT, "Tells the very same file, read the same way"),
    _must("position", WHOLE, "Where to go on: an offset in a multistream file, else a number of pages"),
    _must("pages", WHOLE, "Pages seen"),
    _must("documents", WHOLE, "Pages that cite something, and were read"),
    _must("updated_at", MOMENT, "When the last batch was written"),
    _column("finished_at", MOMENT, "When its end was reached"),
    comment="How far each dump is read: a reading that was stopped goes on there",
)
