"""`python benchmarks/pipeline.py`: the whole run over 2,000 URLs on 200 loopback hosts, beside a bare aiohttp GET loop.

Three pairs, medians. Prints seconds, CPU milliseconds per URL and peak memory of each, and their ratio.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HOSTS, URLS, DELAY_S, CONCURRENCY = 200, 2_000, 0.05, 500
HERE = Path(__file__).parent

PEER = """
import asyncio, sys, aiohttp
async def main(port, urls):
    gate = asyncio.Semaphore(500)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        async def get(url):
            async with gate, session.get(f"http://127.0.0.1:{port}{url}") as response:
                await response.read()
        await asyncio.gather(*(get(url) for url in urls))
asyncio.run(main(sys.argv[1], open(sys.argv[2]).read().split()))
"""


def measured(command: list[str], folder: Path) -> dict[str, float]:
    """Wall seconds, CPU seconds and peak MiB of one command."""
    begun = os.times()
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, code, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(code)
    if child.returncode != 0:
        sys.exit(f"{command} ended with {child.returncode}")
    return {
        "wall_s": os.times().elapsed - begun.elapsed,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_mib": usage.ru_maxrss / 1024,
    }


def prepared(folder: Path, port: int) -> None:
    paths = [f"/story/{number}" for number in range(URLS)]
    (folder / "paths.txt").write_text("\n".join(paths))
    (folder / "urls.txt").write_text("\n".join(f"http://h{n % HOSTS:03}.example{path}" for n, path in enumerate(paths)))
    (folder / "peer.py").write_text(PEER)
    settings = {
        "web": {
            "contact": "benchmark@example.org",
            "concurrency": CONCURRENCY,
            "per_address": CONCURRENCY,
            "per_host": {"concurrency": 10, "delay_s": 0},
            "allow_networks": ["127.0.0.0/8"],
            "canaries": [],
            "resolve": {f"h{n:03}.example": f"127.0.0.1:{port}" for n in range(HOSTS)},
        },
        "captures": {"search": "never"},
        "archives": [],
        "soft404": {"probes": "never"},
    }
    (folder / "config.yaml").write_text(json.dumps(settings))


def main() -> None:
    server = subprocess.Popen([sys.executable, HERE / "loopback.py", str(DELAY_S)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    port = int(server.stdout.readline())
    ours, peers, idle = [], [], []
    try:
        for _ in range(3):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                prepared(folder, port)
                subprocess.run([sys.executable, "-m", "audit", "-q", "ingest", "urls.txt"], cwd=folder, check=True)
                idle.append(measured([sys.executable, "-m", "audit", "-q", "check", "--limit", "1"], folder))
                ours.append(measured([sys.executable, "-m", "audit", "-q", "check"], folder))
                peers.append(measured([sys.executable, "peer.py", str(port), "paths.txt"], folder))
    finally:
        server.kill()
    for name, rows in (("source-audit check", ours), ("the same, 1 URL", idle), ("bare aiohttp GET", peers)):
        middle = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
        print(f"{name:20} {middle['wall_s']:6.2f} s wall  {middle['cpu_s']:6.2f} s CPU  {middle['peak_mib']:6.0f} MiB")
    net = statistics.median((o["cpu_s"] - i["cpu_s"]) / URLS * 1000 for o, i in zip(ours, idle, strict=True))
    ratio = statistics.median(o["cpu_s"] / p["cpu_s"] for o, p in zip(ours, peers, strict=True))
    print(
        f"per URL {net:.2f} ms CPU beyond start-up; {ratio:.1f} x the bare loop; the hosts alone need {URLS / CONCURRENCY * DELAY_S:.2f} s"
    )


if __name__ == "__main__":
    main()
