"""What is reported about each citation: its link, its copies, what its editor claims. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from audit import captures, citing, editorial, integrity, urls
from audit.cited import Cited, every, finding
from audit.editorial import Said
from audit.model import (
    Archived,
    Choice,
    Citation,
    Document,
    Editorial,
    Evidence,
    Fetch,
    Finding,
    LinkState,
    Playback,
    SearchFailure,
    Severity,
    Side,
    Verdict,
)

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
LOST = {LinkState.SUSPECT, LinkState.DEAD, LinkState.USURPED, LinkState.DRIFTED}
CERTAIN = {LinkState.DEAD, LinkState.USURPED, LinkState.DRIFTED}
SURE_ALIVE = 0.6
LINK = {
    LinkState.DEAD: ("link-dead", ERROR),
    LinkState.USURPED: ("link-usurped", ERROR),
    LinkState.SUSPECT: ("link-suspect", WARNING),
    LinkState.DRIFTED: ("link-drifted", WARNING),
    LinkState.BLOCKED: ("link-blocked", NOTE),
}
SCHEMES = {"url.needs-https": "link-needs-https", "url.needs-http": "link-needs-http"}
CS1_STATUS = {LinkState.DEAD: "dead", LinkState.USURPED: "usurped", LinkState.DRIFTED: "deviated"}

CODES: Mapping[str, str] = {
    "link-dead": "the page is gone, confirmed by checks over at least two weeks",
    "link-suspect": "the page fails, not yet long enough to be sure",
    "link-usurped": "the domain is parked, for sale or in other hands",
    "link-drifted": "the page no longer shows what was cited",
    "link-blocked": "could not check: the server turns us away",
    "link-moved": "the page answers at another address",
    "link-metered": "the page answers; its text is for subscribers",
    "link-needs-https": "only the secure address answers",
    "link-needs-http": "only the plain address answers",
    "tls-defect": "the certificate has a defect; the page is judged all the same",
    "no-capture": "no archive that was asked has a copy",
    "archive-available": "a copy exists that the citation does not name",
    "archive-url-broken": "the copy that is named does not show the page",
    "archive-excluded": "the archive holds something and does not show it",
    "archive-after-death": "the copy was made after the link began to fail",
    "status-live-but-dead": "the editor says live, the link is dead",
    "status-dead-but-live": "the editor says dead, the link works",
    "publisher-deprecated": "a loaded list calls the source deprecated",
    "publisher-generally-unreliable": "a loaded list calls the source generally unreliable",
    "publisher-blacklisted": "a loaded list blacklists the source: spammed, or rejected by its community",
    "publisher-ratings-mixed": "rows of one list differ about the source, by topic or condition",
    "publisher-ratings-disputed": "loaded lists differ about the source",
    "cites-retracted": "the cited paper was retracted",
    "cites-expression-of-concern": "a notice of concern stands about the cited paper",
}
"""The codes that need facts; the others are in integrity.py, style.py and docs/findings.md."""


def findings(
    document: Document,
    *,
    now: datetime,
    verdicts: Mapping[str, Verdict] | None = None,
    archived: Mapping[str, Archived] | None = None,
    choices: Mapping[int, Choice] | None = None,
    fetches: Mapping[str, Fetch] | None = None,
    opened: Mapping[int, Playback] | None = None,
    excluded: Collection[str] = (),
    said: "Mapping[int, Rated] | None" = None,
) -> tuple[Finding, ...]:
    """Everything to tell about a document. `verdicts`, `archived` and `fetches` are by cited URL, `choices` by citation position.

    `opened` is what the copy that a citation names showed, by citation position; `excluded` are cited URLs that an archive holds
    and does not show. `said` is what rating lists say, by citation position.
    """
    led = _led_there(document, fetches or {})
    found = [
        each for each in integrity.offline(document, now=now) if each.code != "archive-of-another-url" or each.citation not in led
    ]
    for cited in every(document, now=now):
        known = citing.resource(cited.citation)
        if known is None:
            continue
        verdict = (verdicts or {}).get(known.url)
        choice = (choices or {}).get(cited.citation.position)
        if verdict is not None:
            fetch = (fetches or {}).get(known.url)
            found += [replace(each, url=known.url) for each in _link(cited, verdict, fetch, choice)]
        shown = (opened or {}).get(cited.citation.position)
        found += _copies(cited, known.url, verdict, (archived or {}).get(known.url), choice)
        found += _opened(cited, shown, choice)
        found += _late(cited, verdict, shown)
        if rated := (said or {}).get(cited.citation.position):
            found += [replace(each, url=known.url) for each in _ratings(cited, rated)]
        if known.url in excluded:
            found.append(finding(cited, "archive-excluded", NOTE, "an archive holds copies and does not show them"))
    return tuple(_softened(each) for each in found)


def _led_there(document: Document, fetches: Mapping[str, Fetch]) -> set[int]:
    """Citations whose cited address was seen to lead to what their copy is of: a copy of the page all the same."""
    if not fetches:
        return set()
    return {each.position for each in document.every_citation() if _leads_to_copy(each, fetches)}


def _leads_to_copy(citation: Citation, fetches: Mapping[str, Fetch]) -> bool:
    known, copy = citing.resource(citation), citing.archive_copy(citation)
    fetch = fetches.get(known.url) if known else None
    if fetch is None or copy is None or copy.original is None:
        return False
    there = urls.normalise(copy.original)
    led = (fetch.final_url, *(url for hop in fetch.hops for url in (hop.url, hop.location)))
    return any(url and urls.same_page(url, there) for url in led)


def _softened(each: Finding) -> Finding:
    """What only the removed side of a diff says is for the record: it is not on the page any more."""
    return replace(each, severity=NOTE) if each.side is Side.REMOVED and each.severity is not NOTE else each


# ---- the link


def _link(cited: Cited, verdict: Verdict, fetch: Fetch | None, choice: Choice | None) -> Iterator[Finding]:
    if verdict.state in LINK:
        code, severity = LINK[verdict.state]
        yield finding(cited, code, severity, _why(verdict, fetch), _link_advice(cited, verdict, choice))
    if verdict.state is LinkState.LIVE:
        yield from _living(cited, verdict, fetch)
    yield from _claims(cited, verdict)


def _why(verdict: Verdict, fetch: Fetch | None) -> str:
    said = next((each.detail for each in verdict.evidence if each.strength), None)
    status = f"HTTP {fetch.http_status}" if fetch and fetch.http_status else None
    since = f"failing since {verdict.failing_since:%Y-%m-%d}" if verdict.failing_since else None
    seen = said or status
    why = verdict.reason if seen is None or seen.startswith(verdict.reason) else f"{verdict.reason}: {seen}"
    return ", ".join(each for each in (seen if seen and seen.startswith(verdict.reason) else why, since) if each)


def _link_advice(cited: Cited, verdict: Verdict, choice: Choice | None) -> str | None:
    if verdict.state is LinkState.BLOCKED:
        return "open it yourself: a refusal of automated visitors says nothing about the page"
    if verdict.state is LinkState.SUSPECT:
        return "no action yet: it becomes dead only when later checks confirm it"
    if cited.copy is not None:
        return f"set url-status={CS1_STATUS[verdict.state]}, so that readers are led to the copy"
    return None if choice else "look for another source or a copy in another archive"


def _living(cited: Cited, verdict: Verdict, fetch: Fetch | None) -> Iterator[Finding]:
    if verdict.reason == "moved" and fetch and fetch.final_url and not urls.same_page(fetch.final_url, fetch.url):
        yield finding(cited, "link-moved", NOTE, f"answers at {fetch.final_url[:300]}", f"url={fetch.final_url}")
    if verdict.reason == "metered":
        yield finding(cited, "link-metered", NOTE, "the page says that it is not free to read", "url-access=subscription")
    for each in verdict.evidence:
        yield from _beside(cited, each, fetch)


def _beside(cited: Cited, each: Evidence, fetch: Fetch | None) -> Iterator[Finding]:
    if each.rule == "tls.defect":
        yield finding(cited, "tls-defect", NOTE, each.detail)
    elif each.rule in SCHEMES:
        yield finding(cited, SCHEMES[each.rule], WARNING, each.detail, f"url={fetch.requested_url}" if fetch else None)
    elif each.rule.startswith("url."):
        yield finding(cited, "malformed-url", WARNING, each.detail, f"url={fetch.requested_url}" if fetch else None)


def _claims(cited: Cited, verdict: Verdict) -> Iterator[Finding]:
    claimed = cited.citation.url_status
    if claimed == "live" and verdict.state in CERTAIN:
        advice = f"url-status={CS1_STATUS[verdict.state]}"
        yield finding(
            cited,
            "status-live-but-dead",
            ERROR,
            f"url-status=live, but the link is {verdict.state.value} ({verdict.reason})",
            advice,
        )
    if claimed == "dead" and verdict.state is LinkState.LIVE and verdict.confidence >= SURE_ALIVE:
        yield finding(
            cited, "status-dead-but-live", WARNING, f"url-status=dead, but the link works ({verdict.reason})", "url-status=live"
        )


# ---- the copies


def _copies(
    cited: Cited, url: str, verdict: Verdict | None, archived: Archived | None, choice: Choice | None
) -> Iterator[Finding]:
    lost = verdict is not None and verdict.state in LOST
    named = cited.citation.archive_url is not None or cited.copy is not None
    if lost and choice is not None and not named:
        memento_url, day = choice.capture.memento_url, choice.capture.captured_at.date()
        said = f"{choice.capture.archive} has a copy of {day}, the citation names none"
        advice = f"archive-url={memento_url} |archive-date={day} |url-status={_status(verdict)}"
        yield replace(finding(cited, "archive-available", WARNING, said, advice), url=url, capture=choice.capture)
    if archived is Archived.NO and not named:
        severity = WARNING if lost else NOTE
        saving = None if lost else "save it now"
        yield replace(finding(cited, "no-capture", severity, "no archive that was asked has a copy", saving), url=url)


def _opened(cited: Cited, playback: Playback | None, choice: Choice | None) -> Iterator[Finding]:
    """The copy that the citation names, when it was opened and does not show the page."""
    if playback is None:
        return
    if playback.failure is SearchFailure.EXCLUDED:
        yield finding(cited, "archive-excluded", WARNING, "the archive does not show the copy that is named", _named(choice))
        return
    support, evidence = captures.support(playback, cited=citing.cited_as([cited.citation]))
    if support in captures.UNUSABLE:
        yield finding(cited, "archive-url-broken", WARNING, f"{support.value}: {evidence[0].detail}"[:300], _named(choice))


def _named(choice: Choice | None) -> str:
    if choice is None:
        return "name another copy"
    return f"archive-url={choice.capture.memento_url} |archive-date={choice.capture.captured_at.date()}"


def _status(verdict: Verdict | None) -> str:
    return CS1_STATUS.get(verdict.state, "dead") if verdict else "dead"


SHOWS_IT = {captures.Support.VERIFIED, captures.Support.LIKELY}


def _late(cited: Cited, verdict: Verdict | None, playback: Playback | None) -> Iterator[Finding]:
    """A copy from after the death of the link, unless it was opened and shows what is cited all the same."""
    if verdict is None or verdict.state not in LOST or verdict.failing_since is None:
        return
    if playback and captures.support(playback, cited=citing.cited_as([cited.citation]))[0] in SHOWS_IT:
        return
    if cited.copy and cited.copy.captured_at:
        yield from _after_death(cited, cited.copy.captured_at, verdict.failing_since)


def _after_death(cited: Cited, captured_at: datetime, failing_since: datetime) -> Iterator[Finding]:
    if captured_at > failing_since + timedelta(days=1):
        said = f"the copy of {captured_at:%Y-%m-%d} was made after the link began to fail on {failing_since:%Y-%m-%d}"
        yield finding(cited, "archive-after-death", WARNING, said, "name an older copy")


# ---- what lists say


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """What the loaded lists say of one citation, each alone and all together. `labelled` is False for a person's own page."""

    said: tuple[Said, ...]
    together: Editorial | None
    labelled: bool = True


