"""Controls that take an answer, and the field that names, explains and corrects them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
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
from intake_app.ui.kit.buttons import QuietButton
from intake_app.ui.kit.icons import IconLabel, draw_icon
from intake_app.ui.kit.text import Body, Caption, Text
from intake_app.ui.theme import CAPTION, Theme, layout_direction


def mark_problem(control: QWidget, wrong: bool) -> None:
    """Give a control, and the inputs inside it, the edge of a problem or take it away."""
    for widget in (control, *control.findChildren(QWidget)):
        if isinstance(widget, QLineEdit | QPlainTextEdit | QComboBox):
            widget.setProperty("problem", "true" if wrong else "false")
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
        top.setSpacing(theme.gap(8))
        self.label = Body(theme, label, strong=True)
        self.label.setBuddy(control.focusProxy() or control)
        top.addWidget(self.label, 0 if optional else 1)
        if optional:
            top.addWidget(Caption(theme, optional, wrap=False), 0)
            top.addStretch(1)
        column.addLayout(top)
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


class _Mark:
    """Drawing shared by check boxes and radio buttons: mark, then words that wrap."""

    theme: Theme

    def mark_size(self) -> int:
        return self.theme.px(22)

    def words_left(self) -> int:
        return self.mark_size() + self.theme.gap(12)

    def height_at(self, button: QAbstractButton, width: int) -> int:
        rect = self.words_rect(button.fontMetrics(), button.text(), width)
        return max(self.theme.px(32), rect.height() + self.theme.gap(8))

    def words_rect(self, metrics: QFontMetrics, text: str, width: int) -> QRect:
        room = QRect(0, 0, max(40, width - self.words_left()), 100_000)
        return metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text)

    def hint(self, button: QAbstractButton) -> QSize:
        width = self.words_left() + button.fontMetrics().horizontalAdvance(button.text()) + 4
        return QSize(width, self.height_at(button, width))

    def draw(self, button: QAbstractButton, *, round_mark: bool) -> None:
        theme = self.theme
        painter = QPainter(button)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = float(self.mark_size())
        rtl = button.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = button.width() - size - 1 if rtl else 1.0
        box = QRectF(x, (button.height() - size) / 2, size, size).adjusted(1, 1, -1, -1)
        on = button.isChecked()
        edge = "accent" if on else "border"
        ground = "accent" if on and not round_mark else "surface"
        if not button.isEnabled():
            edge, ground = "hairline", "sunken"
        painter.setPen(QPen(theme.color(edge), 2))
        painter.setBrush(theme.color(ground))
        radius = box.width() / 2 if round_mark else theme.px(5)
        painter.drawRoundedRect(box, radius, radius)
        if on and round_mark:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawEllipse(box.center(), box.width() * 0.25, box.width() * 0.25)
        elif on:
            draw_icon(painter, "check", theme.color("accent_on"), box.adjusted(1, 1, -1, -1))
        left = 0 if rtl else self.words_left()
        room = QRect(left, 0, button.width() - self.words_left(), button.height())
        painter.setPen(theme.color("ink" if button.isEnabled() else "muted"))
        painter.setFont(button.font())
        flags = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignVCenter.value
        flags |= (Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft).value
        painter.drawText(room, flags | Qt.AlignmentFlag.AlignAbsolute.value, button.text())


class CheckInput(QCheckBox, _Mark):
    """A check box whose words and whole row can be clicked."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        name: str = "",
        language: str = "nl",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.theme = theme
        self.setFont(theme.font_for(language))
        self.setLayoutDirection(layout_direction(language))
        if name:
            self.setObjectName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
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


class RadioInput(QRadioButton, _Mark):
    """A radio button whose words and whole row can be clicked."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        name: str = "",
        language: str = "nl",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.theme = theme
        self.setFont(theme.font_for(language))
        self.setLayoutDirection(layout_direction(language))
        if name:
            self.setObjectName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
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
            column.setSpacing(theme.gap(2))
            caption = Caption(theme, label, wrap=False)
            box = TextInput(theme, name=f"{name}-{part}" if name else "", width=width)
            box.setMaxLength(length)
            box.setAccessibleName(label)
            caption.setBuddy(box)
            column.addWidget(caption)
            column.addWidget(box)
            row.addLayout(column)
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


class PassphraseInput(QWidget):
    """A passphrase: hidden, may be shown and pasted, warns of caps lock."""

    entered = Signal()
    changed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        *,
        show_text: str,
        hide_text: str,
        caps_text: str,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(4))
        row = QHBoxLayout()
        row.setSpacing(theme.gap(8))
        self.edit = _CapsAware(theme, self._caps_seen)
        if name:
            self.setObjectName(name)
            self.edit.setObjectName(f"{name}-text")
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._texts = (show_text, hide_text)
        self.toggle = QuietButton(theme, show_text, icon="eye", name=f"{name}-show" if name else "")
        self.toggle.clicked.connect(self._toggle)
        row.addWidget(self.edit, 1)
        row.addWidget(self.toggle)
        column.addLayout(row)
        self._caps = Caption(theme, caps_text)
        self._caps.set_color("warn")
        self._caps.hide()
        column.addWidget(self._caps)
        self.setFocusProxy(self.edit)
        self.edit.returnPressed.connect(self.entered)
        self.edit.textChanged.connect(self.changed)

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        """Name the box inside too, which is what has the focus."""
        super().setAccessibleName(name)
        self.edit.setAccessibleName(name)

    def text(self) -> str:
        """Return what is typed."""
        return self.edit.text()

    def clear(self) -> None:
        """Forget what is typed, the undo history included."""
        self.edit.clear()

    def caps_warning_shown(self) -> bool:
        """True while the warning of caps lock shows."""
        return not self._caps.isHidden()

    def _caps_seen(self, on: bool) -> None:
        self._caps.setVisible(on)

    def _toggle(self) -> None:
        hidden = self.edit.echoMode() is QLineEdit.EchoMode.Password
        mode = QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        self.toggle.setText(self._texts[1 if hidden else 0])
        self.toggle.set_icon("eye-off" if hidden else "eye")


class _CapsAware(TextInput):
    """Sees caps lock from a letter in the wrong case: Qt has no question to ask the platform."""

    def __init__(self, theme: Theme, seen: Callable[[bool], None]) -> None:
        super().__init__(theme)
        self._seen = seen

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        text = event.text()
        if len(text) == 1 and text.isalpha() and text.lower() != text.upper():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._seen(text.isupper() != shifted)
        super().keyPressEvent(event)
