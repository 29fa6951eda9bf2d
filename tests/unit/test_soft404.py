"""A 200 that means 404 is found by several signals, and real pages about errors stay pages (verdicts.md, 6)."""

from collections.abc import Iterable
from typing import Any

import pytest

from audit import liveness, similarity, soft404, walls
from audit.model import CitedAs, Fetch, Hop, Sign, Signed, Surroundings
from tests import make

NOBODY = CitedAs()
TITLED = CitedAs(titles=("A long story about bridges",))
NOT_FOUND = "<title>The Paper</title><h1>Welcome to our new site</h1><p>" + "We have moved everything to a new place. " * 40

ERRORS = {
    "en": [
        "404",
        "404 Not Found",
        "Error 404",
        "Page not found | The Paper",
        "404 - Page Not Found",
        "Oops! That page can't be found.",
        "Not Found",
        "The page you requested could not be found",
        "This page is no longer available",
        "HTTP 404",
        "410 Gone - The Paper",
        "Error 410 - Gone",
        "You are lost | The Paper",
        "File not found",
        "The requested URL was not found on this server",
        "We can't find the page you're looking for",
        "Page has been removed",
        "Sorry, this article is no longer available",
        "The page you are looking for does not exist",
        "Article Not Found - Daily News",
        "This story has expired",
    ],
    "de": ["Seite nicht gefunden", "404 - Seite nicht gefunden | Zeitung", "Fehler 404", "Diese Seite existiert nicht mehr"],
    "fr": ["Page non trouvée", "Page introuvable - Le Journal", "Erreur 404", "Cette page n'existe plus"],
    "es": ["Página no encontrada", "Error 404: página no encontrada | Diario", "La página no existe"],
    "pt": ["Página não encontrada", "Erro 404 - Página não encontrada", "A página não existe"],
    "it": ["Pagina non trovata", "Errore 404", "404 | Pagina non trovata"],
    "nl": ["Pagina niet gevonden", "Deze pagina bestaat niet meer"],
    "sv": ["Sidan kunde inte hittas", "Sidan finns inte - Tidningen"],
    "da": ["Siden blev ikke fundet", "Siden findes ikke"],
    "nb": ["Siden ble ikke funnet", "Siden finnes ikke | Avisen"],
    "fi": ["Sivua ei löydy", "Sivua ei löytynyt | Lehti"],
    "pl": ["Strona nie istnieje", "Nie znaleziono strony", "Błąd 404"],
    "cs": ["Stránka nenalezena", "Chyba 404", "Stránka nebyla nalezena"],
    "sk": ["Stránka nenájdená", "Stránka neexistuje"],
    "hu": ["Az oldal nem található", "A keresett oldal nem található"],
    "ro": ["Pagina nu a fost găsită", "Pagină inexistentă"],
    "bg": ["Страницата не е намерена", "Страницата не съществува"],
    "ru": ["Страница не найдена", "Ошибка 404", "404 - Страница не найдена | Газета", "Такой страницы не существует"],
    "uk": ["Сторінку не знайдено", "Помилка 404", "Сторінка не існує"],
    "el": ["Η σελίδα δεν βρέθηκε", "Σφάλμα 404"],
    "tr": ["Sayfa bulunamadı", "Hata 404", "Aradığınız sayfa bulunamadı"],
    "ar": ["الصفحة غير موجودة", "لم يتم العثور على الصفحة"],
    "fa": ["صفحه مورد نظر یافت نشد", "صفحه یافت نشد"],
    "he": ["הדף לא נמצא", "העמוד לא נמצא"],
    "hi": ["पृष्ठ नहीं मिला", "पेज नहीं मिला"],
    "th": ["ไม่พบหน้าที่คุณต้องการ", "ไม่พบหน้านี้"],
    "vi": ["Không tìm thấy trang", "Trang không tồn tại"],
    "id": ["Halaman tidak ditemukan", "Halaman Tidak Ditemukan - Koran"],
    "ja": ["ページが見つかりません", "お探しのページは見つかりませんでした", "404 ページが見つかりません"],
    "ko": ["페이지를 찾을 수 없습니다", "존재하지 않는 페이지입니다"],
    "zh-Hans": ["页面不存在", "页面未找到 - 报纸", "您访问的页面不存在"],
    "zh-Hant": ["找不到網頁", "頁面不存在"],
    "ca": ["Pàgina no trobada", "La pàgina no existeix"],
    "hr": ["Stranica nije pronađena", "Stranica ne postoji"],
}


