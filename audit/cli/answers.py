"""report, explain, sql: the commands that only read. Shell."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from audit import gathering, judging, loading, urls
from audit.cli.recognising import judging_session
from audit.cli.session import reading, session
from audit.errors import ConfigError
from audit.reports import FORMATS, render
from audit.reports.phrases import measured
from audit.reports.story import told
from audit.store import reads

WIDEST_CELL = 60


@click.command()
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False), help="Write to this file instead of stdout.")
@click.option("--document", metavar="SOURCE", help="Only this document.")
@click.option("--publisher", metavar="DOMAIN", help="Only this publisher.")
@click.option("--no-editorial", is_flag=True, help="Leave out what rating lists say: a purely measured report.")
@click.pass_context
def report(
    ctx: click.Context, /, form: str, output: str | None, document: str | None, publisher: str | None, *, no_editorial: bool
) -> int:
    """Print the summary, from the database alone."""
    current = session(ctx)
    document = gathering.source_name(document, settings=current.settings) if document else None
    store = reading(current)
    try:
        with store.read() as conn:
            summary = reads.summary(
                conn,
                settings=current.settings.report,
                made_at=current.moment,
                document=document,
                publisher=publisher,
                notes=tuple(loading.notes(store, current.settings, now=current.moment)),
            )
    finally:
        store.close()
    text = render(measured(summary) if no_editorial else summary, form=form)
    if output is None:
        click.echo(text, nl=not text.endswith("\n"))
        return 0
    try:
        with open(output, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a path or a device
            stream.write(text)
    except OSError as fault:
        raise ConfigError(f"--output {output}: cannot be written ({fault.strerror})") from fault
    return 0


@click.command()
@click.argument("url")
@click.pass_context
def explain(ctx: click.Context, /, url: str) -> int:
    """Tell the whole story of one URL: every fetch, hop, capture, rule that fired, citation that uses it, next check."""
    current = judging_session(ctx)
    store = reading(current)
    try:
        with store.read() as conn:
            story = reads.story(conn, urls.normalise(url)) or reads.story(conn, url)
            said = judging.sayings(conn, story.facts, now=current.moment, settings=current.settings) if story else ()
    finally:
        store.close()
    if story is None:
        raise ConfigError(f"{url}: no document in this database cites it (`source-audit sql` lists what is known)")
    steps = judging.retrace(story.facts, now=current.moment, settings=current.settings)
    click.echo(told(replace(story, steps=steps, ratings=said), now=current.moment), nl=False)
    return 0


@click.command()
@click.argument("query", required=False)
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.pass_context
def sql(ctx: click.Context, /, query: str | None, form: str) -> int:
    """Ask the database in read-only SQL; without QUERY list the views and their columns."""
    store = reading(session(ctx))
    try:
        columns, rows = reads.query(store, query) if query else reads.views(store)
        SHAPES[form](columns, rows)
    finally:
        store.close()
    return 0


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes | memoryview) else value


def _json(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    click.echo("[", nl=False)
    for number, row in enumerate(rows):
        line = json.dumps(dict(zip(columns, map(_plain, row), strict=True)), ensure_ascii=False, default=str)
        click.echo((",\n " if number else "") + line, nl=False)
    click.echo("]")


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(columns)
    out.writerows([_plain(value) for value in row] for row in rows)


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(column), *(len(row[at]) for row in cells)) if cells else len(column) for at, column in enumerate(columns)]
    for line in [list(columns), ["-" * width for width in widths], *cells]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    text = "" if value is None else str(_plain(value)).replace("\n", " ")
    return text if len(text) <= WIDEST_CELL else text[: WIDEST_CELL - 1] + "…"


SHAPES = {"table": _table, "json": _json, "csv": _csv}
