"""Opening a database that stands alone in one file: in a backup, or one that is being made.

Such a file has no log beside it, is used by this process only, and may be on a stick or a share
that cannot lock files.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from intake_app.vault import engine
from intake_app.vault.errors import VaultDamaged

_NO_LOCKS: Final = "win32-none" if sys.platform == "win32" else "unix-none"


def open_new(path: Path, key: bytes) -> Any:
    """Return a connection that makes a database at `path`; nothing is synced, nothing is logged."""
    connection = _connected(path, key, f"vfs={_NO_LOCKS}")
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA temp_store=MEMORY")
    return connection


def open_whole(path: Path, key: bytes) -> Any:
    """Return a connection that only reads the database at `path`, which nobody changes.

    Raises VaultDamaged if it does not open with this key.
    """
    return _readable(_connected(path, key, "mode=ro&immutable=1"))


def open_alone(path: Path, key: bytes) -> Any:
    """Return a connection that may change the database at `path`, without a log beside it."""
    connection = _connected(path, key, f"vfs={_NO_LOCKS}")
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("PRAGMA journal_mode=MEMORY")
    connection.execute("PRAGMA temp_store=MEMORY")
    return connection


def open_beside(path: Path, key: bytes) -> Any:
    """Return a connection that only reads the database at `path` and the log beside it.

    Not a byte of either is changed and no file is made. Raises VaultDamaged if it does not open
    with this key.
    """
    connection = _connected(path, key, f"mode=ro&vfs={_NO_LOCKS}")
    # Else the index of the log would be a file; this way it is in memory.
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    return _readable(connection)


def damage(connection: Any) -> tuple[str, ...]:
    """Return what is wrong with the database in its file: nothing when it is whole.

    Each page is compared with its own MAC; then SQLite checks the structure and the search index.
    """
    (count,) = connection.execute("PRAGMA page_count").fetchone()
    found = [
        line
        for (line,) in connection.execute("PRAGMA cipher_integrity_check")
        if _page_of(line) <= int(count)
    ]
    if not found:
        found = [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
    return tuple(found)


def _page_of(line: str) -> int:
    """Return the page that a line of cipher_integrity_check is about, 0 when it does not say."""
    words = line.split()
    return next((int(word) for word in words if word.isdigit()), 0)


def _connected(path: Path, key: bytes, options: str) -> Any:
    if len(key) != 32:
        raise ValueError("a raw key has 32 bytes")
    from sqlcipher3 import dbapi2

    uri = f"file:{quote(path.absolute().as_posix())}?{options}"
    connection = dbapi2.connect(uri, uri=True, check_same_thread=False)
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute(f"PRAGMA cipher_memory_security={engine.MEMORY_SECURITY}")
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        if connection.execute("PRAGMA cipher_version").fetchone() is None:
            raise RuntimeError("this SQLite cannot encrypt")
        connection.isolation_level = None
    except BaseException:
        connection.close()
        raise
    return connection


def _readable(connection: Any) -> Any:
    from sqlcipher3 import dbapi2

    try:
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA cell_size_check=ON")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except dbapi2.DatabaseError:
        connection.close()
        raise VaultDamaged from None
    except BaseException:
        connection.close()
        raise
    return connection
