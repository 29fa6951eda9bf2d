"""Is the schema the one this program knows, and if not, bring it there. Alembic is loaded only when it is needed. I/O."""

import importlib
from pathlib import Path
from typing import Any

from audit.errors import StoreUnreachable
from audit.store.opening import HEAD, REVISIONS, connect, parse, refuse_other_revision, revision

__all__ = ["HEAD", "REVISIONS", "current", "require_current", "upgrade"]

MIGRATING = "audit.store.migrating"
"""Loaded by name, because importing alembic takes 0.8 s (engine.md, 1)."""


def current(url: str) -> str | None:
    """The revision of the database; None when it is missing or empty. Raises StoreUnreachable."""
    if _missing(url):
        return None
    store = connect(url, read_only=True)
    try:
        with store.read() as conn:
            return revision(conn)
    finally:
        store.close()


def upgrade(url: str) -> str:
    """Bring schema and views to this program's revision and say in one sentence what was done.

    Raises StoreOutdated for a database that a newer program made.
    """
    migrating: Any = importlib.import_module(MIGRATING)
    said: str = migrating.upgrade(parse(url))
    return said


def require_current(url: str) -> str | None:
    """Make or upgrade an embedded database and say so; a server database must be of this revision already.

    Raises StoreOutdated with the command to type.
    """
    found = current(url)
    if found == HEAD:
        return None
    embedded = parse(url).get_backend_name() == "sqlite"
    if embedded and (found is None or found in REVISIONS):
        return upgrade(url)
    refuse_other_revision(found)
    return None


def _missing(url: str) -> bool:
    parsed = parse(url)
    if parsed.get_backend_name() != "sqlite":
        return False
    path = Path(parsed.database or "")
    if path.is_dir():
        raise StoreUnreachable(f"{path} is a folder, not a database")
    return not path.exists() or path.stat().st_size == 0
