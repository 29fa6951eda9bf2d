"""A citation where it stands, and a finding about it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from audit import citing
from audit.model import ArchiveUrl, Citation, Document, Finding, Reference, Severity, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A citation where it stands, with what its archive address says."""

    document: Document
    reference: Reference | None
    citation: Citation
    copy: ArchiveUrl | None
    judged_at: datetime

    @property
    def side(self) -> Side | None:
        return self.citation.side or (self.reference.side if self.reference else None)

    @property
    def in_wikitext(self) -> bool:
        return self.reference is None or self.reference.in_wikitext


def finding(cited: Cited, code: str, severity: Severity, detail: str, advice: str | None = None) -> Finding:
    """A finding about a citation, at its place."""
    reference, citation = cited.reference, cited.citation
    return Finding(
        code=code,
        severity=severity,
        detail=detail,
        advice=advice,
        url=citation.url,
        citation=citation.position,
        reference=reference.position if reference else None,
        reference_name=reference.name if reference else None,
        line=citation.line or (reference.line if reference else None),
        side=cited.side,
    )


def every(document: Document, *, now: datetime) -> Iterator[Cited]:
    """Each citation with the reference it stands in."""
    judged_at = document.revised_at or now
    for reference in document.references:
        for citation in reference.citations:
            yield Cited(
                document=document, reference=reference, citation=citation, copy=citing.archive_copy(citation), judged_at=judged_at
            )
    for citation in document.citations:
        yield Cited(document=document, reference=None, citation=citation, copy=citing.archive_copy(citation), judged_at=judged_at)
