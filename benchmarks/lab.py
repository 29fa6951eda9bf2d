"""The lab of tests/lab under names that every program agrees to ask.

Its own names end in `.example`, a domain for documentation that link checkers skip on purpose (RFC 2606). Here they end in another
one of the same length that nobody has delegated: lengths that a server announces stay true.
"""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import benchmarks.rooms  # noqa: F401 - makes `tests` our folder
from audit.demo.serving import RottenWeb
from tests.lab import scenarios, test_lab
from tests.lab.situation import Scenario

ASKED = "harbour"
DOCUMENTATION = r"(?i)(?<=[. ])example\b(?!\.\w)"
"""Also as pages write a name out: in capitals, with blanks around its dot."""
BEGIN, DAYS = test_lab.BEGIN, test_lab.DAYS


def renamed(whole: Any) -> Any:
    """The same thing with every name of documentation replaced, in addresses, fields and bodies.

    >>> renamed(("http://a.example/", {"b.example": b"C . EXAMPLE"}, 404))
    ('http://a.harbour/', {'b.harbour': b'C . HARBOUR'}, 404)
    """
    if type(whole) is str:
        return re.sub(DOCUMENTATION, _in_the_same_case, whole)
    if isinstance(whole, bytes):
        return renamed(whole.decode("latin-1")).encode("latin-1")
    if isinstance(whole, tuple | list):
        return type(whole)(renamed(part) for part in whole)
    if isinstance(whole, Mapping):
        return {renamed(key): renamed(part) for key, part in whole.items()}
    if is_dataclass(whole) and not isinstance(whole, type):
        return replace(whole, **{field.name: renamed(getattr(whole, field.name)) for field in fields(whole)})
    return whole


def _in_the_same_case(found: re.Match[str]) -> str:
    return ASKED.upper() if found[0].isupper() else ASKED


SCENARIOS: tuple[Scenario, ...] = renamed(scenarios.SCENARIOS)


def web() -> RottenWeb:
    """A web of its own for one program, so that nobody meets what another has worn out."""
    captures = [capture for scenario in SCENARIOS for capture in scenario.captures]
    return RottenWeb([*(scenario.site for scenario in SCENARIOS), *renamed(scenarios.OTHERS)], captures)


def rename_files(folder: Path) -> None:
    """The same in every file of a folder: a configuration names hosts, too."""
    for path in folder.iterdir():
        path.write_text(renamed(path.read_text(encoding="utf-8")), encoding="utf-8")


def cited() -> list[str]:
    """Every cited URL, first that of each situation in their order."""
    return [scenario.url for scenario in SCENARIOS] + [scenario.at(path) for scenario in SCENARIOS for path in scenario.more]
