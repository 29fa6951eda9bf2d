"""fix: what would repair a page, as a patch. Shell; writes to no wiki."""

import asyncio
import difflib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping

import click

from audit.cli.session import reading, session
from audit.errors import ConfigError
from audit.mending import Mended, mended
from audit.repairs import Repair

WHAT: Mapping[str, str] = {"archive-available": "archived copies named", "link-dead": "dead links tagged"}
NO_END = "\\ No newline at end of file\n"
LINES = re.compile(r"[^\n]*\n|[^\n]+")


@click.command()
@click.argument("source")
@click.option("--format", "form", type=click.Choice(["diff", "json"]), default="diff", show_default=True)
@click.option(
    "--output", type=click.Path(dir_okay=False), help="Write the repaired text to this file; stdout still shows the patch."
)
@click.pass_context
def fix(ctx: click.Context, /, source: str, form: str, output: str | None) -> int:
    """Show the smallest safe repairs of an audited page: insertions only, as a patch; nothing is written to a wiki.

    A link that is dead, usurped or drifted gets the archived copy that was found for it (archive-url, archive-date, url-status),
    in the parameter names and date style of the page. A dead link that no archive has gets a dead-link tag.
    """
    current = session(ctx)
    store = reading(current)
    try:
        found = asyncio.run(mended(store, source, settings=current.settings, now=current.moment))
    finally:
        store.close()
    click.echo(SHAPES[form](found), nl=False)
    if output is not None:
        _write(output, found.text)
    if not current.quiet:
        click.echo(_told(found), err=True)
    return 0


def _write(path: str, text: str) -> None:
    try:
        with open(path, "w", encoding="utf-8", newline="") as stream:  # noqa: PTH123 - a path or a device
            stream.write(text)
    except OSError as fault:
        raise ConfigError(f"--output {path}: cannot be written ({fault.strerror})") from fault


def _diff(found: Mended) -> str:
    return "".join(_lines(found))


def _lines(found: Mended) -> Iterator[str]:
    name, revision = found.document.source, found.document.revision
    before, after = LINES.findall(found.original.written), LINES.findall(found.text)
    at = f"\trevision {revision}" if revision else ""
    for line in difflib.unified_diff(before, after, fromfile=f"{name}{at}", tofile=f"{name}\trepaired"):
        yield line if line.endswith("\n") else f"{line}\n{NO_END}"


def _json(found: Mended) -> str:
    """What a bot needs to apply the patch, and only if the text is still the same: revision, hash, place and text of each insertion."""
    document = found.document
    made = [
        {"at": each.at, "line": each.line, "insert": each.text, "code": each.code, "url": each.url} for each in found.repairs.made
    ]
    facts = {"source": document.source, "revision": document.revision, "sha256": document.sha256}
    return json.dumps({**facts, "repairs": made, "left": list(found.repairs.left)}, ensure_ascii=False, indent=1) + "\n"


SHAPES = {"diff": _diff, "json": _json}


def _told(found: Mended) -> str:
    counts = Counter(_kind(each) for each in found.repairs.made)
    done = ", ".join(f"{count} {what}" for what, count in counts.items()) or "nothing to repair"
    return "\n".join([done, *(f"left to you: {reason}" for reason in found.repairs.left)])


def _kind(repair: Repair) -> str:
    return WHAT[repair.code]
