"""What the vault tells after a commit, as a Qt signal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from intake_app.vault import Vault, VaultEvent


class VaultBridge(QObject):
    """Emits `changed(VaultEvent)` in the thread it lives in, whichever thread committed."""

    changed = Signal(object)

    def __init__(self, vault: Vault, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop: Callable[[], None] | None = vault.subscribe(self._heard)

    def _heard(self, event: VaultEvent) -> None:
        self.changed.emit(event)

    def stop(self) -> None:
        """Listen no more; to be called before the vault closes. Harmless twice."""
        if self._stop is not None:
            self._stop()
            self._stop = None
