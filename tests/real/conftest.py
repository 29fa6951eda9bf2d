"""Real parts that several files of tests share: started once a session."""

from collections.abc import Iterator

import pytest

from tests.real import mediawiki
from tests.real.mediawiki import MediaWiki


@pytest.fixture(scope="session")
def wiki() -> Iterator[MediaWiki]:
    with mediawiki.running() as running:
        yield running
