"""Who publishes a URL: registrable domains, tenants of platforms, identifiers and wrappers, without the network."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from publicsuffixlist import PublicSuffixList

from audit import domains

REGISTRABLE = {
    "www.news.example.com": "example.com",
    "News.Example.CO.UK": "example.co.uk",
    "example.com.": "example.com",
    "ann.github.io": "ann.github.io",
    "a.b.blogspot.com": "b.blogspot.com",
    "192.0.2.1": "192.0.2.1",
    "[2001:db8::1]": "2001:db8::1",
    "2001:db8::1": "2001:db8::1",
    "intranet": "intranet",
    "co.uk": "co.uk",
    "s3.amazonaws.com": "s3.amazonaws.com",
    "a.b.unheard-of": "b.unheard-of",
    "www.\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444": "xn--e1afmkfd.xn--p1ai",
    "www.xn--e1afmkfd.xn--p1ai": "xn--e1afmkfd.xn--p1ai",
    "a.www.ck": "www.ck",
    "a.b.kobe.jp": "a.b.kobe.jp",
    "a.city.kobe.jp": "city.kobe.jp",
    "": "",
}


@pytest.mark.parametrize(("host", "domain"), REGISTRABLE.items())
def test_the_registrable_domain_is_a_public_suffix_plus_one_label(host: str, domain: str) -> None:
    registrable = domains.registrable_domain(host)

    assert registrable == domain


TENANTS = {
    "label before the platform": ("https://ann.wordpress.com/2019/x", "ann.wordpress.com"),
    "label before the platform, deeper": ("https://a.ann.wordpress.com/x", "ann.wordpress.com"),
    "the platform itself": ("https://wordpress.com/about", "wordpress.com"),
    "a reserved label": ("https://support.wordpress.com/x", "wordpress.com"),
    "the files of a tenant": ("https://ann.files.wordpress.com/2019/x.jpg", "ann.wordpress.com"),
    "an unlike platform": ("https://ann.wordpress.example/x", "wordpress.example"),
    "medium by label": ("https://ann.medium.com/x", "ann.medium.com"),
    "medium by path": ("https://medium.com/@Ann/x", "ann.medium.com"),
    "medium publication": ("https://medium.com/paper/x", "paper.medium.com"),
    "substack by path": ("https://substack.com/@ann", "ann.substack.com"),
    "substack without a tenant": ("https://substack.com/home", "substack.com"),
    "tumblr by path": ("https://www.tumblr.com/ann/1", "ann.tumblr.com"),
    "forbes contributor": ("https://www.forbes.com/sites/ann/2019/x", "forbes.com/sites/ann"),
    "forbes newsroom": ("https://www.forbes.com/2019/x", "forbes.com"),
    "huffpost author": ("https://www.huffpost.com/author/ann", "huffpost.com/author/ann"),
    "google site": ("https://sites.google.com/view/ann/x", "sites.google.com/view/ann"),
    "google group": ("https://groups.google.com/g/ann/c/1", "groups.google.com/g/ann"),
    "google document": ("https://docs.google.com/document/d/1", "docs.google.com"),
    "facebook": ("https://m.facebook.com/Ann/posts/1", "facebook.com/ann"),
    "facebook video": ("https://www.facebook.com/watch/?v=1", "facebook.com"),
    "facebook story": ("https://www.facebook.com/story.php?id=1", "facebook.com"),
    "twitter": ("https://mobile.twitter.com/Ann/status/1", "twitter.com/ann"),
    "twitter by its other name": ("https://x.com/ann/status/1", "twitter.com/ann"),
    "twitter without a tenant": ("https://x.com/i/events/1", "twitter.com"),
    "twitter search": ("https://twitter.com/search?q=1", "twitter.com"),
    "youtube handle": ("https://www.youtube.com/@ann", "youtube.com/@ann"),
    "youtube channel": ("https://m.youtube.com/channel/UC1/videos", "youtube.com/channel/uc1"),
    "youtube user": ("https://www.youtube.com/user/ann", "youtube.com/user/ann"),
    "youtube video": ("https://www.youtube.com/watch?v=1", "youtube.com"),
    "youtube video, short": ("https://youtu.be/1", "youtube.com"),
    "instagram": ("https://www.instagram.com/ann/", "instagram.com/ann"),
    "instagram post": ("https://www.instagram.com/p/1/", "instagram.com"),
    "tiktok": ("https://www.tiktok.com/@ann/video/1", "tiktok.com/@ann"),
    "tiktok without a tenant": ("https://www.tiktok.com/tag/x", "tiktok.com"),
    "telegram": ("https://t.me/s/ann/1", "t.me/ann"),
    "vk": ("https://vk.com/ann", "vk.com/ann"),
    "reddit": ("https://old.reddit.com/r/Bridges/comments/1", "reddit.com/r/bridges"),
    "reddit front page": ("https://www.reddit.com/best", "reddit.com"),
    "github": ("https://github.com/Ann/Bridges/issues/1", "github.com/ann/bridges"),
    "github account": ("https://github.com/ann", "github.com"),
    "gitlab": ("https://gitlab.com/ann/bridges", "gitlab.com/ann/bridges"),
    "archive.org item": ("https://archive.org/details/a_book", "archive.org/details/a_book"),
    "archive.org": ("https://archive.org/about", "archive.org"),
    "geocities": ("http://www.geocities.com/Area/1234/x.html", "geocities.com/area/1234"),
    "geocities without a house": ("http://www.geocities.com/Area", "geocities.com"),
    "linkedin": ("https://www.linkedin.com/in/ann", "linkedin.com/in/ann"),
    "researchgate": ("https://www.researchgate.net/profile/Ann", "researchgate.net/profile/ann"),
    "scribd": ("https://www.scribd.com/document/1/x", "scribd.com"),
    "issuu": ("https://issuu.com/ann/docs/x", "issuu.com/ann"),
    "livejournal by label": ("https://ann.livejournal.com/1.html", "ann.livejournal.com"),
    "livejournal by path": ("https://users.livejournal.com/ann/1.html", "users.livejournal.com/ann"),
    "bucket by path": ("https://s3.amazonaws.com/bucket/x", "s3.amazonaws.com/bucket"),
    "bucket by label": ("https://bucket.s3.amazonaws.com/x", "bucket.s3.amazonaws.com"),
    "pressreader": ("https://www.pressreader.com/uk/the-paper/20190101/1", "pressreader.com/uk/the-paper"),
    "purl": ("https://purl.org/ann/x", "purl.org/ann"),
    "blogspot": ("http://ann.blogspot.com/2011/x.html", "ann.blogspot.com"),
    "blogspot of Britain": ("http://ann.blogspot.co.uk/2011/x.html", "ann.blogspot.com"),
    "blogspot of Brazil, with www": ("http://www.ann.blogspot.com.br/x", "ann.blogspot.com"),
    "blogspot of somebody else": ("http://ann.blogspot.news.example.com/x", "example.com"),
    "platform of the suffix list": ("https://ann.github.io/x", "ann.github.io"),
}


@pytest.mark.parametrize(("url", "key"), TENANTS.values(), ids=TENANTS.keys())
def test_many_publishers_live_behind_one_domain(url: str, key: str) -> None:
    publisher = domains.publisher_key(url)

    assert publisher == key


PASSED = {
    "translated page": ("https://news-example-com.translate.goog/a?_x_tr_sl=de", "example.com", "news.example.com/"),
    "translated page with a hyphen": ("https://my--news-example.translate.goog/a/b", "my-news.example", "my-news.example/a"),
    "translator": (
        "https://translate.google.de/translate?sl=de&u=https%3A%2F%2Fnews.example%2Fa%2Fb",
        "news.example",
        "news.example/a",
    ),
    "search result": ("https://www.google.com/url?sa=t&q=https://news.example/a&ei=1", "news.example", "news.example/"),
    "search result of a country": (
        "https://www.google.co.uk/url?url=http%3A%2F%2Fnews.example%2F",
        "news.example",
        "news.example/",
    ),
    "search itself": ("https://www.google.com/search?q=https://news.example/", "google.com", "google.com/"),
    "search result that carries no address": ("https://www.google.com/url?q=javascript:x", "google.com", "google.com/"),
    "accelerated page": ("https://www.google.com/amp/s/news.example/a/b", "news.example", "news.example/a"),
    "accelerated page of the cache": (
        "https://news-example.cdn.ampproject.org/c/s/news.example/a/b",
        "news.example",
        "news.example/a",
    ),
    "accelerated page of the bare cache": ("https://cdn.ampproject.org/v/s/news.example/a", "news.example", "news.example/"),
    "look-alike of the cache": ("https://x.cdn.ampproject.org.host.example/c/s/news.example/a/b", "host.example", None),
    "facebook exit": ("https://l.facebook.com/l.php?u=https%3A%2F%2Fnews.example%2Fa&h=x", "news.example", "news.example/"),
    "wrapper in a wrapper": (
        "https://translate.google.com/translate?u=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttp%253A%252F%252Fnews.example%252Fa",
        "news.example",
        "news.example/",
    ),
    "doi": ("https://doi.org/10.1234/abc", "doi:10.1234", "doi.org/"),
    "doi of the old resolver": ("http://dx.doi.org/10.1234/abc/def", "doi:10.1234", "doi.org/"),
    "doi with an escaped slash": ("https://doi.org/10.1234%2Fabc", "doi:10.1234", "doi.org/"),
    "bare doi": ("doi:10.1234/abc", "doi:10.1234", "doi.org/"),
    "the site of the resolver": ("https://www.doi.org/about/us", "doi.org", "doi.org/about"),
    "a doi at a publisher": ("https://press.example/doi/10.1234/abc", "press.example", "press.example/doi"),
    "handle": ("http://hdl.handle.net/2027.42/abc", "hdl:2027.42", "hdl.handle.net/"),
    "bare handle": ("hdl:2027/abc", "hdl:2027", "hdl.handle.net/"),
    "ark": ("https://n2t.net/ark:/12345/x/y", "ark:12345", "n2t.net/"),
    "ark of a library": ("https://library.example/ark:12345/x", "ark:12345", "library.example/"),
    "short link": ("https://bit.ly/3x", "short:bit.ly", "bit.ly/"),
    "short link with www": ("http://www.tinyurl.com/3x", "short:tinyurl.com", "tinyurl.com/"),
    "a name that ends like a shortener": ("https://habit.ly/3x", "habit.ly", "habit.ly/"),
}


@pytest.mark.parametrize(("url", "key", "section"), PASSED.values(), ids=PASSED.keys())
def test_what_only_stands_for_another_address_gives_the_key_of_its_target(url: str, key: str, section: str | None) -> None:
    publisher = domains.publisher_key(url)

    assert publisher == key
    assert section is None or domains.section_key(url) == section


SECTIONS = {
    "a segment with another behind it": ("https://www.example.com/News/2019/x", "example.com/news"),
    "one segment": ("https://example.com/about", "example.com/"),
    "one segment and a slash": ("https://example.com/a-long-slug/", "example.com/"),
    "front page": ("https://example.com", "example.com/"),
    "subdomain": ("https://blog.example.com/a/b", "blog.example.com/a"),
    "behind a tenant": ("https://twitter.com/ann/status/1", "twitter.com/status"),
    "behind a tenant of two segments": ("https://github.com/ann/bridges/issues/1", "github.com/issues"),
    "host beyond ASCII": ("http://m\u00fcnchen.example/a/b", "xn--mnchen-3ya.example/a"),
    "final dot": ("http://example.com./a/b", "example.com/a"),
}


@pytest.mark.parametrize(("url", "section"), SECTIONS.values(), ids=SECTIONS.keys())
def test_a_section_is_a_first_segment_that_another_segment_follows(url: str, section: str) -> None:
    key = domains.section_key(url)

    assert key == section


@pytest.mark.parametrize(
    "url", ["", "mailto:ann@news.example", "http://[::1", "http://a]b/", "//", "http://\u2100.example/", "doi:", "a\0b"]
)
def test_what_is_no_address_has_a_key_all_the_same(url: str) -> None:
    keys = (domains.publisher_key(url), domains.section_key(url))

    assert all(isinstance(key, str) for key in keys)


def test_registrable_domains_agree_with_another_suffix_library() -> None:
    text = files("tldextract").joinpath(".tld_set_snapshot").read_text(encoding="utf-8")
    other = PublicSuffixList(source=text.splitlines())
    hosts = [f"www.news.{suffix}" for suffix in _suffixes(text)]

    differing = {host for host in hosts if domains.registrable_domain(host) != other.privatesuffix(host)}

    assert len(hosts) > 400
    assert differing == set()


def _suffixes(text: str) -> list[str]:
    """Every 20th rule of the list, wildcards and exceptions apart, as A-labels."""
    rules = [line.split()[0] for line in text.splitlines() if line.strip() and not line.startswith(("//", "!", "*"))]
    return [rule.encode("idna").decode() for rule in rules[::20]]


WITNESS = """
import sys

