"""Pictograms on screen: which one belongs to a choice, drawn once per size and colour."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from intake_app import paths
from intake_app.domain.pictograms import MIRRORED, Pictograms, read_index
from intake_app.ui.theme import Theme

_INK = b"#000000"


def of_choice(form_id: str, ref: str) -> str:
    """Return the pictogram of a choice (`<list>/<choice>`) of a form, '' for none."""
    return _index().of_choice(form_id, ref)


def drawing(name: str) -> bytes:
    """Return the SVG of a pictogram; raises `FileNotFoundError` for an unknown name."""
    return paths.resource("pictograms", f"{name}.svg").read_bytes()


def draw_pictogram(
    painter: QPainter, name: str, color: QColor, rect: QRectF, *, rtl: bool = False
) -> None:
    """Draw a pictogram as large as fits in `rect`, in one colour.

    Those that point forward turn round when `rtl`. Raises `FileNotFoundError` for an unknown name.
    """
    side = int(min(rect.width(), rect.height()))
    if side < 1:
        return
    ratio = painter.device().devicePixelRatioF()
    mirrored = rtl and name in MIRRORED
    key = f"pictogram {name} {color.name()} {side} {ratio:.3f} {mirrored:d}"
    pixmap = QPixmap()
    if not QPixmapCache.find(key, pixmap):
        pixmap = _drawn(name, color, side, ratio, mirrored=mirrored)
        QPixmapCache.insert(key, pixmap)
    centre = rect.center()
    # on whole pixels, or a drawing that is sharp in the cache is not on the screen
    at = QPointF(round(centre.x() - side / 2), round(centre.y() - side / 2))
    painter.drawPixmap(at, pixmap)


class PictogramLabel(QWidget):
    """A pictogram beside words that say the same; silent for a screen reader."""

    def __init__(self, theme: Theme, name: str, *, size: float, color: str = "ink") -> None:
        super().__init__()
        self._theme, self._name, self._token, self._size = theme, name, color, theme.px(size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_pictogram(self, name: str) -> None:
        """Change the drawing."""
        self._name = name
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._size, self._size)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        color = self._theme.color(self._token)
        draw_pictogram(QPainter(self), self._name, color, QRectF(self.rect()), rtl=rtl)


def _drawn(name: str, color: QColor, side: int, ratio: float, *, mirrored: bool) -> QPixmap:
    pixels = max(1, round(side * ratio))
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if mirrored:
        painter.translate(pixels, 0)
        painter.scale(-1, 1)
    svg = drawing(name).replace(_INK, color.name().encode("ascii"))
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


@lru_cache(maxsize=1)
def _index() -> Pictograms:
    return read_index(paths.resource("pictograms", "index.csv").read_text(encoding="utf-8"))
