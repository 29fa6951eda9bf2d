"""SOURCE arguments -> bytes: paths, folders, globs and standard input. I/O."""

import glob
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from audit.errors import DocumentError

READABLE = (".wiki", ".wikitext", ".mediawiki", ".txt", ".list", ".urls", ".csv", ".tsv", ".html", ".htm", ".md", ".markdown")
"""What a folder is searched for. A file that is named itself is read whatever its ending."""

STANDARD_INPUT = "-"
WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
WIKI_PAGE = re.compile(r"[a-z][a-z0-9_]{1,40}:[^\\/].*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One thing to read: its name as the reports will show it, and its first bytes. `cut` says that there was more."""

    name: str
    body: bytes
    cut: bool = False


def is_local(name: str) -> bool:
    """Whether a name stands for standard input, a file or a folder that is there: those come before pages of wikis."""
    return name == STANDARD_INPUT or Path(name).exists()


def opened(names: Iterable[str], *, max_bytes: int) -> Iterator[Source | DocumentError]:
    """Read what the names stand for; what cannot be read is yielded as an error, and the others go on."""
    for name in names:
        for path in _paths(name):
            yield path if isinstance(path, DocumentError) else _read(path, max_bytes=max_bytes)


def _paths(name: str) -> Iterator[str | DocumentError]:
    if name == STANDARD_INPUT or Path(name).is_file():
        yield name
    elif Path(name).is_dir():
        found = sorted(str(path) for path in Path(name).rglob("*") if path.suffix.lower() in READABLE and path.is_file())
        yield from _or_error(found, name, f"no file in this folder ends in {' '.join(READABLE)}")
    elif WEB_ADDRESS.match(name) or WIKI_PAGE.fullmatch(name):
        yield DocumentError(
            name, "neither a file nor a page of a known wiki; save the page and name that file, or see wiki.sites"
        )
    elif glob.has_magic(name):
        found = sorted(path for path in glob.glob(name, recursive=True) if Path(path).is_file())  # noqa: PTH207 - absolute patterns
        yield from _or_error(found, name, "no file matches this pattern")
    else:
        yield DocumentError(name, "no such file; name a file, a folder, a pattern or `-`")


def _or_error(found: list[str], name: str, reason: str) -> Iterator[str | DocumentError]:
    if found:
        yield from found
    else:
        yield DocumentError(name, reason)


def _read(name: str, *, max_bytes: int) -> Source | DocumentError:
    try:
        if name == STANDARD_INPUT:
            body = sys.stdin.buffer.read(max_bytes + 1)
        else:
            with Path(name).open("rb") as stream:
                body = stream.read(max_bytes + 1)
    except OSError as fault:
        return DocumentError(name, f"cannot be read ({fault.strerror})")
    return Source(name=name, body=body[:max_bytes], cut=len(body) > max_bytes)
