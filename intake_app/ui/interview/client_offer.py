"""What the colleague is asked when the client's screen went away or could come back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit.buttons import QuietButton
from intake_app.ui.kit.surfaces import Kind, Notice
from intake_app.ui.theme import Theme


class ClientOffer(QWidget):
    """Says what became of the client's screen; `wanted` when it should show."""

    wanted = Signal()

    def __init__(self, theme: Theme, tr: UiTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("client-offer")
        self._tr = tr
        self._asking = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(8))
        self._notice = Notice(theme, "info", "", name="client-offer-notice")
        column.addWidget(self._notice)
        row = QHBoxLayout()
        column.addLayout(row)
        row.setSpacing(theme.gap(12))
        self._yes = QuietButton(theme, "", icon="screen", name="client-offer-yes")
        self._yes.clicked.connect(self._say_yes)
        self._no = QuietButton(theme, tr.gettext("Niet nu"), name="client-offer-no")
        self._no.clicked.connect(self.put_away)
        row.addWidget(self._yes)
        row.addWidget(self._no)
        row.addStretch(1)
        self.hide()

    @property
    def is_asking(self) -> bool:
        """True while it waits for a yes or a no."""
        return self._asking

    def text(self) -> str:
        """Return what it says, '' while it says nothing."""
        return "" if self.isHidden() else self._notice.text()

    def ask_after_loss(self) -> None:
        """Say that the client's monitor is gone, and offer a half of this one."""
        tr = self._tr
        self._ask(
            "warn",
            tr.gettext("Het scherm van de cliënt is weg. De cliënt ziet nu niets."),
            tr.gettext("Op dit scherm tonen"),
        )

    def ask_after_straying(self) -> None:
        """Say that the colleague's window came on the client's monitor, and what to do."""
        tr = self._tr
        self._ask(
            "warn",
            tr.gettext(
                "Dit venster kwam op het scherm van de cliënt. Daarom is het scherm cliënt "
                "gesloten. Zet dit venster eerst helemaal op je eigen scherm."
            ),
            tr.gettext("Op het tweede scherm tonen"),
        )

    def ask_for_monitor(self) -> None:
        """Say that a second monitor is there, and offer it."""
        tr = self._tr
        self._ask(
            "info",
            tr.gettext("Er is een tweede scherm. Daar kan de cliënt meelezen."),
            tr.gettext("Op het tweede scherm tonen"),
        )

    def ask_again(self, *, second_monitor: bool) -> None:
        """Say that the client's screen was open before the lock, and offer it."""
        tr = self._tr
        where = tr.gettext("Op dit scherm tonen")
        if second_monitor:
            where = tr.gettext("Op het tweede scherm tonen")
        self._ask("info", tr.gettext("Voor het vergrendelen las de cliënt mee."), where)

    def say_mirrored(self) -> None:
        """Say that the other monitor shows what this one shows."""
        self._show(
            "warn",
            self._tr.gettext(
                "Het tweede scherm toont hetzelfde als dit scherm: de cliënt leest dan mee met "
                "jou. Kies bij Windows of in je instellingen voor ‘uitbreiden’."
            ),
        )
        self._yes.hide()

    def put_away(self) -> None:
        """Say nothing."""
        self._asking = False
        self.hide()

    def _ask(self, kind: Kind, text: str, yes: str) -> None:
        self._asking = True
        self._show(kind, text)
        self._yes.setText(yes)
        self._yes.updateGeometry()
        self._yes.show()

    def _show(self, kind: Kind, text: str) -> None:
        self._notice.set_notice(kind, text)
        self.show()

    def _say_yes(self) -> None:
        self.put_away()
        self.wanted.emit()
