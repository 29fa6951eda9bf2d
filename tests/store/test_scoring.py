"""Scores that are kept: the same facts add no row, other groups and ratings do, and the course over time is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from audit import domains, judging
from audit.model import CitedDate, Precision, Side, Tag
from audit.reports import phrases, render
from audit.reports.story import told
from audit.settings import ReportSettings, Scoring, Settings
from audit.store import reads, writes
from audit.store.opening import Store
from tests.make import NOON, citation
from tests.store.values import check, document, outcome, read, reference, rows

SITE = "https://news.example.com"
STORIES = [f"{SITE}/2020/{name}" for name in "abcdef"]
DAY = timedelta(days=1)
COUNT = "select count(*) from publisher_scores_history"


def audited(store: Store) -> None:
    """A page that cites six stories, all of them checked and live, and a blog that nobody reached."""
    read(store, document(*STORIES, "http://ann.blogs.example/1"))
    check(store, *(outcome(url) for url in STORIES))
    judging.judge(store, STORIES, now=NOON, settings=Settings())
    judging.score(store, now=NOON, settings=Settings())


def test_scoring_again_adds_no_row(store: Store) -> None:
    audited(store)
    before = rows(store, COUNT)

    for hours in (1, 20):
        judging.score(store, now=NOON + timedelta(hours=hours), settings=Settings())
    judging.judge(store, STORIES, now=NOON + DAY, settings=Settings())
    judging.score(store, now=NOON + DAY, settings=Settings())

    assert rows(store, COUNT) == before == [(2,)]
    assert rows(store, "select count(*) from score_fits") == [(1,)]


def test_a_fit_that_stands_for_a_week_is_made_anew_and_the_same_fit_changes_no_score(store: Store) -> None:
    audited(store)

    judging.score(store, now=NOON + 8 * DAY, settings=Settings())

    assert rows(store, "select count(*) from score_fits") == [(2,)]
    assert rows(store, COUNT) == [(2,)]


def test_another_setting_scores_anew_and_the_course_holds_both(store: Store) -> None:
    audited(store)

    judging.score(store, now=NOON + DAY, settings=replace(Settings(), scoring=Scoring(horizon_years=10)))

    with store.read() as conn:
        course = reads.course(conn, "example.com")
        summary = reads.summary(conn, settings=ReportSettings(), made_at=NOON + DAY, publisher="example.com")
        story = reads.story(conn, STORIES[0])
    assert [row["scored_at"] for row in course] == [NOON, NOON + DAY]
    assert course[1]["durability"] < course[0]["durability"]
    assert story is not None
    for said in (render(summary, form="text"), told(story, now=NOON + DAY)):
        assert phrases.COURSE in said
        assert "2026-06-01" in said
        assert "2026-06-02" in said


@pytest.fixture
def configured() -> Iterator[None]:
    yield
    domains.use()


def test_more_platforms_group_the_urls_anew_and_say_so(configured: None, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    audited(store)
    domains.use(tenants=("blogs.example",))

    judging.score(store, now=NOON + DAY, settings=Settings())

    assert rows(store, "select publisher from current_links where url like '%blogs%'") == [("ann.blogs.example",)]
    assert rows(store, "select distinct tenants_version from publisher_scores where publisher = 'example.com'") == [
        (domains.tenants_version(),)
    ]
    assert "1 cited URLs changed their publisher" in caplog.text
    assert judging.regroup(store) == 0


def test_ratings_of_links_are_counted_per_document_beside_the_unrated(store: Store) -> None:
    audited(store)

    for rated in ({STORIES[0]: "gr", STORIES[1]: "gu", STORIES[2]: "blacklisted"}, {STORIES[0]: "gr", STORIES[1]: "d"}):
        with store.write() as conn:
            writes.write_ratings(conn, rated)

    assert rows(store, "select links_rated, links_unrated, links_rated_low from document_summary") == [(2, 5, 1)]


def test_a_page_whose_newest_revision_is_a_week_old_convicts_nobody_of_dying_within_a_week(store: Store) -> None:
    gone = f"{SITE}/gone"
    kept = reference(0, citation(url=gone), side=Side.KEPT)
    read(store, document(source="edit.txt", kind="diff", references=(kept,), revised_at=NOON - 7 * DAY))
    for days in (0, 4, 9, 15):
        check(store, outcome(gone, at=NOON + days * DAY, status=404))
    judging.judge(store, [gone], now=NOON + 16 * DAY, settings=Settings())

    with store.read() as conn:
        (facts,) = reads.link_facts(conn)

    assert (facts.state.value, facts.entry_date) == ("dead", None)


def test_an_editors_dated_tag_reaches_the_scorer(store: Store) -> None:
    tag = Tag(code="dead-link", name="Dead link", parameters=(("date", "July 2015"),))
    cited = citation(
        url=STORIES[0],
        tags=(tag,),
        access_date=CitedDate(text="2014-01-01", value=date(2014, 1, 1), precision=Precision.DAY),
    )
    read(store, document(references=(reference(0, cited),)))

    with store.read() as conn:
        (facts,) = reads.link_facts(conn)

    assert (facts.entry_date, facts.gone_date) == (date(2014, 1, 1), date(2015, 7, 31))
