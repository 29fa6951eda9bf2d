"""A saved diff page in HTML: two columns or inline, with and without the page below, whole and in part."""

import pytest

from audit import documents
from audit.documents import diff_html
from audit.model import Document, Reference, Side

HEAD = '<!DOCTYPE html>\n<html lang="en"><head><title>Marrowby: Difference between revisions</title><script>RLCONF={"wgPageName":"Marrowby_harbour","wgPageContentLanguage":"de","wgDiffOldId":7,"wgDiffNewId":8};</script></head><body>'
TITLES = '<table class="diff diff-editfont-monospace"><tr class="diff-title"><td colspan="2" class="diff-otitle diff-side-deleted"><strong><a href="/w/index.php?oldid=7" title="Marrowby harbour">Revision as of 07:00, 9 May 2020</a></strong></td><td colspan="2" class="diff-ntitle diff-side-added"><strong><a href="/w/index.php?oldid=8" title="Marrowby harbour">Revision as of 08:05, 10 May 2020</a></strong></td></tr>'
TAIL = "</body></html>"
OLD_MOLE = '&lt;ref name="the mole"&gt;{{Cite web|url=https://paper.example/a?q=1&amp;amp;r=2|title=The mole|archive-url=https://web.archive.org/web/20200101000000/https://paper.example/a}}&lt;/ref&gt;'
NEW_MOLE = '&lt;ref name="the mole"&gt;{{Cite web|url=https://paper.example/a?q=1&amp;amp;r=2|title=The mole}}&lt;/ref&gt;'
GONE = "&lt;ref&gt;https://gone.example/x&lt;/ref&gt;"
CAME = "&lt;ref&gt;[https://came.example/y A new page]&lt;/ref&gt;&lt;ref name=lost /&gt;"
MOVED = "It moved.&lt;ref&gt;https://moves.example/m&lt;/ref&gt;"


def row(*cells: str) -> str:
    return f"<tr>\n  {chr(10).join(cells)}\n</tr>"


def heads(left: str, right: str) -> str:
    return row(f'<td colspan="2" class="diff-lineno">{left}</td>', f'<td colspan="2" class="diff-lineno">{right}</td>')


def context(text: str) -> str:
    cell = '<td class="diff-marker"></td><td class="diff-context diff-side-{}"><div>{}</div></td>'
    return row(cell.format("deleted", text), cell.format("added", text))


def removed(text: str) -> str:
    return (
        f'<td class="diff-marker" data-marker="\u2212"></td><td class="diff-deletedline diff-side-deleted"><div>{text}</div></td>'
    )


def added(text: str) -> str:
    return f'<td class="diff-marker" data-marker="+"></td><td class="diff-addedline diff-side-added"><div>{text}</div></td>'


NONE = '<td colspan="2" class="diff-empty"></td>'
COLUMNS = "".join(
    [
        HEAD, TITLES, heads("Line 1,204:", "Line 1,204:"),
        context("The harbour.&lt;ref&gt;https://stays.example/s&lt;/ref&gt;"),
        row(removed(f'The <del class="diffchange diffchange-inline">old </del>mole.{OLD_MOLE}'), added(f"The mole.{NEW_MOLE}")),
        row(removed(f'<a name="movedpara_1_0_lhs"></a>{MOVED}'), NONE),
        row(NONE, added(f"Other words.{CAME}")),
        row(removed(f"Words of no kin.{GONE}"), NONE),
        heads("Line 1,300:", "Line 1,299:"),
        row(NONE, f'<td class="diff-marker"><a class="mw-diff-movedpara-right" href="#movedpara_1_0_lhs">&#x26AB;</a></td><td class="diff-addedline"><div><a name="x"></a>{MOVED}</div></td>'),
        "</table>",
    ]
)  # fmt: skip
INLINE = "".join(
    [
        HEAD, TITLES, '<tr><td colspan="4"><div class="mw-diff-inline-header"><!-- LINES 1204,1204 --></div>\n',
        '<div class="mw-diff-inline-context">The harbour.&lt;ref&gt;https://stays.example/s&lt;/ref&gt;</div>\n',
        f'<div class="mw-diff-inline-changed">The <del>old </del>mole.{OLD_MOLE.replace("|archive", "<del>|archive").replace("}}", "</del>}}")}</div>\n',
        f'<div class="mw-diff-inline-moved mw-diff-inline-moved-source"><a name="m"></a>{MOVED}<a class="mw-diff-movedpara-left" href="#n">&#9660;</a></div>\n',
        f'<div class="mw-diff-inline-added"><ins>Other words.{CAME}</ins></div>\n',
        f'<div class="mw-diff-inline-deleted"><del>Words of no kin.{GONE}</del></div>\n',
        '<div class="mw-diff-inline-header"><!-- LINES 1300,1299 --></div>',
        f'<div class="mw-diff-inline-moved mw-diff-inline-moved-destination"><a class="mw-diff-movedpara-right" href="#m">&#9650;</a>{MOVED}</div>\n',
        "</td></tr></table>",
    ]
)  # fmt: skip


