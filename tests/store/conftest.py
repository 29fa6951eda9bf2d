"""Both databases, each empty and of this program's schema; and the few values that every test of the store needs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from audit.store.opening import Store, open_store
from audit.store.upgrading import upgrade
from tests.real import postgres


@pytest.fixture(scope="session")
def server() -> Iterator[sa.URL]:
    with postgres.cluster() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/audit.db"
    return postgres.new_database(request.getfixturevalue("server"))


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    upgrade(database)
    opened = open_store(database)
    yield opened
    opened.close()
