"""What rating lists say of one citation: each step of the lookup, and all lists together."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from audit import dates, editorial
from audit.editorial import Index, Said, Subject
from audit.model import CitedDate, Editorial, RatingOverride, RatingRule

TODAY = date(2026, 6, 1)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FORBIDDEN = [
    "fake",
    "scam",
    "untrustworthy",
    "propaganda",
    "misinformation",
    "disinformation",
    "bogus",
    "dubious",
    "shady",
    "trustworthy",
    "biased",
    "left-wing",
    "right-wing",
]


def rule(category: str = "gu", key: str = "times.example", **fields: Any) -> RatingRule:
    defaults: dict[str, Any] = {"list_id": "enwiki-rsp", "family": "enwiki-community", "as_of": TODAY}
    return RatingRule(key=key, category=category, **(defaults | fields))


def asked(
    url: str = "https://times.example/a", *, published: str | None = None, accessed: str | None = None, **fields: Any
) -> Subject:
    return Subject(url=url, published=cited(published), accessed=cited(accessed), **fields)


def cited(text: str | None) -> CitedDate | None:
    return dates.cited_date(text) if text else None


def said(*rules: RatingRule, about: Subject | None = None) -> tuple[Said, ...]:
    return Index(rules).look_up(about or asked())


def category(*rules: RatingRule, about: Subject | None = None) -> str | None:
    """The one list's word, "mixed", or None when it does not speak."""
    found = said(*rules, about=about)
    assert len(found) <= 1
    return None if not found else "mixed" if found[0].mixed else found[0].category


@pytest.mark.parametrize(
    ("url", "speaks"),
    [
        ("https://times.example/a", True),
        ("https://www.times.example/a", True),
        ("https://news.times.example/a", True),
        ("https://TIMES.example./a", True),
        ("https://nottimes.example/a", False),
        ("https://times.example.evil.test/a", False),
        ("https://example/a", False),
        ("http://[::1", False),
        ("", False),
        ("mailto:a@times.example", False),
    ],
)
def test_a_host_is_met_on_the_boundary_of_its_labels_only(url: str, *, speaks: bool) -> None:
    assert bool(said(rule(), about=asked(url))) is speaks


@pytest.mark.parametrize(
    ("path", "url", "speaks"),
    [
        ("/books", "https://times.example/books", True),
        ("/books", "https://times.example/Books/1?page=2", True),
        ("/books", "https://times.example/bookshop", False),
        ("/books", "https://times.example/maps/books", False),
        ("/x*", "https://times.example/xylophone", True),
        ("/x*", "https://times.example/a/x", False),
        ("/a b", "https://times.example/a%20b/c", True),
        ("/?id=3", "https://times.example/?id=3", True),
        ("/?id=3", "https://times.example/?id=33", False),
        ("/?id=3", "https://times.example/", False),
    ],
)
def test_a_path_is_met_on_the_boundary_of_its_segments_or_behind_a_raw_prefix(path: str, url: str, *, speaks: bool) -> None:
    assert bool(said(rule(path=path), about=asked(url))) is speaks


def test_a_rule_about_maps_says_nothing_of_the_books_beside_them() -> None:
    portal = rule(key="maps.portal.example")

    assert said(portal, about=asked("https://books.portal.example/1")) == ()


@pytest.mark.parametrize(
    ("excluded", "url", "speaks"),
    [
        ("blogs.times.example", "https://blogs.times.example/1", False),
        ("times.example/users", "https://times.example/users/1", False),
        ("times.example/users", "https://times.example/usersguide", True),
        ("times.", "https://times.example/1", False),
    ],
)
def test_an_exclusion_takes_out_what_does_not_belong(excluded: str, url: str, *, speaks: bool) -> None:
    assert bool(said(rule(excluded=(excluded,)), about=asked(url))) is speaks


def test_a_final_dot_lets_any_suffix_follow_and_nothing_else() -> None:
    anywhere = rule(key="times.")

    urls = ["https://times.com/", "https://www.times.co.uk/", "https://times.evil.com/", "https://times.blogspot.com/"]

    assert [bool(said(anywhere, about=asked(url))) for url in urls] == [True, True, False, False]


@pytest.mark.parametrize(
    ("published", "speaks"),
    [
        ("2012-12-31", False),
        ("2013-01-01", True),
        ("2016-06-30", True),
        ("2016-07-01", False),
        ("2013", True),
        ("July 2016", False),
    ],
)
def test_a_window_of_dates_holds_at_both_edges(published: str, *, speaks: bool) -> None:
    dated = rule(valid_from=date(2013, 1, 1), valid_to=date(2016, 6, 30))

    assert bool(said(dated, about=asked(published=published))) is speaks


