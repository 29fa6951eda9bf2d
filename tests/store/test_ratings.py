"""Rating lists in the database: every import a version of its own, whole or not at all, and replayed as it stood."""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from audit import loading
from audit.errors import ConfigError, RatingsError
from audit.loading import Fetched
from audit.model import RatingOverride, RatingRule
from audit.settings import RatingList, Settings
from audit.store import reads, writes
from audit.store.opening import Store, open_store
from tests.store.values import counts

MONDAY = datetime(2026, 6, 1, 12, tzinfo=UTC)
FRIDAY = MONDAY + timedelta(days=4)
TABLES = ("rating_lists", "rating_rules")
OURS = RatingList(name="ours", kind="csv", source="ours.csv", family="user", licence="internal")

RULE = RatingRule(
    list_id="ours",
    family="user",
    key="times.example",
    path="/blogs",
    excluded=("a.times.example", "b.times.example"),
    category="gu",
    flags=frozenset({"stale", "blacklisted"}),
    topic="politics",
    author="jane",
    work="Post",
    language="en",
    valid_from=date(2013, 1, 1),
    valid_to=date(2016, 6, 30),
    as_of=date(2021, 1, 1),
    entry="Times \0 and a half \ud800",
    url="https://wiki.example/x",
    revision="1234",
    licence="CC BY-SA 4.0",
)


def table(*hosts: str, word: str = "gr") -> Fetched:
    text = "host,category\n" + "".join(f"{host},{word}\n" for host in hosts)
    return Fetched(body=text.encode(), source="ours.csv", as_of=MONDAY)


def rules(store: Store, *, now: datetime) -> list[tuple[str, str]]:
    with store.read() as conn:
        return [(rule.key, rule.category) for rule in reads.rating_rules_of(conn, now=now)]


def written(store: Store, made: Sequence[RatingRule], *, now: datetime = MONDAY, name: str = "ours") -> int:
    with store.write() as conn:
        return writes.write_list(conn, made, name=name, kind="csv", source="x", now=now, counts={"rules": len(made)})


def test_a_rule_comes_back_as_it_went_in_but_for_what_no_column_holds(store: Store) -> None:
    written(store, [RULE])

    with store.read() as conn:
        [found] = reads.rating_rules_of(conn, now=MONDAY)

    assert found.entry == "Times \ufffd and a half \ufffd"
    assert [name for name in RatingRule.__slots__ if name != "entry" and getattr(found, name) != getattr(RULE, name)] == []


def test_an_older_moment_sees_the_version_of_that_day(store: Store) -> None:
    loading.load(store, OURS, table("a.example"), now=MONDAY)
    loading.load(store, OURS, table("a.example", word="d"), now=FRIDAY)

    assert rules(store, now=MONDAY - timedelta(days=1)) == []
    assert rules(store, now=MONDAY) == [("a.example", "gr")]
    assert rules(store, now=FRIDAY) == [("a.example", "d")]


def test_the_same_list_again_is_a_version_and_no_second_copy_of_its_rules(store: Store) -> None:
    loading.load(store, OURS, table("a.example", "b.example"), now=MONDAY)
    loading.load(store, OURS, table("b.example", "a.example"), now=FRIDAY)

    with store.read() as conn:
        [known] = reads.loaded_lists(conn, now=FRIDAY)
    assert (known.fetched_at, known.rules, known.licence, known.family) == (FRIDAY, 2, "internal", "user")
    assert counts(store, TABLES) == {"rating_lists": 2, "rating_rules": 2}


def test_a_list_that_was_removed_still_speaks_of_the_days_before(store: Store) -> None:
    loading.load(store, OURS, table("a.example", "b.example", "c.example"), now=MONDAY)

    loading.remove(store, "ours", now=FRIDAY)

    assert rules(store, now=FRIDAY) == []
    assert len(rules(store, now=MONDAY)) == 3
    with pytest.raises(ConfigError, match="none is loaded"):
        loading.remove(store, "ours", now=FRIDAY)
    loading.load(store, OURS, table("a.example"), now=FRIDAY + timedelta(days=1))
    assert rules(store, now=FRIDAY + timedelta(days=1)) == [("a.example", "gr")]


