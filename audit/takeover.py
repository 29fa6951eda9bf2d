"""Lost domains: parked, for sale, taken over by another trade, redirected to something unrelated, registered anew. Pure."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ada_url import idna

from audit import data, domains, similarity, urls
from audit.model import CitedAs, Evidence, Fetch, Playback

DOMAIN = "zqdomainqz"
"""Stands for the domain in folded sentences: no language has this word."""


def _folded(sentence: str) -> str:
    return _spaced(similarity.fold(sentence.replace("{domain}", f" {DOMAIN} ")))


def _spaced(folded: str) -> str:
    """With the scripts that write without spaces set apart from what stands beside them."""
    return " ".join(WIDE_RUN.sub(r" \g<0> ", folded).split())


WIDE_RUN = re.compile(f"{similarity.WIDE.pattern}+")
_TABLE = data.table("takeover")
SERVICES = tuple(_TABLE["services"]["hosts"].split())
_HOSTS, _PATHS = (tuple(each for each in SERVICES if ("/" in each) is restricted) for restricted in (False, True))
MARKS = frozenset(_TABLE["services"]["marks"])
LANDERS = frozenset(_TABLE["services"]["landers"])
TRACES = frozenset(_TABLE["services"]["traces"])
PARKED, PARKED_PLAIN, SALE, SALE_WHOLE, SALE_PLAIN = (
    tuple(dict.fromkeys(_folded(each) for each in _TABLE[part][kind]))
    for part, kind in (
        ("parked", "sentences"),
        ("parked", "plain"),
        ("sale", "sentences"),
        ("sale", "whole"),
        ("sale", "plain"),
    )
)
SERVERS = tuple(_TABLE["name_servers"]["suffixes"].split())
Starts = dict[str, list[str]]


def _by_start(sentences: Iterable[str]) -> Starts:
    """By their first word; those without spaces under none."""
    starts: Starts = {}
    for each in sentences:
        starts.setdefault("" if similarity.WIDE.match(each) else each.partition(" ")[0], []).append(each)
    return starts


PARKED_STARTS, SALE_STARTS = _by_start(PARKED_PLAIN), _by_start(SALE_PLAIN)
SALE_BARE = frozenset(each for each in SALE_WHOLE if each.startswith(DOMAIN) or each.endswith(DOMAIN))
_NOUNS = "|".join(sorted((_folded(each) for each in _TABLE["sale"]["nouns"]), key=len, reverse=True))
NOUN = re.compile(rf"\b(?:(?:{_NOUNS}) {DOMAIN}(?: (?:{_NOUNS}))?|{DOMAIN} (?:{_NOUNS}))\b")
SALE_WORDS: int = _TABLE["sale"]["most_words"]
TERMS, OFFERS, EXTRAS = (frozenset(_folded(each) for each in _TABLE["trades"][kind]) for kind in ("terms", "offers", "extras"))
LEAST_TERMS: int = _TABLE["trades"]["least"]
MOST_TERM_WORDS = max(len(each.split()) for each in TERMS | OFFERS | EXTRAS)
PARKED_WORDS = 300
LONG_SALE_WORDS = 3_000
"""A marketplace's page has praise and questions below its offer; more is a text of somebody's own."""

NAMED_LETTERS = 5
"""So long a word of a trade in the name of a host says that the trade was its own."""

UNRELATED_RATIO, CHANCE_RATIO = 40.0, 55.0
BRAND_LETTERS = 4
STRENGTH = 0.8


def lost(fetch: Fetch, *, cited: CitedAs) -> tuple[str, Evidence] | None:
    """(reason, evidence) when the answer alone shows that the domain is lost."""
    del cited  # what a page sells and where its visitors are sent is so, whatever was cited
    return at_a_service(fetch) or _parked(fetch) or _offered(fetch)


# ---- marketplaces and parking services


def at_a_service(fetch: Fetch) -> tuple[str, Evidence] | None:
    """The walk led to a marketplace or parking service, whether that one answered us or not."""
    if not fetch.hops:
        return None
    asked = domains.registrable_domain(urls.host_of(fetch.requested_url))
    if _service(asked, asked):
        return None
    for url in [*(hop.url for hop in fetch.hops[1:]), *_last(fetch)]:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if domains.registrable_domain(host) != asked and _service(host, f"{host}{parts.path.lower()}"):
            return "parked", _evidence("takeover.service", f"the redirect leads to {host}{parts.path[:100]}")
    return _at_a_lander(fetch) or _at_a_numbered_host(fetch, asked)


def _last(fetch: Fetch) -> Iterator[str]:
    """Where the walk went at last, answered or not."""
    location = fetch.hops[-1].location
    following = fetch.final_url or (urls.join(fetch.hops[-1].url, location) if location else None)
    if following:
        yield following


def _service(host: str, place: str) -> bool:
    return any(_under(host, each) for each in _HOSTS) or any(
        _under(host, each.partition("/")[0]) and place.partition("/")[2].startswith(each.partition("/")[2]) for each in _PATHS
    )


def _under(host: str, name: str) -> bool:
    return host == name or host.endswith("." + name)


def _at_a_lander(fetch: Fetch) -> tuple[str, Evidence] | None:
    """A stub that sends its visitors by script to the registrar's lander on the same host."""
    last = fetch.hops[-1]
    if last.kind != "script" or (fetch.word_count or 0) >= PARKED_WORDS:
        return None
    path = urlsplit(urls.join(last.url, last.location or "") or "").path.lower().rstrip("/")
    return ("parked", _evidence("takeover.lander", f"a script leads to {path}")) if path in LANDERS else None


