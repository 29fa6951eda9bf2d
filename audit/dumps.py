"""Dumps into the store: in batches, by several processes, from where the last reading stopped. Shell.

A multistream dump is read in parts of its file, each by one process. Any other is unpacked here, and its pages are read there.
"""

import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from importlib import metadata
from itertools import islice, pairwise
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from typing import Any, TypeVar

from audit import domains, findings, judging, unpacking
from audit.documents import dump
from audit.documents.dump import Page, Taken
from audit.errors import DocumentError
from audit.model import Document, DumpMark
from audit.settings import Scoring, Settings
from audit.sources import Stream
from audit.store import reads, writes
from audit.store.opening import Store
from audit.store.writes import Prepared
from audit.unpacking import Chunk, Fault

PART_BYTES = 262_144
"""Of a packed file, about 1.3 MB of text: enough work to be worth the way, little enough to be held and written at once."""

PAGES_AT_ONCE, BYTES_AT_ONCE = 100, 2_097_152
WORTH_PROCESSES = 4_194_304
"""A smaller file is read before the processes have started."""

MOST_PROCESSES = 16
"""One process writes what all the others read: more would wait for it."""

FINGERPRINT_BYTES = 65_536
MOST_TOLD = 100
"""Damaged stretches that the dump's own document lists."""


Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a stretch of a dump holds. `position` is where the next stretch begins."""

    documents: tuple[Document, ...]
    faults: tuple[Fault, ...]
    pages: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A batch as rows, made where it was read: rows of plain values cross between processes fast, and wait for nothing."""

    documents: tuple[Prepared, ...]
    findings: tuple[list[dict[str, Any]], ...]
    faults: tuple[Fault, ...]
    pages: int
    position: int


