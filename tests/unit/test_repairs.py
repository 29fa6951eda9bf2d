"""Repairs: the least that mends a page, in the words of its wiki, and nothing where it is not sure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from audit import documents, repairs
from audit.model import Document, Finding, Severity
from tests import make

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
COPY = make.capture(
    memento_url="https://web.archive.org/web/20190302101112/https://news.example.com/a|b",
    captured_at=datetime(2019, 3, 2, 10, 11, 12, tzinfo=UTC),
)


def read(text: str, language: str | None) -> Document:
    (document,) = documents.read("page.wiki", text.encode(), language=language)
    return document


def gone(document: Document, *codes: str) -> Iterator[Finding]:
    """Every citation of the page is dead, and a copy of each was found."""
    for citation in document.every_citation():
        for code in codes or ("link-dead", "archive-available"):
            capture = COPY if code == "archive-available" else None
            yield Finding(code=code, severity=Severity.ERROR, detail="", citation=citation.position, capture=capture)


def mended(text: str, *codes: str, language: str | None = "en") -> str:
    document = read(text, language)
    return repairs.patched(text, repairs.repairs(document, text=text, findings=gone(document, *codes), now=NOW).made)


def left(text: str, *codes: str, language: str | None = "en") -> tuple[str, ...]:
    document = read(text, language)
    found = repairs.repairs(document, text=text, findings=gone(document, *codes), now=NOW)
    assert found.made == ()
    return found.left


URL = "https://web.archive.org/web/20190302101112/https://news.example.com/a{{!}}b"
WIKIS = {
    "en": (
        "A.<ref>{{Cite web |url=https://a.test/x |title=T |access-date=3 May 2018}}</ref>",
        (
            f"A.<ref>{{{{Cite web |url=https://a.test/x |title=T |access-date=3 May 2018 |archive-url={URL} |archive-date=2 March 2019"
            " |url-status=dead}}</ref>"
        ),
    ),
    "de": (
        "A.<ref>{{Internetquelle |url=https://a.test/x |titel=T |abruf=2018-05-03}}</ref>",
        (
            f"A.<ref>{{{{Internetquelle |url=https://a.test/x |titel=T |abruf=2018-05-03 |archiv-url={URL} |archiv-datum=2019-03-02"
            " |offline=1}}</ref>"
        ),
    ),
    "fr": (
        "A.<ref>{{Lien web|titre=T|url=https://a.test/x|consulté le=3 mai 2018}}</ref>",
        f"A.<ref>{{{{Lien web|titre=T|url=https://a.test/x|consulté le=3 mai 2018|archive-url={URL}|archive-date=2 mars 2019}}}}</ref>",
    ),
    "es": (
        "A.<ref>{{cita web|url=https://a.test/x|título=T|fechaacceso=3 de mayo de 2018}}</ref>",
        f"A.<ref>{{{{cita web|url=https://a.test/x|título=T|fechaacceso=3 de mayo de 2018|urlarchivo={URL}|fechaarchivo=2019-03-02}}}}</ref>",
    ),
    "it": (
        "A.<ref>{{Cita web|url=https://a.test/x|titolo=T|accesso=3 maggio 2018}}</ref>",
        (
            f"A.<ref>{{{{Cita web|url=https://a.test/x|titolo=T|accesso=3 maggio 2018|urlarchivio={URL}|dataarchivio=2 marzo 2019"
            "|urlmorto=sì}}</ref>"
        ),
    ),
    "pl": (
        "A.<ref>{{Cytuj |url=https://a.test/x |tytuł=T |data dostępu=2018-05-03}}</ref>",
        f"A.<ref>{{{{Cytuj |url=https://a.test/x |tytuł=T |data dostępu=2018-05-03 |archiwum={URL} |zarchiwizowano=2019-03-02}}}}</ref>",
    ),
    "nl": (
        "A.<ref>{{Citeer web|url=https://a.test/x|titel=T|bezochtdatum=3 mei 2018}}</ref>",
        (
            f"A.<ref>{{{{Citeer web|url=https://a.test/x|titel=T|bezochtdatum=3 mei 2018|archiefurl={URL}|archiefdatum=2 maart 2019"
            "|dodeurl=ja}}</ref>"
        ),
    ),
}


@pytest.mark.parametrize("language", WIKIS)
def test_a_copy_is_named_in_the_words_of_the_wiki(language: str) -> None:
    before, after = WIKIS[language]

    assert mended(before, language=language) == after


STYLES = {
    "tight": (
        "{{Cite web|url=https://a.test/x|title=T}}",
        "{{Cite web|url=https://a.test/x|archive-url=U|archive-date=D|url-status=dead|title=T}}",
    ),
    "one per line": (
        "{{Cite web\n | url   = https://a.test/x\n | title = T\n}}",
        "{{Cite web\n | url   = https://a.test/x\n | archive-url = U\n | archive-date = D\n | url-status = dead\n | title = T\n}}",
    ),
    "joined names": (
        "{{cite web |url=https://a.test/x |accessdate=2018-05-03 |title=T}}",
        "{{cite web |url=https://a.test/x |accessdate=2018-05-03 |archiveurl=U |archivedate=D |deadurl=dead |title=T}}",
    ),
    "an empty parameter is filled": (
        "{{Cite web |url=https://a.test/x |archive-url= |title=T}}",
        "{{Cite web |url=https://a.test/x |archive-url=U |archive-date=D |url-status=dead |title=T}}",
    ),
    "a status that stands is left": (
        "{{Cite web |url=https://a.test/x |url-status=live}}",
        "{{Cite web |url=https://a.test/x |archive-url=U |archive-date=D |url-status=live}}",
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_an_insertion_looks_like_its_neighbours(style: str) -> None:
    before, after = STYLES[style]

    assert mended(before) == after.replace("=U", f"={URL}").replace("= U", f"= {URL}").replace("=D", "=2019-03-02").replace(
        "= D", "= 2019-03-02"
    )


def test_dates_are_written_as_the_page_writes_them() -> None:
    page = "{{Use mdy dates}}<ref>{{Cite web |url=https://a.test/x}}</ref> <ref>{{Cite web |url=https://b.test/ |access-date=May 3, 2018}}</ref>"

    assert mended(page).count("archive-date=March 2, 2019") == 2


STATES = {"link-usurped": "usurped", "link-drifted": "deviated", "link-dead": "dead"}


@pytest.mark.parametrize("code", STATES)
def test_the_status_is_the_editors_word_for_the_state(code: str) -> None:
    assert f"|url-status={STATES[code]}" in mended("{{Cite web|url=https://a.test/x}}", code, "archive-available")


def test_a_dead_link_that_no_archive_has_gets_a_tag_with_its_month() -> None:
    before = "A.<ref>{{Cite web |url=https://a.test/x}}</ref>"

    after = mended(before, "link-dead", "no-capture")

    assert after == "A.<ref>{{Cite web |url=https://a.test/x}}{{dead link|date=November 2026|bot=source-audit}}</ref>"


@pytest.mark.parametrize(
    "codes",
    [
        ("link-suspect", "archive-available"),
        ("link-blocked", "archive-available"),
        ("link-dead",),
        ("link-usurped", "no-capture"),
    ],
    ids=["suspect", "blocked", "nobody could say whether there is a copy", "usurped and not archived"],
)
def test_what_is_not_sure_is_not_repaired(codes: tuple[str, ...]) -> None:
    assert left("{{Cite web|url=https://a.test/x}}", *codes) == ()


UNTOUCHED = {
    "a tag is there": "<ref>{{Cite web|url=https://a.test/x}}{{dead link|date=May 2020}}</ref>",
    "it names a copy": "{{Cite web|url=https://a.test/x|archive-url=https://web.archive.org/web/20190101000000/https://a.test/x}}",
    "the editors ask bots to pass by": "{{Cite web|url=https://a.test/x}} {{cbignore}}",
    "the whole page asks": "{{nobots}} {{Cite web|url=https://a.test/x}}",
    "the page denies all": "{{bots|deny=all}} {{Cite web|url=https://a.test/x}}",
    "the page denies this one": "{{bots|deny=SomeBot,source-audit}} {{Cite web|url=https://a.test/x}}",
    "the page allows another": "{{bots|allow=SomeBot}} {{Cite web|url=https://a.test/x}}",
    "a comment stands inside": "{{Cite web|url=https://a.test/x<!-- sic -->}}",
    "an archive is the cited page": "{{Cite web|url=https://web.archive.org/web/20190101000000/https://a.test/x}}",
}


@pytest.mark.parametrize("why", UNTOUCHED)
def test_a_page_or_citation_is_left_alone(why: str) -> None:
    codes = ("link-dead", "no-capture") if why == "a tag is there" else ()

    assert mended(UNTOUCHED[why], *codes) == UNTOUCHED[why]


def test_other_bots_may_be_denied() -> None:
    page = "{{bots|deny=SomeBot}} {{Cite web|url=https://a.test/x}}"

    assert mended(page) != page


def test_what_is_left_to_a_person_says_why() -> None:
    assert left("{{nobots}} {{Cite web|url=https://a.test/x}}") == (
        "the page asks bots to leave it alone ({{bots}} or {{nobots}})",
    )
    assert "by hand" in left("<ref>[https://a.test/x A bare link]</ref>")[0]


@pytest.mark.parametrize("language", WIKIS)
def test_repairing_twice_changes_nothing_more(language: str) -> None:
    once = mended(WIKIS[language][0], language=language)

    assert mended(once, language=language) == once


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "mixed"])
def test_everything_else_stays_as_it_was_to_the_byte(ends: str) -> None:
    lines = ["One. ", "{{Cite web", "| url=https://a.test/x", "}}", "", "End"]
    written = "\r\n".join(lines[:3]) + "\n" + "\r".join(lines[3:]) if ends == "mixed" else ends.join(lines)
    source = repairs.original(written)
    document = read(source.text, "en")

    made = repairs.repairs(document, text=source.text, findings=gone(document), now=NOW).made
    after = source.back(made)

    assert len(made) == 1
    assert after.replace(made[0].text, "") == written
    assert repairs.original(after).text == repairs.patched(source.text, made)


def test_the_spans_of_a_document_are_the_ones_that_repairs_count_in() -> None:
    document = read("é 😀 {{Cite web|url=https://a.test/x}}", "en")

    made = repairs.repairs(document, text="é 😀 {{Cite web|url=https://a.test/x}}", findings=gone(document), now=NOW).made

    assert [each.line for each in made] == [1]
    assert replace(made[0], text="").at == len("é 😀 {{Cite web|url=https://a.test/x")
