"""Dates as editors write them, in the words of many languages. Pure."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from audit.model import CitedDate, Precision

LONGEST = 200
"""Characters: a date is short; what is longer is prose that strayed into a date parameter."""

DATES_REMEMBERED = 8_192
"""Distinct texts: access dates repeat within a page and across pages of one wiki."""

_TABLE: dict[str, dict[str, int]] = json.loads(files("audit.data").joinpath("months.json").read_text(encoding="utf-8"))["months"]
_MORE: Mapping[str, Mapping[str, int]] = {
    "en": {"sept": 9, "janv": 1},
    "fr": {"fev": 2, "fevrier": 2, "aout": 8, "decembre": 12},
    "ar": {"كانون الثاني": 1, "شباط": 2, "آذار": 3, "نيسان": 4, "أيار": 5, "حزيران": 6, "تموز": 7, "آب": 8, "أيلول": 9},
    "id": {"pebruari": 2, "nopember": 11},
}
"""Spellings that stand on pages but not in CLDR."""

_PERSIAN = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split()  # noqa: SIM905 - reads best as a line
_SEASONS = {
    "spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 1, "frühjahr": 3, "frühling": 3, "sommer": 6, "herbst": 9,
    "printemps": 3, "été": 6, "automne": 9, "hiver": 1, "primavera": 3, "verano": 6, "otoño": 9, "invierno": 1, "estate": 6,
    "autunno": 9, "inverno": 1, "весна": 3, "лето": 6, "осень": 9, "зима": 1, "wiosna": 3, "lato": 6, "jesień": 9, "zima": 1,
    "voorjaar": 3, "lente": 3, "zomer": 6, "herfst": 9, "vår": 3, "höst": 9, "vinter": 1, "春": 3, "夏": 6, "秋": 9, "冬": 1,
}  # fmt: skip
"""Season -> the month it begins with, within the year it is named after: "Winter 2020" comes out in January."""

_MARKUP = re.compile(r"<!--.*?-->|<[^<>]{0,80}>|'{2,5}|\[\[(?:[^\[\]|]*\|)?|\]\]")
_TEMPLATE = re.compile(r"\{\{[^{}|]*\|([^{}]*)\}\}")
_YEAR_WORD = re.compile(r"(?<=\d)[ .]*(?:г|г\.|р|р\.|ж|ж\.|год|года|году|року|роки)$")  # noqa: RUF001 - Cyrillic
"""The word for "year" behind a date: Russian, Bulgarian, Ukrainian, Kazakh."""

_CLOCK = re.compile(
    r"[T ,]*\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*(?:UTC|GMT|CES?T|E[SD]T|P[SD]T|Z|[+-]\d{2}:?\d{2})\b)?", re.IGNORECASE
)
_TOKEN = re.compile(r"(\d+)(?:\.?[ºª°]|[^\W\d_]{1,4}(?![^\W_]))?|([^\W\d_][^\s\d,;:()/\[\]{}\u060c\u2013\u2014|]*)")
_DASH = re.compile(r"\s*[\u2013\u2014]\s*|\s+-\s+|(?<=[^\W\d_])-(?=[^\W\d_])|\s*/\s*(?=[^\W\d_])|\s+(?:to|bis|au|al|do|по)\s+")

_DAYS = re.compile(r"([^\W\d]+\.?) (\d{1,2})\s*[-\u2013\u2014]\s*\d{1,2},? (\d{4})")

_NUMERIC: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T.*)?"), "ymd"),
    (re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})"), "ymd"),
    (re.compile(r"(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\.?"), "ymd"),
    (re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?"), "ymd"),
    (re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]?.*"), "ymd"),
    (re.compile(r"(\d{4})\s*년\s*(\d{1,2})\s*월\s*(\d{1,2})\s*일.*"), "ymd"),
    (re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})\.?"), "dmy"),
    (re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})"), "either"),
    (re.compile(r"(?:ngày\s*)?(\d{1,2})\s*(?:tháng|thg)\s*(\d{1,2})(?:\s*năm|,)?\s*(\d{4})", re.IGNORECASE), "dmy"),
    (re.compile(r"(?:tháng|thg)\s*(\d{1,2})(?:\s*năm|,)?\s*(\d{4})", re.IGNORECASE), "my"),
    (re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]"), "ym"),
    (re.compile(r"(\d{4})[-/](\d{2})"), "ym"),
    (re.compile(r"(\d{1,2})[/.](\d{4})"), "my"),
    (re.compile(r"(\d{4})\s*[年년]"), "y"),
    (re.compile(r"(?:c\.|ca\.|circa)?\s*(\d{4})[a-z]?\.?", re.IGNORECASE), "y"),
    (re.compile(r"(\d{4})\s*[-\u2013\u2014/]\s*(?:\d{2}|\d{4})"), "range"),
)
"""Dates in numbers alone; the whole text must match, the first that does decides."""


@lru_cache(maxsize=DATES_REMEMBERED)
def cited_date(text: str, *, language: str | None = None) -> CitedDate:
    """The date that a text means; without value when it cannot be told, which is no error by itself.

    >>> cited_date("2023-09-19").value, cited_date("March 2, 2023").value, cited_date("19 вересня 2023").value
    (datetime.date(2023, 9, 19), datetime.date(2023, 3, 2), datetime.date(2023, 9, 19))
    >>> cited_date("4/5/2021").value, cited_date("listopad 2020", language="hr").value, cited_date("Spring 2020").precision
    (None, datetime.date(2020, 10, 1), <Precision.SEASON: 'season'>)
    """
    if (plainly := _QUICK.fullmatch(text)) and (day := _quick(plainly, language)):
        return CitedDate(text=text, value=day[0], precision=day[1])
    plain = _plain(text) if len(text) <= LONGEST else ""
    found = (_numeric(plain) or _worded(plain, language) or _ranged(plain, language)) if plain else None
    return CitedDate(text=text, value=found[0], precision=found[1]) if found else CitedDate(text=text)


Found = tuple[date, Precision]


_QUICK = re.compile(r"(\d{1,2}) ([A-Za-z]{3,9}) (\d{4})|([A-Za-z]{3,9}) (\d{1,2}), (\d{4})|(\d{4})-(\d{2})-(\d{2})", re.ASCII)
"""The three forms of nine in ten dates: told without taking the text apart."""


def _quick(found: re.Match[str], language: str | None) -> Found | None:
    if found[7]:
        return _day(int(found[7]), int(found[8]), int(found[9]))
    month = _month((found[2] or found[4]).casefold(), language)
    return _day(int(found[3] or found[6]), month, int(found[1] or found[5])) if month else None


def _plain(text: str) -> str:
    """The text without markup, times of day, and with digits of any script as 0-9."""
    text = unicodedata.normalize("NFKC", text)
    if not text.isascii():
        text = "".join(str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char for char in text)
        text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    text = _TEMPLATE.sub(_templated, text)
    text = _CLOCK.sub(" ", _MARKUP.sub("", text))
    return _YEAR_WORD.sub("", " ".join(text.split()).strip(" ,;()[]"))


def _templated(found: re.Match[str]) -> str:
    """`{{dts|2020|5|1}}` and its kin: the positional arguments."""
    values = [value.strip() for value in found[1].split("|") if "=" not in value and value.strip()]
    numbers = values[:3]
    if len(numbers) > 1 and len(numbers[0]) == 4 and all(value.isdigit() for value in numbers):
        return "-".join((numbers[0], *(value.zfill(2) for value in numbers[1:])))
    return " ".join(values)


def _numeric(text: str) -> Found | None:
    for pattern, order in _NUMERIC:
        if found := pattern.fullmatch(text):
            return _ORDERS[order](found)
    return None


def _either(found: re.Match[str]) -> Found | None:
    """Day and month in unknown order: told only where one of them cannot be a month."""
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if first == second or second > 12:
        return _day(year, first, second)
    return _day(year, second, first) if first > 12 else None


def _year_month(found: re.Match[str]) -> Found | None:
    """`2020-05` is a month, `2020-21` a range."""
    year, month = int(found[1]), int(found[2])
    if month > 12:
        return _moment(year, 1, 1, Precision.RANGE)
    return _moment(year, month, 1, Precision.MONTH)


_ORDERS: Mapping[str, Callable[[re.Match[str]], Found | None]] = {
    "ymd": lambda found: _day(int(found[1]), int(found[2]), int(found[3])),
    "dmy": lambda found: _day(int(found[3]), int(found[2]), int(found[1])),
    "either": _either,
    "ym": _year_month,
    "my": lambda found: _moment(int(found[2]), int(found[1]), 1, Precision.MONTH),
    "y": lambda found: _moment(int(found[1]), 1, 1, Precision.YEAR),
    "range": lambda found: _moment(int(found[1]), 1, 1, Precision.RANGE),
}


def _day(year: int, month: int, day: int) -> Found | None:
    return _moment(year, month, day, Precision.DAY)


def _moment(year: int, month: int, day: int, precision: Precision) -> Found | None:
    """The date, if there is such a day. Years 2400 to 2600 are Buddhist: 543 ahead."""
    if 2400 <= year <= 2600:
        year -= 543
    if not 1000 <= year <= 2399:
        return None
    try:
        return date(year, month, day), precision
    except ValueError:
        return None


def _worded(text: str, language: str | None) -> Found | None:
    """One year, one month word or season, at most one day, and no other number."""
    numbers, months, seasons, persian = _words(text, language)
    years = [number for number in numbers if len(number) == 4]
    days = [int(number) for number in numbers if len(number) < 4]
    if len(years) != 1 or len(days) > 1 or len(months) + len(seasons) + len(persian) != 1:
        return None
    year = int(years[0])
    if persian:
        return _solar(year, persian[0], days[0] if days else None)
    if seasons:
        return None if days else _moment(year, seasons[0], 1, Precision.SEASON)
    return _day(year, months[0], days[0]) if days else _moment(year, months[0], 1, Precision.MONTH)


def _words(text: str, language: str | None) -> tuple[list[str], list[int], list[int], list[int]]:
    numbers: list[str] = []
    months: list[int] = []
    seasons: list[int] = []
    persian: list[int] = []
    for found in _TOKEN.finditer(text.casefold()):
        if found[1]:
            numbers.append(found[1])
            continue
        word = found[2].rstrip(".'\u2019-")
        if month := _month(word, language):
            months.append(month)
        elif word in _SEASONS:
            seasons.append(_SEASONS[word])
        elif word in _PERSIAN:
            persian.append(_PERSIAN.index(word) + 1)
    return numbers, months, seasons, persian


def _month(word: str, language: str | None) -> int | None:
    """The number of a month word: the page's language first, then English, then all."""
    if word[1:2] in {"'", "\u2019"}:
        word = word[2:]
    tables = (*((_months(language),) if language else ()), _months("en"), _all_months())
    for table in tables:
        if month := table.get(word):
            return int(month)
    if word[0] == "ב" and (month := _months("he").get(word[1:])):
        return int(month)
    if len(word) > 4:
        return next((number for name, number in _stems(language) if word.startswith(name)), None)
    return None


