"""What registries say of a domain: since when it is registered, where its names are served, that nobody holds it (RDAP). I/O.

Asked only on a sign, one question a second over all registries, one after the other. A refusal, a rate limit or silence says
nothing about a domain, and ends the questions of this run to whoever it came from.
"""

import asyncio
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from audit import domains, urls
from audit.model import Fetch
from audit.settings import Takeover
from audit.web import fetching
from audit.web.fetching import Errand, Turn
from audit.web.network import Network

PACE_S = 1.0
"""Between two questions; the bootstrap service and the registries are shared by everybody."""

MOST_QUESTIONS = 300
"""Of one run: five minutes of waiting at most. What is left is asked at a later check."""

MOST_SERVERS = 13
EVERYBODY = "*"
ANSWERS = {200, 404}
BEGAN = ("reregistration", "registration")
"""Events that began the registration of today, the one that speaks first."""


class Registries:
    """The questions of one run, each domain once."""

    def __init__(self, settings: Takeover, web: Network, stop: asyncio.Event) -> None:
        self._settings, self._web, self._stop = settings, web, stop
        self._asked: set[str] = set()
        self._questions = 0
        self._turn = asyncio.Lock()
        self._silent: set[str] = {EVERYBODY} if settings.rdap == "never" else set()

    @property
    def host(self) -> str:
        """Whom to ask, as a key of pace."""
        return urls.host_key(self._settings.rdap_url)

    async def ask(self, errand: Errand, *, turn: Turn) -> Fetch | None:
        """What is said of the domain of `errand.requested`, as a fact about the cited URL; None when it is not to be asked."""
        domain = domains.registered_name(urls.host_of(errand.requested))
        if domain is None or domain in self._asked or self._questions >= MOST_QUESTIONS:
            return None
        self._asked.add(domain)
        async with self._turn:
            if self._stop.is_set() or self._silent & {EVERYBODY, _zone(domain)}:
                return None
            self._questions += 1
            address = self._settings.rdap_url.replace("{domain}", domain)
            answer, body = await fetching.fetch_whole(replace(errand, requested=address), web=self._web, turn=turn)
            if answer.failure is not None or answer.http_status not in ANSWERS:
                self._silent.add(_zone(domain) if answer.hops else EVERYBODY)
        told = _told(body, domain, servers=self._settings.name_servers != "never") if answer.http_status == 200 else None
        return replace(_bare(answer), sample=told)

    def known(self, some: Iterable[str]) -> None:
        """The registries of these domains were asked lately."""
        self._asked.update(some)


def _zone(domain: str) -> str:
    """Names under one top level are one registry's."""
    return domain.rpartition(".")[2]


def _bare(answer: Fetch) -> Fetch:
    """The walk without what it showed: a registry's answer is data, no page."""
    return replace(
        answer,
        title=None,
        og_title=None,
        h1=None,
        description=None,
        canonical=None,
        robots=None,
        language=None,
        word_count=None,
        text_length=None,
        text_simhash=None,
        sketch=(),
        flags=frozenset(),
    )


def _told(body: bytes, domain: str, *, servers: bool) -> str | None:
    """Of an answer what a rule reads, as compact JSON; None when it is no answer about that domain."""
    with suppress(ValueError, TypeError, AttributeError):
        said = json.loads(body)
        if str(said.get("ldhName") or domain).lower().rstrip(".") == domain:
            read = {"domain": domain, "registered": _began(said), "name_servers": _servers(said) if servers else None}
            return json.dumps({name: value for name, value in read.items() if value}, separators=(",", ":"))
    return None


def _began(said: dict[str, Any]) -> str | None:
    moments = {str(event["eventAction"]).lower(): str(event["eventDate"]) for event in said.get("events") or []}
    written = next((moments[action] for action in BEGAN if action in moments), None)
    if written is None:
        return None
    moment = datetime.fromisoformat(written)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def _servers(said: dict[str, Any]) -> list[str]:
    names = (str(each.get("ldhName") or "").lower().rstrip(".") for each in said.get("nameservers") or [])
    return sorted(filter(None, names))[:MOST_SERVERS]