@pytest.mark.parametrize(
    ("fetched", "said"),
    [
        pytest.param(table("a.example"), "1 rules, 5 at the last import", id="shrunk"),
        pytest.param(table("a.example", "b.example", word="adored"), "unknown category", id="unknown-word"),
        pytest.param(Fetched(body=b"<html>busy</html>", source="x"), "web page", id="error-page"),
        pytest.param(Fetched(body=b"name,word\na,b\n", source="x"), "column", id="missing-column"),
    ],
)
def test_what_should_not_be_taken_over_leaves_the_old_list_in_use(store: Store, fetched: Fetched, said: str) -> None:
    hosts = [f"{letter}.example" for letter in "abcde"]
    loading.load(store, OURS, table(*hosts), now=MONDAY)

    with pytest.raises(RatingsError, match=said):
        loading.load(store, OURS, fetched, now=FRIDAY)

    assert [host for host, _ in rules(store, now=FRIDAY)] == hosts


def test_a_person_may_take_the_short_list_over(store: Store) -> None:
    loading.load(store, OURS, table(*(f"{letter}.example" for letter in "abcde")), now=MONDAY)

    loading.load(store, OURS, table("a.example"), now=FRIDAY, accept_shrink=True)

    assert rules(store, now=FRIDAY) == [("a.example", "gr")]


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from audit.model import RatingRule
from audit.store import writes
from audit.store.opening import open_store

store = open_store(sys.argv[1])
made = [RatingRule(list_id="ours", family="user", key=f"h{number}.example", category="d") for number in range(5_000)]
with store.write() as conn:
    writes.write_list(conn, made, name="ours", kind="csv", source="x", now=datetime(2026, 6, 5, 12, tzinfo=UTC), counts={})
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_crash_in_the_middle_of_an_import_leaves_no_half_list(store: Store, database: str) -> None:
    loading.load(store, OURS, table("a.example"), now=MONDAY)

    ended = subprocess.run([sys.executable, "-c", KILLED, database], check=False, env=os.environ, timeout=60)

    assert ended.returncode == -9
    again = open_store(database)
    assert rules(again, now=FRIDAY) == [("a.example", "gr")]
    assert counts(again, TABLES) == {"rating_lists": 1, "rating_rules": 1}
    again.close()


def test_lists_that_are_old_missing_or_corrected_are_told(store: Store) -> None:
    settings = Settings(ratings=(OURS, RatingList(name="enwiki-rsp", kind="rsp", source="enwiki")))
    loading.load(store, OURS, table("a.example"), now=MONDAY)
    corrected = RatingOverride(
        list_id="ours", key="a.example", author="Ann", note="sold", created_at=MONDAY, expires_at=MONDAY + timedelta(days=900)
    )
    with store.write() as conn:
        writes.add_rating_override(conn, corrected)

    told = list(loading.notes(store, settings, now=MONDAY + timedelta(days=400)))

    assert [line for line in told if "enwiki-rsp is not loaded" in line]
    assert [line for line in told if "ours was read 400 days ago" in line]
    assert [line for line in told if "Ann: sold" in line and "a.example" in line]


def test_without_any_list_one_line_says_how_to_load_one(store: Store) -> None:
    [told] = loading.notes(store, Settings(), now=MONDAY)

    assert "source-audit ratings import" in told


@pytest.mark.parametrize(("days", "due"), [(6.9, False), (7, True)])
def test_a_list_is_due_after_its_interval(store: Store, days: float, *, due: bool) -> None:
    loading.load(store, OURS, table("a.example"), now=MONDAY)

    found = loading.due(store, Settings(ratings=(OURS,)), now=MONDAY + timedelta(days=days))

    assert bool(found) is due


def test_corrections_are_written_listed_and_taken_back(store: Store) -> None:
    fields: dict[str, Any] = {"author": "Ann", "note": "sold", "created_at": MONDAY, "expires_at": FRIDAY}
    made = RatingOverride(list_id="ours", key="a.example", category="gr", **fields)

    with store.write() as conn:
        writes.add_rating_override(conn, made)
        kept = reads.rating_corrections(conn)
        removed = [writes.remove_rating_override(conn, "ours", "a.example") for _ in range(2)]

    assert (kept, removed) == ([made], [True, False])
