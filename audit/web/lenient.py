"""The lenient reader: answers that browsers show and a strict parser refuses. Our own few lines on asyncio streams. I/O."""

import asyncio
import re
import socket
from collections.abc import Mapping

from yarl import URL

from audit.model import Failure
from audit.web import answers, decoding
from audit.web.answers import Answer, RawHeaders
from audit.web.faults import Fault
from audit.web.network import MOST_HEAD_BYTES, WINDOW_BYTES, Line, Network, Trust

MOST_INTERIM = 16
PIECE = 65_536
TLS_RECORDS = (b"\x15\x03", b"\x16\x03")
"""An alert or a greeting of TLS: the port is a secure one."""
HEAD_END = re.compile(rb"\r{0,2}\n\r{0,2}\n")
STATUS = re.compile(rb"(?:\xef\xbb\xbf)?\s*([A-Za-z]{2,12})(?:/[^\s/]{0,9})?[ \t]+(\d{3})(?!\d)")
CHUNK_SIZE = re.compile(rb"^[ \t]*([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\n]{0,4096})?\r?$")


async def ask(url: URL, *, web: Network, trust: Trust, more: Mapping[str, str], line: Line) -> Answer:
    """One GET read without strictness. Raises Fault when what came is no HTTP at all. The caller sets the deadline.

    Goes straight to the server, so with a proxy configured it asks nothing and knows nothing.
    """
    if web.settings.proxy is not None:
        raise _not_http(b"")
    endpoints = await web.resolver.endpoints(url.raw_host or "", url.port or 80)
    address, port = endpoints[0]
    secure = url.scheme == "https"
    limits = web.settings.timeouts
    sock = web.resolver.socket_to(address)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW_BYTES)
    line.made, line.address = sock, address
    try:
        async with asyncio.timeout(limits.connect_s):
            await asyncio.get_running_loop().sock_connect(sock, (address, port))
            reader, writer = await asyncio.open_connection(
                sock=sock, ssl=web.trust[trust] if secure else None, server_hostname=(url.raw_host or "") if secure else None
            )
    except BaseException:
        sock.close()
        raise
    line.connected = True
    try:
        writer.write(request(url, {**web.session.headers, **more}))
        raw, cut = await _received(reader, web=web)
    finally:
        writer.close()
    found = answer(raw, url=str(url), cut=cut, address=address, most_bytes=web.settings.max_body_bytes)
    if found is None:
        raise _not_http(raw)
    if found.http_status < 300 and not HEAD_END.search(raw, begun := _begin(raw), begun + MOST_HEAD_BYTES):
        raise _unfinished(cut=cut)
    return found


def _unfinished(*, cut: bool) -> Fault:
    """A head without an end. Of an error it says enough, of a page nothing."""
    if cut:
        return Fault(Failure.BAD_RESPONSE, phase="headers", detail="unreadable")
    return Fault(Failure.RESET, phase="headers", detail="closed-in-head")


def _not_http(raw: bytes) -> Fault:
    detail = "speaks-tls" if raw.startswith(TLS_RECORDS) else "not-http"
    return Fault(Failure.BAD_RESPONSE, phase="headers", detail=detail)


def request(url: URL, headers: Mapping[str, str]) -> bytes:
    """The bytes of a GET."""
    default = {"http": 80, "https": 443}[url.scheme]
    host = url.raw_authority if url.explicit_port not in {None, default} else url.host_subcomponent
    lines = [f"GET {url.raw_path_qs} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n").encode("utf-8", "surrogateescape")


async def _received(reader: asyncio.StreamReader, *, web: Network) -> tuple[bytes, bool]:
    """Bytes until the server closes, falls silent, or has told that this is all; and whether there may be more."""
    raw, most = bytearray(), MOST_HEAD_BYTES + web.settings.max_body_bytes
    try:
        while len(raw) < most and not web.full(len(raw)):
            async with asyncio.timeout(web.settings.timeouts.read_s):
                piece = await reader.read(PIECE)
            raw += piece
            web.hold(len(piece))
            if not piece or _complete(raw):
                return bytes(raw), False
            if len(raw) > MOST_HEAD_BYTES and not HEAD_END.search(raw, 0, MOST_HEAD_BYTES):
                break
    except (TimeoutError, ConnectionError):
        if not HEAD_END.search(raw):
            raise
    finally:
        web.hold(-len(raw))
    return bytes(raw), True


