"""Step 4, verzegelen: where the file goes, what it is called, how it travels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.ui.handover.progress import SealProgress
from intake_app.ui.kit import Body, Caption, ChoiceInput, IconLabel, Muted, QuietButton

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext


RELAY, FILE = "relay", "file"


class SealStep(QWidget):
    """Asks how it travels: by the relay, or as a file in a folder or on a stick.

    `chosen` when that changed or there is a folder, `stopped` when the person wants to stop the
    sealing. Without a relay only the file is offered.
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
        self._add_line(
            column,
            "lock",
            tr.gettext("Alleen de ontvanger kan het openen. Wie het vindt, kan niets lezen."),
        )
        self.way = ChoiceInput(
            theme,
            [
                (RELAY, tr.gettext("Versturen zodra er verbinding is")),
                (FILE, tr.gettext("Opslaan als bestand, dat ik zelf geef")),
            ],
            value=FILE,
            name="seal-way",
        )
        self.way.setAccessibleName(tr.gettext("Hoe reist het?"))
        self.way.changed.connect(self._show_way)
        column.addWidget(self.way)
        self._no_relay = Muted(theme, "")
        self._no_relay.setObjectName("seal-no-relay")
        column.addWidget(self._no_relay)
        self._by_relay = self._lines(
            (
                "handover",
                tr.gettext(
                    "Het reist vanzelf via de postbus. Wie daar kijkt, ziet niet van wie het is en "
                    "niet van wie het komt."
                ),
            ),
            (
                "clock",
                tr.gettext(
                    "Is er nu geen verbinding, dan wacht het op deze laptop. Het is aangeboden als "
                    "het in de postbus staat."
                ),
            ),
        )
        column.addWidget(self._by_relay)
        self._as_file = self._lines(
            (
                "file",
                tr.gettext(
                    "Het wordt één bestand: “overdracht-” met acht tekens erachter. "
                    "In de naam staat niemand genoemd."
                ),
            ),
            (
                "bag",
                tr.gettext(
                    "Breng het op een stick, of stuur het als bijlage. "
                    "Beide zijn veilig: het bestand is dicht."
                ),
            ),
        )
        column.addWidget(self._as_file)
        self._folder_bar = QWidget()
        bar = QHBoxLayout(self._folder_bar)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(theme.gap(16))
        self.choose = QuietButton(
            theme, tr.gettext("Map of stick kiezen"), icon="folder", name="seal-choose"
        )
        self.choose.clicked.connect(self.ask)
        bar.addWidget(self.choose)
        self._where = Muted(theme, tr.gettext("Nog geen plek gekozen"))
        # a path has no spaces to wrap at; it may break anywhere
        self._where.setMinimumWidth(theme.px(160))
        self._where.setObjectName("seal-folder")
        bar.addWidget(self._where, 1)
        column.addWidget(self._folder_bar)
        self.progress = SealProgress(theme, tr)
        self.progress.stopped.connect(self.stopped)
        self.progress.hide()
        column.addWidget(self.progress)
        self._hint = Caption(theme, "")
        column.addWidget(self._hint)
        self._offered = False
        self.show_relay(offered=False)

    @property
    def by_relay(self) -> bool:
        """True when it is to travel by the relay."""
        return self.way.value() == RELAY

    def show_relay(self, *, offered: bool, problem: str = "") -> None:
        """Offer the relay as the first choice, or say why it cannot be; without one say nothing."""
        can = offered and not problem
        if can != self._offered:
            self._offered = can
            self.way.set_value(RELAY if can else FILE)
        self.way.setVisible(can)
        self._no_relay.set_text(self._ctx.tr.gettext(problem) if offered else "")
        self._no_relay.setVisible(offered and bool(problem))
        self._show_way()

    def _show_way(self) -> None:
        tr, relay = self._ctx.tr, self.by_relay
        self._by_relay.setVisible(relay)
        self._as_file.setVisible(not relay)
        self._folder_bar.setVisible(not relay)
        if relay:
            self._hint.set_text(tr.gettext("Er is nog niets verstuurd: eerst wordt het verzegeld."))
        else:
            self._hint.set_text(
                tr.gettext("Er is nog niets verstuurd. Dat doe je zelf, met dit bestand.")
            )
        self.chosen.emit()

    def _lines(self, *lines: tuple[str, str]) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._ctx.theme.gap(12))
        for icon, text in lines:
            self._add_line(column, icon, text)
        return holder

    def _add_line(self, column: QVBoxLayout, icon: str, text: str) -> None:
        theme = self._ctx.theme
        row = QHBoxLayout()
        column.addLayout(row)
        row.setSpacing(theme.gap(12))
        row.addWidget(IconLabel(theme, icon, color="muted", size=20), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Body(theme, text), 1)

    def show_sealing(self, *, on: bool) -> None:
        """Show the progress instead of the choice of a folder, or the other way round."""
        self.choose.setEnabled(not on)
        self.way.setEnabled(not on)
        if on:
            self.progress.start()
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
