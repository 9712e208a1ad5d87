"""Repeats: adding, removing, counting, positions, aggregates, and references between rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from intake_app.xforms import AnswerRefused, FormSession, NodeKey, RefusalCode

Open = Callable[..., FormSession]
Key = Callable[..., NodeKey]

ROWS = "<rij jr:template=''><x/><pos/><tot/></rij><som/><aantal/><meta><instanceID/></meta>"
BINDS = """
<bind nodeset="/data/rij/x" type="int"/>
<bind nodeset="/data/rij/pos" type="int" calculate="position(..)"/>
<bind nodeset="/data/rij/tot" type="int"
  calculate="coalesce(../x, 0)
    + coalesce(indexed-repeat(/data/rij/tot, /data/rij, position(..) - 1), 0)"/>
<bind nodeset="/data/meta/instanceID" jr:preload="uid"/>
<bind nodeset="/data/som" type="int" calculate="sum(/data/rij/x)"/>
<bind nodeset="/data/aantal" type="int" calculate="count(/data/rij)"/>
"""
BODY = """<group ref="/data/rij"><label>Rij</label><repeat nodeset="/data/rij">
<input ref="/data/rij/x"><label>x</label></input></repeat></group>"""


@pytest.fixture
def rows(open_form: Open) -> FormSession:
    return open_form(ROWS, model=BINDS, body=BODY)


def test_adding_and_removing_renumbers_and_recounts(rows: FormSession, key: Key) -> None:
    ids = [rows.add_repeat("/data/rij")[0] for _ in range(3)]
    for number, row in enumerate(ids, 1):
        rows.answer(key("rij/x", row), str(number))
    assert rows.value(key("som")) == "6"
    changes = rows.remove_repeat("/data/rij", ids[0])
    assert changes.repeats_removed == (("/data/rij", ids[0]),)
    assert rows.repeats("/data/rij") == tuple(ids[1:])
    assert [rows.value(key("rij/pos", row)) for row in ids[1:]] == ["1", "2"]
    assert (rows.value(key("som")), rows.value(key("aantal"))) == ("5", "2")
    first, changes = rows.add_repeat("/data/rij", at=0)
    assert changes.repeats_added == (("/data/rij", first),)
    assert rows.repeats("/data/rij") == (first, *ids[1:])
    assert rows.value(key("rij/pos", ids[2])) == "3"


def test_a_running_total_follows_the_row_before(rows: FormSession, key: Key) -> None:
    ids = [rows.add_repeat("/data/rij")[0] for _ in range(6)]
    for row in ids:
        rows.answer(key("rij/x", row), "1")
    assert [rows.value(key("rij/tot", row)) for row in ids] == list("123456")
    rows.answer(key("rij/x", ids[0]), "10")
    assert [rows.value(key("rij/tot", row)) for row in ids] == ["10", "11", "12", "13", "14", "15"]
    rows.remove_repeat("/data/rij", ids[2])
    assert rows.value(key("rij/tot", ids[5])) == "14"


def test_keys_of_removed_rows_are_refused(rows: FormSession, key: Key) -> None:
    row, _ = rows.add_repeat("/data/rij")
    rows.remove_repeat("/data/rij", row)
    with pytest.raises(AnswerRefused) as caught:
        rows.answer(key("rij/x", row), "1")
    assert caught.value.reason is RefusalCode.UNKNOWN_KEY
    with pytest.raises(AnswerRefused):
        rows.remove_repeat("/data/rij", row)


def test_a_count_makes_rows_and_brings_them_back(open_form: Open, key: Key) -> None:
    session = open_form(
        "<n>1</n><kind jr:template=''><naam/></kind>",
        model='<bind nodeset="/data/n" type="int"/>',
        body='<input ref="/data/n"/><repeat nodeset="/data/kind" jr:count="/data/n">'
        '<input ref="/data/kind/naam"/></repeat>',
    )
    (first,) = session.repeats("/data/kind")
    changes = session.answer(key("n"), "3")
    assert len(changes.repeats_added) == 2
    third = session.repeats("/data/kind")[2]
    session.answer(key("kind/naam", third), "Sami")
    assert len(session.answer(key("n"), "1").repeats_removed) == 2
    assert session.repeats("/data/kind") == (first,)
    session.answer(key("n"), "3")
    assert session.repeats("/data/kind")[2] == third
    assert session.value(key("kind/naam", third)) == "Sami"
    for act in (
        lambda: session.add_repeat("/data/kind"),
        lambda: session.remove_repeat("/data/kind", first),
    ):
        with pytest.raises(AnswerRefused) as caught:
            act()
        assert caught.value.reason is RefusalCode.FIXED_COUNT


def test_changes_name_only_what_is_still_there(open_form: Open, key: Key) -> None:
    session = open_form(
        "<n>2</n><r jr:template=''><a/><b/></r>",
        model='<bind nodeset="/data/r/b" calculate="count(/data/r) + /data/n"/>'
        '<bind nodeset="/data/r/a" required="/data/n &gt; 0"/>',
        body='<input ref="/data/n"/><repeat nodeset="/data/r" jr:count="/data/n">'
        '<input ref="/data/r/a"/></repeat>',
    )
    changes = session.answer(key("n"), "1")
    assert len(changes.repeats_removed) == 1
    for each in changes.values | changes.required | changes.problems:
        session.view(each)
    assert changes.values == {key("n"), key("r/b", session.repeats("/data/r")[0])}


def test_a_huge_count_is_bounded(open_form: Open, key: Key) -> None:
    session = open_form(
        "<n/><r jr:template=''><a/></r>",
        body='<input ref="/data/n"/><repeat nodeset="/data/r" jr:count="/data/n">'
        '<input ref="/data/r/a"/></repeat>',
    )
    session.answer(key("n"), "1000000000")
    assert len(session.repeats("/data/r")) == 2_000


def test_nested_rows_see_their_own_surroundings(open_form: Open, key: Key) -> None:
    session = open_form(
        "<u jr:template=''><naam/><i jr:template=''><t/><w/></i><n/></u>",
        model='<bind nodeset="/data/u/i/w" calculate="concat(../../naam, position(../..), '
        "'.', position(..))\"/>"
        '<bind nodeset="/data/u/n" calculate="count(../i)"/>'
        '<bind nodeset="/data/u/i/t" relevant="/data/u/naam != \'geen\'"/>',
        body='<repeat nodeset="/data/u"><input ref="/data/u/naam"/>'
        '<repeat nodeset="/data/u/i"><input ref="/data/u/i/t"/></repeat></repeat>',
    )
    outer = [session.add_repeat("/data/u")[0] for _ in range(2)]
    inner = [session.add_repeat("/data/u/i", row)[0] for row in (outer[0], outer[1], outer[1])]
    session.answer(key("u/naam", outer[1]), "B")
    assert [session.value(key("u/i/w", row)) for row in inner] == ["1.1", "B2.1", "B2.2"]
    assert [session.value(key("u/n", row)) for row in outer] == ["1", "2"]
    # An absolute path means the row it is used in.
    changes = session.answer(key("u/naam", outer[0]), "geen")
    assert changes.relevance == {key("u/i/t", inner[0])}
    session.remove_repeat("/data/u", outer[0])
    assert [session.value(key("u/i/w", row)) for row in inner[1:]] == ["B1.1", "B1.2"]
    with pytest.raises(AnswerRefused):
        session.repeats("/data/u/i", outer[0])


def test_new_rows_get_their_actions_and_defaults(open_form: Open, key: Key) -> None:
    session = open_form(
        "<top>5</top><r jr:template=''><a>std</a><b/></r>",
        body='<input ref="/data/top"/><repeat nodeset="/data/r">'
        '<setvalue event="odk-new-repeat" ref="/data/r/b" value="../../top + position(..)"/>'
        '<input ref="/data/r/a"/><input ref="/data/r/b"/></repeat>',
    )
    row, _ = session.add_repeat("/data/r")
    assert (session.value(key("r/a", row)), session.value(key("r/b", row))) == ("std", "6")


def test_choices_can_come_from_rows(open_form: Open, key: Key) -> None:
    session = open_form(
        "<p jr:template=''><naam/></p><wie/>",
        body='<repeat nodeset="/data/p"><input ref="/data/p/naam"/></repeat>'
        '<select1 ref="/data/wie"><itemset nodeset="/data/p[naam != \'\']">'
        '<value ref="naam"/><label ref="naam"/></itemset></select1>',
    )
    row, _ = session.add_repeat("/data/p")
    assert session.view(key("wie")).choices == ()
    assert session.answer(key("p/naam", row), "Amal").choices == {key("wie")}
    session.answer(key("wie"), "Amal")
    changes = session.remove_repeat("/data/p", row)
    assert changes.values >= {key("wie")}
    assert session.value(key("wie")) == ""


def test_rows_keep_their_order_through_a_snapshot(rows: FormSession, fill: Any, key: Key) -> None:
    for number in range(3):
        row, _ = rows.add_repeat("/data/rij", at=0)
        rows.answer(key("rij/x", row), str(number))
    again = fill(rows.form, snapshot=rows.snapshot())
    assert again.repeats("/data/rij") == rows.repeats("/data/rij")
    assert again.instance_xml() == rows.instance_xml()
    assert again.snapshot() == rows.snapshot()


def test_a_row_that_is_not_relevant_cannot_be_added(open_form: Open, key: Key) -> None:
    session = open_form(
        "<a/><r jr:template=''><b/></r>",
        model='<bind nodeset="/data/r" relevant="/data/a = 1"/>',
        body='<input ref="/data/a"/><repeat nodeset="/data/r"><input ref="/data/r/b"/></repeat>',
    )
    with pytest.raises(AnswerRefused) as caught:
        session.add_repeat("/data/r")
    assert caught.value.reason is RefusalCode.NOT_RELEVANT
    session.answer(key("a"), "1")
    row, _ = session.add_repeat("/data/r")
    session.answer(key("r/b", row), "x")
    assert session.answer(key("a"), "2").hidden_answers == (key("r/b", row),)
