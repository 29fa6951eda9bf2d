"""A loopback server that misbehaves on request: one named route per situation. It notes what it hears, and when."""

import asyncio
import gzip
import ssl
import struct
import time
import warnings
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]  # ships no stubs
import trustme
from backports import zstd
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from audit.settings import PerHost, Timeouts, Web

TEXT = "the old bridge over the river was rebuilt in stone by the people of the valley " * 12
PAGE = f"<html><head><title>A long story about bridges</title></head><body><h1>Bridges</h1><p>{TEXT}</p></body></html>".encode()
LONG_S = 30.0
"""Longer than any test waits."""


def answer(
    body: bytes = PAGE, *, status: str = "200 OK", kind: str = "text/html; charset=utf-8", more: tuple[str, ...] = ()
) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *more]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def moved(location: bytes, status: bytes = b"302 Found") -> bytes:
    return b"HTTP/1.1 " + status + b"\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"


def encoded(body: bytes, name: str) -> bytes:
    return answer(body, more=(f"Content-Encoding: {name}",))


def raw_deflate(body: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(body) + machine.flush()


PLAIN: dict[str, bytes] = {
    "/page": answer(),
    "/moved-here": answer(PAGE.replace(b"A long story", b"A moved story")),
    "/caf%E9": answer(PAGE.replace(b"A long story", b"The latin page")),
    "/caf%C3%A9": answer(PAGE.replace(b"A long story", b"The utf-8 page")),
    "/redirect/relative": moved(b"../moved-here"),
    "/redirect/padded": moved(b"   /moved-here#part  "),
    "/redirect/latin-1": moved(b"/caf\xe9"),
    "/redirect/utf-8": moved("/café".encode()),
    "/redirect/300": moved(b"/moved-here", b"300 Multiple Choices"),
    "/redirect/303": moved(b"/moved-here", b"303 See Other"),
    "/redirect/307": moved(b"/moved-here", b"307 Temporary Redirect"),
    "/redirect/308": moved(b"/moved-here", b"308 Permanent Redirect"),
    "/redirect/nowhere": b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
    "/redirect/mail": moved(b"mailto:someone@example.org"),
    "/redirect/loopback": moved(b"http://127.9.9.9/inside"),
    "/redirect/loopback-hex": moved(b"http://0x7f.9.2313/inside"),
    "/redirect/self": moved(b"/redirect/self"),
    "/refresh/header": answer(more=("Refresh: 0; url=/moved-here",)),
    "/refresh/slow": answer(more=("Refresh: 300; url=/moved-here",)),
    "/refresh/meta": answer(b'<html><head><meta http-equiv="refresh" content="0; url=/moved-here"></head></html>'),
    "/refresh/again": answer(b'<html><head><meta http-equiv="refresh" content="1; url=/refresh/again?token=1"></head></html>'),
    "/refresh/again?token=1": answer(
        b'<html><head><meta http-equiv="refresh" content="1; url=/refresh/again?token=2"></head></html>'
    ),
    "/refresh/itself": answer(b'<html><head><meta http-equiv="refresh" content="5"><title>Live table</title></head><p>x</html>'),
    "/refresh/script": answer(b"<html><script>window.location.href = '/moved-here';</script></html>"),
    "/refresh/script-loopback": answer(b"<html><script>location.replace('http://127.9.9.9/x')</script></html>"),
    "/refresh/script-in-a-page": answer(PAGE + b"<script>function go() { location.href = '/moved-here' }</script>"),
    "/encoded/gzip": encoded(gzip.compress(PAGE), "gzip"),
    "/encoded/zlib": encoded(zlib.compress(PAGE), "deflate"),
    "/encoded/raw-deflate": encoded(raw_deflate(PAGE), "deflate"),
    "/encoded/br": encoded(brotli.compress(PAGE), "br"),
    "/encoded/zstd": encoded(zstd.compress(PAGE), "zstd"),
    "/encoded/plain-as-gzip": encoded(PAGE, "gzip"),
    "/encoded/gzip-as-br": encoded(gzip.compress(PAGE), "br"),
    "/encoded/short": encoded(gzip.compress(PAGE)[:-20], "gzip"),
    "/encoded/junk": encoded(gzip.compress(PAGE) + b"junk after the end", "gzip"),
    "/encoded/noise": encoded(bytes(range(128, 256)) * 4, "gzip"),
    "/encoded/gzip-bomb": encoded(gzip.compress(b"\0" * 200_000_000, 9), "gzip"),
    "/encoded/br-bomb": encoded(brotli.compress(b"\0" * 64_000_000), "br"),
    "/file/pdf": answer(b"%PDF-1.4 " + b"x" * 200_000, kind="application/pdf"),
    "/cookie/names": answer(more=("Set-Cookie: sid=secret; Path=/", "Set-Cookie: theme=dark")),
    "/odd/equal-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Length: %d\r\n\r\n" % (len(PAGE), len(PAGE)) + PAGE,
    "/odd/unequal-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n" + PAGE,
    "/odd/length-and-chunked": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(PAGE)
    + PAGE
    + b"\r\n0\r\n\r\n",
    "/odd/words-for-length": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" + PAGE,
    "/odd/blank-before-colon": b"HTTP/1.1 200 OK\r\nContent-Type : text/html\r\n\r\n" + PAGE,
    "/odd/line-without-colon": b"HTTP/1.1 200 OK\r\nhello there\r\nContent-Type: text/html\r\n\r\n" + PAGE,
    "/odd/icy": b"ICY 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE,
    "/odd/http-2": b"HTTP/2 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE,
    "/odd/lower-case": b"http/1.1 200 ok\r\nContent-Type: text/html\r\n\r\n" + PAGE,
    "/odd/bare-lf-chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\n" % len(PAGE) + PAGE + b"\n0\n\n",
    "/odd/chunked-that-is-plain": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + PAGE,
    "/odd/200-fields": b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(200)) + b"\r\n" + PAGE,
    "/odd/long-field": b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 20_000 + b"\r\n\r\n" + PAGE,
    "/odd/ends-early": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999\r\n\r\n" + PAGE,
    "/not-http": b"SSH-2.0-OpenSSH_9.2\r\n",
    "/nothing": b"",
}


