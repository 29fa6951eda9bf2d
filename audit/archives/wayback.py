"""The Wayback Machine, or any archive that answers as it does: TimeGate first, its index to confirm.

waybackpy 3.0.6 is our codec, not our transport. Used of it are four things: the constructor of its
`WaybackMachineCDXServerAPI`, which checks filters, match type and sort; `add_payload` with `cdx_utils.full_url`, which write
the query string; `snapshots`, which reads the seven fields of a line; and its exceptions, as bases of ours at this edge. The
seam is its public generator `cdx_api_manager`: waybackpy sends its requests there, and we hand over the page that came.

The transport is ours because of two things that alone suffice: waybackpy knows no timeout, so a silent server blocks for ever;
and it never looks at the HTTP status, so a refusal reads as "never archived". `near`, `newest` and `oldest` are not called:
they use `utcfromtimestamp`, which is a deprecation warning and thus an error here. `tests/contracts/test_waybackpy.py` holds
all of this against the unmodified package; when it fails after an upgrade, read this again.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NoReturn
from urllib.parse import quote

from waybackpy import WaybackMachineCDXServerAPI
from waybackpy.cdx_snapshot import CDXSnapshot
from waybackpy.cdx_utils import full_url
from waybackpy.exceptions import BlockedSiteError, TooManyRequestsError, WaybackError

from audit import captures, memento, urls
from audit.archives import playing, replies
from audit.archives.archive import one_by_one
from audit.archives.replies import Reply, Says
from audit.archives.turns import Turn
from audit.model import Capture, CaptureSearch, Hop, Playback, SearchFailure
from audit.settings import ArchiveSettings

NEAREST = 20
SWEEP = 1_000
USABLE = ["!statuscode:[345].."]
"""Keeps 200, 203, 206 and revisits; `statuscode:200` would lose the revisits, which have none of their own."""

LINE = re.compile(r"\S+ \d{14} \S+ \S+ (\d{3}|-) \S+ (\d+|-)", re.ASCII)
MOST_BAD_LINES = 0.1
MOST_HOPS = 3
"""Captured redirects that are followed; the archive's own negotiation may add one each."""

DEFAULT_BASE = "https://web.archive.org"
MEMENTO_PATH = re.compile(r"/web/(\d{1,14})([a-z]{2}_)?/(.+)", re.ASCII | re.DOTALL)


class BadPageError(WaybackError):
    """What came is no page of an index."""


class ExcludedError(BlockedSiteError):
    """The archive will not show captures of this address."""


class RefusedError(TooManyRequestsError):
    """The archive will not answer us now."""


class UnansweredError(WaybackError):
    """Nothing came, or the archive has troubles of its own; `failure` says which."""

    def __init__(self, failure: SearchFailure, detail: str) -> None:
        super().__init__(detail)
        self.failure = failure


class CdxQuery(WaybackMachineCDXServerAPI):
    """One CDX query. waybackpy checks the arguments, builds the address and parses the page; the page is fetched by us."""

    def __init__(self, url: str, *, endpoint: str, limit: int, **arguments: Any) -> None:
        super().__init__(url, limit=str(limit), **arguments)
        self.endpoint = endpoint
        self._page = ""

    def address(self) -> str:
        payload: dict[str, str] = {}
        self.add_payload(payload)
        return full_url(self.endpoint, payload | {"limit": str(self.limit)})

    def parse(self, page: str) -> list[CDXSnapshot]:
        self._page = page
        return list(self.snapshots())

    def cdx_api_manager(self, payload: dict[str, str], headers: dict[str, str]) -> Generator[str, None, None]:  # noqa: ARG002 - its signature
        yield self._page


