"""One answer of a server, before it becomes a fact: head, decoded body, and what of it is worth keeping. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from yarl import URL

RawHeaders = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`tls` names the defect of the connection it came over. `cut`: there was more of the body."""

    url: str
    http_status: int
    raw_headers: RawHeaders
    body: bytes = b""
    cut: bool = False
    undecodable: bool = False
    address: str | None = None
    tls: str | None = None

    def header(self, name: str) -> str | None:
        return header(self.raw_headers, name)


TELLING = frozenset(
    [
        "server",
        "via",
        "date",
        "age",
        "last-modified",
        "etag",
        "content-language",
        "content-disposition",
        "content-encoding",
        "content-length",
        "content-location",
        "location",
        "refresh",
        "link",
        "retry-after",
        "x-robots-tag",
        "www-authenticate",
        "memento-datetime",
        "x-powered-by",
        "x-cache",
        "x-generator",
        "cf-mitigated",
        "cf-ray",
        "server-timing",
        "x-amzn-waf-action",
        "x-amzn-requestid",
        "x-amzn-errortype",
        "x-amz-request-id",
        "x-sec-cpt",
        "x-dd-b",
        "x-datadome",
        "x-iinfo",
        "x-cdn",
        "akamai-grn",
        "sec-cpt",
        "sg-captcha",
        "bxpunish",
        "rimon",
        "x-sucuri-block",
        "x-sucuri-id",
        "x-vercel-mitigated",
        "x-vercel-id",
        "ratelimit",
        "ratelimit-remaining",
        "ratelimit-reset",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ]
)
"""Headers that a rule of verdicts.md reads (sections 3 to 6), or that tell who answered."""
TELLING_PREFIXES = ("x-kpsdk-",)
LONGEST_VALUE = 1_024
MOST_TOLD = 48


def header(raw: RawHeaders, name: str) -> str | None:
    r"""The first header of that name. Bytes that are no ASCII keep their value as percent escapes would show them.

    >>> header(((b"Location", b" /caf\xe9 "),), "location")
    '/caf%E9'
    """
    wanted = name.encode()
    for key, value in raw:
        if key.lower() == wanted and value.strip():
            return ascii_of(value) if wanted == b"location" else text_of(value)
    return None


def ascii_of(value: bytes) -> str:
    """A Location as the server meant it, byte for byte: raw UTF-8 and Latin-1 both become percent escapes of the same bytes."""
    return "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in value.strip())


def text_of(value: bytes) -> str:
    try:
        return value.decode("utf-8").strip()
    except UnicodeDecodeError:
        return value.decode("latin-1").strip()


_wished: frozenset[str] = frozenset()


def keep(names: Iterable[str] = ()) -> None:
    """Store these headers too, names in lower case, for the rest of this process: rules of the user read them."""
    global _wished  # noqa: PLW0603 - one configuration per process, read once
    _wished = frozenset(names)


def telling(raw: RawHeaders) -> tuple[tuple[str, str], ...]:
    """The headers worth storing, names in lower case."""
    named = ((key.decode("latin-1").lower(), value) for key, value in raw)
    told = [
        (name, text_of(value)[:LONGEST_VALUE])
        for name, value in named
        if name in TELLING or name in _wished or name.startswith(TELLING_PREFIXES)
    ]
    return tuple(told[:MOST_TOLD])


def cookie_names(raw: RawHeaders) -> Iterable[str]:
    """Names of the cookies that an answer sets. Values are never stored."""
    for key, value in raw:
        if key.lower() == b"set-cookie":
            name = text_of(value).partition("=")[0].strip()
            if name:
                yield name[:100]


def media_type(raw: RawHeaders) -> str | None:
    """The media type without parameters.

    >>> media_type(((b"Content-Type", b"Text/HTML; charset=x"),))
    'text/html'
    """
    written = header(raw, "content-type") or ""
    return written.partition(";")[0].strip(" \t\"'").lower()[:200] or None


_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.IGNORECASE)


def charset(raw: RawHeaders) -> str | None:
    """The character set that the head names."""
    found = _CHARSET.search(header(raw, "content-type") or "")
    return found[1].lower() if found else None


TEXTUAL = re.compile(r"^(text/|application/(xhtml|xml|json|ld\+json|javascript)|[\w./-]+\+(xml|json)$)")


UNTELLING = {
    "*/*",
    "application/octet-stream",
    "unknown/unknown",
    "application/x-httpd-php",
    "application/force-download",
    "application/x-download",
    "binary/octet-stream",
}
"""Types that servers give to whatever they do not know."""


def is_textual(kind: str | None) -> bool:
    """Whether the body is worth reading as text. What does not say what it is may be a page."""
    return kind is None or "/" not in kind or kind in UNTELLING or bool(TEXTUAL.match(kind))


def sendable(wire: str) -> URL:
    """The address as it goes on the wire: not one byte rewritten, no user information, no fragment.

    >>> str(sendable("http://me:secret@news.example.com/%7Ea/?"))
    'http://news.example.com/%7Ea/?'
    """
    scheme, mark, rest = wire.partition("#")[0].partition("://")
    end = min((position for position in (rest.find(each) for each in "/?") if position >= 0), default=len(rest))
    authority = rest[:end].rpartition("@")[2]
    path = rest[end:] or "/"
    if path.endswith("?") and path.count("?") == 1:  # an empty query, which yarl keeps only as a part of the path
        return URL.build(scheme=scheme, authority=authority, path=path, encoded=True)
    return URL(f"{scheme}{mark}{authority}{path}", encoded=True)
