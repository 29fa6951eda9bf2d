"""Two revisions of a page: whatever is moved, renamed or written in another way, what both cite was neither added nor removed."""

import string
from collections.abc import Callable, Sequence

from hypothesis import given, settings, strategies as st

from audit import citing, documents
from audit.documents import diff_html
from audit.model import Document, Side
from audit.store.edits import edit

SITES = [
    f"https://{name}.example/{path}"
    for name in ("paper", "radio", "b\u00fcro")
    for path in ("a", "b?x=1", "c_(d)", "2020/05/04/e")
]
NAMES = ["", "one", "two words", "\u0431\u0430\u0448\u043d\u044f", "a:b"]
WORDS = ["The mole", "was built", "in stone.", "Nobody", "\u6e2f\u306f", "knows it;", "later"]
TITLES = ["", "How the mole was built", "News", "\u0411\u0430\u0448\u043d\u044f \u0443 \u043c\u043e\u0440\u044f"]


def web(url: str, title: str, name: str) -> str:
    return ref(f"{{{{cite web |url={url} |title={title or 'Untold'} |access-date=2020-05-04}}}}", name)


def archived(url: str, title: str, name: str) -> str:
    copy = f"https://web.archive.org/web/20200504000000/{url}"
    return ref(
        f"{{{{Cite web|title={title or 'Untold'}|archive-url={copy}|archive-date=4 May 2020|url-status=dead|url={url}\n}}}}", name
    )


def wrapped(url: str, title: str, name: str) -> str:
    return ref(f"{{{{cite web|url=https://web.archive.org/web/20200504000000/{url}|title={title}}}}}", name)


def bare(url: str, title: str, name: str) -> str:
    return ref(url, name)


def bracketed(url: str, title: str, name: str) -> str:
    return ref(f"[{url} {title or 'there'}], read once", name)


def unknown(url: str, title: str, name: str) -> str:
    return ref(f"{{{{Enlace|enlace={url}|t={title}}}}}", name)


def loose(url: str, title: str, name: str) -> str:
    return f"\n* [{url} {title or 'there'}]\n"


def listed(url: str, title: str, name: str) -> str:
    return f"<references>{web(url, title, name or 'listed ' + url[-5:].translate(SAFE))}</references>"


SAFE = str.maketrans(dict.fromkeys(string.punctuation))
WAYS: list[Callable[[str, str, str], str]] = [web, archived, wrapped, bare, bracketed, unknown, loose, listed]


def ref(body: str, name: str) -> str:
    return f'<ref name="{name}">{body}</ref>' if name else f"<ref>{body}</ref>"


def page(urls: Sequence[str], draw: st.DrawFn) -> str:
    """A page that cites these addresses, each at least once, in any order and any way."""
    order = draw(st.permutations([*urls, *draw(st.lists(st.sampled_from(urls), max_size=3))]))
    parts = []
    for at, url in enumerate(order):
        name = draw(st.sampled_from(NAMES))
        name = f"{name} {at}" if name else ""
        parts += draw(st.lists(st.sampled_from(WORDS), max_size=3))
        parts.append(draw(st.sampled_from(WAYS))(url, draw(st.sampled_from(TITLES)), name))
        parts.append(draw(st.sampled_from(["", "\n\n== Part ==\n", "{{citation needed}}", " "])))
    return " ".join(parts)


@st.composite
def revisions(draw: st.DrawFn) -> tuple[str, str]:
    urls = draw(st.lists(st.sampled_from(SITES), min_size=1, max_size=6, unique=True))
    return page(urls, draw), page(urls, draw)


def cited(document: Document, *sides: Side) -> set[str]:
    found = ((side, citing.resource(citation)) for side, citation in document.sided_citations())
    return {resource.url for side, resource in found if resource and side in sides}


@given(revisions())
@settings(max_examples=80, deadline=None)
def test_two_revisions_that_cite_the_same_have_no_address_added_or_removed(pair: tuple[str, str]) -> None:
    old, new = pair

    document = documents.read_wikitext("page", new, before=old)

    assert cited(document, Side.ADDED) - cited(document, Side.REMOVED, Side.KEPT) == set()
    assert cited(document, Side.REMOVED) - cited(document, Side.ADDED, Side.KEPT) == set()
    counts = edit(document)
    assert (counts["urls_only_added"], counts["urls_only_removed"]) == (0, 0)


@given(revisions(), revisions())
@settings(max_examples=80, deadline=None)
def test_the_sides_of_two_revisions_hold_all_that_each_of_them_cites(one: tuple[str, str], other: tuple[str, str]) -> None:
    old, new = one[0], other[0]

    document = documents.read_wikitext("page", new, before=old)

    for text, side in ((old, Side.REMOVED), (new, Side.ADDED)):
        whole = documents.read_wikitext("page", text)
        urls = {resource.url for each in whole.every_citation() if (resource := citing.resource(each))}
        assert cited(document, side) <= urls <= cited(document, side, Side.KEPT)
        assert cited(document, Side.KEPT) <= urls


@given(st.lists(st.sampled_from(SITES), min_size=1, max_size=6, unique=True), st.data())
@settings(max_examples=60, deadline=None)
def test_what_only_moves_is_kept_whole(urls: list[str], data: st.DataObject) -> None:
    blocks = [f"Word {at} {data.draw(st.sampled_from(WAYS[:6]))(url, TITLES[1], '')}" for at, url in enumerate(urls)]

    document = documents.read_wikitext("page", "\n\n".join(data.draw(st.permutations(blocks))), before="\n\n".join(blocks))

    assert {each.side for each in document.references} == {Side.KEPT}
    assert [each.code for each in document.problems if each.code == "citation-changed"] == []


MARKUP = (
    "<table class='diff'>", "<tr>", "<td class='diff-lineno'>Line 9:", "<td class='diff-context'>", "<td class='diff-deletedline'>",
    "<td class='diff-addedline diff-side-added'><div>", "</div>", "<div class='mw-diff-inline-changed'>", "<ins>", "<del>", "</del>",
    "<div class='mw-diff-inline-header'><!-- LINES 99999999999,1 -->", "</td>", "</table>", "&lt;ref&gt;", "&lt;/ref&gt;", "<ol class=references>",
    "<li id='cite_note-a-1'>", "<li id='cite_note-'>", "<span class='mw-ext-cite-error'><code>a</code></span>", "<a class=external href='",
    "https://[::1", "http://\ud83d@:99999/", "https://web.archive.org/web/2020/http://[", "//x", "'>", "<span class=Z3988 title='rft_id=http%3A%2F%2F%5B&rft.title=%FF&;=' />",
    "<h2 class='diff-currentversion-title'>99:99, 31 February 0000</h2>", '"wgPageName":"', "\x00", "\u06f1\u06f2", "<div class='mw-parser-output'>",
)  # fmt: skip


@given(st.lists(st.sampled_from(MARKUP), max_size=30).map("".join))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_no_page_of_html_is_too_broken_to_be_read(text: str) -> None:
    document = diff_html.read("noise", f"<table class='diff'><td class='diff-context'>{text}".encode("utf-8", "replace"))

    assert [each.position for each in document.every_citation()] == list(range(len(document.every_citation())))
