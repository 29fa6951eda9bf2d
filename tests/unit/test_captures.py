"""Is there a capture, which one supports a citation, and when to look again."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from audit import captures, similarity
from audit.captures import Support
from audit.model import (
    SAVE_FAILED,
    SAVE_REQUESTED,
    Archived,
    Capture,
    CaptureSearch,
    CitedAs,
    Hop,
    LinkState,
    Playback,
    SearchFailure,
    Wanted,
)
from tests import make

NOW = make.NOON
TITLE = "A long story about bridges"
TEXT = " ".join(f"Word number {number} of a long story about bridges and the people who cross them." for number in range(40))


def on(year: int, month: int = 1, day: int = 1) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def failed(failure: SearchFailure, *, days: float = 0, archive: str = "wayback") -> CaptureSearch:
    return make.search(failure=failure, asked_at=NOW - timedelta(days=days), archive=archive)


def absent(*, days: float = 0, archive: str = "wayback") -> CaptureSearch:
    witnesses = ("timegate-404", "index-empty")
    return make.search(asked_at=NOW - timedelta(days=days), archive=archive, witnesses=witnesses)


def held(*found: Capture, days: float = 0, **fields: Any) -> CaptureSearch:
    return make.search(captures=found or (make.capture(),), asked_at=NOW - timedelta(days=days), **fields)


def playback(**fields: Any) -> Playback:
    """A played capture of an ordinary page."""
    defaults: dict[str, Any] = {
        "archive": "wayback",
        "url": make.URL,
        "memento_url": f"https://web.archive.org/web/20200101120000/{make.URL}",
        "played_at": NOW,
        "captured_at": on(2020),
        "http_status": 200,
        "mimetype": "text/html",
        "title": TITLE,
        "word_count": 600,
        "body_bytes": 4000,
        "sample": TEXT,
        "sketch": similarity.sketch(TEXT),
    }
    return Playback(**(defaults | fields))


# ---- the three answers


def asked_to_save(*, hours: float) -> CaptureSearch:
    return make.search(failure=SearchFailure.UNCONFIRMED, asked_at=NOW - timedelta(hours=hours), witnesses=(SAVE_REQUESTED,))


def not_saved(*, hours: float) -> CaptureSearch:
    return make.search(failure=SearchFailure.UNCONFIRMED, asked_at=NOW - timedelta(hours=hours), witnesses=(SAVE_FAILED,))


U = SearchFailure
ANSWERS = [
    pytest.param([], Archived.UNKNOWN, id="nobody asked"),
    pytest.param([held()], Archived.YES, id="a capture"),
    pytest.param([absent()], Archived.NO, id="two witnesses"),
    pytest.param([absent(days=91)], Archived.UNKNOWN, id="an absence of long ago"),
    pytest.param([held(days=400), absent()], Archived.YES, id="what was once shown is held"),
    pytest.param([held(days=9), failed(U.RATE_LIMITED)], Archived.YES, id="a refusal takes nothing back"),
    pytest.param([absent(days=9), failed(U.RATE_LIMITED)], Archived.NO, id="nor from a no"),
    pytest.param([absent(days=9), failed(U.EXCLUDED)], Archived.UNKNOWN, id="excluded after a no"),
    pytest.param([absent(), failed(U.NETWORK, archive="second")], Archived.UNKNOWN, id="another archive could not be asked"),
    pytest.param([absent(), failed(U.UNCONFIRMED, archive="second")], Archived.NO, id="another archive with one witness"),
    pytest.param([absent(), absent(archive="second")], Archived.NO, id="two archives"),
    pytest.param([absent(), held(archive="second")], Archived.YES, id="the second archive has it"),
    pytest.param([absent(days=9), asked_to_save(hours=1)], Archived.UNKNOWN, id="a save was requested"),
    pytest.param([absent(days=0.1), asked_to_save(hours=3)], Archived.UNKNOWN, id="the index lags behind a save"),
    pytest.param([absent(), asked_to_save(hours=12)], Archived.NO, id="the save came to nothing"),
    pytest.param([absent(days=9), asked_to_save(hours=30)], Archived.UNKNOWN, id="nobody looked since a save was requested"),
    pytest.param([absent(days=9), asked_to_save(hours=2), not_saved(hours=1)], Archived.NO, id="the save was refused"),
    pytest.param([absent(days=9), not_saved(hours=9), asked_to_save(hours=1)], Archived.UNKNOWN, id="a save, again"),
    pytest.param([absent(days=9), asked_to_save(hours=2), held()], Archived.YES, id="the page was saved"),
    *(pytest.param([failed(failure)], Archived.UNKNOWN, id=failure.value) for failure in SearchFailure),
]


@pytest.mark.parametrize(("searches", "expected"), ANSWERS)
def test_archived_has_three_answers(searches: list[CaptureSearch], expected: Archived) -> None:
    assert captures.archived(searches, now=NOW) is expected


@given(st.lists(st.sampled_from(list(SearchFailure)), min_size=1))
def test_failures_alone_are_never_a_no(failures: list[SearchFailure]) -> None:
    searches = [failed(failure, days=number) for number, failure in enumerate(failures)]

    assert captures.archived(searches, now=NOW) is Archived.UNKNOWN


# ---- when to look again


@pytest.mark.parametrize(
    ("searches", "state", "hours"),
    [
        pytest.param([held()], LinkState.DEAD, 180 * 24, id="yes"),
        pytest.param([absent()], LinkState.LIVE, 14 * 24, id="no, live"),
        pytest.param([absent()], LinkState.DEAD, 30 * 24, id="no, dead"),
        pytest.param([failed(U.NETWORK)], None, 1, id="first failure"),
        pytest.param([failed(U.NETWORK), failed(U.NETWORK, days=1)], None, 6, id="second failure"),
        pytest.param([failed(U.NETWORK, days=day) for day in range(3)], None, 24, id="third failure"),
        pytest.param([failed(U.NETWORK, days=day) for day in range(9)], None, 72, id="ninth failure"),
        pytest.param([failed(U.NETWORK), absent(days=20), failed(U.NETWORK, days=30)], None, 1, id="a failure after an answer"),
        pytest.param([failed(U.EXCLUDED)], None, 90 * 24, id="excluded"),
        pytest.param([absent(days=9), asked_to_save(hours=2)], LinkState.LIVE, 10, id="a save was requested"),
        pytest.param([absent(), asked_to_save(hours=1)], LinkState.LIVE, 11, id="looked at too soon after a save"),
        pytest.param([absent(), asked_to_save(hours=12)], LinkState.LIVE, 14 * 24, id="looked at long after a save"),
        pytest.param([absent(), asked_to_save(hours=2), not_saved(hours=1)], LinkState.LIVE, 14 * 24, id="not saved"),
    ],
)
def test_an_answer_is_good_for_as_long_as_it_deserves(
    searches: list[CaptureSearch], state: LinkState | None, hours: float
) -> None:
    assert captures.fresh_until(searches, state=state) == NOW + timedelta(hours=hours)


def test_nobody_asked_means_ask_now() -> None:
    assert captures.fresh_until([]) is None


def test_a_citation_that_wants_another_day_reopens_the_search() -> None:
    known = held(near=on(2015))
    before = Wanted(url=make.URL, near=(on(2015),), searches=(known,))
    after = Wanted(url=make.URL, near=(on(2015), on(2020)), searches=(known,))

    assert captures.answered(before, now=NOW)
    assert not captures.answered(after, now=NOW)


# ---- the queue


def test_the_dead_without_a_capture_come_first_and_the_known_last() -> None:
    queue = [
        Wanted(url="e", searches=(held(),), state=LinkState.LIVE),
        Wanted(url="d", state=LinkState.LIVE),
        Wanted(url="c", state=LinkState.SUSPECT),
        Wanted(url="b", state=LinkState.LIVE, archive_urls=("https://web.archive.org/web/2015/http://b.test/",)),
        Wanted(url="a", state=LinkState.DEAD),
    ]

    assert [each.url for each in sorted(queue, key=lambda each: captures.urgency(each, now=NOW))] == list("abcde")


@pytest.mark.parametrize(
    ("search", "covered"),
    [
        pytest.param("all", ["live", "dead", "archived"], id="all"),
        pytest.param("missing", ["live", "dead"], id="missing"),
        pytest.param("dead", ["dead"], id="dead"),
        pytest.param("never", [], id="never"),
    ],
)
def test_the_extent_of_the_search_is_configured(search: str, covered: list[str]) -> None:
    wanted = [
        Wanted(url="live", state=LinkState.LIVE),
        Wanted(url="dead", state=LinkState.DEAD),
        Wanted(url="archived", state=LinkState.LIVE, archive_urls=("https://web.archive.org/web/2015/http://b.test/",)),
    ]

    assert [each.url for each in wanted if captures.wishes(each, search=search)] == covered


# ---- choosing


def chosen(*found: Capture, near: datetime | None = None, **wishes: Any) -> Capture | None:
    choice = captures.best([held(*found)], near=near, cited_url=make.URL, **wishes)
    return choice.capture if choice else None


def test_two_citations_with_different_access_dates_get_different_captures() -> None:
    early, late = make.capture(captured_at=on(2012)), make.capture(captured_at=on(2020))

    assert chosen(early, late, near=on(2012, 3)) == early
    assert chosen(early, late, near=on(2019, 12, 15)) == late


def test_a_capture_before_the_access_date_beats_a_nearer_one_long_after() -> None:
    before, after = make.capture(captured_at=on(2014)), make.capture(captured_at=on(2015, 8))

    assert chosen(before, after, near=on(2015, 6, 15)) == before


def test_a_capture_up_to_a_month_after_the_access_date_is_as_good() -> None:
    before, after = make.capture(captured_at=on(2014)), make.capture(captured_at=on(2015, 7, 1))

    assert chosen(before, after, near=on(2015, 6, 15)) == after


def test_a_capture_after_the_link_failed_is_the_second_choice() -> None:
    before, after = make.capture(captured_at=on(2014)), make.capture(captured_at=on(2015, 6, 1))

    assert chosen(before, after, near=on(2015, 6, 2), failing_since=on(2015, 5)) == before


def test_a_capture_from_before_the_publication_is_the_second_choice() -> None:
    before, after = make.capture(captured_at=on(2015, 5, 1)), make.capture(captured_at=on(2015, 6, 20))

    assert chosen(before, after, near=on(2015, 5, 31), published=date(2015, 5, 30)) == after


def test_without_a_wanted_day_the_last_capture_before_the_failure_is_chosen() -> None:
    found = [make.capture(captured_at=on(year)) for year in (2010, 2014, 2018)]

    assert chosen(*found, failing_since=on(2016)) == found[1]
    assert chosen(*found) == found[2]


def test_the_exact_spelling_beats_another_case_of_the_path() -> None:
    exact = make.capture(captured_at=on(2010))
    other = make.capture(captured_at=on(2014), url=make.URL.upper(), memento_url="https://web.archive.org/web/x")

    assert chosen(exact, other, near=on(2015)) == exact


@pytest.mark.parametrize(
    "unusable",
    [
        pytest.param({"http_status": 404}, id="later 404"),
        pytest.param({"http_status": 503}, id="server error"),
        pytest.param({"http_status": 429}, id="captured refusal"),
        pytest.param({"http_status": 302}, id="redirect that nobody followed"),
        pytest.param({"digest": captures.EMPTY_DIGEST}, id="empty body"),
    ],
)
def test_what_shows_no_page_is_never_chosen(unusable: dict[str, Any]) -> None:
    page = make.capture(captured_at=on(2010))
    other = make.capture(captured_at=on(2020), **({"digest": "B" * 32} | unusable))

    assert chosen(page, other, near=on(2020)) == page
    assert chosen(other, near=on(2020)) is None


def test_a_body_that_stands_under_many_paths_of_its_host_is_never_chosen() -> None:
    everywhere, own = (make.capture(captured_at=on(year), digest=digest) for year, digest in ((2019, "E" * 32), (2012, "O" * 32)))

    choice = captures.best([held(everywhere, own)], near=on(2019), cited_url=make.URL, shared={"E" * 32})

    assert choice is not None
    assert choice.capture == own


def test_a_revisit_of_a_page_is_a_page() -> None:
    page = make.capture(captured_at=on(2010))
    revisit = make.capture(captured_at=on(2020), http_status=None, mimetype="warc/revisit")

    choice = captures.best([held(revisit, page)], near=on(2020), cited_url=make.URL)

    assert choice is not None
    assert choice.capture == page
    assert chosen(revisit, make.capture(captured_at=on(2009), http_status=404), near=on(2020)) == revisit


def test_an_opened_capture_that_does_not_support_is_left_out_and_so_is_its_twin() -> None:
    bad = make.capture(captured_at=on(2020), digest="C" * 32)
    twin = make.capture(captured_at=on(2019), digest="C" * 32)
    good = make.capture(captured_at=on(2010))
    shown = playback(memento_url=bad.memento_url, captured_at=bad.captured_at, http_status=404)

    assert chosen(bad, twin, good, near=on(2020), playbacks=[shown]) == good


def test_a_capture_that_could_not_be_opened_is_not_held_against_it() -> None:
    capture = make.capture(captured_at=on(2020))
    shown = playback(memento_url=capture.memento_url, failure=SearchFailure.RATE_LIMITED, captured_at=None, http_status=429)

    assert chosen(capture, near=on(2020), playbacks=[shown]) == capture


def test_the_first_archive_of_the_configuration_breaks_ties() -> None:
    first = make.capture(archive="second", memento_url="https://b.test/1")
    other = make.capture(archive="first", memento_url="https://z.test/1")

    assert chosen(first, other, archives=["first", "second"]) == other


def test_a_choice_says_why() -> None:
    capture = make.capture(captured_at=on(2020, 1, 4))

    choice = captures.best([held(capture)], near=on(2020, 1, 1), cited_url=make.URL, failing_since=on(2019))

    assert choice is not None
    assert [(each.rule, each.detail) for each in choice.evidence] == [
        ("capture.http-status", "captured with HTTP 200"),
        ("capture.distance", "3 days after the wanted day"),
        ("capture.out-of-life", "captured after the link began to fail on 2019-01-01"),
    ]


# ---- what a capture shows

SHORT = {"sample": "Nothing to see but these few words.", "word_count": 7, "h1": None, "body_bytes": 300}
SUPPORTS = [
    pytest.param({}, CitedAs(titles=(TITLE,)), Support.LIKELY, id="title"),
    pytest.param({}, CitedAs(quotes=("the people who cross them",)), Support.VERIFIED, id="quote"),
    pytest.param({}, CitedAs(), Support.UNVERIFIED, id="nothing to compare"),
    pytest.param({}, CitedAs(titles=("Something else entirely",)), Support.UNVERIFIED, id="another title alone"),
    pytest.param(
        {"title": "Home | The Paper"}, CitedAs(titles=("Home",)), Support.LIKELY, id="short title beside the site's name"
    ),
    pytest.param({"title": "Home and garden"}, CitedAs(titles=("Home",)), Support.UNVERIFIED, id="short title inside another"),
    pytest.param(
        {"title": "The Paper", "h1": "The Paper"},
        CitedAs(titles=("Bridges of the valley - The Paper",)),
        Support.UNVERIFIED,
        id="only the site's name, which the citation names too",
    ),
    pytest.param(
        {"title": "The Valley Evening Paper", "h1": None},
        CitedAs(titles=("Bridges of the valley - The Valley Evening Paper",)),
        Support.UNVERIFIED,
        id="only the site's long name",
    ),
    pytest.param(
        SHORT | {"title": "news.example.com", "h1": "news.example.com", "sample": "news.example.com This domain is for sale."},
        CitedAs(titles=("Bridges of the valley, news.example.com",)),
        Support.PARKED,
        id="for sale under the name of the site",
    ),
    pytest.param({"http_status": 404}, CitedAs(titles=(TITLE,)), Support.ERROR_CAPTURE, id="404"),
    pytest.param({"http_status": 503}, CitedAs(), Support.ERROR_CAPTURE, id="503"),
    pytest.param({"http_status": 429}, CitedAs(), Support.ERROR_CAPTURE, id="captured 429"),
    pytest.param({"http_status": 403}, CitedAs(), Support.BLOCKED, id="captured wall"),
    pytest.param({"http_status": 302}, CitedAs(), Support.REDIRECT_CAPTURE, id="redirect to nowhere"),
    pytest.param({"body_bytes": 0}, CitedAs(), Support.ERROR_CAPTURE, id="empty"),
    pytest.param({"captured_at": None, "http_status": 404}, CitedAs(), Support.ERROR_CAPTURE, id="no such capture"),
    pytest.param({"mimetype": "application/pdf"}, CitedAs(titles=("x",)), Support.TYPE_ONLY, id="pdf"),
    pytest.param({"failure": SearchFailure.UNAVAILABLE}, CitedAs(titles=(TITLE,)), Support.UNVERIFIED, id="not opened"),
    pytest.param(SHORT | {"title": "Page not found"}, CitedAs(titles=(TITLE,)), Support.SOFT_404, id="an error that said 200"),
    pytest.param(SHORT | {"title": "Page not found"}, CitedAs(titles=("Page not found",)), Support.LIKELY, id="cited as such"),
    pytest.param(SHORT | {"title": "Welcome to nginx!"}, CitedAs(titles=(TITLE,)), Support.SOFT_404, id="a server's own page"),
    pytest.param(SHORT | {"title": "news.example.com is for sale"}, CitedAs(titles=(TITLE,)), Support.PARKED, id="for sale"),
    pytest.param(
        SHORT | {"title": "Just a moment..."}, CitedAs(titles=(TITLE,)), Support.BLOCKED, id="a challenge that said 200"
    ),
    pytest.param(SHORT | {"title": "Just a moment in time"}, CitedAs(), Support.UNVERIFIED, id="a title that only begins so"),
]


@pytest.mark.parametrize(("fields", "cited", "expected"), SUPPORTS)
def test_an_opened_capture_supports_or_not(fields: dict[str, Any], cited: CitedAs, expected: Support) -> None:
    state, evidence = captures.support(playback(**fields), cited=cited)

    assert state is expected
    assert evidence


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        pytest.param("https://news.example.com/", Support.REDIRECT_CAPTURE, id="front page"),
        pytest.param("https://news.example.com/login?next=/2020", Support.REDIRECT_CAPTURE, id="login"),
        pytest.param("https://news.example.com/2020/05/bridges", Support.LIKELY, id="another address of the page"),
    ],
)
def test_a_captured_redirect_supports_only_if_it_leads_to_the_page(target: str, expected: Support) -> None:
    hop = Hop(url=make.URL, http_status=301, location=target, kind="captured")

    state, _ = captures.support(playback(hops=(hop,)), cited=CitedAs(titles=(TITLE,)))

    assert state is expected


def test_another_text_with_another_title_is_a_mismatch() -> None:
    other = similarity.sketch(" ".join(f"Nothing {number} in common with it at all here today." for number in range(60)))
    cited = CitedAs(titles=("Something else entirely",))

    assert captures.support(playback(), cited=cited, beside=[other])[0] is Support.MISMATCH
    assert captures.support(playback(), cited=CitedAs(), beside=[other])[0] is Support.UNVERIFIED


def test_the_same_text_as_the_live_page_is_likely() -> None:
    assert captures.support(playback(), cited=CitedAs(), beside=[similarity.sketch(TEXT)])[0] is Support.LIKELY


@pytest.mark.parametrize(
    ("state", "rules", "cited", "url", "wanted"),
    [
        pytest.param(LinkState.LIVE, ["fetch.status"], CitedAs(titles=(TITLE,)), make.URL, True, id="nothing of what was cited"),
        pytest.param(
            LinkState.LIVE, ["content.matches", "fetch.status"], CitedAs(titles=(TITLE,)), make.URL, False, id="the cited title"
        ),
        pytest.param(LinkState.LIVE, ["content.file"], CitedAs(titles=(TITLE,)), make.URL, False, id="a document"),
        pytest.param(
            LinkState.LIVE, ["fetch.status"], CitedAs(titles=(TITLE,)), "https://news.example.com/", False, id="a front page"
        ),
        pytest.param(LinkState.DEAD, ["fetch.status"], CitedAs(titles=(TITLE,)), make.URL, False, id="not live"),
        pytest.param(None, [], CitedAs(titles=(TITLE,)), make.URL, False, id="not judged"),
    ],
)
def test_a_live_page_is_doubted_when_it_shows_nothing_of_what_was_cited(
    *, state: LinkState | None, rules: list[str], cited: CitedAs, url: str, wanted: bool
) -> None:
    assert captures.doubted(state, rules=rules, cited=cited, url=url) is wanted


@pytest.mark.parametrize(
    ("verify", "fields", "wanted"),
    [
        pytest.param("needed", {"state": LinkState.LIVE}, False, id="live"),
        pytest.param("needed", {"state": LinkState.LIVE, "doubted": True}, True, id="live and doubted"),
        pytest.param("needed", {"state": LinkState.DEAD}, True, id="dead"),
        pytest.param("all", {"state": LinkState.LIVE}, True, id="all"),
        pytest.param("never", {"state": LinkState.DEAD}, False, id="never"),
    ],
)
def test_copies_are_opened_where_their_bodies_matter(*, verify: str, fields: dict[str, Any], wanted: bool) -> None:
    assert captures.opens(Wanted(url=make.URL, **fields), verify=verify) is wanted


# ---- where a walk over copies was left

COPIES = tuple(make.capture(captured_at=on(year), digest=f"{year}") for year in range(2013, 2020))
ERROR: dict[str, Any] = {
    "title": "Page not found",
    "h1": "Page not found",
    "sample": "Sorry, no such page.",
    "word_count": 4,
    "sketch": (),
}


def opened(year: int, **fields: Any) -> Playback:
    """What the copy of that year showed."""
    copy = COPIES[year - 2013]
    return playback(memento_url=copy.memento_url, captured_at=copy.captured_at, **fields)


def left(*playbacks: Playback, near: tuple[datetime, ...] = (on(2019),)) -> bool:
    wanted = Wanted(url=make.URL, near=near, searches=(held(*COPIES),), cited=CitedAs(titles=(TITLE,)), playbacks=playbacks)
    return captures.unfinished(wanted, archives=("wayback",), now=NOW)


WALKS = {
    "nobody began it": ((), True),
    "the first copy shows an error": ((opened(2019, **ERROR),), True),
    "a copy shows the page": ((opened(2019, **ERROR), opened(2018)), False),
    "as many as are opened show errors": (tuple(opened(year, **ERROR) for year in range(2015, 2020)), False),
    "the archive failed yesterday": (
        (opened(2019, **ERROR), opened(2018, failure=SearchFailure.UNAVAILABLE, played_at=NOW - timedelta(days=1))),
        True,
    ),
    "the archive failed a minute ago": (
        (opened(2019, **ERROR), opened(2018, failure=SearchFailure.UNAVAILABLE, played_at=NOW - timedelta(minutes=1))),
        False,
    ),
    "it failed the third time in twelve hours": (
        tuple(opened(2019, failure=SearchFailure.NETWORK, played_at=NOW - timedelta(hours=hours)) for hours in (12, 9, 8)),
        False,
    ),
    "the archive does not show it": ((opened(2019, failure=SearchFailure.EXCLUDED, played_at=NOW - timedelta(days=4)),), False),
}


@pytest.mark.parametrize(("playbacks", "goes_on"), WALKS.values(), ids=WALKS.keys())
def test_a_walk_over_copies_goes_on_until_it_came_to_an_end(playbacks: tuple[Playback, ...], *, goes_on: bool) -> None:
    assert left(*playbacks) is goes_on


def test_each_wanted_date_has_a_walk_of_its_own() -> None:
    near = (on(2019), on(2013))

    assert left(opened(2019), near=near)
    assert not left(opened(2019), opened(2013), near=near)


def test_where_the_archive_listed_nothing_of_use_there_is_no_walk() -> None:
    errors = held(make.capture(http_status=404))
    listed = make.search(failure=SearchFailure.UNCONFIRMED, witnesses=("index-empty",))

    before, after = (
        captures.unfinished(Wanted(url=make.URL, searches=searches), archives=("wayback",), now=NOW)
        for searches in ((errors,), (errors, listed))
    )

    assert (before, after) == (True, False)


def test_without_a_known_copy_there_is_no_walk() -> None:
    assert not captures.unfinished(Wanted(url=make.URL, searches=(absent(),)), archives=("wayback",), now=NOW)


def test_what_was_seen_half_a_year_ago_is_looked_at_once_more() -> None:
    late, old = opened(2019, played_at=NOW - timedelta(days=9)), opened(2018, played_at=NOW - timedelta(days=200))

    seen = captures.lately_seen(Wanted(url=make.URL, playbacks=(late, old)), now=NOW)

    assert seen == [late]
