"""One filling of a form as a tree: the nodes expressions see, with what is known about each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from intake_app.xforms.casting import cast_text
from intake_app.xforms.definition import FormModel, NodeDefinition, StaticChoice
from intake_app.xforms.load_instance import is_template
from intake_app.xforms.model import AnswerState, NodeKey, ProblemKind
from intake_app.xforms.xpath.nodes import Node

MAX_INSTANCES = 2_000
_NO_NODES: list[Node] = []


@dataclass(frozen=True, slots=True)
class OwnChoice:
    """A choice made from a node of the same filling (select from repeat)."""

    value: str
    label: str


Choice = StaticChoice | OwnChoice


class InstanceNode(Node):
    """A node of the primary instance.

    `mark` is the answer state of a node without a value. A repeat also has, per parent, one node
    that is not among the children: the range. It carries relevance and count when there are no
    instances. `bound` are the attributes that have a definition of their own.
    """

    __slots__ = (
        "bound",
        "choices",
        "definition",
        "key",
        "mark",
        "own_relevant",
        "problem",
        "ranges",
        "readonly",
        "repeat_id",
        "repeat_node",
        "required",
        "shown",
        "valid",
    )

    def __init__(
        self, definition: NodeDefinition, parent: Node | None, repeat_id: UUID | None = None
    ) -> None:
        name = definition.name
        if name[0] == "@":
            super().__init__("attribute", name[1:], "", definition.prefix, definition.namespace)
        else:
            super().__init__("element", name)
        self.definition = definition
        self.parent = parent
        self.data_type = definition.data_type
        self.repeat_id = repeat_id
        around = parent.repeat_node if isinstance(parent, InstanceNode) else None
        self.repeat_node: InstanceNode | None = self if repeat_id is not None else around
        self.key = NodeKey(
            definition.path, None if self.repeat_node is None else self.repeat_node.repeat_id
        )
        for prefix, namespace, name, text in definition.attributes:
            self.add_attribute(
                Node("attribute", name, text=text, prefix=prefix, namespace=namespace)
            )
        self.bound: tuple[InstanceNode, ...] = ()
        self.mark = AnswerState.NONE
        self.own_relevant = True
        self.required = False
        self.readonly = False
        self.valid = True
        self.choices: tuple[Choice, ...] | None = None
        self.shown: tuple[str, ...] | None = None
        self.problem: ProblemKind | None = None
        self.ranges: dict[str, InstanceNode] = {}

    @property
    def state(self) -> AnswerState:
        """The answer state: a value means answered."""
        return AnswerState.ANSWERED if self.text else self.mark

    def inside(self) -> Iterator[InstanceNode]:
        """This node and all below it, in document order."""
        yield self
        if self.bound:
            yield from self.bound
        for child in self.elements():
            # Most are leaves: a generator for each of those would cost more than the rest.
            if child.children or child.bound:
                yield from child.inside()
            else:
                yield child

    def elements(self) -> Iterator[InstanceNode]:
        """The children, which are all of this class."""
        for child in self.children:
            if isinstance(child, InstanceNode):
                yield child


class InstanceTree:
    """Builds and indexes the nodes of one filling."""

    def __init__(self, model: FormModel, new_id: Callable[[], UUID], *, initial: bool) -> None:
        self._model = model
        self._new_id = new_id
        self._initial = initial
        self.root = Node("root")
        self.by_key: dict[NodeKey, InstanceNode] = {}
        self.repeats: dict[UUID, InstanceNode] = {}
        self.single: list[InstanceNode | None] = [None] * len(model.by_index)
        top = self._build(model.root, model.instance, self.root, None)
        self.root.append(top)
        self.top = top

    def _build(
        self,
        definition: NodeDefinition,
        element: Node | None,
        parent: Node,
        repeat_id: UUID | None,
    ) -> InstanceNode:
        node = InstanceNode(definition, parent, repeat_id)
        node.relevant = parent.relevant
        self.by_key[node.key] = node
        if repeat_id is not None:
            self.repeats[repeat_id] = node
        if node.repeat_node is None:
            self.single[definition.index] = node
        if definition.bound:
            self._bind(node, element)
        if not definition.children:
            text = "" if element is None else element.text
            node.text = cast_text(text, definition.data_type, None) if text else ""
            return node
        children: list[Node] = []
        named: dict[str, list[Node]] = {}
        for name, child in definition.children.items():
            elements = _NO_NODES if element is None else element.named(name)
            if child.is_repeat:
                node.ranges[name] = _range(child, node)
                made: list[Node] = [
                    self._build(child, instance, node, self._new_id())
                    for instance in self._first_instances(child, elements)
                ]
            else:
                made = [self._build(child, elements[0] if elements else None, node, None)]
            children += made
            named[name] = made
        node.keep_children(children, named)
        return node

    def _bind(self, node: InstanceNode, element: Node | None) -> None:
        """The attributes of `node` that the form is about, with what they begin with."""
        made = []
        for definition in node.definition.bound.values():
            bound = InstanceNode(definition, node)
            node.add_attribute(bound)
            bound.relevant = node.relevant
            text = definition.default if element is None else element.get(bound.name)
            bound.text = cast_text(text, definition.data_type, None) if text else ""
            self.by_key[bound.key] = bound
            if bound.repeat_node is None:
                self.single[definition.index] = bound
            made.append(bound)
        node.bound = tuple(made)

    def _first_instances(self, repeat: NodeDefinition, elements: list[Node]) -> list[Node]:
        if not self._initial:
            return []
        found = [e for e in elements if not is_template(e)]
        if not found and repeat.fixed and repeat.count is None and repeat.template is not None:
            return [repeat.template]
        return found

    def instances(self, parent: InstanceNode, repeat: NodeDefinition) -> list[InstanceNode]:
        """The instances of `repeat` in `parent`, in order."""
        return [n for n in parent.named(repeat.name) if isinstance(n, InstanceNode)]

    def add(
        self,
        parent: InstanceNode,
        repeat: NodeDefinition,
        index: int,
        repeat_id: UUID | None = None,
    ) -> InstanceNode:
        """A new instance of `repeat` at `index` among those of `parent`."""
        node = self._build(repeat, repeat.template, parent, repeat_id or self._new_id())
        self.insert(parent, node, index)
        return node

    def insert(self, parent: InstanceNode, node: InstanceNode, index: int) -> None:
        """Put an instance in its place among its siblings, which keep definition order."""
        siblings = parent.named(node.name)
        if index < len(siblings):
            parent.insert(parent.children.index(siblings[index]), node)
            return
        if siblings:
            parent.insert(parent.children.index(siblings[-1]) + 1, node)
            return
        position = 0
        for child in parent.children:
            if isinstance(child, InstanceNode) and child.definition.index > node.definition.index:
                break
            position += 1
        parent.insert(position, node)

    def register(self, node: InstanceNode) -> None:
        """Make a subtree that was taken out findable again."""
        for part in node.inside():
            self.by_key[part.key] = part
            if part.repeat_id is not None:
                self.repeats[part.repeat_id] = part

    def remove(self, node: InstanceNode) -> None:
        """Take an instance out of the tree."""
        parent = node.parent
        if parent is None:
            return
        for part in node.inside():
            self.by_key.pop(part.key, None)
            if part.repeat_id is not None:
                self.repeats.pop(part.repeat_id, None)
        parent.remove(node)
        # The node keeps knowing where it was, so that it can come back.
        node.parent = parent


def _range(repeat: NodeDefinition, parent: InstanceNode) -> InstanceNode:
    node = InstanceNode(repeat, parent)
    node.relevant = parent.relevant
    return node
