"""The little statistics, against values computed elsewhere and against scipy (scoring.md, 10)."""

import random

import pytest
from scipy import stats as oracle

from audit import stats


@pytest.mark.parametrize(("x", "n", "low", "high"), [(3, 20, 0.0616, 0.3218), (0, 10, 0.0, 0.2129), (10, 10, 0.7871, 1.0)])
def test_a_share_has_the_interval_of_wilson(x: int, n: int, low: float, high: float) -> None:
    assert stats.wilson(x, n, 0.9) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95, 0.99])
def test_intervals_of_shares_agree_with_the_oracle(level: float) -> None:
    for x, n in ((0, 1), (1, 1), (1, 3), (7, 40), (999, 1000)):
        found = oracle.binomtest(x, n).proportion_ci(level, "wilson")

        assert stats.wilson(x, n, level) == pytest.approx((found.low, found.high), abs=1e-9)


def test_of_nothing_every_share_is_possible() -> None:
    assert stats.wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("a", "b", "share", "value"), [(9, 3, 0.95, 0.9211800), (0.5, 0.5, 0.05, 0.0061558), (2, 200, 0.5, 0.0083359)]
)
def test_quantiles_have_their_golden_values(a: float, b: float, share: float, value: float) -> None:
    assert stats.beta_quantile(share, a, b) == pytest.approx(value, abs=1e-7)


def test_the_beta_distribution_agrees_with_the_oracle_over_its_whole_range() -> None:
    dice = random.Random(1)

    for _ in range(400):
        a, b, share = 10 ** dice.uniform(-1.3, 4), 10 ** dice.uniform(-1.3, 4), dice.choice([0.05, 0.5, 0.95])
        exact = oracle.beta.ppf(share, a, b)

        assert stats.beta_quantile(share, a, b) == pytest.approx(exact, abs=1e-10), (a, b, share)
        assert stats.beta_cdf(exact, a, b) == pytest.approx(oracle.beta.cdf(exact, a, b), abs=1e-10), (a, b, share)


def test_moments_come_back_from_the_distribution_made_of_them() -> None:
    a, b = stats.beta_from_moments(0.8, 0.01)

    assert oracle.beta.stats(a, b) == pytest.approx((0.8, 0.01))


@pytest.mark.parametrize(("mean", "variance"), [(0.0, 0.0), (1.0, 0.5), (0.5, 9.0), (0.5, 0.0), (-3.0, 1.0)])
def test_impossible_moments_are_cut_to_possible_ones(mean: float, variance: float) -> None:
    low, high = stats.interval(mean, variance)

    assert 0 <= low <= high <= 1


def test_the_prior_of_the_golden_groups_is_found_by_moments() -> None:
    assert stats.moments_prior([(0, 2), (1, 2), (5, 5), (9, 10), (3, 10)]) == pytest.approx((0.4184, 0.2557), abs=5e-5)


# ---- survival


def test_known_ends_give_the_curve_that_counting_gives() -> None:
    curve = stats.turnbull([(0, 1), (1, 2), (2, 3), (3, None)])

    assert [at for at, _ in curve] == [1, 2, 3]
    assert [alive for _, alive in curve] == pytest.approx([0.75, 0.5, 0.25])


def test_ends_known_to_a_moment_agree_with_the_product_limit() -> None:
    dice = random.Random(3)
    ends = [(dice.randint(1, 12), dice.random() < 0.7) for _ in range(200)]
    data = oracle.CensoredData(uncensored=[at for at, died in ends if died], right=[at for at, died in ends if not died])
    exact = oracle.ecdf(data).sf

    curve = stats.turnbull([(at - 0.001, float(at)) if died else (float(at), None) for at, died in ends])

    for at, alive in curve:
        assert alive == pytest.approx(exact.evaluate(at), abs=0.01)


def test_overlapping_intervals_find_the_curve_they_were_made_with() -> None:
    dice = random.Random(4)
    lives = [dice.expovariate(0.1) for _ in range(4_000)]
    checks = [sorted(dice.choices(range(1, 25), k=2)) for _ in lives]

    curve = dict(stats.turnbull([_between(end, first, second) for end, (first, second) in zip(lives, checks, strict=True)]))

    assert curve[5.0] == pytest.approx(0.607, abs=0.04)
    assert curve[10.0] == pytest.approx(0.368, abs=0.04)


def _between(end: float, first: int, second: int) -> tuple[float, float | None]:
    if end <= first:
        return 0.0, float(first)
    return (float(first), float(second)) if end <= second and second > first else (float(second), None)


def test_the_curve_of_nothing_is_empty_and_that_of_the_living_too() -> None:
    assert stats.turnbull([]) == ()
    assert stats.turnbull([(3, None), (5, None)]) == ()
