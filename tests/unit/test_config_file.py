"""The shipped configuration file: complete, commented, and equal to the defaults."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from audit.config import load
from audit.settings import Settings

FILE = Path(__file__).parent.parent.parent / "config.yaml"


def keys(content: Any, before: str = "") -> Iterator[str]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield f"{before}{key}"
            yield from keys(value, f"{before}{key}.")
    elif isinstance(content, list | tuple):
        for one in content:
            yield from keys(one, before)


def test_the_shipped_configuration_holds_the_defaults_and_nothing_else() -> None:
    assert load(FILE, environment={}).settings == Settings()


def test_the_shipped_configuration_names_every_key() -> None:
    written = set(keys(yaml.safe_load(FILE.read_text(encoding="utf-8"))))

    assert set(keys(asdict(Settings()))) - written == set()


def test_every_key_of_the_shipped_configuration_has_a_comment() -> None:
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if ":" in line.partition("#")[0]]
    bare = [line for line in lines if "#" not in line and not line.strip().startswith("- http")]

    assert bare == []
