"""What a wiki says: pages, names of its namespaces, errors that pass and errors that stay. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

Json = Mapping[str, Any]

CANONICAL_SPACES = {"special": -1, "media": -2, "category": 14, "talk": 1, "user": 2, "project": 4, "file": 6, "template": 10}
CANONICAL_SPECIALS = (
    "Diff",
    "MobileDiff",
    "ComparePages",
    "PermanentLink",
    "Permalink",
    "Redirect",
    "Contributions",
    "Watchlist",
    "EditWatchlist",
    "PrefixIndex",
    "LinkSearch",
)

RENAMED_SPECIALS = {"Linksearch": "LinkSearch", "Prefixindex": "PrefixIndex"}
"""How the code of MediaWiki calls pages that everybody calls otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A wiki's own words, as `meta=siteinfo` tells them. Names are folded: lower case, spaces for `_`."""

    wiki: str
    language: str | None = None
    article: str = "$1"
    spaces: Mapping[str, int] = field(default_factory=dict)
    specials: Mapping[str, str] = field(default_factory=dict)

    def namespace(self, name: str) -> int | None:
        folded = _folded(name)
        return self.spaces.get(folded, CANONICAL_SPACES.get(folded))

    def address(self, title: str) -> str:
        """Where a browser finds a page."""
        return self.article.replace("$1", quote(title.replace(" ", "_"), safe="/:@!$*(),;~'"))

    def special(self, name: str) -> str:
        """The canonical name of a special page in any of the wiki's spellings."""
        folded = _folded(name).replace(" ", "")
        english = {each.lower(): each for each in CANONICAL_SPECIALS}
        return self.specials.get(folded) or english.get(folded) or name


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page, or one of its revisions. Without `text` only its newest revision is known.

    `fault` says why there is no text, for people: no such page, a deleted revision, another content model.
    """

    title: str
    page_id: int = 0
    namespace: int = 0
    revision: int = 0
    parent: int = 0
    revised_at: datetime | None = None
    text: str | None = None
    fault: str | None = None
    redirected_from: str | None = None
    redirect: bool = False

    @property
    def missing(self) -> bool:
        return self.page_id == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The ids of two revisions; `old` is None when the new one is the first of its page."""

    old: int | None
    new: int


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


def site(told: Json) -> Site:
    """`meta=siteinfo` with general, namespaces, namespacealiases, specialpagealiases."""
    query = told.get("query", {})
    spaces: dict[str, int] = {}
    for each in query.get("namespaces", {}).values():
        spaces |= {_folded(name): int(each["id"]) for name in (each.get("name"), each.get("canonical")) if name}
    spaces |= {_folded(each["alias"]): int(each["id"]) for each in query.get("namespacealiases", ())}
    specials = {
        _folded(alias).replace(" ", ""): each["realname"]
        for each in query.get("specialpagealiases", ())
        for alias in each["aliases"]
    }
    general = query.get("general", {})
    return Site(
        wiki=str(general.get("wikiid", "")),
        language=general.get("lang"),
        article=f"{general.get('server', '')}{general.get('articlepath', '$1')}",
        spaces=spaces,
        specials={alias: RENAMED_SPECIALS.get(real, real) for alias, real in specials.items()},
    )


# ---- pages out of several answers


class Merging:
    """One batch of pages, which continuation may spread over many answers: a page is whole when the batch is complete."""

    def __init__(self) -> None:
        self._pages: dict[object, dict[str, Any]] = {}
        self._from: dict[str, str] = {}
        self._asked: dict[str, str] = {}

    def take(self, answer: Json) -> list[Page]:
        """Add an answer; the pages of the batch when that was its last, each once."""
        query = answer.get("query", {})
        for each in query.get("redirects", ()):
            self._from[each["to"]] = self._from.get(each["from"], each["from"])
        for each in _rows(query.get("pages")):
            self._merge(each)
        for each in _rows(query.get("interwiki")):
            self._pages[("elsewhere", each.get("title"))] = {"title": each.get("title"), "elsewhere": each.get("iw")}
        for number, each in _keyed(query.get("badrevids")):
            self._pages[("bad", number)] = {"badrevid": number, **each}
        if not answer.get("batchcomplete"):
            return []
        return self.rest()

    def rest(self) -> list[Page]:
        done, self._pages = self._pages, {}
        return [found for each in done.values() for found in self._read(each)]

    def _merge(self, told: Json) -> None:
        key = told.get("pageid") or told.get("title")
        known = self._pages.setdefault(key, {})
        for name, value in told.items():
            if isinstance(value, list) and isinstance(known.get(name), list):
                known[name] = [*known[name], *value]
            else:
                known[name] = value

    def _read(self, told: Json) -> Iterator[Page]:
        if "badrevid" in told:
            yield Page(title="", revision=int(told["badrevid"]), fault=f"there is no revision {told['badrevid']} (any more)")
            return
        head = _head(told, redirected_from=self._from.get(str(told.get("title"))))
        revisions = told.get("revisions", ())
        if not revisions:
            yield head
        for each in revisions:
            yield _revision(head, each)


