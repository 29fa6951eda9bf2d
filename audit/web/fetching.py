"""One attempt: a walk from an address to a final answer or failure, stored as one Fetch. I/O.

Redirects of every kind are our own loop, because each hop passes the guard, takes its turn, and is a fact even when a later one
fails. Nothing here decides what an answer means.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
from yarl import URL

from audit import guard, html, similarity, urls
from audit.model import Failure, Fetch, Hop
from audit.web import answers, asking, faults
from audit.web.answers import Answer
from audit.web.asking import Clock, TryLegacy
from audit.web.faults import Defect, Fault, Stale, Unreadable
from audit.web.network import Network, Trust

LONGEST_REFRESH_S = 10.0
SCRIPT_TEXT = 200
"""A page with more text than this is no mere redirect by script."""

SAMPLE_CHARACTERS = 16_384
HTML_BYTES = 262_144
SHORT_HTML_BYTES = 16_384
"""Hostile markup costs quadratic time; of 16 KiB it is 30 ms at worst, so a small page needs no thread."""
SLOW_PAGE_S = 0.5
LEGACY_TRIES = 2

Turn = Callable[[URL], AbstractAsyncContextManager[None]]
"""Leave to send one request to a host: waits for its pace, and holds a place while the `async with` lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What one attempt is to ask. `url` is the cited URL it is about, `requested` the address on the wire."""

    url: str
    requested: str
    check_id: str
    attempt: int = 1
    role: str = "attempt"
    language: str | None = None
    cookies: bool = True
    fresh_connection: bool = False
    vantage: str | None = None


@dataclass(slots=True)
class _Walk:
    errand: Errand
    web: Network
    turn: Turn
    clock: Clock
    hops: list[Hop] = field(default_factory=list)
    at: str = ""
    tls: str | None = None
    jar: aiohttp.CookieJar | None = None
    names: dict[str, None] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)
    begun_at: datetime | None = None
    trusts: dict[str, tuple[Trust, str]] = field(default_factory=dict)


async def fetch(errand: Errand, *, web: Network, turn: Turn) -> Fetch:
    """Walk to the end. Never raises for the world's faults."""
    return (await fetch_whole(errand, web=web, turn=turn))[0]


