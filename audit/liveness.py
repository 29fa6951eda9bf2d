"""One check -> a sign with evidence: what its attempts and probes mean together. Pure.

A rule table, most specific first: wall, lost domain, placeholder, status, redirect, cluster, probe, text, drift. The first that
convicts gives the reason, the others stay as evidence (verdicts.md, 4 to 7 and 10).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from audit import domains, likeness, placeholders, similarity, soft404, takeover, urls, walls
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
VANISHED = 0.95
ENOUGH_LOST = 2
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}", re.IGNORECASE)
DRIFT_WORDS = 80
DIFFERENT_TEXT, SAME_TEXT = 0.15, 0.5
SAME_SUBJECT = 0.8
"""A page that holds nearly all telling words of a title may have been written anew; it is about the same thing."""

CHANGING = re.compile(
    r"/(?:tags?|categor(?:y|ies)|search|latest|current|stable|master|main|trunk|head|live|today|feeds?|topics?|authors?|page/\d+)(?:[/?.]|$)"
    r"|/(?:archives?|index|news|blog|events?|calendar|schedule|results?|standings|rankings?|scores?|fixtures|weather|forecast|prices?|rates?|statistics|jobs|home)"
    r"(?:\.\w{2,5})?/?(?:\?|$)|[?&](?:q|s|query|search|keywords?)=",
    re.IGNORECASE,
)
"""Addresses of pages that are meant to change: listings, search results, live tables, the newest version of a document."""

ORDER = tuple(Sign)


def judge_check(
    check: Check,
    *,
    cited: CitedAs = NOBODY,
    around: Surroundings = NOWHERE,
    settings: Soft404 | None = None,
    silenced: frozenset[str] = frozenset(),
) -> Signed:
    """The sign of a check: the best of its attempts speaks for it. `silenced` are rules a person called wrong for this URL."""
    attempts = check.attempts or check.fetches
    own = [fetch for fetch in check.fetches if fetch.role == "probe"]
    near = replace(around, probes=(*own, *around.probes)) if own else around
    root = next((fetch for fetch in check.fetches if fetch.role == "root"), None)
    near = replace(near, root=root) if root else near
    registration = next((fetch for fetch in check.fetches if fetch.role == "rdap" and fetch.failure is None), None)
    near = replace(near, registration=registration) if registration else near
    signs = [judge_fetch(fetch, cited=cited, around=near, settings=settings, silenced=silenced) for fetch in attempts]
    best = min(signs, key=lambda each: (ORDER.index(each.sign), -each.strength))
    spoken = attempts[signs.index(best)]
    extra = [*_repairs(spoken), *_defect(spoken), *_registered(spoken, best.sign)]
    return replace(
        best,
        check_id=check.check_id,
        checked_at=check.checked_at,
        evidence=(*best.evidence, *extra),
        vantage=spoken.vantage,
    )


def judge_fetch(
    fetch: Fetch,
    *,
    cited: CitedAs = NOBODY,
    around: Surroundings = NOWHERE,
    settings: Soft404 | None = None,
    silenced: frozenset[str] = frozenset(),
) -> Signed:
    """What one attempt means by itself and beside its surroundings.

    >>> from datetime import UTC, datetime
    >>> gone = Fetch(url="http://a.example/x", requested_url="http://a.example/x", fetched_at=datetime(2026, 1, 1, tzinfo=UTC), check_id="c", http_status=404)
    >>> judge_fetch(gone).sign, judge_fetch(gone).reason
    (<Sign.GONE: 'gone'>, 'http-404')
    """
    if (found := takeover.at_a_service(fetch)) and found[1].rule not in silenced:
        return _signed(fetch, Sign.TAKEN, found[0], takeover.STRENGTH, found[1])  # whether the service answers us or not
    as_cited, cited = soft404.is_as_cited(fetch, cited=cited), _meant(cited)
    positive = _shows(fetch, cited) if fetch.failure is None else None
    refused = walls.wall(fetch)
    if refused and refused.evidence.rule not in silenced and not (refused.yields and (positive or _cited_so(fetch, cited))):
        return _walled(fetch, refused)
    if fetch.failure is not None:
        return _failed(fetch, around, silenced)
    cluster = (settings or Soft404()).cluster
    replaced = None if positive else _replaced(fetch, cited, around, cluster=cluster, silenced=silenced)
    if replaced:
        return replaced
    status = fetch.http_status or 0
    if not 200 <= status < 300 or status in NO_CONTENT:
        return _by_reply(fetch) if fetch.method == "ftp" else _by_status(fetch, cited, around, silenced)
    signals = _signals(fetch, cited, around, cluster=cluster, as_cited=as_cited)
    heard = [pair for pair in signals if pair[1].rule not in silenced]
    return _content(fetch, cited, around, positive, heard, silenced=silenced)


def _cited_so(fetch: Fetch, cited: CitedAs) -> bool:
    return walls.is_cited_so(fetch, (title for title in cited.titles if not walls.is_wall_title(title)))


def _walled(fetch: Fetch, refused: walls.Wall) -> Signed:
    return _signed(fetch, Sign.WALLED, refused.reason, refused.evidence.strength or 0.7, refused.evidence)


def _failed(fetch: Fetch, around: Surroundings, silenced: frozenset[str]) -> Signed:
    sign, reason, strength = FAILURES[fetch.failure or Failure.OTHER]
    vanished = fetch.failure is Failure.DNS and fetch.detail == "nxdomain" and takeover.unregistered(around.registration)
    if vanished and "takeover.unregistered" not in silenced:
        nobody = Evidence(rule="takeover.unregistered", detail="the name does not exist and its registry knows no such domain")
        return _signed(fetch, sign, "domain-vanished", VANISHED, replace(nobody, strength=VANISHED))
    said = " in ".join(each for each in dict.fromkeys((fetch.detail or reason, fetch.phase)) if each)
    return _signed(fetch, sign, reason, strength, Evidence(rule=f"fetch.{reason}", detail=said[:300], strength=strength))


def _replaced(fetch: Fetch, cited: CitedAs, around: Surroundings, *, cluster: int, silenced: frozenset[str]) -> Signed | None:
    """Another page in place of the cited one: one that asks something of us, a stranger's, a notice."""
    asked = _asked(fetch, cited, around, cluster=cluster)
    if asked and asked.evidence.rule not in silenced:
        return _walled(fetch, asked)
    return _taken(fetch, cited, around, silenced) or _stood_in(fetch, silenced)