@pytest.mark.parametrize("language", ERRORS)
def test_the_title_of_an_error_page_is_known_in(language: str) -> None:
    missed = [title for title in ERRORS[language] if not soft404.is_error_title(title)]

    assert missed == []


@pytest.mark.parametrize(
    "title",
    [
        "ＰＡＧＥ ＮＯＴ ＦＯＵＮＤ",
        "page  not\u00a0found",
        "PAGE NOT FOUND!",
        "Page Introuvable",
        "PÁGINA NO ENCONTRADA",
        "Cette page n\u2019existe pas",
    ],
)
def test_case_width_accents_and_apostrophes_are_folded(title: str) -> None:
    assert soft404.is_error_title(title)


HARMLESS = """
Peugeot 404
Peugeot 404: a review
The Peugeot 404 Coupe | Classic Cars
Bristol 404 and 405
Highway 404
Ontario Highway 404 - Wikipedia
Interstate 410 in San Antonio
Highway 410 extension opens
Area code 404
Area code 410 - Maryland
Area codes 404, 470, 678 and 943
Room 404
Apartment 404 - a film review
Flight 404: what happened
Boeing 404 prototype
404 Media launches a newspaper
404 days in space
404: the story behind a number
HTTP 404 explained
HTTP status codes explained
What does 404 not found mean?
How to fix a 404 error on your site
Custom 404 pages: twenty examples
List of HTTP status codes
Error handling in Express.js
Error handling in Rust
Error correction in genetics
Error bars in experimental biology
Trial and error: a history
The comedy of errors | Theatre
Standard error of the mean
Missing pages of the Codex found in attic
Missing person found after 12 years
The missing link - evolution explained
Missing children: police found nothing
Lost in translation
Lost | TV series
The Lost City found in the jungle
Paradise Lost by John Milton
Not found guilty: jury clears mayor
No life found on Mars
Nothing found in search of missing plane
Treasure found in church
Page removed from school book after protest
Page not found: how newspapers lose their archives
Facebook page removed after complaints
Company says page has been removed by mistake
Article removed from constitution
Statue removed from town hall
Mayor removed from office
The document that was never found
Documents found in garage, lawyers say
Weapons of mass destruction not found in Iraq
Insulin no longer available in rural pharmacies
Drug shortage: insulin unavailable
Service unavailable in rural areas, report finds
Bridge no longer available to lorries
Website of ministry unavailable after attack
Site of ancient temple found
Jimmy Page
Page, Arizona
Larry Page steps down
Elliot Page - Wikipedia
Login problems at the bank
Robots in the factory
Redirect Examination in Court
The error of our ways
Gone Girl
Gone with the Wind
Expired food found in supermarket
Warrant expired, court says
Deleted scenes from the film
Sorry seems to be the hardest word
Oops!... I Did It Again
Seite nicht gefunden: das Buch
Fehler im System - eine Reportage
Nicht gefunden, was gesucht wurde
La página en blanco
Página 12
Страница истории
Ошибка резидента
页面设计入门
ページの歴史
Content creators removed from platform
The user does not exist: identity in the age of machines
Resource Not Available: water in the Sahel
Account of a journey not found in other sources
""".strip().splitlines()


def test_there_are_enough_harmless_titles() -> None:
    assert len(HARMLESS) >= 60


@pytest.mark.parametrize("title", HARMLESS)
def test_a_title_about_something_is_no_error(title: str) -> None:
    assert soft404.title_says(title) == 0


@pytest.mark.parametrize("title", ["Error", "Unavailable", "Oops", "Redirecting", "Fehler", "Ошибка"])
def test_a_bare_word_as_the_whole_title_is_only_a_hint(title: str) -> None:
    assert soft404.title_says(title) == soft404.WEAK


def judged(fetch: Fetch, *, cited: CitedAs = NOBODY, **around: Any) -> Signed:
    return liveness.judge_fetch(fetch, cited=cited, around=Surroundings(**around))


