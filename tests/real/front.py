"""A front that makes pywb answer like the Internet Archive. It stands in for policy; pywb is the archive.

What it changes, and where it still differs from the Internet Archive:

* the index: seven fields or arrays, whole-field filters, collapse, limits from both ends, resume keys, sort, de-duplication are
  done here over all rows of pywb. No server cap, no authorisation, no `offset`.
* the TimeGate answers 302 instead of 307; a captured redirect points into the archive instead of to the live site.
* an excluded address gives 403 and the exception's name instead of 451.
* Save Page Now 2: keys, jobs, `if_not_archived_within` and the error classes are made here; what is saved pywb really records
  from its live web. Nothing is queued, no script is run, and a job is told of for ever.
* faults come when a test asks for them (`Front.fail`), and every request is in `Front.hits`.
"""

import asyncio
import json
import re
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from urllib.parse import urljoin

import aiohttp
from aiohttp import web
from yarl import URL

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
EXCLUDED = (
    "<html><body>org.archive.util.io.RuntimeIOException: org.archive.wayback.exception.AdministrativeAccessControlException: "
    "Blocked Site Error</body></html>"
)
INDEX = "/cdx/search/cdx"
HOP_BY_HOP = {"transfer-encoding", "connection", "content-length", "date", "server"}
REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What to answer instead. `kind` is `answer`, `hang`, `reset` or `cut` (fewer bytes than announced)."""

    kind: str = "answer"
    http_status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    path: str
    at: float
    http_status: int


@dataclass(slots=True, kw_only=True)
class Job:
    """One page to be saved: what the archive will say of it, after so many polls."""

    url: str
    told: dict[str, Any]
    polls_left: int = 0


class Front:
    """The running front: its address, what was asked, and the faults that wait.

    `saves` are the pages that it was asked to save with valid keys; `refused` and `fails` hold the errors for pages, at once and
    when their job is asked about; `slow_polls` is how often a job is pending first; `silent` lets it take a page and never answer.
    """

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.url = ""
        self.public: str | None = None
        self.hits: list[Hit] = []
        self.keys = "LOW the-access-key:the-hidden-key"
        self.saves: list[dict[str, str]] = []
        self.jobs: dict[str, Job] = {}
        self.refused: dict[str, str] = {}
        self.fails: dict[str, str] = {}
        self.slow_polls = 0
        self.silent = False
        self._faults: list[tuple[str, deque[Fault]]] = []

    def fail(self, prefix: str, *faults: Fault, times: int = 1) -> None:
        """Let the next requests whose path starts so fail, `times` over; without faults they fail no more."""
        self._faults = [each for each in self._faults if faults or each[0] != prefix]
        self._faults.append((prefix, deque(list(faults) * times)))

    def forget(self) -> None:
        self.hits.clear()
        self._faults.clear()
        self.saves.clear()
        self.jobs.clear()
        self.refused.clear()
        self.fails.clear()
        self.slow_polls, self.silent = 0, False

    def count(self, prefix: str) -> int:
        return sum(hit.path.startswith(prefix) for hit in self.hits)

    def next_fault(self, path: str) -> Fault | None:
        for prefix, faults in self._faults:
            if faults and path.startswith(prefix):
                return faults.popleft()
        return None


FRONT = web.AppKey("front", Front)
SESSION = web.AppKey("session", aiohttp.ClientSession)


@contextmanager
def serving(upstream: str) -> Iterator[Front]:
    """The front on a free loopback port, in a thread with a loop of its own: its clients may block."""
    front = Front(upstream)
    loop, started = asyncio.new_event_loop(), threading.Event()
    thread = threading.Thread(target=_serve, args=(front, loop, started), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield front
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


def _serve(front: Front, loop: asyncio.AbstractEventLoop, started: threading.Event) -> None:
    asyncio.set_event_loop(loop)
    runner = web.AppRunner(_app(front), access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    loop.run_until_complete(runner.setup())
    site = web.TCPSite(runner, "127.0.0.1", 0)
    loop.run_until_complete(site.start())
    front.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    started.set()
    loop.run_forever()
    loop.run_until_complete(_finish(runner))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


async def _finish(runner: web.AppRunner) -> None:
    await runner.cleanup()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def _app(front: Front) -> web.Application:
    app = web.Application(middlewares=[_watched])
    app[FRONT] = front
    app.cleanup_ctx.append(_session)
    app.router.add_get(INDEX, _index)
    app.router.add_get("/web/timemap/{format}/{url:.+}", _timemap)
    app.router.add_post("/save", _save)
    app.router.add_get("/save/status/{job}", _job)
    app.router.add_get("/{path:.*}", _replay)
    return app


async def _session(app: web.Application) -> Any:
    async with aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()) as session:
        app[SESSION] = session
        yield


@web.middleware
async def _watched(request: web.Request, handler: Any) -> web.StreamResponse:
    """Count every request, and fail those that a test wants to fail."""
    front = request.app[FRONT]
    fault = front.next_fault(request.raw_path)
    response = await (_failed(request, fault) if fault else handler(request))
    front.hits.append(Hit(path=request.raw_path, at=time.monotonic(), http_status=response.status))
    return response


async def _failed(request: web.Request, fault: Fault) -> web.StreamResponse:
    if fault.kind == "hang":
        await asyncio.sleep(3600)
    if fault.kind == "reset":
        assert request.transport is not None
        request.transport.abort()
    if fault.kind == "cut":
        response = web.StreamResponse(
            status=fault.http_status, headers={**fault.headers, "Content-Length": str(len(fault.body) + 99)}
        )
        await response.prepare(request)
        await response.write(fault.body)
        assert request.transport is not None
        request.transport.close()
        return response
    return web.Response(status=fault.http_status, headers=dict(fault.headers), body=fault.body)


# ---- the index


async def _index(request: web.Request) -> web.Response:
    query = request.query
    rows = await _rows(request)
    if rows is None:
        return web.Response(status=403, text=EXCLUDED, content_type="text/html")
    rows = _collapsed(_filtered(rows, query.getall("filter", [])), query.getall("collapse", []))
    rows = _ordered(rows, query)
    if query.get("showNumPages") == "true":
        return web.Response(text="1\n")
    limit = int(query.get("limit", "150000"))
    start = int(query.get("resumeKey", "0").rpartition("+")[2] or 0)
    shown = rows[limit:] if limit < 0 else rows[start : start + limit]
    more = f"\n{query['url']}+{start + limit}\n" if query.get("showResumeKey") == "true" and 0 < limit < len(rows) - start else ""
    if query.get("output") == "json":
        return web.json_response([FIELDS, *(list(row.values()) for row in shown)] if shown else [])
    return web.Response(text="".join(" ".join(row.values()) + "\n" for row in shown) + more)


async def _rows(request: web.Request) -> list[dict[str, str]] | None:
    """All rows of pywb for the query; None when the address is excluded."""
    query = {name: request.query[name] for name in ("url", "matchType", "from", "to") if name in request.query}
    async with request.app[SESSION].get(f"{request.app[FRONT].upstream}/web/cdx", params={**query, "output": "json"}) as answer:
        lines = (await answer.text()).splitlines()
    found = [json.loads(line) for line in lines if line.strip()]
    if any(row.get("access") == "block" for row in found):
        return None
    return [
        {
            "urlkey": row["urlkey"],
            "timestamp": row["timestamp"],
            "original": row["url"],
            "mimetype": row.get("mime") or "-",
            "statuscode": row.get("status") or "-",
            "digest": row.get("digest") or "-",
            "length": row.get("length") or "-",
        }
        for row in found
    ]


def _filtered(rows: list[dict[str, str]], filters: list[str]) -> list[dict[str, str]]:
    """A filter must match the whole field."""
    for each in filters:
        name, _, pattern = each.removeprefix("!").partition(":")
        rows = [row for row in rows if bool(re.fullmatch(pattern, row[name])) is not each.startswith("!")]
    return rows


def _collapsed(rows: list[dict[str, str]], collapses: list[str]) -> list[dict[str, str]]:
    for each in collapses:
        name, _, length = each.partition(":")
        width = int(length) if length else None
        rows = [next(same) for _, same in groupby(rows, key=lambda row, name=name, width=width: row[name][:width])]  # type: ignore[misc]
    return rows


def _ordered(rows: list[dict[str, str]], query: Mapping[str, str]) -> list[dict[str, str]]:
    if query.get("sort") == "reverse":
        return rows[::-1]
    if query.get("sort") == "closest" and "closest" in query:
        wanted = _seconds(query["closest"])
        return sorted(rows, key=lambda row: abs(_seconds(row["timestamp"]) - wanted))
    return rows


def _seconds(timestamp: str) -> float:
    return time.mktime(time.strptime(timestamp.ljust(14, "0").replace("00000000", "01010000"), "%Y%m%d%H%M%S"))


# ---- saving

SAVE_ERRORS = {
    404: "not-found",
    403: "no-access",
    401: "unauthorized",
    500: "internal-server-error",
    502: "invalid-host-resolution",
}
"""What the page answered to the recorder -> the archive's word for it."""

