"""Keys made from what they name: no row has to be read before another one can point at it."""

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
