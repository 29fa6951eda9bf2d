"""How alike two texts are: folded words, simhash, sketches, titles, quotations."""

import random

import pytest

from audit import similarity

WORDS = [
    f"{start}{end}" for start in ("br", "gr", "st", "fl", "tr", "cl") for end in ("idge", "over", "ance", "iver", "unnel", "anal")
]


def story(seed: int, *, sentences: int = 60) -> list[str]:
    dice = random.Random(seed)
    return [" ".join(dice.choices(WORDS, k=9)) + "." for _ in range(sentences)]


FOLDED = {
    "case": ("LONG Story", "long story"),
    "accents": ("\u00c9t\u00e9 \u00e0 la plage", "ete a la plage"),
    "accents written apart": ("E\u0301te\u0301", "ete"),
    "width": ("\uff21\uff22\uff23", "abc"),
    "ligature": ("\ufb01nal", "final"),
    "sharp s": ("Stra\u00dfe", "strasse"),
    "punctuation and dashes": ("a\u2014b, c_d!", "a b c d"),
    "soft hyphen": ("co\u00adoperate", "cooperate"),
    "zero-width space": ("co\u200boperate", "cooperate"),
    "Korean stays in syllables": ("\ub2e4\ub9ac", "\ub2e4\ub9ac"),
    "nothing but signs": ("\u2014 \u2026", ""),
}


@pytest.mark.parametrize(("text", "folded"), FOLDED.values(), ids=FOLDED.keys())
def test_what_looks_different_and_says_the_same_folds_to_one_text(text: str, folded: str) -> None:
    plain = similarity.fold(text)

    assert plain == folded
    assert similarity.fold(plain) == plain


def test_characters_of_a_script_without_spaces_are_words() -> None:
    found = similarity.words("\u6211\u4eec\u7684\u6865 of 1931")

    assert found == ("\u6211", "\u4eec", "\u7684", "\u6865", "of", "1931")


def test_long_and_short_texts_fold_alike() -> None:
    sentence = "Caf\u00e9 cr\u00e8me na\u00efve \u00fcber Stra\u00dfe. "

    short, long = similarity.words(sentence), similarity.words(sentence * 500)

    assert long[: len(short)] == short


def test_only_the_start_of_a_long_text_is_hashed() -> None:
    start = "bridge " * similarity.MOST_WORDS

    hashed = similarity.simhash(start + "and much more " * 1_000)

    assert hashed == similarity.simhash(start)
    assert len(similarity.words("a " * 100_000)) == similarity.MOST_WORDS


def test_a_text_without_words_has_no_simhash_and_no_sketch() -> None:
    hashed, sketch = similarity.simhash("\u2014 !"), similarity.sketch("only three words")

    assert hashed is None
    assert sketch == ()


STORED = {
    "one word": ("bridge", 0x893D_5A22_192B_D5D8, 0, 0),
    "two words": ("old bridge", 0x850F_770D_5A46_F3DD, 0, 0),
    "four words": ("the old bridge opens", 0x8D4D_270D_5B24_73ED, 1, 0xAD68_AFDF_2E01_6AA3),
    "a page": (
        " ".join(random.Random(3).choices([f"word{number}" for number in range(400)], k=900)),
        0xEC85_90C7_933B_5E9A,
        64,
        0x104A_6244_ED8B_5221,
    ),
    "a script without spaces": (
        "\u6a4b\u304c\u958b\u901a\u3057\u307e\u3057\u305f" * 3,
        0x78F1_4708_6801_61C8,
        8,
        0xF302_2B67_F2EA_26B5,
    ),
}


@pytest.mark.parametrize(("text", "hashed", "size", "last"), STORED.values(), ids=STORED.keys())
def test_hashes_of_older_databases_still_compare(text: str, hashed: int, size: int, last: int) -> None:
    """Both are stored: other values for the same text would make every page look changed."""
    sketch = similarity.sketch(text)

    assert similarity.simhash(text) == hashed
    assert (len(sketch), sketch[-1:]) == (size, (last,) if last else ())


def test_a_simhash_knows_the_order_of_the_words() -> None:
    found = similarity.words(" ".join(story(1)))

    forwards, backwards = similarity.simhash(" ".join(found)), similarity.simhash(" ".join(reversed(found)))

    assert forwards is not None
    assert backwards is not None
    assert similarity.distance(forwards, backwards) > 12


def test_a_word_more_moves_few_bits_and_another_story_moves_many() -> None:
    text, other = " ".join(story(1)), " ".join(story(2))
    own, longer, foreign = (similarity.simhash(each) for each in (text, f"{text} updated", other))

    assert own is not None
    assert longer is not None
    assert foreign is not None
    assert similarity.distance(own, longer) <= 3
    assert similarity.distance(own, foreign) > 12


@pytest.mark.parametrize("seed", range(5))
def test_a_page_that_lost_a_third_of_its_sentences_still_holds_the_rest(seed: int) -> None:
    whole = story(seed)
    shorter = [sentence for number, sentence in enumerate(whole) if number % 10 >= 3]

    share = similarity.containment(similarity.sketch(" ".join(whole)), similarity.sketch(" ".join(shorter)))

    assert share is not None
    assert share >= 0.5


