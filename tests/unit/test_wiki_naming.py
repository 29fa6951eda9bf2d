"""Names of sources on wikis: every form that people copy out of a browser, and what they mean there."""

import pytest
from hypothesis import given, strategies as st

from audit.wiki import naming
from audit.wiki.answers import Site, site as read_site
from audit.wiki.naming import (
    CategoryNamed,
    CitingHost,
    ContributionsOf,
    Meaning,
    PageNamed,
    PageNumbered,
    PairNamed,
    PrefixNamed,
    RevisionNumbered,
    Unclear,
    WatchlistOf,
    meaning,
    parse,
)
from audit.wiki.sites import host_of, wiki_at

EN = "https://en.wikipedia.org"
SITES = {"ourwiki": "https://wiki.news.example/api.php", "labwiki": "http://127.0.0.1:8080/lab/api.php"}
GERMAN = read_site(
    {
        "query": {
            "general": {"wikiid": "dewiki", "lang": "de"},
            "namespaces": {
                "-1": {"id": -1, "name": "Spezial", "canonical": "Special"},
                "0": {"id": 0, "name": ""},
                "4": {"id": 4, "name": "Wikipedia", "canonical": "Project"},
                "14": {"id": 14, "name": "Kategorie", "canonical": "Category"},
            },
            "namespacealiases": [{"id": 4, "alias": "WP"}],
            "specialpagealiases": [
                {"realname": "Diff", "aliases": ["Diff", "Unterschied"]},
                {"realname": "PermanentLink", "aliases": ["Permanentlink", "Permanenter_Link"]},
                {"realname": "Contributions", "aliases": ["Beiträge", "Benutzerbeiträge"]},
                {"realname": "Linksearch", "aliases": ["Weblinksuche", "Linksuche"]},
                {"realname": "Prefixindex", "aliases": ["Präfixindex"]},
            ],
        }
    }
)

PLACES = {
    "database name": ("enwiki:Earth", "enwiki", EN + "/w/api.php"),
    "language with hyphens": ("zh_min_nanwiki:X", "zh_min_nanwiki", "https://zh-min-nan.wikipedia.org/w/api.php"),
    "renamed language": ("be_x_oldwiki:X", "be_x_oldwiki", "https://be-tarask.wikipedia.org/w/api.php"),
    "sister project": ("dewikisource:X", "dewikisource", "https://de.wikisource.org/w/api.php"),
    "commons": ("commonswiki:X", "commonswiki", "https://commons.wikimedia.org/w/api.php"),
    "wikidata": ("https://www.wikidata.org/wiki/Q42", "wikidatawiki", "https://www.wikidata.org/w/api.php"),
    "configured name": ("ourwiki:X", "ourwiki", SITES["ourwiki"]),
    "configured host": ("https://wiki.news.example/wiki/X", "ourwiki", SITES["ourwiki"]),
    "configured host with a port": ("http://127.0.0.1:8080/lab/index.php?title=X", "labwiki", SITES["labwiki"]),
    "mobile": ("https://en.m.wikipedia.org/wiki/X", "enwiki", EN + "/w/api.php"),
    "mobile without language": ("https://m.mediawiki.org/wiki/X", "mediawikiwiki", "https://www.mediawiki.org/w/api.php"),
    "http is asked by https": ("http://en.wikipedia.org/wiki/X", "enwiki", EN + "/w/api.php"),
    "capital host, user part": ("https://me@EN.Wikipedia.ORG/wiki/X", "enwiki", EN + "/w/api.php"),
    "foreign wiki by its script path": ("https://x.example/mw/index.php?title=X", None, "https://x.example/mw/api.php"),
    "foreign wiki by its article path": ("https://x.example/wiki/X", None, "https://x.example/w/api.php"),
    "foreign wiki without a path": ("http://x.example/index.php/X", None, "http://x.example/api.php"),
}


