"""Archive addresses taken apart offline: which archive, which moment, which page, and why some are no capture."""

from datetime import UTC, datetime

import pytest

from audit import memento
from audit.model import ArchiveUrl

PAGE = "http://news.example/a/story"
T = "20190102030405"
MOMENT = datetime(2019, 1, 2, 3, 4, 5, tzinfo=UTC)
HEX = "0123456789abcdef0123456789abcdef01234567"


def parsed(url: str) -> ArchiveUrl:
    found = memento.parse_archive_url(url)
    assert found is not None
    return found


ROWS = {
    "wayback": [
        f"https://web.archive.org/web/{T}/{PAGE}",
        f"http://archive.org/web/{T}/{PAGE}",
        f"https://web.archive.org/{T}/{PAGE}",
        f"https://web.archive.org/web/{T}-/{PAGE}",
        f"https://web.archive.org/web/{T}id_/{PAGE}",
        f"http://www.waybackmachine.org/web/{T}/{PAGE}",
        *(
            f"http://{name}.archive.org/web/{T}/{PAGE}"
            for name in (
                "www",
                "wayback",
                "liveweb",
                "classic-web",
                "web-beta",
                "replay",
                "replay.web",
                "web.wayback",
                "www.web",
                "wik",
                "web-wp",
            )
        ),
    ],
    "archive.today": [
        *(f"https://archive.{ending}/{T}/{PAGE}" for ending in ("today", "is", "ph", "li", "vn", "fo", "md")),
        f"https://www.archive.is/2019.01.02-030405/{PAGE}",
    ],
    "ghostarchive": [f"https://ghostarchive.org/archive/{T}/{PAGE}"],
    "perma.cc": [f"https://perma-archives.org/warc/{T}/{PAGE}", f"http://perma-archives.cc/warc/{T}id_/{PAGE}"],
    "archive-it": [
        f"http://wayback.archive-it.org/1234/{T}/{PAGE}",
        f"https://www.archive-it.org/all/{T}/{PAGE}",
        f"https://archive-it.org/org-12/{T}/{PAGE}",
        f"http://webarchive.proni.gov.uk/{T}/{PAGE}",
        f"http://collections.internetmemory.org/nli/{T}/{PAGE}",
    ],
    "europarchive": [
        f"http://collection.europarchive.org/tna/{T}/{PAGE}",
        f"http://collections.internetmemory.org/other/{T}/{PAGE}",
    ],
    "arquivo": [
        f"https://arquivo.pt/wayback/{T}/{PAGE}",
        f"http://www.arquivo.pt/web/{T}/{PAGE}",
        f"https://arquivo.pt/noFrame/replay/{T}/{PAGE}",
        f"https://arquivo.pt/wayback/wayback/{T}/{PAGE}",
    ],
    "loc": [f"https://webarchive.loc.gov/all/{T}/{PAGE}", f"http://webarchive.loc.gov/lcwa0010/{T}/{PAGE}"],
    "ukgwa": [
        f"http://webarchive.nationalarchives.gov.uk/{T}/{PAGE}",
        f"https://webarchive.nationalarchives.gov.uk/ukgwa/{T}/{PAGE}",
        f"http://yourarchives.nationalarchives.gov.uk/content/{T}/{PAGE}",
        f"http://webarchive.nationalarchives.gov.uk/{T}/+/{PAGE}",
    ],
    "parliamentuk": [f"https://webarchive.parliament.uk/{T}/{PAGE}"],
    "nrscotland": [f"https://webarchive.nrscotland.gov.uk/{T}/{PAGE}"],
    "ukwa": [
        f"https://www.webarchive.org.uk/wayback/archive/{T}/{PAGE}",
        f"http://webarchive.org.uk/wayback/en/archive/{T}mp_/{PAGE}",
    ],
    "vefsafn": [f"http://wayback.vefsafn.is/wayback/{T}/{PAGE}", f"https://vefsafn.is/is/{T}/{PAGE}"],
    "stanford": [f"https://swap.stanford.edu/{T}/{PAGE}", f"https://sul-swap-prod.stanford.edu/web/{T}/{PAGE}"],
    "bibalex": [f"http://web.archive.bibalex.org/web/{T}/{PAGE}", f"http://petabox.bibalex.org/{T}/{PAGE}"],
    "lac": [
        f"http://www.collectionscanada.gc.ca/webarchives/{T}/{PAGE}",
        f"http://www.collectionscanada.ca/archivesweb/{T}/{PAGE}",
        f"http://webarchive.bac-lac.gc.ca:8080/wayback/{T}/{PAGE}",
        f"http://webarchiveweb.wayback.bac-lac.canada.ca/web/{T}/{PAGE}",
        f"https://webarchiveweb.bac-canada.ca/webarchives/{T}/{PAGE}",
    ],
    "nla": [
        f"http://pandora.nla.gov.au/nph-wb/{T}/{PAGE}",
        f"https://webarchive.nla.gov.au/awa/{T}/{PAGE}",
        f"http://content.webarchive.nla.gov.au/gov/wayback/{T}/{PAGE}",
        f"https://web.archive.org.au/awa/{T}/{PAGE}",
    ],
    "nlb-singapore": [f"http://eresources.nlb.gov.sg/webarchives/wayback/{T}/{PAGE}"],
    "spletni": [f"http://nukrobi2.nuk.uni-lj.si:8080/wayback/{T}/{PAGE}"],
    "veebiarhiiv": [f"http://veebiarhiiv.digar.ee/a/{T}/{PAGE}"],
    "padi": [f"http://www.padi.cat:8080/wayback/{T}/{PAGE}"],
    "bib-bvb": [f"https://langzeitarchivierung.bib-bvb.de/wayback/{T}/{PAGE}"],
    "yorku": [f"https://digital.library.yorku.ca/wayback/{T}/{PAGE}"],
    "aueb": [f"http://archive.aueb.gr/{T}/{PAGE}"],
    "banq": [f"http://waext.banq.qc.ca/wayback/{T}/{PAGE}"],
    "ndl": [f"https://warp.da.ndl.go.jp/info:ndljp/pid/123/{T}/{PAGE}"],
    "nli": [f"https://wayback.nli.org.il/{T}/{PAGE}", f"https://wayback.nli.org.il/coll/{T}/{PAGE}"],
    "webharvest": [f"https://www.webharvest.gov/coll04/{T}/{PAGE}"],
    "wikiwix": [f"https://archive.wikiwix.com/cache/{T}/{PAGE}"],
    "conifer": [f"https://webrecorder.io/ann/coll/{T}/{PAGE}", f"https://conifer.rhizome.org/ann/coll/list/{T}$br:one:53/{PAGE}"],
    "memento": [f"http://timetravel.mementoweb.org/memento/{T}/{PAGE}", f"http://timetravel.mementoweb.org/api/json/{T}/{PAGE}"],
    "unknown-wayback-like": [f"https://keeper.example/coll/{T}/{PAGE}", f"http://keeper.example:8090/{T}mp_/{PAGE}"],
}
CASES = [(archive, url) for archive, urls in ROWS.items() for url in urls]