# ---- words


def test_an_error_title_alone_convicts() -> None:
    found = judged(make.page("<title>Page not found | The Paper</title><p>" + "Some words of the menu. " * 40))

    assert (found.sign, found.reason) == (Sign.GONE, "soft-404")


def test_title_and_heading_convict_with_more_strength_than_the_title_alone() -> None:
    alone = judged(make.page("<title>Page not found</title><p>" + "Some words of the menu. " * 60))
    both = judged(make.page("<title>Page not found</title><h1>404</h1><p>Words."))

    assert both.strength > alone.strength


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<title>The Paper</title><h1>Page not found</h1><p>Try the search.", id="heading"),
        pytest.param("<title>The Paper</title><p>Page not found. Try the search.", id="first words"),
        pytest.param("<title>Error</title><p>Try the search or the menu of the site.", id="weak title"),
    ],
)
def test_a_lone_weak_signal_is_a_doubt(markup: str) -> None:
    found = judged(make.page(markup))

    assert (found.sign, found.reason) == (Sign.DOUBTFUL, "soft-404")


def test_two_weak_signals_convict() -> None:
    found = judged(make.page("<title>Error</title><h1>Page not found</h1><p>Try the search."))

    assert found.sign is Sign.GONE


def test_error_words_inside_a_real_document_prove_nothing() -> None:
    found = judged(
        make.page(
            "<title>The Paper</title><h1>Notes of the council</h1><p>" + "Page not found. This page has been removed. " * 60
        )
    )

    assert found.sign is Sign.OK


def test_words_in_the_requested_address_never_count() -> None:
    found = judged(make.fetch(url="https://news.example.com/error/404/page-not-found", title="Notes", h1="Notes"))

    assert found.sign is Sign.OK


def test_an_empty_page_alone_is_a_doubt() -> None:
    bare, titled = judged(make.page("<html><body></body></html>")), judged(make.page("<title>The Paper</title><body></body>"))

    assert (bare.sign, bare.reason) == (Sign.DOUBTFUL, "empty-page")
    assert (titled.sign, titled.reason) == (Sign.DOUBTFUL, "empty-page")


@pytest.mark.parametrize(
    "content", ["<script src=a.js></script>", "<iframe src=/a></iframe>", "<img src=a.png>", "<object data=a.pdf></object>"]
)
def test_a_page_without_words_that_shows_something_is_not_empty(content: str) -> None:
    assert soft404.empty(make.page(f"<html><body>{content}</body></html>")) is None


def test_noindex_with_a_canonical_elsewhere_is_a_doubt() -> None:
    found = judged(make.fetch(robots="noindex, follow", canonical="https://news.example.com/"))

    assert found.sign is Sign.DOUBTFUL


def test_html_that_answers_for_a_pdf_is_a_doubt() -> None:
    found = judged(make.page(NOT_FOUND, url="https://news.example.com/report.pdf"))

    assert found.sign is Sign.DOUBTFUL


def test_the_title_of_the_front_page_is_a_doubt() -> None:
    root = make.fetch(url="https://news.example.com/", role="root", title="The Paper")

    found = judged(make.fetch(title="The Paper", h1="Welcome"), root=root)

    assert found.sign is Sign.DOUBTFUL


# ---- redirects


def led(to: str, *, asked: str = make.URL, **fields: Any) -> Fetch:
    hop = Hop(url=asked, http_status=302, location=to)
    return make.fetch(url=asked, hops=(hop,), final_url=to, **({"title": "Welcome", "h1": "Welcome"} | fields))


