"""Comparison, arithmetic and logic on compiled operands, specialised by their static types."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import tzinfo
from typing import Any

from intake_app.xforms.xpath.compiled import Compiled, Run
from intake_app.xforms.xpath.nodes import Node, string_value
from intake_app.xforms.xpath.scope import Frame
from intake_app.xforms.xpath.values import (
    Value,
    boolean_of,
    compare_order,
    number_of,
    text_of,
)


def logical(operator: str, operands: list[Compiled]) -> Compiled:
    """`and` / `or`, stopping at the first operand that decides."""
    tests = [operand.boolean() for operand in operands]
    if len(tests) == 2:
        left, right = tests
        if operator == "and":
            return Compiled("boolean", lambda n, f: left(n, f) and right(n, f))
        return Compiled("boolean", lambda n, f: left(n, f) or right(n, f))
    if operator == "and":
        return Compiled("boolean", lambda n, f: all(t(n, f) for t in tests))
    return Compiled("boolean", lambda n, f: any(t(n, f) for t in tests))


def negate(operand: Compiled, count: int) -> Compiled:
    """Unary minus."""
    number = operand.number()
    if count % 2 == 0:
        return Compiled("number", number)
    return Compiled("number", lambda n, f: -number(n, f))


def divide(a: float, b: float) -> float:
    """IEEE division, as XPath `div`."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def modulo(a: float, b: float) -> float:
    """The remainder with the sign of the dividend, as XPath `mod`."""
    if a != a or b != b or b == 0.0 or math.isinf(a):
        return math.nan
    return math.fmod(a, b)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "div": divide,
    "mod": modulo,
}


def arithmetic(first: Compiled, rest: list[tuple[str, Compiled]]) -> Compiled:
    """A chain of additive or multiplicative operators, from the left."""
    start = first.number()
    steps = [(_ARITHMETIC[operator], operand.number()) for operator, operand in rest]
    if len(steps) == 1:
        operation, second = steps[0]
        return Compiled("number", lambda n, f: operation(start(n, f), second(n, f)))

    def run(node: Node, frame: Frame) -> float:
        result = start(node, frame)
        for operation, operand in steps:
            result = operation(result, operand(node, frame))
        return result

    return Compiled("number", run)


def compare(operator: str, left: Compiled, right: Compiled, *, in_form: bool) -> Compiled:
    """One comparison (XPath 1.0 §3.4).

    In a form an empty node-set of answers compares as the empty string, as in JavaRosa: what is not
    relevant is unequal to 'yes', rather than neither equal nor unequal. A choice item without the
    child that is asked for stays neither.
    """
    if operator == "=" and in_form and left.child and isinstance(right.constant, str):
        run = _equality(operator == "=", left, right, in_form=True)
        return Compiled("boolean", run, equals=(left.child, right.constant))
    if operator in ("=", "!="):
        return Compiled("boolean", _equality(operator == "=", left, right, in_form=in_form))
    return Compiled("boolean", _order(operator, left, right, in_form=in_form))


def _is_set(operand: Compiled) -> bool:
    return operand.kind == "any" or (operand.kind == "nodes" and operand.single is None)


def _equality(wanted: bool, left: Compiled, right: Compiled, *, in_form: bool) -> Run:
    kinds = {left.kind, right.kind}
    if not in_form and "nodes" in kinds:
        return _general(lambda a, b, z: _equal(a, b, z) is wanted, left, right, in_form=False)
    if "any" in kinds or (_is_set(left) and "boolean" not in kinds) or _is_set(right):
        return _general(lambda a, b, z: _equal(a, b, z) is wanted, left, right, in_form=in_form)
    if "boolean" in kinds:
        left_truth, right_truth = left.boolean(), right.boolean()
        return lambda n, f: (left_truth(n, f) is right_truth(n, f)) is wanted
    if "number" in kinds:
        left_number, right_number = left.number(), right.number()
        return lambda n, f: (left_number(n, f) == right_number(n, f)) is wanted
    left_text, right_text = left.string(), right.string()
    if left.moment and right.moment:
        return lambda n, f: (left_text(n, f)[:10] == right_text(n, f)[:10]) is wanted
    if wanted:
        constant = right.constant
        if isinstance(constant, str):
            return lambda n, f: left_text(n, f) == constant
        return lambda n, f: left_text(n, f) == right_text(n, f)
    return lambda n, f: left_text(n, f) != right_text(n, f)


def _order(operator: str, left: Compiled, right: Compiled, *, in_form: bool) -> Run:
    test = compare_order(operator)
    if _is_set(left) or _is_set(right) or (not in_form and "nodes" in {left.kind, right.kind}):
        return _general(
            lambda a, b, z: test(number_of(a, z), number_of(b, z)),
            left,
            right,
            in_form=in_form,
            equality=False,
        )
    left_number, right_number = left.number(), right.number()
    return lambda n, f: test(left_number(n, f), right_number(n, f))


def _equal(a: Value, b: Value, zone: tzinfo | None) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return boolean_of(a) is boolean_of(b)
    if isinstance(a, float) or isinstance(b, float):
        return number_of(a, zone) == number_of(b, zone)
    return text_of(a) == text_of(b)


def _general(
    test: Callable[[Any, Any, tzinfo | None], bool],
    left: Compiled,
    right: Compiled,
    *,
    in_form: bool,
    equality: bool = True,
) -> Run:
    left_run, right_run = left.run, right.run
    a_blank = left.blank or (in_form and left.kind == "any")
    b_blank = right.blank or (in_form and right.kind == "any")

    def run(node: Node, frame: Frame) -> bool:
        zone = frame.host.zone
        a, b = left_run(node, frame), right_run(node, frame)
        if equality and isinstance(a, bool) and isinstance(b, list):
            b = boolean_of(b)
        elif equality and isinstance(b, bool) and isinstance(a, list):
            a = boolean_of(a)
        a_values = _members(a, blank=a_blank)
        b_values = _members(b, blank=b_blank)
        return any(test(x, y, zone) for x in a_values for y in b_values)

    return run


def _members(value: Value, *, blank: bool) -> list[Value]:
    if not isinstance(value, list):
        return [value]
    if not value and blank:
        return [""]
    return [string_value(node) for node in value]
