"""Cited URLs: parse, repair, normalise, compare, and the SURT key. Pure.

What an editor wrote is kept elsewhere (`Citation.url`). Here it becomes the identity of a cited URL by lossless repairs only;
lossy ones are candidates that a fetch tries when the form as written has failed (verdicts.md, 1).
"""

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote_from_bytes, unquote, unquote_to_bytes

import ada_url

from audit import domains
from audit.model import CitedUrl

MOST_CHARACTERS = 8_192
MOST_HOST_BYTES, MOST_LABEL_BYTES = 253, 63
WEB = ("http", "https")
FETCHABLE = (*WEB, "ftp")

INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]")
"""Soft hyphens, zero-width and direction marks: they come along when people copy from a page."""

DEBRIS = re.compile(r"\}\}|\]\]|<|\"|''|<!--")
"""Wiki and HTML that cannot stand in a URL: the address ends before it."""

BRACES = (("{{=}}", "="), ("{{!}}", "|"))
SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.\-]*):")
NO_SCHEME = re.compile(r"^(?:www\.|(?:[A-Za-z0-9\-]{1,63}\.)+[A-Za-z]{2,24}(?::\d+)?(?:/|$))", re.IGNORECASE)
MISTYPED_SCHEME = re.compile(r"^(?:h{1,2}t{1,3}ps?|ttps?)(?::[/\\]*|//|;//)(?=[^/\\\s%])", re.IGNORECASE)
DOUBLE_SCHEME = re.compile(r"^(?:https?:/{0,2})+(?=https?:/)", re.IGNORECASE)
ENCODED_SCHEME = re.compile(r"^https?%3a%2f%2f", re.IGNORECASE)
ENCODED_ASCII = re.compile(r"%([2-7][0-9A-Fa-f])")
UNESCAPED = re.compile(r"[^\x21-\x7e]")
PLAIN_HOST = re.compile(r"(?:[a-z0-9_\-]+\.)*[a-z_\-][a-z0-9_\-]*\.?", re.IGNORECASE)
"""A host that no browser rewrites but for its case: no escapes, no number in disguise (`0x7f.1`), no bracket."""

SPACES = re.compile(r"\s")
LINE_BREAKS = re.compile(r"[\t\r\n]+")
"""What browsers take out of an address: it was only wrapped."""

RESOLVERS = {"doi:": "https://doi.org/", "hdl:": "https://hdl.handle.net/"}
NO_PORT = re.compile(r"^(?:https?|ftp)://[^/?#\\]*:0+(?:[/?#\\]|$)")
DEFAULT_PORTS = {"http": "80", "https": "443", "ftp": "21"}
TRAILING_SIGNS = ".,;:!'\"-"
TRAILING_ESCAPE = re.compile(
    r"%(?:2[0127CE]|3[AB]|C2%(?:A0|AB|B4|BB)|E2%80%(?:9[0-9A-F]|A6)|E3%80%8[1-9A-F]|EF%BC%(?:8[0-9]|9A|9B|0C))$", re.IGNORECASE
)
"""Blanks, punctuation, quotation marks, dashes, also the wide ones of East Asia: the sentence went on after the address."""

LONGEST_TRAILING_ESCAPE = 9
PARTNERS = {
    "%27": "%27",
    "%22": "%22",
    "%C2%BB": "%C2%AB",
    "%E2%80%9D": "%E2%80%9C",
    "%E2%80%99": "%E2%80%98",
    "%E3%80%8D": "%E3%80%8C",
}
"""Closing marks that stay when they close something in the address itself."""

EXTENSIONS = [
    "htm",
    "html",
    "shtml",
    "xhtml",
    "pdf",
    "asp",
    "aspx",
    "php",
    "jsp",
    "doc",
    "docx",
    "jpg",
    "jpeg",
    "png",
    "xml",
    "txt",
]
DOUBLED = {f"{known[:at]}{known[at]}{known[at:]}": known for known in EXTENSIONS for at in range(len(known))}
"""An extension with one letter twice -> the extension. `html` is not `htm` with a letter too many."""