def _asked(fetch: Fetch, cited: CitedAs, around: Surroundings, *, cluster: int) -> walls.Wall | None:
    """A page that asks to sign in or to pay in place of the cited one. A cited front page may well be such a page."""
    moved = bool(fetch.hops) and not urls.same_page(fetch.requested_url, fetch.final_url or fetch.requested_url)
    if not soft404.is_html(fetch) or (not moved and urls.root_like(fetch.requested_url)):
        return None
    if walls.asks(fetch, shared=True) is None:
        return None
    return walls.asks(fetch, shared=moved or soft404.cluster(fetch, around, cited=cited, size=cluster) is not None)


def _stood_in(fetch: Fetch, silenced: frozenset[str]) -> Signed | None:
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


def _meant(cited: CitedAs) -> CitedAs:
    """Without the titles of errors and guards: tools cite what they were shown, and that says nothing of the page."""
    kept = (title for title in cited.titles if not soft404.is_error_title(title) and not walls.is_wall_title(title))
    return replace(cited, titles=tuple(kept))


def _shows(fetch: Fetch, cited: CitedAs) -> str | None:
    """What shows that this is the cited page. A search for its name, or a title made from the address, would say the same of any."""
    return None if soft404.search(fetch) or soft404.is_generated(fetch, cited=cited) else takeover.matches(fetch, cited)


# ---- lost domains


def _taken(fetch: Fetch, cited: CitedAs, around: Surroundings, silenced: frozenset[str]) -> Signed | None:
    for reason, evidence in _losses(fetch, cited, around):
        if silenced.isdisjoint(each.rule for each in evidence):
            strength = takeover.STRENGTH / 2 if fetch.tls == "wrong-host" else takeover.STRENGTH
            servers = takeover.parking_servers(around.registration)
            return _signed(fetch, Sign.TAKEN, reason, strength, *evidence, *([servers] if servers else []))
    return None