@pytest.mark.parametrize(("archive", "url"), CASES, ids=[url for _, url in CASES])
def test_an_address_with_an_exact_moment_names_archive_moment_and_page(archive: str, url: str) -> None:
    found = parsed(url)

    assert (found.archive, found.captured_at, found.precision, found.original) == (archive, MOMENT, "second", PAGE)
    assert found.problems == ()


PLAYED_AT = {
    "wayback": "https://web.archive.org/web/",
    "perma.cc": "https://perma-archives.org/warc/",
    "archive-it": "https://wayback.archive-it.org/1234/",
    "europarchive": "http://collection.europarchive.org/tna/",
    "arquivo": "https://arquivo.pt/noFrame/replay/",
    "loc": "https://webarchive.loc.gov/all/",
    "ukgwa": "https://webarchive.nationalarchives.gov.uk/ukgwa/",
    "parliamentuk": "https://webarchive.parliament.uk/",
    "nrscotland": "https://webarchive.nrscotland.gov.uk/",
    "ukwa": "https://www.webarchive.org.uk/wayback/en/archive/",
    "vefsafn": "https://wayback.vefsafn.is/wayback/",
    "stanford": "https://swap.stanford.edu/was/",
    "bibalex": "http://web.archive.bibalex.org/web/",
    "lac": "http://webarchiveweb.wayback.bac-lac.canada.ca/web/",
    "nla": "https://webarchive.nla.gov.au/awa/",
    "nlb-singapore": "http://eresources.nlb.gov.sg/webarchives/wayback/",
    "spletni": "http://nukrobi.nuk.uni-lj.si:8080/wayback/",
    "veebiarhiiv": "https://veebiarhiiv.digar.ee/a/",
    "padi": "http://www.padi.cat:8080/wayback/",
    "bib-bvb": "https://langzeitarchivierung.bib-bvb.de/wayback/",
    "yorku": "https://digital.library.yorku.ca/wayback/",
    "aueb": "http://archive.aueb.gr/",
    "banq": "http://waext.banq.qc.ca/wayback/",
    "ndl": "https://warp.da.ndl.go.jp/collections/info:ndljp/pid/123/",
    "nli": "https://wayback.nli.org.il/1234/",
    "webharvest": "https://www.webharvest.gov/peth04/",
    "unknown-wayback-like": "https://keeper.example/coll/",
}
"""Archives that play captures back under an address that ends with moment and page."""

