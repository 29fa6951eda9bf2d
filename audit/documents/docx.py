"""A DOCX document: its hyperlinks by relation or field, its foot- and endnotes, its bare addresses. Pure."""

import re
from collections.abc import Iterator

from audit.documents import addresses, given
from audit.documents.given import Given
from audit.documents.package import Package
from audit.documents.xml_tree import Node, first, name, tree, value, words
from audit.errors import DocumentError
from audit.model import Citation, Document, Place, Reference

KIND = "docx"
MAIN = "word/document.xml"
NOTES = ("word/footnotes.xml", "word/endnotes.xml")
FIELD = re.compile(r"HYPERLINK\s{1,9}(?:\\[a-z]\s{1,9})?\"([^\"]{1,4000})\"", re.IGNORECASE)
SEPARATORS = {"separator", "continuationSeparator", "continuationNotice"}


def read(source: Given) -> Document:
    """Every link of the text; a note is a reference."""
    package = Package(source.name, source.body)
    root, sound = tree(package.part(MAIN))
    if root is None:
        raise DocumentError(source.name, "is a DOCX document whose text cannot be read; save it again")
    related = _related(package, MAIN)
    references = [each for part in NOTES for each in _notes(package, part)]
    uses: dict[str, int] = {}
    for node in root.iter("{*}footnoteReference", "{*}endnoteReference"):
        key = f"{name(node).removesuffix('Reference')} {value(node, 'id')}"
        uses[key] = uses.get(key, 0) + 1
    core, _ = tree(package.part("docProps/core.xml"))
    problems = [given.damaged(f"parts of the package cannot be read: {', '.join(package.lost[:10])}")] if package.lost else []
    return given.document(
        source,
        kind=KIND,
        title=words(first(core, "title")) or None if core is not None else None,
        references=[_used(each, uses) for each in references],
        citations=_links(root, related, Place.INLINE),
        problems=[*problems, *([] if sound else [given.damaged("the text of the document is broken; what could be read was")])],
    )


def _used(reference: Reference, uses: dict[str, int]) -> Reference:
    return Reference(
        position=0,
        name=reference.name,
        uses=uses.get(reference.name or "", 0),
        line=reference.line,
        body=reference.body,
        citations=reference.citations,
    )


def _related(package: Package, part: str) -> dict[str, str]:
    """Relation -> address, for those that lead out of the package."""
    folder, _, file = part.rpartition("/")
    root, _ = tree(package.part(f"{folder}/_rels/{file}.rels"))
    found = root.iter("{*}Relationship") if root is not None else ()
    return {
        each.get("Id", ""): each.get("Target", "")
        for each in found
        if each.get("TargetMode") == "External" and addresses.is_web(each.get("Target"))
    }


def _notes(package: Package, part: str) -> Iterator[Reference]:
    root, _ = tree(package.part(part))
    related = _related(package, part)
    for note in root.iter("{*}footnote", "{*}endnote") if root is not None else ():
        if value(note, "type") not in SEPARATORS:
            label = f"{name(note)} {value(note, 'id')}"
            yield Reference(
                position=0, name=label, body=words(note, 4_000), citations=tuple(_links(note, related, Place.REFERENCE))
            )


def _links(root: Node, related: dict[str, str], place: Place) -> Iterator[Citation]:
    """Links in reading order: by relation, by field, and addresses that are only text."""
    for number, paragraph in enumerate(root.iter("{*}p"), 1):
        if any(name(above) == "p" for above in paragraph.iterancestors()):
            continue  # a text box stands in a paragraph of its own inside another
        found = list(_of_paragraph(paragraph, related))
        for address, title in found:
            yield addresses.cited(address, title=title, line=number, place=place)
        known = {address for address, _ in found}
        for _, address in addresses.in_text("".join(each.text or "" for each in paragraph.iter("{*}t"))):
            if address not in known and address.rstrip("/") not in {each.rstrip("/") for each in known}:
                yield addresses.cited(address, line=number, place=place)


def _of_paragraph(paragraph: Node, related: dict[str, str]) -> Iterator[tuple[str, str]]:
    code, words_of, shown = "", "", False
    for node in paragraph.iter("{*}hyperlink", "{*}fldSimple", "{*}instrText", "{*}fldChar", "{*}t"):
        kind = name(node)
        if kind == "hyperlink":
            address = related.get(value(node, "id") or "")
            anchor = value(node, "anchor")
            if address:
                yield (f"{address}#{anchor}" if anchor and "#" not in address else address), words(node)
        elif kind == "fldSimple":
            found = FIELD.search(value(node, "instr") or "")
            if found and addresses.is_web(found[1]):
                yield found[1], words(node)
        elif kind == "instrText":
            code += node.text or ""
        elif kind == "fldChar":
            step = value(node, "fldCharType")
            found = FIELD.search(code) if step == "end" else None
            if found and addresses.is_web(found[1]):
                yield found[1], words_of
            shown = step == "separate"
            code, words_of = ("", "") if step in {"begin", "end"} else (code, "")
        elif shown:
            words_of += node.text or ""