@cache
def _months(language: str) -> Mapping[str, int]:
    language = language.partition("-")[0].lower()
    return {**_TABLE.get(language, {}), **_MORE.get(language, {})}


@cache
def _all_months() -> Mapping[str, int]:
    names: dict[str, int] = {}
    for language in (*_TABLE, *_MORE):
        for name, number in _months(language).items():
            names.setdefault(name, number)
    return names


@cache
def _stems(language: str | None) -> tuple[tuple[str, int], ...]:
    """Long month names, which Finnish, Basque or Hungarian words carry endings on."""
    own = _months(language) if language else {}
    return tuple((name, number) for name, number in own.items() if len(name) > 4)


def _ranged(text: str, language: str | None) -> Found | None:
    """`5-7 May 2020`, `May/June 2020`, `30 May 2020 - 2 June 2020`: the first day."""
    if days := _DAYS.fullmatch(text):
        text = f"{days[2]} {days[1]} {days[3]}"  # May 5-7, 2020: the first day
        first = _worded(text, language)
        return (first[0], Precision.RANGE) if first else None
    halves = _DASH.split(text)
    if len(halves) == 1:
        halves = re.split(r"(?<=\d)-(?=\d)", text)
    if len(halves) != 2:
        return None
    last = _worded(halves[1], language) or _numeric(halves[1])
    if not last:
        return None
    first = _worded(halves[0], language) or _numeric(halves[0]) or _borrowed(halves[0], last[0], language)
    return (first[0], Precision.RANGE) if first else None


