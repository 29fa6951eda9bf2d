"""The little statistics that scores need: log-sum-exp and the beta distribution. Pure, standard library only."""

import math
from collections.abc import Iterable, Sequence

SMALLEST = 1e-300
MOST_TERMS = 300
PRECISION = 1e-12
"""Of the incomplete beta function; its quantiles are then exact to about 1e-9."""


def logsumexp(values: Sequence[float]) -> float:
    """log(sum(exp(values))) without overflow.

    >>> round(logsumexp([-1000.0, -1000.0]) + 1000, 6)
    0.693147
    """
    top = max(values)
    if top == -math.inf:
        return top
    return top + math.log(math.fsum(math.exp(value - top) for value in values))


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function.

    >>> round(beta_cdf(0.5, 2, 2), 6), round(beta_cdf(0.75, 9, 3), 4)
    (0.5, 0.4552)
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function by Lentz's method (Press et al., Numerical Recipes, 6.4)."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, MOST_TERMS):
        for top in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away(1 + top * d)
            c = _away(1 + top / c)
            step = c * d
            value *= step
        if abs(step - 1) < PRECISION:
            break
    return value


def _away(value: float) -> float:
    """A number that can be divided by."""
    return value if abs(value) > SMALLEST else SMALLEST


def beta_quantile(share: float, a: float, b: float) -> float:
    """The x below which `share` of a beta distribution lies, by bisection.

    >>> round(beta_quantile(0.05, 9, 3), 3), round(beta_quantile(0.95, 9, 3), 3)
    (0.53, 0.921)
    """
    low, high = 0.0, 1.0
    while high - low > 1e-10:
        middle = (low + high) / 2
        if beta_cdf(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def beta_of(mean: float, variance: float) -> tuple[float, float]:
    """The parameters of the beta distribution with that mean and variance; a variance it cannot have is cut to one it can.

    >>> tuple(round(each, 3) for each in beta_of(0.75, 0.0144230769))
    (9.0, 3.0)
    """
    mean = min(max(mean, 1e-6), 1 - 1e-6)
    variance = min(max(variance, 1e-9), mean * (1 - mean) * 0.999)
    size = mean * (1 - mean) / variance - 1
    return mean * size, (1 - mean) * size


def interval(mean: float, variance: float, *, tail: float = 0.05) -> tuple[float, float]:
    """Both ends of the central interval of the beta distribution with that mean and variance."""
    a, b = beta_of(mean, variance)
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
