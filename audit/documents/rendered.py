"""The rendered reference list at the end of a saved wiki page: entries, and what of each citation survived. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from audit import citing, similarity, urls
from audit.dates import cited_date
from audit.model import Citation, CitedDate, Place, Precision, Reference, Side, Span

ENTRY = re.compile(r"^[ \t]*(\d{1,5})\. (?:\^|\u2191) ?(.*)$")
LETTERS = re.compile(r"^((?:[a-z]{1,2} )+)(.*)$", re.DOTALL)
ERROR = re.compile(r"^Cite error: The named reference (.+?) was invoked but never defined", re.DOTALL)
BARE = re.compile(r"^(https?://\S+?)\.(?=\s|$)")
ARCHIVED = re.compile(r"Archived(?: \([^)]*\))? from the original on ([^.]{4,40})\.")
RETRIEVED = re.compile(r"Retrieved ([^.]{4,40})\.")
PUBLISHED = re.compile(r"\(([^()]*\b(?:1[6-9]|20)\d\d)\)\.")
LANGUAGE = re.compile(r"\(in ([A-Z][A-Za-z ,]+)\)")
MARKER = re.compile(r"\[(\d{1,5})\]")
NOISE = re.compile(r"[\W_]+")
MOST_ENTRIES, MOST_PLACES = 3_000, 50
"""Entries that are compared, and places that one title may have; the longest real lists hold a thousand (2026)."""
MOST_SINGLES = 60
"""References of a passage that are still placed one by one when they do not stand in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One numbered entry. `uses` counts its back-links; `undefined` is the name of a reference that was never defined.

    What HTML keeps and text loses: `mark`, the name in its id ("" for none), and its `sources`.
    """

    number: int
    line: int
    uses: int
    text: str
    undefined: str | None = None
    mark: str | None = None
    sources: tuple["Source", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One address that an entry cites, with the copy that stands beside it and its title."""

    url: str
    copy: str | None = None
    title: str | None = None


def listed(lines: Sequence[str], *, first: int) -> list[Entry]:
    """The entries of the last list of the page; `first` is the number of the first line. Indented lines continue an entry."""
    entries: list[Entry] = []
    gathered: list[str] = []
    head: tuple[int, int] | None = None

    def close() -> None:
        if head is not None:
            entries.append(_entry(head[0], head[1], "\n".join(gathered).strip()))

    for at, line in enumerate(lines):
        found = ENTRY.match(line)
        if found:
            close()
            head, gathered = (int(found[1]), first + at), [found[2]]
        elif head is not None and (not line.strip() or line[:1].isspace()):
            gathered.append(line.strip())
        elif head is not None:
            close()
            head = None
    close()
    return entries


def _entry(number: int, line: int, text: str) -> Entry:
    letters = LETTERS.match(text)
    uses = 1
    if letters and _are_backlinks(letters[1].split()):
        uses, text = len(letters[1].split()), letters[2]
    error = ERROR.match(text)
    return Entry(number=number, line=line, uses=uses, text=text, undefined=error[1] if error else None)


def _are_backlinks(letters: list[str]) -> bool:
    """a b c ... in order, two at least: one use has none."""
    return len(letters) > 1 and letters == [_letter(at) for at in range(len(letters))]


def _letter(at: int) -> str:
    first, second = divmod(at, 26)
    return (chr(ord("a") + first - 1) if first else "") + chr(ord("a") + second)


def matched(entries: Sequence[Entry], references: Sequence[Reference], *, passages: Sequence[int]) -> dict[int, int]:
    """Index of a reference -> index of its entry, for those that show.

    `passages` tells for each reference which stretch of the page it stands in: within one, the references in order of first use
    are consecutive entries, unless a name was used further up already.
    """
    fits = _fits(entries, references)
    passages = passages[: len(fits)]
    placed: dict[int, int] = {}
    for passage in sorted(set(passages)):
        members = [index for index, where in enumerate(passages) if where == passage]
        _consecutive(members, fits, placed)
    taken = set(placed.values())
    for index, able in enumerate(fits):
        free = [at for at in able if at not in taken]
        if index not in placed and len(free) == 1:
            placed[index] = free[0]
            taken.add(free[0])
    return placed


def _consecutive(members: Sequence[int], fits: Sequence[Sequence[int]], placed: dict[int, int]) -> None:
    """Place the references of one passage by the offset that most of them agree on, then by the next ..."""
    left = list(members)
    order = {index: rank for rank, index in enumerate(members)}
    taken = set(placed.values())
    while left:
        votes = Counter(at - order[index] for index in left for at in fits[index] if at not in taken)
        if not votes:
            return
        offset = min(votes, key=lambda each: (-votes[each], each))
        found = [index for index in left if order[index] + offset in fits[index] and order[index] + offset not in taken]
        if not found:
            return
        placed.update({index: order[index] + offset for index in found})
        taken.update(order[index] + offset for index in found)
        left = [index for index in left if index not in placed]
        if len(found) == 1 and len(members) > MOST_SINGLES:
            return


