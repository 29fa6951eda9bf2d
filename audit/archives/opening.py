"""Open a memento of an archive that is known by its hosts: redirects that leave them are told, never followed."""

import re
from collections.abc import Collection
from dataclasses import replace

from audit import memento
from audit.archives import playing, replies
from audit.archives.replies import Reply, Says
from audit.archives.turns import Turn
from audit.model import Hop, Playback, SearchFailure

MOST_HOPS = 5
DIGITS = re.compile(r"(/\d{14})(/https?:)")
"""Where `id_` goes to get the body as captured, in the addresses that most archives use."""


async def opened(memento_url: str, *, archive: str, hosts: Collection[str], url: str, turn: Turn, pool: str) -> Playback:
    """What a memento shows, after the redirects inside its archive."""
    address = DIGITS.sub(r"\1id_\2", memento_url, count=1)
    hops: list[Hop] = []
    visited = {address}
    while True:
        reply = await turn.get(pool, address)
        target = _target(reply, hosts)
        if target is None or target in visited or len(hops) == MOST_HOPS:
            detail = "redirects without end" if target else None
            shown = playing.playback(reply, archive=archive, url=url, memento_url=memento_url, hops=hops, detail=detail)
            unopened = replies.says(reply) is Says.NEGOTIATED
            return replace(shown, failure=SearchFailure.BAD_RESPONSE) if unopened else shown
        kind = "captured" if reply.captured_at else "negotiated"
        hops.append(Hop(url=_inner(address), http_status=reply.http_status, location=_inner(target), kind=kind))
        visited.add(target)
        address = target


def _target(reply: Reply, hosts: Collection[str]) -> str | None:
    if reply.http_status not in {301, 302, 303, 307, 308}:
        return None
    target = absolute(reply.headers.get("location", "").strip(), reply)
    return target if host(target) in hosts else None


def absolute(place: str, reply: Reply) -> str:
    """An address of a reply; a path alone is on the host that was asked."""
    scheme, _, rest = reply.address.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}{place}" if place.startswith("/") and not place.startswith("//") else place


def _inner(address: str) -> str:
    parsed = memento.parse_archive_url(address)
    return parsed.original if parsed and parsed.original else address


def host(address: str) -> str:
    """Host and port as written."""
    return address.partition("://")[2].partition("/")[0].lower()
