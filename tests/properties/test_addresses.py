"""What holds for every address: repairs settle, archive addresses and moments survive, keys agree with an oracle, nothing raises."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import ada_url
import pytest
import surt
from hypothesis import example, given, settings, strategies as st

from audit import domains, html, memento, similarity, urls
from audit.web import answers

PIECES = st.sampled_from(
    [
        *(
            "http://",
            "https:",
            "HTTP",
            "htp:",
            "//",
            "/",
            "\\",
            "www.",
            "example.com",
            "EXAMPLE.",
            "[2001:db8::1]",
            ":80",
            ":0",
            "@",
        ),
        *("%2F", "%7e", "%", "%F6", "%3C", "http%3A%2F%2F", "&amp;", "&#38;", "&lt;", "&#x200b;", "amp;", "{{!}}", "{{=}}", "}}"),
        *(
            "]]",
            "''",
            "<",
            '"',
            "#",
            "?",
            "&a=",
            ";",
            "+",
            " ",
            "\t",
            "\u00a0",
            "\u200b",
            "\u00ad",
            "\u00fc",
            "\u6a4b",
            "\0",
            "a",
            "b",
        ),
        *(
            "doi:",
            "10.1234",
            "web.archive.org/web/",
            "archive.is/",
            "20190102030405",
            "*",
            "id_/",
            "webcitation.org/query?url=",
            "\ud800",
        ),
    ]
)
NOISE = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join))
SAFE = st.text(alphabet=";+|~[]%abcXYZ019-_.=&/:@!$*(),", max_size=40).filter(
    lambda text: not any(debris in text for debris in ("]]", "&lt", "&am"))
)
LABEL = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
HOST = st.lists(LABEL, min_size=1, max_size=3).map(lambda labels: ".".join([*labels, "example"]))
SEGMENT = st.from_regex(r"[A-Za-z0-9_\-.~]{1,8}", fullmatch=True).filter(lambda text: text.strip(".") != "")
QUERY = st.lists(st.tuples(LABEL, st.from_regex(r"[A-Za-z0-9]{0,6}", fullmatch=True)), max_size=3)
MOMENTS = st.datetimes(min_value=datetime(1996, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (bounds)
BOUNDED = settings(max_examples=150, deadline=None)


@st.composite
def plain_urls(draw: st.DrawFn) -> str:
    """Addresses as most of the web writes them, in many spellings."""
    host = draw(st.sampled_from(["", "www.", "www2."])) + draw(HOST)
    port = draw(st.sampled_from(["", ":80", ":8080"]))
    path = "/".join(["", *draw(st.lists(SEGMENT, max_size=3))])
    query = "&".join(f"{name}={value}" for name, value in draw(QUERY))
    return f"http://{host}{port}{path}{draw(st.sampled_from(['', '/']))}{'?' + query if query else ''}"


@BOUNDED
@given(NOISE)
@example("&amp;amp;")
@example("htp://http://x")
@example("http%3A%2F%2Fx%2F%3C")
@example("////x.example")
def test_normalising_twice_changes_nothing(written: str) -> None:
    once = urls.normalise(written)

    assert urls.normalise(once) == once


@BOUNDED
@given(SAFE, SAFE)
def test_what_old_servers_compare_survives_in_any_mixture(path: str, query: str) -> None:
    written = f"http://example.com/{path}?{query}"

    assert urls.normalise(written) == written


@BOUNDED
@given(
    SAFE,
    SAFE,
    st.sampled_from(["", "%F6", "%e4%E4", "%7Eann", "%2F", "%", "%zz", "?", "//", "'", "\u00fc", "\U0001f309", "^`{}"]),
)
@example("", "", "?")
@example("a//b/", "x=[]&&b=&a", "%")
def test_the_request_line_is_what_a_browser_sends(path: str, query: str, odd: str) -> None:
    written = f"http://example.com/{path}{odd}?{query}{odd}"
    browsers = ada_url.URL(written)
    browsers.hash = ""

    sent = answers.sendable(urls.wire(urls.normalise(written)))

    assert f"http://example.com{sent.raw_path_qs}" == browsers.href


@BOUNDED
@given(NOISE)
@example("HTP:\n0")
@example("ftp:0")
def test_any_text_is_a_cited_url_or_has_a_problem(written: str) -> None:
    cited = urls.cited_url(written)

    assert cited.problem is not None or cited.url.startswith("ftp:") or urls.wire(cited.url).startswith(("http://", "https://"))
    assert urls.cited_url(cited.url).url == cited.url


@BOUNDED
@given(NOISE, NOISE)
def test_no_question_about_an_address_raises(one: str, other: str) -> None:
    answers = (
        urls.join(one, other),
        urls.candidates(one),
        urls.urlkey(one),
        urls.same_page(one, other),
        urls.root_like(one),
        urls.path_shape(one),
        urls.sibling(one, "qxzv"),
        urls.host_key(one),
        domains.publisher_key(one),
        domains.section_key(one),
        domains.registrable_domain(one),
        memento.parse_archive_url(one),
        html.refresh_target(one),
        similarity.simhash(one),
        similarity.quote_found(one, other),
    )

    assert len(answers) == 15


@BOUNDED
@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=20), st.just("text/html; charset=hex")))
def test_a_page_of_noise_is_a_page(body: bytes, content_type: str | None) -> None:
    shown = html.page(body, content_type=content_type)

    assert shown.word_count >= 0
    assert html.magic(body) is None or isinstance(html.magic(body), str)


@BOUNDED
@given(MOMENTS)
def test_a_timestamp_is_read_as_it_was_written(moment: datetime) -> None:
    read = memento.parse_timestamp(memento.timestamp(moment))

    assert read == (moment.replace(microsecond=0), "second")


@BOUNDED
@given(st.sampled_from(sorted(memento.FORMS)), MOMENTS, plain_urls(), st.sampled_from(["", "#top", "?x=%2F&y"]))
def test_an_archive_address_is_taken_apart_as_it_was_put_together(archive: str, moment: datetime, page: str, tail: str) -> None:
    written = memento.FORMS[archive].format(t=memento.timestamp(moment), o=page + tail)

    found = memento.parse_archive_url(written)

    assert found is not None
    assert (found.archive, found.original, found.captured_at) == (archive, page + tail, moment.replace(microsecond=0))
    assert memento.format_archive_url(found) == written


@BOUNDED
@given(plain_urls())
def test_the_urlkey_is_the_one_of_the_surt_package(url: str) -> None:
    key = urls.urlkey(url)

    assert key == surt.surt(url)


ODD = (Path(__file__).parent.parent / "cases" / "urlkeys.txt").read_text(encoding="utf-8").splitlines()
LETTERS = st.sampled_from(
    [
        *"aB~1-_.;=&+/,()'!",
        "%20",
        "%2F",
        "%2f",
        "%C3%A9",
        "%25",
        "%2525",
        "%7E",
        "%5B",
        "%zz",
        "sid=",
        "a" * 32,
        "/a/",
        "/..",
        "%2F..%2F",
    ]
)


@pytest.mark.parametrize("url", ODD)
def test_the_urlkey_of_an_odd_address_is_the_one_of_the_surt_package(url: str) -> None:
    assert urls.urlkey(url) == surt.surt(url)


@BOUNDED
@given(st.lists(LETTERS, max_size=8).map("".join), st.lists(LETTERS, max_size=8).map("".join))
def test_paths_and_queries_are_keyed_as_the_surt_package_keys_them(path: str, query: str) -> None:
    url = f"http://www.example.org:8080/x{path}y?{query}"

    assert urls.urlkey(url) == surt.surt(url)


@BOUNDED
@given(plain_urls(), plain_urls())
def test_spellings_that_the_surt_package_calls_equal_have_one_urlkey(one: str, other: str) -> None:
    spellings = [one, one.upper().replace("HTTP://", "https://", 1), one.replace("www.", ""), f"{one}#part", other]

    for spelling in spellings:
        assert (urls.urlkey(one) == urls.urlkey(spelling)) is (surt.surt(one) == surt.surt(spelling))


@BOUNDED
@given(plain_urls())
def test_a_publisher_is_a_suffix_of_the_host(url: str) -> None:
    key = domains.publisher_key(url)

    assert (urlsplit(url).hostname or "").endswith(key)
    assert domains.section_key(url).partition("/")[0].endswith(key)


@BOUNDED
@given(plain_urls(), st.sampled_from(["utm_source=x", "fbclid=y"]))
def test_tracking_makes_no_other_page(url: str, tracking: str) -> None:
    tracked = f"{url}{'&' if '?' in url else '?'}{tracking}"

    assert urls.same_page(url, tracked)
    assert urls.same_page(tracked, url)


@BOUNDED
@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    folded = similarity.fold(text)

    assert similarity.fold(folded) == folded
    assert similarity.title_ratio(text, text) in {0.0, 100.0}
