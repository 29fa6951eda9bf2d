"""Rating lists -> rows: every import is a version of its own, written whole or not at all. I/O."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from hashlib import sha256

import sqlalchemy as sa

from audit.model import RatingOverride, RatingRule
from audit.store import cleaning
from audit.store.ratings_out import REMOVED, LoadedList
from audit.store.statements import Row, add, parts, put
from audit.store.tables import rating_lists, rating_overrides, rating_rules

RULE_FIELDS = tuple(each.name for each in fields(RatingRule))
AT_ONCE = 2_000


def write_list(
    conn: sa.Connection,
    rules: Sequence[RatingRule],
    *,
    name: str,
    kind: str,
    source: str,
    now: datetime,
    counts: Mapping[str, int],
    revisions: Sequence[tuple[str, str]] = (),
    as_of: date | None = None,
    **known: str | None,
) -> int:
    """Write one version of a list and return its number. Rules that stand already are not written again; `known` are its further columns.

    The caller's transaction holds all of it: a crash leaves the version of before.
    """
    made = [_rule(rule) for rule in rules]
    digest = sha256(json.dumps(made, sort_keys=True, default=str).encode()).hexdigest()
    highest = sa.select(sa.func.coalesce(sa.func.max(rating_lists.c.version), 0))
    version = int(conn.execute(highest).scalar_one()) + 1
    same = sa.select(rating_lists.c.rules_version).where(
        rating_lists.c.name == cleaning.text(name), rating_lists.c.sha256 == digest
    )
    held = conn.execute(same.order_by(rating_lists.c.version.desc()).limit(1)).scalar()
    row = {
        "version": version,
        "name": name,
        "kind": kind,
        "source": source,
        "as_of": as_of,
        "fetched_at": now,
        "revisions": json.dumps(list(revisions), ensure_ascii=False),
        "sha256": digest,
        "counts": json.dumps(dict(counts), ensure_ascii=False, sort_keys=True),
        "rules": len(made),
        "rules_version": version if held is None else held,
        **{column: known.get(column) for column in ("family", "language", "licence", "url")},
    }
    conn.execute(sa.insert(rating_lists), [cleaning.row(row)])
    if held is None:
        for some in parts(({"version": version, "position": place, **rule} for place, rule in enumerate(made)), AT_ONCE):
            add(conn, rating_rules, some)
    return version


def remove_list(conn: sa.Connection, loaded: LoadedList, *, now: datetime) -> None:
    """Write that a list is no longer in use from now on; its versions stay for replays of earlier days."""
    write_list(
        conn,
        (),
        name=loaded.name,
        kind=loaded.kind,
        source=loaded.source,
        now=now,
        counts={REMOVED: loaded.rules},
        family=loaded.family,
        language=loaded.language,
        licence=loaded.licence,
        url=loaded.url,
    )


def _rule(rule: RatingRule) -> Row:
    row = {name: getattr(rule, name) for name in RULE_FIELDS}
    return cleaning.row(row | {"excluded": json.dumps(list(rule.excluded)), "flags": json.dumps(sorted(rule.flags))})


def add_rating_override(conn: sa.Connection, override: RatingOverride) -> None:
    """Write a person's correction of what a list says."""
    put(conn, rating_overrides, [cleaning.row({each.name: getattr(override, each.name) for each in fields(override)})])


def remove_rating_override(conn: sa.Connection, list_id: str, key: str) -> bool:
    """Take back the corrections of one list about one host; False when there are none."""
    mine = (rating_overrides.c.list_id == cleaning.text(list_id)) & (rating_overrides.c.key == cleaning.text(key))
    return conn.execute(sa.delete(rating_overrides).where(mine)).rowcount > 0
