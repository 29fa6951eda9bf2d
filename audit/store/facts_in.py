"""Facts -> rows: append only, and no fact twice however often it is replayed. I/O."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from audit.model import CaptureSearch, Fetch, Outcome, Playback, SaveRequest
from audit.store import cleaning, codec, rows
from audit.store.keys import key
from audit.store.standing import refresh_archived
from audit.store.statements import Row, add, change, parts, put, selected
from audit.store.tables import captures, cited_urls, fetches, hosts, link_states, page_texts, playbacks, save_requests, searches


def write_outcomes(conn: sa.Connection, outcomes: Sequence[Outcome], *, run: str | None) -> None:
    """Write finished checks and what they taught about hosts; the links wait for a verdict from now on.

    Facts about a URL that this database does not know are left out.
    """
    domains = _domains(conn, (fetch.url for outcome in outcomes for fetch in outcome.fetches))
    _write_fetches(conn, outcomes, run=run, domains=domains)
    _write_hosts(conn, outcomes)
    _write_standing(conn, outcomes)


def _domains(conn: sa.Connection, urls: Iterable[str]) -> dict[bytes, str]:
    query = sa.select(cited_urls.c.url_key, hosts.c.domain).join(hosts, hosts.c.host == cited_urls.c.host)
    wanted = dict.fromkeys(key(url) for url in urls)
    return {row["url_key"]: row["domain"] for row in selected(conn, query, cited_urls.c.url_key, wanted)}


def _write_fetches(conn: sa.Connection, outcomes: Iterable[Outcome], *, run: str | None, domains: Mapping[bytes, str]) -> None:
    made, shown = [], []
    for outcome in outcomes:
        for position, fetch in enumerate(outcome.fetches):
            if (domain := domains.get(key(fetch.url))) is None:
                continue
            page_key, page = rows.page(fetch)
            shown.append((page_key, page, fetch.sample))
            made.append(rows.fetch(fetch, position=position, domain=domain, run=run, page_key=page_key))
    _write_pages(conn, shown)
    add(conn, fetches, made)


def _write_pages(conn: sa.Connection, shown: Iterable[tuple[bytes | None, Row, str | None]]) -> None:
    """Add what was not shown before; a sample is packed only for those."""
    pages = {page_key: (page, sample) for page_key, page, sample in shown if page_key is not None}
    known = {row["page_key"] for row in selected(conn, sa.select(page_texts.c.page_key), page_texts.c.page_key, pages)}
    add(
        conn,
        page_texts,
        [
            {**page, "sample": None if sample is None else codec.pack_text(sample)}
            for page_key, (page, sample) in pages.items()
            if page_key not in known
        ],
    )


def _write_hosts(conn: sa.Connection, outcomes: Iterable[Outcome]) -> None:
    """Keep the latest gate and the newest delay of each host that is cited."""
    learned: dict[str, Row] = {}
    for fact in (fact for outcome in outcomes for fact in outcome.hosts):
        row = learned.setdefault(fact.host, {"host": fact.host, "gate_at": None, "delay_s": None, "note": None})
        row["gate_at"] = _later(row["gate_at"], fact.gate_at)
        row["delay_s"] = row["delay_s"] if fact.delay_s is None else fact.delay_s
        row["note"] = fact.note or row["note"]
    query = sa.select(hosts.c.host, hosts.c.gate_at, hosts.c.delay_s, hosts.c.note)
    changed = []
    for before in selected(conn, query, hosts.c.host, sorted(learned)):
        fresh = learned[before["host"]]
        after = cleaning.row(
            {
                "host": before["host"],
                "gate_at": _later(before["gate_at"], fresh["gate_at"]),
                "delay_s": before["delay_s"] if fresh["delay_s"] is None else fresh["delay_s"],
                "note": fresh["note"] or before["note"],
            }
        )
        if after != dict(before):
            changed.append(after)
    change(conn, hosts, changed, by="host")


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other


STANDING = (
    "next_check_at",
    "unjudged",
    "deferred",
    "first_fetched_at",
    "last_fetched_at",
    "http_status",
    "failure",
    "final_url",
    "title",
)


def _write_standing(conn: sa.Connection, outcomes: Sequence[Outcome]) -> None:
    """The newest answer of each link, or why it was put off."""
    query = sa.select(link_states.c.url_key, *(link_states.c[name] for name in STANDING))
    wanted = dict.fromkeys(key(outcome.url) for outcome in outcomes)
    before = {row["url_key"]: dict(row) for row in selected(conn, query, link_states.c.url_key, wanted)}
    after = {each: dict(row) for each, row in before.items()}
    for outcome in outcomes:
        row = after.get(key(outcome.url))
        if row is not None:
            _learn(row, outcome)
    change(conn, link_states, [row for each, row in after.items() if row != before[each]])


def _learn(row: Row, outcome: Outcome) -> None:
    """What one outcome changes in the standing of its link; a replay of an older one changes nothing."""
    attempts = sorted((each for each in outcome.fetches if each.role == "attempt"), key=lambda each: each.fetched_at)
    newest = attempts[-1] if attempts else None
    if newest and row["last_fetched_at"] and newest.fetched_at < row["last_fetched_at"]:
        return
    if outcome.not_before is not None:
        row["next_check_at"] = outcome.not_before
    row["deferred"] = None if outcome.fetches else outcome.deferred
    row["unjudged"] = row["unjudged"] or bool(outcome.fetches)
    if newest:
        row |= _newest(newest, first=row["first_fetched_at"] or attempts[0].fetched_at)


def _newest(fetch: Fetch, *, first: datetime) -> Row:
    return cleaning.row(
        {
            "first_fetched_at": first,
            "last_fetched_at": fetch.fetched_at,
            "http_status": fetch.http_status,
            "failure": fetch.failure.value if fetch.failure else None,
            "final_url": fetch.final_url,
            "title": fetch.title,
        }
    )


def write_searches(conn: sa.Connection, asked: Sequence[CaptureSearch]) -> None:
    """Write what archives answered, and where each link stands with them now."""
    known = _known(conn, (each.url for each in asked))
    fresh: dict[tuple[bytes, datetime, str], CaptureSearch] = {}
    for each in asked:
        if key(each.url) in known:
            fresh.setdefault((key(each.url), each.asked_at, each.archive), each)
    query = sa.select(searches.c.url_key, searches.c.asked_at, searches.c.archive)
    for row in selected(conn, query, searches.c.url_key, dict.fromkeys(each for each, *_ in fresh)):
        fresh.pop((row["url_key"], row["asked_at"], row["archive"]), None)
    add(conn, searches, [rows.search(each) for each in fresh.values()])
    add(conn, captures, [row for each in fresh.values() for row in rows.captures(each)])
    if fresh:
        _mark(conn, [each for each, *_ in fresh], now=max(each.asked_at for each in fresh.values()))


def write_save(conn: sa.Connection, request: SaveRequest, fact: CaptureSearch | None) -> None:
    """Write a request to save a page, or what became of it, and what it says about captures."""
    put(conn, save_requests, [rows.save(request)])
    write_searches(conn, [fact] if fact else [])


def write_playbacks(conn: sa.Connection, shown: Sequence[Playback]) -> None:
    """Write what mementos showed; a capture that was opened may stop being the best."""
    known = _known(conn, (each.url for each in shown))
    kept = [each for each in shown if key(each.url) in known]
    pages = [(*rows.page(each), each.sample) for each in kept]
    _write_pages(conn, pages)
    add(conn, playbacks, [rows.playback(each, page_key=page[0]) for each, page in zip(kept, pages, strict=True)])
    if kept:
        _mark(conn, [key(each.url) for each in kept], now=max(each.played_at for each in kept))


def _known(conn: sa.Connection, urls: Iterable[str]) -> set[bytes]:
    wanted = dict.fromkeys(key(url) for url in urls)
    return {row["url_key"] for row in selected(conn, sa.select(cited_urls.c.url_key), cited_urls.c.url_key, wanted)}


def _mark(conn: sa.Connection, keys: Iterable[bytes], *, now: datetime) -> None:
    """These links have facts that no verdict knows yet; their archive columns are right at once."""
    distinct = list(dict.fromkeys(keys))
    for some in parts(distinct):
        waiting = link_states.c.url_key.in_(some) & sa.not_(link_states.c.unjudged)
        conn.execute(sa.update(link_states).where(waiting).values(unjudged=True))
    refresh_archived(conn, distinct, now=now)