def _borrowed(text: str, last: date, language: str | None) -> Found | None:
    """The first half of a range, with the year and perhaps the month of its second half."""
    numbers, months, seasons, persian = _words(text, language)
    if persian or len(numbers) > 1 or len(months) + len(seasons) > 1:
        return None
    month = (months or seasons or [last.month])[0]
    if not numbers and not (months or seasons):
        return None
    return _moment(last.year, month, int(numbers[0]) if numbers else 1, Precision.RANGE)


def _solar(year: int, month: int, day: int | None) -> Found | None:
    """A day of the Persian solar year, by the 33-year cycle (right for 1178 to 1633)."""
    if not 1200 <= year <= 1499 or not 1 <= (day or 1) <= 31:
        return None
    elapsed = year - 979
    days = 365 * elapsed + elapsed // 33 * 8 + (elapsed % 33 + 3) // 4
    days += 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    found = date.fromordinal(date(1600, 3, 20).toordinal() + days + (day or 1) - 1)
    return found, Precision.DAY if day else Precision.MONTH


def month_name(number: int, language: str | None) -> str | None:
    """The name of a month inside a date, in the words of a wiki; English when the language is not known.

    >>> month_name(5, "ru"), month_name(5, None), month_name(13, "en")
    ('мая', 'may', None)
    """
    return next((name for name, month in _TABLE.get(language or "en", {}).items() if month == number), None)
