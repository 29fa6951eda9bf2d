"""Rating lists into the store: read from files or a wiki, checked against the list of before, written whole or not at all. Shell."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audit import ratings
from audit.errors import ConfigError, RatingsError
from audit.model import RatingOverride
from audit.ratings import ListFacts, Listing
from audit.settings import RatingList, Settings, oldest_days
from audit.store import reads, writes
from audit.store.opening import Store

STANDARD_INPUT = "-"
MOST_BYTES = 268_435_456
"""The retraction database has some 60 MB (2026); what is four times as long is something else."""

HOW_TO_LOAD = "No rating list is loaded, so no publisher is rated: `source-audit ratings import KIND SOURCE` loads one (see `ratings import --help`)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The bytes of a list, and what came with them."""

    body: bytes
    source: str
    as_of: datetime | None = None
    url: str | None = None
    language: str | None = None


def from_files(name: str, sources: Sequence[str]) -> Fetched:
    """The bytes of files; several become pages named as the files are. Raises RatingsError for one that cannot be read."""
    bodies = [(source, _read(name, source)) for source in sources]
    moments = [_written_at(source) for source in sources if source != STANDARD_INPUT]
    as_of = max(moments, default=None)
    if len(bodies) == 1:
        return Fetched(body=bodies[0][1], source=sources[0], as_of=as_of)
    if any(body.lstrip()[:1] in {b"{", b"["} and not body.lstrip().startswith((b"{|", b"{{")) for _, body in bodies):
        return Fetched(body=b"\n".join(body for _, body in bodies), source=", ".join(sources), as_of=as_of)
    pages = [
        {"title": Path(source).stem, "revisions": [{"slots": {"main": {"content": body.decode("utf-8-sig", "replace")}}}]}
        for source, body in bodies
    ]
    return Fetched(body=json.dumps({"query": {"pages": pages}}).encode(), source=", ".join(sources), as_of=as_of)


def _read(name: str, source: str) -> bytes:
    try:
        if source == STANDARD_INPUT:
            body = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(source).open("rb") as stream:
                body = stream.read(MOST_BYTES + 1)
    except OSError as fault:
        raise RatingsError(name, f"{source}: cannot be read ({fault.strerror}); name a file or a wiki like enwiki") from fault
    if len(body) > MOST_BYTES:
        raise RatingsError(name, f"{source}: larger than {MOST_BYTES // 1_048_576} MiB; that is no rating list")
    return body


def _written_at(source: str) -> datetime:
    return datetime.fromtimestamp(Path(source).stat().st_mtime, tz=UTC)


def load(store: Store, chosen: RatingList, fetched: Fetched, *, now: datetime, accept_shrink: bool = False) -> Listing:
    """Read and write one version of a list. Raises RatingsError, and the version of before stays, for what should not be taken over."""
    facts = ListFacts(
        name=chosen.name,
        family=chosen.family,
        language=chosen.language or fetched.language,
        licence=chosen.licence,
        url=fetched.url,
        as_of=fetched.as_of.date() if fetched.as_of else now.date(),
        words=chosen.map,
    )
    listing = ratings.read(chosen.kind, fetched.body, facts=facts)
    with store.write() as conn:
        before = next((each for each in reads.loaded_lists(conn, now=now) if each.name == chosen.name), None)
        if before and not accept_shrink and ratings.shrunk(before=before.rules, now=len(listing.rules)):
            raise RatingsError(
                chosen.name,
                f"{len(listing.rules)} rules, {before.rules} at the last import: the list of {before.fetched_at:%Y-%m-%d} stays in use"
                " (--accept-shrink takes the short one over)",
            )
        writes.write_list(
            conn,
            listing.rules,
            name=chosen.name,
            kind=chosen.kind,
            source=fetched.source,
            now=now,
            counts=listing.counts,
            revisions=listing.revisions,
            as_of=listing.as_of,
            family=listing.family,
            language=listing.language,
            licence=listing.licence,
            url=fetched.url,
        )
    return listing


def remove(store: Store, name: str, *, now: datetime) -> None:
    """Take a list out of use; what it said on earlier days stays in replays of those days. Raises ConfigError for one that is not loaded."""
    with store.write() as conn:
        known = {each.name: each for each in reads.loaded_lists(conn, now=now)}
        if name not in known:
            said = f"loaded are {', '.join(known)}" if known else "none is loaded"
            raise ConfigError(f"{name}: no rating list of that name is in use; {said}")
        writes.remove_list(conn, known[name], now=now)


def due(store: Store, settings: Settings, *, now: datetime) -> list[RatingList]:
    """The configured lists that were not read for longer than their interval, or never."""
    with store.read() as conn:
        known = {each.name: each.fetched_at for each in reads.loaded_lists(conn, now=now)}
    return [
        each for each in settings.ratings if each.name not in known or known[each.name] + timedelta(days=each.refresh_days) <= now
    ]


def notes(store: Store, settings: Settings, *, now: datetime) -> Iterator[str]:
    """What a report says of the lists: which it rests on, each with revision, day and terms, and what to know of them."""
    with store.read() as conn:
        known = reads.loaded_lists(conn, now=now)
    yield from (_used(each) for each in known)
    yield from warnings(store, settings, now=now)


def warnings(store: Store, settings: Settings, *, now: datetime) -> Iterator[str]:
    """What a reader must know of the lists: which is old or missing, what a person corrected, or how to load one."""
    with store.read() as conn:
        known = {each.name: each for each in reads.loaded_lists(conn, now=now)}
        corrections = [each for each in reads.rating_corrections(conn) if each.created_at <= now < each.expires_at]
    configured = {each.name: each for each in settings.ratings}
    for name in configured.keys() - known.keys():
        yield f"rating list {name} is not loaded: nothing it says is in this report"
    for name, each in known.items():
        most = configured[name].oldest_days if name in configured else oldest_days(each.kind)
        age = (now - each.fetched_at).days
        if age > most:
            yield f"rating list {name} was read {age} days ago (more than {most:.0f}): what it says may have changed"
    yield from (_corrected(one) for one in corrections)
    if not known and not configured:
        yield HOW_TO_LOAD


def _corrected(one: RatingOverride) -> str:
    stands = f'"{one.category}" stands instead' if one.category else "it is set aside"
    return f"correction of rating list {one.list_id} for {one.key} until {one.expires_at:%Y-%m-%d}: {stands}, says {one.author}: {one.note}"


def _used(known: reads.LoadedList) -> str:
    """A list as a report that rests on it must name it."""
    numbers = [revision for _, revision in known.revisions]
    shown = ", ".join(numbers[:MOST_REVISIONS]) + (
        f" and {len(numbers) - MOST_REVISIONS} more" if len(numbers) > MOST_REVISIONS else ""
    )
    details = [
        f"{known.rules} rules",
        f"as of {known.as_of}" if known.as_of else None,
        f"revision {shown}" if shown else None,
        f"read {known.fetched_at:%Y-%m-%d}",
        known.licence or "no licence told",
        known.url,
    ]
    return f"rating list {known.name}: {', '.join(each for each in details if each)}"


MOST_REVISIONS = 4
"""Numbers of revisions in one line; `ratings list` and the table rating_lists have all."""
