"""Choice lists that are read without a parser are the lists the parser would have read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake_app.xforms.errors import FormError
from intake_app.xforms.lists import cut_lists, fill
from intake_app.xforms.xmltree import parse_xml
from intake_app.xforms.xpath.nodes import Node

HEAD = (
    b'<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><model>'
)
PRIMARY = b"<instance><data><a/></data></instance>"
TAIL = b"</model></h:html>"


def form(lists: str, primary: bytes = PRIMARY) -> bytes:
    return HEAD + primary + lists.encode() + TAIL


def shown(node: Node) -> tuple[object, ...]:
    parent = node.parent
    for child in node.children:
        assert child.parent is node
    return (
        node.kind,
        node.name,
        node.text,
        node.prefix,
        node.namespace,
        None if parent is None else parent.name,
        [(a.name, a.text) for a in node.attributes],
        [shown(child) for child in node.children],
        {c.name: [n.text for n in node.named(c.name)] for c in node.children},
    )


def model_of(tree: Node) -> Node:
    return tree.children[0].named("model")[0]


def both(xml: bytes) -> tuple[object, object, int]:
    """The tree with the lists put back, the tree as parsed, and how many lists were cut out."""
    rest, lists = cut_lists(xml)
    tree = parse_xml(rest)
    assert fill(model_of(tree), lists)
    return shown(tree), shown(parse_xml(xml)), len(lists)


ITEM = "<item><itextId>wijk-0</itextId><name>w0</name><gemeente>g0</gemeente></item>"


def one(inside: str, name: str = "wijk") -> str:
    return f'<instance id="{name}"><root>{inside}</root></instance>'


def test_a_list_of_pyxform_is_cut_out_and_comes_back() -> None:
    quick, slow, count = both(form(one(ITEM * 3) + one(ITEM, "gemeente")))
    assert count == 2
    assert quick == slow


def test_white_space_between_is_no_text() -> None:
    spaced = ITEM.replace("><", ">\n  <")
    quick, slow, count = both(form(f'<instance id="a">\n <root>\n{spaced}\n</root>\n</instance>'))
    assert count == 1
    assert quick == slow


@pytest.mark.parametrize(
    "inside",
    [
        '<item order="1"><name>a</name></item>',
        "<item><name>a &amp; b</name></item>",
        "<item><name>a<b/></name></item>",
        "<item><name/></item>",
        "<item><name>a\tb</name></item>",
        "<item><name>a</name>los</item>",
        "<root><name>a</name></root>",
        "<item></item>",
        "<item><x:name xmlns:x='urn:x'>a</x:name></item>",
        "",
    ],
)
def test_what_is_written_otherwise_is_left_to_the_parser(inside: str) -> None:
    quick, slow, count = both(form(one(ITEM) + one(inside, "ander")))
    assert count == 1
    assert quick == slow


def test_a_name_that_occurs_twice_is_left_to_the_loader() -> None:
    xml = form(one(ITEM) + one(ITEM))
    assert cut_lists(xml) == (xml, {})


@pytest.mark.parametrize("bad", [b"\xff", b"\xef\xbf\xbf", b"\xed\xa0\x80"])
def test_what_no_xml_holds_is_left_for_the_parser_to_refuse(bad: bytes) -> None:
    xml = form(one("<item><name>XX</name></item>")).replace(b"XX", bad)
    assert cut_lists(xml) == (xml, {})


def test_a_list_outside_the_model_is_not_put_anywhere() -> None:
    inner = b"<instance><data>" + one(ITEM).encode() + b"</data></instance>"
    rest, lists = cut_lists(form("", inner))
    assert lists
    assert not fill(model_of(parse_xml(rest)), lists)


_text = st.text(st.characters(codec="utf-8"), max_size=6)
_leaf = st.tuples(st.sampled_from(["name", "itextId", "label", "g-1"]), _text)


@given(st.lists(st.lists(_leaf, max_size=4), max_size=4))
@settings(deadline=None)
def test_any_list_comes_out_the_same_or_is_refused_the_same(
    items: list[list[tuple[str, str]]],
) -> None:
    inside = "".join(
        "<item>" + "".join(f"<{n}>{t}</{n}>" for n, t in item) + "</item>" for item in items
    )
    xml = form(one(inside))
    try:
        slow = shown(parse_xml(xml))
    except FormError as refused:
        rest, lists = cut_lists(xml)
        assert not lists, inside
        with pytest.raises(FormError, match=re.escape(str(refused))):
            parse_xml(rest)
        return
    quick, _, _ = both(xml)
    assert quick == slow
