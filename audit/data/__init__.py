"""Facts about the outside world as tables, each file with its source and day. Data."""

import tomllib
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any


def table_of(path: str) -> tuple[dict[str, Any], str]:
    """(tables of a file of the user, what tells it from any other). Raises ValueError that names a file that cannot be read."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        return tomllib.loads(text), sha256(text.encode()).hexdigest()[:8]
    except tomllib.TOMLDecodeError as fault:
        raise ValueError(f"{path!r} cannot be read (it is not valid TOML: {fault})") from fault
    except (OSError, ValueError) as fault:
        raise ValueError(f"{path!r} cannot be read ({fault})") from fault


@cache
def table(name: str) -> dict[str, Any]:
    """The table of that name: `table("tenants")` is tenants.toml."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
