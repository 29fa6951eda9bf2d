"""Is an answer a refusal? Bot walls, logins, consent, payment, law, geography, rate limits. Pure; facts in data/walls.toml.

A wall is missing information, never a death. Vendors' cookies and scripts also sit on millions of ordinary pages: a rule needs
what only a refusal shows, or a refusing status, or a page with next to nothing on it (verdicts.md, 5).
"""

import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from audit import data, similarity
from audit.model import Evidence, Failure, Fetch

REFUSALS: Mapping[int, tuple[str, float]] = {
    401: ("login", 0.8),
    440: ("login", 0.8),
    402: ("payment", 0.8),
    403: ("forbidden", 0.7),
    429: ("rate-limited", 0.9),
    451: ("legal", 0.95),
    999: ("bot-wall", 0.9),
    **dict.fromkeys((405, 406, 407, 412, 417, 418, 421, 428, 431, 444, 449, 450, 460, 494, 511), ("refused-request", 0.6)),
}
"""Statuses that refuse us and say nothing about the page."""

CHALLENGES = {"captcha", "mark:recaptcha", "mark:hcaptcha", "mark:turnstile"}
LEAD = 4_000
"""Characters: a refusal speaks at once."""

CERTAIN, YIELDING = 0.9, 0.8
TINY_WORDS, SHORT_WORDS = 30, 150
HEADING_WORDS = 40
"""Of a page whose heading speaks for it although its title says something else."""

ACCESS_DENIED, OBJECT_STORE = "accessdenied", 0.4
"""What an object store says, of files that do not exist, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """A refusal: the reason code and what showed it. The cited title on the page outweighs one that `yields`."""

    reason: str
    evidence: Evidence
    yields: bool = False


_TABLE = data.table("walls")


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(similarity.fold(each) for each in texts)


BLANK = _folded(_TABLE["blank"]["titles"])
CODED = _folded(_TABLE["blank"]["coded"])
"""Words around the code of an error."""

ASKING = {reason: _folded(titles) for reason, titles in _TABLE["titles"].items()}
OPENINGS = {reason: tuple(f"{each} " for each in _folded(starts)) for reason, starts in _TABLE["openings"].items()}
_DOORS = _TABLE["doors"]


def _by_word(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {word: reason for reason, words in table.items() for word in words}


TOKENS, SURE, LABELS, HOSTS, LAST = (_by_word(_DOORS[name]) for name in ("tokens", "sure", "labels", "hosts", "last"))
"""What addresses of doors say, and the reason that it stands for."""

BESIDE = frozenset(_DOORS["words"]["beside"])
WORDS = {**TOKENS, **dict.fromkeys(_DOORS["words"]["bot-wall"], "bot-wall")}

RETURNS, PROTOCOLS = (frozenset(_DOORS["carries"][name]) for name in ("returns", "protocols"))
SEPARATORS = re.compile(r"\s+[|\u2013\u2014\-\u00b7\u00bb\u2039\u203a\u2022~]+\s+|\s*(?:\||::|\u00bb|\u00b7)\s*")
LIKE_A_HOST = re.compile(r"(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)+)(?:[/?:]\S*)?$")


@lru_cache(maxsize=4_096)
def title_parts(title: str | None) -> tuple[str, ...]:
    """The parts of a title, folded: a rule must match a whole one. A colon is no separator.

    >>> title_parts("Page not found | The Paper"), title_parts("Peugeot 404: a review")
    (('page not found', 'the paper'), ('peugeot 404 a review',))
    """
    if not title:
        return ()
    return tuple(folded for part in SEPARATORS.split(title[:500]) if (folded := similarity.fold(part)))


def wall(fetch: Fetch) -> Wall | None:
    """The refusal that an answer is, None when it is none. Looks at every status, 200 included."""
    if fetch.failure is Failure.TOO_MANY_REDIRECTS:
        return _round_a_door(fetch)
    if fetch.http_status is None:
        return None
    if fetch.http_status == 403 and _by_an_object_store(fetch):
        return _refused("forbidden", fetch, OBJECT_STORE, "by an object store")
    return _marked(fetch) or _door(fetch) or _status(fetch)


# ---- what the answer shows


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """An answer as the conditions look at it, folded once and only when one asks."""

    fetch: Fetch

    @cached_property
    def words(self) -> int:
        return self.fetch.word_count or 0

    @cached_property
    def names(self) -> frozenset[str]:
        """The parts of the title, also without the code of an error."""
        return _uncoded(title_parts(self.fetch.title))

    @cached_property
    def headings(self) -> frozenset[str]:
        """The parts of the heading, where it speaks for the page."""
        speaks = self.blank or self.words <= HEADING_WORDS or (self.fetch.http_status or 0) >= 400
        return _uncoded(title_parts(self.fetch.h1)) if speaks else frozenset()

    @cached_property
    def blank(self) -> bool:
        """Whether the page has no title of its own."""
        title = (self.fetch.title or "").strip()[:500].lower()
        found = LIKE_A_HOST.match(title)
        return similarity.fold(title) in BLANK or bool(found and found[1] in (self.fetch.final_url or self.fetch.requested_url))

    @cached_property
    def bare(self) -> bool:
        """Whether an answer that should be a page lacks what pages say of themselves to others."""
        fetch = self.fetch
        return not _is_ok(fetch) or not (fetch.og_title or fetch.canonical or fetch.description)

    @cached_property
    def clue(self) -> bool:
        """Whether more than a title hints at a guard."""
        flags = self.fetch.flags
        if (self.fetch.http_status or 0) >= 400 or flags & CHALLENGES:
            return True
        return self.words <= TINY_WORDS and bool(flags & {"scripts", "reloads"}) and not self.headed

    @cached_property
    def headed(self) -> bool:
        """Whether the page has a heading of its own, which no guard's title is."""
        heading = title_parts(self.fetch.h1)
        if not heading or LIKE_A_HOST.match((self.fetch.h1 or "")[:500].strip()):
            return False
        return self.names.isdisjoint(heading) and GUARDED.isdisjoint(heading) and BLANK.isdisjoint(heading)

    @cached_property
    def text(self) -> str:
        """The start of the text without the headline, folded: a headline may well quote what a guard says."""
        text = similarity.fold.__wrapped__((self.fetch.sample or "")[:LEAD])
        heading = similarity.fold(self.fetch.h1 or "")
        return text.replace(heading, " ", 1) if heading and heading != text else text