async def fetch_whole(errand: Errand, *, web: Network, turn: Turn) -> tuple[Fetch, bytes]:
    """The fetch and the body itself, for answers that are data and no page."""
    walk = _Walk(errand, web, turn, Clock(web.settings.timeouts.total_s), at=errand.requested)
    try:
        answer, read = await _followed(walk)
    except Fault as fault:
        return _failed(walk, fault), b""
    except asking.WORLD as fault:
        return _failed(walk, faults.meaning(fault, phase="resolve")), b""
    return _told(walk, answer, read), answer.body


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A page, and what it shows as fields of a Fetch."""

    page: html.Page
    fields: dict[str, Any]


async def _followed(walk: _Walk) -> tuple[Answer, _Read | None]:
    """The last answer of the walk and its page."""
    while True:
        url = _sendable(walk)
        answer = await _answer(walk, url)
        brought = _cookies(walk, url)
        _keep_cookies(walk, answer, url)
        read = await _page(walk, answer)
        page = read.page if read else None
        target = _target(answer, page, renewed=_cookies(walk, url) != brought)
        if target is None:
            return answer, read
        kind, location = target
        if kind != "http" and _round_again(walk, location):
            return answer, read
        walk.hops.append(Hop(url=walk.at, http_status=answer.http_status, location=location, kind=kind))
        following = urls.join(_base(answer, page, kind), location)
        if following is None or not following.startswith(("http://", "https://")):
            if kind == "http" and (following is not None or ":" in location.partition("/")[0]):
                raise Fault(Failure.BAD_RESPONSE, phase="headers", detail="redirect-scheme")
            walk.hops.pop()
            return answer, read
        if len(walk.hops) > walk.web.settings.max_redirects:
            raise Fault(Failure.TOO_MANY_REDIRECTS, phase="headers", detail="limit")
        walk.at = following


def _sendable(walk: _Walk) -> URL:
    """The address as it is sent, past the guard. The same one with the same cookies twice is a loop."""
    try:
        url = answers.sendable(urls.wire(walk.at))
    except ValueError as fault:
        raise Fault(
            Failure.BAD_RESPONSE if walk.hops else Failure.OTHER, phase="resolve", detail=f"unsendable: {fault}"[:200]
        ) from fault
    why = guard.refused(url, pinned=walk.web.resolver.pinned(url.raw_host or ""))
    if why is not None:
        raise Fault(Failure.BLOCKED_ADDRESS, phase="resolve", detail=why)
    mark = (str(url), _cookies(walk, url))
    if mark in walk.seen:
        raise Fault(Failure.TOO_MANY_REDIRECTS, phase="headers", detail="loop")
    walk.seen.add(mark)
    return url


@dataclass(slots=True)
class _Way:
    """How one address is asked. Most of what goes wrong leaves another way."""

    trust: Trust
    defect: str
    more: dict[str, str]
    fresh: bool
    tried_legacy: bool = False

    def turn_to(self, found: Stale | Defect | TryLegacy, *, hopeless: bool) -> None:
        """The next way to ask. Raises the Fault itself when there is none."""
        match found:
            case Stale():
                self.fresh = True
            case Defect():
                self.trust, self.defect = Trust.UNVERIFIED, found.name
            case TryLegacy():
                if self.tried_legacy or hopeless:
                    raise found.fault from found
                self.trust, self.defect, self.tried_legacy = Trust.LEGACY, self.defect or "legacy", True


async def _answer(walk: _Walk, url: URL) -> Answer:
    """The answer to one address, over whatever connection and by whatever reader brings one."""
    place = f"{url.scheme}://{url.raw_authority}"
    trust, defect = walk.trusts.get(place, (Trust.VERIFIED, ""))
    way = _Way(trust, defect, _headers(walk, url), walk.errand.fresh_connection)
    while True:
        try:
            answer = await _strictly(walk, url, way)
        except (Stale, Defect, TryLegacy) as found:
            way.turn_to(found, hopeless=walk.web.legacy_failed[place] >= LEGACY_TRIES)
        except Unreadable:
            answer = await _leniently(walk, url, way)
            break
        except Fault:
            walk.web.legacy_failed[place] += way.trust is Trust.LEGACY
            raise
        else:
            if not answer.undecodable or "Accept-Encoding" in way.more:
                break
            way.more = {**way.more, "Accept-Encoding": "identity"}
    if answer.undecodable and answer.http_status < 400:  # an error is an error in any encoding
        raise Fault(Failure.BAD_RESPONSE, phase="body", detail="undecodable")
    walk.trusts[place] = way.trust, way.defect
    walk.tls = walk.tls or answer.tls
    return answer


async def _strictly(walk: _Walk, url: URL, way: _Way) -> Answer:
    async with walk.turn(url):
        walk.begun_at = walk.begun_at or datetime.now(UTC)
        return await asking.ask(
            url, web=walk.web, trust=way.trust, more=way.more, clock=walk.clock, tls=way.defect or None, fresh=way.fresh
        )


async def _leniently(walk: _Walk, url: URL, way: _Way) -> Answer:
    async with walk.turn(url):
        return await asking.read_leniently(
            url, web=walk.web, trust=way.trust, more=way.more, clock=walk.clock, tls=way.defect or None
        )


def _headers(walk: _Walk, url: URL) -> dict[str, str]:
    """What this request carries beside what all carry. The language is constant per URL, so that its facts stay comparable."""
    language = walk.errand.language
    wanted = f"{language}, en;q=0.8, *;q=0.5" if language and language != "en" else "en, *;q=0.5"
    more = {"Accept-Language": wanted}
    if cookies := _cookies(walk, url):
        more["Cookie"] = cookies
    return more


def _cookies(walk: _Walk, url: URL) -> str:
    if walk.jar is None:
        return ""
    held = walk.jar.filter_cookies(url)
    return "; ".join(f"{name}={held[name].coded_value}" for name in sorted(held))


def _keep_cookies(walk: _Walk, answer: Answer, url: URL) -> None:
    """A jar of this walk's own: cookie-gated redirects loop for ever without one. Made only when a cookie comes."""
    for name in answers.cookie_names(answer.raw_headers):
        walk.names[name] = None
    if not walk.names or not walk.errand.cookies:
        return
    if walk.jar is None:
        walk.jar = aiohttp.CookieJar(unsafe=True, quote_cookie=False)
    written = [answers.text_of(value) for key, value in answer.raw_headers if key.lower() == b"set-cookie"]
    walk.jar.update_cookies_from_headers(written, url)


# ---- where it goes on


def _target(answer: Answer, page: html.Page | None, *, renewed: bool) -> tuple[str, str] | None:
    """(kind, location) of the redirect that an answer is, None when it is none. `renewed`: it set cookies that were not brought."""
    if answer.http_status in asking.REDIRECTS:
        location = answer.header("location")
        return ("http", location) if location else None
    empty = page is None or len(page.text) < SCRIPT_TEXT
    for kind, refresh, base in (
        ("refresh", html.refresh_target(answer.header("refresh") or ""), None),
        ("meta", page.refresh if page else None, page.base if page else None),
    ):
        if refresh and refresh[0] <= LONGEST_REFRESH_S and _leads(answer, refresh[1], base, again=renewed and empty):
            return kind, refresh[1] or answer.url
    if page and page.script_location and empty and _leads(answer, page.script_location, page.base, again=renewed):
        return "script", page.script_location
    return None


