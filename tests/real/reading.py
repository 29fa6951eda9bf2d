"""What we read of a page, held against what MediaWiki shows of it."""

import re
from collections import Counter
from collections.abc import Iterator

from audit.documents import wikitext_page
from audit.links import trimmed
from audit.model import Document
from tests.real.mediawiki import Rendered

UNSAFE = frozenset('"<>[\\]^{|}` ')
ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
KEPT = {"path": frozenset("#%/?"), "query": frozenset("#%&=+;"), "fragment": frozenset("#%")}


def folded(url: str) -> str:
    """An address as MediaWiki writes it into a page: the form for comparing, never for fetching (inputs.md, 2.4)."""
    encoded = "".join(
        char
        if 0x20 < ord(char) < 0x7F and char not in UNSAFE
        else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))
        for char in url
    )
    head, mark, fragment = encoded.partition("#")
    path, question, query = head.partition("?")
    return _decoded(path, "path") + question + _decoded(query, "query") + mark + _decoded(fragment, "fragment")


def _decoded(text: str, part: str) -> str:
    def character(found: re.Match[str]) -> str:
        char = chr(int(found[1], 16))
        plain = 0x20 < ord(char) < 0x7F and char not in UNSAFE and char not in KEPT[part]
        return char if plain else found[0].upper()

    return ESCAPE.sub(character, text)


def addresses(document: Document) -> Iterator[str]:
    for citation in document.every_citation():
        for url in (citation.url, citation.archive_url):
            if url:
                yield url
                yield trimmed(url.split()[0] if url.split() else url)


def differences(text: str, shown: Rendered, *, language: str) -> list[str]:
    """What MediaWiki shows and we do not. Footnotes by templates are left out: the wiki of the tests has none of those."""
    document = wikitext_page.read("page", text, language=language)
    own = [each for each in document.references if each.rendered and each.template is None]
    ours, theirs = Counter(each.group or "" for each in own), Counter(shown.per_group())
    found = []
    if ours != theirs:
        found.append(f"entries: ours {dict(ours)}, shown {dict(theirs)}")
    undefined = {" ".join((each.name or "").split()) for each in own if not each.defined}
    if undefined != set(shown.undefined):
        found.append(f"undefined: ours {sorted(undefined)}, shown {sorted(shown.undefined)}")
    known = {folded(url) for url in addresses(document)}
    if any("Closing </ref> missing" in each or "included" in each for each in shown.errors):
        return found  # what a missing tag tore apart is shown as it fell
    missing = [url for url in shown.links if folded(url) not in known]
    if missing:
        found.append(f"links missing: {missing}; ours {sorted(known)}")
    return found