NUMBERED = re.compile(r"ww\d{1,2}\.")
"""Hosts that parking networks make up. Others number their servers, too: the name alone says nothing."""


def _at_a_numbered_host(fetch: Fetch, asked: str) -> tuple[str, Evidence] | None:
    host = urls.host_of(fetch.final_url or "")
    here, there = (bool(NUMBERED.match(each)) for each in (urls.host_of(fetch.requested_url), host))
    if here or not there or domains.registrable_domain(host) != asked or (fetch.word_count or 0) >= PARKED_WORDS:
        return None
    traced = {name.lower() for name, _ in parse_qsl(urlsplit(fetch.final_url or "").query, keep_blank_values=True)} & TRACES
    if not traced and not _shown(fetch, short=True).called:
        return None
    return "parked", _evidence("takeover.numbered", f"the redirect leads to {host}, which shows nothing of its own")


def _parked(fetch: Fetch) -> tuple[str, Evidence] | None:
    marks = fetch.flags & MARKS
    if not marks or (fetch.word_count or 0) >= PARKED_WORDS:
        return None
    name = min(marks).removeprefix("mark:")
    return "parked", _evidence("takeover.parked", f"a short page that carries {name}")


def _evidence(rule: str, detail: str) -> Evidence:
    return Evidence(rule=rule, detail=detail[:300], strength=STRENGTH)


# ---- what the page says of its own domain


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """The folded sentences of a page, its domain replaced; `headings` are those of title and heading."""

    headings: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def named(self) -> bool:
        """Whether the page names its own domain anywhere."""
        return any(DOMAIN in each for each in self.sentences)

    @property
    def called(self) -> bool:
        """Whether the page is called by its own domain."""
        return DOMAIN in self.headings


SENTENCE = re.compile(r"[.!?:;|\u00b7\u00bb](?=\s|$)|[\u3002\uff01\uff1f\uff1a]|\s[-|\u2013\u2014\u00b7\u00bb]+\s")
MOST_SAID = 4_000


def _offered(fetch: Fetch) -> tuple[str, Evidence] | None:
    """A sentence that offers, or calls parked, this very domain; an article about domain trading names others."""
    if (fetch.word_count or 0) >= LONG_SALE_WORDS:
        return None
    short = (fetch.word_count or 0) < SALE_WORDS
    said = _shown(fetch, short=short)
    if not said.named:
        return None
    for reason, sentences, whole, plain in (("for-sale", SALE, SALE_WHOLE, SALE_STARTS), ("parked", PARKED, (), PARKED_STARTS)):
        if found := _found(said, sentences, whole, plain, short=short):
            detail = found.replace(DOMAIN, urls.host_of(fetch.final_url or fetch.url))
            return reason, _evidence(f"takeover.{reason}", f'the page says "{detail}"')
    return None


