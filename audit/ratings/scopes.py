"""The years and the topic that a row's name is bound to, and date expressions of lists. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from audit import dates
from audit.model import Precision

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
_BRACKETS = re.compile(r"\(([^()]{0,200})\)")
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)\.?"
)
_DATE = rf"(?:(?:\d{{1,2}} )?{_MONTH} (?:\d{{1,2}},? )?)?(?:19|20)\d\d(?:-(?:0\d|1[0-2])-\d\d)?"
_SPAN = re.compile(rf"\b({_DATE})\s{{0,3}}(?:-|to)\s{{0,3}}({_DATE}|present|now|today)\b(?![\d-])", re.IGNORECASE)
_BEFORE = re.compile(rf"\b(?:pre-\s?|before |until |up to |prior to )({_DATE})\b", re.IGNORECASE)
_AFTER = re.compile(rf"\b(?:post-\s?|after |since |from )({_DATE})\b", re.IGNORECASE)
_INCLUSIVE = re.compile(r"(?:until|up to|since|from)", re.IGNORECASE)
_CONDITION = re.compile(r"(>=|<=|>|<|=)?\s*(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a rule is bound to: both ends inclusive."""

    valid_from: date | None = None
    valid_to: date | None = None
    topic: str | None = None


def scope(name: str) -> Scope:
    """The scope that stands in the name of a row, in brackets or without.

    >>> scope("Example Times (pre-October 2020)").valid_to, scope("The Example 2012-2018").valid_from
    (datetime.date(2020, 9, 30), datetime.date(2012, 1, 1))
    >>> one = scope("Example (politics, 2011-present)"); one.topic, one.valid_from, one.valid_to
    ('politics', datetime.date(2011, 1, 1), None)
    """
    text = name.replace("_", " ").translate(_DASHES)
    brackets = _BRACKETS.findall(text)
    for inner in brackets:
        if (found := _window(inner)) is not None:
            first, last, rest = found
            others = [each for each in brackets if each != inner]
            return Scope(valid_from=first, valid_to=last, topic=_topic([rest, *others]))
    outside = _window(_BRACKETS.sub(" ", text))
    first, last = outside[:2] if outside else (None, None)
    return Scope(valid_from=first, valid_to=last, topic=_topic(brackets))


def _topic(parts: list[str]) -> str | None:
    kept = [word for part in parts for each in part.split(",") if (word := each.strip(" -;"))]
    return ", ".join(kept) or None


def _window(text: str) -> tuple[date | None, date | None, str] | None:
    """(first day, last day, the rest of the text) of the first time span in a text."""
    if found := _SPAN.search(text):
        first, last = _period(found[1]), _period(found[2])
        if first and not (last and last[1] < first[0]):
            return first[0], last[1] if last else None, text[: found.start()] + text[found.end() :]
    if found := _BEFORE.search(text):
        period = _period(found[1])
        if period:
            end = period[1] if _INCLUSIVE.match(found[0]) else period[0] - timedelta(days=1)
            return None, end, text[: found.start()] + text[found.end() :]
    if found := _AFTER.search(text):
        period = _period(found[1])
        if period:
            start = period[0] if _INCLUSIVE.match(found[0]) else period[1] + timedelta(days=1)
            return start, None, text[: found.start()] + text[found.end() :]
    return None


def _period(text: str) -> tuple[date, date] | None:
    """The days of "2020", "October 2020" or a whole date; None for "present"."""
    written = dates.cited_date(text, language="en")
    if written.value is None:
        return None
    months = {Precision.YEAR: 12, Precision.MONTH: 1}.get(written.precision or Precision.DAY)
    return (written.value, _end(written.value, months)) if months else (written.value, written.value)


def _end(first: date, months: int) -> date:
    turn = first.month - 1 + months
    return date(first.year + turn // 12, turn % 12 + 1, 1) - timedelta(days=1) if first.year < date.max.year else date.max


def windows(expression: str) -> list[tuple[date | None, date | None]] | None:
    """The time spans of a date expression: `,` is and, `;` is or, a token is its whole period. None when it cannot be read.

    >>> windows(">=2010,<2015-06;2020")
    [(datetime.date(2010, 1, 1), datetime.date(2015, 5, 31)), (datetime.date(2020, 1, 1), datetime.date(2020, 12, 31))]
    >>> windows(">2010,<2005"), windows("soon")
    (None, None)
    """
    found = [_conjunction(group) for group in expression.split(";") if group.strip()]
    return None if not found or None in found else [each for each in found if each]


def _conjunction(group: str) -> tuple[date | None, date | None] | None:
    first, last = date.min, date.max
    conditions = [each.strip() for each in group.split(",") if each.strip()]
    for condition in conditions:
        bounds = _bounds(condition)
        if bounds is None:
            return None
        first, last = max(first, bounds[0]), min(last, bounds[1])
    if not conditions or first > last:
        return None
    return None if first == date.min else first, None if last == date.max else last


def _bounds(condition: str) -> tuple[date, date] | None:
    found = _CONDITION.fullmatch(condition)
    if found is None:
        return None
    try:
        start = date(int(found[2]), int(found[3] or 1), int(found[4] or 1))
        end = start if found[4] else _end(start, 1 if found[3] else 12)
        before = start - timedelta(days=1)
        after = end + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    table = {">=": (start, date.max), ">": (after, date.max), "<=": (date.min, end), "<": (date.min, before)}
    return table.get(found[1] or "=", (start, end))
