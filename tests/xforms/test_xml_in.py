"""Instance XML in: what is taken, what is kept aside, what is refused."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from intake_app.xforms import FormDefinition, FormError, FormSession, NodeKey, read_instance

Build = Callable[..., FormDefinition]
Open = Callable[..., FormSession]

_FORM = """<a>standaard</a><weg/><rep jr:template=""><x/><sub jr:template=""><y/></sub></rep>
<orx:meta><orx:instanceID/></orx:meta>"""
_BODY = """<input ref="/data/a"><label>a</label></input>
<repeat nodeset="/data/rep"><input ref="/data/rep/x"><label>x</label></input>
<repeat nodeset="/data/rep/sub"><input ref="/data/rep/sub/y"><label>y</label></input></repeat>
</repeat>"""
_MODEL = """<bind nodeset="/data/weg" relevant="/data/a = 'toon'"/>
<bind nodeset="/data/orx:meta/orx:instanceID" jr:preload="uid"/>"""


@pytest.fixture
def form(build: Build) -> FormDefinition:
    return build(_FORM, model=_MODEL, body=_BODY)


def _read(form: FormDefinition, xml: bytes) -> tuple[FormSession, tuple[tuple[str, str], ...]]:
    counter = itertools.count(900)
    return FormSession.from_xml(
        form,
        xml,
        now=lambda: datetime(2026, 3, 5, tzinfo=UTC),
        uuid=lambda: UUID(int=next(counter)),
        random=lambda: 0.5,
    )


def _instance(inside: str, start: str = '<data id="test" version="1">') -> bytes:
    return f'{start[:-1]} xmlns:orx="http://openrosa.org/xforms">{inside}</data>'.encode()


def test_repeats_and_their_order_come_back(form: FormDefinition, fill: Open) -> None:
    session = fill(form)
    for number in ("1", "2", "3"):
        row, _ = session.add_repeat("/data/rep")
        session.answer(NodeKey("/data/rep/x", row), number)
        inner, _ = session.add_repeat("/data/rep/sub", row)
        session.answer(NodeKey("/data/rep/sub/y", inner), number * 2)
    session.move_repeat("/data/rep", session.repeats("/data/rep")[2], 0)
    again, orphans = _read(form, session.instance_xml())
    assert orphans == ()
    assert again.instance_xml() == session.instance_xml()
    rows = again.repeats("/data/rep")
    assert [again.value(NodeKey("/data/rep/x", row)) for row in rows] == ["3", "1", "2"]


def test_the_identity_of_the_filling_is_kept(form: FormDefinition) -> None:
    inside = "<orx:meta><orx:instanceID>uuid:abc</orx:instanceID></orx:meta>"
    session, _ = _read(form, _instance(inside))
    assert b"<orx:instanceID>uuid:abc</orx:instanceID>" in session.instance_xml()


def test_the_identity_is_kept_when_the_form_has_no_place_for_it(build: Build) -> None:
    form = build("<a/>", body='<input ref="/data/a"><label>a</label></input>')
    inside = "<a>x</a><orx:meta><orx:instanceID>uuid:abc</orx:instanceID></orx:meta>"
    session, orphans = _read(form, _instance(inside))
    assert orphans == ()
    assert b"uuid:abc" in session.instance_xml()


def test_what_was_left_out_gets_no_default_again(form: FormDefinition) -> None:
    session, _ = _read(form, _instance(""))
    assert session.value(NodeKey("/data/a")) == ""


def test_special_characters_come_back(form: FormDefinition, fill: Open) -> None:
    session = fill(form)
    session.answer(NodeKey("/data/a"), "regel 1\r\nregel 2\t<&>\"' عربي 𝄞 ")
    again, _ = _read(form, session.instance_xml())
    assert again.value(NodeKey("/data/a")) == session.value(NodeKey("/data/a"))


def test_what_the_form_has_no_place_for_is_kept_aside(form: FormDefinition) -> None:
    inside = "<a>x</a><a>y</a><oud><b>1</b><c>2</c></oud><a><z>3</z></a>"
    session, orphans = _read(form, _instance(inside))
    assert session.value(NodeKey("/data/a")) == "x"
    assert orphans == (
        ("/data/a", "y"),
        ("/data/oud/b", "1"),
        ("/data/oud/c", "2"),
        ("/data/a/z", "3"),
    )


@pytest.mark.parametrize(
    ("xml", "problem"),
    [
        (b"<data", "not well-formed"),
        (b"<other/>", "root element is not data"),
        (b'<data id="ander"/>', "belongs to another form"),
        (b'<!DOCTYPE d [<!ENTITY a "b">]><data>&a;</data>', "DTD"),
        (b"<data>" + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</data>", "nested deeper"),
    ],
)
def test_what_is_no_filling_of_the_form_is_refused(
    xml: bytes, problem: str, form: FormDefinition
) -> None:
    with pytest.raises(FormError, match=problem):
        read_instance(form, xml, lambda: UUID(int=1))
