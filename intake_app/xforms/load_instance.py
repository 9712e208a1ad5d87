"""Reading the primary instance and its binds into definitions."""

from __future__ import annotations

from collections.abc import Mapping

from intake_app.xforms.casting import TYPES
from intake_app.xforms.definition import Bind, NodeDefinition
from intake_app.xforms.errors import FormError
from intake_app.xforms.xpath.nodes import Node

JAVAROSA = "http://openrosa.org/javarosa"
ODK = "http://www.opendatakit.org/xforms"

_KNOWN_BIND = frozenset(
    {
        "nodeset",
        "ref",
        "id",
        "type",
        "relevant",
        "required",
        "readonly",
        "constraint",
        "calculate",
        "constraintMsg",
        "requiredMsg",
        "preload",
        "preloadParams",
        "saveIncomplete",
        "max-pixels",
        "noAddRemove",
    }
)
_PRELOADS = frozenset({"uid", "date", "timestamp", "property", "context", "patient", "customText"})


class InstanceReader:
    """Builds the tree of definitions; `nodes` has them by path, in document order.

    `attributes` are the paths (``/data/meta/entity/@id``) of the attributes that something in the
    form is about; they become definitions too, the others only go along.
    """

    def __init__(self, repeats: frozenset[str], attributes: frozenset[str] = frozenset()) -> None:
        self._repeats = repeats
        self._attributes = attributes
        self.nodes: dict[str, NodeDefinition] = {}
        self.ordered: list[NodeDefinition] = []
        self.document = NodeDefinition("", "", None, -1)

    def read(self, element: Node) -> NodeDefinition:
        """The definition of the primary instance's root element and all below."""
        root = self._define(element, self.document)
        if root.is_repeat:
            raise FormError(f"repeat {root.path}", "the whole form cannot be a repeat")
        missing = self._repeats - self.nodes.keys()
        if missing:
            path = min(missing)
            raise FormError(f"repeat {path}", "there is no such node in the instance")
        return root

    def _define(self, element: Node, parent: NodeDefinition) -> NodeDefinition:
        path = f"{parent.path}/{element.name}"
        definition = NodeDefinition(element.name, path, parent, len(self.ordered))
        definition.prefix = element.prefix
        definition.namespace = element.namespace
        written = element.written()
        if written:
            definition.attributes = tuple(
                (prefix, namespace, name, text)
                for name, text, prefix, namespace in written
                if not (namespace == JAVAROSA and name == "template")
                and f"{path}/@{name}" not in self._attributes
            )
        definition.is_repeat = path in self._repeats
        definition.repeat = None if parent is self.document else parent.enclosing
        parent.children[element.name] = definition
        self.nodes[path] = definition
        self.ordered.append(definition)
        if self._attributes:
            self._bound(element, definition)
        self._children(element, definition)
        return definition

    def _bound(self, element: Node, definition: NodeDefinition) -> None:
        for attribute in element.attributes:
            path = f"{definition.path}/@{attribute.name}"
            if path not in self._attributes:
                continue
            bound = NodeDefinition(f"@{attribute.name}", path, definition, len(self.ordered))
            bound.prefix, bound.namespace = attribute.prefix, attribute.namespace
            bound.default = attribute.text
            bound.repeat = definition.enclosing
            definition.bound[bound.name] = bound
            self.nodes[path] = bound
            self.ordered.append(bound)

    def _children(self, element: Node, definition: NodeDefinition) -> None:
        elements = [c for c in element.children if c.kind == "element"]
        if not elements:
            if not definition.children:
                definition.default = definition.default or element.text
            return
        for child in elements:
            path = f"{definition.path}/{child.name}"
            known = self.nodes.get(path)
            if known is None:
                known = self._define(child, definition)
                if known.is_repeat:
                    known.template = child
            elif known.is_repeat:
                if _is_template(child):
                    known.template = child
                self._children(child, known)
            elif definition.enclosing is None:
                raise FormError(path, "occurs twice but is not a repeat")
            else:
                self._children(child, known)


