"""Anybody's list as comma- or tab-separated values -> rules. Pure."""

from audit.model import RatingRule
from audit.ratings import tables
from audit.ratings.keys import host_and_path
from audit.ratings.listing import ListFacts, Listing, Tally
from audit.ratings.tables import Row

KEY_KINDS = {"host", "substring", "doi-prefix", "doi", "issn"}
WORDS = frozenset({"gr", "nc", "gu", "d", "m", "b", "mixed"})
"""Our words for what a list says; `map` of the configuration brings a list's own words to them."""


class Separated:
    """A header with `host` (or `domain`) and `category`, then one row per source."""

    def __init__(self, kind: str, delimiter: str) -> None:
        self.kind = kind
        self.delimiter = delimiter

    def read(self, body: bytes, *, facts: ListFacts) -> Listing:
        required = (("host", "domain", "issn", "doi-prefix", "doi"), ("category",))
        _, rows = tables.read(body, facts=facts, delimiter=self.delimiter, required=required)
        tally = Tally(facts)
        for row in rows:
            _read_row(row, tally)
        return tally.listing(
            as_of=facts.as_of, family=facts.family or f"user:{facts.name}", licence=facts.licence, language=facts.language
        )


def _read_row(row: Row, tally: Tally) -> None:
    facts = tally.facts
    tally.counts["rows"] += 1
    kind, key, path = _key(row)
    written = row.get("category")
    if not written or not key:
        tally.bad("malformed", f"line {row.line}: {'no category' if key else 'no host'}")
        return
    word = facts.words.get(written, facts.words.get(written.lower(), written.lower()))
    if word not in WORDS:
        tally.unknown_word(written, f"line {row.line}; add it to `map`")
        return
    days = {name: tables.day(row.get(name)) for name in ("valid_from", "valid_to", "as_of")}
    unread = [name for name, value in days.items() if value is None and row.get(name)]
    if unread:
        tally.bad("malformed", f"line {row.line}: {unread[0]} {row.get(unread[0])[:40]!r} is no date like 2024-05-31")
        return
    tally.rules.add(
        RatingRule(
            list_id=facts.name,
            family=facts.family or f"user:{facts.name}",
            kind=kind,
            key=key,
            path=path,
            category=word,
            flags=frozenset({"blacklisted"} if word == "b" else ()),
            topic=row.get("topic") or None,
            author=row.get("author") or None,
            language=facts.language,
            valid_from=days["valid_from"],
            valid_to=days["valid_to"],
            as_of=days["as_of"] or facts.as_of,
            entry=row.get("note") or f"{key}{path}",
            url=row.get("url") or facts.url,
            revision=facts.revision,
            licence=facts.licence,
        )
    )


def _key(row: Row) -> tuple[str, str, str]:
    """(kind of key, key, path) of a row; an empty key when it names nothing."""
    for column in ("issn", "doi-prefix", "doi"):
        if value := row.get(column):
            return column, _identifier(column, value), ""
    written, kind = row.get("host", "domain"), row.get("kind").lower() or "host"
    if kind not in KEY_KINDS:
        return kind, "", ""
    if kind != "host":
        return kind, _identifier(kind, written), ""
    found = host_and_path(written + ("/" + row.get("path").lstrip("/") if row.get("path") else ""))
    return (kind, *found) if found else (kind, "", "")


def _identifier(kind: str, value: str) -> str:
    if kind == "substring":
        return value
    text = value.lower().removeprefix("doi:").removeprefix("https://doi.org/").strip().rstrip("/")
    return text.replace("-", "") if kind == "issn" else text


CSV, TSV = Separated("csv", ","), Separated("tsv", "\t")
