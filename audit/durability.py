"""How long links to a publisher keep working: a rate per publisher and section, shrunk towards the corpus. Pure.

rate = lambda0 * exp(u + v), u per publisher, v per section, both normal with standard deviation 1; a death is known only to lie
between the last sight of life and the first failure. The posterior is computed on a grid (scoring.md, 2).
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from operator import mul

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
COARSEST_OF_FIT = 2
"""The fit sums over many publishers, so that its grid may begin coarser."""
MOST_FITTED, SCOUTED = 2_000, 100
"""Publishers in a fit; so many of them tell where to begin to climb."""
REMEMBERED = 8_192
FAINT, SMALLEST = 1e-200, 1e-300
"""Below the first a window is counted in its own unit; nothing is smaller than the second, so that every logarithm is finite."""
BIN_YEARS = 0.25
TAIL = 0.05

Shape = tuple[float, tuple[tuple[float, int], ...]]
"""(years lived, how many deaths lie in an interval of which width): all that the likelihood of a section depends on."""
Sections = Mapping[str, tuple[Shape, int]]
"""Section -> its shape and the number of its links."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is assumed before a link is seen: the base rate, and how far publishers and sections spread around it."""

    lambda0: float
    publisher: float = 1.0
    section: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """A probability of still working, with both ends of its 90 % interval. `variance` is that of the posterior."""

    mean: float
    low: float
    high: float
    variance: float = 0.0


# ---- the grid


@lru_cache(maxsize=64)
def _normal(points: int, sigma: float = 1.0) -> tuple[float, ...]:
    """Weights of a normal on [-4, 4], normalised on the grid."""
    raw = [
        max(math.exp(-((at / points / sigma) ** 2) / 2), SMALLEST) for at in range(int(-REACH * points), int(REACH * points) + 1)
    ]
    total = math.fsum(raw)
    return tuple(each / total for each in raw)


def _points(shapes: Iterable[Shape], *, coarsest: int = COARSEST) -> int:
    """Grid points per unit: finer with the number of deaths, as the posterior gets narrower."""
    deaths = [sum(count for _, count in died) for _, died in shapes]
    most = max(max(deaths, default=0), sum(1 for each in deaths if each))
    points = coarsest
    while points < FINEST and most > points * points:
        points *= 2
    return points


@lru_cache(maxsize=64)
def _rates(lambda0: float, points: int) -> tuple[float, ...]:
    reach = int(2 * REACH * points)
    return tuple(lambda0 * math.exp(at / points) for at in range(-reach, reach + 1))


