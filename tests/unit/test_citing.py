"""What a citation cites, the copy it names, the moment it stands on, and what it says of its page."""

from datetime import UTC, date, datetime

import pytest

from audit import citing
from audit.model import CitedDate, Precision
from tests import make

COPY = "https://web.archive.org/web/20190102030405/http://news.example/a"


def day(year: int, month: int, number: int, precision: Precision = Precision.DAY) -> CitedDate:
    return CitedDate(text="as written", value=date(year, month, number), precision=precision)


UNREAD = CitedDate(text="last spring")

RESOURCES = {
    "its address": ({"url": "HTTP://News.Example/a#b"}, "http://news.example/a"),
    "the page inside an archive": ({"url": COPY}, "http://news.example/a"),
    "the page inside an archive of an archive": ({"url": f"https://archive.is/2015/{COPY}"}, "http://news.example/a"),
    "an archive address without a page": ({"url": "https://perma.cc/ABCD-1234"}, "https://perma.cc/ABCD-1234"),
    "the address before an identifier": (
        {"url": "http://news.example/a", "identifiers": (("doi", "10.1234/x"),)},
        "http://news.example/a",
    ),
    "a doi": ({"url": None, "identifiers": (("doi", " 10.1234/x "),)}, "https://doi.org/10.1234/x"),
    "a handle": ({"url": None, "identifiers": (("hdl", "2027/x"),)}, "https://hdl.handle.net/2027/x"),
    "the most persistent identifier": (
        {"url": None, "identifiers": (("pmid", "12"), ("jstor", "34"), ("doi", "10.1234/x"))},
        "https://doi.org/10.1234/x",
    ),
    "the next one when the first is empty": (
        {"url": None, "identifiers": (("doi", ""), ("pmid", "12"))},
        "https://pubmed.ncbi.nlm.nih.gov/12/",
    ),
}


@pytest.mark.parametrize(("fields", "url"), RESOURCES.values(), ids=RESOURCES.keys())
def test_a_citation_cites_its_page_not_the_archive_around_it(fields: dict[str, object], url: str) -> None:
    cited = citing.resource(make.citation(**fields))

    assert cited is not None
    assert cited.url == url


@pytest.mark.parametrize("identifiers", [(), (("isbn", "9780000000002"), ("issn", "1234-5678")), (("doi", ""),)])
def test_a_citation_without_an_address_that_leads_to_a_page_cites_no_url(identifiers: tuple[tuple[str, str], ...]) -> None:
    cited = citing.resource(make.citation(url=None, identifiers=identifiers))

    assert cited is None


def test_an_address_that_is_none_keeps_its_problem() -> None:
    cited = citing.resource(make.citation(url="see the annual report"))

    assert cited is not None
    assert cited.problem == "invalid-url"


def test_the_copy_is_the_archive_address() -> None:
    copy = citing.archive_copy(make.citation(archive_url=COPY, url="https://perma.cc/ABCD-1234"))

    assert copy is not None
    assert (copy.archive, copy.original) == ("wayback", "http://news.example/a")


def test_an_archive_address_in_the_place_of_the_cited_one_is_the_copy() -> None:
    copy = citing.archive_copy(make.citation(url=COPY))

    assert copy is not None
    assert copy.archive == "wayback"


@pytest.mark.parametrize("archive_url", [None, "", "http://news.example/not-an-archive"])
def test_what_is_no_archive_address_is_no_copy(archive_url: str | None) -> None:
    copy = citing.archive_copy(make.citation(archive_url=archive_url))

    assert copy is None


NEAR = {
    "access date": ({"access_date": day(2020, 5, 6), "archive_url": COPY}, datetime(2020, 5, 6, 12, tzinfo=UTC)),
    "its copy": ({"archive_url": COPY, "archive_date": day(2021, 1, 1)}, datetime(2019, 1, 2, 3, 4, 5, tzinfo=UTC)),
    "archive date, the copy without a moment": (
        {"archive_url": "https://perma.cc/ABCD-1234", "archive_date": day(2021, 1, 1)},
        datetime(2021, 1, 1, 12, tzinfo=UTC),
    ),
    "publication": ({"published_date": day(2018, 3, 1, Precision.MONTH)}, datetime(2018, 3, 1, 12, tzinfo=UTC)),
    "an access date that cannot be read": (
        {"access_date": UNREAD, "published_date": day(2018, 3, 4)},
        datetime(2018, 3, 4, 12, tzinfo=UTC),
    ),
    "nothing": ({}, None),
    "nothing that can be read": ({"access_date": UNREAD}, None),
}


@pytest.mark.parametrize(("fields", "moment"), NEAR.values(), ids=NEAR.keys())
def test_a_citation_stands_on_its_access_date_else_its_copy_else_its_publication(
    fields: dict[str, object], moment: datetime | None
) -> None:
    near = citing.near(make.citation(**fields))

    assert near == moment


def test_all_citations_of_a_url_say_each_thing_once_in_reading_order() -> None:
    some = [
        make.citation(title="A story", publisher="The Paper", quote="opened in May", language="en", access_date=day(2020, 5, 6)),
        make.citation(title="A story, updated", work="The Paper", publisher="Press", access_date=day(2019, 1, 2)),
        make.citation(title="A story", url=None, language="de", access_date=day(2018, 1, 1, Precision.MONTH)),
    ]

    said = citing.cited_as(iter(some))

    assert said.titles == ("A story", "A story, updated")
    assert said.publishers == ("The Paper", "Press")
    assert said.quotes == ("opened in May",)
    assert said.languages == ("en", "de")
    assert said.written == (make.URL,)
    assert said.first_access_date == date(2019, 1, 2)


def test_no_citations_say_nothing() -> None:
    said = citing.cited_as([])

    assert (said.titles, said.first_access_date) == ((), None)


def test_a_text_fragment_is_a_quotation() -> None:
    some = [make.citation(url=f"{make.URL}#:~:text=of%20the-,opened%20in%20May,-after", quote=None)]

    assert citing.cited_as(some).quotes == ("opened in May",)
