"""Importers of rating lists, on invented lists in the true formats."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from audit import ratings
from audit.editorial import Index, Subject
from audit.errors import ConfigError, RatingsError
from audit.model import RatingRule
from audit.ratings import ListFacts, Listing, scopes
from audit.ratings.keys import host_and_path

CASES = Path(__file__).parent.parent / "cases" / "ratings"
PERENNIAL = ("perennial_1.wiki", "perennial_2.wiki")


def body(*names: str) -> bytes:
    return b"\n".join((CASES / name).read_bytes() for name in names)


def answer(**pages: str) -> bytes:
    """What the API answers: one page per name, its revision the number of the page."""
    held = [
        {
            "title": title,
            "revisions": [
                {"revid": 100 + number, "timestamp": f"2026-04-0{number + 1}T00:00:00Z", "slots": {"main": {"content": text}}}
            ],
        }
        for number, (title, text) in enumerate(pages.items())
    ]
    return json.dumps({"batchcomplete": True, "query": {"pages": held}}).encode()


def read(kind: str, text: bytes | str, **facts: Any) -> Listing:
    raw = text.encode() if isinstance(text, str) else text
    return ratings.read(kind, raw, facts=ListFacts(**({"name": "a-list"} | facts)))


def brief(listing: Listing) -> set[tuple[Any, ...]]:
    return {(rule.key, rule.path, rule.category) for rule in listing.rules}


# ---- the perennial sources list


def test_tables_on_subpages_become_rules() -> None:
    listing = read("rsp", body(*PERENNIAL))

    assert brief(listing) == {
        ("times.example", "", "gr"),
        ("sport.times.example", "", "gr"),
        ("times.example", "/blogs", "gu"),
        ("other.example", "/x*", "gu"),
        ("post.example", "", "gu"),
        ("post.example", "", "nc"),
        ("post.example", "", "d"),
    }


def test_everything_odd_in_a_table_is_counted() -> None:
    counts = Counter(read("rsp", body(*PERENNIAL)).counts)

    wanted = {
        "rows": 6,
        "rules": 7,
        "rejected": 1,
        "rows_without_host": 1,
        "class_disagrees": 1,
        "unknown_keywords": 1,
        "dated": 3,
    }
    assert {name: counts[name] for name in wanted} == wanted
    assert (counts["hosts"], counts["with_path"], counts["blacklisted"], counts["malformed"]) == (4, 2, 1, 0)
    assert {name[9:]: count for name, count in counts.items() if name.startswith("category:")} == {
        "gr": 2,
        "gu": 3,
        "nc": 1,
        "d": 1,
    }


def test_scope_topic_flags_and_year_are_those_of_the_row() -> None:
    by_entry = {rule.entry: rule for rule in read("rsp", body(*PERENNIAL)).rules}

    before, politics = by_entry["Sample Post (pre-October 2020)"], by_entry["Sample Post (politics, November 2022\u2013present)"]
    assert (before.valid_from, before.valid_to, before.flags) == (None, date(2020, 9, 30), frozenset({"blacklisted"}))
    assert (politics.valid_from, politics.valid_to, politics.topic) == (date(2022, 11, 1), None, "politics")
    assert (by_entry["Example Times"].flags, by_entry["Example Times (blogs)"].flags) == (
        frozenset({"stale"}),
        frozenset({"in-progress"}),
    )
    assert by_entry["Example Times"].as_of == date(2021, 1, 1)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("perennial_source.wiki", {("gazette.example", "", "m")}),
        ("perennial_before.wiki", {("herald.example", "", "gr"), ("star.example", "", "d")}),
    ],
)
def test_a_page_per_source_and_the_single_page_of_before_are_read_alike(name: str, expected: set[tuple[str, ...]]) -> None:
    listing = read("rsp", body(name))

    assert (brief(listing), listing.counts["malformed"]) == (expected, 0)


def test_pages_without_a_row_mark_may_be_joined_with_others() -> None:
    lone = body("perennial_source.wiki").decode()
    another = lone.replace("gazette.example", "other-gazette.example").replace("|m}}", "|gu}}")

    listing = read("rsp", body(PERENNIAL[1]).decode() + lone + "\n" + another)

    assert {("gazette.example", "", "m"), ("other-gazette.example", "", "gu"), ("post.example", "", "nc")} <= brief(listing)
    assert (listing.counts["rows"], listing.counts["malformed"]) == (5, 0)


def test_a_legend_of_statuses_and_a_first_row_without_mark_are_told_apart() -> None:
    legend = "* {{WP:RSPSTATUS|gr}} what editors agree on\n* {{WP:RSPSTATUS|d}} what they do not\n"
    first = "{| class=wikitable\n| [[First]]\n| {{WP:RSPSTATUS|nc}}\n| {{WP:RSPUSES|first.example}}\n"

    listing = read("rsp", legend + first + ROW.format("Second", "gr", "second.example") + "|}\n")

    assert brief(listing) == {("first.example", "", "nc"), ("second.example", "", "gr")}


def test_an_answer_of_the_api_keeps_title_revision_and_day_of_each_page() -> None:
    first, second = (body(name).decode() for name in PERENNIAL)

    listing = read("rsp", answer(**{"Project:List/1": first, "Project:List/2": second}), url="https://wiki.example/wiki/")

    assert listing.revisions == (("Project:List/1", "100"), ("Project:List/2", "101"))
    assert listing.as_of == date(2026, 4, 2)
    [gr] = [rule for rule in listing.rules if rule.key == "sport.times.example"]
    assert (gr.revision, gr.licence, gr.url) == ("100", "CC BY-SA 4.0", "https://wiki.example/wiki/Project:List/1#Example_Times")


def test_several_answers_joined_are_one_list() -> None:
    first, second = (body(name).decode() for name in PERENNIAL)
    joined = answer(**{"L/1": first}) + b"\n" + answer(**{"L/2": second})

    assert brief(read("rsp", joined)) == brief(read("rsp", body(*PERENNIAL)))


def test_the_old_form_of_an_answer_is_read_too() -> None:
    old = {"query": {"pages": {"7": {"title": "L/1", "revisions": [{"revid": 5, "*": body(PERENNIAL[0]).decode()}]}}}}

    assert read("rsp", json.dumps(old)).revisions == (("L/1", "5"),)


def test_pages_about_the_list_are_no_sources() -> None:
    text = body(PERENNIAL[0]).decode()
    pages = {
        "L/1": text,
        "L/sandbox": text.replace("times.example", "sand.example"),
        "L/Instructions": "{{WP:RSPSTATUS|<status>}}",
    }

    listing = read("rsp", answer(**pages))

    assert (listing.counts["pages_aside"], listing.counts["rows"]) == (2, 3)


ROW = '|- class="s-gr" id="{0}"\n| [[{0}]]\n| {{{{WP:RSPSTATUS|{1}}}}}\n| {{{{WP:RSPLAST|2020}}}}\n| {{{{WP:RSPUSES|{2}}}}}\n'


def table(*rows: str) -> str:
    return "{|\n" + "".join(rows) + "|}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("Just prose.", "RSPSTATUS", id="another-page"),
        pytest.param(
            table(ROW.format("A", "gr", "a.example").replace("RSPUSES", "RSPDOMAINS")), "RSPUSES", id="a-template-is-gone"
        ),
        pytest.param(
            table(ROW.format("A", "gr", "a.example"), ROW.format("B", "superb", "b.example")), "superb", id="an-unknown-word"
        ),
        pytest.param(table(ROW.format("A", "gr", "nodot")), "no rule", id="no-rule"),
        pytest.param("<!DOCTYPE html>\n<html>Service unavailable</html>", "web page", id="an-error-page"),
        pytest.param('{"error": {"code": "maxlag"}}', "maxlag", id="an-error-of-the-api"),
        pytest.param('{"query": {"pages": [{"title": "X", "missing": true}]}}', "no page", id="a-missing-page"),
        pytest.param(
            table(ROW.format("A", "gr", "a.example"), "|-\n| [[B]]\n| no status\n"), "malformed", id="too-many-bad-rows"
        ),
    ],
)
def test_a_page_whose_format_changed_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(RatingsError, match=said):
        read("rsp", text)


def test_the_order_of_rows_changes_nothing() -> None:
    rows = [
        ROW.format(f"N{number}", status, f"h{number % 3}.example")
        for number, status in enumerate(["gr", "gu", "nc", "d", "m", "gr"])
    ]

    assert read("rsp", table(*rows)) == read("rsp", table(*reversed(rows)))


@pytest.mark.parametrize(
    ("name", "first", "last", "topic"),
    [
        ("X (pre-2013)", None, date(2012, 12, 31), None),
        ("X (pre\u20112013)", None, date(2012, 12, 31), None),
        ("X (October 2020\u2013October 2022)", date(2020, 10, 1), date(2022, 10, 31), None),
        ("X (2013\u2013present)", date(2013, 1, 1), None, None),
        ("X (topic, 2011\u2013present)", date(2011, 1, 1), None, "topic"),
        ("X 2012\u20132018", date(2012, 1, 1), date(2018, 12, 31), None),
        ("X_(since_2013)", date(2013, 1, 1), None, None),
        ("X (post-2013)", date(2014, 1, 1), None, None),
        ("X (until 2013)", None, date(2013, 12, 31), None),
        ("X (before May 5, 2020)", None, date(2020, 5, 4), None),
        ("X (excluding politics) (pre-2013)", None, date(2012, 12, 31), "excluding politics"),
        ("X (politics and science)", None, None, "politics and science"),
        ("Area 1999", None, None, None),
        ("24-7 News", None, None, None),
        ("Channel 2000-3000", None, None, None),
        ("X (2020-2010)", None, None, "2020-2010"),
        ("(((((", None, None, None),
    ],
)
def test_the_years_and_the_topic_stand_in_the_name(name: str, first: date | None, last: date | None, topic: str | None) -> None:
    found = scopes.scope(name)

    assert (found.valid_from, found.valid_to, found.topic) == (first, last, topic)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("https://www.Times.example/Section/", ("times.example", "/Section")),
        ("other.example/x*", ("other.example", "/x*")),
        ("other.example/x/*", ("other.example", "/x")),
        ("*.times.example", ("times.example", "")),
        ("//times.example:8080/a#b", ("times.example", "/a")),
        ("\u043f\u0440\u0438\u043c\u0435\u0440.example", ("xn--e1afmkfd.example", "")),
        ("times.example.", ("times.example", "")),
        ("times.", None),
        ("other.example/*", ("other.example", "")),
        ("nodot", None),
        ("", None),
        ("a b.example", None),
        ("\u2014", None),
        ("http://", None),
    ],
)
def test_a_token_is_split_into_host_and_path(written: str, key: tuple[str, str] | None) -> None:
    assert host_and_path(written) == key


# ---- Cite Unseen


def by_key(listing: Listing) -> dict[str, list[RatingRule]]:
    found: dict[str, list[RatingRule]] = {}
    for rule in listing.rules:
        found.setdefault(rule.key, []).append(rule)
    return found


def test_headings_name_list_language_and_class() -> None:
    rules = by_key(read("citeunseen", body("cite_unseen.wiki")))

    told = {
        key: (rules[key][0].list_id, rules[key][0].language, rules[key][0].category)
        for key in ("games.example", "multi.example", "banned.example")
    }
    assert told == {
        "games.example": ("citeunseen:enVGS", "en", "gr"),
        "multi.example": ("citeunseen:enVGS", "en", "mixed"),
        "banned.example": ("citeunseen:zhRSP", "zh", "b"),
    }


def test_every_parameter_of_a_link_is_read() -> None:
    rules = by_key(read("citeunseen", body("cite_unseen.wiki")))

    assert sorted((rule.valid_from, rule.valid_to) for rule in rules["old.example"]) == [
        (date(2010, 1, 1), date(2015, 5, 31)),
        (date(2020, 1, 1), date(2020, 12, 31)),
    ]
    reviews = next(rule for rule in rules["play.example"] if rule.path)
    assert reviews.excluded == ("play.example/reviews/users", "forum.play.example/reviews")
    assert rules["pub.example"][0].work == "^Example Post$"
    assert rules["?p=Blog"][0].kind == "substring"
    assert (rules["anywhere."][0].kind, rules[""][0].kind) == ("host", "any")


def test_hostile_and_impossible_conditions_are_rejected_and_counted() -> None:
    listing = read("citeunseen", body("cite_unseen.wiki"))

    assert not {"hostile.example", "never.example", "dated.example"} & by_key(listing).keys()
    assert (listing.counts["rejected"], listing.counts["unknown_parameters"], listing.counts["rows"]) == (3, 1, 16)


def test_kinds_are_told_and_bear_no_number() -> None:
    listing = read("citeunseen", body("cite_unseen.wiki"))

    [said] = Index(listing.rules).look_up(Subject(url="https://diary.example/"))

    assert (said.family, said.category) == ("kind", "blogs")


def test_a_substring_is_compared_with_the_letters_as_they_are() -> None:
    index = Index(read("citeunseen", body("cite_unseen.wiki")).rules)

    assert [len(index.look_up(Subject(url=f"https://x.example/?p={word}"))) for word in ("Blog", "blog")] == [1, 0]


def test_a_heading_of_an_unknown_class_is_refused() -> None:
    with pytest.raises(RatingsError, match="enVgsAdored"):
        read("citeunseen", "=== enVgsAdored ===\n{{CULink|1=a.example}}\n=== enVgsMulti ===\n{{CULink|1=b.example}}")


# ---- tables of anybody


def test_a_table_is_read_with_the_words_of_its_map() -> None:
    text = (
        "\ufeff# our list\nhost,category,path,topic,valid_from,as_of,note\n"
        "times.example,trusted,,,,2026-01-02,\nhttps://www.post.example/x,gu,blogs,politics,2020-01-01,,why not\n"
    )

    listing = read("csv", text, words={"trusted": "gr"}, family="user", licence="internal")

    assert brief(listing) == {("times.example", "", "gr"), ("post.example", "/x/blogs", "gu")}
    [post] = [rule for rule in listing.rules if rule.key == "post.example"]
    assert (post.topic, post.valid_from, post.entry, post.licence) == ("politics", date(2020, 1, 1), "why not", "internal")


def test_tabs_part_the_cells_of_a_tsv_and_other_keys_are_read() -> None:
    listing = read("tsv", "domain\tcategory\tkind\n10.5555\tgu\tdoi-prefix\n1234-567X\tgu\tissn\n")

    assert {(rule.kind, rule.key) for rule in listing.rules} == {("doi-prefix", "10.5555"), ("issn", "1234567x")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("host,category\na.example,adored\n", "'adored' \\(line 2"),
        ("host\na.example\n", "column category"),
        ("", "is empty"),
        ("host,category\n,gr\n", "no rule"),
        ("host,category,as_of\na.example,gr,2020-01-01\nb.example,gr,yesterday\n", "line 3.*yesterday"),
    ],
)
def test_a_table_that_cannot_be_taken_over_says_what_and_where(text: str, said: str) -> None:
    with pytest.raises(RatingsError, match=said):
        read("csv", text)


# ---- others


def test_the_newest_notice_about_a_paper_decides() -> None:
    listing = read("retractionwatch", body("retractions.csv"))

    told = {rule.key: (rule.category, rule.as_of) for rule in listing.rules}
    assert told == {
        "10.5555/abc.1": ("Retraction", date(2024, 5, 31)),
        "10.5555/abc.2": ("Expression of concern", date(2023, 2, 1)),
        "10.5555/same": ("Retraction", date(2022, 3, 4)),
    }
    counts = listing.counts
    assert (counts["rows"], counts["cleared"], counts["without_doi"], counts["rejected"], counts["malformed"]) == (7, 1, 1, 1, 0)


def test_a_notice_database_in_latin_1_is_read() -> None:
    text = body("retractions.csv").decode().replace("Ann Example", "\u00c4nn Example").encode("latin-1")

    assert len(read("retractionwatch", text).rules) == 3


def test_plain_lines_of_a_spam_list_become_hosts_and_others_patterns() -> None:
    listing = read("spamlist", body("spam.txt"))

    assert {(rule.kind, rule.key, rule.path) for rule in listing.rules} == {
        ("host", "spam.example", ""),
        ("host", "paths.example", "/offers"),
        ("pattern", r"\bbuy-?(?:now|here)\.test\b", ""),
        ("pattern", r"example-without-boundary\.test", ""),
    }
    assert (listing.counts["rows"], listing.counts["rejected"]) == (6, 2)


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("http://spam.example/x", True),
        ("http://www.spam.example/", True),
        ("http://notspam.example/", False),
        ("http://paths.example/offers/1", True),
        ("http://paths.example/", False),
        ("http://buyhere.test/", True),
        ("http://www.buy-now.test/", True),
        ("http://an-example-without-boundary.test/", True),
        ("http://good.example/?u=example-without-boundary.test", False),
    ],
)
def test_a_spam_fragment_is_looked_for_where_mediawiki_does(url: str, *, listed: bool) -> None:
    index = Index(read("spamlist", body("spam.txt")).rules)

    assert bool(index.look_up(Subject(url=url))) is listed


def test_a_whitelist_takes_out_again_and_blocked_domains_come_as_json() -> None:
    pages = {
        "MediaWiki:Spam-blacklist": r"\bspam\.example\b",
        "MediaWiki:Spam-whitelist": r"\bspam\.example\/about\b",
        "MediaWiki:BlockedExternalDomains.json": json.dumps([{"domain": "blocked.example", "notes": "asked for"}]),
    }

    index = Index(read("spamlist", answer(**pages)).rules)

    told = {
        path: len(index.look_up(Subject(url=f"http://{path}")))
        for path in ("spam.example/x", "spam.example/about/us", "a.blocked.example/")
    }
    assert told == {"spam.example/x": 1, "spam.example/about/us": 0, "a.blocked.example/": 1}


def test_the_labels_of_lift_wing_are_a_fallback() -> None:
    revision = {
        "model_version": "2024-07",
        "reference_count": 2,
        "references": [
            {
                "url": "https://times.example/1",
                "domain_metadata": {"ps_label_local": "Generally reliable", "survival_ratio": 0.93},
            },
            {"domain": "post.example", "ps_label_local": None, "ps_label_enwiki": "Blacklisted"},
            {"domain": "quiet.example", "domain_metadata": None},
        ],
    }
    domain = {"domain": "star.example", "domain_metadata": {"ps_label_enwiki": "Deprecated"}}

    listing = read("liftwing", json.dumps(revision) + json.dumps(domain))

    assert brief(listing) == {("times.example", "", "gr"), ("post.example", "", "b"), ("star.example", "", "d")}
    assert all("fallback" in rule.flags for rule in listing.rules)
    assert listing.counts["unlabelled"] == 1


def test_media_bias_fact_check_gives_its_reporting_and_no_bias() -> None:
    text = json.dumps(
        {"sources": [{"domain": "times.example", "reporting": "MOSTLY FACTUAL", "bias": "a word that is not read"}]}
    )

    listing = read("mbfc", text)

    assert brief(listing) == {("times.example", "", "mostly-factual")}
    assert "not read" not in repr(listing)


def test_a_principal_component_is_a_share() -> None:
    assert brief(read("pc1", "domain,pc1,other\ntimes.example,0.873,1\n")) == {("times.example", "", "0.873")}
    with pytest.raises(RatingsError, match="malformed"):
        read("pc1", "domain,pc1\ntimes.example,0.9\npost.example,7\n")


def test_iffy_is_of_the_family_that_it_is_a_part_of() -> None:
    [rule] = read("iffy", "Domain,MBFC Fact,MBFC Bias,Wiki Fake\npost.example,VL,X,\n").rules

    assert (rule.family, rule.category) == ("mbfc", "very-low")


def test_the_script_of_the_detector_becomes_hosts_and_doi_prefixes() -> None:
    listing = read("upsd", body("upsd.js"))

    assert {(rule.kind, rule.key, rule.path, rule.category) for rule in listing.rules} == {
        ("host", "dep.example", "", "d"),
        ("host", "sub.dep2.example", "/section", "d"),
        ("doi-prefix", "10.99991", "", "gu"),
        ("doi-prefix", "10.99992", "", "gu"),
        ("host", "journal.test", "", "gu"),
    }
    assert listing.counts["rejected"] == 1
    assert not Index(listing.rules).look_up(Subject(url="https://not-dep.example/"))


def test_an_unknown_kind_of_list_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="retractionwatch"):
        read("horoscope", "x")
