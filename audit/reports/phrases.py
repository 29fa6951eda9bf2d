"""What the reports say, once for all formats: words for states and reasons, and the sentences about numbers. Pure.

The wording follows one rule: what we measured is said as a fact with its count and its day, what a list says is said with
the list's name, and what could not be checked is never called gone.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from audit.model import LinkState, Row, Severity, Summary
from audit.reports.layout import clean, counted, day, minute


@dataclass(frozen=True, slots=True, kw_only=True)
class StateWords:
    """A state in words: its label in tables, what it means, and the mark that stands beside it."""

    label: str
    meaning: str
    mark: str


STATES: Mapping[LinkState, StateWords] = {
    LinkState.LIVE: StateWords(label="live", meaning="it answers and shows the page that is cited", mark="+"),
    LinkState.SUSPECT: StateWords(label="suspect", meaning="it fails, but not yet often and long enough to be sure", mark="?"),
    LinkState.DEAD: StateWords(label="dead", meaning="gone, confirmed by checks over at least two weeks", mark="x"),
    LinkState.USURPED: StateWords(label="usurped", meaning="the address is parked, for sale or in other hands", mark="!"),
    LinkState.DRIFTED: StateWords(label="drifted", meaning="it answers, but no longer shows what was cited", mark="~"),
    LinkState.BLOCKED: StateWords(
        label="could not check", meaning="the server turns automated visitors away; a reader may see the page", mark="-"
    ),
    LinkState.UNKNOWN: StateWords(label="not known", meaning="not fetched yet, or nothing that we can fetch", mark="."),
}

REASONS: Mapping[str, str] = {
    "ok": "the page answers",
    "moved": "the page answers at another address",
    "metered": "the page answers; its text is for subscribers",
    "no-content": "the server answers without a page",
    "unverified": "the server answers; the content cannot be seen",
    "http-404": "the server says 404 Not Found",
    "http-410": "the server says 410 Gone",
    "http-5xx": "the server reports an error of its own",
    "http-transient": "the server reports a passing trouble",
    "soft-404": "the server says 200 and shows an error page",
    "redirect-to-root": "the server sends the visitor to the front page",
    "redirect-to-section": "the server sends the visitor to a list of pages",
    "redirect-to-error": "the server sends the visitor to an error page",
    "empty-page": "the server sends an empty page",
    "default-server-page": "the server shows the welcome page of its software",
    "hosting-placeholder": "the hosting company says that there is no such site",
    "account-suspended": "the hosting company has suspended the site",
    "domain-expired": "the registrar says that the domain has expired",
    "dns": "the host name is not found",
    "domain-vanished": "the domain is not registered any more",
    "refused": "the server refuses the connection",
    "reset": "the server breaks off the connection",
    "timeout": "the server does not answer in time",
    "tls": "no secure connection can be made",
    "too-many-redirects": "the server sends the visitor round in circles",
    "ftp-missing": "the file server has no such file",
    "parked": "the domain is parked",
    "for-sale": "the domain is offered for sale",
    "taken-over": "somebody else uses the domain for something else",
    "unrelated-redirect": "the domain leads to an unrelated site",
    "re-registered": "the domain has been registered anew by somebody",
    "content-drift": "the text differs from what was captured when it was cited",
    "title-drift": "the title differs from what was cited",
    "bot-wall": "the site shows a challenge to automated visitors",
    "forbidden": "the server refuses us (403)",
    "login": "the site asks to sign in",
    "payment": "the site asks to pay",
    "consent": "the site asks for consent first",
    "rate-limited": "the server asks us to come back later",
    "geo-block": "the site is not shown in our country",
    "legal": "the page is withheld for legal reasons (451)",
    "refused-request": "the server refuses the way we ask",
    "only-us": "others see the page; we do not",
    "never-fetched": "not fetched yet",
    "deferred": "put off, because the server asked for time",
    "unsupported-scheme": "an address that is not on the web",
    "invalid-url": "not a valid address",
    "blocked-address": "the address points into a private network",
    "robots": "robots.txt asks us not to",
    "http-odd": "the answer says nothing about the page",
    "bad-response": "the answer cannot be read",
    "js-shell": "the page shows nothing without running its scripts",
    "conflicting": "the signs contradict each other",
}
"""Every reason code of the contract, in words; `docs/reasons.md` holds the same list."""

ATTENTION = (LinkState.DEAD, LinkState.USURPED, LinkState.DRIFTED, LinkState.SUSPECT)
"""The states that somebody should look at, the surest first."""

SEVERITIES: Mapping[Severity, tuple[str, str]] = {
    Severity.ERROR: ("error", "errors"),
    Severity.WARNING: ("warning", "warnings"),
    Severity.NOTE: ("note", "notes"),
}

UNRATED = "not rated by any loaded list"
DURABILITY = (
    "Durability is the estimated chance, in per cent, that a citation of this publisher can still be verified in five years, "
    "live or archived; in brackets the range that the evidence leaves open."
)
ORDER = "Ordered by the number of links; ranges that overlap do not rank one publisher above another."
TOO_LITTLE = "too little evidence"
UNRATED_NOTE = "Being unrated says nothing about a publisher."
LEAST_RESOLVED = 5
"""No grade is shown of a publisher with fewer links of known fate (scoring.md, 11)."""


def number(row: Row | None, column: str) -> int:
    """A count of a row; what is missing counts nothing."""
    found = row.get(column) if row else None
    return int(found) if isinstance(found, int | float) else 0


def reason(row: Row) -> str:
    """The reason of a link in words, with the status where the code says too little.

    >>> reason({"reason": "http-5xx", "http_status": 503})
    'the server reports an error of its own (HTTP 503)'
    """
    code = str(row.get("reason") or "never-fetched")
    words = REASONS.get(code, clean(code))
    status = row.get("http_status")
    return (
        f"{words} (HTTP {status})" if code in {"http-5xx", "http-transient", "http-odd", "refused-request"} and status else words
    )


def headline(summary: Summary) -> Iterator[str]:
    """The first sentences of a report: what an edit did, else how the sources stand."""
    for edit in summary.edits:
        sentence = clean(edit.get("headline") or edit_sentence(edit))
        yield sentence if len(summary.documents) <= 1 else f"{clean(edit.get('document'))}: {sentence}"
    yield standing(summary.totals)


def edit_sentence(edit: Row) -> str:
    """What an edit did to the references, from its counts (inputs.md, 1.5).

    >>> edit_sentence({"added_references": 2, "added_archived": 1, "kept_references": 30})
    'This edit added 2 references, of which 1 has an archive copy; 30 references stayed.'
    """
    parts = [_replaced(edit)]
    if names := number(edit, "undefined_names"):
        places = counted(number(edit, "undefined_places"), "place")
        parts.append(f"{counted(names, 'name')} {_are(names)} used but not defined ({places})")
    if tags := number(edit, "tags_removed"):
        parts.append(f"{counted(tags, 'maintenance tag')} {'was' if tags == 1 else 'were'} removed")
    if kept := number(edit, "kept_references"):
        parts.append(f"{counted(kept, 'reference')} stayed")
    if number(edit, "sources_stayed") or (number(edit, "removed_references") and not kept):
        parts.append(f"{counted(number(edit, 'sources_stayed'), 'source')} stayed")
    parts += [
        f"{number(edit, f'{side}_lost')} of {number(edit, f'{side}_judged')} links that {verb} no longer work"
        for side, verb in (("removed", "went"), ("added", "came"))
        if number(edit, f"{side}_judged")
    ]
    return "; ".join(parts) + "."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _replaced(edit: Row) -> str:
    removed, added = number(edit, "removed_references"), number(edit, "added_references")
    had, has = number(edit, "removed_archived"), number(edit, "added_archived")
    share = f"{had or 'none'} of them with an archive copy"
    if had == removed:
        share = "all with an archive copy" if removed > 1 else "with an archive copy"
    have = f"of which {has or 'none'} {'has' if has == 1 else 'have'}"
    if removed and added:
        return f"This edit replaced {counted(removed, 'reference')}, {share}, by {added}, {have} one"
    if added:
        return f"This edit added {counted(added, 'reference')}, {have} an archive copy"
    if removed:
        return f"This edit removed {counted(removed, 'reference')}, {share}"
    return "This edit neither added nor removed references"


def standing(totals: Row) -> str:
    """How all cited URLs stand, in one sentence."""
    links, documents = number(totals, "links"), number(totals, "documents")
    where = f" in {counted(documents, 'document')}" if documents else ""
    if not links:
        return f"No cited URLs{where}."
    parts = [f"{number(totals, state)} {words.label}" for state, words in STATES.items() if number(totals, state)]
    return f"{counted(links, 'cited URL')}{where}: {', '.join(parts) or 'none checked yet'}."


def states(totals: Row) -> Iterator[tuple[LinkState, int, StateWords]]:
    """The states that occur, with their counts."""
    for state, words in STATES.items():
        if number(totals, state):
            yield state, number(totals, state), words


def attention(summary: Summary) -> Iterator[tuple[LinkState, list[Row]]]:
    """The links that need a person, by state."""
    for state in ATTENTION:
        rows = [row for row in summary.links if row.get("state") == state]
        if rows:
            yield state, rows


def unchecked(summary: Summary) -> Iterator[tuple[str, int]]:
    """Why pages could not be checked, with counts, the most frequent first."""
    counts: dict[str, int] = {}
    for row in summary.links:
        if row.get("state") == LinkState.BLOCKED:
            counts[reason(row)] = counts.get(reason(row), 0) + 1
    yield from sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def history(row: Row) -> str:
    """Since when a link fails and when it was last seen working, as far as we know."""
    parts = [reason(row)]
    if row.get("failing_since"):
        failures = number(row, "failures")
        checks = f" in {counted(failures, 'check')}" if failures else ""
        parts.append(f"failing since {day(row['failing_since'])}{checks}")
    if row.get("last_live_at"):
        parts.append(f"last seen working {day(row['last_live_at'])}")
    if number(row, "citations") > 1:
        parts.append(f"cited {number(row, 'citations')} times")
    return "; ".join(parts)


def copy_of(row: Row) -> tuple[str | None, str]:
    """The address of the best archived copy to paste, and the words about it."""
    memento = row.get("memento_url") or row.get("best_memento_url")
    if memento:
        captured = row.get("captured_at") or row.get("best_captured_at")
        return str(memento), f"archived {day(captured)}" if captured else "archived"
    if row.get("archived") == "no":
        return None, "no archived copy is known"
    if row.get("archived") == "yes":
        return None, "archived, but no copy that was looked at shows the page"
    return None, "not known whether an archived copy exists"


def archives(summary: Summary) -> str | None:
    """How far the search for archived copies came."""
    row, totals = summary.archive, summary.totals
    if not row:
        return None
    parts = [f"{number(row, 'answered'):,} answered"]
    held = number(row, "yes") or number(totals, "archived")
    if held:
        parts[0] += f" ({held:,} with a copy)"
    if number(row, "pending"):
        parts.append(f"{number(row, 'pending'):,} pending")
    if number(row, "unknown"):
        parts.append(f"{number(row, 'unknown'):,} could not be answered")
    closed = f" ({closed_pool(row)})" if row.get("open_until") else ""
    return f"Archives: {', '.join(parts)}{closed}."


def closed_pool(row: Row) -> str:
    """Which allowance of an archive is closed, until when and why."""
    why = f", {clean(row['last_http_status'])}" if row.get("last_http_status") else ""
    return f"{clean(row.get('pool') or 'archive')} closed until {minute(row['open_until'])}{why}"


def durability(row: Row) -> str:
    """A durability with its range, never a bare number.

    >>> durability({"durability": 88.2, "durability_low": 82.0, "durability_high": 93.4})
    '88 (82-93)'
    >>> durability({"durability": None})
    'too little evidence'
    """
    if row.get("resolved") == 0:
        return TOO_LITTLE
    if row.get("durability") is None or row.get("durability_low") is None or row.get("durability_high") is None:
        return TOO_LITTLE
    return f"{row['durability']:.0f} ({row['durability_low']:.0f}-{row['durability_high']:.0f})"


def editorial(row: Row) -> str:
    """What the loaded lists say, as they say it."""
    return clean(row.get("editorial") or UNRATED)


def grade(row: Row) -> str:
    """The grade, where enough links have a known fate to carry one."""
    if "resolved" in row and number(row, "resolved") < LEAST_RESOLVED:
        return ""
    return clean(row.get("grade") or "")


def publisher(row: Row) -> str:
    """One publisher in one sentence, as scoring.md 11 words it."""
    worn = number(row, "rotten")
    rot = f"{worn} no longer work" if worn != 1 else "1 no longer works"
    colon = ":" if durability(row) == TOO_LITTLE else ""
    return (
        f"Durability{colon} {durability(row)} from {counted(number(row, 'links'), 'link')}; {rot}. Editorial: {editorial(row)}."
    )


COURSE = "Score over time"
HOW_TO_RATE = "Nobody shown is rated. To load a list: source-audit ratings import KIND SOURCE"
WITHOUT_EDITORIAL = "what rating lists say was left out, as --no-editorial asks: everything here was measured"
EDITORIAL_CODES = ("publisher-", "cites-")


def lifetime(row: Row) -> str | None:
    """The half-life with its range; none from a few links, and never more than fifty years.

    >>> lifetime({"half_life_years": 50.0, "half_life_low": 20.5, "half_life_high": 50.0, "resolved": 12})
    'half of its links last >50 years (20-50 or more), from 12 links of known fate'
    """
    if row.get("half_life_years") is None or number(row, "resolved") < LEAST_RESOLVED:
        return None
    middle, low, high = (float(row.get(f"half_life_{end}") or row["half_life_years"]) for end in ("years", "low", "high"))
    most = f"{LONGEST:.0f} or more" if high >= LONGEST else f"{high:.0f}"
    told = f">{LONGEST:.0f}" if middle >= LONGEST else f"{middle:.0f}"
    return f"half of its links last {told} years ({low:.0f}-{most}), from {number(row, 'resolved')} links of known fate"


LONGEST = 50.0


def why(row: Row) -> Iterator[str]:
    """The reasons of a score, the weightiest first."""
    text = row.get("reasons")
    found = json.loads(text) if isinstance(text, str) else text or ()
    yield from (clean(each["text"]) for each in found)


def about(row: Row) -> Iterator[str]:
    """All that is said of one publisher: its sentence, its lifetime, its reasons."""
    name = clean(row.get("display_name") or row.get("publisher"))
    yield f"{name}: {publisher(row)}"
    if last := lifetime(row):
        yield last
    yield from why(row)


def course(rows: Sequence[Row]) -> Iterator[tuple[str, str, str]]:
    """(day, durability with its range, what lists said) of each score of one publisher, the oldest first."""
    for row in rows:
        yield day(row["scored_at"]), f"{durability(row)} from {counted(number(row, 'links'), 'link')}", editorial(row)


def measured(summary: Summary) -> Summary:
    """The summary without what lists say: a purely measured report."""
    findings = tuple(row for row in summary.findings if not str(row.get("code")).startswith(EDITORIAL_CODES))
    return replace(
        summary,
        publishers=tuple(_measured(row) for row in summary.publishers),
        course=tuple(_measured(row) for row in summary.course),
        documents=tuple({name: value for name, value in row.items() if name not in RATED_COUNTS} for row in summary.documents),
        findings=findings,
        noted={code: count for code, count in (summary.noted or {}).items() if not code.startswith(EDITORIAL_CODES)} or None,
        notes=(*summary.notes, WITHOUT_EDITORIAL),
    )


RATED_COUNTS = {"links_rated", "links_unrated", "links_rated_low"}
EDITORIAL_REASONS = ("rated", "rating-", "capped-", "unrated", "override")


def _measured(row: Row) -> Row:
    found = json.loads(row["reasons"]) if isinstance(row.get("reasons"), str) else []
    kept = [each for each in found if not each["code"].startswith(EDITORIAL_REASONS)]
    empty = ("grade", "editorial", "editorial_value", "editorial_low", "editorial_high", "scope_language", "list_versions")
    shown = {"score": row.get("durability"), "low": row.get("durability_low"), "high": row.get("durability_high")}
    basis = "none" if row.get("basis") == "none" else "durability-only"
    scored = dict.fromkeys(shown) if basis == "none" else shown
    return {**row, **dict.fromkeys(empty), **scored, "basis": basis, "links_rated": 0, "reasons": json.dumps(kept)}


def after_publishers(summary: Summary) -> Iterator[str]:
    """What stands below the publishers: which lists spoke, or how one is loaded."""
    rated, unrated = by_rating(summary)
    if used := lists(rated):
        yield used
    if unrated and not rated and WITHOUT_EDITORIAL not in summary.notes:
        yield HOW_TO_RATE


def lists(rows: Iterable[Row]) -> str | None:
    """The lists that speak in a report, with their revisions."""
    named = sorted({each for row in rows for each in json.loads(row.get("list_versions") or "[]")})
    return f"Rating lists used: {', '.join(map(clean, named))}." if named else None


def by_rating(summary: Summary) -> tuple[list[Row], list[Row]]:
    """Publishers that a loaded list rates, and the others: two tables, never one ranking."""
    ordered = sorted(summary.publishers, key=lambda row: (-number(row, "links"), str(row.get("publisher"))))
    return [row for row in ordered if row.get("editorial")], [row for row in ordered if not row.get("editorial")]


def coverage(rated: Sequence[Row], unrated: Sequence[Row]) -> str:
    """How many of the publishers the lists say anything about."""
    both = len(rated) + len(unrated)
    return (
        f"{len(rated)} of {counted(both, 'publisher')} shown {'is' if len(rated) == 1 else 'are'} rated; {len(unrated)} unrated."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroup:
    """All findings of one code and severity; `advice` is what they all advise, where it is the same."""

    severity: Severity
    code: str
    rows: tuple[Row, ...]
    advice: str | None


def groups(findings: Iterable[Row]) -> Iterator[FindingGroup]:
    """Findings by severity and code, the worst and the most frequent first."""
    gathered: dict[tuple[Severity, str], list[Row]] = {}
    for row in findings:
        gathered.setdefault((Severity(row.get("severity") or "note"), str(row.get("code"))), []).append(row)
    worst = list(SEVERITIES)
    for (severity, code), rows in sorted(gathered.items(), key=lambda pair: (worst.index(pair[0][0]), -len(pair[1]), pair[0][1])):
        advices = {row.get("advice") for row in rows}
        shared = advices.pop() if len(advices) == 1 else None
        yield FindingGroup(severity=severity, code=code, rows=tuple(rows), advice=shared)


def noted(summary: Summary) -> list[tuple[str, int]]:
    """Notes are counted, not listed: how many there are of each code, the most frequent first."""
    counts = summary.noted or Counter(str(row.get("code")) for row in summary.findings if row.get("severity") == Severity.NOTE)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


LONGEST_URL = 200


def found(row: Row) -> str:
    """What was found, and of which address: a line of a wiki is a paragraph, and holds many."""
    detail, url = str(row.get("detail") or ""), str(row.get("url") or "")[:LONGEST_URL]
    return f"{detail} ({url})" if detail and url and url not in detail else detail or url


def place(row: Row, *, documents: int) -> str:
    """Where a finding stands: the line, with the document's name when there are several."""
    line = row.get("line") or row.get("first_line")
    words = f"line {line}" if line else str(row.get("reference_name") or "document")
    side = f" ({row['side']})" if row.get("side") else ""
    return f"{clean(row.get('document'))}, {words}{side}" if documents > 1 else f"{clean(words)}{side}"


def run_line(run: Row | None) -> str | None:
    """The newest run in one line."""
    if not run:
        return None
    asked = f"{number(run, 'urls_fetched'):,} of {number(run, 'urls_due'):,} due URLs fetched"
    spent = f"{number(run, 'requests'):,} requests in {float(run.get('seconds') or 0):.1f} s"
    note = f"; {clean(run['note'])}" if run.get("note") else ""
    return f"Run {clean(run.get('run'))} ({clean(run.get('command'))}, {clean(run.get('outcome'))}): {asked}, {spent}{note}."


def footer(summary: Summary) -> str:
    """Who made the report, when, and where its evidence is."""
    return f"source-audit {clean(summary.version)}, {minute(summary.made_at)}. The evidence of one URL: source-audit explain URL"


def cell(value: Any) -> str:
    """A value in a table; what is absent is a dash."""
    return "-" if value is None else clean(value)
