"""A text in TEI XML: its bibliographic entries, and what its pointers point to. Pure."""

from collections.abc import Iterator

from audit.dates import cited_date
from audit.documents import addresses, given
from audit.documents.given import Given
from audit.documents.xml_tree import Node, first, name, tree, value, words
from audit.errors import DocumentError
from audit.model import Citation, Document, Place, Reference

KIND = "tei"
ENTRIES = ("{*}biblStruct", "{*}biblFull", "{*}bibl")
POINTERS = ("{*}ptr", "{*}ref", "{*}graphic", "{*}idno")
IDENTIFIERS = {"doi": "doi", "arxiv": "arxiv", "pmid": "pmid", "pmcid": "pmc", "handle": "hdl"}


def read(source: Given) -> Document:
    """Every entry is a reference; pointers elsewhere are citations of their own."""
    root, sound = tree(source.body)
    if root is None:
        raise DocumentError(source.name, "is XML that cannot be read; save the text again")
    entries = [each for each in root.iter(*ENTRIES) if _listed(each)]
    return given.document(
        source,
        kind=KIND,
        title=words(first(root, "title")) or None,
        language=(value(root, "lang") or "").partition("-")[0].lower() or None,
        references=[_reference(each, number) for number, each in enumerate(entries, 1)],
        citations=_loose(root),
        problems=[] if sound else [given.damaged("the XML is broken; what could be read was")],
    )


def _listed(node: Node) -> bool:
    """Whether an entry is one of its own: not the head of the file, and not inside another."""
    return not any(name(above) in {"teiHeader", "biblStruct", "biblFull", "bibl"} for above in node.iterancestors())


def _reference(node: Node, number: int) -> Reference:
    found = list(dict.fromkeys(each for pointer in node.iter(*POINTERS) if (each := _address(pointer))))
    text = [address for _, address in addresses.in_text(words(node, 20_000))]
    identifiers = tuple(
        (kind, addresses.doi(words(each)) or words(each))
        for each in node.iter("{*}idno")
        if (kind := IDENTIFIERS.get((each.get("type") or "").lower())) and words(each)
    )
    titles = [words(each) for each in node.iter("{*}title") if words(each)]
    date = first(node, "date")
    when = (date.get("when") or words(date)) if date is not None else ""
    citations = [
        addresses.cited(
            address,
            title=titles[0] if titles else None,
            line=node.sourceline,
            place=Place.REFERENCE,
            identifiers=identifiers if at == 0 else (),
            published_date=cited_date(when) if when else None,
            authors=tuple(words(each) for each in list(node.iter("{*}author"))[:50]),
            work=titles[1] if len(titles) > 1 else None,
            publisher=words(first(node, "publisher")) or None,
        )
        for at, address in enumerate(found or list(dict.fromkeys(text)) or [None])
    ]
    return Reference(
        position=0,
        name=value(node, "id"),
        entry=number,
        line=node.sourceline,
        body=words(node, 4_000),
        citations=tuple(citations),
    )


def _address(node: Node) -> str | None:
    written = value(node, "target") or value(node, "url") or (words(node) if name(node) == "idno" else None)
    return written if addresses.is_web(written) else None


def _loose(root: Node) -> Iterator[Citation]:
    for each in root.iter("{*}ptr", "{*}ref"):
        address = _address(each)
        if address and not any(name(above) in {"teiHeader", "biblStruct", "biblFull", "bibl"} for above in each.iterancestors()):
            yield addresses.cited(address, title=words(each), line=each.sourceline)
