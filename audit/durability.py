"""How long links to a publisher keep working: a rate per publisher and section, shrunk towards the corpus. Pure.

rate = lambda0 * exp(u + v), u per publisher, v per section, both normal with standard deviation 1; a death is known only to lie
between the last sight of life and the first failure. The posterior is computed on a grid (scoring.md, 2).
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from audit import stats
from audit.model import LinkHistory

MODEL_VERSION = "durability-1"
HORIZON_YEARS = 5.0
PRIOR_RATE, PRIOR_SPREAD = 0.03, 0.7
"""Deaths per link and year: between two public corpora, 0.0135 and 0.056."""

REACH = 4.0
COARSEST, FINEST = 4, 64
"""Grid points per unit. A fixed coarse grid is wrong for large publishers."""

FIT_POINTS, FIT_FIRST, FIT_FACTOR = 21, 0.002, 1.28
MOST_FITTED = 2_000
REMEMBERED = 4_096
TAIL = 0.05

Bins = tuple[tuple[float, float | None, int], ...]
"""Sorted (alive until, dead by, how many links) of one section."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """A probability of still working, with both ends of its 90 % interval. `variance` is that of the posterior."""

    mean: float
    low: float
    high: float
    variance: float = 0.0


# ---- the grid


@lru_cache(maxsize=16)
def _normal(points: int) -> tuple[float, ...]:
    """Weights of a standard normal on [-4, 4], normalised on the grid."""
    raw = [math.exp(-((at / points) ** 2) / 2) for at in range(int(-REACH * points), int(REACH * points) + 1)]
    total = math.fsum(raw)
    return tuple(each / total for each in raw)


def _points(sections: Iterable[Bins], *, coarsest: int = COARSEST) -> int:
    """Grid points per unit: finer with the number of deaths, as the posterior gets narrower."""
    deaths = [sum(count for _, dead, count in bins if dead is not None) for bins in sections]
    most = max(max(deaths, default=0), sum(1 for each in deaths if each))
    points = coarsest
    while points < FINEST and most > points * points:
        points *= 2
    return points


def _rates(lambda0: float, points: int) -> list[float]:
    reach = int(2 * REACH * points)
    return [lambda0 * math.exp(at / points) for at in range(-reach, reach + 1)]


def _likelihood(bins: Bins, rates: Sequence[float]) -> list[float]:
    """Log-likelihood of one section at every w = u + v."""
    total = [0.0] * len(rates)
    for alive, dead, count in bins:
        if dead is None:
            total = [each - count * rate * alive for each, rate in zip(total, rates, strict=True)]
        else:
            width = dead - alive
            total = [
                each + count * (-rate * alive + math.log(max(-math.expm1(-rate * width), 1e-300)))
                for each, rate in zip(total, rates, strict=True)
            ]
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """One section given u: log marginal, mean and variance of the survival at the horizon."""

    marginal: tuple[float, ...]
    mean: tuple[float, ...]
    variance: tuple[float, ...]


@lru_cache(maxsize=REMEMBERED)
def _section(bins: Bins, lambda0: float, points: int, years: float) -> _Section:
    """Half of all sections of a corpus are alike (one link, alive, of the same age): remembered by content."""
    rates, weights = _rates(lambda0, points), _normal(points)
    likelihood = _likelihood(bins, rates)
    survival = [math.exp(-years * rate) for rate in rates]
    marginal, mean, variance = [], [], []
    for start in range(len(weights)):
        window = likelihood[start : start + len(weights)]
        top = max(window)
        mass = [weight * math.exp(each - top) for weight, each in zip(weights, window, strict=True)]
        total = math.fsum(mass)
        shown = survival[start : start + len(weights)]
        first = math.fsum(each * value for each, value in zip(mass, shown, strict=True)) / total
        second = math.fsum(each * value * value for each, value in zip(mass, shown, strict=True)) / total
        marginal.append(top + math.log(total))
        mean.append(first)
        variance.append(max(second - first * first, 0.0))
    return _Section(marginal=tuple(marginal), mean=tuple(mean), variance=tuple(variance))


@lru_cache(maxsize=REMEMBERED)
def _evidence(sections: tuple[Bins, ...], lambda0: float, points: int) -> float:
    return stats.logsumexp(_posterior_u(sections, lambda0, points))


def _posterior_u(sections: Sequence[Bins], lambda0: float, points: int, years: float = HORIZON_YEARS) -> list[float]:
    """Log posterior of u, not normalised: its log-sum-exp is the log evidence."""
    total = [math.log(weight) for weight in _normal(points)]
    for bins in sections:
        total = [each + more for each, more in zip(total, _section(bins, lambda0, points, years).marginal, strict=True)]
    return total


# ---- the fit


@dataclass(frozen=True, slots=True)
class Durability:
    """A fitted corpus. `lambda0` is the base rate in deaths per link and year, `standard_error` that of its logarithm."""

    lambda0: float
    standard_error: float
    publishers: Mapping[str, Mapping[str, Bins]]
    links: Mapping[str, Mapping[str, int]]

    def predict(self, publisher: str, section: str, age_years: float) -> Survival:
        """Probability that a link to this section still works at that age, with 5 % and 95 % ends.

        An unknown section gets what the publisher's other sections say, an unknown publisher what the corpus says.
        """
        sections = self.publishers.get(publisher, {})
        points = _points(sections.values())
        masses = self._section_masses(sections, section, points)
        return _survival(masses, _rates(self.lambda0, points), age_years)

    def _section_masses(self, sections: Mapping[str, Bins], section: str, points: int) -> list[float]:
        """The posterior of w = u + v of a section, normalised."""
        log_u = _posterior_u(tuple(sections.values()), self.lambda0, points)
        own = sections.get(section)
        if own is not None:
            marginal = _section(own, self.lambda0, points, HORIZON_YEARS).marginal
            log_u = [each - mine for each, mine in zip(log_u, marginal, strict=True)]
        top = max(log_u)
        u = [math.exp(each - top) for each in log_u]
        weights = _normal(points)
        spread = [0.0] * (2 * len(weights) - 1)
        for at, mass in enumerate(u):
            if mass > 1e-18:
                for offset, weight in enumerate(weights):
                    spread[at + offset] += mass * weight
        if own is not None:
            likelihood = _likelihood(own, _rates(self.lambda0, points))
            logs = [math.log(each) + more if each > 0 else -math.inf for each, more in zip(spread, likelihood, strict=True)]
            top = max(logs)
            spread = [math.exp(each - top) for each in logs]
        total = math.fsum(spread)
        return [each / total for each in spread]

    def publisher(self, key: str, *, years: float = HORIZON_YEARS) -> Survival:
        """Survival at the horizon over all sections of a publisher, weighted by their links."""
        sections = self.publishers.get(key)
        if not sections:
            return self.predict(key, "", years)
        points = _points(sections.values())
        log_u = _posterior_u(tuple(sections.values()), self.lambda0, points, years)
        top = max(log_u)
        u = [math.exp(each - top) for each in log_u]
        total = math.fsum(u)
        u = [each / total for each in u]
        shares = {name: self.links[key][name] / sum(self.links[key].values()) for name in sections}
        means, variances = [0.0] * len(u), [0.0] * len(u)
        for name, bins in sections.items():
            found = _section(bins, self.lambda0, points, years)
            means = [each + shares[name] * more for each, more in zip(means, found.mean, strict=True)]
            variances = [each + shares[name] ** 2 * more for each, more in zip(variances, found.variance, strict=True)]
        mean = math.fsum(mass * each for mass, each in zip(u, means, strict=True))
        variance = math.fsum(mass * ((each - mean) ** 2 + more) for mass, each, more in zip(u, means, variances, strict=True))
        low, high = stats.interval(mean, variance)
        return Survival(mean=mean, low=low, high=high, variance=variance)

    def log_evidence(self, key: str) -> float:
        """Log evidence of one publisher's links."""
        sections = tuple(self.publishers.get(key, {}).values())
        return stats.logsumexp(_posterior_u(sections, self.lambda0, _points(sections)))


