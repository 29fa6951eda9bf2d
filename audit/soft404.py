"""Is a 200 really a 404? Redirects, random-sibling probes, sibling clusters, titles and texts. Pure; words in data/soft404.toml.

Each signal is evidence with a strength; strengths combine as 1 - product(1 - s). From 0.6 on the page counts as gone; a lone weak
signal first buys a probe (verdicts.md, 6).
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from audit import apologies, data, domains, likeness, similarity, urls
from audit.apologies import Apology
from audit.likeness import Likeness
from audit.model import CitedAs, Evidence, Fetch, Surroundings
from audit.takeover import SAME_TITLE, TELLING, best_ratio, keeps_slug
from audit.walls import SEPARATORS, interrupts, wall

_TABLE = data.table("soft404")
WEAK_TITLES = frozenset(similarity.fold(each) for each in _TABLE["weak"]["titles"])
ERROR_TOKENS = frozenset(_TABLE["urls"]["tokens"])
ERROR_NAMES = frozenset(_TABLE["urls"]["names"])
CODE_NAMES = frozenset(_TABLE["urls"]["codes"])
SEARCH_TOKENS = frozenset(_TABLE["urls"]["search"])
SEARCHES = tuple(sorted({similarity.fold(each) for each in _TABLE["search"]["begins"]}, key=len, reverse=True))

STRONG, CODE_ONLY, WEAK = 0.7, 0.6, 0.4
PROBE = CLUSTER = 0.8
CONVICTS = 0.6
LEAD, SHORT_WORDS = 300, 150
EMPTY, EMPTY_CHARACTERS = 0.5, 20
SHELL_CHARACTERS = 200
SOMETHING = {"scripts", "frames", "images", "needs-js", "app-root", "form", "password-field"}
AMBIGUOUS = "soft404.title-code"
"""A title that is only a code or "not found": a film, a road or a lesson may be called so, too."""

DISPROVED = {
    "soft404.text",
    "soft404.heading",
    "soft404.type",
    "soft404.weak-title",
    "soft404.front-title",
    "soft404.search",
    "soft404.empty",
    AMBIGUOUS,
}
"""Weak signals that a server outweighs which shows something else for an address that cannot exist."""


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

BESIDE = re.compile(r"\s+/\s+|[\u2022\u25cf\u2605\u2606\u203a\uff5c\uff1e>]")
"""Separates the languages or parts of a title, beside what SEPARATORS knows."""

COLON = re.compile(r"\s*[:\uff1a]\s+")
SITE_LETTERS = 4


def title_says(title: str | None) -> float:
    """How strongly a title says that there is no page: 0 when it does not.

    >>> title_says("Page not found | The Paper"), title_says("Peugeot 404 review"), title_says("Error handling in Express.js")
    (0.7, 0.0, 0.0)
    >>> title_says("404"), title_says("Error"), title_says("Highway 404")
    (0.6, 0.4, 0.0)
    """
    if found := apology(title):
        return CODE_ONLY if _is_code(found, title) else STRONG
    return WEAK if similarity.fold(title or "") in WEAK_TITLES else 0.0


def _is_code(found: Apology, title: str | None) -> bool:
    return not found.clear and any(apologies.only_code(similarity.fold(part).split()) for part in _parts(title or ""))


def apology(title: str | None, *, host: str = "") -> Apology | None:
    """What a title apologises for: a whole part of it must, beside the site's name. The clearest part speaks."""
    found = [each for part in _parts(title or "", host) if (each := apologies.said(part))]
    return max(found, key=lambda each: (each.clear, each.ended), default=None)


@lru_cache(maxsize=4_096)
def _parts(title: str, host: str = "") -> tuple[str, ...]:
    written = apologies.ADDRESS.sub(" ", title[:500])
    parts = [part for each in SEPARATORS.split(written) for part in BESIDE.split(each) if part.strip()]
    return tuple(_unnamed(part, host) for part in parts) if host else tuple(parts)


def _unnamed(part: str, host: str) -> str:
    """A part without the name of the site before or behind a colon: "The Paper: page not found"."""
    name = re.sub(r"[^a-z0-9]", "", domains.registrable_domain(host).partition(".")[0])
    sides = COLON.split(part, maxsplit=1)
    if len(sides) < 2:
        return part
    for side, other in (sides, sides[::-1]):
        letters = similarity.fold(side).replace(" ", "")
        if len(letters) >= SITE_LETTERS and (letters in name or name in letters):
            return other
    return part


