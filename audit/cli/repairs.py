"""fix: proposes repairs of a source. Shell."""

import codecs
import difflib
import re

import click

from audit import citing, documents, repairs
from audit.cli.session import Session, reading, session
from audit.errors import ConfigError, DocumentError
from audit.model import Citation, Document
from audit.repairs import Ailing
from audit.sources import Source, opened
from audit.store import reads

LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""Lines as `patch` counts them: nothing else ends one."""

MARK = codecs.BOM_UTF8.decode()


@click.command()
@click.argument("source", metavar="SOURCE")
@click.option("--output", type=click.Path(dir_okay=False), help="Write the patched text to this file (`-`: stdout).")
@click.option(
    "--language", metavar="CODE", help="Language of the wiki: en, de, fr ... (default: as its headings and templates tell)."
)
@click.pass_context
def fix(ctx: click.Context, /, source: str, output: str | None, language: str | None) -> int:
    """Propose minimal, safe repairs of a page of wikitext: archive copies of dead links, else dead-link tags.

    Prints a unified diff; with --output the patched text. Only inserts, and writes to no wiki.
    """
    current = session(ctx)
    found = next(iter(opened([source], max_bytes=current.settings.documents.max_bytes)))
    if isinstance(found, DocumentError):
        raise found
    mark, text = _text(found)
    document = documents.read(source, found.body, language=language or repairs.language_of(text))[0]
    if document.kind != "wikitext":
        raise DocumentError(source, f"is of the kind {document.kind}; `fix` proposes repairs for pages of wikitext")
    known = _known(current, document, source)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    patched = repairs.applied(text, repairs.repaired(document, plain, known=known, today=current.moment.date()))
    if output is None:
        click.echo(_difference(text, patched, source), nl=False)
    else:
        _write(mark + patched, output)
    return 0


def _text(found: Source) -> tuple[str, str]:
    """The byte-order mark, if there is one, and the source as it stands, line ends included."""
    if found.cut:
        raise DocumentError(found.name, "is larger than documents.max_bytes; raise it to repair this source")
    try:
        text = found.body.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise DocumentError(found.name, "is not UTF-8; save it as UTF-8 to repair it") from fault
    return (MARK, text[1:]) if text.startswith(MARK) else ("", text)


def _known(current: Session, document: Document, source: str) -> dict[int, Ailing]:
    """What the database knows of the citations of the source as it stands now."""
    store = reading(current)
    try:
        with store.read() as conn:
            by_url = reads.ailing(conn, source)
    finally:
        store.close()
    return {each.position: found for each in document.every_citation() if (found := _for(each, by_url)) is not None}


def _for(citation: Citation, by_url: dict[str, dict[int, Ailing]]) -> Ailing | None:
    """By its own place while the source is as it was read, else by its address."""
    resource = citing.resource(citation)
    rows = by_url.get(resource.url) if resource else None
    return (rows.get(citation.position) or next(iter(rows.values()))) if rows else None


def _difference(old: str, new: str, source: str) -> str:
    before, after = (LINE.findall(text) for text in (old, new))
    lines = difflib.unified_diff(before, after, fromfile=f"a/{source}", tofile=f"b/{source}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _write(text: str, output: str) -> None:
    try:
        with click.open_file(output, "wb") as stream:
            stream.write(text.encode())
    except OSError as fault:
        raise ConfigError(f"--output {output}: cannot be written ({fault.strerror})") from fault
