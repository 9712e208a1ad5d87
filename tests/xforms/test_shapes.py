"""An expression made after the shape of another is what the parser would have made of it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intake_app.xforms.xpath.ast import Compare, Expr
from intake_app.xforms.xpath.errors import XPathError
from intake_app.xforms.xpath.lexer import MAX_LENGTH
from intake_app.xforms.xpath.parser import parse
from intake_app.xforms.xpath.shapes import ShapedParser

LEAVES = ["/a", "/data/b", "../c", "../../d/e", "'x'", '"/f"', "''", "'['", '"("', "/a-1/é"]
REST = [
    *("a", "or", "div", "and", "not(", "(", ")", "[", "]", ",", "/", "//", "..", ".", "@", "::"),
    *("=", "!=", "<", "-", "+", "*", "|", "1", "2.", " ", "child::", "processing-instruction("),
    *("'", '"', "instance('i')", "text()", ":", "$"),
]

Outcome = Expr | str
Pieces = st.SearchStrategy[list[tuple[bool, str]]]
"""Expressions in pieces; of each whether it is a leaf."""


def outcome(parser: ShapedParser | None, source: str) -> Outcome:
    try:
        return parse(source) if parser is None else parser.parse(source)
    except XPathError as refused:
        return str(refused)


_leaf = st.sampled_from(LEAVES).map(lambda text: (True, text))
_rest = st.sampled_from(REST).map(lambda text: (False, text))
_loose = st.lists(_leaf | _rest, max_size=8)


def _binary(inside: Pieces) -> Pieces:
    operator = st.sampled_from([" = ", "!=", " or ", "-", " * ", "|", " div "])
    return st.one_of(
        st.tuples(inside, operator, inside).map(lambda t: [*t[0], (False, t[1]), *t[2]]),
        inside.map(lambda t: [(False, "selected("), *t, (False, ", "), *t, (False, ")")]),
        inside.map(lambda t: [(False, "instance('i')/root/item[name = "), *t, (False, "]")]),
        inside.map(lambda t: [(False, "-("), *t, (False, ")")]),
        inside.map(lambda t: [*t, (False, " = current()/../b/c")]),
    )


_sound = st.recursive(
    _leaf.map(lambda t: [t]) | st.sampled_from([".", "1", "a/b"]).map(lambda t: [(False, t)]),
    _binary,
    max_leaves=6,
)


@given(st.one_of(_loose, _sound), st.lists(st.sampled_from(LEAVES), min_size=1, max_size=5))
@example([(False, "a"), (True, "/a")], ["../c"])
@example([(False, "1"), (True, "/a")], ["../c"])
@example([(False, "processing-instruction("), (True, "'x'"), (False, ")")], ["'y'"])
def test_other_leaves_in_the_same_shape_give_the_tree_of_the_parser(
    pieces: list[tuple[bool, str]], others: list[str]
) -> None:
    first = "".join(text for _, text in pieces)
    turn = iter(others * len(pieces))
    second = "".join(next(turn) if leaf else text for leaf, text in pieces)
    parser = ShapedParser()
    for source in (first, second, first):
        assert outcome(parser, source) == outcome(None, source)


def test_one_shape_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parser = ShapedParser()
    one = parser.parse("/data/a = 'yes'")
    monkeypatch.delattr("intake_app.xforms.xpath.parser.Parser.parse")
    other = parser.parse("/data/b = 'no'")
    assert isinstance(one, Compare)
    assert isinstance(other, Compare)
    assert (one.left, one.right) != (other.left, other.right)
    with pytest.raises(AttributeError):
        parser.parse("/data/b != 'no'")


def test_a_known_shape_does_not_make_an_expression_longer_than_allowed() -> None:
    parser = ShapedParser()
    parser.parse("'a'")
    with pytest.raises(XPathError, match="longer"):
        parser.parse("'" + "a" * MAX_LENGTH + "'")