@lru_cache(maxsize=64)
def _survivals(lambda0: float, points: int, years: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The chance to survive so many years at every rate of the grid, and its square."""
    first = tuple(math.exp(-years * rate) for rate in _rates(lambda0, points))
    return first, tuple(each * each for each in first)


@lru_cache(maxsize=REMEMBERED)
def _dying(width: float, lambda0: float, points: int) -> tuple[float, ...]:
    """Log-probability to die within so many years, at every w. The difference of two survivals would cancel."""
    return tuple(math.log(max(-math.expm1(-rate * width), SMALLEST)) for rate in _rates(lambda0, points))


def _likelihood(shape: Shape, lambda0: float, points: int) -> list[float]:
    """Log-likelihood of one section at every w = u + v."""
    lived, died = shape
    total = [-rate * lived for rate in _rates(lambda0, points)]
    for width, count in died:
        total = [each + count * more for each, more in zip(total, _dying(width, lambda0, points), strict=True)]
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """One section given u: log marginal, mean and variance of the survival at the horizon."""

    marginal: tuple[float, ...]
    mean: tuple[float, ...]
    variance: tuple[float, ...]


@lru_cache(maxsize=REMEMBERED)
def _section(shape: Shape, prior: Prior, points: int, years: float) -> _Section:
    """Half of all sections of a corpus are alike (one link, alive, of the same age): remembered by content."""
    logs = _likelihood(shape, prior.lambda0, points)
    survival = _survivals(prior.lambda0, points, years)
    marginal, mean, variance = [], [], []
    for log_total, first, second in _weighed(logs, _normal(points, prior.section), survival):
        marginal.append(log_total)
        mean.append(first)
        variance.append(max(second - first * first, 0.0))
    return _Section(marginal=tuple(marginal), mean=tuple(mean), variance=tuple(variance))


@lru_cache(maxsize=REMEMBERED)
def _marginal(shape: Shape, prior: Prior, points: int) -> tuple[float, ...]:
    """The log marginal alone: what the fit asks for at every base rate it tries."""
    return tuple(
        log_total for log_total, *_ in _weighed(_likelihood(shape, prior.lambda0, points), _normal(points, prior.section), ())
    )


def _weighed(logs: Sequence[float], weights: Sequence[float], about: Sequence[Sequence[float]]) -> Iterator[tuple[float, ...]]:
    """For every u: log of the sum over v, and the means of `about` under it.

    One unit serves all windows; one so far from the peak that it would underflow is counted in its own.
    """
    size, peak = len(weights), max(logs)
    values = [math.exp(each - peak) for each in logs]
    products = [list(map(mul, values, each)) for each in about]
    for start in range(len(logs) - size + 1):
        end, top = start + size, peak
        total = sum(map(mul, weights, values[start:end]))
        parts = [sum(map(mul, weights, each[start:end])) for each in products]
        if total < FAINT:
            top = max(logs[start:end])
            masses = [weight * math.exp(each - top) for weight, each in zip(weights, logs[start:end], strict=True)]
            total = sum(masses)
            parts = [sum(map(mul, masses, each[start:end])) for each in about]
        yield (top + math.log(total), *(each / total for each in parts))


@lru_cache(maxsize=REMEMBERED)
def _evidence(shapes: tuple[Shape, ...], prior: Prior, points: int) -> float:
    return stats.logsumexp(_summed(_normal(points, prior.publisher), (_marginal(shape, prior, points) for shape in shapes)))


def _summed(weights: Sequence[float], marginals: Iterable[Sequence[float]]) -> list[float]:
    """Log posterior of u, not normalised: its log-sum-exp is the log evidence."""
    total = [math.log(weight) for weight in weights]
    for marginal in marginals:
        total = [each + more for each, more in zip(total, marginal, strict=True)]
    return total


def _normalised(logs: Sequence[float]) -> list[float]:
    top = max(logs)
    masses = [math.exp(each - top) for each in logs]
    total = math.fsum(masses)
    return [each / total for each in masses]


@lru_cache(maxsize=REMEMBERED)
def _masses(own: Shape | None, others: tuple[Shape, ...], prior: Prior, points: int) -> tuple[float, ...]:
    """The posterior of w = u + v of a section: what the others say of u, spread by v, weighed with its own links."""
    u = _normalised(_summed(_normal(points, prior.publisher), (_marginal(shape, prior, points) for shape in others)))
    weights = _normal(points, prior.section)
    empty = [0.0] * (len(weights) - 1)
    padded = [*empty, *u, *empty]
    spread = [sum(map(mul, weights, padded[at : at + len(weights)])) for at in range(2 * len(weights) - 1)]
    if own is None:
        return tuple(_normalised([math.log(max(each, SMALLEST)) for each in spread]))
    likelihood = _likelihood(own, prior.lambda0, points)
    return tuple(_normalised([math.log(max(each, SMALLEST)) + more for each, more in zip(spread, likelihood, strict=True)]))


def whole(sections: tuple[tuple[Shape, int], ...], prior: Prior, years: float) -> Survival:
    """Survival at the horizon over (links, weight) of all sections of a publisher."""
    mean, variance = moments(sections, prior, years)
    low, high = stats.interval(mean, variance)
    return Survival(mean=mean, low=low, high=high, variance=variance)


@lru_cache(maxsize=REMEMBERED)
def moments(sections: tuple[tuple[Shape, int], ...], prior: Prior, years: float) -> tuple[float, float]:
    """Mean and variance of that survival; publishers alike are remembered by content."""
    points = _points(shape for shape, _ in sections)
    found = [(_section(shape, prior, points, years), weight) for shape, weight in sections]
    u = _normalised(_summed(_normal(points, prior.publisher), (each.marginal for each, _ in found)))
    total = sum(weight for _, weight in found)
    means, variances = [0.0] * len(u), [0.0] * len(u)
    for each, weight in found:
        share = weight / total
        square = share * share
        means = [value + share * more for value, more in zip(means, each.mean, strict=True)]
        variances = [value + square * more for value, more in zip(variances, each.variance, strict=True)]
    mean = math.fsum(map(mul, u, means))
    return mean, math.fsum(mass * ((each - mean) ** 2 + more) for mass, each, more in zip(u, means, variances, strict=True))


# ---- the fit


@dataclass(frozen=True, slots=True)
class Durability:
    """A fitted corpus. `standard_error` is that of the logarithm of the base rate."""

    prior: Prior
    standard_error: float
    publishers: Mapping[str, Sections]
    horizon_years: float = HORIZON_YEARS

    @property
    def lambda0(self) -> float:
        """The base rate: deaths per link and year."""
        return self.prior.lambda0

    def predict(self, publisher: str, section: str, age_years: float) -> Survival:
        """Probability that a link to this section still works at that age, with 5 % and 95 % ends.

        An unknown section gets what the publisher's other sections say, an unknown publisher what the corpus says.
        """
        sections = self.publishers.get(publisher, {})
        points = _points(shape for shape, _ in sections.values())
        own = sections.get(section)
        others = tuple(sorted(shape for name, (shape, _) in sections.items() if name != section))
        masses = _masses(own[0] if own else None, others, self.prior, points)
        return _survival(masses, _rates(self.lambda0, points), max(age_years, 0.0))

    def publisher(self, key: str, *, years: float | None = None) -> Survival:
        """Survival at the horizon over all sections of a publisher, weighted by their links."""
        horizon = self.horizon_years if years is None else years
        sections = self.publishers.get(key)
        if not sections:
            return self.predict(key, "", horizon)
        return whole(tuple(sorted(sections.values())), self.prior, horizon)

    def log_evidence(self, key: str) -> float:
        """Log evidence of one publisher's links."""
        shapes = tuple(sorted(shape for shape, _ in self.publishers.get(key, {}).values()))
        return _evidence(shapes, self.prior, _points(shapes))


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


def fit(
    links: Iterable[LinkHistory],
    *,
    lambda0: float | None = None,
    sigma: tuple[float, float] = (1.0, 1.0),
    horizon_years: float = HORIZON_YEARS,
) -> Durability:
    """Fit the model on links; independent of their order. `lambda0` given is taken as it is; `sigma` is of publishers, of sections.

    >>> fit([]).lambda0, round(fit([], lambda0=0.03).predict("anybody", "", 5).mean, 3)
    (0.03, 0.77)
    """
    publishers = grouped(links)
    rate, error = (lambda0, 0.0) if lambda0 is not None else _base_rate(publishers, sigma)
    return Durability(Prior(rate, *sigma), error, publishers, horizon_years)


def grouped(links: Iterable[LinkHistory]) -> dict[str, dict[str, tuple[Shape, int]]]:
    """Publisher -> section -> shape and number of its links."""
    gathered: dict[str, dict[str, list[tuple[float, float | None]]]] = {}
    for link in links:
        gathered.setdefault(link.publisher, {}).setdefault(link.section, []).append(_ages(link))
    return {name: {section: _shape(ages) for section, ages in some.items()} for name, some in gathered.items()}


def _ages(link: LinkHistory) -> tuple[float, float | None]:
    """The ages of a link as the model can take them: never negative, and no death before the life."""
    alive = max(link.alive_until_years, 0.0)
    if link.dead_by_years is None or link.dead_by_years > alive:
        return alive, link.dead_by_years
    return alive, alive + BIN_YEARS


def _shape(ages: Sequence[tuple[float, float | None]]) -> tuple[Shape, int]:
    died = Counter(dead - alive for alive, dead in ages if dead is not None)
    return (math.fsum(alive for alive, _ in ages), tuple(sorted(died.items()))), len(ages)


def _base_rate(publishers: Mapping[str, Sections], sigma: tuple[float, float] = (1.0, 1.0)) -> tuple[float, float]:
    """(lambda0, standard error of its logarithm): the maximum of the evidence with a wide prior."""
    if not publishers:
        return PRIOR_RATE, PRIOR_SPREAD
    names = sorted(publishers, key=lambda name: sha256(name.encode("utf-8", "surrogatepass")).digest())
    scout = _objective(publishers, names[:SCOUTED], sigma)
    start = max(range(1, FIT_POINTS - 1), key=lambda at: scout(_tried(at)))
    whole_of = _objective(publishers, names[:MOST_FITTED], sigma)
    heights = {at: whole_of(_tried(at)) for at in (start - 1, start, start + 1)}
    best = start
    while (better := max(heights, key=lambda at: heights[at])) != best and 0 < better < FIT_POINTS - 1:
        best = better
        for at in (best - 1, best + 1):
            heights.setdefault(at, whole_of(_tried(at)))
    return _peak(best, heights)


def _tried(at: int) -> float:
    return FIT_FIRST * FIT_FACTOR**at


def _peak(best: int, heights: Mapping[int, float]) -> tuple[float, float]:
    """The top of the parabola through three points in log lambda0, and what its bend says of the error."""
    below, peak, above = (heights[at] for at in (best - 1, best, best + 1))
    step = math.log(FIT_FACTOR)
    bend = below - 2 * peak + above
    if bend >= 0:
        return _tried(max(heights, key=lambda at: heights[at])), PRIOR_SPREAD
    shift = (below - above) / (2 * bend)
    return _tried(best) * FIT_FACTOR ** max(min(shift, 1.0), -1.0), step / math.sqrt(-bend)


def _objective(publishers: Mapping[str, Sections], names: Sequence[str], sigma: tuple[float, float]) -> Callable[[float], float]:
    """Log evidence of these publishers with the prior, as a function of lambda0; publishers alike are asked once."""
    alike = Counter(tuple(sorted(shape for shape, _ in publishers[name].values())) for name in names)
    asked = [(shapes, count, _points(shapes, coarsest=COARSEST_OF_FIT)) for shapes, count in alike.items()]

    def height(lambda0: float) -> float:
        expected = -((math.log(lambda0) - math.log(PRIOR_RATE)) ** 2) / (2 * PRIOR_SPREAD**2)
        return expected + math.fsum(count * _evidence(shapes, Prior(lambda0, *sigma), points) for shapes, count, points in asked)

    return height


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
