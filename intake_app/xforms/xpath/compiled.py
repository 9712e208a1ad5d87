"""A compiled expression: a closure with the type of its result, and ready-made conversions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from intake_app.xforms.xpath.errors import XPathError
from intake_app.xforms.xpath.nodes import Node, string_value
from intake_app.xforms.xpath.scope import Frame
from intake_app.xforms.xpath.values import (
    Value,
    boolean_of,
    boolean_of_node,
    number_of,
    number_of_text,
    text_of,
    text_of_number,
)

Kind = Literal["string", "number", "boolean", "nodes", "any"]
Run: TypeAlias = Callable[[Node, Frame], Any]


@dataclass(slots=True, eq=False)  # not frozen: thousands are made for one form
class Compiled:
    """`run(context node, frame)` gives a value of `kind` ("any": known only when run).

    `single`, when present, finds the one node of a node-set that always has exactly one.
    `constant` is the value when it does not depend on anything. `blank` says that nothing found
    compares as the empty string, as what is not relevant does in a form (JavaRosa). `moment` says
    that a string is a date or date-time made by a function: two of those are equal when their
    local dates are (JavaRosa). `child` is set when `single` finds the child of that name; `equals`
    when all that is asked is whether the child of that name has that text.
    """

    kind: Kind
    run: Run
    single: Run | None = None
    constant: Value | None = None
    blank: bool = False
    moment: bool = False
    child: str = ""
    equals: tuple[str, str] | None = None

    def string(self) -> Callable[[Node, Frame], str]:
        """The expression as XPath string()."""
        run = self.run
        if self.kind == "string":
            return run
        if self.kind == "number":
            return lambda node, frame: text_of_number(run(node, frame))
        if self.single is not None:
            single = self.single

            def text(node: Node, frame: Frame) -> str:
                found = single(node, frame)
                if found.children:
                    return string_value(found)
                return str(found.text) if found.relevant else ""

            return text
        return lambda node, frame: text_of(run(node, frame))

    def number(self) -> Callable[[Node, Frame], float]:
        """The expression as XPath number()."""
        run = self.run
        if self.kind == "number":
            return run
        if self.constant is not None and isinstance(self.constant, str):
            text = self.constant
            return lambda _node, frame: number_of_text(text, frame.host.zone)
        if self.kind == "string" or self.single is not None:
            string = self.string()
            return lambda node, frame: number_of_text(string(node, frame), frame.host.zone)
        return lambda node, frame: number_of(run(node, frame), frame.host.zone)

    def boolean(self) -> Callable[[Node, Frame], bool]:
        """The expression as XPath boolean()."""
        run = self.run
        if self.kind == "boolean":
            return run
        if self.kind == "string":
            return lambda node, frame: run(node, frame) != ""
        if self.single is not None:
            single = self.single

            def truth(node: Node, frame: Frame) -> bool:
                found = single(node, frame)
                return found.relevant and boolean_of_node(found)

            return truth
        return lambda node, frame: boolean_of(run(node, frame))

    def nodes(self, what: str) -> Callable[[Node, Frame], list[Node]]:
        """The expression as a node-set. Raises XPathError when it can never be one."""
        if self.kind == "nodes":
            return self.run
        if self.kind != "any":
            raise XPathError(f"{what} needs a node-set, not a {self.kind}")
        run = self.run

        def checked(node: Node, frame: Frame) -> list[Node]:
            value = run(node, frame)
            return value if isinstance(value, list) else []

        return checked


def string_constant(value: str) -> Compiled:
    """A compiled string literal."""
    return Compiled("string", lambda _node, _frame: value, constant=value)


def number_constant(value: float) -> Compiled:
    """A compiled number literal."""
    return Compiled("number", lambda _node, _frame: value, constant=value)


def boolean_constant(value: bool) -> Compiled:
    """A compiled true() or false()."""
    return Compiled("boolean", lambda _node, _frame: value, constant=value)
