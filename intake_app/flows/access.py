"""Who may open the vault, for screens: what is typed is checked first, then the vault does it.

Whoever changes something types the own passphrase again. A wrong one counts for the same growing
pause as at unlocking and stands in the log, so that an open vault is no place to guess either.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.actor import UserRole
from intake_app.flows.set_up import check_passphrase
from intake_app.flows.unlock import RunningTime, confirmation
from intake_app.vault.errors import PassphraseRefused
from intake_app.vault.model import RecoveryCard, UserAccess

if TYPE_CHECKING:
    from intake_app.vault import Vault
    from intake_app.vault.keystore import Keystore

Cards = tuple[RecoveryCard, RecoveryCard, RecoveryCard]


@contextmanager
def confirming(vault: Vault, clock: RunningTime | None = None) -> Iterator[None]:
    """Count the passphrase that the block tries at the open `vault`; the log hears of a wrong one.

    Raises TooSoon while a pause is running.
    """
    from intake_app.flows.audit import note_refusal

    with confirmation(vault.folder, clock, lambda: note_refusal(vault)):
        yield


def everybody(vault: Vault) -> tuple[UserAccess, ...]:
    """Return who may open the vault now and who left, in the order of coming."""
    from intake_app.vault import users

    return users.access(vault)


def change_passphrase(
    vault: Vault, old: str, new: str, *, clock: RunningTime | None = None
) -> None:
    """Give the user at the keyboard another passphrase.

    Raises PassphraseRefused with what is wrong with the new one, TooSoon, and what
    `vault.users.change_passphrase` raises.
    """
    from intake_app.vault import users

    _check(vault, new, vault.user.name)
    with confirming(vault, clock):
        users.change_passphrase(vault, old=old, new=new)


def add_user(
    vault: Vault,
    passphrase: str,
    name: str,
    roles: tuple[UserRole, ...],
    new_passphrase: str,
    *,
    clock: RunningTime | None = None,
) -> UserAccess:
    """Give a colleague a way in. Raises as `change_passphrase`, and as `vault.users.add_user`."""
    from intake_app.vault import users

    _check(vault, new_passphrase, name)
    with confirming(vault, clock):
        return users.add_user(
            vault, passphrase=passphrase, name=name, roles=roles, new_passphrase=new_passphrase
        )


def set_roles(
    vault: Vault,
    passphrase: str,
    user_id: UUID,
    roles: tuple[UserRole, ...],
    *,
    clock: RunningTime | None = None,
) -> UserAccess:
    """Give a user exactly these roles. Raises TooSoon and what `vault.users.set_roles` raises."""
    from intake_app.vault import users

    with confirming(vault, clock):
        return users.set_roles(vault, passphrase=passphrase, user_id=user_id, roles=roles)


def remove_user(
    vault: Vault, passphrase: str, user_id: UUID, *, clock: RunningTime | None = None
) -> None:
    """Take a way in away, with a new master key. Raises TooSoon and as `vault.users`."""
    from intake_app.vault import users

    with confirming(vault, clock):
        users.remove_user(vault, passphrase=passphrase, user_id=user_id)


def renew_master_key(vault: Vault, passphrase: str, *, clock: RunningTime | None = None) -> None:
    """Make every old key file and copy worthless. Raises TooSoon and as `vault.users`."""
    from intake_app.vault import users

    with confirming(vault, clock):
        users.renew_master_key(vault, passphrase=passphrase)


def set_second_factor(
    vault: Vault,
    passphrase: str,
    keystore: Keystore | None,
    *,
    clock: RunningTime | None = None,
) -> None:
    """Ask for the system's key store too, or no more. Raises TooSoon and as `vault.users`."""
    from intake_app.vault import users

    with confirming(vault, clock):
        users.set_second_factor(vault, passphrase=passphrase, keystore=keystore)


def make_cards(vault: Vault, passphrase: str, *, clock: RunningTime | None = None) -> Cards:
    """Make recovery cards, to be tried. Raises TooSoon and as `vault.recovery.make_cards`."""
    from intake_app.vault import recovery

    with confirming(vault, clock):
        return recovery.make_cards(vault, passphrase=passphrase)


def _check(vault: Vault, passphrase: str, name: str) -> None:
    weak = check_passphrase(passphrase, about=(name, vault.info.organisation.name))
    if weak is not None:
        raise PassphraseRefused(weak)
