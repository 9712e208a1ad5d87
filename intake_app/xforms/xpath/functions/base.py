"""What a function is to the compiler, and helpers that most of them share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from intake_app.xforms.xpath.ast import Call, Expr
from intake_app.xforms.xpath.compiled import Compiled, Kind
from intake_app.xforms.xpath.scope import Frame, Scope


class Compile(Protocol):
    """Compiles a sub-expression in a scope."""

    def __call__(self, expr: Expr, scope: Scope) -> Compiled: ...


Build: TypeAlias = Callable[[Call, Scope, Compile], Compiled]


@dataclass(frozen=True, slots=True)
class Function:
    """`build` compiles a call whose number of arguments is between `least` and `most`."""

    least: int
    most: int | None
    build: Build


Functions: TypeAlias = Mapping[str, Function]


def of_text(kind: Kind, act: Callable[[str], Any]) -> Function:
    """A function of one string."""

    def build(call: Call, scope: Scope, compile_: Compile) -> Compiled:
        text = compile_(call.arguments[0], scope).string()
        return Compiled(kind, lambda n, f: act(text(n, f)))

    return Function(1, 1, build)


def of_texts(kind: Kind, count: int, act: Callable[..., Any]) -> Function:
    """A function of `count` strings."""

    def build(call: Call, scope: Scope, compile_: Compile) -> Compiled:
        texts = [compile_(a, scope).string() for a in call.arguments]
        if len(texts) == 2:
            first, second = texts
            return Compiled(kind, lambda n, f: act(first(n, f), second(n, f)))
        return Compiled(kind, lambda n, f: act(*[text(n, f) for text in texts]))

    return Function(count, count, build)


def of_numbers(count: int, act: Callable[..., float]) -> Function:
    """A function of `count` numbers that gives a number."""

    def build(call: Call, scope: Scope, compile_: Compile) -> Compiled:
        numbers = [compile_(a, scope).number() for a in call.arguments]
        if len(numbers) == 1:
            only = numbers[0]
            return Compiled("number", lambda n, f: act(only(n, f)))
        return Compiled("number", lambda n, f: act(*[number(n, f) for number in numbers]))

    return Function(count, count, build)


def from_host(kind: Kind, act: Callable[[Frame], Any]) -> Function:
    """A function without arguments that asks the host."""

    def build(_call: Call, _scope: Scope, _compile: Compile) -> Compiled:
        return Compiled(kind, lambda _node, frame: act(frame))

    return Function(0, 0, build)
