"""Templates of wikitext: taken apart by one stack over one expression, and what their names and parameters mean. Pure."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

DEEPEST = 100
"""Nesting that is followed; MediaWiki itself stops at 40 expansions (2026)."""

COMMENT = "\ufdd0"
"""Stands for each character of a comment: same length, so that every offset stays true. Unicode never assigns it."""

REFERENCE = "\ufdd1"
"""Stands for each character of a `<ref>` tag in the text around it."""

_SHIELDED = "{}[]|=<>:'*#;!&/\n"
SHIELD = str.maketrans({char: chr(0xFDD2 + number) for number, char in enumerate(_SHIELDED)})
"""What `<nowiki>` protects: each mark of markup as another character that nobody writes, and back again."""

_UNSHIELD = str.maketrans(
    {**{chr(0xFDD2 + number): char for number, char in enumerate(_SHIELDED)}, COMMENT: None, REFERENCE: None}
)
_STRANGE = re.compile("[\ufdd0-\ufdef]")

_TOKEN = re.compile(r"\{{2,}|\}{2,}|\[\[[^\[\]{}]*\]\]|\[\[|\]\]|\|[^\[\]{}|=]*=?|=")
"""Marks of templates and links. A link of plain words is one token, and so is a pipe with the key behind it."""
_PLAIN_LINK = re.compile(r"\[\[[^\[\]{}]*\]\]")
_PREFIX = re.compile(
    r"(?:(?:safe)?subst|template|vorlage|modèle|plantilla|шаблон|szablon|predefinição|mall|sjabloon)\s*:\s*", re.IGNORECASE
)
_FUNCTION = re.compile(r"\s*(#[^:|{}\[\]]{1,30}):")
_SPACES = re.compile(r"[\s_]+")
_DIGITS = re.compile(r"\d+")


class Parameter(NamedTuple):
    """One argument: its key (a number for positional ones), value as written without comments, and where the value stands."""

    key: str
    value: str
    start: int
    end: int
    positional: bool


class Template(NamedTuple):
    """One `{{...}}`. `parameters` in order as written, empty and repeated ones included."""

    name: str
    start: int
    end: int
    parameters: tuple[Parameter, ...]

    def values(self) -> dict[str, str]:
        """The parameters that say something; of repeated ones the last wins, as on the page."""
        return {each.key: each.value for each in self.parameters if each.value.strip()}


class _Frame:
    """An open `{{` or `[[`: where it began, where its arguments begin, and what a broken link would have hidden."""

    __slots__ = ("braces", "cuts", "equals", "hidden", "start")

    def __init__(self, start: int, braces: int) -> None:
        self.start = start
        self.braces = braces
        self.cuts: list[int] = []
        self.equals: dict[int, int] = {}
        self.hidden: list[tuple[int, str]] = []

    def divide(self, token: re.Match[str]) -> None:
        """A pipe, perhaps with a key and its equals sign behind it, or an equals sign alone."""
        if token[0][0] == "|":
            self.mark(token.start(), "|")
        if token[0][-1] == "=":
            self.mark(token.end() - 1, "=")

    def mark(self, at: int, char: str) -> None:
        if not self.braces:
            self.hidden.append((at, char))
        elif char == "|":
            self.cuts.append(at)
        elif self.cuts:
            self.equals.setdefault(len(self.cuts), at)


def plain(text: str) -> str:
    """The text without stand-ins: comments and references gone, protected marks back."""
    return text.translate(_UNSHIELD) if _STRANGE.search(text) else text


def templates(text: str, *, start: int = 0, end: int | None = None) -> tuple[list[Template], bool]:
    """All templates of a stretch, outer ones before inner ones, and whether some were nested too deep to follow.

    >>> [one], deep = templates("{{Cite web |url=https://x.example/ |title=A {{!}} [[b|c]]}}")
    >>> one.name, one.values(), deep
    ('Cite web', {'url': 'https://x.example/', 'title': 'A {{!}} [[b|c]]'}, False)
    """
    stop = len(text) if end is None else end
    found: list[Template] = []
    deep = False
    at = text.find("{{", start, stop)
    while at >= 0:
        close = text.find("}}", at + 2, stop)
        if close < 0:
            break
        if (inner := _flat(text, at + 2, close)) is not None:
            found.append(_flat_template(text, at, close + 2, inner))
            at = text.find("{{", close + 2, stop)
            continue
        some, after, too_deep = _nested(text, at, stop)
        some.sort(key=lambda one: (one.start, -one.end))
        found += some
        deep = deep or too_deep
        at = text.find("{{", after, stop) if after < stop else -1
    return [one for one in found if one.name not in {"!", "="}], deep


def _flat(text: str, start: int, end: int) -> str | None:
    """The inside of a template that holds no other, its links blanked so that every pipe divides; None when there is more to it."""
    if text.find("{", start, end) >= 0:
        return None
    inner = text[start:end]
    if "[[" not in inner:
        return inner
    inner = _PLAIN_LINK.sub(_blanked, inner)
    return None if "[[" in inner else inner


def _blanked(link: re.Match[str]) -> str:
    return REFERENCE * (link.end() - link.start())


def _flat_template(text: str, start: int, end: int, inner: str) -> Template:
    """A template without others inside: most citations on most pages."""
    head, *parts = inner.split("|")
    strange = _STRANGE.search(text, start, end) is not None
    if strange or head.lstrip()[:1] == "#":
        return _template(text, start, end, _flat_frame(start, inner))
    parameters: list[Parameter] = []
    number = 0
    at = start + 3 + len(head)
    for part in parts:
        stop = at + len(part)
        equals = part.find("=")
        if equals < 0:
            number += 1
            parameters.append(Parameter(str(number), text[at:stop], at, stop, True))
        else:
            started = text[at + equals + 1 : stop].lstrip()
            begin = stop - len(started)
            value = started.rstrip()
            parameters.append(Parameter(part[:equals].strip(), value, begin, begin + len(value), False))
        at = stop + 1
    return Template(template_name(head), start, end, tuple(parameters))


def _flat_frame(start: int, inner: str) -> _Frame:
    frame = _Frame(start, 2)
    at = inner.find("|")
    while at >= 0:
        frame.cuts.append(start + 2 + at)
        after = inner.find("|", at + 1)
        equals = inner.find("=", at + 1, after if after >= 0 else len(inner))
        if equals >= 0:
            frame.equals[len(frame.cuts)] = start + 2 + equals
        at = after
    return frame


def _nested(text: str, start: int, end: int) -> tuple[list[Template], int, bool]:
    """The templates from an opening to where all is closed again, and that place."""
    found: list[Template] = []
    stack: list[_Frame] = []
    deep = False
    for token in _TOKEN.finditer(text, start, end):
        mark = token[0]
        if mark[0] in "|=":
            stack[-1].divide(token)
        elif mark[-1] == "]":
            if len(mark) > 2:
                continue
            if not stack[-1].braces:
                stack.pop()
        elif mark[0] == "}":
            found.extend(_closed(text, stack, token.start(), len(mark)))
            if not stack:
                return found, token.end(), deep
        elif len(stack) < DEEPEST:
            stack.append(_Frame(token.start(), 0 if mark == "[[" else len(mark)))
        else:
            deep = True
    return found, end, deep


def _closed(text: str, stack: list[_Frame], at: int, braces: int) -> Iterator[Template]:
    """What a run of closing braces closes. A link that is still open inside was no link: its marks count again."""
    while braces >= 2 and stack:
        frame = stack[-1]
        if not frame.braces:
            if not any(one.braces for one in stack):
                return
            stack.pop()
            for place, char in frame.hidden:
                stack[-1].mark(place, char)
            continue
        used = min(3, frame.braces, braces)
        begin = frame.start + frame.braces - used
        at, braces, frame.braces = at + used, braces - used, frame.braces - used
        made = _template(text, begin, at, frame)
        yield made if used == 2 else made._replace(name="#parameter", parameters=())
        if frame.braces < 2:
            stack.pop()
        else:
            frame.cuts, frame.equals = [], {}


def _template(text: str, start: int, end: int, frame: _Frame) -> Template:
    edges = [*frame.cuts, end - 2]
    head = text[start + 2 : edges[0]]
    parameters: list[Parameter] = []
    number = 0
    strange = _STRANGE.search(text, start, end) is not None
    if (function := _FUNCTION.match(head)) is not None:
        begin = start + 2 + function.end()
        parameters.append(Parameter("0", plain(text[begin : edges[0]]).strip(), begin, edges[0], positional=True))
        head = function[1]
    for index in range(1, len(edges)):
        begin, stop = edges[index - 1] + 1, edges[index]
        equals = frame.equals.get(index)
        if equals is None:
            number += 1
            value = text[begin:stop]
            parameters.append(Parameter(str(number), plain(value) if strange else value, begin, stop, positional=True))
        else:
            parameters.append(_named(text, begin, equals, stop, strange=strange))
    return Template(template_name(plain(head) if strange else head), start, end, tuple(parameters))


def _named(text: str, begin: int, equals: int, stop: int, *, strange: bool) -> Parameter:
    key, value = text[begin:equals].strip(), text[equals + 1 : stop]
    started = value.lstrip()
    at = stop - len(started)
    value = started.rstrip()
    until = at + len(value)
    if strange:
        key, value = plain(key).strip(), plain(value).strip()
    return Parameter(key, value, at, until, positional=False)


@lru_cache(maxsize=4_096)
def template_name(text: str) -> str:
    """The name without prefixes, with single spaces.

    >>> template_name(" Template:cite_web "), template_name("safesubst:Dl")
    ('cite web', 'Dl')
    """
    text = _SPACES.sub(" ", text).strip()
    return _PREFIX.sub("", text, count=2) if ":" in text else text


_TABLE: dict[str, Any] = json.loads(files("audit.data").joinpath("citation_templates.json").read_text(encoding="utf-8"))
_CS1: dict[str, Any] = _TABLE["cs1"]
_WIKIS: dict[str, dict[str, Any]] = _TABLE["wikis"]
IDENTIFIERS = frozenset(_TABLE["identifiers"])
RESOLVERS: Mapping[str, str] = {
    name: form
    for name, form in _TABLE["identifiers"].items()
    if form and form.startswith("http") and "{id}" in form and "{books" not in form
}
"""Identifier -> the address that it stands for."""

FOOTNOTES = frozenset(name.casefold() for name in (*_TABLE["short_citations"]["footnote"], "הערה"))
REUSES = frozenset({"r", "ref label"})
SHORT_CITATIONS = frozenset(name.casefold() for name in (*_TABLE["short_citations"]["sfn"], "Harvsp"))
"""Templates that make a reference to an entry of the bibliography."""
HARVARD = frozenset(name.casefold() for name in _TABLE["short_citations"]["harv"])
"""Templates that only link to such an entry."""
_NAME_ONLY = re.compile(r"[^(]+")


@cache
def citation_templates() -> frozenset[str]:
    """Names of citation templates of all wikis, case folded."""
    tables = (_CS1["templates"], *(wiki.get("templates", {}) for wiki in _WIKIS.values()))
    names = {name.casefold() for table in tables for kind in table.values() for name in kind}
    return frozenset(names - FOOTNOTES - {"link"})


@cache
def kinds() -> Mapping[str, str]:
    """Name of a citation template, case folded -> the kind of work that it cites.

    >>> kinds()["cite book"], kinds()["статья"]
    ('book', 'journal')
    """
    tables = (_CS1["templates"], *(wiki.get("templates", {}) for wiki in _WIKIS.values()))
    known: dict[str, str] = {}
    for table in tables:
        for kind, names in table.items():
            for name in names:
                known.setdefault(name.casefold(), kind)
    return known


@lru_cache(maxsize=4_096)
def _tables(name: str, language: str | None) -> tuple[dict[str, Any], ...]:
    """Whose parameter names count in a template, first the wiki's own: then the wikis that have such a template, then CS1."""
    own = _WIKIS.get(language or "", {})
    english = any(name == each.casefold() for kind in _CS1["templates"].values() for each in kind)
    others = () if english else tuple(wiki for wiki in _WIKIS.values() if wiki is not own and _has(wiki, name))
    rest = () if english or others or _has(own, name) else tuple(_WIKIS.values())
    return (own, *((_CS1,) if english else ()), *others, _CS1, *rest)


