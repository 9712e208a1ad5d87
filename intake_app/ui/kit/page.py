"""The page: a scrolling column and one bar with the next step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from intake_app.ui.kit.buttons import PrimaryButton
from intake_app.ui.kit.icons import IconLabel
from intake_app.ui.kit.surfaces import Hairline, clear_layout
from intake_app.ui.kit.text import Heading, Muted, PageTitle
from intake_app.ui.theme import Theme

READING_WIDTH = 760
NARROW_WIDTH = 600
_UNBOUND = (1 << 24) - 1
"""What Qt takes for no greatest size."""


class Page(QWidget):
    """A page of the shell: title, scrolling contents in `body`, and a footer.

    The footer has quiet actions at the start and one primary button at the end; Enter in a field
    presses that button. `reading` keeps the column at most 760 wide; `narrow` at most 600 and in
    the middle, for one question at a time.
    """

    def __init__(
        self,
        theme: Theme,
        title: str = "",
        *,
        subtitle: str = "",
        width: Literal["narrow", "reading", "full"] = "reading",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        if name:
            self.setObjectName(name)
        # the page itself can hold the keyboard, so that Enter reaches the primary button
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setProperty("noFocusRing", "true")
        self.setAccessibleName(title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        content = QWidget()
        content.setProperty("pageBody", "true")
        row = QHBoxLayout(content)
        self._side = theme.gap(40)
        row.setContentsMargins(self._side, theme.gap(24), self._side, theme.gap(32))
        self._column = QWidget()
        self._column.setSizePolicy(_growing())
        if width != "full":
            most = READING_WIDTH if width == "reading" else NARROW_WIDTH
            self._column.setMaximumWidth(theme.px(most))
        if width == "narrow":
            row.addStretch(0)
        row.addWidget(self._column, 1)
        if width != "full":
            row.addStretch(0)
        column = QVBoxLayout(self._column)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(20))
        self._header = QHBoxLayout()
        column.addLayout(self._header)
        self._header.setSpacing(theme.gap(16))
        words = QVBoxLayout()
        self._header.addLayout(words, 1)
        words.setSpacing(theme.gap(2))
        self.title = PageTitle(theme, title)
        self.subtitle = Muted(theme, subtitle, factor=1.1)
        words.addWidget(self.title)
        words.addWidget(self.subtitle)
        # only now they have a parent: shown before, each would be a window for a moment
        self.title.setVisible(bool(title))
        self.subtitle.setVisible(bool(subtitle))
        self.body = QVBoxLayout()
        column.addLayout(self.body)
        self.body.setSpacing(theme.gap(20))
        column.addStretch(1)
        self.area.setWidget(content)
        outer.addWidget(self.area, 1)
        self._footer = QWidget()
        self._footer.setAutoFillBackground(False)
        footer = QVBoxLayout(self._footer)
        footer.setContentsMargins(0, 0, 0, 0)
        footer.setSpacing(0)
        footer.addWidget(Hairline(theme))
        self._bar = QHBoxLayout()
        self._bar.setSpacing(theme.gap(12))
        holder = QHBoxLayout()
        footer.addLayout(holder)
        holder.setContentsMargins(self._side, theme.gap(12), self._side, theme.gap(12))
        if width == "narrow":
            held = QWidget()
            held.setLayout(self._bar)
            self._bar.setContentsMargins(0, 0, 0, 0)
            held.setMaximumWidth(theme.px(NARROW_WIDTH))
            holder.addStretch(0)
            holder.addWidget(held, 1)
            holder.addStretch(0)
        else:
            holder.addLayout(self._bar)
        self._footer.hide()
        outer.addWidget(self._footer)
        self.primary: PrimaryButton | None = None
        self._buttons: tuple[QWidget, ...] = ()

    def add(self, widget: QWidget) -> QWidget:
        """Add a widget to the column and return it."""
        self.body.addWidget(widget)
        return widget

    def add_header_action(self, widget: QWidget) -> None:
        """Put a quiet action beside the title."""
        self._header.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)

    def set_title(self, title: str, subtitle: str = "") -> None:
        """Change title and subtitle; empty ones take no room."""
        self.title.set_text(title)
        self.setAccessibleName(title)
        self.subtitle.set_text(subtitle)
        self.title.setVisible(bool(title))
        self.subtitle.setVisible(bool(subtitle))

    def set_width(self, width: Literal["narrow", "reading", "full"]) -> None:
        """Give the column another greatest width, for contents of another kind."""
        most = {"narrow": NARROW_WIDTH, "reading": READING_WIDTH}.get(width)
        self._column.setMaximumWidth(_UNBOUND if most is None else self.theme.px(most))

    def set_footer(
        self, secondary: Sequence[QWidget] = (), primary: PrimaryButton | None = None
    ) -> None:
        """Fill the footer anew; with nothing in it, it is not there."""
        clear_layout(self._bar)
        self._buttons = (*secondary, *(() if primary is None else (primary,)))
        for widget in secondary:
            self._bar.addWidget(widget)
        self._bar.addStretch(1)
        self.primary = primary
        if primary is not None:
            self._bar.addWidget(primary)
        self._footer.setVisible(bool(secondary) or primary is not None)
        self._fit_footer()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit_footer()

    def _fit_footer(self) -> None:
        """Put the buttons one under the other where they do not fit beside each other."""
        buttons = [button for button in self._buttons if not button.isHidden()]
        needed = sum(button.sizeHint().width() for button in buttons)
        needed += self._bar.spacing() * len(buttons) + 2 * self._side
        down, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._bar.setDirection(down if needed > self.width() > 0 else beside)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and self.primary is not None and self.primary.isEnabled():
            self.primary.click()
            event.accept()
            return
        super().keyPressEvent(event)

    def scroll_to(self, widget: QWidget) -> None:
        """Bring a widget of the column into view."""
        self.area.ensureWidgetVisible(widget, 0, self.theme.gap(48))


class Columns(QWidget):
    """Columns side by side that stack where there are fewer than `stack_below` effective pixels."""

    def __init__(
        self,
        theme: Theme,
        *columns: QWidget,
        weights: Sequence[float] = (),
        stack_below: float = 780,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._columns = columns
        self._weights = tuple(weights) or tuple(1.0 for _ in columns)
        self._threshold = theme.px(stack_below)
        self._stacked: bool | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.gap(24))
        self.setSizePolicy(_growing())
        self._place(stacked=False)

    @property
    def stacked(self) -> bool:
        """True while the columns stand one under the other."""
        return bool(self._stacked)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        # the stacked width, or no window could become narrow enough to stack
        widths = [column.minimumSizeHint().width() for column in self._columns]
        height = super().minimumSizeHint().height()
        return QSize(max(widths, default=0), height if self._stacked else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self._place(stacked=event.size().width() < self._threshold)
        super().resizeEvent(event)

    def _place(self, *, stacked: bool) -> None:
        if stacked == self._stacked:
            return
        self._stacked = stacked
        top = Qt.AlignmentFlag.AlignTop
        for number, column in enumerate(self._columns):
            self._grid.removeWidget(column)
            self._grid.setColumnStretch(number, 0)
        for number, (column, weight) in enumerate(zip(self._columns, self._weights, strict=True)):
            if stacked:
                self._grid.addWidget(column, number, 0)
                self._grid.setColumnStretch(0, 1)
            else:
                self._grid.addWidget(column, 0, number, top)
                self._grid.setColumnStretch(number, round(weight * 100))
        self.updateGeometry()


class Stack(QWidget):
    """Widgets one under the other with the space between cards; a column for `Columns`."""

    def __init__(self, theme: Theme, *widgets: QWidget, spacing: float = 24) -> None:
        super().__init__()
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(theme.gap(spacing))
        for widget in widgets:
            self.body.addWidget(widget)
        self.setSizePolicy(_growing())


class EmptyState(QWidget):
    """What to do first, where there is nothing yet."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        title: str,
        text: str,
        *,
        action: QWidget | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        if name:
            self.setObjectName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.gap(16), 0, theme.gap(16))
        column.setSpacing(theme.gap(8))
        column.addWidget(IconLabel(theme, icon, color="muted", size=40))
        column.addWidget(Heading(theme, title, factor=1.2))
        column.addWidget(Muted(theme, text))
        if action is not None:
            column.addSpacing(theme.gap(8))
            column.addWidget(action, 0, Qt.AlignmentFlag.AlignLeft)


def _growing() -> QSizePolicy:
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(True)
    return policy
