"""Runs one recorded XPath row of the conformance data against the engine."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from intake_app.xforms.definition import NodeDefinition
from intake_app.xforms.errors import FormError
from intake_app.xforms.load_body import read_body, repeat_paths
from intake_app.xforms.load_instance import InstanceReader
from intake_app.xforms.xmltree import parse_xml
from intake_app.xforms.xpath.compile import compile_expression
from intake_app.xforms.xpath.nodes import Node
from intake_app.xforms.xpath.scope import Frame, Scope
from intake_app.xforms.xpath.values import boolean_of, number_of, text_of

ZONE = ZoneInfo("America/Phoenix")
NAMESPACES = {
    "xhtml": "http://www.w3.org/1999/xhtml",
    "h": "http://www.w3.org/1999/xhtml",
    "xf": "http://www.w3.org/2002/xforms",
    "jr": "http://openrosa.org/javarosa",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
_NS_DECLARATION = re.compile(r"xmlns:([\w.\-]+)\s*=\s*[\"']([^\"']*)[\"']")
_LANGUAGE = re.compile(r"in language '([^']+)'")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>]*>")


class RowHost:
    """A host over one document, with a fixed clock."""

    def __init__(
        self, root: Node, now: datetime, document: Node, language: str | None = None
    ) -> None:
        self._language = language
        self.root = root
        self.zone = ZONE
        self.indexes: dict[Any, dict[str, list[Node]]] = {}
        self._now = now
        self._document = document

    def now(self) -> datetime:
        return self._now

    def uuid(self) -> str:
        return str(UUID(int=0x1234))

    def random(self) -> float:
        return 0.25

    def instance(self, name: str) -> Node | None:
        for node in _all(self._document):
            if node.name == "instance" and node.get("id") == name:
                return node
        return None

    def itext(self, text_id: str) -> str:
        translations = [n for n in _all(self._document) if n.name == "translation"]
        active = [t for t in translations if t.get("lang") == self._language]
        default = [t for t in translations if any(a.name == "default" for a in t.attributes)]
        for translation in (*active, *default, *translations):
            for text in translation.named("text"):
                if text.get("id") == text_id:
                    plain = [v for v in text.named("value") if not v.get("form")]
                    return text_of(plain or [text]).strip()
        return ""

    def choice_label(self, question: Node, value: str) -> str:
        return ""


def _all(node: Node) -> list[Node]:
    found = [node]
    for child in node.children:
        found.extend(_all(child))
    return found


def locate(root: Node, path: str) -> Node:
    """A node by its child-index path (``/0/1``, ``/1/@id``)."""
    node = root
    for step in path.strip("/").split("/") if path != "/" else []:
        if step.startswith("@"):
            name = step[1:]
            node = next(
                a
                for a in node.attributes
                if (f"{a.prefix}:{a.name}" if a.prefix else a.name) == name
            )
        else:
            node = node.children[int(step)]
    return node


def address(node: Node) -> str:
    """The child-index path of a node."""
    steps: list[str] = []
    while node.parent is not None:
        if node.kind in ("attribute", "namespace"):
            prefix = "xmlns" if node.kind == "namespace" else node.prefix
            steps.append("@" + (f"{prefix}:{node.name}" if prefix else node.name))
        else:
            steps.append(
                str(next(i for i, child in enumerate(node.parent.children) if child is node))
            )
        node = node.parent
    return "/" + "/".join(reversed(steps))


def run_row(row: dict[str, Any]) -> str | None:
    """None when the engine gives the recorded result, else what it gave."""
    return _judge(row, _value(row))


def text_of_row(row: dict[str, Any]) -> str | None:
    """What the engine gives as a string; None when it gives nothing, or nodes."""
    try:
        value = _value(row)
    except Exception:  # noqa: BLE001 - such a row has no value to compare
        return None
    return None if isinstance(value, list) else text_of(value)


def _value(row: dict[str, Any]) -> Any:
    source = row["xml"]
    if row["xml"].lstrip().startswith("<!DOCTYPE"):
        # The recorded child indexes count the document type as a child of the document.
        source = _DOCTYPE.sub("<!--doctype-->", row["xml"], count=1)
    root = parse_xml(source.encode(), keep_text=True)
    context = locate(root, row["ctx"])
    namespaces = {**dict(_NS_DECLARATION.findall(row["xml"])), **NAMESPACES}
    scope = Scope(odk=bool(row["xforms"]), namespaces=namespaces, late=True)
    host_root = root
    if "h:html" in row["xml"] and "<h:body" in row["xml"] and "indexed-repeat" in row["expr"]:
        scope, host_root = _form_scope(root, context)
    if host_root is root:
        host_root = locate(root, row.get("root") or "/")
    active = _LANGUAGE.search(row["test"])
    language = active[1] if active else None
    host = RowHost(host_root, datetime(2026, 11, 21, 20, 0, tzinfo=UTC), root, language)
    frame = Frame(host, context)
    return compile_expression(row["expr"], scope).run(context, frame)


def _form_scope(root: Node, context: Node) -> tuple[Scope, Node]:
    """For rows about repeats: the scope of a form, its instance cut loose as a document."""
    data = next(n for n in _all(root) if n.name == "instance").children
    element = next(n for n in data if n.kind == "element")
    body = next(n for n in _all(root) if n.name == "body")
    reader = InstanceReader(repeat_paths(read_body(body, {}, f"/{element.name}")))
    reader.read(element)
    document = Node("root")
    document.append(element)
    names: list[str] = []
    place: Node | None = context
    while place is not None and place is not document:
        names.append(place.name)
        place = place.parent
    definition: NodeDefinition | None = reader.document
    for name in reversed(names):
        definition = definition.children.get(name) if definition is not None else None
    if definition is None:
        raise FormError("row", "no definition for the context")
    # Forms made elsewhere may name nodes that are not there.
    lenient: list[str] = []
    return Scope(
        document=reader.document, place=definition, current=definition, lenient=lenient
    ), document


def _judge(row: dict[str, Any], value: Any) -> str | None:
    kind, expected = row["kind"], row["expected"]
    if kind == "BooleanValue":
        result: Any = boolean_of(value)
        return None if result is expected else repr(result)
    if kind in ("NumberValue", "NumberRounded"):
        number = number_of(value, ZONE)
        wanted = float(str(expected).replace("Infinity", "inf"))
        if number == wanted or (math.isnan(number) and math.isnan(wanted)):
            return None
        factor = row.get("factor")
        if kind == "NumberRounded" and factor:
            if math.floor(number * factor + 0.5) == math.floor(wanted * factor + 0.5):
                return None
        elif math.isclose(number, wanted, rel_tol=1e-12, abs_tol=1e-12):
            return None
        return repr(number)
    if kind in ("NodeSet", "UnorderedNodeSet"):
        found = [address(node) for node in value]
        if kind == "UnorderedNodeSet":
            found, expected = sorted(found), sorted(expected)
        return None if found == expected else repr(found)
    text = text_of(value)
    if kind == "StringValue":
        return None if text == expected else repr(text)
    if kind == "StringLength":
        return None if len(text) == int(expected) else repr(text)
    if kind == "StringMatches":
        return None if re.search(expected, text) else repr(text)
    return f"unknown kind {kind}"
