"""The client's own button to hear the question: a picture, as large as the one for a pause."""

from __future__ import annotations

from typing import Any, Protocol

from intake_app.ui.kit.buttons import QuietButton
from intake_app.ui.theme import Theme
from intake_app.xforms import NodeKey


class Reader(Protocol):
    """What reads aloud; `changed` is a signal: another text is being said, or none."""

    changed: Any

    @property
    def key(self) -> NodeKey | None: ...
    def can_read(self, key: NodeKey) -> bool: ...
    def toggle(self, key: NodeKey) -> None: ...


class HearButton(QuietButton):
    """Shows only where there is something to hear; pressed again it is silence.

    Why a question cannot be heard is for the colleague: the client is never told what is missing.
    """

    def __init__(self, theme: Theme, name: str, reader: Reader | None) -> None:
        super().__init__(theme, "", icon="speaker", name="client-hear", factor=1.4)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self._reader = reader
        self._question: NodeKey | None = None
        # what is checked follows what is heard, not the tap
        self.clicked.connect(lambda on: self.setChecked(not on))
        self.clicked.connect(self._tapped)
        if reader is not None:
            reader.changed.connect(self._heard)
        self.hide()

    def show_for(self, key: NodeKey | None) -> None:
        """Offer to read a question; None while there is none the client may see."""
        self._question = key
        reader = self._reader
        self.setVisible(key is not None and reader is not None and reader.can_read(key))
        self._heard()

    def _tapped(self) -> None:
        if self._reader is not None and self._question is not None:
            self._reader.toggle(self._question)
            # it may have turned out that nothing speaks this language
            self.show_for(self._question)

    def _heard(self) -> None:
        reader, key = self._reader, self._question
        self.setChecked(key is not None and reader is not None and reader.key == key)
