"""Keys made from what they name: no row has to be read before another one can point at it."""

import re
from hashlib import blake2b

from audit.store import cleaning

SHARDS = 4096
"""Work is dealt out by registrable domain in so many parts (engine.md, 5.2); stored with the host, never changed."""


def key(text: str) -> bytes:
    """The identity of an address, source or text: 16 bytes, because PostgreSQL indexes no value over 2,704 bytes.

    >>> key("https://example.com/").hex()
    '3259687d649f8e86106dd28ba70f1016'
    """
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def shard(domain: str) -> int:
    """The part of the work that a registrable domain, address or bare host belongs to.

    >>> shard("example.com") == shard("example.com") < SHARDS
    True
    """
    return int.from_bytes(blake2b(domain.encode("utf-8", "surrogatepass"), digest_size=8).digest()) % SHARDS


def url_key(url: str) -> bytes:
    r"""The identity of a cited URL or a source as the database holds it: what no column can hold is replaced first.

    >>> url_key("http://a.example/\0") == url_key("http://a.example/\ufffd")
    True
    """
    return key(cleaning.text(url))


MOST_INDEXED_BYTES = 1_024
"""PostgreSQL indexes no value over 2,704 bytes, and a digest stands beside the key."""


def index_key(urlkey: str) -> str:
    """A urlkey as the local capture index holds it: a very long one is its beginning and a digest of the whole.

    >>> index_key("org,example)/a"), len(index_key("org,example)/" + "a" * 5_000))
    ('org,example)/a', 1057)
    """
    fit = cleaning.text(urlkey)
    raw = fit.encode()
    if len(raw) <= MOST_INDEXED_BYTES:
        return fit
    return f"{raw[:MOST_INDEXED_BYTES].decode(errors='ignore')} {key(fit).hex()}"


START = re.compile(r"(?:https?|ftp)://(?:www\d{0,3}\.)?", re.IGNORECASE)
"""What a urlkey leaves out of the beginning of most addresses."""


def shortened(original: str, *, urlkey: str) -> str:
    """An address as it stands beside its urlkey: only its beginning where the key says the rest. Halves the index.

    >>> shortened("https://www.example.org/a", urlkey="org,example)/a"), shortened("http://example.org/A", urlkey="org,example)/a")
    ('https://www.', 'http://example.org/A')
    """
    start = original.removesuffix(_said(urlkey))
    return start if START.fullmatch(start) else original


def lengthened(stored: str, *, urlkey: str) -> str:
    """The inverse of `shortened`.

    >>> lengthened("https://www.", urlkey="org,example)/a")
    'https://www.example.org/a'
    """
    return stored + _said(urlkey) if START.fullmatch(stored) else stored


def _said(urlkey: str) -> str:
    """The address that a urlkey says, from its host on."""
    host, _, rest = urlkey.partition(")")
    return ".".join(reversed(host.split(","))) + rest
