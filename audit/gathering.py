"""Sources -> what they hold: local ones and those on wikis, in one stream. Shell."""

import asyncio
import os
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import replace

from audit import documents, sources, wiki
from audit.errors import DocumentError
from audit.model import Document, Problem, Severity
from audit.settings import Documents, Settings
from audit.wiki.naming import PageNamed, meaning
from audit.wiki.reading import Known, Unchanged, Wanted

WATCHLIST_VARIABLE = "SOURCE_AUDIT_WATCHLIST_TOKEN"

Readable = sources.Source | sources.Stream | wiki.Text
Gathered = Readable | Unchanged | DocumentError


async def gathered(
    names: Iterable[str],
    *,
    settings: Settings,
    known: Known,
    stop: asyncio.Event | None = None,
    environment: Mapping[str, str] | None = None,
) -> AsyncGenerator[Gathered]:
    """Files first, then pages of wikis; what cannot be read is yielded as an error, and the others go on."""
    named = []
    for name in names:
        page = None if sources.is_local(name) else wiki.parse(name, sites=settings.wiki.sites)
        if page is not None:
            named.append(page)
            continue
        for source in sources.opened([name], max_bytes=settings.documents.max_bytes):
            yield source
    if not named:
        return
    token = (os.environ if environment is None else environment).get(WATCHLIST_VARIABLE)
    wanted = Wanted(namespaces=settings.documents.namespaces, watchlist_token=token)
    async with (
        wiki.Wire(settings.web, rules=settings.wiki, stop=stop) as wire,
        aclosing(wiki.texts(named, wire=wire, known=known, wanted=wanted)) as found,
    ):
        async for one in found:
            yield one


def source_name(name: str, *, settings: Settings) -> str:
    """Under which name a source is stored: a page of a known wiki as `enwiki:Title`, however it was written.

    >>> source_name("https://en.m.wikipedia.org/wiki/New_York", settings=Settings()), source_name("a.wiki", settings=Settings())
    ('enwiki:New York', 'a.wiki')
    """
    named = None if sources.is_local(name) else wiki.parse(name, sites=settings.wiki.sites)
    if named is None or named.wiki is None or not named.title:
        return name
    meant = meaning(named, site=wiki.Site(wiki=named.wiki))
    return f"{named.wiki}:{meant.title[:1].upper()}{meant.title[1:]}" if isinstance(meant, PageNamed) else name


def read(source: Readable, *, settings: Documents) -> Iterator[Document]:
    """The documents of a source, one after the other where it is read as it comes. Raises DocumentError."""
    if isinstance(source, wiki.Text):
        yield _of_wiki(source, settings=settings)
        return
    if isinstance(source, sources.Stream):
        streamed = documents.read_stream(source.name, source.opening, source.pieces, settings=settings)
        if streamed is not None:
            yield from streamed
            return
        source = source.whole(settings.max_bytes)
    for document in _documents(source, settings=settings):
        yield _cut(document, len(source.body)) if source.cut else document


def _documents(source: sources.Source, *, settings: Documents) -> tuple[Document, ...]:
    if source.before is not None:
        return (documents.read_pair(source.name, source.body, before=source.before, settings=settings),)
    return documents.read(source.name, source.body, settings=settings)


def _of_wiki(source: wiki.Text, *, settings: Documents) -> Document:
    body, cut = _limited(source.text, settings.max_bytes)
    before = None if source.before is None else _limited(source.before.text, settings.max_bytes)[0]
    document = replace(
        documents.read_wikitext(source.source, body, before=before, settings=settings, language=source.edition),
        title=source.title,
        language=source.language,
        revision=str(source.revision),
        wiki=source.wiki,
        revised_at=source.revised_at,
    )
    return _cut(document, settings.max_bytes) if cut else document


def _limited(text: str, most_bytes: int) -> tuple[str, bool]:
    """The first bytes as text, and whether there were more. Half a surrogate pair, which JSON can hold, becomes `?`."""
    raw = text.encode("utf-8", "replace")
    return raw[:most_bytes].decode("utf-8", "ignore"), len(raw) > most_bytes


def _cut(document: Document, size: int) -> Document:
    problem = Problem(code="source-truncated", detail=f"only the first {size} bytes were read", severity=Severity.WARNING)
    return replace(document, problems=(*document.problems, problem))
