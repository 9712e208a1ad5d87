"""How far something is that takes a while, and the button that stops it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Caption, QuietButton
from intake_app.ui.theme import Theme

_WHOLE = 100


class Bar(QProgressBar):
    """A progress bar in the colours of the theme; busy until there is something to count."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName(name)
        self.setRange(0, _WHOLE)
        self.setTextVisible(False)
        self.setFixedHeight(theme.px(8))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box = QRectF(self.rect())
        radius = box.height() / 2
        painter.setBrush(theme.color("hairline"))
        painter.drawRoundedRect(box, radius, radius)
        part = self.value() / _WHOLE
        if part > 0:
            box.setWidth(max(box.height(), box.width() * part))
            painter.setBrush(theme.color("accent"))
            painter.drawRoundedRect(box, radius, radius)


class StoppableProgress(QWidget):
    """A bar, how far it is in words, and Stoppen; `stopped` when that was pressed.

    The names of its parts begin with `name`. Hidden until somebody shows it.
    """

    stopped = Signal()

    def __init__(self, theme: Theme, tr: UiTexts, about: str, *, name: str) -> None:
        """Make it; `about` tells a screen reader what the bar is of."""
        super().__init__()
        self._tr = tr
        self.setObjectName(f"{name}-progress")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.gap(8))
        self.bar = Bar(theme, f"{name}-bar")
        self.bar.setAccessibleName(about)
        self.column.addWidget(self.bar)
        row = QHBoxLayout()
        self.column.addLayout(row)
        row.setSpacing(theme.gap(16))
        self._how_far = Caption(theme, "")
        self._how_far.setObjectName(f"{name}-how-far")
        row.addWidget(self._how_far, 1)
        self.stop = QuietButton(theme, tr.gettext("Stoppen"), name=f"{name}-stop")
        self.stop.clicked.connect(self._stop)
        row.addWidget(self.stop)
        self.hide()

    def begin(self, words: str) -> None:
        """Say what is done; nothing is counted yet, and it can be stopped."""
        self.bar.setValue(0)
        self.say(words)
        self.stop.setEnabled(True)

    def say(self, words: str) -> None:
        """Say how far it is in these words."""
        self._how_far.set_text(words)

    def show_bytes(self, done: int, total: int) -> None:
        """Show how many bytes are done, of how many."""
        self.bar.setValue(done * _WHOLE // max(total, 1))
        text = self._tr.gettext("{done} van {total}")
        self.say(text.format(done=size_text(done), total=size_text(total)))

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.stopped.emit()


def size_text(size: int) -> str:
    """Return a number of bytes as people write it: "640 kB", "12,3 MB"."""
    if size < 1_000_000:
        return f"{max(1, size // 1000)} kB"
    return f"{size / 1_000_000:.1f}".replace(".", ",") + " MB"
