"""What is cut out of a form without the parser is what the parser would have taken."""

from __future__ import annotations

from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.xforms.itext import cut, read_cut

HEAD = b'<h:html xmlns:h="h" xmlns="x"><model><itext>'
TAIL = b"</itext><instance/></model></h:html>"
DUTCH = (
    b'<translation default="true()" lang="Nederlands (nl)"><text id="/data/q:label">'
    b'<value>Wie is <output value=" /data/p "/> &amp; wat?</value><value form="long">W</value>'
    b"</text></translation>"
)
TIGRINYA = (
    '\n  <translation lang="ትግርኛ (ti)">\n<text id="/data/q:label"><value>መን</value></text>\n'
    "</translation>\n"
).encode()


def whole(inside: bytes) -> bytes:
    return HEAD + inside + TAIL


def well_formed(xml: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError):
        return False
    return True


def test_the_plain_way_is_told_apart_in_one_look() -> None:
    found = cut(whole(DUTCH + TIGRINYA))
    assert found is not None
    assert found.translations is not None
    assert [attributes.strip()[-5:] for attributes, _ in found.translations] == [
        b'(nl)"',
        b'(ti)"',
    ]
    table = read_cut(found)
    assert table is not None
    assert table.languages == ("Nederlands (nl)", "ትግርኛ (ti)")
    assert table.forms("ትግርኛ (ti)", "/data/q:label")[""].text == "መን"


def test_a_bracket_that_closes_nothing_is_text() -> None:
    found = cut(whole(DUTCH.replace(b"wat", b"a > b]] > c")))
    assert found is not None
    assert found.translations is not None


def outputs(dutch: bytes, tigrinya: bytes) -> tuple[str, ...]:
    """The languages in which the outputs of the text are compiled at load."""
    other = DUTCH.replace(b"Nederlands (nl)", b"Tigrinya (ti)").replace(b'default="true()" ', b"")
    whose = [DUTCH.replace(b" /data/p ", dutch), other.replace(b" /data/p ", tigrinya)]
    found = cut(whole(b"".join(whose)))
    assert found is not None
    table = read_cut(found)
    assert table is not None
    return table.with_outputs("/data/q:label")


def test_a_language_with_outputs_of_its_own_is_compiled_too() -> None:
    assert outputs(b" /data/p ", b" /data/p ") == ("Nederlands (nl)",)
    assert outputs(b" /data/p ", b" /data/r ") == ("Nederlands (nl)", "Tigrinya (ti)")
    # what stands before or after the value does not hide it
    assert outputs(b'" ref="/data/p', b'" ref="/data/r') == ("Nederlands (nl)", "Tigrinya (ti)")
    # references stay as they are written
    assert outputs(b"1 &lt; 2", b"2 &lt; 1") == ("Nederlands (nl)", "Tigrinya (ti)")


def test_another_way_gives_the_same_texts() -> None:
    other = DUTCH.replace(b'<text id="/data/q:label">', b'<text id="/data/q:label" >')
    found, plain = cut(whole(other)), cut(whole(DUTCH))
    assert found is not None
    assert plain is not None
    assert found.translations is None
    table, expected = read_cut(found), read_cut(plain)
    assert table is not None
    assert expected is not None
    name = "Nederlands (nl)"
    assert table.languages == expected.languages
    assert table.forms(name, "/data/q:label")["long"].text == "W"


@pytest.mark.parametrize(
    "broken",
    [
        DUTCH.replace(b"&amp;", b"&"),
        DUTCH.replace(b"&amp;", b"&nbsp;"),
        DUTCH.replace(b"&amp;", b"&#0;"),
        DUTCH.replace(b" /data/p ", b"1 & 2"),
        DUTCH.replace(b" /data/p ", b"1 < 2"),
        DUTCH.replace(b'text id="/', b'text id="<'),
        DUTCH.replace(b"wat", b"w]]>t"),
        DUTCH.replace(b"wat", b"w\x01t"),
        DUTCH.replace(b"wat", b"w\xfft"),
        DUTCH.replace(b"wat", b"w\xef\xbf\xbet"),
        DUTCH.replace(b"wat", b"w\xed\xa0\x80t"),
        DUTCH.replace(b"</value><", b"</valu><"),
        DUTCH.replace(b'" lang', b'"lang'),
        DUTCH.replace(b'lang="', b'default="no" lang="'),
    ],
)
def test_what_is_not_well_formed_is_never_cut_out(broken: bytes) -> None:
    assert not well_formed(whole(broken))
    assert cut(whole(broken)) is None


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(DUTCH + TIGRINYA)),
            st.sampled_from(
                [b"", b"<", b">", b"&", b'"', b"/", b"]]>", b"\x00", b"\xc3", b"\xef\xbf\xbf", b" "]
            ),
            st.integers(0, 3),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_whatever_is_cut_out_parses(changes: list[tuple[int, bytes, int]]) -> None:
    inside = DUTCH + TIGRINYA
    for at, put, over in changes:
        inside = inside[:at] + put + inside[at + over :]
    xml = whole(inside)
    if cut(xml) is not None:
        assert well_formed(xml)
