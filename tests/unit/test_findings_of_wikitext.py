"""Each code on the wikitext that an editor would write: a page that has the fault, and its look-alike that has not."""

import json
from datetime import UTC, datetime
from importlib.resources import files

import pytest

from audit import integrity
from audit.documents import wikitext_page
from audit.model import Finding, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
PAGE = "https://news.example.com/story"
COPY = f"https://web.archive.org/web/20200501120000/{PAGE}"


def told(text: str, language: str | None = "en") -> list[Finding]:
    return list(integrity.offline(wikitext_page.read("a.wiki", text, language=language), now=NOON))


def codes(text: str, language: str | None = "en") -> set[str]:
    return {each.code for each in told(text, language)}


def cite(*more: str, url: str = PAGE, title: str = "A story", access: str = "2 May 2020", name: str = "Cite web") -> str:
    """A citation with nothing to complain about; an empty value is left out by the reader."""
    fields = [f"url={url}", f"title={title}", "date=30 April 2020", f"access-date={access}", *more]
    return "{{" + "|".join([name, *fields]) + "}}"


def ref(*more: str, url: str = PAGE, title: str = "A story", access: str = "2 May 2020", name: str = "Cite web") -> str:
    return f"<ref>{cite(*more, url=url, title=title, access=access, name=name)}</ref>"


def archived(*more: str, copy: str = COPY, day: str = "1 May 2020", url: str = PAGE) -> str:
    return ref(f"archive-url={copy}", f"archive-date={day}", *more, url=url)


def test_a_page_without_faults_has_no_findings() -> None:
    assert told(f"Text.{ref()} More.{archived(url=f'{PAGE}/2', copy=f'{COPY}/2')}\n<references/>") == []


