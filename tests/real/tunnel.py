"""A CONNECT proxy on loopback that takes every name to one TLS port: how a program with a wired-in address meets the front."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
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
