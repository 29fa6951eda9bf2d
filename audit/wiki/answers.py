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


def table(told: object) -> Json:
    """What should be an object; an empty one when the wiki sends something else."""
    return told if isinstance(told, Mapping) else {}


def rows(told: object) -> list[Json]:
    """What should be a list of objects, or an object of them."""
    found = told.values() if isinstance(told, Mapping) else told if isinstance(told, list) else ()
    return [each for each in found if isinstance(each, Mapping)]


def number(told: object) -> int:
    """An id; 0 when there is none."""
    return told if isinstance(told, int) and 0 <= told < LARGEST else 0


LARGEST = 2**63


def site(told: Json) -> Site:
    """`meta=siteinfo` with general, namespaces, namespacealiases, specialpagealiases."""
    query = table(told.get("query"))
    named = [(each.get(key), each.get("id")) for each in rows(query.get("namespaces")) for key in ("name", "canonical")]
    named += [(each.get("alias"), each.get("id")) for each in rows(query.get("namespacealiases"))]
    pages = [(str(each.get("realname")), each.get("aliases")) for each in rows(query.get("specialpagealiases"))]
    general = table(query.get("general"))
    language = general.get("lang")
    return Site(
        wiki=str(general.get("wikiid", "")),
        language=language if isinstance(language, str) else None,
        article=f"{general.get('server', '')}{general.get('articlepath', '$1')}",
        spaces={_folded(name): space for name, space in named if isinstance(name, str) and name and isinstance(space, int)},
        specials={
            _folded(str(alias)).replace(" ", ""): RENAMED_SPECIALS.get(real, real)
            for real, aliases in pages
            for alias in (aliases if isinstance(aliases, list) else ())
        },
    )


# ---- pages out of several answers


class Merging:
    """One batch of pages, which continuation may spread over many answers: a page is whole when the batch is complete."""

    def __init__(self) -> None:
        self._pages: dict[object, dict[str, Any]] = {}
        self._from: dict[object, str] = {}

    def take(self, answer: Json) -> list[Page]:
        """Add an answer; the pages of the batch when that was its last, each once."""
        query = table(answer.get("query"))
        for each in rows(query.get("redirects")):
            before = str(each.get("from"))
            self._from[str(each.get("to"))] = self._from.get(before, before)
        for each in rows(query.get("pages")):
            self._merge(each)
        for each in rows(query.get("interwiki")):
            self._pages[("elsewhere", str(each.get("title")))] = {"title": each.get("title"), "elsewhere": each.get("iw", "?")}
        for each in rows(query.get("badrevids")):
            self._pages[("bad", number(each.get("revid")))] = {"badrevid": number(each.get("revid"))}
        if not answer.get("batchcomplete"):
            return []
        return self.rest()

    def rest(self) -> list[Page]:
        done, self._pages = self._pages, {}
        return [found for each in done.values() for found in self._read(each)]

    def _merge(self, told: Json) -> None:
        key = number(told.get("pageid")) or str(told.get("title"))
        known = self._pages.setdefault(key, {})
        for name, value in told.items():
            if isinstance(value, list) and isinstance(known.get(name), list):
                known[name] = [*known[name], *value]
            else:
                known[name] = value

    def _read(self, told: Json) -> Iterator[Page]:
        if "badrevid" in told:
            yield Page(title="", revision=told["badrevid"], fault=f"there is no revision {told['badrevid']} (any more)")
            return
        head = _head(told, redirected_from=self._from.get(str(told.get("title"))))
        revisions = rows(told.get("revisions"))
        if not revisions:
            yield head
        for each in revisions:
            yield _revision(head, each)


def _head(told: Json, *, redirected_from: str | None) -> Page:
    fault = None
    if told.get("invalid"):
        fault = f"no page can have this title ({told.get('invalidreason', 'invalid')})"
    elif told.get("elsewhere"):
        fault = f"stands on another wiki (`{told['elsewhere']}:`); name that wiki"
    elif told.get("missing") or not number(told.get("pageid")):
        fault = "there is no such page on this wiki (any more)"
    return Page(
        title=str(told.get("title", "")),
        page_id=number(told.get("pageid")),
        namespace=number(told.get("ns")),
        revision=number(told.get("lastrevid")),
        fault=fault,
        redirected_from=redirected_from,
        redirect=bool(told.get("redirect")),
    )


def _revision(head: Page, told: Json) -> Page:
    slot = table(table(told.get("slots")).get("main")) or told  # before 1.32 a revision had no slots
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
        revision=number(told.get("revid")),
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
    """It may work later; `wait_s` is what the server asked for. `everywhere`: so long nothing on this wiki will work."""

    why: str
    wait_s: float | None = None
    everywhere: bool = True


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
        why = f"{code}: {told.get('readonlyreason') or detail}"
        return Again(why=why, wait_s=wait_s, everywhere=not code.startswith(PASSING_FAMILY))
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
    for module, said in table(told.get("warnings")).items():
        text = said.get("warnings", said.get("*", "")) if isinstance(said, Mapping) else said
        for line in str(text).splitlines():
            yield str(module), " ".join(line.split())[:200]