@dataclass
class Heard:
    """One request: when its head was complete, and what it said."""

    at: float
    method: str
    target: str
    host: str
    fields: dict[str, str]


@dataclass
class Lab:
    """Ports of the server: plain, and one per certificate. `resolve` pins names to them; `ca_file` trusts their authority."""

    heard: list[Heard] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)
    ca_file: str = ""
    open: dict[str, int] = field(default_factory=dict)
    most_open: dict[str, int] = field(default_factory=dict)
    scripts: dict[str, list[bytes]] = field(default_factory=dict)
    delay_s: float = 0.0
    connections: int = 0
    complaint: bytes = b""
    """What the grumbling port says to those who do not speak TLS."""
    closing: set[str] = field(default_factory=set)
    """Paths after whose answer the connection is closed."""
    acts: dict[str, "Act"] = field(default_factory=lambda: dict(ACTS))
    """What a path does that is no fixed answer; tests add their own."""

    def settings(self, *hosts: str, kind: str = "plain", **changes: Any) -> Web:
        """Web settings under which `hosts` (and the lab's own names) live here."""
        resolve = {"site.example": self.at("plain")} | {f"{name}.example": self.at(name) for name in self.ports}
        resolve |= {host: self.at(kind) for host in hosts}
        values: dict[str, Any] = {
            "allow_networks": ("127.0.0.1/32",),
            "resolve": resolve,
            "ca_file": self.ca_file,
            "canaries": (),
            "timeouts": Timeouts(connect_s=0.4, read_s=0.5, total_s=1.2),
            "per_host": PerHost(concurrency=2, delay_s=0.0),
            "per_address": 1000,
            "retry_after_s": (0.05, 0.1),
        }
        return Web(**(values | changes))

    def at(self, name: str) -> str:
        return f"127.0.0.1:{self.ports[name]}"

    def targets(self, host: str = "") -> list[str]:
        return [each.target for each in self.heard if not host or each.host == host]

    def starts(self, host: str) -> list[float]:
        return [each.at for each in self.heard if each.host == host]

    async def visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        turn = 0
        try:
            while await self._exchange(reader, writer, turn := turn + 1):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, turn: int) -> bool:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:]) if name}
        host = fields.get("host", "").partition(":")[0]
        self.heard.append(Heard(time.monotonic(), method, target, host, fields))
        if turn > 1 and target == "/not-twice-on-one-connection":
            return False
        self.open[host] = self.open.get(host, 0) + 1
        self.most_open[host] = max(self.most_open.get(host, 0), self.open[host])
        try:
            await asyncio.sleep(self.delay_s)
            return await self._reply(target, host, fields, writer)
        finally:
            self.open[host] -= 1

    async def _reply(self, target: str, host: str, fields: dict[str, str], writer: asyncio.StreamWriter) -> bool:
        script = self.scripts.get(f"{host}{target}") or self.scripts.get(target)
        if script:
            writer.write(script.pop(0) if len(script) > 1 else script[0])
            await writer.drain()
            return target not in self.closing
        if act := self.acts.get(target):
            return await act(self, fields, writer)
        if target.startswith("/status/"):
            writer.write(answer(b"<h1>no</h1>", status=f"{target[8:11]} Said"))
        else:
            writer.write(PLAIN.get(target, answer()))
            if target.startswith(("/odd/", "/not-http", "/nothing")):
                await writer.drain()
                return False
        await writer.drain()
        return True


