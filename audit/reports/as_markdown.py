"""The summary as Markdown: for pull requests, issues and step summaries of a CI. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from audit.model import LinkState, Row, Severity, Summary
from audit.reports import phrases
from audit.reports.layout import clean

SPECIAL = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|~#"})
ROTTEN = (LinkState.DEAD, LinkState.USURPED, LinkState.DRIFTED)


def markdown(summary: Summary) -> str:
    """Every section that has something to say, the most telling first."""
    sections = (section(summary) for section in SECTIONS)
    return "\n\n".join("\n".join(lines) for section in sections if (lines := list(section))) + "\n"


def escaped(value: object) -> str:
    r"""Words that stay words: nothing that a stranger wrote becomes a heading, a table or a link.

    >>> print(escaped("a|b <script> *bold*"))
    a\|b \<script\> \*bold\*
    """
    return clean(value).translate(SPECIAL)


def address(url: object) -> str:
    """An address as a link to itself; what is not on the web stays text."""
    text = clean(url).replace(" ", "%20")
    if text.lower().startswith(("http://", "https://")):
        return f"<{text.replace('<', '%3C').replace('>', '%3E').replace('|', '%7C')}>"
    return escaped(text)


def _headline(summary: Summary) -> Iterator[str]:
    yield "# Source audit\n"
    for sentence in phrases.headline(summary):
        yield f"**{escaped(sentence)}**\n"


def _totals(summary: Summary) -> Iterator[str]:
    rows = [(words.label, f"{count:,}", words.meaning) for _, count, words in phrases.states(summary.totals)]
    if rows:
        yield "## Cited URLs\n"
        yield from _table(("state", "URLs", "meaning"), rows, numbers={1})


def _documents(summary: Summary) -> Iterator[str]:
    if not summary.documents:
        return
    yield "## Documents\n"
    header = (
        "document",
        "references",
        "URLs",
        "live",
        "suspect",
        "dead, usurped or drifted",
        "could not check",
        "archived",
        "findings",
    )
    yield from _table(header, [_document(row) for row in summary.documents], numbers=set(range(1, len(header))))


def _document(row: Row) -> Sequence[str]:
    rotten = sum(phrases.number(row, state) for state in ROTTEN)
    counts = [phrases.number(row, name) for name in ("references_", "links", "live", "suspect")]
    counts += [rotten, *(phrases.number(row, name) for name in ("blocked", "archived", "findings"))]
    return (escaped(row.get("title") or row.get("document")), *(f"{count:,}" for count in counts))


def _attention(summary: Summary) -> Iterator[str]:
    for state, rows in phrases.attention(summary):
        count = max(phrases.number(summary.totals, state), len(rows))
        yield f"## {phrases.STATES[state].label.capitalize()} ({count:,})\n"
        yield f"{phrases.STATES[state].meaning.capitalize()}.\n"
        for row in rows:
            yield f"* {address(row.get('url'))}: {escaped(phrases.history(row))}"
            memento, words = phrases.copy_of(row)
            yield f"  * {words}: {address(memento)}" if memento else f"  * {words}"
        yield ""


def _unchecked(summary: Summary) -> Iterator[str]:
    rows = [(escaped(why), f"{count:,}") for why, count in phrases.unchecked(summary)]
    if rows:
        yield "## Could not check\n"
        yield "The server turned us away, which says nothing about the page.\n"
        yield from _table(("what the server did", "URLs"), rows, numbers={1})


def _findings(summary: Summary) -> Iterator[str]:
    if not summary.findings:
        return
    notes = phrases.noted(summary)
    yield f"## Findings ({max(phrases.number(summary.totals, 'findings'), len(summary.findings)):,})\n"
    for group in phrases.groups(row for row in summary.findings if row.get("severity") != Severity.NOTE):
        yield f"### {group.severity.value}: `{escaped(group.code)}` ({len(group.rows):,})\n"
        if group.advice:
            yield f"{escaped(group.advice)}\n"
        yield from _group(group, documents=len(summary.documents))
        yield ""
    if notes:
        codes = ", ".join(f"`{escaped(code)}` {count:,}" for code, count in notes)
        yield f"Notes, counted only: {codes}"


def _group(group: phrases.FindingGroup, *, documents: int) -> Iterator[str]:
    for row in group.rows:
        advice = f" *Advice:* {escaped(row['advice'])}" if row.get("advice") and not group.advice else ""
        where = escaped(phrases.place(row, documents=documents))
        yield f"* {where}: {escaped(phrases.found(row))}{advice}"


def _undefined(summary: Summary) -> Iterator[str]:
    if not summary.undefined:
        return
    yield "## Names used but never defined\n"
    rows = [
        (escaped(row.get("reference_name")), f"{phrases.number(row, 'uses')}", phrases.cell(row.get("first_line")))
        for row in summary.undefined
    ]
    yield from _table(("name", "uses", "first line"), rows, numbers={1, 2})


def _archives(summary: Summary) -> Iterator[str]:
    sentence = phrases.archives(summary)
    if sentence:
        yield escaped(sentence)


def _publishers(summary: Summary) -> Iterator[str]:
    rated, unrated = phrases.by_rating(summary)
    if not rated and not unrated:
        return
    yield "## Publishers\n"
    yield f"{phrases.coverage(rated, unrated)} {phrases.UNRATED_NOTE} {phrases.DURABILITY} {phrases.ORDER}\n"
    for title, rows in (("Rated", rated), (phrases.UNRATED.capitalize(), unrated)):
        if rows:
            yield f"### {title}\n"
            for row in rows:
                yield f"* **{escaped(row.get('publisher'))}**: {escaped(phrases.publisher(row))}"
            yield ""
    yield from (f"{escaped(sentence)}\n" for sentence in phrases.after_publishers(summary))


def _one_publisher(summary: Summary) -> Iterator[str]:
    if not summary.course:
        return
    for row in summary.publishers[:1]:
        first, *more = phrases.about(row)
        yield f"{escaped(first)}\n"
        yield from (f"* {escaped(line)}" for line in more)
    yield f"\n### {phrases.COURSE}\n"
    rows = [[escaped(each) for each in line] for line in phrases.course(summary.course)]
    yield from _table(("day", "durability", "lists"), rows, numbers=set())


def _notes(summary: Summary) -> Iterator[str]:
    if summary.notes:
        yield "## What to know\n"
    for note in summary.notes:
        yield f"* {escaped(note)}"


def _footer(summary: Summary) -> Iterator[str]:
    yield "---"
    line = phrases.run_line(summary.run)
    if line:
        yield f"{escaped(line)}  "
    yield escaped(phrases.footer(summary))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: set[int]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'|'.join('---:' if at in numbers else '---' for at in range(len(header)))}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


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