SAYINGS: Mapping[str, tuple[str, Severity]] = {
    "d": ("publisher-deprecated", WARNING),
    "gu": ("publisher-generally-unreliable", WARNING),
    "b": ("publisher-blacklisted", WARNING),
}
NOTICES: Mapping[str, tuple[str, Severity, str]] = {
    "Retraction": ("cites-retracted", ERROR, "was retracted on"),
    "Expression of concern": ("cites-expression-of-concern", WARNING, "stands under an expression of concern since"),
}
NOTICE_TAGS = frozenset({"retracted", "retraction"})
CONCERN_TAG = "expression of concern"
REVIEW = "see what the list says of it, and judge this citation by what it supports"


def _ratings(cited: Cited, rated: Rated) -> Iterator[Finding]:
    """What each list says, by its own rule for this citation; nothing about a page of one person."""
    for each in rated.said:
        if each.family == editorial.RETRACTIONS:
            yield from _notices(cited, each)
        elif each.family == editorial.SPAM:
            yield finding(
                cited, "publisher-blacklisted", WARNING, editorial.sentence(each), "remove tracking, or find another address"
            )
        elif rated.labelled and each.family != editorial.KINDS and not each.other_language:
            yield from _verdict(cited, each)
    if rated.labelled and rated.together is not None and rated.together.disputed:
        told = "; ".join(f'"{each.word}" by {editorial.attribution(each)}' for each in rated.together.lists)
        yield finding(cited, "publisher-ratings-disputed", NOTE, f"loaded lists differ: {told}"[:1000], REVIEW)


