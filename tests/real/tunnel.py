"""Ways to loopback for programs that would go elsewhere.

A CONNECT proxy that takes every name to one TLS port: how a program with a wired-in address meets the front. And a SOCKS5 mapper
that knows the hosts of a test and refuses every other name: how pywb records "live" pages.
"""

import asyncio
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import trustme
from yarl import URL


@contextmanager
def opened(target: str, *, host: str, folder: Path) -> Iterator[dict[str, str]]:
    """The environment under which HTTPS requests to `host` reach the plain HTTP server at `target`."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(host).configure_cert(context)
    tunnel = _Tunnel()
    thread = threading.Thread(target=lambda: asyncio.run(tunnel.serve(context, URL(target).port or 80)), daemon=True)
    thread.start()
    assert tunnel.started.wait(10)
    try:
        yield {"HTTPS_PROXY": f"http://127.0.0.1:{tunnel.port}", "REQUESTS_CA_BUNDLE": str(folder / "authority.pem")}
    finally:
        tunnel.end()
        thread.join(10)


class _Tunnel:
    """The proxy and the TLS port behind it, in a loop of their own."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.port = 0

    async def serve(self, context: ssl.SSLContext, plain_port: int) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        tls = await asyncio.start_server(lambda r, w: _join(r, w, plain_port), "127.0.0.1", 0, ssl=context)
        secret: int = tls.sockets[0].getsockname()[1]
        proxy = await asyncio.start_server(lambda r, w: _connect(r, w, secret), "127.0.0.1", 0)
        self.port = proxy.sockets[0].getsockname()[1]
        self.started.set()
        async with tls, proxy:
            await self._ended.wait()

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)


async def _connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    await _join(reader, writer, port)


async def _join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.gather(_pour(reader, inner_writer), _pour(inner_reader, writer))


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()
    with suppress(OSError):
        writer.close()


@contextmanager
def mapped(hosts: Mapping[str, int]) -> Iterator["Mapper"]:
    """A SOCKS5 server that knows these hosts, each at a loopback port, and nothing else."""
    mapper = Mapper(hosts)
    thread = threading.Thread(target=lambda: asyncio.run(mapper.serve()), daemon=True)
    thread.start()
    assert mapper.started.wait(10)
    try:
        yield mapper
    finally:
        mapper.end()
        thread.join(10)


class Mapper:
    """The mapper and the names that were asked for."""

    def __init__(self, hosts: Mapping[str, int]) -> None:
        self.hosts = hosts
        self.asked: list[str] = []
        self.started = threading.Event()
        self.port = 0

    async def serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._visit, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.started.set()
        async with server:
            await self._ended.wait()

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        methods = (await reader.readexactly(2))[1]
        await reader.readexactly(methods)
        writer.write(b"\5\0")
        length = (await reader.readexactly(5))[4]
        host = (await reader.readexactly(length)).decode()
        await reader.readexactly(2)
        self.asked.append(host)
        port = self.hosts.get(host)
        writer.write(b"\5" + (b"\4" if port is None else b"\0") + b"\0\1" + bytes(6))
        if port is None:
            writer.close()
            return
        await _join(reader, writer, port)
