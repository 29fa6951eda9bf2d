"""overrides: a person's correction of one rule, or of the state, of one URL, with a reason and an end. Shell."""

import getpass
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import click

from audit import judging, urls
from audit.cli.recognising import judging_session
from audit.cli.session import Session, reading, session, writing
from audit.errors import ConfigError
from audit.model import LinkState, Override, RatingOverride
from audit.ratings.keys import host_and_path
from audit.ratings.separated import WORDS
from audit.store import reads, writes
from audit.store.lock import run_lock
from audit.store.opening import Store

CATEGORIES = sorted(WORDS)
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
@click.option("--list", "list_id", help="What this rating list says is wrong; URL may be a host, or host and path.")
@click.option("--category", type=click.Choice(CATEGORIES), help="With --list: what stands instead (default: no rating).")
@click.option("--because", "note", required=True, help="Why: shown wherever it acts.")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=DEFAULT_DAYS, show_default=True, help="For so long.")
@click.option("--author", help="Who says so (default: your user name).")
@click.pass_context
def add(ctx: click.Context, /, url: str, **given: str | int | None) -> int:
    """Add a correction and judge the URL again. Name a rule, a state, or a rating list."""
    if sum(bool(given[name]) for name in ("rule", "state", "list_id")) != 1:
        raise click.UsageError("name one of --rule, --state and --list")
    if given["category"] and not given["list_id"]:
        raise click.UsageError("--category goes with --list")
    current = judging_session(ctx)
    if given["list_id"]:
        return _add_rating(current, url, given)
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


def _add_rating(current: Session, url: str, given: Mapping[str, str | int | None]) -> int:
    """Write a correction of what a rating list says; findings and scores follow at once."""
    key, now = _rated_key(url), datetime.now(UTC)
    made = RatingOverride(
        list_id=str(given["list_id"]),
        key=key,
        category=str(given["category"]) if given["category"] else None,
        author=str(given["author"] or getpass.getuser()),
        note=str(given["note"]),
        created_at=now,
        expires_at=now + timedelta(days=int(given["days"] or DEFAULT_DAYS)),
    )
    with run_lock(current.settings.database, "overrides add"):
        store = writing(current)
        try:
            with store.read() as conn:
                known = sorted({rule.list_id for rule in reads.rating_rules_of(conn, now=current.moment)})
            if made.list_id not in known:
                raise ConfigError(f"--list {made.list_id}: no such list is loaded; loaded: {', '.join(known) or 'none'}")
            with store.write() as conn:
                writes.add_rating_override(conn, made)
            _rate_again(store, current)
        finally:
            store.close()
    if not current.quiet:
        click.echo(f"{made.list_id} about {key}: {made.category or 'no rating'} until {made.expires_at:%Y-%m-%d}")
    return 0


def _rate_again(store: Store, current: Session) -> None:
    judging.find(store, now=current.moment, settings=current.settings)
    judging.score(store, now=current.moment, settings=current.settings)


def _rated_key(url: str) -> str:
    """The host, or host and path, that an address names."""
    found = host_and_path(url)
    if found is None:
        raise ConfigError(f"{url}: names no host; write it like times.example or times.example/blogs")
    return "".join(found)


@overrides.command()
@click.argument("url")
@click.option("--rule", help="The rule that was corrected; without it the correction of the state is removed.")
@click.option("--list", "list_id", help="The rating list that was corrected; URL is the host, or host and path.")
@click.pass_context
def remove(ctx: click.Context, /, url: str, rule: str | None, list_id: str | None) -> int:
    """Remove a correction and judge the URL again."""
    current = judging_session(ctx)
    if list_id:
        return _remove_rating(current, url, list_id)
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


def _remove_rating(current: Session, url: str, list_id: str) -> int:
    key = _rated_key(url)
    with run_lock(current.settings.database, "overrides remove"):
        store = writing(current)
        try:
            with store.write() as conn:
                removed = writes.remove_rating_override(conn, list_id, key)
            if not removed:
                raise ConfigError(f"{key}: no such correction of {list_id} (`source-audit overrides list` shows them)")
            _rate_again(store, current)
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
            ratings = reads.rating_corrections(conn)
    finally:
        store.close()
    for each in known:
        ended = " (expired)" if each.expires_at <= current.moment else ""
        click.echo(f"{each.url}  {each.rule or each.state}  until {each.expires_at:%Y-%m-%d}{ended}  {each.author}: {each.note}")
    for one in ratings:
        ended = " (expired)" if one.expires_at <= current.moment else ""
        stands = one.category or "no rating"
        click.echo(f"{one.key}  {one.list_id}: {stands}  until {one.expires_at:%Y-%m-%d}{ended}  {one.author}: {one.note}")
    if not known and not ratings and not current.quiet:
        click.echo("no corrections")
    return 0
