"""The warning in the top line that the program is about to lock."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.lock import Locker
from intake_app.ui.shell import Shell


class LockWarning(QObject):
    """Counts down in the top line, and says again what was true when somebody goes on."""

    def __init__(self, shell: Shell, locker: Locker, words: Callable[[], UiTexts]) -> None:
        """Warn when `locker` does, in the language `words` gives."""
        super().__init__(locker)
        self._shell, self._words = shell, words
        self._before, self._warning = "", ""
        locker.warned.connect(self._warn)
        locker.calmed.connect(self._calm)

    def _warn(self, seconds: int) -> None:
        words = self._words().ngettext(
            "Vergrendelt over {n} seconde", "Vergrendelt over {n} seconden", seconds
        )
        shown = self._shell.saved_text()
        self._before = self._before if shown == self._warning else shown
        self._warning = words.format(n=seconds)
        self._shell.set_saved(self._warning)

    def _calm(self) -> None:
        """Say again what was true before the warning; what was said since stays."""
        if self._shell.saved_text() == self._warning:
            self._shell.set_saved(self._before)
        self._before, self._warning = "", ""
