"""The envelope: its seal whole, opened, kept closed for another reason, or the seal broken."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from intake_app.ui.kit import Body, Card, Heading, Kind, Tag
from intake_app.ui.kit.icons import draw_icon
from intake_app.ui.plan.facts import Facts
from intake_app.ui.theme import Theme

Seal = Literal["whole", "open", "closed", "broken"]


class EnvelopePicture(QWidget):
    """Drawn, decoration only: the words beside it say the same."""

    def __init__(self, theme: Theme, seal: Seal) -> None:
        super().__init__()
        self._theme, self._seal = theme, seal
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.px(112), self._theme.px(104))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = float(theme.px(1))
        body = QRectF(4 * unit, 34 * unit, 104 * unit, 66 * unit)
        edge = QPen(theme.color("border"), 1.5 * unit)
        edge.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(edge)
        painter.setBrush(theme.color("surface"))
        flap_y = 4 * unit if self._seal == "open" else 72 * unit
        flap = QPainterPath(body.topLeft())
        flap.lineTo(QPointF(body.center().x(), flap_y))
        flap.lineTo(body.topRight())
        if self._seal == "open":
            painter.drawPath(flap)
            paper = QRectF(16 * unit, 18 * unit, 80 * unit, 60 * unit)
            painter.drawRoundedRect(paper, 3 * unit, 3 * unit)
            painter.setPen(QPen(theme.color("hairline"), 2 * unit))
            for row in range(3):
                y = paper.top() + (9 + 8 * row) * unit
                end = paper.right() - (10 + 14 * (row == 2)) * unit
                painter.drawLine(QPointF(paper.left() + 10 * unit, y), QPointF(end, y))
            painter.setPen(edge)
            front = QPainterPath(body.topLeft())
            front.lineTo(QPointF(body.center().x(), 74 * unit))
            front.lineTo(body.topRight())
            front.lineTo(body.bottomRight())
            front.lineTo(body.bottomLeft())
            front.closeSubpath()
            painter.drawPath(front)
            return
        painter.drawRoundedRect(body, 5 * unit, 5 * unit)
        painter.drawPath(flap)
        self._draw_seal(painter, QPointF(body.center().x(), flap_y), 14 * unit)

    def _draw_seal(self, painter: QPainter, center: QPointF, radius: float) -> None:
        token, icon = {"whole": ("ok", "check"), "closed": ("muted", "lock")}.get(
            self._seal, ("err", "close")
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(token))
        painter.drawEllipse(center, radius, radius)
        box = QRectF(
            center.x() - radius * 0.62, center.y() - radius * 0.62, radius * 1.24, radius * 1.24
        )
        draw_icon(painter, icon, self._theme.color("surface"), box)


class EnvelopeCard(Card):
    """What is known of a file: the envelope, one word about the seal, and what it means."""

    def __init__(
        self,
        theme: Theme,
        seal: Seal,
        word: str,
        title: str,
        text: str,
        rows: list[tuple[str, str]],
    ) -> None:
        super().__init__(theme, accent=seal == "whole", name="envelope")
        self.setAccessibleName(f"{word}. {title}")
        line = QHBoxLayout()
        self.body.addLayout(line)
        line.setSpacing(theme.gap(24))
        line.addWidget(EnvelopePicture(theme, seal), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        line.addLayout(words, 1)
        words.setSpacing(theme.gap(8))
        kind: Kind = {"broken": "err", "closed": "warn"}.get(seal, "ok")  # type: ignore[assignment]
        self.tag = Tag(theme, word, kind)
        words.addWidget(self.tag)
        words.addWidget(Heading(theme, title, factor=1.3))
        self.text = Body(theme, text)
        words.addWidget(self.text)
        if rows:
            words.addSpacing(theme.gap(4))
            words.addWidget(Facts(theme, rows))
        words.addStretch(1)
