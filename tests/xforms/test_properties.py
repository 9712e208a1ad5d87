"""Whatever is answered in whatever order, the session is as if worked out afresh."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st

from intake_app.xforms import (
    AnswerRefused,
    AnswerState,
    FormDefinition,
    FormSession,
    NodeKey,
    QuestionKind,
    Snapshot,
    parse_form,
)

_FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
    xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>p</h:title><model>
  <instance><data id="p" version="1">
    <n/><m/><sel/><multi/><d/><txt/><sum/><twice/>
    <grp><a/><b>7</b><inner><c/></inner></grp>
    <rep jr:template=""><x/><y/><city/><sub jr:template=""><z/><zz/></sub><subtotal/></rep>
    <rep><x>1</x><y/><city/><sub><z>5</z><zz/></sub><subtotal/></rep>
    <counted jr:template=""><w/><pos/></counted>
    <total/><last/><hint/><running/>
  </data></instance>
  <instance id="land"><root>
    <item><name>nl</name><label>Nederland</label></item>
    <item><name>sy</name><label>Syrië</label></item>
    <item><name>er</name><label>Eritrea</label></item>
  </root></instance>
  <instance id="stad"><root>
    <item><name>adam</name><label>Amsterdam</label><land>nl</land></item>
    <item><name>rdam</name><label>Rotterdam</label><land>nl</land></item>
    <item><name>homs</name><label>Homs</label><land>sy</land></item>
    <item><name>asm</name><label>Asmara</label><land>er</land></item>
  </root></instance>
  <bind nodeset="/data/n" type="int" constraint=". &lt; 5 or /data/m = 'ok'"/>
  <bind nodeset="/data/m" type="string" required="/data/n &gt; 2"/>
  <bind nodeset="/data/sel" type="string" relevant="/data/n != 3"/>
  <bind nodeset="/data/multi" type="string"/>
  <bind nodeset="/data/d" type="date" constraint=". &lt;= today()"/>
  <bind nodeset="/data/txt" type="string" readonly="/data/sel = 'er'"/>
  <bind nodeset="/data/sum" type="int" calculate="/data/n + 1"/>
  <bind nodeset="/data/twice" type="int" calculate="/data/sum * 2"/>
  <bind nodeset="/data/grp" relevant="selected(/data/multi, 'nl') or /data/twice &gt; 6"/>
  <bind nodeset="/data/grp/b" type="int" relevant="../a != ''"/>
  <bind nodeset="/data/grp/inner" relevant="../b &gt; 5"/>
  <bind nodeset="/data/grp/inner/c" required="true()"/>
  <bind nodeset="/data/rep" relevant="/data/txt != 'geen'"/>
  <bind nodeset="/data/rep/x" type="int" constraint="/data/n != 2"/>
  <bind nodeset="/data/rep/y" type="int"
        calculate="../x * position(..) + count(/data/rep) + count(../sub)"/>
  <bind nodeset="/data/rep/sub/z" type="int" relevant="../../x != 4"/>
  <bind nodeset="/data/rep/sub/zz" type="int" calculate="../z + ../../y"/>
  <bind nodeset="/data/rep/subtotal" type="int" calculate="sum(../sub/z)"/>
  <bind nodeset="/data/counted/w" type="string" relevant="position(..) != 2"/>
  <bind nodeset="/data/counted/pos" calculate="concat(position(..), '-', ../w)"/>
  <bind nodeset="/data/total" type="int" calculate="sum(/data/rep/subtotal) + sum(/data/rep/x)"/>
  <bind nodeset="/data/last" calculate="/data/rep[position() = last()]/x"/>
  <bind nodeset="/data/hint" calculate="jr:choice-name(/data/sel, '/data/sel')"/>
  <bind nodeset="/data/running" calculate="indexed-repeat(/data/rep/x, /data/rep, /data/n)"/>
</model></h:head><h:body>
  <input ref="/data/n"><label>n</label></input><input ref="/data/m"><label>m</label></input>
  <select1 ref="/data/sel"><label>Land</label><itemset nodeset="instance('land')/root/item">
    <value ref="name"/><label ref="label"/></itemset></select1>
  <select ref="/data/multi"><label>Landen</label><itemset nodeset="instance('land')/root/item">
    <value ref="name"/><label ref="label"/></itemset></select>
  <input ref="/data/d"><label>d</label></input>
  <input ref="/data/txt"><label>t <output value="/data/hint"/></label></input>
  <group ref="/data/grp"><label>g</label><input ref="/data/grp/a"><label>a</label></input>
    <input ref="/data/grp/b"><label>b</label></input>
    <group ref="/data/grp/inner"><input ref="/data/grp/inner/c"><label>c</label></input></group>
  </group>
  <group ref="/data/rep"><label>r</label><repeat nodeset="/data/rep">
    <input ref="/data/rep/x"><label>x <output value="../y"/></label></input>
    <select1 ref="/data/rep/city"><label>stad</label>
      <itemset nodeset="instance('stad')/root/item[land = /data/sel]">
      <value ref="name"/><label ref="label"/></itemset></select1>
    <repeat nodeset="/data/rep/sub"><input ref="/data/rep/sub/z"><label>z</label></input></repeat>
  </repeat></group>
  <repeat nodeset="/data/counted" jr:count="/data/n">
    <input ref="/data/counted/w"><label>w</label></input></repeat>
</h:body></h:html>"""


