"""ratings: load a rating list, show what is loaded with revision, date and licence, take one out of use. Shell."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import click

from audit import judging, loading, refreshing
from audit.cli.answers import SHAPES
from audit.cli.session import Session, reading, session, writing
from audit.errors import ConfigError
from audit.ratings import Listing
from audit.settings import ListKind, RatingList
from audit.store import reads
from audit.store.lock import run_lock

COLUMNS = ("name", "kind", "family", "language", "revisions", "as_of", "fetched_at", "licence", "rules", "left_out")
LEFT_OUT = ("malformed", "rejected")
MOST_REVISIONS = 4


@click.group()
def ratings() -> None:
    """Load, list and remove rating lists. A list is what a community says of sources; none is shipped."""


@ratings.command("import")
@click.argument("kind", type=click.Choice(get_args(ListKind)), metavar="KIND")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--name", help="What the list is called here (default: its configured name, else the source and the kind).")
@click.option("--family", help="Lists of one family count once: enwiki-community, mbfc, user ...")
@click.option("--language", metavar="CODE", help="Language of the community it speaks for.")
@click.option("--licence", help="Terms under which it stands.")
@click.option(
    "--map", "words", multiple=True, metavar="WORD=OURS", help="What a word of the list means: gr, m, nc, gu, d, b or mixed."
)
@click.option("--accept-shrink", is_flag=True, help="Take it over although it lost more than a fifth of its rules.")
@click.pass_context
def import_(ctx: click.Context, /, kind: str, sources: tuple[str, ...], **given: Any) -> int:
    """Read a rating list of the KIND rsp, citeunseen, csv, tsv, spamlist, retractionwatch, liftwing, mbfc, pc1, iffy, upsd or nppsg.

    SOURCE is a file (several are the pages of one list), `-`, or a wiki: enwiki, or the address of an api.php. What should not be taken over (another format, an error page, a
    list that lost a fifth of its rules) is refused, and the list of before stays in use.
    """
    current = session(ctx)
    chosen = _chosen(current, kind, sources, given)
    with run_lock(current.settings.database, "ratings import"):
        store = writing(current)
        try:
            fetched = asyncio.run(refreshing.fetch(chosen, settings=current.settings, sources=sources))
            listing = loading.load(store, chosen, fetched, now=current.moment, accept_shrink=bool(given["accept_shrink"]))
            judging.find(store, now=current.moment, settings=current.settings)
            judging.score(store, now=current.moment, settings=current.settings)
        finally:
            store.close()
    _tell(chosen, listing, quiet=current.quiet)
    return 0


def _chosen(current: Session, kind: str, sources: tuple[str, ...], given: dict[str, Any]) -> RatingList:
    """The list as configured, if it is, with what was typed written over it."""
    source = sources[0]
    same = [each for each in current.settings.ratings if each.kind == kind and given["name"] in {None, each.name}]
    configured = [each for each in same if each.source == source or each.name == given["name"]]
    stem = Path(source).stem or "list"
    made = RatingList(name=f"{stem}-{kind}" if stem != kind else kind, kind=kind, source=source)  # type: ignore[arg-type]  # click let no other kind in
    typed = {name: given[name] for name in ("name", "family", "language", "licence") if given[name]}
    words = dict(_word(pair) for pair in given["words"])
    chosen = replace(configured[0] if configured else made, **typed)
    return replace(chosen, map={**chosen.map, **words})


def _word(pair: str) -> tuple[str, str]:
    word, equals, ours = pair.rpartition("=")
    if not equals or not word or not ours:
        raise ConfigError(f"--map {pair!r}: write the list's word and ours, like --map trusted=gr")
    return word.strip(), ours.strip()


def _tell(chosen: RatingList, listing: Listing, *, quiet: bool) -> None:
    """What became of a list; what was left out is told in any case."""
    counts = listing.counts
    if not quiet:
        says = ", ".join(f"{count} {name.partition(':')[2]}" for name, count in counts.items() if name.startswith("category:"))
        click.echo(f"{chosen.name}: {counts['rows']} rows, {counts['rules']} rules for {counts['hosts']} hosts ({says})")
    for problem in listing.problems:
        click.echo(f"source-audit: {chosen.name}: {problem}", err=True)
    left_out = sum(counts.get(name, 0) for name in LEFT_OUT)
    if left_out:
        click.echo(f"source-audit: {chosen.name}: {left_out} rows or tokens left out", err=True)


@ratings.command()
@click.argument("name")
@click.pass_context
def remove(ctx: click.Context, /, name: str) -> int:
    """Take a list out of use. Its versions stay in the database, so that earlier days can still be replayed."""
    current = session(ctx)
    with run_lock(current.settings.database, "ratings remove"):
        store = writing(current)
        try:
            loading.remove(store, name, now=current.moment)
            judging.find(store, now=current.moment, settings=current.settings)
            judging.score(store, now=current.moment, settings=current.settings)
        finally:
            store.close()
    if not current.quiet:
        click.echo(f"{name}: no longer in use")
    if name in {each.name for each in current.settings.ratings}:
        click.echo(f"source-audit: {name} is still named under `ratings:`; the next run reads it again", err=True)
    return 0


@ratings.command("list")
@click.option("--format", "form", type=click.Choice(list(SHAPES)), default="table", show_default=True)
@click.pass_context
def listed(ctx: click.Context, /, form: str) -> int:
    """List what is loaded: name, kind, family, revisions, date, licence, counts; and what is old or missing."""
    current = session(ctx)
    store = reading(current)
    try:
        with store.read() as conn:
            known = reads.loaded_lists(conn, now=current.moment)
        notes = list(loading.warnings(store, current.settings, now=current.moment))
    finally:
        store.close()
    if known or form != "table":
        SHAPES[form](COLUMNS, [_row(each) for each in known])
    for note in notes if form == "table" and not current.quiet else ():
        click.echo(note)
    return 0


def _row(known: reads.LoadedList) -> tuple[Any, ...]:
    shown = [revision for _, revision in known.revisions[:MOST_REVISIONS]]
    more = len(known.revisions) - len(shown)
    special = {
        "revisions": ", ".join(shown) + (f" and {more} more" if more else ""),
        "left_out": sum(known.counts.get(name, 0) for name in LEFT_OUT),
        "as_of": str(known.as_of or ""),
    }
    return tuple(special[name] if name in special else getattr(known, name) for name in COLUMNS)
