"""Capture indexes as files: CDX, the seven fields of an API, CDXJ, JSON; plain, gzipped, or inside a WACZ. Pure on bytes.

No name or ending is believed: what a line is, it says itself, so files that were glued together are read as well.
"""

import codecs
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from gzip import GzipFile
from typing import IO, Any, cast

from audit import memento, urls

MOST_LINE_BYTES = 262_144
"""A longer line is no line of an index: it is read in pieces, and none of them is one."""

PIECE_BYTES = 1_048_576
SHOWN = 80
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
BOM = "\ufeff"
INDEXES, SECONDARY = "indexes/", ".idx"
"""Where a WACZ keeps its indexes; a secondary index holds places in a primary one, no captures."""

HEADER = re.compile(r"\s?CDX((?: [A-Za-z])+)\s*")
META = ("!", "@", "#")
"""How lines about a CDXJ file begin."""

SURT = re.compile(r"[^/?()\s]+\)(?:/|$)")
"""Keys of older indexes are canonical addresses instead, and those of Heritrix have a scheme: ours is put in their place."""

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
LETTERS = dict(zip("NbamskS", FIELDS, strict=True))
OTHER_NAMES = {"url": "original", "mime": "mimetype", "status": "statuscode"}
"""Names of pywb and of CDXJ -> those of the Internet Archive."""

LAYOUTS = {
    7: tuple(LETTERS.values()),
    9: tuple(LETTERS.get(letter) for letter in "NbamskrVg"),
    10: tuple(LETTERS.get(letter) for letter in "NbamskrMVg"),
    11: tuple(LETTERS.get(letter) for letter in "NbamskrMSVg"),
    12: (*LETTERS.values(), *(None,) * 5),
}
"""Number of columns -> what they are, where no header says it: pieces of large indexes have none. Twelve are pywb's,
which leaves out what it does not know: such lines are bad, for nobody can tell what is missing."""

CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d[0-5]\d", re.ASCII)

WEB = ("http://", "https://", "ftp://")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLine:
    """One capture of an index. `timestamp` is as written: mementos are addressed by it."""

    urlkey: str
    timestamp: str
    original: str
    mimetype: str | None = None
    http_status: int | None = None
    digest: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLine:
    """A record of something that is no web page: `dns:`, `mailto:`, the archive's own notes."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that is none of an index. `part` is the file inside a WACZ."""

    number: int
    text: str
    why: str
    part: str | None = None


Row = IndexLine | OtherLine | BadLine


class _UnfitError(ValueError):
    """Why a line is none of an index."""


class _OtherError(ValueError):
    """The line is about something else than a web page."""


def read(stream: IO[bytes]) -> Iterator[Row]:
    r"""The rows of a file, whatever its format, one after the other.

    >>> line = b'org,example)/ 20160115120000 {"url": "http://example.org/", "status": "200"}\n'
    >>> [(row.timestamp, row.original, row.http_status) for row in read(io.BytesIO(line))]
    [('20160115120000', 'http://example.org/', 200)]
    """
    buffered = _buffered(stream)
    if buffered.peek(len(ZIP))[: len(ZIP)] == ZIP:
        yield from _inside(stream)
    else:
        yield from _unpacked(buffered, part=None)


def _buffered(stream: IO[bytes]) -> io.BufferedReader:
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", stream), PIECE_BYTES)


