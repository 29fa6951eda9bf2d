"""An EPUB book: the links and notes of its chapters, in reading order. Pure."""

import re
from dataclasses import replace
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from audit.documents import given, web_page
from audit.documents.given import Given
from audit.documents.package import Package
from audit.errors import DocumentError
from audit.model import Citation, Document, Reference

KIND = "epub"
CONTAINER = "META-INF/container.xml"
ROOT_FILE = re.compile(rb"<(?:\w{1,20}:)?rootfile\b[^>]{0,500}?full-path\s{0,9}=\s{0,9}[\"']([^\"']{1,500})[\"']")
ITEM = re.compile(rb"<(?:\w{1,20}:)?item\b([^>]{0,2000})>")
SPINE = re.compile(rb"<(?:\w{1,20}:)?itemref\b[^>]{0,500}?\bidref\s{0,9}=\s{0,9}[\"']([^\"']{1,300})[\"']")
ATTRIBUTE = re.compile(rb"\b(id|href|media-type|properties)\s{0,9}=\s{0,9}[\"']([^\"']{0,1000})[\"']")
TITLE = re.compile(rb"<dc:title[^>]{0,300}>([^<]{1,1000})</dc:title>")
MOST_CHAPTERS = 5_000


def read(source: Given) -> Document:
    """Every chapter as a page of HTML."""
    package = Package(source.name, source.body)
    found = ROOT_FILE.search(package.part(CONTAINER))
    manifest = (
        found[1].decode("utf-8", "replace") if found else next((each for each in package.names if each.endswith(".opf")), "")
    )
    listing = package.part(manifest)
    title = TITLE.search(listing)
    references: list[Reference] = []
    citations: list[Citation] = []
    chapters = _chapters(listing, manifest, package)
    for _, body in package.parts(iter(chapters[:MOST_CHAPTERS])):
        inner = web_page.read(replace(source, body=body))
        references += inner.references
        citations += inner.citations
    if not chapters:
        raise DocumentError(source.name, "is an EPUB book without a chapter that can be read; save it again")
    problems = [given.damaged(f"parts of the book cannot be read: {', '.join(package.lost[:10])}")] if package.lost else []
    return given.document(
        source,
        kind=KIND,
        title=title[1].decode("utf-8", "replace") if title else None,
        references=references,
        citations=citations,
        problems=problems,
    )


def _chapters(listing: bytes, manifest: str, package: Package) -> list[str]:
    """The chapters in the order of the spine; without one, in the order of the package."""
    known: dict[str, str] = {}
    for item in ITEM.finditer(listing):
        told = {pair[1].decode(): pair[2].decode("utf-8", "replace") for pair in ATTRIBUTE.finditer(item[1])}
        if "nav" not in told.get("properties", "").split():
            known[told.get("id", "")] = normpath(join(dirname(manifest), unquote(told.get("href", "").partition("#")[0])))
    spine = [known[key] for each in SPINE.finditer(listing) if (key := each[1].decode("utf-8", "replace")) in known]
    held = set(package.names)
    ordered = [each for each in dict.fromkeys(spine) if each in held]
    return ordered or [each for each in package.names if each.lower().endswith((".xhtml", ".html", ".htm"))]
