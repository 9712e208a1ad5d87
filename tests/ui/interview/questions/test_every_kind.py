"""What holds for every kind of question and every appearance, at two sizes and both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support.one_question import Ask, One, view

from intake_app import paths
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.a11y import Finding, check
from intake_app.ui.interview.block import QuestionBlock
from intake_app.ui.interview.questions import Tools
from intake_app.ui.interview.questions.choice_button import ChoiceButton
from intake_app.ui.theme import Theme, apply
from intake_app.xforms import QuestionKind

YES_NO = (("ja", "Ja"), ("nee", "Nee"))
FOUR = (("a", "Bouw"), ("b", "Zorg"), ("c", "Horeca"), ("d", "Techniek"))
MANY = tuple((f"v{n}", f"Keuze nummer {n}") for n in range(20))
ENDS = (("0", "nooit"), ("10", "altijd"))
SCALE = (("start", "0"), ("end", "10"), ("step", "1"))
LONG_SCALE = (("start", "0"), ("end", "100"), ("step", "5"))


@dataclass(frozen=True)
class Case:
    kind: QuestionKind
    value: str = ""
    appearance: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    data_type: str = "string"
    parameters: tuple[tuple[str, str], ...] = ()

    def view(self, language: str = "nl", **more: object):  # type: ignore[no-untyped-def]
        return view(
            self.kind,
            self.value,
            appearance=self.appearance,
            choices=self.choices,
            data_type=self.data_type,
            language=language,
            **dict(self.parameters),
            **more,  # type: ignore[arg-type]
        )


K = QuestionKind
CASES = {
    "text": Case(K.TEXT, "Jan"),
    "multiline": Case(K.TEXT, "Jan\nPiet", ("multiline",)),
    "numbers": Case(K.TEXT, "0612", ("numbers",)),
    "url": Case(K.TEXT, "https://example.nl", ("url",)),
    "masked": Case(K.TEXT, "1234", ("masked",)),
    "geopoint": Case(K.TEXT, "52.1 5.1 0 0", data_type="geopoint"),
    "placement-map": Case(K.TEXT, "", ("placement-map",), data_type="geopoint"),
    "printer": Case(K.TEXT, "", ("printer:org.example",)),
    "integer": Case(K.INTEGER, "12", data_type="int"),
    "thousands": Case(K.INTEGER, "12000", ("thousands-sep",), data_type="int"),
    "bearing": Case(K.DECIMAL, "12.5", ("bearing",), data_type="decimal"),
    "counter": Case(K.INTEGER, "3", ("counter",), data_type="int"),
    "date": Case(K.DATE, "1988-09-23", data_type="date"),
    "no-calendar": Case(K.DATE, "1988-09-23", ("no-calendar",), data_type="date"),
    "month-year": Case(K.DATE, "1988-09-01", ("month-year",), data_type="date"),
    "year": Case(K.DATE, "1988-01-01", ("year",), data_type="date"),
    "ethiopian": Case(K.DATE, "1988-09-23", ("ethiopian",), data_type="date"),
    "persian": Case(K.DATE, "1988-09-23", ("persian",), data_type="date"),
    "islamic": Case(K.DATE, "1988-09-23", ("islamic",), data_type="date"),
    "partial-date": Case(K.TEXT, "1988-09", ("partial-date",)),
    "time": Case(K.TIME, "09:30:00.000", data_type="time"),
    "datetime": Case(K.DATETIME, "2026-11-22T09:30:00.000+01:00", data_type="dateTime"),
    "yes-no": Case(K.SELECT_ONE, "ja", choices=YES_NO),
    "one": Case(K.SELECT_ONE, "b", choices=FOUR),
    "several": Case(K.SELECT_MULTIPLE, "a c", choices=FOUR),
    "columns": Case(K.SELECT_ONE, "b", ("columns-2",), FOUR),
    "pack": Case(K.SELECT_MULTIPLE, "b", ("columns-pack",), FOUR),
    "quick": Case(K.SELECT_ONE, "", ("quick",), FOUR),
    "minimal": Case(K.SELECT_ONE, "b", ("minimal",), FOUR),
    "minimal-many": Case(K.SELECT_MULTIPLE, "v2 v9", ("minimal",), MANY),
    "autocomplete": Case(K.SELECT_ONE, "", ("autocomplete",), FOUR),
    "many": Case(K.SELECT_ONE, "", (), MANY),
    "image-map": Case(K.SELECT_ONE, "", ("image-map",), FOUR),
    "map": Case(K.SELECT_ONE, "", ("map",), FOUR),
    "no choices": Case(K.SELECT_ONE),
    "likert": Case(K.SELECT_ONE, "b", ("likert",), FOUR),
    "list": Case(K.SELECT_MULTIPLE, "b", ("list",), FOUR),
    "list-nolabel": Case(K.SELECT_ONE, "b", ("list-nolabel",), FOUR),
    "rank": Case(K.RANK, "b a d c", choices=FOUR),
    "unranked": Case(K.RANK, choices=FOUR),
    "range": Case(K.RANGE, "7", choices=ENDS, parameters=SCALE),
    "slider": Case(K.RANGE, "35", parameters=LONG_SCALE),
    "no-ticks": Case(K.RANGE, "", ("no-ticks",), parameters=SCALE),
    "vertical": Case(K.RANGE, "3", ("vertical",), ENDS, parameters=SCALE),
    "picker": Case(K.RANGE, "3", ("picker",), parameters=SCALE),
    "rating": Case(K.RANGE, "3", ("rating",), parameters=SCALE),
    "acknowledge": Case(K.ACKNOWLEDGE, "OK"),
    "note": Case(K.NOTE),
    "calculated": Case(K.CALCULATED),
}


@dataclass(frozen=True)
class Look:
    scale: float
    width: int
    language: str
    mirrored: bool = False


LOOKS = {
    "100": Look(1.0, 760, "ti"),
    "200": Look(2.0, 1080, "ar"),
    "mirrored": Look(1.0, 760, "fa", mirrored=True),
    "narrow": Look(2.0, 640, "ti"),
}


@pytest.fixture
def look(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[tuple[Look, Theme]]:
    asked: Look = request.param
    file = paths.resource("themes", "default.json")
    theme = Theme.load(file, scale=asked.scale)
    apply(qapp, theme)
    if asked.mirrored:
        qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield asked, theme
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    apply(qapp, Theme.load(file))


def settled(window: QWidget, width: int) -> tuple[Finding, ...]:
    """Give a window the height it wants at a width, and look at it."""
    column = window.layout()
    assert column is not None
    for _ in range(2):
        QApplication.processEvents()
        window.resize(width, max(500, column.totalHeightForWidth(width)))
    QApplication.processEvents()
    return check(window)


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(asked, marks=pytest.mark.slow if name in {"mirrored", "narrow"} else [])
        for name, asked in LOOKS.items()
    ],
    ids=LOOKS,
    indirect=True,
)
def test_nothing_is_clipped_nameless_or_too_small(look: tuple[Look, Theme], qtbot: QtBot) -> None:
    asked, theme = look
    tools = Tools(
        theme, UiTexts("nl", None), language=asked.language, today=lambda: date(2026, 11, 22)
    )
    found: dict[str, object] = {}
    for name, case in CASES.items():
        window = QWidget()
        qtbot.addWidget(window)
        column = QVBoxLayout(window)
        dutch, other = case.view(), case.view(asked.language)
        block = QuestionBlock(tools, dutch, large=True)
        block.set_stacked(asked.scale > 1.5)
        block.show_view(dutch, other, None)
        column.addWidget(block)
        column.addStretch(1)
        column.addWidget(QPushButton("Volgende"))
        window.resize(asked.width, 500)
        window.show()
        seen = settled(window, asked.width)
        if window.width() != asked.width:
            found[name] = f"cannot be narrower than {window.width()}"
        block.refuse("Dit antwoord kan niet kloppen. Kijk het na.")
        seen = (*seen, *settled(window, asked.width))
        if seen:
            found[name] = [str(each) for each in seen]
        window.close()
    assert found == {}


@pytest.fixture
def each(ask: Ask) -> Callable[..., Iterator[tuple[str, One]]]:
    """Show every case in turn."""

    def shown(**more: object) -> Iterator[tuple[str, One]]:
        for name, case in CASES.items():
            one = ask(
                case.kind,
                case.value,
                appearance=case.appearance,
                choices=case.choices,
                data_type=case.data_type,
                beside="ti",
                **dict(case.parameters),
                **more,
            )
            yield name, one
            one.window.close()

    return shown


def test_showing_is_no_answer(each: Callable[..., Iterator[tuple[str, One]]]) -> None:
    """A question that is shown, looked at and left says nothing."""
    for name, one in each():
        one.widget.focus_first()
        one.widget.set_problem(True)
        one.widget.set_problem(False)
        one.widget.set_stacked(True)
        one.widget.set_compact(True)
        one.show(one.question.value)
        one.widget.flush()
        one.widget.discard()
        one.widget.flush()
        assert (one.said, one.refused) == ([], []), name


def test_a_readonly_question_takes_nothing(
    each: Callable[..., Iterator[tuple[str, One]]],
) -> None:
    for name, one in each(readonly=True):
        one.widget.focus_first()
        for number in range(1, 10):
            one.widget.choose(number)
        focus = one.window.focusWidget()
        if focus is not None:
            for key in (Qt.Key.Key_Space, Qt.Key.Key_5, Qt.Key.Key_Up, Qt.Key.Key_Right):
                one.qtbot.keyClick(focus, key)
        one.widget.flush()
        assert one.said == [], name


def test_another_question_is_shown_wholly(
    each: Callable[..., Iterator[tuple[str, One]]],
) -> None:
    """A widget that is given another answer and other words shows nothing of the old ones."""
    for name, one in each():
        changed = tuple(
            replace(choice, label=replace(choice.label, text=f"Anders {n}"))
            for n, choice in enumerate(one.question.choices)
        )
        one.question = replace(one.question, choices=changed)
        one.other = None
        one.show("")
        one.widget.flush()
        assert one.said == [], name
        names = [b.accessibleName() for b in one.widget.findChildren(ChoiceButton) if b.isVisible()]
        assert not any("Zorg" in each or each.endswith(" ti") for each in names), name
