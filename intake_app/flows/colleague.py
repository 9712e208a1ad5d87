"""Somebody at this keyboard for one moment: to confirm something with their own passphrase."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.flows.unlock import (
    ATTEMPTS,
    Attempts,
    RunningTime,
    TooSoon,
    _read,
    _write,
    running_time,
    wait_left,
)

if TYPE_CHECKING:
    from pathlib import Path

    from intake_app.vault import Vault
    from intake_app.vault.keystore import Keystore


def who_has(vault: Vault, passphrase: str, clock: RunningTime | None = None) -> UUID:
    """Return the user whose passphrase this is; the vault stays that of whoever unlocked it.

    Raises as `who_opens`.
    """
    return who_opens(vault.folder, passphrase, vault.unlocked().keystore, clock)


def who_opens(
    folder: Path, passphrase: str, keystore: Keystore | None, clock: RunningTime | None = None
) -> UUID:
    """Return the user of the vault in `folder` whose passphrase this is; nothing is opened.

    A wrong one counts for the same growing pause as at unlocking, before it is tried. Raises
    TooSoon, WrongPassphrase, VaultNewer, and VaultDamaged when no copy of the key file is whole.
    """
    from intake_app.vault import WrongPassphrase, keys

    clock = clock or running_time()
    left = wait_left(folder, clock)
    if left:
        raise TooSoon(left)
    before = _read(folder)
    _write(folder, Attempts(before.failures + 1, clock.boot_id, clock.seconds()))
    try:
        _, slot = keys.open_with(folder, passphrase, None if keystore is None else keystore.get)
    except WrongPassphrase:
        _write(folder, Attempts(before.failures + 1, clock.boot_id, clock.seconds()))
        raise
    except Exception:
        _write(folder, before)
        raise
    with suppress(OSError):
        (folder / ATTEMPTS).unlink(missing_ok=True)
    return slot.user_id
