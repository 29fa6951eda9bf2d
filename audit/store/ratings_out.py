"""Rows -> rating lists and their rules, as they stood at a moment. I/O."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from audit.model import RatingOverride, RatingRule
from audit.store.tables import rating_lists, rating_overrides, rating_rules

RULE_FIELDS = tuple(each.name for each in fields(RatingRule))
REMOVED = "removed"
"""Among the counts of a version: a person took the list out of use, with so many rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedList:
    """One version of a rating list, without its rules."""

    name: str
    kind: str
    source: str
    family: str | None
    language: str | None
    licence: str | None
    url: str | None
    as_of: date | None
    fetched_at: datetime
    revisions: tuple[tuple[str, str], ...]
    counts: Mapping[str, int]
    rules: int
    version: int
    rules_version: int


def loaded_lists(conn: sa.Connection, *, now: datetime) -> list[LoadedList]:
    """The version of each list that stood at a moment, in order of their names; without those that were removed."""
    query = (
        sa.select(rating_lists)
        .where(rating_lists.c.fetched_at <= now)
        .order_by(rating_lists.c.fetched_at, rating_lists.c.version)
    )
    newest = {row["name"]: row for row in conn.execute(query).mappings()}
    return [found for name in sorted(newest) if REMOVED not in (found := _list(newest[name])).counts]


def _list(row: sa.RowMapping) -> LoadedList:
    values = {each.name: row[each.name] for each in fields(LoadedList)}
    revisions = tuple((str(title), str(revision)) for title, revision in json.loads(row["revisions"]))
    return LoadedList(**(values | {"revisions": revisions, "counts": json.loads(row["counts"])}))


def rating_rules_of(conn: sa.Connection, *, now: datetime) -> Iterator[RatingRule]:
    """The rules of every list as they stood at a moment."""
    versions = [each.rules_version for each in loaded_lists(conn, now=now)]
    query = (
        sa.select(rating_rules)
        .where(rating_rules.c.version.in_(versions))
        .order_by(rating_rules.c.version, rating_rules.c.position)
    )
    yield from (_rule(row) for row in conn.execute(query).mappings())


def _rule(row: sa.RowMapping) -> RatingRule:
    values: dict[str, Any] = {name: row[name] for name in RULE_FIELDS}
    return RatingRule(**(values | {"excluded": tuple(_listed(row["excluded"])), "flags": frozenset(_listed(row["flags"]))}))


def _listed(text: str) -> list[str]:
    """A JSON list; nearly all are empty, and a list of retractions has 60,000 rows."""
    return [] if text == "[]" else [str(each) for each in json.loads(text)]


def rating_corrections(conn: sa.Connection) -> list[RatingOverride]:
    """Every correction of a rating, in order of its list and key; the expired ones too."""
    query = sa.select(rating_overrides).order_by(
        rating_overrides.c.list_id, rating_overrides.c.key, rating_overrides.c.created_at
    )
    return [RatingOverride(**row) for row in conn.execute(query).mappings()]
