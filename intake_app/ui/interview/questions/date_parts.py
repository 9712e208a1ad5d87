"""The parts of a date on screen: three boxes, and which reading of half a date is meant."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.i18n.formats import format_date, to_ascii_digits
from intake_app.ui.interview.flow_layout import FlowLayout
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import QuietButton
from intake_app.ui.kit.inputs import TextInput
from intake_app.ui.kit.text import Caption

_BETWEEN = re.compile(r"[-/.\s]+")


class DateBoxes(QWidget):
    """Day, month and year. A date typed or pasted at once is spread over the three."""

    edited = Signal()
    left = Signal()

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme, tr = tools.theme, tools.tr
        self.setObjectName("answer-date")
        # day, month, year reads the same way in every script
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.gap(8))
        self._words = (tr.gettext("dag"), tr.gettext("maand"), tr.gettext("jaar"))
        self.boxes: list[TextInput] = []
        self._writing = False
        self._first = 0
        self._columns: list[QWidget] = []
        parts = zip(("day", "month", "year"), (64, 96, 88), self._words, strict=True)
        for place, (part, width, words) in enumerate(parts):
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(theme.gap(2))
            caption = Caption(theme, words, wrap=False)
            box = TextInput(theme, name=f"answer-date-{part}")
            # digits take no more room than this, also at 200 %
            box.setFixedWidth(max(theme.gap(width), theme.px(width * 0.75)))
            # a whole date can be pasted in any of the boxes, and a month has a name
            box.setMaxLength(24)
            box.setAccessibleName(words)
            caption.setBuddy(box)
            column.addWidget(caption)
            column.addWidget(box)
            row.addWidget(holder)
            self.boxes.append(box)
            self._columns.append(holder)
            # not only what a keyboard types: a page that is renewed puts the text in by itself
            box.textChanged.connect(lambda text, p=place: self._typed(p, text))
            box.editingFinished.connect(self.left)
        self.setFocusProxy(self.boxes[0])

    def name(self, question: str) -> None:
        """Put the question before the name of every box."""
        self.setAccessibleName(question)
        for box, words in zip(self.boxes, self._words, strict=True):
            box.setAccessibleName(f"{question}: {words}")

    def show_from(self, first: int) -> None:
        """Show all boxes from this one on: 0 for the day, 2 for the year alone."""
        if first == self._first:
            return
        self._first = first
        for place, column in enumerate(self._columns):
            column.setVisible(place >= first)
        self.setFocusProxy(self.boxes[first])

    def texts(self) -> tuple[str, str, str]:
        """Return what stands in the boxes, in ASCII digits."""
        day, month, year = (to_ascii_digits(box.text()).strip() for box in self.boxes)
        return day, month, year

    def write(self, day: int, month: int, year: int) -> None:
        """Fill the boxes with what is stored or picked; 0 leaves one empty."""
        self._writing = True
        for box, part in zip(self.boxes, (day, month, year), strict=True):
            text = str(part) if part else ""
            if to_ascii_digits(box.text()) != text:
                box.setText(text)
        self._writing = False

    def _typed(self, place: int, text: str) -> None:
        if self._writing:
            return
        self._writing = True
        self._spread(place, text)
        self._writing = False
        self.edited.emit()

    def _spread(self, place: int, text: str) -> None:
        parts = [part for part in _BETWEEN.split(text.strip()) if part]
        ends = len(text) > 1 and _BETWEEN.fullmatch(text[-1]) is not None
        if len(parts) > 1:
            if len(parts[0]) == 4:
                parts.reverse()
            for box, part in zip(self.boxes[place:], parts, strict=False):
                box.setText(part)
            self.boxes[min(place + len(parts), 3) - 1].setFocus()
        elif ends and parts:
            self.boxes[place].setText(parts[0])
            if place < 2:
                self.boxes[place + 1].setFocus()
                self.boxes[place + 1].selectAll()


class WhichOne(QWidget):
    """The Gregorian months or years that half a date of another calendar can fall in.

    `chosen` carries (year, month), month 0 for a year.
    """

    chosen = Signal(object)

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = tools.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tools.theme.gap(6))
        words = tools.tr.gettext(
            "Welke is het? We slaan de meest waarschijnlijke op, tenzij je kiest."
        )
        column.addWidget(Caption(tools.theme, words))
        self._box = QWidget()
        self._flow = FlowLayout(tools.theme.gap(8), self._box)
        column.addWidget(self._box)
        self._buttons: dict[tuple[int, int], QuietButton] = {}

    def offer(
        self, parts: tuple[tuple[int, int], ...], meant: tuple[int, int], language: str
    ) -> None:
        """Offer these, the likeliest first, with the one that is meant pressed."""
        if tuple(self._buttons) != parts:
            for button in self._buttons.values():
                self._flow.remove(button)
                button.hide()
                button.deleteLater()
            self._buttons = {part: self._button(part, language) for part in parts}
        for part, button in self._buttons.items():
            button.setChecked(part == meant)

    def _button(self, part: tuple[int, int], language: str) -> QuietButton:
        iso = f"{part[0]:04d}-{part[1]:02d}" if part[1] else f"{part[0]:04d}"
        button = QuietButton(
            self._theme,
            format_date(iso, language),
            name=f"answer-date-which-{iso}",
            parent=self._box,
        )
        button.setCheckable(True)
        button.clicked.connect(lambda: self.chosen.emit(part))
        self._flow.add(button)
        button.show()
        return button
