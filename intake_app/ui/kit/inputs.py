"""Controls that take an answer, and the field that names, explains and corrects them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from intake_app.domain.partial_date import DateProblem, PartialDate
from intake_app.i18n.formats import to_ascii_digits
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.ui.kit.icons import IconLabel, draw_icon
from intake_app.ui.kit.marks import Mark
from intake_app.ui.kit.text import Body, Caption, Text
from intake_app.ui.theme import CAPTION, Theme, layout_direction


def mark_problem(control: QWidget, wrong: bool) -> None:
    """Give a control, and the inputs inside it, the edge of a problem or take it away."""
    told = "true" if wrong else "false"
    for widget in (control, *control.findChildren(QWidget)):
        if not isinstance(widget, QLineEdit | QPlainTextEdit | QComboBox):
            continue
        if (widget.property("problem") or "false") != told:
            widget.setProperty("problem", told)
            widget.style().unpolish(widget)
            widget.style().polish(widget)


class Field(QWidget):
    """Label, control, help and problem of one question, tied together for assistive technology."""

    def __init__(
        self,
        theme: Theme,
        label: str,
        control: QWidget,
        *,
        help_text: str = "",
        optional: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Lay out the field. `optional` is the word for a field that may stay empty."""
        super().__init__(parent)
        self.control = control
        self._help_text = help_text
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(4))
        top = QHBoxLayout()
        column.addLayout(top)
        top.setSpacing(theme.gap(8))
        self.label = Body(theme, label, strong=True)
        self.label.setBuddy(control.focusProxy() or control)
        top.addWidget(self.label, 0 if optional else 1)
        if optional:
            top.addWidget(Caption(theme, optional, wrap=False), 0)
            top.addStretch(1)
        if help_text:
            self.help = Caption(theme, help_text)
            column.addWidget(self.help)
        column.addWidget(control)
        self._problem_row = QWidget()
        row = QHBoxLayout(self._problem_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.gap(6))
        row.addWidget(IconLabel(theme, "error", color="err", size=18), 0, Qt.AlignmentFlag.AlignTop)
        self._problem = Text(theme, "", factor=CAPTION, color="err")
        row.addWidget(self._problem, 1)
        self._problem_row.hide()
        column.addWidget(self._problem_row)
        if not control.accessibleName():
            control.setAccessibleName(label)
        control.setAccessibleDescription(help_text)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_problem(self, text: str) -> None:
        """Show what is wrong and what to do; '' takes it away."""
        self._problem.set_text(text)
        self._problem_row.setVisible(bool(text))
        mark_problem(self.control, bool(text))
        words = " ".join(part for part in (text, self._help_text) if part)
        self.control.setAccessibleDescription(words)

    def problem(self) -> str:
        """Return the problem that is shown, or ''."""
        return self._problem.text()


