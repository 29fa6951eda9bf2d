"""Two revisions compared: what an edit did, told once and to the point."""

import pytest

from audit import citing, documents
from audit.errors import DocumentError
from audit.model import Document, LinkState, Problem, Severity, Side
from audit.store.edits import edit, effect

A = "https://paper.example/a"
COPY = f"https://web.archive.org/web/20200102030405/{A}"
WEB = f"{{{{cite web|url={A}|title=How the mole was built|access-date=2020-05-04}}}}"
SAVED = WEB.replace("}}", f"|archive-url={COPY}|archive-date=2020-01-02|url-status=dead}}}}")


def compare(old: str, new: str) -> Document:
    return documents.read_wikitext("page", new, before=old)


def told(document: Document, code: str) -> list[Problem]:
    return [each for each in document.problems if each.code == code]


def sides(document: Document) -> list[tuple[str | None, str]]:
    return sorted((each.name, str(each.side)) for each in document.references)


KEPT = {
    "moved": (f"One.<ref>{WEB}</ref>\n\nTwo.", f"Two.\n\nOne.<ref>{WEB}</ref>", None),
    "white space": (f"One.<ref>{WEB}</ref>", f"One.<ref> {WEB.replace('|', ' | ')}\n</ref>", None),
    "parameters in another order": (
        f"One.<ref>{WEB}</ref>",
        f"One.<ref>{{{{Cite web|access-date=4 May 2020|title=How the mole was built|url={A}}}}}</ref>",
        None,
    ),
    "given a name": (f"One.<ref>{WEB}</ref>", f'One.<ref name="mole">{WEB}</ref><ref name="mole"/>', None),
    "given another group": (f"One.<ref>{WEB}</ref>", f"One.<ref group=n>{WEB}</ref>", None),
    "moved to the list": (
        f'One.<ref name="mole">{WEB}</ref>',
        f'One.<ref name="mole"/><references><ref name="mole">{WEB}</ref></references>',
        None,
    ),
    "a bot adds a copy": (f"One.<ref>{WEB}</ref>", f"One.<ref>{SAVED}</ref>", "archive-url, url-status"),
    "a bare address gets a template": (f"It was built.<ref>{A}</ref>", f"It was built.<ref>{WEB}</ref>", "access-date, title"),
    "the secure address": ("It was built.<ref>http://paper.example/a</ref>", f"It was built.<ref>{A}</ref>", "url"),
    "another address under one name and title": (
        f'One.<ref name="mole">{WEB}</ref>',
        f'One.<ref name="mole">{WEB.replace(A, "https://new.example/b")}</ref>',
        "url",
    ),
    "a title mended under one name": (
        f'One.<ref name="mole">{WEB}</ref>', f'One.<ref name="mole">{WEB.replace("How", "Why")}</ref>', "title",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "changed"), KEPT.values(), ids=KEPT)
def test_what_both_revisions_have_is_kept(old: str, new: str, changed: str | None) -> None:
    document = compare(old, new)

    assert [each.side for each in document.references] == [Side.KEPT]
    assert [each.detail for each in told(document, "citation-changed")] == ([f"changed: {changed}"] if changed else [])


def test_the_same_address_under_another_name_is_one_removed_and_one_added() -> None:
    document = compare(f'One.<ref name="a">{SAVED}</ref>', f'Quite other words.<ref name="b">{WEB}</ref>')

    assert sides(document) == [("a", "removed"), ("b", "added")]
    (dropped,) = told(document, "archive-dropped")
    assert dropped.severity is Severity.WARNING
    assert 'the same source stood there as "a"' in dropped.detail
    assert dropped.advice == f"archive-url={COPY} |archive-date=2020-01-02"
    assert (edit(document)["sources_stayed"], edit(document)["urls_only_added"]) == (1, 0)


def test_a_kept_reference_with_another_address_holds_both() -> None:
    document = compare(
        f'One.<ref name="mole">{WEB}</ref>', f'One.<ref name="mole">{WEB.replace(A, "https://new.example/b")}</ref>'
    )

    (reference,) = document.references
    assert [(citation.side, citation.url) for citation in reference.citations] == [
        (Side.ADDED, "https://new.example/b"), (Side.REMOVED, A),
    ]  # fmt: skip
    assert (edit(document)["urls_only_removed"], edit(document)["urls_only_added"]) == (1, 1)


