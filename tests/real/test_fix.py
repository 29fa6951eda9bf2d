"""Repaired pages, as a real MediaWiki shows them."""

import pytest

from audit import documents, repairs
from tests.real.mediawiki import MediaWiki
from tests.unit.test_repairs import NOW, WIKIS, gone

pytestmark = pytest.mark.real


@pytest.mark.parametrize("language", WIKIS)
def test_a_repaired_page_shows_the_copy_and_no_new_error(wiki: MediaWiki, language: str) -> None:
    text, _ = WIKIS[language]
    (document,) = documents.read("page.wiki", text.encode(), language=language)
    after = repairs.patched(text, repairs.repairs(document, text=text, findings=gone(document), now=NOW).made)

    shown, mended = wiki.render(text, language=language), wiki.render(after, language=language)

    assert (mended.errors, mended.undefined) == (shown.errors, shown.undefined)
    assert mended.per_group() == shown.per_group()
    assert set(shown.links) < set(mended.links)
    assert any(link.startswith("https://web.archive.org/web/20190302101112/") for link in mended.links)