def _losses(fetch: Fetch, cited: CitedAs, around: Surroundings) -> Iterator[tuple[str, tuple[Evidence, ...]]]:
    """(reason, evidence) of everything that shows a lost domain, the surest first."""
    if found := takeover.lost(fetch, cited=cited):
        yield found[0], (found[1],)
    if trade := takeover.other_trade(fetch, cited=cited, playbacks=around.playbacks, sure=False):
        sold = takeover.other_trade(fetch, cited=cited, playbacks=around.playbacks) is not None
        if witness := _other_witness(fetch, cited, around) if sold else _same_trade(fetch, cited, around):
            yield "taken-over", (trade, witness)
    if walls.interrupts(fetch):
        return  # what follows compares pages, and a guard's page is like no other
    if strange := takeover.unrelated(fetch, cited=cited, root=_seen_root(around), playbacks=around.playbacks):
        yield "unrelated-redirect", (strange,)
    if (later := _later(cited, around)) and (other := _another_text(fetch, cited, around.playbacks, translated=True)):
        yield "re-registered", (replace(later, strength=takeover.STRENGTH), other)


def _other_witness(fetch: Fetch, cited: CitedAs, around: Surroundings) -> Evidence | None:
    """What else shows that the whole site changed hands: its front page, a neighbour, another text or language, its registration."""
    if (lost := _root_lost(fetch, cited, around)) is not None:
        return lost[1]
    if neighbour := _trading(fetch, cited, around.siblings):
        return neighbour
    if around.playbacks:
        return _another_text(fetch, cited, around.playbacks)
    if _another_text(fetch, cited, (), translated=True):
        return _another_language(fetch, cited) or _later(cited, around)
    return None


def _same_trade(fetch: Fetch, cited: CitedAs, around: Surroundings) -> Evidence | None:
    """The front page or a neighbour of a page that has the words of a trade, but sells nothing: no title may be left of what was cited."""
    if _another_text(fetch, cited, around.playbacks, translated=True) is None:
        return None
    return _trading(fetch, cited, [each for each in (_seen_root(around), *around.siblings) if each])


def _trading(fetch: Fetch, cited: CitedAs, others: Iterable[Fetch]) -> Evidence | None:
    for other in others:
        if _beside(fetch, other) and takeover.other_trade(other, cited=cited, sure=False):
            return Evidence(rule="takeover.neighbour", detail=f"{other.requested_url[:200]} shows the same trade")
    return None


def _later(cited: CitedAs, around: Surroundings) -> Evidence | None:
    return takeover.registered_later(around.registration, cited=cited, playbacks=around.playbacks)


def _another_language(fetch: Fetch, cited: CitedAs) -> Evidence | None:
    """The page says that it is in another language than every citation says, where both are given as codes."""
    shown = _language(fetch.language)
    said = frozenset(filter(LANGUAGE_CODE.fullmatch, _languages(cited)))
    if not LANGUAGE_CODE.fullmatch(shown) or not said or shown in said:
        return None
    return Evidence(rule="takeover.language", detail=f"the page is in {shown}, the citation says {min(said)}")


def _beside(fetch: Fetch, other: Fetch) -> bool:
    """Whether another address belongs to the same publisher: on a shared platform a tenant convicts nobody else."""
    if other.requested_url == fetch.requested_url or other.failure is not None or not soft404.is_html(other):
        return False
    return domains.publisher_key(other.requested_url) == domains.publisher_key(fetch.requested_url)


def _seen_root(around: Surroundings) -> Fetch | None:
    """The front page, unless it is a wall: a refusal convicts nobody."""
    return around.root if around.root and not is_wall(around.root) else None


def _root_lost(fetch: Fetch, cited: CitedAs, around: Surroundings) -> tuple[str, Evidence] | None:
    """(reason, evidence) when the front page of its publisher shows that the domain is lost."""
    root = _seen_root(around)
    if root is None or not _beside(fetch, root):
        return None
    found = takeover.lost(root, cited=cited)
    if found is None and (trade := takeover.other_trade(root, cited=cited, playbacks=around.playbacks)):
        found = "taken-over", trade
    return found and (found[0], replace(found[1], rule="takeover.domain", detail=f"the front page: {found[1].detail}"[:300]))


