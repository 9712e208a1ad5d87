"""The encrypted database: connections that are safe to use, and nothing else.

Every connection is keyed with a raw 32-byte key before anything touches the file, refuses to be a
plain SQLite, keeps temporary data in memory and syncs each commit to the disk. The key is never
part of a URL, a message or a repr.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.pool import QueuePool

from intake_app.vault.errors import VaultDamaged

WRITER_CACHE_KIB: Final = 32 * 1024
READER_CACHE_KIB: Final = 8 * 1024

_READER_STATEMENTS: Final = 24
"""Prepared statements kept by a connection that reads. With more (Python keeps 128) they take all
of SQLite's quick memory, and every value of every row is allocated, locked and wiped on its own: a
list of 50,000 rows then takes four times as long."""

_WRITER_STATEMENTS: Final = 128
"""The same for the one that writes, a few rows at a time. The driver keeps the statements used
most and lets new ones drive each other out; preparing an answer anew costs twenty times as much as
storing it, for every piece of the statement is memory that is locked and wiped."""

_BREAKS_OFF: Final = ("SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CANTOPEN")
"""Errors after which a connection keeps failing, although the disk may be well again: SQLCipher
remembers them. A new connection does not."""

_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "busy_timeout=10000",
    "journal_size_limit=67108864",
    "wal_autocheckpoint=1000",
    "recursive_triggers=ON",
)


MEMORY_SECURITY = "ON"
"""Every allocation is locked in memory and wiped. Only tests of other things switch it off: it is
most of the time of the system that they take."""


def connect(path: Path, key: bytes, *, cache_kib: int, read_only: bool) -> Any:
    """Return a DB-API connection to the encrypted database at `path`, opened with `key`.

    The caller emits BEGIN itself. Raises ValueError unless the key has 32 bytes (SQLCipher takes
    any other length for a passphrase), VaultDamaged if the file does not open with it.
    """
    if len(key) != 32:
        raise ValueError("a raw key has 32 bytes")
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(
        str(path),
        check_same_thread=False,
        timeout=10,
        cached_statements=_READER_STATEMENTS if read_only else _WRITER_STATEMENTS,
    )
    try:
        # As scripts, for those are not kept: not the key, and nothing in the place of statements
        # that are needed again.
        connection.executescript("PRAGMA cipher_log_level=NONE")
        connection.executescript(f"PRAGMA cipher_memory_security={MEMORY_SECURITY}")
        connection.executescript(f"PRAGMA key=\"x'{key.hex()}'\"")
        if connection.execute("PRAGMA cipher_version").fetchone() is None:
            # A plain SQLite would take the key without a word and write everything readable.
            raise RuntimeError("this SQLite cannot encrypt")
        readable = _opens(connection, dbapi2.DatabaseError)
        if not readable:
            raise VaultDamaged
        connection.isolation_level = None
        for pragma in (*_PRAGMAS, f"cache_size=-{cache_kib}"):
            connection.executescript(f"PRAGMA {pragma}")
        if connection.execute("PRAGMA temp_store").fetchone() != (2,):
            raise RuntimeError("temporary data would reach the disk readable")
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            raise RuntimeError("this folder cannot keep a write-ahead log")
        if read_only:
            connection.executescript("PRAGMA query_only=ON")
        else:
            _try_to_write(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def write_back(writer: Engine) -> None:
    """Write the log back, so that the file of the database alone is the whole database.

    SQLite does so at the last close too, but says nothing when it could not. Raises the driver's
    error; RuntimeError while somebody else still reads.
    """
    raw = writer.raw_connection()
    try:
        assert raw.driver_connection is not None  # noqa: S101
        checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)"
        (busy, _, _) = raw.driver_connection.execute(checkpoint).fetchone()
        if busy:
            raise RuntimeError("the log could not be written back")
    finally:
        raw.close()


def _try_to_write(connection: Any) -> None:
    """Raise the driver's error if nothing can be written; change nothing.

    SQLite that may not open a file for writing opens it for reading without a word.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version={version}")
    finally:
        connection.execute("ROLLBACK")


def _opens(connection: Any, refused: type[Exception]) -> bool:
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except refused as error:
        if "not a database" not in str(error) and "malformed" not in str(error):
            raise
        return False
    return True


def make_engine(
    path: Path, key: bytes, *, read_only: bool, cache_kib: int, connections: int
) -> Engine:
    """Return an SQLAlchemy engine of which `begin()` emits BEGIN IMMEDIATE, or BEGIN for readers.

    At most `connections` are open at a time. Values never stand in an exception's text. A
    connection on which the disk or the memory failed is not used again.
    """
    from sqlcipher3 import dbapi2

    def creator() -> Any:
        return connect(path, key, cache_kib=cache_kib, read_only=read_only)

    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=creator,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_use_lifo=True,
        hide_parameters=True,
    )
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    @event.listens_for(engine, "handle_error")
    def _failed(context: ExceptionContext) -> None:
        error = context.original_exception
        name = str(getattr(error, "sqlite_errorname", ""))
        if name.startswith(_BREAKS_OFF) or isinstance(error, MemoryError):
            context.is_disconnect = True
            context.invalidate_pool_on_disconnect = False

    return engine
