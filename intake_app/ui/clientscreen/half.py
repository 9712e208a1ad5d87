"""Without a second monitor: one half of the laptop's screen, turned for who sits opposite."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import (
    QEvent,
    QMargins,
    QObject,
    QPoint,
    QRect,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QTransform
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit.buttons import QuietButton
from intake_app.ui.theme import Theme

LEAST_WIDTH, LEAST_HEIGHT = 480, 360
"""Effective pixels that the colleague's page needs in its half."""

BESIDE_DIALOG = 8
"""Pixels kept free round a dialog in the colleague's part."""


class Split(Enum):
    """How one screen is shared: next to each other, one above the other, or by turns."""

    BESIDE = "beside"
    ABOVE = "above"
    TURNS = "turns"


@dataclass(frozen=True, slots=True)
class Share:
    """The client's part of a window, and the margins that leave the colleague the rest."""

    split: Split
    client: QRect
    margins: QMargins


def share(size: QSize, factor: float) -> Share:
    """Return how a window of this size is shared when everything is `factor` as large as drawn.

    The client's part is at the right, or above. Where a half is too small for the colleague's page
    the client gets all of it, and the colleague takes it back.
    """
    width, height = size.width(), size.height()
    if width // 2 >= LEAST_WIDTH * factor and width >= height:
        client = QRect(width - width // 2, 0, width // 2, height)
        return Share(Split.BESIDE, client, QMargins(0, 0, width // 2, 0))
    if height // 2 >= LEAST_HEIGHT * factor:
        client = QRect(0, 0, width, height // 2)
        return Share(Split.ABOVE, client, QMargins(0, height // 2, 0, 0))
    return Share(Split.TURNS, QRect(0, 0, width, height), QMargins())


class ClientHalf(QWidget):
    """The client's window as a part of the colleague's, turned by 180 degrees.

    `frame` is the colleague's window. A strip at the colleague's side turns the part round, for who
    sits beside them, and takes it away: `closed`.
    """

    closed = Signal()
    paused = Signal()
    """P or Esc was pressed while the client has the whole screen."""
    fitted = Signal()
    """The window has another size, and is shared anew."""

    def __init__(self, theme: Theme, tr: UiTexts, frame: QWidget, client: QWidget) -> None:
        """Take `client` in; it lives as long as this does."""
        super().__init__(frame)
        self.setObjectName("client-half")
        self._theme, self._frame, self.client = theme, frame, client
        self._before = frame.contentsMargins()
        self._covered: list[QWidget] = []
        self.split = Split.BESIDE
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.view = TurnedView(client)
        column.addWidget(self.view, 1)
        strip = QHBoxLayout()
        column.addLayout(strip)
        strip.setContentsMargins(theme.gap(12), theme.gap(4), theme.gap(12), theme.gap(4))
        strip.setSpacing(theme.gap(8))
        turn = QuietButton(
            theme, tr.gettext("Beeld omdraaien"), icon="restart", name="client-half-turn"
        )
        turn.clicked.connect(lambda: self.view.set_turned(not self.view.turned))
        self._close = close = QuietButton(
            theme, tr.gettext("Scherm cliënt sluiten"), name="client-half-close"
        )
        close.clicked.connect(self.closed)
        strip.addWidget(turn)
        strip.addStretch(1)
        strip.addWidget(close)
        frame.installEventFilter(self)
        self._fit()
        self.show()
        self.raise_()

    def own_part(self) -> QRect:
        """Return what is left for the colleague, in global coordinates."""
        frame = self._frame
        return QRect(frame.mapToGlobal(QPoint(0, 0)), frame.size()).marginsRemoved(
            frame.contentsMargins()
        )

    def keep_off(self, dialog: QWidget) -> None:
        """Put a dialog of the colleague where it covers as little of the client's part as it can.

        What it shows is for the colleague. Where they look by turns it may be anywhere: then the
        client's part is over everything.
        """
        if self.split is Split.TURNS:
            return
        room = self.own_part().marginsRemoved(QMargins(*(BESIDE_DIALOG,) * 4))
        column = dialog.layout()
        size = dialog.size().boundedTo(room.size())
        if column is not None and column.hasHeightForWidth():
            least = column.totalHeightForWidth(size.width())
            size = size.expandedTo(QSize(0, least)).boundedTo(room.size())
        dialog.resize(size.expandedTo(dialog.minimumSize()))
        place = QRect(QPoint(), dialog.size())
        place.moveCenter(room.center())
        # where it does not fit it begins where the colleague's part begins
        place.moveTo(max(place.left(), room.left()), max(place.top(), room.top()))
        dialog.move(place.topLeft())

    def take_away(self) -> None:
        """Give the colleague the whole window again."""
        self._frame.removeEventFilter(self)
        self.hide()
        self._uncover()
        self._frame.setContentsMargins(self._before)
        self.view.let_go()
        self.deleteLater()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Resize:
            self._fit()
        elif event.type() is QEvent.Type.ChildAdded:
            self.raise_()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("sunken"))
        painter.fillRect(0, 0, 1, self.height(), self._theme.color("hairline"))

    def _fit(self) -> None:
        shared = share(self._frame.size(), self._theme.factor)
        self.split = shared.split
        self._frame.setContentsMargins(shared.margins)
        self.setGeometry(shared.client)
        if shared.split is Split.TURNS:
            self._cover()
        else:
            self._uncover()
        self.fitted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in {Qt.Key.Key_P, Qt.Key.Key_Escape}:
            self.paused.emit()
        else:
            super().keyPressEvent(event)

    def _cover(self) -> None:
        """Hide what this lies over: nobody should type into what cannot be seen."""
        if self._covered:
            return
        self._covered = [
            child
            for child in self._frame.children()
            if isinstance(child, QWidget)
            and child is not self
            and not child.isHidden()
            and not child.isWindow()
            and child.objectName() != "practice-edge"
        ]
        for child in self._covered:
            child.hide()
        self._close.setFocus()

    def _uncover(self) -> None:
        covered, self._covered = self._covered, []
        for child in covered:
            child.show()


class TurnedView(QGraphicsView):
    """Shows a window upside down; what is tapped is what is seen. It never takes the keyboard."""

    def __init__(self, client: QWidget) -> None:
        super().__init__()
        self.setObjectName("client-turned")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.turned = True
        self._client = client
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self._scene.addWidget(client)
        self._held = True
        self._busy = False
        client.installEventFilter(self)
        self._arrange()

    def set_turned(self, turned: bool) -> None:
        """Show it upside down, or as the colleague sees it."""
        self.turned = turned
        self._arrange()

    def let_go(self) -> None:
        """Move it no more: it is about to be deleted, and this view too.

        It is not taken out of its proxy: PySide would keep a reference that nobody can let go.
        """
        self._held = False

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if watched is self._client and event.type() is QEvent.Type.LayoutRequest:
            # the window takes note of what it needs first
            QTimer.singleShot(0, self, self._arrange)
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        """Fill the view; a page that needs more room than there is is drawn smaller.

        The view is turned, not the proxy in the scene: once Python has a name for the proxy, it
        and Qt both delete it when the process ends.
        """
        if not self._held or self._busy:
            return
        self._busy = True
        size = QSizeF(self.viewport().size())
        self._client.resize(self.viewport().size())
        needed = self._client.size()
        scale = min(1.0, size.width() / needed.width(), size.height() / needed.height())
        if scale < 1:
            self._client.resize((size / scale).toSize())
        self.setSceneRect(QRectF(self._client.rect()))
        self.setTransform(QTransform().rotate(180 if self.turned else 0).scale(scale, scale))
        self._busy = False
