"""What cannot be loaded is refused with the place; what is loaded says what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from intake_app.xforms import FormError, QuestionKind, parse_form

Build = Callable[..., Any]

INPUT = '<input ref="/data/a"><label>A</label></input>'


@pytest.mark.parametrize(
    ("parts", "place", "problem"),
    [
        ({"model": '<bind nodeset="/data/b"/>'}, "bind /data/b", "no such node"),
        (
            {"model": '<bind nodeset="/data/a" relevant="foo()"/>'},
            "bind /data/a, relevant",
            "unknown function foo()",
        ),
        (
            {"model": '<bind nodeset="/data/a" calculate="/data/c + 1"/>'},
            "bind /data/a, calculate",
            "there is no /data/c in the form",
        ),
        (
            {"model": '<bind nodeset="/data/a" constraint="1 +"/>'},
            "bind /data/a, constraint",
            "ends too early",
        ),
        ({"model": '<bind nodeset="/data/a" type="kleur"/>'}, "bind /data/a", "unknown type"),
        ({"body": '<input ref="/data/x"/>'}, "input /data/x", "no such node"),
        ({"body": INPUT + INPUT}, "input /data/a", "asked twice"),
        ({"body": '<repeat nodeset="/data/x"/>'}, "repeat /data/x", "no such node"),
        ({"body": '<teken ref="/data/a"/>'}, "body /data", "unknown element teken"),
        (
            {
                "body": '<select1 ref="/data/a"><itemset nodeset="instance(\'l\')/root/item"/>'
                "</select1>"
            },
            "select1 /data/a",
            "the itemset has no value",
        ),
        (
            {
                "body": '<select1 ref="/data/a"><itemset nodeset="instance(\'l\')/root/item">'
                '<value ref="name"/><label ref="label"/></itemset></select1>'
            },
            "select1 /data/a, itemset",
            "there is no instance 'l'",
        ),
        (
            {"body": '<input ref="/data/a"><label ref="jr:itext(\'weg\')"/></input>'},
            "label of a",
            "there is no itext 'weg'",
        ),
        (
            {"body": '<input ref="/data/a"><label>Dag <output value="/data/b"/></label></input>'},
            "label of a",
            "there is no /data/b",
        ),
        (
            {"model": '<setvalue ref="/data/a" event="ooit" value="1"/>'},
            "setvalue /data/a",
            "unknown event ooit",
        ),
        (
            {"model": '<instance id="l" src="jr://file/l.xml"/>'},
            "instance 'l'",
            "jr://file/l.xml is not there",
        ),
        (
            {"body": '<range ref="/data/a" start="1" end="x" step="1"/>'},
            "range /data/a",
            "end is missing or not a number",
        ),
        (
            {"model": '<odk:setgeopoint ref="/data/a" event="odk-instance-first-load"/>'},
            "model setgeopoint",
            "not supported",
        ),
    ],
)
def test_refusals_name_the_place(
    build: Build, parts: dict[str, str], place: str, problem: str
) -> None:
    with pytest.raises(FormError) as caught:
        build("<a/>", **parts)
    assert caught.value.place == place
    assert problem in caught.value.problem
    assert str(caught.value).startswith(f"{place}: ")


def test_a_dtd_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    with pytest.raises(FormError, match="DTD"):
        parse_form(bomb, name="bom.xml")


def test_broken_xml_names_the_file_and_line() -> None:
    with pytest.raises(FormError, match=r"stuk\.xml: not well-formed XML: line 2"):
        parse_form(b"<a>\n<b></a>", name="stuk.xml")


def test_deep_xml_is_refused() -> None:
    with pytest.raises(FormError, match="nested deeper"):
        parse_form(b"<a>" * 5_000)


@pytest.mark.parametrize(
    ("binds", "names"),
    [
        (
            (
                '<bind nodeset="/data/a" calculate="/data/b"/>'
                '<bind nodeset="/data/b" calculate="/data/a"/>'
            ),
            ["/data/a (calculate)", "/data/b (calculate)"],
        ),
        ('<bind nodeset="/data/a" calculate=". + 1"/>', ["/data/a (calculate)"]),
        ('<bind nodeset="/data/a" relevant=". = 1"/>', ["/data/a (relevant)"]),
        (
            (
                '<bind nodeset="/data/a" calculate="/data/b + 1"/>'
                '<bind nodeset="/data/b" relevant="/data/a = 3"/>'
            ),
            ["/data/a (calculate)", "/data/b (relevant)"],
        ),
    ],
)
def test_circles_are_refused_by_name(build: Build, binds: str, names: list[str]) -> None:
    with pytest.raises(FormError) as caught:
        build("<a/><b/>", model=binds)
    for name in names:
        assert name in str(caught.value)


@pytest.mark.parametrize(
    "binds",
    [
        # A constraint is about its own value.
        '<bind nodeset="/data/a" constraint=". &gt; 3"/>',
        # JavaRosa takes relevance on each other.
        (
            '<bind nodeset="/data/a" relevant="/data/b &gt; 0"/>'
            '<bind nodeset="/data/b" relevant="/data/a &gt; 0"/>'
        ),
        # once() reads its own value without depending on it.
        '<bind nodeset="/data/a" calculate="once(uuid())"/>',
    ],
)
def test_these_are_no_circles(build: Build, binds: str) -> None:
    build("<a/><b/>", model=binds)


def test_without_strict_a_lost_reference_is_a_remark(build: Build) -> None:
    form = build(
        "<a/>",
        model='<bind nodeset="/data/a" relevant="/data/weg = 1"/><bind nodeset="/data/x"/>',
        body='<input ref="/data/y"/>',
        strict=False,
    )
    assert sorted(form.remarks) == [
        "bind /data/a, relevant: there is no /data/weg in the form",
        "bind /data/x: there is no such node in the instance",
        "input /data/y: there is no such node in the instance",
    ]


def test_kinds_and_attributes(build: Build) -> None:
    form = build(
        "<sectie><naam/><n/><datum/><noot/><calc/></sectie><los/>",
        model='<bind nodeset="/data/sectie/naam" dl:sharing="identiteit" dl:source="client"/>'
        '<bind nodeset="/data/sectie/n" type="xsd:int" xmlns:xsd="http://www.w3.org/2001/XMLSchema"/>'
        '<bind nodeset="/data/sectie/datum" type="date"/>'
        '<bind nodeset="/data/sectie/noot" readonly="true()"/>'
        '<bind nodeset="/data/sectie/calc" calculate="1"/>',
        body='<group ref="/data/sectie"><label>S</label>'
        '<input ref="/data/sectie/naam" appearance="multiline w4" rows="5"><label>N</label></input>'
        '<input ref="/data/sectie/n"/><input ref="/data/sectie/datum"/>'
        '<input ref="/data/sectie/noot"/></group><input ref="/data/los"/>',
    )
    kinds = {q.name: q.kind for q in form.questions.values()}
    assert kinds == {
        "naam": QuestionKind.TEXT,
        "n": QuestionKind.INTEGER,
        "datum": QuestionKind.DATE,
        "noot": QuestionKind.NOTE,
        "calc": QuestionKind.CALCULATED,
        "los": QuestionKind.TEXT,
    }
    naam = form.questions["/data/sectie/naam"]
    assert naam.attributes == {"sharing": "identiteit", "source": "client"}
    assert naam.appearance == ("multiline", "w4")
    assert naam.parameters == {"rows": "5"}
    assert (naam.section, naam.group, naam.repeat) == ("/data/sectie", "/data/sectie", None)
    assert form.questions["/data/los"].section == ""
    assert (form.form_id, form.version, form.title) == ("test", "1", "Test form")


def test_hashes_tell_structure_from_texts(build: Build) -> None:
    def made(label: str, bind: str = "") -> Any:
        return build(
            "<a/>", model=bind, body=f'<input ref="/data/a"><label>{label}</label></input>'
        )

    first, other_text = made("A"), made("B")
    other_bind = made("A", '<bind nodeset="/data/a" required="true()"/>')
    assert first.structure_hash == other_text.structure_hash
    assert first.text_hash != other_text.text_hash
    assert first.structure_hash != other_bind.structure_hash
    assert first.text_hash == other_bind.text_hash


def test_an_external_csv_becomes_items(build: Build) -> None:
    csv = "\ufeffname;label\namsterdam;Amsterdam\nrotterdam;Rotterdam\n"
    form = build(
        "<a/>",
        model='<instance id="stad" src="jr://file-csv/stad.csv"/>',
        body='<select1 ref="/data/a"><itemset nodeset="instance(\'stad\')/root/item">'
        '<value ref="name"/><label ref="label"/></itemset></select1>',
        resolver={"jr://file-csv/stad.csv": csv.encode()}.get,
    )
    root = form.model.secondary["stad"].named("root")[0]
    assert [i.named("label")[0].text for i in root.named("item")] == ["Amsterdam", "Rotterdam"]
