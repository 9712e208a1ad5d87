"""Putting a backup back as a vault, in a folder where there is none.

Everything is made in a folder `terugzetten` inside the new vault's, and gets its names in the order
in which a new vault does: the key file makes it a vault, so until then an interrupted restore is
nothing, and is begun anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from intake_app.sentences import Sentence
from intake_app.vault import backup_file, engine, keys, migrations, sealed_copy
from intake_app.vault import folder as places
from intake_app.vault.backup import BackupCancelled, Cancelled, Progress
from intake_app.vault.backup_file import BackupHead, BackupUnreadable, MonthKeyGone, MonthKeys
from intake_app.vault.errors import (
    CardsRefused,
    DiskFull,
    SecondFactorMissing,
    StorageFailed,
    VaultDamaged,
    VaultError,
    VaultExists,
    VaultNewer,
    WrongPassphrase,
)
from intake_app.vault.files import (
    FolderLock,
    make_folder,
    refuse_network_folder,
    rename,
    sync_folder,
)
from intake_app.vault.keystore import asking
from intake_app.vault.model import VaultPublicInfo
from intake_app.vault.rows import moment, stamp
from intake_app.vault.scope import Change, Scope, Writing
from intake_app.vault.transaction import TRANSLATED, translated

if TYPE_CHECKING:
    from intake_app.crypto.slots import KeyFile
    from intake_app.domain.environment import Environment
    from intake_app.vault.keystore import Keystore
    from intake_app.vault.transaction import Records, Transaction

STAGING: Final = "terugzetten"
RESTORED: Final = "kluis.teruggezet"
"""Setting that says since when this vault is a copy, and of when."""
_CHECKED: Final = "kluis.teruggezet.nagekeken"
"""Setting with the moment of the restore after which a manager looked at who has access."""
_PIECE: Final = 1 << 20
_ROOM_TO_SPARE: Final = 16 << 20
_NOT_FULL: Final = Sentence(
    "De schijf van deze laptop is te vol om de back-up terug te zetten. Er is niets veranderd. "
    "Maak ruimte vrij en probeer het opnieuw."
)
_NOT_WRITTEN: Final = Sentence(
    "De schijf van deze laptop gaf een fout. De back-up is niet teruggezet en er is niets "
    "achtergebleven. Probeer het opnieuw, of kies een andere map."
)
GONE: Final = Sentence(
    "Lezen van de back-up lukt niet. Misschien is de stick eruit gehaald. Er is niets veranderd. "
    "Doe de stick erin en probeer het opnieuw."
)
DAMAGED: Final = Sentence(
    "Deze back-up is beschadigd en kan niet worden teruggezet. Er is niets veranderd. "
    "Kies een andere back-up, liefst de jongste die er nog is."
)


_OTHER_DAY: Final = Sentence(
    "Deze wachtwoordzin opent de back-up van {day} niet. Een back-up opent met de zin van de dag "
    "waarop hij is gemaakt. Er is niets veranderd. Typ de zin van toen, of gebruik twee "
    "herstelkaarten van toen."
)
_NO_SECOND: Final = Sentence(
    "De back-up van {day} gaat niet open. Typ je de wachtwoordzin van die dag goed, dan ontbreekt "
    "de tweede sleutel van toen: die staat alleen in de sleutelbos van de laptop van toen. Er is "
    "niets veranderd. Gebruik die laptop, of twee herstelkaarten van toen."
)
_NO_CARDS: Final = Sentence(
    "Deze twee kaarten horen bij elkaar, maar openen de back-up van {day} niet. Een back-up opent "
    "met de kaarten van de dag waarop hij is gemaakt. Er is niets veranderd. Zoek de kaarten van "
    "toen, of gebruik de wachtwoordzin van toen."
)


class RestoreFailed(VaultError):
    """The backup cannot be read or is damaged; nothing is left behind. `str()` says which."""


class RestoreCancelled(BackupCancelled):
    """Somebody stopped it; nothing half is left."""

    sentence = "Het terugzetten is gestopt. Er is niets achtergebleven."


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What a passphrase or two cards open: the key file and who it was."""

    key_file: KeyFile
    master: bytes = field(repr=False)
    user_id: UUID | None
    """None for recovery cards: they belong to nobody in particular."""