def _found(said: _Said, sentences: Iterable[str], whole: Iterable[str], plain: Starts, *, short: bool) -> str | None:
    """On a long page title or heading must be the offer and nothing else."""
    known = {*sentences, *whole}
    if exact := next((each for each in said.headings if each in known), None):
        return exact
    if not short:
        return None
    for text in said.sentences:
        if said.called and _begins(text, plain):
            return text
        if DOMAIN in text and (found := text if text in known else _anywhere(text, sentences, whole)):
            return found
    return None


def _anywhere(text: str, sentences: Iterable[str], whole: Iterable[str]) -> str | None:
    """The offer that a sentence holds. Beside the word for a domain, a name is no other thing of that name."""
    plain, nouns = NOUN.subn(DOMAIN, text)
    bare = (each for each in whole if each in SALE_BARE) if nouns else ()
    return next((each for each in (*sentences, *bare) if _holds(text, each) or (nouns and _holds(plain, each))), None)


def _holds(text: str, wanted: str) -> bool:
    return f" {wanted} " in f" {text} " or (bool(similarity.WIDE.match(wanted[-1])) and f" {wanted}" in f" {text}")


def _begins(text: str, plain: Starts) -> bool:
    """Whether a sentence begins with one of these; what has no spaces may go on at once."""
    first = text.partition(" ")[0]
    if any(text == each or text.startswith(f"{each} ") for each in plain.get(first, ())):
        return True
    return bool(similarity.WIDE.match(first)) and any(text.startswith(each) for each in plain.get("", ()))


def _shown(fetch: Fetch, *, short: bool) -> _Said:
    """What a page says, only title and heading of a long one; nothing when it does not name its domain at all."""
    own = {domains.registrable_domain(urls.host_of(url)) for url in (fetch.requested_url, fetch.final_url or fetch.url)}
    headings = _named((fetch.title, fetch.og_title, fetch.h1), own)
    others = _named((fetch.description, _after_heading(fetch)), own) if short else []
    if not any(DOMAIN in each for each in (*headings, *others)):
        return _Said(headings=(), sentences=())
    first = (*_sentences(headings), *(_spaced(similarity.fold(each)) for each in headings))
    return _Said(headings=first, sentences=(*first, *_sentences(others)))


def _after_heading(fetch: Fetch) -> str:
    """The visible text, its heading made a sentence: it has no full stop of its own."""
    sample = (fetch.sample or "")[:MOST_SAID]
    return sample.replace(fetch.h1, f"{fetch.h1}. ", 1) if fetch.h1 else sample


def _named(texts: Iterable[str | None], own: Iterable[str]) -> list[str]:
    """The texts that there are, each mention of an own domain replaced."""
    shown = [text for text in texts if text]
    for domain in own:
        label = domain.partition(".")[0]
        if "xn--" in domain or any(label in text.lower() for text in shown):
            shown = [_mention(domain).sub(f" {DOMAIN} ", text) for text in shown]
    return shown


