"""An OpenDocument text: its links and its notes. Pure."""

from collections.abc import Iterator

from audit.documents import addresses, given
from audit.documents.given import Given
from audit.documents.package import Package
from audit.documents.xml_tree import Node, first, name, tree, value, words
from audit.errors import DocumentError
from audit.model import Citation, Document, Place, Reference

KIND = "odt"


def read(source: Given) -> Document:
    """Every link of the text; a note is a reference."""
    package = Package(source.name, source.body)
    root, sound = tree(package.part("content.xml"))
    if root is None:
        raise DocumentError(source.name, "is an OpenDocument text that cannot be read; save it again")
    about, _ = tree(package.part("meta.xml"))
    notes = [
        Reference(position=0, name=value(each, "id"), body=words(each, 4_000), citations=tuple(_links(each, Place.REFERENCE)))
        for each in root.iter("{*}note")
    ]
    problems = [given.damaged(f"parts of the package cannot be read: {', '.join(package.lost[:10])}")] if package.lost else []
    return given.document(
        source,
        kind=KIND,
        title=words(first(about, "title")) or None if about is not None else None,
        references=notes,
        citations=_links(root, Place.INLINE),
        problems=[*problems, *([] if sound else [given.damaged("the text of the document is broken; what could be read was")])],
    )


def _links(root: Node, place: Place) -> Iterator[Citation]:
    for number, paragraph in enumerate(root.iter("{*}p", "{*}h"), 1):
        if place is Place.INLINE and any(name(above) == "note" for above in paragraph.iterancestors()):
            continue
        known: set[str] = set()
        for link in paragraph.iter("{*}a"):
            address = value(link, "href")
            inside = any(name(above) == "note" for above in link.iterancestors())
            if address and addresses.is_web(address) and (place is Place.REFERENCE or not inside):
                known.add(address.rstrip("/"))
                yield addresses.cited(address, title=words(link), line=number, place=place)
        for _, address in addresses.in_text(_own_words(paragraph, place)):
            if address.rstrip("/") not in known:
                yield addresses.cited(address, line=number, place=place)


def _own_words(paragraph: Node, place: Place) -> str:
    if place is Place.REFERENCE:
        return words(paragraph, 100_000)
    noted = [words(each, 100_000) for each in paragraph.iter("{*}note")]
    text = words(paragraph, 100_000)
    for each in noted:
        text = text.replace(each, " ", 1) if each else text
    return text
