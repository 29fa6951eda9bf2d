"""Corpora of links whose true rates are known (scoring.md, 9.3), and the models that ours is measured against. For tests and benchmarks."""

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from audit.durability import fit
from audit.model import LinkHistory

LEAST, MOST = 0.001, 0.999
"""A share of 0 or 1 has no logarithm: raw shares are cut to these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Links as they were seen, and the true rate of every (publisher, section)."""

    links: tuple[LinkHistory, ...]
    rates: Mapping[tuple[str, str], float]


def corpus(*, publishers: int, lambda0: float, seed: int, once: bool = False) -> Corpus:
    """Links of publishers with spread 1 and of sections with spread 1; half of them seen once, half at three yearly checks."""
    dice = random.Random(seed)
    links: list[LinkHistory] = []
    rates: dict[tuple[str, str], float] = {}
    for number in range(publishers):
        name, u = f"p{number}.example", dice.gauss(0, 1)
        for part in range(min(int(dice.paretovariate(1.0)), 12)):
            section = f"{name}/{part}"
            rates[name, section] = rate = lambda0 * math.exp(u + dice.gauss(0, 1))
            for _ in range(min(int(dice.paretovariate(0.9)), 60)):
                checks = 1 if once or dice.random() < 0.5 else 3
                alive, dead = _seen(dice, rate, checks)
                links.append(LinkHistory(publisher=name, section=section, alive_until_years=alive, dead_by_years=dead))
    return Corpus(links=tuple(links), rates=rates)


def _seen(dice: random.Random, rate: float, checks: int) -> tuple[float, float | None]:
    first, ends = round(dice.uniform(0.25, 15) * 4) / 4, dice.expovariate(rate)
    alive = 0.0
    for check in range(checks):
        if ends <= first + check:
            return alive, first + check
        alive = first + check
    return alive, None


def halves(links: Sequence[LinkHistory], *, seed: int) -> tuple[list[LinkHistory], list[LinkHistory]]:
    """Half of the links, and the other half."""
    mixed = random.Random(seed).sample(links, len(links))
    return mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :]


# ---- models: each learns from links seen once, and tells the chance that another link is dead at its age

Model = Callable[[LinkHistory], float]


def age(link: LinkHistory) -> float:
    return link.alive_until_years if link.dead_by_years is None else link.dead_by_years


def log_loss(model: Model, links: Iterable[LinkHistory]) -> float:
    losses = []
    for link in links:
        chance = min(max(model(link), LEAST), MOST)
        losses.append(-math.log(1 - chance if link.dead_by_years is None else chance))
    return math.fsum(losses) / len(losses)


def _dead(links: Sequence[LinkHistory]) -> int:
    return sum(link.dead_by_years is not None for link in links)


def _by_publisher(links: Iterable[LinkHistory]) -> dict[str, tuple[int, int]]:
    found: dict[str, list[LinkHistory]] = defaultdict(list)
    for link in links:
        found[link.publisher].append(link)
    return {name: (_dead(some), len(some)) for name, some in found.items()}


def overall(links: Sequence[LinkHistory]) -> Model:
    share = _dead(links) / len(links)
    return lambda _: share


def raw(links: Sequence[LinkHistory]) -> Model:
    counts, share = _by_publisher(links), _dead(links) / len(links)
    return lambda link: counts[link.publisher][0] / counts[link.publisher][1] if link.publisher in counts else share


def laplace(links: Sequence[LinkHistory]) -> Model:
    return _shrunk(_by_publisher(links), 1.0, 1.0)


def beta_binomial(links: Sequence[LinkHistory]) -> Model:
    """Empirical Bayes: the prior that makes the counts most likely."""
    counts, share = _by_publisher(links), _dead(links) / len(links)
    sizes = [0.1 * 1.25**step for step in range(30)]
    size = max(sizes, key=lambda each: _beta_evidence(counts.values(), share * each, (1 - share) * each))
    return _shrunk(counts, share * size, (1 - share) * size)


def _beta_evidence(counts: Iterable[tuple[int, int]], a: float, b: float) -> float:
    log = math.lgamma
    nothing = log(a) + log(b) - log(a + b)
    return math.fsum(log(a + x) + log(b + n - x) - log(a + b + n) - nothing for x, n in counts)


def _shrunk(counts: Mapping[str, tuple[int, int]], a: float, b: float) -> Model:
    def chance(link: LinkHistory) -> float:
        x, n = counts.get(link.publisher, (0, 0))
        return (a + x) / (a + b + n)

    return chance


def weibull(links: Sequence[LinkHistory]) -> Model:
    """Age alone: the shape and scale that make the links most likely."""
    grid = [(0.005 * 1.2**step, 0.4 + 0.1 * shape) for step in range(24) for shape in range(15)]
    scale, shape = max(grid, key=lambda each: _weibull_likelihood(links, *each))
    return lambda link: -math.expm1(-((scale * age(link)) ** shape))


def _weibull_likelihood(links: Sequence[LinkHistory], scale: float, shape: float) -> float:
    hazards = (((scale * age(link)) ** shape, link.dead_by_years is None) for link in links)
    return math.fsum(-hazard if lives else math.log(-math.expm1(-hazard)) for hazard, lives in hazards)


def one_level(links: Sequence[LinkHistory]) -> Model:
    """Age and publisher, no sections; the spread of both together."""
    model = fit((replace(link, section="") for link in links), sigma=(1.4, 0.05))
    return lambda link: 1 - model.predict(link.publisher, "", age(link)).mean


def nested(links: Sequence[LinkHistory]) -> Model:
    """Ours."""
    model = fit(links)
    return lambda link: 1 - model.predict(link.publisher, link.section, age(link)).mean


MODELS: Mapping[str, Callable[[Sequence[LinkHistory]], Model]] = {
    "global rate": overall,
    "raw publisher rate": raw,
    "Laplace": laplace,
    "beta-binomial, fitted": beta_binomial,
    "age only, Weibull": weibull,
    "age x publisher, one level": one_level,
    "age x publisher > section (ours)": nested,
}