Opener = Callable[[Path], Unlocked]
"""Opens the key file in a folder. Raises what opening a vault raises."""


@dataclass(frozen=True, slots=True)
class Restored:
    """Since when a vault is a copy, and of when."""

    backup_id: UUID
    made_at: datetime
    restored_at: datetime


def with_passphrase(passphrase: str, keystore: Keystore | None = None) -> Opener:
    """Return what opens a key file with the passphrase of one of its users.

    `keystore` gives the second factor of who has one; a secret of before stays in it.
    """

    def open_it(folder: Path) -> Unlocked:
        key_file, slot = keys.open_with(folder, passphrase, asking(keystore))
        return Unlocked(key_file, slot.master, slot.user_id)

    return open_it


def with_cards(first: str, second: str) -> Opener:
    """Return what opens a key file with two recovery cards, as typed or scanned."""

    def open_it(folder: Path) -> Unlocked:
        from intake_app.vault.recovery import master_with_cards

        key_file, master = master_with_cards(folder, first, second)
        return Unlocked(key_file, master, None)

    return open_it


def backups_in(folder: Path) -> tuple[tuple[Path, BackupHead], ...]:
    """Return the backups in a folder and in the folders of vaults below it, the newest first.

    Nothing is verified; a file that is no backup is left out. Raises OSError.
    """
    found: list[tuple[Path, BackupHead]] = []
    pattern = f"back-up-*{backup_file.SUFFIX}"
    for path in (*folder.glob(pattern), *folder.glob(f"doorgaande-lijn-*/{pattern}")):
        with suppress(VaultError, OSError):
            found.append((path, backup_file.read_head(path)))
    return tuple(sorted(found, key=lambda each: each[1].made_at, reverse=True))


def secret_for(path: Path, head: BackupHead, unlocked: Unlocked) -> bytes:
    """Return the month key of the backup at `path`, its head verified.

    Raises MonthKeyGone, BackupUnreadable, and what `MonthKeys.read` raises.
    """
    from intake_app.crypto.slots import subkey

    if unlocked.key_file.db != head.vault_id:
        raise BackupUnreadable
    of_vault = subkey(unlocked.master, head.vault_id, "backup")
    secret = MonthKeys.read(path.parent).open(head.vault_id, head.key_name, of_vault)
    if secret is None:
        raise MonthKeyGone
    backup_file.verify_head(head, secret)
    return secret


def restore(
    path: Path,
    folder: Path,
    opener: Opener,
    *,
    env: Environment,
    progress: Progress = lambda _done, _total: None,
    cancelled: Cancelled = lambda: False,
) -> Restored:
    """Make a vault in `folder` out of the backup at `path`; on return it opens as any other.

    The database is read whole and checked before it counts, gets the vault's own key again, and
    says in its settings and its audit log that it is a copy. Raises VaultExists onto an existing
    vault, BackupUnreadable, BackupNewer, MonthKeyGone, MonthKeysDamaged, RestoreFailed,
    RestoreCancelled, DiskFull, StorageFailed, NetworkFolder, VaultInUse, and what `opener` raises
    (WrongPassphrase). There is no vault then, and nothing half.
    """
    head = _head(path)
    lock = _claim(folder)
    staging = folder / STAGING
    try:
        if places.exists(folder):
            raise VaultExists
        _clean(folder)
        _check_room(folder, head.size)
        staging.mkdir(mode=0o700)
        (staging / places.KEY_FILE).write_bytes(head.key_file)
        unlocked = _unlocked(opener, staging, head)
        secret = _secret(path, head, unlocked)
        database = staging / places.DATABASE
        _take_out(path, head, database, progress, cancelled)
        _check(database, head, secret)
        restored = Restored(head.backup_id, head.made_at, env.now())
        _make_ours(database, head, secret, unlocked, restored)
        rename(database, folder / places.UNBORN)
        places.write_card(folder, VaultPublicInfo(head.vault_id, head.practice))
        keys.write(folder, unlocked.key_file)
        rename(folder / places.UNBORN, folder / places.DATABASE)
    except TRANSLATED as error:
        _give_up(folder)
        raise _about_laptop(translated(error)) from None
    except (DiskFull, StorageFailed) as error:
        _give_up(folder)
        raise _about_laptop(error) from None
    except BaseException:
        _give_up(folder)
        raise
    finally:
        lock.release()
    shutil.rmtree(staging, ignore_errors=True)
    return restored


