"""Questions without an input: a note to read."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.xforms import QuestionView


class NothingToAnswer(AnswerWidget):
    """A note: its words stand above, there is nothing to fill in."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        self.setVisible(False)

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        del view, other
