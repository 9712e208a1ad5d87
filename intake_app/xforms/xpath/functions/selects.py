"""Selects and conditions: selected(), if(), coalesce(), checklists."""

from __future__ import annotations

from intake_app.xforms.xpath.ast import Call
from intake_app.xforms.xpath.compiled import Compiled, Kind, Run
from intake_app.xforms.xpath.errors import XPathError
from intake_app.xforms.xpath.functions.base import Compile, Function, Functions, of_text, of_texts
from intake_app.xforms.xpath.nodes import Node, string_value
from intake_app.xforms.xpath.scope import Frame, Scope
from intake_app.xforms.xpath.values import boolean_of, text_of


def selected(values: str, value: str) -> bool:
    """ODK selected(): whether `value` is one of the space separated `values`."""
    if " " not in values:
        return values == value
    return f" {value} " in f" {values} "


def selected_at(values: str, index: float) -> str:
    """ODK selected-at(): counted from 0, "" outside."""
    parts = values.split()
    if index != index or index < 0 or index >= len(parts):
        return ""
    return parts[int(index)]


def _selected_at(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    values = compile_(call.arguments[0], scope).string()
    index = compile_(call.arguments[1], scope).number()
    return Compiled("string", lambda n, f: selected_at(values(n, f), index(n, f)))


def _if(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    truth = compile_(call.arguments[0], scope).boolean()
    yes = compile_(call.arguments[1], scope)
    no = compile_(call.arguments[2], scope)
    yes_run, no_run = yes.run, no.run
    kind: Kind = yes.kind if yes.kind == no.kind else "any"
    return Compiled(kind, lambda n, f: yes_run(n, f) if truth(n, f) else no_run(n, f))


def _coalesce(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    runs = [compile_(a, scope).run for a in call.arguments]

    def run(node: Node, frame: Frame) -> object:
        value: object = ""
        for part in runs:
            value = part(node, frame)
            if isinstance(value, float):
                if value == value:
                    return value
                value = ""
            elif isinstance(value, bool) or text_of(value) != "":  # type: ignore[arg-type]
                return value
        return value

    return Compiled("any", run)


def _once(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    # Reads the context node without depending on it: the point is not to run again.
    first = compile_(call.arguments[0], scope).string()

    def run(node: Node, frame: Frame) -> str:
        here = node if node.kind == "element" else frame.current
        return here.text if here.text and not here.children else first(node, frame)

    def run_mixed(node: Node, frame: Frame) -> str:
        existing = text_of([node])
        return existing or first(node, frame)

    return Compiled("string", run if scope.in_form else run_mixed)


def _checklist(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    least = compile_(call.arguments[0], scope).number()
    most = compile_(call.arguments[1], scope).number()
    items = [compile_(a, scope) for a in call.arguments[2:]]
    runs = [(item.run, item.kind == "nodes") for item in items]

    def run(node: Node, frame: Frame) -> bool:
        count = 0
        for part, is_set in runs:
            value = part(node, frame)
            if is_set and isinstance(value, list):
                count += sum(1 for found in value if string_value(found))
            elif boolean_of(value):
                count += 1
        low, high = least(node, frame), most(node, frame)
        return (low < 0 or count >= low) and (high < 0 or count <= high)

    return Compiled("boolean", run)


def _weighted_checklist(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    if len(call.arguments) % 2:
        raise XPathError("weighted-checklist() needs a weight for every value")
    least = compile_(call.arguments[0], scope).number()
    most = compile_(call.arguments[1], scope).number()
    parts = [compile_(a, scope) for a in call.arguments[2:]]
    pairs = list(zip(parts[::2], parts[1::2], strict=True))

    def run(node: Node, frame: Frame) -> bool:
        total = 0.0
        for item, weight in pairs:
            if item.kind == "nodes" and weight.kind == "nodes":
                weights = weight.run(node, frame)
                for index, found in enumerate(item.run(node, frame)):
                    if string_value(found) and index < len(weights):
                        total += Compiled("nodes", _constant([weights[index]])).number()(
                            node, frame
                        )
            elif (
                item.string()(node, frame) if item.kind == "nodes" else item.boolean()(node, frame)
            ):
                total += weight.number()(node, frame)
        low, high = least(node, frame), most(node, frame)
        return (low < 0 or total >= low) and (high < 0 or total <= high)

    return Compiled("boolean", run)


def _constant(nodes: list[Node]) -> Run:
    return lambda _node, _frame: nodes


FUNCTIONS: Functions = {
    "checklist": Function(2, None, _checklist),
    "coalesce": Function(1, None, _coalesce),
    "count-selected": of_text("number", lambda values: float(len(values.split()))),
    "if": Function(3, 3, _if),
    "once": Function(1, 1, _once),
    "selected": of_texts("boolean", 2, lambda a, b: selected(a.strip(), b.strip())),
    "selected-at": Function(2, 2, _selected_at),
    "weighted-checklist": Function(2, None, _weighted_checklist),
}