def _verdict(cited: Cited, said: Said) -> Iterator[Finding]:
    if said.mixed:
        yield finding(cited, "publisher-ratings-mixed", NOTE, editorial.sentence(said), REVIEW)
    elif said.category is not None and said.category in SAYINGS and said.family != editorial.MBFC:
        code, severity = SAYINGS[said.category]
        yield finding(cited, code, severity, editorial.sentence(said), REVIEW)


def _notices(cited: Cited, said: Said) -> Iterator[Finding]:
    """A notice about the cited paper, unless the reference says so itself, or cites the notice."""
    citation = cited.citation
    names = {tag.name.casefold().replace("_", " ").strip() for tag in citation.tags if tag.code == "retracted"}
    known = names & NOTICE_TAGS or "retracted" in (citation.title or "").casefold()
    for rule in said.rules:
        if rule.category not in NOTICES or known or (rule.category != "Retraction" and CONCERN_TAG in names):
            continue
        code, severity, word = NOTICES[rule.category]
        source = f"the list {said.list_id}, {rule.entry}" + (f", {rule.url}" if rule.url else "")
        yield finding(
            cited,
            code,
            severity,
            f"the cited paper doi:{rule.key} {word} {rule.as_of or 'an unknown day'} ({source})",
            "read the notice",
        )
