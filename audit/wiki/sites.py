"""Database names of wikis, and where they live. Pure."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

FAMILIES = {
    "wiktionary": "wiktionary.org",
    "wikisource": "wikisource.org",
    "wikiquote": "wikiquote.org",
    "wikinews": "wikinews.org",
    "wikibooks": "wikibooks.org",
    "wikivoyage": "wikivoyage.org",
    "wikiversity": "wikiversity.org",
    "wikimedia": "wikimedia.org",
    "wiki": "wikipedia.org",
}
"""End of a database name -> domain of its family; `wiki` last, as `commonswiki` and its like are looked up before."""

SINGLE = {
    "commonswiki": "commons.wikimedia.org",
    "metawiki": "meta.wikimedia.org",
    "specieswiki": "species.wikimedia.org",
    "incubatorwiki": "incubator.wikimedia.org",
    "outreachwiki": "outreach.wikimedia.org",
    "foundationwiki": "foundation.wikimedia.org",
    "wikimaniawiki": "wikimania.wikimedia.org",
    "labswiki": "wikitech.wikimedia.org",
    "wikidatawiki": "www.wikidata.org",
    "testwikidatawiki": "test.wikidata.org",
    "mediawikiwiki": "www.mediawiki.org",
    "wikifunctionswiki": "www.wikifunctions.org",
    "sourceswiki": "wikisource.org",
    "betawikiversity": "beta.wikiversity.org",
}
RENAMED = {"be_x_old": "be-tarask"}
"""The one language whose host was renamed and whose database was not."""

MOBILE = re.compile(r"(?:^|\.)m\.")
DATABASE = re.compile(rf"[a-z][a-z0-9_]{{0,40}}(?:{'|'.join(FAMILIES)})|{'|'.join(SINGLE)}")
SCRIPTS = ("/w/api.php", "/api.php", "/wiki/api.php", "/mediawiki/api.php")
"""Where api.php lies: Wikimedia, most wiki farms, and two customs of small wikis."""


def host_of(wiki: str) -> str | None:
    """The host of a Wikimedia wiki.

    >>> host_of("enwiki"), host_of("zh_min_nanwiki"), host_of("be_x_oldwiki"), host_of("commonswiki"), host_of("dewikisource")
    ('en.wikipedia.org', 'zh-min-nan.wikipedia.org', 'be-tarask.wikipedia.org', 'commons.wikimedia.org', 'de.wikisource.org')
    """
    if wiki in SINGLE:
        return SINGLE[wiki]
    if not DATABASE.fullmatch(wiki):
        return None
    family = next(end for end in FAMILIES if wiki.endswith(end))
    language = wiki.removesuffix(family)
    return f"{RENAMED.get(language, language).replace('_', '-')}.{FAMILIES[family]}" if language else None


def wiki_at(host: str) -> str | None:
    """The database name behind a Wikimedia host, without its mobile form.

    >>> wiki_at("en.m.wikipedia.org"), wiki_at("be-tarask.wikipedia.org"), wiki_at("m.wikidata.org"), wiki_at("news.example")
    ('enwiki', 'be_x_oldwiki', 'wikidatawiki', None)
    """
    plain = desktop(host)
    for wiki, known in SINGLE.items():
        if plain in {known, known.removeprefix("www.")}:
            return wiki
    language, _, domain = plain.partition(".")
    family = next((end for end, known in FAMILIES.items() if known == domain), None)
    if family is None or not language or language in {"www", "m"}:
        return None
    old = {new: old for old, new in RENAMED.items()}
    return f"{old.get(language, language).replace('-', '_')}{family}"


def desktop(host: str) -> str:
    """A host without its mobile part.

    >>> desktop("De.m.Wikipedia.org"), desktop("m.mediawiki.org"), desktop("m.example.org:8080")
    ('de.wikipedia.org', 'mediawiki.org', 'm.example.org:8080')
    """
    lower = host.lower().rstrip(".")
    known = any(
        lower.endswith(f".{domain}") for domain in (*FAMILIES.values(), *(each.removeprefix("www.") for each in SINGLE.values()))
    )
    return MOBILE.sub(lambda found: "." if found[0].startswith(".") else "", lower, count=1) if known else lower


def api_of(wiki: str, *, sites: Mapping[str, str]) -> str | None:
    """The api.php of a database name: as configured, else Wikimedia's."""
    if wiki in sites:
        return sites[wiki]
    host = host_of(wiki)
    return f"https://{host}{SCRIPTS[0]}" if host else None


def configured_at(host: str, *, sites: Mapping[str, str]) -> tuple[str, str] | None:
    """(database name, api.php) of the configured wiki on a host, its port included."""
    wanted = host.lower()
    return next(((wiki, api) for wiki, api in sites.items() if urlsplit(api).netloc.lower() == wanted), None)
