"""A damaged vault: what is damaged, and getting out what can still be read.

The database is never written to. That something was taken out is left as a word beside it, which
the next unlock turns into an entry of the log.

The key file decides whether the key is right (its MAC); so what does not open with that key is
damage. The database is read where it lies, with the log beside it in memory.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, Self
from uuid import UUID

from intake_app.domain.actor import UserRole
from intake_app.vault import folder as places
from intake_app.vault import rekey, sealed_copy
from intake_app.vault.errors import NotAVault, VaultDamaged, VaultError
from intake_app.vault.files import FolderLock
from intake_app.vault.inside import nobody_writes, reading
from intake_app.vault.restore import Opener, Unlocked
from intake_app.vault.rows import moment, stamp

if TYPE_CHECKING:
    from types import TracebackType

    from intake_app.vault.vault import Vault

FORMAT: Final = "doorgaande-lijn-redding"
_MOST_LINES: Final = 50
_MOST_TAKEN: Final = 50
_LARGEST_WORD: Final = 1 << 16
_SECRET: Final = {"organisation_key": ("secret",), "backup_key": ("secret",)}
"""Columns that never leave: keys belong in a backup, not in an export."""
_FARTHEST: Final = 1 << 40


class LookingStopped(VaultError):
    """Somebody stopped looking; nothing was changed."""

    sentence = "Het nakijken is gestopt. Er is niets veranderd."


class Sink(Protocol):
    """Takes the bytes of an export."""

    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class TableState:
    """What of a table can be read."""

    name: str
    rows: int
    gaps: int
    """Places where rows are missing; 0 when every row was read."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong. `opens` is False when not even the list of tables can be read."""

    opens: bool
    lines: tuple[str, ...]
    """What the checks said, at most fifty; no content."""
    tables: tuple[TableState, ...]

    @property
    def is_whole(self) -> bool:
        """True when nothing is wrong with the database."""
        return self.opens and not self.lines and not any(table.gaps for table in self.tables)

    @property
    def rows(self) -> int:
        """How many rows can be read."""
        return sum(table.rows for table in self.tables)


@dataclass(frozen=True, slots=True)
class Taken:
    """Once that the readable part was saved outside the vault."""

    taken_id: UUID
    at: datetime
    user_id: UUID | None
    """Whose passphrase it was; None for two recovery cards."""
    rows: int


class Rescue:
    """A vault opened for looking only; use in a `with` block."""

    def __init__(self, folder: Path, opener: Opener) -> None:
        """Open what is in `folder` with a passphrase or cards.

        Raises NotAVault, VaultInUse, and what `opener` raises (WrongPassphrase, and VaultDamaged
        when the key file itself is damaged: then nothing can be read).
        """
        if not places.exists(folder):
            raise NotAVault
        self.folder = folder
        self._lock = FolderLock(folder / places.LOCK)
        self._source: _Source | None = None
        try:
            unlocked = opener(folder)
            self.vault_id: UUID = unlocked.key_file.db
            self.user_id: UUID | None = unlocked.user_id
            """Whose passphrase it was, None for recovery cards."""
            self.may_export: bool = _may_export(unlocked)
            """True for the role beheer and for two recovery cards."""
            masters = (unlocked.master, unlocked.key_file.former_master(unlocked.master))
            for master in masters:
                if master is not None and self._source is None:
                    key = rekey.database_key(master, unlocked.key_file)
                    self._source = _opened(folder, key)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files; a second time does nothing."""
        if self._source is not None:
            self._source.close()
            self._source = None
        self._lock.release()

    def examine(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Damage:
        """Return what is wrong, and how much of each table can be read.

        Every page is checked and every row is read. `progress` gets tables done and in all.
        """
        if self._source is None:
            return Damage(opens=False, lines=(), tables=())
        lines = _lines(self._source.connection)
        self._source.reopen()
        names = self._tables()
        states: list[TableState] = []
        for number, name in enumerate(names):
            progress(number, len(names))
            reader = _Reader(self._source, name)
            rows = sum(1 for _ in reader.rows())
            states.append(TableState(name, rows, reader.gaps))
        progress(len(names), len(names))
        return Damage(opens=bool(names), lines=lines, tables=tuple(states))

    def export(
        self,
        sink: Sink,
        at: datetime,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> int:
        """Write every row that can be read as a line of JSON; return how many there are.

        The first line says what it is, then {"table", "row"} each; bytes as {"base64"}. Secret keys
        stay here, and what is sealed to the medical role stays sealed.
        """
        source = self._source
        names = self._tables() if source is not None else ()
        head = {"format": FORMAT, "version": 1, "vault": str(self.vault_id), "made_at": stamp(at)}
        sink.write(_line(head))
        count = 0
        for number, name in enumerate(names):
            progress(number, len(names))
            hidden = _SECRET.get(name, ())
            for row in _Reader(source, name).rows() if source is not None else ():
                shown = {column: value for column, value in row.items() if column not in hidden}
                sink.write(_line({"table": name, "row": shown}))
                count += 1
        progress(len(names), len(names))
        return count

    def recipient(self) -> str | None:
        """Return the organisation's own age recipient, None when that cannot be read."""
        newest = "SELECT public FROM organisation_key WHERE kind = 'age' ORDER BY key_id DESC"
        found = [] if self._source is None else self._source.rows(newest)
        return str(found[0][0]) if found else None

    def _tables(self) -> tuple[str, ...]:
        """Return the tables with records; the search index follows from them."""
        query = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        found = [] if self._source is None else self._source.rows(query) or []
        virtual = [name for name, sql in found if sql and "VIRTUAL TABLE" in sql.upper()]
        return tuple(
            name
            for name, _ in found
            if not name.startswith(("sqlite_", *(f"{each}_" for each in virtual)))
            and name not in virtual
        )