def _rows(told: Any) -> list[Json]:
    rows = told.values() if isinstance(told, Mapping) else told or ()
    return [each for each in rows if isinstance(each, Mapping)]


def _keyed(told: Any) -> list[tuple[int, Json]]:
    rows = told.values() if isinstance(told, Mapping) else told or ()
    return [(int(each.get("revid", 0)), each) for each in rows if isinstance(each, Mapping)]


def _head(told: Json, *, redirected_from: str | None) -> Page:
    fault = None
    if told.get("invalid"):
        fault = f"no page can have this title ({told.get('invalidreason', 'invalid')})"
    elif told.get("elsewhere"):
        fault = f"stands on another wiki (`{told['elsewhere']}:`); name that wiki"
    elif told.get("missing") or not told.get("pageid"):
        fault = "there is no such page on this wiki (any more)"
    return Page(
        title=str(told.get("title", "")),
        page_id=int(told.get("pageid", 0)),
        namespace=int(told.get("ns", 0)),
        revision=int(told.get("lastrevid", 0)),
        fault=fault,
        redirected_from=redirected_from,
        redirect=bool(told.get("redirect")),
    )


def _revision(head: Page, told: Json) -> Page:
    slot = told.get("slots", {}).get("main", {})
    text = slot.get("content")
    model = slot.get("contentmodel", "wikitext")
    hidden = told.get("texthidden") or slot.get("texthidden")
    fault = "this revision was hidden from the public" if hidden else None
    if fault is None and model != "wikitext":
        fault = f"holds {str(model)[:40]}, not wikitext"
    return Page(
        title=head.title,
        page_id=head.page_id,
        namespace=head.namespace,
        revision=int(told.get("revid", 0)),
        parent=int(told.get("parentid", 0)),
        revised_at=moment(told.get("timestamp")),
        text=text if isinstance(text, str) else None,
        fault=fault,
        redirected_from=head.redirected_from,
    )


def moment(text: object) -> datetime | None:
    """A timestamp of the API.

    >>> moment("2023-09-19T16:23:00Z")
    datetime.datetime(2023, 9, 19, 16, 23, tzinfo=datetime.timezone.utc)
    """
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# ---- lists of titles


def titles(text: str) -> list[str]:
    r"""The titles of a page list: one a line (`#` begins a comment line), a PagePile or a PetScan answer.

    >>> titles("Earth\n# planets\n* [[Mars]]\n"), titles('{"wiki": "enwiki", "pages": ["Earth", "Talk:Mars"]}')
    (['Earth', 'Mars'], ['Earth', 'Talk:Mars'])
    """
    if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
        try:
            found = listed(json.loads(text.lstrip("\ufeff")))
        except (ValueError, RecursionError):
            found = []
        if found:
            return list(dict.fromkeys(found))
    lines = (line.strip().lstrip("\ufeff*").strip() for line in text.splitlines())
    plain = (line.removeprefix("[[").partition("]]")[0].partition("|")[0] for line in lines if line and not line.startswith("#"))
    return list(dict.fromkeys(" ".join(title.replace("_", " ").split()).lstrip(":") for title in plain if title))


def listed(told: Any) -> list[str]:
    """The titles of a list in JSON. PagePile: `pages` of titles. PetScan: rows under `*`, however deep, or `pages` of rows."""
    if isinstance(told, list):
        return [title for each in told for title in ([each] if isinstance(each, str) else listed(each))]
    if not isinstance(told, Mapping):
        return []
    title = told.get("title", told.get("page_title"))
    if isinstance(title, str):
        space = told.get("nstext", "")
        plain = title.replace("_", " ")
        return [f"{space}:{plain}" if space and not plain.startswith(f"{space}:") else plain]
    inside: Iterable[Any] = (told[key] for key in ("pages", "*", "a") if key in told)
    return [found.replace("_", " ") for each in inside for found in listed(each)]


