"""The wiki of the tests is a real one: what it shows, refuses and remembers."""

import pytest

from tests.real.mediawiki import MediaWiki, groups

pytestmark = pytest.mark.real

ARTICLE = """
Prose.<ref name="a">[http://one.test/ One]</ref> Again.<ref name="a"/><ref name="lost : name"/>
{{Infobox|born=1970<ref group="n">{{Cite web|url=http://two.test/?q=1&r=2|title=Two}}</ref>}}
{{#tag:ref|Outer<ref>inner http://three.test/path, and</ref>|group=n}}
== References ==
{{Reflist}}
"""


def test_the_oracle_renders_what_stands_inside_templates_that_the_wiki_lacks(wiki: MediaWiki) -> None:
    shown = wiki.render(ARTICLE)

    assert shown.per_group() == {"n": 2, "": 3}
    assert shown.undefined == ("lost : name",)
    assert set(shown.links) == {"http://one.test/", "http://two.test/?q=1&r=2", "http://three.test/path"}
    assert [entry.uses for entry in shown.entries if entry.links == ("http://one.test/",)] == [2]


@pytest.mark.parametrize("language", ["de", "ar", "ja", "fa", "ru"])
def test_the_oracle_speaks_the_language_of_the_wiki_and_names_errors_in_english(wiki: MediaWiki, language: str) -> None:
    shown = wiki.render(ARTICLE, language=language)

    assert shown.per_group() == {"n": 2, "": 3}
    assert [entry.number for entry in shown.entries] == [1, 2, 1, 2, 3]
    assert shown.undefined == ("lost : name",)


def test_a_template_that_the_wiki_has_is_used_as_it_is(wiki: MediaWiki) -> None:
    wiki.save({"Template:Own list": "{{#tag:references|{{{refs}}}}}"})

    shown = wiki.render('A<ref name="x"/>{{Own list|refs=<ref name="x">http://four.test/</ref>}}')

    assert [(entry.number, entry.links) for entry in shown.entries] == [(1, ("http://four.test/",))]


def test_both_accounts_write_and_the_newest_revision_counts(wiki: MediaWiki) -> None:
    first = wiki.save({"By two": "one"})["By two"]

    second = wiki.save({"By two": "two"}, by=wiki.other)["By two"]

    assert second > first
    assert wiki.newest("By two") == second


ANSWERS = {
    "lag": ({"action": "query", "meta": "siteinfo", "maxlag": -2}, {}, "maxlag"),
    "any error": ({"action": "query", "meta": "siteinfo"}, {"X-Wiki-Error": "ratelimited"}, "ratelimited"),
    "crash": ({"action": "query", "meta": "siteinfo"}, {"X-Wiki-Crash": "1"}, "internal_api_error_RuntimeException"),
    "private": ({"action": "query", "prop": "info", "titles": "A"}, {"X-Wiki-Private": "1"}, "readapidenied"),
}


@pytest.mark.parametrize(("asked", "headers", "code"), ANSWERS.values(), ids=ANSWERS)
def test_errors_come_as_the_wiki_makes_them(
    wiki: MediaWiki, asked: dict[str, object], headers: dict[str, str], code: str
) -> None:
    told = wiki.ask(asked, headers=headers) if code != "readapidenied" else wiki.stranger(asked, headers=headers)

    assert told["error"]["code"] == code


@pytest.mark.parametrize(
    ("headers", "code"),
    [({"X-Wiki-Readonly": "why"}, "readonly"), ({"X-Wiki-Ratelimit": "1"}, "ratelimited")],
    ids=["read-only", "limit"],
)
def test_writing_is_refused_for_one_request(wiki: MediaWiki, headers: dict[str, str], code: str) -> None:
    edit = {"action": "edit", "title": "Refused", "text": "text"}

    assert wiki.bot.write(edit, headers=headers)["error"]["code"] == code
    assert wiki.bot.write(edit)["edit"]["result"] == "Success"


def test_a_group_is_found_however_it_is_written() -> None:
    assert groups("<ref group='a b'>x</ref> <ref GROUP = c/> {{#tag:ref|x| group = d }} <ref group=\"e\">x</ref>") == [
        "a b",
        "c",
        "d",
        "e",
    ]
