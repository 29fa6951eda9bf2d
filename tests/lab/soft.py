"""Answers that say 200 and mean 404. The truth of each: suspect."""

from collections.abc import Iterator

from audit.demo.sites import Answer
from tests.lab.situation import HOME, SUSPECT, USURPED, Scenario, document, html, made, to

GONE = frozenset({SUSPECT})
ERROR_TITLES = (
    ("en", "Page not found"),
    ("en", "404 - File or directory not found."),
    ("en", "Error 404 (Not Found)!!1"),
    ("en", "Oops! That page can't be found."),
    ("en", "The page you requested could not be found"),
    ("en", "This article is no longer available"),
    ("de", "Seite nicht gefunden"),
    ("de", "Fehler 404"),
    ("fr", "Page introuvable"),
    ("fr", "Page non trouvée"),
    ("es", "Página no encontrada"),
    ("pt", "Página não encontrada"),
    ("it", "Pagina non trovata"),
    ("nl", "Pagina niet gevonden"),
    ("sv", "Sidan kunde inte hittas"),
    ("da", "Siden blev ikke fundet"),
    ("nb", "Siden ble ikke funnet"),
    ("fi", "Sivua ei löydy"),
    ("pl", "Nie znaleziono strony"),
    ("cs", "Stránka nenalezena"),
    ("hu", "Az oldal nem található"),
    ("ro", "Pagina nu a fost găsită"),
    ("ru", "Страница не найдена"),
    ("uk", "Сторінку не знайдено"),
    ("el", "Η σελίδα δεν βρέθηκε"),
    ("tr", "Sayfa bulunamadı"),
    ("ar", "الصفحة غير موجودة"),
    ("he", "הדף לא נמצא"),
    ("ja", "ページが見つかりません"),
    ("ko", "페이지를 찾을 수 없습니다"),
    ("zh", "页面未找到"),
    ("vi", "Không tìm thấy trang"),
    ("id", "Halaman tidak ditemukan"),
)
PLACEHOLDERS = {
    "a welcome page of nginx": document(
        "Welcome to nginx!", body="If you see this page, the nginx web server is successfully installed."
    ),
    "a welcome page of Apache": document("Apache2 Debian Default Page: It works", body="This is the default welcome page."),
    "a suspended account": document("Account Suspended", body="This account has been suspended. Contact your hosting provider."),
    "an expired domain": document("Domain expired", body="This domain has expired. Renew it now."),
    "a hosting placeholder": document("Site not found", body="There is no such site here."),
    "coming soon": document("Coming soon", body="Our new website is on its way."),
}
LISTING = html("The Vellham Courier", h1="Latest news", body="Today: the market, the school, the weather. " * 8)


def soft() -> Iterator[Scenario]:
    for lang, title in ERROR_TITLES:
        page = html(f"{title} | Vellham Courier", h1=title, body="Please use the menu or the search.", lang=lang)
        yield made("soft404", f"{lang} {title}", page, states=GONE, otherwise=page)
    for name, body in PLACEHOLDERS.items():
        page = Answer(body=body)
        yield made("soft404", name, page, states=GONE, otherwise=page, pages={"/": page})
    yield made("soft404", "redirect to the front page", to("/"), states=GONE, reason="redirect-to-root")
    yield made(
        "soft404", "redirect to the front page of another host", to("http://elsewhere-hub.example/"), states=GONE | {USURPED}
    )
    yield made(
        "soft404",
        "redirect to an error page",
        to("/errors/404.html"),
        states=GONE,
        reason="redirect-to-error",
        pages={"/errors/404.html": html("Vellham", h1="Hm", body="Something.")},
    )
    yield made(
        "soft404",
        "redirect with an error in the query",
        to("/home.aspx?aspxerrorpath=/2019/x"),
        states=GONE,
        reason="redirect-to-error",
        pages={"/home.aspx": HOME},
    )
    yield made(
        "soft404",
        "redirect to the section, as for anything",
        to("/2019/"),
        states=GONE,
        otherwise=to("/2019/"),
        pages={"/2019/": LISTING},
    )
    yield made("soft404", "one page for every address", LISTING, states=GONE, otherwise=LISTING)
    yield made(
        "soft404", "one page for every address, cited without a title", LISTING, states=GONE, otherwise=LISTING, title=None
    )
    yield made(
        "soft404",
        "an empty page",
        Answer(body=b"<html><head></head><body></body></html>"),
        states=GONE,
        otherwise=Answer(body=b"<html><body></body></html>"),
    )
    yield made(
        "soft404",
        "an error for a PDF",
        html("File not found", body="No such file."),
        states=GONE,
        path="/doc/old.pdf",
        otherwise=html("File not found", body="No such file."),
    )
