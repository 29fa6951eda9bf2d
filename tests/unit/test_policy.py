"""What the words of rating lists weigh, built in and by a file of the user."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit import data, policy


@pytest.fixture(autouse=True)
def _built_in() -> Iterator[None]:
    yield
    policy.use()


def used(folder: Path, text: str) -> None:
    (folder / "policy.toml").write_text(text)
    policy.use(str(folder / "policy.toml"))


def test_what_a_file_does_not_name_stays_as_built_in(tmp_path: Path) -> None:
    used(tmp_path, "prior_sd = 0.4\n[community]\ngu = [0.2, 0.1]\n[caps]\nd = 20\n[pc1]\nslope = 1\n")

    assert policy.anchor("community", "gu") == (0.2, 0.1)
    assert policy.anchor("community", "gr") == (0.85, 0.11)
    assert policy.anchor("community", "unheard") is None
    assert (policy.number("prior_sd"), policy.number("disputed_at")) == (0.4, 2.0)
    assert policy.caps() == {"d": 20, "blacklisted": 10}
    assert policy.scale() == {"slope": 1, "offset": -0.73, "low": 0.02, "high": 0.98, "sigma": 0.28}


def test_every_change_of_a_file_is_another_version(tmp_path: Path) -> None:
    seen = [policy.version()]
    for text in ("prior_sd = 0.4", "prior_sd = 0.5", 'version = "house-1"'):
        used(tmp_path, text)
        seen.append(policy.version())

    assert len(set(seen)) == len(seen)
    assert seen[-1] == f"{seen[0]}+house-1"


def test_the_built_in_policy_can_be_written_out_changed_and_used(tmp_path: Path) -> None:
    text = (Path(data.__file__).parent / "anchors.toml").read_text()

    used(tmp_path, text.partition("[words]")[0])

    assert policy.anchor("mbfc", "high") == (0.8, 0.11)
    assert tomllib.loads(text)["words"] == policy.WORDS


WRONG = {
    "colour = 1": "colour cannot be set",
    "[words]\ngr = 'good'": "words cannot be set",
    "community = 3": "community must be a table",
    "[community]\ngu = 0.3": "community.gu must be a pair",
    "[community]\ngu = [0.0, 0.1]": "community.gu must be a pair",
    "[community]\ngu = [0.3, 0]": "community.gu must be a pair",
    "[community]\ngu = [0.3, nan]": "community.gu must be a pair",
    "[community]\ngu = [0.3, 0.1, 0.1]": "community.gu must be a pair",
    "[mbfc]\nsplendid = [0.3, 0.1]": "mbfc.splendid is not known",
    "[pc1]\nsigma = 0": "pc1.sigma must be a number",
    "[pc1]\nlow = 0.9\nhigh = 0.1": "pc1.low must be smaller than pc1.high",
    "[caps]\nd = 101": "caps.d must be points",
    "[caps]\nd = true": "caps.d must be points",
    "prior_sd = 0": "prior_sd must be a number above 0",
    "prior_sd = 'wide'": "prior_sd must be a number above 0",
    "drift_per_year = -0.1": "drift_per_year must be a number",
    "version = 3": "version must be a word",
    "no toml": "cannot be read",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items(), ids=WRONG.keys())
def test_a_file_that_is_no_policy_is_refused_with_the_place_to_mend(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        used(tmp_path, text)

    assert policy.version() == data.table("anchors")["version"]


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match=r"nowhere\.toml"):
        policy.use("nowhere.toml")
