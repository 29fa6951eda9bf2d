"""Capture indexes as files: every format, every packing, and lines that are none."""

import gzip
import io
import json
import re
import zipfile

import pytest
from hypothesis import given, strategies as st

from audit import cdxfiles, urls
from audit.cdxfiles import BadLine, IndexLine, OtherLine

DIGEST = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
ORIGINAL = "http://www.Example.org/A?b=2&a=1"
KEY = "org,example)/a?a=1&b=2"
STAMP = "20160115120000"
CAPTURE = IndexLine(
    urlkey=KEY, timestamp=STAMP, original=ORIGINAL, mimetype="text/html", http_status=200, digest=DIGEST, length=4312
)
NAMED = {"url": ORIGINAL, "mime": "text/html", "status": "200", "digest": DIGEST, "length": "4312"}
ELEVEN = f" CDX N b a m s k r M S V g\n{KEY} {STAMP} {ORIGINAL} text/html 200 {DIGEST} - - 4312 99 a.warc.gz\n"
NINE = f" CDX N b a m s k r V g\n{KEY} {STAMP} {ORIGINAL} text/html 200 {DIGEST} - 99 a.warc.gz\n"
SEVEN = f"{KEY} {STAMP} {ORIGINAL} text/html 200 {DIGEST} 4312\n"
CDXJ = f"{KEY} {STAMP} {json.dumps(NAMED)}\n"
API = [
    ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"],
    [KEY, STAMP, ORIGINAL, "text/html", "200", DIGEST, "4312"],
]

FORMATS = {
    "eleven columns": ELEVEN,
    "eleven columns without a header": ELEVEN.partition("\n")[2],
    "columns in another order": f" CDX b N s a k m S\n{STAMP} {KEY} 200 {ORIGINAL} {DIGEST} text/html 4312\n",
    "seven fields of an API": SEVEN,
    "the twelve columns of pywb": f"{SEVEN.strip()} 99 a.warc.gz web/index.cdxj web allow\n",
    "seven fields with a resume key": f"{SEVEN}\norg%2Cexample%29%2Fa+20160115120001\n",
    "CDXJ": CDXJ,
    "CDXJ with lines about the file": f'!meta 0 {{"format": "cdxj"}}\n@context ["x"]\n{CDXJ}',
    "CDXJ with numbers and the name of the digest": f"{KEY} {STAMP} "
    + json.dumps(NAMED | {"status": 200, "length": 4312, "digest": f"sha1:{DIGEST}", "offset": 5}),
    "CDXJ with the names of the API": f"{KEY} {STAMP} "
    + json.dumps({"original": ORIGINAL, "mimetype": "text/html", "statuscode": "200", "digest": DIGEST, "length": "4312"}),
    "one JSON object per line": json.dumps({"urlkey": KEY, "timestamp": STAMP, **NAMED}) + "\n",
    "API JSON, one row per line": "[" + ",\n".join(json.dumps(row) for row in API) + "]\n",
    "API JSON in one line": json.dumps(API, separators=(",", ":")),
    "API JSON with space around": " \n[ " + " , ".join(json.dumps(row) for row in API) + " ] \n",
    "a list of JSON objects": json.dumps([{"urlkey": KEY, "timestamp": STAMP, **NAMED}]),
    "tabs between the columns": SEVEN.replace(" ", "\t"),
    "no end of line": SEVEN.strip(),
    "ends of line of Windows": ELEVEN.replace("\n", "\r\n"),
    "a byte order mark": f"\ufeff{ELEVEN}",
    "another file glued to it": f" CDX a b\n\n{ELEVEN}",
}


def rows(content: bytes | str) -> list[cdxfiles.Row]:
    return list(cdxfiles.read(io.BytesIO(content.encode() if isinstance(content, str) else content)))


@pytest.mark.parametrize("content", FORMATS.values(), ids=FORMATS)
def test_every_format_is_recognised_by_its_content(content: str) -> None:
    assert rows(content) == [CAPTURE]


def test_nine_columns_tell_no_length() -> None:
    (row,) = rows(NINE)

    assert isinstance(row, IndexLine)
    assert (row.urlkey, row.digest, row.length) == (KEY, DIGEST, None)
    assert rows(NINE.partition("\n")[2]) == [row]


@pytest.mark.parametrize("content", FORMATS.values(), ids=FORMATS)
def test_a_packed_index_reads_as_the_plain_one(content: str) -> None:
    half = len(content.encode()) // 2
    members = gzip.compress(content.encode()[:half]) + gzip.compress(content.encode()[half:])

    assert rows(gzip.compress(content.encode())) == [CAPTURE]
    assert rows(members) == [CAPTURE]