@pytest.mark.parametrize("seed", range(5))
def test_two_stories_share_next_to_nothing(seed: int) -> None:
    one, other = story(seed), story(seed + 100)

    share = similarity.containment(similarity.sketch(" ".join(one)), similarity.sketch(" ".join(other)))

    assert share is not None
    assert share < 0.15


def test_containment_does_not_care_which_side_is_longer() -> None:
    whole = similarity.sketch(" ".join(story(1, sentences=200)))
    part = similarity.sketch(" ".join(story(1, sentences=200)[:40]))

    shares = (similarity.containment(whole, part), similarity.containment(part, whole))

    assert shares[0] == shares[1]
    assert shares[0] is not None
    assert shares[0] > 0.9


def test_with_one_text_missing_containment_is_unknown() -> None:
    share = similarity.containment((), similarity.sketch("one two three four five"))

    assert share is None


def test_a_sketch_is_sorted_and_bounded() -> None:
    sketch = similarity.sketch(" ".join(story(1, sentences=400)))

    assert list(sketch) == sorted(set(sketch))
    assert len(sketch) == similarity.SKETCH_SIZE


TITLES = {
    "the name of the site": ("A long story about bridges", "A Long Story About Bridges | The Paper", True),
    "another order": ("Bridges: a long story", "A long story - Bridges", True),
    "accents and quotation marks": ("L\u2019\u00e9t\u00e9 des \u00abponts\u00bb anciens", "L'ete des ponts anciens", True),
    "Cyrillic": (
        "\u0418\u0441\u0442\u043e\u0440\u0438\u044f \u0441\u0442\u0430\u0440\u043e\u0433\u043e \u043c\u043e\u0441\u0442\u0430",
        "\u0438\u0441\u0442\u043e\u0440\u0438\u044f \u0441\u0442\u0430\u0440\u043e\u0433\u043e \u043c\u043e\u0441\u0442\u0430",
        True,
    ),
    "another story": ("A long story about bridges", "Ten recipes with spinach", False),
    "one word of many": ("Home", "Home of the long bridges over the river", False),
    "the section only": ("News", "A long story about bridges - News", False),
    "nothing": ("", "A long story about bridges", False),
    "nothing twice": ("", "", False),
    "signs only": ("\u2014", "!", False),
}


@pytest.mark.parametrize(("one", "other", "same"), TITLES.values(), ids=TITLES.keys())
def test_two_titles_are_one_at_a_ratio_of_80(one: str, other: str, same: bool) -> None:  # noqa: FBT001 (a table of cases)
    ratio = similarity.title_ratio(one, other)

    assert (ratio >= 80) is same
    assert similarity.title_ratio(other, one) == ratio


def test_words_that_every_title_has_tell_nothing() -> None:
    telling = similarity.telling_tokens("The Story of a Bridge in \u6865 - Page 2")

    assert telling == ("story", "bridge", "\u6865")


PAD = "Many other words stand around it. " * 900
QUOTES = {
    "as it stands": ("the bridge was opened", "In May the bridge was opened again", True),
    "other quotation marks": ("the bridge was \u201copened\u201d", "the bridge was 'opened' again", True),
    "other dashes and spaces": ("three\u2014four five  six", "three - four five\nsix", True),
    "accents lost": ("caf\u00e9 au lait cr\u00e8me", "cafe au lait creme", True),
    "accents in a long page": ("caf\u00e9 au lait cr\u00e8me", PAD + "caf\u00e9 au lait cr\u00e8me", True),
    "soft hyphens in the page": ("they cooperate with them", "they co\u00adoperate with them", True),
    "at the end of a long page": ("the bridge was opened", PAD + "the bridge was opened", True),
    "something left out": (
        "the bridge was opened \u2026 and nobody came to see",
        "the bridge was opened in May and nobody came to see",
        True,
    ),
    "left out in brackets": (
        "the bridge was opened [...] and nobody came to see",
        "the bridge was opened. Then and nobody came to see",
        True,
    ),
    "parts in the wrong order": (
        "and nobody came to see ... the bridge was opened",
        "the bridge was opened and nobody came to see",
        False,
    ),
    "one part missing": (
        "the bridge was opened ... and everybody came to see",
        "the bridge was opened and nobody came to see",
        False,
    ),
    "only short parts": ("the bridge ... was opened", "the bridge was opened", False),
    "three words": ("bridge was opened", "the bridge was opened", False),
    "words apart": ("the bridge was opened", "the bridge, it seems, was opened", False),
    "part of a word": ("the bridge was open", "the bridge was opened", False),
    "a slip in a long quotation": (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen",
        "One two three four five six seven eight nine ten eleven twelve, thirteen, fifteen",
        True,
    ),
    "Chinese": ("\u8fd9\u5ea7\u6865\u5f88\u957f", "\u6211\u4eec\u770b\u5230\u8fd9\u5ea7\u6865\u5f88\u957f\u3002", True),
    "nothing": ("", "the bridge was opened", False),
    "an empty page": ("the bridge was opened", "", False),
}


@pytest.mark.parametrize(("quote", "text", "found"), QUOTES.values(), ids=QUOTES.keys())
def test_a_quotation_is_found_when_its_parts_stand_in_order(quote: str, text: str, found: bool) -> None:  # noqa: FBT001 (a table)
    shown = similarity.quote_found(quote, text)

    assert shown is found
