"""Names of sources that are no files: one clear line, whatever they look like."""

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
