"""Minimal, safe repairs of a wikitext: insertions only, nothing that stands there is changed. Pure (inputs.md, 5.7)."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from audit import memento, templates
from audit.dates import cited_date
from audit.model import Citation, Document, LinkState
from audit.templates import Parameter, Template

BEYOND_REPAIR = frozenset({LinkState.DEAD, LinkState.USURPED})
"""A suspect may be back tomorrow; a page that drifted may have moved on with its subject."""

DENIED_NAMES = frozenset({"all", "source-audit", "sourceauditbot", "internetarchivebot"})
"""Who asks the best known archive bot to stay away does not want our archive links either."""

TAG_DATES: Mapping[str, tuple[str, str]] = {
    "en": ("date", "{month} {year}"),
    "simple": ("date", "{month} {year}"),
    "ja": ("date", "{year}年{number}月"),
    "zh": ("date", "{year}年{number}月"),
    "de": ("date", "{year}-{number:02d}"),
    "pl": ("data", "{year}-{number:02d}"),
}
"""How a wiki dates its dead-link tag. Of other wikis we are not sure: there the tag stands without a date."""

CAPITAL_MONTHS = frozenset({"en", "simple", "de"})
TAKES_TEXT = frozenset({"Enlace roto", "Lien brisé", "Lien mort"})
"""These replace the link instead of standing behind it: writing them would be no insertion."""

LANGUAGE_OF = {"no": "nb"}
ESCAPED = str.maketrans({char: f"%{ord(char):02X}" for char in ' []<>"{}'} | {"|": "{{!}}"})
_OPAQUE = re.compile(r"<!--|<nowiki\s*>", re.IGNORECASE)
_BEHIND = re.compile(
    r"(?:[ \t.,;:!?)\]]|</ref\s*>|\{\{(?!\s*cbignore)[^{}\n]{0,200}\}\}){0,20}\{\{\s*cbignore\s*[|}]", re.IGNORECASE
)
_BLANKS = re.compile(r"\s*")
_EQUALS = re.compile(r"(\s*)=(\s*)$")
_NEXT = re.compile(r"[ \t]*\{\{([^{}|\n]{1,60})")
_DMY_ENGLISH = re.compile(r"\{\{\s*use (dmy|mdy) dates\b", re.IGNORECASE)
_WORDED = re.compile(
    r"(?P<day>\d{1,2})(?P<one>\D{1,5}?)(?P<month>[^\W\d_]{3,20})(?P<two>\D{1,5}?)(?P<year>\d{4})(?P<end>\D{0,4})"
)
_MONTH_FIRST = re.compile(r"(?P<month>[^\W\d_]{3,20}) (?P<day>\d{1,2}), (?P<year>\d{4})")
_IDEOGRAPHS = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_POINTS = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")

_TABLE: dict[str, Any] = json.loads(files("audit.data").joinpath("citation_templates.json").read_text(encoding="utf-8"))
_CS1: dict[str, Any] = _TABLE["cs1"]
_MONTHS: dict[str, dict[str, int]] = json.loads(files("audit.data").joinpath("months.json").read_text(encoding="utf-8"))["months"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailing:
    """What is known of a cited URL: its state, the copy that supports the citation, and since when the link fails."""

    state: LinkState
    memento_url: str | None = None
    captured_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """New text at an offset of the source, and why."""

    at: int
    text: str
    why: str


def repaired(document: Document, text: str, *, known: Mapping[int, Ailing], today: date) -> tuple[Insertion, ...]:
    """What to insert into a page, in order. `known` is by position of the citation."""
    seen = _without_opaque(text)
    if _keeps_us_out(seen):
        return ()
    page = _Page(text=text, seen=seen, language=document.language, style=_page_style(document, seen), today=today)
    found: list[Insertion] = []
    done: set[int] = set()
    for citation in document.every_citation():
        ailing = known.get(citation.position)
        span = citation.span
        if ailing is None or span is None or ailing.state not in BEYOND_REPAIR or span.start in done:
            continue
        done.add(span.start)
        if _may_touch(citation, page):
            found += _mended(citation, ailing, page)
    return tuple(sorted(found, key=lambda each: each.at))


def applied(text: str, insertions: Iterable[Insertion]) -> str:
    r"""The text with the insertions; offsets count a line end as one character, whatever its form.

    >>> applied("ab\r\ncd", [Insertion(at=4, text="-", why="")])
    'ab\r\nc-d'
    """
    pieces, last = [], 0
    ends = [found.start() for found in re.finditer("\r\n", text)]
    passed = 0
    for each in insertions:
        while passed < len(ends) and ends[passed] - passed < each.at:
            passed += 1
        at = each.at + passed
        pieces += [text[last:at], each.text]
        last = at
    return "".join([*pieces, text[last:]])


# ---- the page


_HEADINGS = re.compile(r"^==+[ \t]*([^=\n]{2,60}?)[ \t]*==+[ \t]*$", re.MULTILINE)


def language_of(text: str) -> str | None:
    """The wiki whose headings and citation templates a page has; None when none does, or two do; many call their lists as English does.

    >>> language_of("== Einzelnachweise =="), language_of("== References =="), language_of("A text")
    ('de', 'en', None)
    """
    heard = Counter(found[1].casefold() for found in _HEADINGS.finditer(text))
    heard.update(each.name.casefold() for each in templates.templates(text)[0])
    votes = Counter({code: sum(heard[word] for word in words) for code, words in _own_words().items()})
    most = max(votes.values())
    best = [code for code, count in votes.items() if count == most]
    return best[0] if most and (best[0] == "en" or len(best) == 1) else None


@cache
def _own_words() -> Mapping[str, frozenset[str]]:
    """What only one wiki, or few, call their lists and templates."""
    return {
        code: frozenset(
            name.casefold()
            for table in (wiki.get("sections", {}), wiki.get("templates", {}))
            for names in table.values()
            for name in names
        )
        for code, wiki in _TABLE["wikis"].items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A source text, itself without comments (at the same offsets), and how it writes dates."""

    text: str
    seen: str
    language: str | None
    style: str | None
    today: date

    @property
    def wiki(self) -> dict[str, Any]:
        found: dict[str, Any] = _TABLE["wikis"].get(self.language or "", {})
        return found

    def writes(self, name: str) -> bool:
        """Whether a name was seen on real pages of the wiki: a name we only recall is never written."""
        return not any(name == each or name in each.split(" ") for each in self.wiki.get("certainty", {}).get("recalled", ()))


