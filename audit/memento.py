"""Archive URLs and timestamps: which archive, which moment, which page. Pure; facts in data/archives.toml."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from audit import data
from audit.model import ArchiveUrl

FIRST_YEAR = 1996
"""No web archive holds anything older; 1970 and 1899 are fillers of broken software."""

EXACT = 14
ADDRESSES_REMEMBERED = 16_384
"""Reader and checks ask several times whether one address is an archive's."""

MOST_NESTED = 5
PADDING = "00000101000000"
PRECISIONS = ((14, "second"), (12, "minute"), (10, "hour"), (8, "day"), (6, "month"), (4, "year"))
PORTS = {"", "80", "443", "8080"}
ADDRESS = re.compile(r"^(?:https?:)?/{0,2}([^/:?#@\s]+)(?::(\d*))?([/?].*)$", re.IGNORECASE | re.DOTALL)
GENERIC = re.compile(r"^/(?:[^?]{0,200}?/)?(?P<t>\d{14})(?P<f>[a-z]{2}_)?/(?P<o>https?:/.*)$", re.IGNORECASE | re.DOTALL)
WATCH = "https://www.youtube.com/watch?v="
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
COMMANDS = {"save": "save-command", "_embed": "embed-form", "screenshot": "screenshot"}
NO_AUTHORITY = re.compile(r"^(?:mailto|urn|tel|data|javascript|magnet|doi|hdl|news):", re.IGNORECASE)
BASE62 = {sign: place for place, sign in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEBCITE_YEARS = range(1998, 2020)
"""WebCite numbered its captures by the microsecond; a number of another time is a page of the service."""

OWN_PARAMETERS = re.compile(r"&(?:date|id|apiresponse)=[^&]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """One row of the table: an archive and the forms of its addresses."""

    key: str
    host: re.Pattern[str]
    paths: tuple[re.Pattern[str], ...]
    state: str
    since: date | None
    reason: str | None
    hours: int


def _keeper(row: Mapping[str, Any]) -> Keeper:
    return Keeper(
        key=row["key"],
        host=re.compile(row["host"], re.IGNORECASE),
        paths=tuple(re.compile(path, re.DOTALL) for path in row["path"]),
        state=row["state"],
        since=row.get("since"),
        reason=row.get("reason"),
        hours=row.get("hours", 0),
    )


KEEPERS = tuple(_keeper(row) for row in data.table("archives")["archive"])
MARKS = (
    "archiv",
    "citation",
    "megalodon",
    "perma",
    "proni",
    "internetmemory",
    "arquivo",
    "vefsafn",
    "stanford",
    "bibalex",
    "collectionscanada",
    "bac-",
    "nla.gov",
    "nlb.gov",
    "nukrobi",
    "padi.cat",
    "haw.nsk",
    "yorku",
    "banq",
    "ndl.go",
    "nli.org",
    "webharvest",
    "freezepage",
    "webrecorder",
    "conifer",
    "mementoweb",
    "webcache",
    "screenshots",
    "waybackmachine",
    "arhiiv",
)
LONG_NUMBER = re.compile(r"/\d{14}", re.ASCII)


def _likely(url: str) -> bool:
    """Whether it holds what every archive address contains: nearly all addresses are none, and plain looks say so soonest."""
    lower = url.lower()
    return any(map(lower.__contains__, MARKS)) or LONG_NUMBER.search(lower) is not None


@lru_cache(maxsize=ADDRESSES_REMEMBERED)
def parse_archive_url(url: str) -> ArchiveUrl | None:
    """Take an address inside a web archive apart; None when it is not one. Hosts must be equal, a look-alike is no archive.

    >>> found = parse_archive_url("https://web.archive.org/web/20190102030405id_/http://example.com/a?b#c")
    >>> found.archive, found.captured_at.isoformat(), found.original, found.flag
    ('wayback', '2019-01-02T03:04:05+00:00', 'http://example.com/a?b#c', 'id_')
    >>> parse_archive_url("https://archive.org/details/book"), parse_archive_url("https://web.archive.org.example/web/2019/x")
    (None, None)
    """
    return _parsed(url.strip(), depth=0)


def _parsed(url: str, *, depth: int) -> ArchiveUrl | None:
    if not _likely(url) or not (address := ADDRESS.match(url)):
        return None
    host, port, path = address[1].lower(), address[2] or "", address[3]
    if port in PORTS:
        for keeper in KEEPERS:
            if keeper.host.fullmatch(host) and (found := _matched(keeper, path)):
                return _taken_apart(keeper, found, depth=depth)
    generic = GENERIC.match(path)
    return _taken_apart(UNKNOWN, generic, depth=depth) if generic else None


UNKNOWN = Keeper(key="unknown-wayback-like", host=GENERIC, paths=(), state="live", since=None, reason=None, hours=0)


def _matched(keeper: Keeper, path: str) -> re.Match[str] | None:
    return next((found for pattern in keeper.paths if (found := pattern.fullmatch(path))), None)


def _taken_apart(keeper: Keeper, found: re.Match[str], *, depth: int) -> ArchiveUrl | None:
    groups = found.groupdict()
    original, target_problem = _target(groups)
    commands = [COMMANDS[each] for each in (groups.get("c") or "").split("/") if each]
    problems = [*([target_problem] if target_problem else []), *commands]
    digits, moment = _moment(groups)
    number = groups.get("i")
    read = parse_timestamp(moment) if moment else None
    if keeper.key == "webcite" and number:
        read = _webcite_moment(number)
        if read is None and original is None and len(number) < WEBCITE_DIGEST:
            return None
    if digits is None and not number and "save-command" not in problems:
        problems.append("no-timestamp")
    problems += _timestamp_problems(digits, read) if digits else []
    nested = _parsed(original, depth=depth + 1) if original and depth < MOST_NESTED else None
    parsed = ArchiveUrl(
        archive=keeper.key,
        timestamp=digits,
        captured_at=read[0] - timedelta(hours=keeper.hours) if read else None,
        precision=read[1] if read else None,
        original=original,
        flag=groups.get("f"),
        short_id=number,
        problems=tuple(problems),
    )
    if nested is None:
        return parsed
    return replace(parsed, original=nested.original, nested=nested, problems=(*parsed.problems, "archive-of-archive"))


WEBCITE_DIGEST = 40


def _webcite_moment(number: str) -> tuple[datetime, str] | None:
    """When WebCite took the capture of this number: microseconds since 1970, in figures or in base 62."""
    if len(number) >= WEBCITE_DIGEST:
        return None
    plain = number.isdigit() and len(number) > 9
    microseconds = int(number) if plain else sum(BASE62[sign] * 62**place for place, sign in enumerate(reversed(number)))
    seconds = microseconds // 1_000_000
    if not 0 <= seconds < 2**32 or (moment := EPOCH + timedelta(seconds=seconds)).year not in WEBCITE_YEARS:
        return None
    return moment, "second"


def _target(groups: Mapping[str, str | None]) -> tuple[str | None, str | None]:
    """(address of the archived page, problem)."""
    if video := groups.get("v"):
        return WATCH + video, None
    if encoded := groups.get("e"):
        value = OWN_PARAMETERS.sub("", encoded) if encoded.lower().startswith("http:/") else encoded.partition("&")[0]
        return _schemed(unquote(value) if "%" in value else value), None
    target = groups.get("o")
    if target:
        return _schemed(target), None
    return None, None if groups.get("i") else "no-target"


def _schemed(target: str) -> str:
    if re.match(r"^https?%3a%2f%2f", target, re.IGNORECASE):
        target = unquote(target)
    if found := re.match(r"^(https?)(?::/{1,3}|//)(?=[^/])", target, re.IGNORECASE):
        return f"{found[1].lower()}://{target[found.end() :]}"
    if NO_AUTHORITY.match(target):
        return target
    return target if re.match(r"^[a-z][a-z0-9+.\-]*:", target, re.IGNORECASE) and "://" in target[:12] else f"http://{target}"


def _moment(groups: Mapping[str, str | None]) -> tuple[str | None, str | None]:
    """(digits as written, digits to read)."""
    if written := groups.get("d"):
        parts = re.split(r"[-.]", written)
        if len(parts) == 3 and parts[1] in MONTHS:
            return written, f"{parts[0]}{MONTHS.index(parts[1]) + 1:02}{int(parts[2]):02}"
        if any(part.isalpha() for part in parts):
            return written, "no month"
        return written, re.sub(r"\D", "", written)
    digits = groups.get("t")
    return digits, digits


def _timestamp_problems(digits: str, read: tuple[datetime, str] | None) -> list[str]:
    if "*" in digits:
        return ["calendar"]
    plain = re.sub(r"\D", "", re.sub(r"[A-Z][a-z]{2}", "00", digits))
    if len(plain) < 4:
        return ["latest-alias"]
    if read is None:
        return ["dummy-timestamp" if int(plain[:4]) < FIRST_YEAR else "impossible-timestamp"]
    return ["partial-timestamp"] if len(plain) < EXACT and digits == plain else []


def parse_timestamp(digits: str) -> tuple[datetime, str] | None:
    """The earliest moment of a timestamp and its precision; None when it is no date an archive can hold. Month `00` exists in old indexes.

    >>> parse_timestamp("20190102")[0].isoformat(), parse_timestamp("20190102")[1], parse_timestamp("20191399")
    ('2019-01-02T00:00:00+00:00', 'day', None)
    """
    digits = digits[:EXACT]
    if not digits.isascii() or not digits.isdigit():
        return None
    length, precision = next(((length, name) for length, name in PRECISIONS if len(digits) >= length), (0, ""))
    if not length:
        return None
    digits = digits[:length] + PADDING[length:]
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    hour, minute, second = int(digits[8:10]), int(digits[10:12]), int(digits[12:14])
    sane = FIRST_YEAR <= year <= 9998 and 1 <= month <= 12
    if not sane or not 1 <= day <= monthrange(year, month)[1] or hour > 23 or minute > 59 or second > 59:
        return None
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC), precision


def timestamp(moment: datetime) -> str:
    """The 14 digits of a moment.

    >>> timestamp(datetime(2019, 1, 2, 3, 4, 5, tzinfo=UTC))
    '20190102030405'
    """
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def repaired(timestamp: str) -> str:
    """A timestamp without the `00` that crawls of 2000 have inserted where a month or day belongs.

    >>> repaired("20000012081530"), repaired("20001200081530"), repaired("20001208153000")
    ('20001208153000', '20001208153000', '20001208153000')
    """
    for at in (4, 6):
        if timestamp[at : at + 2] == "00":
            return timestamp[:at] + timestamp[at + 2 :] + "00"
    return timestamp


def format_archive_url(parsed: ArchiveUrl) -> str | None:
    """The canonical address of a capture, https and without flags; None where an archive has no such form.

    >>> format_archive_url(parse_archive_url("http://archive.org/web/20190102030405if_/example.com/"))
    'https://web.archive.org/web/20190102030405/http://example.com/'
    """
    form = FORMS.get(parsed.archive)
    if form is None or parsed.timestamp is None or parsed.original is None or not parsed.timestamp.isdigit():
        return None
    return form.format(t=parsed.timestamp[:EXACT], o=parsed.original)


FORMS = {
    "wayback": "https://web.archive.org/web/{t}/{o}",
    "arquivo": "https://arquivo.pt/wayback/{t}/{o}",
    "loc": "https://webarchive.loc.gov/all/{t}/{o}",
    "ukgwa": "https://webarchive.nationalarchives.gov.uk/ukgwa/{t}/{o}",
    "ukwa": "https://www.webarchive.org.uk/wayback/archive/{t}/{o}",
    "vefsafn": "https://vefsafn.is/is/{t}/{o}",
    "archive-it": "https://wayback.archive-it.org/all/{t}/{o}",
}


def memento_url(base: str, *, timestamp: str, original: str) -> str:
    """The address of a capture under the address that an archive plays back at; in its canonical form where it has one.

    >>> memento_url("http://127.0.0.1:8080/coll/", timestamp="20190102030405", original="http://example.com/")
    'http://127.0.0.1:8080/coll/20190102030405/http://example.com/'
    >>> memento_url("https://web.archive.org", timestamp="20190102030405", original="http://example.com/")
    'https://web.archive.org/web/20190102030405/http://example.com/'
    """
    address = f"{base.rstrip('/')}/{timestamp}/{original}"
    parsed = parse_archive_url(address)
    canonical = format_archive_url(parsed) if parsed and parsed.nested is None else None
    return canonical or address


def base_of(archive: str) -> str | None:
    """Where an archive of the table plays its captures back; None when its addresses have another form.

    >>> base_of("arquivo"), base_of("perma.cc")
    ('https://arquivo.pt/wayback', None)
    """
    form = FORMS.get(archive)
    return form.removesuffix("/{t}/{o}") if form else None


def names_a_capture(address: str) -> bool:
    """Whether an address may lead to one capture: a calendar, an alias of the newest and a command to save do not.

    An archive answers them with pages of its own, which look like those that it shows while it is down.

    >>> names_a_capture("https://web.archive.org/web/*/http://example.com/"), names_a_capture("https://perma.cc/ABCD-1234")
    (False, True)
    """
    parsed = parse_archive_url(address)
    return parsed is None or parsed.captured_at is not None or parsed.short_id is not None


def standing(archive: str) -> tuple[str, str | None]:
    """Whether an archive can still be relied on: (live, moved, deprecated or dead; why)."""
    rows = [keeper for keeper in KEEPERS if keeper.key == archive]
    best = next((keeper for keeper in rows if keeper.state == "live"), rows[0] if rows else UNKNOWN)
    return best.state, best.reason
