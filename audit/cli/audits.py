"""run, ingest, check, rejudge: the commands that write. Shell."""

import asyncio
import logging
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import click

from audit import judging
from audit.archives.save import archive
from audit.cli.progress import Bar, Silence
from audit.cli.recognising import judging_session
from audit.cli.session import Session, writing
from audit.cli.stopping import CODES, stopping
from audit.config import save_keys
from audit.dumps import DumpRead, Wish
from audit.engines.local import LocalEngine
from audit.errors import DocumentError, RunBusy
from audit.model import Document
from audit.reports import render
from audit.run import Audited, Engine, Wishes, audit, ingest as ingest_sources
from audit.settings import SaveKeys, Settings
from audit.store import reads
from audit.store.lock import run_lock
from audit.store.opening import Store
from audit.store.spool import open_spool

log = logging.getLogger(__name__)

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
PARTIAL, MATCHED = 3, 1
LOCK_PAUSE_S = 1.0
OFFLINE = (
    "this machine is %s; no link was judged by it. Mend the network (is there a sign-in page, a proxy, a filter?) or `web.canaries`,"
    " and run again: what was asked in vain is still due"
)


class Duration(click.ParamType[float]):
    """Seconds, written as a number with a unit: `90s`, `30m`, `4h`, `7d`."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, int | float):
            return float(value)
        written = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)([smhd])", str(value))
        if written is None:
            self.fail(f"{value!r} is no duration; write it like 30m, 4h or 7d", param, ctx)
        return float(written[1]) * UNITS[written[2]]


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE...]")
@click.option("--fail-on", metavar="CODE[,CODE]", help="Exit 1 when a finding of one of these codes stands.")
@click.option("--limit", type=click.IntRange(min=1), help="Check at most so many URLs, the most overdue first.")
@click.option("--max-age", type=Duration(), help="Check whatever was last fetched longer ago than this, due or not.")
@click.option("--time-budget", type=Duration(), help="Stop asking after this time; what is left is due next time.")
@click.option("--jitter", type=Duration(), help="Wait up to this long first (only without a terminal).")
@click.option("--lock-wait", type=Duration(), default=0.0, help="Wait so long for another run to end.")
@click.option("--if-running", type=click.Choice(["fail", "skip"]), default="fail", help="When another run holds the lock.")
@click.option("--no-fetch", is_flag=True, help="Read and judge only.")
@click.option("--no-captures", is_flag=True, help="Do not ask archives.")
@click.option("--save-missing", is_flag=True, help="Ask an archive to save live pages that none holds (needs keys, see `save`).")
@click.option("--dry-run", is_flag=True, help="Say what is due and what would bound the run; ask nobody.")
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "html", "json", "csv"]), default="text", show_default=True
)
@click.option("--output", type=click.Path(dir_okay=False), help="Write the summary to this file.")
@click.pass_context
def run(ctx: click.Context, /, **options: object) -> int:
    """The whole audit: read sources, fetch what is due, look for captures, judge, score, write, print the summary.

    Without SOURCE: the `sources:` of the configuration. This is what cron calls. OLD..NEW names two files of wikitext: what the
    edit between them did to the references.
    """
    return audited(judging_session(ctx), "run", options, engine=LocalEngine())


@click.command()
@click.option("--limit", type=click.IntRange(min=1), help="Check at most so many URLs, the most overdue first.")
@click.option("--max-age", type=Duration(), help="Check whatever was last fetched longer ago than this, due or not.")
@click.option("--time-budget", type=Duration(), help="Stop asking after this time; what is left is due next time.")
@click.option("--lock-wait", type=Duration(), default=0.0, help="Wait so long for another run to end.")
@click.option("--if-running", type=click.Choice(["fail", "skip"]), default="fail", help="When another run holds the lock.")
@click.pass_context
def check(ctx: click.Context, /, **options: object) -> int:
    """Fetch and judge the URLs that are due; no source is read and no archive is asked."""
    return audited(judging_session(ctx), "check", options | {"no_captures": True}, engine=LocalEngine())


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--limit", type=click.IntRange(min=1), help="Read at most about so many pages of each dump; the next time goes on.")
@click.option("--processes", type=click.IntRange(min=1), help="Read a dump with so many processes (one per core by default).")
@click.pass_context
def ingest(ctx: click.Context, /, sources: tuple[str, ...], limit: int | None, processes: int | None) -> int:
    """Read sources into the database and check them offline; no cited URL is fetched.

    OLD..NEW names two files of wikitext: what the edit between them did to the references.
    """
    current = judging_session(ctx)
    with run_lock(current.settings.database, "ingest"):
        store = writing(current)
        try:
            wish = Wish(limit=limit, processes=processes)
            tell = None if current.quiet else lambda document, seconds: _ingested(store, document, seconds)
            reading = ingest_sources(store, sources, settings=current.settings, now=current.moment, tell=tell, wish=wish)
            count, unread = asyncio.run(reading)
            judging.score(store, now=current.moment, settings=current.settings)
        finally:
            store.close()
    _complain(unread)
    if count == 0:
        return PARTIAL
    return PARTIAL if unread else 0


@click.command()
@click.pass_context
def rejudge(ctx: click.Context, /) -> int:
    """Recompute every verdict, finding and score from stored facts; sends no request."""
    current = judging_session(ctx)
    with run_lock(current.settings.database, "rejudge"):
        store = writing(current)
        try:
            with store.read() as conn:
                before = Counter(reads.states(conn))
                urls = reads.every_url(conn)
            judging.judge(store, urls, now=current.moment, settings=current.settings)
            judging.find(store, now=current.moment, settings=current.settings)
            judging.score(store, now=current.moment, settings=current.settings)
            with store.read() as conn:
                after = Counter(reads.states(conn))
        finally:
            store.close()
    if not current.quiet:
        changed = sum(((after - before) + (before - after)).values()) // 2
        click.echo(f"{len(urls)} cited URLs judged again from stored facts; {changed} changed state")
    return 0


def audited(current: Session, command: str, options: dict[str, object], *, engine: Engine) -> int:
    """Run one audit with the lock held, print its summary, and answer with the exit code."""
    settings = current.settings
    _warn(current)
    _jitter(options.get("jitter"))
    wishes = _wishes(current, command, options)
    if options.get("dry_run"):
        return _dry_run(current, wishes)
    try:
        with _lock(settings.database, command, wait_s=options.get("lock_wait")):
            store = writing(current)
            try:
                result = asyncio.run(_audit(store, wishes, settings=settings, engine=engine, progress=current.progress))
                _report(store, current, result, options)
                matched = _matched(store, str(options.get("fail_on") or ""))
            finally:
                store.close()
    except RunBusy:
        if options.get("if_running") == "skip":
            return 0
        raise
    return _code(result, matched=matched)


@contextmanager
def _lock(url: str, command: str, *, wait_s: object) -> Iterator[None]:
    """Hold the run lock, after waiting for another run for at most `wait_s`. Raises RunBusy."""
    deadline = time.monotonic() + (wait_s if isinstance(wait_s, float) else 0.0)
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(run_lock(url, command))
                break
            except RunBusy:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(LOCK_PAUSE_S)
        yield


def _wishes(current: Session, command: str, options: dict[str, object]) -> Wishes:
    given = tuple(str(name) for name in options.get("sources") or ())  # type: ignore[attr-defined]  # click gives a tuple
    named = given or (current.settings.sources if command == "run" else ())
    max_age, budget, limit = options.get("max_age"), options.get("time_budget"), options.get("limit")
    return Wishes(
        command=command,
        sources=named,
        now=current.now,
        fetch=not options.get("no_fetch"),
        search=not options.get("no_captures") and current.settings.captures.search != "never",
        limit=limit if isinstance(limit, int) else None,
        max_age=timedelta(seconds=max_age) if isinstance(max_age, float) else None,
        time_budget_s=budget if isinstance(budget, float) else None,
        save_keys=_save_keys(current) if options.get("save_missing") else None,
    )


def _save_keys(current: Session) -> SaveKeys:
    """The keys for saving, before anything is begun. Raises ConfigError when there are none, or no archive to save in."""
    archive(current.settings)
    return save_keys()


async def _audit(store: Store, wishes: Wishes, *, settings: Settings, engine: Engine, progress: bool) -> Audited:
    stop, caught = stopping()
    with open_spool(store) as spool, Bar() if progress else Silence() as tell:
        result = await audit(store, spool, wishes, settings=settings, engine=engine, stop=stop, tell=tell)
    result.stopped = caught[0] if caught else result.stopped
    return result


def _report(store: Store, current: Session, result: Audited, options: dict[str, object]) -> None:
    _complain(result.unread)
    if result.offline:
        log.error(OFFLINE, result.record.note)
    form, output = str(options.get("form") or "text"), options.get("output")
    if current.quiet and not output:
        return
    with store.read() as conn:
        summary = reads.summary(conn, settings=current.settings.report, made_at=current.moment, notes=tuple(result.notes))
    text = render(summary, form=form)
    if output:
        with open(str(output), "w", encoding="utf-8") as stream:  # noqa: PTH123 - a path or a device
            stream.write(text)
    else:
        click.echo(text, nl=not text.endswith("\n"))


def _matched(store: Store, fail_on: str) -> bool:
    codes = [code.strip() for code in fail_on.split(",") if code.strip()]
    if not codes:
        return False
    with store.read() as conn:
        return reads.any_finding(conn, codes)


def _code(result: Audited, *, matched: bool) -> int:
    """130/143, then 1, then 3, then 0 (engine.md, 6); 4 is raised."""
    if result.stopped in CODES:
        return CODES[result.stopped]
    if matched:
        return MATCHED
    return PARTIAL if result.partial else 0


def _dry_run(current: Session, wishes: Wishes) -> int:
    store = writing(current)
    try:
        with store.read() as conn:
            hosts = reads.due_hosts(conn, current.moment, max_age=wishes.max_age)
    finally:
        store.close()
    due = sum(host.due for host in hosts)
    largest = max(hosts, key=lambda host: host.due, default=None)
    click.echo(f"{due} URLs on {len(hosts)} hosts are due")
    if largest is not None:
        spacing = current.settings.web.per_host.delay_s
        click.echo(f"the largest host is {largest.host} with {largest.due} URLs: at least {largest.due * spacing:.0f} s")
    return 0


def _ingested(store: Store, document: Document | DumpRead, seconds: float) -> None:
    if isinstance(document, DumpRead):
        click.echo(_dump_read(document))
        return
    with store.read() as conn:
        lines = reads.ingested(conn, document.source)
    click.echo(f"{document.source}: {lines}, {seconds:.2f} s")


def _dump_read(told: DumpRead) -> str:
    """What became of a dump, in one line."""
    ended = "read to its end" if told.finished else "not read to its end yet: the next time goes on there"
    again = " (nothing new)" if told.finished and told.begun_at and not told.citations else ""
    damaged = f", {len(told.faults)} damaged stretches" if told.faults else ""
    counts = f"{told.pages} pages, {told.documents} documents, {told.references} references, {told.citations} citations"
    return f"{told.name}: dump: {counts}{damaged}, {ended}{again}, {told.seconds:.2f} s"


def _complain(unread: list[DocumentError]) -> None:
    for fault in unread:
        click.echo(f"source-audit: {fault}", err=True)


def _warn(current: Session) -> None:
    """What is worth a second look; cron mails every byte, so a quiet run keeps it for `config check`."""
    if current.quiet:
        return
    for warning in current.configuration.warnings:
        log.warning(warning)


def _jitter(longest_s: object) -> None:
    if isinstance(longest_s, float) and longest_s > 0 and not sys.stderr.isatty():
        time.sleep(random.uniform(0, longest_s))  # noqa: S311 - spreads cron jobs, guards nothing
