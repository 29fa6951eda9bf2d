"""Who publishes a URL: registrable domain, tenant and section keys, from a Public Suffix List on disk. Pure, no network ever.

The list and the tenants are those that are built in until `use` names others, once, at the start of the program.
"""

import gc
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import ada_url
from tldextract import TLDExtract

from audit import data

HOSTS_REMEMBERED = 65_536
"""Hosts, not URLs: a corpus of millions of links has tens of thousands of hosts."""

_TENANTS = data.table("tenants")
_WRAPPERS = data.table("wrappers")
_LABELS = frozenset(_TENANTS["label"].split())
_RESERVED = frozenset(_TENANTS["reserved"].split())
_SAME: Mapping[str, str] = _TENANTS["same"]
_SAME_PLATFORM: Mapping[str, str] = _TENANTS["same_platform"]
_FACES = frozenset(_TENANTS["faces"]["labels"])
_CONTRIBUTORS: Mapping[str, str] = _TENANTS["contributors"]
_OWN = frozenset(_TENANTS["own"]["hosts"])
_PLATFORM: Mapping[str, list[str]] = _TENANTS["platform"]
_PERSONAL = tuple(_TENANTS["flags"]["personal"].split())
_VIDEO = frozenset(_TENANTS["flags"]["video"].split())
_SHORT = frozenset(_WRAPPERS["shorteners"].split())
_CARRIERS: list[list[str]] = _WRAPPERS["carriers"]

PathRules = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lists:
    """The suffixes and platforms that are in use, and the versions that a score names."""

    extract: TLDExtract
    suffixes: str
    tenants: str
    labels: frozenset[str]
    paths: PathRules


def _list_version(text: str) -> str:
    found = re.search(r"^// VERSION: (\S+)", text, re.MULTILINE)
    return found[1] if found else sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@lru_cache(maxsize=1)
def _snapshot_version() -> str:
    return _list_version(files("tldextract").joinpath(".tld_set_snapshot").read_text(encoding="utf-8"))


def _by_host(rules: Iterable[dict[str, Any]]) -> PathRules:
    found: dict[str, list[dict[str, Any]]] = {}
    for rule in rules:
        found.setdefault(rule["host"], []).append(rule)
    return found


_BUILT_IN = _Lists(
    extract=TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True),
    suffixes="",
    tenants=_TENANTS["version"],
    labels=_LABELS,
    paths=_by_host(_TENANTS["path"]),
)
_lists = _BUILT_IN


def use(*, suffix_list: str | None = None, tenants: Sequence[str] = ()) -> None:
    """Take another suffix list (`file:///...`) and more platforms for the rest of this process; without either, what is built in.

    A platform is `blogs.example` (the label before it is the tenant), `pages.example/*` or `pages.example/people/*` (a segment is).
    Raises ValueError that names what cannot be used.
    """
    global _lists  # noqa: PLW0603 - one configuration per process, read once
    more = [_tenant_rule(each) for each in tenants]
    digest = sha256("\n".join(sorted(tenants)).encode()).hexdigest()[:8]
    extract, version = _suffixes(suffix_list) if suffix_list else (_BUILT_IN.extract, "")
    _lists = _Lists(
        extract=extract,
        suffixes=version,
        tenants=f"{_BUILT_IN.tenants}+{digest}" if tenants else _BUILT_IN.tenants,
        labels=_LABELS | {rule["host"] for rule in more if not rule["depth"]},
        paths=_by_host([*(rule for rule in more if rule["depth"]), *_TENANTS["path"]]),
    )
    registrable_domain.cache_clear()
    broadest_name.cache_clear()
    is_platform.cache_clear()


