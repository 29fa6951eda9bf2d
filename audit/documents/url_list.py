"""A list of web addresses, one per line, or a table with a `url` column. Pure."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from audit.dates import cited_date
from audit.model import Citation, Document, Place, Problem, Severity, Span

KIND = "url-list"
COMMENT = "#"
ADDRESS = re.compile(r"^(?:[a-z][a-z0-9+.\-]{1,20}:|//|www\.)\S+$|^[\w.-]+\.[a-z]{2,24}(?:/\S*)?$", re.IGNORECASE)
WEB = re.compile(r"^(?:https?:|ftp:|//|www\.)", re.IGNORECASE)
COLUMN = "url"
COLUMNS = {
    "url": ("url", "link", "uri", "href", "address", "web_address", "source_url", "cited_url", "original_url", "urls", "links"),
    "title": ("title", "name", "page_title"),
    "access_date": ("access_date", "accessdate", "accessed", "urldate", "retrieved", "date_accessed", "access"),
    "date": ("date", "published", "publication_date", "published_date", "publication_year"),
    "archive_url": (
        "archive_url",
        "archiveurl",
        "archived_url",
        "archive",
        "archive_link",
        "memento",
        "memento_url",
        "wayback_url",
    ),
    "archive_date": ("archive_date", "archivedate", "archived"),
}
MEANT = {name: column for column, names in COLUMNS.items() for name in names}
"""How people and reference managers head a column -> what it holds."""

SEPARATORS = "\t;,"
MOST_BAD = 0.5
"""When most lines are no addresses, the text is something else."""
ENOUGH = 200
MOST_HEAD = 4_000
MARKUP = ("<ref", "{{", "[[")


def recognises(text: str) -> bool:
    r"""Whether a text is a list of addresses.

    >>> recognises("# ours\nhttps://example.com/\nwww.example.org/a"), recognises("A sentence. https://example.com/")
    (True, False)
    """
    lines = _lines(text)[:ENOUGH]
    if lines and _columns(lines[0][1]):
        return True
    if not lines or any(mark in text[:100_000] for mark in MARKUP):
        return False
    good = sum(bool(ADDRESS.match(line)) for _, line in lines)
    return any(WEB.match(line) for _, line in lines) and good >= (1 - MOST_BAD) * len(lines)


def read(name: str, text: str, *, language: str | None = None) -> Document:
    """One citation per address; lines that hold none become problems with their numbers."""
    lines = _lines(text)
    if lines and _columns(lines[0][1]):
        return _table(name, text, language)
    citations: list[Citation] = []
    problems: list[Problem] = []
    for number, line in lines:
        if ADDRESS.match(line):
            citations.append(_citation(len(citations), line, number))
        else:
            problems.append(_bad(number, line))
    return Document(
        source=name, kind=KIND, title=PurePath(name).stem, language=language, citations=tuple(citations), problems=tuple(problems)
    )


def _lines(text: str) -> list[tuple[int, str]]:
    """(number, text) of every line that says something; a comment may follow an address after a blank."""
    numbered = ((number, re.sub(r"\s#.*$", "", line).strip()) for number, line in enumerate(text.split("\n"), 1))
    return [(number, line) for number, line in numbered if line and not line.startswith(COMMENT)]


def _citation(position: int, written: str, line: int, more: dict[str, Any] | None = None) -> Citation:
    known = more or {}
    span = Span(start=0, end=len(written), line=line, column=1)
    bare = "title" not in known
    return Citation(position=position, url=written, bare=bare, place=Place.GENERAL, line=line, column=1, span=span, **known)


def _bad(number: int, line: str) -> Problem:
    return Problem(
        code="malformed-url", detail=f"line {number} holds no web address: {line[:80]}", severity=Severity.WARNING, line=number
    )


# ---- tables


def _columns(line: str) -> list[str]:
    """The names of the columns when a line is the head of a table with addresses."""
    names = [_meant(each) for each in line.split(_separator(line))]
    return names if COLUMN in names and not WEB.match(line) and len(line) < MOST_HEAD and "://" not in line else []


def _separator(line: str) -> str:
    return next((each for each in SEPARATORS if each in line), ",")


def _meant(name: str) -> str:
    """The column that a head names, in any spelling; a name that says nothing stays as it is."""
    plain = re.sub(r"[\s_-]+", "_", name.strip().strip('"').strip().lower())
    return MEANT.get(plain, plain)


def _table(name: str, text: str, language: str | None) -> Document:
    head = next(line for line in text.split("\n") if line.strip() and not line.startswith(COMMENT))
    rows = csv.reader(io.StringIO(text[text.index(head) :]), delimiter=_separator(head))
    columns = [_meant(each) for each in next(rows)]
    skipped = text[: text.index(head)].count("\n")
    citations: list[Citation] = []
    problems: list[Problem] = []
    for row in _sound(rows, problems):
        line = skipped + rows.line_num
        cells = dict(zip(columns, (cell.strip() for cell in row), strict=False))
        written = cells.get(COLUMN, "")
        if ADDRESS.match(written):
            citations.append(_citation(len(citations), written, line, _more(cells, language)))
        elif any(row):
            problems.append(_bad(line, ",".join(row)))
    return Document(
        source=name, kind=KIND, title=PurePath(name).stem, language=language, citations=tuple(citations), problems=tuple(problems)
    )


def _sound(rows: Any, problems: list[Problem]) -> Iterator[list[str]]:
    """The rows that can be taken apart; one that cannot is told, and the next goes on."""
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error as fault:
            problems.append(_bad(rows.line_num, str(fault)))


def _more(cells: dict[str, str], language: str | None) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if cells.get("title"):
        more["title"] = cells["title"]
    if cells.get("archive_url"):
        more["archive_url"] = cells["archive_url"]
    for key, meaning in (("access_date", "access_date"), ("date", "published_date"), ("archive_date", "archive_date")):
        if cells.get(key):
            more[meaning] = cited_date(cells[key], language=language)
    return more