@dataclass(slots=True, kw_only=True)
class DumpRead:
    """What became of one dump. `begun_at` is where an earlier reading had stopped; `finished` that its end was reached."""

    name: str
    pages: int = 0
    documents: int = 0
    citations: int = 0
    references: int = 0
    faults: list[Fault] = field(default_factory=list)
    begun_at: int = 0
    finished: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a dump is to be read: by so many processes (None: one per core), at most so many documents, until told to stop."""

    processes: int | None = None
    limit: int | None = None
    stopped: Callable[[], bool] = lambda: False


def recognises(stream: Stream) -> bool:
    """Whether a stream is the dump of a wiki."""
    return dump.recognises(stream.opening)


def ingest(
    store: Store,
    stream: Stream,
    *,
    settings: Settings,
    now: datetime,
    wish: Wish | None = None,
    shelf: judging.Lists | None = None,
) -> DumpRead:
    """Read a dump into the database, from where it was left; each batch is kept. Raises DocumentError when a process dies.

    `shelf` are the rating lists of `now`: with any, the findings of every page are made where the lists are, not where it is read.
    """
    wanted, begun = wish or Wish(), time.perf_counter()
    namespaces = frozenset(settings.documents.namespaces)
    mark = _mark(store, stream, namespaces)
    told = DumpRead(name=stream.name, begun_at=mark.position, pages=mark.pages, documents=mark.documents)
    if mark.finished_at is None:
        with closing(
            rows(
                stream,
                namespaces=namespaces,
                now=now,
                position=mark.position,
                processes=wanted.processes,
                scoring=settings.scoring,
            )
        ) as found:
            told.finished = _written(_Desk(store, settings, now, shelf), found, told, mark=mark, wish=wanted)
    else:
        told.finished = True
    told.seconds = time.perf_counter() - begun
    return told


def batches(stream: Stream, *, namespaces: frozenset[int], position: int = 0, processes: int | None = None) -> Generator[Batch]:
    """The documents of a dump in batches, in the order of the dump."""
    yield from _done(_jobs(stream, namespaces=namespaces, position=position), processes or _several(stream), name=stream.name)


def rows(
    stream: Stream,
    *,
    namespaces: frozenset[int],
    now: datetime,
    position: int = 0,
    processes: int | None = None,
    scoring: Scoring | None = None,
) -> Generator[Rows]:
    """The documents of a dump as rows for the store, in the order of the dump; URLs are grouped as `scoring` says."""
    jobs = (partial(_rows, job, now) for job in _jobs(stream, namespaces=namespaces, position=position))
    yield from _done(jobs, processes or _several(stream), name=stream.name, scoring=scoring)


def _several(stream: Stream) -> int:
    """How many processes a file is worth."""
    size = Path(stream.path).stat().st_size if stream.path else None
    return 1 if size is not None and size < WORTH_PROCESSES else min(cpu_count() or 1, MOST_PROCESSES)


def _jobs(stream: Stream, *, namespaces: frozenset[int], position: int) -> Iterator[Callable[[], Batch]]:
    taken = Taken(dump=stream.name, site=dump.site(stream.opening, name=stream.name), namespaces=namespaces)
    if stream.path and _is_multistream(stream.path):
        return _parts(stream.path, taken, position=position)
    return _groups(stream, taken, position=position)


def _rows(job: Callable[[], Batch], now: datetime) -> Rows:
    """A batch as rows, with the findings that need no network."""
    batch = job()
    return Rows(
        documents=tuple(writes.prepared(each) for each in batch.documents),
        findings=tuple(writes.finding_rows(each.source, findings.findings(each, now=now)) for each in batch.documents),
        faults=batch.faults,
        pages=batch.pages,
        position=batch.position,
    )


# ---- the two ways through a file


def _is_multistream(path: str) -> bool:
    """Whether the head of a dump is packed alone, and the next member begins with a page: then each member is one of whole pages."""
    with Path(path).open("rb") as stream:
        how = unpacking.packing(stream.read(8))
        if how is None or how.name != "bz2":
            return False
        stream.seek(0)
        some = list(islice(unpacking.unpacked(stream), 2))
    return (
        len(some) == 2
        and all(isinstance(each, Chunk) and each.begins for each in some)
        and b"<page" not in bytes(some[0][0] if isinstance(some[0], Chunk) else b"")
        and isinstance(some[1], Chunk)
        and some[1].data.lstrip().startswith(b"<page")
    )


def _parts(path: str, taken: Taken, *, position: int) -> Iterator[Callable[[], Batch]]:
    """Stretches of a multistream dump, each of some members."""
    with Path(path).open("rb") as stream:
        bounds = _bounds(unpacking.member_starts(stream, unpacking.PACKINGS[0]), size=Path(path).stat().st_size)
        for start, end in pairwise(bounds):
            if start >= position:
                yield partial(_read_part, path, start, end, taken)


def _bounds(starts: Iterable[int], *, size: int) -> Iterator[int]:
    last = 0
    yield last
    for start in starts:
        if start - last >= PART_BYTES:
            yield start
            last = start
    if size > last:
        yield size


def _read_part(path: str, start: int, end: int, taken: Taken) -> Batch:
    with Path(path).open("rb") as stream:
        return _read_pages(list(dump.pages(unpacking.unpacked(stream, at=start, end=end))), taken, end)


def _groups(stream: Stream, taken: Taken, *, position: int) -> Iterator[Callable[[], Batch]]:
    """Pages of a dump that can only be unpacked from its beginning. The position counts what was cut out of it."""
    cut = dump.pages(stream.pieces)
    passed = sum(1 for _ in islice(cut, position))
    group: list[Page | Fault] = []
    size = 0
    for each in cut:
        group.append(each)
        size += len(each.revision) if isinstance(each, Page) else 0
        if len(group) == PAGES_AT_ONCE or size >= BYTES_AT_ONCE:
            passed += len(group)
            yield partial(_read_pages, group, taken, passed)
            group, size = [], 0
    if group:
        yield partial(_read_pages, group, taken, passed + len(group))


def _read_pages(cut: list[Page | Fault], taken: Taken, position: int) -> Batch:
    faults = [each for each in cut if isinstance(each, Fault)]
    found: list[Document] = []
    for each in cut:
        if isinstance(each, Page):
            try:
                document = dump.read(each, taken)
            except Exception as fault:  # noqa: BLE001 - the boundary of a task: one page of millions
                faults.append(Fault(position, f"a page could not be read ({type(fault).__name__})"))
                continue
            if document:
                found.append(document)
    return Batch(documents=tuple(found), faults=tuple(faults), pages=len(cut) - len(faults), position=position)


# ---- many processes, one order


def _done(jobs: Iterator[Callable[[], Made]], processes: int, *, name: str, scoring: Scoring | None = None) -> Generator[Made]:
    if processes == 1:
        for job in jobs:
            yield job()
        return
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(scoring,))
    waiting: deque[Future[Made]] = deque()
    try:
        for job in jobs:
            waiting.append(pool.submit(job))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as fault:
        raise DocumentError(name, "a process that read it was killed; what was read is kept, run the command again") from fault
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(scoring: Scoring | None) -> None:
    """What a new process knows nothing of: which suffixes and platforms are configured, and that a key press is not for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to every process; the one that writes answers it
    if scoring:
        domains.use(suffix_list=scoring.suffix_list, tenants=scoring.tenants)


