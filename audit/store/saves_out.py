"""What an archive could be asked to save, and what it was asked. I/O."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from audit import captures
from audit.model import Archived, LinkState, SaveOutcome, SaveRequest
from audit.saving import Savable
from audit.store import rows
from audit.store.facts_out import HELD_AT_ONCE, searches_of
from audit.store.keys import url_key
from audit.store.pages import newest_fetches
from audit.store.statements import parts, selected
from audit.store.tables import cited_urls, save_requests
from audit.store.views import CURRENT_LINKS

OPEN = (SaveOutcome.REQUESTED.value, SaveOutcome.ACCEPTED.value)


def savable(conn: sa.Connection, now: datetime) -> list[Savable]:
    """The live cited URLs that no archive holds, in no order."""
    links = CURRENT_LINKS.table
    wanted = (links.c.state == LinkState.LIVE.value) & (links.c.archived == Archived.NO.value)
    found = conn.execute(sa.select(links.c.url, links.c.citations).where(wanted)).all()
    made: list[Savable] = []
    for some in parts(found, HELD_AT_ONCE):
        urls = {url_key(row.url): row.url for row in some}
        asked, shown, sent = searches_of(conn, urls), newest_fetches(conn, urls), _requests(conn, urls)
        made += [
            Savable(url=row.url, citations=row.citations, address=fetches[-1].address, requests=tuple(sent.get(key, ())))
            for key, row in zip(urls, some, strict=True)
            if (fetches := shown.get(key)) and captures.archived(asked.get(key, ()), now=now) is Archived.NO
        ]
    return made


def open_saves(conn: sa.Connection) -> list[SaveRequest]:
    """The requests whose outcome was not known when the run that sent them ended, oldest first."""
    return _read(conn, save_requests.c.outcome.in_(OPEN))


def saves_since(conn: sa.Connection, moment: datetime) -> list[SaveRequest]:
    """Every request from that moment on."""
    return _read(conn, save_requests.c.requested_at >= moment)


def _read(conn: sa.Connection, where: sa.ColumnElement[bool]) -> list[SaveRequest]:
    query = sa.select(save_requests, cited_urls.c.url).join(cited_urls, cited_urls.c.url_key == save_requests.c.url_key)
    found = conn.execute(query.where(where).order_by(save_requests.c.requested_at, save_requests.c.url_key)).mappings()
    return [rows.saved(row, url=row["url"]) for row in found]


def _requests(conn: sa.Connection, keys: Iterable[bytes]) -> dict[bytes, list[SaveRequest]]:
    """What was asked about each URL, in order of time."""
    query = sa.select(save_requests, cited_urls.c.url).join(cited_urls, cited_urls.c.url_key == save_requests.c.url_key)
    made: dict[bytes, list[SaveRequest]] = defaultdict(list)
    for row in selected(conn, query.order_by(save_requests.c.requested_at), save_requests.c.url_key, keys):
        made[row["url_key"]].append(rows.saved(row, url=row["url"]))
    return made
