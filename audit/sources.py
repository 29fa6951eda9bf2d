"""SOURCE arguments -> bytes: paths, folders, globs and standard input. I/O."""

import glob
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from audit.errors import DocumentError

READABLE = (".wiki", ".wikitext", ".mediawiki", ".txt", ".list", ".urls", ".csv", ".tsv", ".html", ".htm", ".md", ".markdown")
"""What a folder is searched for. A file that is named itself is read whatever its ending."""

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


def opened(names: Iterable[str], *, max_bytes: int) -> Iterator[Source | DocumentError]:
    """Read what the names stand for; what cannot be read is yielded as an error, and the others go on."""
    for name in names:
        if not os.path.exists(name) and (pair := _pair(name)):  # noqa: PTH110 - a Path raises for names that are too long
            yield _both(name, pair, max_bytes=max_bytes)
            continue
        for path in _paths(name):
            yield path if isinstance(path, DocumentError) else _read(path, max_bytes=max_bytes)


def _both(name: str, pair: tuple[str, str], *, max_bytes: int) -> Source | DocumentError:
    missing = next((file for file in pair if not _is_file(file)), None)
    if missing is not None:
        other = "newer" if missing == pair[1] else "older"
        return DocumentError(name, f"the {other} file of the pair is not there: {missing}")
    old, new = (_read(file, max_bytes=max_bytes) for file in pair)
    if isinstance(old, DocumentError):
        return old
    if isinstance(new, DocumentError):
        return new
    return Source(name=name, body=new.body, cut=new.cut or old.cut, before=old.body)


def _paths(name: str) -> Iterator[str | DocumentError]:
    if name == STANDARD_INPUT or os.path.isfile(name):  # noqa: PTH113 - a Path raises for names that are too long
        yield name
    elif os.path.isdir(name):  # noqa: PTH112 - as above
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
        yield DocumentError(name, "no such file; name a file, a folder, a pattern, a pair OLD..NEW or `-`")


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
