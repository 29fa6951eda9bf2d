"""The little statistics that scores need: log-sum-exp, proportions, the beta distribution, survival curves. Pure, standard library only."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate

SMALLEST = 1e-300
MOST_TERMS = 500
PRECISION = 1e-14
"""Of the incomplete beta function and of its quantiles."""
MOST_STEPS = 100
"""Of a quantile: far more than halving needs, and Halley's rule needs three or four."""
NEAR = 1e-5
"""Of the distance to the nearer end: the error after a step of Halley's rule is of the order of the cube of the step."""
MOST_ROUNDS = 500
SETTLED = 1e-8
"""The survival curve is done when no step of it moves by more."""


def logsumexp(values: Sequence[float]) -> float:
    """log(sum(exp(values))) without overflow.

    >>> round(logsumexp([-1000.0, -1000.0]) + 1000, 6)
    0.693147
    """
    top = max(values)
    if top == -math.inf:
        return top
    return top + math.log(math.fsum(math.exp(value - top) for value in values))


# ---- proportions


def wilson(x: float, n: float, level: float = 0.9) -> tuple[float, float]:
    """The interval of a raw share x of n (Wilson 1927): never outside 0 and 1, and never empty at 0 or all of n.

    >>> tuple(round(each, 4) for each in wilson(3, 20)), tuple(round(each, 4) for each in wilson(0, 10))
    ((0.0616, 0.3218), (0.0, 0.2129))
    """
    if n <= 0:
        return 0.0, 1.0
    z = normal_quantile((1 + level) / 2)
    share = x / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if x <= 0 else max(middle - half, 0.0)
    return low, 1.0 if x >= n else min(middle + half, 1.0)


def normal_quantile(share: float) -> float:
    """The value below which `share` of a standard normal lies, by Newton's rule from a rational first guess.

    >>> round(normal_quantile(0.95), 6), normal_quantile(0.5)
    (1.644854, 0.0)
    """
    tail = min(share, 1 - share)
    if tail <= SMALLEST:
        return math.copysign(math.inf, share - 0.5)
    t = math.sqrt(-2 * math.log(tail))
    # Abramowitz and Stegun, 26.2.23
    z = t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t**3)
    for _ in range(4):
        above = math.erfc(z / math.sqrt(2)) / 2
        z += (above - tail) * math.sqrt(2 * math.pi) * math.exp(z * z / 2)
    return math.copysign(z, share - 0.5) if share != 0.5 else 0.0


