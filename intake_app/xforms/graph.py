"""The dependency graph of a form: which expressions to look at again, and in what order.

A vertex is one expression of one definition. Ranks are a topological order, so that within one
recomputation every expression sees final values. Edges are kept at the definitions that are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from intake_app.xforms.definition import ChoiceList, NodeDefinition, Output
from intake_app.xforms.errors import FormError
from intake_app.xforms.xpath.compiled import Run
from intake_app.xforms.xpath.scope import Dependency


class VertexKind(Enum):
    """What an expression decides. COUNT is jr:count, LABEL the outputs of label and hint."""

    CALCULATE = "calculate"
    RELEVANT = "relevant"
    COUNT = "jr:count"
    CHOICES = "choices"
    REQUIRED = "required"
    READONLY = "readonly"
    CONSTRAINT = "constraint"
    LABEL = "label"

    # Members are one of a kind; that of Enum hashes the name each time.
    __hash__ = object.__hash__


@dataclass(slots=True, eq=False)
class Vertex:
    """One expression of one definition, compiled; `rank` is its place in the order.

    `spoken` says that its result is in the language of the session.
    """

    kind: VertexKind
    definition: NodeDefinition
    run: Run
    dependencies: tuple[Dependency, ...]
    rank: int = -1
    choices: ChoiceList | None = None
    outputs: tuple[Output, ...] = ()
    spoken: bool = False

    def __str__(self) -> str:
        return f"{self.definition.path} ({self.kind.value})"


@dataclass(slots=True, eq=False)
class Edge:
    """Look at `vertex` again for the nodes found from the read node.

    `ups` leads from the read node to the shared repeat instance (None: start at the document),
    `steps` from there down to the vertex's nodes; `many` when a step crosses a repeat. `plain`
    when the vertex has one node only, outside repeats.
    """

    vertex: Vertex
    ups: int | None
    steps: tuple[str, ...]
    many: bool
    place: bool = False
    plain: bool = False


def link(vertices: list[Vertex]) -> tuple[Vertex, ...]:
    """Rank `vertices`, hang their edges on the definitions, and return them in rank order.

    Raises FormError naming the nodes when expressions depend on each other in a circle.
    """
    for vertex in vertices:
        vertex.definition.vertices.append(vertex)
    order = _ranked(vertices)
    for rank, vertex in enumerate(order):
        vertex.rank = rank
    for vertex in order:
        # From the top of the document the way is the same, whatever is read.
        from_top: Edge | None = None
        for dependency in vertex.dependencies:
            target = _node(dependency)
            if dependency.shared is not None or dependency.place:
                edge = _edge(vertex, target, dependency)
            else:
                edge = from_top = from_top or _edge(vertex, target, dependency)
            _add(target.choice_readers if dependency.choices else target.readers, edge)
    return tuple(order)


def leaving(repeat: NodeDefinition) -> dict[NodeDefinition, tuple[Edge, ...]]:
    """The edges from what is in an instance of `repeat` to what may be outside that instance.

    Of definitions that have such edges; those to a place among siblings are left out.
    """
    found: dict[NodeDefinition, tuple[Edge, ...]] = {}
    left = [(repeat, 0)]
    while left:
        definition, depth = left.pop()
        edges = tuple(
            edge
            for edge in definition.readers
            if not edge.place and (edge.ups is None or edge.ups > depth)
        )
        if edges:
            found[definition] = edges
        below = (*definition.bound.values(), *definition.children.values())
        left += [(inner, depth + 1) for inner in below]
    return found


def _node(dependency: Dependency) -> NodeDefinition:
    target = dependency.target
    if not isinstance(target, NodeDefinition):  # the protocol has no other implementation here
        raise TypeError(type(target))
    return target


def _add(edges: list[Edge], edge: Edge) -> None:
    """Put `edge` last, unless the same is there; those of one vertex stand together."""
    for other in reversed(edges):
        if other.vertex is not edge.vertex:
            break
        if other.ups == edge.ups and other.place is edge.place:
            return
    edges.append(edge)


def _edge(vertex: Vertex, target: NodeDefinition, dependency: Dependency) -> Edge:
    shared = target if dependency.place else dependency.shared
    ups: int | None = None
    if shared is not None:
        ups = 0
        place: NodeDefinition | None = target
        while place is not None and place is not shared:
            place = place.parent
            ups += 1
        if place is None:
            ups = None
    steps: list[str] = []
    many = False
    here: NodeDefinition | None = vertex.definition
    if vertex.kind is VertexKind.COUNT:
        here = vertex.definition.parent
    stop = shared if ups is not None else None
    while here is not None and here is not stop and here.parent is not None:
        steps.append(here.name)
        many = many or here.is_repeat
        here = here.parent
    ranged = vertex.definition.is_repeat and vertex.kind in (VertexKind.COUNT, VertexKind.RELEVANT)
    plain = ups is None and not many and not ranged
    return Edge(vertex, ups, tuple(reversed(steps)), many, dependency.place, plain)


class _Providers:
    """Which vertices decide what others read."""

    def __init__(self) -> None:
        self._relevances: dict[NodeDefinition, tuple[Vertex, ...]] = {}

    def of(self, vertex: Vertex) -> list[tuple[Vertex, bool]]:
        """The vertices that decide what `vertex` reads; True when they must come first.

        False where another instance of the same repeat is read, or how many there are: those settle
        by running again and need no order.
        """
        found: list[tuple[Vertex, bool]] = []
        if vertex.kind is VertexKind.CHOICES:
            found += [(v, True) for v in self._relevance(vertex.definition)]
        for dependency in vertex.dependencies:
            target = _node(dependency)
            strict = not dependency.filtered
            for provider in target.vertices:
                if dependency.choices:
                    if provider.kind is VertexKind.CHOICES:
                        found.append((provider, strict))
                elif provider.kind is VertexKind.CALCULATE or provider.kind is VertexKind.CHOICES:
                    found.append((provider, strict))
                elif provider.kind is VertexKind.COUNT:
                    found.append((provider, False))
            found += [(v, strict) for v in self._relevance(target)]
        return found

    def _relevance(self, definition: NodeDefinition) -> tuple[Vertex, ...]:
        """What decides the relevance of a node, from itself outwards."""
        known = self._relevances.get(definition)
        if known is None:
            known = tuple([v for v in definition.vertices if v.kind is VertexKind.RELEVANT])
            if definition.parent is not None:
                known += self._relevance(definition.parent)
            self._relevances[definition] = known
        return known


def _ranked(vertices: list[Vertex]) -> list[Vertex]:
    """A topological order, ties broken by document order."""
    providers = _Providers()
    needs = {id(v): providers.of(v) for v in vertices}
    soft: set[tuple[int, int]] = set()
    groups = _components(vertices, needs, soft)
    for group in groups:
        if not _circular(group, needs, soft):
            continue
        members = {id(v) for v in group}
        for vertex in group:
            for provider, strict in needs[id(vertex)]:
                if not strict and id(provider) in members:
                    soft.add((id(vertex), id(provider)))
        for inner in _components(group, needs, soft):
            if not _circular(inner, needs, soft):
                continue
            if len(inner) == 1 or any(v.kind is not VertexKind.RELEVANT for v in inner):
                raise _cycle(inner)
            # Relevance of one on the value of the other and back: JavaRosa takes these forms.
            soft.update((id(a), id(b)) for a in inner for b in inner)
    if soft:
        groups = _components(vertices, needs, soft)
    return [vertex for group in groups for vertex in group]


def _circular(
    group: list[Vertex],
    needs: dict[int, list[tuple[Vertex, bool]]],
    soft: set[tuple[int, int]],
) -> bool:
    if len(group) > 1:
        return True
    only = group[0]
    return any(p is only and (id(only), id(p)) not in soft for p, _ in needs[id(only)])


def _cycle(group: list[Vertex]) -> FormError:
    names = sorted({str(v) for v in group})
    if len(names) == 1:
        return FormError(names[0], "the expression depends on its own result")
    return FormError(names[0], "these expressions depend on each other: " + ", ".join(names))


def _components(
    vertices: list[Vertex],
    needs: dict[int, list[tuple[Vertex, bool]]],
    soft: set[tuple[int, int]],
) -> list[list[Vertex]]:
    """Strongly connected components, providers first (Tarjan, without recursion)."""
    inside = {id(v) for v in vertices}
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    on_stack: set[int] = set()
    stack: list[Vertex] = []
    result: list[list[Vertex]] = []
    for start in vertices:
        if id(start) in number:
            continue
        number[id(start)] = low[id(start)] = len(number)
        stack.append(start)
        on_stack.add(id(start))
        work = [(start, iter(needs[id(start)]))]
        while work:
            vertex, providers = work[-1]
            key = id(vertex)
            for provider, _ in providers:
                other = id(provider)
                if other not in inside or (key, other) in soft:
                    continue
                if other not in number:
                    number[other] = low[other] = len(number)
                    stack.append(provider)
                    on_stack.add(other)
                    work.append((provider, iter(needs[other])))
                    break
                if other in on_stack:
                    low[key] = min(low[key], number[other])
            else:
                work.pop()
                if work:
                    parent = id(work[-1][0])
                    low[parent] = min(low[parent], low[key])
                if low[key] == number[key]:
                    group: list[Vertex] = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(id(member))
                        group.append(member)
                        if member is vertex:
                            break
                    result.append(group)
    return result
