"""Lost domains: parked, for sale, taken over by another trade, redirected to something unrelated. Pure."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from audit import data, domains, similarity, urls
from audit.model import CitedAs, Evidence, Fetch

_TABLE = data.table("takeover")
SERVICES = tuple(_TABLE["services"]["hosts"].split())
MARKS = frozenset(_TABLE["services"]["marks"])
SENTENCES = tuple(_TABLE["sale"]["sentences"])
SALE_WORDS: int = _TABLE["sale"]["most_words"]
TERMS = tuple(dict.fromkeys(similarity.fold(term) for term in _TABLE["trades"]["terms"]))
LEAST_TERMS: int = _TABLE["trades"]["least"]
PARKED_WORDS = 300
UNRELATED_RATIO = 40.0
BRAND_LETTERS = 4
STRENGTH = 0.8


def lost(fetch: Fetch, *, cited: CitedAs) -> tuple[str, Evidence] | None:
    """(reason, evidence) when the answer shows that the domain is lost; needs no other fact than the page itself."""
    return _at_a_service(fetch) or _parked(fetch) or _for_sale(fetch) or _other_trade(fetch, cited)


def _at_a_service(fetch: Fetch) -> tuple[str, Evidence] | None:
    if not fetch.hops:
        return None
    asked = domains.registrable_domain(urls.host_of(fetch.requested_url))
    for url in [*(hop.url for hop in fetch.hops[1:]), fetch.final_url or ""]:
        parts = urlsplit(url)
        place = f"{(parts.hostname or '').lower()}{parts.path.lower()}"
        host = place.partition("/")[0]
        service = next((each for each in SERVICES if _under(host, place, each)), None)
        if service and domains.registrable_domain(host) != asked:
            return "parked", Evidence(rule="takeover.service", detail=f"the redirect leads to {place[:120]}", strength=STRENGTH)
    return None


def _under(host: str, place: str, service: str) -> bool:
    name, slash, path = service.partition("/")
    return (host == name or host.endswith("." + name)) and (not slash or place.partition("/")[2].startswith(path))


def _parked(fetch: Fetch) -> tuple[str, Evidence] | None:
    marks = fetch.flags & MARKS
    if not marks or (fetch.word_count or 0) >= PARKED_WORDS:
        return None
    name = min(marks).removeprefix("mark:")
    return "parked", Evidence(rule="takeover.parked", detail=f"a short page that carries {name}", strength=STRENGTH)


def _for_sale(fetch: Fetch) -> tuple[str, Evidence] | None:
    """A sentence that offers this very domain; an article about domain trading names others."""
    if (fetch.word_count or 0) >= SALE_WORDS:
        return None
    host = urls.host_of(fetch.final_url or fetch.url)
    asked = urls.host_of(fetch.requested_url)
    shown = similarity.fold(
        " . ".join(each for each in (fetch.title, fetch.h1, fetch.description, (fetch.sample or "")[:4_000]) if each)
    )
    for domain in dict.fromkeys((domains.registrable_domain(asked), domains.registrable_domain(host))):
        name = similarity.fold(domain)
        if name not in shown:
            continue
        for sentence in SENTENCES:
            wanted = sentence.replace("{domain}", name)
            if wanted in shown:
                return "for-sale", Evidence(rule="takeover.for-sale", detail=f'the page says "{wanted}"', strength=STRENGTH)
    return None


def _other_trade(fetch: Fetch, cited: CitedAs) -> tuple[str, Evidence] | None:
    """Words of the trades that buy lost domains, none of which the citation expects."""
    shown = similarity.fold(" ".join(each for each in (fetch.title, fetch.og_title, fetch.description, fetch.h1) if each))
    found = _terms(shown)
    if len(found) < LEAST_TERMS or not (cited.titles or cited.publishers):
        return None
    expected = similarity.fold(
        " ".join((*cited.titles, *cited.publishers, *cited.quotes, urls.host_of(fetch.requested_url).replace(".", " ")))
    )
    if _terms(expected) or matches(fetch, cited):
        return None
    said = ", ".join(sorted(found)[:5])
    return "taken-over", Evidence(
        rule="takeover.trade", detail=f"title and heading speak of {said}; the citation does not", strength=STRENGTH
    )


def _terms(folded: str) -> set[str]:
    padded = f" {folded} "
    wide = similarity.WIDE.search(folded)
    return {term for term in TERMS if f" {term} " in padded or (wide and similarity.WIDE.match(term) and term in folded)}


def unrelated(fetch: Fetch, *, cited: CitedAs, root: Fetch | None) -> Evidence | None:
    """A redirect to another registrable domain with nothing in common, where the old front page goes as well."""
    if not fetch.final_url or not fetch.hops:
        return None
    asked, final = (domains.registrable_domain(urls.host_of(url)) for url in (fetch.requested_url, fetch.final_url))
    if asked == final or shares_brand(asked, final) or keeps_slug(fetch.requested_url, fetch.final_url):
        return None
    if not cited.titles or best_ratio(cited.titles, fetch) >= UNRELATED_RATIO or root is None or root.final_url is None:
        return None
    if domains.registrable_domain(urls.host_of(root.final_url)) != final:
        return None
    return Evidence(
        rule="takeover.unrelated",
        detail=f"{asked} and its front page lead to {final}, which shows something else",
        strength=STRENGTH,
    )


def shares_brand(one: str, other: str) -> bool:
    """Whether two registrable domains share a telling part of their names: mergers keep it.

    >>> shares_brand("marrowby-gazette.example", "gazette.example"), shares_brand("mills.example", "casino.example")
    (True, False)
    """
    first, second = (domain.partition(".")[0] for domain in (one, other))
    parts = [part for part in re.split(r"[-_]|\d+", first) if len(part) >= BRAND_LETTERS]
    others = [part for part in re.split(r"[-_]|\d+", second) if len(part) >= BRAND_LETTERS]
    return any(part in second for part in parts) or any(part in first for part in others)


SLUG_WORDS, ID_DIGITS = 3, 4


def keeps_slug(one: str, other: str) -> bool:
    """Whether the final path keeps the slug or a long number of the requested one.

    >>> keeps_slug("http://a.example/2011/a-long-slug-here", "http://b.example/x/a-long-slug-here.html")
    True
    """
    first, second = _path(one), _path(other)
    for segment in (segment for segment in first.split("/") if segment):
        stem = segment.rpartition(".")[0] or segment
        if len(re.findall(r"[^\W_]+", stem)) >= SLUG_WORDS and stem in second:
            return True
    digits = {
        found for found in re.findall(r"\d+", first) if len(found) >= ID_DIGITS and not re.fullmatch(r"(?:19|20)\d\d", found)
    }
    return any(found in re.findall(r"\d+", second) for found in digits)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}/{parts.query}".lower()


def best_ratio(titles: Iterable[str], fetch: Fetch) -> float:
    """How alike the best of the cited titles and the shown ones are, 0 to 100."""
    shown = [each for each in (fetch.title, fetch.og_title, fetch.h1) if each]
    return max((similarity.title_ratio(title, each) for title in titles for each in shown), default=0.0)


SAME_TITLE, TELLING = 80.0, similarity.TELLING


def matches(fetch: Fetch, cited: CitedAs) -> str | None:
    """The cited title or quotation that the page shows: the best proof that it is the page."""
    for title in cited.titles:
        if len(similarity.telling_tokens(title)) >= TELLING and best_ratio([title], fetch) >= SAME_TITLE:
            return f'it shows the cited title "{title[:80]}"'
        if similarity.fold(title) in {similarity.fold(each) for each in (fetch.title, fetch.og_title, fetch.h1) if each}:
            return f'it shows the cited title "{title[:80]}"'
    for quote in cited.quotes:
        if fetch.sample and similarity.quote_found(quote, fetch.sample):
            return f'it holds the quotation "{quote[:60]}"'
    return None
