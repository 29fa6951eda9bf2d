"""Content encodings, undone with bounds. Pure, never raises.

What is announced is often not what is sent: gzip under no header, plain text under `gzip`, zlib called `deflate`, and raw deflate
called so too. A brotli bomb is 809 bytes for 512 MB, so every decoder is bounded by length and by ratio.
"""

import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]  # ships no stubs

from audit import html

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST_RATIO = 100
ALWAYS_BYTES = 65_536
"""So much may come out of however little; beyond it the ratio counts."""
LAYERS = 3

ADVERTISED = "gzip, deflate, br, zstd"

GZIP_MARK, ZSTD_MARK = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
MAGIC = ((GZIP_MARK, "gzip"), (ZSTD_MARK, "zstd"))
LOOK_BYTES = 4_096
"""So much of what nobody announced is undone to see whether it is a page; a compressed file stays what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A body without its encodings. `cut`: there was more. `undecodable`: these are the raw bytes, in an encoding that failed."""

    body: bytes
    cut: bool = False
    undecodable: bool = False


def content(raw: bytes, *, announced: str, most_bytes: int) -> Content:
    """Undo what `Content-Encoding` announces, or what the first bytes show.

    >>> content(zlib.compress(b"a page"), announced="deflate", most_bytes=100).body
    b'a page'
    >>> content(b"a page", announced="gzip", most_bytes=100)
    Content(body=b'a page', cut=False, undecodable=False)
    """
    names = [name for name in (part.strip().lower().removeprefix("x-") for part in announced.split(",")) if name in DECODERS]
    limit = min(most_bytes, max(ALWAYS_BYTES, MOST_RATIO * len(raw)))
    body, cut = raw, False
    for name in reversed(names[-LAYERS:]):
        opened = _opened(body, name, limit) if body else None
        if opened is None:
            return _as_it_is(body, cut=cut, most_bytes=most_bytes)
        body, cut = opened[0], cut or not opened[1]
    return _unannounced(body, cut=cut or len(body) > most_bytes, limit=limit, most_bytes=most_bytes)


def _unannounced(body: bytes, *, cut: bool, limit: int, most_bytes: int) -> Content:
    """A page compressed once more than was said, as caches and old scripts leave it."""
    for _ in range(LAYERS):
        name = _shown(body) or ("br" if _holds_no_text(body) else None)
        look = DECODERS[name](body, LOOK_BYTES) if name else None
        if name is None or look is None or not (html.magic(look[0]) == "html" or _shown(look[0])):
            break
        opened = DECODERS[name](body, limit)
        if opened is None:
            break
        body, cut = opened[0], cut or not opened[1]
    return Content(body=body[:most_bytes], cut=cut)


def _shown(raw: bytes) -> str | None:
    return next((kind for magic, kind in MAGIC if raw.startswith(magic)), None)


def _as_it_is(raw: bytes, *, cut: bool, most_bytes: int) -> Content:
    """Bytes that no announced decoder opens: plain text under a wrong label is a page all the same."""
    readable = html.magic(raw) in {"html", "xml"} or _reads_as_text(raw)
    return Content(body=raw[:most_bytes], cut=cut or len(raw) > most_bytes, undecodable=not readable)


_CONTROL_BYTES = bytes([*range(9), 11, *range(14, 32), 127])
_ASCII_BYTES = bytes(range(128))


def _holds_no_text(raw: bytes) -> bool:
    """Whether the first bytes hold what no text does; nor does any file whose type they show."""
    return bool(raw) and len(raw[:512].translate(None, _CONTROL_BYTES)) < len(raw[:512]) and html.magic(raw) is None


def _reads_as_text(raw: bytes) -> bool:
    head = raw[:512]
    return not _holds_no_text(raw) and len(head.translate(None, _ASCII_BYTES)) <= len(head) // 2


def _opened(raw: bytes, name: str, limit: int) -> tuple[bytes, bool] | None:
    """(what came out, whether that is all) by the announced decoder, else by what the first bytes say, brotli last: it has no mark."""
    stripped = raw.lstrip(b"\r\n\t ")
    for kind in dict.fromkeys((name, _shown(stripped))):
        opened = DECODERS[kind](stripped if kind == _shown(stripped) else raw, limit) if kind else None
        if opened is not None:
            return opened
    opened = _unbrotlied(raw, limit) if _holds_no_text(raw) else None
    return opened if opened and html.magic(opened[0]) == "html" else None


def _inflated(raw: bytes, limit: int) -> tuple[bytes, bool] | None:
    """gzip, zlib, and raw deflate, which some servers mean by `deflate`. A gzip file may have several members."""
    out, whole = bytearray(), True
    while raw:
        member = _member(raw, limit - len(out))
        if member is None:
            break
        body, whole, raw = member
        out += body
        if not whole or len(out) >= limit or not raw.startswith(GZIP_MARK):
            return bytes(out), whole and not raw.startswith(GZIP_MARK)
    return (bytes(out), False) if out else None


def _member(raw: bytes, limit: int) -> tuple[bytes, bool, bytes] | None:
    """(what came out, whether that is all, what follows) of one stream."""
    for bits in (47, -15):
        machine = zlib.decompressobj(wbits=bits)
        try:
            return machine.decompress(raw, limit), machine.eof, machine.unused_data
        except zlib.error:
            continue
    kept = _before_the_damage(raw, limit)
    return (kept, False, b"") if kept else None


def _before_the_damage(raw: bytes, limit: int) -> bytes:
    """What a damaged stream gives when it is fed in small pieces, the damaged one byte by byte: often only the sum at its end is wrong."""
    machine, out = zlib.decompressobj(wbits=47), bytearray()
    for start in range(0, len(raw), DAMAGED_PIECE):
        if len(out) >= limit:
            break
        piece, before = raw[start : start + DAMAGED_PIECE], machine.copy()
        try:
            out += machine.decompress(piece, limit - len(out))
        except zlib.error:
            return bytes(out + _byte_by_byte(before, piece, limit - len(out)))
    return bytes(out)


DAMAGED_PIECE = 512


def _byte_by_byte(machine: "zlib._Decompress", piece: bytes, limit: int) -> bytes:
    out = bytearray()
    try:
        for byte in piece:
            out += machine.decompress(bytes((byte,)), max(limit - len(out), 1))
    except zlib.error:
        pass
    return bytes(out[:limit])


def _unbrotlied(raw: bytes, limit: int) -> tuple[bytes, bool] | None:
    machine = brotli.Decompressor()
    try:
        body: bytes = machine.process(raw, output_buffer_limit=limit)
    except brotli.error:
        return None
    if not body and not machine.is_finished():
        return None
    return body[:limit], bool(machine.is_finished()) and len(body) <= limit


def _unzstd(raw: bytes, limit: int) -> tuple[bytes, bool] | None:
    """One frame after the other."""
    out, whole = bytearray(), False
    while raw.startswith(ZSTD_MARK) and len(out) < limit:
        machine = zstd.ZstdDecompressor()
        try:
            out += machine.decompress(raw, max_length=limit - len(out))
        except zstd.ZstdError:
            break
        whole, raw = machine.eof, machine.unused_data if machine.eof else b""
    return (bytes(out), whole and not raw.startswith(ZSTD_MARK)) if out or whole else None


DECODERS: dict[str, Callable[[bytes, int], tuple[bytes, bool] | None]] = {
    "gzip": _inflated,
    "deflate": _inflated,
    "br": _unbrotlied,
    "zstd": _unzstd,
}