# ---- the beta distribution


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function.

    >>> round(beta_cdf(0.5, 2, 2), 6), round(beta_cdf(0.75, 9, 3), 4)
    (0.5, 0.4552)
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = math.exp(_log_scale(a, b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _log_scale(a: float, b: float) -> float:
    return math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function by Lentz's method (Press et al., Numerical Recipes, 6.4)."""
    both = a + b
    c, d = 1.0, 1 / ((1 - both * x / (a + 1)) or SMALLEST)
    value = d
    for m in range(1, MOST_TERMS):
        at = a + 2 * m
        top = m * (b - m) * x / ((at - 1) * at)
        d = 1 / ((1 + top * d) or SMALLEST)
        c = (1 + top / c) or SMALLEST
        value *= c * d
        top = -(a + m) * (both + m) * x / (at * (at + 1))
        d = 1 / ((1 + top * d) or SMALLEST)
        c = (1 + top / c) or SMALLEST
        step = c * d
        value *= step
        if abs(step - 1) < PRECISION:
            break
    return value


def beta_quantile(share: float, a: float, b: float) -> float:
    """The x below which `share` of a beta distribution lies: Halley's rule, held between what is known to be too low and too high.

    >>> round(beta_quantile(0.95, 9, 3), 7), round(beta_quantile(0.05, 0.5, 0.5), 7), round(beta_quantile(0.5, 2, 200), 7)
    (0.92118, 0.0061558, 0.0083359)
    """
    low, high = 0.0, 1.0
    scale = _log_scale(a, b)
    x = _guess(share, a, b, scale)
    for _ in range(MOST_STEPS):
        error = beta_cdf(x, a, b) - share
        low, high = (x, high) if error < 0 else (low, x)
        fresh = x - _halley(x, error, a, b, scale)
        if low < fresh < high and abs(fresh - x) < NEAR * min(x, 1 - x):
            return fresh
        if not low < fresh < high:
            fresh = (low + high) / 2
        if high - low < PRECISION:
            return fresh
        x = fresh
    return x


def _halley(x: float, error: float, a: float, b: float, scale: float) -> float:
    """The step that takes the error away, by the slope and the bend of the distribution at x."""
    height = (a - 1) * math.log(x) + (b - 1) * math.log1p(-x) + scale
    if height < math.log(SMALLEST):
        return math.inf
    step = error / math.exp(min(height, 700.0))
    bend = (a - 1) / x - (b - 1) / (1 - x)
    return step / (1 - 0.5 * max(-1.0, min(1.0, step * bend)))


def _guess(share: float, a: float, b: float, scale: float) -> float:
    """Where to begin: the normal with the same moments of a hump, else the power law of the nearer end."""
    if a > 1 and b > 1:
        mean = a / (a + b)
        found = mean + normal_quantile(share) * math.sqrt(mean * (1 - mean) / (a + b + 1))
    else:
        below = math.exp(min((math.log(share) + math.log(a) - scale) / a, 0.0))
        above = math.exp(min((math.log1p(-share) + math.log(b) - scale) / b, 0.0))
        found = below if below < 0.5 else 1 - above
    return min(max(found, 1e-12), 1 - 1e-12)


def beta_from_moments(mean: float, variance: float) -> tuple[float, float]:
    """The parameters of the beta distribution with that mean and variance; a variance it cannot have is cut to one it can.

    >>> tuple(round(each, 3) for each in beta_from_moments(0.75, 0.0144230769))
    (9.0, 3.0)
    """
    mean = min(max(mean, 1e-6), 1 - 1e-6)
    variance = min(max(variance, 1e-9), mean * (1 - mean) * 0.999)
    size = mean * (1 - mean) / variance - 1
    return mean * size, (1 - mean) * size


@lru_cache(maxsize=8_192)
def interval(mean: float, variance: float, *, tail: float = 0.05) -> tuple[float, float]:
    """Both ends of the central interval of the beta distribution with that mean and variance."""
    a, b = beta_from_moments(mean, variance)
    return beta_quantile(tail, a, b), beta_quantile(1 - tail, a, b)


def product(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    """(mean, variance) of the product of two independent numbers given so."""
    (a, va), (b, vb) = first, second
    return a * b, a * a * vb + b * b * va + va * vb


def moments_prior(pairs: Iterable[tuple[int, int]]) -> tuple[float, float]:
    """Parameters (a, b) of a beta prior by moments from (successes, trials); (1, 1) below 20 groups would be the caller's choice.

    >>> tuple(round(each, 4) for each in moments_prior([(0, 2), (1, 2), (5, 5), (9, 10), (3, 10)]))
    (0.4184, 0.2557)
    """
    some = [(x, n) for x, n in pairs if n > 0]
    total, count = sum(n for _, n in some), len(some)
    mean = sum(x for x, _ in some) / total if total else 0.5
    if count < 2 or not 0 < mean < 1:
        return 1.0, 1.0
    spread = sum(n * (x / n - mean) ** 2 for x, n in some)
    below = total - sum(n * n for _, n in some) / total - (count - 1)
    rho = (spread / (mean * (1 - mean)) - (count - 1)) / below if below else 0.95
    size = 1 / min(max(rho, 0.01), 0.95) - 1
    return mean * size, (1 - mean) * size


# ---- survival


def turnbull(intervals: Iterable[tuple[float, float | None]]) -> tuple[tuple[float, float], ...]:
    """The survival curve of ends known only to lie in (left, right], None = not yet (Turnbull 1976): (time, share that lives on).

    >>> turnbull([(0, 1), (1, 2), (2, None), (2, None)])
    ((1, 0.75), (2, 0.5))
    """
    counts = Counter((left, math.inf if right is None else right) for left, right in intervals)
    cells = _innermost(counts)
    if not cells:
        return ()
    lefts, rights = [left for left, _ in cells], [right for _, right in cells]
    spans = [(bisect_left(lefts, left), bisect_right(rights, right), count) for (left, right), count in sorted(counts.items())]
    masses = _expected(spans, len(cells), sum(counts.values()))
    lives = [max(1 - gone, 0.0) for gone in accumulate(masses)]
    return tuple((right, alive) for right, alive in zip(rights, lives, strict=True) if right < math.inf)


def _innermost(counts: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The cells that can hold mass: from the last left end before a right end to that right end."""
    # At one time an end comes before a beginning: (0, 1] and (1, 2] share nothing.
    ends = sorted({(at, kind) for left, right in counts for at, kind in ((left, 1), (right, 0))})
    return [(ends[at][0], after[0]) for at, after in enumerate(ends[1:]) if ends[at][1] == 1 and after[1] == 0]


def _expected(spans: Sequence[tuple[int, int, int]], size: int, total: int) -> list[float]:
    """Share each interval out over its cells by their masses, until nothing moves; running sums keep a round short."""
    masses = [1 / size] * size
    for _ in range(MOST_ROUNDS):
        sums = [0.0, *accumulate(masses)]
        steps = [0.0] * (size + 1)
        for start, end, count in spans:
            weight = count / max(sums[end] - sums[start], SMALLEST)
            steps[start] += weight
            steps[end] -= weight
        fresh = [mass * weight / total for mass, weight in zip(masses, accumulate(steps), strict=False)]
        moved = max(abs(old - new) for old, new in zip(masses, fresh, strict=True))
        masses = fresh
        if moved < SETTLED:
            break
    return masses
