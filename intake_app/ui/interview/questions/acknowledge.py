"""Confirm that something was read out or done."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.ui.interview.questions.base import TapAnswer, Tools
from intake_app.ui.interview.questions.choice_row import ChoiceRow
from intake_app.xforms import ChoiceView, QuestionView, ShownText


class AcknowledgeAnswer(TapAnswer):
    """One row to confirm with; the value is OK, as XForms has it. Once more takes it back."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        words = ShownText(self.tr_.gettext("Gedaan"), self.tr_.language)
        self._row = ChoiceRow(
            self.theme, ChoiceView("OK", words, ""), None, number=1, single=False, parent=self
        )
        self._row.chosen.connect(self._chosen)
        self.watch(self._row)
        column.addWidget(self._row)
        self._on = False
        self._readonly = False

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        del other
        self._on, self._readonly = self.standing(view) == "OK", view.readonly
        self._row.setAccessibleName(f"{view.label.text}: {self._row.choice.label.text}")
        self._row.setEnabled(not view.readonly)
        self._row.set_on(self._on)

    def focus_first(self) -> None:
        self._row.setFocus()

    def choose(self, number: int) -> bool:
        if number == 1:
            self._chosen()
        return number == 1

    def set_problem(self, wrong: bool) -> None:
        self._row.set_wrong(wrong)

    def _chosen(self, _value: str = "") -> None:
        if self._readonly:
            return
        self._on = not self._on
        self._row.set_on(self._on)
        self.say("OK" if self._on else "")
