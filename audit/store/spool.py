"""Finished facts on disk, until the database has them. I/O.

One line per fact, one write per line: after `kill -9` it is in the kernel's page cache, and the next run replays it.
A line is `crc32 version kind json`; the first line of a segment names the database that the facts belong to.
"""

import json
import os
import re
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from zlib import crc32

from audit.errors import StoreError, StoreOutdated
from audit.model import CaptureSearch, Outcome, Playback
from audit.store import codec
from audit.store.opening import Store, database_id

Fact = Outcome | CaptureSearch | Playback
KINDS: dict[str, type[Any]] = {"outcome": Outcome, "search": CaptureSearch, "playback": Playback}
NAMES = {kind: name for name, kind in KINDS.items()}

VERSION = 1
SEGMENT_BYTES = 16 * 1024 * 1024
SYNC_S = 1.0
SEGMENT = re.compile(r"\d{8}\.spool")
ACKNOWLEDGED = "acknowledged"
REJECTED = "rejected"


@contextmanager
def open_spool(store: Store, *, state_dir: Path | None = None) -> Iterator["Spool"]:
    """The spool of a database: `<file>-spool/` beside an embedded one, else `<state_dir>/<database id>/`."""
    with store.read() as conn:
        identity = database_id(conn)
    spool = Spool(folder(store, identity, state_dir=state_dir), identity)
    try:
        yield spool
    finally:
        spool.close()


def folder(store: Store, identity: str, *, state_dir: Path | None = None) -> Path:
    """Where the spool of a database lies."""
    if store.dialect == "sqlite":
        return Path(f"{store.url.database}-spool")
    return (state_dir or Path(os.environ.get("STATE_DIRECTORY") or Path.home() / ".local/state/source-audit")) / identity


