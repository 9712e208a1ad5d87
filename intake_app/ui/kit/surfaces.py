"""Surfaces: cards, rows, hairlines, tags, notices."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from intake_app.ui.kit.buttons import TextLink
from intake_app.ui.kit.icons import IconLabel, draw_icon
from intake_app.ui.kit.text import Body, Caption, Heading
from intake_app.ui.theme import CAPTION, SEMIBOLD, Theme

Kind = Literal["ok", "warn", "err", "info", "muted", "medical", "accent"]

NOTICE_ICONS: dict[str, str] = {
    "ok": "ok",
    "warn": "warning",
    "err": "error",
    "info": "info",
    "muted": "info",
    "medical": "medical",
    "accent": "info",
}


def soft(kind: Kind) -> str:
    """Return the token of the ground that belongs to a kind."""
    return "sunken" if kind == "muted" else f"{kind}_soft"


class Card(QFrame):
    """A white surface with one hairline and round corners; `body` takes the contents.

    `accent` draws the two-pixel edge of the one card that matters most; `medical` the violet bar.
    """

    def __init__(
        self,
        theme: Theme,
        title: str = "",
        *,
        accent: bool = False,
        medical: bool = False,
        padding: tuple[float, float] = (24, 20),
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._accent, self._medical = accent, medical
        if name:
            self.setObjectName(name)
        self.body = QVBoxLayout(self)
        side, top = theme.gap(padding[0]), theme.gap(padding[1])
        self.body.setContentsMargins(side, top, side, top)
        self.body.setSpacing(theme.gap(8))
        self.heading: Heading | None = None
        if title:
            self.heading = Heading(theme, title)
            self.body.addWidget(self.heading)
            self.setAccessibleName(title)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2.0 if self._accent else 1.0
        token = "accent" if self._accent else "hairline"
        half = width / 2
        box = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.setPen(QPen(theme.color(token), width))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(box, theme.px(12), theme.px(12))
        if self._medical:
            rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            bar = QRectF(box)
            painter.setClipRect(
                bar.adjusted(bar.width() - 4, 0, 0, 0)
                if rtl
                else bar.adjusted(0, 0, 4 - bar.width(), 0)
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("medical"))
            painter.drawRoundedRect(box, theme.px(12), theme.px(12))


class Hairline(QFrame):
    """One thin line, decoration only."""

    def __init__(self, theme: Theme, *, vertical: bool = False, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        QPainter(self).fillRect(self.rect(), self._theme.color("hairline"))


class Tag(QLabel):
    """A short state in a pill; the word carries the meaning, the colour only helps."""

    def __init__(
        self, theme: Theme, text: str, kind: Kind = "muted", *, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._kind: Kind = kind
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(CAPTION, SEMIBOLD))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def kind(self) -> Kind:
        """Return what the tag says about its state."""
        return self._kind

    def set_kind(self, text: str, kind: Kind) -> None:
        """Change word and colour together."""
        self._kind = kind
        self.setText(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        metrics = QFontMetricsF(self.font())
        extra = self._theme.px(18) if self._kind == "medical" else 0
        width = metrics.horizontalAdvance(self.text()) + 2 * self._theme.gap(10) + extra
        return QSize(round(width + 0.5), round(metrics.height()) + self._theme.gap(6))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(soft(self._kind)))
        radius = self.height() / 2
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        ink = theme.color(self._kind)
        rect = QRectF(self.rect())
        if self._kind == "medical":
            size = float(theme.px(14))
            rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            x = rect.right() - theme.gap(10) - size if rtl else rect.left() + theme.gap(10)
            draw_icon(painter, "medical", ink, QRectF(x, (rect.height() - size) / 2, size, size))
            shift = size + theme.px(4)
            rect.adjust(0 if rtl else shift, 0, -shift if rtl else 0, 0)
        painter.setPen(ink)
        painter.setFont(self.font())
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.text())


class Notice(QFrame):
    """What happened, what it means, what to do: an icon, words, and at most one action."""

    def __init__(
        self,
        theme: Theme,
        kind: Kind,
        text: str,
        *,
        action: QWidget | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kind: Kind = kind
        if name:
            self.setObjectName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.gap(16), theme.gap(12), theme.gap(16), theme.gap(12))
        row.setSpacing(theme.gap(12))
        self._icon = IconLabel(theme, NOTICE_ICONS[kind], color=kind, size=22)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self.label = Body(theme, text)
        row.addWidget(self.label, 1)
        if action is not None:
            row.addWidget(action, 0, Qt.AlignmentFlag.AlignVCenter)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def text(self) -> str:
        """Return the words."""
        return self.label.text()

    def set_notice(self, kind: Kind, text: str) -> None:
        """Change kind and words; empty words hide the notice."""
        self._kind = kind
        self._icon.set_icon(NOTICE_ICONS[kind], kind)
        self.label.set_text(text)
        self.setVisible(bool(text))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color(self._kind), 1))
        painter.setBrush(theme.color(soft(self._kind)))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, theme.px(8), theme.px(8))


class Row(QWidget):
    """One line of a list in a card: title and caption, then tags and actions at the end.

    `lead` stands before the words (a time, an icon). `why` is a question and its answer: a small
    link that shows and hides the answer under the words. Rows are parted by `RowList`.
    """

    def __init__(
        self,
        theme: Theme,
        title: str,
        caption: str = "",
        *,
        strong: bool = False,
        lead: QWidget | None = None,
        trailing: tuple[QWidget, ...] = (),
        why: tuple[str, str] | None = None,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        if name:
            self.setObjectName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.gap(8), 0, theme.gap(8))
        row.setSpacing(theme.gap(16))
        if lead is not None:
            row.addWidget(lead, 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        row.addLayout(words, 1)
        words.setSpacing(0)
        self.title = Body(theme, title, strong=strong)
        words.addWidget(self.title)
        self.caption: Caption | None = None
        if caption:
            self.caption = Caption(theme, caption)
            words.addWidget(self.caption)
        if why is not None:
            self._add_why(theme, words, *why)
        for widget in trailing:
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _add_why(self, theme: Theme, words: QVBoxLayout, question: str, answer: str) -> None:
        link = TextLink(theme, question, factor=CAPTION)
        link.setAccessibleName(f"{question} {self.title.text()}")
        link.setToolTip(answer)
        shown = Caption(theme, answer)
        shown.hide()
        link.clicked.connect(lambda: shown.setVisible(shown.isHidden()))
        words.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(shown)


class RowList(QWidget):
    """Rows one under the other with a hairline between them."""

    def __init__(self, theme: Theme, *rows: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.gap(4))
        for row in rows:
            self.add(row)

    def add(self, row: QWidget) -> None:
        """Add one row at the end."""
        if self._column.count():
            self._column.addWidget(Hairline(self._theme))
        self._column.addWidget(row)

    def scrolling(self, name: str) -> QScrollArea:
        """Return an area in which these rows scroll, for a dialog; `name` is heard."""
        area = QScrollArea()
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setAccessibleName(name)
        body = QWidget()
        body.setProperty("pageBody", "true")
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, self._theme.gap(12), 0)
        inner.addWidget(self)
        inner.addStretch(1)
        area.setWidget(body)
        return area

    def clear(self) -> None:
        """Take all rows away."""
        clear_layout(self._column)


def clear_layout(layout: QVBoxLayout | QHBoxLayout) -> None:
    """Delete everything in a box layout, also what lies in layouts inside it."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            continue
        if (widget := item.widget()) is not None:
            # not setParent(None): Python would own it, and a button may be clearing itself
            widget.hide()
            widget.deleteLater()
        elif isinstance(inner := item.layout(), QVBoxLayout | QHBoxLayout):
            clear_layout(inner)