def test_a_year_is_all_of_its_days() -> None:
    early, late = rule("gr", valid_to=date(2020, 9, 30)), rule("d", valid_from=date(2020, 10, 1))

    assert category(early, late, about=asked(published="2020")) == "mixed"
    assert category(early, late, about=asked(published="2019")) == "gr"
    assert category(early, late, about=asked(published="November 2020")) == "d"


def test_the_access_date_stands_in_for_a_missing_publication_date_and_is_named() -> None:
    early, late = rule("gr", valid_to=date(2020, 9, 30)), rule("d", valid_from=date(2020, 10, 1))

    [found] = said(early, late, about=asked(accessed="2021-01-01"))

    assert (found.category, found.dated_by) == ("d", "accessed")


def test_without_any_date_every_row_stays() -> None:
    early, late = rule("gr", valid_to=date(2020, 9, 30)), rule("d", valid_from=date(2020, 10, 1))

    assert category(early, late) == "mixed"


def test_an_undated_row_stays_only_where_no_dated_one_is_met() -> None:
    always, once = rule("gr"), rule("d", valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31))

    assert category(always, once, about=asked(published="2020-05-05")) == "d"
    assert category(always, once, about=asked(published="2021-05-05")) == "gr"


def test_a_more_specific_group_that_the_date_excludes_leaves_the_word_to_the_next() -> None:
    portal, section = rule("gr"), rule("d", path="/sites", valid_to=date(2015, 12, 31))

    assert category(portal, section, about=asked("https://times.example/sites/x", published="2014")) == "d"
    assert category(portal, section, about=asked("https://times.example/sites/x", published="2020")) == "gr"


def test_most_labels_come_before_the_longest_path() -> None:
    rules = [rule("gr"), rule("nc", path="/news/world"), rule("d", key="blogs.times.example")]

    assert category(*rules, about=asked("https://blogs.times.example/news/world")) == "d"
    assert category(*rules, about=asked("https://times.example/news/world/1")) == "nc"
    assert category(*rules, about=asked("https://times.example/news")) == "gr"


def test_an_author_rule_is_for_that_author_alone() -> None:
    staff, columnist = rule("gr"), rule("gu", author=r"jane\s+example")

    assert category(staff, columnist, about=asked(authors=("Jane Example",))) == "gu"
    assert category(staff, columnist, about=asked(authors=("Bob Sample",))) == "gr"
    assert category(columnist, about=asked(authors=("Bob Sample",))) is None


def test_a_topic_decides_only_when_the_document_has_one() -> None:
    rules = [rule("gr"), rule("d", topic="Politics")]

    assert category(*rules) == "mixed"
    assert category(*rules, about=asked(topic="politics")) == "d"


def test_rows_that_differ_are_mixed_and_all_shown() -> None:
    [found] = said(rule("gr"), rule("d", topic="politics"))

    assert (found.mixed, found.category, len(found.rules)) == (True, None, 2)


@pytest.mark.parametrize(
    ("key", "url", "platform_level"),
    [
        ("blogspot.com", "https://ann.blogspot.com/2010/x.html", True),
        ("wordpress.com", "https://ann.wordpress.com/x", True),
        ("ann.wordpress.com", "https://ann.wordpress.com/x", False),
        ("twitter.com", "https://twitter.com/ann/status/1", True),
        ("times.example", "https://news.times.example/x", False),
    ],
)
def test_a_rule_of_a_platform_covers_its_tenants_and_is_marked(key: str, url: str, *, platform_level: bool) -> None:
    [found] = said(rule(key=key), about=asked(url))

    assert found.platform_level is platform_level


@pytest.mark.parametrize("key", ["com", "co.uk"])
def test_no_rule_speaks_through_a_bare_public_suffix(key: str) -> None:
    assert (
        said(
            rule(key=key),
            about=asked("https://times.co.uk/"),
        )
        == ()
    )
    assert said(rule(key=key), about=asked("https://times.com/")) == ()


def test_a_doi_is_compared_without_resolver_escapes_and_case() -> None:
    paper, press = (
        rule("Retraction", key="10.5555/abc.1", kind="doi"),
        rule("gu", key="10.5555", kind="doi-prefix", list_id="upsd"),
    )
    about = Subject(url="https://doi.org/10.5555%2FABC.1", dois=("10.5555/abc.1",))

    assert [each.list_id for each in said(paper, press, about=about)] == ["enwiki-rsp", "upsd"]


