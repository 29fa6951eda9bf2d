"""Rating rules -> what each list says of one citation, and what all of them say together. Pure.

A rating is a rule, not a domain: it may reach one section, some years, one author. What lists say of each other's subjects is shown
side by side; nothing is settled by taking the worst or the last.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import unquote, urlsplit

from audit import domains, patterns, policy
from audit.model import Citation, CitedDate, Editorial, Precision, RatedBy, RatingOverride, RatingRule

SPAM, RETRACTIONS, KINDS = "spam", "retractions", "kind"
"""Families of their own: what they say is told, and never enters a number."""

BLACKLISTED, WHITELISTED = "blacklisted", "whitelisted"
CONDITIONAL = "conditional"
"""Flag of a rule whose list shows doubt where its conditions are not met (Cite Unseen)."""

MOST_LABELS = 12
"""Labels of a host that are looked at, from its end; longer ones are accidents or attacks."""

ANY, PATTERN, SUBSTRING = "any", "pattern", "substring"
NARROW: Mapping[str, int] = {"doi": 1_000, "issn": 900, "doi-prefix": 800, SUBSTRING: 500, PATTERN: 500, ANY: 0}
"""How specific a rule is that names no host, beside the number of labels of one that does: an identifier says more than a host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a lookup is about: a citation as far as rules can tell them apart. `via` says how the URL was come by."""

    url: str
    dois: tuple[str, ...] = ()
    issns: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    works: tuple[str, ...] = ()
    published: CitedDate | None = None
    accessed: CitedDate | None = None
    language: str | None = None
    topic: str | None = None
    via: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one list says of one citation. `category` is None when its rows differ (`mixed`); every row is kept.

    `platform_level`: the rule is about the platform, not about its tenant. `unmet`: the list speaks of the source, but under
    conditions that this citation does not meet. `dated_by` names the date that chose among its rows. `override` is a person's
    correction that acts here; `rules` are the list's own all the same.
    """

    list_id: str
    family: str
    category: str | None
    rules: tuple[RatingRule, ...]
    mixed: bool = False
    unmet: bool = False
    platform_level: bool = False
    other_language: bool = False
    dated_by: str | None = None
    via: str | None = None
    override: RatingOverride | None = None

    @property
    def blacklisted(self) -> bool:
        return all(BLACKLISTED in rule.flags for rule in self.rules)


def subject(
    citation: Citation, url: str, *, language: str | None = None, topic: str | None = None, via: str | None = None
) -> Subject:
    """What rules ask about a citation; `url` is what it cites, unwrapped and normalised."""
    return Subject(
        url=url,
        dois=tuple(sorted({doi for value in (*_identifiers(citation, "doi"), url) if (doi := normal_doi(value))})),
        issns=tuple(value.replace("-", "").lower() for name in ("issn", "eissn") for value in _identifiers(citation, name)),
        authors=citation.authors,
        works=tuple(each for each in (citation.publisher, citation.work) if each),
        published=citation.published_date,
        accessed=citation.access_date,
        language=language,
        topic=topic,
        via=via,
    )


def _identifiers(citation: Citation, wanted: str) -> Iterator[str]:
    return (value for name, value in citation.identifiers if name.lower() == wanted)


def normal_doi(written: str) -> str | None:
    """A DOI in lower case, without its resolver and escapes; None for what is none.

    >>> normal_doi("https://dx.doi.org/10.1234%2FABC"), normal_doi("doi:10.1234/x "), normal_doi("http://a.example/10.1/x")
    ('10.1234/abc', '10.1234/x', None)
    """
    text = unquote(written).strip().lower()
    for scheme in ("https://", "http://", "//"):
        text = text.removeprefix(scheme)
    for resolver in ("doi.org/", "dx.doi.org/", "www.doi.org/", "doi:"):
        text = text.removeprefix(resolver).strip()
    registrant, slash, rest = text.partition("/")
    digits = registrant.removeprefix("10.").replace(".", "")
    return text if registrant.startswith("10.") and digits.isdigit() and slash and rest else None