@cache
def _form() -> FormDefinition:
    return parse_form(_FORM.encode())


def _open(form: FormDefinition, start: int, snapshot: Snapshot | None = None) -> FormSession:
    counter = itertools.count(start)
    return FormSession(
        form,
        now=lambda: datetime(2026, 3, 5, tzinfo=UTC),
        uuid=lambda: UUID(int=next(counter)),
        random=lambda: 0.5,
        snapshot=snapshot,
    )


_VALUES = {
    QuestionKind.INTEGER: st.sampled_from(["", "0", "1", "2", "3", "4", "5", "7"]),
    QuestionKind.DATE: st.sampled_from(["", "2020-02-29", "2031-01-01"]),
    QuestionKind.SELECT_ONE: st.sampled_from(["", "nl", "sy", "er", "adam", "homs", "asm"]),
    QuestionKind.SELECT_MULTIPLE: st.sampled_from(["", "nl", "sy er", "nl er"]),
    QuestionKind.TEXT: st.sampled_from(["", "ok", "geen", "iets", "<&>"]),
}


def _state(session: FormSession) -> dict[str, Any]:
    """All that can be seen, by place rather than by the identity of repeat instances."""
    seen: dict[str, Any] = {}
    for number, node in enumerate(session._tree.top.inside()):
        name = f"{number} {node.definition.path}"
        if node.definition.children:
            seen[name] = (node.relevant, [r.relevant for r in node.ranges.values()])
            continue
        view = session.view(node.key)
        seen[name] = (
            view.value,
            view.state,
            view.relevant,
            view.required,
            view.readonly,
            view.label,
            view.choices,
            view.problem and view.problem.kind,
        )
    seen["pages"] = [(p.key.path, p.kind, len(p.keys)) for p in session.pages()]
    seen["sections"] = [(s.path, s.relevant, s.answered, s.total) for s in session.sections()]
    return seen


def _act(session: FormSession, data: st.DataObject) -> None:
    action = data.draw(
        st.sampled_from(["answer"] * 5 + ["state", "add", "add sub", "remove", "move"])
    )
    if action in ("answer", "state"):
        keys = [
            n.key
            for n in session._tree.top.inside()
            if n.definition.question is not None and n.definition.question.kind.askable
        ]
        key = data.draw(st.sampled_from(keys))
        kind = session.view(key).definition.kind
        before = session.snapshot()
        try:
            if action == "answer":
                session.answer(key, data.draw(_VALUES[kind]))
            else:
                session.set_state(
                    key, data.draw(st.sampled_from([AnswerState.UNKNOWN, AnswerState.NONE]))
                )
        except AnswerRefused:
            assert session.snapshot() == before
        return
    rows = session.repeats("/data/rep")
    if action == "add":
        if session.pages() and len(rows) < 5:
            try:
                session.add_repeat("/data/rep", at=data.draw(st.none() | st.integers(0, 3)))
            except AnswerRefused as refused:
                assert refused.reason == "not_relevant"  # noqa: PT017
    elif action == "add sub" and rows:
        row = data.draw(st.sampled_from(rows))
        if len(session.repeats("/data/rep/sub", row)) < 3:
            try:
                session.add_repeat("/data/rep/sub", row)
            except AnswerRefused as refused:
                assert refused.reason == "not_relevant"  # noqa: PT017
    elif action == "move" and rows:
        row = data.draw(st.sampled_from(rows))
        session.move_repeat("/data/rep", row, data.draw(st.integers(-1, 5)))
    elif action == "remove" and rows:
        session.remove_repeat("/data/rep", data.draw(st.sampled_from(rows)))


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_incremental_equals_from_scratch(data: st.DataObject) -> None:
    session = _open(_form(), 1)
    for _ in range(data.draw(st.integers(1, 14))):
        _act(session, data)
        snapshot = session.snapshot()
        again = _open(_form(), 10_000, Snapshot.from_json(snapshot.to_json()))
        assert _state(again) == _state(session)
        assert again.snapshot() == snapshot
    root = ElementTree.fromstring(session.instance_xml())
    assert root.get("id") == "p"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_instance_xml_comes_back_the_same(data: st.DataObject) -> None:
    session = _open(_form(), 1)
    for _ in range(data.draw(st.integers(0, 12))):
        _act(session, data)
    written = session.instance_xml()
    again, orphans = _read(written)
    assert orphans == ()
    assert again.instance_xml() == written
    assert _relevant(again) == _relevant(session)


