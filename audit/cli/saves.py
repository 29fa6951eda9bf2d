"""save: asking an archive to save live pages that none holds. Shell."""

import asyncio
from collections import Counter

import click

from audit import judging, saver
from audit.archives.save import Stopped, archive
from audit.cli.recognising import judging_session
from audit.cli.session import Session, writing
from audit.cli.stopping import CODES, stopping
from audit.config import ACCESS_VARIABLE, SECRET_VARIABLE, save_keys
from audit.errors import ConfigError
from audit.model import SaveOutcome, SaveRequest
from audit.run import save as save_pages
from audit.settings import SaveKeys
from audit.store.lock import run_lock
from audit.store.opening import Store

PARTIAL = 3
SAYS = {
    SaveOutcome.SAVED: "saved",
    SaveOutcome.UNKNOWN: "outcome unknown, not sent again; a later search looks for the copy",
    SaveOutcome.TRANSIENT: "not saved this time",
    SaveOutcome.PERMANENT: "cannot be saved, not sent again",
    SaveOutcome.QUOTA: "not saved today",
    SaveOutcome.QUOTA_ALL: "not saved today",
}


@click.command()
@click.option("--limit", type=click.IntRange(min=1), help="Send at most so many pages, the most cited first.")
@click.option("--dry-run", is_flag=True, help="List the pages that would be sent; ask nobody.")
@click.pass_context
def save(ctx: click.Context, /, limit: int | None, *, dry_run: bool) -> int:
    """Ask the Wayback Machine to save pages that are live and that no archive holds; private addresses are never named to it.

    Needs SOURCE_AUDIT_WAYBACK_ACCESS_KEY and SOURCE_AUDIT_WAYBACK_SECRET_KEY in the environment. At most
    `captures.saves_per_day` a day.
    """
    current = judging_session(ctx)
    archive(current.settings)
    keys = None if dry_run else save_keys()
    with run_lock(current.settings.database, "save"):
        store = writing(current)
        try:
            work = saver.plan(store, settings=current.settings, now=current.moment, limit=limit)
            return _listed(current, work) if keys is None else _done(current, store, work, keys)
        finally:
            store.close()


def _listed(current: Session, work: saver.Plan) -> int:
    for page in work.pages:
        click.echo(f"{page.url}  ({page.citations} citation{'' if page.citations == 1 else 's'})")
    if not current.quiet:
        click.echo(f"{len(work.pages)} would be sent; {work.left_today} may be today")
    return 0


def _done(current: Session, store: Store, work: saver.Plan, keys: SaveKeys) -> int:
    done, signals = asyncio.run(_save(current, store, work, keys))
    judging.find(store, now=current.moment, settings=current.settings)
    judging.score(store, now=current.moment, settings=current.settings)
    if done.stopped is Stopped.KEYS_REFUSED:
        raise ConfigError(f"{done.stopped}: set {ACCESS_VARIABLE} and {SECRET_VARIABLE} anew")
    if not current.quiet:
        click.echo(_summary(work, done))
    if signals:
        return CODES[signals[0]]
    if done.stopped:
        click.echo(f"source-audit: not all pages were sent: {done.stopped}", err=True)
    return PARTIAL if done.stopped else 0


async def _save(current: Session, store: Store, work: saver.Plan, keys: SaveKeys) -> tuple[saver.Saves, list[str]]:
    stop, caught = stopping()
    done = await save_pages(
        store, work, settings=current.settings, keys=keys, now=current.moment, stop=stop, tell=None if current.quiet else _tell
    )
    return done, caught


def _tell(request: SaveRequest) -> None:
    why = ": ".join(each for each in (request.code, request.detail) if each)
    click.echo(f"{request.url}: {SAYS[request.outcome]}" + (f" ({why})" if why else ""))


def _summary(work: saver.Plan, done: saver.Saves) -> str:
    counted = Counter(each.outcome.value for each in done.finished)
    said = [f"{count} {outcome}" for outcome, count in sorted(counted.items())] or ["nothing was sent"]
    if left := len(work.jobs) + len(work.pages) + len(work.lost) - len(done.finished):
        said.append(f"{left} left for a later run")
    if work.left_today == 0:
        said.append("no more today (captures.saves_per_day)")
    return ", ".join(said)
