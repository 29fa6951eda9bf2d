"""Sources -> documents: what is recognised, what is refused and why, and an invented diff page from end to end."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from audit import documents
from audit.errors import DocumentError
from audit.model import Document, Place, Reference, Side
from audit.settings import Documents
from audit.store.edits import edit

CASES = Path(__file__).parent.parent / "cases"


def read(body: bytes | str, name: str = "source.txt", **rules: object) -> Document:
    (document,) = documents.read(name, body if isinstance(body, bytes) else body.encode(), settings=Documents(**rules))  # type: ignore[arg-type]
    return document


# ---- what is refused

REFUSED = {
    "empty": (b"", "empty"),
    "white space": (b" \n\n\t ", "empty"),
    "a mark and nothing": (b"\xef\xbb\xbf\n", "empty"),
    "noise": (bytes(range(256)) * 40, "binary"),
    "zeros": (b"\x00\x01\x02" * 100, "binary"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(400), "image"),
    "a pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(400), "PDF"),
    "a picture of 2005": (b"\xd0\xcf\x11\xe0" + bytes(400), "2007"),
    "tables of a wiki": (
        b"-- MariaDB dump 10.19\n--\nINSERT INTO `externallinks` VALUES (1,2,'https://org.example.','/a');",
        "tables",
    ),
    "a package of something": (b"PK\x03\x04" + bytes(400), "ZIP"),
    "latin-1": ("caf\u00e9 https://a.example/ und noch mehr Worte".encode("latin-1"), "UTF-8"),
    "prose": (b"Weather today\n\nSunny with some wind in the afternoon.\n" * 20, "neither"),
}


@pytest.mark.parametrize(("body", "word"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_one_line_with_the_source_and_what_to_do(body: bytes, word: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read(body)

    line = str(refused.value)
    assert line.startswith("source.txt: ")
    assert word in line
    assert "\n" not in line
    assert "save" in line or "name" in line


# ---- lists of addresses


def test_a_list_has_one_citation_per_line_and_names_bad_lines_by_number() -> None:
    document = read("\ufeff# ours\r\nhttps://a.example/1\r\n\r\nnot an address\r\nwww.b.example/2 # why\r\n")

    assert document.kind == "url-list"
    assert [(each.position, each.url, each.line) for each in document.citations] == [
        (0, "https://a.example/1", 2), (1, "www.b.example/2", 5),
    ]  # fmt: skip
    assert [(each.code, each.line) for each in document.problems] == [("malformed-url", 4)]


def test_a_table_with_a_url_column_gives_what_its_other_columns_say() -> None:
    document = read('title,url,access_date,archive_url\n"A, b",https://a.example/1,2020-05-04,\nB,none,,\n')

    (found,) = document.citations
    assert (found.url, found.title, found.line, found.archive_url) == ("https://a.example/1", "A, b", 2, None)
    assert found.access_date is not None
    assert str(found.access_date.value) == "2020-05-04"
    assert [(each.code, each.line) for each in document.problems] == [("malformed-url", 3)]


def test_a_fragment_is_no_comment() -> None:
    (found,) = read("https://a.example/x#part\n").citations

    assert found.url == "https://a.example/x#part"


# ---- an invented diff page


@cache
def harbour() -> Document:
    return read((CASES / "diff_page.txt").read_bytes())


def named(document: Document, title: str) -> Reference:
    return next(each for each in document.references for citation in each.citations if citation.title == title)


def test_a_diff_page_is_known_by_its_shape() -> None:
    document = harbour()

    assert (document.kind, document.title, document.language) == ("diff", "Marrowby harbour", "en")
    assert str(document.revised_at) == "2020-05-10 08:05:00+00:00"


def test_what_both_revisions_have_is_kept_although_its_paragraph_changed() -> None:
    document = harbour()

    assert named(document, "How the harbour was dredged").side is Side.KEPT
    assert named(document, "A harbour is dug").side is Side.KEPT
    assert Counter(each.side for each in document.references if each.in_wikitext) == {
        Side.KEPT: 4,
        Side.ADDED: 4,
        Side.REMOVED: 2,
    }


def test_a_citation_that_changed_is_kept_and_says_what_changed() -> None:
    document = harbour()
    lamp = named(document, "The mole and its lamp")

    told = {problem.code: problem.detail for problem in document.problems if problem.reference == lamp.position}

    assert lamp.side is Side.KEPT
    assert told["citation-changed"] == "changed: access-date, archive-url, url-status"
    assert "archive copy went" in told["archive-dropped"]


def test_a_line_that_moved_is_kept_at_its_new_place() -> None:
    house = named(harbour(), "The pilots' house")

    assert (house.side, house.line, house.entry, house.section) == (Side.KEPT, 25, 10, "Buildings")


def test_a_dissimilar_pair_is_printed_the_other_way_round() -> None:
    document = harbour()

    assert (named(document, "Smoked eel on Thursdays").side, named(document, "Smoked eel on Thursdays").line) == (Side.ADDED, 17)
    assert (named(document, "The northern quay burns").side, named(document, "The northern quay burns").line) == (
        Side.REMOVED,
        18,
    )
    assert named(document, "The keeper of the market").side is Side.ADDED


def test_the_list_confirms_what_is_undefined_and_gives_each_its_number() -> None:
    document = harbour()

    (lost,) = [each for each in document.references if not each.defined]
    assert (lost.name, lost.uses, lost.confirmed_undefined, lost.entry) == ("lost", 2, True, 7)
    assert sorted(each.entry for each in document.references if each.entry) == list(range(1, 11))


def test_entries_from_unchanged_parts_are_kept_with_what_the_page_shows() -> None:
    estuary, bare = [each for each in harbour().references if not each.in_wikitext]

    (shown,) = estuary.citations
    assert (estuary.entry, estuary.side, shown.url, shown.title, shown.authors) == (
        1, Side.KEPT, None, 'The "blue" estuary', ("Alder, Ann",),
    )  # fmt: skip
    assert [str(each.value) for each in (shown.published_date, shown.archive_date, shown.access_date) if each] == [
        "2019-03-02", "2019-02-01", "2019-03-03",
    ]  # fmt: skip
    assert (bare.entry, bare.citations[0].url, bare.citations[0].bare) == (2, "https://bare.example/harbour", True)


def test_what_the_reader_noticed_of_the_edit_and_of_the_save() -> None:
    codes = Counter(problem.code for problem in harbour().problems)

    assert codes == {
        "source-truncated": 1, "address-not-recoverable": 1, "archive-dropped": 1, "tag-removed": 1, "citation-changed": 1,
    }  # fmt: skip


def test_the_edit_in_numbers() -> None:
    counts = edit(harbour())

    assert (counts["removed_references"], counts["removed_archived"]) == (2, 2)
    assert (counts["added_references"], counts["added_archived"]) == (3, 0)
    assert (counts["undefined_names"], counts["undefined_places"], counts["tags_removed"]) == (1, 2, 1)


def test_without_the_rendered_page_the_order_decides_and_what_it_leaves_open_is_said() -> None:
    text = (CASES / "diff_page.txt").read_text().partition("\nRevision as of")[0]

    document = read(text)

    codes = Counter(problem.code for problem in document.problems)
    assert codes["source-truncated"] == 1
    assert named(document, "Smoked eel on Thursdays").side is Side.ADDED
    assert named(document, "The northern quay burns").side is Side.REMOVED
    assert named(document, "The keeper of the market").side is Side.ADDED
    assert document.revised_at is None


def test_a_diff_cut_inside_a_cell_is_read_as_far_as_it_goes() -> None:
    text = (CASES / "diff_page.txt").read_text()
    cut = text[: text.index("A night on the mole")]

    document = read(cut)

    codes = {problem.code for problem in document.problems}
    assert document.kind == "diff"
    assert {"source-truncated", "unclosed-reference"} <= codes
    assert "https://gazette.example/gone" in {citation.url for citation in document.every_citation()}


OTHER_LANGUAGES = {
    "de": ("Zeile 4: Zeile 4:", "Version vom 10. Mai 2020, 08:05 Uhr"),
    "fr": ("Ligne 4 : Ligne 4 :", "Version du 10 mai 2020 à 08:05"),
    "ru": ("Строка 4: Строка 4:", "Версия от 08:05, 10 мая 2020"),
    "ja": ("4行目: 4行目:", "2020年5月10日 (日) 08:05時点における版"),
    "saved in two lines": ("Line 4:\nLine 4:", "Revision as of 08:05, 10 May 2020"),
    "tab between": ("Line 4:\tLine 4:", "Revision as of 08:05, 10 May 2020"),
    "thousands": ("Line 1,204: Line 1,204:", "Revision as of 08:05, 10 May 2020"),
}


@pytest.mark.parametrize(("head", "revision"), OTHER_LANGUAGES.values(), ids=OTHER_LANGUAGES.keys())
def test_a_diff_is_found_by_its_shape_in_any_language(head: str, revision: str) -> None:
    text = (CASES / "diff_page.txt").read_text()
    text = text.replace("Line 4: Line 4:", head).replace("Line 20: Line 21:", head.replace("4", "9"))
    text = text.replace("Content deleted Content added\n", "").replace("Revision as of 08:05, 10 May 2020", revision)

    document = read(text)

    assert document.kind == "diff"
    assert str(document.revised_at) == "2020-05-10 08:05:00+00:00"
    assert Counter(each.side for each in document.references if each.in_wikitext) == {
        Side.KEPT: 4,
        Side.ADDED: 4,
        Side.REMOVED: 2,
    }


MARKED = {
    "in a line of their own": "Line 1: Line 1:\n\u2212\nold <ref>https://a.example/</ref>\n+\nnew <ref>https://b.example/</ref>\n",
    "in front of the cell": "Line 1: Line 1:\n\u2212\told <ref>https://a.example/</ref>\n+\tnew <ref>https://b.example/</ref>\n",
}


@pytest.mark.parametrize("text", MARKED.values(), ids=MARKED.keys())
def test_older_saves_print_the_marks_of_the_cells(text: str) -> None:
    document = read(text)

    assert [(each.side, each.citations[0].url) for each in document.references] == [
        (Side.REMOVED, "https://a.example/"), (Side.ADDED, "https://b.example/"),
    ]  # fmt: skip


def test_a_lone_plus_in_a_changed_passage_is_a_line_of_the_page() -> None:
    new = "a line about bridges and ferries <ref>https://b.example/</ref>"

    document = read(f"Line 1: Line 1:\n+\n{new}\nold words of another kind entirely <ref>https://a.example/</ref>\nx\nx\n")

    assert {problem.code for problem in document.problems} >= {"side-undecided"}


def test_what_is_open_at_the_end_of_a_hunk_does_not_swallow_the_next() -> None:
    kept = "<!-- a comment that the hunk cuts off"
    cell = "text <ref>https://a.example/</ref>"

    document = read(f"Line 1: Line 1:\n{kept}\n{kept}\nLine 9: Line 9:\n{cell}\n{cell}\n")

    assert [each.citations[0].url for each in document.references] == ["https://a.example/"]


def test_the_configuration_leaves_out_sides_and_places() -> None:
    body = (CASES / "diff_page.txt").read_bytes()

    document = read(body, sides=("added",))
    page = read("a<ref>https://a.example/</ref>\n== External links ==\n* [https://b.example/ B]", contexts=("reference",))

    assert {each.side for each in document.references} == {Side.ADDED}
    assert [each.place for each in page.every_citation()] == [Place.REFERENCE]


def test_a_prose_line_that_names_a_line_is_no_diff() -> None:
    document = read("== Seasons ==\nSeason 2: 14 episodes\nAt 16:23, 19 September 2023 it began.<ref>https://a.example/</ref>\n")

    assert document.kind == "wikitext"
