"""Publisher scores: durability of their links, what archives hold, what lists say, and why the number is what it is. Pure.

Two axes are never mixed in silence: without a rating the score is durability alone and says so, and it gets no grade. A refusal is
missing data, never a death and never a survival (scoring.md).
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from audit import domains, policy, stats
from audit.durability import MODEL_VERSION, Durability, Prior, Shape, Survival, fit, grouped, median, moments, whole
from audit.model import (
    Editorial,
    LinkFacts,
    LinkHistory,
    LinkState,
    PublisherScore,
    Reason,
    Scored,
    ScoreFit,
    SectionScore,
)
from audit.reasons import Counts, lists_of, reasons
from audit.settings import Scoring

__all__ = ["Durability", "Survival", "fit", "histories", "publisher_scores", "rated"]

DEATHS = {LinkState.DEAD, LinkState.USURPED}
HARD = {
    "http-404",
    "http-410",
    "http-5xx",
    "http-transient",
    "dns",
    "domain-vanished",
    "refused",
    "reset",
    "timeout",
    "tls",
    "too-many-redirects",
    "ftp-missing",
}
YEAR_DAYS = 365.25
BIN_YEARS = 0.25
ASSUMED_YEARS = 5.0
KNOWN_NEEDED = 50
"""With fewer known exposures their median says nothing; then five years are assumed."""

RESOLVED_NEEDED, LONGEST_HALF_LIFE = 5, 50.0
"""Below so many links of known fate nothing is said of a half-life, nor of a section."""
ARCHIVE_PRIOR_FROM = 20
REFIT_AFTER, REFIT_GROWTH = timedelta(days=7), 1.1
"""Between these a fit is kept: scores must not flicker."""

BLACKLISTED = "blacklisted"
GRADES = ((80.0, "A"), (65.0, "B"), (50.0, "C"), (35.0, "D"), (-math.inf, "E"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aged:
    """A link with its clock: years since it began to be cited. `checked` is its age at the last check, for the bounds."""

    facts: LinkFacts
    history: LinkHistory | None
    death: bool
    resolved: bool
    checked: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Corpus:
    """What every score of one evening shares: the fit, the settings, the moment, and the fingerprint of what decides besides facts."""

    fitted: ScoreFit
    prior: Prior
    rules: Scoring
    now: datetime
    stamp: str


def publisher_scores(
    facts: Iterable[LinkFacts],
    *,
    now: datetime,
    settings: Scoring | None = None,
    kept: ScoreFit | None = None,
    known: Mapping[str, str] | None = None,
) -> Scored:
    """The scores of the publishers whose inputs differ from those of `known` (publisher -> fingerprint), in order of their names.

    `kept` is the newest fit; it serves for a week, or until the links of known fate have grown by a tenth. The order of `facts`
    changes nothing, and a URL counts once.
    """
    rules = settings or Scoring()
    distinct = {each.url: each for each in facts}
    ordered = [distinct[url] for url in sorted(distinct)]
    kept = _kept(kept, ordered, now=now, rules=rules)
    aged = _aged(ordered, rules, _assumed(ordered, rules) if kept is None else kept.assumed_age_years)
    by_publisher: dict[str, list[_Aged]] = {}
    for each in aged:
        by_publisher.setdefault(each.facts.publisher, []).append(each)
    fitted = kept or _fitted(ordered, aged, by_publisher, now=now, rules=rules)
    corpus = _corpus(fitted, rules, now=now)
    prints = {name: _fingerprint(some, corpus) for name, some in by_publisher.items()}
    due = sorted(name for name, digest in prints.items() if (known or {}).get(name) != digest)
    found = [_score(name, by_publisher[name], corpus, prints[name]) for name in due]
    return Scored(
        publishers=tuple(publisher for publisher, _ in found),
        sections=tuple(section for _, sections in found for section in sections),
        fit=fitted,
        unchanged=len(by_publisher) - len(due),
    )


def histories(facts: Iterable[LinkFacts], *, settings: Scoring | None = None) -> tuple[LinkHistory, ...]:
    """The survival data of a corpus: what `fit` takes."""
    rules = settings or Scoring()
    ordered = sorted(facts, key=lambda each: each.url)
    return tuple(each.history for each in _aged(ordered, rules, _assumed(ordered, rules)) if each.history)


def rated(facts: Iterable[LinkFacts]) -> Iterator[tuple[str, str]]:
    """(URL, category) of what lists rate; a list that blacklists what it rates says so instead."""
    for each in facts:
        if each.editorial and each.editorial.value is not None:
            yield each.url, BLACKLISTED if BLACKLISTED in each.editorial.caps else each.editorial.category


# ---- the fit that all share


def _kept(kept: ScoreFit | None, facts: Sequence[LinkFacts], *, now: datetime, rules: Scoring) -> ScoreFit | None:
    """The fit of before, while it serves."""
    if kept is None or kept.model_version != MODEL_VERSION or now - kept.fitted_at >= REFIT_AFTER:
        return None
    if rules.lambda0 not in {"fit", kept.lambda0} or rules.assumed_age_years not in {"auto", kept.assumed_age_years}:
        return None
    return None if sum(_is_resolved(each) for each in facts) >= REFIT_GROWTH * max(kept.links, 1) else kept


def _is_resolved(facts: LinkFacts) -> bool:
    return facts.state in DEATHS or facts.state in {LinkState.LIVE, LinkState.DRIFTED}


def _fitted(
    facts: Sequence[LinkFacts],
    aged: Sequence[_Aged],
    by_publisher: Mapping[str, Sequence[_Aged]],
    *,
    now: datetime,
    rules: Scoring,
) -> ScoreFit:
    given = None if isinstance(rules.lambda0, str) else rules.lambda0
    some = [each.history for each in aged if each.history]
    model = fit(some, lambda0=given, sigma=(rules.sigma.publisher, rules.sigma.section))
    a, b = _archive_prior(by_publisher)
    curve = stats.turnbull((each.alive_until_years, each.dead_by_years) for each in some)
    return ScoreFit(
        lambda0=round(model.lambda0, 6),
        standard_error=round(model.standard_error, 4),
        links=sum(each.resolved for each in aged),
        publishers=len(model.publishers),
        assumed_age_years=_assumed(facts, rules),
        archive_a=round(a, 4),
        archive_b=round(b, 4),
        survival=tuple((years, round(alive, 4)) for years, alive in curve),
        model_version=MODEL_VERSION,
        fitted_at=now,
    )


def _corpus(fitted: ScoreFit, rules: Scoring, *, now: datetime) -> _Corpus:
    prior = Prior(fitted.lambda0, rules.sigma.publisher, rules.sigma.section)
    decides = (
        prior,
        (fitted.archive_a, fitted.archive_b),
        (rules.horizon_years, rules.grade, rules.personal_labels, rules.drift_is_death),
        (MODEL_VERSION, policy.version(), domains.psl_version(), domains.tenants_version()),
    )
    return _Corpus(fitted=fitted, prior=prior, rules=rules, now=now, stamp=repr(decides))


def _archive_prior(by_publisher: Mapping[str, Sequence[_Aged]]) -> tuple[float, float]:
    pairs = [_archived(some) for some in by_publisher.values()]
    asked = [(x, n) for x, n in pairs if n]
    return stats.moments_prior(asked) if len(asked) >= ARCHIVE_PRIOR_FROM else (1.0, 1.0)


def _archived(some: Iterable[_Aged]) -> tuple[int, int]:
    """(URLs with a usable capture, URLs whose archive standing is known)."""
    known = [each.facts.archived for each in some if each.facts.archived is not None]
    return sum(known), len(known)


# ---- ages


def _assumed(facts: Sequence[LinkFacts], rules: Scoring) -> float:
    """The age at the first check of a link of which no date is known: live and dead alike."""
    if not isinstance(rules.assumed_age_years, str):
        return rules.assumed_age_years
    exposures = [
        _years(each.entry_date, each.first_checked_at.date()) for each in facts if each.entry_date and each.first_checked_at
    ]
    known = median(exposures) if len(exposures) >= KNOWN_NEEDED else None
    return ASSUMED_YEARS if known is None else round(max(known, 0.0) / BIN_YEARS) * BIN_YEARS


def _aged(facts: Sequence[LinkFacts], rules: Scoring, assumed: float) -> list[_Aged]:
    return [_clocked(each, rules, assumed) for each in facts]


def _clocked(facts: LinkFacts, rules: Scoring, assumed: float) -> _Aged:
    death = facts.state in DEATHS or (facts.state is LinkState.DRIFTED and rules.drift_is_death)
    resolved = _is_resolved(facts)
    entry = facts.entry_date or (facts.first_checked_at or facts.first_seen_at).date()
    shift = 0.0 if facts.entry_date else assumed
    failed = _failed(facts, rules, entry) if death else None
    seen = max((day for day in _sights(facts) if day is not None and (failed is None or day <= failed)), default=None)
    alive = max(_years(entry, seen) + shift, 0.0) if seen else 0.0
    dead_by = max(_years(entry, failed) + shift, 0.0) if failed else None
    alive, dead_by = _binned(alive, dead_by)
    last = facts.last_checked_at
    return _Aged(
        facts=facts,
        history=LinkHistory(publisher=facts.publisher, section=facts.section, alive_until_years=alive, dead_by_years=dead_by)
        if resolved or alive > 0
        else None,
        death=death,
        resolved=resolved,
        checked=None if last is None else max(round((_years(entry, last.date()) + shift) / BIN_YEARS) * BIN_YEARS, alive),
    )


def _sights(facts: LinkFacts) -> tuple[date | None, ...]:
    """The days on which somebody saw the page: we, an editor, an archive whose copy was opened."""
    return (facts.last_live_at.date() if facts.last_live_at else None, facts.access_date, facts.captured_date)


def _failed(facts: LinkFacts, rules: Scoring, entry: date) -> date | None:
    """The day by which it was gone; an editor's tag may say an earlier one, after the last sight of life."""
    ours = facts.failing_since or facts.last_checked_at
    failed = ours.date() if ours else None
    tagged = facts.gone_date if rules.editor_dates else None
    if failed is None or tagged is None or not entry < tagged < failed:
        return failed
    return tagged if all(day < tagged for day in _sights(facts) if day is not None and day <= failed) else failed


