"""Something that takes about a second, with a word on screen before it starts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Notice
from intake_app.vault.errors import VaultError


def work(
    notice: Notice,
    waiting: str,
    job: Callable[[], None],
    *,
    tr: UiTexts,
    buttons: tuple[QWidget, ...] = (),
    refused: Callable[[Exception], None] | None = None,
) -> None:
    """Say `waiting` in `notice`, then do `job`; a refusal of the vault takes the notice's place.

    The buttons cannot be pressed meanwhile. A refusal is a VaultError, or TooSoon; `refused` hears
    of it after it is shown.
    """
    for button in buttons:
        button.setEnabled(False)
    notice.set_notice("info", waiting)

    def run() -> None:
        from intake_app.flows.unlock import TooSoon

        try:
            job()
        except (VaultError, TooSoon) as error:
            notice.set_notice("err", tr.said(error))
            for button in buttons:
                button.setEnabled(True)
            if refused is not None:
                refused(error)

    # let the message appear first: deriving a key takes about a second
    QTimer.singleShot(20, notice, run)
