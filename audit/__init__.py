"""source-audit: link rot, archive copies and publishers of the web sources that documents cite.

What is exported here is public (contract.md) and loaded on use, so that `source-audit --help` stays instant.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit import scores
    from audit.api import publisher_key, read
    from audit.domains import registrable_domain
    from audit.liveness import judge_check, judge_fetch
    from audit.memento import format_archive_url, parse_archive_url
    from audit.model import (
        ArchiveUrl,
        Capture,
        CaptureSearch,
        Check,
        Citation,
        CitedUrl,
        Document,
        Evidence,
        Failure,
        Fetch,
        Finding,
        Hop,
        LinkHistory,
        LinkState,
        PublisherScore,
        Reference,
        Verdict,
    )
    from audit.verdicts import decide

__version__ = "0.1.0"

_NOUNS = "audit.model"
_PLACES = {
    "decide": "audit.verdicts",
    "format_archive_url": "audit.memento",
    "judge_check": "audit.liveness",
    "judge_fetch": "audit.liveness",
    "parse_archive_url": "audit.memento",
    "publisher_key": "audit.api",
    "read": "audit.api",
    "registrable_domain": "audit.domains",
}

__all__ = [
    "ArchiveUrl",
    "Capture",
    "CaptureSearch",
    "Check",
    "Citation",
    "CitedUrl",
    "Document",
    "Evidence",
    "Failure",
    "Fetch",
    "Finding",
    "Hop",
    "LinkHistory",
    "LinkState",
    "PublisherScore",
    "Reference",
    "Verdict",
    "__version__",
    "decide",
    "format_archive_url",
    "judge_check",
    "judge_fetch",
    "parse_archive_url",
    "publisher_key",
    "read",
    "registrable_domain",
    "scores",
]


def __getattr__(name: str) -> Any:
    """Load an exported name when it is asked for."""
    if name == "scores":
        return importlib.import_module("audit.scores")
    if name in __all__:
        found = getattr(importlib.import_module(_PLACES.get(name, _NOUNS)), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module 'audit' has no attribute {name!r}")
