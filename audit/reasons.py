"""Why a publisher's score is what it is: sentences made from numbers, the weightiest first. Pure.

Facts are counts, and what a list says is said with the list's name, its date and its revision. A refusal is never a loss.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit.model import RatedBy, Reason

FEW_LINKS, YOUNG_YEARS = 5, 2.0
MOST_LISTS = 5
"""So many lists are quoted; the view of ratings holds all."""
OLD_YEARS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was counted of a publisher, as far as reasons tell of it. `lost_held` and `lost_known` are about its lost links."""

    links: int
    resolved: int
    lost: int
    kinds: tuple[tuple[str, int], ...] = ()
    median_age: float | None = None
    refused: int = 0
    assumed: int = 0
    proxies: int = 0
    held: int = 0
    verified: int = 0
    asked: int = 0
    lost_held: int = 0
    lost_known: int = 0
    rated: int = 0
    lists: tuple[RatedBy, ...] = ()
    notes: frozenset[str] = frozenset()
    mixed: bool = False
    disputed: bool = False
    sections: tuple[str, float, str, float] | None = None


def reasons(counts: Counts, *, points: Mapping[str, float], year: int) -> tuple[Reason, ...]:
    """Every reason with the points that stand at stake, the weightiest first; `points` names the axes."""
    made = [each for part in PARTS for each in part(counts, points, year)]
    return tuple(sorted(made, key=lambda each: -each.points))


def _losses(counts: Counts, points: Mapping[str, float], year: int) -> Iterator[Reason]:  # noqa: ARG001 - one shape for all parts
    if not counts.resolved:
        text = "none of its links has a known fate: what is shown is what the other publishers say"
        yield _reason("prior-only", text, links=counts.links)
        return
    named = ", ".join(f"{count} {kind}" for kind, count in counts.kinds)
    aged = "" if counts.median_age is None else f"; median age {counts.median_age:.1f} years"
    text = f"{counts.lost} of {counts.resolved} resolved links no longer work{f' ({named})' if named else ''}{aged}"
    numbers = {"lost": counts.lost, "resolved": counts.resolved, "kinds": dict(counts.kinds), "median_age": counts.median_age}
    yield _reason("links-lost", text, points.get("durability", 0.0), **numbers)
    if counts.resolved < FEW_LINKS:
        yield _reason(
            "few-links", f"only {_links(counts.resolved)} of known fate: the interval is wide", resolved=counts.resolved
        )
    if counts.median_age is not None and counts.median_age < YOUNG_YEARS:
        text = f"its links are young (median {counts.median_age:.1f} years): the interval is wide"
        yield _reason("links-young", text, median_age=counts.median_age)


def _gaps(counts: Counts, points: Mapping[str, float], year: int) -> Iterator[Reason]:  # noqa: ARG001
    unresolved = counts.links - counts.resolved
    if unresolved:
        text = f"{unresolved} of {counts.links} have no known fate" + (
            f" ({counts.refused} refused us)" if counts.refused else ""
        )
        yield _reason("unknown-share", text, unresolved=unresolved, links=counts.links, refused=counts.refused)
    if counts.assumed:
        text = f"the age of {_links(counts.assumed)} is assumed: no date tells when they were first cited"
        yield _reason("age-assumed", text, links=counts.assumed)
    if counts.proxies:
        text = f"the age of {_links(counts.proxies)} is counted from the date of what is cited: no access date tells more"
        yield _reason("entry-proxy", text, links=counts.proxies)
    if counts.sections:
        worse, low, better, high = counts.sections
        text = f"links under {worse} die sooner than those under {better} (five-year survival {low:.2f} against {high:.2f})"
        yield _reason("section-differs", text, worse=worse, better=better, low=low, high=high)