def _binned(alive: float, dead_by: float | None) -> tuple[float, float | None]:
    rounded = round(alive / BIN_YEARS) * BIN_YEARS
    if dead_by is None:
        return rounded, None
    return rounded, max(round(dead_by / BIN_YEARS) * BIN_YEARS, rounded + BIN_YEARS)


def _years(start: date, end: date) -> float:
    return (end.toordinal() - start.toordinal()) / YEAR_DAYS


# ---- one publisher


def _score(name: str, some: Sequence[_Aged], corpus: _Corpus, digest: str) -> tuple[PublisherScore, list[SectionScore]]:
    sections = grouped(each.history for each in some if each.history).get(name, {})
    live5 = _live5(tuple(sorted(sections.values())), corpus)
    held, asked = _archived(some)
    durability = _durability(live5, held, asked, corpus)
    opinion = _opinion(some, corpus.rules)
    parts = _sections(name, some, corpus, digest)
    resolved = sum(each.resolved for each in some)
    composite = _composite(durability, opinion) if resolved else None
    lists = lists_of(each.facts.editorial.lists for each in some if each.facts.editorial)
    measured = _Measured(live5=live5, durability=durability, opinion=opinion, composite=composite)
    score = PublisherScore(
        publisher=name,
        display_name=domains.display_name(name),
        **_composed(composite, opinion),
        grade=_grade(composite, opinion, resolved=resolved, rules=corpus.rules),
        **_span("durability", durability),
        **_span("live5", live5),
        **_bounds(some, sections, live5, corpus),
        **_worded(opinion),
        **_lives(live5, resolved=resolved, years=corpus.rules.horizon_years),
        **_counted(some),
        archive_coverage=_cent(held / asked) if asked else None,
        archive_checked=asked,
        archive_verified=sum(each.facts.archive_verified for each in some),
        lambda0=corpus.fitted.lambda0,
        age_assumed=sum(each.facts.entry_date is None for each in some),
        reasons=_why(some, measured, parts, corpus),
        flags=tuple(sorted(domains.publisher_flags(some[0].facts.url))),
        list_versions=tuple(sorted({f"{each.list_id} {each.revision or each.as_of or ''}".strip() for each in lists})),
        model_version=MODEL_VERSION,
        policy_version=policy.version(),
        psl_version=domains.psl_version(),
        tenants_version=domains.tenants_version(),
        inputs_sha256=digest,
        scored_at=corpus.now,
    )
    return score, parts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opinion:
    """What lists say of a publisher: the mean over its rated links. `value` is None where too few links are rated."""

    value: float | None
    sd: float = 0.0
    word: str | None = None
    rated: int = 0
    mixed: bool = False
    disputed: bool = False
    cap: str | None = None
    language: str | None = None
    notes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Composite:
    """The score with its interval, and the points that a cap cut."""

    score: float
    low: float
    high: float
    cut: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    live5: Survival
    durability: Survival
    opinion: _Opinion
    composite: _Composite | None


