"""The summary as plain text: what cron mails and what a patroller reads first. No colour codes. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from audit.model import LinkState, Row, Severity, Summary
from audit.reports import phrases
from audit.reports.layout import GAP, clean, paragraph, table

WIDTH = 80
"""Mail programs and old terminals show so many columns."""
DEEPER = GAP * 2
ROTTEN = (LinkState.DEAD, LinkState.USURPED, LinkState.DRIFTED)


def text(summary: Summary, *, width: int = WIDTH) -> str:
    """Every section that has something to say, the most telling first."""
    sections = (section(summary, width) for section in SECTIONS)
    return "\n\n".join("\n".join(lines) for section in sections if (lines := list(section))) + "\n"


def _headline(summary: Summary, width: int) -> Iterator[str]:
    for sentence in phrases.headline(summary):
        yield from paragraph(sentence, width=width)


def _totals(summary: Summary, width: int) -> Iterator[str]:
    found = [(count, words) for _, count, words in phrases.states(summary.totals)]
    if not found:
        return
    yield _title("Cited URLs", phrases.number(summary.totals, "links"))
    widest, digits = max(len(words.label) for _, words in found), max(len(f"{count:,}") for count, _ in found)
    for count, words in found:
        head = f"{GAP}{words.label:<{widest}}  {count:>{digits},}  "
        yield from paragraph(f"{words.meaning}", width=width, indent=head, hanging=" " * len(head))


def _documents(summary: Summary, width: int) -> Iterator[str]:
    if not summary.documents:
        return
    yield _title("Documents", len(summary.documents))
    header = ("document", "refs", "URLs", "live", "suspect", "rotten", "refused", "archived", "findings")
    yield from table(header, [_document(row) for row in summary.documents], width=width)
    if any(phrases.number(row, state) for row in summary.documents for state in ROTTEN):
        yield f"{GAP}(rotten: dead, usurped or drifted; refused: could not check)"


def _document(row: Row) -> Sequence[str]:
    rotten = sum(phrases.number(row, state) for state in ROTTEN)
    counts = [phrases.number(row, name) for name in ("references_", "links", "live", "suspect")]
    counts += [rotten, *(phrases.number(row, name) for name in ("blocked", "archived", "findings"))]
    return (clean(row.get("title") or row.get("document")), *(f"{count:,}" for count in counts))


def _attention(summary: Summary, width: int) -> Iterator[str]:
    for state, rows in phrases.attention(summary):
        yield from _listed(f"{phrases.STATES[state].label.capitalize()}: {phrases.STATES[state].meaning}", rows, summary, width)


def _listed(title: str, rows: Sequence[Row], summary: Summary, width: int) -> Iterator[str]:
    count = max(phrases.number(summary.totals, str(rows[0].get("state"))), len(rows))
    yield from paragraph(f"{title} ({count:,})", width=width)
    for row in rows:
        yield f"{GAP}{clean(row.get('url'))}"
        yield from paragraph(phrases.history(row), width=width, indent=DEEPER, hanging=DEEPER + GAP)
        memento, words = phrases.copy_of(row)
        yield from paragraph(words + (":" if memento else ""), width=width, indent=DEEPER)
        if memento:
            yield f"{DEEPER}{clean(memento)}"
    if count > len(rows):
        yield f"{GAP}... and {count - len(rows):,} more in the view dead_links"


def _unchecked(summary: Summary, width: int) -> Iterator[str]:
    rows = list(phrases.unchecked(summary))
    if not rows:
        return
    yield from paragraph("Could not check: the server turned us away, which says nothing about the page", width=width)
    yield from table(("what the server did", "URLs"), [(why, f"{count:,}") for why, count in rows], width=width)


def _findings(summary: Summary, width: int) -> Iterator[str]:
    shown = [row for row in summary.findings if row.get("severity") != Severity.NOTE]
    notes = phrases.noted(summary)
    if not summary.findings:
        return
    yield from _finding_title(summary, len(shown) + sum(count for _, count in notes))
    for group in phrases.groups(shown):
        yield from _group(group, documents=len(summary.documents), width=width)
    if notes:
        codes = ", ".join(f"{clean(code)} {count:,}" for code, count in notes)
        yield from paragraph(f"Notes, counted only: {codes}", width=width, indent=GAP, hanging=DEEPER)


def _finding_title(summary: Summary, told: int) -> Iterator[str]:
    count = max(phrases.number(summary.totals, "findings"), told)
    yield _title("Findings", count)
    if count > told:
        yield f"{GAP}({count - told:,} more are in the view current_findings)"


def _group(group: phrases.FindingGroup, *, documents: int, width: int) -> Iterator[str]:
    yield f"{GAP}{group.severity.value} {group.code} ({len(group.rows):,})"
    for row in group.rows:
        where = phrases.place(row, documents=documents)
        yield from paragraph(f"{where}: {phrases.found(row)}", width=width, indent=DEEPER, hanging=DEEPER + GAP)
        if row.get("advice") and not group.advice:
            yield from paragraph(f"-> {row['advice']}", width=width, indent=DEEPER + GAP, hanging=DEEPER + GAP * 2)
    if group.advice:
        yield from paragraph(f"-> {group.advice}", width=width, indent=DEEPER, hanging=DEEPER + GAP)


def _undefined(summary: Summary, width: int) -> Iterator[str]:
    if not summary.undefined:
        return
    yield _title("Names used but never defined", len(summary.undefined))
    rows = [
        (clean(row.get("reference_name")), f"{phrases.number(row, 'uses')}", phrases.cell(row.get("first_line")))
        for row in summary.undefined
    ]
    yield from table(("name", "uses", "first line"), rows, width=width)


def _archives(summary: Summary, width: int) -> Iterator[str]:
    sentence = phrases.archives(summary)
    if sentence:
        yield from paragraph(sentence, width=width)


def _publishers(summary: Summary, width: int) -> Iterator[str]:
    rated, unrated = phrases.by_rating(summary)
    if not rated and not unrated:
        return
    yield from paragraph(f"Publishers. {phrases.coverage(rated, unrated)} {phrases.UNRATED_NOTE}", width=width)
    yield from paragraph(phrases.DURABILITY, width=width, indent=GAP)
    yield from paragraph(phrases.ORDER, width=width, indent=GAP)
    if rated:
        yield f"{GAP}Rated:"
        yield from _scored(rated, width)
        for row in rated:
            yield from paragraph(
                f"{row.get('publisher')}: {phrases.editorial(row)}", width=width, indent=DEEPER, hanging=DEEPER + GAP
            )
    if unrated:
        yield f"{GAP}{phrases.UNRATED.capitalize()}:"
        yield from _scored(unrated, width)
    for sentence in phrases.after_publishers(summary):
        yield from paragraph(sentence, width=width, indent=GAP)


def _one_publisher(summary: Summary, width: int) -> Iterator[str]:
    """Why the score of the one publisher that the report is about is what it is, and how it came about."""
    if not summary.course:
        return
    for row in summary.publishers[:1]:
        first, *more = phrases.about(row)
        yield from paragraph(first, width=width)
        for line in more:
            yield from paragraph(line, width=width, indent=f"{GAP}* ", hanging=DEEPER)
    yield f"{phrases.COURSE}:"
    yield from table(("day", "durability", "lists"), list(phrases.course(summary.course)), width=width, indent=GAP)


def _scored(rows: Iterable[Row], width: int) -> Iterator[str]:
    cells = [
        (
            clean(row.get("publisher")),
            *(f"{phrases.number(row, name):,}" for name in ("links", "live", "rotten", "blocked")),
            phrases.durability(row),
            phrases.grade(row),
        )
        for row in rows
    ]
    header = ("publisher", "links", "live", "no longer work", "refused", "durability", "grade")
    used = len(header) if any(cell[-1] for cell in cells) else len(header) - 1
    yield from table(header[:used], [cell[:used] for cell in cells], width=width, indent=DEEPER)


def _notes(summary: Summary, width: int) -> Iterator[str]:
    if summary.notes:
        yield "What to know"
    for note in summary.notes:
        yield from paragraph(note, width=width, indent=f"{GAP}* ", hanging=DEEPER)


def _footer(summary: Summary, width: int) -> Iterator[str]:
    line = phrases.run_line(summary.run)
    if line:
        yield from paragraph(line, width=width)
    yield from paragraph(phrases.footer(summary), width=width)


def _title(words: str, count: int) -> str:
    return f"{words} ({count:,})"


SECTIONS = (
    _headline,
    _totals,
    _documents,
    _attention,
    _unchecked,
    _findings,
    _undefined,
    _archives,
    _publishers,
    _one_publisher,
    _notes,
    _footer,
)
"""In the order of print."""
