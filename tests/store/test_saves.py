"""Requests to save pages in the store, and what is worth saving."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from audit import saver, saving
from audit.archives.save import archive
from audit.errors import ConfigError
from audit.model import SAVE_REQUESTED, LinkState, SaveOutcome, SaveRequest, SearchFailure
from audit.saving import Savable
from audit.settings import ArchiveSettings, Captures, Settings, Web
from audit.store import reads, writes
from audit.store.opening import Store
from tests.make import NOON, URL, capture, search, verdict
from tests.store.values import DAY, OTHER, check, document, outcome, read, rows

HOUR = timedelta(hours=1)
ABSENT = ("timegate-404", "index-empty")


def request(url: str = URL, **fields: Any) -> SaveRequest:
    defaults: dict[str, Any] = {"archive": "wayback", "url": url, "requested_at": NOON}
    return SaveRequest(**(defaults | fields))


def known(store: Store, *urls: str, state: LinkState = LinkState.LIVE, **answer: Any) -> None:
    """Cited URLs that were fetched and judged, and about which an archive answered."""
    read(store, document(*urls))
    check(store, *(outcome(url) for url in urls))
    with store.write() as conn:
        writes.write_searches(conn, [search(**({"url": url, "witnesses": ABSENT} | answer)) for url in urls])
        writes.write_verdicts(conn, [verdict(url=url, state=state, reason="test") for url in urls])


def savable(store: Store) -> list[str]:
    with store.read() as conn:
        return [each.url for each in reads.savable(conn, NOON + HOUR)]


def write(store: Store, *requests: SaveRequest) -> None:
    with store.write() as conn:
        for each in requests:
            writes.write_save(conn, each, None)


def test_a_live_page_that_no_archive_holds_can_be_saved(store: Store) -> None:
    known(store, URL)

    with store.read() as conn:
        [page] = reads.savable(conn, NOON + HOUR)

    assert (page.url, page.citations, page.requests) == (URL, 1, ())


@pytest.mark.parametrize("state", [state for state in LinkState if state is not LinkState.LIVE])
def test_a_page_that_is_not_live_is_not_saved(store: Store, state: LinkState) -> None:
    known(store, URL, state=state)

    assert savable(store) == []


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"captures": (capture(),)}, id="held"),
        *(pytest.param({"failure": failure, "witnesses": ()}, id=failure.value) for failure in SearchFailure),
    ],
)
def test_a_page_that_an_archive_holds_or_could_not_speak_of_is_not_saved(store: Store, answer: dict[str, Any]) -> None:
    known(store, URL, **answer)

    assert savable(store) == []


def test_a_page_that_nobody_looked_for_is_not_saved(store: Store) -> None:
    read(store, document(URL))
    check(store, outcome())

    assert savable(store) == []


def test_a_request_and_its_outcome_are_one_row_and_come_back_as_they_were(store: Store) -> None:
    known(store, URL)
    sent = request(job_id="spn2-1", outcome=SaveOutcome.ACCEPTED)
    done = replace(sent, outcome=SaveOutcome.PERMANENT, code="no-access", detail="It says no.", finished_at=NOON + HOUR)

    write(store, sent)
    with store.read() as conn:
        before = reads.open_saves(conn)
    write(store, done)
    with store.read() as conn:
        after, since, later = reads.open_saves(conn), reads.saves_since(conn, NOON), reads.saves_since(conn, NOON + HOUR)
        [page] = reads.savable(conn, NOON + HOUR)

    assert (before, after, since, later) == ([sent], [], [done], [])
    assert page.requests == (done,)


def test_once_a_save_is_requested_the_views_no_longer_say_no(store: Store) -> None:
    known(store, URL)
    asked = search(asked_at=NOON + HOUR, failure=SearchFailure.UNCONFIRMED, witnesses=(SAVE_REQUESTED,))

    with store.write() as conn:
        writes.write_save(conn, request(requested_at=NOON + HOUR), asked)

    assert rows(store, "select archived, captures from current_links") == [("unknown", None)]
    assert rows(store, "select count(*) from unarchived_links") == [(0,)]
    assert savable(store) == []


# ---- the plan


def test_the_plan_obeys_the_cap_of_the_day_and_the_limit(store: Store) -> None:
    urls = [f"https://news.example.com/{number}" for number in range(6)]
    known(store, *urls, OTHER)
    write(
        store, request(OTHER, outcome=SaveOutcome.SAVED), request(OTHER, requested_at=NOON - DAY, outcome=SaveOutcome.TRANSIENT)
    )
    settings = Settings(captures=Captures(saves_per_day=4))

    whole = saver.plan(store, settings=settings, now=NOON + HOUR)
    limited = saver.plan(store, settings=settings, now=NOON + HOUR, limit=2)

    assert (whole.left_today, [page.url for page in whole.pages]) == (3, urls[:3])
    assert [page.url for page in limited.pages] == urls[:2]


def test_the_plan_tells_jobs_that_can_be_asked_about_from_requests_that_are_lost(store: Store) -> None:
    urls = [f"https://news.example.com/{number}" for number in range(3)]
    known(store, *urls)
    young = request(urls[0], outcome=SaveOutcome.ACCEPTED, job_id="spn2-1", requested_at=NOON + HOUR / 2)
    old = request(urls[1], outcome=SaveOutcome.ACCEPTED, job_id="spn2-2", requested_at=NOON - HOUR)
    killed = request(urls[2], requested_at=NOON + HOUR / 2)
    write(store, young, old, killed)

    work = saver.plan(store, settings=Settings(), now=NOON + HOUR)

    assert work.jobs == [young]
    assert {each.url: each.outcome for each in work.lost} == dict.fromkeys(urls[1:], SaveOutcome.UNKNOWN)
    assert work.pages == []


PRIVATE = [
    ("http://localhost/a", None, False),
    ("http://wiki.internal/a", None, False),
    ("http://intranet/a", None, False),
    ("http://10.1.2.3/a", None, False),
    ("http://[::1]/a", None, False),
    ("http://0x7f000001/a", None, False),
    ("http://news.example.com:25/a", None, False),
    ("http://printer.lan/a", "93.184.215.14", False),
    ("http://ann:secret@news.example.com/a", "93.184.215.14", False),
    ("http://news.example.com/a?access_token=5ecret", "93.184.215.14", False),
    ("http://news.example.com/a?x=1&Token=5ecret", "93.184.215.14", False),
    ("http://news.example.com/a?tokens=5", "93.184.215.14", True),
    ("http://news.example.com/a", "10.1.2.3", False),
    ("http://pinned.example.com/a", "10.1.2.3", True),
    ("http://news.example.com/a", "93.184.215.14", True),
    ("http://93.184.215.14/a", "93.184.215.14", True),
    ("http://news.example.com/a", None, True),
]


@pytest.mark.parametrize(("url", "address", "expected"), PRIVATE)
def test_what_is_private_is_not_told_to_others(url: str, address: str | None, *, expected: bool) -> None:
    settings = Settings(web=Web(resolve={"Pinned.example.com": "10.1.2.3"}, allow_networks=("10.0.0.0/8",)))

    assert saver.public(Savable(url=url, citations=1, address=address), settings=settings) is expected


def test_without_an_archive_that_can_save_the_configuration_is_wrong() -> None:
    with pytest.raises(ConfigError, match="wayback"):
        archive(Settings(archives=(ArchiveSettings(name="m", kind="memento"),)))


def test_the_first_wayback_archive_is_asked() -> None:
    names = [ArchiveSettings(name="m", kind="memento"), ArchiveSettings(name="w", kind="wayback")]

    assert archive(Settings(archives=tuple(names))).name == "w"
    assert saving.day(NOON) < NOON
