"""Simulated recovery: from links alone the model finds the rates they were made with (scoring.md, 9.3)."""

import math
from functools import cache
from itertools import product

import pytest

from audit.durability import Durability, fit
from tests import simulated
from tests.simulated import MODELS, Corpus

SEEDS = (1, 2, 3)


@cache
def made(seed: int) -> Corpus:
    return simulated.corpus(publishers=500, lambda0=0.03, seed=seed)


@cache
def fitted(seed: int) -> Durability:
    return fit(made(seed).links)


def mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


@pytest.mark.parametrize("true", [0.01, 0.03, 0.1])
def test_the_base_rate_is_recovered(true: float) -> None:
    found = [fit(simulated.corpus(publishers=400, lambda0=true, seed=seed).links).lambda0 for seed in SEEDS]

    assert all(0.75 * true < each < 1.25 * true for each in found), found


def test_the_spread_is_recovered() -> None:
    links = simulated.corpus(publishers=300, lambda0=0.03, seed=5).links

    spreads = product((0.5, 1.0, 1.5), (0.5, 1.0, 1.5))
    evidence = {sigma: _evidence(fit(links, lambda0=0.03, sigma=sigma)) for sigma in spreads}

    best, second = sorted(evidence, key=lambda sigma: -evidence[sigma])[:2]
    assert best == (1.0, 1.0)
    assert evidence[best] - evidence[second] > 3


def _evidence(model: Durability) -> float:
    return math.fsum(model.log_evidence(name) for name in model.publishers)


def test_nine_of_ten_intervals_of_publishers_hold_the_truth() -> None:
    shares = [mean([_holds(made(seed), fitted(seed), name) for name in fitted(seed).publishers]) for seed in SEEDS]

    assert 0.88 <= mean(shares) <= 0.94, shares


def _holds(corpus: Corpus, model: Durability, name: str) -> float:
    counts = {section: count for section, (_, count) in model.publishers[name].items()}
    total = sum(counts.values())
    true = math.fsum(count / total * math.exp(-5 * corpus.rates[name, section]) for section, count in counts.items())
    shown = model.publisher(name)
    return float(shown.low <= true <= shown.high)


def test_nine_of_ten_intervals_of_sections_hold_the_truth() -> None:
    corpus, model = made(1), fitted(1)

    held = [
        float(shown.low <= math.exp(-5 * corpus.rates[name, section]) <= shown.high)
        for name, sections in model.publishers.items()
        for section in sections
        for shown in [model.predict(name, section, 5)]
    ]

    assert 0.87 <= mean(held) <= 0.93


def test_ours_predicts_best_and_the_others_follow_in_their_order() -> None:
    losses: dict[str, list[float]] = {name: [] for name in MODELS}
    for seed in SEEDS:
        learn, judge = simulated.halves(simulated.corpus(publishers=500, lambda0=0.03, seed=seed, once=True).links, seed=seed)
        for name, model in MODELS.items():
            losses[name].append(simulated.log_loss(model(learn), judge))

    found = {name: mean(some) for name, some in losses.items()}
    ours = found.pop("age x publisher > section (ours)")
    assert ours == pytest.approx(0.44, abs=0.03)
    assert found["beta-binomial, fitted"] - ours >= 0.05, found
    assert found["age x publisher, one level"] - ours >= 0.01, found
    assert min(found, key=lambda name: found[name]) == "age x publisher, one level"
    assert max(found, key=lambda name: found[name]) == "raw publisher rate"
    assert found["age only, Weibull"] < found["global rate"]
