"""Reading the choices of selects: inline items and itemsets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from intake_app.xforms.compiling import FormCompiler
from intake_app.xforms.definition import (
    ChoiceList,
    Items,
    NodeDefinition,
    StaticChoice,
    TextDefinition,
)
from intake_app.xforms.definition import Template as TextTemplate
from intake_app.xforms.errors import FormError
from intake_app.xforms.load_texts import TextReader
from intake_app.xforms.model import TextRef
from intake_app.xforms.xpath.nodes import Node, string_value
from intake_app.xforms.xpath.table import Row, Table

_SECONDARY = re.compile(r"""\s*(?:randomize\(\s*)?instance\(\s*(?:'([^']+)'|"([^"]+)")\s*\)""")
_DYNAMIC_ITEXT = re.compile(r"\s*jr:itext\(\s*([\w.\-]+)\s*\)\s*")


class NodeItems:
    """Choices by the identity of the nodes they were read from."""

    def __init__(self, choices: Mapping[int, StaticChoice]) -> None:
        self._choices = choices

    def of(self, nodes: Iterable[Node]) -> tuple[StaticChoice, ...]:
        """The choices these nodes are, in order, without nodes that are none."""
        choices = self._choices
        return tuple([choices[id(node)] for node in nodes if id(node) in choices])

    def valued(self, value: str) -> StaticChoice | None:
        """The first choice with that value."""
        return next((c for c in self._choices.values() if c.value == value), None)


class TableItems:
    """The rows of a table as choices, each made (of its number) when it is first offered."""

    def __init__(
        self, table: Table, values: list[str], make: Callable[[int], StaticChoice]
    ) -> None:
        self._table = table
        self._values = values
        self._make = make
        self._made: dict[int, StaticChoice] = {}

    def of(self, nodes: Iterable[Node]) -> tuple[StaticChoice, ...]:
        """The choices these nodes are, in order, without nodes that are none."""
        table = self._table
        return tuple(
            [self._choice(n.number) for n in nodes if type(n) is Row and n.parent is table]
        )

    def valued(self, value: str) -> StaticChoice | None:
        """The first choice with that value."""
        try:
            return self._choice(self._values.index(value))
        except ValueError:
            return None

    def _choice(self, number: int) -> StaticChoice:
        choice = self._made.get(number)
        if choice is None:
            # One for all sessions, also those in other threads: choices are told apart by identity.
            choice = self._made.setdefault(number, self._make(number))
        return choice


class ChoiceReader:
    """Reads the choices of every select; items of one instance are read once."""

    def __init__(
        self, texts: TextReader, compiler: FormCompiler, secondary: Mapping[str, Node]
    ) -> None:
        self._texts = texts
        self._compiler = compiler
        self._secondary = secondary
        self._items: dict[tuple[str, str, str], Items] = {}
        self._fixed: dict[tuple[str, str, str], tuple[StaticChoice, ...]] = {}

    def knows(self, list_name: str) -> bool:
        """Whether there is a secondary instance of this name."""
        return list_name in self._secondary

    def read(
        self, element: Node, definition: NodeDefinition, *, by_query: bool = False
    ) -> ChoiceList:
        """The choice list of one select. Raises FormError when it has none or a broken one."""
        place = f"{element.name} {definition.path}"
        if by_query:
            return self._nodeset(element.get("query"), "name", "label", definition, place)
        itemsets = element.named("itemset")
        if itemsets:
            return self._itemset(itemsets[0], definition, place)
        fixed: list[StaticChoice] = []
        for item in element.named("item"):
            values = item.named("value")
            if not values:
                raise FormError(place, "an item has no value")
            value = values[0].text.strip()
            name = f"{definition.name}/{value}"
            text = None
            for label in item.named("label")[:1]:
                text = self._texts.element(label, "choice", name, definition)
            fixed.append(StaticChoice(value, text or _plain(name, value)))
        return ChoiceList(definition.name, tuple(fixed))

    def _itemset(self, itemset: Node, definition: NodeDefinition, place: str) -> ChoiceList:
        value_ref = _child_ref(itemset, "value", place)
        label_ref = _child_ref(itemset, "label", place)
        return self._nodeset(itemset.get("nodeset"), value_ref, label_ref, definition, place)

    def _nodeset(
        self,
        nodeset: str,
        value_ref: str,
        label_ref: str,
        definition: NodeDefinition,
        place: str,
    ) -> ChoiceList:
        match = _SECONDARY.match(nodeset)
        if match is None or (match[1] or match[2]) not in self._secondary:
            return self._compiler.own_nodes(nodeset, value_ref, label_ref, definition, place)
        list_name = str(match[1] or match[2])
        items = self._read_items(list_name, value_ref, label_ref, definition, place)
        # What depends on no answer is the same for every question that chooses from it.
        known = self._fixed.get((nodeset, value_ref, label_ref))
        if known is not None:
            return ChoiceList(list_name, known, items=items)
        compiled, dependencies = self._compiler.nodeset(nodeset, definition, place)
        if not dependencies and not _volatile(nodeset):
            fixed = self._compiler.fixed_items(compiled, items, self._secondary)
            if fixed is not None:
                self._fixed[nodeset, value_ref, label_ref] = fixed
                return ChoiceList(list_name, fixed, items=items)
        return ChoiceList(list_name, nodes=compiled, items=items)

    def _read_items(
        self,
        list_name: str,
        value_ref: str,
        label_ref: str,
        definition: NodeDefinition,
        place: str,
    ) -> Items:
        key = (list_name, value_ref, label_ref)
        known = self._items.get(key) or self._plain_items(
            list_name, value_ref, label_ref, definition
        )
        if known is not None:
            self._items[key] = known
            return known
        found: dict[int, StaticChoice] = {}
        itext = _DYNAMIC_ITEXT.fullmatch(label_ref)
        for item in _items(self._secondary[list_name]):
            values = item.named(value_ref)
            if not values and not self._compiler.lenient:
                continue
            # Elsewhere an item without a value is a choice that clears the answer.
            value = string_value(values[0]).strip() if values else ""
            name = f"{list_name}/{value}"
            text: TextDefinition | None = None
            if itext:
                for reference in item.named(itext[1])[:1]:
                    text = self._texts.itext(reference.text.strip(), "choice", name, definition)
            else:
                for label in item.named(label_ref)[:1]:
                    text = _plain(name, string_value(label).strip())
            found[id(item)] = StaticChoice(value, text or _plain(name, value))
        if not found and not self._compiler.lenient:
            first = next(
                (c for c in self._secondary[list_name].children if c.kind == "element"), None
            )
            if any(item is not first for item in _items(self._secondary[list_name])):
                raise FormError(place, f"no item of instance {list_name!r} has a {value_ref}")
        self._items[key] = known = NodeItems(found)
        return known

    def _plain_items(
        self, list_name: str, value_ref: str, label_ref: str, definition: NodeDefinition
    ) -> Items | None:
        """The items of a list with one value and one label each, their texts made when shown.

        None when the list is in any way different.
        """
        itext = _DYNAMIC_ITEXT.fullmatch(label_ref)
        instance = self._secondary[list_name]
        label_name = itext[1] if itext else label_ref
        root = instance.children[0] if len(instance.children) == 1 else None
        items: list[Node] = []
        if isinstance(root, Table):
            values, labels = _column(root, value_ref), _column(root, label_name)
        else:
            items = _items(instance)[1:]
            values, labels = _leaves(items, value_ref), _leaves(items, label_name)
        if not values or not labels:
            return None
        texts = self._texts
        if itext and not texts.all_plain(labels):
            return None

        def choice(number: int) -> StaticChoice:
            value, label = values[number], labels[number]
            name = f"{list_name}/{value}"

            def text() -> TextDefinition:
                made = texts.itext(label, "choice", name, definition) if itext else None
                return made or _plain(name, value if itext else label)

            return StaticChoice(value, text)

        if isinstance(root, Table):
            return TableItems(root, values, choice)
        return NodeItems({id(item): choice(number) for number, item in enumerate(items)})


def query_instance(element: Node) -> str:
    """The list an input chooses from by its ``query``, "" when it has none."""
    query = element.get("query") if element.name == "input" else ""
    match = _SECONDARY.match(query) if query else None
    return "" if match is None else str(match[1] or match[2])


def _plain(name: str, text: str) -> TextDefinition:
    return TextDefinition(TextRef("choice", name), TextTemplate(text))


def _volatile(nodeset: str) -> bool:
    return any(f in nodeset for f in ("random", "now(", "today(", "uuid("))


def _column(table: Table, name: str) -> list[str] | None:
    found = table.columns.get(name)
    return None if found is None else [text.strip() for text in found]


def _leaves(items: list[Node], name: str) -> list[str] | None:
    """The text of the one leaf called `name` in each item; None when one has another number."""
    found: list[str] = []
    for item in items:
        same = item.named(name)
        if len(same) != 1 or same[0].children:
            return None
        found.append(same[0].text.strip())
    return found


def _items(node: Node) -> list[Node]:
    """The elements below `node` that hold something, in document order."""
    found: list[Node] = []
    stack = [c for c in reversed(node.children) if c.children and c.kind == "element"]
    while stack:
        here = stack.pop()
        found.append(here)
        inner = [c for c in here.children if c.children and c.kind == "element"]
        if inner:
            inner.reverse()
            stack += inner
    return found


def _child_ref(itemset: Node, name: str, place: str) -> str:
    children = itemset.named(name)
    if not children or not children[0].get("ref"):
        raise FormError(place, f"the itemset has no {name}")
    return children[0].get("ref").strip()
