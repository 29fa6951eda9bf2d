"""Who publishes a URL: registrable domain, tenant and section keys, from the bundled Public Suffix List. Pure, no network ever."""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import ada_url
from tldextract import TLDExtract

from audit import data

HOSTS_REMEMBERED = 65_536
"""Hosts, not URLs: a corpus of millions of links has tens of thousands of hosts."""

_extract = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
_TENANTS = data.table("tenants")
_WRAPPERS = data.table("wrappers")
TENANTS_VERSION: str = _TENANTS["version"]
_LABEL = frozenset(_TENANTS["label"].split())
_RESERVED = frozenset(_TENANTS["reserved"].split())
_PERSONAL = frozenset(_TENANTS["personal"].split())
_SAME: dict[str, str] = _TENANTS["same"]
_SAME_PLATFORM: dict[str, str] = _TENANTS["same_platform"]
_OWN = frozenset(_TENANTS["own"]["hosts"])
_PLATFORM: dict[str, list[str]] = _TENANTS["platform"]
_SHORT = frozenset(_WRAPPERS["shorteners"].split())
_CARRIERS: list[list[str]] = _WRAPPERS["carriers"]
_PATHS: dict[str, list[dict[str, Any]]] = {}
for _rule in _TENANTS["path"]:
    _PATHS.setdefault(_rule["host"], []).append(_rule)

_DOI = re.compile(r"^/?(10\.\d{3,9})/")
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
    parts = _extract.extract_str(host)
    if found := parts.top_domain_under_public_suffix:
        return found
    return ".".join(host.split(".")[-2:]) if not parts.suffix else host


def registered_name(host: str) -> str | None:
    """The name that a registry knows: none for an address, a single label, or a tenant of a platform that hands out names of its own.

    >>> registered_name("www.osw.waw.pl"), registered_name("a.b.blogspot.com"), registered_name("192.0.2.1")
    ('osw.waw.pl', None, None)
    """
    host = _host(host.strip("[]"))
    if _is_address(host) or "." not in host or _extract.extract_str(host).is_private:
        return None
    return registrable_domain(host)


@lru_cache(maxsize=HOSTS_REMEMBERED)
def broadest_name(host: str) -> str:
    """The broadest name that still speaks for a host: its registrable domain, or that of the platform it is a tenant of.

    >>> broadest_name("www.osw.waw.pl"), broadest_name("a.b.blogspot.com"), broadest_name("blogspot.com")
    ('osw.waw.pl', 'blogspot.com', 'blogspot.com')
    """
    parts = _extract.extract_str(_host(host.strip("[]")))
    return parts.suffix if parts.is_private else registrable_domain(host)


@lru_cache(maxsize=HOSTS_REMEMBERED)
def is_platform(host: str) -> bool:
    """Whether many publishers share a host.

    >>> is_platform("wordpress.com"), is_platform("blogspot.com"), is_platform("ann.blogspot.com"), is_platform("times.example")
    (True, True, False, False)
    """
    parts = _extract.extract_str(host)
    return host in _LABEL or host in _PATHS or (parts.is_private and not parts.domain)


@lru_cache(maxsize=1)
def psl_version() -> str:
    """The version line of the bundled suffix list: another version may regroup publishers.

    >>> psl_version()[:2]
    '20'
    """
    text = files("tldextract").joinpath(".tld_set_snapshot").read_text(encoding="utf-8")
    found = re.search(r"^// VERSION: (\S+)", text, re.MULTILINE)
    return found[1] if found else "unknown"


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


def is_personal(url: str) -> bool:
    """Whether a URL is, as far as it shows, one person's page: on a social network, a blog or home-page platform, or under `/~name`.

    >>> is_personal("https://ann.wordpress.com/x"), is_personal("https://uni.example.edu/~ann/"), is_personal("https://example.com/x")
    (True, True, False)
    """
    url = _target(url)
    key, segments = publisher_key(url), _parts(url)[1]
    platform = key.partition("/")[0] if "/" in key else key.partition(".")[2]
    return platform in _PERSONAL or any(segment.startswith(("~", "%7e", "%7E")) for segment in segments)


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
    host = host.removeprefix("www.")
    host = _SAME.get(host, host)
    for alias, platform in _SAME_PLATFORM.items():
        if host.endswith(f".{alias}"):
            host = host.removesuffix(alias) + platform
    for service in _TENANTS["any_suffix"]:
        name, dot, rest = host.partition(f".{service}.")
        if dot and rest and "." not in name and _extract.extract_str(f"x.{rest}").suffix == rest:
            return f"{name}.{service}.com", 0
    if host in _PLATFORM and segments and segments[0].lower() in _PLATFORM[host]:
        return host, 0
    for rule in _PATHS.get(host, ()):
        if found := _by_path(host, segments, rule):
            return found
    name, _, platform = host.partition(".")
    while platform and platform not in _LABEL:
        label, _, platform = platform.partition(".")
        name = label
    if platform and name not in _RESERVED:
        return f"{name}.{platform}", 0
    return (host, 0) if host in _LABEL or host in _PATHS else None


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
    if host in _LABEL:
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
    for prefix, path, parameter in _CARRIERS:
        if host.startswith(prefix) and parts.path.startswith(path):
            yield from (value for value in parse_qs(parts.query).get(parameter, ()) if value.startswith(("http://", "https://")))
    if (
        host == "cdn.ampproject.org"
        or host.endswith(".cdn.ampproject.org")
        or (host.removeprefix("www.").startswith("google.") and parts.path.startswith("/amp/"))
    ):
        found = re.match(r"^/(?:amp|c|v|i)/(?:s/)?([^/]+\.[^/]+)(/.*)?$", parts.path)
        if found:
            yield f"https://{found[1]}{found[2] or '/'}"


def _parts(url: str) -> tuple[str, list[str]]:
    try:
        parts = urlsplit(url)
        host = _host(parts.hostname or "")
    except ValueError:
        return "", []
    return host, [segment for segment in parts.path.split("/") if segment]


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
