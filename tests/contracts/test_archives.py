"""What every archive promises: it never raises for the world's faults, and it says no only with two witnesses."""

import gzip
import importlib
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import given, settings as effort, strategies as st
from yarl import URL as YARL

from audit import captures, guard
from audit.archives import archive as kinds, bodies
from audit.archives.replies import Reply
from audit.archives.wayback import Wayback
from audit.errors import ConfigError
from audit.model import Archived, CaptureSearch, LinkState, SearchFailure, Wanted
from audit.settings import ArchiveSettings
from tests.contracts.desk import NOW, ScriptedTurn, reply, run_pass, settings

URL = "http://special.test/never"
MEMENTO = {"memento_datetime": "Thu, 15 Jan 2015 12:00:00 GMT"}
LINE = b"test,special)/never 20150115120000 http://special.test/never text/html 200 " + b"A" * 32 + b" 100\n"
PLACE = "https://web.archive.org/web/20150115120000id_/http://special.test/never"

STATUSES = st.sampled_from(
    [200, 200, 200, 201, 204, 206, 301, 302, 307, 400, 401, 403, 404, 404, 404, 410, 418, 429, 451, 500, 502, 503, 504, 520]
)
BODIES = st.sampled_from(
    [
        b"",
        b"",
        b"\n",
        b"\xef\xbb\xbf",
        b"\x1f\x8b\x08\x00",
        b"<html><body>offline</body></html>",
        b"<!DOCTYPE html><p>AdministrativeAccessControlException",
        LINE,
        LINE + LINE,
        LINE[:30],
        b"[]",
        b"{}",
        b"Request Limit Exceeded",
        LINE.replace(b"http://special.test/never", b"mailto:a@special.test"),
    ]
) | st.binary(max_size=60)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "content-type": st.sampled_from(["text/html", "text/plain", "application/json", ""]),
        "memento-datetime": st.sampled_from(["Thu, 15 Jan 2015 12:00:00 GMT", "yesterday", ""]),
        "retry-after": st.sampled_from(["5", "soon", "Mon, 01 Jun 2099 12:00:00 GMT"]),
        "location": st.sampled_from([PLACE, "/login", "http://portal.test/?to=http://special.test/never", "", "//", "http://["]),
        "x-archive-wayback-runtime-error": st.sampled_from(
            ["AdministrativeAccessControlException: blocked", "ResourceNotAvailable"]
        ),
    },
)
REPLIES = st.builds(
    Reply,
    address=st.just(""),
    asked_at=st.just(NOW),
    http_status=STATUSES,
    headers=HEADERS,
    body=BODIES,
    cut=st.sampled_from([False, False, False, True]),
    undecodable=st.sampled_from([False, False, False, True]),
) | st.sampled_from(
    [
        Reply(address="", asked_at=NOW, failure=failure, detail="fault")
        for failure in (SearchFailure.NETWORK, SearchFailure.UNAVAILABLE, SearchFailure.BAD_RESPONSE, SearchFailure.RATE_LIMITED)
    ]
)


def wayback() -> Wayback:
    return Wayback(ArchiveSettings(name="wayback", kind="wayback", base_url="https://web.archive.org"))


async def asked(playback: list[Reply], index: list[Reply]) -> tuple[CaptureSearch, ...]:
    turn = ScriptedTurn({"playback": playback, "index": index})
    return await wayback().search(URL, near=(NOW,), turn=turn)


def absent(answer: Reply) -> bool:
    return answer.http_status in {404, 410} and "memento-datetime" not in answer.headers


def empty(answer: Reply) -> bool:
    html = answer.headers.get("content-type") == "text/html"
    return answer.http_status == 200 and not answer.body.strip() and not html and not answer.cut and not answer.undecodable


@effort(max_examples=10_000 if os.environ.get("CI") == "true" else 1_500, deadline=None)
@given(st.lists(REPLIES, min_size=1, max_size=3), st.lists(REPLIES, min_size=1, max_size=2))
async def test_no_comes_only_after_a_timegate_404_and_an_empty_index(playback: list[Reply], index: list[Reply]) -> None:
    searches = await asked(playback, index)

    if captures.archived(searches, now=NOW) is Archived.NO:
        assert any(absent(answer) for answer in playback)
        assert empty(index[0])
    assert all(search.failure or search.captures or set(search.witnesses) == captures.ABSENT_WITNESSES for search in searches)


