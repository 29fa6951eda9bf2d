"""Every write to the database. All of them take an open transaction, and all may be repeated. I/O."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

import sqlalchemy as sa

from audit.model import DumpMark, Override, Pool, RunRecord
from audit.store import cleaning
from audit.store.documents_in import Prepared, prepared, write_document, write_prepared
from audit.store.facts_in import write_outcomes, write_playbacks, write_save, write_searches
from audit.store.index_in import name_archive, write_index
from audit.store.judgements_in import (
    finding_rows,
    replace_choices,
    replace_findings,
    replace_findings_of,
    write_ratings,
    write_scored,
    write_scores,
    write_verdicts,
)
from audit.store.keys import url_key
from audit.store.months import make_months
from audit.store.ratings_in import add_rating_override, remove_list, remove_rating_override, write_list
from audit.store.statements import Row, add_one, change, put
from audit.store.tables import archive_pools, cited_urls, dump_marks, link_states, overrides, runs

__all__ = [
    "Prepared",
    "add_override",
    "add_rating_override",
    "begin_run",
    "end_run",
    "finding_rows",
    "name_archive",
    "prepared",
    "regroup",
    "remove_list",
    "remove_override",
    "remove_rating_override",
    "replace_choices",
    "replace_findings",
    "replace_findings_of",
    "write_document",
    "write_dump_mark",
    "write_index",
    "write_list",
    "write_outcomes",
    "write_playbacks",
    "write_pool",
    "write_prepared",
    "write_ratings",
    "write_save",
    "write_scored",
    "write_scores",
    "write_searches",
    "write_verdicts",
]


def regroup(conn: sa.Connection, changed: Sequence[Row]) -> None:
    """Write the publisher and section of URLs that another suffix list or table of platforms groups otherwise."""
    change(conn, cited_urls, [cleaning.row(dict(row)) for row in changed])


def begin_run(conn: sa.Connection, record: RunRecord) -> None:
    """Write the row of a run that begins; on PostgreSQL its facts find the parts of their months ready."""
    make_months(conn, record.started_at)
    put(conn, runs, [_row(record)])


def end_run(conn: sa.Connection, record: RunRecord) -> None:
    """Write what became of a run."""
    put(conn, runs, [_row(record)])


def write_dump_mark(conn: sa.Connection, mark: DumpMark, *, now: datetime) -> None:
    """Write how far a dump is read."""
    put(conn, dump_marks, [_row(mark) | {"updated_at": now}])


def _row(record: RunRecord | Pool | DumpMark) -> Row:
    return cleaning.row({each.name: getattr(record, each.name) for each in fields(record)})


def write_pool(conn: sa.Connection, pool: Pool) -> bool:
    """Write the standing of an allowance, unless somebody else changed it since it was read: then False."""
    row = _row(pool) | {"version": pool.version + 1}
    if pool.version == 0:
        return add_one(conn, archive_pools, row)
    mine = (archive_pools.c.archive == row["archive"]) & (archive_pools.c.pool == row["pool"])
    seen = archive_pools.c.version == pool.version
    values = {name: value for name, value in row.items() if name not in {"archive", "pool"}}
    return conn.execute(sa.update(archive_pools).where(mine, seen).values(values)).rowcount == 1


def add_override(conn: sa.Connection, override: Override) -> None:
    """Write a person's correction; the URL is judged anew in the next run."""
    row = {each.name: getattr(override, each.name) for each in fields(override)}
    row |= {
        "url_key": url_key(override.url),
        "rule": override.rule or "",
        "state": override.state.value if override.state else None,
    }
    put(conn, overrides, [cleaning.row(row)])
    _judge_again(conn, url_key(override.url))


def remove_override(conn: sa.Connection, url: str, rule: str | None) -> bool:
    """Take back the corrections of one rule, or of the state; False when there are none."""
    mine = (overrides.c.url_key == url_key(url)) & (overrides.c.rule == (rule or ""))
    removed = conn.execute(sa.delete(overrides).where(mine)).rowcount > 0
    if removed:
        _judge_again(conn, url_key(url))
    return removed


def _judge_again(conn: sa.Connection, key: bytes) -> None:
    conn.execute(sa.update(link_states).where(link_states.c.url_key == key).values(unjudged=True))