def _has(wiki: Mapping[str, Any], name: str) -> bool:
    return any(name == each.casefold() for kind in wiki.get("templates", {}).values() for each in kind)


@lru_cache(maxsize=4_096)
def fields(name: str, language: str | None) -> Mapping[str, tuple[str, int]]:
    """Parameter name -> (field, rank) for a template; `last#` stands for last, last1, last2 ...

    >>> fields("cite web", "en")["accessdate"][0], fields("verkkoviite", None)["Osoite"][0]
    ('access_date', 'url')
    """
    known: dict[str, tuple[str, int]] = {}
    for table in _tables(name, language):
        for field, keys in table.get("fields", {}).items():
            for key in keys:
                for spelling in (key, key.casefold()):
                    known.setdefault(spelling, (field, len(known)))
    return known


@lru_cache(maxsize=65_536)
def field_of(key: str, name: str, language: str | None) -> tuple[str, int] | None:
    """The field that a parameter of a template fills: by its exact name, without case, without its number."""
    known = fields(name, language)
    folded = key.casefold()
    found = known.get(key) or known.get(folded)
    if found or not any(char.isdigit() for char in folded):
        return found or known.get(f"{folded}#")
    return known.get(_DIGITS.sub("#", folded, count=1)) or known.get(_DIGITS.sub("", folded) + "#")