# ---- into the store


def _mark(store: Store, stream: Stream, namespaces: frozenset[int]) -> DumpMark:
    """Where the dump was left, when it is the very same file and would be read the same way; else its beginning."""
    fresh = DumpMark(dump=stream.name, fingerprint=_fingerprint(stream, namespaces))
    with store.read() as conn:
        known = reads.dump_mark(conn, stream.name)
    return known if known and stream.path and known.fingerprint == fresh.fingerprint else fresh


def _fingerprint(stream: Stream, namespaces: frozenset[int]) -> str:
    told = sha256(repr((metadata.version("source-audit"), sorted(namespaces))).encode())
    if stream.path:
        with Path(stream.path).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - FINGERPRINT_BYTES))
            told.update(b"%d" % size + file.read(FINGERPRINT_BYTES))
            file.seek(0)
            told.update(file.read(FINGERPRINT_BYTES))
    return told.hexdigest()


@dataclass(frozen=True, slots=True)
class _Desk:
    store: Store
    settings: Settings
    now: datetime
    shelf: judging.Lists | None


def _written(desk: _Desk, found: Iterator[Rows], told: DumpRead, *, mark: DumpMark, wish: Wish) -> bool:
    """Write batch after batch; True when the end was reached."""
    before = told.documents
    for batch in found:
        _write(desk, batch)
        told.pages += batch.pages
        told.documents += len(batch.documents)
        told.references += sum(len(each.references) for each in batch.documents)
        told.citations += sum(len(each.citations) for each in batch.documents)
        told.faults += batch.faults
        mark = replace(mark, position=batch.position, pages=told.pages, documents=told.documents)
        _remember(desk, mark, batch.faults)
        if wish.stopped() or (wish.limit is not None and told.documents - before >= wish.limit):
            return False
    _remember(desk, replace(mark, finished_at=desk.now), ())
    return True


def _write(desk: _Desk, batch: Rows) -> None:
    """Write a batch; where the store knows more of a URL than who cites it, the findings of its document are made anew."""
    names = {row["url"] for each in batch.documents for row in each.urls.values()}
    with desk.store.write() as conn:
        known = set(reads.touched(conn, names))
        writes.write_prepared(conn, batch.documents, read_at=desk.now)
        fresh = {each.key: found for each, found in zip(batch.documents, batch.findings, strict=True)}
        writes.replace_findings_of(conn, fresh)
    touched = [
        each.source for each in batch.documents if desk.shelf or not known.isdisjoint(row["url"] for row in each.urls.values())
    ]
    if touched:
        _find(desk, touched)


def _find(desk: _Desk, sources: Iterable[str]) -> None:
    judging.find(desk.store, now=desk.now, settings=desk.settings, sources=sources, shelf=desk.shelf)


def _remember(desk: _Desk, mark: DumpMark, faults: tuple[Fault, ...]) -> None:
    """Write how far the dump is read; what was damaged becomes findings of a document that stands for the dump."""
    with desk.store.write() as conn:
        writes.write_dump_mark(conn, mark, now=desk.now)
    if not faults:
        return
    with desk.store.read() as conn:
        known = next(iter(reads.documents(conn, [mark.dump])), None)
    problems = (*(known.problems if known and mark.position else ()), *(dump.problem(each) for each in faults))
    told = tuple(dict.fromkeys(problems))[:MOST_TOLD]
    with desk.store.write() as conn:
        document = Document(source=mark.dump, kind=dump.KIND, title=Path(mark.dump).name, problems=told)
        writes.write_document(conn, document, read_at=desk.now)
    _find(desk, [mark.dump])
