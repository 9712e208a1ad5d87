"""Recovery cards: three cards of which any two let a colleague in who forgot the passphrase.

The cards hold the seed of an identity that exists nowhere else; the key file keeps every key sealed
to it. A new set is only proposed until two of its cards were tried: then it is in force and an
earlier set opens nothing any more. Cards that are really used before anybody tried them have proven
themselves and come in force by that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from intake_app.crypto import shares
from intake_app.crypto.age import HybridIdentity
from intake_app.crypto.fingerprint import fingerprint
from intake_app.crypto.slots import (
    MASTER,
    EscrowSlot,
    KdfCost,
    KeyFile,
    MasterKey,
    NoEscrow,
    OpenedSlot,
    PassphraseSlot,
    check_passphrase,
    with_key,
)
from intake_app.crypto.sshsig import generate_signing_key
from intake_app.domain.actor import Actor, UserRole
from intake_app.domain.environment import Environment
from intake_app.sentences import Sentence
from intake_app.vault import keys, rekey, schema, users
from intake_app.vault.errors import (
    CardsRefused,
    NoMedicalKey,
    NotAllowed,
    PassphraseRefused,
    RolesWouldBeLost,
    TooManyUsers,
    UserUnknown,
)
from intake_app.vault.model import RecoveryCard, RecoveryState, RecoveryUse, RecoveryUser
from intake_app.vault.opening import (
    ROLE_KEYS,
    SIGNING_KEY,
    engines,
    enter,
    entering,
    give_birth,
    needed,
)
from intake_app.vault.reserve import DEFAULT_BYTES
from intake_app.vault.rows import stamp
from intake_app.vault.stores.users import CARDS, ROLE_KEY_LOST

if TYPE_CHECKING:
    from intake_app.vault.vault import Vault

__all__ = [
    "CardsRefused",
    "RecoveryCard",
    "RecoveryState",
    "RecoveryUse",
    "RecoveryUser",
    "RolesWouldBeLost",
    "card_state",
    "make_cards",
    "mark_seen",
    "open_with_cards",
    "recover",
    "try_cards",
    "unseen_uses",
]

_LABEL: Final = "organisatie"
"""What stands in the key file, in clear: no name."""
_NOT_ON_CARDS: Final = Sentence(
    "Op deze kaarten staat de medische sleutel nog niet, en deze collega heeft alleen de medische "
    "rol. Er is niets veranderd. Laat een beheerder deze collega eerst nog een andere rol geven."
)
_ORDER: Final = (Sentence("eerste"), Sentence("tweede"))


def make_cards(vault: Vault, *, passphrase: str) -> tuple[RecoveryCard, RecoveryCard, RecoveryCard]:
    """Make a new set of cards; it is proposed, and in force once `try_cards` was done.

    Nothing keeps the words. A set that was proposed before is gone. Without the medical role the
    cards get the medical key at the next unlock of somebody who has it. Raises WrongPassphrase,
    NotAllowed without the role beheer.
    """
    env = vault.env
    with vault.changing_keys():
        key_file, opened = users.authorised(vault, passphrase)
        seed = env.random(shares.SECRET)
        recipient = HybridIdentity(seed).recipient.encode()
        made_at = env.now()
        slot = EscrowSlot(env.random(16).hex(), _LABEL, recipient, stamp(made_at), None, ())
        slot = with_key(slot, MASTER, opened.master, env.random)
        for name in ROLE_KEYS:
            if name in opened.keyring:
                slot = with_key(slot, name, opened.keyring[name], env.random)
        kept = tuple(each for each in key_file.escrows if each.tried is not None)
        try:
            changed = key_file.with_escrows(opened.master, (*kept, slot))
        except ValueError:
            raise TooManyUsers from None
        keys.write(vault.folder, changed)
    users.note(vault, "herstelkaarten maken", changed, vault.user.user_id)
    check, label = fingerprint(recipient), vault.info.organisation.name
    first, second, third = shares.split(seed)
    return (
        RecoveryCard(1, first, label, check, made_at),
        RecoveryCard(2, second, label, check, made_at),
        RecoveryCard(3, third, label, check, made_at),
    )


def try_cards(vault: Vault, first: str, second: str) -> None:
    """Prove that two cards, as typed or scanned, open this vault; their set is in force from now.

    An earlier set opens nothing afterwards. Raises CardsRefused, NotAllowed without the role
    beheer.
    """
    if not vault.has_role(UserRole.BEHEER):
        raise NotAllowed
    seed = _seed(first, second)
    with vault.changing_keys():
        master = vault.unlocked().master
        key_file = keys.current(vault.folder, master)
        try:
            slot, found = key_file.open_escrow(seed)
        except NoEscrow:
            raise _foreign() from None
        if found[MASTER] != master:
            raise _foreign()
        changed = _in_force(key_file, slot, master, vault.env.now())
        keys.write(vault.folder, changed)
    users.note(vault, "herstelkaarten uitproberen", changed, vault.user.user_id)


def card_state(vault: Vault) -> RecoveryState:
    """Return how it stands with the cards of this vault."""
    key_file = keys.current(vault.folder, vault.unlocked().master)
    whole = [each for each in key_file.escrows if MASTER in each.names]
    tried = [each for each in whole if each.tried is not None]
    shown = next(reversed(tried or whole), None)
    with vault.read() as records:
        last_use = records.users.last_use()
    return RecoveryState(
        has_cards=bool(tried),
        proposed=len(whole) > len(tried),
        made_at=None if shown is None else datetime.fromisoformat(shown.made),
        tried_at=None
        if shown is None or shown.tried is None
        else datetime.fromisoformat(shown.tried),
        last_use=last_use,
        complete=shown is None or _role_keys_of(key_file) <= shown.names,
    )


def open_with_cards(
    folder: Path,
    first: str,
    second: str,
    *,
    env: Environment,  # noqa: ARG001  (the same arguments as `recover`)
    reserve_bytes: int = DEFAULT_BYTES,
) -> tuple[RecoveryUser, ...]:
    """Return who may get a new passphrase with these cards, in the order of coming.

    Changes nothing, but finishes a change of the master key that was interrupted. Raises
    CardsRefused and what `Vault.open` raises.
    """
    seed = _seed(first, second)
    with entering(folder, reserve_bytes) as (lock, _reserve):
        key_file, (_, found) = _opened(folder, seed)
        give_birth(folder)
        settled = rekey.settle(folder, key_file, found[MASTER])
        names = _names(folder, settled.database_key)
        lock.release()
    return tuple(
        RecoveryUser(user_id, name)
        for user_id, name in names
        if key_file.slot_of(user_id) is not None
    )


def recover(
    folder: Path,
    first: str,
    second: str,
    *,
    user_id: UUID,
    new_passphrase: str,
    env: Environment,
    kdf: KdfCost | None = None,
    reserve_bytes: int = DEFAULT_BYTES,
    lose_roles: bool = False,
) -> Vault:
    """Give a user a new passphrase with two cards, and return the vault open for that user.

    The use is in the database and in the log before anything else changes, and every user is told
    at the next unlock. The user gets new keys of their own and loses a second factor. Roles stay,
    but for one whose key is not on the cards yet (`RecoveryState.complete`): then somebody who has
    that key gives the role again. When nobody else has that key, what is sealed to it could never
    be read again: RolesWouldBeLost, unless `lose_roles` says that this is accepted. Then nothing
    is sealed to the lost key any more, and whoever gets the role next gets a new one.

    A key file that is older than the database has seen is taken. Raises CardsRefused, UserUnknown,
    NoMedicalKey when no role would be left, PassphraseRefused and what `Vault.open` raises.
    """
    from intake_app.vault.vault import Vault

    try:
        check_passphrase(new_passphrase)
    except ValueError:
        raise PassphraseRefused from None
    seed = _seed(first, second)
    with entering(folder, reserve_bytes) as (lock, reserve):
        key_file, (escrow, found) = _opened(folder, seed)
        master = found[MASTER]
        before = key_file.slot_of(user_id)
        if before is None:
            raise UserUnknown
        users.refuse_known(key_file, new_passphrase, but=user_id)
        own = generate_signing_key(env.random)
        roles = tuple(r for r in before.effective_roles if r not in ROLE_KEYS or r in found)
        if not roles:
            raise NoMedicalKey(_NOT_ON_CARDS)
        lost = _lost(key_file, before, found)
        if lost and not lose_roles:
            raise RolesWouldBeLost
        kept = {name: found[name] for name in ROLE_KEYS if name in roles}
        ring = {SIGNING_KEY: own.seed, **kept}
        slot = OpenedSlot(master, ring, user_id, roles, before.slot_id)
        opened = enter(
            folder,
            key_file,
            slot,
            lock,
            reserve,
            env=env,
            accept_older_keys=True,
        )
        vault = Vault(replace(opened, older_keys=False), env)
    try:
        with vault.transaction(Actor(user_id, vault.user.name), "herstellen met kaarten") as t:
            t.users.add_use(env.uuid(), user_id, CARDS)
            for name in lost:
                t.role_keys.retire(UserRole(name))
                t.users.add_use(env.uuid(), user_id, ROLE_KEY_LOST)
        # Only now: whoever stops before this has a use in the log and no new way in.
        present = keys.current(folder, master)
        changed = present.with_passphrase(
            slot, new_passphrase, kdf=kdf or before.kdf, random=env.random, second=None
        )
        if escrow.tried is None:
            changed = _in_force(changed, escrow, master, env.now())
        if lost:
            changed = _without(changed, lost, master)
        keys.write(folder, changed)
        users.settle(vault)
    except BaseException:
        vault.close()
        raise
    return vault


def master_with_cards(folder: Path, first: str, second: str) -> tuple[KeyFile, bytes]:
    """Return the key file in `folder` and the master key that two cards open in it.

    For a backup: nothing is written, and there need be no database. Raises CardsRefused,
    VaultNewer, VaultDamaged.
    """
    key_file, (_, found) = _opened(folder, _seed(first, second))
    return key_file, found[MASTER]


def unseen_uses(vault: Vault) -> tuple[RecoveryUse, ...]:
    """Return the uses of the cards that the user at the keyboard was not shown yet."""
    with vault.read() as records:
        return records.users.unseen_uses(vault.user.user_id)


def mark_seen(vault: Vault) -> None:
    """Note that the user at the keyboard was shown every use until now."""
    uses = unseen_uses(vault)
    if uses:
        actor = Actor(vault.user.user_id, vault.user.name)
        with vault.transaction(actor, "gebruik van herstelkaarten gezien") as t:
            t.users.mark_seen(vault.user.user_id, uses)


def _role_keys_of(key_file: KeyFile) -> set[str]:
    """Return the names of the role keys that users of this vault hold."""
    held = {role for slot in key_file.slots for role in slot.effective_roles}
    return held & set(ROLE_KEYS)


def _lost(key_file: KeyFile, slot: PassphraseSlot, found: Mapping[str, bytes]) -> set[str]:
    """Return the role keys that nobody would have any more after these cards replace `slot`."""
    others = [each for each in key_file.slots if each.user_id != slot.user_id]
    return {
        name
        for name in ROLE_KEYS
        if name in slot.effective_roles
        and name not in found
        and not any(name in each.effective_roles for each in others)
    }


def _without(key_file: KeyFile, names: set[str], master: MasterKey) -> KeyFile:
    """Return the key file without these keys on any cards: they count as gone everywhere."""
    left = []
    for each in key_file.escrows:
        sealed = tuple((name, key) for name, key in each.sealed if name not in names)
        if sealed:
            left.append(replace(each, sealed=sealed))
    return key_file.with_escrows(master, tuple(left))


def _in_force(key_file: KeyFile, slot: EscrowSlot, master: bytes, at: datetime) -> KeyFile:
    """Return the key file with this set in force and every earlier one opening nothing."""
    changed = []
    for each in key_file.escrows:
        if each.slot_id == slot.slot_id:
            changed.append(replace(each, tried=stamp(at)))
        elif each.tried is not None:
            rest = tuple((name, sealed) for name, sealed in each.sealed if name != MASTER)
            changed.append(replace(each, sealed=rest))
        else:
            changed.append(each)
    return key_file.with_escrows(master, needed(tuple(changed)))


def _opened(folder: Path, seed: bytes) -> tuple[KeyFile, tuple[EscrowSlot, dict[str, bytes]]]:
    try:
        return keys.find(folder, lambda candidate: candidate.open_escrow(seed))
    except CardsRefused:
        raise _foreign() from None


def _names(folder: Path, database_key: bytes) -> list[tuple[UUID, str]]:
    _, readers = engines(folder, database_key)
    table = schema.vault_user
    query = select(table.c.user_id, table.c.name).order_by(table.c.created_at, table.c.user_id)
    try:
        with readers.begin() as connection:
            return [(UUID(row.user_id), row.name) for row in connection.execute(query)]
    finally:
        readers.dispose()


def _foreign() -> CardsRefused:
    return CardsRefused(
        "not-this-vault",
        "Deze twee kaarten horen bij elkaar, maar niet bij deze kluis. Misschien zijn er later "
        "nieuwe kaarten gemaakt. Er is niets veranderd. Vergelijk het controlegetal op de kaart "
        "en zoek de nieuwste kaarten.",
    )


def _seed(first: str, second: str) -> bytes:
    """Return what two cards hold together. Raises CardsRefused, which says why not."""
    try:
        return shares.combine(first, second)
    except shares.SharesRefused as refused:
        raise _refusal(refused) from None


def _refusal(refused: shares.SharesRefused) -> CardsRefused:
    if refused.fault == "same-card":
        text = Sentence(
            "Dit is twee keer dezelfde kaart. Er is niets veranderd. Gebruik twee van de drie "
            "kaarten met een verschillend nummer."
        )
    elif refused.fault == "other-set":
        text = Sentence(
            "Deze twee kaarten horen niet bij elkaar. Er is niets veranderd. Gebruik twee kaarten "
            "met hetzelfde controlegetal."
        )
    elif refused.fault == "damaged":
        text = Sentence(
            "De woorden van deze twee kaarten passen niet op elkaar. Er is niets veranderd. "
            "Controleer alle woorden, of neem de derde kaart."
        )
    else:
        which = _ORDER[refused.card - 1]
        if refused.word:
            what = Sentence(
                "Op de {which} kaart klopt woord {word} niet.", which=which, word=refused.word
            )
        elif refused.count != shares.WORDS:
            what = Sentence(
                "Op de {which} kaart staan {words} woorden, er zijn er {n} ingevuld.",
                which=which,
                words=shares.WORDS,
                n=refused.count,
            )
        else:
            what = Sentence("Op de {which} kaart kloppen een paar woorden niet.", which=which)
        text = Sentence(
            "{what} Er is niets veranderd. Vergelijk de woorden met de kaart.", what=what
        )
    return CardsRefused(refused.fault, text, card=refused.card, word=refused.word)