@cache
def tag_codes(language: str | None) -> Mapping[str, str]:
    """Name of a maintenance tag, case folded -> code. Short English names count where CS1 is at home."""
    wiki = _WIKIS.get(language or "", {})
    at_home = language is None or wiki.get("cs1") in {"own", "copy"}
    known: dict[str, str] = {}
    for table in (wiki, _CS1_TAGS, *_WIKIS.values()):
        for code, names in table.get("tags", {}).items():
            for name in names:
                short = len(name) <= 4 and name.isascii()
                if not short or table is wiki or (table is _CS1_TAGS and at_home):
                    known.setdefault(name.casefold(), code)
    return known


_CS1_TAGS: dict[str, Any] = {"tags": _TABLE["tags"]}


@cache
def archive_templates(language: str | None) -> Mapping[str, Mapping[str, Any]]:
    """Name of an archive template, case folded -> which of its parameters holds what."""
    known: dict[str, Mapping[str, Any]] = {}
    for table in (_WIKIS.get(language or "", {}), _CS1, *_WIKIS.values()):
        for name, roles in table.get("archive_templates", {}).items():
            known.setdefault(name.casefold(), roles)
    return known


@cache
def link_templates(language: str | None) -> Mapping[str, Mapping[str, str]]:
    """Name of a template that is one link, case folded -> which of its parameters holds what."""
    known: dict[str, Mapping[str, str]] = {}
    for name, roles in _TABLE["link_templates"].items():
        wiki = name.partition("(")[2].rstrip(")")
        bare = name.partition("(")[0].strip().casefold()
        if "url" in roles and "positional" not in wiki and (not wiki or wiki == language or bare != "link"):
            known[bare] = roles
    return known


