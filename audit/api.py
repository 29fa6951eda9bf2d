"""What other programs call, where it is more than one room's function. Shell."""

import re

from audit import citing, documents, domains, memento, sources
from audit.errors import DocumentError
from audit.model import Citation, Document
from audit.settings import Documents

PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#][!-$&-\[\]-~]*)?")
"""An address that no repair changes: nothing escaped, nothing beyond ASCII."""

__all__ = ["publisher_key", "read"]


def read(source: str, *, settings: Documents | None = None) -> list[Document]:
    """Read a file, or what a folder or pattern names, into documents. Raises DocumentError for the first that cannot be read."""
    rules = settings or Documents()
    found: list[Document] = []
    for each in sources.opened([source], max_bytes=rules.max_bytes):
        if isinstance(each, DocumentError):
            raise each
        found += documents.read(each.name, each.body, settings=rules)
    return found


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
