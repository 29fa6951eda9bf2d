"""Wikitext -> references and citations: what MediaWiki shows is found, with its place."""

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import mwparserfromhell
import pytest

from audit import documents, templates
from audit.documents import entries
from audit.model import Citation, Document, Place, Reference
from audit.settings import Documents
from audit.wikitext import stripped


def page(text: str, language: str | None = "en") -> Document:
    """The text as a page of wikitext, whatever it looks like."""
    (document,) = documents.read("page.wiki", f"{{{{x}}}}\n{text}".encode(), settings=Documents(), language=language)
    assert document.kind == "wikitext"
    return document


def cited(text: str, language: str | None = "en") -> list[Citation]:
    return list(page(text, language).every_citation())


def only(text: str, language: str | None = "en") -> Citation:
    (found,) = cited(text, language)
    return found


def reference(text: str) -> Reference:
    (found,) = page(text).references
    return found


def codes(text: str) -> list[str]:
    return [problem.code for problem in page(text).problems]


URLS = {
    "template": ("<ref>{{cite web|url=https://a.example/x|title=T}}</ref>", ["https://a.example/x"]),
    "template over lines": ("<ref>{{cite web\n | url = https://a.example/x\n | title = T\n}}</ref>", ["https://a.example/x"]),
    "upper-case tag": ("<REF>https://a.example/x</REF>", ["https://a.example/x"]),
    "closing tag with blanks": ("<ref>https://a.example/x</ref  >", ["https://a.example/x"]),
    "bracketed": ("<ref>[https://a.example/x A title]</ref>", ["https://a.example/x"]),
    "bracketed without protocol": ("<ref>[//a.example/x A title]</ref>", ["//a.example/x"]),
    "doubled brackets": ("<ref>[[https://a.example/x]]</ref>", ["https://a.example/x"]),
    "free, with a dot behind": ("<ref>https://a.example/x.</ref>", ["https://a.example/x"]),
    "free, in parentheses": ("(https://a.example/x)", ["https://a.example/x"]),
    "free, with its own parentheses": ("https://a.example/x_(y)", ["https://a.example/x_(y)"]),
    "free, before emphasis": ("https://a.example/x''y''", ["https://a.example/x"]),
    "free, before an escaped end": ("https://a.example/x&gt;y", ["https://a.example/x"]),
    "free, pipe outside a template": ("https://a.example/x|y", ["https://a.example/x|y"]),
    "free, pipe inside a template": ("{{box|a=https://a.example/x|b=y}}", ["https://a.example/x"]),
    "free, before a no-break space": ("https://a.example/x\u00a0y", ["https://a.example/x"]),
    "free, before a reference": ("https://a.example/x<ref>https://b.example/</ref>", ["https://b.example/", "https://a.example/x"]),
    "hyphen at the end": ("<ref>{{cite web|url=https://a.example/x-|title=T}}</ref>", ["https://a.example/x-"]),
    "character reference": ("<ref>{{cite web|url=https://a.example/?a=1&amp;b=2|title=T}}</ref>", ["https://a.example/?a=1&b=2"]),
    "comment inside": ("<ref>{{cite web|url=https://a.example/<!-- c -->x|title=T}}</ref>", ["https://a.example/x"]),
    "pipe by template": ("<ref>{{cite web|url=https://a.example/a{{!}}b|title=T}}</ref>", ["https://a.example/a|b"]),
    "commented out": ("<!-- <ref>https://a.example/x</ref> -->", []),
    "comment without end": ("<!-- <ref>https://a.example/x</ref>", []),
    "nowiki": ("<nowiki><ref>https://a.example/x</ref> {{cite web|url=https://b.example}}</nowiki>", []),
    "nowiki without end": ("<nowiki><ref>https://a.example/x</ref>", ["https://a.example/x"]),
    "includeonly": ("<includeonly>https://a.example/x</includeonly>", []),
    "source": ("<syntaxhighlight lang=x>https://a.example/x</syntaxhighlight>", []),
    "address only, IPv6": ("<ref>http://[2001:db8::1]/x</ref>", ["http://[2001:db8::1]/x"]),
    "two in one reference": ("<ref>[https://a.example/1 A]; [https://a.example/2 B]</ref>", ["https://a.example/1", "https://a.example/2"]),
    "in another parameter": (
        "<ref>{{cite web|url=https://a.example/|title=T|id=[https://b.example/ PDF]}}</ref>", ["https://a.example/", "https://b.example/"],
    ),
    "chapter": (
        "<ref>{{cite book|title=T|chapter-url=https://b.example/c|url=https://a.example/}}</ref>",
        ["https://a.example/", "https://b.example/c"],
    ),
    "unknown template": ("<ref>{{Nobody knows|address=https://a.example/x}}</ref>", ["https://a.example/x"]),
    "unknown template, positional": ("<ref>{{Nobody knows|https://a.example/x|y}}</ref>", ["https://a.example/x"]),
    "inside a wrapper": ("<ref>{{small|{{cite web|url=https://a.example/x|title=T}}}}</ref>", ["https://a.example/x"]),
    "inside a condition": ("<ref>{{#if:a|{{cite web|url=https://a.example/x|title=T}}}}</ref>", ["https://a.example/x"]),
    "link template": ("{{Infobox|website={{URL|a.example/x}}}}", ["a.example/x"]),
    "in an infobox": ("{{Infobox|k=v<ref>https://a.example/x</ref>|l=w}}", ["https://a.example/x"]),
    "book without address": ("<ref>{{cite book|title=T}}</ref>", [None]),
    "address made by a template": ("<ref>{{cite web|url={{maker|1}}|title=T}}</ref>", [None]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "urls"), URLS.values(), ids=URLS.keys())
