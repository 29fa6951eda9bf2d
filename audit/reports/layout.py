"""Plain text in columns: widths as a terminal shows them, tables, wrapped sentences, addresses cut in the middle. Pure."""

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

ELLIPSIS = "…"
GAP = "  "
NARROWEST = 12
"""A flexible column is never cut below this: shorter addresses say nothing."""

UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co"})
JOINERS = "\u200c\u200d"
"""Invisible, but part of the spelling of Persian and of Indian scripts."""

Line = Sequence[str]


def clean(value: Any) -> str:
    r"""Text that is safe to print: what strangers wrote cannot move the cursor, colour the screen or turn the line around.

    >>> clean("a\x1b[31mred\nline\u202e")
    'a[31mred line'
    """
    text = " ".join(str(value).split())
    return "".join(mark for mark in text if mark in JOINERS or unicodedata.category(mark) not in UNPRINTABLE)


def width_of(text: str) -> int:
    r"""Columns that a terminal needs: two for wide characters of East Asia, none for combining marks.

    >>> width_of("bridge"), width_of("橋"), width_of("e\u0301")
    (6, 2, 1)
    """
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(mark) else 1 + (unicodedata.east_asian_width(mark) in "WF") for mark in text)


def shorten(text: str, *, width: int) -> str:
    """The text with its middle left out: the host and the slug of an address say more than what stands between.

    >>> shorten("https://news.example/2020/05/a-long-story", width=25)
    'https://news…a-long-story'
    """
    if width_of(text) <= width:
        return text
    head, tail = (width - 1) // 2, width - 1 - (width - 1) // 2
    return _fitting(text, head) + ELLIPSIS + _fitting(text[::-1], tail)[::-1]


def _fitting(text: str, width: int) -> str:
    taken = 0
    for count, mark in enumerate(text):
        taken += width_of(mark)
        if taken > width:
            return text[:count]
    return text


def table(header: Line, rows: Sequence[Line], *, width: int, left: int = 1, indent: str = GAP) -> Iterator[str]:
    """Lines of a table: the first `left` columns stand left, the others right; the first is cut where the page is too narrow."""
    widths = [max(width_of(row[at]) for row in (header, *rows)) for at in range(len(header))]
    fixed = sum(widths[1:]) + len(GAP) * (len(header) - 1) + len(indent)
    widths[0] = min(widths[0], max(width - fixed, NARROWEST))
    for row in (header, *rows):
        cells = (shorten(row[0], width=widths[0]), *row[1:])
        padded = (_pad(cell, space, right=at >= left) for at, (cell, space) in enumerate(zip(cells, widths, strict=True)))
        yield (indent + GAP.join(padded)).rstrip()


def _pad(text: str, width: int, *, right: bool) -> str:
    blank = " " * (width - width_of(text))
    return blank + text if right else text + blank


def paragraph(text: str, *, width: int, indent: str = "", hanging: str | None = None) -> Iterator[str]:
    """A sentence wrapped to the page; words are never broken, so an address can be pasted."""
    yield from textwrap.wrap(
        clean(text),
        width=max(width, NARROWEST),
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def day(moment: Any) -> str:
    """The day of a moment in UTC, or of a date; `?` when there is none.

    >>> day(datetime(2026, 6, 1, 23, 30, tzinfo=UTC)), day(None)
    ('2026-06-01', '?')
    """
    if isinstance(moment, datetime):
        return f"{_utc(moment):%Y-%m-%d}"
    return moment.isoformat() if isinstance(moment, date) else clean(moment or "?")[:10]


def minute(moment: Any) -> str:
    """A moment for people, in UTC.

    >>> minute(datetime(2026, 6, 1, 2, 30, 9, tzinfo=UTC))
    '2026-06-01 02:30 UTC'
    """
    return f"{_utc(moment):%Y-%m-%d %H:%M} UTC" if isinstance(moment, datetime) else clean(moment or "?")


def stamp(moment: datetime) -> str:
    """A moment for machines: ISO 8601 in UTC.

    >>> stamp(datetime(2026, 6, 1, 2, 30, 9, tzinfo=UTC))
    '2026-06-01T02:30:09Z'
    """
    return _utc(moment).isoformat().replace("+00:00", "Z")


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def counted(count: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> counted(1, "link"), counted(3, "link"), counted(2, "copy", "copies")
    ('1 link', '3 links', '2 copies')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
