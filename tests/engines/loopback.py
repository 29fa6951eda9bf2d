"""A loopback web that counts: any host, http and https, every page different; what was asked is on record."""

import asyncio
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import trustme

WORDS = [
    "the",
    "old",
    "bridge",
    "over",
    "the",
    "river",
    "was",
    "rebuilt",
    "in",
    "stone",
    "by",
    "the",
    "people",
    "of",
    "the",
    "valley",
    "who",
    "waited",
    "since",
    "the",
    "flood",
]


class LoopbackWeb:
    """Serves on two ports of 127.0.0.1 in a thread of its own. `gone` holds paths that answer 404."""

    def __init__(self, *, delay_s: float = 0.0, hosts: tuple[str, ...] = (), folder: Path | None = None) -> None:
        self.asked: Counter[str] = Counter()
        self.gone: set[str] = set()
        self.titles: dict[tuple[str, str], str] = {}
        """(host, path) -> title, where a page is not to be called by its path."""
        self.delay_s, self.port, self.tls_port = delay_s, 0, 0
        self.ca_file: Path | None = None
        self._context: ssl.SSLContext | None = None
        if hosts and folder:
            authority = trustme.CA()
            self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            authority.issue_cert(*hosts).configure_cert(self._context)
            self.ca_file = folder / "ca.pem"
            authority.cert_pem.write_to_path(str(self.ca_file))
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        plain = self._loop.run_until_complete(asyncio.start_server(self._answer, "127.0.0.1", 0, backlog=1024))
        self.port = plain.sockets[0].getsockname()[1]
        servers = [plain]
        if self._context:
            secure = self._loop.run_until_complete(
                asyncio.start_server(self._answer, "127.0.0.1", 0, ssl=self._context, backlog=1024)
            )
            self.tls_port = secure.sockets[0].getsockname()[1]
            servers.append(secure)
        self._ready.set()
        self._loop.run_forever()
        for server in servers:
            server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ", 2)[1]
                host = next((line[5:].strip() for line in head.split("\r\n") if line.lower().startswith("host:")), "")
                host = host.partition(":")[0]
                self.asked[f"{host}{path}"] += 1
                await asyncio.sleep(self.delay_s)
                writer.write(self._page(path, title=self.titles.get((host, path), quote(path))))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    def _page(self, path: str, *, title: str) -> bytes:
        if path in self.gone:
            return b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 22\r\n\r\n<h1>404 Not Found</h1>"
        turn = sum(path.encode()) % len(WORDS)
        text = " ".join((WORDS[turn:] + WORDS[:turn]) * 8)
        body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{quote(path)} {text}</p></body></html>"
        return (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body.encode())
            + body.encode()
        )


@contextmanager
def serving(*, delay_s: float = 0.0, hosts: tuple[str, ...] = (), folder: Path | None = None) -> Iterator[LoopbackWeb]:
    web = LoopbackWeb(delay_s=delay_s, hosts=hosts, folder=folder)
    web.start()
    try:
        yield web
    finally:
        web.stop()