def _read(xml: bytes) -> tuple[FormSession, tuple[tuple[str, str], ...]]:
    counter = itertools.count(50_000)
    return FormSession.from_xml(
        _form(),
        xml,
        now=lambda: datetime(2026, 3, 5, tzinfo=UTC),
        uuid=lambda: UUID(int=next(counter)),
        random=lambda: 0.5,
    )


def _relevant(session: FormSession) -> list[Any]:
    nodes = [n for n in session._tree.top.inside() if n.relevant and not n.definition.children]
    # XML has no word for "does not know": what satisfied a required question may be asked again.
    return [
        (n.definition.path, n.text, n.required, n.readonly, n.problem if n.text else None)
        for n in nodes
    ]


_INDEPENDENT = {
    "n": st.sampled_from(["1", "2", "3", "4", "7"]),
    "m": st.sampled_from(["ok", "niet"]),
    "sel": st.sampled_from(["nl", "sy"]),
    "multi": st.sampled_from(["nl", "sy er", "nl er"]),
    "d": st.sampled_from(["2020-02-29", "2031-01-01"]),
    "txt": st.sampled_from(["ok", "geen"]),
    "grp/a": st.sampled_from(["a", "b"]),
    "grp/b": st.sampled_from(["3", "6", "9"]),
    "grp/inner/c": st.just("c"),
    "rep/x": st.sampled_from(["1", "4", "5"]),
    "rep/sub/z": st.sampled_from(["1", "8"]),
}


@settings(max_examples=80, deadline=None)
@given(st.fixed_dictionaries({}, optional=_INDEPENDENT), st.randoms(use_true_random=False))
def test_no_order_of_answers_changes_the_final_state(answers: dict[str, str], chance: Any) -> None:
    states = []
    for _ in range(3):
        session = _open(_form(), 1)
        names = list(answers)
        chance.shuffle(names)
        for name in names:
            path = f"/data/{name}"
            keys = [n.key for n in session._tree.top.inside() if n.definition.path == path]
            session.answer(keys[0], answers[name])
        states.append(_state(session))
    assert states[0] == states[1] == states[2]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_changes_name_exactly_what_changed(data: st.DataObject) -> None:
    session = _open(_form(), 1)
    for _ in range(data.draw(st.integers(1, 10))):
        keys = [
            n.key
            for n in session._tree.top.inside()
            if n.definition.question is not None and n.definition.question.kind.askable
        ]
        key = data.draw(st.sampled_from(keys))
        before = _views(session)
        try:
            changes = session.answer(key, data.draw(_VALUES[session.view(key).definition.kind]))
        except AnswerRefused:
            continue
        after = _views(session)
        both = before.keys() & after.keys()
        assert {k for k in both if before[k].value != after[k].value} == changes.values & both
        assert {k for k in both if before[k].state != after[k].state} == changes.states & both
        assert {k for k in both if before[k].choices != after[k].choices} == changes.choices & both
        assert {k for k in both if before[k].label != after[k].label} == changes.labels & both
        assert {k for k in both if before[k].required != after[k].required} == (
            changes.required & both
        )
        relevance = {k for k in both if before[k].relevant != after[k].relevant}
        assert relevance == {k for k in changes.relevance if k in both}
        kinds = {
            k
            for k in both
            if (before[k].problem and before[k].problem.kind)
            != (after[k].problem and after[k].problem.kind)
        }
        assert kinds == changes.problems & both


def test_what_is_hidden_again_at_once_has_not_changed() -> None:
    session = _open(_form(), 1)
    keys = {n.definition.path: n.key for n in session._tree.top.inside()}
    inner = keys["/data/rep/sub/z"]
    session.answer(keys["/data/rep/x"], "4")
    session.answer(keys["/data/txt"], "geen")
    assert not session.view(inner).relevant
    # the repeat is relevant again; what it holds shows again that this part of it is not
    changes = session.answer(keys["/data/txt"], "")
    assert not session.view(inner).relevant
    assert inner not in changes.relevance
    assert keys["/data/rep/x"] in changes.relevance


def _views(session: FormSession) -> dict[NodeKey, Any]:
    return {
        n.key: session.view(n.key) for n in session._tree.top.inside() if not n.definition.children
    }