SITE = "https://news.example.com"
REDIRECTS = [
    pytest.param(make.URL, f"{SITE}/2020/05/a-long-story-about-bridges/", None, id="slash"),
    pytest.param(
        make.URL, f"{SITE.replace('//', '//www.')}/2020/05/a-long-story-about-bridges?utm_source=x", None, id="www and tracking"
    ),
    pytest.param(f"{SITE}/about/", f"{SITE}/about/index.html", None, id="index file"),
    pytest.param(make.URL, f"{SITE}/404", "redirect-to-error", id="404"),
    pytest.param(make.URL, f"{SITE}/404.html", "redirect-to-error", id="404 with extension"),
    pytest.param(make.URL, f"{SITE}/errors/page-not-found.aspx", "redirect-to-error", id="page-not-found"),
    pytest.param(
        make.URL, f"{SITE}/error.aspx?aspxerrorpath=/2020/05/a-long-story-about-bridges", "redirect-to-error", id="aspx"
    ),
    pytest.param(make.URL, f"{SITE}/index.php?error=404", "redirect-to-error", id="query"),
    pytest.param(make.URL, f"{SITE}/seite-nicht-gefunden", "redirect-to-error", id="german"),
    pytest.param(make.URL, "https://other.example.org/archive/a-long-story-about-bridges", "moved", id="kept the slug"),
    pytest.param(f"{SITE}/story.php?id=123456", "https://other.example.org/s/123456", "moved", id="kept the number"),
    pytest.param(make.URL, f"{SITE}/", "redirect-to-root", id="front page"),
    pytest.param(make.URL, f"{SITE}/index.html", "redirect-to-root", id="front page by its file"),
    pytest.param(make.URL, f"{SITE}/en/", "redirect-to-root", id="front page of a language"),
    pytest.param(make.URL, "https://other.example.org/", "redirect-to-root", id="front page of another site"),
    pytest.param(make.URL, f"{SITE}/2020/", "redirect-to-section", id="ancestor"),
    pytest.param(make.URL, f"{SITE}/stories", "redirect-to-section", id="three segments to one"),
    pytest.param(make.URL, f"{SITE}/stories/error-in-the-bridge-plans", "moved", id="a word inside a longer slug"),
    pytest.param(make.URL, f"{make.URL}?error=cookies_not_supported", "moved", id="a cookie that was not set"),
    pytest.param(make.URL, f"{SITE}/?ref=old", "redirect-to-root", id="front page that knows where from"),
    pytest.param(make.URL, f"{SITE}/search?q=a+long+story+about+bridges", "redirect-to-section", id="a search"),
    pytest.param(make.URL, f"{SITE}/erreur-404", "redirect-to-error", id="french"),
    pytest.param(f"{SITE}/bridge/print", f"{SITE}/bridge", "moved", id="from print"),
    pytest.param(f"{SITE}/news/2019/bridge", f"{SITE}/bridge", "moved", id="the same last part"),
    pytest.param(f"{SITE}/de/", f"{SITE}/", "moved", id="from one front page to another"),
    pytest.param(f"{SITE}/error/12", f"{SITE}/error/thirteen", "moved", id="the word was asked for"),
    pytest.param(f"{SITE}/x/a", f"{SITE}/y/b/c", "moved", id="anything else"),
    pytest.param(f"{SITE}/", "https://other.example.org/", "moved", id="a front page may move"),
]


@pytest.mark.parametrize(("asked", "final", "reason"), REDIRECTS)
def test_a_redirect_is_judged_by_where_it_ends(asked: str, final: str, reason: str | None) -> None:
    found = soft404.redirect(led(final, asked=asked), cited=NOBODY)

    assert (found[0] if found else None) == reason


def test_a_redirect_to_the_front_page_that_shows_the_cited_title_has_moved() -> None:
    found = judged(led(f"{SITE}/", title="A long story about bridges"), cited=TITLED)

    assert (found.sign, found.reason) == (Sign.OK, "moved")


@pytest.mark.parametrize("to", ["/404", "/"])
def test_a_redirect_to_an_error_or_the_front_page_convicts(to: str) -> None:
    assert judged(led(SITE + to)).sign is Sign.GONE


def test_a_redirect_to_a_section_alone_is_a_doubt() -> None:
    found = judged(led(f"{SITE}/2020/"))

    assert (found.sign, found.reason) == (Sign.DOUBTFUL, "redirect-to-section")


def test_a_move_that_nothing_confirms_is_not_sure() -> None:
    unsure, sure = judged(led(f"{SITE}/x/y/z")), judged(led("https://other.example.org/archive/a-long-story-about-bridges"))

    assert (unsure.reason, sure.reason) == ("moved", "moved")
    assert unsure.strength < 0.6 < sure.strength


