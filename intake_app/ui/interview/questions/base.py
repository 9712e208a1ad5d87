"""The small contract of every answer widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from intake_app.i18n.catalogues import UiTexts
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.ui.theme import Theme
from intake_app.xforms import QuestionView

if TYPE_CHECKING:
    from intake_app.ui.interview.answer_files import AnswerFiles


@dataclass(frozen=True, slots=True)
class Tools:
    """What every widget of the interview needs: how things look and what they are called."""

    theme: Theme
    tr: UiTexts
    form_id: str = ""
    """Whose choices are shown: some forms have pictograms of their own."""
    language: str = ""
    """The language of the client, '' where it is only known from the questions."""
    country: str = ""
    """Where the client comes from, as the BRP's code of a country; '' for not known."""
    files: AnswerFiles | None = None
    """Where answers that are files are kept; None where nothing can be stored."""
    today: Callable[[], date] = date.today
    """The day it is; for a calendar to begin at."""

    single_keys: bool = True
    """Letters and digits alone do something; where not, they are shown with Alt."""

    def key(self, letter: str) -> str:
        """Return a letter as it has to be pressed: alone, or with Alt."""
        return letter if self.single_keys or not letter else f"Alt {letter}"


class AnswerWidget(QWidget):
    """Where one question is answered; dumb: it shows a view and says what a person did.

    `answer_changed` carries the XForms lexical string ('' for no answer), `typing` a text that is
    still being typed. Until the answer is acknowledged by another `set_question`, the widget keeps
    what the person entered.
    """

    answer_changed = Signal(str)
    typing = Signal(str)
    refused = Signal(str)
    """What was entered can be no answer: why, in words for the field. It stays in the field."""
    half_typed = Signal()
    """Something else stands in the field, which is no answer yet: see `entered`."""
    touched = Signal()
    """The focus came in."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tools = tools
        self.theme = tools.theme
        self.tr_ = tools.tr
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        """Show a question in Dutch, and in the other language where there is one."""
        raise NotImplementedError

    def focus_first(self) -> None:
        """Put the keyboard where an answer begins."""
        self.setFocus()

    @property
    def entered(self) -> bool:
        """Return whether something stands here that is no answer yet and is not said as `typing`.

        What shows in the fields of the widget is all there is to know about it.
        """
        return False

    def flush(self) -> None:
        """Say now what was entered and not yet said."""

    def keep(self) -> None:
        """What was said could not be stored: keep it and say it again at the next `flush`."""

    def discard(self) -> None:
        """Forget what was entered and not yet stored: something else is the answer now."""

    def choose(self, number: int) -> bool:
        """Do what the key 1–9 means here; False when it means nothing."""
        del number
        return False

    def set_problem(self, wrong: bool) -> None:
        """Mark the field as wrong, or no longer; the words stand beside it."""

    def set_stacked(self, stacked: bool) -> None:
        """Put the two languages below each other rather than side by side."""

    def set_compact(self, compact: bool) -> None:
        """Take less height: the question is one of several on its page."""

    def client_language(self, other: QuestionView | None) -> str:
        """Return the client's language: that of the question shown beside, or of the tools."""
        shown = "" if other is None else other.label.language
        if shown and shown != SOURCE_LANGUAGE:
            return shown
        return self.tools.language

    def announce(self, text: str) -> None:
        """Let a screen reader say what changed and has no focus."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def watch(self, widget: QWidget) -> None:
        """Report the focus of an inner widget as `touched`."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        del watched
        if event.type() is QEvent.Type.FocusIn:
            self.touched.emit()
        return False


class TapAnswer(AnswerWidget):
    """An answer that is given whole by one tap; one that could not be stored is said again."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        self._pending: str | None = None
        """What was tapped and is not acknowledged."""
        self._unsaid: str | None = None
        """What was tapped and could not be stored."""
        self._stands: tuple[object, str] | None = None

    def say(self, value: str) -> None:
        """Say what was tapped."""
        self._pending, self._unsaid = value, None
        self.answer_changed.emit(value)

    def standing(self, view: QuestionView) -> str:
        """Return the value to show: what is stored, or what was tapped and could not be."""
        if (view.key, view.value) != self._stands:
            self._unsaid = None
        self._stands = view.key, view.value
        if self._unsaid is None:
            self._pending = None
            return view.value
        return self._unsaid

    def flush(self) -> None:
        if self._unsaid is not None:
            self.say(self._unsaid)

    def keep(self) -> None:
        self._unsaid = self._pending

    def discard(self) -> None:
        self._pending = self._unsaid = None
