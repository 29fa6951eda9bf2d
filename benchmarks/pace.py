"""`python benchmarks/pace.py`: 94 URLs on 60 hosts, the largest with 12, answers after 200 ms; with a second between starts, and with none.

The bound is what the largest host needs by itself: 11 pauses and one answer; without pauses, its 12 answers, two or all of them at once. Bars: 11.3 s and 1 s.
"""

import asyncio
import json
import subprocess
import sys
import time

from audit.demo.serving import RottenWeb
from audit.demo.sites import Answer, Site
from audit.model import DueUrl, HostBatch
from audit.settings import PerHost, Settings, Web
from audit.web.checking import check_batch
from audit.web.network import Network

ANSWER_S = 0.2
SIZES = [12, 6, 4, 4, 3, 3, 3, 2, 2, 2, 2, 2, 2, *[1] * 47]
PAGE = b"<title>A bridge</title><p>" + b"The bridge at Vellham stands. " * 700
TITLE = "A bridge"


def hosts() -> list[str]:
    return [f"h{number}.example" for number in range(60)]


def batches() -> list[HostBatch]:
    return [
        HostBatch(host=host, due=tuple(DueUrl(url=f"http://{host}/{n}", titles=(TITLE,)) for n in range(count)))
        for host, count in zip(hosts(), SIZES, strict=True)
    ]


async def serve() -> None:
    answer = Answer(body=PAGE, delay_s=ANSWER_S)
    async with RottenWeb([Site(host=host, name=host, otherwise=answer) for host in hosts()], ()) as web:
        print(json.dumps(web.resolve), flush=True)
        await asyncio.to_thread(sys.stdin.readline)


async def checked(resolve: dict[str, str], delay_s: float, at_once: int) -> tuple[float, float, int]:
    """Wall seconds, CPU seconds, outcomes."""
    web = Web(
        canaries=(),
        allow_networks=("127.0.0.1/32",),
        resolve=resolve,
        per_address=1_000,
        per_host=PerHost(delay_s=delay_s, concurrency=at_once),
    )
    async with Network(web) as network:
        begun, cpu = time.perf_counter(), time.process_time()
        outcomes = [each async for each in check_batch(batches(), Settings(web=web), web=network, stop=asyncio.Event())]
        return time.perf_counter() - begun, time.process_time() - cpu, len(outcomes)


def main() -> None:
    server = subprocess.Popen([sys.executable, __file__, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    resolve = json.loads(server.stdout.readline())
    for delay_s, at_once, bar_s in ((1.0, 2, 11.3), (0.0, 2, 1.3), (0.0, 12, 1.0)):
        wall, cpu, count = asyncio.run(checked(resolve, delay_s, at_once))
        bound = 11 * delay_s + ANSWER_S if delay_s else 12 / at_once * ANSWER_S
        print(
            f"spacing {delay_s:.0f} s, {at_once:2} at once: {count} URLs in {wall:.2f} s (bar {bar_s}, bound {bound:.1f}),"
            f" {cpu / count * 1000:.1f} ms CPU each"
        )
    server.kill()


if __name__ == "__main__":
    asyncio.run(serve()) if sys.argv[1:] == ["serve"] else main()
