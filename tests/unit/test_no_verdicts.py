"""No third party's verdict about a named publisher is built in: not in the package, not in its data, not in the fixtures of lists."""

import ast
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DATA = sorted((ROOT / "audit" / "data").iterdir())
LISTS = sorted((ROOT / "tests" / "cases" / "ratings").iterdir())
VERDICT = re.compile(
    r"generally[ -](?:un)?reliable|marginally|deprecated|unreliable|predatory|fake|propaganda|\bgu\b|mostly[ -]factual",
    re.IGNORECASE,
)
HOST = re.compile(r"\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b", re.IGNORECASE)
INVENTED = re.compile(r"\.(?:example|test)$")
WIKIS = {"en.wikipedia.org", "meta.wikimedia.org"}


@pytest.mark.parametrize("path", [path for path in DATA if path.suffix in {".toml", ".json"}], ids=lambda path: path.name)
def test_no_line_of_the_data_puts_a_verdict_beside_a_host(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if VERDICT.search(line) and HOST.search(line)] == []


def test_the_anchors_name_words_and_no_host() -> None:
    text = files("audit.data").joinpath("anchors.toml").read_text(encoding="utf-8")

    assert HOST.findall("\n".join(line for line in text.splitlines() if not line.startswith("#"))) == []
    assert tomllib.loads(text)["community"]["gr"] == [0.85, 0.11]


@pytest.mark.parametrize(
    "path", sorted([*(ROOT / "audit" / "ratings").glob("*.py"), ROOT / "audit" / "editorial.py"]), ids=lambda path: path.name
)
def test_the_importers_name_no_publisher(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]

    named = {
        host
        for text in texts
        for host in re.findall(r"//([^/\s\"']+)", text)
        if HOST.fullmatch(host) and not INVENTED.search(host)
    }

    assert named <= WIKIS | {"doi.org", "dx.doi.org", "gitlab.com"}


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_the_lists_of_the_tests_are_invented(path: Path) -> None:
    text = re.sub(r"\\([.\-])", r"\1", path.read_text(encoding="utf-8"))

    named = {host for host in HOST.findall(text) if "." in host and not INVENTED.search(host.lower())}

    assert named <= {"doi.org"}
