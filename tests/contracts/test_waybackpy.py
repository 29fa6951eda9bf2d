"""What we rely on in waybackpy 3.0.6, held against the unmodified package over its own network path.

When a test of its faults fails after an upgrade, the package got better: read the docstring of `audit/archives/wayback.py` and
decide anew.
"""

import asyncio
import inspect
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import waybackpy
from waybackpy import WaybackMachineCDXServerAPI, cdx_utils
from waybackpy.cdx_snapshot import CDXSnapshot
from waybackpy.exceptions import WaybackError
from yarl import URL

from audit.archives.replies import Reply
from audit.archives.wayback import CdxQuery, index_lines
from tests.real import front as fronts, pywb, tunnel, warc
from tests.real.front import Fault, Front

pytestmark = [
    pytest.mark.real,
    # its HTTP client opens a session per call and leaves the socket to the garbage collector
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

STORY = warc.story_url(warc.HOSTS[3], 7)


@pytest.fixture(scope="module")
def archive() -> Iterator[Front]:
    with pywb.running() as upstream, fronts.serving(upstream) as front:
        yield front


@pytest.fixture
def front(archive: Front) -> Front:
    archive.forget()
    return archive


def theirs(front: Front, url: str, **arguments: object) -> WaybackMachineCDXServerAPI:
    query = WaybackMachineCDXServerAPI(url, **arguments)  # type: ignore[arg-type]
    query.endpoint = f"{front.url}/cdx/search/cdx"
    return query


def ours(front: Front, url: str, *, limit: int = 25_000, **arguments: Any) -> list[str]:
    """The records of the same query by our path: their codec, our transport."""
    query = CdxQuery(url, endpoint=f"{front.url}/cdx/search/cdx", limit=limit, **arguments)
    return [
        " ".join(map(str, (line.urlkey, line.timestamp, line.original))) for line in index_lines(asyncio.run(ask(query)), query)
    ]


async def ask(query: CdxQuery) -> Reply:
    async with aiohttp.ClientSession() as session, session.get(URL(query.address(), encoded=True)) as response:
        return Reply(
            address=query.address(),
            asked_at=datetime.now(UTC),
            http_status=response.status,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=await response.read(),
        )


def keys(snapshots: Iterator[CDXSnapshot]) -> list[str]:
    return [f"{each.urlkey} {each.timestamp} {each.original}" for each in snapshots]


@pytest.mark.parametrize(
    ("url", "arguments"),
    [
        pytest.param(STORY, {}, id="exact"),
        pytest.param(STORY, {"filters": ["statuscode:2.."]}, id="filter"),
        pytest.param(f"{warc.SPECIAL}/later-404", {"filters": ["!statuscode:[345].."]}, id="negated filter"),
        pytest.param(f"{warc.SPECIAL}/revisited", {"match_type": "exact"}, id="revisits have no status"),
        pytest.param(warc.HOSTS[0], {"match_type": "host", "collapses": ["timestamp:4"]}, id="collapse"),
        pytest.param(STORY, {"sort": "closest", "closest": "20160101"}, id="nearest first"),
        pytest.param(STORY, {"start_timestamp": "2011", "end_timestamp": "2016"}, id="between two years"),
        pytest.param(f"{warc.SPECIAL}/query?a=1&b=2", {"match_type": "exact"}, id="a query in two orders"),
        pytest.param(f"{warc.SPECIAL}/caf%C3%A9", {"match_type": "exact"}, id="escapes are not encoded twice"),
        pytest.param(f"{warc.SPECIAL}/never", {}, id="nothing"),
    ],
)
def test_its_own_network_path_finds_record_for_record_what_ours_finds(front: Front, url: str, arguments: dict[str, Any]) -> None:
    expected = keys(theirs(front, url, **arguments).snapshots())

    assert ours(front, url, **arguments) == expected


def test_the_fixture_answers_at_all(front: Front) -> None:
    assert len(ours(front, STORY)) == 3


def test_it_pages_by_resume_key_where_we_ask_once(front: Front) -> None:
    paged = keys(theirs(front, warc.HOSTS[1], match_type="host", limit="7").snapshots())

    assert paged == ours(front, warc.HOSTS[1], match_type="host")
    held = len(warc.DATES) * warc.STORIES_PER_HOST + warc.ONCE_PER_HOST
    assert front.count("/cdx/") == 1 + -(-held // 7)


def test_near_asks_for_the_one_nearest_capture(front: Front) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nearest = theirs(front, STORY).near(year=2016, month=1, day=1, hour=0, minute=0)

    assert nearest.timestamp == ours(front, STORY, limit=1, sort="closest", closest="201601010000")[0].split()[1]


def test_with_its_wired_in_address_it_finds_the_same(front: Front, tmp_path: Path) -> None:
    program = f"from waybackpy import WaybackMachineCDXServerAPI as A\nfor each in A({STORY!r}).snapshots(): print(each)"

    with tunnel.opened(front.url, host="web.archive.org", folder=tmp_path) as environment:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.returncode == 0, done.stderr
    assert [" ".join(line.split()[:3]) for line in done.stdout.splitlines()] == ours(front, STORY)


def test_the_version_is_the_one_that_was_read() -> None:
    assert waybackpy.__version__ == "3.0.6"


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        pytest.param(WaybackMachineCDXServerAPI.add_payload, ["self", "payload"], id="add_payload"),
        pytest.param(WaybackMachineCDXServerAPI.cdx_api_manager, ["self", "payload", "headers"], id="cdx_api_manager"),
        pytest.param(WaybackMachineCDXServerAPI.snapshots, ["self"], id="snapshots"),
        pytest.param(cdx_utils.full_url, ["endpoint", "params"], id="full_url"),
    ],
)
def test_the_seams_exist_with_the_signatures_we_rely_on(function: object, parameters: list[str]) -> None:
    assert callable(function)
    assert list(inspect.signature(function).parameters) == parameters


