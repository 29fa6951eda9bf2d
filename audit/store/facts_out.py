"""Rows -> facts, many URLs at a time: no query is asked per URL. I/O."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from audit import citing
from audit.model import (
    CaptureSearch,
    Citation,
    CitedDate,
    CitedUrl,
    Fetch,
    Override,
    Place,
    Playback,
    Precision,
    Surroundings,
    UrlFacts,
    Verdict,
)
from audit.store import around_out, rows
from audit.store.keys import url_key
from audit.store.pages import fetched, newest_fetches, page_of, read_pages
from audit.store.statements import parts, selected
from audit.store.tables import (
    captures,
    citations,
    cited_urls,
    fetches,
    link_states,
    overrides,
    playbacks,
    searches,
)

HELD_AT_ONCE = 50
"""Facts of so many URLs are in memory: a year of weekly checks, each of another text, is about 1 MB of one URL."""
AROUND_AT_ONCE = 200
"""Neighbours are read once for so many URLs, without their samples; URLs of one domain share them."""


def facts(conn: sa.Connection, urls: Iterable[str], *, slim: bool = False) -> Iterator[UrlFacts]:
    """All that is stored about each URL that is known, in the order given.

    `slim` leaves out all fetches but the newest attempt, the samples of fetches, and what lies around the URL. Of an opened
    copy the text stays: only the text tells a quotation, and a notice of sale from a page.
    """
    for some in parts(dict.fromkeys(url_key(url) for url in urls), AROUND_AT_ONCE):
        cited = cited_of(conn, some)
        around = {} if slim else around_out.surroundings(conn, cited)
        for few in parts((key for key in some if key in cited), HELD_AT_ONCE):
            yield from _facts(conn, {key: cited[key] for key in few}, around, slim=slim)


def _facts(
    conn: sa.Connection, cited: Mapping[bytes, CitedUrl], around: Mapping[bytes, Surroundings], *, slim: bool
) -> Iterator[UrlFacts]:
    names = {key: each.url for key, each in cited.items()}
    asked = newest_fetches(conn, names) if slim else fetches_of(conn, names)
    looked = searches_of(conn, names)
    played = playbacks_of(conn, names)
    quoted = citations_of(conn, names)
    corrected = overrides_of(conn, names)
    stands = verdicts_of(conn, names)
    for key, each in cited.items():
        opened = tuple(played.get(key, ()))
        yield UrlFacts(
            cited_url=each,
            fetches=tuple(asked.get(key, ())),
            searches=tuple(looked.get(key, ())),
            playbacks=opened,
            cited=citing.cited_as(quoted.get(key, ())),
            around=replace(around[key], playbacks=opened) if key in around else None,
            overrides=tuple(corrected.get(key, ())),
            previous=stands.get(key),
        )


def cited_of(conn: sa.Connection, keys: Iterable[bytes]) -> dict[bytes, CitedUrl]:
    """The cited URLs of these keys, as far as they are known."""
    return {
        row["url_key"]: CitedUrl(
            url=row["url"],
            urlkey=row["urlkey"],
            host=row["host"],
            domain=row["publisher"],
            section=row["section"],
            problem=row["problem"],
        )
        for row in selected(conn, sa.select(cited_urls), cited_urls.c.url_key, keys)
    }


def fetches_of(conn: sa.Connection, urls: Mapping[bytes, str]) -> dict[bytes, list[Fetch]]:
    """Every fetch of each URL, in order of time."""
    query = sa.select(fetches).order_by(fetches.c.url_key, fetches.c.fetched_at, fetches.c.check_id, fetches.c.position)
    found = list(selected(conn, query, fetches.c.url_key, urls))
    return fetched(conn, found, urls, samples=True)


def searches_of(conn: sa.Connection, urls: Mapping[bytes, str]) -> dict[bytes, list[CaptureSearch]]:
    """What archives answered about each URL, in order of time."""
    found: dict[tuple[Any, ...], list[sa.RowMapping]] = defaultdict(list)
    ordered = sa.select(captures).order_by(*captures.primary_key)
    for row in selected(conn, ordered, captures.c.url_key, urls):
        found[row["url_key"], row["asked_at"], row["archive"]].append(row)
    made: dict[bytes, list[CaptureSearch]] = defaultdict(list)
    query = sa.select(searches).order_by(*searches.primary_key)
    for row in selected(conn, query, searches.c.url_key, urls):
        held = found.get((row["url_key"], row["asked_at"], row["archive"]), ())
        made[row["url_key"]].append(rows.searched(row, held, url=urls[row["url_key"]]))
    return made


def playbacks_of(conn: sa.Connection, urls: Mapping[bytes, str]) -> dict[bytes, list[Playback]]:
    """What the mementos of each URL showed, in order of time."""
    query = sa.select(playbacks).order_by(*playbacks.primary_key)
    found = list(selected(conn, query, playbacks.c.url_key, urls))
    pages = read_pages(conn, (row["page_key"] for row in found), samples=True)
    made: dict[bytes, list[Playback]] = defaultdict(list)
    for row in found:
        made[row["url_key"]].append(rows.played(row, page_of(pages, row), url=urls[row["url_key"]]))
    return made


def citations_of(conn: sa.Connection, urls: Mapping[bytes, str]) -> dict[bytes, list[Citation]]:
    """The citations of each URL in all documents, as far as columns hold them."""
    made: dict[bytes, list[Citation]] = defaultdict(list)
    query = sa.select(citations).order_by(citations.c.document_key, citations.c.position)
    for row in selected(conn, query, citations.c.url_key, urls):
        made[row["url_key"]].append(_citation(row))
    return made


def _citation(row: rows.Stored) -> Citation:
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
    place, _, detail = row["context"].partition(":")
    return Citation(
        **{name: row[name] for name in plain},
        url=row["url_written"],
        authors=tuple(rows.unlisted(row["authors"])),
        archive_date=_date(row, "archive"),
        access_date=_date(row, "access"),
        published_date=_date(row, "published"),
        place=Place(place),
        place_detail=detail or None,
        column=row["column_"],
    )


def _date(row: rows.Stored, name: str) -> CitedDate | None:
    text, precision = row[f"{name}_date_text"], row[f"{name}_date_precision"]
    if text is None:
        return None
    return CitedDate(text=text, value=row[f"{name}_date"], precision=Precision(precision) if precision else None)


def overrides_of(conn: sa.Connection, urls: Iterable[bytes]) -> dict[bytes, list[Override]]:
    """What people corrected about each URL; whoever judges knows the moment, and so whether it still acts."""
    made: dict[bytes, list[Override]] = defaultdict(list)
    query = sa.select(overrides).order_by(*overrides.primary_key)
    for row in selected(conn, query, overrides.c.url_key, urls):
        made[row["url_key"]].append(rows.override(row))
    return made


def verdicts_of(conn: sa.Connection, urls: Mapping[bytes, str]) -> dict[bytes, Verdict]:
    """The verdict that stands about each URL that was judged."""
    columns = [link_states.c[name] for name in ("url_key", "state", "evidence", *rows.VERDICT_FIELDS)]
    query = sa.select(*columns).where(link_states.c.decided_at.is_not(None))
    found = selected(conn, query, link_states.c.url_key, urls)
    return {row["url_key"]: rows.decided(row, url=urls[row["url_key"]]) for row in found}