def _domain_lost(fetch: Fetch, cited: CitedAs, around: Surroundings) -> tuple[str, Evidence] | None:
    """The signature of a lost domain on its front page, or on two other cited URLs, convicts the whole domain."""
    if found := _root_lost(fetch, cited, around):
        return found
    lost: dict[str, str] = {}
    for sibling in around.siblings:
        if _beside(fetch, sibling) and (found := takeover.lost(sibling, cited=NOBODY)):
            lost[sibling.requested_url] = found[0]
            if len(lost) == ENOUGH_LOST:
                said = f"{len(lost)} other cited addresses of this domain are {found[0]}"
                return found[0], Evidence(rule="takeover.domain", detail=said, strength=takeover.STRENGTH)
    return None


# ---- statuses


def _by_status(fetch: Fetch, cited: CitedAs, around: Surroundings, silenced: frozenset[str]) -> Signed:
    status = fetch.http_status or 0
    evidence = Evidence(rule="fetch.status", detail=f"HTTP {status}")
    if status in NO_CONTENT:
        return _ok(fetch, "no-content", replace(evidence, strength=STRENGTH["no-content"]))
    if status in GONE:
        found = _domain_lost(fetch, cited, around)
        if found and found[1].rule not in silenced:
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
    fetch: Fetch,
    cited: CitedAs,
    around: Surroundings,
    positive: str | None,
    signals: Sequence[tuple[str, Evidence]],
    *,
    silenced: frozenset[str],
) -> Signed:
    good = [Evidence(rule="content.matches", detail=positive, strength=STRENGTH["titled"])] if positive else []
    if not soft404.is_html(fetch):
        return _file(fetch, silenced)
    evidence = [each for _, each in signals]
    if soft404.is_shell(fetch) and "content.shell" not in silenced and not soft404.says_so_itself(evidence):
        return _shell(fetch, good if not soft404.named_alike(fetch, around.probes) else [])
    if positive:
        return _contradicted(fetch, good, evidence) or _alive(fetch, cited, around, good, silenced)
    if honest := _disproved(fetch, around, evidence):
        return _ok(fetch, "ok", replace(honest, strength=0.7), *evidence)
    return _condemned(fetch, signals, evidence, silenced) or _alive(fetch, cited, around, good, silenced)


def _condemned(
    fetch: Fetch, signals: Sequence[tuple[str, Evidence]], evidence: Sequence[Evidence], silenced: frozenset[str]
) -> Signed | None:
    """What all signals together make of a page: gone, or a doubt that never counts towards a death."""
    strength = soft404.combined(evidence)
    if strength < soft404.WEAK:
        return None
    if strength < soft404.CONVICTS:
        return _signed(fetch, Sign.DOUBTFUL, signals[0][0], strength, *evidence)
    return _hidden(fetch, evidence, silenced) or _signed(fetch, Sign.GONE, signals[0][0], strength, *evidence)


def _shell(fetch: Fetch, good: Sequence[Evidence]) -> Signed:
    """A page that only scripts fill: the cited title shows that it is there, not what it holds."""
    shell = Evidence(rule="content.shell", detail="only scripts fill this page", strength=0.5)
    if good:
        return _signed(fetch, Sign.OK, "unverified", STRENGTH["unverified"], *good, shell)
    return _signed(fetch, Sign.ODD, "js-shell", 0.5, shell)


def _signals(fetch: Fetch, cited: CitedAs, around: Surroundings, *, cluster: int, as_cited: bool) -> list[tuple[str, Evidence]]:
    """(reason, evidence) of everything that speaks against the page, in the order of judgement. A front page is exempt but for its words."""
    own, elsewhere = _own_signals(fetch, as_cited=as_cited), _redirect_signals(fetch, cited)
    if urls.root_like(fetch.requested_url):
        return [*elsewhere, *own]
    probed = soft404.probe(fetch, around.probes)
    near = [soft404.cluster(fetch, around, cited=cited, size=cluster), probed, soft404.front(fetch, around.root)]
    strong = [("soft-404", each) for each in near if each and (each.strength or 0) >= soft404.PROBE]
    weak = (soft404.wrong_type(fetch), soft404.noindex(fetch), soft404.search(fetch), near[2])
    found = [*elsewhere, *strong, *own, *(("soft-404", each) for each in weak if each and each.strength == soft404.WEAK)]
    if probed and probed.rule == soft404.LIKE_PROBE:
        found += _likely(fetch, cited, probed, backed=any(each.rule in BACKED for _, each in found))
    return found


