"""A CDX server of ours or of a library, by its index alone. It can say yes; its silence is one witness, and never a no."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, urlencode

from audit import captures, cdxfiles, memento, urls
from audit.archives import opening, replies
from audit.archives.archive import one_by_one
from audit.archives.replies import Reply
from audit.archives.turns import Turn
from audit.cdxfiles import IndexLine
from audit.errors import ConfigError
from audit.model import Capture, CaptureSearch, Playback, SearchFailure
from audit.settings import ArchiveSettings

POOL = "any"
NEAREST, SWEEP = 20, 1_000
MOST_BAD_LINES = 0.1
BLOCKED = re.compile(rb'"access":\s*"(?:block|exclude)"')
"""How pywb marks rows that it will not play back."""

ENDINGS = (("/cdx/search/cdx", "/web"), ("/cdx", ""), ("-cdx", ""), ("/index", ""))
"""End of the address of an index -> what stands in its place where captures are played back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one family of servers is asked. `usable` leaves out errors and redirects and keeps revisits, which have no status."""

    always: Mapping[str, str]
    usable: str


DIALECTS = {
    "ia": Dialect(always={"matchType": "exact", "gzip": "false"}, usable="!statuscode:[345].."),
    "pywb": Dialect(always={"matchType": "exact", "output": "json"}, usable="!~status:[345].."),
}


class CdxServer:
    """The server behind one `endpoint`; its captures are played back under `base_url`."""

    def __init__(self, settings: ArchiveSettings) -> None:
        if not settings.endpoint:
            raise ConfigError(f"archives: {settings.name!r} of kind cdx needs `endpoint`")
        self.settings = settings
        self.name = settings.name
        self.base = settings.base_url or _base(settings.endpoint)
        self._endpoint = settings.endpoint
        self._dialect = DIALECTS[settings.dialect]
        self._hosts = {opening.host(self.base)}

    async def search(
        self,
        url: str,
        *,
        near: Sequence[datetime],
        turn: Turn,
        absent_since: datetime | None = None,  # noqa: ARG002 - an archive with one witness has no absence to renew
    ) -> tuple[CaptureSearch, ...]:
        """One answer per wanted moment; with many moments one for all of them."""
        wanted: Sequence[datetime | None] = captures.moments(near) or (turn.now(),)
        moments = wanted if len(wanted) <= captures.MOST_MOMENTS else (None,)
        return await one_by_one(moments, lambda moment: self._nearest(url, near=moment, turn=turn))

    async def index(self, url: str, *, near: datetime, turn: Turn) -> CaptureSearch | None:
        """It has named the nearest ones already."""

    async def _nearest(self, url: str, *, near: datetime | None, turn: Turn) -> CaptureSearch:
        """The usable captures, nearest first; when there are none, whatever is held: errors are a yes as well."""
        first = await self._asked(url, near=near, turn=turn, filters=(self._dialect.usable,))
        if first.failure is not SearchFailure.UNCONFIRMED:
            return first
        return await self._asked(url, near=near, turn=turn, filters=())

    async def _asked(self, url: str, *, near: datetime | None, turn: Turn, filters: Sequence[str]) -> CaptureSearch:
        reply = await turn.get(POOL, self._address(url, near=near, filters=filters), listing=True)
        asked = CaptureSearch(archive=self.name, url=url, asked_at=reply.asked_at, near=near)
        failure, lines = _listed(reply, urlkey=urls.urlkey(url))
        if failure is not None:
            witnesses = ("index-empty",) if failure is SearchFailure.UNCONFIRMED else ()
            detail = "one witness is no proof" if witnesses else replies.described(reply)
            return replace(asked, failure=failure, witnesses=witnesses, detail=detail)
        return replace(asked, captures=tuple(self._capture(line) for line in lines), witnesses=("index",))

    def _address(self, url: str, *, near: datetime | None, filters: Sequence[str]) -> str:
        """The query for exactly one address. A `*` in it would be a wildcard."""
        closest = {"sort": "closest", "closest": memento.timestamp(near)} if near else {}
        named = {
            "url": urls.wire(url).partition("#")[0].replace("*", "%2A"),
            **self._dialect.always,
            **closest,
            "limit": str(NEAREST if near else SWEEP),
        }
        query = urlencode([*named.items(), *(("filter", each) for each in filters)], quote_via=quote)
        return f"{self._endpoint}{'&' if '?' in self._endpoint else '?'}{query}"

    def _capture(self, line: IndexLine) -> Capture:
        moment = memento.parse_timestamp(memento.repaired(line.timestamp))
        if moment is None:
            raise ValueError(f"{line.timestamp} was read as a time of a capture")
        return Capture(
            archive=self.name,
            url=line.original,
            memento_url=memento.memento_url(self.base, timestamp=line.timestamp, original=line.original),
            captured_at=moment[0],
            http_status=line.http_status,
            mimetype=line.mimetype,
            digest=line.digest,
        )

    async def play(self, memento_url: str, *, url: str, turn: Turn) -> Playback | None:
        """Open a memento of the host that plays captures back."""
        if opening.host(memento_url) not in self._hosts:
            return None
        return await opening.opened(memento_url, archive=self.name, hosts=self._hosts, url=url, turn=turn, pool=POOL)


def _listed(reply: Reply, *, urlkey: str) -> tuple[SearchFailure | None, list[IndexLine]]:
    """The captures of that urlkey on a page of an index, or why it is none. An empty page is one witness of absence."""
    if failure := replies.unlisted(reply):
        return failure, []
    if BLOCKED.search(reply.body):
        return SearchFailure.EXCLUDED, []
    lines, bad = cdxfiles.counted(cdxfiles.read(io.BytesIO(reply.body)))
    if reply.cut or len(bad) > MOST_BAD_LINES * (len(lines) + len(bad)):
        return SearchFailure.BAD_RESPONSE, []
    ours = [line for line in lines if urlkey in {line.urlkey, urls.urlkey(line.original)}]
    if lines and not ours:
        return SearchFailure.BAD_RESPONSE, []
    return (None, ours) if ours else (SearchFailure.UNCONFIRMED, [])


def _base(endpoint: str) -> str:
    """Where a server plays captures back, by the address of its index.

    >>> _base("http://127.0.0.1:8080/coll/cdx"), _base("https://archive.example/cdx/search/cdx")
    ('http://127.0.0.1:8080/coll', 'https://archive.example/web')
    """
    address = endpoint.partition("?")[0].rstrip("/")
    return next((address.removesuffix(end) + instead for end, instead in ENDINGS if address.endswith(end)), address)
