"""One real-looking document of every kind with known citations, one that is cut, bombs, and what is not installed."""

import io
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from audit import documents, unpacking
from audit.documents import package
from audit.errors import DocumentError
from audit.model import Citation, Document
from tests.papers import DOCX, JATS, PAPERS, Paper, packed, warc

PAPER = pytest.mark.parametrize("paper", PAPERS, ids=[paper.kind for paper in PAPERS])


def read(body: bytes, name: str = "source") -> Document:
    (document,) = documents.read(name, body)
    return document


def shown(citation: Citation) -> str:
    kind, number = next(iter(citation.identifiers), ("", ""))
    return citation.url or (f"{kind} {number}" if kind else citation.title or "")


def sane(document: Document) -> bool:
    positions = [each.position for each in document.every_citation()]
    return positions == list(range(len(positions)))


@PAPER
def test_every_citation_is_found_once_and_nothing_else(paper: Paper) -> None:
    document = read(paper.body, paper.name)

    assert document.kind == paper.kind
    assert [shown(each) for each in document.every_citation()] == list(paper.cites)
    assert len(document.references) == paper.references
    assert sane(document)


@PAPER
def test_a_kind_is_known_by_its_content_whatever_its_ending(paper: Paper) -> None:
    document = read(paper.body, "source.dat")

    assert document.kind == paper.kind


@PAPER
def test_a_document_that_is_cut_is_read_as_far_as_it_goes_or_refused_in_one_line(paper: Paper) -> None:
    for share in (0.1, 0.35, 0.6, 0.85, 0.97):
        with suppress(DocumentError):
            document = read(paper.body[: int(len(paper.body) * share)], paper.name)
            assert sane(document)
            assert len(document.every_citation()) <= len(paper.cites) + 1


@PAPER
def test_no_reader_raises_on_a_document_with_stretches_replaced(paper: Paper) -> None:
    dice = random.Random(paper.name)
    for _ in range(40):
        body = bytearray(paper.body)
        for _ in range(dice.randrange(1, 6)):
            at = dice.randrange(len(body))
            body[at : at + dice.choice((0, 1, 1, 8))] = dice.choice(
                (b"", b"\0", b"<", b"{", b"}}", b"\xff\xfe", dice.randbytes(4))
            )
        with suppress(DocumentError):
            assert sane(read(bytes(body), paper.name))


# ---- what the kinds say beside their addresses


def test_a_wiki_page_as_html_pairs_the_copy_with_its_page_and_names_what_is_undefined() -> None:
    paper = next(each for each in PAPERS if each.kind == "wiki-page")

    eel, lost = read(paper.body).references

    (citation,) = eel.citations
    assert (eel.name, eel.uses, citation.title) == ("eel", 2, "Eels")
    assert citation.archive_url == "https://web.archive.org/web/20200101000000/https://eel.example/1"
    assert citation.access_date is not None
    assert str(citation.access_date.value) == "2020-05-03"
    assert (lost.name, lost.defined) == ("lost", False)


def test_what_is_defined_and_not_used_and_the_other_way_round_is_told() -> None:
    document = read(b"[a][x] and[^2] [unused]\n\n[y]: https://a.example/\n[^1]: https://b.example/\n", "a.md")

    assert [(each.code, each.line) for each in document.problems] == [
        ("unused-reference", 3), ("undefined-reference", 1), ("unused-reference", 4),
    ]  # fmt: skip
    assert [(each.name, each.defined) for each in document.references] == [("2", False), ("1", True)]


def test_a_broken_entry_does_not_lose_the_rest_and_is_told_with_its_line() -> None:
    paper = next(each for each in PAPERS if each.kind == "bibtex")

    document = read(paper.body)

    assert [(each.code, each.line) for each in document.problems] == [("source-truncated", 3)]
    assert document.citations[0].title == "The Über Eel"
    assert document.citations[0].publisher == "Acme Press"


def test_a_bibliography_in_an_older_character_set_is_read() -> None:
    document = read('@misc{a, title="Caf\u00e9 und mehr", url="https://a.example/"}'.encode("latin-1"), "a.bib")

    assert document.citations[0].title == "Caf\u00e9 und mehr"


def test_an_article_that_is_cut_keeps_the_references_before_the_cut_and_says_so() -> None:
    document = read(JATS[: JATS.index('<ref id="r2"')].encode())

    assert [each.name for each in document.references] == ["r1"]
    assert [each.code for each in document.problems] == ["source-truncated"]


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        ("URL;Title;Access Date", "https://a.example/1;A;2020-05-04"),
        ("title\turl\taccess_date", "A\thttps://a.example/1\t2020-05-04"),
        ('"Link","Title","Accessed"', '"https://a.example/1","A","2020-05-04"'),
    ],
    ids=["semicolons", "tabs", "quotes"],
)
def test_a_table_is_read_whatever_separates_and_names_its_columns(head: str, rows: str) -> None:
    (found,) = read(f"{head}\r\n{rows}\r\n".encode(), "a.csv").citations

    assert (found.url, found.title, found.line) == ("https://a.example/1", "A", 2)
    assert found.access_date is not None
    assert str(found.access_date.value) == "2020-05-04"


