"""How far the sealing is, in bytes, and the button that stops it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Body, Caption, QuietButton
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


class SealProgress(QWidget):
    """Shown while a dossier is sealed. `stopped` when the person wants to stop it."""

    stopped = Signal()

    def __init__(self, theme: Theme, tr: UiTexts) -> None:
        super().__init__()
        self._tr = tr
        self.setObjectName("seal-progress")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(8))
        self._what = Body(theme, "", strong=True)
        column.addWidget(self._what)
        self.bar = Bar(theme, "seal-bar")
        self.bar.setAccessibleName(tr.gettext("Voortgang van het verzegelen"))
        column.addWidget(self.bar)
        row = QHBoxLayout()
        row.setSpacing(theme.gap(16))
        self._how_far = Caption(theme, "")
        self._how_far.setObjectName("seal-how-far")
        row.addWidget(self._how_far, 1)
        self.stop = QuietButton(theme, tr.gettext("Stoppen"), name="seal-stop")
        self.stop.clicked.connect(self._stop)
        row.addWidget(self.stop)
        column.addLayout(row)

    def begin(self) -> None:
        """Show that it has begun; nothing is counted yet."""
        tr = self._tr
        self._what.set_text(tr.gettext("Het dossier wordt verzegeld"))
        self._how_far.set_text(tr.gettext("Het dossier wordt samengesteld."))
        self.bar.setValue(0)
        self.stop.setEnabled(True)
        self.show()

    def show_bytes(self, done: int, total: int) -> None:
        """Show how many bytes are sealed, of how many."""
        self.bar.setValue(done * _WHOLE // max(total, 1))
        if done >= total:
            text = self._tr.gettext("Het bestand wordt teruggelezen en gecontroleerd.")
        else:
            text = self._tr.gettext("{done} van {total} verzegeld").format(
                done=size_text(done), total=size_text(total)
            )
        self._how_far.set_text(text)

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self._what.set_text(self._tr.gettext("Het verzegelen wordt gestopt"))
        self.stopped.emit()


def size_text(size: int) -> str:
    """Return a number of bytes as people write it: "640 kB", "12,3 MB"."""
    if size < 1_000_000:
        return f"{max(1, size // 1000)} kB"
    return f"{size / 1_000_000:.1f}".replace(".", ",") + " MB"
