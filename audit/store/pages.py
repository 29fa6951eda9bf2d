"""Rows -> fetches, with what their pages showed: held once for all the fetches that saw it. I/O."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from audit.model import Fetch
from audit.store import rows
from audit.store.statements import Row, selected
from audit.store.tables import fetches, link_states, page_texts


def newest_fetches(conn: sa.Connection, urls: Mapping[bytes, str], *, samples: bool = False) -> dict[bytes, list[Fetch]]:
    """The newest attempt of each URL, without its sample unless it is wanted."""
    newest = (fetches.c.url_key == link_states.c.url_key) & (fetches.c.fetched_at == link_states.c.last_fetched_at)
    query = sa.select(fetches).join(link_states, newest).where(fetches.c.role == "attempt").order_by(fetches.c.position)
    found = {row["url_key"]: row for row in selected(conn, query, link_states.c.url_key, urls)}
    return fetched(conn, list(found.values()), urls, samples=samples)


def fetched(
    conn: sa.Connection, found: Sequence[sa.RowMapping], urls: Mapping[bytes, str], *, samples: bool
) -> dict[bytes, list[Fetch]]:
    """The fetches of these rows, by URL, in the order of the rows."""
    pages = read_pages(conn, (row["page_key"] for row in found), samples=samples)
    made: dict[bytes, list[Fetch]] = defaultdict(list)
    for row in found:
        made[row["url_key"]].append(rows.fetched(row, page_of(pages, row), url=urls[row["url_key"]]))
    return made


def page_of(pages: Mapping[bytes, Row], row: rows.Stored) -> Row:
    """What the page of a fetch or playback showed."""
    return pages.get(row["page_key"] or b"", rows.NOTHING_SHOWN)


def read_pages(conn: sa.Connection, keys: Iterable[bytes | None], *, samples: bool) -> dict[bytes, Row]:
    """What pages showed; one that did not change is held once however often it was fetched."""
    columns = [column for column in page_texts.c if samples or column.name != "sample"]
    query = sa.select(*columns, *(() if samples else (sa.null().label("sample"),)))
    wanted = dict.fromkeys(key for key in keys if key is not None)
    return {row["page_key"]: rows.shown(row) for row in selected(conn, query, page_texts.c.page_key, wanted)}