def _uncoded(parts: Iterable[str]) -> frozenset[str]:
    """Parts of a title, and what is left of those that begin or end with a code and its words.

    >>> sorted(_uncoded(["error 403 acceso denegado"]))
    ['acceso denegado', 'error 403 acceso denegado']
    """
    found = set()
    for part in parts:
        tokens = part.split()
        while len(tokens) > 1 and tokens[0] in CODED:
            tokens = tokens[1:]
        while len(tokens) > 1 and tokens[-1] in CODED:
            tokens = tokens[:-1]
        found |= {part, " ".join(tokens)}
    return frozenset(found)


def _is_ok(fetch: Fetch) -> bool:
    return 200 <= (fetch.http_status or 0) < 300


Condition = Callable[[Any, _Shown], str | None]
"""(what a rule wants, the answer) -> what it found, "" for nothing worth telling, None when it does not hold."""


def _silent(holds: Callable[[Any, _Shown], bool]) -> Condition:
    """A condition that adds nothing to what is told."""
    return lambda wanted, shown: "" if holds(wanted, shown) else None


def _has_header(wanted: tuple[str, re.Pattern[str]], shown: _Shown) -> str | None:
    name, pattern = wanted
    value = next((value for key, value in shown.fetch.headers if fnmatchcase(key, name) and pattern.search(value)), None)
    return None if value is None else f"{name}: {value[:80]}"


def _has_flag(wanted: frozenset[str], shown: _Shown) -> str | None:
    found = shown.fetch.flags & wanted
    return min(found).removeprefix("mark:") if found else None


def _has_flags(wanted: frozenset[str], shown: _Shown) -> str | None:
    return ", ".join(sorted(each.removeprefix("mark:") for each in wanted)) if wanted <= shown.fetch.flags else None


def _has_title(wanted: frozenset[str], shown: _Shown) -> str | None:
    if found := shown.names & wanted:
        return f'the title says "{min(found)}"'
    found = shown.headings & wanted
    return f'the heading says "{min(found)}"' if found else None


def _is_called_like(wanted: re.Pattern[str], shown: _Shown) -> str | None:
    found = next((part for part in sorted(shown.names | shown.headings) if wanted.fullmatch(part)), None)
    return f'it is called "{found}"' if found else None


