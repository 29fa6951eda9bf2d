"""What a rating list is read into, and the plug point of its readers. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from audit.errors import RatingsError
from audit.model import RatingRule

MOST_SHOWN = 5
"""Sentences about bad rows that are kept; all of them are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """What is known of a list beside its bytes: from the configuration, the command line, or the wiki that served it.

    `words` maps a list's own words to ours; `as_of` is the day of the file.
    """

    name: str
    family: str | None = None
    language: str | None = None
    licence: str | None = None
    url: str | None = None
    revision: str | None = None
    as_of: date | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list, read: its rules in an order that the order of rows never changes, what was counted, and the first bad rows in words.

    `revisions` are the pages it was read from with their revisions; `problems` never hold everything, the counts do.
    """

    rules: tuple[RatingRule, ...]
    counts: Mapping[str, int]
    problems: tuple[str, ...] = ()
    revisions: tuple[tuple[str, str], ...] = ()
    as_of: date | None = None
    family: str | None = None
    licence: str | None = None
    language: str | None = None


class RatingList(Protocol):
    """A kind of list. `read` raises RatingsError for bytes that are no such list, and nothing else, whatever the bytes."""

    kind: str

    def read(self, body: bytes, *, facts: ListFacts) -> Listing: ...


class Tally:
    """Rows as they are read: what was made of them, and what was wrong with the others."""

    def __init__(self, facts: ListFacts) -> None:
        self.facts = facts
        self.counts: Counter[str] = Counter(rows=0, malformed=0, rejected=0)
        self.rules: set[RatingRule] = set()
        self.unknown: dict[str, str] = {}
        self._problems: list[str] = []

    def bad(self, what: str, why: str) -> None:
        """Count something that was left out, with a sentence for the reader."""
        self.counts[what] += 1
        self._problems.append(why)

    def say(self, what: str, why: str) -> None:
        """Count something odd that was kept all the same."""
        self.bad(what, why)

    def unknown_word(self, word: str, where: str) -> None:
        self.unknown.setdefault(word, where)

    def listing(self, **known: object) -> Listing:
        """The list. Raises RatingsError where a word of it is unknown: a list that changed its words changed its meaning."""
        if self.unknown:
            told = "; ".join(f"{word!r} ({where})" for word, where in sorted(self.unknown.items())[:MOST_SHOWN])
            raise RatingsError(self.facts.name, f"unknown category {told}")
        rules = tuple(sorted(self.rules, key=sortable))
        counts = Counter(self.counts)
        counts["rules"] = len(rules)
        counts["hosts"] = len({rule.key for rule in rules if rule.kind == "host"})
        counts["with_path"] = sum(bool(rule.path) for rule in rules)
        counts["blacklisted"] = sum("blacklisted" in rule.flags for rule in rules)
        counts["dated"] = sum(bool(rule.valid_from or rule.valid_to) for rule in rules)
        for rule in rules:
            counts[f"category:{rule.category}"] += 1
        problems = tuple(sorted(self._problems)[:MOST_SHOWN])
        return Listing(rules=rules, counts=dict(sorted(counts.items())), problems=problems, **known)  # type: ignore[arg-type]  # names are those of Listing


def sortable(rule: RatingRule) -> tuple[str, ...]:
    """A rule as its place in a list: the same whatever the order of rows was."""
    return tuple(
        ",".join(sorted(value)) if isinstance(value, frozenset) else str(value)
        for value in (getattr(rule, name) for name in RatingRule.__slots__)
    )


def stretches(pattern: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Each match with where its stretch ends: at the next match, or at the end."""
    found = list(pattern.finditer(text))
    yield from zip(found, [*(each.start() for each in found[1:]), len(text)], strict=False)


def text_of(body: bytes, name: str, *, encodings: Iterable[str] = ("utf-8-sig",)) -> str:
    """The text of a list. Raises RatingsError for what is no text, and for a web page where a list was due."""
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        beginning = text[:512].lstrip().lower()
        if beginning.startswith(("<!doctype html", "<html")):
            raise RatingsError(
                name, "a web page came instead of the list (an error page?); the list as loaded before stays in use"
            )
        if "\0" in text:
            break
        return text
    raise RatingsError(name, "is no UTF-8 text")
