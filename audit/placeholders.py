"""Pages that stand where a site was: default server pages, hosting notices, suspended accounts, expired domains. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from audit import data, similarity
from audit.model import Evidence, Fetch
from audit.walls import title_parts

STRENGTH = 0.8


def _rule(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "title": frozenset(similarity.fold(each) for each in row.get("title", ())),
        "body": tuple(similarity.fold(each) for each in row.get("body", ())),
    }


_BUILT_IN = tuple(map(_rule, data.table("placeholders")["placeholder"]))
_rules = _BUILT_IN
MOST_WORDS = max(rule["most_words"] for rule in _BUILT_IN)
LEAD = 600
"""A notice speaks first: its sentence stands at the start of the text."""


def use(rows: Iterable[Mapping[str, Any]] = ()) -> None:
    """Ask these rows first, before those that are built in, for the rest of this process; of the form of placeholders.toml."""
    global _rules  # noqa: PLW0603 - one configuration per process, read once
    _rules = (*map(_rule, rows), *_BUILT_IN)


def placeholder(fetch: Fetch) -> tuple[str, Evidence] | None:
    """(reason, evidence) when a short page is a notice in place of a site, whatever its status."""
    words = fetch.word_count or 0
    if words > MOST_WORDS:
        return None
    whole = {similarity.fold(title) for title in (fetch.title, fetch.h1) if title}
    parts = whole | {part for title in (fetch.title, fetch.h1) for part in title_parts(title)}
    lead = similarity.fold((fetch.sample or "")[:LEAD])
    path = urlsplit(fetch.final_url or "").path.lower() if fetch.hops else ""
    for rule in _rules:
        if words > rule["most_words"]:
            continue
        shown = (
            {similarity.fold(fetch.title or fetch.h1 or "")} if rule.get("by_title") else whole if rule.get("whole") else parts
        )
        if said := _says(rule, shown, lead, path):
            return rule["reason"], Evidence(rule=f"placeholder.{rule['reason']}", detail=said, strength=STRENGTH)
    return None


def _says(rule: dict[str, Any], shown: set[str], lead: str, path: str) -> str | None:
    if found := shown & rule["title"]:
        return f'title or heading says "{min(found, key=len)}"'
    if sentence := next((each for each in rule["body"] if each in lead), None):
        return f'the page says "{sentence}"'
    return f"the redirect leads to {path}" if path in rule.get("path", ()) else None