REFERENCES = [
    pytest.param("undefined-reference", ERROR, 'A.<ref name="x" />', 'A.<ref name="x" />B.<ref name="x">Smith</ref>', id="used before"),
    pytest.param("undefined-reference", ERROR, 'A.<ref name="x" />', '{{Infobox a|b=1<ref name="x">Smith</ref>}} A.<ref name="x" />', id="defined in an infobox"),
    pytest.param("undefined-reference", ERROR, 'A.<ref name="x" group="n" /><ref name="x">Smith</ref><references group="n"/>', 'A.<ref name="x" group="n" /><ref name="x" group="n">Smith</ref><references group="n"/>', id="another group"),
    pytest.param("undefined-reference", ERROR, 'A.<ref name="Smith" /><ref name="smith">S</ref>', 'A.<ref name=Smith /><ref name=" Smith ">S</ref>', id="case counts, spaces do not"),
    pytest.param("undefined-reference", ERROR, 'A.<ref name="a_b" /><ref name="a b">S</ref>', 'A.<ref name="a  b" /><ref name="a b">S</ref>', id="an underscore is no space"),
    pytest.param("undefined-reference", ERROR, 'A.<ref name="x" /><!-- <ref name="x">S</ref> -->', 'A.<!-- <ref name="x" /> -->', id="in a comment"),
    pytest.param("undefined-reference", ERROR, 'A.<ref name="x" />', 'A.<nowiki><ref name="x" /></nowiki>', id="in nowiki"),
    pytest.param("undefined-reference", ERROR, 'A.<ref name="x" />', 'A.<ref name="x" /><references><ref name="x">S</ref></references>', id="defined in the list"),
    pytest.param("undefined-reference", ERROR, "A.{{r|x}}", 'A.{{r|x}}<ref name="x">S</ref>', id="used by a template"),
    pytest.param("duplicate-reference-name", WARNING, '<ref name="x">One</ref><ref name="x">Two</ref>', '<ref name="x">One</ref><ref name="x">One</ref>', id="an identical body is no fault"),
    pytest.param("duplicate-reference-name", WARNING, '<ref name="x">One</ref><ref name="x">Two</ref>', '<ref name="x">One</ref><ref name="x" group="n">Two</ref><references group="n"/>', id="another group is another reference"),
    pytest.param("unused-reference", WARNING, 'A.<references><ref name="x">S</ref></references>', 'A.<ref name="x" /><references><ref name="x">S</ref></references>', id="used"),
    pytest.param("unused-reference", WARNING, 'A.{{reflist|refs=<ref name="x">S</ref>}}', 'A.{{r|x}}{{reflist|refs=<ref name="x">S</ref>}}', id="list template"),
    pytest.param("empty-reference", WARNING, "A.<ref></ref>", "A.<ref>S</ref>", id="no text"),
    pytest.param("empty-reference", WARNING, "A.<ref> </ref>", 'A.<ref name="x"></ref><ref name="x">S</ref>', id="named is a use"),
    pytest.param("numeric-reference-name", WARNING, '<ref name="12">S</ref>', '<ref name="12a">S</ref>', id="all digits"),
    pytest.param("unclosed-reference", ERROR, f"A.<ref>{cite()} B.<ref>T</ref>", f"A.<ref>{cite()}</ref> B.<ref>T</ref>", id="another begins"),
    pytest.param("unclosed-reference", ERROR, "A.<ref>S B", "A.<ref>S</ref > B", id="a space in the closing tag"),
    pytest.param("group-without-list", WARNING, 'A.<ref group="n">S</ref><references/>', 'A.<ref group="n">S</ref><references group="n"/>', id="a list of its own"),
    pytest.param("group-without-list", WARNING, 'A.<ref group="n">S</ref>{{reflist}}', "A.<ref>S</ref>", id="the default group always gets one"),
    pytest.param("broken-short-citation", WARNING, "A.{{sfn|Smith|2001}}", "A.{{sfn|Smith|2001}}\n* {{Cite book|last=Smith|date=2001|title=T}}", id="the entry is there"),
    pytest.param("broken-short-citation", WARNING, "A.{{sfn|Smith|2002}}\n* {{Cite book|last=Smith|date=2001|title=T}}", "A.{{sfn|Smith|2001a}}\n* {{Cite book|last=Smith|date=2001a|title=T}}", id="another year"),
    pytest.param("broken-short-citation", WARNING, "A.{{harvnb|Smith|2001}}", "A.{{harvnb|Smith|2001}}\n* {{Cite book|last=Jones|date=1999|title=T|ref={{harvid|Smith|2001}}}}", id="an anchor by hand"),
    pytest.param("not-rendered", WARNING, '<ref nme="x">S</ref>', '<ref name="x">S</ref>', id="an unknown attribute"),
    pytest.param("not-rendered", NOTE, "{{Infobox a|b=<ref>S</ref>|b=2}}", "{{Infobox a|b=<ref>S</ref>|c=2}}", id="a parameter given again"),
    pytest.param("duplicate-reference", NOTE, f"A.{ref()} B.{ref()}", f"A.{ref()} B.{ref(url=f'{PAGE}/2')}", id="equal bodies"),
    pytest.param("duplicate-reference", NOTE, f"A.{ref()} B.{ref().replace('|title', ' |title').replace(' |', '  |')}{ref().replace('|title', ' |title')}", "A.<ref>Ibid.</ref> B.<ref>Ibid.</ref>", id="white space folded, footnotes left out"),
    pytest.param("duplicate-reference", NOTE, f"A.<ref name=a>{cite()}</ref> B.<ref name=b>{cite()}</ref>", f"A.<ref name=a>{cite()}</ref> B.<ref name=a>{cite()}</ref>", id="differently named"),
    pytest.param("nesting-too-deep", NOTE, "<ref>" + "{{a|" * 150 + "}}" * 150 + "</ref>", "<ref>" + "{{a|" * 20 + "}}" * 20 + "</ref>", id="150 deep"),
]  # fmt: skip

