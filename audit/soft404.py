"""Is a 200 really a 404? Redirects, random-sibling probes, sibling clusters, titles and texts. Pure; words in data/soft404.toml.

Each signal is evidence with a strength; strengths combine as 1 - product(1 - s). From 0.6 on the page counts as gone; a lone weak
signal first buys a probe (verdicts.md, 6).
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlsplit

from audit import data, domains, similarity, urls
from audit.model import CitedAs, Evidence, Fetch, Surroundings
from audit.takeover import SAME_TITLE, best_ratio, keeps_slug
from audit.walls import title_parts, wall

_TABLE = data.table("soft404")
PHRASES = frozenset(similarity.fold(each) for phrases in _TABLE["phrases"].values() for each in phrases)
WEAK_TITLES = frozenset(similarity.fold(each) for each in _TABLE["weak"]["titles"])
ERROR_TOKENS = frozenset(_TABLE["urls"]["tokens"])

CODE_WORDS = frozenset(similarity.fold(each) for each in _TABLE["codes"]["words"])
CODES = frozenset({"404", "410"})
THING = r"(?:page|file|article|document|content|resource|site|story|item|post|url|address|link|listing|product|entry|topic|thread|object|record|video|image|profile|account|user|blog|website|webpage|web page|publication|report|news|event|location)"
ENGLISH = re.compile(
    rf"(?:(?:the|this|that|your|we re sorry(?: but)?|sorry(?: but)?|unfortunately|oops) ){{0,3}}"
    rf"(?:requested |specified |web |whole |selected ){{0,2}}{THING}s?"
    rf"(?: (?:that )?(?:you (?:requested|are looking for|were looking for|re looking for|have requested|tried to (?:access|reach)|want|asked for)|requested)){{0,2}}"
    r" (?:(?:was |is |were |are |could |can |cannot |can t |couldn t |has |have |does |do |did |doesn t |don t |seems to |appears to |may |might |no longer |not |be |been |currently |"
    r"isn t |wasn t |hasn t |unable to )){1,5}"
    r"(?:found|exist|exists|available|here|there|located|removed|deleted|moved|missing|expired|retired|gone|displayed|valid|published)(?: (?:here|any ?more|anymore|on this (?:server|site)|at this (?:address|location)|or (?:has been )?(?:moved|removed|deleted|does not exist))){0,2}"
    rf"|{THING} (?:not found|missing|unavailable|removed|deleted|expired|does not exist|doesn t exist|gone|error|not available|not exist|no longer exists|no longer available)"
    r"|not found|nothing found|nothing here|no such (?:page|file|article|document|file or directory)"
    rf"|(?:we |i )?(?:can t|cannot|could not|couldn t|can not|were unable to|are unable to|unable to) (?:find|locate) (?:the |that |this |your |what )?(?:requested |web )?(?:{THING}|you re looking for)(?: (?:you (?:requested|are looking for|were looking for|re looking for)|requested))?"
    rf"|(?:the )?(?:requested )?(?:url|{THING}) (?:was )?not found on this server"
    rf"|(?:this|that|the) {THING} (?:has (?:been )?|is )(?:no longer (?:available|exists?|online)|removed|deleted|expired|moved|gone|retired|taken down)"
    r"|(?:oops )?(?:that|this) page (?:can t|cannot|couldn t|could not) be found|page (?:can t|cannot|could not|couldn t) be (?:found|displayed)"
    r"|(?:looks like )?(?:you re |you are )lost|dead link|broken link|missing page"
)
"""English errors as whole folded parts. Every repetition is bounded."""

STRONG, CODE_ONLY, WEAK = 0.7, 0.6, 0.4
PROBE = CLUSTER = 0.8
CONVICTS = 0.6
LEAD, SHORT_WORDS = 200, 150
EMPTY, EMPTY_CHARACTERS = 0.5, 20
SHELL_CHARACTERS = 200
SAME_SIMHASH = 3
SAME_TEXT = 0.8
SOMETHING = {"scripts", "frames", "images", "needs-js", "app-root"}


def combined(evidence: Iterable[Evidence]) -> float:
    """1 - product(1 - s): two weak signals are a strong one.

    >>> round(combined([Evidence(rule="a", detail="", strength=0.4), Evidence(rule="b", detail="", strength=0.4)]), 2)
    0.64
    """
    left = 1.0
    for each in evidence:
        left *= 1 - (each.strength or 0)
    return 1 - left


# ---- words


def title_says(title: str | None) -> float:
    """How strongly a title says that there is no page: 0 when it does not.

    >>> title_says("Page not found | The Paper"), title_says("Peugeot 404 review"), title_says("Error handling in Express.js")
    (0.7, 0.0, 0.0)
    >>> title_says("404"), title_says("Error"), title_says("Highway 404")
    (0.6, 0.4, 0.0)
    """
    parts = title_parts(title)
    best = max((_part_says(part) for part in parts), default=0.0)
    if best == 0 and len(parts) == 1 and parts[0] in WEAK_TITLES:
        return WEAK
    return best


def _part_says(part: str) -> float:
    tokens = part.split()
    coded = False
    while tokens and (tokens[0] in CODES or tokens[0] in CODE_WORDS):
        coded = coded or tokens[0] in CODES
        tokens = tokens[1:]
    while tokens and (tokens[-1] in CODES or tokens[-1] in CODE_WORDS):
        coded = coded or tokens[-1] in CODES
        tokens = tokens[:-1]
    rest = " ".join(tokens)
    if not rest:
        return CODE_ONLY if coded and part != "410" else 0.0
    if coded and rest == "gone":
        return STRONG
    if rest in PHRASES or part in PHRASES or ENGLISH.fullmatch(rest):
        return STRONG
    return 0.0


def is_error_title(title: str | None) -> bool:
    """Whether a title, cited or shown, is an error's own: an editor may have cited the error page."""
    return title_says(title) >= CODE_ONLY


