"""What the modules of this package need of an open vault beside transactions and snapshots.

Nothing outside `vault/` imports this: everybody else works through `Vault`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intake_app.vault.vault import Vault


def database_key(vault: Vault) -> bytes:
    """Return the raw key of the database that belongs to the master key in use.

    After a change of the master key that found no room, the database still has the one before;
    this one does not open it then. Raises VaultLocked.
    """
    from intake_app.crypto.slots import subkey

    return subkey(vault.unlocked().master, vault.info.vault_id, "sqlcipher")


@contextmanager
def reading(vault: Vault) -> Iterator[Any]:
    """Lend a DB-API connection that stands in one snapshot; writers go on beside it.

    Errors of the driver come as they are.
    """
    with (
        vault._gate.reading(),  # noqa: SLF001  (this module is the one door)
        vault.unlocked().readers.connect() as connection,
        connection.begin(),
    ):
        connection.exec_driver_sql("SELECT only_row FROM vault")
        try:
            yield connection.connection.dbapi_connection
        except BaseException:
            # After an error of the disk this connection would fail for ever.
            connection.invalidate()
            raise


@contextmanager
def nobody_writes(vault: Vault) -> Iterator[Any]:
    """Hold the turn of the writer and lend its DB-API connection, outside a transaction.

    Raises NestedTransaction inside a transaction of this thread, VaultLocked when closed.
    """
    vault._refuse_nesting()  # noqa: SLF001
    with vault._turn:  # noqa: SLF001
        raw = vault.unlocked().writer.raw_connection()
        try:
            yield raw.dbapi_connection
        except BaseException:
            raw.invalidate()
            raise
        finally:
            raw.close()
