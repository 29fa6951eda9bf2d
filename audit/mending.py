"""A source and what is known of its links -> the repairs of its text. Shell; sends at most the request that reads the page."""

from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from audit import gathering, repairs
from audit.errors import DocumentError
from audit.gathering import Gathered
from audit.model import Document
from audit.repairs import Original, Repairs
from audit.settings import Settings
from audit.sources import Source, Stream
from audit.store import reads
from audit.store.opening import Store
from audit.wiki.reading import Text, Unchanged

AUDIT_FIRST = "audit it first (`source-audit run`), so that its links are judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A document as audited, its text to the byte, and what to insert."""

    document: Document
    original: Original
    repairs: Repairs

    @property
    def text(self) -> str:
        return self.original.back(self.repairs.made)


async def mended(store: Store, name: str, *, settings: Settings, now: datetime) -> Mended:
    """The repairs of one source. Raises DocumentError when it cannot be read, was never audited or has changed since."""
    source = await _read(name, settings=settings)
    with store.read() as conn:
        document = next(reads.documents(conn, [source.source if isinstance(source, Text) else source.name]), None)
        findings = reads.findings_of(conn, document.source) if document else ()
    if document is None:
        raise DocumentError(name, f"is not in this database; {AUDIT_FIRST}")
    if document.kind != "wikitext":
        raise DocumentError(name, f"is a document of kind {document.kind}; only wikitext can be repaired")
    body = source.body if isinstance(source, Source) else source.text.encode("utf-8", "replace")
    if sha256(body).hexdigest() != document.sha256:
        raise DocumentError(name, f"has changed since it was audited; {AUDIT_FIRST}")
    original = repairs.original(_text(name, body))
    return Mended(
        document=document,
        original=original,
        repairs=repairs.repairs(document, text=original.text, findings=findings, now=now),
    )


def _text(name: str, body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise DocumentError(name, "is not UTF-8 to its end; save it as UTF-8 and audit it again") from fault


async def _read(name: str, *, settings: Settings) -> Source | Text:
    found: list[Gathered] = []
    async with aclosing(gathering.gathered([name], settings=settings, known=lambda _: {})) as sources:
        async for each in sources:
            found.append(each)
            if len(found) > 1:
                raise DocumentError(name, "is more than one document; name one file or page")
    if not found or isinstance(found[0], Unchanged):
        raise DocumentError(name, "holds no document")
    if isinstance(found[0], DocumentError):
        raise found[0]
    if isinstance(found[0], Stream):
        raise DocumentError(name, "is a dump or a packed file; only a page of wikitext can be repaired")
    return found[0]
