"""What is reported about each citation: its link, its copies, and what its editor claims."""

from datetime import date, timedelta
from typing import Any

import pytest

from audit import findings
from audit.model import (
    Archived,
    Choice,
    Citation,
    CitedDate,
    Document,
    Evidence,
    Fetch,
    Finding,
    Hop,
    LinkState,
    Playback,
    Precision,
    Reference,
    SearchFailure,
    Severity,
    Side,
    Verdict,
)
from tests import make

URL = make.URL
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


def day(text: str) -> CitedDate:
    return CitedDate(text=text, value=date.fromisoformat(text), precision=Precision.DAY)


def cited(**fields: Any) -> Citation:
    return make.citation(**({"access_date": day("2020-06-01"), "published_date": day("2020-05-01")} | fields))


def told(
    citation: Citation,
    *,
    verdict: Verdict | None = None,
    archived: Archived | None = None,
    choice: Choice | None = None,
    fetch: Fetch | None = None,
    side: Side | None = None,
    opened: Playback | None = None,
    excluded: bool = False,
) -> dict[str, Finding]:
    reference = Reference(position=0, name="a", citations=(citation,), side=side)
    document = Document(source="a.wiki", kind="wikitext", references=(reference,), revised_at=make.NOON)
    found = findings.findings(
        document,
        now=make.NOON,
        verdicts={URL: verdict} if verdict else None,
        archived={URL: archived} if archived else None,
        choices={0: choice} if choice else None,
        fetches={URL: fetch} if fetch else None,
        opened={0: opened} if opened else None,
        excluded={URL} if excluded else (),
    )
    return {each.code: each for each in found}


def stands(state: LinkState, reason: str = "http-404", **fields: Any) -> Verdict:
    since = make.NOON - timedelta(days=30) if state in findings.LOST else None
    return make.verdict(**({"state": state, "reason": reason, "failing_since": since} | fields))


COPY = "https://web.archive.org/web/20200701120000/" + URL
CHOICE = Choice(capture=make.capture(captured_at=make.NOON - timedelta(days=900)))


# ---- the link


@pytest.mark.parametrize(
    ("state", "code", "severity"),
    [
        (LinkState.DEAD, "link-dead", ERROR),
        (LinkState.USURPED, "link-usurped", ERROR),
        (LinkState.SUSPECT, "link-suspect", WARNING),
        (LinkState.DRIFTED, "link-drifted", WARNING),
        (LinkState.BLOCKED, "link-blocked", NOTE),
    ],
)
def test_a_state_has_its_finding(state: LinkState, code: str, severity: Severity) -> None:
    found = told(cited(), verdict=stands(state))

    assert found[code].severity is severity
    assert found[code].url == URL


@pytest.mark.parametrize("state", [LinkState.LIVE, LinkState.UNKNOWN])
def test_a_live_or_unknown_link_is_no_finding(state: LinkState) -> None:
    assert told(cited(), verdict=stands(state, "ok")) == {}


def test_without_a_verdict_nothing_is_said_of_the_link() -> None:
    assert told(cited()) == {}


def test_a_finding_tells_reason_status_and_since_when() -> None:
    found = told(cited(), verdict=stands(LinkState.DEAD), fetch=make.fetch(status=404))["link-dead"]

    assert found.detail == "http-404: HTTP 404, failing since 2026-05-02"


def test_a_refusal_is_never_called_dead() -> None:
    found = told(cited(), verdict=stands(LinkState.BLOCKED, "forbidden"))["link-blocked"]

    assert "dead" not in f"{found.detail} {found.advice}"
    assert "says nothing about the page" in (found.advice or "")


def test_nothing_is_advised_before_a_death_is_sure() -> None:
    assert (told(cited(), verdict=stands(LinkState.SUSPECT))["link-suspect"].advice or "").startswith("no action yet")


def test_a_dead_link_with_a_copy_is_advised_its_status() -> None:
    found = told(cited(archive_url=COPY, archive_date=day("2020-07-01")), verdict=stands(LinkState.DEAD))["link-dead"]

    assert "url-status=dead" in (found.advice or "")


# ---- beside a live link


def test_a_move_is_noted_with_the_new_address() -> None:
    fetch = make.fetch(final_url="https://news.example.com/archive/bridges")

    found = told(cited(), verdict=stands(LinkState.LIVE, "moved"), fetch=fetch)

    assert found["link-moved"].advice == "url=https://news.example.com/archive/bridges"


def test_a_move_to_the_same_page_is_not_told() -> None:
    found = told(cited(), verdict=stands(LinkState.LIVE, "moved"), fetch=make.fetch(final_url=URL + "/"))

    assert "link-moved" not in found


