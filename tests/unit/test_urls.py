"""Addresses: what is repaired, what survives byte for byte, what can never be fetched, and what counts as the same page."""

import pytest

from audit import urls

LONGEST_LABEL = "a" * 63

SURVIVORS = {
    "semicolon, plus, bar, tilde": "http://example.com/a;b+c|d~e",
    "escaped slash": "http://example.com/a%2Fb",
    "needless escape": "http://example.com/%7Eann/",
    "case of hex digits": "http://example.com/%e4%E4%c3%BC",
    "order of parameters": "http://example.com/?b=2&a=1&b=1",
    "empty parameters": "http://example.com/?a=&&b&=c",
    "brackets in the query": "http://example.com/?a[]=1&a[x]=2",
    "two slashes in the path": "http://example.com//a//b",
    "final slash": "http://example.com/a/",
    "final question mark": "http://example.com/a?",
    "percent that is no escape": "http://example.com/100%?p=%zz",
    "bytes that are not UTF-8": "http://example.com/%F6%FC",
    "IPv6 literal": "http://[2001:db8::1]/a",
    "IPv6 literal with a port": "http://[2001:db8::1]:8080/a",
    "parameter that looks like an entity": "http://example.com/?a=1&copy=2&lt=3&amp=4",
    "one apostrophe": "http://example.com/it's",
    "one brace and one bracket": "http://example.com/a}b]c",
    "another address in the path": "http://example.com/to/http://other.example/?x",
    "dot segments": "http://example.com/a/../b/./c",
    "foreign port": "https://example.com:8443/",
    "http port on https": "https://example.com:80/",
}


@pytest.mark.parametrize("url", SURVIVORS.values(), ids=SURVIVORS.keys())
def test_what_old_servers_compare_byte_for_byte_survives(url: str) -> None:
    normalised = urls.normalise(url)

    assert normalised == url


WIRED = {
    **{
        name: (url, url)
        for name, url in SURVIVORS.items()
        if name not in {"dot segments", "one apostrophe", "one brace and one bracket"}
    },
    "dot segments are resolved, as browsers do": ("http://example.com/a/../b/./c", "http://example.com/b/c"),
    "backslashes are slashes, as in browsers": ("http://example.com/a\\b", "http://example.com/a/b"),
    "an apostrophe stays in a path": ("http://example.com/it's", "http://example.com/it's"),
    "a fragment is not sent": ("http://example.com/a#b", "http://example.com/a"),
    "user information is not sent": ("http://ann:secret@example.com/", "http://example.com/"),
}


@pytest.mark.parametrize(("url", "sent"), WIRED.values(), ids=WIRED.keys())
def test_on_the_wire_goes_what_a_browser_sends(url: str, sent: str) -> None:
    wired = urls.wire(url)

    assert wired == sent


