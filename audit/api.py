"""What other programs call, where it is more than one room's function. Shell."""

import asyncio
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing

from audit import citing, domains, dumps, gathering, memento
from audit.errors import DocumentError
from audit.model import Citation, Document
from audit.settings import Documents, Settings
from audit.sources import Stream
from audit.wiki.reading import Unchanged

PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#][!-$&-\[\]-~]*)?")
"""An address that no repair changes: nothing escaped, nothing beyond ASCII."""

__all__ = ["publisher_key", "read"]


def read(source: str, *, settings: Documents | None = None) -> list[Document]:
    """Read a file, what a folder or pattern names, or pages of a wiki. Raises DocumentError for the first that cannot be read.

    The wiki is told `web.contact` of nobody: who reads many pages configures one and uses `source-audit ingest`.
    """
    whole = Settings(documents=settings or Documents())
    with ThreadPoolExecutor(1) as worker:  # a notebook has a running loop of its own
        return worker.submit(asyncio.run, _read(source, whole)).result()


async def _read(source: str, settings: Settings) -> list[Document]:
    found: list[Document] = []
    async with aclosing(gathering.gathered([source], settings=settings, known=lambda _: {})) as gathered:
        async for each in gathered:
            if isinstance(each, DocumentError):
                raise each
            if not isinstance(each, Unchanged):
                found += _documents(each, settings.documents)
    return found


def _documents(source: gathering.Readable, rules: Documents) -> Iterable[Document]:
    if isinstance(source, Stream) and dumps.recognises(source):
        read = dumps.batches(source, namespaces=frozenset(rules.namespaces))
        return (document for batch in read for document in batch.documents)
    return gathering.read(source, settings=rules)


def publisher_key(url: str) -> str:
    """Who publishes a cited URL; an archive copy is published by the archived site, not by the archive.

    >>> publisher_key("https://web.archive.org/web/2019/http://news.example.com/a")
    'example.com'
    """
    archived = memento.parse_archive_url(url)
    if archived is None and PLAIN.fullmatch(url):
        return domains.publisher_key(url)
    resource = citing.resource(Citation(position=0, url=url))
    return resource.domain if resource else domains.publisher_key(archived.original if archived and archived.original else url)
