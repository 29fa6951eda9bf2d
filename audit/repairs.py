"""Findings -> the least that repairs the source: insertions into wikitext, nothing changed or taken away. Pure.

Only what is sure is proposed: a link that is dead, usurped or drifted and a copy that was found to show what was cited, or a dead
link of which every archive that was asked says that it has no copy. Names and words are the wiki's own, written as the page
around them is written (inputs.md, 5.7). Nobody's wiki is written to.
"""

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from audit import dates, memento, templates
from audit.model import Citation, Document, Finding
from audit.templates import Parameter, Template

BOT = "source-audit"
GONE: Mapping[str, str] = {"link-dead": "dead", "link-usurped": "usurped", "link-drifted": "deviated"}
"""Finding of a link -> what editors call its state where CS1 is at home; other wikis only know a word for dead."""

ENGLISH = {"en", "simple"}
DEAD_LINK = "{{{{dead link|date={month} {year}|bot={bot}}}}}"
"""Only where a tag behind the citation is all that is wanted: other wikis wrap the link or ask for its address."""

_DENIED = re.compile(r"\{\{\s*(?:nobots|bots\s*\|\s*(?:allow\s*=\s*none|deny\s*=[^{}]*\b(?:all|source-audit)\b))", re.IGNORECASE)
_ALLOWED = re.compile(r"\{\{\s*bots\s*\|\s*allow\s*=([^{}|]*)", re.IGNORECASE)
_IGNORED = re.compile(r"\s*\{\{\s*cbignore\b", re.IGNORECASE)
_HIDDEN = re.compile(r"<!--|<nowiki", re.IGNORECASE)
_DAY_MONTH = re.compile(r"\{\{\s*use\s+(dmy|mdy)\s+dates\b", re.IGNORECASE)
_WORD_DATE = re.compile(
    r"(?P<a>\d{1,2})(?P<dot>\.?) (?P<month>[^\W\d_]+) (?P<year>\d{4})|(?P<m>[^\W\d_]+) (?P<d>\d{1,2}), (?P<y>\d{4})"
)
_ESCAPES = {" ": "%20", "[": "%5B", "]": "%5D", "<": "%3C", ">": "%3E", '"': "%22", "{": "%7B", "}": "%7D", "|": "{{!}}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """Text to insert at an offset of the source text, the line it falls on, and the finding that asks for it."""

    at: int
    text: str
    line: int
    code: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairs:
    """What can be repaired, in order of the text, and why each of the others is left to a person."""

    made: tuple[Repair, ...] = ()
    left: tuple[str, ...] = ()


def repairs(document: Document, *, text: str, findings: Iterable[Finding], now: datetime) -> Repairs:
    """The repairs of a page of wikitext. `text` is what the document's spans count in; `findings` are its own."""
    if reason := _refusal(text):
        return Repairs(left=(reason,))
    by_citation: dict[int, dict[str, Finding]] = {}
    for each in findings:
        if each.citation is not None:
            by_citation.setdefault(each.citation, {})[each.code] = each
    page = _Page(text=text, language=_edition(document), now=now.date(), styles=_styles(document, text))
    made: list[Repair] = []
    left: list[str] = []
    for citation in document.every_citation():
        _mend(citation, by_citation.get(citation.position, {}), page, made, left)
    return Repairs(made=tuple(sorted(made, key=lambda each: each.at)), left=tuple(left))


def patched(text: str, made: Sequence[Repair]) -> str:
    """The text with the insertions.

    >>> patched("ab", [Repair(at=1, text="-", line=1, code="archive-available", url="https://example.com/")])
    'a-b'
    """
    cuts = [0, *(each.at for each in made), len(text)]
    pieces = [text[start:end] for start, end in itertools.pairwise(cuts)]
    return "".join(piece + each for piece, each in zip(pieces, [*(each.text for each in made), ""], strict=True))


def _refusal(text: str) -> str | None:
    allowed = _ALLOWED.search(text)
    named = allowed and {each.strip().lower() for each in allowed[1].split(",")}
    if _DENIED.search(text) or (named and named.isdisjoint({"all", BOT})):
        return "the page asks bots to leave it alone ({{bots}} or {{nobots}})"
    return None


def _edition(document: Document) -> str | None:
    """The wiki whose names count: Norwegian pages are in `nb`, and their wiki is `nowiki`."""
    name = document.wiki or ""
    return name.removesuffix("wiki").replace("_", "-") if name.endswith("wiki") else document.language


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What every repair of a page shares. `styles` are dates as its editors write them, the most frequent style first."""

    text: str
    language: str | None
    now: date
    styles: tuple[tuple[str, date], ...]


def _mend(citation: Citation, found: Mapping[str, Finding], page: _Page, made: list[Repair], left: list[str]) -> None:
    gone = next((code for code in GONE if code in found), None)
    if gone is None or citation.archive_url is not None or citation.span is None:
        return
    copy, missing = found.get("archive-available"), found.get("no-capture")
    if copy is None and (missing is None or gone != "link-dead"):
        return
    if reason := _untouchable(citation, page):
        left.append(f"line {citation.span.line}: {reason}")
        return
    said = _with_copy(citation, copy, gone, page) if copy else _tagged(citation, page)
    if isinstance(said, str):
        left.append(f"line {citation.span.line}: {said}")
    else:
        made += said or []


def _untouchable(citation: Citation, page: _Page) -> str | None:
    span = citation.span
    assert span is not None
    if _IGNORED.match(page.text, span.end):
        return "{{cbignore}} stands behind the citation"
    if _HIDDEN.search(page.text, span.start, span.end):
        return "a comment or <nowiki> stands inside the citation"
    url = citation.url or ""
    if not url or "{{" in url or memento.parse_archive_url(url):
        return "the address is made by a template or is an archive copy"
    return None


# ---- a copy that the citation does not name


def _with_copy(citation: Citation, finding: Finding, gone: str, page: _Page) -> list[Repair] | str | None:
    capture, span = finding.capture, citation.span
    assert span is not None
    if capture is None:
        return None
    template = _template(citation, page)
    if template is None:
        return "no citation template whose parameters are known: add the copy by hand"
    names = _names(template, page.language)
    if "archive_url" not in names:
        return f"{template.name} has no known parameter for a copy"
    wanted = {"archive_url": _escaped(capture.memento_url)}
    if "archive_date" in names:
        wanted["archive_date"] = _written(capture.captured_at.date(), template, page)
    if "url_status" in names and (word := _status_word(template, page.language, GONE[gone])):
        wanted["url_status"] = word
    if any(each.key == names["archive_url"] and each.value.strip() for each in template.parameters):
        return None
    return [
        Repair(at=at, text=said, line=span.line, code="archive-available", url=citation.url or "")
        for at, said in _inserted(template, wanted, names, page)
    ]


def _template(citation: Citation, page: _Page) -> Template | None:
    span = citation.span
    if citation.template is None or span is None:
        return None
    found, _ = templates.templates(page.text, start=span.start, end=span.end)
    known = templates.citation_templates()
    return next((each for each in found if each.start == span.start and each.name.casefold() in known), None)


def _names(template: Template, language: str | None) -> dict[str, str]:
    """Field -> how this template should spell it: as it does already, else as its other names are spelled."""
    names: dict[str, str] = {}
    hyphens = any("-" in each.key for each in template.parameters)
    joined = not hyphens and any(each.key in {"accessdate", "archiveurl", "archivedate"} for each in template.parameters)
    for field in ("archive_url", "archive_date", "url_status"):
        spellings = templates.spellings(field, template.name, language)
        used = next((each.key for each in template.parameters if each.key in spellings), None)
        fitting = next((each for each in spellings if ("-" not in each) is joined), None)
        if name := used or fitting or next(iter(spellings), None):
            names[field] = name
    return names


def _status_word(template: Template, language: str | None, state: str) -> str | None:
    words = templates.words_to_write(template.name, language)
    if state == "deviated" and "deviated" in words.get("dead", ()):
        return state
    return next(iter(words.get(state, words.get("dead", ()))), None)


def _inserted(template: Template, wanted: Mapping[str, str], names: Mapping[str, str], page: _Page) -> Iterator[tuple[int, str]]:
    """Empty parameters are filled where they stand; the others follow behind what says when or where the page was."""
    present = {each.key: each for each in template.parameters}
    before, equals = _style(template, page.text)
    behind, rest = _behind(template, page.language).end, ""
    for field, value in wanted.items():
        there = present.get(names[field])
        if there is None:
            rest += f"{before}{names[field]}{equals}{value}"
        elif not there.value.strip():
            at = _value_place(there, equals, page.text)
            yield at, value
            behind = at if field == "archive_url" else behind
    if rest:
        yield behind, rest


def _value_place(empty: Parameter, equals: str, text: str) -> int:
    """Where the value of an empty parameter goes: as far behind its sign as in the other parameters, if there is room."""
    at = text.rindex("=", 0, empty.start + 1) + 1
    room = equals[equals.index("=") + 1 :]
    return at + len(room) if text.startswith(room, at) else at


def _style(template: Template, text: str) -> tuple[str, str]:
    """What stands between a value and the next key, and around its equals sign: as the template's other parameters have it."""
    named = [each for each in template.parameters if not each.positional]
    model = next((each for each in reversed(named) if each.value), named[-1] if named else None)
    if model is None:
        return "|", "="
    head = text.rfind("|", template.start, model.start)
    gap = len(text[template.start : head]) - len(text[template.start : head].rstrip())
    equals = text.index("=", head, model.start + 1)
    key = text[head + 1 : equals]
    between = text[equals : model.start] if model.value else "="
    return (
        f"{text[head - gap : head]}|{key[: len(key) - len(key.lstrip())]}",
        f"{key[len(key.rstrip()) :]}{between}",
    )


def _behind(template: Template, language: str | None) -> Parameter:
    """The access date, else the address, else the last parameter."""
    by_field = _by_field(template, language)
    return by_field.get("access_date") or by_field.get("url") or template.parameters[-1]


def _by_field(template: Template, language: str | None) -> dict[str, Parameter]:
    known = templates.fields(template.name.casefold(), language)
    return {known[each.key][0]: each for each in template.parameters if each.value and each.key in known}


def _escaped(url: str) -> str:
    """An address as it may stand in a parameter.

    >>> _escaped("https://web.archive.org/web/20200101000000/https://example.com/a|b c")
    'https://web.archive.org/web/20200101000000/https://example.com/a{{!}}b%20c'
    """
    return "".join(_ESCAPES.get(char, char) for char in url)


# ---- dates in the words of the page


def _styles(document: Document, text: str) -> tuple[tuple[str, date], ...]:
    """Days as editors of the page wrote them: those of the dates style that it declares, then the most frequent."""
    declared = _DAY_MONTH.search(text)
    written = [
        (each.text.strip(), each.day)
        for citation in document.every_citation()
        for each in (citation.access_date, citation.archive_date)
        if each and each.day
    ]
    counts: dict[str, list[tuple[str, date]]] = {}
    for example in written:
        counts.setdefault(_shape(example[0]), []).append(example)
    ranked = sorted(counts, key=lambda shape: (not declared or shape != declared[1].lower(), -len(counts[shape])))
    return tuple(counts[shape][0] for shape in ranked)


def _shape(text: str) -> str:
    found = _WORD_DATE.fullmatch(text)
    return "other" if found is None else "mdy" if found["m"] else "dmy"


def _written(day: date, template: Template, page: _Page) -> str:
    """A day in the style of the template's own access date, else of the page, else ISO, which every wiki reads."""
    own = _by_field(template, page.language).get("access_date")
    examples = list(page.styles)
    if own and (known := dates.cited_date(own.value, language=page.language).day):
        examples.insert(0, (own.value.strip(), known))
    for text, known in examples:
        if text == known.isoformat():
            break
        if said := _like(text, known, day, page.language):
            return said
    return day.isoformat()


def _like(text: str, known: date, day: date, language: str | None) -> str | None:
    found = _WORD_DATE.fullmatch(text)
    if found is None:
        return None
    word = found["month"] or found["m"]
    first = dates.month_name(known.month, language)
    if first is None or word.casefold() != first:
        return None
    name = dates.month_name(day.month, language) or ""
    name = name.capitalize() if word[:1].isupper() else name
    if found["m"]:
        return f"{name} {day.day}, {day.year}"
    return f"{day.day}{found['dot']} {name} {day.year}"


# ---- a dead link without any copy


def _tagged(citation: Citation, page: _Page) -> list[Repair] | str | None:
    span = citation.span
    assert span is not None
    if any(tag.code == "dead-link" for tag in citation.tags):
        return None
    template = _template(citation, page)
    english = page.language in ENGLISH or (
        page.language is None and template is not None and template.name.casefold().startswith("cite ")
    )
    if not english:
        return "dead, without a copy: this wiki marks dead links in its own way"
    month = (dates.month_name(page.now.month, "en") or "").capitalize()
    text = DEAD_LINK.format(month=month, year=page.now.year, bot=BOT)
    return [Repair(at=span.end, text=text, line=span.line, code="link-dead", url=citation.url or "")]


# ---- the source as it was, to the byte


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A source's text as readers see it (line ends are one character), and the way back to the text as it stands in the file."""

    text: str
    written: str
    pairs: tuple[int, ...]

    def back(self, made: Sequence[Repair]) -> str:
        """The file's text with the insertions: line ends stay as they are."""
        moved = [(each.at + bisect_left(self.pairs, each.at), each.text) for each in made]
        cuts = [0, *(at for at, _ in moved), len(self.written)]
        pieces = (self.written[start:end] for start, end in itertools.pairwise(cuts))
        return "".join(piece + text for piece, text in zip(pieces, [*(text for _, text in moved), ""], strict=True))


def original(written: str) -> Original:
    r"""Read a text as the readers do.

    >>> original("a\r\nb").text
    'a\nb'
    """
    pairs = tuple(found.start() - number for number, found in enumerate(_ends(written)))
    return Original(text=written.replace("\r\n", "\n").replace("\r", "\n"), written=written, pairs=pairs)


def _ends(written: str) -> Iterator[re.Match[str]]:
    return re.finditer("\r\n", written)