Act = Callable[[Lab, dict[str, str], asyncio.StreamWriter], Awaitable[bool]]


async def _hang(lab: Lab, fields: dict[str, str], writer: asyncio.StreamWriter) -> bool:
    await asyncio.sleep(LONG_S)
    return False


async def _drip_head(lab: Lab, fields: dict[str, str], writer: asyncio.StreamWriter) -> bool:
    for byte in answer(more=("X-Slow: " + "y" * 4000,)):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)
    return False


async def _drip_body(lab: Lab, fields: dict[str, str], writer: asyncio.StreamWriter) -> bool:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999\r\n\r\n" + PAGE)
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _silent_body(lab: Lab, fields: dict[str, str], writer: asyncio.StreamWriter) -> bool:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999\r\n\r\n<html>")
    await writer.drain()
    return await _hang(lab, fields, writer)


async def _flood(lab: Lab, fields: dict[str, str], writer: asyncio.StreamWriter) -> bool:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE)
    while True:
        writer.write(b"word " * 20_000)
        await writer.drain()


async def _reset(lab: Lab, fields: dict[str, str], writer: asyncio.StreamWriter) -> bool:
    sock = writer.get_extra_info("socket")
    sock.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER 0: closing sends RST
    writer.transport.abort()
    return False


async def _gate(lab: Lab, fields: dict[str, str], writer: asyncio.StreamWriter) -> bool:
    """Goes round in circles for those who bring no cookie back."""
    if "passed=yes" in fields.get("cookie", ""):
        writer.write(answer())
    else:
        writer.write(
            b"HTTP/1.1 302 Found\r\nLocation: /cookie/gate\r\nSet-Cookie: passed=yes; Path=/\r\nContent-Length: 0\r\n\r\n"
        )
    await writer.drain()
    return True


async def _identity_only(lab: Lab, fields: dict[str, str], writer: asyncio.StreamWriter) -> bool:
    good = fields.get("accept-encoding") == "identity"
    writer.write(answer() if good else PLAIN["/encoded/noise"])
    await writer.drain()
    return True


ACTS: dict[str, Act] = {
    "/hang": _hang,
    "/drip-head": _drip_head,
    "/drip-body": _drip_body,
    "/silent-body": _silent_body,
    "/flood": _flood,
    "/reset": _reset,
    "/cookie/gate": _gate,
    "/encoded/identity-only": _identity_only,
}

Visit = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await asyncio.sleep(LONG_S)
    finally:
        writer.close()


async def _chatter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    await reader.read(1)
    writer.close()


