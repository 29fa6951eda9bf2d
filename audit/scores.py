"""Publisher scores: durability of their links, what archives hold, and why the number is what it is. Pure.

Two axes are never mixed in silence: without a rating the score is durability alone and says so, and it gets no grade. A refusal is
missing data, never a death and never a survival (scoring.md).
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from audit import stats
from audit.domains import TENANTS_VERSION, psl_version
from audit.durability import MODEL_VERSION, Durability, Survival, fit, median
from audit.model import LinkFacts, LinkHistory, LinkState, PublisherScore
from audit.settings import Scoring

__all__ = ["Durability", "Survival", "fit", "histories", "publisher_scores"]

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

HALF_LIFE_FROM, LONGEST_HALF_LIFE = 5, 50.0
ARCHIVE_PRIOR_FROM = 20
FEW_LINKS, YOUNG_YEARS = 5, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aged:
    """A link with its clock: years since it began to be cited, or why there is no row for the model."""

    facts: LinkFacts
    history: LinkHistory | None
    death: bool
    resolved: bool
    assumed: bool


def publisher_scores(facts: Iterable[LinkFacts], *, now: datetime, settings: Scoring | None = None) -> tuple[PublisherScore, ...]:
    """The score of every publisher, in order of its name; the order of `facts` changes nothing."""
    rules = settings or Scoring()
    aged = _aged(sorted(facts, key=lambda each: each.url), rules)
    by_publisher: dict[str, list[_Aged]] = {}
    for each in aged:
        by_publisher.setdefault(each.facts.publisher, []).append(each)
    model = fit(each.history for each in aged if each.history)
    corpus = _Corpus(model=model, prior=_archive_prior(by_publisher), rules=rules, now=now)
    return tuple(_score(name, some, corpus) for name, some in sorted(by_publisher.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Corpus:
    """What every score of one evening shares: the fit, the prior of archive coverage, the settings, the moment."""

    model: Durability
    prior: tuple[float, float]
    rules: Scoring
    now: datetime


def histories(facts: Iterable[LinkFacts], *, settings: Scoring | None = None) -> tuple[LinkHistory, ...]:
    """The survival data of a corpus: what `fit` takes."""
    return tuple(each.history for each in _aged(sorted(facts, key=lambda one: one.url), settings or Scoring()) if each.history)


# ---- ages


def _aged(facts: Sequence[LinkFacts], rules: Scoring) -> list[_Aged]:
    exposures = [
        _years(each.entry_date, each.first_checked_at.date()) for each in facts if each.entry_date and each.first_checked_at
    ]
    known = median(exposures) if len(exposures) >= KNOWN_NEEDED else None
    assumed = ASSUMED_YEARS if known is None else known
    return [_clocked(each, rules, assumed) for each in facts]


def _clocked(facts: LinkFacts, rules: Scoring, assumed: float) -> _Aged:
    death = facts.state in DEATHS or (facts.state is LinkState.DRIFTED and rules.drift_is_death)
    resolved = death or facts.state in {LinkState.LIVE, LinkState.DRIFTED}
    first = facts.first_checked_at or facts.first_seen_at
    shift = 0.0 if facts.entry_date else assumed
    entry = facts.entry_date or first.date()

    def since(day: date | None) -> float | None:
        return None if day is None else max(_years(entry, day) + shift, 0.0)

    failed = facts.failing_since or facts.last_checked_at
    dead_by = since(failed.date()) if death and failed else None
    seen = [since(facts.last_live_at.date() if facts.last_live_at else None), since(facts.access_date)]
    alive = max((each for each in seen if each is not None and (dead_by is None or each <= dead_by)), default=0.0)
    alive, dead_by = _binned(alive, dead_by)
    history = LinkHistory(publisher=facts.publisher, section=facts.section, alive_until_years=alive, dead_by_years=dead_by)
    return _Aged(
        facts=facts,
        history=history if resolved or alive > 0 else None,
        death=death,
        resolved=resolved,
        assumed=facts.entry_date is None,
    )


def _binned(alive: float, dead_by: float | None) -> tuple[float, float | None]:
    rounded = round(alive / BIN_YEARS) * BIN_YEARS
    if dead_by is None:
        return rounded, None
    return rounded, max(round(dead_by / BIN_YEARS) * BIN_YEARS, rounded + BIN_YEARS)


def _years(start: date, end: date) -> float:
    return (end - start).days / YEAR_DAYS


# ---- one publisher


def _archive_prior(by_publisher: Mapping[str, Sequence[_Aged]]) -> tuple[float, float]:
    pairs = [_archived(some) for some in by_publisher.values()]
    asked = [(x, n) for x, n in pairs if n]
    return stats.moments_prior(asked) if len(asked) >= ARCHIVE_PRIOR_FROM else (1.0, 1.0)


def _archived(some: Sequence[_Aged]) -> tuple[int, int]:
    """(URLs with a usable capture, URLs whose archive standing is known)."""
    known = [each.facts.archived for each in some if each.facts.archived is not None]
    return sum(known), len(known)


def _score(name: str, some: Sequence[_Aged], corpus: _Corpus) -> PublisherScore:
    rules, model = corpus.rules, corpus.model
    live5 = model.publisher(name, years=rules.horizon_years)
    held, asked = _archived(some)
    durability = _durability(live5, held, asked, corpus.prior)
    resolved = [each for each in some if each.resolved]
    counted = _counted(some)
    score = PublisherScore(
        publisher=name,
        score=_cent(durability.mean) if resolved else None,
        low=_cent(durability.low) if resolved else None,
        high=_cent(durability.high) if resolved else None,
        grade=None,
        basis="durability-only" if resolved else "none",
        durability=_cent(durability.mean),
        durability_low=_cent(durability.low),
        durability_high=_cent(durability.high),
        editorial=None,
        archive_coverage=_cent(held / asked) if asked else None,
        live5=_cent(live5.mean),
        live5_low=_cent(live5.low),
        live5_high=_cent(live5.high),
        half_life_years=_half_life(live5.mean, rules.horizon_years) if len(resolved) >= HALF_LIFE_FROM else None,
        lambda0=round(model.lambda0, 6),
        resolved=len(resolved),
        dead_hard=sum(each.death and each.facts.reason in HARD for each in some),
        dead_soft=sum(each.death and each.facts.reason not in HARD for each in some),
        age_assumed=sum(each.assumed for each in some),
        archive_checked=asked,
        reasons=_reasons(some, held=held, asked=asked),
        model_version=MODEL_VERSION,
        psl_version=psl_version(),
        tenants_version=TENANTS_VERSION,
        inputs_sha256="",
        scored_at=corpus.now,
        **counted,
    )
    return replace(score, inputs_sha256=_digest(score, rules))


def _durability(live5: Survival, held: int, asked: int, prior: tuple[float, float]) -> Survival:
    """Share of citations that a reader can still verify in five years, live or archived."""
    if not asked:
        return live5
    a, b = prior[0] + held, prior[1] + asked - held
    covered = a / (a + b)
    covered_variance = a * b / ((a + b) ** 2 * (a + b + 1))
    mean, variance = stats.product((1 - live5.mean, live5.variance), (1 - covered, covered_variance))
    low, high = stats.interval(1 - mean, variance)
    return Survival(mean=1 - mean, low=low, high=high, variance=variance)


def _half_life(survival: float, years: float) -> float:
    rate = -math.log(max(survival, 1e-9)) / years
    return round(min(math.log(2) / max(rate, 1e-9), LONGEST_HALF_LIFE), 1)


def _counted(some: Sequence[_Aged]) -> dict[str, Any]:
    states = [each.facts.state for each in some]
    return {
        "links": len(some),
        "live": states.count(LinkState.LIVE),
        "rotten": sum(state in {LinkState.DEAD, LinkState.USURPED, LinkState.DRIFTED} for state in states),
        "suspect": states.count(LinkState.SUSPECT),
        "blocked": states.count(LinkState.BLOCKED),
        "unknown": states.count(LinkState.UNKNOWN),
    }


def _cent(share: float) -> float:
    return round(100 * share, 2)


def _digest(score: PublisherScore, rules: Scoring) -> str:
    """What the score was made of: the same inputs add no row to its history."""
    made_of = replace(score, inputs_sha256="", scored_at=datetime.min.replace(tzinfo=score.scored_at.tzinfo))
    names = [name for name in PublisherScore.__slots__ if name not in {"inputs_sha256", "scored_at"}]
    text = json.dumps(
        {name: getattr(made_of, name) for name in names} | {"horizon": rules.horizon_years}, sort_keys=True, default=str
    )
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# ---- reasons, made from the numbers


def _reasons(some: Sequence[_Aged], *, held: int, asked: int) -> tuple[str, ...]:
    """Why, in sentences of counts; nothing is said of a publisher that was not measured."""
    said = [*_losses(some), *_gaps(some)]
    if asked:
        said.append(f"{held} of {asked} cited URLs whose archive standing is known have a copy")
    else:
        said.append("archives have not been asked: the score rests on live links alone")
    said.append("no rating list has been loaded that names it: unrated says nothing about its quality")
    return tuple(said)


def _losses(some: Sequence[_Aged]) -> Iterable[str]:
    resolved, lost = [each for each in some if each.resolved], [each for each in some if each.death]
    if not resolved:
        return
    kinds: dict[str, int] = {}
    for each in lost:
        kinds[each.facts.reason] = kinds.get(each.facts.reason, 0) + 1
    named = ", ".join(f"{count} {reason}" for reason, count in sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0])))
    yield f"{len(lost)} of {len(resolved)} resolved links no longer work" + (f" ({named})" if named else "")
    age = median(each.history.alive_until_years for each in resolved if each.history)
    if len(resolved) < FEW_LINKS:
        yield f"only {len(resolved)} resolved links: the interval is wide"
    if age is not None and age < YOUNG_YEARS:
        yield f"its links are young (median {age:g} years): the interval is wide"


def _gaps(some: Sequence[_Aged]) -> Iterable[str]:
    unresolved = sum(not each.resolved for each in some)
    if unresolved:
        refused = sum(each.facts.state is LinkState.BLOCKED for each in some)
        yield f"{unresolved} of {len(some)} have no known fate" + (f" ({refused} refused us)" if refused else "")
    assumed = sum(each.assumed for each in some if each.resolved)
    if assumed:
        yield f"the age of {assumed} links is assumed: no access date tells when they were first cited"
