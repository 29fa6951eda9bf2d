"""The user's seed document, which lies beside the repository: a saved diff page of a wiki."""

import os
from pathlib import Path

import pytest

PATH = Path(__file__).parent.parent.parent / "shared" / "data" / "seed_wikipedia_diff_page.txt"


def path() -> Path:
    """Where the seed is. Without it a test is skipped and says so; in CI that is a failure."""
    if PATH.exists():
        return PATH
    reason = "the seed document is not beside this clone (shared/data)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
