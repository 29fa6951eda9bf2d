"""What can be told of a document without asking anybody: references, dates, archive copies, tags. Pure (inputs.md, 4).

Dates are compared only when both were given to the day. What an editor may have meant is never an error.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from audit import apologies, citing, memento, similarity, style, templates, urls
from audit.cited import Cited, every, finding
from audit.domains import registrable_domain
from audit.model import ArchiveUrl, Citation, CitedDate, Document, Finding, Place, Severity, Side, Tag

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
DAY = timedelta(days=1)
"""Time zones: an archive in Greenwich and a paper in Tokyo date one moment a day apart."""

LONG_BEFORE_ACCESS = timedelta(days=365)
TEXTS_REMEMBERED = 8_192
ARCHIVED_WORDS = {"dead", "usurped", "unfit", "deviated", "bot: unknown"}
NO_TITLE = {"none", "off"}
GENERIC = re.compile(
    r"(?:internet archive )?wayback machine|webcite query result|wikiwix['\u2019]s cache|are you a (?:ro)?bot\??|subscribe to (?:read|continue reading)"
    r"|just a moment\W*|attention required\W*|access denied|(?:please )?(?:log|sign) ?in|log ?in (?:on|to|into) \w+|redirecting\W*|usurped title"
    r"|.*hugedomains.*|(?:\S+ is |this |website is )?(?:domain )?for sale|archived copy|untitled|no title|unknown|home ?page",
    re.IGNORECASE,
)
"""Titles of services, walls and forms. "404" in front is never a title; inside of one it may be a road or a car."""

STARTS_WITH_404 = re.compile(r"404\b")
NO_DATE = frozenset(
    {
        "n.d.",
        "n.d",
        "nd",
        "n. d.",
        "s.d.",
        "s. d.",
        "o. d.",
        "o. j.",
        "o.j.",
        "b.d.",
        "undated",
        "no date",
        "forthcoming",
        "in press",
    }
)
"""What citation styles write where there is no date, or none yet: an answer, not a gap."""

UNCHANGING = frozenset({"book", "journal"})
"""Kinds of works that stay as they are: manuals of style ask for no access date."""

_YEAR, _MONTH, _DAY, _END = r"((?:19|20)\d\d)", r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])", r"(?=[/_.-]|$)"
DATES_IN_PATH = (
    re.compile(rf"/{_YEAR}/([1-9]|1[0-2])/([1-9]|[12]\d|3[01]){_END}"),
    re.compile(rf"/{_YEAR}[/-]{_MONTH}(?:[/-]{_DAY})?{_END}"),
    re.compile(rf"[_-]{_YEAR}-{_MONTH}-{_DAY}{_END}"),
    re.compile(rf"[/_-]{_YEAR}{_MONTH}{_DAY}{_END}"),
)
CAPTURE_PROBLEMS: Mapping[str, str] = {
    "calendar": "it is the calendar of all captures",
    "latest-alias": "it leads to whatever copy is the newest",
    "no-timestamp": "it has no time",
    "partial-timestamp": "its time is cut short",
    "impossible-timestamp": "its time is no date",
    "dummy-timestamp": "its time is older than any web archive",
    "future-timestamp": "its time is still to come",
    "no-target": "it names no page",
    "save-command": "it is the command to save a page",
    "screenshot": "it is a picture of the page",
    "embed-form": "it is the form for embedding",
}
"""Problem of an archive address -> what an editor reads of it."""

MINOR_PROBLEMS = {"partial-timestamp"}


ADVICE: Mapping[str, str] = {
    "address-not-recoverable": "read the diff by its address on the wiki: there both revisions are whole",
    "broken-short-citation": "add the work to the bibliography, or correct author and year",
    "duplicate-parameter": "keep the right one: the wiki shows the last",
    "duplicate-reference": "name the first one, and use that name for the others",
    "duplicate-reference-name": "give the other one a name of its own: readers see the first body only",
    "empty-reference": "say what is cited, or remove the tag",
    "group-without-list": "add a list of this group, or readers see an error",
    "malformed-url": "correct the address",
    "not-rendered": "readers do not see it: correct the tag, or move it to where it counts",
    "numeric-reference-name": "put a letter into the name: the wiki refuses or drops a number",
    "side-undecided": "read the diff by its address on the wiki: there both revisions are whole",
    "unclosed-reference": "add </ref> where the reference ends: until then readers see neither it nor what follows",
    "unused-reference": "use it in the text, or remove it: the wiki shows an error",
    "url-is-template": "open it on the page: an address that a template makes was not checked",
}
"""What to do about what a reader of the source noticed."""


def offline(document: Document, *, now: datetime) -> Iterator[Finding]:
    """Everything that needs no network, in reading order of its subjects."""
    yield from _undefined(document)
    for problem in document.problems:
        yield Finding(
            code=problem.code,
            severity=problem.severity,
            detail=problem.detail,
            line=problem.line,
            side=problem.side,
            reference=problem.reference,
            citation=problem.citation,
            advice=problem.advice or ADVICE.get(problem.code),
        )
    some = tuple(every(document, now=now))
    for cited in some:
        for check in CHECKS:
            yield from check(cited)
    yield from style.dates(some)
    yield from _conflicts(some)
    for tag in document.tags:
        yield Finding(code=f"tagged-{tag.code}", severity=NOTE, detail=_tagged(tag), line=tag.line, side=tag.side)


def _undefined(document: Document) -> Iterator[Finding]:
    for reference in document.references:
        if reference.defined or reference.side is Side.REMOVED:
            continue  # what only the old page used is not missed any more
        sure = reference.confirmed_undefined or document.kind != "diff"
        times = "once" if reference.uses == 1 else f"{reference.uses} times"
        more = "" if sure else "; its definition may stand outside the lines shown"
        yield Finding(
            code="undefined-reference",
            severity=ERROR if sure else NOTE,
            detail=f'the name "{reference.name}" is used {times} and never defined{more}',
            advice="copy the definition from the revision or article it came from",
            reference=reference.position,
            reference_name=reference.name,
            line=reference.line,
            side=reference.side,
        )


# ---- the address


def _address(cited: Cited) -> Iterator[Finding]:
    citation = cited.citation
    if citation.url is None:
        return
    known = citing.resource(citation)
    if known is not None and known.problem == "unsupported-scheme":
        yield finding(cited, "unsupported-scheme", NOTE, f"{citation.url[:200]} cannot be checked: only http, https and ftp are")
    elif known is not None and known.problem:
        yield finding(
            cited, "malformed-url", ERROR, f"{citation.url[:200]} is no address that can be opened", "correct the address"
        )
    elif known is not None and citation.url != known.url and not cited.copy and _was_repaired(citation.url, known.url):
        yield finding(cited, "malformed-url", WARNING, f"written as {citation.url[:200]}", f"url={known.url}")
    if citation.place_detail and not cited.copy and not _is_for_addresses(citation.place_detail, cited):
        said = f"an address in |{citation.place_detail}=, which is not for addresses"
        yield finding(cited, "url-in-other-parameter", NOTE, said, "move it to |url= or into a citation of its own")


ADDRESS_FIELDS = frozenset({"url", "url_other", "archive_url"})


def _is_for_addresses(key: str, cited: Cited) -> bool:
    """|chapter-url= and its kin lead to a part of the work: that is what they are for."""
    known = templates.field_of(key, (cited.citation.template or "").casefold(), cited.document.language)
    return known is not None and known[0] in ADDRESS_FIELDS


def _was_repaired(written: str, url: str) -> bool:
    """Whether more than what browsers repair in silence had to be changed. A wiki takes `//host` for an address of its own scheme."""
    written = written.strip()
    try:
        plain = urls.wire(f"https:{written}" if written.startswith("//") else written)
        return urls.urlkey(plain) != urls.urlkey(url)
    except ValueError:
        return True


NO_REFERENCES = frozenset({Place.INFOBOX, Place.PARAMETER})
"""Where an address stands by itself without being all that a reference says."""


OF_ADDRESSES = "url-list"
"""The kind of a document that is nothing but addresses, and says no more of any."""

FIRST_FEW = 10


def _is_all_there_is(cited: Cited) -> bool:
    """Whether a reference is only an address: beside a citation that says more, a link is an extra."""
    citation = cited.citation
    if not citation.bare or not citation.url or citation.place in NO_REFERENCES or cited.document.kind == OF_ADDRESSES:
        return False
    return cited.reference is None or not any(each.template for each in cited.reference.citations[:FIRST_FEW])


def _description(cited: Cited) -> Iterator[Finding]:
    citation = cited.citation
    if _is_all_there_is(cited):
        yield finding(
            cited,
            "bare-url",
            WARNING,
            "only an address: when it dies nobody can tell what it was",
            "add title, publisher and date",
        )
    elif (
        citation.template
        and citation.url
        and not citation.title
        and dict(citation.parameters).get("title", "").lower() not in NO_TITLE
    ):
        yield finding(cited, "missing-title", WARNING, "the citation has no title", "add |title=")
    elif citation.title and _is_generic(citation.title[: style.LONGEST]):
        yield finding(
            cited,
            "generic-title",
            WARNING,
            f'"{citation.title[:120]}" is the title of an error page or of a service, not of the source',
            "give the title of the source; the page behind the address may be gone",
        )


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _is_generic(title: str) -> bool:
    title = title.strip()
    return STARTS_WITH_404.match(title) is not None or any(
        GENERIC.fullmatch(part) or apologies.said(part) for part in style.parts(title)
    )


def _tags(cited: Cited) -> Iterator[Finding]:
    for tag in cited.citation.tags:
        yield finding(cited, f"tagged-{tag.code}", NOTE, _tagged(tag))


def _tagged(tag: Tag) -> str:
    said = dict(tag.parameters)
    when, why = (said.get(key, "").strip()[:200] for key in ("date", "reason"))
    return f"editors marked it {{{{{tag.name}}}}}" + (f" in {when}" if when else "") + (f": {why}" if why else "")


# ---- dates


def _dates(cited: Cited) -> Iterator[Finding]:
    citation = cited.citation
    limit = (cited.judged_at + DAY).date()
    named = (("access-date", citation.access_date), ("archive-date", citation.archive_date), ("date", citation.published_date))
    for name, written in named:
        if written is None:
            continue
        if written.value is None:
            if written.text.strip().casefold() not in NO_DATE:
                said = f'|{name}= "{written.text[:80]}" cannot be read as a date'
                yield finding(cited, "date-unreadable", NOTE, said, "write day, month in words, and year")
        elif written.day and written.day > limit and not (name == "date" and _kind(citation) == "book"):
            said = f"|{name}= {written.day} is later than the revision of {cited.judged_at:%Y-%m-%d}"
            yield finding(cited, "date-in-future", WARNING, said, f"correct |{name}=")
    yield from _read_too_early(cited)
    yield from _without_dates(cited)
    yield from _date_in_address(cited)


def _kind(citation: Citation) -> str | None:
    """What kind of work is cited; an ISBN makes a book of any template."""
    if "isbn" in dict(citation.identifiers):
        return "book"
    return templates.kinds().get(citation.template.casefold()) if citation.template else None


def _read_too_early(cited: Cited) -> Iterator[Finding]:
    accessed, published = _day(cited.citation.access_date), _day(cited.citation.published_date)
    if not accessed or not published or accessed >= published - DAY or _is_whole_year(published, accessed):
        return
    said = f"read on {accessed}, before it was published on {published}"
    advice = "correct |access-date= or |date=; a page that was updated since may need |orig-date="
    yield finding(cited, "access-before-publication", WARNING, said, advice)


def _is_whole_year(published: date, accessed: date) -> bool:
    """Catalogues write 31 December for "some day of this year"."""
    return (published.month, published.day) == (12, 31) and published.year == accessed.year


def _without_dates(cited: Cited) -> Iterator[Finding]:
    """A rendered list shows at least of a bare address that it has no access date."""
    citation = cited.citation
    if not citation.url or not (citation.bare if not cited.in_wikitext else citation.template):
        return
    if citation.access_date is None and not _stays_as_it_is(citation):
        yield finding(cited, "access-date-missing", NOTE, "no |access-date=", "add the day on which you read it")
    if cited.in_wikitext and citation.published_date is None:
        shown = _shown(cited)
        advice = f"date={shown[0]}, as the address says" if shown and shown[1] else None
        yield finding(cited, "date-missing", NOTE, "no date of publication", advice)


def _stays_as_it_is(citation: Citation) -> bool:
    return _kind(citation) in UNCHANGING or any(name in templates.RESOLVERS for name, _ in citation.identifiers)


def _shown(cited: Cited) -> tuple[date, bool] | None:
    """The date in the path of the address, and whether it tells the day."""
    known = citing.resource(cited.citation)
    return _date_in_path(known.url) if known and not known.problem else None


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _date_in_path(url: str) -> tuple[date, bool] | None:
    path = url.partition("://")[2].partition("#")[0].partition("?")[0]
    found = next((found for form in DATES_IN_PATH if (found := form.search(path))), None)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1)), bool(found[3])
    except ValueError:
        return None


def _date_in_address(cited: Cited) -> Iterator[Finding]:
    published, shown = _day(cited.citation.published_date), _shown(cited)
    if published is None or shown is None:
        return
    there, to_the_day = shown
    differs = abs(there - published) > DAY if to_the_day else (there.year, there.month) != (published.year, published.month)
    if differs:
        said = f"the address says {there if to_the_day else f'{there:%Y-%m}'}, |date= says {published}"
        yield finding(cited, "date-in-url-differs", NOTE, said, "check which of the two is the day of publication")


def _day(written: CitedDate | None) -> date | None:
    return written.day if written else None


# ---- archive copies


def _copy(cited: Cited) -> Iterator[Finding]:
    citation, copy = cited.citation, cited.copy
    if citation.url and (inside := memento.parse_archive_url(citation.url)):
        also = "" if citation.archive_url else f" |archive-url={citation.url}"
        advice = f"url={inside.original}{also}" if inside.original else None
        yield finding(cited, "archive-url-is-cited-url", WARNING, f"the cited address is a copy in {inside.archive}", advice)
    if citation.archive_url and memento.parse_archive_url(citation.archive_url) is None:
        yield _no_capture(cited, citation.archive_url)
    if copy is None:
        if citation.archive_date and citation.archive_date.day:
            yield from _too_early(cited, citation.archive_date.day)
        return
    yield from _form(cited, copy)
    yield from _other_page(cited, copy)
    yield from _moments(cited, copy)


def _no_capture(cited: Cited, written: str) -> Finding:
    """The original pasted into |archive-url=, or another site that has the text."""
    url = cited.citation.url
    same = url is not None and urls.same_page(urls.normalise(written), urls.normalise(url))
    said = "|archive-url= repeats the cited address" if same else f"|archive-url= {written[:200]} is in no web archive"
    advice = "put the address of a capture there, or remove it together with |archive-date="
    return finding(cited, "archive-url-not-a-capture", WARNING, said, advice)


def _form(cited: Cited, copy: ArchiveUrl) -> Iterator[Finding]:
    canonical = memento.format_archive_url(copy)
    wrong = [problem for problem in copy.problems if problem in CAPTURE_PROBLEMS]
    if copy.captured_at and copy.captured_at > cited.judged_at + DAY:
        wrong.append("future-timestamp")
    if wrong and not copy.short_id:
        severity = NOTE if set(wrong) <= MINOR_PROBLEMS else WARNING
        said = f"the archive address names no single capture: {', '.join(CAPTURE_PROBLEMS[each] for each in wrong)}"
        yield finding(cited, "archive-url-not-a-capture", severity, said, "open it, and copy the address of one capture")
    elif canonical and not copy.nested and _refused_by_templates(cited.citation.archive_url or ""):
        said = "the templates want web/ and 14 digits in an address of the Wayback Machine"
        yield finding(cited, "archive-url-not-a-capture", NOTE, said, f"archive-url={canonical}")
    if "archive-of-archive" in copy.problems:
        inner = copy.nested
        said = f"a copy of a copy in {inner.archive if inner else 'an archive'}"
        advice = f"name the inner copy: archive-url={_innermost(copy)}" if _innermost(copy) else "name the inner copy"
        yield finding(cited, "archive-of-archive", WARNING, said, advice)
    yield from _service(cited, copy)


WITHOUT_WEB = re.compile(r"(?:https?:)?//web\.archive\.org/\d", re.IGNORECASE)


def _refused_by_templates(written: str) -> bool:
    """Addresses that work and that CS1 shows an error for."""
    return WITHOUT_WEB.match(written) is not None


def _innermost(copy: ArchiveUrl) -> str | None:
    while copy.nested:
        copy = copy.nested
    return memento.format_archive_url(copy)


def _service(cited: Cited, copy: ArchiveUrl) -> Iterator[Finding]:
    state, reason = memento.standing(copy.archive)
    if state in GONE:
        yield finding(cited, GONE[state], WARNING, f"{copy.archive}: {reason}", "name a copy in another archive")


GONE = {"deprecated": "archive-deprecated", "dead": "archive-service-gone"}


def _other_page(cited: Cited, copy: ArchiveUrl) -> Iterator[Finding]:
    written = cited.citation.url
    if not written or not copy.original or "{{" in written or memento.parse_archive_url(written):
        return
    if copy.original == written or (known := citing.resource(cited.citation)) is None:
        return
    there, here = urls.normalise(copy.original), known.url
    if there == here or urls.same_page(there, here) or urls.urlkey(there) == urls.urlkey(here):
        return
    same_domain = registrable_domain(urls.host_of(there)) == registrable_domain(urls.host_of(here))
    severity = NOTE if same_domain or _path(there) == _path(here) else WARNING
    said = f"the copy is of {there[:200]}" + (", the same site or path: it may have moved" if severity is NOTE else "")
    yield finding(
        cited, "archive-of-another-url", severity, said, "name a copy of the cited address, or check that it is the same page"
    )


def _path(url: str) -> str:
    return url.partition("://")[2].partition("/")[2]


DAY_OR_FINER = frozenset({"day", "hour", "minute", "second"})


def _taken(copy: ArchiveUrl | None) -> date | None:
    """The day of a capture, where its address tells the day."""
    return copy.captured_at.date() if copy and copy.captured_at and copy.precision in DAY_OR_FINER else None


def _moments(cited: Cited, copy: ArchiveUrl) -> Iterator[Finding]:
    taken, written = _taken(copy), _day(cited.citation.archive_date)
    if taken is None:
        return
    if written and written != taken:
        severity = NOTE if abs(written - taken) <= DAY else WARNING
        said = f"|archive-date= says {written}, the archive address says {taken}"
        yield finding(cited, "archive-date-mismatch", severity, said, f"archive-date={taken}")
    yield from _too_early(cited, taken)
    if taken > (cited.judged_at + DAY).date():
        said = f"the archive address says {taken}, later than the revision of {cited.judged_at:%Y-%m-%d}"
        yield finding(cited, "date-in-future", WARNING, said, "correct |archive-url=")


def _which(cited: Cited) -> str:
    """A rendered list shows no address: the title tells which source is meant."""
    title = cited.citation.title
    return f': "{title[:120]}"' if title and not cited.citation.url else ""


def _too_early(cited: Cited, taken: date) -> Iterator[Finding]:
    published, accessed = _day(cited.citation.published_date), _day(cited.citation.access_date)
    if published and taken < published - DAY:
        said = f"the copy of {taken} is older than the source of {published}{_which(cited)}"
        advice = "often the page was updated and |date= with it: name a later copy, or give the first date"
        yield finding(cited, "archive-before-publication", WARNING, said, advice)
    if cited.copy and accessed and taken < accessed - LONG_BEFORE_ACCESS:
        said = f"the copy of {taken} is more than a year older than the access of {accessed}"
        yield finding(
            cited, "archive-predates-access", NOTE, said, "check that the copy shows what is cited, or name a later one"
        )


def _pairs(cited: Cited) -> Iterator[Finding]:
    """One of two things that belong together. What only a rendered list shows has lost its addresses: no finding then."""
    citation = cited.citation
    if not cited.in_wikitext or citation.template is None:
        return
    if citation.archive_url and citation.archive_date is None:
        taken = _taken(cited.copy)
        advice = f"archive-date={taken}" if taken else "add the day of the capture"
        yield finding(cited, "archive-date-missing", WARNING, "|archive-url= without |archive-date=", advice)
    if citation.archive_date and not citation.archive_url and cited.copy is None:
        advice = "add the address of the copy, or remove the date"
        yield finding(cited, "archive-url-missing", WARNING, "|archive-date= without |archive-url=", advice)
    if citation.archive_url and not citation.url and not _gives_address(cited):
        original = cited.copy.original if cited.copy else None
        advice = f"url={original}" if original else "add the address that the copy is of"
        yield finding(cited, "archive-without-url", WARNING, "|archive-url= without |url=: the template shows an error", advice)
    if citation.url_status in ARCHIVED_WORDS and not citation.archive_url and cited.copy is None:
        said = f"|url-status={citation.url_status} without |archive-url= has no effect"
        yield finding(cited, "status-without-archive", NOTE, said, "add a copy, or tag the link as dead")


def _gives_address(cited: Cited) -> bool:
    """An address that a template makes, or that leads to a chapter: it is there, though we cannot read it as the cited one."""
    return any(
        value.strip() and "archiv" not in key.casefold() and _is_for_addresses(key, cited)
        for key, value in cited.citation.parameters
    )


CHECKS: tuple[Callable[[Cited], Iterator[Finding]], ...] = (_address, _description, _copy, _pairs, _dates, style.style, _tags)


# ---- between citations


def _conflicts(some: Iterable[Cited]) -> Iterator[Finding]:
    """One cited URL described in two ways, on the page as it is, else across the edit. Quotes, pages and access dates may differ."""
    groups: dict[str, list[Cited]] = {}
    for cited in some:
        known = citing.resource(cited.citation)
        if known and cited.citation.template and cited.in_wikitext:
            groups.setdefault(known.url, []).append(cited)
    for url, group in groups.items():
        now = [cited for cited in group if cited.side is not Side.REMOVED]
        if not now or len(group) < 2:
            continue
        here, across = _differing(now), _differing(group)
        if here:
            said = f"cited {len(now)} times with differing {', '.join(here)}: {_lines(now)}"
        elif across:
            said = f"the edit describes it otherwise than before: {', '.join(across)}"
        else:
            continue
        yield replace(
            finding(now[-1], "conflicting-metadata", NOTE, said, "check which is right, or use one named reference"), url=url
        )


MOST_LINES = 10


def _lines(some: Iterable[Cited]) -> str:
    lines = dict.fromkeys(cited.citation.line or (cited.reference.line if cited.reference else None) for cited in some)
    told = [str(line) for line in lines if line][:MOST_LINES]
    return f"line{'s' if len(told) > 1 else ''} {', '.join(told)}" if told else "lines unknown"


def _differing(some: Iterable[Cited]) -> list[str]:
    group = [cited.citation for cited in some]
    return [name for name, value in FIELDS if len({value(each) for each in group} - {UNKNOWN}) > 1]


UNKNOWN = ""
"""A title, or a day, that one citation leaves out contradicts nothing; an author or a copy that only one names is a difference."""


def _people(citation: Citation) -> object:
    """Who wrote it, in whatever order family and given name stand."""
    return tuple(frozenset(similarity.fold(author).split()) for author in citation.authors)


def _capture(citation: Citation) -> object:
    """Which copy is named: one capture has many spellings."""
    copy = memento.parse_archive_url(citation.archive_url) if citation.archive_url else None
    return (copy.archive, copy.timestamp) if copy and copy.timestamp else citation.archive_url


FIELDS: tuple[tuple[str, Callable[[Citation], object]], ...] = (
    ("title", lambda citation: similarity.fold(citation.title) if citation.title else UNKNOWN),
    ("date", lambda citation: _day(citation.published_date) or UNKNOWN),
    ("author", _people),
    ("archive copy", _capture),
)