def words(fetch: Fetch) -> list[Evidence]:
    """What title, heading and the first words say."""
    found = []
    strength = max(title_says(fetch.title), title_says(fetch.og_title))
    if strength:
        found.append(
            Evidence(
                rule="soft404.title", detail=f'the title says "{(fetch.title or fetch.og_title or "")[:100]}"', strength=strength
            )
        )
    if (fetch.word_count or 0) >= SHORT_WORDS:
        return found
    if title_says(fetch.h1) >= CODE_ONLY:
        found.append(Evidence(rule="soft404.heading", detail=f'the heading says "{(fetch.h1 or "")[:100]}"', strength=WEAK))
    elif said := _lead_says(fetch.sample or ""):
        found.append(Evidence(rule="soft404.text", detail=f'the page says "{said[:100]}"', strength=WEAK))
    return found


SENTENCE = re.compile(r"[.!?\u3002\uff01\uff1f\n]+")


def _lead_says(sample: str) -> str | None:
    for sentence in SENTENCE.split(sample[:LEAD]):
        folded = similarity.fold(sentence)
        if folded and _part_says(folded) >= CODE_ONLY:
            return sentence.strip()
    return None


# ---- redirects


def redirect(fetch: Fetch, *, cited: CitedAs) -> tuple[str, Evidence] | None:
    """(reason, evidence) of a walk that ended elsewhere: `moved`, or one of the redirect deaths; None when it ended where it began."""
    asked, final = fetch.requested_url, fetch.final_url
    if not fetch.hops or not final or urls.same_page(asked, final):
        return None
    if token := _new_error_token(asked, final):
        return "redirect-to-error", _redirected(final, f"its address says `{token}`", 0.85)
    if keeps_slug(asked, final):
        return "moved", Evidence(rule="redirect.moved", detail=f"it moved to {final[:200]} and kept its name", strength=0.95)
    return _elsewhere(asked, final, titled=best_ratio(cited.titles, fetch) >= SAME_TITLE)


def _elsewhere(asked: str, final: str, *, titled: bool) -> tuple[str, Evidence]:
    """What a redirect to another name means, whether the page there shows the cited title or not."""
    if titled:
        return "moved", Evidence(
            rule="redirect.moved", detail=f"it moved to {final[:200]}, which shows the cited title", strength=0.9
        )
    if urls.root_like(final) and not urls.root_like(asked):
        return "redirect-to-root", _redirected(final, "a front page", 0.75)
    if _is_section(asked, final):
        return "redirect-to-section", _redirected(final, "a section of the site", 0.5)
    return "moved", Evidence(rule="redirect.moved", detail=f"it moved to {final[:200]}", strength=0.55)


def _redirected(final: str, what: str, strength: float) -> Evidence:
    return Evidence(rule="redirect.target", detail=f"it redirects to {final[:200]}: {what}", strength=strength)


