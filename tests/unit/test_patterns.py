"""Patterns that strangers wrote: none can hang."""

import subprocess
import sys

import pytest

from audit import patterns

HOSTILE = [
    "(a+)+$", "(a|a)*b", "(a|aa)+$", "(.*a){20}", "a?" * 30 + "a" * 30, "(?:a?){50}a{50}", ".*.*.*x", "(x+x+)+y", "(a*)*b",
    "([a-zA-Z]+)*$", "(?=a+)+b", r"(a)\1+", "(a|b|ab)*c", "(a{1,100}){1,100}b", "a{0,300}a{0,300}b", "((a?){20})x", "(" * 5000,
    "[" * 5000, "a{99999}", "a{99999}{99999}", "(?P<n>a+)(?P=n)", "(?i:a+)+", "(?>a+)+", "\\", "a**", "[z-a]", "(?<=a+)b", "x" * 501,
]  # fmt: skip


@pytest.mark.parametrize("pattern", HOSTILE, ids=lambda text: text[:20])
def test_a_hostile_or_malformed_pattern_is_refused(pattern: str) -> None:
    assert patterns.guarded(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "subject"),
    [
        (r"jane\s+(?:q\. )?example", "By Jane Q. Example"),
        ("^Example (Post|Times)$", "example times"),
        (r"\bann(e|a)?\b.*sample", "Anna B. Sample"),
        ("Пример", "ПРИМЕР"),
        ("[aeiou]{2,3}x+", "eaxx"),
        (r"(?i)spam[0-9]+", "SPAM12"),
    ],
)
def test_an_ordinary_pattern_is_used(pattern: str, subject: str) -> None:
    assert patterns.found(pattern, subject)


def test_what_is_let_through_ends_within_a_second_on_the_longest_subject() -> None:
    let_through = [
        ".*.*x",
        "[a-z]*[a-z]*[0-9]",
        "a?a?a?a?a?a?a?a?b",
        "(?:a|b|ab)(?:a|b|ab)(?:a|b|ab)c",
        "a{1,200}a{1,200}b",
        ".+[a-z]+!",
    ]
    program = "import sys; from audit import patterns\nfor p in sys.argv[1:]:\n assert patterns.guarded(p), p\n for s in ('a'*300,'ab'*150): patterns.found(p, s)"

    ended = subprocess.run([sys.executable, "-c", program, *let_through], timeout=10, check=False, capture_output=True)

    assert ended.returncode == 0, ended.stderr