EXACT_ONLY = {"ndl", "nli", "unknown-wayback-like", "perma.cc"}
"""So wide are the forms of these that only all fourteen digits tell a moment from a number in a path."""


@pytest.mark.parametrize("flag", ["id_", "if_", "mp_", "im_"])
@pytest.mark.parametrize(("archive", "place"), PLAYED_AT.items(), ids=PLAYED_AT.keys())
def test_a_flag_behind_the_moment_is_kept_apart(archive: str, place: str, flag: str) -> None:
    found = parsed(f"{place}{T}{flag}/https://news.example/a?b=/c&d#e")

    assert (found.archive, found.flag, found.captured_at) == (archive, flag, MOMENT)
    assert (found.original, found.problems) == ("https://news.example/a?b=/c&d#e", ())


PARTLY = {archive: place for archive, place in PLAYED_AT.items() if archive not in EXACT_ONLY}


@pytest.mark.parametrize(("archive", "place"), PARTLY.items(), ids=PARTLY.keys())
@pytest.mark.parametrize(
    ("digits", "moment", "problem"),
    [("20190102", datetime(2019, 1, 2, tzinfo=UTC), "partial-timestamp"), ("20191399000000", None, "impossible-timestamp")],
    ids=["a day", "no date"],
)
def test_every_archive_may_be_given_less_than_a_moment(
    archive: str, place: str, digits: str, moment: datetime | None, problem: str
) -> None:
    found = parsed(f"{place}{digits}/{PAGE}")

    assert (found.archive, found.captured_at, found.original, found.problems) == (archive, moment, PAGE, (problem,))


@pytest.mark.parametrize(("archive", "place"), PARTLY.items(), ids=PARTLY.keys())
def test_every_archive_has_a_calendar_which_is_no_capture(archive: str, place: str) -> None:
    found = parsed(f"{place}*/{PAGE}")

    assert (found.archive, found.captured_at, found.original, found.problems) == (archive, None, PAGE, ("calendar",))


@pytest.mark.parametrize(("archive", "place"), PLAYED_AT.items(), ids=PLAYED_AT.keys())
def test_a_host_with_more_behind_it_is_another_host(archive: str, place: str) -> None:
    scheme, _, rest = place.partition("://")
    host, _, path = rest.partition("/")
    foreign = f"{scheme}://{host.partition(':')[0]}.mirror.example/{path}"

    found = memento.parse_archive_url(f"{foreign}{T}/{PAGE}"), memento.parse_archive_url(f"{foreign}20190102/news.example/a")

    assert found[0] is not None
    assert found[0].archive == "unknown-wayback-like"
    assert found[1] is None, archive


@pytest.mark.parametrize("archive", memento.FORMS)
def test_what_is_put_together_is_taken_apart_the_same(archive: str) -> None:
    whole = f"{PLAYED_AT[archive]}{T}if_/{PAGE}?a=b/c&d#e"

    written = memento.format_archive_url(parsed(whole))

    assert written is not None
    again = parsed(written)
    assert (again.archive, again.captured_at, again.original) == (archive, MOMENT, f"{PAGE}?a=b/c&d#e")
    assert memento.format_archive_url(again) == written


