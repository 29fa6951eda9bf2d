"""What a source names on a wiki: a page, a revision, a pair of them, or a list of pages. Pure.

A name is read twice: `parse` takes an address or `enwiki:Title` apart, `meaning` then understands the title with the wiki's own
words for its namespaces and special pages (canonical English always works).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes, urlsplit

from audit.wiki import sites as known_sites
from audit.wiki.answers import Site

WEB = re.compile(r"https?://", re.IGNORECASE)
PREFIXED = re.compile(r"([a-z][a-z0-9_]{1,60}):(.+)", re.DOTALL)
SCRIPT = re.compile(r"(?P<base>/.*?|)/index\.php(?:/(?P<title>.*))?", re.DOTALL)
VARIANT = re.compile(
    r"/(?:wiki|(?:zh|sr|kk|ku|iu|tg|uz|shi|gan|crh|tly|ban|mni|sh|wuu)(?:-[a-z]{2,8})?)/(?P<title>.+)", re.DOTALL
)
"""`/wiki/Title`, and the article paths of wikis that convert between scripts, like `/zh-tw/Title`."""

NUMBER = re.compile(r"\d{1,18}")
RELATIVE = ("prev", "next", "cur")
LIST_FILE = "@"
"""`enwiki:@titles.txt`: the pages that a file, a PagePile or a PetScan answer lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A source taken apart. `apis` are the places where its api.php may be, the likeliest first."""

    source: str
    wiki: str | None
    apis: tuple[str, ...]
    title: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def list_file(self) -> str | None:
        """The file or address of a list of titles."""
        return self.title[1:] if self.title.startswith(LIST_FILE) and len(self.title) > 1 else None


# ---- what it may mean


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNamed:
    title: str
    follow: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNumbered:
    page_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionNumbered:
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairNamed:
    """Two revisions. `old` or `new` may be `prev`, `next` or `cur`, seen from the other; `title` is needed when neither is known."""

    old: int | str
    new: int | str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryNamed:
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionsOf:
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchlistOf:
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefixNamed:
    prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitingHost:
    """Pages with an external link to a host; `*.example.org` takes its subdomains too."""

    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """A name that no rule understands. `why` ends the sentence that the person reads."""

    why: str


Meaning = (
    PageNamed
    | PageNumbered
    | RevisionNumbered
    | PairNamed
    | CategoryNamed
    | ContributionsOf
    | WatchlistOf
    | PrefixNamed
    | CitingHost
    | Unclear
)


# ---- taking apart


def parse(source: str, *, sites: Mapping[str, str]) -> Named | None:
    """A source that a wiki may hold, else None. `sites` are the configured wikis: database name -> api.php.

    >>> parse("enwiki:Earth#History", sites={}).title, parse("https://de.m.wikipedia.org/wiki/K%C3%B6ln", sites={}).wiki
    ('Earth', 'dewiki')
    """
    text = source.strip()
    if WEB.match(text):
        return _addressed(source, text, sites)
    found = PREFIXED.fullmatch(text)
    api = known_sites.api_of(found[1], sites=sites) if found else None
    if found is None or api is None:
        return None
    title = found[2].strip()
    plain = title if title.startswith(LIST_FILE) else clean_title(title)
    return Named(source=source, wiki=found[1], apis=(api,), title=plain)


def _addressed(source: str, text: str, sites: Mapping[str, str]) -> Named | None:
    try:
        parts = urlsplit(text)
        host = known_sites.desktop(parts.netloc.rpartition("@")[2])
    except ValueError:
        return None
    asked = dict(_parameters(parts.query))
    title, base = _path_title(parts.path)
    if not host or (not title and not asked.keys() & {"title", "oldid", "diff", "curid"}):
        return None
    configured = known_sites.configured_at(host, sites=sites)
    wiki = configured[0] if configured else known_sites.wiki_at(host)
    apis = _apis(parts.scheme.lower(), host, base, wiki, sites)
    return Named(source=source, wiki=wiki, apis=apis, title=clean_title(asked.pop("title", "") or title), asked=asked)


def _apis(scheme: str, host: str, base: str | None, wiki: str | None, sites: Mapping[str, str]) -> tuple[str, ...]:
    if wiki and (api := known_sites.api_of(wiki, sites=sites)):
        return (api,)
    paths = known_sites.SCRIPTS if base is None else (f"{base}/api.php", *known_sites.SCRIPTS)
    return tuple(dict.fromkeys(f"{scheme}://{host}{path}" for path in paths))


def _path_title(path: str) -> tuple[str, str | None]:
    """(title, script path) of an address's path; the script path is None when the path does not show it."""
    script = SCRIPT.fullmatch(path)
    if script:
        return _decoded(script["title"] or ""), script["base"]
    article = VARIANT.fullmatch(path)
    if article:
        return _decoded(article["title"]), None
    return "", path.removesuffix("/") if path.endswith("/") else None


