"""Packed streams -> bytes in pieces: bzip2, gzip, zstd, plain; member by member, past a broken one, never all at once. Pure on bytes.

Dumps are packed as many members in a row: a member that is damaged is told, and the reading goes on at the next.
"""

import bz2
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, NamedTuple, Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["FAULTS", "PACKINGS", "Chunk", "Fault", "Packing", "member_starts", "packing", "unpacked", "zstd"]

IN_BYTES = 262_144
OUT_BYTES = 1_048_576
"""Taken in and handed out at a time: what a stream costs in memory, whatever it unpacks to."""

MOST_RATIO, LEAST_SUSPECT = 1_000, 67_108_864
"""Text packs to a fifth, whole histories to a hundredth. What swells more than a thousandfold, past 64 MiB, is a bomb."""

MOST_FAULTS = 1_000
"""Damaged members that are told one by one; a file with more is no packed file."""


class Chunk(NamedTuple):
    """A piece of what a stream unpacks to. `begins` says that a member begins here, `at` is its offset in the packed file."""

    data: bytes
    at: int
    begins: bool


class Fault(NamedTuple):
    """A member that could not be unpacked, or not to its end: its offset in the packed file, and why."""

    at: int
    why: str


class Unpacker(Protocol):
    """What the decompressors of bz2 and zstd have in common."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Gzip:
    """zlib in the manner of the others."""

    def __init__(self) -> None:
        self.inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self.inner.eof

    @property
    def needs_input(self) -> bool:
        return not self.inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self.inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self.inner.decompress(self.inner.unconsumed_tail + data, max(max_length, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """One way to pack. `start` is how a member begins, anywhere in a file, for going on after a damaged one."""

    name: str
    magic: bytes
    make: Callable[[], Unpacker]
    start: re.Pattern[bytes]


PACKINGS = (
    Packing(name="bz2", magic=b"BZh", make=bz2.BZ2Decompressor, start=re.compile(rb"BZh[1-9]1AY&SY")),
    Packing(name="gz", magic=b"\x1f\x8b", make=_Gzip, start=re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")),
    Packing(name="zst", magic=b"\x28\xb5\x2f\xfd", make=zstd.ZstdDecompressor, start=re.compile(rb"\x28\xb5\x2f\xfd")),
)
LONGEST_START = 10
FAULTS = (OSError, EOFError, ValueError, zlib.error, zstd.ZstdError)


def packing(head: bytes) -> Packing | None:
    """How a file is packed, by its first bytes.

    >>> packing(b"BZh91AY&SY").name, packing(b"<mediawiki")
    ('bz2', None)
    """
    return next((each for each in PACKINGS if head.startswith(each.magic)), None)


def unpacked(stream: IO[bytes], *, at: int = 0, end: int | None = None, head: bytes = b"") -> Iterator[Chunk | Fault]:
    """What a stream unpacks to, from its place `at` to `end`; `head` has been read of it. Never raises for what the bytes are."""
    source = _Source(stream, at=at, end=end, head=head)
    how = packing(source.head())
    if how is None:
        yield from source.plain()
        return
    faults = 0
    while source.head():
        begun = source.at
        for piece in _member(source, how):
            yield piece
            if isinstance(piece, Fault):
                faults += 1
                if faults == MOST_FAULTS or not source.seek_start(how.start, after=begun):
                    return


def member_starts(stream: IO[bytes], how: Packing) -> Iterator[int]:
    """Where the members of a packed file begin, found without unpacking it."""
    kept, offset = b"", 0
    while data := stream.read(OUT_BYTES):
        held = kept + data
        yield from (offset + found.start() for found in how.start.finditer(held))
        last = max(len(held) - LONGEST_START + 1, 0)
        kept, offset = held[last:], offset + last


class _Source:
    """A stream that can be looked into, with the offset of what comes next."""

    def __init__(self, stream: IO[bytes], *, at: int, end: int | None, head: bytes) -> None:
        self.stream, self.at, self.end = stream, at, end
        self.held = head
        if at:
            stream.seek(at)

    def head(self) -> bytes:
        if not self.held:
            self.held = self._more()
        return self.held

    def take(self) -> bytes:
        data, self.held = self.head(), b""
        self.at += len(data)
        return data

    def back(self, data: bytes) -> None:
        self.held = data + self.held
        self.at -= len(data)

    def plain(self) -> Iterator[Chunk]:
        begins = True
        while self.head():
            at = self.at
            yield Chunk(self.take(), at, begins)
            begins = False

    def seek_start(self, start: re.Pattern[bytes], *, after: int) -> bool:
        """Go on at the next place that looks like the start of a member; False at the end."""
        while self.head():
            skip = max(after + 1 - self.at, 0)
            found = start.search(self.held, skip)
            if found:
                self._drop(found.start())
                return True
            more = self._more()
            if not more:
                return False
            self._drop(max(len(self.held) - LONGEST_START, 0))
            self.held += more
        return False

    def _drop(self, length: int) -> None:
        self.held = self.held[length:]
        self.at += length

    def _more(self) -> bytes:
        ahead = self.at + len(self.held)
        size = IN_BYTES if self.end is None else min(IN_BYTES, self.end - ahead)
        return self.stream.read(size) if size > 0 else b""


def _member(source: _Source, how: Packing) -> Iterator[Chunk | Fault]:
    """One member. What follows it, and what was taken in when it failed, is given back to the source."""
    unpacker, begun, size, taken = how.make(), source.at, 0, b""
    begins, why = True, ""
    while not unpacker.eof and not why:
        data = source.take() if unpacker.needs_input else b""
        taken = data or taken
        if not data and unpacker.needs_input:
            yield Fault(begun, "the data breaks off")
            return
        try:
            out = unpacker.decompress(data, OUT_BYTES)
        except FAULTS as fault:
            out, why = b"", f"cannot be unpacked ({str(fault) or type(fault).__name__})"
        size += len(out)
        if out:
            yield Chunk(out, begun, begins)
            begins = False
        if size > LEAST_SUSPECT and size > MOST_RATIO * (source.at - begun):
            why = f"swells to more than {MOST_RATIO} times its size"
    source.back(taken if why else unpacker.unused_data)
    if why:
        yield Fault(begun, why)
