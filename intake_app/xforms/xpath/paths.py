"""Compiling location paths: plain ones to direct walks, the rest step by step.

What a path reads is worked out here too, on the definition tree, once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from intake_app.xforms.xpath.ast import Call, Literal, Path, Step
from intake_app.xforms.xpath.axes import AXES, REVERSE_AXES, matcher
from intake_app.xforms.xpath.compiled import Compiled, Run
from intake_app.xforms.xpath.errors import XPathError
from intake_app.xforms.xpath.lookup import Compile, indexed
from intake_app.xforms.xpath.nodes import (
    Node,
    children_named,
    having,
    in_document_order,
    relevant_children_named,
)
from intake_app.xforms.xpath.scope import (
    Frame,
    Scope,
    StaticNode,
    ancestors_or_self,
    enclosing_repeat,
)
from intake_app.xforms.xpath.static import is_plain, move, outside


@dataclass(frozen=True, slots=True)
class Start:
    """Where a path begins: what finds the first nodes, and which definitions those have.

    `definitions` is None when the nodes are not in the primary instance.
    """

    run: Run
    single: Run | None
    definitions: tuple[StaticNode, ...] | None
    shared: StaticNode | None
    from_current: bool = False


_SORTING = 5
"""How many times as long it takes to put a node in its place as to find it."""


def compile_path(path: Path, scope: Scope, compile_: Compile) -> Compiled:
    """Compile a location path or filter expression, noting what it reads."""
    if path.start == "root" and scope.document is not None:
        known = scope.known.get(id(path))
        if known is None:
            known = _compile_alone(path, scope, scope.document)
        only, alone = known[1:]
        if only is not None and alone is not None:
            scope.read(only, None)
            return alone
    if path.start == "context" and scope.place is not None and _is_here(path.steps):
        scope.read(scope.place, _around(scope.place))
        here = _alone_any(_itself) if scope.everything else _alone(_itself)
        return Compiled("nodes", here, single=_itself, blank=True)
    start, steps = _start(path, scope, compile_)
    definitions = start.definitions
    shared = start.shared
    simple = start.single is not None and definitions is not None
    names: list[str] = []
    ups = 0
    runs: list[_Stepping] = []
    waiting: list[tuple[Step, tuple[StaticNode, ...] | None, StaticNode | None]] = []
    ordered = True
    for index, step in enumerate(steps):
        last = index == len(steps) - 1
        before = definitions
        if definitions is not None:
            definitions, shared = move(
                step, definitions, shared, scope, from_current=start.from_current
            )
            if not definitions and step.axis == "child" and step.test.local != "*":
                where = before[0].path if before else ""
                scope.missing(f"there is no {where}/{step.test.local} in the form")
                return Compiled("nodes", _nothing, blank=True)
        if simple and is_plain(step):
            if step.axis == "parent":
                if names:
                    names.pop()
                else:
                    ups += 1
            elif step.axis == "child":
                names.append(step.test.local)
                if definitions and definitions[0].is_repeat:
                    simple = False
        else:
            simple = False
        waiting.append((step, definitions, shared))
        if not simple:
            # Plain walks need no steps; predicates must be compiled in the order they are written.
            for late in waiting:
                made = _compile_step(*late, scope, compile_, ordered=ordered)
                ordered = made.ordered
                runs.append(made)
            waiting.clear()
        if definitions is not None and not last:
            for definition in definitions:
                if definition.is_repeat and step.axis != "parent" and step.axis != "self":
                    scope.read(definition, outside(definition), from_current=start.from_current)
    if definitions is not None:
        filtered = any(step.predicates for step in steps)
        for definition in definitions:
            scope.read(
                definition,
                outside(definition) if definition.is_repeat else shared,
                from_current=start.from_current,
                filtered=filtered,
            )
    if simple and start.single is not None:
        single = _walk(start.single, ups, tuple(names))
        if definitions is not None and len(definitions) == 1:
            only = definitions[0]
            if only.parent is not None and enclosing_repeat(only) is None:
                single = _known(only.index, single)
        found = _alone_any(single) if scope.everything else _alone(single)
        child = names[0] if start.single is _itself and not ups and len(names) == 1 else ""
        return Compiled("nodes", found, single=single, blank=True, child=child)
    run_all = _stepwise(start.run, runs, everything=scope.everything)
    return Compiled("nodes", run_all, blank=definitions is not None)


def _compile_alone(
    path: Path, scope: Scope, document: StaticNode
) -> tuple[Path, StaticNode | None, Compiled | None]:
    """The one definition that a path from the top leads to and how to find its node, or None.

    The same path, by identity, means the same wherever it stands.
    """
    compiled = None
    only = _only_one(path.steps, document)
    if only is not None:
        single = _settled(only.index, path.steps)
        found = _alone_any(single) if scope.everything else _alone(single)
        compiled = Compiled("nodes", found, single=single, blank=True)
    known = path, only, compiled
    if not scope.everything:
        scope.known[id(path)] = known
    return known


def _is_here(steps: tuple[Step, ...]) -> bool:
    """Whether the path is ``.``."""
    if len(steps) != 1:
        return False
    step = steps[0]
    return step.axis == "self" and step.test.kind == "node" and not step.predicates


def _around(definition: StaticNode) -> StaticNode | None:
    """The repeat in which there is one node of `definition`."""
    return outside(definition) if definition.is_repeat else enclosing_repeat(definition)


def _only_one(steps: tuple[Step, ...], document: StaticNode) -> StaticNode | None:
    """The definition that plain steps from the top lead to, when no repeat is on the way."""
    here = document
    for step in steps:
        if step.axis != "child" or step.predicates or step.test.kind != "name":
            return None
        found = here.children.get(step.test.local)
        if found is None or found.is_repeat:
            return None
        here = found
    return here if steps else None


def _nothing(_node: Node, _frame: Frame) -> list[Node]:
    return []


# -- where a path begins ---------------------------------------------------------------------------


def _start(path: Path, scope: Scope, compile_: Compile) -> tuple[Start, tuple[Step, ...]]:
    steps = path.steps
    if path.start == "context":
        here = _itself
        if scope.place is None:
            return Start(_alone_any(here), None, None, None), steps
        return (
            Start(_alone(here), here, (scope.place,), enclosing_repeat(scope.place)),
            steps,
        )
    if path.start == "root":
        return _root_start(steps, scope)
    if isinstance(path.start, Call) and path.start.name == "current":
        if path.start.arguments:
            raise XPathError("current() takes no arguments")
        definitions = None if scope.current is None else (scope.current,)
        if not path.predicates:
            return (
                Start(
                    _alone_any(_the_current),
                    _the_current,
                    definitions,
                    enclosing_repeat(scope.current),
                    from_current=True,
                ),
                steps,
            )
    if (
        isinstance(path.start, Call)
        and path.start.name == "instance"
        and scope.in_form
        and _is_primary(path.start, scope)
    ):
        document = scope.document
        assert document is not None  # noqa: S101 - narrows the type
        root = next(iter(document.children.values()))
        return Start(_primary_root, None, (root,), None), steps
    base = compile_(path.start, scope)
    run: Run = base.nodes("a path")
    if path.predicates:
        inner = scope.inside(None, None)
        tests = [_predicate(compile_(p, inner)) for p in path.predicates]
        unfiltered = run

        def filtered(node: Node, frame: Frame) -> list[Node]:
            nodes: list[Node] = unfiltered(node, frame)
            for test in tests:
                nodes = test(nodes, frame)
            return nodes

        run = filtered
    return Start(run, None, None, None), steps


def _is_primary(call: Call, scope: Scope) -> bool:
    argument = call.arguments[0] if call.arguments else None
    return (
        isinstance(argument, Literal)
        and bool(scope.primary_id)
        and argument.value == scope.primary_id
        and argument.value not in (scope.instances or ())
    )


def _root_start(steps: tuple[Step, ...], scope: Scope) -> tuple[Start, tuple[Step, ...]]:
    """An absolute path stays in the repeat instances it shares with the node it is read for.

    JavaRosa gives the leading steps of an absolute reference the positions of the context
    reference; the last step never gets one, so that count(/data/repeat) counts them all.
    """
    document = scope.document
    if document is None:
        return Start(_document, None, None, None), steps
    place = scope.place if scope.place is not None else scope.current
    from_current = scope.place is None
    around = {id(a): a for a in ancestors_or_self(place)}
    definition: StaticNode = document
    common: tuple[int, StaticNode] | None = None
    for index, step in enumerate(steps[:-1]):
        if step.axis != "child" or step.test.kind != "name" or step.predicates:
            break
        found = definition.children.get(step.test.local)
        if found is None or id(found) not in around:
            break
        definition = found
        if found.is_repeat:
            common = (index, found)
    if common is None or place is None:
        return Start(_document, _the_document, (document,), None), steps
    index, repeat = common
    up = 0
    for ancestor in ancestors_or_self(place):
        if ancestor is repeat:
            break
        up += 1
    single = _climb(_the_current if from_current else _itself, up)
    start = Start(_alone(single), single, (repeat,), repeat, from_current=from_current)
    return start, steps[index + 1 :]


def _itself(node: Node, _frame: Frame) -> Node:
    return node


def _the_current(_node: Node, frame: Frame) -> Node:
    return frame.current


def _the_document(_node: Node, frame: Frame) -> Node:
    return frame.host.root


def _document(_node: Node, frame: Frame) -> list[Node]:
    return [frame.host.root]


def _primary_root(_node: Node, frame: Frame) -> list[Node]:
    return [frame.host.root.children[0]]


def _alone(single: Run) -> Run:
    def run(node: Node, frame: Frame) -> list[Node]:
        found = single(node, frame)
        return [found] if found.relevant else []

    return run


def _alone_any(single: Run) -> Run:
    return lambda node, frame: [single(node, frame)]


def _climb(single: Run, ups: int) -> Run:
    if ups == 0:
        return single

    def run(node: Node, frame: Frame) -> Node:
        found = single(node, frame)
        for _ in range(ups):
            found = found.parent
        return found  # type: ignore[no-any-return]

    return run


def _known(index: int, otherwise: Run) -> Run:
    """Find a node outside repeats: there is one of it, and it never moves."""

    def run(node: Node, frame: Frame) -> Node | None:
        known = frame.single
        return known[index] if known else otherwise(node, frame)

    return run


def _settled(index: int, steps: tuple[Step, ...]) -> Run:
    """Find a node outside repeats by the plain steps to it from the top."""

    def run(_node: Node, frame: Frame) -> Node | None:
        known = frame.single
        if known:
            return known[index]
        found = frame.host.root
        for step in steps:
            found = found.named(step.test.local)[0]
        return found

    return run


def _walk(single: Run, ups: int, names: tuple[str, ...]) -> Run:
    """Find one node by going up and then down; every step is known to have exactly one node."""
    if single is _itself and ups == 1 and len(names) == 1:
        name = names[0]
        return lambda node, _frame: node.parent.named(name)[0]  # type: ignore[union-attr]
    start = _climb(single, ups)
    if not names:
        return start

    def run(node: Node, frame: Frame) -> Node:
        found: Node = start(node, frame)
        for name in names:
            found = found.named(name)[0]
        return found

    return run


# -- steps -----------------------------------------------------------------------------------------


class _Stepping(NamedTuple):
    """A compiled step: what it finds, whether in document order, the name of plain children."""

    run: Callable[[list[Node], Frame], list[Node]]
    ordered: bool
    child: str = ""


def _compile_step(
    step: Step,
    definitions: tuple[StaticNode, ...] | None,
    shared: StaticNode | None,
    scope: Scope,
    compile_: Compile,
    *,
    ordered: bool,
) -> _Stepping:
    place = definitions[0] if definitions is not None and len(definitions) == 1 else None
    inner = scope
    if not step.predicates:
        pass
    elif definitions is None:
        inner = scope.inside(None, None)
    else:
        limit = shared
        if place is not None and place.is_repeat and step.axis not in ("self", "parent"):
            limit = outside(place)
        inner = scope.inside(place, limit)
    predicates = [compile_(p, inner) for p in step.predicates]
    tests = [_predicate(p) for p in predicates]
    by_hash = None
    if definitions is None and step.axis == "child" and step.test.kind == "name":
        by_hash = indexed(step, scope, compile_)
    if by_hash is not None:
        tests = tests[1:]
    child_name = (
        step.test.local
        if step.axis == "child"
        and step.test.kind == "name"
        and step.test.local != "*"
        and not (scope.namespaces and (step.test.prefix or not scope.odk))
        else None
    )
    keeps_order = ordered and step.axis in ("child", "self", "attribute")
    if child_name is not None and by_hash is None and not tests and keeps_order:
        name = child_name

        def children(nodes: list[Node], frame: Frame) -> list[Node]:
            frame.worked(len(nodes))
            return children_named(nodes, name)

        return _Stepping(children, ordered=True, child=name)

    axis = AXES[step.axis]
    matches = matcher(step.axis, step.test, scope.namespaces, strict=not scope.odk)
    reverse = step.axis in REVERSE_AXES

    def run(nodes: list[Node], frame: Frame) -> list[Node]:
        result: list[Node] = []
        for node in nodes:
            if by_hash is not None:
                found = by_hash(node, frame)
            elif child_name is not None:
                found = node.named(child_name)
            else:
                found = [candidate for candidate in axis(node) if matches(candidate)]
            for test in tests:
                found = test(found, frame)
            result.extend(found)
        frame.worked(len(result))
        if reverse or (not keeps_order and len(nodes) > 1):
            frame.worked(_SORTING * len(result))
            return in_document_order(result)
        return result

    still = keeps_order or (ordered and step.axis == "parent")
    return _Stepping(run, still)


def _stepwise(
    start: Run, steps: list[_Stepping], *, everything: bool
) -> Callable[[Node, Frame], list[Node]]:
    runs = [step.run for step in steps]
    child = steps[-1].child if steps and not everything else ""
    if child:
        runs[-1] = _relevant_children(child)
    sifted = everything or bool(child)

    def run(node: Node, frame: Frame) -> list[Node]:
        nodes: list[Node] = start(node, frame)
        for step in runs:
            if not nodes:
                return nodes
            nodes = step(nodes, frame)
        return nodes if sifted else [found for found in nodes if found.relevant]

    return run


def _relevant_children(name: str) -> Callable[[list[Node], Frame], list[Node]]:
    """The last step of a path, to plain children: found and sifted in one go."""

    def run(nodes: list[Node], frame: Frame) -> list[Node]:
        frame.worked(len(nodes))
        return relevant_children_named(nodes, name)

    return run


def _predicate(compiled: Compiled) -> Callable[[list[Node], Frame], list[Node]]:
    """Filter nodes in the order of their axis; a number means a position."""
    if compiled.equals is not None:
        child, wanted = compiled.equals

        def equal(nodes: list[Node], frame: Frame) -> list[Node]:
            frame.worked(len(nodes))
            return having(nodes, child, wanted)

        return equal
    if compiled.kind == "number":
        value = compiled.run
        numeric = True
    elif compiled.kind == "any":
        value = compiled.run
        numeric = False
    else:
        value = compiled.boolean()
        numeric = False

    def run(nodes: list[Node], frame: Frame) -> list[Node]:
        position, size = frame.position, frame.size
        frame.size = len(nodes)
        frame.worked(len(nodes))
        kept: list[Node] = []
        for index, node in enumerate(nodes, 1):
            frame.position = index
            result = value(node, frame)
            if numeric or (isinstance(result, float) and not isinstance(result, bool)):
                keep = result == index
            elif isinstance(result, bool):
                keep = result
            else:
                keep = bool(result)
            if keep:
                kept.append(node)
        frame.position, frame.size = position, size
        return kept

    return run
