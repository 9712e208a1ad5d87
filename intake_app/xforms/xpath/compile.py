"""From a syntax tree to closures. Unknown functions and paths are errors here, not later."""

from __future__ import annotations

from intake_app.xforms.xpath import operators
from intake_app.xforms.xpath.ast import (
    Arithmetic,
    Call,
    Compare,
    Expr,
    Literal,
    Logical,
    Negate,
    Number,
    Path,
    Union,
)
from intake_app.xforms.xpath.compiled import (
    Compiled,
    Run,
    number_constant,
    string_constant,
)
from intake_app.xforms.xpath.errors import XPathError
from intake_app.xforms.xpath.functions import CORE_FUNCTIONS, ODK_FUNCTIONS
from intake_app.xforms.xpath.nodes import Node, in_document_order
from intake_app.xforms.xpath.parser import parse
from intake_app.xforms.xpath.paths import compile_path
from intake_app.xforms.xpath.scope import Frame, Scope


def compile_expression(source: str, scope: Scope) -> Compiled:
    """Parse and compile `source`; what it reads is added to `scope.dependencies`.

    Raises XPathError for bad syntax, unknown functions, wrong argument counts and, in a form,
    paths that lead nowhere.
    """
    return compile_tree(parse(source), scope)


def compile_tree(expr: Expr, scope: Scope) -> Compiled:
    """Compile an already parsed expression."""
    if type(expr) is Path:  # most of them, asked before the others in turn
        return compile_path(expr, scope, compile_tree)
    if type(expr) is Literal:
        return string_constant(expr.value)
    match expr:
        case Path():
            return compile_path(expr, scope, compile_tree)
        case Call():
            return _call(expr, scope)
        case Literal(value=text):
            return string_constant(text)
        case Number(value=number):
            return number_constant(number)
        case Compare(operator=operator, left=left, right=right):
            return operators.compare(
                operator,
                compile_tree(left, scope),
                compile_tree(right, scope),
                in_form=scope.in_form,
            )
        case Logical(operator=operator, operands=operands):
            return operators.logical(operator, [compile_tree(o, scope) for o in operands])
        case Arithmetic(first=first, rest=rest):
            return operators.arithmetic(
                compile_tree(first, scope), [(op, compile_tree(o, scope)) for op, o in rest]
            )
        case Negate(operand=operand, count=count):
            return operators.negate(compile_tree(operand, scope), count)
        case Union(operands=operands):
            return _union([compile_tree(o, scope).nodes("|") for o in operands])


def _union(runs: list[Run]) -> Compiled:
    def run(node: Node, frame: Frame) -> list[Node]:
        found: list[Node] = []
        for part in runs:
            found.extend(part(node, frame))
        return in_document_order(found)

    return Compiled("nodes", run)


def _call(call: Call, scope: Scope) -> Compiled:
    function = ODK_FUNCTIONS.get(call.name) if scope.odk else None
    if function is None:
        function = CORE_FUNCTIONS.get(call.name)
    problem = ""
    count = len(call.arguments)
    if function is None:
        problem = f"unknown function {call.name}()"
    elif count < function.least or (function.most is not None and count > function.most):
        problem = f"{call.name}() cannot take {count} arguments"
    if function is not None and not problem:
        return function.build(call, scope, compile_tree)
    if not scope.late:
        raise XPathError(problem)
    return Compiled("any", _failing(problem))


def _failing(problem: str) -> Run:
    def run(_node: Node, _frame: Frame) -> None:
        raise XPathError(problem)

    return run