def _suffixes(url: str) -> tuple[TLDExtract, str]:
    """The splitter of a suffix list in a file, and its version."""
    if not url.startswith("file://"):
        raise ValueError(f"{url!r}: write it as file:///... ; nothing is fetched")
    try:
        text = Path(unquote(urlsplit(url).path)).read_text(encoding="utf-8")
    except (OSError, ValueError) as fault:
        raise ValueError(f"{url!r} cannot be read ({fault})") from fault
    if not re.search(r"^com\s*$", text, re.MULTILINE):
        raise ValueError(f"{url!r} is no public suffix list: it has no line `com`")
    made = TLDExtract(suffix_list_urls=(url,), cache_dir=None, include_psl_private_domains=True, fallback_to_snapshot=False)
    with warnings.catch_warnings():
        # The library reads the file through its web client, which leaves it to the collector to close it.
        warnings.simplefilter("ignore", ResourceWarning)
        made.extract_str("www.example.com")
        gc.collect()
    return made, _list_version(text)


def _tenant_rule(written: str) -> dict[str, Any]:
    """The rule of one platform of the configuration; the number of stars is how many segments name the tenant, none is a label."""
    host, _, path = written.lower().removeprefix("https://").removeprefix("http://").partition("/")
    segments = [segment for segment in path.split("/") if segment]
    names = [segment for segment in segments if segment == "*"]
    if "." not in host or segments[len(segments) - len(names) :] != names or (segments and not names):
        raise ValueError(f"{written!r}: write blogs.example, pages.example/* or pages.example/people/*")
    under = segments[: len(segments) - len(names)]
    if len(under) > 1:
        raise ValueError(f"{written!r}: at most one segment may stand before the stars")
    return {"host": _host(host), "depth": len(names)} | ({"under": under} if under else {})


_DOI = re.compile(r"^/?(10\.\d{3,9}(?:\.\d{1,9}){0,3})/")
_HANDLE = re.compile(r"^/?([\w.]{1,80})/")
_ARK = re.compile(r"/ark:/?(\d{5,9})/?")
_DOI_HOSTS = {"doi.org", "dx.doi.org"}
_UNWRAPS = 3
"""Wrappers in wrappers: a translated search result is two; deeper is an accident or an attack."""


@lru_cache(maxsize=HOSTS_REMEMBERED)
def registrable_domain(host: str) -> str:
    """Public suffix plus one label; the host itself when it is an address, a single label or a suffix.

    >>> registrable_domain("www.osw.waw.pl"), registrable_domain("www.europarl.europa.eu"), registrable_domain("a.b.blogspot.com")
    ('osw.waw.pl', 'europa.eu', 'b.blogspot.com')
    >>> registrable_domain("[2001:db8::1]"), registrable_domain("intranet"), registrable_domain("x.y.unheard-of")
    ('2001:db8::1', 'intranet', 'y.unheard-of')
    """
    host = _host(host.strip("[]"))
    if _is_address(host) or "." not in host:
        return host
    parts = _lists.extract.extract_str(host)
    if found := parts.top_domain_under_public_suffix:
        return found
    return ".".join(host.split(".")[-2:]) if not parts.suffix else host


def registered_name(host: str) -> str | None:
    """The name that a registry knows: none for an address, a single label, or a tenant of a platform that hands out names of its own.

    >>> registered_name("www.osw.waw.pl"), registered_name("a.b.blogspot.com"), registered_name("192.0.2.1")
    ('osw.waw.pl', None, None)
    """
    host = _host(host.strip("[]"))
    if _is_address(host) or "." not in host or _lists.extract.extract_str(host).is_private:
        return None
    return registrable_domain(host)


@lru_cache(maxsize=HOSTS_REMEMBERED)
def broadest_name(host: str) -> str:
    """The broadest name that still speaks for a host: its registrable domain, or that of the platform it is a tenant of.

    >>> broadest_name("www.osw.waw.pl"), broadest_name("a.b.blogspot.com"), broadest_name("blogspot.com")
    ('osw.waw.pl', 'blogspot.com', 'blogspot.com')
    """
    parts = _lists.extract.extract_str(_host(host.strip("[]")))
    return parts.suffix if parts.is_private else registrable_domain(host)


