"""What an edit did to the references of a diff, as counts. Pure."""

from collections.abc import Iterable

from audit import citing
from audit.model import Document, Reference, Row, Side


def edit(document: Document) -> Row:
    """The counts of inputs.md 1.5; references are those that are defined."""
    removed, added = (_defined(document, side) for side in (Side.REMOVED, Side.ADDED))
    undefined = [each for each in document.references if not each.defined]
    before, after = _urls(document, Side.REMOVED), _urls(document, Side.ADDED)
    return {
        "document": document.source,
        "removed_references": len(removed),
        "removed_archived": sum(map(_archived, removed)),
        "added_references": len(added),
        "added_archived": sum(map(_archived, added)),
        "undefined_names": len({(each.group, each.name) for each in undefined}),
        "undefined_places": sum(each.uses for each in undefined),
        "tags_removed": sum(problem.code == "tag-removed" for problem in document.problems),
        "sources_stayed": len(before & after),
        "urls_only_removed": len(before - after),
        "urls_only_added": len(after - before),
    }


def _defined(document: Document, side: Side) -> list[Reference]:
    return [each for each in document.references if each.defined and each.side is side]


def _archived(reference: Reference) -> bool:
    return any(citation.archive_url or citing.archive_copy(citation) for citation in reference.citations)


def _urls(document: Document, side: Side) -> set[str]:
    return set(_resources(each for each in document.references if each.side is side))


def _resources(references: Iterable[Reference]) -> Iterable[str]:
    for reference in references:
        for citation in reference.citations:
            if resource := citing.resource(citation):
                yield resource.url