def wacz(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return packed.getvalue()


def test_the_indexes_of_a_wacz_are_read_and_nothing_else_of_it() -> None:
    content = wacz(
        datapackage_json=b"{}",
        pages__pages_jsonl=b'{"format": "json-pages-1.0"}\n',
        indexes__index_cdx=ELEVEN.encode(),
        indexes__index_cdx_gz=gzip.compress(CDXJ.encode()),
        indexes__index_idx=b"org,example)/ 20160115\tindex.cdx.gz\t0\t99\t1\n",
    )

    assert rows(content) == [CAPTURE, CAPTURE]


def test_an_array_of_many_pieces_is_read_whole() -> None:
    many = [[KEY, STAMP, f"http://example.org/{'x' * 300}/{number}", "text/html", "200", DIGEST, "1"] for number in range(5_000)]

    found = rows(json.dumps([API[0], *many]))

    assert len(found) == 5_000
    assert all(isinstance(row, IndexLine) for row in found)


def test_unknown_values_are_none() -> None:
    (row,) = rows(f"{KEY} {STAMP} {ORIGINAL} warc/revisit - - -\n")

    assert isinstance(row, IndexLine)
    assert (row.mimetype, row.http_status, row.digest, row.length) == ("warc/revisit", None, None, None)


KEYS = {
    "an address without a scheme": "example.org/a?a=1&b=2",
    "a key of Heritrix": "http://(org,example,)/a?b=2&a=1",
    "an address with a bracket": "example.org/a_(b)/",
    "nothing": "-",
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_key_that_is_no_surt_is_replaced_by_ours(key: str) -> None:
    (row,) = rows(f"{key} {STAMP} {ORIGINAL} text/html 200 {DIGEST} 1\n")

    assert isinstance(row, IndexLine)
    assert row.urlkey == urls.urlkey(ORIGINAL)


def test_the_key_of_the_file_is_kept_where_it_differs_from_ours() -> None:
    (row,) = rows(f"org,example)/a?phpsessid=1 {STAMP} http://example.org/a?PHPSESSID=1 text/html 200 {DIGEST} 1\n")

    assert isinstance(row, IndexLine)
    assert row.urlkey == "org,example)/a?phpsessid=1"


def test_a_file_without_keys_gets_ours() -> None:
    (row,) = rows(f" CDX b a s\n{STAMP} {ORIGINAL} 200\n")

    assert isinstance(row, IndexLine)
    assert row.urlkey == KEY


BAD = {
    "a revisit in the columns of pywb, which has one less": (
        f"{KEY} {STAMP} {ORIGINAL} warc/revisit {DIGEST} 387 634442 a.warc.gz web/index.cdxj web allow\n",
        "no HTTP status",
    ),
    "no index at all": ("my shopping list\n", "3 columns"),
    "fewer columns than the header names": (ELEVEN.replace(" a.warc.gz", ""), "10 columns, where the header names 11"),
    "no date": (SEVEN.replace(STAMP, "20161315120000"), "no time of a capture"),
    "half a date": (SEVEN.replace(STAMP, "2016"), "no time of a capture"),
    "a status that is none": (SEVEN.replace(" 200 ", " ok "), "no HTTP status"),
    "a length that is none": (SEVEN.replace("4312", "long"), "no length"),
    "broken JSON": (CDXJ.replace('"}', ""), "no JSON"),
    "an array that breaks off": (json.dumps(API)[:-30], "7 columns|no capture|columns"),
    "CDXJ without an address": (f'{KEY} {STAMP} {{"mime": "text/html"}}', "no address"),
    "JSON without a time": (json.dumps(NAMED), "no time"),
    "a gzip that breaks off": (gzip.compress(SEVEN.encode() * 500)[:-20], "breaks off"),
    "a ZIP that breaks off": (wacz(indexes__index_cdx=SEVEN.encode())[:-30], "cannot be read"),
}


@pytest.mark.parametrize(("content", "why"), BAD.values(), ids=BAD)
def test_a_line_that_is_none_is_told_with_its_reason(content: str | bytes, why: str) -> None:
    bad = [row for row in rows(content) if isinstance(row, BadLine)]

    assert len(bad) == 1
    assert re.search(why, bad[0].why)


def test_bad_lines_stop_nothing_and_are_known_by_number() -> None:
    found = rows(f"{SEVEN}rubbish\n{SEVEN}")

    assert found[0] == found[2] == CAPTURE
    assert found[1] == BadLine(number=2, text="rubbish", why="1 columns")


def test_records_of_other_things_than_web_pages_are_no_bad_lines() -> None:
    assert rows(f"dns:example.org {STAMP} dns:example.org text/dns - {DIGEST} 1\n") == [OtherLine(number=1)]


def test_a_month_that_an_old_crawl_wrote_as_00_is_kept_as_written() -> None:
    (row,) = rows(SEVEN.replace(STAMP, "20000012081530"))

    assert isinstance(row, IndexLine)
    assert row.timestamp == "20000012081530"


PIECES = st.sampled_from(
    [*(form.encode() for form in FORMATS.values()), b"\x1f\x8b", b"PK\x03\x04", b"[", b"]", b"{", b"\0", b"\n", b" ", b"\xff\xfe"]
)


@given(st.lists(PIECES | st.binary(max_size=40), max_size=6))
def test_no_noise_makes_the_reader_raise(pieces: list[bytes]) -> None:
    for row in rows(b"".join(pieces)):
        assert isinstance(row, IndexLine | OtherLine | BadLine)