def restored_from(records: Records) -> Restored | None:
    """Return since when this vault is a copy, None for one that never was put back."""
    kept = records.settings.get(RESTORED)
    if kept is None:
        return None
    said = json.loads(kept)
    return Restored(UUID(said["backup"]), moment(said["made_at"]), moment(said["restored_at"]))


def unchecked(records: Records, backup_secret: bytes) -> Restored | None:
    """Return of when this vault is a copy, until a manager looked at who may open it.

    Also None once the master key is another than that of the backup: whoever changed it saw who
    has access, and keys of before open nothing new.
    """
    copy = restored_from(records)
    if copy is None or records.settings.get(_CHECKED) == stamp(copy.restored_at):
        return None
    kept = json.loads(records.settings.get(RESTORED) or "{}").get("keys")
    renewed = kept is not None and kept != backup_file.label(backup_secret)
    return None if renewed else copy


def keep_checked(tx: Transaction) -> None:
    """Keep that a manager looked at who may open this copy. Nothing for a vault that is none."""
    copy = restored_from(tx)
    if copy is not None:
        tx.settings.set(_CHECKED, stamp(copy.restored_at))


def _head(path: Path) -> BackupHead:
    try:
        return backup_file.read_head(path)
    except OSError:
        raise RestoreFailed(GONE) from None


def _unlocked(opener: Opener, staging: Path, head: BackupHead) -> Unlocked:
    """Open the key file of the backup; a refusal says that it is that of its day, and what lacks.

    Raises SecondFactorMissing, WrongPassphrase, CardsRefused, and what else `opener` raises.
    """
    day = f"{head.made_at.astimezone():%d-%m-%Y}"
    try:
        return opener(staging)
    except SecondFactorMissing:
        raise SecondFactorMissing(_NO_SECOND.format(day=day)) from None
    except WrongPassphrase:
        raise WrongPassphrase(_OTHER_DAY.format(day=day)) from None
    except CardsRefused as refused:
        if refused.reason != "not-this-vault":
            raise
        raise CardsRefused(refused.reason, _NO_CARDS.format(day=day)) from None


def _secret(path: Path, head: BackupHead, unlocked: Unlocked) -> bytes:
    try:
        return secret_for(path, head, unlocked)
    except OSError:
        raise RestoreFailed(GONE) from None


def _claim(folder: Path) -> FolderLock:
    try:
        make_folder(folder)
        refuse_network_folder(folder)
        return FolderLock(folder / places.LOCK)
    except OSError as error:
        raise _about_laptop(translated(error)) from None
    except (DiskFull, StorageFailed) as error:
        raise _about_laptop(error) from None


def _check_room(folder: Path, size: int) -> None:
    # The copy, and the journal of giving it another key, which is as large at most.
    if shutil.disk_usage(folder).free < 2 * size + _ROOM_TO_SPARE:
        raise DiskFull


