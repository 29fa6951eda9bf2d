"""Diff pages as a real MediaWiki prints them: what they show is what the two texts say."""

import random
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit import citing, documents, html
from audit.documents import sides
from audit.documents.sides import Hunk
from audit.model import Document, Side
from tests.real.mediawiki import MediaWiki

pytestmark = pytest.mark.real

FAR = "\n\n".join(f"Paragraph {at} of the middle, untouched." for at in range(9))
OLD = f"""{{{{Infobox|born=1970<ref name="box">[https://box.example.org/a Box]</ref>}}}}
The mole.<ref name="one">{{{{Cite web|url=https://paper.example.org/a?q=1&r=2|title=One &amp; more|archive-url=https://web.archive.org/web/20200101000000/https://paper.example.org/a|archive-date=2020-01-01}}}}</ref>

A line that moves along to another place in the page, with its reference.<ref>[https://moves.example.org/ Moves]</ref>

Old words about one thing only.<ref>https://gone.example.org/x</ref><ref name="lost one">{{{{Cite web|url=https://lost.example.org/|title=Lost}}}}</ref>

Same.

{FAR}

Far away.<ref>{{{{Cite web|url=https://far.example.org/y|title=Far away}}}}</ref> Again.<ref name="lost one"/>

== External links ==
* [https://loose.example.org/1 Loose]

== References ==
<references/>
"""
MOVING = (
    "A line that moves along to another place in the page, with its reference.<ref>[https://moves.example.org/ Moves]</ref>\n\n"
)
NEW = (
    OLD.replace("|archive-url=https://web.archive.org/web/20200101000000/https://paper.example.org/a|archive-date=2020-01-01", "")
    .replace(MOVING, "")
    .replace("Same.\n\n", "Same.\n\n" + MOVING)
    .replace(
        'Old words about one thing only.<ref>https://gone.example.org/x</ref><ref name="lost one">{{Cite web|url=https://lost.example.org/|title=Lost}}</ref>',
        'Nothing remains of it but <b>this</b> & a  gap.<ref>{{Cite web|url=https://new.example.org/z|title=New}}</ref><ref name="lost one"/>',
    )
)


def edited(wiki: MediaWiki, title: str, old: str, new: str) -> tuple[int, int]:
    return wiki.save({title: old})[title], wiki.save({title: new})[title]


def diff_page(wiki: MediaWiki, pair: tuple[int, int], more: str = "") -> bytes:
    """The page as a browser would save it, its templates showing what they are given."""
    address = f"{wiki.url}/w/index.php?diff={pair[1]}&oldid={pair[0]}{more}"
    with urllib.request.urlopen(urllib.request.Request(address, headers={"X-Wiki-Echo": "1"}), timeout=60) as answer:
        return bytes(answer.read())


def cited(document: Document) -> set[tuple[Side | None, str]]:
    found = ((side, citing.resource(citation)) for side, citation in document.sided_citations())
    return {(side, resource.url) for side, resource in found if resource}


@pytest.mark.parametrize("more", ["", "&diff-type=inline", "&uselang=ja"], ids=["columns", "inline", "another language"])
def test_a_saved_page_cites_on_each_side_what_the_two_texts_do(wiki: MediaWiki, more: str) -> None:
    body = diff_page(wiki, edited(wiki, "Harbour in print", OLD, NEW), more)

    (saved,) = documents.read("harbour.html", body)
    compared = documents.read_wikitext("harbour", NEW, before=OLD)

    assert cited(saved) == {each for each in cited(compared) if each[1] != "https://loose.example.org/1"}
    assert [(each.side, each.name, each.entry) for each in saved.references if not each.defined] == [(Side.ADDED, "lost one", 4)]
    wanted = {"archive-dropped", "orphaned-reference", "citation-changed"}
    assert {each.code for each in saved.problems} == {each.code for each in compared.problems} == wanted
    both = [{(each.side, each.line) for each in found.references if each.name == "lost one"} for found in (saved, compared)]
    assert both == [{(Side.REMOVED, 6), (Side.ADDED, 4)}] * 2
    assert saved.title == "Harbour in print"