class _Source:
    """A connection that is made anew after a page that cannot be read.

    SQLCipher refuses everything on a connection on which one page failed.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._path, self._key = path, key
        self.connection = sealed_copy.open_beside(path, key)

    def reopen(self) -> None:
        """Start anew; raises VaultDamaged when even the first page cannot be read any more."""
        self.connection.close()
        self.connection = sealed_copy.open_beside(self._path, self._key)

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[Any] | None:
        """Return what a query finds, None when a page it needs cannot be read."""
        try:
            return list(self.connection.execute(query, values).fetchall())
        except _database_error():
            self.reopen()
            return None


class _Reader:
    """Reads what can be read of one table, around pages that cannot."""

    def __init__(self, source: _Source, name: str) -> None:
        self._source, self._name = source, name
        self.gaps = 0
        described = source.rows("SELECT sql FROM sqlite_schema WHERE name = ?", (name,))
        self._has_rowid = not described or "WITHOUT ROWID" not in described[0][0].upper()
        info = source.rows(f'PRAGMA table_info("{name}")') or []
        self._columns = [row[1] for row in info]
        self._key = [row[1] for row in sorted(info, key=lambda row: row[5]) if row[5]]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield each readable row once; `gaps` counts afterwards where rows are missing."""
        self.gaps = 0
        return self._by_rowid() if self._has_rowid else self._by_key()

    def _by_rowid(self) -> Iterator[dict[str, Any]]:
        last = -(1 << 62)
        query = f'SELECT rowid, * FROM "{self._name}" WHERE rowid > ? ORDER BY rowid'  # noqa: S608
        while True:
            try:
                for row in self._source.connection.execute(query, (last,)):
                    last = row[0]
                    yield dict(zip(self._columns, row[1:], strict=True))
            except _database_error():
                self._source.reopen()
                self.gaps += 1
                after = self._readable_after(max(last, 0))
                if after is None:
                    return
                last = after
            else:
                return

    def _readable_after(self, last: int) -> int | None:
        """Return from where on the table reads again: the rowid before, or None at the end."""
        step = 1
        while step < _FARTHEST and not self._reads_from(last + step):
            step *= 2
        if step >= _FARTHEST:
            return None
        low, high = last + step // 2, last + step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._reads_from(middle) else (middle, high)
        return high

    def _reads_from(self, rowid: int) -> bool:
        query = f'SELECT * FROM "{self._name}" WHERE rowid > ? ORDER BY rowid LIMIT 1'  # noqa: S608
        return self._source.rows(query, (rowid,)) is not None

    def _by_key(self) -> Iterator[dict[str, Any]]:
        seen: set[tuple[Any, ...]] = set()
        order = ", ".join(f'"{column}"' for column in self._key)
        back = ", ".join(f'"{column}" DESC' for column in self._key)
        every = f'SELECT * FROM "{self._name}"'  # noqa: S608
        for way in (order, back):
            try:
                found = self._source.connection.execute(f"{every} ORDER BY {way}")
                yield from self._new(found, seen)
            except _database_error():
                self._source.reopen()
                self.gaps += 1
            else:
                break
        if self.gaps:
            # Between the two ends: whatever belongs to something that can still be named.
            for first in self._first_keys():
                found = self._source.rows(f'{every} WHERE "{self._key[0]}" = ?', (first,))
                yield from self._new(found or [], seen)

    def _new(self, rows: Any, seen: set[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
        for values in rows:
            row = dict(zip(self._columns, values, strict=True))
            key = tuple(row[column] for column in self._key)
            if key not in seen:
                seen.add(key)
                yield row

    def _first_keys(self) -> list[str]:
        """Return what the first column of the key may hold, from the table it comes from."""
        parent = self._key[0].removesuffix("_id")
        parents = self._source.rows("SELECT name FROM sqlite_schema WHERE name = ?", (parent,))
        if not parents:
            return []
        query = f'SELECT "{self._key[0]}" FROM "{parent}"'  # noqa: S608  (names of the schema)
        return [row[0] for row in self._source.rows(query) or []]


def leave_word(folder: Path, taken: Taken) -> None:
    """Leave beside a vault that its readable part was saved elsewhere.

    Raises DiskFull or StorageFailed where the folder cannot be written.
    """
    from intake_app.vault.files import replace_file

    known = [*words_left(folder), taken][-_MOST_TAKEN:]
    said = [
        {
            "id": str(each.taken_id),
            "at": stamp(each.at),
            "by": str(each.user_id) if each.user_id else None,
            "rows": each.rows,
        }
        for each in known
    ]
    replace_file(folder / places.RESCUED, json.dumps(said).encode())


def words_left(folder: Path) -> tuple[Taken, ...]:
    """Return what `leave_word` left; what cannot be understood is left out."""
    try:
        with (folder / places.RESCUED).open("rb") as file:
            said = json.loads(file.read(_LARGEST_WORD))
    except (OSError, ValueError, RecursionError):
        return ()
    found: list[Taken] = []
    for each in said[-_MOST_TAKEN:] if isinstance(said, list) else ():
        with suppress(TypeError, ValueError, KeyError, AttributeError):
            by = UUID(each["by"]) if each["by"] else None
            found.append(Taken(UUID(each["id"]), moment(each["at"]), by, abs(int(each["rows"]))))
    return tuple(found)


def forget_words(folder: Path) -> None:
    """Remove what `leave_word` left, once the log knows it."""
    with suppress(OSError):
        (folder / places.RESCUED).unlink(missing_ok=True)


def check(vault: Vault) -> tuple[str, ...] | None:
    """Check every page and the structure of an open vault; () when it is whole.

    May run on a thread of its own: work goes on. What looks like damage is looked at again while
    nobody writes, for a page that is being written reads as torn. None when it could not be
    decided because somebody kept reading; try again later.
    """
    with nobody_writes(vault) as connection:
        _written_back(connection)
    with reading(vault) as connection:
        if not _lines(connection):
            return ()
    with nobody_writes(vault) as connection:
        if not _written_back(connection):
            return None
        return _lines(connection)


def _written_back(connection: Any) -> bool:
    """Write the log into the file, which is what the check of the pages reads."""
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _lines(connection: Any) -> tuple[str, ...]:
    try:
        return sealed_copy.damage(connection)[:_MOST_LINES]
    except _database_error() as error:
        return (str(getattr(error, "sqlite_errorname", "SQLITE_CORRUPT")),)


def _may_export(unlocked: Unlocked) -> bool:
    if unlocked.user_id is None:
        return True
    slot = unlocked.key_file.slot_of(unlocked.user_id)
    return slot is not None and UserRole.BEHEER.value in slot.effective_roles


def _opened(folder: Path, key: bytes) -> _Source | None:
    for name in (places.DATABASE, places.UNBORN):
        if (folder / name).exists():
            with suppress(VaultDamaged):
                return _Source(folder / name, key)
    return None


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, default=_bytes).encode() + b"\n"


def _bytes(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    raise TypeError(type(value).__name__)


def _database_error() -> type[Exception]:
    from sqlcipher3 import dbapi2

    return dbapi2.DatabaseError  # type: ignore[no-any-return]