ODD = {
    "calendar": (f"https://web.archive.org/web/2019*/{PAGE}", "wayback", None, PAGE, None, ("calendar",)),
    "bare calendar": (f"https://web.archive.org/web/*/{PAGE}", "wayback", None, PAGE, None, ("calendar",)),
    "alias of the newest": (f"https://web.archive.org/web/2/{PAGE}", "wayback", None, PAGE, None, ("latest-alias",)),
    "no moment": (f"https://web.archive.org/web/{PAGE}", "wayback", None, PAGE, None, ("no-timestamp",)),
    "neither web nor moment": (f"https://liveweb.archive.org/{PAGE}", "wayback", None, PAGE, None, ("no-timestamp",)),
    "save command": (f"https://web.archive.org/save/{PAGE}", "wayback", None, PAGE, None, ("save-command",)),
    "embedded save": (f"https://web.archive.org/save/_embed/{PAGE}", "wayback", None, PAGE, None, ("save-command", "embed-form")),
    "screenshot": (f"https://web.archive.org/screenshot/{PAGE}", "wayback", None, PAGE, None, ("screenshot", "no-timestamp")),
    "no target": (f"https://web.archive.org/web/{T}/", "wayback", MOMENT, None, None, ("no-target",)),
    "no target, no slash": (f"https://web.archive.org/web/{T}", "wayback", MOMENT, None, None, ("no-target",)),
    "short id": ("https://archive.ph/AbC12", "archive.today", None, None, "AbC12", ()),
    "short id with more": ("https://archive.ph/AbC12/again?x", "archive.today", None, None, "AbC12", ()),
    "short id with a page": (f"https://archive.li/o/AbC12/{PAGE}", "archive.today", None, PAGE, "AbC12", ()),
    "newest": (f"https://archive.is/newest/{PAGE}", "archive.today", None, PAGE, None, ("no-timestamp",)),
    "only a page": (f"https://archive.is/{PAGE}", "archive.today", None, PAGE, None, ("no-timestamp",)),
    "webcite query": (
        f"http://www.webcitation.org/query?url={PAGE}?b=1&c=2&date=2010-01-01",
        "webcite",
        None,
        f"{PAGE}?b=1&c=2",
        None,
        ("no-timestamp",),
    ),
    "webcite cache": (f"http://www.webcitation.org/cache/{HEX}", "webcite", None, None, HEX, ()),
    "webcite file": (f"http://www.webcitation.org/getfile.php?fileid={HEX}", "webcite", None, None, HEX, ()),
    "ghostarchive short id": ("https://ghostarchive.org/archive/AbC12", "ghostarchive", None, None, "AbC12", ()),
    "ghostarchive video": (
        "https://ghostarchive.org/varchive/abcdefghijk",
        "ghostarchive",
        None,
        "https://www.youtube.com/watch?v=abcdefghijk",
        None,
        ("no-timestamp",),
    ),
    "ghostarchive video of a day": (
        "https://ghostarchive.org/varchive/youtube/20190102/abc-_fghijk",
        "ghostarchive",
        datetime(2019, 1, 2, tzinfo=UTC),
        "https://www.youtube.com/watch?v=abc-_fghijk",
        None,
        ("partial-timestamp",),
    ),
    "megalodon keeps Japan time": (
        "https://megalodon.jp/ref/2019-0102-1204-05/news.example:443/a",
        "megalodon",
        MOMENT,
        "http://news.example:443/a",
        None,
        (),
    ),
    "perma short id": ("https://perma.cc/ABCD-1234?type=image", "perma.cc", None, None, "ABCD-1234", ()),
    "pandora to the minute": (
        "http://pandora.nla.gov.au/pan/123/20190102-0304/news.example/a",
        "nla",
        datetime(2019, 1, 2, 3, 4, tzinfo=UTC),
        "http://news.example/a",
        None,
        (),
    ),
    "pandora with the month in letters": (
        f"http://pandora.nla.gov.au/nph-arch/2019/S2019-Jan-2/{PAGE}",
        "nla",
        datetime(2019, 1, 2, tzinfo=UTC),
        PAGE,
        None,
        (),
    ),
    "pandora with no month": (
        f"http://pandora.nla.gov.au/nph-arch/2019/S2019-Foo-2/{PAGE}",
        "nla",
        None,
        PAGE,
        None,
        ("impossible-timestamp",),
    ),
    "haw": ("http://haw.nsk.hr/arhiva/vol1/23/456/news.example/a", "haw", None, "http://news.example/a", None, ("no-timestamp",)),
    "wikiwix": (
        "http://archive.wikiwix.com/cache/?url=http%3A%2F%2Fnews.example%2Fa%2520b&apiresponse=1",
        "wikiwix",
        None,
        "http://news.example/a%20b",
        None,
        ("no-timestamp",),
    ),
    "wikiwix, target not escaped": (
        f"http://archive.wikiwix.com/cache/display.php?url={PAGE}?b=1&c=2&apiresponse=1",
        "wikiwix",
        None,
        f"{PAGE}?b=1&c=2",
        None,
        ("no-timestamp",),
    ),
    "freezepage": ("http://www.freezepage.com/1234567890ABCDEF", "freezepage", None, None, "1234567890ABCDEF", ()),
    "the latest of the national archives": (
        "http://webarchive.nationalarchives.gov.uk/+/http://news.example/a",
        "ukgwa",
        None,
        "http://news.example/a",
        None,
        ("no-timestamp",),
    ),
    "a calendar of the national archives": (
        "http://webarchive.nationalarchives.gov.uk/*/http://news.example/a",
        "ukgwa",
        None,
        "http://news.example/a",
        None,
        ("calendar",),
    ),
    "a number of the national diet library": (
        "http://warp.da.ndl.go.jp/info:ndljp/pid/285403/www.news.example/a",
        "ndl",
        None,
        "http://www.news.example/a",
        None,
        ("no-timestamp",),
    ),
    "google cache in percent signs": (
        "https://webcache.googleusercontent.com/search?q=cache%3Ahttp%3A%2F%2Fnews.example%2Fa&hl=en",
        "google-cache",
        None,
        "http://news.example/a",
        None,
        ("no-timestamp",),
    ),
    "google cache": (
        "http://webcache.googleusercontent.com/search?q=cache:abcdefghijkl:news.example/a+some+words&hl=en",
        "google-cache",
        None,
        "http://news.example/a",
        None,
        ("no-timestamp",),
    ),
    "screenshots": (
        "http://www.screenshots.com/news.example",
        "screenshots",
        None,
        "http://news.example",
        None,
        ("no-timestamp",),
    ),
}


