"""English Wikipedia's list of perennial sources: rows of wikitext -> rules. Pure.

One detector reads its three shapes: tables on numbered subpages, one subpage per source, and the single page of before
(`{{/Status|...}}`). The table of a page may be opened by a template, and a page may be a lone row.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from audit import templates
from audit.errors import RatingsError
from audit.model import RatingRule
from audit.ratings import scopes, wikipages
from audit.ratings.keys import host_and_path
from audit.ratings.listing import ListFacts, Listing, Tally, stretches
from audit.ratings.wikipages import Page
from audit.templates import Template

LICENCE = "CC BY-SA 4.0"
BASE = "https://en.wikipedia.org/wiki/"
TITLE = "Wikipedia:Reliable sources/Perennial sources"
STATUS, USES, LAST = {"rspstatus", "status"}, {"rspuses", "uses"}, {"rsplast", "last"}
CATEGORIES = {"gr", "nc", "gu", "d", "m"}
CLASSES = {f"s-{category}": category for category in CATEGORIES}
FLAGS = {"stale": "stale", "inprogress": "in-progress"}
KNOWN_LAST = {*FLAGS, "1"}

_EDGE = re.compile(r"^[ \t:]*(?:\{\|(?!\})|\|\}(?!\})|\|-)", re.MULTILINE)
_ATTRIBUTE = re.compile(r"""\b(id|class)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'|>]+))""", re.IGNORECASE)
_CELL_OPTIONS = re.compile(r"""(?:\s*[\w-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'|]+)(?=[\s|]))+\s*\|(?!\|)""")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    attributes: str
    body: str


class PerennialSources:
    """The list as the wiki's API answers it, or as plain wikitext, several pages joined."""

    kind = "rsp"

    def read(self, body: bytes, *, facts: ListFacts) -> Listing:
        tally = Tally(facts)
        found = wikipages.pages(body, facts=facts)
        for page in found:
            _read_page(page, tally)
        if not tally.counts["rows"]:
            raise RatingsError(facts.name, "no row with {{WP:RSPSTATUS}}: the format of the page changed, or it is another page")
        if not tally.counts["uses"]:
            raise RatingsError(facts.name, "no row with {{WP:RSPUSES}}: the format of the page changed")
        return tally.listing(
            revisions=tuple((page.known_as(TITLE), page.revision) for page in found if page.revision),
            as_of=max((page.revised for page in found if page.revised), default=facts.as_of),
            family=_family(facts),
            licence=facts.licence or LICENCE,
            language=facts.language or "en",
        )


ASIDE = frozenset({"doc", "sandbox", "testcases", "instructions", "header", "footer", "archive", "styles.css"})
"""Subpages that are about the list: their example rows are no sources."""


def _family(facts: ListFacts) -> str:
    return facts.family or f"{facts.language or 'en'}wiki-community"


def _read_page(page: Page, tally: Tally) -> None:
    if (page.title or "").casefold().rpartition("/")[2] in ASIDE:
        tally.counts["pages_aside"] += 1
        return
    text = wikipages.visible(page.text)
    for table in _tables(text):
        rows = [(row, _templates(row.body)) for row in table]
        if not any(_named(found, STATUS) for _, found in rows):
            continue
        for row, found in rows:
            _read_row(row, found, page, tally)


def _tables(text: str) -> Iterator[list[_Row]]:
    """The rows of each table, and each lone row: a page for one source has no row mark, nor has the first row of a table."""
    edges = list(stretches(_EDGE, text))
    yield from _lone(text[: edges[0][0].start()] if edges else text)
    rows: list[_Row] = []
    for edge, end in edges:
        attributes, _, body = text[edge.end() : end].partition("\n")
        if edge[0].endswith("|-"):
            rows.append(_Row(attributes=attributes, body=body))
            continue
        yield rows
        rows = []
        yield from _lone(body)
    yield rows


def _lone(text: str) -> Iterator[list[_Row]]:
    """Rows without a mark: a status with its hosts or its year beside it; a legend has statuses alone."""
    statuses = _named(_templates(text), STATUS)
    begins = [0, *(_line_before(text, each.start) for each in statuses[1:]), len(text)]
    for begin, end in pairwise(begins):
        row = _Row(attributes="", body=text[begin:end])
        if statuses and _named(_templates(row.body), USES | LAST):
            yield [row]


def _line_before(text: str, at: int) -> int:
    """Where the line before that of a place begins: the name of a source stands in the line before its status."""
    return text.rfind("\n", 0, max(text.rfind("\n", 0, at), 0)) + 1


def _templates(text: str) -> list[tuple[str, Template]]:
    found, _ = templates.templates(text)
    return [(_short(each.name), each) for each in found]


def _short(name: str) -> str:
    """`WP:RSPSTATUS`, `Wikipedia:Reliable sources/Perennial sources/Status` and `/Status` by the part that stays the same."""
    return name.casefold().rpartition("/")[2].rpartition(":")[2].strip()


