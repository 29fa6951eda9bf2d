"""Bodies as archives send them: bytes and announced encodings -> content. Pure, never raises.

Archives replay the headers of the captured page, so what is announced is often not what is sent: two `Content-Encoding`
headers, gzip without a header, gzip in gzip, `br` announced over gzip. The first bytes decide, the header comes second.
"""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]  # ships no stubs

MOST_OUTPUT_BYTES = 8 * 1024 * 1024
GZIP = b"\x1f\x8b"
LAYERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a body holds. `cut` says that there was more, `undecodable` that these are the raw bytes."""

    body: bytes
    cut: bool = False
    undecodable: bool = False


def content(raw: bytes, *, encodings: Iterable[str] = (), cut: bool = False, limit: int = MOST_OUTPUT_BYTES) -> Content:
    """Undo the encodings of a body; `cut` says that the raw bytes are only the first of more.

    >>> import gzip
    >>> content(gzip.compress(gzip.compress(b"a page")), encodings=["br"]).body
    b'a page'
    """
    body, partly = raw, cut
    for _ in range(LAYERS):
        if not body.startswith(GZIP):
            break
        opened = _inflated(body, wbits=31, limit=limit)
        if opened is None:
            return Content(body=raw, cut=cut, undecodable=True)
        body, whole = opened
        partly = partly or not whole
    if body is not raw:
        return Content(body=body, cut=partly)
    return _as_announced(raw, _named(encodings), cut=cut, limit=limit)


def _named(encodings: Iterable[str]) -> list[str]:
    names = (name.strip().lower() for header in encodings for name in header.split(","))
    return [name for name in names if name not in {"", "identity"}]


def _as_announced(raw: bytes, names: list[str], *, cut: bool, limit: int) -> Content:
    """Undo `br` and `deflate` as the header says; plain bytes under a `gzip` header are plain bytes."""
    for name in reversed(names):
        decoder = DECODERS.get(name)
        opened = decoder(raw, limit) if decoder and raw else None
        if opened is not None:
            body, whole = opened
            return Content(body=body, cut=cut or not whole)
        if decoder and raw:
            return Content(body=raw, cut=cut, undecodable=True)
    return Content(body=raw, cut=cut)


def _inflated(raw: bytes, *, wbits: int, limit: int) -> tuple[bytes, bool] | None:
    machine = zlib.decompressobj(wbits=wbits)
    try:
        body = machine.decompress(raw, limit)
    except zlib.error:
        return None
    return body, machine.eof


def _deflated(raw: bytes, limit: int) -> tuple[bytes, bool] | None:
    """`deflate` means zlib by the standard, and raw deflate by the habit of some servers."""
    return _inflated(raw, wbits=15, limit=limit) or _inflated(raw, wbits=-15, limit=limit)


def _unbrotlied(raw: bytes, limit: int) -> tuple[bytes, bool] | None:
    machine = brotli.Decompressor()
    try:
        body: bytes = machine.process(raw, output_buffer_limit=limit)
    except brotli.error:
        return None
    return body[:limit], bool(machine.is_finished())


DECODERS: dict[str, Callable[[bytes, int], tuple[bytes, bool] | None]] = {"br": _unbrotlied, "deflate": _deflated}
