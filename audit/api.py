"""What other programs call, where it is more than one room's function. Shell."""

from collections.abc import Iterable

from audit import citing, documents, domains, dumps, memento, sources
from audit.errors import DocumentError
from audit.model import Citation, Document
from audit.settings import Documents
from audit.sources import Source, Stream

__all__ = ["publisher_key", "read"]


def read(source: str, *, settings: Documents | None = None) -> list[Document]:
    """Read a file, or what a folder or pattern names, into documents. Raises DocumentError for the first that cannot be read."""
    rules = settings or Documents()
    found: list[Document] = []
    for each in sources.opened([source], max_bytes=rules.max_bytes):
        if isinstance(each, DocumentError):
            raise each
        found += _documents(each, rules)
    return found


def _documents(source: Source | Stream, rules: Documents) -> Iterable[Document]:
    if isinstance(source, Source):
        return documents.read(source.name, source.body, settings=rules)
    if dumps.recognises(source):
        read = dumps.batches(source, namespaces=frozenset(rules.namespaces))
        return (document for batch in read for document in batch.documents)
    streamed = documents.read_stream(source.name, source.opening, source.pieces, settings=rules)
    return _documents(source.whole(rules.max_bytes), rules) if streamed is None else streamed


def publisher_key(url: str) -> str:
    """Who publishes a cited URL; an archive copy is published by the archived site, not by the archive.

    >>> publisher_key("https://web.archive.org/web/2019/http://news.example.com/a")
    'example.com'
    """
    archived = memento.parse_archive_url(url)
    resource = citing.resource(Citation(position=0, url=url))
    return resource.domain if resource else domains.publisher_key(archived.original if archived and archived.original else url)