def index_query(
    url: str, *, endpoint: str, near: datetime | None = None, filters: Sequence[str] = (), limit: int = NEAREST
) -> CdxQuery:
    """The query for the captures of exactly one address, nearest to a moment first.

    >>> at = datetime(2016, 1, 15, tzinfo=UTC)
    >>> index_query("http://example.org/a", endpoint="http://127.0.0.1/cdx/search/cdx", near=at).address().partition("?")[2]
    'gzip=false&closest=20160115000000&matchType=exact&sort=closest&url=http%3A%2F%2Fexample.org%2Fa&limit=20'
    """
    closest = {"sort": "closest", "closest": memento.timestamp(near)} if near else {}
    return CdxQuery(starless(url), endpoint=endpoint, limit=limit, match_type="exact", filters=list(filters), **closest)


def starless(url: str) -> str:
    """The address as an archive takes it: no fragment, and no `*`, which it would read as a wildcard.

    >>> starless("http://example.org/a*b?c=*#d")
    'http://example.org/a%2Ab?c=%2A'
    """
    return encoded(urls.wire(url))


def encoded(original: str) -> str:
    """An archived address as it goes behind the timestamp: nothing resolved, merged or decoded, and no wildcard.

    >>> encoded("http://example.org/a/../b//c%2Fd \u00e9*#top")
    'http://example.org/a/../b//c%2Fd%20%C3%A9%2A'
    """
    return quote(original.partition("#")[0], safe="%/:=&?~+!$,;'@()[]|{}^\\`<>\"").replace("*", "%2A")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an index, read. `timestamp` is as written, `captured_at` repaired."""

    urlkey: str
    timestamp: str
    captured_at: datetime
    original: str
    mimetype: str | None
    http_status: int | None
    digest: str | None


def index_lines(reply: Reply, query: CdxQuery) -> list[Line]:
    """The captures on a page of an index. Raises a `WaybackError` of ours for everything that is no such page."""
    _answered(reply)
    text = reply.body.decode("utf-8", "replace")
    rows = list(_rows(text))
    page = "\n".join(" ".join(fields) for _, fields in rows)
    try:
        snapshots = query.parse(page)
    except ValueError as fault:
        raise BadPageError(f"a line that waybackpy cannot read: {fault}") from fault
    if len(snapshots) != len(rows):
        raise BadPageError(f"{len(rows)} lines, of which waybackpy read {len(snapshots)}")
    return [_line(written, snapshot) for (written, _), snapshot in zip(rows, snapshots, strict=True)]


def _answered(reply: Reply) -> None:
    """Raise for whatever is not a page of an index: only HTTP 200 without HTML, complete and readable, is one."""
    if reply.failure is not None:
        raise UnansweredError(reply.failure, replies.described(reply))
    if replies.excluded(reply):
        raise ExcludedError(replies.described(reply))
    if reply.http_status != 200:
        _refused(reply)
    if reply.looks_like_html():
        raise UnansweredError(SearchFailure.UNAVAILABLE, "an HTML page instead of an index")
    if reply.undecodable or reply.cut or "memento-datetime" in reply.headers:
        raise BadPageError("a body that was cut off, cannot be read, or is a memento")


def _refused(reply: Reply) -> NoReturn:
    meant = replies.failure(reply)
    if meant is SearchFailure.RATE_LIMITED:
        raise RefusedError(replies.described(reply))
    if meant in {SearchFailure.UNAVAILABLE, SearchFailure.MALFORMED_URL}:
        raise UnansweredError(meant, replies.described(reply))
    raise BadPageError(replies.described(reply))


def _rows(text: str) -> Iterator[tuple[str, list[str]]]:
    """(timestamp as written, the seven fields with a real timestamp) of every line, repeated neighbours once."""
    written = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for number, line in enumerate(written) if number == 0 or line != written[number - 1]]
    rows = [_fields(line) for line in lines]
    bad = rows.count(None)
    if rows and (rows[0] is None or bad > MOST_BAD_LINES * len(rows)):
        raise BadPageError(f"{bad} of {len(rows)} lines are no index lines")
    yield from (row for row in rows if row)


def _fields(line: str) -> tuple[str, list[str]] | None:
    if not LINE.fullmatch(line):
        return None
    fields = line.split(" ")
    written, fields[1] = fields[1], memento.repaired(fields[1])
    return (written, fields) if memento.parse_timestamp(fields[1]) else None


def _line(written: str, snapshot: CDXSnapshot) -> Line:
    return Line(
        urlkey=snapshot.urlkey,
        timestamp=written,
        captured_at=snapshot.datetime_timestamp.replace(tzinfo=UTC),
        original=snapshot.original,
        mimetype=_known(snapshot.mimetype),
        http_status=int(snapshot.statuscode) if snapshot.statuscode != "-" else None,
        digest=_known(snapshot.digest),
    )


def _known(text: str) -> str | None:
    return None if text == "-" else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the archive a memento lies: the digits of its address and what was archived."""

    timestamp: str
    original: str


