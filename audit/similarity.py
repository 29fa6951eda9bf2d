"""How alike two texts or titles are: simhash, sketches of word 4-grams, folded titles. Pure."""

import re
import sys
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b

from rapidfuzz import fuzz

from audit import data

BITS = 64
SKETCH_SIZE = 64
"""The 64 smallest of all hashes: enough for containment to within about 0.06."""

MOST_WORDS = 1_000
"""Of longer pages the start speaks for the whole; hashing the rest would cost milliseconds and change nothing."""

MOST_CHARACTERS = 12 * MOST_WORDS
WORD = re.compile(r"[^\W_]+")
WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
"""Scripts that write without spaces: each character counts as a word."""

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
GAPS = re.compile(r"\u2026|\.\.\.|[\[\](){}]")
"""Where a quotation leaves something out or puts something in."""

LEAST_QUOTE = 4
"""Words: fewer in a row stand in many pages."""

QUOTE_WORDS = 12
TELLING = 3
"""Telling words that a title needs before a part of it can stand for the whole."""

DULL = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "by",
        "de",
        "der",
        "des",
        "die",
        "for",
        "from",
        "has",
        "have",
        "in",
        "is",
        "la",
        "le",
        "les",
        "of",
        "on",
        "or",
        "page",
        "site",
        "that",
        "the",
        "to",
        "un",
        "und",
        "une",
        "was",
        "web",
        "www",
        "with",
    ]
)


@lru_cache(maxsize=4_096)
def fold(text: str) -> str:
    """Case, accents, width and punctuation off, one space between words.

    >>> fold("  L\u2019\u00c9t\u00e9 \u2014 \uff21\uff22 "), fold("Stra\u00dfe")
    ('l ete ab', 'strasse')
    """
    return " ".join(WORD.findall(_plain(text)))


def _plain(text: str) -> str:
    """Case, accents and width off. A page's few distinct signs are looked up once each: ten times faster than sign by sign."""
    if text.isascii():
        return text.lower()
    # Twice: what only looks like a letter becomes one first, and folding its case may compose what was apart.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", INVISIBLE.sub("", text)).casefold())
    for accent in filter(unicodedata.combining, set(decomposed)):
        decomposed = decomposed.replace(accent, "")
    return unicodedata.normalize("NFKC", decomposed)


@lru_cache(maxsize=16)
def words(text: str) -> tuple[str, ...]:
    """Folded words; each character of a script without spaces is one. Remembered: simhash and sketch ask for the same text."""
    return tuple(_every_word(text[:MOST_CHARACTERS])[:MOST_WORDS])


_SIGNS = bytes(byte if bytes((byte,)).isalnum() else 32 for byte in range(128)).ljust(256)
"""ASCII without anything but letters and digits: what is left between blanks is what WORD finds, five times as fast."""


def _every_word(text: str) -> list[str]:
    plain = _plain(text)
    if plain.isascii():
        return plain.encode("ascii").translate(_SIGNS).decode("ascii").split()
    if WIDE.search(plain):
        plain = WIDE.sub(lambda found: f" {found[0]} ", plain)
    return WORD.findall(plain)


