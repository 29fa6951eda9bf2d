"""The citations as CSV, one row each: for spreadsheets. Pure."""

import csv
import io
from datetime import date, datetime
from typing import Any

from audit.model import Summary
from audit.reports.layout import stamp

COLUMNS = (
    "document",
    "reference_name",
    "line",
    "side",
    "template",
    "title",
    "url",
    "state",
    "reason",
    "url_status",
    "access_date",
    "archive_url",
    "archive_date",
    "memento_url",
    "captured_at",
    "publisher",
)
"""The stable columns of `current_citations`, in its order; further ones of the view follow them."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that starts so."""


def comma_separated(summary: Summary) -> str:
    """Header and one row per citation; always the stable columns, even when nothing is cited."""
    more = tuple(summary.citations[0]) if summary.citations else ()
    columns = tuple(dict.fromkeys((*COLUMNS, *more)))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(row.get(column)) for column in columns] for row in summary.citations)
    return out.getvalue()


def cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> cell("=HYPERLINK(1)"), cell(None), cell("@a"), cell(-1)
    ("'=HYPERLINK(1)", '', "'@a", '-1')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)
    text = str(value).replace("\0", "")
    safe = f"'{text}" if text.startswith(FORMULA) else text
    return safe.replace("\r\n", "\n").replace("\r", "\n")  # CPython 3.11 does not quote a lone CR, and readers end the row there
