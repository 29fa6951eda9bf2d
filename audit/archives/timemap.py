"""Any archive of RFC 7089, by its TimeGate or its TimeMap. It can say yes; its silence is one witness, and never a no."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime

from audit import captures, memento, urls
from audit.archives import opening, replies
from audit.archives.archive import one_by_one
from audit.archives.replies import Reply, Says
from audit.archives.turns import Turn
from audit.errors import ConfigError
from audit.model import Capture, CaptureSearch, Playback, SearchFailure
from audit.settings import ArchiveSettings

POOL = "any"
NEAREST = 20
MOST_MEMENTOS = 20_000
MOST_PAGES = 10

LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s\",;]+))?)*)")
PARAMETER = re.compile(r";\s*([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))")
"""Addresses and dates hold commas and semicolons: `<...>` and quoted strings are taken whole, never split."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One record of a link-format document."""

    address: str
    relations: frozenset[str]
    at: datetime | None


def links(text: str) -> Iterator[Link]:
    """The records of `application/link-format`.

    >>> [(each.address, sorted(each.relations)) for each in links('<http://a.test/1,2>; rel="first memento"; datetime="x"')]
    [('http://a.test/1,2', ['first', 'memento'])]
    """
    for found in LINK.finditer(text):
        named = {name.lower(): quoted or plain for name, quoted, plain in PARAMETER.findall(found[2])}
        yield Link(
            address=found[1].strip(),
            relations=frozenset(named.get("rel", "").lower().split()),
            at=replies.http_date(named.get("datetime")),
        )


