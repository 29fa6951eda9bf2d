"""What an archive says about a page that it is to save, and when it may be asked again."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from audit import saving
from audit.model import SaveOutcome, SaveRequest
from audit.saving import Savable
from tests.make import NOON, URL

How = SaveOutcome
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def request(outcome: SaveOutcome = How.REQUESTED, *, hours_ago: float = 0, **fields: Any) -> SaveRequest:
    at = NOON - hours_ago * HOUR
    finished_at = None if outcome in {How.REQUESTED, How.ACCEPTED} else at
    defaults: dict[str, Any] = {"archive": "w", "url": URL, "requested_at": at, "outcome": outcome, "finished_at": finished_at}
    return SaveRequest(**(defaults | fields))


# ---- classes


def test_no_code_is_in_two_classes() -> None:
    assert set(saving.PERMANENT).isdisjoint(saving.TRANSIENT)
    assert len(saving.CLASSES) == len(saving.PERMANENT) + len(saving.TRANSIENT) + 1


@pytest.mark.parametrize("prefix", ["", "error:"])
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        *((code, How.TRANSIENT) for code in saving.TRANSIENT),
        *((code, How.PERMANENT) for code in saving.PERMANENT),
        ("too-many-daily-captures", How.QUOTA),
        ("max-daily-bandwidth", How.QUOTA_ALL),
        ("max-daily-bandwidth-exceeded", How.QUOTA_ALL),
        ("no-captures", How.TRANSIENT),
        ("", How.TRANSIENT),
        ("blocked-url-of-tomorrow", How.TRANSIENT),
    ],
)
def test_a_code_has_its_class_and_an_unlisted_one_may_pass(code: str, expected: SaveOutcome, prefix: str) -> None:
    assert saving.outcome_of(prefix + code) is expected


# ---- answers

ERROR = {"status": "error", "status_ext": "error:no-access", "message": " It  says no. "}
ASKED = [
    pytest.param(200, {"url": URL, "job_id": "spn2-1"}, How.ACCEPTED, None, id="a job"),
    pytest.param(
        200, {"job_id": "spn2-1", "message": "The same snapshot had been made."}, How.ACCEPTED, None, id="a job, a message"
    ),
    pytest.param(200, ERROR, How.PERMANENT, "no-access", id="an error in a 200"),
    pytest.param(200, ERROR | {"job_id": "spn2-1"}, How.PERMANENT, "no-access", id="an error beside a job"),
    pytest.param(200, {"status": "error"}, How.TRANSIENT, "unnamed", id="an error without a code"),
    pytest.param(429, {"status_ext": "error:user-session-limit"}, How.TRANSIENT, "user-session-limit", id="429 with a code"),
    pytest.param(500, {"status_ext": "error:celery", "status": "error"}, How.TRANSIENT, "celery", id="500 with a code"),
    pytest.param(429, None, How.TRANSIENT, "http-429", id="429"),
    pytest.param(403, None, How.TRANSIENT, "http-403", id="403"),
    pytest.param(302, None, How.TRANSIENT, "http-302", id="a redirect"),
    pytest.param(503, None, How.TRANSIENT, "http-503", id="503"),
    pytest.param(500, None, How.UNKNOWN, None, id="500"),
    pytest.param(502, None, How.UNKNOWN, None, id="502"),
    pytest.param(504, None, How.UNKNOWN, None, id="504"),
    pytest.param(200, None, How.UNKNOWN, None, id="no JSON"),
    pytest.param(200, ["spn2-1"], How.UNKNOWN, None, id="JSON, no object"),
    pytest.param(200, {"job_id": None}, How.UNKNOWN, None, id="no job"),
    pytest.param(200, {"job_id": 7}, How.UNKNOWN, None, id="a job that is no name"),
]


@pytest.mark.parametrize(("http_status", "told", "outcome", "code"), ASKED)
def test_an_answer_to_a_request_is_a_job_a_refusal_or_nothing(
    http_status: int, told: Any, outcome: SaveOutcome, code: str | None
) -> None:
    body = b"<html>" if told is None else json.dumps(told).encode()

    answer = saving.asked(request(), http_status=http_status, body=body, now=NOON)

    assert (answer.outcome, answer.code) == (outcome, code)
    assert (answer.job_id == "spn2-1") is (outcome is How.ACCEPTED)
    assert (answer.finished_at is None) is (outcome is How.ACCEPTED)


def test_the_sentence_of_an_error_is_kept_as_evidence() -> None:
    answer = saving.asked(request(), http_status=200, body=json.dumps(ERROR).encode(), now=NOON)

    assert answer.detail == "It says no."


DONE = {"status": "success", "timestamp": "20260601120000", "original_url": URL, "http_status": 200}
POLLED = [
    pytest.param(200, {"status": "pending", "resources": []}, How.ACCEPTED, id="pending"),
    pytest.param(200, DONE, How.SAVED, id="success"),
    pytest.param(200, {"status": "success"}, How.ACCEPTED, id="success without a moment"),
    pytest.param(200, {"status": "error", "status_ext": "error:job-failed"}, How.TRANSIENT, id="transient"),
    pytest.param(200, {"status": "error", "status_ext": "error:blocked-url"}, How.PERMANENT, id="permanent"),
    pytest.param(200, {"status": "odd"}, How.ACCEPTED, id="another word"),
    pytest.param(500, DONE, How.ACCEPTED, id="a fault"),
    pytest.param(404, {"status": "error"}, How.ACCEPTED, id="404"),
    pytest.param(200, [DONE], How.ACCEPTED, id="a list"),
]


@pytest.mark.parametrize(("http_status", "told", "outcome"), POLLED)
def test_a_job_stays_open_until_the_archive_says_what_became_of_it(http_status: int, told: Any, outcome: SaveOutcome) -> None:
    open_job = request(How.ACCEPTED, job_id="spn2-1")

    after, saved = saving.polled(open_job, http_status=http_status, body=json.dumps(told).encode(), now=NOON)

    assert after.outcome is outcome
    assert (saved is not None) is (outcome is How.SAVED)
    assert (after == open_job) is (outcome is How.ACCEPTED)


@given(
    st.integers(100, 599),
    st.binary(max_size=60)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda inner: st.dictionaries(st.sampled_from(["status", "status_ext", "job_id", "message", "timestamp"]), inner),
    ).map(lambda told: json.dumps(told).encode()),
)
def test_no_answer_raises_and_only_a_success_is_saved(http_status: int, body: bytes) -> None:
    asked = saving.asked(request(), http_status=http_status, body=body, now=NOON)
    polled, saved = saving.polled(request(How.ACCEPTED), http_status=http_status, body=body, now=NOON)

    assert asked.outcome is not How.SAVED
    assert (polled.outcome is How.SAVED) is (saved is not None)


# ---- when again

DUE = [
    pytest.param([], True, id="never asked"),
    pytest.param([request(How.TRANSIENT, hours_ago=0.9)], False, id="too soon"),
    pytest.param([request(How.TRANSIENT, hours_ago=1)], True, id="after an hour"),
    pytest.param(
        [request(How.TRANSIENT, hours_ago=9), request(How.TRANSIENT, hours_ago=5)], False, id="the second time, too soon"
    ),
    pytest.param([request(How.TRANSIENT, hours_ago=9), request(How.TRANSIENT, hours_ago=6)], True, id="the second time"),
    pytest.param([request(How.TRANSIENT, hours_ago=hours) for hours in (99, 60, 23)], False, id="the third time, too soon"),
    pytest.param([request(How.TRANSIENT, hours_ago=hours) for hours in (199, 99, 60, 24)], True, id="once a day from then on"),
    pytest.param([request(How.QUOTA, hours_ago=11)], False, id="today"),
    pytest.param([request(How.QUOTA, hours_ago=13)], True, id="tomorrow"),
    pytest.param([request(How.QUOTA_ALL, hours_ago=13)], True, id="tomorrow, all"),
    *(
        pytest.param([request(outcome, hours_ago=9_999)], False, id=outcome.value)
        for outcome in (How.REQUESTED, How.ACCEPTED, How.UNKNOWN, How.PERMANENT, How.SAVED)
    ),
    pytest.param([request(How.TRANSIENT, code="not-sent")], True, id="it never went out"),
    pytest.param([request(How.TRANSIENT, code="keys-refused")], True, id="the keys were wrong"),
    pytest.param(
        [request(How.UNKNOWN, hours_ago=99), request(How.TRANSIENT, code="not-sent")], False, id="unknown, then not sent"
    ),
]


@pytest.mark.parametrize(("requests", "expected"), DUE)
def test_a_page_is_sent_again_only_after_what_passes(requests: list[SaveRequest], *, expected: bool) -> None:
    assert saving.is_due(requests, now=NOON) is expected


def test_the_most_cited_come_first_but_those_that_failed_come_last() -> None:
    failed = request(How.TRANSIENT, hours_ago=99)
    pages = [
        Savable(url="d", citations=9, requests=(failed,)),
        Savable(url="c", citations=1),
        Savable(url="b", citations=1),
        Savable(url="a", citations=5),
        Savable(url="-", citations=99, requests=(request(How.UNKNOWN, hours_ago=99),)),
    ]

    assert [page.url for page in saving.chosen(pages, now=NOON, most=9)] == ["a", "b", "c", "d"]
    assert [page.url for page in saving.chosen(pages, now=NOON, most=2)] == ["a", "b"]


LEFT = [
    pytest.param([], 3, id="nothing yet"),
    pytest.param([request(How.SAVED), request(How.TRANSIENT)], 1, id="two"),
    pytest.param([request(How.SAVED)] * 5, 0, id="more than the cap"),
    pytest.param([request(How.TRANSIENT, code="not-sent")] * 5, 3, id="what never went out"),
    pytest.param([request(How.QUOTA_ALL)], 0, id="all is spent"),
    pytest.param([request(How.QUOTA)], 2, id="one page is spent"),
]


@pytest.mark.parametrize(("today", "expected"), LEFT)
def test_a_day_has_a_cap(today: list[SaveRequest], expected: int) -> None:
    assert saving.left_today(today, most=3) == expected


def test_a_job_can_be_asked_about_for_an_hour_and_a_lost_request_never() -> None:
    young, old = request(How.ACCEPTED, hours_ago=0.9, job_id="j"), request(How.ACCEPTED, hours_ago=1, job_id="j")
    killed = request(hours_ago=0.1)

    given_up = [saving.given_up(each, now=NOON) for each in (young, old, killed)]

    assert [each and each.outcome for each in given_up] == [None, How.UNKNOWN, How.UNKNOWN]
