"""What MediaWiki shows of a page is what we find on it: entries per group, undefined names, external links."""

from pathlib import Path

import pytest

from tests.real.mediawiki import MediaWiki
from tests.real.reading import differences
from tests.wikitexts import LANGUAGES, Pages

pytestmark = pytest.mark.real

CASES = sorted((Path(__file__).parent.parent / "cases" / "wikitext").glob("*.wiki"))
PAGES, AGREEING = 100, 97
"""Made at random. What differs are arguments torn apart: an address in a tag that a broken template keeps from being read."""


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_a_page_is_read_as_mediawiki_shows_it(wiki: MediaWiki, path: Path) -> None:
    text, language = path.read_text(encoding="utf-8"), path.stem.partition("_")[0]

    assert differences(text, wiki.render(text, language=language), language=language) == []


def test_there_are_forty_pages_in_ten_languages() -> None:
    assert (len(CASES), len({path.stem.partition("_")[0] for path in CASES})) == (40, 10)


def test_pages_put_together_at_random_are_read_as_mediawiki_shows_them(wiki: MediaWiki) -> None:
    differing = []
    for seed in range(PAGES):
        text, language = Pages(seed).page(), LANGUAGES[seed % len(LANGUAGES)]
        differing += differences(text, wiki.render(text, language=language), language=language)

    assert [each for each in differing if not each.startswith("links")] == []
    assert len(differing) <= PAGES - AGREEING
