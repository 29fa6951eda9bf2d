"""Pages of the world that no rule was written for: what asks something of us is never called gone, what lives is live."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from audit import liveness
from audit.model import CitedAs, Fetch, Sign, Surroundings
from tests import make

TITLE = "The old bridge at Vellham was rebuilt in stone"
CITED = CitedAs(titles=(TITLE,))
NOWHERE_URL = "https://news.example.com/2020/05/qzjwxkvbnmplokijuhygtfrd"
CONVICTED = {Sign.GONE, Sign.TAKEN, Sign.DRIFTING}
COOKIES = (
    "We and our 842 partners store and access information on a device, such as unique identifiers in cookies, to process personal "
    "data. You may accept or manage your choices by clicking below, including your right to object where legitimate interest is "
    "used, or at any time in the privacy policy page. These choices will be signalled to our partners and will not affect browsing "
    "data. Use precise geolocation data. Actively scan device characteristics for identification. Store and access information on a "
    "device. Personalised advertising and content, advertising and content measurement, audience research and services development. "
)
KEKSE = (
    "Wir und unsere 211 Partner speichern Informationen auf Ihrem Ger\u00e4t und verarbeiten personenbezogene Daten wie Kennungen in "
    "Cookies. Mit einem Klick auf Zustimmen willigen Sie ein, dass wir Werbung anzeigen und die Nutzung messen d\u00fcrfen. Ihre "
    "Einwilligung k\u00f6nnen Sie jederzeit mit Wirkung f\u00fcr die Zukunft in der Datenschutzerkl\u00e4rung widerrufen. Lesen Sie mit einem Abo "
    "ohne Werbung und ohne Tracking f\u00fcr 3,99 Euro im Monat. Bereits Abonnent? Hier anmelden. Impressum, Datenschutz, AGB, Kontakt. "
)
TEMOINS = (
    "Avec votre accord, nos 145 partenaires et nous utilisons des cookies pour stocker et consulter des donn\u00e9es personnelles comme "
    "votre visite sur ce site. Vous pouvez retirer votre consentement ou vous opposer aux traitements \u00e0 tout moment en cliquant sur "
    "\u00ab En savoir plus \u00bb ou dans notre politique de confidentialit\u00e9. Continuer sans accepter. Accepter et fermer. S\u2019abonner. "
)


def page(title: str, body: str, *, h1: str | None = None, lang: str = "en", head: str = "", **fields: object) -> Fetch:
    heading = f"<h1>{title if h1 is None else h1}</h1>" if h1 != "" else ""
    return make.page(f"<html lang={lang}><head><title>{title}</title>{head}</head><body>{heading}{body}</body></html>", **fields)


BUTTONS = "<form method=post><button>OK</button><button>No</button></form>"
SCRIPT = "<script>go()</script>"

INTERSTITIALS: Mapping[str, Fetch] = {
    "a cookie wall of 2 hundred words": page("Daily Courier", COOKIES * 2 + BUTTONS, h1="We value your privacy"),
    "a cookie wall without a heading": page("Daily Courier", COOKIES * 2 + BUTTONS, h1=""),
    "a cookie wall with a title of its own": page("Your privacy choices for readers of the Daily Courier", COOKIES * 2 + BUTTONS),
    "a cookie wall in German": page("Vellham Zeitung", KEKSE * 2 + BUTTONS, h1="Weiterlesen mit Werbung oder im Abo", lang="de"),
    "a cookie wall in French": page("Le Vellham", TEMOINS * 3 + BUTTONS, h1="Vos choix relatifs aux cookies", lang="fr"),
    "a cookie wall in Dutch": page(
        "Vellham Dagblad",
        "Wij gebruiken cookies en vergelijkbare technieken om de site te verbeteren. Akkoord? " * 10 + BUTTONS,
        h1="Cookies accepteren",
        lang="nl",
    ),
    "a cookie wall in Polish": page(
        "Gazeta Vellham",
        "Szanujemy Twoj\u0105 prywatno\u015b\u0107. Wyra\u017cam zgod\u0119 na przetwarzanie moich danych osobowych w plikach cookies. "
        * 8
        + BUTTONS,
        h1="Dbamy o Twoj\u0105 prywatno\u015b\u0107",
        lang="pl",
    ),
    "a cookie wall in Italian": page(
        "Corriere di Vellham",
        "Noi e i nostri partner utilizziamo i cookie per trattare dati personali. Accetta e continua. " * 8 + BUTTONS,
        h1="La tua privacy \u00e8 importante per noi",
        lang="it",
    ),
    "a cookie wall in Spanish": page(
        "El Vellham",
        "Con su acuerdo, nosotros y nuestros socios usamos cookies para almacenar datos personales. Aceptar. " * 8 + BUTTONS,
        h1="Nos importa tu privacidad",
        lang="es",
    ),
    "an age gate": page(
        "Vellham Brewery", "You must be of legal drinking age to enter this site. Are you over 18?" + BUTTONS, h1="Welcome"
    ),
    "an age gate, titled": page("Age verification", "Enter your date of birth to continue." + BUTTONS),
    "an age gate in German": page(
        "Brauerei", "Bist du \u00fcber 16 Jahre alt? Bitte best\u00e4tige dein Alter." + BUTTONS, h1="Altersabfrage", lang="de"
    ),
    "an age gate in French": page(
        "Vin", "Avez-vous l\u2019\u00e2ge l\u00e9gal ?" + BUTTONS, h1="V\u00e9rification de l\u2019\u00e2ge", lang="fr"
    ),
    "an unknown shield": page(
        "Vellham Shield", "We are making sure that your connection is secure. This takes a moment." + SCRIPT
    ),
    "an unknown shield with a code": page("Security checkpoint", "Your request is being verified. Reference 8f3a-11." + SCRIPT),
    "a check in Spanish": page("Comprobando su navegador", "Espere unos segundos, por favor." + SCRIPT, lang="es"),
    "a check in Portuguese": page("Verificando o seu navegador", "Aguarde alguns segundos." + SCRIPT, lang="pt"),
    "a check in Russian": page(
        "\u041f\u0440\u043e\u0432\u0435\u0440\u043a\u0430 \u0431\u0440\u0430\u0443\u0437\u0435\u0440\u0430",
        "\u041f\u043e\u0434\u043e\u0436\u0434\u0438\u0442\u0435 \u043d\u0435\u0441\u043a\u043e\u043b\u044c\u043a\u043e \u0441\u0435\u043a\u0443\u043d\u0434."
        + SCRIPT,
        lang="ru",
    ),
    "a check in Japanese": page(
        "\u30d6\u30e9\u30a6\u30b6\u3092\u78ba\u8a8d\u3057\u3066\u3044\u307e\u3059",
        "\u3057\u3070\u3089\u304f\u304a\u5f85\u3061\u304f\u3060\u3055\u3044\u3002" + SCRIPT,
        lang="ja",
    ),
    "a check in Chinese": page(
        "\u6b63\u5728\u68c0\u67e5\u60a8\u7684\u6d4f\u89c8\u5668", "\u8bf7\u7a0d\u5019\u3002" + SCRIPT, lang="zh"
    ),
    "a check in Korean": page(
        "\ube0c\ub77c\uc6b0\uc800 \ud655\uc778 \uc911",
        "\uc7a0\uc2dc\ub9cc \uae30\ub2e4\ub824 \uc8fc\uc138\uc694." + SCRIPT,
        lang="ko",
    ),
    "a check in Turkish": page(
        "Taray\u0131c\u0131n\u0131z kontrol ediliyor", "L\u00fctfen birka\u00e7 saniye bekleyin." + SCRIPT, lang="tr"
    ),
    "a check in Arabic": page(
        "\u062c\u0627\u0631\u064d \u0627\u0644\u062a\u062d\u0642\u0642 \u0645\u0646 \u0627\u0644\u0645\u062a\u0635\u0641\u062d",
        "\u064a\u0631\u062c\u0649 \u0627\u0644\u0627\u0646\u062a\u0638\u0627\u0631." + SCRIPT,
        lang="ar",
    ),
    "a login in Finnish": page("Kirjaudu sis\u00e4\u00e4n", "<form><input type=password></form>", lang="fi"),
    "a login in Hungarian": page("Bejelentkez\u00e9s", "<form><input type=password></form>", lang="hu"),
    "a login in Greek": page("\u03a3\u03cd\u03bd\u03b4\u03b5\u03c3\u03b7", "<form><input type=password></form>", lang="el"),
    "a login that is nothing but fields": page("", "<form><input name=u><input type=password></form>", h1=""),
    "a login with a password mark and no form": page("", "<input type=password>", h1=""),
    "a login with a long legal notice": page(
        "Library Portal",
        "<form><input type=password></form>" + "Access is for members of the library only. Terms apply. " * 20,
        h1="Members",
    ),
    "a waiting room": page("Vellham Tickets", "You are now in line. Your estimated wait is 4 minutes." + SCRIPT, h1="Queue"),
    "a choice of country": page(
        "Vellham Shop", "Choose your country or region: France, Germany, Japan." + BUTTONS, h1="Select your location"
    ),
    "an old browser": page(
        "Vellham Shop", "Your browser is not supported. Please update your browser to continue.", h1="Please upgrade"
    ),
    "a notice of maintenance": page(
        "Vellham Shop", "We are down for scheduled maintenance and will be back shortly.", h1="Maintenance"
    ),
    "a newsletter gate": page(
        "Daily Courier", "Register for free to continue reading this article. " * 3 + BUTTONS, h1="Register to continue"
    ),
}


@pytest.mark.parametrize("probed", [False, True], ids=["alone", "with the same for what cannot exist"])
@pytest.mark.parametrize("shown", INTERSTITIALS.values(), ids=INTERSTITIALS)
def test_a_page_that_asks_something_of_us_convicts_nobody(shown: Fetch, *, probed: bool) -> None:
    probe = replace(shown, url=NOWHERE_URL, requested_url=NOWHERE_URL, final_url=NOWHERE_URL, role="probe")
    around = Surroundings(probes=(probe,) if probed else ())

    found = liveness.judge_fetch(shown, cited=CITED, around=around)

    assert found.sign not in CONVICTED, found


STORY = " ".join(
    f"The {n}th arch of the old bridge stands on oak piles that were driven in the spring of that year." for n in range(12)
)
ERROR = page("Page not found", "Nothing here.")


@pytest.mark.parametrize("shown", INTERSTITIALS.values(), ids=INTERSTITIALS)
def test_a_guard_that_meets_the_probe_convicts_no_page(shown: Fetch) -> None:
    probe = replace(shown, url=NOWHERE_URL, requested_url=NOWHERE_URL, final_url=NOWHERE_URL, role="probe")

    found = liveness.judge_fetch(page("Bridge news", STORY), cited=CITED, around=Surroundings(probes=(probe,)))

    assert found.sign is Sign.OK


LIVE: Mapping[str, tuple[str, str, str]] = {
    "en, a film": ("404: Not Found, a film by A. Vell", "en", "The film tells of a lost room in an old hotel. "),
    "en, missing persons": ("Page not found in library book after 80 years", "en", "The torn leaf was found behind a shelf. "),
    "de, Fehler": ("Fehler 404 im Getriebe: der Peugeot 404 im Test", "de", "Der Wagen ist auch nach Jahren noch zu finden. "),
    "fr, introuvable": (
        "L\u2019homme introuvable : enqu\u00eate sur une page oubli\u00e9e",
        "fr",
        "La page du livre n\u2019existe pas dans les archives. ",
    ),
    "es, no encontrada": ("La carta no encontrada de Vellham", "es", "La p\u00e1gina del manuscrito no se ha encontrado nunca. "),
    "it, pagina": ("La pagina non trovata del Vangelo di Vellham", "it", "La pagina mancante del codice fu venduta. "),
    "pt, pagina": (
        "A p\u00e1gina perdida: o documento n\u00e3o encontrado de 1822",
        "pt",
        "O documento nunca foi achado no arquivo. ",
    ),
    "nl, pagina": ("Verdwenen pagina niet gevonden in kasteel", "nl", "De bladzijde bleef volgens de burgemeester zoek. "),
    "pl, strona": (
        "Strona nie istnieje? Historia zaginionego r\u0119kopisu",
        "pl",
        "R\u0119kopis zagin\u0105\u0142 podczas wojny w mie\u015bcie. ",
    ),
    "cs, stranka": (
        "Str\u00e1nka nenalezena: p\u0159\u00edb\u011bh ztracen\u00e9 kroniky",
        "cs",
        "Kronika m\u011bsta se ztratila p\u0159ed lety. ",
    ),
    "sv, sidan": ("Sidan som inte hittades: kyrkobokens g\u00e5ta", "sv", "Kyrkoboken f\u00f6rsvann efter branden i staden. "),
    "ru, page": (
        "\u0421\u0442\u0440\u0430\u043d\u0438\u0446\u0430 \u043d\u0435 \u043d\u0430\u0439\u0434\u0435\u043d\u0430: \u0438\u0441\u0442\u043e\u0440\u0438\u044f \u0443\u0442\u0440\u0430\u0447\u0435\u043d\u043d\u043e\u0439 \u043b\u0435\u0442\u043e\u043f\u0438\u0441\u0438",
        "ru",
        "\u041b\u0435\u0442\u043e\u043f\u0438\u0441\u044c \u0433\u043e\u0440\u043e\u0434\u0430 \u0438\u0441\u0447\u0435\u0437\u043b\u0430 \u043f\u043e\u0441\u043b\u0435 \u043f\u043e\u0436\u0430\u0440\u0430. ",
    ),
    "tr, sayfa": (
        "Bulunamayan sayfa: Vellham defterinin s\u0131rr\u0131",
        "tr",
        "Defterin sayfas\u0131 m\u00fczede bulunamad\u0131. ",
    ),
    "ja, page": (
        "\u898b\u3064\u304b\u3089\u306a\u3044\u30da\u30fc\u30b8\u306e\u8b0e\u3092\u8ffd\u3046",
        "ja",
        "\u53e4\u3044\u66f8\u7269\u306e\u4e00\u679a\u304c\u5931\u308f\u308c\u305f\u3002 ",
    ),
    "zh, page": (
        "\u627e\u4e0d\u5230\u7684\u90a3\u4e00\u9875\uff1a\u53e4\u7c4d\u4e4b\u8c1c",
        "zh",
        "\u8fd9\u672c\u53e4\u4e66\u7684\u4e00\u9875\u5df2\u7ecf\u4e22\u5931\u3002 ",
    ),
    "ko, page": (
        "\ucc3e\uc744 \uc218 \uc5c6\ub294 \ud398\uc774\uc9c0\uc758 \ube44\ubc00",
        "ko",
        "\uc624\ub798\ub41c \ucc45\uc758 \ud55c \uc7a5\uc774 \uc0ac\ub77c\uc84c\ub2e4. ",
    ),
    "en, cookies": ("How cookie walls work and why we value your privacy", "en", "Publishers ask readers to accept cookies. "),
    "en, captcha": ("Are you human? A history of the captcha", "en", "Checking your browser is what such pages say. "),
    "en, gambling": (
        "Online casino regulation in Vellham: slots, poker and betting",
        "en",
        "The council debated the casino, the slots and betting. ",
    ),
    "en, domain sale": ("This domain is for sale: the trade in names", "en", "Brokers sell names to those who want them. "),
    "de, Anmeldung": (
        "Anmeldung zur Tagung Br\u00fcckenbau",
        "de",
        "Die Tagung findet im Fr\u00fchjahr statt, Ger\u00fcste inklusive. ",
    ),
    "fr, maintenance": (
        "Maintenance du pont : le site est en travaux",
        "fr",
        "Le chantier durera jusqu\u2019au printemps prochain. ",
    ),
}


@pytest.mark.parametrize("words", [20, 3], ids=["long", "short"])
@pytest.mark.parametrize("cited", [True, False], ids=["cited so", "bare"])
@pytest.mark.parametrize(("title", "lang", "sentence"), LIVE.values(), ids=LIVE)
def test_a_living_page_with_the_words_of_errors_and_guards_is_live(
    title: str, lang: str, sentence: str, *, cited: bool, words: int
) -> None:
    shown = page(title, sentence * words, lang=lang)

    found = liveness.judge_fetch(shown, cited=CitedAs(titles=(title,)) if cited else CitedAs())

    assert found.sign is Sign.OK, found


GONE: Mapping[str, tuple[str, str, str]] = {
    "en": ("Whoops", "We looked everywhere, but this page seems to have wandered off.", "en"),
    "en, story": ("Article unavailable", "The story you requested is no longer on our site.", "en"),
    "de": ("Seite existiert nicht", "Die gew\u00fcnschte Seite wurde entfernt.", "de"),
    "fr": ("Cette page n\u2019existe plus", "La page demand\u00e9e est introuvable.", "fr"),
    "es": ("Contenido no disponible", "Lo sentimos, la p\u00e1gina que buscas ya no existe.", "es"),
    "pt": ("P\u00e1gina n\u00e3o existe", "A p\u00e1gina que procura foi removida.", "pt"),
    "it": ("Ops! Pagina inesistente", "La pagina richiesta non esiste.", "it"),
    "nl": ("Helaas, deze pagina bestaat niet", "De pagina is verwijderd.", "nl"),
    "sv": ("Sidan finns inte", "Sidan du s\u00f6ker kan ha tagits bort.", "sv"),
    "da": ("Siden blev ikke fundet", "Siden findes ikke l\u00e6ngere.", "da"),
    "nb": ("Fant ikke siden", "Siden eksisterer ikke.", "nb"),
    "fi": ("Sivua ei l\u00f6ydy", "Etsim\u00e4\u00e4si sivua ei ole olemassa.", "fi"),
    "pl": ("Nie znaleziono strony", "Strona, kt\u00f3rej szukasz, nie istnieje.", "pl"),
    "cs": ("Str\u00e1nka neexistuje", "Po\u017eadovan\u00e1 str\u00e1nka nebyla nalezena.", "cs"),
    "hu": ("Az oldal nem tal\u00e1lhat\u00f3", "A keresett oldal nem l\u00e9tezik.", "hu"),
    "ro": ("Pagina nu exist\u0103", "Pagina c\u0103utat\u0103 nu a fost g\u0103sit\u0103.", "ro"),
    "ru": (
        "\u0421\u0442\u0440\u0430\u043d\u0438\u0446\u0430 \u0443\u0434\u0430\u043b\u0435\u043d\u0430",
        "\u0417\u0430\u043f\u0440\u0430\u0448\u0438\u0432\u0430\u0435\u043c\u0430\u044f \u0441\u0442\u0440\u0430\u043d\u0438\u0446\u0430 \u043d\u0435 \u0441\u0443\u0449\u0435\u0441\u0442\u0432\u0443\u0435\u0442.",
        "ru",
    ),
    "el": (
        "\u0397 \u03c3\u03b5\u03bb\u03af\u03b4\u03b1 \u03b4\u03b5\u03bd \u03b2\u03c1\u03ad\u03b8\u03b7\u03ba\u03b5",
        "\u0397 \u03c3\u03b5\u03bb\u03af\u03b4\u03b1 \u03b4\u03b5\u03bd \u03c5\u03c0\u03ac\u03c1\u03c7\u03b5\u03b9.",
        "el",
    ),
    "tr": ("Sayfa bulunamad\u0131", "Arad\u0131\u011f\u0131n\u0131z sayfa mevcut de\u011fil.", "tr"),
    "ja": (
        "\u30da\u30fc\u30b8\u304c\u898b\u3064\u304b\u308a\u307e\u305b\u3093",
        "\u304a\u63a2\u3057\u306e\u30da\u30fc\u30b8\u306f\u524a\u9664\u3055\u308c\u307e\u3057\u305f\u3002",
        "ja",
    ),
    "zh": ("\u9875\u9762\u4e0d\u5b58\u5728", "\u60a8\u8bbf\u95ee\u7684\u9875\u9762\u5df2\u88ab\u5220\u9664\u3002", "zh"),
    "ko": (
        "\ud398\uc774\uc9c0\ub97c \ucc3e\uc744 \uc218 \uc5c6\uc2b5\ub2c8\ub2e4",
        "\uc694\uccad\ud558\uc2e0 \ud398\uc774\uc9c0\uac00 \uc874\uc7ac\ud558\uc9c0 \uc54a\uc2b5\ub2c8\ub2e4.",
        "ko",
    ),
}


@pytest.mark.parametrize(("title", "text", "lang"), GONE.values(), ids=GONE)
def test_an_apology_is_no_page(title: str, text: str, lang: str) -> None:
    shown = page(title, f"<p>{text}</p>", lang=lang)

    found = liveness.judge_fetch(shown, cited=CITED)

    assert found.sign in {Sign.GONE, Sign.DOUBTFUL}, found


def test_a_drift_that_a_person_called_wrong_is_none() -> None:
    other = page("A sale of garden chairs in the spring", "The chairs of the garden are sold in the spring of the year. " * 20)
    drifted = liveness.judge_fetch(other, cited=CITED)

    silenced = liveness.judge_fetch(other, cited=CITED, silenced=frozenset({"drift.title"}))

    assert (drifted.sign, silenced.sign) == (Sign.DRIFTING, Sign.OK)
