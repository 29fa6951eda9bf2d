"""Notes on style: the title that carries its site, names that are none, two manners of dates. Pure (inputs.md, 4).

What an editor wrote on purpose looks much like what a form filled in by itself: these are notes, never more.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from audit import citing
from audit.cited import Cited, finding
from audit.dates import cited_date
from audit.model import Citation, Finding, Severity

NOTE = Severity.NOTE

LONGEST = 500
"""Characters of a field that are looked at: a title or a name is shorter, what follows is prose."""

# ---- the title

PARTS = re.compile(r"\s+(?:\||-|\u2013|\u2014|::|\u2022|\u00b7)\s+|\s*\{\{!\}\}\s*")
"""What sites put between the title of a page and their own name."""


@lru_cache(maxsize=8_192)
def parts(title: str) -> tuple[str, ...]:
    """A title taken apart where a site may have added its name."""
    return tuple(part for part in PARTS.split(title.strip()) if part)


MOST_WORDS = 8
SHORTEST_LABEL = 3
SMALL_WORDS = frozenset({"the", "of", "for", "and", "de", "la", "le", "des", "der", "die", "das", "und"})


def _site_in_title(cited: Cited) -> Iterator[Finding]:
    found = parts((cited.citation.title or "")[:LONGEST])
    while len(found) > 1 and _is_date(found[-1]):
        found = found[:-1]
    if len(found) > 1 and _is_site(found[-1], cited):
        yield finding(
            cited,
            "title-carries-site-name",
            NOTE,
            f'the title ends in "{found[-1]}", which is the site',
            "take it out of the title; its place is |website= or |work=",
        )


def _is_date(part: str) -> bool:
    return not any(each.isalpha() for each in part) or cited_date(part).value is not None


def _is_site(part: str, cited: Cited) -> bool:
    words = [word for word in re.split(r"[\W_]+", part.casefold()) if word]
    if not 1 <= len(words) <= MOST_WORDS:
        return False
    labels = _labels(cited)
    if _named(part) in labels or _named(part) in _site_names(cited):
        return True
    return len(words) > 1 and any(_abbreviates(label, words) for label in labels)


@lru_cache(maxsize=8_192)
def _named(name: str) -> str:
    """The letters of a name: "The Paper" and "the-paper" are one."""
    return "".join(each for each in name.casefold().removeprefix("the ") if each.isalnum())


def _site_names(cited: Cited) -> set[str]:
    """What the citation and the address call the site."""
    known = citing.resource(cited.citation)
    return {
        _named(name[:LONGEST])
        for name in (cited.citation.work, cited.citation.publisher, known.domain if known else None)
        if name
    }


def _labels(cited: Cited) -> set[str]:
    """The words of the host before its last one, as `europarl` of www.europarl.europa.eu."""
    known = citing.resource(cited.citation)
    labels = known.url.partition("://")[2].partition("/")[0].split(".")[:-1] if known and not known.problem else []
    return {_named(label) for label in labels} - {"www"}


def _abbreviates(label: str, words: Sequence[str]) -> bool:
    """Whether a label is the beginnings of all words in order.

    >>> _abbreviates("europarl", ["european", "parliament"]), _abbreviates("hrw", ["human", "rights", "watch"])
    (True, True)
    >>> _abbreviates("partner", ["part", "two"])
    False
    """
    if len(label) < SHORTEST_LABEL:
        return False
    reached = {0}
    for word in words:
        further = {at + size for at in reached for size in range(1, len(word) + 1) if label.startswith(word[:size], at)}
        reached = further | (reached if word in SMALL_WORDS else set())
    return len(label) in reached


# ---- the authors

TITLE_BEFORE = re.compile(r"(?:^|,\s*)(?:by|dr|prof|professor|mr|mrs|ms)\b\.?\s", re.IGNORECASE)
LEFT_OVER = re.compile(r"\s(?:and|&|und|et)\s*(?:,|$)", re.IGNORECASE)
CAPITALS = re.compile(r"(?:[^\W\d_]{3,}[ ,-]+){1,4}[^\W\d_]{3,}")
ALWAYS_DESK = re.compile(r"(?:.*\s)?(?:staff|newsroom|desk|editorial team|correspondents?),?(?:\s.*)?", re.IGNORECASE)
OF_SOFTWARE = frozenset({"admin", "administrator", "author", "content", "editor", "guest", "user", "webmaster", "web editor"})
"""What software for publishing fills in where nobody signed."""

ORGANISATIONS = {
    "agency", "agence", "bureau", "group", "journal", "magazine", "network", "news", "online", "post", "press", "presse", "radio",
    "reporters", "service", "times", "tribune",
}  # fmt: skip
OF_INSTITUTIONS = frozenset({"associated", "united", "national", "international", "world", "new", "web"})
SHORTEST_ACRONYM = 3
"""Two capitals are the initials of a person."""

INITIALS = re.compile(r"(?:[^\W\d_]\.?\s*){2,6}")
Advised = tuple[str, str]
"""What is wrong with a name, and what to do."""

SPLIT: Advised = ("an organisation split into family and given name", "write it whole in |author=, or leave it out")


def _authors(cited: Cited) -> Iterator[Finding]:
    for written in cited.citation.authors:
        author = written[:LONGEST]
        wrong = _defect(author) or (SPLIT if _may_be_split(author) and _is_split(author, cited) else None)
        if wrong:
            yield finding(cited, "author-defect", NOTE, f'"{author[:80]}": {wrong[0]}', wrong[1])


DEFECTS: tuple[tuple[Advised, Callable[[str], object]], ...] = (
    (("a title before the name", "leave the title out"), TITLE_BEFORE.search),
    (("a word left over at the end", "remove it; each author has parameters of their own"), LEFT_OVER.search),
    (("all in capitals", "write it as a name"), lambda author: author.isupper() and CAPITALS.fullmatch(author)),
    (("a word of the publishing software, nobody's name", "remove it"), lambda author: author.casefold() in OF_SOFTWARE),
    (SPLIT, ALWAYS_DESK.fullmatch),
    (("a slash or guillemets: no name of one person", "write it whole in |author="), re.compile("[/\u00ab\u00bb]").search),
)


@lru_cache(maxsize=8_192)
def _defect(author: str) -> Advised | None:
    """What a name shows by itself."""
    author = author.strip()
    return next((what for what, defective in DEFECTS if defective(author)), None)


@lru_cache(maxsize=8_192)
def _may_be_split(author: str) -> bool:
    """Whether its last word is one of organisations, or its first ones are capitals."""
    last, given = _halves(author)
    return bool(given) and (last.casefold() in ORGANISATIONS or (given.isupper() and INITIALS.fullmatch(given) is not None))


def _halves(author: str) -> tuple[str, str]:
    last, _, given = author.partition(",")
    return last.strip(), given.strip()


def _is_split(author: str, cited: Cited) -> bool:
    """An organisation whose last word stands as a family name, as `Service, RFE/RL's Armenian`; `Service, Robert` is a person."""
    last, given = _halves(author)
    if last.casefold() in ORGANISATIONS:
        return _is_no_given_name(given) or _named(f"{given} {last}") in _site_names(cited)
    first = (cited.citation.work or cited.citation.publisher or "").partition(" ")[0]
    return first.isupper() and _named(first) == _named(given) and _named(f"{given} {last}") in _site_names(cited)


def _is_no_given_name(given: str) -> bool:
    """An acronym, a possessive, a word of institutions."""
    words = re.split(r"[\s/-]+", given)
    if any(len(word) >= SHORTEST_ACRONYM and word.isalpha() and word.isupper() for word in words):
        return True
    return any(word.casefold() in OF_INSTITUTIONS or word.endswith(("'s", "\u2019s")) for word in words)


# ---- dates


@lru_cache(maxsize=8_192)
def _manner(text: str) -> str:
    text = text.strip()
    if not any(each.isalpha() for each in text):
        return "digits"
    return "day first" if text[:1].isdigit() else "month first"


def _manners(citation: Citation) -> tuple[set[str], bool]:
    """How the days of a citation are written; and whether only that of publication is in words.

    Manuals allow an article digits for the days of access and archive beside words for publication, if it keeps to it.
    """
    own = {_manner(each.text[:LONGEST]) for each in (citation.access_date, citation.archive_date) if each and each.day}
    published = citation.published_date
    if published is None or not published.day:
        return own, False
    every = own | {_manner(published.text[:LONGEST])}
    return every, own == DIGITS and len(every) > 1


DIGITS = {"digits"}


def dates(some: Sequence[Cited]) -> Iterator[Finding]:
    """Two manners in one citation, unless that is how the article writes them."""
    written = [(cited, *_manners(cited.citation)) for cited in some if cited.in_wikitext and cited.citation.template]
    dated = [each for each in written if each[1]]
    ruling = 2 * sum(allowed for _, _, allowed in dated) > len(dated)
    for cited, manners, allowed in dated:
        if len(manners) > 1 and not (ruling and allowed):
            said = f"dates are written in two ways: {' and '.join(sorted(manners))}"
            yield finding(cited, "mixed-date-styles", NOTE, said, "write all of them in one way")


# ---- language, parameters

NOT_LATIN = {
    "hy", "armenian", "ru", "russian", "uk", "ukrainian", "bg", "bulgarian", "be", "belarusian", "mk", "macedonian", "el", "greek",
    "he", "hebrew", "ar", "arabic", "fa", "persian", "ur", "urdu", "ka", "georgian", "ja", "japanese", "zh", "chinese", "ko",
    "korean", "th", "thai", "hi", "hindi",
}  # fmt: skip
"""Languages, by code and English name, that are not written in Latin letters; those of two scripts, as Serbian, are left out."""

LATIN_ENOUGH = 12
"""A brand or an acronym is Latin in any language; a title of so many Latin letters and no other is not."""

PAGE_PARAMETERS = frozenset({"page", "pages", "p", "pp"})
PROSE = re.compile(r"(?:[^\W\d_]{2,}[\s,]+){5}[^\W\d_]{2,}")


def _script(cited: Cited) -> Iterator[Finding]:
    citation = cited.citation
    if (citation.language or "").strip().casefold() in NOT_LATIN and _latin_only((citation.title or "")[:LONGEST]):
        yield finding(
            cited,
            "language-script-mismatch",
            NOTE,
            f"language={citation.language}, the title is in Latin letters",
            "check the language; a translation belongs in |trans-title=",
        )


def _latin_only(title: str) -> bool:
    letters = [each for each in title if each.isalpha()]
    return len(letters) >= LATIN_ENOUGH and all(_is_latin(each) for each in letters)


@lru_cache(maxsize=4_096)
def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")


def _parameters(cited: Cited) -> Iterator[Finding]:
    for key, value in cited.citation.parameters:
        if key in PAGE_PARAMETERS and PROSE.search(value[:LONGEST]):
            advice = "put it into |quote=, |at= or |department="
            yield finding(cited, "parameter-misuse", NOTE, f'|{key}= holds prose: "{value[:60]}"', advice)
        elif key == "id" and "://" in value:
            advice = "an identifier belongs there; the address may replace |url="
            yield finding(cited, "parameter-misuse", NOTE, f"|id= holds a link: {value[:120]}", advice)


def style(cited: Cited) -> Iterator[Finding]:
    """What one citation shows. A rendered list shows names as they are, and has lost the rest."""
    if cited.in_wikitext and cited.citation.template is None:
        return
    yield from _authors(cited)
    if cited.in_wikitext:
        yield from _site_in_title(cited)
        yield from _script(cited)
        yield from _parameters(cited)
