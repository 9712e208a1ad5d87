"""Questions without an input: a note to read, and what this version cannot take."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.kit.text import Muted
from intake_app.xforms import QuestionView


class NothingToAnswer(AnswerWidget):
    """A note: its words stand above, there is nothing to fill in."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        self.setVisible(False)

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        del view, other


class NotPossible(AnswerWidget):
    """Says honestly that a file cannot be added, and what to do instead."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(
            Muted(
                self.theme,
                self.tr_.gettext(
                    "Bij deze vraag hoort een bestand. Een bestand toevoegen kan hier nog niet. "
                    "Kies hieronder waarom er geen antwoord is."
                ),
            )
        )

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        del view, other
