"""Emergency wipe: make a vault unreadable first, then remove it.

What counts is that the key is gone: the secret in the system's key store and both copies of the key
file. On flash memory an overwritten file may still lie in a worn-out block, so what is promised is
only that nothing in the folder opens any more, and whoever took a copy of the key file before
still needs a passphrase. Backups elsewhere stay as they are.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intake_app.vault import folder as places
from intake_app.vault.errors import NotAVault, VaultError
from intake_app.vault.files import FolderLock, sync_folder

if TYPE_CHECKING:
    from intake_app.vault.keystore import Keystore

_KEY_FILES: Final = (places.KEY_FILE, places.SPARE_KEY_FILE)
_COPIES: Final = ("kopie-van-versie-*", "terugzetten")
_LEFT_OVER: Final = (*(f"{name}.nieuw" for name in _KEY_FILES), "pogingen.json*", "laatste.json*")
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Wiped:
    """What came of it; everything true means that nothing of the vault is left in its folder."""

    keys_gone: bool
    """No key file is left: nothing here opens any more, whatever is left of the database."""
    keystore_gone: bool
    """The second factor is gone from the system's key store, or there was none."""
    left: tuple[str, ...]
    """Names of files that could not be removed."""

    @property
    def complete(self) -> bool:
        """True when nothing is left."""
        return self.keys_gone and self.keystore_gone and not self.left


def wipe(
    folder: Path,
    *,
    random: Callable[[int], bytes],
    keystore: Keystore | None = None,
    secrets: Iterable[str] = (),
) -> Wiped:
    """Wipe the vault in `folder`, which nobody has open; goes on where something fails.

    `secrets` are the names in the key store to forget. The order is that of what matters: first
    the key store, then the key files (overwritten, synced, removed), then the database with its
    log and every copy of it. A wipe that is stopped can be done again. Raises NotAVault where
    nothing of a vault is, VaultInUse when a window still has it open.
    """
    if not folder.is_dir() or not any(_everything(folder)):
        raise NotAVault
    lock = FolderLock(folder / places.LOCK)
    try:
        forgotten = _forget(keystore, secrets)
        for copy in _key_files(folder):
            _overwrite(copy, random)
            with suppress(OSError):
                copy.unlink()
        with suppress(OSError):
            sync_folder(folder)
        for path in _everything(folder):
            _remove(path)
        with suppress(OSError):
            sync_folder(folder)
    finally:
        lock.release()
    with suppress(OSError):
        (folder / places.LOCK).unlink()
    left = tuple(sorted(path.name for path in _everything(folder)))
    return Wiped(not any(_key_files(folder)), forgotten, left)


def _forget(keystore: Keystore | None, secrets: Iterable[str]) -> bool:
    forgotten = True
    for name in secrets:
        if keystore is None:
            return False
        try:
            keystore.drop(name)
        except VaultError:
            forgotten = False
    return forgotten


def _key_files(folder: Path) -> list[Path]:
    """Return every copy of the key file, those kept before migrations included."""
    found = [folder / name for name in _KEY_FILES]
    found += [folder / f"{name}.nieuw" for name in _KEY_FILES]
    for pattern in _COPIES:
        found += [path / name for path in folder.glob(pattern) for name in _KEY_FILES]
    return [path for path in found if path.is_file()]


def _everything(folder: Path) -> list[Path]:
    """Return what belongs to the vault in its folder, but the lock; nothing else is touched."""
    named = (
        *_KEY_FILES, places.DATABASE, places.UNBORN, places.CARD, places.RESERVE,
        places.DATABASE + ".schoon", places.CARD + ".nieuw", places.RESCUED,
    )  # fmt: skip
    found = {folder / name for name in named}
    for base in (places.DATABASE, places.UNBORN, places.DATABASE + ".schoon"):
        found |= {folder / (base + end) for end in ("-wal", "-shm", "-journal")}
    for pattern in (*_COPIES, *(f"{pattern}.nieuw" for pattern in _COPIES), *_LEFT_OVER):
        found |= set(folder.glob(pattern))
    return sorted(path for path in found if path.exists() or path.is_symlink())


def _overwrite(path: Path, random: Callable[[int], bytes]) -> None:
    """Write random bytes over a file and sync it; on flash memory that is no guarantee."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            size = os.fstat(descriptor).st_size
            for start in range(0, size, _PIECE):
                os.write(descriptor, random(min(_PIECE, size - start)))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
