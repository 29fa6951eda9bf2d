"""An article in JATS (or NLM) XML: its reference list, and the links of its text. Pure."""

from collections.abc import Iterator

from audit.dates import cited_date
from audit.documents import addresses, given
from audit.documents.given import Given
from audit.documents.xml_tree import Node, first, name, tree, value, words
from audit.errors import DocumentError
from audit.model import Citation, Document, Place, Reference

KIND = "jats"
TITLES, WORKS = ("article-title", "chapter-title", "part-title", "data-title"), ("source", "trans-source")
IDENTIFIERS = {"doi": "doi", "pmid": "pmid", "pmcid": "pmc", "pmc": "pmc", "arxiv": "arxiv", "handle": "hdl"}


def read(source: Given) -> Document:
    """Every entry of the reference list is a reference, with the number of times the text points at it."""
    root, sound = tree(source.body)
    if root is None:
        raise DocumentError(source.name, "is XML that cannot be read; save the article again")
    uses: dict[str, int] = {}
    for each in root.iter("{*}xref"):
        for target in (each.get("rid") or "").split():
            uses[target] = uses.get(target, 0) + 1
    listed = list(root.iter("{*}ref"))
    title = first(root, "article-title")
    return given.document(
        source,
        kind=KIND,
        title=words(title) or None,
        language=(value(root, "lang") or "").partition("-")[0].lower() or None,
        references=[_reference(each, uses, number) for number, each in enumerate(listed, 1)],
        citations=_loose(root),
        problems=[] if sound else [given.damaged("the XML is broken; what could be read was")],
    )


def _reference(node: Node, uses: dict[str, int], number: int) -> Reference:
    identity = node.get("id")
    inner = [each for each in node.iter() if name(each) in {"element-citation", "mixed-citation", "citation", "nlm-citation"}]
    citations = [made for each in inner or [node] for made in _citations(each)]
    return Reference(
        position=0,
        name=identity,
        uses=uses.get(identity or "", 1),
        entry=number,
        line=node.sourceline,
        body=words(node, 4_000),
        citations=tuple(citations),
    )


def _citations(node: Node) -> Iterator[Citation]:
    found = list(dict.fromkeys(_addresses(node)))
    identifiers = tuple(_identifiers(node))
    title, work = words(first(node, *TITLES)) or None, words(first(node, *WORKS)) or None
    accessed, year = first(node, "date-in-citation"), first(node, "year")
    doi = next((f"https://doi.org/{held}" for kind, held in identifiers if kind == "doi"), None)
    away = [each for each in found if addresses.doi(each) is None or doi is None]
    if not (away or identifiers or title or work):
        return
    for number, address in enumerate(away or [None]):
        yield addresses.cited(
            address,
            title=title or work,
            line=node.sourceline,
            place=Place.REFERENCE,
            identifiers=identifiers if number == 0 else (),
            access_date=cited_date(_accessed(accessed)) if accessed is not None else None,
            published_date=cited_date(words(year)) if year is not None and words(year) else None,
            authors=tuple(_authors(node)),
            work=work if title else None,
            publisher=words(first(node, "publisher-name")) or None,
        )


def _accessed(node: Node) -> str:
    return node.get("iso-8601-date") or words(node).lower().removeprefix("accessed").removeprefix("cited").strip(" :.")


def _addresses(node: Node) -> Iterator[str]:
    for each in node.iter("{*}ext-link", "{*}uri", "{*}self-uri"):
        address = value(each, "href") or words(each)
        if addresses.is_web(address):
            yield address
    linked = {id(each) for each in node.iter("{*}ext-link", "{*}uri")}
    text = (
        "".join(part for part in node.itertext() if isinstance(part, str) and id(part) not in linked)
        if name(node) != "ref"
        else ""
    )
    yield from (address for _, address in addresses.in_text(text))


def _identifiers(node: Node) -> Iterator[tuple[str, str]]:
    for each in node.iter("{*}pub-id"):
        kind = IDENTIFIERS.get((each.get("pub-id-type") or "").lower())
        held = words(each)
        if kind and held:
            yield kind, (addresses.doi(held) or held) if kind == "doi" else held.removeprefix("PMC") if kind == "pmc" else held


def _authors(node: Node) -> Iterator[str]:
    for each in list(node.iter("{*}name", "{*}collab", "{*}string-name"))[:50]:
        parts = [words(first(each, kind)) for kind in ("surname", "given-names")]
        yield ", ".join(part for part in parts if part) or words(each)


def _loose(root: Node) -> Iterator[Citation]:
    for each in root.iter("{*}ext-link", "{*}uri", "{*}related-article", "{*}supplementary-material"):
        address = value(each, "href") or (words(each) if name(each) == "uri" else None)
        if addresses.is_web(address) and not any(name(above) == "ref" for above in each.iterancestors()):
            yield addresses.cited(address, title=words(each), line=each.sourceline)
