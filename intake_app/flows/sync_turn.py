"""One turn of sync for an open vault: send what is due, ask for receipts, receive.

What a turn does is in `flows.sync_now`; here is when it may, what it tells on the way, and when the
next one is due.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intake_app.flows import relays
from intake_app.flows.sync_worker import Cancelled, Cause
from intake_app.sync.connecting import RelayPlace
from intake_app.sync.errors import Reason, SyncError

if TYPE_CHECKING:
    from datetime import datetime

    from intake_app.flows.relays import SyncSettings
    from intake_app.sync.driver import Box
    from intake_app.vault import Vault

POLL_SECONDS: Final = 600.0
"""About how often receipts are asked for; from 80 % to 120 %, so that laptops spread themselves."""
PAUSED_SECONDS: Final = 300.0
"""So long after a login page, a refusal or a full relay; a click or a hint comes sooner."""
FOLDER_SECONDS: Final = 30.0
"""So long after a stick or share was gone: looking costs nothing there."""
_SOONEST: Final = 1.0


class Phase(StrEnum):
    """What the thread does now."""

    IDLE = "niets"
    BUSY = "bezig"
    ASKING = "vraag"
    """The connection is metered and much waits: somebody has to say yes."""


@dataclass(frozen=True, slots=True)
class News:
    """What a window shows besides what the vault says."""

    phase: Phase = Phase.IDLE
    done: int = 0
    total: int = 0
    """Bytes of the turn that runs; 0 as long as nothing is counted."""
    asks_for: int = 0
    """Bytes that wait for a yes."""
    reason: Reason | None = None
    """Why the relay could not be used at all in the last turn."""
    tried: bool = False
    """Whether something failed in the turn that ended; that is kept, and no event of the vault."""


class VaultTurn:
    """Does the turns of one open vault; see `sync_worker.Turn`.

    `connect` makes a connection out of a place, `is_metered` asks the platform, `told` hears the
    news on the thread that works. Raises VaultLocked when the vault is closed under it.
    """

    def __init__(
        self,
        vault: Vault,
        *,
        connect: Callable[[RelayPlace], Box],
        is_metered: Callable[[], bool] = lambda: False,
        told: Callable[[News], None] = lambda _news: None,
    ) -> None:
        self._vault, self._connect = vault, connect
        self._is_metered, self._told = is_metered, told
        self._allowed = False
        self._next: list[datetime] = []
        self._gone = False

    def allow_metered(self) -> None:
        """Send on a metered connection too, until nothing waits any more."""
        self._allowed = True

    def __call__(self, cause: Cause, cancelled: Cancelled) -> float | None:
        """Do a turn; return in how many seconds the next one is due."""
        wanted = relays.settings(self._vault)
        if wanted.send is None:
            self._clear_up(wanted)
        if not wanted.is_set_up:
            self._told(News())
            return None
        force = cause is Cause.CLICK or self._is_back(wanted)
        self._next = []
        news = News()
        if wanted.send is not None:
            news = self._send(wanted, cancelled, force=force)
        for place in self._boxes(wanted):
            if not cancelled():
                reason = self._receive(place, cancelled, force=force)
                news = replace(news, reason=news.reason or reason)
        self._told(news)
        return self._wait()

    def _clear_up(self, wanted: SyncSettings) -> None:
        """Remove ciphertexts that nobody needs; where nothing is sent no pass does it."""
        from intake_app.flows import sync_now

        sync_now.run_once(self._vault, self._connect, settings=wanted)

    def _is_back(self, wanted: SyncSettings) -> bool:
        """True when the stick or share that was gone is there again: then nothing has to wait."""
        place = wanted.send
        if not self._gone or place is None or place.kind != "folder":
            return False
        return Path(place.address).is_dir()

    def _boxes(self, wanted: SyncSettings) -> tuple[RelayPlace, ...]:
        """Return where something for this vault may lie, what a colleague handed on included."""
        from intake_app.flows.deliveries import DROP

        drop = self._vault.folder / DROP
        handed = (RelayPlace("folder", str(drop)),) if drop.is_dir() else ()
        return (*((wanted.receive,) if wanted.receive is not None else ()), *handed)

    def _send(self, wanted: SyncSettings, cancelled: Cancelled, *, force: bool) -> News:
        from intake_app.flows import sync_now

        waiting = sync_now.summary(self._vault).waiting_bytes
        if not waiting:
            self._allowed = False
        if waiting > wanted.ask_above_bytes and not self._allowed and self._is_metered():
            return News(Phase.ASKING, asks_for=waiting)
        self._told(News(Phase.BUSY, 0, waiting) if waiting else News())
        report = sync_now.run_once(
            self._vault,
            self._connect,
            settings=wanted,
            cancelled=cancelled,
            progress=self._busy,
            force=force,
        )
        self._note(report.next_at, report.paused)
        self._gone = sync_now.summary(self._vault).reason is Reason.FOLDER_GONE
        if self._gone:
            self._note(None, Reason.FOLDER_GONE)
        return News(reason=report.paused, tried=report.failed > 0 or report.paused is not None)

    def _receive(self, place: RelayPlace, cancelled: Cancelled, *, force: bool) -> Reason | None:
        from intake_app.flows import sync_now

        try:
            box = self._connect(place)
        except SyncError as error:
            self._note(None, error.reason)
            return error.reason
        try:
            report = sync_now.receive_once(
                self._vault, box, cancelled=cancelled, progress=self._busy, force=force
            )
        finally:
            box.close()
        gone = place.kind == "folder" and report.failed
        self._note(report.next_at, Reason.FOLDER_GONE if gone else report.paused)
        return report.paused

    def _note(self, at: datetime | None, paused: Reason | None) -> None:
        """Remember when the next turn is due; what is paused waits, whatever is due."""
        if paused is not None:
            seconds = FOLDER_SECONDS if paused is Reason.FOLDER_GONE else PAUSED_SECONDS
            self._next.append(self._vault.env.now() + timedelta(seconds=seconds))
        elif at is not None:
            self._next.append(at)

    def _busy(self, done: int, total: int) -> None:
        self._told(News(Phase.BUSY, done, total))

    def _wait(self) -> float:
        """Return when to look again: what is due first, or the next round of receipts."""
        now = self._vault.env.now()
        spread = 0.8 + 0.4 * self._vault.env.random(1)[0] / 255
        seconds = [(at - now).total_seconds() for at in self._next]
        return max(_SOONEST, min([POLL_SECONDS * spread, *seconds]))
