"""Dates and times, typed in parts so that every script and keyboard can do it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from intake_app.domain.partial_date import DateProblem, PartialDate
from intake_app.i18n.formats import to_ascii_digits
from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.kit.inputs import PartialDateInput, mark_problem
from intake_app.ui.kit.text import Caption
from intake_app.xforms import QuestionKind, QuestionView

PARTIAL = "partial-date"
"""Appearance of a text question that takes a date with unknown parts."""

_TIME = re.compile(r"(\d{1,2})[:.u ]?(\d{2})?\Z")


class DateAnswer(AnswerWidget):
    """A date in three boxes.

    A question of type date needs all three; with the appearance `month-year` or `year` what is left
    out counts as the first. A text question with `partial-date` may leave out day, month or all.
    """

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.gap(4))
        tr = self.tr_
        labels = (tr.gettext("dag"), tr.gettext("maand"), tr.gettext("jaar"))
        self.input = PartialDateInput(self.theme, labels, name="answer-date")
        self.input.changed.connect(self._edited)
        self._boxes = self.input.findChildren(QLineEdit)
        for box in self._boxes:
            box.editingFinished.connect(self._part_done)
            self.watch(box)
        column.addWidget(self.input)
        self._help = Caption(self.theme, "")
        column.addWidget(self._help)
        self._dirty = False
        self._partial = False
        self._fills = False

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        del other
        appearance = view.definition.appearance
        self._partial = view.definition.kind is QuestionKind.TEXT
        self._fills = not self._partial and ("year" in appearance or "month-year" in appearance)
        words = ""
        if self._partial:
            words = self.tr_.gettext("Weet de persoon de dag of de maand niet? Laat die dan leeg.")
        elif self._fills:
            words = self.tr_.gettext("Alleen het jaar weten is genoeg.")
        self._help.set_text(words)
        self._help.setVisible(bool(words))
        self.input.setAccessibleName(view.label.text)
        for box in self._boxes:
            box.setReadOnly(view.readonly)
        if not self._dirty:
            try:
                self.input.set_value(PartialDate.parse(view.value[:10]))
            except DateProblem:
                self.input.set_value(None)

    def focus_first(self) -> None:
        self._boxes[0].setFocus()

    def flush(self) -> None:
        if self._dirty:
            self._dirty = False
            self.answer_changed.emit(self._lexical())

    def keep(self) -> None:
        self._dirty = True

    def discard(self) -> None:
        self._dirty = False

    def set_problem(self, wrong: bool) -> None:
        mark_problem(self.input, wrong)

    def _edited(self) -> None:
        self._dirty = True

    def _part_done(self) -> None:
        if self._dirty and re.fullmatch(r"\d{4}-\d{2}-\d{2}", self._lexical()):
            self.flush()

    def _lexical(self) -> str:
        """Return the date as stored, or what was typed where it is none, so that it is refused."""
        typed = [to_ascii_digits(box.text()).strip() for box in self._boxes]
        if not any(typed):
            return ""
        try:
            known = self.input.value()
        except DateProblem:
            return "-".join(reversed(typed))
        if self._fills and known.year:
            return date(known.year, known.month or 1, known.day or 1).isoformat()
        return known.iso()


class TimeAnswer(AnswerWidget):
    """A time of day on the 24-hour clock; '9', '9:30' and '0930' are understood."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.field = QLineEdit()
        self.field.setObjectName("answer-time")
        self.field.setFont(self.theme.font(1.07))
        self.field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.field.setPlaceholderText(self.tr_.gettext("uu:mm"))
        self.field.setMaximumWidth(self.theme.px(120))
        self.field.textChanged.connect(self._edited)
        self.field.editingFinished.connect(self.flush)
        self.watch(self.field)
        row.addWidget(self.field)
        row.addStretch(1)
        self._dirty = False

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        del other
        self.field.setAccessibleName(view.label.text)
        self.field.setReadOnly(view.readonly)
        if not self._dirty:
            with QSignalBlocker(self.field):
                self.field.setText(view.value[:5])

    def focus_first(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    def flush(self) -> None:
        if self._dirty:
            self._dirty = False
            typed = to_ascii_digits(self.field.text()).strip()
            match = _TIME.match(typed)
            if match:
                typed = f"{int(match[1]):02d}:{match[2] or '00'}:00.000"
            self.answer_changed.emit(typed)

    def keep(self) -> None:
        self._dirty = True

    def discard(self) -> None:
        self._dirty = False

    def set_problem(self, wrong: bool) -> None:
        mark_problem(self.field, wrong)

    def _edited(self, _text: str) -> None:
        self._dirty = True


class DateTimeAnswer(AnswerWidget):
    """A date and a time beside each other; the answer is both or neither."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.theme.gap(16))
        self._date = DateAnswer(tools)
        self._time = TimeAnswer(tools)
        for part in (self._date, self._time):
            part.touched.connect(self.touched)
        self._day = self._hour = ""
        self._date.answer_changed.connect(self._date_said)
        self._time.answer_changed.connect(self._time_said)
        row.addWidget(self._date)
        row.addWidget(self._time, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        del other
        self._day, _, self._hour = view.value.partition("T")
        self._hour = self._hour[:12]
        self._date.set_question(_with_value(view, self._day), None)
        self._time.set_question(_with_value(view, self._hour), None)

    def focus_first(self) -> None:
        self._date.focus_first()

    def flush(self) -> None:
        self._date.flush()
        self._time.flush()

    def discard(self) -> None:
        self._date.discard()
        self._time.discard()

    def set_problem(self, wrong: bool) -> None:
        self._date.set_problem(wrong)
        self._time.set_problem(wrong)

    def _date_said(self, text: str) -> None:
        self._day = text
        self._say()

    def _time_said(self, text: str) -> None:
        self._hour = text
        self._say()

    def _say(self) -> None:
        if bool(self._day) == bool(self._hour):
            self.answer_changed.emit(f"{self._day}T{self._hour}" if self._day else "")


def _with_value(view: QuestionView, value: str) -> QuestionView:
    return replace(view, value=value)
