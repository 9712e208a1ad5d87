"""Making a vault, and opening one: everything between a folder and two engines."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, insert, select

from intake_app.crypto.age import generate_identity
from intake_app.crypto.slots import KdfCost, KeyFile, OpenedSlot, subkey
from intake_app.crypto.sshsig import SigningKey, generate_signing_key
from intake_app.domain.actor import Organisation, Profile, UserRole
from intake_app.domain.environment import Environment
from intake_app.vault import audit, engine, keys, migrations, schema
from intake_app.vault import folder as places
from intake_app.vault.errors import NotAVault, VaultDamaged, VaultExists
from intake_app.vault.files import FolderLock, refuse_network_folder, rename, storage_error
from intake_app.vault.model import OrganisationKeys, VaultInfo, VaultPublicInfo, VaultUser
from intake_app.vault.reserve import Reserve
from intake_app.vault.rows import pack, stamp, unpack
from intake_app.vault.scope import Change, Scope, Writing
from intake_app.vault.transaction import TRANSLATED, translated

_READERS = 8
_FIRST_USER_ROLES = (UserRole.INTAKE, UserRole.BEHEER)
_USER_SIGNING_KEY = "ed25519"
_PURPOSE_OF_KEY = "sqlcipher"
_PURPOSE_OF_BACKUPS = "backup"


@dataclass(frozen=True, slots=True)
class Opened:
    """What an open vault works with."""

    folder: Path
    info: VaultInfo
    user: VaultUser
    signing_seed: bytes = field(repr=False)
    lock: FolderLock
    reserve: Reserve
    writer: Engine
    readers: Engine
    backup_secret: bytes = field(repr=False)


def make(
    folder: Path,
    *,
    passphrase: str,
    user_name: str,
    organisation: Organisation,
    env: Environment,
    kdf: KdfCost,
    practice: bool,
    reserve_bytes: int,
) -> Opened:
    """Make a vault; see `Vault.create`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error(error) from None
    refuse_network_folder(folder)
    lock = FolderLock(folder / places.LOCK)
    try:
        if places.exists(folder):
            raise VaultExists
        user = VaultUser(env.uuid(), user_name, _FIRST_USER_ROLES)
        info = VaultInfo(env.uuid(), organisation, practice)
        own = generate_signing_key(env.random)
        key_file, master = KeyFile.create(info.vault_id, random=env.random)
        key_file = key_file.add_passphrase_slot(
            master,
            user_id=user.user_id,
            passphrase=passphrase,
            roles=user.roles,
            keyring={_USER_SIGNING_KEY: own.seed},
            kdf=kdf,
            random=env.random,
        )
        _make_database(folder, subkey(master, info.vault_id, _PURPOSE_OF_KEY), info, user, env)
        places.write_card(folder, VaultPublicInfo(info.vault_id, practice))
        keys.write(folder, key_file)
        rename(folder / places.UNBORN, folder / places.DATABASE)
        reserve = Reserve(folder / places.RESERVE, reserve_bytes)
        slot = OpenedSlot(master, {_USER_SIGNING_KEY: own.seed}, user.user_id, user.roles)
        return open_slot(folder, slot, info.vault_id, lock, reserve)
    except TRANSLATED as error:
        _give_up(folder, lock)
        raise translated(error) from None
    except BaseException:
        _give_up(folder, lock)
        raise


def unlock(folder: Path, *, passphrase: str, reserve_bytes: int) -> Opened:
    """Open the vault in `folder`; see `Vault.open`."""
    if not places.exists(folder):
        raise NotAVault
    refuse_network_folder(folder)
    lock = FolderLock(folder / places.LOCK)
    try:
        reserve = Reserve(folder / places.RESERVE, reserve_bytes)
        reserve.make_room()
        key_file, slot = keys.open_with(folder, passphrase)
        database = folder / places.DATABASE
        if not database.exists():
            if not (folder / places.UNBORN).exists():
                raise VaultDamaged
            rename(folder / places.UNBORN, database)
        return open_slot(folder, slot, key_file.db, lock, reserve)
    except TRANSLATED as error:
        lock.release()
        raise translated(error) from None
    except BaseException:
        lock.release()
        raise


def organisation_keys(readers: Engine) -> OrganisationKeys:
    """Return the organisation's keys as the database holds them."""
    newest = schema.organisation_key.c.key_id.desc()
    with readers.begin() as connection:
        rows = connection.execute(select(schema.organisation_key).order_by(newest)).all()
    ages = [row for row in rows if row.kind == "age"]
    sign = next(row for row in rows if row.kind == "sign")
    identities = tuple(row.secret.decode() for row in ages)
    return OrganisationKeys(identities, ages[0].public, sign.secret, sign.public)


def _give_up(folder: Path, lock: FolderLock) -> None:
    """Leave nothing behind of a vault that could not be made, and let go of the folder."""
    if not places.exists(folder):
        with suppress(OSError):
            _remove_unborn(folder)
            (folder / places.CARD).unlink(missing_ok=True)
    lock.release()


