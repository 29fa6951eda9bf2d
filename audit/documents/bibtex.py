"""A bibliography in BibTeX: one citation per entry, broken entries by their addresses alone. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, pairwise

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import DuplicateBlockKeyBlock, Entry, ParsingFailedBlock

from audit.dates import cited_date
from audit.documents import addresses, given
from audit.documents.given import Given
from audit.documents.tex import address_in, plain
from audit.model import Citation, CitedDate, Document, Place, Problem

KIND = "bibtex"
MOST_CHARACTERS = 4_194_304
PIECE = re.compile(r"^[ \t]{0,99}@(?=[A-Za-z]{2,30}\s{0,9}[{(])", re.MULTILINE)
PIECES_AT_ONCE = 500
ADDRESSES = (
    "url",
    "link",
    "howpublished",
    "note",
    "bdsk-url-1",
    "bdsk-url-2",
    "file",
    "pdf",
    "eprint",
    "archiveurl",
    "archive-url",
)
WRITTEN = re.compile(
    r"\b(url|doi|title|howpublished|note)\s{0,9}=\s{0,9}[{\"](.{1,2000}?)[}\"]\s{0,9}(?:,|$|\n)", re.IGNORECASE | re.DOTALL
)
STRING = re.compile(
    r"@string\s{0,9}[{(]\s{0,9}([\w:-]{1,100})\s{0,9}=\s{0,9}[{\"](.{0,1000}?)[}\"]\s{0,9}[)}]", re.IGNORECASE | re.DOTALL
)
JOINED = re.compile(r"\s{0,9}#\s{0,9}")
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
Fields = Mapping[str, str]


def read(source: Given) -> Document:
    """Every entry; a crossref lends what its entry does not say."""
    citations, problems = bibliography(source.written)
    return given.document(source, kind=KIND, citations=(each for _, each in citations), problems=problems)


def bibliography(text: str) -> tuple[list[tuple[str, Citation]], list[Problem]]:
    """(key, citation) of every entry, and what could not be read."""
    text = text[:MOST_CHARACTERS]
    strings = {found[1].lower(): found[2] for found in STRING.finditer(text)}
    entries: list[tuple[str, Fields, int]] = []
    problems: list[Problem] = []
    for piece, line in _pieces(text):
        for key, fields, at, sound in _entries(piece, strings):
            entries.append((key, fields, line + at))
            if not sound and len(problems) < 1_000:
                problems.append(given.damaged(f"the entry {key or 'here'} is broken; its addresses were read", line=line + at))
    lent = {key: fields for key, fields, _ in entries}
    made = []
    for key, fields, line in entries:
        parent = lent.get(fields.get("crossref", ""), {})
        made += [(key, each) for each in _citations({**parent, **fields}, line)]
    return made, problems


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Stretches of some entries: what one entry leaves open ends with its stretch at the latest."""
    starts = [found.start() for found in PIECE.finditer(text)]
    bounds = [0, *starts[PIECES_AT_ONCE::PIECES_AT_ONCE], len(text)]
    line = 1
    for start, end in pairwise(bounds):
        yield text[start:end], line
        line += text.count("\n", start, end)


def _entries(piece: str, strings: Mapping[str, str]) -> Iterator[tuple[str, Fields, int, bool]]:
    library = parse_string(piece, parse_stack=[])
    for block in library.blocks:
        at = block.start_line or 0
        inner = block.ignore_error_block if isinstance(block, DuplicateBlockKeyBlock) else block
        if isinstance(inner, Entry):
            yield inner.key, {each.key.lower(): _value(str(each.value), strings) for each in inner.fields}, at, True
        elif isinstance(inner, ParsingFailedBlock):
            yield from ((key, fields, at + more, False) for key, fields, more in _salvaged(inner.raw or ""))