def _named(found: list[tuple[str, Template]], names: set[str]) -> list[Template]:
    return [template for name, template in found if name in names]


def _read_row(row: _Row, found: list[tuple[str, Template]], page: Page, tally: Tally) -> None:
    statuses = _named(found, STATUS)
    attributes = {
        each[1].lower(): next((value for value in each.groups()[1:] if value), "") for each in _ATTRIBUTE.finditer(row.attributes)
    }
    name = _name(row, attributes.get("id"))
    if not statuses:
        if not _is_header(row):
            tally.bad("malformed", f"{name or 'a row'}: no status")
        return
    tally.counts["rows"] += 1
    uses = _named(found, USES)
    tally.counts["uses"] += len(uses)
    keys = _keys(uses, name, tally)
    if not keys:
        tally.counts["rows_without_host"] += 1
    for status in statuses:
        _read_status(status, row=row, attributes=attributes, name=name, keys=keys, found=found, page=page, tally=tally)


def _read_status(
    status: Template,
    *,
    row: _Row,
    attributes: dict[str, str],
    name: str,
    keys: list[tuple[str, str]],
    found: list[tuple[str, Template]],
    page: Page,
    tally: Tally,
) -> None:
    values = {key.lower(): value.strip() for key, value in status.values().items()}
    category = values.get("1", "").casefold()
    if category not in CATEGORIES:
        tally.unknown_word(category, name)
        return
    classes = attributes.get("class", "").lower().split()
    claimed = {CLASSES[each] for each in classes if each in CLASSES}
    if claimed and category not in claimed:
        tally.say("class_disagrees", f"{name}: class {' '.join(sorted(claimed))}, status {category}; the status counts")
    listed = values.get("b", "").lower().startswith("y") or "s-b" in classes
    as_of, flags = _last(found, name, tally)
    bound = _scope(name, row)
    for host, path in keys:
        tally.rules.add(
            RatingRule(
                list_id=tally.facts.name,
                family=_family(tally.facts),
                key=host,
                path=path,
                category=category,
                flags=flags | {"blacklisted"} if listed else flags,
                topic=bound.topic,
                language=tally.facts.language or "en",
                valid_from=bound.valid_from,
                valid_to=bound.valid_to,
                as_of=as_of or page.revised or tally.facts.as_of,
                entry=name or None,
                url=wikipages.address(tally.facts.url or BASE, page.known_as(TITLE), attributes.get("id")),
                revision=page.revision or tally.facts.revision,
                licence=tally.facts.licence or LICENCE,
            )
        )


def _keys(uses: list[Template], name: str, tally: Tally) -> list[tuple[str, str]]:
    """Every host and path that a row names, each once."""
    keys: dict[tuple[str, str], None] = {}
    for parameter in (each for template in uses for each in template.parameters if each.positional or each.key.isdigit()):
        written = html.unescape(parameter.value).strip()
        if not written:
            continue
        key = host_and_path(written)
        if key is None:
            tally.bad("rejected", f"{name}: {written[:80]!r} names no host")
            continue
        keys.setdefault(key)
    return list(keys)


def _last(found: list[tuple[str, Template]], name: str, tally: Tally) -> tuple[date | None, frozenset[str]]:
    """(when it was last discussed, what is said of that discussion)."""
    for template in _named(found, LAST):
        values = {key.lower(): value.strip() for key, value in template.values().items()}
        for key in sorted(values.keys() - KNOWN_LAST):
            tally.say("unknown_keywords", f"{name}: unknown keyword {key[:40]!r} beside the year of the last discussion")
        years = _YEAR.findall(values.get("1", ""))
        flags = frozenset(FLAGS[key] for key, value in values.items() if key in FLAGS and value.lower().startswith("y"))
        return (date(int(years[-1]), 1, 1) if years else None), flags
    return None, frozenset()


def _is_header(row: _Row) -> bool:
    """A row of headings, or one in which nothing stands."""
    lines = [line.strip() for line in row.body.splitlines()]
    return not any(line.strip("|+ ") for line in lines) or any(line.startswith("!") for line in lines)


def _name(row: _Row, identity: str | None) -> str:
    """What the row calls itself: its id, else its first cell."""
    return html.unescape(identity).replace("_", " ").strip() if identity else _first_cell(row)


def _first_cell(row: _Row) -> str:
    for line in row.body.splitlines():
        text = line.strip()
        if text.startswith("|") and not text.startswith(("|-", "|}", "|+")):
            cell = _CELL_OPTIONS.sub("", text[1:].partition("||")[0], count=1)
            if name := wikipages.prose(wikipages.without_templates(cell)):
                return name
    return ""


def _scope(name: str, row: _Row) -> scopes.Scope:
    """From the id; from the first cell where the id tells none."""
    bound = scopes.scope(name)
    return bound if bound != scopes.Scope() else scopes.scope(_first_cell(row))