def test_conditions_that_are_not_met_leave_a_doubt() -> None:
    conditional = rule(valid_to=date(2010, 12, 31), flags=frozenset({editorial.CONDITIONAL}), list_id="citeunseen:enVGS")

    [found] = said(conditional, about=asked(published="2020"))

    assert (found.mixed, found.unmet) == (True, True)
    assert pooled(conditional, about=asked(published="2020")).value is None  # type: ignore[union-attr]


def test_the_order_of_rules_changes_nothing() -> None:
    rules = [rule("gr"), rule("d", topic="x"), rule("gu", author="jane"), rule("nc", path="/a"), rule("m", valid_from=TODAY)]

    assert said(*rules, about=asked(published="2027")) == said(*reversed(rules), about=asked(published="2027"))


# ---- all together


def pooled(*rules: RatingRule, about: Subject | None = None, **wishes: Any) -> Editorial | None:
    index = Index(rules)
    return editorial.pooled(index.look_up(about or asked()), today=TODAY, loaded=index.families, **wishes)


MBFC: dict[str, Any] = {"list_id": "mbfc", "family": "mbfc"}
PC1: dict[str, Any] = {"list_id": "pc1", "family": "consensus"}


@pytest.mark.parametrize(
    ("rules", "value", "sd", "disputed"),
    [
        pytest.param([rule("gr")], 0.85, 0.1033, False, id="gr-fresh"),
        pytest.param([rule("gr", as_of=date(2021, 6, 1))], 0.85, 0.1332, False, id="gr-five-years-old"),
        pytest.param([rule("gu")], 0.25, 0.1543, False, id="gu"),
        pytest.param([rule("gr"), rule("high", **MBFC)], 0.825, 0.0753, False, id="gr-and-high"),
        pytest.param([rule("gr"), rule("mixed", **MBFC)], 0.7276, 0.2002, True, id="gr-and-mixed-factual"),
        pytest.param([rule("gr"), rule("gu", topic="x")], 0.55, 0.2235, False, id="rows-that-differ"),
        pytest.param([rule("0.9", **PC1)], 0.98, 0.133, False, id="pc1-is-clipped"),
    ],
)
def test_words_become_the_values_of_the_policy(rules: list[RatingRule], value: float, sd: float, *, disputed: bool) -> None:
    found = pooled(*rules)

    assert found is not None
    assert found.value == pytest.approx(value, abs=1e-4)
    assert found.sd == pytest.approx(sd, abs=1e-4)
    assert found.disputed is disputed


def test_two_lists_of_one_family_count_once() -> None:
    copy = rule("gu", list_id="citeunseen:enVGS")

    assert pooled(rule("gr"), copy) == pooled(rule("gr"), copy, copy)
    assert pooled(rule("gr"), copy).value == pooled(rule("gr")).value  # type: ignore[union-attr]


def test_the_list_of_most_standing_speaks_for_its_community() -> None:
    ids = ["lift-wing", "citeunseen:enBGS", "citeunseen:enNPPSG", "citeunseen:enVGS", "citeunseen:enRSP", "enwiki-rsp"]
    words = ["gr", "nc", "m", "gu", "d", "b"]
    rules = [
        rule(word, list_id=name, flags=frozenset({"fallback"} if name == "lift-wing" else ()))
        for name, word in zip(ids, words, strict=True)
    ]

    spoken = [pooled(*rules[: place + 1]).category for place in range(len(rules))]  # type: ignore[union-attr]

    assert spoken == words


def test_the_consensus_is_left_out_while_what_it_contains_is_loaded() -> None:
    elsewhere = rule("high", key="other.example", **MBFC)

    alone, beside = pooled(rule("0.9", **PC1), rule("gr")), pooled(rule("0.9", **PC1), rule("gr"), elsewhere)

    assert alone != beside
    assert beside.value == 0.85  # type: ignore[union-attr]


def test_families_that_differ_by_more_than_their_doubt_are_disputed() -> None:
    found = pooled(rule("d"), rule("very-high", **MBFC))

    assert found is not None
    assert (found.disputed, found.category, found.caps) == (True, "mixed", frozenset())


@pytest.mark.parametrize("family", [editorial.SPAM, editorial.KINDS, editorial.RETRACTIONS])
def test_spam_kinds_and_notices_bring_no_number(family: str) -> None:
    assert pooled(rule("blacklisted", family=family)) is None