@pytest.mark.parametrize(("url", "archive", "moment", "original", "short_id", "problems"), ODD.values(), ids=ODD.keys())
def test_an_odd_form_is_still_an_archive_address_and_says_why_it_is_no_capture(
    url: str, archive: str, moment: datetime | None, original: str | None, short_id: str | None, problems: tuple[str, ...]
) -> None:
    found = parsed(url)

    assert (found.archive, found.captured_at, found.original) == (archive, moment, original)
    assert (found.short_id, found.problems) == (short_id, problems)


def test_every_archive_of_the_table_has_a_case() -> None:
    tested = set(ROWS) | {archive for _, archive, *_ in ODD.values()}

    assert {keeper.key for keeper in memento.KEEPERS} <= tested


WEBCITE = {
    "in figures": ("http://www.webcitation.org/query?id=1288888888888888", datetime(2010, 11, 4, 16, 41, 28, tzinfo=UTC)),
    "in base 62": ("http://www.webcitation.org/5xxxxxxxx", datetime(2011, 4, 15, 15, 39, 1, tzinfo=UTC)),
    "with its page": (f"http://webcitation.org/5xxxxxxxx?url={PAGE}", datetime(2011, 4, 15, 15, 39, 1, tzinfo=UTC)),
}


@pytest.mark.parametrize(("url", "moment"), WEBCITE.values(), ids=WEBCITE.keys())
def test_a_webcite_number_is_the_moment_of_its_capture(url: str, moment: datetime) -> None:
    found = parsed(url)

    assert (found.captured_at, found.timestamp) == (moment, None)