CITATIONS = [
    pytest.param("bare-url", WARNING, f"<ref>{PAGE}</ref>", ref(), id="an address"),
    pytest.param("bare-url", WARNING, f"<ref>[{PAGE}]</ref>", f"<ref>[{PAGE} A story]</ref>", id="in brackets counts as bare"),
    pytest.param("bare-url", WARNING, f"<ref>{PAGE}.</ref>", f"<ref>A story, {PAGE}</ref>", id="a title in front"),
    pytest.param("bare-url", WARNING, f"<ref>{PAGE}</ref>", "{{Infobox a|website=https://news.example.com}}", id="the site of an infobox"),
    pytest.param("bare-url", WARNING, f"<ref>{PAGE}</ref>", f"<ref>{cite()} https://news.example.com/b</ref>", id="beside a citation"),
    pytest.param("bare-url", WARNING, f"<ref>{PAGE}</ref>", ref("quote=so says https://news.example.com/b"), id="a quotation"),
    pytest.param("missing-title", WARNING, ref(title=""), ref("title=none"), id="title=none is meant"),
    pytest.param("missing-title", WARNING, ref(title=""), ref("script-title=ja:\u6771\u4eac", title=""), id="a title in its script"),
    pytest.param("missing-title", WARNING, ref(title=""), "<ref>[https://news.example.com/story A story]</ref>", id="a link with words"),
    pytest.param("url-in-other-parameter", NOTE, ref("pages=[https://news.example.com/p.pdf 3]"), ref("pages=3"), id="pages"),
    pytest.param("url-in-other-parameter", NOTE, ref("quote=see https://news.example.com/x"), ref("chapter-url=https://news.example.com/x", "chapter=C", name="Cite book"), id="a chapter has an address of its own"),
    pytest.param("url-is-template", WARNING, ref(url="{{Some template|1}}"), ref(url=f"{PAGE}?a=1{{{{!}}}}b"), id="a bar by template is a character"),
    pytest.param("malformed-url", WARNING, "<ref>{{Cita web|https://news.example.com/?a=1|T}}</ref>", "<ref>{{Cita web|1=https://news.example.com/?a=1|2=T}}</ref>", id="positional with an equals sign"),
    pytest.param("malformed-url", WARNING, ref(url="https://news.example.com/a story"), ref(url="https://news.example.com/a%20story"), id="white space"),
    pytest.param("malformed-url", WARNING, f"<ref>[[{PAGE}]]</ref>", f"<ref>[{PAGE} A]</ref>", id="double brackets"),
    pytest.param("malformed-url", WARNING, ref(url=f"[{PAGE} A story]"), ref(), id="a whole link"),
    pytest.param("malformed-url", WARNING, ref(url="htp://news.example.com/story"), ref(url="//news.example.com/story"), id="no scheme is fine"),
    pytest.param("malformed-url", WARNING, "<ref>https://news.example.com/a\uff08b\uff09</ref>", "<ref>https://news.example.com/\u6771\u4eac</ref>", id="full-width punctuation"),
    pytest.param("unsupported-scheme", NOTE, "<ref>[mailto:ada@example.com Ada]</ref>", "<ref>[ftp://files.example.com/a Ada]</ref>", id="mail"),
    pytest.param("duplicate-parameter", NOTE, ref("title=Another"), ref("trans-title=Another"), id="given twice"),
    pytest.param("date-unreadable", NOTE, ref(access="soon"), ref(access="2 mai 2020"), id="another language is read"),
    pytest.param("date-unreadable", NOTE, ref("date=4/5/2021"), ref("date=24/5/2021"), id="day or month"),
    pytest.param("date-unreadable", NOTE, ref("date=31 June 2020"), ref("date=n.d."), id="n.d. is an answer"),
    pytest.param("date-unreadable", NOTE, ref("date=month 13"), ref("date=Spring 2020"), id="a season is read"),
    pytest.param("date-missing", NOTE, ref("date="), ref("date=n.d."), id="n.d. is no gap"),
    pytest.param("date-missing", NOTE, ref("date="), ref("date=", "year=2020"), id="a year alone"),
    pytest.param("access-date-missing", NOTE, ref(access=""), ref(access="", name="Cite book"), id="a book does not change"),
    pytest.param("access-date-missing", NOTE, ref(access=""), ref("doi=10.1234/x", access="", name="Cite journal"), id="nor does a paper"),
    pytest.param("date-in-future", WARNING, ref(access="3 June 2026"), ref(access="2 June 2026"), id="one day is a time zone"),
    pytest.param("date-in-future", WARNING, ref("date=1 September 2026"), ref("date=1 September 2026", name="Cite book"), id="a forthcoming book"),
    pytest.param("date-in-future", WARNING, ref("date=1 September 2026"), ref("date=September 2026"), id="a month is not compared"),
    pytest.param("access-before-publication", WARNING, ref("date=4 May 2020"), ref("date=3 May 2020"), id="one day is a time zone"),
    pytest.param("access-before-publication", WARNING, ref("date=31 December 2021"), ref("date=31 December 2020"), id="31 December means the year"),
    pytest.param("date-in-url-differs", NOTE, ref(url="https://news.example.com/2020/4/2/story"), ref(url="https://news.example.com/2020/4/29/story"), id="without zeros, one day off"),
    pytest.param("date-in-url-differs", NOTE, ref(url="https://news.example.com/2020/03/story"), ref(url="https://news.example.com/vol/2020/3/story"), id="a number without its zero is an issue"),
    pytest.param("date-in-url-differs", NOTE, ref(url="https://news.example.com/2019-05-01/x"), ref(url="https://news.example.com/x?d=2019-05-01"), id="only the path"),
    pytest.param("generic-title", WARNING, ref(title="404 - File or directory not found"), ref(title="Highway 404 extended"), id="404 in the middle"),
    pytest.param("generic-title", WARNING, ref(title="Page Not Found {{!}} The Paper"), ref(title="Page not found: how papers lose archives"), id="part of a title"),
    pytest.param("generic-title", WARNING, ref(title="Seite nicht gefunden"), ref(title="Nicht gefunden: die verlorene Stadt"), id="German"),
    pytest.param("generic-title", WARNING, ref(title="Subscribe to read"), ref(title="Subscribe to readers' letters"), id="wall"),
    pytest.param("generic-title", WARNING, ref(title="WebCite query result"), ref(title="A query result"), id="WebCite"),
    pytest.param("generic-title", WARNING, ref(title="news.example.com is for sale"), ref(title="Island is for sale, says owner"), id="for sale"),
    pytest.param("generic-title", WARNING, ref(title="HugeDomains.com - Shop for a name"), ref(title="Huge domains of the tsars"), id="domain shop"),
    pytest.param("generic-title", WARNING, ref(title="Redirecting..."), ref(title="Redirecting a river"), id="redirecting"),
    pytest.param("generic-title", WARNING, ref(title="Internet Archive Wayback Machine"), ref(title="Wayback Machine turns 20"), id="archive"),
]  # fmt: skip