class Index:
    """The rules of all loaded lists, found by host: a lookup visits the labels of a host, never the list."""

    def __init__(self, rules: Iterable[RatingRule]) -> None:
        self._by_host: dict[str, list[RatingRule]] = {}
        self._by_stem: dict[str, list[RatingRule]] = {}
        self._by_name: dict[tuple[str, str], list[RatingRule]] = {}
        self._searched: list[RatingRule] = []
        self._any: list[RatingRule] = []
        self.families: set[str] = set()
        for rule in rules:
            self._shelf(rule).append(rule)
            self.families.add(rule.family)
        for shelf in (*self._by_host.values(), *self._by_stem.values(), *self._by_name.values(), self._searched, self._any):
            if len(shelf) > 1:
                shelf.sort(key=_order)

    def _shelf(self, rule: RatingRule) -> list[RatingRule]:
        match rule.kind:
            case "host":
                shelf = self._by_stem if rule.key.endswith(".") else self._by_host
                return shelf.setdefault(rule.key.removesuffix("."), [])
            case "substring" | "pattern":
                return self._searched
            case "any":
                return self._any
            case _:
                return self._by_name.setdefault((rule.kind, rule.key), [])

    def look_up(self, about: Subject) -> tuple[Said, ...]:
        """What each list says, in order of its id; a list that does not speak of the citation is not there."""
        address = _Address(about.url)
        candidates = list(self._candidates(about, address))
        if not candidates:
            return ()
        candidates.sort(key=_list_of)
        said = (_said(list(some), about, address) for _, some in groupby(candidates, key=_list_of))
        return tuple(each for each in said if each is not None)

    def _candidates(self, about: Subject, address: "_Address") -> Iterator[RatingRule]:
        for name in address.names:
            yield from (rule for rule in self._by_host.get(name, ()) if _reaches(rule, address))
        if self._by_stem:
            for stem in address.stems():
                yield from (rule for rule in self._by_stem.get(stem, ()) if _reaches(rule, address))
        for doi in about.dois if self._by_name else ():
            yield from self._by_name.get(("doi", doi), ())
            yield from self._by_name.get(("doi-prefix", doi.partition("/")[0]), ())
        for issn in about.issns if self._by_name else ():
            yield from self._by_name.get(("issn", issn), ())
        for rule in self._searched:
            if _searched(rule, address):
                yield rule
        yield from self._any


def _list_of(rule: RatingRule) -> str:
    return rule.list_id


def _order(rule: RatingRule) -> tuple[str, ...]:
    """Any order, as long as it is always the same: the order of rows never matters."""
    return tuple(
        ",".join(sorted(value)) if isinstance(value, frozenset) else str(value)
        for value in (getattr(rule, each.name) for each in fields(rule))
    )


class _Address:
    """A URL as rules compare it."""

    __slots__ = ("host", "names", "path", "searched", "url")

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            host, path, query = (parts.hostname or "").removesuffix("."), parts.path, parts.query
        except ValueError:
            host, path, query = "", "", ""
        self.url = url
        self.host = host.removeprefix("www.")
        self.path = _plain(path)
        self.searched = f"{self.path}?{_plain(query)}" if query else self.path
        self.names = tuple(_names(self.host))

    def stems(self) -> Iterator[str]:
        """What stands before the suffix, label by label: `example` and `news.example` of news.example.co.uk."""
        name = domains.registered_name(self.host)
        if name is None:
            return
        suffix = name.partition(".")[2]
        labels = self.host.removesuffix(f".{suffix}").split(".")[-MOST_LABELS:]
        yield from (".".join(labels[start:]) for start in range(len(labels)))


def _names(host: str) -> Iterator[str]:
    """The host and what stands above it, most labels first, down to the name that still speaks for it: never a bare suffix."""
    if not host:
        return
    least = domains.broadest_name(host).count(".")
    labels = host.split(".")[-MOST_LABELS:]
    if ":" in host or labels[-1].isdigit():
        yield host
        return
    for start in range(max(len(labels) - least, 1)):
        yield ".".join(labels[start:])


def _plain(text: str) -> str:
    return (unquote(text) if "%" in text else text).lower()


