"""The summary as one HTML file: no script, no outside resource, readable on paper and by a screen reader. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from audit.model import LinkState, Row, Severity, Summary
from audit.reports import phrases
from audit.reports.layout import clean

STYLE = """
:root { color-scheme: light dark; --line: #8886; --bar: #3a6ea5; --soft: #8883; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; } h3 { font-size: 1rem; margin-bottom: .3rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } a { overflow-wrap: anywhere; }
.lead { font-size: 1.1rem; font-weight: 600; } .aside { opacity: .75; } li { margin: .3rem 0; }
svg { vertical-align: middle; } .range { fill: var(--bar); opacity: .45; } .middle { fill: var(--bar); } .scale { fill: var(--soft); }
footer { margin-top: 3rem; border-top: 1px solid var(--line); font-size: .9rem; }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
ROTTEN = (LinkState.DEAD, LinkState.USURPED, LinkState.DRIFTED)
BAR_WIDTH, BAR_HEIGHT = 200, 12


def page(summary: Summary) -> str:
    """Every section that has something to say, the most telling first."""
    body = "\n".join(line for section in SECTIONS for line in section(summary))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>Source audit</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def words(value: object) -> str:
    """Words that stay words.

    >>> words("<script>")
    '&lt;script&gt;'
    """
    return escape(clean(value))


def link(url: object, *, shown: str | None = None) -> str:
    """An address that can be followed, if it is on the web; anything else (`javascript:` too) is only shown.

    >>> link("javascript:alert(1)")
    'javascript:alert(1)'
    """
    text = clean(url)
    if not text.lower().startswith(("http://", "https://")):
        return words(text)
    return f'<a rel="noreferrer nofollow" href="{escape(text)}">{words(shown or text)}</a>'


def _headline(summary: Summary) -> Iterator[str]:
    yield "<h1>Source audit</h1>"
    for sentence in phrases.headline(summary):
        yield f'<p class="lead">{words(sentence)}</p>'


def _totals(summary: Summary) -> Iterator[str]:
    rows = [(f"{at.mark} {words(at.label)}", f"{count:,}", words(at.meaning)) for _, count, at in phrases.states(summary.totals)]
    if rows:
        yield "<h2>Cited URLs</h2>"
        yield from _table(("state", "URLs", "meaning"), rows, numbers={1})


def _documents(summary: Summary) -> Iterator[str]:
    if not summary.documents:
        return
    yield "<h2>Documents</h2>"
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
    return (words(row.get("title") or row.get("document")), *(f"{count:,}" for count in counts))


def _attention(summary: Summary) -> Iterator[str]:
    for state, rows in phrases.attention(summary):
        about, count = phrases.STATES[state], max(phrases.number(summary.totals, state), len(rows))
        yield f"<h2>{about.mark} {words(about.label.capitalize())} ({count:,})</h2>\n<p>{words(about.meaning.capitalize())}.</p>\n<ul>"
        for row in rows:
            memento, copy = phrases.copy_of(row)
            where = f"{words(copy)}: {link(memento)}" if memento else words(copy)
            yield f"<li>{link(row.get('url'))}<br>{words(phrases.history(row))}<br>{where}</li>"
        yield "</ul>"


def _unchecked(summary: Summary) -> Iterator[str]:
    rows = [(words(why), f"{count:,}") for why, count in phrases.unchecked(summary)]
    if rows:
        yield "<h2>Could not check</h2>\n<p>The server turned us away, which says nothing about the page.</p>"
        yield from _table(("what the server did", "URLs"), rows, numbers={1})


def _findings(summary: Summary) -> Iterator[str]:
    if not summary.findings:
        return
    notes = phrases.noted(summary)
    yield f"<h2>Findings ({max(phrases.number(summary.totals, 'findings'), len(summary.findings)):,})</h2>"
    for group in phrases.groups(row for row in summary.findings if row.get("severity") != Severity.NOTE):
        yield f"<h3>{group.severity.value}: {words(group.code)} ({len(group.rows):,})</h3>"
        if group.advice:
            yield f"<p>{words(group.advice)}</p>"
        yield from _group(group, documents=len(summary.documents))
    if notes:
        codes = ", ".join(f"{words(code)} {count:,}" for code, count in notes)
        yield f'<p class="aside">Notes, counted only: {codes}</p>'


def _group(group: phrases.FindingGroup, *, documents: int) -> Iterator[str]:
    yield "<ul>"
    for row in group.rows:
        advice = f"<br><em>{words(row['advice'])}</em>" if row.get("advice") and not group.advice else ""
        where = words(phrases.place(row, documents=documents))
        yield f"<li>{where}: {words(phrases.found(row))}{advice}</li>"
    yield "</ul>"


def _undefined(summary: Summary) -> Iterator[str]:
    if summary.undefined:
        yield "<h2>Names used but never defined</h2>"
        rows = [
            (words(row.get("reference_name")), f"{phrases.number(row, 'uses')}", words(phrases.cell(row.get("first_line"))))
            for row in summary.undefined
        ]
        yield from _table(("name", "uses", "first line"), rows, numbers={1, 2})


def _archives(summary: Summary) -> Iterator[str]:
    sentence = phrases.archives(summary)
    if sentence:
        yield f"<p>{words(sentence)}</p>"


def _publishers(summary: Summary) -> Iterator[str]:
    rated, unrated = phrases.by_rating(summary)
    if not rated and not unrated:
        return
    yield f"<h2>Publishers</h2>\n<p>{words(phrases.coverage(rated, unrated))} {words(phrases.UNRATED_NOTE)}</p>"
    yield f'<p class="aside">{words(phrases.DURABILITY)} {words(phrases.ORDER)}</p>'
    for title, rows in (("Rated", rated), (phrases.UNRATED.capitalize(), unrated)):
        if rows:
            yield f"<h3>{words(title)}</h3>"
            cells = [(words(row.get("publisher")), _bar(row), words(phrases.publisher(row))) for row in rows]
            yield from _table(("publisher", "range", "what was measured"), cells, numbers=set())
    yield from (f'<p class="aside">{words(sentence)}</p>' for sentence in phrases.after_publishers(summary))


def _one_publisher(summary: Summary) -> Iterator[str]:
    if not summary.course:
        return
    for row in summary.publishers[:1]:
        first, *more = phrases.about(row)
        yield f"<p>{words(first)}</p>\n<ul>{''.join(f'<li>{words(line)}</li>' for line in more)}</ul>"
    yield f"<h3>{phrases.COURSE}</h3>"
    rows = [[words(each) for each in line] for line in phrases.course(summary.course)]
    yield from _table(("day", "durability", "lists"), rows, numbers=set())


def _bar(row: Row) -> str:
    """The interval on a scale from 0 to 100, with its middle; nothing where there is too little evidence."""
    if phrases.durability(row) == phrases.TOO_LITTLE:
        return words(phrases.TOO_LITTLE)
    low, high, middle = (float(row[f"durability{end}"]) * BAR_WIDTH / 100 for end in ("_low", "_high", ""))
    return (
        f'<svg width="{BAR_WIDTH}" height="{BAR_HEIGHT}" role="img" aria-label="{words(phrases.durability(row))}">'
        f'<rect class="scale" width="{BAR_WIDTH}" height="{BAR_HEIGHT}"/>'
        f'<rect class="range" x="{low:.1f}" width="{max(high - low, 1):.1f}" height="{BAR_HEIGHT}"/>'
        f'<rect class="middle" x="{middle - 1:.1f}" width="2" height="{BAR_HEIGHT}"/></svg>'
    )


def _notes(summary: Summary) -> Iterator[str]:
    if summary.notes:
        yield f"<h2>What to know</h2>\n<ul>{''.join(f'<li>{words(note)}</li>' for note in summary.notes)}</ul>"


def _footer(summary: Summary) -> Iterator[str]:
    lines = [line for line in (phrases.run_line(summary.run), phrases.footer(summary)) if line]
    yield f"<footer>{''.join(f'<p>{words(line)}</p>' for line in lines)}</footer>"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: set[int]) -> Iterator[str]:
    kind = [' class="n"' if at in numbers else "" for at in range(len(header))]
    yield f"<table><thead><tr>{''.join(f'<th{kind[at]}>{words(name)}</th>' for at, name in enumerate(header))}</tr></thead><tbody>"
    for row in rows:
        yield f"<tr>{''.join(f'<td{kind[at]}>{cell}</td>' for at, cell in enumerate(row))}</tr>"
    yield "</tbody></table>"


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
"""In the order of the page."""
