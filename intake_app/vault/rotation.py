"""A new master key for an open vault, step by step (see `rekey`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from intake_app.crypto.slots import EarlierSlotLeft, KeyFile, OpenedSlot, subkey
from intake_app.vault import folder as places
from intake_app.vault import keys, rekey
from intake_app.vault.errors import NotUnlockedYet, VaultError
from intake_app.vault.opening import engines
from intake_app.vault.reserve import Reserve

if TYPE_CHECKING:
    from intake_app.vault.vault import Vault


@contextmanager
def unlocked_meanwhile() -> Iterator[None]:
    """Say in Dutch that a colleague has to unlock first."""
    try:
        yield
    except (EarlierSlotLeft, ValueError):
        raise NotUnlockedYet from None


def rotate(vault: Vault, present: KeyFile, wanted: KeyFile, opened: OpenedSlot) -> KeyFile:
    """Give the database a new master key, with the slots of `wanted`; return the key file.

    `present` is what is on disk. When the database cannot get the new key, it is put back. Once the
    database has it, nothing fails any more: where there is no room for the key file without the old
    key, the one that knows both stays, and the next unlock finishes.
    """
    folder = vault.folder
    if wanted.former is not None:
        # An earlier change could not be finished for want of room: finish that one first.
        raise VaultError(
            "De vorige vernieuwing van de hoofdsleutel is nog niet klaar. Er is niets veranderd. "
            "Maak ruimte vrij op de schijf, sluit de kluis, ontgrendel hem en probeer het opnieuw."
        )
    with unlocked_meanwhile():
        between, master = wanted.rotate(opened.master, random=vault.env.random)
    old = subkey(opened.master, present.db, rekey.PURPOSE)
    new = subkey(master, present.db, rekey.PURPOSE)
    with vault.alone() as before:
        before.reserve.make_room()
        try:
            keys.write(folder, between)
            rekey.change(folder / places.DATABASE, old, new)
        except VaultError:
            before.reserve.give_up()
            try:
                has_old = rekey.opens(folder / places.DATABASE, old)
                has_new = not has_old and rekey.opens(folder / places.DATABASE, new)
            except VaultError:
                vault.drop()
                raise
            if has_old:
                keys.write(folder, present.after(between.generation, opened.master))
                raise
            if not has_new:
                # It cannot be told now; the key file that is there knows both keys.
                vault.drop()
                raise
        writer, readers = engines(folder, new)
        now = replace(before, writer=writer, readers=readers, master=master)
        vault.replace_keys(now)
        own = replace(opened, master=master)
        after = between.without_former(master).refreshed(own, random=vault.env.random)
        # Before the last key file: whoever opens after a stop here removes them as well.
        rekey.remove_old_copies(folder)
        return _written(before.reserve, folder, after) or between


def _written(reserve: Reserve, folder: Path, key_file: KeyFile) -> KeyFile | None:
    """Write the key file, with the room that is kept free if need be; None where that fails too."""
    for more_room in (True, False):
        try:
            keys.write(folder, key_file)
        except VaultError:
            if more_room and reserve.give_up():
                continue
            return None
        return key_file
    return None
