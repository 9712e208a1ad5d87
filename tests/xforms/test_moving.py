"""Moving instances, jumping, the outline, checking again, and the language of a session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from intake_app.xforms import AnswerRefused, FormDefinition, FormSession, NodeKey

Open = Callable[..., FormSession]
Build = Callable[..., FormDefinition]

_ROWS = '<rep jr:template=""><x/><plek/><vorige/></rep><namen/>'
_MODEL = """<bind nodeset="/data/rep/plek" calculate="position(..)"/>
<bind nodeset="/data/rep/vorige"
      calculate="/data/rep[position() = position(current()/..) - 1]/x"/>
<bind nodeset="/data/namen" calculate="join('-', /data/rep/x)"/>"""
_BODY = """<group ref="/data/rep"><label>rij</label><repeat nodeset="/data/rep">
<input ref="/data/rep/x"><label>x</label></input></repeat></group>"""


def _rows(session: FormSession, name: str) -> list[str]:
    return [
        session.value(NodeKey(f"/data/rep/{name}", row)) for row in session.repeats("/data/rep")
    ]


@pytest.mark.parametrize(
    ("moved", "to", "order"),
    [(0, 2, "bca"), (2, 0, "cab"), (1, 1, "abc"), (0, 99, "bca"), (2, -5, "cab"), (1, 0, "bac")],
)
def test_a_moved_instance_takes_all_it_holds(
    moved: int, to: int, order: str, open_form: Open
) -> None:
    session = open_form(_ROWS, model=_MODEL, body=_BODY)
    for name in "abc":
        row, _ = session.add_repeat("/data/rep")
        session.answer(NodeKey("/data/rep/x", row), name)
    changes = session.move_repeat("/data/rep", session.repeats("/data/rep")[moved], to)
    assert _rows(session, "x") == list(order)
    assert _rows(session, "plek") == ["1", "2", "3"]
    assert _rows(session, "vorige") == ["", order[0], order[1]]
    assert session.value(NodeKey("/data/namen")) == "-".join(order)
    assert (NodeKey("/data/namen") in changes.values) is (order != "abc")
    assert not changes.repeats_added
    assert not changes.repeats_removed


def test_only_instances_of_the_repeat_can_be_moved(open_form: Open) -> None:
    session = open_form(
        _ROWS, model=_MODEL, body=_BODY.replace("<repeat ", '<repeat jr:count="2" ')
    )
    first = session.repeats("/data/rep")[0]
    with pytest.raises(AnswerRefused):
        session.move_repeat("/data/rep", first, 1)
    with pytest.raises(AnswerRefused):
        session.move_repeat("/data/rep", UUID(int=12345), 1)


def test_jumping_to_what_is_shown_now(open_form: Open) -> None:
    session = open_form(
        "<a/><g><b/><c/></g>",
        model='<bind nodeset="/data/g" relevant="/data/a = 1"/>',
        body="""<input ref="/data/a"><label>a</label></input>
        <group ref="/data/g" appearance="field-list"><label>g</label>
        <input ref="/data/g/b"><label>b</label></input>
        <input ref="/data/g/c"><label>c</label></input></group>""",
    )
    assert session.page(NodeKey("/data/g/c")) is None
    session.answer(NodeKey("/data/a"), "1")
    page = session.page(NodeKey("/data/g/c"))
    assert page is not None
    assert page.key == NodeKey("/data/g")


def test_the_outline_has_everything_in_order(open_form: Open) -> None:
    session = open_form(
        _ROWS + "<z/>", body=_BODY + '<input ref="/data/z"><label>z</label></input>'
    )
    row, _ = session.add_repeat("/data/rep")
    session.answer(NodeKey("/data/rep/x", row), "a")
    found = [(i.kind, i.key.path, i.depth, i.state.value) for i in session.outline()]
    assert found == [
        ("repeat", "/data/rep", 0, ""),
        ("instance", "/data/rep", 1, ""),
        ("question", "/data/rep/x", 2, "ingevuld"),
        ("question", "/data/z", 0, ""),
    ]


def test_checking_looks_at_the_clock_again(build: Build) -> None:
    form = build(
        "<d/><e/>",
        model="""<bind nodeset="/data/d" type="date" constraint=". &gt;= today()"/>
        <bind nodeset="/data/e" required="true()"/>""",
        body="""<input ref="/data/d"><label>d</label></input>
        <input ref="/data/e"><label>e</label></input>""",
    )
    moments = [datetime(2026, 3, 5, tzinfo=UTC)]
    session = FormSession(
        form, now=lambda: moments[-1], uuid=lambda: UUID(int=1), random=lambda: 0.5
    )
    session.answer(NodeKey("/data/d"), "2026-03-05")
    assert [p.key.path for p in session.validate()] == ["/data/e"]
    moments.append(datetime(2026, 3, 6, tzinfo=UTC))
    assert [p.kind for p in session.problems()] == ["required"]
    assert [p.kind for p in session.validate(NodeKey("/data/d"))] == ["constraint"]
    assert [p.kind for p in session.validate()] == ["constraint", "required"]


def test_the_language_of_a_session_changes_labels_and_later_values(open_form: Open) -> None:
    session = open_form(
        "<a/><b/>",
        model="""<itext><translation lang="nl" default="true()"><text id="t"><value>Huis</value>
        </text></translation><translation lang="en"><text id="t"><value>House</value></text>
        </translation></itext>
        <bind nodeset="/data/b" calculate="concat(jr:itext('t'), /data/a)"/>""",
        body="""<input ref="/data/a"><label>a <output value="jr:itext('t')"/></label></input>""",
    )
    assert session.value(NodeKey("/data/b")) == "Huis"
    changes = session.set_language("en")
    assert session.language == "en"
    assert changes.labels == {NodeKey("/data/a")}
    assert not changes.values
    session.answer(NodeKey("/data/a"), "!")
    assert session.value(NodeKey("/data/b")) == "House!"
