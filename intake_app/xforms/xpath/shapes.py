"""Parsing the expressions of one form: those that differ in their paths and literals only once.

A form asks the same of many nodes, ``/data/a = 'yes'`` of one and ``/data/b = 'no'`` of another.
What stands around the plain paths and the literals is the shape of an expression. The first of a
shape is parsed; of the others the tree is made with the same nodes around other leaves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from intake_app.xforms.xpath import ast
from intake_app.xforms.xpath.ast import Expr
from intake_app.xforms.xpath.lexer import MAX_LENGTH, PLAIN_PATH, Token, TokenKind
from intake_app.xforms.xpath.parser import Parser

_PIECE = re.compile(rf"""("[^"]*"|'[^']*'|{PLAIN_PATH})""")
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

Make = Callable[[Sequence[str]], Any]
"""Makes (a part of) a tree of the paths and literals of an expression, in order, as written."""


class ShapedParser:
    """Parses as `parse` does; trees may share nodes, which are never changed."""

    def __init__(self) -> None:
        self._parser = Parser()
        self._shapes: dict[tuple[str, ...], Make | None] = {}
        self._paths: dict[str, ast.Path] = {}

    def parse(self, source: str) -> Expr:
        """The syntax tree of `source`. Raises XPathError with the offset of what is wrong."""
        pieces = _PIECE.split(source)
        leaves = pieces[1::2]
        pieces[1::2] = [leaf[0] for leaf in leaves]
        shape = tuple(pieces)
        make = self._shapes.get(shape)
        if make is not None and len(source) <= MAX_LENGTH:
            tree: Expr = make(leaves)
            return tree
        tree = self._parser.parse(source)
        if shape not in self._shapes:
            self._shapes[shape] = self._maker(tree, source, leaves)
        return tree

    def _maker(self, tree: Expr, source: str, leaves: Sequence[str]) -> Make | None:
        """What makes a tree of this shape; None when the leaves are not those of the tree.

        Where each piece is one token, it is so in every expression of the shape: how a token ends
        is decided by itself and by what stands around it, and that is the shape.
        """
        at = 0
        tokens = iter(self._parser.leaf_tokens)
        for leaf in leaves:
            at = source.index(leaf, at)
            if not _is_token(leaf, at, next(tokens, None)):
                return None
            at += len(leaf)
        if next(tokens, None) is not None:
            return None
        places = {id(node): place for place, node in enumerate(self._parser.leaves)}
        if len(places) != len(leaves):
            return None
        return self._make(tree, places) or (lambda _leaves: tree)

    def _path(self, leaf: str) -> ast.Path:
        path = self._paths.get(leaf)
        if path is None:
            path = self._paths[leaf] = self._parser.plain_path(leaf)
        return path

    def _make(self, value: Any, places: Mapping[int, int]) -> Make | None:
        """What makes `value` anew; None when no leaf is in it, so that it can be shared."""
        place = places.get(id(value))
        if place is not None:
            if type(value) is ast.Literal:
                return lambda leaves: ast.Literal(leaves[place][1:-1])
            return lambda leaves: self._path(leaves[place])
        kind = type(value)
        if kind is tuple:
            parts = value
        elif kind in _FIELDS:
            parts = [getattr(value, name) for name in _FIELDS[kind]]
        else:
            return None
        makers = [(part, self._make(part, places)) for part in parts]
        if all(make is None for _, make in makers):
            return None
        if kind is tuple:
            return lambda leaves: tuple([m(leaves) if m else part for part, m in makers])
        return lambda leaves: kind(*[m(leaves) if m else part for part, m in makers])


def _is_token(leaf: str, at: int, token: Token | None) -> bool:
    if token is None:
        return False
    if token.kind is TokenKind.LITERAL:
        # its offset is that of the quote
        return leaf[0] in "\"'" and token.text == leaf[1:-1] and token.offset == at
    return token.text == leaf and token.offset == at