TWICE = re.compile(r"%25(?=[0-9A-Fa-f]{2})")
TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|igshid|yclid|_ga|ref_src|s?cid|ocid|cmp|ns_\w+)$", re.IGNORECASE
)
SESSION = re.compile(r"^(?:jsessionid|phpsessid|aspsessionid\w*|sid|sessionid)$", re.IGNORECASE)
INDEX = re.compile(
    r"^(?:index|default|home|homepage|main|start|startseite|welcome|frontpage|portal)\.(?:html?|php\d?|aspx?|jsp|jsf|do|cfm|shtml|xhtml|cgi|pl)$",
    re.IGNORECASE,
)
_LANGUAGE_WORDS = """
aa af am ar as az be bg bn br bs ca ch co cs cy da de dz el en eo es et eu fa fi fj fo fr ga gd gl gu ha he hi hr ht hu hy ia
id ig is it ja jv ka kk km kn ko ku ky la lb lo lt lv mg mi mk ml mn mr ms mt my nb ne nl nn no oc om or pa pl ps pt qu rm ro
ru rw sa sd se si sk sl sm sn so sq sr st su sv sw ta te tg th ti tk tl tn to tr tt ug uk ur uz vi wo xh yi yo zh zu at au ae
ao ba bb bd bh bo bw by bz cl cm cn cr cu cy cz do dk ec ee eg eu gb ge gh gr gt hk hn ie il in iq ir jm jo jp ke kr kw kz lk
lu ma mc md me mm mo mu mw mx mz na ng ni np nz om pa pe ph pk pr py qa rs sa sg sv sy tn tw tz ua ug us uy uz ve vn ye za zm
zw eng deu ger fra fre esp spa ita por rus nld dut swe nor dan fin pol ces hun ell gre tur ara heb jpn kor zho chi cat ukr
english deutsch francais espanol italiano portugues nederlands svenska dansk norsk suomi polski cesky magyar turkce русский
日本語 中文 intl international global
"""
LANGUAGES = frozenset(_LANGUAGE_WORDS.split())
"""First segments that choose a language or a country. `tv` and `ai` are countries, too, but more often sections."""

REGION = re.compile(r"^([a-z]{2,3})[-_](?:[a-z]{2}|hans|hant|latn|cyrl|arab|\d{3})(?:[-_][a-z]{2})?$", re.IGNORECASE)
"""A language with its country, script or part of the world. Not any four letters: `to-root` is a page."""

HOME_WORDS = {
    "home",
    "homepage",
    "index",
    "start",
    "main",
    "welcome",
    "frontpage",
    "front",
    "accueil",
    "startseite",
    "inicio",
    "hjem",
    "hem",
    "etusivu",
    "portal",
    "mobile",
    "m",
    "wap",
    "strona-glowna",
    "uvod",
    "domu",
    "default",
    "site",
    "web",
}
HOME_PARENTS = HOME_WORDS | {"pages", "guest", "public", "content", "cms", "www", "sites", "group", "en", "html"}
CHOOSES_LANGUAGE = {"lang", "language", "locale", "hl", "l", "lng", "setlang", "langid", "ln", "sprache", "idioma"}
SHOWINGS = {
    "print",
    "printable",
    "printer",
    "printer-friendly",
    "printfriendly",
    "printversion",
    "print-version",
    "drucken",
    "druckversion",
    "druckansicht",
    "imprimir",
    "imprimer",
    "stampa",
    "amp",
    "mobile",
    "full",
    "fullpage",
    "singlepage",
    "single-page",
    "plain",
    "textonly",
    "all",
}
"""Segments and parameters that choose how a story is shown, not which."""

SHOWING_NAMES = SHOWINGS | {
    "m",
    "output",
    "outputtype",
    "format",
    "share",
    "replytocom",
    "showall",
    "pagewanted",
    "seq",
    "nomobile",
    "view_mode",
    "theme",
    "style",
    "fontsize",
    "lite",
    "platform",
    "device",
}
SHOWING_HOSTS = ("m.", "mobile.", "amp.", "wap.", "touch.", "print.")


# ---- identity