def _is_called_with(wanted: re.Pattern[str], shown: _Shown) -> str | None:
    found = next((part for part in sorted(shown.names | shown.headings) if wanted.search(part)), None)
    return f'it is called "{found}"' if found else None


def _has_phrase(wanted: tuple[str, ...], shown: _Shown) -> str | None:
    """A sentence in the text, or at the end of a title: a headline that quotes it goes on."""
    text = shown.text
    for phrase in wanted:
        if phrase in text:
            return f'it says "{phrase}"'
    found = next((part for part in sorted(shown.names | shown.headings) if part.endswith(wanted)), None)
    return f'it is called "{found}"' if found else None


CONDITIONS: Mapping[str, Condition] = {
    "header": _has_header,
    "flag": _has_flag,
    "flags": _has_flags,
    "without": _silent(lambda wanted, shown: shown.fetch.flags.isdisjoint(wanted)),
    "cookie": _silent(lambda wanted, shown: not wanted.isdisjoint(shown.fetch.cookie_names)),
    "final_url": _silent(lambda wanted, shown: wanted in (shown.fetch.final_url or "")),
    "blank": _silent(lambda _, shown: shown.blank),
    "bare": _silent(lambda _, shown: shown.bare),
    "clue": _silent(lambda _, shown: shown.clue),
    "title": _has_title,
    "title_like": _is_called_like,
    "title_holds": _is_called_with,
    "phrases": _has_phrase,
    "body": _silent(lambda wanted, shown: all(pattern.search(shown.text) for pattern in wanted)),
}
"""What a rule may ask for, cheapest first."""

WANTED: Mapping[str, Callable[[Any], Any]] = {
    "header": lambda written: (written[0], re.compile(written[1], re.IGNORECASE)),
    "flag": frozenset,
    "flags": frozenset,
    "cookie": frozenset,
    "title": _folded,
    "title_like": re.compile,
    "title_holds": re.compile,
    "phrases": lambda written: tuple(dict.fromkeys(similarity.fold(each) for each in written)),
    "body": lambda written: tuple(re.compile(each) for each in written),
}
"""How what the data file says is made ready, where it is not taken as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A row of the data file. An empty `status` is any; of `flags` one must be there, if it names some."""

    name: str
    reason: str
    yields: bool
    status: frozenset[int]
    most_words: float
    flags: frozenset[str]
    conditions: tuple[tuple[Condition, Any], ...]


def _rule(row: Mapping[str, Any]) -> _Rule:
    made = {name: WANTED.get(name, lambda written: written)(row[name]) for name in CONDITIONS if row.get(name)}
    return _Rule(
        name=row["rule"],
        reason=row["reason"],
        yields=row.get("yields", False),
        status=frozenset(row.get("status", ())),
        most_words=row.get("most_words", float("inf")),
        flags=made.get("flag", made.get("flags", frozenset())),
        conditions=tuple((CONDITIONS[name], wanted) for name, wanted in made.items()),
    )


_BUILT_IN = tuple(_rule(row) for row in _TABLE["wall"])
_rules = _BUILT_IN
MOST_WORDS = int(max(rule.most_words for rule in _BUILT_IN if rule.most_words < float("inf")))


def use(rows: Iterable[Mapping[str, Any]] = ()) -> None:
    """Ask these rows first, before those that are built in, for the rest of this process; of the form of walls.toml."""
    global _rules  # noqa: PLW0603 - one configuration per process, read once
    _rules = (*map(_rule, rows), *_BUILT_IN)
    _rules_of.cache_clear()


@lru_cache(maxsize=4_096)
def _rules_of(status: int | None, words: int, flags: frozenset[str]) -> tuple[_Rule, ...]:
    """The rules that can fire on such an answer: most speak of other statuses, shorter pages or marks that it has not."""
    return tuple(
        rule
        for rule in _rules
        if words <= rule.most_words
        and not (rule.flags and rule.flags.isdisjoint(flags))
        and not (rule.status and status not in rule.status)
    )


GUARDED = frozenset(part for row in _TABLE["wall"] for part in _folded(row.get("title", ())))
"""What pages of guards are called."""


