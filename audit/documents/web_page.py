"""A page of HTML: the links of its content, its notes, and what it cites for machines (OpenURL, JSON-LD). Pure."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from audit import html, memento, urls
from audit.dates import cited_date
from audit.documents import given
from audit.documents.given import Given
from audit.html import Citing, Link
from audit.model import Citation, Document, Place, Reference, Span
from audit.templates import section_kinds

KIND, WIKI = "html", "wiki-page"
WEB = ("http://", "https://", "ftp://", "ftps://")
CITED = ("citation", "isBasedOn", "isBasedOnUrl")
MOST_DEPTH, MOST_MACHINE = 20, 10_000
MOST_MISSES = 50
"""Addresses that are looked for in the source in vain; after so many their lines are not told."""

SOURCE_LINK = re.compile(r"^(?:archived|archiv|the original|original|pdf|doi|web archive|wayback machine|\W*)$", re.IGNORECASE)
RETRIEVED = re.compile(
    r"(?:Retrieved|Accessed|Abgerufen am|Consult[ée]+ le|Consultado el|Acesso em|URL consultato il|Geraadpleegd op|Hämtad|Dato?)\s+([^.;]{6,30})",
    re.IGNORECASE,
)
CITE_NOTE = re.compile(r"cite_note-(?:(.{1,500}?)-)?\d+$|cite_note-(?=\D)(.{1,500})$")
IDENTIFIERS = (("info:doi/", "doi"), ("info:pmid/", "pmid"), ("info:hdl/", "hdl"), ("info:oclcnum/", "oclc"))
RESOLVED = re.compile(
    r"^https?://(?:(?:dx\.)?doi\.org|www\.worldcat\.org|search\.worldcat\.org|hdl\.handle\.net|pubmed\.ncbi\.nlm\.nih\.gov|www\.ncbi\.nlm\.nih\.gov/pmc)/",
    re.IGNORECASE,
)


def read(source: Given, *, content_type: str | None = None) -> Document:
    """Every citation of the page; links that lead around the page or the site's own menu are none."""
    found, text = html.citing(source.body, content_type=content_type)
    reading = _Reading(found, _Lines(text), here=source.name)
    references, loose = reading.notes(), reading.loose()
    return given.document(
        source,
        kind=WIKI if found.wiki else KIND,
        title=found.title,
        language=(found.language or "").partition("-")[0].lower() or None,
        references=references,
        citations=[*loose, *_linked_data(found.scripts)],
        problems=[given.damaged("the page breaks off")] if b"</html" not in source.body[-4_096:].lower() and found.wiki else [],
    )