def test_every_address_is_found_once_and_whole(text: str, urls: list[str | None]) -> None:
    assert [each.url for each in cited(text)] == urls


NAMES = {
    "quoted": ('<ref name="a b">x</ref>', "a b"),
    "single quotes": ("<ref name='a b'>x</ref>", "a b"),
    "bare": ("<ref name=ab>x</ref>", "ab"),
    "spaces folded": ('<ref name=" a   b ">x</ref>', "a b"),
    "over lines": ('<ref\nname="a\nb">x</ref>', "a b"),
    "the last wins": ('<ref name="a" name="b">x</ref>', "b"),
    "decoded once": ('<ref name="a &amp;amp; b">x</ref>', "a &amp; b"),
    "empty is none": ('<ref name="">x</ref>', None),
    "zero is none": ("<ref name=0>x</ref>", None),
    "digits are none": ("<ref name=12>x</ref>", None),
    "no attribute": ("<ref>x</ref>", None),
}


@pytest.mark.parametrize(("text", "name"), NAMES.values(), ids=NAMES.keys())
def test_a_name_is_read_as_mediawiki_reads_it(text: str, name: str | None) -> None:
    assert reference(text).name == name


def test_uses_before_and_behind_a_definition_are_one_reference() -> None:
    found = reference('a<ref name="x" /> b<ref name="x">https://a.example/</ref> c<ref name=x/>')

    assert (found.defined, found.uses, found.definitions) == (True, 3, 1)
    assert [citation.url for citation in found.citations] == ["https://a.example/"]


def test_names_compare_exactly_and_apart_by_group() -> None:
    found = page(
        "<ref name=A>1</ref><ref name=a>2</ref><ref name=a_b>3</ref><ref name='a b'>4</ref><ref name=A group=n>5</ref>"
    ).references

    assert [(each.group, each.name, each.body) for each in found] == [
        (None, "A", "1"), (None, "a", "2"), (None, "a_b", "3"), (None, "a b", "4"), ("n", "A", "5"),
    ]  # fmt: skip


def test_a_name_that_is_never_defined_is_one_undefined_reference_with_its_uses() -> None:
    found = reference("<ref name=x/><ref name=x /><ref name=x></ref>")

    assert (found.defined, found.uses, found.definitions, found.citations) == (False, 3, 0, ())


LISTED = {
    "references tag": "a<ref name=x/>\n<references>\n<ref name=x>https://a.example/</ref>\n</references>",
    "list template": "a<ref name=x/>\n{{reflist|refs=\n<ref name=x>https://a.example/</ref>\n}}",
}


@pytest.mark.parametrize("text", LISTED.values(), ids=LISTED.keys())
def test_a_definition_in_a_list_is_no_use(text: str) -> None:
    found = reference(text)

    assert (found.defined, found.uses, found.definitions) == (True, 1, 1)
    assert codes(text) == []


