"""XML as a tree: no entity is expanded, nothing is loaded from anywhere, what is broken is read as far as it goes. Pure on bytes."""

from typing import Any

from lxml import etree

Node = Any


def tree(body: bytes) -> tuple[Node | None, bool]:
    """(the outermost element, whether the document is sound). None when there is nothing to read."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None, False
    return root, not parser.error_log


def words(node: Node | None, most: int = 1_000) -> str:
    """The text of an element and all in it."""
    return " ".join("".join(node.itertext()).split())[:most] if node is not None else ""


def name(node: Node) -> str:
    """The name of an element without its namespace."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(node: Node, wanted: str) -> str | None:
    """An attribute by its name, whatever its namespace."""
    for key, held in node.attrib.items():
        if str(key).rpartition("}")[2] == wanted and held:
            return str(held).strip()
    return None


def first(node: Node, *names: str) -> Node | None:
    """The first element below that has one of the names, in the order of the names."""
    for wanted in names:
        found = next(iter(node.iter(f"{{*}}{wanted}")), None)
        if found is not None:
            return found
    return None