def _parameters(query: str) -> Iterator[tuple[str, str]]:
    """Of two equal ones the last wins, as for PHP; an address copied from HTML still holds `&amp;`."""
    for part in query.replace("&amp;", "&").split("&"):
        key, _, value = part.partition("=")
        if key:
            yield _decoded(key.replace("+", " ")), _decoded(value.replace("+", " "))


def _decoded(text: str) -> str:
    """Percent escapes undone once: UTF-8, else what MediaWiki falls back to."""
    raw = unquote_to_bytes(text)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("windows-1252", "replace")


def clean_title(text: str) -> str:
    """A title as the wiki shows it: no fragment, `_` as spaces, runs of white space as one.

    >>> clean_title(" Talk:Foo__bar#Section "), clean_title("C++")
    ('Talk:Foo bar', 'C++')
    """
    return " ".join(text.partition("#")[0].replace("_", " ").split()).lstrip(":").strip()


# ---- understanding


def meaning(named: Named, *, site: Site) -> Meaning:
    """What a name asks for, in the words of its wiki."""
    space, rest = split(named.title, site=site)
    special, _, target = rest.partition("/") if space == SPECIAL else ("", "", "")
    if special:
        return _special(site.special(special), target.strip(), named.asked)
    return _revisions(named, site) or _page(named, space)


SPECIAL, CATEGORY = -1, 14


def split(title: str, *, site: Site) -> tuple[int, str]:
    name, colon, rest = title.partition(":")
    number = site.namespace(name) if colon else None
    return (number, rest.strip()) if number is not None else (0, title)


def _revisions(named: Named, _: Site) -> Meaning | None:
    """`diff` and `oldid` outrank the title, as they do in MediaWiki."""
    asked, title = named.asked, named.title
    old, new = asked.get("oldid", "").strip(), asked.get("diff", "").strip()
    if "diff" in asked:
        return _pair(old, new, title)
    if old and asked.get("direction") in {"prev", "next"} and NUMBER.fullmatch(old):
        return PairNamed(old=int(old), new="next") if asked["direction"] == "next" else PairNamed(old="prev", new=int(old))
    if old:
        return RevisionNumbered(revision=int(old)) if NUMBER.fullmatch(old) and int(old) else _odd("oldid", old)
    return None


def _pair(old: str, new: str, title: str) -> Meaning:
    """`diff` may be a number or a word; `oldid` is a number, or absent: then the parent of `diff`."""
    if old and not NUMBER.fullmatch(old):
        return _odd("oldid", old)
    before, word = int(old or 0), "cur" if new in {"", "0"} else new
    if NUMBER.fullmatch(word):
        return PairNamed(old=before or "prev", new=int(word))
    if word not in RELATIVE:
        return _odd("diff", new)
    if before:
        return PairNamed(old="prev", new=before) if word == "prev" else PairNamed(old=before, new=word)
    return PairNamed(old="prev", new="cur", title=title) if title else Unclear(why="names neither a page nor a revision")


