"""Repairs only insert, in the manner of what stands around them, and twice is as good as once."""

from datetime import UTC, date, datetime

import pytest

from audit import documents, repairs
from audit.model import LinkState
from audit.repairs import Ailing

URL = "https://news.example.com/story"
COPY = f"https://web.archive.org/web/20200503120000/{URL}"
TODAY = date(2026, 5, 20)
HELD = Ailing(state=LinkState.DEAD, memento_url=COPY, captured_at=datetime(2020, 5, 3, 12, tzinfo=UTC))
LOST = Ailing(state=LinkState.DEAD)


def mended(text: str, ailing: Ailing = HELD, *, language: str | None = "en") -> str:
    document = documents.read("a.wiki", text.encode(), language=language)[0]
    known = {each.position: ailing for each in document.every_citation()}
    return repairs.applied(text, repairs.repaired(document, text, known=known, today=TODAY))


def ref(template: str) -> str:
    return f"A fact.<ref>{template}</ref> More.\n"


ARCHIVED = {
    "tight": (
        "en",
        f"{{{{cite web|url={URL}|title=A|access-date=2020-05-01}}}}",
        f"|archive-url={COPY}|archive-date=2020-05-03|url-status=dead}}}}",
    ),
    "blank before the pipe": (
        "en",
        f"{{{{cite web |url={URL} |title=A |access-date=1 May 2020}}}}",
        f" |archive-url={COPY} |archive-date=3 May 2020 |url-status=dead}}}}",
    ),
    "blank behind the pipe": (
        "en",
        f"{{{{cite web| url={URL}| title=A}}}}",
        f"| archive-url={COPY}| archive-date=2020-05-03| url-status=dead}}}}",
    ),
    "one per line": (
        "en",
        f"{{{{cite web\n| url   = {URL}\n| title = A\n}}}}",
        f"\n| archive-url = {COPY}\n| archive-date = 2020-05-03\n| url-status = dead\n}}}}",
    ),
    "month first": (
        "en",
        f"{{{{cite web|url={URL}|title=A|access-date=May 1, 2020}}}}",
        f"|archive-url={COPY}|archive-date=May 3, 2020|url-status=dead}}}}",
    ),
    "the older spelling": (
        "en",
        f"{{{{cite web|url={URL}|title=A|accessdate=2020-05-01}}}}",
        f"|archiveurl={COPY}|archivedate=2020-05-03|url-status=dead}}}}",
    ),
    "German": (
        "de",
        f"{{{{Internetquelle |url={URL} |titel=A |abruf=2020-05-01}}}}",
        f" |archiv-url={COPY} |archiv-datum=2020-05-03 |offline=1}}}}",
    ),
    "French": (
        "fr",
        f"{{{{Lien web |url={URL} |titre=A |consulté le=1 mai 2020}}}}",
        f" |archive-url={COPY} |archive-date=3 mai 2020 |brisé le=20 mai 2026}}}}",
    ),
    "Spanish, whose words for dead we only recall": (
        "es",
        f"{{{{Cita web|url={URL}|título=A|fechaacceso=1 de mayo de 2020}}}}",
        f"|urlarchivo={COPY}|fechaarchivo=3 de mayo de 2020}}}}",
    ),
    "Italian": (
        "it",
        f"{{{{Cita web|url={URL}|titolo=A|accesso=1 maggio 2020}}}}",
        f"|urlarchivio={COPY}|dataarchivio=3 maggio 2020|urlmorto=sì}}}}",
    ),
    "Polish": (
        "pl",
        f"{{{{Cytuj|url={URL}|tytuł=A|data dostępu=2020-05-01}}}}",
        f"|archiwum={COPY}|zarchiwizowano=2020-05-03}}}}",
    ),
    "Dutch": (
        "nl",
        f"{{{{Citeer web|url={URL}|titel=A|bezochtdatum=1 mei 2020}}}}",
        f"|archiefurl={COPY}|archiefdatum=3 mei 2020|dodeurl=ja}}}}",
    ),
    "Japanese": (
        "ja",
        f"{{{{Cite web|url={URL}|title=A|accessdate=2020年5月1日}}}}",
        f"|archiveurl={COPY}|archivedate=2020年5月3日|deadlinkdate=2026年5月20日}}}}",
    ),
}


