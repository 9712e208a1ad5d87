"""Put choices in order: by dragging, with two buttons, or from the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from intake_app.ui.interview.questions.base import TapAnswer, Tools
from intake_app.ui.interview.questions.choice_button import both
from intake_app.ui.interview.questions.choices import Pair
from intake_app.ui.kit.buttons import KitButton, QuietButton
from intake_app.ui.kit.icons import draw_icon
from intake_app.ui.kit.text import Caption, LangLabel
from intake_app.ui.theme import SEMIBOLD, Theme
from intake_app.xforms import QuestionView


class MoveButton(QuietButton):
    """One place up or down: an arrow, no words."""

    def __init__(self, theme: Theme, by: int, *, name: str) -> None:
        super().__init__(theme, "", name=name)
        self.by = by
        self.setFixedSize(theme.px(40), theme.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        painter = QPainter(self)
        size = float(self._theme.px(20))
        spot = QRectF((self.width() - size) / 2, (self.height() - size) / 2, size, size)
        if self.by < 0:
            painter.translate(0, self.height())
            painter.scale(1, -1)
        draw_icon(painter, "chevron-down", self.colors()[2], spot)


class RankRow(QAbstractButton):
    """One choice with its place. It has the focus as a whole; its buttons can be clicked.

    `moved` carries by how many places, `step` where the focus goes.
    """

    enter_goes_on = True

    moved = Signal(int)
    step = Signal(int)

    def __init__(self, tools: Tools, pair: Pair, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme = tools.theme
        self.pair = pair
        self.setObjectName(f"rank-{pair[0].value}")
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.place = Caption(theme, "–", wrap=False)
        self.place.setFont(theme.font(1.07, SEMIBOLD))
        self.place.setFixedWidth(theme.px(28))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.gap(18), theme.gap(6), theme.gap(8), theme.gap(6))
        row.setSpacing(theme.gap(12))
        row.addSpacing(theme.px(14))
        row.addWidget(self.place)
        choice, other = pair
        self._words = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.addLayout(self._words, 1)
        self._words.setSpacing(theme.gap(12))
        own = LangLabel(theme, choice.label.text, choice.label.language)
        if parent.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            # beside its place, also where the window is turned round
            own.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        self._words.addWidget(own, 1)
        if other is not None and other.label.status != "missing":
            self._words.addWidget(LangLabel(theme, other.label.text, other.label.language), 1)
        self.buttons: tuple[MoveButton, ...] = (
            MoveButton(theme, -1, name=f"rank-{choice.value}-chevron-up"),
            MoveButton(theme, 1, name=f"rank-{choice.value}-chevron-down"),
        )
        up, down = tools.tr.gettext("Omhoog"), tools.tr.gettext("Omlaag")
        for button, words in zip(self.buttons, (up, down), strict=True):
            button.setAccessibleName(f"{words}: {name}")
            button.setToolTip(words)
            button.clicked.connect(lambda _=False, by=button.by: self.moved.emit(by))
            row.addWidget(button)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._grabbed: float | None = None
        self._ranked = False

    def set_ranked(self, ranked: bool) -> None:
        """Show that the place has been given, or not yet."""
        self._ranked = ranked
        self.update()

    def set_stacked(self, stacked: bool) -> None:
        """Put the other language under the Dutch."""
        down, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._words.setDirection(down if stacked else beside)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        moves = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if by is not None and event.modifiers() & moves:
            self.moved.emit(by)
        elif by is not None:
            self.step.emit(by)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.globalPosition().y()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._grabbed is None:
            return
        gone = event.globalPosition().y() - self._grabbed
        if abs(gone) > self.height() * 0.75:
            by = 1 if gone > 0 else -1
            self._grabbed += by * self.height()
            self.moved.emit(by)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        del event
        self._grabbed = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent" if self._ranked else "border"), 1.5))
        painter.setBrush(theme.color("surface"))
        box = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(box, theme.px(8), theme.px(8))
        # six dots, where a hand takes hold
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("muted"))
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        gap, radius = theme.px(6), theme.px(3) / 2
        left = theme.gap(14)
        for column in range(2):
            for line in range(3):
                x = left + column * gap
                x = self.width() - x if rtl else x
                painter.drawEllipse(
                    QPointF(x, self.height() / 2 + (line - 1) * gap), radius, radius
                )


class RankAnswer(TapAnswer):
    """An order of all choices; nothing is stored until one is moved or the order is said to be so.

    Up and Down go from one to the next; with Ctrl or Alt they take the choice along; a key 1–9 puts
    it at that place. A screen reader hears each choice with its place, and the new place when it
    moves.
    """

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(self.theme.gap(8))
        self._rows_place = QVBoxLayout()
        self._column.addLayout(self._rows_place)
        self._rows_place.setSpacing(self.theme.gap(8))
        self._help = Caption(
            self.theme,
            self.tr_.gettext(
                "Sleep, of gebruik de pijlen. Met het toetsenbord: Ctrl met pijl omhoog of omlaag, "
                "of het cijfer van de plaats."
            ),
        )
        self._column.addWidget(self._help)
        self._keep_button: KitButton = QuietButton(
            self.theme, self.tr_.gettext("Deze volgorde klopt"), name="rank-keep"
        )
        self._keep_button.clicked.connect(self._say)
        self.watch(self._keep_button)
        self._column.addWidget(self._keep_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._order: list[str] = []
        self._pairs: dict[str, Pair] = {}
        self._rows: dict[str, RankRow] = {}
        self._ranked = False
        self._readonly = False
        self._stacked = False

    @property
    def order(self) -> tuple[str, ...]:
        """Return the values in the order they are shown."""
        return tuple(self._order)

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        translated = {} if other is None else {c.value: c for c in other.choices}
        pairs: dict[str, Pair] = {c.value: (c, translated.get(c.value)) for c in view.choices}
        self._readonly = view.readonly
        given = [value for value in self.standing(view).split() if value in pairs]
        self._ranked = bool(given)
        self._order = given + [value for value in pairs if value not in given]
        if pairs != self._pairs:
            self._pairs = pairs
            self._build()
        self._show()

    def focus_first(self) -> None:
        if self._order:
            self._rows[self._order[0]].setFocus()

    def choose(self, number: int) -> bool:
        """Put the choice that has the focus at this place."""
        held = next((value for value, row in self._rows.items() if row.hasFocus()), None)
        if held is None or self._readonly or not 1 <= number <= len(self._order):
            return False
        self._move(held, number - 1 - self._order.index(held))
        return True

    def set_stacked(self, stacked: bool) -> None:
        self._stacked = stacked
        for row in self._rows.values():
            row.set_stacked(stacked)

    def _build(self) -> None:
        for row in self._rows.values():
            self._rows_place.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = {}
        for value, pair in self._pairs.items():
            row = RankRow(self.tools, pair, both(*pair), self)
            row.set_stacked(self._stacked)
            row.moved.connect(lambda by, v=value: self._move(v, by))
            row.step.connect(lambda by, v=value: self._step(v, by))
            self.watch(row)
            for button in row.buttons:
                self.watch(button)
            self._rows[value] = row

    def _show(self) -> None:
        tr, count = self.tr_, len(self._order)
        before: QWidget | None = None
        for index, value in enumerate(self._order):
            row = self._rows[value]
            if self._rows_place.indexOf(row) != index:
                self._rows_place.removeWidget(row)
                self._rows_place.insertWidget(index, row)
            row.place.set_text(str(index + 1) if self._ranked else "–")
            row.set_ranked(self._ranked)
            row.setAccessibleName(self._said(value))
            row.setAccessibleDescription(
                tr.gettext("Ctrl met pijl omhoog of omlaag verplaatst dit antwoord.")
            )
            row.setEnabled(not self._readonly)
            row.buttons[0].setEnabled(index > 0)
            row.buttons[1].setEnabled(index < count - 1)
            if before is not None:
                # a row takes its buttons along
                QWidget.setTabOrder(before, row)
            before = row
        if before is not None:
            QWidget.setTabOrder(before, self._keep_button)
        open_ = not self._readonly and count > 0
        self._help.setVisible(open_)
        self._keep_button.setVisible(open_ and not self._ranked)

    def _said(self, value: str) -> str:
        name = both(*self._pairs[value])
        if not self._ranked:
            return self.tr_.gettext("{choice}: nog geen plaats").format(choice=name)
        return self.tr_.gettext("{choice}: plaats {place} van {count}").format(
            choice=name, place=self._order.index(value) + 1, count=len(self._order)
        )

    def _move(self, value: str, by: int) -> None:
        at = self._order.index(value)
        to = min(max(at + by, 0), len(self._order) - 1)
        if self._readonly or (to == at and self._ranked):
            return
        self._order.insert(to, self._order.pop(at))
        self._say()
        row = self._rows[value]
        # a button that was pressed can be pressed again
        if not any(button.hasFocus() and button.isEnabled() for button in row.buttons):
            row.setFocus()
        self.announce(self._said(value))

    def _step(self, value: str, by: int) -> None:
        at = self._order.index(value) + by
        if 0 <= at < len(self._order):
            self._rows[self._order[at]].setFocus()

    def _say(self) -> None:
        if self._readonly:
            return
        held = self._keep_button.hasFocus()
        self._ranked = True
        self._show()
        if held:
            self.focus_first()
        self.say(" ".join(self._order))
