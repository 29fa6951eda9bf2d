"""Domains in other hands. The truth of each: usurped."""

from collections.abc import Iterator

from audit.demo.sites import Answer, Site
from tests.lab.situation import USURPED, Scenario, document, html, made, to

LOST = frozenset({USURPED})
CASINO = document(
    "Slot Gacor Maxwin Situs Judi Online", h1="Daftar Slot Gacor Deposit Pulsa", body="Bonus dan jackpot. " * 30, lang="id"
)


def hands() -> Iterator[Scenario]:
    parked = Answer(
        body=b'<!doctype html><html data-adblockkey="x"><head><title>related links</title></head><body><h1>Related searches</h1></body></html>'
    )
    yield made("taken", "a parked domain", parked, states=LOST, otherwise=parked, pages={"/": parked})
    lander = Answer(body=b'<html><head><script>window.onload=function(){window.location.href="/lander"}</script></head></html>')
    yield made("taken", "a lander", lander, states=LOST, otherwise=lander, pages={"/": lander, "/lander": lander})
    casino = Answer(body=CASINO)
    yield made("taken", "another trade", casino, states=LOST, otherwise=casino, pages={"/": casino})
    yield made("taken", "a redirect to a marketplace", to("http://www.hugedomains.com/domain_profile.cfm?d=vellham"), states=LOST)
    scenario = made("taken", "for sale", None, states=LOST)
    domain = ".".join(scenario.site.host.split(".")[-2:])
    sale = html(f"{domain} is for sale", body=f"The domain {domain} is for sale. Make an offer.")
    yield made_again(scenario, sale)
    scenario = made("taken", "zu verkaufen", None, states=LOST)
    domain = ".".join(scenario.site.host.split(".")[-2:])
    yield made_again(scenario, html("Domain", body=f"Die Domain {domain} steht zum Verkauf."))


def made_again(scenario: Scenario, answer: Answer) -> Scenario:
    site = Site(host=scenario.site.host, name=scenario.name, pages={}, otherwise=answer)
    return Scenario(name=scenario.name, kind=scenario.kind, states=scenario.states, reason=None, site=site, title=scenario.title)