class _Lines:
    """Where an address stands in the source, asked in the order of the page."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.misses = text, 0, 0
        self.line, self.counted = 1, 0

    def span(self, address: str) -> Span | None:
        if self.misses >= MOST_MISSES:
            return None
        start = self.text.find(address, self.at)
        if start < 0 and "&" in address:
            address = address.replace("&", "&amp;")
            start = self.text.find(address, self.at)
        if start < 0:
            self.misses += 1
            return None
        self.line += self.text.count("\n", self.counted, start)
        self.at = self.counted = start
        return Span(start=start, end=start + len(address), line=self.line, column=start - self.text.rfind("\n", 0, start))


class _Reading:
    def __init__(self, found: Citing, lines: _Lines, *, here: str) -> None:
        self.found = found
        here = here if here.startswith(WEB) else ""
        self.base = found.base or found.canonical or here
        self.own = {urls.page_key(each) for each in (found.base, found.canonical, here) if each and each.startswith(WEB)}
        self.links = [(link, address, lines.span(link.address)) for link in found.links if (address := self._address(link))]

    def _address(self, link: Link) -> str | None:
        """The address in full; None for what leads nowhere else."""
        written = link.address
        if written.startswith("//"):
            written = f"https:{written}"
        elif not written.lower().startswith(WEB):
            if written.startswith("#") or ":" in written.partition("/")[0] or self.found.wiki or not self.base.startswith(WEB):
                return None
            written = urls.join(self.base, written) or ""
        if not written or (self.own and urls.page_key(written) in self.own):
            return None
        return written

    def notes(self) -> list[Reference]:
        by_note: dict[int, list[tuple[Link, str, Span | None]]] = {}
        for each in self.links:
            if each[0].note is not None:
                by_note.setdefault(each[0].note, []).append(each)
        machine: dict[int, list[tuple[int | None, str]]] = {}
        for place, cited, written in self.found.machine[:MOST_MACHINE]:
            if place is not None:
                machine.setdefault(place, []).append((cited, written))
        made: list[Reference] = []
        for number, note in enumerate(self.found.notes):
            citations = _cited(by_note.get(number, []), machine.get(number, []), note.text, place=Place.REFERENCE)
            line = next((each.line for each in citations if each.line), None)
            if citations or note.broken or note.text:
                made.append(
                    Reference(
                        position=len(made),
                        name=_name(note.name),
                        defined=not note.broken,
                        uses=note.uses,
                        entry=number + 1,
                        body=note.text,
                        line=line,
                        confirmed_undefined=note.broken,
                        citations=tuple(citations),
                    )
                )
        return made

    def loose(self) -> list[Citation]:
        mine = [each for each in self.links if each[0].note is None]
        machine = [(cited, written) for note, cited, written in self.found.machine[:MOST_MACHINE] if note is None]
        grouped = {cited for cited, _ in machine if cited is not None}
        inside = [each for each in mine if each[0].cited in grouped]
        found = _cited(inside, machine, "", place=Place.GENERAL)
        return [*(self._single(*each) for each in mine if each[0].cited not in grouped), *found]

    def _single(self, link: Link, address: str, span: Span | None) -> Citation:
        archived = memento.parse_archive_url(address)
        place = Place.INFOBOX if link.box else _place(link.heading)
        citation = _citation(address, link.text, span, place=place)
        return replace(citation, url=archived.original, archive_url=address) if archived and archived.original else citation


def _name(identity: str | None) -> str | None:
    """The name of a note; on a wiki page it stands between a prefix and a number, and an unnamed note has the number alone."""
    found = CITE_NOTE.match(identity or "")
    return (found[1] or found[2] or "").replace("_", " ") or None if found else identity


def _place(heading: str | None) -> Place:
    kind = section_kinds().get((heading or "").casefold())
    return Place.EXTERNAL_LINK if kind == "links" else Place.GENERAL if kind == "references" else Place.INLINE


def _citation(address: str | None, title: str, span: Span | None, *, place: Place) -> Citation:
    shown = title if title and not title.lower().startswith(WEB) else None
    return Citation(
        position=0,
        url=address,
        title=shown,
        bare=shown is None,
        place=place,
        line=span.line if span else None,
        column=span.column if span else None,
        span=span,
        url_span=span,
    )


def _cited(
    links: list[tuple[Link, str, Span | None]], machine: Iterable[tuple[int | None, str]], text: str, *, place: Place
) -> list[Citation]:
    """The citations of one note: those written for machines with their copies, then each link that none of them explains."""
    made = [replace(citation, place=place) for _, written in machine if (citation := _openurl(written))]
    for link, address, span in links:
        archived = memento.parse_archive_url(address)
        original = archived.original if archived else None
        at = _explained(made, address, original)
        if at is not None:
            made[at] = _with(made[at], address if archived else None, span)
        elif archived and not original and made and made[-1].archive_url is None:
            made[-1] = _with(made[-1], address, None)
        elif not (made and RESOLVED.match(address)):
            single = _citation(
                original or address, "" if SOURCE_LINK.match(link.text) else link.text.strip(' "“”'), span, place=place
            )
            made.append(replace(single, archive_url=address) if original else single)
    retrieved = RETRIEVED.search(text)
    if retrieved and len(made) == 1:
        made = [replace(made[0], access_date=cited_date(retrieved[1]))]
    return made


def _explained(made: list[Citation], address: str, original: str | None) -> int | None:
    """Which citation an address belongs to: the same page, or a copy of it."""
    wanted = urls.page_key(original or address)
    found = (at for at, each in enumerate(made) if each.url and urls.page_key(each.url) == wanted)
    return next(found, None)


def _with(citation: Citation, copy: str | None, span: Span | None) -> Citation:
    changed = replace(citation, archive_url=copy) if copy and citation.archive_url is None else citation
    if span is None or changed.line is not None:
        return changed
    return replace(changed, line=span.line, column=span.column, span=span, url_span=span)


# ---- what is written for machines


def _openurl(written: str) -> Citation | None:
    """A citation as OpenURL: keys with `rft.`, the address as `rft_id`."""
    try:
        keys = parse_qs(written[:16_384], max_num_fields=300)
    except ValueError:
        return None
    ids = keys.get("rft_id", [])
    address = next((each for each in ids if each.startswith(WEB)), None)
    identifiers = tuple((name, each[len(start) :]) for each in ids for start, name in IDENTIFIERS if each.startswith(start))
    title = _first(keys, "rft.atitle", "rft.title", "rft.btitle", "rft.jtitle")
    if address is None and not identifiers and title is None:
        return None
    date = _first(keys, "rft.date")
    return Citation(
        position=0,
        url=address,
        title=title,
        work=_first(keys, "rft.jtitle") if title != _first(keys, "rft.jtitle") else None,
        publisher=_first(keys, "rft.pub"),
        authors=tuple(keys.get("rft.au", ())[:50]),
        published_date=cited_date(date) if date else None,
        identifiers=identifiers,
    )


def _first(keys: dict[str, list[str]], *names: str) -> str | None:
    return next((keys[name][0] for name in names if keys.get(name)), None)


def _linked_data(scripts: Iterable[str]) -> Iterator[Citation]:
    """`citation` and `isBasedOn` of schema.org."""
    for script in scripts:
        try:
            told = json.loads(script)
        except (ValueError, RecursionError):
            continue
        yield from _of_data(told, 0)


def _of_data(told: Any, depth: int) -> Iterator[Citation]:
    if depth > MOST_DEPTH:
        return
    if isinstance(told, list):
        for each in told[:MOST_MACHINE]:
            yield from _of_data(each, depth + 1)
    elif isinstance(told, dict):
        for name, value in told.items():
            if name in CITED:
                yield from _named(value)
            elif isinstance(value, dict | list):
                yield from _of_data(value, depth + 1)


def _named(value: Any) -> Iterator[Citation]:
    for each in value if isinstance(value, list) else [value]:
        about = each if isinstance(each, dict) else {"url": each}
        address = next((about[name] for name in ("url", "@id", "sameAs") if _is_address(about.get(name))), None)
        if address:
            title = next((about[name] for name in ("name", "headline") if isinstance(about.get(name), str)), "")
            yield _citation(address, title, None, place=Place.GENERAL)


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(WEB)
