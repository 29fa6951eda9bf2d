"""Text and numbers from the world, made fit for both databases.

PostgreSQL refuses U+0000, no UTF-8 holds a lone surrogate, and neither database holds an integer beyond 64 bits.
"""

import re
from collections.abc import Mapping
from typing import Any

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
UNFIT = re.compile("[\0\ud800-\udfff]")
LEAST, MOST = -(1 << 63), (1 << 63) - 1


def text(value: str) -> str:
    r"""What a column can hold.

    >>> text("a\0b")
    'a\ufffdb'
    """
    return UNFIT.sub(REPLACEMENT, value)


def whole(value: int) -> int:
    """A number cut to the range of a column.

    >>> whole(1 << 70) == MOST
    True
    """
    return min(max(value, LEAST), MOST)


def signed(value: int) -> int:
    """Unsigned 64 bits as the signed number both databases can store.

    >>> signed(2**64 - 1)
    -1
    """
    if not 0 <= value < 1 << 64:
        raise ValueError(f"{value} is no 64-bit hash")
    return value - (1 << 64) if value >= 1 << 63 else value


def unsigned(value: int) -> int:
    """The inverse of `signed`.

    >>> unsigned(-1) == 2**64 - 1
    True
    """
    return value + (1 << 64) if value < 0 else value


def row(values: Mapping[str, Any]) -> dict[str, Any]:
    """A row whose texts and numbers fit; everything else stays as it is."""
    return {name: _CLEANERS.get(type(value), _as_is)(value) for name, value in values.items()}


def _as_is(value: Any) -> Any:
    return value


_CLEANERS: dict[type, Any] = {str: text, int: whole}