def _likely(fetch: Fetch, cited: CitedAs, probed: Evidence, *, backed: bool) -> list[tuple[str, Evidence]]:
    """What likeness to an address that cannot exist adds, where something else speaks against the page or nothing of its title is there."""
    other = None if likeness.is_pictured(fetch) else soft404.renamed(fetch, cited=cited)
    return [("soft-404", each) for each in (probed, other) if each] if backed or other else []


BACKED = {
    "redirect.target",
    "soft404.text",
    "soft404.heading",
    "soft404.heading-ended",
    "soft404.weak-title",
    "soft404.empty",
    "soft404.type",
    soft404.AMBIGUOUS,
}
"""Weak signals that likeness to an address that cannot exist adds to; alone, likeness may be a template."""


def _redirect_signals(fetch: Fetch, cited: CitedAs) -> list[tuple[str, Evidence]]:
    moved = soft404.redirect(fetch, cited=cited)
    if moved is None or moved[0] == "moved":
        return []
    renamed = soft404.renamed(fetch, cited=cited) if moved[0] == "redirect-to-section" else None
    return [moved, *([(moved[0], renamed)] if renamed else [])]


def _own_signals(fetch: Fetch, *, as_cited: bool) -> list[tuple[str, Evidence]]:
    """What the page says of itself, or that it says nothing."""
    found = [("soft-404", each) for each in soft404.words(fetch, as_cited=as_cited)]
    if evidence := soft404.empty(fetch):
        found.append(("empty-page", evidence))
    return found


def _contradicted(fetch: Fetch, good: Sequence[Evidence], evidence: Sequence[Evidence]) -> Signed | None:
    """The cited title is there, yet the page equals one that cannot exist, or its title is an error's: one denies the other."""
    strong = [each for each in evidence if each.rule in DENIES]
    return _signed(fetch, Sign.ODD, "conflicting", 0.5, *good, *strong) if strong else None


DENIES = {soft404.SAME_AS_PROBE, "soft404.cluster", "soft404.title"}
COMPARED = {soft404.SAME_AS_PROBE, "soft404.cluster", "soft404.front-page"}


def _disproved(fetch: Fetch, around: Surroundings, evidence: Sequence[Evidence]) -> Evidence | None:
    """The server that shows something else for an address that cannot exist, where only such signals speak that it outweighs."""
    probed = soft404.probe(fetch, around.probes)
    if not evidence or probed is None or probed.rule not in soft404.GOOD_PROBES or not soft404.is_disproved(evidence, fetch):
        return None
    return probed


def _hidden(fetch: Fetch, evidence: Sequence[Evidence], silenced: frozenset[str]) -> Signed | None:
    """One page for every address that hides the pages behind it: a sign-in form, a riddle, a frame that scripts fill."""
    if not {each.rule for each in evidence} <= COMPARED | {"soft404.empty"}:
        return None
    if soft404.has_empty_root(fetch) and "content.shell" not in silenced:
        return _shell(fetch, ())
    found = _form(fetch, evidence)
    if found and found.evidence[0].rule not in silenced:
        return found
    return _interrupted(fetch, evidence, silenced) or _unexplained(fetch, evidence)


def _unexplained(fetch: Fetch, evidence: Sequence[Evidence]) -> Signed | None:
    """A few words and a script, or a form and little else, for every address: no site's page looks so, many a guard's in a tongue of its own."""
    words = fetch.word_count or 0
    acts = words <= FEW_WORDS and not fetch.flags.isdisjoint({"scripts", "reloads"})
    if not acts and not (_has_form(fetch) and words <= soft404.SHORT_WORDS):
        return None
    return _signed(fetch, Sign.DOUBTFUL, "soft-404", DOUBT, *evidence)


FEW_WORDS = 25
"""Of a page that tells nothing: neither what was cited, nor that there is nothing."""


