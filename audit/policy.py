"""What the words of rating lists weigh: the built-in policy, or the one that the configuration names. Pure but for `use`."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeGuard

from audit import data

_BUILT_IN = data.table("anchors")
_policy: Mapping[str, Any] = _BUILT_IN

WORDS: Mapping[str, str] = _BUILT_IN["words"]
"""The words of reports stay as they are: publishers are judged in neutral words, whatever they weigh."""

LEAST_MU, MOST_MU, MOST_SIGMA = 0.01, 0.99, 1.0
PAIR = "a pair of numbers: [mu from 0.01 to 0.99, sigma above 0 and at most 1]"


def use(path: str | None = None) -> None:
    """Take the weights of a file for the rest of this process; what it does not name is as built in. Without it, what is built in.

    The file is TOML of the form of `audit/data/anchors.toml`. Raises ValueError that names the file and what to change.
    """
    global _policy  # noqa: PLW0603 - one configuration per process, read once
    if path is None:
        _policy = _BUILT_IN
        return
    told, digest = data.table_of(path)
    if wrong := next(_wrong(told), None):
        raise ValueError(f"{path!r}: {wrong}")
    merged = {
        name: {**value, **told.get(name, {})} if isinstance(value, dict) else told.get(name, value)
        for name, value in _BUILT_IN.items()
    }
    own = told.get("version", digest)
    _policy = {**merged, "version": f"{_BUILT_IN['version']}+{own}"}


def _wrong(told: Mapping[str, Any]) -> Iterator[str]:
    """What in a file is no policy, each as a sentence that says what is expected."""
    for name, value in told.items():
        built_in = _BUILT_IN.get(name)
        if built_in is None or name == "words":
            yield f"{name} cannot be set; there are {_names({*_BUILT_IN} - {'words'})}"
        elif isinstance(built_in, dict):
            yield from _wrong_table(name, value, built_in)
        elif name == "version":
            if not isinstance(value, str) or not value.strip():
                yield "version must be a word of your own, like house-1"
        elif not _is_number(value) or not (value >= 0 if name == "drift_per_year" else value > 0):
            yield f"{name} must be a number above 0"


def _wrong_table(name: str, value: object, built_in: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{name} must be a table: [{name}]"
        return
    holds, expected = ALLOWED[name]
    for key, said in value.items():
        if key not in built_in:
            yield f"{name}.{key} is not known; there are {_names(built_in)}"
        elif not holds(key, said):
            yield f"{name}.{key} must be {expected}"
            return
    merged = {**built_in, **value}
    if name == "pc1" and merged["low"] >= merged["high"]:
        yield "pc1.low must be smaller than pc1.high"


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_pair(_: str, value: object) -> bool:
    if not isinstance(value, list) or len(value) != len(("mu", "sigma")) or not all(map(_is_number, value)):
        return False
    mu, sigma = value
    return bool(LEAST_MU <= mu <= MOST_MU and 0 < sigma <= MOST_SIGMA)


def _is_scale(key: str, value: object) -> bool:
    if not _is_number(value):
        return False
    least, most = {"low": (LEAST_MU, MOST_MU), "high": (LEAST_MU, MOST_MU), "sigma": (1e-6, MOST_SIGMA)}.get(key, (-10.0, 10.0))
    return least <= value <= most


def _is_points(_: str, value: object) -> bool:
    return _is_number(value) and 0 <= value <= 100


ALLOWED: Mapping[str, tuple[Callable[[str, object], bool], str]] = {
    "community": (_is_pair, PAIR),
    "mbfc": (_is_pair, PAIR),
    "pc1": (_is_scale, "a number; low and high from 0.01 to 0.99, sigma above 0 and at most 1"),
    "caps": (_is_points, "points from 0 to 100"),
}


def _names(known: Iterable[str]) -> str:
    return ", ".join(sorted(known))


def version() -> str:
    """The version that a score names: it changes with every change of the file."""
    return str(_policy["version"])


def number(name: str) -> float:
    """`drift_per_year`, `prior_sd` or `disputed_at`."""
    return float(_policy[name])


def anchor(table: str, category: str) -> tuple[float, float] | None:
    """(mu, sigma) of a category of `community` or `mbfc`; None for one without a number."""
    found = _policy[table].get(category)
    return (found[0], found[1]) if found else None


def scale() -> Mapping[str, float]:
    """How a value of the first principal component becomes a number."""
    found: Mapping[str, float] = _policy["pc1"]
    return found


def caps() -> Mapping[str, float]:
    """Points at which a score in which all rated links agree is cut, by what they agree on."""
    found: Mapping[str, float] = _policy["caps"]
    return found
