"""A page of reStructuredText: references, targets, footnotes and citations. Pure: nothing is included, no raw text is taken."""

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import docutils.core
import docutils.nodes
import docutils.utils

from audit.documents import addresses, given
from audit.documents.given import Given
from audit.model import Citation, Document, Place, Problem, Reference, Severity

KIND = "rst"
MOST_CHARACTERS = 524_288
"""A long chapter; the parser takes ten seconds for a megabyte."""

MOST_INDENT = 200
MOST_LINE = 20_000
"""The parser gives up on a longer one."""

SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "report_level": 2,
    "halt_level": 5,
    "input_encoding": "unicode",
    "line_length_limit": MOST_LINE,
    "id_prefix": "",
    "syntax_highlight": "none",
    "smart_quotes": False,
    "doctitle_xform": True,
}
ROLE = re.compile(r":([a-z][\w:+.-]{0,60}):`", re.IGNORECASE)
DIRECTIVE = re.compile(r"^([ \t]*)\.\. ([\w:+.-]{1,60})::", re.MULTILINE)
KNOWN_DIRECTIVES = frozenset(
    [
        "attention",
        "caution",
        "danger",
        "error",
        "hint",
        "important",
        "note",
        "tip",
        "warning",
        "admonition",
        "image",
        "figure",
        "topic",
        "sidebar",
        "parsed-literal",
        "code",
        "math",
        "rubric",
        "epigraph",
        "highlights",
        "pull-quote",
        "compound",
        "container",
        "table",
        "csv-table",
        "list-table",
        "contents",
        "sectnum",
        "header",
        "footer",
        "target-notes",
        "footnotes",
        "citations",
        "meta",
        "replace",
        "unicode",
        "date",
        "class",
        "role",
        "default-role",
        "title",
        "line-block",
    ]
)
IDENTIFIERS = {"doi": "doi", "pmid": "pmid", "arxiv": "arxiv", "eprint": "arxiv", "hdl": "hdl"}
IDENTIFIER = re.compile(r":(doi|pmid|arxiv|eprint|hdl):`(?:[^`<]{0,500}<)?([^`<>]{1,500})>?`", re.IGNORECASE)
UNDEFINED = re.compile(r'(?:Unknown target name|Undefined substitution|Too many autonumbered): ?"?([^"]{0,200})"?', re.IGNORECASE)


def read(source: Given) -> Document:
    """Every link of the page; a footnote or citation is a reference."""
    text = source.written[:MOST_CHARACTERS]
    cut = (
        [given.damaged(f"only the first {MOST_CHARACTERS} characters were read")] if len(source.written) > MOST_CHARACTERS else []
    )
    if any(len(line) > MOST_LINE for line in text.split("\n")):
        told = [given.damaged(f"a line is longer than {MOST_LINE} characters; its addresses were taken from the text")]
        return given.document(source, kind=KIND, citations=_plain(text), problems=[*told, *cut])
    tamed = _tamed(text)
    try:
        tree: Any = docutils.core.publish_doctree(tamed, settings_overrides={**SETTINGS, "warning_stream": StringIO()})
    except Exception as fault:  # noqa: BLE001 - a parser of programs by many hands: what it cannot take is read as plain text
        problems = [
            given.damaged(f"not read as reStructuredText ({type(fault).__name__}); its addresses were taken from the text")
        ]
        return given.document(source, kind=KIND, citations=_plain(text), problems=problems)
    return given.document(
        source,
        kind=KIND,
        title=next((each.astext() for each in tree.findall(docutils.nodes.title)), None),
        references=list(_references(tree)),
        citations=[*_links(tree), *_identified(text)],
        problems=[*_undefined(tree), *cut],
    )


def _tamed(text: str) -> str:
    """The text with roles and directives of other programs (Sphinx has hundreds) as what any reader shows of them."""
    quiet = ROLE.sub("`", text)
    lines = quiet.split("\n")
    lines = [line if len(line) - len(line.lstrip()) <= MOST_INDENT else line.strip() for line in lines]
    return DIRECTIVE.sub(
        lambda found: found[0] if found[2].lower() in KNOWN_DIRECTIVES else f"{found[1]}.. container::", "\n".join(lines)
    )


def _plain(text: str) -> Iterator[Citation]:
    for number, line in enumerate(text.split("\n"), 1):
        yield from (addresses.cited(each, line=number) for _, each in addresses.in_text(line))


def _line(node: Any) -> int | None:
    while node is not None:
        if getattr(node, "line", None):
            return int(node.line)
        node = node.parent
    return None


def _note_of(node: Any) -> Any:
    while node is not None:
        if isinstance(node, docutils.nodes.footnote | docutils.nodes.citation):
            return node
        node = node.parent
    return None


def _links(tree: Any) -> Iterator[Citation]:
    for node in tree.findall(docutils.nodes.reference):
        if _note_of(node) is None and (found := _link(node, Place.INLINE)):
            yield found
    named = {node.get("refuri") for node in tree.findall(docutils.nodes.reference)}
    for node in tree.findall(docutils.nodes.target):
        address = node.get("refuri")
        if addresses.is_web(address) and address not in named:
            yield addresses.cited(address, title=" ".join(node.get("names", ())), line=_line(node), place=Place.GENERAL)


def _link(node: Any, place: Place) -> Citation | None:
    address = node.get("refuri")
    return addresses.cited(address, title=node.astext(), line=_line(node), place=place) if addresses.is_web(address) else None


def _references(tree: Any) -> Iterator[Reference]:
    uses: dict[str, int] = {}
    for mark in (docutils.nodes.footnote_reference, docutils.nodes.citation_reference):
        for node in tree.findall(mark):
            uses[str(node.get("refid"))] = uses.get(str(node.get("refid")), 0) + 1
    for kind in (docutils.nodes.footnote, docutils.nodes.citation):
        for node in tree.findall(kind):
            label = next((each.astext() for each in node.findall(docutils.nodes.label)), None)
            inner = (_link(each, Place.REFERENCE) for each in node.findall(docutils.nodes.reference))
            used = sum(uses.get(identity, 0) for identity in node.get("ids", ()))
            yield Reference(
                position=0,
                name=label,
                uses=used,
                line=_line(node),
                body=node.astext()[:4_000],
                citations=tuple(each for each in inner if each),
            )


def _identified(text: str) -> Iterator[Citation]:
    for found in IDENTIFIER.finditer(text):
        name = IDENTIFIERS[found[1].lower()]
        yield addresses.cited(None, line=text.count("\n", 0, found.start()) + 1, identifiers=((name, found[2].strip()),))


def _undefined(tree: Any) -> Iterator[Problem]:
    for node in list(tree.findall(docutils.nodes.system_message))[:1_000]:
        told = node.astext()
        found = UNDEFINED.search(told)
        line = node.get("line")
        if found:
            yield Problem(
                code="undefined-reference",
                detail=f'the name "{found[1]}" is used and never defined',
                severity=Severity.WARNING,
                line=line,
            )
        elif "is not referenced" in told:
            yield Problem(code="unused-reference", detail=told.splitlines()[-1][:200], line=line)
