"""The core function library of XPath 1.0 (§4)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from intake_app.xforms.xpath.ast import Call, NodeTest, Path, Step
from intake_app.xforms.xpath.compiled import Compiled, boolean_constant
from intake_app.xforms.xpath.dates import utc_days_of
from intake_app.xforms.xpath.functions.base import (
    Compile,
    Function,
    Functions,
    of_numbers,
    of_texts,
)
from intake_app.xforms.xpath.nodes import Node, in_document_order, root_of, string_value
from intake_app.xforms.xpath.scope import Frame, Scope
from intake_app.xforms.xpath.values import number_of_text, numbers_of_nodes

_SPACES = re.compile(r"[ \t\r\n]+")


def argument_or_context(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    """The only argument, or the context node when there is none."""
    if call.arguments:
        return compile_(call.arguments[0], scope)
    return compile_(Path("context", (), (Step("self", NodeTest("node")),)), scope)


def normalize_space(text: str) -> str:
    """XPath normalize-space()."""
    return _SPACES.sub(" ", text).strip(" ")


def translate(text: str, source: str, target: str) -> str:
    """XPath translate()."""
    table: dict[int, str | None] = {}
    for index, letter in enumerate(source):
        table.setdefault(ord(letter), target[index] if index < len(target) else None)
    return text.translate(table)


def xpath_round(number: float) -> float:
    """XPath round(): halves go up, also below zero."""
    if number != number or math.isinf(number):
        return number
    return float(math.floor(number + 0.5))


def floor(number: float) -> float:
    """XPath floor()."""
    return number if number != number or math.isinf(number) else float(math.floor(number))


def ceiling(number: float) -> float:
    """XPath ceiling()."""
    return number if number != number or math.isinf(number) else float(math.ceil(number))


def substring(text: str, start: float, length: float) -> str:
    """XPath substring(): positions from 1, arguments rounded."""
    first = xpath_round(start)
    last = first + xpath_round(length)
    return "".join(c for i, c in enumerate(text, 1) if i >= first and i < last)


def _string(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    return Compiled("string", argument_or_context(call, scope, compile_).string())


def _number(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    argument = argument_or_context(call, scope, compile_)
    if argument.kind != "string" or argument.moment:
        return Compiled("number", argument.number())
    text = argument.string()

    def run(node: Node, frame: Frame) -> float:
        found = text(node, frame)
        if "T" in found and not math.isnan(days := utc_days_of(found.strip(), frame.host.zone)):
            # A text in the form of a date-time: whole days since 1970-01-01 UTC (ODK XForms).
            return float(math.floor(days))
        return number_of_text(found, frame.host.zone)

    return Compiled("number", run)


def _boolean(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    return Compiled("boolean", argument_or_context(call, scope, compile_).boolean())


def _string_length(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    text = argument_or_context(call, scope, compile_).string()
    return Compiled("number", lambda n, f: float(len(text(n, f))))


def _normalize_space(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    text = argument_or_context(call, scope, compile_).string()
    return Compiled("string", lambda n, f: normalize_space(text(n, f)))


def _not(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    truth = compile_(call.arguments[0], scope).boolean()
    return Compiled("boolean", lambda n, f: not truth(n, f))


def _count(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    nodes = compile_(call.arguments[0], scope).nodes("count()")
    return Compiled("number", lambda n, f: float(len(nodes(n, f))))


def _sum(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    nodes = compile_(call.arguments[0], scope).nodes("sum()")

    def run(node: Node, frame: Frame) -> float:
        total = 0.0
        for number in numbers_of_nodes(nodes(node, frame), frame.host.zone):
            total += number
        return total

    return Compiled("number", run)


def _concat(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    parts = [compile_(a, scope) for a in call.arguments]
    runs = [
        _all_texts(p) if p.kind == "nodes" and p.single is None and scope.odk else p.string()
        for p in parts
    ]
    return Compiled("string", lambda n, f: "".join([run(n, f) for run in runs]))


def _all_texts(part: Compiled) -> Callable[[Node, Frame], str]:
    run = part.run
    return lambda n, f: "".join([string_value(found) for found in run(n, f)])


def _substring(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    text = compile_(call.arguments[0], scope).string()
    start = compile_(call.arguments[1], scope).number()
    if len(call.arguments) == 2:
        return Compiled("string", lambda n, f: substring(text(n, f), start(n, f), math.inf))
    length = compile_(call.arguments[2], scope).number()
    return Compiled("string", lambda n, f: substring(text(n, f), start(n, f), length(n, f)))


def _position(_call: Call, _scope: Scope, _compile: Compile) -> Compiled:
    return Compiled("number", lambda _node, frame: float(frame.position))


def _last(_call: Call, _scope: Scope, _compile: Compile) -> Compiled:
    return Compiled("number", lambda _node, frame: float(frame.size))


def _name_of(part: Callable[[Node], str]) -> Function:
    def build(call: Call, scope: Scope, compile_: Compile) -> Compiled:
        nodes = argument_or_context(call, scope, compile_).nodes("name()")

        def run(node: Node, frame: Frame) -> str:
            found = nodes(node, frame)
            return part(found[0]) if found else ""

        return Compiled("string", run)

    return Function(0, 1, build)


def _qualified(node: Node) -> str:
    return f"{node.prefix}:{node.name}" if node.prefix else node.name


def _id(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    argument = compile_(call.arguments[0], scope)
    nodes = argument.run if argument.kind == "nodes" else None
    text = argument.string()

    def run(node: Node, frame: Frame) -> list[Node]:
        values = [string_value(n) for n in nodes(node, frame)] if nodes else [text(node, frame)]
        wanted = {token for value in values for token in value.split()}
        found: list[Node] = []
        stack = [root_of(node)]
        while stack:
            candidate = stack.pop()
            identity = candidate.get("id")
            if identity and identity in wanted:
                found.append(candidate)
                wanted.discard(identity)
            stack.extend(reversed(candidate.children))
        return in_document_order(found)

    return Compiled("nodes", run)


def _lang(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    wanted = compile_(call.arguments[0], scope).string()

    def run(node: Node, frame: Frame) -> bool:
        language = wanted(node, frame).lower()
        place: Node | None = node
        while place is not None:
            for attribute in place.attributes:
                if attribute.name == "lang" and attribute.prefix == "xml":
                    found = attribute.text.lower()
                    return found == language or found.startswith(f"{language}-")
            place = place.parent
        return False

    return Compiled("boolean", run)


FUNCTIONS: Functions = {
    "boolean": Function(1, 1, _boolean),
    "ceiling": of_numbers(1, ceiling),
    "concat": Function(0, None, _concat),
    "contains": of_texts("boolean", 2, lambda a, b: b in a),
    "count": Function(1, 1, _count),
    "false": Function(0, 0, lambda _c, _s, _x: boolean_constant(value=False)),
    "floor": of_numbers(1, floor),
    "id": Function(1, 1, _id),
    "lang": Function(1, 1, _lang),
    "last": Function(0, 0, _last),
    "local-name": _name_of(lambda node: node.name),
    "name": _name_of(_qualified),
    "namespace-uri": _name_of(lambda node: node.namespace),
    "normalize-space": Function(0, 1, _normalize_space),
    "not": Function(1, 1, _not),
    "number": Function(0, 1, _number),
    "position": Function(0, 0, _position),
    "round": of_numbers(1, xpath_round),
    "starts-with": of_texts("boolean", 2, lambda a, b: a.startswith(b)),
    "string": Function(0, 1, _string),
    "string-length": Function(0, 1, _string_length),
    "substring": Function(2, 3, _substring),
    "substring-after": of_texts("string", 2, lambda a, b: a.partition(b)[2] if b else a),
    "substring-before": of_texts(
        "string", 2, lambda a, b: a.partition(b)[0] if b and b in a else ""
    ),
    "sum": Function(1, 1, _sum),
    "translate": of_texts("string", 3, translate),
    "true": Function(0, 0, lambda _c, _s, _x: boolean_constant(value=True)),
}
