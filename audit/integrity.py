"""What can be told of a document without asking anybody: references, dates, archive copies, tags. Pure (inputs.md, 4).

Dates are compared only when both were given to the day. What an editor may have meant is never an error.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from audit import citing, memento, similarity, urls
from audit.domains import registrable_domain
from audit.model import ArchiveUrl, Citation, CitedDate, Document, Finding, Precision, Reference, Severity, Side, Tag

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
DAY = timedelta(days=1)
"""Time zones: an archive in Greenwich and a paper in Tokyo date one moment a day apart."""

LONG_BEFORE_ACCESS = timedelta(days=365)
ARCHIVED_WORDS = {"dead", "usurped", "unfit", "deviated", "bot: unknown"}
NO_TITLE = {"none", "off"}
GENERIC = re.compile(
    r"^(?:wayback machine|internet archive wayback machine|webcite query result|are you a robot\??|subscribe to read|just a moment|attention required.*"
    r"|access denied|log ?in|sign ?in|redirecting.*|usurped title|hugedomains.*|domain for sale|archived copy|untitled|no title|home ?page|login .*|404.*|page not found.*|not found)$",
    re.IGNORECASE,
)
_YEAR, _MONTH, _DAY, _END = r"((?:19|20)\d\d)", r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])", r"(?=[/_.-]|$)"
DATES_IN_PATH = (
    re.compile(rf"/{_YEAR}[/-]{_MONTH}(?:[/-]{_DAY})?{_END}"),
    re.compile(rf"[_-]{_YEAR}-{_MONTH}-{_DAY}{_END}"),
    re.compile(rf"[/_-]{_YEAR}{_MONTH}{_DAY}{_END}"),
)
CAPTURE_PROBLEMS = {
    "calendar",
    "latest-alias",
    "no-timestamp",
    "partial-timestamp",
    "impossible-timestamp",
    "dummy-timestamp",
    "no-target",
    "save-command",
}
MINOR_PROBLEMS = {"partial-timestamp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A citation where it stands, with what its archive address says."""

    document: Document
    reference: Reference | None
    citation: Citation
    copy: ArchiveUrl | None
    judged_at: datetime

    @property
    def side(self) -> Side | None:
        return self.citation.side or (self.reference.side if self.reference else None)

    @property
    def in_wikitext(self) -> bool:
        return self.reference is None or self.reference.in_wikitext


def finding(cited: Cited, code: str, severity: Severity, detail: str, advice: str | None = None) -> Finding:
    """A finding about a citation, at its place."""
    reference, citation = cited.reference, cited.citation
    return Finding(
        code=code,
        severity=severity,
        detail=detail,
        advice=advice,
        url=citation.url,
        citation=citation.position,
        reference=reference.position if reference else None,
        reference_name=reference.name if reference else None,
        line=citation.line or (reference.line if reference else None),
        side=cited.side,
    )


def every(document: Document, *, now: datetime) -> Iterator[Cited]:
    """Each citation with the reference it stands in."""
    judged_at = document.revised_at or now
    for reference in document.references:
        for citation in reference.citations:
            yield Cited(
                document=document, reference=reference, citation=citation, copy=citing.archive_copy(citation), judged_at=judged_at
            )
    for citation in document.citations:
        yield Cited(document=document, reference=None, citation=citation, copy=citing.archive_copy(citation), judged_at=judged_at)


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
            advice=problem.advice,
        )
    some = tuple(every(document, now=now))
    for cited in some:
        for check in CHECKS:
            yield from check(cited)
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
    elif known is not None and not cited.copy and _was_repaired(citation.url, known.url):
        yield finding(cited, "malformed-url", WARNING, f"written as {citation.url[:200]}", f"url={known.url}")
    if citation.place_detail and citation.place_detail != "url" and not cited.copy:
        yield finding(cited, "url-in-other-parameter", NOTE, f"an address in |{citation.place_detail}=")


def _was_repaired(written: str, url: str) -> bool:
    """Whether more than what browsers repair in silence had to be changed."""
    try:
        plain = urls.wire(written.strip())
        return urls.urlkey(plain) != urls.urlkey(url)
    except ValueError:
        return True


def _description(cited: Cited) -> Iterator[Finding]:
    citation = cited.citation
    if citation.bare and citation.url:
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
    elif citation.title and GENERIC.match(citation.title.strip()):
        yield finding(
            cited,
            "generic-title",
            WARNING,
            f'"{citation.title}" is the title of an error page or of a service',
            "give the title of the source",
        )


def _tags(cited: Cited) -> Iterator[Finding]:
    for tag in cited.citation.tags:
        yield finding(cited, f"tagged-{tag.code}", NOTE, _tagged(tag))


