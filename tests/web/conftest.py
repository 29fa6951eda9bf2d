from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.lab import Lab, opened


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    async with opened(tmp_path) as laboratory:
        yield laboratory