def is_error_title(title: str | None) -> bool:
    """Whether a title, cited or shown, is an error's own: an editor may have cited the error page."""
    return title_says(title) >= CODE_ONLY


def words(fetch: Fetch, *, as_cited: bool = False) -> list[Evidence]:
    """What title, heading and the first words say. `as_cited`: the page is cited under the very title it shows."""
    found = [evidence] if (evidence := _title(fetch, as_cited=as_cited)) else []
    if (fetch.word_count or 0) >= SHORT_WORDS:
        return found
    heading = apology(fetch.h1)
    if heading and not _repeats_code(fetch, found):
        rule = "soft404.heading-ended" if heading.ended else "soft404.heading"
        found.append(Evidence(rule=rule, detail=f'the heading says "{(fetch.h1 or "")[:100]}"', strength=WEAK))
    if said := _lead_says(fetch, headed=heading is not None):
        found.append(Evidence(rule="soft404.text", detail=f'the page says "{said[:100]}"', strength=WEAK))
    return found


def _repeats_code(fetch: Fetch, found: Sequence[Evidence]) -> bool:
    """Whether the heading only says the ambiguous title again: that is one signal, not two."""
    again = similarity.fold(fetch.h1 or "") in {similarity.fold(part) for part in _parts(fetch.title or "")}
    return again and any(each.rule == AMBIGUOUS for each in found)


def is_as_cited(fetch: Fetch, *, cited: CitedAs) -> bool:
    """Whether a page is cited under the very title it shows."""
    shown = {similarity.fold(part) for part in (*_parts(fetch.title or ""), fetch.title or "", fetch.h1 or "")} - {""}
    return any(similarity.fold(title) in shown for title in cited.titles)


def _title(fetch: Fetch, *, as_cited: bool) -> Evidence | None:
    """The strongest that a title says. On a long page a code or a bare word, or the cited title, may be what the page is about."""
    long = (fetch.word_count or 0) >= SHORT_WORDS
    host = urls.host_of(fetch.requested_url)
    for title in (fetch.title, fetch.og_title):
        if found := apology(title, host=host):
            clear = found.clear and not (long and as_cited)
            rule = "soft404.title" if clear else AMBIGUOUS
            strength = STRONG if clear else WEAK if long else CODE_ONLY
            return Evidence(rule=rule, detail=f'the title says "{(title or "")[:100]}"', strength=strength)
    if not long and similarity.fold(fetch.title or "") in WEAK_TITLES:
        return Evidence(rule="soft404.weak-title", detail=f'the title is "{(fetch.title or "")[:100]}"', strength=WEAK)
    return None


SENTENCE = re.compile(r"[.!?\u2026\u3002\uff01\uff1f\n]+\s*")
MOST_WINDOWS = 60


def _lead_says(fetch: Fetch, *, headed: bool) -> str | None:
    """The apology among the first words. Where a heading of its own stands, only what never was there speaks against the page."""
    heading = similarity.fold(fetch.h1 or "")
    own = (
        bool(heading)
        and not headed
        and heading not in WEAK_TITLES
        and heading not in {similarity.fold(each) for each in _parts(fetch.title or "")[1:]}
    )
    lead = (fetch.sample or "")[:LEAD]
    for sentence in SENTENCE.split(lead.replace(fetch.h1, ". ", 1) if fetch.h1 else lead):
        for window in _windows(sentence):
            found = apologies.said(window)
            if found and (found.clear or window == sentence) and not (own and found.ended):
                return window.strip()
    return None


def _windows(sentence: str) -> Iterable[str]:
    """The sentence, and what may be one in it: menus and headings run into their neighbours without a stop, but begin with a capital."""
    yield sentence
    if not apologies.may_apologise(sentence):
        return
    tokens = sentence.split()
    starts = [number for number, token in enumerate(tokens) if token[:1].isupper() or not number]
    spans = ((start, end) for start in starts for end in (*starts, len(tokens)) if 2 < end - start < apologies.MOST_WORDS)
    for start, end in list(spans)[:MOST_WINDOWS]:
        yield " ".join(tokens[start:end])


# ---- redirects