@effort(max_examples=1_000, deadline=None)
@given(st.lists(REPLIES, min_size=1, max_size=6))
async def test_opening_a_memento_never_raises_and_always_ends(playback: list[Reply]) -> None:
    turn = ScriptedTurn({"playback": playback})

    shown = await wayback().play(PLACE, url=URL, turn=turn)

    assert shown is not None
    assert len(turn.asked) <= 7


async def test_two_witnesses_make_a_no() -> None:
    searches = await asked([reply(404)], [reply(200)])

    assert captures.archived(searches, now=NOW) is Archived.NO


async def test_an_index_that_lists_only_errors_is_a_yes_without_a_usable_capture() -> None:
    searches = await asked([reply(404)], [reply(200, LINE.replace(b" 200 ", b" 503 "))])

    assert captures.archived(searches, now=NOW) is Archived.YES
    assert captures.best(searches, near=NOW, cited_url=URL) is None


async def test_a_redirect_that_leaves_the_archive_is_no_witness() -> None:
    searches = await asked([reply(302, location="http://portal.test/web/20150115120000id_/" + URL)], [reply(200)])

    assert [search.failure for search in searches] == [SearchFailure.BAD_RESPONSE]


async def test_a_redirect_to_a_capture_of_another_address_is_no_witness() -> None:
    searches = await asked(
        [reply(302, location="https://web.archive.org/web/20150115120000id_/http://other.test/")], [reply(200)]
    )

    assert [search.failure for search in searches] == [SearchFailure.BAD_RESPONSE]


async def test_a_redirect_to_the_moment_that_was_asked_is_no_witness() -> None:
    place = f"https://web.archive.org/web/{NOW:%Y%m%d%H%M%S}id_/{URL}"

    searches = await asked([reply(302, location=place)], [reply(200)])

    assert [search.failure for search in searches] == [SearchFailure.BAD_RESPONSE]


@pytest.mark.parametrize("location", [PLACE, PLACE.replace("https:", "http:"), PLACE.removeprefix("https://web.archive.org")])
async def test_the_nearest_capture_is_named_by_location(location: str) -> None:
    (search,) = await asked([reply(302, location=location)], [reply(200)])

    (capture,) = search.captures
    assert capture.memento_url == "https://web.archive.org/web/20150115120000/http://special.test/never"
    assert capture.http_status is None


async def test_an_absence_confirmed_long_ago_is_confirmed_again() -> None:
    old = CaptureSearch(archive="wayback", url=URL, asked_at=NOW - timedelta(days=91), witnesses=("timegate-404", "index-empty"))

    assert captures.absent_since([old], archive="wayback", now=NOW) is None


async def test_a_star_in_an_address_is_no_wildcard() -> None:
    turn = ScriptedTurn({"playback": [reply(404)], "index": [reply(200)]})

    await wayback().search("http://special.test/a*?b=*", near=(NOW,), turn=turn)

    assert all("*" not in address for _, address in turn.asked)
    assert "url=http%3A%2F%2Fspecial.test%2Fa%252A%3Fb%3D%252A" in turn.asked[-1][1]


def test_an_unknown_kind_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="use one of wayback, memento, cdx, local"):
        kinds.made(ArchiveSettings(name="x", kind="gopher"))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["memento", "cdx"])
def test_a_kind_without_an_address_to_ask_is_a_configuration_error(kind: str) -> None:
    with pytest.raises(ConfigError, match=f"'x' of kind {kind} needs"):
        kinds.made(ArchiveSettings(name="x", kind=kind))  # type: ignore[arg-type]


CONFIGURED = {
    "wayback": ArchiveSettings(name="a", kind="wayback"),
    "timegate": ArchiveSettings(name="a", kind="memento", timegate="https://web.archive.org/web/{url}"),
    "timemap": ArchiveSettings(name="a", kind="memento", timemap="https://web.archive.org/web/timemap/link/{url}"),
    "cdx of the Internet Archive": ArchiveSettings(name="a", kind="cdx", endpoint="https://web.archive.org/cdx/search/cdx"),
    "cdx of pywb": ArchiveSettings(name="a", kind="cdx", endpoint="http://127.0.0.1/coll/cdx", dialect="pywb"),
    "local": ArchiveSettings(name="a", kind="local"),
}


