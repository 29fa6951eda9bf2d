"""Whether two answers show one page: what each has that the other lacks. Pure.

Two records of one database share nine tenths of their words, and two showings of one error page differ in a date, an echo of the
address or some related stories. So what counts is not how much they share but what each has of its own (verdicts.md, 6.1).
"""

import json
import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

from audit import similarity, urls
from audit.model import Fetch

SAME_SIMHASH = 3
FEW_CHARACTERS, FEW_WORDS = 200, 60
"""A page with less text than this shows what it shows by pictures, frames or scripts."""

NO_CHARACTERS = 20
ROTATING_LEAST, ROTATING_MOST, ROTATING_RATIO, ROTATING_SHARE, ROTATING_NUMBERS = 2, 60, 0.4, 0.8, 4
"""Words of a few headlines that change with every answer, on a page that otherwise stays."""

SAME_SKETCH, SAME_LENGTH = 0.95, 0.95
NEAR_LENGTH, FAR_SIMHASH, NEAR_SHARE = 0.8, 16, 0.6
"""Texts that are one but for a date may differ in a quarter of the bits when they are short; others differ in half of them."""

CLOCK = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")
DATE = re.compile(
    r"\b(?:\d{1,2}[./-]\d{1,2}[./-](\d{4})|(\d{4})[./-]\d{1,2}[./-]\d{1,2}"
    r"|\d{1,2}\.? [^\W\d]{3,12},? (\d{4})|[^\W\d]{3,12} \d{1,2},? (\d{4}))\b"
)
MOMENTS = """
monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun am pm utc gmt cet cest est edt today yesterday
montag dienstag mittwoch donnerstag freitag samstag sonntag uhr heute lundi mardi mercredi jeudi vendredi samedi dimanche
lunes martes miercoles jueves viernes sabado domingo lunedi martedi mercoledi giovedi venerdi segunda terca quarta quinta sexta feira
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag mandag tirsdag onsdag torsdag fredag lordag sondag mandag tisdag
maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai poniedzialek wtorek sroda czwartek piatek sobota niedziela
pondeli utery streda ctvrtek patek nedele pazartesi sali carsamba persembe cuma cumartesi pazar
понедельник вторник среда четверг пятница суббота воскресенье понеділок вівторок середа четвер субота неділя second seconds minute minutes hour hours day days ago
"""
_MONTHS = json.loads(files("audit.data").joinpath("months.json").read_text(encoding="utf-8"))["months"]
CALENDAR = frozenset(similarity.fold(MOMENTS).split()) | {
    word
    for names in _MONTHS.values()
    for name in names
    for word in similarity.fold(name).split()
    if not similarity.WIDE.search(word)
}
CLEARLY_MORE = 6
"""Words that a page has beyond the answer for what cannot exist: it has something to say."""

_NEGATIVE = """
no not none nothing never unknown missing nicht kein keine keinen nichts non pas aucun aucune rien sin ningun ninguna
nada nao nenhum nessun nessuna nulla niet geen inte ingen inga ikke ei nie brak nema nincs nem nu yok degil не нет нема
ні ден
"""
NEGATIONS = frozenset(similarity.fold(_NEGATIVE).split())
"""What a template says where it has no record; stories that change say such words on both sides or on neither."""

PICTURED = {"images", "frames"}
FILLED_BY_OTHERS = PICTURED | {"scripts"}


class Likeness(StrEnum):
    """`SAME`: one page. `ALIKE`: perhaps; nothing follows from it alone. `DIFFERENT`: each has something of its own."""

    SAME = "same"
    ALIKE = "alike"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """How many words and numbers one side has that the other lacks."""

    words: int
    numbers: int


def to_probe(fetch: Fetch, probe: Fetch) -> Likeness:
    """How a page is like the answer for an address that cannot exist.

    What the address itself puts on the page is taken off both sides, but only where the server is seen to repeat it.
    """
    if _unlike(fetch, fetch.title, probe, probe.title):
        return Likeness.DIFFERENT
    if rough := _roughly(fetch, probe):
        return rough
    return _weighed(fetch, probe, *_without_echoes(fetch, fetch.sample, probe, probe.sample))


