"""Choice lists the way pyxform writes them, read without a parser.

They are most of the elements of a form and all alike: items of leaves without attributes. Such a
list is recognised as a whole, cut out before the rest is parsed, and kept as a table where every
item has the same leaves. Whatever is written in any other way stays for the parser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from intake_app.xforms.characters import are_allowed
from intake_app.xforms.xpath.nodes import Node
from intake_app.xforms.xpath.table import Columns, Table

_BEGIN = re.compile(rb'<instance id="([\w.\-]+)">\s*+<root>')
_END = re.compile(rb"</root>\s*+</instance>")
_ITEM = re.compile(rb"<item>(?:\s*<((?!item>)[A-Za-z_][\w.\-]*+)>[^<]*+</\1>)+\s*</item>")
_LEAF = re.compile(r"<([\w.\-]+)>([^<]*)</")

Lists = Mapping[str, str]
"""What stands inside the lists that were cut out, by the name of their instance."""


def cut_lists(xml: bytes) -> tuple[bytes, Lists]:
    """The form without the inside of such lists, and those; `xml` has no comments or CDATA."""
    found: dict[str, str] = {}
    parts: list[bytes] = []
    position = 0
    begins = list(_BEGIN.finditer(xml))
    # no further than the next: one that is never closed would have all the rest looked through
    limits = [*(begin.start() for begin in begins[1:]), len(xml)]
    for match, limit in zip(begins, limits, strict=False):
        end = _END.search(xml, match.end(), limit)
        if end is None:
            continue
        items = xml[match.end() : end.start()]
        left = _ITEM.sub(b"", items)
        if len(left) == len(items) or left.strip():
            continue
        name = match[1].decode("ascii", "replace")
        try:
            inside = items.decode().rstrip()
        except UnicodeDecodeError:
            return xml, {}
        if name in found:
            return xml, {}
        # What is escaped, or has other ends of lines, is for the parser.
        if "&" in inside or "\r" in inside or not are_allowed(xml, match.end(), end.start()):
            continue
        found[name] = inside
        parts.append(xml[position : match.end()])
        position = end.start()
    return b"".join([*parts, xml[position:]]), found


def fill(model: Node, lists: Lists) -> bool:
    """Put what was cut out back as nodes; False when an instance of the model is not found."""
    instances = {instance.get("id"): instance for instance in model.named("instance")[1:]}
    for name, inside in lists.items():
        instance = instances.get(name)
        if instance is None or len(instance.children) != 1:
            return False
        root = instance.children[0]
        columns = _columns(inside)
        if columns is None:
            _fill(root, inside)
            continue
        instance.children = [Table(root, "item", columns)]
        instance.children[0].parent = instance
    return True


def _columns(inside: str) -> Columns | None:
    """The texts of all leaves by name; None where items differ in which leaves they have."""
    names = [name for name, _ in _LEAF.findall(inside, 0, inside.index("</item>"))]
    if len(set(names)) < len(names):
        return None
    leaves = "".join(rf"<{re.escape(name)}>([^<]*+)</{re.escape(name)}>\s*+" for name in names)
    rows = re.findall(rf"<item>\s*+{leaves}</item>", inside)
    if len(rows) != inside.count("</item>"):
        return None
    if len(names) == 1:
        return {names[0]: rows}
    return dict(zip(names, zip(*rows, strict=True), strict=True))


def _fill(root: Node, inside: str) -> None:
    namespace = root.namespace
    for raw in inside.split("</item>")[:-1]:
        item = Node("element", "item", "", "", namespace)
        children: list[Node] = []
        named: dict[str, list[Node]] = {}
        for name, text in _LEAF.findall(raw):
            leaf = Node("element", name, text, "", namespace)
            leaf.parent = item
            children.append(leaf)
            if name in named:
                named[name].append(leaf)
            else:
                named[name] = [leaf]
        item.children = children
        item.keep_named(named)
        root.append(item)