@pytest.mark.parametrize(("source", "wiki", "api"), PLACES.values(), ids=PLACES)
def test_a_source_names_its_wiki_and_where_to_ask_it(source: str, wiki: str | None, api: str) -> None:
    named = parse(source, sites=SITES)

    assert named is not None
    assert (named.wiki, named.apis[0]) == (wiki, api)


TITLES = {
    "underscores and fragment": ("enwiki:Earth_(planet)#History_of_it", "Earth (planet)"),
    "percent escapes": (f"{EN}/wiki/Caf%C3%A9_%28film%29", "Café (film)"),
    "raw letters": (f"{EN}/wiki/Café", "Café"),
    "old encoding": (f"{EN}/wiki/Caf%E9", "Café"),
    "decoded once": (f"{EN}/wiki/100%2525", "100%25"),
    "plus in a path": (f"{EN}/wiki/C++", "C++"),
    "escaped plus in a query": (f"{EN}/w/index.php?title=C%2B%2B&action=history", "C++"),
    "plus in a query is a space": (f"{EN}/w/index.php?title=New+York", "New York"),
    "slash and question mark": (f"{EN}/wiki/AC/DC%3F", "AC/DC?"),
    "ampersand": (f"{EN}/w/index.php?title=R%26B", "R&B"),
    "copied out of HTML": (f"{EN}/w/index.php?action=history&amp;title=Earth", "Earth"),
    "title in the script's path": (f"{EN}/w/index.php/Earth", "Earth"),
    "query beats path": (f"{EN}/wiki/Mars?title=Earth", "Earth"),
    "variant of a script": ("https://zh.wikipedia.org/zh-tw/地球", "地球"),
    "leading colon": ("enwiki::Category:Planets", "Category:Planets"),
    "namespace": ("enwiki:Wikipedia:Reliable sources", "Wikipedia:Reliable sources"),
    "spaces around": ("  enwiki: Earth  ", "Earth"),
}


@pytest.mark.parametrize(("source", "title"), TITLES.values(), ids=TITLES)
def test_a_title_is_read_as_the_wiki_reads_it(source: str, title: str) -> None:
    named = parse(source, sites={})

    assert named is not None
    assert named.title == title