def redirect(fetch: Fetch, *, cited: CitedAs) -> tuple[str, Evidence] | None:
    """(reason, evidence) of a walk that ended elsewhere: `moved`, or one of the redirect deaths; None when it ended where it began."""
    asked, final = fetch.requested_url, fetch.final_url
    if not fetch.hops or not final or urls.same_page(asked, final):
        return None
    if token := _new_error_token(asked, final):
        return "redirect-to-error", _redirected(final, f"its address says `{token}`", 0.85)
    searched = _is_search(asked, final)
    if not searched and (keeps_slug(asked, final) or urls.same_story(asked, final)):
        return "moved", Evidence(rule="redirect.moved", detail=f"it moved to {final[:200]} and kept its name", strength=0.95)
    return _elsewhere(asked, final, titled=best_ratio(cited.titles, fetch) >= SAME_TITLE and not searched, searched=searched)


def _elsewhere(asked: str, final: str, *, titled: bool, searched: bool) -> tuple[str, Evidence]:
    """What a redirect to another name means, whether the page there shows the cited title or not."""
    if titled:
        return "moved", Evidence(
            rule="redirect.moved", detail=f"it moved to {final[:200]}, which shows the cited title", strength=0.9
        )
    if urls.root_like(asked) and _is_front(final):
        return "moved", Evidence(rule="redirect.moved", detail=f"the front page moved to {final[:200]}", strength=0.9)
    if _is_front(final):
        return "redirect-to-root", _redirected(final, "a front page", 0.75)
    if searched or _is_section(asked, final):
        return "redirect-to-section", _redirected(final, "a search" if searched else "a section of the site", 0.5)
    return "moved", _moved(final)


def arrived(fetch: Fetch) -> Evidence:
    """That a walk ended elsewhere, and nothing about the place."""
    return _moved(fetch.final_url or fetch.requested_url)


def _moved(final: str) -> Evidence:
    return Evidence(rule="redirect.moved", detail=f"it moved to {final[:200]}", strength=0.55)


def _redirected(final: str, what: str, strength: float) -> Evidence:
    return Evidence(rule="redirect.target", detail=f"it redirects to {final[:200]}: {what}", strength=strength)


def renamed(fetch: Fetch, *, cited: CitedAs) -> Evidence | None:
    """A page that shows nothing of the cited title."""
    telling = [title for title in cited.titles if len(similarity.telling_tokens(title)) >= TELLING]
    if not telling or best_ratio(telling, fetch) >= SAME_TITLE:
        return None
    shown = set(similarity.words(" ".join(each for each in (fetch.title, fetch.h1, fetch.sample) if each)))
    wanted = similarity.telling_tokens(telling[0])
    if sum(word in shown for word in wanted) >= len(wanted) * HALF:
        return None
    return Evidence(rule="soft404.other-title", detail=f'nothing there speaks of "{telling[0][:80]}"', strength=WEAK)


HALF = 0.5
CODED = re.compile(r"(?:error|err|http|page|status|code)?[-_]?(?:404|410)")


def _new_error_token(asked: str, final: str) -> str | None:
    new = _segments(final) - _segments(asked)
    if found := min((each for each in new if each in ERROR_TOKENS or CODED.fullmatch(each)), default=None):
        return found
    before = {(name.lower(), value.lower()) for name, value in parse_qsl(urlsplit(asked).query, keep_blank_values=True)}
    pairs = {(name.lower(), value.lower()) for name, value in parse_qsl(urlsplit(final).query, keep_blank_values=True)}
    return min((token for name, value in pairs - before if (token := _pair_token(name, value))), default=None)


def _pair_token(name: str, value: str) -> str | None:
    """What a query says of an error. Publishers write `error=cookies_not_supported` on pages that are there."""
    if name in ERROR_NAMES or (name in ERROR_TOKENS and not value):
        return name
    if name in SEARCH_TOKENS:
        return None
    return value if value in ERROR_TOKENS or (name in CODE_NAMES and CODED.fullmatch(value)) else None


EXTENSION = re.compile(r"\.(?:html?|php\d?|aspx?|jsp|jsf|do|cfm|shtml|xhtml)$")


def _segments(url: str) -> set[str]:
    return {EXTENSION.sub("", unquote(segment).lower()) for segment in urlsplit(url).path.split("/") if segment}


