"""The four XPath types as Python values, and the conversions between them.

string → str, number → float, boolean → bool, node-set → list of Node in document order.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import tzinfo
from decimal import Decimal
from typing import TypeAlias

from intake_app.xforms.xpath.dates import days_of
from intake_app.xforms.xpath.nodes import Node, string_value, texts_of_nodes

Value: TypeAlias = str | float | bool | list[Node]

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


def number_of_text(text: str, zone: tzinfo | None) -> float:
    """XPath number(string), with dates and date-times counting as days (ODK)."""
    if text.isdecimal() and text.isascii():
        return float(text)
    text = text.strip(" \t\r\n")
    if not text:
        return math.nan
    if _NUMBER.fullmatch(text):
        return float(text)
    if len(text) >= 8 and text[4:5] == "-":
        return days_of(text, zone)
    return math.nan


def numbers_of_nodes(nodes: list[Node], zone: tzinfo | None) -> list[float]:
    """XPath number() of each node; one NaN when a node is blank, which makes the whole NaN."""
    texts = texts_of_nodes(nodes)
    if "" in texts:
        return [math.nan]
    # Most are whole numbers; a call for each of those would cost more than the rest.
    return [
        float(text) if text.isdecimal() and text.isascii() else number_of_text(text, zone)
        for text in texts
    ]


def text_of_number(number: float) -> str:
    """XPath string(number): no exponent, no trailing zeros, shortest that reads back the same."""
    if number != number:
        return "NaN"
    if number in (math.inf, -math.inf):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    text = repr(number)
    if "e" in text:
        text = format(Decimal(text), "f")
    return text.removesuffix(".0")


def text_of(value: Value) -> str:
    """XPath string()."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return string_value(value[0]) if value else ""
    return text_of_number(value)


def number_of(value: Value, zone: tzinfo | None) -> float:
    """XPath number()."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float):
        return value
    return number_of_text(text_of(value), zone)


def boolean_of(value: Value) -> bool:
    """XPath boolean(); a node of a form counts by its value, as in JavaRosa."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value != ""
    if isinstance(value, list):
        return bool(value) and boolean_of_node(value[0])
    return value == value and value != 0.0


def boolean_of_node(node: Node) -> bool:
    """Whether a node in a boolean place is true: by type in a form, by existing elsewhere."""
    if node.data_type is None or node.children:
        return True
    text = node.text
    if node.data_type in ("int", "decimal"):
        number = number_of_text(text, None)
        return number == number and number != 0.0
    if node.data_type == "boolean":
        return text in ("1", "true")
    return text != ""


def compare_order(operator: str) -> Callable[[float, float], bool]:
    """The Python comparison of an order operator."""
    return _ORDER[operator]


_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
