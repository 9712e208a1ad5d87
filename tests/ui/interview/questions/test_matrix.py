"""Questions with the same choices as one table, on the real page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pages.interview import InterviewObject
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication
from support.interviews import MarkedTexts, add_person
from support.qt import settle
from support.vaults import actor_of

from intake_app.domain.interview import AnswerState, Interpretation, InterpreterMode
from intake_app.flows.interview import InterviewFlow
from intake_app.ui.a11y import check
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.questions.choice_row import ChoiceRow
from intake_app.ui.interview.questions.matrix import MatrixAnswer, MatrixCell, rows_under
from intake_app.vault import Vault
from intake_app.xforms import FormDefinition, NodeKey, parse_form

ROWS = ("lezen", "schrijven", "spreken")
CHOICES = (("goed", "Goed"), ("redelijk", "Redelijk"), ("slecht", "Slecht"))
FIVE = (
    ("a", "Heel slecht"),
    ("b", "Slecht"),
    ("c", "Niet goed en ook niet slecht"),
    ("d", "Goed"),
    ("e", "Heel goed"),
)
Key = Qt.Key


def table_form(choices: tuple[tuple[str, str], ...] = CHOICES) -> FormDefinition:
    items = "".join(
        f"<item><label>{words}</label><value>{value}</value></item>" for value, words in choices
    )

    def select(name: str, label: str, look: str) -> str:
        return (
            f'<select1 ref="/data/taal/{name}" appearance="{look}"><label>{label}</label>'
            f"{items}</select1>"
        )

    body = select("kop", "Hoe goed kunt u dit?", "label")
    body += "".join(select(name, name.title(), "list-nolabel") for name in ROWS)
    names = ("kop", *ROWS, "meer")
    binds = "".join(
        f'<bind nodeset="/data/taal/{name}" type="string" dl:audience="client" dl:sharing="taal"/>'
        for name in names
    )
    nodes = "".join(f"<{name}/>" for name in names)
    xml = f"""<h:html xmlns="http://www.w3.org/2002/xforms"
     xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"
     xmlns:dl="https://doorgaande-lijn.nl/xforms">
    <h:head><h:title>Tabel</h:title><model>
    <instance><data id="tabel" version="1"><taal>{nodes}</taal></data></instance>{binds}
    </model></h:head><h:body>
    <group ref="/data/taal" appearance="field-list"><label>Taal</label>{body}
    <input ref="/data/taal/meer"><label>Wat nog meer?</label></input></group>
    </h:body></h:html>"""
    return parse_form(xml.encode(), name="tabel")


class Library:
    def load(self, form_id: str) -> FormDefinition:
        return table_form(FIVE if form_id == "vijf" else CHOICES)


def key(name: str) -> NodeKey:
    return NodeKey(f"/data/taal/{name}")


@pytest.fixture
def flow(vault: Vault) -> InterviewFlow:
    return InterviewFlow.start(
        vault,
        Library(),
        MarkedTexts(),
        add_person(vault).person_id,
        "tabel",
        "ar",
        Interpretation(InterpreterMode.TELEFOON, "dienst 12", "ar"),
        actor_of(vault),
    )


def table(interview: InterviewObject) -> MatrixAnswer:
    found = interview.root.findChild(MatrixAnswer)
    assert isinstance(found, MatrixAnswer)
    return found


def cell(interview: InterviewObject, row: str, choice: str) -> QAbstractButton:
    found = interview.block(row).widget.rows  # type: ignore[attr-defined]
    return next(each for each in found if each.choice.value == choice)


def focus(interview: InterviewObject) -> object:
    return interview.root.window().focusWidget()


def test_it_is_one_table_with_the_words_once(interview: InterviewObject) -> None:
    assert interview.questions() == ("kop", *ROWS, "meer")
    assert table(interview).flat
    for column, (value, _) in enumerate(CHOICES):
        cells = [cell(interview, row, value) for row in ROWS]
        assert all(isinstance(each, MatrixCell) for each in cells)
        middles = {each.mapTo(interview.root, each.rect().center()).x() for each in cells}
        assert max(middles) - min(middles) <= 1, f"column {column} is not straight"
    assert check(interview.root) == ()


def test_a_cell_is_heard_as_question_and_choice(interview: InterviewObject) -> None:
    interface = QAccessible.queryAccessibleInterface(cell(interview, "lezen", "goed"))
    assert interface.text(QAccessible.Text.Name) == "Lezen: Goed / \u2067[ar] Goed\u2069"
    assert interface.role() is QAccessible.Role.RadioButton


def test_a_click_answers_its_own_row(interview: InterviewObject, flow: InterviewFlow) -> None:
    interview.qtbot.mouseClick(cell(interview, "schrijven", "slecht"), Qt.MouseButton.LeftButton)
    assert flow.session.value(key("schrijven")) == "slecht"
    assert flow.session.value(key("lezen")) == ""
    assert cell(interview, "schrijven", "slecht").isChecked()
    assert not cell(interview, "schrijven", "goed").isChecked()


def test_arrows_go_through_the_table(interview: InterviewObject, flow: InterviewFlow) -> None:
    cell(interview, "lezen", "goed").setFocus()
    for press, there in (
        (Key.Key_Right, ("lezen", "redelijk")),
        (Key.Key_Down, ("schrijven", "redelijk")),
        (Key.Key_Down, ("spreken", "redelijk")),
        (Key.Key_Down, ("spreken", "redelijk")),
        (Key.Key_Up, ("schrijven", "redelijk")),
        (Key.Key_Left, ("schrijven", "goed")),
    ):
        interview.qtbot.keyClick(focus(interview), press)  # type: ignore[arg-type]
        assert focus(interview) is cell(interview, *there)
    interview.qtbot.keyClick(focus(interview), Key.Key_Space)  # type: ignore[arg-type]
    assert flow.session.value(key("schrijven")) == "goed"


def test_a_number_answers_the_row_with_the_focus(
    interview: InterviewObject, flow: InterviewFlow
) -> None:
    cell(interview, "spreken", "goed").setFocus()
    interview.qtbot.keyClick(focus(interview), Key.Key_2)  # type: ignore[arg-type]
    assert flow.session.value(key("spreken")) == "redelijk"


def test_a_row_is_one_stop_of_the_tab_key(interview: InterviewObject) -> None:
    tab = Qt.FocusPolicy.TabFocus.value
    stops = [
        value for value, _ in CHOICES if cell(interview, "lezen", value).focusPolicy().value & tab
    ]
    assert stops == ["goed"]
    interview.page.bridge.answer(key("lezen"), "slecht")
    stops = [
        value for value, _ in CHOICES if cell(interview, "lezen", value).focusPolicy().value & tab
    ]
    assert stops == ["slecht"]


def test_a_row_has_its_own_reasons(interview: InterviewObject, flow: InterviewFlow) -> None:
    interview.say_state(AnswerState.UNKNOWN, "lezen")
    assert flow.session.state(key("lezen")).value == AnswerState.UNKNOWN.value
    assert flow.session.state(key("schrijven")).value == ""


def test_where_it_is_narrow_every_row_is_a_list(
    show: Callable[..., InterviewObject], bridge: InterviewBridge
) -> None:
    interview = show(bridge, 420, 900)
    assert not table(interview).flat
    assert isinstance(cell(interview, "lezen", "goed"), ChoiceRow)
    assert check(table(interview)) == ()
    interview.root.resize(1366, 900)
    interview.qtbot.waitUntil(lambda: table(interview).flat)
    assert isinstance(cell(interview, "lezen", "goed"), MatrixCell)
    assert check(table(interview)) == ()


def test_the_head_asks_nothing(flow: InterviewFlow) -> None:
    (section,) = flow.session.sections()
    assert section.total == len(ROWS) + 1


def test_what_belongs_to_a_table(flow: InterviewFlow) -> None:
    views = [flow.view(key(name)) for name in ("kop", *ROWS, "meer")]
    assert rows_under(views, 0) == 3
    assert rows_under(views, 1) == 0
    assert rows_under(views[:1], 0) == 0


def test_the_tabletop_of_pyxform(tmp_path: Path) -> None:
    """The appearance table-list is compiled to a head and rows."""
    pytest.importorskip("pyxform")
    from pyxform.xls2xform import convert

    sheet = """