def _remove_unborn(folder: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        (folder / (places.UNBORN + suffix)).unlink(missing_ok=True)


def _make_database(
    folder: Path, key: bytes, info: VaultInfo, user: VaultUser, env: Environment
) -> None:
    """Make the whole database under its unborn name; on return it is one durable file."""
    path = folder / places.UNBORN
    _remove_unborn(folder)
    raw = engine.connect(path, key, cache_kib=engine.READER_CACHE_KIB, read_only=False)
    migrations.migrate(raw, 0)
    raw.close()
    path.chmod(0o600)
    writing = Writing(user.user_id, env.now())
    at = stamp(writing.at)
    writer = engine.make_engine(
        path, key, read_only=False, cache_kib=engine.READER_CACHE_KIB, connections=1
    )
    try:
        with writer.begin() as connection:
            connection.execute(insert(schema.vault), _vault_row(info, at))
            row = {"user_id": str(user.user_id), "name": user.name, "created_at": at}
            connection.execute(insert(schema.vault_user), row)
            connection.execute(insert(schema.organisation_key), _new_keys(env, at))
            body = audit.write_body(
                info.vault_id, writing, "kluis maken", {Change("vault", info.vault_id, None): 1}
            )
            audit.append(Scope(connection, writing), body)
    finally:
        writer.dispose()


def _vault_row(info: VaultInfo, at: str) -> dict[str, object]:
    whose = info.organisation
    return {
        "only_row": 1,
        "vault_id": str(info.vault_id),
        "practice": int(info.practice),
        "created_at": at,
        "organisation_id": str(whose.organisation_id),
        "organisation_name": whose.name,
        "profile": whose.profile.value,
        "municipality_codes": pack(whose.municipality_codes),
    }


def _new_keys(env: Environment, at: str) -> list[dict[str, object]]:
    identity = generate_identity("hybrid", random=env.random)
    signing: SigningKey = generate_signing_key(env.random)
    return [
        {
            "kind": "age",
            "secret": identity.encode().encode(),
            "public": identity.recipient.encode(),
            "created_at": at,
        },
        {"kind": "sign", "secret": signing.seed, "public": signing.public, "created_at": at},
    ]


def open_slot(
    folder: Path, slot: OpenedSlot, vault_id: UUID, lock: FolderLock, reserve: Reserve
) -> Opened:
    """Open the database with what a passphrase opened, migrated if it is older.

    Raises VaultDamaged, VaultNewer and what is in `TRANSLATED`; the lock stays the caller's.
    """
    path, key = folder / places.DATABASE, subkey(slot.master, vault_id, _PURPOSE_OF_KEY)
    _bring_up_to_date(folder, key)
    writer = engine.make_engine(
        path, key, read_only=False, cache_kib=engine.WRITER_CACHE_KIB, connections=1
    )
    readers = engine.make_engine(
        path, key, read_only=True, cache_kib=engine.READER_CACHE_KIB, connections=_READERS
    )
    info, user = _identity(readers, slot)
    if info.vault_id != vault_id:
        raise VaultDamaged
    public = VaultPublicInfo(info.vault_id, info.practice)
    if places.describe(folder) != public:
        places.write_card(folder, public)
    reserve.keep()
    seed = slot.keyring[_USER_SIGNING_KEY]
    wraps = subkey(slot.master, vault_id, _PURPOSE_OF_BACKUPS)
    return Opened(folder, info, user, seed, lock, reserve, writer, readers, wraps)


def _bring_up_to_date(folder: Path, key: bytes) -> None:
    """Migrate an older database, after keeping an encrypted copy of it and of the key files."""
    raw = engine.connect(
        folder / places.DATABASE, key, cache_kib=engine.READER_CACHE_KIB, read_only=False
    )
    try:
        version = migrations.version_of(raw)
        if version < migrations.LATEST:
            names = (places.DATABASE, places.KEY_FILE, places.SPARE_KEY_FILE)
            present = tuple(folder / name for name in names if (folder / name).exists())
            migrations.keep_copy(raw, present, folder / f"kopie-van-versie-{version}")
            migrations.migrate(raw, version)
    finally:
        raw.close()


def _identity(readers: Engine, slot: OpenedSlot) -> tuple[VaultInfo, VaultUser]:
    mine = schema.vault_user.c.user_id == str(slot.user_id)
    with readers.begin() as connection:
        row = connection.execute(select(schema.vault)).one()
        name = connection.execute(select(schema.vault_user.c.name).where(mine)).scalar_one_or_none()
    if name is None:
        raise VaultDamaged
    organisation = Organisation(
        organisation_id=UUID(row.organisation_id),
        name=row.organisation_name,
        profile=Profile(row.profile),
        municipality_codes=tuple(unpack(row.municipality_codes)),
    )
    info = VaultInfo(UUID(row.vault_id), organisation, bool(row.practice))
    return info, VaultUser(slot.user_id, name, tuple(UserRole(role) for role in slot.roles))