def _fits(entries: Sequence[Entry], references: Sequence[Reference]) -> list[list[int]]:
    """For each reference the entries that may be it: by the name of an error, by title, by address."""
    entries = entries[:MOST_ENTRIES]
    texts = [_plain(entry.text) for entry in entries]
    errors: dict[str | None, list[int]] = {}
    for at, entry in enumerate(entries):
        if entry.undefined is not None:
            errors.setdefault(entry.undefined, []).append(at)
    marks: dict[str, list[int]] = {}
    for at, entry in enumerate(entries):
        if entry.mark and entry.undefined is None:
            marks.setdefault(entry.mark, []).append(at)
    cited = [{urls.cited_url(each.url).url for each in entry.sources} for entry in entries]
    found = []
    for each in references[:MOST_ENTRIES]:
        if not each.defined:
            found.append(errors.get(each.name, []))
            continue
        by_name = marks.get(_mark(each.name))
        found.append(by_name or list(islice(_by_what_it_says(each, entries, texts, cited), MOST_PLACES)))
    return found


def _by_what_it_says(
    reference: Reference, entries: Sequence[Entry], texts: Sequence[str], cited: Sequence[set[str]]
) -> Iterator[int]:
    """The entries that show a title or an address of a reference."""
    said = {_plain(citation.title) for citation in reference.citations if citation.title}
    shown = {citation.url for citation in reference.citations if citation.url and not citation.title}
    resources = {resource.url for citation in reference.citations if (resource := citing.resource(citation))}
    for at, entry in enumerate(entries):
        if entry.undefined is None and (
            not resources.isdisjoint(cited[at]) or any(title in texts[at] for title in said if title) or _shows(entry, shown)
        ):
            yield at


def _shows(entry: Entry, addresses: Iterable[str]) -> bool:
    return any(address in entry.text for address in addresses)


def _mark(name: str | None) -> str:
    """A name as MediaWiki writes it into an id."""
    return re.sub(r"[ _]+", "_", name or "")


def _plain(text: str) -> str:
    return NOISE.sub(" ", similarity.fold(text.replace("{{!}}", "|"))).strip()


def reference(entry: Entry) -> Reference:
    """An entry that only the rendered list shows: it comes from an unchanged part of the page."""
    span = Span(start=0, end=len(entry.text), line=entry.line, column=1)
    return Reference(
        position=0,
        name=entry.undefined,
        defined=entry.undefined is None,
        definitions=0 if entry.undefined else 1,
        uses=entry.uses,
        side=Side.KEPT,
        line=entry.line,
        entry=entry.number,
        body=entry.text,
        span=span,
        in_wikitext=False,
        confirmed_undefined=entry.undefined is not None,
        citations=() if entry.undefined else tuple(_citations(entry, span)),
    )


def _citations(entry: Entry, span: Span) -> Iterator[Citation]:
    """One for what the text says, with the first address; one for each further address."""
    first = _citation(entry, span)
    if not entry.sources:
        yield first
        return
    one, *more = entry.sources
    bare = entry.text in {one.url, f"{one.url}."}
    yield replace(first, url=one.url, archive_url=one.copy, title=one.title or first.title, bare=bare)
    for each in more:
        yield Citation(position=0, url=each.url, archive_url=each.copy, title=each.title, line=entry.line, column=1, span=span)


def _citation(entry: Entry, span: Span) -> Citation:
    bare = BARE.match(entry.text)
    if bare:
        return Citation(position=0, url=bare[1], bare=True, place=Place.REFERENCE, line=entry.line, column=1, span=span)
    text = entry.text
    title = _title(text)
    before = text.partition(title)[0] if title else ""
    archived, retrieved = ARCHIVED.search(text), RETRIEVED.search(text)
    published = PUBLISHED.search(before)
    language = LANGUAGE.search(text)
    author = re.sub(r"\([^()]*\)\.?\s*$", "", before.strip(' "\u201c')).strip(" .")
    return Citation(
        position=0,
        url=None,
        title=title,
        authors=(author,) if author else (),
        language=language[1] if language else None,
        archive_date=_date(archived[1]) if archived else None,
        access_date=_date(retrieved[1]) if retrieved else None,
        published_date=_date(published[1]) if published else _date_after(text, title, archived or retrieved),
        text=text,
        place=Place.REFERENCE,
        line=entry.line,
        column=1,
        span=span,
    )


def _title(text: str) -> str | None:
    """From the first quotation mark to the one that ends the title: quotes may stand inside quotes, the quotation follows last."""
    opening = next((at for at, character in enumerate(text) if character in '"\u201c'), None)
    if opening is None:
        return None
    closing = re.compile(r"[\"\u201d](?=[.,]? (?!\w*[a-z]\w*[\"\u201d])|\.|$)").search(text, opening + 1)
    return text[opening + 1 : closing.start()].strip() or None if closing else None


def _date_after(text: str, title: str | None, end: re.Match[str] | None) -> CitedDate | None:
    """`"Title". Site. DATE.`: the last sentence before the archive and access dates, if it is a date to the day."""
    if title is None:
        return None
    rest = text[: None if end is None else end.start()].partition(title)[2]
    for part in reversed(rest.split(". ")[1:4]):
        read = _date(part.strip(" ."))
        if read and read.precision is Precision.DAY:
            return read
    return None


def _date(text: str) -> CitedDate | None:
    read = cited_date(text.replace("\u00a0", " ").strip(), language="en")
    return read if read.value else None


def markers(lines: Iterable[str]) -> Iterator[int]:
    """The numbers in the prose that lead to entries."""
    for line in lines:
        yield from (int(each) for each in MARKER.findall(line))
