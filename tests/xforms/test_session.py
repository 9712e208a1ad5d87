"""Answering: relevance, requirement, types, choices, computed values and actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from intake_app.xforms import (
    AnswerRefused,
    AnswerState,
    FormError,
    FormSession,
    NodeKey,
    RefusalCode,
    Snapshot,
)

Open = Callable[..., FormSession]
Key = Callable[..., NodeKey]

LISTS = """
<instance id="land"><root><item><name>nl</name><label>Nederland</label></item>
  <item><name>sy</name><label>Syrië</label></item></root></instance>
<instance id="stad"><root>
  <item><name>adam</name><label>Amsterdam</label><land>nl</land></item>
  <item><name>homs</name><label>Homs</label><land>sy</land></item></root></instance>
"""


def select(path: str, nodeset: str, kind: str = "select1") -> str:
    return (
        f'<{kind} ref="{path}"><label>S</label><itemset nodeset="{nodeset}">'
        f'<value ref="name"/><label ref="label"/></itemset></{kind}>'
    )


def inputs(*names: str) -> str:
    return "".join(f'<input ref="/data/{n}"><label>{n}</label></input>' for n in names)


def test_a_hidden_answer_is_kept_invisible_and_named(open_form: Open, key: Key) -> None:
    session = open_form(
        "<a/><grp><b/></grp><c/>",
        model='<bind nodeset="/data/grp" relevant="/data/a = \'ja\'"/>'
        "<bind nodeset=\"/data/c\" calculate=\"concat('&lt;', /data/grp/b, '&gt;')\"/>",
        body=inputs("a", "grp/b"),
    )
    session.answer(key("a"), "ja")
    session.answer(key("grp/b"), "iets")
    assert session.value(key("c")) == "<iets>"
    changes = session.answer(key("a"), "nee")
    assert changes.hidden_answers == (key("grp/b"),)
    assert changes.relevance == {key("grp"), key("grp/b")}
    assert session.value(key("grp/b")) == "iets"
    assert session.state(key("grp/b")) is AnswerState.ANSWERED
    assert session.value(key("c")) == "<>"
    assert b"iets" not in session.instance_xml()
    assert session.answer(key("a"), "ja").hidden_answers == ()
    assert session.value(key("c")) == "<iets>"


def test_what_is_not_relevant_is_unequal_rather_than_nothing(open_form: Open, key: Key) -> None:
    session = open_form(
        "<a/><b>x</b><c/>",
        model='<bind nodeset="/data/b" relevant="/data/a = 1"/>'
        "<bind nodeset=\"/data/c\" calculate=\"if(/data/b != 'x', 'anders', 'x')\"/>",
        body=inputs("a", "b"),
    )
    assert session.value(key("c")) == "anders"


def test_required_is_satisfied_by_an_answer_or_a_reason(open_form: Open, key: Key) -> None:
    session = open_form(
        "<a/>",
        model='<bind nodeset="/data/a" required="true()" jr:requiredMsg="Vul in"/>',
        body=inputs("a"),
    )
    (problem,) = session.problems()
    assert (problem.key, problem.kind, problem.text.text) == (key("a"), "required", "Vul in")
    changes = session.set_state(key("a"), AnswerState.REFUSED)
    assert changes.problems == changes.states == {key("a")}
    assert session.problems() == ()
    session.set_state(key("a"), AnswerState.NONE)
    assert len(session.problems()) == 1
    session.answer(key("a"), "x")
    assert session.problems() == ()


def test_a_reason_clears_the_value_and_an_answer_clears_the_reason(
    open_form: Open, key: Key
) -> None:
    session = open_form("<a/>", body=inputs("a"))
    session.answer(key("a"), "x")
    changes = session.set_state(key("a"), AnswerState.UNKNOWN)
    assert changes.values == changes.states == {key("a")}
    assert (session.value(key("a")), session.state(key("a"))) == ("", AnswerState.UNKNOWN)
    session.answer(key("a"), "y")
    assert session.state(key("a")) is AnswerState.ANSWERED
    session.answer(key("a"), "")
    assert session.state(key("a")) is AnswerState.NONE
    with pytest.raises(AnswerRefused):
        session.set_state(key("a"), AnswerState.ANSWERED)


def test_a_constraint_is_stored_and_reported_again_when_others_change(
    open_form: Open, key: Key
) -> None:
    session = open_form(
        "<van/><tot/>",
        model='<bind nodeset="/data/tot" type="int" constraint=". &gt;= /data/van"'
        ' jr:constraintMsg="Tot is te klein"/>',
        body=inputs("van", "tot"),
    )
    session.answer(key("van"), "5")
    changes = session.answer(key("tot"), "3")
    assert changes.problems == {key("tot")}
    assert session.value(key("tot")) == "3"
    view = session.view(key("tot"))
    assert view.problem is not None
    assert view.problem.text.text == "Tot is te klein"
    assert session.answer(key("van"), "2").problems == {key("tot")}
    assert session.problems() == ()


def test_a_constraint_that_does_not_look_at_the_value_itself(open_form: Open, key: Key) -> None:
    session = open_form(
        "<mag/><wat/>",
        model='<bind nodeset="/data/wat" constraint="/data/mag = \'ja\'"/>',
        body=inputs("mag", "wat"),
    )
    session.answer(key("mag"), "ja")
    session.answer(key("mag"), "nee")
    assert session.problems() == ()
    assert session.answer(key("wat"), "iets").problems == {key("wat")}
    assert session.answer(key("wat"), "").problems == {key("wat")}
    assert session.problems() == ()
    session.answer(key("mag"), "ja")
    assert session.answer(key("wat"), "iets").problems == set()


@pytest.mark.parametrize(
    ("data_type", "typed", "stored"),
    [
        ("int", "12", "12"),
        ("int", "١٢", "12"),
        ("int", "-3", "-3"),
        ("decimal", "1,5", "1.5"),
        ("decimal", "۲٫۵", "2.5"),
        ("decimal", "12.0", "12"),
        ("date", "2024-02-29", "2024-02-29"),
        ("time", "23:59", "23:59"),
        ("dateTime", "2026-01-02T03:04:05+01:00", "2026-01-02T03:04:05+01:00"),
        ("geopoint", "52.09 5.12", "52.09 5.12 0.0 0.0"),
        ("geotrace", "0 1; 0 2 3;", "0.0 1.0 0.0 0.0;0.0 2.0 3.0 0.0"),
        ("string", " met spatie ", " met spatie "),
        ("string", "   ", ""),
    ],
)
def test_typed_values(open_form: Open, key: Key, data_type: str, typed: str, stored: str) -> None:
    session = open_form(
        "<a/>", model=f'<bind nodeset="/data/a" type="{data_type}"/>', body=inputs("a")
    )
    session.answer(key("a"), typed)
    assert session.value(key("a")) == stored


@pytest.mark.parametrize(
    ("data_type", "typed", "reason"),
    [
        ("int", "1.5", RefusalCode.NOT_A_WHOLE_NUMBER),
        ("int", "twaalf", RefusalCode.NOT_A_WHOLE_NUMBER),
        ("int", "99999999999", RefusalCode.OUT_OF_RANGE),
        ("decimal", "1.2.3", RefusalCode.NOT_A_NUMBER),
        ("decimal", "nan", RefusalCode.NOT_A_NUMBER),
        ("date", "2023-02-29", RefusalCode.NOT_A_DATE),
        ("date", "1-2-2023", RefusalCode.NOT_A_DATE),
        ("time", "24:01", RefusalCode.NOT_A_TIME),
        ("dateTime", "2026-01-02", RefusalCode.NOT_A_DATETIME),
        ("geopoint", "91 5", RefusalCode.NOT_A_PLACE),
        ("geoshape", "1 1;2 2", RefusalCode.NOT_A_PLACE),
        ("string", "a\x00b", RefusalCode.CONTROL_CHARACTER),
        ("string", "x" * 20_001, RefusalCode.TOO_LONG),
    ],
)
def test_refused_values_change_nothing(
    open_form: Open, key: Key, data_type: str, typed: str, reason: RefusalCode
) -> None:
    session = open_form(
        "<a/>", model=f'<bind nodeset="/data/a" type="{data_type}"/>', body=inputs("a")
    )
    before = session.snapshot()
    with pytest.raises(AnswerRefused) as caught:
        session.answer(key("a"), typed)
    assert caught.value.reason is reason
    assert caught.value.path == "/data/a"
    assert typed not in str(caught.value) or len(typed) < 3
    assert session.snapshot() == before


def test_answering_what_is_no_question(open_form: Open, key: Key) -> None:
    session = open_form(
        "<a/><calc/><grp><b/></grp>",
        model='<bind nodeset="/data/a" readonly="true()" type="int"/>'
        '<bind nodeset="/data/calc" calculate="1"/>',
        body=inputs("a", "grp/b"),
    )
    for path, reason in (
        ("a", RefusalCode.READONLY),
        ("calc", RefusalCode.NOT_A_QUESTION),
        ("grp", RefusalCode.NOT_A_QUESTION),
        ("weg", RefusalCode.UNKNOWN_KEY),
    ):
        with pytest.raises(AnswerRefused) as caught:
            session.answer(key(path), "1")
        assert caught.value.reason is reason


def test_readonly_is_inherited(open_form: Open, key: Key) -> None:
    session = open_form(
        "<a/><grp><b/></grp>",
        model='<bind nodeset="/data/grp" readonly="/data/a = 1"/>',
        body=inputs("a", "grp/b"),
    )
    assert not session.view(key("grp/b")).readonly
    session.answer(key("a"), "1")
    assert session.view(key("grp/b")).readonly


def test_a_filter_narrows_choices_and_clears_what_is_gone(open_form: Open, key: Key) -> None:
    session = open_form(
        "<land/><stad/><naam/>",
        model=LISTS + '<bind nodeset="/data/naam"'
        " calculate=\"jr:choice-name(/data/stad, '/data/stad')\"/>",
        body=select("/data/land", "instance('land')/root/item")
        + select("/data/stad", "instance('stad')/root/item[land = /data/land]"),
    )
    assert session.view(key("stad")).choices == ()
    assert session.answer(key("land"), "nl").choices == {key("stad")}
    assert [c.ref for c in session.view(key("stad")).choices] == ["stad/adam"]
    session.answer(key("stad"), "adam")
    assert session.value(key("naam")) == "Amsterdam"
    with pytest.raises(AnswerRefused) as caught:
        session.answer(key("stad"), "homs")
    assert caught.value.reason is RefusalCode.NOT_A_CHOICE
    changes = session.answer(key("land"), "sy")
    assert changes.values == {key("land"), key("stad"), key("naam")}
    assert session.value(key("stad")) == ""
    assert session.state(key("stad")) is AnswerState.NONE


def test_several_choices_are_kept_once_and_in_order(open_form: Open, key: Key) -> None:
    session = open_form(
        "<land/>", model=LISTS, body=select("/data/land", "instance('land')/root/item", "select")
    )
    session.answer(key("land"), "sy  nl sy")
    assert session.value(key("land")) == "sy nl"
    with pytest.raises(AnswerRefused):
        session.answer(key("land"), "nl be")


def test_range_and_acknowledge(open_form: Open, key: Key) -> None:
    session = open_form(
        "<r/><ok/>",
        model='<bind nodeset="/data/r" type="int"/>',
        body='<range ref="/data/r" start="1" end="5" step="1"><label>r</label></range>'
        '<trigger ref="/data/ok"><label>ok</label></trigger>',
    )
    session.answer(key("r"), "5")
    with pytest.raises(AnswerRefused):
        session.answer(key("r"), "6")
    session.answer(key("ok"), "OK")
    with pytest.raises(AnswerRefused):
        session.answer(key("ok"), "ja")


def test_computed_values_are_cast_by_type(open_form: Open, key: Key) -> None:
    session = open_form(
        "<i/><d/><s/><b/><n/><leeg/>",
        model='<bind nodeset="/data/i" type="int" calculate="7 div 2"/>'
        '<bind nodeset="/data/d" type="date" calculate="20000"/>'
        '<bind nodeset="/data/s" calculate="7 div 2"/>'
        '<bind nodeset="/data/b" type="boolean" calculate="1 = 1"/>'
        '<bind nodeset="/data/n" type="int" calculate="number(\'x\')"/>'
        '<bind nodeset="/data/leeg" calculate="sum(/data/niets) + number(\'\')"/>',
        strict=False,
    )
    values = {n: session.value(key(n)) for n in ("i", "d", "s", "b", "n", "leeg")}
    assert values == {"i": "3", "d": "2024-10-04", "s": "3.5", "b": "1", "n": "", "leeg": ""}


def test_nothing_that_did_not_change_is_reported(open_form: Open, key: Key) -> None:
    session = open_form(
        "<a/><b/><c/>",
        model='<bind nodeset="/data/a" type="int"/>'
        '<bind nodeset="/data/b" calculate="/data/a &gt; 10"/>'
        '<bind nodeset="/data/c" calculate="concat(/data/b, \'!\')"/>',
        body=inputs("a"),
    )
    assert session.answer(key("a"), "3").values == {key("a")}
    assert session.answer(key("a"), "3").values == frozenset()
    assert session.answer(key("a"), "11").values == {key("a"), key("b"), key("c")}


def test_first_load_and_value_changed_actions(open_form: Open, key: Key, fill: Any) -> None:
    session = open_form(
        "<a/><b/><c/>",
        model='<setvalue ref="/data/b" event="odk-instance-first-load" value="1 + 1"/>',
        body='<input ref="/data/a"><setvalue ref="/data/c" event="xforms-value-changed"'
        " value=\"concat(/data/a, '-', /data/b)\"/></input>" + inputs("b"),
    )
    assert session.value(key("b")) == "2"
    assert session.value(key("c")) == ""
    assert session.answer(key("a"), "x").values == {key("a"), key("c")}
    assert session.value(key("c")) == "x-2"
    session.answer(key("b"), "9")
    again = fill(session.form, snapshot=session.snapshot())
    assert again.value(key("b")) == "9"
    assert again.value(key("c")) == "x-2"


def test_once_and_the_instance_id_survive_a_restore(open_form: Open, fill: Any, key: Key) -> None:
    session = open_form(
        "<a/><meta><instanceID/></meta>",
        model='<bind nodeset="/data/a" calculate="once(uuid())"/>'
        '<bind nodeset="/data/meta/instanceID" jr:preload="uid"/>',
    )
    again = fill(session.form, snapshot=session.snapshot())
    assert again.value(key("a")) == session.value(key("a")) != ""
    assert again.instance_xml() == session.instance_xml()


def test_a_snapshot_of_another_structure_is_refused(open_form: Open, build: Any, fill: Any) -> None:
    session = open_form("<a/>", body=inputs("a"))
    other = build("<a/><b/>", body=inputs("a", "b"))
    with pytest.raises(FormError, match="another form or version"):
        fill(other, snapshot=session.snapshot())
    with pytest.raises(FormError, match="not a snapshot"):
        Snapshot.from_json({"form_id": "x"})


def test_a_default_can_be_emptied_for_good(open_form: Open, fill: Any, key: Key) -> None:
    session = open_form("<a>standaard</a>", body=inputs("a"))
    assert session.state(key("a")) is AnswerState.ANSWERED
    session.answer(key("a"), "")
    again = fill(session.form, snapshot=session.snapshot())
    assert again.value(key("a")) == ""


def test_the_named_steps_of_a_range_are_not_all_of_it(open_form: Open, key: Key) -> None:
    items = "".join(
        f"<item><label>{word}</label><value>{n}</value></item>"
        for n, word in ((0, "nooit"), (10, "altijd"))
    )
    session = open_form(
        "<r/>",
        model='<bind nodeset="/data/r" type="int"/>',
        body=f'<range ref="/data/r" start="0" end="10" step="1"><label>R</label>{items}</range>',
    )
    session.answer(key("r"), "3")
    view = session.view(key("r"))
    assert view.value == "3"
    assert [choice.label.text for choice in view.choices] == ["nooit", "altijd"]


def test_the_head_of_a_table_asks_nothing(open_form: Open, key: Key) -> None:
    items = "<item><label>goed</label><value>g</value></item>"
    body = "".join(
        f'<select1 ref="/data/t/{n}" appearance="{look}"><label>{n}</label>{items}</select1>'
        for n, look in (("kop", "label"), ("lezen", "list-nolabel"))
    )
    session = open_form(
        "<t><kop/><lezen/></t>",
        body=f'<group ref="/data/t" appearance="field-list">{body}</group>',
    )
    assert not session.view(key("t/kop")).definition.kind.askable
    (section,) = session.sections()
    assert (section.answered, section.total) == (0, 1)
