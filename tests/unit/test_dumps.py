"""Dumps: what is read of them, what is passed over, where a reading goes on, and what a damaged stretch costs."""

import bz2
import gzip
import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from audit import api, dumps, sources, unpacking
from audit.documents import dump
from audit.documents.dump import Page, Site
from audit.model import Document
from audit.settings import Scoring, Settings
from audit.store import reads
from audit.store.opening import Store, open_store
from audit.store.upgrading import upgrade
from audit.unpacking import Chunk, Fault

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NAME = "frwiki-20260501-pages-articles-multistream.xml.bz2"
HEAD = (
    '<mediawiki xmlns="http://www.mediawiki.org/xml/export-{schema}/" version="{schema}" xml:lang="fr">\n  <siteinfo>\n'
    "    <sitename>Wikip\u00e9dia</sitename>\n    <dbname>frwiki</dbname>\n  </siteinfo>\n"
)
END = "</mediawiki>\n"


def revision(text: str, *, number: int = 7, at: str = "2026-05-01T10:00:00Z", model: str = "wikitext") -> str:
    return (
        f"<revision>\n<id>{number}</id>\n<timestamp>{at}</timestamp>\n<contributor><username>E</username><id>99</id></contributor>\n"
        f'<model>{model}</model>\n<text bytes="1" xml:space="preserve">{escape(text)}</text>\n<sha1>x</sha1>\n</revision>\n'
    )


def page(title: str, *revisions: str, space: int = 0, redirect: bool = False) -> str:
    moved = '<redirect title="x" />\n' if redirect else ""
    return f"  <page>\n<title>{escape(title)}</title>\n<ns>{space}</ns>\n<id>1</id>\n{moved}{''.join(revisions)}  </page>\n"


def cites(number: int) -> str:
    return page(
        f"Page {number}", revision(f"Text<ref>{{{{Cite web|url=https://a.example/{number}|title=T}}}}</ref>", number=number + 1)
    )


def export(*pages: str, schema: str = "0.11") -> bytes:
    return (HEAD.format(schema=schema) + "".join(pages) + END).encode()


def multistream(*groups: list[str]) -> bytes:
    parts = [HEAD.format(schema="0.11"), *("".join(group) for group in groups), END]
    return b"".join(bz2.compress(part.encode()) for part in parts)


def found(body: bytes, tmp_path: Path, *, name: str = NAME, processes: int = 1, position: int = 0) -> list[dumps.Batch]:
    (tmp_path / name).write_bytes(body)
    with closing(sources.opened([str(tmp_path / name)], max_bytes=2**23)) as some:
        stream = next(some)
        assert isinstance(stream, sources.Stream)
        assert dumps.recognises(stream)
        return list(dumps.batches(stream, namespaces=frozenset({0}), processes=processes, position=position))


def every(batches: list[dumps.Batch]) -> list[Document]:
    return [document for batch in batches for document in batch.documents]


# ---- packings

PACKINGS = {
    "plain": (lambda body: body, ".xml"),
    "bzip2 in one stream": (bz2.compress, ".xml.bz2"),
    "bzip2 cut anywhere": (
        lambda body: b"".join(bz2.compress(body[at : at + 300]) for at in range(0, len(body), 300)),
        ".xml.bz2",
    ),
    "gzip": (gzip.compress, ".xml.gz"),
    "zstd": (unpacking.zstd.compress, ".xml.zst"),
}


@pytest.mark.parametrize(("pack", "ending"), PACKINGS.values(), ids=PACKINGS.keys())
@pytest.mark.parametrize("schema", ["0.10", "0.11"])
def test_a_dump_is_read_however_it_is_packed(pack: Callable[[bytes], bytes], ending: str, schema: str, tmp_path: Path) -> None:
    body = pack(export(*(cites(number) for number in range(5)), schema=schema))

    documents = every(found(body, tmp_path, name=f"frwiki-20260501-pages-articles{ending}"))

    assert [each.source for each in documents] == [f"frwiki:Page {number}" for number in range(5)]
    assert [each.every_citation()[0].url for each in documents] == [f"https://a.example/{number}" for number in range(5)]
    first = documents[0]
    assert (first.kind, first.title, first.wiki, first.language, first.revision) == ("wikitext", "Page 0", "frwiki", "fr", "1")
    assert str(first.revised_at) == "2026-05-01 10:00:00+00:00"


def test_a_multistream_dump_is_read_in_parts_by_several_processes_in_its_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dumps, "PART_BYTES", 1)
    groups = [[cites(number) for number in range(start, start + 10)] for start in range(0, 50, 10)]

    batches = found(multistream(*groups), tmp_path, processes=2)

    assert [each.title for each in every(batches)] == [f"Page {number}" for number in range(50)]
    assert len(batches) == 7
    assert batches[-1].position == (tmp_path / NAME).stat().st_size