COPIES = [
    pytest.param("archive-date-missing", WARNING, ref(f"archive-url={COPY}"), archived(), id="no date"),
    pytest.param("archive-date-missing", WARNING, ref(f"archive-url={COPY}"), f"<ref>{cite()} {{{{Webarchive|url={COPY}|date=1 May 2020}}}}</ref>", id="a template says both"),
    pytest.param("archive-url-missing", WARNING, ref("archive-date=1 May 2020"), archived(), id="no address"),
    pytest.param("archive-without-url", WARNING, archived(url=""), archived(url="{{Some template|1}}"), id="a template makes the address"),
    pytest.param("archive-without-url", WARNING, archived(url=""), archived("chapter-url=https://news.example.com/story", url=""), id="a chapter's address"),
    pytest.param("status-without-archive", NOTE, ref("url-status=dead"), ref("url-status=live"), id="live needs none"),
    pytest.param("status-without-archive", NOTE, ref("deadurl=yes"), archived("deadurl=yes"), id="its ancestor"),
    pytest.param("archive-url-is-cited-url", WARNING, ref(url=COPY), ref(url="https://archive.org/details/book"), id="a library is no archive"),
    pytest.param("archive-url-not-a-capture", WARNING, archived(copy=PAGE), archived(), id="the original"),
    pytest.param("archive-url-not-a-capture", WARNING, archived(copy="https://mirror.example.net/story"), archived(), id="a mirror"),
    pytest.param("archive-url-not-a-capture", WARNING, archived(copy=f"https://web.archive.org/web/*/{PAGE}"), archived(), id="calendar"),
    pytest.param("archive-url-not-a-capture", WARNING, archived(copy=f"https://web.archive.org/web/2/{PAGE}"), archived(), id="alias"),
    pytest.param("archive-url-not-a-capture", WARNING, archived(copy=f"https://web.archive.org/web/{PAGE}"), archived(), id="no time"),
    pytest.param("archive-url-not-a-capture", WARNING, archived(copy=f"https://web.archive.org/save/{PAGE}"), archived(), id="save"),
    pytest.param("archive-url-not-a-capture", WARNING, archived(copy=f"https://web.archive.org/web/20209901000000/{PAGE}"), archived(), id="no date"),
    pytest.param("archive-url-not-a-capture", WARNING, archived(copy=f"https://web.archive.org/web/19700101000000/{PAGE}"), archived(), id="filler"),
    pytest.param("archive-url-not-a-capture", WARNING, archived(copy=f"https://web.archive.org/web/20300101000000/{PAGE}", day="1 January 2030"), archived(), id="time to come"),
    pytest.param("archive-url-not-a-capture", NOTE, archived(copy=f"https://web.archive.org/web/202005/{PAGE}"), archived(), id="cut short"),
    pytest.param("archive-url-not-a-capture", NOTE, archived(copy=f"https://web.archive.org/20200501120000/{PAGE}"), archived(copy=f"http://archive.org/web/20200501120000/{PAGE}"), id="without web"),
    pytest.param("archive-deprecated", WARNING, archived(copy="https://archive.today/20200501120000/" + PAGE), archived(), id="archive.today"),
    pytest.param("archive-service-gone", WARNING, archived(copy="https://www.webcitation.org/5eWaHRbn4?url=" + PAGE), archived(copy="https://perma.cc/AB12-CD34"), id="WebCite"),
    pytest.param("archive-of-archive", WARNING, archived(copy=f"https://web.archive.org/web/20200501120000/http://archive.today/20200430000000/{PAGE}"), archived(), id="nested"),
    pytest.param("archive-of-another-url", WARNING, archived(copy="https://web.archive.org/web/20200501120000/https://ads.example.net/frame"), archived(copy="https://web.archive.org/web/20200501120000/http://www.NEWS.example.com:80/story/#top"), id="folded"),
    pytest.param("archive-of-another-url", WARNING, archived(copy="https://web.archive.org/web/20200501120000/https://ads.example.net/frame"), archived(url="{{Some template|1}}", copy="https://web.archive.org/web/20200501120000/https://ads.example.net/frame"), id="a template makes the address"),
    pytest.param("archive-of-another-url", WARNING, archived(copy="https://web.archive.org/web/20200501120000/https://ads.example.net/frame"), archived(url=COPY, copy="https://web.archive.org/web/20200501120000/https://ads.example.net/frame"), id="the cited address is an archive"),
    pytest.param("archive-of-another-url", WARNING, archived(copy="https://web.archive.org/web/20200501120000/https://ads.example.net/frame"), archived(copy="https://perma.cc/AB12-CD34"), id="a short form shows no address"),
    pytest.param("archive-of-another-url", NOTE, archived(copy="https://web.archive.org/web/20200501120000/https://news.example.com/b"), archived(url="https://news.example.com/a%C3%A4", copy="https://web.archive.org/web/20200501120000/https://news.example.com/a\u00e4"), id="the same site, escapes folded"),
    pytest.param("archive-of-another-url", NOTE, archived(copy="https://web.archive.org/web/20200501120000/https://old.example.net/story"), archived(), id="the same path elsewhere"),
    pytest.param("archive-of-another-url", NOTE, archived(copy=f"https://web.archive.org/web/20200501120000/{PAGE}?id=2"), archived(), id="another query"),
    pytest.param("archive-date-mismatch", WARNING, archived(day="3 May 2020"), archived(day="May 2020"), id="a month is not compared"),
    pytest.param("archive-date-mismatch", NOTE, archived(day="2 May 2020"), archived(day="1. Mai 2020"), id="one day; local words"),
    pytest.param("archive-date-mismatch", WARNING, archived(day="3 May 2020"), archived(day="whenever"), id="unreadable is no finding"),
    pytest.param("archive-before-publication", WARNING, archived("date=3 May 2020"), archived("date=2 May 2020"), id="one day is a time zone"),
    pytest.param("archive-before-publication", WARNING, archived("date=3 May 2020"), archived("date=June 2020"), id="a month is not compared"),
    pytest.param("archive-predates-access", NOTE, archived("access-date=3 May 2021"), archived("access-date=1 May 2021"), id="365 days"),
    pytest.param("archive-predates-access", NOTE, archived("access-date=3 May 2021"), archived("access-date=30 May 2020"), id="30 days are normal"),
]  # fmt: skip