def _is_search(asked: str, final: str) -> bool:
    """Whether a page that was no search became one: the site looks for what it has not."""
    if {"q", "s"} & _names(asked) or SEARCH_TOKENS & (_segments(asked) | _names(asked)):
        return False
    lone = {"s"} if urls.root_like(final.partition("?")[0]) else set()
    return bool((SEARCH_TOKENS | lone) & (_segments(final) | _names(final)))


def _names(url: str) -> set[str]:
    return {name.lower() for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}


NAME_WORDS = 3


def _is_front(url: str) -> bool:
    """A front page, whatever its query says of where the visitor came from; a number or a name in it asks for a page."""
    path, _, query = url.partition("?")
    values = [value for _, value in parse_qsl(query)]
    return urls.root_like(path) and not any(
        re.search(r"\d", each) or len(similarity.words(each)) >= NAME_WORDS for each in values
    )


def _is_section(asked: str, final: str) -> bool:
    """A strict ancestor of the requested path, or at most one segment where there were three or more."""
    first, second = (urls.page_key(url).partition("?")[0].partition("/") for url in (asked, final))
    before = [segment for segment in first[2].split("/") if segment]
    after = [segment for segment in second[2].split("/") if segment]
    if before and after and EXTENSION.sub("", before[-1]) == EXTENSION.sub("", after[-1]):
        return False
    if len(after) < len(before) and before[: len(after)] == after and first[0] == second[0]:
        return True
    return len(before) >= 3 and len(after) <= 1


# ---- other addresses of the same site


def probe(fetch: Fetch, probes: Iterable[Fetch]) -> Evidence | None:
    """What a sibling that cannot exist showed: the same page (strong), one that is like it (weak), a good sign (strength 0), or nothing."""
    shape = urls.path_shape(fetch.requested_url)
    found: dict[str, Evidence] = {}
    for other in probes:
        if urls.path_shape(other.requested_url) == shape and other.failure is None and not wall(other):
            evidence = _compared(fetch, other)
            if evidence is not None:
                found[evidence.rule] = evidence
    return next((found[rule] for rule in PROBED if rule in found), None)


SAME_AS_PROBE, LIKE_PROBE, HONEST, OTHERWISE = (
    "soft404.probe",
    "soft404.probe-alike",
    "soft404.probe-honest",
    "soft404.probe-differs",
)
PROBED = (SAME_AS_PROBE, HONEST, OTHERWISE, LIKE_PROBE)
GOOD_PROBES = {HONEST, OTHERWISE}


def _compared(fetch: Fetch, other: Fetch) -> Evidence | None:
    if other.http_status in {404, 410}:
        return Evidence(rule=HONEST, detail=f"an address that cannot exist gets {other.http_status}", strength=0.0)
    if not _is_ok(other) or _found_by_other_parts(fetch, other):
        return None
    if likeness.end_together(fetch, other) and not keeps_its_name(fetch):
        alike = Likeness.SAME
    elif fetch.hops and not other.hops and keeps_its_name(fetch):
        return None
    else:
        alike = likeness.to_probe(fetch, other)
    if alike is not Likeness.SAME and interrupts(other):
        return None  # a guard met the probe: it says nothing of the server
    rule, strength, what = SHOWN[alike]
    return Evidence(rule=rule, detail=f"an address that cannot exist {what}: {other.requested_url[:200]}", strength=strength)


SHOWN = {
    Likeness.SAME: (SAME_AS_PROBE, PROBE, "shows the same page"),
    Likeness.ALIKE: (LIKE_PROBE, WEAK, "shows much the same"),
    Likeness.DIFFERENT: (OTHERWISE, 0.0, "shows another page"),
}


def keeps_its_name(fetch: Fetch) -> bool:
    """Whether a walk ended at an address that has the name of the one asked for."""
    final = fetch.final_url or fetch.requested_url
    return not _is_search(fetch.requested_url, final) and (
        keeps_slug(fetch.requested_url, final) or urls.same_story(fetch.requested_url, final)
    )


def _found_by_other_parts(fetch: Fetch, other: Fetch) -> bool:
    """Whether the server knew the page by a part of the address that the probe left alone: then the probe asked for the page itself."""
    own = [fetch.requested_url, fetch.final_url or ""]
    canonical = urls.join(other.final_url or other.requested_url, other.canonical or "")
    if canonical and not _is_front(canonical) and any(urls.same_page(canonical, each) for each in own):
        return True
    return bool(other.hops) and urls.same_page(other.final_url or "", fetch.requested_url)