def _marked(fetch: Fetch) -> Wall | None:
    shown = _Shown(fetch=fetch)
    for rule in _rules_of(fetch.http_status, min(shown.words, MOST_WORDS + 1), fetch.flags):
        if said := _fires(rule, shown):
            yields = rule.yields and _is_ok(fetch)
            evidence = Evidence(rule=rule.name, detail=said, strength=YIELDING if yields else CERTAIN)
            return Wall(reason=rule.reason, evidence=evidence, yields=yields)
    return None


def _fires(rule: _Rule, shown: _Shown) -> str | None:
    """What made a rule fire; every condition it has must hold."""
    said = []
    for holds, wanted in rule.conditions:
        what = holds(wanted, shown)
        if what is None:
            return None
        said.append(what)
    return ", ".join((f"HTTP {shown.fetch.http_status}", *(each for each in said if each)))


# ---- doors


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """From the address that was asked to one that it led to."""

    asked: SplitResult
    final: SplitResult

    @property
    def new(self) -> set[str]:
        return _tokens(self.final) - _tokens(self.asked)

    @property
    def left(self) -> bool:
        """Whether it left the host."""
        return _host(self.final) != _host(self.asked)

    @property
    def goes_on(self) -> bool:
        """Whether the last part of the path came along: then the page moved."""
        name = self.asked.path.rstrip("/").rpartition("/")[2]
        return len(name) > LEAST_NAME and name in self.final.path


LEAST_NAME = 8
"""Letters of a path's last part that are no chance."""


def _way(fetch: Fetch, url: str) -> _Way | None:
    try:
        return _Way(asked=urlsplit(fetch.requested_url), final=urlsplit(url))
    except ValueError:
        return None


def _door(fetch: Fetch) -> Wall | None:
    """A redirect that ends at a sign-in, consent or payment page. Middle hops prove nothing: some flows bounce and come back."""
    final = fetch.final_url
    if not final or not fetch.hops or final == fetch.requested_url or not (way := _way(fetch, final)):
        return None
    if reason := _sure(way):
        return _led(reason, final, "a door by its address")
    for reason in _named(way):
        if said := _asks(fetch, way, reason):
            return _led(reason, final, said)
        if said := _carries(way):
            return _led(reason, final, said, yields=_is_ok(fetch))
    return None


def _round_a_door(fetch: Fetch) -> Wall | None:
    """Redirects that never end, through a door that carries the way back: it waits for a cookie that never comes."""
    for hop in fetch.hops[1:]:
        way = _way(fetch, hop.url)
        reason = _sure(way) or next(iter(_named(way)), None) if way else None
        if way and reason and (said := _carries(way)):
            return _led(reason, hop.url, f"{said}, and the walk does not end")
    return None


def _named(way: _Way) -> Iterable[str]:
    """What the new tokens and the new host of an address stand for."""
    reasons = (*(_meaning(token) for token in sorted(way.new)), _label(way))
    return dict.fromkeys(reason for reason in reasons if reason)


def _meaning(token: str) -> str | None:
    """The reason that a token stands for, as a whole or as a short name: `login`, `login-required`, not a headline."""
    if token in TOKENS:
        return TOKENS[token]
    words = re.split(r"[-_]", token, maxsplit=MOST_NAME)
    if len(words) > MOST_NAME or not all(word in WORDS or word in BESIDE for word in words):
        return None
    return next((WORDS[word] for word in words if word in WORDS), None)


MOST_NAME = 3
"""Words of a name that a program gives; a headline has more."""


def _sure(way: _Way) -> str | None:
    """What needs no confirmation: the addresses of guards, and the first labels of their hosts."""
    if found := next((SURE[each] for each in sorted(way.new) if each in SURE), None):
        return found
    if not way.left or way.goes_on:
        return None
    host = _host(way.final)
    if found := next((reason for each, reason in HOSTS.items() if host == each or host.endswith(f".{each}")), None):
        return found
    reason = _label(way)
    return reason if reason in {"consent", "bot-wall"} else None


def _label(way: _Way) -> str | None:
    return LABELS.get(_host(way.final).partition(".")[0]) if way.left and not way.goes_on else None


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").removeprefix("www.")