@pytest.mark.parametrize(
    "url", ["", "no address", "mailto:ann@example.com", "http://", "http://[::1", f"http://example.com/{'a' * 9000}"]
)
def test_what_cannot_be_sent_is_a_value_error(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        urls.wire(url)


LOSSLESS = {
    "white space around": (" \t\nhttp://example.com/a\u00a0 ", "http://example.com/a"),
    "byte order mark": ("\ufeffhttp://example.com/a", "http://example.com/a"),
    "zero-width space": ("http://exam\u200bple.com/a\u200d", "http://example.com/a"),
    "soft hyphen": ("http://example.com/long\u00adword", "http://example.com/longword"),
    "end of a template": ("http://example.com/a}}, retrieved", "http://example.com/a"),
    "end of a link": ("http://example.com/a]] and", "http://example.com/a"),
    "a tag": ("http://example.com/a<ref>", "http://example.com/a"),
    "a quotation mark": ('http://example.com/a" title="b', "http://example.com/a"),
    "italics": ("http://example.com/a''b''", "http://example.com/a"),
    "a comment": ("http://example.com/a<!-- dead -->", "http://example.com/a"),
    "an entity": ("http://example.com/?a=1&amp;b=2", "http://example.com/?a=1&b=2"),
    "an entity twice over": ("http://example.com/?a=1&amp;amp;b=2", "http://example.com/?a=1&b=2"),
    "a numbered entity": ("http://example.com/?a&#61;1&#x3d;2", "http://example.com/?a=1=2"),
    "an entity of a sign that would be debris": ("http://example.com/&lt;a&gt;", "http://example.com/%3Ca>"),
    "magic words of wikis": ("http://example.com/?a{{=}}1{{!}}2", "http://example.com/?a=1|2"),
    "a line break inside": ("http://example.com/a-\n\tb", "http://example.com/a-b"),
    "spaces": ("http://example.com/a b", "http://example.com/a%20b"),
    "letters beyond ASCII": ("http://example.com/\u00fc?\u00f6=\u00e4", "http://example.com/%C3%BC?%C3%B6=%C3%A4"),
    "host beyond ASCII": ("http://m\u00fcnchen.example/", "http://xn--mnchen-3ya.example/"),
    "sharp s stays, non-transitional": ("http://fa\u00df.example/", "http://xn--fa-hia.example/"),
    "escaped host": ("http://%65xample.com/", "http://example.com/"),
    "capital letters in scheme and host": ("HTTP://Example.COM/A", "http://example.com/A"),
    "default port of http": ("http://example.com:80/", "http://example.com/"),
    "default port of https": ("https://example.com:443/", "https://example.com/"),
    "port left out": ("http://example.com:/a", "http://example.com/a"),
    "no path": ("http://example.com?a=1", "http://example.com/?a=1"),
    "fragment": ("http://example.com/a#b", "http://example.com/a"),
    "text fragment": ("http://example.com/a#:~:text=b", "http://example.com/a"),
    "address in figures": ("http://0x7f.1/", "http://127.0.0.1/"),
    "one slash": ("http:/example.com/a", "http://example.com/a"),
    "three slashes": ("http:///example.com/a", "http://example.com/a"),
    "no slashes": ("http:example.com/a", "http://example.com/a"),
    "no colon": ("https//example.com/a", "https://example.com/a"),
    "a letter missing": ("htp://example.com/a", "http://example.com/a"),
    "the first letter missing": ("ttps://example.com/a", "https://example.com/a"),
    "a letter twice": ("hhttp://example.com/a", "http://example.com/a"),
    "scheme twice": ("http://http://example.com/a", "http://example.com/a"),
    "two schemes, the inner one meant": ("http://https://example.com/a", "https://example.com/a"),
    "a mistake and a second scheme": ("htp://http://example.com/a", "http://example.com/a"),
    "backslashes": ("http:\\\\example.com\\a", "http://example.com/\\a"),
    "wholly escaped": ("http%3A%2F%2Fexample.com%2Fa%3Fb%3D%C3%BC", "http://example.com/a?b=%C3%BC"),
    "wholly escaped with bytes that are not UTF-8": ("http%3a%2f%2fexample.com%2f%F6", "http://example.com/%F6"),
    "no scheme": ("www.example.com/a", "http://www.example.com/a"),
    "no scheme, no www": ("example.com/a", "http://example.com/a"),
    "scheme left to the page": ("//example.com/a", "https://example.com/a"),
    "file server in capitals with its port": ("FTP://Files.Example:21/A b#c", "ftp://files.example/A%20b"),
    "doi": ("doi:10.1234/A.b(c)", "https://doi.org/10.1234/A.b(c)"),
    "doi in capitals and with a space": ("DOI: 10.1234/a", "https://doi.org/10.1234/a"),
    "handle": ("hdl:1234/5", "https://hdl.handle.net/1234/5"),
}


@pytest.mark.parametrize(("written", "meant"), LOSSLESS.values(), ids=LOSSLESS.keys())
def test_a_lossless_repair_is_always_made(written: str, meant: str) -> None:
    normalised = urls.normalise(written)

    assert normalised == meant
    assert urls.normalise(normalised) == normalised


@pytest.mark.parametrize(
    "written",
    [
        "mailto:ann@example.com",
        "urn:isbn:9780000000002",
        "tel:+1234",
        "data:text/plain,a",
        "javascript:void(0)",
        "chrome://settings",
        "mms://media.example/a",
        "rtsp://media.example/a",
        "gopher://old.example/a",
        "magnet:?xt=urn:a",
        "ftps://files.example/a",
        "http://abcdefghijklmnop.onion/",
    ],
)
def test_a_scheme_that_no_reader_of_pages_speaks_is_unsupported_and_keeps_its_spelling(written: str) -> None:
    cited = urls.cited_url(written)

    assert cited.problem == "unsupported-scheme"
    assert cited.url == written


INVALID = {
    "nothing": "",
    "no host": "http://",
    "only slashes": "http:///",
    "empty label": "http://news..example.com/",
    "label of 64 bytes": f"http://{'a' * 64}.example/",
    "name of 254 bytes": f"http://{'.'.join([LONGEST_LABEL] * 3)}.{'a' * 62}/",
    "port 0": "http://example.com:0/",
    "port 65536": "http://example.com:65536/",
    "port of letters": "http://example.com:abc/",
    "8,193 characters": "http://example.com/".ljust(8_193, "a"),
    "a sentence": "see the annual report",
    "broken bracket": "http://[::1/",
    "space in the host": "http://exam ple.com/",
}


@pytest.mark.parametrize("written", INVALID.values(), ids=INVALID.keys())
def test_what_no_resolver_could_know_is_invalid(written: str) -> None:
    cited = urls.cited_url(written)

    assert cited.problem == "invalid-url"


VALID = {
    "underscore": ("http://a_b.example/", "a_b.example"),
    "hyphens at the ends": ("http://-a-.example/", "-a-.example"),
    "final dot": ("http://example.com./", "example.com."),
    "label of 63 bytes": (f"http://{LONGEST_LABEL}.example/", f"{LONGEST_LABEL}.example"),
    "name of 253 bytes": (f"http://{'.'.join([LONGEST_LABEL] * 3)}.{'a' * 61}/", f"{'.'.join([LONGEST_LABEL] * 3)}.{'a' * 61}"),
    "port 65535": ("http://example.com:65535/", "example.com"),
    "8,192 characters": ("http://example.com/".ljust(8_192, "a"), "example.com"),
    "IPv6": ("http://[2001:db8::1]/", "2001:db8::1"),
    "a file server": ("ftp://files.example/a;type=i", "files.example"),
    "single label": ("http://intranet/", "intranet"),
}


@pytest.mark.parametrize(("written", "host"), VALID.values(), ids=VALID.keys())
def test_odd_hosts_that_resolve_in_the_wild_are_allowed(written: str, host: str) -> None:
    cited = urls.cited_url(written)

    assert cited.problem is None
    assert cited.host == host == urls.host_of(written)


def test_a_cited_url_carries_its_keys() -> None:
    cited = urls.cited_url("HTTPS://WWW.News.Example.CO.UK/World/Story?b=2&a=1#c")

    assert cited.url == "https://www.news.example.co.uk/World/Story?b=2&a=1"
    assert cited.urlkey == "uk,co,example,news)/world/story?a=1&b=2"
    assert (cited.host, cited.domain) == ("www.news.example.co.uk", "example.co.uk")
    assert cited.section == "news.example.co.uk/world"


CANDIDATES = {
    "full stop": ("http://example.com/a.", ["http://example.com/a"]),
    "several signs": ("http://example.com/a.,;:!'", ["http://example.com/a"]),
    "acute accent": ("http://example.com/a%C2%B4", ["http://example.com/a"]),
    "curly quotation mark": ("http://example.com/a%E2%80%9D", ["http://example.com/a"]),
    "hyphen": ("http://example.com/a-", ["http://example.com/a"]),
    "bracket without partner": ("http://example.com/a)", ["http://example.com/a"]),
    "bracket and full stop": ("http://example.com/a).", ["http://example.com/a"]),
    "bracket with its partner": ("http://example.com/a_(b)", []),
    "escaped quotation mark": ("http://example.com/a%22", ["http://example.com/a"]),
    "escaped bracket without partner": ("http://example.com/a%5D", ["http://example.com/a"]),
    "escaped bracket with its partner": ("http://example.com/a%5B1%5D", []),
    "doubled letter": ("http://example.com/a.htmll", ["http://example.com/a.html"]),
    "doubled extension letter of pdf": ("http://example.com/a.pdff", ["http://example.com/a.pdf"]),
    "htm and html are both real": ("http://example.com/a.html", []),
    "asp and aspx are both real": ("http://example.com/a.aspx", []),
    "doubled letter inside an extension": ("http://example.com/a.PDDF", ["http://example.com/a.pdf"]),
    "escaped twice": ("http://example.com/a%2520b", ["http://example.com/a%20b"]),
    "doubled letter before a query": ("http://example.com/a.phpp?id=1", ["http://example.com/a.php?id=1"]),
    "dash": ("http://example.com/a%E2%80%93", ["http://example.com/a"]),
    "no-break space and full stop": ("http://example.com/a%C2%A0.", ["http://example.com/a"]),
    "wide full stop of East Asia": ("http://example.com/a%E3%80%82", ["http://example.com/a"]),
    "quotation marks around a word of it": ("http://example.com/%22a%22", []),
    "curly quotation marks around a word of it": ("http://example.com/%E2%80%9Ca%E2%80%9D", []),
    "comma after the host": ("http://example.com,/", ["http://example.com/"]),
    "bracket and full stop after the host": ("http://example.com)./", ["http://example.com/"]),
    "a space where a line was broken": ("http://example.com/a-%20b", ["http://example.com/a-b"]),
    "nothing to repair": ("http://example.com/a", []),
    "only a host": ("http://example.com/", []),
}


@pytest.mark.parametrize(("url", "expected"), CANDIDATES.values(), ids=CANDIDATES.keys())
def test_a_lossy_repair_is_only_a_candidate(url: str, expected: list[str]) -> None:
    offered = [other for other, _ in urls.candidates(url)]

    assert offered == expected
    assert urls.normalise(url) == url


def test_at_most_two_candidates_are_offered_and_each_names_its_rule() -> None:
    offered = urls.candidates("http://example.com/a%2520b.htmll%5D.")

    assert len(offered) <= 2
    assert all(rule.startswith("url.") for _, rule in offered)


JOINED = {
    "relative": ("c", "http://example.com/a/c"),
    "absolute path": ("/c", "http://example.com/c"),
    "scheme left out": ("//other.example/c", "http://other.example/c"),
    "only a query": ("?c", "http://example.com/a/b?c"),
    "spaces and line breaks": (" \r\n/c d ", "http://example.com/c%20d"),
    "backslashes": ("\\c", "http://example.com/c"),
    "fragment": ("/c#d", "http://example.com/c"),
    "nothing": ("  ", None),
    "broken host": ("http://[::1", None),
    "endless": ("/" + "a" * 9_000, None),
}


@pytest.mark.parametrize(("location", "target"), JOINED.values(), ids=JOINED.keys())
def test_a_redirect_is_read_as_browsers_read_it(location: str, target: str | None) -> None:
    joined = urls.join("http://example.com/a/b", location)

    assert joined == target


SAME = {
    "scheme": "https://example.com/a/b?x=1",
    "www": "http://www.example.com/a/b?x=1",
    "case": "http://example.com/A/B?X=1",
    "final slash": "http://example.com/a/b/?x=1",
    "index file": "http://example.com/a/b/index.php?x=1",
    "tracking": "http://example.com/a/b?x=1&utm_source=z&fbclid=z",
    "session": "http://example.com/a/b;jsessionid=AB12?x=1",
    "fragment": "http://example.com/a/b?x=1#c",
}


@pytest.mark.parametrize("other", SAME.values(), ids=SAME.keys())
def test_two_addresses_are_one_page_when_they_differ_only_in_what_says_nothing(other: str) -> None:
    same = urls.same_page("http://example.com/a/b?x=1", other)

    assert same


@pytest.mark.parametrize(
    "other",
    ["http://example.com/a/c?x=1", "http://example.com/a/b?x=2", "http://example.com/a/b", "http://other.example/a/b?x=1"],
)
def test_another_path_query_or_host_is_another_page(other: str) -> None:
    same = urls.same_page("http://example.com/a/b?x=1", other)

    assert not same


FRONT = {
    "http://example.com": True,
    "http://example.com/": True,
    "http://example.com/index.html": True,
    "http://example.com/Default.aspx": True,
    "http://example.com/en": True,
    "http://example.com/en-gb/": True,
    "http://example.com/de/home": True,
    "http://example.com/?utm_source=x": True,
    "http://example.com/?lang=en": True,
    "http://example.com/zh-hans/": True,
    "http://example.com/es-419/": True,
    "http://example.com/Pages/default.aspx": True,
    "http://example.com/site/index.html": True,
    "http://example.com/us/en/home": True,
    "http://example.com/homepage": True,
    "http://example.com/tv": False,
    "http://example.com/ai": False,
    "http://example.com/pages/": False,
    "http://example.com/home/news": False,
    "http://example.com/?id=4": False,
    "http://example.com/about": False,
    "http://example.com/en/news": False,
    "http://example.com/to-root": False,
    "http://example.com/my-blog": False,
}


@pytest.mark.parametrize(("url", "front"), FRONT.items())
def test_a_front_page_is_the_root_an_index_file_or_a_language(url: str, front: bool) -> None:  # noqa: FBT001 (a table of cases)
    root_like = urls.root_like(url)

    assert root_like is front


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.com/news/2019/05/a-long-slug.html", "http://example.com/news/2020/11/other.html"),
        ("http://example.com/view?id=1", "http://example.com/view?id=22"),
        ("http://example.com/my-long-slug/a", "http://example.com/another-long-slug/b"),
    ],
)
def test_addresses_that_one_handler_answers_have_one_shape(one: str, other: str) -> None:
    shapes = {urls.path_shape(one), urls.path_shape(other)}

    assert len(shapes) == 1


