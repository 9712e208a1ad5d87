"""Making sure that what was deleted is gone from the files too.

`secure_delete` writes zeros over deleted rows, and the search index drops its words, but a page of
SQLite that was filled anew can keep old bytes between its rows (measured: 15 places in 11 of 67
removed persons). So the whole database is written anew without them: into an encrypted file beside
it (constant memory; VACUUM itself would hold the database in memory, for temporary files on disk
are plain text), and from there, as one transaction, over the old pages.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from intake_app.vault import folder as places
from intake_app.vault import sealed_copy
from intake_app.vault.errors import DiskFull, StorageFailed, VaultDamaged, VaultError
from intake_app.vault.files import sync_folder
from intake_app.vault.inside import database_key, nobody_writes
from intake_app.vault.transaction import TRANSLATED, translated

if TYPE_CHECKING:
    from intake_app.vault.vault import Vault

CLEAN_COPY: Final = places.CLEAN_COPY
_MIGRATED: Final = "kopie-van-versie-*"
_PAGES_AT_ONCE: Final = 256
_ROOM_TO_SPARE: Final = 16 << 20


class NotScrubbed(VaultError):
    """Rows are deleted, but bytes of them may still be in the files; try again later."""

    sentence = (
        "De gegevens zijn verwijderd, maar de bestanden van de kluis konden nog niet helemaal "
        "worden opgeschoond. Er is te weinig ruimte, of er wordt nog iets gelezen. Maak ruimte "
        "vrij en kies bij Bewaren voor Opschonen."
    )


def scrub(vault: Vault) -> None:
    """Write the database anew, so that nothing is left of what was deleted; copies go too.

    Copies that were kept when the vault was migrated hold everything that was in it then, so they
    are removed. Nobody writes meanwhile; who reads goes on. Stopped at any moment, the database is
    the old or the new one. Raises NotScrubbed, and VaultLocked when closed.
    """
    folder = vault.folder
    copy = folder / CLEAN_COPY
    key = database_key(vault)
    try:
        _drop_copies(folder)
        with nobody_writes(vault) as connection:
            _write_anew(connection, copy, key)
            if not _log_is_empty(connection):
                raise NotScrubbed
    except TRANSLATED as error:
        failure = translated(error)
        if isinstance(failure, DiskFull | StorageFailed):
            raise NotScrubbed from None
        raise failure from None
    finally:
        with suppress(OSError):
            copy.unlink(missing_ok=True)


def clear_log(vault: Vault) -> bool:
    """Cut off the log, which keeps earlier content of pages; False while somebody still reads."""
    with nobody_writes(vault) as connection:
        return _log_is_empty(connection)


def _write_anew(connection: Any, copy: Path, key: bytes) -> None:
    copy.unlink(missing_ok=True)
    _log_is_empty(connection)
    size = (copy.parent / places.DATABASE).stat().st_size
    # The clean copy, and the log through which it replaces the old pages.
    if shutil.disk_usage(copy.parent).free < 2 * size + _ROOM_TO_SPARE:
        raise NotScrubbed
    connection.execute("VACUUM INTO ?", (str(copy),))
    copy.chmod(0o600)
    try:
        clean = sealed_copy.open_whole(copy, key)
    except VaultDamaged:
        # Written with the key of before: a new master key still waits for room.
        raise NotScrubbed from None
    try:
        if sealed_copy.damage(clean):
            raise NotScrubbed
        clean.backup(connection, pages=_PAGES_AT_ONCE)
    finally:
        clean.close()


def _log_is_empty(connection: Any) -> bool:
    """Write the log back into the database and cut it off; False when somebody still reads it."""
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _drop_copies(folder: Path) -> None:
    for copy in folder.glob(_MIGRATED):
        shutil.rmtree(copy)
    sync_folder(folder)
