"""Captures of a cited URL: is there one, which supports a citation, and when to look again. Pure."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from audit import placeholders, similarity, soft404, takeover, urls, walls
from audit.model import (
    SAVE_FAILED,
    SAVE_REQUESTED,
    Archived,
    Capture,
    CaptureSearch,
    Choice,
    CitedAs,
    Evidence,
    Fetch,
    LinkState,
    Playback,
    SearchFailure,
    Wanted,
)

EMPTY_DIGEST = "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
"""Base32 SHA-1 of nothing: the archive stored an answer without a body."""

PAGE_STATUSES = {200, 203, 206}
REVISIT = "warc/revisit"
LATE = timedelta(days=30)
"""A capture so long after the access date is as good as one before it; beyond, the page may have changed."""

MOST_MOMENTS = 3
"""So many wanted dates are asked one by one; with more, one index query answers all."""

MOST_BODIES = 5
"""So many captures of one URL are opened for a wanted date before we believe that none supports it."""

ABSENCE_GOOD_FOR = timedelta(days=90)
ABSENT_WITNESSES = frozenset({"timegate-404", "index-empty"})


class Support(StrEnum):
    """What an opened capture shows, seen from the citation."""

    VERIFIED = "verified"
    LIKELY = "likely"
    UNVERIFIED = "unverified"
    MISMATCH = "mismatch"
    SOFT_404 = "soft-404"
    PARKED = "parked"
    BLOCKED = "blocked"
    REDIRECT_CAPTURE = "redirect-capture"
    ERROR_CAPTURE = "error-capture"
    TYPE_ONLY = "type-only"


UNUSABLE = {
    Support.MISMATCH,
    Support.SOFT_404,
    Support.PARKED,
    Support.BLOCKED,
    Support.REDIRECT_CAPTURE,
    Support.ERROR_CAPTURE,
}


# ---- is there one


def archived(searches: Iterable[CaptureSearch], *, now: datetime) -> Archived:
    """Whether any archive holds the URL, from everything they answered.

    >>> archived([], now=datetime(2026, 6, 1, tzinfo=UTC)).value
    'unknown'
    """
    standing = [_standing(answers, now=now) for answers in _by_archive(searches).values()]
    if Archived.YES in standing:
        return Archived.YES
    asked = [each for each in standing if each is not None]
    return Archived.NO if asked and set(asked) == {Archived.NO} else Archived.UNKNOWN


def _by_archive(searches: Iterable[CaptureSearch]) -> dict[str, list[CaptureSearch]]:
    """What each archive answered, newest first."""
    answers: dict[str, list[CaptureSearch]] = {}
    for search in sorted(searches, key=lambda each: each.asked_at, reverse=True):
        answers.setdefault(search.archive, []).append(search)
    return answers


FINAL_FAILURES = {SearchFailure.EXCLUDED, SearchFailure.MALFORMED_URL, SearchFailure.PRIVATE}
"""Failures that are an answer of their own; the others leave what was known before."""


def _standing(answers: Sequence[CaptureSearch], *, now: datetime) -> Archived | None:
    """What one archive says: any capture it ever showed, else its newest real answer. None when it has no say.

    An archive that knows one witness only (a TimeMap) can say yes, but its silence proves nothing: it has no say then.
    """
    if any(search.captures for search in answers):
        return Archived.YES
    known_at = _saves_known_at(answers)
    for search in answers:
        if search.failure is None and now - search.asked_at <= ABSENCE_GOOD_FOR:
            return Archived.NO if known_at is None or search.asked_at >= known_at else Archived.UNKNOWN
        if search.failure in FINAL_FAILURES:
            return Archived.UNKNOWN
    return None if all(search.failure is SearchFailure.UNCONFIRMED for search in answers) else Archived.UNKNOWN


SAVE_LAG = timedelta(hours=12)
"""So long may an index lag behind a page that the archive was asked to save."""


def _saves_known_at(answers: Iterable[CaptureSearch]) -> datetime | None:
    """When an archive that was asked to save the page can say again that it holds none; None when it was not asked."""
    told = next((each for each in answers if _of_a_save(each)), None)
    return told.asked_at + SAVE_LAG if told and SAVE_REQUESTED in told.witnesses else None


def _of_a_save(search: CaptureSearch) -> bool:
    return SAVE_REQUESTED in search.witnesses or SAVE_FAILED in search.witnesses


def excluded(searches: Iterable[CaptureSearch]) -> bool:
    """Whether an archive's newest word is that it holds the URL and will not show it."""
    return any(answers[0].failure is SearchFailure.EXCLUDED for answers in _by_archive(searches).values())


