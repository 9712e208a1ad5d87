"""Reading the body: controls, groups, repeats, choices and actions, in the order of the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from intake_app.xforms.definition import ItemKind
from intake_app.xforms.errors import FormError
from intake_app.xforms.load_instance import plain_path
from intake_app.xforms.xpath.nodes import Node

CONTROLS = {
    "input": "input",
    "secret": "input",
    "textarea": "input",
    "select1": "select1",
    "select": "select",
    "rank": "rank",
    "range": "range",
    "trigger": "trigger",
    "upload": "upload",
}
_COMMON = frozenset({"ref", "nodeset", "bind", "appearance", "class", "id", "query"})
_IGNORED = frozenset({"label", "hint", "help", "item", "itemset", "value", "alert", "tag"})


@dataclass(slots=True)
class RawItem:
    """One body element with the path it is about ("" for a group that only groups)."""

    element: Node
    kind: ItemKind
    path: str
    children: list[RawItem] = field(default_factory=list)
    actions: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[RawItem]:
        """This item and all below, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_body(body: Node | None, bind_ids: Mapping[str, str], root: str) -> list[RawItem]:
    """The elements of the body as a tree, their references made absolute."""
    if body is None:
        return []
    return _items(body, root, bind_ids, [])


def _items(
    parent: Node, context: str, bind_ids: Mapping[str, str], actions: list[Node]
) -> list[RawItem]:
    items: list[RawItem] = []
    for element in parent.children:
        if element.kind != "element" or element.name in _IGNORED:
            continue
        name = element.name
        if name == "setvalue":
            actions.append(element)
            continue
        if name in ("setgeopoint", "recordaudio"):
            raise FormError(f"{name} in {context}", "this action is not supported")
        path = _reference(element, context, bind_ids)
        if name == "group":
            item = RawItem(element, "group", path)
            item.children = _items(element, path or context, bind_ids, item.actions)
        elif name == "repeat":
            if not path:
                raise FormError(f"repeat in {context}", "has no nodeset")
            item = RawItem(element, "repeat", path)
            item.children = _items(element, path, bind_ids, item.actions)
        elif name in CONTROLS:
            if not path:
                raise FormError(f"{name} in {context}", "has no ref")
            item = RawItem(element, "question", path)
            _items(element, path, bind_ids, item.actions)
        else:
            raise FormError(f"body {context}", f"unknown element {name}")
        items.append(item)
    return items


def _reference(element: Node, context: str, bind_ids: Mapping[str, str]) -> str:
    bind = element.get("bind")
    if bind:
        path = bind_ids.get(bind)
        if path is None:
            raise FormError(f"{element.name} in {context}", f"there is no bind {bind!r}")
        return path
    reference = (element.get("ref") or element.get("nodeset")).strip()
    if not reference:
        return ""
    return absolute(plain_path(reference), context)


def absolute(reference: str, context: str) -> str:
    """`reference` as an absolute path, when it is a plain one."""
    if reference.startswith("/"):
        return reference.rstrip("/")
    steps = context.strip("/").split("/")
    for step in reference.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step.startswith("current()") or step in (".", ""):
            continue
        else:
            steps.append(step)
    return "/" + "/".join(steps)


def repeat_paths(items: list[RawItem]) -> frozenset[str]:
    """The paths of all repeats."""
    return frozenset(i.path for top in items for i in top.walk() if i.kind == "repeat")


def parameters(element: Node) -> dict[str, str]:
    """The attributes of a control that are particular to it."""
    if _COMMON.issuperset(element.values()):
        return {}
    return {name: text for name, text, _, _ in element.written() if name not in _COMMON}
