"""Numbers to tap: the steps of a scale, and a pad of large keys in the client's own digits."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QSizePolicy, QWidget

from intake_app.ui.clientscreen.inputs import SMALLEST_TARGET, ClientInput, ClientTools, Key
from intake_app.ui.interview.painting import Laid
from intake_app.ui.interview.questions.scale import scale_steps
from intake_app.ui.theme import SEMIBOLD
from intake_app.xforms import QuestionKind, QuestionView, ShownText

MOST_STEPS = 11
MOST_DIGITS = 9
ERASE, DONE = "Nog een keer, alstublieft", "Ja"
"""Words a screen reader hears for a key that shows an icon."""


class ScaleKeys(ClientInput):
    """One key per step of a scale; the one tapped again is let go."""

    def __init__(
        self, tools: ClientTools, view: QuestionView, parent: QWidget | None = None
    ) -> None:
        super().__init__(tools, parent)
        self._view = view
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(self.theme.gap(12))
        self.keys = []
        for step in scale_steps(view.definition.parameters):
            shown = ShownText(tools.digits(step), tools.language)
            key = Key(tools, step, shown, name=f"scale-{step}")
            key.setCheckable(True)
            key.setEnabled(not view.readonly)
            key.tapped.connect(self._tapped)
            self.keys.append(key)
        self._columns = 0

    def fit(self, width: int, height: int) -> None:
        del height
        gap = self._grid.spacing()
        widest = max((key.sizeHint().width() for key in self.keys), default=1)
        most = max(1, (width + gap) // (widest + gap))
        rows = -(-len(self.keys) // most)
        columns = -(-len(self.keys) // max(1, rows))
        if columns == self._columns:
            return
        self._columns = columns
        for place, key in enumerate(self.keys):
            self._grid.addWidget(key, place // columns, place % columns)

    def show_value(self, view: QuestionView) -> None:
        self._view = view
        for key in self.keys:
            key.set_on(key.value == view.value)

    def texts(self) -> tuple[str, ...]:
        return tuple(key.text_shown for key in self.keys)

    def _tapped(self, step: str) -> None:
        self.answered.emit("" if step == self._view.value else step)


class NumberPad(ClientInput):
    """Ten large digits, one to take the last away and one that says: this is it.

    What is tapped is said with the last key, or when the question goes; digits run from left to
    right in every script.
    """

    def __init__(
        self, tools: ClientTools, view: QuestionView, parent: QWidget | None = None
    ) -> None:
        super().__init__(tools, parent)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._view, self._entered = view, view.value
        self._dirty = False
        self._decimal = view.definition.kind is QuestionKind.DECIMAL
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(self.theme.gap(12))
        self.display = Display(tools)
        self._box.addWidget(self.display, 0, Qt.AlignmentFlag.AlignCenter)
        holder = QWidget()
        self._grid = QGridLayout(holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(self.theme.gap(12))
        self._box.addWidget(holder, 0, Qt.AlignmentFlag.AlignCenter)
        self._holder = holder
        self.keys = {str(n): self._key(str(n), tools.digits(str(n))) for n in range(10)}
        if self._decimal:
            self.keys["."] = self._key(".", ",")
        erase = tools.words(ERASE) or ShownText(ERASE, "nl")
        done = tools.words(DONE) or ShownText(DONE, "nl")
        self.erase = Key(tools, "", erase, name="pad-erase", icon="arrow-left")
        self.done = Key(tools, "", done, name="pad-done", icon="check", strong=True)
        self.erase.clicked.connect(self._take_last)
        self.done.clicked.connect(self.flush)
        for key in (*self.keys.values(), self.erase, self.done):
            key.setEnabled(not view.readonly)
        self._rows: tuple[str, ...] = ()
        self._show()

    @property
    def entered(self) -> str:
        """Return what was tapped so far, in ASCII digits."""
        return self._entered

    def fit(self, width: int, height: int) -> None:
        gap, theme = self._grid.spacing(), self.theme
        side = theme.px(SMALLEST_TARGET)
        tall = 4 * side + 4 * gap + self.display.sizeHint().height()
        high = height >= tall
        rows = ("123", "456", "789", "<0=") if high else ("12345<", "67890=")
        if self._decimal:
            rows = ("123<", "456.", "789 ", " 0 =") if high else ("12345.<", "67890 =")
        columns = len(rows[0])
        # where there is little height the number stands beside its keys
        way = QBoxLayout.Direction.TopToBottom if high else QBoxLayout.Direction.LeftToRight
        self._box.setDirection(way)
        self.display.set_wide(high)
        room = width if high else width - self.display.sizeHint().width() - gap
        self._holder.setFixedWidth(min(room, columns * theme.px(112) + (columns - 1) * gap))
        if rows == self._rows:
            return
        self._rows = rows
        special = {"<": self.erase, "=": self.done}
        for line, row in enumerate(rows):
            for place, sign in enumerate(row):
                key = special.get(sign) or self.keys.get(sign)
                if key is not None:
                    self._grid.addWidget(key, line, place)
        for place in range(7):
            self._grid.setColumnStretch(place, 1 if place < columns else 0)

    def show_value(self, view: QuestionView) -> None:
        before, self._view = self._view, view
        if (before.value, before.state) != (view.value, view.state):
            # the colleague wrote down an answer, or why there is none: half a number is none
            self._dirty = False
        if not self._dirty:
            self._entered = view.value
        self._show()

    def flush(self) -> None:
        if self._dirty:
            self._dirty = False
            self.answered.emit(self._entered.rstrip("."))

    def texts(self) -> tuple[str, ...]:
        shown = [self.display.text_shown, *(key.text_shown for key in self.keys.values())]
        return tuple(text for text in shown if text)

    def _key(self, sign: str, shown: str) -> Key:
        name = "pad-point" if sign == "." else f"pad-{sign}"
        key = Key(self.tools, sign, ShownText(shown, self.tools.language), name=name)
        key.tapped.connect(self._add)
        return key

    def _add(self, sign: str) -> None:
        if not self._dirty:
            # a new number replaces the one that was stored
            self._entered = ""
        if sign == "." and (not self._entered or "." in self._entered):
            return
        if len(self._entered) < MOST_DIGITS:
            self._entered += sign
        self._changed()

    def _take_last(self) -> None:
        self._entered = self._entered[:-1]
        self._changed()

    def _changed(self) -> None:
        self._dirty = True
        self._show()

    def _show(self) -> None:
        shown = self.tools.digits(self._entered.replace(".", ","))
        self.display.set_number(shown, stored=not self._dirty and bool(self._entered))
        self.erase.setEnabled(bool(self._entered) and not self._view.readonly)


class Display(QWidget):
    """The number as it stands; with a tick once it is stored."""

    def __init__(self, tools: ClientTools) -> None:
        super().__init__()
        self._tools, self._theme = tools, tools.theme
        self._stored = False
        self._wide = True
        self.text_shown = ""
        self.setObjectName("pad-display")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_number(self, text: str, *, stored: bool) -> None:
        """Show a number."""
        self.text_shown, self._stored = text, stored
        self.setAccessibleName(text)
        self.update()

    def set_wide(self, wide: bool) -> None:
        """Take the width of a line, or that of a few digits."""
        self._wide = wide
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.px(340 if self._wide else 210), self._theme.px(72))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent" if self._stored else "border"), 2.5))
        painter.setBrush(theme.color("accent_soft" if self._stored else "surface"))
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.drawRoundedRect(box, theme.px(14), theme.px(14))
        if self.text_shown:
            words = Laid(theme, self.text_shown, self._tools.language, factor=2.2, weight=SEMIBOLD)
            words.draw(painter, QRectF(self.rect()), theme.color("ink"), side="center")
