"""Making a vault, and opening one: everything between a folder and two engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, insert, select

from intake_app.crypto.age import generate_identity
from intake_app.crypto.slots import (
    MASTER,
    EscrowSlot,
    KdfCost,
    KeyFile,
    MasterKey,
    OpenedSlot,
    subkey,
    with_key,
)
from intake_app.crypto.sshsig import SigningKey, generate_signing_key
from intake_app.domain.actor import Organisation, Profile, UserRole
from intake_app.domain.environment import Environment
from intake_app.vault import audit, engine, keys, migrations, rekey, schema
from intake_app.vault import folder as places
from intake_app.vault.errors import (
    KeyFileOlder,
    NotAVault,
    VaultDamaged,
    VaultExists,
    VaultNewer,
)
from intake_app.vault.files import (
    FolderLock,
    make_folder,
    refuse_network_folder,
    rename,
    storage_error,
)
from intake_app.vault.keystore import Keystore, asking
from intake_app.vault.model import OrganisationKeys, VaultInfo, VaultPublicInfo, VaultUser
from intake_app.vault.reserve import Reserve
from intake_app.vault.rows import pack, stamp, unpack
from intake_app.vault.scope import Change, Scope, Writing
from intake_app.vault.stores.users import GENERATION
from intake_app.vault.transaction import TRANSLATED, translated

_READERS = 8
_FIRST_USER_ROLES = (UserRole.INTAKE, UserRole.BEHEER)
SIGNING_KEY = "ed25519"
"""The name in the keyring of the seed of the user's own signing key."""
ROLE_KEYS = (UserRole.MEDISCH.value,)
"""The roles that have a key of their own, by their name in the keyring."""
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
    master: MasterKey = field(repr=False)
    keyring: Mapping[str, bytes] = field(repr=False)
    keystore: Keystore | None = None
    older_keys: bool = False
    """True when the key file is older than the database has seen, and was taken on purpose."""


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
        make_folder(folder)
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
            keyring={SIGNING_KEY: own.seed},
            kdf=kdf,
            random=env.random,
        )
        _make_database(
            folder,
            rekey.database_key(master, key_file),
            info,
            NewUser(user, own.public, key_file.generation),
            env,
        )
        places.write_card(folder, VaultPublicInfo(info.vault_id, practice))
        keys.write(folder, key_file)
        rename(folder / places.UNBORN, folder / places.DATABASE)
        reserve = Reserve(folder / places.RESERVE, reserve_bytes)
        slot = OpenedSlot(master, {SIGNING_KEY: own.seed}, user.user_id, user.roles)
        return open_slot(folder, slot, info.vault_id, lock, reserve)
    except TRANSLATED as error:
        _give_up(folder, lock)
        raise translated(error) from None
    except BaseException:
        _give_up(folder, lock)
        raise


def unlock(
    folder: Path,
    *,
    passphrase: str,
    env: Environment,
    reserve_bytes: int,
    keystore: Keystore | None = None,
    user_id: UUID | None = None,
    accept_older_keys: bool = False,
) -> Opened:
    """Open the vault in `folder`; see `Vault.open`."""
    with entering(folder, reserve_bytes) as (lock, reserve):
        key_file, slot = keys.open_with(folder, passphrase, asking(keystore), user_id)
        return enter(
            folder,
            key_file,
            slot,
            lock,
            reserve,
            env=env,
            keystore=keystore,
            accept_older_keys=accept_older_keys,
        )


@contextmanager
def entering(folder: Path, reserve_bytes: int) -> Iterator[tuple[FolderLock, Reserve]]:
    """Take the folder of a vault for opening it; let go of it again when that fails.

    Raises NotAVault, NetworkFolder, VaultInUse; what the block raises comes as for a person.
    """
    if not places.exists(folder):
        raise NotAVault
    refuse_network_folder(folder)
    lock = FolderLock(folder / places.LOCK)
    try:
        reserve = Reserve(folder / places.RESERVE, reserve_bytes)
        reserve.make_room()
        yield lock, reserve
    except TRANSLATED as error:
        lock.release()
        raise translated(error) from None
    except BaseException:
        lock.release()
        raise