def absent_since(searches: Iterable[CaptureSearch], *, archive: str, now: datetime) -> datetime | None:
    """When that archive last said no with both witnesses, if that is recent enough to be renewed by one of them."""
    asked = [
        search.asked_at
        for search in searches
        if search.archive == archive
        and not search.captures
        and search.failure is None
        and set(search.witnesses) >= ABSENT_WITNESSES
    ]
    newest = max(asked, default=None)
    return newest if newest and now - newest <= ABSENCE_GOOD_FOR else None


# ---- when to look again

HELD_FOR = timedelta(days=180)
ABSENT_FOR = {True: timedelta(days=14), False: timedelta(days=30)}
"""By whether the link is live: crawlers may still come to a live page; a dead one gets late index entries at best."""

EXCLUDED_FOR = timedelta(days=90)
MALFORMED_FOR = timedelta(days=365)
"""Really until the rules of URL repair change; a year bounds the wait."""

RETRY_AFTER = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(hours=72))


def fresh_until(searches: Iterable[CaptureSearch], *, state: LinkState | None = None) -> datetime | None:
    """Until when what the archives answered need not be asked again; None when nobody was asked yet."""
    answers = _by_archive(searches)
    held = [search.asked_at for each in answers.values() for search in each if search.captures]
    if held:
        return max(held) + HELD_FOR
    return min((_asked_again_at(each, live=state is LinkState.LIVE) for each in answers.values()), default=None)


def _asked_again_at(answers: Sequence[CaptureSearch], *, live: bool) -> datetime:
    known_at = _saves_known_at(answers)
    answers = [each for each in answers if not _of_a_save(each)] or answers
    newest = answers[0]
    if known_at and newest.asked_at < known_at:
        return known_at
    if newest.failure is None:
        return newest.asked_at + ABSENT_FOR[live]
    if newest.failure in {SearchFailure.EXCLUDED, SearchFailure.PRIVATE}:
        return newest.asked_at + EXCLUDED_FOR
    if newest.failure is SearchFailure.MALFORMED_URL:
        return newest.asked_at + MALFORMED_FOR
    return newest.asked_at + RETRY_AFTER[min(_failed_runs(answers), len(RETRY_AFTER)) - 1]


def _failed_runs(answers: Sequence[CaptureSearch]) -> int:
    """How many runs in a row got no answer; searches of the same run lie within minutes."""
    runs, last = 0, None
    for search in answers:
        if search.failure is None or search.captures:
            break
        if last is None or last - search.asked_at > timedelta(minutes=30):
            runs += 1
        last = search.asked_at
    return max(1, runs)


# ---- what to look for

NOT_LIVE = {LinkState.SUSPECT, LinkState.DEAD, LinkState.USURPED, LinkState.DRIFTED, LinkState.BLOCKED}


def wishes(wanted: Wanted, *, search: str) -> bool:
    """Whether the configured extent of the search (`all`, `missing`, `dead`, `never`) covers this URL."""
    covers = {"all": True, "missing": not wanted.archive_urls, "dead": wanted.state in NOT_LIVE, "never": False}
    return covers[search]


SHOWN_RULES = frozenset({"content.matches", "content.file"})
"""Evidence of a live page that shows the cited title or quotation, or is a document: a copy would tell nothing more."""


