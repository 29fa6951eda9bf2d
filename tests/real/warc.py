"""The fixture of the test archive: one WARC with every kind of capture that has ever misled a client. Deterministic."""

import base64
import gzip
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

DATES = tuple(datetime(year, month, day, 12, tzinfo=UTC) for year, month, day in ((2010, 3, 1), (2015, 6, 1), (2020, 9, 1)))
HOSTS = tuple(f"paper{number}.test" for number in range(10))
STORIES_PER_HOST = 20
ONCE_PER_HOST = 80
"""Further stories that were captured once, in the second edition."""
LAST = "http://special.test/the-last"
SPECIAL = "http://special.test"
WORDS = [
    "bridge",
    "river",
    "council",
    "engineer",
    "granite",
    "winter",
    "market",
    "harbour",
    "lantern",
    "orchard",
    "railway",
    "parliament",
    "museum",
    "quarry",
    "festival",
    "teacher",
    "library",
    "weather",
    "senate",
    "island",
    "ferry",
    "mountain",
    "signal",
    "archive",
    "portrait",
    "verdict",
    "journey",
    "kitchen",
    "copper",
    "velvet",
]

Headers = tuple[tuple[str, str], ...]
HTML: Headers = (("Content-Type", "text/html; charset=utf-8"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One captured answer. `body` is what was on the wire; `revisit` says that it is the same as an earlier one."""

    url: str
    at: datetime
    status: str = "200 OK"
    headers: Headers = HTML
    body: bytes = b""
    revisit: bool = False


def day(year: int, month: int = 1, day_of_month: int = 15) -> datetime:
    return datetime(year, month, day_of_month, 12, tzinfo=UTC)


def story_url(host: str, number: int) -> str:
    return f"http://{host}/story/{number}"


def title(host: str, number: int) -> str:
    """The title of a story in every edition."""
    return f"The {_sentences(host, number)[0]} of {host} number {number}"


def _sentences(host: str, number: int) -> list[str]:
    seed = int.from_bytes(hashlib.sha256(f"{host}{number}".encode()).digest()[:4], "big")
    return [" ".join(WORDS[(seed // (step + 1) + step * word) % len(WORDS)] for word in range(1, 11)) for step in range(30)]


def story(host: str, number: int, edition: int) -> bytes:
    """A page of some 300 words: the same sentences in each edition but for the last, which is of its day."""
    name = title(host, number)
    text = "".join(f"<p>{sentence.capitalize()}.</p>" for sentence in _sentences(host, number))
    page = f"<!doctype html><html lang=en><head><title>{name}</title></head><body><h1>{name}</h1>{text}<p>Edition {edition}.</p></body></html>"
    return page.encode()


def page(title: str, text: str) -> bytes:
    return f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>".encode()


def records() -> Iterator[Record]:
    """Everything in the archive, in the order of the file; `LAST` is the last line."""
    for edition, at in enumerate(DATES):
        for host in HOSTS:
            for number in range(STORIES_PER_HOST):
                yield Record(url=story_url(host, number), at=at, body=story(host, number, edition))
    for host in HOSTS:
        for number in range(STORIES_PER_HOST, STORIES_PER_HOST + ONCE_PER_HOST):
            yield Record(url=story_url(host, number), at=DATES[1], body=story(host, number, 1))
    yield from _specials()
    yield from _traps()
    yield Record(url=LAST, at=day(2021), body=page("The last", "Everything before it is indexed."))


def _specials() -> Iterator[Record]:
    tale = story("special.test", 1, 0)
    yield Record(url=f"{SPECIAL}/", at=day(2009), body=page("Special", "The front page."))
    yield Record(url=f"{SPECIAL}/revisited", at=day(2012), body=story("special.test", 2, 0))
    yield Record(url=f"{SPECIAL}/revisited", at=day(2014), body=story("special.test", 2, 0), revisit=True)
    yield Record(url=f"{SPECIAL}/later-404", at=day(2012), body=story("special.test", 3, 0))
    yield Record(url=f"{SPECIAL}/later-404", at=day(2018), status="404 Not Found", body=page("Not found", "Nothing here."))
    yield from _redirect("/moved", "/moved-target", at=day(2013), status="301 Moved Permanently")
    yield Record(url=f"{SPECIAL}/moved-target", at=day(2013, 1, 16), body=story("special.test", 4, 0))
    yield Record(url=f"{SPECIAL}/to-root", at=day(2008), body=story("special.test", 5, 0))
    yield from _redirect("/to-root", "/", at=day(2009), status="302 Found")
    yield from _redirect("/circle-a", "/circle-b", at=day(2011))
    yield from _redirect("/circle-b", "/circle-a", at=day(2011))
    yield Record(url=f"{SPECIAL}/soft", at=day(2011), body=story("special.test", 6, 0))
    yield Record(
        url=f"{SPECIAL}/soft", at=day(2017), body=page("Page not found", "Sorry, the page you are looking for does not exist.")
    )
    yield Record(url=f"{SPECIAL}/parked", at=day(2012), body=story("special.test", 10, 0))
    yield Record(
        url=f"{SPECIAL}/parked", at=day(2016), body=page("special.test", "This domain is for sale. Buy this domain today.")
    )
    for name in "abc":
        yield Record(url=f"{SPECIAL}/same/{name}", at=day(2016), body=page("Welcome", "The same page everywhere."))
    yield Record(
        url=f"{SPECIAL}/report.pdf",
        at=day(2013),
        headers=(("Content-Type", "application/pdf"),),
        body=b"%PDF-1.4\n" + b"1 0 obj\n" * 50,
    )
    yield Record(
        url=f"{SPECIAL}/captured-429",
        at=day(2015),
        status="429 Too Many Requests",
        headers=(*HTML, ("Retry-After", "3600")),
        body=page("Slow down", "429"),
    )
    yield Record(url=f"{SPECIAL}/captured-503", at=day(2015), status="503 Service Unavailable", body=page("Unavailable", "503"))
    yield Record(url=f"{SPECIAL}/empty", at=day(2014))
    yield Record(url=f"{SPECIAL}/query?b=2&a=1", at=day(2014), body=tale)
    yield Record(url=f"{SPECIAL}/query?a=1&b=2", at=day(2016), body=tale)
    yield Record(url="https://www.special.test/variant", at=day(2014), body=story("special.test", 7, 0))
    yield Record(url=f"{SPECIAL}/caf%C3%A9", at=day(2014), body=story("special.test", 8, 0))
    yield Record(url=f"{SPECIAL}/excluded", at=day(2014), body=tale)
    yield Record(url=f"{SPECIAL}/only-errors", at=day(2014), status="500 Internal Server Error", body=page("Error", "500"))


def _redirect(path: str, target: str, *, at: datetime, status: str = "302 Found") -> Iterator[Record]:
    yield Record(url=SPECIAL + path, at=at, status=status, headers=(*HTML, ("Location", SPECIAL + target)))


def _traps() -> Iterator[Record]:
    """Bodies whose announced encoding is not the one on the wire."""
    body = story("special.test", 9, 0)
    encoded = gzip.compress(body, mtime=0)
    cases: tuple[tuple[str, Headers, bytes], ...] = (
        ("two-headers", (*HTML, ("Content-Encoding", "gzip"), ("Content-Encoding", "")), encoded),
        ("gzip-without-header", HTML, encoded),
        ("gzip-in-gzip", (*HTML, ("Content-Encoding", "gzip")), gzip.compress(encoded, mtime=0)),
        ("br-over-gzip", (*HTML, ("Content-Encoding", "br")), encoded),
    )
    for name, headers, sent in cases:
        yield Record(url=f"{SPECIAL}/trap/{name}", at=day(2015), headers=headers, body=sent)


def digest(body: bytes) -> str:
    """As an index shows it: base32 of the SHA-1."""
    return base64.b32encode(hashlib.sha1(body).digest()).decode()


def write(path: Path) -> None:
    """Write the WARC, with the same bytes each time."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for number, record in enumerate(records()):
            writer.write_record(_written(writer, record, number=number))


def _written(writer: WARCWriter, record: Record, *, number: int) -> object:
    http = StatusAndHeaders(record.status, [*record.headers, ("Content-Length", str(len(record.body)))], protocol="HTTP/1.1")
    identity = {
        "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{number} {record.url}')}>",
        "WARC-Date": f"{record.at:%Y-%m-%dT%H:%M:%SZ}",
    }
    if record.revisit:
        return writer.create_revisit_record(
            record.url,
            digest=f"sha1:{digest(record.body)}",
            refers_to_uri=record.url,
            refers_to_date="2012-01-15T12:00:00Z",
            http_headers=http,
            warc_headers_dict=identity,
        )
    return writer.create_warc_record(
        record.url,
        "response",
        payload=io.BytesIO(record.body),
        length=len(record.body),
        http_headers=http,
        warc_headers_dict=identity,
    )
