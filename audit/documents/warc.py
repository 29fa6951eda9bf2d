"""Archived pages (WARC): each HTML response is a document, its address the source. Pure on bytes; read as it comes."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import IO, Any, cast

from warcio.archiveiterator import ArchiveIterator

from audit.documents import given, web_page
from audit.documents.given import Given
from audit.model import Document
from audit.settings import Documents
from audit.unpacking import Chunk, Fault

KIND = "warc"
HTML = ("text/html", "application/xhtml")
MOST_TOLD = 100


def read(name: str, pieces: Iterator[Chunk | Fault], rules: Documents) -> Iterator[Document]:
    """The pages of an archive file; what cannot be read is told in a document of the file itself."""
    told: list[str] = []
    for member in _members(pieces, told):
        yield from _pages(member, rules, told)
        for _ in member.pieces:
            pass
    if told:
        problems = [given.damaged(each) for each in dict.fromkeys(told[:MOST_TOLD])]
        yield given.document(Given(name=name, body=b""), kind=KIND, problems=problems)


class _Member(io.RawIOBase):
    """The bytes of one packed record, or of a whole plain file, as a stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.held = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.held:
            piece = next(self.pieces, None)
            if piece is None:
                return 0
            self.held = piece
        size = min(len(buffer), len(self.held))
        buffer[:size] = self.held[:size]
        self.held = self.held[size:]
        return size


def _members(pieces: Iterator[Chunk | Fault], told: list[str]) -> Iterator[_Member]:
    ahead: list[Chunk] = []

    def one(first: bytes) -> Iterator[bytes]:
        yield first
        for piece in pieces:
            if isinstance(piece, Fault):
                told.append(f"at byte {piece.at}: {piece.why}")
                return
            if piece.begins:
                ahead.append(piece)
                return
            yield piece.data

    while True:
        begun = ahead.pop() if ahead else next(pieces, None)
        if begun is None:
            return
        if isinstance(begun, Fault):
            told.append(f"at byte {begun.at}: {begun.why}")
        else:
            yield _Member(one(begun.data))


def _pages(member: _Member, rules: Documents, told: list[str]) -> Iterator[Document]:
    try:
        records = ArchiveIterator(cast("IO[bytes]", io.BufferedReader(member)), no_record_parse=False)
        for record in records:
            document = _page(record, rules)
            if document:
                yield document
    except Exception as fault:  # noqa: BLE001 - a broken record fails in many ways; the next member goes on
        told.append(f"a record cannot be read ({type(fault).__name__}: {str(fault)[:80]})")


def _page(record: Any, rules: Documents) -> Document | None:
    address = record.rec_headers.get_header("WARC-Target-URI")
    headers = record.http_headers
    kind = (headers.get_header("Content-Type") or "").lower() if headers else ""
    if record.rec_type != "response" or not address or not kind.startswith(HTML) or not headers.get_statuscode().startswith("2"):
        return None
    body = record.content_stream().read(rules.max_bytes)
    document = web_page.read(Given(name=address.strip("<>"), body=body, magic="html"), content_type=kind)
    return replace(document, revised_at=_moment(record.rec_headers.get_header("WARC-Date")))


def _moment(written: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
