"""A feed (RSS, Atom, RDF): the link of each entry, what it is taken from, and the links of its text. Pure."""

from collections.abc import Iterator
from typing import Any

import feedparser

from audit import html
from audit.dates import cited_date
from audit.documents import addresses, given
from audit.documents.given import Given
from audit.model import Citation, Document, Place

KIND = "feed"
MOST_ENTRIES = 20_000
DECLARED = (b"<!ENTITY", b"<!entity")


def read(source: Given) -> Document:
    """Every entry of the feed; a feed that is broken is read as far as it goes."""
    body = source.body
    for mark in DECLARED:
        body = body.replace(mark, b"<!IGNORED")  # no feed needs entities of its own, and bombs are made of them
    told: Any = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    citations = [each for entry in told.entries[:MOST_ENTRIES] for each in _entry(entry)]
    return given.document(
        source,
        kind=KIND,
        title=told.feed.get("title") or None,
        language=str(told.feed.get("language") or "").partition("-")[0].lower() or None,
        citations=citations,
        problems=[given.damaged(f"the feed is broken ({str(told.get('bozo_exception'))[:100]})")]
        if told.bozo and _is_broken(told)
        else [],
    )


def _is_broken(told: Any) -> bool:
    """A wrong label of a character set breaks nothing."""
    return not isinstance(told.get("bozo_exception"), feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType)


def _entry(entry: Any) -> Iterator[Citation]:
    title, date = entry.get("title"), entry.get("published") or entry.get("updated")
    published = cited_date(str(date)) if date else None
    seen: set[str] = set()
    own = entry.get("link")
    source = entry.get("source") if isinstance(entry.get("source"), dict) else {}
    held = (
        (own, title),
        *(
            (link.get("href"), link.get("title"))
            for link in entry.get("links", ())
            if link.get("rel") in {"via", "related", "enclosure", "alternate"}
        ),
        (source.get("href"), source.get("title")),
    )
    for address, words in held:
        if addresses.is_web(address) and address not in seen:
            seen.add(address)
            yield addresses.cited(address, title=words, place=Place.GENERAL, published_date=published if address == own else None)
    written = [part.get("value", "") for part in entry.get("content", ())] or [entry.get("summary", "")]
    for part in written[:20]:
        found, _ = html.citing(str(part).encode("utf-8", "replace"))
        for link in found.links:
            if addresses.is_web(link.address) and link.address not in seen:
                seen.add(link.address)
                yield addresses.cited(link.address, title=link.text)
