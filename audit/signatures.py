"""Walls and notices that the user knows and we do not: a file of rows beside those that are built in. Pure but for `use`."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeGuard

from audit import data, placeholders, walls

_version = ""

RULE, HEADER = re.compile(r"wall\.[a-z0-9-]{1,60}"), re.compile(r"[a-z0-9-]{1,80}")
WALL_REASONS = frozenset(row["reason"] for row in data.table("walls")["wall"])
NOTICE_REASONS = frozenset(row["reason"] for row in data.table("placeholders")["placeholder"])
MARKS = data.table("marks")
FLAGS = frozenset(f"mark:{name}" for table in ("marks", "loads", "tiny") for name in MARKS[table])

TEXTUAL = {"title", "title_like", "title_holds", "phrases", "body"}
CONDITIONS = {"header", "flag", "flags", "cookie", "final_url", *TEXTUAL}
"""What shows that a page is a wall; the others only narrow."""

MOST_ROWS, MOST_PATTERN = 1_000, 500
NESTED = re.compile(r"[*+}]\)*[*+{]|\([^()]*[*+][^()]*\)[*+{]")
"""A repetition of a repetition can take for ever on a page made for it."""


def use(path: str | None = None) -> frozenset[str]:
    """Recognise the rows of a file for the rest of this process; without it, what is built in. Returns the headers that they read.

    The file is TOML: `[[wall]]` rows of the form of `audit/data/walls.toml`, `[[placeholder]]` rows of that of
    `audit/data/placeholders.toml`. They are asked first. Raises ValueError that names the file, the row and what to change.
    """
    global _version  # noqa: PLW0603 - one configuration per process, read once
    told, digest = data.table_of(path) if path else ({}, "")
    if wrong := next(_wrong(told), None):
        raise ValueError(f"{path!r}: {wrong}")
    rows = told.get("wall", [])
    walls.use(rows)
    placeholders.use(told.get("placeholder", []))
    _version = f"+{digest}" if path else ""
    return frozenset(row["header"][0] for row in rows if "header" in row)


def version(built_in: str) -> str:
    """The version that a verdict names: that of the rules, and what tells one file of the user from another."""
    return built_in + _version


def _wrong(told: Mapping[str, Any]) -> Iterator[str]:
    """What in a file cannot be used, each as a sentence that says what is expected."""
    for name, rows in told.items():
        if name not in KINDS:
            yield f"{name} is not known; write rows of [[wall]] or [[placeholder]]"
        elif not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            yield f"write [[{name}]] in double brackets, once for each row"
        elif len(rows) > MOST_ROWS:
            yield f"{len(rows)} rows of [[{name}]]; {MOST_ROWS} are taken at most"
        else:
            fields, whole = KINDS[name]
            for number, row in enumerate(rows, 1):
                yield from (f"[[{name}]] {number}: {said}" for said in _wrong_row(row, fields, whole))


def _wrong_row(row: Mapping[str, Any], fields: "Fields", whole: "Callable[[Mapping[str, Any]], Iterator[str]]") -> Iterator[str]:
    for key, value in row.items():
        if key not in fields:
            yield f"{key} is not known; there are {', '.join(sorted(fields))}"
        elif not fields[key][0](value):
            yield f"{key} must be {fields[key][1]}"
    yield from whole(row)


def _wall(row: Mapping[str, Any]) -> Iterator[str]:
    if "rule" not in row or "reason" not in row:
        yield "rule and reason are needed"
    elif not row.keys() & CONDITIONS:
        yield f"a wall needs something that shows it: one of {', '.join(sorted(CONDITIONS))}"
    elif not row.keys() & (CONDITIONS - TEXTUAL) and "most_words" not in row and "status" not in row:
        yield "words alone stand in stories, too: say most_words, or the status that it comes with"


def _notice(row: Mapping[str, Any]) -> Iterator[str]:
    if "reason" not in row or "most_words" not in row:
        yield "reason and most_words are needed"
    elif not row.get("title") and not row.get("body"):
        yield "a notice needs a title or a body"


# ---- what a field may hold

Holds = Callable[[Any], bool]
Fields = Mapping[str, tuple[Holds, str]]


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) and each.strip() for each in value)


def _is_pattern(value: object) -> bool:
    if not isinstance(value, str) or not 0 < len(value) <= MOST_PATTERN or NESTED.search(value):
        return False
    try:
        re.compile(value)
    except re.error:
        return False
    return True


def _is_header(value: object) -> bool:
    return (
        _is_texts(value) and len(value) == len(("name", "pattern")) and bool(HEADER.fullmatch(value[0])) and _is_pattern(value[1])
    )


def _at_most(most: int) -> tuple[Holds, str]:
    return (lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 < value <= most), f"a number up to {most}"


def _one_of(known: Iterable[str]) -> tuple[Holds, str]:
    return (lambda value: value in known if isinstance(value, str) else False), f"one of {', '.join(sorted(known))}"


_TEXTS: tuple[Holds, str] = _is_texts, 'a list of texts: ["..."]'
_FLAGS: tuple[Holds, str] = (
    lambda value: _is_texts(value) and {each for each in value if each.startswith("mark:")} <= FLAGS,
    "a list of what html.py records, like form, or a mark:NAME of marks.toml",
)
_SWITCH: tuple[Holds, str] = (lambda value: value is True), "true, or be left out"
_PATTERN: tuple[Holds, str] = _is_pattern, f"a regular expression of at most {MOST_PATTERN} characters that repeats no repetition"
_STATUSES: tuple[Holds, str] = (
    lambda value: (
        isinstance(value, list) and bool(value) and all(isinstance(each, int) and 200 <= each < 1_000 for each in value)
    ),
    "a list of statuses: [403]",
)

_WALL: Fields = {
    "rule": (
        lambda value: isinstance(value, str) and RULE.fullmatch(value) is not None,
        "wall. and a name of your own: wall.our-proxy",
    ),
    "reason": _one_of(WALL_REASONS),
    "status": _STATUSES,
    "most_words": _at_most(walls.MOST_WORDS),
    "header": (_is_header, 'a name in lower case and a regular expression: ["x-our-proxy", "login"]'),
    "flag": _FLAGS,
    "flags": _FLAGS,
    "without": _FLAGS,
    "cookie": _TEXTS,
    "final_url": ((lambda value: isinstance(value, str) and bool(value)), "a part of the final address"),
    "blank": _SWITCH,
    "bare": _SWITCH,
    "clue": _SWITCH,
    "title": _TEXTS,
    "title_like": _PATTERN,
    "title_holds": _PATTERN,
    "phrases": _TEXTS,
    "body": ((lambda value: _is_texts(value) and all(map(_is_pattern, value))), f"a list of expressions, each {_PATTERN[1]}"),
    "yields": _SWITCH,
}
_PLACEHOLDER: Fields = {
    "reason": _one_of(NOTICE_REASONS),
    "most_words": _at_most(placeholders.MOST_WORDS),
    "title": _TEXTS,
    "body": _TEXTS,
    "path": _TEXTS,
    "whole": _SWITCH,
    "by_title": _SWITCH,
}
KINDS: Mapping[str, tuple[Fields, Callable[[Mapping[str, Any]], Iterator[str]]]] = {
    "wall": (_WALL, _wall),
    "placeholder": (_PLACEHOLDER, _notice),
}