def _leads(answer: Answer, location: str, base: str | None, *, again: bool) -> bool:
    """Whether a page sends its reader to another page. One that only reloads itself is the page, unless it waits for its cookies."""
    following = urls.join(_joined(answer.url, base), location) if location else answer.url
    return following is not None and following.startswith("http") and (again or following.partition("#")[0] != answer.url)


def _round_again(walk: _Walk, location: str) -> bool:
    """Whether a page sends its reader, again, to its own path: it waits for a cookie that only scripts set, and is the answer."""
    paths = {urls.join(walk.at, location), walk.at, *(hop.url for hop in walk.hops if hop.kind != "http")}
    return any(hop.kind != "http" for hop in walk.hops) and len({(each or "").partition("?")[0] for each in paths}) == 1


def _reloads(answer: Answer, page: html.Page | None) -> bool:
    """Whether the answer has a browser ask for the same page again at once."""
    written = html.refresh_target(answer.header("refresh") or "") or (page.refresh if page else None)
    if written is not None and written[0] <= LONGEST_REFRESH_S:
        return True
    return page is not None and page.script_location is not None and urls.join(answer.url, page.script_location) is not None


def _base(answer: Answer, page: html.Page | None, kind: str) -> str:
    return _joined(answer.url, page.base if page and kind in {"meta", "script"} else None)


def _joined(url: str, base: str | None) -> str:
    return (urls.join(url, base) or url) if base else url


async def _page(walk: _Walk, answer: Answer) -> _Read | None:
    """The page of an answer, None when it is not to be read as one. Large ones are read in a thread: a parser may take long."""
    if not answer.body or answer.undecodable or not _readable(answer):
        return None
    body, host = answer.body, urls.host_key(answer.url)
    if len(body) > SHORT_HTML_BYTES and host in walk.web.slow_pages:
        body = body[:SHORT_HTML_BYTES]
    kind, charset = answers.media_type(answer.raw_headers), answers.charset(answer.raw_headers)
    if len(body) <= SHORT_HTML_BYTES:
        return _read(body, kind=kind, charset=charset)
    begun = time.monotonic()
    read = await asyncio.get_running_loop().run_in_executor(walk.web.readers, lambda: _read(body, kind=kind, charset=charset))
    if time.monotonic() - begun > SLOW_PAGE_S:
        walk.web.slow_pages.add(host)
    return read


def _read(body: bytes, *, kind: str | None, charset: str | None) -> _Read:
    page = html.page(body, content_type=kind, charset=charset, limit=HTML_BYTES)
    return _Read(page=page, fields=_shown(page))


def _readable(answer: Answer) -> bool:
    """What looks like a page is one, whatever its server calls it."""
    shown = html.magic(answer.body)
    return shown == "html" or (shown in {None, "xml"} and answers.is_textual(answers.media_type(answer.raw_headers)))


# ---- the fact


def _failed(walk: _Walk, fault: Fault) -> Fetch:
    return Fetch(
        **_asked(walk),
        failure=fault.failure,
        phase=fault.phase,
        detail=fault.detail,
        final_url=walk.at if walk.hops else None,
    )


def _asked(walk: _Walk) -> dict[str, Any]:
    errand = walk.errand
    return {
        "url": errand.url,
        "fetched_at": walk.begun_at or datetime.now(UTC),
        "check_id": errand.check_id,
        "attempt": errand.attempt,
        "role": errand.role,
        "requested_url": errand.requested,
        "hops": tuple(walk.hops),
        "cookie_names": tuple(walk.names),
        "tls": walk.tls,
        "elapsed_ms": round(walk.clock.spent_s * 1000),
        "vantage": errand.vantage,
    }


def _told(walk: _Walk, answer: Answer, read: _Read | None) -> Fetch:
    flags = set(read.page.flags) if read else set()
    if answer.cut:
        flags.add("cut")
    if _reloads(answer, read.page if read else None):
        flags.add("reloads")
    if answer.undecodable:
        flags.add("undecodable")
    return Fetch(
        **_asked(walk),
        **(read.fields if read else {}),
        final_url=walk.at,
        http_status=answer.http_status,
        content_type=answers.media_type(answer.raw_headers),
        charset=(read.page.charset if read else None) or answers.charset(answer.raw_headers),
        headers=answers.telling(answer.raw_headers),
        address=answer.address,
        flags=frozenset(flags),
        magic=html.magic(answer.body) if answer.body else None,
        body_bytes=len(answer.body),
        body_sha256=hashlib.sha256(answer.body).hexdigest() if answer.body else None,
    )


def _shown(page: html.Page) -> dict[str, Any]:
    return {
        "title": page.title,
        "og_title": page.og_title,
        "h1": page.h1,
        "description": page.description,
        "canonical": page.canonical,
        "robots": page.robots,
        "language": page.language,
        "word_count": page.word_count,
        "text_length": len(page.text),
        "text_simhash": similarity.simhash(page.text) if page.text else None,
        "sketch": similarity.sketch(page.text) if page.text else (),
        "sample": page.text[:SAMPLE_CHARACTERS] or None,
    }
