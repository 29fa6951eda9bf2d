"""What error pages say, in many languages: a grammar of few words each. Pure; the words are in data/apologies.toml.

Their sentences are endless ("Die von Ihnen aufgerufene Seite wurde leider nicht gefunden"), their words are not. A part of a title
or a sentence is an apology when nothing is left of it but a predicate, what a site can lose, and small words. Any other word makes
it a title about something: "Page not found: how newspapers lose their archives".
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from audit import data, similarity

MOST_WORDS, MOST_LETTERS = 24, 160
"""An apology is short; a longer text is about something."""

LETTERS = str.maketrans(
    "\u0131\u0142\u0111\u00f8\u00f0\u064a\u0649\u0643\u0629", "ildod\u06cc\u06cc\u06a9\u0647", ""
) | str.maketrans({"\u00e6": "ae", "\u0153": "oe"})
"""Letters that people and systems write in two ways, and that no accent is taken off from."""

JOINED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
NUMBERED = re.compile(r"\b(404|410) \d{1,2}\b|\b4 ?[0o] ?4\b")
"""The codes with a subcode (404.0), and spelled apart (4 0 4)."""

ADDRESS = re.compile(r"(?:https?://|(?<!\S)/)\S{0,2000}")
"""What was asked, said again: "Page not found at /news/1"."""

CODES = frozenset({"404", "410"})
CODED = CODES | {"4"}
"""The codes, and the first figure of one that is spelled apart."""

PLAIN_WORDS = re.compile(r"[a-z0-9]+")
GAP = ".."
FILLED = r" (\S+(?: \S+){0,3}) "


@dataclass(frozen=True, slots=True, kw_only=True)
class Apology:
    """What was said. `clear`: it names what is lost, so it can hardly be a title. `ended`: the thing was there once."""

    clear: bool
    ended: bool = False


def plain(text: str) -> str:
    """Folded, with letters that are written in two ways written in one.

    >>> plain("Strona zosta\u0142a usuni\u0119ta!")
    'strona zostala usunieta'
    """
    return similarity.fold(text).translate(LETTERS)


def _listed(written: str) -> list[str]:
    """The entries of a list, folded; `a .. b` keeps its gap, which up to four words fill."""
    return [found for each in written.split(",") if (found := GAP.join(plain(part) for part in each.split(GAP)).strip())]


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(set(words), key=lambda each: (-len(each), each))


class _Language:
    """The words of one language, ready to be looked for. A language without spaces is matched letter by letter."""

    def __init__(self, table: dict[str, str]) -> None:
        self.joined = bool(table.get("joined"))
        things, lost, ended, alone, fill, after, whole = (
            [each.replace(" ", "") if self.joined else each for each in _listed(table[name])]
            for name in ("things", "lost", "ended", "alone", "fill", "after", "whole")
        )
        predicates = [*lost, *ended]
        self.predicates = {" ".join(each.replace(GAP, " ").split()) for each in predicates}
        self.halves = {each.partition(GAP)[0].strip() for each in predicates if GAP in each}
        self.adjectives = after
        self.predicate = self._pattern(self.predicates)
        self.apart = [re.compile(FILLED.join(map(re.escape, each.split(GAP)))) for each in predicates if GAP in each]
        self.after = self._after(things, after)
        self.things, self.ended, self.alone, self.whole = frozenset(things), frozenset(ended), frozenset(alone), frozenset(whole)
        self.small = frozenset(fill) | CODE_WORDS | CODES
        self.thing, self.filler = self._pattern(things), self._pattern([*fill, *(CODE_WORDS | CODES if self.joined else ())])

    def _pattern(self, words: Iterable[str]) -> re.Pattern[str]:
        either = "|".join(map(re.escape, _longest_first(words))) or "(?!)"
        return re.compile(either if self.joined else rf"(?<!\S)(?:{either})(?!\S)")

    def _after(self, things: Iterable[str], after: Iterable[str]) -> re.Pattern[str] | None:
        """An adjective says it only behind its noun: a missing link is a thing to write about."""
        singles = [each for each in _longest_first(things) if not each.endswith("s")]
        if not after:
            return None
        return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, singles))}) ({'|'.join(map(re.escape, _longest_first(after)))})$")

    def said(self, part: str) -> Apology | None:
        text = part.replace(" ", "") if self.joined else part
        if text in self.whole or " ".join(each for each in text.split() if each not in CODES) in self.whole:
            return Apology(clear=True)
        if self.joined and text not in CODES and any(each in text for each in CODES) and not self._left(text):
            return Apology(clear=False)
        text = self._together(text)
        found = self.predicate.findall(text)
        if not found:
            return self._said_after(text)
        rest = self.predicate.sub(" ; ", text)
        named = bool(self.thing.search(rest))
        if self._left(rest):
            return None
        if not named and not (found[0] in self.alone and all(each in CODE_WORDS or each in CODES for each in self._others(rest))):
            return None
        return Apology(clear=named, ended=any(each in self.ended for each in found))

    def _together(self, text: str) -> str:
        """The two halves of a predicate put together: "existiert die Seite nicht"."""
        for apart in self.apart:
            if found := apart.search(text):
                halves = (text[: found.start()], found[1], text[found.start() : found.start(1)], text[found.end(1) :])
                return " ".join(" ".join(halves).split())
        return text

    def _said_after(self, text: str) -> Apology | None:
        found = self.after.search(text) if self.after else None
        if found is None or self._left(text[: found.start()]):
            return None
        return Apology(clear=True, ended=True)

    def _others(self, rest: str) -> list[str]:
        return [each for each in rest.split() if each != ";"]

    def _left(self, rest: str) -> bool:
        """Whether a word is left that says what it is about."""
        left = self.filler.sub(" ; ", self.thing.sub(" ; ", rest)).split()
        return any(each != ";" and each not in self.small for each in left)


_TABLE = data.table("apologies")
ANYWHERE = frozenset(_listed(_TABLE["anywhere"]["words"]))
CODE_WORDS = frozenset(word for each in _listed(_TABLE["codes"]["words"]) for word in (each, *each.split()))
_LANGUAGES = [_Language(words) for name, words in _TABLE.items() if name not in {"version", "codes", "anywhere"}]
_SPACED = [each for each in _LANGUAGES if not each.joined]
_JOINED = [each for each in _LANGUAGES if each.joined]


_BEGINS: dict[str, list[tuple[str, _Language]]] = defaultdict(list)
"""First word -> the predicates that begin with it: nearly every part of a title has none, and is done with at once."""

for _language in _SPACED:
    for _predicate in sorted({*_language.predicates, *_language.halves, *_language.adjectives, *_language.whole}):
        _BEGINS[_predicate.partition(" ")[0]].append((f" {_predicate} ", _language))


def _candidates(part: str) -> list[_Language]:
    """The languages of which a predicate stands in a folded text."""
    padded = f" {part} "
    near = dict.fromkeys(
        language for word in part.split() for predicate, language in _BEGINS.get(word, ()) if predicate in padded
    )
    return [each for each in _SPACED if each in near] if near else []


def may_apologise(text: str) -> bool:
    """Whether any predicate stands in a text at all: a quick look before a close one."""
    return bool(_candidates(plain(text)))


def _says_nothing(text: str) -> bool:
    """Whether a text in plain letters holds no predicate and no code: nearly always, and told without a close look."""
    words = [word for word in PLAIN_WORDS.findall(text.lower()) if word not in ANYWHERE]
    if not CODED.isdisjoint(words):
        return False
    padded = f" {' '.join(words)} "
    return not any(predicate in padded for word in words if word in _BEGINS for predicate, _ in _BEGINS[word])


@lru_cache(maxsize=8_192)
def said(text: str) -> Apology | None:
    """What a part of a title, or a sentence, apologises for; None when it is about something.

    >>> said("Leider wurde die gesuchte Seite nicht gefunden").clear, said("Error 404").clear
    (True, False)
    >>> said("Peugeot 404"), said("The missing link"), said("Article removed from constitution")
    (None, None, None)
    """
    if len(text) > MOST_LETTERS * 4 or (text.isascii() and _says_nothing(text)):
        return None
    part = NUMBERED.sub("404", plain(ADDRESS.sub(" ", text)))
    tokens = [each for each in part.split() if each not in ANYWHERE]
    part = " ".join(tokens)
    if not tokens or len(tokens) > MOST_WORDS or len(part) > MOST_LETTERS:
        return None
    if only_code(tokens):
        return Apology(clear=False)
    languages = _JOINED if JOINED.search(part) else _candidates(part)
    return next((found for each in languages if (found := each.said(part))), None)


def only_code(tokens: list[str]) -> bool:
    """A code with nothing but words that go with codes. 410 alone is a number like any other.

    >>> only_code(["http", "404"]), only_code(["410"]), only_code(["room", "404"])
    (True, False, False)
    """
    others = [each for each in tokens if each not in CODES]
    if len(others) == len(tokens) or tokens == ["410"]:
        return False
    return all(each in CODE_WORDS or each == "gone" for each in others)
