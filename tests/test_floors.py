"""Who may import whom: the floors of the house, enforced over the syntax tree."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

AUDIT = Path(__file__).parent.parent / "audit"

FLOORS: dict[str, int] = {
    "data": -1,
    **dict.fromkeys(("errors", "model", "settings", "html", "similarity", "stats", "domains", "guard", "unpacking", "policy"), 0),
    **dict.fromkeys(
        (
            "dates",
            "urls",
            "memento",
            "cdx",
            "cdxfiles",
            "wikitext",
            "templates",
            "tags",
            "links",
            "citations",
            "shortened",
            "soft404",
            "walls",
            "takeover",
            "placeholders",
            "likeness",
            "apologies",
            "patterns",
        ),
        1,
    ),
    **dict.fromkeys(
        ("liveness", "captures", "schedule", "recheck", "editorial", "pacing", "citing", "saving", "reasons", "signatures"), 2
    ),
    **dict.fromkeys(("verdicts", "findings", "integrity", "style", "cited", "durability", "scores", "wording", "repairs"), 3),
    **dict.fromkeys(("store", "web", "wiki", "archives", "documents", "ratings", "reports", "config", "sources"), 4),
    **dict.fromkeys(
        ("run", "dumps", "judging", "saver", "writer", "indexing", "mending", "loading", "refreshing", "gathering"), 5
    ),
    **dict.fromkeys(("engines", "api"), 6),
    **dict.fromkeys(("cli", "demo", "__main__", "__init__"), 7),
}
"""Room -> floor. A room may import rooms of lower floors and itself; rooms on one floor do not know each other."""

SAME_FLOOR = {
    ("urls", "memento"),
    ("memento", "urls"),
    ("memento", "cdx"),
    ("cdxfiles", "memento"),
    ("cdxfiles", "urls"),
    ("wikitext", "templates"),
    ("wikitext", "dates"),
    ("tags", "templates"),
    ("links", "tags"),
    ("links", "templates"),
    ("citations", "dates"),
    ("citations", "links"),
    ("citations", "tags"),
    ("citations", "templates"),
    ("shortened", "links"),
    ("shortened", "templates"),
    ("wikitext", "citations"),
    ("wikitext", "links"),
    ("wikitext", "shortened"),
    ("wikitext", "tags"),
    ("soft404", "walls"),
    ("soft404", "takeover"),
    ("soft404", "placeholders"),
    ("soft404", "urls"),
    ("soft404", "likeness"),
    ("soft404", "apologies"),
    ("likeness", "urls"),
    ("walls", "urls"),
    ("takeover", "urls"),
    ("placeholders", "urls"),
    ("takeover", "walls"),
    ("placeholders", "walls"),
    ("findings", "integrity"),
    ("findings", "cited"),
    ("integrity", "cited"),
    ("integrity", "style"),
    ("style", "cited"),
    ("scores", "durability"),
    ("scores", "wording"),
    ("findings", "wording"),
    ("wiki", "web"),
    ("run", "judging"),
    ("run", "dumps"),
    ("dumps", "judging"),
    ("run", "saver"),
    ("run", "loading"),
    ("run", "refreshing"),
    ("refreshing", "loading"),
    ("run", "gathering"),
    ("indexing", "judging"),
    ("run", "writer"),
    ("mending", "gathering"),
    ("saver", "judging"),
    ("cli", "demo"),
    ("__main__", "cli"),
}
"""Neighbours that may: a room that was split keeps talking to its parts, and every reader of pages compares addresses."""

PURE = {room for room, floor in FLOORS.items() if floor <= 3} | {"documents", "reports", "ratings"}
SHELL_ONLY = {"time", "random", "logging", "socket", "os", "asyncio", "aiohttp", "sqlalchemy"}


def modules() -> list[Path]:
    return sorted(AUDIT.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(AUDIT).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, int, bool]]:
    """(dotted name, line, stands inside a function) of every import of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, id(node) in inside
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno, id(node) in inside


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(AUDIT)))
def test_every_room_has_a_floor_and_imports_downwards_only(path: Path) -> None:
    here = room(path)

    for name, line, _ in imports(path):
        if not name.startswith("audit."):
            continue
        there = name.split(".")[1]
        if there == here or there not in FLOORS:
            continue
        allowed = FLOORS[there] < FLOORS[here] or (here, there) in SAME_FLOOR
        assert allowed, f"{path.name}:{line} {here} (floor {FLOORS[here]}) imports {there} (floor {FLOORS[there]})"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(AUDIT)))
def test_no_import_hides_inside_a_function(path: Path) -> None:
    hidden = [f"{path.name}:{line} {name}" for name, line, inside in imports(path) if inside]

    assert hidden == []


@pytest.mark.parametrize(
    "path", [path for path in modules() if room(path) in PURE], ids=lambda path: str(path.relative_to(AUDIT))
)
def test_a_pure_room_knows_no_clock_no_dice_no_network(path: Path) -> None:
    outside = [f"{path.name}:{line} {name}" for name, line, _ in imports(path) if name.split(".")[0] in SHELL_ONLY]

    assert outside == []


def test_every_room_of_the_tree_is_on_the_plan() -> None:
    rooms = {room(path) for path in modules()}

    assert rooms <= FLOORS.keys(), rooms - FLOORS.keys()