def doubted(state: LinkState | None, *, rules: Collection[str], cited: CitedAs | None, url: str) -> bool:
    """Whether a live page shows nothing of what was cited: then only a copy can tell whether it is still the same."""
    if state is not LinkState.LIVE or cited is None or urls.root_like(url):
        return False
    return not SHOWN_RULES & set(rules)


def opens(wanted: Wanted, *, verify: str) -> bool:
    """Whether the bodies of copies matter, by the configured extent (`all`, `needed`, `never`)."""
    return verify == "all" or (verify == "needed" and (wanted.doubted or wanted.state in NOT_LIVE))


LOCAL_INDEX = "local-index"
"""The witness of what the imported index holds."""


def answered(wanted: Wanted, *, now: datetime) -> bool:
    """Whether everything that is wanted was answered lately: fresh enough, and near every wanted moment.

    What the imported index holds answers for the moments near it; for others it is as if nothing had been asked.
    """
    asked = tuple(search for search in wanted.searches if LOCAL_INDEX not in search.witnesses)
    return _answers(wanted, wanted.searches, now=now) or (asked != wanted.searches and _answers(wanted, asked, now=now))


def _answers(wanted: Wanted, searches: Sequence[CaptureSearch], *, now: datetime) -> bool:
    good_until = fresh_until(searches, state=wanted.state)
    if good_until is None or good_until <= now:
        return False
    held = [search for search in searches if search.captures]
    return not uncovered(wanted.near, held) if held else True


def uncovered(near: Iterable[datetime], searches: Iterable[CaptureSearch]) -> tuple[datetime, ...]:
    """The wanted moments near which these searches found nothing."""
    held = [search for search in searches if search.captures]
    return tuple(moment for moment in near if not any(_covers(search, moment) for search in held))


def told_before(search: CaptureSearch, earlier: Iterable[CaptureSearch]) -> bool:
    """Whether the same was said already and is still good: the imported index would repeat itself every night."""
    same = (each for each in earlier if replace(each, asked_at=search.asked_at) == search)
    return any(search.asked_at < each.asked_at + HELD_FOR for each in same)


def _covers(search: CaptureSearch, moment: datetime) -> bool:
    return search.near is None or abs(search.near - moment) <= LATE


def unfinished(wanted: Wanted, *, archives: Sequence[str], now: datetime) -> bool:
    """Whether copies are known and the walk over them has not come to its end: nobody began it, an archive failed, or time was up.

    After a failure it waits, the longer the more there were. An opened copy that may support the citation ends it, and so do enough that do not.
    """
    if not any(search.captures for search in wanted.searches):
        return False
    seen = [each for each in wanted.playbacks if each.failure is None]
    failed = [each for each in wanted.playbacks if each.failure is not None]
    if failed and _opened_again_at(failed) > now:
        return False
    if not seen and not _listed(wanted.searches):
        return True
    places = {each.memento_url for each in seen}
    dates = wanted_dates(wanted.near)
    return len(seen) < MOST_BODIES * len(dates) and any(
        choice is not None and not is_open(choice) and choice.capture.memento_url not in places
        for choice in (
            best(wanted.searches, near=near, cited_url=wanted.url, playbacks=seen, cited=wanted.cited, archives=archives)
            for near in dates
        )
    )


LISTINGS = {"index", "index-empty", "timemap", "timemap-empty"}


def _listed(searches: Iterable[CaptureSearch]) -> bool:
    """Whether an archive listed all that it holds, which may be nothing of use; before that more may be found."""
    return any(not LISTINGS.isdisjoint(search.witnesses) for search in searches)


def lately_seen(wanted: Wanted, *, now: datetime) -> list[Playback]:
    """What opened copies showed, as long as an answer of a search holds: then they are looked at once more."""
    return [each for each in wanted.playbacks if each.failure is None and each.played_at + HELD_FOR > now]


def _opened_again_at(failed: Sequence[Playback]) -> datetime:
    newest = max(failed, key=lambda each: each.played_at)
    final = newest.failure in FINAL_FAILURES
    return newest.played_at + (EXCLUDED_FOR if final else RETRY_AFTER[min(len(failed), len(RETRY_AFTER)) - 1])


