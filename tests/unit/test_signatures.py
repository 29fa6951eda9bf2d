"""Walls and notices of the user's own file: they are recognised, and a file that cannot be used says what to change."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audit import data, placeholders, signatures, verdicts, walls
from audit.model import LinkState
from audit.web import answers
from tests import make

OURS = """
[[wall]]
rule = "wall.our-proxy"
reason = "login"
header = ["x-our-proxy", "sign-?in"]

[[wall]]
rule = "wall.reading-room"
reason = "geo-block"
title = ["Only in our Reading Room"]
most_words = 100

[[placeholder]]
reason = "hosting-placeholder"
most_words = 120
body = ["this shelf has been emptied"]
"""


@pytest.fixture(autouse=True)
def _built_in() -> Iterator[None]:
    yield
    signatures.use()
    answers.keep()


def used(folder: Path, text: str) -> frozenset[str]:
    (folder / "ours.toml").write_text(text)
    return signatures.use(str(folder / "ours.toml"))


def test_a_wall_of_the_users_file_is_recognised_by_a_header_that_is_stored_for_it(tmp_path: Path) -> None:
    raw = ((b"X-Our-Proxy", b"please Sign-In"), (b"X-Other", b"1"))
    before = answers.telling(raw)

    answers.keep(used(tmp_path, OURS))

    headers = answers.telling(raw)
    found = walls.wall(make.page("<title>Welcome</title>" + "<p>Words of a page. " * 300, headers=headers))
    assert before == ()
    assert headers == (("x-our-proxy", "please Sign-In"),)
    assert found is not None
    assert (found.reason, found.evidence.rule) == ("login", "wall.our-proxy")


def test_a_wall_of_the_users_file_is_recognised_by_its_title_on_short_pages_only(tmp_path: Path) -> None:
    short, long = (make.page("<title>Only in our reading room</title>" + "<p>Words of a page. " * times) for times in (3, 300))
    used(tmp_path, OURS)

    found = walls.wall(short)

    assert found is not None
    assert (found.reason, found.evidence.rule) == ("geo-block", "wall.reading-room")
    assert walls.wall(long) is None


def test_a_notice_of_the_users_file_means_that_the_page_is_gone(tmp_path: Path) -> None:
    shown = make.page("<title>Library</title><p>This shelf has been emptied.")
    before = placeholders.placeholder(shown)

    used(tmp_path, OURS)

    found = placeholders.placeholder(shown)
    assert before is None
    assert found is not None
    assert found[0] == "hosting-placeholder"


def test_a_verdict_names_the_rules_that_decided_with_the_file(tmp_path: Path) -> None:
    checks = [make.page("<title>Only in our reading room</title><p>Come in.")]
    versions = []

    for text in ("", OURS, OURS.replace("120", "110")):
        used(tmp_path, text) if text else signatures.use()
        verdict = verdicts.decide(make.URL, checks, now=make.NOON)
        versions.append(verdict.rules)

    assert verdict.state is LinkState.BLOCKED
    assert versions[0] == verdicts.RULES
    assert len(set(versions)) == len(versions)
    assert all(version.startswith(verdicts.RULES) for version in versions)


@pytest.mark.parametrize("kind", ["wall", "placeholder"])
def test_every_row_that_is_built_in_could_stand_in_a_users_file(kind: str) -> None:
    fields, whole = signatures.KINDS[kind]
    stricter = ("repeats no repetition", "a name in lower case", "say most_words")  # with users than with ourselves

    wrong = [
        (row, said)
        for row in data.table(f"{kind}s")[kind]
        for said in signatures._wrong_row({key: value for key, value in row.items() if value not in ([], ())}, fields, whole)
        if not any(each in said for each in stricter)
    ]

    assert wrong == []


WRONG = {
    "[[hedge]]\nrule = 'x'": "hedge is not known",
    "[wall]\nrule = 'wall.x'": "double brackets",
    "[[wall]]\nrule = 'wall.x'\nreason = 'login'\nheadr = ['a', 'b']": "headr is not known",
    "[[wall]]\nrule = 'ours'\nreason = 'login'\ncookie = ['a']": "rule must be wall. and a name",
    "[[wall]]\nrule = 'wall.x'\nreason = 'dead'\ncookie = ['a']": "reason must be one of",
    "[[wall]]\nreason = 'login'\ncookie = ['a']": "rule and reason are needed",
    "[[wall]]\nrule = 'wall.x'\nreason = 'login'\nstatus = [200]": "needs something that shows it",
    "[[wall]]\nrule = 'wall.x'\nreason = 'login'\ntitle = ['Sign in']": "say most_words, or the status",
    "[[wall]]\nrule = 'wall.x'\nreason = 'login'\nheader = ['X-Up', 'b']": "a name in lower case",
    "[[wall]]\nrule = 'wall.x'\nreason = 'login'\nheader = ['x-up', '(']": "a name in lower case",
    "[[wall]]\nrule = 'wall.x'\nreason = 'login'\nstatus = [403]\ntitle_holds = '(a+)+b'": "repeats no repetition",
    "[[wall]]\nrule = 'wall.x'\nreason = 'login'\nflag = ['mark:unheard']": "flag must be",
    "[[wall]]\nrule = 'wall.x'\nreason = 'login'\ncookie = ['a']\nmost_words = 0": "most_words must be a number up to",
    "[[wall]]\nrule = 'wall.x'\nreason = 'login'\ncookie = ['a']\n[[wall]]\nrule = 'wall.x'": r"\[\[wall\]\] 2: rule and reason",
    "[[placeholder]]\nreason = 'hosting-placeholder'\ntitle = ['x']": "reason and most_words are needed",
    "[[placeholder]]\nreason = 'hosting-placeholder'\nmost_words = 9": "needs a title or a body",
    "[[placeholder]]\nreason = 'hosting-placeholder'\nmost_words = 9\ntitle = []": "title must be a list",
    "no toml": "not valid TOML",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items(), ids=WRONG.keys())
def test_a_file_that_cannot_be_used_says_which_row_and_what_to_change(tmp_path: Path, text: str, said: str) -> None:
    used(tmp_path, OURS)

    with pytest.raises(ValueError, match=said):
        used(tmp_path, text)

    assert walls.wall(make.page("<title>Only in our reading room</title>")) is not None, "what was in use stays in use"


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match=r"nowhere\.toml"):
        signatures.use("nowhere.toml")
