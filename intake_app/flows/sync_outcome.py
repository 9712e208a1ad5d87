"""How a try of one item ends: kept with the item, so that nothing is ever forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from intake_app.domain.transport import OutboxKind
from intake_app.flows.acting import actor_of
from intake_app.sync import backoff
from intake_app.sync.errors import Later, Paused, Reason, SyncError
from intake_app.vault.errors import (
    DiskFull,
    StorageFailed,
    VaultDamaged,
    VaultError,
    VaultLocked,
)
from intake_app.vault.stores.outbox import with_attempt

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from intake_app.domain.transport import OutboxItem
    from intake_app.flows.sync_report import Tally
    from intake_app.vault import Vault

UNREACHABLE: Final = frozenset({Reason.NO_CONNECTION, Reason.SLOW})
PURPOSE: Final = "onderweg"
_REASONS: Final[dict[type[VaultError], Reason]] = {DiskFull: Reason.DISK_FULL}


class Passing:
    """Runs the items of one pass apart from each other; says when the pass should end."""

    def __init__(self, vault: Vault, tally: Tally) -> None:
        self._vault, self._tally = vault, tally
        self._unreached = 0

    def go(self, what: Callable[[], None], item: OutboxItem | None) -> bool:
        """Do one thing; False when the relay cannot be used any further in this pass.

        Whatever it raises, its item stays. Only VaultLocked passes through.
        """
        try:
            return self._tried(what, item)
        except VaultLocked:
            raise
        except VaultError as error:
            # What went wrong could not even be written down: nothing else can be either.
            self._tally.paused = _REASONS.get(type(error), Reason.UNKNOWN)
            return False

    def _tried(self, what: Callable[[], None], item: OutboxItem | None) -> bool:
        try:
            what()
        except (VaultLocked, DiskFull, StorageFailed, VaultDamaged):
            raise
        except Paused as error:
            self._tally.paused = error.reason
            return False
        except Later as error:
            return self._later(error, item)
        except SyncError as error:
            self.failed(item, error.reason)
        except Exception:  # noqa: BLE001  (an error nobody foresaw must never lose an item)
            self.failed(item, Reason.UNKNOWN)
        else:
            self._unreached = 0
        return True

    def _later(self, error: Later, item: OutboxItem | None) -> bool:
        self.failed(item, error.reason, error.retry_after)
        if error.retry_after:
            wait = backoff.wait(1, 0.0, error.retry_after)
            self._tally.wait_until = self._vault.env.now() + wait
            if item is not None:
                self._all_wait(item.kind is OutboxKind.BEWIJS, self._tally.wait_until)
            return False
        if error.reason in UNREACHABLE:
            # One item that fails may be its own fault; two in a row are the connection's.
            self._unreached += 1
            return self._unreached < 2
        return True

    def _all_wait(self, receipts: bool, until: datetime) -> None:
        """Have everything for that relay wait: who asked was the relay, not the item."""
        vault = self._vault
        with vault.transaction(actor_of(vault), PURPOSE) as tx:
            now = vault.env.now()
            for held in tx.outbox.open():
                is_same_way = (held.kind is OutboxKind.BEWIJS) == receipts
                if is_same_way and (held.next_try is None or held.next_try < until):
                    tx.outbox.note(replace(held, tried_at=now, next_try=until))

    def failed(
        self, item: OutboxItem | None, reason: Reason, retry_after: float | None = None
    ) -> None:
        """Count a failure, and keep with the item when it is tried again."""
        self._tally.failed += 1
        if item is None:
            return
        vault = self._vault
        with vault.transaction(actor_of(vault), PURPOSE) as tx:
            now = vault.env.now()
            held = tx.outbox.get(item.item_id)
            if held is None:
                return
            tries = held.tries + 1
            wait = backoff.wait(tries, vault.env.fraction(), retry_after)
            tx.outbox.note(
                replace(
                    held,
                    tries=tries,
                    tried_at=now,
                    next_try=now + wait,
                    reason=reason.value,
                    history=with_attempt(held.history, now, reason.value),
                )
            )
