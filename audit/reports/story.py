"""The whole story of one URL, for `explain`: every check, hop, capture, rule that fired, citation, and the next check. Pure."""

from collections.abc import Iterator
from datetime import datetime

from audit.model import (
    SAVE_FAILED,
    SAVE_REQUESTED,
    CaptureSearch,
    Evidence,
    Fetch,
    LinkState,
    Playback,
    SearchFailure,
    Step,
    Story,
    Verdict,
)
from audit.reports import phrases
from audit.reports.layout import GAP, clean, counted, day, minute

DEEPER, DEEPEST = GAP * 2, GAP * 3
MOST_CAPTURES = 10
"""So many captures of one archive are listed; a front page has thousands."""


def told(story: Story, *, now: datetime) -> str:
    """The story as text, the verdict first and the facts after it."""
    sections = (section(story, now) for section in SECTIONS)
    return "\n\n".join("\n".join(lines) for section in sections if (lines := list(section))) + "\n"


def _verdict(story: Story, now: datetime) -> Iterator[str]:
    yield clean(story.facts.cited_url.url)
    verdict = story.facts.previous
    if verdict is None:
        yield f"{GAP}not judged yet (asked {minute(now)})"
        return
    state = phrases.STATES[verdict.state]
    yield f"{GAP}{state.label}: {phrases.REASONS.get(verdict.reason, verdict.reason)} ({verdict.reason})"
    yield f"{GAP}{state.meaning}; confidence {verdict.confidence:.2f}"
    yield f"{GAP}decided {minute(verdict.decided_at)} by rules {clean(verdict.rules)}"
    yield from _times(verdict)
    yield f"{GAP}{_next(verdict)}"


def _times(verdict: Verdict) -> Iterator[str]:
    if verdict.last_live_at:
        yield f"{GAP}last seen working {minute(verdict.last_live_at)}"
    if verdict.failing_since:
        yield f"{GAP}failing since {minute(verdict.failing_since)}, {counted(verdict.failures, 'counted check')}"


def _next(verdict: Verdict) -> str:
    due = f"next check {minute(verdict.next_check_at)}" if verdict.next_check_at else "no further check is planned"
    return f"{due}; {WHAT_NEXT[verdict.state]}"


WHAT_NEXT = {
    LinkState.LIVE: "checks that fail would make it suspect",
    LinkState.SUSPECT: "one good answer makes it live; failures over at least 14 days make it dead",
    LinkState.DEAD: "one good answer makes it live",
    LinkState.USURPED: "two good answers with the cited content make it live",
    LinkState.DRIFTED: "the cited content found again makes it live",
    LinkState.BLOCKED: "an answer to us makes it live; being refused never makes it dead",
    LinkState.UNKNOWN: "a readable answer decides",
}


def _evidence(story: Story, now: datetime) -> Iterator[str]:  # noqa: ARG001 - one shape for all sections
    verdict = story.facts.previous
    if verdict is None or not verdict.evidence:
        return
    yield "Why"
    yield from (_piece(piece) for piece in verdict.evidence)


def _piece(piece: Evidence) -> str:
    strength = "" if piece.strength is None else f" [{piece.strength:.2f}]"
    return f"{GAP}{piece.rule}{strength}: {clean(piece.detail)}"


def _checks(story: Story, now: datetime) -> Iterator[str]:  # noqa: ARG001
    """Check by check: what it means, and the fetches that it was made of."""
    fetches = sorted(story.facts.fetches, key=lambda fetch: (fetch.fetched_at, fetch.attempt))
    if not fetches:
        return
    made: dict[str, list[Fetch]] = {}
    for fetch in fetches:
        made.setdefault(fetch.check_id, []).append(fetch)
    steps = {step.signed.check_id: step for step in story.steps}
    yield f"Checks ({len(made):,}), {counted(len(fetches), 'fetch', 'fetches')}"
    for check_id, some in made.items():
        if step := steps.get(check_id):
            yield from _step(step)
        for fetch in some:
            yield from _fetch(fetch)


def _step(step: Step) -> Iterator[str]:
    signed = step.signed
    what = f"{signed.sign.value} ({signed.reason}, {signed.strength:.2f})"
    where = f" from {clean(signed.vantage)}" if signed.vantage else ""
    stands = f"then {step.state.value}" if step.reason == signed.reason else f"then {step.state.value} ({step.reason})"
    yield f"{GAP}{minute(signed.checked_at)}{where}: {what}{', counted' if step.counted else ''}, {stands}"
    for piece in signed.evidence:
        yield f"{GAP}{_piece(piece)}"


