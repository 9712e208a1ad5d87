"""Keeping a filling consistent: after a change, look again only at what may have changed.

Expressions run in rank order. One that gives the same result as before stops there: nothing that
reads it is looked at.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from intake_app.xforms.casting import cast
from intake_app.xforms.collecting import Collector
from intake_app.xforms.definition import Action, FormModel, NodeDefinition
from intake_app.xforms.errors import FormError
from intake_app.xforms.graph import Edge, Vertex, VertexKind, leaving
from intake_app.xforms.instance import (
    MAX_INSTANCES,
    Choice,
    InstanceNode,
    InstanceTree,
    OwnChoice,
)
from intake_app.xforms.model import AnswerState, Changes, NodeKey
from intake_app.xforms.xpath.nodes import Node
from intake_app.xforms.xpath.scope import Frame, Host, TooMuchWork

# Soft circles (a count that reads its own repeat, relevance on each other) stop after this many.
_MAX_ROUNDS = 50
_MAX_ACTIONS = 1_000
MAX_COMPUTED = 1_000_000
"""The longest text a calculation may give; a longer one is no value."""


class Recompute:
    """The moving part of a session: the tree, and the work still to do on it."""

    def __init__(self, model: FormModel, tree: InstanceTree, host: Host) -> None:
        self._model = model
        self.tree = tree
        self.frame = Frame(host, tree.top, tree.single)
        self._dirty: dict[int, dict[InstanceNode, None]] = {}
        self._heap: list[int] = []
        self._rounds: dict[int, int] = {}
        self._actions: deque[tuple[Action, InstanceNode]] = deque()
        self._fire = False
        self._leaving: dict[NodeDefinition, dict[NodeDefinition, tuple[Edge, ...]]] = {}
        self._parked: dict[tuple[NodeKey, str], list[InstanceNode]] = {}
        self.collected = Collector()

    # -- starting and ending an operation ------------------------------------------------------

    def everything(self) -> None:
        """Look at every expression of every node, once, without firing actions."""
        for node in self.tree.top.inside():
            self._mark_node(node)
        self.settle()

    def spoken(self) -> None:
        """Look again at the labels that are in a language; values do not change by looking."""
        spoken = [v for v in self._model.vertices if v.spoken and v.kind is VertexKind.LABEL]
        wanted = {v.definition: v for v in spoken}
        for node in self.tree.top.inside() if wanted else ():
            vertex = wanted.get(node.definition)
            if vertex is not None:
                self._mark(vertex, node)

    def _mark_node(self, node: InstanceNode) -> None:
        for vertex in node.definition.vertices:
            if vertex.kind is not VertexKind.COUNT:
                self._mark(vertex, node)
        for parent_range in node.ranges.values():
            for vertex in parent_range.definition.vertices:
                if vertex.kind in (VertexKind.COUNT, VertexKind.RELEVANT):
                    self._mark(vertex, parent_range)

    def begin(self) -> None:
        """Start collecting the changes of a new operation, in which actions fire."""
        self.collected = Collector()
        self._fire = True

    def settle(self) -> None:
        """Run until nothing is left to look at."""
        self._rounds.clear()
        self.frame.work = 0
        fired = 0
        while True:
            while self._heap:
                rank = heapq.heappop(self._heap)
                nodes = self._dirty.pop(rank, None)
                if nodes:
                    self._evaluate(self._model.vertices[rank], nodes)
            if not self._actions or fired >= _MAX_ACTIONS:
                break
            action, node = self._actions.popleft()
            fired += 1
            self.act(action, node)
        self._actions.clear()

    def finish(self) -> Changes:
        """The changes since `begin`, problems worked out last."""
        self._fire = False
        return self.collected.changes(self.tree.by_key.keys())

    # -- what to look at -----------------------------------------------------------------------

    def _mark(self, vertex: Vertex, node: InstanceNode) -> None:
        nodes = self._dirty.get(vertex.rank)
        if nodes is None:
            self._dirty[vertex.rank] = {node: None}
            heapq.heappush(self._heap, vertex.rank)
        else:
            nodes[node] = None

    def mark_readers(self, node: InstanceNode) -> None:
        """Something that reads `node` has to be looked at."""
        for edge in node.definition.readers:
            if not edge.place:
                self._follow(edge, node)

    def _mark_readers_around(self, instance: InstanceNode, parts: Iterable[InstanceNode]) -> None:
        """What reads one of the `parts` of `instance` from outside it has to be looked at."""
        repeat = instance.definition
        edges = self._leaving.get(repeat)
        if edges is None:
            edges = self._leaving[repeat] = leaving(repeat)
        for part in parts if edges else ():
            for edge in edges.get(part.definition, ()):
                self._follow(edge, part)

    def _mark_moved(self, parent: Node, repeat: NodeDefinition, index: int) -> None:
        """Instances from `index` on have another position than before."""
        edges = [edge for edge in repeat.readers if edge.place]
        if not edges:
            return
        for node in parent.named(repeat.name)[index:]:
            if isinstance(node, InstanceNode):
                for edge in edges:
                    self._follow(edge, node)

    def _follow(self, edge: Edge, node: InstanceNode) -> None:
        vertex = edge.vertex
        definition = vertex.definition
        if edge.plain:
            single = self.tree.single[definition.index]
            if single is not None:
                self._mark(vertex, single)
            return
        start: Node | None
        if edge.ups is None:
            start = self.tree.root
        else:
            start = node
            for _ in range(edge.ups):
                start = start.parent if start is not None else None
        if start is None:
            return
        steps = edge.steps
        if vertex.kind is VertexKind.RELEVANT and definition.is_repeat and steps:
            for parent in _expand(start, steps[:-1]):
                for found in parent.named(definition.name):
                    if isinstance(found, InstanceNode):
                        self._mark(vertex, found)
                if isinstance(parent, InstanceNode):
                    self._mark(vertex, parent.ranges[definition.name])
            return
        for found in _expand(start, steps):
            if not isinstance(found, InstanceNode):
                continue
            if vertex.kind is VertexKind.COUNT:
                self._mark(vertex, found.ranges[definition.name])
            else:
                self._mark(vertex, found)

    # -- evaluating ----------------------------------------------------------------------------

    def _evaluate(self, vertex: Vertex, nodes: dict[InstanceNode, None]) -> None:
        rounds = self._rounds.get(vertex.rank, 0) + 1
        self._rounds[vertex.rank] = rounds
        if rounds > _MAX_ROUNDS + len(nodes):
            return
        frame = self.frame
        run = vertex.run
        store = _STORE[vertex.kind]
        asked = nodes.keys() if vertex.kind is not VertexKind.CONSTRAINT else _filled(nodes)
        for node in asked:
            frame.current = node
            frame.position = frame.size = 1
            try:
                result = run(node, frame)
            except TooMuchWork:
                if not self._fire:
                    raise FormError(str(vertex), "looks at too many nodes to wait for") from None
                # While answering nothing may fail: such an expression says nothing.
                result = _NOTHING_SAID[vertex.kind]
            store(self, node, vertex, result)

    def _store_calculate(self, node: InstanceNode, _vertex: Vertex, result: Any) -> None:
        self._put_computed(node, result)

    def _put_computed(self, node: InstanceNode, result: Any) -> None:
        text = cast(result, node.definition.data_type, self.frame.host.zone)
        self.put(node, text if len(text) <= MAX_COMPUTED else "")

    def _store_relevant(self, node: InstanceNode, _vertex: Vertex, result: Any) -> None:
        if node.own_relevant is not result:
            node.own_relevant = result
            self.propagate(node)

    def _store_required(self, node: InstanceNode, _vertex: Vertex, result: Any) -> None:
        if node.required is not result:
            node.required = result
            self.collected.required.add(node.key)
            self.collected.touched[node] = None

    def _store_readonly(self, node: InstanceNode, _vertex: Vertex, result: Any) -> None:
        if node.readonly is not result:
            node.readonly = result
            self.collected.readonly.add(node.key)

    def _store_constraint(self, node: InstanceNode, _vertex: Vertex, result: Any) -> None:
        if node.valid is not result:
            node.valid = result
            self.collected.touched[node] = None

    def _store_label(self, node: InstanceNode, _vertex: Vertex, result: Any) -> None:
        if node.shown != result:
            node.shown = result
            self.collected.labels.add(node.key)

    def _store_choices(self, node: InstanceNode, vertex: Vertex, result: Any) -> None:
        choices = self._choices(vertex, result)
        if choices != node.choices:
            node.choices = choices
            self.collected.choices.add(node.key)
            for edge in node.definition.choice_readers:
                self._follow(edge, node)
        control = node.definition.control
        if node.relevant and node.text and control is not None and control.kind != "range":
            offered = {c.value for c in choices}
            if node.definition.data_type in ("select", "rank"):
                kept = " ".join(v for v in node.text.split() if v in offered)
            else:
                kept = node.text if node.text in offered else ""
            self.put(node, kept)

    def _choices(self, vertex: Vertex, nodes: list[Node]) -> tuple[Choice, ...]:
        choice_list = vertex.choices
        if choice_list is None:
            return ()
        if choice_list.value is None or choice_list.label is None:
            return () if choice_list.items is None else choice_list.items.of(nodes)
        value, label = choice_list.value.string(), choice_list.label.string()
        found = [OwnChoice(value(n, self.frame).strip(), label(n, self.frame)) for n in nodes]
        return tuple(choice for choice in found if choice.value or choice_list.blanks)

    def _store_count(self, node: InstanceNode, _vertex: Vertex, result: Any) -> None:
        parent = node.parent
        if not isinstance(parent, InstanceNode):
            return
        wanted = 0 if result != result else max(0, int(min(result, MAX_INSTANCES)))
        repeat = node.definition
        now = self.tree.instances(parent, repeat)
        parked = self._parked.setdefault((parent.key, repeat.path), [])
        for instance in reversed(now[wanted:]):
            self.take_out(instance)
            parked.append(instance)
        for index in range(len(now), wanted):
            if parked:
                self.put_back(parent, parked.pop(), index)
            else:
                self.add(parent, repeat, index)

    # -- changing ------------------------------------------------------------------------------

    def put(self, node: InstanceNode, text: str) -> None:
        """Give a leaf a value, and have everything that reads it looked at."""
        if node.text == text:
            return
        before = node.state
        if not node.text:
            # Without a value nobody asked whether it is allowed.
            self._mark_own_constraint(node)
        node.text = text
        if text:
            node.mark = AnswerState.NONE
        collected = self.collected
        collected.values.add(node.key)
        collected.touched[node] = None
        if node.state is not before:
            collected.states.add(node.key)
        if node.relevant:
            self.mark_readers(node)
        else:
            self._mark_own_constraint(node)
        if self._fire:
            for action in node.definition.actions:
                self._actions.append((action, node))

    def _mark_own_constraint(self, node: InstanceNode) -> None:
        for vertex in node.definition.vertices:
            if vertex.kind is VertexKind.CONSTRAINT:
                self._mark(vertex, node)

    def propagate(self, node: InstanceNode) -> None:
        """Pass relevance on to a node and everything below it."""
        parent = node.parent
        relevant = node.own_relevant and (parent is None or parent.relevant)
        if relevant is node.relevant:
            return
        node.relevant = relevant
        collected = self.collected
        changed = collected.relevance
        others = len(changed)
        changed.add(node.key)
        if len(changed) == others:
            # Twice is back to what it was: what is shown again may be hidden by what came with it.
            changed.discard(node.key)
        is_range = node.definition.is_repeat and node.repeat_id is None
        if not is_range:
            self.mark_readers(node)
        if not node.definition.children:
            collected.touched[node] = None
            if not relevant and node.state.value and node.definition.control is not None:
                collected.hidden[node] = None
            for vertex in node.definition.vertices:
                if vertex.kind is VertexKind.CHOICES and relevant:
                    self._mark(vertex, node)
        for child in node.bound:
            self.propagate(child)
        for child in node.elements():
            self.propagate(child)
        for child in node.ranges.values():
            self.propagate(child)

    def add(
        self,
        parent: InstanceNode,
        repeat: NodeDefinition,
        index: int,
        repeat_id: UUID | None = None,
    ) -> InstanceNode:
        """A new instance of a repeat, its expressions marked and its actions queued."""
        node = self.tree.add(parent, repeat, index, repeat_id)
        for part in self._arrived(node, parent, index):
            for action in part.definition.new_repeat_actions if part.repeat_id else ():
                self._actions.append((action, _inside(part, action.place)))
        return node

    def put_back(self, parent: InstanceNode, node: InstanceNode, index: int) -> None:
        """An instance that was taken out comes back with all it held."""
        self.tree.insert(parent, node, index)
        self.tree.register(node)
        self._arrived(node, parent, index)

    def _arrived(self, node: InstanceNode, holder: InstanceNode, index: int) -> list[InstanceNode]:
        """Have everything looked at in and around an instance that is new here; its nodes."""
        self._mark_moved(holder, node.definition, index + 1)
        if node.repeat_id is not None:
            self.collected.added.append((node.definition.path, node.repeat_id))
        node.relevant = node.own_relevant and (node.parent is None or node.parent.relevant)
        parts = list(node.inside())
        for part in parts:
            parent = part.parent
            part.relevant = part.own_relevant and (parent is None or parent.relevant)
            for inner in part.ranges.values():
                inner.relevant = inner.own_relevant and part.relevant
            self._mark_node(part)
            if not part.definition.children:
                self.collected.touched[part] = None
        self._mark_readers_around(node, parts)
        return parts

    def take_out(self, node: InstanceNode) -> None:
        """Remove an instance from the tree and have everything that read it looked at."""
        self._mark_readers_around(node, node.inside())
        self._forget(node)
        if node.repeat_id is not None:
            self.collected.removed.append((node.definition.path, node.repeat_id))
        parent = node.parent
        index = 0 if parent is None else parent.named(node.name).index(node)
        self.tree.remove(node)
        if parent is not None:
            self._mark_moved(parent, node.definition, index)

    def move(self, node: InstanceNode, to: int) -> None:
        """Put an instance at another place among its siblings."""
        parent, repeat = node.parent, node.definition
        if not isinstance(parent, InstanceNode):
            return
        siblings = self.tree.instances(parent, repeat)
        old, new = siblings.index(node), min(max(to, 0), len(siblings) - 1)
        if old == new:
            return
        parent.remove(node)
        self.tree.insert(parent, node, new)
        # Order is seen by whoever reads the instances, place by what stands in them.
        for part in node.inside():
            self.mark_readers(part)
        self._mark_moved(parent, repeat, min(old, new))

    def check(self, nodes: list[InstanceNode]) -> None:
        """Look at the constraints of `nodes` again."""
        for node in nodes:
            self._mark_own_constraint(node)
            self.collected.touched[node] = None

    def _forget(self, node: InstanceNode) -> None:
        gone = set(node.inside())
        for part in list(gone):
            gone.update(part.ranges.values())
        for nodes in self._dirty.values():
            for part in gone & nodes.keys():
                del nodes[part]
        for part in gone:
            self.collected.touched.pop(part, None)
            self.collected.hidden.pop(part, None)

    @property
    def max_instances(self) -> int:
        """How many instances a repeat may have in one parent."""
        return MAX_INSTANCES

    def act_where_placed(self, action: Action, *, only_relevant: bool) -> None:
        """Run one setvalue for every instance of the node it stands in."""
        for node in self._instances(action.place):
            self.act(action, node, only_relevant=only_relevant)
            self.settle()

    def _instances(self, definition: NodeDefinition) -> list[InstanceNode]:
        single = self.tree.single[definition.index]
        if single is not None:
            return [single]
        return [n for n in self.tree.top.inside() if n.definition is definition]

    def act(self, action: Action, node: InstanceNode, *, only_relevant: bool = False) -> None:
        """Run one setvalue for the node it stands in."""
        frame = self.frame
        frame.current = node
        frame.position = frame.size = 1
        targets = action.targets.run(node, frame)
        for target in targets[:1]:
            if not isinstance(target, InstanceNode) or (only_relevant and not target.relevant):
                continue
            if action.value is None:
                self._put_computed(target, action.text)
                continue
            frame.current = target
            try:
                self._put_computed(target, action.value.run(target, frame))
            except TooMuchWork:
                self._put_computed(target, "")


def _filled(nodes: Iterable[InstanceNode]) -> list[InstanceNode]:
    """Those with a value: only a value can be at odds with a constraint."""
    return [node for node in nodes if node.text]


def _inside(instance: InstanceNode, place: NodeDefinition) -> InstanceNode:
    """The node of `place` in a repeat instance it belongs to."""
    steps: list[str] = []
    while place is not instance.definition and place.parent is not None:
        steps.append(place.name)
        place = place.parent
    found = _expand(instance, tuple(reversed(steps)))
    return found[0] if isinstance(found[0], InstanceNode) else instance


def _expand(start: Node, steps: tuple[str, ...]) -> list[Node]:
    nodes = [start]
    for step in steps:
        if step[0] == "@":
            nodes = [a for node in nodes for a in node.attributes if a.name == step[1:]]
        else:
            nodes = [child for node in nodes for child in node.named(step)]
    return nodes


_NOTHING_SAID: dict[VertexKind, Any] = {
    VertexKind.CALCULATE: "",
    VertexKind.RELEVANT: True,
    VertexKind.COUNT: float("nan"),
    VertexKind.CHOICES: [],
    VertexKind.REQUIRED: False,
    VertexKind.READONLY: False,
    VertexKind.CONSTRAINT: True,
    VertexKind.LABEL: (),
}

_STORE = {
    VertexKind.CALCULATE: Recompute._store_calculate,  # noqa: SLF001
    VertexKind.RELEVANT: Recompute._store_relevant,  # noqa: SLF001
    VertexKind.COUNT: Recompute._store_count,  # noqa: SLF001
    VertexKind.CHOICES: Recompute._store_choices,  # noqa: SLF001
    VertexKind.REQUIRED: Recompute._store_required,  # noqa: SLF001
    VertexKind.READONLY: Recompute._store_readonly,  # noqa: SLF001
    VertexKind.CONSTRAINT: Recompute._store_constraint,  # noqa: SLF001
    VertexKind.LABEL: Recompute._store_label,  # noqa: SLF001
}