@lru_cache(maxsize=HOSTS_REMEMBERED)
def is_platform(host: str) -> bool:
    """Whether many publishers share a host.

    >>> is_platform("wordpress.com"), is_platform("blogspot.com"), is_platform("ann.blogspot.com"), is_platform("times.example")
    (True, True, False, False)
    """
    parts = _lists.extract.extract_str(host)
    return host in _lists.labels or host in _lists.paths or (parts.is_private and not parts.domain)


def psl_version() -> str:
    """The version line of the suffix list in use: another version may regroup publishers.

    >>> psl_version()[:2]
    '20'
    """
    return _lists.suffixes or _snapshot_version()


def tenants_version() -> str:
    """The version of the table of platforms in use.

    >>> tenants_version()[:2]
    '20'
    """
    return _lists.tenants


def display_name(key: str) -> str:
    """A key as people read it: names beyond ASCII in their own script.

    >>> display_name("xn--mnchen-3ya.example"), display_name("doi:10.1234")
    ('münchen.example', 'doi:10.1234')
    """
    return ".".join(_readable(label) for label in key.split(".")) if "xn--" in key else key


def _readable(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def publisher_flags(url: str) -> frozenset[str]:
    """What is known of the platform behind a URL: `platform`, `personal` (anybody's page), `video`, `unknown-suffix`; weight 0.

    >>> sorted(publisher_flags("https://ann.wordpress.com/x")), sorted(publisher_flags("https://u.example.edu/~ann/x"))
    (['personal', 'platform'], ['personal'])
    """
    url = _target(url)
    host, segments = _parts(url)
    key, _ = _publisher(url)
    found = set()
    if key != registrable_domain(host) or key in _lists.paths or key in _lists.labels or key.endswith(PRIVATE_HOMES):
        found.add("platform")
    if any(segment.startswith("~") for segment in segments[:1]) or _is_personal(key):
        found.add("personal")
    if key.partition("/")[0] in _VIDEO:
        found.add("video")
    if "." in host and not _is_address(host) and not _lists.extract.extract_str(host).suffix:
        found.add("unknown-suffix")
    return frozenset(found - {"platform"} if ":" in key.partition("/")[0] else found)


PRIVATE_HOMES = tuple(f".{each}" for each in _PERSONAL)


def _is_personal(key: str) -> bool:
    """Whether a key is a tenant of a platform for anybody's pages; the platform itself is nobody's page."""
    return key.endswith(PRIVATE_HOMES) or key.startswith(tuple(f"{each}/" for each in _PERSONAL))


def publisher_key(url: str) -> str:
    """Who publishes a cited URL: registrable domain, tenant of a platform, or the identifier it resolves by.

    >>> publisher_key("https://news.bbc.example.co.uk/1/hi"), publisher_key("https://medium.com/@ann/a-story")
    ('example.co.uk', 'ann.medium.com')
    >>> publisher_key("https://x.com/ann/status/1"), publisher_key("http://ann.blogspot.de/2011/x.html")
    ('twitter.com/ann', 'ann.blogspot.com')
    >>> publisher_key("https://doi.org/10.1234/abc"), publisher_key("https://bit.ly/3x"), publisher_key("doi:10.1234/abc")
    ('doi:10.1234', 'short:bit.ly', 'doi:10.1234')
    >>> publisher_key("https://www-example-com.translate.goog/a?_x_tr_sl=de")
    'example.com'
    """
    return _publisher(_target(url))[0]


def section_key(url: str) -> str:
    """Host and the first path segment, where another segment follows: sections of one site live and die together.

    >>> section_key("https://www.example.com/news/2019/x"), section_key("https://example.com/about/")
    ('example.com/news', 'example.com/')
    """
    url = _target(url)
    key, used = _publisher(url)
    host, segments = _parts(url)
    if key.startswith(("doi:", "hdl:", "ark:")):
        return f"{_RESOLVERS.get(key[:4], host.removeprefix('www.'))}/"
    rest = segments[used:]
    return f"{host.removeprefix('www.')}/{rest[0].lower() if len(rest) > 1 else ''}"


_RESOLVERS = {"doi:": "doi.org", "hdl:": "hdl.handle.net"}


def _publisher(url: str) -> tuple[str, int]:
    """(key, path segments that the key used up)."""
    if identifier := _identifier(url):
        return identifier, 0
    host, segments = _parts(url)
    if (short := host.removeprefix("www.")) in _SHORT:
        return f"short:{short}", 0
    return _tenant(host, segments) or (host if host in _OWN else registrable_domain(host), 0)


def _tenant(host: str, segments: list[str]) -> tuple[str, int] | None:
    host = _platform_host(host)
    if found := _of_service(host, segments):
        return found
    if host in _PLATFORM and segments and segments[0].lower() in _PLATFORM[host] and not _named_below(host, segments):
        return host, 0
    for rule in _lists.paths.get(host, ()):
        if found := _by_path(host, segments, rule):
            return found
    return _by_label(host)


def _platform_host(host: str) -> str:
    """The host under its main name: without `www.`, and without what only marks another face of a platform."""
    host = host.removeprefix("www.")
    host = _SAME.get(host, host)
    for alias, platform in _SAME_PLATFORM.items():
        if host.endswith(f".{alias}"):
            host = host.removesuffix(alias) + platform
    face, _, rest = host.partition(".")
    rest = _SAME.get(rest, rest)
    if rest not in _lists.paths or host in _lists.paths or (rest in _lists.labels and face not in _RESERVED):
        return host
    is_face = face in _FACES or len(face.partition("-")[0]) == len("xx") or rest == ACADEMICS
    return rest if is_face else host


ACADEMICS = "academia.edu"
"""Its subdomains are universities; the person stands in the path."""


ANY_NAME = "any-name"
"""Nobody's label: `x.se` is a public suffix, and so is every other letter of the alphabet in Sweden."""


def _of_service(host: str, segments: list[str]) -> tuple[str, int] | None:
    """A tenant of a service that has used many suffixes: all of them were one."""
    for service in _TENANTS["any_suffix"]:
        names, dot, rest = host.rpartition(f".{service}.")
        if dot and names and rest and _lists.extract.extract_str(f"{ANY_NAME}.{rest}").suffix == rest:
            return f"{names.rpartition('.')[2]}.{service}.com", 0
    name, _, rest = host.partition(".")
    if name in _CONTRIBUTORS and len(segments) > 1 and _lists.extract.extract_str(host).suffix == rest:
        return _contributor(_CONTRIBUTORS[name], segments)
    return None


_SIGNED = re.compile(r"_b_\d+(?:\.html)?$")
"""How the address of a contributor's post ended, until 2017."""


def _contributor(site: str, segments: list[str]) -> tuple[str, int] | None:
    first, second = segments[0].lower(), segments[1].lower()
    if first in {"author", "contributor"}:
        return f"{site}/author/{second}", 2
    if first.endswith("-contributor") or _SIGNED.search(second):
        return f"{site}/author/{first.removesuffix('-contributor')}", 1
    return None


def _named_below(host: str, segments: list[str]) -> bool:
    """Whether a path that names the platform's own area goes on to a tenant in it."""
    return len(segments) > 1 and any(segments[0].lower() in rule.get("under", ()) for rule in _lists.paths.get(host, ()))


def _by_label(host: str) -> tuple[str, int] | None:
    name, _, platform = host.partition(".")
    while platform and platform not in _lists.labels:
        name, _, platform = platform.partition(".")
    if platform and name not in _RESERVED:
        return f"{name}.{platform}", 0
    if platform:
        return platform, 0
    return (host, 0) if host in _lists.labels or host in _lists.paths else None


def _by_path(host: str, segments: list[str], rule: dict[str, Any]) -> tuple[str, int] | None:
    start = 1 if segments and segments[0] in rule.get("skip", ()) else 0
    if under := rule.get("under"):
        if len(segments) < 2 or segments[0].lower() not in under:
            return None
        start = 1
    depth = rule.get("depth", 1)
    names = [segment.lower() for segment in segments[start : start + depth]]
    if len(names) < depth or not names[0] or (names[0] in _RESERVED and not under):
        return None
    if (mark := rule.get("only")) and not names[0].startswith(mark):
        return None
    if rule.get("named") and names[0].isdigit():
        return None
    if host in _LABELS:
        return f"{names[0].lstrip('@')}.{host}", start + depth
    prefix = f"{segments[0].lower()}/" if under else ""
    return f"{host}/{prefix}{'/'.join(names)}", start + depth


def _identifier(url: str) -> str | None:
    """The key of a persistent identifier: it dies with its resolver, not with the page it leads to."""
    scheme, _, rest = url.partition(":")
    if scheme.lower() in {"doi", "hdl"}:
        return _resolved(scheme.lower(), "/" + rest.lstrip("/"))
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if host in _DOI_HOSTS:
        return _resolved("doi", unquote(parts.path))
    if host == "hdl.handle.net":
        return _resolved("hdl", unquote(parts.path))
    found = _ARK.search(parts.path) if "/ark:" in parts.path else None
    return f"ark:{found[1]}" if found else None


def _resolved(kind: str, path: str) -> str | None:
    found = (_DOI if kind == "doi" else _HANDLE).match(path)
    return f"{kind}:{found[1].lower()}" if found else None


def _target(url: str) -> str:
    """What a wrapper stands for, a few layers deep."""
    for _ in range(_UNWRAPS):
        inner = next(_inner(url), None)
        if inner is None:
            return url
        url = inner
    return url


def _inner(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return
    if host.endswith(".translate.goog"):
        name = host.removesuffix(".translate.goog")
        yield f"https://{name.replace('--', chr(0)).replace('-', '.').replace(chr(0), '-')}{parts.path}"
    for place, path, parameters in _CARRIERS:
        if parts.path.startswith(path) and _stands_at(host, place):
            query = parse_qs(parts.query)
            values = (value for name in parameters.split() for value in query.get(name, ()))
            yield from (value for value in values if value.startswith(("http://", "https://")))
    if (
        host == "cdn.ampproject.org"
        or host.endswith(".cdn.ampproject.org")
        or (parts.path.startswith("/amp/") and (_stands_at(host, "google") or _stands_at(host, "www.google")))
    ):
        found = re.match(r"^/(?:amp|c|v|i)/(?:s/)?([^/]+\.[^/]+)(/.*)?$", parts.path)
        if found:
            yield f"https://{found[1]}{found[2] or '/'}"


def _stands_at(host: str, place: str) -> bool:
    """Whether a host is this place; one that ends in `google` stands under any public suffix, and under nothing else."""
    if not place.endswith("google"):
        return host == place
    suffix = host.removeprefix(f"{place}.")
    return suffix != host and _lists.extract.extract_str(f"google.{suffix}").suffix == suffix


def _parts(url: str) -> tuple[str, list[str]]:
    """(host, path segments); what stood behind `#!` was a path too, until 2012 or so."""
    try:
        parts = urlsplit(url)
        host = _host(parts.hostname or "")
    except ValueError:
        return "", []
    path = parts.fragment[1:] if parts.fragment.startswith("!/") and parts.path in {"", "/"} else parts.path
    return host, [segment for segment in path.split("/") if segment]


def _host(name: str) -> str:
    """In lower case and A-labels, without its final dot; as it is where no browser could read it."""
    if not name.isascii() or "%" in name:
        try:
            name = ada_url.URL(f"http://{name}/").hostname
        except ValueError:
            name = name.strip("[]")
    return name.lower().removesuffix(".")


def _is_address(host: str) -> bool:
    if not host or not (":" in host or host[-1].isdigit()):
        return False
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