def _complete(raw: bytearray) -> bool:
    begun = _begin(raw)
    head = HEAD_END.search(raw, begun, begun + MOST_HEAD_BYTES)
    if head is None:
        return False
    fields = _fields(bytes(raw[begun : head.start()]))
    if _chunked(fields):
        return raw.endswith((b"0\r\n\r\n", b"\n0\n\n"))
    length = _length(fields)
    return length is not None and len(raw) - head.end() >= length


def _begin(raw: bytes | bytearray) -> int:
    """Where the head of the answer begins: behind what only promises one (100, 102, 103)."""
    at = 0
    for _ in range(MOST_INTERIM):
        status, end = STATUS.match(raw, at), HEAD_END.search(raw, at, at + MOST_HEAD_BYTES)
        if status is None or end is None or not 100 <= int(status[2]) < 200 or not STATUS.match(raw, end.end()):
            break
        at = end.end()
    return at


def answer(raw: bytes, *, url: str, cut: bool = False, address: str | None = None, most_bytes: int) -> Answer | None:
    r"""What an answer says, however it is written.

    >>> found = answer(b"ICY 200 OK\nno colon\nContent-Length : 4\nContent-Length: 4\n\npage!", url="http://a.example/", most_bytes=99)
    >>> found.http_status, found.body
    (200, b'page')
    >>> answer(b"SSH-2.0-OpenSSH\r\n", url="http://a.example/", most_bytes=99) is None
    True
    """
    begun = _begin(raw)
    end = HEAD_END.search(raw, begun, begun + MOST_HEAD_BYTES)
    head, rest = (raw[begun : end.start()], raw[end.end() :]) if end else (raw[begun : begun + MOST_HEAD_BYTES], b"")
    status = STATUS.match(head)
    if status is None or b"\0" in head or not 100 <= int(status[2]) <= 999:
        return None
    if status[1].upper() not in {b"HTTP", b"ICY", b"HTTPS"}:
        return None
    fields = _fields(head)
    body, short = _body(rest, fields)
    opened = decoding.content(body, announced=answers.header(fields, "content-encoding") or "", most_bytes=most_bytes)
    return Answer(
        url=url,
        http_status=int(status[2]),
        raw_headers=fields,
        body=opened.body,
        cut=cut or short or opened.cut,
        undecodable=opened.undecodable,
        address=address,
    )


def _fields(head: bytes) -> RawHeaders:
    """The header lines that can be read; the others are skipped."""
    pairs = (line.partition(b":") for line in head.split(b"\n")[1:])
    return tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon and name.strip())


def _length(fields: RawHeaders) -> int | None:
    """The length of the body: equal lengths merge, unequal or unreadable ones mean "until close"."""
    written = {part.strip() for name, value in fields if name.lower() == b"content-length" for part in value.split(b",")}
    if len(written) != 1:
        return None
    (only,) = written
    return int(only) if only.isdigit() and len(only) < 16 else None


def _chunked(fields: RawHeaders) -> bool:
    return any(name.lower() == b"transfer-encoding" and b"chunked" in value.lower() for name, value in fields)


def _body(rest: bytes, fields: RawHeaders) -> tuple[bytes, bool]:
    """(the body, whether it ended early)."""
    if _chunked(fields):
        joined = _joined(rest)
        return joined if joined is not None else (rest, False)
    length = _length(fields)
    return (rest, False) if length is None else (rest[:length], len(rest) < length)


def _joined(rest: bytes) -> tuple[bytes, bool] | None:
    """The chunks put together, and whether the last was missing; None when this is no chunking at all."""
    out, at = bytearray(), 0
    while True:
        end = rest.find(b"\n", at)
        size = CHUNK_SIZE.match(rest[at:end]) if 0 <= end < at + 8_192 else None
        if size is None:
            return (bytes(out), True) if out else None
        length = int(size[1], 16)
        if length == 0:
            return bytes(out), False
        out += rest[end + 1 : end + 1 + length]
        at = end + 1 + length
        at += 2 if rest[at : at + 2] == b"\r\n" else 1 if rest[at : at + 1] == b"\n" else 0
        if at >= len(rest):
            return bytes(out), True
