"""A page of Markdown: inline, reference and automatic links, footnotes, raw HTML; never what stands in code. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from audit import html
from audit.documents import addresses, given
from audit.documents.given import Given
from audit.model import Citation, Document, Place, Problem, Reference, Severity

KIND = "markdown"
MOST_CHARACTERS = 2_097_152
"""The longest page of prose has half of it; the parser takes a second for each."""

MOST_NESTING = 40
MOST_OPEN = 2_000
"""The parser looks from each open bracket to the end of its paragraph."""

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
DEFINITION = re.compile(r"^ {0,3}\[(?!\^)([^\]\n]{1,999})\]:[ \t]{0,99}\S", re.MULTILINE)
NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]{1,200})\]:", re.MULTILINE)
NOTE_USE = re.compile(r"(?<!\\)\[\^([^\]\s]{1,200})\](?!:)")
USE = re.compile(r"(?<!\\)\[[^\]\[\n]{1,500}\]\[([^\]\[\n]{1,500})\]")
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
TITLE = re.compile(r"^title:\s{0,9}[\"']?(.{1,500}?)[\"']?\s*$", re.MULTILINE)
SHORTCUTS = re.compile(r"^(?:\d|[!^@])")
"""Callouts and keys of other dialects stand in the same brackets, and so do indices of code that nobody marked."""


@dataclass(slots=True)
class _Seen:
    title: str | None = None
    loose: list[Citation] = field(default_factory=list)
    notes: dict[str, list[Citation]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


def read(source: Given) -> Document:
    """Every link of the page; a footnote is a reference."""
    text = source.written[:MOST_CHARACTERS]
    if text.count("[") - text.count("]") > MOST_OPEN:
        told = [given.damaged(f"more than {MOST_OPEN} brackets are never closed; its addresses were taken from the text")]
        return given.document(source, kind=KIND, citations=_plain(text), problems=told)
    front = FRONT_MATTER.match(text)
    body = "\n" * text.count("\n", 0, front.end()) + text[front.end() :] if front else text
    parser = MarkdownIt("commonmark", {"maxNesting": MOST_NESTING}).enable(["table", "strikethrough"]).use(footnote_plugin)
    environment: dict[str, object] = {}
    seen = _Seen()
    _walk(parser.parse(body, environment), seen)
    plain = _without_code(body)
    front_title = TITLE.search(front[1]) if front else None
    cut = (
        [given.damaged(f"only the first {MOST_CHARACTERS} characters were read")] if len(source.written) > MOST_CHARACTERS else []
    )
    return given.document(
        source,
        kind=KIND,
        title=front_title[1] if front_title else seen.title,
        references=_references(plain, seen),
        citations=seen.loose,
        problems=[*_unused(plain, environment), *cut],
    )


def _plain(text: str) -> Iterator[Citation]:
    for number, line in enumerate(text.split("\n"), 1):
        yield from (addresses.cited(each, line=number) for _, each in addresses.in_text(line))


def _walk(tokens: Sequence[Token], seen: _Seen) -> None:
    line, note = 1, None
    heading = False
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        if token.type == "footnote_open":
            note = str(token.meta.get("label") or f"inline {token.meta.get('id')}")
        elif token.type == "footnote_close":
            note = None
        elif token.type == "heading_open":
            heading = token.tag == "h1"
        elif token.type == "html_block":
            _put(seen, note, list(_raw(token.content, line)))
        elif token.type == "inline":
            if heading and seen.title is None:
                seen.title = (
                    "".join(each.content for each in token.children or () if each.type in {"text", "code_inline"})[:1_000] or None
                )
            heading = False
            _put(seen, note, list(_inline(token.children or (), line, note, seen)))


def _put(seen: _Seen, note: str | None, found: list[Citation]) -> None:
    if note is None:
        seen.loose += found
    else:
        seen.notes.setdefault(note, []).extend(found)


def _inline(tokens: Sequence[Token], line: int, note: str | None, seen: _Seen) -> Iterator[Citation]:
    place = Place.INLINE if note is None else Place.REFERENCE
    href, words, at = None, "", line
    for token in tokens:
        if token.type == "link_open":
            href, words, at = str(token.attrs.get("href") or ""), "", line
        elif token.type == "link_close":
            if href and _leads_away(href):
                yield addresses.cited(href, title=words, line=at, place=place)
            href = None
        elif token.type in {"softbreak", "hardbreak"}:
            line += 1
            words += " "
        elif token.type == "html_inline":
            yield from _raw(token.content, line)
        elif token.type in {"text", "code_inline"}:
            words += token.content
            if href is None and token.type == "text":
                yield from (addresses.cited(each, line=line, place=place) for _, each in addresses.in_text(token.content))
        elif token.type == "footnote_ref":
            seen.used.add(str(token.meta.get("label") or ""))


def _leads_away(address: str) -> bool:
    return addresses.is_web(address) or address.startswith("//")


def _raw(written: str, line: int) -> Iterator[Citation]:
    if "<a" in written.lower() or "cite=" in written.lower():
        found, _ = html.citing(written.encode("utf-8", "replace"))
        yield from (
            addresses.cited(each.address, title=each.text, line=line) for each in found.links if _leads_away(each.address)
        )


# ---- what is defined, and what is used


def _without_code(text: str) -> str:
    """The text with its code blanked, line for line."""
    kept, fence = [], ""
    for line in text.split("\n"):
        found = FENCE.match(line)
        if fence:
            fence = "" if found and found[1].startswith(fence) else fence
            kept.append("")
        elif found:
            fence = found[1]
            kept.append("")
        else:
            kept.append("" if line.startswith(("    ", "\t")) else CODE.sub(lambda code: " " * len(code[0]), line))
    return "\n".join(kept)


CODE = re.compile(r"(`{1,9})(?!`)[^`]{0,2000}\1")


def _references(plain: str, seen: _Seen) -> list[Reference]:
    """Footnotes in order of their first use, then those that nobody uses."""
    uses: dict[str, list[int]] = {}
    for found in NOTE_USE.finditer(plain):
        uses.setdefault(found[1], []).append(plain.count("\n", 0, found.start()) + 1 if len(uses) < 2_000 else 0)
    defined = {found[1]: plain.count("\n", 0, found.start()) + 1 for found in list(NOTE.finditer(plain))[:2_000]}
    names = dict.fromkeys([*uses, *defined, *seen.notes])
    return [
        Reference(
            position=number,
            name=name,
            defined=name in defined or name in seen.notes,
            uses=len(uses.get(name, ())) or (1 if name in seen.notes else 0),
            line=defined.get(name) or next(iter(uses.get(name, ())), None) or None,
            citations=tuple(seen.notes.get(name, ())),
        )
        for number, name in enumerate(names)
    ]


def _unused(plain: str, environment: dict[str, object]) -> Iterator[Problem]:
    known = environment.get("references")
    labels = {_label(each) for each in known} if isinstance(known, dict) else set()
    used = {_label(found[1]) for found in USE.finditer(plain)}
    brackets = {_label(found[1]) for found in SHORTCUT.finditer(plain)} | used
    for found in list(DEFINITION.finditer(plain))[:2_000]:
        if _label(found[1]) in labels and _label(found[1]) not in brackets:
            yield _problem("unused-reference", f'the link "{found[1]}" is defined and never used', plain, found.start())
    for found in list(USE.finditer(plain))[:2_000]:
        if _label(found[1]) not in labels and not SHORTCUTS.match(found[1]):
            yield _problem("undefined-reference", f'the link "{found[1]}" is used and never defined', plain, found.start())
    noted = {each[1] for each in NOTE_USE.finditer(plain)}
    for found in list(NOTE.finditer(plain))[:2_000]:
        if found[1] not in noted:
            yield _problem("unused-reference", f'the footnote "{found[1]}" is defined and never used', plain, found.start())


SHORTCUT = re.compile(r"(?<!\\)\[([^\]\[\n]{1,500})\](?!:)")


def _label(written: str) -> str:
    return " ".join(written.split()).casefold()


def _problem(code: str, detail: str, text: str, at: int) -> Problem:
    return Problem(code=code, detail=detail, severity=Severity.WARNING, line=text.count("\n", 0, at) + 1)
