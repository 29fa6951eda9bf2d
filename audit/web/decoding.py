"""Content encodings, undone with bounds. Pure, never raises.

What is announced is often not what is sent: gzip under no header, plain text under `gzip`, zlib called `deflate`, and raw deflate
called so too. A brotli bomb is 809 bytes for 512 MB, so every decoder is bounded by length and by ratio.
"""

import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]  # ships no stubs

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST_RATIO = 100
ALWAYS_BYTES = 65_536
"""So much may come out of however little; beyond it the ratio counts."""
LAYERS = 3

ADVERTISED = "gzip, deflate, br, zstd"

MAGIC = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))


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
    if not names or not raw:
        return Content(body=raw[:most_bytes], cut=len(raw) > most_bytes)
    limit = min(most_bytes, max(ALWAYS_BYTES, MOST_RATIO * len(raw)))
    body, cut = raw, False
    for name in reversed(names[-LAYERS:]):
        opened = _opened(body, name, limit)
        if opened is None:
            return _as_it_is(body, cut=cut, most_bytes=most_bytes)
        body, whole = opened
        cut = cut or not whole
    return Content(body=body, cut=cut)


def _as_it_is(raw: bytes, *, cut: bool, most_bytes: int) -> Content:
    """Bytes that no announced decoder opens: plain text under a wrong label is a page all the same."""
    readable = not raw[:512].translate(None, _TEXT_BYTES)
    return Content(body=raw[:most_bytes], cut=cut or len(raw) > most_bytes, undecodable=not readable)


_TEXT_BYTES = bytes([9, 10, 12, 13, *range(32, 127)])


def _opened(raw: bytes, name: str, limit: int) -> tuple[bytes, bool] | None:
    """(what came out, whether that is all) by the announced decoder, else by what the first bytes say."""
    shown = next((kind for magic, kind in MAGIC if raw.startswith(magic)), None)
    for kind in dict.fromkeys((name, shown)):
        opened = DECODERS[kind](raw, limit) if kind else None
        if opened is not None:
            return opened
    return None


def _inflated(raw: bytes, limit: int) -> tuple[bytes, bool] | None:
    """gzip, zlib, and raw deflate, which some servers mean by `deflate`."""
    for bits in (47, -15):
        machine = zlib.decompressobj(wbits=bits)
        try:
            return machine.decompress(raw, limit), machine.eof
        except zlib.error:
            continue
    kept = _before_the_damage(raw, limit)
    return (kept, False) if kept else None


def _before_the_damage(raw: bytes, limit: int) -> bytes:
    """What a damaged stream gives when it is fed in small pieces."""
    machine, out = zlib.decompressobj(wbits=47), bytearray()
    try:
        for start in range(0, len(raw), 512):
            if len(out) >= limit:
                break
            out += machine.decompress(raw[start : start + 512], limit - len(out))
    except zlib.error:
        pass
    return bytes(out)


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
    machine = zstd.ZstdDecompressor()
    try:
        body = machine.decompress(raw, max_length=limit)
    except zstd.ZstdError:
        return None
    return (body, machine.eof) if body or machine.eof else None


DECODERS: dict[str, Callable[[bytes, int], tuple[bytes, bool] | None]] = {
    "gzip": _inflated,
    "deflate": _inflated,
    "br": _unbrotlied,
    "zstd": _unzstd,
}
