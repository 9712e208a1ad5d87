"""Pratt parser for XPath 1.0. Depth is bounded; chains of one operator do not nest."""

from __future__ import annotations

from typing import Any, NoReturn, cast

from intake_app.xforms.xpath.ast import (
    Arithmetic,
    Call,
    Compare,
    Expr,
    Literal,
    Logical,
    Negate,
    NodeTest,
    Number,
    Path,
    Step,
    Union,
)
from intake_app.xforms.xpath.errors import XPathError
from intake_app.xforms.xpath.lexer import Token, TokenKind, tokenize

MAX_DEPTH = 100

_POWER = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
    "|": 8,
}
_UNARY_POWER = 7
_GOES_ON = frozenset({"[", "/", "//"})

AXES = frozenset(
    {
        "ancestor",
        "ancestor-or-self",
        "attribute",
        "child",
        "descendant",
        "descendant-or-self",
        "following",
        "following-sibling",
        "namespace",
        "parent",
        "preceding",
        "preceding-sibling",
        "self",
    }
)
_NODE_TYPES = frozenset({"node", "text", "comment", "processing-instruction"})
_ANY_NODE = NodeTest("node")
_PARENT = Step("parent", _ANY_NODE)


def parse(source: str) -> Expr:
    """The syntax tree of `source`. Raises XPathError with the offset of what is wrong."""
    return Parser().parse(source)


