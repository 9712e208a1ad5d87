"""A question that stops: only before something that cannot be taken back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from intake_app.ui.kit.buttons import DangerButton, KitButton, PrimaryButton, QuietButton
from intake_app.ui.kit.focus import ReadingOrder
from intake_app.ui.kit.text import Body, Heading
from intake_app.ui.theme import Theme


class ConfirmDialog(ReadingOrder, QDialog):
    """Asks one question with two verbs. Esc and closing mean no."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        text: str,
        *,
        confirm: str,
        cancel: str,
        danger: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("confirm-dialog")
        self.setWindowTitle(title)
        self.setAccessibleDescription(text)
        column = QVBoxLayout(self)
        side = theme.gap(28)
        column.setContentsMargins(side, theme.gap(24), side, theme.gap(20))
        column.setSpacing(theme.gap(12))
        self.setMinimumWidth(theme.px(440))
        column.addWidget(Heading(theme, title, factor=1.3))
        column.addWidget(Body(theme, text))
        column.addSpacing(theme.gap(8))
        row = QHBoxLayout()
        column.addLayout(row)
        row.setSpacing(theme.gap(24 if danger else 12))
        self.cancel_button: KitButton = QuietButton(theme, cancel, name="confirm-no")
        self.cancel_button.clicked.connect(self.reject)
        kind = DangerButton if danger else PrimaryButton
        self.confirm_button: KitButton = kind(theme, confirm, name="confirm-yes")
        self.confirm_button.clicked.connect(self.accept)
        row.addWidget(self.cancel_button)
        row.addStretch(1)
        row.addWidget(self.confirm_button)
        (self.cancel_button if danger else self.confirm_button).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Be as high as the text needs at this width; Qt does not ask what wraps."""
        super().showEvent(event)
        column = self.layout()
        needed = 0 if column is None else column.totalHeightForWidth(self.width())
        if needed > self.height():
            self.resize(self.width(), needed)

    @classmethod
    def ask(
        cls,
        theme: Theme,
        title: str,
        text: str,
        *,
        confirm: str,
        cancel: str,
        danger: bool = False,
        parent: QWidget | None = None,
    ) -> bool:
        """Ask and wait; True only for the button that says `confirm`. Tests replace this."""
        dialog = cls(
            theme, title, text, confirm=confirm, cancel=cancel, danger=danger, parent=parent
        )
        return run(dialog)


def run(dialog: QDialog) -> bool:
    """Show a dialog until it is closed; True when it was accepted.

    It is deleted in the next turn of the event loop, after whoever asked has read it: kept by its
    window it would live as long as that, and let go at once Qt would still be in it.
    """
    if dialog.parentWidget() is not None:
        # only the window it stands over waits: the client can still answer, or ask for a pause
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
    try:
        return dialog.exec() == QDialog.DialogCode.Accepted
    finally:
        dialog.deleteLater()


def fit(dialog: QDialog, width: int, height: int) -> None:
    """Give a dialog that scrolls this size, or what the screen it will stand on has room for."""
    parent = dialog.parentWidget()
    screen = QGuiApplication.primaryScreen() if parent is None else parent.screen()
    room = screen.availableSize()
    dialog.resize(min(width, room.width() - 48), min(height, room.height() - 64))
