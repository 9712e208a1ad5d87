"""Making an encrypted backup of an open vault, while work in it goes on.

The copy is one snapshot, taken page by page into a file under a key of its own (see
`backup_file`). It gets its name when it has been read back from the disk and found whole; before
that nothing in the folder looks like a backup.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from intake_app.domain.actor import Actor
from intake_app.vault import backup_file, sealed_copy
from intake_app.vault import folder as places
from intake_app.vault.backup_file import BackupHead, MonthKeys
from intake_app.vault.errors import DiskFull, StorageFailed, VaultDamaged, VaultError
from intake_app.vault.files import rename, storage_error, sync_folder
from intake_app.vault.inside import reading
from intake_app.vault.stores.backups import BackupRecord
from intake_app.vault.transaction import TRANSLATED, translated

if TYPE_CHECKING:
    from intake_app.vault.vault import Vault

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]

_PART: Final = ".deel"
_PAGES_AT_ONCE: Final = 256
_PIECE: Final = 1 << 20
_ROOM_TO_SPARE: Final = 4 << 20
_STARTED: Final = "back-up-"


class Reason(StrEnum):
    """Why there is no backup now."""

    NO_FOLDER = "no-folder"
    INSIDE = "inside"
    NO_ROOM = "no-room"
    FULL = "full"
    WRITE_FAILED = "write-failed"
    NOT_WHOLE = "not-whole"
    KEYS_CHANGED = "keys-changed"
    VAULT_DAMAGED = "vault-damaged"


_SENTENCES: Final = {
    Reason.NO_FOLDER: (
        "Deze map is er niet, of er mag niet in worden geschreven. Misschien is de stick eruit "
        "gehaald. Er is geen back-up gemaakt. Kies een andere map."
    ),
    Reason.INSIDE: (
        "Deze map hoort bij de kluis zelf. Als de laptop kwijt is, is zo'n back-up ook kwijt. "
        "Kies een stick of een map van je organisatie."
    ),
    Reason.NO_ROOM: (
        "Op deze plek is te weinig ruimte voor een back-up. Er is niets gemaakt. "
        "Maak daar ruimte vrij of kies een andere plek."
    ),
    Reason.FULL: (
        "De plek voor de back-up liep vol. De back-up is niet gemaakt, de kluis zelf is in orde. "
        "Maak daar ruimte vrij of kies een andere plek."
    ),
    Reason.WRITE_FAILED: (
        "Schrijven naar de plek voor de back-up lukt niet. De back-up is niet gemaakt, de kluis "
        "zelf is in orde. Kijk of de stick er nog in zit en probeer het opnieuw."
    ),
    Reason.NOT_WHOLE: (
        "De back-up is teruggelezen en was niet heel. Hij is weggegooid, de kluis zelf is in "
        "orde. Gebruik een andere stick of een andere map."
    ),
    Reason.KEYS_CHANGED: (
        "Tijdens het maken van de back-up zijn de sleutels van de kluis veranderd. De back-up is "
        "niet gemaakt. Maak hem opnieuw."
    ),
    Reason.VAULT_DAMAGED: (
        "Een deel van de kluis kan niet worden gelezen. Daarom is er geen back-up gemaakt. "
        "Bewaar de back-ups die er al zijn en vraag de beheerder om de kluis na te kijken."
    ),
}


class BackupRefused(VaultError):
    """There is no backup; nothing half is left. `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(_SENTENCES[reason])
        self.reason = reason


class BackupCancelled(VaultError):
    """Somebody stopped it; nothing half is left."""

    sentence = "Het maken van de back-up is gestopt. Er is niets achtergebleven."


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A backup that was read back and found whole."""

    path: Path
    record: BackupRecord


def home_in(folder: Path, vault_id: UUID) -> Path:
    """Return the folder of this vault's backups in a chosen `folder`: several may share one."""
    name = f"doorgaande-lijn-{vault_id.hex[:8]}"
    return folder if folder.name == name else folder / name


def make(
    vault: Vault,
    folder: Path,
    actor: Actor,
    *,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
) -> MadeBackup:
    """Make a backup of the vault in its own folder below `folder`, verify it and record it.

    May run on a thread of its own: what is written meanwhile is not in the copy and is not held
    up. `progress` is called with bytes done and bytes in all, over copying and reading back;
    `cancelled` is asked each time. Raises BackupRefused, BackupCancelled, the errors of
    `backup_file.MonthKeys.read`, and those of a transaction.
    """
    home = _home(vault, folder)
    key_file = _key_file(vault)
    secret_of_vault = vault.backup_secret()
    made_at, backup_id = vault.env.now(), vault.env.uuid()
    name, secret = _month_key(vault, home, made_at, secret_of_vault, actor)
    path = home / backup_file.file_name(backup_id, made_at)
    part = path.with_name(path.name + _PART)
    with _target_errors(), _removed_unless_renamed(part):
        head = _copy(
            vault,
            part,
            BackupHead(
                backup_id=backup_id,
                vault_id=vault.info.vault_id,
                practice=vault.info.practice,
                made_at=made_at,
                key_name=name,
                size=0,
                sha256="",
                audit_seq=0,
                audit_hash="",
                schema=0,
                key_file=key_file,
            ),
            secret,
            _Steps(progress, cancelled),
        )
        if _key_file(vault) != key_file:
            raise BackupRefused(Reason.KEYS_CHANGED)
        rename(part, path)
    record = _record(head, path, vault.env.now())
    with vault.transaction(actor, "back-up maken") as tx:
        tx.backups.add(record)
    return MadeBackup(path, record)


def verify(path: Path, secret: bytes, *, steps: Callable[[int], None] = lambda _n: None) -> None:
    """Return None if the backup at `path` is whole, read from the disk and opened as a database.

    Raises BackupUnreadable, BackupNewer, VaultDamaged, and OSError.
    """
    head = backup_file.read_head(path)
    backup_file.verify_head(head, secret)
    _forget_cached(path)
    if _digest(path, head.size, steps) != head.sha256:
        raise VaultDamaged
    connection = sealed_copy.open_whole(path, backup_file.database_key(secret, head.backup_id))
    try:
        if sealed_copy.damage(connection):
            raise VaultDamaged
        row = connection.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        seq, digest = (0, bytes(32)) if row is None else row
        if (seq, bytes(digest).hex()) != (head.audit_seq, head.audit_hash):
            raise VaultDamaged
    finally:
        connection.close()


class _Steps:
    """Progress over three passes of the same length: copying, adding up, reading back."""

    _PASSES = 3

    def __init__(self, progress: Progress, cancelled: Cancelled) -> None:
        self._progress, self._cancelled = progress, cancelled
        self._pass = 0
        self.total = 0

    def at(self, done: int) -> None:
        """Tell how much of this pass is done. Raises BackupCancelled when somebody stopped it."""
        if self._cancelled():
            raise BackupCancelled
        self._progress(self._pass * self.total + done, self._PASSES * self.total)

    def next_pass(self) -> None:
        """Begin the next pass."""
        self._pass += 1


def _home(vault: Vault, folder: Path) -> Path:
    """Return the folder for this vault's backups, made and fit to write in."""
    if not folder.is_dir():
        raise BackupRefused(Reason.NO_FOLDER)
    inner, outer = folder.resolve(), vault.folder.resolve()
    if inner.is_relative_to(outer):
        raise BackupRefused(Reason.INSIDE)
    home = home_in(folder, vault.info.vault_id)
    try:
        home.mkdir(mode=0o700, exist_ok=True)
        sync_folder(home.parent)
        _sweep(home)
        needed = _size_of(vault) + _ROOM_TO_SPARE
        if shutil.disk_usage(home).free < needed:
            raise BackupRefused(Reason.NO_ROOM)
    except OSError:
        raise BackupRefused(Reason.NO_FOLDER) from None
    return home


def _size_of(vault: Vault) -> int:
    database = vault.folder / places.DATABASE
    log = database.with_name(database.name + "-wal")
    return database.stat().st_size + (log.stat().st_size if log.exists() else 0)


def _sweep(home: Path) -> None:
    """Remove what an earlier attempt left when the machine stopped."""
    for left in home.glob(f"{_STARTED}*{backup_file.SUFFIX}{_PART}*"):
        with suppress(OSError):
            left.unlink()


def _key_file(vault: Vault) -> bytes:
    try:
        return (vault.folder / places.KEY_FILE).read_bytes()
    except OSError:
        pass
    try:
        return (vault.folder / places.SPARE_KEY_FILE).read_bytes()
    except OSError as error:
        raise storage_error(error) from None


def _month_key(
    vault: Vault, home: Path, made_at: datetime, secret_of_vault: bytes, actor: Actor
) -> tuple[str, bytes]:
    """Return the key of this month, durable in the vault and in the target before it is used.

    The target gets every living key under the present backup secret: where its file was lost, the
    earlier backups in it open again.
    """
    random, vault_id = vault.env.random, vault.info.vault_id
    with _target_errors():
        there = MonthKeys.read(home)
    start = backup_file.month_start(made_at, secret_of_vault)
    ours = start.partition(".")[2]
    with vault.read() as records:
        current = records.backups.current(start)
        known = records.backups.months()
        living = {
            key.name: records.backups.secret(key.name)
            for key in known
            if key.destroyed_at is None and key.name.partition(".")[2].startswith(ours)
        }
    destroyed = {key.name for key in known if key.destroyed_at is not None}
    if current is None:
        current = (start + random(4).hex(), random(32))
        with vault.transaction(actor, "maandsleutel voor back-ups maken") as tx:
            tx.backups.put_secret(*current)
    wanted, changed = there.without(vault_id, destroyed), False
    for name, secret in sorted({**living, current[0]: current[1]}.items()):
        if secret is not None and wanted.open(vault_id, name, secret_of_vault) != secret:
            wanted = wanted.with_key(vault_id, name, secret, secret_of_vault, random)
            changed = True
    if changed or wanted.names(vault_id) != there.names(vault_id):
        with _target_errors():
            wanted.write(home)
    return current


def _copy(vault: Vault, part: Path, head: BackupHead, secret: bytes, steps: _Steps) -> BackupHead:
    """Write the whole backup at `part`, synced and read back; return its head."""
    key = backup_file.database_key(secret, head.backup_id)
    _owners_only(part)
    target = sealed_copy.open_new(part, key)
    try:
        with _source_errors(), reading(vault) as source:
            row = source.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
            (schema,) = source.execute("PRAGMA user_version").fetchone()
            (page,) = source.execute("PRAGMA page_size").fetchone()

            def step(_status: int, remaining: int, total: int) -> None:
                steps.total = total * int(page)
                steps.at((total - remaining) * int(page))

            source.backup(target, pages=_PAGES_AT_ONCE, progress=step)
        _make_standalone(target)
    finally:
        target.close()
    size = part.stat().st_size
    steps.next_pass()
    seq, digest = (0, bytes(32)) if row is None else row
    made = replace(
        head,
        size=size,
        sha256=_digest(part, size, steps.at),
        audit_seq=seq,
        audit_hash=bytes(digest).hex(),
        schema=schema,
    )
    with part.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        backup_file.write_head(file, made, secret)
        file.flush()
        os.fsync(file.fileno())
    steps.next_pass()
    try:
        verify(part, secret, steps=steps.at)
    except (VaultDamaged, backup_file.BackupUnreadable):
        raise BackupRefused(Reason.NOT_WHOLE) from None
    return made


def _make_standalone(target: Any) -> None:
    """Turn the copy into one file without a log, and take the month keys out of it.

    They would open the backups of other months for as long as this one exists.
    """
    target.execute("PRAGMA journal_mode=MEMORY")
    target.execute("PRAGMA secure_delete=ON")
    target.execute("DELETE FROM backup_key")


def _owners_only(part: Path) -> None:
    """Make the file before SQLite does, readable by its owner only."""
    os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _digest(path: Path, size: int, steps: Callable[[int], None]) -> str:
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while done < size and (piece := file.read(min(_PIECE, size - done))):
            digest.update(piece)
            done += len(piece)
            steps(done)
    return digest.hexdigest() if done == size else ""


def _forget_cached(path: Path) -> None:
    """Have the next read come from the disk, where the system lets us ask for that."""
    advise = getattr(os, "posix_fadvise", None)
    if advise is not None:
        with suppress(OSError), path.open("rb") as file:
            advise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _record(head: BackupHead, path: Path, checked_at: datetime) -> BackupRecord:
    return BackupRecord(
        backup_id=head.backup_id,
        made_at=head.made_at,
        key_name=head.key_name,
        file_name=path.name,
        size=path.stat().st_size,
        sha256=head.sha256,
        audit_seq=head.audit_seq,
        audit_hash=head.audit_hash,
        checked_at=checked_at,
    )


@contextmanager
def _removed_unless_renamed(part: Path) -> Iterator[None]:
    try:
        yield
    finally:
        for left in (part, *(part.with_name(part.name + end) for end in ("-wal", "-journal"))):
            with suppress(OSError):
                left.unlink(missing_ok=True)


@contextmanager
def _source_errors() -> Iterator[None]:
    """Tell a page of the vault that cannot be read from trouble at the target."""
    try:
        yield
    except TRANSLATED as error:
        if isinstance(error, OSError):
            raise
        failure = translated(error)
        if isinstance(failure, VaultDamaged):
            raise BackupRefused(Reason.VAULT_DAMAGED) from None
        raise failure from None


@contextmanager
def _target_errors() -> Iterator[None]:
    """Turn the system's errors at the target into those for a person."""
    try:
        yield
    except TRANSLATED as error:
        failure = storage_error(error) if isinstance(error, OSError) else translated(error)
        raise _about_target(failure) from None
    except (DiskFull, StorageFailed) as error:
        raise _about_target(error) from None


def _about_target(failure: VaultError) -> VaultError:
    if isinstance(failure, DiskFull):
        return BackupRefused(Reason.FULL)
    if isinstance(failure, StorageFailed):
        return BackupRefused(Reason.WRITE_FAILED)
    return failure