class TextInput(QLineEdit):
    """One line of text in a given language: direction and side come from that language."""

    def __init__(
        self,
        theme: Theme,
        *,
        language: str = "nl",
        name: str = "",
        text: str = "",
        placeholder: str = "",
        width: float = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        if name:
            self.setObjectName(name)
        self.set_language(language)
        self.setPlaceholderText(placeholder)
        if width:
            self.setFixedWidth(theme.px(width))
        self.setText(text)

    def set_language(self, language: str) -> None:
        """Change the language that is typed here."""
        turn = layout_direction(language)
        rtl = turn is Qt.LayoutDirection.RightToLeft
        self.setLayoutDirection(turn)
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        self.setFont(self._theme.font_for(language))


class TextArea(QPlainTextEdit):
    """Several lines of text in a given language. Tab leaves it."""

    def __init__(
        self,
        theme: Theme,
        *,
        language: str = "nl",
        name: str = "",
        text: str = "",
        rows: int = 3,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = rows
        if name:
            self.setObjectName(name)
        self.setTabChangesFocus(True)
        self.set_language(language)
        self.setPlainText(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_language(self, language: str) -> None:
        """Change the language that is typed here."""
        turn = layout_direction(language)
        self.setLayoutDirection(turn)
        self.setFont(self._theme.font_for(language))
        option = QTextOption(Qt.AlignmentFlag.AlignLeading)
        option.setTextDirection(turn)
        if turn is Qt.LayoutDirection.RightToLeft:
            option.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        self.document().setDefaultTextOption(option)

    def sizeHint(self) -> QSize:  # noqa: N802
        line = self.fontMetrics().lineSpacing()
        return QSize(self._theme.px(300), line * self._rows + self._theme.gap(12) + 14)


class Combo(QComboBox):
    """A combo box that the mouse wheel cannot change by accident."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFont(theme.font())
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(12)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        event.ignore()

    def sizeHint(self) -> QSize:  # noqa: N802
        hint = super().sizeHint()
        return QSize(hint.width() + self._theme.px(8), max(hint.height(), self._theme.px(44)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        size = self._theme.px(20)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        inset = self._theme.gap(10)
        x = inset if rtl else self.width() - inset - size
        painter = QPainter(self)
        rect = QRectF(x, (self.height() - size) / 2, size, size)
        draw_icon(painter, "chevron-down", self._theme.color("muted"), rect)


class CheckInput(QCheckBox, Mark):
    """A check box whose words and whole row can be clicked."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        name: str = "",
        language: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Without a language the words are the program's own and run as it does."""
        super().__init__(text, parent)
        self.theme = theme
        self.setFont(theme.font_for(language or SOURCE_LANGUAGE))
        if language is not None:
            self.setLayoutDirection(layout_direction(language))
        if name:
            self.setObjectName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802
        return self.rect().contains(pos)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return self.height_at(self, width)

    def sizeHint(self) -> QSize:  # noqa: N802
        return self.hint(self)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self.words_left() + self.theme.px(60), self.theme.px(32))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        self.draw(self, round_mark=False)


class RadioInput(QRadioButton, Mark):
    """A radio button whose words and whole row can be clicked."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        name: str = "",
        language: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Without a language the words are the program's own and run as it does."""
        super().__init__(text, parent)
        self.theme = theme
        self.setFont(theme.font_for(language or SOURCE_LANGUAGE))
        if language is not None:
            self.setLayoutDirection(layout_direction(language))
        if name:
            self.setObjectName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802
        return self.rect().contains(pos)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return self.height_at(self, width)

    def sizeHint(self) -> QSize:  # noqa: N802
        return self.hint(self)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self.words_left() + self.theme.px(60), self.theme.px(32))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        self.draw(self, round_mark=True)


class ChoiceInput(QWidget):
    """One of several values: radio buttons for a few, a combo box for many.

    `changed(str)` tells the new value; the value is '' while nothing is chosen.
    """

    changed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        options: Sequence[tuple[str, str]],
        *,
        as_radio: bool | None = None,
        value: str = "",
        placeholder: str = "",
        horizontal: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values = [value for value, _ in options]
        self._group: QButtonGroup | None = None
        self.combo: Combo | None = None
        box: QHBoxLayout | QVBoxLayout = QHBoxLayout(self) if horizontal else QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.gap(16 if horizontal else 2))
        if as_radio if as_radio is not None else len(options) <= 4:
            self._group = QButtonGroup(self)
            for number, (code, label) in enumerate(options):
                button = RadioInput(theme, label, name=f"{name}-{code}" if name else "")
                self._group.addButton(button, number)
                box.addWidget(button)
            if horizontal:
                box.addStretch(1)
            self._group.idToggled.connect(self._toggled)
            if options:
                self.setFocusProxy(self._group.button(0))
        else:
            self.combo = Combo(theme)
            if placeholder:
                self._values.insert(0, "")
                self.combo.addItem(placeholder)
            for _, label in options:
                self.combo.addItem(label)
            if name:
                self.combo.setObjectName(f"{name}-list")
            box.addWidget(self.combo)
            self.combo.currentIndexChanged.connect(lambda _i: self.changed.emit(self.value()))
            self.setFocusProxy(self.combo)
        if name:
            self.setObjectName(name)
        if value:
            self.set_value(value)

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        """Name the control inside too, which is what has the focus."""
        super().setAccessibleName(name)
        if self.combo is not None:
            self.combo.setAccessibleName(name)

    def value(self) -> str:
        """Return the chosen value, or ''."""
        index = self._group.checkedId() if self._group else -1
        if self.combo is not None:
            index = self.combo.currentIndex()
        return self._values[index] if 0 <= index < len(self._values) else ""

    def set_value(self, value: str) -> None:
        """Choose a value; one that is not offered changes nothing."""
        if value not in self._values:
            return
        index = self._values.index(value)
        if self.combo is not None:
            self.combo.setCurrentIndex(index)
        elif self._group is not None and (button := self._group.button(index)) is not None:
            button.setChecked(True)

    def _toggled(self, _index: int, on: bool) -> None:
        if on:
            self.changed.emit(self.value())


class PartialDateInput(QWidget):
    """Day, month and year, each of which may stay empty for "unknown"."""

    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        labels: tuple[str, str, str],
        *,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Lay out three boxes under `labels`: the words for day, month and year."""
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.gap(8))
        self._parts: list[TextInput] = []
        for label, part, width, length in zip(
            labels, ("day", "month", "year"), (64, 64, 88), (2, 2, 4), strict=True
        ):
            column = QVBoxLayout()
            row.addLayout(column)
            column.setSpacing(theme.gap(6))
            caption = Caption(theme, label, wrap=False)
            box = TextInput(theme, name=f"{name}-{part}" if name else "", width=width)
            box.setMaxLength(length)
            box.setAccessibleName(label)
            caption.setBuddy(box)
            column.addWidget(caption)
            column.addWidget(box)
            self._parts.append(box)
            box.textEdited.connect(lambda _text: self.changed.emit())
        row.addStretch(1)
        self.setFocusProxy(self._parts[0])
        if name:
            self.setObjectName(name)

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        """Put the name of the whole before that of each part."""
        super().setAccessibleName(name)
        for box in self._parts:
            part = box.accessibleName().rsplit(": ", 1)[-1]
            box.setAccessibleName(f"{name}: {part}")

    def value(self) -> PartialDate:
        """Return the date as typed; raises `DateProblem` for one that cannot be."""
        numbers: list[int] = []
        for box in self._parts:
            text = to_ascii_digits(box.text()).strip()
            if text and not (text.isascii() and text.isdigit()):
                raise DateProblem("Schrijf dag, maand en jaar met cijfers.")
            numbers.append(int(text or 0))
        day, month, year = numbers
        return PartialDate(year, month, day)

    def set_value(self, value: PartialDate | date | None) -> None:
        """Show a date; None empties the boxes."""
        parts = (0, 0, 0) if value is None else (value.day, value.month, value.year)
        for box, number in zip(self._parts, parts, strict=True):
            box.setText(str(number) if number else "")

    def date(self) -> date | None:
        """Return a complete date, None when all is empty; raises `DateProblem` for a half one."""
        value = self.value()
        if not value.year:
            return None
        if not value.is_complete:
            raise DateProblem("Vul de dag, de maand en het jaar in.")
        return date(value.year, value.month, value.day)
