"""A process that makes one capture pass over a database that another one may use at the same time.

`python tests/real/sharing.py CONFIGURATION URL...` prints how many facts it found.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from audit.archives import asking
from audit.config import load
from audit.model import LinkState, Wanted
from audit.run import ArchiveBook
from audit.store.opening import open_store

NEAR = (datetime(2015, 7, 1, tzinfo=UTC),)


async def main(configuration: str, *urls: str) -> None:
    settings = load(Path(configuration)).settings
    wanted = [Wanted(url=url, near=NEAR, state=LinkState.LIVE) for url in urls]
    book = ArchiveBook(open_store(settings.database))
    archives = asking.archives(settings)
    found = 0
    async for _ in asking.capture_pass(wanted, archives, settings=settings, pools=book, now=datetime.now(UTC)):
        found += 1
    sys.stdout.write(str(found))


asyncio.run(main(*sys.argv[1:]))
