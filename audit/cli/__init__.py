"""The command line: what stands here loads click and the standard library only, so that `--help` is instant. Shell."""

import importlib
import json
import logging
import os
import sys
import traceback
from collections.abc import Mapping
from typing import NoReturn

import click

from audit import __version__
from audit.errors import AuditError

COMMANDS: Mapping[str, tuple[str, str]] = {
    "run": ("audit.cli.audits:run", "Audit: read sources, fetch what is due, judge, score, write, print the summary."),
    "ingest": ("audit.cli.audits:ingest", "Read sources into the database; no cited URL is fetched."),
    "check": ("audit.cli.audits:check", "Fetch and judge the URLs that are due."),
    "rejudge": ("audit.cli.audits:rejudge", "Recompute every judgement from stored facts; sends no request."),
    "report": ("audit.cli.answers:report", "Print the summary, from the database alone."),
    "explain": ("audit.cli.answers:explain", "Tell the whole story of one URL."),
    "fix": ("audit.cli.repairing:fix", "Show the smallest safe repairs of an audited page, as a patch."),
    "sql": ("audit.cli.answers:sql", "Ask the database: read-only SQL; without QUERY list the views."),
    "save": ("audit.cli.saves:save", "Ask an archive to save live pages that none holds; needs keys, off unless called."),
    "captures": ("audit.cli.captures:captures", "Import capture indexes, and show what is known of a URL."),
    "overrides": ("audit.cli.corrections:overrides", "Correct a judgement: this URL, this rule, until this day, because."),
    "ratings": ("audit.cli.ratings:ratings", "Load rating lists of communities, and show what is loaded."),
    "db": ("audit.cli.admin:db", "Upgrade the database, or show its revision."),
    "config": ("audit.cli.admin:config", "Validate the configuration, or show it with the origin of each value."),
    "completion": ("audit.cli.admin:completion", "Print the shell completion script for bash, zsh or fish."),
    "demo": ("audit.cli.demo:demo", "Audit a small rotten web on loopback, end to end, with no internet."),
}
"""Command -> (module:attribute, what it does). The module is loaded when its command is asked for."""

INTERNAL_ERROR = 70
"""EX_SOFTWARE of sysexits.h: a bug of ours, never a statement about the sources."""


class LazyGroup(click.Group):
    """A group whose commands live in modules that are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands from the table, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config", "config_file", metavar="FILE", help="Configuration (default: ./config.yaml, else the built-in defaults)."
)
@click.option("--db", "database", metavar="URL", help="Database, instead of the configured one.")
@click.option("--now", metavar="ISO", help="Judge as of this moment (for replays and tests), for example 2026-05-01T12:00Z.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing unless something is wrong.")
@click.option("--verbose", "-v", is_flag=True, help="Say more on stderr.")
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Shape of messages on stderr."
)
@click.option("--no-progress", is_flag=True, help="No progress bar (there is none without a terminal anyway).")
@click.version_option(__version__, prog_name="source-audit")
@click.pass_context
def cli(ctx: click.Context, /, **options: object) -> None:
    """Audit the web sources that documents cite: link rot, archive copies, publishers; the evidence in SQL."""
    ctx.obj = options
    _log_to_stderr(verbose=bool(options["verbose"]), as_json=options["log_format"] == "json")


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        extra = {key: value for key, value in vars(record).items() if key not in _PLAIN}
        return json.dumps(
            {"event": "log", "level": record.levelname.lower(), "message": record.getMessage(), **extra}, default=str
        )


_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def _log_to_stderr(*, verbose: bool, as_json: bool) -> None:
    speaker = logging.StreamHandler(sys.stderr)
    speaker.setFormatter(_JsonLines() if as_json else logging.Formatter("source-audit: %(levelname)s: %(message)s"))
    root = logging.getLogger("audit")
    root.handlers = [speaker]
    root.propagate = False
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    logging.getLogger().addHandler(logging.NullHandler())  # what libraries grumble about broken files, our findings say once


def main() -> NoReturn:
    """Run one command and leave with the exit code of the contract; a mistake is one line on stderr, never a traceback."""
    arguments = sys.argv[1:]
    code, reason = _run(arguments)
    if "--log-format=json" in arguments or ("--log-format" in arguments and "json" in arguments):
        _say(json.dumps({"event": "exit", "code": code, "reason": reason}))
    elif reason:
        _say(f"source-audit: {reason}")
    sys.stdout.flush()
    sys.exit(code)


def _run(arguments: list[str]) -> tuple[int, str | None]:
    try:
        outcome = cli.main(arguments, prog_name="source-audit", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as fault:
        click.echo(fault.ctx.get_help(), err=True)
        return 2, None
    except (click.ClickException, click.Abort, KeyboardInterrupt, AuditError, BrokenPipeError) as fault:
        return _expected(fault)
    except Exception as fault:  # noqa: BLE001 - the last boundary: a bug of ours is one line at 3 a.m., and a traceback on request
        if {"-v", "--verbose"} & set(arguments):
            traceback.print_exc()
        return INTERNAL_ERROR, f"internal error: {type(fault).__name__}: {fault} (--verbose shows where; please report it)"
    return (outcome if isinstance(outcome, int) else 0), None


def _expected(fault: BaseException) -> tuple[int, str | None]:
    """The exit code and the line for what a person can act on."""
    match fault:
        case click.ClickException():
            return 2, _usage(fault)
        case AuditError():
            return fault.exit_code, str(fault)
        case BrokenPipeError():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # `report | head` ends quietly
            return 0, None
        case _:
            return 130, "interrupted"


def _usage(fault: click.ClickException) -> str:
    """One line: what is wrong, and where the right spelling stands."""
    command = getattr(fault, "ctx", None)
    path = command.command_path if command else "source-audit"
    return f"{' '.join(fault.format_message().split())} (see `{path} --help`)"


def _say(line: str) -> None:
    print(line, file=sys.stderr)
