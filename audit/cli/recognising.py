"""Sessions of the commands that judge: they know the walls and notices of the user's file as well."""

import click

from audit import signatures
from audit.cli.session import Session, session
from audit.errors import ConfigError
from audit.web import answers


def judging_session(ctx: click.Context) -> Session:
    """As `session`; raises ConfigError for signatures that cannot be used, too."""
    current = session(ctx)
    try:
        answers.keep(signatures.use(current.settings.verdicts.signatures))
    except ValueError as fault:
        raise ConfigError(f"verdicts.signatures: {fault}") from fault
    return current