@pytest.mark.parametrize(
    "other", ["http://example.com/news/a.pdf", "http://example.com/sport/a.html", "http://a.example.com/news/a.html"]
)
def test_another_directory_extension_or_host_is_another_shape(other: str) -> None:
    shape = urls.path_shape(other)

    assert shape != urls.path_shape("http://example.com/news/a.html")


SIBLINGS = {
    "file": ("http://example.com/news/a.html", "http://example.com/news/qxzv.html"),
    "slug": ("http://example.com/news/a-long-story", "http://example.com/news/qxzv"),
    "directory": ("http://example.com/news/a/", "http://example.com/news/qxzv/"),
    "number in the query": ("http://example.com/view?lang=en&id=12", "http://example.com/view?lang=en&id=qxzv"),
    "a number that the server may look at alone": (
        "http://example.com/story/12345/a-slug",
        "http://example.com/story/302830283028302830/qxzv",
    ),
    "a slug that the server may look at alone": (
        "http://example.com/film/the-long-night/cast",
        "http://example.com/film/qxzv-vzxq-qxzv/cast",
    ),
    "a side of what the part above names": ("http://example.com/users/anna/posts", "http://example.com/users/qxzv/posts"),
    "a date": ("http://example.com/2019/05/12/a.html", "http://example.com/2019/05/12/qxzv.html"),
    "every number of the query": ("http://example.com/v.php?y=2019&id=12", "http://example.com/v.php?y=qxzv&id=qxzv"),
    "a name in the query": ("http://example.com/w?title=Foo&action=x", "http://example.com/w?title=qxzv&action=x"),
    "a query that turns pages": ("http://example.com/story?page=2", "http://example.com/qxzv?page=2"),
    "a query without names": ("http://example.com/?news/482", "http://example.com/?qxzv"),
    "front page": ("http://example.com/", None),
    "no address": ("nothing", None),
}