class Spool:
    """Facts are acknowledged in the order in which they were appended or replayed.

    `append` is called by one thread, `acknowledge` by one other. `dropped` counts lines that were torn or damaged.
    """

    def __init__(self, directory: Path, database_id: str) -> None:
        self.dropped = 0
        self.rejected = 0
        self._directory, self._database_id = directory, database_id
        self._guard = threading.Lock()
        self._open: deque[tuple[int, int]] = deque()
        self._file: int | None = None
        self._segment, self._length = 0, 0
        self._known: set[int] = set()
        self._synced_at = 0.0
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise StoreError(f"{directory} cannot be made ({fault.strerror}); finished checks would not be safe") from fault

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def waiting(self) -> int:
        """Facts that the database has not got yet."""
        return len(self._open)

    @property
    def pending_bytes(self) -> int:
        """Size of the segments on disk."""
        return sum(path.stat().st_size for path in self._segments())

    def append(self, fact: Fact) -> None:
        """Keep one fact. Raises StoreError, with nothing half-written, when the disk is full."""
        line = _line(NAMES[type(fact)], codec.dumps(fact))
        with self._guard:
            if self._file is None or self._length >= SEGMENT_BYTES:
                self._next_segment()
            self._write(line)
            self._open.append((self._segment, self._length))

    def acknowledge(self, count: int) -> None:
        """The database has the oldest `count` facts; segments it has whole are removed."""
        with self._guard:
            if count <= 0:
                return
            segment, end = [self._open.popleft() for _ in range(min(count, len(self._open)))][-1]
            if self._open:
                self._remember(segment, end)
                self._remove(number for number in self._known if number < segment)
            else:
                self._clear()
        if time.monotonic() - self._synced_at > SYNC_S:
            self.sync()

    def sync(self) -> None:
        """Ask the disk to keep what was written, against a power cut; `acknowledge` does it once a second."""
        if self._file is not None:
            os.fdatasync(self._file)
        self._synced_at = time.monotonic()

    def replay(self) -> Iterator[Fact]:
        """What an earlier run finished and the database may lack, oldest first; each is then waiting to be acknowledged.

        Damaged lines are dropped and counted; a segment of another database is left alone.
        Raises StoreOutdated for lines of a version that this program cannot read.
        """
        done_segment, done_end = self._remembered()
        for path in self._segments():
            number = int(path.stem)
            if number == self._segment or not self._is_ours(path):
                continue
            for fact, end in self._facts(path, after=done_end if number == done_segment else 0):
                self._open.append((number, end))
                yield fact
            self._known.add(number)
        if not self._open:
            with self._guard:
                self._clear()

    def reject(self, fact: Fact, reason: str) -> Path:
        """Set aside a fact that the database refuses for what it contains."""
        directory = self._directory / REJECTED
        directory.mkdir(exist_ok=True)
        path = directory / f"{len(list(directory.iterdir())) + 1:06d}.json"
        path.write_text(json.dumps({"reason": reason, "kind": NAMES[type(fact)], "fact": codec.plain(fact)}), encoding="utf-8")
        self.rejected += 1
        return path

    def close(self) -> None:
        """Close the segment; an empty spool leaves nothing behind."""
        with self._guard:
            if self._file is not None:
                os.close(self._file)
                self._file = None
            if not self._open:
                self._clear()

    def _facts(self, path: Path, *, after: int) -> Iterator[tuple[Fact, int]]:
        with path.open("rb") as stream:
            stream.readline()
            if after > stream.tell():
                stream.seek(after)
            while line := stream.readline():
                known = _read_line(line, path)
                fact = None if known is None else _fact(*known)
                if fact is None:
                    self.dropped += 1
                else:
                    yield fact, stream.tell()

    def _next_segment(self) -> None:
        if self._file is not None:
            os.fdatasync(self._file)
            os.close(self._file)
            self._file = None
        numbers = [int(path.stem) for path in self._segments()]
        self._segment = max([self._segment, *numbers]) + 1
        self._known.add(self._segment)
        path = self._path(self._segment)
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        except OSError as fault:
            raise StoreError(f"{path} cannot be made ({fault.strerror}); finished checks would not be safe") from fault
        self._length = 0
        self._write(_line("header", json.dumps({"database": self._database_id})))

    def _write(self, line: bytes) -> None:
        if self._file is None:
            return
        try:
            written = os.write(self._file, line)
            reason = "the disk is full"
        except OSError as fault:
            written, reason = -1, fault.strerror or "no reason given"
        if written != len(line):
            os.ftruncate(self._file, self._length)
            raise StoreError(f"{self._directory} cannot take another finished check ({reason}); make room and run again")
        self._length += written

    def _segments(self) -> list[Path]:
        return sorted(path for path in self._directory.glob("*.spool") if SEGMENT.fullmatch(path.name))

    def _remember(self, segment: int, end: int) -> None:
        path = self._directory / ACKNOWLEDGED
        fresh = path.with_suffix(".new")
        fresh.write_text(f"{segment} {end} {self._database_id}\n", encoding="ascii")
        fresh.replace(path)

    def _remembered(self) -> tuple[int, int]:
        try:
            segment, end, identity = (self._directory / ACKNOWLEDGED).read_text(encoding="ascii").split()
        except (OSError, ValueError):
            return 0, 0
        return (int(segment), int(end)) if identity == self._database_id else (0, 0)

    def _clear(self) -> None:
        """Nothing waits: what was replayed or written here goes; a segment still being written begins after what it holds."""
        if self._file is None:
            self._remove(self._known)
            (self._directory / ACKNOWLEDGED).unlink(missing_ok=True)
        else:
            self._remember(self._segment, self._length)
            self._remove(self._known - {self._segment})

    def _remove(self, numbers: Iterable[int]) -> None:
        for number in tuple(numbers):
            self._path(number).unlink(missing_ok=True)
            self._known.discard(number)

    def _path(self, number: int) -> Path:
        return self._directory / f"{number:08d}.spool"

    def _is_ours(self, path: Path) -> bool:
        """Whether the first line names this database; a segment whose first line is damaged cannot be trusted."""
        with path.open("rb") as stream:
            header = _read_line(stream.readline(), path)
        self.dropped += header is None
        return header is not None and header[1].get("database") == self._database_id


def _line(kind: str, text: str) -> bytes:
    body = f"{VERSION} {kind} {text}".encode("ascii")
    return b"%08x %s\n" % (crc32(body), body)


def _read_line(line: bytes, path: Path) -> tuple[str, dict[str, Any]] | None:
    """(kind, values), None for a torn or damaged line. Raises StoreOutdated for a version from the future."""
    crc, _, body = line.rstrip(b"\n").partition(b" ")
    if not line.endswith(b"\n") or crc != b"%08x" % crc32(body):
        return None
    version, kind, text = body.split(b" ", 2)
    if int(version) > VERSION:
        raise StoreOutdated(
            f"{path} holds checks written by a newer program (version {int(version)} of the spool); run that one first"
        )
    values: dict[str, Any] = json.loads(text)
    return kind.decode("ascii"), values


def _fact(kind: str, values: dict[str, Any]) -> Fact | None:
    try:
        fact: Fact = codec.noun(KINDS[kind], values)
    except (TypeError, ValueError, KeyError):
        return None
    return fact