def _survival(masses: Sequence[float], rates: Sequence[float], years: float) -> Survival:
    values = [math.exp(-years * rate) for rate in rates]
    mean = math.fsum(mass * value for mass, value in zip(masses, values, strict=True))
    second = math.fsum(mass * value * value for mass, value in zip(masses, values, strict=True))
    ends = (math.exp(-years * _quantile(masses, rates, share)) for share in (1 - TAIL, TAIL))
    low, high = ends
    return Survival(mean=mean, low=low, high=high, variance=max(second - mean * mean, 0.0))


def _quantile(masses: Sequence[float], rates: Sequence[float], share: float) -> float:
    """The rate below which `share` of the mass lies; the mass is uniform inside each cell of the grid of log rates."""
    step = math.log(rates[1] / rates[0])
    reached = 0.0
    for mass, rate in zip(masses, rates, strict=True):
        if reached + mass >= share and mass > 0:
            inside = (share - reached) / mass
            return rate * math.exp((inside - 0.5) * step)
        reached += mass
    return rates[-1]


def fit(links: Iterable[LinkHistory], *, lambda0: float | None = None) -> Durability:
    """Fit the model on links; independent of their order. `lambda0` given is taken as it is.

    >>> fit([]).lambda0, round(fit([], lambda0=0.03).predict("anybody", "", 5).mean, 3)
    (0.03, 0.77)
    """
    counted: dict[str, dict[str, Counter[tuple[float, float | None]]]] = {}
    for link in links:
        bins = counted.setdefault(link.publisher, {}).setdefault(link.section, Counter())
        bins[link.alive_until_years, link.dead_by_years] += 1
    publishers = {
        name: {section: _bins(counter) for section, counter in sorted(sections.items())}
        for name, sections in sorted(counted.items())
    }
    sizes = {name: {section: counter.total() for section, counter in sections.items()} for name, sections in counted.items()}
    rate, error = (lambda0, 0.0) if lambda0 is not None else _base_rate(publishers)
    return Durability(rate, error, publishers, sizes)


