"""One question on screen, without a form, a vault or a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from intake_app.ui.interview.questions import AnswerWidget, Tools, answer_widget
from intake_app.xforms import (
    AnswerState,
    ChoiceView,
    NodeKey,
    QuestionDefinition,
    QuestionKind,
    QuestionView,
    ShownText,
)


def view(
    kind: QuestionKind,
    value: str = "",
    *,
    appearance: Sequence[str] = (),
    choices: Sequence[tuple[str, str]] = (),
    language: str = "nl",
    label: str = "Vraag",
    readonly: bool = False,
    missing: bool = False,
    data_type: str = "string",
    attributes: Mapping[str, str] | None = None,
    name: str = "x",
    **parameters: str,
) -> QuestionView:
    """Return a question as a window gets it; in another language its words carry its code."""
    definition = QuestionDefinition(
        f"/data/{name}",
        name,
        kind,
        tuple(appearance),
        data_type=data_type,
        attributes=dict(attributes or {}),
        parameters=dict(parameters),
    )
    status = "missing" if missing else "source" if language == "nl" else "reviewed"

    def shown(text: str) -> ShownText:
        own = language != "nl" and not missing
        return ShownText(f"{text} {language}" if own else text, language, status)  # type: ignore[arg-type]

    return QuestionView(
        key=NodeKey(f"/data/{name}"),
        definition=definition,
        value=value,
        state=AnswerState.ANSWERED if value else AnswerState.NONE,
        relevant=True,
        readonly=readonly,
        required=False,
        label=shown(label),
        hint=None,
        guidance=None,
        choices=tuple(ChoiceView(v, shown(words), f"l/{v}") for v, words in choices),
        problem=None,
    )


class One:
    """A widget in a window, what it said, and what was refused.

    `store` plays the part of the form: it shows the last answer as stored.
    """

    def __init__(
        self,
        qtbot: QtBot,
        tools: Tools,
        question: QuestionView,
        other: QuestionView | None,
        width: int,
    ) -> None:
        self.qtbot = qtbot
        self.question, self.other = question, other
        self.widget: AnswerWidget = answer_widget(question.definition, tools)
        self.said: list[str] = []
        self.typed: list[str] = []
        self.refused: list[str] = []
        self.widget.answer_changed.connect(self.said.append)
        self.widget.typing.connect(self.typed.append)
        self.widget.refused.connect(self.refused.append)
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        column.addWidget(self.widget)
        column.addStretch(1)
        qtbot.addWidget(self.window)
        self.widget.set_question(question, other)
        self.window.resize(width, 600)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()

    def show(self, value: str) -> None:
        """Show the question with another stored answer."""
        self.question = replace(self.question, value=value)
        if self.other is not None:
            self.other = replace(self.other, value=value)
        self.widget.set_question(self.question, self.other)

    def store(self) -> None:
        """Acknowledge what was said last."""
        self.show(self.said[-1])

    def find(self, name: str) -> QAbstractButton:
        """Return a button by its name."""
        found = self.widget.findChild(QAbstractButton, name)
        assert isinstance(found, QAbstractButton), name
        return found

    def field(self, name: str = "") -> QLineEdit:
        """Return a field that shows, the first where no name is given."""
        fields = self.widget.findChildren(QLineEdit, name) if name else self.boxes()
        assert fields, name
        return fields[0]

    def boxes(self) -> list[QLineEdit]:
        """Return the fields, in order."""
        return self.widget.findChildren(QLineEdit)

    def type(self, text: str, name: str = "") -> None:
        """Put text in a field as a keyboard or an input method does."""
        field = self.field(name)
        field.setFocus()
        field.selectAll()
        if text.isascii():
            self.qtbot.keyClicks(field, text)
        else:
            field.insert(text)

    def press(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press a key where the focus is."""
        focus = self.window.focusWidget()
        assert focus is not None
        self.qtbot.keyClick(focus, key, modifier)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click in the middle of a widget, or at a place in it."""
        where = at or widget.rect().center()
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=where)

    def spoken(self, widget: QWidget) -> tuple[str, QAccessible.Role]:
        """Return what a screen reader makes of a widget."""
        interface = QAccessible.queryAccessibleInterface(widget)
        return interface.text(QAccessible.Text.Name), interface.role()


Ask = Callable[..., One]
