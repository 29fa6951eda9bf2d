"""Reports: a summary -> text. One module per format; what they say stands once, in `phrases`. Pure."""

from collections.abc import Callable, Mapping

from audit.model import Summary
from audit.reports.as_csv import comma_separated
from audit.reports.as_html import page
from audit.reports.as_json import document
from audit.reports.as_markdown import markdown
from audit.reports.as_text import text

Reporter = Callable[[Summary], str]

FORMATS: Mapping[str, Reporter] = {
    "text": text,
    "markdown": markdown,
    "html": page,
    "json": document,
    "csv": comma_separated,
}
"""What `--format` accepts."""


def render(summary: Summary, *, form: str) -> str:
    """The summary in one of `FORMATS`, always encodable as UTF-8: what is no character becomes a question mark."""
    return FORMATS[form](summary).encode("utf-8", "replace").decode("utf-8")
