"""Sources -> what they hold: local ones and those on wikis, in one stream. Shell."""

import os
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import replace

from audit import documents, sources, wiki
from audit.errors import DocumentError
from audit.model import Document, Problem, Severity
from audit.settings import Documents, Settings
from audit.wiki.reading import Known, Unchanged, Wanted

WATCHLIST_VARIABLE = "SOURCE_AUDIT_WATCHLIST_TOKEN"

Gathered = sources.Source | wiki.Text | Unchanged | DocumentError


async def gathered(
    names: Iterable[str], *, settings: Settings, known: Known, environment: Mapping[str, str] | None = None
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
        wiki.Wire(settings.web, rules=settings.wiki) as wire,
        aclosing(wiki.texts(named, wire=wire, known=known, wanted=wanted)) as found,
    ):
        async for one in found:
            yield one


def read(source: sources.Source | wiki.Text, *, settings: Documents) -> list[Document]:
    """The documents of a source. Raises DocumentError."""
    if isinstance(source, sources.Source):
        found = documents.read(source.name, source.body, settings=settings)
        return [_cut(document, len(source.body)) if source.cut else document for document in found]
    return [_of_wiki(source, settings=settings)]


def _of_wiki(source: wiki.Text, *, settings: Documents) -> Document:
    body, cut = _limited(source.text, settings.max_bytes)
    before = None if source.before is None else _limited(source.before.text, settings.max_bytes)[0]
    document = replace(
        documents.read_wikitext(source.source, body, before=before, settings=settings, language=source.language),
        title=source.title,
        revision=str(source.revision),
        wiki=source.wiki,
        revised_at=source.revised_at,
    )
    return _cut(document, settings.max_bytes) if cut else document


def _limited(text: str, most_bytes: int) -> tuple[str, bool]:
    raw = text.encode("utf-8", "replace")
    return (text, False) if len(raw) <= most_bytes else (raw[:most_bytes].decode("utf-8", "ignore"), True)


def _cut(document: Document, size: int) -> Document:
    problem = Problem(code="source-truncated", detail=f"only the first {size} bytes were read", severity=Severity.WARNING)
    return replace(document, problems=(*document.problems, problem))
