r"""The Unreliable/Predatory Source Detector: a JavaScript array of `{comment, regex, css, filter}` -> rules. Pure.

Its expressions have a word boundary on the left only, so that `example\.com` would also hit not-example.com: each alternative
becomes a host or a DOI prefix of its own, or is counted as rejected.
"""

import re
from collections.abc import Iterator

from audit.editorial import BLACKLISTED, DETECTOR
from audit.errors import RatingsError
from audit.model import RatingRule
from audit.ratings.keys import host_and_path
from audit.ratings.listing import ListFacts, Listing, Tally, stretches, text_of

_ENTRY = re.compile(r"""comment\s*:\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")""")
_REGEX = re.compile(r"regex\s*:\s*/((?:[^/\\\n]|\\.)+)/[a-z]*")
_DOI = re.compile(r"(?:doi\.org/)?(10\.\d{4,9})/?")
_LITERAL = re.compile(r"[\w./~%-]+")
WORDS = (("blacklist", "b"), ("deprecat", "d"), ("predatory", "gu"), ("unreliable", "gu"))
"""What stands in the comments of its entries -> our words; a `map` of the configuration goes first."""


class SourceDetector:
    """The script as it is served, or its array alone."""

    kind = "upsd"

    def read(self, body: bytes, *, facts: ListFacts) -> Listing:
        text = text_of(body, facts.name)
        tally = Tally(facts)
        for comment, end in stretches(_ENTRY, text):
            regex = _REGEX.search(text, comment.end(), end)
            said = comment[1] or comment[2] or ""
            if regex is None:
                tally.bad("malformed", f"{said[:80]!r}: no regex")
                continue
            _read_entry(said, regex[1], tally)
        if not tally.counts["rows"] and not tally.unknown:
            raise RatingsError(facts.name, "no entry with `comment` and `regex`: the form of the script changed")
        return tally.listing(
            as_of=facts.as_of, family=facts.family or "enwiki-community", licence=facts.licence, language=facts.language or "en"
        )


def _read_entry(said: str, regex: str, tally: Tally) -> None:
    given = tally.facts.words.get(said)
    category = given or next((ours for word, ours in WORDS if word in said.lower()), None)
    if category is None:
        tally.unknown_word(said[:80], "a comment of the script; add it to `map`")
        return
    for alternative in _alternatives(regex):
        tally.counts["rows"] += 1
        literal = re.sub(r"\\([./-])", r"\1", alternative.removeprefix(r"\b").removesuffix(r"\b"))
        kind, key, path = _key(literal)
        if not key:
            tally.bad("rejected", f"{said[:40]!r}: {alternative[:80]!r} is neither a host nor a DOI prefix")
            continue
        tally.rules.add(_rule(tally, said, category, kind=kind, key=key, path=path))


def _key(literal: str) -> tuple[str, str, str]:
    if doi := _DOI.fullmatch(literal):
        return "doi-prefix", doi[1], ""
    found = host_and_path(literal) if _LITERAL.fullmatch(literal) else None
    return ("host", *found) if found else ("host", "", "")


def _rule(tally: Tally, said: str, category: str, *, kind: str, key: str, path: str) -> RatingRule:
    facts = tally.facts
    return RatingRule(
        list_id=facts.name,
        family=facts.family or "enwiki-community",
        kind=kind,
        key=key,
        path=path,
        category=category,
        flags=frozenset({DETECTOR, BLACKLISTED} if category == "b" else {DETECTOR}),
        language=facts.language or "en",
        as_of=facts.as_of,
        entry=said[:200],
        url=facts.url,
        revision=facts.revision,
        licence=facts.licence,
    )


def _alternatives(regex: str) -> Iterator[str]:
    r"""What stands between the bars of the outermost level, or of the one group that is all of it.

    >>> list(_alternatives(r"\b(a\.example|10\.1234\/|b(c|d)\.example)"))
    ['a\\.example', '10\\.1234\\/', 'b(c|d)\\.example']
    """
    text = regex.removeprefix(r"\b").removesuffix(r"\b")
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1].removeprefix("?:")
    depth, begun, at = 0, 0, 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] in "([":
            depth += 1
        elif text[at] in ")]":
            depth -= 1
        elif text[at] == "|" and depth == 0:
            yield text[begun:at]
            begun = at + 1
        at += 1
    yield text[begun:]
