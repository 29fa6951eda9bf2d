"""The plainest checker: HEAD, then GET where HEAD ends badly; a final status under 400 is alive. What most scripts do.

    python -m benchmarks.status_only URLS SECONDS [PINS]

Prints one JSON list: true or false for every URL, in their order. Proxy and authorities come from the environment; PINS (host -> address:port) goes without.
"""

import asyncio
import json
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

AT_ONCE = 50


class Pinned(AbstractResolver):
    def __init__(self, pins: Mapping[str, str]) -> None:
        self.pins = pins

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        if host not in self.pins:
            raise OSError(f"unknown name {host}")
        address, _, pinned = self.pins[host].partition(":")
        return [ResolveResult(hostname=host, host=address, port=int(pinned or port), family=family, proto=0, flags=0)]

    async def close(self) -> None:
        pass


async def status(session: aiohttp.ClientSession, method: str, url: str) -> int | None:
    """The final status, None when there is none."""
    try:
        async with session.request(method, url, allow_redirects=True) as response:
            return response.status
    except (aiohttp.ClientError, OSError, ValueError):
        return None


async def alive(session: aiohttp.ClientSession, url: str) -> bool:
    """Whether HEAD or else GET ends well."""
    for method in ("HEAD", "GET"):
        found = await status(session, method, url)
        if found is not None and found < 400:
            return True
    return False


async def main(urls: list[str], seconds: float, pins: Mapping[str, str] | None) -> list[bool]:
    gate = asyncio.Semaphore(AT_ONCE)
    connector = aiohttp.TCPConnector(resolver=Pinned(pins)) if pins else None
    timeout = aiohttp.ClientTimeout(total=seconds)
    async with aiohttp.ClientSession(connector=connector, trust_env=pins is None, timeout=timeout) as session:

        async def one(url: str) -> bool:
            async with gate:
                return await alive(session, url)

        return await asyncio.gather(*(one(url) for url in urls))


if __name__ == "__main__":
    addresses = Path(sys.argv[1]).read_text(encoding="utf-8").split("\n")
    pinned = json.loads(Path(sys.argv[3]).read_text(encoding="utf-8")) if len(sys.argv) > 3 else None
    print(json.dumps(asyncio.run(main(addresses, float(sys.argv[2]), pinned))))