@pytest.mark.parametrize(
    ("evidence", "code", "severity"),
    [
        ("tls.defect", "tls-defect", NOTE),
        ("url.needs-https", "link-needs-https", WARNING),
        ("url.needs-http", "link-needs-http", WARNING),
        ("url.trailing-punctuation", "malformed-url", WARNING),
    ],
)
def test_what_was_needed_to_reach_a_page_is_told(evidence: str, code: str, severity: Severity) -> None:
    verdict = stands(LinkState.LIVE, "ok", evidence=(Evidence(rule=evidence, detail="x"),))

    assert told(cited(), verdict=verdict, fetch=make.fetch())[code].severity is severity


def test_a_metered_page_is_noted() -> None:
    assert told(cited(), verdict=stands(LinkState.LIVE, "metered"))["link-metered"].advice == "url-access=subscription"


# ---- claims


@pytest.mark.parametrize(
    ("claimed", "verdict", "code"),
    [
        pytest.param("live", stands(LinkState.DEAD), "status-live-but-dead", id="live but dead"),
        pytest.param("live", stands(LinkState.USURPED, "parked"), "status-live-but-dead", id="live but usurped"),
        pytest.param("live", stands(LinkState.DRIFTED, "title-drift"), "status-live-but-dead", id="live but drifted"),
        pytest.param("dead", stands(LinkState.LIVE, "ok"), "status-dead-but-live", id="dead but live"),
    ],
)
def test_a_claim_that_our_checks_contradict_is_told(claimed: str, verdict: Verdict, code: str) -> None:
    assert code in told(cited(url_status=claimed, archive_url=COPY, archive_date=day("2020-07-01")), verdict=verdict)


@pytest.mark.parametrize(
    ("claimed", "verdict"),
    [
        pytest.param("live", stands(LinkState.SUSPECT), id="not yet sure"),
        pytest.param("live", stands(LinkState.BLOCKED, "forbidden"), id="refused"),
        pytest.param("live", stands(LinkState.LIVE, "ok"), id="live and live"),
        pytest.param("dead", stands(LinkState.DEAD), id="dead and dead"),
        pytest.param("dead", stands(LinkState.LIVE, "no-content", confidence=0.5), id="hardly alive"),
        pytest.param("dead", stands(LinkState.BLOCKED, "forbidden"), id="dead and refused"),
        pytest.param(None, stands(LinkState.DEAD), id="no claim"),
    ],
)
def test_a_claim_that_may_be_right_is_left_alone(claimed: str | None, verdict: Verdict) -> None:
    found = told(cited(url_status=claimed, archive_url=COPY, archive_date=day("2020-07-01")), verdict=verdict)

    assert set(found) & {"status-live-but-dead", "status-dead-but-live"} == set()


# ---- copies


@pytest.mark.parametrize(
    ("state", "word"), [(LinkState.DEAD, "dead"), (LinkState.USURPED, "usurped"), (LinkState.DRIFTED, "deviated")]
)
def test_a_lost_link_is_advised_the_copy_that_supports_it(state: LinkState, word: str) -> None:
    found = told(cited(), verdict=stands(state), choice=CHOICE, archived=Archived.YES)["archive-available"]

    assert found.capture == CHOICE.capture
    assert f"archive-url={CHOICE.capture.memento_url}" in (found.advice or "")
    assert f"url-status={word}" in (found.advice or "")


@pytest.mark.parametrize(
    ("citation", "verdict"),
    [
        pytest.param(cited(), stands(LinkState.LIVE, "ok"), id="live"),
        pytest.param(cited(), stands(LinkState.BLOCKED, "forbidden"), id="blocked"),
        pytest.param(cited(), None, id="not judged"),
        pytest.param(cited(archive_url=COPY, archive_date=day("2020-07-01")), stands(LinkState.DEAD), id="names one already"),
    ],
)
def test_a_copy_is_not_pressed_on_what_does_not_need_it(citation: Citation, verdict: Verdict | None) -> None:
    assert "archive-available" not in told(citation, verdict=verdict, choice=CHOICE, archived=Archived.YES)


def test_no_copy_is_worse_for_a_lost_link() -> None:
    lost = told(cited(), verdict=stands(LinkState.DEAD), archived=Archived.NO)["no-capture"]
    live = told(cited(), verdict=stands(LinkState.LIVE, "ok"), archived=Archived.NO)["no-capture"]

    assert (lost.severity, live.severity) == (WARNING, NOTE)
    assert live.advice == "save it now"


@pytest.mark.parametrize("archived", [Archived.YES, Archived.UNKNOWN, None])
def test_could_not_ask_is_never_no_copy(archived: Archived | None) -> None:
    assert "no-capture" not in told(cited(), verdict=stands(LinkState.DEAD), archived=archived)


def test_a_copy_that_was_made_after_the_failure_is_told() -> None:
    failing = make.NOON - timedelta(days=30)
    late, early = (f"https://web.archive.org/web/{failing + timedelta(days=days):%Y%m%d%H%M%S}/{URL}" for days in (2, 0.5))
    verdict = stands(LinkState.DEAD, failing_since=failing)

    assert "archive-after-death" in told(cited(archive_url=late), verdict=verdict)
    assert "archive-after-death" not in told(cited(archive_url=early), verdict=verdict)