@pytest.mark.parametrize("configured", CONFIGURED.values(), ids=CONFIGURED)
@effort(max_examples=300, deadline=None)
@given(answers=st.lists(REPLIES, min_size=1, max_size=3))
async def test_no_archive_raises_for_what_the_world_answers_nor_says_no_for_one_witness(
    configured: ArchiveSettings, answers: list[Reply]
) -> None:
    archive = kinds.made(configured)
    turn = ScriptedTurn(dict.fromkeys(("playback", "index", "any"), answers))

    searches = await archive.search(URL, near=(NOW,), turn=turn)
    index = await archive.index(URL, near=NOW, turn=turn)
    shown = await archive.play(PLACE, url=URL, turn=turn)

    assert all(search.archive == "a" and search.url == URL for search in searches)
    assert shown is None or shown.url == URL
    assert index is None or index.archive == "a"
    if configured.kind != "wayback":
        assert captures.archived(searches, now=NOW) is not Archived.NO


@pytest.mark.parametrize("configured", CONFIGURED.values(), ids=CONFIGURED)
async def test_an_address_of_another_archive_is_not_played(configured: ArchiveSettings) -> None:
    turn = ScriptedTurn({})

    assert await kinds.made(configured).play("https://arquivo.pt/wayback/20150115120000/" + URL, url=URL, turn=turn) is None
    assert turn.asked == []


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_every_kind_is_made_of_a_real_place(kind: str) -> None:
    module, _, name = kinds.KINDS[kind].partition(":")

    assert hasattr(importlib.import_module(module), name)


def test_the_pass_is_loaded_without_waybackpy() -> None:
    program = "import sys, audit.archives.asking, audit.captures; sys.exit('waybackpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@given(
    st.binary(max_size=400), st.lists(st.sampled_from(["gzip", "br", "deflate", "", "zstd", "br, gzip", "nonsense"]), max_size=3)
)
def test_no_body_makes_the_decoder_raise(raw: bytes, encodings: list[str]) -> None:
    content = bodies.content(raw, encodings=encodings)

    assert content.body == raw or not content.undecodable


def test_a_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(bytes(40_000_000))

    content = bodies.content(bomb)

    assert len(content.body) == bodies.MOST_OUTPUT_BYTES
    assert content.cut


# ---- what may be told to whom

PRIVATE = {
    "intranet name": ("http://wiki/minutes", "private-name"),
    "name of a home": ("http://printer.local/", "private-name"),
    "name of a cloud": ("http://db.internal/a", "private-name"),
    "private address": ("http://192.168.1.7/a", "private-address"),
    "loopback": ("http://127.0.0.1/a", "private-address"),
    "private IPv6": ("http://[fd00::1]/a", "private-address"),
    "password": ("https://ann:5ecret@news.example/a", "credentials"),
    "user alone": ("https://ann@news.example/a", "credentials"),
    "token": ("https://news.example/a?page=2&access_token=5ecret", "credentials"),
    "signed for a bucket": ("https://files.example/a.pdf?X-Amz-Signature=5ecret", "credentials"),
}


@pytest.mark.parametrize(("url", "why"), PRIVATE.values(), ids=PRIVATE.keys())
async def test_a_private_address_is_never_named_to_a_public_archive(url: str, why: str) -> None:
    nobody = settings("http://archive.example")

    searches, playbacks = await run_pass([Wanted(url=url, near=(NOW,), state=LinkState.DEAD)], nobody)

    assert [(each.failure, each.detail) for each in searches] == [(SearchFailure.PRIVATE, f"not asked: {why}")]
    assert captures.archived(searches, now=NOW) is Archived.UNKNOWN
    assert playbacks == []


def test_a_private_address_is_looked_at_again_after_a_quarter() -> None:
    search = CaptureSearch(archive="wayback", url=URL, asked_at=NOW, failure=SearchFailure.PRIVATE)

    assert captures.fresh_until([search]) == NOW + timedelta(days=90)


async def test_an_archive_of_our_own_network_is_asked_for_private_addresses() -> None:
    searches, _ = await run_pass([Wanted(url="http://wiki/minutes", near=(NOW,))], settings("http://127.0.0.1:9"))

    assert [each.failure for each in searches] == [SearchFailure.NETWORK]


@pytest.mark.parametrize("query", ["tokens=5", "page=2", "token=", "q=password", "PHPSESSID=7"])
def test_an_ordinary_query_is_no_secret(query: str) -> None:
    assert guard.untold(YARL(f"https://news.example/a?{query}")) is None
