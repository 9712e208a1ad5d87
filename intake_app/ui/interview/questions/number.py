"""Whole and decimal numbers; digits of any script are understood, shown as the reader has them.

Appearances: `thousands-sep` groups thousands, `counter` adds buttons for one more and one less.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.i18n.numbers import group_mark, read_number, show_number
from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.kit.buttons import QuietButton
from intake_app.ui.kit.inputs import mark_problem
from intake_app.xforms import QuestionKind, QuestionView

LONGEST = 40
"""Characters a number may have while it is typed."""


class NumberAnswer(AnswerWidget):
    """A number typed in a short field, said when the field is left or Enter is pressed."""

    def __init__(
        self, tools: Tools, *, counter: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(tools, parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.theme.gap(8))
        self.field = QLineEdit()
        self.field.setObjectName("answer-number")
        self.field.setFont(self.theme.font(1.07))
        # a number reads from left to right in every script
        self.field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.field.setMaximumWidth(self.theme.px(200))
        self.field.setMaxLength(LONGEST)
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        self.field.textChanged.connect(self._edited)
        self.field.editingFinished.connect(self.flush)
        self.watch(self.field)
        self._buttons: dict[int, QuietButton] = {}
        less, more = self.tr_.gettext("Eén minder"), self.tr_.gettext("Eén meer")
        for by, icon, words in ((-1, "minus", less), (1, "plus", more)) if counter else ():
            button = QuietButton(self.theme, "", icon=icon, name=f"number-{icon}")
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.clicked.connect(lambda _=False, b=by: self._count(b))
            self.watch(button)
            self._buttons[by] = button
        if counter:
            row.addWidget(self._buttons[-1])
        row.addWidget(self.field)
        if counter:
            row.addWidget(self._buttons[1])
        row.addStretch(1)
        self._dirty = False
        self._decimal = False
        self._grouped = False
        self._language = SOURCE_LANGUAGE
        self._value = self._before = ""

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        del other
        self._decimal = view.definition.kind is not QuestionKind.INTEGER and (
            view.definition.data_type != "int"
        )
        self._grouped = "thousands-sep" in view.definition.appearance
        self._language = view.label.language
        self.field.setAccessibleName(view.label.text)
        self.field.setReadOnly(view.readonly)
        for button in self._buttons.values():
            button.setEnabled(not view.readonly)
            words = button.toolTip()
            button.setAccessibleName(f"{view.label.text}: {words}")
        if view.value != self._value:
            # given on the other screen: it shows here, and is never written over unseen
            self._dirty = False
        self._value = self._before = view.value
        if not self._dirty:
            self._write(view.value)

    def focus_first(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    @property
    def entered(self) -> bool:
        return self._dirty

    def flush(self) -> None:
        if self._dirty:
            self._dirty = False
            # said here, so that it is not taken for something given on the other screen
            self._before, self._value = self._value, self._typed()
            self.answer_changed.emit(self._value)

    def keep(self) -> None:
        self._dirty = True
        self._value = self._before

    def discard(self) -> None:
        self._dirty = False
        self._write(self._value)

    def set_problem(self, wrong: bool) -> None:
        mark_problem(self.field, wrong)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if self._buttons and watched is self.field and isinstance(event, QKeyEvent):
            by = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
            if by is not None and event.type() is QEvent.Type.KeyPress:
                self._count(by)
                return True
        return super().eventFilter(watched, event)

    def show_value(self, value: str) -> None:
        """Show a number that was chosen elsewhere; what was being typed is forgotten."""
        self._dirty = False
        self._write(value)

    def _typed(self) -> str:
        mark = group_mark(self._language) if self._grouped else ""
        return read_number(self.field.text(), decimal=self._decimal, grouped_by=mark)

    def _count(self, by: int) -> None:
        if self.field.isReadOnly():
            return
        try:
            now = Decimal(self._typed() or "0")
        except InvalidOperation:
            return
        value = f"{now + by:f}"
        self._write(value)
        self._dirty = True
        self.announce(value)
        self.flush()

    def _write(self, value: str) -> None:
        shown = show_number(value, self._language, grouped=self._grouped)
        if shown != self.field.text():
            with QSignalBlocker(self.field):
                self.field.setText(shown)

    def _edited(self, _text: str) -> None:
        self._dirty = True
        self.half_typed.emit()
