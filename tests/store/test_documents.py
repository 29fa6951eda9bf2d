"""Documents in the store: read again, changed, forgotten."""

from dataclasses import replace

from audit.model import LinkState, Place, Side
from audit.store import reads, writes
from audit.store.opening import Store
from tests.make import NOON, URL, citation, verdict
from tests.store.values import DAY, OTHER, check, day, document, due, outcome, read, reference, rows

TABLES = ("documents", "reference_entries", "citations", "cited_urls", "hosts", "link_states")


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    return {table: sorted(rows(store, f"select * from {table}"), key=repr) for table in TABLES if table != "documents"}


def test_a_document_read_twice_changes_nothing_but_when_it_was_read(store: Store) -> None:
    read(store, document(URL, OTHER), at=NOON)
    before = everything(store)

    read(store, document(URL, OTHER), at=NOON + DAY)

    assert everything(store) == before
    assert [row[:1] for row in rows(store, "select record from documents")]
    with store.read() as conn:
        assert list(reads.documents(conn, ["page.wiki"])) == [document(URL, OTHER)]
        assert reads.sources(conn) == ["page.wiki"]


def test_a_url_that_nobody_cites_any_more_is_not_due_but_keeps_its_facts(store: Store) -> None:
    read(store, document(URL, OTHER))
    check(store, outcome(OTHER, at=NOON - DAY))

    read(store, document(URL), at=NOON + DAY)

    assert due(store, NOON + DAY) == [URL]
    with store.read() as conn:
        assert reads.every_url(conn) == [URL]
        facts = next(reads.facts(conn, [OTHER]))
    assert len(facts.fetches) == 1
    assert rows(store, "select url from current_links") == [(URL,)]


def test_a_url_that_another_document_cites_stays_due(store: Store) -> None:
    read(store, document(URL, source="one"), document(URL, source="two"))

    read(store, document(source="one"))

    assert due(store, NOON) == [URL]


def test_a_url_that_is_cited_again_is_due_again(store: Store) -> None:
    read(store, document(URL))
    read(store, document())
    assert due(store, NOON) == []

    read(store, document(URL))

    assert due(store, NOON) == [URL]


def test_what_can_never_be_fetched_is_unknown_with_its_reason_and_never_due(store: Store) -> None:
    read(store, document("gopher://old.example/1", URL))

    assert due(store, NOON + 400 * DAY) == [URL]
    assert rows(store, "select state, reason from current_links where url like 'gopher%'") == [("unknown", "unsupported-scheme")]


def test_a_citation_without_an_address_is_kept_and_cites_nothing(store: Store) -> None:
    read(store, replace(document(), citations=(citation(position=0, url=None, title="A book", place=Place.GENERAL),)))

    assert rows(store, "select title, url, context from current_citations") == [("A book", None, "general")]
    assert rows(store, "select links, citations from document_summary") == [(0, 1)]


def test_a_citation_shows_what_its_editor_wrote(store: Store) -> None:
    cited = citation(
        access_date=day("2020-05-02"),
        archive_url=f"https://web.archive.org/web/20200502120000/{URL}",
        url_status="live",
        authors=("A. Writer",),
        place=Place.PARAMETER,
        place_detail="id",
    )
    read(store, document(kind="diff", references=(reference(0, cited, side=Side.ADDED, line=7, section="History"),)))

    columns = "reference_name, line, side, url, state, url_status, context, section, publisher"
    found = rows(store, f"select {columns} from current_citations")
    with store.read() as conn:
        facts = next(reads.facts(conn, [URL]))

    assert found == [("r0", 7, "added", URL, "unknown", "live", "parameter:id", "History", "example.com")]
    assert facts.cited is not None
    assert facts.cited.first_access_date == day("2020-05-02").value
    assert rows(store, "select copy_archive from citations")[0][0]


def test_text_that_no_database_can_hold_is_made_fit(store: Store) -> None:
    hostile = "a\0b\udcffc"
    read(
        store,
        document(source=f"{hostile}.wiki", title=hostile, references=(reference(0, citation(title=hostile), name=hostile),)),
    )

    with store.write() as conn:
        assert [each.title for each in reads.documents(conn, [f"{hostile}.wiki"])] == [hostile]
        [named] = reads.sources(conn)
        assert [each.title for each in reads.documents(conn, [named])] == [hostile]
    assert rows(store, "select title from current_citations") == [("a\ufffdb\ufffdc",)]


def test_new_citations_leave_the_verdict_alone(store: Store) -> None:
    read(store, document(URL))
    with store.write() as conn:
        writes.write_verdicts(conn, [verdict(state=LinkState.DEAD, reason="http-404")])

    read(store, document(URL, OTHER), at=NOON + DAY)

    with store.read() as conn:
        assert reads.states(conn) == {"dead": 1, "unknown": 1}
