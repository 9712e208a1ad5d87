"""A filling as a snapshot, and back."""

from __future__ import annotations

from intake_app.xforms.definition import FormDefinition
from intake_app.xforms.errors import FormError
from intake_app.xforms.instance import InstanceNode, InstanceTree
from intake_app.xforms.model import AnswerState, NodeKey, Snapshot, StoredAnswer, StoredRepeat


def snapshot_of(form: FormDefinition, tree: InstanceTree) -> Snapshot:
    """All answers, states and repeat instances in `tree`, hidden ones included."""
    answers: list[StoredAnswer] = []
    repeats: list[StoredRepeat] = []
    positions: dict[tuple[int, str], int] = {}
    for node in tree.top.inside():
        definition = node.definition
        if node.repeat_id is not None:
            place = (id(node.parent), definition.path)
            position = positions.get(place, 0)
            positions[place] = position + 1
            around = node.parent.repeat_node if isinstance(node.parent, InstanceNode) else None
            outer = None if around is None else around.repeat_id
            repeats.append(StoredRepeat(definition.path, node.repeat_id, outer, position))
        if definition.children:
            continue
        if node.text or node.mark is not AnswerState.NONE or definition.default:
            answers.append(StoredAnswer(node.key, node.text, node.state))
    return Snapshot(form.form_id, form.structure_hash, tuple(answers), tuple(repeats))


def restore(form: FormDefinition, tree: InstanceTree, snapshot: Snapshot) -> None:
    """Fill an empty tree. Raises FormError when the snapshot is of another form or structure."""
    if snapshot.form_id != form.form_id or (
        snapshot.structure_hash and snapshot.structure_hash != form.structure_hash
    ):
        raise FormError("snapshot", "belongs to another form or version")
    waiting = sorted(snapshot.repeats, key=lambda r: (r.path.count("/"), r.position))
    for stored in waiting:
        definition = form.model.nodes.get(stored.path)
        if definition is None or not definition.is_repeat or definition.parent is None:
            raise FormError("snapshot", f"{stored.path} is no repeat of this form")
        holder = tree.by_key.get(NodeKey(definition.parent.path, stored.parent))
        if holder is None or stored.id in tree.repeats:
            raise FormError("snapshot", f"an instance of {stored.path} has no place")
        index = len(tree.instances(holder, definition))
        tree.add(holder, definition, index, stored.id)
    for answer in snapshot.answers:
        node = tree.by_key.get(answer.key)
        if node is None or node.definition.children:
            raise FormError("snapshot", f"{answer.key.path} has no place in this form")
        node.text = answer.value
        node.mark = AnswerState.NONE if answer.value else answer.state
        if node.mark is AnswerState.ANSWERED:
            node.mark = AnswerState.NONE