@lru_cache(maxsize=65_536)
def cited_url(written: str) -> CitedUrl:
    """The cited URL of an address as written; `problem` says why it can never be fetched.

    >>> cited_url(" HTTP://Example.COM:80/a b#part").url
    'http://example.com/a%20b'
    >>> cited_url("mailto:someone@example.com").problem, cited_url("http:///nothing").problem
    ('unsupported-scheme', None)
    >>> cited_url("http://example.com:99999/").problem
    'invalid-url'
    """
    url = normalise(written)
    found = SCHEME.match(url)
    if (found and found[1].lower() not in FETCHABLE) or url.startswith("urn:"):
        return _unfetchable(url, "unsupported-scheme")
    try:
        host = ada_url.URL(url if url.startswith("ftp:") else wire(url)).hostname
    except ValueError:
        return _unfetchable(url, "invalid-url")
    if not _sane_host(host) or NO_PORT.match(url):
        return _unfetchable(url, "invalid-url")
    if host.endswith(".onion"):
        return _unfetchable(url, "unsupported-scheme")
    return CitedUrl(
        url=url,
        urlkey=urlkey(url),
        host=host.strip("[]"),
        domain=domains.publisher_key(url),
        section=domains.section_key(url),
    )


def _unfetchable(url: str, problem: str) -> CitedUrl:
    host = host_of(url)
    return CitedUrl(url=url, urlkey=url, host=host, domain=domains.registrable_domain(host), section=f"{host}/", problem=problem)


def normalise(written: str) -> str:
    """Every lossless repair, and nothing else: applying it twice changes nothing.

    >>> normalise("https://example.com/%7Ea;b+c|d?x=&y#top")
    'https://example.com/%7Ea;b+c|d?x=&y'
    >>> normalise("www.example.com/a&amp;b"), normalise("http:/example.com"), normalise("doi:10.1234/x")
    ('http://www.example.com/a&b', 'http://example.com/', 'https://doi.org/10.1234/x')
    >>> normalise("http://пример.example/ü")
    'http://xn--e1afmkfd.example/%C3%BC'
    """
    url = _lossless(written)
    scheme = SCHEME.match(url)
    if scheme and scheme[1].lower() not in FETCHABLE:
        return url[:MOST_CHARACTERS]
    found = re.match(r"^(https?|ftp)://([^/?#\\]*)([^#]*)", url, re.IGNORECASE)
    if not found:
        return url[:MOST_CHARACTERS]
    name, authority, rest = found[1].lower(), found[2], found[3]
    authority = _authority(name, authority)
    if not rest.startswith("/"):
        rest = "/" + rest
    return f"{name}://{authority}{UNESCAPED.sub(_escaped, rest)}"


def _lossless(written: str) -> str:
    text = INVISIBLE.sub("", written).strip().strip("\u00a0")
    for braces, meaning in BRACES:
        text = text.replace(braces, meaning)
    if found := DEBRIS.search(text):
        text = text[: found.start()]
    if "&" in text:
        text = _without_debris(INVISIBLE.sub("", _unescaped(text)))
    text = _settled_scheme(LINE_BREAKS.sub("", text).strip())
    text = text.partition("#")[0] if text[:4].lower() in {"http", "ftp:"} and SCHEME.match(text) else text
    return SPACES.sub("%20", text.strip())


AMPERSAND = re.compile(r"&(?:(?:amp|#0{0,5}38|#[xX]0{0,4}26);)+")
ENTITY = re.compile(r"&(?:lt|gt|quot|apos|nbsp|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")


def _unescaped(text: str) -> str:
    """Character references with their semicolon: `&copy=1` is a parameter, not a sign.

    Several layers (`&amp;amp;` is what copying from a page's source twice leaves) are one repair: an identity that changed when it
    is normalised again would be no identity.
    """
    while (plain := ENTITY.sub(lambda found: html.unescape(found[0]), AMPERSAND.sub("&", text))) != text:
        text = plain
    return text


def _without_debris(text: str) -> str:
    """What was written as a reference or an escape was meant: it stays, as an escape, where the bare signs would end an address."""
    return DEBRIS.sub(lambda found: "".join(f"%{ord(sign):02X}" for sign in found[0]), text)


def _settled_scheme(text: str) -> str:
    """The address with its scheme repaired until nothing is left to repair: mistakes come in pairs (`htp://http://`)."""
    while (repaired := _schemed(text)) != text:
        text = repaired
    return text