PAGES_PER_DAY = 5


async def _save(request: web.Request) -> web.StreamResponse:
    """Take a page: refuse it, or give a job for it. pywb records it before the answer goes out."""
    front = request.app[FRONT]
    if request.headers.get("Authorization") != front.keys:
        return web.json_response({"message": "You need to be logged in to use Save Page Now."}, status=401)
    form = {name: str(value) for name, value in (await request.post()).items()}
    url = form["url"]
    front.saves.append(form)
    if code := front.refused.get(url):
        return web.json_response(_error(code, f"{url}: {code} {front.keys}"))
    if sum(each["url"] == url for each in front.saves) > PAGES_PER_DAY:
        return web.json_response(_error("error:too-many-daily-captures", "Captured often enough today."))
    job = f"spn2-{len(front.jobs) + 1:040x}"
    front.jobs[job] = await _recorded(request, form)
    message = {"message": "The same snapshot had been made."} if front.jobs[job].told.get("original_job_id") else {}
    if front.silent:
        await asyncio.sleep(3600)
    return web.json_response({"url": url, "job_id": job, **message})


async def _recorded(request: web.Request, form: Mapping[str, str]) -> Job:
    front, url = request.app[FRONT], form["url"]
    if code := front.fails.get(url):
        return Job(url=url, told=_error(code, f"{url}: {code}"), polls_left=front.slow_polls)
    done: dict[str, Any] = {"status": "success", "original_url": url}
    if held := await _held_within(request, url, form.get("if_not_archived_within", "")):
        return Job(url=url, told={**done, "timestamp": held, "original_job_id": "spn2-before"}, polls_left=front.slow_polls)
    address = URL(f"{front.upstream}/web/record/id_/{url}", encoded=True)
    async with request.app[SESSION].get(address, allow_redirects=False) as answer:
        await answer.read()
        moment = answer.headers.get("Memento-Datetime", "")
    if answer.status in SAVE_ERRORS or not moment:
        code = f"error:{SAVE_ERRORS.get(answer.status, 'cannot-fetch')}"
        return Job(url=url, told=_error(code, code), polls_left=front.slow_polls)
    timestamp = time.strftime("%Y%m%d%H%M%S", time.strptime(moment, "%a, %d %b %Y %H:%M:%S GMT"))
    return Job(url=url, told={**done, "timestamp": timestamp, "http_status": answer.status}, polls_left=front.slow_polls)


