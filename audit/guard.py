"""The guard: may a request go to this address at all? Pure; asked before every request and every hop.

A cited URL is text written by strangers. Hosts arrive here as browsers read them (`urls.wire`), so an address in decimal,
hexadecimal, octal or full-width spelling is already dotted.
"""

from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from yarl import URL

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Refused(OSError):  # noqa: N818 - a verdict of the guard
    """An address that no request may go to. An OSError, because that is what a connector passes on."""


# fmt: off
BAD_PORTS = frozenset((
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111,
    113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548,
    554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665,
    6666, 6667, 6668, 6669, 6679, 6697, 10080,
))
# fmt: on
"""The ports that browsers refuse: fetch.spec.whatwg.org, "bad port" (2026-05)."""

PRIVATE_NAMES = ("localhost", "local", "internal", "home.arpa", "onion")

NOT_GLOBAL: tuple[Network, ...] = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",
            "192.88.99.0/24",
            "224.0.0.0/4",
            "::/96",
            "64:ff9b:1::/48",
            "fec0::/10",
            "ff00::/8",
            "3fff::/20",
            "5f00::/16",
        ),
    )
)
"""What `is_global` of CPython 3.11 calls global although it is not; other releases differ, so both are asked."""

NAT64 = IPv6Network("64:ff9b::/96")
COMPATIBLE = IPv6Network("::/96")


def networks(written: Iterable[str]) -> tuple[Network, ...]:
    """The configured `allow_networks`."""
    return tuple(ip_network(text, strict=False) for text in written)


def forbidden(address: str, *, allowed: Iterable[Network] = ()) -> bool:
    """Whether no request may go to an address: not globally routable, in itself or in the IPv4 address it carries.

    >>> [forbidden(each) for each in ("93.184.215.14", "127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::ffff:10.0.0.1")]
    [False, True, True, True, True]
    >>> forbidden("127.0.0.1", allowed=networks(["127.0.0.0/8"]))
    False
    """
    try:
        outer = ip_address(address.partition("%")[0])
    except ValueError:
        return True
    inner = _carried(outer)
    if any(each in network for network in allowed for each in (outer, *inner)):
        return False
    if isinstance(outer, IPv6Address) and outer in NAT64:
        return any(map(_private, inner))
    return any(map(_private, (outer, *inner)))


def _private(address: Address) -> bool:
    return not address.is_global or any(address in network for network in NOT_GLOBAL if network.version == address.version)


def _carried(address: Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return ()
    teredo = address.teredo or ()
    tail = IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 or address in COMPATIBLE else None
    return tuple(each for each in (address.ipv4_mapped, address.sixtofour, tail, *teredo) if each is not None)


def refused(url: URL, *, pinned: bool = False, schemes: Collection[str] = ("http", "https")) -> str | None:
    """Why an address may not be asked, as far as its text tells; names that the configuration pins may be private.

    >>> refused(URL("http://localhost/")), refused(URL("http://news.example.com:25/")), refused(URL("http://news.example.com/"))
    ('private-name', 'port', None)
    """
    if url.scheme not in schemes:
        return "scheme"
    if url.explicit_port in BAD_PORTS and (url.scheme, url.explicit_port) != ("ftp", 21):
        return "port"
    host = (url.raw_host or "").rstrip(".").lower()
    if pinned or is_address(host):
        return None
    if "." not in host or any(host == name or host.endswith(f".{name}") for name in PRIVATE_NAMES):
        return "private-name"
    return None


def is_address(host: str) -> bool:
    """Whether a host is an address instead of a name."""
    if not host or not (host[-1].isdigit() or ":" in host):
        return False
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def pinned_endpoint(target: str, port: int) -> tuple[str, int]:
    """Address and port of a target that `web.resolve` pins; the port that was asked for, unless it names one.

    >>> pinned_endpoint("127.0.0.1:8080", 80), pinned_endpoint("[::1]:8080", 80), pinned_endpoint("::1", 443)
    (('127.0.0.1', 8080), ('::1', 8080), ('::1', 443))
    """
    try:
        return str(ip_address(target.strip("[]"))), port
    except ValueError:
        address, _, digits = target.rpartition(":")
        return address.strip("[]"), int(digits)


INDOOR_NAMES = frozenset(("corp", "home", "intranet", "lan", "localdomain", "private"))
"""Last labels that routers and offices give to their own machines; none is a public domain."""

SECRETS = frozenset(
    (
        "access_token",
        "api_key",
        "apikey",
        "auth_token",
        "client_secret",
        "passwd",
        "password",
        "pwd",
        "token",
        "x-amz-signature",
        "x-goog-signature",
    )
)
"""Query parameters that let whoever holds the address in: it is as good as a password, and an archive shows it to everybody."""


def untold(url: URL) -> str | None:
    """Why an address may not be told to a public service: it names a machine or a secret of its owner. None when it may.

    >>> untold(URL("http://intranet/")), untold(URL("http://10.0.0.1/a")), untold(URL("http://ann:pw@news.example.com/"))
    ('private-name', 'private-address', 'credentials')
    >>> untold(URL("http://news.example.com/a?Token=5ecret")), untold(URL("http://news.example.com/a?tokens=5"))
    ('credentials', None)
    """
    host = (url.raw_host or "").rstrip(".").lower()
    if is_address(host):
        return "private-address" if forbidden(host) else None
    if refused(url) == "private-name" or host.rpartition(".")[2] in INDOOR_NAMES:
        return "private-name"
    named = {name.lower() for name, value in url.query.items() if value}
    return "credentials" if url.user or url.password or named & SECRETS else None