@pytest.mark.parametrize(("url", "beside"), SIBLINGS.values(), ids=SIBLINGS.keys())
def test_a_sibling_keeps_the_directory_and_the_extension(url: str, beside: str | None) -> None:
    sibling = urls.sibling(url, "qxzv")

    assert sibling == beside


@pytest.mark.parametrize("url", [url for url, beside in SIBLINGS.values() if beside])
def test_a_sibling_has_the_shape_of_its_page(url: str) -> None:
    sibling = urls.sibling(url, "qxzv")

    assert sibling
    assert urls.path_shape(sibling) == urls.path_shape(url)


STORIES = [
    ("/2019/a-long-slug", "/amp/2019/a-long-slug", True),
    ("/2019/a-long-slug", "/news/a-long-slug.html", True),
    ("/bridge", "/bridge?print=1", True),
    ("/bridge", "/bridge/amp", True),
    ("/?p=48213", "/node/48213", True),
    ("/story/bridge/page/2", "/story/bridge", True),
    ("/clock/17", "/clock/18", False),
    ("/index.php?page=a", "/index.php?page=b", False),
    ("/news/2019/a", "/news/2019/b", False),
    ("/my-long-section/a", "/my-long-section/b", False),
]


@pytest.mark.parametrize(("one", "other", "same"), STORIES)
def test_addresses_that_differ_in_how_they_show_it_lead_to_one_story(*, one: str, other: str, same: bool) -> None:
    assert urls.same_story(f"http://example.com{one}", f"http://m.example.com{other}") is same


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ("https://www.Example.com/a", "example.com"),
        ("WWW.example.com", "example.com"),
        ("http://example.com.:8080/", "example.com"),
    ],
)
def test_the_host_that_paces_requests_has_no_www_and_no_final_dot(place: str, key: str) -> None:
    host_key = urls.host_key(place)

    assert host_key == key


HOSTILE = {
    "entities in entities": "http://example.com/&" + "amp;" * 200_000,
    "schemes": "http://" * 100_000,
    "slashes": "http:" + "/" * 1_000_000,
    "mistyped schemes": "htp:" * 200_000,
    "labels": "a." * 400_000 + "/",
    "escapes": "http%3A%2F%2F" * 60_000,
    "brackets": "http://example.com/" + ")" * 500_000,
    "hyphens": "http://example.com/" + "-" * 500_000 + "a",
}


@pytest.mark.parametrize("written", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_megabyte_of_hostile_text_is_only_an_invalid_url(written: str) -> None:
    cited = urls.cited_url(written)

    assert cited.problem is None or cited.problem in {"invalid-url", "unsupported-scheme"}
    assert len(urls.candidates(cited.url[:8_192])) <= 2


def test_a_short_sid_names_a_page_and_stays_in_the_urlkey() -> None:
    assert urls.urlkey("http://example.com/story?sid=5") != urls.urlkey("http://example.com/story?sid=6")
