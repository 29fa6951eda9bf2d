"""When a cited URL is asked again, by its state and how often it said the same (verdicts.md, 9)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from audit import recheck
from audit.model import LinkState
from tests import make

STATES = [
    (LinkState.LIVE, "ok", [7, 14, 28, 28, 28]),
    (LinkState.SUSPECT, "http-404", [3, 4, 7, 14, 14]),
    (LinkState.DEAD, "http-404", [30, 60, 120, 180, 180]),
    (LinkState.USURPED, "parked", [30, 90, 90]),
    (LinkState.DRIFTED, "content-drift", [30, 30]),
    (LinkState.BLOCKED, "forbidden", [14, 30, 60, 60]),
    (LinkState.BLOCKED, "rate-limited", [1, 2, 4, 14, 14]),
    (LinkState.UNKNOWN, "http-odd", [3, 7, 30, 30]),
    (LinkState.UNKNOWN, "js-shell", [3, 7, 30]),
    (LinkState.UNKNOWN, "bad-response", [3, 7, 30]),
]


def after(state: LinkState, reason: str, *, repeats: int, live_days: float = 7, urlkey: str = "com,example)/") -> datetime:
    found = recheck.next_check_at(state, reason, last_check_at=make.NOON, repeats=repeats, live_days=live_days, urlkey=urlkey)
    assert found is not None
    return found


@pytest.mark.parametrize(("state", "reason", "days"), STATES)
def test_the_pause_follows_the_table_and_is_only_ever_a_little_longer(state: LinkState, reason: str, days: list[float]) -> None:
    pauses = [(after(state, reason, repeats=repeats) - make.NOON) / timedelta(days=1) for repeats in range(1, len(days) + 1)]

    assert all(wanted <= pause <= wanted * 1.1 for pause, wanted in zip(pauses, days, strict=True))


def test_every_state_but_live_has_its_steps() -> None:
    assert set(recheck.STEPS) == set(LinkState) - {LinkState.LIVE}


def test_a_longer_pause_for_live_links_is_obeyed() -> None:
    assert after(LinkState.LIVE, "ok", repeats=1, live_days=60) >= make.NOON + timedelta(days=60)


@pytest.mark.parametrize("reason", ["unsupported-scheme", "invalid-url", "blocked-address"])
def test_what_only_other_rules_would_change_is_not_asked_again(reason: str) -> None:
    found = recheck.next_check_at(LinkState.UNKNOWN, reason, last_check_at=make.NOON, repeats=1, live_days=7, urlkey="x")

    assert found is None


def test_what_was_never_asked_is_due_now() -> None:
    assert (
        recheck.next_check_at(LinkState.UNKNOWN, "never-fetched", last_check_at=None, repeats=0, live_days=7, urlkey="x") is None
    )


def test_one_url_has_one_pause_and_many_urls_are_spread() -> None:
    pauses = {after(LinkState.LIVE, "ok", repeats=1, urlkey=f"com,example)/{number}") for number in range(100)}

    assert len(pauses) > 90
    assert after(LinkState.LIVE, "ok", repeats=1) == after(LinkState.LIVE, "ok", repeats=1)


@given(st.sampled_from([pair[:2] for pair in STATES]), st.integers(min_value=-3, max_value=10_000), st.text(max_size=50))
def test_a_next_check_always_lies_between_a_day_and_two_hundred(pair: tuple[LinkState, str], repeats: int, urlkey: str) -> None:
    pause = after(*pair, repeats=repeats, urlkey=urlkey) - make.NOON

    assert timedelta(days=1) <= pause <= timedelta(days=200)
