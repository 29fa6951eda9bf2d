"""The durability model against the values of scoring.md, 2.5, computed independently."""

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

import audit
from audit.durability import Durability, Survival, fit
from audit.model import LinkHistory


def links(
    section: str, *, alive: int = 0, at: float = 0.0, dead: int = 0, by: float = 0.0, after: float = 0.0, publisher: str = "p"
) -> list[LinkHistory]:
    living = [LinkHistory(publisher=publisher, section=section, alive_until_years=at)] * alive
    return living + [LinkHistory(publisher=publisher, section=section, alive_until_years=after, dead_by_years=by)] * dead


GOLDEN = [
    pytest.param([], 0.7695, (0.215, 0.985), 0.7695, 0.0, id="nothing"),
    pytest.param(links("s", alive=1, at=3), 0.8239, (0.426, 0.987), 0.7936, -0.1761, id="1 alive at 3"),
    pytest.param(links("s", dead=1, by=3), 0.4869, (0.012, 0.920), 0.6445, -1.8235, id="1 dead by 3"),
    pytest.param(links("s", alive=5, at=1), 0.8434, (0.498, 0.988), 0.8026, -0.2620, id="5 alive at 1"),
    pytest.param(links("s", alive=5, at=10), 0.9397, (0.829, 0.993), 0.8617, -1.1678, id="5 alive at 10"),
    pytest.param(links("s", alive=38, at=6, dead=2, by=6), 0.9468, (0.889, 0.984), 0.8606, -9.1460, id="38 and 2"),
    pytest.param(links("s", alive=20, at=6, dead=20, by=6), 0.5762, (0.457, 0.693), 0.6724, -29.9865, id="20 and 20"),
    pytest.param(links("s", alive=18, at=1, dead=2, by=1), 0.6806, (0.372, 0.914), 0.7156, -7.4970, id="young"),
    pytest.param(links("s", alive=14, at=15, dead=6, by=15), 0.8862, (0.810, 0.946), 0.8069, -13.5060, id="old"),
    pytest.param(links("s", alive=3, at=6, dead=3, by=4, after=2), 0.6472, (0.376, 0.874), 0.7010, -8.7446, id="interval"),
]


@pytest.mark.parametrize(("some", "mean", "ends", "unseen", "evidence"), GOLDEN)
def test_one_section_gives_the_golden_values(
    some: list[LinkHistory], mean: float, ends: tuple[float, float], unseen: float, evidence: float
) -> None:
    fitted = fit(some, lambda0=0.03)

    shown = fitted.predict("p", "s", 5)

    assert shown.mean == pytest.approx(mean, abs=0.002)
    assert (shown.low, shown.high) == pytest.approx(ends, abs=0.01)
    assert fitted.predict("p", "another", 5).mean == pytest.approx(unseen, abs=0.002)
    assert fitted.log_evidence("p") == pytest.approx(evidence, abs=0.01)


def two_sections(publisher: str = "p") -> list[LinkHistory]:
    return links("good", alive=30, at=8, publisher=publisher) + links("blogs", dead=9, by=8, alive=1, at=8, publisher=publisher)


def test_two_sections_of_one_publisher_keep_their_own_rates() -> None:
    fitted = fit(two_sections(), lambda0=0.03)

    whole = fitted.publisher("p")

    assert fitted.predict("p", "good", 5).mean == pytest.approx(0.9649, abs=0.002)
    assert fitted.predict("p", "blogs", 5).mean == pytest.approx(0.3658, abs=0.002)
    assert fitted.predict("p", "unseen", 5).mean == pytest.approx(0.7772, abs=0.002)
    assert whole.mean == pytest.approx(0.8151, abs=0.002)
    assert whole.variance**0.5 == pytest.approx(0.0407, abs=0.002)
    assert (whole.low, whole.high) == pytest.approx((0.744, 0.878), abs=0.01)
    assert fitted.log_evidence("p") == pytest.approx(-9.969, abs=0.01)
    assert [fitted.predict("p", "good", years).mean for years in (1, 5, 10)] == pytest.approx([0.9928, 0.9649, 0.9315], abs=0.002)


def test_an_unseen_publisher_gets_what_the_corpus_says() -> None:
    fitted = fit([], lambda0=0.03)

    shown = [fitted.predict("nobody", "", years).mean for years in (1, 5, 10)]

    assert shown == pytest.approx([0.9328, 0.7695, 0.6490], abs=0.002)


def test_a_large_publisher_is_computed_on_a_finer_grid() -> None:
    fitted = fit(links("s", alive=4_600, at=8, dead=400, by=8), lambda0=0.03)

    assert fitted.predict("p", "s", 5).mean == pytest.approx(0.9492, abs=0.0005)


