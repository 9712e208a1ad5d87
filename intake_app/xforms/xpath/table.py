"""Lists as tables: an item becomes a node when an expression comes to it, a leaf when it is read.

A form may have thousands of choices, and of a list that an answer filters a filling sees a few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from intake_app.xforms.xpath.nodes import Node

Columns = Mapping[str, Sequence[str]]
"""The texts of the leaves by name, each in the order of the items; as many of every name."""


class Table(Node):
    """An element with nothing in it but items called `item`, each with one leaf of every column.

    To expressions it is like any other node.
    """

    __slots__ = ("_children", "_numbers", "_rows", "columns", "item")

    def __init__(self, element: Node, item: str, columns: Columns) -> None:
        super().__init__("element", element.name, "", element.prefix, element.namespace)
        self.columns = columns
        self.item = item
        self._rows: dict[int, Row] = {}
        # By column: which items have a text there.
        self._numbers: dict[str, dict[str, list[int]]] = {}

    def row(self, number: int) -> Row:
        """The item with that number, from 0; the same node each time."""
        row = self._rows.get(number)
        if row is None:
            # A form may be in use by two threads: both must get the same.
            row = self._rows.setdefault(number, Row(self, number))
        return row

    def having(self, name: str, text: str) -> list[Node]:
        """The items whose leaf of that name has that text, in order."""
        numbers = self._numbers.get(name)
        if numbers is None:
            numbers = {}
            for number, found in enumerate(self.columns.get(name, ())):
                numbers.setdefault(found, []).append(number)
            self._numbers[name] = numbers  # whole, for another thread may look
        return [self.row(number) for number in numbers.get(text, ())]

    @property
    def children(self) -> list[Node]:
        """All items."""
        if not self._children:
            length = len(next(iter(self.columns.values())))
            self._children: list[Node] = [self.row(number) for number in range(length)]
        return self._children

    @children.setter
    def children(self, children: list[Node]) -> None:
        self._children = children


class Row(Node):
    """One item of a table. `number` is its place there, from 0."""

    __slots__ = ("_children", "number")

    def __init__(self, table: Table, number: int) -> None:
        super().__init__("element", table.item, "", "", table.namespace)
        self.parent: Table = table
        self.number = number

    @property
    def children(self) -> list[Node]:
        """The leaves."""
        if not self._children:
            made: list[Node] = []
            for name, column in self.parent.columns.items():
                leaf = Node("element", name, column[self.number], "", self.namespace)
                leaf.parent = self
                made.append(leaf)
            self._children: list[Node] = made
        return self._children

    @children.setter
    def children(self, children: list[Node]) -> None:
        self._children = children
