"""Citation templates of a wikitext -> citations: what its parameters say, in the words of any wiki. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from audit import templates
from audit.dates import cited_date
from audit.links import HOST6, STANDING_TEMPLATE, STARTS_LIKE_URL, WHOLE_URL, Link, Links, cleaned, stripped
from audit.model import Citation, CitedDate, Place, Severity, Span
from audit.tags import Problems
from audit.templates import Template

_LOOKS_LIKE_ADDRESS = ("url", "link", "www", "address", "adres", "osoite")
_WHOLE_LINK = re.compile(rf"\[+\s*((?:[a-z]+:)?//{HOST6}[^\s\]\[|]+|[^\s\]\[|]+)", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """What a reading depends on: the wiki's language, where an offset stands, and what an archive address is a copy of.

    `original` gives the address inside an archive address, "" when it does not show, None for no archive address.
    """

    place: Callable[[int, int], Span]
    original: Callable[[str], str | None]
    language: str | None = None


@dataclass(slots=True)
class Source:
    """Where citations are read from: the masked text's links, the locale, where problems are told, and how many were made."""

    links: Links
    locale: Locale
    problems: Problems
    position: int = 0

    def date(self, text: str | None) -> CitedDate | None:
        return cited_date(text, language=self.locale.language) if text and (text := text.strip()) else None

    def next(self) -> int:
        """Citations are numbered as they are made, so that few have to be numbered again."""
        self.position += 1
        return self.position - 1


@dataclass(slots=True)
class _Filled:
    """The fields of one citation template, filled from its parameters: the best-ranked name of a field wins."""

    best: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    authors: list[tuple[str, int, str]] = field(default_factory=list)
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    dates: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        found = self.best.get(name)
        return found[1].strip() if found else None


def title(value: str | None) -> str | None:
    return (stripped(value) or None) if value else None


def written(template: Template) -> tuple[tuple[str, str], ...]:
    return tuple((each.key, each.value) for each in template.parameters)


def of_template(template: Template, name: str, source: Source, *, place: Place) -> Iterator[Citation]:
    """The citation of a template, and one more for each further address in it."""
    values = repaired(template, source.problems)
    filled = _filled(values, name, source.locale.language)
    url, url_key = _url(values, filled, template, source, name)
    archive = filled.get("archive_url")
    if archive is None and url is None:
        archive = next((value.strip() for value in values.values() if _is_archive(value, source)), None)
    places = {each.key: (each.start, each.end) for each in template.parameters}
    yield _made(template, source, filled, url=url, archive=archive, place=place, at=places.get(url_key or "") if url else None)
    for key, value in values.items():
        if "//" not in value and "mailto:" not in value:
            continue
        whole = value.strip()
        if key in places and (_holds_more(whole) if key == url_key else whole not in {url, archive}):
            yield from _further(key, places[key], source, known=archive)


def _holds_more(value: str) -> bool:
    """Does an address parameter hold a template, or a second address?"""
    if STANDING_TEMPLATE.search(value) or ("://" in value and not STARTS_LIKE_URL.match(value)):
        return True
    return value.count("://") > 1 and len(value.split()) > 1


def _made(
    template: Template,
    source: Source,
    filled: _Filled,
    *,
    url: str | None,
    archive: str | None,
    place: Place,
    at: tuple[int, int] | None,
) -> Citation:
    status = filled.get("url_status")
    span = source.locale.place(template.start, template.end)
    best = filled.best
    get = filled.get
    return Citation(
        position=source.next(),
        url=url,
        template=template.name,
        title=title(_title(filled)),
        publisher=title(get("publisher")) if "publisher" in best else None,
        work=title(get("work")) if "work" in best else None,
        authors=tuple(stripped(author) for author in _authors(filled)) if filled.authors else (),
        language=get("language"),
        quote=title(get("quote")) if "quote" in best else None,
        archive_url=archive if archive is None or archive.isascii() else cleaned(archive),
        archive_date=source.date(get("archive_date")) if "archive_date" in best else None,
        access_date=source.date(get("access_date")) if "access_date" in best else None,
        published_date=source.date(_published(filled)) if "published_date" in best else None,
        url_status=templates.status_words(source.locale.language).get(status.casefold(), status) if status else None,
        identifiers=tuple(filled.identifiers),
        parameters=written(template),
        place=place,
        line=span.line,
        column=span.column,
        span=span,
        url_span=source.locale.place(*at) if at else None,
    )


def _title(filled: _Filled) -> str | None:
    """A title in the script of its language is written `ja:...`."""
    found = filled.best.get("title")
    if found is None:
        return None
    if found[2].startswith("script-") and found[1].strip()[2:3] == ":":
        return found[1].strip()[3:]
    return found[1]


_DATE_PARTS = (
    ("día", "mes", "año"), ("giorno", "mese", "anno"), ("dia", "mês", "ano"), ("jour", "mois", "année"), ("день", "месяц", "год"),
    ("dzień", "miesiąc", "rok"), ("day", "month", "year"), ("dag", "maand", "jaar"), ("tag", "monat", "jahr"),
)  # fmt: skip
"""A date given in up to three parameters, day first."""


