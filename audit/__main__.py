"""`python -m audit`, the same as the command `source-audit`."""

from audit.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
