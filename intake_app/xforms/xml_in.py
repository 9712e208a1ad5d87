"""Instance XML, as it is submitted, read back into a filling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from intake_app.xforms.definition import FormDefinition, NodeDefinition
from intake_app.xforms.errors import FormError
from intake_app.xforms.load_instance import is_template
from intake_app.xforms.model import AnswerState, NodeKey, Snapshot, StoredAnswer, StoredRepeat
from intake_app.xforms.xmltree import parse_xml
from intake_app.xforms.xpath.nodes import Node

MAX_VALUES = 500_000


@dataclass(frozen=True, slots=True)
class ReadInstance:
    """A filling from XML.

    `orphans` are the path and text of elements the form has no place for: kept aside, never
    dropped. `instance_id` is the text of ``meta/instanceID``, "" when there is none.
    """

    snapshot: Snapshot
    orphans: tuple[tuple[str, str], ...]
    instance_id: str


def read_instance(form: FormDefinition, xml: bytes, uuid: Callable[[], UUID]) -> ReadInstance:
    """The filling in `xml`; `uuid` names its repeat instances.

    Values are taken as they are written, in the order of the document. What is not in the XML (it
    was not relevant) has no value. Raises FormError when the XML is broken, has a DTD, or belongs
    to another form.
    """
    tree = parse_xml(xml, place="instance")
    elements = [child for child in tree.children if child.kind == "element"]
    root = form.model.root
    if not elements or elements[0].name != root.name:
        raise FormError("instance", f"the root element is not {root.name}")
    identity = elements[0].get("id")
    if identity and identity != form.form_id:
        raise FormError("instance", "belongs to another form")
    reader = _Reader(uuid)
    reader.read(elements[0], root, None)
    snapshot = Snapshot(form.form_id, "", tuple(reader.answers), tuple(reader.repeats))
    return ReadInstance(snapshot, tuple(reader.orphans), reader.instance_id)


class _Reader:
    def __init__(self, uuid: Callable[[], UUID]) -> None:
        self._uuid = uuid
        self.answers: list[StoredAnswer] = []
        self.repeats: list[StoredRepeat] = []
        self.orphans: list[tuple[str, str]] = []
        self.instance_id = ""

    def read(self, element: Node, definition: NodeDefinition, repeat: UUID | None) -> None:
        for bound in definition.bound.values():
            text = element.get(bound.name[1:])
            state = AnswerState.ANSWERED if text else AnswerState.NONE
            self.answers.append(StoredAnswer(NodeKey(bound.path, repeat), text, state))
        if len(self.answers) > MAX_VALUES:
            raise FormError("instance", f"more than {MAX_VALUES} values")
        if not definition.children:
            text = element.text
            if definition.path.endswith("/meta/instanceID"):
                self.instance_id = text
            state = AnswerState.ANSWERED if text else AnswerState.NONE
            self.answers.append(StoredAnswer(NodeKey(definition.path, repeat), text, state))
            if any(child.kind == "element" for child in element.children):
                self._orphan(element, definition.path)
            return
        counts: dict[str, int] = {}
        found: set[str] = set()
        for child in element.children:
            if child.kind != "element" or is_template(child):
                continue
            part = definition.children.get(child.name)
            path = f"{definition.path}/{child.name}"
            if part is None:
                if path.endswith("/meta"):
                    self.instance_id = "".join(n.text for n in child.named("instanceID"))
                else:
                    self._orphan(child, path)
            elif part.is_repeat:
                position = counts.get(part.name, 0)
                counts[part.name] = position + 1
                instance = self._uuid()
                self.repeats.append(StoredRepeat(part.path, instance, repeat, position))
                self.read(child, part, instance)
            elif part.name in found:
                self._orphan(child, path)
            else:
                found.add(part.name)
                self.read(child, part, repeat)
        for part in definition.children.values():
            if part.name not in found and not part.is_repeat:
                self._absent(part, repeat)

    def _absent(self, definition: NodeDefinition, repeat: UUID | None) -> None:
        """What was left out has no value; without this it would get its default again."""
        for bound in definition.bound.values():
            self.answers.append(StoredAnswer(NodeKey(bound.path, repeat), "", AnswerState.NONE))
        if not definition.children:
            key = NodeKey(definition.path, repeat)
            self.answers.append(StoredAnswer(key, "", AnswerState.NONE))
        for part in definition.children.values():
            if not part.is_repeat:
                self._absent(part, repeat)

    def _orphan(self, element: Node, path: str) -> None:
        below = [child for child in element.children if child.kind == "element"]
        if not below:
            self.orphans.append((path, element.text))
        for child in below:
            self._orphan(child, f"{path}/{child.name}")