def test_a_page_of_rest_with_an_endless_line_keeps_its_addresses_and_says_so() -> None:
    document = read(("`a <https://a.example/>`_ " * 1_000).encode(), "a.rst")

    assert len(document.citations) == 1_000
    assert [each.code for each in document.problems] == ["source-truncated"]


# ---- archived pages


def test_every_archived_page_is_a_document_and_a_damaged_record_costs_only_itself() -> None:
    pages = [
        (f"https://site.example/{number}", f"<p><a href='/x'>x</a><a href='https://to{number}.example/'>T</a>")
        for number in range(3)
    ]
    parts = [warc(page) for page in pages]
    body = parts[0] + parts[1][:60] + b"\xff" * 40 + parts[1][100:] + parts[2]
    pieces = unpacking.unpacked(io.BytesIO(body))

    found = list(documents.read_stream("a.warc.gz", b"WARC/1.0", pieces) or ())

    assert [each.source for each in found] == ["https://site.example/0", "https://site.example/2", "a.warc.gz"]
    assert [each.url for each in found[0].citations] == ["https://site.example/x", "https://to0.example/"]
    assert [each.code for each in found[2].problems] == ["source-truncated"] * len(found[2].problems)


# ---- bombs

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
ENTITIES = f'<?xml version="1.0"?><!DOCTYPE article [<!ENTITY l0 "ha">{LAUGHS}]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BOMBS = {
    "entities in an article": ENTITIES + JATS.partition('.dtd">')[2].replace("Harbours", "&l11;"),
    "a file from outside in an article": OUTSIDE + JATS.partition('.dtd">')[2].replace("Harbours", "&x;"),
    "entities in a feed": ENTITIES.replace("article", "rss") + "<rss><channel><title>&l11;</title></channel></rss>",
    "depth in an article": "<?xml version='1.0'?><article><front/>" + "<sec>" * 200_000,
    "depth in a page": "<html>" + "<div>" * 200_000 + "<a href='https://a.example/'>x</a>",
    "brackets in Markdown": "# x\n" + "[" * 20_000 + "](https://a.example/)",
    "quotes in Markdown": "[a](https://a.example/)\n" + ">" * 20_000,
    "stars in Markdown": "[a](https://a.example/) " + "*a_ " * 20_000,
    "braces in BibTeX": "@misc{a, title={" + "{" * 100_000,
    "entries in BibTeX": "@misc{a,\n" * 5_000,
    "braces in LaTeX": "\\documentclass{a}" + "\\url{" * 50_000,
    "brackets in LaTeX": "\\documentclass{a}" + "\\cite[" * 50_000,
    "lists in JSON": '[{"type":"x","URL":"https://a.example/"},' + "[" * 100_000,
    "indent in reST": ".. _a: https://a.example/\n\n" + "".join(" " * n + "* x\n" for n in range(0, 300, 2)),
    "quotes in reST": ".. _a: https://a.example/\n\n" + "`" * 20_000,
    "numbers in a table": "url\n" + "9" * 400_000,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_a_text_that_swells_or_nests_without_end_is_read_in_little_space(text: str) -> None:
    with suppress(DocumentError):
        document = read(text.encode())
        assert len(repr(document)) < 3_000_000
        assert "root:" not in repr(document)


def test_a_package_whose_part_swells_is_told_and_the_rest_is_read() -> None:
    document = read(packed(DOCX | {"word/footnotes.xml": b" " * (package.LEAST_SUSPECT * 40)}), "a.docx")

    assert "https://field.example/a" in [each.url for each in document.citations]
    assert [each.code for each in document.problems] == ["source-truncated"]


def test_a_package_with_endless_parts_is_read_in_bounds() -> None:
    body = packed(DOCX | {f"x/{number}.xml": b"" for number in range(package.MOST_PARTS + 10)})

    assert read(body, "a.docx").kind == "docx"


# ---- what is not installed

WITHOUT = """
import sys
from importlib.abc import MetaPathFinder
class Absent(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {module!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
from audit.__main__ import main
sys.argv = ["source-audit", "--db", "sqlite:///{folder}/audit.db", "ingest", "{folder}/{name}", "{folder}/list.txt"]
main()
"""


@pytest.mark.parametrize(
    ("kind", "module", "extra"), [("pdf", "pypdf", "pdf"), ("docx", "lxml", "docx"), ("bibtex", "bibtexparser", "bib")]
)
def test_a_missing_extra_is_one_line_with_what_to_type_and_the_rest_is_audited(
    kind: str, module: str, extra: str, tmp_path: Path
) -> None:
    paper = next(each for each in PAPERS if each.kind == kind)
    (tmp_path / paper.name).write_bytes(paper.body)
    (tmp_path / "list.txt").write_text("https://a.example/\n")

    done = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(module=module, folder=tmp_path, name=paper.name)],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )

    assert done.returncode == 3
    assert f"pip install 'source-audit[{extra}]'" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "list.txt: url-list" in done.stdout
