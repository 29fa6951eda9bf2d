"""Pages of the lab that show themselves only to those who ask in the right way: headers, cookies, connections."""

import asyncio
import itertools
from collections.abc import Callable, Mapping

from tests.web.lab import PAGE, Act, Lab, answer, moved

Fields = dict[str, str]
WANTED: Mapping[str, Callable[[Fields], bool]] = {
    "Accept": lambda said: "text/html" in said.get("accept", ""),
    "Accept-Language": lambda said: bool(said.get("accept-language")),
    "Accept-Encoding with gzip": lambda said: "gzip" in said.get("accept-encoding", ""),
    "User-Agent": lambda said: said.get("user-agent", "").startswith("Mozilla/5.0"),
    "Upgrade-Insecure-Requests": lambda said: said.get("upgrade-insecure-requests") == "1",
    "no Range": lambda said: "range" not in said,
    "no Referer": lambda said: "referer" not in said,
    "no cookie at first": lambda said: "cookie" not in said,
    "no conditions": lambda said: not {"if-modified-since", "if-none-match"} & said.keys(),
    "no marks of another browser": lambda said: not any(name.startswith(("sec-", "dnt")) for name in said),
    "a kept connection": lambda said: said.get("connection", "keep-alive").lower() == "keep-alive",
    "no body": lambda said: not {"content-length", "transfer-encoding"} & said.keys(),
}
REFUSALS = ("403 Forbidden", "404 Not Found", "406 Not Acceptable", "500 Oops")


def wanting(name: str, refusal: str) -> Act:
    async def act(lab: Lab, said: Fields, writer: asyncio.StreamWriter) -> bool:
        writer.write(answer() if WANTED[name](said) else answer(b"<h1>No</h1>", status=refusal))
        await writer.drain()
        return True

    return act


def _with(head: bytes, *fields: str) -> bytes:
    return head.replace(b"\r\n\r\n", b"\r\n" + "\r\n".join(fields).encode() + b"\r\n\r\n", 1)


def gate(*cookies: str, first: bytes) -> Act:
    """Shows the page to who brings the cookies; all others get `first`, which sets them."""

    async def act(lab: Lab, said: Fields, writer: asyncio.StreamWriter) -> bool:
        brought = said.get("cookie", "")
        good = all(each.partition(";")[0] in brought for each in cookies)
        writer.write(answer() if good else _with(first, *(f"Set-Cookie: {each}" for each in cookies)))
        await writer.drain()
        return True

    return act


def one_by_one(target: bytes, *cookies: str) -> Act:
    """Sets one cookie a visit, and sends its visitor round until all are there."""

    async def act(lab: Lab, said: Fields, writer: asyncio.StreamWriter) -> bool:
        missing = next((each for each in cookies if each not in said.get("cookie", "")), None)
        writer.write(answer() if missing is None else _with(moved(target), f"Set-Cookie: {missing}; Path=/"))
        await writer.drain()
        return True

    return act


def ping_pong(host: str, *, rounds: int) -> Act:
    """http sends to https and back, and counts in a cookie; without `rounds` it never stops."""
    visits = itertools.count(1)

    async def act(lab: Lab, said: Fields, writer: asyncio.StreamWriter) -> bool:
        number = next(visits)
        other = moved(f"{'https' if number % 2 else 'http'}://{host}/gate".encode())
        counted = _with(other, f"Set-Cookie: n={number}; Path=/") if rounds else other
        writer.write(answer() if rounds and f"n={rounds}" in said.get("cookie", "") else counted)
        await writer.drain()
        return True

    return act


def refusing_long_cookies(target: bytes) -> Act:
    """Fills the jar on the way, and then finds it too full."""

    async def act(lab: Lab, said: Fields, writer: asyncio.StreamWriter) -> bool:
        many = [f"Set-Cookie: c{number}={'v' * 800}" for number in range(6)]
        if len(said.get("cookie", "")) > 4_000:
            writer.write(answer(b"", status="431 Too Large"))
        elif said.get("cookie") is None and lab.targets().count(target.decode()) == 1:
            writer.write(_with(moved(target), *many))
        else:
            writer.write(answer())
        await writer.drain()
        return True

    return act


async def only_on_a_fresh_connection(lab: Lab, said: Fields, writer: asyncio.StreamWriter) -> bool:
    first = lab.connections == 1
    writer.write(answer(b"", status="421 Misdirected Request") if first else answer())
    await writer.drain()
    return True


async def breaks_off_without_farewell(lab: Lab, said: Fields, writer: asyncio.StreamWriter) -> bool:
    """Until close, and then no word of TLS that this was all."""
    writer.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE)
    await writer.drain()
    writer.transport.abort()
    return False


RELOAD = answer(b'<html><head><meta http-equiv="refresh" content="0"></head><body>One moment</body></html>')
AGAIN = answer(b'<html><head><meta http-equiv="refresh" content="0; url=/gate"></head><body>One moment</body></html>')
GATES: Mapping[str, Act] = {
    "301 to itself": gate("a=1; Path=/", first=moved(b"/gate", b"301 Moved")),
    "302 to itself with a whole address": gate("a=1", first=moved(b"http://site.example/gate")),
    "307 to itself": gate("a=1", first=moved(b"/gate", b"307 Moved")),
    "two cookies": gate("a=1", "b=2; HttpOnly; SameSite=Lax", first=moved(b"/gate")),
    "a cookie of the domain": gate("a=1; Domain=.site.example; Path=/", first=moved(b"/gate")),
    "a cookie that expires": gate("a=1; Expires=Wed, 09 Jun 2060 10:18:14 GMT; Max-Age=3600", first=moved(b"/gate")),
    "a cookie with odd characters": gate('a={"x":1},y/z=', first=moved(b"/gate")),
    "cookies one by one": one_by_one(b"/gate", "a=1", "b=2", "c=3"),
    "refresh header to itself": gate("a=1", first=_with(answer(b"<p>One moment</p>"), "Refresh: 0; url=/gate")),
    "refresh header without an address": gate("a=1", first=_with(answer(b"<p>One moment</p>"), "Refresh: 1")),
    "meta refresh to itself": gate("a=1", first=AGAIN),
    "meta refresh without an address": gate("a=1", first=RELOAD),
    "a cookie on a redirect without a body": gate("a=1", first=b"HTTP/1.1 302 Found\r\nLocation: /gate\r\n\r\n"),
}