def corpus() -> list[LinkHistory]:
    return (
        links("s", alive=5, at=10, publisher="a") + links("s", alive=20, at=6, dead=20, by=6, publisher="b") + two_sections("c")
    )


def test_the_base_rate_is_fitted_on_the_corpus() -> None:
    assert fit(corpus()).lambda0 == pytest.approx(0.0308, abs=0.0005)


def test_the_order_of_links_changes_nothing() -> None:
    some = corpus()
    shuffled = random.Random(7).sample(some, len(some))

    first, second = fit(some), fit(shuffled)

    assert first.lambda0 == second.lambda0
    assert _shown(first) == _shown(second)


def _shown(fitted: Durability) -> list[Survival]:
    return [fitted.publisher(name) for name in ("a", "b", "c")]


def test_the_calls_of_the_manual_work_as_written() -> None:
    fitted = audit.scores.fit(
        [
            audit.LinkHistory(publisher="example.com", section="example.com/news", alive_until_years=3.0, dead_by_years=4.0),
            audit.LinkHistory(publisher="example.com", section="example.com/", alive_until_years=2.0),
        ]
    )

    shown = fitted.predict("example.com", "example.com/news", 5)

    assert 0 < shown.low < shown.mean < shown.high < 1
    assert 0 < fitted.publisher("example.com").mean < 1
    assert fitted.publisher("nobody.example") == fitted.predict("nobody.example", "", 5)
    assert fitted.lambda0 > 0


# ---- what is far from ordinary

EXTREMES = {
    "a million alive": links("s", alive=1_000_000, at=12),
    "a million dead": links("s", dead=1_000_000, by=12),
    "a million dead at once": links("s", dead=1_000_000, by=0.25),
    "a million of each": links("s", alive=1_000_000, at=12) + links("t", dead=1_000_000, by=0.25),
    "alive for a thousand years": links("s", alive=3, at=1_000.0),
    "seen alive at no age": links("s", alive=3, at=0.0),
    "a death before the life": links("s", dead=3, by=2.0, after=5.0),
    "a negative age": links("s", alive=3, at=-4.0),
}


@pytest.mark.parametrize("name", EXTREMES)
@pytest.mark.parametrize("rate", [1e-6, 0.03, 0.03 * math.exp(8)])
def test_no_number_of_links_and_no_rate_ends_in_nothing(name: str, rate: float) -> None:
    fitted = fit(EXTREMES[name], lambda0=rate)

    shown = [fitted.publisher("p"), *(fitted.predict("p", section, 5) for section in ("s", "t", "unseen"))]

    for each in shown:
        assert all(math.isfinite(value) for value in (each.mean, each.low, each.high, each.variance))
        assert 0 <= each.low <= each.high <= 1
    assert math.isfinite(fitted.log_evidence("p"))


@pytest.mark.parametrize("name", EXTREMES)
def test_a_base_rate_is_found_for_every_corpus(name: str) -> None:
    fitted = fit(EXTREMES[name])

    assert 0 < fitted.lambda0 < 10
    assert 0 < fitted.standard_error < 10


# ---- what must change nothing, and what must not help


MIXED = links("s", alive=3, at=4) + links("s", dead=2, by=5, after=2) + links("t", alive=2, at=1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 4), st.sampled_from([1.0, 2.0, 5.0, 12.0]))
def test_a_death_never_helps_and_a_longer_life_never_harms(deaths: int, at: float) -> None:
    alive = links("s", alive=3, at=at) + links("s", dead=deaths, by=6)
    with_death = links("s", alive=2, at=at) + links("s", dead=1, by=at + 0.5, after=at) + links("s", dead=deaths, by=6)
    longer = links("s", alive=2, at=at) + links("s", alive=1, at=at + 3) + links("s", dead=deaths, by=6)

    here, worse, better = (fit(some, lambda0=0.03).publisher("p").mean for some in (alive, with_death, longer))

    assert worse <= here + 1e-9
    assert better >= here - 1e-9


def test_the_name_of_a_publisher_changes_nothing() -> None:
    renamed = [replace(each, publisher="q", section=f"q-{each.section}") for each in MIXED]

    assert fit(MIXED).publisher("p") == fit(renamed).publisher("q")


def test_what_is_old_is_not_worse_than_what_is_young_and_lost_as_much() -> None:
    """A raw share of losses says the opposite: 6 of 20 are more than 2 of 20."""
    young = links("s", alive=18, at=1, dead=2, by=1, publisher="young")
    old = links("s", alive=14, at=15, dead=6, by=15, publisher="old")

    fitted = fit(young + old, lambda0=0.03)

    assert fitted.publisher("old").mean > fitted.publisher("young").mean + 0.15