def test_a_definition_that_went_is_named_with_what_to_put_back() -> None:
    document = compare(f'One.<ref name="mole">{WEB}</ref> Two.<ref name="mole"/>', 'Two.<ref name="mole"/>')

    (orphan,) = told(document, "orphaned-reference")
    assert (orphan.severity, orphan.advice) == (Severity.ERROR, f'<ref name="mole">{WEB}</ref>')
    assert sides(document) == [("mole", "added"), ("mole", "removed")]
    assert all(each.confirmed_undefined for each in document.references if not each.defined)


def test_a_definition_that_got_another_name_leaves_its_uses_behind() -> None:
    document = compare(
        f'One.<ref name="mole">{WEB}</ref> Two.<ref name="mole"/>', f'One.<ref name="pier">{WEB}</ref> Two.<ref name="mole"/>'
    )

    assert sides(document) == [("mole", "added"), ("pier", "kept")]
    assert len(told(document, "orphaned-reference")) == 1


def test_only_names_that_the_edit_left_undefined_count() -> None:
    document = compare('<ref name="old"/>', '<ref name="old"/><ref name="new"/><ref name="new"/>')

    assert sides(document) == [("new", "added"), ("old", "kept")]
    assert (edit(document)["undefined_names"], edit(document)["undefined_places"]) == (1, 2)


def test_a_tag_that_stayed_is_kept_and_one_that_went_is_told() -> None:
    document = compare("One.{{citation needed}} Two.{{clarify}}", "Two.{{clarify}} One.")

    assert [(tag.code, tag.side) for tag in document.tags] == [("citation-needed", Side.REMOVED), ("clarify", Side.KEPT)]
    assert [each.detail for each in told(document, "tag-removed")] == ["{{citation needed}} was removed"]


def test_links_outside_references_have_sides_too() -> None:
    line = "* [https://{0}.example/ {0}]\n"

    document = compare(
        f"== External links ==\n{line.format('one')}{line.format('two')}",
        f"== External links ==\n{line.format('three')}{line.format('one')}",
    )

    assert sorted((str(each.side), each.url) for each in document.citations) == [
        ("added", "https://three.example/"), ("kept", "https://one.example/"), ("removed", "https://two.example/"),
    ]  # fmt: skip


def test_a_copy_that_a_list_entry_lost_is_told_as_well() -> None:
    document = compare(f"== Bibliography ==\n* {SAVED}", f"== Bibliography ==\n* {WEB}")

    assert [each.side for each in told(document, "archive-dropped")] == [Side.KEPT]


def test_faults_that_were_there_before_are_not_the_edits() -> None:
    before = "<ref></ref> "

    document = compare(before, before + '<ref name="x">a</ref><ref name="x">b</ref>')

    assert {each.code: each.side for each in document.problems} == {
        "empty-reference": Side.KEPT, "duplicate-reference-name": Side.ADDED,
    }  # fmt: skip


def test_the_effect_on_dead_links_is_told_by_side() -> None:
    document = compare(f"<ref>{A}</ref><ref>https://two.example/</ref>", f"<ref>{A}</ref><ref>https://three.example/</ref>")
    states = {A: LinkState.DEAD, "https://two.example/": LinkState.USURPED, "https://three.example/": LinkState.LIVE}

    assert effect(document, states) == {"removed_judged": 1, "removed_lost": 1, "added_judged": 1, "added_lost": 0}


def test_many_references_alike_are_compared_in_linear_time() -> None:
    old = "".join(f"<ref>same {A} {number % 7}</ref>" for number in range(4_000))

    document = compare(old, old.replace("same", "other"))

    assert {resource.url for each in document.every_citation() if (resource := citing.resource(each))} == {A}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        pytest.param(b"", b"x", "(the older file)", id="empty"),
        pytest.param(b"x", b"%PDF-1.7\n" + bytes(99), "(the newer file)", id="no text"),
        pytest.param(b"Line 1: Line 1:\na\nb\n", b"x", "name that file alone", id="a diff page"),
    ],
)
def test_a_pair_that_cannot_be_compared_is_one_line(before: bytes, after: bytes, said: str) -> None:
    with pytest.raises(DocumentError) as refused:
        documents.read_pair("old..new", after, before=before)

    assert said in str(refused.value)