# ---- the order trap, set by the engine itself

WORDS = Path(__file__).read_text(encoding="utf-8").replace('"', " ").split()


def line(dice: random.Random, words: int) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(words)).strip("=*#:; ") + f" {dice.random()}"


def changed(dice: random.Random, old: str) -> str:
    """The line with a share of its words replaced: from hardly any to nearly all."""
    share = dice.random()
    return " ".join(dice.choice(WORDS) if dice.random() < share else word for word in old.split())


def pages(dice: random.Random) -> tuple[str, str]:
    """Passages of uneven length between lines that stay."""
    old, new = [], []
    for number in range(6):
        lines = [line(dice, dice.randint(3, 30)) for _ in range(dice.randint(0, 3))]
        old += lines
        new += [changed(dice, each) if dice.random() < 0.7 else line(dice, 12) for each in lines]
        new += [line(dice, 8) for _ in range(dice.choice([0, 0, 1, 2]))]
        for lines in (old, new):
            lines += [f"Unchanged {number}.{step} stays as it is." for step in range(5)]
    return "\n".join(old), "\n".join(new)


def as_text(cells: tuple[html.DiffCell, ...]) -> tuple[list[str], list[Hunk], list[tuple[str, str]]]:
    """(lines, hunks, truth): the page as it is saved as text, and what its cells really are."""
    lines: list[str] = []
    begun: list[tuple[int, int, int]] = []
    truth = []
    heads: list[int] = []
    for cell in cells:
        if cell.side is None:
            heads.append(int("".join(filter(str.isdigit, cell.text))))
            if len(heads) == 2:
                begun.append((len(lines), *heads))  # type: ignore[arg-type]
                heads = []
        else:
            lines += [cell.text] * (2 if cell.side == "kept" else 1)
            if cell.side != "kept":
                truth.append((cell.text, cell.side))
    ends = [at for at, _, _ in begun[1:]] + [len(lines)]
    return (
        lines,
        [Hunk(first=at, end=end, left=left, right=right) for (at, left, right), end in zip(begun, ends, strict=True)],
        truth,
    )


class Below:
    """The new page below, as far as words go."""

    def __init__(self, text: str) -> None:
        self.text = f" {' '.join(text.split())} "

    def windows(self, cell: str) -> frozenset[str]:
        words = cell.split()
        size = min(6, len(words))
        return frozenset(f" {' '.join(words[at : at + size])} " for at in range(len(words) - size + 1)) if words else frozenset()

    def shows(self, window: str) -> bool:
        return window in self.text


@pytest.fixture(scope="module")
def printed(wiki: MediaWiki) -> list[tuple[str, tuple[html.DiffCell, ...]]]:
    """Edits of all kinds, as the engine prints them."""

    def every() -> Iterator[tuple[str, tuple[html.DiffCell, ...]]]:
        for seed in range(12):
            old, new = pages(random.Random(seed))
            yield new, html.difference(diff_page(wiki, edited(wiki, f"Order {seed}", old, new), "&diffonly=1")).cells

    return list(every())


@pytest.mark.parametrize("shown", [True, False], ids=["with the page below", "without it"])
def test_what_the_engine_prints_is_read_rightly_or_said_to_be_unsure(
    printed: list[tuple[str, tuple[html.DiffCell, ...]]], *, shown: bool
) -> None:
    wrong, right = [], 0
    for new, cells in printed:
        lines, hunks, truth = as_text(cells)

        found = sides.settled(lines, hunks, page=Below(new) if shown else None)

        read = {cell.text: cell for cell in found}
        some = [(read[text], side) for text, side in truth if text in read]
        wrong += [(cell, side) for cell, side in some if cell.sure and cell.side is not Side.KEPT and cell.side != side]
        right += sum(cell.sure and cell.side == side for cell, side in some)
    assert wrong == []
    assert right > 50