MEANINGS: dict[str, tuple[str, Meaning]] = {
    "page": ("enwiki:Earth", PageNamed(title="Earth")),
    "page itself": (f"{EN}/w/index.php?title=World&redirect=no", PageNamed(title="World", follow=False)),
    "colon that is no namespace": ("enwiki:Star Trek: Picard", PageNamed(title="Star Trek: Picard")),
    "page id": (f"{EN}/?curid=9228", PageNumbered(page_id=9228)),
    "page id with script": (f"{EN}/w/index.php?curid=9228", PageNumbered(page_id=9228)),
    "page id as special page": ("enwiki:Special:Redirect/page/9228", PageNumbered(page_id=9228)),
    "oldid": (f"{EN}/w/index.php?title=Earth&oldid=123", RevisionNumbered(revision=123)),
    "oldid without title": (f"{EN}/w/index.php?oldid=123", RevisionNumbered(revision=123)),
    "oldid behind the article path": (f"{EN}/wiki/Earth?oldid=123", RevisionNumbered(revision=123)),
    "permanent link": ("enwiki:Special:PermanentLink/123", RevisionNumbered(revision=123)),
    "permalink": (f"{EN}/wiki/Special:Permalink/123#History", RevisionNumbered(revision=123)),
    "revision as special page": (f"{EN}/wiki/Special:Redirect/revision/123", RevisionNumbered(revision=123)),
    "next of oldid": (f"{EN}/w/index.php?title=E&direction=next&oldid=5", PairNamed(old=5, new="next")),
    "previous of oldid": (f"{EN}/w/index.php?title=E&direction=prev&oldid=5", PairNamed(old="prev", new=5)),
    "diff of two": (f"{EN}/w/index.php?title=Earth&diff=12&oldid=10", PairNamed(old=10, new=12)),
    "diff against the parent": (f"{EN}/w/index.php?diff=12", PairNamed(old="prev", new=12)),
    "diff with an empty oldid": (f"{EN}/w/index.php?diff=12&oldid=", PairNamed(old="prev", new=12)),
    "diff=prev": (f"{EN}/w/index.php?title=Earth&diff=prev&oldid=10", PairNamed(old="prev", new=10)),
    "diff=next": (f"{EN}/w/index.php?diff=next&oldid=10", PairNamed(old=10, new="next")),
    "diff=cur": (f"{EN}/w/index.php?diff=cur&oldid=10", PairNamed(old=10, new="cur")),
    "diff=0 is cur": (f"{EN}/w/index.php?diff=0&oldid=10", PairNamed(old=10, new="cur")),
    "empty diff is cur": (f"{EN}/w/index.php?title=E&diff=&oldid=10", PairNamed(old=10, new="cur")),
    "last edit of a page": (f"{EN}/w/index.php?title=Earth&diff=cur", PairNamed(old="prev", new="cur", title="Earth")),
    "mobile diff address": ("https://en.m.wikipedia.org/w/index.php?diff=12&oldid=10", PairNamed(old=10, new=12)),
    "Special:Diff/N": ("enwiki:Special:Diff/12", PairNamed(old="prev", new=12)),
    "Special:Diff/M/N": (f"{EN}/wiki/Special:Diff/10/12", PairNamed(old=10, new=12)),
    "Special:Diff/N/prev": (f"{EN}/wiki/Special:Diff/12/prev", PairNamed(old="prev", new=12)),
    "Special:Diff/N/next": (f"{EN}/wiki/Special:Diff/12/next", PairNamed(old=12, new="next")),
    "Special:Diff/N/cur": (f"{EN}/wiki/Special:Diff/12/cur", PairNamed(old=12, new="cur")),
    "Special:Diff in lower case": (f"{EN}/wiki/special:diff/12", PairNamed(old="prev", new=12)),
    "Special:Diff by title=": (f"{EN}/w/index.php?title=Special:Diff/10/12", PairNamed(old=10, new=12)),
    "mobile diff": ("https://en.m.wikipedia.org/wiki/Special:MobileDiff/10...12", PairNamed(old=10, new=12)),
    "compared pages": (f"{EN}/w/index.php?title=Special:ComparePages&rev1=10&rev2=12", PairNamed(old=10, new=12)),
    "category": ("enwiki:Category:Planets of X", CategoryNamed(title="Category:Planets of X")),
    "category address": (f"{EN}/wiki/Category:Planets?from=M", CategoryNamed(title="Category:Planets")),
    "contributions": ("enwiki:Special:Contributions/Some One", ContributionsOf(user="Some One")),
    "contributions by target": (f"{EN}/w/index.php?title=Special:Contributions&target=A", ContributionsOf(user="A")),
    "prefix": ("enwiki:Special:PrefixIndex/Wikipedia:Rel", PrefixNamed(prefix="Wikipedia:Rel")),
    "link search": ("enwiki:Special:LinkSearch/*.news.example", CitingHost(pattern="*.news.example")),
    "link search with a protocol": (
        f"{EN}/w/index.php?title=Special:LinkSearch&target=https%3A%2F%2F*.news.example",
        CitingHost(pattern="https://*.news.example"),
    ),
    "watch list": ("enwiki:Special:Watchlist/Owner", WatchlistOf(owner="Owner")),
}


@pytest.mark.parametrize(("source", "meant"), MEANINGS.values(), ids=MEANINGS)
def test_a_source_means_what_the_wiki_would_show(source: str, meant: Meaning) -> None:
    named = parse(source, sites={})

    assert named is not None
    assert meaning(named, site=Site(wiki="enwiki")) == meant