STYLE = [
    pytest.param("title-carries-site-name", NOTE, ref(title="A story {{!}} Example"), ref(title="A story {{!}} Part two"), id="domain"),
    pytest.param("title-carries-site-name", NOTE, ref("work=The Paper", title="A story - Paper"), ref("work=The Paper", title="Paper"), id="work"),
    pytest.param("title-carries-site-name", NOTE, ref(title="A story \u2013 Example \u2013 08/13/2023"), ref(title="A story \u2013 08/13/2023"), id="a date behind"),
    pytest.param("title-carries-site-name", NOTE, ref(url="https://www.natlab.example.org/a", title="A {{!}} National Laboratory"), ref(url="https://www.natlab.example.org/a", title="A {{!}} National Theatre"), id="an abbreviated host"),
    pytest.param("author-defect", NOTE, ref("last=Lovelace and", "first=Ada"), ref("last=Anderssand", "first=Ada"), id="and"),
    pytest.param("author-defect", NOTE, ref("last=Lovelace", "first=Dr Ada"), ref("last=Lovelace", "first=Drew"), id="Dr"),
    pytest.param("author-defect", NOTE, ref("last=LOVELACE", "first=ADA"), ref("author=UNESCO"), id="capitals"),
    pytest.param("author-defect", NOTE, ref("last=Press", "first=Associated"), ref("last=Press", "first=Frank"), id="a family name Press"),
    pytest.param("author-defect", NOTE, ref("last=News", "first=BBC"), ref("author=BBC News"), id="an organisation whole"),
    pytest.param("author-defect", NOTE, ref("last=Service", "first=RFE/RL's"), ref("last=Service", "first=Robert"), id="a family name Service"),
    pytest.param("author-defect", NOTE, ref("last=admin"), ref("last=Adminova"), id="software"),
    pytest.param("author-defect", NOTE, ref("last=Times", "first=The Harbour", "work=The Harbour Times"), ref("last=Lovelace", "first=Ada", "work=Ada Lovelace"), id="a page of one person"),
    pytest.param("language-script-mismatch", NOTE, ref("language=hy", title="A long Latin title"), ref("language=sr", title="A long Latin title"), id="two scripts"),
    pytest.param("parameter-misuse", NOTE, ref("page=the war began in the spring of that year"), ref("page=A1, columns 2 and 3"), id="prose"),
    pytest.param("parameter-misuse", NOTE, ref(f"id=[{PAGE}.pdf PDF]"), ref("id=RC-B9-0075/2023"), id="a link in id"),
    pytest.param("conflicting-metadata", NOTE, ref() + ref(title="Another"), ref() + ref("quote=so", "page=3", access="4 May 2020"), id="quote, page and access differ"),
    pytest.param("conflicting-metadata", NOTE, ref("last=A") + ref("last=B"), ref("last=Lovelace", "first=Ada") + ref("author=Ada Lovelace"), id="one author in two orders"),
    pytest.param("conflicting-metadata", NOTE, archived() + archived(copy=COPY.replace("0501120000", "0502120000")), archived() + archived(copy=COPY.replace("https://web.", "http://")), id="one copy, two spellings"),
    pytest.param("conflicting-metadata", NOTE, ref() + ref("date=1 April 2020"), ref() + ref("date=April 2020"), id="a month is not compared"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "severity", "wrong", "right"), [*REFERENCES, *CITATIONS, *COPIES, *STYLE])
