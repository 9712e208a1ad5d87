"""The axes of XPath 1.0 and the tests of a step, as generators over `Node`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from intake_app.xforms.xpath.ast import NodeTest
from intake_app.xforms.xpath.nodes import Node

REVERSE_AXES = frozenset({"ancestor", "ancestor-or-self", "preceding", "preceding-sibling"})


def _child(node: Node) -> Iterable[Node]:
    return node.children


def _parent(node: Node) -> Iterable[Node]:
    return () if node.parent is None else (node.parent,)


def _self(node: Node) -> Iterable[Node]:
    return (node,)


def _attribute(node: Node) -> Iterable[Node]:
    return [a for a in node.attributes if a.kind == "attribute"]


def _namespace(node: Node) -> Iterable[Node]:
    # In scope are the declarations of the element and of those around it (XPath 1.0 §5.4); the node
    # is the declaration itself, so that its place in the document is known.
    if node.kind != "element":
        return []
    found: dict[str, Node] = {}
    for place in (*reversed(list(_ancestor(node))), node):
        for attribute in place.attributes:
            if attribute.kind == "namespace":
                found.pop(attribute.name, None)
                found[attribute.name] = attribute
    return list(found.values())


def _descendant(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield child
        yield from _descendant(child)


def _descendant_or_self(node: Node) -> Iterator[Node]:
    yield node
    yield from _descendant(node)


def _ancestor(node: Node) -> Iterator[Node]:
    while node.parent is not None:
        node = node.parent
        yield node


def _ancestor_or_self(node: Node) -> Iterator[Node]:
    yield node
    yield from _ancestor(node)


def _siblings(node: Node) -> list[Node]:
    if node.parent is None or node.kind in ("attribute", "namespace"):
        return []
    return node.parent.children


def _following_sibling(node: Node) -> Iterator[Node]:
    seen = False
    for sibling in _siblings(node):
        if seen:
            yield sibling
        elif sibling is node:
            seen = True


def _preceding_sibling(node: Node) -> Iterable[Node]:
    before: list[Node] = []
    for sibling in _siblings(node):
        if sibling is node:
            break
        before.append(sibling)
    return reversed(before)


def _following(node: Node) -> Iterator[Node]:
    if node.kind in ("attribute", "namespace") and node.parent is not None:
        yield from _descendant(node.parent)
        node = node.parent
    current: Node | None = node
    while current is not None:
        for sibling in _following_sibling(current):
            yield from _descendant_or_self(sibling)
        current = current.parent


def _preceding(node: Node) -> Iterator[Node]:
    if node.kind in ("attribute", "namespace") and node.parent is not None:
        node = node.parent
    current: Node | None = node
    while current is not None:
        for sibling in _preceding_sibling(current):
            yield from reversed(list(_descendant_or_self(sibling)))
        current = current.parent


AXES: Mapping[str, Callable[[Node], Iterable[Node]]] = {
    "ancestor": _ancestor,
    "ancestor-or-self": _ancestor_or_self,
    "attribute": _attribute,
    "child": _child,
    "descendant": _descendant,
    "descendant-or-self": _descendant_or_self,
    "following": _following,
    "following-sibling": _following_sibling,
    "namespace": _namespace,
    "parent": _parent,
    "preceding": _preceding,
    "preceding-sibling": _preceding_sibling,
    "self": _self,
}


def matcher(
    axis: str, test: NodeTest, namespaces: Mapping[str, str] | None, *, strict: bool = False
) -> Callable[[Node], bool]:
    """Whether a node passes `test` on `axis`.

    With `namespaces` a prefix must map to the node's namespace; without it (forms) the local name
    decides, as authors write ``/data/meta/instanceID`` for ``orx:meta/orx:instanceID``. With
    `strict` a name without prefix is in no namespace (XPath 1.0 §2.3).
    """
    if test.kind == "node":
        return lambda _node: True
    if test.kind == "processing-instruction" and test.local != "*":
        target = test.local
        return lambda node: node.kind == "processing-instruction" and node.name == target
    if test.kind != "name":
        kind = test.kind
        return lambda node: node.kind == kind
    principal = axis if axis in ("attribute", "namespace") else "element"
    local = test.local
    if namespaces is not None and test.prefix:
        uri = namespaces.get(test.prefix, "")
        if local == "*":
            return lambda node: node.kind == principal and node.namespace == uri
        return lambda node: node.kind == principal and node.name == local and node.namespace == uri
    if local == "*":
        return lambda node: node.kind == principal
    if strict:
        return lambda node: node.kind == principal and node.name == local and not node.namespace
    return lambda node: node.kind == principal and node.name == local
