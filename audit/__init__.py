"""source-audit: a source-reliability and link-rot auditor."""

__version__ = "0.1.0"