def named_alike(fetch: Fetch, probes: Iterable[Fetch]) -> bool:
    """Whether an address that cannot exist has the same title: then the title is the site's and not the page's."""
    shape, title = urls.path_shape(fetch.requested_url), similarity.fold(fetch.title or "")
    return any(
        _is_ok(other) and urls.path_shape(other.requested_url) == shape and similarity.fold(other.title or "") == title
        for other in probes
    )


def _is_ok(fetch: Fetch) -> bool:
    return fetch.http_status is not None and 200 <= fetch.http_status < 300


def cluster(fetch: Fetch, around: Surroundings, *, cited: CitedAs, size: int) -> Evidence | None:
    """Other cited URLs of the domain that end at, or show, the same page: no request needed.

    Several addresses of one story (print, mobile, an old number) are one, and whoever is cited by the title that is shown is at home.
    """
    if _at_home(fetch, cited.titles):
        return None
    asked, titles = [fetch.requested_url], {similarity.fold(title) for title in cited.titles}
    for sibling in around.siblings:
        title = around.sibling_titles.get(sibling.requested_url)
        if (
            not _is_other(sibling, fetch, asked)
            or not _show_one_page(fetch, sibling)
            or _at_home(fetch, [title] if title else [])
        ):
            continue
        asked.append(sibling.requested_url)
        titles |= {similarity.fold(title)} if title else set()
        if len(asked) >= size:
            break
    if len(asked) < size and not (len(asked) == 2 and len(titles) >= 2 and best_ratio(cited.titles, fetch) < SAME_TITLE):
        return None
    return Evidence(
        rule="soft404.cluster", detail=f"{len(asked)} different cited addresses of this site show one page", strength=CLUSTER
    )


def _at_home(fetch: Fetch, titles: Iterable[str]) -> bool:
    telling = [title for title in titles if len(similarity.telling_tokens(title)) >= TELLING and not is_error_title(title)]
    return best_ratio(telling, fetch) >= SAME_TITLE


def _is_other(sibling: Fetch, fetch: Fetch, asked: Iterable[str]) -> bool:
    """Whether a neighbour answered, is not the page where they all end, and is another story than those seen."""
    if sibling.failure is not None or not _is_ok(sibling) or urls.root_like(sibling.requested_url):
        return False
    if fetch.final_url and fetch.hops and urls.same_page(sibling.requested_url, fetch.final_url):
        return False
    return not any(urls.same_story(sibling.requested_url, each) for each in asked)


def _show_one_page(fetch: Fetch, sibling: Fetch) -> bool:
    if likeness.end_together(fetch, sibling):
        return not keeps_its_name(fetch) and not keeps_its_name(sibling)
    return likeness.to_sibling(fetch, sibling) is Likeness.SAME


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


PICTURED, NO_WORDS = {"frames", "images"}, 2


def is_shell(fetch: Fetch) -> bool:
    """A page that only scripts fill: the same bytes for every address, so that a probe means nothing."""
    length = fetch.text_length or 0
    if not is_html(fetch) or "scripts" not in fetch.flags:
        return False
    if fetch.word_count is not None and fetch.word_count <= NO_WORDS and not fetch.flags & {*PICTURED, "form"}:
        return True
    if length >= SHELL_CHARACTERS:
        return False
    return bool(fetch.flags & {"app-root", "needs-js"}) or (length < EMPTY_CHARACTERS and not fetch.flags & PICTURED)


def has_empty_root(fetch: Fetch) -> bool:
    """Whether scripts fill the middle of a page, however much stands around it."""
    return "scripts" in fetch.flags and "empty-root" in fetch.flags


def says_so_itself(evidence: Sequence[Evidence]) -> bool:
    """Whether the words alone tell of an error, once in the title and once on the page: even a page of scripts may say so."""
    rules = {each.rule for each in evidence}
    return bool(rules & {"soft404.title", AMBIGUOUS}) and bool(
        rules & {"soft404.heading", "soft404.heading-ended", "soft404.text"}
    )


SAID_ONCE = {"soft404.text", "soft404.heading", "soft404.weak-title", AMBIGUOUS}
LEAST_WORDS = 40
"""A page about something called "Not Found", or that quotes an error, says more than an error page does."""


