"""Entities and binds on attributes: kept from load to instance XML and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.fillings import NOW, session_of

from intake_app.xforms import (
    AnswerRefused,
    FormDefinition,
    FormSession,
    NodeKey,
    compiled,
    parse_form,
)

Build = Callable[..., FormDefinition]

ENTITY = b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
  xmlns:orx="http://openrosa.org/xforms" xmlns:entities="http://www.opendatakit.org/xforms/entities"
  xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>Bomen</h:title><model entities:entities-version="2024.1.0">
<instance><data id="bomen" version="1"><soort/><dikte/><rij><hoogte/></rij><orx:meta>
<orx:instanceID/><entities:entity dataset="bomen" create="1" id="" baseVersion="3">
<entities:label/></entities:entity>
</orx:meta></data></instance>
<bind nodeset="/data/soort" type="string" entities:saveto="soort"/>
<bind nodeset="/data/dikte" type="int" entities:saveto="dikte"/>
<bind nodeset="/data/meta/entity/@create" type="string" calculate="/data/dikte &gt; 5"/>
<bind nodeset="/data/meta/entity/@id" type="string" readonly="true()"/>
<bind nodeset="/data/orx:meta/entities:entity/entities:label" calculate="/data/soort"/>
<bind nodeset="/data/rij" relevant="/data/meta/entity/@create = 'true'"/>
<bind nodeset="/data/meta/instanceID" jr:preload="uid" type="string"/>
<setvalue event="odk-instance-first-load" ref="/data/meta/entity/@id" value="uuid()"/>
</model></h:head><h:body><input ref="/data/soort"/><input ref="/data/dikte"/>
<input ref="/data/rij/hoogte"/></h:body></h:html>"""

ID = NodeKey("/data/meta/entity/@id")
CREATE = NodeKey("/data/meta/entity/@create")


@pytest.fixture
def session() -> FormSession:
    return session_of(parse_form(ENTITY))


def test_what_an_entity_is_made_of_stays_with_the_questions(session: FormSession) -> None:
    questions = session.form.questions
    assert questions["/data/soort"].attributes == {"saveto": "soort"}
    assert not questions[ID.path].kind.askable
    assert b'entities:entities-version="2024.1.0"' in session.form.xml


def test_an_attribute_is_calculated_and_read_as_any_other_node(session: FormSession) -> None:
    hoogte = NodeKey("/data/rij/hoogte")
    assert session.value(ID)
    assert not session.view(hoogte).relevant
    changes = session.answer(NodeKey("/data/dikte"), "9")
    assert CREATE in changes.values
    assert session.value(CREATE) == "true"
    assert session.view(hoogte).relevant
    session.answer(NodeKey("/data/dikte"), "2")
    assert session.value(CREATE) == "false"
    assert not session.view(hoogte).relevant


def test_nobody_answers_an_attribute(session: FormSession) -> None:
    with pytest.raises(AnswerRefused):
        session.answer(ID, "x")


def test_entity_metadata_goes_out_and_comes_back_in(session: FormSession) -> None:
    session.answer(NodeKey("/data/soort"), 'eik <&> "es"')
    session.answer(NodeKey("/data/dikte"), "9")
    out = session.instance_xml()
    made = session.value(ID)
    entity = (
        f'<entities:entity dataset="bomen" baseVersion="3" create="true" id="{made}">'
        "<entities:label>eik &lt;&amp;&gt; "
    )
    assert entity in out.decode()
    again, orphans = FormSession.from_xml(
        session.form, out, now=lambda: NOW, uuid=session._uuid, random=lambda: 0.5
    )
    assert orphans == ()
    assert again.value(ID) == made
    assert again.instance_xml() == out
    restored = session_of(session.form, snapshot=session.snapshot(), first=500)
    assert restored.instance_xml() == out


def test_a_bind_on_an_attribute_follows_its_element(build: Build, fill: Any) -> None:
    form = build(
        '<a x="1"/><rep><b y="" z="vast"/></rep>',
        model="""<bind nodeset="/data/a" relevant="/data/a/@x != ''"/>
        <bind nodeset="/data/rep/b/@y" calculate="concat(../../b, position(../..))"/>""",
        body='<repeat nodeset="/data/rep"><input ref="/data/rep/b"/></repeat>',
    )
    session = fill(form)
    first = session.repeats("/data/rep")[0]
    second, _ = session.add_repeat("/data/rep")
    session.answer(NodeKey("/data/rep/b", second), "q")
    out = session.instance_xml().decode()
    assert '<b z="vast" y="1"/>' in out
    assert '<b z="vast" y="q2">q</b>' in out
    session.remove_repeat("/data/rep", first)
    assert 'y="q1"' in session.instance_xml().decode()


def test_a_bind_on_an_attribute_that_is_not_there_names_it(build: Build) -> None:
    from intake_app.xforms import FormError

    with pytest.raises(FormError, match="bind /data/a/@weg: there is no such node"):
        build("<a/>", model='<bind nodeset="/data/a/@weg" calculate="1"/>')


def test_a_prepared_form_has_its_attributes_too() -> None:
    form = parse_form(ENTITY)
    again = compiled.load(ENTITY, compiled.dump(form))
    assert again.questions == form.questions
    assert session_of(again).instance_xml() == session_of(form).instance_xml()