def _inside(stream: IO[bytes]) -> Iterator[Row]:
    """The indexes of a WACZ, which is a ZIP archive."""
    try:
        with zipfile.ZipFile(stream) as wacz:
            for name in wacz.namelist():
                if name.startswith(INDEXES) and not name.endswith(("/", SECONDARY)):
                    with wacz.open(name) as member:
                        yield from _unpacked(_buffered(member), part=name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as fault:
        yield BadLine(number=0, text="", why=f"a ZIP archive that cannot be read: {fault}")


def _unpacked(stream: io.BufferedReader, *, part: str | None) -> Iterator[Row]:
    packed = stream.peek(len(GZIP))[: len(GZIP)] == GZIP
    plain = _buffered(cast("IO[bytes]", GzipFile(fileobj=stream))) if packed else stream
    number = 0
    try:
        for number, row in enumerate(_rows(plain, part=part), 1):  # noqa: B007 - told when the data breaks off
            yield row
    except (EOFError, OSError, zlib.error, zipfile.BadZipFile) as fault:
        yield BadLine(number=number + 1, text="", why=f"the data breaks off here: {fault}", part=part)


def _rows(stream: io.BufferedReader, *, part: str | None) -> Iterator[Row]:
    listed = stream.peek(1).lstrip()[:1] == b"["
    entries = enumerate(_values(stream), 1) if listed else _entries(stream)
    layout: Sequence[str | None] | None = None
    for number, entry in entries:
        try:
            named = _header(entry)
            if named:
                layout = named
            elif entry:
                yield _line(entry, layout)
        except _OtherError:
            yield OtherLine(number=number)
        except _UnfitError as fault:
            yield BadLine(number=number, text=_shown(entry), why=str(fault), part=part)


def _shown(entry: Any) -> str:
    return (" ".join(map(str, entry)) if isinstance(entry, list) else str(entry))[:SHOWN]


# ---- lines of text


def _entries(stream: io.BufferedReader) -> Iterator[tuple[int, str | list[str]]]:
    """(number, fields or JSON) of every line that says something. What follows an empty line alone is a resume key."""
    number, after_empty = 0, False
    while raw := stream.readline(MOST_LINE_BYTES):
        number += 1
        text = raw.decode("utf-8", "replace").lstrip(BOM)
        fields = text.split()
        if not fields or text.startswith(META) or (after_empty and len(fields) == 1 and not text.startswith("{")):
            after_empty = not fields
            continue
        after_empty = False
        yield number, text.strip("\r\n") if "{" in text or "CDX" in text[:5] else fields


def _header(entry: Any) -> Sequence[str | None] | None:
    """What the columns are, when an entry is the header of what follows."""
    if isinstance(entry, str) and (found := HEADER.fullmatch(entry)):
        return tuple(LETTERS.get(letter) for letter in found[1].split())
    if isinstance(entry, list) and "timestamp" in entry:
        return tuple(_named(str(name)) for name in entry)
    return None


def _named(name: str) -> str:
    return OTHER_NAMES.get(name, name)


def _line(entry: Any, layout: Sequence[str | None] | None) -> IndexLine:
    if isinstance(entry, list):
        return _columns(entry, layout)
    if isinstance(entry, dict):
        return _object(entry)
    if not isinstance(entry, str):
        raise _UnfitError("no capture")
    if entry.startswith("{"):
        return _object(_json(entry))
    start = entry.split(maxsplit=2)
    if len(start) == 3 and start[2].startswith("{"):
        return _object(_json(start[2]), urlkey=start[0], timestamp=start[1])
    return _columns(entry.split(), layout)


def _columns(fields: Sequence[Any], layout: Sequence[str | None] | None) -> IndexLine:
    names = layout if layout and len(layout) == len(fields) else None if layout else LAYOUTS.get(len(fields))
    if names is None:
        raise _UnfitError(f"{len(fields)} columns" + (f", where the header names {len(layout)}" if layout else ""))
    return _made({name: str(value) for name, value in zip(names, fields, strict=True) if name and value is not None})


def _object(values: Any, **known: str) -> IndexLine:
    if not isinstance(values, dict):
        raise _UnfitError("no JSON object")
    named = {_named(name): str(value) for name, value in values.items() if value is not None}
    return _made(named | known)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise _UnfitError(f"no JSON: {fault}") from fault


# ---- one long JSON array


def _values(stream: io.BufferedReader) -> Iterator[Any]:
    """The elements of an array, read piece by piece: an API gives a million of them in one array."""
    decoder, text = json.JSONDecoder(), ""
    while stream.read(1) != b"[":
        continue
    for piece in codecs.iterdecode(_pieces(stream), "utf-8", "replace"):
        text, at = text + piece, 0
        while (at := _next(text, at)) < len(text):
            if text[at] == "]":
                return
            try:
                value, at = decoder.raw_decode(text, at)
            except (ValueError, RecursionError):
                break  # it goes on in the next piece
            yield value
        text = text[at:]
        if len(text) > MOST_LINE_BYTES:
            break
    if text.strip():
        yield text  # the array broke off


def _pieces(stream: io.BufferedReader) -> Iterator[bytes]:
    while piece := stream.read1(MOST_LINE_BYTES):
        yield piece


BETWEEN = re.compile(r"[\s,]*")


def _next(text: str, at: int) -> int:
    found = BETWEEN.match(text, at)
    return found.end() if found else at


# ---- one capture


def _made(values: Mapping[str, str]) -> IndexLine:
    """The capture that named values mean."""
    timestamp, original = values.get("timestamp", ""), values.get("original", "")
    if not _is_moment(timestamp):
        raise _UnfitError(f"{timestamp[:20]!r} is no time of a capture" if timestamp else "no time")
    if not original.lower().startswith(WEB):
        raise _OtherError if original else _UnfitError("no address")
    key = values.get("urlkey", "")
    return IndexLine(
        urlkey=key if SURT.match(key) else urls.urlkey(original),
        timestamp=timestamp,
        original=original,
        mimetype=_known(values.get("mimetype")),
        http_status=_whole(values.get("statuscode"), what="HTTP status"),
        digest=_digest(values.get("digest")),
        length=_whole(values.get("length"), what="length"),
    )


def _is_moment(timestamp: str) -> bool:
    """Whether these are the 14 digits of a moment, with or without the `00` of old crawls."""
    if len(timestamp) != memento.EXACT:
        return False
    if _is_day(timestamp[:8]) and CLOCK.fullmatch(timestamp, 8):
        return True
    return memento.parse_timestamp(memento.repaired(timestamp)) is not None


@lru_cache(maxsize=16_384)
def _is_day(digits: str) -> bool:
    """Whether 8 digits are a day: a file of millions of lines knows a few thousand of them."""
    return memento.parse_timestamp(digits) is not None


def _known(text: str | None) -> str | None:
    return None if text in {None, "", "-"} else text


def _whole(text: str | None, *, what: str) -> int | None:
    if text in {None, "", "-"}:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise _UnfitError(f"{text[:20]!r} is no {what}")
    return int(text)


def _digest(text: str | None) -> str | None:
    """SHA-1 is what everybody means who names nothing else."""
    known = _known(text)
    return known.removeprefix("sha1:") if known else None


def counted(rows: Iterable[Row]) -> tuple[list[IndexLine], list[BadLine]]:
    """The captures and the bad lines of a short index."""
    found = list(rows)
    return [row for row in found if isinstance(row, IndexLine)], [row for row in found if isinstance(row, BadLine)]
