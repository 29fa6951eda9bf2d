"""A bibliography in CSL-JSON, or in the JSON of a reference manager: one citation per item. Pure."""

import json
from collections.abc import Iterator
from typing import Any

from audit.dates import cited_date
from audit.documents import addresses, given
from audit.documents.given import Given
from audit.errors import DocumentError
from audit.model import Citation, CitedDate, Document, Place, Problem

KIND = "csl-json"
MOST_FAILED = 20
"""Braces that begin nothing whole: the wrapping of a broken list, and the item that breaks off."""

LISTS = ("items", "references", "data", "citations")


def read(source: Given) -> Document:
    """Every item. A file that breaks off is read to its last whole item."""
    problems: list[Problem] = []
    try:
        told = json.loads(source.written)
    except (ValueError, RecursionError) as fault:
        told = list(_whole_items(source.written))
        if not told:
            raise DocumentError(source.name, f"is no valid JSON ({str(fault)[:80]}); export the bibliography again") from fault
        problems.append(given.damaged(f"the JSON is broken ({str(fault)[:80]})"))
    items = _items(told)
    if not any(isinstance(each, dict) and ({"URL", "DOI", "url", "type", "itemType"} & each.keys()) for each in items):
        raise DocumentError(
            source.name, "is JSON, but no bibliography (CSL-JSON); export it as CSL-JSON, or save its addresses as a list"
        )
    citations = [each for item in items if isinstance(item, dict) for each in _citation(item)]
    return given.document(source, kind=KIND, citations=citations, problems=problems)


def _items(told: Any) -> list[Any]:
    if isinstance(told, dict):
        inner = next((told[name] for name in LISTS if isinstance(told.get(name), list)), None)
        return (
            inner
            if inner is not None
            else [told]
            if "type" in told or "URL" in told
            else [each for each in told.values() if isinstance(each, dict)]
        )
    return told if isinstance(told, list) else []


def _whole_items(text: str) -> Iterator[Any]:
    """The items of a list before the place where it is broken."""
    decoder, at, failed = json.JSONDecoder(), text.find("{"), 0
    while at >= 0 and failed < MOST_FAILED:
        try:
            item, end = decoder.raw_decode(text, at)
            yield item
        except (ValueError, RecursionError):
            failed, end = failed + 1, at + 1
        at = text.find("{", end)


def _citation(item: dict[str, Any]) -> Iterator[Citation]:
    address, doi = _text(item, "URL", "url"), addresses.doi(_text(item, "DOI", "doi") or "")
    title = _text(item, "title", "title-short", "shortTitle")
    if address is None and doi is None and title is None:
        return
    known = tuple((name.lower(), value) for name in ("PMID", "PMCID") if (value := _text(item, name)))
    yield addresses.cited(
        address if addresses.is_web(address) else None,
        title=title,
        place=Place.GENERAL,
        identifiers=(
            *((("doi", doi),) if doi else ()),
            *(("pmc", value.removeprefix("PMC")) if name == "pmcid" else (name, value) for name, value in known),
        ),
        access_date=_date(item.get("accessed") or item.get("accessDate")),
        published_date=_date(item.get("issued") or item.get("date")),
        authors=tuple(_authors(item.get("author") or item.get("creators"))),
        work=_text(item, "container-title", "publicationTitle", "websiteTitle"),
        publisher=_text(item, "publisher"),
        archive_url=archived if addresses.is_web(archived := _text(item, "archive_location", "archive-url")) else None,
    )


def _text(item: dict[str, Any], *names: str) -> str | None:
    values = (item.get(name) for name in names)
    found = next(
        (each for each in values if isinstance(each, str | int) and not isinstance(each, bool) and str(each).strip()), None
    )
    return str(found).strip() if found is not None else None


def _authors(told: Any) -> Iterator[str]:
    for each in told[:50] if isinstance(told, list) else ():
        if isinstance(each, dict):
            names = (
                each.get("literal") or each.get("name"),
                each.get("family") or each.get("lastName"),
                each.get("given") or each.get("firstName"),
            )
            name = ", ".join(str(part) for part in names if isinstance(part, str) and part)
            if name:
                yield name


def _date(told: Any) -> CitedDate | None:
    if isinstance(told, str):
        return cited_date(told) if told.strip() else None
    if not isinstance(told, dict):
        return None
    parts = told.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else None
    if first:
        numbers = [str(each) for each in first[:3]]
        return cited_date("-".join([numbers[0], *(each.zfill(2) for each in numbers[1:])]))
    written = next((told[name] for name in ("raw", "literal") if isinstance(told.get(name), str)), None)
    return cited_date(written) if written else None
