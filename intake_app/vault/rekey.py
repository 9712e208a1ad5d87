"""Giving the database another key, so that a machine that stops anywhere loses nothing.

    1. the key file that knows the new master key, and the old one under it, is durable;
    2. PRAGMA rekey: one transaction over every page, so the database has the one key or the other;
    3. copies that the old key opens are removed; the key file that knows only the new one.

Whoever opens the vault after a stop in between finishes with step 2 or 3.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from intake_app.crypto.slots import KeyFile, MasterKey, subkey
from intake_app.vault import engine
from intake_app.vault import folder as places
from intake_app.vault.errors import KeyFileDoesNotFit, VaultBusy, VaultDamaged, VaultError
from intake_app.vault.files import sync_folder
from intake_app.vault.transaction import TRANSLATED, translated

PURPOSE: str = "sqlcipher"


@dataclass(frozen=True, slots=True)
class Settled:
    """The key the database has now, and the key file to write when it is not the one on disk."""

    database_key: bytes = field(repr=False)
    key_file: KeyFile


def database_key(master: MasterKey, key_file: KeyFile) -> bytes:
    """Return the raw key of the database under this master key."""
    return subkey(master, key_file.db, PURPOSE)


def change(database: Path, old: bytes, new: bytes) -> None:
    """Give the database at `database` the key `new`; nobody else may have it open.

    On return every page is written with it, in the file itself. Raises VaultDamaged if `old` does
    not open it, VaultBusy when somebody has it open after all, DiskFull or StorageFailed; the
    database then still has the key `old`. Only for who comes in between there is VaultBusy with the
    key `new`, of which the pages still stand in the log: the next one to open it writes them back.
    """
    if len(new) != 32:
        raise ValueError("a raw key has 32 bytes")
    try:
        connection = engine.connect(
            database, old, cache_kib=engine.WRITER_CACHE_KIB, read_only=False
        )
        try:
            _refuse_others(connection)
            connection.execute(f"PRAGMA rekey=\"x'{new.hex()}'\"")
            (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise VaultBusy
        finally:
            connection.close()
        if not opens(database, new):
            raise VaultDamaged
    except TRANSLATED as error:
        raise translated(error) from None


def _refuse_others(connection: Any) -> None:
    """Raise VaultBusy unless this is the only connection; the log is written back meanwhile.

    With another connection the pages with the new key would stay in the log. Leaving the mode with
    a log asks for the file alone, which is the only way to be told; it is not changed for longer.
    """
    from sqlcipher3 import dbapi2

    try:
        (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except dbapi2.OperationalError as error:
        if not str(getattr(error, "sqlite_errorname", "")).startswith("SQLITE_BUSY"):
            raise
        raise VaultBusy from None
    if mode != "delete":
        raise VaultBusy
    connection.execute("PRAGMA journal_mode=WAL").fetchone()


def opens(database: Path, key: bytes) -> bool:
    """True if `key` opens the database. Raises DiskFull or StorageFailed when it cannot be told."""
    try:
        engine.connect(database, key, cache_kib=engine.READER_CACHE_KIB, read_only=True).close()
    except VaultDamaged:
        return False
    except TRANSLATED as error:
        raise translated(error) from None
    return True


def settle(folder: Path, key_file: KeyFile, master: MasterKey) -> Settled:
    """Return the key that opens the database, after a change that was interrupted was finished.

    Where there is no room to finish, the database is used with its old key and the next opening
    tries again. Nothing is written to the key file here. Raises KeyFileDoesNotFit when neither
    key opens the database.
    """
    database = folder / places.DATABASE
    new = database_key(master, key_file)
    former = key_file.former_master(master)
    if former is None:
        if not opens(database, new):
            raise KeyFileDoesNotFit
        return Settled(new, key_file)
    if not opens(database, new):
        old = database_key(former, key_file)
        if not opens(database, old):
            raise KeyFileDoesNotFit
        try:
            change(database, old, new)
        except VaultError:
            if opens(database, old):
                return Settled(old, key_file)
            raise
    return Settled(new, key_file.without_former(master))


def remove_old_copies(folder: Path) -> None:
    """Remove the copies that the master key that was replaced opens.

    Those are kept before migrations, or left by cleaning the files when the machine stopped.
    """
    with suppress(OSError):
        (folder / places.CLEAN_COPY).unlink(missing_ok=True)
        copies = [path for path in folder.glob("kopie-van-versie-*") if path.is_dir()]
        for copy in copies:
            shutil.rmtree(copy, ignore_errors=True)
        if copies:
            sync_folder(folder)
