"""A web archive as one file (WACZ): the WARC files in it. Pure."""

import io
import zipfile
from collections.abc import Iterator
from typing import IO

from audit import unpacking
from audit.documents import warc
from audit.documents.given import Given
from audit.documents.package import FAULTS, MOST_PARTS
from audit.errors import DocumentError
from audit.model import Document
from audit.settings import Documents

KIND = "wacz"
ENDINGS = (".warc", ".warc.gz")


def read(source: Given) -> tuple[Document, ...]:
    """The pages of every WARC file in the package."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.body)) as package:
            names = [each for each in package.namelist()[:MOST_PARTS] if each.lower().endswith(ENDINGS)]
            return tuple(document for name in names for document in _pages(source.name, package, name))
    except FAULTS as fault:
        raise DocumentError(source.name, "is a WACZ file that is broken or was not saved to its end; save it again") from fault


def _pages(name: str, package: zipfile.ZipFile, part: str) -> Iterator[Document]:
    with package.open(part) as stream:
        inner: IO[bytes] = stream
        yield from warc.read(name, unpacking.unpacked(inner), Documents())