def _tagged(tag: Tag) -> str:
    when = dict(tag.parameters).get("date")
    return f"editors marked it {{{{{tag.name}}}}}" + (f" in {when}" if when else "")


# ---- dates


def _dates(cited: Cited) -> Iterator[Finding]:
    citation = cited.citation
    limit = (cited.judged_at + DAY).date()
    named = (("access-date", citation.access_date), ("archive-date", citation.archive_date), ("date", citation.published_date))
    for name, written in named:
        if written is None:
            continue
        if written.value is None:
            yield finding(cited, "date-unreadable", NOTE, f'{name} "{written.text}" cannot be read')
        elif written.day and written.day > limit:
            yield finding(
                cited,
                "date-in-future",
                WARNING,
                f"{name} {written.day} is later than the revision of {cited.judged_at:%Y-%m-%d}",
                f"correct {name}",
            )
    accessed, published = _day(citation.access_date), _day(citation.published_date)
    if accessed and published and accessed < published - DAY:
        yield finding(
            cited,
            "access-before-publication",
            WARNING,
            f"read on {accessed}, published on {published}",
            "one of the two dates is wrong",
        )
    if cited.in_wikitext and citation.template and citation.url and citation.access_date is None:
        yield finding(cited, "access-date-missing", NOTE, "no access date")
    if cited.in_wikitext and citation.template and citation.url and citation.published_date is None:
        yield finding(cited, "date-missing", NOTE, "no date of publication")
    yield from _date_in_address(cited, published)


def _date_in_address(cited: Cited, published: date | None) -> Iterator[Finding]:
    known = citing.resource(cited.citation)
    path = urlsplit(known.url).path if known and not known.problem else ""
    found = next((found for form in DATES_IN_PATH if (found := form.search(path))), None)
    if found is None or published is None:
        return
    year, month, day = int(found[1]), int(found[2]), int(found[3]) if found[3] else None
    try:
        shown = date(year, month, day or 1)
    except ValueError:
        return
    differs = abs(shown - published) > DAY if day else (year, month) != (published.year, published.month)
    if differs:
        yield finding(cited, "date-in-url-differs", NOTE, f"the address says {found[0].strip('/_-')}, the citation {published}")


def _day(written: CitedDate | None) -> date | None:
    return written.day if written else None


# ---- archive copies


def _copy(cited: Cited) -> Iterator[Finding]:
    citation, copy = cited.citation, cited.copy
    if citation.url and (inside := memento.parse_archive_url(citation.url)):
        advice = f"url={inside.original} |archive-url={citation.url}" if inside.original else None
        yield finding(cited, "archive-url-is-cited-url", WARNING, f"the cited address is a copy in {inside.archive}", advice)
    if citation.archive_url and memento.parse_archive_url(citation.archive_url) is None:
        yield finding(
            cited,
            "archive-url-not-a-capture",
            WARNING,
            "archive-url is no address in a web archive",
            "put a capture there, or remove it",
        )
    if copy is None:
        if citation.archive_date and citation.archive_date.day:
            yield from _too_early(cited, citation.archive_date.day)
        return
    yield from _form(cited, copy)
    yield from _other_page(cited, copy)
    yield from _moments(cited, copy)


def _form(cited: Cited, copy: ArchiveUrl) -> Iterator[Finding]:
    wrong = [problem for problem in copy.problems if problem in CAPTURE_PROBLEMS]
    if wrong and not copy.short_id:
        severity = NOTE if set(wrong) <= MINOR_PROBLEMS else WARNING
        yield finding(
            cited, "archive-url-not-a-capture", severity, f"the archive address names no single capture: {', '.join(wrong)}"
        )
    if "archive-of-archive" in copy.problems:
        inner = copy.nested
        yield finding(
            cited,
            "archive-of-archive",
            WARNING,
            f"a copy of a copy in {inner.archive if inner else 'an archive'}",
            "name the inner copy",
        )
    state, reason = memento.standing(copy.archive)
    if state == "deprecated":
        yield finding(cited, "archive-deprecated", WARNING, f"{copy.archive}: {reason}", "name a copy in another archive")
    elif state == "dead":
        yield finding(cited, "archive-service-gone", WARNING, f"{copy.archive}: {reason}", "name a copy in another archive")