def note(mark: str, number: int, text: str, *, uses: int = 1) -> str:
    back = "".join(f'<sup><a href="#b{at}">{number}.{at}</a></sup> ' for at in range(uses))
    name = f"{mark}-{number}" if mark else str(number)
    return f'<li id="cite_note-{name}"><span class="mw-cite-backlink">\u2191 {back}</span> {text}</li>\n'


def said(text: str) -> str:
    return f'<span class="reference-text">{text}</span>'


def link(url: str, text: str) -> str:
    return f'<a rel="nofollow" class="external text" href="{url}">{text}</a>'


ERROR = '<span class="error mw-ext-cite-error" lang="de">Referenzfehler: Ung\u00fcltiges <code>&lt;ref&gt;</code>-Tag; kein Text f\u00fcr <code>lost</code></span>'
COINS = '<span title="ctx_ver=Z39.88-2004&amp;rft.atitle=The+ferry&amp;rft_id=https%3A%2F%2Fferry.example%2Fa%3Fb%3D1&amp;rft_id=info%3Adoi%2F10.1234%2Fx" class="Z3988"></span>'
COPY = "https://web.archive.org/web/20190201000000/"
LIST = "".join(
    [
        "<hr class='diff-hr'><h2 class='diff-currentversion-title'>Version vom 10. Mai 2020, 08:05 Uhr</h2>",
        '<div class="mw-parser-output"><p>The harbour.<sup class="reference"><a href="#cite_note-1">[1]</a></sup></p>',
        '<div class="mw-references-wrap"><ol class="references">\n',
        note("", 1, said(link("https://far.example/away", '"Far away"') + ". 3 May 2019. Retrieved 4 May 2019.")),
        note("", 2, said(link("https://stays.example/s", "https://stays.example/s"))),
        note("the_mole", 3, said(f'"{link("https://paper.example/a?q=1&amp;r=2", "The mole")}".'), uses=2),
        note("", 4, said(link("https://came.example/y", "A new page"))),
        note("lost", 5, ERROR),
        note("", 6, said(link("https://moves.example/m", "https://moves.example/m"))),
        note("", 7, said(f'Ferry, F. {link(COPY + "https://ferry.example/a?b=1", "The ferry")}. {link("https://doi.org/10.1234/x", "10.1234/x")}. Archived from {link("https://ferry.example/a?b=1", "the original")}.{COINS}')),
        note("", 8, said(f'{link("https://one.example/", "One")}, {link("//two.example/2", "Two")}; {link(COPY + "http://three.example/", "Three")}')),
        note("", 9, said("Book, B. <i>A book of harbours</i>. ISBN 0.")),
        "</ol></div></div>",
    ]
)  # fmt: skip


def read(text: str) -> Document:
    (document,) = documents.read("harbour.html", text.encode())
    return document


def citing(document: Document, url: str) -> Reference:
    return next(each for each in document.references if any(citation.url == url for citation in each.citations))