class Wayback:
    """The archive behind one `base_url`."""

    def __init__(self, settings: ArchiveSettings) -> None:
        self.settings = settings
        self.name = settings.name
        self.base = (settings.base_url or DEFAULT_BASE).rstrip("/")
        self.endpoint = f"{self.base}/cdx/search/cdx"
        self._host = _host(self.base)

    # ---- searching

    async def search(
        self, url: str, *, near: Sequence[datetime], turn: Turn, absent_since: datetime | None = None
    ) -> tuple[CaptureSearch, ...]:
        """One answer per wanted moment; with many moments one sweep of the index for all of them."""
        wanted = captures.moments(near) or (turn.now(),)
        if len(wanted) > captures.MOST_MOMENTS:
            swept = await self._sweep(url, turn=turn)
            if swept.captures:
                return (swept,)
        return await one_by_one(
            wanted[: captures.MOST_MOMENTS], lambda moment: self._nearest(url, near=moment, turn=turn, absent_since=absent_since)
        )

    async def index(self, url: str, *, near: datetime, turn: Turn) -> CaptureSearch:
        query = index_query(url, endpoint=self.endpoint, near=near, filters=USABLE)
        return await self._indexed(query, url=url, near=near, turn=turn, empty=SearchFailure.UNCONFIRMED)

    async def _sweep(self, url: str, *, turn: Turn) -> CaptureSearch:
        """One capture a month over all the years."""
        query = CdxQuery(
            starless(url),
            endpoint=self.endpoint,
            limit=SWEEP,
            match_type="exact",
            filters=USABLE,
            collapses=["timestamp:6"],
        )
        return await self._indexed(query, url=url, near=None, turn=turn, empty=SearchFailure.UNCONFIRMED)

    async def _nearest(self, url: str, *, near: datetime, turn: Turn, absent_since: datetime | None) -> CaptureSearch:
        first = await self._gate(url, near=near, turn=turn)
        if first.captures or first.witnesses != ("timegate-404",):
            return first
        for candidate, rule in urls.candidates(url)[:2]:
            other = await self._gate(candidate, near=near, turn=turn)
            if other.captures:
                return replace(other, url=url, witnesses=(*other.witnesses, rule), detail=f"archived as {candidate}")
        if absent_since:
            return replace(
                first, failure=None, witnesses=("timegate-404", "renewed"), detail=f"absent since {absent_since:%Y-%m-%d}"
            )
        return await self._confirmed(url, near=near, turn=turn)

    async def _gate(self, url: str, *, near: datetime, turn: Turn) -> CaptureSearch:
        """Ask the TimeGate, which is the playback address at the wanted moment. Alone it can say yes, never no."""
        address = self._raw(Place(timestamp=memento.timestamp(near), original=starless(url)))
        reply = await turn.get("playback", address)
        asked = CaptureSearch(archive=self.name, url=url, asked_at=reply.asked_at, near=near)
        if self._stays(reply):
            reply = await turn.get("playback", self._joined(reply))
        said = replies.says(reply)
        if said is Says.ABSENT:
            return replace(
                asked, failure=SearchFailure.UNCONFIRMED, witnesses=("timegate-404",), detail="the index was not asked"
            )
        if said not in {Says.CAPTURED, Says.NEGOTIATED}:
            return replace(asked, failure=replies.failure(reply), detail=replies.described(reply))
        capture = self._witness(reply, url=url)
        if capture is None:
            return replace(
                asked, failure=SearchFailure.BAD_RESPONSE, detail=f"redirects to {reply.headers.get('location', 'nowhere')[:200]}"
            )
        return replace(asked, captures=(capture,), witnesses=(f"timegate-{reply.http_status}",))

    def _witness(self, reply: Reply, *, url: str) -> Capture | None:
        """The capture that a TimeGate names or shows, if it is one of the same address."""
        place, at, http_status = self._named(reply)
        if place is None or at is None or urls.urlkey(place.original) != urls.urlkey(starless(url)):
            return None
        return Capture(
            archive=self.name,
            url=place.original,
            memento_url=self._shown(Place(timestamp=memento.timestamp(at), original=place.original)),
            captured_at=at,
            http_status=http_status,
            mimetype=reply.media_type or None if http_status else None,
        )

    def _named(self, reply: Reply) -> tuple[Place | None, datetime | None, int | None]:
        """The place and the exact moment that a reply stands for; the HTTP status only if it is the capture itself."""
        if reply.captured_at:
            return self._place(reply.address), reply.captured_at, reply.http_status
        place = None if self._repeats(reply) else self._place(self._joined(reply))
        return place, _exactly(place), None

    async def _confirmed(self, url: str, *, near: datetime, turn: Turn) -> CaptureSearch:
        """The second witness: the index, unfiltered. Empty and well, the answer is no; anything else leaves it open."""
        query = index_query(url, endpoint=self.endpoint, near=near)
        answer = await self._indexed(query, url=url, near=near, turn=turn, empty=None)
        if answer.failure is None:
            return replace(answer, witnesses=("timegate-404", *answer.witnesses))
        if answer.failure is SearchFailure.EXCLUDED:
            return answer
        return replace(
            answer,
            failure=SearchFailure.UNCONFIRMED,
            witnesses=("timegate-404",),
            detail=f"index: {answer.failure.value}, {answer.detail}",
        )

    async def _indexed(
        self, query: CdxQuery, *, url: str, near: datetime | None, turn: Turn, empty: SearchFailure | None
    ) -> CaptureSearch:
        """The captures that a query finds. `empty` is what an empty page means: only an unfiltered one may mean no."""
        reply = await turn.get("index", query.address(), listing=True)
        asked = CaptureSearch(archive=self.name, url=url, asked_at=reply.asked_at, near=near)
        try:
            lines = index_lines(reply, query)
        except WaybackError as fault:
            return replace(asked, failure=_reason(fault), detail=str(fault))
        kept = [line for line in lines if line.original.lower().startswith(("http://", "https://", "ftp://"))]
        if lines and not kept:
            return replace(asked, failure=SearchFailure.BAD_RESPONSE, detail="an index of other things than web addresses")
        if not kept:
            return replace(
                asked, failure=empty, witnesses=("index-empty",), detail="no captures" if empty is None else "none is usable"
            )
        return replace(asked, captures=tuple(self._capture(line) for line in kept), witnesses=("index",))

    def _capture(self, line: Line) -> Capture:
        return Capture(
            archive=self.name,
            url=line.original,
            memento_url=self._shown(Place(timestamp=line.timestamp, original=line.original)),
            captured_at=line.captured_at,
            http_status=line.http_status,
            mimetype=line.mimetype,
            digest=line.digest,
        )

    # ---- opening

    async def play(self, memento_url: str, *, url: str, turn: Turn) -> Playback | None:
        """Open a memento: negotiation and captured redirects are followed inside the archive, everything else is told."""
        place = self._place(memento_url)
        if place is None:
            return None
        hops: list[Hop] = []
        visited: set[str] = set()
        address = self._raw(place)
        while True:
            reply = await turn.get("playback", address)
            visited.add(address)
            following = self._following(reply, place)
            if following is None:
                return self._played(reply, url=url, memento_url=memento_url, hops=hops)
            hop, place = following
            hops.append(hop)
            address = self._raw(place)
            captured = sum(each.kind == "captured" for each in hops)
            if address in visited or captured > MOST_HOPS or len(hops) > 2 * MOST_HOPS:
                return self._played(reply, url=url, memento_url=memento_url, hops=hops, detail="redirects without end")

    def _following(self, reply: Reply, place: Place) -> tuple[Hop, Place] | None:
        """Where a reply leads inside the archive. A captured redirect is taken at the moment its target has in `Location`."""
        redirects = reply.http_status in {301, 302, 303, 307, 308}
        if not redirects or reply.failure is not None:
            return None
        target = self._place(self._joined(reply))
        if target is None:
            return None
        kind = "captured" if reply.captured_at else "negotiated"
        hop = Hop(url=place.original, http_status=reply.http_status, location=target.original, kind=kind)
        return hop, target

    def _played(self, reply: Reply, *, url: str, memento_url: str, hops: Sequence[Hop], detail: str | None = None) -> Playback:
        shown = playing.playback(reply, archive=self.name, url=url, memento_url=memento_url, hops=hops, detail=detail)
        if replies.says(reply) is Says.NEGOTIATED:
            outside = detail or f"redirects to {reply.headers.get('location', 'nowhere')[:200]}"
            return replace(shown, failure=SearchFailure.BAD_RESPONSE, detail=outside)
        return shown

    # ---- addresses

    def _raw(self, place: Place) -> str:
        """The address of the body as captured: without `id_` captured redirects come as pages with HTTP 200."""
        return f"{self.base}/web/{place.timestamp}id_/{encoded(place.original)}"

    def _shown(self, place: Place) -> str:
        """The address for people."""
        return f"{self.base}/web/{place.timestamp}/{place.original}"

    def _joined(self, reply: Reply) -> str:
        """The `Location` of a reply; a path alone is one of this archive. The target inside it is left as it is written."""
        location = reply.headers.get("location", "").strip()
        scheme = self.base.partition("://")[0]
        if location.startswith("//"):
            return f"{scheme}:{location}"
        return f"{scheme}://{self._host}{location}" if location.startswith("/") else location

    def _stays(self, reply: Reply) -> bool:
        """Whether a redirect leads to the same place on the same host, from http to https: worth one more request."""
        location = self._joined(reply) if replies.says(reply) is Says.NEGOTIATED else reply.address
        return location != reply.address and _host(location) == self._host and self._repeats(reply)

    def _repeats(self, reply: Reply) -> bool:
        """Whether a redirect names the very moment that was asked for: that is no witness of a capture."""
        return self._place(self._joined(reply)) == self._place(reply.address)

    def _place(self, address: str) -> Place | None:
        """The place in this archive that an address means, under its configured base or a public name of the Wayback Machine."""
        scheme, separator, rest = address.partition("://")
        host, slash, path = rest.partition("/")
        inner = MEMENTO_PATH.fullmatch(slash + path) if separator and scheme.lower() in {"http", "https"} else None
        if inner and host.lower() == self._host:
            return Place(timestamp=inner[1], original=inner[3])
        parsed = memento.parse_archive_url(address)
        if parsed is None or parsed.archive != "wayback" or not parsed.timestamp or not parsed.original:
            return None
        return Place(timestamp=parsed.timestamp, original=parsed.original)


def _host(address: str) -> str:
    """Host and port as written: what a server sent may be no address at all."""
    return address.partition("://")[2].partition("/")[0].lower()


def _exactly(place: Place | None) -> datetime | None:
    parsed = memento.parse_timestamp(place.timestamp) if place and len(place.timestamp) == 14 else None
    return parsed[0] if parsed else None


def _reason(fault: WaybackError) -> SearchFailure:
    """What a fault at this edge means."""
    if isinstance(fault, UnansweredError):
        return fault.failure
    return next((failure for kind, failure in REASONS if isinstance(fault, kind)), SearchFailure.BAD_RESPONSE)


REASONS: tuple[tuple[type[WaybackError], SearchFailure], ...] = (
    (TooManyRequestsError, SearchFailure.RATE_LIMITED),
    (BlockedSiteError, SearchFailure.EXCLUDED),
    (WaybackError, SearchFailure.BAD_RESPONSE),
)
