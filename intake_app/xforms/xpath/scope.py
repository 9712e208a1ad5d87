"""What an expression is compiled against, what it is evaluated with, and what it depends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Protocol

from intake_app.xforms.xpath.errors import XPathError
from intake_app.xforms.xpath.nodes import Node


class StaticNode(Protocol):
    """A node of the form's definition; its instances are `Node`s. The topmost is the document."""

    @property
    def name(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def parent(self) -> StaticNode | None: ...
    @property
    def children(self) -> Mapping[str, StaticNode]: ...
    @property
    def bound(self) -> Mapping[str, StaticNode]: ...
    @property
    def is_repeat(self) -> bool: ...
    @property
    def index(self) -> int: ...


def enclosing_repeat(node: StaticNode | None) -> StaticNode | None:
    """The innermost repeat that is `node` or around it."""
    while node is not None and not node.is_repeat:
        node = node.parent
    return node


def ancestors_or_self(node: StaticNode | None) -> Iterator[StaticNode]:
    """`node`, its parent, … up to the document."""
    while node is not None:
        yield node
        node = node.parent


@dataclass(slots=True)  # not frozen: thousands are made for one form
class Dependency:
    """The expression reads `target`.

    `shared` is the innermost repeat whose instance is the same for the reader and what it reads;
    None: any instance in the form. A repeat as target means: which instances exist, in what order.
    `choices` means the choice list of `target` is read rather than its value; `filtered` that a
    predicate or index picks among instances, so that it need not be the reader's own; `place` that
    only the position of the reader's own instance of a repeat is read.
    """

    target: StaticNode
    shared: StaticNode | None
    choices: bool = False
    filtered: bool = False
    place: bool = False


class Host(Protocol):
    """What expressions may ask of the world; everything that is not in the tree comes from here."""

    @property
    def zone(self) -> tzinfo | None: ...
    @property
    def root(self) -> Node: ...
    @property
    def indexes(self) -> dict[Any, dict[str, list[Node]]]: ...
    def now(self) -> datetime: ...
    def uuid(self) -> str: ...
    def random(self) -> float: ...
    def instance(self, name: str) -> Node | None: ...
    def itext(self, text_id: str) -> str: ...
    def choice_label(self, question: Node, value: str) -> str: ...


MAX_WORK = 5_000_000
"""How many nodes may be looked at for one operation; a few seconds."""


class TooMuchWork(Exception):
    """An expression looks at so many nodes that a person would wait for it."""


class Frame:
    """The changing part of an evaluation: the node it is for, position and size in a predicate.

    `work` counts the nodes that were looked at; whoever evaluates sets it back. `single` has the
    nodes that there is always exactly one of, by the index of their definition; it may be empty.
    """

    __slots__ = ("current", "host", "position", "single", "size", "work")

    def __init__(self, host: Host, current: Node, single: Sequence[Node | None] = ()) -> None:
        self.host = host
        self.single = single
        self.current = current
        self.position = 1
        self.size = 1
        self.work = 0

    def worked(self, nodes: int) -> None:
        """Count nodes that were looked at. Raises TooMuchWork over MAX_WORK."""
        self.work += nodes
        if self.work > MAX_WORK:
            raise TooMuchWork


@dataclass(slots=True)
class Scope:
    """What is known about an expression before it runs.

    `place` is the definition of the context node, None where that is not in the primary instance.
    `current` is the definition of the node the whole expression belongs to. `limit` is set inside a
    predicate that runs over instances of a repeat: what is read there is shared no deeper than it.
    With `lenient` a path that leads nowhere is noted there and finds nothing; without it is an
    error. With `late` an unknown function is an error only when it is reached, as XPath itself has
    it; without, before anything runs. `everything` makes paths find what is not relevant as well
    (the targets of actions). `spoken` gathers the functions whose result is in a language. `known`
    keeps what plain paths were compiled to, for all expressions of a form.
    """

    document: StaticNode | None = None
    place: StaticNode | None = None
    current: StaticNode | None = None
    limited: bool = False
    limit: StaticNode | None = None
    odk: bool = True
    namespaces: Mapping[str, str] | None = None
    instances: frozenset[str] | None = None
    primary_id: str = ""
    everything: bool = False
    lenient: list[str] | None = None
    late: bool = False
    spoken: list[str] = field(default_factory=list)
    dependencies: list[Dependency] = field(default_factory=list)
    known: dict[int, tuple[object, StaticNode | None, Any]] = field(default_factory=dict)

    @property
    def in_form(self) -> bool:
        """Whether the expression belongs to a form (and not to a plain document)."""
        return self.document is not None

    def inside(self, place: StaticNode | None, limit: StaticNode | None) -> Scope:
        """The scope of a predicate; dependencies still gather in the same list."""
        if self.limited:
            limit = shallower(self.limit, limit)
        # By hand: dataclasses.replace takes three times as long.
        return Scope(
            document=self.document,
            place=place,
            current=self.current,
            limited=True,
            limit=limit,
            odk=self.odk,
            namespaces=self.namespaces,
            instances=self.instances,
            primary_id=self.primary_id,
            everything=self.everything,
            lenient=self.lenient,
            late=self.late,
            spoken=self.spoken,
            dependencies=self.dependencies,
            known=self.known,
        )

    def missing(self, message: str) -> None:
        """A path leads nowhere: an error, or in lenient forms a remark."""
        if self.lenient is None:
            raise XPathError(message)
        self.lenient.append(message)

    def read(
        self,
        target: StaticNode,
        shared: StaticNode | None,
        *,
        from_current: bool = False,
        filtered: bool = False,
    ) -> None:
        """Note that `target` is read."""
        if self.limited and not from_current:
            shared = shallower(shared, self.limit)
        for known in self.dependencies:
            if (
                known.target is target
                and known.shared is shared
                and known.filtered is filtered
                and not known.choices
                and not known.place
            ):
                return
        self.dependencies.append(Dependency(target, shared, filtered=filtered))


def shallower(one: StaticNode | None, other: StaticNode | None) -> StaticNode | None:
    """The outer one of two repeats on one line of ancestors; None is outermost."""
    if one is None or other is None:
        return None
    return other if other in ancestors_or_self(one) else one
