"""One tile to say yes with, where a question only wants to know that something was understood."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from intake_app.ui.clientscreen.choices import TILE_FACTOR
from intake_app.ui.clientscreen.inputs import ClientInput, ClientTools
from intake_app.ui.clientscreen.tiles import ChoiceTile
from intake_app.xforms import QuestionView, ShownText

CONFIRMED = "OK"
"""The value of an acknowledgement, as XForms has it."""

YES = "Ja"


class YesTile(ClientInput):
    """Says that it is understood; a second tap takes that back."""

    def __init__(
        self, tools: ClientTools, view: QuestionView, parent: QWidget | None = None
    ) -> None:
        super().__init__(tools, parent)
        self._view = view
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        words = tools.words(YES) or ShownText("✓", tools.language)
        self.tile = ChoiceTile(
            self.theme,
            CONFIRMED,
            words,
            number=0,
            single=False,
            factor=TILE_FACTOR,
            pictogram="ja",
            parent=self,
        )
        self.tile.setEnabled(not view.readonly)
        self.tile.chosen.connect(self._tapped)
        row.addWidget(self.tile, 1)
        row.addStretch(1)

    @property
    def tiles(self) -> tuple[ChoiceTile, ...]:
        """Return the one tile."""
        return (self.tile,)

    def show_value(self, view: QuestionView) -> None:
        self._view = view
        self.tile.set_on(view.value == CONFIRMED)

    def texts(self) -> tuple[str, ...]:
        return (self.tile.text_shown,)

    def _tapped(self, _value: str) -> None:
        self.answered.emit("" if self._view.value == CONFIRMED else CONFIRMED)
