"""Answers of a wiki: what passes, what stays, and pages put together from several answers."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from audit.wiki import answers
from audit.wiki.answers import Again, Good, Merging, Reply, Stop, judged, titles, warnings

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def error(code: str, **more: str) -> bytes:
    return json.dumps({"error": {"code": code, "info": "some words", **more}}).encode()


PASSING = {
    "lag": (Reply(http_status=200, body=error("maxlag"), retry_after="5"), 5.0),
    "rate limit": (Reply(http_status=200, body=error("ratelimited")), None),
    "read-only": (Reply(http_status=200, body=error("readonly", readonlyreason="moving house")), None),
    "internal error": (Reply(http_status=500, body=error("internal_api_error_DBQueryError")), None),
    "timeout": (Reply(http_status=200, body=error("timeout")), None),
    "429 of an edge": (Reply(http_status=429, body=b"<html>slow down</html>", retry_after="30"), 30.0),
    "429 until a day": (Reply(http_status=429, retry_after="Fri, 01 May 2026 12:01:00 GMT"), 60.0),
    "500": (Reply(http_status=500, body=b"<html>"), None),
    "502": (Reply(http_status=502), None),
    "503 with JSON that is no error": (Reply(http_status=503, body=b"{}"), None),
    "504": (Reply(http_status=504), None),
    "network": (Reply(failure="timeout"), None),
}


@pytest.mark.parametrize(("reply", "wait_s"), PASSING.values(), ids=PASSING)
def test_what_passes_is_asked_again_after_what_the_server_says(reply: Reply, wait_s: float | None) -> None:
    answer = judged(reply, now=NOW)

    assert isinstance(answer, Again)
    assert answer.wait_s == wait_s


STAYING = {
    **{code: (Reply(http_status=200, body=error(code)), code, False) for code in answers.STAYING if code != "readapidenied"},
    "private wiki": (Reply(http_status=200, body=error("readapidenied")), "readapidenied", True),
    "unknown code": (Reply(http_status=200, body=error("somethingnew")), "somethingnew", False),
    "error without a code": (Reply(http_status=200, body=b'{"error": "broken"}'), "unknown", False),
    "User-Agent refused": (Reply(http_status=403, body=b"Please set a user-agent", content_type="text/plain"), "http-403", True),
    "moved": (Reply(http_status=301, location="https://new.example/w/api.php"), "redirect", True),
    "no API": (Reply(http_status=404, body=b"<html>", content_type="text/html"), "http-404", True),
    "a page instead": (Reply(http_status=200, body=b"<!DOCTYPE html>", content_type="text/html"), "http-200", True),
    "cut JSON": (Reply(http_status=200, body=b'{"query": {'), "http-200", True),
    "deep JSON": (Reply(http_status=200, body=b'{"a":' + b"[" * 100_000), "http-200", True),
    "private network": (Reply(failure="has a private address", passing=False), "network", True),
}


@pytest.mark.parametrize(("reply", "code", "all_over"), STAYING.values(), ids=STAYING)
def test_what_stays_is_never_asked_again(reply: Reply, code: str, all_over: bool) -> None:
    answer = judged(reply, now=NOW)

    assert isinstance(answer, Stop)
    assert (answer.code, answer.all_over) == (code, all_over)


def test_a_refused_user_agent_is_told_in_the_wikis_words_with_what_to_set() -> None:
    told = judged(Reply(http_status=403, body=b"Requests must name\na contact.", content_type="text/plain"), now=NOW)

    assert isinstance(told, Stop)
    assert "Requests must name a contact." in told.why
    assert "web.contact" in told.why


def test_a_page_is_whole_when_its_batch_is_complete() -> None:
    merging = Merging()
    early = merging.take(
        {"query": {"pages": [{"pageid": 1, "ns": 0, "title": "A"}, page(2, "B", 20, "text of B")]}, "continue": {}}
    )

    done = merging.take({"batchcomplete": True, "query": {"pages": [page(1, "A", 10, "text of A"), {"pageid": 2, "title": "B"}]}})

    assert early == []
    assert [(each.title, each.revision, each.text) for each in done] == [("A", 10, "text of A"), ("B", 20, "text of B")]


def page(page_id: int, title: str, revision: int, text: str) -> dict[str, object]:
    slot = {"contentmodel": "wikitext", "contentformat": "text/x-wiki", "content": text}
    return {"pageid": page_id, "ns": 0, "title": title, "revisions": [{"revid": revision, "slots": {"main": slot}}]}


FAULTS = {
    "missing": ({"ns": 0, "title": "A", "missing": True}, "no such page"),
    "invalid": ({"title": "A<B", "invalidreason": "The character < is bad", "invalid": True}, "The character < is bad"),
    "special": ({"ns": -1, "title": "Special:Version", "special": True}, "no such page"),
    "hidden": ({"pageid": 1, "title": "A", "revisions": [{"revid": 5, "slots": {"main": {"texthidden": True}}}]}, "hidden"),
    "other model": (
        {"pageid": 1, "title": "A", "revisions": [{"revid": 5, "slots": {"main": {"contentmodel": "json", "content": "{}"}}}]},
        "holds json",
    ),
}


@pytest.mark.parametrize(("told", "said"), FAULTS.values(), ids=FAULTS)
def test_a_page_without_readable_text_says_why(told: dict[str, object], said: str) -> None:
    (found,) = Merging().take({"batchcomplete": True, "query": {"pages": [told]}})

    assert found.fault is not None
    assert said in found.fault


def test_a_page_behind_two_redirects_knows_the_first() -> None:
    redirects = [{"from": "A", "to": "B"}, {"from": "B", "to": "C"}]

    (found,) = Merging().take({"batchcomplete": True, "query": {"redirects": redirects, "pages": [page(3, "C", 30, "x")]}})

    assert found.redirected_from == "A"


def test_a_title_of_another_wiki_and_a_deleted_revision_are_told() -> None:
    query = {"interwiki": [{"title": "fr:Terre", "iw": "fr"}], "badrevids": {"9": {"revid": 9, "missing": True}}}

    found = Merging().take({"batchcomplete": True, "query": query})

    assert ["another wiki" in (each.fault or "") or "no revision 9" in (each.fault or "") for each in found] == [True, True]


LISTS = {
    "lines": (
        "Earth\r\nMars_(planet)\r\n\r\n# a comment\r\n* [[Venus|the star]]\r\nEarth\r\n",
        ["Earth", "Mars (planet)", "Venus"],
    ),
    "byte order mark": ("\ufeffEarth\nMars", ["Earth", "Mars"]),
    "PagePile": ('{"id":1,"wiki":"enwiki","pages":["Earth","Talk:New_York"],"pages_total":2}', ["Earth", "Talk:New York"]),
    "PetScan": (
        '{"a":{"query":"https://petscan.example/?psid=1"},"n":"result","*":[{"n":"combination","a":{"type":"subset","*":'
        '[{"id":1,"len":9,"n":"page","namespace":0,"nstext":"","title":"New_York"},'
        '{"id":2,"namespace":1,"nstext":"Talk","title":"Earth"}]}}]}',
        ["New York", "Talk:Earth"],
    ),
    "PetScan, quick intersection": (
        '{"namespaces":{"0":""},"pages":[{"page_id":1,"page_namespace":0,"page_title":"New_York"}],"status":"OK"}',
        ["New York"],
    ),
    "a JSON list": ('["Earth", "Mars"]', ["Earth", "Mars"]),
    "no JSON after all": ("{{PAGENAME}}\nEarth", ["{{PAGENAME}}", "Earth"]),
}


@pytest.mark.parametrize(("text", "found"), LISTS.values(), ids=LISTS)
def test_a_list_of_titles_is_read_in_every_form(text: str, found: list[str]) -> None:
    assert titles(text) == found


KEYS = st.sampled_from(["pages", "*", "a", "title", "nstext", "page_title"])


@given(
    st.recursive(st.none() | st.integers() | st.text(max_size=9), lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner))
)
def test_no_list_raises(told: object) -> None:
    assert isinstance(titles(json.dumps(told)), list)


def test_warnings_are_taken_out_of_both_formats() -> None:
    told = {"warnings": {"main": {"warnings": "Unrecognized parameter: x.\nSecond."}, "query": {"*": "Old form"}}}

    assert list(warnings(told)) == [("main", "Unrecognized parameter: x."), ("main", "Second."), ("query", "Old form")]


def test_a_good_answer_is_handed_on() -> None:
    assert judged(Reply(http_status=200, body=b' {"query": {}}'), now=NOW) == Good(told={"query": {}})
