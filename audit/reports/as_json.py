"""The summary as one JSON document, for programs; `report.schema.json` beside this file describes it. Pure."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from audit.model import Summary
from audit.reports.layout import stamp

SCHEMA = "source-audit/report/1"
"""Version of the shape: a new number when something that programs rely on changes, never for additions."""


def document(summary: Summary) -> str:
    """All facts of the summary; the keys are those of `Summary`, the rows have the columns of their views."""
    whole = {field.name: plain(getattr(summary, field.name)) for field in fields(summary)} | {"schema": SCHEMA}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def plain(value: Any) -> Any:
    """A value as JSON has it: moments in UTC, no number that is none.

    >>> plain({"at": date(2026, 6, 1), "share": float("nan"), "codes": ("a", "b")})
    {'at': '2026-06-01', 'share': None, 'codes': ['a', 'b']}
    """
    for kinds, change in CHANGES:
        if isinstance(value, kinds):
            return change(value)
    return value if value is None or isinstance(value, bool | int) else str(value)


def _finite(value: float | Decimal) -> float | None:
    return float(value) if math.isfinite(value) else None


CHANGES: tuple[tuple[tuple[type, ...], Callable[[Any], Any]], ...] = (
    ((datetime,), stamp),
    ((date,), date.isoformat),
    ((Mapping,), lambda value: {str(key): plain(one) for key, one in value.items()}),
    ((list, tuple), lambda value: [plain(one) for one in value]),
    ((set, frozenset), lambda value: sorted(str(one) for one in value)),
    ((bytes,), bytes.hex),
    ((float, Decimal), _finite),
)
"""Kind -> how JSON says it; a moment is also a date, so it comes first."""
