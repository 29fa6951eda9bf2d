"""One citation and the loaded lists: by what it cites, by where that leads, and by whose page it is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from audit import citing, judging
from audit.editorial import Index
from audit.findings import Rated
from audit.judging import Lists
from audit.model import Citation, RatingOverride, RatingRule
from tests.make import citation

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def rule(key: str, category: str = "gu", **fields: Any) -> RatingRule:
    usual: dict[str, Any] = {"list_id": "ours", "family": "user", "as_of": date(2026, 5, 1)}
    return RatingRule(key=key, category=category, **(usual | fields))


def rate(cited: Citation, *rules: RatingRule, landed: str | None = None, **wishes: Any) -> Rated:
    usual: dict[str, Any] = {"corrections": (), "now": NOW, "personal_labels": False, "languages": ("document",)}
    shelf = Lists(index=Index(rules), **(usual | wishes))
    resource = citing.resource(cited)
    assert resource is not None
    return judging.rate(cited, resource, shelf, language="en", landed=landed)


PAPER = citation(url=None, identifiers=(("doi", "10.5555/ABC"),))


def test_an_identifier_is_rated_by_its_own_rules_first() -> None:
    rules = [rule("10.5555/abc", kind="doi"), rule("press.example", "gr")]

    [said] = rate(PAPER, *rules, landed="https://press.example/abc").said

    assert (said.category, said.via) == ("gu", None)


def test_an_identifier_without_rules_is_rated_by_where_it_leads_and_says_so() -> None:
    [said] = rate(PAPER, rule("press.example"), landed="https://press.example/abc").said

    assert (said.category, said.via) == ("gu", "final_url")


def test_an_ordinary_address_is_never_rated_by_where_it_leads() -> None:
    moved = citation(url="https://old.example/a")

    assert rate(moved, rule("press.example"), landed="https://press.example/a").said == ()


def test_an_archived_address_is_rated_by_the_site_that_was_archived() -> None:
    archived = citation(url="https://web.archive.org/web/2019/http://times.example/a")

    assert [each.category for each in rate(archived, rule("times.example")).said] == ["gu"]


@pytest.mark.parametrize(("labels", "value"), [(False, None), (True, 0.25)])
def test_a_page_of_one_person_is_labelled_only_on_request(*, labels: bool, value: float | None) -> None:
    rated = rate(citation(url="https://ann.wordpress.com/x"), rule("ann.wordpress.com"), personal_labels=labels)

    assert rated.together is not None
    assert (rated.labelled, rated.together.value) == (labels, value)


def test_a_correction_counts_in_the_number_and_is_marked() -> None:
    made = RatingOverride(
        list_id="ours",
        key="times.example",
        category="gr",
        author="Ann",
        note="sold",
        created_at=NOW,
        expires_at=NOW + timedelta(1),
    )

    rated = rate(citation(url="https://times.example/x"), rule("times.example"), corrections=(made,))

    assert rated.together is not None
    assert rated.together.value == pytest.approx(0.85)
    assert rated.together.notes == {"override"}
