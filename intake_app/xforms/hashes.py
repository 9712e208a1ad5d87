"""Two digests of a form: one of its structure, one of its texts."""

from __future__ import annotations

import hashlib

from intake_app.xforms.xmltree import parse_xml
from intake_app.xforms.xpath.nodes import Node

_TEXT_ELEMENTS = frozenset({"label", "hint", "itext", "title", "help", "itextId"})
_TEXT_ATTRIBUTES = frozenset({"constraintMsg", "requiredMsg"})


class Digests:
    """The two digests of one form, worked out once, when first asked for."""

    __slots__ = ("_both", "_xml")

    def __init__(self, xml: bytes, both: tuple[str, str] | None = None) -> None:
        self._xml = xml
        self._both = both

    def both(self) -> tuple[str, str]:
        """The digest of the structure and that of the texts."""
        if self._both is None:
            self._both = hashes(parse_xml(self._xml))
        return self._both


def hashes(tree: Node) -> tuple[str, str]:
    """sha256 (hex) of the structure, and of the texts.

    The structure is all but labels, hints, messages, choice labels, itext and the form's version.
    References to itext by position (``yn-0``) count as texts: pyxform numbers them anew when a
    choice is added elsewhere.
    """
    parts: tuple[list[str], list[str]] = ([], [])
    _walk(tree, parts, text=False, primary=False)
    return _digest(parts[0]), _digest(parts[1])


def _digest(parts: list[str]) -> str:
    # Every part carries its length, so that no two lists of parts read the same.
    return hashlib.sha256("".join([f"{len(p)}:{p}" for p in parts]).encode()).hexdigest()


def _walk(node: Node, parts: tuple[list[str], list[str]], *, text: bool, primary: bool) -> None:
    text = text or node.name in _TEXT_ELEMENTS
    own = parts[text]
    own.append(f"<{node.namespace}|{node.name}")
    for name, value, _, namespace in node.written():
        if primary and name == "version":
            continue
        is_text = text or name in _TEXT_ATTRIBUTES
        parts[is_text].append(f"@{namespace}|{name}={value}")
    if node.text:
        own.append(node.text)
    # The first instance of the model is the primary one; its root element has the version.
    first = node.name == "model"
    within = primary and node.name == "instance"
    for child in node.children:
        if first and child.name == "instance":
            first = False
            _walk(child, parts, text=text, primary=True)
        else:
            _walk(child, parts, text=text, primary=within)
    own.append(">")
