"""A prepared form is the same form, and never more than a shortcut."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from intake_app.xforms import FormDefinition, FormSession, NodeKey, compiled, parse_form

_TEXTS = """<itext>
  <translation lang="Nederlands (nl)" default="true()">
    <text id="/data/a:label"><value>Hoe heet u &amp; uw kind?</value></text>
    <text id="/data/b:label"><value>Dag <output value=" /data/a "/>, hoe oud?</value></text>
    <text id="ja-0"><value>Ja</value><value form="image">jr://images/ja.png</value></text>
  </translation>
  <translation lang="العربية (ar)">
    <text id="/data/a:label"><value>ما اسمك؟</value></text>
    <text id="/data/b:label"><value>مرحبا <output value=" /data/a "/></value></text>
    <text id="ja-0"><value>نعم</value></text>
  </translation>
</itext>"""
_MODEL = """<instance id="jn"><root>
  <item><itextId>ja-0</itextId><name>ja</name></item></root></instance>
<bind nodeset="/data/a" type="string" constraint="regex(., '[a-z]+') and string-length(.) &lt; 9"/>
<bind nodeset="/data/b" type="int"
      relevant="/data/a != '' or -string-length(/data/a) &gt; 1 + 2 * 3"/>
<bind nodeset="/data/d"
      calculate="if(/data/b &gt; 3, count(/data/rep[x = current()/../b]), 'n')"/>"""
_BODY = """<input ref="/data/a"><label ref="jr:itext('/data/a:label')"/></input>
<input ref="/data/b"><label ref="jr:itext('/data/b:label')"/></input>
<select1 ref="/data/c"><label>c</label><itemset nodeset="instance('jn')/root/item[name != '']">
  <value ref="name"/><label ref="jr:itext(itextId)"/></itemset></select1>
<repeat nodeset="/data/rep"><input ref="/data/rep/x"><label>x</label></input></repeat>"""
_INSTANCE = '<a/><b/><c/><d/><rep jr:template=""><x/></rep>'

Build = Callable[..., FormDefinition]
Open = Callable[..., FormSession]


@pytest.fixture
def form(build: Build) -> FormDefinition:
    return build(_INSTANCE, model=_TEXTS + _MODEL, body=_BODY)


def _seen(session: FormSession) -> list[Any]:
    seen: list[Any] = []
    for value in ("", "anna", "X"):
        session.answer(NodeKey("/data/a"), value)
        seen += [session.snapshot().answers, session.pages(), session.problems()]
        for language in ("nl", "ar", "xx"):
            seen += [
                session.view(NodeKey(path), language)
                for path in session.form.questions
                if "rep" not in path
            ]
    return seen


def test_a_prepared_form_is_the_same_form(form: FormDefinition, fill: Open) -> None:
    again = compiled.load(form.xml, compiled.dump(form))
    assert again.questions == form.questions
    assert again.languages == form.languages == ("nl", "ar")
    assert (again.structure_hash, again.text_hash) == (form.structure_hash, form.text_hash)
    assert _seen(fill(again)) == _seen(fill(form))


def test_texts_left_in_the_bytes_are_those_read_with_the_rest(
    form: FormDefinition, fill: Open
) -> None:
    # A comment makes the loader read everything the long way.
    slow = parse_form(form.xml.replace(b"<itext>", b"<!-- long --><itext>"))
    assert _seen(fill(slow)) == _seen(fill(form))
    assert slow.text_hash == form.text_hash


@pytest.mark.parametrize(
    ("what", "spoil"),
    [
        ("nothing", lambda _: b""),
        ("cut off", lambda d: d[:-5]),
        ("a changed byte", lambda d: d[:-9] + bytes([d[-9] ^ 1]) + d[-8:]),
        ("another version", lambda d: d.replace(b"form 3 ", b"form 0 ", 1)),
        ("rubbish", lambda d: b"\0" * len(d)),
    ],
)
def test_what_is_damaged_or_old_is_put_aside(
    what: str,
    spoil: Callable[[bytes], bytes],
    form: FormDefinition,
    fill: Open,
) -> None:
    data = spoil(compiled.dump(form))
    assert not compiled.is_current(form.xml, data), what
    assert _seen(fill(compiled.load(form.xml, data))) == _seen(fill(form))


def test_a_prepared_form_belongs_to_one_xform(form: FormDefinition) -> None:
    data = compiled.dump(form)
    other = form.xml.replace(b"Hoe heet u", b"Wie bent u")
    assert compiled.is_current(form.xml, data)
    assert not compiled.is_current(other, data)
    assert compiled.load(other, data).text_hash != form.text_hash


def test_external_files_are_read_anew(build: Build, fill: Open) -> None:
    form = build(
        "<s/>",
        model='<instance id="l" src="jr://file-csv/l.csv"/>',
        body="""<select1 ref="/data/s"><label>s</label><itemset nodeset="instance('l')/root/item">
            <value ref="name"/><label ref="label"/></itemset></select1>""",
        resolver=lambda _: b"name,label\na,A\n",
    )
    again = compiled.load(
        form.xml, compiled.dump(form), resolver=lambda _: b"name,label\na,A\nb,B\n"
    )
    view = fill(again).view(NodeKey("/data/s"))
    assert [choice.value for choice in view.choices] == ["a", "b"]


def test_no_pickle_is_involved() -> None:
    source = sys.modules["intake_app.xforms.compiled"].__file__
    assert source is not None
    with open(source, encoding="utf-8") as file:  # noqa: PTH123
        assert "import pickle" not in file.read()
