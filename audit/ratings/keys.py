"""Hosts and paths as rating lists write them -> keys of rules. Pure."""

import re

from audit import urls

_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]{0,20}:)?//", re.IGNORECASE)
_PORT = re.compile(r":\d{0,5}$")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?")
LONGEST_KEY = 2_000


def host_and_path(written: str) -> tuple[str, str] | None:
    """A token of a list as host and path; None for what names no host. A final dot (any suffix follows) stays.

    >>> host_and_path("https://www.Times.example/Section/"), host_and_path("other.example/x*")
    (('times.example', '/Section'), ('other.example', '/x*'))
    >>> host_and_path("example."), host_and_path("*.times.example/*"), host_and_path("localhost")
    (('example.', ''), ('times.example', ''), None)
    """
    text = _SCHEME.sub("", written.strip(), count=1) if _SCHEME.match(written.strip()) else written.strip()
    if len(text) > LONGEST_KEY:
        return None
    host, slash, path = text.partition("#")[0].partition("/")
    if not slash:
        host, mark, query = host.partition("?")
        path = f"?{query}" if mark and query else ""
    name = _name(host)
    if name is None:
        return None
    path = path.removesuffix("*").rstrip("/") + "*" if path.endswith("*") and not path.endswith("/*") else path.removesuffix("*")
    path = path.rstrip("/")
    return name, f"/{path}" if path and path != "*" else ""


def _name(written: str) -> str | None:
    host = _PORT.sub("", written.rpartition("@")[2].strip().lower()).removeprefix("*.")
    open_ended = host.endswith(".")
    if not host.isascii():
        host = urls.host_of(f"http://{host.removesuffix('.')}/") + ("." if open_ended else "")
    host = host.removeprefix("www.")
    return host if "." in host and _HOST.fullmatch(host) else None