def _has_form(fetch: Fetch) -> bool:
    return not fetch.flags.isdisjoint({"form", "password-field"})


def _interrupted(fetch: Fetch, evidence: Sequence[Evidence], silenced: frozenset[str]) -> Signed | None:
    """The page of a guard that no vendor's rule knows: it asks its visitor for something and apologises for nothing."""
    asked = walls.interrupts(fetch)
    if asked is None or asked.evidence.rule in silenced:
        return None
    if not asked.reason:
        return _signed(fetch, Sign.DOUBTFUL, "soft-404", DOUBT, asked.evidence, *evidence)
    return _signed(fetch, Sign.WALLED, asked.reason, DOUBT, asked.evidence, *evidence)


DOUBT = 0.5


def _form(fetch: Fetch, evidence: Sequence[Evidence]) -> Signed | None:
    """A sign-in form or a riddle and little else."""
    if (fetch.word_count or 0) >= walls.TINY_WORDS or not fetch.flags & {"password-field", *walls.CHALLENGES}:
        return None
    reason = "login" if "password-field" in fetch.flags else "bot-wall"
    return _signed(
        fetch,
        Sign.WALLED,
        reason,
        0.7,
        Evidence(rule=f"wall.{reason}", detail="every address shows the same form", strength=0.7),
        *evidence,
    )


def _alive(fetch: Fetch, cited: CitedAs, around: Surroundings, good: Sequence[Evidence], silenced: frozenset[str]) -> Signed:
    if not any(each.detail.startswith("it holds the quotation") for each in good) and (
        drifted := _drift(fetch, cited, around.playbacks, silenced)
    ):
        return drifted
    answered = Evidence(rule="fetch.status", detail=f"HTTP {fetch.http_status}", strength=STRENGTH["ok"])
    changed = _changed(fetch, cited, around.playbacks)
    moved = soft404.redirect(fetch, cited=cited)
    if moved:
        honest = soft404.probe(fetch, around.probes)
        # What spoke against the place was outweighed or silenced.
        arrived = moved[1] if moved[0] == "moved" else soft404.arrived(fetch)
        verified = max(arrived.strength or 0, 0.75 if honest is not None and not honest.strength else 0.0)
        return _signed(fetch, Sign.OK, "moved", verified, *good, arrived)
    if "not-free" in fetch.flags and good:
        return _ok(fetch, "metered", *good, Evidence(rule="content.not-free", detail="the page says that it is not free to read"))
    return _ok(fetch, "ok", *good, answered, *changed)


def _file(fetch: Fetch, silenced: frozenset[str]) -> Signed:
    """A document or image: its first bytes must fit what it says it is."""
    said = (fetch.content_type or "").partition(";")[0].strip().lower() or "no type"
    if not fetch.body_bytes and fetch.magic is None and "content.empty-file" not in silenced:
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


def _drift(fetch: Fetch, cited: CitedAs, playbacks: Iterable[Playback], silenced: frozenset[str]) -> Signed | None:
    """Answers, but no longer shows what was cited. Pages that are meant to change are exempt."""
    if _meant_to_change(fetch.requested_url) or (fetch.word_count or 0) < DRIFT_WORDS:
        return None
    other = _another_text(fetch, cited, playbacks)
    if other is None or other.rule in silenced or walls.interrupts(fetch):
        return None
    reason = "content-drift" if other.rule == "drift.content" else "title-drift"
    if reason == "title-drift" and _has_form(fetch) and (fetch.word_count or 0) <= soft404.SHORT_WORDS:
        return None  # a form with its small print may be a door to the page
    strength = other.strength or 0.0
    return _signed(fetch, Sign.DRIFTING, reason, strength / 2 if fetch.tls == "wrong-host" else strength, other)


def _meant_to_change(url: str) -> bool:
    path = "/" + url.partition("://")[2].partition("/")[2]
    return urls.root_like(url) or CHANGING.search(path) is not None


def _changed(fetch: Fetch, cited: CitedAs, playbacks: Iterable[Playback]) -> list[Evidence]:
    """How far the text has moved from the capture: worth telling of a live page, never against it."""
    playback = _nearest(playbacks, cited)
    share = similarity.containment(fetch.sketch, playback.sketch) if playback else None
    if playback is None or share is None or share >= SAME_TEXT or (fetch.word_count or 0) < DRIFT_WORDS:
        return []
    said = f"it shares {share:.0%} of its text with the capture {playback.memento_url[:200]}"
    return [Evidence(rule="drift.changed", detail=said)]