def _reaches(rule: RatingRule, address: _Address) -> bool:
    return _under(rule.path, address) and not any(_excluded(key, rule, address) for key in rule.excluded)


def _under(path: str, address: _Address) -> bool:
    """Whether the address lies under a path: on a segment boundary, or anywhere behind a raw prefix (`/x*`)."""
    if not path:
        return True
    place = address.searched if "?" in path else address.path
    wanted = _plain(path)
    if wanted.endswith("*"):
        return place.startswith(wanted[:-1])
    return place == wanted or place.startswith((f"{wanted}/", f"{wanted}&") if "?" in wanted else f"{wanted}/")


def _excluded(key: str, rule: RatingRule, address: _Address) -> bool:
    if rule.kind == SUBSTRING:
        return key in address.url
    host, slash, path = key.partition("/")
    host = host.removeprefix("www.")
    named = host.removesuffix(".") in address.stems() if host.endswith(".") else host in address.names
    return named and _under(f"/{path}" if slash and path else "", address)


def _searched(rule: RatingRule, address: _Address) -> bool:
    if rule.kind == SUBSTRING:
        return rule.key in address.url and not any(key in address.url for key in rule.excluded)
    return spam_fragment(rule.key, address.url)


def spam_fragment(fragment: str, url: str) -> bool:
    r"""Whether a fragment of a spam blacklist matches, as MediaWiki puts it behind the scheme and a beginning of the host.

    >>> spam_fragment(r"\bbuy-[a-z]+\.example\b", "http://www.buy-now.example/x"), spam_fragment("qq", "http://a.example/qq")
    (True, False)
    """
    compiled = patterns.guarded(fragment)
    if compiled is None:
        return False
    text = url.lower().partition("//")[2][: patterns.LONGEST_SUBJECT]
    reach = len(text) - len(text.lstrip("abcdefghijklmnopqrstuvwxyz0123456789_-."))
    found = compiled.search(text)
    return found is not None and found.start() <= reach


# ---- one list


def _said(rules: list[RatingRule], about: Subject, address: _Address) -> Said | None:
    """Group after group, the most specific first: the first that speaks decides (scoring.md, 4.2)."""
    if rules[0].family == SPAM and any(rule.category == WHITELISTED for rule in rules):
        return None
    groups = sorted(rules, key=_specificity, reverse=True)
    doubted: list[RatingRule] = []
    for _, some in groupby(groups, key=_specificity):
        here = list(some)
        kept, dated_by = _left(here, about)
        if kept:
            return _spoken(kept, about, address, dated_by=dated_by)
        doubted += [rule for rule in here if CONDITIONAL in rule.flags and rule.kind != ANY]
    return _spoken(doubted, about, address, dated_by=None, unmet=True) if doubted else None


def _specificity(rule: RatingRule) -> tuple[int, int]:
    if rule.kind == "host":
        return rule.key.removesuffix(".").count(".") + 1, len(rule.path.removesuffix("*"))
    return NARROW.get(rule.kind, 0), len(rule.key)


def _left(rules: list[RatingRule], about: Subject) -> tuple[list[RatingRule], str | None]:
    """The rules of one group that are about this citation: its author, its work, its date, the topic of the document."""
    kept = [rule for rule in rules if _by(rule.author, about.authors) and _by(rule.work, (*about.works, *about.authors))]
    kept = _preferred(kept, lambda rule: rule.author is not None or rule.work is not None)
    kept, dated_by = _in_time(kept, about)
    if about.topic:
        wanted = about.topic.casefold()
        kept = _preferred(kept, lambda rule: rule.topic is not None and rule.topic.casefold() == wanted)
    return kept, dated_by


def _by(pattern: str | None, names: Iterable[str]) -> bool:
    return pattern is None or any(patterns.found(pattern, name) for name in names)


def _preferred(rules: list[RatingRule], wanted: Callable[[RatingRule], bool]) -> list[RatingRule]:
    return [rule for rule in rules if wanted(rule)] or rules


