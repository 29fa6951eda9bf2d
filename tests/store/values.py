"""Documents and outcomes for the tests of the store."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from audit.model import Citation, CitedDate, Document, Fetch, Outcome, Precision, Reference
from audit.store import reads, writes
from audit.store.opening import Store
from tests.make import NOON, URL, citation, fetch

DAY = timedelta(days=1)
OTHER = "https://other.example.org/page"


def day(text: str) -> CitedDate:
    return CitedDate(text=text, value=date.fromisoformat(text), precision=Precision.DAY)


def reference(position: int, *cited: Citation, **fields: Any) -> Reference:
    defaults: dict[str, Any] = {"position": position, "name": f"r{position}", "citations": cited, "line": position + 1}
    return Reference(**(defaults | fields))


def document(*urls: str, source: str = "page.wiki", **fields: Any) -> Document:
    """A document that cites each URL in a reference of its own."""
    references = tuple(reference(number, citation(position=number, url=url)) for number, url in enumerate(urls))
    return Document(
        **({"source": source, "kind": "wikitext", "title": "A page", "language": "en", "references": references} | fields)
    )


def outcome(url: str = URL, *, at: datetime = NOON, **fields: Any) -> Outcome:
    """One check of one attempt at that moment."""
    check = f"{at:%Y%m%d%H%M%S}-{abs(hash(url)) % 1000}"
    fetches: tuple[Fetch, ...] = (fetch(url=url, check_id=check, fetched_at=at, **fields),)
    return Outcome(url=url, check_id=check, fetches=fetches)


def read(store: Store, *documents: Document, at: datetime = NOON) -> None:
    with store.write() as conn:
        for each in documents:
            writes.write_document(conn, each, read_at=at)


def check(store: Store, *outcomes: Outcome) -> None:
    with store.write() as conn:
        writes.write_outcomes(conn, outcomes, run="r1")


def due(store: Store, now: datetime, **options: Any) -> list[str]:
    """The URLs that are due, over all hosts."""
    with store.read() as conn:
        hosts = reads.due_hosts(conn, now, max_age=options.get("max_age"))
        return sorted(each.url for host in hosts for each in reads.due_urls(conn, host.host, now, **options))


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return reads.query(store, sql)[1]


def counts(store: Store, tables: Iterable[str]) -> dict[str, int]:
    return {table: rows(store, f"select count(*) from {table}")[0][0] for table in tables}