# ---- errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back of one request. `failure` says in words why nothing came; `retry_after` is that header."""

    http_status: int = 0
    body: bytes = b""
    content_type: str = ""
    retry_after: str | None = None
    location: str | None = None
    failure: str | None = None
    passing: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    told: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """It may work later; `wait_s` is what the server asked for."""

    why: str
    wait_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """It will not work. `all_over` says that nothing else will either, on this wiki."""

    code: str
    why: str
    all_over: bool = False


PASSING = frozenset({"maxlag", "ratelimited", "readonly", "timeout"})
PASSING_FAMILY = "internal_api_error_"
PASSING_STATUSES = frozenset({429, 500, 502, 503, 504})
STAYING = {
    "readapidenied": "lets only its members read",
    "permissiondenied": "does not allow this",
    "missingtitle": "has no such page",
    "nosuchrevid": "has no such revision",
    "invalidtitle": "can have no such title",
    "protectedpage": "protects this page",
    "badtoken": "does not accept the token",
    "blocked": "has blocked this address",
    "autoblocked": "has blocked this address",
    "bad_wltoken": "does not accept the token of this watch list",
    "bad_wlowner": "knows no such owner of a watch list",
}
"""Error codes that are never asked again -> what to say of the wiki."""


def judged(reply: Reply, *, now: datetime) -> Good | Again | Stop:
    """What an answer means. Errors come under HTTP 200 as often as not, so the body is looked at before the status."""
    if reply.failure is not None:
        return Again(why=reply.failure) if reply.passing else Stop(code="network", why=reply.failure, all_over=True)
    wait_s = seconds(reply.retry_after, now=now)
    told = _json(reply)
    if told is not None and "error" in told:
        return _error(told["error"], wait_s)
    if reply.http_status in PASSING_STATUSES:
        return Again(why=f"HTTP {reply.http_status}", wait_s=wait_s)
    if told is not None and reply.http_status == 200:
        return Good(told=told)
    return _refusal(reply)


def _json(reply: Reply) -> Json | None:
    if reply.body.lstrip()[:1] != b"{":
        return None
    try:
        told = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _error(error: Any, wait_s: float | None) -> Again | Stop:
    told = error if isinstance(error, Mapping) else {}
    code = str(told.get("code", "unknown"))
    detail = " ".join(str(told.get("info", "")).split())[:200]
    if code in PASSING or code.startswith(PASSING_FAMILY):
        return Again(why=f"{code}: {told.get('readonlyreason') or detail}", wait_s=wait_s)
    said = STAYING.get(code)
    return Stop(code=code, why=f"{said} ({code})" if said else f"answers `{code}`: {detail}", all_over=code == "readapidenied")


def _refusal(reply: Reply) -> Stop:
    if reply.http_status == 403:
        told = " ".join(reply.body[:2_000].decode("utf-8", "replace").split())[:160] if "html" not in reply.content_type else ""
        why = f"refuses this program (HTTP 403{': ' if told else ''}{told}); set web.contact to an address or page of yours"
        return Stop(code="http-403", why=why, all_over=True)
    if reply.location is not None:
        why = f"sends its api.php elsewhere ({reply.location[:200]}); name the right address under wiki.sites"
        return Stop(code="redirect", why=why, all_over=True)
    return Stop(
        code=f"http-{reply.http_status}", why=f"has no MediaWiki API here (HTTP {reply.http_status}, no JSON)", all_over=True
    )


def seconds(header: str | None, *, now: datetime) -> float | None:
    """`Retry-After`: seconds or a date.

    >>> seconds("5", now=datetime(2026, 5, 1, tzinfo=UTC)), seconds("soon", now=datetime(2026, 5, 1, tzinfo=UTC))
    (5.0, None)
    """
    written = (header or "").strip()
    if written.isascii() and written.isdigit() and len(written) < 10:
        return float(written)
    try:
        return max(0.0, (parsedate_to_datetime(written).astimezone(UTC) - now).total_seconds()) if written else None
    except (ValueError, OverflowError):
        return None


def warnings(told: Json) -> Iterator[tuple[str, str]]:
    """(module, sentence) of each warning in an answer."""
    found = told.get("warnings")
    for module, said in found.items() if isinstance(found, Mapping) else ():
        text = said.get("warnings", said.get("*", "")) if isinstance(said, Mapping) else said
        for line in str(text).splitlines():
            yield str(module), " ".join(line.split())[:200]