| survey |
|        | type            | name | label     | appearance |
|        | begin_group     | taal | Taal      | table-list |
|        | select_one mate | a    | Lezen     |            |
|        | select_one mate | b    | Schrijven |            |
|        | end_group       |      |           |            |
| choices |
|         | list_name | name | label |
|         | mate      | g    | Goed  |
|         | mate      | s    | Niet  |
"""
    from intake_app.xforms import FormSession

    form = parse_form(convert(xlsform=sheet).xform.encode(), name="x")
    from datetime import UTC, datetime
    from uuid import UUID

    session = FormSession(
        form,
        now=lambda: datetime(2026, 11, 22, tzinfo=UTC),
        uuid=lambda: UUID(int=1),
        random=lambda: 0.5,
    )
    (page,) = session.pages()
    views = [session.view(each) for each in page.keys]
    at = next(n for n, view in enumerate(views) if "label" in view.definition.appearance)
    assert rows_under(views, at) == 2


@pytest.mark.parametrize(("width", "height", "flat"), [(683, 384, False), (1366, 768, True)])
def test_a_head_that_would_fill_the_screen_gives_way(
    vault: Vault,
    show: Callable[..., InterviewObject],
    qapp: QApplication,
    width: int,
    height: int,
    flat: bool,
) -> None:
    """683 wide is 1366 at 200 %: there each row is a question with its own choices."""
    flow = InterviewFlow.start(
        vault,
        Library(),
        MarkedTexts(),
        add_person(vault).person_id,
        "vijf",
        "ar",
        Interpretation(InterpreterMode.TELEFOON, "dienst 12", "ar"),
        actor_of(vault),
    )
    shown = show(InterviewBridge(flow), width, height)
    settle(qapp)
    assert table(shown).flat is flat
    rows = shown.block("lezen").widget.rows  # type: ignore[attr-defined]
    assert isinstance(rows[2], MatrixCell if flat else ChoiceRow)
    assert table(shown)._head.isVisibleTo(table(shown)) is flat
    # the question and its first choices are in sight together
    first = shown.block("lezen")
    assert flat or rows[1].mapTo(first, rows[1].rect().bottomLeft()).y() < height - 130
    assert check(shown.root) == ()
