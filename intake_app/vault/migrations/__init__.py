"""The steps from an empty database to the present version, in raw SQL and frozen for ever.

`STEPS[n]` brings version n to n + 1: statements, and functions of the connection where words have
to be made that SQL cannot. They never import the schema: that only knows today's.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from intake_app.vault.errors import VaultDamaged, VaultNewer
from intake_app.vault.files import sync_folder
from intake_app.vault.migrations import (
    m0001_initial,
    m0002_worklist,
    m0003_keeping,
    m0004_sync,
    m0005_answer_files,
)

Step = tuple[str | Callable[[Any], None], ...]

STEPS: Final[tuple[Step, ...]] = (
    m0001_initial.STATEMENTS,
    m0002_worklist.STATEMENTS,
    m0003_keeping.STATEMENTS,
    m0004_sync.STATEMENTS,
    m0005_answer_files.STATEMENTS,
)
LATEST: Final = len(STEPS)
_PIECE: Final = 1 << 20
APPLICATION_ID: Final = 0x444C4B31
"""'DLK1', in the header of the decrypted database."""


def version_of(connection: Any) -> int:
    """Return the version of an existing vault's database.

    Raises VaultNewer for one of a newer program, VaultDamaged for what is no vault's.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID or version < 1:
        raise VaultDamaged
    if version > LATEST:
        raise VaultNewer
    return int(version)


def migrate(connection: Any, version: int) -> None:
    """Bring the database from `version` (0: empty) to the latest in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in STEPS[version:]:
            for statement in step:
                if callable(statement):
                    statement(connection)
                else:
                    connection.execute(statement)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={LATEST}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def keep_copy(connection: Any, files: tuple[Path, ...], target: Path) -> None:
    """Copy the encrypted files of a vault into the new folder `target`, the log written back.

    Raises OSError; an earlier copy in `target`, of a migration that was interrupted, is replaced.
    """
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    unfinished = target.with_name(target.name + ".nieuw")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    for file in files:
        with file.open("rb") as source, (unfinished / file.name).open("xb") as copy:
            (unfinished / file.name).chmod(0o600)
            shutil.copyfileobj(source, copy, _PIECE)
            copy.flush()
            os.fsync(copy.fileno())
    sync_folder(unfinished)
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)
    sync_folder(target.parent)
