"""A figure with a target: a sentence, a bar with the line to reach, n/N, how it was counted."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from intake_app.domain.charts import Share, Shares
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit.buttons import TextLink
from intake_app.ui.kit.charts.bars import BarShape
from intake_app.ui.kit.charts.base import Chart
from intake_app.ui.kit.text import Body, Caption
from intake_app.ui.theme import CAPTION, Theme


class ShareDrawing:
    """One bar laid out for one width."""

    def __init__(self, theme: Theme, data: Share, width: float, *, mirrored: bool) -> None:
        self._theme = theme
        above = theme.px(12 if data.target is not None else 1)
        track = QRectF(0.5, above, max(1.0, width - 1), theme.px(10))
        self.shape = BarShape(track, data.share, data.target, mirrored)
        self.height = track.bottom() + theme.px(5 if data.target is not None else 1)

    def draw(self, painter: QPainter) -> None:
        """Draw with any painter, from its origin."""
        self.shape.draw(painter, self._theme)


class ShareBar(Chart):
    """The bar of a figure; its words stand round it."""

    def __init__(self, theme: Theme, data: Share, *, name: str = "") -> None:
        self.data = data
        super().__init__(theme, Shares(data.sentence, (data,), ("", "")), name=name)
        said = (data.shown, data.target_shown)
        self.setAccessibleName(data.sentence)
        self.setAccessibleDescription(", ".join(part for part in said if part))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def lay_out(self, width: float, *, mirrored: bool = False) -> ShareDrawing:
        return ShareDrawing(self._theme, self.data, width, mirrored=mirrored)


class FigureWithTarget(QWidget):
    """Sentence, bar, n/N and target, and behind a link how it was counted."""

    def __init__(self, theme: Theme, tr: UiTexts, data: Share, *, name: str = "") -> None:
        super().__init__()
        self.data = data
        if name:
            self.setObjectName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(4))
        self.sentence = Body(theme, data.sentence)
        column.addWidget(self.sentence)
        self.bar = ShareBar(theme, data, name=f"{name}-bar")
        column.addWidget(self.bar)
        row = QHBoxLayout()
        column.addLayout(row)
        row.setSpacing(theme.gap(16))
        said = " · ".join(part for part in (data.shown, data.target_shown) if part)
        self.numbers = Caption(theme, said)
        row.addWidget(self.numbers, 1)
        self.counting: Caption | None = None
        if data.counting:
            words = tr.gettext("Hoe is dit geteld?")
            link = TextLink(theme, words, factor=CAPTION, name=f"{name}-how")
            link.setAccessibleName(f"{words} {data.sentence}")
            link.setToolTip(data.counting)
            shown = self.counting = Caption(theme, data.counting)
            shown.hide()
            link.clicked.connect(lambda: shown.setVisible(shown.isHidden()))
            row.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
            column.addWidget(shown)
