"""captures: bring capture indexes in, and show what is known of a URL. Shell."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click

from audit import indexing, memento, urls
from audit.cli.answers import SHAPES
from audit.cli.recognising import judging_session
from audit.cli.session import reading, session, writing
from audit.errors import ConfigError, DocumentError
from audit.indexing import Imported
from audit.model import Capture, CaptureSearch
from audit.settings import ArchiveSettings
from audit.store import reads
from audit.store.lock import run_lock
from audit.store.opening import Store

STANDARD_INPUT = "-"
BASES = {"wayback": "{0.base_url}/web", "cdx": "{0.base_url}", "memento": "{0.base_url}"}
"""Kind of a configured archive -> where it plays captures back."""


@click.group()
def captures() -> None:
    """Import capture indexes (CDX, CDXJ, JSON, WACZ), and list what is known of a URL."""


@captures.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--archive", metavar="KEY", required=True, help="Archive that holds the captures, as it shall be called.")
@click.option("--base", metavar="URL", help="Where it plays them back, before the timestamp: https://web.archive.org/web ...")
@click.pass_context
def import_(ctx: click.Context, /, files: tuple[str, ...], archive: str, base: str | None) -> int:
    """Read capture indexes into the database. What is known already is left as it is; `-` is standard input."""
    current = judging_session(ctx)
    unread: list[DocumentError] = []
    with run_lock(current.settings.database, "captures import"):
        store = writing(current)
        try:
            base_url = _base(store, archive, written=base, archives=current.settings.archives)
            for name in files:
                try:
                    with _opened(name) as stream:
                        told = indexing.import_index(store, name, stream, archive=archive, base_url=base_url, now=current.moment)
                except DocumentError as fault:
                    unread.append(fault)
                    continue
                _tell(told, quiet=current.quiet)
            found = indexing.look_up(store, settings=current.settings, now=current.moment)
            if found and not current.quiet:
                click.echo(f"{found} cited URL{'' if found == 1 else 's'} found in the index")
        finally:
            store.close()
    for each in unread:
        click.echo(f"source-audit: {each}", err=True)
    return DocumentError.exit_code if unread else 0


def _base(store: Store, archive: str, *, written: str | None, archives: tuple[ArchiveSettings, ...]) -> str:
    """Where an archive plays captures back: as typed, as told before, as configured, as everybody knows."""
    if not archive.strip():
        raise ConfigError("--archive: give the archive a name")
    if written is not None:
        if not written.lower().startswith(("http://", "https://")):
            raise ConfigError(f"--base {written!r} is no web address; write it like https://web.archive.org/web")
        return written
    with store.read() as conn:
        known = reads.index_base(conn, archive)
    configured = [BASES[each.kind].format(each) for each in archives if each.name == archive and each.base_url]
    found = known or next(iter(configured), None) or memento.base_of(archive)
    if found is None:
        raise ConfigError(f"--archive {archive}: say where it plays captures back, like --base https://web.archive.org/web")
    return found


@contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        stream = Path(name).open("rb")  # noqa: SIM115 - closed below; what fails here is told of the file
    except OSError as fault:
        raise DocumentError(name, f"cannot be read ({fault.strerror})") from fault
    with stream:
        yield stream


def _tell(told: Imported, *, quiet: bool) -> None:
    """What became of a file; bad lines are told in any case."""
    if not quiet:
        others = f", {told.others} records of other things than web pages" if told.others else ""
        click.echo(f"{told.name}: {told.captures} captures, {told.fresh} of them new{others}")
    if not told.bad:
        return
    click.echo(f"source-audit: {told.name}: {told.bad} bad line{'' if told.bad == 1 else 's'} left out", err=True)
    for bad in told.shown:
        place = f"{bad.part}, line {bad.number}" if bad.part else f"line {bad.number}"
        click.echo(f"  {place}: {bad.why}{f': {bad.text}' if bad.text else ''}", err=True)
    if told.bad > len(told.shown):
        click.echo(f"  ... and {told.bad - len(told.shown)} more", err=True)


COLUMNS = ("archive", "captured_at", "http_status", "mimetype", "memento_url", "digest", "known_from", "asked_at", "answer")
INDEX_COLUMNS = ("archive", "base_url", "imported_at", "captures")


@captures.command("list")
@click.argument("url", required=False)
@click.option("--format", "form", type=click.Choice(list(SHAPES)), default="table", show_default=True)
@click.pass_context
def listed(ctx: click.Context, /, url: str | None, form: str) -> int:
    """List what is known of a URL, from imported indexes and from earlier searches; without URL the imported archives."""
    current = session(ctx)
    store = reading(current)
    try:
        columns, rows = _known(store, url) if url else _indexed(store)
    finally:
        store.close()
    SHAPES[form](columns, rows)
    if not rows and form == "table" and not current.quiet:
        click.echo(f"nothing is known of {url}" if url else "no capture index was imported")
    return 0


Table = tuple[tuple[str, ...], list[tuple[Any, ...]]]


def _indexed(store: Store) -> Table:
    with store.read() as conn:
        return INDEX_COLUMNS, [tuple(getattr(each, name) for name in INDEX_COLUMNS) for each in reads.indexed_archives(conn)]


def _known(store: Store, url: str) -> Table:
    """Captures in order of time, each once, then the archives that were asked and named none."""
    name = urls.normalise(url)
    with store.read() as conn:
        held = reads.indexed_captures(conn, urls.urlkey(name))
        searches = next((facts.searches for facts in reads.facts(conn, [name], slim=True)), ())
    rows: dict[str, dict[str, Any]] = {}
    for capture in held:
        rows[capture.memento_url] = _row(capture, known_from="index")
    for search in searches:
        for capture in search.captures:
            before = rows.get(capture.memento_url, {}).get("known_from")
            source = "index, search" if before in {"index", "index, search"} else "search"
            rows[capture.memento_url] = _row(capture, known_from=source, asked_at=search.asked_at)
    told = [*sorted(rows.values(), key=lambda row: (row["captured_at"], row["memento_url"])), *map(_silence, _silent(searches))]
    return COLUMNS, [tuple(row.get(column) for column in COLUMNS) for row in told]


def _row(capture: Capture, *, known_from: str, asked_at: datetime | None = None) -> dict[str, Any]:
    found = {name: getattr(capture, name) for name in COLUMNS[:6]}
    return found | {"known_from": known_from, "asked_at": asked_at, "answer": "yes"}


def _silent(searches: tuple[CaptureSearch, ...]) -> list[CaptureSearch]:
    """The newest answer of each archive that never named a capture."""
    newest = {search.archive: search for search in sorted(searches, key=lambda each: each.asked_at)}
    named = {search.archive for search in searches if search.captures}
    return [search for archive, search in newest.items() if archive not in named]


def _silence(search: CaptureSearch) -> dict[str, Any]:
    answer = f"unknown: {search.failure.value}" if search.failure else "no"
    return {"archive": search.archive, "known_from": "search", "asked_at": search.asked_at, "answer": answer}
