"""Somebody at this keyboard for one moment: to confirm something with their own passphrase."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.flows.unlock import RunningTime, confirmation

if TYPE_CHECKING:
    from pathlib import Path

    from intake_app.vault import Vault
    from intake_app.vault.keystore import Keystore
    from intake_app.vault.restore import Opener, Unlocked


def who_has(vault: Vault, passphrase: str, clock: RunningTime | None = None) -> UUID:
    """Return the user whose passphrase this is; the vault stays that of whoever unlocked it.

    A key file that leads to another master key than that of the open vault names nobody: it was put
    there. Raises KeyFileDoesNotFit for one, and as `who_opens`.
    """
    from intake_app.flows.access import confirming
    from intake_app.vault import keys
    from intake_app.vault.errors import KeyFileDoesNotFit
    from intake_app.vault.keystore import asking

    opened = vault.unlocked()
    with confirming(vault, clock):
        _, found = keys.open_with(vault.folder, passphrase, asking(opened.keystore))
    if not hmac.compare_digest(found.master, opened.master):
        raise KeyFileDoesNotFit
    return found.user_id


def who_opens(
    folder: Path, passphrase: str, keystore: Keystore | None, clock: RunningTime | None = None
) -> UUID:
    """Return the user of the vault in `folder` whose passphrase this is; nothing is opened.

    Raises as `opener` does.
    """
    user_id = opener(passphrase, keystore, clock)(folder).user_id
    assert user_id is not None  # noqa: S101  (a passphrase is always somebody's)
    return user_id


def opener(passphrase: str, keystore: Keystore | None, clock: RunningTime | None = None) -> Opener:
    """Return what opens the key file in a folder with a passphrase, as many times as may be.

    A wrong one counts for the same growing pause as at unlocking, before it is tried; a right one
    does not make it forgotten. The returned function raises TooSoon, WrongPassphrase, VaultNewer,
    and VaultDamaged when no copy of the key file is whole.
    """

    def open_it(folder: Path) -> Unlocked:
        from intake_app.vault import keys
        from intake_app.vault.keystore import asking
        from intake_app.vault.restore import Unlocked

        with confirmation(folder, clock):
            key_file, slot = keys.open_with(folder, passphrase, asking(keystore))
        return Unlocked(key_file, slot.master, slot.user_id)

    return open_it
