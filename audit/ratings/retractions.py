"""The Retraction Watch database -> rules by DOI: findings on citations, never a score of a publisher. Pure."""

import re
from datetime import date

from audit.editorial import RETRACTIONS, normal_doi
from audit.errors import RatingsError
from audit.model import RatingRule
from audit.ratings import tables
from audit.ratings.listing import ListFacts, Listing, Tally
from audit.ratings.tables import Row

URL = "https://gitlab.com/crossref/retraction-watch-data"
NATURES = {
    "retraction": "Retraction",
    "expression of concern": "Expression of concern",
    "correction": "Correction",
    "reinstatement": "Reinstatement",
}
ABSENT = {"", "0", "unavailable", "n/a", "none", "null"}
REQUIRED = (("record id",), ("originalpaperdoi",), ("retractionnature",), ("retractiondate",), ("retractiondoi",))
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s.*)?")


class RetractionWatch:
    """The file of the Crossref repository: 20 columns and a trailing comma; each row names a paper and a notice about it."""

    kind = "retractionwatch"

    def read(self, body: bytes, *, facts: ListFacts) -> Listing:
        _, rows = tables.read(
            body, facts=facts, delimiter=",", required=REQUIRED, encodings=("utf-8-sig", "latin-1"), remarks=False
        )
        tally = Tally(facts)
        newest: dict[str, tuple[date, str, RatingRule]] = {}
        for row in rows:
            read = _read_row(row, tally)
            if read and (read.key not in newest or _rank(read, row) > newest[read.key][:2]):
                newest[read.key] = (*_rank(read, row), read)
        tally.rules.update(rule for _, _, rule in newest.values() if rule.category in {"Retraction", "Expression of concern"})
        tally.counts["cleared"] = sum(rule.category == "Reinstatement" for _, _, rule in newest.values())
        if not newest:
            raise RatingsError(facts.name, "no row names a paper by DOI")
        return tally.listing(as_of=facts.as_of, family=RETRACTIONS, licence=facts.licence, language=None)


def _rank(rule: RatingRule, row: Row) -> tuple[date, str]:
    """The newest notice decides; of one day the one that was recorded last."""
    return rule.as_of or date.min, row.get("record id").rjust(12, "0")


def _read_row(row: Row, tally: Tally) -> RatingRule | None:
    tally.counts["rows"] += 1
    nature = NATURES.get(row.get("retractionnature").lower())
    day = _day(row.get("retractiondate"))
    if nature is None and row.get("retractionnature"):
        tally.unknown_word(row.get("retractionnature"), f"line {row.line}")
        return None
    if nature is None or day is None:
        tally.bad("malformed", f"line {row.line}: {'no nature' if nature is None else 'no date of the notice'}")
        return None
    written = row.get("originalpaperdoi")
    if written.lower() in ABSENT:
        tally.counts["without_doi"] += 1
        return None
    doi = normal_doi(written)
    if doi is None:
        tally.bad("rejected", f"line {row.line}: {written[:80]!r} is no DOI")
        return None
    notice = normal_doi(row.get("retractiondoi"))
    return RatingRule(
        list_id=tally.facts.name,
        family=RETRACTIONS,
        kind="doi",
        key=doi,
        excluded=(notice,) if notice and notice != doi else (),
        category=nature,
        as_of=day,
        entry=f"record {row.get('record id')}",
        url=f"https://doi.org/{notice}" if notice else tally.facts.url or URL,
        revision=tally.facts.revision,
        licence=tally.facts.licence,
    )


def _day(text: str) -> date | None:
    """Month first with a time, or ISO."""
    found = _DAY.fullmatch(text)
    try:
        return date(int(found[3]), int(found[1]), int(found[2])) if found else date.fromisoformat(text[:10])
    except ValueError:
        return None
