"""What a citation cites, and what it says the page should be. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from urllib.parse import quote, unquote

from audit import memento, templates, urls
from audit.dates import cited_date
from audit.model import ArchiveUrl, Citation, CitedAs, CitedDate, CitedUrl, Precision

_PERSISTENT = (
    "doi",
    "hdl",
    "arxiv",
    "eprint",
    "jstor",
    "pmc",
    "pmid",
    "bibcode",
    "s2cid",
    "ssrn",
    "rfc",
    "osti",
    "biorxiv",
    "medrxiv",
)
RESOLVERS = {name: templates.RESOLVERS[name] for name in (*_PERSISTENT, *sorted(templates.RESOLVERS.keys() - set(_PERSISTENT)))}
"""Identifiers that lead to a page by rule, most persistent first. ISBN and ISSN name a book or journal, never a page."""

_PREFIX = re.compile(
    r"(?:https?://(?:dx\.)?(?:doi\.org|hdl\.handle\.net|arxiv\.org/abs|www\.jstor\.org/stable)/|(?:doi|hdl|arxiv|pmid|pmc|s2cid|jstor)\s*:\s*)",
    re.IGNORECASE,
)
"""What editors write before an identifier although the template adds it."""

_ACCEPTED = re.compile(r"\A\(\((.*)\)\)\Z")
"""CS1 takes an odd identifier as it is when it stands in doubled parentheses."""

MIDDAY = time(12, tzinfo=UTC)
"""An access date has no hour: the middle of its day is at most half a day off."""


def resource(citation: Citation) -> CitedUrl | None:
    """The cited URL of a citation: its address, unwrapped from an archive, else what its identifier resolves to.

    >>> resource(Citation(position=0, url="https://web.archive.org/web/2019/http://example.com/a")).url
    'http://example.com/a'
    >>> resource(Citation(position=0, url=None, identifiers=(("doi", "10.1234/x"),))).url
    'https://doi.org/10.1234/x'
    """
    if citation.url:
        return _resource(citation.url)
    known = dict(citation.identifiers)
    found = next(((name, known[name]) for name in RESOLVERS if known.get(name)), None)
    return urls.cited_url(resolved(*found)) if found else None


def resolved(name: str, identifier: str) -> str:
    """The address of an identifier.

    >>> resolved("pmc", "PMC123"), resolved("doi", "https://doi.org/10.1/<x>")
    ('https://pmc.ncbi.nlm.nih.gov/articles/PMC123/', 'https://doi.org/10.1/%3Cx%3E')
    """
    said = _ACCEPTED.sub(r"\1", _PREFIX.sub("", identifier.strip(), count=1)).replace("{{!}}", "|")
    if name == "pmc":
        said = said.upper().removeprefix("PMC")
    if name in {"arxiv", "eprint"}:
        said = said.partition(" ")[0]
    return RESOLVERS[name].format(id=quote(said, safe="/:;()@!$&'*+,=-._~%"))


@lru_cache(maxsize=65_536)
def _resource(written: str) -> CitedUrl:
    archived = memento.parse_archive_url(written)
    return urls.cited_url(archived.original if archived and archived.original else written)


def archive_copy(citation: Citation) -> ArchiveUrl | None:
    """The archive copy that a citation names: its archive address, else an archive address in the place of the cited one."""
    for written in (citation.archive_url, citation.url):
        if written and (parsed := memento.parse_archive_url(written)):
            return parsed
    return None


def near(citation: Citation) -> datetime | None:
    """The moment whose page the citation stands on: the access date, else its copy, else its publication."""
    if day := _day(citation.access_date):
        return day
    copy = archive_copy(citation)
    if copy and copy.captured_at:
        return copy.captured_at
    return _day(citation.archive_date) or _day(citation.published_date)


def _day(written: CitedDate | None) -> datetime | None:
    return datetime.combine(written.value, MIDDAY) if written and written.value else None


def cited_as(citations: Iterable[Citation]) -> CitedAs:
    """What all citations of one URL say of it, each word once, in reading order."""
    some = tuple(citations)
    days = [each.access_date.day for each in some if each.access_date and each.access_date.day]
    return CitedAs(
        titles=_distinct(each.title for each in some),
        quotes=_distinct(quote for each in some for quote in (each.quote, *text_fragments(each.url or ""))),
        publishers=_distinct(name for each in some for name in (each.publisher, each.work)),
        languages=_distinct(each.language for each in some),
        written=_distinct(each.url for each in some),
        first_access_date=min(days, default=None),
    )


def text_fragments(url: str) -> tuple[str, ...]:
    """What a text fragment quotes of its page; a range becomes a quotation that leaves its middle out.

    >>> text_fragments("https://a.example/x#part:~:text=of%20the-,the%20bridge,opened%20in%20May&text=a%20second")
    ('the bridge ... opened in May', 'a second')
    """
    directives = url.partition("#")[2].partition(":~:")[2]
    texts = [each.removeprefix("text=") for each in directives.split("&") if each.startswith("text=")]
    return tuple(_quoted(text.split(",")) for text in texts)


def _quoted(parts: Sequence[str]) -> str:
    """Without the words that only say where it stands: `prefix-,` before and `,-suffix` behind."""
    kept = (part for part in parts if part and not part.endswith("-") and not part.startswith("-"))
    return " ... ".join(unquote(part) for part in kept)


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_present(values)))


def _present(values: Iterable[str | None]) -> Iterator[str]:
    return (value for value in values if value)


DATE_NAMES = {"date", "datum", "fecha", "data", "\u0434\u0430\u0442\u0430"}
MONTHS_MEANT = {Precision.DAY: 0, Precision.MONTH: 1, Precision.SEASON: 3, Precision.YEAR: 12}


def gone_date(citation: Citation) -> date | None:
    """The last day of the time in which an editor tagged the link as gone: a tag says "July 2015" and means some day of it."""
    tagged = (value for tag in citation.tags if tag.code == "dead-link" for name, value in tag.parameters if name in DATE_NAMES)
    ends = [end for value in tagged if (end := _end(cited_date(value))) is not None]
    return min(ends, default=None)


def _end(written: CitedDate) -> date | None:
    if written.value is None or written.precision not in MONTHS_MEANT:
        return None
    months = MONTHS_MEANT[written.precision]
    first = written.value
    if not months or first.year >= date.max.year:
        return first
    turn = first.month - 1 + months
    return date(first.year + turn // 12, turn % 12 + 1, 1) - timedelta(days=1)
