"""All situations of the lab. What the servers do is what servers do (verdicts.md)."""

from audit.demo.sites import Site
from tests.lab import doors, drift, failing, guards, hands, live, nearwalls, servers, soft, traps, vendorwalls, walls, wordwalls
from tests.lab.situation import Scenario, html

SCENARIOS: tuple[Scenario, ...] = (
    *live.live(),
    *servers.servers(),
    *walls.walls(),
    *guards.guards(),
    *doors.doors(),
    *nearwalls.near(),
    *vendorwalls.by_vendor(),
    *wordwalls.by_words(),
    *soft.soft(),
    *traps.traps(),
    *hands.hands(),
    *drift.drift(),
    *failing.gone(),
    *failing.failing(),
    *failing.odd(),
)
OTHERS: tuple[Site, ...] = (
    *doors.HOSTS_OF_DOORS,
    Site(
        host="elsewhere-hub.example",
        name="Elsewhere",
        pages={"/": html("Welcome to Elsewhere", body="A portal of many things. " * 20)},
    ),
    Site(host="www.hugedomains.com", name="A marketplace", otherwise=html("Buy a name", body="Names for sale.")),
    Site(host="hugedomains.com", name="A marketplace", otherwise=html("Buy a name", body="Names for sale.")),
    *hands.others(),
)
"""Hosts that redirects lead to."""