def _other_page(cited: Cited, copy: ArchiveUrl) -> Iterator[Finding]:
    written = cited.citation.url
    if not written or not copy.original or "{{" in written or memento.parse_archive_url(written):
        return
    if urls.same_page(copy.original, urls.normalise(written)) or urls.urlkey(copy.original) == urls.urlkey(
        urls.normalise(written)
    ):
        return
    there, here = copy.original, urls.normalise(written)
    same_domain = registrable_domain(urls.host_of(there)) == registrable_domain(urls.host_of(here))
    same_path = there.partition("://")[2].partition("/")[2] == here.partition("://")[2].partition("/")[2]
    severity = NOTE if same_domain or same_path else WARNING
    yield finding(cited, "archive-of-another-url", severity, f"the copy is of {there[:200]}", "name a copy of the cited address")


def _moments(cited: Cited, copy: ArchiveUrl) -> Iterator[Finding]:
    citation = cited.citation
    taken = copy.captured_at.date() if copy.captured_at and copy.precision in {"day", "hour", "minute", "second"} else None
    if taken is None:
        return
    written = _day(citation.archive_date)
    if written and written != taken:
        severity = NOTE if abs(written - taken) <= DAY else WARNING
        yield finding(
            cited,
            "archive-date-mismatch",
            severity,
            f"archive-date {written}, the archive address says {taken}",
            f"archive-date={taken}",
        )
    yield from _too_early(cited, taken)
    if taken > (cited.judged_at + DAY).date():
        yield finding(
            cited,
            "date-in-future",
            WARNING,
            f"the archive address says {taken}, later than the revision of {cited.judged_at:%Y-%m-%d}",
        )


def _too_early(cited: Cited, taken: date) -> Iterator[Finding]:
    published, accessed = _day(cited.citation.published_date), _day(cited.citation.access_date)
    if published and taken < published - DAY:
        said = f"the copy of {taken} is older than the source of {published}"
        yield finding(cited, "archive-before-publication", WARNING, said, "name a later copy, or correct the date")
    if cited.copy and accessed and taken < accessed - LONG_BEFORE_ACCESS:
        said = f"the copy of {taken} is more than a year older than the access of {accessed}"
        yield finding(cited, "archive-predates-access", NOTE, said)


def _pairs(cited: Cited) -> Iterator[Finding]:
    """One of two things that belong together. What only a rendered list shows has lost its addresses: no finding then."""
    citation = cited.citation
    if not cited.in_wikitext or citation.template is None:
        return
    if citation.archive_url and citation.archive_date is None:
        yield finding(cited, "archive-date-missing", WARNING, "archive-url without archive-date", _archive_date(cited.copy))
    if citation.archive_date and not citation.archive_url:
        yield finding(cited, "archive-url-missing", WARNING, "archive-date without archive-url")
    if citation.archive_url and not citation.url:
        yield finding(
            cited,
            "archive-without-url",
            WARNING,
            "archive-url without url",
            f"url={cited.copy.original}" if cited.copy and cited.copy.original else None,
        )
    if citation.url_status and citation.url_status in ARCHIVED_WORDS and not citation.archive_url and cited.copy is None:
        yield finding(cited, "status-without-archive", NOTE, f"url-status={citation.url_status} without archive-url")


def _archive_date(copy: ArchiveUrl | None) -> str | None:
    return f"archive-date={copy.captured_at:%Y-%m-%d}" if copy and copy.captured_at and copy.precision != Precision.YEAR else None


# ---- style: notes only

SITE_BEHIND = re.compile(r"\s(?:\||\{\{!\}\}|-|\u2013|\u2014|::)\s+([^|]{2,60})$")
AUTHOR_DEFECTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a title before the name", re.compile(r"(?:by|dr|prof|mr|mrs|ms)\.?\s", re.IGNORECASE)),
    ("a word left over at the end", re.compile(r".*\s(?:and|&)", re.IGNORECASE)),
    ("capitals", re.compile(r"(?:[A-Z]{3,}[ ,-]+){1,4}[A-Z]{3,}")),
    (
        "an organisation split into two names",
        re.compile(r"(?:.*\s)?(?:staff|newsroom|desk|editorial team),?(?:\s.*)?", re.IGNORECASE),
    ),
)
NOT_LATIN = frozenset(
    [
        "hy",
        "armenian",
        "ru",
        "russian",
        "uk",
        "ukrainian",
        "bg",
        "bulgarian",
        "be",
        "belarusian",
        "mk",
        "macedonian",
        "el",
        "greek",
        "he",
        "hebrew",
        "ar",
        "arabic",
        "fa",
        "persian",
        "ur",
        "urdu",
        "ka",
        "georgian",
        "ja",
        "japanese",
        "zh",
        "chinese",
        "ko",
        "korean",
        "th",
        "thai",
        "hi",
        "hindi",
    ]
)
"""Languages, by code and English name, that are not written in Latin letters; those of two scripts, as Serbian, are left out."""

