"""What every command needs of the global options: settings, the moment, the database. Shell."""

import logging
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from audit import config, domains, policy
from audit.errors import ConfigError
from audit.settings import Scoring, Settings
from audit.store.opening import Store, open_store
from audit.store.upgrading import require_current

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The global options, read once."""

    configuration: config.Configuration
    now: datetime | None
    quiet: bool
    verbose: bool
    progress: bool

    @property
    def settings(self) -> Settings:
        return self.configuration.settings

    @property
    def moment(self) -> datetime:
        """The moment to judge at: `--now`, else the clock."""
        return self.now or datetime.now(UTC)


def session(ctx: click.Context) -> Session:
    """Build the session of a command from the options of the group.

    Raises ConfigError for a configuration or a moment that cannot be read.
    """
    options: dict[str, Any] = ctx.obj
    named = options["config_file"]
    configuration = config.load(Path(named) if named else None, database=options["database"])
    _identify(configuration.settings.scoring)
    return Session(
        configuration=configuration,
        now=_moment(options["now"]),
        quiet=options["quiet"],
        verbose=options["verbose"],
        progress=not options["quiet"] and not options["no_progress"] and sys.stderr.isatty(),
    )


def _identify(wanted: Scoring) -> None:
    """Group and weigh publishers by the suffix list, the platforms and the policy that are configured. Raises ConfigError."""
    try:
        domains.use(suffix_list=wanted.suffix_list, tenants=wanted.tenants)
        policy.use(wanted.editorial.anchors)
    except ValueError as fault:
        raise ConfigError(f"scoring: {fault}") from fault


def reading(current: Session) -> Store:
    """The configured database, for reading; an embedded one must exist, any one must be of this program's version."""
    return open_store(current.settings.database, read_only=True)


def writing(current: Session) -> Store:
    """The configured database, for writing; an embedded one is made and upgraded by itself."""
    require_current(current.settings.database)
    return open_store(current.settings.database)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise ConfigError(f"--now {text!r} is no ISO date; write it like 2026-05-01 or 2026-05-01T12:00Z") from fault
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