class Parser:
    """Parses one expression after the other; their plain steps are the same nodes.

    `tokens` are those of the expression that was parsed last, `leaves` the plain paths and literals
    in its tree, in order.
    """

    def __init__(self) -> None:
        self._steps: dict[str, Step] = {}
        self._start("")

    def _start(self, source: str) -> None:
        self.tokens = tokenize(source)
        self._index = 0
        self._depth = 0
        self.leaves: list[Path | Literal] = []

    def parse(self, source: str) -> Expr:
        """The syntax tree of `source`. Raises XPathError with the offset of what is wrong."""
        self._start(source)
        if self._peek().kind is TokenKind.END:
            raise XPathError("the expression is empty", 0)
        expr = self._expression(0)
        if self._peek().kind is not TokenKind.END:
            self._fail()
        return expr

    # -- operators -----------------------------------------------------------------------------

    def _expression(self, minimum: int) -> Expr:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise XPathError(f"nested deeper than {MAX_DEPTH} levels", self._peek().offset)
        left = self._operand() or self._unary()
        while True:
            token = self.tokens[self._index]
            if token.kind is not TokenKind.OPERATOR:
                break
            power = _POWER[token.text]
            if power <= minimum:
                break
            left = self._chain(left, token.text, power)
        self._depth -= 1
        return left

    def _operand(self) -> Expr | None:
        """The path, literal or number that stands here by itself; None for anything longer."""
        index = self._index
        kind, text, _ = self.tokens[index]
        if kind is TokenKind.PATH:
            self._index = index + 1
            return self._leaf(self.plain_path(text))
        if (kind is not TokenKind.LITERAL and kind is not TokenKind.NUMBER) or self.tokens[
            index + 1
        ].text in _GOES_ON:
            return None
        self._index = index + 1
        return self._leaf(Literal(text)) if kind is TokenKind.LITERAL else Number(float(text))

    def _chain(self, left: Expr, operator: str, power: int) -> Expr:
        if operator in ("=", "!=", "<", "<=", ">", ">="):
            self._next()
            return Compare(cast("Any", operator), left, self._expression(power))
        operands: list[tuple[str, Expr]] = []
        while True:
            token = self._peek()
            if token.kind is not TokenKind.OPERATOR or _POWER[token.text] != power:
                break
            self._next()
            operands.append((token.text, self._expression(power)))
        if operator in ("or", "and"):
            return Logical(cast("Any", operator), (left, *(o for _, o in operands)))
        if operator == "|":
            return Union((left, *(o for _, o in operands)))
        return Arithmetic(left, cast("Any", tuple(operands)))

    def _unary(self) -> Expr:
        if self.tokens[self._index].kind is not TokenKind.OPERATOR:
            return self._path()
        count = 0
        while self._peek().kind is TokenKind.OPERATOR and self._peek().text == "-":
            self._next()
            count += 1
        if count:
            return Negate(self._expression(_UNARY_POWER), count)
        return self._path()

    # -- paths ---------------------------------------------------------------------------------

    def _path(self) -> Expr:
        token = self._peek()
        if token.kind is TokenKind.PATH:
            self._index += 1
            return self._leaf(self.plain_path(token.text))
        if token.kind is TokenKind.SYMBOL and token.text in ("/", "//"):
            self._next()
            if token.text == "//":
                steps = [Step("descendant-or-self", _ANY_NODE), self._step()]
            elif self._starts_step():
                steps = [self._step()]
            else:
                return Path("root", (), ())
            return Path("root", (), tuple(self._more_steps(steps)))
        if self._starts_primary():
            primary = self._primary()
            predicates = self._predicates()
            steps = self._more_steps([])
            if not predicates and not steps:
                return primary
            return Path(primary, predicates, tuple(steps))
        if not self._starts_step():
            self._fail()
        return Path("context", (), tuple(self._more_steps([self._step()])))

    def _leaf(self, leaf: Path | Literal) -> Path | Literal:
        self.leaves.append(leaf)
        return leaf

    def plain_path(self, text: str) -> Path:
        """The path that `text` is as a token, as ``/a/b`` or ``../../a``."""
        start, *names = text.split("/")
        steps = tuple([_PARENT if name == ".." else self._child(name) for name in names])
        return Path("context", (), (_PARENT, *steps)) if start else Path("root", (), steps)

    def _child(self, name: str) -> Step:
        """The step to children of this name; shared, as syntax trees are never changed."""
        step = self._steps.get(name)
        if step is None:
            prefix, _, local = name.rpartition(":")
            step = self._steps[name] = Step("child", NodeTest("name", prefix, local))
        return step

    def _more_steps(self, steps: list[Step]) -> list[Step]:
        while self._peek().kind is TokenKind.SYMBOL and self._peek().text in ("/", "//"):
            if self._next().text == "//":
                steps.append(Step("descendant-or-self", _ANY_NODE))
            steps.append(self._step())
        return steps

    def _starts_step(self) -> bool:
        token = self._peek()
        return token.kind is TokenKind.NAME or (
            token.kind is TokenKind.SYMBOL and token.text in ("@", ".", "..", "*")
        )

    def _starts_primary(self) -> bool:
        token = self.tokens[self._index]
        kind = token.kind
        if kind is TokenKind.LITERAL or kind is TokenKind.NUMBER:
            return True
        if kind is TokenKind.SYMBOL:
            return token.text == "("
        if kind is TokenKind.NAME:
            following = self.tokens[self._index + 1]
            return (
                following.text == "("
                and following.kind is TokenKind.SYMBOL
                and (token.text not in _NODE_TYPES)
            )
        return False

    def _step(self) -> Step:
        token = self._next()
        if token.kind is TokenKind.SYMBOL and token.text == ".":
            return Step("self", _ANY_NODE, self._predicates())
        if token.kind is TokenKind.SYMBOL and token.text == "..":
            return Step("parent", _ANY_NODE, self._predicates())
        axis = "child"
        if token.kind is TokenKind.NAME:
            following = self.tokens[self._index]
            if following.text not in ("[", "(", "::"):
                return self._child(token.text)
        if token.kind is TokenKind.SYMBOL and token.text == "@":
            axis = "attribute"
            token = self._next()
        elif token.kind is TokenKind.NAME and self._at_symbol("::"):
            if token.text not in AXES:
                raise XPathError(f"unknown axis {token.text}", token.offset)
            axis = token.text
            self._next()
            token = self._next()
        return Step(axis, self._node_test(token), self._predicates())

    def _node_test(self, token: Token) -> NodeTest:
        if token.kind is TokenKind.SYMBOL and token.text == "*":
            return NodeTest("name")
        if token.kind is not TokenKind.NAME:
            self._fail(token)
        if token.text in _NODE_TYPES and self._at_symbol("("):
            self._next()
            target = ""
            if token.text == "processing-instruction" and (self._peek().kind is TokenKind.LITERAL):
                target = self._next().text
            self._expect(")")
            return NodeTest(cast("Any", token.text), local=target or "*")
        prefix, _, local = token.text.rpartition(":")
        return NodeTest("name", prefix, local)

    def _predicates(self) -> tuple[Expr, ...]:
        predicates: list[Expr] = []
        while self._at_symbol("["):
            self._next()
            predicates.append(self._expression(0))
            self._expect("]")
        return tuple(predicates)

    # -- primaries -----------------------------------------------------------------------------

    def _primary(self) -> Expr:
        token = self._next()
        if token.kind is TokenKind.NUMBER:
            return Number(float(token.text))
        if token.kind is TokenKind.LITERAL:
            return self._leaf(Literal(token.text))
        if token.kind is TokenKind.SYMBOL:
            inner = self._expression(0)
            self._expect(")")
            return inner
        self._expect("(")
        arguments: list[Expr] = []
        if not self._at_symbol(")"):
            arguments.append(self._expression(0))
            while self._at_symbol(","):
                self._next()
                arguments.append(self._expression(0))
        self._expect(")")
        return Call(token.text, tuple(arguments))

    # -- tokens --------------------------------------------------------------------------------

    def _peek(self) -> Token:
        return self.tokens[self._index]

    def _next(self) -> Token:
        token = self.tokens[self._index]
        if token.kind is TokenKind.END:
            raise XPathError("the expression ends too early", token.offset)
        self._index += 1
        return token

    def _at_symbol(self, text: str) -> bool:
        token = self.tokens[self._index]
        return token.text == text and token.kind is TokenKind.SYMBOL

    def _expect(self, text: str) -> None:
        if not self._at_symbol(text):
            token = self._peek()
            if token.kind is TokenKind.END:
                raise XPathError(f"expected {text!r} before the end", token.offset)
            raise XPathError(f"expected {text!r}, found {token.text!r}", token.offset)
        self._index += 1

    def _fail(self, token: Token | None = None) -> NoReturn:
        token = token or self._peek()
        if token.kind is TokenKind.END:
            raise XPathError("the expression ends too early", token.offset)
        raise XPathError(f"unexpected {token.text!r}", token.offset)
