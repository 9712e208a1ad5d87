"""Step 4, verzegelen: where the file goes, what it is called, how it travels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.ui.handover.progress import SealProgress
from intake_app.ui.kit import Body, Caption, IconLabel, Muted, QuietButton

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext


class SealStep(QWidget):
    """Asks for a folder or stick, and shows how far the sealing is.

    `chosen` when there is a folder, `stopped` when the person wants to stop the sealing.
    """

    chosen = Signal()
    stopped = Signal()

    def __init__(self, ctx: AppContext) -> None:
        super().__init__()
        self._ctx = ctx
        theme, tr = ctx.theme, ctx.tr
        self.folder: Path | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.gap(4), 0, 0)
        column.setSpacing(theme.gap(12))
        for icon, text in (
            (
                "file",
                tr.gettext(
                    "Het wordt één bestand: “overdracht-” met acht tekens erachter. "
                    "In de naam staat niemand genoemd."
                ),
            ),
            (
                "lock",
                tr.gettext("Alleen de ontvanger kan het openen. Wie het vindt, kan niets lezen."),
            ),
            (
                "bag",
                tr.gettext(
                    "Breng het op een stick, of stuur het als bijlage. "
                    "Beide zijn veilig: het bestand is dicht."
                ),
            ),
        ):
            row = QHBoxLayout()
            row.setSpacing(theme.gap(12))
            row.addWidget(
                IconLabel(theme, icon, color="muted", size=20), 0, Qt.AlignmentFlag.AlignTop
            )
            row.addWidget(Body(theme, text), 1)
            column.addLayout(row)
        bar = QHBoxLayout()
        bar.setSpacing(theme.gap(16))
        self.choose = QuietButton(
            theme, tr.gettext("Map of stick kiezen"), icon="folder", name="seal-choose"
        )
        self.choose.clicked.connect(self.ask)
        bar.addWidget(self.choose)
        self._where = Muted(theme, tr.gettext("Nog geen plek gekozen"))
        self._where.setObjectName("seal-folder")
        bar.addWidget(self._where, 1)
        column.addLayout(bar)
        self.progress = SealProgress(theme, tr)
        self.progress.stopped.connect(self.stopped)
        self.progress.hide()
        column.addWidget(self.progress)
        self._hint = Caption(
            theme, tr.gettext("Er is nog niets verstuurd. Dat doe je zelf, met dit bestand.")
        )
        column.addWidget(self._hint)

    def show_sealing(self, *, on: bool) -> None:
        """Show the progress instead of the choice of a folder, or the other way round."""
        self.choose.setEnabled(not on)
        if on:
            self.progress.begin()
        else:
            self.progress.hide()

    def ask(self) -> None:
        """Ask for a folder; what was chosen before stays when the person decides not to."""
        title = self._ctx.tr.gettext("Waar komt het verzegelde bestand?")
        folder = self._ctx.pick.choose_folder(title, parent=self)
        if folder is None:
            return
        self.folder = folder
        self._where.set_text(str(folder))
        self.chosen.emit()
