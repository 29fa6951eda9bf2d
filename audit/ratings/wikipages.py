"""Pages of a wiki as bytes: answers of the MediaWiki API, several joined, or plain wikitext. Pure."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from audit import templates
from audit.errors import RatingsError
from audit.ratings.listing import ListFacts, text_of

MOST_ANSWERS = 10_000
_LITERAL = ("nowiki", "pre", "syntaxhighlight", "source")
_OPENING = re.compile(rf"<!--|<({'|'.join(_LITERAL)})\b[^<>]{{0,200}}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,200}>")
_LINK = re.compile(r"\[\[(?:[^\[\]|]{0,300}\|)?([^\[\]|]{0,300})\]\]")
_EXTERNAL = re.compile(r"\[(?:https?:)?//\S{1,500}\s([^\[\]]{0,300})\]")
_MARKS = re.compile(r"'{2,5}")
_CLOSINGS = {"": re.compile("-->")} | {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in _LITERAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. Title, revision and day are None where the bytes do not tell them; a file's name is no title that a wiki knows."""

    text: str
    title: str | None = None
    revision: str | None = None
    revised: date | None = None

    def known_as(self, otherwise: str) -> str:
        """The title that leads to it on its wiki."""
        return self.title if self.title and self.revision else otherwise


def pages(body: bytes, *, facts: ListFacts) -> list[Page]:
    """The pages that some bytes hold, in order of their titles. Raises RatingsError for an answer that is an error."""
    text = text_of(body, facts.name)
    answers = list(_answers(text))
    if not answers:
        return [Page(text=text, revision=facts.revision, revised=facts.as_of)]
    found = {(page.title, page.revision): page for answer in answers for page in _pages(answer, facts.name)}
    if not found:
        raise RatingsError(facts.name, "the wiki's answer holds no page with text")
    return sorted(found.values(), key=lambda page: (page.title or "", page.revision or ""))


def _answers(text: str) -> Iterator[Any]:
    """JSON documents, one behind the other; nothing when the text is no JSON."""
    decoder, at = json.JSONDecoder(), 0
    for _ in range(MOST_ANSWERS):
        at += len(text[at : at + 64]) - len(text[at : at + 64].lstrip())
        if text[at : at + 1] not in {"{", "["}:
            return
        try:
            answer, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        if isinstance(answer, list):
            yield from answer
        else:
            yield answer


def _pages(answer: Any, name: str) -> Iterator[Page]:
    if not isinstance(answer, dict):
        return
    if error := answer.get("error"):
        code = error.get("code") if isinstance(error, dict) else error
        raise RatingsError(name, f"the wiki answered with an error ({str(code)[:100]})")
    query = answer.get("query")
    held = query.get("pages") if isinstance(query, dict) else None
    for page in held.values() if isinstance(held, dict) else held if isinstance(held, list) else ():
        if isinstance(page, dict) and isinstance(page.get("revisions"), list) and page["revisions"]:
            yield from _page(page, page["revisions"][0])


def _page(page: dict[str, Any], revision: Any) -> Iterator[Page]:
    """The newest revision of a page, in the form of today (slots) or of before."""
    if not isinstance(revision, dict):
        return
    slots = revision.get("slots")
    main = slots.get("main") if isinstance(slots, dict) else revision
    text = (
        next((main[key] for key in ("content", "*") if isinstance(main.get(key), str)), None) if isinstance(main, dict) else None
    )
    if text is not None:
        number = revision.get("revid")
        yield Page(
            text=text,
            title=str(page["title"]) if "title" in page else None,
            revision=None if number is None else str(number),
            revised=_day(revision.get("timestamp")),
        )


def _day(timestamp: Any) -> date | None:
    try:
        return date.fromisoformat(str(timestamp)[:10])
    except ValueError:
        return None


def visible(text: str) -> str:
    """Wikitext without comments and what is shown literally. An open comment reaches to the end, an open tag hides nothing.

    >>> visible("a<!-- {{b}} -->c<nowiki>{{d}}</nowiki>e<nowiki/><pre class=x>{{f}}</pre>")
    'ace'
    """
    kept: list[str] = []
    at = 0
    unclosed: set[str] = set()
    while opening := _OPENING.search(text, at):
        kept.append(text[at : opening.start()])
        name = (opening[1] or "").lower()
        bare = opening[0].endswith("/>") or name in unclosed
        end = None if bare else _CLOSINGS[name].search(text, opening.end())
        if end is None and not name:
            return "".join(kept)
        if end is None and not bare:
            unclosed.add(name)
        at = end.end() if end else opening.end()
    return "".join((*kept, text[at:]))


def without_templates(text: str) -> str:
    """The text between templates.

    >>> without_templates("a {{b|{{c}}}}d")
    'a d'
    """
    kept, at = [], 0
    for each in templates.templates(text)[0]:
        if each.start >= at:
            kept.append(text[at : each.start])
            at = each.end
    return "".join((*kept, text[at:]))


def prose(text: str) -> str:
    """Wikitext as a reader sees it, in one line; templates are to be cut out before.

    >>> prose("''[[Example Times|The Times]]'' (2013&#45;2018)<br>")
    'The Times (2013-2018)'
    """
    text = _EXTERNAL.sub(r"\1", _LINK.sub(r"\1", text[:2_000]))
    return " ".join(html.unescape(_TAG.sub(" ", _MARKS.sub("", text))).split())


def address(base: str | None, title: str | None, fragment: str | None = None) -> str | None:
    """Where a page, and a row of it, can be read.

    >>> address("https://wiki.example/wiki/", "A page/1", "The Row")
    'https://wiki.example/wiki/A_page/1#The_Row'
    """
    if base is None:
        return None
    page = base + quote(title.replace(" ", "_"), safe="/:()',") if title else base
    return f"{page}#{quote(fragment.replace(' ', '_'), safe=_FRAGMENT)}" if fragment else page


_FRAGMENT = "/:()',-."
