"""Choice lists that are read without a parser are the lists the parser would have read."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake_app.xforms import FormDefinition, FormSession, NodeKey
from intake_app.xforms.errors import FormError
from intake_app.xforms.lists import cut_lists, fill
from intake_app.xforms.xmltree import parse_xml
from intake_app.xforms.xpath.nodes import Node
from intake_app.xforms.xpath.table import Table

Build = Callable[..., FormDefinition]
Open = Callable[..., FormSession]

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
        "<item><name>a\r\nb</name></item>",
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


def test_a_text_may_have_tabs_and_lines_and_greater_than() -> None:
    quick, slow, count = both(form(one("<item><name>a\tb\nc > d]]</name></item>")))
    assert count == 1
    assert quick == slow


@pytest.mark.parametrize(
    "bad", [b"\xff", b"\xef\xbf\xbf", b"\xed\xa0\x80", b"\x00", b"\x0b", b"]]>"]
)
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


def test_an_item_in_an_item_is_left_to_the_parser() -> None:
    quick, slow, count = both(form(one("<item><item>a</item></item>")))
    assert count == 0
    assert quick == slow


@pytest.mark.parametrize(
    ("inside", "table"),
    [
        (ITEM * 2, True),
        ("<item><name>a</name></item>" * 2, True),
        (ITEM + "<item><name>a</name></item>", False),
        ("<item><name>a</name><name>b</name></item>", False),
    ],
)
def test_a_list_of_items_that_are_alike_is_a_table(inside: str, table: bool) -> None:
    xml = form(one(inside))
    rest, lists = cut_lists(xml)
    model = model_of(parse_xml(rest))
    assert fill(model, lists)
    assert isinstance(model.named("instance")[1].children[0], Table) is table


ROWS = "".join(
    f"<item><name>{name}</name><label>{name.upper()}</label><of>{of}</of></item>"
    for name, of in (("a", "x"), ("b", "y"), ("c", "x"), ("d", ""), ("a", "y"))
)
QUERIES = {
    "count": "count(instance('s')/root/item)",
    "third": "instance('s')/root/item[3]/name",
    "label": "instance('s')/root/item[name = /data/q]/label",
    "several": "join(' ', instance('s')/root/item[of = /data/of]/name)",
    "order": "join('', (instance('s')/root/item[of = 'y'] | instance('s')/root/item[1])/name)",
    "any": "join('', instance('s')/root/*[of = 'x']/name)",
    "missing": "count(instance('s')/root/item[nothing = 'x'])",
    "last": "instance('s')/root/item[last()]/of",
    "where": "position(instance('s')/root/item[name = 'c'])",
    "all": "string-length(string(instance('s')/root))",
    "chosen": "jr:choice-name(/data/q, '/data/q')",
    "gone": "jr:choice-name(/data/of, '/data/q')",
}


def test_expressions_see_a_table_as_any_other_list(build: Build, fill: Open) -> None:
    leaves = "".join(f"<{name}/>" for name in ("of", "q", "r", *QUERIES))
    binds = "".join(
        f'<bind nodeset="/data/{name}" calculate="{query}"/>' for name, query in QUERIES.items()
    )
    itemset = '<itemset nodeset="{}"><value ref="name"/><label ref="label"/></itemset>'
    body = (
        '<input ref="/data/of"/><select1 ref="/data/q">'
        + itemset.format("instance('s')/root/item[of = /data/of]")
        + '</select1><select ref="/data/r">'
        + itemset.format("instance('s')/root/item")
        + "</select>"
    )

    def seen(note: str) -> list[object]:
        model = one(ROWS, "s") + note + binds
        session = fill(build(leaves, model=model, body=body))
        table = session.form.model.secondary["s"].children[0]
        assert isinstance(table, Table) is not bool(note)
        found: list[object] = []
        for path, value in (("of", ""), ("of", "x"), ("q", "c"), ("r", "a b"), ("of", "y")):
            session.answer(NodeKey(f"/data/{path}"), value)
            found.append([session.value(NodeKey(f"/data/{name}")) for name in ("q", *QUERIES)])
            for name in ("q", "r"):
                choices = session.view(NodeKey(f"/data/{name}")).choices
                found.append([(c.value, c.label.text, c.ref) for c in choices])
        return found

    quick = seen("")
    assert quick == seen("<!-- read the long way -->")
    assert ["c", "5", "c", "C", "a c", "aba", "ac", "0", "y", "3"] in [
        one[:10] for one in quick if isinstance(one, list)
    ]
