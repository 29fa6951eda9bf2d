"""A bibliography in RIS: one citation per record. Pure."""

import re
from collections.abc import Iterator

from audit.dates import cited_date
from audit.documents import addresses, given
from audit.documents.given import Given
from audit.model import Citation, Document, Place, Problem

KIND = "ris"
FIELD = re.compile(r"^\s{0,9}([A-Z][A-Z0-9]) {1,2}-(?: |$)(.*)$")
TITLES, WORKS, AUTHORS = ("TI", "T1", "CT", "BT"), ("JO", "JF", "T2", "JA"), ("AU", "A1", "A2")
ADDRESSES = ("UR", "LK", "L1", "L2", "L3", "L4")
Record = dict[str, list[str]]


def read(source: Given) -> Document:
    """Every record; one that does not end is read as far as it goes."""
    citations: list[Citation] = []
    problems: list[Problem] = []
    for line, record, ended in _records(source.written):
        citations += _citations(record, line)
        if not ended:
            problems.append(given.damaged("a record does not end (no ER)", line=line))
    return given.document(source, kind=KIND, citations=citations, problems=problems[:1_000])


def _records(text: str) -> Iterator[tuple[int, Record, bool]]:
    record: Record = {}
    begun, last = 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        found = FIELD.match(line)
        if not found:
            if last and line.strip() and record:
                record[last][-1] += f" {line.strip()}"
            continue
        last, value = found[1], found[2].strip()
        if last in {"ER", "TY"} and record:
            yield begun, record, last == "ER"
            record = {}
        if last != "ER":
            begun = number if not record else begun
            record.setdefault(last, []).append(value)
    if record:
        yield begun, record, False


def _citations(record: Record, line: int) -> Iterator[Citation]:
    written = [each for name in ADDRESSES for value in record.get(name, ()) for each in re.split(r"[;\s]+(?=https?://)", value)]
    found = list(dict.fromkeys(each.strip() for each in written if addresses.is_web(each)))
    doi = next((known for value in record.get("DO", ()) if (known := addresses.doi(value))), None)
    accessed, published = _first(record, "Y2"), _first(record, "DA", "PY", "Y1")
    for number, address in enumerate(found or [None]):
        yield addresses.cited(
            address,
            title=_first(record, *TITLES),
            line=line,
            place=Place.GENERAL,
            identifiers=(("doi", doi),) if doi and number == 0 else (),
            access_date=cited_date(accessed.strip("/")) if accessed else None,
            published_date=cited_date(published.strip("/")) if published else None,
            authors=tuple(each for name in AUTHORS for each in record.get(name, ()))[:50],
            work=_first(record, *WORKS),
            publisher=_first(record, "PB"),
        )


def _first(record: Record, *names: str) -> str | None:
    return next((value for name in names for value in record.get(name, ()) if value), None)
