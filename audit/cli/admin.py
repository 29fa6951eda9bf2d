"""db, config, completion: what an operator types once. Shell."""

import json

import click
from click.shell_completion import get_completion_class

from audit import config as configuration_room
from audit.cli.recognising import judging_session
from audit.cli.session import session
from audit.store.lock import run_lock
from audit.store.upgrading import HEAD, current as current_revision, upgrade as upgrade_database


@click.group()
def db() -> None:
    """Upgrade the database, or show its revision."""


@db.command()
@click.pass_context
def upgrade(ctx: click.Context, /) -> int:
    """Bring the schema and the views to this program's version; an embedded database is copied first."""
    url = session(ctx).settings.database
    with run_lock(url, "db upgrade"):
        click.echo(upgrade_database(url))
    return 0


@db.command()
@click.pass_context
def current(ctx: click.Context, /) -> int:
    """Show the revision of the database and the one this program needs."""
    url = session(ctx).settings.database
    found = current_revision(url)
    click.echo(f"{configuration_room.masked(url)}: revision {found or 'none'}; this program needs {HEAD}")
    return 0


@click.group()
def config() -> None:
    """Validate the configuration, or show it with the origin of each value."""


@config.command("check")
@click.pass_context
def check(ctx: click.Context, /) -> int:
    """Validate the configuration file and say what is worth a second look."""
    current_session = judging_session(ctx)
    for warning in current_session.configuration.warnings:
        click.echo(f"warning: {warning}", err=True)
    if not current_session.quiet:
        click.echo("the configuration is valid")
    return 0


@config.command("show")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def show(ctx: click.Context, /, form: str) -> int:
    """Print every effective value and where it came from; no secret is shown."""
    leaves = list(configuration_room.shown(session(ctx).configuration))
    if form == "json":
        click.echo(
            json.dumps([{"key": path, "value": value, "origin": origin} for path, value, origin in leaves], indent=1, default=str)
        )
        return 0
    widest = max(len(path) for path, _, _ in leaves)
    for path, value, origin in leaves:
        click.echo(f"{path:<{widest}}  {json.dumps(value, default=str, ensure_ascii=False)}  ({origin})")
    return 0


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, /, shell: str) -> int:
    """Print the completion script; for bash: `source-audit completion bash > ~/.local/share/bash-completion/completions/source-audit`."""
    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"no completion for {shell}")
    root = ctx.find_root()
    click.echo(made(root.command, {}, "source-audit", "_SOURCE_AUDIT_COMPLETE").source())
    return 0
