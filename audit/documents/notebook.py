"""A notebook (ipynb): its cells of Markdown, one after the other. Pure."""

import json
from dataclasses import replace
from typing import Any

from audit.documents import given, markdown
from audit.documents.given import Given
from audit.errors import DocumentError
from audit.model import Document

KIND = "notebook"
MOST_CELLS = 20_000


def read(source: Given) -> Document:
    """Every link of the cells that are written for people; what code and its output hold is not cited."""
    try:
        told = json.loads(source.written)
    except (ValueError, RecursionError) as fault:
        raise DocumentError(source.name, f"is a notebook with broken JSON ({str(fault)[:80]}); save it again") from fault
    cells = told.get("cells") if isinstance(told, dict) else None
    if cells is None and isinstance(told, dict) and isinstance(told.get("worksheets"), list):
        cells = [cell for sheet in told["worksheets"] if isinstance(sheet, dict) for cell in _list(sheet.get("cells"))]
    text = "\n\n".join(_written(each) for each in _list(cells)[:MOST_CELLS])
    inner = markdown.read(replace(source, text=given.lines(text), name=source.name))
    return replace(inner, kind=KIND)


def _list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else []


def _written(cell: Any) -> str:
    if not isinstance(cell, dict) or cell.get("cell_type") != "markdown":
        return ""
    source = cell.get("source")
    return (
        "".join(each for each in source if isinstance(each, str))
        if isinstance(source, list)
        else source
        if isinstance(source, str)
        else ""
    )
