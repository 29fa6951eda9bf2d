"""A name server on loopback: what each name answers, in turn, and what was asked."""

import asyncio
import struct
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import cast

A, AAAA = 1, 28
Told = Sequence[Sequence[str] | str]
Zone = Mapping[str, Told]
CODES = {"servfail": 2, "nxdomain": 3, "notimp": 4, "refused": 5}


@dataclass
class Names(asyncio.DatagramProtocol):
    """`zone` maps a name to its answers: each a list of addresses, or `nxdomain servfail refused silent nodata garbage`; the last stays."""

    zone: Zone = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    at: str = ""
    _turns: Counter[tuple[str, int]] = field(default_factory=Counter)
    _transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)  # 3.11's own one says it is none
        self.at = "{}:{}".format(*transport.get_extra_info("sockname"))

    def datagram_received(self, query: bytes, where: tuple[str, int]) -> None:
        name, end = _name(query)
        kind = struct.unpack("!H", query[end : end + 2])[0]
        self.asked[name] += kind == A
        answers = self.zone.get(name, ["nxdomain"])
        turn = self._turns[name, kind]
        self._turns[name, kind] += 1
        answer = answers[min(turn, len(answers) - 1)]
        if answer == "silent" or self._transport is None:
            return
        reply = b"\xff" * 20 if answer == "garbage" else _reply(query, end, answer, kind)
        self._transport.sendto(reply, where)


def _name(query: bytes) -> tuple[str, int]:
    labels, at = [], 12
    while length := query[at]:
        labels.append(query[at + 1 : at + 1 + length].decode("ascii"))
        at += 1 + length
    return ".".join(labels).lower(), at + 1


def _reply(query: bytes, end: int, answer: Sequence[str] | str, kind: int) -> bytes:
    version = {4: A, 6: AAAA}
    addresses = [] if isinstance(answer, str) else [ip_address(each) for each in answer]
    told = [each for each in addresses if version[each.version] == kind]
    code = CODES.get(answer, 0) if isinstance(answer, str) else 0
    head = query[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(told), 0, 0)
    records = (struct.pack("!HHHIH", 0xC00C, kind, 1, 0, len(each.packed)) + each.packed for each in told)
    return head + query[12 : end + 4] + b"".join(records)


@asynccontextmanager
async def serving(zone: Zone) -> AsyncIterator[Names]:
    transport, names = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Names(zone=zone), local_addr=("127.0.0.1", 0)
    )
    try:
        yield names
    finally:
        transport.close()