def _bins(counter: Counter[tuple[float, float | None]]) -> Bins:
    ordered = sorted(counter.items(), key=lambda pair: (pair[0][0], pair[0][1] is None, pair[0][1] or 0.0))
    return tuple((alive, dead, count) for (alive, dead), count in ordered)


def _base_rate(publishers: Mapping[str, Mapping[str, Bins]]) -> tuple[float, float]:
    """(lambda0, standard error of its logarithm): the maximum of the evidence with a wide prior."""
    if not publishers:
        return PRIOR_RATE, PRIOR_SPREAD
    names = sorted(publishers, key=lambda name: sha256(name.encode("utf-8", "surrogatepass")).digest())[:MOST_FITTED]
    shapes = Counter(tuple(sorted(publishers[name].values(), key=repr)) for name in names)
    logs = [math.log(FIT_FIRST * FIT_FACTOR**at) for at in range(FIT_POINTS)]
    heights = [_objective(shapes, math.exp(each)) for each in logs]
    best = min(max(heights.index(max(heights)), 1), FIT_POINTS - 2)
    below, peak, above = heights[best - 1 : best + 2]
    step = logs[1] - logs[0]
    curvature = (below - 2 * peak + above) / step**2
    if curvature >= 0:
        return math.exp(logs[heights.index(max(heights))]), PRIOR_SPREAD
    shift = (below - above) / (2 * (below - 2 * peak + above)) * step
    return math.exp(logs[best] + max(min(shift, step), -step)), 1 / math.sqrt(-curvature)


def _objective(shapes: Counter[tuple[Bins, ...]], lambda0: float) -> float:
    total = -((math.log(lambda0) - math.log(PRIOR_RATE)) ** 2) / (2 * PRIOR_SPREAD**2)
    return total + math.fsum(count * _evidence(sections, lambda0, _points(sections)) for sections, count in shapes.items())


def median(values: Iterable[float]) -> float | None:
    """The middle value; None of nothing.

    >>> median([3.0, 1.0, 2.0]), median([])
    (2.0, None)
    """
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
