"""The filling as XML: what leaves, what stays, and that it is well formed."""

from __future__ import annotations

from collections.abc import Callable

from defusedxml import ElementTree

from intake_app.xforms import FormSession, NodeKey

Open = Callable[..., FormSession]
Key = Callable[..., NodeKey]


def test_namespaces_attributes_and_escapes(open_form: Open, key: Key) -> None:
    session = open_form(
        '<a/><orx:meta><orx:instanceID/></orx:meta><b dl:soort="&lt;x&gt;"/>',
        model='<bind nodeset="/data/orx:meta/orx:instanceID" jr:preload="uid"/>',
        body='<input ref="/data/a"/><input ref="/data/b"/>',
    )
    session.answer(key("a"), "<&> \"'\r\nስም")
    xml = session.instance_xml()
    root = ElementTree.fromstring(xml)
    form = "{http://www.w3.org/2002/xforms}"
    orx = "{http://openrosa.org/xforms}"
    assert root.tag == f"{form}data"
    assert root.get("id") == "test"
    assert root.get("version") == "1"
    assert root.findtext(f"{form}a") == "<&> \"'\r\nስም"
    assert root.find(f"{form}b").get("{https://doorgaande-lijn.nl/xforms}soort") == "<x>"
    assert root.findtext(f"{orx}meta/{orx}instanceID").startswith("uuid:")


def test_a_form_without_instance_id_gets_one_that_stays(open_form: Open) -> None:
    session = open_form("<a/>", body='<input ref="/data/a"/>')
    root = ElementTree.fromstring(session.instance_xml())
    orx = "{http://openrosa.org/xforms}"
    assert root.findtext(f"{orx}meta/{orx}instanceID").startswith("uuid:")
    assert session.instance_xml() == session.instance_xml()


def test_what_is_not_relevant_is_left_out_with_all_in_it(open_form: Open, key: Key) -> None:
    session = open_form(
        "<a/><g><b>1</b><r jr:template=''><c/></r></g>",
        model='<bind nodeset="/data/g" relevant="/data/a != 1"/>',
        body='<input ref="/data/a"/><group ref="/data/g"><input ref="/data/g/b"/>'
        '<repeat nodeset="/data/g/r"><input ref="/data/g/r/c"/></repeat></group>',
    )
    row, _ = session.add_repeat("/data/g/r")
    session.answer(key("g/r/c", row), "diep")
    assert b"diep" in session.instance_xml()
    session.answer(key("a"), "1")
    xml = session.instance_xml()
    assert b"diep" not in xml
    assert b"<g" not in xml


def test_the_end_time_is_that_of_writing(open_form: Open) -> None:
    session = open_form(
        "<begin/><eind/><dag/>",
        model='<bind nodeset="/data/begin" type="dateTime" jr:preload="timestamp"'
        ' jr:preloadParams="start"/><bind nodeset="/data/eind" type="dateTime"'
        ' jr:preload="timestamp" jr:preloadParams="end"/>'
        '<bind nodeset="/data/dag" type="date" jr:preload="date" jr:preloadParams="today"/>',
    )
    xml = session.instance_xml().decode()
    assert "<begin>2026-03-05T14:30:00.000+01:00</begin>" in xml
    assert "<eind>2026-03-05T14:30:00.000+01:00</eind>" in xml
    assert "<dag>2026-03-05</dag>" in xml