def _in_time(rules: list[RatingRule], about: Subject) -> tuple[list[RatingRule], str | None]:
    """Dated rules whose window meets the date of the citation; undated ones only where no dated one does."""
    dated = [rule for rule in rules if rule.valid_from or rule.valid_to]
    if not dated:
        return rules, None
    for name, written in (("published", about.published), ("accessed", about.accessed)):
        if (period := _period(written)) is not None:
            met = [rule for rule in dated if _meets(rule, *period)]
            return met or [rule for rule in rules if rule not in dated], name
    return rules, None


def _meets(rule: RatingRule, first: date, last: date) -> bool:
    return (rule.valid_from is None or rule.valid_from <= last) and (rule.valid_to is None or first <= rule.valid_to)


MONTHS = {Precision.MONTH: 1, Precision.SEASON: 3, Precision.YEAR: 12, Precision.RANGE: 12}
"""Precision -> the months that a date of it may mean; one to the day means that day."""


def _period(written: CitedDate | None) -> tuple[date, date] | None:
    """The days that a date may mean: "2020" is a year."""
    if written is None or written.value is None:
        return None
    first = written.value
    months = MONTHS.get(written.precision or Precision.DAY)
    if months is None:
        return first, first
    if first.year >= date.max.year:
        return first, date.max
    turn = first.month - 1 + months
    return first, date(first.year + turn // 12, turn % 12 + 1, 1) - timedelta(days=1)


def _spoken(rules: list[RatingRule], about: Subject, address: _Address, *, dated_by: str | None, unmet: bool = False) -> Said:
    categories = {(rule.category, BLACKLISTED in rule.flags) for rule in rules}
    mixed = unmet or len(categories) > 1 or (rules[0].category == MIXED and rules[0].family != MBFC)
    return Said(
        list_id=rules[0].list_id,
        family=rules[0].family,
        category=None if mixed else rules[0].category,
        rules=tuple(rules),
        mixed=mixed,
        unmet=unmet,
        platform_level=all(_about_the_platform(rule, address) for rule in rules),
        other_language=_other_language(rules[0], about),
        dated_by=dated_by,
        via=about.via,
    )


MIXED = "mixed"
"""A class of some lists: their own rows differ by topic or author. MBFC has a level of that name."""

USER, MBFC = "user", "mbfc"


def _other_language(rule: RatingRule, about: Subject) -> bool:
    """Lists speak for their community; the user's own speak everywhere."""
    return bool(rule.language and about.language and rule.family.partition(":")[0] != USER and rule.language != about.language)


def _about_the_platform(rule: RatingRule, address: _Address) -> bool:
    """Whether a rule is about a platform of many publishers, and the address belongs to one of them."""
    if rule.kind != "host" or rule.path or not domains.is_platform(rule.key):
        return False
    publisher = domains.publisher_key(address.url)
    return publisher != rule.key and (publisher.endswith(f".{rule.key}") or publisher.startswith(f"{rule.key}/"))


# ---- a person's correction


def corrected(said: Iterable[Said], overrides: Iterable[RatingOverride], *, url: str, now: datetime) -> tuple[Said, ...]:
    """What lists say, with the corrections that act on this URL today: each keeps the rows that it sets aside."""
    address = _Address(url)
    acting = [each for each in overrides if each.created_at <= now < each.expires_at and _names_it(each, address)]
    newest = {each.list_id: each for each in sorted(acting, key=lambda one: one.created_at)}
    return tuple(_overridden(each, newest.get(each.list_id)) for each in said)


def _names_it(override: RatingOverride, address: _Address) -> bool:
    host, slash, path = override.key.partition("/")
    return host in address.names and _under(f"/{path}" if slash and path else "", address)


def _overridden(said: Said, override: RatingOverride | None) -> Said:
    return replace(said, category=override.category, mixed=False, unmet=False, override=override) if override else said


# ---- all lists together

YEAR_DAYS = 365.25
OLD_YEARS = 4
"""Years without a discussion after which English Wikipedia itself calls an entry of its list stale (2026)."""

CONSENSUS, FALLBACK, DETECTOR = "consensus", "fallback", "detector"
PRIORITIES: Mapping[str, int] = {
    "citeunseen:enRSP": 10,
    "citeunseen:zhRSP": 10,
    "citeunseen:enVGS": 8,
    "citeunseen:zhVGS": 8,
    "citeunseen:zhACGS": 8,
    "citeunseen:enNPPSG": 6,
}
"""Lists of one community, the broadest consensus first; a list of the community that is none of these goes before them all."""

_LEAST_VARIANCE = 0.95
"""Share of the standard deviation that a value between 0 and 1 can have at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voice:
    """What one family says: the first of its lists that speaks. `mu` is None where its rows have no number."""

    said: Said
    mu: float | None
    variance: float


def pooled(
    said: Sequence[Said], *, today: date, loaded: Collection[str] = (), personal: bool = False, languages: Collection[str] = ()
) -> Editorial | None:
    """What all lists say of one citation together (scoring.md, 4.4); None when none of them speaks of it.

    `loaded` are the families of the loaded lists. `personal`: the address is one person's page, and such pages get no label.
    `languages` are those whose lists count beside those of the document; `*` is all.
    """
    speaking = [each for each in said if _bears_a_number(each.family)]
    if not speaking:
        return None
    if personal:
        note = "platform-level" if all(each.platform_level for each in speaking) else "suppressed"
        return _unnumbered(speaking, note)
    own = [each for each in speaking if not each.other_language or "*" in languages or each.rules[0].language in languages]
    if not own:
        return _unnumbered(speaking, "other-language")
    voices = [_voice(each, today) for each in _first_of_each_family(own, loaded)]
    return _together(voices, own, today)


def _bears_a_number(family: str) -> bool:
    return family not in {SPAM, RETRACTIONS, KINDS}


def _unnumbered(said: Sequence[Said], note: str) -> Editorial:
    first = _first_of_each_family(said, ())[0]
    category = first.category or MIXED
    return Editorial(
        value=None,
        category=category,
        word=word(first),
        mixed=first.mixed,
        notes=frozenset({note} | ({"override"} if first.override else set())),
        language=first.rules[0].language,
        lists=tuple(rated_by(each) for each in said),
    )


def _first_of_each_family(said: Sequence[Said], loaded: Collection[str]) -> list[Said]:
    best: dict[str, Said] = {}
    for each in sorted(said, key=lambda one: (_rank(one), one.list_id)):
        best.setdefault(each.family, each)
    if MBFC in loaded:
        best = {family: each for family, each in best.items() if family != CONSENSUS} or best
    return sorted(best.values(), key=lambda one: (not one.family.endswith("wiki-community"), one.family))


def _rank(said: Said) -> tuple[float, float]:
    """Smaller speaks first: the list's own standing, then how exactly it speaks."""
    flags = frozenset().union(*(rule.flags for rule in said.rules))
    if FALLBACK in flags or DETECTOR in flags:
        standing = 3.0 if FALLBACK in flags else 2.0
    else:
        standing = -float(PRIORITIES.get(said.list_id, 0 if said.list_id.startswith("citeunseen:") else 100))
    conditions = max(
        1.5 * bool(rule.author) + bool(rule.valid_from or rule.valid_to) + 0.7 * bool(rule.work) for rule in said.rules
    )
    return (4.0, 0.0) if said.unmet else (standing, -conditions)


def _voice(said: Said, today: date) -> _Voice:
    anchors = [_anchor(said.family, category, listed) for category, listed in _claims(said)]
    known = [each for each in anchors if each is not None]
    if not known or said.unmet:
        return _Voice(said=said, mu=None, variance=0.0)
    mu = math.fsum(each[0] for each in known) / len(known)
    sigma2 = math.fsum(each[1] ** 2 + (each[0] - mu) ** 2 for each in known) / len(known)
    drift = policy.number("drift_per_year") * _age_years(said, today)
    return _Voice(said=said, mu=mu, variance=sigma2 + drift**2)


def _claims(said: Said) -> Iterator[tuple[str, bool]]:
    """(category, blacklisted by the same list) of each of its rows; of a correction alone where one acts."""
    if said.override:
        yield from [(said.category, False)] if said.category else []
        return
    yield from sorted({(rule.category, BLACKLISTED in rule.flags) for rule in said.rules})


def _anchor(family: str, category: str, listed: bool) -> tuple[float, float] | None:  # noqa: FBT001 - one of a pair
    if family == CONSENSUS:
        scale = policy.scale()
        value = scale["slope"] * float(category) + scale["offset"]
        return min(max(value, scale["low"]), scale["high"]), scale["sigma"]
    if family == MBFC:
        return policy.anchor("mbfc", category)
    return policy.anchor("community", BLACKLISTED if category == "b" or (listed and category in {"gu", "d"}) else category)


def _age_years(said: Said, today: date) -> float:
    days = [rule.as_of for rule in said.rules if rule.as_of]
    return max((today - max(days)).days / YEAR_DAYS, 0.0) if days else 0.0


def _together(voices: Sequence[_Voice], said: Sequence[Said], today: date) -> Editorial:
    first = voices[0].said
    heard = [each for each in voices if each.mu is not None]
    value, sd = _weighed(heard)
    disputed = any(_differ(one, other) for place, one in enumerate(heard) for other in heard[place + 1 :])
    mixed = any(each.said.mixed for each in voices)
    old = any(
        _age_years(each.said, today) > OLD_YEARS or any("stale" in rule.flags for rule in each.said.rules) for each in voices
    )
    notes = {
        "old": old,
        "platform-level": all(each.said.platform_level for each in voices),
        "override": any(each.said.override for each in voices),
    }
    return Editorial(
        value=value,
        sd=sd,
        category=MIXED if mixed or disputed else first.category or MIXED,
        word=policy.WORDS[MIXED] if mixed or disputed else word(first),
        mixed=mixed,
        disputed=disputed,
        caps=frozenset() if mixed or disputed else _caps(voices),
        notes=frozenset(note for note, acts in notes.items() if acts),
        language=first.rules[0].language,
        lists=tuple(rated_by(each) for each in said),
    )


def _weighed(heard: Sequence[_Voice]) -> tuple[float | None, float]:
    """(editorial value, its standard deviation): the prior enters the width only, a dispute widens it."""
    if not heard:
        return None, 0.0
    weights = [1 / each.variance for each in heard]
    total = math.fsum(weights)
    value = math.fsum(weight * (each.mu or 0.0) for weight, each in zip(weights, heard, strict=True)) / total
    spread2 = math.fsum(weight * ((each.mu or 0.0) - value) ** 2 for weight, each in zip(weights, heard, strict=True)) / total
    sd = math.sqrt(max(1 / (1 / policy.number("prior_sd") ** 2 + total), spread2))
    return value, min(sd, _LEAST_VARIANCE * math.sqrt(value * (1 - value)))


def _differ(one: _Voice, other: _Voice) -> bool:
    return abs((one.mu or 0.0) - (other.mu or 0.0)) > policy.number("disputed_at") * math.sqrt(one.variance + other.variance)


def _caps(voices: Sequence[_Voice]) -> frozenset[str]:
    claims = {claim for each in voices for claim in _claims(each.said) if each.said.family not in {MBFC, CONSENSUS}}
    found = {"d"} if any(category == "d" for category, _ in claims) else set()
    listed = any(category == "b" or (flagged and category in {"gu", "d"}) for category, flagged in claims)
    return frozenset(found | ({BLACKLISTED} if listed else set()))


def agreed(some: Sequence[Editorial]) -> Editorial:
    """What lists say of a URL that is cited more than once: mixed where its citations fall under rows that differ."""
    first = min(some, key=lambda each: (each.value is None, each.category, repr(each)))
    if all(each.category == first.category for each in some):
        return first
    heard = [each.value for each in some if each.value is not None]
    value = math.fsum(heard) / len(heard) if heard else None
    variance = math.fsum(each.sd**2 for each in some) / len(some)
    spread = math.fsum((each - value) ** 2 for each in heard) / len(heard) if value is not None else 0.0
    lists = tuple(sorted({by for each in some for by in each.lists}, key=repr))
    sd = math.sqrt(variance + spread)
    return replace(first, value=value, sd=sd, category=MIXED, word=policy.WORDS[MIXED], mixed=True, caps=frozenset(), lists=lists)


# ---- in words


def word(said: Said) -> str:
    """The list's verdict as reports show it."""
    if said.mixed or said.category is None:
        return policy.WORDS[MIXED]
    listed = said.blacklisted and said.category in {"gu", "d"} and said.override is None
    return f"{_shown(said.category)}, {BLACKLISTED}" if listed else _shown(said.category)


def _shown(category: str) -> str:
    return policy.WORDS.get("blacklisted" if category == "b" else category, category.replace("-", " "))


def rated_by(said: Said) -> RatedBy:
    """Who says it: the list, as of when, which revision, under what terms, where it can be read."""
    newest = max(said.rules, key=lambda rule: (rule.as_of or date.min, rule.entry or ""))
    return RatedBy(
        list_id=said.list_id,
        family=said.family,
        category=said.category or MIXED,
        word=word(said),
        **{name: getattr(newest, name) for name in ("entry", "as_of", "revision", "licence", "url")},
    )


SUPPRESSED = (
    "A loaded list speaks of this page; it belongs to one person, and such pages are not labelled (scoring.personal_labels)."
)


def sentence(said: Said) -> str:
    """One list's verdict, attributed: the list, its community, its day, its revision, its terms, its place; no words of ours."""
    by = rated_by(said)
    entry = f" (entry {by.entry})" if by.entry else ""
    whose = "the platform that publishes it" if said.platform_level else "the source"
    told = f'{whose}{entry} is rated "{word(said)}" by {attribution(by)}'
    if said.family == SPAM:
        told = f"{whose}{entry} stands on the spam blacklist {attribution(by)}: that means spammed, not false"
    elif said.mixed:
        rows = sorted({f"{_shown(rule.category)}{f' for {rule.topic}' if rule.topic else ''}" for rule in said.rules})
        told = f"{whose}{entry} is rated differently by rows of {attribution(by)}: {'; '.join(rows)}"
    if said.dated_by:
        told += f"; chosen by the date {said.dated_by}"
    if said.via:
        told += f"; found via {said.via}"
    if said.override:
        told = _told_correction(said, said.override, by)
    return f"{told}. {VIEW}"[:1_000]


VIEW = "It is that list's view about citing it, not a statement about any article."


def _told_correction(said: Said, override: RatingOverride, by: RatedBy) -> str:
    before = ", ".join(sorted({_shown(rule.category) for rule in said.rules}))
    stands = f'"{_shown(override.category)}"' if override.category else "no rating"
    return (
        f"corrected to {stands} by {override.author} on {override.created_at:%Y-%m-%d} until {override.expires_at:%Y-%m-%d}"
        f' ({override.note}); "{before}" by {attribution(by)}'
    )


def attribution(by: RatedBy) -> str:
    """Who says it, when, in which revision, under what terms, and where.

    >>> attribution(RatedBy(list_id="acme", family="user", category="gr", word="generally reliable", as_of=date(2026, 5, 1)))
    'the list acme (as of 2026-05-01)'
    """
    community, _, known = by.family.partition("wiki-community")
    who = (
        f"{LANGUAGES.get(community, community)} Wikipedia editors, list {by.list_id}"
        if by.family.endswith("wiki-community") and not known
        else f"the list {by.list_id}"
    )
    details = [
        f"as of {_shown_day(by.as_of)}" if by.as_of else None,
        f"revision {by.revision}" if by.revision else None,
        by.licence,
        by.url,
    ]
    told = ", ".join(each for each in details if each)
    return f"{who} ({told})" if told else who


def _shown_day(day: date) -> str:
    """Lists that tell no more than a year are kept as its first day."""
    return str(day.year) if (day.month, day.day) == (1, 1) else str(day)


LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "fr": "French",
    "ru": "Russian",
    "zh": "Chinese",
    "vi": "Vietnamese",
    "de": "German",
}
"""Communities whose lists have readers here, by the language of their Wikipedia; others are told by its code."""
