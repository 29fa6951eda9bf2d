"""A page of wikitext. Pure."""

import re
from pathlib import PurePath

from audit.documents import compared, entries
from audit.model import Document

KIND = "wikitext"
MARKUP = re.compile(r"<ref[\s>/]|\{\{|\[\[|^==.+==\s*$|https?://|\[//", re.IGNORECASE | re.MULTILINE)


def recognises(text: str) -> bool:
    """Whether a text holds anything a wiki page cites with."""
    return bool(MARKUP.search(text))


def read(name: str, text: str, *, language: str | None = None) -> Document:
    """Every reference and every link of the page, in reading order."""
    place = entries.places(text)
    seen = entries.reading(text, place=place, language=language)
    gathered = entries.gathered(seen)
    behind = entries.tags_behind(seen)
    real = [entry for entry in gathered if not entries.is_void(entry)]
    numbers = entries.entry_numbers(real)
    found = [
        entries.tagged(entries.reference(entry, seen, place=place, position=at, number=numbers[at]), entry, behind)
        for at, entry in enumerate(real)
    ]
    references, citations = entries.numbered(found, seen.page.citations)
    problems = entries.problems(gathered, seen, place=place)
    return Document(
        source=name,
        kind=KIND,
        title=PurePath(name).stem,
        language=language,
        references=references,
        citations=citations,
        tags=tuple(entries.loose_tags(seen, lambda _: None, behind)),
        problems=(
            *problems,
            *compared.duplicates(references),
            *(entries.groups_without_list(gathered, seen) if seen.lists else ()),
        ),
    )