def test_what_cites_nothing_moved_or_stands_elsewhere_is_passed_over(tmp_path: Path) -> None:
    body = export(
        page("Redirect", revision("#REDIRECT [[x]] https://a.example/"), redirect=True),
        page("Plain", revision("No source at all.")),
        page("Talk", revision("https://a.example/"), space=1),
        page("Data", revision('{"x": "https://a.example/"}', model="json")),
        page("Hidden", '<revision><id>1</id><text deleted="deleted" /></revision>'),
        page("Upper", revision("x<REF>Quay, p. 3</REF>")),
        cites(1),
    )

    (batch,) = found(body, tmp_path, name="x.xml")

    assert [each.title for each in batch.documents] == ["Upper", "Page 1"]
    assert batch.pages == 7


def test_of_a_history_only_the_newest_revision_is_read_wherever_it_stands(tmp_path: Path) -> None:
    old, new = (
        revision("<ref>https://old.example/</ref>", number=3, at="2019-01-01T00:00:00Z"),
        revision("<ref>https://new.example/</ref>", number=9),
    )

    (document,) = every(found(export(page("P", old, new, old)), tmp_path, name="x.xml"))

    assert [each.url for each in document.every_citation()] == ["https://new.example/"]


def test_text_is_read_as_it_was_before_it_was_escaped() -> None:
    assert dump._words(b"&lt;ref&gt;a &amp;lt; b &quot;c&quot; &#233;&amp;#160;") == '<ref>a &lt; b "c" \u00e9&#160;'


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("frwiki-20260501-pages-articles-multistream.xml.bz2", Site(wiki="frwiki", language="fr")),
        ("zh_min_nanwiki-latest-pages-articles.xml.bz2", Site(wiki="zh_min_nanwiki", language="zh-min-nan")),
        ("enwiktionary-20260501-pages-meta-current.xml.gz", Site(wiki="enwiktionary", language="en")),
        ("commonswiki-20260501-pages-articles.xml.bz2", Site(wiki="commonswiki", language=None)),
        ("my-own-export.xml", Site()),
    ],
    ids=["fr", "zh-min-nan", "wiktionary", "commons", "own"],
)
def test_a_dump_whose_head_says_nothing_is_known_by_its_name(name: str, site: Site) -> None:
    assert dump.site(b"<mediawiki>", name=name) == site


# ---- what is damaged


def test_a_broken_stream_is_told_and_the_next_one_goes_on(tmp_path: Path) -> None:
    body = bytearray(multistream([cites(1), cites(2)], [cites(3)], [cites(4)]))
    second = [found.start() for found in unpacking.PACKINGS[0].start.finditer(body)][2]
    body[second + 30 : second + 34] = b"\0\0\0\0"

    batches = found(bytes(body), tmp_path)

    assert [each.title for each in every(batches)] == ["Page 1", "Page 2", "Page 4"]
    (fault,) = (fault for batch in batches for fault in batch.faults)
    assert fault.at == second