def enter(
    folder: Path,
    key_file: KeyFile,
    slot: OpenedSlot,
    lock: FolderLock,
    reserve: Reserve,
    *,
    env: Environment,
    keystore: Keystore | None = None,
    accept_older_keys: bool = False,
) -> Opened:
    """Open the database with an opened key file, then bring the key file itself up to date.

    The key file is written last: what is refused leaves it as it was.
    """
    give_birth(folder)
    settled = rekey.settle(folder, key_file, slot.master)
    opened = open_slot(
        folder,
        slot,
        key_file.db,
        lock,
        reserve,
        database_key=settled.database_key,
        keystore=keystore,
    )
    try:
        opened = _not_older(opened, settled.key_file, accept=accept_older_keys)
        if key_file.former is not None and settled.key_file.former is None:
            rekey.remove_old_copies(folder)
        keys.write(folder, _up_to_date(settled.key_file, slot, env))
    except BaseException:
        opened.readers.dispose()
        opened.writer.dispose()
        raise
    return opened


def give_birth(folder: Path) -> None:
    """Give a database that only lacked its name that name. Raises VaultDamaged without one."""
    database = folder / places.DATABASE
    if not database.exists():
        if not (folder / places.UNBORN).exists():
            raise VaultDamaged
        rename(folder / places.UNBORN, database)


def engines(folder: Path, database_key: bytes) -> tuple[Engine, Engine]:
    """Return the writer and the readers of the database; nothing is opened yet."""
    path = folder / places.DATABASE
    writer = engine.make_engine(
        path, database_key, read_only=False, cache_kib=engine.WRITER_CACHE_KIB, connections=1
    )
    readers = engine.make_engine(
        path,
        database_key,
        read_only=True,
        cache_kib=engine.READER_CACHE_KIB,
        connections=_READERS,
    )
    return writer, readers


def organisation_keys(readers: Engine) -> OrganisationKeys:
    """Return the organisation's keys as the database holds them. Raises VaultError."""
    newest = schema.organisation_key.c.key_id.desc()
    try:
        with readers.begin() as connection:
            rows = connection.execute(select(schema.organisation_key).order_by(newest)).all()
    except TRANSLATED as error:
        raise translated(error) from None
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


@dataclass(frozen=True, slots=True)
class NewUser:
    """The first user of a vault, and the generation of the key file that lets that user in."""

    user: VaultUser
    sign_public: str
    generation: int


def _make_database(
    folder: Path, key: bytes, info: VaultInfo, first: NewUser, env: Environment
) -> None:
    """Make the whole database under its unborn name; on return it is one durable file."""
    path = folder / places.UNBORN
    _remove_unborn(folder)
    raw = engine.connect(path, key, cache_kib=engine.READER_CACHE_KIB, read_only=False)
    migrations.migrate(raw, 0)
    raw.close()
    path.chmod(0o600)
    writing = Writing(first.user.user_id, env.now())
    at = stamp(writing.at)
    writer = engine.make_engine(
        path, key, read_only=False, cache_kib=engine.READER_CACHE_KIB, connections=1
    )
    try:
        with writer.begin() as connection:
            connection.execute(insert(schema.vault), _vault_row(info, at))
            row = {
                "user_id": str(first.user.user_id),
                "name": first.user.name,
                "created_at": at,
                "sign_public": first.sign_public,
            }
            connection.execute(insert(schema.vault_user), row)
            seen = {"name": GENERATION, "value": str(first.generation)}
            connection.execute(insert(schema.setting), seen)
            connection.execute(insert(schema.organisation_key), _new_keys(env, at))
            body = audit.write_body(
                info.vault_id, writing, "kluis maken", {Change("vault", info.vault_id, None): 1}
            )
            audit.append(Scope(connection, writing), body)
        engine.write_back(writer)
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
    folder: Path,
    slot: OpenedSlot,
    vault_id: UUID,
    lock: FolderLock,
    reserve: Reserve,
    *,
    database_key: bytes | None = None,
    keystore: Keystore | None = None,
) -> Opened:
    """Open the database with what a passphrase opened, migrated if it is older.

    `database_key` is the raw key where it is not the one of the slot's master key. Raises
    VaultDamaged, VaultNewer and what is in `TRANSLATED`; the lock stays the caller's.
    """
    key = database_key or subkey(slot.master, vault_id, rekey.PURPOSE)
    _bring_up_to_date(folder, key)
    writer, readers = engines(folder, key)
    try:
        info, user = _identity(readers, slot)
        if info.vault_id != vault_id:
            raise VaultDamaged
    except BaseException:
        readers.dispose()
        raise
    public = VaultPublicInfo(info.vault_id, info.practice)
    if places.describe(folder) != public:
        places.write_card(folder, public)
    reserve.keep()
    return Opened(
        folder=folder,
        info=info,
        user=user,
        signing_seed=slot.keyring[SIGNING_KEY],
        lock=lock,
        reserve=reserve,
        writer=writer,
        readers=readers,
        master=slot.master,
        keyring=dict(slot.keyring),
        keystore=keystore,
    )


