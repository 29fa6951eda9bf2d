"""The signals that end a command in good order. Shell."""

import asyncio
import signal
import sys

CODES = {"SIGINT": 130, "SIGTERM": 143}
"""Signal -> exit code."""


def stopping() -> tuple[asyncio.Event, list[str]]:
    """An event that the first signal sets, and the names of the signals that came. A second one ends the program at once."""
    stop = asyncio.Event()
    caught: list[str] = []

    def asked_to_stop(name: str) -> None:
        if caught:
            sys.exit(CODES[name])  # what is finished is kept: in the spool, or in the database
        caught.append(name)
        stop.set()

    loop = asyncio.get_running_loop()
    for name in CODES:
        loop.add_signal_handler(getattr(signal, name), asked_to_stop, name)
    return stop, caught