def test_a_copy_from_after_the_failure_that_shows_what_is_cited_is_left_in_peace() -> None:
    late = f"https://web.archive.org/web/{make.NOON - timedelta(days=28):%Y%m%d%H%M%S}/{URL}"
    verdict = stands(LinkState.DEAD, failing_since=make.NOON - timedelta(days=30))

    found = told(cited(archive_url=late), verdict=verdict, opened=make.playback())

    assert "archive-after-death" not in found


# ---- all of them


def test_what_only_the_removed_side_says_is_for_the_record() -> None:
    found = told(cited(), verdict=stands(LinkState.DEAD), archived=Archived.NO, side=Side.REMOVED)

    assert {each.severity for each in found.values()} == {NOTE}


def test_findings_about_facts_are_explained() -> None:
    assert {code for code, _ in findings.LINK.values()} | set(findings.SCHEMES.values()) <= set(findings.CODES)


def test_two_citations_of_one_url_get_the_copy_that_supports_each() -> None:
    other = Choice(capture=make.capture(captured_at=make.NOON - timedelta(days=2_000)))
    references = tuple(Reference(position=at, name=None, citations=(cited(position=at),)) for at in (0, 1))
    document = Document(source="a.wiki", kind="wikitext", references=references)

    found = findings.findings(document, now=make.NOON, verdicts={URL: stands(LinkState.DEAD)}, choices={0: CHOICE, 1: other})

    chosen = {each.citation: each.capture for each in found if each.code == "archive-available"}
    assert chosen == {0: CHOICE.capture, 1: other.capture}


# ---- the copy that is named, opened

COPY = make.playback().memento_url
OTHER = Choice(capture=make.capture(captured_at=make.NOON - timedelta(days=90)))


@pytest.mark.parametrize(
    ("shown", "support"),
    [
        pytest.param({"http_status": 404}, "error-capture", id="an error"),
        pytest.param({"http_status": 403}, "blocked", id="a wall"),
        pytest.param({"title": "Page not found", "h1": None, "word_count": 9, "sample": "Sorry."}, "soft-404", id="a soft-404"),
        pytest.param({"captured_at": None, "http_status": 404}, "error-capture", id="no such copy"),
    ],
)
def test_a_copy_that_does_not_show_the_page_is_broken_and_another_is_proposed(shown: dict[str, Any], support: str) -> None:
    found = told(cited(archive_url=COPY), opened=make.playback(**shown), choice=OTHER)

    assert found["archive-url-broken"].detail.startswith(support)
    assert found["archive-url-broken"].advice == f"archive-url={OTHER.capture.memento_url} |archive-date=2026-03-03"


@pytest.mark.parametrize("failure", [SearchFailure.UNAVAILABLE, SearchFailure.RATE_LIMITED, SearchFailure.NETWORK])
def test_a_copy_that_could_not_be_opened_is_not_called_broken(failure: SearchFailure) -> None:
    assert "archive-url-broken" not in told(cited(archive_url=COPY), opened=make.playback(failure=failure))


def test_a_copy_that_shows_the_page_is_not_called_broken() -> None:
    assert "archive-url-broken" not in told(cited(archive_url=COPY), opened=make.playback())


def test_an_archive_that_does_not_show_what_it_holds_is_told_and_never_called_no_capture() -> None:
    named = told(cited(archive_url=COPY), opened=make.playback(failure=SearchFailure.EXCLUDED))
    unnamed = told(cited(), excluded=True, archived=Archived.UNKNOWN)

    assert "archive-excluded" in named
    assert "archive-excluded" in unnamed
    assert "no-capture" not in unnamed


def test_no_finding_ever_judges_a_publisher() -> None:
    said = " ".join(findings.CODES.values()).lower().replace("a loaded list calls the source generally unreliable", "")

    assert not any(word in said for word in ("fake", "untrustworthy", "unreliable", "scam"))


# ---- copies of what the address leads to


ELSEWHERE = "https://www.example.net/archive/bridges"


@pytest.mark.parametrize(
    ("fetch", "is_told"),
    [
        pytest.param(None, True, id="never fetched"),
        pytest.param(make.fetch(), True, id="answers where it was asked"),
        pytest.param(make.fetch(final_url=ELSEWHERE), False, id="ends there"),
        pytest.param(
            make.fetch(final_url=f"{URL}/2", hops=(Hop(url=URL, http_status=301, location=ELSEWHERE),)), False, id="passed there"
        ),
        pytest.param(make.fetch(final_url="https://www.example.net/"), True, id="ends at the front page"),
    ],
)
def test_a_copy_of_what_the_address_leads_to_is_a_copy_of_the_page(fetch: Fetch | None, *, is_told: bool) -> None:
    copy = f"https://web.archive.org/web/20200601000000/{ELSEWHERE}"

    found = told(cited(archive_url=copy, archive_date=day("2020-06-01")), fetch=fetch)

    assert ("archive-of-another-url" in found) is is_told
