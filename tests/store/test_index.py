"""The local capture index: what goes in, what comes out, and that nothing goes in twice."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from audit import urls
from audit.cdxfiles import IndexLine
from audit.model import Capture
from audit.store import reads, writes
from audit.store.opening import Store
from tests.make import NOON
from tests.store.values import counts, rows

DIGEST = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
BASE = "http://127.0.0.1:8080/coll"
ORIGINAL = "http://www.example.org/A"


def line(timestamp: str = "20160115120000", **fields: Any) -> IndexLine:
    defaults: dict[str, Any] = {
        "urlkey": "org,example)/a",
        "original": ORIGINAL,
        "http_status": 200,
        "mimetype": "text/html",
        "digest": DIGEST,
    }
    return IndexLine(**(defaults | {"timestamp": timestamp} | fields))


def imported(store: Store, lines: Sequence[IndexLine], *, archive: str = "library", base_url: str = BASE) -> int:
    with store.write() as conn:
        number = writes.name_archive(conn, archive, base_url=base_url, now=NOON)
        return writes.write_index(conn, lines, archive_id=number, now=NOON)


def known(store: Store, url: str = ORIGINAL, *years: int) -> list[Capture]:
    with store.read() as conn:
        return reads.indexed_captures(conn, urls.urlkey(url), near=[datetime(year, 7, 1, tzinfo=UTC) for year in years])


def test_a_capture_comes_back_as_it_went_in(store: Store) -> None:
    imported(store, [line()])

    assert known(store) == [
        Capture(
            archive="library",
            url=ORIGINAL,
            memento_url=f"{BASE}/20160115120000/{ORIGINAL}",
            captured_at=datetime(2016, 1, 15, 12, tzinfo=UTC),
            http_status=200,
            mimetype="text/html",
            digest=DIGEST,
        )
    ]


def test_importing_twice_changes_nothing(store: Store) -> None:
    lines = [line(), line("20170115120000"), line(digest=None), line(digest=None, http_status=None)]

    first = imported(store, lines)
    before = rows(store, "select * from capture_index order by timestamp, digest")
    again = imported(store, lines)

    assert (first, again) == (3, 0)
    assert rows(store, "select * from capture_index order by timestamp, digest") == before


def test_the_same_capture_in_two_archives_is_two(store: Store) -> None:
    imported(store, [line()])
    imported(store, [line()], archive="wayback", base_url="https://web.archive.org/web")

    assert [capture.archive for capture in known(store)] == ["library", "wayback"]
    with store.read() as conn:
        assert [(each.archive, each.captures) for each in reads.indexed_archives(conn)] == [("library", 1), ("wayback", 1)]


def test_the_captures_around_each_wanted_moment_are_found_among_many(store: Store) -> None:
    imported(store, [line(f"{year}{month:02}15120000") for year in range(2000, 2020) for month in range(1, 13)])

    found = known(store, ORIGINAL, 2005, 2015)

    assert len(found) == 40
    assert {capture.captured_at.year for capture in found} == {2004, 2005, 2006, 2014, 2015, 2016}
    assert known(store)[-1].captured_at.year == 2019


def test_an_address_of_any_length_has_its_place(store: Store) -> None:
    long = [f"http://example.org/{sign * 7_000}{end}" for sign in ("a", "\u4e00") for end in "xy"]
    imported(store, [line(urlkey=urls.urlkey(url), original=url) for url in long])

    assert [[capture.url for capture in known(store, url)] for url in long] == [[url] for url in long]


def test_text_that_no_column_holds_is_replaced(store: Store) -> None:
    imported(
        store, [line(urlkey="org,example)/\0\ud800", original="http://example.org/\0\ud800", mimetype="\0", digest="\0" * 999)]
    )

    assert counts(store, ["capture_index"]) == {"capture_index": 1}


SPELLINGS = [
    "http://example.org/a",
    "https://WWW.example.org/a",
    "http://www3.example.org/a?b=1",
    "http://example.org:8080/a",
    "http://127.0.0.1/a",
    "ftp://example.org/a",
    "http://example.org",
    "http://example.org/a/",
    "http://user@example.org/a",
]


@pytest.mark.parametrize("original", SPELLINGS)
def test_every_spelling_comes_back_as_it_was_captured(store: Store, original: str) -> None:
    imported(store, [line(urlkey=urls.urlkey(original), original=original)])

    assert [capture.url for capture in known(store, original)] == [original]


def test_a_new_base_moves_the_captures_of_the_archive(store: Store) -> None:
    imported(store, [line()])
    imported(store, [], base_url="http://127.0.0.1:9090/web")

    assert [capture.memento_url for capture in known(store)] == [f"http://127.0.0.1:9090/web/20160115120000/{ORIGINAL}"]


def test_a_month_that_an_old_crawl_wrote_as_00_is_shown_right_and_addressed_as_written(store: Store) -> None:
    imported(store, [line("20000012081530")])

    (capture,) = known(store)

    assert capture.captured_at == datetime(2000, 12, 8, 15, 30, tzinfo=UTC)
    assert "/20000012081530/" in capture.memento_url


def test_a_key_is_found_by_every_spelling_of_the_address(store: Store) -> None:
    imported(store, [line()])

    for spelling in ("https://example.org/a", "http://example.org:80/A/", "http://www2.example.org/a#part"):
        assert len(known(store, spelling)) == 1


@pytest.mark.parametrize("urlkey", ["org,example)/b", "org,example)/"])
def test_another_key_finds_nothing(store: Store, urlkey: str) -> None:
    imported(store, [line()])

    with store.read() as conn:
        assert reads.indexed_captures(conn, urlkey) == []
        assert reads.has_index(conn)
