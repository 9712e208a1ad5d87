"""The syntax tree of an expression. Chains of one precedence are flat, not nested.

Never changed once made, yet not frozen: thousands are made for a form, and freezing triples that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as Choice
from typing import TypeAlias


@dataclass(slots=True)
class Number:
    """A number literal."""

    value: float


@dataclass(slots=True)
class Literal:
    """A string literal."""

    value: str


@dataclass(slots=True)
class Negate:
    """Unary minus, `count` times."""

    operand: Expr
    count: int


@dataclass(slots=True)
class Logical:
    """`and` or `or` over two or more operands."""

    operator: Choice["and", "or"]
    operands: tuple[Expr, ...]


@dataclass(slots=True)
class Compare:
    """One comparison."""

    operator: Choice["=", "!=", "<", "<=", ">", ">="]
    left: Expr
    right: Expr


@dataclass(slots=True)
class Arithmetic:
    """A chain of additive or of multiplicative operators, evaluated from the left."""

    first: Expr
    rest: tuple[tuple[Choice["+", "-", "*", "div", "mod"], Expr], ...]


@dataclass(slots=True)
class Union:
    """`a | b | …`."""

    operands: tuple[Expr, ...]


@dataclass(slots=True)
class Call:
    """A function call; `name` as written, with its prefix."""

    name: str
    arguments: tuple[Expr, ...]


@dataclass(slots=True)
class NodeTest:
    """What a step selects: `kind` "name" (local may be ``*``), or a node type test."""

    kind: Choice["name", "node", "text", "comment", "processing-instruction"]
    prefix: str = ""
    local: str = "*"


@dataclass(slots=True)
class Step:
    """One location step."""

    axis: str
    test: NodeTest
    predicates: tuple[Expr, ...] = ()


@dataclass(slots=True)
class Path:
    """A location path or filter expression.

    `start` is "root" for ``/…``, "context" for a relative path, or the expression before the first
    slash; `predicates` belong to that expression.
    """

    start: Choice["root", "context"] | Expr
    predicates: tuple[Expr, ...]
    steps: tuple[Step, ...]


Expr: TypeAlias = Number | Literal | Negate | Logical | Compare | Arithmetic | Union | Call | Path


def children(expr: Expr) -> Iterator[Expr]:
    """The direct sub-expressions of `expr`, predicates included."""
    match expr:
        case Negate(operand=operand):
            yield operand
        case Logical(operands=operands) | Union(operands=operands):
            yield from operands
        case Compare(left=left, right=right):
            yield left
            yield right
        case Arithmetic(first=first, rest=rest):
            yield first
            for _, operand in rest:
                yield operand
        case Call(arguments=arguments):
            yield from arguments
        case Path(start=start, predicates=predicates, steps=steps):
            if not isinstance(start, str):
                yield start
            yield from predicates
            for step in steps:
                yield from step.predicates
        case Number() | Literal():
            return


def walk(expr: Expr) -> Iterator[Expr]:
    """`expr` and everything below it, outermost first."""
    stack = [expr]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(children(node))