def _unlike(fetch: Fetch, title: str | None, probe: Fetch, other: str | None) -> bool:
    one, two = _without_echoes(fetch, title, probe, other)
    return {word for word in one if not _is_number(word)} != {word for word in two if not _is_number(word)}


def _without_echoes(fetch: Fetch, text: str | None, probe: Fetch, other: str | None) -> tuple[Counter[str], Counter[str]]:
    """The words of two texts without those of their addresses, each as often as the server is seen to repeat one that cannot exist."""
    mine, strange = _said_by(fetch.requested_url), _said_by(probe.requested_url)
    shown = Counter(_words(other or ""))
    times = max((shown[word] for word in strange - mine), default=0)
    return (
        _without(text, Counter(dict.fromkeys(mine - strange, times))),
        _without(other, Counter(dict.fromkeys(strange - mine, times))),
    )


def _without(text: str | None, echo: Counter[str]) -> Counter[str]:
    """The words of a text but for echoes and dates."""
    return Counter(word for word in _words(text or "") if word not in CALENDAR) - echo


def to_sibling(fetch: Fetch, sibling: Fetch) -> Likeness:
    """How a page is like another cited one. Both may be real, so nothing but a date may differ."""
    if similarity.fold(fetch.title or "") != similarity.fold(sibling.title or ""):
        return Likeness.DIFFERENT
    if fetch.text_simhash is None or sibling.text_simhash is None or _far(fetch, sibling):
        return Likeness.DIFFERENT
    if rough := _roughly(fetch, sibling):
        unread = rough is Likeness.SAME and fetch.body_sha256 != sibling.body_sha256 and not (fetch.sample and sibling.sample)
        return Likeness.ALIKE if unread else rough
    one, other = (
        _undated(each.sample or "", unquote(urlsplit(each.requested_url).path), each.fetched_at.year) for each in (fetch, sibling)
    )
    if one != other:
        return Likeness.DIFFERENT
    return Likeness.ALIKE if is_pictured(fetch) else Likeness.SAME


def _roughly(one: Fetch, other: Fetch) -> Likeness | None:
    """What is clear without a look at the words."""
    if one.body_sha256 is not None and one.body_sha256 == other.body_sha256:
        return Likeness.ALIKE if _reads_its_query(one, other) else Likeness.SAME
    lengths = sorted((one.text_length or 0, other.text_length or 0))
    if lengths[1] < NO_CHARACTERS:
        return Likeness.ALIKE if one.flags & FILLED_BY_OTHERS else Likeness.SAME if lengths[0] == lengths[1] else Likeness.ALIKE
    if not one.sample or not other.sample:
        return _by_sketch(one, other, lengths)
    return None


def _reads_its_query(one: Fetch, other: Fetch) -> bool:
    """A static page whose script reads the query: its bytes never change (a viewer of documents)."""
    path, query = urlsplit(one.requested_url)[2:4]
    return (
        bool(query)
        and path == urlsplit(other.requested_url).path
        and path.lower().endswith((".html", ".htm"))
        and "scripts" in one.flags
    )


def _by_sketch(one: Fetch, other: Fetch, lengths: list[int]) -> Likeness:
    """Without the words: only what is very much the same is the same."""
    if one.text_simhash is None or other.text_simhash is None:
        return Likeness.SAME if lengths[0] == lengths[1] else Likeness.ALIKE
    share = similarity.containment(one.sketch, other.sketch)
    near = similarity.distance(one.text_simhash, other.text_simhash) <= SAME_SIMHASH
    if near and (share is None or share >= SAME_SKETCH) and lengths[0] >= SAME_LENGTH * lengths[1] and not is_pictured(one):
        return Likeness.SAME
    return Likeness.ALIKE if near else Likeness.DIFFERENT


def _far(one: Fetch, other: Fetch) -> bool:
    """A first, cheap look: most pages of a site differ at once."""
    lengths = sorted((one.text_length or 0, other.text_length or 0))
    bits = similarity.distance(one.text_simhash or 0, other.text_simhash or 0)
    share = similarity.containment(one.sketch, other.sketch)
    return lengths[0] < NEAR_LENGTH * lengths[1] or bits > FAR_SIMHASH or (share is not None and share < NEAR_SHARE)