def _carries(way: _Way) -> str | None:
    """Where a door would send its visitor back to, or the request of a sign-on protocol."""
    path = way.asked.path.rstrip("/")
    for name, value in parse_qsl(way.final.query):
        low = name.lower()
        if low in PROTOCOLS:
            return f"it carries a request, `{name}`"
        if low in RETURNS and ("/" in value or "%2f" in value.lower() or value.startswith(BASE64_HTTP)):
            return f"it carries the way back in `{name}`"
        if len(path) >= LEAST_NAME and (unquote(value).rstrip("/").endswith(path) or _unpacked(value).endswith(path)):
            return f"it carries the way back in `{name}`"
    return None


BASE64_HTTP = ("aHR0c", "L2")
"""How `http` and a path begin in base64."""


def _unpacked(value: str) -> str:
    if not value.startswith(BASE64_HTTP):
        return ""
    try:
        return b64decode(value + "==").decode("utf-8", "replace")
    except (NoBase64, ValueError):
        return ""


def _asks(fetch: Fetch, way: _Way, reason: str) -> str | None:
    """What of the page confirms that a door asks for something."""
    if "password-field" in fetch.flags:
        return "it shows a password field"
    shown = _Shown(fetch=fetch)
    parts = shown.names | frozenset(title_parts(fetch.h1))
    if is_door(parts):
        return "its title asks to sign in or agree"
    if reason == "consent" and "form" in fetch.flags and shown.words < SHORT_WORDS and not way.goes_on:
        return "it shows a form to agree"
    if reason == "bot-wall" and _challenges(fetch, parts, way):
        return "it shows a challenge"
    if LAST.get(STEM.sub("", way.final.path.rstrip("/").rpartition("/")[2].lower())) == reason and shown.words <= SHORT_WORDS:
        return "its address ends there, and it shows little"
    return None


RIDDLES = {"captcha", "unblock"}


def _challenges(fetch: Fetch, parts: Iterable[str], way: _Way) -> bool:
    """Whether a page is a riddle. "Challenge" is also the name of many a cup and section."""
    if fetch.flags & CHALLENGES or not GUARDED.isdisjoint(parts):
        return True
    return not way.new.isdisjoint(RIDDLES) and (fetch.word_count or 0) <= TINY_WORDS


def _led(reason: str, final: str, said: str, *, yields: bool = False) -> Wall:
    evidence = Evidence(rule=f"wall.{reason}", detail=f"the redirect leads to {final[:200]}: {said}", strength=0.85)
    return Wall(reason=reason, evidence=evidence, yields=yields)


def _tokens(parts: SplitResult) -> set[str]:
    """The whole parts of a path, without extensions and session numbers, and what its query calls its page."""
    segments = (unquote(token).partition(";")[0].lower() for token in parts.path.split("/") if token)
    pages = {value.lower() for name, value in parse_qsl(parts.query) if name.lower() in PAGES}
    return {stem for token in segments for stem in (token, STEM.sub("", token))} | pages


PAGES = frozenset({"mode", "view", "action", "act", "page", "do", "route", "title", "cmd", "op", "task", "module", "screen"})
"""What programs that have one address for all call the page that they show."""

STEM = re.compile(r"\.(?:html?|php\d?|aspx?|jspx?|jsf|do|action|cfm|cgi|pl|shtml|srf|ashx|mvc)$")


# ---- pages that ask in place of what was cited


def asks(fetch: Fetch, *, shared: bool) -> Wall | None:
    """The sign-in, payment or consent page that stands in place of another one: here by a redirect, or for every address.

    Whether it was not cited itself is for the caller to know; an address that names a door is taken at its word. `shared`: other
    addresses of the site show the same page.
    """
    shown = _Shown(fetch=fetch)
    way = _way(fetch, fetch.final_url or fetch.requested_url)
    if not _is_ok(fetch) or shown.words > SHORT_WORDS or way is None or _names_a_door(way.asked) or not shown.bare:
        return None
    reason = _asked_for(shown.names) or _asked_for(shown.headings)
    field = "password-field" in fetch.flags
    if reason == "login" and (field or shared):
        return _instead(reason, "its title asks to sign in" + (", it shows a password field" if field else ""))
    if reason in {"consent", "payment"} and shared:
        return _instead(reason, "its title asks to agree or to pay")
    if field and shared and shown.words <= TINY_WORDS:
        return _instead("login", "a password field and little else")
    return None