def _not_older(opened: Opened, key_file: KeyFile, *, accept: bool) -> Opened:
    """Refuse a key file of an earlier generation than the database has seen, unless `accept`."""
    query = select(schema.setting.c.value).where(schema.setting.c.name == GENERATION)
    with opened.readers.begin() as connection:
        seen = connection.execute(query).scalar_one_or_none()
    if seen is None or key_file.generation >= int(seen):
        return opened
    if not accept:
        raise KeyFileOlder
    return replace(opened, older_keys=True)


def _up_to_date(key_file: KeyFile, slot: OpenedSlot, env: Environment) -> KeyFile:
    """Return the key file with the user's own slot renewed, and with keys that cards lack."""
    if slot.stale:
        key_file = key_file.refreshed(slot, random=env.random)
    return completed(key_file, slot.master, slot.keyring, env)


def completed(
    key_file: KeyFile, master: MasterKey, keyring: Mapping[str, bytes], env: Environment
) -> KeyFile:
    """Return the key file with every role key of `keyring` on the recovery cards too.

    An earlier set of cards that was kept only for such a key goes.
    """
    roles = {name: keyring[name] for name in ROLE_KEYS if name in keyring}
    escrows = []
    for each in key_file.escrows:
        slot = each
        for name, key in roles.items():
            if name not in slot.names and MASTER in slot.names:
                slot = with_key(slot, name, key, env.random)
        escrows.append(slot)
    left = needed(tuple(escrows))
    return key_file if left == key_file.escrows else key_file.with_escrows(master, left)


def needed(escrows: tuple[EscrowSlot, ...]) -> tuple[EscrowSlot, ...]:
    """Return the escrow slots without those whose every key is on cards in force."""
    whole = [each for each in escrows if MASTER in each.names]
    covered = {name for each in whole if each.tried is not None for name in each.names}
    return tuple(each for each in escrows if each in whole or not each.names <= covered)


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
        name = connection.execute(select(schema.vault_user.c.name).where(mine)).scalar_one_or_none()
    if name is None:
        raise VaultDamaged
    return info_of(readers), VaultUser(slot.user_id, name, roles_of(slot.roles))


def info_of(readers: Engine) -> VaultInfo:
    """Return the vault and its organisation as the database has them. Raises VaultNewer."""
    with readers.begin() as connection:
        row = connection.execute(select(schema.vault)).one()
    try:
        profile = Profile(row.profile)
    except ValueError:
        raise VaultNewer from None
    organisation = Organisation(
        organisation_id=UUID(row.organisation_id),
        name=row.organisation_name,
        profile=profile,
        municipality_codes=tuple(unpack(row.municipality_codes)),
    )
    return VaultInfo(UUID(row.vault_id), organisation, bool(row.practice))


def roles_of(names: Iterable[str]) -> tuple[UserRole, ...]:
    """Return the roles with these names. Raises VaultNewer for one that this program has not."""
    try:
        return tuple(UserRole(name) for name in names)
    except ValueError:
        raise VaultNewer from None