@pytest.mark.parametrize("shape", [COLUMNS, INLINE], ids=["columns", "inline"])
def test_each_reference_has_its_side_and_its_line_in_the_wikitext(shape: str) -> None:
    document = read(shape + LIST + TAIL)

    assert [(each.side, each.line, each.name) for each in document.references if each.in_wikitext] == [
        (Side.KEPT, 1204, None),
        (Side.KEPT, 1205, "the mole"),
        (Side.ADDED, 1206, None),
        (Side.ADDED, 1206, "lost"),
        (Side.REMOVED, 1207, None),
        (Side.KEPT, 1299, None),
    ]
    assert citing(document, "https://moves.example/m").side is Side.KEPT
    assert {each.code for each in document.problems} == {"archive-dropped", "citation-changed", "address-not-recoverable"}


def test_the_heads_of_the_page_say_what_it_is() -> None:
    document = read(COLUMNS + LIST + TAIL)

    assert (document.kind, document.title, document.language, document.revision) == ("diff", "Marrowby harbour", "de", "8")
    assert str(document.revised_at) == "2020-05-10 08:05:00+00:00"


def test_the_list_gives_numbers_confirms_what_is_undefined_and_keeps_addresses() -> None:
    document = read(COLUMNS + LIST + TAIL)

    (lost,) = [each for each in document.references if not each.defined]
    assert (lost.name, lost.confirmed_undefined, lost.entry) == ("lost", True, 5)
    assert [each.entry for each in document.references if each.in_wikitext and each.entry] == [2, 3, 4, 5, 6]
    assert {
        each.entry: [(citation.url, citation.archive_url) for citation in each.citations]
        for each in document.references
        if not each.in_wikitext
    } == {
        1: [("https://far.example/away", None)],
        7: [("https://ferry.example/a?b=1", f"{COPY}https://ferry.example/a?b=1")],
        8: [("https://one.example/", None), ("https://two.example/2", None), ("http://three.example/", f"{COPY}http://three.example/")],
        9: [(None, None)],
    }  # fmt: skip
    assert citing(document, "https://far.example/away").citations[0].title == "Far away"
    assert citing(document, "https://ferry.example/a?b=1").citations[0].title == "The ferry"
    assert [each.title for each in citing(document, "https://one.example/").citations] == ["One", "Two", "Three"]


PARTS = {
    "without the page below": (COLUMNS + TAIL, "the rendered page"),
    "cut in the list": (COLUMNS + LIST[:900], "the end of the page"),
    "cut in a cell": (COLUMNS[: COLUMNS.index("Other words") + 60], "the end of the page"),
    "only the table": (COLUMNS.removeprefix(HEAD), "the end of the page"),
    "without heads": (COLUMNS.replace("diff-lineno", "diff-other") + LIST + TAIL, "the heads"),
}


@pytest.mark.parametrize(("text", "missing"), PARTS.values(), ids=PARTS)
def test_a_page_saved_in_part_is_read_as_far_as_it_goes(text: str, missing: str) -> None:
    document = read(text)

    (said,) = [each.detail for each in document.problems if each.code == "source-truncated"]
    assert said.startswith(missing)
    assert citing(document, "https://paper.example/a?q=1&r=2").side is Side.KEPT


def test_older_pages_name_no_sides_and_show_unchanged_lines_twice() -> None:
    text = COLUMNS.replace(" diff-side-deleted", "").replace(" diff-side-added", "")

    document = read(text + LIST + TAIL)

    assert [each.side for each in document.references if each.in_wikitext] == [
        each.side for each in read(COLUMNS + LIST + TAIL).references if each.in_wikitext
    ]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<p>The class diff-addedline of a stylesheet.", id="prose"),
        pytest.param(b"plain <td class='diff-context'>", id="no page"),
        pytest.param(b"<!DOCTYPE html><table class='wikitable diff'><tr><td>x", id="another table"),
    ],
)
def test_other_pages_are_no_diffs(body: bytes) -> None:
    assert not diff_html.recognises(body)


def test_a_page_cut_anywhere_is_read() -> None:
    body = (COLUMNS + LIST + TAIL).encode()

    for at in range(0, len(body), 97):
        diff_html.read("cut", body[:at])
