"""One check -> a sign with evidence: what its attempts and probes mean together. Pure.

A rule table, most specific first: wall, lost domain, placeholder, status, redirect, cluster, probe, text, drift. The first that
convicts gives the reason, the others stay as evidence (verdicts.md, 4 to 7 and 10).
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from audit import placeholders, similarity, soft404, takeover, urls, walls
from audit.model import Check, CitedAs, Evidence, Failure, Fetch, Playback, Sign, Signed, Surroundings
from audit.settings import Soft404

NOBODY = CitedAs()
NOWHERE = Surroundings()

FAILURES: dict[Failure, tuple[Sign, str, float]] = {
    Failure.DNS: (Sign.FAILING, "dns", 0.8),
    Failure.REFUSED: (Sign.FAILING, "refused", 0.6),
    Failure.RESET: (Sign.FAILING, "reset", 0.6),
    Failure.TIMEOUT: (Sign.FAILING, "timeout", 0.6),
    Failure.TLS: (Sign.FAILING, "tls", 0.5),
    Failure.TOO_MANY_REDIRECTS: (Sign.FAILING, "too-many-redirects", 0.6),
    Failure.BAD_RESPONSE: (Sign.ODD, "bad-response", 0.5),
    Failure.BLOCKED_ADDRESS: (Sign.VOID, "blocked-address", 0.99),
    Failure.ROBOTS: (Sign.VOID, "robots", 0.99),
    Failure.OTHER: (Sign.ODD, "bad-response", 0.3),
}
GONE = {404: ("http-404", 0.85), 410: ("http-410", 0.9)}
TRANSIENT = {408, 409, 423, 424, 425, 499}
NO_CONTENT = {204, 205}
STRENGTH = {
    "ok": 0.9,
    "titled": 0.97,
    "metered": 0.9,
    "no-content": 0.5,
    "unverified": 0.5,
    "http-5xx": 0.6,
    "http-transient": 0.6,
}
DRIFT_WORDS = 80
DIFFERENT_TEXT, DIFFERENT_TITLE, SHARE_OF_TITLE = 0.15, 40.0, 0.34
LISTING = re.compile(
    r"/(?:tags?|categor(?:y|ies)|search|latest|archive|index|page|feed|topics?|authors?)(?:[/?.]|$)|[?&](?:q|s|query|search)=",
    re.IGNORECASE,
)
ORDER = tuple(Sign)


def judge_check(
    check: Check,
    *,
    cited: CitedAs = NOBODY,
    around: Surroundings = NOWHERE,
    settings: Soft404 | None = None,
    silenced: Collection[str] = (),
) -> Signed:
    """The sign of a check: the best of its attempts speaks for it. `silenced` are rules a person called wrong for this URL."""
    attempts = check.attempts or check.fetches
    own = [fetch for fetch in check.fetches if fetch.role == "probe"]
    near = replace(around, probes=(*own, *around.probes)) if own else around
    root = next((fetch for fetch in check.fetches if fetch.role == "root"), None)
    near = replace(near, root=root) if root else near
    signs = [judge_fetch(fetch, cited=cited, around=near, settings=settings, silenced=silenced) for fetch in attempts]
    best = min(signs, key=lambda each: (ORDER.index(each.sign), -each.strength))
    spoken = attempts[signs.index(best)]
    extra = [*_repairs(spoken), *_defect(spoken), *_registered(spoken, best.sign)]
    return replace(best, check_id=check.check_id, checked_at=check.checked_at, evidence=(*best.evidence, *extra))


def judge_fetch(
    fetch: Fetch,
    *,
    cited: CitedAs = NOBODY,
    around: Surroundings = NOWHERE,
    settings: Soft404 | None = None,
    silenced: Collection[str] = (),
) -> Signed:
    """What one attempt means by itself and beside its surroundings.

    >>> from datetime import UTC, datetime
    >>> gone = Fetch(url="http://a.example/x", requested_url="http://a.example/x", fetched_at=datetime(2026, 1, 1, tzinfo=UTC), check_id="c", http_status=404)
    >>> judge_fetch(gone).sign, judge_fetch(gone).reason
    (<Sign.GONE: 'gone'>, 'http-404')
    """
    if fetch.failure is not None:
        return _failed(fetch)
    if fetch.method == "ftp":
        return _by_reply(fetch)
    refused = walls.wall(fetch)
    if refused and refused.evidence.rule not in silenced:
        return _signed(fetch, Sign.WALLED, refused.reason, refused.evidence.strength or 0.7, refused.evidence)
    positive = takeover.matches(fetch, cited) if not _cites_an_error(cited) else None
    replaced = None if positive else (_taken(fetch, cited, around, silenced) or _stood_in(fetch, silenced))
    if replaced:
        return replaced
    status = fetch.http_status or 0
    if not 200 <= status < 300 or status in NO_CONTENT:
        return _by_status(fetch, around)
    return _content(fetch, cited, around, positive, cluster=(settings or Soft404()).cluster, silenced=silenced)


def _failed(fetch: Fetch) -> Signed:
    sign, reason, strength = FAILURES[fetch.failure or Failure.OTHER]
    said = " in ".join(each for each in dict.fromkeys((fetch.detail or reason, fetch.phase)) if each)
    return _signed(fetch, sign, reason, strength, Evidence(rule=f"fetch.{reason}", detail=said[:300], strength=strength))


def _stood_in(fetch: Fetch, silenced: Collection[str]) -> Signed | None:
    """A notice in place of the site. A cited front page may well have been such a page already."""
    found = None if urls.root_like(fetch.requested_url) else placeholders.placeholder(fetch)
    if found is None or found[1].rule in silenced:
        return None
    return _signed(fetch, Sign.GONE, found[0], placeholders.STRENGTH, found[1])


def _signed(fetch: Fetch, sign: Sign, reason: str, strength: float, *evidence: Evidence) -> Signed:
    return Signed(
        check_id=fetch.check_id,
        checked_at=fetch.fetched_at,
        sign=sign,
        reason=reason,
        strength=min(strength, 0.99),
        evidence=evidence,
    )


def _ok(fetch: Fetch, reason: str, *evidence: Evidence) -> Signed:
    strength = max((each.strength or 0 for each in evidence), default=STRENGTH["ok"])
    return _signed(fetch, Sign.OK, reason, strength, *evidence)


def _cites_an_error(cited: CitedAs) -> bool:
    return bool(cited.titles) and all(soft404.is_error_title(title) for title in cited.titles)


# ---- lost domains


def _taken(fetch: Fetch, cited: CitedAs, around: Surroundings, silenced: Collection[str]) -> Signed | None:
    found = takeover.lost(fetch, cited=cited)
    if found is None and (evidence := takeover.unrelated(fetch, cited=cited, root=around.root)):
        found = ("unrelated-redirect", evidence)
    if found is None or found[1].rule in silenced:
        return None
    strength = takeover.STRENGTH / 2 if fetch.tls == "wrong-host" else takeover.STRENGTH
    return _signed(fetch, Sign.TAKEN, found[0], strength, found[1])


def _domain_lost(fetch: Fetch, around: Surroundings) -> tuple[str, Evidence] | None:
    """The signature of a lost domain on its front page, or on two other cited URLs, convicts the whole domain."""
    if around.root is not None and (found := takeover.lost(around.root, cited=NOBODY)):
        return found[0], replace(found[1], rule="takeover.domain", detail=f"the front page: {found[1].detail}")
    lost = {}
    for sibling in around.siblings:
        if sibling.requested_url != fetch.requested_url and (found := takeover.lost(sibling, cited=NOBODY)):
            lost[sibling.requested_url] = found
    if len(lost) < 2:
        return None
    reason = lost[min(lost)][0]
    return reason, Evidence(
        rule="takeover.domain",
        detail=f"{len(lost)} other cited addresses of this domain are {reason}",
        strength=takeover.STRENGTH,
    )


# ---- statuses


def _by_status(fetch: Fetch, around: Surroundings) -> Signed:
    status = fetch.http_status or 0
    evidence = Evidence(rule="fetch.status", detail=f"HTTP {status}")
    if status in NO_CONTENT:
        return _ok(fetch, "no-content", replace(evidence, strength=STRENGTH["no-content"]))
    if status in GONE:
        if found := _domain_lost(fetch, around):
            return _signed(fetch, Sign.TAKEN, found[0], takeover.STRENGTH, found[1], evidence)
        reason, strength = GONE[status]
        return _signed(fetch, Sign.GONE, reason, strength, replace(evidence, strength=strength))
    if status in TRANSIENT or status >= 600:
        return _signed(fetch, Sign.FAILING, "http-transient", STRENGTH["http-transient"], evidence)
    if 500 <= status < 600:
        return _signed(fetch, Sign.FAILING, "http-5xx", STRENGTH["http-5xx"], evidence)
    return _signed(fetch, Sign.ODD, "http-odd", 0.5, evidence)


REPLIES: tuple[tuple[re.Pattern[str], Sign, str, float], ...] = (
    (re.compile(r"2"), Sign.OK, "ok", 0.9),
    (
        re.compile(r"550\b.{0,200}(?:denied|permission|not allowed|forbidden|privileges)", re.IGNORECASE),
        Sign.WALLED,
        "forbidden",
        0.4,
    ),
    (re.compile(r"550"), Sign.GONE, "ftp-missing", 0.85),
    (re.compile(r"530|[35]32"), Sign.WALLED, "login", 0.8),
    (re.compile(r"4"), Sign.FAILING, "http-transient", 0.6),
    (re.compile(r""), Sign.ODD, "bad-response", 0.5),
)
"""How the reply of a file server begins, and what it means. Most specific first."""


def _by_reply(fetch: Fetch) -> Signed:
    """What a file server said of a file: its reply begins with three digits."""
    reply = fetch.detail or ""
    _, sign, reason, strength = next(row for row in REPLIES if row[0].match(reply))
    return _signed(
        fetch, sign, reason, strength, Evidence(rule="fetch.ftp", detail=f"the file server says {reply}", strength=strength)
    )


# ---- content


def _content(
    fetch: Fetch, cited: CitedAs, around: Surroundings, positive: str | None, *, cluster: int, silenced: Collection[str]
) -> Signed:
    good = [Evidence(rule="content.matches", detail=positive, strength=STRENGTH["titled"])] if positive else []
    if not soft404.is_html(fetch):
        return _file(fetch)
    if soft404.is_shell(fetch):
        return _shell(fetch, good if not soft404.named_alike(fetch, around.probes) else [])
    signals = [pair for pair in _signals(fetch, cited, around, cluster=cluster) if pair[1].rule not in silenced]
    if positive:
        return _contradicted(fetch, good, signals) or _alive(fetch, cited, around, good)
    strength = soft404.combined(each for _, each in signals)
    if strength >= soft404.CONVICTS:
        return _signed(fetch, Sign.GONE, signals[0][0], strength, *(each for _, each in signals))
    if strength >= soft404.WEAK:
        return _weakly(fetch, around, signals, strength)
    return _alive(fetch, cited, around, good)


def _shell(fetch: Fetch, good: Sequence[Evidence]) -> Signed:
    """A page that only scripts fill: the cited title shows that it is there, not what it holds."""
    shell = Evidence(rule="content.shell", detail="only scripts fill this page", strength=0.5)
    if good:
        return _signed(fetch, Sign.OK, "unverified", STRENGTH["unverified"], *good, shell)
    return _signed(fetch, Sign.ODD, "js-shell", 0.5, shell)


def _signals(fetch: Fetch, cited: CitedAs, around: Surroundings, *, cluster: int) -> list[tuple[str, Evidence]]:
    """(reason, evidence) of everything that speaks against the page, in the order of judgement. A front page is exempt but for its words."""
    found: list[tuple[str, Evidence]] = []
    root_like = urls.root_like(fetch.requested_url)
    moved = soft404.redirect(fetch, cited=cited)
    if moved and moved[0] != "moved":
        found.append(moved)
    if not root_like:
        if evidence := soft404.cluster(fetch, around, cited=cited, size=cluster):
            found.append(("soft-404", evidence))
        evidence = soft404.probe(fetch, around.probes)
        if evidence and evidence.strength:
            found.append(("soft-404", evidence))
    found += [("soft-404", each) for each in soft404.words(fetch)]
    if evidence := soft404.empty(fetch):
        found.append(("empty-page", evidence))
    if not root_like:
        weak = (soft404.wrong_type(fetch), soft404.noindex(fetch), soft404.front_title(fetch, around.root))
        found += [("soft-404", each) for each in weak if each]
    return found


def _contradicted(fetch: Fetch, good: Sequence[Evidence], signals: Sequence[tuple[str, Evidence]]) -> Signed | None:
    """The cited title is there, yet the page equals one that cannot exist: signals of equal strength contradict each other."""
    strong = [each for _, each in signals if each.rule in {"soft404.probe", "soft404.cluster"}]
    return _signed(fetch, Sign.ODD, "conflicting", 0.5, *good, *strong) if strong else None


def _weakly(fetch: Fetch, around: Surroundings, signals: Sequence[tuple[str, Evidence]], strength: float) -> Signed:
    """A lone weak signal: an honest server outweighs it; without one it makes a doubt that never counts towards a death."""
    honest = soft404.probe(fetch, around.probes)
    if (
        honest is not None
        and not honest.strength
        and {each.rule for _, each in signals} <= {"soft404.text", "soft404.heading", "soft404.type"}
    ):
        return _ok(fetch, "ok", replace(honest, strength=0.7), *(each for _, each in signals))
    return _signed(fetch, Sign.DOUBTFUL, signals[0][0], strength, *(each for _, each in signals))


def _alive(fetch: Fetch, cited: CitedAs, around: Surroundings, good: Sequence[Evidence]) -> Signed:
    if not any(each.detail.startswith("it holds the quotation") for each in good) and (
        drifted := _drift(fetch, cited, around.playbacks)
    ):
        return drifted
    answered = Evidence(rule="fetch.status", detail=f"HTTP {fetch.http_status}", strength=STRENGTH["ok"])
    moved = soft404.redirect(fetch, cited=cited)
    if moved:
        honest = soft404.probe(fetch, around.probes)
        verified = max(moved[1].strength or 0, 0.75 if honest is not None and not honest.strength else 0.0)
        return _signed(fetch, Sign.OK, "moved", verified, *good, moved[1])
    if "not-free" in fetch.flags and good:
        return _ok(fetch, "metered", *good, Evidence(rule="content.not-free", detail="the page says that it is not free to read"))
    return _ok(fetch, "ok", *good, answered)


def _file(fetch: Fetch) -> Signed:
    """A document or image: its first bytes must fit what it says it is."""
    said = (fetch.content_type or "").partition(";")[0].strip().lower() or "no type"
    if not fetch.body_bytes and fetch.magic is None:
        return _signed(
            fetch,
            Sign.DOUBTFUL,
            "empty-page",
            0.5,
            Evidence(rule="content.empty-file", detail=f"{said} without a body", strength=0.5),
        )
    return _ok(
        fetch,
        "ok",
        Evidence(
            rule="content.file", detail=f"{fetch.magic or said}, {fetch.body_bytes or 0} bytes read", strength=STRENGTH["ok"]
        ),
    )


# ---- drift


def _drift(fetch: Fetch, cited: CitedAs, playbacks: Iterable[Playback]) -> Signed | None:
    """Answers, but no longer shows what was cited. Pages that are meant to change are exempt."""
    if urls.root_like(fetch.requested_url) or LISTING.search(fetch.requested_url) or (fetch.word_count or 0) < DRIFT_WORDS:
        return None
    playback = _nearest(playbacks, cited)
    ratio = takeover.best_ratio(cited.titles, fetch)
    if playback is not None and (share := similarity.containment(fetch.sketch, playback.sketch)) is not None:
        titles = [each for each in (playback.title, playback.og_title, playback.h1) if each]
        if share >= DIFFERENT_TEXT or max(ratio, takeover.best_ratio(titles, fetch)) >= takeover.SAME_TITLE:
            return None
        said = f"it shares {share:.0%} of its text with the capture {playback.memento_url[:200]}, and not its title"
        return _drifting(fetch, "content-drift", 0.8, Evidence(rule="drift.content", detail=said, strength=0.8))
    telling = [title for title in cited.titles if len(similarity.telling_tokens(title)) >= takeover.TELLING]
    if (
        not telling
        or not fetch.title
        or ratio >= DIFFERENT_TITLE
        or max(_share(title, fetch) for title in telling) >= SHARE_OF_TITLE
    ):
        return None
    said = f'the page is titled "{fetch.title[:80]}", the citation "{telling[0][:80]}"'
    return _drifting(fetch, "title-drift", 0.6, Evidence(rule="drift.title", detail=said, strength=0.6))


def _nearest(playbacks: Iterable[Playback], cited: CitedAs) -> Playback | None:
    """The capture nearest to the first access date, the oldest where no such date is known: it shows best what was cited."""
    shown = [
        each
        for each in playbacks
        if each.failure is None and each.captured_at and each.sketch and (each.word_count or 0) >= DRIFT_WORDS
    ]
    wanted = cited.first_access_date or date.min

    def distance(playback: Playback) -> tuple[int, str, datetime]:
        taken = playback.captured_at.date() if playback.captured_at else date.max
        return abs((taken - wanted).days), playback.memento_url, playback.played_at

    return min(shown, key=distance, default=None)


def _share(title: str, fetch: Fetch) -> float:
    """Share of the telling words of a cited title that the page holds anywhere we looked."""
    wanted = similarity.telling_tokens(title)
    held = set(
        similarity.words(
            " ".join(each for each in (fetch.title, fetch.og_title, fetch.h1, fetch.description, fetch.sample) if each)
        )
    )
    return sum(word in held for word in wanted) / len(wanted)


def _drifting(fetch: Fetch, reason: str, strength: float, evidence: Evidence) -> Signed:
    return _signed(fetch, Sign.DRIFTING, reason, strength / 2 if fetch.tls == "wrong-host" else strength, evidence)


# ---- beside the sign


def _repairs(fetch: Fetch) -> list[Evidence]:
    """What had to be changed so that an answer came: advice for the editor, never a reason."""
    if fetch.requested_url == fetch.url:
        return []
    asked, cited = (url.partition(":")[0] for url in (fetch.requested_url, fetch.url))
    if asked != cited:
        return [Evidence(rule=f"url.needs-{asked}", detail=f"only {fetch.requested_url[:200]} answers")]
    rule = next((rule for url, rule in urls.candidates(fetch.url) if url == fetch.requested_url), "url.repaired")
    return [Evidence(rule=rule, detail=f"asked as {fetch.requested_url[:200]}")]


def _defect(fetch: Fetch) -> list[Evidence]:
    return [Evidence(rule="tls.defect", detail=f"certificate: {fetch.tls}")] if fetch.tls else []


DOI_RESOLVERS = {"doi.org", "dx.doi.org", "hdl.handle.net"}


def _registered(fetch: Fetch, sign: Sign) -> list[Evidence]:
    """A resolver that knows where a document lives has it registered, whatever its publisher says to us."""
    first = fetch.hops[0] if fetch.hops else None
    if sign is Sign.OK or first is None or urls.host_key(first.url) not in DOI_RESOLVERS or first.kind != "http":
        return []
    return [Evidence(rule="url.doi-registered", detail=f"{first.url[:200]} leads to {urls.host_of(first.location or '')}")]


# ---- what the fetcher asks while a check goes on


def is_wall(fetch: Fetch) -> bool:
    """Whether an answer refuses us."""
    if fetch.method == "ftp":
        return fetch.failure is None and _by_reply(fetch).sign is Sign.WALLED
    return walls.wall(fetch) is not None


def is_transient(fetch: Fetch) -> bool:
    """Whether the same request may well succeed a minute later."""
    if fetch.failure is not None:
        return fetch.failure in {Failure.DNS, Failure.REFUSED, Failure.RESET, Failure.TIMEOUT}
    if fetch.method == "ftp":
        return _by_reply(fetch).sign is Sign.FAILING
    status = fetch.http_status or 0
    return not is_wall(fetch) and (500 <= status < 600 or status in TRANSIENT)


def found(fetch: Fetch) -> bool:
    """Whether a page or file came: a 2xx that is no wall."""
    if fetch.method == "ftp":
        return fetch.failure is None and _by_reply(fetch).sign is Sign.OK
    return fetch.failure is None and 200 <= (fetch.http_status or 0) < 300 and not is_wall(fetch)


def wants_probe(check: Check, *, titles: tuple[str, ...] = ()) -> bool:
    """Whether a sibling that cannot exist should be asked: a page came, and nothing shows that it is the cited one."""
    spoken = check.attempts[-1] if check.attempts else None
    if (
        spoken is None
        or spoken.method == "ftp"
        or not found(spoken)
        or not soft404.is_html(spoken)
        or soft404.is_shell(spoken)
        or urls.root_like(spoken.requested_url)
    ):
        return False
    cited = CitedAs(titles=titles)
    if takeover.matches(spoken, cited) or takeover.lost(spoken, cited=cited) or placeholders.placeholder(spoken):
        return False
    signals = _signals(spoken, cited, NOWHERE, cluster=Soft404().cluster)
    return soft404.combined(each for _, each in signals) < soft404.CONVICTS


def needs_root(check: Check) -> bool:
    """Whether the front page of the domain should be asked: only on a sign that the domain may be lost."""
    spoken = check.attempts[-1] if check.attempts else None
    if spoken is None or spoken.failure is not None or urls.root_like(spoken.requested_url) or is_wall(spoken):
        return False
    if takeover.lost(spoken, cited=NOBODY):
        return True
    final = spoken.final_url or ""
    away = urls.host_key(final) != urls.host_key(spoken.requested_url)
    return bool(spoken.hops) and away and not takeover.keeps_slug(spoken.requested_url, final)
