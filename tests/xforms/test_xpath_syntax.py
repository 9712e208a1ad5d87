"""Tokens and syntax trees: what XPath 1.0 §3.7 says, and the limits that keep us safe."""

from __future__ import annotations

import pytest

from intake_app.xforms.xpath.ast import Arithmetic, Call, Compare, Logical, Negate, Path, Union
from intake_app.xforms.xpath.errors import XPathError
from intake_app.xforms.xpath.lexer import MAX_LENGTH, TokenKind, tokenize
from intake_app.xforms.xpath.parser import MAX_DEPTH, parse


def kinds(source: str) -> list[tuple[str, str]]:
    return [(t.kind.name, t.text) for t in tokenize(source)[:-1]]


def test_a_star_is_a_name_test_where_an_operand_is_expected() -> None:
    assert [k for k, _ in kinds("* * *")] == ["SYMBOL", "OPERATOR", "SYMBOL"]


def test_operator_names_are_names_where_an_operand_is_expected() -> None:
    assert kinds("div div mod") == [("NAME", "div"), ("OPERATOR", "div"), ("NAME", "mod")]
    assert kinds("and/or") == [("NAME", "and"), ("SYMBOL", "/"), ("NAME", "or")]


def test_a_hyphen_belongs_to_a_name_and_stands_apart_after_a_space() -> None:
    assert kinds("a-b") == [("NAME", "a-b")]
    assert kinds("a -b") == [("NAME", "a"), ("OPERATOR", "-"), ("NAME", "b")]


def test_an_operator_may_touch_the_number_beside_it() -> None:
    assert kinds("0or 1mod2") == [
        ("NUMBER", "0"),
        ("OPERATOR", "or"),
        ("NUMBER", "1"),
        ("OPERATOR", "mod"),
        ("NUMBER", "2"),
    ]


def test_prefixed_names_and_axes_are_told_apart() -> None:
    assert kinds("jr:itext") == [("NAME", "jr:itext")]
    assert kinds("child::x") == [("NAME", "child"), ("SYMBOL", "::"), ("NAME", "x")]


def test_names_may_be_in_any_script() -> None:
    assert kinds("ስም/اسم") == [("NAME", "ስም"), ("SYMBOL", "/"), ("NAME", "اسم")]


def test_the_end_has_the_offset_of_the_end() -> None:
    end = tokenize("a  ")[-1]
    assert end.kind is TokenKind.END
    assert end.offset == 3


def test_precedence() -> None:
    tree = parse("1 or 2 and 3 = 4 < 5 + 6 * -7 | 8")
    assert isinstance(tree, Logical)
    assert tree.operator == "or"
    both = tree.operands[1]
    assert isinstance(both, Logical)
    equal = both.operands[1]
    assert isinstance(equal, Compare)
    less = equal.right
    assert isinstance(less, Compare)
    plus = less.right
    assert isinstance(plus, Arithmetic)
    times = plus.rest[0][1]
    assert isinstance(times, Arithmetic)
    minus = times.rest[0][1]
    assert isinstance(minus, Negate)
    assert isinstance(minus.operand, Union)


def test_chains_are_flat() -> None:
    tree = parse(" and ".join(["a"] * 5_000))
    assert isinstance(tree, Logical)
    assert len(tree.operands) == 5_000
    assert isinstance(parse("+".join(["1"] * 5_000)), Arithmetic)


def test_the_root_alone_and_followed_by_an_operator() -> None:
    assert parse("/") == Path("root", (), ())
    tree = parse("/ = 1")
    assert isinstance(tree, Compare)


def test_a_call_can_start_a_path() -> None:
    tree = parse("instance('x')/root/item[name = 'a'][2]/label")
    assert isinstance(tree, Path)
    assert isinstance(tree.start, Call)
    assert [s.test.local for s in tree.steps] == ["root", "item", "label"]
    assert len(tree.steps[1].predicates) == 2


def test_a_node_type_is_no_function() -> None:
    tree = parse("text()")
    assert isinstance(tree, Path)
    assert tree.steps[0].test.kind == "text"


@pytest.mark.parametrize(
    ("source", "message", "offset"),
    [
        ("", "empty", 0),
        ("  ", "empty", 0),
        ("1 +", "ends too early", 3),
        ("a b", "unexpected 'b'", 2),
        ("concat(a", "expected ')'", 8),
        ("a[1", "expected ']'", 3),
        ("sideways::a", "unknown axis sideways", 0),
        ("a ? b", "unexpected character '?'", 2),
        ("'open", "unexpected character", 0),
        ("a//", "ends too early", 3),
        ("1 = = 2", "unexpected '='", 4),
        ("()", "unexpected ')'", 1),
    ],
)
def test_errors_say_where(source: str, message: str, offset: int) -> None:
    with pytest.raises(XPathError) as caught:
        parse(source)
    assert message in str(caught.value)
    assert caught.value.offset == offset


def test_depth_is_bounded() -> None:
    deep = MAX_DEPTH - 2
    parse("(" * deep + "1" + ")" * deep)
    with pytest.raises(XPathError, match="nested deeper"):
        parse("(" * 5_000 + "1" + ")" * 5_000)
    with pytest.raises(XPathError, match="nested deeper"):
        parse("not(" * 5_000 + "1" + ")" * 5_000)


def test_length_is_bounded() -> None:
    with pytest.raises(XPathError, match="longer than"):
        tokenize("1" * (MAX_LENGTH + 1))


@pytest.mark.parametrize(
    ("source", "texts", "paths"),
    [
        ("/data/a", "/data/a", 1),
        (" ../../b = 'x'", "../../b = x", 1),
        ("/a - /b", "/a - /b", 2),
        ("f(/a, ../b) + /c/d", "f ( /a , ../b ) + /c/d", 3),
        ("/a div 2", "/a div 2", 1),
        ("current()/../b", "current ( ) / .. / b", 0),
        ("/data/a[1]", "/ data / a [ 1 ]", 0),
        ("/data/text()", "/ data / text ( )", 0),
        ("/a/../b", "/ a / .. / b", 0),
        ("/a//b", "/ a // b", 0),
        ("/a/@b", "/ a / @ b", 0),
        ("/a/b:c", "/ a / b:c", 0),
        ("a/b", "a / b", 0),
        ("..", "..", 0),
    ],
)
def test_a_whole_path_of_plain_steps_is_one_token(source: str, texts: str, paths: int) -> None:
    found = kinds(source)
    assert " ".join(text for _, text in found) == texts
    assert [kind for kind, _ in found].count("PATH") == paths


@pytest.mark.parametrize("source", ["/data/a", "../../b", "../a/b", "/a/b + ../c"])
def test_a_path_in_one_token_is_the_same_tree(source: str) -> None:
    assert parse(source) == parse(source.replace("/", " / "))
