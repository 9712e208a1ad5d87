"""One quiet line in the place Overdracht: how sync stands, and the way to Onderweg."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from intake_app.ui.kit import LinkButton, Text
from intake_app.ui.sync.words import top_line

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext


class SyncLine(QWidget):
    """What the top line says, also where that has no room; not there without a relay."""

    def __init__(self, ctx: AppContext) -> None:
        super().__init__()
        self._ctx = ctx
        theme, tr = ctx.theme, ctx.tr
        self.setObjectName("sync-line")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.gap(12))
        self._text = Text(theme, "", color="muted")
        row.addWidget(self._text, 1)
        look = LinkButton(theme, tr.gettext("Onderweg bekijken"), name="sync-line-open")
        look.clicked.connect(ctx.navigate.open_sync)
        row.addWidget(look)
        self.hide()
        if ctx.sync is not None:
            ctx.sync.changed.connect(self._show)
            self._show()

    def _show(self) -> None:
        said = top_line(self._ctx)
        self._text.set_text(said.text)
        self._text.set_color("warn" if said.alarm else "muted")
        self.setVisible(said.leads)
