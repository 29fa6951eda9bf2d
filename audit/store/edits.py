"""What an edit did to the references of a diff, as counts. Pure."""

from collections.abc import Iterator, Mapping

from audit import citing
from audit.model import Document, LinkState, Reference, Row, Side

LOST = {LinkState.DEAD, LinkState.USURPED, LinkState.DRIFTED}


def edit(document: Document) -> Row:
    """The counts of inputs.md 1.5; references are those that are defined.

    An address that stands anywhere on the new page was not removed, and one that stood anywhere on the old page was not added.
    """
    removed, added, kept = (_defined(document, side) for side in (Side.REMOVED, Side.ADDED, Side.KEPT))
    undefined = [each for each in document.references if not each.defined and each.side is Side.ADDED]
    urls = _urls(document)
    went, came = changed(document)
    return {
        "document": document.source,
        "removed_references": len(removed),
        "removed_archived": sum(map(_archived, removed)),
        "added_references": len(added),
        "added_archived": sum(map(_archived, added)),
        "undefined_names": len({(each.group, each.name) for each in undefined}),
        "undefined_places": sum(each.uses for each in undefined),
        "tags_removed": sum(problem.code == "tag-removed" for problem in document.problems),
        "sources_stayed": len(urls[Side.REMOVED] & urls[Side.ADDED]),
        "kept_references": sum(each.in_wikitext for each in kept),
        "urls_only_removed": len(went),
        "urls_only_added": len(came),
    }


def changed(document: Document) -> tuple[set[str], set[str]]:
    """The cited URLs that only the old page has, and those that only the new one has."""
    urls = _urls(document)
    return urls[Side.REMOVED] - urls[Side.ADDED] - urls[Side.KEPT], urls[Side.ADDED] - urls[Side.REMOVED] - urls[Side.KEPT]


def effect(document: Document, states: Mapping[str, LinkState]) -> Row:
    """How many of the URLs that went and that came are judged, and how many of those no longer work."""
    counts: dict[str, int] = {}
    for name, some in zip(("removed", "added"), changed(document), strict=True):
        known = [state for url in some if (state := states.get(url, LinkState.UNKNOWN)) is not LinkState.UNKNOWN]
        counts |= {f"{name}_judged": len(known), f"{name}_lost": sum(state in LOST for state in known)}
    return counts


def _urls(document: Document) -> dict[Side | None, set[str]]:
    urls: dict[Side | None, set[str]] = {side: set() for side in (*Side, None)}
    for side, url in _cited(document):
        urls[side].add(url)
    return urls


def _defined(document: Document, side: Side) -> list[Reference]:
    return [each for each in document.references if each.defined and each.side is side]


def _archived(reference: Reference) -> bool:
    return any(citation.archive_url or citing.archive_copy(citation) for citation in reference.citations)


def _cited(document: Document) -> Iterator[tuple[Side | None, str]]:
    for side, citation in document.sided_citations():
        if resource := citing.resource(citation):
            yield side, resource.url
