"""Sections and pages: the order in which a form is walked through, for one moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from intake_app.xforms.definition import BodyItem, FormModel, NodeDefinition
from intake_app.xforms.instance import InstanceNode, InstanceTree
from intake_app.xforms.model import NodeKey, Page, PageKey, Section, TextRef
from intake_app.xforms.reach import below, relevance_in_reach

_FIELD_LIST = frozenset({"field-list", "table-list"})


class _Part(NamedTuple):
    """What one item at the top of the body comes to: its pages, and the nodes of sleeping ones."""

    pages: list[tuple[Page, bool]]
    asleep: dict[PageKey, list[InstanceNode]]


class PageList:
    """All pages of a filling, worked out from the body and the relevance of now.

    With the list `before`, only the parts of the body are looked at again in which one of the
    paths `changed` lies: nodes that became relevant or irrelevant, repeats that grew or shrank.
    """

    def __init__(
        self,
        model: FormModel,
        tree: InstanceTree,
        before: PageList | None = None,
        changed: Iterable[str] = (),
    ) -> None:
        self._model = model
        self._tree = tree
        # Every page there could be, for finding the way from one that is no longer relevant.
        order: list[tuple[Page, bool]] = []
        self._asleep: dict[PageKey, list[InstanceNode]] = {}
        if before is None:
            parts = [self._part(item) for item in model.body]
        else:
            parts = list(before._parts)  # noqa: SLF001 - another of this class
            for place in _places(model, changed):
                parts[place] = self._part(model.body[place])
        self._parts: list[_Part] = parts
        for part in parts:
            order += part.pages
            self._asleep.update(part.asleep)
        self.pages: tuple[Page, ...] = tuple([page for page, relevant in order if relevant])
        self._order = order
        self._by_key = {page.key: page for page in self.pages}
        self._place = {page.key: index for index, (page, _) in enumerate(order)}

    def after(self, key: PageKey) -> Page | None:
        """The first relevant page after `key`."""
        for other, relevant in self._order[self._index(key) + 1 :]:
            if relevant:
                return self._by_key[other.key]
        return None

    def coming(self, key: PageKey) -> Iterator[Page]:
        """Yield in order the pages of which one comes after `key`, whatever is answered there.

        One that is not relevant now may become so by an answer on the page of `key`; it is given
        as it would probably be then. The last one stays relevant.
        """
        here = self._by_key.get(key)
        if here is None:
            return
        answered = [self._model.nodes[k.path] for k in here.keys]
        if here.kind == "repeat":
            repeat = self._model.nodes[key.path]
            answered += [repeat, *below(repeat)]
        reach = relevance_in_reach(answered)
        for page, relevant in self._order[self._index(key) + 1 :]:
            open_ = not reach.isdisjoint({page.key.path, *(k.path for k in page.keys)})
            if relevant:
                yield page
                if not open_:
                    return
                continue
            nodes = self._asleep.get(page.key, [])
            if open_ or any(node.definition.path in reach for node in nodes):
                yield replace(page, keys=_awake(nodes, page.key)) if nodes else page

    def before(self, key: PageKey) -> Page | None:
        """The last relevant page before `key`."""
        for other, relevant in reversed(self._order[: max(self._index(key), 0)]):
            if relevant:
                return self._by_key[other.key]
        return None

    def showing(self, key: PageKey) -> Page | None:
        """The relevant page that has `key` on it; None when there is none now."""
        page = self._by_key.get(key)
        if page is not None:
            return page
        return next((page for page in self.pages if key in page.keys), None)

    def _index(self, key: PageKey) -> int:
        found = self._place.get(key)
        if found is not None:
            return found
        for page in self.pages:
            if key in page.keys:
                return self._place[page.key]
        return -1

    def sections(self) -> tuple[Section, ...]:
        """The top-level groups of the body, with progress."""
        by_section: dict[str, list[PageKey]] = {}
        for page in self.pages:
            by_section.setdefault(page.section, []).append(page.key)
        sections: list[Section] = []
        seen: set[str] = set()
        loose = [i for i in self._model.body if i.kind == "question"]
        if loose:
            sections.append(self._section("", "", None, by_section))
        for item in self._model.body:
            definition = item.definition
            if item.kind == "question" or definition is None or definition.path in seen:
                continue
            top = _section_of(definition)
            if top is None or top.path in seen:
                continue
            seen.add(top.path)
            sections.append(self._section(top.path, top.name, top, by_section))
        return tuple(sections)

    def _section(
        self,
        path: str,
        name: str,
        definition: NodeDefinition | None,
        by_section: dict[str, list[PageKey]],
    ) -> Section:
        answered = total = 0
        holders: list[InstanceNode] = []
        if definition is None:
            holders = [n for n in self._tree.top.elements() if not n.definition.children]
            relevant = self._tree.top.relevant
        else:
            holders = [
                n for n in self._tree.top.named(definition.name) if isinstance(n, InstanceNode)
            ]
            ranged = self._tree.top.ranges.get(definition.name)
            relevant = any(n.relevant for n in holders) or (ranged is not None and ranged.relevant)
        for holder in holders:
            for node in holder.inside():
                question = node.definition.question
                if question is None or not question.kind.askable or not node.relevant:
                    continue
                if node.readonly:
                    continue
                total += 1
                answered += 1 if node.state.value else 0
        return Section(path, name, relevant, answered, total, tuple(by_section.get(path, ())))

    # -- walking -------------------------------------------------------------------------------

    def _part(self, item: BodyItem) -> _Part:
        self._asleep = {}
        pages = list(self._walk([item], self._tree.top))
        asleep, self._asleep = self._asleep, {}
        return _Part(pages, asleep)

    def _walk(self, items: list[BodyItem], context: InstanceNode) -> Iterator[tuple[Page, bool]]:
        for item in items:
            if item.kind == "question":
                node = find(self._tree, item.definition, context)
                if node is not None:
                    yield self._question(node), node.relevant
            elif item.kind == "repeat":
                yield from self._repeat(item, context)
            elif _FIELD_LIST.isdisjoint(item.appearance):
                yield from self._walk(item.children, context)
            else:
                yield from self._group(item, context)

    def _question(self, node: InstanceNode) -> Page:
        return Page(node.key, _section_path(node.definition), (node.key,), "question")

    def _group(self, item: BodyItem, context: InstanceNode) -> Iterator[tuple[Page, bool]]:
        nodes = list(self._leaves(item.children, context))
        keys = tuple(n.key for n in nodes if n.relevant)
        group = find(self._tree, item.definition, context) if item.definition else None
        if group is not None:
            title = TextRef("label", group.definition.name) if group.definition.label else None
            page = Page(group.key, _section_path(group.definition), keys, "group", title)
        elif nodes:
            first = nodes[0]
            page = Page(first.key, _section_path(first.definition), keys, "group")
        else:
            yield from self._inner_repeats(item.children, context)
            return
        if not keys:
            self._asleep[page.key] = nodes
        yield page, bool(keys)
        yield from self._inner_repeats(item.children, context)

    def _leaves(self, items: list[BodyItem], context: InstanceNode) -> Iterator[InstanceNode]:
        for item in items:
            if item.kind == "question":
                node = find(self._tree, item.definition, context)
                if node is not None:
                    yield node
            elif item.kind == "group":
                yield from self._leaves(item.children, context)

    def _inner_repeats(
        self, items: list[BodyItem], context: InstanceNode
    ) -> Iterator[tuple[Page, bool]]:
        for item in items:
            if item.kind == "repeat":
                yield from self._repeat(item, context)
            elif item.kind == "group":
                yield from self._inner_repeats(item.children, context)

    def _repeat(self, item: BodyItem, context: InstanceNode) -> Iterator[tuple[Page, bool]]:
        definition = item.definition
        if definition is None or definition.parent is None:
            return
        holder = find(self._tree, definition.parent, context)
        if holder is None:
            return
        title = TextRef("label", definition.name) if definition.label is not None else None
        around = holder.repeat_node
        key = NodeKey(definition.path, None if around is None else around.repeat_id)
        section = _section_path(definition)
        relevant = holder.ranges[definition.name].relevant
        yield Page(key, section, (), "repeat", title), relevant
        for node in self._tree.instances(holder, definition):
            if _FIELD_LIST.isdisjoint(item.appearance):
                yield from self._walk(item.children, node)
                continue
            nodes = list(self._leaves(item.children, node))
            keys = tuple(n.key for n in nodes if n.relevant)
            if not keys:
                self._asleep[node.key] = nodes
            yield Page(node.key, section, keys, "group", title), bool(keys)
            yield from self._inner_repeats(item.children, node)


def _places(model: FormModel, paths: Iterable[str]) -> set[int]:
    """Which items at the top of the body show nodes with these paths."""
    if not model.shown_in:
        found: dict[str, set[int]] = {}
        for place, item in enumerate(model.body):
            _note_shown(item, place, found)
        # at once: a session on another thread must not see half of it
        model.shown_in = found
    return {place for path in paths for place in model.shown_in.get(path, ())}


def _note_shown(item: BodyItem, place: int, found: dict[str, set[int]]) -> None:
    if item.definition is not None:
        found.setdefault(item.definition.path, set()).add(place)
    for child in item.children:
        _note_shown(child, place, found)


def _awake(nodes: list[InstanceNode], page: PageKey) -> tuple[NodeKey, ...]:
    """Which questions a page will probably have: those not irrelevant for themselves."""
    inside = [node.key for node in nodes if _by_itself(node, page)]
    return tuple(inside or (node.key for node in nodes))


def _by_itself(node: InstanceNode, page: PageKey) -> bool:
    place: object = node
    while isinstance(place, InstanceNode) and place.key != page:
        if not place.own_relevant:
            return False
        place = place.parent
    return True


def find(
    tree: InstanceTree, definition: NodeDefinition | None, context: InstanceNode
) -> InstanceNode | None:
    """The node of `definition` that belongs with `context`, None when there is none."""
    if definition is None:
        return None
    repeat = definition.enclosing
    if repeat is None:
        return tree.single[definition.index]
    around = context.repeat_node
    while around is not None and around.definition is not repeat:
        parent = around.parent
        around = parent.repeat_node if isinstance(parent, InstanceNode) else None
    if around is None:
        return None
    return tree.by_key.get(NodeKey(definition.path, around.repeat_id))


def _section_of(definition: NodeDefinition) -> NodeDefinition | None:
    """The child of the root element that `definition` is or is in, when it has children."""
    place = definition
    while place.parent is not None and place.parent.parent is not None:
        if place.parent.parent.parent is None:
            return place if place.children else None
        place = place.parent
    return None


def _section_path(definition: NodeDefinition) -> str:
    section = _section_of(definition)
    return "" if section is None else section.path
