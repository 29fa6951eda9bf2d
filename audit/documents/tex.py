"""What TeX writes: addresses with their escapes, and words with their accents. Pure."""

import re
from contextlib import suppress

from pylatexenc.latex2text import LatexNodes2Text

from audit.documents import addresses

MOST_WORDS = 2_000
MOST_BRACES = 50
"""Levels of braces in a title; a title has three."""

URL = re.compile(
    r"\\(?:url|nolinkurl|path)\s{0,9}(?:\{([^{}]{1,4000}(?:\{[^{}]{0,2000}\}[^{}]{0,2000}){0,9})\}|\|([^|]{1,4000})\|)|\\href\s{0,9}(?:\[[^\]]{0,200}\])?\{([^{}]{1,4000})\}"
)
ESCAPED = re.compile(r"\\([%#_&{}$~^])(?:\{\})?")
TILDE = re.compile(r"\\(?:textasciitilde|string~|sim)(?:\{\})?\s?|\{\\textasciitilde\}")
BREAKS = re.compile(r"\\(?:-|/|allowbreak|linebreak|slash)(?:\{\})?\s?|\s*%\n\s*|\s*\n\s*")


def address(written: str) -> str:
    r"""An address as it is, from how TeX writes it.

    >>> address(r"https://a.example/x\_1?b=50\%\#p"), address(r"https://a.example/{\textasciitilde}me")
    ('https://a.example/x_1?b=50%#p', 'https://a.example/~me')
    """
    return ESCAPED.sub(r"\1", TILDE.sub("~", BREAKS.sub("", written))).strip()


def address_in(written: str, *, whole: bool = False) -> str | None:
    """The first address of a value; `whole` when the value is one."""
    found = URL.search(written)
    if found:
        return address(found[1] or found[2] or found[3])
    if whole:
        value = address(written.strip("{}<> "))
        return (
            value
            if addresses.is_web(value) or value.startswith("www.")
            else next((each for _, each in addresses.in_text(value)), None)
        )
    return next((address(each) for _, each in addresses.in_text(written.replace("\\_", "_"))), None)


def plain(written: str) -> str:
    r"""Words as a reader sees them.

    >>> plain(r'The {\"U}ber Bridge')
    'The Über Bridge'
    """
    text = written[:MOST_WORDS]
    if "\\" in text and text.count("{") <= MOST_BRACES:
        with suppress(Exception):  # a title that TeX could not set either stays as it was written
            text = LatexNodes2Text(keep_comments=True).latex_to_text(text)
    return " ".join(text.replace("{", "").replace("}", "").replace("~", " ").split())