importing = True

def watch(event, args):
    # On import urllib3 binds a socket to ::1 once, to learn whether this machine has IPv6. Nothing is sent.
    talks = event.startswith("socket.") and not (importing and event in {"socket.__new__", "socket.bind"})
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if talks or writes or event in {"os.mkdir", "os.rename"}:
        raise SystemExit(f"{event} {args}")

sys.dont_write_bytecode = True
sys.addaudithook(watch)
from audit import domains
importing = False
print(domains.publisher_key("https://www.news.example.co.uk/a"), domains.psl_version()[:2])
"""


def test_no_socket_is_opened_and_nothing_is_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)

    done = subprocess.run(
        [sys.executable, "-c", WITNESS],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(home)},
        cwd=Path(__file__).parents[2],
    )

    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["example.co.uk", "20"], "")
    assert list(home.iterdir()) == []


# ---- every row of the tables, with a near miss

LABELS = domains._TENANTS["label"].split()


@pytest.mark.parametrize("platform", LABELS)
def test_the_label_before_a_platform_is_its_tenant_and_the_platform_itself_is_none(platform: str) -> None:
    keys = [
        domains.publisher_key(f"http://{host}/2019/05/x.html")
        for host in (
            f"ann.{platform}",
            f"www.ann.{platform}",
            f"ANN.{platform}.",
            f"support.{platform}",
            f"ann.{platform}.example",
        )
    ]

    assert keys == [f"ann.{platform}"] * 3 + [platform, f"{platform.rpartition('.')[2]}.example"]


PRIVATE = [
    "blogspot.com",
    "github.io",
    "gitlab.io",
    "wixsite.com",
    "myshopify.com",
    "altervista.org",
    "hatenablog.com",
    "notion.site",
    "webflow.io",
    "vercel.app",
    "netlify.app",
    "pages.dev",
    "workers.dev",
    "onrender.com",
    "glitch.me",
    "herokuapp.com",
    "azurewebsites.net",
    "cloudfront.net",
    "appspot.com",
    "web.app",
    "firebaseapp.com",
    "readthedocs.io",
    "carrd.co",
    "yolasite.com",
    "sakura.ne.jp",
    "eu.org",
    "uk.com",
    "us.com",
    "s3.amazonaws.com",
]


@pytest.mark.parametrize("platform", PRIVATE)
def test_a_private_suffix_has_tenants_of_its_own(platform: str) -> None:
    assert domains.publisher_key(f"http://www.ann.{platform}/x") == f"ann.{platform}"
    assert domains.publisher_key(f"http://{platform}/") == platform


@pytest.mark.parametrize(
    "suffix",
    [
        "co.uk",
        "de",
        "fr",
        "jp",
        "in",
        "com.br",
        "ca",
        "it",
        "com.au",
        "co.nz",
        "mx",
        "com.ar",
        "nl",
        "se",
        "ch",
        "cz",
        "com.tr",
        "gr",
        "ro",
        "ae",
    ],
)
def test_a_blog_of_the_one_service_is_one_blog_under_every_suffix(suffix: str) -> None:
    assert domains.publisher_key(f"http://ann.blogspot.{suffix}/2011/x.html") == "ann.blogspot.com"
    assert domains.publisher_key(f"http://www.ann.blogspot.{suffix}/") == "ann.blogspot.com"


PATHS = {
    "medium.com/@Ann/x": "ann.medium.com",
    "medium.com/paper/x": "paper.medium.com",
    "medium.com/p/1": "medium.com",
    "substack.com/@ann/p": "ann.substack.com",
    "substack.com/inbox": "substack.com",
    "forbes.com/sites/ann/2019/x": "forbes.com/sites/ann",
    "forbes.com/2019/05/x": "forbes.com",
    "huffpost.com/author/ann": "huffpost.com/author/ann",
    "huffpost.com/entry/x_1": "huffpost.com",
    "huffingtonpost.com/author/ann": "huffpost.com/author/ann",
    "huffingtonpost.co.uk/ann-smith/a-story_b_123.html": "huffpost.com/author/ann-smith",
    "huffingtonpost.com/ann-smith-contributor/a-story": "huffpost.com/author/ann-smith",
    "huffingtonpost.com/2013/05/02/story_n_123.html": "huffingtonpost.com",
    "huffingtonpost.evil.example/author/ann": "evil.example",
    "tumblr.com/ann/1": "ann.tumblr.com",
    "tumblr.com/login": "tumblr.com",
    "sites.google.com/site/ann/x": "sites.google.com/site/ann",
    "sites.google.com/view/ann": "sites.google.com/view/ann",
    "sites.google.com/new": "sites.google.com",
    "facebook.com/ann/posts/1": "facebook.com/ann",
    "fr-fr.facebook.com/ann": "facebook.com/ann",
    "facebook.com/groups/ann/1": "facebook.com/groups/ann",
    "facebook.com/watch/?v=1": "facebook.com",
    "facebook.com/events/1": "facebook.com",
    "facebook.com/photo?fbid=1": "facebook.com",
    "facebook.com/story.php?id=1": "facebook.com",
    "facebook.com/permalink.php?id=1": "facebook.com",
    "facebook.com/hashtag/x": "facebook.com",
    "twitter.com/Ann/status/1": "twitter.com/ann",
    "x.com/ann/status/1": "twitter.com/ann",
    "mobile.x.com/ann": "twitter.com/ann",
    "twitter.com/#!/Ann/status/1": "twitter.com/ann",
    "x.com/i/status/1": "twitter.com",
    "twitter.com/hashtag/x": "twitter.com",
    "notx.com/ann": "notx.com",
    "youtube.com/@Ann/videos": "youtube.com/@ann",
    "youtube.com/c/ann": "youtube.com/c/ann",
    "youtube.com/channel/UC1": "youtube.com/channel/uc1",
    "youtube.com/user/ann": "youtube.com/user/ann",
    "youtube.com/watch?v=1": "youtube.com",
    "youtu.be/1": "youtube.com",
    "instagram.com/ann/": "instagram.com/ann",
    "instagram.com/reel/1/": "instagram.com",
    "instagram.com/p/1/": "instagram.com",
    "tiktok.com/@ann/video/1": "tiktok.com/@ann",
    "tiktok.com/tag/x": "tiktok.com",
    "t.me/ann/1": "t.me/ann",
    "t.me/s/ann/1": "t.me/ann",
    "t.me/s": "t.me",
    "vk.com/ann": "vk.com/ann",
    "vk.com/search": "vk.com",
    "reddit.com/r/Bridges/comments/1": "reddit.com/r/bridges",
    "old.reddit.com/user/Ann": "reddit.com/user/ann",
    "reddit.com/best": "reddit.com",
    "github.com/Ann/Bridges/issues/1": "github.com/ann/bridges",
    "github.com/ann": "github.com",
    "gitlab.com/ann/bridges": "gitlab.com/ann/bridges",
    "gitlab.com/explore": "gitlab.com",
    "archive.org/details/a_book": "archive.org/details/a_book",
    "archive.org/about/x": "archive.org",
    "geocities.com/Area/1234/x.html": "geocities.com/area/1234",
    "geocities.com/x.html": "geocities.com",
    "groups.google.com/g/ann/c/1": "groups.google.com/g/ann",
    "groups.google.com/forum/x": "groups.google.com",
    "linkedin.com/in/ann": "linkedin.com/in/ann",
    "uk.linkedin.com/company/ann": "linkedin.com/company/ann",
    "linkedin.com/pulse/x": "linkedin.com",
    "independent.academia.edu/AnnSmith": "academia.edu/annsmith",
    "academia.edu/AnnSmith/Papers": "academia.edu/annsmith",
    "academia.edu/123456/A_Title": "academia.edu",
    "researchgate.net/profile/Ann": "researchgate.net/profile/ann",
    "researchgate.net/publication/1": "researchgate.net",
    "scribd.com/user/1/ann": "scribd.com/user/1",
    "scribd.com/document/1/x": "scribd.com",
    "issuu.com/ann/docs/x": "issuu.com/ann",
    "issuu.com/search": "issuu.com",
    "ameblo.jp/ann/entry-1.html": "ameblo.jp/ann",
    "ameblo.jp": "ameblo.jp",
    "blog.naver.com/ann/1": "blog.naver.com/ann",
    "m.blog.naver.com/ann/1": "blog.naver.com/ann",
    "news.naver.com/ann/1": "naver.com",
    "blog.daum.net/ann/1": "blog.daum.net/ann",
    "daum.net/ann": "daum.net",
    "users.livejournal.com/ann/1": "users.livejournal.com/ann",
    "community.livejournal.com/ann/1": "community.livejournal.com/ann",
    "write.as/ann/x": "write.as/ann",
    "write.as": "write.as",
    "s3.amazonaws.com/bucket/x": "s3.amazonaws.com/bucket",
    "purl.org/ann/x": "purl.org/ann",
    "purl.org": "purl.org",
    "w3id.org/ann/x": "w3id.org/ann",
    "w3id.org": "w3id.org",
    "pressreader.com/uk/the-paper/20190101/1": "pressreader.com/uk/the-paper",
    "pressreader.com/uk": "pressreader.com",
    "sourceforge.net/projects/ann/files": "ann.sourceforge.net",
    "docs.google.com/document/d/1": "docs.google.com",
    "drive.google.com/file/d/1": "drive.google.com",
    "maps.google.com/maps?q=x": "google.com",
}


@pytest.mark.parametrize(("url", "key"), PATHS.items())
def test_the_first_segments_of_a_platform_name_its_tenant(url: str, key: str) -> None:
    assert domains.publisher_key(f"https://{url}") == key


@pytest.mark.parametrize("host", domains._WRAPPERS["shorteners"].split())
def test_a_short_link_belongs_to_its_service(host: str) -> None:
    assert domains.publisher_key(f"https://{host}/3xYz") == f"short:{host}"
    assert not domains.publisher_key(f"https://not{host}/3xYz").startswith("short:")


NOT_WRAPPED = {
    "google under no public suffix": ("https://www.google.evil.example/url?q=https://news.example/", "evil.example"),
    "translator of somebody else": ("https://translate.google.evil.example/translate?u=https://news.example/", "evil.example"),
    "amp path of somebody else": ("https://google.evil.example/amp/s/news.example/a", "evil.example"),
    "facebook exit of somebody else": ("https://l.facebook.com.evil.example/l.php?u=https://news.example/", "evil.example"),
    "facebook without a target": ("https://l.facebook.com/l.php?h=1", "facebook.com"),
    "doi with a registrant below another": ("https://doi.org/10.1000.10/x", "doi:10.1000.10"),
    "doi without a suffix": ("https://doi.org/10.1234", "doi.org"),
    "handle without a suffix": ("https://hdl.handle.net/2027", "handle.net"),
    "ark of no authority": ("https://library.example/ark:/x/y", "library.example"),
    "ark in the query": ("https://library.example/?u=/ark:/12345/x", "library.example"),
}


@pytest.mark.parametrize(("url", "key"), NOT_WRAPPED.values(), ids=NOT_WRAPPED)
def test_what_only_looks_like_a_wrapper_or_an_identifier_speaks_for_itself(url: str, key: str) -> None:
    assert domains.publisher_key(url) == key


@pytest.mark.parametrize(
    ("url", "flags"),
    [
        ("https://ann.wordpress.com/x", {"personal", "platform"}),
        ("https://wordpress.com/about", {"platform"}),
        ("https://www.youtube.com/watch?v=1", {"platform", "video"}),
        ("https://www.youtube.com/@ann", {"personal", "platform", "video"}),
        ("https://www.cs.example.edu/~ann/x.html", {"personal"}),
        ("https://www.example.com/ann/~x", set()),
        ("https://ann.blogspot.de/x", {"personal", "platform"}),
        ("https://github.com/ann/bridges", {"platform"}),
        ("https://news.example.com/x", set()),
        ("https://a.b.unheard-of/x", {"unknown-suffix"}),
        ("https://doi.org/10.1234/x", set()),
        ("http://192.0.2.1/x", set()),
    ],
)
def test_what_is_known_of_the_platform_is_told_as_flags(url: str, flags: set[str]) -> None:
    known = domains.publisher_flags(url) if "unheard" in url else domains.publisher_flags(url) - {"unknown-suffix"}

    assert known == flags


# ---- another list, more platforms


@pytest.fixture
def configured() -> Iterator[None]:
    yield
    domains.use()


def test_another_suffix_list_groups_otherwise_and_names_its_version(configured: None, tmp_path: Path) -> None:
    before = domains.psl_version(), domains.registrable_domain("a.b.example.com")
    newer = tmp_path / "list.dat"
    newer.write_text("// VERSION: 2031-01-01\n// ===BEGIN ICANN DOMAINS===\ncom\nexample.com\n// ===END ICANN DOMAINS===\n")

    domains.use(suffix_list=newer.as_uri())

    assert before[1] == "example.com"
    assert domains.registrable_domain("a.b.example.com") == "b.example.com"
    assert domains.psl_version() == "2031-01-01" != before[0]


def test_more_platforms_change_the_version_and_the_keys(configured: None) -> None:
    before = domains.tenants_version()

    domains.use(tenants=("blogs.example", "pages.example/*", "deep.example/people/*"))

    assert domains.tenants_version() != before
    assert domains.publisher_key("http://ann.blogs.example/x") == "ann.blogs.example"
    assert domains.publisher_key("http://pages.example/ann/x") == "pages.example/ann"
    assert domains.publisher_key("http://deep.example/people/ann") == "deep.example/people/ann"
    assert domains.publisher_key("http://deep.example/about/ann") == "deep.example"


@pytest.mark.parametrize("written", ["https://lists.example/psl.dat", "file:///nowhere/psl.dat", "psl.dat"])
def test_a_suffix_list_that_cannot_be_used_is_named(configured: None, written: str) -> None:
    with pytest.raises(ValueError, match=written):
        domains.use(suffix_list=written)


@pytest.mark.parametrize("written", ["blogs", "pages.example/people", "pages.example/*/people", "a.example/b/c/*", ""])
def test_a_platform_that_cannot_be_read_is_named(configured: None, written: str) -> None:
    with pytest.raises(ValueError, match=r"write blogs\.example|at most one"):
        domains.use(tenants=(written,))


def test_a_page_that_is_no_list_is_refused(configured: None, tmp_path: Path) -> None:
    page = tmp_path / "list.dat"
    page.write_text("<html>not found</html>")

    with pytest.raises(ValueError, match="no public suffix list"):
        domains.use(suffix_list=page.as_uri())
