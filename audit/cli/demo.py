"""demo: the first thing a newcomer runs. The same code path as `run`, on loopback, against a small rotten web. Shell."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import click

from audit import demo as small_world
from audit.cli.audits import audited
from audit.cli.session import Session, session
from audit.config import Configuration
from audit.demo import RottenWeb
from audit.demo.serving import beside
from audit.engines.local import LocalEngine
from audit.errors import ConfigError
from audit.reports import render
from audit.settings import ReportSettings
from audit.store import reads
from audit.store.opening import open_store

FOLDER = Path("source-audit-demo")
DATABASE, PAGE = "audit.db", "report.html"
OURS = ("audit.db", "audit.db-wal", "audit.db-shm", "audit.db-lock")


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    show_default=True,
    help="Where to put the article, the database and the report.",
)
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
@click.pass_context
def demo(ctx: click.Context, /, folder: Path, form: str) -> int:
    """Audit a small rotten web on loopback, end to end, with no internet; nothing but 127.0.0.1 is asked.

    Two dozen sites that moved, died, were parked, walled or sold, a little archive, and an article that cites them.
    """
    current = session(ctx)
    article = _prepared(folder)
    with _web() as web:
        settings = small_world.settings(web, database=f"sqlite:///{folder / DATABASE}")
        there = replace(current, configuration=Configuration(settings=settings, origins={}))
        code = audited(there, "demo", {"sources": (str(article),), "form": form}, engine=LocalEngine())
    _page(there, folder / PAGE)
    if not current.quiet and form == "text":
        click.echo(f"\n{_where(folder)}")
    return code


def _prepared(folder: Path) -> Path:
    """A fresh folder with the article; a database of an earlier demo is removed, or nothing would be due."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in OURS:
            (folder / name).unlink(missing_ok=True)
        article = folder / small_world.SOURCE
        article.write_bytes(small_world.article())
    except OSError as fault:
        raise ConfigError(f"--folder {folder}: cannot be written ({fault.strerror}); name another folder") from fault
    return article


@contextmanager
def _web() -> Iterator[RottenWeb]:
    with ExitStack() as stack:
        try:
            web = stack.enter_context(beside(RottenWeb()))
        except OSError as fault:
            raise ConfigError(f"the demo cannot listen on 127.0.0.1: {fault}") from fault
        yield web


def _page(current: Session, path: Path) -> None:
    store = open_store(current.settings.database, read_only=True)
    try:
        with store.read() as conn:
            summary = reads.summary(conn, settings=ReportSettings(), made_at=current.moment)
    finally:
        store.close()
    path.write_text(render(summary, form="html"), encoding="utf-8")


def _where(folder: Path) -> str:
    database = f"--db sqlite:///{folder / DATABASE}"
    url = next(truth.url for truth in small_world.TRUTH if truth.reason == "soft-404")
    return "\n".join(
        (
            f"Everything is in {folder}/: the article ({small_world.SOURCE}), the database ({DATABASE}), this report as a page ({PAGE}).",
            "Ask on:",
            f"  source-audit {database} explain {url}",
            f'  source-audit {database} sql "SELECT * FROM dead_links"',  # noqa: S608 - shown, not sent
        )
    )
