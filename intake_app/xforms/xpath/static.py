"""Where a step leads on the definition tree, worked out once, before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from intake_app.xforms.xpath.ast import Step
from intake_app.xforms.xpath.scope import Scope, StaticNode, ancestors_or_self, enclosing_repeat


def outside(repeat: StaticNode) -> StaticNode | None:
    """The repeat around a repeat."""
    return enclosing_repeat(repeat.parent)


def is_plain(step: Step) -> bool:
    if step.predicates:
        return False
    if step.axis in ("parent", "self"):
        return step.test.kind == "node"
    return step.axis == "child" and step.test.kind == "name" and step.test.local != "*"


def move(
    step: Step,
    definitions: tuple[StaticNode, ...],
    shared: StaticNode | None,
    scope: Scope,
    *,
    from_current: bool,
) -> tuple[tuple[StaticNode, ...], StaticNode | None]:
    """The definitions a step leads to, and the repeat still shared with the reader."""
    found: dict[int, StaticNode] = {}
    for definition in definitions:
        for target in _targets(step, definition):
            found[id(target)] = target
    result = tuple(found.values())
    if step.axis not in ("child", "self", "descendant", "descendant-or-self", "attribute"):
        for target in result:
            sideways = step.axis not in ("parent", "ancestor", "ancestor-or-self")
            outer = enclosing_repeat(target.parent if sideways else target)
            if shared is not None and shared not in ancestors_or_self(
                target.parent if sideways else target
            ):
                shared = outer
    if step.axis in ("descendant", "descendant-or-self"):
        for target in result:
            if target.is_repeat:
                scope.read(target, outside(target), from_current=from_current)
    return result, shared


def _targets(step: Step, definition: StaticNode) -> Iterable[StaticNode]:
    axis = step.axis
    candidates: Iterable[StaticNode]
    if axis == "child":
        if step.test.kind == "name" and step.test.local != "*":
            child = definition.children.get(step.test.local)
            return () if child is None else (child,)
        candidates = definition.children.values()
    elif axis == "self":
        candidates = (definition,)
    elif axis == "parent":
        candidates = () if definition.parent is None else (definition.parent,)
    elif axis == "attribute":
        if step.test.kind == "name" and step.test.local != "*":
            bound = definition.bound.get(f"@{step.test.local}")
            return () if bound is None else (bound,)
        return definition.bound.values()
    elif axis == "namespace":
        return ()
    elif axis == "ancestor":
        candidates = ancestors_or_self(definition.parent)
    elif axis == "ancestor-or-self":
        candidates = ancestors_or_self(definition)
    elif axis == "descendant":
        candidates = _below(definition)
    elif axis == "descendant-or-self":
        candidates = (definition, *_below(definition))
    elif axis in ("following-sibling", "preceding-sibling"):
        candidates = () if definition.parent is None else definition.parent.children.values()
    else:
        top = definition
        while top.parent is not None:
            top = top.parent
        candidates = _below(top)
    if step.test.kind == "name" and step.test.local != "*":
        return [c for c in candidates if c.name == step.test.local]
    return list(candidates)


def _below(definition: StaticNode) -> Iterator[StaticNode]:
    for child in definition.children.values():
        yield child
        yield from _below(child)
