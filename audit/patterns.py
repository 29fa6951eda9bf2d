"""Regular expressions that strangers wrote: taken apart before they are used, so that none can hang. Pure."""

import re
from functools import lru_cache

LONGEST_PATTERN = 500
"""Characters; longer ones are word lists that belong into rules of their own."""

LONGEST_SUBJECT = 300
"""Characters of an author or publisher that a pattern looks at."""

MOST_WAYS = 50_000
"""Ways through a pattern per starting point: what 300 characters bear within a tenth of a second."""

MANY = 200
"""Ways through one unbounded repetition of a subject of 300 characters, on average."""

_REPEAT = re.compile(r"\{(\d{0,5})(,?)(\d{0,5})\}")
_GROUP = re.compile(r"\?(?::|P<\w+>|<\w+>|[imsx]+\))")
_DEEPEST = 20


@lru_cache(maxsize=16_384)
def guarded(pattern: str) -> re.Pattern[str] | None:
    r"""The pattern compiled, letter case ignored; None for one that is malformed or could take long.

    >>> guarded(r"jane (?:q\. )?example").search("By Jane Example") is not None
    True
    >>> guarded("(a+)+$"), guarded("(a|aa)*b"), guarded(".*.*.*x"), guarded("(unclosed")
    (None, None, None, None)
    """
    if not pattern or len(pattern) > LONGEST_PATTERN:
        return None
    try:
        ways, _, end = _branches(pattern, 0, 0)
        return re.compile(pattern, re.IGNORECASE) if end == len(pattern) and ways <= MOST_WAYS else None
    except (re.error, ValueError, OverflowError, RecursionError):
        return None


def found(pattern: str, subject: str) -> bool:
    """Whether a guarded pattern stands somewhere in the beginning of a text.

    >>> found("example", "The Example Times"), found("(a+)+$", "aaa")
    (True, False)
    """
    compiled = guarded(pattern)
    return compiled is not None and compiled.search(subject[:LONGEST_SUBJECT]) is not None


def _branches(pattern: str, at: int, depth: int) -> tuple[int, bool, int]:
    """(ways through, whether it repeats or chooses, where it ends) of alternatives up to a closing bracket or the end."""
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    total, choosing = 0, False
    while True:
        ways, varied, at = _sequence(pattern, at, depth)
        total, choosing = total + ways, choosing or varied
        if at >= len(pattern) or pattern[at] == ")":
            return total, choosing, at
        choosing, at = True, at + 1


def _sequence(pattern: str, at: int, depth: int) -> tuple[int, bool, int]:
    ways, varied = 1, False
    while at < len(pattern) and pattern[at] not in "|)":
        inner, inner_varied, at = _atom(pattern, at, depth)
        factor, often, at = _quantifier(pattern, at)
        if often and inner_varied:
            raise ValueError("a repetition of what varies itself")
        ways *= inner * factor
        varied = varied or inner_varied or often or factor > 1
        if ways > MOST_WAYS:
            raise ValueError("too many ways")
    return ways, varied, at


def _atom(pattern: str, at: int, depth: int) -> tuple[int, bool, int]:
    match pattern[at]:
        case "\\":
            if pattern[at + 1 : at + 2].isdigit():
                raise ValueError("a reference back")
            return 1, False, at + 2
        case "[":
            return 1, False, _class_end(pattern, at)
        case "(":
            return _group(pattern, at + 1, depth)
        case _:
            return 1, False, at + 1


def _group(pattern: str, at: int, depth: int) -> tuple[int, bool, int]:
    if pattern[at : at + 1] == "?":
        opened = _GROUP.match(pattern, at)
        if opened is None:
            raise ValueError("a look around")
        at = opened.end()
        if opened[0].endswith(")"):
            return 1, False, at
    ways, varied, end = _branches(pattern, at, depth + 1)
    if end >= len(pattern):
        raise ValueError("an open bracket")
    return ways, varied, end + 1


def _class_end(pattern: str, at: int) -> int:
    at += 2 if pattern[at + 1 : at + 2] == "^" else 1
    if pattern[at : at + 1] == "]":
        at += 1
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1


def _quantifier(pattern: str, at: int) -> tuple[int, bool, int]:
    """(ways that a repetition adds, whether it repeats at all, where the next atom begins)."""
    factor, often = 1, False
    while at < len(pattern):
        if pattern[at] in "*+":
            factor, often, at = factor * MANY, True, at + 1
        elif pattern[at] == "?":
            factor, at = factor * 2, at + 1
        elif bounded := _REPEAT.match(pattern, at):
            factor, often, at = factor * _bounded(bounded), True, bounded.end()
        else:
            break
        if pattern[at : at + 1] == "?":
            at += 1
    return factor, often, at


def _bounded(repeat: re.Match[str]) -> int:
    least, comma, most = repeat[1], repeat[2], repeat[3]
    if not comma:
        return 1 if int(least or 0) <= LONGEST_SUBJECT else MOST_WAYS + 1
    return MANY if not most else max(int(most) - int(least or 0) + 1, 1)