@pytest.mark.parametrize(("language", "template", "end"), ARCHIVED.values(), ids=ARCHIVED)
def test_the_copy_is_written_in_the_words_and_the_manner_of_the_wiki(language: str, template: str, end: str) -> None:
    body = template.removesuffix("}}").rstrip("\n")

    assert mended(ref(template), language=language) == ref(body + end)


@pytest.mark.parametrize(("language", "template"), [case[:2] for case in ARCHIVED.values()], ids=ARCHIVED)
def test_a_second_repair_changes_nothing(language: str, template: str) -> None:
    once = mended(ref(template), language=language)

    assert mended(once, language=language) == once
    assert mended(mended(ref(template), LOST, language=language), LOST, language=language) == mended(
        ref(template), LOST, language=language
    )


def test_an_empty_parameter_is_filled_and_not_repeated() -> None:
    text = ref(f"{{{{cite web|url={URL}|archive-url=|archive-date=|url-status=|title=A}}}}")

    expected = ref(f"{{{{cite web|url={URL}|archive-url={COPY}|archive-date=2020-05-03|url-status=dead|title=A}}}}")
    assert mended(text) == expected


def test_an_empty_parameter_with_blanks_keeps_its_blanks() -> None:
    text = ref(f"{{{{cite web | url = {URL} | archive-url = | title = A }}}}")

    found = mended(text)

    assert f"| archive-url = {COPY} | title = A | archive-date = 2020-05-03 | url-status = dead }}" in found


def test_a_status_that_an_editor_gave_stays() -> None:
    found = mended(ref(f"{{{{cite web|url={URL}|title=A|url-status=live}}}}"))

    assert "url-status=live" in found
    assert "url-status=dead" not in found


def test_a_pipe_in_the_address_of_the_copy_does_not_end_the_parameter() -> None:
    odd = Ailing(state=LinkState.DEAD, memento_url=f"{COPY}?a|b [c]", captured_at=HELD.captured_at)

    assert f"archive-url={COPY}?a{{{{!}}}}b%20%5Bc%5D|" in mended(ref(f"{{{{cite web|url={URL}|title=A}}}}"), odd)


TAGGED = {
    "English": ("en", "{{cite web|url=" + URL + "|title=A}}", "{{Dead link|date=May 2026}}"),
    "German": ("de", "{{Internetquelle |url=" + URL + " |titel=A}}", "{{Toter Link|date=2026-05}}"),
    "Japanese": ("ja", "{{Cite web|url=" + URL + "|title=A}}", "{{リンク切れ|date=2026年5月}}"),
    "Polish": ("pl", "{{Cytuj|url=" + URL + "|tytuł=A}}", "{{Martwy link|data=2026-05}}"),
    "Dutch": ("nl", "{{Citeer web|url=" + URL + "|titel=A}}", "{{Dode link}}"),
    "Russian": ("ru", "{{cite web|url=" + URL + "|title=A}}", "{{Недоступная ссылка}}"),
    "a link in brackets": ("en", f"[{URL} A story]", " {{Dead link|date=May 2026}}"),
    "a name that we only recall": ("pt", "{{Citar web|url=" + URL + "|título=A}}", ""),
    "a tag that takes the link itself": ("fr", "{{Lien web|url=" + URL + "|titre=A}}", ""),
}


@pytest.mark.parametrize(("language", "written", "tag"), TAGGED.values(), ids=TAGGED)
def test_a_dead_link_that_nobody_holds_is_tagged_behind_the_citation(language: str, written: str, tag: str) -> None:
    assert mended(ref(written), LOST, language=language) == ref(written + tag)