class _Hashes(dict[str, bytes]):
    """Words seen before, with one lane each: 64 bits of hash, the lowest byte first, and as many of nothing.

    Texts of a night share most of their words; a plain table answers three times as fast as a cache that orders its entries.
    """

    def __missing__(self, word: str) -> bytes:
        if len(self) >= MOST_KNOWN:
            self.clear()
        hashed = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        lane = self[word] = hashed[::-1].ljust(LANE // 8, b"\0")
        return lane


MOST_KNOWN = 65_536
_HASHES = _Hashes()


@lru_cache(maxsize=16)
def _lanes(text: str) -> tuple[int, int]:
    """(hashes of the words as one integer, 128 bits for each, the first one lowest; their number). Remembered as `words` are.

    Arithmetic on one big integer is arithmetic on every word at once: ten times faster than word by word.
    """
    found = words(text)
    return int.from_bytes(b"".join(map(_HASHES.__getitem__, found)), "little"), len(found)


def _mixed(lanes: int, count: int) -> set[int]:
    """64 bits of each lane, well mixed."""
    low = _low_halves(count)
    mixed = ((lanes & low) * SPREAD & low).to_bytes(count * LANE // 8, "little")
    return set(_little(array("Q", mixed))[::2])


def _little(values: "array[int]") -> "array[int]":  # the class takes a parameter from Python 3.12 on
    """To or from the lowest byte first, as it is on most machines."""
    if sys.byteorder == "big":
        values.byteswap()
    return values


@lru_cache(maxsize=64)
def _low_halves(count: int) -> int:
    return int.from_bytes((b"\xff" * 8 + b"\0" * 8) * count, "little")


def simhash(text: str) -> int | None:
    """64-bit simhash of the word pairs; None for a text without words.

    Of more than `FEATURES` distinct pairs the ones with the smallest hashes speak: the same ones in a text that is nearly the same.

    >>> distance(simhash("a page about bridges " * 9), simhash("a page about bridges " * 9))
    0
    """
    lanes, count = _lanes(text)
    if not count:
        return None
    pairs = _mixed(4 * lanes if count == 1 else lanes + 3 * (lanes >> LANE), max(count - 1, 1))
    # The smallest hashes begin with zeros: mixed once more, every bit is as good as the other.
    return _majority([feature * SPREAD & ALL_BITS for feature in _smallest(pairs, FEATURES)])


def _smallest(hashes: set[int], most: int) -> list[int]:
    """Ascending. Hashes lie evenly, so that the smallest ones nearly always lie below twice their share: few need sorting."""
    bound = 2 * most * ALL_BITS // max(len(hashes), 1)
    low = [each for each in hashes if each < bound]
    return sorted(low if len(low) >= most else hashes)[:most]


def _majority(features: Sequence[int]) -> int:
    """The bits that more than half of the 64-bit features have.

    All bits are counted at once: bit i of a plane is bit i of 64 or more counts, and two halves of the features are added
    plane by plane until one count for each bit is left.
    """
    width = BITS << max(len(features) - 1, 0).bit_length()
    planes = [int.from_bytes(_little(array("Q", features)).tobytes(), "little")]
    while width > BITS:
        width //= 2
        low, carry, added = (1 << width) - 1, 0, []
        for plane in planes:
            one, two = plane >> width, plane & low
            either = one ^ two
            added.append(either ^ carry)
            carry = one & two | either & carry
        planes = [*added, carry]
    more, same = 0, ALL_BITS
    half = len(features) // 2
    for place in range(len(planes) - 1, -1, -1):
        if half >> place & 1:
            same &= planes[place]
        else:
            more |= same & planes[place]
            same &= ~planes[place]
    return more


FEATURES = 256
LANE = 128
"""Bits: room for a product of two hashes."""


def distance(one: int, other: int) -> int:
    """Bits in which two simhashes differ."""
    return (one ^ other).bit_count()


def sketch(text: str) -> tuple[int, ...]:
    """The smallest hashes of all distinct word 4-grams, ascending; empty for a text without four words."""
    lanes, count = _lanes(text)
    if count < GRAM:
        return ()
    # Odd factors: each place counts differently, so that the order of the words matters.
    one_two, three_four = lanes + 3 * (lanes >> LANE), 5 * (lanes >> 2 * LANE) + 7 * (lanes >> 3 * LANE)
    return tuple(_smallest(_mixed(one_two ^ three_four, count - GRAM + 1), SKETCH_SIZE))


GRAM = 4
SPREAD = 0x9E37_79B9_7F4A_7C15
"""The golden ratio in 64 bits (Knuth): neighbouring sums end far apart."""

ALL_BITS = (1 << BITS) - 1


def containment(one: Sequence[int], other: Sequence[int]) -> float | None:
    """Share of the smaller text's 4-grams that the other one holds, estimated from the sketches; None without two texts.

    >>> same = sketch("one two three four five six seven eight nine ten")
    >>> containment(same, same), containment((), same)
    (1.0, None)
    """
    if not one or not other:
        return None
    least = min(one[-1] if len(one) == SKETCH_SIZE else 1 << BITS, other[-1] if len(other) == SKETCH_SIZE else 1 << BITS)
    first = {value for value in one if value <= least}
    second = {value for value in other if value <= least}
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else None


@lru_cache(maxsize=16_384)
def title_ratio(one: str, other: str) -> float:
    """How alike two titles are, 0 to 100: token sets, so that a site's name or a subtitle on one side costs nothing.

    >>> title_ratio("A long story about bridges", "A Long Story About Bridges | The Paper")
    100.0
    """
    first, second = fold(one), fold(other)
    if not first or not second:
        return 0.0
    if min(len(telling_tokens(one)), len(telling_tokens(other))) < TELLING:
        # A set of words holds every subset of itself: "News" would be alike to any title with that word.
        return float(fuzz.token_sort_ratio(first, second))
    return float(fuzz.token_set_ratio(first, second))


def telling_tokens(title: str) -> tuple[str, ...]:
    """The words of a title that say something: longer than two letters (or of a script without spaces), not dull."""
    return tuple(word for word in words(title) if (len(word) > 2 or WIDE.match(word)) and word not in DULL)


def held(wanted: Sequence[str], text: str) -> list[str]:
    """Those of the folded words that stand in a text, without taking all of it apart.

    >>> held(("bridge", "ridge", "quay"), "The Bridge.")
    ['bridge']
    """
    plain = _plain(text)
    return [word for word in wanted if word in plain and (WIDE.match(word) or re.search(rf"(?<![^\W_]){word}(?![^\W_])", plain))]


SMALL_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(said.split()) for language, said in data.table("languages")["small"].items()
}
NEARLY = 0.7
"""Languages share small words: one with nearly as many as the best may be it as well."""


def languages(text: str) -> frozenset[str]:
    """The languages that a text may be in, by its small words; none where it has none, or writes without spaces.

    >>> languages("The bridge of the town"), languages("Die Brücke der Stadt"), languages("Harbour bridge")
    (frozenset({'en'}), frozenset({'de'}), frozenset())
    """
    held = frozenset(words(text))
    counts = {language: len(small & held) for language, small in SMALL_WORDS.items()}
    most = max(counts.values())
    return frozenset(language for language, count in counts.items() if most and count >= NEARLY * most)


def quote_found(quote: str, text: str) -> bool:
    """Whether a quotation stands in a text: its parts between omissions, in order, however they are spaced, dashed or accented.

    Of a part longer than a dozen words one dozen in a row is enough: long quotations carry slips of the pen.

    >>> quote_found("the bridge was \u201copened\u201d", "In May the bridge was 'opened' again"), quote_found("no", "no")
    (True, False)
    """
    parts = [part for each in GAPS.split(quote) if len(part := _every_word(each)) >= LEAST_QUOTE]
    plain = _plain(text)
    if not all(any(all(word in plain for word in dozen) for dozen in _dozens(part)) for part in parts):
        return False  # one look for each word is far cheaper than taking a long text apart
    shown, at = f" {' '.join(_every_word(text))} ", 0
    for part in parts:
        at = _end_of(part, shown, at)
        if at < 0:
            return False
    return bool(parts)


def _end_of(part: list[str], shown: str, start: int) -> int:
    """Where a part of a quotation ends in the folded text, -1 when it is not there."""
    for dozen in _dozens(part):
        wanted = f" {' '.join(dozen)} "
        if (at := shown.find(wanted, start)) >= 0:
            return at + len(wanted) - 1
    return -1


def _dozens(part: list[str]) -> Iterator[list[str]]:
    return (part[first : first + QUOTE_WORDS] for first in range(0, max(len(part) - QUOTE_WORDS, 0) + 1, QUOTE_WORDS))
