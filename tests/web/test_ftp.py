"""Cited file servers: one polite conversation, no second connection, and what it means."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from audit import liveness, urls
from audit.model import Check, DueUrl, Failure, HostBatch, Outcome, Sign
from audit.settings import PerHost, Settings, Timeouts, Web
from audit.web.checking import check_batch
from audit.web.network import Network
from tests.web import files


async def outcome(server: files.Files, written: str, **changes: Any) -> Outcome:
    """The check of an address whose host is the file server."""
    cited = urls.cited_url(written)
    values: dict[str, Any] = {
        "canaries": (),
        "contact": "audit@example.org",
        "allow_networks": ("127.0.0.1/32",),
        "resolve": {"files.example": server.at},
        "timeouts": Timeouts(connect_s=0.4, read_s=0.4, total_s=1.0),
        "per_host": PerHost(delay_s=0),
        "retry_after_s": (0.02, 0.02),
    }
    web = Web(**(values | changes))
    batch = HostBatch(host=cited.host, due=(DueUrl(url=cited.url),))
    async with Network(web) as network:
        (told,) = [each async for each in check_batch([batch], Settings(web=web), web=network, stop=asyncio.Event())]
    return told


def meaning(told: Outcome) -> tuple[Sign, str]:
    signed = liveness.judge_check(Check(check_id=told.check_id, url=told.url, fetches=told.fetches))
    return signed.sign, signed.reason


FILE = "ftp://files.example/pub/report.pdf"
CASES: Mapping[str, tuple[str, Mapping[str, bytes | None], Sign, str]] = {
    "a file": (FILE, {}, Sign.OK, "ok"),
    "a folder": ("ftp://files.example/pub", {}, Sign.OK, "ok"),
    "the root": ("ftp://files.example/", {"CWD /": b"250 Here\r\n"}, Sign.OK, "ok"),
    "a name beyond ASCII": ("ftp://files.example/caf%C3%A9.txt", {}, Sign.OK, "ok"),
    "a type in the address": (f"{FILE};type=i", {}, Sign.OK, "ok"),
    "no password wanted": (FILE, {"USER": b"230 Come in\r\n", "USER anonymous": b"230 In\r\n"}, Sign.OK, "ok"),
    "a long greeting": (FILE, {"": b"220-Welcome\r\n 220 mirrors\r\nHello\r\n220-more\r\n220 Go\r\n"}, Sign.OK, "ok"),
    "a greeting of bytes": (FILE, {"": b"220-\xfc\xff\r\n220 \xfc\r\n"}, Sign.OK, "ok"),
    "bare line feeds": (FILE, {"": b"220 files\n", "PASS": b"230-\n230 In\n"}, Sign.OK, "ok"),
    "TYPE not understood": (FILE, {"TYPE I": b"500 What?\r\n"}, Sign.OK, "ok"),
    "neither file nor folder": ("ftp://files.example/gone.txt", {}, Sign.GONE, "ftp-missing"),
    "SIZE not understood, a folder": ("ftp://files.example/pub", {"SIZE /pub": b"502 No\r\n"}, Sign.OK, "ok"),
    "SIZE not understood, a file perhaps": (FILE, {f"SIZE {FILE[19:]}": b"502 No\r\n"}, Sign.ODD, "bad-response"),
    "a file that is not for us": (
        FILE,
        {f"SIZE {FILE[19:]}": b"550 x\r\n", "CWD": b"550 Permission denied\r\n"},
        Sign.WALLED,
        "forbidden",
    ),
    "no anonymous visitors": (FILE, {"USER anonymous": b"530 Not here\r\n"}, Sign.WALLED, "login"),
    "the password refused": (FILE, {"PASS": b"530 Login incorrect\r\n"}, Sign.WALLED, "login"),
    "an account wanted": (FILE, {"PASS": b"332 Account?\r\n"}, Sign.WALLED, "login"),
    "login asked for late": (FILE, {f"SIZE {FILE[19:]}": b"530 Log in first\r\n"}, Sign.WALLED, "login"),
    "too many visitors": (FILE, {"": b"421 Too many users\r\n"}, Sign.FAILING, "http-transient"),
    "the file is busy": (FILE, {f"SIZE {FILE[19:]}": b"450 Busy\r\n"}, Sign.FAILING, "http-transient"),
    "another protocol": (FILE, {"": b"SSH-2.0-OpenSSH_9.6\r\n"}, Sign.ODD, "bad-response"),
    "an endless line": (FILE, {"": b"220 " + b"x" * 100_000 + b"\r\n"}, Sign.ODD, "bad-response"),
    "an endless greeting": (FILE, {"": b"220-x\r\n" * 5_000}, Sign.ODD, "bad-response"),
    "closed without a word": (FILE, {"": b""}, Sign.FAILING, "reset"),
    "closed in the middle": (FILE, {"PASS": b""}, Sign.FAILING, "reset"),
    "silence": (FILE, {"": None}, Sign.FAILING, "timeout"),
    "silence in the middle": (FILE, {"PASS": None}, Sign.FAILING, "timeout"),
}


@pytest.mark.parametrize(("url", "changes", "sign", "reason"), CASES.values(), ids=CASES.keys())
async def test_a_file_server_is_asked_and_understood(
    url: str, changes: Mapping[str, bytes | None], sign: Sign, reason: str
) -> None:
    async with files.serving(changes) as server:
        told = await outcome(server, url)

    assert meaning(told) == (sign, reason), told.fetches
    assert {fetch.method for fetch in told.fetches} == {"ftp"}
    assert not [words for words in server.said if words.startswith(("PASV", "EPSV", "PORT", "EPRT", "RETR", "LIST", "NLST"))]
    assert server.connections == len(told.fetches)


async def test_the_conversation_is_short_and_honest() -> None:
    async with files.serving({}) as server:
        await outcome(server, FILE)

    assert server.said == ["USER anonymous", "PASS audit@example.org", "TYPE I", "SIZE /pub/report.pdf", "QUIT"]


async def test_a_line_break_in_a_path_is_no_command() -> None:
    async with files.serving({}) as server:
        told = await outcome(server, "ftp://files.example/a%0D%0ADELE%20b")

    assert told.fetches[0].failure is Failure.OTHER
    assert server.said == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.2:{port}/a",
        "ftp://2130706434:{port}/a",
        "ftp://0x7f.2:{port}/a",
        "ftp://[::ffff:127.0.0.2]:{port}/a",
        "ftp://localhost:{port}/a",
        "ftp://files.example:25/a",
    ],
)
async def test_the_guard_stands_before_file_servers_too(url: str) -> None:
    async with files.serving({}, address="127.0.0.2") as server:
        told = await outcome(server, url.format(port=server.at.rpartition(":")[2]))

    assert told.fetches[0].failure is Failure.BLOCKED_ADDRESS
    assert server.connections == 0


async def test_nobody_listens_is_refused_and_asked_again() -> None:
    async with files.serving({}) as server:
        pass

    told = await outcome(server, FILE)

    assert meaning(told) == (Sign.FAILING, "refused")
    assert len(told.fetches) == 3
