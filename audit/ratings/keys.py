"""Hosts and paths as rating lists write them -> keys of rules. Pure."""

import re

from audit import urls

_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]{0,20}:)?//", re.IGNORECASE)
_PORT = re.compile(r":\d{0,5}$")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?")
LONGEST_KEY = 2_000


def host_and_path(written: str, *, open_ended: bool = False) -> tuple[str, str] | None:
    """A token of a list as host and path; None for what names no host. With `open_ended` a final dot stays: any suffix follows.

    >>> host_and_path("https://www.Times.example/Section/"), host_and_path("other.example/x*")
    (('times.example', '/Section'), ('other.example', '/x*'))
    >>> host_and_path("example.", open_ended=True), host_and_path("*.times.example/*"), host_and_path("localhost")
    (('example.', ''), ('times.example', ''), None)
    """
    text = _SCHEME.sub("", written.strip(), count=1)
    if len(text) > LONGEST_KEY:
        return None
    host, slash, path = text.partition("#")[0].partition("/")
    if not slash:
        host, mark, query = host.partition("?")
        path = f"?{query}" if mark and query else ""
    name = _name(host, open_ended=open_ended)
    if name is None:
        return None
    raw = path.endswith("*") and not path.endswith("/*") and path != "*"
    path = path.rstrip("*").rstrip("/")
    return name, f"/{path}{'*' if raw else ''}" if path else ""


def _name(written: str, *, open_ended: bool) -> str | None:
    host = _PORT.sub("", written.rpartition("@")[2].strip().lower()).removeprefix("*.")
    stem = host.removesuffix(".")
    if not stem.isascii():
        stem = urls.host_of(f"http://{stem}/")
    stem = stem.removeprefix("www.")
    host = f"{stem}." if open_ended and host.endswith(".") else stem
    return host if "." in host and _HOST.fullmatch(host) else None
