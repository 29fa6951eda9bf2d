"""Notes on style: the title that carries its site, names that are none, two manners of dates. Pure (inputs.md, 4).

What an editor wrote on purpose looks much like what a form filled in by itself: these are notes, never more.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from audit import citing, urls
from audit.cited import Cited, finding
from audit.dates import cited_date
from audit.model import Citation, CitedDate, Finding, Severity

NOTE = Severity.NOTE

LONGEST = 500
"""Characters of a field that are looked at: a title or a name is shorter, what follows is prose."""

# ---- the title

PARTS = re.compile(r"\s+(?:\||-|\u2013|\u2014|::|\u2022|\u00b7)\s+|\s*\{\{!\}\}\s*")
"""What sites put between the title of a page and their own name."""

MOST_WORDS = 8
SHORTEST_LABEL = 3
SMALL_WORDS = frozenset({"the", "of", "for", "and", "de", "la", "le", "des", "der", "die", "das", "und"})


def _site_in_title(cited: Cited) -> Iterator[Finding]:
    parts = [part for part in PARTS.split((cited.citation.title or "")[:LONGEST].strip()) if part]
    while len(parts) > 1 and _is_date(parts[-1]):
        parts.pop()
    if len(parts) > 1 and _is_site(parts[-1], cited):
        yield finding(
            cited,
            "title-carries-site-name",
            NOTE,
            f'the title ends in "{parts[-1]}", which is the site',
            "take it out of the title; its place is |website= or |work=",
        )


def _is_date(part: str) -> bool:
    return not any(each.isalpha() for each in part) or cited_date(part).value is not None


def _is_site(part: str, cited: Cited) -> bool:
    words = [word for word in re.split(r"[\W_]+", part.casefold()) if word]
    if not 1 <= len(words) <= MOST_WORDS:
        return False
    names, labels = _site_names(cited), _labels(cited)
    if _named(part) in names | labels:
        return True
    return len(words) > 1 and any(_abbreviates(label, words) for label in labels)


def _named(name: str) -> str:
    """The letters of a name: "The Paper" and "the-paper" are one."""
    return "".join(each for each in name.casefold().removeprefix("the ") if each.isalnum())


def _site_names(cited: Cited) -> set[str]:
    """What the citation and the address call the site."""
    known = citing.resource(cited.citation)
    return {_named(name) for name in (cited.citation.work, cited.citation.publisher, known.domain if known else None) if name}


def _labels(cited: Cited) -> set[str]:
    """The words of the host before its last one, as `europarl` of www.europarl.europa.eu."""
    known = citing.resource(cited.citation)
    labels = urls.host_of(known.url).split(".")[:-1] if known and not known.problem else []
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
NO_GIVEN_NAME = re.compile(r"[^\W\d_a-z]{2,}|['\u2019]s\b|\b(?:Associated|United|National|International|World|New|Web)\b")
"""An acronym, a possessive or a word of institutions. `Service, Robert` and `Press, Frank` are people."""

INITIALS = re.compile(r"(?:[^\W\d_]\.?\s*){2,6}")


def _authors(cited: Cited) -> Iterator[Finding]:
    for written in cited.citation.authors:
        author = written[:LONGEST].strip()
        what = next((what for what, defective in DEFECTS if defective(author, cited)), None)
        if what:
            yield finding(cited, "author-defect", NOTE, f'"{author[:80]}": {what[0]}', what[1])


def _shouted(author: str, cited: Cited) -> bool:
    del cited
    return author.isupper() and CAPITALS.fullmatch(author) is not None


def _is_organisation(author: str, cited: Cited) -> bool:
    """An organisation whose last word stands as a family name: `Service, RFE/RL's Armenian`."""
    if ALWAYS_DESK.fullmatch(author):
        return True
    last, comma, given = (part.strip() for part in author.partition(","))
    if not comma or not given:
        return False
    turned = _named(f"{given} {last}")
    if last.casefold() in ORGANISATIONS:
        return NO_GIVEN_NAME.search(given) is not None or turned in _site_names(cited)
    if not INITIALS.fullmatch(given):
        return False
    first = (cited.citation.work or cited.citation.publisher or "").partition(" ")[0]
    return first.isupper() and first.casefold() == _named(given) and turned in _site_names(cited)


DEFECTS: tuple[tuple[tuple[str, str], Callable[[str, Cited], object]], ...] = (
    (("a title before the name", "leave the title out"), lambda author, _: TITLE_BEFORE.search(author)),
    (("a word left over at the end", "remove it; each author has parameters of their own"), lambda author, _: LEFT_OVER.search(author)),
    (("all in capitals", "write it as a name"), _shouted),
    (("a word of the publishing software, nobody's name", "remove it"), lambda author, _: author.casefold() in OF_SOFTWARE),
    (("an organisation split into family and given name", "write it whole in |author=, or leave it out"), _is_organisation),
    (("a slash or guillemets: no name of one person", "write it whole in |author="), lambda author, _: set(author) & set("/\u00ab\u00bb")),
)  # fmt: skip

# ---- dates


def _manners(citation: Citation) -> frozenset[str]:
    dates = (citation.access_date, citation.archive_date, citation.published_date)
    return frozenset(_manner(each) for each in dates if each and each.day)


def _manner(written: CitedDate) -> str:
    text = written.text.strip()
    if not any(each.isalpha() for each in text):
        return "digits"
    return "day first" if text[:1].isdigit() else "month first"


def _in_house_style(citation: Citation) -> bool:
    """Dates of publication in words, those of access and archive in digits: manuals allow it to an article that keeps to it."""
    own = {_manner(each) for each in (citation.access_date, citation.archive_date) if each and each.day}
    return own == {"digits"} and len(_manners(citation)) > 1


def dates(some: Sequence[Cited]) -> Iterator[Finding]:
    """Two manners in one citation, unless that is how the article writes them."""
    dated = [cited for cited in some if cited.in_wikitext and cited.citation.template and _comparable(cited.citation)]
    ruling = 2 * sum(_in_house_style(cited.citation) for cited in dated) > len(dated)
    for cited in dated:
        manners = _manners(cited.citation)
        if len(manners) > 1 and not (ruling and _in_house_style(cited.citation)):
            said = " and ".join(sorted(manners))
            yield finding(
                cited, "mixed-date-styles", NOTE, f"dates are written in two ways: {said}", "write all of them in one way"
            )


def _comparable(citation: Citation) -> bool:
    dates = (citation.access_date, citation.archive_date, citation.published_date)
    return sum(each is not None and each.day is not None for each in dates) > 1


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