def is_disproved(evidence: Sequence[Evidence], fetch: Fetch) -> bool:
    """Whether a server that shows something else for what cannot exist outweighs these signals."""
    rules = {each.rule for each in evidence}
    if not rules <= DISPROVED or len(rules & SAID_ONCE) > 1:
        return False
    if "soft404.empty" in rules and not fetch.text_length:
        return False
    return not rules & SAID_ONCE or (fetch.word_count or 0) >= LEAST_WORDS


FILE_EXTENSIONS = {
    "pdf",
    "jpg",
    "jpeg",
    "png",
    "gif",
    "tif",
    "tiff",
    "webp",
    "zip",
    "doc",
    "xls",
    "ppt",
    "docx",
    "xlsx",
    "pptx",
    "rtf",
    "ps",
    "mp3",
}


def wrong_type(fetch: Fetch) -> Evidence | None:
    """HTML where the address names a document or an image, and the page is not about that file either."""
    name = unquote(urlsplit(fetch.requested_url).path).rpartition("/")[2]
    stem, _, extension = name.rpartition(".")
    if extension.lower() not in FILE_EXTENSIONS or not is_html(fetch) or fetch.magic not in {"html", None}:
        return None
    wanted = set(similarity.words(stem.rpartition(":")[2]))
    if wanted and wanted <= set(similarity.words(f"{fetch.title or ''} {fetch.og_title or ''} {fetch.h1 or ''}")):
        return None
    return Evidence(rule="soft404.type", detail=f"an HTML page answers for a .{extension.lower()}", strength=WEAK)


def front(fetch: Fetch, root: Fetch | None) -> Evidence | None:
    """The front page itself (strong), or only its title (weak), on another page."""
    if root is None or not root.title or urls.root_like(fetch.requested_url) or root.failure is not None or not _is_ok(root):
        return None
    one, other = (domains.registrable_domain(urls.host_of(each.requested_url)) for each in (root, fetch))
    if one != other or similarity.fold(root.title) != similarity.fold(fetch.title or ""):
        return None
    if root.sample and likeness.to_sibling(fetch, root) is Likeness.SAME:
        return Evidence(rule="soft404.front-page", detail="it shows the front page of the site", strength=PROBE)
    return Evidence(rule="soft404.front-title", detail="it has the title of the front page", strength=WEAK)


def noindex(fetch: Fetch) -> Evidence | None:
    """Search engines are told to leave it and to look at a front page or a section. Print and mobile versions name their story."""
    if "noindex" not in (fetch.robots or "").lower() or not fetch.canonical or not fetch.final_url:
        return None
    elsewhere = urls.join(fetch.final_url, fetch.canonical)
    own = (fetch.final_url, fetch.requested_url)
    if elsewhere is None or any(
        urls.same_page(elsewhere, each) or urls.same_story(elsewhere, each) or keeps_slug(each, elsewhere) for each in own
    ):
        return None
    if not (_is_front(elsewhere) or _is_section(fetch.final_url, elsewhere) or _new_error_token(fetch.final_url, elsewhere)):
        return None
    return Evidence(rule="soft404.noindex", detail=f"noindex, and canonical is {elsewhere[:200]}", strength=WEAK)


def is_generated(fetch: Fetch, *, cited: CitedAs) -> bool:
    """Whether the title was made from the address and not written: it would be made of any address."""
    stem = EXTENSION.sub("", unquote(urlsplit(fetch.requested_url).path).rstrip("/").rpartition("/")[2])
    words = re.sub(r"[-_+]+", " ", stem)
    part = next((part.strip() for part in _parts(fetch.title or "")), "")
    return part in {stem, words, words.title()} and part not in cited.titles and len(words.split()) > 1


def search(fetch: Fetch) -> Evidence | None:
    """A search for the name of the page, at the page's own address: what it repeats of the name proves nothing."""
    for shown in (fetch.title, fetch.h1):
        for part in _parts(shown or "")[:1]:
            folded = similarity.fold(part)
            if not folded.startswith(SEARCHES):
                continue
            named = set(similarity.words(unquote(urlsplit(fetch.requested_url).path)))
            begun = next((each for each in SEARCHES if folded.startswith(each)), None)
            if (
                begun
                and named.issuperset(similarity.words(folded.removeprefix(begun)))
                and not named & set(similarity.words(begun))
            ):
                return Evidence(rule="soft404.search", detail=f'it shows "{(shown or "")[:100]}"', strength=WEAK)
    return None