def wanted_dates(near: Iterable[datetime]) -> tuple[datetime | None, ...]:
    """The dates for which copies are opened one by one; None stands for any."""
    return moments(near)[:MOST_MOMENTS] or (None,)


def is_open(choice: Choice) -> bool:
    """Whether a capture was opened and may support what is cited."""
    return any(each.rule == "capture.opened" for each in choice.evidence)


def urgency(wanted: Wanted, *, now: datetime) -> int:
    """The place in the queue when time is short, 0 first."""
    held = archived(wanted.searches, now=now) is Archived.YES
    if wanted.state in NOT_LIVE - {LinkState.SUSPECT} and not held:
        return 0
    if wanted.archive_urls:
        return 1
    if wanted.state is LinkState.SUSPECT:
        return 2
    return 3 if not wanted.searches else 4


def moments(near: Iterable[datetime], *, apart: timedelta = LATE) -> tuple[datetime, ...]:
    """The wanted moments that lie far enough from each other to want captures of their own, in the order given.

    >>> days = [datetime(2020, 1, day, tzinfo=UTC) for day in (1, 20)] + [datetime(2021, 1, 1, tzinfo=UTC)]
    >>> [moment.year for moment in moments(days)]
    [2020, 2021]
    """
    kept: list[datetime] = []
    for moment in near:
        if all(abs(moment - other) > apart for other in kept):
            kept.append(moment)
    return tuple(kept)