# ---- probe


def probed(markup: str, **fields: Any) -> Fetch:
    return make.page(markup, url=f"{SITE}/2020/05/qzxkvbnmwrtplkjhgfdsaqwe", role="probe", **fields)


def test_a_page_that_equals_one_that_cannot_exist_is_gone() -> None:
    found = judged(make.page(NOT_FOUND), probes=(probed(NOT_FOUND),))

    assert (found.sign, found.reason) == (Sign.GONE, "soft-404")
    assert {each.rule for each in found.evidence} >= {"soft404.probe"}


def test_echoes_of_the_address_numbers_and_dates_do_not_hide_that_two_pages_are_one() -> None:
    text = "We looked everywhere, in the archive and in the cellar, for what you wanted, and our readers may search the whole site from here at any hour of the day."
    shown = make.page(f"<title>The Paper</title><p>{text} a-long-story-about-bridges at 12:31:07 on 2026-06-01")
    other = probed(f"<title>The Paper</title><p>{text} qzxkvbnmwrtplkjhgfdsaqwe at 12:44:59 on 2026-06-02")

    assert judged(shown, probes=(other,)).sign is Sign.GONE


def test_both_ending_at_one_page_elsewhere_convicts() -> None:
    end = f"{SITE}/portal/news/start"

    found = judged(led(end), probes=(probed(NOT_FOUND, final_url=end, hops=(Hop(url="x", http_status=302, location=end),)),))

    assert found.sign is Sign.GONE


def test_a_server_that_tells_the_truth_outweighs_a_weak_sign() -> None:
    honest = probed("<title>Not found</title>", status=404)

    found = judged(
        make.page("<title>The Paper</title><h1>Page not found</h1><p>" + "A tale of the lost page. " * 20), probes=(honest,)
    )

    assert found.sign is Sign.OK


def test_a_page_that_says_nothing_but_an_error_stays_doubtful_on_a_server_that_tells_the_truth() -> None:
    honest = probed("<title>Not found</title>", status=404)

    found = judged(make.page("<title>The Paper</title><h1>Page not found</h1><p>Try the search."), probes=(honest,))

    assert found.sign is Sign.DOUBTFUL


def test_a_probe_of_another_shape_says_nothing() -> None:
    other = make.page(NOT_FOUND, url=f"{SITE}/shop/item.php?id=qzxkvbnm", role="probe")

    assert judged(make.page(NOT_FOUND), probes=(other,)).sign is Sign.OK


@pytest.mark.parametrize("fields", [{"status": 403}, {"failure": "timeout"}, {"status": 500}])
def test_a_probe_that_was_refused_or_failed_says_nothing(fields: dict[str, Any]) -> None:
    probe = make.fetch(url=f"{SITE}/2020/05/qzxkvbnmwrtplkjhgfdsaqwe", role="probe", **fields)

    assert judged(make.page(NOT_FOUND), probes=(probe,)).sign is Sign.OK


def test_a_probe_that_shows_another_page_convicts_nothing() -> None:
    other = probed("<title>The Paper</title><p>" + "Something else is written here every single day. " * 40)

    assert judged(make.page(NOT_FOUND), probes=(other,)).sign is Sign.OK


# ---- cluster


def siblings(markup: str, names: Iterable[str], **fields: Any) -> tuple[Fetch, ...]:
    return tuple(make.page(markup, url=f"{SITE}/{name}", **fields) for name in names)


def test_three_addresses_that_show_one_page_convict_each_other() -> None:
    found = judged(make.page(NOT_FOUND), siblings=siblings(NOT_FOUND, ["a/one", "b/two"]))

    assert (found.sign, found.reason) == (Sign.GONE, "soft-404")
    assert {each.rule for each in found.evidence} >= {"soft404.cluster"}


def test_two_addresses_are_not_enough() -> None:
    assert judged(make.page(NOT_FOUND), siblings=siblings(NOT_FOUND, ["a/one"])).sign is Sign.OK


def test_two_addresses_with_different_cited_titles_are_enough() -> None:
    other = siblings(NOT_FOUND, ["a/one"])

    found = judged(
        make.page(NOT_FOUND),
        cited=TITLED,
        siblings=other,
        sibling_titles={other[0].requested_url: "The mayor of Marrowby resigns"},
    )

    assert found.sign is Sign.GONE


