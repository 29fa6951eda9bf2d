"""Judgements -> rows: written over what was judged before, and only where something changed. I/O."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from audit.model import Choice, Finding, PublisherScore, Scored, ScoreFit, SectionScore, Verdict
from audit.store import cleaning, codec, rows
from audit.store.keys import url_key
from audit.store.standing import refresh_archived
from audit.store.statements import Row, add, change, parts, put, selected
from audit.store.tables import (
    choices,
    citations,
    findings,
    link_states,
    publisher_scores_history,
    score_fits,
    section_scores_history,
    verdict_changes,
)

JUDGED = ("state", "evidence", *rows.VERDICT_FIELDS)
NOT_NEWS = {"decided_at"}
"""Judging again what stands is no change, or every `rejudge` would rewrite every link."""


def write_verdicts(conn: sa.Connection, decided: Sequence[Verdict]) -> None:
    """Write verdicts where they differ from what stands, and remember every change of state or reason."""
    fresh = {url_key(each.url): each for each in decided}
    columns = [link_states.c[name] for name in ("url_key", "unjudged", "deferred", "archive_asked_at", *JUDGED)]
    before = {row["url_key"]: row for row in selected(conn, sa.select(*columns), link_states.c.url_key, fresh)}
    changed, news = [], []
    for key, verdict in fresh.items():
        if key not in before:
            continue
        row = _judged(verdict, before[key])
        if _differs(row, before[key]):
            changed.append({"url_key": key, "unjudged": False, **row})
        if _is_news(row, before[key]):
            news.append(_change(key, row, before[key]))
    change(conn, link_states, changed)
    put(conn, verdict_changes, news)
    asked = [key for key, row in before.items() if row["archive_asked_at"] is not None]
    if asked:
        refresh_archived(conn, asked, now=max(each.decided_at for each in decided))


def _judged(verdict: Verdict, before: sa.RowMapping) -> Row:
    """The verdict's columns; a check that the server put off is not due earlier because something was judged."""
    row = rows.verdict(verdict)
    put_off = before["next_check_at"] if before["deferred"] else None
    if put_off and (row["next_check_at"] is None or row["next_check_at"] < put_off):
        row["next_check_at"] = put_off
    return row


def _differs(row: Row, before: sa.RowMapping) -> bool:
    if before["unjudged"] or before["decided_at"] is None:
        return True
    return any(row[name] != before[name] for name in JUDGED if name not in NOT_NEWS)


def _is_news(row: Row, before: sa.RowMapping) -> bool:
    return before["decided_at"] is None or (row["state"], row["reason"]) != (before["state"], before["reason"])


def _change(key: bytes, row: Row, before: sa.RowMapping) -> Row:
    first = before["decided_at"] is None
    return {
        "url_key": key,
        **{name: row[name] for name in ("decided_at", "state", "reason", "confidence", "rules")},
        "previous_state": None if first else before["state"],
        "previous_reason": None if first else before["reason"],
    }


def replace_findings(conn: sa.Connection, source: str, found: Sequence[Finding]) -> None:
    """Write the findings of a document in place of those of before."""
    key = url_key(source)
    _replace(conn, findings, key, [_finding(each, key, position) for position, each in enumerate(found)])


def finding_rows(source: str, found: Sequence[Finding]) -> list[Row]:
    """The findings of a document as rows: made in any process, written by the one that writes."""
    return [_finding(each, url_key(source), position) for position, each in enumerate(found)]


def replace_findings_of(conn: sa.Connection, fresh: Mapping[bytes, Sequence[Row]]) -> None:
    """Write the findings of many documents of whose URLs nothing is known yet: no capture is chosen for any."""
    for keys in parts(fresh):
        conn.execute(sa.delete(findings).where(findings.c.document_key.in_(keys)))
        conn.execute(sa.delete(choices).where(choices.c.document_key.in_(keys)))
    add(conn, findings, [row for rows_of in fresh.values() for row in rows_of])


