"""Compiling every expression of a form, in the place it belongs to, with errors that name it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from intake_app.xforms.definition import (
    Action,
    ChoiceList,
    Items,
    NodeDefinition,
    Output,
    StaticChoice,
)
from intake_app.xforms.errors import FormError
from intake_app.xforms.graph import Vertex, VertexKind
from intake_app.xforms.load_body import RawItem
from intake_app.xforms.load_texts import TextReader
from intake_app.xforms.xpath.ast import Expr
from intake_app.xforms.xpath.compile import compile_tree
from intake_app.xforms.xpath.compiled import Compiled, Run
from intake_app.xforms.xpath.errors import XPathError
from intake_app.xforms.xpath.nodes import Node
from intake_app.xforms.xpath.scope import Dependency, Frame, Scope, StaticNode
from intake_app.xforms.xpath.shapes import ShapedParser

FIRST_LOAD = "odk-instance-first-load"
EVERY_LOAD = "odk-instance-load"
VALUE_CHANGED = "xforms-value-changed"
NEW_REPEAT = "odk-new-repeat"
_EVENTS = frozenset({FIRST_LOAD, EVERY_LOAD, VALUE_CHANGED, NEW_REPEAT, "xforms-ready"})


class FormCompiler:
    """Compiles in one form; gathers the vertices of its graph and its actions."""

    def __init__(
        self,
        document: NodeDefinition,
        instances: frozenset[str],
        primary_id: str,
        nodes: Mapping[str, NodeDefinition],
        remarks: list[str] | None = None,
    ) -> None:
        self._trees: dict[str, Expr] = {}
        self._parser = ShapedParser()
        self._paths: dict[int, tuple[object, StaticNode | None, Any]] = {}
        self._remarks = remarks
        self._document = document
        self._instances = instances
        self._primary_id = primary_id
        self._nodes = nodes
        self.vertices: list[Vertex] = []
        self.first_load: list[Action] = []
        self.every_load: list[Action] = []
        self._choice_dependencies: dict[str, tuple[Dependency, ...]] = {}
        self._outputs: dict[tuple[str, str], tuple[Compiled, NodeDefinition | None]] = {}
        # Expressions in a language, by identity; kept, so that no other gets the same one.
        self._spoken: set[int] = set()
        self._kept: list[Compiled] = []
        self._output_dependencies: dict[int, tuple[Dependency, ...]] = {}

    @property
    def lenient(self) -> bool:
        """Whether the form was made elsewhere: what leads nowhere is noted, not refused."""
        return self._remarks is not None

    def _scope(self, place: NodeDefinition) -> Scope:
        return Scope(
            document=self._document,
            place=place,
            current=place,
            instances=self._instances,
            primary_id=self._primary_id,
            lenient=None if self._remarks is None else [],
            known=self._paths,
        )

    def _tree(self, source: str) -> Expr:
        tree = self._trees.get(source)
        if tree is None:
            tree = self._trees[source] = self._parser.parse(source)
        return tree

    def _compile(
        self, source: str, place: NodeDefinition, where: str, *, everything: bool = False
    ) -> tuple[Compiled, tuple[Dependency, ...]]:
        scope = self._scope(place)
        scope.everything = everything
        try:
            compiled = compile_tree(self._tree(source), scope)
        except XPathError as error:
            raise FormError(where, str(error)) from error
        if scope.spoken:
            self._spoken.add(id(compiled))
            self._kept.append(compiled)
        if self._remarks is not None and scope.lenient:
            self._remarks.extend(f"{where}: {remark}" for remark in scope.lenient)
        return compiled, tuple(scope.dependencies)

    # -- texts and choices ---------------------------------------------------------------------

    def output(
        self, source: str, place: NodeDefinition, where: str
    ) -> tuple[Compiled, NodeDefinition | None]:
        """An output in a text, and the select it shows when it is a plain path to one."""
        if not source.strip():
            raise FormError(where, "an output has no value")
        # The same output stands in a text once for every language.
        known = self._outputs.get((source, place.path))
        if known is not None:
            return known
        compiled, dependencies = self._compile(source, place, where)
        self._output_dependencies[id(compiled)] = dependencies
        question = None
        if compiled.single is not None and len(dependencies) == 1:
            target = dependencies[0].target
            question = target if isinstance(target, NodeDefinition) else None
        self._outputs[source, place.path] = compiled, question
        return compiled, question

    def nodeset(
        self, source: str, place: NodeDefinition, where: str
    ) -> tuple[Compiled, tuple[Dependency, ...]]:
        """The nodeset of an itemset."""
        compiled, dependencies = self._compile(source, place, f"{where}, itemset")
        if compiled.kind not in ("nodes", "any"):
            raise FormError(f"{where}, itemset", "the nodeset gives no nodes")
        self._choice_dependencies[place.path] = dependencies
        return compiled, dependencies

    def fixed_items(
        self,
        compiled: Compiled,
        items: Items,
        secondary: Mapping[str, Node],
    ) -> tuple[StaticChoice, ...] | None:
        """The choices of a nodeset that reads nothing of the answers; worked out once."""
        host = _StaticHost(secondary)
        try:
            nodes = compiled.run(host.root, Frame(host, host.root))
        except _NotStatic:
            return None
        return items.of(nodes)

    def own_nodes(
        self,
        source: str,
        value_ref: str,
        label_ref: str,
        definition: NodeDefinition,
        where: str,
    ) -> ChoiceList:
        """An itemset over nodes of the primary instance (choices from a repeat)."""
        scope = self._scope(definition)
        try:
            nodes = compile_tree(self._tree(source), scope)
            targets = [d.target for d in scope.dependencies if isinstance(d.target, NodeDefinition)]
            if nodes.kind != "nodes" or not targets:
                raise XPathError("the nodeset gives no nodes")
            item = targets[-1]
            inner = scope.inside(item, None)
            value = compile_tree(self._tree(value_ref), inner)
            label = compile_tree(self._tree(label_ref), inner)
        except XPathError as error:
            raise FormError(f"{where}, itemset", str(error)) from error
        self._choice_dependencies[definition.path] = tuple(scope.dependencies)
        return ChoiceList(
            definition.name, nodes=nodes, value=value, label=label, blanks=self.lenient
        )

    # -- binds ---------------------------------------------------------------------------------

    def bind(self, definition: NodeDefinition, texts: TextReader) -> None:
        """Compile the bind, choices and outputs of one definition into vertices."""
        bind = definition.bind
        if bind is not None:
            where = f"bind {definition.path}"
            for kind, source in (
                (VertexKind.CALCULATE, bind.calculate),
                (VertexKind.RELEVANT, bind.relevant),
                (VertexKind.REQUIRED, bind.required),
                (VertexKind.READONLY, bind.readonly),
                (VertexKind.CONSTRAINT, bind.constraint),
            ):
                if source:
                    self._expression(kind, source, definition, f"{where}, {kind.value}")
            name = definition.name
            bind.constraint_message = texts.attribute(
                bind.constraint_source, "constraint", name, definition
            )
            bind.required_message = texts.attribute(
                bind.required_source, "required", name, definition
            )
            if bind.calculate and definition.children:
                raise FormError(f"{where}, calculate", "a group cannot have a calculated value")
        self._choices(definition)
        self._labels(definition)

    def _expression(
        self, kind: VertexKind, source: str, definition: NodeDefinition, where: str
    ) -> None:
        compiled, dependencies = self._compile(source, definition, where)
        run: Run = compiled.run if kind is VertexKind.CALCULATE else compiled.boolean()
        spoken = id(compiled) in self._spoken
        self.vertices.append(Vertex(kind, definition, run, dependencies, spoken=spoken))

    def _choices(self, definition: NodeDefinition) -> None:
        control = definition.control
        if control is None or control.choices is None or control.choices.nodes is None:
            return
        dependencies = self._choice_dependencies.get(definition.path, ())
        self.vertices.append(
            Vertex(
                VertexKind.CHOICES,
                definition,
                control.choices.nodes.run,
                dependencies,
                choices=control.choices,
            )
        )

    def _labels(self, definition: NodeDefinition) -> None:
        control = definition.control
        texts = (
            (control.label, control.hint, control.guidance)
            if control is not None
            else (definition.label,)
        )
        outputs: list[Output] = []
        for text in texts:
            if text is not None:
                outputs += text.outputs()
        if not outputs:
            return
        distinct = {id(o.compiled): o.compiled for o in outputs}
        runs = [compiled.string() for compiled in distinct.values()]
        dependencies = tuple(d for key in distinct for d in self._output_dependencies.get(key, ()))
        self.vertices.append(
            Vertex(
                VertexKind.LABEL,
                definition,
                lambda node, frame: tuple(run(node, frame) for run in runs),
                dependencies,
                outputs=tuple(outputs),
                spoken=not self._spoken.isdisjoint(distinct),
            )
        )

    # -- repeats and actions -------------------------------------------------------------------

    def repeat(self, raw: RawItem, nodes: Mapping[str, NodeDefinition]) -> None:
        """Compile jr:count of a repeat."""
        definition = nodes[raw.path]
        definition.fixed = raw.element.get("noAddRemove").replace(" ", "") == "true()"
        source = raw.element.get("count").strip()
        if source:
            compiled, dependencies = self._compile(
                source, definition, f"repeat {raw.path}, jr:count"
            )
            definition.count = compiled
            self.vertices.append(
                Vertex(VertexKind.COUNT, definition, compiled.number(), dependencies)
            )

    def action(self, element: Node, place: NodeDefinition, bind_ids: Mapping[str, str]) -> None:
        """Compile a setvalue that stands in `place` (a question, a repeat, or the model)."""
        target = (element.get("ref") or element.get("nodeset")).strip()
        bind = element.get("bind")
        where = f"setvalue {target or bind}"
        target = target or bind_ids.get(bind, "")
        if not target:
            raise FormError(where, "has no ref")
        events = frozenset(element.get("event").split())
        if not events:
            raise FormError(where, "has no event")
        unknown = events - _EVENTS
        if unknown:
            raise FormError(where, f"unknown event {min(unknown)}")
        compiled, dependencies = self._compile(target, place, f"{where}, ref", everything=True)
        if compiled.kind != "nodes" or not dependencies:
            raise FormError(where, "the ref gives no node")
        destination = dependencies[-1].target
        if not isinstance(destination, NodeDefinition) or destination.children:
            raise FormError(where, "only a question or a value can be set")
        value = None
        source = element.get("value").strip()
        if source:
            # The value is evaluated in the node that is set (XForms 1.1, §10.2).
            value, _ = self._compile(source, destination, f"{where}, value")
        action = Action(events, place, compiled, value, element.text.strip())
        if FIRST_LOAD in events or "xforms-ready" in events:
            self.first_load.append(action)
        if EVERY_LOAD in events:
            self.every_load.append(action)
        if VALUE_CHANGED in events:
            place.actions.append(action)
        if NEW_REPEAT in events:
            repeat = place.enclosing
            if repeat is None:
                raise FormError(where, "odk-new-repeat outside a repeat")
            repeat.new_repeat_actions.append(action)


class _NotStatic(Exception):
    """The expression asks for something that differs from moment to moment."""


class _StaticHost:
    """A host that has only the secondary instances."""

    def __init__(self, secondary: Mapping[str, Node]) -> None:
        self._secondary = secondary
        self.root = Node("root")
        self.zone: tzinfo | None = None
        self.indexes: dict[object, dict[str, list[Node]]] = {}

    def instance(self, name: str) -> Node | None:
        return self._secondary.get(name)

    def now(self) -> datetime:
        raise _NotStatic

    def uuid(self) -> str:
        raise _NotStatic

    def random(self) -> float:
        raise _NotStatic

    def itext(self, text_id: str) -> str:  # noqa: ARG002
        raise _NotStatic

    def choice_label(self, question: Node, value: str) -> str:  # noqa: ARG002
        raise _NotStatic