def test_a_fault_is_told_and_its_look_alike_is_not(code: str, severity: Severity, wrong: str, right: str) -> None:
    fired = [each for each in told(wrong) if each.code == code]

    assert [each.severity for each in fired[:1]] == [severity]
    assert code not in codes(right)


TAGS: dict[str, list[str]] = json.loads(files("audit.data").joinpath("citation_templates.json").read_text(encoding="utf-8"))[
    "tags"
]


@pytest.mark.parametrize(("code", "names"), TAGS.items())
def test_each_of_the_tags_is_told_behind_a_reference(code: str, names: list[str]) -> None:
    fired = [each for each in told(f"A.{ref()}{{{{{names[0]}|date=May 2020}}}}") if each.code == f"tagged-{code}"]

    assert [(each.severity, each.citation) for each in fired] == [(NOTE, 0)]


def test_there_are_21_tags() -> None:
    assert len(TAGS) == 21


def test_a_tag_inside_of_a_reference_speaks_of_the_citation_before_it() -> None:
    fired = [
        each
        for each in told(f"A.<ref>{cite()} {{{{dead link|date=May 2020}}}} {cite(url=f'{PAGE}/2')}</ref>")
        if each.code == "tagged-dead-link"
    ]

    assert [(each.citation, each.url) for each in fired] == [(0, PAGE)]