def _published(filled: _Filled) -> str:
    _, value, key = filled.best["published_date"]
    if len(filled.dates) > 1 and (parts := next((parts for parts in _DATE_PARTS if key.casefold() in parts), None)):
        return " ".join(filled.dates[part].strip() for part in parts if part in filled.dates)
    return value.strip()


def repaired(template: Template, problems: Problems) -> dict[str, str]:
    """The values by key; an address that lost its head to the first `=` gets it back."""
    values: dict[str, str] = {}
    number = 0
    seen: set[str] = set()
    for each in template.parameters:
        key = each.key
        if each.positional:
            if key != "0":
                number += 1
                key = str(number)
        elif ("//" in key or ":" in key) and STARTS_LIKE_URL.match(key):
            number += 1
            values[str(number)] = f"{key}={each.value}"
            said = f"the `=` in the address {key[:120]}=... makes it a parameter name; write 1= before it"
            problems.note(each.start, "malformed-url", said)
            continue
        if key in seen:
            said = f"{template.name}: {key} is given twice; the last one counts"
            problems.note(each.start, "duplicate-parameter", said, Severity.NOTE)
        seen.add(key)
        if each.value and not each.value.isspace():
            values[key] = each.value
        else:
            values.pop(key, None)
    return values


def _filled(values: Mapping[str, str], name: str, language: str | None) -> _Filled:
    filled = _Filled()
    for key, value in values.items():
        found = templates.field_of(key, name, language)
        if found is None:
            folded = key.casefold()
            if folded in templates.IDENTIFIERS:
                filled.identifiers.append((folded, value.strip()))
            continue
        meaning, rank = found
        if meaning == "authors":
            digits = _DIGITS.search(key)
            filled.authors.append((digits[0] if digits else "1", rank, value.strip()))
        elif meaning not in filled.best or rank < filled.best[meaning][0]:
            filled.best[meaning] = (rank, value, key)
        if meaning == "published_date":
            filled.dates[key.casefold()] = value
    return filled


def _authors(filled: _Filled) -> tuple[str, ...]:
    """Names in order of their numbers; family and given name of one number joined."""
    if len(filled.authors) == 1:
        return (filled.authors[0][2],)
    people: dict[str, list[tuple[int, str]]] = {}
    for number, rank, value in filled.authors:
        people.setdefault(number, []).append((rank, value))
    return tuple(", ".join(value for _, value in sorted(people[number])) for number in sorted(people, key=_count))


def _count(digits: str) -> int:
    """A number of any script; what is longer than any list of authors counts last."""
    return int(digits) if len(digits) < 6 else 10**6


def _further(key: str, at: tuple[int, int], source: Source, *, known: str | None) -> Iterator[Citation]:
    for link in source.links.between(*at, in_template=True):
        if link.written != known:
            yield of_link(link, source, place=Place.PARAMETER, detail=key)


def of_link(link: Link, source: Source, *, place: Place, detail: str | None = None) -> Citation:
    """The citation that a link makes by itself."""
    span = source.locale.place(link.start, link.end)
    label = title(link.label)
    return Citation(
        position=source.next(),
        url=link.url,
        title=label,
        bare=label is None,
        place=place,
        place_detail=detail,
        line=span.line,
        column=span.column,
        span=span,
        url_span=source.locale.place(link.at, link.at + len(link.written)) if link.at != link.start or link.label else span,
    )


def _is_archive(value: str, source: Source) -> bool:
    return "//" in value and bool(WHOLE_URL.fullmatch(value)) and source.locale.original(value.strip()) is not None


def _url(
    values: Mapping[str, str], filled: _Filled, template: Template, source: Source, name: str
) -> tuple[str | None, str | None]:
    """The address as written and the parameter it stands in."""
    if "url" in filled.best:
        _, value, key = filled.best["url"]
        return _address(value, template, source), key
    if name in templates.citation_templates() and filled.best:
        return None, None
    able = [key for key, value in values.items() if STARTS_LIKE_URL.match(value) and not _is_archive(value, source)]
    able = [key for key in able if filled.best.get("archive_url", (0, "", ""))[2] != key]
    able.sort(key=lambda key: not any(word in key.casefold() for word in _LOOKS_LIKE_ADDRESS))
    return (_address(values[able[0]], template, source), able[0]) if able else (None, None)


def _address(value: str, template: Template, source: Source) -> str | None:
    """The address in a parameter as written; None, with a problem, when a template makes it."""
    value = value.strip()
    if "{{" in value:
        value = value.replace("{{!}}", "|").replace("{{=}}", "=")
        if "{{" in value:
            source.problems.note(template.start, "url-is-template", f"the address is made by a template: {value[:120]}")
            return None
    if value.startswith("["):
        source.problems.note(template.start, "malformed-url", f"the address parameter holds a whole link: {value[:120]}")
        found = _WHOLE_LINK.match(value)
        return cleaned(found[1]) if found else value
    if "://" in value and not STARTS_LIKE_URL.match(value) and len(value.split(None, 1)) > 1:
        return None
    if "<" in value[1:]:
        source.problems.note(template.start, "malformed-url", f"markup in the address {value[:120]}")
        value = value[: value.index("<", 1)].strip()
    if len(value.split(None, 1)) > 1:
        source.problems.note(template.start, "malformed-url", f"white space in the address {value[:120]}")
    return cleaned(value) or None
