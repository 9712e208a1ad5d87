"""The colleague's own windows during a talk, as far as the client could see them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QToolTip, QVBoxLayout, QWidget
from shiboken6 import isValid

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit.buttons import PrimaryButton
from intake_app.ui.kit.text import Heading, Muted
from intake_app.ui.theme import Theme

_MOST_POPUPS = 8
_PLACED = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Show,
        QEvent.Type.WindowStateChange,
        QEvent.Type.ScreenChangeInternal,
    }
)


class StaffWindows(QObject):
    """The window a talk is in, and the dialogs over it.

    `opened` carries a dialog that is about to be seen, None for one of the platform; `closed` says
    that the last of them went. `moved`: one of them stands elsewhere, or has another size.
    `rest_wanted`: Alt+P was pressed in a dialog, where the keys of the talk do not come.
    """

    opened = Signal(object)
    closed = Signal()
    moved = Signal()
    rest_wanted = Signal()

    def __init__(self, page: QWidget, parent: QObject | None = None) -> None:
        """Watch the window that `page` stands in, whichever that is when it is shown."""
        super().__init__(parent)
        self._page = page
        self._frame: QWidget | None = None
        self._veils: list[Veil] = []
        self.busy = False
        """True while a dialog is open."""
        page.installEventFilter(self)

    # ---- what there is -------------------------------------------------------------------------

    def dialogs(self) -> tuple[QDialog, ...]:
        """Return the dialogs over this window that can be seen now."""
        return tuple(
            window
            for window in QApplication.topLevelWidgets()
            if isinstance(window, QDialog) and window.isVisible() and self._is_over(window)
        )

    def windows(self) -> tuple[QWidget, ...]:
        """Return the colleague's window and the dialogs over it."""
        return (self._page.window(), *self.dialogs())

    # ---- a pause -------------------------------------------------------------------------------

    def veil(self, theme: Theme, tr: UiTexts, go_on: Callable[[], None]) -> None:
        """Make everything over the window unreadable, painted when this returns.

        Menus close; a dialog keeps what is in it, and its veil offers to `go_on`. A dialog of the
        platform cannot be reached.
        """
        QToolTip.hideText()
        for _ in range(_MOST_POPUPS):
            popup = QApplication.activePopupWidget()
            if popup is None:
                break
            popup.close()
        veiled = {veil.dialog for veil in self._veils if isValid(veil)}
        for dialog in self.dialogs():
            if dialog not in veiled:
                veil = Veil(theme, tr, dialog)
                veil.go_on.connect(go_on)
                self._veils.append(veil)

    def unveil(self) -> None:
        """Show what the dialogs held, with the keyboard where it was."""
        veils, self._veils = self._veils, []
        for veil in veils:
            if isValid(veil):
                veil.lift()

    # ---- watching ------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        kind = event.type()
        if watched is self._page:
            if kind in {QEvent.Type.Show, QEvent.Type.ParentChange}:
                self._follow()
        elif kind is QEvent.Type.WindowBlocked:
            self._opened()
        elif kind is QEvent.Type.WindowUnblocked and watched is self._frame:
            # not when a dialog over a dialog closes
            self.busy = False
            self.closed.emit()
        elif kind in _PLACED:
            self.moved.emit()
        return False

    def _follow(self) -> None:
        frame = self._page.window()
        if frame is self._frame or frame is self._page:
            return
        if self._frame is not None and isValid(self._frame):
            self._frame.removeEventFilter(self)
        self._frame = frame
        frame.installEventFilter(self)

    def _opened(self) -> None:
        self.busy = True
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            dialog.installEventFilter(self)
            shortcut = QShortcut(QKeySequence("Alt+P"), dialog)
            shortcut.activated.connect(self.rest_wanted)
        self.opened.emit(dialog)

    def _is_over(self, window: QWidget) -> bool:
        under = window.parentWidget()
        while under is not None:
            if under is self._frame:
                return True
            under = under.parentWidget()
        return False


class Veil(QWidget):
    """Lies over a dialog while the talk rests; what is in the dialog stays as it is.

    `go_on`: the colleague is ready. The keys of the dialog do nothing meanwhile: Esc would throw
    away what is in it.
    """

    go_on = Signal()

    def __init__(self, theme: Theme, tr: UiTexts, dialog: QDialog) -> None:
        super().__init__(dialog)
        self.setObjectName("pause-veil")
        self._theme, self.dialog = theme, dialog
        self._focus = dialog.focusWidget()
        self._covered = [
            child
            for child in dialog.children()
            if isinstance(child, QWidget)
            and child is not self
            and not child.isWindow()
            and not child.isHidden()
        ]
        column = QVBoxLayout(self)
        side = theme.gap(24)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.gap(12))
        column.addStretch(1)
        column.addWidget(Heading(theme, tr.gettext("Pauze"), factor=1.3))
        column.addWidget(
            Muted(theme, tr.gettext("Dit venster is leeg. Alles staat er straks nog."))
        )
        self.button = PrimaryButton(theme, tr.gettext("Verder"), key="Enter", name="veil-resume")
        self.button.clicked.connect(self.go_on)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(2)
        dialog.installEventFilter(self)
        self.setGeometry(dialog.rect())
        for child in self._covered:
            child.hide()
        self.show()
        self.raise_()
        column.activate()
        dialog.repaint()
        self.button.setFocus()

    def lift(self) -> None:
        """Show what was under it."""
        self.dialog.removeEventFilter(self)
        for child in self._covered:
            if isValid(child):
                child.show()
        self.hide()
        focus = self._focus
        if focus is not None and isValid(focus):
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self.deleteLater()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Resize:
            self.setGeometry(QRect(0, 0, self.dialog.width(), self.dialog.height()))
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_P}:
            self.go_on.emit()
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        QPainter(self).fillRect(self.rect(), self._theme.color("window"))
