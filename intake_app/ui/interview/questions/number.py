"""Whole and decimal numbers; digits of any script are understood."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from intake_app.i18n.formats import to_ascii_digits
from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.kit.inputs import mark_problem
from intake_app.xforms import QuestionKind, QuestionView


class NumberAnswer(AnswerWidget):
    """A number typed in a short field, said when the field is left or Enter is pressed."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.field = QLineEdit()
        self.field.setObjectName("answer-number")
        self.field.setFont(self.theme.font(1.07))
        self.field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.field.setMaximumWidth(self.theme.px(200))
        self.field.textChanged.connect(self._edited)
        self.field.editingFinished.connect(self.flush)
        self.watch(self.field)
        row.addWidget(self.field)
        row.addStretch(1)
        self._dirty = False
        self._decimal = False

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        del other
        self._decimal = view.definition.kind is QuestionKind.DECIMAL
        hints = Qt.InputMethodHint.ImhPreferNumbers
        self.field.setInputMethodHints(hints)
        self.field.setAccessibleName(view.label.text)
        self.field.setReadOnly(view.readonly)
        if not self._dirty:
            with QSignalBlocker(self.field):
                self.field.setText(view.value.replace(".", ",") if self._decimal else view.value)

    def focus_first(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def flush(self) -> None:
        if self._dirty:
            self._dirty = False
            text = to_ascii_digits(self.field.text()).strip()
            self.answer_changed.emit(text.replace(",", ".") if self._decimal else text)

    def keep(self) -> None:
        self._dirty = True

    def discard(self) -> None:
        self._dirty = False

    def set_problem(self, wrong: bool) -> None:
        mark_problem(self.field, wrong)

    def _edited(self, _text: str) -> None:
        self._dirty = True