def _without_opaque(text: str) -> str:
    """Blanks for comments and nowiki, so that what stands inside binds nobody."""
    pieces, at = [], 0
    while found := _OPAQUE.search(text, at):
        close = "-->" if found[0] == "<!--" else "</nowiki>"
        end = text.find(close, found.end())
        end = len(text) if end < 0 else end + len(close)
        pieces += [text[at : found.start()], " " * (end - found.start())]
        at = end
    return "".join([*pieces, text[at:]])


def _keeps_us_out(seen: str) -> bool:
    """`{{nobots}}` and `{{bots|deny=...}}`, `{{bots|allow=...}}` as their documentation has it."""
    for each in templates.templates(seen)[0]:
        if each.name.casefold() == "nobots" and "allow" not in each.values():
            return True
        if each.name.casefold() in {"bots", "nobots"}:
            values = {key: {one.strip().casefold() for one in value.split(",")} for key, value in each.values().items()}
            if values.get("deny", set()) & DENIED_NAMES or ("allow" in values and not values["allow"] & DENIED_NAMES):
                return True
    return False


def _may_touch(citation: Citation, page: _Page) -> bool:
    """Not what names a copy already, what cites a copy, what a comment or a template stands in, or what editors protect."""
    span = citation.span
    if span is None or not citation.url or citation.archive_url or "{{" in citation.url:
        return False
    written = page.text[span.start : span.end]
    plain = written == page.seen[span.start : span.end] and not templates.strange(written)
    return plain and memento.parse_archive_url(citation.url) is None and _BEHIND.match(page.seen, span.end) is None


# ---- one citation


def _mended(citation: Citation, ailing: Ailing, page: _Page) -> Iterator[Insertion]:
    if ailing.memento_url and ailing.captured_at:
        if citation.template:
            yield from _archived(citation, ailing, page)
        else:
            yield from _archive_behind(citation, ailing, page)
    elif not any(tag.code == "dead-link" for tag in citation.tags) and not _tag_follows(citation, page):
        yield from _tagged(citation, page)


def _archived(citation: Citation, ailing: Ailing, page: _Page) -> Iterator[Insertion]:
    """The parameters of the copy, in the spelling of the template's wiki and the manner of its neighbours."""
    template = _template(citation, page)
    names = _names(template, page) if template else None
    if template is None or names is None or ailing.captured_at is None or ailing.memento_url is None:
        return
    day = ailing.captured_at.date()
    style = _sample(citation) or page.style
    wanted = [
        ("archive_url", ailing.memento_url.translate(ESCAPED).replace("''", "%27%27")),
        ("archive_date", _day(day, style, page.language)),
        *_status(names, ailing.state, style, page),
    ]
    if any(names.filled(field) for field, _ in wanted[:2]):
        return
    yield from _parameters(template, [(field, value) for field, value in wanted if not names.filled(field)], names, page)


