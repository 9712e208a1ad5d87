"""Broken forms are refused with a FormError or load and work; nothing else ever happens."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from uuid import UUID

import pytest

from intake_app.xforms import AnswerRefused, FormError, FormSession, parse_form

Open = Callable[..., FormSession]

_FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
    xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>
  <itext><translation lang="nl"><text id="l"><value>Tekst <output value="/data/a"/></value></text>
  </translation></itext>
  <instance><data id="f" version="1"><a>1</a><b/><c/><d/><rep jr:template=""><x/><y/><in><z/></in>
    </rep><rep><x/><y/><in><z/></in></rep><tel jr:template=""><w/></tel><meta><instanceID/></meta>
  </data></instance>
  <instance id="l"><root><item><name>p</name><label>P</label><k>1</k></item>
    <item><name>q</name><label>Q</label><k>2</k></item></root></instance>
  <bind nodeset="/data/a" type="int" constraint=". &lt; 9" required="true()"/>
  <bind nodeset="/data/b" relevant="/data/a &gt; 1" calculate="concat(/data/a, sum(/data/rep/x))"/>
  <bind nodeset="/data/c" readonly="/data/a = 3" type="string"/>
  <bind nodeset="/data/rep/x" type="int" relevant="position(..) &lt; 3"/>
  <bind nodeset="/data/rep/y" calculate="../x + indexed-repeat(/data/rep/x, /data/rep, 1)"/>
  <bind nodeset="/data/rep/in/z" type="date" constraint=". &lt;= today()"/>
  <bind nodeset="/data/d" calculate="jr:choice-name(/data/c, '/data/c')"/>
  <bind nodeset="/data/meta/instanceID" jr:preload="uid"/>
  <setvalue ref="/data/a" event="odk-instance-first-load" value="1 + 1"/>
</model></h:head><h:body>
  <input ref="/data/a"><label ref="jr:itext('l')"/><hint>h</hint>
    <setvalue ref="/data/rep/x" event="xforms-value-changed" value="/data/a"/></input>
  <input ref="/data/b" appearance="multiline"><label>B</label></input>
  <select1 ref="/data/c"><label>C</label><itemset nodeset="instance('l')/root/item[k = /data/a]">
    <value ref="name"/><label ref="label"/></itemset></select1>
  <group ref="/data/rep"><label>R</label><repeat nodeset="/data/rep">
    <input ref="/data/rep/x"><label>X <output value="../y"/></label>
      <setvalue ref="/data/rep/y" event="odk-new-repeat" value="1"/></input>
    <group ref="/data/rep/in" appearance="field-list"><input ref="/data/rep/in/z"/></group>
  </repeat></group>
  <repeat nodeset="/data/tel" jr:count="/data/a"><range ref="/data/tel/w" start="1" end="5"
    step="1"><label>W</label></range></repeat>
</h:body></h:html>"""

_PIECES = [
    *["..", ".", "/data", "/data/rep", "position(..)", "'", "1 div 0", "current()/..", "[1]", "//"],
    *["*", "@id", "", "jr:itext('l')", "-", "(", "count(.)", "string", "int", "once(.)", "repeat"],
    *["sum(../../*)", "instance('l')/root", "odk-new-repeat", "UTF-8", "/data/rep/x", "\x01"],
]


def _mutate(source: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        values = list(re.finditer(r'"([^"]*)"', source))
        leaves = list(re.finditer(r"<[^<>/]*/>|<(\w+)[^<>]*>[^<>]*</\1>", source))
        pick = chance.random()
        if pick < 0.6:
            value = chance.choice(values)
            piece = chance.choice([*_PIECES, chance.choice(values)[1]])
            cut = chance.randint(0, len(value[1])) if chance.random() < 0.5 else 0
            text = value[1][:cut] + piece + (value[1][cut:] if cut else "")
            source = source[: value.start(1)] + text + source[value.end(1) :]
        elif pick < 0.8:
            leaf, place = chance.choice(leaves), chance.choice(leaves).start()
            source = source[:place] + leaf[0] + source[place:]
        else:
            leaf = chance.choice(leaves)
            source = source[: leaf.start()] + source[leaf.end() :]
    return source


@pytest.mark.parametrize("seed", range(10))
def test_mutated_forms(seed: int, fill: Open) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    loaded = 0
    for _ in range(60):
        source = _mutate(_FORM, chance)
        try:
            form = parse_form(source.encode(), strict=chance.random() < 0.3)
        except FormError:
            continue
        loaded += 1
        session = fill(form)
        for page in session.pages():
            for key in page.keys:
                try:
                    session.view(key)
                    session.answer(key, chance.choice(["", "1", "3", "p", "2020-01-01", "OK"]))
                except AnswerRefused:
                    continue
            if page.kind == "repeat":
                try:
                    session.add_repeat(page.key.path, page.key.repeat)
                except AnswerRefused:
                    continue
        session.problems()
        session.sections()
        fill(form, snapshot=session.snapshot()).instance_xml()
    assert loaded


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('<repeat nodeset="/data/tel"', '<repeat nodeset="/data"', "whole form cannot be a repeat"),
        ('<range ref="/data/tel/w"', '<range ref="/data/tel"', "cannot hold other nodes"),
        (
            '<setvalue ref="/data/a" event="odk-instance-first-load"',
            '<setvalue ref="/data/rep/x" event="odk-new-repeat"',
            "odk-new-repeat outside a repeat",
        ),
        ("<h:html ", "<?xml version='1.0' encoding='utf-9'?><h:html ", "encoding"),
    ],
)
def test_found_by_mutation(before: str, after: str, message: str) -> None:
    assert before in _FORM
    with pytest.raises(FormError, match=message):
        parse_form(_FORM.replace(before, after, 1).encode())


def test_an_action_in_a_question_of_a_row_runs_there(fill: Open) -> None:
    session = fill(parse_form(_FORM.encode()))
    row, changes = session.add_repeat("/data/rep")
    assert isinstance(row, UUID)
    assert any(key.path == "/data/rep/y" for key in changes.values)
