"""Short citations (`{{sfn|Smith|2001}}`) and the entries of the bibliography that they point to. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from audit import templates
from audit.links import stripped
from audit.model import Citation
from audit.templates import Template

_MOST_NAMES = 4
"""Names in an anchor: CS1 takes the first four authors."""

_YEAR = re.compile(r"(?<!\d)\d{4}[a-z]?(?!\d)")
_REF_TEMPLATE = re.compile(r"\{\{\s*(?:sfnref|harvid|harvardref|sfnref2)\s*\|([^{}]*)\}\}", re.IGNORECASE)
_PAGES = ("p", "pp", "loc", "page", "pages", "at", "s", "S", "стр")


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """One short citation: what it points at (several for `sfnm`), and what it says of pages."""

    start: int
    end: int
    anchors: tuple[str, ...]
    text: str
    template: str

    @property
    def name(self) -> str:
        """The name under which equal ones are one reference."""
        return f"FOOTNOTE{self.text}"


def short(template: Template) -> Short:
    values = {key: stripped(value) for key, value in template.values().items()}
    anchors = tuple(_anchors(values))
    pages = " ".join(f"{key}={values[key]}" for key in values if key in _PAGES or key[1:] in _PAGES)
    said = ", ".join(anchor.removeprefix("CITEREF") for anchor in anchors)
    return Short(start=template.start, end=template.end, anchors=anchors, text=f"{said} {pages}".strip(), template=template.name)


def _anchors(values: Mapping[str, str]) -> Iterator[str]:
    if values.get("ref") == "none":
        return
    if own := values.get("ref"):
        yield own
        return
    words = [values[str(number)] for number in range(1, _MOST_NAMES + 2) if str(number) in values]
    if words:
        yield _anchor(words)
        return
    for entry in range(1, 10):
        names = [values[f"{entry}a{number}"] for number in range(1, _MOST_NAMES + 1) if f"{entry}a{number}" in values]
        if names:
            yield _anchor([*names, values.get(f"{entry}y", "")])


def _anchor(words: Iterable[str]) -> str:
    return "CITEREF" + "".join("".join(word.split()) for word in words)


def anchors(parameters: Iterable[tuple[str, str]], *, template: str, language: str | None) -> set[str]:
    """What an entry of a bibliography is called: its names and year, or what its `ref=` says."""
    given = {key: value for key, value in parameters if value.strip()}
    own = given.get("ref", "").strip()
    if called := _REF_TEMPLATE.search(own):
        return {_anchor(stripped(word) for word in called[1].split("|") if "=" not in word)}
    if own and own.casefold() not in {"harv", "none"}:
        return {own, _anchor([own])}
    people: dict[str, tuple[int, str]] = {}
    years: list[str] = []
    name = template.casefold()
    for key, value in given.items():
        meaning, rank = templates.field_of(key, name, language) or ("", 0)
        if meaning == "authors":
            digits = re.search(r"\d+", key)
            number = digits[0] if digits else "1"
            if number not in people or rank < people[number][0]:
                people[number] = (rank, stripped(value))
        elif meaning == "published_date":
            years += _YEAR.findall(value) or [stripped(value)]
    names = [people[number][1] for number in sorted(people, key=lambda digits: (len(digits), digits))][:_MOST_NAMES]
    families = [each.partition(",")[0] for each in names]
    last = [each.split()[-1] if each.split() else each for each in names]
    return {_anchor([*words, year]) for words in (names, families, last) for year in (years or [""])}


def entries(citations: Iterable[Citation], *, language: str | None) -> dict[str, Citation]:
    """Anchor -> entry; the first of two wins, as on the page."""
    known: dict[str, Citation] = {}
    for citation in citations:
        if citation.template:
            for anchor in anchors(citation.parameters, template=citation.template, language=language):
                known.setdefault(anchor, citation)
    return known
