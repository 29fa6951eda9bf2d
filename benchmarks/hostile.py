"""`python benchmarks/hostile.py [seconds]`: 95 good hosts, alone and beside hostile ones; the times of verdicts.md scaled to `seconds` an attempt.

Prints how long the good ones took, how long the whole took over the longest single check, what each hostile server cost, and how
long our loop stood still at most. The servers live in another process.
"""

import asyncio
import gzip
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable

import brotli  # type: ignore[import-untyped]  # ships no stubs
from backports import zstd

from audit.demo.serving import MANNERS, RottenWeb
from audit.demo.sites import Answer, Site
from audit.model import DueUrl, HostBatch, Outcome
from audit.settings import PerHost, Settings, Timeouts, Web
from audit.web.checking import check_batch
from audit.web.network import Network

GOOD = 95
PAGE = Answer(body=b"<title>A bridge</title><p>" + b"The bridge at Vellham stands. " * 700, delay_s=0.05)
BIG = b"\0" * 200_000_000


def hostile() -> Iterable[Site]:
    """One site per way of being hostile."""
    for manner in MANNERS:
        yield Site(host=f"{manner}.example", name=manner, otherwise=Answer(body=PAGE.body, manner=manner))
    for name, bomb in {"gzip": gzip.compress(BIG), "br": brotli.compress(BIG, quality=5), "zstd": zstd.compress(BIG)}.items():
        yield Site(host=f"{name}-bomb.example", name=name, otherwise=Answer(body=bomb, headers=(("Content-Encoding", name),)))
    pages = {f"/{number}": Answer(http_status=302, headers=(("Location", f"/{number + 1}"),)) for number in range(100)}
    yield Site(host="redirects.example", name="endless redirects", pages=pages)


def good() -> Iterable[Site]:
    return (Site(host=f"good{number}.example", name="good", otherwise=PAGE) for number in range(GOOD))


async def serve() -> None:
    """The server's process: prints where everything is, and on each line of input what was sent so far."""
    async with RottenWeb([*good(), *hostile()]) as web:
        print(json.dumps(web.resolve), flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps({"asked": web.asked, "sent": web.sent}), flush=True)


async def checked(hosts: list[str], settings: Settings) -> tuple[dict[str, tuple[float, Outcome]], float]:
    """When each outcome came, and the longest time that the loop stood still."""
    batches = [HostBatch(host=host, due=(DueUrl(url=f"http://{host}/1"),)) for host in hosts]
    begun, done, stalls = time.monotonic(), {}, [0.0]

    async def watch() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.005)
            stalls.append(time.monotonic() - before - 0.005)

    async with Network(settings.web) as web:
        watching = asyncio.create_task(watch())
        async for outcome in check_batch(batches, settings, web=web, stop=asyncio.Event()):
            done[outcome.url.split("/")[2]] = time.monotonic() - begun, outcome
        watching.cancel()
    return done, max(stalls)


def main() -> None:
    total_s = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    scale = total_s / 45
    server = subprocess.Popen([sys.executable, __file__, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert server.stdin is not None
    web = Web(
        canaries=(),
        allow_networks=("127.0.0.1/32",),
        resolve=json.loads(server.stdout.readline()),
        per_address=1_000,
        per_host=PerHost(delay_s=scale),
        timeouts=Timeouts(connect_s=10 * scale, read_s=20 * scale, total_s=total_s),
        retry_after_s=(10 * scale, 60 * scale),
    )
    settings, fine, bad = Settings(web=web), [site.host for site in good()], [site.host for site in hostile()]
    alone, stall_alone = asyncio.run(checked(fine, settings))
    peak_alone = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    beside, stall_beside = asyncio.run(checked([*bad, *fine], settings))
    peak_beside = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    server.stdin.write("\n")
    server.stdin.flush()
    counts = json.loads(server.stdout.readline())
    server.kill()
    print(f"{'hostile':18} {'seconds':>8} {'of 45 s':>8} {'requests':>9} {'sent':>12}  what became of it")
    longest = 0.0
    for host in bad:
        when, outcome = beside[host]
        last = [fetch for fetch in outcome.fetches if fetch.role == "attempt"][-1]
        longest = max(longest, when)
        name, asked = host.removesuffix(".example"), sum(n for at, n in counts["asked"].items() if at.startswith(f"{host}/"))
        print(
            f"{name:18} {when:8.2f} {when / total_s:8.2f} {asked:9} {counts['sent'].get(host, 0):12,}"
            f"  {last.failure or last.http_status} {last.detail or ''} {'cut' if 'cut' in last.flags else ''}"
        )
    last_good = max(when for host, (when, _) in beside.items() if host in set(fine))
    whole = max(when for when, _ in beside.values())
    print(f"good hosts alone {max(when for when, _ in alone.values()):.2f} s, beside the hostile ones {last_good:.2f} s")
    print(f"the whole {whole:.2f} s = {whole / longest:.2f} x the longest single check = {whole / total_s:.2f} x one attempt")
    print(
        f"loop stood still {stall_alone * 1000:.0f} ms alone, {stall_beside * 1000:.0f} ms beside; peak {peak_alone:.0f} and {peak_beside:.0f} MiB"
    )


if __name__ == "__main__":
    asyncio.run(serve()) if sys.argv[1:] == ["serve"] else main()
