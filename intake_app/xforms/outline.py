"""The outline of a filling: everything a person can go to, in the order of the form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from intake_app.xforms.definition import BodyItem, FormModel
from intake_app.xforms.instance import InstanceNode, InstanceTree
from intake_app.xforms.model import AnswerState, NodeKey, ProblemKind
from intake_app.xforms.pages import find


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """One line of the outline; `depth` counts from 0.

    kind "repeat" is the row of instances, "instance" one of them. `state` and `problem` are those
    of a question; groups have neither.
    """

    key: NodeKey
    kind: Literal["group", "repeat", "instance", "question"]
    depth: int
    relevant: bool
    state: AnswerState = AnswerState.NONE
    problem: ProblemKind | None = None


def outline(model: FormModel, tree: InstanceTree) -> Iterator[OutlineItem]:
    """Groups, repeats, their instances and questions, relevant or not."""
    yield from _walk(model.body, tree.top, tree, 0)


def _walk(
    items: list[BodyItem], context: InstanceNode, tree: InstanceTree, depth: int
) -> Iterator[OutlineItem]:
    for item in items:
        if item.kind == "repeat":
            yield from _repeat(item, context, tree, depth)
            continue
        node = find(tree, item.definition, context)
        if item.kind == "question":
            if node is not None:
                yield OutlineItem(
                    node.key, "question", depth, node.relevant, node.state, node.problem
                )
            continue
        if node is not None and not node.definition.is_repeat:
            yield OutlineItem(node.key, "group", depth, node.relevant)
            yield from _walk(item.children, context, tree, depth + 1)
        else:
            yield from _walk(item.children, context, tree, depth)


def _repeat(
    item: BodyItem, context: InstanceNode, tree: InstanceTree, depth: int
) -> Iterator[OutlineItem]:
    definition = item.definition
    if definition is None:
        return
    holder = find(tree, definition.parent, context)
    if holder is None:
        return
    around = holder.repeat_node
    key = NodeKey(definition.path, None if around is None else around.repeat_id)
    yield OutlineItem(key, "repeat", depth, holder.ranges[definition.name].relevant)
    for node in tree.instances(holder, definition):
        yield OutlineItem(node.key, "instance", depth + 1, node.relevant)
        yield from _walk(item.children, node, tree, depth + 2)
