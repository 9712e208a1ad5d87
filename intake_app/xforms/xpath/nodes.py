"""The tree expressions are evaluated on: form instances, choice lists and plain documents alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

NodeKind = Literal[
    "root", "element", "text", "attribute", "comment", "processing-instruction", "namespace"
]


# Most nodes are leaves: they share this list, which is never changed.
_NONE: list[Node] = []

Written = tuple[str, str, str, str]
"""An attribute as it stands in the file: name, value, prefix, namespace."""
Kept = dict[str, str] | Sequence[Written]
"""The attributes of an element; values by name where none has a prefix, as nearly everywhere."""


class Node:
    """One node. Leaves of a form instance carry their value in `text` and have no children.

    `data_type` is the bind type of a form node and None outside form instances. `relevant` is
    only ever False in the primary instance; such a node is invisible to expressions.
    """

    __slots__ = (
        "_attributes",
        "_named",
        "_written",
        "children",
        "data_type",
        "kind",
        "name",
        "namespace",
        "parent",
        "prefix",
        "relevant",
        "text",
    )

    def __init__(
        self,
        kind: NodeKind,
        name: str = "",
        text: str = "",
        prefix: str = "",
        namespace: str = "",
    ) -> None:
        self.kind: NodeKind = kind
        self.name = name
        self.prefix = prefix
        self.namespace = namespace
        self.parent: Node | None = None
        self.children: list[Node] = _NONE
        self._attributes: list[Node] = _NONE
        self._written: Kept | None = None
        self.text = text
        self.data_type: str | None = None
        self.relevant = True
        self._named: dict[str, list[Node]] | None = None

    def append(self, child: Node) -> Node:
        """Add `child` as the last child and return it."""
        child.parent = self
        if self.children is _NONE:
            self.children = []
        self.children.append(child)
        self._named = None
        return child

    def insert(self, index: int, child: Node) -> Node:
        """Add `child` before the child now at `index` and return it."""
        child.parent = self
        if self.children is _NONE:
            self.children = []
        known = self._named
        if known is not None:
            same = known.get(child.name, _NONE)
            if index and same and child.kind == "element" and self.children[index - 1] is same[-1]:
                # A new list: whoever looks at the old one goes on undisturbed.
                known[child.name] = [*same, child]
            else:
                self._named = None
        self.children.insert(index, child)
        return child

    def remove(self, child: Node) -> None:
        """Take `child` out of the tree."""
        self.children.remove(child)
        self._named = None
        child.parent = None

    def add_attribute(self, attribute: Node) -> None:
        """Add an attribute (or namespace) node."""
        attribute.parent = self
        if self.attributes is _NONE:
            self._attributes = []
        self._attributes.append(attribute)

    @property
    def attributes(self) -> list[Node]:
        """The attributes (and namespaces) as nodes, in order. Not to be changed by the caller."""
        written = self._written
        if written is not None:
            # Few expressions ask for attributes; most stay as they were written.
            made = [Node("attribute", *each) for each in self.written()]
            for attribute in made:
                attribute.parent = self
            self._written, self._attributes = None, made
        return self._attributes

    def written(self) -> Sequence[Written]:
        """The attributes, without namespaces. Not to be changed by the caller."""
        kept = self._written
        if type(kept) is dict:
            return [(name, text, "", "") for name, text in kept.items()] if kept else ()
        if kept is not None:
            return kept  # type: ignore[return-value]  # the other of the two
        return [
            (a.name, a.text, a.prefix, a.namespace)
            for a in self._attributes
            if a.kind == "attribute"
        ]

    def values(self) -> Mapping[str, str]:
        """The attributes by local name; of two with the same the first. Not to be changed."""
        kept = self._written
        if type(kept) is dict:
            return kept
        return {name: text for name, text, _, _ in reversed(self.written())}

    def keep_written(self, attributes: Kept) -> None:
        """Take over the attributes, from who read the element."""
        self._written = attributes

    def kept(self) -> Kept:
        """The attributes, for `keep_written`."""
        return self.written() if self._written is None else self._written

    def named(self, name: str) -> list[Node]:
        """The child elements called `name`, in order. Not to be changed by the caller."""
        index = self._named
        if index is None:
            index = {}
            for child in self.children:
                if child.kind == "element":
                    index.setdefault(child.name, []).append(child)
            self._named = index
        return index.get(name, _NONE)

    def keep_named(self, index: dict[str, list[Node]]) -> None:
        """Take over what `named` would work out, from who made the children."""
        self._named = index

    def keep_children(self, children: list[Node], index: dict[str, list[Node]]) -> None:
        """Take over all children, whose parent is this node, and what `named` would work out."""
        self.children = children
        self._named = index

    def get(self, attribute: str, default: str = "") -> str:
        """The value of an attribute by local name."""
        kept = self._written
        if type(kept) is dict:
            return kept.get(attribute, default)
        if kept is not None:
            for written in kept:
                if written[0] == attribute:
                    return written[1]
            return default
        for node in self._attributes:
            if node.name == attribute and node.kind == "attribute":
                return node.text
        return default


def string_value(node: Node) -> str:
    """The XPath string-value; "" for what is not relevant."""
    if not node.relevant:
        return ""
    if not node.children:
        return node.text
    if node.kind not in ("element", "root"):
        return node.text
    return "".join(_texts(node))


def texts_of_nodes(nodes: list[Node]) -> list[str]:
    """The string-value of each node."""
    return [n.text if n.relevant and not n.children else string_value(n) for n in nodes]


def children_named(nodes: list[Node], name: str) -> list[Node]:
    """The child elements called `name` of each node, in order."""
    try:
        # A call for each node costs three times as much.
        return [found for node in nodes for found in node._named[name]]  # type: ignore[index]  # noqa: SLF001
    except (KeyError, TypeError):
        # One has no such child, or has not been asked for any yet.
        return [found for node in nodes for found in node.named(name)]


def relevant_children_named(nodes: list[Node], name: str) -> list[Node]:
    """`children_named` without what is not relevant, at once."""
    try:
        return [found for node in nodes for found in node._named[name] if found.relevant]  # type: ignore[index]  # noqa: SLF001
    except (KeyError, TypeError):
        return [found for node in nodes for found in node.named(name) if found.relevant]


def having(nodes: list[Node], name: str, text: str) -> list[Node]:
    """Those of `nodes` whose child called `name` has that string-value; each has one such child."""
    children = children_named(nodes, name)
    return [n for n, found in zip(nodes, texts_of_nodes(children), strict=True) if found == text]


def _texts(node: Node) -> Iterator[str]:
    for child in node.children:
        if not child.relevant:
            continue
        if child.kind == "text":
            yield child.text
        elif child.kind == "element":
            if child.children:
                yield from _texts(child)
            else:
                yield child.text


def root_of(node: Node) -> Node:
    """The top of the tree `node` is in."""
    while node.parent is not None:
        node = node.parent
    return node


def in_document_order(nodes: list[Node]) -> list[Node]:
    """`nodes` without duplicates, sorted in document order."""
    if len(nodes) < 2:
        return nodes
    unique = list({id(n): n for n in nodes}.values())
    places: dict[int, dict[int, int]] = {}
    return sorted(unique, key=lambda node: _order_key(node, places))


def _order_key(node: Node, places: dict[int, dict[int, int]]) -> tuple[int, ...]:
    """Where a node stands; `places` keeps the places of the children of each parent met."""
    key: list[int] = []
    while node.parent is not None:
        parent = node.parent
        place = places.get(id(parent))
        if place is None:
            # Attributes come after their element and before its children.
            place = {id(a): i - len(parent.attributes) for i, a in enumerate(parent.attributes)}
            place.update((id(child), i) for i, child in enumerate(parent.children))
            places[id(parent)] = place
        key.append(place.get(id(node), -1))
        node = parent
    return tuple(reversed(key))