def _error(code: str, message: str) -> dict[str, str]:
    return {"status": "error", "status_ext": code, "message": message}


async def _held_within(request: web.Request, url: str, window: str) -> str | None:
    """The newest capture of the page, if it was made within so many days."""
    query = {"url": url, "output": "json"}
    async with request.app[SESSION].get(f"{request.app[FRONT].upstream}/web/cdx", params=query) as answer:
        moments = [json.loads(line)["timestamp"] for line in (await answer.text()).splitlines() if line.strip()]
    days = int(window.removesuffix("d") or 0)
    newest = max(moments, default="0")
    return newest if newest >= time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() - days * 86_400)) else None


async def _job(request: web.Request) -> web.Response:
    """What became of a job; one that never was is pending for ever, as at the Internet Archive."""
    front, name = request.app[FRONT], request.match_info["job"]
    if request.headers.get("Authorization") != front.keys:
        return web.json_response({"message": "You need to be logged in to use Save Page Now."}, status=401)
    job = front.jobs.get(name)
    if job is None or job.polls_left > 0:
        if job is not None:
            job.polls_left -= 1
        return web.json_response({"job_id": name, "resources": [], "status": "pending"})
    return web.json_response({"job_id": name, **job.told})


# ---- replay


async def _timemap(request: web.Request) -> web.Response:
    return await _passed(request, request.raw_path)


async def _replay(request: web.Request) -> web.Response:
    response = await _passed(request, request.raw_path)
    captured = "Memento-Datetime" in response.headers
    if response.status == 451 and not captured:
        return web.Response(status=403, text=EXCLUDED, content_type="text/html")
    if response.status == 307 and not captured:
        response.set_status(302)
    location = response.headers.get("Location")
    place = re.match(r"(/web/\d+(?:[a-z]{2}_)?/)(.+)", request.raw_path)
    if captured and location and place and response.status in REDIRECTS:
        response.headers["Location"] = f"{_name(request)}{place[1]}{urljoin(place[2], location)}"
    return response


async def _passed(request: web.Request, path: str) -> web.Response:
    """pywb's answer, with our name in the place of its own. Bodies pass as they were captured."""
    front = request.app[FRONT]
    headers = {"Accept-Encoding": "gzip, br"}
    if "Accept-Datetime" in request.headers:
        headers["Accept-Datetime"] = request.headers["Accept-Datetime"]
    address = URL(front.upstream + path, encoded=True)
    async with request.app[SESSION].get(address, headers=headers, allow_redirects=False) as answer:
        body = await answer.read()
    response = web.Response(status=answer.status, body=body)
    response.headers.popall("Content-Type", None)
    for name, value in answer.headers.items():
        if name.lower() not in HOP_BY_HOP:
            response.headers.add(name, value.replace(front.upstream, _name(request)))
    if "link-format" in response.headers.get("Content-Type", ""):
        response.body = body.replace(front.upstream.encode(), _name(request).encode())
    return response


def _name(request: web.Request) -> str:
    front = request.app[FRONT]
    return front.public or front.url