def _another_text(fetch: Fetch, cited: CitedAs, playbacks: Iterable[Playback], *, translated: bool = False) -> Evidence | None:
    """What shows that the page holds another text than was cited: beside a capture its text, else its title.

    `translated`: also where only another language may make the difference, for those who have another reason to doubt.
    """
    if not found(fetch) or not soft404.is_html(fetch) or takeover.matches(fetch, cited) or soft404.words(fetch):
        return None
    if _called(fetch, cited):
        return None
    playback = _nearest(playbacks, cited)
    if playback is not None and (fetch.word_count or 0) >= DRIFT_WORDS:
        return _another_content(fetch, cited, playback)
    telling = [title for title in cited.titles if _tells(title)]
    if not telling or not fetch.title or not all(takeover.unlike(title, fetch) for title in cited.titles):
        return None
    if not any(_same_language(title, fetch, cited) for title in telling) and not (
        translated and _language(fetch.language) not in _languages(cited)
    ):
        return None
    said = f'the page is titled "{fetch.title[:80]}", the citation "{telling[0][:80]}"'
    return Evidence(rule="drift.title", detail=said, strength=0.6)


def _called(fetch: Fetch, cited: CitedAs) -> bool:
    """Whether a whole part of the page's title or heading is a cited title: too short to prove it, enough not to doubt it."""
    parts = {part for title in (fetch.title, fetch.og_title, fetch.h1) for part in walls.title_parts(title)}
    return any(similarity.fold(title) in parts for title in cited.titles)


def _tells(title: str) -> bool:
    """Whether a title has words enough to be missed; numbers stand everywhere and nowhere."""
    return sum(not token.isdigit() for token in similarity.telling_tokens(title)) >= takeover.TELLING


MOSTLY = 0.3
"""Share of the characters of a page that is written without spaces."""


def _same_language(title: str, fetch: Fetch, cited: CitedAs) -> bool:
    """Whether the page can be expected to show a title in that language: many sources are cited by a translation of theirs."""
    text = (fetch.sample or "")[:LANGUAGE_CHARACTERS]
    shown, said = similarity.languages(text), similarity.languages(title)
    if said:
        return bool(said & shown)
    if similarity.WIDE.search(title):
        return len(similarity.WIDE.findall(text)) > MOSTLY * len(text)
    return (
        title.isascii() and "en" in shown and _language(fetch.language) in {"", "en"} and _languages(cited) <= {"en", "english"}
    )


LANGUAGE_CHARACTERS = 4_000


def _language(code: str | None) -> str:
    return (code or "").partition("-")[0].lower()


def _languages(cited: CitedAs) -> frozenset[str]:
    return frozenset(map(_language, cited.languages))


def _another_content(fetch: Fetch, cited: CitedAs, playback: Playback) -> Evidence | None:
    share = similarity.containment(fetch.sketch, playback.sketch)
    titles = [*cited.titles, *(each for each in (playback.title, playback.og_title, playback.h1) if each)]
    if share is None or share >= DIFFERENT_TEXT or takeover.best_ratio(titles, fetch) >= takeover.SAME_TITLE:
        return None
    if _translated(fetch, titles, playback) or _same_subject(titles, fetch):
        return None
    said = f"it shares {share:.0%} of its text with the capture {playback.memento_url[:200]}, and not its title"
    return Evidence(rule="drift.content", detail=said, strength=0.8)


def _is_page(playback: Playback) -> bool:
    return (playback.mimetype or "text/html") in {"text/html", "application/xhtml+xml"}


def _same_subject(titles: Iterable[str], fetch: Fetch) -> bool:
    telling = [title for title in titles if len(similarity.telling_tokens(title)) >= takeover.TELLING]
    return any(takeover.words_kept(title, fetch) >= SAME_SUBJECT for title in telling)


