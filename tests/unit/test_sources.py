"""Names of sources that are no files: one clear line, whatever they look like."""

from pathlib import Path

import pytest

from audit import sources
from audit.errors import DocumentError

NAMES = {
    "no such file": ("missing.wiki", "no such file"),
    "too long for a file": (f"{'long' * 100}.wiki", "no such file"),
    "too long an address": (f"https://news.example/{'long' * 2_000}", "neither a file nor a page"),
    "an unknown wiki": ("fandom:Some page", "wiki.sites"),
    "a NUL": ("a\0b", "no such file"),
    "nothing": ("", "no such file"),
}


@pytest.mark.parametrize(("name", "said"), NAMES.values(), ids=NAMES)
def test_a_name_that_is_no_file_says_what_it_could_be(name: str, said: str) -> None:
    (fault,) = sources.opened([name], max_bytes=100)

    assert isinstance(fault, DocumentError)
    assert said in fault.reason
    assert not sources.is_local(name)


# ---- two files, before and after an edit

PAIRS = {
    "beside each other": "old.wiki..new.wiki",
    "in a folder": "sub/old.wiki..sub/new.wiki",
    "in a folder above": "sub/../old.wiki..sub/../sub/new.wiki",
    "dots in the name": "old...wiki..new.wiki",
}


@pytest.mark.parametrize("name", PAIRS.values(), ids=PAIRS)
def test_two_files_with_dots_between_are_a_pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sub").mkdir()
    for file in ("old.wiki", "new.wiki", "sub/old.wiki", "sub/new.wiki", "old...wiki"):
        Path(file).write_text(f"in {file}")

    (source,) = sources.opened([name], max_bytes=100)

    assert isinstance(source, sources.Source)
    assert source.name == name
    assert (b"old" in (source.before or b""), b"new" in source.body) == (True, True)
    assert sources.is_local(name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("old.wiki..absent.wiki", "the newer file of the pair is not there: absent.wiki", id="newer"),
        pytest.param("absent.wiki..old.wiki", "the older file of the pair is not there: absent.wiki", id="older"),
        pytest.param("absent.wiki..gone.wiki", "no such file; name a file", id="both"),
        pytest.param("sub/../absent.wiki", "no such file; name a file", id="no pair"),
    ],
)
def test_half_a_pair_names_the_file_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sub").mkdir()
    Path("old.wiki").write_text("old")

    (fault,) = sources.opened([name], max_bytes=100)

    assert isinstance(fault, DocumentError)
    assert said in fault.reason


def test_a_file_that_is_called_like_a_pair_is_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("a", "b", "a..b"):
        Path(file).write_text(f"in {file}")

    (source,) = sources.opened(["a..b"], max_bytes=100)

    assert isinstance(source, sources.Source)
    assert (source.body, source.before) == (b"in a..b", None)
