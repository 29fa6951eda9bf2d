"""A loopback front of the wiki: it counts what is asked and how much at once, and stands in for the edge that a real wiki has.

Every answer is the wiki's own, but for the faults that a test asks for: `answer` sends one of an edge (429, HTML of 5xx, 403 in
plain text), `change` gives the next requests headers with which the wiki itself refuses (wiki/settings.php).
"""

import asyncio
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

KEPT = ("Content-Type", "Retry-After", "MediaWiki-API-Error", "Location")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One request: its method, what it asked, its headers, and the size of the answer."""

    method: str
    asked: Mapping[str, str]
    headers: Mapping[str, str]
    http_status: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An answer that never reached the wiki."""

    http_status: int
    body: str = ""
    content_type: str = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)


class WikiFront:
    """The running front. `api` is where to ask; `hits` what was asked, in order; `most_open` the most requests at once."""

    def __init__(self, upstream: str) -> None:
        self.upstream, self.url = upstream, ""
        self.always: dict[str, str] = {}
        self.slow_s = 0.0
        self.forget()

    @property
    def api(self) -> str:
        return f"{self.url}/w/api.php"

    def forget(self) -> None:
        self.hits: list[Hit] = []
        self.open = self.most_open = 0
        self.faults: deque[Edge | Mapping[str, str]] = deque()
        self.always.clear()
        self.slow_s = 0.0

    def answer(self, *edges: Edge) -> None:
        self.faults.extend(edges)

    def change(self, *headers: Mapping[str, str]) -> None:
        """Each of the next requests with headers of its own."""
        self.faults.extend(headers)

    def asked(self, **wanted: str) -> list[Hit]:
        """The requests with these parameters; `...` is any value."""
        return [hit for hit in self.hits if all(hit.asked.get(key) == value for key, value in wanted.items())]

    async def handle(self, request: web.Request) -> web.Response:
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            body = await request.read()
            asked = dict(request.query) | dict(parse_qsl(body.decode()))
            fault = self.faults.popleft() if self.faults else {}
            if self.slow_s:
                await asyncio.sleep(self.slow_s)
            if isinstance(fault, Edge):
                told = web.Response(
                    status=fault.http_status, text=fault.body, content_type=fault.content_type, headers=fault.headers
                )
            else:
                told = await self._passed(request, body, {**self.always, **fault})
            self.hits.append(
                Hit(
                    method=request.method,
                    asked=asked,
                    headers=dict(request.headers),
                    http_status=told.status,
                    size=len(told.body if isinstance(told.body, bytes) else b""),
                )
            )
            return told
        finally:
            self.open -= 1

    async def _passed(self, request: web.Request, body: bytes, more: Mapping[str, str]) -> web.Response:
        kept = {name: value for name, value in request.headers.items() if name in {"Content-Type", "User-Agent", "Host"}}
        address = f"{self.upstream}{request.path_qs}"
        async with aiohttp.request(
            request.method, address, data=body or None, headers=kept | dict(more), allow_redirects=False
        ) as answer:
            headers = {name: answer.headers[name] for name in KEPT if name in answer.headers}
            return web.Response(status=answer.status, body=await answer.read(), headers=headers)


@contextmanager
def serving(upstream: str) -> Iterator[WikiFront]:
    """The front on a free loopback port, in a thread with a loop of its own: its clients may block."""
    front, loop, started = WikiFront(upstream), asyncio.new_event_loop(), threading.Event()
    thread = threading.Thread(target=_serve, args=(front, loop, started), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield front
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def _serve(front: WikiFront, loop: asyncio.AbstractEventLoop, started: threading.Event) -> None:
    asyncio.set_event_loop(loop)
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", front.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    loop.run_until_complete(runner.setup())
    loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", 0).start())
    front.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    started.set()
    loop.run_forever()
    loop.run_until_complete(runner.cleanup())
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
