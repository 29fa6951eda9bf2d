"""What a server asks for holds for the next process, too: it stands in the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit.demo.serving import beside
from audit.demo.sites import Answer
from tests.lab import night
from tests.lab.situation import GOOD, LIVE, made

NOW = datetime.now(UTC)
TIRED = made(
    "gate",
    "a host that asks for two hours",
    Answer(http_status=429, body=b"later", headers=(("Retry-After", "7200"),)),
    states=frozenset({LIVE}),
    more=("/one", "/two", "/three", "/four"),
)
OTHER = made("gate", "a host at ease", GOOD, states=frozenset({LIVE}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Requests that the tired host had heard after each run."""

    first: int
    again: int
    early: int
    later: int


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    folder: Path = tmp_path_factory.mktemp("gates")
    with beside(night.web_of([TIRED, OTHER])) as web:
        night.prepare(folder, web, [TIRED, OTHER])
        heard = []
        for hours in (0.0, 0.0, 1.0, 30.0):
            told = night.run(folder, now=NOW + timedelta(hours=hours))
            assert told.returncode == 0, told.stderr
            heard.append(sum(number for at, number in web.asked.items() if at.startswith(TIRED.site.host)))
        yield Visits(first=heard[0], again=heard[1], early=heard[2], later=heard[3])


def test_one_refusal_speaks_for_all_urls_of_the_host(visits: Visits) -> None:
    assert 1 <= visits.first <= 2


def test_the_next_process_keeps_away_as_long_as_it_was_asked_to(visits: Visits) -> None:
    assert visits.again == visits.early == visits.first


def test_after_that_the_host_is_asked_again(visits: Visits) -> None:
    assert visits.later > visits.early