def _schemed(text: str) -> str:
    """The address with a scheme that can be sent, where it is plain which one was meant."""
    if resolver := RESOLVERS.get(text[:4].lower()):
        return resolver + text[4:].lstrip("/ ")
    if text.startswith("//"):
        return "https:" + text
    if ENCODED_SCHEME.match(text):
        text = _without_debris(ENCODED_ASCII.sub(lambda found: chr(int(found[1], 16)), text))
    text = DOUBLE_SCHEME.sub("", text)
    if re.match(r"^https?://[^/\\]", text, re.IGNORECASE):
        return text
    if found := MISTYPED_SCHEME.match(text):
        secure = "s" in found[0].lower()
        return f"http{'s' if secure else ''}://{text[found.end() :]}"
    if found := re.match(r"^(https?):[/\\]*(?=[^/\\])", text, re.IGNORECASE):
        return f"{found[1]}://{text[found.end() :]}"
    return "http://" + text if NO_SCHEME.match(text) else text


def _authority(scheme: str, authority: str) -> str:
    """Host in lower case and A-labels, without the default port; user information stays for the record, it is never sent."""
    user, at, place = authority.rpartition("@")
    host, colon, port = place.rpartition(":")
    if not colon or "]" in port or not port.isascii() or not (port.isdigit() or not port):
        host, port = place, ""
    host = host.lower() if PLAIN_HOST.fullmatch(host) else _a_labels(host)
    port = "" if port == DEFAULT_PORTS[scheme] else port
    return f"{user}{at}{host}{':' + port if port else ''}"


def _a_labels(host: str) -> str:
    """UTS 46, non-transitional: what browsers send; the text as it is when it is no host."""
    try:
        return ada_url.URL(f"http://{host}/").hostname
    except ValueError:
        return host.lower()


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))


# ---- what is sent


def wire(url: str) -> str:
    """What a browser would send: the WHATWG serialisation without fragment or user information. ValueError when it cannot be sent.

    >>> wire("http://example.com/a/../b|c?[x]"), wire("http://example.com/%7e?")
    ('http://example.com/b|c?[x]', 'http://example.com/%7e?')
    """
    if len(url) > MOST_CHARACTERS:
        raise ValueError(f"longer than {MOST_CHARACTERS} characters")
    parsed = ada_url.URL(url)
    if parsed.protocol[:-1] not in WEB or not parsed.hostname:
        raise ValueError(f"{parsed.protocol} cannot be asked")
    parsed.hash = ""
    parsed.username = parsed.password = ""
    sent: str = parsed.href
    return sent.removesuffix("#")


def join(base: str, location: str) -> str | None:
    """Where a redirect leads, read as browsers read it; None when it is no address.

    >>> join("http://example.com/a/b", " ../c d#x"), join("http://example.com/a", "//other.example/")
    ('http://example.com/c%20d', 'http://other.example/')
    """
    location = location.strip()
    if not location or len(location) > MOST_CHARACTERS:
        return None
    try:
        parsed = ada_url.URL(location, base=base)
    except ValueError:
        return None
    joined: str = parsed.href
    return joined.partition("#")[0]


@lru_cache(maxsize=16_384)
def host_of(url: str) -> str:
    """The host in lower case and A-labels, "" when there is none.

    >>> host_of("https://user@News.Example.com:8080/x"), host_of("urn:isbn:1")
    ('news.example.com', '')
    """
    try:
        parsed = ada_url.URL(url)
    except ValueError:
        return ""
    host: str = parsed.hostname
    return host.strip("[]") if parsed.protocol[:-1] in {"http", "https", "ftp", "ftps"} else ""


@lru_cache(maxsize=16_384)
def host_key(url_or_host: str) -> str:
    """The host that paces requests: without `www.`, in lower case.

    >>> host_key("https://www.Example.com/x"), host_key("WWW.example.com")
    ('example.com', 'example.com')
    """
    host = host_of(url_or_host) if "//" in url_or_host else url_or_host.lower()
    return host.removesuffix(".").removeprefix("www.")


def _sane_host(host: str) -> bool:
    """Whether any resolver could know it. Underscores, hyphens at the ends and a final dot exist in the wild."""
    if host.startswith("["):
        return True
    labels = host.removesuffix(".").split(".")
    if len(host) > MOST_HOST_BYTES or not all(labels):
        return False
    return all(len(label) <= MOST_LABEL_BYTES for label in labels)


# ---- lossy candidates


