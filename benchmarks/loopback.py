"""A loopback web for benchmarks: any number of hosts on one port, each answer a page of ordinary size after a fixed delay."""

import asyncio
import sys

WORDS = [
    "the",
    "bridge",
    "over",
    "the",
    "river",
    "was",
    "rebuilt",
    "in",
    "stone",
    "by",
    "people",
    "of",
    "the",
    "valley",
    "who",
    "had",
    "waited",
    "for",
    "it",
    "since",
    "the",
    "flood",
]
ROBOTS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def page(path: str, size: int = 20_000) -> bytes:
    """A page of about `size` bytes whose title and text differ from path to path."""
    seed = sum(path.encode()) % len(WORDS)
    text = " ".join(WORDS[seed:] + WORDS[:seed])
    paragraphs = "".join(f"<p>{path} {number}: {text}.</p>" for number in range(size // (len(text) + 30)))
    return f"<!doctype html><html lang=en><head><title>Story {path}</title></head><body><h1>Story {path}</h1>{paragraphs}</body></html>".encode()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_s: float) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            path = head.split(b" ", 2)[1].decode("latin-1")
            await asyncio.sleep(delay_s)
            body = page(path)
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main(delay_s: float) -> None:
    server = await asyncio.start_server(lambda r, w: answer(r, w, delay_s), "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await asyncio.wait_for(server.serve_forever(), 600)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