class TimeMapArchive:
    """One archive, known by the addresses of its TimeGate and TimeMap, each with `{url}` in it."""

    def __init__(self, settings: ArchiveSettings) -> None:
        if not (settings.timegate or settings.timemap):
            raise ConfigError(f"archives: {settings.name!r} of kind memento needs `timegate` or `timemap`")
        self.settings = settings
        self.name = settings.name
        places = (settings.base_url, settings.timegate, settings.timemap)
        self._hosts = {opening.host(place) for place in places if place}

    async def search(
        self,
        url: str,
        *,
        near: Sequence[datetime],
        turn: Turn,
        absent_since: datetime | None = None,  # noqa: ARG002 - an archive with one witness has no absence to renew
    ) -> tuple[CaptureSearch, ...]:
        wanted = captures.moments(near) or (turn.now(),)
        if self.settings.timegate is None or len(wanted) > captures.MOST_MOMENTS:
            if self.settings.timemap:
                return (await self._listed(url, near=wanted, turn=turn),)
            wanted = wanted[: captures.MOST_MOMENTS]
        return await one_by_one(wanted, lambda moment: self._nearest(url, near=moment, turn=turn))

    async def index(self, url: str, *, near: datetime, turn: Turn) -> CaptureSearch | None:
        if self.settings.timemap is None:
            return None
        return await self._listed(url, near=(near,), turn=turn)

    # ---- TimeGate

    async def _nearest(self, url: str, *, near: datetime, turn: Turn) -> CaptureSearch:
        wanted = {"Accept-Datetime": format_datetime(near, usegmt=True)}
        reply = await turn.get(POOL, _filled(self.settings.timegate or "", url), headers=wanted)
        asked = CaptureSearch(archive=self.name, url=url, asked_at=reply.asked_at, near=near)
        said = replies.says(reply)
        if said is Says.ABSENT:
            return replace(
                asked, failure=SearchFailure.UNCONFIRMED, witnesses=("timegate-404",), detail="one witness is no proof"
            )
        if said not in {Says.CAPTURED, Says.NEGOTIATED}:
            return replace(asked, failure=replies.failure(reply), detail=replies.described(reply))
        capture = self._named(reply, url=url)
        if capture is None:
            return replace(asked, failure=SearchFailure.BAD_RESPONSE, detail="names no capture of this address")
        return replace(asked, captures=(capture,), witnesses=(f"timegate-{reply.http_status}",))

    def _named(self, reply: Reply, *, url: str) -> Capture | None:
        """The memento that a TimeGate redirects to, or shows itself with its own address in `Content-Location`."""
        shown = reply.captured_at is not None
        place = reply.headers.get("content-location" if shown else "location", "").strip() or (reply.address if shown else "")
        address = opening.absolute(place, reply)
        parsed = memento.parse_archive_url(address)
        at = (
            reply.captured_at
            or (parsed.captured_at if parsed and parsed.precision == "second" else None)
            or _dated(reply, address)
        )
        original = parsed.original if parsed and parsed.original else url
        if at is None or not address or urls.urlkey(original) != urls.urlkey(url):
            return None
        return Capture(
            archive=self.name,
            url=original,
            memento_url=address,
            captured_at=at,
            http_status=reply.http_status if shown else None,
            mimetype=reply.media_type or None if shown else None,
        )

    # ---- TimeMap

    async def _listed(self, url: str, *, near: Sequence[datetime], turn: Turn) -> CaptureSearch:
        """The mementos that TimeMaps list, the nearest ones to each wanted moment."""
        pending = [_filled(self.settings.timemap or "", url)]
        visited: set[str] = set()
        found: dict[str, datetime] = {}
        asked = CaptureSearch(archive=self.name, url=url, asked_at=turn.now(), near=near[0] if len(near) == 1 else None)
        while pending and len(visited) < MOST_PAGES and len(found) < MOST_MEMENTOS:
            address = pending.pop(0)
            visited.add(address)
            reply = await turn.get(POOL, address, listing=True)
            if failure := replies.unlisted(reply):
                if found:
                    break
                witnesses = ("timemap-404",) if failure is SearchFailure.UNCONFIRMED else ()
                return replace(
                    asked, asked_at=reply.asked_at, failure=failure, witnesses=witnesses, detail=replies.described(reply)
                )
            for link in links(reply.body.decode("utf-8", "replace")):
                if "memento" in link.relations and link.at:
                    found.setdefault(opening.absolute(link.address, reply), link.at)
                elif "timemap" in link.relations and opening.host(link.address) in self._hosts and link.address not in visited:
                    pending.append(link.address)
        return self._kept(asked, found, near=near)

    def _kept(self, asked: CaptureSearch, found: dict[str, datetime], *, near: Sequence[datetime]) -> CaptureSearch:
        if not found:
            failure, detail = SearchFailure.UNCONFIRMED, "one witness is no proof"
            return replace(asked, failure=failure, witnesses=("timemap-empty",), detail=detail)
        chosen: dict[str, datetime] = {}
        for moment in near:
            chosen |= dict(sorted(found.items(), key=lambda each: abs(each[1] - moment))[:NEAREST])
        captured = tuple(
            Capture(archive=self.name, url=asked.url, memento_url=address, captured_at=at) for address, at in chosen.items()
        )
        return replace(asked, captures=captured, witnesses=("timemap",))

    # ---- opening

    async def play(self, memento_url: str, *, url: str, turn: Turn) -> Playback | None:
        """Open a memento of one of the configured hosts."""
        if opening.host(memento_url) not in self._hosts:
            return None
        return await opening.opened(memento_url, archive=self.name, hosts=self._hosts, url=url, turn=turn, pool=POOL)


def _dated(reply: Reply, address: str) -> datetime | None:
    """The moment that the `Link` header gives for a memento."""
    return next((each.at for each in links(reply.headers.get("link", "")) if each.address == address and each.at), None)


def _filled(template: str, url: str) -> str:
    """The address of a TimeGate or TimeMap for one URL.

    >>> _filled("http://127.0.0.1/timegate/{url}", "http://a.test/x?y=1")
    'http://127.0.0.1/timegate/http://a.test/x?y=1'
    """
    wire = urls.wire(url).partition("#")[0]
    return template.replace("{url}", wire) if "{url}" in template else template + wire