NO_ARCHIVE = {
    "a name with more behind it": f"https://web.archive.org.example/web/2019/{PAGE}",
    "a name with more before it": f"https://notarchive.org/web/2019/{PAGE}",
    "an archive in a path": f"https://news.example/web.archive.org/web/2019/{PAGE}",
    "another port": f"https://web.archive.org:9999/web/2019/{PAGE}",
    "a book": "https://archive.org/details/a_book",
    "a download": "https://archive.org/download/a_book/a.pdf",
    "a stream": "https://archive.org/stream/a_book",
    "a forum post": "https://archive.org/post/12/a",
    "the front page": "https://web.archive.org/",
    "a page about the archive": "https://archive.is/about",
    "a form of the archive": "https://archive.today/submit/",
    "a page of the service": "https://perma.cc/about",
    "a collection": "https://archive-it.org/collections/1234",
    "a page of nine letters": "http://www.webcitation.org/zzzzzzzzz",
    "a help page": "http://www.webcitation.org/faq",
    "a library catalogue": "https://catalogue.nla.gov.au/Record/123",
    "an ordinary page": PAGE,
    "a long number": "http://news.example/20190102030405/story",
    "user information that looks like an archive": f"https://web.archive.org@news.example/web/2019/{PAGE}",
    "nothing": "",
}


@pytest.mark.parametrize("url", NO_ARCHIVE.values(), ids=NO_ARCHIVE.keys())
def test_a_look_alike_and_the_other_pages_of_an_archive_are_no_archive_address(url: str) -> None:
    found = memento.parse_archive_url(url)

    assert found is None


TARGETS = {
    "query": ("http://news.example/?b=1&c=2", "http://news.example/?b=1&c=2"),
    "fragment": ("http://news.example/a#b", "http://news.example/a#b"),
    "one slash": ("http:/news.example/a", "http://news.example/a"),
    "no colon": ("https//news.example/a", "https://news.example/a"),
    "no scheme": ("news.example/a", "http://news.example/a"),
    "scheme escaped": ("http%3A%2F%2Fnews.example%2Fa%2520b", "http://news.example/a%20b"),
    "only the path escaped": ("http://news.example/a%20b%2Fc", "http://news.example/a%20b%2Fc"),
    "default port and no path": ("http://news.example:80", "http://news.example:80"),
    "another scheme": ("ftp://files.example/a", "ftp://files.example/a"),
    "a mailbox": ("mailto:ann@news.example", "mailto:ann@news.example"),
    "port without a scheme": ("news.example:8080/a", "http://news.example:8080/a"),
}


@pytest.mark.parametrize(("written", "original"), TARGETS.values(), ids=TARGETS.keys())
def test_the_target_is_everything_behind_the_moment(written: str, original: str) -> None:
    found = parsed(f"https://web.archive.org/web/{T}/{written}")

    assert found.original == original


TIMESTAMPS = {
    "year": ("2019", datetime(2019, 1, 1, tzinfo=UTC), "year", ("partial-timestamp",)),
    "odd digit": ("20190", datetime(2019, 1, 1, tzinfo=UTC), "year", ("partial-timestamp",)),
    "month": ("201902", datetime(2019, 2, 1, tzinfo=UTC), "month", ("partial-timestamp",)),
    "day": ("20190203", datetime(2019, 2, 3, tzinfo=UTC), "day", ("partial-timestamp",)),
    "hour": ("2019020304", datetime(2019, 2, 3, 4, tzinfo=UTC), "hour", ("partial-timestamp",)),
    "minute": ("201902030405", datetime(2019, 2, 3, 4, 5, tzinfo=UTC), "minute", ("partial-timestamp",)),
    "too long": ("20190203040506789", datetime(2019, 2, 3, 4, 5, 6, tzinfo=UTC), "second", ()),
    "leap day": ("20200229000000", datetime(2020, 2, 29, tzinfo=UTC), "second", ()),
    "no leap day": ("20190229000000", None, None, ("impossible-timestamp",)),
    "month 13": ("20191301000000", None, None, ("impossible-timestamp",)),
    "hour 24": ("20190101240000", None, None, ("impossible-timestamp",)),
    "filler of 1970": ("19700101000000", None, None, ("dummy-timestamp",)),
    "filler of 1899": ("18991231", None, None, ("dummy-timestamp",)),
    "the future": ("20990101000000", datetime(2099, 1, 1, tzinfo=UTC), "second", ()),
}


