"""The unlock window: one field, one button. It needs no vault and no cryptography to be painted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Field, LinkButton, Notice, Page, PrimaryButton, QuietButton
from intake_app.ui.start.frame import StartFrame
from intake_app.ui.start.new_passphrase import passphrase_input
from intake_app.ui.theme import Theme

if TYPE_CHECKING:
    from intake_app.ui.start.recover import RecoverFlow


class UnlockWindow(StartFrame):
    """Asks for the passphrase until `unlock` returns.

    `unlock` raises an error whose str() is a Dutch sentence when it cannot, `TooSoon` while a pause
    runs; `pause_left` tells the seconds of that pause. `warm_up` is called once the window is
    painted and may import what unlocking needs. `forgotten` makes the way in with recovery cards.
    `opened(object)` carries what `unlock` returned. `rescue_wanted()` when the vault is damaged and
    the person wants to have it looked at.
    """

    opened = Signal(object)
    rescue_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        tr: UiTexts,
        *,
        unlock: Callable[[str], Any],
        pause_left: Callable[[], int] | None = None,
        practice: bool = False,
        warm_up: Callable[[], None] | None = None,
        forgotten: Callable[[], RecoverFlow] | None = None,
    ) -> None:
        super().__init__(theme, tr, practice=practice)
        self.setObjectName("unlock-window")
        self._unlock, self._pause_left, self._warm_up = unlock, pause_left, warm_up
        self._left = 0
        self._forgotten = forgotten
        self._countdown = QTimer(self)
        self._countdown.setInterval(1000)
        self._countdown.timeout.connect(self.second_passed)
        self._show_unlock()

    def _show_unlock(self) -> None:
        theme, tr = self.theme, self._tr
        page = Page(
            theme,
            tr.gettext("Kluis openen"),
            subtitle=tr.gettext(
                "Alles in de kluis is versleuteld. Alleen jouw wachtwoordzin opent hem."
            ),
            width="narrow",
            name="unlock-page",
        )
        self.passphrase = passphrase_input(theme, tr, "unlock-passphrase")
        page.add(Field(theme, tr.gettext("Wachtwoordzin"), self.passphrase))
        self.notice = Notice(theme, "err", "", name="unlock-problem")
        self.notice.hide()
        page.add(self.notice)
        self.rescue = QuietButton(theme, tr.gettext("Kluis nakijken"), name="unlock-rescue")
        self.rescue.clicked.connect(self.rescue_wanted)
        page.body.addWidget(self.rescue, 0, Qt.AlignmentFlag.AlignLeft)
        self.rescue.hide()
        self.button = PrimaryButton(theme, tr.gettext("Openen"), key="↵", name="unlock-open")
        self.button.clicked.connect(self.attempt)
        others: tuple[LinkButton, ...] = ()
        if self._forgotten is not None:
            link = LinkButton(theme, tr.gettext("Wachtwoordzin vergeten?"), name="unlock-forgotten")
            link.clicked.connect(self._forgot)
            others = (link,)
        page.set_footer(others, self.button)
        self.show_page(page)
        self.passphrase.setFocus()

    def _forgot(self) -> None:
        if self._forgotten is None:
            return
        flow = self._forgotten()
        flow.cancelled.connect(self._show_unlock)
        flow.recovered.connect(self.opened)
        self.show_page(flow)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self.passphrase.setFocus()
        QTimer.singleShot(0, self._painted)

    def _painted(self) -> None:
        if self._warm_up is not None:
            self._warm_up()
            self._warm_up = None
        self._begin_pause()

    def attempt(self) -> None:
        """Try what is typed; nothing happens while empty or waiting."""
        words = self.passphrase.text()
        if not words or self._left or not self.button.isEnabled():
            return
        self.button.setEnabled(False)
        self.notice.set_notice("info", self._tr.gettext("De kluis gaat open. Dit duurt even."))
        # let the message appear first: deriving the key takes about a second
        QTimer.singleShot(20, lambda: self._try(words))

    def waiting(self) -> int:
        """Return the seconds that are left before the next attempt."""
        return self._left

    def second_passed(self) -> None:
        """Count down; the timer calls this every second."""
        self._left = max(0, self._left - 1)
        if self._left:
            self._show_wait()
        else:
            self._countdown.stop()
            self.button.setEnabled(True)
            self.notice.set_notice("info", self._tr.gettext("Je kunt het weer proberen."))
            self.passphrase.setFocus()

    def _try(self, words: str) -> None:
        from intake_app.flows.unlock import TooSoon
        from intake_app.vault.errors import VaultDamaged, VaultError, WrongPassphrase

        try:
            result = self._unlock(words)
        except TooSoon as error:
            self._begin_pause(error.seconds)
        except WrongPassphrase as error:
            self.passphrase.clear()
            self._refused(self._tr.said(error))
            self._begin_pause()
        except VaultError as error:
            self._refused(self._tr.said(error))
            self.rescue.setVisible(isinstance(error, VaultDamaged))
        else:
            self.passphrase.clear()
            self.opened.emit(result)

    def _refused(self, sentence: str) -> None:
        self.button.setEnabled(True)
        self.notice.set_notice("err", sentence)
        self.passphrase.setFocus()

    def _begin_pause(self, seconds: int | None = None) -> None:
        if seconds is None:
            seconds = self._pause_left() if self._pause_left is not None else 0
        if seconds > 0:
            self._left = seconds
            self.button.setEnabled(False)
            self._show_wait()
            self._countdown.start()

    def _show_wait(self) -> None:
        text = self._tr.ngettext(
            "Deze wachtwoordzin klopt niet. Wacht nog {n} seconde en probeer het dan opnieuw.",
            "Deze wachtwoordzin klopt niet. Wacht nog {n} seconden en probeer het dan opnieuw.",
            self._left,
        )
        self.notice.set_notice("warn", text.format(n=self._left))