CITED = f"{{{{cite web|url={URL}|title=A}}}}"
UNTOUCHED = {
    "a copy is named": ref(CITED[:-2] + f"|archive-url={COPY}|archive-date=2020-05-03}}}}"),
    "the address is a copy": ref(f"{{{{cite web|url={COPY}|title=A}}}}"),
    "the address is a template": ref("{{cite web|url={{some url}}|title=A}}"),
    "a comment inside": ref(f"{{{{cite web|url={URL}<!-- keep -->|title=A}}}}"),
    "cbignore behind the template": ref(CITED + "{{cbignore}}"),
    "cbignore behind the reference": f"<ref>{CITED}</ref>{{{{cbignore|bot=medic}}}}\n",
    "cbignore behind another tag": ref(CITED + "{{dead link|date=May 2020}} {{cbignore}}"),
    "nobots": "{{nobots}}" + ref(CITED),
    "bots deny all": "{{bots|deny=all}}" + ref(CITED),
    "bots deny us": "{{Bots|deny=OtherBot, source-audit}}" + ref(CITED),
    "only others allowed": "{{bots|allow=OtherBot}}" + ref(CITED),
    "a commented citation": f"<!-- {CITED} -->\nA.<ref>x</ref>",
    "a citation in nowiki": f"<nowiki>{CITED}</nowiki>\nA.<ref>x</ref>",
    "a template of which we know no names": ref(f"{{{{Strange cite|url={URL}}}}}"),
}


@pytest.mark.parametrize("text", UNTOUCHED.values(), ids=UNTOUCHED)
def test_what_is_not_ours_to_touch_stays_as_it_is(text: str) -> None:
    assert mended(text) == text


@pytest.mark.parametrize("state", [state for state in LinkState if state not in repairs.BEYOND_REPAIR])
def test_a_link_that_is_not_surely_gone_is_left_alone(state: LinkState) -> None:
    ailing = Ailing(state=state, memento_url=COPY, captured_at=HELD.captured_at)

    assert mended(ref(CITED), ailing) == ref(CITED)


@pytest.mark.parametrize(
    "words", ["{{bots|deny=OtherBot}}", "<!-- {{nobots}} -->", "<nowiki>{{nobots}}</nowiki>", "{{bots|allow=all}}"]
)
def test_words_that_do_not_bind_us_do_not_stop_a_repair(words: str) -> None:
    assert COPY in mended(words + ref(CITED))


def test_a_usurped_link_is_called_usurped() -> None:
    taken = Ailing(state=LinkState.USURPED, memento_url=COPY, captured_at=HELD.captured_at)

    assert "url-status=usurped" in mended(ref(CITED), taken)


def test_a_tag_that_stands_there_is_not_repeated() -> None:
    text = ref(CITED + "{{dead link|date=May 2020}}")

    assert mended(text, LOST) == text


@pytest.mark.parametrize("kind", ["mdy", "dmy"])
def test_the_article_says_how_dates_are_written(kind: str) -> None:
    found = mended(f"{{{{use {kind} dates|date=May 2020}}}}" + ref(CITED))

    assert {"mdy": "|archive-date=May 3, 2020|", "dmy": "|archive-date=3 May 2020|"}[kind] in found


@pytest.mark.parametrize("ailing", [HELD, LOST], ids=["held", "lost"])
@pytest.mark.parametrize("case", [*ARCHIVED.values(), *TAGGED.values()], ids=[*ARCHIVED, *TAGGED])
def test_a_repair_only_inserts(case: tuple[str, str, str], ailing: Ailing) -> None:
    language, written, _ = case
    text = ref(written) * 3

    found = mended(text, ailing, language=language)

    characters = iter(found)
    assert all(each in characters for each in text)


def test_line_ends_of_any_form_stay() -> None:
    text = "One.\r\n\r\n" + ref(CITED).replace("\n", "\r\n")
    document = documents.read("a.wiki", text.encode(), language="en")[0]

    found = repairs.repaired(document, text.replace("\r\n", "\n"), known={0: LOST}, today=TODAY)

    assert repairs.applied(text, found) == text.replace(CITED, CITED + "{{Dead link|date=May 2026}}")
