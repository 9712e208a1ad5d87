"""A time of day, and a date with a time; see `dates` for the date itself."""

from __future__ import annotations

import re
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from intake_app.i18n.formats import to_ascii_digits
from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.interview.questions.dates import DateAnswer
from intake_app.ui.kit.inputs import mark_problem
from intake_app.ui.kit.text import Caption
from intake_app.xforms import QuestionKind, QuestionView

_TIME = re.compile(r"(\d{1,2})\s*[:.uUhH,\s]?\s*(\d{2})?\Z")


def read_time(text: str) -> str:
    """Return a typed time as `HH:MM:00.000`, or what was typed where it is none.

    '9', '9:30', '9.30', '9u30' and '0930' are understood, in the digits of any script.
    """
    typed = to_ascii_digits(text).strip()
    match = _TIME.match(typed)
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return typed
    return f"{int(match[1]):02d}:{match[2] or '00'}:00.000"


class TimeAnswer(AnswerWidget):
    """A time of day on the 24-hour clock."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.theme.gap(12))
        self.field = QLineEdit()
        self.field.setObjectName("answer-time")
        self.field.setFont(self.theme.font(1.07))
        self.field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.field.setPlaceholderText(self.tr_.gettext("uu:mm"))
        self.field.setMaximumWidth(self.theme.px(120))
        self.field.setMaxLength(16)
        self.field.textChanged.connect(self._edited)
        self.field.editingFinished.connect(self.flush)
        self.watch(self.field)
        row.addWidget(self.field)
        row.addWidget(Caption(self.theme, self.tr_.gettext("van 0 tot 24 uur"), wrap=False))
        row.addStretch(1)
        self._dirty = False
        self._value = ""

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        del other
        self.field.setAccessibleName(view.label.text)
        self.field.setReadOnly(view.readonly)
        self._value = view.value
        if not self._dirty:
            self._write(view.value)

    def focus_first(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def flush(self) -> None:
        if self._dirty:
            self._dirty = False
            self.answer_changed.emit(read_time(self.field.text()))

    def keep(self) -> None:
        self._dirty = True

    def discard(self) -> None:
        self._dirty = False
        self._write(self._value)

    def set_problem(self, wrong: bool) -> None:
        mark_problem(self.field, wrong)

    @property
    def entered(self) -> bool:
        return self._dirty

    def _write(self, value: str) -> None:
        if self.field.text() != value[:5]:
            with QSignalBlocker(self.field):
                self.field.setText(value[:5])

    def _edited(self, _text: str) -> None:
        self._dirty = True
        self.half_typed.emit()


class DateTimeAnswer(AnswerWidget):
    """A date, and under it a time; the answer is both or neither.

    While only one of the two is filled in nothing is said; leaving it so is refused in words.
    """

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.gap(8))
        self._date = DateAnswer(tools)
        self._time = TimeAnswer(tools)
        for part in (self._date, self._time):
            part.touched.connect(self.touched)
            part.refused.connect(self._part_refused)
            part.half_typed.connect(self.half_typed)
            column.addWidget(part)
        self._day = self._hour = ""
        self._stored = ""
        self._value: tuple[str, str] = ("", "")
        self._wrong_part = False
        self._date.answer_changed.connect(self._date_said)
        self._time.answer_changed.connect(self._time_said)

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        stored_day, _, zoned = view.value.partition("T")
        stored = (stored_day, zoned[:12])
        if view.value != self._stored or not self._half():
            self._day, self._hour = stored
        self._stored, self._value = view.value, stored
        tr = self.tr_
        day = replace(
            view,
            value=self._day,
            definition=replace(view.definition, kind=QuestionKind.DATE),
        )
        self._date.set_question(day, other)
        hour = replace(view, value=self._hour)
        self._time.set_question(hour, None)
        self._time.field.setAccessibleName(f"{view.label.text}: {tr.gettext('tijd')}")

    def focus_first(self) -> None:
        self._date.focus_first()

    @property
    def entered(self) -> bool:
        return self._date.entered or self._time.entered or self._half()

    def flush(self) -> None:
        self._wrong_part = False
        self._date.flush()
        self._time.flush()
        if self._half() and not self._wrong_part:
            words = (
                self.tr_.gettext("De tijd ontbreekt nog. Vul ook de tijd in.")
                if self._day
                else self.tr_.gettext("De datum ontbreekt nog. Vul ook de datum in.")
            )
            self.refused.emit(words)

    def keep(self) -> None:
        # a half answer is kept as it is; a whole one is said again
        if not self._half():
            self._date.keep()

    def discard(self) -> None:
        self._date.discard()
        self._time.discard()
        self._day, self._hour = self._value

    def set_problem(self, wrong: bool) -> None:
        self._date.set_problem(wrong)
        self._time.set_problem(wrong)

    def set_stacked(self, stacked: bool) -> None:
        self._date.set_stacked(stacked)

    def _half(self) -> bool:
        return bool(self._day) != bool(self._hour)

    def _part_refused(self, words: str) -> None:
        self._wrong_part = True
        self.refused.emit(words)

    def _date_said(self, text: str) -> None:
        self._day = text
        self._say()

    def _time_said(self, text: str) -> None:
        self._hour = text
        self._say()

    def _say(self) -> None:
        if not self._half():
            self.answer_changed.emit(f"{self._day}T{self._hour}" if self._day else "")