def _take_out(
    path: Path, head: BackupHead, target: Path, progress: Progress, cancelled: Cancelled
) -> None:
    """Copy the database out of the backup, and see that it is what the head says."""
    digest, done = hashlib.sha256(), 0
    with _source(path) as source, target.open("xb") as out:
        target.chmod(0o600)
        while done < head.size:
            if cancelled():
                raise RestoreCancelled
            try:
                piece = source.read(min(_PIECE, head.size - done))
            except OSError:
                raise RestoreFailed(GONE) from None
            if not piece:
                break
            digest.update(piece)
            out.write(piece)
            done += len(piece)
            progress(done, head.size)
    if digest.hexdigest() != head.sha256:
        raise RestoreFailed(DAMAGED)


def _source(path: Path) -> Any:
    try:
        return path.open("rb")
    except OSError:
        raise RestoreFailed(GONE) from None


def _check(database: Path, head: BackupHead, secret: bytes) -> None:
    key = backup_file.database_key(secret, head.backup_id)
    try:
        connection = sealed_copy.open_whole(database, key)
    except VaultDamaged:
        raise RestoreFailed(DAMAGED) from None
    try:
        if migrations.version_of(connection) > migrations.LATEST:
            raise VaultNewer
        if sealed_copy.damage(connection):
            raise RestoreFailed(DAMAGED)
    finally:
        connection.close()


def _make_ours(
    database: Path, head: BackupHead, secret: bytes, unlocked: Unlocked, restored: Restored
) -> None:
    """Give the database the vault's key, and write in it that it is a copy; then sync it."""
    from intake_app.crypto.slots import subkey

    key = subkey(unlocked.master, head.vault_id, "sqlcipher")
    raw = sealed_copy.open_alone(database, backup_file.database_key(secret, head.backup_id))
    try:
        raw.execute(f"PRAGMA rekey=\"x'{key.hex()}'\"")
    finally:
        raw.close()
    _say_it_is_a_copy(database, key, head, unlocked, restored)
    with database.open("r+b") as file:
        os.fsync(file.fileno())
    sync_folder(database.parent)


def _say_it_is_a_copy(
    database: Path, key: bytes, head: BackupHead, unlocked: Unlocked, restored: Restored
) -> None:
    from intake_app.crypto.slots import subkey
    from intake_app.vault import audit
    from intake_app.vault.stores.agreements import Settings

    writer = engine.make_engine(
        database, key, read_only=False, cache_kib=engine.READER_CACHE_KIB, connections=1
    )
    writing = Writing(unlocked.user_id or UUID(int=0), restored.restored_at)
    said = {
        "backup": str(restored.backup_id),
        "made_at": stamp(restored.made_at),
        "restored_at": stamp(restored.restored_at),
        "keys": backup_file.label(subkey(unlocked.master, head.vault_id, "backup")),
    }
    try:
        with writer.begin() as connection:
            scope = Scope(connection, writing)
            Settings(scope).set(RESTORED, json.dumps(said))
            changes = {Change("backup", restored.backup_id, None): 1}
            body = audit.write_body(head.vault_id, writing, "back-up terugzetten", changes)
            audit.append(scope, body)
        engine.write_back(writer)
    finally:
        writer.dispose()


def _clean(folder: Path) -> None:
    """Remove what an interrupted restore, or the interrupted making of a vault, left."""
    shutil.rmtree(folder / STAGING, ignore_errors=True)
    for end in ("", "-wal", "-shm", "-journal"):
        (folder / (places.UNBORN + end)).unlink(missing_ok=True)


def _give_up(folder: Path) -> None:
    if not places.exists(folder):
        with suppress(OSError):
            _clean(folder)
            (folder / places.CARD).unlink(missing_ok=True)


def _about_laptop(failure: VaultError) -> VaultError:
    if isinstance(failure, DiskFull):
        return DiskFull(_NOT_FULL)
    if isinstance(failure, StorageFailed):
        return StorageFailed(_NOT_WRITTEN)
    return failure
