"""Own line icons, coloured and mirrored when they are drawn."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QIcon,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPixmapCache,
    QTransform,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from intake_app import paths
from intake_app.ui.theme import Theme

_INK = b"#000000"
MIRRORED = frozenset({"arrow-left", "arrow-right", "chevron-right", "speaker", "restart"})
"""Icons that point somewhere and turn round in a right-to-left layout."""

_STRAIGHT = frozenset(
    {QTransform.TransformationType.TxNone, QTransform.TransformationType.TxTranslate}
)


def draw_icon(
    painter: QPainter, name: str, color: QColor, rect: QRectF, *, rtl: bool = False
) -> None:
    """Draw an icon in `rect`; raises `FileNotFoundError` for an unknown name.

    It is made once for its size and colour. On a turned or stretched painter it is drawn as lines.
    """
    turned = rtl and name in MIRRORED
    if painter.transform().type() not in _STRAIGHT:
        _draw(painter, name, color, rect, turned=turned)
        return
    ratio = painter.device().devicePixelRatioF()
    # where it begins within a pixel is part of what it looks like
    inside = painter.deviceTransform().map(rect.topLeft())
    left, top = math.floor(inside.x()), math.floor(inside.y())
    spot = QRectF(inside.x() - left, inside.y() - top, rect.width() * ratio, rect.height() * ratio)
    place = f"{spot.x():.2f} {spot.y():.2f} {spot.width():.2f} {spot.height():.2f}"
    key = f"icon {name} {color.name(QColor.NameFormat.HexArgb)} {place} {turned:d} {ratio:.3f}"
    pixmap = QPixmap()
    if not QPixmapCache.find(key, pixmap):
        pixmap = QPixmap(math.ceil(spot.right()) + 1, math.ceil(spot.bottom()) + 1)
        pixmap.fill(Qt.GlobalColor.transparent)
        own = QPainter(pixmap)
        _draw(own, name, color, spot, turned=turned)
        own.end()
        pixmap.setDevicePixelRatio(ratio)
        QPixmapCache.insert(key, pixmap)
    painter.drawPixmap(rect.topLeft() - QPointF(spot.x(), spot.y()) / ratio, pixmap)


def _draw(painter: QPainter, name: str, color: QColor, rect: QRectF, *, turned: bool) -> None:
    renderer = QSvgRenderer(QByteArray(_source(name).replace(_INK, color.name().encode("ascii"))))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if turned:
        painter.translate(2 * rect.center().x(), 0)
        painter.scale(-1, 1)
    renderer.render(painter, rect)
    painter.restore()


def icon(theme: Theme, name: str, color: str = "ink", size: float = 24) -> QIcon:
    """Return an icon in the colour of a token, sharp at three device pixel ratios."""
    result = QIcon()
    for ratio in (1, 2, 3):
        pixmap = QPixmap(QSize(theme.px(size), theme.px(size)) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        draw_icon(painter, name, theme.color(color), QRectF(0, 0, theme.px(size), theme.px(size)))
        painter.end()
        result.addPixmap(pixmap)
    return result


class IconLabel(QWidget):
    """An icon beside words that already say the same; silent for a screen reader."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        color: str = "ink",
        size: float = 24,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._name, self._token, self._size = theme, name, color, theme.px(size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, name: str, color: str | None = None) -> None:
        """Change the icon, and its colour where one is given."""
        self._name = name
        self._token = color or self._token
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._size, self._size)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        draw_icon(painter, self._name, self._theme.color(self._token), QRectF(self.rect()), rtl=rtl)


@lru_cache(maxsize=64)
def _source(name: str) -> bytes:
    return paths.resource("icons", f"{name}.svg").read_bytes()
