"""Predicates like ``item[name = …]`` on choice lists, by hash instead of by scanning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from intake_app.xforms.xpath.ast import Call, Compare, Expr, Path, Step, walk
from intake_app.xforms.xpath.compiled import Compiled
from intake_app.xforms.xpath.nodes import Node, in_document_order, string_value
from intake_app.xforms.xpath.scope import Frame, Scope
from intake_app.xforms.xpath.static import is_plain
from intake_app.xforms.xpath.table import Table


class Compile(Protocol):
    """Compiles a sub-expression (a predicate, a start) in a scope."""

    def __call__(self, expr: Expr, scope: Scope) -> Compiled: ...


def indexed(
    step: Step, scope: Scope, compile_: Compile
) -> Callable[[Node, Frame], list[Node]] | None:
    """For ``item[name = …]`` in a secondary instance: look the items up instead of scanning.

    Only when the other side does not depend on the item; those instances never change.
    """
    if not step.predicates or not scope.in_form:
        return None
    test = step.predicates[0]
    if not isinstance(test, Compare) or test.operator != "=":
        return None
    for child, other in ((test.left, test.right), (test.right, test.left)):
        if not isinstance(child, Path) or child.start != "context" or len(child.steps) != 1:
            continue
        if not is_plain(child.steps[0]) or child.steps[0].axis != "child":
            continue
        if _depends_on_item(other):
            continue
        key = compile_(other, scope.inside(None, None))
        if key.kind not in ("string", "nodes"):
            return None
        return _lookup(step.test.local, child.steps[0].test.local, key)
    return None


def _depends_on_item(expr: Expr) -> bool:
    for part in walk(expr):
        if isinstance(part, Path) and part.start == "context":
            return True
        if isinstance(part, Call) and part.name in ("position", "last", "random", "once"):
            return True
    return False


def _lookup(item: str, child: str, key: Compiled) -> Callable[[Node, Frame], list[Node]]:
    def run(parent: Node, frame: Frame) -> list[Node]:
        wanted = key.run(parent, frame)
        if isinstance(wanted, str):
            texts = [wanted]
        elif len(wanted) == 1:
            texts = [string_value(wanted[0])]
        else:
            texts = list({string_value(node) for node in wanted}) or [""]
        if isinstance(parent, Table) and item in (parent.item, "*"):
            parts = [parent.having(child, text) for text in texts]
        else:
            index = _index(parent, item, child, frame)
            parts = [index.get(text, []) for text in texts]
        if len(parts) == 1:
            return parts[0]
        return in_document_order([node for part in parts for node in part])

    return run


def _index(parent: Node, item: str, child: str, frame: Frame) -> dict[str, list[Node]]:
    """The items of `parent` by the texts of the child they are asked for."""
    indexes = frame.host.indexes
    address = (id(parent), item, child)
    index = indexes.get(address)
    if index is None:
        index = {}
        for node in parent.named(item) if item != "*" else parent.children:
            for value in node.named(child):
                bucket = index.setdefault(string_value(value), [])
                if not bucket or bucket[-1] is not node:
                    bucket.append(node)
        indexes[address] = index
    return index