def candidates(url: str) -> tuple[tuple[str, str], ...]:
    """At most two other spellings that the editor may have meant, each with the rule that made it, most likely first.

    >>> candidates("http://example.com/page.html.")
    (('http://example.com/page.html', 'url.trailing-punctuation'),)
    >>> candidates("http://example.com/a_(b")
    ()
    """
    if len(url) > MOST_CHARACTERS:
        return ()
    found: list[tuple[str, str]] = []
    for rule, repair in LOSSY:
        other = repair(url)
        if other and other != url and all(other != known for known, _ in found) and host_of(other):
            found.append((other, rule))
    return tuple(found[:2])


def _untrailed(url: str) -> str:
    head, separator, path = _split(url)
    if not path:
        return head.rstrip(TRAILING_SIGNS + ")") + separator
    trimmed = _trimmed(path)
    while trimmed.endswith(")") and trimmed.count(")") > trimmed.count("("):
        trimmed = _trimmed(trimmed[:-1])
    return head + separator + trimmed


def _trimmed(path: str) -> str:
    """Without the punctuation at its end. From the end inwards: a pattern that looks for its start takes the square of the length."""
    path = path.rstrip(TRAILING_SIGNS)
    while found := TRAILING_ESCAPE.search(path[-LONGEST_TRAILING_ESCAPE:]):
        before = path[: -len(found[0])]
        if PARTNERS.get(found[0].upper(), "%%") in before.upper():
            break
        path = before.rstrip(TRAILING_SIGNS)
    return path


def _undoubled(url: str) -> str:
    head, separator, rest = _split(url)
    path, mark, query = rest.partition("?")
    stem, dot, extension = path.rpartition(".")
    known = DOUBLED.get(extension.lower())
    return f"{head}{separator}{stem}{dot}{known}{mark}{query}" if dot and known else url


def _once(url: str) -> str:
    return TWICE.sub("%", url)


def _without_lone_bracket(url: str) -> str:
    for escape, partner in (("%5D", "%5B"), ("%29", "%28"), ("%7D", "%7B")):
        if url.upper().endswith(escape) and partner not in url.upper():
            return url[: -len(escape)]
    return url


def _unwrapped(url: str) -> str:
    return url.replace("%20", "")


LOSSY = (
    ("url.trailing-punctuation", _untrailed),
    ("url.lone-bracket", _without_lone_bracket),
    ("url.doubled-letter", _undoubled),
    ("url.double-encoding", _once),
    ("url.wrapped", _unwrapped),
)


def _split(url: str) -> tuple[str, str, str]:
    """Scheme and host, "/", the rest."""
    found = re.match(r"^(https?://[^/]*)(/)(.*)$", url, re.IGNORECASE | re.DOTALL)
    return (found[1], found[2], found[3]) if found else (url, "", "")


# ---- comparing


@lru_cache(maxsize=65_536)
def urlkey(url: str) -> str:
    """SURT form, as capture indexes sort: only to match captures.

    >>> urlkey("https://www.Example.com:443/a/B?b=2&a=1#x"), urlkey("http://example.com")
    ('com,example)/a/b?a=1&b=2', 'com,example)/')
    """
    try:
        parsed = ada_url.URL(url)
    except ValueError:
        return url.lower()
    host = WWW.sub("", parsed.hostname.strip("[].").replace("..", "."))
    port = f":{parsed.port}" if parsed.port else ""
    path = re.sub(r"/{2,}", "/", _without_dots(_reescaped(parsed.pathname).lower()))
    if ".aspx" in path:
        path = PATH_SESSION.sub("", path)
    if len(path) > 1:
        path = path.removesuffix("/")
    return f"{','.join(reversed(host.split('.')))}{port}){path or '/'}{_sorted_query(_reescaped(parsed.search[1:]).lower())}"