def _is_template(element: Node) -> bool:
    return any(a[0] == "template" and a[3] == JAVAROSA for a in element.written())


def is_template(element: Node) -> bool:
    """Whether the element is marked ``jr:template``."""
    return _is_template(element)


def read_binds(
    model: Node, nodes: Mapping[str, NodeDefinition], root: str, remarks: list[str] | None
) -> None:
    """Attach every bind to its definition. Several binds of one node may not contradict.

    With `remarks` a bind of a node that is not there is noted instead of refused.
    """
    for element in model.named("bind"):
        nodeset = (element.get("nodeset") or element.get("ref")).strip()
        place = f"bind {nodeset}"
        path = nodeset if nodeset.startswith("/") else f"{root}/{nodeset}"
        path = _plain(path)
        definition = nodes.get(path)
        if definition is None:
            if remarks is None:
                raise FormError(place, "there is no such node in the instance")
            remarks.append(f"{place}: there is no such node in the instance")
            continue
        bind = _bind(element, nodeset, place)
        if definition.bind is not None:
            _merge(definition.bind, bind, place)
        else:
            definition.bind = bind
        if element.get("type"):
            definition.data_type = bind.data_type


def _merge(first: Bind, second: Bind, place: str) -> None:
    """Several binds of one node count as one, unless they contradict each other."""
    for name in (
        "relevant",
        "required",
        "readonly",
        "constraint",
        "calculate",
        "constraint_source",
        "required_source",
        "preload",
        "preload_parameters",
    ):
        mine, other = getattr(first, name), getattr(second, name)
        if mine and other and mine != other:
            raise FormError(place, f"two binds of this node give a different {name}")
        setattr(first, name, mine or other)
    first.attributes = {**first.attributes, **second.attributes}


def _plain(path: str) -> str:
    """A path without the prefixes authors write on its steps."""
    if ":" not in path and " " not in path:
        return path
    return "/".join(_local(step) for step in path.split("/"))


def _local(step: str) -> str:
    step = step.strip()
    name = step.rpartition(":")[2].strip()
    return f"@{name}" if step.startswith("@") and not name.startswith("@") else name


plain_path = _plain


def bound_attributes(tree: Node, root: str) -> frozenset[str]:
    """The absolute paths of all attributes that a bind or an action of the form is about."""
    found: set[str] = set()
    waiting = [tree]
    while waiting:
        element = waiting.pop()
        if element.name in ("bind", "setvalue"):
            path = (element.get("nodeset") or element.get("ref")).strip()
            if "@" in path and "[" not in path:
                found.add(_plain(path if path.startswith("/") else f"{root}/{path}"))
        if element.name not in ("instance", "itext", "itemset", "label"):
            waiting.extend(c for c in element.children if c.kind == "element")
    return frozenset(found)


def _bind(element: Node, nodeset: str, place: str) -> Bind:
    written = element.values()
    declared = written.get("type", "").strip()
    local = declared.rpartition(":")[2]
    if declared and local not in TYPES:
        raise FormError(place, f"unknown type {declared!r}")
    data_type = TYPES.get(local, "string")
    get = written.get
    preload = get("preload", "")
    if preload and preload not in _PRELOADS:
        raise FormError(place, f"unknown preload {preload!r}")
    custom: dict[str, str] = {}
    if not _KNOWN_BIND.issuperset(written):
        custom = {name: text for name, text, _, _ in element.written() if name not in _KNOWN_BIND}
    return Bind(
        nodeset,
        data_type,
        relevant=get("relevant", "").strip(),
        required=get("required", "").strip(),
        readonly=get("readonly", "").strip(),
        constraint=get("constraint", "").strip(),
        calculate=get("calculate", "").strip(),
        constraint_source=get("constraintMsg", ""),
        required_source=get("requiredMsg", ""),
        preload=preload,
        preload_parameters=get("preloadParams", ""),
        attributes=custom,
    )