# ---- which one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What the citation wants of a capture."""

    near: datetime
    cited_url: str
    failing_since: datetime | None
    published_at: datetime | None
    archives: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A capture and what is known of its content; `rank` orders by how sure it is that a page will be seen."""

    capture: Capture
    rank: int
    known: Evidence


def best(
    searches: Iterable[CaptureSearch],
    *,
    near: datetime | None,
    cited_url: str,
    failing_since: datetime | None = None,
    published: date | None = None,
    playbacks: Iterable[Playback] = (),
    cited: CitedAs | None = None,
    archives: Sequence[str] = (),
    shared: Collection[str] = (),
) -> Choice | None:
    """The capture that supports a citation best, with evidence; None when every known capture is unusable.

    `archives` is the order of the configuration, for ties. Captures that were opened and shown not to support are left out, and
    so are those of a `shared` digest: one body under several paths of a host is the host's error page.
    """
    found = list(searches)
    candidates = _candidates(found, playbacks, cited=cited or CitedAs(), shared=shared)
    if not candidates:
        return None
    wish = _Wish(
        near=near or failing_since or max(each.capture.captured_at for each in candidates),
        cited_url=cited_url,
        failing_since=failing_since,
        published_at=datetime.combine(published, time.min, tzinfo=UTC) - timedelta(days=1) if published else None,
        archives=tuple(archives) or tuple(dict.fromkeys(search.archive for search in found)),
    )
    chosen = min(candidates, key=lambda candidate: _order(candidate, wish))
    return Choice(capture=chosen.capture, evidence=_reasons(chosen, wish))


def _candidates(
    searches: Sequence[CaptureSearch], playbacks: Iterable[Playback], *, cited: CitedAs, shared: Collection[str]
) -> list[_Candidate]:
    known = list({capture.memento_url: capture for search in searches for capture in search.captures}.values())
    shown = _Shown(playbacks, cited=cited)
    good_digests = {capture.digest for capture in known if capture.http_status in PAGE_STATUSES} - {None}
    bad_digests = {capture.digest for capture in known if shown.of(capture) in UNUSABLE} - {None} | {EMPTY_DIGEST, *shared}
    candidates = (_candidate(each, shown=shown, good_digests=good_digests, bad_digests=bad_digests) for each in known)
    return [candidate for candidate in candidates if candidate]


def _candidate(
    capture: Capture, *, shown: "_Shown", good_digests: Collection[str | None], bad_digests: Collection[str | None]
) -> _Candidate | None:
    """A capture that may show the page, ranked: a page, revisit of one, followed redirect, unresolved revisit.

    A TimeGate names the nearest capture and no HTTP status: unopened it counts as a page, or a copy that was opened for
    another citation, years away, would always win.
    """
    support = shown.of(capture)
    if support in UNUSABLE or capture.digest in bad_digests:
        return None
    if support is not None:
        redirected = capture.http_status is not None and 300 <= capture.http_status < 400
        return _Candidate(
            capture=capture, rank=2 if redirected else 0, known=Evidence(rule="capture.opened", detail=support.value)
        )
    if capture.http_status in PAGE_STATUSES:
        return _Candidate(
            capture=capture,
            rank=0,
            known=Evidence(rule="capture.http-status", detail=f"captured with HTTP {capture.http_status}"),
        )
    if capture.http_status is not None:
        return None
    if capture.digest in good_digests:
        return _Candidate(
            capture=capture, rank=1, known=Evidence(rule="capture.revisit", detail="same body as a capture with HTTP 200")
        )
    rank = 3 if capture.mimetype == REVISIT else 0
    return _Candidate(capture=capture, rank=rank, known=Evidence(rule="capture.unopened", detail="its HTTP status is not known"))


class _Shown:
    """What the opened captures showed, found by address or by archive and moment."""

    def __init__(self, playbacks: Iterable[Playback], *, cited: CitedAs) -> None:
        self._support: dict[object, Support] = {}
        for playback in sorted(playbacks, key=lambda each: each.played_at):
            if playback.failure is not None:
                continue
            state, _ = support(playback, cited=cited)
            self._support[playback.memento_url] = state
            if playback.captured_at:
                self._support[playback.archive, playback.captured_at] = state

    def of(self, capture: Capture) -> Support | None:
        by_address = self._support.get(capture.memento_url)
        return by_address if by_address is not None else self._support.get((capture.archive, capture.captured_at))


def _order(candidate: _Candidate, wish: _Wish) -> tuple[object, ...]:
    capture = candidate.capture
    late = capture.captured_at > wish.near + LATE
    archive = wish.archives.index(capture.archive) if capture.archive in wish.archives else len(wish.archives)
    return (
        candidate.rank,
        late,
        _out_of_life(capture, wish) is not None,
        spelling(capture.url) != spelling(wish.cited_url),
        abs(capture.captured_at - wish.near),
        archive,
        capture.memento_url,
    )


def _out_of_life(capture: Capture, wish: _Wish) -> str | None:
    """Why a capture lies outside the time in which the page can have been as cited; None when it does not."""
    if wish.failing_since and capture.captured_at > wish.failing_since:
        return f"captured after the link began to fail on {wish.failing_since:%Y-%m-%d}"
    if wish.published_at and capture.captured_at < wish.published_at:
        return "captured before the source was published"
    return None


def _reasons(candidate: _Candidate, wish: _Wish) -> tuple[Evidence, ...]:
    capture = candidate.capture
    days = round((capture.captured_at - wish.near) / timedelta(days=1))
    when = (
        "on the wanted day"
        if days == 0
        else f"{abs(days)} day{'' if abs(days) == 1 else 's'} {'after' if days > 0 else 'before'} the wanted day"
    )
    reasons = [candidate.known, Evidence(rule="capture.distance", detail=when)]
    if outside := _out_of_life(capture, wish):
        reasons.append(Evidence(rule="capture.out-of-life", detail=outside))
    if spelling(capture.url) != spelling(wish.cited_url):
        reasons.append(Evidence(rule="capture.other-spelling", detail=f"captured as {capture.url}"))
    return tuple(reasons)


def spelling(url: str) -> str:
    """An address without scheme, `www.`, default port and trailing slash: what may differ and still be the same page.

    >>> spelling("http://www.example.org:80/a/") == spelling("https://example.org/a")
    True
    >>> spelling("http://example.org/A") == spelling("http://example.org/a")
    False
    """
    host, slash, path = re.sub(r"^https?://(www\d?\.)?", "", url, flags=re.IGNORECASE).partition("/")
    return (re.sub(r":(80|443)$", "", host.lower()) + slash + path).rstrip("/")


# ---- what it shows

NOT_HTML = re.compile(r"(?!text/html|application/xhtml)[a-z]+/[a-z0-9.+-]+")
MOST_REDIRECT_DAYS = timedelta(days=30)
SAME_TITLE = 80.0
SHORT_TITLE_WORDS = 3
"""A title of fewer words ("Home", "News") is a subset of many others: it must be equal, apart from the site's name."""