def _template(citation: Citation, page: _Page) -> Template | None:
    """The citation's own template; its addresses inside inner templates are not ours to move."""
    if citation.span is None or citation.place_detail not in {None, "url"}:
        return None
    found = templates.templates(page.text, start=citation.span.start, end=citation.span.end)[0]
    own = found[0] if found and found[0].start == citation.span.start and found[0].name == citation.template else None
    return own if own and own.parameters else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """What a template calls its fields: those it may have, and those that it uses."""

    known: Mapping[str, tuple[str, ...]]
    template: Template
    hyphens: bool

    def filled(self, field: str) -> bool:
        values = self.template.values()
        return any(name in values for name in self.known.get(field, ()))

    def empty(self, field: str) -> Parameter | None:
        known = self.known.get(field, ())
        return next((each for each in self.template.parameters if each.key in known and not each.value.strip()), None)

    def name(self, field: str) -> str | None:
        """The first name; written without hyphen in a template that writes its others so."""
        known = self.known.get(field, ())
        if not self.hyphens and known and known[0].replace("-", "") in known:
            return known[0].replace("-", "")
        return known[0] if known else None


def _names(template: Template, page: _Page) -> _Names | None:
    """The wiki's own names before those of CS1; None for a template of which we do not know them."""
    folded = template.name.casefold()
    own, english = _has(page.wiki, folded), _has(_CS1, folded)
    if not (own or english):
        return None
    known: dict[str, tuple[str, ...]] = {}
    for table in [page.wiki, *([_CS1] if english else [])]:
        for field, names in table.get("fields", {}).items():
            known[field] = (
                *known.get(field, ()),
                *(name for name in names if page.writes(name) and name not in known.get(field, ())),
            )
    if not known.get("archive_url") or not known.get("archive_date"):
        return None
    squeezed = {"accessdate", "archiveurl", "archivedate", "deadurl"}
    hyphens = not any(each.key in squeezed for each in template.parameters)
    return _Names(known=known, template=template, hyphens=hyphens)


def _has(table: Mapping[str, Any], name: str) -> bool:
    return any(name == each.casefold() for kind in table.get("templates", {}).values() for each in kind)


def _status(names: _Names, state: LinkState, style: str | None, page: _Page) -> list[tuple[str, str]]:
    """The flag for a dead link, where the wiki has one whose words we are sure of."""
    if names.known.get("dead_since"):
        return [("dead_since", _day(page.today, style, page.language))]
    name = names.name("url_status")
    if name is None:
        return []
    if name in {"url-status", "urlstatus"}:
        return [("url_status", "usurped" if state is LinkState.USURPED else "dead")]
    words = page.wiki.get("status_words", {}).get("dead") or ["yes"]
    word = next((each for each in words if page.writes(each)), None)
    return [("url_status", word)] if word else []


def _parameters(template: Template, wanted: Sequence[tuple[str, str]], names: _Names, page: _Page) -> Iterator[Insertion]:
    before, behind, around = _manner(template, page.text)
    fresh = ""
    for field, value in wanted:
        empty, name = names.empty(field), names.name(field)
        if empty is not None and not empty.positional:
            equals = page.text.rfind("=", template.start, empty.start)
            gap = page.text[equals + 1 : equals + 2] == " " and around[1] == " "
            yield Insertion(
                at=equals + 1 + gap, text=("" if gap else around[1]) + value + (" " if gap and before == " " else ""), why=field
            )
        elif name is not None:
            fresh += f"{before}|{behind}{name}{around[0]}={around[1]}{value}"
    if fresh:
        yield Insertion(at=template.parameters[-1].end, text=fresh, why="archive_url")


def _manner(template: Template, text: str) -> tuple[str, str, tuple[str, str]]:
    """How the last named parameter is written: blanks before the pipe, behind it, and around the equals sign."""
    last = next((each for each in reversed(template.parameters) if not each.positional and each.value.strip()), None)
    if last is None:
        return " ", "", ("", "")
    pipe = text.rfind("|", template.start, last.start)
    head = text[template.start : pipe]
    behind, around = _BLANKS.match(text, pipe + 1), _EQUALS.search(text[pipe : last.start])
    left, right = (around[1], around[2]) if around else ("", "")
    return head[len(head.rstrip()) :], behind[0] if behind else "", (left.replace("\n", ""), right.replace("\n", ""))