def test_spellings_of_one_address_are_not_different_pages() -> None:
    spelled = (
        make.page(NOT_FOUND, url=make.URL + "/"),
        make.page(NOT_FOUND, url=make.URL.replace("https://", "http://www.")),
        make.page(NOT_FOUND, url=make.URL + "?utm_source=x"),
    )

    assert judged(make.page(NOT_FOUND), siblings=spelled).sign is Sign.OK


def test_the_page_where_they_all_end_stays_live() -> None:
    end = f"{SITE}/portal/news"
    others = tuple(
        make.fetch(url=f"{SITE}/{name}", final_url=end, hops=(Hop(url="x", http_status=302, location=end),))
        for name in ("a/1", "b/2", "c/3")
    )

    assert judged(make.fetch(url=end, title="Portal", h1="Portal"), siblings=others).sign is Sign.OK


@pytest.mark.parametrize(
    "others",
    [
        pytest.param(("amp/2020/05/a-long-story-about-bridges", "a-long-story-about-bridges.html"), id="for other screens"),
        pytest.param(("2020/05/a-long-story-about-bridges?print=1", "x/a-long-story-about-bridges"), id="for print"),
    ],
)
def test_several_addresses_of_one_story_are_not_a_cluster(others: tuple[str, ...]) -> None:
    assert judged(make.page(NOT_FOUND), siblings=siblings(NOT_FOUND, others)).sign is Sign.OK


def test_a_page_that_shows_its_cited_title_is_at_home_wherever_others_end() -> None:
    end = f"{SITE}/book"
    others = tuple(
        make.fetch(url=f"{SITE}/{name}", final_url=end, hops=(Hop(url="x", http_status=302, location=end),))
        for name in ("a/1", "b/2", "c/3")
    )

    assert judged(led(end, title="A long story about bridges"), cited=TITLED, siblings=others).sign is Sign.OK


def test_one_sign_in_form_for_every_address_is_a_wall_and_no_death() -> None:
    form = "<title>The Paper</title><h1>Members</h1><p>Enter your name and word.<form><input type=password></form>"

    found = judged(make.page(form), probes=(probed(form),))

    assert (found.sign, found.reason) == (Sign.WALLED, "login")


# ---- vetoes


@pytest.mark.parametrize("url", [f"{SITE}/", f"{SITE}/index.html", f"{SITE}/en/"])
def test_a_front_page_is_exempt_from_probe_cluster_and_root(url: str) -> None:
    page = make.page(NOT_FOUND, url=url)

    found = judged(page, siblings=siblings(NOT_FOUND, ["a/one", "b/two", "c/three"]), probes=(probed(NOT_FOUND),))

    assert found.sign is Sign.OK


def test_the_cited_title_on_the_page_voids_weak_signs() -> None:
    page = make.page("<title>A long story about bridges</title><h1>Page not found</h1><p>Words.")

    assert judged(page, cited=TITLED).sign is Sign.OK


def test_the_quotation_on_the_page_voids_weak_signs() -> None:
    cited = CitedAs(quotes=("the people who cross them every day of the year",))
    page = make.page("<title>Error</title><p>Bridges and the people who cross them every day of the year.")

    assert judged(page, cited=cited).sign is Sign.OK


def test_a_cited_title_on_a_page_that_equals_the_probe_is_a_contradiction() -> None:
    markup = "<title>A long story about bridges</title><p>" + "We have moved everything to a new place. " * 40

    found = judged(make.page(markup), cited=TITLED, probes=(probed(markup),))

    assert (found.sign, found.reason, found.strength) == (Sign.ODD, "conflicting", 0.5)


def test_an_error_page_that_was_cited_by_its_title_is_still_an_error() -> None:
    found = judged(make.page("<title>Page not found</title><p>Words."), cited=CitedAs(titles=("Page not found",)))

    assert found.sign is Sign.GONE


SHELL = '<title>App</title><div id="root"></div><script src="/main.js"></script>'