def _new_error_token(asked: str, final: str) -> str | None:
    new = _url_tokens(final) - _url_tokens(asked)
    return min(new & ERROR_TOKENS, default=None)


def _url_tokens(url: str) -> set[str]:
    parts = urlsplit(url)
    segments = [unquote(segment).lower() for segment in parts.path.split("/") if segment]
    stems = {re.sub(r"\.(?:html?|php|aspx?|jsp|cfm|shtml)$", "", segment) for segment in segments}
    return stems | {each.lower() for pair in parse_qsl(parts.query, keep_blank_values=True) for each in pair}


def _is_section(asked: str, final: str) -> bool:
    """A strict ancestor of the requested path, or at most one segment where there were three or more."""
    first, second = (urls.page_key(url).partition("?")[0].partition("/") for url in (asked, final))
    before = [segment for segment in first[2].split("/") if segment]
    after = [segment for segment in second[2].split("/") if segment]
    if len(after) < len(before) and before[: len(after)] == after and first[0] == second[0]:
        return True
    return len(before) >= 3 and len(after) <= 1


# ---- other addresses of the same site


def same_content(one: Fetch, other: Fetch) -> bool:
    """Whether two answers show one page: equal title and equal text."""
    if not one.http_status or not other.http_status or similarity.fold(one.title or "") != similarity.fold(other.title or ""):
        return False
    if one.body_sha256 and one.body_sha256 == other.body_sha256:
        return True
    if one.text_simhash is not None and other.text_simhash is not None:
        if similarity.distance(one.text_simhash, other.text_simhash) <= SAME_SIMHASH:
            return True
        share = similarity.containment(_plain_sketch(one), _plain_sketch(other))
        return share is not None and share >= SAME_TEXT and _alike_in_size(one, other)
    return (one.text_length or 0) == (other.text_length or 0) and bool(one.title or not one.text_length)


def _alike_in_size(one: Fetch, other: Fetch) -> bool:
    lengths = sorted((one.text_length or 0, other.text_length or 0))
    return lengths[0] * 2 >= lengths[1]


def _plain_sketch(fetch: Fetch) -> tuple[int, ...]:
    """The sketch of the text without echoes of the address, numbers and dates: an error page repeats what was asked."""
    if not fetch.sample or len(fetch.sample) > 4_000:
        return fetch.sketch
    echoes = {
        token for url in (fetch.requested_url, fetch.final_url or "") for token in similarity.words(unquote(urlsplit(url).path))
    }
    kept = [word for word in similarity.words(fetch.sample) if word not in echoes and not any(each.isdigit() for each in word)]
    return similarity.sketch(" ".join(kept))


def probe(fetch: Fetch, probes: Iterable[Fetch]) -> Evidence | None:
    """What a sibling that cannot exist showed: the same page (strong), an honest 404 (strength 0, a good sign), or nothing."""
    shape = urls.path_shape(fetch.requested_url)
    honest = None
    for other in probes:
        if urls.path_shape(other.requested_url) != shape or other.failure is not None or wall(other):
            continue
        if _is_ok(other) and (_ends_together(fetch, other) or same_content(fetch, other)):
            return Evidence(
                rule="soft404.probe",
                detail=f"an address that cannot exist shows the same page: {other.requested_url[:200]}",
                strength=PROBE,
            )
        if other.http_status in {404, 410}:
            honest = Evidence(
                rule="soft404.probe-honest", detail=f"an address that cannot exist gets {other.http_status}", strength=0.0
            )
    return honest


def named_alike(fetch: Fetch, probes: Iterable[Fetch]) -> bool:
    """Whether an address that cannot exist has the same title: then the title is the site's and not the page's."""
    shape, title = urls.path_shape(fetch.requested_url), similarity.fold(fetch.title or "")
    return any(
        _is_ok(other) and urls.path_shape(other.requested_url) == shape and similarity.fold(other.title or "") == title
        for other in probes
    )


def _is_ok(fetch: Fetch) -> bool:
    return fetch.http_status is not None and 200 <= fetch.http_status < 300


def _ends_together(one: Fetch, other: Fetch) -> bool:
    if not one.final_url or not other.final_url or not one.hops:
        return False
    return urls.same_page(one.final_url, other.final_url) and not urls.same_page(one.requested_url, one.final_url)