@pytest.mark.parametrize(
    ("category", "flags", "caps"),
    [("d", (), {"d"}), ("gu", ("blacklisted",), {"blacklisted"}), ("b", ("blacklisted",), {"blacklisted"}), ("gr", (), set())],
)
def test_caps_come_from_the_list_itself(category: str, flags: tuple[str, ...], caps: set[str]) -> None:
    found = pooled(rule(category, flags=frozenset(flags)))

    assert found is not None
    assert found.caps == caps


def test_lists_of_another_language_are_shown_and_stay_out_of_the_number() -> None:
    french = rule("gu", list_id="fr-list", family="frwiki-community", language="fr")
    own = rule("gr", list_id="ours", family="user", language="de")
    english = asked(language="en")

    told, widened, users = (
        pooled(french, about=english),
        pooled(french, about=english, languages=["fr"]),
        pooled(own, about=english),
    )

    assert told is not None
    assert (told.value, told.notes, told.category) == (None, frozenset({"other-language"}), "gu")
    assert widened is not None
    assert widened.value == 0.25
    assert users is not None
    assert users.value == 0.85


def test_a_page_of_one_person_gets_no_label() -> None:
    tenant = asked("https://ann.wordpress.com/x")

    own = pooled(rule(key="ann.wordpress.com"), about=tenant, personal=True)
    platform = pooled(rule(key="wordpress.com"), about=tenant, personal=True)

    assert own is not None
    assert platform is not None
    assert (own.value, own.notes) == (None, frozenset({"suppressed"}))
    assert (platform.value, platform.notes) == (None, frozenset({"platform-level"}))


def test_whitelisted_addresses_are_on_no_spam_list() -> None:
    spam: dict[str, Any] = {"family": editorial.SPAM, "list_id": "spam"}
    rules = [rule("blacklisted", **spam), rule("whitelisted", path="/about", **spam)]

    assert category(*rules, about=asked("https://times.example/x")) == "blacklisted"
    assert said(*rules, about=asked("https://times.example/about")) == ()


# ---- corrections


def correction(**fields: Any) -> RatingOverride:
    defaults: dict[str, Any] = {
        "list_id": "enwiki-rsp",
        "key": "times.example",
        "category": "gr",
        "author": "Ann",
        "note": "sold in 2025",
        "created_at": NOW - timedelta(days=1),
        "expires_at": NOW + timedelta(days=1),
    }
    return RatingOverride(**(defaults | fields))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "gr"),
        ({"category": None}, None),
        ({"list_id": "another"}, "gu"),
        ({"key": "other.example"}, "gu"),
        ({"key": "times.example/blogs"}, "gu"),
        ({"expires_at": NOW}, "gu"),
        ({"created_at": NOW + timedelta(hours=1)}, "gu"),
    ],
)
def test_a_correction_acts_where_when_and_on_what_it_says(fields: dict[str, Any], expected: str | None) -> None:
    [found] = editorial.corrected(said(rule()), [correction(**fields)], url="https://times.example/a", now=NOW)

    assert found.category == expected
    assert [each.category for each in found.rules] == ["gu"]


def test_a_correction_says_who_why_until_when_and_what_the_list_says_itself() -> None:
    [found] = editorial.corrected(said(rule()), [correction()], url="https://times.example/a", now=NOW)

    told = editorial.sentence(found)

    assert all(
        part in told for part in ("Ann", "sold in 2025", "2026-06-02", "generally reliable", "generally unreliable", "enwiki-rsp")
    )


# ---- words


EVERY_CATEGORY = ["gr", "m", "nc", "gu", "d", "b"]
EVERY_SAYING = [
    *(
        rule(each, revision="1234", licence="CC BY-SA 4.0", url="https://wiki.example/x", entry="The Times")
        for each in EVERY_CATEGORY
    ),
    rule("gu", flags=frozenset({"blacklisted"}), revision="1234", licence="CC BY-SA 4.0", url="https://wiki.example/x"),
    *(
        rule(each, revision="1234", licence="by arrangement", url="https://m.example", **MBFC)
        for each in ("very-high", "mixed", "low")
    ),
    rule("blacklisted", family=editorial.SPAM, list_id="spam", revision="1234", licence="CC0", url="https://wiki.example/x"),
]


@pytest.mark.parametrize("each", EVERY_SAYING, ids=lambda one: f"{one.list_id}-{one.category}")
def test_every_sentence_names_its_list_day_revision_licence_and_place_and_no_word_of_ours(each: RatingRule) -> None:
    [found] = said(each)

    told = editorial.sentence(found)

    named = (each.list_id, str(each.as_of), each.revision, each.licence, each.url)
    assert [part for part in named if str(part) not in told] == []
    assert [bad for bad in FORBIDDEN if bad in told.lower()] == []
    assert "not a statement about any article" in told
