"""Two whole revisions compared: what stayed is kept, however it was moved or mended."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from audit.documents import compared, wikitext_page
from audit.documents.compared import Placed, Told
from audit.model import Side

URL = "https://news.example.com/story"
COPY = f"https://web.archive.org/web/20200503120000/{URL}"


def cite(title: str = "A story of the town", more: str = "", url: str = URL) -> str:
    return f"{{{{cite web|url={url}|title={title}{more}}}}}"


def told(old: str, new: str) -> Told:
    return compared.told(
        placed(old, Side.REMOVED),
        placed(new, Side.ADDED),
        before=lambda each: compared.in_front(old if each.side is Side.REMOVED else new, each),
    )


def placed(text: str, side: Side) -> Sequence[Placed]:
    return [(replace(each, side=side), 0) for each in wikitext_page.read("a.wiki", text).references]


KEPT = {
    "moved": (f"A<ref>{cite()}</ref> B", f"A B<ref>{cite()}</ref>"),
    "a copy added to a reference without a name": (f"<ref>{cite()}</ref>", f"<ref>{cite(more=f'|archive-url={COPY}')}</ref>"),
    "another title, no name": (f"<ref>{cite()}</ref>", f"<ref>{cite('Quite another one')}</ref>"),
    "another title, one name": (f"<ref name=a>{cite()}</ref>", f"<ref name=a>{cite('Quite another one')}</ref>"),
    "a name given": (f"<ref>{cite()}</ref>", f"<ref name=a>{cite()}</ref>"),
    "a bare address filled in": (f"<ref>{URL}</ref>", f"<ref>{cite()}</ref>"),
    "a copy lost, no name": (f"<ref>{cite(more=f'|archive-url={COPY}')}</ref>", f"<ref>{cite()}</ref>"),
    "another group": (f"<ref name=a>{cite()}</ref>", f"<ref name=a group=n>{cite()}</ref>"),
    "another address, one name and title": (f"<ref name=a>{cite()}</ref>", f"<ref name=a>{cite(url=URL + '2')}</ref>"),
}


@pytest.mark.parametrize(("old", "new"), KEPT.values(), ids=KEPT)
def test_what_both_revisions_cite_is_kept(old: str, new: str) -> None:
    found = told(old, new)

    assert found.gone == ()
    assert [each.side for each, _ in found.came] == [Side.KEPT]


CHANGED = {
    "another address, no name": (f"<ref>{cite()}</ref>", f"<ref>{cite(url=URL + '2')}</ref>"),
    "another name and body": (f"<ref name=a>{cite()}</ref>", f"<ref name=b>{cite('Quite another one')}</ref>"),
    "written anew for another sentence, its copy lost": (
        f"It was built.<ref>{cite(more=f'|archive-url={COPY}')}</ref>",
        f"Storms came.<ref>{cite(more='|quote=' + 'Nobody knew how long it would stand there. ' * 9)}</ref>",
    ),
}


@pytest.mark.parametrize(("old", "new"), CHANGED.values(), ids=CHANGED)
def test_what_is_another_reference_is_one_gone_and_one_come(old: str, new: str) -> None:
    found = told(old, new)

    assert len(found.gone) == 1
    assert [each.side for each, _ in found.came] == [Side.ADDED]


def test_two_equal_references_of_which_one_went_are_one_kept_and_one_gone() -> None:
    found = told(f"<ref>{cite()}</ref><ref>{cite()}</ref>", f"<ref>{cite()}</ref>")

    assert len(found.gone) == 1
    assert [each.side for each, _ in found.came] == [Side.KEPT]


def test_an_orphan_is_told_with_the_body_it_lost() -> None:
    found = told(f"A<ref name=a>{cite()}</ref> B<ref name=a/>", "A B<ref name=a/>")

    references = [*found.gone, *(each for each, _ in found.came)]
    (orphan,) = compared.problems(found, compared.loose([], []), references=references, tags=[])
    assert (orphan.code, orphan.advice) == ("orphaned-reference", f'<ref name="a">{cite()}</ref>')
