"""Where the folders of the project are. A dependency installs a package named `tests`, which would hide ours: import this first."""

import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parent.parent

if "tests" not in sys.modules:
    sys.modules["tests"] = ModuleType("tests")
    sys.modules["tests"].__path__ = [str(ROOT / "tests")]