LOCAL: dict[str, tuple[str, Meaning]] = {
    "diff": ("https://de.wikipedia.org/wiki/Spezial:Diff/12", PairNamed(old="prev", new=12)),
    "diff by another alias": ("dewiki:Spezial:Unterschied/10/12", PairNamed(old=10, new=12)),
    "permanent link with a space": ("https://de.wikipedia.org/wiki/Spezial:Permanenter_Link/5", RevisionNumbered(revision=5)),
    "contributions": ("https://de.wikipedia.org/wiki/Spezial:Beitr%C3%A4ge/Jemand", ContributionsOf(user="Jemand")),
    "link search": ("dewiki:Spezial:Weblinksuche/*.a.example", CitingHost(pattern="*.a.example")),
    "prefix": ("dewiki:Spezial:Präfixindex/WP:Q", PrefixNamed(prefix="WP:Q")),
    "category": ("dewiki:Kategorie:Planet", CategoryNamed(title="Kategorie:Planet")),
    "English still works": ("dewiki:Special:Diff/12", PairNamed(old="prev", new=12)),
    "English category": ("dewiki:Category:Planet", CategoryNamed(title="Category:Planet")),
}


@pytest.mark.parametrize(("source", "meant"), LOCAL.values(), ids=LOCAL)
def test_a_wiki_in_another_language_is_understood_in_its_own_words(source: str, meant: Meaning) -> None:
    named = parse(source, sites={})

    assert named is not None
    assert meaning(named, site=GERMAN) == meant


UNCLEAR = {
    "odd diff": f"{EN}/w/index.php?title=E&diff=abc",
    "odd oldid": f"{EN}/w/index.php?title=E&oldid=12x",
    "zero oldid": f"{EN}/w/index.php?title=E&oldid=0",
    "diff of nothing": f"{EN}/w/index.php?diff=cur",
    "special page that shows other things": "enwiki:Special:RecentChanges",
    "own watch list": "enwiki:Special:Watchlist",
    "three revisions": "enwiki:Special:Diff/1/2/3",
    "nobody's contributions": "enwiki:Special:Contributions",
}


@pytest.mark.parametrize("source", UNCLEAR.values(), ids=UNCLEAR)
def test_what_no_wiki_could_show_is_said_to_be_unclear(source: str) -> None:
    named = parse(source, sites={})

    assert named is not None
    assert isinstance(meaning(named, site=Site(wiki="enwiki")), Unclear)


@pytest.mark.parametrize(
    "source",
    [
        "page.wiki",
        "somebody:Title",
        "https://news.example/2024/story.html",
        "https://news.example/",
        "C:\\pages\\x.wiki",
        "enwiki:",
        "",
    ],
)
def test_other_sources_are_no_names_of_wiki_pages(source: str) -> None:
    assert parse(source, sites={}) is None


@pytest.mark.parametrize(
    "wiki", ["enwiki", "be_x_oldwiki", "zh_min_nanwiki", "commonswiki", "frwiktionary", "mediawikiwiki", "testwiki"]
)
def test_a_database_name_and_its_host_lead_to_each_other(wiki: str) -> None:
    host = host_of(wiki)

    assert host is not None
    assert wiki_at(host) == wiki


@pytest.mark.parametrize(
    "source", ["enwiki:@titles.txt", "enwiki:@https://pagepile.toolforge.org/api.php?id=1&action=get_data&format=json"]
)
def test_a_list_of_titles_is_named_with_its_wiki(source: str) -> None:
    named = parse(source, sites={})

    assert named is not None
    assert named.list_file == source.partition("@")[2]


@given(st.text(max_size=80), st.sampled_from(["", "enwiki:", "https://en.wikipedia.org/wiki/", "https://x/index.php?"]))
def test_no_name_ever_raises(text: str, before: str) -> None:
    named = parse(before + text, sites=SITES)

    assert named is None or isinstance(meaning(named, site=GERMAN), Meaning)


def test_every_special_page_that_the_refusal_names_is_read() -> None:
    told = [word.strip(",;").partition("/")[0].removeprefix("Special:") for word in naming.SPECIALS.split() if "Special:" in word]

    assert set(told) <= set(naming.SPECIAL_PAGES)