FOOTNOTES = {
    "tag function": ("{{#tag:ref|https://a.example/|name=n|group=g}}", ("g", "n")),
    "refn": ("{{refn|name=n|https://a.example/}}", (None, "n")),
    "efn": ("{{efn|https://a.example/}}", ("lower-alpha", None)),
}


@pytest.mark.parametrize(("text", "key"), FOOTNOTES.values(), ids=FOOTNOTES.keys())
def test_footnotes_made_by_templates_are_references(text: str, key: tuple[str | None, str | None]) -> None:
    found = reference(text)

    assert (found.group, found.name) == key
    assert [citation.url for citation in found.citations] == ["https://a.example/"]


def test_a_reference_inside_a_footnote_is_a_reference_of_its_own() -> None:
    outer, inner = page("{{refn|See<ref>https://a.example/</ref>}}").references

    assert outer.citations == ()
    assert [citation.url for citation in inner.citations] == ["https://a.example/"]


def test_a_template_that_names_references_uses_them() -> None:
    found = page("<ref name=x>https://a.example/</ref> {{r|x|y}}").references

    assert [(each.name, each.uses, each.defined) for each in found] == [("x", 2, True), ("y", 1, False)]


PROBLEMS = {
    "two bodies for a name": ("<ref name=x>a</ref><ref name=x>b</ref>", "duplicate-reference-name"),
    "never used": ("<references><ref name=x>a</ref></references>", "unused-reference"),
    "nothing at all": ("<ref></ref>", "empty-reference"),
    "only a comment": ("<ref><!-- a --></ref>", "empty-reference"),
    "name of digits": ("<ref name=7>a</ref>", "numeric-reference-name"),
    "no closing tag": ("<ref>a", "unclosed-reference"),
    "closed by the next": ("<ref>a <ref>b</ref>", "unclosed-reference"),
    "group without a list": ("<ref group=q>a</ref><references/>", "group-without-list"),
    "parameter twice": ("<ref>{{cite web|url=https://a.example/|title=A|title=B}}</ref>", "duplicate-parameter"),
    "address by template": ("<ref>{{cite web|url={{a|1}}|title=A}}</ref>", "url-is-template"),
    "address with a link": ("<ref>{{cite web|url=[https://a.example/ A]|title=A}}</ref>", "malformed-url"),
    "address with a space": ("<ref>{{cite web|url=https://a.example/a b|title=A}}</ref>", "malformed-url"),
    "doubled brackets": ("[[https://a.example/]]", "malformed-url"),
    "full-width stop": ("https://a.example/\u3002", "malformed-url"),
    "equal texts": ("<ref>https://a.example/ A</ref><ref>https://a.example/  A</ref>", "duplicate-reference"),
    "too deep": ("{{a|" * 150 + "}}" * 150, "nesting-too-deep"),
}