def _fetch(fetch: Fetch) -> Iterator[str]:
    role = "" if fetch.role == "attempt" else f" {fetch.role}"
    shared = f" (shared from {clean(fetch.shared_from)})" if fetch.shared_from else ""
    yield f"{DEEPER}{minute(fetch.fetched_at)}{role} {fetch.attempt}: {_answer(fetch)}, {fetch.elapsed_ms} ms{shared}"
    if fetch.requested_url != fetch.url:
        yield f"{DEEPEST}asked {clean(fetch.requested_url)}"
    for hop in fetch.hops:
        yield f"{DEEPEST}{hop.http_status or hop.kind} {clean(hop.url)} -> {clean(hop.location)}"
    if fetch.final_url and fetch.final_url != fetch.requested_url:
        yield f"{DEEPEST}ended at {clean(fetch.final_url)}"
    if fetch.title:
        yield f"{DEEPEST}title: {clean(fetch.title)}"
    if fetch.tls:
        yield f"{DEEPEST}certificate: {clean(fetch.tls)}"


def _answer(fetch: Fetch) -> str:
    if fetch.failure:
        where = f" while {clean(fetch.phase)}" if fetch.phase else ""
        return f"{fetch.failure.value} ({clean(fetch.detail)}){where}" if fetch.detail else f"{fetch.failure.value}{where}"
    kind = f" {clean(fetch.content_type)}" if fetch.content_type else ""
    return f"HTTP {fetch.http_status}{kind}"


def _captures(story: Story, now: datetime) -> Iterator[str]:  # noqa: ARG001
    if not story.facts.searches:
        yield "Archives: not asked yet"
        return
    yield "Archives"
    for search in sorted(story.facts.searches, key=lambda one: (one.asked_at, one.archive)):
        yield f"{GAP}{minute(search.asked_at)} {clean(search.archive)}: {_answered(search)}"
        for capture in search.captures[:MOST_CAPTURES]:
            yield f"{DEEPER}{day(capture.captured_at)} {capture.http_status or '-'} {clean(capture.memento_url)}"
    for playback in story.facts.playbacks:
        yield f"{GAP}{minute(playback.played_at)} opened {clean(playback.memento_url)}: {_played(playback)}"


def _answered(search: CaptureSearch) -> str:
    if search.captures:
        return counted(len(search.captures), "capture")
    if not OF_A_SAVE.isdisjoint(search.witnesses):
        return clean(search.detail)
    if search.failure is SearchFailure.PRIVATE:
        return search.detail or "not asked"
    return f"could not say ({search.failure})" if search.failure else "no capture"


OF_A_SAVE = {SAVE_REQUESTED, SAVE_FAILED}


def _played(playback: Playback) -> str:
    if playback.failure:
        return f"could not be opened ({playback.failure.value})"
    return f"HTTP {playback.http_status}, {clean(playback.title or 'no title')}"


def _citations(story: Story, now: datetime) -> Iterator[str]:  # noqa: ARG001
    if not story.citations:
        return
    yield f"Cited ({len(story.citations):,})"
    for row in story.citations:
        yield f"{GAP}{phrases.place(row, documents=2)}: {clean(row.get('title') or row.get('template') or 'no title')}"
        said = {"access-date": row.get("access_date"), "url-status": row.get("url_status"), "archive-url": row.get("archive_url")}
        claims = ", ".join(f"{name} {clean(value)}" for name, value in said.items() if value)
        if claims:
            yield f"{DEEPER}the editor says: {claims}"
        if row.get("memento_url"):
            yield f"{DEEPER}best copy: {clean(row['memento_url'])}"


def _findings(story: Story, now: datetime) -> Iterator[str]:  # noqa: ARG001
    if not story.findings:
        return
    yield f"Findings ({len(story.findings):,})"
    for row in story.findings:
        yield f"{GAP}{row.get('severity')} {row.get('code')}, {phrases.place(row, documents=2)}: {clean(row.get('detail') or '')}"
        if row.get("advice"):
            yield f"{DEEPER}-> {clean(row['advice'])}"


def _course(story: Story, now: datetime) -> Iterator[str]:  # noqa: ARG001
    if not story.course:
        return
    yield f"{phrases.COURSE}: {clean(story.facts.cited_url.domain)}"
    for when, durability, editorial in phrases.course(story.course):
        yield f"{GAP}{when}: durability {durability}; editorial: {editorial}"


def _overrides(story: Story, now: datetime) -> Iterator[str]:
    if story.facts.overrides:
        yield "Corrections"
    for one in story.facts.overrides:
        what = f"rule {one.rule} is wrong here" if one.rule else f"state is {one.state}"
        standing = "expired" if one.expires_at <= now else "until"
        yield f"{GAP}{clean(what)}, {standing} {day(one.expires_at)}, by {clean(one.author)}: {clean(one.note)}"


def _ratings(story: Story, now: datetime) -> Iterator[str]:  # noqa: ARG001 - every section is asked alike
    if story.ratings:
        yield "What rating lists say"
    for sentence in story.ratings:
        yield f"{GAP}{clean(sentence)}"


SECTIONS = (_verdict, _evidence, _overrides, _ratings, _checks, _captures, _citations, _findings, _course)
"""In the order of print."""
