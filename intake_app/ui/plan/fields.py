"""Fields that tell when they are left, so that what was typed is kept at that moment."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent

from intake_app.domain.partial_date import DateProblem
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Field, PartialDateInput, TextArea
from intake_app.ui.theme import Theme


class KeptTextArea(TextArea):
    """A text area with `left` when the focus leaves it."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self.left.emit()


class DayField(Field):
    """A whole date or nothing. `changed` when it is whole or empty; half a date is not a change."""

    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        tr: UiTexts,
        label: str,
        name: str,
        *,
        optional: str = "",
        help_text: str = "",
    ) -> None:
        self._tr = tr
        labels = (tr.gettext("dag"), tr.gettext("maand"), tr.gettext("jaar"))
        self.input = PartialDateInput(theme, labels, name=name)
        super().__init__(theme, label, self.input, optional=optional, help_text=help_text)
        self.input.changed.connect(self._typed)
        self._last: date | None = None

    def set_day(self, day: date | None) -> None:
        """Show a day; None empties the field."""
        self._last = day
        self.input.set_value(day)
        self.set_problem("")

    def day(self) -> date | None:
        """Return the day; while half a date stands there, the last whole one."""
        try:
            self._last = self.input.date()
        except DateProblem:
            return self._last
        return self._last

    def check(self) -> bool:
        """Show what is wrong with what stands there; True when nothing is."""
        try:
            self.input.date()
        except DateProblem as problem:
            self.set_problem(self._tr.said(problem))
            return False
        self.set_problem("")
        return True

    def _typed(self) -> None:
        try:
            self.input.date()
        except DateProblem:
            return
        self.set_problem("")
        self.changed.emit()
