"""A little file server on loopback: its control connection only. It notes every command; what it answers is a table."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

ORDINARY: Mapping[str, bytes] = {
    "": b"220 files\r\n",
    "USER anonymous": b"331 Say your name\r\n",
    "PASS": b"230 Come in\r\n",
    "TYPE I": b"200 Binary\r\n",
    "SIZE /pub/report.pdf": b"213 48211\r\n",
    "SIZE /pub": b"550 Not a plain file\r\n",
    "CWD /pub": b"250 Here\r\n",
    "SIZE /caf\u00e9.txt": b"213 4\r\n",
    "SIZE": b"550 No such file or directory\r\n",
    "CWD": b"550 No such file or directory\r\n",
    "QUIT": b"221 Bye\r\n",
}


@dataclass
class Files:
    """`replies` by command or by its first word; "" is the greeting. An empty reply closes, `None` is silence."""

    replies: Mapping[str, bytes | None]
    said: list[str] = field(default_factory=list)
    connections: int = 0
    at: str = ""

    async def visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._talk(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        words = ""
        while True:
            reply = self.replies.get(words, self.replies.get(words.partition(" ")[0], b"500 What?\r\n"))
            if reply is None:
                await asyncio.sleep(30)
            if not reply:
                return
            writer.write(reply)
            await writer.drain()
            line = await reader.readline()
            if not line or words == "QUIT":
                return
            words = line.decode("utf-8").rstrip("\r\n")
            self.said.append(words)


@asynccontextmanager
async def serving(changes: Mapping[str, bytes | None], *, address: str = "127.0.0.1") -> AsyncIterator[Files]:
    """The ordinary file server, with changes."""
    files = Files(replies={**ORDINARY, **changes})
    visits: set[asyncio.Task[None]] = set()

    def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(files.visit(reader, writer))
        visits.add(task)
        task.add_done_callback(visits.discard)

    server = await asyncio.start_server(visited, address, 0)
    files.at = "{}:{}".format(*server.sockets[0].getsockname())
    async with server:
        yield files
        for task in visits:
            task.cancel()
        await asyncio.gather(*visits, return_exceptions=True)
