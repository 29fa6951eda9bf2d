"""overrides: a person's correction of one rule, or of the state, of one URL, with a reason and an end. Shell."""

import getpass
from datetime import UTC, datetime, timedelta

import click

from audit import judging, urls
from audit.cli.session import reading, session, writing
from audit.errors import ConfigError
from audit.model import LinkState, Override
from audit.store import reads, writes
from audit.store.lock import run_lock

DEFAULT_DAYS, MOST_DAYS = 90, 365
"""A correction that lasts for ever hides every later death (verdicts.md, 9)."""


@click.group()
def overrides() -> None:
    """Correct a judgement: this URL, this rule, until this day, because. Scoped to one URL, never to a domain; it expires."""


@overrides.command()
@click.argument("url")
@click.option(
    "--rule", help="This rule is wrong for this URL: its id, as `explain` shows it (soft404.title, takeover.parked ...)."
)
@click.option("--state", type=click.Choice([state.value for state in LinkState]), help="The state is this.")
@click.option("--because", "note", required=True, help="Why: shown wherever it acts.")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=DEFAULT_DAYS, show_default=True, help="For so long.")
@click.option("--author", help="Who says so (default: your user name).")
@click.pass_context
def add(ctx: click.Context, /, url: str, **given: str | int | None) -> int:
    """Add a correction and judge the URL again. Name a rule or a state."""
    if bool(given["rule"]) == bool(given["state"]):
        raise click.UsageError("name either --rule or --state")
    current = session(ctx)
    state = given["state"]
    now = datetime.now(UTC)
    made = Override(
        url=urls.normalise(url),
        rule=str(given["rule"]) if given["rule"] else None,
        state=LinkState(str(state)) if state else None,
        author=str(given["author"] or getpass.getuser()),
        note=str(given["note"]),
        created_at=now,
        expires_at=now + timedelta(days=int(given["days"] or DEFAULT_DAYS)),
    )
    with run_lock(current.settings.database, "overrides add"):
        store = writing(current)
        try:
            with store.read() as conn:
                if reads.story(conn, made.url) is None:
                    raise ConfigError(f"{made.url}: no document in this database cites it")
            with store.write() as conn:
                writes.add_override(conn, made)
            judging.judge(store, [made.url], now=current.moment, settings=current.settings)
            judging.find(store, now=current.moment, settings=current.settings)
        finally:
            store.close()
    if not current.quiet:
        click.echo(f"{made.url}: {made.rule or made.state} until {made.expires_at:%Y-%m-%d}")
    return 0


@overrides.command()
@click.argument("url")
@click.option("--rule", help="The rule that was corrected; without it the correction of the state is removed.")
@click.pass_context
def remove(ctx: click.Context, /, url: str, rule: str | None) -> int:
    """Remove a correction and judge the URL again."""
    current = session(ctx)
    name = urls.normalise(url)
    with run_lock(current.settings.database, "overrides remove"):
        store = writing(current)
        try:
            with store.write() as conn:
                removed = writes.remove_override(conn, name, rule)
            if not removed:
                raise ConfigError(f"{name}: no such correction (`source-audit overrides list` shows them)")
            judging.judge(store, [name], now=current.moment, settings=current.settings)
            judging.find(store, now=current.moment, settings=current.settings)
        finally:
            store.close()
    return 0


@overrides.command("list")
@click.pass_context
def listed(ctx: click.Context, /) -> int:
    """List every correction, the expired ones too."""
    current = session(ctx)
    store = reading(current)
    try:
        with store.read() as conn:
            known = reads.overrides(conn)
    finally:
        store.close()
    for each in known:
        ended = " (expired)" if each.expires_at <= current.moment else ""
        click.echo(f"{each.url}  {each.rule or each.state}  until {each.expires_at:%Y-%m-%d}{ended}  {each.author}: {each.note}")
    if not known and not current.quiet:
        click.echo("no corrections")
    return 0