def _odd(key: str, value: str) -> Unclear:
    return Unclear(why=f"`{key}={value[:40]}` is no revision; copy the address again")


def _page(named: Named, space: int) -> Meaning:
    page_id = named.asked.get("curid", "").strip()
    if NUMBER.fullmatch(page_id) and int(page_id):
        return PageNumbered(page_id=int(page_id))
    if not named.title:
        return Unclear(why="names no page")
    if space == CATEGORY:
        return CategoryNamed(title=named.title)
    return PageNamed(title=named.title, follow=named.asked.get("redirect") != "no")


def _special(name: str, target: str, asked: Mapping[str, str]) -> Meaning:
    """A special page by its canonical name."""
    read = SPECIAL_PAGES.get(name)
    return (read(target, asked) if read else None) or Unclear(why=SPECIALS)


SPECIALS = (
    "is a special page that is not read; these are: Special:Diff/N, Special:Diff/M/N, Special:PermanentLink/N, "
    "Special:Contributions/USER, Special:PrefixIndex/TEXT, Special:LinkSearch/*.HOST, Special:Watchlist/OWNER"
)


def _diffed(target: str, asked: Mapping[str, str]) -> Meaning:
    """`Diff/N`, `Diff/N/prev`, `Diff/M/N`; `MobileDiff/M...N`; ComparePages by its `rev1` and `rev2`."""
    parts = [part.strip() for part in re.split(r"/|\.\.\.", target) if part.strip()] or [
        asked[key].strip() for key in ("rev1", "rev2") if asked.get(key, "").strip()
    ]
    if len(parts) == 1 and NUMBER.fullmatch(parts[0]):
        return PairNamed(old="prev", new=int(parts[0]))
    if len(parts) == 2 and NUMBER.fullmatch(parts[0]):
        return _pair(parts[0], parts[1], "")
    return _odd("diff", target)


def _redirected(target: str) -> Meaning | None:
    kind, _, value = target.partition("/")
    if kind == "page" and NUMBER.fullmatch(value):
        return PageNumbered(page_id=int(value))
    if kind == "revision" and NUMBER.fullmatch(value):
        return RevisionNumbered(revision=int(value))
    return None


def _permanent(target: str, _: Mapping[str, str]) -> Meaning:
    return RevisionNumbered(revision=int(target)) if NUMBER.fullmatch(target) and int(target) else _odd("revision", target)


def _contributions(target: str, asked: Mapping[str, str]) -> Meaning | None:
    user = target or asked.get("target", "").strip() or asked.get("user", "").strip()
    return ContributionsOf(user=user.removeprefix("User:")) if user else None


def _watchlist(target: str, _: Mapping[str, str]) -> Meaning | None:
    return WatchlistOf(owner=target) if target and target not in {"raw", "edit", "clear"} else None


def _prefix(target: str, asked: Mapping[str, str]) -> Meaning | None:
    prefix = target or asked.get("prefix", "").strip()
    return PrefixNamed(prefix=prefix) if prefix else None


def _links(target: str, asked: Mapping[str, str]) -> Meaning | None:
    pattern = target or asked.get("target", "").strip()
    return CitingHost(pattern=pattern) if pattern else None


SPECIAL_PAGES: Mapping[str, Callable[[str, Mapping[str, str]], Meaning | None]] = {
    "Diff": _diffed,
    "MobileDiff": _diffed,
    "ComparePages": _diffed,
    "PermanentLink": _permanent,
    "Permalink": _permanent,
    "Redirect": lambda target, _: _redirected(target),
    "Contributions": _contributions,
    "Watchlist": _watchlist,
    "EditWatchlist": _watchlist,
    "PrefixIndex": _prefix,
    "LinkSearch": _links,
}
"""Canonical name -> how its target and parameters are understood."""