def _finding(finding: Finding, key: bytes, position: int) -> Row:
    plain = ("code", "detail", "advice", "url", "citation", "reference", "reference_name", "line")
    return cleaning.row(
        {
            "document_key": key,
            "position": position,
            **{name: getattr(finding, name) for name in plain},
            "severity": finding.severity.value,
            "side": finding.side.value if finding.side else None,
            "memento_url": finding.capture.memento_url if finding.capture else None,
            "captured_at": finding.capture.captured_at if finding.capture else None,
        }
    )


def replace_choices(conn: sa.Connection, source: str, chosen: Mapping[int, Choice]) -> None:
    """Write the capture that supports each citation of a document best in place of those of before."""
    key = url_key(source)
    cited = sa.select(citations.c.position, citations.c.url_key).where(citations.c.document_key == key)
    urls = {row.position: row.url_key for row in conn.execute(cited)}
    fresh = [
        cleaning.row(
            {
                "document_key": key,
                "citation": position,
                "url_key": urls.get(position),
                "archive": choice.capture.archive,
                "memento_url": choice.capture.memento_url,
                "captured_at": choice.capture.captured_at,
                "record": codec.dumps(choice),
            }
        )
        for position, choice in sorted(chosen.items())
    ]
    _replace(conn, choices, key, fresh)


def _replace(conn: sa.Connection, table: sa.Table, key: bytes, fresh: Sequence[Row]) -> None:
    """Rows of one document in place of others; the same rows again write nothing."""
    mine = table.c.document_key == key
    before = [dict(row) for row in conn.execute(sa.select(table).where(mine).order_by(*table.primary_key)).mappings()]
    if before == list(fresh):
        return
    conn.execute(sa.delete(table).where(mine))
    add(conn, table, fresh)


def write_scored(conn: sa.Connection, scored: Scored) -> None:
    """Append the scores of publishers and sections whose inputs are new, and the fit they were made with."""
    write_scores(conn, scored.publishers)
    add(conn, section_scores_history, [cleaning.row(dict(_columns(section_scores_history, each))) for each in scored.sections])
    survival = {"survival": rows.listed(scored.fit.survival) or "[]"}
    add(conn, score_fits, [cleaning.row(dict(_columns(score_fits, scored.fit)) | survival)])


def write_ratings(conn: sa.Connection, rated: Mapping[str, str]) -> None:
    """Write the category of each rated URL, and take it from those that no list rates any more; only rows that change."""
    fresh = {url_key(url): category for url, category in rated.items()}
    stands = sa.select(link_states.c.url_key, link_states.c.rating).where(link_states.c.rating.is_not(None))
    before = {row.url_key: row.rating for row in conn.execute(stands)}
    changed = [
        {"url_key": key, "rating": fresh.get(key)} for key in sorted({*before, *fresh}) if fresh.get(key) != before.get(key)
    ]
    change(conn, link_states, changed)


def _columns(table: sa.Table, noun: ScoreFit | SectionScore) -> Iterator[tuple[str, Any]]:
    return ((column.name, getattr(noun, column.name)) for column in table.c)


def write_scores(conn: sa.Connection, scored: Iterable[PublisherScore]) -> None:
    """Append the scores whose inputs or model are others than those of the publisher's newest score."""
    made = list(scored)
    newest = _newest_scores(conn, (each.publisher for each in made))
    fresh = [each for each in made if newest.get(each.publisher) != (each.inputs_sha256, each.model_version)]
    put(conn, publisher_scores_history, [_score(each) for each in fresh])


def _newest_scores(conn: sa.Connection, publishers: Iterable[str]) -> dict[str, tuple[str, str]]:
    table = publisher_scores_history
    query = sa.select(table.c.publisher, table.c.inputs_sha256, table.c.model_version).order_by(table.c.scored_at)
    return {
        row["publisher"]: (row["inputs_sha256"], row["model_version"])
        for row in selected(conn, query, table.c.publisher, publishers)
    }


def _score(score: PublisherScore) -> Row:
    values: dict[str, Any] = {column.name: getattr(score, column.name) for column in publisher_scores_history.c}
    lists: dict[str, Any] = {name: rows.listed(values[name]) or "[]" for name in ("flags", "list_versions")}
    return cleaning.row(values | lists | {"reasons": rows.listed(codec.plain(each) for each in score.reasons) or "[]"})