def test_a_tag_after_words_is_the_page_s() -> None:
    fired = [
        each
        for each in told(f"A.{ref()} He said so.{{{{citation needed|date=May 2020}}}}")
        if each.code == "tagged-citation-needed"
    ]

    assert [(each.citation, each.line) for each in fired] == [(None, 1)]


HOUSE = [ref("archive-date=2020-05-01", f"archive-url={COPY}?{n}", url=f"{PAGE}?{n}", access="2020-05-02") for n in range(3)]


def test_a_citation_in_two_manners_of_dates_is_told() -> None:
    assert "mixed-date-styles" in codes(ref(access="May 2, 2020"))
    assert "mixed-date-styles" in codes(HOUSE[0] + ref() + ref(url=f"{PAGE}/2"))


def test_dates_of_archives_in_digits_are_the_manner_of_many_articles() -> None:
    assert "mixed-date-styles" not in codes("".join(HOUSE))


def test_a_missing_date_that_the_address_shows_is_proposed() -> None:
    known = [
        each.advice for each in told(ref("date=", url="https://news.example.com/2020/04/30/story")) if each.code == "date-missing"
    ]
    month = [
        each.advice for each in told(ref("date=", url="https://news.example.com/2020/04/story")) if each.code == "date-missing"
    ]

    assert (known, month) == (["date=2020-04-30, as the address says"], [None])


def test_of_a_page_of_nothing_but_repeats_a_thousand_are_told() -> None:
    told_of = [each for each in told(f"<ref>{PAGE}</ref>" * 1_500) if each.code == "duplicate-reference"]

    assert len(told_of) == 1_000