@pytest.mark.parametrize(("text", "code"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_what_is_broken_is_named(text: str, code: str) -> None:
    assert codes(text) == [code]


SOUND = {
    "identical bodies of one name": "<ref name=x>a</ref><ref name=x>a</ref>",
    "group with its list": "<ref group=q>a</ref><references group=q />",
    "list template for a group": "<ref group=q>a</ref>{{reflist|group=q}}",
    "equal texts without address": "<ref>Ibid.</ref><ref>Ibid.</ref>",
    "footnote group with its own list": "{{efn|a}}",
}


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND.keys())
def test_what_is_sound_is_not_complained_of(text: str) -> None:
    assert codes(text) == []


def test_a_missing_closing_tag_loses_no_address() -> None:
    text = "<ref>{{cite web|url=https://a.example/|title=A}} text <ref>{{cite web|url=https://b.example/|title=B}}</ref>"

    assert [each.url for each in cited(text)] == ["https://a.example/", "https://b.example/"]


def test_a_citation_template_is_read_into_its_fields() -> None:
    found = only(
        "<ref>{{Cite web |last=Alder |first=Ann |last2=Birch |first2=Ben |date=3 May 2020 |title=''The [[Bridge|bridge]]'' {{!}} Part "
        "|url=https://a.example/x |url-status=dead |archive-url=https://web.archive.org/web/20200601000000/https://a.example/x "
        "|archive-date=1 June 2020 |access-date=2020-05-04 |website=Gazette |publisher=Guild |language=en |quote=It stands. |doi=10.1/x}}</ref>"
    )

    assert (found.template, found.title, found.work, found.publisher) == ("Cite web", "The bridge | Part", "Gazette", "Guild")
    assert found.authors == ("Alder, Ann", "Birch, Ben")
    assert (found.url_status, found.language, found.quote) == ("dead", "en", "It stands.")
    assert found.archive_url == "https://web.archive.org/web/20200601000000/https://a.example/x"
    assert [each.day.isoformat() for each in (found.published_date, found.access_date, found.archive_date) if each and each.day] == [
        "2020-05-03", "2020-05-04", "2020-06-01",
    ]  # fmt: skip
    assert found.identifiers == (("doi", "10.1/x"),)
    assert dict(found.parameters)["date"] == "3 May 2020"


LANGUAGES = {
    "de": ("Internetquelle", "url=https://a.example/ |titel=T |abruf=2020-05-04 |archiv-url=https://web.archive.org/web/2020/https://a.example/ |offline=1"),
    "es": ("Cita web", "url=https://a.example/ |título=T |fechaacceso=4 de mayo de 2020 |urlarchivo=https://web.archive.org/web/2020/https://a.example/ |urlmuerta=sí"),
    "it": ("Cita web", "url=https://a.example/ |titolo=T |accesso=4 maggio 2020 |urlarchivio=https://web.archive.org/web/2020/https://a.example/ |urlmorto=sì"),
    "fi": ("Verkkoviite", "Osoite=https://a.example/ |Nimeke=T |Viitattu=4.5.2020 |Arkisto=https://web.archive.org/web/2020/https://a.example/"),
    "ru": ("Cite web", "url=https://a.example/ |title=T |accessdate=2020-05-04 |archiveurl=https://web.archive.org/web/2020/https://a.example/ |deadlink=yes"),
    "ar": ("استشهاد ويب", "مسار=https://a.example/ |عنوان=T |تاريخ الوصول=4 مايو 2020 |مسار أرشيف=https://web.archive.org/web/2020/https://a.example/"),
    "ko": ("웹 인용", "url=https://a.example/ |제목=T |확인날짜=2020-05-04 |보존url=https://web.archive.org/web/2020/https://a.example/"),
    "tr": ("Web kaynağı", "url=https://a.example/ |başlık=T |erişimtarihi=4 Mayıs 2020 |arşivurl=https://web.archive.org/web/2020/https://a.example/ |ölüurl=evet"),
    "pl": ("Cytuj", "url=https://a.example/ |tytuł=T |data dostępu=2020-05-04 |archiwum=https://web.archive.org/web/2020/https://a.example/"),
}  # fmt: skip


@pytest.mark.parametrize("own", [True, False], ids=["wiki known", "wiki unknown"])
@pytest.mark.parametrize(
    ("language", "template", "parameters"), [(key, *value) for key, value in LANGUAGES.items()], ids=LANGUAGES.keys()
)
def test_a_template_of_any_wiki_is_read_even_when_the_wiki_is_unknown(
    language: str, template: str, parameters: str, *, own: bool
) -> None:
    found = only(f"<ref>{{{{{template} |{parameters}}}}}</ref>", language if own else None)

    assert (found.url, found.title) == ("https://a.example/", "T")
    assert found.access_date is not None
    assert str(found.access_date.value) == "2020-05-04"
    assert found.archive_url == "https://web.archive.org/web/2020/https://a.example/"
    assert found.url_status in {None, "dead"}


def test_a_positional_address_with_an_equals_sign_gets_its_head_back() -> None:
    text = "<ref>{{Cita web|https://a.example/?a=1|Titolo|4 maggio 2020}}</ref>"

    found = only(text, "it")

    assert (found.url, found.title) == ("https://a.example/?a=1", "Titolo")
    assert [problem.code for problem in page(text, "it").problems] == ["malformed-url"]


COPY = "https://web.archive.org/web/20200102030405/https://a.example/x"
ARCHIVES = {
    "parameter": (f"{{{{cite web|url=https://a.example/x|title=T|archive-url={COPY}}}}}", "en"),
    "template with the copy": (f"{{{{cite web|url=https://a.example/x|title=T}}}} {{{{Webarchive|url={COPY}|date=2020-01-02}}}}", "en"),
    "template with the original": ("{{cite web|url=https://a.example/x|title=T}} {{Wayback|url=https://a.example/x|date=20200102030405}}", "sv"),
    "german template": ("{{Internetquelle|url=https://a.example/x|titel=T}} {{Webarchiv|url=https://a.example/x|wayback=20200102030405}}", "de"),
    "template behind a link": (f"[https://a.example/x T] {{{{Webarchive|url={COPY}}}}}", "en"),
    "link behind a link": (f"[https://a.example/x T] [{COPY} Archived]", "en"),
    "template alone": ("{{Wayback|url=https://a.example/x|date=20200102030405}}", "sv"),
    "copy alone": (f"{{{{Webarchive|url={COPY}}}}}", "en"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "language"), ARCHIVES.values(), ids=ARCHIVES.keys())
def test_a_copy_belongs_to_the_citation_it_stands_behind(body: str, language: str) -> None:
    found = only(f"<ref>{body}</ref>", language)

    assert (found.url, found.archive_url) == ("https://a.example/x", COPY)


def test_a_tag_belongs_to_the_citation_right_before_it() -> None:
    document = page(
        "A.<ref>{{cite web|url=https://a.example/|title=T}}</ref>{{failed verification|date=May 2020}}{{better source|reason=r}} "
        "B.<ref>{{cite web|url=https://b.example/|title=T}} {{dead link|bot=x}}</ref> words {{citation needed|date=June 2020}}\n{{cn}}"
    )

    first, second = document.every_citation()
    assert [(tag.code, tag.parameters) for tag in first.tags] == [
        ("failed-verification", (("date", "May 2020"),)), ("better-source", (("reason", "r"),)),
    ]  # fmt: skip
    assert [(tag.code, tag.parameters) for tag in second.tags] == [("dead-link", (("bot", "x"),))]
    assert [(tag.code, tag.line) for tag in document.tags] == [("citation-needed", 2), ("citation-needed", 3)]


BARE = {
    "address": ("<ref>https://a.example/</ref>", True),
    "numbered link": ("<ref>[https://a.example/]</ref>", True),
    "titled link": ("<ref>[https://a.example/ T]</ref>", False),
    "address with words": ("<ref>Alder, https://a.example/</ref>", False),
    "address with a tag": ("<ref>https://a.example/ {{dead link}}</ref>", True),
    "template without title": ("<ref>{{cite web|url=https://a.example/}}</ref>", False),
}


@pytest.mark.parametrize(("text", "bare"), BARE.values(), ids=BARE.keys())
def test_a_bare_citation_is_an_address_and_nothing_else(text: str, *, bare: bool) -> None:
    assert only(text).bare is bare


PLACES = {
    "reference": ("<ref>https://a.example/</ref>", Place.REFERENCE),
    "prose": ("== History ==\nSee https://a.example/ now", Place.INLINE),
    "bibliography": ("== References ==\n* {{cite book|title=T|url=https://a.example/}}", Place.GENERAL),
    "external links": ("== External links ==\n* [https://a.example/ A]", Place.EXTERNAL_LINK),
    "infobox": ("{{Infobox|website=https://a.example/}}", Place.INFOBOX),
}


@pytest.mark.parametrize(("text", "place"), PLACES.values(), ids=PLACES.keys())
def test_a_citation_knows_what_it_stands_in(text: str, place: Place) -> None:
    assert only(text).place is place


def test_external_links_are_known_in_the_language_of_the_wiki() -> None:
    assert only("== Weblinks ==\n* [https://a.example/ A]", "de").place is Place.EXTERNAL_LINK
    assert only("== 外部リンク ==\n* [https://a.example/ A]", "ja").place is Place.EXTERNAL_LINK


def test_every_place_points_at_its_text() -> None:
    text = "{{x}}\n== A ==\nß é <ref name=n>\n{{cite web\n|title=T|url=https://a.example/x}}</ref>"
    (document,) = documents.read("page.wiki", text.encode(), settings=Documents())

    (found,) = document.references
    (citation,) = found.citations
    assert found.span is not None
    assert citation.url_span is not None
    assert (found.line, found.span.column, found.section) == (3, 5, "A")
    assert text[found.span.start : found.span.end].startswith("<ref name=n>")
    assert text[citation.url_span.start : citation.url_span.end] == "https://a.example/x"
    assert (citation.line, citation.column, citation.url_span.line, citation.url_span.column) == (4, 1, 5, 14)


def test_a_broken_link_inside_a_template_hides_no_parameter() -> None:
    assert only("<ref>{{cite web|title=[[A|url=https://a.example/x|date=2020}}</ref>").url == "https://a.example/x"


def test_stripped_text_is_what_a_reader_sees() -> None:
    assert stripped("'''A''' [[b|c]] [[d]] {{!}} e<br/>f &amp; g {{nbsp}}h") == "A c d | e f & g h"


# ---- the library that MediaWiki bots use, as second opinion

BODIES = (
    "{{cite web|url=https://a.example/x|title=A [[b|c]] d|date=2020}}",
    "{{cite web| url = https://a.example/x \n| title = {{lang|fr|A|B}} = C\n|date=}}",
    "{{a|{{b|c={{d|e}}|f}}|g=h|i}}",
    "{{a|b{{!}}c|d=e=f|[[g|h]]|i}}",
    "{{a<!-- | -->|b=<!-- c -->d|<nowiki>|</nowiki>e}}",
    "{{a|{{{b|c}}}|d={{{e}}}}}",
    "{{#if:a|b|c=d}} {{a}} {{ A_b }} {{a|1=b|2=c|b}}",
    "{{a|b=[[File:c.jpg|d|e]]|f='' g ''|h=\n* i\n* j\n}}",
)


@pytest.mark.parametrize("body", BODIES)
def test_names_keys_and_values_agree_with_mwparserfromhell(body: str) -> None:
    text = entries.reading(body, place=entries.places(body), language=None).masked

    ours = [
        (one.name, [(each.key, each.value.strip()) for each in one.parameters])
        for one in templates.templates(text)[0]
        if not one.name.startswith("#")
    ]

    wikicode = mwparserfromhell.parse(body, skip_style_tags=True)
    theirs = [
        (
            " ".join(str(one.name.strip_code()).replace("_", " ").split()),
            [(str(each.name).strip(), uncommented(str(each.value)).strip()) for each in one.params],
        )
        for one in wikicode.filter_templates()
        if not str(one.name).strip().startswith(("#", "!"))
    ]
    assert ours == theirs


def test_single_brackets_do_not_shield_a_pipe_whatever_mwparserfromhell_says() -> None:
    (one,), _ = templates.templates("{{a|[https://a.example b|c]}}")

    assert [each.value for each in one.parameters] == ["[https://a.example b", "c]"]


def uncommented(text: str) -> str:
    for mark in ("<nowiki>", "</nowiki>"):
        text = text.replace(mark, "")
    while "<!--" in text:
        before, _, rest = text.partition("<!--")
        text = before + rest.partition("-->")[2]
    return text


def test_a_citation_is_the_same_wherever_its_page_begins() -> None:
    body = "<ref>{{cite web|url=https://a.example/x|title=T}}</ref>"

    near, far = only(body), only("words " * 50 + body)

    assert replace(near, span=None, url_span=None, column=None) == replace(far, span=None, url_span=None, column=None)


TABLE = json.loads(files("audit.data").joinpath("citation_templates.json").read_text(encoding="utf-8"))
COPIED = "https://web.archive.org/web/20200601000000/https://a.example/x"


def wiki_citation(wiki: dict[str, Any]) -> str:
    """A citation in the words of a wiki, as its table has them; CS1's where it has none."""
    kinds = wiki.get("templates") or TABLE["cs1"]["templates"]
    name = next(iter(kinds.get("web") or next(iter(kinds.values()))))
    fields = TABLE["cs1"]["fields"] | wiki.get("fields", {}) if wiki["cs1"] != "no" else wiki["fields"]
    said = {
        "url": "https://a.example/x",
        "title": "T",
        "access_date": "2020-05-04",
        "archive_url": COPIED,
        "archive_date": "2020-06-01",
    }
    given = [f"{fields[field][0]}={value}" for field, value in said.items() if fields.get(field)]
    return f"{{{{{name}|{'|'.join(given)}}}}}"


@pytest.mark.parametrize("language", TABLE["wikis"])
def test_the_words_of_every_wiki_are_read_into_the_same_nouns(language: str) -> None:
    found = only(f"<ref>{wiki_citation(TABLE['wikis'][language])}</ref>", language)

    assert (found.url, found.title) == ("https://a.example/x", "T")
    assert found.archive_url in {None, COPIED}
    assert found.access_date is None or str(found.access_date.value) == "2020-05-04"
    assert (found.archive_date is None) or str(found.archive_date.value) == "2020-06-01"


SHORTENED = {
    "names and year": ("{{sfn|Alder|Birch|2001|p=3}}", "last1=Alder|last2=Birch|year=2001", True),
    "year with a letter": ("{{sfn|Alder|2001a}}", "last=Alder|date=May 2001a", True),
    "by its own anchor": ("{{sfn|Guild|2001}}", "author=A Guild|year=2002|ref={{sfnref|Guild|2001}}", True),
    "in a reference": ("<ref>{{harvnb|Alder|2001|p=3}}</ref>", "last=Alder|year=2001", True),
    "another year": ("{{sfn|Alder|2002}}", "last=Alder|year=2001", False),
}


@pytest.mark.parametrize(("short", "entry", "found"), SHORTENED.values(), ids=SHORTENED.keys())
def test_a_short_citation_cites_the_entry_it_points_to(short: str, entry: str, *, found: bool) -> None:
    document = page(f"A{short} B{short}\n== Bibliography ==\n* {{{{cite book|title=T|url=https://a.example/x|{entry}}}}}")

    assert [citation.url for each in document.references[:1] for citation in each.citations] == ["https://a.example/x"] * found
    assert ("broken-short-citation" in [each.code for each in document.problems]) is not found


def test_equal_short_citations_are_one_reference() -> None:
    document = page(
        "{{sfn|Alder|2001|p=3}}{{sfn|Alder|2001|p=3}}{{sfn|Alder|2001|p=4}}\n* {{cite book|last=Alder|year=2001|title=T}}"
    )

    assert [(each.uses, each.definitions, each.template) for each in document.references] == [(2, 1, "sfn"), (1, 1, "sfn")]


UNSEEN = {
    "unclosed": "<ref>https://a.example/ <ref>b</ref>",
    "a parameter given twice": "{{box|a=<ref>https://a.example/</ref>|a=b}}",
    "a name of two words without quotes": "<ref name=a b>https://a.example/</ref>",
    "nameless in a list": "<references><ref>https://a.example/</ref></references>",
}


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN.keys())
def test_what_the_wiki_does_not_show_is_read_without_a_number(text: str) -> None:
    first = page(text).references[0]

    assert (first.rendered, first.entry) == (False, None)
    assert [each.url for each in first.citations] == ["https://a.example/"]