@pytest.mark.parametrize(("digits", "moment", "precision", "problems"), TIMESTAMPS.values(), ids=TIMESTAMPS.keys())
def test_a_timestamp_is_its_earliest_moment_with_a_precision(
    digits: str, moment: datetime | None, precision: str | None, problems: tuple[str, ...]
) -> None:
    found = parsed(f"https://web.archive.org/web/{digits}/{PAGE}")

    assert (found.timestamp, found.captured_at, found.precision, found.problems) == (digits, moment, precision, problems)


def test_an_archive_of_an_archive_keeps_the_outer_moment_and_the_innermost_page() -> None:
    found = parsed(f"https://web.archive.org/web/{T}/https://archive.is/2015/https://arquivo.pt/wayback/2012/{PAGE}")

    assert (found.archive, found.captured_at, found.original) == ("wayback", MOMENT, PAGE)
    assert found.problems == ("archive-of-archive",)
    assert found.nested is not None
    assert found.nested.archive == "archive.today"
    assert found.nested.nested is not None
    assert found.nested.nested.archive == "arquivo"


def test_nesting_ends_at_a_depth() -> None:
    found: ArchiveUrl | None = parsed("https://web.archive.org/web/2019/" * 500 + PAGE)
    depth = 0

    while found is not None:
        found, depth = found.nested, depth + 1

    assert depth == memento.MOST_NESTED + 1


CANONICAL = {
    "flag and http": (f"http://archive.org/web/{T}if_/{PAGE}", f"https://web.archive.org/web/{T}/{PAGE}"),
    "port": (f"https://web.archive.org:443/web/{T}/{PAGE}", f"https://web.archive.org/web/{T}/{PAGE}"),
    "arquivo": (f"http://www.arquivo.pt/noFrame/replay/{T}/{PAGE}", f"https://arquivo.pt/wayback/{T}/{PAGE}"),
    "loc": (f"http://webarchive.loc.gov/lcwa0010/{T}/{PAGE}", f"https://webarchive.loc.gov/all/{T}/{PAGE}"),
}


@pytest.mark.parametrize(("url", "canonical"), CANONICAL.values(), ids=CANONICAL.keys())
def test_the_canonical_address_has_https_and_no_flag_and_stays_itself(url: str, canonical: str) -> None:
    formatted = memento.format_archive_url(parsed(url))

    assert formatted == canonical
    assert memento.format_archive_url(parsed(canonical)) == canonical


@pytest.mark.parametrize(
    "url",
    [
        f"https://web.archive.org/web/*/{PAGE}",
        f"https://web.archive.org/web/{T}/",
        "https://perma.cc/ABCD-1234",
        f"https://k.example/{T}/{PAGE}",
    ],
)
def test_what_is_no_capture_has_no_canonical_address(url: str) -> None:
    formatted = memento.format_archive_url(parsed(url))

    assert formatted is None


@pytest.mark.parametrize(
    ("archive", "state"),
    [
        ("wayback", "live"),
        ("archive.today", "deprecated"),
        ("webcite", "dead"),
        ("perma.cc", "live"),
        ("europarchive", "dead"),
        ("google-cache", "dead"),
        ("nla", "live"),
    ],
)
def test_an_archive_stands_as_its_best_form_does(archive: str, state: str) -> None:
    standing, reason = memento.standing(archive)

    assert standing == state
    assert (reason is None) is (state == "live")


HOSTILE = {
    "slashes": "https://web.archive.org/web/2019/" + "/" * 500_000,
    "parameters": "http://www.webcitation.org/query?" + "url=&" * 200_000,
    "numbers": "http://keeper.example/" + "20190102030405/" * 60_000,
    "folders": "https://warp.da.ndl.go.jp/" + "a/" * 400_000,
    "references": "https://megalodon.jp/" + "ref/" * 200_000,
    "cache": "http://webcache.googleusercontent.com/search?" + "q=cache:" * 100_000,
}


@pytest.mark.parametrize("url", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_megabyte_of_hostile_text_is_read_and_never_raises(url: str) -> None:
    found = memento.parse_archive_url(url)

    assert found is None or found.archive
