"""A filling as instance XML, the way it is submitted."""

from __future__ import annotations

from intake_app.xforms.definition import FormDefinition, NodeDefinition
from intake_app.xforms.instance import InstanceNode
from intake_app.xforms.preload import Clock, is_end_timestamp
from intake_app.xforms.xpath.dates import format_datetime

_OPENROSA = "http://openrosa.org/xforms"


def write_instance(form: FormDefinition, top: InstanceNode, host: Clock, own_id: str) -> bytes:
    """UTF-8 XML of all relevant nodes.

    A form without instanceID gets one, `own_id` (OpenRosa metadata requires it).
    """
    prefixes = _prefixes(form)
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _write(top, prefixes, parts, host, form, own_id=own_id)
    return "".join(parts).encode()


def _prefixes(form: FormDefinition) -> dict[str, str]:
    """Namespace → prefix, for every namespace a node or attribute of the instance uses."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    wanted: list[tuple[str, str]] = []
    for definition in form.model.by_index:
        if definition.prefix:
            wanted.append((definition.namespace, definition.prefix))
        wanted.extend((ns, prefix) for prefix, ns, _, _ in definition.attributes if ns)
    if not has_instance_id(form):
        wanted.append((_OPENROSA, "orx"))
    for namespace, prefix in wanted:
        if namespace in found or prefix == "xml":
            continue
        candidate, number = prefix or "ns", 1
        while candidate in taken:
            number += 1
            candidate = f"{prefix or 'ns'}{number}"
        taken.add(candidate)
        found[namespace] = candidate
    return found


def has_instance_id(form: FormDefinition) -> bool:
    """Whether the form itself has ``meta/instanceID``."""
    meta = form.model.root.children.get("meta")
    return meta is not None and "instanceID" in meta.children


def _name(definition: NodeDefinition, prefixes: dict[str, str]) -> str:
    prefix = prefixes.get(definition.namespace, "") if definition.prefix else ""
    return f"{prefix}:{definition.name}" if prefix else definition.name


def _attribute(own: str, namespace: str, name: str, value: str, prefixes: dict[str, str]) -> str:
    from xml.sax.saxutils import quoteattr  # brings a client for the web, which few ever need

    prefix = "xml" if own == "xml" else prefixes.get(namespace, "") if namespace else ""
    return f" {prefix}:{name}={quoteattr(value)}" if prefix else f" {name}={quoteattr(value)}"


def _write(
    node: InstanceNode,
    prefixes: dict[str, str],
    parts: list[str],
    host: Clock,
    form: FormDefinition,
    *,
    own_id: str | None = None,
) -> None:
    from xml.sax.saxutils import escape, quoteattr

    definition = node.definition
    name = _name(definition, prefixes)
    parts.append(f"<{name}")
    top = own_id is not None
    if top:
        if definition.namespace and not definition.prefix:
            parts.append(f" xmlns={quoteattr(definition.namespace)}")
        parts.extend(f" xmlns:{p}={quoteattr(ns)}" for ns, p in prefixes.items())
    for own, namespace, attribute, value in definition.attributes:
        parts.append(_attribute(own, namespace, attribute, value, prefixes))
    for bound in node.bound:
        if bound.relevant:
            value = format_datetime(host.now()) if is_end_timestamp(bound) else bound.text
            parts.append(_attribute(bound.prefix, bound.namespace, bound.name, value, prefixes))
    children = [child for child in node.elements() if child.relevant]
    text = node.text if not definition.children else ""
    if is_end_timestamp(node):
        text = format_datetime(host.now())
    extra = top and not has_instance_id(form)
    if not children and not text and not extra:
        parts.append("/>")
        return
    parts.append(">")
    if text:
        parts.append(escape(text, {"\r": "&#13;"}))
    for child in children:
        _write(child, prefixes, parts, host, form)
    if extra:
        prefix = prefixes[_OPENROSA]
        parts.append(
            f"<{prefix}:meta><{prefix}:instanceID>{own_id}</{prefix}:instanceID></{prefix}:meta>"
        )
    parts.append(f"</{name}>")