def _translated(fetch: Fetch, titles: Iterable[str], playback: Playback) -> bool:
    """The same page in another language: the small words are others, the names are still there."""
    one, other = (similarity.languages((text or "")[:LANGUAGE_CHARACTERS]) for text in (fetch.sample, playback.sample))
    if not one or not other or one & other:
        return False
    return any(takeover.words_kept(title, fetch) > 0 for title in titles)


def _nearest(playbacks: Iterable[Playback], cited: CitedAs) -> Playback | None:
    """The capture nearest to the first access date, the oldest where no such date is known: it shows best what was cited."""
    shown = [
        each
        for each in playbacks
        if each.failure is None and each.captured_at and each.sketch and (each.word_count or 0) >= DRIFT_WORDS and _is_page(each)
    ]
    wanted = cited.first_access_date or date.min

    def distance(playback: Playback) -> tuple[int, str, datetime]:
        taken = playback.captured_at.date() if playback.captured_at else date.max
        return abs((taken - wanted).days), playback.memento_url, playback.played_at

    return min(shown, key=distance, default=None)


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


def wants_probe(check: Check, *, cited: CitedAs = NOBODY) -> bool:
    """Whether a sibling that cannot exist should be asked: a page came, and nothing shows that it is the cited one."""
    spoken = check.attempts[-1] if check.attempts else None
    if spoken is None or spoken.method == "ftp" or not found(spoken) or not soft404.is_html(spoken):
        return False
    if urls.root_like(spoken.requested_url):
        return False
    as_cited, cited = soft404.is_as_cited(spoken, cited=cited), _meant(cited)
    shown = _shows(spoken, cited)
    if soft404.is_shell(spoken):
        return shown is not None
    telling = shown is not None and (_is_telling(cited) or shown.startswith("it holds the quotation"))
    if telling or takeover.lost(spoken, cited=cited) or placeholders.placeholder(spoken):
        return False
    evidence = [each for _, each in _signals(spoken, cited, NOWHERE, cluster=Soft404().cluster, as_cited=as_cited)]
    return soft404.combined(evidence) < soft404.CONVICTS or soft404.is_disproved(evidence, spoken)


def _is_telling(cited: CitedAs) -> bool:
    """Whether a cited title can only be this page's. "The Courier" may be the title of every page of the site."""
    return any(len(similarity.telling_tokens(title)) >= takeover.TELLING for title in cited.titles)


def needs_root(check: Check, *, cited: CitedAs = NOBODY, failed_before: bool = False) -> bool:
    """Whether the front page of the publisher should be asked: only on a sign that the domain may be lost.

    A page that is plainly gone costs one request on the first night, unless its error page tells that somebody else lives there
    now; before a death is confirmed, the front page is seen.
    """
    spoken = check.attempts[-1] if check.attempts else None
    if spoken is None or urls.root_like(spoken.requested_url) or (spoken.failure is None and is_wall(spoken)):
        return False
    root = urls.join(spoken.requested_url, "/")
    if root is None or domains.publisher_key(root) != domains.publisher_key(spoken.requested_url):
        return False  # a tenant's fate is not that of the platform
    if takeover.lost(spoken, cited=cited):
        return True
    if spoken.failure is not None:
        return False
    if spoken.http_status in GONE:
        return failed_before or takeover.hinted(spoken) or _another_language(spoken, cited) is not None
    return takeover.other_trade(spoken, cited=cited, sure=False) is not None or _led_away(spoken)


def _led_away(spoken: Fetch) -> bool:
    final = spoken.final_url or ""
    away = urls.host_key(final) != urls.host_key(spoken.requested_url)
    return bool(spoken.hops) and away and not takeover.keeps_slug(spoken.requested_url, final)


def needs_registration(check: Check, *, cited: CitedAs = NOBODY) -> bool:
    """Whether a registry should be asked about the domain: the name is gone, or the page shows nothing of what was cited."""
    spoken = check.attempts[-1] if check.attempts else None
    if spoken is None:
        return False
    if spoken.failure is not None:
        return spoken.failure is Failure.DNS and spoken.detail == "nxdomain" and not spoken.hops
    if takeover.lost(spoken, cited=cited) or placeholders.placeholder(spoken):
        return False
    return takeover.other_trade(spoken, cited=cited) is not None or _another_text(spoken, cited, (), translated=True) is not None
