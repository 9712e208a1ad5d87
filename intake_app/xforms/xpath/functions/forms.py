"""Functions that need the form around them: repeats, instances, choice labels, identity."""

from __future__ import annotations

from dataclasses import replace

from intake_app.xforms.xpath.ast import Call, Compare, Expr, Literal, NodeTest, Path, Step
from intake_app.xforms.xpath.compiled import Compiled
from intake_app.xforms.xpath.errors import XPathError
from intake_app.xforms.xpath.functions.base import Compile, Function, Functions
from intake_app.xforms.xpath.nodes import Node, string_value
from intake_app.xforms.xpath.parser import parse
from intake_app.xforms.xpath.scope import (
    Dependency,
    Frame,
    Scope,
    StaticNode,
    ancestors_or_self,
    enclosing_repeat,
)


def _current(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    return compile_(Path(call, (), ()), scope)


def _instance(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    argument = compile_(call.arguments[0], scope)
    name = argument.constant
    if scope.in_form:
        if not isinstance(name, str):
            raise XPathError("instance() needs the name of an instance between quotes")
        if scope.instances is not None and name not in scope.instances:
            if name == scope.primary_id and name:
                return compile_(Path(call, (), ()), scope)
            raise XPathError(f"there is no instance {name!r} in the form")
    text = argument.string()

    def run(node: Node, frame: Frame) -> list[Node]:
        found = frame.host.instance(text(node, frame))
        return [] if found is None else [found]

    return Compiled("nodes", run)


def _position(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    if not call.arguments:
        return Compiled("number", lambda _node, frame: float(frame.position))
    seen = len(scope.dependencies)
    argument = compile_(call.arguments[0], scope)
    nodes = argument.nodes("position()")
    # A place in a row does not depend on the relevance of what stands there, and where the reader
    # stands itself only changes when something comes or goes before it.
    own = argument.single is not None and not scope.limited
    scope.dependencies[seen:] = [
        replace(d, filtered=True, place=own) if d.target.is_repeat else d
        for d in scope.dependencies[seen:]
    ]

    def run(node: Node, frame: Frame) -> float:
        found = nodes(node, frame)
        return position_of(found[0]) if found else float("nan")

    return Compiled("number", run)


def position_of(node: Node) -> float:
    """The place of a node among its siblings of the same name, from 1."""
    if node.parent is None:
        return 1.0
    siblings = node.parent.named(node.name)
    return float(siblings.index(node) + 1) if node in siblings else 1.0


def _count_non_empty(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    nodes = compile_(call.arguments[0], scope).nodes("count-non-empty()")
    return Compiled(
        "number", lambda n, f: float(sum(1 for found in nodes(n, f) if string_value(found)))
    )


def _definition(expr: object, scope: Scope) -> StaticNode:
    """The definition a plain path leads to."""
    if not isinstance(expr, Path) or scope.document is None:
        raise XPathError("indexed-repeat() needs plain paths in a form")
    place: StaticNode | None
    if expr.start == "root":
        place = scope.document
    elif expr.start == "context":
        place = scope.place
    elif isinstance(expr.start, Call) and expr.start.name == "current":
        place = scope.current
    else:
        place = None
    for step in expr.steps:
        if place is None or step.predicates:
            raise XPathError("indexed-repeat() needs plain paths in a form")
        if step.axis == "parent":
            place = place.parent
        elif step.axis == "child":
            place = place.children.get(step.test.local)
        elif step.axis != "self":
            place = None
    if place is None:
        raise XPathError("indexed-repeat() names a node that is not in the form")
    return place


def _indexed_repeat(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    if len(call.arguments) % 2 == 0:
        raise XPathError("indexed-repeat() needs an index for every repeat")
    target = _definition(call.arguments[0], scope)
    repeats = [_definition(a, scope) for a in call.arguments[1::2]]
    for repeat in repeats:
        if not repeat.is_repeat:
            raise XPathError(f"indexed-repeat(): {repeat.path} is not a repeat")
        if repeat not in ancestors_or_self(target):
            raise XPathError(f"indexed-repeat(): {target.path} is not inside {repeat.path}")
    numbers = [compile_(a, scope).number() for a in call.arguments[2::2]]
    index_of = {id(r): n for r, n in zip(repeats, numbers, strict=True)}
    around = {id(a) for a in ancestors_or_self(scope.place)}
    chain = list(reversed(list(ancestors_or_self(target))))[1:]
    outermost = min(repeats, key=lambda r: len(list(ancestors_or_self(r))))
    scope.read(target, enclosing_repeat(outermost.parent), filtered=True)
    for definition in chain:
        if definition.is_repeat:
            scope.read(definition, enclosing_repeat(definition.parent))

    def run(node: Node, frame: Frame) -> list[Node]:
        ancestors = {}
        place: Node | None = node
        while place is not None:
            ancestors[id(place)] = place
            place = place.parent
        nodes = [frame.host.root]
        for definition in chain:
            number = index_of.get(id(definition))
            if number is not None:
                nodes = _at(number(node, frame), nodes, definition.name)
                continue
            found = [child for n in nodes for child in n.named(definition.name)]
            if definition.is_repeat and id(definition) in around:
                own = [n for n in found if id(n) in ancestors]
                found = own or found
            nodes = found
        return [found for found in nodes if found.relevant]

    return Compiled("nodes", run)


def _at(position: float, parents: list[Node], name: str) -> list[Node]:
    """The children called `name` at a position, counted from 1 in each parent."""
    if position != position or position < 1 or position != int(min(position, 1e9)):
        return []
    index = int(position) - 1
    rows = [parent.named(name) for parent in parents]
    return [row[index] for row in rows if index < len(row)]


def _pulldata(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    names = [compile_(a, scope).constant for a in call.arguments[:3]]
    if not all(isinstance(n, str) for n in names):
        raise XPathError("pulldata() needs its first three arguments between quotes")
    instance, wanted, key = (str(n) for n in names)
    item = Step(
        "child",
        NodeTest("name", local="item"),
        (Compare("=", parse(key), _here(call.arguments[3])),),
    )
    root = Step("child", NodeTest("name", local="root"))
    return compile_(
        Path(
            Call("instance", (Literal(instance),)),
            (),
            (root, item, *_steps(wanted)),
        ),
        scope,
    )


def _here(expr: Expr) -> Expr:
    """A path relative to the node the expression is for, made to say so."""
    if isinstance(expr, Path) and expr.start == "context":
        return Path(Call("current", ()), expr.predicates, expr.steps)
    return expr


def _steps(source: str) -> tuple[Step, ...]:
    path = parse(source)
    if not isinstance(path, Path) or path.start != "context":
        raise XPathError(f"pulldata() cannot read {source!r}")
    return path.steps


def _choice_name(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    value = compile_(call.arguments[0], scope).string()
    reference = compile_(call.arguments[1], scope).constant
    if not isinstance(reference, str):
        raise XPathError("jr:choice-name() needs the path of the question between quotes")
    question_path = parse(reference)
    question = compile_(question_path, scope)
    target = _definition(question_path, scope)
    scope.dependencies.append(Dependency(target, enclosing_repeat(target), choices=True))
    scope.spoken.append(call.name)
    nodes = question.nodes("jr:choice-name()")
    single = question.single

    def run(node: Node, frame: Frame) -> str:
        text = value(node, frame)
        if not text:
            return ""
        if single is not None:
            return frame.host.choice_label(single(node, frame), text)
        found = nodes(node, frame)
        return frame.host.choice_label(found[0], text) if found else ""

    return Compiled("string", run)


def _itext(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    scope.spoken.append(call.name)
    text = compile_(call.arguments[0], scope).string()
    return Compiled("string", lambda n, f: f.host.itext(text(n, f)))


def shuffled(nodes: list[Node], seed: float) -> list[Node]:
    """An inside-out Fisher-Yates shuffle driven by Park-Miller (xforms-spec, randomize())."""
    modulus = 2_147_483_647
    state = int(seed) % modulus
    if state <= 0:
        state += modulus - 1
    result: list[Node] = []
    for index, node in enumerate(nodes):
        state = state * 16_807 % modulus
        other = int((state - 1) / (modulus - 1) * (index + 1))
        if other == index:
            result.append(node)
        else:
            result.append(result[other])
            result[other] = node
    return result


def _randomize(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    nodes = compile_(call.arguments[0], scope).nodes("randomize()")
    if len(call.arguments) == 1:
        return Compiled(
            "nodes",
            lambda n, f: shuffled(nodes(n, f), float(int(f.host.random() * 2_147_483_646))),
        )
    seed = compile_(call.arguments[1], scope).number()

    def run(node: Node, frame: Frame) -> list[Node]:
        number = seed(node, frame)
        return shuffled(nodes(node, frame), number if abs(number) < 1e18 else 0.0)

    return Compiled("nodes", run)


_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def _uuid(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    if not call.arguments:
        return Compiled("string", lambda _node, frame: frame.host.uuid())
    length = compile_(call.arguments[0], scope).number()

    def token(node: Node, frame: Frame) -> str:
        count = length(node, frame)
        if count != count or count < 1:
            return ""
        size = int(min(count, 1_000))
        random = frame.host.random
        return "".join(_ALPHABET[int(random() * len(_ALPHABET))] for _ in range(size))

    return Compiled("string", token)


def _version(_call: Call, scope: Scope, _compile: Compile) -> Compiled:
    if not scope.in_form:
        raise XPathError("version() needs a form")

    def version(_node: Node, frame: Frame) -> str:
        return frame.host.root.children[0].get("version")

    return Compiled("string", version)


FUNCTIONS: Functions = {
    "count-non-empty": Function(1, 1, _count_non_empty),
    "current": Function(0, 0, _current),
    "indexed-repeat": Function(3, None, _indexed_repeat),
    "instance": Function(1, 1, _instance),
    "jr:choice-name": Function(2, 2, _choice_name),
    "jr:itext": Function(1, 1, _itext),
    "position": Function(0, 1, _position),
    "pulldata": Function(4, 4, _pulldata),
    "randomize": Function(1, 2, _randomize),
    "uuid": Function(0, 1, _uuid),
    "version": Function(0, 0, _version),
}