def test_entries_are_numbered_in_their_group_and_anew_behind_its_list() -> None:
    found = page("<ref>a</ref><ref group=n>b</ref><ref name=c>c</ref><references/><ref name=c/><ref>d</ref>").references

    assert [(each.group, each.entry, each.defined) for each in found] == [
        (None, 1, True), ("n", 1, True), (None, 2, True), (None, 3, False), (None, 4, True),
    ]  # fmt: skip


def test_half_a_character_reference_is_part_of_the_address() -> None:
    assert only("<ref>https://a.example/?a=1&copy=2&amp;section=3</ref>").url == "https://a.example/?a=1&copy=2&section=3"


def test_a_second_source_with_a_copy_is_no_copy_of_the_first() -> None:
    first, second = cited(f"<ref>[https://a.example/ A] {{{{cite web|url=https://b.example/|title=B|archive-url={COPY}}}}}</ref>")

    assert (first.url, first.archive_url, second.url, second.archive_url) == (
        "https://a.example/",
        None,
        "https://b.example/",
        COPY,
    )


HOSTILE = (
    "<ref>", "<!--", "{{", "[[", "<ref name=a>", "{{{", "{{[[", "[http://a.b ", "<ref>x<ref>y</ref>", "{{#tag:ref|", "<nowiki>", "xhttp://", "http://a|", "{{a|=",
    "<references>", "<b><ref></ref>", "{{sfn|A|1}}", "|", "<gallery>", "<gallery ", "<ref><a ", "-{", "''", "&amp;", "{{efn|",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_is_read_to_its_end(piece: str) -> None:
    document = page(piece * (200_000 // len(piece)) + "\n\n{{cite web|url=https://last.example/}}")

    assert len(document.problems) <= 1_100
