"""Parsing the expressions of one form: those that differ in their paths and literals only once.

A form asks the same of many nodes, ``/data/a = 'yes'`` of one and ``/data/b = 'no'`` of another.
What stands around the plain paths and the literals is the shape of an expression. The first of a
shape is parsed; of the others the tree is made with the same nodes around other leaves. A prepared
form gains nothing by holding the trees: to make them again of what was stored takes as long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from operator import itemgetter
from typing import Any, NamedTuple

from intake_app.xforms.xpath import ast
from intake_app.xforms.xpath.ast import Expr
from intake_app.xforms.xpath.lexer import MAX_LENGTH, PLAIN_PATH, Token, TokenKind
from intake_app.xforms.xpath.parser import Parser

# The rest of a longer path, as in instance('x')/root/item or current()/../a, is part of the shape.
_PIECE = re.compile(rf"""("[^"]*"|'[^']*'|(?<![)\]\w./*\-·]){PLAIN_PATH})""")
_QUOTES = "\"'"
_LEAVES = frozenset({TokenKind.PATH, TokenKind.LITERAL})
_FIELDS = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (
        ast.Negate,
        ast.Logical,
        ast.Compare,
        ast.Arithmetic,
        ast.Union,
        ast.Call,
        ast.Step,
        ast.Path,
    )
}

Make = Callable[[Sequence[Expr]], Any]
"""Makes (a part of) a tree of the paths and literals of an expression, in order."""


class _First(NamedTuple):
    """The first expression of a shape, its leaves and all its tokens."""

    tree: Expr
    source: str
    nodes: Sequence[Expr]
    tokens: Sequence[Token]


class ShapedParser:
    """Parses as `parse` does; trees may share nodes, which are never changed."""

    def __init__(self) -> None:
        self._parser = Parser()
        self._shapes: dict[tuple[str, ...], Make | _First | None] = {}
        self._nodes: dict[str, ast.Path | ast.Literal] = {}

    def parse(self, source: str) -> Expr:
        """The syntax tree of `source`. Raises XPathError with the offset of what is wrong."""
        if len(source) > MAX_LENGTH:
            return self._parser.parse(source)
        pieces = _PIECE.split(source)
        leaves = pieces[1::2]
        pieces[1::2] = [leaf[0] for leaf in leaves]
        shape = tuple(pieces)
        make = self._shapes.get(shape)
        if isinstance(make, _First):
            # Only now: of many shapes there is one expression.
            make = self._shapes[shape] = self._maker(make)
        if make is not None:
            nodes = self._nodes
            tree: Expr = make([nodes.get(leaf) or self._node(leaf) for leaf in leaves])
            return tree
        tree = self._parser.parse(source)
        if shape not in self._shapes:
            self._shapes[shape] = _First(tree, source, self._parser.leaves, self._parser.tokens)
        return tree

    def _maker(self, first: _First) -> Make | None:
        """What makes a tree of this shape; None when the leaves are not those of the tree.

        Where each piece is one token, it is so in every expression of the shape: how a token ends
        is decided by itself and by what stands around it, and that is the shape.
        """
        pieces = [(match[1], match.start(1)) for match in _PIECE.finditer(first.source)]
        tokens = [_as_piece(t, first.source) for t in first.tokens if t.kind in _LEAVES]
        places = {id(node): place for place, node in enumerate(first.nodes)}
        if pieces != tokens or len(places) != len(pieces):
            return None
        return _make(first.tree, places) or (lambda _nodes: first.tree)

    def _node(self, leaf: str) -> ast.Path | ast.Literal:
        """The node of a leaf that was not met before."""
        literal = leaf[0] in _QUOTES
        node = ast.Literal(leaf[1:-1]) if literal else self._parser.plain_path(leaf)
        self._nodes[leaf] = node
        return node


def _as_piece(token: Token, source: str) -> tuple[str, int]:
    """A leaf as it stands in the source, and where."""
    quotes = 2 if token.kind is TokenKind.LITERAL else 0
    return source[token.offset : token.offset + len(token.text) + quotes], token.offset


def _make(value: Any, places: Mapping[int, int]) -> Make | None:
    """What makes `value` anew; None when no leaf is in it, so that it can be shared."""
    place = places.get(id(value))
    if place is not None:
        return itemgetter(place)
    kind = type(value)
    if kind is tuple:
        parts = value
    elif kind in _FIELDS:
        parts = [getattr(value, name) for name in _FIELDS[kind]]
    else:
        return None
    makers = [(part, _make(part, places)) for part in parts]
    if all(make is None for _, make in makers):
        return None
    if kind is tuple:
        return lambda nodes: tuple([m(nodes) if m else part for part, m in makers])
    return lambda nodes: kind(*[m(nodes) if m else part for part, m in makers])
