"""Between the windows and the thread of sync: wishes go down, news comes up as a Qt signal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from intake_app.flows import relays, sync_locked
from intake_app.flows.sync_turn import News, Phase, VaultTurn
from intake_app.flows.sync_worker import Cause, SyncWorker
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.flows.relays import RelayPlace, SyncSettings
    from intake_app.sync.driver import Box
    from intake_app.ui.bridge import VaultBridge
    from intake_app.ui.sync.reachability import Reachability
    from intake_app.vault import Vault, VaultEvent

KINDS = frozenset({"outbox", "arrival", "handover", "receipt"})
"""Events of the vault after which sync may stand otherwise."""
_PATIENCE = 0.3
"""Seconds that locking waits for a part that is on its way."""


class SyncBridge(QObject):
    """Has the thread of sync work as soon as a relay is set up, and not before.

    `changed()` comes in the thread of the windows after news of the thread and after what the
    vault stored about sync. `connect` makes a connection out of a place.
    """

    changed = Signal()
    _told = Signal(object)

    def __init__(
        self,
        vault: Vault,
        events: VaultBridge,
        *,
        connect: Callable[[RelayPlace], Box] | None = None,
        reachability: Callable[[QObject], Reachability] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._vault = vault
        self._connect = connect or connect_place
        self._make_reachability = reachability or _reachability
        self._reachability: Reachability | None = None
        self._worker: SyncWorker | None = None
        self._turn: VaultTurn | None = None
        self._settings: SyncSettings | None = None
        self.news = News()
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)
        events.changed.connect(self._heard)

    def begin(self) -> None:
        """Start the thread when a relay is set up; when it runs already this does nothing."""
        self._settings = relays.settings(self._vault)
        if self._worker is not None or not self._settings.is_set_up:
            return
        with suppress(OSError):
            sync_locked.call_back(self._vault)
        self._reachability = self._make_reachability(self)
        self._reachability.back.connect(lambda: self.wake(Cause.REACHABLE))
        self._turn = VaultTurn(
            self._vault,
            connect=self._connect,
            is_metered=self._reachability.is_metered,
            told=self._tell,
        )
        self._worker = SyncWorker(self._turn)
        self._worker.start()

    @property
    def is_set_up(self) -> bool:
        """True when there is a relay."""
        return self._settings is not None and self._settings.is_set_up

    @property
    def sends(self) -> bool:
        """True when dossiers can travel by a relay."""
        return self._settings is not None and self._settings.send is not None

    @property
    def held(self) -> bool:
        """True after `cancel`, until somebody asks to try again."""
        return self._worker is not None and self._worker.held

    def wake(self, cause: Cause = Cause.CHANGED) -> None:
        """Have a look soon: something was sealed, withdrawn or decided on."""
        if self._worker is not None:
            self._worker.wake(cause)

    def try_now(self) -> None:
        """Try everything now, whatever its waiting time, and go on after `cancel`."""
        self.wake(Cause.CLICK)
        self.changed.emit()

    def allow_metered(self) -> None:
        """Send on this metered connection too."""
        if self._turn is not None:
            self._turn.allow_metered()
        self.try_now()

    def cancel(self) -> None:
        """Stop between two parts; what was sent stays, and nothing is lost."""
        if self._worker is not None:
            self._worker.cancel()
        self.changed.emit()

    def stop(self) -> None:
        """End the thread, before the vault closes; a part on its way is not waited for long."""
        if self._worker is not None:
            self._worker.stop(_PATIENCE)

    def errand(self) -> bytes | None:
        """End the thread and return what may be sent on while locked; None for nothing.

        Locking never fails for this: whatever goes wrong, nothing goes on.
        """
        if self._worker is None or self.held:
            return None
        self.stop()
        metered = self._reachability is not None and self._reachability.is_metered()
        try:
            found = sync_locked.prepare(self._vault, is_metered=metered)
        except (VaultError, OSError):
            return None
        return sync_locked.to_bytes(found) if found is not None else None

    def _tell(self, news: News) -> None:
        # on the thread of sync, where the windows may be gone already
        if isValid(self):
            self._told.emit(news)

    def _take(self, news: News) -> None:
        if self.held and news.phase is Phase.BUSY:
            news = News()
        self.news = news
        self.changed.emit()

    def _heard(self, event: VaultEvent) -> None:
        if event.kind == "setting":
            before = self._settings
            self._settings = relays.settings(self._vault)
            if self._settings == before:
                return
            if self._worker is None:
                self.begin()
            else:
                self.wake()
            self.changed.emit()
        elif event.kind in KINDS:
            self.changed.emit()


def connect_place(place: RelayPlace) -> Box:
    """Return the connection to a place, by the proxy that this desktop says."""
    from intake_app.sync.connecting import box
    from intake_app.ui.sync.proxy import SystemProxies

    return box(place, proxy=SystemProxies())


def _reachability(parent: QObject) -> Reachability:
    from intake_app.ui.sync.reachability import Reachability

    return Reachability(parent)
