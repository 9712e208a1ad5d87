"""Showing anew what changed, once per burst of changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from intake_app.ui.bridge import VaultBridge
    from intake_app.vault import VaultEvent


class Refresh(QObject):
    """Calls `show` after vault events of these kinds (any when empty), never twice in a turn.

    It lives as long as its parent, the page that shows.
    """

    def __init__(
        self,
        parent: QObject,
        events: VaultBridge,
        show: Callable[[], None],
        kinds: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(show)
        events.changed.connect(self._heard)

    def _heard(self, event: VaultEvent) -> None:
        if not self._kinds or event.kind in self._kinds:
            self._timer.start()
