"""Facts in the store: they come back as they were, and never twice."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from audit.model import Evidence, Failure, Hop, HostFact, LinkState, Outcome, Playback, SearchFailure
from audit.settings import Captures, Settings
from audit.store import reads, writes
from audit.store.opening import Store
from tests.make import NOON, URL, capture, citation, fetch, search, verdict
from tests.store.values import DAY, OTHER, check, counts, day, document, due, outcome, read, reference, rows

NEIGHBOUR = "https://news.example.com/2020/06/another-story"


def playback(**fields: Any) -> Playback:
    held = capture()
    defaults: dict[str, Any] = {
        "archive": "wayback",
        "url": URL,
        "memento_url": held.memento_url,
        "played_at": NOON,
        "captured_at": held.captured_at,
        "http_status": 200,
        "mimetype": "text/html",
        "title": "A long story about bridges",
        "sketch": (1, 2**64 - 1),
        "text_simhash": 2**63,
        "sample": "A long story",
        "body_bytes": 12,
    }
    return Playback(**(defaults | fields))


def test_a_fetch_comes_back_as_it_was(store: Store) -> None:
    told = fetch(
        hops=(Hop(url=URL, http_status=301, location="/b"),),
        headers=(("server", "x"),),
        cookie_names=("a", "b"),
        flags=frozenset({"form", "cut"}),
        sketch=(1, 2**64 - 1),
        text_simhash=2**64 - 1,
        requested_url=f"{URL}?x",
        sample="words \udcff and \0 more",
        tls="expired",
        elapsed_ms=12,
    )
    failed = fetch(failure=Failure.DNS, detail="nxdomain", phase="resolve", attempt=2, fetched_at=NOON + DAY)
    probe = fetch(role="probe", requested_url="https://news.example.com/2020/05/xxxx", fetched_at=NOON + DAY)
    read(store, document(URL))

    check(store, Outcome(url=URL, check_id="c1", fetches=(told, failed, probe)))

    with store.read() as conn:
        facts = next(reads.facts(conn, [URL]))
        slim = next(reads.facts(conn, [URL], slim=True))
    assert facts.fetches == (told, failed, probe)
    assert facts.previous is None
    assert slim.fetches == (failed,)
    assert slim.around is None


def test_outcomes_that_are_replayed_are_not_doubled(store: Store) -> None:
    read(store, document(URL, OTHER))
    told = [outcome(URL), outcome(OTHER), outcome(URL, at=NOON + DAY)]
    check(store, *told)
    before = counts(store, ["fetches", "page_texts"]), rows(store, "select * from link_states order by url_key")

    check(store, *told)
    check(store, *reversed(told))

    assert (counts(store, ["fetches", "page_texts"]), rows(store, "select * from link_states order by url_key")) == before
    assert before[0] == {"fetches": 3, "page_texts": 1}


def test_slim_facts_keep_the_text_of_opened_copies(store: Store) -> None:
    """Only the text tells a quotation, and a notice of sale from the page that was cited."""
    read(store, document(URL))
    shown = playback(sample="This domain is for sale.")

    with store.write() as conn:
        writes.write_playbacks(conn, [shown])

    with store.read() as conn:
        slim = next(reads.facts(conn, [URL], slim=True))
    assert [each.sample for each in slim.playbacks] == ["This domain is for sale."]


def test_facts_about_an_unknown_url_are_left_out(store: Store) -> None:
    check(store, outcome("https://nobody.example/"))
    with store.write() as conn:
        writes.write_searches(conn, [search()])
        writes.write_playbacks(conn, [playback()])

    assert counts(store, ["fetches", "searches", "playbacks"]) == {"fetches": 0, "searches": 0, "playbacks": 0}


def test_the_newest_attempt_stands_in_the_link_whatever_comes_later(store: Store) -> None:
    read(store, document(URL))
    newest = Outcome(
        url=URL,
        check_id="c2",
        fetches=(
            fetch(status=503, fetched_at=NOON + DAY, check_id="c2", title="Oops"),
            fetch(status=404, fetched_at=NOON + DAY + timedelta(seconds=9), check_id="c2", title="Gone", attempt=2),
            fetch(status=200, fetched_at=NOON + DAY + timedelta(seconds=10), check_id="c2", role="probe"),
        ),
    )

    check(store, newest)
    check(store, outcome(URL, at=NOON))

    assert rows(store, "select http_status, title from current_links") == [(404, "Gone")]
    with store.read() as conn:
        assert reads.unjudged(conn) == [URL]


def test_hosts_remember_the_latest_gate_and_their_delay(store: Store) -> None:
    read(store, document(URL, OTHER))
    taught = [
        replace(outcome(URL), hosts=(HostFact(host="news.example.com", gate_at=NOON + DAY, note="HTTP 429"),)),
        replace(outcome(OTHER), hosts=(HostFact(host="news.example.com", gate_at=NOON), HostFact(host="new.example", delay_s=3))),
        replace(outcome(OTHER, at=NOON + DAY), hosts=(HostFact(host="news.example.com", delay_s=5.0),)),
    ]

    check(store, *taught)

    assert rows(store, "select host, delay_s, note from hosts order by host") == [
        ("news.example.com", 5.0, "HTTP 429"),
        ("other.example.org", None, None),
    ]
    with store.read() as conn:
        assert [host.host for host in reads.due_hosts(conn, NOON)] == ["other.example.org"]
        [news] = [host for host in reads.due_hosts(conn, NOON + DAY) if host.host == "news.example.com"]
    assert news.gate_at == NOON + DAY
    assert news.delay_s == 5.0


def test_a_check_that_was_put_off_is_due_when_the_server_asked_for_it(store: Store) -> None:
    read(store, document(URL))

    check(store, Outcome(url=URL, check_id="c1", deferred="gate", not_before=NOON + DAY))
    with store.write() as conn:
        writes.write_verdicts(conn, [verdict(state=LinkState.UNKNOWN, reason="never-fetched", next_check_at=NOON)])

    assert due(store, NOON) == []
    assert due(store, NOON + DAY) == [URL]


def test_due_is_what_its_moment_has_come_for_and_what_is_older_than_asked(store: Store) -> None:
    read(store, document(URL, OTHER, NEIGHBOUR))
    check(store, outcome(URL), outcome(OTHER), outcome(NEIGHBOUR))
    later = [verdict(url=URL, next_check_at=NOON + DAY), verdict(url=OTHER, next_check_at=NOON + 9 * DAY), verdict(url=NEIGHBOUR)]
    with store.write() as conn:
        writes.write_verdicts(conn, later)

    assert due(store, NOON) == []
    assert due(store, NOON + DAY) == [URL]
    assert due(store, NOON + DAY, max_age=DAY) == sorted([URL, OTHER, NEIGHBOUR])
    with store.read() as conn:
        assert [(host.host, host.due) for host in reads.due_hosts(conn, NOON + DAY, max_age=DAY)] == [
            ("news.example.com", 2),
            ("other.example.org", 1),
        ]
        [first] = reads.due_urls(conn, "news.example.com", NOON + DAY, limit=1, max_age=DAY)
    assert first.titles == ("A long story about bridges",)
    assert first.language == "en"


def test_what_archives_answered_comes_back_and_is_not_doubled(store: Store) -> None:
    read(store, document(URL))
    yes = search(
        captures=(capture(), capture(captured_at=NOON - DAY, archive="elsewhere", http_status=None)),
        witnesses=("index",),
        near=NOON,
    )
    no = search(archive="other", failure=SearchFailure.RATE_LIMITED, detail="429")

    for _ in range(2):
        with store.write() as conn:
            writes.write_searches(conn, [yes, no, yes])
            writes.write_playbacks(conn, [playback(), playback(played_at=NOON + DAY, failure=SearchFailure.NETWORK)])

    with store.read() as conn:
        facts = next(reads.facts(conn, [URL]))
        assert reads.unjudged(conn) == [URL]
    assert set(facts.searches) == {yes, no}
    assert facts.playbacks == (playback(), playback(played_at=NOON + DAY, failure=SearchFailure.NETWORK))
    assert counts(store, ["searches", "captures", "playbacks"]) == {"searches": 2, "captures": 2, "playbacks": 2}


def test_the_archive_columns_follow_searches_playbacks_and_verdicts(store: Store) -> None:
    read(store, document(URL))
    standing = "select archived, captures, best_memento_url from current_links"
    assert rows(store, standing) == [("unknown", None, None)]

    early, late = capture(captured_at=NOON - 900 * DAY, digest="B" * 32), capture(captured_at=NOON - DAY)
    with store.write() as conn:
        writes.write_searches(conn, [search(captures=(early, late))])
    searched = rows(store, standing)
    with store.write() as conn:
        writes.write_verdicts(conn, [verdict(state=LinkState.DEAD, reason="http-404", failing_since=NOON - 600 * DAY)])
    judged = rows(store, standing)
    with store.write() as conn:
        writes.write_playbacks(conn, [playback(memento_url=early.memento_url, captured_at=early.captured_at, http_status=404)])

    assert searched == [("yes", 2, late.memento_url)]
    assert judged == [("yes", 2, early.memento_url)]
    assert rows(store, standing) == [("yes", 2, late.memento_url)]


def test_an_archive_that_holds_nothing_is_said_to_hold_nothing(store: Store) -> None:
    read(store, document(URL))

    with store.write() as conn:
        writes.write_searches(conn, [search(witnesses=("timegate-404", "index-empty"))])

    assert rows(store, "select archived, captures from current_links") == [("no", 0)]
    assert rows(store, "select url from unarchived_links") == [(URL,)]


def test_neighbours_probes_and_the_front_page_stand_around_a_url(store: Store) -> None:
    front = "https://www.example.com/"
    read(store, document(URL, NEIGHBOUR, front, OTHER))
    probed = fetch(
        role="probe", requested_url="https://news.example.com/2021/01/qqqqqqqq-wwwwwwww", fetched_at=NOON, check_id="p"
    )
    elsewhere = fetch(role="probe", requested_url="https://news.example.com/cgi/x.php?id=1", fetched_at=NOON, check_id="p")
    root = fetch(role="root", requested_url=front, fetched_at=NOON, check_id="p")
    check(
        store,
        outcome(URL),
        Outcome(url=URL, check_id="p", fetches=(probed, elsewhere, root)),
        outcome(NEIGHBOUR, at=NOON - DAY),
        outcome(front, at=NOON - 90 * DAY),
        outcome(OTHER),
    )

    with store.read() as conn:
        around = next(reads.facts(conn, [URL])).around

    assert around is not None
    assert [each.url for each in around.siblings] == [NEIGHBOUR]
    assert around.siblings[0].sample  # it has the title of another one: what they show is compared
    assert around.sibling_titles == {NEIGHBOUR: "A long story about bridges"}
    assert around.probes == (probed,)
    assert around.root == root


WANTING = [
    ("all", {URL, OTHER}),
    ("missing", {OTHER}),
    ("dead", {URL}),
    ("never", set()),
]


def test_what_was_asked_beside_a_url_lately_is_remembered_for_its_host(store: Store) -> None:
    read(store, document(URL, "https://www.news.example.com/a"))
    probed = fetch(role="probe", requested_url="https://news.example.com/2021/01/qqqqqqqq", fetched_at=NOON, check_id="p")
    root = fetch(role="root", requested_url="https://news.example.com/", fetched_at=NOON, check_id="p")
    check(store, Outcome(url=URL, check_id="p", fetches=(fetch(check_id="p"), probed, root)))

    with store.read() as conn:
        lately = reads.asked_beside(conn, "news.example.com", since=NOON - DAY)
        other = reads.asked_beside(conn, "www.news.example.com", since=NOON - DAY)
        long_ago = reads.asked_beside(conn, "news.example.com", since=NOON + DAY)

    assert lately == (frozenset({"https://news.example.com/#/#/*"}), True)
    assert other == (frozenset({"https://news.example.com/#/#/*"}), False)
    assert long_ago == (frozenset(), False)


@pytest.mark.parametrize(("search_for", "expected"), WANTING, ids=[name for name, _ in WANTING])
def test_wanted_is_what_the_settings_ask_for(store: Store, search_for: str, expected: set[str]) -> None:
    copied = citation(archive_url=f"https://web.archive.org/web/20200502120000/{URL}", access_date=day("2020-05-02"))
    read(store, document(references=(reference(0, copied), reference(1, citation(position=1, url=OTHER)))))
    with store.write() as conn:
        writes.write_verdicts(conn, [verdict(state=LinkState.DEAD, reason="http-404")])

    with store.read() as conn:
        settings = Settings(captures=Captures(search=search_for))  # type: ignore[arg-type]  # one of the literals
        found = {each.url: each for each in reads.wanted(conn, settings, NOON)}

    assert set(found) == expected
    if URL in found:
        assert found[URL].state is LinkState.DEAD
        assert found[URL].archive_urls == (copied.archive_url,)
        assert [moment.date() for moment in found[URL].near] == [day("2020-05-02").value]
    if OTHER in found:
        assert found[OTHER].state is None


def test_what_was_answered_lately_is_not_wanted(store: Store) -> None:
    read(store, document(URL, OTHER))

    with store.write() as conn:
        writes.write_searches(conn, [search(captures=(capture(),)), search(url=OTHER, failure=SearchFailure.NETWORK)])

    with store.read() as conn:
        assert [each.url for each in reads.wanted(conn, Settings(), NOON + timedelta(minutes=5))] == []
        assert [each.url for each in reads.wanted(conn, Settings(), NOON + timedelta(hours=2))] == [OTHER]
        assert {each.url for each in reads.wanted(conn, Settings(), NOON + 200 * DAY)} == {URL, OTHER}


DOUBT = (Evidence(rule="fetch.status", detail="HTTP 200"),)
SHOWN = (Evidence(rule="content.matches", detail="it shows the cited title"),)


@pytest.mark.parametrize(("evidence", "opened", "wanted"), [(DOUBT, False, True), (SHOWN, False, False), (DOUBT, True, False)])
def test_a_doubted_page_wants_a_copy_opened_although_the_search_was_answered(
    store: Store, *, evidence: tuple[Evidence, ...], opened: bool, wanted: bool
) -> None:
    read(store, document(URL))
    with store.write() as conn:
        writes.write_searches(conn, [search(captures=(capture(),))])
        writes.write_verdicts(conn, [verdict(evidence=evidence)])
        writes.write_playbacks(conn, [playback()] if opened else [])

    with store.read() as conn:
        found = reads.wanted(conn, Settings(), NOON + timedelta(minutes=5))

    assert [each.url for each in found] == ([URL] if wanted else [])


@pytest.mark.parametrize(
    ("http_status", "days", "known"),
    [
        pytest.param(200, 10, True, id="answered"),
        pytest.param(404, 10, True, id="nobody holds it"),
        pytest.param(429, 10, False, id="refused"),
        pytest.param(200, 100, False, id="too long ago"),
    ],
)
def test_a_registry_that_answered_lately_is_not_asked_again(store: Store, *, http_status: int, days: int, known: bool) -> None:
    read(store, document(URL))
    told = fetch(
        role="rdap", requested_url="https://rdap.example/domain/example.com", status=http_status, sample='{"registered":null}'
    )
    check(store, Outcome(url=URL, check_id="c1", fetches=(fetch(check_id="c1"), told)))

    with store.read() as conn:
        names = reads.registered(conn, "news.example.com", now=NOON + days * DAY)
        around = next(iter(reads.facts(conn, [URL]))).around

    assert (names == frozenset({"example.com"})) is known
    assert around is not None
    assert (around.registration is not None) is (http_status != 429)