def _live5(sections: tuple[tuple[Shape, int], ...], corpus: _Corpus) -> Survival:
    """Survival at the horizon; of a publisher without a row, what the corpus says."""
    years = corpus.rules.horizon_years
    if sections:
        return whole(sections, corpus.prior, years)
    return Durability(corpus.prior, 0.0, {}).predict("", "", years)


def _bounds(some: Sequence[_Aged], sections: Mapping[str, tuple[Shape, int]], live5: Survival, corpus: _Corpus) -> dict[str, Any]:
    """Survival if all that could not be checked were alive at their last check, and if all had died by then."""
    doubtful = [each for each in some if not each.resolved and each.checked]
    if not doubtful:
        return {"live5_if_unknown_live": _cent(live5.mean), "live5_if_unknown_dead": _cent(live5.mean)}
    ends = []
    for dies in (False, True):
        shapes = grouped(_settled(each, dies=dies) for each in some if each.history or each in doubtful).popitem()[1]
        counts = {name: sections[name][1] if name in sections else 0 for name in shapes} if sections else None
        weighed = [(shape, counts[name] if counts else count) for name, (shape, count) in shapes.items()]
        ends.append(moments(tuple(sorted(weighed)), corpus.prior, corpus.rules.horizon_years)[0])
    return {
        "live5_if_unknown_live": _cent(max(ends[0], live5.mean)),
        "live5_if_unknown_dead": _cent(min(ends[1], live5.mean)),
    }


