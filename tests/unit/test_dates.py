"""Dates as editors write them."""

from datetime import date
from pathlib import Path

import pytest

from audit.dates import cited_date
from audit.model import Precision

DAYS = {
    "iso": ("2023-09-19", None, date(2023, 9, 19)),
    "iso with time": ("2023-09-19T12:00:00Z", None, date(2023, 9, 19)),
    "slashes, year first": ("2023/9/9", None, date(2023, 9, 9)),
    "timestamp": ("20230919013122", None, date(2023, 9, 19)),
    "english": ("19 September 2023", None, date(2023, 9, 19)),
    "american": ("September 19, 2023", None, date(2023, 9, 19)),
    "ordinal": ("5th of May 2020", None, date(2020, 5, 5)),
    "abbreviated": ("Sept. 5, 2020", None, date(2020, 9, 5)),
    "no-break spaces": ("19\u00a0September\u00a02023", None, date(2023, 9, 19)),
    "linked": ("[[5 May]] [[2020]]", None, date(2020, 5, 5)),
    "templated": ("{{dts|2020|5|1}}", None, date(2020, 5, 1)),
    "comment": ("2020-05-01<!-- approximate -->", None, date(2020, 5, 1)),
    "with time of day": ("16:23, 19 September 2023", None, date(2023, 9, 19)),
    "french": ("1er août 2020", "fr", date(2020, 8, 1)),
    "spanish": ("1.º de mayo de 2020", "es", date(2020, 5, 1)),
    "catalan": ("1 d'abril de 2020", "ca", date(2020, 4, 1)),
    "german": ("2. März 2020", "de", date(2020, 3, 2)),
    "polish": ("3 listopada 2020", "pl", date(2020, 11, 3)),
    "czech": ("3. listopadu 2020", "cs", date(2020, 11, 3)),
    "croatian": ("3. listopad 2020", "hr", date(2020, 10, 3)),
    "russian": ("19 сентября 2023", "ru", date(2023, 9, 19)),
    "ukrainian without its wiki": ("19 вересня 2023", None, date(2023, 9, 19)),
    "finnish": ("5. toukokuuta 2020", "fi", date(2020, 5, 5)),
    "basque": ("2020ko urtarrilaren 5a", "eu", date(2020, 1, 5)),
    "japanese": ("2020年5月1日", "ja", date(2020, 5, 1)),
    "korean": ("2020년 5월 1일", "ko", date(2020, 5, 1)),
    "vietnamese": ("ngày 5 tháng 6 năm 2020", "vi", date(2020, 6, 5)),
    "serbian dots": ("5. 6. 2020.", "sr", date(2020, 6, 5)),
    "arabic digits": ("٥ مايو ٢٠٢٠", "ar", date(2020, 5, 5)),
    "devanagari": ("२ मई २०२०", "hi", date(2020, 5, 2)),
    "thai, buddhist year": ("15 มกราคม 2566", "th", date(2023, 1, 15)),
    "persian solar": ("۲۵ مهر ۱۴۰۰", "fa", date(2021, 10, 17)),
    "persian new year": ("1 فروردین 1400", "fa", date(2021, 3, 21)),
    "day that cannot be a month": ("14/5/2021", None, date(2021, 5, 14)),
    "month that cannot be a day": ("5/14/2021", None, date(2021, 5, 14)),
    "day equal to month": ("5/5/2021", None, date(2021, 5, 5)),
}


@pytest.mark.parametrize(("text", "language", "day"), DAYS.values(), ids=DAYS.keys())
def test_a_day_is_read_in_the_words_of_its_language(text: str, language: str | None, day: date) -> None:
    read = cited_date(text, language=language)

    assert (read.text, read.value, read.precision) == (text, day, Precision.DAY)
    assert read.day == day


PERIODS = {
    "month": ("March 2020", date(2020, 3, 1), Precision.MONTH),
    "month in numbers": ("2020-03", date(2020, 3, 1), Precision.MONTH),
    "japanese month": ("2020年3月", date(2020, 3, 1), Precision.MONTH),
    "year": ("1999", date(1999, 1, 1), Precision.YEAR),
    "year about": ("c. 1999", date(1999, 1, 1), Precision.YEAR),
    "year with letter": ("2020a", date(2020, 1, 1), Precision.YEAR),
    "season": ("Spring 2020", date(2020, 3, 1), Precision.SEASON),
    "winter is named after the year it ends in": ("Winter 2020", date(2020, 1, 1), Precision.SEASON),
    "years": ("2019–2020", date(2019, 1, 1), Precision.RANGE),
    "short years": ("2019-20", date(2019, 1, 1), Precision.RANGE),
    "days": ("5–7 May 2020", date(2020, 5, 5), Precision.RANGE),
    "american days": ("May 5-7, 2020", date(2020, 5, 5), Precision.RANGE),
    "months": ("May–June 2020", date(2020, 5, 1), Precision.RANGE),
    "days of two months": ("30 May – 2 June 2020", date(2020, 5, 30), Precision.RANGE),
}


@pytest.mark.parametrize(("text", "first", "precision"), PERIODS.values(), ids=PERIODS.keys())
def test_a_period_is_its_first_day_with_its_precision(text: str, first: date, precision: Precision) -> None:
    read = cited_date(text)

    assert (read.value, read.precision) == (first, precision)
    assert read.day is None


UNREADABLE = {
    "ambiguous": "4/5/2021",
    "no such month": "2020-13-01",
    "no such day": "31 June 2020",
    "not leap": "2023-02-29",
    "no year": "5 May",
    "two days": "5 May 2020 6",
    "prose": "some time in the nineties",
    "nothing": "",
    "blanks": "   ",
    "n.d.": "n.d.",
    "huge": "9" * 5_000,
    "template only": "{{today}}",
    "year out of reach": "5 May 9999",
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_told_is_unknown_and_keeps_its_text(text: str) -> None:
    read = cited_date(text)

    assert (read.text, read.value, read.precision) == (text, None, None)


def test_the_month_words_of_the_page_come_before_those_of_others() -> None:
    assert cited_date("listopad 2020", language="hr").value == date(2020, 10, 1)
    assert cited_date("listopad 2020", language="pl").value == date(2020, 11, 1)
    assert cited_date("srpanj 2020", language="hr").value == date(2020, 7, 1)


def test_ninety_nine_of_a_hundred_dates_of_fifty_languages_are_read() -> None:
    cases = (Path(__file__).parent.parent / "cases" / "dates.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in cases]

    wrong = [(text, day) for language, text, day in rows if str(cited_date(text, language=language).value or "") != day]

    assert len(rows) >= 500
    assert len({language for language, *_ in rows}) >= 40
    assert len(wrong) <= len(rows) // 100, wrong