def _sentences(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (folded for each in SENTENCE.split(text) if (folded := _spaced(similarity.fold(each))))


@lru_cache(maxsize=256)
def _mention(domain: str) -> re.Pattern[str]:
    """A domain as pages write it: in any case, with `www`, spaces or a word around its dots, in letters or in its A-labels."""
    forms = {domain, idna.decode(domain.encode()) if "xn--" in domain else domain}
    dot = r"\s{0,2}(?:[.\u3002\uff0e]|\bdot\b|[\[(]\s?(?:\.|dot)\s?[\])])\s{0,2}"
    names = "|".join(dot.join(re.escape(label) for label in form.split(".")) for form in sorted(forms))
    return re.compile(rf"(?:https?://)?(?<![\w-])(?:www{dot})?(?:{names})(?![A-Za-z0-9-])/?", re.IGNORECASE)


# ---- another trade


def other_trade(fetch: Fetch, *, cited: CitedAs, playbacks: Iterable[Playback] = (), sure: bool = True) -> Evidence | None:
    """Title and heading sell what the trades sell that buy lost domains, and the citation expects none of it.

    A page says so of itself only; whoever convicts a domain needs another witness beside it. Not `sure`: their words are enough.
    """
    found = _terms(_spaced(similarity.fold(" ".join(each for each in (*_names(fetch), fetch.description) if each))))
    named = found & (OFFERS if sure else TERMS | OFFERS)
    if len(found) < LEAST_TERMS or not named or not _known(fetch, cited) or _expected(fetch, cited, playbacks):
        return None
    said = ", ".join(sorted(found, key=lambda each: (each not in OFFERS, each))[:5])
    return _evidence("takeover.trade", f"title and heading speak of {said}; the citation does not")


def hinted(fetch: Fetch) -> bool:
    """Whether an error page carries a word of such a trade, or what parking services load."""
    shown = " ".join(each for each in (*_names(fetch), fetch.description, (fetch.sample or "")[:MOST_HINTS]) if each)
    return bool(_terms(_spaced(similarity.fold(shown))) & (TERMS | OFFERS) or fetch.flags & MARKS)


MOST_HINTS = 1_000
"""Characters: a menu stands at the top."""


def _names(fetch: Fetch | Playback) -> tuple[str | None, ...]:
    return fetch.title, fetch.og_title, fetch.h1


def _terms(text: str) -> frozenset[str]:
    """The words of the trades in a folded text: runs of words are looked up, and what has no spaces is searched."""
    tokens = text.split()
    begun = [at for at, token in enumerate(tokens) if token in FIRST_WORDS]
    runs = {" ".join(tokens[at : at + size]) for at in begun for size in range(1, MOST_TERM_WORDS + 1)}
    found = ALL_TERMS & runs
    if similarity.WIDE.search(text):
        found |= frozenset(term for term in WIDE_TERMS if term in text)
    return found - frozenset(f"{term}s" for term in found)


ALL_TERMS = TERMS | OFFERS | EXTRAS
FIRST_WORDS = frozenset(term.partition(" ")[0] for term in ALL_TERMS)
WIDE_TERMS = tuple(term for term in ALL_TERMS if similarity.WIDE.search(term))


def _known(fetch: Fetch, cited: CitedAs) -> bool:
    """Whether anything tells what the page was: its citation, or a slug of words."""
    return (
        bool(cited.titles or cited.publishers or cited.quotes) or len(re.findall(r"[^\W\d_]{3,}", _path(fetch.url))) >= SLUG_WORDS
    )


def _expected(fetch: Fetch, cited: CitedAs, playbacks: Iterable[Playback]) -> bool:
    """Whether the citation, a capture, its host or its path are of such a trade, or the page still is the publisher's."""
    captured = [name for each in playbacks for name in _names(each) if name]
    said = " ".join((*cited.titles, *cited.publishers, *cited.quotes, *captured, _path(fetch.url)))
    if _terms(_spaced(similarity.fold(said))) & (TERMS | OFFERS):
        return True
    host = urls.host_of(fetch.url)
    if any(term in host for term in TERMS if len(term) >= NAMED_LETTERS):
        return True
    shown = similarity.fold(" ".join(each for each in _names(fetch) if each))
    return matches(fetch, cited) is not None or any(
        f" {name} " in f" {shown} " for name in map(similarity.fold, cited.publishers) if len(name) >= BRAND_LETTERS
    )


# ---- other owners


def unrelated(fetch: Fetch, *, cited: CitedAs, root: Fetch | None, playbacks: Iterable[Playback] = ()) -> Evidence | None:
    """A redirect to another registrable domain with nothing in common, where the old front page goes as well."""
    if not fetch.final_url or not fetch.hops:
        return None
    asked, final = (domains.registrable_domain(urls.host_of(url)) for url in (fetch.requested_url, fetch.final_url))
    if asked == final or shares_brand(asked, final) or keeps_slug(fetch.requested_url, fetch.final_url):
        return None
    captured = [name for each in playbacks for name in _names(each) if name]
    titles = [*cited.titles, *captured]
    if not titles or not all(unlike(title, fetch) for title in titles) or root is None or root.final_url is None:
        return None
    if domains.registrable_domain(urls.host_of(root.final_url)) != final or _speaks_of(fetch, asked, cited):
        return None
    return _evidence("takeover.unrelated", f"{asked} and its front page lead to {final}, which shows something else")


SAME_TOPIC = 0.34
"""Share of a title's telling words: so many on a page of strangers are no accident."""


def _speaks_of(fetch: Fetch, asked: str, cited: CitedAs) -> bool:
    """Whether the page still knows whom or what was cited: mergers and new names say so, or keep the topic."""
    shown = similarity.fold(" ".join(each for each in (*_names(fetch), fetch.description, fetch.sample) if each))
    brand = [part for part in re.split(r"[-_]|\d+", asked.partition(".")[0]) if len(part) >= BRAND_LETTERS]
    names = [name for name in map(similarity.fold, cited.publishers) if len(name) >= BRAND_LETTERS]
    return any(f" {name} " in f" {shown} " for name in (*names, *brand))


def unlike(title: str, fetch: Fetch) -> bool:
    """Whether neither the names of the page nor its text have anything of a title.

    Letters of any two titles are alike to 40 in a hundred; where not one telling word is left, even 55 say nothing.
    """
    kept = words_kept(title, fetch)
    return kept < SAME_TOPIC and best_ratio([title], fetch) < (UNRELATED_RATIO if kept else CHANCE_RATIO)


def words_kept(title: str, fetch: Fetch) -> float:
    """Share of the telling words of a cited title that the page holds anywhere we looked."""
    wanted = similarity.telling_tokens(title)
    shown = " ".join(each for each in (*_names(fetch), fetch.description, fetch.sample) if each)
    return len(similarity.held(wanted, shown)) / len(wanted) if wanted else 0.0


def registered_at(answer: Fetch | None) -> datetime | None:
    """When the domain was registered, as its registry said; None when it said nothing of it."""
    if answer is None or answer.http_status != 200 or not answer.sample:
        return None
    written = _registry(answer).get("registered")
    return datetime.fromisoformat(written) if isinstance(written, str) else None


def _registry(answer: Fetch) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(answer.sample or "{}")
    return read


def parking_servers(answer: Fetch | None) -> Evidence | None:
    """Name servers that only parking services have: they corroborate what a page shows, and convict nothing."""
    if answer is None or answer.http_status != 200:
        return None
    found = next(
        (name for name in _registry(answer).get("name_servers", ()) if any(_under(name, each) for each in SERVERS)), None
    )
    return found and Evidence(rule="takeover.name-servers", detail=f"its names are served by {found}")


def unregistered(answer: Fetch | None) -> bool:
    """Whether a registry said that nobody holds the domain. A bootstrap that knows no registry says 404 of its own accord."""
    if answer is None or answer.http_status != 404 or answer.failure is not None:
        return False
    return bool(answer.hops) or urls.host_key(answer.requested_url) not in BOOTSTRAPS


BOOTSTRAPS = frozenset({"rdap.org"})


def registered_later(answer: Fetch | None, *, cited: CitedAs, playbacks: Iterable[Playback] = ()) -> Evidence | None:
    """The domain was registered after it was cited, or after its first capture: by itself this convicts nothing."""
    registered = registered_at(answer)
    if registered is None:
        return None
    seen = [each.captured_at.date() for each in playbacks if each.captured_at and each.failure is None]
    known = min(filter(None, (cited.first_access_date, *seen)), default=None)
    if known is None or registered.date() <= known:
        return None
    said = f"the domain was registered on {registered:%Y-%m-%d}, after it was cited or captured on {known}"
    return Evidence(rule="takeover.registered", detail=said)


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
