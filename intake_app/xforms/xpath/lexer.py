"""Tokens of XPath 1.0 (W3C Recommendation §3.7), with the disambiguation rules applied."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from intake_app.xforms.xpath.errors import XPathError

MAX_LENGTH = 50_000

_NCNAME = r"[^\W\d][\w.\-·]*+"
_ANY = rf"""
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<literal>"[^"]*"|'[^']*')
    | (?P<symbol>::|//|\.\.|!=|<=|>=|[()\[\]@,/|+\-=<>*.])
    | (?P<name>{_NCNAME}(?::(?!:)(?:{_NCNAME}|\*))?)
"""
_TOKEN = re.compile(rf"\s*(?:{_ANY})", re.VERBOSE)
# Nearly all that forms hold: /a/b and ../../a, with nothing behind that belongs to the last step.
PLAIN_PATH = rf"(?:\.\.(?:/\.\.)*)?(?:/{_NCNAME})+(?!\s*(?:[/(\[:]|\d))"
_OPERAND = re.compile(
    rf"""\s*(?:
      (?P<path>{PLAIN_PATH})
    | {_ANY})""",
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*")
_OPERATOR_NAMES = frozenset({"and", "or", "mod", "div"})
# Where only an operator can stand, `div2` is read as `div 2`, as peers do.
_GLUED = re.compile(r"(and|or|mod|div)(?=[0-9])")


class TokenKind(Enum):
    """What a token is; OPERATOR covers both symbols and the four operator names.

    PATH is a whole location path of plain steps (``/a/b``, ``../a``): most of what forms hold.
    """

    NUMBER = auto()
    LITERAL = auto()
    PATH = auto()
    NAME = auto()
    OPERATOR = auto()
    SYMBOL = auto()
    END = auto()


class Token(NamedTuple):
    """One token; `text` of a literal is without its quotes."""

    kind: TokenKind
    text: str
    offset: int


_BINARY_SYMBOLS = frozenset({"|", "+", "-", "=", "!=", "<", "<=", ">", ">="})
_ENDS_OPERAND = frozenset({")", "]", "..", ".", "*"})
_WITHIN_PATH = frozenset({"/", "//", "::", "@"})


def tokenize(source: str) -> list[Token]:
    """All tokens of `source`, ended by one END token. Raises XPathError."""
    if len(source) > MAX_LENGTH:
        raise XPathError(f"the expression is longer than {MAX_LENGTH} characters")
    tokens: list[Token] = []
    add = tokens.append
    position = 0
    before = ""  # "" where an operand may follow, else the text of the preceding operand token
    within = False  # in the middle of a path
    while True:
        match = (_TOKEN if before or within else _OPERAND).match(source, position)
        if match is None:
            rest = _SPACE.match(source, position)
            position = rest.end() if rest else position
            if position < len(source):
                raise XPathError(f"unexpected character {source[position]!r}", position)
            add(Token(TokenKind.END, "", position))
            return tokens
        group = match.lastgroup
        text: str = match[match.lastindex or 0]
        position = match.end()
        offset = position - len(text)
        within = False
        if group == "symbol":
            if text in _BINARY_SYMBOLS or (text == "*" and before):
                add(Token(TokenKind.OPERATOR, text, offset))
                before = ""
            else:
                add(Token(TokenKind.SYMBOL, text, offset))
                before = text if text in _ENDS_OPERAND else ""
                within = text in _WITHIN_PATH
        elif group == "name":
            glued = _GLUED.match(text) if before else None
            if glued is not None:
                text = glued[1]
                position = offset + len(text)
            if before and text in _OPERATOR_NAMES:
                add(Token(TokenKind.OPERATOR, text, offset))
                before = ""
            else:
                add(Token(TokenKind.NAME, text, offset))
                before = text
        elif group == "literal":
            add(Token(TokenKind.LITERAL, text[1:-1], offset))
            before = "literal"
        else:
            add(Token(TokenKind.PATH if group == "path" else TokenKind.NUMBER, text, offset))
            before = text