SAME_TEXT = 0.5
OTHER_TEXT = 0.15
SITE_NAME = re.compile(r"\s+(?:[|\-\u2013\u2014\u00b7\u00bb:]+|::)\s+")


def support(
    playback: Playback, *, cited: CitedAs, beside: Sequence[tuple[int, ...]] = ()
) -> tuple[Support, tuple[Evidence, ...]]:
    """What an opened capture shows of what was cited. `beside` are sketches of the live page or of neighbouring captures."""
    for look in (_unopened, _error, _redirect, _other_type):
        seen = look(playback)
        if seen is not None:
            return seen
    return _content(playback, cited=cited, beside=beside)


Seen = tuple[Support, tuple[Evidence, ...]]


def _seen(state: Support, detail: str, *, strength: float | None = None) -> Seen:
    return state, (Evidence(rule=f"support.{state.value}", detail=detail, strength=strength),)


def _unopened(playback: Playback) -> Seen | None:
    """What could not be opened says nothing about what was captured."""
    if playback.failure is None:
        return None
    return _seen(Support.UNVERIFIED, f"could not be opened: {playback.detail or playback.failure.value}")


def _error(playback: Playback) -> Seen | None:
    if playback.captured_at is None:
        return _seen(Support.ERROR_CAPTURE, "the archive has no such capture")
    if playback.http_status in {401, 402, 403, 407, 451}:
        return _seen(Support.BLOCKED, f"captured with HTTP {playback.http_status}")
    if playback.http_status is not None and 300 <= playback.http_status < 400:
        return _seen(Support.REDIRECT_CAPTURE, f"a captured redirect that leads nowhere (HTTP {playback.http_status})")
    if playback.http_status not in PAGE_STATUSES:
        return _seen(Support.ERROR_CAPTURE, f"captured with HTTP {playback.http_status}")
    if playback.body_bytes == 0:
        return _seen(Support.ERROR_CAPTURE, "captured without a body")
    return None


LOGIN = re.compile(r"/(log[-_]?in|sign[-_]?in|auth|sso|consent|subscribe|error|404|not[-_]?found)\b", re.IGNORECASE)


def _redirect(playback: Playback) -> Seen | None:
    """A captured redirect helps if it leads to a page of the same time that is not where all missing pages lead."""
    followed = [hop for hop in playback.hops if hop.kind == "captured"]
    if not followed:
        return None
    target = followed[-1].location or ""
    if urls.root_like(target) and not urls.root_like(followed[0].url):
        return _seen(Support.REDIRECT_CAPTURE, f"redirected to the front page {target}")
    if LOGIN.search(target) and not LOGIN.search(followed[0].url):
        return _seen(Support.REDIRECT_CAPTURE, f"redirected to {target}")
    return None


def _other_type(playback: Playback) -> Seen | None:
    if playback.mimetype and NOT_HTML.fullmatch(playback.mimetype) and playback.mimetype != "text/plain":
        return _seen(Support.TYPE_ONLY, f"{playback.mimetype}, {playback.body_bytes} bytes")
    return None


