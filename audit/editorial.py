"""Rating rules -> what each list says of one citation, and what all of them say together. Pure.

A rating is a rule, not a domain: it may reach one section, some years, one author. What lists say of each other's subjects is shown
side by side; nothing is settled by taking the worst or the last.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import unquote, urlsplit

from audit import domains, patterns
from audit.model import Citation, CitedDate, Precision, RatingRule

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

    `platform_level`: the rule is about the platform, not about its tenant. `dated_by` names the date that chose among its rows.
    """

    list_id: str
    family: str
    category: str | None
    rules: tuple[RatingRule, ...]
    mixed: bool = False
    platform_level: bool = False
    other_language: bool = False
    dated_by: str | None = None
    via: str | None = None

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
        for rule in sorted(rules, key=_order):
            self._shelf(rule).append(rule)

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
        candidates = sorted(self._candidates(about, address), key=_list_of)
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
    if host.endswith("."):
        named = host.removesuffix(".") in set(address.stems())
    else:
        named = host in address.names
    return named and _under(f"/{path}" if slash and path else "", address)


def _searched(rule: RatingRule, address: _Address) -> bool:
    if rule.kind == SUBSTRING:
        return rule.key in address.url and not any(key in address.url for key in rule.excluded)
    return spam_fragment(rule.key, address.url)


def spam_fragment(fragment: str, url: str) -> bool:
    r"""Whether a fragment of a spam blacklist matches, as MediaWiki puts it behind the scheme and a beginning of the host.

    >>> spam_fragment(r"\bbuy-[a-z]+\.example\b", "http://www.buy-now.example/x"), spam_fragment("x", "http://a.example/x")
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
        here = sorted(some, key=_order)
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
    if rule.kind != "host" or rule.path:
        return False
    publisher = domains.publisher_key(address.url)
    return publisher != rule.key and (publisher.endswith(f".{rule.key}") or publisher.startswith(f"{rule.key}/"))