@pytest.mark.parametrize("pack", [bz2.compress, gzip.compress, unpacking.zstd.compress, bytes], ids=["bz2", "gz", "zst", "plain"])
def test_a_dump_that_breaks_off_is_read_as_far_as_it_goes(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    body = pack(export(*(cites(number) for number in range(3))))

    for end in range(len(body) // 2, len(body), 7):
        pieces = list(dump.pages(unpacking.unpacked(io.BytesIO(body[:end]))))
        assert all(isinstance(each, Page | Fault) for each in pieces)
        assert sum(isinstance(each, Page) for each in pieces) <= 3


def test_noise_between_pages_and_pages_without_an_end_cost_only_themselves() -> None:
    text = f"<mediawiki>{cites(1)}garbage &bad; <page><title>Open</title><ns>0</ns><revision><text>https://x.example/{cites(2)}"

    pieces = list(dump.pages([Chunk(text.encode()[at : at + 11], at, at == 0) for at in range(0, len(text.encode()), 11)]))

    assert ["Page 1" in str(each.head) or "Page 2" in str(each.head) for each in pieces if isinstance(each, Page)] == [True, True]
    assert sum(isinstance(each, Fault) for each in pieces) == 1


def test_a_stream_that_swells_without_end_is_a_fault_and_takes_little_space() -> None:
    bomb = bz2.compress(bytes(200_000_000))

    pieces = list(dump.pages(unpacking.unpacked(io.BytesIO(bomb + bz2.compress(cites(1).encode())))))

    assert [type(each) for each in pieces] == [Fault, Page]
    assert "swells" in str(pieces[0])


def test_a_page_that_is_too_long_is_a_fault_and_the_next_one_is_read() -> None:
    long = (b"<page><title>L</title><ns>0</ns><revision><text>" + b"x" * 1_000_000 for _ in range(1))
    pieces = [next(long), *[b"x" * 1_000_000] * 40, b"</text></revision></page>", cites(2).encode()]

    found = list(dump.pages(Chunk(each, at, at == 0) for at, each in enumerate(pieces)))

    assert [type(each) for each in found] == [Fault, Page]


def test_several_processes_group_urls_by_the_platforms_that_are_configured(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(multistream([cites(1)]))
    scoring = Scoring(tenants=("a.example/*",))

    with closing(sources.opened([str(tmp_path / NAME)], max_bytes=2**23)) as some:
        stream = next(some)
        assert isinstance(stream, sources.Stream)
        batches = list(dumps.rows(stream, namespaces=frozenset({0}), now=NOW, processes=2, scoring=scoring))

    urls = [row for batch in batches for document in batch.documents for row in document.urls.values()]
    assert [row["publisher"] for row in urls] == ["a.example/1"]


# ---- into the store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path}/audit.db"
    upgrade(url)
    opened = open_store(url)
    yield opened
    opened.close()


def ingested(store: Store, path: Path, **wish: object) -> dumps.DumpRead:
    with closing(sources.opened([str(path)], max_bytes=2**23)) as some:
        stream = next(some)
        assert isinstance(stream, sources.Stream)
        return dumps.ingest(store, stream, settings=Settings(), now=NOW, wish=dumps.Wish(processes=1, **wish))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [NAME, "frwiki-20260501-pages-articles.xml.gz"], ids=["parts", "pages"])
def test_a_reading_that_was_stopped_goes_on_where_it_was_and_a_finished_one_is_not_repeated(
    store: Store, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dumps, "PART_BYTES", 1)
    monkeypatch.setattr(dumps, "PAGES_AT_ONCE", 2)
    groups = [[cites(number) for number in range(start, start + 2)] for start in range(0, 6, 2)]
    path = tmp_path / name
    path.write_bytes(
        multistream(*groups) if name == NAME else gzip.compress(export(*(each for group in groups for each in group)))
    )

    first = ingested(store, path, limit=2)
    second = ingested(store, path)
    third = ingested(store, path)

    assert (first.finished, first.documents, first.citations) == (False, 2, 2)
    assert (second.finished, second.documents, second.citations) == (True, 6, 4)
    assert (third.finished, third.documents, third.citations) == (True, 6, 0)
    with store.read() as conn:
        assert sorted(reads.sources(conn)) == [f"frwiki:Page {number}" for number in range(6)]


def test_a_dump_that_changed_is_read_from_its_beginning(store: Store, tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(multistream([cites(1)]))
    ingested(store, path)
    path.write_bytes(multistream([cites(1)], [cites(2)]))

    again = ingested(store, path)

    assert (again.begun_at, again.documents) == (0, 2)


def test_a_broken_stream_becomes_a_finding_of_the_dump(store: Store, tmp_path: Path) -> None:
    body = bytearray(multistream([cites(1)], [cites(2)]))
    body[[found.start() for found in unpacking.PACKINGS[0].start.finditer(body)][1] + 30] ^= 0xFF
    path = tmp_path / NAME
    path.write_bytes(bytes(body))

    told = ingested(store, path)

    assert (told.finished, len(told.faults)) == (True, 1)
    with store.read() as conn:
        (document,) = reads.documents(conn, [str(path)])
        assert reads.any_finding(conn, ["source-truncated"])
    assert document.kind == "dump"


def test_the_command_reads_a_dump_from_a_pipe_and_says_in_one_line_what_it_held(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "audit", "--db", f"sqlite:///{tmp_path}/audit.db", "ingest", "-"]

    done = subprocess.run(command, input=bz2.compress(export(cites(1), cites(2))), check=False, capture_output=True, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert b"-: dump: 2 pages, 2 documents, 2 references, 2 citations, read to its end" in done.stdout


def test_the_index_that_lies_beside_a_dump_is_no_source_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(multistream([cites(1)]))
    (tmp_path / "frwiki-20260501-pages-articles-multistream-index.txt.bz2").write_bytes(bz2.compress(b"600:1:Page 1\n"))

    (document,) = api.read(str(tmp_path))

    assert document.source == "frwiki:Page 1"


def test_a_packed_document_that_is_no_dump_is_read_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "refs.bib.gz").write_bytes(gzip.compress(b'@misc{a, title="T", url="https://a.example/"}'))

    (document,) = api.read(str(tmp_path / "refs.bib.gz"))

    assert (document.kind, document.citations[0].url) == ("bibtex", "https://a.example/")