def _forwarding(lab: Lab, port: Callable[[bytes], str | None]) -> Visit:
    """A port before the others: the first bytes choose one. Whom it sends nowhere gets the complaint, or nothing at all."""

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.read(65_536)
        name = port(first)
        if name is None:
            writer.write(lab.complaint)
            if lab.complaint:
                writer.close()
            else:
                writer.transport.abort()
            return
        inner, outer = await asyncio.open_connection("127.0.0.1", lab.ports[name])
        outer.write(first)
        await asyncio.gather(_pump(reader, outer), _pump(inner, writer))

    return visit


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(65_536):
            sink.write(piece)
            await sink.drain()
    except OSError:
        pass
    finally:
        sink.close()


async def _hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.transport.abort()


OFFERS_TLS_1_3 = b"\x00\x2b\x00"
"""The extension of a greeting that offers it."""
TLS = b"\x16"

YESTERDAY, TOMORROW, NEXT_YEAR = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1, 365))


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Lab]:
    """The lab while it is open: plain, good, expired, wrong-host, self-signed, old, mute, chatty, closed."""
    lab, authority, stranger = Lab(), trustme.CA(), trustme.CA()
    lab.ca_file = str(folder / "ca.pem")
    authority.cert_pem.write_to_path(lab.ca_file)
    contexts = {
        "good": _context(authority.issue_cert("good.example", "grumbling.example", "both.example")),
        "expired": _context(authority.issue_cert("expired.example", not_after=YESTERDAY)),
        "wrong-host": _context(authority.issue_cert("someone-else.example")),
        "self-signed": _context(stranger.issue_cert("self-signed.example")),
        "old": _context(authority.issue_cert("old.example", "ancient.example"), old=True),
        "not-yet-valid": _context(authority.issue_cert("not-yet-valid.example", not_before=TOMORROW, not_after=NEXT_YEAR)),
        "incomplete": _context(authority.create_child_ca().issue_cert("incomplete.example"), whole_chain=False),
        "own": _own_certificate(folder, "own.example"),
    }
    async with AsyncExitStack() as stack:
        tasks: set[asyncio.Task[None]] = set()

        async def listen(name: str, visit: Visit, tls: ssl.SSLContext | None = None) -> asyncio.Server:
            def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                lab.connections += 1
                task = asyncio.ensure_future(visit(reader, writer))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

            server = await asyncio.start_server(visited, "127.0.0.1", 0, ssl=tls, limit=262_144, backlog=512)
            stack.callback(server.close)
            lab.ports[name] = server.sockets[0].getsockname()[1]
            return server

        async def end() -> None:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        for name, context in ({"plain": None} | contexts).items():
            await listen(name, lab.visit, context)
        await listen("mute", _mute)
        await listen("chatty", _chatter)
        await listen("hanging-up", _hangs_up)
        await listen("ancient", _forwarding(lab, lambda hello: None if OFFERS_TLS_1_3 in hello else "old"))
        await listen("grumbling", _forwarding(lab, lambda first: "good" if first.startswith(TLS) else None))
        await listen("both", _forwarding(lab, lambda first: "good" if first.startswith(TLS) else "plain"))
        (await listen("closed", _mute)).close()
        stack.push_async_callback(end)
        yield lab


def _context(certificate: trustme.LeafCert, *, old: bool = False, whole_chain: bool = True) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if whole_chain:
        certificate.configure_cert(context)
    else:
        with certificate.private_key_pem.tempfile() as key, certificate.cert_chain_pems[0].tempfile() as leaf:
            context.load_cert_chain(leaf, key)
    if old:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # that it is deprecated is the point
            context.maximum_version = ssl.TLSVersion.TLSv1
    return context


def _own_certificate(folder: Path, host: str) -> ssl.SSLContext:
    """A certificate that a server wrote for itself, as routers and abandoned machines do."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    made = x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key(), serial_number=7)
    made = made.not_valid_before(YESTERDAY).not_valid_after(NEXT_YEAR)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    pem = serialization.Encoding.PEM
    written = folder / "own.pem"
    written.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.sign(key, hashes.SHA256()).public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(written)
    return context
