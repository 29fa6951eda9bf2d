"""Lists of one value per domain: the first principal component of six rating sets, and the Iffy index. Pure."""

from audit.model import RatingRule
from audit.ratings import tables
from audit.ratings.keys import host_and_path
from audit.ratings.listing import ListFacts, Listing, Tally
from audit.ratings.tables import Row

IFFY = {"vl": "very-low", "l": "low", "m": "mixed", "very low": "very-low", "low": "low", "mixed": "mixed"}


class PrincipalComponent:
    """`domain,pc1` with values from 0 to 1. Other columns are imputed and never read as raters."""

    kind = "pc1"

    def read(self, body: bytes, *, facts: ListFacts) -> Listing:
        _, rows = tables.read(body, facts=facts, delimiter=",", required=(("domain",), ("pc1",)))
        tally = Tally(facts)
        for row in rows:
            _add(row, row.get("domain"), _share(row.get("pc1")), "consensus", tally)
        return tally.listing(
            as_of=facts.as_of, family=facts.family or "consensus", licence=facts.licence, language=facts.language
        )


class Iffy:
    """The Iffy index: a part of Media Bias/Fact Check, and of its family."""

    kind = "iffy"

    def read(self, body: bytes, *, facts: ListFacts) -> Listing:
        required = (("domain",), ("mbfc fact", "fact", "factual"))
        _, rows = tables.read(body, facts=facts, delimiter=",", required=required)
        tally = Tally(facts)
        for row in rows:
            written = row.get("mbfc fact", "fact", "factual")
            word = IFFY.get(written.lower())
            if written and word is None:
                tally.unknown_word(written, f"line {row.line}")
            _add(row, row.get("domain"), word, "mbfc", tally)
        return tally.listing(as_of=facts.as_of, family=facts.family or "mbfc", licence=facts.licence, language=facts.language)


def _share(text: str) -> str | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return f"{value:.6g}" if 0 <= value <= 1 else None


def _add(row: Row, written: str, category: str | None, family: str, tally: Tally) -> None:
    facts = tally.facts
    tally.counts["rows"] += 1
    key = host_and_path(written)
    if key is None or category is None:
        tally.bad(
            "malformed",
            f"line {row.line}: {'no host' if key is None else 'no value from 0 to 1' if family == 'consensus' else 'no level'}",
        )
        return
    tally.rules.add(
        RatingRule(
            list_id=facts.name,
            family=facts.family or family,
            key=key[0],
            path=key[1],
            category=category,
            language=facts.language,
            as_of=facts.as_of,
            entry=key[0],
            url=facts.url,
            revision=facts.revision,
            licence=facts.licence,
        )
    )