def test_a_wildcard_with_a_match_type_is_refused_by_it() -> None:
    with pytest.raises(WaybackError):
        WaybackMachineCDXServerAPI("http://example.org/*", match_type="exact")


def test_a_snapshot_has_the_seven_fields_as_text() -> None:
    query = CdxQuery("http://example.org/a", endpoint="http://127.0.0.1/", limit=1)

    (snapshot,) = query.parse("org,example)/a 20160115120000 http://example.org/a text/html 200 " + "A" * 32 + " 4312")

    fields = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
    assert all(isinstance(getattr(snapshot, name), str) for name in fields)


# ---- its known faults: why the transport is ours


def test_a_refusal_reads_as_never_archived(front: Front) -> None:
    front.fail("/cdx/", Fault(http_status=429, body=b"slow down"))

    assert keys(theirs(front, STORY).snapshots()) == []


def test_an_error_page_with_200_is_an_error_about_properties(front: Front) -> None:
    front.fail(
        "/cdx/", Fault(body=b"<html><body>The index of the archive is offline for maintenance today, we are sorry</body></html>")
    )

    with pytest.raises(WaybackError, match="properties"):
        keys(theirs(front, STORY).snapshots())


def test_a_silent_server_blocks_it_for_ever(front: Front) -> None:
    front.fail("/cdx/", Fault(kind="hang"))

    def wait() -> None:
        with suppress(Exception):
            keys(theirs(front, STORY).snapshots())

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    waiting.join(1.0)

    assert waiting.is_alive()


def test_month_zero_raises_outside_its_own_error_tree(front: Front) -> None:
    front.fail("/cdx/", Fault(body=b"org,example)/ 20000012081530 http://example.org/ text/html 200 " + b"A" * 32 + b" 100\n"))

    with pytest.raises(ValueError, match="does not match format"):
        keys(theirs(front, "http://example.org/").snapshots())


def test_a_limit_is_a_page_size_not_a_limit(front: Front) -> None:
    assert len(keys(theirs(front, STORY, limit="2").snapshots())) == 3