LATIN_ENOUGH = 12
"""A brand or an acronym is Latin in any language; a title of so many Latin letters and no other is not."""

PAGE_PARAMETERS = frozenset({"page", "pages", "p", "pp"})
PROSE = re.compile(r"(?:[^\W\d_]{2,}[\s,]+){5}[^\W\d_]{2,}")


def _style(cited: Cited) -> Iterator[Finding]:
    citation = cited.citation
    if not cited.in_wikitext or citation.template is None:
        return
    title = (citation.title or "")[:LONGEST_TITLE]
    behind = SITE_BEHIND.search(title)
    if behind and _letters(behind[1]) in _site_names(cited):
        yield finding(
            cited, "title-carries-site-name", NOTE, f'the title ends in "{behind[1]}", which is the site', "name it in |work="
        )
    for author in citation.authors:
        what = next((what for what, form in AUTHOR_DEFECTS if form.match(author[:LONGEST_TITLE]) and _whole(form, author)), None)
        if what:
            yield finding(cited, "author-defect", NOTE, f'"{author[:80]}": {what}')
    if (styles := _date_styles(citation)) is not None:
        yield finding(cited, "mixed-date-styles", NOTE, f"dates are written in two ways: {styles}")
    if (citation.language or "").strip().casefold() in NOT_LATIN and _latin_only(title):
        yield finding(cited, "language-script-mismatch", NOTE, f"language={citation.language}, the title is in Latin letters")
    for key, value in citation.parameters:
        if key in PAGE_PARAMETERS and PROSE.search(value[:LONGEST_TITLE]):
            yield finding(cited, "parameter-misuse", NOTE, f'|{key}= holds prose: "{value[:60]}"', "put it into |quote= or |at=")


LONGEST_TITLE = 500


def _whole(form: re.Pattern[str], author: str) -> bool:
    """A title stands before more; the other defects are the whole name."""
    return form is AUTHOR_DEFECTS[0][1] or form.fullmatch(author[:LONGEST_TITLE]) is not None


def _letters(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())


def _site_names(cited: Cited) -> set[str]:
    """What the citation and the address call the site."""
    known = citing.resource(cited.citation)
    domain = known.domain if known else ""
    names = (cited.citation.work, cited.citation.publisher, domain, domain.partition(".")[0])
    return {_letters(name) for name in names if name}


def _date_styles(citation: Citation) -> str | None:
    """Two manners in one citation. A date in words beside days of access and archive in digits is what manuals of style allow."""
    ours = [date for date in (citation.access_date, citation.archive_date) if date and date.day]
    every = [*ours, *([citation.published_date] if citation.published_date and citation.published_date.day else [])]
    among = {_manner(date.text) for date in ours}
    words = {manner for date in every if (manner := _manner(date.text)) != "digits"}
    mixed = among if len(among) > 1 else words
    return " and ".join(sorted(mixed)) if len(mixed) > 1 else None


def _manner(text: str) -> str:
    first = text.strip()[:1]
    if not any(each.isalpha() for each in text):
        return "digits"
    return "day first" if first.isdigit() else "month first"


def _latin_only(title: str) -> bool:
    letters = [each for each in title if each.isalpha()]
    return len(letters) >= LATIN_ENOUGH and all(unicodedata.name(each, "").startswith("LATIN") for each in letters)


CHECKS: tuple[Callable[[Cited], Iterator[Finding]], ...] = (_address, _description, _copy, _pairs, _dates, _style, _tags)


# ---- between citations


def _conflicts(some: Iterable[Cited]) -> Iterator[Finding]:
    """One cited URL described in two ways. Quotes, pages and access dates may differ; the removed side of a diff is not compared."""
    groups: dict[str, list[Cited]] = {}
    for cited in some:
        known = citing.resource(cited.citation)
        if known and cited.side is not Side.REMOVED and cited.citation.template and cited.in_wikitext:
            groups.setdefault(known.url, []).append(cited)
    for url, group in groups.items():
        names = [name for name, value in FIELDS if len({value(each.citation) for each in group}) > 1]
        if names:
            yield replace(
                finding(group[-1], "conflicting-metadata", NOTE, f"cited {len(group)} times with differing {', '.join(names)}"),
                url=url,
            )


FIELDS: tuple[tuple[str, Callable[[Citation], object]], ...] = (
    ("title", lambda citation: similarity.fold(citation.title) if citation.title else None),
    ("date", lambda citation: _day(citation.published_date)),
    ("author", lambda citation: citation.authors or None),
    ("archive copy", lambda citation: citation.archive_url),
)