def _asked_for(parts: frozenset[str]) -> str | None:
    found = next((reason for reason, titles in ASKING.items() if parts & titles), None)
    return found or next((reason for reason, starts in OPENINGS.items() if any(part.startswith(starts) for part in parts)), None)


def _names_a_door(asked: SplitResult) -> bool:
    names = _tokens(asked) | {_host(asked).partition(".")[0]}
    return any(_meaning(name) or name in SURE or name in LABELS for name in names)


def _instead(reason: str, said: str) -> Wall:
    return Wall(reason=reason, evidence=Evidence(rule="wall.instead", detail=f"in place of the page: {said}", strength=0.8))


# ---- guards that no rule knows

STEMS = {reason: tuple({similarity.fold(each) for each in row["stems"]}) for reason, row in _TABLE["interrupts"].items()}
WIDE_STEMS = {reason: tuple(each for each in stems if similarity.WIDE.search(each)) for reason, stems in STEMS.items()}
MOST_INTERRUPTING = 600
"""Words of the longest page that only asks for consent: lists of partners and purposes are long."""

LEAST_HITS, LEAST_SHARE = 2, 0.12
FEW_SHARE, FEW_HITS = 0.08, 8
"""The longer a page speaks of one matter alone, the fewer of its words need to name it."""


@lru_cache(maxsize=512)
def _stem_hits(text: str) -> tuple[int, Mapping[str, int]]:
    """How many words a folded text has, and how many of them speak of what each kind of guard asks."""
    tokens = text.split()
    return len(tokens), {
        reason: sum(token.startswith(stems) for token in tokens) + LEAST_HITS * sum(each in text for each in WIDE_STEMS[reason])
        for reason, stems in STEMS.items()
    }


def interrupts(fetch: Fetch) -> Wall | None:
    """A page that speaks of little but consent, a check, a door or an age: perhaps the guard of a vendor that no rule knows.

    It convicts nobody, and nobody is convicted by it; whether it stands in place of another page is for the caller to know. An
    empty reason: it says to come back later.
    """
    if not _is_ok(fetch) or (fetch.word_count or 0) > MOST_INTERRUPTING:
        return None
    words, hits = _stem_hits(similarity.fold(f"{fetch.title or ''} {fetch.h1 or ''} {(fetch.sample or '')[:LEAD]}"))
    reason = max(hits, key=lambda each: hits[each])
    share = hits[reason] / max(words, 1)
    if hits[reason] < LEAST_HITS or share < (FEW_SHARE if hits[reason] >= FEW_HITS else LEAST_SHARE):
        return None
    said = f"{hits[reason]} of {words} words ask something of the visitor"
    return Wall(
        reason=_TABLE["interrupts"][reason]["reason"], evidence=Evidence(rule="wall.interrupts", detail=said, strength=0.5)
    )


# ---- statuses


def _status(fetch: Fetch) -> Wall | None:
    status = fetch.http_status or 0
    if status == 503 and fetch.header("retry-after"):
        return _refused("rate-limited", fetch, 0.7, "with Retry-After")
    if status not in REFUSALS:
        return None
    reason, strength = REFUSALS[status]
    return _refused(reason, fetch, strength, "")


def _by_an_object_store(fetch: Fetch) -> bool:
    said = similarity.fold((fetch.sample or "")[:500]).replace(" ", "")
    return ACCESS_DENIED in said and bool(fetch.header("x-amz-request-id"))


def _refused(reason: str, fetch: Fetch, strength: float, more: str) -> Wall:
    return Wall(
        reason=reason, evidence=Evidence(rule="wall.status", detail=f"HTTP {fetch.http_status} {more}".strip(), strength=strength)
    )


# ---- titles


def is_door(parts: Iterable[str]) -> bool:
    """Whether a title part asks to sign in or agree."""
    return _asked_for(frozenset(parts)) is not None


def is_wall_title(title: str) -> bool:
    """Whether a title, cited or shown, is a guard's own: an editor's tool may have cited the guard's page."""
    return not GUARDED.isdisjoint(title_parts(title))


def is_cited_so(fetch: Fetch, titles: Iterable[str]) -> bool:
    """Whether a title that could be a guard's is part of a longer cited one: "Un instant" of "Un instant, and other poems"."""
    parts = GUARDED.intersection(title_parts(fetch.title))
    return any(part in folded for part in parts for folded in map(similarity.fold, titles) if folded != part)