def _archive_behind(citation: Citation, ailing: Ailing, page: _Page) -> Iterator[Insertion]:
    """A link without a template gets the copy in a template behind it, on wikis that have one which takes the copy."""
    table = page.wiki.get("archive_templates", {})
    roles = next(((name, roles) for name, roles in table.items() if name == "Webarchive" and "date" in roles), None)
    if roles is None or citation.span is None or ailing.captured_at is None or ailing.memento_url is None:
        return
    name, keys = roles
    day = _day(ailing.captured_at.date(), page.style, page.language)
    url = ailing.memento_url.translate(ESCAPED)
    yield Insertion(at=citation.span.end, text=f" {{{{{name}|{keys['url']}={url}|{keys['date']}={day}}}}}", why="archive_url")


def _tagged(citation: Citation, page: _Page) -> Iterator[Insertion]:
    """The wiki's own dead-link tag behind the citation."""
    names = page.wiki.get("tags", {}).get("dead-link", ())
    name = next((each for each in names if page.writes(each) and each not in TAKES_TEXT), None)
    if name is None or citation.span is None or citation.place_detail not in {None, "url"}:
        return
    key, form = TAG_DATES.get(page.language or "", ("", ""))
    word = _month(page.today.month, page.language)
    when = (
        f"|{key}=" + form.format(month=word, year=page.today.year, number=page.today.month)
        if key and (word or "{month}" not in form)
        else ""
    )
    gap = "" if citation.template else " "
    yield Insertion(at=citation.span.end, text=f"{gap}{{{{{name}{when}}}}}", why="dead-link")


def _tag_follows(citation: Citation, page: _Page) -> bool:
    """Whether a dead-link tag of any wiki stands right behind, whatever a reader made of it."""
    found = _NEXT.match(page.seen, citation.span.end if citation.span else 0)
    return (
        found is not None and templates.tag_codes(page.language).get(templates.template_name(found[1]).casefold()) == "dead-link"
    )


# ---- dates


def _sample(citation: Citation) -> str | None:
    """A date of the same citation, whose manner a new one takes."""
    dates = (citation.access_date, citation.published_date)
    return next((each.text for each in dates if each is not None and each.day is not None), None)


def _page_style(document: Document, seen: str) -> str | None:
    """`{{use dmy dates}}`, else what most access dates of the page look like."""
    if asked := _DMY_ENGLISH.search(seen):
        return "1 January 2001" if asked[1].casefold() == "dmy" else "January 1, 2001"
    counted: dict[str, list[str]] = {}
    for citation in document.every_citation():
        if sample := _sample(citation):
            counted.setdefault(re.sub(r"[^\W\d_]{3,}", "x", re.sub(r"\d+", "0", sample)), []).append(sample)
    return max(counted.values(), key=len)[0] if counted else None


def _day(day: date, sample: str | None, language: str | None) -> str:
    """A day in the manner of a sample; as ISO when that could not be read back.

    >>> _day(date(2020, 5, 3), "12 March 2019", "en"), _day(date(2020, 5, 3), "1. März 2019", "de")
    ('3 May 2020', '3. Mai 2020')
    >>> _day(date(2020, 5, 3), None, "en")
    '2020-05-03'
    """
    written = _like(day, sample or "", language)
    read = cited_date(written, language=language) if written else None
    return written if written and read and read.day == day else day.isoformat()


def _like(day: date, sample: str, language: str | None) -> str | None:
    if _IDEOGRAPHS.fullmatch(sample):
        return f"{day.year}年{day.month}月{day.day}日"
    if _POINTS.fullmatch(sample):
        return f"{day:%d.%m.%Y}"
    for form in (_WORDED, _MONTH_FIRST):
        if found := form.fullmatch(sample):
            spoken = "en" if found["month"].casefold() in _MONTHS["en"] and language != "de" else language
            month = _month(day.month, spoken)
            if month is None:
                return None
            if form is _MONTH_FIRST:
                return f"{month} {day.day}, {day.year}"
            return f"{day.day}{found['one']}{month}{found['two']}{day.year}{found['end']}"
    return None


@cache
def _month(number: int, language: str | None) -> str | None:
    """The month's name in running text, as a wiki writes it."""
    table = _MONTHS.get(LANGUAGE_OF.get(language or "", language or ""), {})
    name = next((name for name, each in table.items() if each == number), None)
    return name.capitalize() if name and language in CAPITAL_MONTHS else name
