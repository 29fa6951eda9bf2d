"""What archives are to be asked about, and what the scorer is told. I/O."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from audit import captures, citing
from audit.model import Archived, Citation, LinkFacts, LinkState, Side, Wanted
from audit.settings import Settings
from audit.store import rows
from audit.store.facts_out import HELD_AT_ONCE, citations_of, playbacks_of, searches_of
from audit.store.statements import STREAMED, parts
from audit.store.tables import capture_index, citations, cited_urls, documents, index_archives, link_states

FIRST_WEB = date(1991, 8, 6)
"""The first web page; no older date can be one of access."""
FIRST_WIKI = date(2001, 1, 15)
WIKI_KINDS = {"diff", "wikitext"}


def wanted(conn: sa.Connection, settings: Settings, now: datetime) -> list[Wanted]:
    """The cited URLs that the settings want looked up and whose answers are not fresh, in no order."""
    if settings.captures.search == "never":
        return []
    query = (
        sa.select(cited_urls.c.url_key, cited_urls.c.url, link_states.c.state, link_states.c.decided_at, link_states.c.evidence)
        .join(link_states, link_states.c.url_key == cited_urls.c.url_key)
        .where(link_states.c.cited, cited_urls.c.problem.is_(None))
        .order_by(cited_urls.c.url_key)
    )
    found: list[Wanted] = []
    for some in parts(conn.execute(query).all(), HELD_AT_ONCE):
        urls = {row.url_key: row.url for row in some}
        cited, asked = citations_of(conn, urls), searches_of(conn, urls)
        open_still: dict[bytes, Wanted] = {}
        for row in some:
            bare = _wanted(row.url, cited.get(row.url_key, ()))
            state = None if row.decided_at is None else LinkState(row.state)
            rules = [each["rule"] for each in rows.unlisted(row.evidence)] if state is LinkState.LIVE else []
            each = replace(
                bare,
                state=state,
                searches=tuple(asked.get(row.url_key, ())),
                doubted=captures.doubted(state, rules=rules, cited=bare.cited, url=row.url),
            )
            if captures.wishes(each, search=settings.captures.search) and (
                captures.opens(each, verify=settings.captures.verify) or not _answered(each, now=now)
            ):
                open_still[row.url_key] = each
        # What copies showed is much to read: it is read only of those that may have to be opened.
        played = playbacks_of(conn, {key: urls[key] for key in open_still})
        known = (replace(each, playbacks=tuple(played.get(key, ()))) for key, each in open_still.items())
        found += [each for each in known if not _settled(each, settings, now=now)]
    return found


def wanted_of_index(conn: sa.Connection) -> list[Wanted]:
    """The cited URLs of which the imported index holds captures, as far as it was not asked since captures were added."""
    added_at = conn.execute(sa.select(sa.func.max(index_archives.c.imported_at))).scalar()
    if added_at is None:
        return []
    held = sa.exists().where(capture_index.c.urlkey == cited_urls.c.urlkey)
    query = (
        sa.select(cited_urls.c.url_key, cited_urls.c.url)
        .join(link_states, link_states.c.url_key == cited_urls.c.url_key)
        .where(link_states.c.cited, cited_urls.c.problem.is_(None), held)
        .order_by(cited_urls.c.url_key)
    )
    found: list[Wanted] = []
    for some in parts(conn.execute(query).all(), HELD_AT_ONCE):
        urls = {row.url_key: row.url for row in some}
        cited, asked = citations_of(conn, urls), searches_of(conn, urls)
        for key, url in urls.items():
            told = [each.asked_at for each in asked.get(key, ()) if captures.LOCAL_INDEX in each.witnesses]
            if not told or max(told) < added_at:
                found.append(_wanted(url, cited.get(key, ())))
    return found


def _wanted(url: str, cited: Sequence[Citation]) -> Wanted:
    near = (citing.near(citation) for citation in cited)
    copies = (_copy(citation) for citation in cited)
    return Wanted(
        url=url,
        near=tuple(dict.fromkeys(moment for moment in near if moment)),
        archive_urls=tuple(dict.fromkeys(copy for copy in copies if copy)),
        cited=citing.cited_as(cited),
    )


def _copy(citation: Citation) -> str | None:
    """The copy that a citation names: beside the address, or in its place."""
    if citation.archive_url:
        return citation.archive_url
    return citation.url if citing.archive_copy(citation) else None


def _settled(wanted: Wanted, settings: Settings, *, now: datetime) -> bool:
    """Nothing is left to ask, and nothing to open.

    What became doubtful after the search has copies that are known and that nobody looked at; and a walk over copies may have been
    interrupted.
    """
    names = [each.name for each in settings.archives]
    if captures.opens(wanted, verify=settings.captures.verify) and captures.unfinished(wanted, archives=names, now=now):
        return False
    return _answered(wanted, now=now)


def _answered(wanted: Wanted, *, now: datetime) -> bool:
    """Every wanted moment is answered, or as many cited copies were opened and seen to be there."""
    if captures.answered(wanted, now=now):
        return True
    good_until = captures.fresh_until(wanted.searches, state=wanted.state)
    copies = {capture.memento_url for each in wanted.searches if "memento" in each.witnesses for capture in each.captures}
    return good_until is not None and good_until > now and len(copies) >= max(1, len(captures.moments(wanted.near)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """When a link began to be cited, as far as its citations tell."""

    entry_date: date | None
    entry_from: str | None
    access_date: date | None


def link_facts(conn: sa.Connection) -> Iterator[LinkFacts]:
    """What the scorer knows of each URL that is cited now."""
    query = (
        sa.select(
            *(citations.c[name] for name in ("url_key", "access_date", "published_date", "side", "gone_date")),
            *(documents.c[name] for name in ("kind", "revised_at", "read_at")),
            *(cited_urls.c[name] for name in ("url", "publisher", "section", "first_seen_at")),
            *(link_states.c[name] for name in LINK),
        )
        .join(documents, documents.c.document_key == citations.c.document_key)
        .join(cited_urls, cited_urls.c.url_key == citations.c.url_key)
        .join(link_states, link_states.c.url_key == citations.c.url_key)
        .order_by(citations.c.url_key)
    )
    rows = conn.execution_options(**STREAMED).execute(query).mappings()
    for _, some in groupby(rows, key=itemgetter("url_key")):
        yield _link(list(some))


LINK = (
    "state",
    "reason",
    "first_fetched_at",
    "last_fetched_at",
    "last_live_at",
    "failing_since",
    "archived",
    "best_memento_url",
    "best_captured_at",
    "best_support",
)
SHOWS = {captures.Support.VERIFIED.value, captures.Support.LIKELY.value}


def _link(cited: Sequence[Any]) -> LinkFacts:
    row, entry = cited[0], _entry(cited)
    shows = row["best_support"] in SHOWS
    return LinkFacts(
        **{
            name: row[name]
            for name in ("url", "publisher", "section", "reason", "first_seen_at", "last_live_at", "failing_since")
        },
        state=LinkState(row["state"]),
        entry_date=entry.entry_date,
        entry_from=entry.entry_from,
        first_checked_at=row["first_fetched_at"],
        last_checked_at=row["last_fetched_at"],
        access_date=entry.access_date,
        gone_date=min((each["gone_date"] for each in cited if _possible(each["gone_date"], each)), default=None),
        captured_date=row["best_captured_at"].date() if shows and row["best_captured_at"] else None,
        archived=_usable(row),
        archive_verified=shows,
    )


def _usable(row: Any) -> bool | None:
    """Whether an archive holds a usable capture, as the view `unarchived_links` has it; None while unknown."""
    if row["archived"] == Archived.UNKNOWN:
        return None
    return row["archived"] == Archived.YES and row["best_memento_url"] is not None


def _entry(cited: Sequence[Any]) -> _Entry:
    """The earliest of access dates and revisions that brought the link in; else the date of what is cited (scoring.md, 2)."""
    accessed = [row["access_date"] for row in cited if _possible(row["access_date"], row)]
    introduced = [row["revised_at"].date() for row in cited if row["side"] == Side.ADDED and row["revised_at"]]
    published = [row["published_date"] for row in cited if _possible(row["published_date"], row)]
    sources = (("access-date", accessed), ("introduced", introduced)) if accessed or introduced else (("entry-proxy", published),)
    earliest = min(((day, source) for source, days in sources for day in days), default=(None, None))
    return _Entry(entry_date=earliest[0], entry_from=earliest[1], access_date=max(accessed, default=None))


def _possible(day: date | None, row: Any) -> bool:
    """Whether somebody can have looked at a page that day."""
    first = FIRST_WIKI if row["kind"] in WIKI_KINDS else FIRST_WEB
    return day is not None and first <= day <= row["read_at"].date()