def _settled(each: _Aged, *, dies: bool) -> LinkHistory:
    if each.resolved and each.history:
        return each.history
    alive = each.history.alive_until_years if each.history else 0.0
    checked = each.checked or alive
    facts = each.facts
    if dies:
        dead_by = max(checked, alive + BIN_YEARS)
        return LinkHistory(publisher=facts.publisher, section=facts.section, alive_until_years=alive, dead_by_years=dead_by)
    return LinkHistory(publisher=facts.publisher, section=facts.section, alive_until_years=checked)


def _durability(live5: Survival, held: int, asked: int, corpus: _Corpus) -> Survival:
    """Share of citations that a reader can still verify in five years, live or archived."""
    if not asked:
        return live5
    a, b = corpus.fitted.archive_a + held, corpus.fitted.archive_b + asked - held
    covered = a / (a + b)
    covered_variance = a * b / ((a + b) ** 2 * (a + b + 1))
    mean, variance = stats.product((1 - live5.mean, live5.variance), (1 - covered, covered_variance))
    low, high = stats.interval(1 - mean, variance)
    return Survival(mean=1 - mean, low=low, high=high, variance=variance)


# ---- what lists say


def _opinion(some: Sequence[_Aged], rules: Scoring) -> _Opinion:
    """The mean over the rated links; only if at least half of all links are rated (scoring.md, 4.4)."""
    heard = [(each, each.facts.editorial) for each in some if each.facts.editorial]
    if not heard:
        return _Opinion(value=None)
    spoken = [said for each, said in heard if said.value is not None and (rules.personal_labels or not _personal(each.facts.url))]
    notes = frozenset(note for _, said in heard for note in said.notes)
    if len(spoken) < sum(said.value is not None for _, said in heard):
        notes |= {"suppressed"} - ({"suppressed"} if "platform-level" in notes else set())
    rated = len(spoken)
    if 2 * rated < len(some) or not rated:
        return _Opinion(value=None, rated=rated, notes=notes)
    values = [said.value for said in spoken if said.value is not None]
    mean = math.fsum(values) / rated
    variance = math.fsum(said.sd**2 for said in spoken) / rated + math.fsum((value - mean) ** 2 for value in values) / rated
    categories = {said.category for said in spoken}
    mixed = len(categories) > 1 or any(said.mixed for said in spoken)
    agreed = frozenset.intersection(*(said.caps for said in spoken))
    return _Opinion(
        value=mean,
        sd=math.sqrt(variance),
        word=policy.WORDS["mixed"] if mixed else spoken[0].word,
        rated=rated,
        mixed=mixed,
        disputed=any(said.disputed for said in spoken),
        cap=min(agreed & policy.caps().keys(), key=lambda cap: policy.caps()[cap], default=None),
        language=_one({said.language for said in spoken}),
        notes=notes,
    )


def _personal(url: str) -> bool:
    return "personal" in domains.publisher_flags(url)