@cache
def status_words(language: str | None) -> Mapping[str, str]:
    """What an editor's status word claims; `deviated` and `bot: unknown` are kept as CS1 knows them."""
    known: dict[str, str] = {"deviated": "deviated", "bot: unknown": "bot: unknown"}
    for table in (_WIKIS.get(language or "", {}), _CS1, *_WIKIS.values()):
        for claim, words in table.get("status_words", {}).items():
            for word in words:
                known.setdefault(word.casefold(), claim)
    return known


@cache
def list_parameters() -> frozenset[str]:
    """Parameters of list templates that hold definitions, in all languages."""
    return frozenset(_LISTS["parameters"])


@cache
def list_templates() -> frozenset[str]:
    """Names of templates that show a list of references, case folded, in all languages."""
    return frozenset(name.casefold() for name in _LISTS["templates"]) | frozenset(section_kinds())


_LISTS: Mapping[str, list[str]] = _TABLE["lists"]


@cache
def section_kinds() -> Mapping[str, str]:
    """Heading, case folded -> `references` or `links`, in all languages."""
    return {
        heading.casefold(): kind
        for wiki in _WIKIS.values()
        for kind, names in wiki.get("sections", {}).items()
        for heading in names
    }


def strange(text: str) -> bool:
    """Does the text itself hold characters that we use as stand-ins?"""
    return _STRANGE.search(text) is not None


def ordinary(text: str) -> str:
    return _STRANGE.sub("\ufffd", text)


# ---- what may be written: names and words that were seen on pages of the wiki


@cache
def spellings(field: str, name: str, language: str | None) -> tuple[str, ...]:
    """The parameter names of a template for a field that may be written, best first; none when whose template it is stays open.

    >>> spellings("archive_url", "Internetquelle", None), spellings("url_status", "Cita web", "es")
    (('archiv-url',), ())
    """
    found = dict.fromkeys(
        key for table in _writers(name.casefold(), language) for key in _sure(table, table.get("fields", {}).get(field, ()))
    )
    return tuple(found)


@cache
def words_to_write(name: str, language: str | None) -> Mapping[str, tuple[str, ...]]:
    """State -> the wiki's words for it that may be written.

    >>> words_to_write("cite web", "en")["dead"][0], words_to_write("internetquelle", "de")["dead"][0]
    ('dead', '1')
    """
    table = next((each for each in _writers(name.casefold(), language) if each.get("fields", {}).get("url_status")), {})
    return {state: tuple(_sure(table, words)) for state, words in table.get("status_words", {}).items()}


def _writers(name: str, language: str | None) -> tuple[dict[str, Any], ...]:
    """The table that says how a template is written on this wiki: CS1 where it is at home, else the wiki's own."""
    own = _WIKIS.get(language or "", {})
    english = any(name == each.casefold() for kind in _CS1["templates"].values() for each in kind)
    if english and own.get("cs1") in {None, "own", "copy", "some"}:
        return (_CS1,)
    if own:
        return (own,) if _has(own, name) else ()
    homes = [wiki for wiki in _WIKIS.values() if _has(wiki, name)]
    return tuple(homes) if len(homes) == 1 else ()


def _sure(table: Mapping[str, Any], words: Sequence[str]) -> Iterator[str]:
    recalled = table.get("certainty", {}).get("recalled", ())
    return (word for word in words if not any(word in each.split() or word == each for each in recalled))
