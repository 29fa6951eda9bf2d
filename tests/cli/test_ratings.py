"""`ratings import|list` and corrections of ratings, as people type them."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_bad_input import source_audit, written

CASES = Path(__file__).parent.parent / "cases" / "ratings"
PERENNIAL = [str(CASES / name) for name in ("perennial_1.wiki", "perennial_2.wiki")]
PAGE = """
A.<ref>{{cite web|url=https://times.example/blogs/1|title=One|date=2019}}</ref>
B.<ref>{{cite web|url=https://post.example/2|title=Two|date=2019-05-01}}</ref>
C.<ref>{{cite web|url=https://post.example/3|title=Three|date=2024-05-01}}</ref>
D.<ref>{{cite web|url=https://post.example/4|title=Four|date=2020}}</ref>
E.<ref>{{cite journal|doi=10.5555/abc.1|title=Five}}</ref>
F.<ref>{{cite journal|doi=10.5555/abc.2|title=Six}}</ref>
G.<ref>{{cite journal|doi=10.5555/same|title=Retracted: seven}}</ref>
H.<ref>{{cite web|url=https://ann.wordpress.com/x|title=Eight}}</ref>
I.<ref>{{cite web|url=http://www.spam.example/x|title=Nine}}</ref>
"""


FORBIDDEN = (
    "fake",
    "scam",
    "untrustworthy",
    "propaganda",
    "reliable site",
    "this source is false",
    "biased",
    "left-wing",
    "our score measures",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with one document and four lists."""
    tmp_path = tmp_path_factory.mktemp("rated")
    written(tmp_path, "page.wiki", PAGE)
    ours = written(tmp_path, "ours.csv", "host,category\nann.wordpress.com,gu\npost.example,gr\n")
    assert source_audit(tmp_path, "ingest", "page.wiki").returncode == 0
    for arguments in (
        ["rsp", *PERENNIAL, "--name", "enwiki-rsp"],
        ["retractionwatch", str(CASES / "retractions.csv")],
        ["spamlist", str(CASES / "spam.txt")],
        ["csv", ours, "--name", "ours", "--family", "user"],
    ):
        done = source_audit(tmp_path, "ratings", "import", *arguments)
        assert done.returncode == 0, done.stderr
    return tmp_path


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copytree(made, tmp_path / "folder"))


def told(folder: Path) -> dict[str, list[str]]:
    """The findings that rest on lists: code -> the letters of the page at which they stand."""
    found: dict[str, list[str]] = {}
    query = "select code, line from current_findings where code like 'publisher-%' or code like 'cites-%' order by line"
    for code, line in rows(folder, query):
        found.setdefault(code, []).append("ABCDEFGHI"[line - 2])
    return found


def rows(folder: Path, query: str) -> list[Any]:
    return sqlite3.connect(folder / "audit.db").execute(query).fetchall()


def test_findings_follow_the_rule_for_each_citation(folder: Path) -> None:
    assert told(folder) == {
        "publisher-generally-unreliable": ["A", "B"],
        "publisher-deprecated": ["C"],
        "publisher-ratings-mixed": ["D"],
        "publisher-ratings-disputed": ["B", "C"],
        "cites-retracted": ["E"],
        "cites-expression-of-concern": ["F"],
        "publisher-blacklisted": ["I"],
    }


def test_every_finding_about_a_source_names_list_day_and_place(folder: Path) -> None:
    details = [row[0] for row in rows(folder, "select detail from current_findings where code = 'publisher-deprecated'")]

    assert details
    assert all(
        "enwiki-rsp" in detail and "2024" in detail and "CC BY-SA 4.0" in detail and "https://" in detail for detail in details
    )


def test_no_sentence_about_a_source_has_a_word_of_ours(folder: Path) -> None:
    shown = [source_audit(folder, "report", "--format", form).stdout for form in ("text", "json")]
    details = [
        row[0] for row in rows(folder, "select detail from current_findings union all select advice from current_findings")
    ]
    explained = source_audit(folder, "explain", "https://post.example/2").stdout

    text = " ".join([*shown, *filter(None, details), explained]).lower()

    assert [word for word in FORBIDDEN if word in text] == []


def test_a_report_names_every_list_that_it_rests_on(folder: Path) -> None:
    report = " ".join(source_audit(folder, "report").stdout.split())

    for name, terms in (("enwiki-rsp", "CC BY-SA 4.0"), ("ours", "no licence told"), ("spam-spamlist", "no licence told")):
        assert f"rating list {name}: " in report
        assert terms in report.partition(f"rating list {name}: ")[2].partition("rating list")[0]


def test_the_loaded_lists_are_shown_with_their_dates_licence_and_counts(folder: Path) -> None:
    done = source_audit(folder, "ratings", "list", "--format", "json")

    shown = {row["name"]: row for row in json.loads(done.stdout)}
    assert list(shown) == ["enwiki-rsp", "ours", "retractions-retractionwatch", "spam-spamlist"]
    rsp = shown["enwiki-rsp"]
    assert (rsp["kind"], rsp["family"], rsp["licence"], rsp["rules"], rsp["left_out"]) == (
        "rsp",
        "enwiki-community",
        "CC BY-SA 4.0",
        7,
        1,
    )


def test_a_correction_changes_the_finding_and_is_told_with_its_author(folder: Path) -> None:
    added = source_audit(
        folder,
        "overrides",
        "add",
        "times.example/blogs",
        "--list",
        "enwiki-rsp",
        "--category",
        "gr",
        "--because",
        "edited now",
        "--author",
        "Ann",
    )
    listed, explained = (
        source_audit(folder, "overrides", "list"),
        source_audit(folder, "explain", "https://times.example/blogs/1"),
    )
    report = source_audit(folder, "report")
    after = told(folder)
    source_audit(folder, "overrides", "remove", "times.example/blogs", "--list", "enwiki-rsp")

    assert added.returncode == 0, added.stderr
    assert "A" not in after["publisher-generally-unreliable"]
    assert "times.example/blogs  enwiki-rsp: gr" in listed.stdout
    assert "generally unreliable" in explained.stdout
    assert all("edited now" in each.stdout and "Ann" in each.stdout for each in (listed, explained, report))
    assert "A" in told(folder)["publisher-generally-unreliable"]


def test_a_page_of_one_person_is_not_labelled_and_explain_says_so(folder: Path) -> None:
    explained = source_audit(folder, "explain", "https://ann.wordpress.com/x")

    assert "such pages are not labelled" in explained.stdout
    assert "generally unreliable" not in explained.stdout


def test_an_older_now_judges_by_the_lists_of_that_day(folder: Path) -> None:
    done = source_audit(folder, "--now", "2020-01-01", "rejudge")

    assert done.returncode == 0, done.stderr
    assert told(folder) == {}


REFUSED = {
    "an error page": ("rsp", "<!doctype html><p>busy", 3, "web page"),
    "an unknown word": ("csv", "host,category\na.example,adored\n", 3, "'adored' (line 2"),
    "no such file": ("rsp", None, 3, "cannot be read"),
    "an unknown kind": ("horoscope", "x", 2, "horoscope"),
    "a bad word": ("csv", "host,category\na.example,gr\n", 2, "--map"),
}


@pytest.mark.parametrize(("kind", "content", "code", "said"), REFUSED.values(), ids=REFUSED)
def test_a_list_that_cannot_be_taken_over_is_one_line_and_leaves_nothing(
    tmp_path: Path, kind: str, content: str | None, code: int, said: str
) -> None:
    if content is not None:
        written(tmp_path, "list.txt", content)
    more = ["--map", "trusted"] if said == "--map" else []

    done = source_audit(tmp_path, "ratings", "import", kind, "list.txt", *more)

    assert (done.returncode, done.stderr.count("\n")) == (code, 1), done.stderr
    assert said in done.stderr
    assert not (tmp_path / "audit.db").exists() or rows(tmp_path, "select count(*) from rating_lists") == [(0,)]


def test_a_shrunken_list_stays_out_until_a_person_accepts_it(tmp_path: Path) -> None:
    source_audit(
        tmp_path,
        "ratings",
        "import",
        "csv",
        written(tmp_path, "l.csv", "host,category\n" + "".join(f"h{n}.example,gr\n" for n in range(9))),
    )
    written(tmp_path, "l.csv", "host,category\nh1.example,gr\n")

    refused = source_audit(tmp_path, "ratings", "import", "csv", "l.csv")
    accepted = source_audit(tmp_path, "ratings", "import", "csv", "l.csv", "--accept-shrink")

    assert (refused.returncode, accepted.returncode) == (3, 0)
    assert "--accept-shrink" in refused.stderr


def test_a_run_refreshes_what_is_due_and_a_list_that_fails_stops_nothing(tmp_path: Path) -> None:
    written(tmp_path, "page.wiki", PAGE)
    written(tmp_path, "good.csv", "host,category\npost.example,avoid\n")
    written(
        tmp_path,
        "config.yaml",
        "sources: [page.wiki]\nratings:\n"
        "  - {name: good, kind: csv, source: good.csv, family: user, map: {avoid: gu}}\n"
        "  - {name: gone, kind: csv, source: gone.csv, family: user}\n",
    )

    done = source_audit(tmp_path, "run", "--no-fetch", "--no-captures")

    assert done.returncode == 0, done.stderr
    assert "rating list not read: gone" in done.stdout
    assert told(tmp_path) == {"publisher-generally-unreliable": ["B", "C", "D"]}


def test_without_a_list_everything_works_and_one_line_says_how_to_load_one(tmp_path: Path) -> None:
    source_audit(tmp_path, "ingest", written(tmp_path, "page.wiki", PAGE))

    report = source_audit(tmp_path, "report")

    assert report.returncode == 0
    assert "source-audit ratings import" in " ".join(report.stdout.split())


WEIGHED = "select publisher, editorial, editorial_value, policy_version from publisher_scores where publisher = 'spam.example'"


def test_a_policy_of_the_house_weighs_anew_what_is_stored_and_names_itself(folder: Path) -> None:
    written(folder, "house.csv", "host,category\nspam.example,gu\n")
    assert source_audit(folder, "ratings", "import", "csv", "house.csv", "--name", "house", "--family", "user").returncode == 0
    before = rows(folder, WEIGHED)
    written(folder, "policy.toml", 'version = "house-1"\n[community]\ngu = [0.5, 0.1]\n')
    written(folder, "config.yaml", "scoring: {editorial: {anchors: policy.toml}}\n")

    done = source_audit(folder, "rejudge")

    assert done.returncode == 0, done.stderr
    assert before == [("spam.example", "generally unreliable", 25.0, "anchors-1")]
    assert rows(folder, WEIGHED) == [("spam.example", "generally unreliable", 50.0, "anchors-1+house-1")]


def test_a_policy_that_cannot_be_used_is_named_with_what_to_change(folder: Path) -> None:
    written(folder, "policy.toml", "[community]\ngood = [0.5, 0.1]\n")
    written(folder, "config.yaml", "scoring: {editorial: {anchors: policy.toml}}\n")

    done = source_audit(folder, "report")

    assert done.returncode == 2
    assert done.stderr == (
        "source-audit: scoring: 'policy.toml': community.good is not known; there are blacklisted, d, gr, gu, m, nc\n"
    )


def test_a_list_that_is_removed_says_nothing_more_and_can_be_loaded_again(folder: Path) -> None:
    done = source_audit(folder, "ratings", "remove", "enwiki-rsp")

    assert (done.returncode, done.stdout) == (0, "enwiki-rsp: no longer in use\n")
    assert "publisher-deprecated" not in told(folder)
    assert "publisher-generally-unreliable" not in told(folder)
    assert "enwiki-rsp" not in source_audit(folder, "report").stdout
    assert source_audit(folder, "ratings", "import", "rsp", *PERENNIAL, "--name", "enwiki-rsp").returncode == 0
    assert told(folder)["publisher-deprecated"] == ["C"]


def test_removing_a_list_that_is_not_loaded_names_those_that_are(folder: Path) -> None:
    done = source_audit(folder, "ratings", "remove", "enwiki-rps")

    assert done.returncode == 2
    assert done.stderr == (
        "source-audit: enwiki-rps: no rating list of that name is in use;"
        " loaded are enwiki-rsp, ours, retractions-retractionwatch, spam-spamlist\n"
    )


def test_a_removed_list_that_is_still_configured_is_told(folder: Path) -> None:
    written(folder, "config.yaml", "ratings:\n  - {name: ours, kind: csv, source: ours.csv, family: user}\n")

    done = source_audit(folder, "ratings", "remove", "ours")

    assert done.stderr == "source-audit: ours is still named under `ratings:`; the next run reads it again\n"
