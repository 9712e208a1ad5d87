"""Two digests of a form: one of its structure, one of its texts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from intake_app.xforms.xpath.nodes import Node

_TEXT_ELEMENTS = frozenset({"label", "hint", "itext", "title", "help", "itextId"})
_TEXT_ATTRIBUTES = frozenset({"constraintMsg", "requiredMsg"})


def structure_hash(tree: Node) -> str:
    """sha256 (hex) of all but texts and the form's version.

    Positions of choices in itext (``yn-0``) count as texts: pyxform numbers them anew when a choice
    is added elsewhere.
    """
    return _digest(_walk(tree, texts=False))


def text_hash(tree: Node) -> str:
    """sha256 (hex) of labels, hints, messages, choice labels and itext."""
    return _digest(_walk(tree, texts=True))


def _digest(parts: Iterator[str]) -> str:
    # Every part carries its length, so that no two lists of parts read the same.
    return hashlib.sha256("".join([f"{len(p)}:{p}" for p in parts]).encode()).hexdigest()


def _walk(node: Node, *, texts: bool, inside: bool = False, primary: bool = False) -> Iterator[str]:
    inside = inside or node.name in _TEXT_ELEMENTS
    wanted = inside is texts
    if wanted:
        yield f"<{node.namespace}|{node.name}"
    for attribute in node.attributes:
        if primary and attribute.name == "version":
            continue
        is_text = inside or attribute.name in _TEXT_ATTRIBUTES
        if is_text is texts:
            yield f"@{attribute.namespace}|{attribute.name}={attribute.text}"
    if wanted and node.text:
        yield node.text
    first_instance = node.name == "model"
    for child in node.children:
        is_primary = node.name == "instance" and primary
        if child.name == "instance" and first_instance:
            first_instance = False
            yield from _walk(child, texts=texts, inside=inside, primary=True)
        else:
            yield from _walk(child, texts=texts, inside=inside, primary=is_primary)
    if wanted:
        yield ">"
