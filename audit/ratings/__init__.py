"""Importers of rating lists: bytes -> rules and counts. Pure on bytes; they fail closed."""

from audit.errors import ConfigError, RatingsError
from audit.ratings.cite_unseen import CiteUnseen
from audit.ratings.listing import ListFacts, Listing, RatingList
from audit.ratings.numbers import Iffy, PrincipalComponent
from audit.ratings.objects import LiftWing, MediaBiasFactCheck
from audit.ratings.predatory import SourceDetector
from audit.ratings.retractions import RetractionWatch
from audit.ratings.rsp import PerennialSources
from audit.ratings.separated import CSV, TSV
from audit.ratings.spam import SpamList

__all__ = ["KINDS", "ListFacts", "Listing", "RatingList", "read", "shrunk"]

KINDS: tuple[RatingList, ...] = (
    PerennialSources(),
    CiteUnseen("citeunseen"),
    CiteUnseen("nppsg"),
    CSV,
    TSV,
    LiftWing(),
    SpamList(),
    PrincipalComponent(),
    MediaBiasFactCheck(),
    Iffy(),
    SourceDetector(),
    RetractionWatch(),
)

MOST_MALFORMED = 0.02
"""A share of bad rows beyond which the format has changed, not the luck."""

LEAST_KEPT = 0.80
"""A list that lost more than a fifth of its rules in a week was cut short, blanked or split."""


def read(kind: str, body: bytes, *, facts: ListFacts) -> Listing:
    """The list of that kind. Raises RatingsError for bytes that should not be taken over, ConfigError for an unknown kind."""
    reader = next((each for each in KINDS if each.kind == kind), None)
    if reader is None:
        raise ConfigError(f"{kind!r} is no kind of rating list; known: {', '.join(each.kind for each in KINDS)}")
    listing = reader.read(body, facts=facts)
    if not listing.rules:
        raise RatingsError(facts.name, "no rule could be read")
    rows, malformed = max(listing.counts["rows"], 1), listing.counts["malformed"]
    if malformed > MOST_MALFORMED * rows:
        first = f" ({listing.problems[0]})" if listing.problems else ""
        raise RatingsError(facts.name, f"{malformed} of {rows} rows are malformed: the format changed{first}")
    return listing


def shrunk(*, before: int, now: int) -> bool:
    """Whether a list lost so many rules that a person should look at it first."""
    return now < LEAST_KEPT * before