def _salvaged(raw: str) -> Iterator[tuple[str, Fields, int]]:
    """What a broken entry still tells; it may have swallowed the next ones."""
    starts = [found.start() for found in PIECE.finditer(raw)] or [0]
    for start, end in zip(starts, [*starts[1:], len(raw)], strict=True):
        part = raw[start:end]
        key = re.match(r"\s{0,99}@\w{1,30}\s{0,9}[{(]\s{0,9}([^\s,{}()]{0,200})", part)
        fields = {found[1].lower(): found[2] for found in islice(WRITTEN.finditer(part), 50)}
        bare = next(addresses.in_text(part), None)
        if bare and "url" not in fields:
            fields["url"] = bare[1]
        if "=" in fields.get("title", ""):
            del fields["title"]
        yield (key[1] if key else ""), fields, raw.count("\n", 0, start)


def _value(written: str, strings: Mapping[str, str]) -> str:
    """A value without its braces or quotes; parts that `#` joins are put together."""
    parts = (
        JOINED.split(written)
        if ("#" in written and not written.startswith(("{", '"'))) or re.search(r"[\"}]\s{0,9}#", written)
        else [written]
    )
    return "".join(_bare(part.strip(), strings) for part in parts)


def _bare(part: str, strings: Mapping[str, str]) -> str:
    if len(part) >= 2 and (part[0], part[-1]) in {("{", "}"), ('"', '"')}:
        return part[1:-1]
    return strings.get(part.lower(), part)


def _citations(fields: Fields, line: int) -> Iterator[Citation]:
    found = list(dict.fromkeys(_addresses(fields)))
    doi = addresses.doi(fields.get("doi", "").strip("{} "))
    identifiers = ((("doi", doi),) if doi else ()) + _eprint(fields)
    title = plain(fields.get("title", "")) or None
    if not found and not identifiers and not title:
        return
    copy = next((each for name in ("archiveurl", "archive-url") if (each := address_in(fields.get(name, "")))), None)
    for number, address in enumerate([each for each in found if each != copy] or [None]):
        yield addresses.cited(
            address,
            title=title,
            line=line,
            place=Place.GENERAL,
            identifiers=identifiers if number == 0 else (),
            access_date=_date(fields, "urldate", "lastchecked", "accessed"),
            published_date=_date(fields, "date") or _published(fields),
            authors=tuple(plain(each) for each in re.split(r"\s+and\s+", fields.get("author", ""))[:50] if each.strip()),
            work=plain(fields.get("journal") or fields.get("journaltitle") or fields.get("booktitle") or "") or None,
            publisher=plain(fields.get("publisher", "")) or None,
            archive_url=copy,
        )


def _addresses(fields: Fields) -> Iterable[str]:
    for name in ADDRESSES:
        written = fields.get(name, "")
        address = address_in(written, whole=name in {"url", "link"})
        if address:
            yield address


def _eprint(fields: Fields) -> tuple[tuple[str, str], ...]:
    kind = (fields.get("eprinttype") or fields.get("archiveprefix") or "").lower()
    number = fields.get("eprint", "").strip("{} ")
    known = {"arxiv": "arxiv", "jstor": "jstor", "hdl": "hdl", "pubmed": "pmid"}.get(kind) or (
        "arxiv" if ARXIV.match(number) else None
    )
    return ((known, number),) if known and number and not addresses.is_web(number) else ()


ARXIV = re.compile(r"^(?:\d{4}\.\d{4,5}|[a-z-]{2,20}/\d{7})(?:v\d+)?$")


def _date(fields: Fields, *names: str) -> CitedDate | None:
    written = next((fields[name] for name in names if fields.get(name)), "").strip("{} ")
    return cited_date(written) if written else None


def _published(fields: Fields) -> CitedDate | None:
    year, month = fields.get("year", "").strip("{} "), fields.get("month", "").strip("{} ").lower()[:3]
    if not year:
        return None
    return cited_date(f"{year}-{MONTHS.index(month) + 1:02}" if month in MONTHS and year.isdigit() else year)