def _archives(counts: Counts, points: Mapping[str, float], year: int) -> Iterator[Reason]:  # noqa: ARG001
    weight = points.get("archive", 0.0)
    if not counts.asked:
        yield _reason(
            "archive-unchecked", "archives have not been asked: the score rests on live links alone", links=counts.links
        )
        return
    if counts.lost_known:
        held, known, what = counts.lost_held, counts.lost_known, "lost links whose archive standing is known"
    else:
        held, known, what = counts.held, counts.asked, "cited URLs whose archive standing is known"
    text = f"{held} of {known} {what} have a usable copy"
    if counts.verified:
        text += f" ({counts.verified} of all copies were opened and show the page)"
    numbers = {"held": held, "known": known, "verified": counts.verified, "asked": counts.asked}
    yield _reason("archive-covers" if 2 * held >= known else "archive-misses", text, weight, **numbers)


def _rated(counts: Counts, points: Mapping[str, float], year: int) -> Iterator[Reason]:
    weight = points.get("editorial", 0.0)
    for each in counts.lists[:MOST_LISTS]:
        yield _reason("rated", quoted(each), weight, list=each.list_id, word=each.word, revision=each.revision)
        if each.as_of and year - each.as_of.year > OLD_YEARS:
            text = f"{each.list_id} last discussed it in {each.as_of.year}: its age widens the interval"
            yield _reason("rating-old", text, list=each.list_id, year=each.as_of.year)
    if 0 < counts.rated < counts.links:
        text = f"{counts.rated} of {counts.links} links are reached by a rating; the others are unrated"
        yield _reason("rating-scope", text, rated=counts.rated, links=counts.links)
    if counts.mixed:
        yield _reason("rating-mixed", "the rows that apply differ; all of them are shown", lists=len(counts.lists))
    if counts.disputed:
        yield _reason("rating-disputed", "independent lists differ by more than their own uncertainty", lists=len(counts.lists))
    for note, (code, text) in NOTES.items():
        if note in counts.notes:
            yield _reason(code, text)
    if not counts.rated and not counts.lists:
        yield _reason("unrated", UNRATED, links=counts.links)


UNRATED = "no loaded rating list names it: being unrated says nothing about it"
NOTES: Mapping[str, tuple[str, str]] = {
    "platform-level": ("rating-platform", "a rating of the platform it stands on (self-published pages) is shown as a note only"),
    "other-language": ("rating-other-language", "a list of another language community rates it; it stays out of the number"),
    "suppressed": ("rating-suppressed", "what a list says of a private person's page is not shown"),
    "override": ("override", "a person corrected what acts here; the untouched value stays in the record"),
}


def _caps(counts: Counts, points: Mapping[str, float], year: int) -> Iterator[Reason]:  # noqa: ARG001
    for cap, (code, word) in CAPS.items():
        if cap in points:
            text = f"all ratings that apply say {word}: the score is cut by {points[cap]:.0f} points"
            yield _reason(code, text, points[cap], points=round(points[cap], 1))


CAPS: Mapping[str, tuple[str, str]] = {
    "blacklisted": ("capped-blacklisted", '"blacklisted"'),
    "d": ("capped-deprecated", '"deprecated"'),
}

PARTS = (_losses, _archives, _rated, _caps, _gaps)
"""In the order of print where as many points stand at stake."""


def _links(count: int) -> str:
    return f"{count} link{'' if count == 1 else 's'}"


def _reason(code: str, text: str, points: float = 0.0, /, **numbers: Any) -> Reason:
    return Reason(code=code, numbers=numbers, text=text, points=round(points, 2))


def quoted(by: RatedBy) -> str:
    """What a list says, with its name, its date, its revision and its licence: never a word of ours.

    >>> quoted(RatedBy(list_id="a list", family="user", category="gu", word="generally unreliable", revision="1234"))
    'rated "generally unreliable" by a list (revision 1234); that is a view about citing it there, not about any article'
    """
    known = (
        f"last discussed {by.as_of.year}" if by.as_of else None,
        f"revision {by.revision}" if by.revision else None,
        by.licence,
    )
    where = ", ".join(each for each in known if each)
    named = f"{by.list_id}, entry {by.entry}" if by.entry else by.list_id
    return f'rated "{by.word}" by {named} ({where or "undated"}); that is a view about citing it there, not about any article'


def lists_of(every: Iterable[Sequence[RatedBy]]) -> tuple[RatedBy, ...]:
    """The rows of all links of a publisher, each once, in a fixed order."""
    return tuple(sorted({each for some in every for each in some}, key=repr))