def _one(languages: set[str | None]) -> str | None:
    return languages.pop() if len(languages) == 1 else None


def _composite(durability: Survival, opinion: _Opinion) -> _Composite:
    """Geometric: a citation helps only if it can be opened and trusted."""
    if opinion.value is None:
        return _Composite(score=100 * durability.mean, low=100 * durability.low, high=100 * durability.high)
    mean, variance = stats.product((durability.mean, durability.variance), (opinion.value, opinion.sd**2))
    low, high = (100 * math.sqrt(each) for each in stats.interval(mean, variance))
    score = 100 * math.sqrt(mean)
    most = policy.caps()[opinion.cap] if opinion.cap else 100.0
    return _Composite(score=min(score, most), low=min(low, most), high=min(high, most), cut=max(score - most, 0.0))


def _composed(composite: _Composite | None, opinion: _Opinion) -> dict[str, Any]:
    if composite is None:
        return {"score": None, "low": None, "high": None, "basis": "none"}
    basis = "durability-only" if opinion.value is None else "rated"
    return {name: round(getattr(composite, name), 2) for name in ("score", "low", "high")} | {"basis": basis}


def _worded(opinion: _Opinion) -> dict[str, Any]:
    shown: dict[str, Any] = {"editorial": opinion.word, "links_rated": opinion.rated, "scope_language": opinion.language}
    if opinion.value is None:
        return shown
    low, high = stats.interval(opinion.value, opinion.sd**2)
    return shown | {"editorial_value": _cent(opinion.value), "editorial_low": _cent(low), "editorial_high": _cent(high)}


def _grade(composite: _Composite | None, opinion: _Opinion, *, resolved: int, rules: Scoring) -> str | None:
    """A letter only where the evidence carries it."""
    if composite is None or opinion.value is None or opinion.mixed or opinion.disputed:
        return None
    if resolved < max(rules.grade.min_resolved, RESOLVED_NEEDED):
        return None
    if (composite.high - composite.low) / 2 > rules.grade.max_half_width:
        return None
    return next(letter for least, letter in GRADES if composite.score >= least)


# ---- sections


def _sections(name: str, some: Sequence[_Aged], corpus: _Corpus, digest: str) -> list[SectionScore]:
    """The sections with enough links of known fate to say anything about."""
    by_section: dict[str, list[_Aged]] = {}
    for each in some:
        by_section.setdefault(each.facts.section, []).append(each)
    enough = {key: mine for key, mine in by_section.items() if sum(each.resolved for each in mine) >= RESOLVED_NEEDED}
    if not enough:
        return []
    model = Durability(corpus.prior, 0.0, grouped(each.history for each in some if each.history))
    shared: dict[str, Any] = {"publisher": name, "model_version": MODEL_VERSION, "inputs_sha256": digest, "scored_at": corpus.now}
    return [SectionScore(section=key, **shared, **_measured(mine, model, corpus)) for key, mine in sorted(enough.items())]


def _measured(some: Sequence[_Aged], model: Durability, corpus: _Corpus) -> dict[str, Any]:
    facts = some[0].facts
    live5 = model.predict(facts.publisher, facts.section, corpus.rules.horizon_years)
    held, asked = _archived(some)
    return {
        **_span("durability", _durability(live5, held, asked, corpus)),
        **_span("live5", live5),
        **_counted(some),
        "archive_coverage": _cent(held / asked) if asked else None,
        "archive_checked": asked,
    }


def _apart(parts: Sequence[SectionScore]) -> tuple[str, float, str, float] | None:
    """The section that does worst and the one that does best, where their intervals do not meet."""
    if len(parts) < 2:
        return None
    worst, best = min(parts, key=lambda each: each.live5), max(parts, key=lambda each: each.live5)
    if worst.live5_high >= best.live5_low:
        return None
    return worst.section, worst.live5 / 100, best.section, best.live5 / 100


# ---- numbers


def _span(name: str, found: Survival) -> dict[str, Any]:
    return {name: _cent(found.mean), f"{name}_low": _cent(found.low), f"{name}_high": _cent(found.high)}


def _lives(live5: Survival, *, resolved: int, years: float) -> dict[str, Any]:
    """The median lifetime with its range; nothing from a few links."""
    if resolved < RESOLVED_NEEDED:
        return {}
    ends = {"half_life_years": live5.mean, "half_life_low": live5.low, "half_life_high": live5.high}
    return {name: _half_life(survival, years) for name, survival in ends.items()}


