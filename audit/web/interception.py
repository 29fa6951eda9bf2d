"""The marks that an answer carries of somebody between us and the web: a portal, a filter, a hijacked name. Pure.

Whoever answers in the place of the web gives the same answer for everybody: one final host, one page, certificates that nobody
vouches for. A mark proves nothing by itself (sites move in together, servers share error pages); on three unrelated domains it
calls the canaries (verdicts.md, 9). Not recognised: one who stays on the host that was asked and writes its name into the title
and the text of his page, for many a small site differs from its neighbour by no more.
"""

from audit import data, takeover
from audit.domains import registrable_domain
from audit.model import Fetch
from audit.similarity import fold
from audit.urls import host_of

OURS = frozenset({407, 511})
"""Statuses of a proxy or a portal on our side; no site has a use for them."""
KNOWN = frozenset(
    registrable_domain(each.partition("/")[0]) for each in (*takeover.SERVICES, *data.table("interception")["hosts"].split())
)
THEIR_OWN = frozenset({"legacy", "weak-key", "revoked"})
"""Defects that lie with the server whoever is between."""
UNRELATED = 3
"""One domain has its own troubles, two may share a machine; three unrelated ones point to us."""
NO_BYTES = "body of no bytes"
REMEMBERED = 8_192
"""Marks: who answers for everybody does so at once."""


def asked_domain(fetch: Fetch) -> str:
    return registrable_domain(host_of(fetch.requested_url))


def final_domain(fetch: Fetch) -> str:
    return registrable_domain(host_of(fetch.final_url or fetch.requested_url))


class Marks:
    """Which domains showed which mark, among the latest few thousand marks."""

    def __init__(self) -> None:
        self.shared: set[str] = set()
        """The marks of `UNRELATED` domains or more that call the canaries."""
        self.common: set[str] = set()
        """The same and what proves less, titles and error pages: a canary that comes to show them is not itself."""
        self._domains: dict[str, set[str]] = {}

    def new(self, fetch: Fetch) -> bool:
        """Note an answer. Whether it showed something new as the one who was asked: another page, another title."""
        domain, shown, named = asked_domain(fetch), page(fetch), title(fetch)
        new = as_asked(fetch) and shown not in {None, NO_BYTES} and shown not in self._domains and not self._others(named, domain)
        calling = marks(fetch) if fetch.role == "attempt" else frozenset()
        for mark in {*calling, *faces(fetch)}:
            if self._note(mark, domain) >= UNRELATED:
                self.common.add(mark)
                self.shared |= calling & {mark}
        return new

    def _others(self, mark: str | None, domain: str) -> bool:
        return bool(self._domains.get(mark or "", set()) - {domain})

    def _note(self, mark: str, domain: str) -> int:
        """Remember a mark as the latest; on how many domains it was seen, as far as that matters."""
        domains = self._domains.pop(mark, set())
        if len(domains) < UNRELATED:
            domains.add(domain)
        self._domains[mark] = domains
        if len(self._domains) > REMEMBERED:
            del self._domains[next(iter(self._domains))]
        return len(domains)


def marks(fetch: Fetch) -> frozenset[str]:
    """What one who answers for everybody shows again: the host it sends us to, the defect of its certificate, its page."""
    found = {page(fetch)} if 200 <= (fetch.http_status or 0) < 300 else set()
    final = final_domain(fetch)
    if final != asked_domain(fetch) and final not in KNOWN:
        found.add(f"host {final}")
    if fetch.tls and fetch.tls not in THEIR_OWN:
        found.add(f"certificate {fetch.tls}")
    return frozenset(each for each in found if each)


def page(fetch: Fetch) -> str | None:
    """The page that an answer shows; two that differ in hidden tokens only are one, and so are all that show nothing."""
    if fetch.http_status is None:
        return None
    if fetch.text_simhash is not None:
        return f"page {fetch.text_simhash:x} {fold(fetch.title or '')}"
    return f"body {fetch.body_sha256}" if fetch.body_sha256 else NO_BYTES


def title(fetch: Fetch) -> str | None:
    """The title that an answer shows: a portal keeps it even when it writes the address that was asked into its text."""
    return f"title {fold(fetch.title)}" if fetch.title else None


def faces(fetch: Fetch) -> frozenset[str]:
    """How an answer looks."""
    return frozenset(each for each in (page(fetch), title(fetch)) if each)


def as_asked(fetch: Fetch) -> bool:
    """Whether the one who was asked has answered, as far as the connection tells: own domain, own certificate, no gate."""
    return (
        fetch.http_status is not None
        and fetch.http_status not in OURS
        and (fetch.tls is None or fetch.tls in THEIR_OWN)
        and final_domain(fetch) == asked_domain(fetch)
    )