def _weighed(fetch: Fetch, probe: Fetch, one: Counter[str], other: Counter[str]) -> Likeness:
    """Dates, counters and tokens stand on both sides, values only on one; a word of its own is content."""
    mine, theirs = _own(one - other), _own(other - one)
    if not (mine.words or theirs.words) and mine.numbers == theirs.numbers:
        return Likeness.ALIKE if is_pictured(fetch) else Likeness.SAME
    if (one & other).total() < ROTATING_SHARE * max(min(one.total(), other.total()), 1):
        return Likeness.DIFFERENT
    denied = set(other - one) & NEGATIONS and not set(one - other) & NEGATIONS
    if not denied and _rotates(mine, theirs) and _headed_alike(fetch, probe):
        return Likeness.SAME
    return Likeness.DIFFERENT if mine.words > theirs.words + CLEARLY_MORE or mine.numbers > theirs.numbers else Likeness.ALIKE


def _own(left: Counter[str]) -> _Own:
    numbers = sum(count for word, count in left.items() if _is_number(word))
    return _Own(words=left.total() - numbers, numbers=numbers)


def _is_number(word: str) -> bool:
    return any(each.isdigit() for each in word)


def is_pictured(fetch: Fetch) -> bool:
    """Whether what little text there is may stand around a picture or a frame that is another one each time."""
    little = (fetch.text_length or 0) < FEW_CHARACTERS or (fetch.word_count or 0) < FEW_WORDS
    return little and bool(fetch.flags & PICTURED)


def _rotates(mine: _Own, theirs: _Own) -> bool:
    fewer, more = sorted((mine.words, theirs.words))
    return (
        fewer >= ROTATING_LEAST
        and more <= ROTATING_MOST
        and fewer >= ROTATING_RATIO * more
        and abs(mine.numbers - theirs.numbers) <= ROTATING_NUMBERS
    )


def _headed_alike(fetch: Fetch, probe: Fetch) -> bool:
    """Whether both stand under one heading that is not only the site's name: an article may be short, but is headed by its own."""
    heading = similarity.fold(fetch.h1 or "")
    return bool(heading) and heading == similarity.fold(probe.h1 or "") and heading not in similarity.fold(fetch.title or "")


def _said_by(url: str) -> set[str]:
    parts = urlsplit(url)
    return set(_words(unquote(f"{parts.path} {parts.query}".replace("+", " "))))


def _words(text: str) -> tuple[str, ...]:
    return similarity.words(text) if text else ()


@lru_cache(maxsize=512)
def _undated(text: str, path: str, year: int) -> tuple[str, ...]:
    """The words of a text in order, without the hour, without dates of these days and without the address that an error page repeats.

    A date of long ago is what a record is about. Remembered: neighbours are compared in pairs.
    """

    def undated(found: re.Match[str]) -> str:
        lately = any(each in {str(year), str(year - 1)} for each in found.groups())
        return " " if lately else found[0]

    plain = CLOCK.sub(" ", DATE.sub(undated, text.replace(path, " ") if len(path) > 1 else text))
    return tuple(word for word in _words(plain) if word not in CALENDAR)


def end_together(one: Fetch, other: Fetch) -> bool:
    """Whether two walks that began apart end at one address, but for what each carries along of its own."""
    if not (one.hops and other.hops and one.final_url and other.final_url):
        return False
    if any(urls.same_page(each.requested_url, each.final_url or "") for each in (one, other)):
        return False
    return urls.same_page(one.final_url, other.final_url) or _carried(one) == _carried(other)


def _carried(fetch: Fetch) -> tuple[str, frozenset[str]]:
    """A final address without what its query took from the requested one: a search for the slug, an error for the path."""
    parts = urlsplit(fetch.final_url or "")
    return f"{parts.netloc.removeprefix('www.')}{parts.path}", frozenset(
        _words(unquote(parts.query.replace("+", " ")))
    ) - _said_by(fetch.requested_url)