def _half_life(survival: float, years: float) -> float:
    rate = -math.log(max(survival, 1e-9)) / years
    return round(min(math.log(2) / max(rate, 1e-9), LONGEST_HALF_LIFE), 1)


def _counted(some: Sequence[_Aged]) -> dict[str, Any]:
    states = Counter(each.facts.state for each in some)
    return {
        "links": len(some),
        "live": states[LinkState.LIVE],
        "rotten": states[LinkState.DEAD] + states[LinkState.USURPED] + states[LinkState.DRIFTED],
        "suspect": states[LinkState.SUSPECT],
        "blocked": states[LinkState.BLOCKED],
        "unknown": states[LinkState.UNKNOWN],
        "resolved": sum(each.resolved for each in some),
        "dead_hard": sum(each.death and each.facts.reason in HARD for each in some),
        "dead_soft": sum(each.death and each.facts.reason not in HARD for each in some),
    }


def _cent(share: float) -> float:
    return round(100 * share, 2)


def _fingerprint(some: Sequence[_Aged], corpus: _Corpus) -> str:
    """What the score is made of: the same inputs add no row to its history."""
    parts = sorted(repr(_inputs(each)) for each in some)
    return sha256("\n".join((corpus.stamp, *parts)).encode("utf-8", "surrogatepass")).hexdigest()


def _inputs(each: _Aged) -> tuple[Any, ...]:
    facts, history = each.facts, each.history
    ages = (history.alive_until_years, history.dead_by_years) if history else None
    archives = (facts.archived, facts.archive_verified)
    said = _said(facts.editorial) if facts.editorial else None
    return (facts.section, facts.state.value, facts.reason, ages, each.checked, facts.entry_from, archives, said)


def _said(editorial: Editorial) -> tuple[Any, ...]:
    value = (editorial.value, editorial.sd, editorial.category, editorial.word, editorial.mixed, editorial.disputed)
    return (*value, sorted(editorial.caps), sorted(editorial.notes), editorial.language, sorted(map(repr, editorial.lists)))


# ---- why


def _why(some: Sequence[_Aged], measured: _Measured, parts: Sequence[SectionScore], corpus: _Corpus) -> tuple[Reason, ...]:
    return reasons(_counts(some, measured.opinion, parts), points=_points(some, measured, corpus), year=corpus.now.year)


def _counts(some: Sequence[_Aged], opinion: _Opinion, parts: Sequence[SectionScore]) -> Counts:
    resolved, lost = [each for each in some if each.resolved], [each for each in some if each.death]
    kinds = Counter(each.facts.reason for each in lost)
    (held, asked), (lost_held, lost_known) = _archived(some), _archived(lost)
    shown = "suppressed" not in opinion.notes
    return Counts(
        links=len(some),
        resolved=len(resolved),
        lost=len(lost),
        kinds=tuple(sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))),
        median_age=median(each.history.dead_by_years or each.history.alive_until_years for each in resolved if each.history),
        refused=sum(each.facts.state is LinkState.BLOCKED for each in some),
        assumed=sum(each.facts.entry_date is None for each in some if each.resolved),
        proxies=sum(each.facts.entry_from == "entry-proxy" for each in some if each.resolved),
        held=held,
        verified=sum(each.facts.archive_verified for each in some),
        asked=asked,
        lost_held=lost_held,
        lost_known=lost_known,
        rated=opinion.rated,
        lists=lists_of(each.facts.editorial.lists for each in some if each.facts.editorial) if shown else (),
        notes=opinion.notes,
        mixed=opinion.mixed,
        disputed=opinion.disputed,
        sections=_apart(parts),
    )


def _points(some: Sequence[_Aged], measured: _Measured, corpus: _Corpus) -> dict[str, float]:
    """How far the score would move without each axis: with the prior's survival, without copies, without lists."""
    if measured.composite is None:
        return {}
    opinion = measured.opinion
    held, asked = _archived(some)
    expected = _live5((), corpus)
    here, plain = measured.composite.score, 100 * measured.durability.mean
    points = {
        "durability": abs(here - _composite(_durability(expected, held, asked, corpus), opinion).score),
        "archive": abs(here - _composite(measured.live5, opinion).score),
        "editorial": abs(here - plain) if opinion.value is not None else 0.0,
    }
    return points | ({opinion.cap: measured.composite.cut} if opinion.cap and measured.composite.cut else {})
