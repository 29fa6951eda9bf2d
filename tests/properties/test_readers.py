"""No reader raises on any bytes, and no side of a diff is guessed in silence."""

from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings, strategies as st

from audit import documents
from audit.documents import sides
from audit.documents.sides import Hunk
from audit.errors import DocumentError
from audit.model import Document, Side
from audit.settings import Documents

CASE = (Path(__file__).parent.parent / "cases" / "diff_page.txt").read_bytes()
SMALL = (
    "{{x|a=[[b|c]]}}<ref name='n'>{{Cite web|url=https://a.example/é|title=T {{!}} [[u|v]]|archive-url="
    "https://web.archive.org/web/20200101000000/https://a.example/é}}</ref>{{dead link}}<!-- c --><nowiki>{{</nowiki>"
    "<ref name=n/><references><ref name=l>[https://b.example/ B]</ref></references>\n== External links ==\n* https://c.example/\n"
).encode()

FRAGMENTS = (
    "<ref>", "<ref name=a>", "<ref name='a' />", "</ref>", "<references>", "</references>", "<references/>", "{{", "}}", "{{{", "}}}",
    "[[", "]]", "[", "]", "|", "=", "'''", "<!--", "-->", "<nowiki>", "</nowiki>", "<includeonly>", "https://a.example/", "//b.example",
    "[https://c.example/ C]", "{{cite web|url=", "{{#tag:ref|", "{{efn|", "{{r|a}}", "{{dead link}}", "{{reflist|refs=", "\n", "\n== H ==\n",
    "Line 1: Line 1:\n", "\n\nRevision as of 08:05, 10 May 2020\n\n", "  1. ^ ", "  2. ^ a b Cite error: The named reference a was invoked",
    '"T". 3 May 2020. Retrieved 4 May 2020.', "[1]", "+\t", "\u2212\n", "\u00a0", "\ufdd0", "\x00", "\ufeff", "é", "1", " ", "url,title\n",
)  # fmt: skip

BOUNDED = settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def read(body: bytes) -> Document | None:
    """The document, or None where the reader says in one line what is wrong."""
    with suppress(DocumentError):
        (document,) = documents.read("source", body, settings=Documents())
        return document
    return None


def sane(document: Document) -> bool:
    positions = [each.position for each in document.every_citation()]
    return positions == list(range(len(positions))) and [each.position for each in document.references] == list(
        range(len(document.references))
    )


@BOUNDED
@given(st.binary(max_size=400))
def test_noise_is_read_or_refused(body: bytes) -> None:
    document = read(body)

    assert document is None or sane(document)


@BOUNDED
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_any_mixture_of_markup_is_read_with_every_place_inside_it(text: str) -> None:
    body = text.encode("utf-8", "replace")

    document = read(body)

    assert document is None or sane(document)
    for citation in document.every_citation() if document else ():
        assert citation.line is None or 1 <= citation.line <= text.count("\n") + 1
        assert citation.span is None or 0 <= citation.span.start <= citation.span.end


def test_a_page_cut_at_any_byte_is_read_or_refused() -> None:
    read_as_page = 0
    for end in range(len(SMALL)):
        document = read(SMALL[:end])
        assert document is None or sane(document)
        read_as_page += document is not None

    assert read_as_page > len(SMALL) // 2


def test_a_diff_page_cut_at_any_line_or_word_is_read_or_refused() -> None:
    ends = [at for at, byte in enumerate(CASE) if byte in b"\n |<{"]

    for end in ends:
        document = read(CASE[:end])
        assert document is None or sane(document)


@BOUNDED
@given(st.integers(0, len(CASE) - 1), st.sampled_from(FRAGMENTS), st.integers(0, 60))
def test_a_diff_page_with_a_stretch_replaced_is_read(at: int, fragment: str, length: int) -> None:
    body = CASE[:at] + fragment.encode("utf-8", "replace") + CASE[at + length :]

    document = read(body)

    assert document is None or sane(document)


# ---- the order trap: what the engine prints, and what we make of it


class Words:
    """Lines of words that no other line has: only an edited line resembles another."""

    def __init__(self) -> None:
        self.next = 0

    def line(self, length: int) -> str:
        self.next += length
        return " ".join(f"w{number}" for number in range(self.next - length, self.next))


class Shown:
    """A page that shows these lines and nothing else."""

    def __init__(self, shown: list[str]) -> None:
        self.text = " ".join(shown)

    def windows(self, cell: str) -> frozenset[str]:
        words = cell.split()
        return frozenset(" ".join(words[at : at + 6]) for at in range(max(1, len(words) - 5))) if words else frozenset()

    def shows(self, window: str) -> bool:
        return window in self.text


def printed(changes: list[tuple[list[str], list[str]]]) -> tuple[list[str], list[tuple[str, Side]], int]:
    """Changed passages with an unchanged line between, as the engine prints them; what each cell is; lines added on balance."""
    cells: list[str] = []
    truth: list[tuple[str, Side]] = []
    for number, (removed, added) in enumerate(changes):
        for old, new in zip(removed, added, strict=False):
            pair = [(old, Side.REMOVED), (new, Side.ADDED)]
            truth += pair if sides._similarity(old, new)[0] > sides.SIMILAR else pair[::-1]
        shorter = min(len(removed), len(added))
        truth += [(line, Side.REMOVED) for line in removed[shorter:]] + [(line, Side.ADDED) for line in added[shorter:]]
        cells += [line for line, _ in truth[len(cells) - 2 * number :]] + [f"context {number}"] * 2
    return cells, truth, sum(len(added) - len(removed) for removed, added in changes)


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[list[str], list[str]]]:
    """Passages of uneven length; a new line is another one, or an old one with a word changed."""
    words, found = Words(), []
    for _ in range(draw(st.integers(1, 3))):
        removed = [words.line(draw(st.integers(8, 14))) for _ in range(draw(st.integers(0, 4)))]
        added = [words.line(draw(st.integers(8, 14))) for _ in range(draw(st.integers(0 if removed else 1, 4)))]
        for at in range(min(len(removed), len(added))):
            if draw(st.booleans()):
                parts = removed[at].split()
                parts[len(parts) // 2] = words.line(1)
                added[at] = " ".join(parts)
        found.append((removed, added))
    return found


def wrong(cells: list[sides.Cell], truth: list[tuple[str, Side]]) -> list[sides.Cell]:
    """The changed cells that were read wrongly."""
    changed = [cell for cell in cells if cell.side is not Side.KEPT]
    return [cell for cell, (text, side) in zip(changed, truth, strict=True) if cell.text != text or cell.side is not side]


@BOUNDED
@given(edits())
def test_with_the_page_below_every_side_is_right(changes: list[tuple[list[str], list[str]]]) -> None:
    cells, truth, _ = printed(changes)
    page = Shown([line for _, added in changes for line in added])

    found = sides.settled(cells, [Hunk(first=0, end=len(cells))], page=page)

    assert [cell for cell in wrong(found, truth) if cell.sure] == []


@BOUNDED
@given(edits())
def test_without_the_page_the_heads_and_the_order_are_right_or_say_that_they_are_not_sure(
    changes: list[tuple[list[str], list[str]]],
) -> None:
    cells, truth, balance = printed(changes)
    hunks = [
        Hunk(first=0, end=len(cells), left=10, right=10), Hunk(first=len(cells), end=len(cells), left=50, right=50 + balance),
    ]  # fmt: skip

    found = sides.settled(cells, hunks, page=None)

    assert [cell for cell in wrong(found, truth) if cell.sure] == []
