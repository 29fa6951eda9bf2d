"""What a reader is handed: the name of a source, its bytes, and its text where it has one. Pure."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath

from audit import html
from audit.errors import DocumentError
from audit.model import Citation, Document, Problem, Reference, Severity

SAVE_AS = "name a file of wikitext, a saved diff page or a list of web addresses"
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
MOST_CONTROLS = 0.01
"""A text holds next to no control characters; noise holds one in ten."""

PACKED = {".gz", ".bz2", ".zst"}
OLDER_THAN_UTF8 = {".bib", ".ris", ".tex", ".csv", ".tsv", ".bbl"}
"""Kinds that older programs wrote, and write, in the character set of their country."""

MOST_CITATIONS = 200_000
"""Of one document; English Wikipedia's largest has 3,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A source before anything is known of it. `text` is None for binary data; `magic` the file type its first bytes show."""

    name: str
    body: bytes
    text: str | None = None
    magic: str | None = None
    language: str | None = None

    @property
    def ending(self) -> str:
        """The ending of its name in lower case, without the one of its packing."""
        path = PurePath(self.name)
        path = path.with_suffix("") if path.suffix.lower() in PACKED else path
        return path.suffix.lower()

    @property
    def written(self) -> str:
        return self.text or ""


def opened(name: str, body: bytes, *, language: str | None = None) -> Given:
    """A source with its text, if it is a text. Raises DocumentError for one that is empty or noise."""
    if not body.strip(b" \t\r\n\0"):
        raise DocumentError(name, "is empty; save the source again")
    raw = Given(name=name, body=body, magic=html.magic(body), language=language)
    return raw if raw.magic else replace(raw, text=_text(raw))


def _text(raw: Given) -> str:
    text = _decoded(raw)
    if not text.strip():
        raise DocumentError(raw.name, "is empty; save the source again")
    controls = sum(unicodedata.category(each) == "Cc" and each not in "\t\n\r\f" for each in text[:4_096])
    if controls > MOST_CONTROLS * min(len(text), 4_096):
        raise DocumentError(raw.name, f"is binary data, not text; {SAVE_AS}")
    return lines(text)


def lines(text: str) -> str:
    """A text whose lines end as ours do."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(raw: Given) -> str:
    body = raw.body
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as fault:
        if fault.end >= len(body) - 3:
            return body[: fault.start].decode("utf-8")  # cut inside a character: the size limit, or a broken copy
        if raw.ending in OLDER_THAN_UTF8:
            return html.decoded(body, content_type=None)[0]
        raise DocumentError(
            raw.name, f"is binary data or text that is not UTF-8 (byte {fault.start}); save it as UTF-8, or {SAVE_AS}"
        ) from fault


# ---- what readers give back


def damaged(detail: str, *, line: int | None = None) -> Problem:
    """A part of a source that could not be read; what could be was."""
    return Problem(code="source-truncated", detail=detail, severity=Severity.WARNING, line=line)


def document(
    source: Given,
    *,
    kind: str,
    title: str | None = None,
    language: str | None = None,
    references: Iterable[Reference] = (),
    citations: Iterable[Citation] = (),
    problems: Iterable[Problem] = (),
) -> Document:
    """A document of what was found, numbered in reading order, those in references first."""
    entries: list[Reference] = []
    at = 0
    for entry in references:
        inner = tuple(replace(each, position=at + number) for number, each in enumerate(entry.citations))
        at += len(inner)
        entries.append(replace(entry, position=len(entries), citations=inner))
    loose = [replace(each, position=at + number) for number, each in enumerate(citations)]
    more = [damaged(f"more than {MOST_CITATIONS} citations; the rest is left out")] if len(loose) > MOST_CITATIONS else []
    return Document(
        source=source.name,
        kind=kind,
        title=title or PurePath(source.name).stem,
        language=source.language or language,
        references=tuple(entries),
        citations=tuple(loose[:MOST_CITATIONS]),
        problems=(*problems, *more),
    )
