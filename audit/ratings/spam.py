r"""Spam blacklists of wikis -> the flag `blacklisted`: it means spammed, not false, and enters no number. Pure.

One fragment of a regular expression per line; MediaWiki looks for it behind the scheme and a beginning of the host. Lines like
`\bhost\.tld\b` become hosts; others are compiled one by one. A page whose title names a whitelist takes out again.
"""

import re
from collections.abc import Iterator

from audit import patterns
from audit.editorial import BLACKLISTED, PATTERN, SPAM, WHITELISTED
from audit.errors import RatingsError
from audit.model import RatingRule
from audit.ratings import objects, wikipages
from audit.ratings.keys import host_and_path
from audit.ratings.listing import ListFacts, Listing, Tally, text_of
from audit.ratings.wikipages import Page

_PLAIN = re.compile(r"\\b((?:[\w-]|\\-)+(?:\\\.(?:[\w-]|\\-)+)+)(?:(?:\\?/)((?:[\w.~%-]|\\[./-]|/)*))?(?:\\b|\$)?", re.IGNORECASE)


LEAST_FRAGMENT = 4
"""Characters; a shorter fragment would stand in every other address."""


class SpamList:
    """Pages as the API answers them or as plain text, several joined; or the JSON of MediaWiki:BlockedExternalDomains.json."""

    kind = "spamlist"

    def read(self, body: bytes, *, facts: ListFacts) -> Listing:
        tally = Tally(facts)
        if text_of(body, facts.name).lstrip().startswith("["):
            found = [
                Page(
                    text=text_of(body, facts.name),
                    title="BlockedExternalDomains.json",
                    revision=facts.revision,
                    revised=facts.as_of,
                )
            ]
        else:
            found = wikipages.pages(body, facts=facts)
        for page in found:
            _read_page(page, tally)
        if not tally.rules:
            raise RatingsError(facts.name, "no line names a host: this is no spam blacklist")
        return tally.listing(
            revisions=tuple((page.title or facts.name, page.revision) for page in found if page.revision),
            as_of=max((page.revised for page in found if page.revised), default=facts.as_of),
            family=SPAM,
            licence=facts.licence,
            language=facts.language,
        )


def _read_page(page: Page, tally: Tally) -> None:
    title = (page.title or "").casefold()
    category = WHITELISTED if "whitelist" in title else BLACKLISTED
    if title.endswith(".json"):
        for domain in _blocked(page.text, tally):
            key = host_and_path(domain)
            if key is None:
                tally.bad("malformed", f"{domain[:80]!r} names no host")
            else:
                tally.rules.add(_rule(page, tally, category, key=key[0], path=key[1], entry=domain))
        return
    for number, line in enumerate(page.text.splitlines(), 1):
        fragment = line.partition("#")[0].strip()
        if fragment and not fragment.startswith(("<", "=", "{|", "|")):
            tally.counts["rows"] += 1
            _read_line(fragment, f"{page.title or 'line'} {number}", page, category, tally)


def _blocked(text: str, tally: Tally) -> Iterator[str]:
    for entry in objects.documents(text, tally.facts.name):
        tally.counts["rows"] += 1
        domain = entry.get("domain") if isinstance(entry, dict) else None
        if isinstance(domain, str):
            yield domain
        else:
            tally.bad("malformed", "an entry without `domain`")


def _read_line(fragment: str, where: str, page: Page, category: str, tally: Tally) -> None:
    if plain := _PLAIN.fullmatch(fragment):
        key = host_and_path(_unescaped(plain[1]) + ("/" + _unescaped(plain[2]) if plain[2] else ""))
        if key is not None:
            tally.rules.add(_rule(page, tally, category, key=key[0], path=key[1], entry=fragment))
            return
    if len(fragment) < LEAST_FRAGMENT or fragment.endswith("\\") or patterns.guarded(fragment) is None:
        tally.bad("rejected", f"{where}: {fragment[:80]!r} cannot be used safely")
        return
    tally.counts["patterns"] += 1
    tally.rules.add(_rule(page, tally, category, kind=PATTERN, key=fragment, entry=fragment))


def _unescaped(text: str) -> str:
    return re.sub(r"\\([./-])", r"\1", text)


def _rule(page: Page, tally: Tally, category: str, *, key: str, entry: str, kind: str = "host", path: str = "") -> RatingRule:
    facts = tally.facts
    return RatingRule(
        list_id=facts.name,
        family=SPAM,
        kind=kind,
        key=key,
        path=path,
        category=category,
        flags=frozenset({BLACKLISTED} if category == BLACKLISTED else ()),
        as_of=page.revised or facts.as_of,
        entry=entry,
        url=wikipages.address(facts.url, page.known_as("")),
        revision=page.revision or facts.revision,
        licence=facts.licence,
    )
