"""Tokens of XPath 1.0 (W3C Recommendation §3.7), with the disambiguation rules applied."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from intake_app.xforms.xpath.errors import XPathError

MAX_LENGTH = 50_000

_NCNAME = r"[^\W\d][\w.\-·]*"
_TOKEN = re.compile(
    rf"""\s*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<literal>"[^"]*"|'[^']*')
    | (?P<symbol>::|//|\.\.|!=|<=|>=|[()\[\]@,/|+\-=<>*.])
    | (?P<name>{_NCNAME}(?::(?!:)(?:{_NCNAME}|\*))?)
    )""",
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*")
_OPERATOR_NAMES = frozenset({"and", "or", "mod", "div"})
# Where only an operator can stand, `div2` is read as `div 2`, as peers do.
_GLUED = re.compile(r"(and|or|mod|div)(?=[0-9])")


class TokenKind(Enum):
    """What a token is; OPERATOR covers both symbols and the four operator names."""

    NUMBER = auto()
    LITERAL = auto()
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


def tokenize(source: str) -> list[Token]:
    """All tokens of `source`, ended by one END token. Raises XPathError."""
    if len(source) > MAX_LENGTH:
        raise XPathError(f"the expression is longer than {MAX_LENGTH} characters")
    tokens: list[Token] = []
    position = 0
    before = ""  # "" where an operand may follow, else the text of the preceding operand token
    while True:
        match = _TOKEN.match(source, position)
        if match is None:
            rest = _SPACE.match(source, position)
            position = rest.end() if rest else position
            if position < len(source):
                raise XPathError(f"unexpected character {source[position]!r}", position)
            tokens.append(Token(TokenKind.END, "", position))
            return tokens
        group = str(match.lastgroup)
        text = match.group(group)
        offset = match.start(group)
        position = match.end()
        if group == "number":
            tokens.append(Token(TokenKind.NUMBER, text, offset))
            before = text
        elif group == "literal":
            tokens.append(Token(TokenKind.LITERAL, text[1:-1], offset))
            before = "literal"
        elif group == "name":
            glued = _GLUED.match(text) if before else None
            if glued is not None:
                text = glued[1]
                position = offset + len(text)
            if before and text in _OPERATOR_NAMES:
                tokens.append(Token(TokenKind.OPERATOR, text, offset))
                before = ""
            else:
                tokens.append(Token(TokenKind.NAME, text, offset))
                before = text
        elif text == "*" and before:
            tokens.append(Token(TokenKind.OPERATOR, "*", offset))
            before = ""
        elif text in _BINARY_SYMBOLS:
            tokens.append(Token(TokenKind.OPERATOR, text, offset))
            before = ""
        else:
            tokens.append(Token(TokenKind.SYMBOL, text, offset))
            before = text if text in {")", "]", "..", ".", "*"} else ""
