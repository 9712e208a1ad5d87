"""Who may open the vault: joining, leaving, other roles, another passphrase.

Every function that changes something takes the passphrase of the user at the keyboard again. The
key file is durable before the database is told; `settle` sets right what was stopped in between.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.crypto.age import HybridIdentity
from intake_app.crypto.slots import (
    MASTER,
    KeyFile,
    OpenedSlot,
    PassphraseSlot,
    Second,
    check_passphrase,
)
from intake_app.crypto.slots import WrongPassphrase as NoSlotOpens
from intake_app.crypto.sshsig import SigningKey, generate_signing_key
from intake_app.domain.actor import Actor, UserRole
from intake_app.sentences import Sentence
from intake_app.vault import keys
from intake_app.vault.errors import (
    DiskFull,
    KeystoreUnusable,
    LastWayIn,
    NoMedicalKey,
    NoRecoveryCards,
    NoRole,
    NotAllowed,
    PassphraseRefused,
    TooManyUsers,
    UserUnknown,
    VaultError,
    WrongPassphrase,
)
from intake_app.vault.keystore import asking
from intake_app.vault.model import UserAccess
from intake_app.vault.opening import ROLE_KEYS, SIGNING_KEY, completed, roles_of
from intake_app.vault.rotation import rotate, unlocked_meanwhile
from intake_app.vault.rows import moment, stamp
from intake_app.vault.stores.users import OLDER_KEY_FILE, ROLE_KEY_REPLACED

if TYPE_CHECKING:
    from intake_app.vault.keystore import Keystore
    from intake_app.vault.transaction import Records
    from intake_app.vault.vault import Vault

__all__ = [
    "LastWayIn",
    "NoMedicalKey",
    "NotAllowed",
    "UserAccess",
    "UserUnknown",
    "access",
    "add_user",
    "authorised",
    "cards_in_force",
    "change_passphrase",
    "forget_secrets",
    "former_secrets",
    "note",
    "refuse_known",
    "remove_user",
    "renew_master_key",
    "set_roles",
    "set_second_factor",
    "settle",
]

_SECRET: Final = 32
_FORMER: Final = "tweede.sleutel.eerder"
"""The setting with the names of earlier second factors and when they were replaced."""
_MAX_NAME: Final = 200
_TAKEN_FOR_GOOD: Final = (UserRole.BEHEER.value, UserRole.MEDISCH.value)
"""The roles that an older key file may not give back to who lost them."""
_LAST_MEDICAL: Final = Sentence(
    "Deze collega is de laatste met de medische rol. Daarna kan niemand de medische gegevens nog "
    "lezen. Er is niets veranderd. Geef eerst een ander de medische rol. Is deze collega er niet "
    "meer, herstel dan eerst de toegang met twee herstelkaarten."
)


def access(vault: Vault) -> tuple[UserAccess, ...]:
    """Return who may open the vault now and who left, in the order of coming."""
    key_file = keys.current(vault.folder, vault.unlocked().master)
    with vault.read() as records:
        known = records.users.all()
    found = []
    for user in known:
        slot = key_file.slot_of(user.user_id)
        found.append(
            UserAccess(
                user_id=user.user_id,
                name=user.name,
                roles=() if slot is None else _roles(slot),
                added_at=user.added_at,
                left_at=user.left_at,
                waiting=slot is not None and bool(slot.renewals),
            )
        )
    return tuple(found)


def change_passphrase(vault: Vault, *, old: str, new: str) -> None:
    """Give the user at the keyboard another passphrase; nothing else changes.

    A copy of the old key file still opens with the old passphrase as long as the master key is the
    same: `renew_master_key` ends that. Raises WrongPassphrase, PassphraseRefused.
    """
    with _changing(vault) as key_file:
        opened = _opened(vault, key_file, old)
        slot = _slot(key_file, vault.user.user_id)
        refuse_known(key_file, new, but=vault.user.user_id, second=_keystore(vault))
        changed = key_file.with_passphrase(
            opened, new, kdf=slot.kdf, random=vault.env.random, second=_second(vault, slot)
        )
        keys.write(vault.folder, changed)
    _note(vault, "wachtwoordzin veranderen", changed, vault.user.user_id)


def add_user(
    vault: Vault,
    *,
    passphrase: str,
    name: str,
    roles: tuple[UserRole, ...],
    new_passphrase: str,
) -> UserAccess:
    """Give a colleague a way in, with a passphrase of their own.

    Raises WrongPassphrase, NotAllowed without the role beheer, NoRole, NoMedicalKey,
    PassphraseRefused, TooManyUsers; ValueError for an empty name.
    """
    if not 0 < len(name.strip()) <= _MAX_NAME:
        raise ValueError("a user needs a name")
    user_id = vault.env.uuid()
    own = generate_signing_key(vault.env.random)
    with _changing(vault) as key_file:
        opened = _manager(vault, key_file, passphrase)
        given = _role_keys(vault, key_file, opened, roles)
        slot = _slot(key_file, vault.user.user_id)
        refuse_known(key_file, new_passphrase, but=None, second=_keystore(vault))
        try:
            changed = key_file.add_passphrase_slot(
                opened.master,
                user_id=user_id,
                passphrase=new_passphrase,
                roles=tuple(role.value for role in roles),
                keyring={SIGNING_KEY: own.seed, **given},
                kdf=slot.kdf,
                random=vault.env.random,
            )
        except ValueError:
            raise TooManyUsers from None
        changed = completed(changed, opened.master, given, vault.env)
        # The name first: a slot without a name would let nobody in.
        with vault.transaction(_me(vault), "toegang geven") as t:
            t.users.add(user_id, name.strip(), own.public)
        try:
            keys.write(vault.folder, changed)
        except VaultError:
            with vault.transaction(_me(vault), "toegang geven is niet gelukt") as t:
                t.users.leave(user_id)
            raise
    _note(vault, "toegang gegeven", changed, user_id, given)
    return next(user for user in access(vault) if user.user_id == user_id)


def set_roles(
    vault: Vault, *, passphrase: str, user_id: UUID, roles: tuple[UserRole, ...]
) -> UserAccess:
    """Give a user exactly these roles, from that user's next unlock on; oneself at once.

    When the role beheer or medisch is taken away, the database gets another master key, so that an
    older key file does not give it back. The medical key itself stays the same: who loses that role
    may have kept a copy of it, and what was read with it. Raises WrongPassphrase, NotAllowed,
    NoRole, UserUnknown, NoMedicalKey, LastWayIn, NotUnlockedYet, and when a role is taken away
    VaultBusy, DiskFull or StorageFailed; nothing is changed then.
    """
    with _changing(vault) as key_file:
        opened = _manager(vault, key_file, passphrase)
        slot = _slot(key_file, user_id)
        given = _role_keys(vault, key_file, opened, roles, had=slot)
        _refuse_last(key_file, user_id, roles)
        lost = tuple(name for name in ROLE_KEYS if name not in {role.value for role in roles})
        names = tuple(role.value for role in roles)
        own, ring = opened, opened.keyring
        if user_id == vault.user.user_id:
            ring = {n: k for n, k in opened.keyring.items() if n not in lost} | given
            own = replace(opened, roles=names, keyring=ring)
            changed = key_file.refreshed(own, random=vault.env.random)
        else:
            with unlocked_meanwhile():
                changed = key_file.with_roles(
                    opened.master,
                    user_id,
                    names,
                    keys=given,
                    drop=lost,
                    random=vault.env.random,
                )
        changed = completed(changed, opened.master, given, vault.env)
        if any(role in slot.effective_roles and role not in names for role in _TAKEN_FOR_GOOD):
            changed = rotate(vault, key_file, changed, own)
        else:
            keys.write(vault.folder, changed)
        if user_id == vault.user.user_id:
            user = replace(vault.user, roles=tuple(roles))
            vault.replace_keys(replace(vault.unlocked(), user=user, keyring=ring))
    _note(vault, "rollen veranderen", changed, user_id, given)
    return next(user for user in access(vault) if user.user_id == user_id)


def remove_user(vault: Vault, *, passphrase: str, user_id: UUID) -> None:
    """Take a user's way in away, and give the database another master key.

    Afterwards neither the present key file nor a copy of an older one opens the database for that
    user, and copies of the database kept before migrations are gone. A back-up made before carries
    its own key file and still opens with the passphrase the user had then; so does a vault that is
    restored from it, until the user is removed there as well. Raises WrongPassphrase,
    NotAllowed, UserUnknown, LastWayIn (oneself too: another manager does that), NotUnlockedYet,
    VaultBusy, DiskFull or StorageFailed; nothing is changed then.
    """
    with _changing(vault) as key_file:
        opened = _manager(vault, key_file, passphrase)
        _slot(key_file, user_id)
        if user_id == vault.user.user_id:
            raise LastWayIn(
                "Je kunt je eigen toegang niet weghalen. Er is niets veranderd. "
                "Vraag een andere beheerder om dat te doen."
            )
        _refuse_last(key_file, user_id, ())
        without = key_file.remove_user(opened.master, user_id)
        changed = rotate(vault, key_file, without, opened)
        try:
            _note_removal(vault, user_id, changed)
        except DiskFull:
            # The reserve gave way, and the user is gone: say so rather than fail.
            _note_removal(vault, user_id, changed)
    vault.tell_keys_changed()


def renew_master_key(vault: Vault, *, passphrase: str) -> None:
    """Give the database another master key; old key files and copies open nothing any more.

    Raises as `remove_user` does.
    """
    with _changing(vault) as key_file:
        opened = _manager(vault, key_file, passphrase)
        changed = rotate(vault, key_file, key_file, opened)
    _note(vault, "hoofdsleutel vernieuwen", changed, vault.user.user_id)


def has_second_factor(vault: Vault) -> bool:
    """True when the user's passphrase opens only together with the system's key store."""
    key_file = keys.current(vault.folder, vault.unlocked().master)
    return bool(_slot(key_file, vault.user.user_id).second)


def set_second_factor(vault: Vault, *, passphrase: str, keystore: Keystore | None) -> None:
    """Ask for a secret in the system's key store beside the user's own passphrase, or no more.

    An earlier secret stays in the key store: backups of before open with it. `former_secrets` tells
    since when; `flows.back_up.end_old` drops it once the last of those backups has ended.
    Raises WrongPassphrase, NoRecoveryCards as long as no cards were tried, KeystoreUnusable.
    """
    with _changing(vault) as key_file:
        opened = _opened(vault, key_file, passphrase)
        slot = _slot(key_file, vault.user.user_id)
        if keystore is not None and not cards_in_force(key_file):
            raise NoRecoveryCards
        slot_id = vault.env.random(16).hex()
        secret = None if keystore is None else vault.env.random(_SECRET)
        changed = key_file.with_passphrase(
            opened,
            passphrase,
            kdf=slot.kdf,
            random=vault.env.random,
            second=secret,
            slot_id=slot_id,
        )
        if keystore is not None and secret is not None:
            keystore.put(slot_id, secret)
        keys.write(vault.folder, changed)
        before = vault.unlocked()
        vault.replace_keys(replace(before, keystore=keystore or before.keystore))
    _note(vault, "tweede sleutel veranderen", changed, vault.user.user_id)
    if slot.second:
        with vault.transaction(_me(vault), "eerdere tweede sleutel onthouden") as t:
            kept = {**former_secrets(t), slot.slot_id: vault.env.now()}
            said = {name: stamp(at) for name, at in kept.items()}
            t.settings.set(_FORMER, json.dumps(said))


def former_secrets(records: Records) -> dict[str, datetime]:
    """Return the names of earlier second factors that are kept, and when each was replaced."""
    said = json.loads(records.settings.get(_FORMER) or "{}")
    return {name: moment(at) for name, at in said.items()}


def forget_secrets(vault: Vault, names: set[str]) -> None:
    """Drop earlier second factors that open nothing any more; one that stays is tried again."""
    keystore = vault.unlocked().keystore
    if keystore is None:
        return
    gone: set[str] = set()
    for name in names:
        with suppress(KeystoreUnusable):
            keystore.drop(name)
            gone.add(name)
    if gone:
        with vault.transaction(_me(vault), "eerdere tweede sleutel vergeten") as t:
            left = {n: stamp(at) for n, at in former_secrets(t).items() if n not in gone}
            t.settings.set(_FORMER, json.dumps(left))


def settle(vault: Vault) -> None:
    """Tell the database what the key file says, after opening; writes only what differs.

    A medical key in the database that is not the one in the user's slot was put there: what is
    sealed next would be for somebody else. The right one comes back and every user is told.
    """
    opened = vault.unlocked()
    key_file = keys.current(opened.folder, opened.master)
    public = SigningKey(opened.signing_seed).public
    with vault.read() as records:
        known = records.users.all()
        seen = records.users.generation()
        own = {
            UserRole(name): HybridIdentity(opened.keyring[name]).recipient.encode()
            for name in ROLE_KEYS
            if name in opened.keyring
        }
        kept = {role: records.role_keys.recipient(role) for role in own}
    wrong = {role: recipient for role, recipient in own.items() if kept[role] != recipient}
    replaced = [role for role in wrong if kept[role] is not None]
    gone = [u for u in known if u.left_at is None and key_file.slot_of(u.user_id) is None]
    unsigned = any(u.user_id == vault.user.user_id and u.sign_public != public for u in known)
    if not (gone or unsigned or wrong or opened.older_keys or seen < key_file.generation):
        return
    if key_file.generation < seen:
        # From here on this is the newest one again.
        key_file = key_file.after(seen, opened.master)
        keys.write(opened.folder, key_file)
    with vault.transaction(_me(vault), "sleutelbestand nagaan") as t:
        for user in gone:
            t.users.leave(user.user_id)
        if unsigned:
            t.users.set_sign_public(vault.user.user_id, public)
        for role, recipient in wrong.items():
            t.role_keys.save(role, recipient)
        for _ in replaced:
            t.users.add_use(vault.env.uuid(), vault.user.user_id, ROLE_KEY_REPLACED)
        if opened.older_keys:
            t.users.add_use(vault.env.uuid(), vault.user.user_id, OLDER_KEY_FILE)
        t.users.saw_generation(key_file.generation)


def cards_in_force(key_file: KeyFile) -> bool:
    """True if two recovery cards that were tried open this key file."""
    return any(each.tried is not None and MASTER in each.names for each in key_file.escrows)


def authorised(vault: Vault, passphrase: str) -> tuple[KeyFile, OpenedSlot]:
    """Return the key file and what the passphrase of the user at the keyboard opens of it.

    Raises WrongPassphrase, NotAllowed without the role beheer.
    """
    key_file = keys.current(vault.folder, vault.unlocked().master)
    return key_file, _manager(vault, key_file, passphrase)


def note(vault: Vault, purpose: str, key_file: KeyFile, user_id: UUID) -> None:
    """Tell log and listeners of a key file that was written."""
    _note(vault, purpose, key_file, user_id)


def refuse_known(
    key_file: KeyFile, passphrase: str, *, but: UUID | None, second: Second | None = None
) -> None:
    """Raise PassphraseRefused for one that cannot be one, or opens another slot than that of `but`.

    With the same passphrase two users could not be told apart when they unlock.
    """
    try:
        check_passphrase(passphrase)
    except ValueError:
        raise PassphraseRefused from None
    for slot in key_file.slots:
        if slot.user_id == but:
            continue
        try:
            key_file.open(passphrase, slot.user_id, second)
        except NoSlotOpens:
            continue
        raise PassphraseRefused


@contextmanager
def _changing(vault: Vault) -> Iterator[KeyFile]:
    """Hand out the present key file to change; one change at a time."""
    with vault.changing_keys():
        yield keys.current(vault.folder, vault.unlocked().master)


def _me(vault: Vault) -> Actor:
    return Actor(vault.user.user_id, vault.user.name)


def _opened(vault: Vault, key_file: KeyFile, passphrase: str) -> OpenedSlot:
    try:
        return key_file.open(passphrase, vault.user.user_id, _keystore(vault))
    except NoSlotOpens:
        raise WrongPassphrase from None


def _manager(vault: Vault, key_file: KeyFile, passphrase: str) -> OpenedSlot:
    if not vault.has_role(UserRole.BEHEER):
        raise NotAllowed
    return _opened(vault, key_file, passphrase)


def _slot(key_file: KeyFile, user_id: UUID) -> PassphraseSlot:
    slot = key_file.slot_of(user_id)
    if slot is None:
        raise UserUnknown
    return slot


def _roles(slot: PassphraseSlot) -> tuple[UserRole, ...]:
    return roles_of(slot.effective_roles)


def _keystore(vault: Vault) -> Second | None:
    return asking(vault.unlocked().keystore)


def _second(vault: Vault, slot: PassphraseSlot) -> bytes | None:
    second = _keystore(vault)
    return second(slot.slot_id) if slot.second and second is not None else None


def _role_keys(
    vault: Vault,
    key_file: KeyFile,
    opened: OpenedSlot,
    roles: tuple[UserRole, ...],
    had: PassphraseSlot | None = None,
) -> dict[str, bytes]:
    """Return the keys that come with these roles; the first time a role is given it gets one.

    Raises NoRole, NoMedicalKey.
    """
    if not roles or len(set(roles)) != len(roles):
        raise NoRole
    given: dict[str, bytes] = {}
    for role in roles:
        name = role.value
        if name not in ROLE_KEYS or (had is not None and name in had.effective_roles):
            continue
        if name in opened.keyring:
            given[name] = opened.keyring[name]
        elif _has_key(vault, key_file, role):
            raise NoMedicalKey
        else:
            given[name] = vault.env.random(_SECRET)
    return given


def _has_key(vault: Vault, key_file: KeyFile, role: UserRole) -> bool:
    name = role.value
    held = any(name in slot.effective_roles for slot in key_file.slots)
    if held or any(name in each.names for each in key_file.escrows):
        return True
    with vault.read() as records:
        return records.role_keys.recipient(role) is not None


def _refuse_last(key_file: KeyFile, user_id: UUID, roles: Iterable[UserRole]) -> None:
    """Raise LastWayIn if without this user nobody could manage, or read what a role may read.

    Cards alone are not enough for the latter: a key comes back from them to a user with the role.
    """
    left = {role.value for role in roles}
    others = [each for each in key_file.slots if each.user_id != user_id]
    for name in _slot(key_file, user_id).effective_roles:
        if name in left or any(name in each.effective_roles for each in others):
            continue
        if name == UserRole.BEHEER:
            raise LastWayIn
        if name in ROLE_KEYS:
            raise LastWayIn(_LAST_MEDICAL)


def _note_removal(vault: Vault, user_id: UUID, key_file: KeyFile) -> None:
    with vault.transaction(_me(vault), "toegang weghalen") as t:
        t.users.leave(user_id)
        t.users.saw_generation(key_file.generation)


def _note(
    vault: Vault,
    purpose: str,
    key_file: KeyFile,
    user_id: UUID,
    given: dict[str, bytes] | None = None,
) -> None:
    with vault.transaction(_me(vault), purpose) as t:
        for name, seed in (given or {}).items():
            if t.role_keys.recipient(UserRole(name)) is None:
                t.role_keys.save(UserRole(name), HybridIdentity(seed).recipient.encode())
        t.users.touched(user_id)
        t.users.saw_generation(key_file.generation)
    vault.tell_keys_changed()
