"""SOURCE arguments -> bytes: paths, folders, globs and standard input. I/O."""

import glob
import os
import re
import sys
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO

from audit import unpacking
from audit.errors import DocumentError
from audit.unpacking import Chunk, Fault

READABLE = (
    *(".wiki", ".wikitext", ".mediawiki", ".txt", ".list", ".urls", ".csv", ".tsv", ".html", ".htm", ".xhtml"),
    *(".md", ".markdown", ".rst", ".bib", ".tex", ".ris", ".json", ".ipynb", ".xml", ".tei", ".rss", ".atom"),
    *(".pdf", ".docx", ".odt", ".epub", ".warc", ".wacz"),
)
"""What a folder is searched for. A file that is named itself is read whatever its ending."""

PACKED = (".bz2", ".gz", ".zst")
INDEX = "-multistream-index"
"""How the index of a dump is named, which lies beside it and says nothing that the dump does not."""

STREAMED = re.compile(rb"\A(?:\xef\xbb\xbf)?\s{0,99}(?:<\?xml[^>]{0,200}>\s{0,99})?(?:<mediawiki[\s>]|WARC/\d)")
"""Kinds that are read as they come, however long they are: dumps of wikis, archived pages."""

CONTAINERS = (b"%PDF-", b"PK\x03\x04")
MOST_CONTAINER_BYTES = 134_217_728
"""Documents with pictures in them: they are read whole, for what they cite stands at their end."""

HEAD_BYTES = 65_536
STANDARD_INPUT = "-"
PAIR = ".."
"""Between two files: what an edit did that made the second out of the first."""

MOST_DOTS = 50
WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
WIKI_PAGE = re.compile(r"[a-z][a-z0-9_]{1,40}:[^\\/].*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One thing to read: its name as the reports will show it, and its first bytes. `cut` says that there was more.

    `before` holds the bytes of the older file of a pair.
    """

    name: str
    body: bytes
    cut: bool = False
    before: bytes | None = None


def is_local(name: str) -> bool:
    """Whether a name stands for standard input, a file, a folder or a pair that is there: those come before pages of wikis."""
    return name == STANDARD_INPUT or os.path.exists(name) or _pair(name) is not None  # noqa: PTH110 - a Path raises for names that are too long


def _pair(name: str) -> tuple[str, str] | None:
    """The older and the newer file of `OLD..NEW`, of which one at least is there. Folders are named `..` too."""
    places = [at for at in range(1, len(name) - 2) if name.startswith(PAIR, at)][:MOST_DOTS]
    pairs = [(name[:at], name[at + len(PAIR) :]) for at in places]
    there = [(sum(map(_is_file, pair)), pair) for pair in pairs]
    count, found = max(there, key=lambda each: each[0], default=(0, None))
    return found if count else None


def _is_file(name: str) -> bool:
    return os.path.isfile(name)  # noqa: PTH113 - a Path raises for names that are too long


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One thing that is read as it comes: its first bytes, unpacked, and all its pieces. `path` is None for standard input."""

    name: str
    path: str | None
    opening: bytes
    pieces: Iterator[Chunk | Fault]

    def whole(self, max_bytes: int) -> Source:
        """As a source to be read at once, cut where it is too long."""
        body, cut = bytearray(), False
        for piece in self.pieces:
            cut = cut or isinstance(piece, Fault)
            body += piece.data if isinstance(piece, Chunk) else b""
            if len(body) > max_bytes:
                return Source(name=self.name, body=bytes(body[:max_bytes]), cut=True)
        return Source(name=self.name, body=bytes(body), cut=cut)


def opened(names: Iterable[str], *, max_bytes: int) -> Generator[Source | Stream | DocumentError]:
    """Read what the names stand for; what cannot be read is yielded as an error, and the others go on."""
    for name in names:
        if not os.path.exists(name) and (pair := _pair(name)):  # noqa: PTH110 - a Path raises for names that are too long
            yield _both(name, pair, max_bytes=max_bytes)
            continue
        for path in _paths(name):
            yield from (path,) if isinstance(path, DocumentError) else _read(path, max_bytes=max_bytes)


def _both(name: str, pair: tuple[str, str], *, max_bytes: int) -> Source | DocumentError:
    missing = next((file for file in pair if not _is_file(file)), None)
    if missing is not None:
        other = "newer" if missing == pair[1] else "older"
        return DocumentError(name, f"the {other} file of the pair is not there: {missing}")
    old, new = (_whole(file, max_bytes=max_bytes) for file in pair)
    if isinstance(old, DocumentError):
        return old
    if isinstance(new, DocumentError):
        return new
    return Source(name=name, body=new.body, cut=new.cut or old.cut, before=old.body)


def _whole(name: str, *, max_bytes: int) -> Source | DocumentError:
    (found,) = (each.whole(max_bytes) if isinstance(each, Stream) else each for each in _read(name, max_bytes=max_bytes))
    return found


def _paths(name: str) -> Iterator[str | DocumentError]:
    if name == STANDARD_INPUT or os.path.isfile(name):  # noqa: PTH113 - a Path raises for names that are too long
        yield name
    elif os.path.isdir(name):  # noqa: PTH112 - as above
        found = sorted(str(path) for path in Path(name).rglob("*") if _readable(path) and path.is_file())
        yield from _or_error(found, name, f"no file in this folder ends in {' '.join(READABLE)}")
    elif WEB_ADDRESS.match(name) or WIKI_PAGE.fullmatch(name):
        yield DocumentError(
            name, "neither a file nor a page of a known wiki; save the page and name that file, or see wiki.sites"
        )
    elif glob.has_magic(name):
        found = sorted(path for path in glob.glob(name, recursive=True) if Path(path).is_file())  # noqa: PTH207 - absolute patterns
        yield from _or_error(found, name, "no file matches this pattern")
    else:
        yield DocumentError(name, "no such file; name a file, a folder, a pattern, a pair OLD..NEW or `-`")


def _or_error(found: list[str], name: str, reason: str) -> Iterator[str | DocumentError]:
    if found:
        yield from found
    else:
        yield DocumentError(name, reason)


def _readable(path: Path) -> bool:
    ending = path.suffix.lower()
    if ending in PACKED and INDEX not in path.name:
        return Path(path.stem).suffix.lower() in READABLE
    return ending in READABLE


def _read(name: str, *, max_bytes: int) -> Iterator[Source | Stream | DocumentError]:
    try:
        if name == STANDARD_INPUT:
            yield _taken(name, sys.stdin.buffer, max_bytes=max_bytes)
            return
        with Path(name).open("rb") as stream:
            yield _taken(name, stream, max_bytes=max_bytes)
    except OSError as fault:
        yield DocumentError(name, f"cannot be read ({fault.strerror})")


def _taken(name: str, stream: IO[bytes], *, max_bytes: int) -> Source | Stream:
    head = stream.read(HEAD_BYTES)
    if unpacking.packing(head) or STREAMED.match(head):
        pieces = unpacking.unpacked(stream, head=head)
        first = next(pieces, None)
        known = first.data if isinstance(first, Chunk) else b""
        path = None if name == STANDARD_INPUT else name
        return Stream(name=name, path=path, opening=known, pieces=chain([first] if first else [], pieces))
    most = MOST_CONTAINER_BYTES if head.startswith(CONTAINERS) else max_bytes
    body = head + stream.read(max(most + 1 - len(head), 0))
    return Source(name=name, body=body[:most], cut=len(body) > most)