def _without_dots(path: str) -> str:
    """Dot segments that only undoing the escapes has shown: `a%2F..%2Fb`; one above the root stays, as in the indexes."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path[1:].split("/"):
        if segment == ".." and kept:
            kept.pop()
        elif segment != ".":
            kept.append(segment)
    return f"/{'/'.join(kept)}"


WWW = re.compile(r"^www\d*\.")
PATH_SESSION = re.compile(r"(?<=/)\((?:(?:[a-z]\([0-9a-z]{24}\)){1,8}|[0-9a-z]{24})\)/(?=[^?]+\.aspx)")
QUERY_SESSIONS = tuple(
    re.compile(f"(?:{each})(?:&|$)")
    for each in (
        "jsessionid=[0-9a-z]{32}",
        "phpsessid=[0-9a-z]{32}",
        "sid=[0-9a-z]{32}",
        "aspsessionid[a-z]{8}=[a-z]{24}",
        "cfid=[^&]{1,200}&cftoken=[^&]{1,200}",
    )
)
"""What capture indexes take for a session, and leave out; a `sid` of another length names a page."""


def _sorted_query(query: str) -> str:
    """Without sessions, in order of name and value: `a=` stands before `a0=`, although "=" comes after "0"."""
    if "id" in query:
        for pattern in QUERY_SESSIONS:
            query = _without_last(pattern, query)
    pairs = sorted(query.split("&"), key=_name_and_value) if len(query) > 1 else [query]
    return f"?{'&'.join(pairs)}" if query else ""


def _without_last(pattern: re.Pattern[str], text: str) -> str:
    found = list(pattern.finditer(text))
    return text[: found[-1].start()] + text[found[-1].end() :] if found else text


def _name_and_value(pair: str) -> list[str]:
    return pair.split("=", 1)


UNESCAPED_IN_KEYS = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
MOST_ESCAPED = 32


def _reescaped(text: str) -> str:
    """Escapes undone to the last one, then made anew: so do the programs that write capture indexes."""
    if "%" not in text:
        return text
    raw = text.encode()
    for _ in range(MOST_ESCAPED):
        undone = unquote_to_bytes(raw)
        if undone == raw:
            break
        raw = undone
    return quote_from_bytes(raw, safe=UNESCAPED_IN_KEYS)


def same_page(one: str, other: str) -> bool:
    """Whether two addresses differ only in what says nothing: scheme, `www.`, case, index file, final slash, tracking.

    >>> same_page("http://www.example.com/A/index.html?utm_source=x", "https://example.com/a")
    True
    """
    return one == other or page_key(one) == page_key(other)


@lru_cache(maxsize=16_384)
def page_key(url: str) -> str:
    """What `same_page` compares."""
    try:
        parsed = ada_url.URL(url)
    except ValueError:
        return url.lower()
    segments = [segment for segment in unquote(parsed.pathname).lower().split("/") if segment]
    if segments and INDEX.match(segments[-1]):
        segments.pop()
    pairs = [pair for pair in parsed.search[1:].split("&") if pair and not _says_nothing(pair.partition("=")[0])]
    query = "?" + unquote("&".join(sorted(pairs))).lower() if pairs else ""
    host = parsed.hostname.removeprefix("www.")
    port = f":{parsed.port}" if parsed.port else ""
    return f"{host}{port}/{'/'.join(re.sub(';jsessionid=.*', '', each) for each in segments)}{query}"


def _says_nothing(name: str) -> bool:
    return bool(TRACKING.match(name) or SESSION.match(name))


@lru_cache(maxsize=16_384)
def root_like(url: str) -> bool:
    """Whether the address is a front page: the root, an index file, or only a language or country.

    >>> root_like("https://example.com/index.php"), root_like("https://example.com/en/"), root_like("https://example.com/?p=4")
    (True, True, False)
    """
    path, _, query = page_key(url).partition("/")[2].partition("?")
    if any(pair.partition("=")[0] not in CHOOSES_LANGUAGE for pair in query.split("&") if pair):
        return False
    segments = [segment for segment in path.split("/") if segment and not _chooses_language(segment)]
    by_file = INDEX.search(url.partition("?")[0].rpartition("/")[2]) is not None
    return not segments or ((by_file or segments[-1] in HOME_WORDS) and all(segment in HOME_PARENTS for segment in segments))


def _chooses_language(segment: str) -> bool:
    found = REGION.match(segment)
    return segment in LANGUAGES or (found is not None and found[1].lower() in LANGUAGES)


LONG_NUMBER = re.compile(r"\d{4,}")
YEAR = re.compile(r"(?:19|20)\d\d")
SLUG_WORDS = re.compile(r"[^\W_]+")
LEAST_SLUG_WORDS = 3


def same_story(one: str, other: str) -> bool:
    """Whether two addresses lead to one story, shown in different ways: for print, on a mobile host, under its number alone.

    >>> same_story("http://example.com/news/bridge?print=1", "http://m.example.com/news/bridge.amp")
    True
    >>> same_story("http://example.com/news/1", "http://example.com/news/2")
    False
    """
    if _story_key(one) == _story_key(other):
        return True
    first, second = (_story_name(url) for url in (one, other))
    return bool(first & second)


@lru_cache(maxsize=16_384)
def _story_key(url: str) -> str:
    """The address without what only chooses how it is shown."""
    host, _, rest = page_key(url).partition("/")
    path, _, query = rest.partition("?")
    host = next((host.removeprefix(each) for each in SHOWING_HOSTS if host.startswith(each)), host)
    segments = [re.sub(r"\.(?:amp|print)?(?:\.?html?)?$", "", segment) for segment in path.split("/") if segment not in SHOWINGS]
    if len(segments) > 2 and segments[-2] in {"page", "seite", "pagina"} and segments[-1].isdigit():
        segments = segments[:-2]
    pairs = [pair for pair in query.split("&") if pair and pair.partition("=")[0] not in SHOWING_NAMES]
    return f"{host}/{'/'.join(each for each in segments if each)}?{'&'.join(pairs)}"


@lru_cache(maxsize=16_384)
def _story_name(url: str) -> frozenset[str]:
    """What names a story wherever it stands: the slug at its end, the last long number."""
    host, _, rest = page_key(url).partition("/")
    segments = [segment for segment in rest.partition("?")[0].split("/") if segment and segment not in SHOWINGS]
    stem = (re.sub(r"\.[a-z0-9]{2,5}$", "", segments[-1]) if segments else "").strip("-_")
    numbers = [number for number in LONG_NUMBER.findall(rest) if not YEAR.fullmatch(number)]
    slug = {stem} if len(SLUG_WORDS.findall(stem)) >= LEAST_SLUG_WORDS else set()
    return frozenset(f"{domains.registrable_domain(host)} {each}" for each in slug | set(numbers[-1:]))


DIGITS, SLUG = re.compile(r"\d+"), re.compile(r"[^/]*[-_][^/]*[-_][^/]*")
IDENTIFIES = re.compile(r"\d{3,}")
NUMBERED_LENGTH = 18
"""Digits of a number that no record has reached."""


VIEWS = frozenset(
    [
        "view",
        "show",
        "full",
        "fulltext",
        "abstract",
        "contents",
        "content",
        "toc",
        "history",
        "posts",
        "profile",
        "info",
        "details",
        "detail",
        "overview",
        "summary",
        "reviews",
        "review",
        "comments",
        "photos",
        "pictures",
        "images",
        "gallery",
        "videos",
        "stats",
        "statistics",
        "results",
        "today",
        "latest",
        "print",
        "pdf",
        "read",
        "bio",
        "biography",
        "credits",
        "cast",
        "lyrics",
        "members",
        "description",
        "edit",
        "discussion",
        "talk",
        "files",
        "download",
        "references",
        "citation",
        "metrics",
        "plot",
        "synopsis",
        "record",
        "followers",
        "issues",
        "articles",
    ]
)
"""Last parts of a path that show a side of what the part above names: `/users/anna/posts`."""


@lru_cache(maxsize=16_384)
def path_shape(url: str) -> str:
    """Which handler of a server would answer: host, directories with numbers and slugs masked, extension, parameter names.

    >>> path_shape("http://example.com/news/2019/05/a-long-slug.html?id=5")
    'http://example.com/news/#/#/*.html?id'
    """
    try:
        parsed = ada_url.URL(url)
    except ValueError:
        return url
    *directories, last = parsed.pathname.rstrip("/").split("/")
    masked = [DIGITS.sub("#", SLUG.sub("*", each)) for each in directories]
    extension = f".{last.rpartition('.')[2]}" if "." in last else "/" if parsed.pathname.endswith("/") and last else ""
    if _is_view(directories, last):
        masked[-1], extension = "*", f".{last}"
    names = sorted(pair.partition("=")[0] if "=" in pair else "*" for pair in parsed.search[1:].split("&") if pair)
    query = "?" + "&".join(names) if names else ""
    return f"{parsed.protocol}//{parsed.host}{'/'.join(masked)}/*{extension}{query}"


def _is_view(directories: Sequence[str], last: str) -> bool:
    """Whether the last part is only a side of what the directory above it names."""
    above = directories[-1].lower() if directories else ""
    return last.partition(".")[0].lower() in VIEWS and bool(above) and not _chooses_language(above)


SCRIPT = re.compile(r"\.(?:php\d?|aspx?|jsp|jsf|cfm|cgi|pl|do|dll|exe|py|action|xhtml|nsf)$", re.IGNORECASE)


def sibling(url: str, letters: str) -> str | None:
    """An address beside it that cannot exist, and that the same handler would answer. None for a front page.

    What names the page becomes `letters`: the last part of the path, its extension kept, and the numbers and slugs above it, since
    many servers look at those alone; or else the values of the query.

    >>> sibling("http://example.com/news/story.html", "qxzv"), sibling("http://example.com/view?id=123", "qxzv")
    ('http://example.com/news/qxzv.html', 'http://example.com/view?id=qxzv')
    >>> sibling("http://example.com/story/12345/a-slug", "qxzv")
    'http://example.com/story/302830283028302830/qxzv'
    """
    try:
        parsed = ada_url.URL(url)
    except ValueError:
        return None
    *directories, last = parsed.pathname.rstrip("/").split("/")
    if _named_by_query(last, parsed.search):
        return f"{parsed.origin}{parsed.pathname}{_unknown_query(parsed.search, letters)}"
    if not last:
        return f"{parsed.origin}/?{letters}" if parsed.search else None
    unknown = [_unknown(each, letters, before=before) for each, before in zip(directories, ["", *directories], strict=False)]
    final = "/" if parsed.pathname.endswith("/") else ""
    if _is_view(directories, last):
        named = _unknown(directories[-1], letters, before="")
        unknown[-1] = named if named != directories[-1] else letters
        return f"{parsed.origin}{'/'.join(unknown)}/{last}{final}{parsed.search}"
    extension = f".{last.rpartition('.')[2]}" if re.search(r"\.[A-Za-z0-9]{2,5}$", last) else ""
    return f"{parsed.origin}{'/'.join(unknown)}/{letters}{extension}{final}{parsed.search}"


IDENTIFYING = re.compile(
    r"[?&](?:\w*id|no|nr|num|number|p|v|n|i|q|art\w*|story|item|doc\w*|rec\w*|key|code|title|name|file\w*|word|term|entry|news|pk|topic|thread|t|f|x)=",
    re.IGNORECASE,
)
"""Parameters that name a page even behind a bare word (`/view?id=4`); others only say how to show what the path names."""


def _named_by_query(last: str, search: str) -> bool:
    """Whether the query names the page: behind a script, a bare word or nothing. A slug or a number in the path names it there."""
    if "=" not in search or not last or SCRIPT.search(last):
        return "=" in search
    return bool(IDENTIFYING.search(search)) and not (SLUG.fullmatch(last) or re.search(r"\d", last))


NAMING = {
    "title",
    "name",
    "file",
    "filename",
    "doc",
    "document",
    "path",
    "url",
    "article",
    "story",
    "item",
    "slug",
    "key",
    "word",
    "term",
    "entry",
    "v",
}
"""Parameters that name a page although their values hold no number."""


def _unknown_query(search: str, letters: str) -> str:
    """Every value that may name the page replaced, or else every value: one that stays might be the one that names it."""

    def unknown(found: re.Match[str]) -> str:
        names = found[1].lower() in NAMING or re.search(r"\d", found[2])
        return f"{found[1]}={letters}" if names else found[0]

    named = PAIR.sub(unknown, search)
    return named if named != search else re.sub(r"=[^&]+", f"={letters}", search)


PAIR = re.compile(r"([^?&=]+)=([^&]*)")


def _unknown(segment: str, letters: str, *, before: str) -> str:
    """A directory that may name the page, as one that cannot exist. Years, the months and days behind them and versions are only places."""
    if SLUG.fullmatch(segment):
        return f"{letters}-{letters[::-1]}-{letters}"
    if YEAR.fullmatch(segment) or (segment.isdigit() and before.isdigit() and len(segment) <= len("12")):
        return segment
    number = "".join(str(ord(letter) % 10) for letter in letters) * NUMBERED_LENGTH
    return (DIGITS if segment.isdigit() else IDENTIFIES).sub(number[:NUMBERED_LENGTH], segment)