def cluster(fetch: Fetch, around: Surroundings, *, cited: CitedAs, size: int) -> Evidence | None:
    """Other cited URLs of the domain that end at, or show, the same page: no request needed."""
    asked = {urls.page_key(fetch.requested_url)}
    titles = {similarity.fold(title) for title in cited.titles}
    for sibling in around.siblings:
        if sibling.failure is not None or not _is_ok(sibling) or urls.same_page(sibling.requested_url, fetch.requested_url):
            continue
        if fetch.final_url and urls.same_page(sibling.requested_url, fetch.final_url):
            continue
        if not (_ends_together(fetch, sibling) or _shows_the_same(fetch, sibling)):
            continue
        asked.add(urls.page_key(sibling.requested_url))
        if title := around.sibling_titles.get(sibling.requested_url):
            titles.add(similarity.fold(title))
    enough = len(asked) >= size or (len(asked) == 2 and len(titles) >= 2 and best_ratio(cited.titles, fetch) < SAME_TITLE)
    if not enough:
        return None
    return Evidence(
        rule="soft404.cluster", detail=f"{len(asked)} different cited addresses of this site show one page", strength=CLUSTER
    )


def _shows_the_same(one: Fetch, other: Fetch) -> bool:
    if similarity.fold(one.title or "") != similarity.fold(other.title or ""):
        return False
    if one.text_simhash is None or other.text_simhash is None:
        return False
    return similarity.distance(one.text_simhash, other.text_simhash) <= SAME_SIMHASH


# ---- what a page lacks


def is_html(fetch: Fetch) -> bool:
    """Whether the answer is a page: by its first bytes, else by what it says it is."""
    if fetch.magic is not None:
        return fetch.magic in {"html", "xml"}
    kind = (fetch.content_type or "text/html").partition(";")[0].strip().lower()
    return kind in {"text/html", "application/xhtml+xml", ""}


def empty(fetch: Fetch) -> Evidence | None:
    """An HTML page without anything to see and without anything that could still bring it."""
    if not is_html(fetch) or (fetch.text_length or 0) >= EMPTY_CHARACTERS or fetch.flags & SOMETHING:
        return None
    return Evidence(rule="soft404.empty", detail=f"{fetch.text_length or 0} visible characters", strength=EMPTY)


def is_shell(fetch: Fetch) -> bool:
    """A page that only scripts fill: the same bytes for every address, so that a probe means nothing."""
    if not is_html(fetch) or (fetch.text_length or 0) >= SHELL_CHARACTERS or "scripts" not in fetch.flags:
        return False
    return bool(fetch.flags & {"app-root", "needs-js"})


FILE_EXTENSIONS = {
    "pdf": "pdf",
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "png": "png",
    "gif": "gif",
    "zip": "zip",
    "doc": "ole",
    "xls": "ole",
    "docx": "zip",
    "xlsx": "zip",
}


def wrong_type(fetch: Fetch) -> Evidence | None:
    """HTML where the address names a document or an image."""
    extension = urlsplit(fetch.requested_url).path.rpartition(".")[2].lower()
    if extension not in FILE_EXTENSIONS or not is_html(fetch) or fetch.magic not in {"html", None}:
        return None
    return Evidence(rule="soft404.type", detail=f"an HTML page answers for a .{extension}", strength=WEAK)


def front_title(fetch: Fetch, root: Fetch | None) -> Evidence | None:
    """The title of the front page on another page."""
    if (
        root is None
        or not root.title
        or urls.root_like(fetch.requested_url)
        or similarity.fold(root.title) != similarity.fold(fetch.title or "")
    ):
        return None
    if domains.registrable_domain(urls.host_of(root.requested_url)) != domains.registrable_domain(
        urls.host_of(fetch.requested_url)
    ):
        return None
    return Evidence(rule="soft404.front-title", detail="it has the title of the front page", strength=WEAK)


def noindex(fetch: Fetch) -> Evidence | None:
    """Search engines are told to leave it and to look elsewhere."""
    if "noindex" not in (fetch.robots or "").lower() or not fetch.canonical or not fetch.final_url:
        return None
    elsewhere = urls.join(fetch.final_url, fetch.canonical)
    if elsewhere is None or urls.same_page(elsewhere, fetch.final_url):
        return None
    return Evidence(rule="soft404.noindex", detail=f"noindex, and canonical is {elsewhere[:200]}", strength=WEAK)