def _content(playback: Playback, *, cited: CitedAs, beside: Sequence[tuple[int, ...]]) -> Seen:
    """Compare what is shown with quotes, titles and neighbouring texts, strongest evidence first.

    An error page, a wall or a parked domain was captured as gladly as a page: the rules for live pages tell them.
    """
    text = playback.sample or ""
    for quote in cited.quotes:
        if similarity.quote_found(quote, text):
            return _seen(Support.VERIFIED, f"shows the quote {_short(quote)}", strength=0.98)
    host = similarity.fold(urls.host_of(playback.url).removeprefix("www."))
    shown = [title for title in (playback.title, playback.og_title, playback.h1) if title and similarity.fold(title) != host]
    for title in cited.titles:
        if any(same_title(title, each) for each in shown):
            return _seen(Support.LIKELY, f"shows the title {_short(title)}", strength=0.9)
    return _stand_in(playback, cited) or _compared(playback, cited=cited, beside=beside)


def _compared(playback: Playback, *, cited: CitedAs, beside: Sequence[tuple[int, ...]]) -> Seen:
    """Neither title nor quotation was found: only other copies of the text can tell."""
    shares = [share for other in beside if (share := similarity.containment(playback.sketch, other)) is not None]
    if not shares:
        return _seen(
            Support.UNVERIFIED, "nothing to compare it with" if not (cited.titles or cited.quotes) else "title not found"
        )
    share = max(shares)
    if share >= SAME_TEXT:
        return _seen(Support.LIKELY, f"shares {share:.0%} of its text with another copy", strength=share)
    if share < OTHER_TEXT and (cited.titles or cited.quotes):
        return _seen(Support.MISMATCH, f"shares {share:.0%} of its text with another copy, and neither title nor quote")
    return _seen(Support.UNVERIFIED, f"shares {share:.0%} of its text with another copy: changed")


def _stand_in(playback: Playback, cited: CitedAs) -> Seen | None:
    """What was captured in place of the page."""
    page = _as_fetch(playback)
    if refused := walls.wall(page):
        return _seen(Support.BLOCKED, f"{refused.reason}: {refused.evidence.detail}")
    if lost := takeover.lost(page, cited=cited):
        return _seen(Support.PARKED, f"{lost[0]}: {lost[1].detail}")
    if trade := takeover.other_trade(page, cited=cited):
        return _seen(Support.PARKED, f"taken-over: {trade.detail}")
    said = [*soft404.words(page), *(each for each in (soft404.empty(page),) if each)]
    if notice := placeholders.placeholder(page):
        said.insert(0, notice[1])
    if soft404.combined(said) >= soft404.CONVICTS and not urls.root_like(playback.url):
        return _seen(Support.SOFT_404, said[0].detail)
    return None


def _as_fetch(playback: Playback) -> Fetch:
    """A playback as the rules for live pages look at it."""
    return Fetch(
        url=playback.url,
        requested_url=playback.url,
        final_url=playback.url,
        fetched_at=playback.played_at,
        check_id="",
        http_status=playback.http_status,
        content_type=playback.mimetype,
        title=playback.title,
        og_title=playback.og_title,
        h1=playback.h1,
        word_count=playback.word_count,
        text_length=len(playback.sample or ""),
        flags=playback.flags,
        body_bytes=playback.body_bytes,
        sample=playback.sample,
    )


def same_title(cited: str, shown: str) -> bool:
    """Whether a page shows the cited title. A title of the site alone says nothing, though editors write it behind the page's.

    >>> same_title("The bridge is open - news.example", "News.example"), same_title("Opening - The Paper", "Opening")
    (False, True)
    """
    wanted, seen = similarity.fold(cited), similarity.fold(shown)
    first, *sites = (similarity.fold(part) for part in SITE_NAME.split(cited))
    if min(len(wanted.split()), len(seen.split())) >= SHORT_TITLE_WORDS:
        return seen not in sites and similarity.title_ratio(cited, shown) >= SAME_TITLE
    return seen in {wanted, first} or wanted in (similarity.fold(part) for part in SITE_NAME.split(shown))


def _short(text: str) -> str:
    words = " ".join(text.split())
    more = "..." if len(words) > 60 else ""
    return f'"{words[:60]}{more}"'
