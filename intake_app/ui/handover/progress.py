"""How far the sealing is, in bytes, and the button that stops it."""

from __future__ import annotations

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Body
from intake_app.ui.progress import StoppableProgress, size_text
from intake_app.ui.theme import Theme


class SealProgress(StoppableProgress):
    """Shown while a dossier is sealed. `stopped` when the person wants to stop it."""

    def __init__(self, theme: Theme, tr: UiTexts) -> None:
        super().__init__(theme, tr, tr.gettext("Voortgang van het verzegelen"), name="seal")
        self._what = Body(theme, "", strong=True)
        self.column.insertWidget(0, self._what)
        self.stopped.connect(self._stopping)

    def start(self) -> None:
        """Show that it has begun; nothing is counted yet."""
        self._what.set_text(self._tr.gettext("Het dossier wordt verzegeld"))
        self.begin(self._tr.gettext("Het dossier wordt samengesteld."))
        self.show()

    def show_bytes(self, done: int, total: int) -> None:
        """Show how many bytes are sealed, of how many."""
        super().show_bytes(done, total)
        if done >= total:
            self.say(self._tr.gettext("Het bestand wordt teruggelezen en gecontroleerd."))
            return
        text = self._tr.gettext("{done} van {total} verzegeld")
        self.say(text.format(done=size_text(done), total=size_text(total)))

    def _stopping(self) -> None:
        self._what.set_text(self._tr.gettext("Het verzegelen wordt gestopt"))
