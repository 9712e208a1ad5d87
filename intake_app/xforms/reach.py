"""How far an answer reaches: what may be asked, or no longer, because of it."""

from __future__ import annotations

from collections.abc import Iterable

from intake_app.xforms.definition import NodeDefinition
from intake_app.xforms.graph import VertexKind

_PASSES_ON = frozenset({VertexKind.CALCULATE, VertexKind.RELEVANT, VertexKind.CHOICES})


def relevance_in_reach(answered: Iterable[NodeDefinition]) -> frozenset[str]:
    """Return the paths of the nodes whose relevance may follow from the values of `answered`.

    It follows the expressions as written, by way of what is calculated from the values and what
    is no longer relevant, and never evaluates any. What an action sets (``setvalue``) is not
    followed.
    """
    found: set[str] = set()
    left = list(answered)
    seen = {definition.path for definition in left}
    while left:
        for edge in left.pop().readers:
            vertex = edge.vertex
            if vertex.kind not in _PASSES_ON:
                continue
            touched = [vertex.definition]
            if vertex.kind is VertexKind.RELEVANT:
                touched += below(vertex.definition)
                found.update(definition.path for definition in touched)
            new = [definition for definition in touched if definition.path not in seen]
            seen.update(definition.path for definition in new)
            left += new
    return frozenset(found)


def below(definition: NodeDefinition) -> list[NodeDefinition]:
    """Return every node inside a group or repeat."""
    found: list[NodeDefinition] = []
    left = list(definition.children.values())
    while left:
        child = left.pop()
        found.append(child)
        left += child.children.values()
    return found
