"""Is an answer a refusal? Bot walls, logins, consent, payment, law, geography, rate limits. Pure; facts in data/walls.toml.

A wall is missing information, never a death. Vendors' cookies and scripts also sit on millions of ordinary pages: a rule needs
what only a refusal shows, or a refusing status, or a page with next to nothing on it (verdicts.md, 5).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from audit import data, similarity
from audit.model import Evidence, Fetch

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

DOORS = {
    "login": {
        "login",
        "signin",
        "sign-in",
        "log-in",
        "sso",
        "auth",
        "oauth",
        "oauth2",
        "authorize",
        "saml",
        "saml2",
        "shibboleth",
        "cas",
        "idp",
    },
    "consent": {"consent", "cookiewall", "gdpr", "cookie-consent", "cookiewall.html"},
    "payment": {"subscribe", "paywall"},
    "bot-wall": {"captcha", "challenge", "unblock"},
}
"""Whole path tokens of the final address, new in it, by what they ask for."""

RETURNS = {
    "next",
    "return",
    "returnurl",
    "return_url",
    "returnto",
    "return_to",
    "continue",
    "goto",
    "redirect",
    "redirect_uri",
    "redirecturl",
    "redirect_to",
    "service",
    "target",
    "url",
    "back",
    "dest",
    "destination",
    "callback",
}
GUARDS = ("unblock.", "validate.", "challenge.", "captcha.")
CHALLENGES = {"captcha", "mark:recaptcha", "mark:hcaptcha", "mark:turnstile"}
TINY_WORDS = 200
LEAD = 4_000
"""Characters: a refusal speaks at once."""

ACCESS_DENIED = "accessdenied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """A refusal: the reason code and what showed it."""

    reason: str
    evidence: Evidence


_RULES: list[dict[str, Any]] = data.table("walls")["wall"]
_TITLES: dict[str, frozenset[str]] = {
    reason: frozenset(similarity.fold(each) for each in titles) for reason, titles in data.table("walls")["titles"].items()
}
_COMPILED = [
    {
        **rule,
        "header": (rule["header"][0], re.compile(rule["header"][1], re.IGNORECASE)) if "header" in rule else None,
        "title": frozenset(similarity.fold(each) for each in rule.get("title", ())),
        "body": tuple(re.compile(each) for each in rule.get("body", ())),
    }
    for rule in _RULES
]
SEPARATORS = re.compile(r"\s+[|\u2013\u2014\-\u00b7\u00bb\u2022~]+\s+|\s*(?:\||::|\u00bb|\u00b7)\s*")


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
    if fetch.http_status is None:
        return None
    return _marked(fetch) or _door(fetch) or _status(fetch)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """An answer as the conditions look at it, folded once."""

    fetch: Fetch
    parts: frozenset[str]

    def text(self) -> str:
        """The start of the text, folded; few rules ask, and long texts are not worth remembering."""
        return similarity.fold.__wrapped__((self.fetch.sample or "")[:LEAD])


OK, LONG_WORDS = 200, 300
_ON_WHOLE_PAGES = [
    rule for rule in _COMPILED if rule.get("most_words", LONG_WORDS + 1) > LONG_WORDS and OK in rule.get("status", (OK,))
]
"""The rules that can fire on a 200 with text: nearly all answers are that, and most rules speak of short or refusing ones."""


def _marked(fetch: Fetch) -> Wall | None:
    parts = frozenset(part for title in (fetch.title, fetch.h1) for part in title_parts(title))
    shown = _Shown(fetch=fetch, parts=parts)
    whole_page = fetch.http_status == OK and (fetch.word_count or 0) > LONG_WORDS
    for rule in _ON_WHOLE_PAGES if whole_page else _COMPILED:
        if said := _fires(rule, shown):
            return Wall(reason=rule["reason"], evidence=Evidence(rule=rule["rule"], detail=said, strength=0.9))
    return None


def _fires(rule: Mapping[str, Any], shown: _Shown) -> str | None:
    """What made a rule fire; every condition it has must hold."""
    said = [f"HTTP {shown.fetch.http_status}"]
    for name, holds in CONDITIONS.items():
        if not rule.get(name):
            continue
        what = holds(rule, shown)
        if what is None:
            return None
        said.append(what)
    return ", ".join(each for each in said if each)


def _has_status(rule: Mapping[str, Any], shown: _Shown) -> str | None:
    return "" if shown.fetch.http_status in rule["status"] else None


def _is_short(rule: Mapping[str, Any], shown: _Shown) -> str | None:
    return "" if (shown.fetch.word_count or 0) <= rule["most_words"] else None


def _has_header(rule: Mapping[str, Any], shown: _Shown) -> str | None:
    name, pattern = rule["header"]
    value = next((value for key, value in shown.fetch.headers if fnmatchcase(key, name) and pattern.search(value)), None)
    return None if value is None else f"{name}: {value[:80]}"


def _has_flag(rule: Mapping[str, Any], shown: _Shown) -> str | None:
    flag: str = rule["flag"]
    return flag.removeprefix("mark:") if flag in shown.fetch.flags else None


def _has_cookie(rule: Mapping[str, Any], shown: _Shown) -> str | None:
    return "" if set(rule["cookie"]) & set(shown.fetch.cookie_names) else None


def _ends_at(rule: Mapping[str, Any], shown: _Shown) -> str | None:
    return "" if rule["final_url"] in (shown.fetch.final_url or "") else None


def _has_title(rule: Mapping[str, Any], shown: _Shown) -> str | None:
    found = shown.parts & rule["title"]
    return f'the title says "{min(found)}"' if found else None


def _has_body(rule: Mapping[str, Any], shown: _Shown) -> str | None:
    wanted = any if rule.get("any") else all
    text = shown.text()
    return "" if wanted(pattern.search(text) for pattern in rule["body"]) else None


CONDITIONS = {
    "status": _has_status,
    "most_words": _is_short,
    "header": _has_header,
    "flag": _has_flag,
    "cookie": _has_cookie,
    "final_url": _ends_at,
    "title": _has_title,
    "body": _has_body,
}


def _door(fetch: Fetch) -> Wall | None:
    """A redirect that ends at a sign-in, consent or payment page. Middle hops prove nothing: some flows bounce and come back."""
    final = fetch.final_url
    if not final or not fetch.hops or final == fetch.requested_url:
        return None
    host = (urlsplit(final).hostname or "").lower()
    if host.startswith(GUARDS) and host != (urlsplit(fetch.requested_url).hostname or "").lower():
        return _led("bot-wall", final, "the redirect ends at a guard's host")
    new = _tokens(final) - _tokens(fetch.requested_url)
    reason = next((reason for reason, tokens in DOORS.items() if new & tokens), None)
    if reason is None:
        return None
    said = _confirmed(fetch, final, reason)
    return _led(reason, final, said) if said else None


def _confirmed(fetch: Fetch, final: str, reason: str) -> str | None:
    """What confirms that a door asks for something: where to go back to, a password field, a title."""
    for name, value in parse_qsl(urlsplit(final).query):
        if name.lower() in RETURNS and ("/" in value or "%2f" in value.lower()):
            return f"it carries the way back in `{name}`"
    if "password-field" in fetch.flags:
        return "it shows a password field"
    parts = {part for title in (fetch.title, fetch.h1) for part in title_parts(title)}
    if is_door(parts):
        return "its title asks to sign in or agree"
    return "it shows a challenge" if reason == "bot-wall" and _challenges(fetch) else None


def _challenges(fetch: Fetch) -> bool:
    """Whether a page is a riddle and little else. "Challenge" is also the name of many a cup and section."""
    return bool(fetch.flags & CHALLENGES) or (fetch.word_count or 0) < TINY_WORDS


def _led(reason: str, final: str, said: str) -> Wall:
    return Wall(
        reason=reason,
        evidence=Evidence(rule=f"wall.{reason}", detail=f"the redirect ends at {final[:200]}: {said}", strength=0.85),
    )


def _tokens(url: str) -> set[str]:
    parts = urlsplit(url)
    return {token.lower().rpartition(".")[0] or token.lower() for token in unquote(parts.path).split("/") if token}


def _status(fetch: Fetch) -> Wall | None:
    status = fetch.http_status or 0
    if status == 503 and fetch.header("retry-after"):
        return _refused("rate-limited", fetch, 0.7, "with Retry-After")
    if status not in REFUSALS:
        return None
    reason, strength = REFUSALS[status]
    if (
        status == 403
        and ACCESS_DENIED in similarity.fold((fetch.sample or "")[:500]).replace(" ", "")
        and (fetch.header("x-amz-request-id"))
    ):
        # An object store says AccessDenied of files that do not exist, too.
        strength = 0.4
    return _refused(reason, fetch, strength, "")


def _refused(reason: str, fetch: Fetch, strength: float, more: str) -> Wall:
    return Wall(
        reason=reason, evidence=Evidence(rule="wall.status", detail=f"HTTP {fetch.http_status} {more}".strip(), strength=strength)
    )


def is_door(parts: Iterable[str]) -> bool:
    """Whether a title part asks to sign in or agree."""
    return any(part in titles for part in parts for titles in _TITLES.values())
