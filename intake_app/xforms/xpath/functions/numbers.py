"""Numbers: rounding, extremes, powers and the trigonometric functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation

from intake_app.xforms.xpath.ast import Call
from intake_app.xforms.xpath.compiled import Compiled
from intake_app.xforms.xpath.functions.base import (
    Compile,
    Function,
    Functions,
    from_host,
    of_numbers,
)
from intake_app.xforms.xpath.functions.core import xpath_round
from intake_app.xforms.xpath.nodes import Node
from intake_app.xforms.xpath.scope import Frame, Scope
from intake_app.xforms.xpath.values import numbers_of_nodes


def truncate(number: float) -> float:
    """ODK int(): towards zero."""
    return number if number != number or math.isinf(number) else float(math.trunc(number))


def round_to(number: float, digits: float) -> float:
    """ODK round(number, digits): halves towards positive infinity, as JavaRosa."""
    if number != number or math.isinf(number) or digits != digits or math.isinf(digits):
        return number
    if not -400 < digits < 400:
        return number if digits > 0 else 0.0
    quantum = Decimal(1).scaleb(-int(digits))
    mode = ROUND_HALF_UP if number >= 0 else ROUND_HALF_DOWN
    try:
        return float(Decimal(repr(number)).quantize(quantum, rounding=mode))
    except InvalidOperation:
        return number


def _guarded(act: Callable[..., float]) -> Callable[..., float]:
    def run(*numbers: float) -> float:
        try:
            return float(act(*numbers))
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError, TypeError):
            return math.nan

    return run


def power(base: float, exponent: float) -> float:
    """pow() as IEEE: no exceptions, NaN for roots of negative numbers."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.inf if base == 0.0 else math.nan


def logarithm(act: Callable[[float], float]) -> Callable[[float], float]:
    """A logarithm that gives -Infinity for zero and NaN below."""

    def run(number: float) -> float:
        if number == 0.0:
            return -math.inf
        return act(number) if number > 0 else math.nan

    return run


def _round(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    number = compile_(call.arguments[0], scope).number()
    if len(call.arguments) == 1:
        return Compiled("number", lambda n, f: xpath_round(number(n, f)))
    digits = compile_(call.arguments[1], scope).number()
    return Compiled("number", lambda n, f: round_to(number(n, f), digits(n, f)))


def _extreme(pick: Callable[[list[float]], float]) -> Function:
    def build(call: Call, scope: Scope, compile_: Compile) -> Compiled:
        parts = [compile_(a, scope) for a in call.arguments]
        runs = [(p.run, p.number(), p.kind == "nodes") for p in parts]

        def run(node: Node, frame: Frame) -> float:
            zone = frame.host.zone
            numbers: list[float] = []
            for nodes, number, is_set in runs:
                if is_set:
                    numbers += numbers_of_nodes(nodes(node, frame), zone)
                else:
                    numbers.append(number(node, frame))
            if not numbers or any(map(math.isnan, numbers)):
                return math.nan
            return pick(numbers)

        return Compiled("number", run)

    return Function(0, None, build)


FUNCTIONS: Functions = {
    "abs": of_numbers(1, abs),
    "acos": of_numbers(1, _guarded(math.acos)),
    "asin": of_numbers(1, _guarded(math.asin)),
    "atan": of_numbers(1, math.atan),
    "atan2": of_numbers(2, math.atan2),
    "cos": of_numbers(1, _guarded(math.cos)),
    "exp": of_numbers(1, _guarded(math.exp)),
    "exp10": of_numbers(1, lambda number: power(10.0, number)),
    "int": of_numbers(1, truncate),
    "log": of_numbers(1, logarithm(math.log)),
    "log10": of_numbers(1, logarithm(math.log10)),
    "max": _extreme(max),
    "min": _extreme(min),
    "pi": from_host("number", lambda _frame: math.pi),
    "pow": of_numbers(2, power),
    "random": from_host("number", lambda frame: frame.host.random()),
    "round": Function(1, 2, _round),
    "sin": of_numbers(1, _guarded(math.sin)),
    "sqrt": of_numbers(1, _guarded(math.sqrt)),
    "tan": of_numbers(1, _guarded(math.tan)),
}