def test_a_page_that_scripts_fill_is_odd_and_never_gone() -> None:
    found = judged(make.page(SHELL), probes=(probed(SHELL),), siblings=siblings(SHELL, ["a/1", "b/2", "c/3"]))

    assert (found.sign, found.reason) == (Sign.ODD, "js-shell")


def test_a_shell_with_the_cited_title_is_alive_but_unverified() -> None:
    page = make.page(SHELL.replace("App", "A long story about bridges"))

    found = judged(page, cited=TITLED, probes=(probed(SHELL),))

    assert (found.sign, found.reason, found.strength) == (Sign.OK, "unverified", 0.5)


def test_a_shell_that_gives_everything_the_same_title_proves_nothing() -> None:
    page = SHELL.replace("App", "A long story about bridges")

    found = judged(make.page(page), cited=TITLED, probes=(probed(page),))

    assert (found.sign, found.reason) == (Sign.ODD, "js-shell")


SHELLS = [
    '<div id="app">Loading...</div><script src=m.js></script>',
    "<div class=x></div><script src=m.js></script>",
    "<footer>" + "Imprint Contact Terms Privacy " * 20 + "</footer><my-app></my-app><script src=m.js></script>",
    "<div id=__next></div><p>" + "We use cookies to make this site better. " * 8 + "</p><script src=m.js></script>",
]


@pytest.mark.parametrize("body", SHELLS)
def test_what_scripts_fill_is_never_gone_by_comparison(body: str) -> None:
    shell = f"<title>App</title>{body}"

    found = judged(make.page(shell), probes=(probed(shell),))

    assert (found.sign, found.reason) == (Sign.ODD, "js-shell")


def test_scripts_that_rendered_their_error_say_so_themselves() -> None:
    page = "<title>404: This page could not be found</title><div id=__next><h1>404</h1><h2>This page could not be found.</h2></div><script></script>"

    assert judged(make.page(page)).sign is Sign.GONE


def test_a_search_for_the_name_of_a_page_does_not_show_the_page() -> None:
    page = "<title>Search results for a long story about bridges</title><p>Try it again with other words."

    assert judged(make.page(page), cited=TITLED).sign is Sign.DOUBTFUL


def test_a_long_page_about_an_error_that_is_cited_by_its_name_is_a_page() -> None:
    page = make.page("<title>Page not found - Manual</title><h1>Page not found</h1><p>" + "This message means a lot. " * 60)

    found = judged(page, cited=CitedAs(titles=("Page not found",)), probes=(probed("<title>x</title>", status=404),))

    assert found.sign is Sign.OK


def test_an_error_that_was_cited_as_title_says_nothing_of_a_page_that_is_there() -> None:
    page = make.fetch(title="A tide clock for the harbour", h1="A tide clock for the harbour")

    assert judged(page, cited=CitedAs(titles=("Error 404 - Page not found",))).sign is Sign.OK


@pytest.mark.parametrize(("kind", "magic"), [("application/pdf", "pdf"), ("image/jpeg", "jpeg"), ("application/zip", "zip")])
def test_a_file_with_fitting_first_bytes_is_alive(kind: str, magic: str) -> None:
    fetch = make.fetch(
        content_type=kind, magic=magic, body_bytes=60_000, title=None, h1=None, word_count=None, text_length=None, sample=None
    )

    assert (judged(fetch).sign, judged(fetch).reason) == (Sign.OK, "ok")


# ---- hostile input


@pytest.mark.parametrize(
    "text",
    [
        "page " * 200_000,
        "the page that you requested that you requested " * 20_000,
        "404 " * 250_000,
        "a" * 1_000_000,
        "| " * 500_000,
    ],
)
def test_hostile_titles_are_judged_by_their_first_part(text: str) -> None:
    assert max(len(part) for part in [*walls.title_parts(text), ""]) <= 600
    assert soft404.title_says(text) in {0.0, 0.4, 0.6, 0.7}


def test_hostile_text_is_read_only_at_its_start() -> None:
    fetch = make.fetch(
        title="x",
        h1="x",
        sample="page not " * 120_000,
        word_count=10,
        text_length=1_000_000,
        text_simhash=similarity.simhash("x"),
    )

    assert judged(fetch).sign in set(Sign)
